"""What a comparison of states comes down to, and what that rests on: wants, levers and guards with their basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds
from bestand.case.loaded import Case
from bestand.case.model import CaseFile, Claim, Want
from bestand.case.parts import Backed, Basis
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.negotiate.paths import Step


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case that a conclusion rests on.

    kind    : "want", "lever" or "guard"
    at      : its key path in the file, such as ``wants.ru[2]``
    party   : whose it is
    words   : its label, or its condition where it has none
    basis   : stated, reported, inferred, assumed; None where the file gives none
    because : claims that it rests on
    assumed : the reason for assuming it
    hedged  : those of its claims that the source itself hedges or does not commit to
    """

    kind: str
    at: str
    party: str
    words: str
    basis: Basis | None
    because: tuple[str, ...] = ()
    assumed: str = ""
    hedged: tuple[str, ...] = ()

    @property
    def firm(self) -> bool:
        """Whether a claim carries it that nobody in the chain hedges."""
        return self.basis in ("stated", "inferred") and len(self.hedged) < len(self.because)


@dataclass(frozen=True, slots=True)
class Deciding:
    """The most important want on which two states differ for a party, and whether it is won by going there."""

    line: Line
    won: bool


def hedged(claim: Claim) -> bool:
    """Whether anyone in a claim's chain of speakers holds back: a hedge, or less than certain."""
    degrees = [claim.author_holds, claim.source_holds or "certain", *(link.holds for link in claim.chain)]
    return bool(claim.hedge) or any(degree != "certain" for degree in degrees)


def line(case: Case, kind: str, at: str, party: str, words: str, backed: Backed) -> Line:
    """One line of the case with what it rests on."""
    doubtful = tuple(name for name in backed.because if name in case.file.claims and hedged(case.file.claims[name]))
    return Line(kind, at, party, words, backed.rests_on, backed.because, backed.assumed, doubtful)


def wants(case: Case, party: str) -> Iterator[tuple[Line, Want]]:
    """A party's wants, most important first; of several types those of the most probable one."""
    by_type = case.wants(party)
    chosen = _likeliest(case, party, by_type)
    inner = f".{chosen}" if chosen else ""
    for k, want in enumerate(by_type.get(chosen, ())):
        yield line(case, "want", f"wants.{party}{inner}[{k}]", party, want.label or want.that, want), want


def _likeliest(case: Case, party: str, by_type: Mapping[str, tuple[Want, ...]]) -> str:
    chances = case.file.parties[party].types
    return max(by_type, key=lambda name: chances[name].value if name in chances else 0.0, default="")


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
    changed: object = {**by_type, _likeliest(case, party, by_type): tuple(kept)} if isinstance(stated, Mapping) else tuple(kept)
    return with_file(case, wants={**case.file.wants, party: changed})


def with_file(case: Case, **changes: object) -> Case:
    """The case with some sections of its file put in place of others."""
    file: CaseFile = case.file.model_copy(update=changes)
    return replace(case, file=file)


@dataclass(frozen=True, slots=True)
class Dropped:
    """The worth of every state as it is (draw 0) and with one weak want dropped at a time (draw k + 1 is wants[k])."""

    wants: tuple[Line, ...] | None
    worth: Worth

    def turning(self, answers: Sequence[object]) -> tuple[Line, ...] | None:
        """Wants whose absence alone changes an answer, given per draw; None if none was dropped to see."""
        if self.wants is None:
            return None
        return tuple(found for found, other in zip(self.wants, answers[1:], strict=True) if other != answers[0])


def dropped(
    case: Case, graph: Graph, *, usual: Worth | None = None, most_wants: int = 40, most_states: int = 20_000
) -> Dropped:
    """Worth with each weak want dropped in turn; only as it is, where the wants or the states are too many.

    usual : the worth as it is, where it is known already
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
    rank.flags.writeable = False
    return Dropped(weak, Worth(usual.parties, rank))


def unique(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines without repeats, in their order."""
    return tuple({found.at: found for found in lines}.values())
