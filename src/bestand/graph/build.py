"""The graph of a case: feasible states of a view, legal moves per party, chance moves."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.case.conditions import Node
from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.case.model import Listed
from bestand.errors import GraphError, KernelError, Problem, did_you_mean
from bestand.graph.grid import Grid
from bestand.graph.model import MOST_KNOWN, Chance, Graph, Moves
from bestand.graph.narrower import Narrower

WHOLE = 1e15  # below it, a count is told to the last digit
MOST_COMBINATIONS = 1 << 31  # combinations of settings in a view, banned ones too
MOST_GUARDS = 64  # conditions on entering settings, of one party
MOST_PRESENTS = 64  # states that may be the present one
MOST_BYTES = 4 << 30  # of a graph: a number per state, and about twelve bytes per state and party
CHUNK = 1 << 16  # combinations that are looked through at once
MOST_AT_ONCE = 1 << 20  # of a few levers, as more are added to them one by one and bans are looked at
_Any = TypeVar("_Any", bound=np.generic)
_WAYS: Mapping[str | None, int] = {None: 0, "up": 1, "down": -1}


def build(
    case: Case, *, view: str | None = None, hold: Mapping[str, str] | None = None, like: tuple[Case, Graph] | None = None,
    within: Narrower | None = None,
) -> Graph:
    """The states and moves of a view of a case.

    view : name of a view; the view `core` if the case has one, else every lever, if not given
    hold : lever: setting at which it is held whatever the view says, as for a comparison
    like : another version of the case with its graph; what both have in common is taken from there
    within : how the states follow from those of the same view with fewer levers held

    Raises
    ------
    GraphError
        `graph/unknown-view`, `graph/too-large`, `graph/no-states`, `graph/unknown-lever`, `graph/unknown-setting`.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> build(read_text(new("A dispute"))).n_states > 1
    True
    """
    if case.file.graph is not None:
        return _listed(case, case.file.graph)
    return _builder(case, view, hold, like, within).graph()


def count_states(case: Case, *, view: str | None = None, hold: Mapping[str, str] | None = None) -> int:
    """How many states a view of a case has, counted before its moves are looked for, which take far longer and most of the room.

    Raises
    ------
    GraphError
        As `build`.

    >>> from bestand.case.read import read
    >>> count_states(read("example/en"))
    384
    """
    if case.file.graph is not None:
        return len(case.file.states)
    builder = _builder(case, view, hold)
    return builder.codes().size


def _builder(
    case: Case, view: str | None, hold: Mapping[str, str] | None, like: tuple[Case, Graph] | None = None, within: Narrower | None = None
) -> _Builder:
    hold = checked_hold(case, hold or {})
    vary = levers_that_vary(case, view, hold)
    held = {**case.now, **_fixed(case, view), **hold}
    return _Builder(case, vary, {lever: held[lever] for lever in case.file.levers if lever not in vary}, like, within)


def checked_hold(case: Case, hold: Mapping[str, str]) -> dict[str, str]:
    """Levers to be held, each known to the case with the setting at which it is held.

    Raises
    ------
    GraphError
        `graph/unknown-lever`, `graph/unknown-setting`.
    """
    for lever, setting in hold.items():
        if lever not in case.settings:
            raise GraphError(Problem("graph/unknown-lever", f"no lever '{lever}'", hint=did_you_mean(lever, case.settings)))
        if setting not in case.settings[lever]:
            what = f"lever '{lever}' has no setting '{setting}'"
            raise GraphError(Problem("graph/unknown-setting", what, hint=did_you_mean(str(setting), case.settings[lever])))
    return dict(hold)


def checked_view(case: Case, view: str | None) -> str | None:
    """The view asked for: `core` where none is and the case has it; None for every lever.

    Raises
    ------
    GraphError
        `graph/unknown-view`.
    """
    if view is None:
        return "core" if "core" in case.file.views else None
    if view not in case.file.views:
        raise GraphError(Problem("graph/unknown-view", f"no view '{view}'", hint=did_you_mean(view, case.file.views)))
    return view


def levers_that_vary(case: Case, view: str | None, hold: Mapping[str, str]) -> tuple[str, ...]:
    """Levers that vary in a view of a case, less those that are held.

    Raises
    ------
    GraphError
        `graph/unknown-view`.
    """
    name = checked_view(case, view)
    vary = ("all",) if name is None else case.file.views[name].vary
    return tuple(lever for lever in case.file.levers if ("all" in vary or lever in vary) and lever not in hold)


def _fixed(case: Case, view: str | None) -> Mapping[str, str]:
    name = checked_view(case, view)
    return {} if name is None else case.file.views[name].fixed


class _Builder:
    """One building of one graph; levers stand party by party, so that a party's levers are neighbouring digits."""

    def __init__(
        self, case: Case, vary: Sequence[str], held: Mapping[str, str], like: tuple[Case, Graph] | None, within: Narrower | None
    ) -> None:
        self.case, self.parties = case, tuple(case.file.parties)
        by_party = [[lever for lever in vary if party_of(lever) == party] for party in self.parties]
        self.levers = tuple(lever for own in by_party for lever in own)
        self.owner = tuple(i for i, own in enumerate(by_party) for _ in own)
        self.settings = tuple(case.settings[lever] for lever in self.levers)
        self.radix = np.array([len(settings) for settings in self.settings], np.int64)
        self.stride = np.concatenate(([1], np.cumprod(self.radix, dtype=np.float64))).astype(np.float64)
        self.held = {lever: case.settings[lever].index(setting) for lever, setting in held.items()}
        if self.stride[-1] >= MOST_COMBINATIONS:
            many = f"{self.stride[-1]:{',.0f' if self.stride[-1] < WHOLE else '.2g'}}"
            what = f"{many} combinations of settings are not fewer than {MOST_COMBINATIONS:,}"
            raise GraphError(Problem("graph/too-large", what, hint="add a view that varies fewer levers"))
        self.like = like if like is not None and self._same_states(*like) else None
        self.within = within

    def _same_states(self, case: Case, graph: Graph) -> bool:
        """Whether the states of another version are these: the same levers, settings, bans and terms."""
        here = (self.levers, self.settings, self.held, self.parties, self.case.terms, self.case.settings)
        there = (graph.levers, graph.settings, graph.held, graph.parties, case.terms, case.settings)
        return case.file.never == self.case.file.never and here == there

    def codes(self) -> NDArray[np.int64]:
        """Codes of the states."""
        codes = self.like[1].codes if self.like else self.within.codes() if self.within else self._feasible()
        if not codes.size:
            what = "every state of this view is banned"
            raise GraphError(Problem("graph/no-states", what, hint="look at `never`, and at the settings held"))
        return codes

    def graph(self) -> Graph:
        codes = self.codes()
        known, truths = self._known() if codes.size <= MOST_KNOWN else ({}, {})
        self.states = Graph(
            parties=self.parties,
            levers=self.levers,
            settings=self.settings,
            owner=self.owner,
            codes=_frozen(codes),
            moves=(),
            held=self.held,
            terms=self.case.terms,
            all_settings=self.case.settings,
            known=known,
            truths=truths,
        )
        return replace(
            self.states,
            moves=tuple(self._moves(i) for i in range(len(self.parties))),
            chances=self._chances(),
            now=None if self.case.file.present == "unknown" else self._number(self.case.now),
            names=self._names(),
            presents=self._presents(),
        )

    def _known(self) -> tuple[dict[str, NDArray[np.uint8]], dict[str, NDArray[np.bool_]]]:
        """Settings of levers and truth of terms that are known of another version, or of the states with fewer levers held."""
        if self.like:
            return self.like[1].known, self.like[1].truths
        within = self.within
        if within is None:
            return {}, {}
        wider = within.wider
        same = (term for term in wider.truths if not within.speaks(self.case.terms[term]))
        truths = {term: within.of(wider.over(wider.truths[term])) for term in same}
        return {lever: within.of(wider.known[lever]) for lever in self.levers if lever in wider.known}, truths

    def _feasible(self) -> NDArray[np.int64]:
        """Codes of the combinations that no ban forbids."""
        if not self.case.file.never:
            self._small_enough(int(self.stride[-1]))
        bans = [self.case.condition(ban.that) for ban in self.case.file.never]
        grid = Grid(self.levers, tuple(map(len, self.settings)), self.held, self.case.terms, self.case.settings)
        few = grid.left(bans, MOST_AT_ONCE) if bans and grid.size > CHUNK else None
        if few is not None:
            return few
        kept, n_kept = [np.zeros(0, np.int64)], 0
        for first, part in grid.parts(CHUNK):
            banned = np.zeros(part.shape, np.bool_)
            for ban in bans:
                banned |= part.where(ban)
            kept.append(first + np.flatnonzero(~banned))
            n_kept += kept[-1].size
            self._small_enough(n_kept)
        return np.concatenate(kept)

    def _small_enough(self, n_states: int) -> None:
        if n_states * (8 + 12 * len(self.parties)) > MOST_BYTES:
            what = f"{n_states:,} states or more and {len(self.parties)} parties do not fit in {MOST_BYTES >> 30} GB"
            raise GraphError(Problem("graph/too-large", what, hint="add a view that varies fewer levers"))

    def _moves(self, party: int) -> Moves:
        if self.like and self._same_party(self.like[0], self.parties[party]):
            return self.like[1].moves[party]
        if self.within and self.within.states is None and not any(map(self.within.speaks, self._guards_of(party))):
            return self.within.wider.moves[party]
        by_itself = not self.case.file.parties[self.parties[party]].chance
        own = [k for k, owner in enumerate(self.owner) if owner == party and by_itself]
        return self._moves_by(party, own) if own else self._no_moves

    @functools.cached_property
    def _no_moves(self) -> Moves:
        """Of every party without a lever, the same arrays."""
        return self._moves_by(0, [])

    def _moves_by(self, party: int, own: Sequence[int]) -> Moves:
        low = int(self.stride[own[0]]) if own else 1
        ways = [_WAYS[self.case.file.levers[self.levers[k]].one_way] for k in own]
        guard, enter = self._guards(own)
        try:
            return Moves(*kernels.build_moves(self.states.codes, low, self.radix[own], np.array(ways, np.int64), guard, enter))
        except KernelError as error:
            what = f"{self.parties[party]}: {error.problems[0].what}"
            raise GraphError(Problem("graph/too-large", what, hint="add a view that varies fewer of its levers")) from error

    def _same_party(self, case: Case, party: str) -> bool:
        """Whether a party may make the same moves in another version with the same states."""
        old, new = case.file, self.case.file
        own = (lever for lever in self.levers if party_of(lever) == party)
        return old.parties[party].chance == new.parties[party].chance and all(old.levers[lever] == new.levers[lever] for lever in own)

    def _guards_of(self, party: int) -> Iterator[Node]:
        """The guards of the levers that a party moves here."""
        own = (lever for lever, owner in zip(self.levers, self.owner, strict=True) if owner == party)
        return (self.case.condition(guard.that) for lever in own for guard in self.case.file.levers[lever].needs.values())

    def _guards(self, own: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Bit per guarded (lever, setting) of one party, and per state the guards that hold there."""
        bit = np.full(max(1, len(own)) * 256, -1, np.int64)
        guards = [
            (place * 256 + self.settings[k].index(setting), self.case.condition(guard.that))
            for place, k in enumerate(own)
            for setting, guard in self.case.file.levers[self.levers[k]].needs.items()
        ]
        if len(guards) > MOST_GUARDS:
            what = f"{len(guards)} guards for one party are more than {MOST_GUARDS}"
            raise GraphError(Problem("graph/too-large", what, hint="add a view that varies fewer levers"))
        for number, (at, _) in enumerate(guards):
            bit[at] = number
        return bit, self.states.bits([node for _, node in guards]) if guards else np.zeros(0, np.uint64)

    def _number(self, settings: Mapping[str, str]) -> int | None:
        code = sum(
            int(self.stride[k]) * self.settings[k].index(settings[lever]) for k, lever in enumerate(self.levers)
        )
        state = int(np.searchsorted(self.states.codes, code))
        return state if state < self.states.codes.size and self.states.codes[state] == code else None

    def _presents(self) -> tuple[tuple[int, float], ...]:
        """States that may be the present one, by the odds of the levers that vary here; what is banned has no chance."""
        stated = {name: self.case.file.levers[name].odds for name in self.levers if self.case.file.levers[name].odds}
        if not stated or self.case.file.present == "unknown":
            return ()
        if math.prod(map(len, stated.values())) > MOST_PRESENTS:
            what = f"the odds of levers give more than {MOST_PRESENTS} states that may be the present one"
            raise GraphError(Problem("graph/too-large", what, hint="give `odds` to fewer levers"))
        chances = {}
        for chosen in itertools.product(*(odds.items() for odds in stated.values())):
            state = self._number({**self.case.now, **{name: setting for name, (setting, _) in zip(stated, chosen, strict=True)}})
            if state is not None and (chance := math.prod(chance for _, chance in chosen)) > 0:
                chances[state] = chance
        return tuple((state, chance / sum(chances.values())) for state, chance in sorted(chances.items(), key=lambda each: -each[1]))

    def _names(self) -> tuple[str, ...]:
        names = {}
        for name, state in self.case.file.states.items():
            if any(self.case.settings[lever][self.held[lever]] != state.at.get(lever) for lever in self.held):
                continue
            number = self._number({**self.case.now, **state.at})
            if number is not None:
                names[number] = name
        return tuple(names[s] for s in range(self.states.codes.size)) if len(names) == self.states.codes.size else ()

    def _chances(self) -> tuple[Chance, ...]:
        if self.like and self.like[0].file.events == self.case.file.events:
            return self.like[1].chances
        chances = (self._chance_within(name) for name in self.case.file.events)
        return tuple(chance for chance in chances if chance is not None and chance.source.size)

    def _chance_within(self, name: str) -> Chance | None:
        """An event; of what is known with fewer levers held, if it has nothing to do with levers held otherwise there."""
        event = self.case.file.events[name]
        within = self.within
        if within is None or within.speaks(self.case.condition(event.when)) or not within.otherwise.isdisjoint(event.sets):
            return self._chance(name)
        there = next((chance for chance in within.wider.chances if chance.name == name), None)
        return None if there is None else within.chance(there)

    def _chance(self, name: str) -> Chance | None:
        """An event; None where it changes nothing here, since its levers are held, or it can happen in no state."""
        event = self.case.file.events[name]
        to = {lever: self.case.settings[lever].index(setting) for lever, setting in event.sets.items()}
        if to.keys() <= self.held.keys() or any(self.held.get(lever, setting) != setting for lever, setting in to.items()):
            return None
        source = np.flatnonzero(self.states.where(self.case.condition(event.when)))
        if not source.size:
            return None
        code = self.states.codes[source]
        for lever in to.keys() - self.held.keys():
            code += int(self.stride[self.levers.index(lever)]) * (to[lever] - self.states.digits(lever)[source].astype(np.int64))
        target = np.minimum(np.searchsorted(self.states.codes, code), self.states.codes.size - 1)
        moved = (code != self.states.codes[source]) & (self.states.codes[target] == code)
        return Chance(name, event.rate.value, _frozen(source[moved].astype(np.uint32)), _frozen(target[moved].astype(np.uint32)))


def _listed(case: Case, listed: Listed) -> Graph:
    names = tuple(case.file.states)
    number = {name: s for s, name in enumerate(names)}
    moves = tuple(
        _one_block(len(names), [(number[a], number[b]) for a, b in listed.moves.get(party, ())])
        for party in case.file.parties
    )
    return Graph(
        parties=tuple(case.file.parties),
        levers=(),
        settings=(),
        owner=(),
        codes=_frozen(np.arange(len(names), dtype=np.int64)),
        moves=moves,
        now=None if listed.now is None else number[listed.now],
        names=names,
        terms=case.terms,
    )


def _one_block(n_states: int, arcs: Sequence[tuple[int, int]]) -> Moves:
    """Listed moves as a single block of its own kind."""
    pairs = np.array(sorted(set(arcs)), np.int64).reshape(-1, 2)
    row = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=n_states)))).astype(np.int64)
    return Moves(
        members=_frozen(np.arange(n_states, dtype=np.uint32)),
        block=_frozen(np.array([0, n_states], np.int64)),
        kind=_frozen(np.zeros(1, np.int32)),
        first_row=_frozen(np.zeros(1, np.int64)),
        row=_frozen(row),
        target=_frozen(pairs[:, 1].astype(np.uint32)),
        complete=_frozen(np.array([len(pairs) == n_states * (n_states - 1)])),
        block_of=_frozen(np.zeros(n_states, np.uint32)),
    )


def _frozen(array: NDArray[_Any]) -> NDArray[_Any]:
    array.flags.writeable = False
    return array
