"""What other programs say of the same draws: `python -m tests.oracle.theirs` writes theirs.toml where they are installed.

    pip install SALib ema-workbench openturns

SALib is under MIT, OpenTURNS under the LGPL, and the EMA Workbench, under BSD, brings Platypus-Opt under the GPL: the tests compare with
the numbers, and with the programs themselves only where somebody has installed them.
"""

from __future__ import annotations

import pathlib
import tempfile
from importlib.metadata import version

import numpy as np

from bestand.explore.space import space, vary
from bestand.explore.sweep import Sweep, sweep
from bestand.explore.task import Measure, crossed
from tests.explored import X, Y, Z, linear, numbers

FILE = pathlib.Path(__file__).with_suffix(".toml")


def noisy(asked: object) -> np.ndarray:
    """Yes in a corner, but in one of twenty draws the other way."""
    x, y, z = numbers(asked)
    return ((x > 0.6) & (y < 0.5)) ^ (z * 1000 % 1 < 0.05)


def table(folder: pathlib.Path) -> Sweep:
    """Four thousand draws of three numbers between 0 and 1, and whether it is yes."""
    case = linear()
    open_here = vary(space(case, kinds=()), number=dict.fromkeys((X, Y, Z), (0.0, 1.0)))
    return sweep(case, open_here, Measure("m", noisy, together=True, sized=True), n=4_000, each=1_000, out=folder)


def crossed_answers() -> np.ndarray:
    """Ishigami's function in Saltelli's design: (4096, 5), by f(A), f(B), f(A with one column of B)."""
    x, y, z = 2 * np.pi * crossed(np.random.default_rng(2).random((2, 4_096, 3))).T - np.pi
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)).reshape(-1, 5)


def by_ema(folder: pathlib.Path) -> str:
    """The box of the EMA Workbench with the best harmonic mean of coverage and density."""
    import pandas as pd
    from ema_workbench.analysis import prim

    columns = table(folder).columns(X, Y, Z, "m")
    found = prim.Prim(pd.DataFrame({"x": columns[X], "y": columns[Y], "z": columns[Z]}, dtype=float), np.asarray(columns["m"], bool), threshold=0.5, peel_alpha=0.05)
    peeled = found.find_box()
    steps = peeled.peeling_trajectory
    mean = 2 * steps["coverage"] * steps["density"] / (steps["coverage"] + steps["density"])
    best = steps[mean >= mean.max() - 0.01].sort_values("res_dim").iloc[0]  # of the steps that are as good, to a hundredth, the one with the fewest limits
    box = peeled.box_lims[int(best["id"])]
    lines = [f"{name} = [{box[name].iloc[0]:.4f}, {box[name].iloc[1]:.4f}]" for name in ("x", "y", "z")]
    return "\n".join([f'version = "{version("ema-workbench")}"', f"coverage = {best['coverage']:.4f}", f"density = {best['density']:.4f}", f"mass = {best['mass']:.4f}", *lines])


def by_salib() -> str:
    from SALib.analyze import sobol

    answers = crossed_answers()
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[-np.pi, np.pi]] * 3}
    told = sobol.analyze(problem, answers[:, [0, 2, 3, 4, 1]].ravel(), calc_second_order=False, num_resamples=10, seed=1)
    return f'version = "{version("SALib")}"\nfirst = {[round(float(v), 4) for v in told["S1"]]}\ntotal = {[round(float(v), 4) for v in told["ST"]]}'


def by_openturns() -> str:
    import openturns as ot

    answers = crossed_answers()
    unit = crossed(np.random.default_rng(2).random((2, 4_096, 3))).reshape(-1, 5, 3)
    order = [0, 1, 2, 3, 4]  # A, B, then A with one column of B
    inputs = ot.Sample(np.concatenate([unit[:, k] for k in order]).tolist())
    outputs = ot.Sample(np.concatenate([answers[:, k] for k in order])[:, None].tolist())
    found = ot.SaltelliSensitivityAlgorithm(inputs, outputs, 4_096)
    first, total = ([round(float(v), 4) for v in each] for each in (found.getFirstOrderIndices(), found.getTotalOrderIndices()))
    return f'version = "{ot.__version__}"\nfirst = {first}\ntotal = {total}'


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        parts = {"ema": by_ema(pathlib.Path(made)), "salib": by_salib(), "openturns": by_openturns()}
    FILE.write_text("# Written by `python -m tests.oracle.theirs`.\n" + "".join(f"\n[{name}]\n{part}\n" for name, part in parts.items()), encoding="utf-8")
