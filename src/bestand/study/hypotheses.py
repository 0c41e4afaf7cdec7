"""The causal claims of the sources, tested: each question is one plain function from a situation to what it found.

| ask | how much there is of it | yes if |
|---|---|---|
| rests | share of equilibria (`concept`) that have `that`; with `from`, of those reached from there | more than none |
| reached | 1 / (1 + fewest moves `by` to `that`, not touching `without`, `excluding` not moving) | more than none |
| possible | the same by any legal moves | more than none |
| holds_longer | share of the first `months` for which `that` lasts on average, from `from`, if all look ahead | more than half |
| agreement | share of the states with `that` that could be agreed on, `excluding` having no veto | more than none |
| unlocked | 1 / (1 + fewest changes, of at most 2, that unlock `that` under `concept`) | some do |
| gains | share of the starts from which `party` gains by moving to `that`, changing as few levers as it must | all of it |

The start is the present state, or every state of `from`. `hold` puts and holds levers; with `against` the two amounts
are compared. `gains` from some starts and not from others is not decidable as put. A claim *holds* if every test comes
out as expected. It is *not decidable from the text* if dropping one want that is assumed, reported or hedged turns the
answer round, or if fewer than half of the drawn versions of the case give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.demands import Demand
from bestand.bargain.outcomes import agreements
from bestand.case.lines import Line
from bestand.case.loaded import Case
from bestand.case.model import Hypothesis, Test
from bestand.errors import AskError, BestandError, Problem
from bestand.graph.conflict import Conflict, conflict
from bestand.negotiate.changes import Alteration
from bestand.negotiate.concepts import Concept
from bestand.negotiate.paths import By, paths
from bestand.negotiate.stability import Stability, stability
from bestand.negotiate.unlock import unlock
from bestand.study.audit import cannot_arise, compared_levers, mechanism, without_claims
from bestand.study.basis import WantsDropped, wants_dropped
from bestand.truce.survival import flow_with_zones, survival

Filling = str | int | tuple[Alteration, ...] | tuple[Demand, ...] | tuple[tuple[str, str], ...]  # named in the reader's language
Status = Literal["holds", "fails", "repeats", "no_mechanism", "cannot_arise", "undecidable", "unanswered"]
MOST_STATES = 1_000_000  # a test in a larger view is left open rather than kept waiting for
MOST_OF = 0.5  # share of draws below which an answer hangs on what the case leaves open
MOST_STARTS = 200  # for `reached` from many states
CLOSE: Mapping[str, float] = {"holds_longer": 0.01}  # amounts that differ by less count as the same


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test of a hypothesis found.

    code, parts : the reason, as a phrase and what fills it
    flips       : weak wants that turn the answer round when dropped; None where that was not tried
    share       : share of drawn versions of the case with the same answer; None where none was drawn
    drawn       : how many were drawn
    said        : "holds" or "fails", where the audit has more to say of that answer
    lines       : lines that rest on the claims under test, without which the answer is another one
    elsewhere   : the outcome in a view in which what is asked about can arise
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """One hypothesis and what became of it."""

    name: str
    hypothesis: Hypothesis
    status: Status
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The answer to one question in one situation: how much of it, whether that is a yes (None: it depends), and why."""

    amount: float
    yes: bool | None
    code: str
    parts: Mapping[str, Filling]


@dataclass(frozen=True, slots=True)
class _OwnMoves:
    """One party's moves to what is asked about, of each start those that change the fewest of its levers.

    source, target : (n_moves,) states
    n_starts       : starts outside what is asked about, with or without such a move
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    n_starts: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of a case with some levers held, to which a test is put: as it is, with each weak want dropped, and drawn.

    usual  : the conflict as it stands
    drawn  : the same over draws, for what is played forward
    every  : all the variants, one a draw
    """

    usual: Conflict
    drawn: Conflict
    every: WantsDropped

    def starts(self, test: Test) -> NDArray[np.int64]:
        """Where the test starts: the states of `from`, or the present one."""
        if test.start is not None:
            return np.flatnonzero(self.usual.where(test.start))
        return np.asarray([] if self.usual.graph.now is None else [self.usual.graph.now], np.int64)

    def stable(self, concept: Concept) -> Stability:
        """Stability under one concept, for every variant."""
        conflict = self.every.conflict
        return conflict.once(("stability", concept), lambda: stability(conflict, concepts=(concept,)))


class _Asking:
    """The conflicts that the tests of one case share, each made once."""

    def __init__(self, case: Case, draws: int, seed: int) -> None:
        self.case, self.draws, self.seed = case, draws, seed
        self.known: dict[tuple[object, ...], Asked] = {}

    def of(self, view: str | None, hold: Mapping[str, str]) -> Asked:
        key = (view, *sorted(hold.items()))
        if key not in self.known:
            usual = conflict(self.case, view=view, hold=hold)
            self.known[key] = Asked(usual, usual.draw(self.draws + 1, seed=self.seed), wants_dropped(usual, draws=self.draws, seed=self.seed))
        return self.known[key]


def verdicts(
    case: Case, *, draws: int = 0, seed: int = 0, progress: Callable[[float], None] = lambda share: None
) -> tuple[Verdict, ...]:
    """Every hypothesis of a case with its verdict, in the order of the file.

    draws : drawn versions of the case to which each question is put as well, for the share that gives the same answer
    """
    asking, told = _Asking(case, draws, seed), []
    for k, (name, hypothesis) in enumerate(case.file.hypotheses.items()):
        progress(k / len(case.file.hypotheses))
        outcomes = tuple(_outcome(asking, test, hypothesis.because) for test in hypothesis.test)
        told.append(Verdict(name, hypothesis, _overall(outcomes), outcomes))
    return tuple(told)


def _overall(outcomes: Sequence[Outcome]) -> Status:
    statuses = {each.status for each in outcomes}
    order: tuple[Status, ...] = ("fails", "undecidable", "unanswered", "cannot_arise", "no_mechanism", "repeats")
    return next((status for status in order if status in statuses), "holds")


def _outcome(asking: _Asking, test: Test, claims: Sequence[str]) -> Outcome:
    """One test's outcome; a test that cannot be put is unanswered, with the reason."""
    if test.ask == "undecidable":
        return Outcome(test, "undecidable", "undecidable", {"reason": test.reason})
    try:
        return _audited(asking, test, claims)
    except BestandError as error:
        return Outcome(test, "unanswered", "cannot", {"reason": error.code})


def _audited(asking: _Asking, test: Test, claims: Sequence[str]) -> Outcome:
    """One test's outcome, after the audit of what the model can say of it."""
    held = asking.of(test.view, test.hold)
    absent = cannot_arise(held.usual, test)
    if absent is not None:
        parts: dict[str, Filling] = {"that": test.that or "", "view": absent.view or ""}
        parts["held"] = tuple(absent.held.items())
        there = None if absent.view is None else _outcome(asking, test.model_copy(update={"view": absent.view}), claims)
        return Outcome(test, "cannot_arise", "cannot_arise", parts, elsewhere=there)
    sizes = _sizes if test.ask == "holds_longer" else None
    way = mechanism(asking.case, test, test.view, sizes)
    if way == ():
        return Outcome(test, "no_mechanism", "no_mechanism", {"levers": ", ".join(sorted(compared_levers(test))), "that": test.that or "true"})
    outcome = _decided(asking, test)
    if outcome.status not in ("holds", "fails"):
        return outcome
    return _repeated(asking, test, claims, outcome)


def _sizes(free: Conflict) -> NDArray[np.float64]:
    """What states are worth when they are played forward, zones included."""
    return flow_with_zones(free)[0]


def _repeated(asking: _Asking, test: Test, claims: Sequence[str], outcome: Outcome) -> Outcome:
    """The outcome, or that it repeats the text: without the lines that rest on the claims under test it is another one."""
    bare, lines = without_claims(asking.case, claims)
    if not lines:
        return outcome
    try:
        again = _decided(_Asking(bare, 0, asking.seed), test)
    except BestandError:
        again = None
    if again is not None and again.status == outcome.status:
        return outcome
    said: Literal["holds", "fails"] = "holds" if outcome.status == "holds" else "fails"
    parts = dict(outcome.parts) | {"bare": "unanswered" if again is None else again.status}
    return replace(outcome, status="repeats", parts=parts, said=said, lines=lines)


def _decided(asking: _Asking, test: Test) -> Outcome:
    held = asking.of(test.view, test.hold)
    other = None if test.against is None else asking.of(test.view, test.against)
    asked = [each for each in (held, other) if each is not None]
    if max(each.usual.graph.n_states for each in asked) > MOST_STATES:
        return Outcome(test, "unanswered", "too_large", {"n": max(each.usual.graph.n_states for each in asked)})
    if test.ask not in ("rests", "holds_longer") and min(each.starts(test).size for each in asked) == 0:
        return Outcome(test, "unanswered", "no_start")
    usual, code, parts = _answer(held, other, test, 0)
    if usual is None:
        return Outcome(test, "undecidable", code, parts)
    turned, share, drawn = _doubt(held, other, test)
    doubtful = bool(turned) or (share is not None and share < MOST_OF)
    status: Status = "undecidable" if doubtful else "holds" if usual else "fails"
    return Outcome(test, status, code, parts, turned, share, drawn)


def _doubt(held: Asked, other: Asked | None, test: Test) -> tuple[tuple[Line, ...] | None, float | None, int]:
    """The weak wants that turn the answer round, the share of draws that give it, and of how many; legal moves do not depend on wants."""
    if test.ask in ("possible", "unlocked") or (test.ask == "reached" and test.by == "any"):
        return (), None, 0
    if test.ask == "holds_longer":  # wants are weighed here, and drawn; none is dropped alone
        told = [_answer(held, other, test, draw)[0] for draw in range(held.drawn.draws)]
        return None, sum(each == told[0] for each in told[1:]) / (len(told) - 1) if len(told) > 1 else None, len(told) - 1
    answers = [_answer(held, other, test, draw)[0] for draw in range(held.every.conflict.draws)]
    return held.every.turning(answers), held.every.share(answers), len(held.every.drawn(answers))


def _answer(held: Asked, other: Asked | None, test: Test, draw: int) -> tuple[bool | None, str, Mapping[str, Filling]]:
    """Whether the test comes out as expected (None: it cuts both ways), and the reason."""
    first = ASK[test.ask](held, test, draw)
    if other is None:
        positive = test.expect in ("yes", "more", "not less")
        return (None if first.yes is None else first.yes == positive), first.code, first.parts
    second = ASK[test.ask](other, test, draw)
    apart, close = first.amount - second.amount, CLOSE.get(test.ask, 0.0)
    than = "same" if abs(apart) <= close else "more" if apart > 0 else "less"
    nothing = first.amount == second.amount == 0 and test.ask != "possible"
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


def _rests(held: Asked, test: Test, draw: int) -> Measured:
    stable = held.stable(test.concept)
    parties = [party for party in ([test.party] if test.party else held.usual.parties) if party not in test.excluding]
    resting = np.logical_and.reduce([stable.holds(test.concept, party, draw=draw) for party in parties])
    if test.start is not None:
        resting = resting & (_fewest(held, test, draw, test.by) >= 0)
    n_resting, n_wanted = int(resting.sum()), int((resting & held.usual.where(test.that)).sum())
    parts: dict[str, Filling] = {"n": n_wanted, "all": n_resting, "that": test.that or "true", "concept": test.concept}
    return Measured(n_wanted / max(n_resting, 1), n_wanted > 0, "rests" if n_wanted else "rests_nowhere", parts)


def _reached(held: Asked, test: Test, draw: int, *, by: By | None = None) -> Measured:
    by = by or test.by
    moves = _fewest(held, test, draw, by)
    near = moves[held.usual.where(test.that) & (moves >= 0)]
    fewest = int(near.min()) if near.size else 0
    parts: dict[str, Filling] = {"that": test.that or "true", "n": fewest, "without": test.without or ""}
    parts["excluding"] = ", ".join(test.excluding)
    amount = 1.0 / (1 + fewest) if near.size else 0.0
    return Measured(amount, near.size > 0, f"reached_{by}" if near.size else f"unreached_{by}", parts)


def _possible(held: Asked, test: Test, draw: int) -> Measured:
    return _reached(held, test, draw, by="any")


def _holds_longer(held: Asked, test: Test, draw: int) -> Measured:
    """How much of the time a truce lasts on average, in one draw; played forward with everything that the case gives numbers for."""
    deterrence = held.usual.case.file.deterrence
    that = test.that or (deterrence.truce if deterrence else "true")
    alive = held.drawn.once(
        ("survival", that, test.start, test.months),
        lambda: survival(held.drawn, start=test.start or that, truce=that, months=[test.months]).lasted / test.months,
    )
    share = float(alive[draw])
    parts: dict[str, Filling] = {"that": that, "share": f"{100 * share:.0f}", "months": f"{test.months:g}"}
    return Measured(share, share > 0.5, "lasts", parts)


def _agreement(held: Asked, test: Test, draw: int) -> Measured:
    """Deals with what is asked about; the fallback is the present state, or the worst of those of `from`."""
    starts = [int(state) for state in held.starts(test)]
    every = held.every.conflict
    deals = every.once(
        ("agreements", test.that, test.start, tuple(sorted(test.excluding))),
        lambda: agreements(every, fallback=starts, excluding=test.excluding, that=test.that),
    )
    n, wanted = int(deals.deal[draw].sum()), int(held.usual.where(test.that).sum())
    clash = deals.blocking if draw == 0 and deals.blocking and deals.blocking.sets else None
    blocked = () if clash is None else tuple(clash.demands[d] for d in clash.sets[0])
    parts: dict[str, Filling] = {"n": n, "all": wanted, "that": test.that or "true", "blocked": blocked}
    parts["excluding"] = ", ".join(test.excluding)
    return Measured(n / max(wanted, 1), n > 0, "agreement" if n else "agreement_none", parts)


def _unlocked(held: Asked, test: Test, draw: int) -> Measured:
    """Fewest changes first: two are only looked for where one does not do."""
    goal = test.that or "true"
    for most in (1, 2):
        unlocks = unlock(held.usual, goal=goal, concept=test.concept, most=most)
        if unlocks.already or unlocks.sets:
            break
    n = 0 if unlocks.already or not unlocks.sets else len(unlocks.sets[0].changes)
    parts: dict[str, Filling] = {"that": goal, "n": n, "sets": len(unlocks.sets), "changes": unlocks.sets[0].changes if unlocks.sets else ()}
    yes = unlocks.already or bool(unlocks.sets)
    code = "unlocked_already" if unlocks.already else "unlocked" if yes else "unlocked_not"
    return Measured(1.0 / (1 + n) if yes else 0.0, yes, code, parts)


def _fewest(held: Asked, test: Test, draw: int, by: By) -> NDArray[np.int32]:
    """Fewest moves from the nearest start to each state, −1 where there is no way: shape (n_states,)."""
    starts = held.starts(test)
    if starts.size > MOST_STARTS:
        what = f"`from` holds in {starts.size} states, and ways are looked for from at most {MOST_STARTS}"
        raise AskError(Problem("study/too-many-starts", what, hint="name more levers under `from`"))
    barred = held.usual.where(test.without) if test.without else None
    every, never = held.every.conflict, np.iinfo(np.int32).max
    fewest = np.full(every.graph.n_states, never, np.int32)
    for start in starts:
        length = paths(every, start=int(start), by=by, without=barred, excluding=test.excluding, draw=draw).length
        fewest = np.minimum(fewest, np.where(length < 0, never, length))
    return np.where(fewest == never, -1, fewest).astype(np.int32)


def _gains(held: Asked, test: Test, draw: int) -> Measured:
    conflict_, party = held.every.conflict, test.party or held.usual.parties[0]
    moves = conflict_.once(
        ("own moves", party, test.start, test.that),
        lambda: _own_moves(held.usual, held.usual.party(party), held.starts(test), held.usual.where(test.that)),
    )
    rank = conflict_.worth.rank[draw, conflict_.party(party)]
    n_gaining = int(np.unique(moves.source[rank[moves.target] > rank[moves.source]]).size)
    parts: dict[str, Filling] = {"party": party, "n": n_gaining, "all": moves.n_starts, "that": test.that or "true"}
    yes = True if n_gaining == moves.n_starts > 0 else False if n_gaining == 0 else None
    code = "gains_from" if moves.n_starts != 1 else "gains" if yes else "gains_not"
    return Measured(n_gaining / max(moves.n_starts, 1), yes, code, parts)


def _own_moves(conflict_: Conflict, party: int, starts: NDArray[np.int64], wanted: NDArray[np.bool_]) -> _OwnMoves:
    """A party's legal moves from each start to what is wanted that change the fewest of its levers."""
    graph = conflict_.graph
    own = [graph.digits(lever) for lever, owner in zip(graph.levers, graph.owner, strict=True) if owner == party]
    digits = np.stack(own) if own else np.zeros((1, graph.n_states), np.uint8)
    source, target = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    outside = starts[~wanted[starts]]
    for start in outside:
        there = graph.moves[party].targets(int(start)).astype(np.int64)
        there = there[wanted[there]]
        if there.size:
            apart = (digits[:, there] != digits[:, [start]]).sum(axis=0)
            there = there[apart == apart.min()]
            target.append(there)
            source.append(np.full(there.size, start))
    return _OwnMoves(np.concatenate(source), np.concatenate(target), int(outside.size))


ASK: Mapping[str, Callable[[Asked, Test, int], Measured]] = {
    "rests": _rests,
    "reached": _reached,
    "possible": _possible,
    "gains": _gains,
    "holds_longer": _holds_longer,
    "agreement": _agreement,
    "unlocked": _unlocked,
}
