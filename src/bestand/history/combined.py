"""Level and ratio put together: how long such ceasefires last, and how much a posture changes that, each shown apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.evidence.spells import still
from bestand.history.asked import count_of_years, number_in, numbers_in, percent, whole_in, years_in
from bestand.history.base_rates import BaseRates
from bestand.history.classes import CLASSES, Breakdown, Posture, breakdown_in, posture_in
from bestand.history.fits import Z95
from bestand.show import Blank, Cell, Shown, Table

PARTS = ("game", "empirical", "no difference")
PEACEKEEPING = (0.427, 0.20, 0.92)
"""Hazard ratio of peacekeeping after civil wars, 1989-99, and its 95 % interval (Fortna 2008, Cox with 14 covariates)."""

NOT_CLAIMED = (
    "This is not the probability that this ceasefire survives: it is how long others of a chosen class did, shifted by a stated ratio.",
    "It is not the causal effect of a number of troops: postures were not assigned by chance, in the records or in the game.",
    "It says nothing about the probability that nuclear weapons are used.",
    "An equilibrium of the game is not a prediction: it is what would follow if the stated wants were all there is.",
)
_TINY = 1e-12
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about how level and ratio were matched: a code and its data; `text` says it in English."""

    code: str
    data: Mapping[str, str]

    @property
    def text(self) -> str:
        """The note as a sentence."""
        return NOTES[self.code].format(**{name: Blank(str(part)) for name, part in self.data.items()})


NOTES = {
    "cause-absent": "The empirical ratio is set to 1: no peacekeepers stand in this posture, and only they bring it about.",
    "cause-in-class": "The empirical ratio is set to 1: the class already had peacekeepers.",
    "cause-taken-away": "The empirical ratio is turned round: the class had peacekeepers, and this posture has none.",
    "cause-partly-in-class": "Some ceasefires of the class had peacekeepers, so that the empirical ratio is counted twice for these.",
    "class-posture-unknown": "Whether the class had peacekeepers is not recorded; the ratios are taken as if it had none.",
    "class-partly-guarded": "The game's ratio is against no force and no backstop; whether ceasefires of the class had any differs "
    "({class_posture}), so that the ratio shifts too far.",
    "against-not-stated": "The game's ratio is taken as if it were against the posture of the class ({class_posture}).",
    "referred-to-class": "The game's ratio was taken against '{against}' and is divided by that of the class's own posture ({class_posture}).",
    "breakdown-not-stated": "What the game calls a breach is taken as what ends a ceasefire of the class ({class_breakdown}).",
    "draws-left-out": "In {n} of {draws} {draws:draw|draws} nothing is left of one of the two truces that the game's ratio compares, at any of the "
    "times looked at: these have no ratio and are left out.",
    "class-breakdown-unknown": "What ends a ceasefire of the class is not recorded; the game means: {breakdown}.",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """The one figure to give, never without the parts that it pools.

    survival, low, high : the pool
    level               : the class alone: estimate, low, high
    parts               : name, weight, survival of each part
    """

    year: float
    survival: float
    low: float
    high: float
    level: tuple[float, float, float]
    parts: tuple[tuple[str, float, float], ...]

    @property
    def text(self) -> str:
        """The figure with its parts, as a sentence."""
        parts = ", ".join(f"{name} {percent(share)} (weight {percent(weight)})" for name, weight, share in self.parts)
        pool = f"{percent(self.survival)} ({percent(self.low)} to {percent(self.high)})"
        return f"After {count_of_years(self.year)} {pool} still in force: the pool of {parts}; the class alone {percent(self.level[0])}."


@dataclass(frozen=True, slots=True, repr=False)
class Combined(Shown):
    """S(t | posture) = S_ref(t)^ratio, for each part of the mixture of ratios and for the pool of all.

    parts    : names of the parts with a ratio; `weights` are theirs
    years    : (n_years,) float64, after the truce began
    ratio    : (n_parts, 3) float64, hazard ratio of each part, referred to the class's own posture: the median, and the lower and upper end
               of the range that holds 95 of 100 draws
    level    : (3, n_years) float64, the reference class alone: estimate, low, high
    survival : (n_parts + 1, 3, n_years) float64, with the ratio: mean over its draws at the estimated level, and the
               middle 95 of a hundred with the level's own uncertainty; the last row is the pool
    shares   : (n_settings, n_parts) float64, other weights; `shifted` (n_settings, n_years), the pool's mean with them
    notes    : how the ratios were matched to the class
    """

    reference: BaseRates
    parts: tuple[str, ...]
    weights: tuple[float, ...]
    years: NDArray[np.float64]
    ratio: NDArray[np.float64]
    level: NDArray[np.float64]
    survival: NDArray[np.float64]
    shares: NDArray[np.float64]
    shifted: NDArray[np.float64]
    notes: tuple[Note, ...]

    @property
    def pool(self) -> NDArray[np.float64]:
        """The weighted mixture of the parts: shape (3, n_years), mean, low, high."""
        return self.survival[-1]

    def headline(self, *, year: float) -> Headline:
        """The pool after so many years, with its parts.

        Raises
        ------
        AskError
            `history/bad-number` for a year that was not asked for.
        """
        column = np.flatnonzero(np.isclose(self.years, number_in(year, "year", least=0, most=1000)))
        if not column.size:
            hint = f"years are {', '.join(f'{y:g}' for y in self.years)}"
            raise AskError(Problem("history/bad-number", f"nothing was combined for year {year:g}", hint=hint))
        k = int(column[0])
        estimate, low, high = map(float, self.level[:, k])
        means = map(float, self.survival[:-1, 0, k])
        parts = tuple(zip(self.parts, self.weights, means, strict=True))
        middle, least, most = map(float, self.pool[:, k])
        return Headline(float(self.years[k]), middle, least, most, (estimate, low, high), parts)

    def table(self) -> Table:
        """The pool first; then the level and each part that it is made of; last what may not be claimed."""
        rows: list[tuple[Cell, ...]] = []
        for k, year in enumerate(self.years):
            rows.append((count_of_years(year), "pool", 1.0, None, *map(float, self.pool[:, k])))
            rows.append(("", "level alone", None, None, *map(float, self.level[:, k])))
            for j, part in enumerate(self.parts):
                rows.append(("", part, self.weights[j], float(self.ratio[j, 0]), *map(float, self.survival[j, :, k])))
        columns = ("after", "what", "weight", "ratio", "survival", "low", "high")
        level = f"level: {self.reference.what} (n = {self.reference.n}; {self.reference.source})"
        matched = (note.text for note in self.notes)
        return Table("Truce survival in such a class, with the posture's ratio", columns, tuple(rows), (level, *matched, *NOT_CLAIMED))

    def sensitivity(self) -> Table:
        """The pool's mean under other weights, and how far it moves."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (*map(float, share), *map(float, value)) for share, value in zip(self.shares, self.shifted, strict=True)
        )
        reach = self.shifted.max(axis=0) - self.shifted.min(axis=0)
        note = "; ".join(f"after {count_of_years(y)} it moves by {d:.2f}" for y, d in zip(self.years, reach, strict=True))
        columns = (*(f"weight of {part}" for part in self.parts), *(f"after {count_of_years(year)}" for year in self.years))
        return Table("The pool under other weights", columns, rows, (note,))


def combine(
    reference: BaseRates,
    ratio_draws: ArrayLike | None = None,
    *,
    weights: Mapping[str, float],
    cause_present: bool | None = None,
    against: Posture | None = None,
    class_draws: ArrayLike | None = None,
    breakdown: Breakdown | None = None,
    years: ArrayLike = (1.0, 2.0, 5.0),
    empirical: tuple[float, float, float] = PEACEKEEPING,
    draws: int = 10_000,
    rng: np.random.Generator | None = None,
) -> Combined:
    """Level of a reference class raised to a hazard ratio from a declared mixture.

    ratio_draws   : (n_draws,) hazard ratios of a posture from the game, > 0; needed where `game` has weight
    weights       : of `game`, `empirical` and `no difference` (a ratio of 1); they sum to 1
    cause_present : whether the posture has what the empirical ratio comes from, a peacekeeping force; needed where
                    `empirical` has weight. Where it has not, or the class has it already, that part's ratio is 1
    against       : the posture that the game's ratio compares with
    class_draws   : (n_draws,) where that is not the class's own: hazard ratios of the class's posture against the same,
                    draw by draw; the game's ratios are divided by them
    breakdown     : what the game's breach means; it must be what ends a ceasefire of the class
    empirical     : ratio and its 95 % interval, taken as log-normal; that of peacekeeping if not given
    draws         : of each part

    What is not stated (None) is taken to fit, and a note says so.

    Raises
    ------
    AskError
        `history/bad-weights`, `history/bad-ratio`, `history/bad-number`, `history/cause-not-stated`,
        `history/posture-differs`, `history/breakdown-differs`, `history/beyond-record` where the class says nothing so late.

    >>> from bestand.history.base_rates import base_rates
    >>> alone = base_rates("civil-alone")
    >>> both = combine(alone, weights={"empirical": 0.5, "no difference": 0.5}, cause_present=True, years=[1])
    >>> both.level[0].round(2), both.pool[0].round(2)
    (array([0.59]), array([0.69]))
    """
    parts, share = _weights(weights)
    n_draws = whole_in(draws, "draws", least=20, most=1_000_000)
    rng = np.random.default_rng(0) if rng is None else rng
    times = np.atleast_1d(years_in(years, least=0.0)).copy()
    level = np.array(reference.survival(times))
    notes = _breakdown_notes(reference, breakdown)
    weight = dict(zip(parts, share, strict=True))
    ratios = [np.ones(1)] * len(parts)
    for k, part in enumerate(parts):
        if part == "game":
            ratios[k], said = _from_game(reference, ratio_draws, against, class_draws)
            notes += said
        elif part == "empirical":
            power, said = _power_of_cause(reference, cause_present, weight[part])
            ratios[k] = _log_normal(empirical, n_draws, rng) ** power
            notes += said
    survival, shares = _raised(level, ratios, share, n_draws, rng), _other_weights(share)
    spans = np.array([[np.quantile(ratio, q) for q in (0.5, 0.025, 0.975)] for ratio in ratios])
    return Combined(
        reference=reference, parts=parts, weights=tuple(map(float, share)), years=still(times), ratio=still(spans), level=still(level),
        survival=still(survival), shares=still(shares), shifted=still(shares @ survival[:-1, 0]), notes=tuple(notes),
    )  # fmt: skip


def _raised(
    level: NDArray[np.float64], ratios: Sequence[NDArray[np.float64]], share: NDArray[np.float64], draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The level raised to each part's ratios, then the pool: (n_parts + 1, 3, n_years), mean, low, high."""
    at_level = _levels(level, draws, rng)
    drawn = [at_level ** rng.choice(ratio, draws)[:, None] for ratio in ratios]
    means = np.array([(level[0] ** ratio[:, None]).mean(axis=0) for ratio in ratios])
    rows = [[mean, *np.quantile(draw, (0.025, 0.975), axis=0)] for mean, draw in zip(means, drawn, strict=True)]
    pooled = np.concatenate([draw for draw, part in zip(drawn, share, strict=True) if part > 0])
    weight = np.repeat(share[share > 0], draws)
    return np.array([*rows, [share @ means, *(_quantile(pooled, weight, q) for q in (0.025, 0.975))]])


def _breakdown_notes(reference: BaseRates, breakdown: Breakdown | None) -> list[Note]:
    """How the game's breach fits what ends a ceasefire of the class; refused where it does not."""
    if breakdown is None:
        return [Note("breakdown-not-stated", {"class_breakdown": reference.breakdown})]
    meant = breakdown_in(breakdown)
    if "unknown" in (meant, reference.breakdown):
        code = "class-breakdown-unknown" if reference.breakdown == "unknown" else "breakdown-not-stated"
        return [Note(code, {"breakdown": meant, "class_breakdown": reference.breakdown})]
    if meant != reference.breakdown:
        fitting = [one.name for one in CLASSES if one.breakdown == meant]
        what = f"the game's breach is '{meant}', but what ends a ceasefire of '{reference.what}' is '{reference.breakdown}'"
        raise AskError(Problem("history/breakdown-differs", what, hint=f"classes that end so: {', '.join(fitting) or 'none'}"))
    return []


def _power_of_cause(reference: BaseRates, cause_present: bool | None, weight: float) -> tuple[float, list[Note]]:
    """The power of the empirical ratio: 1 where the posture has its cause and the class has not, −1 the other way, else 0."""
    if cause_present is None and weight > 0:
        what = "the empirical ratio has a weight, but whether its cause, a peacekeeping force, is present is not stated"
        raise AskError(Problem("history/cause-not-stated", what, hint="cause_present=True or False, or leave 'empirical' out"))
    if cause_present not in (True, False, None):
        raise AskError(Problem("history/bad-number", f"cause_present is {cause_present!r}", hint="True or False"))
    if reference.posture == "present":
        return (0.0, [Note("cause-in-class", {})]) if cause_present else (-1.0, [Note("cause-taken-away", {})])
    if not cause_present:
        return 0.0, [Note("cause-absent", {})]
    codes = {"mixed": "cause-partly-in-class", "unknown": "class-posture-unknown"}
    return 1.0, [Note(codes[reference.posture], {})] if reference.posture in codes else []


def _weights(weights: Mapping[str, float]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    for part in weights:
        if part not in PARTS:
            raise AskError(Problem("history/bad-weights", f"no part '{part}' of the mixture", hint=did_you_mean(str(part), PARTS)))
    parts = tuple(part for part in PARTS if part in weights)
    share = numbers_in([weights[part] for part in parts], "weights")
    if not parts or not np.all(np.isfinite(share) & (share >= 0)) or abs(share.sum() - 1) > 1e-9:
        what = f"weights must be at least 0 and sum to 1, and these are {dict(weights)}"
        raise AskError(Problem("history/bad-weights", what, hint=f"parts are {', '.join(PARTS)}"))
    return parts, share


def _from_game(
    reference: BaseRates, ratio_draws: ArrayLike | None, against: Posture | None, class_draws: ArrayLike | None
) -> tuple[NDArray[np.float64], list[Note]]:
    """The game's ratios against the class's own posture."""
    if ratio_draws is None:
        what = "the game has a weight, but no draws of its ratio were given"
        raise AskError(Problem("history/bad-ratio", what, hint="ratio_draws=…, or leave 'game' out of the weights"))
    ratio, own = _ratios(ratio_draws, "ratio_draws"), reference.posture
    data = {"against": posture_in("unknown" if against is None else against), "class_posture": own}
    if class_draws is not None:
        other = _ratios(class_draws, "class_draws")
        if other.size != ratio.size:
            what = f"{ratio.size} ratios of the posture, but {other.size} of the class's own"
            raise AskError(Problem("history/bad-ratio", what, hint="one of each for every draw"))
        return ratio / other, [Note("referred-to-class", data)]
    if against == "absent" and own in ("mixed", "unknown"):
        return ratio, [Note("class-partly-guarded", data)]
    if against is None or "unknown" in (against, own):
        return ratio, [Note("against-not-stated", data)]
    if against != own:
        what = f"the game's ratio is against '{against}', and the posture of '{reference.what}' is '{own}'"
        hint = "give class_draws=…, the ratio of the class's posture against the same, or take a class whose posture is the same"
        raise AskError(Problem("history/posture-differs", what, hint=hint))
    return ratio, []


def _ratios(given: ArrayLike, what: str) -> NDArray[np.float64]:
    ratio = numbers_in(given, what).reshape(-1)
    if not ratio.size or not np.all((ratio >= 1 / LARGEST) & (ratio <= LARGEST)):
        hint = f"one for each draw, from 1/{LARGEST:,} to {LARGEST:,}"
        raise AskError(Problem("history/bad-ratio", f"{what}: hazard ratios must be finite and above 0", hint=hint))
    return ratio


def _log_normal(empirical: tuple[float, float, float], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws at equal steps of probability, so that the part's mean does not hang on luck."""
    from statistics import NormalDist  # noqa: PLC0415  (seldom needed)

    given = numbers_in(empirical, "empirical")
    if given.shape != (3,) or not 1 / LARGEST <= given[1] <= given[0] <= given[2] <= LARGEST:
        what = f"a ratio with an interval is low ≤ ratio ≤ high, all above 0, not {empirical}"
        raise AskError(Problem("history/bad-ratio", what, hint="empirical=(ratio, low, high)"))
    middle, low, high = given
    spread = np.log(high / low) / (2 * Z95)
    normal = np.array([NormalDist().inv_cdf((k + 0.5) / draws) for k in range(draws)])
    return rng.permutation(np.exp(np.log(middle) + spread * normal))


def _levels(level: NDArray[np.float64], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws of the reference curve, normal on the scale log(−log S), one shift for all years: (draws, n_years)."""
    estimate, low, high = (np.log(-np.log(np.clip(row, _TINY, 1 - _TINY))) for row in level)
    normal = rng.standard_normal(draws)[:, None]
    spread = np.where(normal > 0, low - estimate, estimate - high) / Z95
    return np.exp(-np.exp(estimate + normal * spread))


def _quantile(values: NDArray[np.float64], weight: NDArray[np.float64], q: float) -> NDArray[np.float64]:
    """Weighted quantile of each column: shape (n_columns,)."""
    order = np.argsort(values, axis=0)
    reached = np.cumsum(weight[order], axis=0) / weight.sum()
    place = (reached >= q - _TINY).argmax(axis=0)
    return np.take_along_axis(np.take_along_axis(values, order, axis=0), place[None], axis=0)[0]


def _other_weights(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The given weights first; each part alone, and each part's weight doubled and halved against the others."""
    rows = [share, *np.eye(share.size)]
    for k in range(share.size if share.size > 1 else 0):
        for factor in (2.0, 0.5):
            moved = share.copy()
            moved[k] *= factor
            rows.append(moved / moved.sum())
    return np.array(list(dict.fromkeys(tuple(np.round(row, 12)) for row in rows)))
