"""Every method of every result with every wrong thing: an answer, or words that say what is wrong; never a traceback of Python's."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import math
import pickle
import re
from functools import cache

import numpy as np
import pytest

import bestand
from bestand import show
from bestand.errors import AskError
from bestand.graph.conflict import Conflict
from bestand.show import Shown
from tests.depth import spread
from tests.hostile.test_options import CASE, calls, case, frontier, refused_or_answered, swept, things, version

TWO = {"state": "now", "coalition": ["a", "b"]}
RIGHT: dict[str, dict[str, object]] = {
    "Agreements.gains": {"state": "now"}, "Agreements.states": {"draw": 0}, "Backtest.calibration": {"year": 1.0}, "Backtest.score": {"model": "km"},
    "BaseRates.survival": {"years": [0.5, 1.0]}, "Brief.save": {"path": "brief.html"}, "Carried.told": {"fate": "kept", "language": "nl"},
    "Coalitions.attempts": TWO, "Coalitions.holds": {"coalition": ["a", "b"]}, "Coalitions.upset_by": {"state": "now"},
    "Coalitions.upsets": {"state": "now"}, "Coalitions.why": {**TWO, "most": 3}, "Combined.headline": {"year": 1.0}, "Comparison.told": {"group": 0},
    "Concessions.crosses": {"k": 0}, "Concessions.touches": {"k": 0}, "Concessions.words": {"k": 0}, "Cores.words": {"k": 0},
    "Cox.survival": {"values": [[0.5]], "years": [0.1, 0.2]}, "Degrees.equilibria": {"concept": "nash_a"},
    "Degrees.holds": {"concept": "nash_a", "party": "a"}, "Flips.told": {"group": 0}, "Frontier.label": {"outcome": 0}, "Frontier.outcomes": {"point": 0},
    "Indicators.of_types": {"party": "a"}, "Offers.alike": {"point": 0}, "Offers.label": {"point": 0}, "Page.save": {"path": "page.html"},
    "Paths.to": {"state": "now"}, "Payments.transfers": {"outcome": 0}, "Play.next_choices": {"state": "now", "month": 1.0},
    "Posterior.before": {"party": "a", "type_": "calm"}, "Posterior.error": {"party": "a", "type_": "calm"},
    "Posterior.factors": {"party": "a", "type_": "calm"}, "Posterior.of": {"party": "a", "type_": "calm", "week": 0},
    "Posterior.weights": {"week": -1}, "Posterior.words": {"entry": 0}, "Proposals.changed": {"items": []}, "Scenarios.below": {"k": 0},
    "Scenarios.course": {"k": 0}, "Scenarios.when": {"step": 0}, "Scores.better": {"model": "no change"}, "Scores.mean": {"model": "forecast"},
    "Space.less": {"names": "number"}, "Space.only": {"names": "number"}, "Spells.column": {"covariate": "size"},
    "Spells.columns": {"covariates": ["size"]}, "Spells.complete": {"covariates": ["size"]}, "Spells.rows": {"rows": np.array([0, 0])},
    "Spells.where": {"mask": [True, False]}, "Stability.equilibria": {"concept": "nash", "draw": 0},
    "Stability.holds": {"concept": "nash", "party": "a", "draw": 0}, "Strategies.against_concept": {"result": None, "month": -1},
    "Strength.equilibria": {"concept": "nash"}, "Strength.holds": {"concept": "nash", "party": "a"},
    "Strength.weakly": {"concept": "seq", "party": "a"}, "Survival.breaks": {"most": 1}, "Sweep.column": {"name": "rests truce"},
    "Sweep.columns": {"names": "draw"}, "Sweep.opening": {"name": ""}, "Sweep.query": {"sql": "select 1"},
    "Violations.alarm": {"level": 0.9}, "Violations.forecast": {"periods": 2, "draws": 10, "rng": None},
    "Withdrawal.difference": {"one": "known date", "other": "unknown date, foreseen"},
}  # fmt: skip


@cache
def results() -> dict[str, object]:
    """One result of every kind that public functions give, by its class."""
    given = [getattr(bestand, name)(**arguments) for name, arguments in calls().items() if name != "to_ema"]
    every = [*given, frontier(), swept(), bestand.space(case())]
    return {type(each).__name__: each for each in every if isinstance(each, Shown | bestand.Brief | bestand.Page) and not isinstance(each, Conflict)}


def asked() -> list[str]:
    """Methods of results that take something."""
    names = []
    for name, result in results().items():
        public = [each for each in dir(result) if each[0] != "_" and inspect.isfunction(inspect.getattr_static(type(result), each))]
        names += [f"{name}.{each}" for each in public if inspect.signature(getattr(result, each)).parameters and each != "picture"]
    return sorted(names)


def right(name: str) -> dict[str, object]:
    """What a method takes; of what only a result itself can give, the first."""
    return RIGHT[name] | {
        "Strategies.against_concept": lambda: {"result": results()["Strategies"].results[0]},
        "Sweep.opening": lambda: {"name": results()["Sweep"].openings[0].name},
    }.get(name, dict)()


def call(name: str, arguments: dict[str, object]) -> object:
    of, method = name.split(".")
    bound = getattr(results()[of], method)
    several = next((each.name for each in inspect.signature(bound).parameters.values() if each.kind is each.VAR_POSITIONAL), "")
    answer = bound(*[arguments[key] for key in arguments if key == several], **{key: each for key, each in arguments.items() if key != several})
    return list(answer) if inspect.isgenerator(answer) else answer


def test_every_method_of_a_result_has_a_right_call_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert asked() == sorted(RIGHT)
    for name in RIGHT:
        call(name, right(name))


@spread("name", sorted(RIGHT), first=10)
def test_a_wrong_thing_put_to_a_result_is_refused_in_words_or_answered(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed = []
    for parameter in right(name):
        for thing in [*things(), (each for each in "ab"), iter([1])]:
            try:
                refused_or_answered(lambda: call(name, right(name) | {parameter: thing}))  # noqa: B023
            except Exception as error:
                failed.append(f"{name}({parameter}={thing!r:.60}): {type(error).__name__}: {error!s:.80}")
    assert not failed, "\n".join(failed)


COUNTED = {"k", "point", "draw", "group", "outcome", "entry", "week", "month", "step"}


def counted() -> list[tuple[str, str]]:
    return [(name, key) for name, given in RIGHT.items() for key, each in given.items() if key in COUNTED and type(each) is int]


@pytest.mark.parametrize(("name", "key"), counted())
@pytest.mark.parametrize("number", [-2, 10**6])
def test_a_number_that_a_result_has_not_is_no_other_one(name, key, number):
    if name in ("Frontier.label",):
        return  # a frontier of worths alone has no names but numbers
    with pytest.raises(AskError, match=rf"no .*{number}\b"):
        call(name, right(name) | {key: number})


@pytest.mark.parametrize("name", [name for name in RIGHT if {"party", "type_", "model", "fate", "concept", "covariate", "one"} & set(RIGHT[name])])
def test_a_name_that_a_result_has_not_is_no_empty_answer(name):
    with pytest.raises(bestand.BestandError, match="nobody"):
        key = next(each for each in RIGHT[name] if isinstance(RIGHT[name][each], str))
        call(name, right(name) | {key: "nobody"})


def test_every_result_is_drawn_in_known_languages_alone():
    for result in results().values():
        if isinstance(result, Shown):
            result.picture("nl")
            with pytest.raises(AskError, match="unknown-language"):
                result.picture("de")


def test_what_is_shown_of_a_result_is_what_a_person_would_read():
    """Typed in Python or left in a cell: a table, or a line; not its arrays, and nothing that styles the page about it."""
    main = bestand.conflict(bestand.read("ukraine/2025-04"))
    for shown in (*results().values(), main, main.case, main.graph, main.worth, bestand.stability(main), bestand.agreements(main, that="ceasefire")):
        told, html = repr(shown), getattr(shown, "_repr_html_", str)()
        assert len(told) < 10_000 and " object at 0x" not in told and "array(" not in told, (type(shown).__name__, told[:200])
        about = re.sub(r'srcdoc="[^"]*"', "", html)
        assert len(html) < 100_000 and not re.search(r"<(html|head|body|script)\b", about), (type(shown).__name__, html[:200])
        sheets = "".join(re.findall("<style>(.*?)</style>", about))
        assert all(each.startswith("svg.graph ") for each in sheets.split("}")[:-1]), sheets


def again(result):
    """The same result, as another process hands it back, or a file that keeps it."""
    return pickle.loads(pickle.dumps(result))


@pytest.mark.parametrize("name", sorted({each.partition(".")[0] for each in RIGHT} | {"Settlement", "Thresholds", "Witness", "Inverse", "Unlocks"}))
def test_a_result_is_equal_to_what_holds_the_same_and_to_nothing_else(name):
    """Also where it holds arrays, of which `==` gives no single answer: as a member of a list and of a set, and copied."""
    result = results()[name]
    for same in (again(result), copy.copy(result), copy.deepcopy(result)):
        assert result == same and hash(result) == hash(same) and same in [0, result] and same in {result}
    assert result not in [each for each in results().values() if each is not result] and result != 0
    for each in dataclasses.fields(result):
        held = getattr(result, each.name)
        if each.compare and each.init and isinstance(held, np.ndarray) and held.size and held.dtype.kind in "fiub":
            other = held.copy()
            other.flat[-1] = not other.flat[-1] if held.dtype.kind == "b" else other.flat[-1] + 1 if np.isfinite(other.flat[-1]) else 7
            assert dataclasses.replace(result, **{each.name: other}) != result, each.name


@pytest.mark.parametrize("one, other", [(1, 1.0), (1, np.int64(1)), (True, np.True_), (math.nan, float("nan")), (2.5, np.float64(2.5))])
def test_results_that_are_equal_have_one_hash_whatever_type_their_numbers_are_of(one, other):
    result = results()["Tips"]
    made = [dataclasses.replace(result, answer=number) for number in (one, other)]
    assert made[0] == made[1] and hash(made[0]) == hash(made[1]) and len({*made}) == 1


def test_what_results_are_made_of_is_compared_by_what_it_holds_too():
    """A graph and worths, and the answer for one of several: numpy's arrays have no single answer to `==`."""
    usual = bestand.conflict(case())
    parts = [usual.graph, usual.worth, results()["Postures"].results[0], results()["Strategies"].results[0]]
    for part in parts:
        assert part == again(part) and hash(part) == hash(again(part)) and part in [0, again(part)] and len({part, again(part)}) == 1
    held = bestand.conflict(case(), view="few")
    assert usual.graph not in (held.graph, usual.worth) and usual.worth != held.worth and usual.worth == bestand.conflict(case()).worth


def test_a_conflict_is_equal_to_the_same_view_of_the_same_case_held_and_drawn_alike():
    usual = bestand.conflict(case())
    usual.where("truce")  # what is kept of one says nothing of what it is
    assert usual == bestand.conflict(bestand.read_text(CASE)) == again(usual) and len({usual, bestand.conflict(case())}) == 1
    held = usual.graph.levers[0]
    others = (
        bestand.conflict(case(), view="few"), usual.draw(3), usual.draw(3, seed=1), usual.on_scale("cardinal"), bestand.conflict(version()),
        bestand.conflict(case(), hold={held: usual.graph.all_settings[held][0]}),
    )  # fmt: skip
    assert len({usual, *others}) == 1 + len(others)
    assert case() == again(case()) != version() and len({case(), again(case()), version()}) == 2
    apart = [bestand.conflict_of(usual.graph, usual.worth) for _ in range(2)]
    assert apart[0] == apart[0] != apart[1]  # of worths alone: nothing says that both mean the same


def test_a_result_that_is_typed_is_a_page_however_long_and_its_table_has_all() -> None:
    told = bestand.space(bestand.read("ukraine/2025-04"))
    rows, shown = told.table().rows, str(told).splitlines()
    assert len(rows) > 2 * show.ROWS_OF_A_PAGE and shown[-1] == f"{len(rows) - show.ROWS_OF_A_PAGE} more rows: its table() has all"
    assert len(shown) == show.ROWS_OF_A_PAGE + 4
    assert told._repr_html_().count("<tr>") == show.ROWS_OF_A_PAGE + 1 and repr(told) == str(told)
