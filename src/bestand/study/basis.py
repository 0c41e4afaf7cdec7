"""What a comparison of states comes down to, and what that rests on: wants, levers and guards with their basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds
from bestand.case.lines import Line, likeliest, line, wants, with_file
from bestand.case.loaded import Case
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.negotiate.paths import Step


@dataclass(frozen=True, slots=True)
class Deciding:
    """The most important want on which two states differ for a party, and whether it is won by going there."""

    line: Line
    won: bool


def true_at(graph: Graph, node: Node, state: int) -> bool:
    """Whether a condition holds in one state, without looking at any other."""
    if not graph.levers:
        return bool(graph.where(node)[state])
    here = graph.at(state)

    def digits(lever: str) -> NDArray[np.uint8]:
        held = graph.held.get(lever)
        setting = graph.all_settings[lever].index(here[lever]) if held is None else held
        return np.asarray([setting], np.uint8)

    return bool(np.all(holds(node, digits, graph.terms, graph.all_settings)))


def deciding(case: Case, graph: Graph, party: str, here: int, there: int) -> Deciding | None:
    """The first of a party's wants that differs between two states; None if none does, or worth is a ranking."""
    for found, want in wants(case, party):
        node = case.condition(want.that)
        before, after = true_at(graph, node, here), true_at(graph, node, there)
        if before != after:
            return Deciding(found, after)
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


def weak_wants(case: Case) -> tuple[Line, ...]:
    """Every want that is assumed, reported, hedged, or has no basis at all."""
    return tuple(found for party in case.file.wants for found, _ in wants(case, party) if not found.firm)


def without_want(case: Case, dropped: Line) -> Case:
    """The case as it is, less one want."""
    party = dropped.party
    kept = [want for found, want in wants(case, party) if found.at != dropped.at]
    by_type = case.wants(party)
    stated = case.file.wants[party]
    changed: object = {**by_type, likeliest(case, party, by_type): tuple(kept)} if isinstance(stated, Mapping) else tuple(kept)
    return with_file(case, wants={**case.file.wants, party: changed})


@dataclass(frozen=True, slots=True)
class Dropped:
    """The worth of every state as it is (draw 0), with one weak want dropped at a time (draw k + 1 is wants[k]), and drawn."""

    wants: tuple[Line, ...] | None
    worth: Worth

    def turning(self, answers: Sequence[object]) -> tuple[Line, ...] | None:
        """Wants whose absence alone changes an answer, given per draw; None if none was dropped to see."""
        if self.wants is None:
            return None
        return tuple(found for found, other in zip(self.wants, answers[1:], strict=False) if other != answers[0])

    def share(self, answers: Sequence[object]) -> float | None:
        """Share of the drawn versions of the case that give the same answer; None if none was drawn."""
        drawn = answers[1 + len(self.wants or ()) :]
        return sum(each == answers[0] for each in drawn) / len(drawn) if drawn else None


def dropped(
    case: Case, graph: Graph, *, usual: Worth | None = None, draws: int = 0, seed: int = 0, most_wants: int = 40, most_states: int = 20_000
) -> Dropped:
    """Worth with each weak want dropped in turn; only as it is, where the wants or the states are too many.

    usual : the worth as it is, where it is known already
    draws : versions of the case drawn besides, by `graph.draws.RULES`
    """
    usual, weak = usual or worth_of(case, graph), weak_wants(case)
    if len(weak) > most_wants or graph.n_states > most_states:
        return Dropped(None, usual)
    rank = np.repeat(usual.rank, len(weak) + 1, axis=0)
    for k, found in enumerate(weak):
        party = graph.parties.index(found.party)
        variant = without_want(case, found)
        alone = with_file(variant, wants={found.party: variant.file.wants[found.party]})  # the other parties' do not matter
        rank[k + 1, party] = worth_of(alone, graph).rank[0, party]
    types = usual.types * (1 + len(weak))
    if draws:
        drawn = worth_of(case, graph, draws=draws + 1, rng=np.random.default_rng(seed))
        rank, types = np.concatenate([rank, drawn.rank[1:]]), types + drawn.types[1:]
    rank.flags.writeable = False
    return Dropped(weak, Worth(usual.parties, rank, types=types))


def unique(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines without repeats, in their order."""
    return tuple({found.at: found for found in lines}.values())
