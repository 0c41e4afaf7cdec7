"""Seconds of processor time for coalitions, unknown preference and strength of preference: `python benchmarks/groups.py`.

Random conflicts of 1,024 and 8,192 states, and the Ukraine case's core view.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bestand.case.read import read, read_text
from bestand.graph.build import build
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.concepts import CORE
from bestand.negotiate.relations import relations_of
from bestand.negotiate.strength import degrees_of, strength
from bestand.negotiate.unknown import unknown


def timed(name: str, graph: Graph, run: Callable[[], object]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    print(
        f"{name:42}{graph.n_states:8,} states {len(graph.parties)} parties"
        f"{time.process_time() - cpu:9.2f} s processor{time.perf_counter() - wall:8.2f} s wall"
    )


def random_conflict(n_parties: int, n_levers: int, n_ranks: int) -> tuple[Graph, Worth]:
    """A conflict of two-way levers shared out in turn, one in three of them guarded; random ranks."""
    text = ["bestand: 1", "title: random", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n_parties)), "levers:"]
    for k in range(n_levers):
        guard = f", needs: {{yes: {{that: p{(k + 1) % n_parties}.l{(k + 1) % n_levers}, assumed: x}}}}" if k % 3 == 2 else ""
        text.append(f"  p{k % n_parties}.l{k}: {{is: lever, now: no{guard}, assumed: x}}")
    graph = build(read_text("\n".join(text) + "\n"))
    rank = np.random.default_rng(0).integers(0, n_ranks, (1, n_parties, graph.n_states)).astype(np.uint32)
    return graph, Worth(graph.parties, rank)


if __name__ == "__main__":
    graph, values = random_conflict(5, 10, 50)
    for concept in CORE:
        timed(f"all 31 coalitions, {concept}", graph, lambda c=concept: coalitions(graph, values, concept=c))
    timed("all 31 coalitions, merged, smr", graph, lambda: coalitions(graph, values, concept="smr", reading="merged"))
    drawn = Worth(graph.parties, np.random.default_rng(1).integers(0, 50, (20, 5, graph.n_states)).astype(np.uint32))
    timed("relations of 20 draws", graph, lambda: relations_of(drawn))
    relations = relations_of(values)
    timed("unknown preference, 16 concepts", graph, lambda: unknown(graph, relations))
    weighed = Worth(values.parties, values.rank, values.rank.astype(float), "cardinal")
    degrees = degrees_of(weighed, strong=10.0)
    timed("strength of preference, 7 concepts", graph, lambda: strength(graph, degrees))

    graph, values = random_conflict(6, 13, 1000)
    for concept in CORE:
        timed(f"all 63 coalitions, {concept}", graph, lambda c=concept: coalitions(graph, values, concept=c))

    case = read("ukraine/2025-04")
    graph = build(case, view="core")
    values = worth(case, graph)
    for concept in CORE:
        timed(f"Ukraine, all 15 coalitions, {concept}", graph, lambda c=concept: coalitions(graph, values, concept=c))
    timed("Ukraine, all 15 coalitions, merged, smr", graph, lambda: coalitions(graph, values, concept="smr", reading="merged"))

    graph, values = random_conflict(4, 12, 200)
    relations = relations_of(values)
    timed("unknown preference, 16 concepts", graph, lambda: unknown(graph, relations))
