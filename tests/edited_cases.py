"""Random edits of case files as plain data, each with the one change that it should be told as."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from typing import Any

import yaml

from bestand.case.loaded import Case
from bestand.case.read import read_text
from bestand.changes.diff import as_written
from bestand.errors import CaseError

Plain = dict[str, Any]
Told = tuple[str, str]  # kind, key path in the new version


def case_of(plain: Plain) -> Case:
    """The case that plain data stand for."""
    return read_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))


def lists(plain: Plain) -> list[tuple[str, list[Plain]]]:
    """Every list of wants with its key path."""
    found = []
    for party, stated in plain.get("wants", {}).items():
        found += [(f"wants.{party}.{kind}", own) for kind, own in stated.items()] if isinstance(stated, dict) else [(f"wants.{party}", stated)]
    return [(at, own) for at, own in found if own]


def edit_want(plain: Plain, rng: random.Random) -> Told:
    at, own = rng.choice(lists(plain))
    k = rng.randrange(len(own))
    own[k]["that"] = f"not ({own[k]['that']})" if not own[k]["that"].startswith("not ") else own[k]["that"].removeprefix("not ")
    return "edited", f"{at}[{k}]"


def drop_want(plain: Plain, rng: random.Random) -> Told:
    at, own = rng.choice([each for each in lists(plain) if len(each[1]) > 1])
    k = rng.randrange(len(own))
    del own[k]
    return "removed", f"{at}[{k}]"


def add_want(plain: Plain, rng: random.Random) -> Told:
    at, own = rng.choice(lists(plain))
    k, lever = rng.randrange(len(own) + 1), rng.choice(list(plain["levers"]))
    own.insert(k, {"that": f"{lever} iff {lever}", "is": "a new aim", "assumed": "for the test"})
    return "added", f"{at}[{k}]"


def move_want(plain: Plain, rng: random.Random) -> Told:
    at, own = rng.choice([each for each in lists(plain) if len(each[1]) > 2])
    k = rng.randrange(len(own) - 2)
    own.append(own.pop(k))  # to the end, past two others or more
    return "moved", f"{at}[{len(own) - 1}]"


def say_otherwise(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["levers"]))
    plain["levers"][name]["is"] = "in other words"
    return "changed", f"levers.{name}.is"


def set_now(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["levers"]))
    lever = plain["levers"][name]
    known, settings = lever.get("now"), lever.get("settings", ["no", "yes"])
    lever["now"] = settings[-1] if known != settings[-1] else settings[0]
    return "changed" if known else "added", f"levers.{name}.now"


def doubt(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["claims"]))
    kind, key, value = rng.choice([("hedge", "hedge", "so it seems"), ("speaker", "says", "somebody else"), ("degree", "author_holds", "denied")])
    plain["claims"][name][key] = value
    return kind, f"claims.{name}.{key}"


def odds(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice([name for name, party in plain["parties"].items() if party.get("types")])
    types = list(plain["parties"][name]["types"])
    plain["parties"][name]["types"] = {each: {"value": 1.0 if each == types[-1] else 0.0} for each in types}
    return "changed", f"parties.{name}.types"


def rename_term(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["terms"]))
    _replace(plain, f"\\b(?<![.=] )(?<!\\.){name}\\b(?!\\.)", "another_name", only=("that", "when", "from", "without", "about", "goal", "truce", "breach", "attack"))
    plain["terms"] = {("another_name" if key == name else key): term for key, term in plain["terms"].items()}
    return "renamed", "terms.another_name"


def rename_party(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["parties"]))
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=10_000)
    called = {key: words for key, words in plain["parties"][name].items() if key in ("name", "also")}  # what it is called stays
    text = re.sub(rf"(?<![\w.'\"-])(?<!says: )(?<!the ){name}(?=[.:]\s?\S*|$|\n)(?!\w)", "zz", text, flags=re.M)
    plain.clear()
    plain.update(yaml.safe_load(text))
    plain["parties"]["zz"].update(called)
    return "renamed", "parties.zz"


def rename_lever(plain: Plain, rng: random.Random) -> Told:
    name = rng.choice(list(plain["levers"]))
    new = f"{name.partition('.')[0]}.does_so"
    _replace(plain, f"(?<![\\w.]){name}(?![\\w.])", new)
    return "renamed", f"levers.{new}"


def _replace(part: Any, pattern: str, new: str, *, only: tuple[str, ...] = (), key: str = "") -> Any:
    """Puts a name in place of another in all strings, and in all keys where `only` is not given; in place."""
    if isinstance(part, dict):
        for name in list(part):
            value = _replace(part.pop(name), pattern, new, only=only, key=name)
            part[name if only else re.sub(pattern, new, name)] = value
        return part
    if isinstance(part, list):
        return [_replace(each, pattern, new, only=only, key=key) for each in part]
    return re.sub(pattern, new, part) if isinstance(part, str) and (not only or key in only) else part


EDITS: tuple[Callable[[Plain, random.Random], Told], ...] = (
    edit_want, drop_want, add_want, move_want, say_otherwise, set_now, doubt, odds, rename_term, rename_lever, rename_party,
)  # fmt: skip


def one_edit(case: Case, edit: Callable[[Plain, random.Random], Told], rng: random.Random) -> tuple[Case, Told] | None:
    """The case with one edit made, and what it should be told as; None where the case has nothing to edit so."""
    plain = copy.deepcopy(as_written(case))
    try:
        told = edit(plain, rng)
        return case_of(plain), told
    except (IndexError, KeyError, CaseError):  # nothing there to edit, or something else needs it
        return None
