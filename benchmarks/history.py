"""CPU seconds of fits and scores on simulated records: `python benchmarks/history.py`.

Set OPENBLAS_NUM_THREADS=1 on a busy machine: waiting threads of the linear algebra count as work.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np

from bestand.evidence.counts import counts
from bestand.evidence.spells import Spells, spells
from bestand.history.backtest import backtest
from bestand.history.base_rates import base_rates
from bestand.history.combined import combine
from bestand.history.count_fits import simulate_counts
from bestand.history.cox import cox
from bestand.history.fits import kaplan_meier, log_normal, two_types, weibull
from bestand.history.violations import forecast_scores, violations


def records(n: int) -> Spells:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 5))
    t = rng.exponential(np.where(rng.random(n) < 0.55, 1.2, 50) * np.exp(-x[:, 0] / 2)) + 0.01
    group = [f"w{k}" for k in rng.integers(0, 44, n)]
    return spells(t.clip(max=10), t < 10, group=group, covariates={f"x{k}": x[:, k] for k in range(5)})


def timed(what: str, ask: Callable[[], object]) -> None:
    start = time.process_time()
    ask()
    print(f"{what:58} {time.process_time() - start:8.3f} s")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    names = [f"x{k}" for k in range(5)]
    small, large = records(93), records(100_000)
    weibull(small)  # loads lifelines
    timed("Kaplan-Meier, 100,000 spells", lambda: kaplan_meier(large))
    timed("Cox, 5 covariates, 93 spells", lambda: cox(small, names))
    timed("Cox, 5 covariates, 100,000 spells", lambda: cox(large, names))
    timed("two types, 93 spells", lambda: two_types(small))
    timed("two types with interval, 93 spells, 200 resamples", lambda: base_rates(small, model="mixture"))
    timed("Weibull (lifelines), 93 spells", lambda: weibull(small))
    timed("log-normal (lifelines), 93 spells", lambda: log_normal(small, names, penalty=0.05))
    timed("back-test, 44 groups: constant, KM, two types, Cox", lambda: backtest(small, ("mixture",), covariates=names))
    timed(
        "back-test, 44 groups: the same, Weibull, log-normal",
        lambda: backtest(small, ("weibull", "mixture", "lognormal"), covariates=names),
    )
    monthly = counts(simulate_counts(84, base=2.7, echo=0.79, size=1.3)[0])
    long = counts(simulate_counts(5000, base=2, echo=0.5, memory=0.2, size=2)[0])
    timed("three fits of counts, 84 periods", lambda: violations(monthly))
    timed("three fits of counts, 5,000 periods", lambda: violations(long))
    timed("one-step scores, 36 refits of three models", lambda: forecast_scores(monthly))
    weights = {"game": 0.3, "empirical": 0.4, "no difference": 0.3}
    timed("level and ratio, three parts, 10,000 draws", lambda: combine(base_rates("civil-alone"), np.ones(1000), weights=weights))
