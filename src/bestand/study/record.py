"""What was seen, as a record of one view: which state stood when, and which moves were watched for, day by day."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bestand.case.lines import party_of
from bestand.case.model import Observation
from bestand.errors import AskError, GraphError, Problem
from bestand.graph.conflict import Conflict
from bestand.show import WEEK

MOST_STARTS = 64  # ways in which the levers may have stood before they were first seen to move
MOST_DAYS = 7_300  # from the first day of a record to its last
MOST_ENTRIES = 2_000  # observations that are weighed
ANY = ""  # in place of a setting: any other than the present one


@dataclass(frozen=True, slots=True)
class Watch:
    """A time in which a lever was watched for taking a setting (`ANY`: any other than the one it had), in days of the record."""

    lever: str
    setting: str
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of the record: settings taken on one day by one move, or a setting that was not given.

    numbers : which of the case's `observations` it is made of
    on      : the day it is of, or the last on which it was not given
    took    : lever: setting; empty where nothing was taken
    watched : times of waiting that count with it
    unused  : why it counts for nothing: `held`, `later`, `there already`, `no time`; empty where it counts
    """

    numbers: tuple[int, ...]
    on: date
    took: Mapping[str, str]
    watched: tuple[Watch, ...]
    unused: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All that was seen, in the order of its days.

    first, last : days with which the record begins and ends
    starts      : ways in which levers of the view may have stood on the first day: lever: setting
    chances     : of each of these; they sum to 1
    """

    conflict: Conflict
    first: date
    last: date
    seen: tuple[Seen, ...]
    starts: tuple[Mapping[str, str], ...]
    chances: tuple[float, ...]

    @property
    def counted(self) -> tuple[Seen, ...]:
        """Entries that count."""
        return tuple(each for each in self.seen if not each.unused)

    @property
    def days(self) -> tuple[date, ...]:
        """The ends of the weeks, up to the last day; the first day first."""
        n = -(-(self.last - self.first).days // WEEK)
        return tuple(min(self.first + timedelta(days=WEEK * k), self.last) for k in range(n + 1))

    def day(self, when: date) -> float:
        """A day as a number of days from the first."""
        return float((when - self.first).days)


def day_in(text: str) -> date | None:
    """The day that a text gives as year-month-day; None where it gives none.

    >>> day_in("2025-04-25"), day_in("spring")
    (datetime.date(2025, 4, 25), None)
    """
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def record(conflict: Conflict) -> Record | None:
    """The record of a conflict; None where nothing was seen that counts in this view.

    What lies after `as_of` does not count. A lever stood as it does now, but before it was first seen to move: then at any
    setting but the one it took and those that were not given at the time, equally likely; one that was not seen to move, and of which it
    is open how it stands today, stood at each of its settings, as its odds have it. What a lever is seen to take counts
    with the wait before it, from its last entry or the first day of the record on; what no entry speaks of counts for nothing.

    Raises
    ------
    AskError
        `study/record-too-long`, `study/impossible-record`, `study/many-pasts`.
    """
    file, today = conflict.case.file, day_in(conflict.case.file.as_of)
    stated = sorted(enumerate(file.observations), key=lambda each: (each[1].on, each[0]))
    usable = [(k, each) for k, each in stated if not _why_not(conflict, each, today)]
    if not usable:
        return None
    first = min(day_in(each.since or each.on) or date.max for _, each in usable)
    last = max([day_in(each.on) or date.min for _, each in usable] + ([today] if today is not None else []))
    if (last - first).days > MOST_DAYS or len(usable) > MOST_ENTRIES:
        what = f"{len(usable)} observations from {first} to {last} are too many, or too far apart, to be gone through"
        raise AskError(Problem("study/record-too-long", what, hint="correct the day, or leave out what is long past"))
    seen = [*_taken(usable, first), *_not_given(conflict, usable, first)]
    seen += [Seen((k,), day_in(each.on) or first, {}, (), why) for k, each in stated if (why := _why_not(conflict, each, today))]
    starts, chances = _starts(conflict, [each for _, each in usable])
    made = Record(conflict, first, last, tuple(sorted(seen, key=lambda each: (each.on, each.numbers))), starts, chances)
    return made if made.counted else None


def _why_not(conflict: Conflict, seen: Observation, today: date | None) -> str:
    if seen.lever not in conflict.graph.levers:
        return "held"
    return "later" if today is not None and (day_in(seen.on) or today) > today else ""


Stated = list[tuple[int, Observation]]


def _taken(usable: Stated, first: date) -> Iterable[Seen]:
    """Settings taken, those that one party took on one day together."""
    last = dict[str, tuple[date, str]]()
    taken = [(k, each) for k, each in usable if each.took is not None]
    for (on, _), group in itertools.groupby(taken, key=lambda each: (each[1].on, party_of(each[1].lever))):
        some, when = list(group), date.fromisoformat(on)
        took = {each.lever: str(each.took) for _, each in some}
        fresh = {lever: setting for lever, setting in took.items() if lever not in last or last[lever][1] != setting}
        waits = tuple(
            Watch(lever, ANY, float((last.get(lever, (first, ""))[0] - first).days), float((when - first).days)) for lever in fresh
        )
        last |= {lever: (when, setting) for lever, setting in took.items()}
        yield Seen(tuple(k for k, _ in some), when, fresh, waits if fresh else (), "" if fresh else "there already")


def _not_given(conflict: Conflict, usable: Stated, first: date) -> Iterable[Seen]:
    """Settings not given, each from `since` on, or from what was last seen of the lever, or from the first day."""
    for k, each in usable:
        if each.not_given is None:
            continue
        when = date.fromisoformat(each.on)
        before = [date.fromisoformat(other.on) for j, other in usable if other.lever == each.lever and other.on < each.on and j != k]
        begins = date.fromisoformat(each.since) if each.since else max(before, default=first)
        watch = Watch(each.lever, each.not_given, float((begins - first).days), float((when - first).days))
        why = "no time" if begins >= when else "there already" if _stood_there(conflict, usable, each, begins, when) else ""
        yield Seen((k,), when, {}, (watch,), why)


def _stood_there(conflict: Conflict, usable: Stated, asked: Observation, begins: date, ends: date) -> bool:
    """Whether the lever stood at the setting all the time in which it is said not to have been given."""
    taken = [each for _, each in usable if each.lever == asked.lever and each.took is not None]
    if not taken:
        return conflict.case.now[asked.lever] == asked.not_given
    before = [each for each in taken if each.on <= begins.isoformat()]
    during = [each for each in taken if begins.isoformat() < each.on < ends.isoformat()]
    return bool(before) and before[-1].took == asked.not_given and all(each.took == asked.not_given for each in during)


def _starts(conflict: Conflict, stated: list[Observation]) -> tuple[tuple[Mapping[str, str], ...], tuple[float, ...]]:
    """How the levers may have stood on the first day, with chances: not as first seen to move to, nor where they are said not to have stood."""
    graph, now, taken = conflict.graph, conflict.at("now"), [each for each in stated if each.took is not None]
    first = {each.lever: each for each in reversed(taken)}
    barred = {(lever, each.took) for lever, each in first.items()}
    barred |= {(each.lever, each.not_given) for each in stated if each.lever in first and _early(each, first[each.lever].on)}
    open_ = [[(lever, setting, 1.0) for setting in graph.all_settings[lever] if (lever, setting) not in barred] for lever in first]
    for lever in graph.levers:
        odds = conflict.case.file.levers[lever].odds
        if odds and lever not in first:
            open_.append([(lever, setting, chance) for setting, chance in odds.items() if chance > 0])
    n = math.prod(map(len, open_))
    if n > MOST_STARTS:
        what = f"levers may have stood in {n} ways before they were first seen to move, more than {MOST_STARTS}"
        raise AskError(Problem("study/many-pasts", what, hint="add what each was seen to take at first, as an observation of its own"))
    chosen = list(itertools.product(*open_))
    starts = [({**now, **{lever: setting for lever, setting, _ in each}}, math.prod(chance for _, _, chance in each)) for each in chosen]
    able = tuple((start, chance) for start, chance in starts if _able(conflict, start, taken))
    if not able:
        what = "what was seen leads through states that are banned together, however it began"
        raise AskError(Problem("study/impossible-record", what, hint="look at the days of the observations, at `never`, and at what the view holds"))
    total = sum(chance for _, chance in able)
    return tuple(start for start, _ in able), tuple(chance / total for _, chance in able)


def _early(seen: Observation, moved: str) -> bool:
    """Whether a setting is said not to have been given before a lever first moved."""
    return seen.not_given is not None and (seen.since or seen.on) <= moved and seen.since != moved


def _able(conflict: Conflict, start: Mapping[str, str], taken: list[Observation]) -> bool:
    """Whether no state on the way is banned: of what is taken on one day, only the state after it counts."""
    here = dict(start)
    try:
        conflict.state(here)
        for _, group in itertools.groupby(taken, key=lambda each: (each.on, party_of(each.lever))):
            here |= {each.lever: str(each.took) for each in group}
            conflict.state(here)
    except GraphError:
        return False
    return True
