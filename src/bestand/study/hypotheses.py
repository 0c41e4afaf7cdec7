"""The causal claims of the sources, tested by the questions of `study.questions`.

`hold` puts and holds levers; with `against` the two amounts are compared. `gains` from some starts and not from others is
not decidable as put. A claim *holds* if every test comes out as expected. It is *not decidable from the text* if dropping
one want that is assumed, reported or hedged turns the answer round, or some lines that no claim stands behind, or if fewer
than half of the drawn versions of the case give the same answer, or so nearly half that the draws cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.lines import Line
from bestand.case.loaded import Case, stated
from bestand.case.model import Hypothesis, Test
from bestand.case.without import without
from bestand.errors import BestandError
from bestand.graph.alike import held_once
from bestand.graph.budget import ABREAST
from bestand.graph.build import checked_view
from bestand.graph.conflict import Conflict, conflict
from bestand.graph.draws import EVERY
from bestand.study.audit import assumed_about, cannot_arise, compared_levers, mechanism, without_claims
from bestand.study.by_version import SAID, VersionAnswer, by_version
from bestand.study.profiles import MOST_PROFILES
from bestand.study.questions import ASK, Asked, Filling

Status = Literal["holds", "fails", "repeats", "no_mechanism", "cannot_arise", "undecidable", "unanswered"]
MOST_STATES = 1_000_000  # a test in a larger view is left open rather than kept waiting for
MOST_OF = 0.5  # share of draws below which an answer hangs on what the case leaves open
MOST_DRAWN = 100  # draws of a test whose share is too near that to be told from it with fewer
MOST_TRIED = 12  # lines without a claim that are put back one by one, to find the few that an answer hangs on
DEEPER = ("holds_longer", "agreement", "unlocked")  # questions that a quick study leaves out
PLAYED = frozenset({"holds_longer"})  # questions that are answered by playing forward: more than half of the work
LONG = frozenset({"unlocked"})  # questions that are not put to every version of the parties: each takes seconds
CELLS_ABREAST = 4_000_000  # states times parties times versions of the parties that are asked about at once
CELLS_KEPT = 1_000_000  # of which, at most, what was asked about is kept for the next test
OTHER: Mapping[str, Literal["holds", "fails"]] = {"holds": "fails", "fails": "holds"}
CLOSE: Mapping[str, float] = {"holds_longer": 0.01}  # amounts that differ by less count as the same


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test of a hypothesis found.

    code, parts : the reason, as a phrase and what fills it
    flips       : weak wants that turn the answer round when dropped; None where that was not tried
    share       : share of drawn versions of the case with the same answer; None where none was drawn
    drawn       : how many were drawn
    ways        : of a comparison, how it comes out (more, same, less, nothing) → share of those drawn
    said        : "holds" or "fails", where the audit has more to say of that answer
    lines       : lines that rest on the claims under test, or lines that no claim stands behind, without which the answer is another one
    elsewhere   : the outcome in a view in which what is asked about can arise
    versions    : what it says of each version of the parties, by those it hangs on; empty where it says the same of all, or was not asked
    """

    test: Test
    status: Status
    code: str
    parts: Mapping[str, Filling] = field(default_factory=dict)
    flips: tuple[Line, ...] | None = None
    share: float | None = None
    drawn: int = 0
    said: Literal["", "holds", "fails"] = ""
    lines: tuple[Line, ...] = ()
    elsewhere: Outcome | None = None
    ways: Mapping[str, float] = field(default_factory=dict)
    versions: tuple[VersionAnswer, ...] = ()


Outcomes = Mapping[tuple[str, int], Outcome]
"""Outcomes by hypothesis and place among its tests."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One hypothesis and what became of it."""

    name: str
    hypothesis: Hypothesis
    status: Status
    outcomes: tuple[Outcome, ...]

    @property
    def left_out(self) -> bool:
        """Whether it is unanswered for no other reason than that the study was a quick one."""
        return self.status == "unanswered" and all(each.status != "unanswered" or each.code == "quick" for each in self.outcomes)


class _Asking:
    """The conflicts that the tests of one case share, each made once.

    alone : the case is asked of as it stands only
    like  : those of a version of the case with which it has most in common
    """

    def __init__(
        self, case: Case, draws: int, seed: int, *, n_played: int | None = None, quick: bool = False, alone: bool = False,
        like: _Asking | None = None,
    ) -> None:  # fmt: skip
        self.case, self.draws, self.seed, self.n_played = case, draws, seed, draws if n_played is None else n_played
        self.quick, self.alone, self.like = quick, alone, like
        self.known: dict[tuple[object, ...], Asked] = {}
        self.views: dict[str | None, Conflict] = {}
        self.bare: dict[Sequence[str], tuple[_Asking, tuple[Line, ...]]] = {}
        self.together: dict[tuple[object, ...], Asked] = {}
        self.more = self if quick or draws == 0 or draws >= MOST_DRAWN else _Asking(case, MOST_DRAWN, seed, quick=quick, like=self)

    def told_apart(self, test: Test) -> bool:
        """Whether a test whose share is near a half is put to more draws."""
        return self.more is not self and (test.ask not in PLAYED or self.n_played >= self.draws)

    def free(self, view: str | None) -> Conflict:
        """The view with nothing held."""
        view = checked_view(self.case, view)
        if view not in self.views:
            self.views[view] = conflict(self.case, view=view) if self.like is None else self.like.free(view).of(self.case)
        return self.views[view]

    def of(self, view: str | None, hold: Mapping[str, str]) -> Asked:
        key = (view, *sorted(hold.items()))
        if key not in self.known:
            self.known[key] = Asked(held_once(self.free(view), hold), self.draws, self.seed, alone=self.alone, n_played=self.n_played)
        return self.known[key]

    def of_versions(self, view: str | None, hold: Mapping[str, str], types: Sequence[Mapping[str, str]]) -> Asked:
        """Some versions of the parties, one a draw; made once where that takes little room."""
        key = (view, *sorted(hold.items()), *(tuple(each.items()) for each in types))
        if key in self.together:
            return self.together[key]
        asked = self.of(view, hold)
        made = asked.of_versions(types)
        if asked.usual.graph.n_states * len(asked.usual.parties) * len(types) <= CELLS_KEPT:
            self.together[key] = made
        return made

    def without(self, claims: Sequence[str]) -> tuple[_Asking, tuple[Line, ...]]:
        """The same of the case less all lines that rest on some claims, as it stands, and those lines."""
        if claims not in self.bare:
            bare, lines = without_claims(self.case, claims)
            self.bare = {claims: (_Asking(bare, 0, self.seed, like=self), lines)}  # of one hypothesis at a time: they take room
        return self.bare[claims]


def verdicts(
    case: Case | Conflict, *, draws: int = 0, seed: int = 0, quick: bool = False, progress: Callable[[float], None] = lambda share: None,
    played: Callable[[], Outcomes] | None = None, n_played: int | None = None,
) -> tuple[Verdict, ...]:  # fmt: skip
    """Every hypothesis of a case with its verdict, in the order of the file.

    case   : or a conflict of it, whose states and what is known of them serve the tests in its view
    draws  : drawn versions of the case to which each question is put as well, for the share that gives the same answer
    quick  : leave tests about deals, unlocking and how long something lasts unanswered, and draw no more where a share is near a half
    played : gives the `outcomes` of the tests in `PLAYED`, where somebody else works them out meanwhile; asked when all others are known
    n_played : to how many of those drawn the tests in `PLAYED` are put, and then to no more where a share is near a half; all if not given
    """
    those = PLAYED if played else frozenset()
    known = dict(outcomes(case, those, draws=draws, seed=seed, quick=quick, progress=progress, but=True, n_played=n_played))
    if played is not None:
        known |= played()
    told = []
    for name, hypothesis in stated(case).file.hypotheses.items():
        own = tuple(known[name, k] for k in range(len(hypothesis.test)))
        told.append(Verdict(name, hypothesis, _overall(own), own))
    return tuple(told)


def outcomes(
    case: Case | Conflict, asks: Collection[str], *, draws: int = 0, seed: int = 0, quick: bool = False,
    progress: Callable[[float], None] = lambda share: None, but: bool = False, n_played: int | None = None,
) -> Outcomes:  # fmt: skip
    """What the tests tested that ask some questions, by hypothesis and place among its tests.

    asks : those questions
    but  : the tests that ask anything else instead
    n_played : as in `verdicts`
    """
    asked, case = case, stated(case)
    asking = _Asking(case, draws, seed, n_played=n_played, quick=quick)
    if isinstance(asked, Conflict) and not asked.held:
        asking.views[asked.view] = asked.draw(1, vary=EVERY).on_scale("ordinal")
    tested: dict[tuple[str, int], Outcome] = {}
    for k, (name, hypothesis) in enumerate(case.file.hypotheses.items()):
        progress(k / len(case.file.hypotheses))
        tested |= {(name, j): _outcome(asking, test, hypothesis.because) for j, test in enumerate(hypothesis.test) if (test.ask in asks) is not but}
    return tested


def _overall(outcomes: Sequence[Outcome]) -> Status:
    statuses = {each.status for each in outcomes}
    order: tuple[Status, ...] = ("fails", "undecidable", "unanswered", "cannot_arise", "no_mechanism", "repeats")
    return next((status for status in order if status in statuses), "holds")


def _outcome(asking: _Asking, test: Test, claims: Sequence[str]) -> Outcome:
    """One test's outcome; a test that cannot be put is unanswered, with the reason."""
    if test.ask == "undecidable":
        return Outcome(test, "undecidable", "undecidable", {"reason": test.reason})
    if asking.quick and test.ask in DEEPER:
        return Outcome(test, "unanswered", "quick")
    try:
        return _audited(asking, test, claims)
    except BestandError as error:
        return Outcome(test, "unanswered", "cannot", {"reason": error.code})


def _audited(asking: _Asking, test: Test, claims: Sequence[str]) -> Outcome:
    """One test's outcome, after the audit of what the model can say of it."""
    asking.of(test.view, test.hold)  # what cannot be asked is refused first
    absent = cannot_arise(asking.free(test.view), test)
    if absent is not None:
        parts: dict[str, Filling] = {"that": test.that or "", "view": absent.view or ""}
        parts["held"] = tuple(absent.held.items())
        there = None if absent.view is None else _outcome(asking, test.model_copy(update={"view": absent.view}), claims)
        return Outcome(test, "cannot_arise", "always_there" if absent.everywhere else "cannot_arise", parts, elsewhere=there)
    sizes = _sizes if test.ask == "holds_longer" else None
    way = mechanism(asking.free(test.view), test, sizes)
    if way == ():
        return Outcome(test, "no_mechanism", "no_mechanism", {"levers": ", ".join(sorted(compared_levers(test))), "that": test.that or "true"})
    outcome = _split(asking, test, _decided(asking, test))
    if outcome.status in ("holds", "fails"):
        outcome = _repeated(asking, test, claims, outcome)
    return _supposed(asking, test, outcome) if outcome.status in ("holds", "fails") else outcome


def _sizes(free: Conflict) -> NDArray[np.float64]:
    """What states are worth when they are played forward, zones included."""
    from bestand.truce.survival import flow_with_zones  # noqa: PLC0415

    return flow_with_zones(free)[0]


def _split(asking: _Asking, test: Test, outcome: Outcome) -> Outcome:
    """The outcome with what the test says of each version of the parties: not decidable where they differ."""
    played = test.ask in PLAYED
    if test.ask in LONG or outcome.status not in (("holds", "fails") if played else ("holds", "fails", "undecidable")):
        return outcome
    against = () if test.against is None else (test.against,)
    usual = [asking.of(test.view, hold).usual for hold in (test.hold, *against)]
    abreast = max(1, CELLS_ABREAST // max(each.graph.n_states * len(each.parties) for each in usual))

    def ask(types: Sequence[Mapping[str, str]]) -> list[bool | None]:
        told: list[bool | None] = []
        for first in range(0, len(types), abreast):
            some = types[first : first + abreast]
            held, *other = (asking.of_versions(test.view, hold, some) for hold in (test.hold, *against))
            told += [_as_it_stands(held, other[0] if other else None, test, version)[0] for version in range(len(some))]
        return told

    free = asking.free(test.view).on_scale("cardinal" if played else "ordinal")
    versions = by_version(free, ask, max(asking.n_played + 1, ABREAST) if played else MOST_PROFILES)
    return replace(outcome, status="undecidable", versions=versions) if versions else outcome


def _repeated(asking: _Asking, test: Test, claims: Sequence[str], outcome: Outcome) -> Outcome:
    """The outcome, or that it repeats the text: without the lines that rest on the claims under test it is another one."""
    bare, lines = asking.without(claims)
    if not lines:
        return outcome
    try:
        again = _decided(bare, test)
    except BestandError:
        again = None
    if again is not None and again.status == outcome.status:
        return outcome
    said: Literal["holds", "fails"] = "holds" if outcome.status == "holds" else "fails"
    parts = dict(outcome.parts) | {"bare": "unanswered" if again is None else again.status}
    return replace(outcome, status="repeats", parts=parts, said=said, lines=lines)


def _supposed(asking: _Asking, test: Test, outcome: Outcome) -> Outcome:
    """The outcome, or that it is not decidable: without some lines that no claim stands behind the answer is the other one."""
    lines = assumed_about(asking.case, test)
    if not lines or not _turned_without(asking, test, lines, outcome):
        return outcome
    for each in lines[:MOST_TRIED]:  # as few of them as turn it
        fewer = tuple(line for line in lines if line is not each)
        if fewer and _turned_without(asking, test, fewer, outcome):
            lines = fewer
    said: Literal["holds", "fails"] = "holds" if outcome.status == "holds" else "fails"
    return replace(outcome, status="undecidable", said=said, lines=lines)


def _turned_without(asking: _Asking, test: Test, lines: Sequence[Line], outcome: Outcome) -> bool:
    """Whether the answer of the case as it stands is the other one where some lines are taken away."""
    bare = _Asking(without(asking.case, lines), 0, asking.seed, alone=True, like=asking)
    try:
        held, other = bare.of(test.view, test.hold), None if test.against is None else bare.of(test.view, test.against)
        answer = _answer(held, other, test, 0)[0]
    except BestandError:
        return False
    return answer is not None and answer != (outcome.status == "holds")


def _decided(asking: _Asking, test: Test) -> Outcome:
    held = asking.of(test.view, test.hold)
    other = None if test.against is None else asking.of(test.view, test.against)
    asked = [each for each in (held, other) if each is not None]
    if max(each.usual.graph.n_states for each in asked) > MOST_STATES:
        return Outcome(test, "unanswered", "too_large", {"n": max(each.usual.graph.n_states for each in asked)})
    if test.ask not in ("rests", "holds_longer") and min(each.starts(test).size for each in asked) == 0:
        return Outcome(test, "unanswered", "no_start")
    usual, code, parts = _as_it_stands(held, other, test)
    if usual is None:
        return Outcome(test, "undecidable", code, parts, said=OTHER.get(str(parts.get("paying")), ""))
    doubt = _doubt(held, other, test)
    if doubt.share is not None and abs(doubt.share - MOST_OF) < 2 * _error_at_half(doubt.drawn) and asking.told_apart(test):
        against = None if test.against is None else asking.more.of(test.view, test.against)
        doubt = _doubt(asking.more.of(test.view, test.hold), against, test)
    doubtful = bool(doubt.turned) or (doubt.share is not None and doubt.share < MOST_OF + _error_at_half(doubt.drawn))
    status: Status = "undecidable" if doubtful else "holds" if usual else "fails"
    return Outcome(test, status, code, parts, doubt.turned, doubt.share, doubt.drawn, ways=doubt.ways)


def _as_it_stands(held: Asked, other: Asked | None, test: Test, version: int = 0) -> tuple[bool | None, str, Mapping[str, Filling]]:
    """Whether the test comes out as expected (None: it cuts both ways, or what rests hangs on how others reply), and the reason."""
    usual, code, parts = _answer(held, other, test, version)
    if usual is None or test.ask != "rests":
        return usual, code, parts
    classical = _answer(held.classical, other and other.classical, test, version)[0]
    return (usual, code, parts) if classical in (None, usual) else (None, code, dict(parts) | {"paying": SAID[classical]})


def _error_at_half(drawn: int) -> float:
    """Standard error of a share near a half of so many draws."""
    return float(np.sqrt(0.25 / max(drawn, 1)))


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What speaks against an answer: `flips`, `share`, `drawn` and `ways` of an outcome."""

    turned: tuple[Line, ...] | None
    share: float | None
    drawn: int
    ways: Mapping[str, float] = field(default_factory=dict)


def _doubt(held: Asked, other: Asked | None, test: Test) -> _Doubt:
    """The weak wants that turn the answer round, the share of draws that give it, and of how many; legal moves do not depend on wants."""
    if test.ask in ("possible", "unlocked") or (test.ask == "reached" and test.by == "any"):
        return _Doubt((), None, 0)
    if test.ask == "holds_longer":  # wants are weighed here, and drawn; none is dropped alone
        told = [_answer(held, other, test, draw)[:2] for draw in range(held.drawn.draws)]
        n = len(told) - 1
        return _Doubt(None, sum(each == told[0][0] for each, _ in told[1:]) / n if n else None, n, _ways(other, [code for _, code in told[1:]]))
    every = held.dropped
    if other is not None and other.dropped.n_versions != every.n_versions:  # one of them was too large to try all
        return _Doubt(None, None, 0)
    told = [_answer(held, other, test, draw)[:2] for draw in range(every.n_versions)]
    answers, codes = [each for each, _ in told], every.drawn([code for _, code in told])
    return _Doubt(every.turning(answers), every.share(answers), len(codes), _ways(other, [str(code) for code in codes]))


def _ways(other: Asked | None, codes: Sequence[str]) -> Mapping[str, float]:
    """How a comparison comes out in draws, with the share of each; empty where nothing is compared or drawn."""
    if other is None or not codes:
        return {}
    told = [code.removeprefix("compared_") for code in codes]
    return {way: told.count(way) / len(told) for way in ("more", "same", "less", "nothing") if way in told}


def _answer(held: Asked, other: Asked | None, test: Test, draw: int) -> tuple[bool | None, str, Mapping[str, Filling]]:
    """Whether the test comes out as expected (None: it cuts both ways), and the reason."""
    first = ASK[test.ask](held, test, draw)
    if other is None:
        positive = test.expect in ("yes", "more", "not less")
        return (None if first.yes is None else first.yes == positive), first.code, first.parts
    second = ASK[test.ask](other, test, draw)
    apart, close = first.amount - second.amount, CLOSE.get(test.ask, 0.0)
    than = "same" if abs(apart) <= close else "more" if apart > 0 else "less"
    nothing = max(first.amount, second.amount) <= close and test.ask != "possible"  # neither could be more than the other
    parts: dict[str, Filling] = {"here": first.code, "there": second.code}
    parts |= {f"here_{key}": value for key, value in first.parts.items()}
    parts |= {f"there_{key}": value for key, value in second.parts.items()}
    return (None, "compared_nothing", parts) if nothing else (than in COUNTS_AS[test.expect], f"compared_{than}", parts)


COUNTS_AS: Mapping[str, tuple[str, ...]] = {
    "more": ("more",),
    "less": ("less",),
    "same": ("same",),
    "not more": ("less", "same"),
    "not less": ("more", "same"),
    "yes": ("more",),
    "no": ("less", "same"),
}
