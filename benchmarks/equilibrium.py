"""CPU seconds for stationary equilibria, certificate included: `OPENBLAS_NUM_THREADS=1 python benchmarks/equilibrium.py [FILE.npz …]`.

Without arguments: games of 2^20 states and 8 parties, with levers that only go up (components of one state) and with two
reversible ones (of four). With arguments: games of arrays u, p, delta, ptr, tgt, cost, prob; a name followed by `@0.1` is
played with that noise. `--small N` takes 2^N states. Gains are in worth, with flows in [0, 1] and a range of payoffs of 19.
"""

from __future__ import annotations

import pathlib
import resource
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from tests.oracle.dense_games import game_of as game_of_file
from tests.oracle.given_games import game_of

from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.game import Game
from bestand.stationary.equilibrium import solve


def levers_game(n_levers: int, n_parties: int, reversible: tuple[int, ...], seed: int = 0) -> Game:
    lines = ["bestand: 1", "title: levers", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n_parties)), "levers:"]
    for k in range(n_levers):
        way = "" if k in reversible else ", one_way: up"
        lines.append(f"  p{k % n_parties}.l{k}: {{is: a lever, now: no{way}}}")
    graph = build(read_text("\n".join(lines) + "\n"))
    flow, each = np.random.default_rng(seed).random((n_parties, graph.n_states)), np.ones(n_parties)
    return game_of(graph, flow, tempo=each / n_parties, noise=0 * each, discount=(1 / 0.95 - 1) * each)


def report(name: str, played: Game, tolerance: float, surplus: bool = True) -> None:
    start = time.process_time()
    try:
        found = solve(played, tolerance=tolerance, surplus=surplus)
        check = found.certificate
        what = f"gain {check.gain.max():.1e}, bound {check.bound.max():.1e}; " + ", ".join(f"{k}: {v:,}" for k, v in found.rungs.items())
    except AskError as error:
        what = "refused: " + error.problems[0].what
    seconds = time.process_time() - start
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name}: {seconds:.3f} s, {gigabytes:.2f} GB; {what}", flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    size = int(words[words.index("--small") + 1]) if "--small" in words else 20
    files = [word for word in words if ".npz" in word]
    for word in files:
        path, _, noise = word.partition("@")
        report(pathlib.Path(word).name, game_of_file(dict(np.load(path)), noise=float(noise or 0)), 1e-6, not noise)
    if not files:
        report(f"2^{size} states, 8 parties, one-way levers", levers_game(size, 8, ()), 1e-10)
        report(f"2^{size} states, 8 parties, two levers reversible", levers_game(size, 8, (0, 1)), 5e-7)
