"""How far each party's walk-away value can move before a rule picks another outcome, and before nothing can be agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.fallback import GAP, no_fallback
from bestand.bargain.frontier import Frontier, above
from bestand.bargain.solutions import RULES, checked_rule, gains, per_power, powers, scores, settle, share_of_ideal, tolerance
from bestand.show import Shown, Table

Floats = NDArray[np.float64]
Span = tuple[float, float]
PRODUCT_OR_SUM = ("nash", "utilitarian")
LOOKED = 101
FARTHEST = 20  # doublings of what is large, that far down


@dataclass(frozen=True, slots=True, repr=False)
class Thresholds(Shown):
    """Per party: the walk-away values, all others' as they are, at which the answer changes.

    away     : (n_parties,), the walk-away values now
    low, high: (n_parties,), between which the same points win (without a rule, or a deal: not a number)
    empty    : (n_parties,), above which nothing can be agreed; −inf where that is so whatever this party falls back on
    """

    parties: tuple[str, ...]
    rule: str | None
    away: Floats
    low: Floats
    high: Floats
    empty: Floats

    def table(self) -> Table:
        """One row per party."""
        columns = ("party", "walks away at", "same winner from", "to", "nothing to agree above")
        rows = tuple(
            (party, *(None if np.isnan(x) else float(x) for x in (self.away[i], self.low[i], self.high[i], self.empty[i])))
            for i, party in enumerate(self.parties)
        )
        notes = () if self.rule is None else (f"winner by {self.rule.replace('_', '-')}; one party's walk-away value at a time",)
        return Table("Walk-away values at which the answer changes", columns, rows, notes)


def thresholds(
    frontier: Frontier, *, rule: str | None = "nash", power: Mapping[str, float] | None = None
) -> Thresholds:
    """Walk-away values at which a rule's winners change, and at which nothing is left to agree on.

    The winners are followed as points of the frontier, without refinement of ties. Exact for the finite frontier: along
    one party's walk-away value d every comparison of two points changes at one value at most while the ideal gains stay
    the same, a product because (a(u − d) − b(v − d)) is linear in d once the others' part is taken to the power
    1/(own power), a least gain because u − d falls below the others' least gain once. For a rule of which neither is known
    so many values as `LOOKED` are tried, and a change between two is narrowed down; a shorter span may be passed over.

    Raises
    ------
    AskError
        `bargain/no-fallback`, and for a rule `worth/ordinal`, `bargain/unknown-rule`, `graph/unknown-party`.

    >>> from bestand.bargain.frontier import frontier_of
    >>> spans = thresholds(frontier_of(np.array([[1., 2., 4.], [4., 3., 0.]]), fallback=[0, 0]))
    >>> spans.high.tolist(), spans.empty.tolist()
    ([2.0, 2.0], [4.0, 4.0])
    """
    if rule is not None:
        checked_rule(rule)
    if frontier.fallback is None:
        raise no_fallback("walk-away values are asked about, and the frontier has none")
    n_parties = len(frontier.parties)
    low, high, empty = (np.full(n_parties, np.nan) for _ in range(3))
    deal = bool(frontier.accepted().any())
    winners = settle(frontier, rule=rule, power=power).points if rule is not None and deal else None
    for i in range(n_parties):
        others = np.arange(n_parties) != i
        free = np.flatnonzero(above(frontier.point[others], frontier.fallback[others], frontier.unit[others]))
        empty[i] = frontier.point[i, free].max() if free.size else -np.inf
        if winners is not None and rule is not None:
            low[i], high[i] = _span(frontier, rule, powers(frontier, power), i, free, winners)
    return Thresholds(frontier.parties, rule if deal else None, frontier.fallback, low, high, empty)


def _span(
    frontier: Frontier, rule: str, power: Floats, party: int, free: NDArray[np.int64], winners: NDArray[np.int64]
) -> Span:
    """Values of one party's fallback between which the same points win: exact where the rule is known, else searched."""
    if rule in PRODUCT_OR_SUM or RULES[rule].per in (share_of_ideal, per_power):
        return _Path(frontier, rule, power, party, free, winners).span()
    return _searched(frontier, rule, power, party, winners)


def _searched(frontier: Frontier, rule: str, power: Floats, party: int, winners: NDArray[np.int64]) -> Span:
    assert frontier.fallback is not None
    now, unit = float(frontier.fallback[party]), float(frontier.unit[party])
    u = np.unique(frontier.point[party])
    up = np.unique([*np.linspace(now, max(now, u[-1]), LOOKED), *u[u > now], max(now, u[-1]) + unit / LOOKED])
    down = -np.unique([*-np.linspace(min(u[0], now) - unit, now, LOOKED), *-u[u < now], *(unit * 2.0 ** np.arange(FARTHEST) - now)])
    edges = []
    for values in (down, up):
        kept = now
        for value in map(float, values):
            if not np.array_equal(_winners(frontier, rule, power, party, value), winners):
                edges.append(_narrowed(frontier, rule, power, party, winners, kept, value))
                break
            kept = value
        else:
            edges.append(-np.inf if values is down else np.inf)
    return edges[0], edges[1]


def _narrowed(
    frontier: Frontier, rule: str, power: Floats, party: int, winners: NDArray[np.int64], same: float, other: float
) -> float:
    """The value up to which the same points win, between one at which they do and one at which they do not."""
    while abs(other - same) > GAP * float(frontier.unit[party]):
        middle = (same + other) / 2
        if np.array_equal(_winners(frontier, rule, power, party, middle), winners):
            same = middle
        else:
            other = middle
    return same


def _winners(frontier: Frontier, rule: str, power: Floats, party: int, value: float) -> NDArray[np.int64]:
    """Points that win if one party's walk-away value is another; none where nothing is agreed."""
    moved = np.array(frontier.fallback)
    moved[party] = value
    accepted = np.flatnonzero(above(frontier.point, moved, frontier.unit))
    if not accepted.size:
        return accepted
    gain = gains(frontier.point[:, accepted], moved, frontier.unit)
    ideal = gain.max(axis=1)
    counts = ideal > 0
    if not counts.any():
        counts[:], ideal = True, np.ones_like(ideal)
    score = scores(rule, gain, ideal, power, counts)
    return accepted[score >= score.max() - tolerance(rule, gain, ideal, power, counts)]


class _Path:
    """One party's walk-away value d moves; `u` is its worth at each point that the others accept, in parts of what is large."""

    def __init__(
        self, frontier: Frontier, rule: str, power: Floats, party: int, free: NDArray[np.int64], winners: NDArray[np.int64]
    ) -> None:
        assert frontier.fallback is not None
        self.rule, self.party, self.power = rule, party, power
        own_units = rule == "nash" or RULES[rule].per is share_of_ideal
        unit = frontier.unit if own_units else np.full(len(power), frontier.unit.max())
        self.unit, self.fallback = float(unit[party]), float(frontier.fallback[party])
        self.u = frontier.point[party, free] / self.unit
        self.others = [j for j in range(len(power)) if j != party]
        self.gain = (frontier.point[self.others][:, free] - frontier.fallback[self.others, None]) / unit[self.others, None]
        self.wins = np.isin(free, winners)
        self.now = self.fallback / self.unit
        self.top = float(self.u[self.wins].min())

    def span(self) -> Span:
        """The widest span around the present value in which the same points win."""
        low, high = self._parts()
        return tuple(self.fallback if each == self.now else each * self.unit for each in (low, high))  # type: ignore[return-value]

    def _parts(self) -> Span:
        if self.rule == "utilitarian":
            total = self.power[self.others] @ self.gain + self.power[self.party] * self.u
            near = GAP * float(np.abs(total).max())
            rivals = self.u[~self.wins & (total >= total[self.wins].max() - near)]
            return float(rivals.max(initial=-np.inf)), self.top
        if self.u.max() - self.now <= GAP:  # it can gain nowhere, so that any change makes the rule count it in
            return self.now, self.now
        steps = self._steps()
        here = next(k for k, (low, high) in enumerate(steps) if low < self.now <= high + GAP)
        return self._downwards(steps, here), self._upwards(steps, here)

    def _steps(self) -> list[Span]:
        """Spans of d, highest first, in each of which the others' ideal gains are the same."""
        order = np.argsort(-self.u, kind="stable")
        ideal = np.maximum.accumulate(self.gain[:, order], axis=1)
        u = self.u[order]
        grows = np.flatnonzero((ideal[:, 1:] > ideal[:, :-1] + GAP).any(axis=0)) + 1
        edges = np.unique(u[grows])[::-1]
        edges = edges[edges < u[0]]
        return list(zip([*edges, -np.inf], [u[0], *edges], strict=True))

    def _upwards(self, steps: list[Span], here: int) -> float:
        reached = self.now
        for low, high in reversed(steps[: here + 1]):
            span = self._span(high)
            if span[0] > max(low, self.now) + GAP:
                break
            reached = max(reached, min(high, span[1], self.top))
            if reached < high - GAP:
                break
        return reached

    def _downwards(self, steps: list[Span], here: int) -> float:
        reached = self.now
        for low, high in steps[here:]:
            span = self._span(high)
            if span[1] < min(high, self.now) - GAP:
                break
            reached = min(reached, max(low, span[0]))
            if reached > low + GAP:
                break
        return float(reached)

    def _span(self, high: float) -> Span:
        """Values of d at which the winners win, with ideal gains as they are just below `high`."""
        inside = self.u >= high - GAP
        ideal = self.gain[:, inside].max(axis=1)
        counted = ideal > GAP
        spans = list(self._spans(ideal, counted))
        return max((low for low, _ in spans), default=-np.inf), min((each for _, each in spans), default=np.inf)

    def _spans(self, ideal: Floats, counted: NDArray[np.bool_]) -> Iterator[Span]:
        power = self.power[self.others]
        if self.rule == "nash":
            part = np.prod(np.maximum(self.gain[counted], 0.0) ** power[counted, None], axis=0)
            part = part ** (1 / self.power[self.party])
            for w in np.flatnonzero(self.wins):
                yield _product_span(self.u, part, int(w), self.wins)
            return
        shares = RULES[self.rule].per is share_of_ideal
        unit = power * ideal if shares else power
        own = self.power[self.party]
        least = (self.gain[counted] / unit[counted, None]).min(axis=0, initial=np.inf) * own
        top = float(self.u.max()) if shares else None
        for w in np.flatnonzero(self.wins):
            yield _least_span(self.u, least, int(w), self.wins, top)


def _product_span(u: Floats, part: Floats, w: int, wins: NDArray[np.bool_]) -> Span:
    """Where part_w (u_w − d) is no less than part_x (u_x − d) for every x, and no more for those that win too."""
    slope, level = part - part[w], part * u - part[w] * u[w]
    steep = np.abs(slope) > 1e-12 * float(part.max())
    crossing = np.divide(level, slope, out=np.zeros_like(level), where=steep)
    low = crossing[steep & ((slope > 0) | wins)].max(initial=-np.inf)
    return float(low), float(crossing[steep & ((slope < 0) | wins)].min(initial=np.inf))


def _least_span(u: Floats, least: Floats, w: int, wins: NDArray[np.bool_], top: float | None) -> Span:
    """Where min(least_w, share of u_w) is above that of every x, and equal to that of those that win too."""
    lower = ~wins & (least >= least[w] - GAP) & (u < u[w])
    upper = ~wins & (least < least[w] - GAP) & (u >= u[w] - GAP)
    beaten = ~wins & (least >= least[w] - GAP) & (u >= u[w])
    low = float(fallback_of_share(u[lower], np.full(int(lower.sum()), least[w]), top).max(initial=-np.inf))
    high = float(fallback_of_share(np.full(int(upper.sum()), u[w]), least[upper], top).min(initial=np.inf))
    for x in np.flatnonzero(wins & (~_same(u, u[w]) | ~_same(least, least[w]))):
        a, b = (w, int(x)) if least[w] <= least[x] else (int(x), w)  # tied only while the same of the two terms is least
        if _same(least[a], least[b]):
            high = min(high, float(fallback_of_share(np.array([min(u[a], u[b])]), np.array([least[a]]), top)[0]))
        elif _same(u[a], u[b]):
            low = max(low, float(fallback_of_share(np.array([u[a]]), np.array([least[a]]), top)[0]))
        else:
            crossing = float(fallback_of_share(np.array([u[b]]), np.array([least[a]]), top)[0])
            low, high = max(low, crossing), min(high, crossing)
    return (np.inf, -np.inf) if beaten.any() else (low, high)


def _same(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Whether numbers agree; the least of nothing is infinite, and agrees with itself."""
    with np.errstate(invalid="ignore"):
        return (a == b) | (np.abs(a - b) <= GAP)


def fallback_of_share(u: Floats, share: Floats, top: float | None) -> Floats:
    """The d at which u − d, or (u − d) / (top − d), has fallen to `share`."""
    if top is None:
        return u - share
    below = share < 1
    at = np.divide(u - share * top, 1 - share, out=np.full(u.shape, -np.inf), where=below)
    return np.where(~below & (u >= top), np.inf, at)
