"""How long a truce of a case holds, over draws of everything that the case leaves open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.case.lines import with_file
from bestand.case.loaded import Case
from bestand.case.model import Guard
from bestand.errors import AskError, Problem
from bestand.graph.budget import ABREAST, Budget, Sampling, gathered, largest_error
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game, Numbers, game
from bestand.graph.model import Graph
from bestand.graph.naming import Condition
from bestand.graph.numbers import pace, prices, rates
from bestand.graph.ready import ready
from bestand.graph.values import values
from bestand.play.breaks import Ways, ways_to_break
from bestand.play.fast import rates_of_steps
from bestand.play.horizon import PER_OPTION, PER_VISIT, Play, fewest_sweeps, largest_rate, play_game, seconds_of_play
from bestand.play.many import LEAST_SWEEPS, abreast, survive_many
from bestand.play.reach import options_looked_at
from bestand.play.survival import Months, Start, Survival, checked_months, starting, survival_under, truce_states
from bestand.show import Shown, Table
from bestand.truce.zones import Floats, with_zones

LOOK_AHEAD = 2.0  # the horizon is so many times the last month asked about: what comes after still counts
MOST_CELLS = 40_000_000  # states times parties times draws
SHARE_OF_STEPS = 0.2  # of the time allowed, that may go into how exact the steps of time are
SHORTER = 16.0  # times as short as what is asked: what is tried out beforehand
LEAST_KNOWN = 1e-9  # chance to survive below which the error of the steps (1e-10) would decide a hazard
HALVED_ONCE = 3.0  # times as long as one play that two take, the second in steps half as long
LIKE_LOTS = 0.8  # of the share that lots would have, or of which that is so much: a party breaks a truce nearly by chance
LEAST_RATIO = 1e-6  # what is told of a hazard ratio below it, where a truce is never broken


def flow_with_zones(conflict: Conflict, *, troops: Mapping[str, Floats] | None = None) -> Floats:
    """What states are worth a month in every draw, with what attacks on zones bring and cost: (n_draws, n_parties, n_states).

    troops : zone: thousand troops of its first guard in every draw, in place of what the case gives

    Raises
    ------
    AskError
        `worth/ordinal` where a want has no `worth`; `truce/too-large`; `truce/unknown-zone`.
    """
    refuse_too_many(conflict, conflict.draws)
    if troops is None:
        return conflict.once("flow with zones", lambda: _flow(conflict, None))
    return _flow(conflict, troops)


def refuse_too_many(conflict: Conflict, draws: int = 1) -> None:
    """Raises where so many draws of a conflict have more states than are played; asked before anything is worked out.

    Raises
    ------
    AskError
        `truce/too-large`.
    """
    if conflict.graph.n_states * len(conflict.parties) * draws > MOST_CELLS:
        if draws == 1:
            what = f"{conflict.graph.n_states:,} states are too many to play"
            raise AskError(Problem("truce/too-large", what, hint="hold more levers, or take a smaller view"))
        what = f"{draws} draws of {conflict.graph.n_states:,} states are too many to play"
        raise AskError(Problem("truce/too-large", what, hint="draw less often, hold more levers, or take a smaller view"))


def _flow(conflict: Conflict, troops: Mapping[str, Floats] | None) -> Floats:
    return with_zones(conflict, values(conflict), troops=troops)


def game_with_zones(
    conflict: Conflict,
    *,
    tempo: Numbers | None = None,
    noise: Numbers | None = None,
    discount: Numbers | None = None,
    move_cost: Mapping[str, float] | None = None,
    draw: int = 0,
) -> Game:
    """One draw of a conflict as a game, zones included where it has a case; numbers as in `game`, the case's own where none are given.

    Raises
    ------
    AskError
        Those of `game` and `flow_with_zones`.
    """
    without = game(conflict, tempo=tempo, noise=noise, discount=discount, move_cost=move_cost, draw=draw)
    return without if conflict.stated is None else replace(without, flow=flow_with_zones(conflict)[draw])


def survival(
    conflict: Conflict | Case,
    *,
    start: Start,
    truce: Condition,
    months: Months,
    troops: Mapping[str, Floats] | None = None,
    budget: Budget | None = None,
    estimate_error: bool = False,
) -> Survival:
    """Chance over time that a truce holds from a start, in every draw.

    start  : a state, a condition (of which the state nearest to today is taken, of several as near each alike), a mask or a
             distribution; the truce must hold there
    truce  : a condition
    budget : how exact, and how long; without one just the draws of the conflict are played
    estimate_error : without a budget, play up to eight draws again in steps half as long, for `error`

    Play to a horizon of twice the last month; the zones of the case, if it has any, are part of it. `error` is how far the steps of
    time may be off: with a budget where there is time for it, else nan where it is not asked for.

    Raises
    ------
    AskError
        `play/no-start`, `play/no-truce`, `play/bad-months`, `worth/ordinal`, `truce/too-large`, `graph/too-long`.

    >>> from bestand import conflict, read
    >>> asked = conflict(read("example/en"), scale="cardinal")
    >>> survival(asked, start="truce", truce="truce", months=[1, 6]).months.tolist()
    [1.0, 6.0]
    """
    conflict = ready(conflict)
    moments = checked_months(months)
    if budget is None:
        flow = flow_with_zones(conflict, troops=troops)
        made = played(conflict, start=start, truce=truce, months=moments, flow=flow)
        some = conflict.draw(min(ABREAST, conflict.draws), seed=conflict.seed)
        error = error_of_steps(some, start=start, truce=truce, months=moments) if estimate_error else float("nan")
        return replace(made, error=error, sampling=_sampling_of(made, seconds_of_draw(conflict, moments)))
    if troops is not None:
        raise AskError(Problem("truce/bad-number", "troops are given per draw, so draws cannot be added", hint="leave the budget out"))

    def ask(drawn: Conflict) -> dict[Hashable, Floats]:
        part = played(drawn, start=start, truce=truce, months=moments)
        return {"alive": part.alive, "lasted": part.lasted}

    seconds = seconds_of_draw(conflict, moments)
    in_time = 3 * ABREAST * seconds <= SHARE_OF_STEPS * budget.seconds
    some = conflict.draw(ABREAST, seed=conflict.seed)
    error = error_of_steps(some, start=start, truce=truce, months=moments) if in_time else float("nan")
    arrays, sampling = gathered(
        conflict, budget, ask, seconds=seconds, shown=lambda arrays: [arrays["alive"]], abreast=abreast(conflict.graph),
        slower=lambda clock: slower_than_reckoned(conflict, clock, start=start, truce=truce, months=moments),
    )  # fmt: skip
    n = sampling.draws
    share = np.full(n, 1 / n)
    return Survival(conflict, moments, arrays["alive"], share, arrays["lasted"], np.full(n, np.nan), error, None, sampling)


def error_of_steps(conflict: Conflict, *, start: Start, truce: Condition, months: Months) -> float:
    """About how far the steps of time put a draw off, in the mean over draws, at the month where it is most: from steps half as long.

    Steps are of order 3, so that half of one is off by an eighth of what the whole is; where events that are done at once are
    played apart, by a quarter or so. Asked of a few draws: as many as are played side by side tell enough.
    """
    coarse, fine = (played(conflict, start=start, truce=truce, months=months, finer=finer).alive for finer in (1, 2))
    return float(np.abs(coarse - fine).mean(axis=0).max()) * 4 / 3


def _sampling_of(made: Survival, seconds: float) -> Sampling:
    return Sampling(len(made.alive), largest_error([made.alive]), None, False, seconds)


def played(
    conflict: Conflict,
    *,
    start: Start,
    truce: Condition,
    months: Months,
    flow: Floats | None = None,
    finer: int = 1,
    sweeps: int | None = None,
) -> Survival:
    """Survival in just the draws of a conflict.

    flow   : as `flow_with_zones`, where it is known already
    finer  : so many times as many steps of time as are usual
    sweeps : as in `survive_many`
    """
    moments = checked_months(months)
    tempo, noise, discount = pace(conflict)
    return survive_many(
        conflict, flow=flow_with_zones(conflict) if flow is None else flow, tempo=tempo, noise=noise, discount=discount, chance=rates(conflict),
        move_cost=prices(conflict), start=start, truce=truce, months=moments, horizon=_horizon(float(moments[-1])), finer=finer,
        sweeps=sweeps,
    )  # fmt: skip


def seconds_of_draw(conflict: Conflict, months: Months) -> float:
    """Reckoned beforehand: seconds that one draw takes to play to twice the last month, on one core of an ordinary machine.

    States times parties that can move times sweeps, at PER_VISIT seconds each, and PER_OPTION for every move looked at.
    """
    return max(LEAST_SWEEPS, _fewest(conflict.draw(1), checked_months(months)[-1])) * _seconds_of_sweep(conflict.graph)


def _fewest(conflict: Conflict, last: float) -> int:
    """Sweeps that play to twice the last month takes at least, whatever the draw."""
    graph = conflict.graph
    tempo, _, discount = pace(conflict)
    others = tempo[:, _moving(graph)].sum(axis=1) + discount.max(axis=1)
    rate, _ = rates_of_steps(graph.chances, rates(conflict), others, graph.n_states)
    return fewest_sweeps(float(rate.max()), _horizon(float(last)))


def _seconds_of_sweep(graph: Graph) -> float:
    return PER_VISIT * graph.n_states * int(_moving(graph).sum()) + PER_OPTION * options_looked_at(graph)


def _moving(graph: Graph) -> NDArray[np.bool_]:
    return np.array([moves.any for moves in graph.moves], np.bool_)


def slower_than_reckoned(conflict: Conflict, clock: Callable[[], float], *, start: Start, truce: Condition, months: Months) -> float:
    """How many times as long as reckoned draws take on this machine as it is now, from as many as are played side by side, a short way ahead."""
    some, last = conflict.draw(abreast(conflict.graph), seed=conflict.seed), checked_months(months)[-1:]
    sweeps, flow = _fewest(some, last[0] / SHORTER), flow_with_zones(some)
    before = clock()
    played(some, start=start, truce=truce, months=last / SHORTER, flow=flow, sweeps=sweeps)
    return (clock() - before) / (some.draws * sweeps * _seconds_of_sweep(conflict.graph))


def _horizon(last: float) -> float:
    """How far ahead everyone looks who is asked about so many months."""
    return LOOK_AHEAD * last if last > 0 else 1.0


@dataclass(frozen=True, slots=True, repr=False)
class Breaks(Shown):
    """What breaks a truce of the case as it stands.

    shares : who does what, with its share of all that ends it
    ways   : the likeliest sequences of moves that end it, with the choices made now
    """

    shares: Table
    ways: Ways

    def table(self) -> Table:
        """Who does what, with its share."""
        return self.shares


def breaking(
    conflict: Conflict, *, start: Start, truce: Condition, months: Months, most: int = 10, budget: Budget | None = None
) -> Breaks:  # fmt: skip
    """What breaks a truce of the case as it stands, up to the last month: who does what with which share, by which ways.

    budget : how long it may take; where steps of time that are halved until they are exact do not fit, they are as long as may be

    Raises
    ------
    AskError
        As `survival`.
    """
    moments = checked_months(months)
    looked = _looked(conflict, float(moments[-1]), budget)
    shares = survival_under(looked, start=start, truce=truce, months=moments).breaks(most=most)
    lots = tuple(
        f"{party}: breaks it about as often as by drawing lots, for what it gains by keeping it is small beside its noise"
        for party in by_lot(looked, start=start, truce=truce)
    )
    own = ("by the case's own numbers, of which nothing is drawn",) if conflict.draws > 1 else ()
    return Breaks(replace(shares, notes=(*shares.notes, *own, *lots)), ways_to_break(looked, start=start, truce=truce, most=min(most, 5)))


def by_lot(looked: Play, *, start: Start, truce: Condition) -> tuple[str, ...]:
    """Parties that break a truce, given a chance to move at its start, about as often as if each of their options were drawn by lot.

    Where a case gives no sizes or no noise, these are usual ones: a truce that is broken so says little of what anybody wants.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> text = "bestand: 1\\ntitle: t\\nparties: {a: {name: A}}\\nlevers: {a.keeps: {is: keeps, now: yes}}\\nwants: {a: [{that: a.keeps, worth: %g}]}"
    >>> [by_lot(_looked(conflict(read_text(text % worth)), 12), start="now", truce="a.keeps") for worth in (0.01, 1, -1)]
    [('a',), (), ()]
    """
    inside = truce_states(looked.game.conflict, truce)
    mass = starting(looked.game.conflict, start, inside)
    broken, drawn = dict.fromkeys(looked.game.graph.parties, 0.0), dict.fromkeys(looked.game.graph.parties, 0.0)
    for state in np.flatnonzero(mass):
        options = [each for each in looked.next_choices(int(state)) if each.chance is not None]
        for party in broken:
            own = [(each.chance or 0.0, not inside[each.target]) for each in options if each.who == party]
            broken[party] += float(mass[state]) * sum(chance for chance, out in own if out)
            drawn[party] += float(mass[state]) * sum(out for _, out in own) / max(1, len(own))
    return tuple(party for party in broken if drawn[party] > 0 and LIKE_LOTS * drawn[party] <= broken[party] <= drawn[party] / LIKE_LOTS)


def _looked(conflict: Conflict, month: float, budget: Budget | None = None) -> Play:
    made, horizon = game_with_zones(conflict), _horizon(month)
    fewest = fewest_sweeps(largest_rate(made), horizon)
    if budget is not None and HALVED_ONCE * seconds_of_play(made, fewest) > budget.left(0.0):
        return play_game(made, horizon=horizon, sweeps=fewest, estimate_error=False)
    return play_game(made, horizon=horizon, budget=budget)


def by_chance_only(conflict: Conflict, lever: str) -> Conflict:
    """The conflict with a lever that no party moves any more, only events do: a guarantee that may leave at an unknown date."""
    levers = conflict.case.file.levers
    never = Guard(that="false", assumed="only events move this lever here")
    closed = levers[lever].model_copy(update={"needs": dict.fromkeys(levers[lever].settings, never)})
    return conflict.of(with_file(conflict.case, levers={**levers, lever: closed}))


def hazard_ratio(alive: Floats, against: Floats) -> Floats:
    """Ratio of the mean hazards, from the chances to survive: log S / log S₀, per draw (n_draws,); nan where it is not known.

    alive, against : (n_draws, n_times), or (n_draws,) of one time

    Of each draw it is over the longest of the times after which something is left of both: a chance below `LEAST_KNOWN` is
    the error of the steps, whose logarithm would be told as a hazard. Where S₀ is as near to 1 it has no hazard to compare with.
    The least that is told is `LEAST_RATIO`.

    >>> hazard_ratio(np.array([0.25, 0.5, 0.5]), np.array([0.5, 0.5, 1e-12]))
    array([ 2.,  1., nan])
    >>> hazard_ratio(np.array([[0.5, 0.25]]), np.array([[0.25, 1e-12]]))
    array([0.5])
    """
    left, other = (each[:, None] if each.ndim == 1 else each for each in np.broadcast_arrays(alive, against))
    known = (left >= LEAST_KNOWN) & (other >= LEAST_KNOWN) & (other <= 1 - LEAST_KNOWN)
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    draws = np.arange(len(left))
    ratio = np.log(np.clip(left[draws, last], LEAST_KNOWN, 1.0)) / np.log(np.clip(other[draws, last], LEAST_KNOWN, 1 - LEAST_KNOWN))
    return np.where(known.any(axis=1), np.maximum(ratio, LEAST_RATIO), np.nan)
