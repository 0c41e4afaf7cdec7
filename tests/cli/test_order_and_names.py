"""The order in which a case states things, what it calls them and in which unit it counts change no answer; nor does what nobody has a use for."""

from __future__ import annotations

import copy
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bestand.case.read import read_text
from bestand.changes.diff import as_written
from bestand.changes.renames import NewName, carry_name
from bestand.cli import main
from bestand.study.stages import study
from tests.depth import spread

Plain = dict[str, Any]
UNSTABLE = 10  # in one draw of it two ways to play on are so evenly matched that rounding decides: the error that `play` tells is as large as the answer
NUMBERED = ("state", "to", "outcome", "nearest", "way")  # numbers of states and of ways are given in the order of the file
OF_EQUALS = {
    "paths": ("party", "what it does", "pays"), "scenarios": ("signs on the way",), "coalitions": ("which is",), "survival": ("mostly from",), "run": ("lines",), "offers": ("outcome",),
}  # of equals the first in the file is told
ELSE = ("digest", "seconds", "report", "Levers", "Parties", "bound, %", "regret at most, %", "one-shot gain, %")  # the file itself, and rounding
COMMANDS = """
show CASE
run CASE --quick --draws 12 --out OUT --force
paths CASE --goal t0 --by any --most 1000
paths CASE --goal t0 --by paying --most 1000
joint CASE --that t0
coalitions CASE
coalitions CASE --moves paying --merged
unlock CASE t0 --most 1
sensitivity CASE
agreements CASE
agreements CASE --that t0 --sized
settle CASE --rule nash
settle CASE --rule kalai_smorodinsky
settle CASE --rule egalitarian
settle CASE --rule utilitarian
cores CASE --every-want
offers CASE --order p1 --order p0 --risk 0.2
play CASE
equilibrium CASE
survival CASE --truce t0 --draws 12
indicators CASE --outcome t0 --most 1000
scenarios CASE --by t0
forecast CASE
turns CASE --draws 1
""".strip().splitlines()  # fmt: skip


def made(seed: int) -> Plain:
    """A random case of a few states: guards, ties, versions, chance, red lines, parties that want nothing."""
    r = random.Random(seed)
    parties = [f"p{k}" for k in range(r.randint(2, 3))]
    owners = [*parties, *(r.choice(parties) for _ in range(r.randint(1, 2)))]
    levers: Plain = {f"{owner}.l{k}": {"is": f"thing {k}", "assumed": "t"} for k, owner in enumerate(owners)}
    settings = {lever: r.choice([["no", "yes"], ["no", "yes"], ["off", "on"], ["lo", "mid", "hi"]] if k == 1 else [["no", "yes"], ["off", "on"]]) for k, lever in enumerate(levers)}

    def condition(depth: int = 1) -> str:
        lever = r.choice(list(levers))
        one = f"{lever} {r.choice(['=', '>=', '<=', '!='])} {r.choice(settings[lever])}"
        return f"({one} {r.choice(['and', 'or', 'iff', 'implies'])} {condition(depth - 1)})" if depth and r.random() < 0.4 else one

    def wants() -> list[Plain]:
        some = [{"that": that, "worth": r.choice([1, 1, 2, 3, 5]), "assumed": "t"} for that in dict.fromkeys(condition() for _ in range(r.randint(1, 4)))]
        return [some[0] | ({"red_line": True} if r.random() < 0.2 else {}), *some[1:]]

    for lever, some in settings.items():
        way, guard = r.choice(["up", "down"]), {r.choice(some): condition(0)}
        levers[lever] |= {"settings": some, "now": r.choice(some)} | ({"one_way": way} if r.random() < 0.15 else {}) | ({"needs": guard} if r.random() < 0.3 else {})
    plain: Plain = {"bestand": 1, "title": "T", "as_of": "2025-01-01", "parties": {}, "levers": levers, "terms": {f"t{k}": condition() for k in range(2)}, "wants": {}}
    asks = {"h1": "rests", "h2": "reached", "h3": "possible"}  # and so what the case speaks of most is one term
    plain["hypotheses"] = {name: {"claim": name, "assumed": "t", "test": {"ask": ask, "that": "t0"}} for name, ask in asks.items()}
    for party in parties:
        versions = [["one", "two"], ["one", "two", "six"]][r.randrange(2)] if r.random() < 0.35 else []
        odds = dict(zip(versions, [0.6, 0.3, 0.1] if len(versions) == 3 else [0.7, 0.3], strict=False))
        plain["parties"][party] = {"name": party.upper()} | ({"types": odds} if odds else {})
        if versions or r.random() < 0.85:
            plain["wants"][party] = {each: wants() for each in versions} if versions else wants()
    if r.random() < 0.5:
        one, other = r.sample(list(levers), 2)
        plain["events"] = {name: {"sets": {lever: r.choice(settings[lever])}, "per_month": rate, "assumed": "t"} for name, lever, rate in (("e1", one, 0.1), ("e2", other, 0.3))}
    for key, choices in (("noise", [0.5, 1, 2]), ("tempo", [0.5, 1, 2]), ("discount", [0.05, 0.2])):
        plain.setdefault("play", {})[key] = {party: r.choice(choices) for party in parties}
    return as_written(case_of(plain))


def case_of(plain: Plain):
    return read_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))


def shuffled(plain: Plain, rng: random.Random) -> Plain:
    """The same statements in another order, wherever order says nothing: not that of wants, settings and versions, of which draws are made."""
    def mixed(part: Any) -> Any:
        return dict(rng.sample(list(part.items()), len(part))) if isinstance(part, dict) else part

    inner = {key: {name: mixed(part) for name, part in each.items()} if isinstance(each, dict) and key != "wants" else each for key, each in plain.items()}
    return {"bestand": 1} | mixed({key: mixed(each) for key, each in inner.items() if key != "bestand"})


def renamed(plain: Plain) -> tuple[Plain, dict[str, str]]:
    """Everything called otherwise, so that what came first in the alphabet comes last, and what each new name was."""
    was: dict[str, str] = {}
    for section in ("terms", "events", "levers", "parties"):
        for name in sorted(plain.get(section, {})):
            new = f"q{99 - len(was)}{'x' * (len(was) % 3)}z"
            was[new] = name.rpartition(".")[2]
            plain = carry_name(NewName(section, name, f"{name.rpartition('.')[0]}.{new}".lstrip(".")), plain)
    return plain, was


def answers(plain: Plain, folder: Path, draws: str = "12", called: dict[str, str] | None = None, but: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """What every command says of a case, in an order and in names that do not hang on its file."""
    path, now = folder / "case.yaml", {name: new for new, name in (called or {}).items()}
    path.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), encoding="utf-8")

    def as_was(text: str) -> str:
        return re.sub(r"q\d+x*z", lambda name: (called or {}).get(name[0], name[0]), text)

    for line in COMMANDS:
        words = {"CASE": str(path), "OUT": str(folder / "page.html"), "12": draws} | now
        told = CliRunner().invoke(main, [words.get(word, word) for word in line.split()] + ["--json"])
        assert not told.exception or isinstance(told.exception, SystemExit), (line, told.exception)
        left_out = (*ELSE, *but, *OF_EQUALS.get(line.split()[0], ()))
        yield line, (told.exit_code, plainly(json.loads(told.stdout), as_was, left_out) if told.exit_code < 2 else as_was(told.stderr.partition("\n")[0]))


def plainly(part: Any, as_was: Callable[[str], str], left_out: tuple[str, ...], key: str = "") -> Any:
    """Any answer as data in which no order is left, neither of rows nor of words, and no more digits than are meant."""
    if isinstance(part, dict):
        kept = {name: each for name, each in part.items() if name not in left_out and not (name in NUMBERED and isinstance(each, int))}
        return {as_was(name): plainly(each, as_was, left_out, name) for name, each in kept.items()}
    if isinstance(part, list):
        return sorted((plainly(each, as_was, left_out, key) for each in part), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(part, float):
        return float(f"{part:.5g}") if abs(part) > 1e-9 else 0.0
    if key == "moves" and isinstance(part, str):  # of an equilibrium: the likeliest three of each, of equals the first in the file
        return sorted(re.findall(r"[\d.e-]+ %", part))
    return sorted(re.split(r"[;,:()“”⟶+\s]+|\band\b|\bor\b", as_was(part))) if isinstance(part, str) else part


@spread("seed", [seed for seed in range(60) if seed != UNSTABLE], first=3)
def test_no_order_and_no_name_changes_an_answer(seed, tmp_path):
    """Of equals the first in the file is told, where only some are; draws of versions go by the order in which these stand."""
    plain = made(seed)
    usual = dict(answers(plain, tmp_path))
    assert sum(code < 2 for code, _ in usual.values()) > len(COMMANDS) / 2
    for line, told in answers(shuffled(plain, random.Random(seed)), tmp_path):
        assert told == usual[line], line
    usual = dict(answers(plain, tmp_path, draws="1"))
    others, called = renamed(plain)
    for line, told in answers(others, tmp_path, "1", called):
        assert told == usual[line], line


@pytest.mark.parametrize("unit", [10.0, 1000.0, 1e-9])
@spread("seed", [seed for seed in range(40) if seed != UNSTABLE], first=1)
def test_no_unit_of_worth_changes_an_answer_of_any_command(seed, unit, tmp_path):
    """Worths and the noise of choices in another unit: nothing else than worths is told otherwise."""
    plain, worths = made(seed), ("worth", "gain", "cost", "error", *(f"worth to p{k}" for k in range(3)))
    usual = dict(answers(plain, tmp_path, but=worths))
    for line, told in answers(in_unit(plain, unit), tmp_path, but=worths):
        assert told == usual[line], line


def in_unit(plain: Plain, unit: float) -> Plain:
    other = copy.deepcopy(plain)
    for wants in other["wants"].values():
        for want in itertools.chain(*wants.values()) if isinstance(wants, dict) else wants:
            want["worth"]["value"] *= unit
    for noise in other["play"]["noise"].values():
        noise["value"] *= unit
    return other


@spread("seed", range(40), first=4)
def test_what_nobody_has_a_use_for_changes_no_conclusion(seed):
    """A party that can do nothing and wants nothing, a lever that no line speaks of, whosever it is, and a want that stands twice."""
    plain = made(seed)
    usual = concluded(plain)
    idle = {"aaa": {"name": "Idle"}, **plain["parties"]}
    own = f"{next(iter(plain['parties']))}.idle"
    assert concluded(plain | {"parties": idle}) == usual
    assert concluded(plain | {"levers": {own: {"is": "idle", "assumed": "t"}, **plain["levers"]}}) == usual
    assert concluded(plain | {"parties": idle, "levers": {"aaa.idle": {"is": "idle", "assumed": "t"}, **plain["levers"]}}) == usual
    twice = {party: {kind: doubled(own) for kind, own in wants.items()} if isinstance(wants, dict) else doubled(wants) for party, wants in plain["wants"].items()}
    assert concluded(plain | {"wants": twice}) == usual


def doubled(wants: list[Plain]) -> list[Plain]:
    return [*wants, copy.deepcopy(wants[0])]


def concluded(plain: Plain) -> dict[str, Any]:
    """What is concluded of a case by ranks alone, as it stands."""
    asked = study(case_of(plain), draws=1, quick=True)
    told = {(each.kind, each.term): each.holds for each in asked.conclusions}
    told |= {each.term: (each.reached, each.reached_paying, len(each.way or ()), {of for of, n in each.rests.items() if n}, {of for of, n in each.classical.items() if n}) for each in asked.terms}
    ends = {", ".join(sorted(part for part in asked.graph.label(state).split(", ") if "idle" not in part)) for state in asked.ends}
    return told | {"today": {each.party: each.stable for each in asked.today if each.party != "aaa"}, "ends": ends - {"now"} or {""}, "loops": asked.loops}
