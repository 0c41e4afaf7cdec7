"""Tipping points read off the draws of a sweep: which single thing turns most of them, and how far it has to be from how it stands."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")

from bestand.case.read import read
from bestand.errors import AskError
from bestand.explore.crossings import crossings
from bestand.explore.space import space
from bestand.explore.store import arrays_of, column_sql
from bestand.explore.sweep import sweep
from bestand.explore.task import Measure
from bestand.report.discovered import discovered_page, discovered_table
from bestand.study.measures import measure
from tests.depth import spread
from tests.explore.test_answers import swept
from tests.explored import X, Y, Z, numbers, small
from tests.oracle.crossings import crossing_of


def plain(made, name, openings):
    """Every crossing by plain loops over the stored rows."""
    columns = ", ".join(column_sql(each.name) for each in openings)
    rows = arrays_of(made.folder, f"select {columns}, {column_sql(name)} as answer from {{draws}} order by draw")
    told = {each.name: crossing_of(each, rows[each.name].tolist(), rows["answer"].astype(bool).tolist()) for each in openings}
    return {name: each for name, each in told.items() if each is not None}


def told(made, name=None):
    return {each.opening.name: (each.at, each.share, each.there, each.beyond) for each in crossings(made, name).crossings}


def test_a_crossing_is_where_most_draws_turn(tmp_path):
    """All three stand at 0.2. With y even between 0 and 1 most draws pass 0.6 where x is above 0.475, with x even where y is above 0.4."""
    made = swept(tmp_path, lambda asked: numbers(asked)[0] + numbers(asked)[1] / 4 >= 0.6, n=20_000)
    found = {each.opening.name: each for each in crossings(made).crossings}
    assert list(found) == [Y, X]  # the nearest first; z has no part in it
    for name, at, beyond in ((X, 0.475, 0.4), (Y, 0.4, 0.3)):
        each = found[name]
        assert each.at == pytest.approx(at, abs=0.03) and each.far == pytest.approx(at - 0.2, abs=0.03)
        assert each.share < 0.5 < each.there and beyond < each.beyond < beyond + 0.2  # the tenths that are told apart from a half


def test_a_level_makes_a_number_a_question(tmp_path):
    made = swept(tmp_path, lambda asked: numbers(asked)[2])
    with pytest.raises(AskError, match="sweep/needs-level"):
        crossings(made)
    only = crossings(made, at_least=0.7).crossings[0]
    assert only.opening.name == Z and only.at == pytest.approx(0.7, abs=0.06)


@spread("seed", range(12))
def test_crossings_are_those_of_plain_loops(tmp_path, seed):
    """Types, claims, places, numbers and today's settings of a small case, and a question that hangs on all of them at random."""
    rng = np.random.default_rng(seed)
    case = small()
    weights = rng.normal(size=6)

    def ask(asked):
        ranks = asked.worth.rank.reshape(asked.draws, -1)
        weighed = ranks @ np.resize(weights, ranks.shape[1])
        return weighed > np.median(weighed)

    made = sweep(case, space(case), Measure("m", ask, together=True), n=int(rng.integers(30, 900)), seed=seed, out=tmp_path)
    ours, theirs = told(made), plain(made, "m", made.openings)
    assert ours.keys() == theirs.keys()
    for name, each in theirs.items():
        assert ours[name] == pytest.approx(each), name


def test_the_crossed_design_gives_the_same_from_its_independent_draws(tmp_path):
    def ask(asked):
        return numbers(asked)[0] >= 0.55

    made = swept(tmp_path, ask, n=20_000, design="sobol")
    only = crossings(made)
    assert only.n == 2 * made.n // 5 and [each.opening.name for each in only.crossings] == [X]
    assert only.crossings[0].at == pytest.approx(0.55, abs=0.06)


def test_crossings_stand_on_the_page_with_their_picture_in_dutch_too(tmp_path):
    case = read("invented/mountain-road")
    made = sweep(case, space(case), measure(case, "now-rests"), n=400, out=tmp_path)
    found = crossings(made)
    assert found.crossings, "nothing turns: take another question"
    page = discovered_page(made, {"crossings": found}, measure="now-rests", language="nl").html
    assert 'id="crossings"' in page and "Wat de meeste trekkingen van “now-rests” doet omslaan" in page
    picture = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    rows = discovered_table(found, made, "nl").rows
    assert len([part for part in picture.iter() if part.tag == "rect"]) == len(rows) and picture.get("aria-label").startswith("Wat de meeste")
