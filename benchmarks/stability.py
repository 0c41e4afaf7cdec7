"""Seconds and gigabytes for building and solving: `python benchmarks/stability.py [SYNTH.json …]`.

Without arguments: the full views of the Ukraine case and of the one of version 0.1, and the GATT case of the catalogue. Files as
written by a generator of neutral JSON are timed too. The bandwidth line compares bytes that one sweep must read with a plain copy of an array.
"""

from __future__ import annotations

import pathlib
import resource
import sys
import time

import numpy as np

from bestand.case.read import read, read_text
from bestand.exchange.gmcr import from_gmcr
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability


def timed(name: str, case, view=None, repeats: int = 1) -> None:
    asked = conflict(case, view=view)
    build, graph = seconds(lambda: asked.graph)
    ranking, values = seconds(lambda: asked.worth)
    solving, verdicts = min((seconds(lambda: stability(asked)) for _ in range(repeats)), key=lambda each: each[0])
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    counts = {c: int(verdicts.holds(c).sum()) for c in verdicts.concepts}
    print(f"{name}: {graph.n_states:,} states, {len(graph.parties)} parties")
    total = f"{sum(each[0] for each in (build, ranking, solving)):.2f} CPU-s, {sum(each[1] for each in (build, ranking, solving)):.2f} s"
    print(f"  CPU-s: build {build[0]:.2f}, worth {ranking[0]:.2f}, five concepts {solving[0]:.3f}; in all {total}; {gigabytes:.2f} GB")
    print(f"  equilibria {counts}")
    touched = graph.n_states * len(graph.parties) * 2 * 2 * 16 + values.rank.nbytes
    print(f"  one sweep of both kinds moves {touched / 1e9:.2f} GB; {touched / solving[1] / copy_speed():.0%} of the copy bandwidth")


def seconds(ask):
    """CPU and wall seconds, and the answer."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = ask()
    return (time.process_time() - cpu, time.perf_counter() - wall), answer


def copy_speed() -> float:
    block = np.ones(1 << 26, np.uint32)
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        block.copy()
        best = min(best, time.perf_counter() - start)
    return 2 * block.nbytes / best


if __name__ == "__main__":
    for file in sys.argv[1:]:
        path = pathlib.Path(file)
        timed(path.name, read_text(from_gmcr(path.read_text(), name=path.name).text), repeats=20)
    if not sys.argv[1:]:
        timed("literature/gatt", read("literature/onp-2013/gatt-trade"))
        timed("Ukraine of version 0.1 full", read("tests/oracle/frozen/talks"), view="full")
        timed("ukraine/2025-04 full", read("ukraine/2025-04"), view="full")
