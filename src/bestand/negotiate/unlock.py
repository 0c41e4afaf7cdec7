"""A mediator's list: the smallest sets of changes that make a wanted state one where the conflict rests and is led to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.case.concepts import Concept, Foresight, Moving, Steps
from bestand.case.conditions import levers_of
from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.case.parts import MOST_WORTH
from bestand.errors import AskError, GraphError, Problem, did_you_mean
from bestand.graph.alike import held_once
from bestand.graph.budget import MOST_SECONDS, Budget
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.negotiate.advice import Unlock, red_lines_crossed
from bestand.negotiate.asking import as_list, foresight_of, positive, reply_steps, threads_of
from bestand.negotiate.changes import Alteration, Variants, as_it_is, offers_to_hold, shared_out, varied
from bestand.show import Shown, Table

CHUNK = 100_000
MOST_TRIALS = 2_000_000_000  # situations that are solved in a search for changes
STEEP = 8  # times as long as for one change fewer, about
MOST_KEPT = 20_000  # states of a conflict of which the narrower ones are kept


@dataclass(frozen=True, slots=True, repr=False)
class Unlocks(Shown):
    """All smallest sets of up to `most` changes that unlock a goal: the fewest red lines crossed first, then the surest sourced.

    n_trials : different situations that were solved
    already  : whether the goal needs no change at all
    complete : sets of at most so many changes are all there; less than `most` where there was no time to look for more
    """

    conflict: Conflict
    goal: str
    concept: str
    moves: Moving
    most: int
    sets: tuple[Unlock, ...]
    n_trials: int
    already: bool
    complete: int

    def table(self) -> Table:
        """The first 50 sets; those with the same effect are counted under the first of them."""
        rows = tuple(
            (len(each.changes), each.words, each.crossing, each.weak, len(each.alike), self._where(each)) for each in self.sets[:50]
        )
        notes = [f"sets of at most {self.most} changes: {len(self.sets)}; {self.n_trials:,} situations were solved"]
        if self.complete < self.most:
            notes += [f"there was no time to look at every set of {self.complete + 1} or more changes: others may do as well"]
        notes += ["the goal is reached and rests as things are: nothing need change"] if self.already else []
        notes += [f"the first {len(rows)} are shown"] if len(rows) < len(self.sets) else []
        rests = f"a state that rests ({self.concept})"
        columns = ("changes", "what", "crosses a red line of", "of them doubtful wants", "others to the same effect", "then rests at")
        return Table(f"What would make [{self.goal}] {rests} and is reached by {self.moves} moves", columns, rows, tuple(notes))

    def _where(self, unlock: Unlock) -> str:
        now = self.conflict.at("now")
        return ", ".join(f"{lever}={setting}" for lever, setting in unlock.at.items() if now.get(lever) != setting) or "now"


@dataclass(slots=True)
class _Search:
    """One search under way: what it is for, what is known to suffice, and how much has been done."""

    goal: str
    moves: Moving
    replies: Steps
    escape: bool
    threads: int
    done: int = 0
    counted: int = 0
    solved: set[frozenset[Alteration]] = field(default_factory=set)
    sets: list[Unlock] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: of what conflict, what parties could come to want, which levers could be held, and how long it may take."""

    conflict: Conflict
    goal: str
    add: Sequence[str]
    weight: float | None
    choices: Sequence[tuple[Mapping[str, str], Alteration]]
    threads: int
    tell: Callable[[int, float], None]
    is_time: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Setting:
    """The conflict with some levers held: the narrower conflict, and every variant of every party's wants.

    now  : the present state
    open : where the narrower conflict is not made, the states of the wider one that it has; else empty
    """

    held: tuple[Alteration, ...]
    conflict: Conflict
    pattern: list[NDArray[np.uint32]]
    parties: list[Variants]
    now: int
    open: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    def sizes(self, n_changes: int) -> Iterator[tuple[int, ...]]:
        """Every way to share `n_changes` out among the parties."""
        return shared_out(n_changes, [int(party.size.max()) for party in self.parties])


def unlock(
    conflict: Conflict | Case,
    *,
    goal: str,
    concept: Concept | Foresight = "seq",
    most: int = 2,
    moves: Moving = "best",
    add: str | Sequence[str] | None = None,
    weight: float | None = None,
    offers: str | Sequence[str] | None = None,
    threads: int | None = None,
    budget: Budget | None = None,
) -> Unlocks:
    """All smallest sets of at most `most` changes after which a state of `goal` rests and such moves lead there from now.

    goal    : condition on states, such as ``ceasefire and not ua.cedes``
    concept : foresight under which the state must be an equilibrium
    most    : 1, 2 or 3 changes
    moves   : the moves that lead there and of which SEQ and SSR replies are made: `best` or `paying`, as for `paths`
    add     : conditions that a party could come to want; the goal, and the case's terms and their opposites, if not given
    weight  : worth per month of promises and penalties: wants are then weighed, not ordered; None to drop, move and add
    offers  : levers that may be set and held by those who have them; those of a party that the goal does not speak of, if not given
    threads : all cores, if not given
    budget  : how long it may take: levers held one way after the other are looked at while there is time, fewest changes first, and the
              result says what was not; as long as it takes, if not given

    Each party is its most probable type. Sets are complete up to `most`: every set that unlocks the goal contains one of
    those listed, or does to the worth of states what one of them does with no more changes.
    Time grows with the number of different rankings to the power `most`.

    Raises
    ------
    AskError
        `graph/no-present`, `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/goal-nowhere`, `negotiate/too-many-changes`,
        `negotiate/too-many-kinds`; `worth/ordinal` where a weight is given and some want has none.

    >>> from bestand import conflict, read
    >>> unlock(conflict(read("example/en")), goal="truce", most=1).table().rows[0][:2]
    (1, 'co comes to want, at place 1: truce')
    """
    conflict = ready(conflict)
    foresight = foresight_of(concept)
    replies = reply_steps(foresight, moves)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= 3:
        raise AskError(Problem("negotiate/too-many-changes", f"{most} changes cannot be searched", hint="most is 1, 2 or 3"))
    if not isinstance(goal, str):
        raise AskError(Problem("negotiate/goal-not-written", "the goal must be a condition as text", hint="it is asked again where levers are held"))
    weight = None if weight is None else positive(weight, "negotiate/bad-weight", "size of a promise", most=MOST_WORTH)
    case, _ = conflict.case, conflict.now
    if not conflict.where(goal).any():
        raise AskError(Problem("negotiate/goal-nowhere", f"no state of this view has '{goal}'", hint="take a view that varies its levers"))
    if weight is not None:
        conflict.worths("cardinal")
    search = _Search(goal, moves, replies, foresight.escape, threads_of(threads))
    addable = _addable(case, goal) if add is None else _texts(conflict, add)
    choices = list(offers_to_hold(conflict, _offered(case, goal, None if offers is None else as_list(offers)))) if conflict.graph.levers else []
    asked = _Asked(conflict, goal, addable, weight, choices, search.threads, *_told(most, budget or Budget(seconds=MOST_SECONDS)))
    complete = next((n - 1 for n in range(most + 1) if not _level(search, asked, n)), most)
    already = any(not each.changes for each in search.sets)
    told = [replace(each, crosses=red_lines_crossed(conflict, each.at)) for each in search.sets]
    sets = () if already else tuple(sorted(told, key=lambda each: each.order))
    return Unlocks(conflict, goal, foresight.name, moves, most, sets, search.done, already, complete)


def _told(most: int, budget: Budget) -> tuple[Callable[[int, float], None], Callable[[], bool]]:
    """Who is told how far the search is (how many changes, what part of them), and who says whether there is time for more."""
    whole = sum(STEEP**n for n in range(most + 1))

    def tell(n_changes: int, share: float) -> None:
        before = sum(STEEP**n for n in range(n_changes))
        budget.progress((before + share * STEEP**n_changes) / whole)

    return tell, lambda: bool(budget.left(0.0))


def _level(search: _Search, asked: _Asked, n_changes: int) -> bool:
    """Looks for sets of so many changes; whether there was time for all of them."""
    if frozenset() in search.solved:
        return True
    held = [each for n_held in range(n_changes + 1) for each in itertools.combinations(asked.choices, n_held)]
    is_time = asked.is_time if n_changes else lambda: True  # the conflict as it stands is always looked at
    for k, chosen in enumerate(held):
        asked.tell(n_changes, k / len(held))
        try:
            setting = _held_setting(asked, chosen, n_changes - len(chosen), is_time)
        except TimeoutError:
            return False
        if setting is None:
            continue
        search.counted += _trials(setting, n_changes - len(chosen))
        if search.counted > MOST_TRIALS:
            what = f"{search.counted:,} situations would have to be solved"
            raise AskError(Problem("negotiate/too-many-changes", what, hint="allow fewer changes, or take a smaller view"))
        if not _try(search, setting, n_changes - len(chosen), is_time):
            return False
    return True


def _texts(conflict: Conflict, add: str | Sequence[str]) -> list[str]:
    """Conditions as text, each of which can be read."""
    texts = as_list(add)
    for text in texts:
        conflict.where(cast("str", text))
    if not all(isinstance(text, str) for text in texts):
        raise AskError(Problem("negotiate/goal-not-written", "what is to be added must be conditions as text"))
    return cast("list[str]", texts)


def _addable(case: Case, goal: str) -> list[str]:
    """The terms and their opposites, in an order that is the same for every goal that is one of them; and the goal."""
    return [*(text for term in case.terms for text in (term, f"not {term}")), *([] if goal in case.terms else [goal])]


def _offered(case: Case, goal: str, offers: Sequence[object] | None) -> list[str]:
    for lever in offers or ():
        if not isinstance(lever, str) or lever not in case.file.levers:
            raise AskError(Problem("graph/unknown-lever", f"no lever '{lever}'", hint=did_you_mean(str(lever), case.file.levers)))
    spoken = levers_of(case.condition(goal), case.terms)
    if offers is not None:
        return [lever for lever in case.file.levers if lever in offers]
    chance = {name for name, party in case.file.parties.items() if party.chance}  # nobody can offer what chance does
    return [lever for lever in case.file.levers if lever not in spoken and party_of(lever) not in chance]


def _held_setting(
    asked: _Asked, chosen: tuple[tuple[Mapping[str, str], Alteration], ...], left: int, is_time: Callable[[], bool]
) -> _Setting | None:
    """The conflict with some levers held, and every variant of `left` changes of wants; None where the present or the goal is then gone."""
    if not chosen:
        return _setting(asked, asked.conflict, (), left, is_time)
    hold = {lever: setting for settings, _ in chosen for lever, setting in settings.items()}
    if len(hold) < len(chosen):
        return None
    if not is_time():
        raise TimeoutError
    held = tuple(change for _, change in chosen)
    if not left and hold.keys() <= set(asked.conflict.graph.levers):
        return _within(asked, hold, held, is_time)
    narrower = _narrower(asked.conflict, hold)
    return _setting(asked, narrower, held, left, is_time) if _possible(narrower, asked.goal) else None


def _within(asked: _Asked, hold: Mapping[str, str], held: tuple[Alteration, ...], is_time: Callable[[], bool]) -> _Setting | None:
    """The conflict with levers held that vary in it and no wants changed: the states in which they stand so, as it has them."""
    conflict, graph = asked.conflict, asked.conflict.graph
    number = {lever: graph.settings[graph.levers.index(lever)].index(setting) for lever, setting in hold.items()}
    there = np.logical_and.reduce([graph.digits(lever) == at for lever, at in number.items()])
    present = np.logical_and.reduce([graph.digits(lever) == number.get(lever, graph.digits(lever)[conflict.now]) for lever in graph.levers])
    if not present.any() or not (there & conflict.where(asked.goal)).any():
        return None
    return replace(_setting(asked, conflict, held, 0, is_time), now=int(present.argmax()), open=there)


def _narrower(conflict: Conflict, hold: Mapping[str, str]) -> Conflict:
    """The conflict with some levers held; with one held in few states it is kept, since every goal asks for it."""
    if len(hold) > 1 or conflict.graph.n_states > MOST_KEPT:
        return conflict.hold(hold)
    return conflict.once(("narrower", *hold.items()), lambda: held_once(conflict, hold))


def _possible(conflict: Conflict, goal: str) -> bool:
    """Whether the present and some state of the goal remain."""
    try:
        return conflict.graph.now is not None and bool(conflict.where(goal).any())
    except GraphError as error:
        if error.code != "graph/no-states":
            raise
        return False


def _setting(asked: _Asked, conflict: Conflict, held: tuple[Alteration, ...], left: int, is_time: Callable[[], bool]) -> _Setting:
    pattern, parties = [], []
    for i, party in enumerate(conflict.parties):
        if not left or party in conflict.case.file.ranking:
            kinds, versions = as_it_is(conflict, i, weighed=asked.weight is not None)
        else:
            kinds, versions = varied(conflict, party, asked.add, most=left, weight=asked.weight, threads=asked.threads, is_time=is_time)
        pattern.append(kinds)
        parties.append(versions)
    return _Setting(held, conflict, pattern, parties, conflict.now)


def _trials(setting: _Setting, n_changes: int) -> int:
    counts = [np.bincount(party.size, minlength=n_changes + 1) for party in setting.parties]
    return sum(math.prod(int(count[share]) for count, share in zip(counts, shares, strict=True)) for shares in setting.sizes(n_changes))


def _try(search: _Search, setting: _Setting, n_changes: int, is_time: Callable[[], bool]) -> bool:
    """Solves every situation with `n_changes` changes of wants in one setting, and keeps those that unlock the goal; whether there was time."""
    goal = np.ascontiguousarray(setting.conflict.where(search.goal) & setting.open if setting.open.size else setting.conflict.where(search.goal))
    rank = [np.ascontiguousarray(party.rank) for party in setting.parties]
    fresh: list[Unlock] = []
    whole = True
    for shares in setting.sizes(n_changes):
        choices = [_open(search, setting, party, share) for party, share in zip(setting.parties, shares, strict=True)]
        for first in range(0, math.prod(map(len, choices)), CHUNK):
            if not (whole := is_time()):
                break
            numbers = np.arange(first, min(first + CHUNK, math.prod(map(len, choices))))
            places = _places(numbers, [len(choice) for choice in choices])
            trials = np.stack([choice[place] for choice, place in zip(choices, places, strict=True)], axis=1).astype(np.int32)
            states = kernels.unlocks(
                setting.conflict.graph.moves, setting.pattern, rank, trials, setting.now, goal,
                open=setting.open, by=search.moves, replies=search.replies, escape=search.escape, threads=search.threads,
            )
            search.done += numbers.size
            for hit in np.flatnonzero(states >= 0):
                fresh += _unlock(search, setting, trials[hit], int(states[hit]))
        if not whole:
            break
    search.sets += fresh
    search.solved |= {frozenset(changes) for each in fresh for changes in (each.changes, *each.alike)}
    return whole


def _places(numbers: NDArray[np.int64], sizes: Sequence[int]) -> list[NDArray[np.int64]]:
    """Which choice of each party a number stands for, the last party's counting fastest; of any number of parties."""
    places = []
    for size in reversed(sizes):
        numbers, place = np.divmod(numbers, size)
        places.append(place)
    return places[::-1]


def _open(search: _Search, setting: _Setting, party: Variants, share: int) -> NDArray[np.int64]:
    """One party's variants of a size, without those that unlock the goal by themselves."""
    of_size = np.flatnonzero(party.size == share)
    held = frozenset(setting.held)
    is_open = [any(not _has_solved(search, held | frozenset(changes)) for changes in party.sets[int(k)]) for k in of_size]
    return of_size[np.array(is_open, bool)] if of_size.size else of_size


def _has_solved(search: _Search, changes: frozenset[Alteration]) -> bool:
    """Whether some part of a set, or all of it, is known to suffice."""
    return any(frozenset(part) in search.solved for n in range(len(changes) + 1) for part in itertools.combinations(changes, n))


def _unlock(search: _Search, setting: _Setting, trial: NDArray[np.int32], state: int) -> list[Unlock]:
    """What one successful trial tells: its smallest sets, less those of which a part suffices."""
    by_party = [party.sets[int(k)] for party, k in zip(setting.parties, trial, strict=True)]
    sets = [setting.held + tuple(itertools.chain.from_iterable(parts)) for parts in itertools.product(*by_party)]
    sets = [changes for changes in sets if not _has_solved(search, frozenset(changes))]
    if not sets:
        return []
    sets.sort(key=lambda changes: Unlock(changes, {}).order)
    held = {change.at.removeprefix("levers."): change.that for change in setting.held}
    at = {lever: stands for lever, stands in setting.conflict.at(state).items() if lever not in held}
    return [Unlock(sets[0], at | held, tuple(sets[1:]))]
