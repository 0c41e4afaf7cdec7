"""How long a condition holds once it does: survival curves, expected times, and what breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.budget import Sampling, standard_error
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game, game_arrays, in_own_units, n_moves, worth_units
from bestand.graph.model import Graph
from bestand.graph.naming import Condition, Which
from bestand.play.choices import move_rates
from bestand.play.expected import expected_months
from bestand.play.horizon import Play
from bestand.show import IN_A_MONTH, Cell, Fixed, Percent, Portion, Shown, Table, cell_text, time_that_fits, time_told

LEAST_TOLD = 1e-5  # of the error of the steps
CUT = 1e-10  # probability that may be lost in all, where Poisson sums are cut
MOST_MONTHS_TOLD = 1200.0  # 100 years: what is expected to hold longer is told so
MOST_MOVES = 20_000_000  # up to which an expected time is solved for; its matrix takes about 60 bytes a move
Start = Which | NDArray[np.bool_] | NDArray[np.float64]
Months = float | Sequence[float] | NDArray[np.float64]


@runtime_checkable
class Chooses(Protocol):
    """Choices that do not change with time: a game and the values from which they follow."""

    @property
    def game(self) -> Game:
        """What is played."""

    @property
    def values(self) -> NDArray[np.float64]:
        """Shape (n_parties, n_states)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The choices that follow from some values, made for ever.

    values : (n_parties, n_states) float64
    """

    game: Game
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exits(Fixed):
    """Every way out of what held, and the probability that went that way up to the last month; sums to that of leaving.

    who    : (n_exits,) int, index of the party, or n_parties + index of the event
    source, target : (n_exits,) int, states
    flow   : (n_exits,) float64
    """

    who: NDArray[np.int32]
    source: NDArray[np.uint32]
    target: NDArray[np.uint32]
    flow: NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Survival(Shown):
    """Chance that a condition has not yet been left.

    months          : (n_times,) float64
    alive           : (n_draws, n_times) float64
    weights         : (n_draws,) float64, sums to 1
    lasted          : (n_draws,) float64, months that it holds on average, counted up to the last of `months`
    expected_months : (n_draws,) float64, months that it holds on average; inf if it may never be left; nan for play to a
                      horizon, which does not say what comes after, and beyond MOST_MOVES moves
    error           : estimate of the largest error in `alive` (play), or a bound on it (choices that stay as they are); nan
                      if not estimated
    exits           : None where they were not counted
    sampling        : what the draws rest on; None where they were not drawn by an engine
    """

    conflict: Conflict
    months: NDArray[np.float64]
    alive: NDArray[np.float64]
    weights: NDArray[np.float64]
    lasted: NDArray[np.float64]
    expected_months: NDArray[np.float64]
    error: float
    exits: Exits | None = None
    sampling: Sampling | None = None

    @property
    def standard_error(self) -> NDArray[np.float64]:
        """Standard error of `pooled` from the number of draws: (n_times,); nan of a single draw."""
        return standard_error(self.alive, self.weights)

    @property
    def pooled(self) -> NDArray[np.float64]:
        """Chance over all draws: shape (n_times,)."""
        return self.weights @ self.alive

    @property
    def hazard(self) -> NDArray[np.float64]:
        """Rate per month at which what still holds is left, between one month and the next: shape (n_times − 1,).

        Of the pooled curve: in a mixture the fragile go first, so it falls with time even where that of each draw does not.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.diff(np.log(self.pooled)) / np.diff(self.months)

    def breaks(self, *, most: int = 10) -> Table:
        """What ends it: who changes what, its share of all that has ended by the last month, and mostly from which state."""
        if self.exits is None:
            hint = "survival() of one game counts them"
            raise AskError(Problem("play/no-exits", "what breaks it was not counted for these draws", hint=hint))
        rows = _grouped(self.conflict.graph, self.exits)[:most]
        left = 1 - float(self.pooled[-1])
        last, ended = float(self.months[-1]), cell_text(Portion(left))
        note = f"of the {ended} that has ended by month {last:g}"
        if time_that_fits(last)[1] != "months":
            note = f"of the {ended} that has ended within {time_told(last)}"
        return Table("What breaks it", ("who", "does", "share", "mostly from"), tuple(rows), (note,))

    def table(self) -> Table:
        """Chance that it still holds at each month, and the rate at which it is left just before."""
        before = [None, *map(Percent, self.hazard)]
        spread = np.quantile(self.alive, [0.1, 0.5, 0.9], axis=0) if len(self.alive) > 1 else None
        limits = () if spread is None else ("± error", "low 10%", "median", "high 10%")
        columns = ("month", "still holds", *limits, "left per month")
        rows: list[tuple[Cell, ...]] = []
        for t, month in enumerate(self.months):
            band = () if spread is None else (Portion(self.standard_error[t]), *map(Portion, spread[:, t]))
            rows.append((float(month), Portion(self.pooled[t]), *band, before[t]))
        lasted, last = float(self.weights @ self.lasted), float(self.months[-1])
        number, unit = time_that_fits(lasted)
        whole, first = (f"{lasted:.3g}", f"{last:g}") if unit == "months" else (number, time_told(last))
        error = f" ± {float(standard_error(self.lasted, self.weights)) * IN_A_MONTH[unit]:.2g}" if len(self.lasted) > 1 else ""
        notes = [f"holds {whole}{error} {unit} of the first {first} on average"]
        notes += self.sampling.notes() if self.sampling else ()
        notes += (_of_steps(self.error, self.sampling),) if self.sampling else ()
        expected = float(self.weights @ self.expected_months)
        if not np.isnan(expected):
            in_all = f"{cell_text(expected)} months" if time_that_fits(min(expected, MOST_MONTHS_TOLD))[1] == "months" else time_told(expected)
            notes.append(f"expected to hold {in_all if expected <= MOST_MONTHS_TOLD else 'more than 100 years'} in all")
        return Table("How long it holds", columns, tuple(rows), (*notes, "in this model: not a forecast that it holds"))


def _of_steps(error: float, sampling: Sampling) -> str:
    if np.isnan(error):
        in_haste = sampling.wanted is not None
        return "there was no time to see how exact the steps of time are" if in_haste else "how exact the steps of time are was not looked at"
    if error < LEAST_TOLD:
        return f"steps of time: off by less than {100 * LEAST_TOLD:g} points"
    return f"steps of time: off by about {100 * error:.2g} points"


def survival_under(play: Play | Chooses, *, start: Start, truce: Condition, months: Months, estimate_error: bool = True) -> Survival:
    """Chance that a condition that holds now has not been left once by each month: `alive` has shape (1, n_times).

    play   : play to a horizon, or a game with values whose choices are made for ever (`Standing`, an equilibrium)
    start  : a state, a condition (its state nearest to today, of several as near each alike), a mask of states (uniform over them), or a distribution
    truce  : a condition, or (n_states,) bool
    months : from now, not negative, increasing; years are 12 months, weeks 12 / 52.18
    estimate_error : of play to a horizon: once more from every other time (as much work again); else `error` is nan

    Solves p' = p Q(t) on the states where it holds, by uniformisation (Jensen 1953) between the times at which values are
    kept, with the choices halfway. Leaving is for good: coming back does not count.

    Raises
    ------
    AskError
        `play/start-outside`, `play/bad-months`, `play/past-horizon`, `play/bad-number`.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> from bestand import play
    >>> case = read_text('''
    ... bestand: 1
    ... title: an accident
    ... parties: {a: {name: A}}
    ... levers: {a.truce: {is: keeps the truce, now: yes}}
    ... events: {accident: {sets: {a.truce: no}, when: a.truce, per_month: 0.1}}
    ... wants: {a: [{that: a.truce, worth: 100}]}
    ... ''')
    >>> survival_under(play(conflict(case), months=24), start="now", truce="a.truce", months=[0, 12]).alive.round(2)
    array([[1. , 0.3]])
    """
    game = play.game
    moments, inside = checked_months(months), truce_states(game.conflict, truce)
    mass = starting(game.conflict, start, inside)
    if not isinstance(play, Play):
        always = np.ascontiguousarray(play.values, dtype=np.float64)[None]
        alive, lasted, exits = _run(game, always, np.zeros(1), moments, mass, inside)
        expected = expected_months(move_rates(game, play.values), mass, inside) if n_moves(game.graph) <= MOST_MOVES else np.nan
        return _one(game, moments, alive, lasted, exits, expected, CUT)
    if moments[-1] > play.horizon * (1 + 1e-12):
        what = f"month {moments[-1]:g} lies past the horizon of {play.horizon:g} months"
        raise AskError(Problem("play/past-horizon", what, hint="play to a longer horizon, or standing(play) for its choices of now"))
    last = min(play.times.size, int(np.searchsorted(play.times, moments[-1])) // 2 * 2 + 3)
    times, slices = play.times[:last], play.slices[:last]
    alive, lasted, exits = _run(game, slices, times, moments, mass, inside)
    if not estimate_error:
        return _one(game, moments, alive, lasted, exits, np.nan, np.nan)
    half, _, _ = _run(game, np.ascontiguousarray(slices[::2]), np.ascontiguousarray(times[::2]), moments, mass, inside)
    error = float(np.abs(alive - half).max()) / 3 + CUT
    return _one(game, moments, alive, lasted, exits, np.nan, error)


def standing(play: Play) -> Standing:
    """The choices that are made now, made for ever: for months past a horizon."""
    return Standing(play.game, play.values)


def mixture(survivals: Sequence[Survival], weights: Sequence[float] | NDArray[np.float64]) -> Survival:
    """One survival over several: types with their probabilities, draws, or postures.

    weights : one per survival, not negative; taken as shares

    Raises
    ------
    AskError
        `play/bad-number`: the months differ, or the weights are not shares.
    """
    share = np.asarray(weights, float)
    alike = survivals and all(np.array_equal(one.months, survivals[0].months) for one in survivals)
    if not alike or share.shape != (len(survivals),) or not (np.all(share >= 0) and share.sum() > 0):
        raise AskError(Problem("play/bad-number", "a mixture needs survivals at the same months, and a weight for each"))
    share = share / share.sum()
    first = survivals[0]
    return Survival(
        first.conflict,
        first.months,
        _frozen(np.concatenate([one.alive for one in survivals])),
        _frozen(np.concatenate([one.weights * w for one, w in zip(survivals, share, strict=True)])),
        _frozen(np.concatenate([one.lasted for one in survivals])),
        _frozen(np.concatenate([one.expected_months for one in survivals])),
        max(one.error for one in survivals),
        _pooled(survivals, share),
    )


def _pooled(survivals: Sequence[Survival], share: NDArray[np.float64]) -> Exits | None:
    """Exits of all, each with its share; None where one did not count them, or they are of different graphs."""
    graph, parts = survivals[0].conflict.graph, [one.exits for one in survivals if one.exits is not None]
    if len(parts) < len(survivals) or any(one.conflict.graph is not graph for one in survivals):
        return None
    flow = np.concatenate([part.flow * w for part, w in zip(parts, share, strict=True)])
    who, source, target = (np.concatenate([getattr(part, name) for part in parts]) for name in ("who", "source", "target"))
    return Exits(who, source, target, flow)


def checked_months(months: Months) -> NDArray[np.float64]:
    """Months as an array (one number is an array of one), or an error that says what is wrong with them."""
    moments = np.atleast_1d(np.array(months, dtype=np.float64))
    if moments.ndim != 1 or not moments.size or not np.isfinite(moments).all() or moments[0] < 0 or np.any(np.diff(moments) <= 0):
        hint = "such as [1, 3, 6, 12]"
        raise AskError(Problem("play/bad-months", "months must be a list of increasing numbers, none negative", hint=hint))
    return _frozen(moments)


def truce_states(conflict: Conflict, truce: Condition) -> NDArray[np.bool_]:
    """States in which a truce holds, contiguous.

    Raises
    ------
    AskError
        `play/no-truce` where no state has it, and those of `conflict.where`.
    """
    inside = np.ascontiguousarray(conflict.where(truce))
    if not inside.any():
        hint = "look at the levers that the view holds fixed, and at `never`"
        raise AskError(Problem("play/no-truce", f"no state of this view has {_quoted(truce)}", hint=hint))
    return inside


def _quoted(truce: Condition) -> str:
    return f"'{truce}'" if isinstance(truce, str) else "what is asked"


def starting(conflict: Conflict, start: Start, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Distribution (n_states,) over the states from which the clock starts; the truce must hold in all of them.

    A state (by name, number, settings, or `now`) is itself; of a condition it is the state nearest to today in which
    condition and truce hold, the one with the fewest levers set otherwise; of several as near each counts alike.

    Raises
    ------
    AskError
        `play/no-start` where no state has the condition and the truce; `play/start-outside`; `play/bad-number`.
    """
    graph = conflict.graph
    mass = np.zeros(graph.n_states)
    if isinstance(start, np.ndarray):
        if start.shape != mass.shape or not np.isfinite(start).all() or np.any(start < 0):
            raise AskError(Problem("play/bad-number", f"a start must be a mask or a distribution of shape ({graph.n_states},)"))
        mass = start.astype(np.float64)
        mass /= mass.sum() if start.dtype == bool and mass.any() else 1
    elif isinstance(start, str) and start.strip() == "now":  # where it is not known how things stand, as the odds have it
        for state, chance in conflict.presents:
            mass[state] += chance
    else:
        states = _meant(conflict, start, inside)
        mass[states] = 1 / states.size
    if abs(mass.sum() - 1) > 1e-6:
        raise AskError(Problem("play/bad-number", f"the start must sum to 1, not {mass.sum():g}"))
    outside = np.flatnonzero((mass > 0) & ~inside)
    if outside.size:
        what = f"in the start '{graph.label(int(outside[0]))}' it does not hold"
        raise AskError(Problem("play/start-outside", what, hint="start where it holds; `paths` tells how to get there"))
    return mass


def _meant(conflict: Conflict, start: Which, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The state that a start names, or the states of a condition that are nearest to today."""
    names = conflict.graph.names
    if not isinstance(start, str) or "," in start or start.strip() in ("now", *names) or (start.strip().isdigit() and not names):
        return np.array([conflict.state(start)])
    states = np.flatnonzero(conflict.where(start) & inside)
    if not states.size:
        hint = "look at the levers that the view holds fixed, and at `never`"
        raise AskError(Problem("play/no-start", f"no state of this view has '{start}' and the truce", hint=hint))
    if conflict.stated is None:
        return states
    far = conflict.graph.apart(conflict.stated.now, states)
    return states[far == far.min()]


def _run(
    game: Game,
    slices: NDArray[np.float64],
    times: NDArray[np.float64],
    months: NDArray[np.float64],
    mass: NDArray[np.float64],
    inside: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], float, Exits]:
    if (game.noise == 0).any():  # what counts as a tie must not hang on the unit of worth
        slices, game = slices / worth_units(game.flow, game.cost, game.noise)[:, None], in_own_units(game)
    given = game_arrays(game)
    alive, lasted, who, source, target, flow = kernels.survive(
        given.moves, given.chances, tempo=given.tempo, noise=given.noise, chance=given.chance, cost=given.cost,
        slices=slices, times=times, months=months, start=mass, holds=inside, cut=CUT,
    )  # fmt: skip
    some = flow > 0
    return alive, lasted, Exits(who[some], source[some], target[some], flow[some])


def _one(
    game: Game, months: NDArray[np.float64], alive: NDArray[np.float64], lasted: float, exits: Exits, expected: float, error: float
) -> Survival:
    curve, whole = _frozen(np.minimum(alive, 1.0)[None]), _frozen(np.ones(1))
    return Survival(game.conflict, months, curve, whole, _frozen(np.array([lasted])), _frozen(np.array([expected])), error, exits)


def _grouped(graph: Graph, exits: Exits) -> list[tuple[Cell, ...]]:
    """Exits that change the same things, taken together: (who, does, share, mostly from), the largest first."""
    key = exits.who.astype(np.int64)
    n_parties = len(graph.parties)
    radix = n_parties + len(graph.chances)
    for lever, settings in zip(graph.levers, graph.settings, strict=True):
        digits = graph.digits(lever)
        entered = np.where(digits[exits.source] == digits[exits.target], 0, digits[exits.target].astype(np.int64) + 1)
        key, radix = _dense(key + radix * entered, radix * (len(settings) + 1))
    if not graph.levers:
        key, radix = _dense(key + radix * exits.target.astype(np.int64), radix * graph.n_states)
    flow = np.bincount(key, exits.flow, minlength=1)
    rows: list[tuple[Cell, ...]] = []
    for group in np.argsort(-flow, kind="stable")[: np.count_nonzero(flow)]:
        mine = np.flatnonzero(key == group)
        of_source = np.unique(exits.source[mine], return_inverse=True)
        mostly = int(of_source[0][np.argmax(np.bincount(of_source[1], exits.flow[mine]))])
        example, who = int(mine[np.argmax(exits.flow[mine])]), int(exits.who[mine[0]])
        name = graph.parties[who] if who < n_parties else graph.chances[who - n_parties].name
        does = graph.change(int(exits.source[example]), int(exits.target[example]))
        rows.append((name, does, Portion(flow[group] / flow.sum()), graph.label(mostly)))
    return rows


def _dense(key: NDArray[np.int64], radix: int) -> tuple[NDArray[np.int64], int]:
    """Keys renumbered, so that they never overflow."""
    distinct, number = np.unique(key, return_inverse=True)
    return number.reshape(key.shape).astype(np.int64), max(1, int(distinct.size))


def _frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array.flags.writeable = False
    return array
