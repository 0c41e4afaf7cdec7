"""The fuzzer itself for a while: fixed numbers, and all that ever went wrong."""

from __future__ import annotations

import pathlib

import pytest

from tests.depth import spread
from tests.hostile import fuzz

SEEDS = pathlib.Path(__file__).parent / "seeds.txt"
KEPT = [int(line.split()[0]) for line in SEEDS.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


@spread("first", range(0, 200, 20))
def test_mutated_files_are_answered_in_words(first):
    assert [(seed, what) for seed in range(first, first + 20) if (what := fuzz.wrong(seed)) is not None] == []


@pytest.mark.parametrize("seed", KEPT)
def test_what_once_went_wrong_does_not_again(seed):
    assert fuzz.wrong(seed) is None


def test_a_number_always_makes_the_same_file():
    assert fuzz.file_of(7) == fuzz.file_of(7) != fuzz.file_of(8)


def test_the_fuzzer_sees_a_fault(monkeypatch):
    def fails(rng):
        return "x", lambda text: {}[text]

    monkeypatch.setattr(fuzz, "KINDS", [fails])
    assert fuzz.wrong(1) == "KeyError: 'x'"
