"""Every mechanism of the Ukraine case changes an answer: its change is made in the file, and the question is put to both."""

from __future__ import annotations

import pytest

from bestand.case.read import read
from tests.depth import spread
from tests.mechanisms.questions import CASE, Try, answer, mechanisms


@spread("one", [pytest.param(each, id=f"{one.name}-{k}") for one in mechanisms() for k, each in enumerate(one.tries)], first=6)
def test_a_step_of_a_mechanism_changes_an_answer(one: Try) -> None:
    told = [answer(text, one.ask) for text in one.texts()]
    assert len(set(told)) == len(told) > 1, one.ask


def test_there_are_thirty_nine_and_each_stands_on_claims_of_the_case() -> None:
    listed, claims = mechanisms(), read(CASE).file.claims
    assert len(listed) == len({one.name for one in listed}) == 39
    assert all(one.claims and set(one.claims) <= claims.keys() for one in listed)
