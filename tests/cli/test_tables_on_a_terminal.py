"""Tables on a terminal: no word is cut in two, nothing is wider than the terminal, and what would be a tower of narrow columns is turned."""

from __future__ import annotations

import pytest

from bestand.cli.terminal import on_terminal
from bestand.show import Portion, Table

WANTS = ", ".join(f"party {k}: the wish that number {k} comes about and lasts" for k in range(12))
NAMES = ("wants.ru.root_causes[0], wants.ua.holds_out[0]", "wants.eu.force_first[0]")


def printed(table: Table, width: int, monkeypatch, capsys) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    on_terminal(table)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140, 400])
def test_no_word_is_cut_and_no_line_is_wider_than_the_terminal(width, monkeypatch, capsys):
    rows = tuple((k, WANTS if k == 1 else "short", "Alm, Brill", NAMES[k % 2]) for k in range(6))
    lines = printed(Table("What would open it", ("cost", "given up", "by", "in the file"), rows, ("a note",)), width, monkeypatch, capsys)
    assert max(map(len, lines)) <= width
    told = set(" ".join(lines).replace(",", " ").replace("│", " ").split())
    assert {word for name in NAMES for word in name.replace(",", " ").split()} <= told


def test_a_table_of_long_cells_is_turned_and_one_that_fits_is_not(monkeypatch, capsys):
    tall = Table("T", ("cost", "given up", "touched", "file", "by"), ((2, WANTS, WANTS, NAMES[0], "Alm"), (3, "x", "", NAMES[1], "Brill")))
    lines = printed(tall, 90, monkeypatch, capsys)
    assert lines[:2] == ["T", "cost: 2"] and "touched: " not in " ".join(lines).partition("cost: 3")[2], "an empty cell has no line"
    assert len(lines) < len(printed(tall, 400, monkeypatch, capsys)) + 30 and "│" not in "".join(lines)
    low = printed(Table("T", ("who", "what"), (("Alm", "a truce"), ("Brill", "land"))), 90, monkeypatch, capsys)
    assert "┃ who   ┃ what    ┃" in low


def test_a_word_wider_than_the_terminal_is_still_shown_whole(monkeypatch, capsys):
    lines = printed(Table("T", ("a", "b"), (("x" * 70, "y"),)), 40, monkeypatch, capsys)
    assert "".join(lines).replace(" ", "").count("x") == 70 and max(map(len, lines)) <= 40


@pytest.mark.parametrize("width", [40, 50, 60, 70])
def test_a_number_and_its_percent_sign_stay_together(width, monkeypatch, capsys):
    rows = tuple((WANTS[: 20 * k], Portion(0.361 + k / 100), WANTS[:90]) for k in range(1, 5))
    told = " ".join(printed(Table("", ("does", "share", "mostly from"), rows), width, monkeypatch, capsys))
    assert all(f"{36.1 + k:.1f} %" in told for k in range(1, 5))


def test_a_turned_table_without_a_title_begins_with_its_first_cell(monkeypatch, capsys):
    assert printed(Table("", ("a", "b"), (("x" * 70, "y"),)), 40, monkeypatch, capsys)[0].startswith("a: x")
