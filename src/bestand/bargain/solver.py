"""Minimal clashing sets and minimal concessions by solvers, for cases whose states cannot be listed."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import TYPE_CHECKING, Protocol

from bestand.bargain.clash import no_states
from bestand.bargain.formula import Formula, whole
from bestand.errors import AskError, Problem

if TYPE_CHECKING:
    from types import ModuleType


MOST_STEPS = 3000  # clashes and concessions met with in the search for the smallest clashes


class Sat(Protocol):
    """What is used of a satisfiability solver."""

    def solve(self, assumptions: Sequence[int] = ...) -> bool | None:
        """Whether the clauses can hold together with these literals."""
        ...

    def get_model(self) -> list[int]:
        """Literals that hold in the solution found."""
        ...


def extra(module: str) -> ModuleType:
    """A module of the optional solvers.

    Raises
    ------
    AskError
        `bargain/needs-extra`: it is not installed.
    """
    from importlib import import_module  # noqa: PLC0415

    try:
        return import_module(module)
    except ImportError as missing:
        what = f"this question needs a solver, and '{module.partition('.')[0]}' is not installed"
        raise AskError(Problem("bargain/needs-extra", what, hint='pip install "bestand[solver]"')) from missing


def smallest_cores(formula: Formula, demands: Sequence[int], most: int) -> tuple[list[tuple[int, ...]], bool]:
    """Minimal clashing sets of demands (given as literals), fewest first, and whether these are all.

    The smallest set that shares a demand with every concession known so far either clashes, and then is a smallest core,
    or can be had, and what is then given up is a further concession (implicit hitting sets: Ignatiev, Previti, Liffiton &
    Marques-Silva 2015).
    """
    found: list[tuple[int, ...]] = []
    with extra("pysat.solvers").Solver(name="g4", bootstrap_with=formula.clauses) as sat:
        possible(sat)
        sat.set_phases(list(demands))
        with extra("pysat.examples.hitman").Hitman(solver="g4", htype="sorted") as hitman:
            for _ in range(MOST_STEPS):
                if len(found) == most:
                    break
                hit = hitman.get()
                if hit is None:
                    return found, True
                if sat.solve(assumptions=[demands[k] for k in hit]):
                    given_up = conceded(sat, demands)
                    if not given_up:
                        return [], True
                    hitman.hit(given_up)
                else:
                    found.append(tuple(sorted(hit)))
                    hitman.block(hit)
    return found, False


def possible(sat: Sat) -> None:
    """Nothing, unless no state at all is left."""
    if not sat.solve():
        raise no_states()


def conceded(sat: Sat, demands: Sequence[int]) -> list[int]:
    """The demands given up when as many more as possible are met beside those met in the solution just found."""
    held = set(sat.get_model())
    met = [each for each in demands if each in held]
    given_up = []
    for k, demand in enumerate(demands):
        if demand in held:
            continue
        if sat.solve(assumptions=[*met, demand]):
            held = set(sat.get_model())
            met = [each for each in demands if each in held]
        else:
            given_up.append(k)
    return given_up


def cheapest_concessions(
    formula: Formula, demands: Sequence[int], weights: Sequence[float], most: int
) -> tuple[list[tuple[int, ...]], bool]:
    """Minimal sets of demands to give up, cheapest first, and whether these are all (MaxSAT: Ignatiev, Morgado &
    Marques-Silva 2019)."""
    formula_module = extra("pysat.formula")
    problem = formula_module.WCNF()
    for clause in formula.clauses:
        problem.append(clause)
    sizes = [whole(weight) for weight in weights]
    unit = gcd(*sizes) or 1
    for demand, size in zip(demands, sizes, strict=True):
        problem.append([demand], weight=size // unit)
    found: list[tuple[int, ...]] = []
    with extra("pysat.examples.rc2").RC2(problem, solver="g4", adapt=True, exhaust=True, minz=True) as solver:
        while len(found) < most:
            model = solver.compute()
            if model is None:
                if not found:
                    possible(extra("pysat.solvers").Solver(name="g4", bootstrap_with=formula.clauses))
                return found, True
            held = set(model)
            given_up = tuple(k for k, demand in enumerate(demands) if demand not in held)
            found.append(given_up)
            if not given_up:
                return found, True
            solver.add_clause([demands[k] for k in given_up])
        return found, solver.compute() is None
