"""Conflicts in options form (parties, options taken or not, patterns of Y, N and -) as case files."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bestand.case.model import MOST_LINES, MOST_LISTED_MOVES, MOST_WANTS
from bestand.case.yaml import CORE_SCHEMA, unbroken

MOST_STATES = 4_096  # listed states of an import with so many options that its combinations are not gone through
MOST_LISTED = 1 << 20  # combinations that are gone through to find the feasible states
MOST_TRIED = 3_000_000  # patterns of bans looked at in the search for a state that none of them forbids
MOST_RANKED = 20_000  # states of an imported ranking
MOST_ARCS = 500_000  # moves of one party that are listed one by one


@dataclass(frozen=True, slots=True)
class Option:
    """One option of one party; it may be open in one direction only."""

    lever: str
    name: str
    party: str
    way: str | None


@dataclass(frozen=True, slots=True)
class OptionsForm:
    """A conflict in options form, whatever file it came from; patterns are strings of Y, N and -."""

    title: str
    citation: str
    parties: Mapping[str, str]
    options: tuple[Option, ...]
    bans: tuple[str, ...]
    states: tuple[tuple[str, str], ...]  # name, pattern
    arcs: Mapping[str, tuple[tuple[int, int], ...]] | None
    ranking: Mapping[str, list[Any]]
    wants: Mapping[str, list[str]]
    now: int | None
    left_out: tuple[tuple[str, str], ...] = ()  # what the file says and a case cannot, and what stands in its place


def pattern_of(decimal: int, width: int) -> str:
    """A state as Y and N, from its number: option k counts 2^k."""
    if not 0 <= decimal < 1 << width:
        raise ValueError(f"{decimal} is no state of {width} options")
    return "".join("Y" if decimal >> k & 1 else "N" for k in range(width))


def _codes(bans: Sequence[str], width: int) -> NDArray[np.int64]:
    """Numbers of the states that no pattern forbids, ascending: option k counts 2^k."""
    codes = np.arange(1 << width, dtype=np.int64)
    for ban in bans:
        chosen = sum(1 << k for k, sign in enumerate(ban) if sign != "-")
        wanted = sum(1 << k for k, sign in enumerate(ban) if sign == "Y")
        codes = codes[codes & chosen != wanted]
    return codes


def all_forbidden(bans: Sequence[str], width: int) -> bool:
    """Whether patterns forbid every state; a search that takes too long leaves it open, as False.

    By trying settings: a pattern of which all options but one stand as it has them forces that one.

    >>> all_forbidden(["Y-", "-Y", "NN"], 2), all_forbidden(["YY", "NN"], 2)
    (True, False)
    """
    patterns = [
        (sum(1 << k for k, sign in enumerate(ban) if sign != "-"), sum(1 << k for k, sign in enumerate(ban) if sign == "Y"))
        for ban in dict.fromkeys(bans) if len(ban) == width
    ]  # fmt: skip
    left, trials = [(0, 0, patterns)], MOST_TRIED
    while left:
        known, settings, near = left.pop()
        standing, trials = _forced(known, settings, near, trials)
        if trials < 0:
            return False
        if standing is None:
            continue
        known, settings, near = standing
        if not near:
            return False
        option = min((chosen & ~known for chosen, _ in near), key=int.bit_count)
        option &= -option
        left += [(known | option, settings | option, near), (known | option, settings, near)]
    return True


Standing = tuple[int, int, list[tuple[int, int]]]  # options that are settled, those of them that are Y, patterns that may still fit


def _forced(known: int, settings: int, near: list[tuple[int, int]], trials: int) -> tuple[Standing | None, int]:
    """Options that follow from those settled; None where a pattern fits whatever comes. And how many trials are left."""
    while True:
        trials -= len(near)
        near = [(chosen, wanted) for chosen, wanted in near if not (settings ^ wanted) & chosen & known]
        forced = next(((chosen & ~known, wanted) for chosen, wanted in near if (chosen & ~known).bit_count() <= 1), None)
        if forced is None or trials < 0:
            return (known, settings, near), trials
        option, wanted = forced
        if not option:
            return None, trials
        known, settings = known | option, settings | (option & ~wanted)


def forbidden(patterns: Sequence[str], bans: Sequence[str]) -> Iterator[tuple[int, str]]:
    """States that a pattern forbids, by number, each with that pattern; of a state that has a - in it nothing is said.

    >>> list(forbidden(["NN", "YN", "Y-"], ["Y-"]))
    [(1, 'Y-')]
    """
    whole = [k for k, pattern in enumerate(patterns) if "-" not in pattern]
    codes = np.array([sum(1 << j for j, sign in enumerate(patterns[k]) if sign == "Y") for k in whole], np.int64)
    for ban in bans if whole else ():
        if len(ban) != len(patterns[0]) or set(ban) - set("YN-"):
            raise ValueError(f"'{ban[:80]}' is not a pattern of Y, N and - for {len(patterns[0])} options")
        chosen, wanted = (sum(1 << j for j, sign in enumerate(ban) if sign in signs) for signs in ("YN", "Y"))
        yield from ((whole[k], ban) for k in np.flatnonzero(codes & chosen == wanted))


def feasible(bans: Sequence[str], width: int) -> tuple[tuple[str, str], ...]:
    """The states that no pattern forbids, numbered from 1."""
    if 1 << width > MOST_LISTED:
        raise ValueError(f"states of more than {MOST_LISTED:,} combinations cannot be listed")
    codes = _codes(bans, width)
    if codes.size > MOST_RANKED:
        raise ValueError(f"a ranking of more than {MOST_RANKED:,} states cannot be listed")
    return tuple((str(k + 1), pattern_of(int(code), width)) for k, code in enumerate(codes))


def ranked(payoffs: Sequence[Any], states: Sequence[tuple[str, str]]) -> list[Any]:
    """States by payoff, best first, ties as lists."""
    if len(payoffs) != len(states):
        raise ValueError(f"{len(payoffs)} payoffs for {len(states)} states")
    by: dict[Any, list[str]] = {}
    for payoff, (name, _) in zip(payoffs, states, strict=True):
        if isinstance(payoff, bool) or not isinstance(payoff, int | float) or not math.isfinite(payoff):
            raise ValueError(f"'{payoff}' is no payoff")
        by.setdefault(payoff, []).append(name)
    return [by[p][0] if len(by[p]) == 1 else by[p] for p in sorted(by, reverse=True)]


def _condition(pattern: str, options: Sequence[Option]) -> str:
    """A condition for one or more patterns of Y, N and -."""
    if set(pattern) - set("YN-| ") or any(len(part) != len(options) for part in pattern.split(" | ")):
        raise ValueError(f"'{pattern[:80]}' is not a pattern of Y, N and - for {len(options)} options")
    ways = [
        " and ".join(
            option.lever if sign == "Y" else f"not {option.lever}"
            for sign, option in zip(part, options, strict=True)
            if sign != "-"
        )
        or "true"
        for part in pattern.split(" | ")
    ]
    return ways[0] if len(ways) == 1 else " or ".join(f"({way})" for way in ways)


def _arcs_by_rule(study: OptionsForm) -> dict[str, set[tuple[int, int]]]:
    """The moves that options, bans and directions alone would give."""
    arcs: dict[str, set[tuple[int, int]]] = {party: set() for party in study.parties}
    for party in study.parties:
        beside: dict[str, list[int]] = {}  # states that differ in this party's options only
        for k, (_, pattern) in enumerate(study.states):
            others = "".join(sign for sign, option in zip(pattern, study.options, strict=True) if option.party != party)
            beside.setdefault(others, []).append(k)
        if sum(len(group) ** 2 for group in beside.values()) > MOST_ARCS:
            raise ValueError(f"more than {MOST_ARCS:,} moves of one party would have to be listed")
        for a, b in (pair for group in beside.values() for pair in itertools.permutations(group, 2)):
            if _allowed(study.states[a][1], study.states[b][1], study.options):
                arcs[party].add((a, b))
    return arcs


def _allowed(old: str, new: str, options: Sequence[Option]) -> bool:
    barred = {("up", "Y", "N"), ("down", "N", "Y")}
    return not any((option.way, a, b) in barred for option, a, b in zip(options, old, new, strict=True))


def _is_by_rule(study: OptionsForm) -> bool:
    patterns, width = [pattern for _, pattern in study.states], len(study.options)
    if any("-" in pattern for pattern in patterns) or len(set(patterns)) < len(patterns):
        return False
    if 1 << width <= MOST_LISTED:
        listed = sorted(sum(1 << k for k, sign in enumerate(pattern) if sign == "Y") for pattern in patterns)
        if listed != _codes(study.bans, width).tolist():
            return False
    elif len(patterns) > MOST_STATES:
        raise ValueError(f"more than {MOST_STATES} states listed")
    return study.arcs is None or {p: set(a) for p, a in study.arcs.items()} == _arcs_by_rule(study)


def case_text(study: OptionsForm) -> str:
    """The case file of a conflict in options form."""
    out: dict[str, Any] = {"bestand": 1, "title": study.title}
    if study.citation:
        out["citation"] = study.citation
    out["parties"] = {party: {"name": name} for party, name in study.parties.items()}
    source = "as published" if study.citation else "as in the imported file"
    if study.states and not _is_by_rule(study):
        out |= _listed(study)
    else:
        out |= _by_levers(study, source)
    out |= {"ranking": dict(study.ranking)} if study.ranking else {}
    wants = {
        party: [{"that": _condition(w, study.options), "assumed": source} for w in wanted]
        for party, wanted in study.wants.items()
        if wanted
    }
    out |= {"wants": wants} if wants else {}
    out |= {"unsaid": [{"what": what, "instead": instead} for what, instead in study.left_out]} if study.left_out else {}
    _no_more_than_is_read(out)
    return dumped(out)


def _no_more_than_is_read(out: Mapping[str, Any]) -> None:
    """Nothing, where no list is longer than a case may have it: writing it would take long, and nobody could read it.

    Raises
    ------
    ValueError
        Where one is.
    """
    moves = out.get("graph", {}).get("moves", {})
    lists = [("states", out.get("states", {}), MOST_RANKED), ("things that it says and a case does not", out.get("unsaid", ()), MOST_LINES)]
    lists += [(f"moves of {who}", each, MOST_LISTED_MOVES) for who, each in moves.items()]
    lists += [(f"wants of {who}", each, MOST_WANTS) for who, each in out.get("wants", {}).items()]
    for what, each, most in lists:
        if len(each) > most:
            raise ValueError(f"it has {len(each):,} {what}, and a case has at most {most:,}")


def dumped(value: Mapping[str, Any]) -> str:
    """Plain values as a file of the case format."""
    return yaml.dump(dict(value), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=118, default_flow_style=None)


def _by_levers(study: OptionsForm, source: str) -> dict[str, Any]:
    levers: dict[str, Any] = {}
    now = study.states[study.now][1] if study.now is not None else None
    for k, option in enumerate(study.options):
        levers[option.lever] = {"is": option.name, "assumed": source}
        levers[option.lever] |= {"now": "yes" if now[k] == "Y" else "no"} if now is not None else {}
        levers[option.lever] |= {"one_way": option.way} if option.way else {}
    out: dict[str, Any] = {} if now is not None else {"present": "unknown"}
    out["levers"] = levers
    if study.bans:
        out["never"] = [{"that": _condition(ban, study.options), "assumed": source} for ban in study.bans]
    if study.states:
        signs = {"Y": "yes", "N": "no"}
        out["states"] = {
            name: {"at": {o.lever: signs[sign] for o, sign in zip(study.options, pattern, strict=True)}}
            for name, pattern in study.states
        }
    return out


def _listed(study: OptionsForm) -> dict[str, Any]:
    arcs = study.arcs if study.arcs is not None else {p: sorted(a) for p, a in _arcs_by_rule(study).items()}
    names = [name for name, _ in study.states]
    taken = [
        ", ".join(o.name for o, sign in zip(study.options, pattern, strict=True) if sign == "Y") or "nothing taken"
        for _, pattern in study.states
    ]
    graph: dict[str, Any] = {"moves": {p: [[names[a], names[b]] for a, b in moves] for p, moves in arcs.items()}}
    if study.now is not None:
        graph["now"] = names[study.now]
    return {"states": {name: {"is": words} for name, words in zip(names, taken, strict=True)}, "graph": graph}


class _Plain(yaml.SafeDumper):
    """YAML 1.2: `no` and `yes` are words and need no quotes, `1e5` does; nothing is written as an alias."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _written(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text; what the emitter takes for ends of lines, and readers of YAML 1.2 do not, is written as an escape."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if unbroken(text)[0] == text else '"')


_Plain.add_representer(str, _written)
_Plain.yaml_implicit_resolvers = {None: list(CORE_SCHEMA)}
