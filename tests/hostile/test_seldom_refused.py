"""Refusals that hardly anybody meets: each is met here once, in words."""

from __future__ import annotations

import asyncio
import builtins

import numpy as np
import pytest

from bestand import conflict, kernels, play, read, space
from bestand.case.read import read_text
from bestand.errors import BestandError
from bestand.evidence.source import Document, text_of
from bestand.explore import space as spaces
from bestand.web import app, moves

HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\n"


def refused(code: str, words: str):
    return pytest.raises(BestandError, match=rf"(?s)\[{code}\] .*{words}")


def test_a_setting_that_stands_twice():
    with refused("case/equal-settings", "'low' stands twice"):
        read_text(HEAD + "levers: {a.x: {is: x, settings: [low, high, low], now: low, assumed: y}}\nwants: {}\n")


@pytest.mark.parametrize("deep", [31, 300, 5_000, 100_000])
@pytest.mark.parametrize("ends", [True, False])
def test_brackets_in_brackets_without_end(deep, ends):
    with refused("case/too-deep", "nested more than 30 deep"):
        read_text(HEAD + f"levers: {'[' * deep}{']' * deep * ends}\n")


def test_more_sweeps_than_play_can_make():
    fast = "play: {tempo: {a: {value: 100, assumed: y}, b: {value: 100, assumed: y}}}\n"
    text = HEAD + "levers: {a.x: {is: x, assumed: y}, b.y: {is: y, assumed: y}}\nwants: {a: [{that: a.x, worth: 1, assumed: y}], b: [{that: b.y, worth: 1, assumed: y}]}\n" + fast
    with refused("play/too-long", "cannot be followed"):
        play(conflict(read_text(text)), months=1_000_000)


def test_more_left_open_than_a_sweep_takes(monkeypatch):
    monkeypatch.setattr(spaces, "MOST_OPENINGS", 2)
    with refused("sweep/too-many-openings", "more than 2"):
        space(read("example/en"))


def test_moves_of_graphs_of_different_sizes():
    one, other = conflict(read("example/en")), conflict(read("invented/harbour-strike"))
    with refused("kernel/bad-moves", "moves of graphs of .* and .* states"):
        kernels.stable([one.graph.moves[0], other.graph.moves[0]], np.zeros((2, 1), np.int32), looks=[("none", False)])


def test_what_is_no_state_of_a_page():
    with refused("web/no-state", "'somewhere' is not a state"):
        moves.state_of(conflict(read("example/en")), "somewhere")


def test_a_page_that_was_not_built(monkeypatch, tmp_path):
    monkeypatch.setattr(app, "PAGE", tmp_path)
    with refused("web/not-built", "npm run build|was not built"):
        asyncio.run(app.page(None))


def test_a_document_whose_reader_is_not_installed(monkeypatch, tmp_path):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.partition(".")[0] in ("pypdf", "docx"):
            raise ImportError(f"No module named '{name}'", name=name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with refused("evidence/needs-extra", "reading this needs pypdf"):
        text_of(Document(tmp_path / "a.pdf", b"%PDF-1.4", "0" * 64))
