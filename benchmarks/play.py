"""CPU seconds and memory of play and survival: `python benchmarks/play.py [--large]`.

Free yes/no levers, no bans, every party with its own: 16 levers of 8 parties (65,536 states), with --large also 20 levers
(2^20 states, about half a minute of CPU). Then a zone of 16 states in 4,000 draws and 8 postures, each played and survived.
Memory is the growth of the process, beside 8 · n_states · n_parties bytes for one array of values.
"""

from __future__ import annotations

import pathlib
import resource
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from tests.oracle.given_games import game_of

from bestand.case.read import read_text
from bestand.graph.build import build
from bestand.graph.conflict import conflict
from bestand.graph.model import Graph
from bestand.play.horizon import play_game
from bestand.play.many import survive_many
from bestand.play.survival import standing, survival_under

ZONE = """
bestand: 1
title: a zone
parties: {att: {name: Attacker}, def: {name: Defender}, gua: {name: Guarantor}}
levers:
  att.attacks: {is: attacks}
  def.answers: {is: answers}
  gua.stays: {is: stays, now: yes, one_way: down}
  gua.helps: {is: helps, needs: {yes: gua.stays}}
events:
  incident: {sets: {att.attacks: yes}, when: not att.attacks, per_month: 0.05}
  tired: {sets: {gua.stays: no}, when: gua.stays, per_month: 0.02}
wants: {att: [{that: att.attacks}]}
"""


def free(levers: list[int]) -> Graph:
    lines = ["bestand: 1", "title: free", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(len(levers))), "levers:"]
    lines += [f"  p{i}.l{k}: {{is: a lever}}" for i, n in enumerate(levers) for k in range(n)]
    lines += ["wants:", *(f"  p{i}: [{{that: p{i}.l0}}]" for i in range(len(levers)))]
    return build(read_text("\n".join(lines)))


def timed(name: str, work, bar: float):
    start, wall = time.process_time(), time.perf_counter()
    made = work()
    cpu, wall = time.process_time() - start, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name:58} {cpu:8.2f} s CPU  (bar {bar:g})  {wall:7.2f} s wall  peak {memory:.2f} GB")
    return made


def large(levers: list[int], sweeps: int, horizon: float, bar: float, threads: int = 1) -> None:
    graph, n = free(levers), len(levers)
    each = np.ones(n)
    flow = np.random.default_rng(0).normal(size=(n, graph.n_states))
    made = game_of(graph, flow, tempo=each, noise=0.5 * each, discount=0.02 * each)
    print(f"{graph.n_states:,} states, {n} parties; one array of values is {flow.nbytes / 1e9:.3f} GB")
    name = f"play, {sweeps} sweeps, {threads} thread{'s' * (threads > 1)}"
    played = timed(name, lambda: play_game(made, horizon=horizon, sweeps=sweeps, estimate_error=False, threads=threads), bar)
    holds = graph.digits("p0.l0") == 0
    months = [horizon / 4, horizon / 2, horizon]
    what = "survival, forward through the slices, with its error"
    curve = timed(what, lambda: survival_under(played, start=holds, truce=holds, months=months), 5)
    print(f"    alive {curve.alive[0].round(4)}, error {curve.error:.1g}")
    what = "survival, choices made for ever, with the mean"
    kept = timed(what, lambda: survival_under(standing(played), start=holds, truce=holds, months=months), 5)
    print(f"    alive {kept.alive[0].round(4)}, mean {kept.expected_months[0]:.4g} months")


def zones(n_draws: int, n_postures: int, horizon: float) -> None:
    case = read_text(ZONE)
    asked, rng = conflict(case), np.random.default_rng(0)
    n = n_draws * n_postures
    flow = rng.normal(size=(n, 3, asked.graph.n_states))
    numbers = {"tempo": rng.uniform(0.3, 1, (n, 3)), "noise": rng.uniform(0.2, 1.5, (n, 3)), "discount": rng.uniform(0.01, 0.05, (n, 3))}
    months = np.array([1, 3, 6, 12, horizon])
    cost = {"att.attacks": rng.uniform(0, 1, n)}
    chance = rng.uniform(0, 0.1, (n, 2))

    ask = {"horizon": horizon, "start": "now", "truce": "not att.attacks", "months": months, "threads": 1}

    def work():
        return survive_many(asked, flow=flow, **numbers, chance=chance, move_cost=cost, **ask)

    curves = timed(f"{n_draws} draws × {n_postures} postures of {asked.graph.n_states} states, {horizon:g} months", work, 5)
    print(f"    pooled {curves.pooled.round(4)}")


if __name__ == "__main__":
    for threads in (1, 2):
        large([2] * 8, 400, 24, 4, threads)
    for horizon in (24, 36):
        zones(4000, 8, horizon)
    if "--large" in sys.argv:
        large([3, 3, 3, 3, 2, 2, 2, 2], 200, 12, 40)
