"""Which coalitions could upset a state: together they reach something better for each of them, and nothing stops it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.case.concepts import Concept, Foresight, Moving, Steps
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict, conflict_of
from bestand.graph.model import Worth
from bestand.graph.naming import Which
from bestand.graph.ready import ready
from bestand.negotiate.asking import as_list, draw_number, foresight_of, one_of, party_names, reply_steps, threads_of
from bestand.negotiate.paths import Step
from bestand.negotiate.sequences import Sequences, Trail
from bestand.negotiate.stability import stability
from bestand.show import Cell, Shown, Table

MOST_COALITIONS = 1_023  # coalitions that are asked about at once
MOST_PARTIES = 64  # parties whose coalitions are looked at
MOST_NODES = 1 << 26  # of the search through one coalition's moves; about 20 bytes each
MOST_MOVES = 1 << 28  # of all parties, from all states; about 5 bytes each where few of them lead back
Reading = Literal["sequences", "merged"]
READINGS: tuple[Reading, ...] = ("sequences", "merged")


@dataclass(frozen=True, slots=True)
class Upset:
    """A joint way to a state that is better for every member, and the replies that stop it (empty where nothing does).

    ranks : per member, what the state left and the state reached are worth to it
    hurt  : members whom the replies leave no better off
    """

    coalition: tuple[str, ...]
    path: tuple[Step, ...]
    end: int
    ranks: Mapping[str, tuple[int, int]]
    sanction: tuple[Step, ...] = ()
    hurt: tuple[str, ...] = ()

    @property
    def undone(self) -> tuple[str, ...]:
        """Levers that the coalition sets on the way and sets back to what they were: a detour that a merged one cannot make."""
        first: dict[str, str] = {}
        last: dict[str, str] = {}
        for step in self.path:
            for lever, (old, new) in step.changes.items():
                first.setdefault(lever, old)
                last[lever] = new
        return tuple(lever for lever, setting in last.items() if setting == first[lever])

    @property
    def words(self) -> str:
        """The attempt in words."""
        who = _joined(self.coalition)
        both = "each is better off" if len(self.coalition) > 1 else "it is better off"
        back = f" ({', '.join(self.undone)} set and set back on the way)" if self.undone else ""
        way = f"{who}: {_way(self.path)}{back}; {both} in state {self.end}"
        if not self.sanction:
            return f"{way}, and nothing stops it"
        return f"{way}, but then {_way(self.sanction)}, which leaves {_joined(self.hurt)} no better off than before"


@dataclass(frozen=True, slots=True, repr=False)
class Coalitions(Shown):
    """Verdict for every coalition and state, under one concept.

    coalitions : members, in the case's order; small coalitions first; those that were looked at
    end        : (n_coalitions, n_states) int32, a state that the coalition can move to and that nothing stops; −1 where
                 there is none
    individual : (n_states,) bool, stable for every party alone
    n_left     : coalitions that there was no time to look at; nothing is said of them
    """

    conflict: Conflict
    foresight: Foresight
    moves: Moving
    reading: str
    draw: int
    coalitions: tuple[tuple[str, ...], ...]
    end: NDArray[np.int32]
    individual: NDArray[np.bool_]
    n_left: int = 0

    @property
    def concept(self) -> str:
        """Name of the concept."""
        return self.foresight.name

    @property
    def stable(self) -> NDArray[np.bool_]:
        """Whether each coalition cannot upset each state: shape (n_coalitions, n_states)."""
        return self.end < 0

    def holds(self, coalition: Collection[str | int] | None = None) -> NDArray[np.bool_]:
        """States that a coalition cannot upset, or that none can: shape (n_states,)."""
        if coalition is None:
            return np.asarray((self.end < 0).all(axis=0))
        return self.end[self._place(coalition)] < 0

    @property
    def equilibria(self) -> NDArray[np.int64]:
        """Numbers of the states that no coalition looked at can upset (universal stability, if all were)."""
        return np.flatnonzero(self.holds())

    def upset_by(self, state: Which) -> tuple[tuple[str, ...], ...]:
        """Coalitions that can upset a state, small ones first."""
        return tuple(self.coalitions[k] for k in np.flatnonzero(self.end[:, self.conflict.state(state)] >= 0))

    def upsets(self, state: Which) -> tuple[Upset, ...]:
        """Per coalition that can upset a state, the shortest way in which it can."""
        return tuple(next(u for u in self._search(c).attempts(self.conflict.state(state)) if not u.sanction) for c in self.upset_by(state))

    def attempts(self, state: Which, *, coalition: Collection[str | int]) -> Iterator[Upset]:
        """Everything better for all that a coalition reaches from a state, nearest first, with what stops it.

        It is found by search, without the verdicts, so that each verdict can be checked.
        """
        return self._search(self.coalitions[self._place(coalition)]).attempts(self.conflict.state(state))

    def why(self, state: Which, *, coalition: Collection[str | int], most: int = 100) -> Table:
        """The verdict on one state and coalition in words: how it upsets it, or its first attempts and what stops each."""
        parties = self.coalitions[self._place(coalition)]
        here = self.conflict.state(state)
        safe = bool(self.holds(parties)[here])
        attempts = self.attempts(here, coalition=parties)
        shown = list(islice(attempts if safe else (a for a in attempts if not a.sanction), most if safe else 1))
        verdict = "is safe from" if safe else "can be upset by"
        title = f"State {here} [{self.conflict.label(here)}] {verdict} {_joined(parties)} ({self.foresight.title})"
        notes = [] if shown else ["together they reach nothing that is better for each of them"]
        notes += ["there are more attempts"] if safe and next(attempts, None) else []
        return Table(title, ("to", "in words"), tuple((a.end, a.words) for a in shown), tuple(notes))

    def table(self) -> Table:
        """Equilibria of the parties alone and the smallest coalitions that upset each, upset ones first; at most 50."""
        firm = self.holds()
        states = np.concatenate([np.flatnonzero(self.individual & ~firm), np.flatnonzero(self.individual & firm)])
        rows: list[tuple[Cell, ...]] = []
        for s in map(int, states[:50]):
            upset = _smallest(self.upset_by(s))
            rows += [(s, self.conflict.label(s), _joined(c), self._end(c, s), self._end_label(c, s)) for c in upset]
            rows += [] if upset else [(s, self.conflict.label(s), "nobody", None, None)]
        notes = [f"{states.size} equilibria of the parties alone; {int((firm & self.individual).sum())} that no coalition upsets"]
        notes += ["the first 50 are shown"] if states.size > 50 else []
        notes += [f"{self.n_left} coalitions were not looked at for want of time: they may upset more"] if self.n_left else []
        title = f"Coalitions that upset an equilibrium ({self.foresight.title})"
        return Table(title, ("state", "what", "upset by", "to", "which is"), tuple(rows), tuple(notes))

    def _end(self, coalition: tuple[str, ...], state: int) -> int:
        return int(self.end[self.coalitions.index(coalition), state])

    def _end_label(self, coalition: tuple[str, ...], state: int) -> str:
        return self.conflict.label(self._end(coalition, state))

    def _place(self, coalition: Collection[str | int]) -> int:
        parties = _members(self.conflict, coalition)
        if parties in self.coalitions:
            return self.coalitions.index(parties)
        hint = did_you_mean(_joined(parties), map(_joined, self.coalitions))
        raise AskError(Problem("negotiate/unknown-coalition", f"{_joined(parties)} was not asked for", hint=hint))

    def _search(self, coalition: tuple[str, ...]) -> _Search:
        numbers = tuple(self.conflict.party(party) for party in coalition)
        rank, steps = self.conflict.worth.rank[self.draw].tolist(), self.foresight.steps(self.moves)
        return _Search(self.conflict, rank, numbers, self.foresight, steps, self.reading == "merged", self.draw)


def coalitions(
    conflict: Conflict | Case,
    *,
    concept: Concept | Foresight = "seq",
    moves: Moving = "best",
    coalitions: Sequence[Collection[str | int]] | None = None,
    reading: Reading = "sequences",
    draw: int = 0,
    threads: int | None = None,
    budget: Budget | None = None,
) -> Coalitions:
    """Which coalitions can upset which states, and the states that none can.

    A coalition C upsets s if by legal sequences of its members (nobody moves twice in a row) it reaches some s1 that is
    better than s for *every* member, and no reply of the others stops it. Replies are those of `concept` with N∖C as the
    opponents; a reply stops it if it leaves *some* member no better off than s and, under SMR and SSR, C reaches nothing
    from there that is better for every member. For C = {i} these are the concepts of `stability`. A state that no
    coalition upsets is universally stable [Kilgour, Hipel, Fang & Peng 2001; Inohara & Hipel 2008].

    moves      : of SEQ and SSR replies, as for `stability`, but the best, if not given
    coalitions : those to look at; all 2^n − 1, if not given
    reading    : `sequences`, as above: a member may also undo later what it did, once another has moved; `merged`, C is one
                 party: each member may change its levers once, as one move
    threads    : all cores, if not given
    budget     : how long it may take; coalitions are looked at in their order, and those that have no time are left out, as the result
                 says; as long as it takes, if not given

    Raises
    ------
    GraphError
        `graph/unknown-party`.
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/unknown-reading`, `negotiate/no-such-draw`,
        `negotiate/too-many-parties`, `negotiate/too-many-coalitions`, `negotiate/too-many-states`,
        `negotiate/empty-coalition`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> elmira = conflict(read("literature/kilgour-2001/elmira"))
    >>> together = coalitions(elmira, concept="nash")
    >>> [elmira.label(s) for s in together.equilibria], together.upset_by("5")
    (['8', '9'], (('moe', 'uniroyal'),))
    """
    conflict = ready(conflict)
    foresight = foresight_of(concept)
    replies = reply_steps(foresight, moves)
    one_of("reading of coalitions", reading, READINGS)
    if len(conflict.parties) > MOST_PARTIES:
        what = f"{len(conflict.parties)} parties are more than the {MOST_PARTIES} whose coalitions are looked at"
        raise AskError(Problem("negotiate/too-many-parties", what, hint="leave out parties that have no lever in this view"))
    asked = _asked(conflict, coalitions)
    _small_enough(conflict, asked, reading)
    rank = np.ascontiguousarray(conflict.worth.rank[draw_number(conflict, draw)])
    one_draw = conflict_of(conflict.graph, Worth(conflict.parties, rank[None]))
    alone = stability(one_draw, concepts=foresight, moves=moves, threads=threads).holds(foresight.name)
    masks = np.array([sum(1 << conflict.party(party) for party in coalition) for coalition in asked], np.uint64)
    n_threads, ends = threads_of(threads), list[NDArray[np.int32]]()
    each = len(asked) if budget is None else max(1, n_threads)
    for first in range(0, len(asked), each):
        if ends and budget is not None and not budget.left(0.0):
            break
        ends.append(kernels.upset_by(
            conflict.graph.moves, rank, masks[first : first + each], replies=replies, escape=foresight.escape, once=reading == "merged",
            threads=n_threads,
        ))  # fmt: skip
        if budget is not None:
            budget.progress(min(1.0, (first + each) / len(asked)))
    end = np.concatenate(ends)
    end.flags.writeable = False
    return Coalitions(conflict, foresight, moves, reading, draw, asked[: len(end)], end, alone, len(asked) - len(end))


def _asked(conflict: Conflict, coalitions: Sequence[Collection[str | int]] | None) -> tuple[tuple[str, ...], ...]:
    if coalitions is not None:
        if not (each := as_list(coalitions)):
            raise AskError(Problem("negotiate/empty-coalition", "no coalition is asked for", hint="name one, or leave `coalitions` out for all"))
        return tuple(dict.fromkeys(_members(conflict, coalition) for coalition in each))
    n = len(conflict.parties)
    if 2**n - 1 > MOST_COALITIONS:
        what = f"{n} parties form {2**n - 1:,} coalitions, more than {MOST_COALITIONS:,}"
        raise AskError(Problem("negotiate/too-many-coalitions", what, hint="name those to look at with `coalitions`"))
    return tuple(coalition for size in range(1, n + 1) for coalition in combinations(conflict.parties, size))


def _members(conflict: Conflict, coalition: object) -> tuple[str, ...]:
    """The members of a coalition in the case's order."""
    parties = party_names(conflict, coalition)
    if not parties:
        raise AskError(Problem("negotiate/empty-coalition", "a coalition without members", hint="name at least one party"))
    return parties


def _small_enough(conflict: Conflict, asked: Sequence[tuple[str, ...]], reading: Reading) -> None:
    largest = max(map(len, asked), default=1)
    slots = 2**largest if reading == "merged" else 2 * len(conflict.parties) + 1
    if slots * conflict.graph.n_states > MOST_NODES:
        what = f"{conflict.graph.n_states:,} states are too many for coalitions of {largest}"
        raise AskError(Problem("negotiate/too-many-states", what, hint="take a view that varies fewer levers"))
    n_moves = sum(each.n_moves for each in conflict.graph.moves)
    if n_moves > MOST_MOVES:
        what = f"{n_moves:,} moves from {conflict.graph.n_states:,} states are too many for coalitions"
        raise AskError(Problem("negotiate/too-many-states", what, hint="take a view that varies fewer levers"))


def _smallest(upset: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Those that contain no other."""
    return [c for c in upset if not any(set(other) < set(c) for other in upset)]


def _joined(parties: Sequence[str]) -> str:
    return " + ".join(parties)


def _way(path: Sequence[Step]) -> str:
    return " ⟶ ".join(step.words for step in path)


@dataclass(frozen=True, slots=True)
class _Search:
    """What a coalition tries, and what stops it: the shortest ways, of equally short ones those that set the fewest levers."""

    conflict: Conflict
    rank: Sequence[Sequence[int]]
    members: tuple[int, ...]
    foresight: Foresight
    replies: Steps
    merged: bool
    draw: int

    @property
    def others(self) -> tuple[int, ...]:
        return tuple(j for j in range(len(self.conflict.parties)) if j not in self.members)

    def attempts(self, state: int) -> Iterator[Upset]:
        """Everything better for all members that they reach, nearest first, with what stops it."""
        names = tuple(self.conflict.parties[i] for i in self.members)
        for end, trail in self.own().nearest(state):
            if not self.better(state, end):
                continue
            sanction = self.stopping(state, end)
            ranks = {name: (self.rank[i][state], self.rank[i][end]) for name, i in zip(names, self.members, strict=True)}
            hurt = () if not sanction else self.hurt(state, sanction[-1].target)
            yield Upset(names, self.way(state, trail), end, ranks, sanction, hurt)

    def better(self, state: int, end: int) -> bool:
        return all(self.rank[i][end] > self.rank[i][state] for i in self.members)

    def hurt(self, state: int, end: int) -> tuple[str, ...]:
        return tuple(self.conflict.parties[i] for i in self.members if self.rank[i][end] <= self.rank[i][state])

    def stopping(self, state: int, end: int) -> tuple[Step, ...]:
        """The shortest replies that stop a move to `end`; empty if there are none."""
        replies = Sequences(self.conflict, self.others, self.replies, "legal", self.draw)
        return self.way(end, replies.first(end, lambda reached: self.stops(state, reached)))

    def stops(self, state: int, reached: int) -> bool:
        if self.better(state, reached):
            return False
        return not (self.foresight.escape and self.own().first(reached, lambda there: self.better(state, there)))

    def own(self) -> Sequences:
        """What the members can do."""
        return Sequences(self.conflict, self.members, "any", "once" if self.merged else "legal", self.draw)

    def way(self, start: int, trail: Trail) -> tuple[Step, ...]:
        """The moves of a way, in words and ranks."""
        sources = (start, *(there for _, there in trail))
        return tuple(self.step(i, source, there) for source, (i, there) in zip(sources, trail, strict=False))

    def step(self, i: int, source: int, target: int) -> Step:
        changes = self.conflict.graph.changes(source, target)
        return Step(self.conflict.parties[i], source, target, changes, self.rank[i][source], self.rank[i][target])
