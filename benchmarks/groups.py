"""Seconds of processor time for coalitions, unknown preference and strength of preference: `python benchmarks/groups.py`.

Random conflicts of 1,024 and 8,192 states, and the Ukraine case's core view.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bestand.case.concepts import CORE
from bestand.case.read import read, read_text
from bestand.graph.conflict import Conflict, conflict, conflict_of
from bestand.graph.model import Worth
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.relations import relations_of
from bestand.negotiate.strength import strength
from bestand.negotiate.unknown import unknown


def timed(name: str, asked: Conflict, run: Callable[[], object]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    print(
        f"{name:42}{asked.graph.n_states:8,} states {len(asked.parties)} parties"
        f"{time.process_time() - cpu:9.2f} s processor{time.perf_counter() - wall:8.2f} s wall"
    )


def random_conflict(n_parties: int, n_levers: int, n_ranks: int) -> Conflict:
    """A conflict of two-way levers shared out in turn, one in three of them guarded; random ranks."""
    text = ["bestand: 1", "title: random", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n_parties)), "levers:"]
    for k in range(n_levers):
        guard = f", needs: {{yes: {{that: p{(k + 1) % n_parties}.l{(k + 1) % n_levers}, assumed: x}}}}" if k % 3 == 2 else ""
        text.append(f"  p{k % n_parties}.l{k}: {{is: lever, now: no{guard}, assumed: x}}")
    graph = conflict(read_text("\n".join(text) + "\n")).graph
    rank = np.random.default_rng(0).integers(0, n_ranks, (1, n_parties, graph.n_states)).astype(np.uint32)
    return conflict_of(graph, Worth(graph.parties, rank, rank.astype(float), "cardinal"))


if __name__ == "__main__":
    small = random_conflict(5, 10, 50)
    for concept in CORE:
        timed(f"all 31 coalitions, {concept}", small, lambda c=concept: coalitions(small, concept=c))
    timed("all 31 coalitions, seq, best replies", small, lambda: coalitions(small, concept="seq", moves="best"))
    timed("all 31 coalitions, merged, smr", small, lambda: coalitions(small, concept="smr", reading="merged"))
    drawn = Worth(small.parties, np.random.default_rng(1).integers(0, 50, (20, 5, small.graph.n_states)).astype(np.uint32))
    timed("relations of 20 draws", small, lambda: relations_of(drawn))
    timed("unknown preference, 16 concepts", small, lambda: unknown(small))
    timed("strength of preference, 7 concepts", small, lambda: strength(small, strong=10.0))

    large = random_conflict(6, 13, 1000)
    for concept in CORE:
        timed(f"all 63 coalitions, {concept}", large, lambda c=concept: coalitions(large, concept=c))

    ukraine = conflict(read("ukraine/2025-04"), view="core")
    for concept in CORE:
        timed(f"Ukraine, all 15 coalitions, {concept}", ukraine, lambda c=concept: coalitions(ukraine, concept=c))
    timed("Ukraine, all 15 coalitions, seq, best replies", ukraine, lambda: coalitions(ukraine, concept="seq", moves="best"))
    timed("Ukraine, all 15 coalitions, merged, smr", ukraine, lambda: coalitions(ukraine, concept="smr", reading="merged"))

    compared = random_conflict(4, 12, 200)
    timed("unknown preference, 16 concepts", compared, lambda: unknown(compared))
