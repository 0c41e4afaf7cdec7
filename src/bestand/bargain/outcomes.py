"""What could be agreed: the states that cross no red line and leave nobody below its fallback, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.bargain.cores import Cores
from bestand.bargain.demands import Demand, chosen_types, floor_place, given_as, signable, signs, stated_demands, without_veto
from bestand.bargain.fallback import GAP, Fallback, above_0, largest_of_draws, levels, sizes_of_draws, units, values_given, walk_away, walk_aways
from bestand.bargain.hitting_sets import fewest_unmet, hitting, members
from bestand.bargain.solutions import gains
from bestand.case.conditions import Truth
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.graph.naming import Condition, Which
from bestand.graph.ready import ready
from bestand.graph.worth import Scale
from bestand.show import Cell, Shown, Table

MOST_STATES = 1 << 22  # of one draw, above which worths of all states do not fit in some two gigabytes several times over
MOST_ROWS = 50  # deals that a table shows
MOST_CORES = 200  # sets of limits that clash, of those listed where nothing can be agreed
MOST_TOGETHER = 1 << 22  # states times draws that are compared at once
MOST_SORTED = 1_000_000  # deals beyond so many are listed by number, not by nearness to the present


@dataclass(frozen=True, slots=True)
class Deals:
    """What could be agreed by one way of comparing, in the case as it stands.

    scale : "ordinal" (by the order of wants) or "cardinal" (by their sizes)
    deal  : (n_states,) bool, as in `Agreements`
    gain  : (n_states,) bool, likewise
    above : (n_parties, n_states), what each state is worth to each party above its fallback: ranks, or worth per month
    """

    scale: Scale
    deal: NDArray[np.bool_]
    gain: NDArray[np.bool_]
    above: NDArray[np.float64]

    @property
    def n_deals(self) -> int:
        """Number of states that could be agreed on."""
        return int(self.deal.sum())

    @property
    def n_gains(self) -> int:
        """Number of them that somebody prefers to its fallback."""
        return int(self.gain.sum())


@dataclass(frozen=True, slots=True, repr=False)
class Agreements(Shown):
    """The states that could be agreed on.

    deal     : (n_draws, n_states) bool: no red line crossed, nobody below its fallback
    open     : (n_draws, n_states) bool: no red line crossed
    gain     : (n_draws, n_states) bool: a deal that somebody prefers to its fallback
    fallback : (n_draws, n_parties), worth or rank of what each party falls back on
    excluded : parties without a veto
    blocking : in draw 0, where nothing can be agreed: the clashing demands, which is the proof; else None
    reading  : draw 0, by the scale of the conflict
    other    : the same question by the other scale: by size where it was asked by order, and the reverse; None where some
               want has no size, or the fallback is stated in worth
    """

    deal: NDArray[np.bool_]
    open: NDArray[np.bool_]
    gain: NDArray[np.bool_]
    fallback: NDArray[np.float64]
    excluded: tuple[str, ...]
    blocking: Cores | None
    conflict: Conflict
    reading: Deals
    other: Deals | None

    @property
    def by_order(self) -> Deals | None:
        """What could be agreed by the order of wants."""
        return self.reading if self.reading.scale == "ordinal" else self.other

    @property
    def by_size(self) -> Deals | None:
        """What could be agreed by the sizes of wants."""
        return self.reading if self.reading.scale == "cardinal" else self.other

    @property
    def differs(self) -> bool:
        """Whether one reading says that something can be agreed, and the other that nothing can."""
        return self.other is not None and bool(self.reading.n_deals) != bool(self.other.n_deals)

    def gains(self, state: Which) -> dict[str, float]:
        """What a state is worth to each party above its fallback, in draw 0: 0 where it gains nothing by it."""
        return dict(zip(self.conflict.parties, map(float, self.reading.above[:, self.conflict.state(state)]), strict=True))

    def states(self, *, draw: int = 0) -> NDArray[np.int64]:
        """Numbers of all states that could be agreed on."""
        return np.flatnonzero(self.deal[numbered("draw", draw, len(self.deal))])

    @property
    def n_deals(self) -> int:
        """Number of states that could be agreed on, in draw 0."""
        return int(self.deal[0].sum())

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of draws in which each state could be agreed on: shape (n_states,)."""
        return self.deal.mean(axis=0)

    @property
    def share_any(self) -> float:
        """Share of draws in which anything could be agreed on."""
        return float(self.deal.any(axis=1).mean())

    def table(self) -> Table:
        """Deals, those that change least from now first; or what blocks them."""
        if self.blocking is not None:
            blocked = self.blocking.table()
            return Table("Nothing can be agreed", blocked.columns, blocked.rows, (*blocked.notes, *self._said()))
        share = self.share
        states = _nearest(self.conflict.graph, self.states())[:MOST_ROWS]
        several = self.deal.shape[0] > 1
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (int(s), self.conflict.label(int(s)), self._gainers(int(s)), *((float(share[s]),) if several else ())) for s in states
        )
        notes = [f"{self.n_deals} of {self.conflict.graph.n_states} states could be agreed on; somebody gains in {int(self.gain[0].sum())}"]
        if self.n_deals > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} are shown, those that change least from now first")
        if several:
            notes.append(f"in {self.share_any:.0%} of {self.deal.shape[0]} draws something can be agreed")
        notes += self._said()
        columns = ("state", "what", "gains", *(("share of draws",) if several else ()))
        return Table("What could be agreed", columns, rows, tuple(notes))

    def _gainers(self, state: int) -> str:
        return ", ".join(party for party, gain in self.gains(state).items() if gain > 0 and party not in self.excluded) or "nobody"

    def _said(self) -> list[str]:
        """The other reading, where it answers otherwise."""
        order, size = self.by_order, self.by_size
        if order is None or size is None or not self.differs:
            return []
        return [f"by the order of wants {order.n_deals} states could be agreed on, by their sizes {size.n_deals}"]


def agreements(
    conflict: Conflict | Case,
    *,
    that: Condition = None,
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    types: Sequence[Mapping[str, str]] | None = None,
) -> Agreements:
    """The states in which every red line holds and no party is below its fallback, by rank or by size as the scale has it.

    that      : a condition that the deal must meet in any case, or a mask
    fallback  : "now", a state (number, name, lever: setting), several states (the worst counts), party: value or
                party: states
    excluding : parties without a veto: neither their red lines nor their fallback count; so it is for those that the case says do not sign
    types     : per draw, party: type, for the red lines; those that the worths were drawn with, if not given

    Raises
    ------
    AskError
        `bargain/no-fallback`, `bargain/which-types`, `bargain/unknown-type`, `bargain/too-many-states`, `worth/ordinal`.
    GraphError
        `graph/unknown-party`, `graph/unknown-state`, `graph/no-present`.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> from bestand.graph.conflict import conflict
    >>> dispute = conflict(read_text(new("A dispute")))
    >>> bool(agreements(dispute).deal[0, dispute.now]), set(agreements(dispute).gains("now").values())
    (True, {0.0})
    """
    conflict = ready(conflict)
    drawn = _drawn_deals(conflict, that, fallback, excluding, types)
    blocking = None if drawn.deal[0].any() else _blocking(conflict, drawn)
    reading = _reading(conflict, drawn.open[0], drawn.away[0], drawn.veto)
    other = _other(conflict, drawn.open[0], fallback, drawn.veto)
    return Agreements(drawn.deal, drawn.open, drawn.gain, drawn.away, drawn.out, blocking, conflict, reading, other)


def deals_of_draws(
    conflict: Conflict,
    *,
    that: Condition = None,
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    types: Sequence[Mapping[str, str]] | None = None,
) -> NDArray[np.bool_]:
    """Only what could be agreed on in every draw, (n_draws, n_states), as `agreements` has it: not what blocks it, nor by how much.

    Raises
    ------
    AskError, GraphError
        As `agreements`.
    """
    return _drawn_deals(conflict, that, fallback, excluding, types).deal


@dataclass(frozen=True, slots=True)
class _DrawnDeals:
    """The arrays of `Agreements`, and what they were made with.

    within : (n_states,) bool, where a deal is looked for
    veto   : places of the parties that have one
    first  : the types of the first draw
    """

    open: NDArray[np.bool_]
    deal: NDArray[np.bool_]
    gain: NDArray[np.bool_]
    away: NDArray[np.float64]
    out: tuple[str, ...]
    veto: list[int]
    first: Mapping[str, str]
    within: NDArray[np.bool_]


def _drawn_deals(
    conflict: Conflict, that: Condition, fallback: Fallback, excluding: Sequence[str | int], types: Sequence[Mapping[str, str]] | None
) -> _DrawnDeals:
    """What could be agreed on in every draw."""
    if conflict.graph.n_states > MOST_STATES:
        what = f"{conflict.graph.n_states:,} states are more than the {MOST_STATES:,} of which all deals are listed"
        raise AskError(Problem("bargain/too-many-states", what, hint="`cores` and `settle-by-solver` do not list them; or vary fewer levers"))
    parties = conflict.parties
    out = without_veto(conflict.stated, parties, excluding)
    drawn = _types(conflict, types)
    asked, worth = conflict.where(that), conflict.worth
    open_, deal, gain = np.zeros((3, conflict.draws, asked.size), np.bool_)
    away, largest = walk_aways(conflict, fallback=fallback), conflict.once(("largest", worth.scale), lambda: largest_of_draws(worth))
    near = GAP * above_0(largest, away)
    veto = [i for i, party in enumerate(parties) if party not in out]
    level = sizes_of_draws(worth)
    for draws, allowed in _allowed(conflict, asked, out, drawn):
        open_[draws] = allowed
        some = np.flatnonzero(allowed)
        for part in np.array_split(draws, -(-draws.size * some.size // MOST_TOGETHER)) if some.size else ():
            agreed, better = np.ones((part.size, some.size), np.bool_), np.zeros((part.size, some.size), np.bool_)
            for i in veto:
                mine, fallen, about = level[part[:, None], i, some], away[part, i, None], near[part, i, None]
                agreed &= mine >= fallen - about
                better |= mine > fallen + about
            deal[part[:, None], some], gain[part[:, None], some] = agreed, agreed & better
    for array in (open_, deal, gain, away):
        array.flags.writeable = False
    return _DrawnDeals(open_, deal, gain, away, out, veto, drawn[0], asked & in_the_world_as_it_is(conflict))


def _allowed(
    conflict: Conflict, asked: NDArray[np.bool_], out: Sequence[str], types: Sequence[Mapping[str, str]]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """Draws in which the same is allowed, and what: where a deal is looked for, and no red line crossed; one falls with its want."""
    absent = conflict.worth.absent or (frozenset[str](),) * len(types)
    lines: dict[tuple[str, ...], list[Demand]] = {}
    alike: dict[tuple[tuple[str, ...], frozenset[str], int | None], list[int]] = {}
    for d, (chosen, gone) in enumerate(zip(types, absent, strict=True)):
        those = tuple(chosen.values())
        if those not in lines:
            lines[those] = _red_lines(conflict, out, chosen)
        today = conflict.today(d) if len(conflict.graph.presents) > 1 else None
        alike.setdefault((those, gone.intersection(demand.at for demand in lines[those]), today), []).append(d)
    for (those, gone, _), draws in alike.items():
        held = [demand.met(conflict.where) for demand in lines[those] if demand.at not in gone]
        yield np.array(draws), np.logical_and.reduce([asked & in_the_world_as_it_is(conflict, draws[0]), *held])


def in_the_world_as_it_is(conflict: Conflict, draw: int = 0) -> NDArray[np.bool_]:
    """States that can be signed as things stand in a draw: nothing of chance, nothing back that goes one way, needs met before or after."""
    if conflict.stated is None:
        return np.ones(conflict.graph.n_states, bool)
    today = conflict.today(draw) if len(conflict.graph.presents) > 1 else None
    promising = tuple(party for party in conflict.parties if signs(conflict.case, party))
    return conflict.once_of_graph(("signable", today, promising), lambda: conflict.where(signable(conflict, draw)))  # which no want changes


def _reading(conflict: Conflict, open_: NDArray[np.bool_], away: NDArray[np.float64], veto: Sequence[int]) -> Deals:
    level = levels(conflict.worth)
    above = gains(level, away, units(level, away))
    deal = open_ & (above[list(veto)] >= 0).all(axis=0)
    gain = deal & (above[list(veto)] > 0).any(axis=0)
    for array in (deal, gain, above):
        array.flags.writeable = False
    return Deals(conflict.scale, deal, gain, above)


def _other(conflict: Conflict, open_: NDArray[np.bool_], fallback: Fallback, veto: Sequence[int]) -> Deals | None:
    """The same question by the other scale; draw 0 is the same however many there are."""
    if conflict.stated is None or values_given(fallback, conflict.parties) is not None:
        return None
    scale: Scale = "cardinal" if conflict.scale == "ordinal" else "ordinal"
    other = conflict.once(("reading", scale), lambda: conflict.draw(1).on_scale(scale))
    try:
        return _reading(other, open_, walk_away(other, fallback=fallback), veto)
    except AskError as refused:
        if refused.code != "worth/ordinal":
            raise
        return None


def _types(conflict: Conflict, types: Sequence[Mapping[str, str]] | None) -> Sequence[Mapping[str, str]]:
    """Per draw the type of every party; empty where there is no case, hence no red line."""
    if conflict.stated is None:
        return [{}] * conflict.draws
    if types is not None:
        given_as("types of the draws", types, Sequence, "one mapping from party to type per draw")
        if len(types) != conflict.draws:
            what = f"types are given for {len(types)} draws, and the conflict has {conflict.draws}"
            raise AskError(Problem("bargain/which-types", what, hint="give the types that the worths were drawn with"))
        known = {id(each): chosen_types(conflict.case, each) for each in {id(each): each for each in types}.values()}  # few differ
        return [known[id(each)] for each in types]
    return conflict.worth.types or [chosen_types(conflict.case, None)] * conflict.draws


def _red_lines(conflict: Conflict, out: Sequence[str], types: Mapping[str, str]) -> list[Demand]:
    if conflict.stated is None:
        return []
    return [demand for party in conflict.parties if party not in out for demand in _red_lines_of(conflict, party, types[party])]


def _red_lines_of(conflict: Conflict, party: str, type_: str) -> tuple[Demand, ...]:
    return conflict.once(("red lines", party, type_), lambda: tuple(stated_demands(conflict.case, party, type_, red_lines=True)))


def _blocking(conflict: Conflict, drawn: _DrawnDeals) -> Cores:
    """The clashing demands: red lines as stated, fallbacks as the worths have them."""
    out, types, away, within = drawn.out, drawn.first, drawn.away[0], drawn.within
    limits = _red_lines(conflict, out, types)
    met = [demand.met(conflict.where)[within] for demand in limits]
    level = levels(conflict.worth)
    near = GAP * units(level, away)
    for i, party in enumerate(conflict.parties):
        if party not in out:
            limits.append(_as_good_as(conflict, party, types.get(party, "")))
            met.append(level[i, within] >= away[i] - near[i])
    if not within.any():
        return Cores(tuple(limits), ((),), True, "enumerate")
    sets, complete = hitting(fewest_unmet([np.array(met)], len(limits)), len(limits), MOST_CORES)
    return Cores(tuple(limits), tuple(members(each) for each in sets), complete, "enumerate")


def _as_good_as(conflict: Conflict, party: str, type_: str) -> Demand:
    case = conflict.stated
    name, at = (party, "") if case is None else (case.file.parties[party].name, floor_place(case, party, type_))
    return Demand(party, name, "fallback", "no worse off than without a deal", at, Truth(True))


def _nearest(graph: Graph, states: NDArray[np.int64]) -> NDArray[np.int64]:
    """States in order of the number of levers that differ from now."""
    if graph.now is None or not graph.levers or states.size > MOST_SORTED:
        return states
    return states[np.argsort(graph.apart(graph.at(graph.now), states), kind="stable")]
