"""How long a condition holds on average, when choices stay as they are: a linear system on the states where it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.play.choices import MoveRates
from bestand.play.reach import reached_along

MOST_DIRECT = 3_000  # states up to which the system is solved directly; factors of larger ones fill up


def expected_months(made: MoveRates, mass: NDArray[np.float64], inside: NDArray[np.bool_]) -> float:
    """Months until `inside` is first left: m of −Q m = 1 on the states that hold, averaged over the start.

    made   : rates of all moves
    mass   : (n_states,) float, the start
    inside : (n_states,) bool
    inf where states can be reached from which there is no way out; nan where the iteration (GMRES: Saad & Schultz 1986)
    does not converge.

    >>> import numpy as np
    >>> one_way = MoveRates(np.array([0, 1, 1]), np.array([1]), np.array([0.25]), np.array([0], np.int32))
    >>> expected_months(one_way, np.array([1.0, 0.0]), np.array([True, False]))
    4.0
    """
    from scipy.sparse import csr_array, linalg  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    source, target = made.source, made.target
    used = inside[source] & (made.rate > 0)
    source, target, rate = source[used], target[used], made.rate[used]
    reached = reached_along(mass > 0, source, target)
    if not reached_along(reached & ~inside, target, source)[reached].all():
        return float("inf")
    within = np.flatnonzero(reached & inside)
    total = np.bincount(source, rate, minlength=mass.size)[within]
    number = np.full(mass.size, -1)
    number[within] = np.arange(within.size)
    kept = (number[source] >= 0) & (number[target] >= 0)
    shares = rate[kept] / total[number[source[kept]]]
    jumps = csr_array((shares, (number[source[kept]], number[target[kept]])), shape=(within.size, within.size))
    system = csr_array((np.ones(within.size), (np.arange(within.size),) * 2)) - jumps
    if within.size <= MOST_DIRECT:
        return float(mass[within] @ np.atleast_1d(linalg.spsolve(system.tocsc(), 1 / total)))
    solved, missed = linalg.gmres(system, 1 / total, rtol=1e-10, restart=60, maxiter=40)
    return float(mass[within] @ solved) if missed == 0 else float("nan")
