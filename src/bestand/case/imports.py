"""Conflicts of other programs as case files: neutral JSON (gmcr-case/1, gmcr-neutral/1) and GMCR+ save files."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bestand.case.yaml import CORE_SCHEMA
from bestand.errors import CaseError, Place, Problem

MOST_OPTIONS = 62
MOST_STATES = 4_096
MOST_LISTED = 1 << 20  # combinations that are gone through to find the feasible states
_WAY = {"fwd": "up", "back": "down"}


@dataclass(frozen=True, slots=True)
class _Option:
    lever: str
    name: str
    party: str
    way: str | None


@dataclass(frozen=True, slots=True)
class _Study:
    """A conflict in options form, whatever file it came from; patterns are strings of Y, N and -."""

    title: str
    citation: str
    parties: Mapping[str, str]
    options: tuple[_Option, ...]
    bans: tuple[str, ...]
    states: tuple[tuple[str, str], ...]  # name, pattern
    arcs: Mapping[str, tuple[tuple[int, int], ...]] | None
    ranking: Mapping[str, list[Any]]
    wants: Mapping[str, list[str]]
    now: int | None


def import_gmcr(text: str, *, name: str = "file") -> str:
    """The case file (YAML) of a conflict in another program's JSON.

    Raises
    ------
    CaseError
        `import/not-json`, `import/unknown-format`, `import/malformed`.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise CaseError(Problem("import/not-json", f"this is not JSON: {error}", Place(name, line))) from error
    try:
        study = _studied(found, name)
        return _case_text(study)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        what = f"a part is missing or of the wrong kind: {type(error).__name__} {error}"
        hint = "docs/how-to/reproduce-a-published-table.md names the formats that are read"
        raise CaseError(Problem("import/malformed", what, Place(name), hint)) from error


def _studied(found: Any, name: str) -> _Study:
    if isinstance(found, dict) and found.get("format") in ("gmcr-case/1", "gmcr-neutral/1"):
        return _neutral(found)
    if isinstance(found, dict) and "decisionMakers" in found and "options" in found:
        return _gmcr_plus(found, name)
    hint = "read are: gmcr-case/1, gmcr-neutral/1, and save files of GMCR+ (.gmcr)"
    raise CaseError(Problem("import/unknown-format", "the format of this file is not known", Place(name), hint))


def _neutral(found: Mapping[str, Any]) -> _Study:
    parties, options = _parties_and_options(found["dms"], found["options"], "direction")
    slug = {who["name"]: party for who, party in zip(found["dms"], parties, strict=True)}
    if len(slug) < len(parties):
        raise ValueError("two parties have the same name")
    states = tuple((str(s["id"]), str(s["yn"])) for s in found.get("states", ()))
    if "states_decimal" in found:
        width = len(options)
        states = tuple((f"s{k}", _pattern(int(d), width)) for k, d in enumerate(found["states_decimal"]))
    ranking = {slug[who]: _ranked(found["payoffs"][who], states) for who in found.get("payoffs", ())}
    stated = found.get("preference_statements_most_important_first", {}) if not ranking else {}
    wants = {slug[who]: [_either(s) for s in statements] for who, statements in stated.items()}
    arcs = found.get("arcs")
    now = next((k for k, (name, _) in enumerate(states) if name == str(found.get("status_quo"))), None)
    return _Study(
        title=str(found.get("title", found.get("id", "Imported conflict"))),
        citation=str(found.get("citation", "")),
        parties=parties,
        options=options,
        bans=tuple(str(p) for p in found.get("infeasible", ())),
        states=states,
        arcs=None if arcs is None else {slug[who]: tuple((int(a), int(b)) for a, b in arcs[who]) for who in arcs},
        ranking=ranking,
        wants=wants,
        now=now,
    )


def _gmcr_plus(found: Mapping[str, Any], name: str) -> _Study:
    """A save file of GMCR+: conditions are lists of [option, "Y" or "N"]; states are numbered from 1, feasible ones only."""
    parties, options = _parties_and_options(found["decisionMakers"], found["options"], "permittedDirection")
    width = len(options)
    bans = tuple(_from_pairs(pairs, width) for pairs in found.get("infeasibles", ()))
    ranking: dict[str, list[Any]] = {}
    wants: dict[str, list[str]] = {}
    manual = bool(found.get("useManualPreferenceRanking") or found.get("useManualPreferenceVectors"))
    states = _feasible(bans, width) if manual else ()
    for party, who in zip(parties, found["decisionMakers"], strict=True):
        ranked = who.get("preferenceRanking") or who.get("preferenceVector")  # the name in files of 2014
        if manual and ranked:
            ranking[party] = [_named(place) for place in ranked]
        else:
            wants[party] = [_statement(p, width) for p in who.get("preferences", ())]
    if ranking and set(_flat(ranking.values())) != {state for state, _ in states}:
        expected = len(states)
        what = f"a ranking does not name each of the {expected} feasible states once"
        raise CaseError(Problem("import/malformed", what, Place(name), "save the file again after ranking all states"))
    title = str(found.get("title") or name.rsplit("/", 1)[-1].removesuffix(".gmcr"))
    return _Study(title, "", parties, options, bans, states if ranking else (), None, ranking, wants, None)


def _named(place: Any) -> Any:
    return [str(int(p)) for p in place] if isinstance(place, list) else str(int(place))


def _flat(rankings: Iterable[Sequence[Any]]) -> Iterable[str]:
    for ranking in rankings:
        for place in ranking:
            yield from place if isinstance(place, list) else [place]


def _statement(found: Any, width: int) -> str:
    if isinstance(found, dict):
        return " | ".join(_from_pairs(pairs, width) for pairs in found["members"])
    return _from_pairs(found, width)


def _either(found: Any) -> str:
    return " | ".join(found["any_of"]) if isinstance(found, dict) else str(found)


def _from_pairs(pairs: Sequence[Sequence[Any]], width: int) -> str:
    pattern = ["-"] * width
    for option, taken in pairs:
        if taken not in ("Y", "N") or not 0 <= int(option) < width:
            raise ValueError(f"[{option}, {taken}] is no condition on an option")
        pattern[int(option)] = taken
    return "".join(pattern)


def _parties_and_options(
    people: Sequence[Mapping[str, Any]], options: Sequence[Mapping[str, Any]], direction: str
) -> tuple[dict[str, str], tuple[_Option, ...]]:
    if len(options) > MOST_OPTIONS:
        raise ValueError(f"more than {MOST_OPTIONS} options")
    parties: dict[str, str] = {}
    owner: dict[int, str] = {}
    for who in people:
        party = _slug(str(who["name"]), parties)
        parties[party] = str(who["name"])
        owner |= {int(k): party for k in who["options"]}
    made: dict[str, None] = {}
    found = []
    for k, option in enumerate(options):
        lever = f"{owner[k]}.{_slug(str(option['name']), [m.split('.')[1] for m in made if m.split('.')[0] == owner[k]])}"
        made[lever] = None
        found.append(_Option(lever, str(option["name"]), owner[k], _WAY.get(str(option.get(direction)))))
    return parties, tuple(found)


def _slug(name: str, taken: Iterable[str]) -> str:
    """A name for the file: lower case, letters, digits and underscores, not taken yet."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60] or "unnamed"
    plain = plain if plain[0].isalpha() and plain not in _WORDS else f"n_{plain}"
    return next(s for s in itertools.chain([plain], (f"{plain}_{k}" for k in itertools.count(2))) if s not in set(taken))


_WORDS = {"and", "or", "not", "implies", "iff", "true", "false"}


def _pattern(decimal: int, width: int) -> str:
    return "".join("Y" if decimal >> k & 1 else "N" for k in range(width))


def _codes(bans: Sequence[str], width: int) -> NDArray[np.int64]:
    """Numbers of the states that no pattern forbids, ascending: option k counts 2^k."""
    codes = np.arange(1 << width, dtype=np.int64)
    for ban in bans:
        chosen = sum(1 << k for k, sign in enumerate(ban) if sign != "-")
        wanted = sum(1 << k for k, sign in enumerate(ban) if sign == "Y")
        codes = codes[codes & chosen != wanted]
    return codes


def _feasible(bans: Sequence[str], width: int) -> tuple[tuple[str, str], ...]:
    if 1 << width > MOST_LISTED:
        raise ValueError(f"states of more than {MOST_LISTED} combinations cannot be listed")
    return tuple((str(k + 1), _pattern(int(code), width)) for k, code in enumerate(_codes(bans, width)))


def _ranked(payoffs: Sequence[Any], states: Sequence[tuple[str, str]]) -> list[Any]:
    """Best first, ties as lists."""
    by: dict[Any, list[str]] = {}
    for payoff, (name, _) in zip(payoffs, states, strict=True):
        by.setdefault(payoff, []).append(name)
    return [by[p][0] if len(by[p]) == 1 else by[p] for p in sorted(by, reverse=True)]


def _condition(pattern: str, options: Sequence[_Option]) -> str:
    """A condition for one or more patterns of Y, N and -."""
    if set(pattern) - set("YN-| "):
        raise ValueError(f"'{pattern}' is not a pattern of Y, N and -")
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


def _arcs_by_rule(study: _Study) -> dict[str, set[tuple[int, int]]]:
    """The moves that options, bans and directions alone would give."""
    found: dict[str, set[tuple[int, int]]] = {party: set() for party in study.parties}
    for party in study.parties:
        beside: dict[str, list[int]] = {}  # states that differ in this party's options only
        for k, (_, pattern) in enumerate(study.states):
            others = "".join(sign for sign, option in zip(pattern, study.options, strict=True) if option.party != party)
            beside.setdefault(others, []).append(k)
        for a, b in (pair for group in beside.values() for pair in itertools.permutations(group, 2)):
            if _allowed(study.states[a][1], study.states[b][1], study.options):
                found[party].add((a, b))
    return found


def _allowed(old: str, new: str, options: Sequence[_Option]) -> bool:
    barred = {("up", "Y", "N"), ("down", "N", "Y")}
    return not any((option.way, a, b) in barred for option, a, b in zip(options, old, new, strict=True))


def _is_by_rule(study: _Study) -> bool:
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


def _case_text(study: _Study) -> str:
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
    return yaml.dump(out, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=118, default_flow_style=None)


def _by_levers(study: _Study, source: str) -> dict[str, Any]:
    levers: dict[str, Any] = {}
    now = study.states[study.now][1] if study.now is not None else "N" * len(study.options)
    if study.now is None and study.states:
        now = study.states[0][1]
    for option, sign in zip(study.options, now, strict=True):
        levers[option.lever] = {"is": option.name, "now": "yes" if sign == "Y" else "no", "assumed": source}
        levers[option.lever] |= {"one_way": option.way} if option.way else {}
    out: dict[str, Any] = {"levers": levers}
    if study.bans:
        out["never"] = [{"that": _condition(ban, study.options), "assumed": source} for ban in study.bans]
    if study.states:
        signs = {"Y": "yes", "N": "no"}
        out["states"] = {
            name: {"at": {o.lever: signs[sign] for o, sign in zip(study.options, pattern, strict=True)}}
            for name, pattern in study.states
        }
    return out


def _listed(study: _Study) -> dict[str, Any]:
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


_Plain.yaml_implicit_resolvers = {None: list(CORE_SCHEMA)}
