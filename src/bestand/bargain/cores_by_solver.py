"""Minimal clashing sets and minimal concessions by solvers, for cases whose states cannot be listed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from bestand.bargain.formula import Formula, in_whole
from bestand.bargain.hitting_sets import no_states
from bestand.errors import AskError, Problem
from bestand.extras import optional

if TYPE_CHECKING:
    from types import ModuleType

    from ortools.sat.python.cp_model import CpModel


MOST_EFFORT = 10.0  # seconds, by the solver's own count, on proving that no smaller clash is missing
N_TIMES, FAR, MOST_LOOKED = 10, 2, 12  # how widely it looks around before it asks again
N_SEEDS = 100  # cheapest concessions that it starts from


class Sat(Protocol):
    """What is used of a satisfiability solver."""

    def solve(self, assumptions: Sequence[int] = ...) -> bool | None:
        """Whether the clauses can hold together with these literals."""
        ...

    def propagate(self, assumptions: Sequence[int] = ...) -> tuple[bool, list[int]]:
        """Whether literals can hold as far as is seen at once, and what follows from them at once."""
        ...

    def get_core(self) -> list[int]:
        """Literals of the assumptions that clash."""
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
    return optional(module, extra="solver", code="bargain/needs-extra", what="this question")


class Countdown:
    """A number of seconds, after which solvers are told to stop; used as a context.

    out : whether they are over
    """

    def __init__(self, seconds: float) -> None:
        self.out = False
        self.stop: Callable[[], object] = lambda: None
        self.timer = Timer(seconds, self.run_out)
        self.timer.daemon = True

    def __enter__(self) -> Countdown:
        self.timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.timer.cancel()

    def run_out(self) -> None:
        """The seconds are over."""
        self.out = True
        self.stop()


def smallest_cores(formula: Formula, demands: Sequence[int], most: int, countdown: Countdown) -> tuple[list[tuple[int, ...]], bool, int]:
    """Minimal clashing sets of demands (given as literals), fewest first, whether they are known to be all,
    and the size below which none is missing.

    The smallest set that shares a demand with every concession known so far and contains no known core either clashes, and
    then is a core, or can be had, and what is then given up is a further concession; its size is a lower bound on every
    core still unknown (implicit hitting sets: Ignatiev, Previti, Liffiton & Marques-Silva 2015). Cores near known ones are
    looked for first, so that the bound has little left to find.
    """
    demands, equal = [formula.separate(demand) for demand in demands], [1.0] * len(demands)
    with extra("pysat.solvers").Solver(name="g4", bootstrap_with=formula.clauses) as sat:
        possible(sat)
        if sat.solve(assumptions=demands):
            return [], True, 0
        search = _Cores(sat, demands, countdown)
        for given_up in _cheapest(formula, demands, equal, N_SEEDS, countdown)[0]:
            search.conceded(given_up)
        search.pairs()
        search.apart((), times=2 * N_TIMES)
        while not countdown.out and search.effort < MOST_EFFORT and search.count(search.bound) < most:
            search.explore(search.bound + FAR, most)
            hit = search.least()
            if hit is None:
                break
            if sat.solve(assumptions=[demands[k] for k in hit]):
                search.apart(hit, times=N_TIMES)
            else:
                search.add(hit)
        complete = search.every and len(search.cores) <= most
        listed = search.sorted()[:most]
        cut = len(listed) < len(search.cores)
        return listed, complete, min(search.bound, len(listed[-1])) if cut else search.bound


class _Cores:
    """Cores and concessions found so far.

    bound  : no core that is not yet known has fewer demands
    every  : whether all cores are known
    effort : spent on the bound, in the solver's own seconds, so that the same question has the same answer
    """

    def __init__(self, sat: Sat, demands: Sequence[int], countdown: Countdown) -> None:
        self.sat, self.demands, self.countdown = sat, demands, countdown
        self.bound, self.every, self.effort = 1, False, 0.0
        self.place = {demand: k for k, demand in enumerate(demands)}
        self.rng = Random(0)
        self.cores: dict[tuple[int, ...], bool] = {}  # and whether its neighbours were looked at
        self.cp = extra("ortools.sat.python.cp_model")
        self.model: CpModel = self.cp.CpModel()
        self.taken = [self.model.new_bool_var(f"d{k}") for k in range(len(demands))]
        self.model.minimize(sum(self.taken))

    def add(self, core: Sequence[int]) -> None:
        """Remembers a core."""
        key = tuple(sorted(core))
        if key not in self.cores:
            self.cores[key] = False
            self.model.add_bool_or([self.taken[k].negated() for k in key])

    def conceded(self, given_up: Sequence[int]) -> None:
        """Remembers a concession."""
        self.model.add_bool_or([self.taken[k] for k in given_up])

    def pairs(self) -> None:
        """Clashes of one or two demands that follow at once."""
        for k, demand in enumerate(self.demands):
            if not self.sat.propagate(assumptions=[demand])[0]:
                self.add([k])
        alone = {core[0] for core in self.cores}
        for k, demand in enumerate(self.demands):
            if k not in alone:
                for literal in self.sat.propagate(assumptions=[demand])[1]:
                    other = self.place.get(-literal)
                    if other is not None and other not in alone:
                        self.add([k, other])

    def apart(self, chosen: Sequence[int], *, times: int) -> None:
        """Concessions without a demand in common, one after the other, and the core where they end; in several orders."""
        for _ in range(times):
            if self.countdown.out:
                return
            held, order = list(chosen), self.order()
            while self.sat.solve(assumptions=[self.demands[k] for k in held]):
                given_up = conceded(self.sat, self.demands, order)
                self.conceded(given_up)
                held += given_up
            self.add(self.shrunk(held))

    def order(self) -> list[int]:
        """The demands in some order."""
        order = list(range(len(self.demands)))
        self.rng.shuffle(order)
        return order

    def shrunk(self, clashing: Sequence[int]) -> list[int]:
        """A core within demands that clash, the last found to be clashing; of several one that keeps the first demands."""
        left = self._blamed(clashing)
        for k in reversed(left):
            if k in left:
                without = [each for each in left if each != k]
                if not self.sat.solve(assumptions=[self.demands[each] for each in without]):
                    left = self._blamed(without)
        return left

    def _blamed(self, clashing: Sequence[int]) -> list[int]:
        blamed = {self.place[literal] for literal in self.sat.get_core()}
        return [k for k in clashing if k in blamed]

    def explore(self, size: int, most: int) -> None:
        """Cores near those of at most `size` demands: without one demand, and keeping the others where that can be."""
        while near := sorted((core for core, looked in self.cores.items() if not looked and len(core) <= size), key=len):
            for core in near:
                if self.countdown.out or sum(self.cores.values()) >= MOST_LOOKED * most:
                    return
                self.cores[core] = True
                for k in core:
                    rest = [each for each in core if each != k]
                    other = [each for each in self.order() if each not in core]
                    if not self.sat.solve(assumptions=[self.demands[each] for each in (*rest, *other)]):
                        self.add(self.shrunk([*rest, *other]))

    def least(self) -> list[int] | None:
        """The smallest set that hits every concession and contains no known core; None where there is none, or no effort left."""
        solver = self.cp.CpSolver()
        solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
        solver.parameters.max_deterministic_time = MOST_EFFORT - self.effort
        status = solver.solve(self.model)
        self.effort += solver.response_proto.deterministic_time
        self.every = status == self.cp.INFEASIBLE
        if status != self.cp.OPTIMAL:
            return None
        hit = [k for k, each in enumerate(self.taken) if solver.value(each)]
        if len(hit) > self.bound:
            self.bound = len(hit)
            self.model.add(sum(self.taken) >= self.bound)
        return hit

    def count(self, size: int) -> int:
        """Number of known cores of at most so many demands."""
        return sum(len(core) <= size for core in self.cores)

    def sorted(self) -> list[tuple[int, ...]]:
        """The known cores, fewest demands first."""
        return sorted(self.cores, key=lambda core: (len(core), core))


def possible(sat: Sat) -> None:
    """Nothing, unless no state at all is left."""
    if not sat.solve():
        raise no_states()


def conceded(sat: Sat, demands: Sequence[int], order: Sequence[int]) -> list[int]:
    """The demands given up when as many more as possible are met beside those met in the solution just found."""
    held = set(sat.get_model())
    met = [each for each in demands if each in held]
    given_up = []
    for k in order:
        if demands[k] in held:
            continue
        if sat.solve(assumptions=[*met, demands[k]]):
            held = set(sat.get_model())
            met = [each for each in demands if each in held]
        else:
            given_up.append(k)
    return given_up


def cheapest_concessions(
    formula: Formula, demands: Sequence[int], weights: Sequence[float], most: int, *, lines: Collection[int], countdown: Countdown
) -> tuple[list[tuple[int, ...]], bool]:
    """Minimal sets of demands to give up, cheapest first, and whether these are all (MaxSAT: Ignatiev, Morgado &
    Marques-Silva 2019).

    lines : numbers of red lines; what crosses none of them comes first

    Raises
    ------
    AskError
        `bargain/no-time`: not one was there in time.
    """
    known: list[tuple[int, ...]] = []
    if lines:
        known, complete = _cheapest(formula, demands, weights, most, countdown, kept=lines)
        if known == [()] or (len(known) == most and not complete):
            return known, complete
    further, complete = _cheapest(formula, demands, weights, most - len(known), countdown, known=known)
    if countdown.out and not known and not further:
        what = "time was up before the solver knew any concession that opens a deal"
        raise AskError(Problem("bargain/no-time", what, hint="give more seconds=, or a view that varies fewer levers"))
    return known + further, complete


def _cheapest(
    formula: Formula, demands: Sequence[int], weights: Sequence[float], most: int, countdown: Countdown, *,
    kept: Collection[int] = (), known: Sequence[tuple[int, ...]] = (),
) -> tuple[list[tuple[int, ...]], bool]:
    """Concessions that give up none of the demands that are kept, and contain none of the known ones."""
    problem = extra("pysat.formula").WCNF()
    for clause in [*formula.clauses, *([demands[k]] for k in kept), *([demands[k] for k in each] for each in known)]:
        problem.append(clause)
    for demand, size in zip(demands, in_whole(weights)[0], strict=True):
        problem.append([demand], weight=max(1, size))
    cheapest: list[tuple[int, ...]] = []
    with extra("pysat.examples.rc2").RC2(problem, solver="g4", adapt=True, exhaust=True, minz=True) as solver:
        countdown.stop = solver.interrupt
        while len(cheapest) < most and not countdown.out:
            model = solver.compute(expect_interrupt=True)
            if model is None:
                break
            held = set(model)
            given_up = tuple(k for k, demand in enumerate(demands) if demand not in held)
            cheapest.append(given_up)
            if not given_up:
                return cheapest, True
            solver.add_clause([demands[k] for k in given_up])
        more = countdown.out or (len(cheapest) == most and solver.compute(expect_interrupt=True) is not None) or countdown.out
        countdown.stop = lambda: None
    if not cheapest and not known and not countdown.out:
        with extra("pysat.solvers").Solver(name="g4", bootstrap_with=formula.clauses) as sat:
            possible(sat)
    return cheapest, not more
