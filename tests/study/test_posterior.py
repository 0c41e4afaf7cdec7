"""What observations say: the plain filter, closed forms, recovery of known types, calibration, refusals, the command."""

from __future__ import annotations

import json
import math
import random
from datetime import date, timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.linalg import expm

from bestand.case.lines import with_file
from bestand.case.model import Observation
from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.play.chain import after, ahead, chain
from bestand.report.worded import CodeNames
from bestand.study.posterior import over_draws, posterior, present_versions
from bestand.study.versions import versions
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import in_depth, spread
from tests.oracle import filtering
from tests.oracle.dense_play import random_game

CASE = """
bestand: 1
title: a bridge
as_of: "2030-06-30"
parties:
  a: {name: A, types: {calm: 0.7, rash: 0.3}}
  b: {name: B, types: {open: 0.5, shut: 0.5}}
levers:
  a.holds: {is: holds the bridge, settings: [no, half, yes], now: no, assumed: t}
  a.talks: {is: talks, now: no, assumed: t}
  b.pays: {is: pays, now: no, needs: {yes: a.talks}, assumed: t}
wants:
  a:
    calm: [{that: a.talks, worth: 0.4, assumed: t}, {that: a.holds = no, worth: 0.6, assumed: t}]
    rash: [{that: a.holds = yes, worth: 1.2, assumed: t}, {that: not a.talks, worth: 0.2, assumed: t}]
  b:
    open: [{that: b.pays implies a.holds = no, worth: 0.5, assumed: t}, {that: b.pays, worth: 0.3, assumed: t}]
    shut: [{that: not b.pays, worth: 0.7, assumed: t}]
play:
  tempo: {a: {value: 0.8, range: [0.4, 2], assumed: t}, b: {value: 0.6, range: [0.3, 1.5], assumed: t}}
  noise: {a: {value: 0.8, range: [0.3, 2], assumed: t}, b: 0.7}
observations:
"""
SEEN = [
    {"on": "2030-05-10", "lever": "a.holds", "took": "half"},
    {"on": "2030-06-10", "since": "2030-05-01", "lever": "a.talks", "not_given": "yes"},
    {"on": "2030-06-15", "lever": "a.holds", "took": "no"},
    {"on": "2030-06-15", "lever": "a.talks", "took": "yes"},
    {"on": "2030-06-28", "lever": "b.pays", "not_given": "yes"},
    {"on": "2030-07-20", "lever": "a.holds", "took": "yes"},
]


def text(seen=SEEN, case=CASE) -> str:
    rows = [", ".join(f'{key}: "{value}"' for key, value in row.items()) for row in seen]
    now = {row["lever"]: row["took"] for row in seen if "took" in row and row["on"] <= "2030-06-30"}
    for lever, took in now.items():
        head, _, tail = case.partition(f"{lever}: {{")
        case = f"{head}{lever}: {{{tail.replace('now: no', f'now: {took}', 1)}"
    return case + "\n".join(f"  - {{{row}, assumed: t}}" for row in rows) + "\n"


def plainly(asked, seen):
    """The oracle's chances of the versions."""
    graph, played = asked.graph, versions(asked)
    states = [graph.at(s) for s in range(graph.n_states)]
    settings = dict(zip(graph.levers, graph.settings, strict=True))
    logs = [filtering.log_likelihood(each.chain.into.toarray().T, states, settings, asked.at("now"), seen, "2030-06-30") for each in played.versions]
    return filtering.posterior(list(played.prior), logs), logs


def test_the_posterior_is_that_of_the_plain_filter():
    asked = conflict(read_text(text()))
    found = posterior(asked)
    expected, logs = plainly(asked, SEEN)
    assert found.chances == pytest.approx(expected, rel=1e-9)
    assert found.by_week[0, :, -1] == pytest.approx(logs, rel=1e-9)
    assert [each.unused for each in found.record.seen] == ["", "", "", "", "later"]
    assert len(found.record.starts) == 2  # it held the bridge wholly or not at all before it was seen to hold half of it


@spread("seed", range(12))
def test_random_records_are_read_as_by_the_plain_filter(seed):
    r, seen = random.Random(seed), []
    settings = {"a.holds": ["no", "half", "yes"], "a.talks": ["no", "yes"]}
    now = {}
    for on in sorted(r.sample(range(5, 80), 5)):
        day = (date(2030, 4, 1) + timedelta(days=on)).isoformat()
        lever = r.choice(list(settings))
        if r.random() < 0.6:
            took = r.choice([s for s in settings[lever] if s != now.get(lever)])
            now[lever] = took
            seen.append({"on": day, "lever": lever, "took": took})
        else:
            since = (date(2030, 4, 1) + timedelta(days=r.randrange(on))).isoformat()
            seen.append({"on": day, **({"since": since} if r.random() < 0.5 else {}), "lever": "b.pays", "not_given": "yes"})
    asked = conflict(read_text(text(seen)))
    expected, logs = plainly(asked, seen)
    found = posterior(asked)
    assert found.by_week[0, :, -1] == pytest.approx(logs, rel=1e-9, abs=1e-9)
    assert found.chances == pytest.approx(expected, rel=1e-9)


def test_factors_multiply_to_the_whole_and_weeks_end_where_entries_do():
    found = posterior(conflict(read_text(text()), draws=20))
    for party, type_ in (("a", "calm"), ("a", "rash"), ("b", "shut")):
        before, now = found.before(party, type_), found.of(party, type_)
        assert np.prod(found.factors(party, type_)) == pytest.approx(now / (1 - now) / (before / (1 - before)))
    assert found.by_week[:, :, -1] == pytest.approx(found.by_entry.sum(axis=2))
    assert found.of("a", "calm", week=0) == pytest.approx(0.7)
    assert found.weights().sum() == pytest.approx(1) and 1 <= found.effective <= 20
    assert {"play.tempo.a", "play.noise.a"} <= set(found.numbers) and "play.noise.b" not in found.numbers


def test_what_was_not_given_before_says_how_it_began():
    early = [{"on": "2030-05-10", "since": "2030-05-01", "lever": "a.holds", "not_given": "yes"}]
    asked = conflict(read_text(text(SEEN + early)))
    found = posterior(asked)
    assert [start["a.holds"] for start in found.record.starts] == ["no"]
    assert found.by_week[0, :, -1] == pytest.approx(plainly(asked, SEEN + early)[1], rel=1e-9)


def test_waiting_in_vain_is_the_exponential_of_the_rate():
    seen = [{"on": "2030-06-30", "since": "2030-04-30", "lever": "a.talks", "not_given": "yes"}]
    asked = conflict(read_text(text(seen)))
    found, graph = posterior(asked), asked.graph
    for k, each in enumerate(versions(asked).versions):
        row = each.chain.into.toarray()[:, asked.now]
        rate = sum(row[t] for t in range(graph.n_states) if graph.at(t)["a.talks"] == "yes")
        assert found.by_week[0, k, -1] == pytest.approx(-rate * 61 / (365.25 / 12))


def test_a_silence_listed_twice_says_no_more_than_once():
    once = [{"on": "2030-06-30", "since": "2030-05-01", "lever": "a.talks", "not_given": "yes"}]
    one, two = (posterior(conflict(read_text(text(seen)))) for seen in (once, once * 2))
    assert two.chances == pytest.approx(one.chances)
    assert two.factors("a", "calm")[1] == pytest.approx(1)


def test_what_does_not_tell_types_apart_is_said():
    found = posterior(conflict(read_text(text([{"on": "2030-06-30", "since": "2030-05-01", "lever": "a.talks", "not_given": "yes"}]))))
    assert ("b", "open", "shut") in found.alike and ("a", "calm", "rash") not in found.alike
    assert "cannot tell b: open from b: shut" in str(found.table())
    assert found.of("b", "open") == pytest.approx(0.5, abs=0.02)


def simulated(asked, version, days, r):
    """A whole record of what one version does: every move with its day, and that nothing followed."""
    graph, q = asked.graph, version.chain.into.toarray().T
    here, seen, last = asked.now, [], {}
    begin = date(2030, 6, 30) - timedelta(days=days)
    for day in range(1, days):
        rates = q[here] / filtering.MONTH
        if r.random() < 1 - math.exp(-rates.sum()):
            there = r.choices(range(graph.n_states), rates)[0]
            on = (begin + timedelta(days=day)).isoformat()
            for lever, (_, new) in graph.changes(here, there).items():
                seen.append(Observation(on=on, lever=lever, took=new))
                last[lever] = on
            here = there
    for lever, settings in zip(graph.levers, graph.settings, strict=True):
        moved = [each.on for each in seen if each.lever == lever]
        stood = asked.at("now")[lever]
        seen += [Observation(on=moved[0], since=begin.isoformat(), lever=lever, not_given=s) for s in settings if moved and s != stood]
        since = last.get(lever, begin.isoformat())
        seen += [Observation(on="2030-06-30", since=since, lever=lever, not_given=s) for s in settings if s != graph.at(here)[lever]]
    levers = {name: lever.model_copy(update={"now": graph.at(here)[name]}) for name, lever in asked.case.file.levers.items()}
    return conflict(with_file(asked.case, observations=tuple(seen), levers=levers))


def test_a_known_type_is_recovered_from_what_it_does():
    asked = conflict(read_text(text([]) + "  []\n"))
    played = versions(asked)
    for k, version in enumerate(played.versions):
        found = posterior(simulated(asked, version, 1_500, random.Random(k)))
        assert found.of("a", version.types["a"]) > 0.95
        if version.types["a"] == "calm":  # where the rash one never talks, b never has the choice that would tell
            assert found.of("b", version.types["b"]) > 0.9


@in_depth
def test_chances_are_calibrated_over_many_simulations():
    asked, r = conflict(read_text(text([]) + "  []\n")), random.Random(7)
    played, told, true = versions(asked), [], []
    for _ in range(200):
        version = r.choices(played.versions, played.prior)[0]
        found = posterior(simulated(asked, version, 90, r))
        told.append(found.of("a", "calm"))
        true.append(version.types["a"] == "calm")
    told, true = np.array(told), np.array(true, float)
    assert abs(told.mean() - true.mean()) < 3 * math.sqrt((told * (1 - told)).sum()) / 200
    for some in np.array_split(np.argsort(told), 4):  # in each quarter as many are calm as was said, within sampling error
        assert abs(told[some].sum() - true[some].sum()) < 3.5 * math.sqrt((told[some] * (1 - told[some])).sum()) + 0.5
    assert ((told - true) ** 2).mean() < ((0.7 - true) ** 2).mean() - 0.03


@pytest.mark.parametrize("seed", range(6))
def test_the_chain_is_the_dense_matrix_and_its_exponential(seed):
    game, dense = random_game(seed)
    values = np.random.default_rng(seed).normal(size=game.flow.shape)
    made, q = chain(game, values), dense.rates(values)
    assert np.allclose(made.into.toarray().T, q)
    n = game.graph.n_states
    whole, start = expm(0.7 * (q - np.diag(q.sum(axis=1)))), np.eye(n)
    assert np.allclose(after(made, start, 0.7).T, whole, atol=1e-9)
    assert np.allclose(ahead(made, start, 0.7), whole, atol=1e-9)
    inside = np.random.default_rng(seed).random(n) < 0.6
    part = (q - np.diag(q.sum(axis=1)))[np.ix_(inside, inside)]
    kept = after(made, start, 0.7, within=np.repeat(inside[:, None], n, axis=1))
    assert np.allclose(kept[np.ix_(inside, inside)].T, expm(0.7 * part), atol=1e-9)


@pytest.mark.parametrize(
    ("seen", "case", "code"),
    [
        ([{"on": "2030-07-20", "lever": "a.holds", "took": "yes"}], CASE, "study/no-observations"),
        ([{"on": "2030-06-20", "lever": "a.holds", "took": "yes"}], CASE.replace("types: {calm: 0.7, rash: 0.3}", "types: {calm: 1, rash: 0}").replace("open: 0.5, shut: 0.5", "open: 1, shut: 0"), "study/nothing-open"),
        ([{"on": "2030-06-20", "since": "1800-01-01", "lever": "a.holds", "not_given": "yes"}], CASE, "study/record-too-long"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(seen, case, code):
    asked = conflict(read_text(text(seen, case)))
    with pytest.raises(AskError) as caught:
        posterior(asked)
    assert caught.value.code == code


def test_banned_ways_are_refused_and_open_ones_kept():
    banned = CASE.replace("observations:", 'never: [{that: a.holds = half and a.talks, assumed: t}]\nobservations:')
    seen = [{"on": "2030-06-01", "lever": "a.talks", "took": "yes"}, {"on": "2030-06-10", "lever": "a.holds", "took": "half"}, {"on": "2030-06-11", "lever": "a.holds", "took": "no"}]
    with pytest.raises(AskError) as caught:
        posterior(conflict(read_text(text(seen, banned))))
    assert caught.value.code == "study/impossible-record"


def test_what_nobody_could_do_counts_for_nothing_and_is_told():
    seen = [{"on": "2030-06-01", "lever": "a.talks", "took": "no"}, {"on": "2030-06-10", "lever": "b.pays", "took": "yes"}]
    found = posterior(conflict(read_text(text(seen))))
    assert [each.unused for each in found.record.seen] == ["", "impossible"] and "b.pays=yes (no version could have done that from there)" in str(found.table())


def test_time_that_runs_out_leaves_draws_out_and_says_how_many_count(monkeypatch):
    monkeypatch.setitem(posterior.__globals__, "seconds_each", lambda *_: 1.0)
    found = posterior(conflict(read_text(text()), draws=500), budget=Budget(seconds=60))
    assert len(found.by_week) == 60 // 4 and len(found.played.versions) == 4


def test_the_command_prints_tables_and_a_picture(tmp_path):
    case = tmp_path / "bridge.yaml"
    case.write_text(text(), encoding="utf-8")
    picture = tmp_path / "weeks.svg"
    words = ["posterior", str(case), "--draws", "8", "--picture", str(picture)]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0 and "What observations say" in ran.output and "Week by week" in ran.output, ran.output
    assert picture.read_text("utf-8").startswith("<svg") and ">1 May 2030<" in picture.read_text("utf-8")
    assert CliRunner().invoke(main, words).exit_code == 2  # the picture is there already
    told = json.loads(CliRunner().invoke(main, ["posterior", str(case), "--draws", "1", "--json"]).stdout)
    assert {row["type"] for row in told["types"]} == {"calm", "rash", "open", "shut"} and told["draws"] == 1


def test_where_one_version_alone_has_time_that_is_said_and_not_that_nothing_is_open():
    with pytest.raises(AskError) as error:
        posterior(read("invented/mountain-road"), budget=Budget(seconds=1e-6))
    assert error.value.code == "graph/too-long"


def test_the_headline_is_of_the_own_numbers_and_draws_stand_beside_it():
    asked = conflict(read_text(text()))
    one, many = posterior(asked), posterior(asked.draw(40))
    assert [row[:6] for row in many.table().rows] == [row[:6] for row in one.table().rows] and "over draws" not in one.table().columns
    for party, type_, *_, mean, error in many.table().rows:
        assert mean == pytest.approx(many.of(party, type_)) and 0 < error < 0.3
    weight = many.played.prior * np.exp(many.by_week[:, :, -1] - many.by_week[:, :, -1].max())
    party, type_ = many.table().rows[0][:2]
    mine, rng = weight[:, many.played.of(party, type_)].sum(axis=1), np.random.default_rng(1)
    picked = rng.integers(0, 40, (4000, 40))
    again = mine[picked].sum(axis=1) / weight.sum(axis=1)[picked].sum(axis=1)
    assert many.error(party, type_) == pytest.approx(again.std(), rel=0.35)  # the bootstrap


def test_draws_that_had_no_time_are_counted(monkeypatch):
    monkeypatch.setitem(posterior.__globals__, "seconds_each", lambda *_: 1.0)
    found = posterior(conflict(read_text(text())).draw(200), budget=Budget(seconds=12))
    assert len(found.by_week) == 3 and f"only {len(found.by_week)} of 200 draws were weighed" in str(found)


def test_draws_beside_the_page_are_no_more_than_fit_in_memory_and_time(monkeypatch):
    """Of 16 versions of 13,824 states two hundred draws at once took nine gigabytes."""
    asked = conflict(read("invented/mountain-road"))
    now = present_versions(asked, ahead=1).posterior
    assert now is not None
    monkeypatch.setitem(over_draws.__globals__, "MOST_CELLS", 3 * asked.graph.n_states * len(asked.parties) * len(now.played.versions))
    weighed = over_draws(now, draws=50)
    assert (len(weighed.by_week), weighed.asked) == (3, 50) and "only 3 of 50 draws" in " ".join(weighed.notes())
    assert len(over_draws(now, draws=50, budget=Budget(seconds=1e-9)).by_week) == 1


def test_wants_in_the_same_words_are_told_apart_by_the_version_that_has_them():
    wants = "{that: not a.talks, is: to fish, worth: 0.5, assumed: t}"
    about = conflict(read_text(text(SEEN, CASE.replace("{that: not a.talks, worth: 0.2, assumed: t}", wants).replace("{that: a.talks, worth: 0.4, assumed: t}", wants))))
    told = CodeNames(Telling(about, words("en")))
    assert (told.want("wants.a.calm[0].worth"), told.want("wants.a.rash[1].worth")) == ("A as “calm”: “to fish”", "A as “rash”: “to fish”")
    assert told.want("wants.a.calm[1].worth").startswith("A: “")
