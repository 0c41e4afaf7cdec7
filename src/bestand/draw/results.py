"""Which picture each result has: what a notebook shows beside its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bestand.bargain.frontier import Frontier
from bestand.bargain.solutions import Settlement
from bestand.draw.bars import Bar, bars
from bestand.draw.courses import courses_picture
from bestand.draw.curves import Curve, curves
from bestand.draw.deals import dots_picture, map_of
from bestand.draw.moves import LOOK, moves_picture
from bestand.draw.svg import Svg
from bestand.draw.weekly import weekly_picture
from bestand.explore.boxes import Boxes
from bestand.explore.choosing import Choices, Information
from bestand.explore.indices import Indices, Ranks
from bestand.explore.shares import Shares
from bestand.explore.tipping import Tips
from bestand.explore.tree import Tree
from bestand.history.base_rates import BaseRates
from bestand.negotiate.paths import Paths
from bestand.negotiate.stability import Stability
from bestand.play.survival import Survival
from bestand.show import Cell, Shown
from bestand.study.everything import Study
from bestand.study.indicators import Indicators
from bestand.study.posterior import Posterior
from bestand.study.presents import Presents
from bestand.study.scenarios import Scenarios
from bestand.study.sensitivity import Sensitivity
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.postures import Postures


def picture_of(result: Shown) -> Svg | None:
    """The picture of a result; None where its table says it all.

    >>> from bestand import conflict, read, stability
    >>> picture_of(stability(conflict(read("example/en"))))[:4]
    '<svg'
    """
    draw = next((draw for kind, draw in _PICTURES.items() if isinstance(result, kind)), None)
    return None if draw is None else draw(result)


def _study(known: Study) -> Svg | None:
    drawn = moves_picture(known, Telling(known.conflict, words("en")))
    return None if drawn is None else Svg(drawn.replace(">", f"><style>{LOOK}</style>", 1))


def _survival(survival: Survival) -> Svg | None:
    if not (survival.months > 0).any():
        return None
    some = survival.months > 0
    low, high = (np.quantile(survival.alive, q, axis=0)[some].tolist() for q in (0.1, 0.9))
    line = Curve(survival.pooled[some].tolist(), low, high) if len(survival.alive) > 1 else Curve(survival.pooled[some].tolist())
    return curves(survival.months[some].tolist(), {"still holds": line}, label="chance that it still holds, over months", unit="months")


def _base_rates(rates: BaseRates) -> Svg | None:
    some = rates.years > 0
    if not some.any():
        return None
    line = Curve(rates.share[some].tolist(), rates.low[some].tolist(), rates.high[some].tolist())
    return curves(rates.years[some].tolist(), {rates.what: line}, label="share still in force, over years", unit="years")


def _stability(stability: Stability) -> Svg | None:
    each = [Bar(concept, float(stability.equilibria(concept).size)) for concept in stability.concepts]
    return bars(each, label="equilibria under each concept", unit="equilibria")


def _frontier(frontier: Frontier) -> Svg | None:
    drawn = None if frontier.conflict is None else map_of(frontier)
    return None if drawn is None or frontier.conflict is None else dots_picture(drawn, Telling(frontier.conflict, words("en")))


def _paths(paths: Paths) -> Svg | None:
    lengths = paths.length[paths.reached]
    each = [Bar(f"{n} moves from the start", float((lengths == n).sum())) for n in range(int(lengths.max(initial=0)) + 1)]
    return bars(each, label="states by the fewest moves that lead there", unit="states")


def _posterior(posterior: Posterior) -> Svg | None:
    return weekly_picture(posterior, Telling(posterior.played.conflict, words("en"))) if posterior.record.counted else None


def _scenarios(scenarios: Scenarios) -> Svg:
    return courses_picture(scenarios, Telling(scenarios.present.played.conflict, words("en")))


def _postures(postures: Postures) -> Svg | None:
    each = []
    for one in postures.results:
        low, high = (float(np.quantile(one.alive[:, -1], q)) for q in (0.1, 0.9))
        each.append(Bar(f"{one.name} ({one.backstop}{', may leave' if one.leaves else ''})", float(one.alive[:, -1].mean()), low, high))
    return bars(each, label=f"chance that the truce still holds after {postures.months[-1]:g} months", unit="chance")


def _sensitivity(sensitivity: Sensitivity) -> Svg | None:
    alone: Counter[str] = Counter()
    for sets in sensitivity.sets.values():
        alone.update({lines[0].said for lines in sets if len(lines) == 1})
    each = [Bar(said, float(n)) for said, n in alone.most_common()]
    return bars(each, label="conclusions that turn with one statement alone", unit="conclusions")


def _indicators(indicators: Indicators) -> Svg | None:
    each = [Bar(f"{one.lever}={one.setting}: {one.party or indicators.outcome} {one.one}", one.bits) for one in indicators.found]
    return bars(each, label=f"what looking is worth within {indicators.weeks:g} weeks", unit="bits")


def _columns(name: int, value: int, low: int | None = None, high: int | None = None) -> Callable[[Shown], Svg | None]:
    """The picture of a table: a bar for each row, by the columns of its name, its number and the range of that."""

    def draw(shown: Shown) -> Svg | None:
        table = shown.table()
        each = [Bar(str(row[name]), _number(row, value) or 0.0, _number(row, low), _number(row, high)) for row in table.rows]
        return bars(each, label=table.title, unit=table.columns[value])

    return draw


def _number(row: Sequence[Cell], column: int | None) -> float | None:
    cell = None if column is None else row[column]
    return float(cell) if isinstance(cell, int | float) and np.isfinite(cell) else None


_PICTURES: Mapping[type, Callable[..., Svg | None]] = {
    Study: _study,
    Survival: _survival,
    BaseRates: _base_rates,
    Stability: _stability,
    Frontier: _frontier,
    Settlement: lambda settlement: _frontier(settlement.frontier),
    Paths: _paths,
    Shares: _columns(0, 3, 5, 6),
    Indices: _columns(0, 4, 5, 6),
    Ranks: _columns(0, 1),
    Information: _columns(0, 2),
    Boxes: _columns(0, 2),
    Tree: _columns(0, 2),
    Choices: _columns(0, 2),
    Tips: _columns(0, 1),
    Posterior: _posterior,
    Scenarios: _scenarios,
    Indicators: _indicators,
    Sensitivity: _sensitivity,
    Presents: _columns(0, 1),
    Postures: _postures,
}
