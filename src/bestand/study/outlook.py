"""From where a conflict stands today: where it can rest, how it gets there, and why it does not get elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.concepts import CORE, Concept
from bestand.errors import GraphError
from bestand.graph.budget import Budget
from bestand.graph.build import count_states, levers_that_vary
from bestand.graph.conflict import Conflict
from bestand.negotiate.paths import By, Paths, Step, goals_reached, paths
from bestand.negotiate.stability import Stability, stability
from bestand.negotiate.why import Witness, why
from bestand.study.basis import Deciding, deciding

READING: Literal["best", "paying"] = "best"  # the moves that prose speaks of: what would happen, not all that could pay
FORESIGHT: Concept = "seq"  # the foresight in which the headline answers are given
MOST_RESTS = 24  # equilibria, or kinds of them, that are described one by one
MOST_FEARED = 6  # states that rest only where any reply is feared, up to which they are described too
MOST_OPENINGS = 200  # steps from today that are tried, those of the fewest levers first
MOST_GOES = 100  # events after which it is looked where legal moves lead, for how many resting states can come about
FEW_RESTS = 12  # up to so many equilibria each is a kind of its own
PER_STATE = 75e-9  # seconds of the first answers for each state and doubling of their number: rests in two readings, and ways
TRIED = 0.04  # share of them that Nash alone takes
SOON = 1.0  # seconds that are waited for, whatever is allowed


@dataclass(frozen=True, slots=True)
class Rest:
    """One state where the conflict can rest, under which foresight, and how one gets there from today.

    concepts : concepts under which it is an equilibrium
    terms    : terms of the case that hold there
    n_alike  : equilibria under the headline foresight in which the same terms hold; this is the one nearest to today
    way      : shortest way from today by best moves, else by any moves; None where there is none
    improving: whether `way` is made of best moves
    """

    state: int
    concepts: tuple[str, ...]
    terms: tuple[str, ...]
    n_alike: int
    way: tuple[Step, ...] | None
    improving: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """How one party sees a state against today: better, worse or same, and the want that decides it."""

    party: str
    sign: int
    deciding: Deciding | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A step on the way to a state that its mover does not gain by."""

    step: Step
    deciding: Deciding | None


@dataclass(frozen=True, slots=True)
class OpeningStep:
    """One step from today that does not pay its mover, and after which best moves lead to a term, to rest there.

    shared   : resting states with the term that have all that the step changes, of `n_rests`
    deciding : the want for which the mover does not take it
    arrives  : whether it is itself the step to the term: where the term holds at once, nothing is left for others to do
    """

    step: Step
    deciding: Deciding | None
    shared: int
    n_rests: int
    arrives: bool = False


@dataclass(frozen=True, slots=True)
class TermAnswer:
    """Why a term that does not hold today does not come about.

    n_states : states of the view where it holds
    rests    : concept → number of equilibria where it holds, others replying by their best moves
    classical: the same, others replying by any move that pays
    reached  : whether best moves from today lead to it
    reached_paying : whether moves that pay do
    nearest  : the state studied: the term holds, best moves lead there if they lead to any, else legal moves if they do; the
               fewest parties would leave it, the fewest levers change
    way      : shortest way there, by best moves where they lead there, else by any; None where there is none
    stands   : how each party sees `nearest` against today
    stuck    : steps of `way` that do not pay their mover
    leavers  : for each party that would leave `nearest`, the witness
    openings : single steps from today after which best moves lead to it; those with the fewest levers, those that are not the outcome itself
               before the others, most shared first
    common   : what every resting state with the term has otherwise than today
    """

    term: str
    n_states: int
    rests: Mapping[str, int]
    classical: Mapping[str, int]
    reached: bool
    reached_paying: bool
    nearest: int | None = None
    way: tuple[Step, ...] | None = None
    stands: tuple[Stand, ...] = ()
    stuck: tuple[Stuck, ...] = ()
    leavers: tuple[Witness, ...] = ()
    openings: tuple[OpeningStep, ...] = ()
    common: Mapping[str, str] = field(default_factory=dict)


class Outlook:
    """What can be said of a conflict from where it stands today: answers, and what several of them need worked out once.

    best, paying : verdicts in the two readings of replies
    """

    def __init__(self, conflict: Conflict, best: Stability, paying: Stability) -> None:
        self.conflict, self.graph, self.stable = conflict, conflict.graph, best
        masks = self.masks = {term: conflict.where(term) for term in conflict.case.terms}
        self.resting = {concept: best.holds(concept) for concept in CORE}
        self.classical = {concept: paying.holds(concept) for concept in CORE}
        self.witnessed: dict[int, tuple[Witness, ...]] = {}
        today = conflict.graph.now
        self.apart = np.zeros(self.graph.n_states, np.int16) if today is None else self.graph.apart(self.graph.at(today))
        self.leaving = self._leaving()
        self.improving, self.paying, self.any = self._paths(READING), self._paths("paying"), self._paths("any")
        self.nearest = {term: self._nearest_to_come(mask) for term, mask in masks.items()}
        self.tried = unpaid_steps(conflict)

    def _paths(self, by: By) -> Paths | None:
        return None if self.graph.now is None else paths(self.conflict, by=by)

    def _nearest_to_come(self, mask: NDArray[np.bool_]) -> int | None:
        """The nearest of those that legal moves lead to, if they lead to any: what cannot come about tells nobody much."""
        to_come = mask if self.any is None else mask & self.any.reached
        return self._nearest(to_come if to_come.any() else mask)

    def n_to_come(self) -> int | None:
        """Of the resting states those that legal moves and events lead to from today; None where that takes too many goes."""
        if self.any is None:
            return None
        reached, goes = self.any.reached.copy(), 0
        while True:
            targets = [event.target[reached[event.source]] for event in self.graph.chances]
            new = next((int(target[~reached[target]][0]) for target in targets if not reached[target].all()), None)
            if new is None:
                return int((reached & self.resting[FORESIGHT]).sum())
            if goes == MOST_GOES:
                return None
            goes += 1
            reached |= paths(self.conflict, by="any", start=new).reached

    def _nearest(self, mask: NDArray[np.bool_]) -> int | None:
        """Of the states where a term holds: fewest parties that would leave, then fewest levers changed from today."""
        among = np.flatnonzero(mask)
        if not among.size:
            return None
        far = self.leaving[among].astype(np.int32) * 1000 + self.apart[among]
        return int(among[far.argmin()])

    def _leaving(self) -> NDArray[np.uint8]:
        """Number of parties that would leave each state: shape (n_states,)."""
        leaving = np.zeros(self.graph.n_states, np.uint8)
        for party in self.graph.parties:
            leaving += ~self.stable.holds(FORESIGHT, party)
        return leaving

    def terms_at(self, state: int | None) -> tuple[str, ...]:
        """Terms that hold in a state."""
        return () if state is None else tuple(term for term, mask in self.masks.items() if mask[state])

    def witnesses(self, state: int | None) -> tuple[Witness, ...]:
        """Per party, the witness for a state under the headline foresight; chance wants nothing and is left out."""
        if state is None:
            return ()
        if state not in self.witnessed:  # several terms have one nearest state
            asked = [party for party in self.graph.parties if not self._is_chance(party)]
            self.witnessed[state] = tuple(why(self.conflict, state=state, party=party, concept=FORESIGHT, moves=READING) for party in asked)
        return self.witnessed[state]

    def rests(self) -> tuple[tuple[Rest, ...], int]:
        """Equilibria, or the nearest of each kind, and how many kinds: first what improvement reaches, then by moves and levers from today."""
        resting = next((self.resting[concept] for concept in (FORESIGHT, "gmr") if self.resting[concept].any()), None)
        if resting is None:
            return (), 0
        order = self._nearest_first(np.flatnonzero(resting))
        kinds = self._kinds(order)
        first, n_alike = np.unique(kinds, return_index=True, return_counts=True)[1:]
        shown = sorted(zip(first, n_alike, strict=True))[:MOST_RESTS]
        return tuple(self._rest(int(order[k]), int(n)) for k, n in shown), first.size

    def feared(self) -> tuple[tuple[Rest, ...], int]:
        """States that rest only where any reply is feared, where they are few, and how many; none where nothing else rests: `rests` has them."""
        states = np.flatnonzero(self.resting["gmr"] & ~self.resting[FORESIGHT] & self.resting[FORESIGHT].any())
        few = self._nearest_first(states) if states.size <= MOST_FEARED else states[:0]
        return tuple(self._rest(state, 1) for state in few.tolist()), states.size

    def _nearest_first(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        if self.improving is None or self.any is None:
            return states
        far = np.where(self.any.reached[states], self.any.length[states], np.iinfo(np.int32).max)
        return states[np.lexsort((states, self.apart[states], far, ~self.improving.reached[states]))]

    def _kinds(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        """A number per state; the same for states where the same terms hold, unless the states are few."""
        if states.size <= FEW_RESTS or not self.masks:
            return np.arange(states.size)
        held = np.stack([mask[states] for mask in self.masks.values()], axis=1)
        return np.unique(held, axis=0, return_inverse=True)[1].ravel()

    def _rest(self, state: int, n_alike: int) -> Rest:
        concepts = tuple(concept for concept in CORE if self.resting[concept][state])
        good = _way(self.improving, state)
        way = good if good is not None else _way(self.any, state)
        return Rest(state, concepts, self.terms_at(state), n_alike, way, good is not None)

    def term(self, term: str) -> TermAnswer:
        """Why one term does not come about from today."""
        mask, nearest = self.masks[term], self.nearest[term]
        rests: dict[str, int] = {concept: int((self.resting[concept] & mask).sum()) for concept in CORE}
        classical: dict[str, int] = {concept: int((self.classical[concept] & mask).sum()) for concept in CORE}
        reached, paying = (bool(way is not None and (way.reached & mask).any()) for way in (self.improving, self.paying))
        if nearest is None or self.any is None:
            return TermAnswer(term, int(mask.sum()), rests, classical, reached, paying)
        if reached and self.improving is not None:
            nearest = self._nearest(mask & self.improving.reached)
            way = None if nearest is None else _way(self.improving, nearest)
        else:
            way = _way(self.any, nearest)
        if nearest is None:
            return TermAnswer(term, int(mask.sum()), rests, classical, reached, paying)
        leavers = tuple(witness for witness in self.witnesses(nearest) if not witness.stable)
        resting = self.resting[FORESIGHT] & mask
        openings = () if reached else tuple(self._openings(resting, mask))
        return TermAnswer(
            term=term, n_states=int(mask.sum()), rests=rests, classical=classical, reached=reached, reached_paying=paying, nearest=nearest,
            way=way, stands=self._stands(nearest), stuck=self._stuck(way), leavers=leavers, openings=openings,
            common=self._common(np.flatnonzero(resting)),
        )  # fmt: skip

    def _common(self, states: NDArray[np.int64]) -> Mapping[str, str]:
        """Levers that all of some states set alike, and otherwise than today."""
        if not states.size or self.graph.now is None:
            return {}
        told = {}
        for lever in self.graph.levers:
            now, first = self.graph.digits_at(lever, np.array([self.graph.now, states[0]])).tolist()
            if first != now and bool((self.graph.digits_at(lever, states) == first).all()):
                told[lever] = self.conflict.case.settings[lever][first]
        return told

    def _openings(self, resting: NDArray[np.bool_], mask: NDArray[np.bool_]) -> Iterator[OpeningStep]:
        """Single steps that do not pay, after which best moves lead to one of the resting states; no more levers than needed."""
        openings = opening_steps(self.conflict, resting, self.tried)
        told = (replace(self._opening(party, target, resting), arrives=bool(mask[target])) for party, target in openings)
        yield from sorted(told, key=lambda each: (each.arrives, -each.shared))

    def _opening(self, party: str, target: int, resting: NDArray[np.bool_]) -> OpeningStep:
        now, rank = self.graph.now or 0, self.conflict.worth.rank[0, self.conflict.party(party)]
        changes, states = self.graph.changes(now, target), np.flatnonzero(resting)
        shared = np.ones(states.size, np.bool_)
        for lever in changes:
            shared &= self.graph.digits_at(lever, states) == self.graph.digits_at(lever, np.array([target]))
        step = Step(party, now, target, changes, int(rank[now]), int(rank[target]))
        return OpeningStep(step, deciding(self.conflict, party, now, target), int(shared.sum()), states.size)

    def _stands(self, state: int) -> tuple[Stand, ...]:
        now = self.graph.now or 0
        return tuple(
            Stand(party, self._sign(k, now, state), deciding(self.conflict, party, now, state))
            for k, party in enumerate(self.graph.parties) if not self._is_chance(party)
        )

    def _is_chance(self, party: str) -> bool:
        stated = self.conflict.case.file.parties
        return party in stated and stated[party].chance

    def _sign(self, party: int, here: int, there: int) -> int:
        rank = self.conflict.worth.rank[0, party]
        return int(rank[there] > rank[here]) - int(rank[there] < rank[here])

    def _stuck(self, way: tuple[Step, ...] | None) -> tuple[Stuck, ...]:
        return tuple(
            Stuck(step, deciding(self.conflict, step.party, step.source, step.target))
            for step in way or ()
            if step.rank_after <= step.rank_before
        )


Unpaid = tuple[int, str, int]
"""A move from today that does not pay its mover: how many levers it changes, whose it is, and the state that it leads to."""


def unpaid_steps(conflict: Conflict, *, draw: int = 0) -> tuple[Unpaid, ...]:
    """The moves from today that do not pay their mover, those of the fewest levers first, as far as they are tried."""
    graph, now, rank = conflict.graph, conflict.graph.now, conflict.worth.rank[draw]
    if now is None or not graph.levers:
        return ()
    steps = (
        (len(graph.changes(now, int(target))), party, int(target))
        for k, party in enumerate(graph.parties) for target in graph.moves[k].targets(now) if rank[k, target] <= rank[k, now]
    )  # fmt: skip
    return tuple(sorted(steps)[:MOST_OPENINGS])


def opening_steps(conflict: Conflict, resting: NDArray[np.bool_], tried: Sequence[Unpaid], *, draw: int = 0) -> list[tuple[str, int]]:
    """Of steps that do not pay those after which best moves lead to one of some resting states, with no more levers than needed.

    Whose each is, and where it leads to.
    """
    graph, now = conflict.graph, conflict.graph.now
    if now is None or not resting.any() or not tried:
        return []
    starts, rank = np.array([target for _, _, target in tried], np.int64), conflict.worth.rank[draw]
    which = np.ascontiguousarray(np.broadcast_to(np.arange(len(rank), dtype=np.int32), (starts.size, len(rank))))
    led = goals_reached(graph, rank, which, starts, resting[None], by=READING)[:, 0]
    openings: list[tuple[str, int, set[str]]] = []
    for (n, party, target), leads in zip(tried, led, strict=True):
        changed = {f"{lever}={new}" for lever, (_, new) in graph.changes(now, target).items()}
        if any(who == party and fewer <= changed for who, _, fewer in openings) or (openings and n > len(openings[0][2])):
            continue
        if leads:
            openings.append((party, target, changed))
    return [(party, target) for party, target, _ in openings]


def _way(reached: Paths | None, state: int) -> tuple[Step, ...] | None:
    """A shortest way to a state; None where there is none."""
    return reached.to(state) if reached is not None and reached.reached[state] else None


def seconds_of_first_answers(asked: Conflict) -> float:
    """Reckoned beforehand: seconds until it is known where a conflict can rest and what ways lead there, at least, on an ordinary machine.

    >>> from bestand import conflict, read
    >>> seconds_of_first_answers(conflict(read("example/en"))) < 0.001
    True
    """
    n = asked.graph.n_states if "graph" in asked.kept_of_graph else count_states(asked.case, view=asked.view, hold=asked.held)
    return PER_STATE * n * float(np.log2(max(n, 2)))


def refuse_too_long(asked: Conflict, budget: Budget) -> None:
    """Raises where the first answers would take longer than is allowed: as reckoned, or as a small part of them takes on this machine.

    Neither the moves nor the worths of a large graph are made for that: what is tried out is the same with more levers held.

    Raises
    ------
    AskError
        `graph/too-long`.

    >>> from bestand import conflict, read
    >>> refuse_too_long(conflict(read("example/en")), Budget(seconds=0.1))
    """
    reckoned = seconds_of_first_answers(asked)
    if reckoned < SOON:
        return

    def slower(clock: Callable[[], float]) -> float:
        part = _part(asked)
        alone = seconds_of_first_answers(part) if part.graph is not asked.kept_of_graph.get("graph") else reckoned
        before = clock()
        stability(part, concepts=("nash",))
        return (clock() - before) / (TRIED * alone)

    budget.paced(reckoned, slower)


def _part(asked: Conflict) -> Conflict:
    """The conflict itself, or a large one with so many levers held as they are today that it is tried out at once."""
    if "graph" in asked.kept_of_graph or asked.case.file.graph is not None:
        return asked
    part, reckoned = asked, seconds_of_first_answers(asked)
    with suppress(GraphError):  # what is held together may be banned
        for lever in reversed(levers_that_vary(asked.case, asked.view, asked.held)):
            if reckoned <= SOON:
                break
            part = asked.hold({**part.held, lever: asked.case.now[lever]})
            reckoned = seconds_of_first_answers(part)
        if reckoned > SOON / 10:  # less would be too little to go by
            return part
    return asked
