"""Conclusions per subset of sources: without one, with one alone, and the smallest sets of sources that carry each conclusion."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

from bestand.case.lines import Line
from bestand.case.loaded import Case
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict
from bestand.graph.draws import heard_through, sources_of
from bestand.graph.ready import ready
from bestand.show import Shown, Table
from bestand.study.goals import checked_by
from bestand.study.sensitivity import Key, TriedVariants, answerable, falls_with

By = Literal["source", "speaker"]
FEW = 10  # sources up to which every set of them is tried, time allowing
MOST_TOGETHER = 3  # sources that are tried together where there are more
SHARE_OF_SETS = 0.7  # of the time, for trying sets; the rest is for shrinking where no small set carries a conclusion
MOST_SETS = 5  # per conclusion, in a table
AUTHOR = "author"
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """One source, or one speaker.

    claims : what it says, also through others
    falls  : lines of the model that fall without it
    without : conclusions that come out otherwise without it
    alone   : conclusions that come out otherwise where it alone is believed; lines that rest on no claim stay
    """

    name: str
    claims: Names
    falls: tuple[Line, ...]
    without: tuple[Key, ...]
    alone: tuple[Key, ...]


@dataclass(frozen=True, slots=True, repr=False)
class BySource(Shown):
    """What each conclusion hangs on, source by source.

    by      : whether documents are asked about, or speakers
    answers : each conclusion as the case stands
    carry   : per conclusion the smallest sets that give the answer of all, when they alone are believed; an empty set where it
              stands without any
    turn    : per conclusion the smallest sets without which it comes out otherwise: each shares a member with every one of `carry`,
              where a source more never takes the answer back
    whole   : whether every set was tried; else of `carry` and `turn` those of a few members are told, and where no such set carries
              a conclusion, one from which nobody can be left out
    silent  : sources with which no line of the model falls
    """

    by: By
    answers: Mapping[Key, bool]
    voices: tuple[Voice, ...]
    carry: Mapping[Key, tuple[Names, ...]]
    turn: Mapping[Key, tuple[Names, ...]]
    whole: bool
    silent: Names

    def table(self) -> Table:
        """One row per source: what falls without it, what turns without it, and what turns where it alone is believed."""
        rows = tuple(
            (each.name, len(each.claims), len(each.falls), "; ".join(map(_said, each.without)), "; ".join(map(_said, each.alone)))
            for each in self.voices
        )
        notes = (f"with nothing falls: {', '.join(self.silent)}",) if self.silent else ()
        return Table(f"Conclusions by {self.by}", (self.by, "claims", "lines that fall", "turns without it", "turns with it alone"), rows, notes)

    def carriers(self) -> Table:
        """One row per conclusion that hangs on some source, and set."""
        rows = tuple(
            (_said(key), self.answers[key], how, ", ".join(names) or "(none)")
            for key in self.answers if self.turn[key]
            for how, sets in (("carried by", self.carry[key]), ("turned without", self.turn[key]))
            for names in sets[:MOST_SETS]
        )  # fmt: skip
        n_none = sum(not sets for sets in self.turn.values())
        notes = [f"{n_none} of {len(self.answers)} conclusions hang on no {self.by}: they stand without any"]
        if not self.whole:
            notes.append("not every set was tried in the time given: other sets may do it too")
        return Table(f"The smallest sets that carry each conclusion, by {self.by}", ("conclusion", "holds", "how", self.by), rows, tuple(notes))


def _said(key: Key) -> str:
    return " ".join(filter(None, key))


def voices_of(case: Case, by: By) -> dict[str, set[str]]:
    """Per source, or per speaker, the claims that fall with it: what it says, also through others."""
    claims_of: dict[str, set[str]] = {}
    for name, claim in case.file.claims.items():
        heard = [who for who, _ in heard_through(claim)] or [AUTHOR]
        for each in sources_of(case, claim) if by == "source" else heard:
            claims_of.setdefault(each, set()).add(name)
    return claims_of


def by_source(conflict: Conflict | Case, *, by: By | None = None, goal: str | None = None, budget: Budget | None = None) -> BySource:
    """Conclusions for subsets of the sources: a claim is gone if one is gone through which it came, and lines fall with claims they need.

    by     : documents or speakers; documents where the case has several, if not given
    goal   : also whether anything with it could be agreed
    budget : the time for trying sets; `Budget()`, if not given

    Up to `FEW` sources with which something falls, every set is tried; of more, all sets of up to `MOST_TOGETHER` that are gone
    or are believed alone. Answers are those of the case as it stands.

    Raises
    ------
    AskError
        `study/unknown-by`, `study/too-many-states`, `study/no-levers`; GraphError `graph/no-present`.

    >>> from bestand import by_source, read
    >>> found = by_source(read("example/en"))
    >>> found.whole, found.table().columns[:2]
    (True, ('speaker', 'claims'))
    """
    conflict = ready(conflict)
    if by is not None:
        checked_by(by, get_args(By))
    answerable(conflict)
    case = conflict.case
    chosen: By = by or ("source" if len(case.file.sources) > 1 else "speaker")
    claims = voices_of(case, chosen)
    lines = conflict.statements()
    falls = {name: tuple(each for each in lines if falls_with(each, own)) for name, own in claims.items()}
    loud = [name for name in claims if any(set(each.claims) & claims[name] for each in lines)]
    asked = _Subsets(TriedVariants(conflict.draw(1).on_scale("ordinal"), goal), lines, claims)
    usual = asked.without([frozenset()])[0] or {}
    keys = tuple(key for key in usual if key[0] != "best_deal")
    budget = budget or Budget()
    sets, whole = _sets(loud, budget.part(SHARE_OF_SETS), asked)
    every = frozenset(loud)
    told = {gone: answers for gone in sets if (answers := asked.known[gone]) is not None}
    turned = {key: {gone for gone, answers in told.items() if answers[key] != usual[key]} for key in keys}
    voices = tuple(
        Voice(
            name, tuple(sorted(claims[name])), falls[name],
            tuple(key for key in keys if frozenset([name]) in turned[key]), tuple(key for key in keys if every - {name} in turned[key]),
        )
        for name in loud
    )  # fmt: skip
    most = len(loud) if len(loud) <= FEW else MOST_TOGETHER
    turn = {key: _smallest(gone for gone in turned[key] if len(gone) <= most) for key in keys}
    carry = {key: _smallest(every - gone for gone in told if gone not in turned[key] and len(every - gone) <= most) for key in keys}
    for key in keys:  # where no small set carries it, one from which nobody can be left out
        carry[key] = carry[key] or _shrunk(key, usual[key], every, asked, budget)
    return BySource(chosen, {key: usual[key] for key in keys}, voices, carry, turn, whole, tuple(name for name in claims if name not in loud))


def _shrunk(key: Key, usual: bool, every: frozenset[str], asked: _Subsets, budget: Budget) -> tuple[Names, ...]:
    """One set that carries a conclusion and from which nobody can be left out; none where time is spent first."""
    kept, pace = every, Pace(budget)
    for name in sorted(every):
        if not pace.fits():
            return ()
        answers = pace.step(partial(asked.without, [every - (kept - {name})]))[0]
        kept = kept - {name} if answers is not None and answers[key] == usual else kept
    return (tuple(sorted(kept)),)


def _sets(loud: Sequence[str], budget: Budget, asked: _Subsets) -> tuple[list[frozenset[str]], bool]:
    """Sets of sources that are gone, asked some at a time while time lasts: single ones first, from both ends; whether all were asked."""
    every, most = frozenset(loud), len(loud) if len(loud) <= FEW else MOST_TOGETHER
    ordered: dict[frozenset[str], None] = {frozenset(): None}
    for size in range(most + 1):
        for some in itertools.combinations(loud, size):
            ordered |= {frozenset(some): None, every - frozenset(some): None}
    sets, done = list(ordered), 0
    pace, first = Pace(budget), 2 * len(loud) + 2  # the first are asked in any case: the table is of them
    while done < len(sets) and (size := pace.most(TOGETHER) if done else first) > 0:
        pace.step(partial(asked.without, sets[done : done + size]), size)
        done += size
        budget.progress(min(1.0, done / len(sets)))
    return sets[:done], done >= len(sets) and len(loud) <= FEW


TOGETHER = 32  # sets that are asked side by side


@dataclass(slots=True)
class _Subsets:
    """Asks the case without some of its sources, each set once."""

    variants: TriedVariants
    lines: Sequence[Line]
    claims: Mapping[str, set[str]]
    known: dict[frozenset[str], Mapping[Key, bool] | None]

    def __init__(self, variants: TriedVariants, lines: Sequence[Line], claims: Mapping[str, set[str]]) -> None:
        self.variants, self.lines, self.claims, self.known = variants, lines, claims, {}

    def without(self, sets: Sequence[frozenset[str]]) -> list[Mapping[Key, bool] | None]:
        """The answers without each set of sources; None where nothing is left to ask about."""
        fresh = [gone for gone in dict.fromkeys(sets) if gone not in self.known]
        for gone, answer in zip(fresh, self.variants.ask([self._falling(gone) for gone in fresh]), strict=True):
            self.known[gone] = answer
        return [self.known[gone] for gone in sets]

    def _falling(self, gone: Collection[str]) -> tuple[Line, ...]:
        lost = {claim for name in gone for claim in self.claims[name]}
        return tuple(each for each in self.lines if falls_with(each, lost))


def _smallest(sets: Collection[frozenset[str]] | Iterator[frozenset[str]]) -> tuple[Names, ...]:
    """The sets of which no proper subset is among them, the smallest first."""
    smallest: list[frozenset[str]] = []
    for each in sorted(set(sets), key=lambda some: (len(some), sorted(some))):
        if not any(smaller <= each for smaller in smallest):
            smallest.append(each)
    return tuple(tuple(sorted(each)) for each in smallest)
