"""An answer for every way in which things may stand today, and their mixture, where that is not known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bestand.bargain.outcomes import deals_of_draws
from bestand.errors import GraphError
from bestand.graph.conflict import Conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.show import Cell, Shown, Table
from bestand.study.outlook import FORESIGHT, READING
from bestand.study.profiles import chance_of_yes, differing_among
from bestand.study.sensitivity import Key, answers_from

MOST_WAYS = 64  # ways in which things may stand today that are asked about each by itself


@dataclass(frozen=True, slots=True)
class Present:
    """One way in which things may stand today.

    settings : of the levers of which it is not known how they stand
    stated  : whether it is the one that the case states
    answers : each headline question, yes or no
    conflict, ends : where best moves from it end, the nearest first, in the conflict with the levers that the view holds held so;
              empty where they go round in circles
    """

    settings: Mapping[str, str]
    chance: float
    stated: bool
    answers: Mapping[Key, bool]
    conflict: Conflict
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Presents(Shown):
    """Every way in which things may stand today with its answers, for the parties as the case stands; the likeliest first.

    left_out : how many less likely ones were not tried
    """

    presents: tuple[Present, ...]
    left_out: int = 0

    @property
    def differing(self) -> tuple[Key, ...]:
        """Questions that are answered otherwise from one than from another."""
        return differing_among([each.answers for each in self.presents])

    @property
    def ends_differ(self) -> bool:
        """Whether best moves end elsewhere from one than from another, whatever was not known left aside."""
        return len({frozenset(_apart(each)) for each in self.presents}) > 1

    def share(self, key: Key) -> float:
        """The chance of yes over all of them."""
        return chance_of_yes([(each.chance, each.answers) for each in self.presents], key)

    def table(self) -> Table:
        """One row per way, the differing answers as columns."""
        keys = self.differing
        rows: list[tuple[Cell, ...]] = [
            (
                ", ".join(f"{lever}={setting}" for lever, setting in each.settings.items()), each.chance, each.stated,
                "; ".join(each.conflict.label(end) for end in each.ends) or None, *(each.answers[key] for key in keys),
            )
            for each in self.presents
        ]  # fmt: skip
        rows.append(("mixture", 1.0, None, None, *(round(self.share(key), 3) for key in keys)))
        columns = ("today", "chance", "as stated", "best moves end in", *(f"{kind} {term}".strip() for kind, term in keys))
        notes = (f"{self.left_out} less likely ways were not tried",) if self.left_out else ()
        return Table("If things stand otherwise today", columns, tuple(rows), notes)


def _apart(each: Present) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ends by the settings of all levers but those of which it was not known how they stand."""
    for end in each.ends:
        yield tuple((lever, setting) for lever, setting in each.conflict.at(end).items() if lever not in each.settings)


def presents(conflict: Conflict, *, goal: str | None = None) -> Presents | None:
    """The headline answers from every way in which things may stand today; None where that is known.

    goal : also whether anything with it could be agreed, nobody falling below where things then stand

    A lever that the view holds at its present setting is held at each of those that have a chance.
    """
    usual = conflict.draw(1).on_scale("ordinal")
    ways = sorted(_ways(usual), key=lambda each: -each[1])
    told = [each for settings, chance in ways[:MOST_WAYS] if (each := _present(usual, settings, chance, goal)) is not None]
    if len(told) < 2:
        return None
    total = sum(each.chance for each in told)
    return Presents(tuple(replace(each, chance=each.chance / total) for each in told), max(0, len(ways) - MOST_WAYS))


def _ways(conflict: Conflict) -> Iterator[tuple[Mapping[str, str], float]]:
    """Settings of the levers of which it is not known how they stand, with their chances."""
    file, vary = conflict.case.file, conflict.graph.levers
    put = {*conflict.held, *(file.views[conflict.view].fixed if conflict.view else ())}
    odds = {name: lever.odds for name, lever in file.levers.items() if lever.odds and (name in vary or name not in put)}
    if not odds or file.present == "unknown":
        return
    for chosen in itertools.product(*([(setting, chance) for setting, chance in each.items() if chance] for each in odds.values())):
        yield {name: setting for name, (setting, _) in zip(odds, chosen, strict=True)}, math.prod(chance for _, chance in chosen)


def _present(conflict: Conflict, settings: Mapping[str, str], chance: float, goal: str | None) -> Present | None:
    """The answers from one way in which things may stand; None where the case bans it."""
    usual, vary = conflict.case.now, set(conflict.graph.levers)
    held = {lever: setting for lever, setting in settings.items() if lever not in vary and setting != usual[lever]}
    asked = conflict.hold(held) if held else conflict
    try:
        state = asked.state({**{lever: usual[lever] for lever in vary}, **{lever: each for lever, each in settings.items() if lever in vary}})
    except GraphError:
        return None
    ways, resting = paths(asked, start=state, by=READING), stability(asked, concepts=(FORESIGHT,), moves=READING).holds(FORESIGHT)
    answers = answers_from(resting, ways, {term: asked.where(term) for term in asked.case.terms})
    if goal is not None:
        answers["deal_exists", goal] = bool(deals_of_draws(asked, that=goal, fallback=state)[0].any())
    return Present(settings, chance, all(usual[lever] == setting for lever, setting in settings.items()), answers, asked, ways.nearest_ends)
