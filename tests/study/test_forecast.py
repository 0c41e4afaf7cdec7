"""Forecasts: chances by the dense matrix, frozen whole, tampering noticed, scored by hand, naive forecasts beside, refusals."""

from __future__ import annotations

import json
import math
import time

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.case.lines import with_file
from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.errors import AskError, FileError
from bestand.graph.budget import MOST_SECONDS, Budget, gathered
from bestand.graph.conflict import conflict
from bestand.history.base_rates import base_rates
from bestand.study.forecast import forecast, read_forecast
from bestand.study.posterior import present_versions
from bestand.study.scores import SURE, score_forecast
from tests.depth import DEEP, spread
from tests.oracle import courses
from tests.study.test_watch import bridge

LATER = """
bestand: 1
title: a bridge
as_of: "2030-12-31"
parties: {a: {name: A}, b: {name: B}}
levers:
  a.holds: {is: holds the bridge, settings: [no, half, yes], now: half, assumed: t}
  a.talks: {is: talks, now: yes, assumed: t}
  b.pays: {is: pays, now: no, needs: {yes: a.talks}, assumed: t}
terms: {calm: "a.holds = no", deal: "a.talks and b.pays"}
wants: {a: [{that: a.talks, worth: 1, assumed: t}]}
observations:
  - {on: "2030-06-01", lever: a.holds, took: yes, assumed: before the forecast was made}
  - {on: "2030-08-15", lever: a.talks, took: yes, assumed: t}
  - {on: "2030-11-01", lever: a.holds, took: half, assumed: t}
"""


def test_chances_are_those_of_the_dense_matrix():
    asked = bridge()
    made, now = forecast(asked, months=(1, 4)), present_versions(asked)
    for month in (1, 4):
        mass = sum(
            chance * courses.expm(month * courses.generator(each.chain.into.toarray().T))[asked.now]
            for chance, each in zip(now.chances, now.played.versions, strict=True)
        )
        mine = [q for q in made.questions if q.on == made.questions[0 if month == 1 else -1].on]
        for q in mine:
            assert sum(q.chances.values()) == pytest.approx(1)
            for setting, chance in q.chances.items():
                mask = asked.where(f"{q.of} = {setting}") if q.kind == "lever" else asked.where(q.of) == (setting == "yes")
                assert chance == pytest.approx(mass[mask].sum(), abs=1e-9)
    assert {q.of for q in made.questions} == {"a.holds", "a.talks", "b.pays", "calm", "deal"}


def test_a_frozen_forecast_is_read_as_it_was_and_notices_any_change():
    made = forecast(bridge(), months=(2, 5), made_on="2030-06-30")
    text = made.text()
    assert read_forecast(text) == made
    said = json.loads(text)
    said["questions"][0]["chances"] = {"no": 1.0, "half": 0.0, "yes": 0.0}
    with pytest.raises(FileError) as caught:
        read_forecast(json.dumps(said))
    assert caught.value.code == "study/forecast-changed"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"bestand_forecast": 1}', '{"bestand_forecast": 2, "digest": ""}', "[" * 50_000, "null", '"x"'])
def test_what_is_no_forecast_is_refused_in_words(text):
    with pytest.raises(FileError) as caught:
        read_forecast(text)
    assert caught.value.code == "study/bad-forecast"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["questions"][0].update(chances={"no": 0.5}),
        lambda said: said["questions"][0].update(chances={"no": float("nan"), "half": 0, "yes": 1}),
        lambda said: said["questions"][0].update(on="tomorrow"),
        lambda said: said["questions"][0].update(kind="other"),
        lambda said: said.update(now=[1]),
        lambda said: said.update(bestand_forecast=2),
        lambda said: said.update(questions=3),
        lambda said: said.update(class_rate={"2030-07-30": True}),
    ],
)
def test_a_forecast_with_nonsense_and_a_right_digest_is_refused(change):
    from bestand.study import forecast as module

    said = json.loads(forecast(bridge(), months=(1,)).text())
    said.pop("digest")
    change(said)
    with pytest.raises(FileError) as caught:
        read_forecast(json.dumps({**said, "digest": module.forecast_digest(said)}))
    assert caught.value.code == "study/bad-forecast"


def test_scores_are_those_worked_out_by_hand():
    made = forecast(bridge(), months=(2, 5), made_on="2030-07-01")  # 30 August and 29 November
    scores = score_forecast(made, read_text(LATER))
    came = {(each.question.of, each.question.on.isoformat()): each.came for each in scores.scored}
    assert came == {
        ("a.holds", "2030-08-30"): "no", ("a.holds", "2030-11-29"): "half", ("a.talks", "2030-08-30"): "yes", ("a.talks", "2030-11-29"): "yes",
        ("b.pays", "2030-08-30"): "no", ("b.pays", "2030-11-29"): "no", ("calm", "2030-08-30"): "yes", ("calm", "2030-11-29"): "no",
        ("deal", "2030-08-30"): "no", ("deal", "2030-11-29"): "no",
    }  # fmt: skip
    assert scores.n_changes == 2
    told = [(each.question.chances, each.came, each.before) for each in scores.known]
    assert scores.mean("forecast")[0] == pytest.approx(np.mean([math.log(chances[c]) for chances, c, _ in told]))
    brier = [sum((p - (s == c)) ** 2 for s, p in chances.items()) / 2 for chances, c, _ in told]
    assert scores.mean("forecast")[1] == pytest.approx(np.mean(brier))
    naive = [math.log(SURE if c == b else (1 - SURE) / (len(chances) - 1)) for chances, c, b in told]
    assert scores.mean("no change")[0] == pytest.approx(np.mean(naive))
    by = {}
    for each in scores.known:
        by.setdefault(each.question.of, []).append(each.log["forecast"] - each.log["even odds"])
    means = [np.mean(part) for part in by.values()]
    assert scores.better("even odds") == (pytest.approx(np.mean(means)), pytest.approx(np.std(means, ddof=1) / math.sqrt(5)))
    assert "hindsight" not in str(scores.table()) and "2 levers changed" in str(scores.table())


def test_what_was_not_given_moves_nothing():
    made = forecast(bridge(), months=(2, 5), made_on="2030-07-01")
    later = LATER + '  - {on: "2030-12-01", lever: a.holds, not_given: yes, assumed: t}\n'
    scores, those = score_forecast(made, read_text(later)), score_forecast(made, read_text(LATER))
    assert [each.came for each in scores.scored] == [each.came for each in those.scored] and scores.n_changes == 2


@pytest.mark.parametrize(
    ("old", "new", "of", "why"),
    [
        ("2030-12-31", "2030-11-15", "a.holds", "not due"),
        ("now: half", "now: yes", "a.holds", "undated"),
        ("now: half", "now: yes", "calm", "undated"),
        ('calm: "a.holds = no"', 'calm: "a.holds != yes"', "calm", "changed"),
        ('calm: "a.holds = no", ', "", "calm", "gone"),
    ],
)
def test_what_is_not_known_is_left_out_and_told(old, new, of, why):
    made = forecast(bridge(), months=(2, 5), made_on="2031-01-01")
    assert old in LATER
    scores = score_forecast(made, read_text(LATER.replace(old, new)))
    assert scores.scored[-5 if of == "a.holds" else -2].question.of == of
    assert scores.scored[-5 if of == "a.holds" else -2].why == why
    assert "are left out" in str(scores.table()) and "hindsight was possible" in str(scores.table())


def test_a_truce_in_force_is_scored_beside_the_rate_of_its_class():
    case = read("ukraine/2025-04")
    kept = {"us.presence": "full", "eu.force": "corps", "ua.army": "as_now", "us.mediates": "yes"}
    assert not forecast(conflict(case, view="guarded", hold=kept), months=(12,)).class_rate  # no truce is in force: nothing to hold it against
    now = {"ru.ceasefire": "yes", "ru.attacks": "quiet"}
    levers = {name: lever.model_copy(update={"now": now.get(name, lever.now)}) for name, lever in case.file.levers.items()}
    quiet = with_file(case, levers=levers)
    made = forecast(conflict(quiet, view="guarded", hold=kept), months=(12,))
    level = base_rates(case.file.deterrence.past.reference).survival([1.0])[0][0]
    assert list(made.class_rate.values()) == [pytest.approx(level)]
    scores = score_forecast(made, with_file(quiet, as_of="2026-05-01"))
    rated = [each for each in scores.known if "class rate" in each.log]
    assert [each.question.of for each in rated] == [case.file.deterrence.truce] and rated[0].log["class rate"] == pytest.approx(math.log(level))


def test_a_case_without_a_day_is_refused():
    with pytest.raises(AskError) as caught:
        forecast(conflict(read("example/en")))
    assert caught.value.code == "study/no-day"
    for months in ((), (0,), (3, 1), (1, 1.001), tuple(range(1, 30))):
        with pytest.raises(AskError) as caught:
            forecast(bridge(), months=months)
        assert caught.value.code == "study/bad-time"


def test_the_command_freezes_once_and_scores(tmp_path):
    from tests.study.test_posterior import CASE, text
    from tests.study.test_watch import TERMS

    case, later, frozen = tmp_path / "now.yaml", tmp_path / "later.yaml", tmp_path / "frozen.json"
    case.write_text(text([], CASE.replace("observations:", TERMS)) + "  []\n", encoding="utf-8")
    later.write_text(LATER, encoding="utf-8")
    words = ["forecast", str(case), "--months", "2,5", "--freeze", str(frozen)]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0 and "What will hold" in ran.output, ran.output
    first = frozen.read_text("utf-8")
    again = CliRunner().invoke(main, words)
    assert again.exit_code == 2 and "--force" in again.output and frozen.read_text("utf-8") == first
    assert CliRunner().invoke(main, [*words, "--force"]).exit_code == 0 and [p.name for p in tmp_path.glob(".bestand*")] == []
    scored = CliRunner().invoke(main, ["forecast", str(later), "--score", str(frozen)])
    assert scored.exit_code == 0 and "no change" in scored.output and "written down on" in scored.output
    frozen.write_text(first.replace('"no": 0.', '"no": 1.', 1), encoding="utf-8")
    refused = CliRunner().invoke(main, ["forecast", str(later), "--score", str(frozen)])
    assert refused.exit_code == 3 and "study/forecast-changed" in refused.output
    assert CliRunner().invoke(main, [*words, "--score", str(frozen)]).exit_code == 2


def test_a_name_given_twice_is_refused_however_deep():
    text = forecast(bridge(), months=(1,)).text()
    first, chances = '"questions":', '"chances": {'
    assert text.count(first) == 1 and chances in text
    for decoy in (text.replace(first, '"questions": [], "questions":'), text.replace(chances, chances + '"no": 0.0, ', 1)):
        with pytest.raises(FileError, match="given twice") as caught:
            read_forecast(decoy)
        assert caught.value.code == "study/bad-forecast"


def test_the_digest_is_of_just_what_is_scored():
    said = json.loads(forecast(bridge(), months=(1,)).text())
    with pytest.raises(FileError) as caught:
        read_forecast(json.dumps({**said, "more": "not scored"}))
    assert caught.value.code == "study/forecast-changed"


def test_the_forecast_of_another_conflict_is_refused_and_another_title_told():
    made = forecast(bridge(), months=(2,))
    with pytest.raises(AskError, match="of another case, “a bridge”") as caught:
        score_forecast(made, read("ukraine/2025-04"))
    assert caught.value.code == "study/other-case"
    renamed = read_text(LATER.replace("title: a bridge", "title: a ford"))
    assert "the case is “a ford”" in str(score_forecast(made, renamed)) and "one conflict" not in str(score_forecast(made, read_text(LATER)))


def test_where_every_lever_is_held_that_is_said():
    asked = bridge()
    with pytest.raises(AskError, match="every lever of the case is held") as caught:
        forecast(asked.hold(asked.at("now")))
    assert caught.value.code == "study/no-levers"


@spread("words", ["posterior {} --draws 3", "forecast {}", "indicators {}", "scenarios {}"], first=1)
def test_seconds_beyond_all_measure_are_taken(words):
    got = CliRunner().invoke(main, [*words.format("invented/mountain-road").split(), "--ahead", "1", "--seconds", "1e308"])
    assert got.exit_code == 0, got.output


def test_a_budget_beyond_all_measure_stays_a_number():
    asked = conflict(read("example/en")).draw(2)
    found = gathered(asked, Budget(error=1.0, seconds=1e308), lambda some: {"x": np.zeros((some.draws, 1))}, seconds=0.0, shown=lambda part: [*part.values()])
    assert found[1].draws >= 2 and Budget(seconds=1e308).seconds == MOST_SECONDS


@pytest.mark.parametrize("command", ["posterior", "scenarios"])
def test_a_picture_under_another_ending_is_refused(command, tmp_path):
    got = CliRunner().invoke(main, [command, "invented/mountain-road", "--picture", str(tmp_path / "x.png")])
    assert got.exit_code == 2 and "must end in .svg" in got.output and not list(tmp_path.iterdir())


def test_a_forecast_for_a_week_can_be_scored_a_week_later(tmp_path):
    frozen = tmp_path / "week.json"
    ran = CliRunner().invoke(main, ["forecast", "invented/mountain-road", "--weeks", "1,2", "--freeze", str(frozen), "--json"])
    assert ran.exit_code == 0, ran.output
    assert {row["on"] for row in json.loads(frozen.read_text())["questions"]} == {"2030-10-19", "2030-10-26"}


def test_a_forecast_with_a_name_given_twice_among_many_is_refused_at_once():
    many = ",".join(f'"{k}":1' for k in range(50_000))
    began = time.process_time()
    with pytest.raises(FileError, match="'7' is given twice"):
        read_forecast(f'{{{many},"7":2}}')
    assert time.process_time() - began < 5  # 0.1 on a quiet machine


SURE_TERMS = """
bestand: 1
title: t
as_of: "2025-01-01"
parties: {{a: {{name: A}}, b: {{name: B}}}}
levers:
  a.x: {{is: x, assumed: t}}
  a.z: {{is: z, assumed: t}}
  b.y: {{is: y, now: yes, assumed: t}}
  b.w: {{is: w, now: yes, needs: {{no: {{that: "false", assumed: t}}}}, assumed: t}}
terms: {{either: b.w or a.x, never: not b.w and a.z}}
wants: {{a: [{{that: a.x, worth: {}, assumed: t}}, {{that: b.y, worth: {}, assumed: t}}], b: [{{that: b.y, worth: {}, assumed: t}}]}}
"""


def test_what_is_sure_has_a_chance_of_one_and_is_read_again():
    told = []
    for seed in range(60 if DEEP else 8):
        made = forecast(read_text(SURE_TERMS.format(*np.random.default_rng(seed).normal(0, 3, 3).round(3))), months=(1, 3, 6))
        chances = [chance for q in made.questions for chance in q.chances.values()]
        told += [q.chances["yes"] for q in made.questions if q.of in ("either", "never")]
        assert min(chances) >= 0 and max(chances) <= 1
        assert read_forecast(made.text()).text() == made.text()
    assert told and {round(chance, 12) for chance in told} == {0.0, 1.0}
