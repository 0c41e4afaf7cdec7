"""Which single opening turns where a goal rests, is reached and can be agreed on, worked out again from the file by code of our own.

What is open and how it can stand is read from the space; what then follows, from `tests/oracle/plain_view.py` and `plain_truce.py`, which import nothing of
the program. Numbers (a worth, a rate, a tempo, a noise) are asked whether a goal lasts a year.
"""

from __future__ import annotations

import functools
import os
import re

import pytest

from bestand import measure, read, space, tipping
from bestand.case.read import read_text
from bestand.case.write import expanded_text
from tests.depth import DEEP, more_in_depth, spread
from tests.oracle.plain_answers import degrees
from tests.oracle.plain_truce import Board, Truce, as_stated, wants_as_stated
from tests.oracle.plain_view import File, Game, View

DEGREE = {"certain": 1.0, "probable": 0.8, "possible": 0.5, "uncommitted": 0.5, "denied": 0.1}
ASKED = ("rests", "reached", "deal")
CASES = [("example/en", "truce"), ("invented/harbour-strike", "truce"), ("invented/mountain-road", "free")]
if os.environ.get("BESTAND_SEARCH"):
    CASES.append(("ukraine/2025-04", "truce_in_force"))  # takes minutes


class Moved:
    """A view, and what it answers with one thing that is open moved."""

    def __init__(self, name: str, goal: str):
        self.file = File(expanded_text(read(name)))
        self.view, self.goal = View(self.file, "core"), goal
        self.known: dict[tuple, dict[str, bool]] = {}

    def answers(self, types=None, false=frozenset(), gone=None, placed=None) -> dict[str, bool]:
        """types: other than usual; false: claims; gone: a want that is not there; placed: a want, and its place from 0."""
        kinds = {**self.file.usual(), **(types or {})}
        wants = {party: self.wants(party, kinds[party], false, gone, placed) for party in self.file.parties}
        key = (*kinds.values(), *(tuple(map(id, each)) for each in wants.values()))
        if key not in self.known:
            game, has = Game(self.view, kinds, wants), self.view.ok & self.view.holds(self.goal)
            self.known[key] = {
                "rests": bool((game.rests("best") & has).any()), "reached": bool((game.reached("best", self.view.now) & has).any()),
                "deal": bool(game.agreed(self.goal, by="order").any()),
            }  # fmt: skip
        return self.known[key]

    def wants(self, party, kind, false, gone, placed):
        listed = list(enumerate(self.file.wants(party, kind)))
        if placed and placed[0] == (party, kind):
            listed.insert(placed[2], listed.pop(placed[1]))
        return [want for k, want in listed if (party, kind, k) != gone and stands(want, false)]

    def unbelieved(self, speaker: str, degree: str) -> frozenset[str]:
        """Claims that fall where one through whom they are heard is believed from a degree on only."""
        return frozenset(
            name for name, claim in (self.file.file.get("claims") or {}).items()
            for who, holds in zip(heard(claim), [degrees(claim)[0], *degrees(claim)[2:]], strict=False) if who == speaker and DEGREE[holds] < DEGREE[degree]
        )  # fmt: skip

    def ways(self, opening):
        """Every other way in which an opening can be, with what is then answered."""
        place = re.fullmatch(r"\w+\.(\w+)(?:\.(\w+))?(?:\[(\d+)\])?", opening.at)
        party, kind, k = (place[1], place[2] or "", int(place[3] or 0)) if place else ("", "", 0)
        match opening.kind:
            case "claim":
                yield 0, self.answers(false=frozenset({opening.at.removeprefix("claims.")}))
            case "want":
                yield 0, self.answers(gone=(party, kind, k))
            case "place":
                near = [int(opening.usual) + step for step in (-1, 1) if opening.width >= 1]
                yield from ((to, self.answers(placed=((party, kind), k, to - 1))) for to in near if opening.low <= to <= opening.high)
            case "type":
                yield from ((n, self.answers(types={party: name})) for n, name in enumerate(opening.choices) if n != opening.usual)
            case "speaker":
                who = opening.at.removeprefix("speakers.")
                yield from ((n, self.answers(false=self.unbelieved(who, degree))) for n, degree in enumerate(opening.choices) if n != opening.usual)


def stands(want, false) -> bool:
    needed, supporting = want.get("because") or [], want.get("supported_by") or []
    return not set(needed) & false if needed else not supporting or bool(set(supporting) - false)


def heard(claim) -> list[str]:
    says = claim.get("says", "author")
    return [link["who"] for link in claim.get("chain") or []] + ([says] if says != "author" else [])


@functools.cache
def moved(name: str, goal: str) -> Moved:
    return Moved(name, goal)


@spread(("name", "goal"), CASES, ids=[name for name, _ in CASES], first=1)
def test_what_turns_an_answer_alone_is_what_turns_it(name, goal):
    case, ours = read(name), moved(name, goal)
    open_ = space(case)
    usual = ours.answers()
    turns = {asked: {} for asked in ASKED}
    for opening in open_.openings:
        for value, answer in ours.ways(opening):
            for asked in ASKED:
                if answer[asked] != usual[asked]:
                    turns[asked].setdefault(opening.name, set()).add(value)
    for asked in ASKED:
        found = tipping(case, open_, measure(case, f"{asked} {goal}"), view="core")
        told = {each.opening.name: each.at for each in found.tips if each.opening.kind != "today"}
        assert found.answer == usual[asked] and told.keys() == turns[asked].keys(), asked
        assert all(at in turns[asked][which] for which, at in told.items())
    assert len(ours.known) > 8 and (name.startswith("ukraine") or any(turns.values()))


FORD = """
bestand: 1
title: A ford
parties:
  east: {name: East}
  west: {name: West, types: {calm: {value: 0.6, range: [0.5, 0.7], assumed: x}, sore: {value: 0.4, assumed: x}}}
  world: {name: Chance, chance: true}
levers:
  east.raids: {is: East raids}
  west.raids: {is: West raids}
  world.flood: {is: the ford is flooded}
terms: {truce: not east.raids and not west.raids}
events:
  rain: {sets: {world.flood: yes}, when: not world.flood, assumed: x, per_month: {value: 0.5, range: [0.1, 4], assumed: x}}
  sun: {sets: {world.flood: no}, when: world.flood, assumed: x, per_month: {value: 1, range: [0.1, 4], assumed: x}}
wants:
  east:
    - {that: truce, assumed: x, worth: {value: 1.5, range: [0.5, 3], assumed: x}}
    - {that: east.raids and not world.flood, assumed: x, worth: {value: 0.6, range: [0, 2], assumed: x}}
  west:
    calm:
      - {that: not east.raids, assumed: x, worth: {value: 2, range: [0, 4], assumed: x}}
      - {that: west.raids and world.flood, assumed: x, worth: {value: 0.4, range: [0, 3], assumed: x}}
    sore: [{that: west.raids, assumed: x, worth: {value: 1, range: [0, 2], assumed: x}}]
views: {core: {vary: [all]}}
play:
  tempo: {east: {value: 0.5, range: [0.1, 2], assumed: x}, west: {value: 0.5, range: [0.1, 2], assumed: x}}
  noise: {east: {value: 0.3, range: [0.1, 1], assumed: x}, west: {value: 0.3, range: [0.1, 1], assumed: x}}
  discount: {east: {value: 0.2, range: [0.05, 0.9], assumed: x}}
  move_cost: {east.raids: {value: 0.2, range: [0, 1], assumed: x}}
"""
SOME = ("wants.east[0].worth", "play.tempo.west", "play.discount.east", "play.move_cost.east.raids")  # by default: one of a kind


class Lasting:
    """How likely it is that what holds lasts a year, with one number of the file moved."""

    def __init__(self, case, view: str, goal: str):
        self.file, self.goal = File(expanded_text(case)), goal
        self.board = Board(self.file, view, {})
        at = self.file.now | ((self.file.file.get("views") or {}).get(view) or {}).get("fixed", {})
        inside = [k for k in range(self.board.at.n) if (self.board.ok & self.board.holds(goal))[k]]
        self.start = min(inside, key=lambda k: sum(at[lever] != setting for lever, setting in self.board.at.settings(k).items()))

    def chance(self, at: str = "", value: float = 0.0) -> float:
        moved = self.node(self.file.file, [part for part in re.split(r"[.\[\]]", at) if part]) if at else None

        def of(given, default: float = 0.0) -> float:
            return value if at and given is moved else as_stated(given, default)

        return float(Truce(self.board, wants_as_stated(self.file), of).alive(self.start, self.goal, [12.0], step=0.2)[0])

    def node(self, here, path: list[str]):
        """What stands at a key path; names may have dots in them."""
        if not path:
            return here
        if isinstance(here, list):
            return self.node(here[int(path[0])], path[1:])
        n = next(n for n in range(len(path), 0, -1) if ".".join(path[:n]) in here)
        return self.node(here[".".join(path[:n])], path[n:])

    def turning(self, opening, level: float, usual: float) -> float | None:
        """The nearest value towards an end of its range at which the answer is another; None where neither end has another."""
        at: list[float] = []
        for end in (opening.low, opening.high):
            if (self.chance(opening.at, end) >= level) != (usual >= level):
                near, far = opening.usual, end
                for _ in range(10):  # to a thousandth of the range
                    middle = (near + far) / 2
                    near, far = (near, middle) if (self.chance(opening.at, middle) >= level) != (usual >= level) else (middle, far)
                at.append(far)
        return min(at, key=lambda value: abs(value - opening.usual), default=None)


@more_in_depth
def test_at_which_value_a_number_turns_whether_a_truce_lasts_a_year():
    """Worths, rates, tempos, noises, a discount and the price of a move; the discount that the case does not give is the usual one."""
    case = read_text(FORD)
    ours, open_ = Lasting(case, "core", "truce"), space(case, kinds=["number"])
    usual = ours.chance()
    level = round(0.85 * usual, 3)
    found = tipping(case, open_, measure(case, "holds-a-year truce"), at_least=level, grid=2, view="core")
    assert found.answer == pytest.approx(usual, abs=5e-4) and usual > 0.05
    told = {each.opening.at: each.at for each in found.tips}
    for opening in open_.openings if DEEP else [each for each in open_.openings if each.at in SOME]:
        at = None if opening.at.startswith(("parties.", "wants.west.sore")) else ours.turning(opening, level, usual)
        assert (at is None) == (opening.at not in told), opening.at
        assert at is None or told[opening.at] == pytest.approx(at, abs=0.004 * (opening.high - opening.low)), opening.at
    assert 4 <= len(told) < len(open_.openings)
