"""Which conclusions came out otherwise between two versions of a case, and the smallest sets of changes that did it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bestand.arguments import numbered
from bestand.case.loaded import Case, OfCase, stated
from bestand.changes.between import Between, between
from bestand.changes.diff import Change
from bestand.changes.earlier import EarlierVersion
from bestand.errors import AskError, BestandError, Problem
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict, conflict
from bestand.show import Shown, Table
from bestand.study import late
from bestand.study.conclusions import CONCLUSIONS, Answer, concluded, verdict
from bestand.study.goals import main_goal
from bestand.study.sensitivity import Key

FEW = 8  # groups of changes up to which every set of them is tried, time allowing
MOST_TOGETHER = 3  # changes that are tried together where there are more
SHARE_OF_CONCLUSIONS, SHARE_OF_HYPOTHESES = 0.5, 0.5  # of the time that is left, where others come after
Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """One conclusion that came out otherwise.

    kind, about   : as in `conclusions.CONCLUSIONS`, and the term, party or hypothesis
    before, after : the answers of the earlier and of the later version
    made   : smallest sets of groups of changes that, made in the earlier version alone, bring the later answer
    undone : smallest sets of groups that, taken back in the later version alone, bring the earlier answer
    whole  : whether every set that could be one of these was tried; else others may have been missed
    """

    kind: str
    about: str
    before: Answer
    after: Answer
    made: tuple[Set, ...] = ()
    undone: tuple[Set, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Flips(Shown):
    """What changed between two versions of a case, and what that turned.

    changes : all that differs, as `diff` tells it
    groups  : numbers of changes that are made together, since one names what the other brings or takes away
    flips   : conclusions that came out otherwise; conclusions of one version alone are not compared
    same    : how many conclusions came out the same
    tried   : cases between the two versions that were asked; `seconds` is what was allowed for it
    left    : groups that turn nothing in the case as it stands, since they touch no state, move or worth: told, not tried
    untested : hypotheses of both versions that were not tested again, for want of time or since nobody asked
    old, new : the two versions; the earlier one by the names of the later
    against  : what the earlier version is, where that is known
    truces   : how long a truce holds under each posture of both versions; empty where that was not asked, or there was no time (`truces_late`)
    """

    changes: tuple[Change, ...]
    groups: tuple[Set, ...]
    flips: tuple[Flip, ...]
    same: int
    tried: int
    seconds: float
    left: int
    untested: int
    old: Case
    new: Case
    against: EarlierVersion | None = None
    truces: tuple[late.TruceChange, ...] = ()
    truces_late: bool = False

    def told(self, group: int) -> tuple[Change, ...]:
        """The changes of a group."""
        return tuple(self.changes[number] for number in self.groups[numbered("group", group, len(self.groups))])

    def table(self) -> Table:
        """One row per conclusion that came out otherwise and set of changes that did it."""
        rows = tuple(
            (each.kind, each.about, each.before, each.after, how, self._said(chosen))
            for each in self.flips
            for how, sets in (("made", each.made), ("undone", each.undone))
            for chosen in (sets or ((),) if how == "made" else sets)
        )
        notes = [f"{len(self.changes)} changes; {self.same} conclusions are the same; {self.tried} cases between the two were asked"]
        if self.untested:
            notes.append(f"{self.untested} hypotheses were not tested again")
        if not all(each.whole for each in self.flips):
            notes.append(f"not every set of changes was tried in {self.seconds:g} seconds: other sets may do it as well")
        return Table("Conclusions that came out otherwise", ("conclusion", "about", "before", "after", "how", "changes"), rows, tuple(notes))

    def _said(self, chosen: Set) -> str:
        if not chosen:
            return "(no set found)"
        return " and ".join(f"{change.kind} {change.at}" for group in chosen for change in self.told(group))


@dataclass(slots=True)
class Mixtures:
    """Asks the cases between two versions of a case, each once; `kinds` of conclusions are those that are still wanted.

    None stands for a set of changes that makes no case, or one whose view cannot be built.
    """

    both: Between
    asked: Conflict
    goal: str | None
    told: dict[tuple[frozenset[int], str], Mapping[Key, Answer] | None] = field(default_factory=dict)
    shapes: dict[frozenset[int], Conflict] = field(default_factory=dict)
    kinds: Collection[str] = tuple(CONCLUSIONS)

    def ask(self, chosen: Collection[int], hypothesis: str = "") -> Mapping[Key, Answer] | None:
        """The conclusions with some groups of changes made; or the verdict on one hypothesis."""
        key = (frozenset(chosen), hypothesis)
        if key not in self.told:
            self.told[key] = self._ask(*key)
        return self.told[key]

    def conflict(self, chosen: Collection[int]) -> Conflict | None:
        """The conflict with some groups of changes made; versions with the same states and moves share them."""
        case = self.both.case(chosen)
        if case is None:
            return None
        shape = frozenset(k for k in chosen if not all(change.at.startswith("wants.") for change in self.both.told(k)))
        self.shapes[shape] = self.shapes.get(shape, self.asked).of(case)
        return self.shapes[shape]

    def _ask(self, chosen: frozenset[int], hypothesis: str) -> Mapping[Key, Answer] | None:
        try:
            asked = self.conflict(chosen)
            if asked is None or not hypothesis:
                return None if asked is None else concluded(asked, self.goal, self.kinds)
            became = verdict(asked, hypothesis)
        except BestandError:
            return None
        return {} if became is None else {("verdict", hypothesis): became}


def flips(
    old: Case | OfCase, new: Case | OfCase, *, view: str | None = None, hold: Mapping[str, str] | None = None, goal: str | None = None,
    hypotheses: bool = False, truces: bool = False, budget: Budget | None = None, against: EarlierVersion | None = None,
) -> Flips:  # fmt: skip
    """Which conclusions of the later version differ from those of the earlier one, and the smallest sets of changes that did it.

    goal       : the condition that deals are looked for with; the main goal of the later version, if not given
    hypotheses : whether their verdicts are compared too; half of the time is kept for these, and for truces
    truces     : whether it is compared how long a truce holds under each posture that both versions name
    budget     : the time for trying sets of changes; `Budget()`, if not given
    against    : what the earlier version is, to be told

    Up to `FEW` groups of changes that bear on states, moves or worths, every set is tried, smallest first; of more, sets of
    up to `MOST_TOGETHER`, and where none of these does it, one set from which nothing can be left out. Both versions are asked
    in the same view as they stand, by the names of the later one.

    Raises
    ------
    AskError
        `study/not-asked` where one of the versions cannot be asked in this view.

    >>> from bestand import flips, read
    >>> flips(read("example/en"), read("example/en")).table().rows
    ()
    """
    later = stated(new)
    both, asked = between(stated(old), later), conflict(later, view=view, hold=hold)
    if goal is not None:
        asked.where(goal)
    versions = Mixtures(both, asked, goal if goal is not None else main_goal(asked))
    budget = budget or Budget()
    every = tuple(range(len(both.groups)))
    before, after = versions.ask(()), versions.ask(every)
    if before is None or after is None:
        which = "earlier" if before is None else "later"
        raise AskError(Problem("study/not-asked", f"the {which} version cannot be asked in this view", hint="compare in a view that both have"))
    bearing = both.bearing()
    versions.kinds = {key[0] for key in after if before.get(key) != after[key]}
    first_part = budget.part(SHARE_OF_CONCLUSIONS) if hypotheses or truces else budget
    search = _Search(versions, bearing, Pace(first_part), "", before, after)
    turned, same = list(search.flips()), sum(key in before and before[key] == after[key] for key in after)
    tested, shared = 0, [name for name in later.file.hypotheses if name in both.old.file.hypotheses]
    second_part = budget.part(SHARE_OF_HYPOTHESES) if truces else budget
    pace = Pace(second_part)
    for name in shared if hypotheses else ():
        if not pace.fits(2):
            break
        first, last = (_verdicts(versions, chosen, name, pace) for chosen in ((), every))
        beside = both.bearing(("claims", "hypotheses", "zones", "deterrence", "play"))
        search = _Search(versions, beside, Pace(second_part, pace.each), name, first, last)
        turned += search.flips()
        same, tested = same + (first == last), tested + 1
    left = len(both.groups) - len(bearing)
    tried = len({chosen for chosen, _ in versions.told})
    held, late = _truces(both.old, later, budget) if truces else ((), False)
    untested = len(shared) - tested
    return Flips(
        changes=both.changes, groups=both.groups, flips=tuple(turned), same=same, tried=tried, seconds=budget.seconds, left=left,
        untested=untested, old=both.old, new=later, against=against, truces=held, truces_late=late,
    )  # fmt: skip


def _truces(old: Case, later: Case, budget: Budget) -> tuple[tuple[late.TruceChange, ...], bool]:
    from bestand.study.truces_since import truces_since  # noqa: PLC0415  loaded where truces are asked about

    return truces_since(old, later, budget=budget.part(1.0))


def _verdicts(versions: Mixtures, chosen: Collection[int], name: str, pace: Pace) -> Mapping[Key, Answer]:
    """What became of one hypothesis with some groups of changes made; how long it took counts for the next."""
    answers: Mapping[Key, Answer] | None = pace.step(lambda: versions.ask(chosen, name))
    return answers or {}


@dataclass(slots=True)
class _Search:
    """Looks for the smallest sets of groups of changes that turn conclusions.

    hypothesis : the one whose verdict is asked; empty for all other conclusions
    before, after : answers of the two versions
    """

    versions: Mixtures
    groups: Sequence[int]
    pace: Pace
    hypothesis: str
    before: Mapping[Key, Answer]
    after: Mapping[Key, Answer]

    def flips(self) -> Iterator[Flip]:
        """Every flip; sets for all of them are looked for together."""
        turned = [key for key in self.after if key in self.before and self.before[key] != self.after[key]]
        if not turned:
            return
        made, undone = ({key: list[Set]() for key in turned} for _ in range(2))
        most = len(self.groups) if len(self.groups) <= FEW else MOST_TOGETHER
        whole = self._sets(turned, most, made, undone) and most == len(self.groups)
        for key in turned:
            for sets, making in ((made, True), (undone, False)):
                sets[key] = sets[key] or self._shrunk(key, making=making)
            yield Flip(*key, self.before[key], self.after[key], tuple(made[key]), tuple(undone[key]), whole)

    def _sets(self, turned: Sequence[Key], most: int, made: dict[Key, list[Set]], undone: dict[Key, list[Set]]) -> bool:
        """Looks through the sets, smallest first; whether time sufficed for all."""
        for size in range(1, most + 1):
            for sets, making in ((made, True), (undone, False)):
                for chosen in itertools.combinations(self.groups, size):
                    open_ = [key for key in turned if not any(set(small) <= set(chosen) for small in sets[key])]
                    if open_ and not self.pace.fits():
                        return False
                    for key in open_:
                        if self._turns(key, chosen, making=making):
                            sets[key].append(chosen)
            self.pace.budget.progress(size / most)
        return True

    def _turns(self, key: Key, chosen: Collection[int], *, making: bool) -> bool:
        """Whether a set, made in the earlier version or taken back in the later one, brings the other version's answer."""
        every = range(len(self.versions.both.groups))
        asked = frozenset(chosen if making else set(every) - set(chosen))
        ask = partial(self.versions.ask, asked, self.hypothesis)
        told = ask() if (asked, self.hypothesis) in self.versions.told else self.pace.step(ask)
        return told is not None and key in told and told[key] == (self.after if making else self.before)[key]

    def _shrunk(self, key: Key, *, making: bool) -> list[Set]:
        """One set from which nothing can be left out, by leaving out one at a time; empty where time is spent first."""
        kept = list(self.groups)
        if not self._turns(key, kept, making=making):
            return []
        for group in self.groups:
            if not self.pace.fits():
                return []
            less = [k for k in kept if k != group]
            kept = less if self._turns(key, less, making=making) else kept
        return [tuple(kept)]
