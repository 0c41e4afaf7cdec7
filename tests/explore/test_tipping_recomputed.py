"""Which single opening turns where a goal rests, is reached and can be agreed on, worked out again from the file by code of our own.

What is open and how it can stand is read from the space; what then follows, from `tests/oracle/plain_view.py`, which imports nothing of the program.
"""

from __future__ import annotations

import functools
import os
import re

import yaml

from bestand import measure, read, space, tipping
from bestand.case.write import expanded_text
from tests.depth import spread
from tests.oracle.plain_answers import degrees
from tests.oracle.plain_view import File, Game, View

DEGREE = {"certain": 1.0, "probable": 0.8, "possible": 0.5, "uncommitted": 0.5, "denied": 0.1}
ASKED = ("rests", "reached", "deal")
CASES = [("example/en", "truce"), ("invented/harbour-strike", "truce"), ("invented/mountain-road", "free")]
if os.environ.get("BESTAND_SEARCH"):
    CASES.append(("ukraine/2025-04", "truce_in_force"))  # takes minutes


class Moved:
    """A view, and what it answers with one thing that is open moved."""

    def __init__(self, name: str, goal: str):
        self.file = File(yaml.load(expanded_text(read(name)), Loader=yaml.BaseLoader))
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
