"""A changed number in what the program says about a catalogue case must be seen, and explained in the commit."""

from __future__ import annotations

from bestand.case.read import catalogue
from tests.depth import spread
from tests.transcripts import CASES, transcript


@spread("name", catalogue(), first=5)
def test_the_transcript_is_what_the_program_says(name):
    assert (CASES / name / "transcript.txt").read_text(encoding="utf-8") == transcript(name)
