"""What a comparison of states comes down to, and what that rests on: wants, levers and guards with their basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bestand.case.conditions import names
from bestand.case.lines import Line, likely_wants, line, line_of_want, wants
from bestand.case.loaded import Case
from bestand.case.remembered import remembered
from bestand.checks.sense import levers_of_no_matter
from bestand.graph.conflict import Conflict
from bestand.graph.draws import DrawnWants, drawn_wants, each_dropped
from bestand.graph.worth import PartyWorth, Scale, ranked_alike, worth_of_wants
from bestand.negotiate.paths import Step

MOST_CELLS = 3_000_000  # variants × states that an answer is tried on


@dataclass(frozen=True, slots=True)
class Deciding:
    """The most important want on which two states differ for a party, and whether it is won by going there."""

    line: Line
    won: bool


def deciding(conflict: Conflict, party: str, here: int, there: int) -> Deciding | None:
    """The first of a party's wants that differs between two states; None if none does, or worth is a ranking."""
    for at, want in likely_wants(conflict.case, party):
        before, after = conflict.true_at(want.that, here), conflict.true_at(want.that, there)
        if before != after:
            return Deciding(line_of_want(conflict.case, at, party, want), after)
    return None


def behind(case: Case, step: Step) -> Iterator[Line]:
    """The levers that one step moves, and the guards that it passes."""
    for name, (_, entered) in step.changes.items():
        lever = case.file.levers.get(name)
        if lever is None:
            continue
        yield line(case, "lever", f"levers.{name}", step.party, lever.label, lever)
        if entered in lever.needs:
            guard = lever.needs[entered]
            yield line(case, "guard", f"levers.{name}.needs.{entered}", step.party, guard.that, guard)


@dataclass(frozen=True, slots=True)
class WantsDropped:
    """A conflict as it is (draw 0), with one weak want dropped at a time (draw k + 1 is wants[k]), and drawn (the rest).

    usual : the conflict as it is
    wants : None where they and the states are too many for dropping each; what is drawn follows all the same
    draws : versions of the case drawn besides
    """

    usual: Conflict
    wants: tuple[Line, ...] | None
    draws: int = 0
    seed: int = 0

    @property
    def n_versions(self) -> int:
        """How many there are."""
        return 1 + len(self.wants or ()) + self.draws

    @property
    def conflict(self) -> Conflict:
        """All of them, one a draw."""
        return self.usual.once(self.key, self._stacked) if self.n_versions > 1 else self.usual

    @property
    def key(self) -> tuple[str, int, int, int]:
        """Under what they are kept."""
        return ("versions", self.n_versions, self.draws, self.seed)

    def worth_of(self, party: str) -> PartyWorth:
        """What each state is worth to one party in each of them; versions that change nothing of its own have what it has as it is."""
        return self.usual.once((*self.key, party), lambda: self._worth_of(party))

    def _worth_of(self, party: str) -> PartyWorth:
        own = [want.at for want in self.wants or () if want.party == party]
        drawn = drawn_wants(self.usual.case, party, 1 + self.draws, self.seed, vary=self.usual.vary)
        made = worth_without(self.usual, party, [(at,) for at in own], drawn)
        of_dropped = [1 + own.index(want.at) if want.party == party else 0 for want in self.wants or ()]
        return made.of([0, *of_dropped, *range(1 + len(own), 1 + len(own) + self.draws)])

    def _stacked(self) -> Conflict:
        return self.usual.stacked([self.worth_of(party) for party in self.usual.parties])

    def turning(self, answers: Sequence[object]) -> tuple[Line, ...] | None:
        """Wants whose absence alone changes an answer, given per draw; None if none was dropped to see."""
        if self.wants is None:
            return None
        return tuple(want for want, other in zip(self.wants, answers[1:], strict=False) if other != answers[0])

    def drawn(self, answers: Sequence[object]) -> Sequence[object]:
        """The answers of the drawn versions of the case."""
        return answers[1 + len(self.wants or ()) :]

    def share(self, answers: Sequence[object]) -> float | None:
        """Share of the drawn versions of the case that give the same answer; None if none was drawn."""
        drawn = self.drawn(answers)
        return sum(each == answers[0] for each in drawn) / len(drawn) if drawn else None


def worth_without(conflict: Conflict, party: str, dropped: Sequence[Collection[str]], drawn: DrawnWants | None = None) -> PartyWorth:
    """What states are worth to a party as things stand, then less each set of its wants, then in draws, as in `each_dropped`; a ranking stays."""
    if party in conflict.case.file.ranking:
        return ranked_alike(conflict.rank_of(party)[0], len(dropped) + (drawn.type_.size if drawn else 1))
    wanted = each_dropped(conflict.case, party, dropped, drawn)
    return worth_of_wants(conflict.case, party, wanted, conflict.where, conflict.graph.n_states, once=conflict.once_of_graph)


def worth_of_type(conflict: Conflict, party: str, type_: str, scale: Scale) -> PartyWorth:
    """What states are worth to a party that is of one type, as things stand."""
    drawn = drawn_wants(conflict.case, party, 1)
    of_type = replace(drawn, type_=np.array([drawn.types.index(type_)]))
    return worth_of_wants(conflict.case, party, of_type, conflict.where, conflict.graph.n_states, scale=scale, once=conflict.once_of_graph)


def wants_dropped(conflict: Conflict, *, draws: int = 0, seed: int = 0, most_cells: int = MOST_CELLS) -> WantsDropped:
    """A conflict as it is, with each weak want dropped in turn, and drawn: as far as variants × states are no more than `most_cells`.

    Where it becomes too much no want is dropped; where the draws alone are too many, nothing is drawn either.

    draws : versions of the case drawn besides, by `graph.draws.RULES`
    """
    weak = _weak_wants(conflict.case)
    tried = (1 + len(weak) + draws) * conflict.graph.n_states <= most_cells
    drawn = draws if (1 + draws) * conflict.graph.n_states <= most_cells else 0
    return WantsDropped(conflict.draw(1), weak if tried else None, drawn, seed)


@remembered(2)  # a case, and one less some of its lines
def _weak_wants(case: Case) -> tuple[Line, ...]:
    """Wants that no unhedged claim stands behind."""
    return tuple(stated for party in case.file.wants for stated, _ in wants(case, party) if not stated.firm)


def with_draws(conflict: Conflict, draws: int, seed: int) -> Conflict:
    """A conflict as it stands and drawn so often besides, made once."""
    return conflict.once(("drawn", draws, seed), lambda: conflict.draw(draws + 1, seed=seed))


def unique(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines without repeats, in their order."""
    return tuple({each.at: each for each in lines}.values())


def mentions(case: Case) -> Mapping[str, int]:
    """In how many conditions of the case each name stands: what a case is about is what it speaks of most."""
    return Counter(name for node in case.conditions.values() for name in set(names(node)))


def levers_nobody_minds(conflict: Conflict) -> tuple[str, ...]:
    """Levers of a view that no want, rule, event or term in use has to do with: who moves them, and when, is left to chance by the model."""
    idle = conflict.once("levers of no matter", lambda: levers_of_no_matter(conflict.case))
    return tuple(lever for lever in conflict.graph.levers if lever in idle)
