"""Seconds and gigabytes for building and solving: `python benchmarks/stability.py [SYNTH.json …]`.

Without arguments: the Ukraine case's full view and the GATT case of the catalogue. Files as written by a generator of
neutral JSON are timed too. The bandwidth line compares bytes that one sweep must read with a plain copy of an array.
"""

from __future__ import annotations

import pathlib
import resource
import sys
import time

import numpy as np

from bestand.case.read import read, read_text
from bestand.exchange.gmcr import import_gmcr
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability


def timed(name: str, case, view=None, repeats: int = 1) -> None:
    start = time.perf_counter()
    asked = conflict(case, view=view)
    graph = asked.graph
    built = time.perf_counter()
    values = asked.worth
    ranked = time.perf_counter()
    best = np.inf
    for _ in range(repeats):
        again = time.perf_counter()
        verdicts = stability(asked)
        best = min(best, time.perf_counter() - again)
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    counts = {c: int(verdicts.holds(c).sum()) for c in verdicts.concepts}
    print(f"{name}: {graph.n_states:,} states, {len(graph.parties)} parties")
    print(f"  build {built - start:.2f} s, worth {ranked - built:.2f} s, five concepts {best:.3f} s, {gigabytes:.2f} GB")
    print(f"  equilibria {counts}")
    touched = graph.n_states * len(graph.parties) ** 2 * 2 * 2 * len(graph.parties) * values.rank.itemsize
    print(f"  one sweep of both kinds reads {touched / 1e9:.2f} GB; {touched / best / copy_speed():.0%} of the copy bandwidth")


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
        timed(path.name, read_text(import_gmcr(path.read_text(), name=path.name)), repeats=20)
    if not sys.argv[1:]:
        timed("literature/gatt", read("literature/onp-2013/gatt-trade"))
        timed("ukraine/2025-04 full", read("ukraine/2025-04"), view="full")
