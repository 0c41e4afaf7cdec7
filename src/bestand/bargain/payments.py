"""Side payments: the least money that makes an outcome acceptable to all, and who pays whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.bargain.fallback import GAP, no_fallback
from bestand.bargain.frontier import MOST_ROWS, Frontier
from bestand.errors import AskError, Problem
from bestand.graph.naming import member_number
from bestand.show import Cell, Shown, Table

Floats = NDArray[np.float64]
Transfer = tuple[str, str, float]
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, repr=False)
class Payments(Shown):
    """The least payments that open a deal, in worth per month.

    budget   : sum of the transfers; 0 where a deal needs none, inf where the payers cannot carry any
    outcomes : (n,) int64, every outcome that this budget opens
    missing  : least money from outside without which the payers cannot carry any outcome; 0 where they can
    payers   : who pays; empty for a payer outside the conflict
    """

    budget: float
    outcomes: NDArray[np.int64]
    missing: float
    payers: tuple[str, ...]
    frontier: Frontier

    def transfers(self, outcome: int) -> tuple[Transfer, ...]:
        """Who pays whom how much at an outcome: payers in proportion to what they gain by it, receivers what they lack."""
        outcome = numbered("outcome", outcome, self.frontier.among.size)
        short, spare = _short_and_spare(self.frontier, self.payers, np.array([outcome]))
        lacking, paying, near = short[:, 0], spare[:, 0], GAP * float(self.frontier.unit.max())
        if not self.payers:
            given = [(OUTSIDE, 1.0)]
        else:
            share = paying / (paying.sum() or 1.0)
            given = [(party, float(each)) for party, each in zip(self.frontier.parties, share, strict=True) if each > 0]
        return tuple(
            (payer, party, float(amount) * share)
            for payer, share in given
            for party, amount in zip(self.frontier.parties, lacking, strict=True)
            if amount > near
        )

    def table(self) -> Table:
        """One row per outcome and transfer."""
        rows: list[tuple[Cell, ...]] = []
        for outcome in map(int, self.outcomes[:MOST_ROWS]):
            paid = self.transfers(outcome) or (("nobody", "nobody", 0.0),)
            rows += [(outcome, self.frontier.label(outcome), *each) for each in paid]
        if np.isinf(self.budget):
            notes = [f"the payers cannot carry any outcome; {self.missing:.6g} more from outside would do"]
        else:
            notes = [f"least budget {self.budget:.6g} per month; it opens {self.outcomes.size} outcomes"]
        if self.outcomes.size > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} are shown")
        return Table("Payments that open a deal", ("outcome", "what", "pays", "to", "amount"), tuple(rows), tuple(notes))


def payments(frontier: Frontier, *, payers: Literal["outside", "parties"] | Sequence[str] = "outside") -> Payments:
    """The least transfers that bring every party up to its fallback, over all outcomes that cross no red line.

    payers : "outside", somebody who is no party; "parties", whoever gains; or the parties that are willing. A party pays
             no more than it gains over its fallback.

    What an outcome needs is the sum over the parties of max(0, fallback − worth). Worth is taken as money: that one
    party's unit can make up another's is an assumption of the question (transferable worth).

    Raises
    ------
    AskError
        `worth/ordinal`, `bargain/no-fallback`, `bargain/no-deal` (no outcome at all).
    GraphError
        `graph/unknown-party`.

    >>> from bestand.bargain.frontier import frontier_of
    >>> payments(frontier_of(np.array([[5., 0.], [1., 2.]]), fallback=[3, 3]), payers="parties").table().rows
    ((0, 'outcome 0', 'party 1', 'party 2', 2.0),)
    """
    if frontier.scale != "cardinal":
        what = "payments need the size of gains and losses, and the worth of states is ordinal"
        raise AskError(Problem("worth/ordinal", what, hint='give every want a `worth` and ask for conflict(…, scale="cardinal")'))
    if frontier.fallback is None:
        raise no_fallback("payments make up for losses against a fallback, and the frontier has none")
    looked = np.flatnonzero(frontier.among)
    if not looked.size:
        what = "every outcome crosses a red line, which no payment makes up for"
        raise AskError(Problem("bargain/no-deal", what, hint="`cores` says why, and what would open one"))
    paying = _payers(frontier, payers)
    short, spare = _short_and_spare(frontier, paying, looked)
    need = short.sum(axis=0)
    lack = np.maximum(need - spare.sum(axis=0), 0.0) if paying else np.zeros_like(need)
    near = GAP * float(frontier.unit.max())
    open_ = lack <= near
    if not open_.any():
        return Payments(np.inf, looked[:0], float(lack.min()), paying, frontier)
    budget = float(need[open_].min())
    return Payments(budget, looked[open_ & (need <= budget + near)], 0.0, paying, frontier)


def _payers(frontier: Frontier, payers: str | Sequence[str]) -> tuple[str, ...]:
    if payers == OUTSIDE:
        return ()
    if payers == "parties":
        return frontier.parties
    several = (payers,) if isinstance(payers, str) else payers
    return tuple(frontier.parties[member_number(frontier.parties, party)] for party in several)


def _short_and_spare(frontier: Frontier, payers: Sequence[str], outcomes: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What each party lacks at each outcome, and what each payer gains by it: each (n_parties, n_outcomes)."""
    assert frontier.fallback is not None
    gain = frontier.worth[:, outcomes] - frontier.fallback[:, None]
    willing = np.array([party in payers for party in frontier.parties])[:, None]
    return np.maximum(-gain, 0.0), np.where(willing, np.maximum(gain, 0.0), 0.0)
