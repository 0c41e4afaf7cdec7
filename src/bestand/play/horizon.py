"""What everyone does if they look ahead to a horizon: values backwards in time, and the choices that follow from them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game, game_arrays, idle_notes, in_own_units, worth_units
from bestand.graph.model import Graph
from bestand.graph.naming import Which
from bestand.play.choices import MoveChance, next_choices
from bestand.play.fast import rates_of_steps
from bestand.play.reach import options_looked_at
from bestand.show import Cell, Shown, Table

LEAST_TOLD = 0.001  # of the error of values: a smaller one is told as less than this
MOST_SWEEPS = 12_800  # where `sweeps` are not given; the error that then remains is reported
MOST_NEEDED = 400_000  # sweeps that the months asked for and the rates of a game may need
MOST_PARTIES = 32  # that can move, in play; those that cannot are not counted
PER_VISIT, PER_OPTION = 40e-9, 3e-9  # seconds, measured on one core (docs/performance.md)
MOST_SLICES, FEWEST_SLICES = 128, 4  # times of a horizon at which values are kept
SLICE_BYTES = 256_000_000
Afterwards = Literal["nothing", "as it stands"]


@dataclass(frozen=True, slots=True, repr=False)
class Play(Shown):
    """Values of a game played to a horizon.

    game     : what is played
    horizon  : months
    times    : (n_slices + 1,) float64, months from now, 0 first and the horizon last
    slices   : (n_slices + 1, n_parties, n_states) float64, worth of what is still to come, at `times`
    sweeps   : passes over all moves that were made
    error    : estimate of the largest error in `slices`, in worth, by doubling the step; nan if not estimated
    surplus  : whether values count the shocks of the logit choice
    """

    game: Game
    horizon: float
    times: NDArray[np.float64]
    slices: NDArray[np.float64]
    sweeps: int
    error: float
    surplus: bool = field(default=True)

    @property
    def values(self) -> NDArray[np.float64]:
        """Worth now of what is still to come: shape (n_parties, n_states)."""
        return self.slices[0]

    def next_choices(self, state: Which = "now", *, month: float = 0.0) -> tuple[MoveChance, ...]:
        """What may happen next in a state, at a month from now: everyone's options with their probabilities."""
        return next_choices(self.game, values_at(self, month), self.game.conflict.state(state))

    @property
    def exact(self) -> str:
        """How exact the values are, in words."""
        if np.isnan(self.error):
            return f"{self.sweeps} sweeps; no second run to see how exact the values are"
        about = f"about {self.error:.2g}" if self.error >= LEAST_TOLD else f"{LEAST_TOLD:g}"
        return f"{self.sweeps} sweeps; values right within {about}"

    def table(self) -> Table:
        """What each party does with a chance to move now: its three likeliest options, and chance events."""
        state = self.game.graph.now or 0
        options = self.next_choices(state)
        rows: list[tuple[Cell, ...]] = []
        for who in dict.fromkeys(choice.who for choice in options):
            mine = sorted((c for c in options if c.who == who), key=lambda c: -c.per_month)
            rows += [(who, self.game.graph.change(state, c.target), c.chance, c.per_month) for c in mine[:3]]
        notes = (
            f"looking {self.horizon:g} months ahead; {self.exact}",
            "a model of choices under stated wants, not a forecast",
            *idle_notes(self.game.idle),
        )
        return Table(f"Choices in state: {self.game.graph.label(state)}", ("who", "does", "chance", "per month"), tuple(rows), notes)


def values_at(play: Play, month: float) -> NDArray[np.float64]:
    """Values at a month from now, linear between the stored times: shape (n_parties, n_states)."""
    if not 0 <= month <= play.horizon:
        what = f"month {month:g} is not between now and the horizon of {play.horizon:g} months"
        raise AskError(Problem("play/past-horizon", what, hint="play to a longer horizon"))
    k = min(int(np.searchsorted(play.times, month, side="right")) - 1, play.times.size - 2)
    share = (month - play.times[k]) / (play.times[k + 1] - play.times[k])
    return play.slices[k] * (1 - share) + play.slices[k + 1] * share


def play_game(
    game: Game,
    *,
    horizon: float,
    end: NDArray[np.float64] | None = None,
    afterwards: Afterwards = "nothing",
    sweeps: int | None = None,
    estimate_error: bool = True,
    slices: int | None = None,
    surplus: bool = True,
    threads: int | None = None,
    budget: Budget | None = None,
) -> Play:
    """Values of a game from `horizon` months ahead back to now; they exist and are unique.

    end            : (n_parties, n_states), worth at the horizon; overrules `afterwards`
    afterwards     : what the horizon leaves: `nothing` (0), or `as it stands`, every state kept for ever (flow / discount)
    sweeps         : passes over all moves, four a step. If not given they are doubled until the estimated error is below
                     a hundredth of the smallest noise (or 1e-4 of the largest value), at most MOST_SWEEPS
    estimate_error : play again with steps twice as long (half as much work again), or half as long where that is too long;
                     the error is estimated from the difference (Richardson)
    slices         : number of times at which values are kept, made even; if not given, up to 128 within 256 MB.
                     The steps between them are rounded up to a whole number
    surplus        : count the shocks of the logit choice in values, as Arcidiacono et al. (2016) do. Without, values are
                     expected worth under the logit probabilities (quantal response: McKelvey & Palfrey 1995)

    budget         : how long it may take: sweeps are doubled where that still fits, and `error` says what is left, or is nan
                     where there was time for one run only; refused where the first would be late, from a try of two steps

    Steps are Runge-Kutta of order 3 in four sweeps, SSPRK(4,3) (Kraaijevanger 1991; Ketcheson 2008): halving the step
    divides the error by about eight. At noise 0 choices jump, and the order falls to 1. A step may be at most 2 / (discount
    + all tempos + all chance rates of one state) long, so that every sweep is a mean of values. Memory: about
    8 (4 J + slices · n_parties) n_states bytes, J the parties rounded up to 2, 4, 8, 16 or 32.

    Raises
    ------
    AskError
        `play/bad-number`, `play/too-many-parties`, `play/too-few-sweeps`.
    """
    last = _end(game, end, afterwards)
    if not (np.isfinite(horizon) and horizon > 0):
        raise AskError(Problem("play/bad-number", f"the horizon must be more than 0 months, not {horizon}"))
    few_enough(game.graph)
    fewest = fewest_sweeps(largest_rate(game), horizon)
    if sweeps is not None and not sweeps <= MOST_NEEDED:
        raise AskError(Problem("play/bad-number", f"{sweeps:,} sweeps are more than {MOST_NEEDED:,}", hint="leave `sweeps` out"))
    if sweeps is not None and sweeps < fewest:
        what = f"{sweeps} sweeps are too few for {horizon:g} months at these rates"
        raise AskError(Problem("play/too-few-sweeps", what, hint=f"at least {fewest}, or leave `sweeps` out"))
    n_slices = -(-slices // 2) * 2 if slices else _slices(game, sweeps)
    once = _Once(game, horizon, last, n_slices, surplus, threads or os.cpu_count() or 1)
    if sweeps is not None:
        steps = -(-sweeps // (4 * n_slices))
        values = once.run(steps, n_slices)
        return once.play(values, steps, once.error(values, steps, fewest) if estimate_error else np.nan)
    return once.refined(_good_enough(game), budget)


@dataclass
class _Once:
    """One way of playing a game; runs with a number of steps between slices."""

    game: Game
    horizon: float
    end: NDArray[np.float64]
    n_slices: int
    surplus: bool
    threads: int
    fast: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.fast = played_apart(self.game)

    @property
    def order(self) -> int:
        """By how much steps half as long are better: eight times, or twice where events are played apart."""
        return 2 if self.fast.any() else 8

    def run(self, steps: int, n_slices: int) -> NDArray[np.float64]:
        """Values with `steps` between one slice and the next: shape (n_slices + 1, n_parties, n_states)."""
        unit = worth_units(self.game.flow, self.game.cost, self.game.noise)[:, None]
        game, end = game_arrays(in_own_units(self.game)).named(), np.ascontiguousarray(self.end / unit)[None]
        values = kernels.play_back(
            **game, end=end, horizon=self.horizon, n_slices=n_slices, steps_each=steps, surplus=self.surplus, threads=self.threads, fast=self.fast
        )
        values *= unit
        return values

    def error(self, values: NDArray[np.float64], steps: int, fewest: int) -> float:
        """Error of a run with `steps` between slices, from one with steps twice as long, or half as long."""
        if 2 * steps * self.n_slices < fewest:
            return _apart(self.run(2 * steps, self.n_slices), values) * self.order / (self.order - 1)
        rough = self.run(steps, self.n_slices // 2) if steps % 2 else self.run(steps // 2, self.n_slices)
        return _apart(values, rough) / (self.order - 1)

    def play(self, values: NDArray[np.float64], steps: int, error: float) -> Play:
        """The result of a run."""
        times = np.linspace(0, self.horizon, self.n_slices + 1)
        for array in (values, times):
            array.flags.writeable = False
        return Play(self.game, float(self.horizon), times, values, 4 * steps * self.n_slices, float(error), self.surplus)

    def slower(self, clock: Callable[[], float], steps: int) -> float:
        """How many times as long as reckoned a run takes on this machine as it is now, from the last two of its steps."""
        before = clock()
        replace(self, horizon=2 * self.horizon / (steps * self.n_slices)).run(1, 2)
        return (clock() - before) / seconds_of_play(self.game, 8)

    def refined(self, good_enough: float, budget: Budget | None) -> Play:
        """Steps halved until two runs agree, or there are too many, or no time is left for twice as many."""
        steps = -(-fewest_sweeps(largest_rate(self.game), self.horizon) // (4 * self.n_slices))
        each = seconds_of_play(self.game, 4 * self.n_slices)  # a step between every two slices
        if budget is not None:
            each = budget.paced(steps * each, lambda clock: self.slower(clock, steps)) / steps
        pace = Pace(budget, each=each) if budget is not None else None
        values, error = self._stepped(steps, pace), np.nan
        while pace is None or pace.fits(2 * steps):
            steps *= 2
            before, values = values, self._stepped(steps, pace)
            error = _apart(values, before) / (self.order - 1)
            scale = good_enough if good_enough > 0 else 1e-4 * float(np.abs(values).max(initial=0))
            if error <= scale or 8 * steps * self.n_slices > MOST_SWEEPS:
                break
        return self.play(values, steps, error)

    def _stepped(self, steps: int, pace: Pace | None) -> NDArray[np.float64]:
        return pace.step(lambda: self.run(steps, self.n_slices), steps) if pace else self.run(steps, self.n_slices)


def few_enough(graph: Graph) -> None:
    """Raises where more parties can move than are played.

    Raises
    ------
    AskError
        `play/too-many-parties`.
    """
    n_moving = sum(moves.any for moves in graph.moves)
    if n_moving > (MOST_PARTIES if n_moving == len(graph.parties) else MOST_PARTIES - 1):
        what = f"{n_moving} parties that can move are more than the {MOST_PARTIES - (n_moving < len(graph.parties))} that are played"
        raise AskError(Problem("play/too-many-parties", what, hint="take a view in which fewer of them have a lever that varies"))


def seconds_of_play(game: Game, sweeps: int) -> float:
    """Reckoned beforehand: seconds that so many sweeps take, on one core of an ordinary machine."""
    moving = sum(moves.any for moves in game.graph.moves)
    return sweeps * (PER_VISIT * game.graph.n_states * moving + PER_OPTION * options_looked_at(game.graph))


def fewest_sweeps(rate: float, horizon: float) -> int:
    """Sweeps below which a sweep would no longer be a mean of values: four per 2 / rate months."""
    steps = rate * horizon / 2
    if not 4 * steps <= MOST_NEEDED:
        what = f"{horizon:g} months at {rate:g} moves and events a month cannot be followed"
        hint = f"ask for fewer months, or lower tempos, rates and discounts: months times their sum at most {MOST_NEEDED // 2:,}"
        raise AskError(Problem("play/too-long", what, hint=hint))
    return 4 * max(2, int(np.ceil(steps - 1e-9)))


def largest_rate(game: Game) -> float:
    """Discount, all tempos and the largest chance rate of a state, per month; parties that cannot move do not count, nor do
    events that are played apart.
    """
    return float(_steps_of(game)[0][0])


def played_apart(game: Game) -> NDArray[np.bool_]:
    """The events of a game that are played apart: (n_chances,) bool."""
    return _steps_of(game)[1]


def _steps_of(game: Game) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    moving = np.array([moves.any for moves in game.graph.moves])
    others = np.array([game.tempo[moving].sum() + game.discount.max()])
    return rates_of_steps(game.graph.chances, game.rate[None], others, game.graph.n_states)


def _apart(fine: NDArray[np.float64], rough: NDArray[np.float64]) -> float:
    """The largest difference at common times."""
    every = (fine.shape[0] - 1) // (rough.shape[0] - 1)
    return max(float(np.abs(a - b).max(initial=0)) for a, b in zip(fine[::every], rough, strict=True))


@dataclass(frozen=True, slots=True, repr=False)
class HorizonSensitivity(Shown):
    """How the choices of the present state depend on how far ahead everyone looks.

    chances : per choice, its probability if the horizon were half as far, as it is, and twice as far
    largest : the largest change of any probability, against the horizon as it is
    idle    : parties that never act, because their tempo is 0
    """

    conflict: Conflict
    state: int
    horizon: float
    choices: tuple[MoveChance, ...]
    chances: NDArray[np.float64]
    largest: float
    idle: tuple[str, ...] = ()

    def table(self) -> Table:
        """Choices whose probability is at least 0.01 somewhere, with the three probabilities."""
        shown = [(choice, row) for choice, row in zip(self.choices, self.chances, strict=True) if row.max() >= 0.01]
        rows: list[tuple[Cell, ...]] = []
        for choice, (half, once, twice) in shown:
            rows.append((choice.who, self.conflict.graph.change(self.state, choice.target), float(half), float(once), float(twice)))
        columns = ("who", "does", *(f"{factor * self.horizon:g} months" for factor in (0.5, 1, 2)))
        return Table("Choices by how far ahead everyone looks", columns, tuple(rows), (f"largest change {self.largest:.3f}", *idle_notes(self.idle)))


def horizon_sensitivity(play: Play, *, state: Which = "now") -> HorizonSensitivity:
    """Choice probabilities in a state under half, once and twice the horizon, and the largest change.

    Time only counts backwards from the horizon, so that half of it has been computed already, and twice of it is play
    that ends in the values of once.
    """
    at = play.game.conflict.state(state)
    far = play_game(play.game, horizon=play.horizon, end=play.values, sweeps=play.sweeps, estimate_error=False, slices=2, surplus=play.surplus)
    three = [next_choices(play.game, values, at) for values in (values_at(play, play.horizon / 2), play.values, far.values)]
    chances = np.array([[choice.chance or 0.0 for choice in options] for options in three]).T.reshape(-1, 3)
    chances.flags.writeable = False
    largest = float(np.abs(chances - chances[:, 1:2]).max(initial=0))
    return HorizonSensitivity(play.game.conflict, at, play.horizon, three[1], chances, largest, play.game.idle)


def checked_afterwards(afterwards: Afterwards) -> Afterwards:
    """What the horizon leaves, one of those known.

    Raises
    ------
    AskError
        `play/unknown-afterwards`.
    """
    choices = get_args(Afterwards)
    if afterwards not in choices:
        raise AskError(Problem("play/unknown-afterwards", f"nothing is known as '{afterwards}'", hint=did_you_mean(str(afterwards), choices)))
    return afterwards


def _end(game: Game, end: NDArray[np.float64] | None, afterwards: Afterwards) -> NDArray[np.float64]:
    if end is not None:
        given = np.ascontiguousarray(end, dtype=np.float64)
        if given.shape != game.flow.shape or not np.isfinite(given).all():
            what = f"`end` must be finite, of shape {game.flow.shape}, not {given.shape}"
            raise AskError(Problem("play/bad-number", what))
        return given
    if checked_afterwards(afterwards) == "as it stands":
        if game.discount.min() <= 0:
            raise AskError(Problem("play/no-value", "without discount what is kept for ever has no value", hint="give every party a discount"))
        return np.ascontiguousarray(game.flow / game.discount[:, None])
    return np.zeros(game.flow.shape)


def _slices(game: Game, sweeps: int | None) -> int:
    """An even number of slices that fits the memory, and divides the steps if that can be."""
    most = max(FEWEST_SLICES, min(MOST_SLICES, int(SLICE_BYTES / max(1, 8 * game.flow.size)))) // 2 * 2
    if sweeps is None:
        return most
    steps = -(-sweeps // 4)
    return max((k for k in range(2, most + 1, 2) if steps % k == 0), default=2)


def _good_enough(game: Game) -> float:
    noisy = game.noise[(game.noise > 0) & (game.tempo > 0)]
    return 0.01 * float(noisy.min()) if noisy.size else 0.0
