"""What a sweep costs: `python benchmarks/explore.py [core overhead rows sobol resume …]`; all, if not named. Uses a temporary folder.

core     : evaluations an hour of the core answer (Ukraine, 13,824 states, SEQ, both readings) by two workers
overhead : what the sweep itself takes of the time, at chunks of a quarter of a second
rows     : ten million rows stored, and grouped
sobol    : first and total indices with 100 resamples from a million rows
resume   : from beginning a whole sweep of 10,000 chunks again to its end
kills    : the same bytes after twenty kills
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

from bestand.case.read import read, read_text
from bestand.explore.indices import sobol
from bestand.explore.shares import shares
from bestand.explore.space import space
from bestand.explore.store import arrays_of, ask, put_shard, shard_name, shards
from bestand.explore.sweep import read_sweep, sweep
from bestand.explore.task import Measure, Task, crossed, make
from bestand.explore.workers import local
from bestand.graph.conflict import conflict
from bestand.study.measures import bearing, measure

TINY = """
bestand: 1
title: "Tiny"
parties: {a: {name: "A"}}
levers: {a.x: {is: "x", assumed: "t"}}
wants: {a: [{that: "a.x", assumed: "t"}, {that: "not a.x", assumed: "t"}]}
"""


def core(folder: pathlib.Path) -> None:
    case = read("ukraine/2025-04")
    asked = [measure(case, "rests-both ceasefire")]
    open_here = bearing(space(case), asked)
    with local(2) as executor:
        sweep(case, open_here, asked, n=200, each=100, out=folder / "warm", executor=executor)
        began, used = time.perf_counter(), 3_000
        sweep(case, open_here, asked, n=used, each=250, out=folder / "core", executor=executor)
    seconds = time.perf_counter() - began
    print(f"core: {used:,} evaluations in {seconds:.1f} s: {used / seconds * 3600:,.0f} an hour on 2 workers, {len(open_here.openings)} openings")
    began = time.process_time()
    sweep(case, open_here, asked, n=500, each=250, out=folder / "here")
    each = (time.process_time() - began) / 500
    print(f"  CPU: {each * 1000:.2f} ms an evaluation: {2 * 3600 / each:,.0f} an hour where two cores are free")


def busy(share: float = 1.0) -> None:
    """A quarter of a second of work, or a share of it."""
    began = time.process_time()
    while time.process_time() < began + 0.25 * share:
        pass


def toiling(asked: object) -> np.ndarray:
    busy(asked.draws / 70)  # one draw, such as the case as it stands, is a seventieth of a chunk's work
    return np.zeros(asked.draws, bool)


def overhead(folder: pathlib.Path) -> None:
    """Chunks of a quarter of a second of work on two states, by turns with the bare work on the same workers: what is more is the sweep's own."""
    case = read("ukraine/2025-04")
    open_here = bearing(space(case), [measure(case, "rests ceasefire")])
    open_here = open_here.only(*(each.name for each in open_here.openings if each.kind != "today"))  # each of these is asked, so works, by itself
    here = conflict(case)
    hold = {lever: here.at("now")[lever] for lever in here.graph.levers[1:]}
    work, swept, bare, start = Measure("work", toiling, together=True), 0.0, 0.0, 0.0

    def timed(n: int, turn: int) -> float:
        began = time.perf_counter()
        sweep(case, open_here, work, n=70 * n, each=70, seed=turn, out=folder / f"turn {turn}", hold=hold, executor=executor)
        return time.perf_counter() - began

    with local(2) as executor:
        timed(4, 9)
        for turn in range(4):
            swept += timed(20, turn)
            start += timed(20, turn)  # nothing is left to make: what it takes to begin
            began = time.perf_counter()
            list(executor().map(busy, [1.0] * 20))
            bare += time.perf_counter() - began
    more = swept - start - bare
    print(f"overhead: 80 chunks of 0.25 s on 2 workers in {swept - start:.2f} s, the bare work by the same in {bare:.2f} s: {more / bare:.1%} more")
    print(f"  to begin: {start / 4:.2f} s")
    chunk = {"draw": np.arange(70), **{each.name: np.zeros(70, np.float32) for each in open_here.openings}}
    began = time.process_time()
    for k in range(40):
        put_shard(chunk, folder / shard_name(k), {})
    stored = (time.process_time() - began) / 40
    task = Task(open_here, (Measure("nothing", lambda asked: np.zeros(asked.draws, bool), together=True),), 0, 70, hold=hold)
    make(task, 0, 70, folder, {})
    began = time.process_time()
    for k in range(40):
        make(task, k, 70, folder, {})
    each = (time.process_time() - began) / 40
    print(f"  CPU a chunk: {each * 1000:.1f} ms, {each / 0.25:.1%}; of it {stored * 1000:.1f} ms for a shard of {len(chunk)} columns")


def rows(folder: pathlib.Path) -> None:
    """Columns as a sweep stores them: 30 places, 20 yes or no, 4 numbers, 4 answers."""
    rng, n, each = np.random.default_rng(0), 10_000_000, 250_000
    began = time.perf_counter()
    for k in range(n // each):
        chunk = {"draw": np.arange(each) + k * each, **{f"place {j}": rng.integers(1, 12, each).astype(np.uint16) for j in range(30)}}
        chunk |= {f"claim {j}": rng.random(each) < 0.8 for j in range(20)} | {f"number {j}": rng.random(each).astype(np.float32) for j in range(4)}
        chunk |= {f"answer {j}": rng.random(each) < 0.3 for j in range(4)}
        put_shard(chunk, folder / shard_name(k), {})
    size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
    print(f"rows: {n:,} rows of 59 columns made and stored in {time.perf_counter() - began:.1f} s, {size / 1e9:.2f} GB")
    for sql in ('select "place 3", avg("answer 0"::int), count(*) from {draws} group by 1',
                'select "place 3", "claim 2", avg("answer 0"::int), stddev("answer 1"::int), avg("number 1") from {draws} group by 1, 2'):
        began = time.perf_counter()
        groups = len(ask(folder, sql))
        print(f"  grouped into {groups} in {time.perf_counter() - began:.2f} s")


def indices_of_a_million(folder: pathlib.Path) -> None:
    unit = crossed(np.random.default_rng(0).random((2, 100_000, 8)))
    answers = np.sin(2 * np.pi * unit[:, 0] - np.pi) + 7 * np.sin(2 * np.pi * unit[:, 1]) ** 2 + unit[:, 2:].sum(axis=1)
    for k in range(10):
        part = slice(k * 100_000, (k + 1) * 100_000)
        put_shard({"draw": np.arange(k * 100_000, (k + 1) * 100_000), "y": answers[part]}, folder / shard_name(k), {})
    began = time.perf_counter()
    read_back = arrays_of(folder, "select y from {draws} order by draw")["y"].reshape(-1, 10)
    loaded = time.perf_counter()
    sobol(read_back, resamples=100)
    print(f"sobol: {answers.size:,} rows, 8 openings, 100 resamples in {time.perf_counter() - loaded:.2f} s; read in {loaded - began:.2f} s")


def resume(folder: pathlib.Path) -> None:
    case = read_text(TINY)
    asked = Measure("m", lambda conflict: conflict.worth.rank[:, 0, 0] > 0, together=True)
    sweep(case, space(case), asked, n=10_000, each=1, out=folder)
    began = time.perf_counter()
    sweep(case, space(case), asked, n=10_000, each=1, out=folder)
    print(f"resume: a whole sweep of 10,000 chunks begun again: {time.perf_counter() - began:.2f} s")
    for path in sorted(folder.glob("chunk-*.parquet"))[::100]:
        path.unlink()
    began = time.perf_counter()
    sweep(case, space(case), asked, n=10_000, each=1, out=folder)
    print(f"  with 100 of them gone: {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    shares(read_sweep(folder))
    print(f"  shares over 10,000 files: {time.perf_counter() - began:.2f} s")


KILLED = """
import sys, time
from bestand.case.read import read_text
from bestand.explore.space import space
from bestand.explore.sweep import sweep
from bestand.explore.task import Measure
sys.path.insert(0, {here!r})
from explore import TINY
def asked(conflict):
    time.sleep(.1)
    return conflict.worth.rank[:, 0, 0] > 0
case = read_text(TINY)
sweep(case, space(case), Measure("m", asked, together=True), n=3_000, each=50, out=sys.argv[1])
"""


def kills(folder: pathlib.Path) -> None:
    """A sweep killed twenty times without notice, each time after some chunks more, against one that was left alone."""
    case = read_text(TINY)
    asked = Measure("m", lambda conflict: conflict.worth.rank[:, 0, 0] > 0, together=True)
    sweep(case, space(case), asked, n=3_000, each=50, out=folder / "alone")
    there, killed = 0, 0
    while there < 60:
        run = subprocess.Popen([sys.executable, "-c", KILLED.format(here=str(pathlib.Path(__file__).parent)), str(folder / "killed")])
        while run.poll() is None and not ((folder / "killed").exists() and len(shards(folder / "killed")) > there + 1):
            time.sleep(0.01)
        if killed < 20 and run.poll() is None:
            run.kill()
            killed += 1
        run.wait()
        there = len(shards(folder / "killed"))
    same = all(path.read_bytes() == (folder / "alone" / path.name).read_bytes() for path in shards(folder / "killed").values())
    print(f"kills: killed {killed} times; {there} chunks, the same bytes: {same}")


PARTS = {"core": core, "overhead": overhead, "rows": rows, "sobol": indices_of_a_million, "resume": resume, "kills": kills}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](pathlib.Path(folder))
