"""A sweep draws what is open, the same whoever makes it, however often it is killed; draws side by side are draws written out."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")

from bestand.case.lines import with_file
from bestand.case.read import read, read_text
from bestand.errors import AskError, FileError
from bestand.explore import running
from bestand.explore.applied import asked_together, case_of, held_today, rows_of
from bestand.explore.openings import KINDS, columns_of
from bestand.explore.parquet import file_parts
from bestand.explore.space import space, vary
from bestand.explore.store import arrays_of, ask, put_shard, shard_name, shards
from bestand.explore.sweep import read_sweep, sweep
from bestand.explore.task import Measure, Task, chunk, drawn_chunk
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from tests.conftest import ROOT
from tests.depth import in_depth
from tests.explored import X, Y, linear, numbers, small

SUM = Measure("sum", lambda asked: sum(numbers(asked)), together=True, sized=True)


def files(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shards(pathlib.Path(folder)).values()}


@pytest.fixture(scope="module", params=["small", "example/en", "ukraine/2025-04"])
def case(request):
    return small() if request.param == "small" else read(request.param)


def test_side_by_side_is_written_out(case):
    """Worths of many draws at once are those of each draw as a case of its own."""
    whole = space(case)
    columns = drawn_chunk(Task(whole, (), 3, 6), 0)
    base = conflict(case)
    answered = 0
    for rows, held in held_today(base, columns):
        together = asked_together(held, rows_of(columns, rows))
        for place, d in enumerate(map(int, rows)):
            one = base.of(case_of(case, {name: float(column[d]) for name, column in columns.items()}))
            assert np.array_equal(one.worth.rank[0], together.worth.rank[place])
            assert one.worth.types[0] == together.worth.types[place] and one.now == together.today(place)
            answered += 1
    assert answered == 6


def test_sizes_side_by_side_are_written_out():
    case = small()
    columns = drawn_chunk(Task(space(case), (), 5, 40), 0)
    base = conflict(case)
    together = asked_together(base, columns, scale="cardinal")
    for d in range(40):
        one = base.of(case_of(case, {name: float(column[d]) for name, column in columns.items()})).on_scale("cardinal")
        assert np.allclose(one.worth.value[0], together.worth.value[d])


def test_as_the_case_stands_is_the_case_as_it_stands(case):
    usual = {each.name: each.usual for each in space(case).openings}
    one = conflict(case).of(case_of(case, usual))
    assert np.array_equal(one.worth.rank, conflict(case).worth.rank)


def test_every_kind_that_a_case_leaves_open_is_found():
    found = {each.kind: each.name for each in space(small()).openings}
    assert set(found) == set(KINDS) - {"rule", "case", "speaker"}  # everything is said by the author


def test_draws_are_spread_as_stated():
    whole = space(small())
    columns = columns_of(whole.openings, np.random.default_rng(0).random((20_000, len(whole.openings))))
    by_name = {each.name: each for each in whole.openings}
    for name, column in columns.items():
        each = by_name[name]
        if each.kind == "number":
            assert column.mean() == pytest.approx((each.low + each.high + each.mode) / 3, abs=0.02)
        elif each.kind == "type":
            soft = columns["parties.a.types.soft"].astype(float)
            assert (column == 0).mean() == pytest.approx((soft / (soft + 0.75)).mean(), abs=0.01)
        elif each.kind in ("source", "claim", "want"):
            assert column.mean() == pytest.approx(each.chance, abs=0.012)


def test_places_are_an_order_in_every_draw(case):
    whole = space(case)
    columns = drawn_chunk(Task(whole, (), 1, 50), 0)
    homes = {each.together for each in whole.openings if each.kind == "place"}
    assert homes
    for home in homes:
        order = np.stack([columns[each.name] for each in whole.openings if each.kind == "place" and each.together == home])
        assert (np.sort(order, axis=0) == np.arange(1, len(order) + 1)[:, None]).all()


def test_a_source_is_wrong_for_all_that_it_says():
    case = small()
    columns = drawn_chunk(Task(space(case), (), 1, 200), 0)
    wrong = np.flatnonzero(~columns["sources.s"])
    b = asked_together(conflict(case), rows_of(columns, wrong)).worth.rank[:, 1]
    x = conflict(case).where("a.x and not b.z") & ~conflict(case).where("a.y")
    none = conflict(case).state({"a.x": "no", "a.y": "no", "b.z": "no"})
    assert wrong.size and (b[:, x] == b[:, [none]]).all()


def test_a_rule_out_of_force_is_lifted(tmp_path):
    case = small()
    varied = vary(space(case, kinds=()), rule=["never[0]", "levers.a.y.needs.yes", "levers.b.z.one_way"])
    made = sweep(case, varied, [Measure("states", lambda asked: np.full(asked.draws, asked.graph.n_states), together=True), len_moves], n=40, each=20, out=tmp_path)
    rows = ask(made.folder, 'select "never[0]", "levers.a.y.needs.yes", "levers.b.z.one_way", states, len_moves from {draws}')
    assert len({row[:3] for row in rows}) == 8
    for ban, guard, one_way, states, moves in rows:
        in_force = {"never[0]": ban, "levers.a.y.needs.yes": guard, "levers.b.z.one_way": one_way}
        off = [each for each in conflict(case).statements() if not in_force.get(each.at, True)]
        plain = conflict(case).without(*off)
        assert states == plain.graph.n_states == (6 if ban else 8)
        assert moves == len_moves(plain)


def len_moves(asked):
    """Whether a guard or a one-way lever is there, counted on the case itself."""
    lever = asked.case.file.levers
    return 2 * len(lever["a.y"].needs) + (lever["b.z"].one_way is not None)


def test_versions_of_a_case_are_drawn_and_asked(tmp_path):
    case = small()
    other = with_file(case, wants={**case.file.wants, "b": ()})
    varied = vary(space(case, kinds=["claim"]), cases={"b is idle": other})
    idle = Measure("idle", lambda asked: (asked.worth.rank[:, 1] == 0).all(axis=1), together=True)
    made = sweep(case, varied, idle, n=60, out=tmp_path)
    assert ask(made.folder, 'select "case", bool_and(idle), bool_or(idle), count(*) > 10 from {draws} group by 1 order by 1') == [(0, False, False, True), (1, True, True, True)]


def test_a_function_and_a_measure_side_by_side_agree(tmp_path):
    case = linear()
    alone = Measure("sum", lambda asked: float(sum(each[0] for each in numbers(asked))), sized=True)
    a = sweep(case, space(case), SUM, n=30, each=16, out=tmp_path / "a")
    b = sweep(case, space(case), alone, n=30, each=16, out=tmp_path / "b")
    both = [ask(each.folder, "select sum from {draws} order by draw") for each in (a, b)]
    assert np.allclose(*both)


def test_rows_do_not_hang_on_who_makes_them_or_in_which_order(tmp_path):
    case = linear()
    sweep(case, space(case), SUM, n=330, each=50, out=tmp_path / "a")
    with ThreadPoolExecutor(3) as many:
        sweep(case, space(case), SUM, n=330, each=50, out=tmp_path / "b", executor=many, ahead=4)
    first = files(tmp_path / "a")
    assert first == files(tmp_path / "b") and len(first) == 7
    for name in sorted(first)[::2]:
        (tmp_path / "b" / name).unlink()
    made = sweep(case, space(case), SUM, n=330, each=50, out=tmp_path / "b")
    assert files(tmp_path / "b") == first and made.done == 330


def test_a_sweep_goes_on_to_more_draws_and_never_to_fewer(tmp_path):
    case = linear()
    sweep(case, space(case), SUM, n=120, each=50, out=tmp_path / "a")
    sweep(case, space(case), SUM, n=230, each=50, out=tmp_path / "a")
    sweep(case, space(case), SUM, n=230, each=50, out=tmp_path / "b")
    made = sweep(case, space(case), SUM, n=60, each=50, out=tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b") and made.n == made.done == 230


@pytest.mark.parametrize("workers", [None, 1])
@pytest.mark.parametrize(("seconds", "fewest", "most"), [(0.0, 1, 1), (3.5, 3, 4), (100.0, 7, 7)])
def test_a_sweep_whose_time_is_up_keeps_its_chunks_and_goes_on_when_begun_again(tmp_path, monkeypatch, workers, seconds, fewest, most):
    case, now, make = linear(), [0.0], running.make
    monkeypatch.setattr(running, "make", lambda *given: (make(*given), now.__setitem__(0, now[0] + 1.0)))  # a chunk takes a second
    asked = {"case": case, "space": space(case), "measure": SUM, "n": 330, "each": 50, "ahead": 1}
    here = ThreadPoolExecutor(workers) if workers else None
    made = sweep(**asked, out=tmp_path / "a", executor=here, budget=Budget(seconds=seconds, clock=lambda: now[0]))
    if here:
        here.shutdown()
    assert fewest <= len(files(tmp_path / "a")) <= most and made.n == 330 and made.done == min(330, 50 * len(files(tmp_path / "a")))
    sweep(**asked, out=tmp_path / "b")
    assert sweep(**asked, out=tmp_path / "a").done == 330 and files(tmp_path / "a") == files(tmp_path / "b")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"seed": 1}, "sweep/other-sweep"), ({"each": 51}, "sweep/other-sweep"), ({"hold": {"a.x": "yes"}}, "sweep/other-sweep"), ({"n": 0}, "sweep/bad-number"),
     ({"design": "grid"}, "sweep/unknown-design"), ({"measure": []}, "sweep/no-measure"), ({"case": small()}, "sweep/other-case")],
    ids=str,
)
def test_what_does_not_fit_is_refused(tmp_path, changed, code):
    case = linear()
    asked = {"case": case, "space": space(case), "measure": SUM, "n": 50, "each": 50, "out": tmp_path}
    sweep(**asked)
    before = files(tmp_path)
    with pytest.raises(AskError) as refused:
        sweep(**(asked | changed))
    assert refused.value.code == code and files(tmp_path) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"answers": {}}, {"each": 0}, {"n": float("inf")}, {"design": "x"}, {"options": [3, 4]}, {"yes": [3]}, {"about": {"view": 3}}, {"said": {"nl": {"a": 3}}},
        *({"openings": [{"at": "a", "kind": "number", "words": "w", "usual": 1} | wrong] } for wrong in (
            {"at": None}, {"kind": "x"}, {"words": ["w"]}, {"usual": "1"}, {"usual": 10**400}, {"mode": "x"}, {"about": 3}, {"about": [["a"]]}, {"choices": ["a"], "told": ["b", "c"]},
        )),
    ],
)  # fmt: skip
def test_a_description_of_no_sweep_is_refused(tmp_path, changed):
    case = linear()
    sweep(case, space(case), SUM, n=5, out=tmp_path)
    told = json.loads((tmp_path / "sweep.json").read_text())
    (tmp_path / "sweep.json").write_text(json.dumps(told | changed))
    with pytest.raises(FileError, match="sweep/not-a-sweep"):
        read_sweep(tmp_path)


def test_a_description_nested_too_deep_is_refused(tmp_path):
    (tmp_path / "sweep.json").write_text("[" * 100_000)
    with pytest.raises(FileError, match="sweep/not-a-sweep"):
        read_sweep(tmp_path)


def test_chunks_without_their_description_are_refused(tmp_path):
    case = linear()
    sweep(case, space(case), SUM, n=5, out=tmp_path)
    (tmp_path / "sweep.json").write_text("[]")
    with pytest.raises(FileError, match="sweep/not-a-sweep"):
        read_sweep(tmp_path)
    (tmp_path / "sweep.json").unlink()
    with pytest.raises(AskError, match="sweep/other-sweep"):
        sweep(case, space(case), SUM, n=5, out=tmp_path)


def test_a_sweep_of_another_version_is_read_and_not_gone_on_with(tmp_path):
    case = linear()
    sweep(case, space(case), SUM, n=20, each=10, out=tmp_path)
    about = tmp_path / "sweep.json"
    told = json.loads(about.read_text("utf-8"))
    for version, code in (("0.1.9", "sweep/other-version"), ("", "sweep/other-version"), (told["about"]["version"] + "rc1", None)):
        about.write_text(json.dumps(told | {"about": {**told["about"], "version": version}}), "utf-8")
        before = files(tmp_path)
        assert read_sweep(tmp_path).done == len(before) * 10
        if code is None:
            assert sweep(case, space(case), SUM, n=30, each=10, out=tmp_path).done == 30
            continue
        with pytest.raises(AskError, match=code) as refused:
            sweep(case, space(case), SUM, n=30, each=10, out=tmp_path)
        assert (version or "not told") in str(refused.value) and files(tmp_path) == before


@pytest.mark.parametrize("names", [("draw",), ("m", "M"), (X.upper(),)], ids=str)
def test_two_columns_of_one_name_are_refused(tmp_path, names):
    case = linear()
    with pytest.raises(AskError, match="sweep/name-taken"):
        sweep(case, space(case), [Measure(name, lambda asked: np.zeros(asked.draws), together=True) for name in names], n=5, out=tmp_path)


def test_more_chunks_than_a_folder_takes_are_refused(tmp_path):
    case = linear()
    with pytest.raises(AskError, match="sweep/bad-number"):
        sweep(case, space(case), SUM, n=10_000_000, each=2, out=tmp_path)


def test_a_large_chunk_is_asked_in_parts_and_is_the_same(monkeypatch):
    from bestand.explore import task

    case, asked_at_once = linear(), []
    told = replace(SUM, ask=lambda asked: (asked_at_once.append(asked.draws), sum(numbers(asked)))[1])
    whole = chunk(Task(space(case), (told,), 0, 50), 0, 50)
    monkeypatch.setattr(task, "MOST_VALUES", 8 * 12)
    parts = chunk(Task(space(case), (told,), 0, 50), 0, 50)
    assert asked_at_once == [50, 12, 12, 12, 12, 2] and np.array_equal(whole["sum"], parts["sum"])


def test_an_answer_of_the_wrong_shape_is_refused(tmp_path):
    case = linear()
    for bad in (Measure("m", lambda asked: np.zeros(asked.draws + 1), together=True), lambda asked: "yes"):
        with pytest.raises(AskError, match="sweep/bad-answer"):
            sweep(case, space(case), bad, n=5, out=tmp_path / str(id(bad)))


@pytest.mark.parametrize("asked", [{"number": {"wants.a[9].worth": (0, 1)}}, {"rule": ["never[0]"]}, {"rank": {"wants.b[0]": 1}}], ids=str)
def test_what_is_not_there_cannot_be_varied(asked):
    with pytest.raises(AskError, match="sweep/unknown-opening"):
        vary(space(linear()), **asked)


@pytest.mark.parametrize("asked", [{"number": {X: (1, 1)}}, {"number": {X: (0, float("inf"))}}, {"rank": {"wants.a[0]": 0}}], ids=str)
def test_a_range_must_be_one(asked):
    with pytest.raises(AskError, match="sweep/bad-range"):
        vary(space(linear()), **asked)


def test_what_is_varied_takes_the_place_of_what_the_case_says():
    case = linear()
    varied = vary(space(case, kinds=["number"]), number={X: (5, 6)}, rank={"wants.a[2]": 2})
    columns = drawn_chunk(Task(varied, (), 0, 400), 0)
    assert columns[X].min() >= 5 and columns[X].max() <= 6 and abs(columns[X].mean() - 5.5) < 0.05
    assert set(np.unique(columns["place of wants.a[2]"])) == {1, 2, 3} and columns[Y].max() <= 1
    assert varied.less(X).only("place").openings == varied.only("place").openings


def test_closing_one_place_keeps_the_order_whole():
    whole = space(small())
    moved = next(each for each in whole.openings if each.kind == "place" and each.width)
    closed = whole.only(moved.name)
    assert {each.name for each in closed.openings} == {each.name for each in whole.openings if each.together == moved.together}
    assert [each.name for each in closed.openings if each.width] == [moved.name]


KINDS_STORED = (np.bool_, np.uint8, np.uint16, np.int64, np.float32, np.float64)


@pytest.mark.parametrize("n", [1, 7, 8, 9, 70, 1_001, 70_003])
def test_what_is_stored_is_read_back_by_another_program(tmp_path, n):
    """Parquet is written by our own hand, and read by DuckDB, which has a reader of its own."""
    rng = np.random.default_rng(n)
    tops = {np.bool_: 2, np.uint8: 256, np.uint16: 65_536, np.int64: 2**62}
    columns = {f"{kind.__name__} {k} ä\"'": rng.integers(0, tops[kind], n).astype(kind) for kind in KINDS_STORED[:4] for k in range(2)}
    columns |= {f"place {top}": rng.integers(0, top + 1, n).astype(np.uint16) for top in (0, 1, 2, 7, 8, 40, 40, 3_000)}
    columns |= {f"{kind.__name__}": np.where(rng.random(n) < 0.2, np.nan, rng.random(n)).astype(kind) for kind in KINDS_STORED[4:]}
    about = {"case": "a'b", "who": "Überlingen " * 40}
    put_shard(columns, tmp_path / shard_name(0), about)
    found = arrays_of(tmp_path, "select * from {draws}")
    assert list(found) == list(columns)
    for name, column in columns.items():
        assert found[name].dtype == column.dtype and np.array_equal(found[name], column, equal_nan=column.dtype.kind == "f"), name
    import duckdb

    told = duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{(tmp_path / shard_name(0)).as_posix()}')").fetchall()
    assert dict(told) == about


def test_a_column_that_cannot_be_stored_is_not_stored_wrongly():
    with pytest.raises(TypeError, match="complex128"):
        b"".join(file_parts({"x": np.zeros(3, complex)}, {}))


def test_a_chunk_can_be_made_from_what_is_stored(tmp_path):
    """What is stored is what was asked with: the answers follow from the columns."""
    case = linear()
    made = sweep(case, space(case), SUM, n=20, out=tmp_path)
    stored = made.columns(X, "sum")
    assert list(stored) == [X, "sum"] and set(made.columns()) == {"draw", "sum", *(each.name for each in made.openings)}
    with pytest.raises(AskError, match="sweep/unknown-column"):
        made.columns("nothing")
    rows = np.array(ask(made.folder, f'select "{X}"::double + "{Y}" + "wants.a[2].worth", sum from {{draws}} order by draw'))
    there = np.array(ask(made.folder, 'select "wants.a[0]", "wants.a[1]", "wants.a[2]" from {draws} order by draw'))
    assert np.allclose(rows[there.all(axis=1)][:, 0], rows[there.all(axis=1)][:, 1])
    assert there.all(axis=1).any()
    again = chunk(Task(space(case), (SUM,), 0, 1000), 0, 20)
    assert np.array_equal(again["sum"], rows[:, 1])


SLOW = """
import pathlib, sys, time, numpy as np
from bestand.explore.space import space
from bestand.explore.sweep import sweep
from bestand.explore.task import Measure
from tests.explored import linear, numbers
folder, most = pathlib.Path(sys.argv[1]), int(sys.argv[2])
def asked(conflict):  # with so many chunks made it waits until it is killed, or told to go on
    while len(list(folder.glob("chunk-*"))) >= most and not folder.with_suffix(".go").exists():
        time.sleep(.02)
    time.sleep(.05)
    return sum(numbers(conflict))
case = linear()
sweep(case, space(case), Measure("sum", asked, together=True, sized=True), n=330, each=30, out=sys.argv[1])
"""


def environment():
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}  # the package as installed for these tests


@in_depth
def test_the_same_bytes_however_often_it_was_killed(tmp_path):
    """Killed five times without notice, at moments that are not chosen; whatever stands after each kill is whole."""
    case = linear()
    sweep(case, space(case), SUM, n=330, each=30, out=tmp_path / "whole")
    whole, folder, seen = files(tmp_path / "whole"), tmp_path / "killed", 0
    for kills in range(40):
        most = str(seen + 3 if kills < 5 else 1_000)  # however late it is killed, it is not done
        run = subprocess.Popen([sys.executable, "-c", SLOW, str(folder), most], env=environment(), cwd=ROOT)
        until = time.monotonic() + 600
        while run.poll() is None and time.monotonic() < until and len(shards(folder) if folder.exists() else ()) <= min(seen, 10):
            time.sleep(0.01)
        if kills < 5 and run.poll() is None:
            run.send_signal(signal.SIGKILL)
        run.wait(timeout=600)
        there = files(folder)
        assert {name: whole[name] for name in there} == there
        seen = len(there)
        if seen == len(whole):
            break
    assert kills >= 2 and files(folder) == whole


@pytest.mark.parametrize("harm", ["cut short", "other bytes", "empty", "of another place", "of another sweep"])
def test_a_chunk_that_is_not_whole_is_told_and_made_anew(tmp_path, harm):
    case = linear()
    again = partial(sweep, case, space(case), SUM, n=250, each=100)
    again(out=tmp_path / "s")
    before, chunk = files(tmp_path / "s"), tmp_path / "s" / shard_name(1)
    if harm == "of another sweep":
        again(out=tmp_path / "t", seed=5)
    bytes_of = {
        "cut short": lambda: chunk.read_bytes()[:-300], "other bytes": lambda: b"PAR1" * 100, "empty": lambda: b"",
        "of another place": (tmp_path / "s" / shard_name(0)).read_bytes,
        "of another sweep": (tmp_path / "t" / shard_name(1)).read_bytes,
    }  # fmt: skip
    chunk.write_bytes(bytes_of[harm]())
    (tmp_path / "s" / "notes 'of' mine.txt").write_text("kept")
    with pytest.raises(FileError, match="sweep/bad-chunk") as told:
        read_sweep(tmp_path / "s")
    assert shard_name(1) in str(told.value)
    again(out=tmp_path / "s")
    assert (tmp_path / "s" / "notes 'of' mine.txt").read_text() == "kept"
    (tmp_path / "s" / "notes 'of' mine.txt").unlink()
    assert files(tmp_path / "s") == before
    (tmp_path / "s" / "chunk-000000001 (1).parquet").write_bytes(chunk.read_bytes())  # a copy that a file manager made
    assert read_sweep(tmp_path / "s").done == 250


def test_a_full_disk_is_told_with_what_to_do_and_leaves_no_half_chunk(tmp_path, monkeypatch):
    import errno

    from bestand.explore import store

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store, "file_parts", full)
    case = linear()
    with pytest.raises(FileError, match="make room there, and begin the sweep again"):
        sweep(case, space(case), SUM, n=20, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.json"]
    monkeypatch.undo()
    assert sweep(case, space(case), SUM, n=20, out=tmp_path).done == 20


def test_half_a_chunk_of_a_killed_worker_is_cleaned_away(tmp_path):
    import socket

    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True).stdout.strip()
    left = tmp_path / f".bestand-{socket.gethostname()}-{gone}-{'0' * 16}.part"
    other = tmp_path / f".bestand-another-host-{gone}-{'0' * 16}.part"
    for path in (left, other):
        path.write_bytes(b"half")
    case = linear()
    made = sweep(case, space(case), SUM, n=20, out=tmp_path)
    assert not left.exists() and other.exists() and made.done == 20


def killing(asked):
    """A measure that kills its worker the first time that it is asked there."""
    flag = pathlib.Path(os.environ["BESTAND_TEST_FLAG"])
    if not flag.exists() and asked.draws > 1:
        flag.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return sum(numbers(asked))


@in_depth
def test_killed_workers_are_replaced(tmp_path, monkeypatch):
    pytest.importorskip("loky")
    from bestand.explore.workers import local

    case = linear()
    monkeypatch.setenv("BESTAND_TEST_FLAG", str(tmp_path / "flag"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    sweep(case, space(case), SUM, n=200, each=50, out=tmp_path / "a")
    with local(1) as executor:
        sweep(case, space(case), Measure("sum", killing, together=True, sized=True), n=200, each=50, out=tmp_path / "b", executor=executor)
    assert (tmp_path / "flag").exists() and files(tmp_path / "a") == files(tmp_path / "b")


def test_workers_that_die_every_time_are_told_of(tmp_path):
    from concurrent.futures import BrokenExecutor, Executor

    class Dead(Executor):
        def submit(self, *_, **__):
            raise BrokenExecutor("dead")

    case = linear()
    for executor in (Dead(), Dead):
        with pytest.raises(AskError, match="sweep/broken"):
            sweep(case, space(case), SUM, n=20, out=tmp_path, executor=executor)


CLUSTERED = SLOW.replace("case = linear()", "from bestand.explore.workers import cluster\ncase = linear()").replace(
    "sweep(case,", "with cluster(sys.argv[3]) as executor:\n    sweep(case,").replace("n=330, each=30, out", "n=1_200, each=50, executor=executor, ahead=4, out").replace(".05", ".1")


@in_depth
def test_a_cluster_gives_the_same_rows_when_whoever_asks_and_a_worker_are_killed(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    from bestand.explore.workers import cluster

    case = linear()
    sweep(case, space(case), SUM, n=1_200, each=50, out=tmp_path / "a")
    started = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
    with started as machines, cluster(machines.scheduler_address) as executor:
        driver = subprocess.Popen([sys.executable, "-c", CLUSTERED, str(tmp_path / "b"), "9", machines.scheduler_address], env=environment(), cwd=ROOT)
        until = time.monotonic() + 600
        while driver.poll() is None and time.monotonic() < until and not ((tmp_path / "b").exists() and shards(tmp_path / "b")):
            time.sleep(0.01)
        driver.kill()
        driver.wait(timeout=600)
        (tmp_path / "b.go").touch()
        some = files(tmp_path / "b")
        assert some and len(some) < 24
        slow = replace(SUM, ask=lambda asked: (time.sleep(0.05), sum(numbers(asked)))[1])
        os.kill(next(iter(machines.workers.values())).process.process.pid, signal.SIGKILL)
        sweep(case, space(case), slow, n=1_200, each=50, out=tmp_path / "b", executor=executor)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_only_orders_that_somebody_could_doubt_are_open():
    """One want has no order, and wants that unhedged claims carry do not shift; where one of them is doubtful, all of its order have a place."""
    text = """
bestand: 1
title: Orders
sources: {s: {title: s, sha256: "%s"}}
claims: {sure: {source: s, quote: it is, gloss: it is}, open: {source: s, quote: it may be, gloss: it may be, author_holds: possible}}
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, a.y: {is: y}}
wants: {a: [{that: a.x, because: [sure]}, {that: a.y, because: [%s]}], b: [{that: a.x, assumed: nobody says}]}
"""
    places = [[each.at for each in space(read_text(text % ("0" * 64, claim)), kinds=["place"]).openings] for claim in ("sure", "open")]
    assert places == [[], ["wants.a[0]", "wants.a[1]"]]


def test_workers_whose_time_is_up_are_ended_without_a_word(tmp_path):
    """What they have begun is made; what was handed out beside it is taken back."""
    words = ["sweep", "example/en", "--measure", "rests truce", "--n", "30000", "--each", "500", "--workers", "2", "--seconds", "0.5", "--out", str(tmp_path / "s")]
    done = subprocess.run([sys.executable, "-m", "bestand", *words], capture_output=True, text=True, timeout=120, check=False, env=environment())
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    swept = read_sweep(tmp_path / "s")
    assert 0 < swept.done < swept.n and f"ended after {swept.done:,} of 30,000" in " ".join(done.stderr.split())
