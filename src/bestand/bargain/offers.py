"""Deadlines and the risk of breakdown: alternating offers, solved backwards from the last round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.fallback import GAP
from bestand.bargain.frontier import Frontier
from bestand.bargain.solutions import to_settle
from bestand.errors import AskError, Problem
from bestand.graph.naming import member_number
from bestand.show import Cell, Shown, Table

Floats = NDArray[np.float64]
GRID, MOST_RISKS = 101, 10_001  # risks of breakdown that are looked at
MOST_ROUNDS = 100_000  # rounds of talks
MOST_LOOKED = 5_000_000_000  # points compared, in all rounds and for all risks
FINE = 1e-9
EACH = 1_000  # what a comparison costs besides, in points
NARROWED = 300  # about so many risks are looked at to narrow changes down
NOTHING = -1


@dataclass(frozen=True, slots=True, repr=False)
class Offers(Shown):
    """What is proposed in each round if it is reached; what is agreed first is what happens.

    proposers : per round
    proposal  : (n_rounds,), a point of the frontier, or −1 where nothing is proposed that all accept
    value     : (n_rounds, n_parties), what each party gets from that round on
    agreed    : the round of the first agreement, from 0; None where talks end without one
    """

    proposers: tuple[str, ...]
    proposal: NDArray[np.int64]
    value: Floats
    agreed: int | None
    frontier: Frontier

    def table(self) -> Table:
        """One row per round."""
        columns = ("round", "proposes", "outcome", "outcomes alike", *(f"worth to {party}" for party in self.frontier.parties))
        points = self.proposal.tolist()
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (t + 1, who, "nothing that all accept" if point == NOTHING else self.label(point), self.alike(point), *map(float, self.value[t]))
            for t, (who, point) in enumerate(zip(self.proposers, points, strict=True))
        )
        notes = ["talks end without an agreement" if self.agreed is None else f"agreed in round {self.agreed + 1}"]
        notes.append("of what is as good for who proposes, the next in turn decides, and so on; no worths of two parties are summed")
        return Table("Offers, round by round", columns, rows, (*notes, *_first_named(self.frontier, points)))

    def alike(self, point: int) -> int:
        """How many outcomes are worth the same to everybody as those at a point; 0 where nothing is proposed."""
        return _alike(self.frontier, point)

    def label(self, point: int) -> str:
        """Name of the first outcome at a point of the frontier."""
        return self.frontier.label(int(self.frontier.outcomes(point)[0]))


@dataclass(frozen=True, slots=True, repr=False)
class RiskThresholds(Shown):
    """Spans of the risk of breakdown in which the same is agreed in the same round.

    edges  : (n_spans + 1,) from 0 to 1
    agreed : per span, the round of the first agreement, or None; point : what it is, or −1
    """

    edges: Floats
    agreed: tuple[int | None, ...]
    point: tuple[int, ...]
    frontier: Frontier

    def table(self) -> Table:
        """One row per span."""
        rows = tuple(
            (
                float(self.edges[k]),
                float(self.edges[k + 1]),
                "nothing" if point == NOTHING else self.frontier.label(int(self.frontier.outcomes(point)[0])),
                _alike(self.frontier, point),
                None if agreed is None else agreed + 1,
            )
            for k, (agreed, point) in enumerate(zip(self.agreed, self.point, strict=True))
        )
        columns = ("risk from", "to", "agreed", "outcomes alike", "in round")
        return Table("What is agreed, by the risk of breakdown per round", columns, rows, _first_named(self.frontier, self.point))


def _alike(frontier: Frontier, point: int) -> int:
    """How many outcomes are worth the same to everybody as those at a point; 0 where nothing is proposed."""
    return 0 if point == NOTHING else int(frontier.outcomes(point).size)


def _first_named(frontier: Frontier, points: Sequence[int]) -> tuple[str, ...]:
    """That the first of several outcomes is named, where some are worth the same to everybody."""
    several = any(_alike(frontier, point) > 1 for point in points)
    return ("of outcomes that are worth the same to everybody the first is named",) if several else ()


def offers(
    frontier: Frontier,
    *,
    rounds: int,
    discount: float | Mapping[str, float] = 1.0,
    risk: float = 0.0,
    order: Sequence[str] | None = None,
) -> Offers:
    """Subgame-perfect play of alternating offers with a deadline, all parties having to agree.

    rounds   : the last round is the deadline: after it, everybody falls back
    discount : what a gain in the next round counts now, 0 to 1, for all or per party
    risk     : chance that talks break down after a round without agreement, which leads to the fallback
    order    : who proposes, in turn; the frontier's parties in their order, if not given

    Backwards from the last round (Ståhl 1972; Rubinstein 1982; breakdown: Binmore, Rubinstein & Wolinsky 1986): a party
    accepts what is no worse than waiting, risk · fallback + (1 − risk) · (fallback + discount · gain in the next round). The
    proposer takes the best for itself of what all accept; of equals the best for who would propose next, and so on, then for the
    others in their order. No worth of one party is compared with that of another.

    Raises
    ------
    AskError
        `worth/ordinal`, `bargain/no-fallback`, `bargain/no-deal`, `bargain/bad-number`.
    GraphError
        `graph/unknown-party`.

    >>> from bestand.bargain.frontier import frontier_of
    >>> pie = np.linspace(0, 1, 11)
    >>> offers(frontier_of(np.array([pie, 1 - pie]), fallback=[0, 0]), rounds=1).value[0].tolist()
    [1.0, 0.0]
    """
    game = _Game(frontier, rounds, discount, order)
    if not 0 <= risk <= 1:
        raise AskError(Problem("bargain/bad-number", f"a risk of {risk:g} is not a chance", hint="give a number from 0 to 1"))
    game.within_reach(1)
    proposal, value = game.backwards(np.array([risk]))
    agreed = np.flatnonzero(proposal[:, 0] != NOTHING)
    whose = tuple(frontier.parties[game.order[t % len(game.order)]] for t in range(rounds))
    return Offers(whose, proposal[:, 0], value[:, :, 0], int(agreed[0]) if agreed.size else None, frontier)


def risk_thresholds(
    frontier: Frontier,
    *,
    rounds: int,
    discount: float | Mapping[str, float] = 1.0,
    order: Sequence[str] | None = None,
    grid: int = GRID,
) -> RiskThresholds:
    """Risks of breakdown at which the first agreement, or its round, changes; arguments as in `offers`.

    grid : so many risks from 0 to 1 are looked at; between two that differ the change is narrowed down to 1e-9, and a
           span narrower than the grid's step may be passed over

    >>> from bestand import frontier_of
    >>> risk_thresholds(frontier_of(np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]]), fallback=[0, 0]), rounds=2, grid=3).table().rows[0][2]
    'outcome 2'
    """
    game = _Game(frontier, rounds, discount, order)
    if isinstance(grid, bool) or not isinstance(grid, int | np.integer) or not 2 <= grid <= MOST_RISKS:
        what = f"{grid} risks cannot be looked at"
        raise AskError(Problem("bargain/bad-number", what, hint=f"give a whole number from 2 to {MOST_RISKS:,}"))
    game.within_reach(grid + NARROWED)
    risks = np.linspace(0.0, 1.0, grid)
    answers = game.answers(risks)
    edges, spans = [0.0], [answers[0]]
    for k in range(grid - 1):
        low, before = float(risks[k]), answers[k]
        while before != answers[k + 1]:
            low, before = game.narrowed(low, float(risks[k + 1]), before)
            edges.append(low)
            spans.append(before)
    return RiskThresholds(np.array([*edges, 1.0]), tuple(s[0] for s in spans), tuple(s[1] for s in spans), frontier)


class _Game:
    """The frontier's accepted points, who proposes when, and how patient everybody is."""

    def __init__(
        self, frontier: Frontier, rounds: int, discount: float | Mapping[str, float], order: Sequence[str] | None
    ) -> None:
        self.away, self.accepted = to_settle(frontier, "nash")
        self.point = frontier.point[:, self.accepted]
        self.near = GAP * frontier.unit
        parties = frontier.parties
        for party in discount if isinstance(discount, Mapping) else ():
            member_number(parties, party)
        self.order = [member_number(parties, party) for party in (parties if order is None else order)]
        after = [self.order[k:] + self.order[:k] for k in range(len(self.order))]
        self.turn = [list(dict.fromkeys([*speakers, *range(len(parties))])) for speakers in after]  # per proposer: who decides among equals
        each = [discount.get(party, 1.0) if isinstance(discount, Mapping) else discount for party in parties]
        self.discount = np.array(each, float)
        whole = isinstance(rounds, int | np.integer) and not isinstance(rounds, bool)
        if not whole or not 1 <= rounds <= MOST_ROUNDS or not ((self.discount >= 0) & (self.discount <= 1)).all() or not self.order:
            what = f"talks need 1 to {MOST_ROUNDS:,} rounds, somebody who proposes, and discounts from 0 to 1"
            raise AskError(Problem("bargain/bad-number", what, hint="a discount of 1 is endless patience"))
        self.rounds = int(rounds)

    def within_reach(self, n_risks: int) -> None:
        """Nothing, unless so many risks are too much work."""
        work = self.rounds * n_risks * (self.point.size + EACH)
        if work > MOST_LOOKED:
            what = f"{self.rounds:,} rounds, {n_risks:,} risks and {self.accepted.size:,} points are too much to compare"
            raise AskError(Problem("bargain/bad-number", what, hint="ask for fewer rounds, or a coarser grid"))

    def backwards(self, risks: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Proposal (n_rounds, n_risks) and value (n_rounds, n_parties, n_risks) of every round."""
        away = np.repeat(self.away[:, None], risks.size, axis=1)
        proposal = np.full((self.rounds, risks.size), NOTHING)
        value = np.empty((self.rounds, self.away.size, risks.size))
        wait = away
        for t in reversed(range(self.rounds)):
            picked, fine = self._proposed(self.turn[t % len(self.order)], wait)
            proposal[t] = np.where(fine, self.accepted[picked], NOTHING)
            value[t] = np.where(fine, self.point[:, picked], wait)
            wait = away + (1 - risks) * self.discount[:, None] * (value[t] - away)
        return proposal, value

    def _proposed(self, turn: Sequence[int], wait: Floats) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Per risk: the accepted point that is best for the proposer, of equals for the next in turn, and whether there is any."""
        picked, fine = np.zeros(wait.shape[1], np.int64), np.zeros(wait.shape[1], bool)
        for r in range(wait.shape[1]):
            open_ = np.flatnonzero((self.point >= wait[:, r : r + 1] - self.near[:, None]).all(axis=0))
            fine[r] = open_.size > 0
            for party in turn if fine[r] else ():
                mine = self.point[party, open_]
                open_ = open_[mine >= mine.max() - self.near[party]]
                picked[r] = open_[0]
                if open_.size == 1:
                    break
        return picked, fine

    def answers(self, risks: Floats) -> list[tuple[int | None, int]]:
        """Per risk: the round of the first agreement, and what it is."""
        proposal, _ = self.backwards(risks)
        first: list[tuple[int | None, int]] = []
        for column in proposal.T:
            agreed = np.flatnonzero(column != NOTHING)
            first.append((int(agreed[0]), int(column[agreed[0]])) if agreed.size else (None, NOTHING))
        return first

    def narrowed(self, low: float, high: float, before: tuple[int | None, int]) -> tuple[float, tuple[int | None, int]]:
        """The risk between two at which the answer is no longer `before`, and what it is then."""
        after = self.answers(np.array([high]))[0]
        while high - low > FINE:
            middle = (low + high) / 2
            here = self.answers(np.array([middle]))[0]
            if here == before:
                low = middle
            else:
                high, after = middle, here
        return high, after
