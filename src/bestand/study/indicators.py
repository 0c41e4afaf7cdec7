"""What to watch: moves and silences within some weeks that tell types, or outcomes, apart, and what each would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import named
from bestand.case.conditions import levers_of, parse
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.play.chain import Near, after, ahead, near, today_mass
from bestand.show import MONTH, WEEK, Cell, Percent, Portion, Shown, Table, Times, cell_text
from bestand.study.basis import mentions
from bestand.study.goals import main_goal
from bestand.study.posterior import PresentVersions, present_versions
from bestand.study.record import day_in
from bestand.study.span import MONTHS, WEEKS, usual_months, usual_weeks
from bestand.study.versions import AHEAD, playable

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]
PLAYED = 0.8  # of the time as it is reckoned, for playing versions and looking where they lead once; courses and draws have the rest
MOST_WEEKS = 520  # weeks within which one looks
MOST_MONTHS = 120.0  # months over which an outcome is asked about
MOST_LOOKED = 60  # settings that are looked for
LEAST_BITS = 1e-3  # below which looking is worth nothing: one in a thousand of a yes-or-no question at even odds
LEAST_APART = 0.1  # of the chances with a sign and without it, unless one is twice the other: less is within what sizes and versions leave open
OWN_NUMBERS = "with the case's own numbers and wants: what it leaves open of these is not drawn"
OUTCOME, TYPES = "outcome", "types"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A setting that a lever may take by a day, and what seeing it, or not, would say.

    about   : `types` of a party, or an `outcome`
    party   : whose types are told apart; empty for an outcome
    one     : what seeing it speaks for: a type; of an outcome that it `comes` or `stays away`, or, where it holds now, `ends` or `lasts`
    chance  : of seeing it by then
    if_one, if_not : chance of seeing it if `one` is so, and if it is not
    before, seen, silent : chance of `one` now, after seeing it, and after not having seen it by then
    bits    : what looking is worth: mutual information of seeing it and of `one`
    entries : observations of the case that speak of this lever and setting
    """

    about: str
    party: str
    one: str
    lever: str
    setting: str
    chance: float
    if_one: float
    if_not: float
    before: float
    seen: float
    silent: float
    bits: float
    entries: tuple[int, ...]

    @property
    def ratio(self) -> float:
        """By what seeing it multiplies the odds of `one`."""
        return self.if_one / self.if_not if self.if_not > 0 else float("inf")

    @property
    def ratio_of_silence(self) -> float:
        """By what not having seen it by then multiplies the odds of `one`."""
        return (1 - self.if_one) / (1 - self.if_not) if self.if_not < 1 else float("inf")


@dataclass(frozen=True, slots=True, repr=False)
class Indicators(Shown):
    """Moves and silences worth watching, those first of which looking is worth most.

    weeks, months : within which they are looked for, and within which the outcome is to come
    outcome : condition that comes, or ends if it holds now; empty where none was asked
    holds   : whether it holds now, so that what is asked is whether it ends
    by      : the day on which silence speaks; None where the case has no day
    n_used  : versions of the parties that there was time for
    fast    : the weeks are as few as they are because the case moves so fast, and were not asked for
    between : the lowest and the highest chance of the outcome over the sets of sizes; None where sizes are given
    """

    present: PresentVersions
    weeks: float
    months: float
    outcome: str
    holds: bool
    by: date | None
    indicators: tuple[Indicator, ...]
    n_used: int
    fast: bool = False
    between: tuple[float, float] | None = None

    @property
    def spans(self) -> tuple[int, int]:
        """Weeks and months in days."""
        return round(self.weeks * WEEK), round(self.months * MONTH)

    def of_types(self, party: str | None = None) -> tuple[Indicator, ...]:
        """Those that tell types apart, of one party or of all."""
        if party is not None:
            named("party", party, self.present.played.conflict.parties)
        return tuple(each for each in self.indicators if each.about == TYPES and party in (None, each.party))

    @property
    def of_outcome(self) -> tuple[Indicator, ...]:
        """Those that tell whether the outcome comes."""
        return tuple(each for each in self.indicators if each.about == OUTCOME)

    def table(self) -> Table:
        """One indicator a row."""
        rows = tuple(self._row(each) for each in self.indicators)
        columns = ("speaks for", "watch for", "chance", "seen: odds times", "not seen: odds times", "now", "if seen", "if not", "bits", "already")
        by = "" if self.by is None else f", by {self.by}"
        title = f"What to watch within {self.spans[0]} days{by}" if self.fast else f"What to watch within {self.weeks:g} weeks{by}"
        return Table(title, columns, rows, self.notes())

    def _row(self, each: Indicator) -> tuple[Cell, ...]:
        what = f"{each.party or self.outcome}: {each.one}"
        already = "; ".join(_already(self.present.played.conflict, k) for k in each.entries)
        return (
            what, f"{each.lever}={each.setting}", Portion(each.chance), Times(each.ratio), Times(each.ratio_of_silence),
            *map(Portion, (each.before, each.seen, each.silent)), each.bits, already,
        )  # fmt: skip

    def notes(self) -> tuple[str, ...]:
        """What the answer rests on, in words."""
        told = [] if self.indicators else [f"nothing that is looked for says as much as {LEAST_BITS:g} bits"]
        if self.outcome:
            comes, (within, late) = "ends" if self.holds else "comes", self.spans
            what = f"{self.outcome} {comes} within {self.months:g} months, if not within the {self.weeks:g} weeks"
            if self.fast:
                what = f"{self.outcome} {comes} within {late} days, if not within the {within} days"
            told.append(f"outcome: {what}; chances in its rows leave out courses in which it does so by then, and levers that it is made of")
        if self.fast:
            soon = self.spans[0]
            told.append(f"in {soon} days every clock of the case is over and every party gets to move twice, on average: no further ahead is looked")
        if self.n_used < len(self.present.played.versions):
            told += self.present.played.among(self.n_used)
        if self.between is not None:
            told.append(sizes_told(f"{self.outcome} {'ending' if self.holds else 'coming'}", self.between))
        after_all = "chances now are those after what was seen"
        seen = after_all if self.present.posterior else "nothing was seen that counts: chances now are those beforehand"
        return (*told, seen, OWN_NUMBERS, *open_today(self.present.played.conflict), *self.present.played.notes())


def _already(conflict: Conflict, k: int) -> str:
    seen = conflict.case.file.observations[k]
    return f"taken {seen.on}" if seen.took is not None else f"not given up to {seen.on}"


def indicators(
    conflict: Conflict | Case, *, weeks: float | None = None, months: float | None = None, outcome: str | None = None, ahead: float = AHEAD,
    budget: Budget | None = None,
) -> Indicators:
    """What to watch within some weeks: settings whose being taken, or not, tells types or outcomes apart.

    weeks   : within which a setting is first taken; 8, and fewer in a case that moves fast, if not given (see `usual_weeks`)
    months  : within which the outcome comes (or ends, where it holds now), counted from today; 6, and fewer beside fewer weeks, if not given
    outcome : a condition; the truce of the case, or the term, or else the lever, most spoken of, if not given
    ahead   : months that everyone looks ahead
    budget  : how long it may take; versions that have no time are left out, and the result says so

    For each the chance of seeing it under either, hence by what seeing it, and by what silence until then, multiplies the
    odds. Where it is open how a lever stands today, it begins at each of its settings at once, as the odds have it, and seeing a setting
    counts whether the lever took it or stood there already. Ordered by what looking is worth (mutual information: Lindley 1956), not by
    the ratio alone, which would put first what is never seen. For outcomes only courses count in which it has not come within the weeks.

    Raises
    ------
    AskError, GraphError
        `study/bad-time`, those of `versions` and `record`, and of `conflict.where`.

    >>> from bestand import indicators, read
    >>> indicators(read("invented/mountain-road"), weeks=8, ahead=1).table().columns[:3]
    ('speaks for', 'watch for', 'chance')
    """
    asked_weeks = None if weeks is None else checked_time("weeks", weeks, MOST_WEEKS)
    asked_months = None if months is None else checked_time("months", months, MOST_MONTHS)
    usual = playable(ready(conflict).draw(1), ahead)
    weeks = usual_weeks(usual) if asked_weeks is None else asked_weeks
    months = asked_months or (usual_months(usual) if asked_weeks is None else MONTHS)
    fast = asked_weeks is None and asked_months is None and weeks < WEEKS
    goal = usual_outcome(usual) if outcome is None else outcome
    if goal and months * MONTH <= weeks * WEEK:
        what = f"the outcome is to come within {months:g} months, which end before the {weeks:g} weeks in which it is watched for"
        raise AskError(Problem("study/bad-time", what, hint="ask for more months, or fewer weeks"))
    now = present_versions(usual, ahead=ahead, budget=share_of(budget, PLAYED))
    mask = usual.where(goal) if goal else np.zeros(usual.graph.n_states, np.bool_)
    holds = bool(goal) and bool(mask[usual.now])
    came = ~mask if holds else mask
    looked = _looked(usual)
    made = list(_each(usual, now, looked, weeks, months, came, budget))
    chances = now.chances
    signs = [*_of_types(usual, now, looked, np.array([part[0] for part in made]), chances)]
    if goal and came.any():
        apart = levers_behind(usual, goal)
        joint = np.tensordot(chances, np.array([part[1] for part in made]), axes=1)
        able = [(c, *each) for c, each in enumerate(looked) if each[0] not in apart]
        names = ("ends", "lasts") if holds else ("comes", "stays away")
        signs += [each for c, lever, setting in able for each in _of_outcome(usual, names, lever, setting, joint[c])]
    today = day_in(usual.case.file.as_of)
    by = None if today is None else today + timedelta(days=round(weeks * WEEK))
    between = _over_sizes(now, made) if goal and came.any() else None
    kept = tuple(sorted((each for each in signs if each.bits >= LEAST_BITS), key=lambda each: -each.bits))
    return Indicators(
        present=now, weeks=weeks, months=months, outcome=goal, holds=holds, by=by, indicators=kept, n_used=len(made), fast=fast,
        between=between,
    )  # fmt: skip


def tells(one: float, other: float) -> bool:
    """Whether two chances are so far apart that it is worth while to see which it is.

    >>> tells(0.95, 0.92), tells(0.4, 0.3), tells(0.02, 0.01), tells(0.99, 0.98), tells(0.13, 0.07), tells(0.0, 0.0)
    (False, True, True, True, False, False)
    """
    least, most = sorted((one, other))
    rarer = most >= 2 * least or 1 - least >= 2 * (1 - most)  # of it, or of its not being so: the same however it is worded
    return most - least >= LEAST_APART - 1e-9 or (least < most and rarer)


def sizes_told(what: str, between: tuple[float, float]) -> str:
    """How far a chance hangs on sizes that nobody gave, in words."""
    low, high = (f"{100 * each:.0f} %" for each in between)
    if low == high:
        return f"whatever the sizes of wants, of which the case gives the order, the chance of {what} is {low}"
    return f"by the sizes of wants alone, of which the case gives the order, the chance of {what} lies between {low} and {high}"


def _over_sizes(now: PresentVersions, made: Sequence[tuple[Floats, Floats]]) -> tuple[float, float] | None:
    """The lowest and the highest chance that the outcome comes, over the sets of sizes, if it has not come within the weeks."""
    still = np.array([joint[0].sum() for _, joint in made])
    comes = np.array([joint[0, :, 0].sum() for _, joint in made])
    return now.played.over_sizes(now.chances[: len(made)] * still, np.divide(comes, still, out=np.zeros_like(comes), where=still > 0))


def odds_today(conflict: Conflict) -> dict[str, str]:
    """Levers of the view of which it is open how they stand today, with the chance of each setting, in words."""
    mass, graph = today_mass(conflict), conflict.graph
    odds = {}
    for lever, settings in zip(graph.levers, graph.settings, strict=True):
        each = np.bincount(graph.digits(lever), mass, minlength=len(settings))
        if (each > 0).sum() > 1:
            open_ones = ((setting, chance) for setting, chance in zip(settings, each, strict=True) if chance > 0)
            odds[lever] = ", ".join(f"{setting} {cell_text(Percent(100 * chance))} %" for setting, chance in open_ones)
    return odds


def open_today(conflict: Conflict) -> tuple[str, ...]:
    """Which levers' present setting is open, one line each."""
    return tuple(f"how {lever} stands today is open: {told}" for lever, told in odds_today(conflict).items())


def share_of(budget: Budget | None, share: float) -> Budget | None:
    """A budget of a share of the time, as work is reckoned to take it."""
    return None if budget is None else budget.reckoned(share)


def checked_time(name: str, given: float, most: float) -> float:
    """A time of more than nothing.

    Raises
    ------
    AskError
        `study/bad-time`.
    """
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= most:
        raise AskError(Problem("study/bad-time", f"{name} must be a number of more than 0, at most {most:g}, not {given}"))
    return float(given)


def usual_outcome(conflict: Conflict) -> str:
    """The truce of the case, or else the goal that a page is about, or the term that varies in this view and is most spoken of, or a lever.

    Empty where none varies.
    """
    about, now = conflict.case.file.deterrence, conflict.now
    varying = [term for term in conflict.case.terms if (mask := conflict.where(term)).any() and not mask.all()]
    if about is not None and about.truce in varying:
        return about.truce
    if (goal := main_goal(conflict)) in varying:
        return goal
    spoken = mentions(conflict.case)
    return max(varying, key=lambda term: (spoken[term], not conflict.where(term)[now]), default="") or next(iter(levers_spoken_of(conflict)), "")


def levers_spoken_of(conflict: Conflict) -> tuple[str, ...]:
    """Levers of the view in the conditions of the case, the most spoken of first: what a case without terms is about."""
    spoken = mentions(conflict.case)
    return tuple(sorted((lever for lever in conflict.graph.levers if spoken[lever]), key=lambda lever: -spoken[lever]))


def levers_behind(conflict: Conflict, condition: str) -> frozenset[str]:
    """Levers that a condition is made of."""
    node = conflict.case.conditions.get(condition) or conflict.case.terms.get(condition) or parse(condition)
    return frozenset(levers_of(node, conflict.case.terms))


def _looked(conflict: Conflict) -> list[tuple[str, str]]:
    """Settings that levers of the view do not have now."""
    now = conflict.at("now")
    every = [(lever, s) for lever, settings in zip(conflict.graph.levers, conflict.graph.settings, strict=True) for s in settings if s != now[lever]]
    return every[:MOST_LOOKED]


def _never(conflict: Conflict, looked: list[tuple[str, str]]) -> Masks:
    """States in which a lever is not at a setting: (n_states, n_looked)."""
    graph = conflict.graph
    return np.stack([graph.digits(lever) != graph.all_settings[lever].index(setting) for lever, setting in looked], axis=1)


def _each(
    conflict: Conflict, now: PresentVersions, looked: list[tuple[str, str]], weeks: float, months: float, came: Masks, budget: Budget | None
) -> Iterator[tuple[Floats, Floats]]:
    """Per version: chance that each setting is taken within the weeks; and jointly with the outcome: see `_jointly`."""
    never, today = _never(conflict, looked), today_mass(conflict)
    for k, version in enumerate(now.played.versions):
        part = near(version.chain, today, months)
        joint = _jointly(part, never[part.states], came[part.states], weeks, months) if came.any() else np.zeros((len(looked), 2, 2))
        yield _taken(part, never[part.states], weeks), joint
        if budget is not None:
            budget.progress(PLAYED + (1 - PLAYED) * (k + 1) / len(now.played.versions))


def _taken(part: Near, never: Masks, weeks: float) -> Floats:
    inside = np.concatenate((never, np.ones((len(never), 1), np.bool_)), axis=1)
    mass = after(part.chain, part.begun(inside.shape[1]), weeks * WEEK / MONTH, within=inside).sum(axis=0)
    return np.asarray(np.clip(1.0 - mass[:-1] / mass[-1], 0.0, 1.0))


def _jointly(part: Near, never: Masks, came: Masks, weeks: float, months: float) -> Floats:
    """Courses in which the outcome has not come within the weeks: chances (n_looked, 2, 2), [seen or not, comes later or not].

    A version in which it cannot come at all counts like every other: its courses are ones in which it stays away.
    """
    still = ~came[:, None]
    inside = np.concatenate((never & still, still), axis=1)
    mass = after(part.chain, part.begun(inside.shape[1]), weeks * WEEK / MONTH, within=inside)
    later = 1.0 - ahead(part.chain, np.ones((never.shape[0], 1)), months - weeks * WEEK / MONTH, within=still)[:, 0]
    silent, whole = mass[:, :-1], mass[:, -1:]
    parts = [[(each.T @ later), (each.T @ (1.0 - later))] for each in (whole - silent, silent)]
    return np.clip(np.array(parts).transpose(2, 0, 1), 0.0, 1.0)


def _of_types(conflict: Conflict, now: PresentVersions, looked: list[tuple[str, str]], taken: Floats, chances: Floats) -> Iterator[Indicator]:
    """Of each party and setting, the type that seeing it speaks for most."""
    for party in now.played.parties:
        mine = {type_: now.played.of(party, type_)[: len(chances)] for type_ in now.played.types(party)}
        for c, (lever, setting) in enumerate(looked):
            tables = {type_: _crossed(taken[:, c], chances, of) for type_, of in mine.items() if 0 < chances[of].sum() < 1}
            made = [_indicator(conflict, TYPES, party, type_, lever, setting, table) for type_, table in tables.items()]
            speaking = [each for each in made if each.if_one >= each.if_not]
            if speaking:
                yield max(speaking, key=lambda each: each.bits)


def _crossed(taken: Floats, chances: Floats, of: Masks) -> Floats:
    """Chances [seen or not, of this type or not]."""
    seen = [float((chances * taken)[some].sum()) for some in (of, ~of)]
    silent = [float((chances * (1 - taken))[some].sum()) for some in (of, ~of)]
    return np.array([seen, silent])


def _of_outcome(conflict: Conflict, names: tuple[str, str], lever: str, setting: str, joint: Floats) -> Iterator[Indicator]:
    if joint.sum() > 0:
        made = _indicator(conflict, OUTCOME, "", names[0], lever, setting, joint / joint.sum())
        other = _indicator(conflict, OUTCOME, "", names[1], lever, setting, joint[:, ::-1] / joint.sum())
        yield made if made.if_one >= made.if_not else other


def _indicator(conflict: Conflict, about: str, party: str, one: str, lever: str, setting: str, table: Floats) -> Indicator:
    """An indicator from chances [seen or not, one or not] that sum to 1."""
    by_sight, by_one = table.sum(axis=1), table.sum(axis=0)

    def share(part: float, whole: float) -> float:
        return float(part / whole) if whole > 0 else 0.0

    with np.errstate(divide="ignore", invalid="ignore"):
        bits = float(np.nansum(table * np.log2(table / np.outer(by_sight, by_one))))
    entries = tuple(k for k, each in enumerate(conflict.case.file.observations) if each.lever == lever and setting in (each.took, each.not_given))
    return Indicator(
        about=about, party=party, one=one, lever=lever, setting=setting, chance=float(by_sight[0]), if_one=share(table[0, 0], by_one[0]),
        if_not=share(table[0, 1], by_one[1]), before=float(by_one[0]), seen=share(table[0, 0], by_sight[0]),
        silent=share(table[1, 0], by_sight[1]), bits=max(0.0, bits), entries=entries,
    )  # fmt: skip
