"""Seconds for the mediator's list and for draws: `python benchmarks/unlock.py`."""

from __future__ import annotations

import time

import numpy as np

from bestand.case.read import read, read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock


def lists() -> None:
    asked = conflict(read("ukraine/2025-04"))
    for goal in ("ceasefire", "ceasefire and ua.cedes = no"):
        for most in (1, 2):
            wall, cpu = time.perf_counter(), time.process_time()
            listed = unlock(asked, goal=goal, most=most)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"{goal}, up to {most}: {len(listed.sets)} sets, {listed.n_trials:,} situations, {wall:.1f} s ({cpu:.1f} CPU-s)")


def draws(n: int = 1000) -> None:
    parties = range(5)
    lines = ["bestand: 1", "title: draws", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in parties), "levers:"]
    lines += [f"  p{i}.l{j}: {{is: x}}" for i in parties for j in range(2)]
    lines.append("wants:")
    for i in parties:
        wants = [f"{{that: {'not ' if (7 * i + 5 * a + b) % 3 else ''}p{a}.l{b}}}" for a in parties for b in range(2)]
        lines += [f"  p{i}:", *(f"    - {want}" for want in wants)]
    case = read_text("\n".join(lines) + "\n")
    asked = conflict(case)
    graph = asked.graph
    best = np.inf
    for turn in range(3):
        start = time.perf_counter()
        stability(asked.draw(n, seed=turn))
        best = min(best, time.perf_counter() - start)
    print(f"{n} draws, {graph.n_states} states, {len(graph.parties)} parties, five concepts: {best:.2f} s, {n / best:.0f} draws/s")


if __name__ == "__main__":
    lists()
    draws()
