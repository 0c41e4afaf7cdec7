"""CPU-seconds for what could be agreed: `python benchmarks/bargain.py [GENERATOR.py]`.

Outcomes: 2^20 of them and six parties, additive worths, all ties (with the path of a generator of neutral inputs: its own
`2p20_k6`, written into a temporary folder). Conflicts: seeded random cases of 100 levers, six parties and 300 demands.
"""

from __future__ import annotations

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

from bestand.bargain.cores import concessions, cores
from bestand.bargain.frontier import frontier_of
from bestand.bargain.settle_by_solver import settle_by_solver
from bestand.bargain.solutions import RULES, settle
from bestand.case.read import read_text
from bestand.graph.conflict import Conflict, conflict


def additive(generator: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Worths (n_parties, n_outcomes) and walk-away values of the neutral input, or of a random one like it."""
    if generator is None:
        rng = np.random.default_rng(20250406)
        tables = [[np.array([0, w]) if rng.random() < 0.5 else np.array([w, 0]) for w in rng.dirichlet(np.full(20, 2.0))] for _ in range(6)]
        away = 0.25 + 0.1 * rng.random(6)
    else:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, str(pathlib.Path(generator).resolve())], cwd=folder, check=True)
            stated = json.loads((pathlib.Path(folder) / "2p20_k6.json").read_text())
        tables = [[np.array(issue) for issue in table] for table in stated["table"]]
        away = np.array(stated["reservation"])
    worth = []
    for table in tables:
        total = np.zeros(1)
        for issue in table:
            total = (total[:, None] + issue).ravel()
        worth.append(total)
    return np.array(worth), away


def large(seed: int, n_levers: int = 100, n_parties: int = 6, n_demands: int = 300) -> Conflict:
    """A random case: every party owns some levers and wants conditions on one to three levers, its own and others'."""
    r = random.Random(seed)
    settings = [["no", "yes"] if r.random() < 0.8 else ["none", "some", "all"] for _ in range(n_levers)]
    names = [f"p{k % n_parties}.l{k}" for k in range(n_levers)]

    def atom() -> str:
        k = r.randrange(n_levers)
        if len(settings[k]) == 3:
            return f"{names[k]} {r.choice(['>=', '<=', '=', '!='])} some"
        return r.choice(["", "not "]) + names[k]

    def condition() -> str:
        shape = r.random()
        if shape < 0.3:
            return atom()
        if shape < 0.9:
            return f"{atom()} {r.choice(['or', 'or', 'implies', 'and'])} {atom()}"
        return f"{atom()} and {atom()} implies {atom()}"

    lines = ["bestand: 1", "title: large", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n_parties)), "levers:"]
    lines += [f"  {name}: {{is: x, settings: [{', '.join(each)}]}}" for name, each in zip(names, settings, strict=True)]
    lines += ["never:", *(f"  - {{that: {atom()} and {atom()} and {atom()}}}" for _ in range(10)), "wants:"]
    for i in range(n_parties):
        lines.append(f"  p{i}:")
        lines += [f"    - {{that: {condition()}, worth: {r.randint(1, 10)}}}" for _ in range(n_demands // n_parties)]
    return conflict(read_text("\n".join(lines) + "\n"))


def either_or(seed: int, n_levers: int = 100, n_parties: int = 6, n_demands: int = 300) -> Conflict:
    """A harder one: every demand asks for one of two settings, so that clashes are chains of many demands."""
    r = random.Random(seed)
    names = [f"p{k % n_parties}.l{k}" for k in range(n_levers)]
    lines = ["bestand: 1", "title: either or", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n_parties))]
    lines += ["levers:", *(f"  {name}: {{is: x}}" for name in names), "wants:"]
    for i in range(n_parties):
        lines.append(f"  p{i}:")
        for _ in range(n_demands // n_parties):
            either = " or ".join(r.choice(["", "not "]) + name for name in r.sample(names, 2))
            lines.append(f"    - {{that: {either}, worth: 1}}")
    return conflict(read_text("\n".join(lines) + "\n"))


def timed(name: str, work: Callable[[], object]) -> object:
    """Runs it and prints its CPU- and wall-clock seconds."""
    began, clock = time.process_time(), time.perf_counter()
    answer = work()
    print(f"{name:58} {time.process_time() - began:8.3f} CPU-s {time.perf_counter() - clock:8.3f} s")
    return answer


def main(generator: str | None) -> None:
    """The table."""
    worth, away = additive(generator)

    def outcomes() -> str:
        best = frontier_of(worth, fallback=away)
        ties = {rule: settle(best, rule=rule).outcomes.size for rule in RULES}
        return f"{best.members.size} on the frontier at {best.n_points} points; ties {ties}"

    print(timed("2^20 outcomes, 6 parties: frontier and four rules", outcomes))
    for seed in range(3):
        one_case(seed)
    for seed in range(2):
        clashes(f"either-or {seed}", either_or(seed), {})


def one_case(seed: int) -> None:
    """The rows of one large case."""
    dispute = large(seed)
    case = dispute.case
    weights = {f"wants.{p}[{k}]": w.worth.value for p in case.file.parties for k, w in enumerate(case.wants(p)[""])}
    clashes(f"case {seed}", dispute, weights)
    for rule in RULES:
        answer = timed(f"case {seed}: {rule} by solver", lambda rule=rule: settle_by_solver(dispute, rule=rule))
        print(f"    score {answer.score:.9g}, bound {answer.bound:.9g}, proven {answer.proven}")


def clashes(name: str, dispute: Conflict, weights: dict[str, float]) -> None:
    """The rows on cores and concessions of one case."""
    for how, given in (("one each", "one each"), ("by worth", weights)):
        if given:
            answer = timed(
                f"{name}: cheapest concession, {how}", lambda given=given: concessions(dispute, which="every want", most=1, weights=given)
            )
            print(f"    cost {answer.costs[0]:g}")
    answer = timed(f"{name}: 50 smallest cores", lambda: cores(dispute, which="every want", most=50))
    print(f"    of {min(map(len, answer.sets))} to {max(map(len, answer.sets))} demands; none of fewer than {answer.none_below} missing")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
