"""A changed number in what the program says about a catalogue case must be seen, and explained in the commit."""

from __future__ import annotations

import pytest

from bestand.case.read import catalogue
from tests.transcripts import CASES, transcript


@pytest.mark.parametrize("name", catalogue())
def test_the_transcript_is_what_the_program_says(name):
    assert (CASES / name / "transcript.txt").read_text(encoding="utf-8") == transcript(name)
