"""How long a truce of a case holds when some levers are held, over draws of everything that the case leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.case.lines import with_file
from bestand.case.loaded import Case
from bestand.case.model import Guard
from bestand.errors import AskError, Problem
from bestand.graph.build import build
from bestand.graph.game import Game, move_costs
from bestand.graph.model import Graph
from bestand.graph.numbers import Numbers, pace, prices, rates
from bestand.graph.worth import worth as worth_of
from bestand.play.horizon import play_game
from bestand.play.many import survive_many
from bestand.play.survival import Survival, survival_under
from bestand.show import Table
from bestand.truce.zones import Floats, with_zones

LOOK_AHEAD = 2.0  # the horizon is so many times the last month asked about: what comes after still counts
MOST_CELLS = 40_000_000  # states times parties times draws


@dataclass(frozen=True, slots=True)
class Situation:
    """A view of a case with levers held, and its numbers of play in every draw.

    flow : (n_draws, n_parties, n_states) worth a month, with what attacks on zones bring and cost
    cost : lever → (n_draws,), what moving it costs once
    """

    graph: Graph
    flow: Floats
    tempo: Floats
    noise: Floats
    discount: Floats
    rates: Floats
    cost: Mapping[str, Floats]

    def game(self, draw: int) -> Game:
        """One draw as a game, with the rates that its events have there."""
        chances = tuple(replace(event, per_month=float(rate)) for event, rate in zip(self.graph.chances, self.rates[draw], strict=True))
        graph, price = replace(self.graph, chances=chances), {lever: float(each[draw]) for lever, each in self.cost.items()}
        cost = tuple(move_costs(graph, i, price) for i in range(len(graph.parties)))
        return Game(graph, self.flow[draw], self.tempo[draw], self.noise[draw], self.discount[draw], cost)


def situation(
    case: Case,
    *,
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    draws: int = 1,
    seed: int = 0,
    troops: Mapping[str, Floats] | None = None,
) -> Situation:
    """What is played in a view of a case with some levers held, in every draw; the same seed draws the same numbers.

    troops : zone: thousand troops of its first guard in every draw, in place of what the case gives

    Raises
    ------
    AskError
        `worth/ordinal` where a want has no `worth`; `truce/too-large`.
    """
    graph = build(case, view=view, hold=hold)
    if graph.n_states * len(graph.parties) * draws > MOST_CELLS:
        what = f"{draws} draws of {graph.n_states:,} states are too many to play"
        raise AskError(Problem("truce/too-large", what, hint="draw less often, hold more levers, or take a smaller view"))
    numbers = Numbers(draws=draws, seed=seed)
    worth = worth_of(case, graph, draws=draws, rng=np.random.default_rng(seed), scale="cardinal")
    assert worth.value is not None
    flow = with_zones(case, graph, numbers, worth.value, troops=troops)
    tempo, noise, discount = pace(case, graph, numbers)
    return Situation(graph, flow, tempo, noise, discount, rates(case, graph, numbers), prices(case, numbers))


def survival(
    case: Case,
    *,
    start: str,
    holds: str,
    months: Sequence[float],
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    draws: int = 100,
    seed: int = 0,
    troops: Mapping[str, Floats] | None = None,
) -> Survival:
    """Chance over time that a truce holds from the state of `start` nearest to today, in every draw.

    start, holds : conditions; holds must hold where it starts
    hold         : levers put and held at a setting
    draws        : of types, doubtful wants, and every number with a range; draw 0 is the case as it stands

    Play to a horizon of twice the last month; the zones of the case, if it has any, are part of it.

    Raises
    ------
    AskError
        `truce/no-start`, `truce/bad-months`, `worth/ordinal`, `truce/too-large`.
    """
    played = situation(case, view=view, hold=hold, draws=draws, seed=seed, troops=troops)
    inside = played.graph.where(case.condition(holds))
    at = nearest(case, played.graph, played.graph.where(case.condition(start)) & inside, f"{start} and {holds}")
    return survive_many(
        played.graph, flow=played.flow, tempo=played.tempo, noise=played.noise, discount=played.discount, chance=played.rates,
        move_cost=played.cost, start=at, holds=inside, months=months, horizon=LOOK_AHEAD * float(months[-1]),
    )


def breaking(
    case: Case, *, start: str, holds: str, month: float, view: str | None = None, hold: Mapping[str, str] | None = None
) -> Table:
    """What breaks a truce of the case as it stands, up to a month: who does what, with its share of all that ends it."""
    played = situation(case, view=view, hold=hold)
    inside = played.graph.where(case.condition(holds))
    at = nearest(case, played.graph, played.graph.where(case.condition(start)) & inside, f"{start} and {holds}")
    looked = play_game(played.game(0), horizon=LOOK_AHEAD * month)
    return survival_under(looked, start=at, holds=inside, months=[month]).breaks()


def nearest(case: Case, graph: Graph, among: NDArray[np.bool_], words: str) -> int:
    """Of the states of a mask the one with the fewest levers set otherwise than today; the first of several.

    Raises
    ------
    AskError
        `truce/no-start` where the mask is empty.
    """
    if not among.any():
        hint = "look at the levers that the view holds fixed, and at `never`"
        raise AskError(Problem("truce/no-start", f"no state of this view has '{words}'", hint=hint))
    far = np.zeros(graph.n_states, np.int64)
    for lever in graph.levers:
        far += graph.digits(lever) != case.settings[lever].index(case.now[lever])
    states = np.flatnonzero(among)
    return int(states[far[states].argmin()])


def by_chance_only(case: Case, lever: str) -> Case:
    """The case with a lever that no party moves any more, only events do: a guarantee that may leave at an unknown date."""
    about = case.file.levers[lever]
    never = Guard(that="false", assumed="only events move this lever here")
    closed = about.model_copy(update={"needs": dict.fromkeys(about.settings, never)})
    return with_file(case, levers={**case.file.levers, lever: closed})
