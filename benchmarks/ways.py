"""Seconds of processor time for ways through a graph of two parties with many levers each: `python benchmarks/ways.py [LEVERS]`.

Each has one lever that only goes up in the second graph, so that not every move of a block is legal.
"""

from __future__ import annotations

import random
import sys
import time

from bestand.case.read import read_text
from bestand.graph.conflict import Conflict, conflict
from bestand.negotiate.paths import BY, paths


def two_parties(n_levers: int, first: str) -> Conflict:
    """Two parties that each want two levers of any owner in some way, six times."""
    rng = random.Random(1)
    levers = [f"{party}.l{k}" for party in "ab" for k in range(n_levers)]
    told = "".join(f"  {each}: {{is: x{first if each.endswith('l0') else ''}}}\n" for each in levers)
    wants = [", ".join(f"{{that: {one} {rng.choice(('and', 'or not'))} {other}}}" for one, other in pairs(rng, levers)) for _ in "ab"]
    head = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\n"
    return conflict(read_text(f"{head}levers:\n{told}wants: {{a: [{wants[0]}], b: [{wants[1]}]}}\n"))


def pairs(rng: random.Random, levers: list[str]) -> list[list[str]]:
    """Six pairs of levers."""
    return [rng.sample(levers, 2) for _ in range(6)]


def main(n_levers: int = 11) -> None:
    """Prints what each reading of the moves takes in each graph."""
    for name, first in (("every move legal", ""), ("one lever only up", ", one_way: up")):
        asked = two_parties(n_levers, first)
        asked.worth  # noqa: B018
        for by in BY:
            begun = time.process_time()
            reached = paths(asked, by=by)
            seconds, n_reached = time.process_time() - begun, int(reached.reached.sum())
            print(f"{name:20}{by:8}{asked.graph.n_states:10,} states {n_reached:10,} reached {seconds:8.2f} s processor")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
