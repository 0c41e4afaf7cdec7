"""Every public function with every wrong thing: an answer, or words that say what is wrong; never a traceback of Python's."""

from __future__ import annotations

import atexit
import copy
import dataclasses
import inspect
import random
import shutil
import signal
import tempfile
from collections import UserDict
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bestand
from bestand.arguments import shown
from bestand.case.template import new
from bestand.errors import BestandError
from bestand.graph.budget import Budget
from bestand.truce.zones import grounds
from tests.depth import spread
from tests.hostile.test_numbers import text
from tests.study.test_posterior import SEEN
from tests.study.test_watch import bridge

FUNCTIONS = sorted(name for name in bestand.__all__ if inspect.isfunction(getattr(bestand, name)))
PLACE = Path(tempfile.mkdtemp(prefix="bestand-options-"))
atexit.register(shutil.rmtree, PLACE, ignore_errors=True)  # shared by modules of tests, so that it goes when the process does
LONGEST = 5  # seconds of the processor
OBSERVED = [1, 0, 2, 0, 1, 3, 0, 1, 2, 2, 0, 1, 0, 4, 1, 0]
CASE = text().replace("levers:\n", "levers:\n  a.yields: {is: v, settings: [none, some, all], assumed: t}\n")
CASE = CASE.replace("{all: {vary: all}}", "{all: {vary: all}, few: {vary: [a.attacks]}}")
CASE = CASE.replace("  decisiveness:", "  strategies: {s1: {is: S, assumed: t, sets: {b.stands: there}}}\n  decisiveness:", 1)
CASE = CASE.replace("b: [{that: truce", "b: [{that: 'a.yields = all', worth: 3, assumed: t}, {that: truce")


@cache
def case():
    return bestand.read_text(CASE)


@cache
def version():
    return bestand.read_text(CASE.replace("that: 'a.yields = all'", "that: 'a.yields = some'"))


@cache
def asked():
    return bestand.conflict(case())


@cache
def frontier():
    return bestand.frontier(bestand.conflict(case(), scale="cardinal"))


@cache
def swept():
    return bestand.sweep(case(), bestand.space(case()), bestand.measure(case(), "rests truce"), n=64, out=PLACE / "swept")


@cache
def chosen():
    options = {"p": {"b.stands": "there"}, "q": {"b.stands": "gone"}}
    return bestand.sweep(case(), bestand.space(case()), bestand.measure(case(), "rests truce"), n=64, out=PLACE / "chosen", options=options)


@cache
def studied():
    return bestand.study(case(), draws=4, quick=True)


@cache
def rested():
    return bestand.equilibrium(asked(), noise=0.5)


@cache
def spells():
    r = np.random.default_rng(1)
    return bestand.spells(r.random(40) + 0.1, r.random(40) < 0.7, group=[f"g{k % 3}" for k in range(40)], covariates={"size": r.random(40)})


@cache
def rates():
    return bestand.base_rates(spells(), resamples=20, rng=rng())


@cache
def begun():
    return bestand.read_text(new("T"))


@cache
def spell_file():
    path = PLACE / "spells.csv"
    path.write_text("years,ended\n1,1\n2,0\n0.5,1\n")
    return path


@cache
def count_file():
    path = PLACE / "counts.csv"
    path.write_text("period,violations\n2020-01,1\n2020-02,0\n2020-03,4\n")
    return path


@cache
def game_file():
    path = PLACE / "game.nfg"
    path.write_text('NFG 1 R "g" { "A" } { 2 } 0 1')
    return path


@cache
def drafted():
    path = PLACE / "said.txt"
    path.write_text("On Monday A said that it would not attack. B must stand there.\n")
    return path, bestand.draft([path], into=case())


def rng():
    return np.random.default_rng(0)


@cache
def calls() -> dict[str, dict[str, object]]:
    """A right call of every public function."""
    a, f, few = asked(), frontier(), Budget(seconds=0.05, error=1.0)
    path, proposals = drafted()
    return {
        "accept": {"case": case(), "proposals": proposals, "take": [], "by": "me", "on": "2026-01-02", "edits": {}, "sources": PLACE},
        "agreements": {"conflict": a, "that": "truce", "fallback": "now", "excluding": [], "types": None},
        "answers_at": {"case": case(), "space": bestand.space(case()), "measure": bestand.measure(case(), "rests truce"), "unit": np.full((2, len(bestand.space(case()).openings)), 0.5), "view": None, "hold": None},
        "backtest": {"spells": spells(), "models": ["km"], "covariates": [], "years": [1.0], "penalty": 0.05, "leave_out": "group", "own": None, "progress": lambda share: None},
        "base_rates": {"past": spells(), "model": "km", "resamples": 20, "posture": None, "breakdown": None, "rng": rng()},
        "boxes": {"sweep": swept(), "measure": "rests truce", "at_least": None, "answer": "yes", "density": None, "most": 1},
        "brief": {"study": studied(), "since": None, "language": "en", "report": ""},
        "by_source": {"conflict": a, "by": "speaker", "goal": "truce", "budget": few},
        "catalogue": {},
        "certificate": {"game": rested().game, "policy": rested().policy, "values": rested().values, "surplus": True},
        "check": {"case": case()},
        "choices": {"sweep": chosen(), "measure": "rests truce", "at_least": 0.5},
        "coalitions": {"conflict": a, "concept": "nash", "moves": "paying", "coalitions": [["a", "b"]], "reading": "sequences", "draw": 0, "threads": 1, "budget": few},
        "combine": {"reference": rates(), "ratio_draws": [0.5, 1.0], "weights": {"game": 0.5, "no difference": 0.5}, "cause_present": None, "against": None, "class_draws": None, "breakdown": None, "years": [1.0], "empirical": (0.4, 0.2, 0.9), "draws": 20, "rng": rng()},
        "compare": {"one": case(), "other": version(), "view": "few", "hold": None, "by": "line", "measures": [], "draws": 2, "seed": 0, "budget": few},
        "concessions": {"conflict": a, "demands": None, "which": "every want", "fallback": "now", "excluding": [], "that": None, "types": None, "weights": "one each", "route": "auto", "most": 10, "seconds": 1.0},
        "conflict": {"case": case(), "view": "few", "hold": {"b.stands": "there"}, "draws": 2, "seed": 1, "scale": "ordinal", "vary": ["numbers"]},
        "conflict_of": {"graph": a.graph, "worth": a.worth},
        "cores": {"conflict": a, "demands": None, "which": "every want", "fallback": "now", "excluding": [], "that": None, "types": None, "route": "auto", "most": 10, "seconds": 1.0},
        "counts": {"count": [1, 0, 2], "periods": ["2020-01", "2020-02", "2020-03"], "what": "shots", "notes": []},
        "cox": {"spells": spells(), "covariates": ["size"], "penalty": 0.1},
        "diff": {"old": case(), "new": begun()},
        "divide": {"points": {"a": {"x": 60, "y": 40}, "b": {"x": 30, "y": 70}}, "rule": "nash"},
        "draft": {"sources": [path], "into": case(), "language": "en", "speaker": "a", "waiting": None, "model": None, "kept": None},
        "earlier": {"case": case(), "since": "example/en", "sources": None},
        "equilibrium": {"conflict": a, "tempo": 1.0, "noise": {"a": 0.5, "b": 0.5}, "discount": 0.2, "move_cost": {"a.attacks": 0.1}, "select": "status quo", "tolerance": 1e-6, "surplus": True, "draw": 0, "budget": None},
        "export": {"conflict": a, "to": "nfg", "of": None, "sources": PLACE},
        "forecast": {"conflict": awaited(), "months": [1], "ahead": 1.0, "made_on": "2030-07-01", "budget": few},
        "flips": {"old": case(), "new": version(), "view": "few", "hold": None, "goal": "truce", "hypotheses": False, "truces": False, "budget": few, "against": None},
        "forecast_scores": {"observed": OBSERVED, "last": 1, "reporting": 1.0, "progress": lambda share: None},
        "frontier": {"conflict": a, "among": "truce", "fallback": "now", "draw": 0},
        "frontier_of": {"worth": np.array([[0.0, 1, 2], [2.0, 1, 0]]), "parties": ["a", "b"], "among": np.ones(3, bool), "fallback": [0.0, 0.0]},
        "import_": {"file": game_file(), "kind": "gambit", "seen_by": None, "into": None, "sources": PLACE},
        "indices": {"sweep": sobol(), "measure": "rests truce", "resamples": 20, "seed": 0},
        "indicators": {"conflict": awaited(), "weeks": 4.0, "months": 3.0, "outcome": "deal", "ahead": 1.0, "budget": few},
        "information": {"sweep": chosen(), "measure": "rests truce"},
        "inverse": {"conflict": a, "state": "now", "party": "a", "concept": "seq", "moves": "paying", "draw": 0},
        "joint": {"conflict": a, "that": "truce", "start": "now", "excluding": [], "draw": 0},
        "measure": {"case": case(), "asked": "rests truce", "view": "few"},
        "offers": {"frontier": f, "rounds": 3, "discount": 0.9, "risk": 0.1, "order": ["a", "b"]},
        "paths": {"conflict": a, "start": "now", "goal": "truce", "by": "best", "without": "b.stands=there", "excluding": [], "draw": 0, "budget": few},
        "payments": {"frontier": f, "payers": "outside"},
        "play": {"conflict": a, "months": 3.0, "tempo": 1.0, "noise": {"a": 0.5, "b": 0.5}, "discount": 0.2, "move_cost": {"a.attacks": 0.1}, "draw": 0, "end": None, "afterwards": "nothing", "sweeps": None, "surplus": True, "threads": 1, "budget": None},
        "posterior": {"conflict": bridge(SEEN), "ahead": 1.0, "budget": few},
        "postures": {"conflict": bestand.conflict(case(), view="few"), "start": "truce", "truce": "truce", "months": [3, 6], "capacity": {"b": 20.0}, "target": 0.5, "every": False, "budget": few},
        "ranks": {"sweep": swept(), "measure": "rests truce"},
        "read": {"path_or_name": "example/en", "sources": None},
        "read_counts": {"path": count_file(), "column": "violations"},
        "read_forecast": {"text": foretold().text(), "name": "frozen.json"},
        "read_spells": {"path": spell_file(), "kind": "plain", "group_by": None},
        "read_sweep": {"folder": PLACE / "swept"},
        "read_text": {"text": CASE, "path": PLACE / "x.yaml", "sources": PLACE},
        "red_team": {"case": case(), "view": "few", "hold": None, "goal": "truce", "seed": 0, "budget": Budget(seconds=0.0)},
        "reference_classes": {},
        "report": {"study": studied(), "since": None, "language": "en"},
        "risk_thresholds": {"frontier": f, "rounds": 3, "discount": 0.9, "order": ["a", "b"], "grid": 5},
        "scenarios": {"conflict": awaited(), "months": 3.0, "steps": 2, "cut": 0.1, "by": ["deal"], "ahead": 1.0, "budget": few},
        "schema": {},
        "score_forecast": {"forecast": foretold(), "case": awaited().case},
        "sensitivity": {"conflict": a, "goal": "truce", "asked": [("now_rests", "")], "progress": lambda share: None},
        "settle": {"frontier": f, "rule": "nash", "power": {"a": 1.0, "b": 2.0}, "refine": "no"},
        "settle_by_solver": {"conflict": a, "rule": "nash", "power": None, "that": "truce", "fallback": "now", "excluding": [], "types": {"a": "one"}, "seconds": 1.0},
        "shares": {"sweep": swept(), "by": None},
        "simulate_counts": {"n_periods": 5, "base": 2.0, "echo": 0.1, "memory": 0.1, "size": 3.0, "reporting": 0.9, "draws": 2, "rng": rng()},
        "space": {"case": case(), "kinds": ["number"]},
        "spells": {"years": [1.0, 2.0], "ended": [True, False], "entry": [0.0, 0.5], "case": ["x", "y"], "group": ["g", "h"], "covariates": {"size": [1.0, 2.0]}, "what": "ends", "notes": []},
        "stability": {"conflict": a, "concepts": ["nash", "seq"], "replies": "legal", "moves": "paying", "credibility": "strict", "threads": 1},
        "strategies": {"conflict": a, "start": None, "truce": "truce", "months": 6, "budget": few},
        "strength": {"conflict": a, "strong": 1.0, "relations": None, "concepts": ["nash", "seq", "strong_seq"], "draw": 0, "threads": 1},
        "study": {"case": case(), "view": "few", "hold": None, "draws": 2, "seed": 0, "hypotheses": False, "quick": True, "seconds": 0.05, "progress": lambda stage, share: None},
        "survival": {"conflict": a, "start": "now", "truce": "truce", "months": [3, 6], "troops": None, "budget": few, "estimate_error": False},
        "survival_under": {"play": bestand.play(a, months=6), "start": "now", "truce": "truce", "months": [3, 6], "estimate_error": True},
        "sweep": {"case": case(), "space": bestand.space(case()), "measure": bestand.measure(case(), "rests truce"), "n": 8, "seed": 0, "out": PLACE / "again", "executor": None, "each": 4, "design": "draws", "view": None, "hold": None, "options": None, "ahead": 2, "budget": few},
        "thresholds": {"frontier": f, "rule": "nash", "power": {"a": 1.0, "b": 1.0}},
        "tipping": {"case": case(), "space": bestand.space(case(), kinds=["type"]), "measure": bestand.measure(case(), "rests truce"), "at_least": 0.5, "grid": 3, "view": None, "hold": None},
        "to_ema": {"case": case(), "space": bestand.space(case()), "measure": bestand.measure(case(), "rests truce"), "view": None, "hold": None},
        "to_salib": {"space": bestand.space(case())},
        "crossings": {"sweep": swept(), "measure": "rests truce", "at_least": None},
        "tree": {"sweep": swept(), "measure": "rests truce", "at_least": None, "answer": "yes", "depth": 2},
        "turns": {"case": case(), "view": "few", "hold": None, "goal": "truce", "draws": 2, "seed": 0, "budget": few},
        "unknown": {"conflict": a, "relations": None, "concepts": ["nash_a"], "threads": 1},
        "unlock": {"conflict": a, "goal": "truce", "concept": "seq", "most": 1, "moves": "best", "add": None, "weight": None, "offers": None, "threads": 1, "budget": few},
        "vary": {"base": bestand.space(case()), "number": {"zones.z.width_km": (1.0, 2.0)}, "rank": {"wants.b[0]": 1.0}, "rule": [], "cases": {"other": case()}},
        "violations": {"observed": OBSERVED, "reporting": 1.0},
        "why": {"conflict": a, "state": "now", "party": "a", "concept": "seq", "replies": "legal", "moves": "paying", "credibility": "strict", "draw": 0},
        "withdrawal": {"conflict": a, "event": "e", "start": "now", "truce": "truce", "month": 3.0, "months": [3, 6], "budget": few},
        "write": {"case": case(), "path": PLACE / "written.yaml", "force": True},
    }  # fmt: skip


@cache
def awaited():
    return bridge()


@cache
def sobol():
    return bestand.sweep(case(), bestand.space(case()), bestand.measure(case(), "rests truce"), n=64, out=PLACE / "sobol", design="sobol")


@cache
def foretold():
    return bestand.forecast(awaited(), months=[1])


class Closed(UserDict):
    """A mapping that cannot be looked into any more, as one of a file that was closed."""

    def __getitem__(self, name):
        raise RuntimeError("closed")

    def __iter__(self):
        return iter(["a"])

    def __len__(self):
        return 1


def things() -> list[object]:
    """What nobody should hand in, and what somebody will."""
    numbers = [-1, 0, 1, 2, 7, 10**6, 2**31, 2**63, -(2**63), 10**400, 0.5, -0.5, 1e-300, 1e308, float("nan"), float("inf"), -float("inf"), True, False]
    numbers += [np.int8(-1), np.float32("nan"), np.bool_(True), np.datetime64("nat"), np.timedelta64(3, "D"), np.float16(1), np.longdouble("1e400"), Fraction(1, 3), 1j]
    words = ["", " ", "wek", "Nash", "a", "truce", "truce and", "a.attacks", "a.attacks=yes", "now", "x" * 5000, "a\0b", "\ud800", "²", "all", "(" * 3000, "=", ",", "a=b=c", b"a", bytearray(b"a")]
    lists = [[], [None], [[]], ["a", None], [1.0, float("nan")], [-1], [0], [1, 2, 3], ["a"], ["a", "a"], ["nope"], [1e308, 1e308], [{}], ("a", 1), (), {"a"}, range(3), [True], [3, 1], [[1, 2], [3]], [0.0, 10**400], ["truce"] * 1000, [10**5000], range(10**12), [np.timedelta64(3, "D")], [np.float16(1)]]
    lists += [pd.Index(["a", "b"]), pd.Series([1.0, 2.0]), pd.DataFrame({"a": [1.0]})]
    mappings = [{}, {}, {"a": None}, {"a": 1.0}, {"a": -1.0, "b": 1}, {"a": float("nan"), "b": 1}, {"nope": 1}, {1: 2}, {"a.attacks": "yes"}, {"a.attacks": "nope"}, {"a": {}}, {"a": []}, {"a": {"x": "y"}}, {None: None}, {"a": 1e308, "b": 1e308}, {"a.nope": "yes"}, {"a": "one"}, Closed()]
    mappings.append({"a": mappings[0]})
    mappings[0]["a"] = mappings[-1]  # each is in the other
    arrays = [np.zeros(0), np.zeros(3), np.zeros((2, 2)), np.zeros(3, bool), np.ones((2, 3), np.int8), np.array(["a"]), np.array([None]), np.array([1j]), np.full((2, 3), np.nan), np.array(1.0), np.ones(6, bool), np.ones(12, bool), np.arange(3), np.zeros((2, 12)), np.zeros((1, 1, 1)), np.full((2, 3), np.longdouble("1e400")), np.broadcast_to(1.0, (10**6, 10**6))]
    others = [None, object(), lambda *given: None, Path("nowhere"), Path(), Ellipsis, slice(None), case(), asked(), frontier(), studied(), swept(), spells(), rested(), asked().graph, asked().worth, rng(), Budget(seconds=0), ValueError("x")]
    return [*numbers, *words, *lists, *mappings, *arrays, *others]


LONG = {("study", "draws"): 10**6, ("sweep", "n"): 10**6, ("red_team", "budget"): None}  # much, and right


def stopped(signum, frame):
    raise TimeoutError


def refused_or_answered(ask: Callable[[], object]) -> None:
    """An answer, or words, in time."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, stopped)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    signal.alarm(12 * LONGEST)
    try:
        ask()
    except BestandError as error:
        assert all(problem.code and problem.what for problem in error.problems) and len(str(error)) < 20_000
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def asks(name: str, arguments: dict[str, object]) -> None:
    refused_or_answered(lambda: getattr(bestand, name)(**arguments))


def test_every_public_function_has_a_right_call_here():
    assert sorted(calls()) == FUNCTIONS
    for name, arguments in calls().items():
        assert list(inspect.signature(getattr(bestand, name)).parameters) == list(arguments), name
        if name == "to_ema" and find_spec("ema_workbench") is None:
            with pytest.raises(BestandError, match="sweep/needs-ema"):
                bestand.to_ema(**arguments)
        else:
            answer = getattr(bestand, name)(**arguments)
            assert not list(written_to(answer)), f"{name} answers with arrays that anybody can change"


def test_how_far_the_work_is_is_told_in_one_way():
    """Through the budget where there is one; where there is none, by a function of its own."""
    taken = {name: set(inspect.signature(getattr(bestand, name)).parameters) for name in FUNCTIONS}
    assert not [name for name, words in taken.items() if {"budget", "progress"} <= words]


@pytest.mark.parametrize("name", ["by_source", "indicators", "red_team", "sweep", "survival", "turns", "unlock", "withdrawal"])
def test_a_budget_is_told_how_far_the_work_is(name, tmp_path):
    told: list[float] = []
    place = {"out": tmp_path} if name == "sweep" else {}
    getattr(bestand, name)(**{**calls()[name], **place, "budget": Budget(seconds=5.0, progress=told.append)})
    assert told and told == sorted(told) and told[0] >= 0 and told[-1] <= 1


def written_to(answer):
    """Arrays of a result, and of results within it, that can be written."""
    for field in dataclasses.fields(answer) if dataclasses.is_dataclass(answer) and not isinstance(answer, type) else ():
        part = getattr(answer, field.name)
        if isinstance(part, np.ndarray) and part.flags.writeable:
            yield f"{type(answer).__name__}.{field.name}"
        yield from (each for inner in (part if isinstance(part, tuple) else (part,)) for each in written_to(inner))


@spread("name", FUNCTIONS, first=5)
def test_one_wrong_thing_is_refused_in_words_or_answered(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    right, wrong, failed = calls()[name], things(), []
    for parameter in right:
        for thing in [*wrong, (each for each in "ab"), iter([1])]:
            if (name, parameter) in LONG and type(thing) is type(long := LONG[name, parameter]) and thing == long:
                continue
            try:
                asks(name, right | {parameter: thing})
            except Exception as error:
                failed.append(f"{name}({parameter}={shown(thing):.60}): {type(error).__name__}: {error!s:.80}")
    assert not failed, "\n".join(failed)


FREE = {  # words that anybody may choose: names of things, texts, places
    "accept": {"by", "on"}, "brief": {"report"}, "counts": {"what"}, "draft": {"speaker"}, "forecast": {"made_on"}, "read_forecast": {"text", "name"},
    "read_text": {"text"}, "spells": {"what"},
}  # fmt: skip
NUMBERS_OF_MEASURES = {("choices", "at_least"), ("tipping", "at_least"), ("boxes", "at_least")}


def answers(name: str, parameter: str, thing: object) -> bool:
    """Whether a call with this is answered, as it were right."""
    try:
        getattr(bestand, name)(**calls()[name] | {parameter: thing})
    except BestandError:
        return False
    return True


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_word_misspelt_and_a_number_that_is_none_are_refused(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    taken = []
    for parameter, right in calls()[name].items():
        if isinstance(right, str) and len(right) > 2 and parameter not in FREE.get(name, ()):
            wrong = [right[:-1] + ("q" if right[-1] != "q" else "z"), right[0] + right, right.upper()]
        elif isinstance(right, int | float) and not isinstance(right, bool):
            wrong = [True, np.bool_(True), float("nan"), "1", *([] if (name, parameter) in NUMBERS_OF_MEASURES else [-1])]
        elif isinstance(right, bool):
            wrong = [2, "no", None, 0.5]
        else:
            continue
        taken += [(parameter, thing) for thing in wrong if answers(name, parameter, thing)]
    assert not taken


CHANGEABLE = sorted(name for name in FUNCTIONS if name not in ("sweep", "to_ema"))  # these write files


def emptied(given: object) -> None:
    if isinstance(given, np.ndarray):
        given[...] = 1
    elif isinstance(given, list | dict):
        given.clear()


@pytest.mark.parametrize("name", CHANGEABLE)
def test_what_is_handed_in_and_changed_later_changes_no_answer(name):
    handed = {key: copy.deepcopy(each) for key, each in calls()[name].items() if isinstance(each, list | dict | np.ndarray)}
    if not handed:
        return
    answer = getattr(bestand, name)(**calls()[name] | handed)
    before = held(answer)
    for each in handed.values():
        emptied(each)
    assert held(answer) == before


def held(answer):
    """What a result holds, arrays and tables, as text."""
    if not dataclasses.is_dataclass(answer) or isinstance(answer, bestand.Conflict):
        return str(answer)
    arrays = [part.tobytes() for field in dataclasses.fields(answer) if isinstance(part := getattr(answer, field.name), np.ndarray)]
    return str(answer.table()) if hasattr(answer, "table") else "", arrays


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if len(inspect.signature(getattr(bestand, name)).parameters) > 1])
def test_two_wrong_things_are_refused_in_words_or_answered(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    r, right, every = random.Random(name), calls()[name], things()
    for _ in range(40):
        wrong = {parameter: r.choice(every if (name, parameter) not in LONG else every[:5]) for parameter in r.sample(list(right), 2)}
        asks(name, right | wrong)


BEYOND = [("play", "tempo", 1e13), ("play", "discount", {"a": 1e308, "b": 0.0}), ("play", "noise", 1e101), ("play", "move_cost", {"a.attacks": -1e308}),
          ("equilibrium", "tempo", 1e308), ("violations", "reporting", 1e-10), ("forecast_scores", "reporting", 1e-300)]  # fmt: skip


@pytest.mark.parametrize(("name", "parameter", "number"), BEYOND)
def test_a_number_of_which_sums_are_no_longer_finite_is_refused_with_its_bounds(name, parameter, number):
    with pytest.raises(BestandError, match=r"(play|history)/bad-number.*(from 0 to 1e\+12|(to|at most) 1e\+100|from 1e-09 to 1)\b"):
        getattr(bestand, name)(**(calls()[name] | {parameter: number}))


def test_a_force_beyond_all_numbers_does_what_a_very_large_one_does():
    large, beyond = (grounds(asked(), troops={"z": np.full(asked().draws, troops)})[0].success for troops in (1e15, 1e308))
    assert large.max() < 1.0
    assert np.abs(beyond - large).max() < 1e-9


@pytest.mark.parametrize("width", [np.int8, np.uint8, np.float16])
def test_a_number_of_few_bits_is_worked_with_as_any_other(width):
    asks_of = {"play": "months", "posterior": "ahead", "survival": "months"}
    for name, parameter in asks_of.items():
        plain, narrow = (getattr(bestand, name)(**(calls()[name] | {parameter: [number] if name == "survival" else number})) for number in (100, width(100)))
        assert str(plain) == str(narrow), name
    if width is not np.float16:
        assert bestand.conflict(case(), draws=width(100), vary=["numbers"]).draws == 100


def test_a_list_without_end_is_refused_with_how_much_is_taken():
    with pytest.raises(BestandError, match=r"kind range with more than 10,000,000 things in it"):
        bestand.forecast(awaited(), months=range(10**12))


def methods() -> dict[str, tuple[object, dict[str, object] | tuple[object, ...]]]:
    """A right call of every public method of a conflict and of a case."""
    a, want = asked(), asked().statements()[0]
    return {
        "Conflict.worths": (a.worths, {"scale": "ordinal"}),
        "Conflict.rank_of": (a.rank_of, {"party": "a"}),
        "Conflict.worth_to": (a.worth_to, {"party": "a", "scale": "ordinal"}),
        "Conflict.state": (a.state, {"which": "now"}),
        "Conflict.states": (a.states, {"which": ["now"]}),
        "Conflict.party": (a.party, {"which": "a"}),
        "Conflict.lever": (a.lever, {"which": "a.attacks"}),
        "Conflict.where": (a.where, {"condition": "truce"}),
        "Conflict.true_at": (a.true_at, {"condition": "truce", "state": 0}),
        "Conflict.at": (a.at, {"which": "now"}),
        "Conflict.today": (a.today, {"draw": 0}),
        "Conflict.label": (a.label, {"which": "now"}),
        "Conflict.statements": (a.statements, {}),
        "Conflict.without": (a.without, (want,)),
        "Conflict.change": (a.change, {"title": "U", "wants": a.case.file.wants, "levers": a.case.file.levers, "never": ()}),
        "Conflict.hold": (a.hold, {"levers": {"a.attacks": "no"}}),
        "Conflict.draw": (a.draw, {"draws": 2, "seed": 1, "vary": ["numbers"]}),
        "Conflict.stacked": (a.stacked, {"worth": a.worth, "scale": "ordinal"}),
        "Conflict.on_scale": (a.on_scale, {"scale": "cardinal"}),
        "Conflict.of": (a.of, {"case": case()}),
        "Conflict.table": (a.table, {}),
        "Case.condition": (case().condition, {"text": "truce"}),
        "Case.wants": (case().wants, {"party": "a"}),
        "Case.listed": (case().listed, {"party": "a"}),
        "Case.place": (case().place, {"at": "wants.a"}),
    }  # fmt: skip


INSIDE = {"once", "once_of_draws", "once_of_graph"}  # where the engines keep what they have worked out


def test_every_public_method_has_a_right_call_here():
    of = {(each, name) for each in (bestand.Conflict, bestand.Case) for name, given in vars(each).items() if inspect.isfunction(given)}
    assert sorted(f"{each.__name__}.{name}" for each, name in of if name[0] != "_" and name not in INSIDE) == sorted(methods())
    for call, arguments in methods().values():
        call(*arguments) if isinstance(arguments, tuple) else call(**arguments)


@pytest.mark.parametrize("name", sorted(methods()))
def test_a_wrong_thing_put_to_a_conflict_or_a_case_is_refused_in_words_or_answered(name):
    call, arguments = methods()[name]
    failed = []
    for parameter in arguments if isinstance(arguments, dict) else [0]:
        for thing in [*things(), (each for each in "ab"), iter([1])]:
            try:
                refused_or_answered(lambda: call(thing) if parameter == 0 else call(**(arguments | {parameter: thing})))  # noqa: B023
            except Exception as error:
                failed.append(f"{name}({parameter}={shown(thing):.60}): {type(error).__name__}: {error!s:.80}")
    assert not failed, "\n".join(failed)
