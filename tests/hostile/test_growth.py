"""Case files in which one thing grows: every list, mapping, condition and text of the format, made from a file that has every key."""

from __future__ import annotations

import copy
import functools
import time
from pathlib import Path

import yaml

from bestand.case.read import read_text
from bestand.case.shape import keys_of_conditions
from bestand.case.yaml import load
from bestand.checks.check import check
from bestand.errors import BestandError
from tests.depth import spread

WHOLE, _ = load((Path(__file__).parents[1] / "web" / "every_key.yaml").read_text(encoding="utf-8"))
FEW, MANY = 300, 3_000
NAMED = ("claims", "levers", "terms", "wants", "events", "clocks", "talks", "zones", "views")  # keys under which names stand


def holder(whole, at):
    return functools.reduce(lambda part, key: part[key], at[:-1], whole)


def places(node, at=()):
    """Where something can grow, one place for each key of the format, and how."""
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        here = (*at, key)
        if isinstance(inner, dict | list) and inner:
            yield here, "entries"
        if isinstance(inner, list) and isinstance(inner[0], str):
            yield here, "names"
        if isinstance(inner, str):
            yield from ((here, how) for how in (("or", "brackets", "letters") if key in keys_of_conditions() else ("letters",)))
        yield from places(inner, here)


def kind(at):
    """A place without the names in it."""
    return tuple("*" if isinstance(key, int) or (k and at[k - 1] in NAMED) else key for k, key in enumerate(at))


PLACES = list({(kind(at), how): (at, how) for at, how in places(WHOLE)}.values())


def grown(at, how, n):
    whole = copy.deepcopy(WHOLE)
    part = holder(whole, at)[at[-1]]
    if isinstance(part, dict):
        first, *_ = part
        more = part | {f"{first}{k}": part[first] for k in range(n)}
    elif isinstance(part, list):
        more = [*part, *(f"{part[0]}{k}" if how == "names" else part[0] for k in range(n))]
    else:
        more = {"or": " or ".join([part] * n), "brackets": "(" * n + part + ")" * n, "letters": part + "x" * 10 * n}[how]
    holder(whole, at)[at[-1]] = more
    return yaml.dump(whole, Dumper=Plain, sort_keys=False, allow_unicode=True, width=10**9)


class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    def ignore_aliases(self, data):
        return True


def seconds(text):
    """What reading and checking takes; what is told of it is short, whatever the file."""
    began = time.process_time()
    try:
        check(read_text(text))
    except BestandError as error:
        assert str(error) and len(str(error)) < 20_000
    return time.process_time() - began


@spread(("at", "how"), PLACES, first=12, ids=lambda part: part if isinstance(part, str) else ".".join(map(str, part)))
def test_time_grows_no_faster_than_the_file(at, how):
    few, many = (seconds(grown(at, how, n)) for n in (FEW, MANY))
    assert many < 1 + 3 * (MANY // FEW) * few, (few, many)


def test_every_key_of_the_format_grows():
    assert len(PLACES) > 200 and {at[0] for at, _ in PLACES} >= set(WHOLE) - {"bestand"}
