"""Changes that a mediator could bring about: wants dropped, moved, added, promises and penalties, levers offered.

A *change* touches one condition of one party's wants, or one lever. A set of changes has one meaning whatever their order:
wants dropped or moved are taken out, then moved and added ones are put in at the places that they get, lowest first.
Conditions that are the same in every state of the view are left aside: changing their place changes nothing.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.case.lines import Line, party_of, want_place, wants
from bestand.case.shifted import as_known
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.ranks import dense

MOST_PATTERNS = 65_535  # kinds of states that the conditions of one party tell apart
CHUNK = 5_000
WORD_BITS = 62
Kind = Literal["drop", "move", "add", "promise", "penalty", "hold"]


@dataclass(frozen=True, slots=True)
class Alteration:
    """One change: a want dropped, moved or added, a promise or a penalty, or a lever set and held.

    party   : whose want, or whose lever
    what    : the want in words, the condition added, or the lever
    that    : the condition; for `hold` the setting
    at      : key path of the want that is touched; of the party's wants, for a new one; of the lever
    place   : place among those of the party's wants that vary in the view, from 1; 0 where it has none
    shift   : how many places a want moves; a new one, from the end of the list
    weight  : worth per month of a promise or a penalty
    firm    : whether an unhedged claim carries what is touched; None where it is new
    """

    kind: Kind
    party: str
    what: str
    that: str
    at: str
    place: int = 0
    shift: int = field(default=0, compare=False)
    weight: float = 0.0
    firm: bool | None = None

    @property
    def words(self) -> str:
        """The change in words."""
        said = {
            "drop": f"{self.party} gives up: {self.what}",
            "move": f"{self.party} ranks at place {self.place}: {self.what}",
            "add": f"{self.party} comes to want, at place {self.place}: {self.what}",
            "promise": f"{self.party} is promised {self.weight:g} a month where {self.what}",
            "penalty": f"{self.party} loses {self.weight:g} a month where {self.what}",
            "hold": f"{self.what} is held at '{self.that}'",
        }
        return said[self.kind]


@dataclass(frozen=True, slots=True)
class Variants:
    """Different wants of one party: what each makes of every pattern, and the sets of changes that lead to it.

    size : (n_variants,) changes that it takes; variant 0 is the party as it is
    rank : (n_variants, n_patterns) uint16
    sets : per variant, every smallest set of changes with this effect
    """

    size: NDArray[np.int64]
    rank: NDArray[np.uint16]
    sets: Sequence[Sequence[tuple[Alteration, ...]]]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions that a party's wants could be made of, and how they divide the states.

    lines    : per condition, the line of the case; None for one that would be new
    that     : per condition, as written
    n_wants  : the first `n_wants` are the party's wants, most important first
    bits     : (n_conditions, n_patterns) uint8
    pattern  : (n_states,) uint32
    """

    party: str
    home: str
    lines: tuple[Line | None, ...]
    that: tuple[str, ...]
    weight: tuple[float, ...]
    n_wants: int
    bits: NDArray[np.uint8]
    pattern: NDArray[np.uint32]


def wanted_conditions(conflict: Conflict, party: str, add: Sequence[str], is_time: Callable[[], bool] = lambda: True) -> Conditions:
    """A party's wants that vary in the view, and the conditions of `add` that are not among them.

    What is added is read as the case's own wants are: of what the party knows through channels only, where one stands.

    is_time : whether there is time for more: asked at each condition, since in millions of states one takes a while

    Raises
    ------
    TimeoutError
        Where there is none.
    """
    every: list[tuple[Line | None, str, float, NDArray[np.bool_]]] = []
    case = conflict.case
    for line, want in wants(case, party):
        _in_time(is_time)
        every.append((line, want.that, np.nan if want.worth is None else want.worth.value, conflict.where(want.that)))
    every = [each for each in every if each[3].any() and not each[3].all()]
    n_wants, known = len(every), {each[3].tobytes() for each in every}
    for text in add:
        _in_time(is_time)
        mask = conflict.where(as_known(case.file.levers, case.terms, case.known_through.get(party, {}), text))
        if mask.any() and not mask.all() and mask.tobytes() not in known:
            known.add(mask.tobytes())
            every.append((None, text, np.nan, mask))
    pattern, first = _kinds([mask for *_, mask in every], conflict.graph.n_states, is_time)
    _few_enough(party, first.size)
    bits = np.array([mask[first] for *_, mask in every], np.uint8).reshape(len(every), first.size)
    home = next((line.at.rpartition("[")[0] for line, _ in wants(case, party)), want_place(party))
    lines, written = tuple(each[0] for each in every), tuple(each[1] for each in every)
    return Conditions(party, home, lines, written, tuple(each[2] for each in every), n_wants, bits, pattern.astype(np.uint32))


def _in_time(is_time: Callable[[], bool]) -> None:
    if not is_time():
        raise TimeoutError


def _few_enough(party: str, n_kinds: int) -> int:
    if n_kinds > MOST_PATTERNS:
        what = f"the conditions that '{party}' could want divide the states into {n_kinds:,} kinds; at most {MOST_PATTERNS:,} are searched"
        raise AskError(Problem("negotiate/too-many-kinds", what, hint="take a smaller view, or name fewer conditions under `add`"))
    return n_kinds


def _kinds(
    masks: Sequence[NDArray[np.bool_]], n_states: int, is_time: Callable[[], bool] = lambda: True
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the combinations of conditions each state has, and the first state that has each."""
    kind, first, bits = np.zeros(n_states, np.int64), np.zeros(1, np.int64), 0
    for k, mask in enumerate(masks):
        _in_time(is_time)
        kind = 2 * kind + mask
        bits += 1
        if bits == WORD_BITS or k == len(masks) - 1:  # one more would not fit in the word: number the combinations anew
            _, first, kind = np.unique(kind, return_index=True, return_inverse=True)
            kind, bits = kind.ravel(), int(first.size).bit_length()
    return kind, first


def as_it_is(conflict: Conflict, party: int, *, weighed: bool) -> tuple[NDArray[np.uint32], Variants]:
    """A party of which nothing is changed: states of one rank are one kind, and there is one variant."""
    rank = conflict.worths("cardinal").rank[0, party] if weighed else conflict.rank_of(party)[0]
    levels = _few_enough(conflict.parties[party], int(rank.max()) + 1)
    return rank, Variants(np.zeros(1, np.int64), np.arange(levels, dtype=np.uint16)[None, :], [[()]])


def varied(
    conflict: Conflict, party: str, add: Sequence[str], *, most: int, weight: float | None, threads: int, is_time: Callable[[], bool]
) -> tuple[NDArray[np.uint32], Variants]:
    """What up to `most` changes of one party's wants come to: the combination of conditions that each state has, (n_states,), and the variants.

    Of single changes they are made once for all versions of the case with these states in which it wants the same.

    Raises
    ------
    TimeoutError
        As `wanted_conditions` and `variants`.
    """
    case = conflict.case

    def make() -> tuple[NDArray[np.uint32], Variants]:
        of = wanted_conditions(conflict, party, add, is_time)
        return of.pattern, variants(of, most=most, weight=weight, threads=threads, is_time=is_time)

    if most > 1:  # they take room
        return make()
    wanted = tuple((line, want.that, want.worth and want.worth.value) for line, want in wants(case, party))
    added = tuple(as_known(case.file.levers, case.terms, case.known_through.get(party, {}), text) for text in add)
    return conflict.once_of_graph(("variants", party, wanted, added, most, weight), make)


def variants(of: Conditions, *, most: int, weight: float | None, threads: int, is_time: Callable[[], bool]) -> Variants:
    """Every different ranking that up to `most` changes of one party's wants lead to, with the smallest sets that do.

    weight  : size of promises and penalties; None for ordinal wants, which are dropped, moved and added instead
    is_time : whether there is time for more

    Raises
    ------
    TimeoutError
        Where there is none: half a list would leave smallest sets out.
    """
    seen: dict[bytes, int] = {}
    size: list[int] = []
    kept: list[NDArray[np.uint16]] = []
    sets: list[list[tuple[Alteration, ...]]] = []
    for n_changes in range(most + 1):
        stream = _ordinal_sets(of, n_changes) if weight is None else _cardinal_sets(of, n_changes, weight)
        while chunk := list(itertools.islice(stream, CHUNK)):
            _in_time(is_time)
            rank, digest = _ranks(of, [order for order, _ in chunk], weight, threads)
            for (_, changes), row, key in zip(chunk, rank, digest, strict=True):
                number = seen.setdefault(key, len(size))
                if number == len(size):
                    size.append(n_changes)
                    kept.append(row.copy())
                    sets.append([])
                if size[number] == n_changes:
                    sets[number].append(changes)
    return Variants(np.array(size), np.stack(kept), sets)


def _ranks(
    of: Conditions, orders: Sequence[Sequence[float]], weight: float | None, threads: int
) -> tuple[NDArray[np.uint16], list[bytes]]:
    """Ranks of the patterns under each order (or weighing) of the conditions, and a key for each row."""
    if weight is None:
        width = max(map(len, orders)) + 1
        padded = np.full((len(orders), width), -1, np.int16)
        for row, order in zip(padded, orders, strict=True):
            row[: len(order)] = order
        rank, digest = kernels.order_ranks(of.bits, padded, threads=threads)
        return rank, [row.tobytes() for row in digest]
    score = np.array(orders, np.float64) @ of.bits.astype(np.float64)
    unit = np.abs(score).max(axis=1, keepdims=True, initial=0.0)
    score = np.round(score / np.where(unit > 0, unit, 1.0), 12)  # what adding up leaves in the last digits, in any unit
    rank = dense(score).astype(np.uint16)
    return rank, [row.tobytes() for row in rank]


def _ordinal_sets(of: Conditions, n_changes: int) -> Iterator[tuple[list[float], tuple[Alteration, ...]]]:
    """Every set of `n_changes` conditions dropped or put at a place, with the order that it leads to."""
    n, change = of.n_wants, functools.cache(functools.partial(_change, of))  # each of few changes stands in many sets
    for touched in itertools.combinations(range(len(of.that)), n_changes):
        staying = [k for k in range(n) if k not in touched]
        for placed in itertools.product(*((False, True) if k < n else (True,) for k in touched)):
            put = [k for k, is_placed in zip(touched, placed, strict=True) if is_placed]
            length = len(staying) + len(put)
            for places in itertools.permutations(range(length), len(put)):
                order: list[float] = list(staying)
                for place, k in sorted(zip(places, put, strict=True)):
                    order.insert(place, k)
                where = dict(zip(put, places, strict=True))
                yield order, tuple(change(k, where.get(k), length) for k in touched)


def _change(of: Conditions, k: int, place: int | None, length: int) -> Alteration:
    line, that = of.lines[k], of.that[k]
    if line is None and place is not None:
        return Alteration("add", of.party, that, that, of.home, place + 1, length - 1 - place)
    if line is None or place is None:
        return _dropped(of, k)
    return Alteration("move", of.party, line.words, that, line.at, place + 1, abs(place - k), firm=line.firm)


def _dropped(of: Conditions, k: int) -> Alteration:
    line = of.lines[k]
    at, words, firm = (of.home, of.that[k], None) if line is None else (line.at, line.words, line.firm)
    return Alteration("drop", of.party, words, of.that[k], at, firm=firm)


def _cardinal_sets(of: Conditions, n_changes: int, weight: float) -> Iterator[tuple[list[float], tuple[Alteration, ...]]]:
    """Every set of `n_changes` wants dropped, promises and penalties, with the weights that it leads to."""
    usual = [0.0 if np.isnan(w) else w for w in of.weight]
    for touched in itertools.combinations(range(len(of.that)), n_changes):
        for how in itertools.product(*(("drop", "promise", "penalty") if k < of.n_wants else ("promise", "penalty") for k in touched)):
            weighed, changes = list(usual), []
            for k, kind in zip(touched, how, strict=True):
                change = _dropped(of, k)
                if kind == "drop":
                    weighed[k] = 0.0
                else:
                    weighed[k] += weight if kind == "promise" else -weight
                    change = replace(change, kind="promise" if kind == "promise" else "penalty", what=of.that[k], weight=weight, firm=None)
                changes.append(change)
            yield weighed, tuple(changes)


def offers_to_hold(conflict: Conflict, offers: Sequence[str]) -> Iterator[tuple[Mapping[str, str], Alteration]]:
    """Every way to set and hold one of the levers of `offers` otherwise than it is now."""
    case, graph = conflict.case, conflict.graph
    for lever in offers:
        about = case.file.levers[lever]
        now = case.settings[lever][graph.held[lever]] if lever in graph.held else case.now[lever]
        for setting in about.settings:
            if setting != now or lever in graph.levers:
                yield {lever: setting}, Alteration("hold", party_of(lever), about.label, setting, f"levers.{lever}")


def shared_out(n: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to share out `n` things among parties that take so many at most, in order.

    >>> list(shared_out(2, [1, 2]))
    [(0, 2), (1, 1)]
    """
    if not most:
        yield from [()] if n == 0 else []
    elif n == 0:
        yield (0,) * len(most)
    elif n <= sum(most):
        for mine in range(min(n, most[0]) + 1):
            yield from ((mine, *others) for others in shared_out(n - mine, most[1:]))
