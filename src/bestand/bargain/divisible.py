"""What can be divided: one pie, by power or by offers in turn, and several issues, by points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.show import Shown, Table

Floats = NDArray[np.float64]
HALVINGS = 200


def divided_by_power(
    *,
    power: Sequence[float],
    fallback: Sequence[float] | None = None,
    curvature: Sequence[float] | None = None,
    pie: float = 1.0,
) -> Floats:
    """Shares of a pie under the asymmetric Nash solution: shape (n_parties,).

    power     : bargaining power of each party
    fallback  : worth of no agreement to each (0, if not given)
    curvature : a share x is worth x^curvature, 0 < curvature ≤ 1: the lower, the more a party shuns risk (1, if not given)

    Where the gain of each is p_i · c_i · x_i^(c_i − 1) / (x_i^c_i − d_i) the same for all (Nash 1950; Kalai 1977; risk: Kihlstrom,
    Roth & Schmeidler 1981), found by halving. For curvature 1: d_i + p_i / Σp · (pie − Σd).

    Raises
    ------
    AskError
        `bargain/bad-number`, `bargain/no-deal` (the fallbacks together are worth more than the pie).

    >>> divided_by_power(power=[0.7, 0.3], fallback=[0.1, 0.2]).round(9)
    array([0.59, 0.41])
    """
    weight = np.asarray(power, float)
    away = np.zeros(weight.size) if fallback is None else np.asarray(fallback, float)
    bend = np.ones(weight.size) if curvature is None else np.asarray(curvature, float)
    if not ((weight > 0).all() and (bend > 0).all() and (bend <= 1).all() and (away >= 0).all() and pie > 0):
        hint = "powers and the pie above 0, fallbacks from 0, curvature above 0 and at most 1"
        raise AskError(Problem("bargain/bad-number", "a number of the division is out of bounds", hint=hint))
    least = away ** (1 / bend)
    if least.sum() >= pie:
        what = "the fallbacks together are worth as much as the pie"
        raise AskError(Problem("bargain/no-deal", what, hint="a deal needs something that both can gain"))
    low, high = np.log(1e-12), np.log(1e15)  # of the common price of a share
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _asked(weight, away, bend, least, pie, np.exp(middle)).sum() > pie else (low, middle)
    share = _asked(weight, away, bend, least, pie, np.exp((low + high) / 2))
    return share / share.sum() * pie


def _asked(weight: Floats, away: Floats, bend: Floats, least: Floats, pie: float, price: float) -> Floats:
    """Share of each at which one more crumb gains it `price`; the gain falls with the share."""
    low: Floats = np.array(least)
    high: Floats = np.full(least.size, 10.0 * pie)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        gain = middle**bend - away
        more = np.divide(weight * bend * middle ** (bend - 1), gain, out=np.full(gain.shape, np.inf), where=gain > 0) > price
        low[more], high[~more] = middle[more], middle[~more]
    return (low + high) / 2


def divided_by_offers(
    *, discount: Sequence[float], risk: float = 0.0, fallback: Sequence[float] | None = None, pie: float = 1.0
) -> Floats:
    """Shares of a pie that the first party proposes and all accept, offers taking turns for ever: shape (n_parties,).

    discount : what a gain in the next round counts now, per party; they propose in this order
    risk     : chance of breakdown after a refusal, which leads to the fallback

    The stationary equilibrium: whoever does not propose is offered what waiting is worth to it. For two parties it is the
    only subgame-perfect one, (1 − δ₂) / (1 − δ₁δ₂) to the first (Rubinstein 1982; risk: Binmore, Rubinstein & Wolinsky 1986);
    for more, all having to agree, it is one of many (Herrero 1985).

    Raises
    ------
    AskError
        `bargain/bad-number`, `bargain/no-deal`.

    >>> divided_by_offers(discount=[0.9, 0.8]).round(6)
    array([0.714286, 0.285714])
    """
    patience = np.asarray(discount, float)
    n = patience.size
    away = np.zeros(n) if fallback is None else np.asarray(fallback, float)
    kept = (1 - risk) * patience
    if not (0 <= risk <= 1 and (patience >= 0).all() and (patience <= 1).all() and (kept < 1).sum() >= n - 1 and pie > 0):
        hint = "discounts and risk from 0 to 1; without risk at most one discount of 1"
        raise AskError(Problem("bargain/bad-number", "a discount or the risk is out of bounds", hint=hint))
    if away.sum() > pie:
        raise AskError(Problem("bargain/no-deal", "the fallbacks together are worth more than the pie", hint="enlarge the pie"))
    system, known = np.zeros((n * n, n * n)), np.zeros(n * n)
    for p in range(n):
        for j in range(n):
            row = p * n + j  # gain of j when p proposes
            system[row, row] = 1.0
            if j == p:
                system[row, [p * n + other for other in range(n) if other != p]] = 1.0
                known[row] = pie - away.sum()
            else:
                system[row, (p + 1) % n * n + j] -= kept[j]
    gain = np.asarray(np.linalg.solve(system, known)[:n], np.float64)
    return away + gain


@dataclass(frozen=True, slots=True)
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


def divided_by_points(
    points: Mapping[str, Mapping[str, float]], *, rule: Literal["adjusted winner", "nash"] = "adjusted winner"
) -> Division:
    """Issues between two parties that spread points over them, at most one issue being split.

    points : issue: party: points
    rule   : `adjusted winner`, both get the same points (Brams & Taylor 1996); `nash`, the product of points is largest

    Each issue goes to whom it is worth most in proportion; both rules pick a place on that list, hence no other division
    gives both more.

    Raises
    ------
    AskError
        `bargain/bad-number`, `bargain/two-parties`.

    >>> divided_by_points({"land": {"A": 60, "B": 40}, "water": {"A": 40, "B": 60}}).total.tolist()
    [60.0, 60.0]
    """
    parties = tuple(dict.fromkeys(party for each in points.values() for party in each))
    if len(parties) != 2:
        what = f"points are spread by {len(parties)} parties, and the rule is for two"
        raise AskError(Problem("bargain/two-parties", what, hint="give issue: {one party: points, other party: points}"))
    first, second = (np.array([float(each.get(party, 0.0)) for each in points.values()]) for party in parties)
    if (first < 0).any() or (second < 0).any() or not (first.sum() and second.sum()):
        raise AskError(Problem("bargain/bad-number", "points are missing or negative", hint="spread, say, 100 points"))
    order = sorted(range(first.size), key=lambda k: -first[k] / max(second[k], 1e-300))
    share = np.zeros(first.size)
    best, divided = -np.inf, share
    for k in order:
        share[k] = 0.0
        mine, theirs = float(first @ share), float(second @ (1 - share))
        share[k] = _split(mine, theirs, first[k], second[k], rule)
        totals = float(first @ share), float(second @ (1 - share))
        score = min(totals) if rule == "adjusted winner" else totals[0] * totals[1]
        if score > best + 1e-12:
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
