"""What each party insists on: red lines, not to end below its fallback, or every single want."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.fallback import GAP, Fallback, States, known_parties, no_fallback, state_numbers, values_of
from bestand.bargain.scope import known_settings, scope
from bestand.case.conditions import Compared, Joined, Named, Node, Truth, holds, unknown
from bestand.case.loaded import Case
from bestand.case.model import Want
from bestand.errors import AskError, Place, Problem, did_you_mean
from bestand.graph.build import build
from bestand.graph.draws import likely_types

Scale = Literal["ordinal", "cardinal"]
Which = Literal["red lines and fallback", "every want"]
Bools = NDArray[np.bool_]
Where = Callable[[Node], Bools]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a party insists on.

    party     : its key in the case; `name` is its name in words
    kind      : "red line", "want", or "fallback" (not to end worse off than without an agreement)
    words     : the want's label, or its condition where it has none
    at        : its key path in the file, such as ``wants.ru[2]``
    weight    : what giving it up costs: 1, or the want's `worth`
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

    def met(self, where: Where) -> Bools:
        """Where it is met, from a function that says where a condition holds."""
        held = where(self.condition)
        if not self.weighed:
            return held
        total = np.zeros(held.shape)
        for node, weight in self.weighed:
            total += weight * where(node)
        return held & (total >= self.least - GAP)

    def __str__(self) -> str:
        return f"{self.name} {self.words}" if self.kind == "fallback" else f"{self.name}: “{self.words}”"


def demands(
    case: Case,
    *,
    which: Which = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str] = (),
    scale: Scale = "ordinal",
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
) -> tuple[Demand, ...]:
    """Every party's demands, as conditions on states; no graph is built, so that a case of any size will do.

    which     : red lines, and one demand per party not to end below its fallback; or every want by itself
    fallback  : as in `agreements`
    excluding : parties that have no veto
    scale     : whether "below" is meant by rank or by the sum of `worth`
    types     : party: type; the most probable one, if not given

    Raises
    ------
    AskError
        `bargain/unknown-party`, `bargain/no-fallback`, `worth/ordinal`.
    """
    known_excluded(case, excluding)
    chosen = types or likely_types(case)
    parties = [party for party in case.file.parties if party not in excluding]
    if which == "every want":
        return tuple(demand for party in parties for demand in stated(case, party, chosen[party]))
    limits = [each for party in parties for each in stated(case, party, chosen[party]) if each.kind == "red line"]
    return (*limits, *_Floor(case, view, hold, scale, chosen).demands(parties, fallback))


def wanted(case: Case, that: str) -> Node:
    """A condition that a deal must meet, read, with its names and settings looked up."""
    node = case.condition(that)
    if case.file.graph is None and (problems := unknown(node, case.terms, case.settings, Place(at=that))):
        raise AskError(problems)
    return node


def known_excluded(case: Case, excluding: Sequence[str]) -> None:
    """Nothing, unless a party that is left out does not exist."""
    for party in excluding:
        if party not in case.file.parties:
            hint = did_you_mean(party, case.file.parties)
            raise AskError(Problem("bargain/unknown-party", f"no party '{party}'", hint=hint))


def stated(case: Case, party: str, type_: str) -> Iterator[Demand]:
    """Every want of one type of a party as a demand, most important first."""
    inner = f".{type_}" if type_ else ""
    for k, want in enumerate(case.wants(party).get(type_, ())):
        kind: Literal["red line", "want"] = "red line" if want.red_line else "want"
        condition = case.condition(want.that)
        yield Demand(party, case.file.parties[party].name, kind, want.label or want.that, f"wants.{party}{inner}[{k}]", condition)


class _Floor:
    """The demands not to end below the fallback, worked out at the states fallen back on."""

    def __init__(self, case: Case, view: str | None, hold: Mapping[str, str] | None, scale: Scale, types: Mapping[str, str]):
        self.case, self.view, self.hold, self.scale, self.types = case, view, hold, scale, types
        self.now = scope(case, view=view, hold=hold).now

    def demands(self, parties: Sequence[str], fallback: Fallback) -> Iterator[Demand]:
        everyone = tuple(self.case.file.parties)
        if isinstance(fallback, np.ndarray) and np.issubdtype(fallback.dtype, np.floating):
            fallback = dict(zip(everyone, map(float, fallback), strict=True))
        words = "no worse off than now" if fallback == "now" else "no worse off than without a deal"
        if isinstance(fallback, Mapping) and fallback and known_parties(fallback, everyone):
            yield from self._by_party(parties, fallback, words)
            return
        at = self._truth_at(cast("States", fallback))
        for party in parties:
            yield from self._from_states(party, at, words)

    def _by_party(self, parties: Sequence[str], fallback: Mapping[str, object], words: str) -> Iterator[Demand]:
        numbers = {party: value for party, value in fallback.items() if isinstance(value, int | float)}
        if len(numbers) == len(fallback):
            everyone = tuple(self.case.file.parties)
            for party, value in zip(everyone, map(float, values_of(numbers, everyone, self.scale)), strict=True):
                if party in parties:
                    yield self._demand(party, f"no worse off than {value:g}", Truth(True), self._weighed(party), value)
            return
        for party in parties:
            if party not in fallback:
                raise no_fallback(f"no fallback is given for '{party}'")
            yield from self._from_states(party, self._truth_at(cast("Collection[int]", fallback[party])), words)

    def _from_states(self, party: str, at: Where, words: str) -> Iterator[Demand]:
        if party in self.case.file.ranking:
            yield self._demand(party, words, self._as_good(party, at))
            return
        wants = self._wants(party)
        nodes = [self.case.condition(want.that) for want in wants]
        truth = np.array([at(node) for node in nodes], bool).reshape(len(nodes), -1)
        if not wants:
            return
        if self.scale == "cardinal":
            sizes = np.array([self._size(party, want) for want in wants])
            least = float((sizes @ truth).min())
            yield self._demand(party, words, Truth(True), tuple(zip(nodes, map(float, sizes), strict=True)), least)
        else:
            worst = min(tuple(map(bool, column)) for column in truth.T)
            yield self._demand(party, words, no_worse(nodes, worst))

    def _demand(
        self, party: str, words: str, condition: Node, weighed: tuple[tuple[Node, float], ...] = (), least: float = 0.0
    ) -> Demand:
        inner = f".{self.types[party]}" if self.types.get(party) else ""
        at = f"ranking.{party}" if party in self.case.file.ranking else f"wants.{party}{inner}"
        name = self.case.file.parties[party].name
        return Demand(party, name, "fallback", words, at, condition, weighed=weighed, least=least)

    def _weighed(self, party: str) -> tuple[tuple[Node, float], ...]:
        if party in self.case.file.ranking:
            what = f"a size is asked for, but the states of '{party}' are ranked, not weighed"
            raise AskError(Problem("worth/ordinal", what, self.case.place(f"ranking.{party}"), "compare by rank"))
        wants = self._wants(party)
        return tuple((self.case.condition(want.that), self._size(party, want)) for want in wants) or ((Truth(False), 0.0),)

    def _wants(self, party: str) -> Sequence[Want]:
        return self.case.wants(party).get(self.types.get(party, ""), ())

    def _size(self, party: str, want: Want) -> float:
        if want.worth is None:
            what = f"a size is asked for, but the want '{want.that}' of '{party}' has no `worth`"
            place = self.case.place(f"wants.{party}")
            raise AskError(Problem("worth/ordinal", what, place, "give every want of this party a `worth` (per month)"))
        return want.worth.value

    def _truth_at(self, states: States | Collection[int]) -> Where:
        """Whether conditions hold in each of the states fallen back on."""
        if self.case.file.graph is not None:
            graph = build(self.case)
            numbers = state_numbers(graph, states)
            return lambda node: graph.where(node)[numbers]
        rows = self._settings_of(states)
        codes = {lever: [settings.index(row[lever]) for row in rows] for lever, settings in self.case.settings.items()}
        digits = {lever: np.array(code, np.uint8) for lever, code in codes.items()}
        return lambda node: np.broadcast_to(
            holds(node, digits.__getitem__, self.case.terms, self.case.settings), (len(rows),)
        )

    def _settings_of(self, states: States | Collection[int]) -> list[Mapping[str, str]]:
        if isinstance(states, str) and states == "now":
            return [self.now]
        if isinstance(states, str) and states in self.case.file.states:
            return [{**self.now, **self.case.file.states[states].at}]
        if isinstance(states, Mapping):
            known_settings(self.case, states)
            return [{**self.now, **states}]
        graph = build(self.case, view=self.view, hold=self.hold)
        return [{**self.now, **graph.at(number)} for number in state_numbers(graph, states)]

    def _as_good(self, party: str, at: Where) -> Node:
        """States ranked at least as high as the worst of those fallen back on."""
        as_good: list[Node] = []
        left: Bools | None = None
        for tied in self.case.file.ranking[party]:
            group = [self._is(name) for name in ((tied,) if isinstance(tied, str) else tied)]
            as_good += group
            here = np.any([at(node) for node in group], axis=0)
            left = ~here if left is None else left & ~here
            if not left.any():
                return as_good[0] if len(as_good) == 1 else Joined("or", tuple(as_good))
        raise no_fallback(f"the fallback is not among the states that '{party}' ranks")

    def _is(self, name: str) -> Node:
        if self.case.file.graph is not None:
            return Named(name)
        settings = {**self.now, **self.case.file.states[name].at}
        return Joined("and", tuple(Compared(lever, "=", setting) for lever, setting in settings.items()))


def no_worse(wants: Sequence[Node], truth: Sequence[bool]) -> Node:
    """Where ordered wants are met no worse than by `truth`, the first that differs deciding.

    >>> from bestand.case.conditions import parse, unparse
    >>> unparse(no_worse([parse("a"), parse("b"), parse("c")], [False, True, False]))
    'a or b'
    """
    found: Node | None = None  # nothing more is asked
    for want, held in zip(reversed(wants), reversed(truth), strict=True):
        if held:
            found = want if found is None else Joined("and", (want, found))
        elif found is not None:
            found = Joined("or", (want, found))
    return Truth(True) if found is None else found
