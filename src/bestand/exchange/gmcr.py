"""Conflicts of other programs as case files: neutral JSON (gmcr-case/1, gmcr-neutral/1) and GMCR+ save files.

Nothing is dropped in silence: what a case cannot say is refused in words, or stands under `unsaid`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bestand.case.options import Option, OptionsForm, all_forbidden, case_text, feasible, forbidden, pattern_of, ranked
from bestand.errors import CaseError, Place, Problem, did_you_mean, short
from bestand.exchange.games import nothing_to_choose
from bestand.exchange.json_text import NAME, PAIR, in_words, json_in, misfit
from bestand.exchange.names import clean, slug
from bestand.exchange.notes import Carried, carried_over, noted

MOST_OPTIONS = 62  # of an imported conflict
MOST_BANS = 2_000  # patterns of infeasible states of an imported conflict
MOST_PEOPLE = 200  # parties of an imported conflict
_WAY = {"fwd": "up", "back": "down", "both": None, "": None, "None": None}
_NO_PRESENT = ("the present state: the imported file gives none", "it is unknown (`present`): put `now` at every lever to give one")
_FORMATS = "docs/how-to/exchange-with-other-tools.md names the formats that are read"
_STATEMENTS = "preference_statements_most_important_first"
_NEUTRAL = {
    "dms": [{"name": NAME, "options": [int]}], "options": [{"name": NAME}], "states?": [{"id": NAME, "yn": NAME}], "states_decimal?": [int],
    "payoffs?": {"*": Any}, f"{_STATEMENTS}?": {"*": list}, "arcs?": {"*": [PAIR]}, "infeasible?": [NAME], "n_states?": int,
}  # fmt: skip
_SAVED = {
    "decisionMakers": [{"name": NAME, "options": [int], "preferences?": [(list, dict)]}], "options": [{"name": NAME}], "infeasibles?": [(list, dict)],
}  # fmt: skip
_KNOWN = frozenset(
    ["program", "version", "title", "decisionMakers", "options", "infeasibles", "useManualPreferenceRanking", "useManualPreferenceVectors"]
)
_KNOWN_OF_PEOPLE = frozenset(["name", "options", "preferences", "preferenceRanking", "preferenceVector", "misperceptions"])
_KNOWN_OF_SEVERAL = frozenset(["members", "compound"])
_KNOWN_OF_OPTIONS = frozenset(["name", "permittedDirection"])
_KNOWN_NEUTRAL = frozenset(
    ["format", "id", "title", "citation", "dms", "options", "states", "states_decimal", "n_states", "payoffs", _STATEMENTS,
     "arcs", "infeasible", "status_quo"]
)  # fmt: skip
_LEFT_OUT = "it was left out: a case has no place for it"
_NOTHING: tuple[object, ...] = (None, "", [], {})


def from_gmcr(text: str, *, name: str = "file", seen_by: str | None = None) -> Carried:
    """A conflict in another program's JSON as a case, with what was left out.

    seen_by : the party as which a conflict is seen that parties misperceive: what it takes to be impossible is banned

    Raises
    ------
    CaseError
        `import/not-json`, `import/unknown-format`, `import/malformed`, `import/not-kept`, `import/too-large`.

    >>> save = '{"options": [{"name": "Stop"}], "decisionMakers": [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}]}'
    >>> from_gmcr(save).told("kept")
    ('parties: 1', 'levers: 1', 'wants: 1')
    """
    saved = json_in(text, name)
    try:
        study = _studied(saved, name, seen_by)
        if not study.options:
            raise nothing_to_choose(name)
        if all_forbidden(study.bans, len(study.options)):
            raise ValueError("its infeasible states are all that there are, so that no state could be")
        made = case_text(study)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise CaseError(Problem("import/malformed", in_words(error), Place(name), _FORMATS)) from error
    n_wants = sum(map(len, study.wants.values()))
    n_levers = len(study.options) if "\nlevers:" in made else 0  # where moves are listed, options are told by the names of the states
    counts = {"parties": len(study.parties), "levers": n_levers, "states": len(study.states), "wants": n_wants}
    left = [noted("left-out", what=what, instead=instead) for what, instead in study.left_out]
    return carried_over("gmcr", made, [noted(code, n=n) for code, n in counts.items() if n] + left)


def _studied(saved: Any, name: str, seen_by: str | None) -> OptionsForm:
    if isinstance(saved, dict) and saved.get("format") in ("gmcr-case/1", "gmcr-neutral/1"):
        return _neutral(_fitting(saved, _NEUTRAL), name)
    if isinstance(saved, dict) and "decisionMakers" in saved and "options" in saved:
        return _gmcr_plus(_fitting(saved, _SAVED), name, seen_by)
    hint = "read are: gmcr-case/1, gmcr-neutral/1, and save files of GMCR+ (.gmcr)"
    raise CaseError(Problem("import/unknown-format", "the format of this file is not known", Place(name), hint))


def _fitting(saved: Any, form: Any) -> Any:
    wrong = misfit(saved, form)
    if wrong:
        raise ValueError(wrong)
    return saved


def _neutral(saved: Mapping[str, Any], name: str) -> OptionsForm:
    parties, options = _parties_and_options(saved["dms"], saved["options"], "direction", name)
    slug = {who["name"]: party for who, party in zip(saved["dms"], parties, strict=True)}
    if len(slug) < len(parties):
        raise ValueError("two parties have the same name")
    states = _neutral_states(saved, len(options))
    ranking = {slug[who]: ranked(saved["payoffs"][who], states) for who in saved.get("payoffs", ())}
    stated = {who: each for who, each in saved.get(_STATEMENTS, {}).items() if slug[who] not in ranking}
    wants = {slug[who]: [_either(s) for s in statements] for who, statements in stated.items()}
    arcs = saved.get("arcs")
    _agrees(saved, states)
    for a, b in ((_whole(a), _whole(b)) for moves in (arcs or {}).values() for a, b in moves):
        if not 0 <= min(a, b) <= max(a, b) < len(states):
            raise ValueError(f"a move goes from state {a} to state {b}, and there are {len(states)}, counted from 0")
    now = next((k for k, (name, _) in enumerate(states) if name == str(saved.get("status_quo"))), None)
    return OptionsForm(
        title=clean(saved.get("title", saved.get("id", "Imported conflict"))),
        citation=clean(saved.get("citation", "")),
        parties=parties,
        options=options,
        bans=_few(tuple(str(p) for p in saved.get("infeasible", ()))),
        states=states,
        arcs=None if arcs is None else {slug[who]: tuple((_whole(a), _whole(b)) for a, b in arcs[who]) for who in arcs},
        ranking=ranking,
        wants=wants,
        now=now,
        left_out=(*_no_present(saved, now), *_left_of_neutral(saved)),
    )


def _neutral_states(saved: Mapping[str, Any], width: int) -> tuple[tuple[str, str], ...]:
    """Names and patterns of the states that a neutral file lists."""
    if "states_decimal" in saved:
        if "states" in saved:
            raise ValueError("its states are listed twice, as 'states' and as 'states_decimal': one of the two is wanted")
        return tuple((f"s{k}", pattern_of(_whole(d), width)) for k, d in enumerate(saved["states_decimal"]))
    states = tuple((str(s["id"]), str(s["yn"])) for s in saved.get("states", ()))
    names: set[str] = set()
    for name, pattern in states:
        if len(pattern) != width or set(pattern) - set("YN-"):
            raise ValueError(f"'{pattern[:80]}' is not a pattern of Y, N and - for {width} options")
        if name in names:
            raise ValueError(f"two states are called '{short(name, most=80)}'")
        names.add(name)
    return states


def _no_present(saved: Mapping[str, Any], now: int | None) -> Iterator[tuple[str, str]]:
    """That no state is the present one, and why."""
    named = saved.get("status_quo")
    if now is None and named not in _NOTHING:
        yield f"the present state: the imported file names '{clean(named)}', which is none of its states", _NO_PRESENT[1]
    elif now is None:
        yield _NO_PRESENT


def _agrees(saved: Mapping[str, Any], states: Sequence[tuple[str, str]]) -> None:
    """Nothing, where what a neutral file says twice is the same both times.

    Raises
    ------
    ValueError
        Where states are fewer or more than it says, one has another number than its pattern, or one that it lists is infeasible by it.
    """
    if states and saved.get("n_states", len(states)) != len(states):
        raise ValueError(f"it says that there are {saved['n_states']} states, and lists {len(states)}")
    for state in saved.get("states", ()):
        if state.get("decimal") is not None and pattern_of(_whole(state["decimal"]), len(state["yn"])) != state["yn"]:
            raise ValueError(f"state '{clean(state['id'])}' is '{state['yn']}' and has the number {state['decimal']}, which is another state")
    bans = [part for ban in _few(tuple(map(str, saved.get("infeasible", ())))) for part in ban.split(" | ")]
    for number, ban in forbidden([pattern for _, pattern in states], bans):
        raise ValueError(f"state '{clean(states[number][0])}' is listed, and infeasible by '{ban}'")


def _left_of_neutral(saved: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a neutral file says beside what is kept."""
    for who in saved.get(_STATEMENTS, {}):
        if who in saved.get("payoffs", {}):
            yield f"the imported file has '{_STATEMENTS}' of {clean(who)} beside payoffs", "the states are ranked by the payoffs"
    parts: list[tuple[str, Any, frozenset[str]]] = [("the file", saved, _KNOWN_NEUTRAL)]
    parts += [(who["name"], who, frozenset(["name", "options"])) for who in saved["dms"]]
    parts += [(option["name"], option, frozenset(["name", "direction"])) for option in saved["options"]]
    parts += [("a state", state, frozenset(["id", "yn", "decimal"])) for state in saved.get("states", ())]
    statements = (each for stated in saved.get(_STATEMENTS, {}).values() for each in stated)
    parts += [("conditions of several", each, frozenset(["any_of"])) for each in statements]
    yield from _unknown_keys(parts)


def _unknown_keys(parts: Iterable[tuple[str, Any, frozenset[str]]]) -> Iterator[tuple[str, str]]:
    """Keys of which nothing is known and that hold something, once each."""
    told: dict[str, None] = {}
    for whose, part, known in parts:
        for key in part if isinstance(part, Mapping) else ():
            if key not in known and part[key] not in _NOTHING and part[key] is not False:
                told[f"the imported file has '{clean(key)}' of {clean(whose)}"] = None
    yield from ((what, _LEFT_OUT) for what in told)


def _gmcr_plus(saved: Mapping[str, Any], name: str, seen_by: str | None) -> OptionsForm:
    """A save file of GMCR+: conditions are lists of [option, "Y" or "N"]; states are numbered from 1, feasible ones only."""
    mistaken = _mistaken(saved, name, seen_by)
    parties, options = _parties_and_options(saved["decisionMakers"], saved["options"], "permittedDirection", name)
    width = len(options)
    bans = _few(tuple(_from_pairs(pairs, width) for each in (*saved.get("infeasibles", ()), *mistaken) for pairs in _members(each)))
    ranking: dict[str, list[Any]] = {}
    wants: dict[str, list[str]] = {}
    manual = bool(saved.get("useManualPreferenceRanking") or saved.get("useManualPreferenceVectors"))
    states = feasible(bans, width) if manual else ()
    for party, who in zip(parties, saved["decisionMakers"], strict=True):
        ranked = who.get("preferenceRanking") or who.get("preferenceVector")  # the name in files of 2014
        if manual and ranked:
            ranking[party] = [_named(place) for place in ranked]
        else:
            wants[party] = [_statement(p, width) for p in who.get("preferences", ())]
    if ranking and set(_flat(ranking.values())) != {state for state, _ in states}:
        expected = len(states)
        what = f"a ranking does not name each of the {expected} feasible states once"
        raise CaseError(Problem("import/malformed", what, Place(name), "save the file again after ranking all states"))
    title = clean(saved.get("title") or name.rsplit("/", 1)[-1].removesuffix(".gmcr"))
    left_out = (_NO_PRESENT, *_left_out(saved), *_seen(saved, seen_by))
    return OptionsForm(
        title=title, citation="", parties=parties, options=options, bans=bans, states=states if ranking else (), arcs=None, ranking=ranking,
        wants=wants, now=None, left_out=left_out,
    )  # fmt: skip


def _mistaken(saved: Mapping[str, Any], name: str, seen_by: str | None) -> list[Any]:
    """States that the party as which the conflict is seen takes to be impossible.

    A case has one conflict that all see, so that misperceptions are refused where nobody says whose conflict is meant.
    """
    everyone = [(clean(who["name"]), who.get("misperceptions") or []) for who in saved["decisionMakers"]]
    people = dict(everyone)
    if len(people) < len(everyone) and any(states for _, states in everyone):
        raise ValueError("two parties have the same name, and one of them misperceives the conflict")
    if seen_by is not None and seen_by not in people:
        raise CaseError(Problem("import/unknown-party", f"no party '{seen_by}'", Place(name), did_you_mean(seen_by, people)))
    mistaken = [who for who, states in people.items() if states]
    if mistaken and seen_by is None:
        what = f"{', '.join(mistaken)} misperceives the conflict; a case has one conflict that all see"
        hint = "import the conflict as each party sees it (--seen-by NAME, seen_by=…): one case for each"
        raise CaseError(Problem("import/not-kept", what, Place(name), hint))
    return list(people[seen_by]) if seen_by is not None else []


def _seen(saved: Mapping[str, Any], seen_by: str | None) -> Iterator[tuple[str, str]]:
    """Whose conflict the case is, and whose it is not."""
    for who in saved["decisionMakers"]:
        if seen_by is not None and clean(who["name"]) == seen_by and who.get("misperceptions"):
            yield f"{seen_by} misperceives the conflict", f"this is the conflict as {seen_by} sees it: what it takes to be impossible is banned"
        elif seen_by is not None and who.get("misperceptions"):
            yield f"{clean(who['name'])} misperceives the conflict", f"this is the conflict as {seen_by} sees it"


def _left_out(saved: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the file says beside what is kept: in words, so that nobody takes it for kept."""
    people = [clean(who["name"]) for who in saved["decisionMakers"]]
    for members in saved.get("coalitions") or ():
        numbers = [_whole(k) for k in (members if isinstance(members, list) else [members])]
        if not all(0 <= k < len(people) for k in numbers):
            raise ValueError(f"a coalition names party {max(numbers, key=abs)}, and there are {len(people)}, counted from 0")
        together = [people[k] for k in dict.fromkeys(numbers)]
        if len(together) > 1:
            yield f"the imported file names a coalition of {' and '.join(together)}", "no party is bound to another; ask what they could do together"
    parts = [("the file", saved, _KNOWN | {"coalitions"})]
    parts += [(who["name"], who, _KNOWN_OF_PEOPLE) for who in saved["decisionMakers"]]
    parts += [(option["name"], option, _KNOWN_OF_OPTIONS) for option in saved["options"]]
    parts += [("conditions of several", each, _KNOWN_OF_SEVERAL) for each in _conditions(saved)]
    yield from _unknown_keys(parts)
    for who in saved["decisionMakers"]:
        yield from _replaced(saved, who)


def _replaced(saved: Mapping[str, Any], who: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Preferences of a party in place of which others count: statements behind a ranking by hand, one ranking behind another."""
    ranking, vector = who.get("preferenceRanking"), who.get("preferenceVector")
    manual = saved.get("useManualPreferenceRanking") or saved.get("useManualPreferenceVectors")
    if manual and (ranking or vector) and who.get("preferences"):
        yield f"the imported file has preference statements of {clean(who['name'])} beside a ranking by hand", "the ranking counts"
    if not manual and (ranking or vector) and not who.get("preferences"):
        yield f"the imported file has a ranking of {clean(who['name'])} that is not in use, and no preference statements", _LEFT_OUT
    if manual and ranking and vector and ranking != vector:
        yield f"the imported file has two rankings of {clean(who['name'])}, 'preferenceRanking' and 'preferenceVector'", "the first of them counts"


def _conditions(saved: Mapping[str, Any]) -> Iterator[Any]:
    yield from saved.get("infeasibles", ())
    for who in saved["decisionMakers"]:
        yield from (*who.get("preferences", ()), *(who.get("misperceptions") or ()))


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"'{short(str(number), most=40)}' is no whole number")
    return number


def _few(bans: tuple[str, ...]) -> tuple[str, ...]:
    if len(bans) > MOST_BANS:
        raise ValueError(f"more than {MOST_BANS:,} patterns of infeasible states")
    return bans


def _named(place: Any) -> Any:
    return [str(_whole(p)) for p in place] if isinstance(place, list) else str(_whole(place))


def _flat(rankings: Iterable[Sequence[Any]]) -> Iterable[str]:
    for ranking in rankings:
        for place in ranking:
            yield from place if isinstance(place, list) else [place]


def _statement(statement: Any, width: int) -> str:
    return " | ".join(_from_pairs(pairs, width) for pairs in _members(statement))


def _members(statement: Any) -> list[Any]:
    """The conditions of which a statement of GMCR+ holds where any does: one, or those of a compound."""
    return list(statement["members"]) if isinstance(statement, dict) else [statement]


def _either(statement: Any) -> str:
    return " | ".join(statement["any_of"]) if isinstance(statement, dict) else str(statement)


def _from_pairs(pairs: Sequence[Sequence[Any]], width: int) -> str:
    pattern = ["-"] * width
    for pair in pairs:
        option, taken = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)
        if taken not in ("Y", "N") or not 0 <= _whole(option) < width:
            raise ValueError(f"{short(str(pair), most=80)} is no condition on an option: its number and Y or N are wanted")
        if pattern[_whole(option)] not in ("-", taken):
            raise ValueError(f"{short(str(pairs), most=80)} wants option {option} both as Y and as N, which no state has")
        pattern[_whole(option)] = taken
    return "".join(pattern)


def _parties_and_options(
    people: Sequence[Mapping[str, Any]], options: Sequence[Mapping[str, Any]], direction: str, name: str
) -> tuple[dict[str, str], tuple[Option, ...]]:
    if len(options) > MOST_OPTIONS or len(people) > MOST_PEOPLE:
        raise ValueError(f"more than {MOST_OPTIONS} options or {MOST_PEOPLE} parties")
    parties: dict[str, str] = {}
    owner: dict[int, str] = {}
    for number, who in enumerate(people, start=1):
        if not clean(who["name"]):
            raise ValueError(f"party {number} has no name")
        party = slug(str(who["name"]), parties, f"party_{number}")
        parties[party] = clean(who["name"])
        for k in who["options"]:
            if not 0 <= _whole(k) < len(options):
                raise ValueError(f"'{clean(who['name'])}' has option {k}, and there are {len(options)}")
            if k in owner:
                what = f"option '{clean(options[k]['name'])}' belongs to {parties[owner[k]]} and to {clean(who['name'])}"
                raise CaseError(Problem("import/not-kept", what, Place(name), "a lever belongs to one party: give each party an option of its own"))
            owner[k] = party
    made: dict[str, list[str]] = {party: [] for party in parties}
    owned = []
    for k, option in enumerate(options):
        if k not in owner:
            raise ValueError(f"option '{clean(option['name'])}' belongs to nobody")
        own = made[owner[k]]
        own.append(slug(str(option["name"]), own, f"option_{k + 1}"))
        way = str(option.get(direction))
        if way not in _WAY:
            raise ValueError(f"'{clean(way)}' of option '{clean(option['name'])}' is no direction: both, fwd and back are")
        owned.append(Option(f"{owner[k]}.{own[-1]}", clean(option["name"]) or f"option {k + 1}", owner[k], _WAY[way]))
    return parties, tuple(owned)
