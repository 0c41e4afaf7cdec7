"""Issues divided between two parties by points, at most one of them being split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.show import Shown, Table

MOST_POINTS = 1e12  # on one issue

Floats = NDArray[np.float64]
HowDivided = Literal["adjusted winner", "nash"]


@dataclass(frozen=True, slots=True, repr=False)
class Division(Shown):
    """Issues divided between two parties.

    share : (n_issues,), of each issue to the first party
    total : (2,), points that each party gets
    """

    rule: str
    parties: tuple[str, str]
    issues: tuple[str, ...]
    share: Floats
    total: Floats

    def table(self) -> Table:
        """One row per issue."""
        columns = ("issue", *(f"share of {party}" for party in self.parties))
        rows = tuple((issue, float(share), float(1 - share)) for issue, share in zip(self.issues, self.share, strict=True))
        notes = tuple(f"{party} gets {total:.6g} points" for party, total in zip(self.parties, self.total, strict=True))
        return Table(f"Division by {self.rule}", columns, rows, notes)


def divide(points: Mapping[str, Mapping[str, float]], *, rule: HowDivided = "adjusted winner") -> Division:
    """Issues between two parties that spread points over them, at most one issue being split.

    points : issue: party: points
    rule   : `adjusted winner`, both get the same points (Brams & Taylor 1996); `nash`, the product of points is largest

    Each issue goes to whom it is worth most in proportion; both rules pick a place on that list, hence no other division
    gives both more.

    Raises
    ------
    AskError
        `bargain/bad-number`, `bargain/two-parties`, `bargain/unknown-rule`.

    >>> divide({"land": {"A": 60, "B": 40}, "water": {"A": 40, "B": 60}}).total.tolist()
    [60.0, 60.0]
    """
    if rule not in get_args(HowDivided):
        raise AskError(Problem("bargain/unknown-rule", f"no rule of division '{rule}'", hint=did_you_mean(str(rule), get_args(HowDivided))))
    parties = tuple(dict.fromkeys(party for each in points.values() for party in each))
    if len(parties) != 2:
        what = f"points are spread by {len(parties)} parties, and the rule is for two"
        raise AskError(Problem("bargain/two-parties", what, hint="give issue: {one party: points, other party: points}"))
    first, second = (np.array([float(each.get(party, 0.0)) for each in points.values()]) for party in parties)
    fine = all(((own >= 0) & (own <= MOST_POINTS)).all() and own.any() for own in (first, second))
    if not fine:
        what = f"points are missing, negative, above {MOST_POINTS:g} or no numbers"
        raise AskError(Problem("bargain/bad-number", what, hint="spread, say, 100 points"))
    order = sorted(range(first.size), key=lambda k: -first[k] / max(second[k], 1e-300))
    share = np.zeros(first.size)
    best, divided = -np.inf, share
    near = 1e-12 * (first.sum() + second.sum() if rule == "adjusted winner" else first.sum() * second.sum())
    for k in order:
        share[k] = 0.0
        mine, theirs = float(first @ share), float(second @ (1 - share))
        share[k] = _split(mine, theirs, first[k], second[k], rule)
        totals = float(first @ share), float(second @ (1 - share))
        score = min(totals) if rule == "adjusted winner" else totals[0] * totals[1]
        if score > best + near:
            best, divided = score, share.copy()
        share[k] = 1.0
    return Division(rule, (parties[0], parties[1]), tuple(points), divided, np.array([first @ divided, second @ (1 - divided)]))


def _split(mine: float, theirs: float, first: float, second: float, rule: str) -> float:
    """Share of one issue to the first party, who has `mine` already, the other keeping `theirs` with all of the issue."""
    if rule == "adjusted winner":
        whole = first + second
        return float(np.clip((theirs - mine) / whole, 0, 1)) if whole else 0.0
    product = 2 * first * second
    return float(np.clip((theirs * first - mine * second) / product, 0, 1)) if product else float(first > 0)
