"""What a sweep says: shares, indices, ranks, boxes, trees, tipping points, choices and the worth of knowing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")

from bestand.case.lines import with_file
from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.explore.boxes import boxes
from bestand.explore.choosing import choices, information
from bestand.explore.indices import Rank, Ranks, between_values, indices, ranks, sobol
from bestand.explore.limits import classed, variance_told
from bestand.explore.shares import shares
from bestand.explore.space import space, vary
from bestand.explore.store import arrays_of
from bestand.explore.sweep import read_sweep, sweep
from bestand.explore.task import Measure, crossed
from bestand.explore.tipping import tipping
from bestand.explore.tree import tree
from bestand.report.discovered import discovered_sentences
from bestand.study.measures import measure
from tests.depth import in_depth
from tests.explored import X, Y, Z, linear, numbers
from tests.truce.test_zones import case_with


def evened(low=0.0, high=1.0):
    """The three numbers, each as likely anywhere in a range."""
    case = linear()
    return case, vary(space(case, kinds=()), number=dict.fromkeys((X, Y, Z), (low, high)))


def swept(tmp_path, ask, *, n=4_000, low=0.0, high=1.0, **more):
    case, open_here = evened(low, high)
    return sweep(case, open_here, Measure("m", ask, together=True, sized=True), n=n, each=1_000, out=tmp_path, **more)


def ishigami(x, y, z):
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


FIRST = np.array([0.5 * (1 + np.pi**4 / 50) ** 2, 49 / 8, 0])
WITH_Z = np.pi**8 * (1 / 18 - 1 / 50) / 100
VARIANCE = FIRST.sum() + WITH_Z
ISHIGAMI = np.stack([FIRST, FIRST + WITH_Z * np.array([1, 0, 1])]) / VARIANCE
"""First and total indices in closed form (Ishigami & Homma 1990; a = 7, b = 0.1)."""


def test_indices_of_ishigami_are_those_in_closed_form():
    unit = crossed(np.random.default_rng(1).random((2, 40_000, 3)))
    answers = ishigami(*(2 * np.pi * unit.T - np.pi)).reshape(-1, 5)
    first, first_low, first_high, total, total_low, total_high = sobol(answers, resamples=60)
    assert np.abs(first - ISHIGAMI[0]).max() < 0.02 and np.abs(total - ISHIGAMI[1]).max() < 0.02
    assert (first_low <= first).all() and (first <= first_high).all() and (total_low <= total).all() and (total <= total_high).all()


def test_intervals_hold_the_true_index_about_as_often_as_they_say():
    held = []
    for seed in range(40):
        unit = crossed(np.random.default_rng(seed).random((2, 400, 3)))
        told = sobol(ishigami(*(2 * np.pi * unit.T - np.pi)).reshape(-1, 5), resamples=100, seed=seed)
        held += [(told[1] <= ISHIGAMI[0]) & (ISHIGAMI[0] <= told[2]), (told[4] <= ISHIGAMI[1]) & (ISHIGAMI[1] <= told[5])]
    assert 0.85 <= np.mean(held) <= 1.0


def test_the_same_indices_by_the_numbers_of_salib():
    salib = pytest.importorskip("SALib.analyze.sobol", reason="a comparison that is not part of the program")
    unit = crossed(np.random.default_rng(2).random((2, 512, 3)))
    answers = ishigami(*(2 * np.pi * unit.T - np.pi)).reshape(-1, 5)
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib.analyze(problem, answers[:, [0, 2, 3, 4, 1]].ravel(), calc_second_order=False, num_resamples=10)
    told = sobol(answers, resamples=10)
    assert np.allclose(told[0], theirs["S1"], atol=0.05) and np.allclose(told[3], theirs["ST"], atol=0.05)


def test_indices_from_a_stored_sweep(tmp_path):
    made = swept(tmp_path, lambda asked: ishigami(*numbers(asked)), n=30_001, low=-np.pi, high=np.pi, design="sobol")
    assert made.done == 30_005 and made.each == 1_000
    found = {each.name: each for each in indices(made, resamples=20).indices}
    for k, name in enumerate((X, Y, Z)):
        assert found[name].first == pytest.approx(ISHIGAMI[0, k], abs=0.06) and found[name].total == pytest.approx(ISHIGAMI[1, k], abs=0.06)
    mean = shares(made).shares[0]
    assert mean.mean == pytest.approx(3.5, abs=4 * mean.error) and mean.error > 3.7 / 30_005**0.5


def test_ranks_find_what_carries_an_answer_by_itself_and_which_way(tmp_path):
    made = swept(tmp_path, lambda asked: ishigami(*numbers(asked)), low=-np.pi, high=np.pi)
    found = {each.name: each for each in ranks(made).ranks}
    for k, name in enumerate((X, Y, Z)):
        assert found[name].first == pytest.approx(ISHIGAMI[0, k], abs=5 * found[name].error)
    rising = swept(tmp_path / "b", lambda asked: numbers(asked)[0] - 3 * numbers(asked)[1])
    along = {each.name: each.along for each in ranks(rising).ranks}
    assert along[X] > 0.2 and along[Y] < -0.8 and abs(along[Z]) < 0.08


def test_ranks_tell_what_has_no_part_from_what_has(tmp_path):
    """By two errors each a dozen of hundreds were told that had no part, and by one error for all a version that carries two in a hundred was hidden."""
    rng = np.random.default_rng(4)
    case, open_here = evened(0.0, 1.0)
    noises = [Measure(f"n{k}", lambda asked: rng.normal(size=asked.draws), together=True) for k in range(20)]
    noise = [ranks(sweep(case, open_here, noises, n=1_000, out=tmp_path / "noise"), f"n{k}") for k in range(20)]
    part = swept(tmp_path / "part", lambda asked: numbers(asked)[0] + rng.normal(size=asked.draws))
    assert sum(bool(each.told) for each in noise) <= 3 and all(each.told or "can be told from chance" in str(each) for each in noise)
    assert [each.name for each in ranks(part).told] == [X]
    many = Ranks("m", 100, tuple(Rank(f"{k}", "", 0.1, 0.04, 0.0, 0.001 if k else 1e-6) for k in range(400)))
    assert [each.name for each in many.told] == ["0"]
    column, answer = np.repeat([0.0, 1.0], 1000), np.concatenate([rng.normal(0, 1, 1000), rng.normal(0.3, 1, 1000)])
    share, error, chance = between_values(column, answer)
    again = [between_values(rng.permutation(column), answer) for _ in range(400)]
    assert 0.01 < share < 0.04 and chance < 1e-6 and error == pytest.approx(np.std([each[0] for each in again]), rel=0.25)
    assert np.mean([each[2] < 0.1 for each in again]) == pytest.approx(0.1, abs=0.05)


def test_ranks_of_places_that_decide(tmp_path):
    """Whether one want stands above another hangs on their places; the third want's place does not count but through them."""
    case = linear()
    above = Measure("above", lambda asked: asked.worth.rank[:, 0, asked.state({"a.x": "yes"})] > asked.worth.rank[:, 0, asked.state({"a.y": "yes"})], together=True)
    made = sweep(case, space(case, kinds=["place"]), above, n=3_000, out=tmp_path)
    found = {each.name: each for each in ranks(made).ranks}
    assert found["place of wants.a[0]"].first > 0.3 and found["place of wants.a[1]"].first > 0.3
    assert found["place of wants.a[2]"].first < 0.2
    assert found["place of wants.a[0]"].along < 0 < found["place of wants.a[1]"].along


def test_shares_are_those_of_the_draws_and_by_group(tmp_path):
    made = swept(tmp_path, lambda asked: numbers(asked)[0] > 0.25)
    column = arrays_of(tmp_path, "select m from {draws}")["m"]
    only = shares(made).shares[0]
    assert (only.n, only.mean, only.usual) == (4_000, column.mean(), 0.0)
    assert only.error == pytest.approx(column.std(ddof=1) / 4_000**0.5)
    groups = shares(made, by=X).shares
    assert [each.mean for each in groups[:2]] == [0, 0] and 0.3 < groups[2].mean < 0.7 and all(each.mean == 1 for each in groups[3:])
    assert sum(each.n for each in groups) == 4_000
    with pytest.raises(AskError, match="sweep/unknown-opening"):
        shares(made, by="nothing")


def test_a_box_is_found_and_counted(tmp_path):
    made = swept(tmp_path, lambda asked: (numbers(asked)[0] > 0.6) & (numbers(asked)[1] < 0.5))
    found = boxes(made).boxes[0]
    assert {limit.opening.name for limit in found.limits} == {X, Y}
    low = next(limit.low for limit in found.limits if limit.opening.name == X)
    high = next(limit.high for limit in found.limits if limit.opening.name == Y)
    assert low == pytest.approx(0.6, abs=0.05) and high == pytest.approx(0.5, abs=0.05)
    assert found.coverage > 0.9 and found.density > 0.9
    rows = arrays_of(tmp_path, f'select "{X}" as x, "{Y}" as y, m from {{draws}}')
    inside = (rows["x"] >= low) & (rows["y"] <= high)
    assert found.density == rows["m"][inside].mean() and found.coverage == rows["m"][inside].sum() / rows["m"].sum() and found.mass == inside.mean()
    told, first, *_ = discovered_sentences(boxes(made), made)
    assert told == f"“m” is yes in {100 * rows['m'].mean():.0f} % of 4000 draws."
    assert first.startswith("“m” is yes where ") and " and " in first and f"covers {100 * found.coverage:.0f} % of those cases" in first


def test_a_second_box_covers_what_the_first_does_not(tmp_path):
    made = swept(tmp_path, lambda asked: np.abs(numbers(asked)[0] - 0.5) > 0.35)
    found = boxes(made, density=0.95).boxes
    assert len(found) == 2 and all(each.density >= 0.9 and each.coverage > 0.4 for each in found)
    assert len({each.limits[0].low > 0 for each in found}) == 2


def test_no_box_is_told_where_there_is_none(tmp_path):
    made = swept(tmp_path, lambda asked: np.ones(asked.draws, bool))
    assert boxes(made).boxes == () and "no box" in str(boxes(made))
    assert boxes(made, answer="no").boxes == ()


def test_a_level_makes_a_number_a_question(tmp_path):
    made = swept(tmp_path, lambda asked: numbers(asked)[2])
    with pytest.raises(AskError, match="sweep/needs-level"):
        boxes(made)
    found = boxes(made, at_least=0.8, answer="no").boxes[0]
    assert [limit.opening.name for limit in found.limits] == [Z] and found.limits[0].high == pytest.approx(0.8, abs=0.03)
    with pytest.raises(AskError, match="sweep/unknown-answer"):
        boxes(made, at_least=0.8, answer="perhaps")


def test_boxes_of_the_same_draws_by_the_workbench_of_others(tmp_path):
    for name in ("platypus", "ema_workbench"):  # the second does not name the first among what it needs
        pytest.importorskip(name, reason="a comparison that is not part of the program")
    import pandas as pd
    from ema_workbench.analysis import prim

    made = swept(tmp_path, lambda asked: (numbers(asked)[0] > 0.6) & (numbers(asked)[1] < 0.5))
    rows = arrays_of(tmp_path, f'select "{X}" as x, "{Y}" as y, "{Z}" as z, m from {{draws}}')
    theirs = prim.Prim(pd.DataFrame({k: rows[k].astype(float) for k in "xyz"}), rows["m"], threshold=0.8).find_box()
    best = max(2 * c * d / (c + d) for c, d in zip(theirs.peeling_trajectory["coverage"], theirs.peeling_trajectory["density"], strict=True))
    ours = boxes(made).boxes[0]
    assert 2 * ours.coverage * ours.density / (ours.coverage + ours.density) > best - 0.05


def test_a_tree_tells_the_answer_apart_and_parts_all_draws(tmp_path):
    made = swept(tmp_path, lambda asked: np.where(numbers(asked)[0] > 0.5, numbers(asked)[1] > 0.1, numbers(asked)[2] > 0.9))
    found = tree(made, depth=2)
    assert sum(leaf.n for leaf in found.leaves) == found.n == 4_000 and len(found.leaves) == 4
    assert all(leaf.share < 0.12 or leaf.share > 0.88 for leaf in found.leaves)
    whole = tree(made, depth=0).leaves
    assert len(whole) == 1 and not whole[0].limits and whole[0].share == shares(made).shares[0].mean
    assert all(any(limit.opening.name == X for limit in leaf.limits) for leaf in found.leaves)


def test_a_tipping_point_is_where_the_answer_turns():
    case, open_here = evened()
    measure = Measure("m", lambda asked: numbers(asked)[0] + 0.1 * numbers(asked)[1] >= 0.62, together=True, sized=True)
    found = tipping(case, open_here, measure)
    assert [tip.opening.name for tip in found.tips] == [X] and found.answer == 0 and found.tips[0].answer == 1
    assert found.tips[0].at == pytest.approx(0.6, abs=0.001) and found.tips[0].far == pytest.approx(0.4, abs=0.001)
    alone = Measure("m", lambda asked: bool(numbers(asked)[0][0] + 0.1 * numbers(asked)[1][0] >= 0.62), sized=True)
    assert tipping(case, open_here, alone, grid=3).tips[0].at == pytest.approx(0.6, abs=0.001)


@pytest.mark.parametrize("odds", [{"one": 0.6, "two": 0.1, "six": 0.3}, {"two": 0.1, "six": 0.3, "one": 0.6}, {"six": 0.3, "one": 0.6, "two": 0.1}])
def test_of_versions_that_turn_an_answer_the_likeliest_is_told_in_whatever_order_they_stand(odds):
    listed = ", ".join(f"{name}: [{{that: {'a.x' if name == 'one' else 'not a.x'}, assumed: t}}]" for name in odds)
    case = read_text(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A, types: {odds}}}}}\nlevers: {{a.x: {{is: x, assumed: t}}}}\nwants: {{a: {{{listed}}}}}\n".replace("'", ""))
    one = Measure("one", lambda asked: asked.worth.rank[:, 0, asked.state({"a.x": "yes"})] > asked.worth.rank[:, 0, asked.state({"a.x": "no"})], together=True)
    (tip,) = tipping(case, space(case, kinds=["type"]), one).tips
    assert tip.words.endswith("→ six")


def test_the_nearer_of_two_tipping_points_of_a_number_is_told_though_values_tried_on_its_side_lie_farther():
    case, open_here = evened()
    usual = next(each.usual for each in open_here.openings if each.name == X)
    for low, high in itertools.permutations((0.02, 0.06, 0.1, 0.12, 0.18), 2):
        measure = Measure("m", lambda asked, low=low, high=high: (usual - low <= numbers(asked)[0]) & (numbers(asked)[0] <= usual + high), together=True, sized=True)
        (tip,) = [each for each in tipping(case, open_here, measure, grid=4).tips if each.opening.name == X]
        assert tip.at - usual == pytest.approx(high if high < low else -low, abs=1e-3), (low, high)


def test_a_want_moved_alone_turns_an_order():
    case = linear()
    above = Measure("above", lambda asked: asked.worth.rank[:, 0, asked.state({"a.x": "yes"})] > asked.worth.rank[:, 0, asked.state({"a.y": "yes"})], together=True)
    found = tipping(case, space(case, kinds=["place", "want"]), above)
    turned = {tip.opening.name: tip.at for tip in found.tips}
    assert turned["place of wants.a[0]"] == 2 and turned["place of wants.a[1]"] == 1 and turned["wants.a[0]"] == 0
    assert "place of wants.a[2]" not in turned


OPTIONS = {"neither": {"a.x": "no", "a.y": "no"}, "x": {"a.x": "yes", "a.y": "no"}, "y": {"a.x": "no", "a.y": "yes"}}


@pytest.fixture
def chosen(tmp_path):
    case, open_here = evened()
    first = Measure("worth", lambda asked: asked.worth.value[:, 0].min(axis=1), together=True, sized=True)
    return sweep(case, open_here, first, n=6_000, out=tmp_path, options=OPTIONS)


def test_choices_are_counted_draw_by_draw(chosen):
    rows = arrays_of(chosen.folder, 'select "worth [x]" as x, "worth [y]" as y, "worth [neither]" as n from {draws}')
    best = np.maximum(np.maximum(rows["x"], rows["y"]), rows["n"])
    found = {each.option: each for each in choices(chosen, at_least=0.7).choices}
    for option, column in (("x", rows["x"]), ("y", rows["y"]), ("neither", rows["n"])):
        each = found[option]
        told = (each.mean, each.enough, each.best, each.regret, each.regret_90, each.regret_most)
        plain = (column.mean(), (column >= 0.7).mean(), (column >= best).mean(), (best - column).mean(), np.quantile(best - column, 0.9), (best - column).max())
        assert told == pytest.approx(plain)
    assert found["x"].regret == pytest.approx(1 / 6, abs=0.01)


def test_what_is_worth_knowing_is_what_would_change_the_choice(chosen):
    """max(E[x | x], E[y]) is 5/8 on the mean, an eighth above knowing nothing; knowing both is worth a sixth."""
    found = information(chosen)
    facts = {each.name: each for each in found.facts}
    assert found.all == pytest.approx(1 / 6, abs=0.02)
    for name in (X, Y):
        assert facts[name].value == pytest.approx(1 / 8, abs=0.02)
    assert facts[found.facts[0].name].changes == pytest.approx(0.5, abs=0.06)
    assert abs(facts[Z].value) < 0.01
    assert {each.name for each in found.told} == {X, Y} and 0 < facts[X].error < 0.01


@in_depth
def test_whether_foreign_troops_provoke_is_worth_knowing_before_sending_them(tmp_path):
    """Where either sign is open a force may shorten a truce: what knowing it is worth, worked out again row by row."""
    case = case_with(truce_worth=2, provocation="{value: 0, range: [-1, 1]}", presence="{value: 0.5, range: [0, 1]}", prize="{value: 2, range: [1, 3]}")
    options, name = {"none": {"g.force": "none"}, "much": {"g.force": "much"}}, "deterrence.provocation"
    drawn = sweep(case, space(case), measure(case, "holds-a-year truce"), n=240, out=tmp_path, options=options)
    found = information(drawn)
    fact = next(each for each in found.facts if each.name == name)
    rows = arrays_of(drawn.folder, f'select draw, "{name}" as p, "holds-a-year truce [none]" as none, "holds-a-year truce [much]" as much from {{draws}} order by draw')
    means = {option: rows[option].mean() for option in options}
    other = min(means, key=means.__getitem__)
    assert found.advice == max(means, key=means.__getitem__)
    assert found.all == pytest.approx(np.maximum(rows["none"], rows["much"]).mean() - max(means.values()))
    gain, tenth = np.zeros(rows["p"].size), np.clip(((rows["p"] + 1) / 2 * 10).astype(int), 0, 9)
    for g in range(10):
        for half in (0, 1):
            learnt, used = ((tenth == g) & (rows["draw"] % 2 == side) for side in (1 - half, half))
            if learnt.any() and rows[other][learnt].sum() > rows[found.advice][learnt].sum():
                gain[used] = (rows[other] - rows[found.advice])[used]
    assert fact.value == pytest.approx(gain.mean()) and fact.error == pytest.approx(gain.std() / gain.size**0.5)
    assert fact in found.told and 0.5 * found.all < fact.value <= found.all


def test_draws_without_an_answer_count_nowhere(tmp_path):
    """Where the second number is above a half there is no answer; the rest are as if they were alone."""
    def asked(conflict):
        x, y, _ = numbers(conflict)
        return np.where(y > 0.5, np.nan, x)

    made = swept(tmp_path / "a", asked)
    rows = arrays_of(made.folder, f'select "{X}" as x, "{Y}" as y from {{draws}}')
    there = rows["y"] <= 0.5
    only = shares(made).shares[0]
    assert only.n == there.sum() and only.mean == pytest.approx(rows["x"][there].mean()) and only.high < 1
    found = boxes(made, at_least=0.75)
    assert found.n == there.sum() and found.share == pytest.approx((rows["x"][there] >= 0.75).mean())
    assert [limit.opening.name for limit in found.boxes[0].limits] == [X] and found.boxes[0].density > 0.95
    assert sum(leaf.n for leaf in tree(made, at_least=0.75).leaves) == there.sum()
    assert ranks(made).n == there.sum() and next(each.first for each in ranks(made).ranks if each.name == X) > 0.9
    crossed_ = swept(tmp_path / "b", asked, design="sobol")
    assert indices(crossed_).n_bases < 800 and all(np.isfinite(each.total) for each in indices(crossed_).indices)


def test_choosing_needs_options(tmp_path):
    made = swept(tmp_path, lambda asked: numbers(asked)[0], n=10)
    for ask in (choices, information):
        with pytest.raises(AskError, match="sweep/needs-options"):
            ask(made)


def test_each_design_answers_its_own_questions(tmp_path):
    plain = swept(tmp_path / "a", lambda asked: numbers(asked)[0], n=10)
    mixed = swept(tmp_path / "b", lambda asked: numbers(asked)[0], n=10, design="sobol")
    with pytest.raises(AskError, match="sweep/needs-sobol"):
        indices(plain)
    for ask in (ranks, lambda made: tree(made, at_least=0.5)):
        with pytest.raises(AskError, match="sweep/needs-draws"):
            ask(mixed)
    for ask in (ranks, indices, shares(plain).sweep.column):
        with pytest.raises(AskError, match=r"sweep/(unknown-column|needs-sobol)"):
            ask(plain, "nothing") if ask in (ranks, indices) else ask("nothing")


def test_every_result_shows_itself(chosen):
    again = read_sweep(chosen.folder)
    case, open_here = evened()
    measure = Measure("m", lambda asked: numbers(asked)[0], together=True, sized=True)
    column = next(iter(again.answers))
    for result in (
        again, shares(again), shares(again, by=X), ranks(again), boxes(again, column, at_least=0.1), tree(again, column, at_least=0.1), choices(again),
        information(again), open_here, tipping(case, open_here, measure),
    ):
        table = result.table()
        assert str(result) and "<table>" in result._repr_html_() and all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("bad", [lambda made: boxes(made, density=0), lambda made: tree(made, depth=9), lambda made: made.query("select nothing from {draws}"), lambda made: sobol(np.zeros((1, 4)))], ids=["density", "depth", "query", "bases"])
def test_numbers_that_cannot_be_meant_are_refused(chosen, bad):
    with pytest.raises(AskError, match=r"sweep/(bad-number|bad-query)"):
        bad(chosen)


def test_a_sweep_without_draws_says_so(chosen):
    for path in chosen.folder.glob("*.parquet"):
        path.unlink()
    with pytest.raises(AskError, match="sweep/no-draws"):
        shares(chosen)
    assert chosen.done == 0 and "0 of 6,000" in str(chosen)


def test_tips_of_another_case_are_refused():
    case, open_here = evened()
    with pytest.raises(AskError, match="sweep/other-case"):
        tipping(with_file(case, title=case.file.title + "!"), open_here, lambda asked: True)


@pytest.mark.parametrize("n_values", [2, 3, 7])
def test_what_a_thing_of_few_values_carries_is_the_variance_between_its_groups_less_that_of_chance(n_values):
    """1 − (SSW / (n − k)) / (SST / (n − 1)), group by group (Kelley 1935); all of it where the answer is the thing itself."""
    rng = np.random.default_rng(n_values)
    column = rng.integers(n_values, size=500)
    assert between_values(column.astype(float), column.astype(float))[0] == pytest.approx(1)
    answer = 0.4 * column + rng.normal(size=500)
    within = sum(((answer[column == k] - answer[column == k].mean()) ** 2).sum() for k in range(n_values))
    expected = 1 - within / (500 - n_values) / ((answer - answer.mean()) ** 2).sum() * 499
    assert between_values(column.astype(float), answer)[0] == pytest.approx(expected) and expected > 0.02
    assert between_values(np.ones(500), answer)[0] == 0 == between_values(column.astype(float), np.ones(500))[0]


@pytest.mark.parametrize("strongest", [0, 1, 2])
def test_of_more_openings_than_are_tried_together_those_that_carry_the_answer_are_kept(tmp_path, monkeypatch, strongest):
    monkeypatch.setattr("bestand.explore.limits.MOST_TOGETHER", 1)
    made = swept(tmp_path, lambda asked: numbers(asked)[strongest] > 0.6, n=1_000)
    (only,) = classed(made, "m", None, "yes").openings
    assert only.name == (X, Y, Z)[strongest]
    (box,) = boxes(made, most=1).boxes
    assert box.limits[0].opening == only and box.density > 0.95


def test_the_strength_of_classes_is_what_they_tell_beyond_luck():
    rng = np.random.default_rng(3)
    wanted = rng.random(4_000) < 0.3
    told, blind = wanted.astype(np.int64), np.zeros(4_000, np.int64)
    assert variance_told(told, wanted) == pytest.approx(wanted.var() * (1 - 1 / 4_000)) and variance_told(blind, wanted) == pytest.approx(0, abs=1e-12)
    lucky = np.array([[variance_told(rng.integers(0, n, 4_000), wanted) for _ in range(40)] for n in (2, 20, 400)])
    assert np.abs(lucky.mean(axis=1)).max() < 1e-3 * wanted.var() * 8  # many classes tell no more by luck than two do
    half = np.where(rng.random(4_000) < 0.5, wanted, rng.random(4_000) < 0.3).astype(np.int64)
    assert lucky.max() < variance_told(half, wanted) < variance_told(told, wanted)
