"""Guarantee forces compared one thing at a time: force, hub and backstop, each held or leaving by chance alone, in the same draws."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bestand.case.loaded import Case
from bestand.case.parts import Quantity
from bestand.errors import AskError, GraphError, Problem, did_you_mean
from bestand.graph.budget import Arrays, Budget, Sampling, gathered, standard_error
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.play.survival import Months
from bestand.show import Cell, Fixed, Portion, Shown, Table
from bestand.truce.arrangement import LEAVING, Arrangement, Watched, alive, arranged, asked_of, backstop_lever, ends_by_chance
from bestand.truce.effects import SMALL, Effect, lead, main_effects, shapley_shares
from bestand.truce.forces import SmallestForce, burden, capacity_of, force_levers, least, n_runs, size_at, smallest_forces, subsets_of_zones
from bestand.truce.survival import hazard_ratio, seconds_of_draw
from bestand.truce.tried import slower_of
from bestand.truce.zones import Floats, deterrence_of

MOST_CHOICES = 800  # postures with a backstop that are compared
SHARE = 0.7  # of the time allowed, for the postures themselves; the rest is for forces and zones
BACKED = "the guard's lever is the backstop too, at its strongest whatever the force; 0 is the backstop alone"
MATCHED = "each over all combinations of the others, the backstop held but in the row of its leaving; in the same draws"
UNCLEAR = "no hazard ratio where nothing is left at any of the times but the error of the steps: ask for fewer months"
NAMED_ONLY = "leave out `every`: then those that the case names are compared"
MOST_UNKNOWN = 0.5  # share of draws without a known hazard ratio above which none is told


@dataclass(frozen=True, slots=True)
class PostureResult(Fixed):
    """One posture: how long the truce holds under it, against no force and no backstop, and what it takes.

    sets       : lever → setting, all that it holds
    backstop   : setting of the backstop ('' where the case has none)
    leaves     : whether the backstop only begins there and the case's own events may end it; else it is held
    stated     : whether the case names it
    alive      : (n_draws, n_times) chance that the truce has not yet been left
    ratio      : (n_draws,) hazard ratio against no force and no backstop, over the longest of the times looked at after which
                 something is left of both truces; nan where nothing is left of one of them at any (`hazard_ratio`)
    burden_k   : party → (n_draws,), thousand troops that it keeps under arms for it, with rotation
    affordable : (n_draws,) bool, whether every party stays within its capacity
    """

    name: str
    sets: Mapping[str, str]
    backstop: str
    leaves: bool
    stated: bool
    alive: Floats
    ratio: Floats
    burden_k: Mapping[str, Floats]
    affordable: Floats

    @property
    def total_k(self) -> float:
        """Thousand troops in all, on average over draws."""
        return float(sum(np.mean(each) for each in self.burden_k.values()))

    @property
    def ratio_told(self) -> bool:
        """Whether most draws have a known ratio: what is within the error of the steps has no hazard."""
        return float(np.mean(np.isnan(self.ratio))) < MOST_UNKNOWN

    @property
    def standard_error(self) -> Floats:
        """Standard error of the mean of `alive`: (n_times,)."""
        return standard_error(self.alive)


@dataclass(frozen=True, slots=True, repr=False)
class Postures(Shown):
    """Postures compared: survival, hazard ratio, burden, main effects, the smallest forces, and what each zone is worth.

    months   : (n_times,) the last is the one that orders
    results  : postures, grouped by backstop (the strongest first, held before leaving), in each group best survival first
    front    : places in `results` of those that no other of their group beats both in survival and in burden
    effects  : main effects over all choices; empty where only named postures were compared, or some choice is ruled out
    target   : hazard ratio for the smallest forces
    subsets  : zones manned together → chance that the truce still holds at the end, mean over draws; empty, and `smallest` too,
               where some force is ruled out, or no time was left for them
    shapley  : zone → its share of the gain (Shapley 1953)
    shapley_error : zone → standard error of that share, over the same draws
    sampling : what postures and effects rest on
    sampling_of_forces : what the smallest forces and the subsets of zones rest on
    ruled_out : postures that the case's own bans and budgets leave no state for; they are not among the results
    """

    months: tuple[float, ...]
    results: tuple[PostureResult, ...]
    front: tuple[int, ...]
    effects: tuple[Effect, ...]
    target: float
    smallest: tuple[SmallestForce, ...]
    subsets: Mapping[tuple[str, ...], float]
    shapley: Mapping[str, float]
    sampling: Sampling
    sampling_of_forces: Sampling
    ruled_out: tuple[str, ...] = ()
    shapley_error: Mapping[str, float] = field(default_factory=dict)

    def groups(self) -> dict[tuple[str, bool], tuple[PostureResult, ...]]:
        """Postures of equal backstop: (setting, whether it may leave) → postures, best survival first."""
        grouped: dict[tuple[str, bool], list[PostureResult]] = {}
        for each in self.results:
            grouped.setdefault((each.backstop, each.leaves), []).append(each)
        return {key: tuple(results) for key, results in grouped.items()}

    def table(self) -> Table:
        """One row per posture, grouped by backstop."""
        levers = tuple(dict.fromkeys(lever for each in self.results for lever in each.sets))
        shares = (f"holds {self.months[-1]:g} months", "± error", "behind the best", "± error of that", "low 10%", "median", "high 10%")
        columns = ("backstop", "posture", *levers, *shares, "own numbers", "hazard ratio", "troops, k", "within capacity", "front")
        rows, best = list[tuple[Cell, ...]](), self.groups()
        for place, each in enumerate(self.results):
            last, behind = each.alive[:, -1], lead(best[each.backstop, each.leaves][0].alive, each.alive)
            survives = tuple(map(Portion, (last.mean(), each.standard_error[-1], *behind, *np.quantile(last, [0.1, 0.5, 0.9]), last[0])))
            stands = f"{each.backstop}, {LEAVING}" if each.leaves else each.backstop
            taken = (float(np.nanmedian(each.ratio)) if each.ratio_told else None, each.total_k, Portion(each.affordable.mean()), place in self.front)
            rows.append((stands, each.name or "as today", *(each.sets.get(lever, "") for lever in levers), *survives, *taken))
        notes = (
            *self.sampling.notes(),
            f"the backstop is held, or ({LEAVING}) only begins at its setting and the case's own events may end it: every posture both ways",
            "behind the best: of the same backstop, in the same draws, so that its error is that of the difference",
            "own numbers: those of the case itself, of which nothing is drawn",
            "hazard ratio: against no force and no backstop, over the longest time after which something is left of both, median draw; "
            "below 1 the truce holds longer",
            *([] if all(each.ratio_told for each in self.results) else [UNCLEAR]),
            "all numbers rest on the case's assumptions and their ranges; none is a forecast",
            *([f"ruled out by the case's own bans and budgets: {'; '.join(self.ruled_out)}"] if self.ruled_out else []),
        )
        return Table("Postures", columns, tuple(rows), notes)

    def main_effects(self) -> Table:
        """One row per setting of each factor."""
        rows: list[tuple[Cell, ...]] = []
        for each in self.effects:
            more = float(np.mean(each.gain[:, -1] > 0))
            gain = (Portion(each.gain[:, -1].mean()), Portion(each.standard_error[-1]))
            rows.append((each.factor, each.setting, each.against, Portion(each.alive[:, -1].mean()), *gain, more))
        columns = ("what", "setting", "against", f"holds {self.months[-1]:g} months", "gain", "± error", "gains in share of draws")
        return Table("One thing at a time", columns, tuple(rows), (MATCHED, SMALL))

    def forces(self) -> Table:
        """Smallest force per zone."""
        rows = []
        for each in self.smallest:
            enough = each.force_k[np.isfinite(each.force_k)]
            low, middle, high = np.quantile(enough, [0.1, 0.5, 0.9]) if enough.size else (None, None, None)
            shares = (Portion(each.share_none), Portion(each.share_unknown))
            rows.append((each.zone, each.guard, *(None if k is None else float(k) for k in (middle, low, high)), *shares))
        columns = ("zone", "guard", "smallest force, k", "low 10%", "high 10%", "none suffices in share of draws", "not known in share of draws")
        notes = (*(f"{each.zone}: {BACKED}" for each in self.smallest if each.backed), *self.sampling_of_forces.notes())
        return Table(f"Force that brings the hazard ratio to {self.target:g}", columns, tuple(rows), notes)

    def zones(self) -> Table:
        """Every subset of zones, and each zone's share of the gain."""
        rows = tuple((" + ".join(zones) or "none", Portion(value)) for zones, value in self.subsets.items())
        told = {zone: f"{worth:+.3f} ± {self.shapley_error[zone]:.3f}" for zone, worth in self.shapley.items()}
        notes = tuple(f"{zone}: {worth} on average over the orders in which zones are manned" for zone, worth in told.items())
        return Table("Zones manned", ("zones", f"holds {self.months[-1]:g} months"), rows, (*notes, *self.sampling_of_forces.notes()))


@dataclass(frozen=True, slots=True)
class _Choice:
    """One posture to compare."""

    name: str
    arrangement: Arrangement
    stated: bool


def postures(
    conflict: Conflict | Case,
    *,
    start: str | None = None,
    truce: str | None = None,
    months: Months = (1, 3, 6, 12, 24),
    capacity: Mapping[str, float] | None = None,
    target: float = 0.5,
    every: bool = False,
    budget: Budget | None = None,
) -> Postures:
    """The postures that the case names, or force, hub and backstop in every combination too, compared in the same draws.

    Every posture is there twice: with its backstop held, and with it leaving by the case's own events alone; where no event
    can end it, both are the same.

    start, truce : conditions; the case's `deterrence.truce`, if not given
    months   : when the truce is looked at; ratios are over the last
    capacity : thousand troops per party, in place of the case's
    target   : hazard ratio for which the smallest force of each zone is looked for
    every    : compare every choice of guards, hub and backstop, not only the postures that the case names
    budget   : how exact, and how long; without one just the draws of the conflict are played

    Raises
    ------
    AskError
        `truce/no-zones`, `truce/too-large`, `play/no-start`, `truce/unknown-party`, `truce/bad-number`, `worth/ordinal`,
        `graph/too-long`; GraphError `graph/no-states` where every posture is ruled out.

    >>> from bestand import Budget, conflict, read
    >>> quick = Budget(error=0.5, seconds=20)
    >>> guarded = conflict(read("ukraine/2025-04"), view="guarded", draws=2)
    >>> len(postures(guarded, months=[3], budget=quick).results) > 3
    True
    """
    conflict = ready(conflict)
    asked, given = asked_of(conflict, start, truce, months), _checked_capacity(conflict, capacity)
    if not (np.isfinite(target) and target > 0):
        raise AskError(Problem("truce/bad-number", f"the target must be a hazard ratio above 0, not {target}"))
    bare = Arrangement(least(conflict))
    choices, ruled_out = _allowed(conflict, _both_ways(conflict, _choices(conflict, every=every)))

    def ask(drawn: Conflict) -> Arrays:
        return _batch(drawn, asked, choices, given)

    def ask_forces(drawn: Conflict) -> Arrays:
        return {"base": alive(drawn, bare, asked), **subsets_of_zones(drawn, asked), **smallest_forces(drawn, asked, given)}

    stated = [k for k, choice in enumerate(choices) if choice.stated] or list(range(len(choices)))
    arrays, sampling = gathered(
        conflict, budget and budget.part(SHARE), ask, seconds=_seconds(conflict, asked, choices),
        shown=lambda arrays: [arrays["alive", k] for k in stated], slower=slower_of(conflict, choices[0].arrangement, asked),
    )  # fmt: skip
    try:
        forces, of_forces = gathered(
            conflict, budget and budget.part(1.0), ask_forces,
            seconds=n_runs(conflict) * seconds_of_draw(arranged(conflict.draw(1), bare), asked.months),
            shown=lambda arrays: [arrays["base"][:, -1], *(each for key, each in arrays.items() if isinstance(key, tuple) and key[0] == "manned")],
            slower=slower_of(conflict, bare, asked),
        )  # fmt: skip
    except (AskError, GraphError) as error:  # some force that is looked at is ruled out, or no time is left: nothing is said of any
        if error.code != "graph/too-long" and (error.code != "graph/no-states" or not ruled_out):
            raise
        forces, of_forces = {}, sampling
    return replace(_compared(
        conflict, asked, choices, arrays=arrays, sampling=sampling, zones=forces, of_forces=of_forces, target=target
    ), ruled_out=ruled_out)


def _allowed(conflict: Conflict, choices: Sequence[_Choice]) -> tuple[list[_Choice], tuple[str, ...]]:
    """The postures for which the case leaves a state, leaving only where some event can take the backstop away; and the names of the others."""
    able = [each for each in choices if _has_states(conflict, each.arrangement)]
    allowed = [each for each in able if not each.arrangement.leaves or ends_by_chance(conflict, each.arrangement)]
    if not allowed:
        what = "every posture is ruled out by what the case bans"
        raise GraphError(Problem("graph/no-states", what, hint="look at `never` and `budgets`, and at the postures' settings"))
    return allowed, tuple(dict.fromkeys(each.name for each in choices if each not in able))


def _has_states(conflict: Conflict, arrangement: Arrangement) -> bool:
    try:
        return arranged(conflict.draw(1), arrangement).graph.n_states > 0
    except GraphError as error:
        if error.code != "graph/no-states":
            raise
        return False


def _checked_capacity(conflict: Conflict, capacity: Mapping[str, float] | None) -> Mapping[str, float]:
    for party, troops in (capacity or {}).items():
        if party not in conflict.parties:
            raise AskError(Problem("truce/unknown-party", f"no party '{party}'", hint=did_you_mean(party, conflict.parties)))
        if not (np.isfinite(troops) and troops >= 0):
            raise AskError(Problem("truce/bad-number", f"a capacity must be a number of thousand troops, none negative, not {troops}"))
    return capacity or {}


def _choices(conflict: Conflict, *, every: bool) -> list[tuple[str, dict[str, str], bool]]:
    """Postures by name: those of the case, then every choice of guards, hub and backstop."""
    deterrence = deterrence_of(conflict)
    stated = [(name, dict(each.sets), True) for name, each in deterrence.postures.items()]
    if every or not stated:
        stated += [(_name(sets), sets, False) for sets in _combinations(conflict)]
    return stated


def _name(sets: Mapping[str, str]) -> str:
    return ", ".join(f"{lever}={setting}" for lever, setting in sets.items())


def factors(conflict: Conflict) -> dict[str, list[str]]:
    """Levers that make a posture, with their settings from the least force on: guards, the hub, the backstop."""
    deterrence, settings = deterrence_of(conflict), conflict.case.settings
    levers = force_levers(conflict)
    if deterrence.hub:
        levers.setdefault(deterrence.hub.lever, {})
    if deterrence.backstop:
        levers[deterrence.backstop.lever] = deterrence.backstop.strength
    return {lever: [setting for _, _, setting in sorted(_by_size(settings[lever], by))] for lever, by in levers.items()}


def _by_size(settings: Sequence[str], size: Mapping[str, Quantity]) -> Iterator[tuple[float, int, str]]:
    """Settings with their sizes and places, to be sorted by."""
    return ((size_at(size, setting), place, setting) for place, setting in enumerate(settings))


def _combinations(conflict: Conflict) -> Iterator[dict[str, str]]:
    options = factors(conflict)
    if 2 * math.prod(map(len, options.values())) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", "too many postures to compare", hint=NAMED_ONLY))
    for chosen in itertools.product(*options.values()):
        yield dict(zip(options, chosen, strict=True))


def _both_ways(conflict: Conflict, named: Sequence[tuple[str, dict[str, str], bool]]) -> list[_Choice]:
    """Every posture with its backstop held, and leaving (which `_allowed` keeps only where it can)."""
    lever = backstop_lever(conflict)
    choices = []
    for name, sets, stated in named:
        whole = sets if lever is None or lever in sets else sets | {lever: conflict.case.now[lever]}
        choices += [_Choice(name, Arrangement(whole, leaves), stated) for leaves in ((False, True) if lever else (False,))]
    if len(choices) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", f"{len(choices)} postures are too many to compare", hint=NAMED_ONLY))
    return choices


def _seconds(conflict: Conflict, asked: Watched, choices: Sequence[_Choice]) -> float:
    """Reckoned for one draw: the parts that can leave are larger; of every kind one is reckoned for all."""
    total = 0.0
    for leaves in (False, True):
        mine = [each.arrangement for each in choices if each.arrangement.leaves == leaves]
        total += len(mine) * seconds_of_draw(arranged(conflict.draw(1), mine[0]), asked.months) if mine else 0.0
    return total


def _batch(drawn: Conflict, asked: Watched, choices: Sequence[_Choice], capacity: Mapping[str, float]) -> Arrays:
    """All that is asked of some draws: per key an array with an axis of draws."""
    arrays: dict[Hashable, Floats] = {}
    arrays["base"] = alive(drawn, Arrangement(least(drawn)), asked)
    for k, choice in enumerate(choices):
        arrays["alive", k] = alive(drawn, choice.arrangement, asked)
        for party, troops in burden(drawn, choice.arrangement.sets).items():
            arrays["burden", k, party] = troops
            arrays["capacity", party] = capacity_of(drawn, party, capacity)
    return arrays


def _compared(
    conflict: Conflict, asked: Watched, choices: Sequence[_Choice], *, arrays: Arrays, sampling: Sampling, zones: Arrays,
    of_forces: Sampling, target: float,
) -> Postures:  # fmt: skip
    lever, backstop, results = backstop_lever(conflict), deterrence_of(conflict).backstop, []
    for k, choice in enumerate(choices):
        troops = {str(key[2]): each for key, each in arrays.items() if isinstance(key, tuple) and key[:2] == ("burden", k)}
        able = np.ones(len(arrays["base"]))
        for party, each in troops.items():
            able = able * (each <= arrays["capacity", party])
        curve, sets = arrays["alive", k], choice.arrangement.sets
        ratio = hazard_ratio(curve, arrays["base"])
        stands, leaves = sets[lever] if lever else "", choice.arrangement.leaves
        results.append(PostureResult(choice.name, sets, stands, leaves, choice.stated, curve, ratio, troops, able))
    results.sort(key=lambda each: _order(each, backstop.strength if backstop else {}))
    manned = {key[1]: each for key, each in zones.items() if isinstance(key, tuple) and key[0] == "manned"}
    subsets = {key: float(each.mean()) for key, each in manned.items()}
    shares = shapley_shares(manned) if manned else {}
    forces = SmallestForce.of(conflict, zones, target) if zones else ()
    shapley, error = ({zone: float(of(each)) for zone, each in shares.items()} for of in (np.mean, standard_error))
    curves = {(tuple(sorted(each.sets.items())), each.leaves): each.alive for each in results}
    effects, listed, months = tuple(main_effects(factors(conflict), curves)), _once(conflict, results), tuple(map(float, asked.months))
    return Postures(
        months=months, results=listed, front=_front(listed), effects=effects, target=target, smallest=forces, subsets=subsets,
        shapley=shapley, sampling=sampling, sampling_of_forces=of_forces, shapley_error=error,
    )  # fmt: skip


def _once(conflict: Conflict, results: Sequence[PostureResult]) -> tuple[PostureResult, ...]:
    """Each posture once: a choice of settings that the case names stands there under its name alone."""
    def whole(each: PostureResult) -> tuple[object, ...]:
        held = {lever: conflict.case.settings[lever][k] for lever, k in conflict.graph.held.items() if lever in conflict.case.settings}
        return (*sorted((held | dict(each.sets)).items()), each.leaves)

    named = {whole(each) for each in results if each.stated}
    return tuple(each for each in results if each.stated or whole(each) not in named)


def _order(each: PostureResult, strength: Mapping[str, Quantity]) -> tuple[float, str, bool, float, float]:
    """The strongest backstop first, held before leaving, then the longest survival."""
    return -size_at(strength, each.backstop), each.backstop, each.leaves, -float(each.alive[:, -1].mean()), each.total_k


def _front(results: Sequence[PostureResult]) -> tuple[int, ...]:
    """Places of the affordable postures that none of equal backstop beats in both survival and burden."""
    able = [
        (place, (each.backstop, each.leaves), float(each.alive[:, -1].mean()), each.total_k)
        for place, each in enumerate(results) if each.affordable.mean() >= 0.5
    ]  # fmt: skip
    return tuple(
        place for place, group, lives, troops in able
        if not any(g == group and a >= lives and t <= troops and (a, t) != (lives, troops) for _, g, a, t in able)
    )  # fmt: skip
