"""What blocks a deal, and what would open one: minimal clashing sets of demands, and minimal concessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bestand.bargain.cores_by_solver import cheapest_concessions, smallest_cores
from bestand.bargain.demands import Demand, Scale, Which, wanted
from bestand.bargain.demands import demands as demands_of
from bestand.bargain.fallback import Fallback
from bestand.bargain.formula import Formula
from bestand.bargain.hitting_sets import hitting, members, unmet
from bestand.bargain.scope import Scope, scope
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, did_you_mean
from bestand.show import Cell, Shown, Table

ENUMERATED = 1 << 20
MOST_COMBINATIONS = 1 << 24
MOST_ROWS = 50
Route = Literal["auto", "enumerate", "solver"]
Sets = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Cores(Shown):
    """Minimal clashing sets: what each holds cannot all be had, and without any one of them the others can.

    demands  : all that were looked at
    sets     : each a set of their numbers, fewest first
    complete : whether these are known to be all
    route    : "enumerate" (every state looked at) or "solver"
    none_below : where not complete, no clash of fewer demands than this is missing
    """

    demands: tuple[Demand, ...]
    sets: Sets
    complete: bool
    route: str
    none_below: int = 0

    def words(self, k: int) -> str:
        """The k-th clash as a sentence."""
        return clash_in_words([self.demands[d] for d in self.sets[k]])

    def table(self) -> Table:
        """One row per clash, with where its demands stand in the file."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (len(each), self.words(k), ", ".join(self.demands[d].at for d in each)) for k, each in enumerate(self.sets[:MOST_ROWS])
        )
        notes = [] if rows else [f"all {len(self.demands)} demands can be met at once: nothing clashes"]
        if not self.complete:
            notes.append(f"the search stopped at {len(self.sets)}; no clash of fewer than {self.none_below} demands is missing")
        elif len(self.sets) > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} of {len(self.sets)} are shown")
        return Table("Demands that clash", ("demands", "what", "in the file"), rows, tuple(notes))


@dataclass(frozen=True, slots=True)
class Concessions(Shown):
    """Minimal sets of demands whose dropping opens a deal.

    sets  : each a set of numbers of demands, cheapest first; one empty set where nothing need be given up
    costs : per set, the sum of the weights of its demands
    """

    demands: tuple[Demand, ...]
    weights: tuple[float, ...]
    sets: Sets
    costs: tuple[float, ...]
    complete: bool
    route: str

    @property
    def cheapest(self) -> Sets:
        """All sets of least cost."""
        return tuple(each for each, cost in zip(self.sets, self.costs, strict=True) if cost <= self.costs[0] + 1e-9)

    def by_party(self) -> Mapping[str, Sets]:
        """Per party the sets in which it alone gives something up."""
        found: dict[str, list[tuple[int, ...]]] = {demand.party: [] for demand in self.demands}
        for each in self.sets:
            whose = {self.demands[d].party for d in each}
            if len(whose) == 1:
                found[whose.pop()].append(each)
        return {party: tuple(sets) for party, sets in found.items()}

    def words(self, k: int) -> str:
        """The k-th concession in words."""
        return "; ".join(str(self.demands[d]) for d in self.sets[k]) or "nothing"

    def table(self) -> Table:
        """One row per concession: what is given up, by whom, at what cost."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                self.costs[k],
                self.words(k),
                ", ".join(dict.fromkeys(self.demands[d].name for d in each)),
                ", ".join(self.demands[d].at for d in each),
            )
            for k, each in enumerate(self.sets[:MOST_ROWS])
        )
        notes = ["nothing has to be given up: all demands can be met at once"] if self.sets == ((),) else []
        if not self.complete:
            notes.append(f"the search stopped at the cheapest {len(self.sets)}; there may be more")
        elif len(self.sets) > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} of {len(self.sets)} are shown")
        return Table("What would open a deal, if it were given up", ("cost", "given up", "by", "in the file"), rows, tuple(notes))


def cores(
    case: Case,
    *,
    demands: Sequence[Demand] | None = None,
    which: Which = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str] = (),
    scale: Scale = "ordinal",
    that: str = "true",
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    route: Route = "auto",
    most: int = 1000,
) -> Cores:
    """The minimal sets of demands that clash (minimal unsatisfiable sets), fewest demands first.

    demands : those to look at; else as `demands(…)` gives them from the next four arguments
    that    : a condition that the deal must meet in any case, such as a term of the case
    route   : `enumerate` goes through every combination of settings, up to 2^24; `solver` reads the case as a formula
              (python-sat); `auto` enumerates up to 2^20 combinations
    most    : at most so many; `complete` says whether these are all. The solver stops, too, when proving that no smaller
              clash is missing takes long: see `none_below`

    Raises
    ------
    AskError
        `bargain/needs-extra`, `bargain/too-many-states`, `bargain/no-demands`, and those of `demands`.
    GraphError
        `graph/no-states`: every state is banned.
    """
    looked = scope(case, view=view, hold=hold)
    asked = _asked(case, demands, which, fallback, excluding, scale, view, hold)
    if _route(case, looked, route) == "enumerate":
        sets, complete = hitting(unmet(case, asked, looked, wanted(case, that)), len(asked), most)
        listed = tuple(members(each) for each in sets)
        return Cores(asked, listed, complete, "enumerate", len(listed[-1]) if len(listed) == most else 0)
    formula = Formula(case, looked, wanted(case, that))
    found, complete, none_below = smallest_cores(formula, [formula.demand(each) for each in asked], most)
    return Cores(asked, tuple(found), complete, "solver", none_below)


def concessions(
    case: Case,
    *,
    demands: Sequence[Demand] | None = None,
    which: Which = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str] = (),
    scale: Scale = "ordinal",
    weights: Literal["one each"] | Mapping[str, float] = "one each",
    that: str = "true",
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    route: Route = "auto",
    most: int = 1000,
) -> Concessions:
    """The minimal sets of demands whose dropping opens a deal (minimal correction sets), cheapest first.

    weights : cost of giving up, by the place of a demand in the file (``wants.ru[0]``); places not named cost what the
              demand's own `weight` says: 1

    All other arguments, and errors, as in `cores`; `bargain/bad-number` where a weight is not above zero.
    """
    looked = scope(case, view=view, hold=hold)
    asked = _asked(case, demands, which, fallback, excluding, scale, view, hold)
    cost = _weights(asked, {} if isinstance(weights, str) else weights)
    if _route(case, looked, route) == "enumerate":
        every = sorted(map(members, unmet(case, asked, looked, wanted(case, that))), key=lambda each: (_cost(each, cost), len(each), each))
        sets, complete, route = every[:most], len(every) <= most, "enumerate"
    else:
        formula = Formula(case, looked, wanted(case, that))
        sets, complete = cheapest_concessions(formula, [formula.demand(each) for each in asked], cost, most)
        route = "solver"
    return Concessions(asked, cost, tuple(sets), tuple(_cost(each, cost) for each in sets), complete, route)


def clash_in_words(clashing: Sequence[Demand]) -> str:
    """Demands that cannot all be had, as a sentence."""
    if not clashing:
        return "no state of this view meets the condition asked for"
    if len(clashing) == 1:
        return f"this cannot be had at all: {clashing[0]}"
    if len(clashing) == 2:
        return f"these two cannot both be had: {clashing[0]} and {clashing[1]}"
    return f"these {len(clashing)} cannot all be had: {'; '.join(map(str, clashing[:-1]))}; and {clashing[-1]}"


def _asked(
    case: Case,
    given: Sequence[Demand] | None,
    which: Which,
    fallback: Fallback,
    excluding: Sequence[str],
    scale: Scale,
    view: str | None,
    hold: Mapping[str, str] | None,
) -> tuple[Demand, ...]:
    if given is not None:
        found = tuple(given)
    else:
        found = demands_of(case, which=which, fallback=fallback, excluding=excluding, scale=scale, view=view, hold=hold)
    if not found:
        what = "nobody demands anything: there are no red lines, no wants and no rankings among the parties asked"
        raise AskError(Problem("bargain/no-demands", what, hint="add wants to the case, or exclude fewer parties"))
    return found


def _route(case: Case, looked: Scope, route: Route) -> Literal["enumerate", "solver"]:
    """Which way is gone; listed graphs are always gone through."""
    if case.file.graph is not None:
        return "enumerate"
    if route == "auto":
        return "enumerate" if looked.combinations <= ENUMERATED else "solver"
    if route not in ("enumerate", "solver"):
        hint = did_you_mean(route, ("auto", "enumerate", "solver"))
        raise AskError(Problem("bargain/unknown-route", f"no route '{route}'", hint=hint))
    if route == "enumerate" and looked.combinations > MOST_COMBINATIONS:
        what = f"{looked.combinations:.2g} combinations of settings are more than {MOST_COMBINATIONS:,}"
        raise AskError(Problem("bargain/too-many-states", what, hint='use route="solver", or a view that varies fewer levers'))
    return route


def _weights(demands: Sequence[Demand], given: Mapping[str, float]) -> tuple[float, ...]:
    places = [demand.at for demand in demands]
    for at in given:
        if at not in places:
            raise AskError(Problem("bargain/unknown-demand", f"no demand stands at '{at}'", hint=did_you_mean(at, places)))
    found = tuple(float(given.get(demand.at, demand.weight)) for demand in demands)
    if not all(0 < weight < float("inf") for weight in found):
        raise AskError(Problem("bargain/bad-number", "a weight is not above zero", hint="give demands weights above 0"))
    return found


def _cost(each: tuple[int, ...], weights: Sequence[float]) -> float:
    return round(sum(weights[d] for d in each), 9)
