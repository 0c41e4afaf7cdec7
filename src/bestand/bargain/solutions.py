"""Which of the outcomes that could be agreed a rule of fairness picks, with all ties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.fallback import GAP, no_fallback
from bestand.bargain.frontier import MOST_ROWS, Frontier, above
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.naming import member_number
from bestand.show import Cell, Shown, Table

Floats = NDArray[np.float64]


def nash(gain: Floats, ideal: Floats, power: Floats) -> Floats:
    """Product of the gains, each to the power of its party (Nash 1950; asymmetric: Kalai 1977, Binmore 1987)."""
    product = np.ones(gain.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):  # looked at where scores are compared
        for own, weight in zip(gain, power, strict=True):
            product *= np.maximum(own, 0.0) if weight == 1 else np.maximum(own, 0.0) ** weight
    return product


def kalai_smorodinsky(gain: Floats, ideal: Floats, power: Floats) -> Floats:
    """Least share of its ideal gain that any party gets (Kalai & Smorodinsky 1975; max-min form: Imai 1983)."""
    return least_share(gain, ideal * power)


def egalitarian(gain: Floats, ideal: Floats, power: Floats) -> Floats:
    """Least gain of any party, each per unit of power (Kalai 1977: proportional solutions)."""
    return least_share(gain, power)


def utilitarian(gain: Floats, ideal: Floats, power: Floats) -> Floats:
    """Sum of the gains, each times the power of its party (Harsanyi 1955)."""
    total: Floats = power @ gain
    return total


def share_of_ideal(ideal: Floats, power: Floats) -> Floats:
    """What a gain is counted in where shares of the ideal are compared."""
    return ideal * power


def per_power(ideal: Floats, power: Floats) -> Floats:
    """What a gain is counted in where gains are compared as they are."""
    return power


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of settlement: the outcomes with the largest score win.

    score : from gains over the fallback (n_parties, n_outcomes), ideal gains and powers (n_parties,) to (n_outcomes,)
    per   : for a rule of the least gain, what a party's gain is counted in, from ideal gains and powers; such a rule ties
            with outcomes that are wasteful, and its ties can be refined. None for all others
    """

    score: Callable[[Floats, Floats, Floats], Floats]
    per: Callable[[Floats, Floats], Floats] | None = None


RULES: Mapping[str, Rule] = {
    "nash": Rule(nash),
    "kalai_smorodinsky": Rule(kalai_smorodinsky, per=share_of_ideal),
    "egalitarian": Rule(egalitarian, per=per_power),
    "utilitarian": Rule(utilitarian),
}
REFINEMENTS = ("no", "leximin")


def least_share(gain: Floats, unit: Floats) -> Floats:
    """Smallest of the parties' gains, each in its own unit: shape (n_outcomes,)."""
    share = gain[0] / unit[0]
    for own, each in zip(gain[1:], unit[1:], strict=True):
        np.minimum(share, own / each, out=share)
    return share


@dataclass(frozen=True, slots=True, repr=False)
class Settlement(Shown):
    """What one rule picks.

    score    : of the rule; for `utilitarian` the sum of worths, for all others measured in gains over the fallback
    worth    : (n_parties,) of the first winner
    gain     : (n_parties,), what the first winner is worth to each above its fallback; 0 where it is worth no more
    decides  : whether anybody gains, and some outcome that all accept scores less: 0 against 0 decides nothing
    power    : (n_parties,), weight of each party
    points   : (n_points,) int64, winners, as points of the frontier
    outcomes : (n_outcomes,) int64, winners, as outcomes: all of them, also such as another outcome improves for some party at no loss to the others
    wasteful : (n_outcomes,) bool, whether it is such an outcome
    left_out : parties that cannot gain whatever is agreed; the rule passes over them
    """

    rule: str
    refine: str
    power: Floats
    score: float
    worth: Floats
    gain: Floats
    decides: bool
    points: NDArray[np.int64]
    outcomes: NDArray[np.int64]
    wasteful: NDArray[np.bool_]
    left_out: tuple[str, ...]
    frontier: Frontier

    def table(self) -> Table:
        """One row per winning outcome."""
        columns = ("outcome", "what", *(f"worth to {party}" for party in self.frontier.parties), "better for some at no loss")
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (int(s), self.frontier.label(int(s)), *(float(x) for x in self.frontier.worth[:, s]), bool(waste))
            for s, waste in zip(self.outcomes[:MOST_ROWS], self.wasteful, strict=False)
        )
        notes = [f"score {self.score:.6g}; winning outcomes: {self.outcomes.size}, of different worth: {self.points.size}"]
        empty = [party for party, gain in zip(self.frontier.parties, self.gain, strict=True) if gain == 0 and party not in self.left_out]
        if empty:
            notes.append(f"it is no gain over the fallback to: {', '.join(empty)}")
        if not self.decides:
            notes.append("all outcomes that all accept score the same: the rule decides nothing")
        if self.left_out:
            notes.append(f"passed over, for nothing that all accept is a gain to them: {', '.join(self.left_out)}")
        if self.outcomes.size > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} are shown")
        return Table(f"Settlement by {self.rule.replace('_', '-')}", columns, rows, tuple(notes))


def settle(
    frontier: Frontier,
    *,
    rule: str = "nash",
    power: Mapping[str, float] | None = None,
    refine: Literal["no", "leximin"] = "no",
) -> Settlement:
    """The outcomes that a rule picks among those at which nobody is below its fallback, ties within 1e-9.

    power  : bargaining power per party; equal, if not given
    refine : `leximin`: of max-min ties those with the best second-worst share, then third-worst … (Imai 1983)

    A party that can gain nowhere is passed over: its gain of zero would make every product and every least gain zero.

    Raises
    ------
    AskError
        `worth/ordinal`, `bargain/no-fallback`, `bargain/no-deal`, `bargain/unknown-rule`, `bargain/unknown-refinement`, `bargain/bad-number`.
    GraphError
        `graph/unknown-party`.

    >>> from bestand.bargain.frontier import frontier_of
    >>> settle(frontier_of(np.array([[1., 2., 4.], [4., 3., 0.]]), fallback=[0, 0])).outcomes
    array([1])
    """
    fallback, accepted = to_settle(frontier, rule)
    if refine not in REFINEMENTS:
        what = f"no refinement '{refine}'"
        raise AskError(Problem("bargain/unknown-refinement", what, hint=did_you_mean(str(refine), REFINEMENTS)))
    weight = powers(frontier, power)
    gain = gains(frontier.point[:, accepted], fallback, frontier.unit)
    ideal = gain.max(axis=1)
    counts = ideal > 0
    compares = bool(counts.any())
    if frontier.fallback is None or not counts.any():
        counts[:] = True
        ideal = np.ones_like(ideal)
    score = scores(rule, gain, ideal, weight, counts)
    best = float(score.max())
    if not np.isfinite(score).all():
        raise too_large_powers()
    near = tolerance(rule, gain, ideal, weight, counts)
    tied = score >= best - near
    decides = compares and (accepted.size == 1 or not tied.all())
    if refine == "leximin":
        tied = leximin(rule, gain, ideal, weight, counts, tied)
    points = accepted[tied]
    outcomes = np.concatenate([frontier.outcomes(int(p)) for p in points])
    if RULES[rule].per and refine == "no":
        outcomes = _also_wasteful(frontier, rule, fallback, ideal, weight, counts, best - near)
    best += float(weight @ fallback) if rule == "utilitarian" else 0.0
    efficient = np.isin(outcomes, frontier.members)
    left_out = tuple(party for party, each in zip(frontier.parties, counts, strict=True) if not each)
    return Settlement(
        rule=rule, refine=refine, power=weight, score=best, worth=frontier.point[:, points[0]], gain=gain[:, int(np.flatnonzero(tied)[0])],
        decides=decides, points=points, outcomes=np.sort(outcomes), wasteful=~efficient[np.argsort(outcomes)], left_out=left_out,
        frontier=frontier,
    )  # fmt: skip


def gains(worth: Floats, fallback: Floats, unit: Floats) -> Floats:
    """Worth above the fallback: shape (n_parties, n_outcomes); exactly 0 where it is less than 1e-9 of what is large."""
    above_fallback = worth - fallback[:, None]
    return np.where(np.abs(above_fallback) > GAP * unit[:, None], above_fallback, 0.0)


def to_settle(frontier: Frontier, rule: str) -> tuple[Floats, NDArray[np.int64]]:
    """The fallback, and the points that all accept; errors where there is nothing to settle."""
    checked_rule(rule)
    if frontier.scale != "cardinal":
        what = f"'{rule}' compares sizes of gains, and the worth of states is ordinal"
        raise AskError(Problem("worth/ordinal", what, hint='give every want a `worth` and ask for conflict(…, scale="cardinal")'))
    if frontier.fallback is None and rule != "utilitarian":
        raise no_fallback(f"'{rule}' measures gains from a fallback, and the frontier has none")
    accepted = np.flatnonzero(frontier.accepted())
    if not accepted.size:
        what = "no outcome leaves every party at or above its fallback"
        raise AskError(Problem("bargain/no-deal", what, hint="agreements() and cores() say why, payments() what would open one"))
    fallback = np.zeros(len(frontier.parties)) if frontier.fallback is None else frontier.fallback
    return fallback, accepted


def powers(frontier: Frontier, power: Mapping[str, float] | None) -> Floats:
    """Power of each party: shape (n_parties,); one each, if not given."""
    return np.array(powers_of(frontier.parties, power))


def powers_of(parties: Sequence[str], power: Mapping[str, float] | None) -> list[float]:
    """Power of each of some parties; one each, if not given.

    Raises
    ------
    AskError
        `bargain/bad-number`.
    GraphError
        `graph/unknown-party`.
    """
    for party in power or ():
        member_number(parties, party)
    each = [1.0 if power is None else float(power.get(party, 1.0)) for party in parties]
    if not all(np.isfinite(one) and one > 0 for one in each):
        raise AskError(Problem("bargain/bad-number", "a power is not above zero", hint="give each party a power above 0"))
    return each


def too_large_powers() -> AskError:
    """The refusal of powers to which no gain can be raised."""
    what = "gains to such powers are larger than any number"
    return AskError(Problem("bargain/bad-number", what, hint="give smaller powers: only how they compare counts"))


def checked_rule(rule: str) -> Rule:
    """A rule of settlement, by its name.

    Raises
    ------
    AskError
        `bargain/unknown-rule`.
    """
    if rule not in RULES:
        raise AskError(Problem("bargain/unknown-rule", f"no rule '{rule}'", hint=did_you_mean(str(rule), RULES)))
    return RULES[rule]


def scores(rule: str, gain: Floats, ideal: Floats, power: Floats, counts: NDArray[np.bool_]) -> Floats:
    """Score of every outcome under a rule, from the gains of the parties that count: shape (n_outcomes,)."""
    if rule == "utilitarian" or counts.all():
        return RULES[rule].score(gain, ideal, power)
    return RULES[rule].score(gain[counts], ideal[counts], power[counts])


def tolerance(rule: str, gain: Floats, ideal: Floats, power: Floats, counts: NDArray[np.bool_]) -> float:
    """How far below the best score still ties: 1e-9 of what it could be if all were gain."""
    return GAP * float(np.abs(scores(rule, np.abs(gain), ideal, power, counts)).max(initial=0.0))


def leximin(
    rule: str, gain: Floats, ideal: Floats, power: Floats, counts: NDArray[np.bool_], tied: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Of the ties those with the best second-worst share, then the best third-worst, and so on."""
    per = RULES[rule].per
    if per is None:
        return tied
    most = per(ideal, power)[:, None]
    share = np.sort(np.divide(gain, most, out=np.zeros_like(gain), where=most != 0)[counts], axis=0)  # who can gain nothing breaks no tie
    near, tied = GAP * float(np.abs(share).max(initial=0.0)), tied.copy()
    for row in share:
        tied &= row >= row[tied].max() - near
    return tied


def _also_wasteful(
    frontier: Frontier, rule: str, fallback: Floats, ideal: Floats, power: Floats, counts: NDArray[np.bool_], enough: float
) -> NDArray[np.int64]:
    """Every outcome with the best least share, on the frontier or not."""
    looked = np.flatnonzero(frontier.among & above(frontier.worth, frontier.fallback, frontier.unit))
    gain = gains(frontier.worth[:, looked], fallback, frontier.unit)
    return looked[scores(rule, gain, ideal, power, counts) >= enough]
