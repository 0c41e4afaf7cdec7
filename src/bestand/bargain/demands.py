"""What each party insists on: red lines, not to end below its fallback, or every single want."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from bestand.bargain.fallback import GAP, Fallback, States, no_fallback, states_given, values_given, values_of
from bestand.bargain.scope import scope
from bestand.case.conditions import Bools, Compared, Joined, Named, Node, Truth, holds, unknown_names
from bestand.case.lines import party_of, want_place
from bestand.case.loaded import Case
from bestand.case.model import Want
from bestand.case.sizes import GIVE_SIZES
from bestand.errors import AskError, Place, Problem, did_you_mean
from bestand.graph.build import checked_hold
from bestand.graph.conflict import Conflict
from bestand.graph.draws import chance_of_want, likely_types
from bestand.graph.naming import Which, member_number, no_present, settings_of

DemandKind = Literal["red lines and fallback", "every want"]
ALWAYS = Truth(True)
KINDS: tuple[DemandKind, ...] = ("red lines and fallback", "every want")
Evaluated = Callable[[Node], Bools]
"""From a condition to whether it holds, in each of some states."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a party insists on.

    party     : its key in the case; `name` is its name in words
    kind      : "red line", "want", or "fallback" (not to end worse off than without an agreement)
    words     : the want's label, or its condition where it has none
    at        : its key path in the file, such as ``wants.ru[2]``
    weight    : what giving it up costs: 1, or the want's `worth`
    doubtful  : key paths of the wants behind it that no certain claim carries: itself, or what a fallback rests on
    condition : holds where the demand is met; with `weighed` the sum of the weights that hold must reach `least` as well
    """

    party: str
    name: str
    kind: Literal["red line", "want", "fallback"]
    words: str
    at: str
    condition: Node
    weight: float = 1.0
    weighed: tuple[tuple[Node, float], ...] = ()
    least: float = 0.0
    doubtful: tuple[str, ...] = ()

    def met(self, where: Evaluated) -> Bools:
        """Where it is met, from a function that says where a condition holds."""
        held = where(self.condition)
        if not self.weighed:
            return held
        total = np.zeros(held.shape)
        for node, weight in self.weighed:
            total += weight * where(node)
        large = sum(abs(weight) for _, weight in self.weighed) or abs(self.least)
        return held & (total >= self.least - GAP * large)

    def __str__(self) -> str:
        return f"{self.name} {self.words}" if self.kind == "fallback" else f"{self.name}: “{self.words}”"


def demands(
    conflict: Conflict,
    *,
    which: DemandKind = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    types: Mapping[str, str] | None = None,
) -> tuple[Demand, ...]:
    """Every party's demands, as conditions on states; no graph is built, so that a case of any size will do.

    which     : red lines, and one demand per party not to end below its fallback; or every want by itself
    fallback  : as in `agreements`; "below" is meant by rank or by the sum of `worth`, as the conflict's scale has it
    excluding : parties that have no veto
    types     : party: type; the most probable one, if not given

    Raises
    ------
    AskError
        `bargain/unknown-kind`, `bargain/no-fallback`, `bargain/unknown-type`, `worth/ordinal`.
    GraphError
        `graph/unknown-party`.
    """
    if which not in KINDS:
        raise AskError(Problem("bargain/unknown-kind", f"no kind of demands '{which}'", hint=did_you_mean(str(which), KINDS)))
    case = conflict.case
    out = without_veto(case, tuple(case.file.parties), excluding)
    chosen = chosen_types(case, types)
    parties = [party for party in case.file.parties if party not in out]
    if which == "every want":
        if not (isinstance(fallback, str) and fallback == "now"):
            raise AskError(Problem("bargain/bad-form", "a fallback says nothing of single wants", hint=f"leave it out, or ask which='{KINDS[0]}'"))
        return tuple(demand for party in parties for demand in stated_demands(case, party, chosen[party]))
    limits = [each for party in parties for each in stated_demands(case, party, chosen[party], red_lines=True)]
    return (*limits, *_floors(conflict, parties, fallback, chosen))


def given_as(what: str, given: object, kinds: type | tuple[type, ...], hint: str) -> None:
    """Refuses what is given in another form than it can be read in.

    Raises
    ------
    AskError
        `bargain/bad-form`.

    >>> given_as("types", {"a": "calm"}, Mapping, "party: type")
    """
    if not isinstance(given, kinds):
        raise AskError(Problem("bargain/bad-form", f"{what} cannot be {given!r:.80}", hint=f"give {hint}"))


def chosen_types(case: Case, types: Mapping[str, str] | None) -> Mapping[str, str]:
    """Every party's type: as given, else the most probable.

    Raises
    ------
    AskError
        `bargain/unknown-type`, `bargain/bad-form`.
    """
    given_as("types", types, (Mapping, type(None)), "a type per party: {party: type}")
    for party, type_ in (types or {}).items():
        known = case.wants(tuple(case.file.parties)[member_number(tuple(case.file.parties), party)])
        if type_ not in known and known:
            raise AskError(Problem("bargain/unknown-type", f"'{party}' has no type '{type_}'", hint=did_you_mean(str(type_), known)))
    return {**likely_types(case), **(types or {})}


def wanted(conflict: Conflict, that: str | Node | None) -> Node:
    """A condition that a deal must meet, where it can be signed today; read, with its names and settings looked up."""
    asked = ALWAYS if that is None else _read(conflict, that) if isinstance(that, str) else that
    return _all([part for part in (asked, signable(conflict)) if part != ALWAYS])


def _all(parts: Sequence[Node]) -> Node:
    return ALWAYS if not parts else parts[0] if len(parts) == 1 else Joined("and", tuple(parts))


def signable(conflict: Conflict, draw: int = 0) -> Node:
    """Where everything that is otherwise than at present can be made so at once: nobody can promise what chance moves, or one who does not sign,
    one-way levers do not go back, and what a new setting `needs` holds at present or in the outcome, as in `joint`."""
    case, looked = conflict.case, scope(conflict)
    if case.file.graph is not None:
        return ALWAYS
    now = dict(looked.now)
    if draw and len(conflict.graph.presents) > 1:  # open how things stand: in a draw as it was drawn
        now |= conflict.graph.at(conflict.today(draw))
    moving = [lever for lever in case.settings if lever in looked.varied]
    unpromised = [lever for lever in moving if case.file.parties[party_of(lever)].chance or not signs(case, party_of(lever))]
    if case.file.present == "unknown":
        return ALWAYS
    limits: list[Node] = [Compared(lever, "=", now[lever]) for lever in unpromised]
    today = _evaluated(case, [now])
    for lever in moving:
        stated = case.file.levers[lever]
        if lever not in unpromised and stated.one_way:
            limits.append(Compared(lever, ">=" if stated.one_way == "up" else "<=", now[lever]))
        for setting, guard in stated.needs.items() if lever not in unpromised else ():
            node = _read(conflict, guard.that)
            if setting != now[lever] and not today(node)[0]:
                limits.append(Joined("or", (Compared(lever, "!=", setting), node)))
    return _all(limits)


def _read(conflict: Conflict, that: str) -> Node:
    case = conflict.case
    node = case.condition(that)
    settings = case.settings if case.file.graph is None else dict.fromkeys(case.file.states, ("no", "yes"))
    if problems := unknown_names(node, case.terms, settings, Place(at=that)):
        raise AskError(problems)
    return node


def without_veto(case: Case | None, parties: Sequence[str], excluding: Sequence[str | int]) -> tuple[str, ...]:
    """The names of parties that have no veto: those that the case says do not sign, and those that are left out.

    Raises
    ------
    AskError, GraphError
        As `left_out`.
    """
    named = left_out(parties, excluding)
    return tuple(party for party in parties if party in named or not signs(case, party))


def signs(case: Case | None, party: str) -> bool:
    """Whether a deal takes a party's signature; it does where no case says otherwise.

    >>> signs(None, "a")
    True
    """
    stated = {} if case is None else case.file.parties
    return party not in stated or stated[party].signs


def left_out(parties: Sequence[str], excluding: Sequence[str | int]) -> tuple[str, ...]:
    """The names of parties that a question leaves out.

    Raises
    ------
    GraphError
        `graph/unknown-party`.
    AskError
        `bargain/bad-form`.
    """
    given_as("the parties that are left out", excluding, (str, int, Sequence), "their names, or none: ()")
    left = (excluding,) if isinstance(excluding, str | int) else excluding
    return tuple(parties[member_number(parties, party)] for party in left)


def stated_demands(case: Case, party: str, type_: str, *, red_lines: bool = False) -> Iterator[Demand]:
    """Every want of one type of a party as a demand, most important first; or its red lines alone."""
    for k, want in enumerate(case.wants(party).get(type_, ())):
        if red_lines and not want.red_line:
            continue
        kind: Literal["red line", "want"] = "red line" if want.red_line else "want"
        condition = case.condition(want.that)
        at = want_place(party, type_, k)
        doubtful = (at,) if chance_of_want(case, want) < 1 else ()
        yield Demand(party, case.file.parties[party].name, kind, want.label or want.that, at, condition, doubtful=doubtful)


def floor_place(case: Case, party: str, type_: str) -> str:
    """Where in the file that stands by which a party compares a deal with its fallback."""
    if party in case.file.ranking:
        return f"ranking.{party}"
    return want_place(party, type_)


def _floors(conflict: Conflict, parties: Sequence[str], fallback: Fallback, types: Mapping[str, str]) -> Iterator[Demand]:
    """The demands not to end below the fallback, worked out at the states fallen back on; none of a party that wants nothing."""
    everyone = tuple(conflict.case.file.parties)
    values = values_given(fallback, everyone)
    if values is not None:
        each_value = dict(zip(everyone, map(float, values_of(values, everyone, conflict.scale)), strict=True))
        for party in parties:
            words = f"no worse off than {each_value[party]:g}"
            yield _floor(conflict.case, party, types[party], words, weighed=_weighed(conflict.case, party, types[party]), least=each_value[party])
        return
    words = "no worse off than now" if isinstance(fallback, str) and fallback == "now" else "no worse off than without a deal"
    by_party = states_given(fallback, everyone)
    shared = None if by_party is not None else _at(conflict, cast("States", fallback))
    for party in parties:
        at = shared if by_party is None else _at(conflict, by_party[party])
        yield from _no_lower(conflict, party, types[party], cast("Evaluated", at), words)


def _no_lower(conflict: Conflict, party: str, type_: str, at: Evaluated, words: str) -> Iterator[Demand]:
    case = conflict.case
    if party in case.file.ranking:
        yield _floor(case, party, type_, words, condition=_as_good(conflict, party, at))
        return
    wants = case.wants(party).get(type_, ())
    if not wants:
        return
    nodes = [case.condition(want.that) for want in wants]
    truth = np.array([at(node) for node in nodes], bool).reshape(len(nodes), -1)
    place = floor_place(case, party, type_)
    doubtful = tuple(f"{place}[{k}]" for k, want in enumerate(wants) if truth[k].any() and chance_of_want(case, want) < 1)
    if conflict.scale == "cardinal":
        sizes = np.array([_size(case, party, want) for want in wants])
        least = float((sizes @ truth).min())
        yield _floor(case, party, type_, words, weighed=tuple(zip(nodes, map(float, sizes), strict=True)), least=least, doubtful=doubtful)
    else:
        worst = min(tuple(map(bool, column)) for column in truth.T)
        yield _floor(case, party, type_, words, condition=no_worse(nodes, worst), doubtful=doubtful)


def _floor(
    case: Case, party: str, type_: str, words: str, *,
    condition: Node = ALWAYS, weighed: tuple[tuple[Node, float], ...] = (), least: float = 0.0, doubtful: tuple[str, ...] = (),
) -> Demand:
    at = floor_place(case, party, type_)
    return Demand(party, case.file.parties[party].name, "fallback", words, at, condition, weighed=weighed, least=least, doubtful=doubtful)


def _weighed(case: Case, party: str, type_: str) -> tuple[tuple[Node, float], ...]:
    if party in case.file.ranking:
        what = f"a size is asked for, but the states of '{party}' are ranked, not weighed"
        raise AskError(Problem("worth/ordinal", what, case.place(f"ranking.{party}"), "compare by rank"))
    wants = case.wants(party).get(type_, ())
    return tuple((case.condition(want.that), _size(case, party, want)) for want in wants) or ((Truth(False), 0.0),)


def _size(case: Case, party: str, want: Want) -> float:
    if want.worth is None:
        what = f"a size is asked for, but the want '{want.that}' of '{party}' has no `worth`"
        raise AskError(Problem("worth/ordinal", what, case.place(want_place(party)), GIVE_SIZES))
    return want.worth.value


def _at(conflict: Conflict, states: States) -> Evaluated:
    """Whether conditions hold in each of the states fallen back on."""
    case = conflict.case
    if case.file.graph is not None:
        numbers = conflict.states(states)
        if not numbers.size:
            raise no_fallback("the set of states to fall back on is empty")
        return lambda node: conflict.where(node)[numbers]
    rows = _settings_at(conflict, states)
    if not rows:
        raise no_fallback("the set of states to fall back on is empty")
    return _evaluated(case, rows)


def _evaluated(case: Case, rows: Sequence[Mapping[str, str]]) -> Evaluated:
    """Whether a condition holds at each of some settings of all levers."""
    codes = {lever: [settings.index(row[lever]) for row in rows] for lever, settings in case.settings.items()}
    digits = {lever: np.array(code, np.uint8) for lever, code in codes.items()}
    return lambda node: np.broadcast_to(holds(node, digits.__getitem__, case.terms, case.settings), (len(rows),))


def _settings_at(conflict: Conflict, states: States) -> list[Mapping[str, str]]:
    """Settings of all levers in each state; the graph is asked only for states given by number."""
    now = scope(conflict).now
    if isinstance(states, np.ndarray) and states.dtype == np.bool_:
        return [{**now, **conflict.at(int(number))} for number in conflict.states(states)]
    several = list(states) if isinstance(states, Sequence | np.ndarray) and not isinstance(states, str) else [states]
    own = [_settings_of(conflict, cast("Which", each)) for each in several]
    if conflict.case.file.present == "unknown" and any(lever not in settings for settings in own for lever in scope(conflict).varied):
        raise no_present()
    return [{**now, **settings} for settings in own]


def _settings_of(conflict: Conflict, state: Which) -> Mapping[str, str]:
    case = conflict.case
    if isinstance(state, str):
        name = state.strip()
        if name == "now" and name not in case.file.states:
            return {}
        if name in case.file.states:
            return case.file.states[name].at
        state = settings_of(name) if "=" in name else state
    return checked_hold(case, state) if isinstance(state, Mapping) else conflict.at(state)


def _as_good(conflict: Conflict, party: str, at: Evaluated) -> Node:
    """States ranked at least as high as the worst of those fallen back on."""
    as_good: list[Node] = []
    left: Bools | None = None
    for tied in conflict.case.file.ranking[party]:
        group = [_is(conflict, name) for name in ((tied,) if isinstance(tied, str) else tied)]
        as_good += group
        here = np.any([at(node) for node in group], axis=0)
        left = ~here if left is None else left & ~here
        if not left.any():
            return as_good[0] if len(as_good) == 1 else Joined("or", tuple(as_good))
    raise no_fallback(f"the fallback is not among the states that '{party}' ranks")


def _is(conflict: Conflict, name: str) -> Node:
    if conflict.case.file.graph is not None:
        return Named(name)
    settings = {**scope(conflict).now, **conflict.case.file.states[name].at}
    return Joined("and", tuple(Compared(lever, "=", setting) for lever, setting in settings.items()))


def no_worse(wants: Sequence[Node], truth: Sequence[bool]) -> Node:
    """Where ordered wants are met no worse than by `truth`, the first that differs deciding.

    >>> from bestand.case.conditions import parse, unparse
    >>> unparse(no_worse([parse("a"), parse("b"), parse("c")], [False, True, False]))
    'a or b'
    """
    condition: Node | None = None  # nothing more is asked
    for want, held in zip(reversed(wants), reversed(truth), strict=True):
        if held:
            condition = want if condition is None else Joined("and", (want, condition))
        elif condition is not None:
            condition = Joined("or", (want, condition))
    return Truth(True) if condition is None else condition
