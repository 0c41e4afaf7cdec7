"""What blocks a deal, and what would open one: minimal clashing sets of demands, and minimal concessions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.bargain.cores_by_solver import Countdown, cheapest_concessions, smallest_cores
from bestand.bargain.demands import Demand, DemandKind, given_as, signable, wanted
from bestand.bargain.demands import demands as demands_of
from bestand.bargain.fallback import GAP, Fallback
from bestand.bargain.formula import Formula, checked_seconds, no_mask
from bestand.bargain.hitting_sets import hitting, members, unmet
from bestand.bargain.scope import scope
from bestand.case.conditions import Node
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition
from bestand.graph.ready import ready
from bestand.show import Cell, Shown, Table

ENUMERATED = 1 << 20
MOST_COMBINATIONS = 1 << 24  # combinations of settings that are listed in search of clashes; beyond, a solver
MOST_ROWS = 50  # clashes or concessions that a table shows
Route = Literal["auto", "enumerate", "solver"]
Sets = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, repr=False)
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
        return clash_in_words([self.demands[d] for d in self.sets[numbered("clash", k, len(self.sets))]])

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


@dataclass(frozen=True, slots=True, repr=False)
class Concessions(Shown):
    """Minimal sets of demands whose dropping opens a deal.

    sets    : each a set of numbers of demands: those that cross no red line first, then the others, each cheapest first; one
              empty set where nothing need be given up
    costs   : per set, the sum of the weights of its demands
    """

    demands: tuple[Demand, ...]
    weights: tuple[float, ...]
    sets: Sets
    costs: tuple[float, ...]
    complete: bool
    route: str

    @property
    def cheapest(self) -> Sets:
        """All sets of least cost, whether they cross a red line or not."""
        least = min(self.costs) * (1 + GAP)
        return tuple(each for each, cost in zip(self.sets, self.costs, strict=True) if cost <= least)

    def _set(self, k: int) -> tuple[int, ...]:
        return self.sets[numbered("concession", k, len(self.sets))]

    def crosses(self, k: int) -> tuple[str, ...]:
        """Parties whose red line the k-th concession crosses."""
        return tuple(dict.fromkeys(self.demands[d].party for d in self._set(k) if self.demands[d].kind == "red line"))

    def touches(self, k: int) -> tuple[str, ...]:
        """Key paths of the doubtful wants that the k-th concession touches: those that no certain claim carries."""
        return tuple(dict.fromkeys(at for d in self._set(k) for at in self.demands[d].doubtful))

    def by_party(self) -> Mapping[str, Sets]:
        """Per party the sets in which it alone gives something up."""
        alone: dict[str, list[tuple[int, ...]]] = {demand.party: [] for demand in self.demands}
        for each in self.sets:
            whose = {self.demands[d].party for d in each}
            if len(whose) == 1:
                alone[whose.pop()].append(each)
        return {party: tuple(sets) for party, sets in alone.items()}

    def words(self, k: int) -> str:
        """The k-th concession in words."""
        return "; ".join(str(self.demands[d]) for d in self._set(k)) or "nothing"

    def table(self) -> Table:
        """One row per concession: what is given up, by whom, at what cost."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                self.costs[k],
                self.words(k),
                ", ".join(dict.fromkeys(self.demands[d].name for d in each)),
                ", ".join(self.crosses(k)) or "nobody",
                ", ".join(self.touches(k)) or "none",
                ", ".join(self.demands[d].at for d in each),
            )
            for k, each in enumerate(self.sets[:MOST_ROWS])
        )
        columns = ("cost", "given up", "by", "crosses a red line of", "doubtful wants touched", "in the file")
        notes = ["nothing has to be given up: all demands can be met at once"] if self.sets == ((),) else []
        if not self.complete:
            notes.append(f"the search stopped at the first {len(self.sets)}; there may be more")
        elif len(self.sets) > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} of {len(self.sets)} are shown")
        return Table("What would open a deal, if it were given up", columns, rows, tuple(notes))


def cores(
    conflict: Conflict | Case,
    *,
    demands: Sequence[Demand] | None = None,
    which: DemandKind = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    that: Condition = None,
    types: Mapping[str, str] | None = None,
    route: Route = "auto",
    most: int = 1000,
    seconds: float = 60.0,
) -> Cores:
    """The minimal sets of demands that clash (minimal unsatisfiable sets), fewest demands first.

    demands : those to look at; else as `demands(…)` gives them from `which`, `fallback`, `excluding` and `types`; by rank or
              by size as the conflict's scale has it
    that    : a condition that the deal must meet in any case, such as a term of the case; or a mask of states
    route   : `enumerate` goes through every combination of settings, up to 2^24; `solver` reads the case as a formula
              (python-sat); `auto` enumerates up to 2^20 combinations. Neither builds the graph, unless `that` is a mask
    most    : at most so many (the command, which prints no more, looks for 50); `complete` says whether these are all
    seconds : the solver stops after so long with what it has, too, and when proving that no smaller clash is missing takes
              long: see `complete` and `none_below`; where states are enumerated and all clashes are reckoned to take longer, the
              smallest are looked for

    Raises
    ------
    AskError
        `bargain/needs-extra`, `bargain/too-many-states`, `bargain/no-demands`, `bargain/unknown-route`, and those of `demands`.
    GraphError
        `graph/no-states`: every state is banned.

    >>> from bestand import conflict, read
    >>> cores(conflict(read("example/en")), which="every want", most=1).table().rows[0][2]
    'wants.upper[0], wants.co.soft[2]'
    """
    conflict = ready(conflict)
    road, limit, countdown = _road(conflict, route, that), _checked_most(most), Countdown(checked_seconds(seconds))
    within = _within(conflict, that)
    asked = _asked(conflict, demands, which, fallback, excluding, types)
    if road == "enumerate":
        sets, complete = hitting(unmet(conflict, asked, within), len(asked), limit, seconds=seconds)
        listed = tuple(members(each) for each in sets)
        return Cores(asked, listed, complete, "enumerate", len(listed[-1]) if len(listed) == limit else 0)
    formula = Formula(conflict, cast("Node", within))
    with countdown:
        smallest, complete, none_below = smallest_cores(formula, [formula.demand(each) for each in asked], limit, countdown)
    return Cores(asked, tuple(smallest), complete, "solver", none_below)


def concessions(
    conflict: Conflict | Case,
    *,
    demands: Sequence[Demand] | None = None,
    which: DemandKind = "red lines and fallback",
    fallback: Fallback = "now",
    excluding: Sequence[str | int] = (),
    that: Condition = None,
    types: Mapping[str, str] | None = None,
    weights: Literal["one each"] | Mapping[str, float] = "one each",
    route: Route = "auto",
    most: int = 1000,
    seconds: float = 60.0,
) -> Concessions:
    """The minimal sets of demands whose dropping opens a deal (minimal correction sets): first those that cross no
    red line, then the others, each cheapest first.

    weights : cost of giving up, by the place of a demand in the file (``wants.ru[0]``); places not named cost what the
              demand's own `weight` says: 1

    All other arguments, and errors, as in `cores`; `bargain/bad-number` where a weight is not above zero, `bargain/no-time` where the
    solver knows no concession in time.

    >>> from bestand import conflict, read
    >>> valley = conflict(read("example/en"), scale="cardinal")
    >>> concessions(valley, which="every want", that="truce", most=1).table().rows[0][1]
    'Harne Water Company: “no truce without its price”; Harne Water Company: “the higher tariff”; Harne Water Company: “pump as much as it can”'
    """
    conflict = ready(conflict)
    road, limit, countdown = _road(conflict, route, that), _checked_most(most), Countdown(checked_seconds(seconds))
    within = _within(conflict, that)
    asked = _asked(conflict, demands, which, fallback, excluding, types)
    cost = _weights(asked, weights)
    lines = {d for d, demand in enumerate(asked) if demand.kind == "red line"}
    if road == "enumerate":
        minimal = map(members, unmet(conflict, asked, within))
        every = sorted(minimal, key=lambda each: (not lines.isdisjoint(each), _cost(each, cost), len(each), each))
        sets, complete = every[:limit], len(every) <= limit
    else:
        formula = Formula(conflict, cast("Node", within))
        literals = [formula.demand(each) for each in asked]
        with countdown:
            sets, complete = cheapest_concessions(formula, literals, cost, limit, lines=lines, countdown=countdown)
    return Concessions(asked, cost, tuple(sets), tuple(_cost(each, cost) for each in sets), complete, road)


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
    conflict: Conflict, given: Sequence[Demand] | None, which: DemandKind, fallback: Fallback, excluding: Sequence[str | int],
    types: Mapping[str, str] | None,
) -> tuple[Demand, ...]:
    if given is not None:
        given_as("demands", given, Sequence, "a list of demands, as `demands_of` makes them")
        for each in given:
            given_as("a demand", each, Demand, "demands, as `demands_of` makes them")
        asked = tuple(given)
    else:
        asked = demands_of(conflict, which=which, fallback=fallback, excluding=excluding, types=types)
    if not asked:
        what = "nobody demands anything: there are no red lines, no wants and no rankings among the parties asked"
        raise AskError(Problem("bargain/no-demands", what, hint="add wants to the case, or exclude fewer parties"))
    return asked


def _within(conflict: Conflict, that: Condition) -> Node | NDArray[np.bool_]:
    """The states a deal must lie in: a mask, checked, or a condition whose names are known."""
    return conflict.where(that) & conflict.where(signable(conflict)) if isinstance(that, np.ndarray) else wanted(conflict, that)


def _road(conflict: Conflict, route: Route, that: Condition) -> Literal["enumerate", "solver"]:
    """Which way is gone; listed graphs are always gone through."""
    if route not in get_args(Route):
        raise AskError(Problem("bargain/unknown-route", f"no route '{route}'", hint=did_you_mean(str(route), get_args(Route))))
    if conflict.case.file.graph is not None:
        return "enumerate"
    if isinstance(that, np.ndarray):
        if route == "solver":
            raise no_mask()
        return "enumerate"
    combinations = scope(conflict).combinations
    if route == "auto":
        return "enumerate" if combinations <= ENUMERATED else "solver"
    if route == "enumerate" and combinations > MOST_COMBINATIONS:
        what = f"{combinations:.2g} combinations of settings are more than {MOST_COMBINATIONS:,}"
        raise AskError(Problem("bargain/too-many-states", what, hint='use route="solver", or a view that varies fewer levers'))
    return route


def _checked_most(most: int) -> int:
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or most < 1:
        raise AskError(Problem("bargain/bad-number", f"at most {most} sets cannot be listed", hint="give a whole number from 1"))
    return int(most)


def _weights(demands: Sequence[Demand], given: Literal["one each"] | Mapping[str, float]) -> tuple[float, ...]:
    if isinstance(given, str) and given != "one each":
        what = f"no weights '{given}'"
        raise AskError(Problem("bargain/bad-number", what, hint='give "one each", or place in the file: cost'))
    given_as("weights", given, (str, Mapping), '"one each", or {place in the file: cost}')
    each_given: Mapping[str, float] = {} if isinstance(given, str) else given
    places = [demand.at for demand in demands]
    for at in each_given:
        if at not in places:
            raise AskError(Problem("bargain/unknown-demand", f"no demand stands at '{at}'", hint=did_you_mean(str(at), places)))
    weights = tuple(float(each_given.get(demand.at, demand.weight)) for demand in demands)
    if not all(0 < weight < float("inf") for weight in weights):
        raise AskError(Problem("bargain/bad-number", "a weight is not above zero", hint="give demands weights above 0"))
    return weights


def _cost(each: tuple[int, ...], weights: Sequence[float]) -> float:
    return math.fsum(weights[d] for d in each)
