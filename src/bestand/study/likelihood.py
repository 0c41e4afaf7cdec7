"""How likely what was seen is, under choices made at given rates: what each entry of a record adds, week by week."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.graph.model import Graph
from bestand.play.choices import MoveRates
from bestand.show import MONTH
from bestand.study.record import ANY, Record

LEAST = 1e-300  # a rate that is nothing, as a logarithm can bear it
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RateTerm:
    """One summand of a log-likelihood: −months · (rate of some moves), or, of a move seen, the logarithm of that rate.

    entry  : which entry of the record, among those that count
    week   : in which week it counts
    moves  : which moves, as in `Choices`
    months : how long they were watched for; 0 where they were seen
    """

    entry: int
    week: int
    moves: Whole
    months: float


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A record as sums over rates of moves: one list of terms for each way in which it may have begun.

    n_entries : of the record that count
    n_weeks   : of the record, the first day counting as one of its own
    """

    starts: tuple[tuple[RateTerm, ...], ...]
    n_entries: int
    n_weeks: int

    def parts(self, rate: Floats) -> Floats:
        """Log-likelihood by start, entry and week: shape (n_starts, n_entries, n_weeks); rate (n_moves,) per month."""
        log_chance = np.zeros((len(self.starts), self.n_entries, self.n_weeks))
        for start, terms in enumerate(self.starts):
            for term in terms:
                total = float(rate[term.moves].sum())
                log_chance[start, term.entry, term.week] += -term.months * total if term.months else np.log(max(total, LEAST))
        return log_chance


def reading(record: Record, choices: MoveRates) -> Reading:
    """A record with the moves that each of its entries speaks of.

    While moves were watched for and not seen, from state s, the likelihood falls by exp(−months · Σ rates of these moves
    from s); a move seen counts with its rate, if it does nothing that another entry says was not done then. A move that two
    entries were watching for counts with the first only.

    choices : of any version of the conflict: all have the same moves
    """
    known: dict[tuple[int, str, str], Whole] = {}
    graph = record.conflict.graph

    def moves(state: int, lever: str, setting: str) -> Whole:
        key = (state, lever, setting)
        if key not in known:
            known[key] = _moves(graph, choices, *key)
        return known[key]

    starts = tuple(tuple(_terms(record, start, moves)) for start in record.starts)
    return Reading(starts, len(record.counted), len(record.days))


def _moves(graph: Graph, choices: MoveRates, state: int, lever: str, setting: str) -> Whole:
    """Moves from a state that put a lever to a setting (`ANY`: to another than it has)."""
    row = np.arange(choices.row[state], choices.row[state + 1])
    digits = graph.digits(lever)
    there, here = digits[choices.target[row]], digits[state]
    wanted = there != here if setting == ANY else (there == graph.all_settings[lever].index(setting)) & (there != here)
    return row[wanted]


def _terms(record: Record, start: Mapping[str, str], moves: Callable[[int, str, str], Whole]) -> Iterator[RateTerm]:
    path = _path(record, start)
    weeks = [record.day(day) for day in record.days]
    watches, known = _watches(record), dict[tuple[object, ...], list[tuple[int, Whole]]]()
    for begin, end in _stretches(record, weeks):
        state, watched = _state(path, begin), watches.during(begin, end)
        key = (state, *watched)
        if key not in known:
            known[key] = list(_fresh(state, watched, moves))
        week = int(np.searchsorted(weeks, end - 1e-9))
        yield from (RateTerm(entry, week, fresh, (end - begin) / MONTH) for entry, fresh in known[key])
    for (_, before), (entry, day) in zip(path, _jumps(record), strict=False):
        took = record.counted[entry].took
        together = _common([moves(before, lever, setting) for lever, setting in took.items()])
        belied = [moves(before, lever, setting) for _, lever, setting in watches.during(day, day) if lever not in took]
        yield RateTerm(entry, int(np.searchsorted(weeks, day - 1e-9)), np.setdiff1d(together, np.concatenate([*belied, together[:0]])), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Watches:
    """All times of watching, in the order of their entries."""

    entry: Whole
    first: Floats
    last: Floats
    of: tuple[tuple[str, str], ...]

    def during(self, begin: float, end: float) -> list[tuple[int, str, str]]:
        """What was watched for all through a time, each lever and setting with the first entry that watched for it."""
        first_entry: dict[tuple[str, str], int] = {}
        for k in np.flatnonzero((self.first <= begin) & (end <= self.last)):
            first_entry.setdefault(self.of[k], int(self.entry[k]))
        return [(entry, *what) for what, entry in first_entry.items()]


def _watches(record: Record) -> _Watches:
    every = [(k, watch) for k, each in enumerate(record.counted) for watch in each.watched]
    first, last = (np.array([getattr(watch, name) for _, watch in every], np.float64) for name in ("first", "last"))
    return _Watches(np.array([k for k, _ in every], np.int64), first, last, tuple((watch.lever, watch.setting) for _, watch in every))


def _fresh(
    state: int, watched: list[tuple[int, str, str]], moves: Callable[[int, str, str], Whole]
) -> Iterator[tuple[int, Whole]]:
    """Moves that each entry alone watched for, in a state: those of entries before it are left out."""
    before = np.zeros(0, np.int64)
    for entry, lever, setting in watched:
        fresh = np.setdiff1d(moves(state, lever, setting), before)
        before = np.union1d(before, fresh)
        if fresh.size:
            yield entry, fresh


def _jumps(record: Record) -> list[tuple[int, float]]:
    """Entries in which something was taken, with their days."""
    return [(k, record.day(each.on)) for k, each in enumerate(record.counted) if each.took]


def _common(sets: Iterable[Whole]) -> Whole:
    first, *others = sets
    for other in others:
        first = np.intersect1d(first, other)
    return first


Path = list[tuple[float, int]]


def _path(record: Record, start: Mapping[str, str]) -> Path:
    """From which day on which state stood; changes of one day in their order."""
    here, path = dict(start), [(-1.0, record.conflict.state(start))]
    for entry, day in _jumps(record):
        here |= record.counted[entry].took
        path.append((day, record.conflict.state(here)))
    return path


def _state(path: Path, day: float) -> int:
    """The state that stood from a day on."""
    return path[bisect_right(path, day, key=lambda each: each[0]) - 1][1]


def _stretches(record: Record, weeks: list[float]) -> Iterator[tuple[float, float]]:
    """Times between one change of state, of watching or of week, and the next."""
    cuts = {*weeks, *(day for each in record.counted for watch in each.watched for day in (watch.first, watch.last))}
    cuts |= {day for _, day in _jumps(record)}
    inside = sorted(day for day in cuts if 0 <= day <= weeks[-1])
    yield from itertools.pairwise(inside)
