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
from bestand.draw.moves import moves_picture, with_its_looks
from bestand.draw.svg import Svg
from bestand.draw.weekly import weekly_picture
from bestand.explore.boxes import Boxes
from bestand.explore.choosing import Choices, Information
from bestand.explore.crossings import Crossings
from bestand.explore.indices import Indices, Ranks
from bestand.explore.shares import Shares
from bestand.explore.tipping import Tips
from bestand.explore.tree import Tree
from bestand.history.base_rates import BaseRates
from bestand.negotiate.paths import Paths
from bestand.negotiate.stability import Stability
from bestand.play.survival import Survival
from bestand.show import Cell, Shown, Table, cell_text
from bestand.study.everything import Study
from bestand.study.indicators import Indicators
from bestand.study.posterior import Posterior
from bestand.study.presents import Presents
from bestand.study.scenarios import Scenarios
from bestand.study.sensitivity import Sensitivity
from bestand.telling.tables import translated
from bestand.telling.telling import Telling
from bestand.telling.words import PhraseBook, words
from bestand.truce.postures import Postures


def picture_of(result: Shown, language: str = "en", *, table: Table | None = None) -> Svg | None:
    """The picture of a result, in words of the reader's language; None where its table says it all.

    table : its table as it is told to the reader, for pictures that are of its rows; told here, if not given

    Raises
    ------
    AskError
        `report/unknown-language`.

    >>> from bestand import conflict, read, stability
    >>> picture_of(stability(conflict(read("example/en"))))[:4]
    '<svg'
    """
    say = words(language)
    if (row := next((row for kind, row in _ROWS.items() if isinstance(result, kind)), None)) is not None:
        return _of_rows(result.table(), table or translated(result.table(), language), say, *row)
    if isinstance(result, Crossings):
        return _crossings(result, table or translated(result.table(), language), say)
    draw = next((draw for kind, draw in _PICTURES.items() if isinstance(result, kind)), None)
    return None if draw is None else draw(result, say)


def _study(known: Study, say: PhraseBook) -> Svg | None:
    drawn = moves_picture(known, Telling(known.conflict, say))
    return None if drawn is None else with_its_looks(drawn)


def _survival(survival: Survival, say: PhraseBook) -> Svg | None:
    if not (survival.months > 0).any():
        return None
    some = survival.months > 0
    low, high = (np.quantile(survival.alive, q, axis=0)[some].tolist() for q in (0.1, 0.9))
    line = Curve(survival.pooled[some].tolist(), low, high) if len(survival.alive) > 1 else Curve(survival.pooled[some].tolist())
    return curves(survival.months[some].tolist(), {say("drawn_still_holds"): line}, label=say("drawn_survival"), unit=say("drawn_months"))


def _base_rates(rates: BaseRates, say: PhraseBook) -> Svg | None:
    some = rates.years > 0
    if not some.any():
        return None
    line = Curve(rates.share[some].tolist(), rates.low[some].tolist(), rates.high[some].tolist())
    what = translated(Table("", (), (), (rates.what,)), say.language).notes[0]
    return curves(rates.years[some].tolist(), {what: line}, label=say("drawn_base_rates"), unit=say("drawn_years"))


def _stability(stability: Stability, say: PhraseBook) -> Svg | None:
    each = [Bar(concept, float(stability.equilibria(concept).size)) for concept in stability.concepts]
    return bars(each, label=say("drawn_concepts"), unit=say("drawn_equilibria"), number=say.number)


def _frontier(frontier: Frontier, say: PhraseBook) -> Svg | None:
    drawn = None if frontier.conflict is None else map_of(frontier)
    return None if drawn is None or frontier.conflict is None else dots_picture(drawn, Telling(frontier.conflict, say))


def _paths(paths: Paths, say: PhraseBook) -> Svg | None:
    lengths = paths.length[paths.reached]
    each = [Bar(say("drawn_moves_away", n=n), float((lengths == n).sum())) for n in range(int(lengths.max(initial=0)) + 1)]
    return bars(each, label=say("drawn_paths"), unit=say("drawn_states"), number=say.number)


def _posterior(posterior: Posterior, say: PhraseBook) -> Svg | None:
    return weekly_picture(posterior, Telling(posterior.played.conflict, say)) if posterior.record.counted else None


def _scenarios(scenarios: Scenarios, say: PhraseBook) -> Svg:
    return courses_picture(scenarios, Telling(scenarios.present.played.conflict, say))


def _postures(postures: Postures, say: PhraseBook) -> Svg | None:
    each = []
    for one in postures.results:
        low, high = (float(np.quantile(one.alive[:, -1], q)) for q in (0.1, 0.9))
        leaves = say("drawn_may_leave") if one.leaves else ""
        each.append(Bar(f"{one.name} ({one.backstop}{leaves})", float(one.alive[:, -1].mean()), low, high))
    label = say("drawn_postures", months=f"{postures.months[-1]:g}")
    return bars(each, label=label, unit=say("drawn_chance"), number=say.number)


def _sensitivity(sensitivity: Sensitivity, say: PhraseBook) -> Svg | None:
    alone: Counter[str] = Counter()
    for sets in sensitivity.sets.values():
        alone.update({lines[0].said for lines in sets if len(lines) == 1})
    each = [Bar(said, float(n)) for said, n in alone.most_common()]
    return bars(each, label=say("drawn_carries"), unit=say("drawn_conclusions"), number=say.number)


def _indicators(indicators: Indicators, say: PhraseBook) -> Svg | None:
    each = [Bar(f"{one.lever}={one.setting}: {one.party or indicators.outcome} {one.one}", one.bits) for one in indicators.indicators]
    weeks, days = f"{indicators.weeks:g}", indicators.spans[0]
    label = say("drawn_indicators_days", days=days) if indicators.fast else say("drawn_indicators", weeks=weeks)
    return bars(each, label=label, unit=say("drawn_bits"), number=say.number)


def _crossings(result: Crossings, table: Table, say: PhraseBook) -> Svg | None:
    """The share of yes where most draws have turned, with a line to it from where it is as things stand."""
    told = [[say.number(cell_text(cell)) for cell in row[:3]] for row in table.rows]
    each = [Bar(f"{what}: {usual} → {at}", one.there, one.share, one.there) for (what, usual, at), one in zip(told, result.crossings, strict=True)]
    return bars(each, label=table.title, unit=table.columns[5], number=say.number)


def _of_rows(given: Table, told: Table, say: PhraseBook, name: int, value: int, low: int | None = None, high: int | None = None) -> Svg | None:
    """The picture of a table: a bar for each row, by the columns of its name, as it is told, of its number and of the range of that."""
    rows = zip(told.rows, given.rows, strict=True)
    each = [Bar(str(words_[name]), _number(row, value) or 0.0, _number(row, low), _number(row, high)) for words_, row in rows]
    return bars(each, label=told.title, unit=told.columns[value], number=say.number)


def _number(row: Sequence[Cell], column: int | None) -> float | None:
    cell = None if column is None else row[column]
    return float(cell) if isinstance(cell, int | float) and np.isfinite(cell) else None


_ROWS: Mapping[type, tuple[int, ...]] = {
    Shares: (0, 3, 5, 6),
    Indices: (0, 4, 5, 6),
    Ranks: (0, 1),
    Information: (0, 2),
    Boxes: (0, 2),
    Tree: (0, 2),
    Choices: (0, 2),
    Tips: (0, 1),
    Presents: (0, 1),
}
_PICTURES: Mapping[type, Callable[..., Svg | None]] = {
    Study: _study,
    Survival: _survival,
    BaseRates: _base_rates,
    Stability: _stability,
    Frontier: _frontier,
    Settlement: lambda settlement, say: _frontier(settlement.frontier, say),
    Paths: _paths,
    Posterior: _posterior,
    Scenarios: _scenarios,
    Indicators: _indicators,
    Sensitivity: _sensitivity,
    Postures: _postures,
}
