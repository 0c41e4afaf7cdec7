"""Settlements of cases whose states cannot be listed, by a solver, with a bound that says how good they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.cores_by_solver import extra
from bestand.bargain.demands import Demand, wanted
from bestand.bargain.demands import demands as demands_of
from bestand.bargain.fallback import Fallback
from bestand.bargain.formula import Formula, checked_seconds, in_whole, no_mask
from bestand.bargain.scope import scope
from bestand.bargain.solutions import checked_rule, powers_of, too_large_powers
from bestand.case.conditions import Node
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.show import Cell, Shown, Table

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

LARGEST = 1 << 27  # a worth in whole units: products with logarithms and shares must stay below 2^62
MOST_POWER = 1 << 20  # size of a bargaining power as a whole number, beyond which powers are rounded
LOG_UNITS = 1_000_000_000  # logarithms count in these parts of one
SHARE_UNITS = 100_000  # shares of an ideal gain are first searched for in these parts of one
SLOPE = 1 << 20
N_TANGENTS = 24
MOST_LOG = 700  # of a product of gains, whose logarithm is worked with
MOST_ROUNDS = 200  # rounds in which the bound on a product is tightened


@dataclass(frozen=True, slots=True, repr=False)
class SolverSettlement(Shown):
    """One outcome that a rule picks; others may tie with it.

    score    : of the rule, as in `Settlement`
    bound    : what no outcome scores better than, by the solver's proof
    proven   : whether score and bound agree, to one part in 10^6 for `nash`, exactly else; False where time ran out
    settings : setting of every lever
    worth, gain : (n_parties,) float64, what the outcome is worth to each of `parties`, and how much above its fallback
    left_out : parties that cannot gain whatever is agreed
    now      : present setting of every lever; empty where the case does not give them
    """

    rule: str
    score: float
    bound: float
    proven: bool
    settings: Mapping[str, str]
    parties: tuple[str, ...]
    worth: NDArray[np.float64]
    gain: NDArray[np.float64]
    left_out: tuple[str, ...]
    now: Mapping[str, str]

    def table(self) -> Table:
        """One row per party, and what would change from now."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (party, float(worth), float(gain)) for party, worth, gain in zip(self.parties, self.worth, self.gain, strict=True)
        )
        changed = [f"{lever}={setting}" for lever, setting in self.settings.items() if setting != self.now.get(lever)]
        sure = "proven best" if self.proven else f"not proven best: nothing scores above {self.bound:.6g}"
        notes = (f"score {self.score:.6g}, {sure}", f"{'changed from now' if self.now else 'outcome'}: " + (", ".join(changed) or "nothing"))
        return Table(f"Settlement by {self.rule.replace('_', '-')}", ("party", "worth", "gain"), rows, notes)


def settle_by_solver(
    conflict: Conflict | Case,
    *,
    rule: str = "nash",
    power: Mapping[str, float] | None = None,
    that: str | Node | None = None,
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    types: Mapping[str, str] | None = None,
    seconds: float = 60.0,
) -> SolverSettlement:
    """An outcome that a rule picks among all that cross no red line and leave nobody below its fallback (OR-tools CP-SAT).

    Worths count in whole parts of a common unit, exact where they have at most twelve digits (see `in_whole`). For
    `nash` the sum of logarithms is bounded from above by tangents, refined where the solver lands, until the bound is
    within one part in 10^6 of the product found. Which of several ties is returned may differ from run to run; of those of a
    proven score, as far as there is time, one in which nobody can be better off at no loss to the others. A party
    that can gain nowhere is passed over, and so is one in `excluding`. The graph is not built.

    seconds : by the solver's own clock, after which the best so far is returned, with `proven` False where the proof is missing

    Raises
    ------
    AskError
        `bargain/needs-extra`, `bargain/no-deal`, `bargain/no-time`, `bargain/unknown-rule`, `bargain/bad-number`,
        `bargain/no-mask`, `bargain/no-levers` (the states are listed), `worth/ordinal`.
    GraphError
        `graph/unknown-party`.

    >>> from bestand import conflict, read
    >>> settle_by_solver(conflict(read("example/en"), scale="cardinal"), rule="utilitarian", seconds=20).table().rows[0][:2]
    ('upper', 5.0)
    """
    conflict = ready(conflict)
    if conflict.case.file.graph is not None:
        what = "the states of this conflict are listed, and the solver works on levers"
        raise AskError(Problem("bargain/no-levers", what, hint="settle(frontier(…)) takes listed states where each has a worth"))
    checked_rule(rule)
    if rule not in PROGRAMS:
        hint = f"by the solver there are {', '.join(PROGRAMS)}; settle(frontier(…)) knows all"
        raise AskError(Problem("bargain/unknown-rule", f"the solver does not know the rule '{rule}'", hint=hint))
    powers_of(tuple(conflict.case.file.parties), power)
    if isinstance(that, np.ndarray):
        raise no_mask()
    limit = checked_seconds(seconds)
    formula = Formula(conflict, wanted(conflict, that))
    asked = demands_of(conflict.on_scale("cardinal"), fallback=fallback, excluding=excluding, types=types)
    floors = [each for each in asked if each.kind == "fallback"]
    if not floors:
        raise AskError(Problem("bargain/no-demands", "nobody is left whose gains could be compared", hint="exclude fewer parties"))
    limits = [formula.demand(each) for each in asked if each.kind == "red line"]
    sums, least, units = _counted(formula, floors, comparing=rule in ("egalitarian", "utilitarian"))
    problem = _Program(formula, limits, sums, least, units, limit)
    weight = powers_of([each.party for each in floors], {each.party: power[each.party] for each in floors if each.party in power} if power else None)
    return _solved(conflict, rule, formula, floors, problem, weight)


def _counted(
    formula: Formula, floors: Sequence[Demand], *, comparing: bool
) -> tuple[list[list[tuple[int, int]]], list[int], list[float]]:
    """Worths, and what they must sum to, in whole units: each party's own, or one for all where a rule compares them."""
    given = [[size for _, size in each.weighed] for each in floors]
    literals = [[formula.literal(node) for node, _ in each.weighed] for each in floors]
    if comparing:
        flat, least, unit = in_whole([size for sizes in given for size in sizes], [each.least for each in floors], largest=LARGEST)
        counts, units = iter(flat), [unit] * len(floors)
        sums = [[(next(counts), literal) for literal in own] for own in literals]
    else:
        parts = [in_whole(sizes, [each.least], largest=LARGEST) for sizes, each in zip(given, floors, strict=True)]
        sums = [list(zip(sizes, own, strict=True)) for (sizes, _, _), own in zip(parts, literals, strict=True)]
        least, units = [floor for _, (floor,), _ in parts], [unit for _, _, unit in parts]
    if max(map(abs, least), default=0) > LARGEST * len(floors):
        what = "a walk-away value is too far from the worths for the solver"
        raise AskError(Problem("bargain/bad-number", what, hint="give values that a deal may reach"))
    return sums, least, units


def _solved(
    conflict: Conflict, rule: str, formula: Formula, floors: Sequence[Demand], problem: _Program, weight: Sequence[float]
) -> SolverSettlement:
    before = problem.model.clone()
    score, bound, proven = PROGRAMS[rule](problem, weight)
    if proven:
        _without_waste(problem, before)
    gain = np.array(problem.gains(), float) * np.array(problem.units)
    least = np.array([each.least for each in floors])
    settings = {
        lever: conflict.case.settings[lever][next(k for k, one in enumerate(literals) if problem.held(one))]
        for lever, literals in formula.setting.items()
    }
    left_out = tuple(each.party for each, ideal in zip(floors, problem.ideal, strict=True) if not ideal)
    if rule == "utilitarian":
        score, bound = score + float(np.dot(weight, least)), bound + float(np.dot(weight, least))
    parties = tuple(each.party for each in floors)
    now = {} if conflict.case.file.present == "unknown" else scope(conflict).now
    return SolverSettlement(
        rule=rule, score=score, bound=bound, proven=proven, settings=settings, parties=parties, worth=least + gain, gain=gain,
        left_out=left_out, now=now,
    )  # fmt: skip


class _Program:
    """Gains of the parties as whole numbers of `units` over a formula; solved again and again.

    left : seconds, by the solver's own clock
    late : whether time was up before some answer was proven
    """

    def __init__(
        self,
        formula: Formula,
        limits: Sequence[int],
        sums: Sequence[Sequence[tuple[int, int]]],
        least: Sequence[int],
        units: Sequence[float],
        seconds: float,
    ) -> None:
        self.cp, self.left, self.late = extra("ortools.sat.python.cp_model"), seconds, False
        self.model: CpModel = self.cp.CpModel()
        self.bools = [self.model.new_bool_var(f"v{k}") for k in range(formula.n)]
        for clause in [*formula.clauses, *([limit] for limit in limits)]:
            self.model.add_bool_or([self._lit(literal) for literal in clause])
        self.units = list(units)
        self.exprs = [self._gain(each, floor) for each, floor in zip(sums, least, strict=True)]
        self.gain = [
            self.model.new_int_var(0, max(0, sum(max(size, 0) for size, _ in each) - floor), f"g{i}")
            for i, (each, floor) in enumerate(zip(sums, least, strict=True))
        ]
        for variable, expr in zip(self.gain, self.exprs, strict=True):
            self.model.add(variable == expr)
        self.best: list[int] = []
        self.hint: list[bool] = []
        self.ideal = [self._ideal(variable) for variable in self.gain]

    def _lit(self, literal: int) -> IntVar:
        variable = self.bools[abs(literal) - 1]
        return variable if literal > 0 else variable.negated()

    def _gain(self, each: Sequence[tuple[int, int]], floor: int) -> LinearExpr:
        sizes = [size for size, _ in each]
        total: LinearExpr = self.cp.LinearExpr.weighted_sum([self._lit(literal) for _, literal in each], sizes)
        return total - floor

    def _ideal(self, variable: IntVar) -> int:
        self.model.maximize(variable)
        solved = self.solve(self.model, sums=True)
        if solved is None and self.late:
            what = "time was up before the solver found any outcome that all accept"
            raise AskError(Problem("bargain/no-time", what, hint="give more seconds=, or a view that varies fewer levers"))
        if solved is None:
            what = "no outcome crosses no red line and leaves every party at or above its fallback"
            raise AskError(Problem("bargain/no-deal", what, hint="`cores` says why, and what would open one"))
        return int(solved[1])

    def solve(self, model: CpModel, *, sums: bool) -> tuple[float, float, bool] | None:
        """Objective, bound and whether they meet, after remembering the solution; None where there is none.

        sums : the objective adds gains up; else it is a least gain
        """
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.1, self.left)
        if sums:  # measured: proofs in under a second where the usual search takes minutes, and never stuck as when alone
            solver.parameters.num_workers = 2
            solver.parameters.subsolvers.extend(["lb_tree_search", "no_lp"])
        else:
            solver.parameters.num_workers, solver.parameters.linearization_level = 1, 0
        status = solver.solve(model)
        self.left -= solver.wall_time
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            self.late = self.late or status == self.cp.UNKNOWN
            return None
        self.late = self.late or self.left <= 0
        self.best = [solver.value(each) for each in self.gain]
        self.hint = [bool(solver.value(each)) for each in self.bools]
        model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in zip(self.bools, self.hint, strict=True):
            model.add_hint(variable, value)
        return solver.objective_value, solver.best_objective_bound, status == self.cp.OPTIMAL

    def held(self, literal: int) -> bool:
        """Whether a literal holds in the solution."""
        return self.hint[abs(literal) - 1] == (literal > 0)

    def gains(self) -> list[int]:
        """Gains in the solution, in units."""
        return self.best


Best = tuple[float, float, bool]


def _sum(problem: _Program, power: Sequence[float]) -> Best:
    weight = _whole_numbers(power)
    problem.model.maximize(sum(w * g for w, g in zip(weight, problem.gain, strict=True)))
    solved = problem.solve(problem.model, sums=True)
    size = problem.units[0] * power[0] / weight[0]
    return (0.0, math.inf, False) if solved is None else (solved[0] * size, solved[1] * size, solved[2])


def _least_gain(problem: _Program, power: Sequence[float]) -> Best:
    weight = _whole_numbers(power)
    score, bound, proven = _max_min(problem, weight, max(problem.ideal, default=0))
    size = problem.units[0] * weight[0] / power[0]
    return score * size, bound * size, proven


def _least_share(problem: _Program, power: Sequence[float]) -> Best:
    weight = _whole_numbers(power)
    score, bound, proven = _max_min(problem, [w * ideal for w, ideal in zip(weight, problem.ideal, strict=True)], 1)
    size = weight[0] / power[0]
    return score * size, bound * size, proven


def _max_min(problem: _Program, per: Sequence[int], top: int) -> Best:
    """Largest least gain, each divided by a whole number `per` party: first in steps, then by asking for strictly more."""
    counted = [i for i, ideal in enumerate(problem.ideal) if ideal]
    if not counted:
        return 0.0, 0.0, True
    model, step = problem.model, SHARE_UNITS
    share = model.new_int_var(0, top * step, "share")
    for i in counted:
        model.add(step * problem.gain[i] >= per[i] * share)
    model.maximize(share)
    solved = problem.solve(model, sums=False)
    bound = top * 1.0 if solved is None else (solved[1] + 1) / step
    model.clear_objective()  # type: ignore[no-untyped-call]
    while solved is not None and not problem.late:
        worst = min(counted, key=lambda i: problem.best[i] / per[i])
        for i in counted:
            model.add(problem.gain[i] * per[worst] >= problem.best[worst] * per[i] + 1)
        if (solved := problem.solve(model, sums=False)) is None and not problem.late:
            score = min(problem.best[i] / per[i] for i in counted)
            return score, score, True
    return min(problem.best[i] / per[i] for i in counted), bound, False


def _without_waste(problem: _Program, model: CpModel) -> None:
    """Of outcomes in which no party gets less one of the most gains in all: nobody can be better off than there at no loss to the others."""
    gain = [model.get_int_var_from_proto_index(each.index) for each in problem.gain]
    for one, least in zip(gain, problem.best, strict=True):
        model.add(one >= least)
    model.maximize(sum(gain))
    problem.solve(model, sums=True)


def _product(problem: _Program, power: Sequence[float]) -> Best:
    """Largest sum of logarithms, bounded from above by tangents that are added where the solver lands."""
    counted = [i for i, ideal in enumerate(problem.ideal) if ideal]
    if not counted:
        return 0.0, 0.0, True
    model = problem.model
    weight = _whole_numbers(power)
    logs = {i: model.new_int_var(0, math.ceil(LOG_UNITS * math.log(problem.ideal[i])) + 2, f"log{i}") for i in counted}
    for i in counted:
        model.add(problem.gain[i] >= 1)
        for at in sorted({round(x) for x in np.geomspace(1, problem.ideal[i], N_TANGENTS)}):
            _tangent(model, logs[i], problem.gain[i], at)
    model.maximize(sum(weight[i] * logs[i] for i in counted))
    shift = sum(power[i] * math.log(problem.units[i]) for i in counted)
    scale = power[counted[0]] / weight[counted[0]] / LOG_UNITS
    best, kept, bound, proven = -math.inf, (problem.best, problem.hint), math.inf, False
    for _ in range(MOST_ROUNDS):
        solved = problem.solve(model, sums=True)
        if solved is None:
            break
        value = sum(power[i] * math.log(problem.best[i]) for i in counted)
        bound = min(bound, solved[1] * scale)
        if value > best:
            best, kept = value, (problem.best, problem.hint)
        proven = bound <= best + 1e-6
        if proven or problem.late:
            break
        for i in counted:
            _tangent(model, logs[i], problem.gain[i], problem.best[i])
    problem.best, problem.hint = kept
    if best == -math.inf:  # nowhere do all gain at once, or time was up before the first answer
        return 0.0, math.inf if problem.late else 0.0, not problem.late
    if bound + shift > MOST_LOG:
        raise too_large_powers()
    return math.exp(best + shift), math.exp(bound + shift), proven


def _tangent(model: CpModel, log: IntVar, gain: IntVar, at: int) -> None:
    """log(gain) lies below its tangent near `at`; whole-number slope, everything rounded up."""
    parts = max(1, math.ceil(SLOPE * at / LOG_UNITS))
    slope = max(1, round(parts * LOG_UNITS / at))
    there = parts * LOG_UNITS / slope
    base = math.ceil(parts * LOG_UNITS * (math.log(there) - 1)) + 1
    model.add(parts * log <= slope * gain + base + parts - 1)


def _whole_numbers(power: Sequence[float]) -> list[int]:
    return [max(1, size) for size in in_whole(power, largest=MOST_POWER)[0]]


PROGRAMS = {"nash": _product, "kalai_smorodinsky": _least_share, "egalitarian": _least_gain, "utilitarian": _sum}
