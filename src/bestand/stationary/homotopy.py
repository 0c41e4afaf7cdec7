"""The branch of logit equilibria that begins at endless noise, followed to little noise; round its turns where it has any."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from bestand.stationary.logit import System

Floats = NDArray[np.float64]
MOST_DENSE = 2_600  # unknowns, above which derivatives are not written out as a matrix
MOST_STEPS = 1_500  # steps along the branch of logit equilibria
LARGEST = 3.0  # of a step in log noise; and 0.4 of it is the most that a point lies beside where the direction led
STRAIGHT = 0.9  # cosine between one direction and the next, below which a step was too long
LEAST_NOISE = 1e-8  # of what one move changes


def branch(system: System, last: float, start: tuple[Floats, float], *, way: float = -1.0) -> Iterator[tuple[Floats, float]]:
    """Points (values, noise) along the branch from one of them, the last at noise `last`; ends early where it is lost.

    way : -1 sets out towards less noise, +1 towards more, as on a stretch between two turns

    Predictor and corrector with arc length (Allgower & Georg 1990; for logit equilibria Turocy 2005), in log noise.
    """
    v, noise = start
    most = system.spread(v)
    size = min(most, 4 * noise)
    point = np.append(v.ravel() / size, np.log(noise))
    tangent = np.zeros(point.size)
    tangent[-1] = way
    tangent = _tangent(system, point, size, tangent)
    step, highest = 0.5, np.log(noise) + 2
    for _ in range(MOST_STEPS):
        step, after, ahead = _advance(system, point, size, tangent, step, np.log(last))
        if after is None or after[-1] > highest:
            return
        if after[-1] <= np.log(last) + 1e-9:
            solution = correct(system, after[:-1].reshape(system.shape) * size, last)
            if solution is not None:
                yield solution, last
            return
        here = float(np.exp(after[-1]))
        yield after[:-1].reshape(system.shape) * size, here
        point, tangent, size = _rescaled(after, ahead, size, min(most, 4 * here))


def _rescaled(point: Floats, tangent: Floats, size: float, after: float) -> tuple[Floats, Floats, float]:
    """The same point with values in another unit: near the turns what counts is how they compare with the noise."""
    point, tangent = point.copy(), tangent.copy()
    point[:-1] *= size / after
    tangent[:-1] *= size / after
    return point, tangent / np.linalg.norm(tangent), after


Step = Callable[[Floats, float, Floats], Floats | None]


def correct(system: System, v: Floats, noise: float, *, most: int = 15, solve: Step | None = None) -> Floats | None:
    """The values near v that solve the system at this noise (damped Newton), or None."""
    solve = solve or (lambda v, noise, r: _solved(system.dense(v, noise), r.ravel()))
    r = system.residual(v, noise)
    for _ in range(most):
        now = float(np.abs(r).max())
        if now <= system.small(v):
            return v
        change = solve(v, noise, r)
        if change is None:
            return None
        v, r, moved = _damped(system, v, noise, change.reshape(v.shape), now)
        if not moved:
            break
    return v if float(np.abs(r).max()) <= 1e3 * system.small(v) else None


def _damped(system: System, v: Floats, noise: float, change: Floats, now: float) -> tuple[Floats, Floats, bool]:
    share = 1.0
    while share > 0.01:
        r = system.residual(v - share * change, noise)
        if float(np.abs(r).max()) < now:
            return v - share * change, r, True
        share /= 2
    return v, system.residual(v, noise), False


def _solved(matrix: Floats, right: Floats) -> Floats | None:
    try:
        solution = np.linalg.solve(matrix, right).astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        return None
    return solution if np.all(np.isfinite(solution)) else None


def _bordered(system: System, point: Floats, size: float, tangent: Floats) -> Floats:
    v, noise = point[:-1].reshape(system.shape) * size, float(np.exp(point[-1]))
    h = 1e-6  # upwards, since below a party's own noise nothing changes
    slope = (system.residual(v, noise * np.exp(h)) - system.residual(v, noise)) / h
    matrix = np.empty((point.size, point.size))
    matrix[:-1, :-1] = system.dense(v, noise) * size
    matrix[:-1, -1] = slope.ravel()
    matrix[-1] = tangent
    return matrix


def _tangent(system: System, point: Floats, size: float, before: Floats) -> Floats:
    right = np.zeros(point.size)
    right[-1] = 1.0
    solution = _solved(_bordered(system, point, size, before), right)
    return before if solution is None else solution / np.linalg.norm(solution)


def _advance(
    system: System, point: Floats, size: float, tangent: Floats, step: float, last: float
) -> tuple[float, Floats | None, Floats]:
    """One step along the branch, shorter where the corrector does not settle or the direction turns too far.

    Returns the next step, the point (None where the branch is lost) and the direction there.
    """
    while step > 1e-9:
        if tangent[-1] < 0:
            step = min(step, max((last - point[-1]) / tangent[-1], 1e-9))
        step = min(step, LARGEST / max(abs(tangent[-1]), 1e-300))
        guess = point + step * tangent
        after, rounds = corrected(system, guess, size, tangent)
        if after is None:
            step /= 3
            continue
        beside = float(np.linalg.norm(after - guess)) / (0.4 * min(step, LARGEST) + 1e-9)
        aimed = step * min(2.0, max(0.3, 0.8 / max(beside, 1e-9) ** 0.5))  # what lies beside grows with the square of a step
        if beside <= 1:
            ahead = _tangent(system, after, size, tangent)
            cosine = float(ahead @ tangent)
            if cosine > STRAIGHT:
                return min(aimed, step * (2.0 if rounds <= 3 and cosine > 0.99 else 1.3 if rounds <= 5 else 0.8)), after, ahead
            aimed = step / 2
        step = aimed
    return step, None, tangent


def corrected(system: System, guess: Floats, size: float, tangent: Floats) -> tuple[Floats | None, int]:
    """The point that a guess is corrected to, across the tangent, and in how many rounds; None where it does not settle."""
    point = guess
    for rounds in range(9):
        v = point[:-1].reshape(system.shape) * size
        r = system.residual(v, float(np.exp(point[-1]))).ravel()
        right = np.append(r, tangent @ (point - guess))
        if float(np.abs(r).max()) <= 30 * system.small(v):
            return point, rounds
        change = _solved(_bordered(system, point, size, tangent), right)
        if change is None or float(np.abs(change).max()) > 5:
            return None, rounds
        point = point - change
    return None, 9


def krylov(system: System, more: Callable[[], bool], *, rounds: int = 400) -> Step:
    """A solver of the Newton step for large components: GMRES, scaled by the diagonal; none where no time is left."""
    from scipy.sparse import coo_matrix  # type: ignore[import-untyped]  # noqa: PLC0415
    from scipy.sparse.linalg import LinearOperator, gmres  # type: ignore[import-untyped]  # noqa: PLC0415

    def solve(v: Floats, noise: float, r: Floats) -> Floats | None:
        if not more():
            return None
        row, column, entry = system.derivative(v, noise)
        whole = coo_matrix((entry, (row, column)), shape=(v.size, v.size)).tocsr()
        size = whole.diagonal()
        near = LinearOperator(whole.shape, lambda r: r / size)
        solution, _ = gmres(whole, r.ravel(), M=near, rtol=1e-4, restart=rounds, maxiter=1)
        left = float(np.linalg.norm(whole @ solution - r.ravel()))
        return solution if left < 0.3 * float(np.linalg.norm(r)) else None

    return solve


def descent(system: System, last: float, *, solve: Step | None = None) -> Iterator[tuple[Floats, float]]:
    """Points (values, noise) from much noise down to `last` by Newton steps from one noise to the next; ends where they fail.

    Much faster than `branch`, but it cannot go round a turn, and may leap to another branch.
    """
    v = system.income / system.own
    noise, factor = 4 * system.spread(v), 0.4
    patience = 0.8 if solve is None else 0.65  # a step by Krylov costs seconds
    solution = correct(system, v, max(noise, last), most=40, solve=solve)
    noise = max(noise, last)
    earlier: tuple[Floats, float] | None = None
    while solution is not None:
        v = solution
        yield v, noise
        if noise <= last:
            return
        solution = None
        while solution is None and factor < patience:
            after = max(last, noise * factor)
            guess = v if earlier is None else v + (v - earlier[0]) * (after - noise) / (noise - earlier[1])
            solution = correct(system, guess, after, most=8, solve=solve)
            factor = factor**0.5 if solution is None else max(0.1, factor**1.5)
        earlier, noise = (v, noise), after
