"""What changed is told of any two cases, however little they have in common: parties, levers and wants of the one that the other lacks."""

from __future__ import annotations

import itertools

import pytest

from bestand import conflict, diff, read
from bestand.report.worded_changes import changes_worded
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import spread

NAMES = ("example/en", "example/nl", "invented/harbour-strike", "invented/mountain-road", "literature/kinsara-2014/elmira-12-states")


@pytest.mark.parametrize("language", ["en", "nl"])
@spread("old, new", itertools.permutations(NAMES, 2), first=3)
def test_what_changed_is_told_of_any_two_cases(old: str, new: str, language: str) -> None:
    before, after = read(old), read(new)
    changes = diff(before, after)
    told = changes_worded(changes, before, Telling(conflict(after), words(language)))
    assert len(told.rows) == len(changes.changes) > 0 and all(str(row[0]).strip() for row in told.rows)
