"""The stationary equilibrium of a conflict played for ever: an answer with a certificate, or a plain refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.budget import Budget
from bestand.graph.game import Game, idle_notes, in_own_units, worth_sizes, worth_units
from bestand.show import Cell, Percent, Shown, Table, cell_text
from bestand.stationary.certificate import Certificate, certificate, payoff_span
from bestand.stationary.components import listing, seconds_of_solving
from bestand.stationary.discounting import bounded
from bestand.stationary.enumeration import pure_equilibria
from bestand.stationary.ladder import RUNGS, Climb, climb
from bestand.stationary.policy import Policy, policy_of

_RULES = {"status quo": 0, "most movers": 1, "best for": 2, "worst for": 3, "logit": 4}
MOST_ROWS = 150  # of a table: a state has one for each party
MOST_MOVES = 3  # of each party in one of them
SELDOM = 5e-4  # chance of a move of which nothing is told
OWN_UNITS = (
    "worth: of all that is still to come, month by month and what is later for less, in a unit of each party's own: "
    "one party's states can be compared, two parties cannot"
)
PARTS = 12  # digits of a part of a party's largest worth: what is behind them is rounding


@dataclass(frozen=True, slots=True, repr=False)
class Equilibrium(Shown):
    """A stationary equilibrium that has passed its certificate.

    values      : (n_parties, n_states) float64, worth of being in each state
    policy      : chance of every move when its party gets to move
    rungs       : how many components each rung of the ladder bore
    select      : the rule by which one equilibrium was taken where several were found
    several     : components in which more than one was found
    exhaustive  : every component was one whose equilibria are all listed (up to ties), so that `select` chose among all
    tolerance   : largest bound on a gain that was accepted, as a share of the range of payoffs
    certificate : the check, by separate code
    pure        : (n_found, n_parties, n_states) values of all pure equilibria, where the game is small enough to try all
    """

    game: Game
    values: NDArray[np.float64]
    policy: Policy
    rungs: Mapping[str, int]
    select: str
    several: int
    exhaustive: bool
    tolerance: float
    surplus: bool
    certificate: Certificate
    pure: NDArray[np.float64] | None

    def range(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Lowest and highest values over all pure equilibria and this one: each (n_parties, n_states); None if unlisted."""
        if self.pure is None:
            return None
        every = np.concatenate((self.pure, self.values[None]))
        return every.min(axis=0), every.max(axis=0)

    def table(self) -> Table:
        """What every party has and does, state by state and party by party; of large graphs the first states, from now on."""
        graph = self.game.graph
        start = graph.now or 0
        n_shown = max(1, MOST_ROWS // len(graph.parties))
        shown = range(start, min(start + n_shown, graph.n_states)) if graph.n_states > n_shown else range(graph.n_states)
        rows = tuple(self._row(s, k) for s in shown for k in range(len(graph.parties)))
        return Table("Stationary equilibrium", ("state", "party", "worth", "moves"), rows, self._notes(shown))

    def _row(self, state: int, party: int) -> tuple[Cell, ...]:
        graph = self.game.graph
        moves = [f"{100 * p:.3g} %: {graph.change(state, target)}" for target, p in self._told(state, party)[:MOST_MOVES]]
        return graph.label(state), graph.parties[party], float(self.values[party, state]), "; ".join(moves) or "stays"

    def _told(self, state: int, party: int) -> list[tuple[int, float]]:
        """What a party moves to in a state, and how likely, the likeliest first; nothing that is next to never chosen."""
        return sorted(((target, p) for target, p in self.policy.at(state, party).items() if p > SELDOM), key=lambda each: -each[1])

    def _notes(self, shown: Sequence[int]) -> tuple[str, ...]:
        gain = cell_text(Percent(100 * self.certificate.share))
        notes = [
            f"largest gain from another choice, once: {gain} % of the range of payoffs at most",
            "; ".join([*(f"found by {name}: {count:,} components" for name, count in self.rungs.items()), f"rule: {self.select}"]),
        ]
        notes += [OWN_UNITS, *idle_notes(self.game.idle)]
        if self.several:
            notes.append(f"in {self.several:,} components there are several equilibria")
        if not self.exhaustive:
            notes.append("where a component has several states, other equilibria may exist that were not looked for")
        if self.pure is not None:
            notes.append(f"pure stationary equilibria of the whole game: {len(self.pure)}")
        if any(len(self._told(state, k)) > MOST_MOVES for state in shown for k in range(len(self.game.graph.parties))):
            notes.append(f"of each party the {MOST_MOVES} likeliest moves of a state are shown")
        if len(shown) < self.game.graph.n_states:
            notes.append(f"{len(shown)} of {self.game.graph.n_states:,} states are shown")
        return tuple(notes)


def solve(
    game: Game, *, select: str = "status quo", tolerance: float = 1e-6, surplus: bool = True, budget: Budget | None = None
) -> Equilibrium:
    """A stationary Markov perfect equilibrium of a game, by the ladder of `ladder`, with its certificate.

    select    : where several are found, the one in which parties stay most ("status quo") or move most ("most movers"), that
                is "best for PARTY" or "worst for PARTY", or the end of the "logit" branch. Choices are made component by
                component, those that nothing leads back from first; with noise the logit branch is taken whatever the rule,
                but in large components what long play comes to is tried first, unless "logit" is asked for
    tolerance : largest gain from one other choice that is accepted, as a share of the range of payoffs
    surplus   : whether values of noisy choices count the worth of the noise (McFadden 1978), or only what is chosen
    budget    : how long it may take (its `seconds` and `clock`)

    A party may have a discount of 0 where its worth is bounded whatever anyone does: where every state that can be kept for
    ever is worth nothing to it. A party with a tempo of 0 stays.

    Raises
    ------
    AskError
        `stationary/no-equilibrium` where none was found within the tolerance (there may be one: a stationary equilibrium always
        exists) or within the time; `stationary/no-value` where there is none for want of discounting;
        `stationary/unknown-rule`, `stationary/unknown-party`, `stationary/too-many-moves`, `stationary/bad-tolerance`,
        `graph/too-long`.
    """
    if not isinstance(tolerance, int | float | np.number) or not 0 < tolerance <= 1:
        raise AskError(Problem("stationary/bad-tolerance", f"the tolerance must be a share above 0, and at most 1, not {tolerance!r}"))
    if not isinstance(surplus, bool | np.bool_):
        raise AskError(Problem("stationary/unknown-rule", f"surplus is True or False, not {surplus!r}"))
    if budget is not None:
        budget.refuse(seconds_of_solving(game))
    rule, focus = _rule(game, select)
    discounted = bounded(game, surplus=surplus)
    scaled, unit = _in_parts(discounted)
    more = _time(budget)
    listed = listing(scaled)
    wanted = tolerance * payoff_span(scaled)
    climbed, left = climb(scaled, listed, select=rule, focus=focus, surplus=surplus, wanted=wanted, more=more)
    if left is not None:
        raise _refusal(tolerance, float((left / payoff_span(scaled)).max()), climbed, late=not more(), noisier=True)
    policy = policy_of(listed.first, listed.target, climbed.chance)
    values = np.ascontiguousarray((climbed.value * unit).T)
    values.flags.writeable = False
    check = certificate(discounted, policy, values, surplus=surplus)
    noisier = bool(game.noise.any() and check.chance_gap > 1e-3)
    if check.share > tolerance or _gains_without_discount(game, check, values, tolerance) or noisier:
        raise _refusal(tolerance, check.share, climbed, late=not more(), noisier=noisier)
    return _answer(game, climbed, policy, values, check, select, tolerance, surplus)


def _in_parts(game: Game) -> tuple[Game, NDArray[np.float64]]:
    """The game with worths counted in a unit of every party's own, and these units: (n_parties,).

    Without noise they are parts of its largest, to PARTS digits, the same numbers whatever unit they were stated in: so is the
    one of several equilibria that is found. With noise no more than a power of two is taken out, by which nothing is rounded.
    """
    if game.noise.any():
        return in_own_units(game), worth_units(game.flow, game.cost, game.noise)
    unit = worth_sizes(game.flow, game.cost, game.noise)
    cost = tuple(np.round(price / one, PARTS) for price, one in zip(game.cost, unit, strict=True))
    return replace(game, flow=np.round(game.flow / unit[:, None], PARTS), cost=cost), unit


def _time(budget: Budget | None) -> Callable[[], bool]:
    return (lambda: True) if budget is None or budget.clock is None else (lambda: budget.left(0.0) > 0)


def _gains_without_discount(game: Game, check: Certificate, values: NDArray[np.float64], tolerance: float) -> bool:
    """Whether a party without discount, whose range of payoffs has no bound, gains more than its values allow."""
    some = game.discount == 0
    return bool(np.any(check.gain[some] > tolerance * np.abs(values[some]).max(axis=1, initial=0.0)))


def _answer(
    game: Game,
    climbed: Climb,
    policy: Policy,
    values: NDArray[np.float64],
    check: Certificate,
    select: str,
    tolerance: float,
    surplus: bool,
) -> Equilibrium:
    counts = np.bincount(climbed.rung, minlength=len(RUNGS))
    rungs = {name: int(count) for name, count in zip(RUNGS, counts, strict=True) if count}
    small = game.graph.n_states <= 16 and not game.noise.any()
    return Equilibrium(
        game=game, values=values, policy=policy, rungs=rungs, select=select, several=int((climbed.n_equilibria & 0x7FFFFFFF > 1).sum()),
        exhaustive=set(rungs) == {RUNGS[1]} and not (climbed.n_equilibria >> 31).any(), tolerance=tolerance, surplus=surplus,
        certificate=check, pure=pure_equilibria(game) if small and game.discount.all() else None,
    )  # fmt: skip


def _rule(game: Game, select: str) -> tuple[int, int]:
    for rule, number in _RULES.items():
        if select == rule and number not in (2, 3):
            return number, 0
        if number in (2, 3) and isinstance(select, str) and select.startswith(rule + " "):
            party = select[len(rule) + 1 :]
            if party not in game.graph.parties:
                hint = did_you_mean(party, game.graph.parties)
                raise AskError(Problem("stationary/unknown-party", f"no party '{party}'", hint=hint))
            return number, game.graph.parties.index(party)
    rules = ["status quo", "most movers", "logit", *(f"{rule} {party}" for rule in ("best for", "worst for") for party in game.graph.parties)]
    raise AskError(Problem("stationary/unknown-rule", f"no rule '{select}'", hint=did_you_mean(str(select), rules)))


def _refusal(tolerance: float, share: float, climbed: Climb, *, late: bool, noisier: bool) -> AskError:
    sizes = np.diff(climbed.listed.begins)
    open_ = np.flatnonzero(climbed.rung == 0)
    where = f"; it resists in a group of {int(sizes[open_[0]]):,} states" if open_.size else ""
    if not np.isfinite(share):
        best = "nothing came near"
    elif share > tolerance:
        best = f"the best that was found leaves a gain of {100 * share:.2g} % of the range of payoffs"
    elif noisier:
        best = f"what was found, with more noise than is asked, leaves a gain of {100 * share:.2g} % of the range of payoffs"
    else:
        best = "what was found leaves no such gain, but what a party without discount is worth is not as exact as that"
    stopped = " in the time allowed" if late else ""
    what = f"no stationary equilibrium found at {100 * tolerance:.2g} % of the range of payoffs{stopped}: {best}{where}"
    hint = "play to a horizon, which always has one answer; or allow more noise, a larger tolerance, or more time"
    return AskError(Problem("stationary/no-equilibrium", what, hint=hint))
