"""Tables that leave the program: every one of a study, no cell a formula, no digit lost."""

from __future__ import annotations

import csv
import io

import pytest

from bestand import conflict, export, read, read_text, stability, study
from bestand.errors import AskError
from bestand.exchange.guard import unformulaic, unguarded
from bestand.exchange.reading import ImportWishes, read_files
from bestand.exchange.sheets import csv_rows
from bestand.exchange.study_tables import parquet, study_tables
from bestand.exchange.workbook import csv_text, sheets, workbook
from bestand.show import Table

AWKWARD = Table("t", ("text", "number", "whole", "truth", "mixed"), (
    ("=1+1", 1 / 3, 7, True, 1), ("@x", float("nan"), None, False, "a"), ("-", None, -2, None, None), ("a\x01\ud800b\n", 1e-300, 10**12, True, 2.5),
))  # fmt: skip


@pytest.fixture(scope="module")
def known():
    return study(read("example/en"), quick=True, draws=1, hypotheses=False)


def test_every_table_of_a_study_is_a_sheet(known):
    found = study_tables(known)
    read_back = sheets(export(known, to="xlsx").content)
    assert len(read_back) == len([table for table in found.values() if table.columns]) >= 11
    assert len(read_back["states"].rows) == known.graph.n_states == 384 and len(read_back["claims"].rows) == 30
    row = read_back["states"].rows[known.graph.now]
    assert row["now"] == "" and row["co.pumps"] == "day_and_night" and row["rank of co"] == str(int(known.conflict.worth.rank[0, 2, known.graph.now]))
    resting = [row["state"] for row in read_back["states"].rows if row["rests (seq)"] == "yes"]
    assert resting == [str(int(s)) for s in stability(known.conflict, moves="best").equilibria("seq")]


def test_a_whole_study_has_more_tables_and_a_quick_one_says_what_it_lacks(known):
    assert any("quick" in words for words in export(known, to="xlsx").told("lost"))
    whole = study(read("example/en"), draws=2, seconds=0.2, hypotheses=False)
    names = study_tables(whole)
    assert {"unlocks", "coalitions"} <= names.keys() and any(name.startswith("agreements") for name in names)
    assert not any("quick" in words for words in export(whole, to="xlsx").told("lost"))


def test_no_cell_is_a_formula_and_spreadsheets_open_it():
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed: workbooks are not opened with it")
    book = openpyxl.load_workbook(io.BytesIO(workbook({"A/B": AWKWARD, "a b": AWKWARD})))
    assert book.sheetnames == ["A B", "a b (2)"]
    cells = [cell for row in book["A B"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"} and book["A B"]["A2"].value == "=1+1" and book["A B"]["A2"].data_type == "s"
    assert book["A B"]["B2"].value == 1 / 3 and book["A B"]["C5"].value == 10**12 and book["A B"]["A5"].value == "a␁\ufffdb\n"


def test_sheets_of_other_programs_are_read():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Säule"
    for row in (["a", "b", "c"], ["x", 1.5, True], [None, None, None], ["  y ", 3, None]):
        book.active.append(row)
    book.create_sheet("empty")
    out = io.BytesIO()
    book.save(out)
    found = sheets(out.getvalue())
    assert list(found) == ["Säule"]
    assert [(row.number, row["a"], row["b"], row["c"]) for row in found["Säule"].rows] == [(2, "x", "1.5", "yes"), (4, "y", "3", "")]


def test_csv_keeps_all_digits(known):
    rows = list(csv.reader(io.StringIO(csv_text(AWKWARD).replace("\ud800", "?"))))
    assert float(rows[1][1]) == 1 / 3 and rows[2][1] == "" and rows[1][0] == "'=1+1" and rows[3][0] == "'-" and rows[3][2] == "-2"
    wants = list(csv.DictReader(io.StringIO(export(known, to="csv", of="wants").text.removeprefix("\ufeff"))))
    assert len(wants) == 4 + 5 + 6 + 4 and wants[0]["condition"] == "not upper.tariff" and wants[0]["red line"] == "yes"
    with pytest.raises(AskError, match="did you mean 'wants'"):
        export(known, to="csv", of="want")


def test_parquet_has_a_type_for_each_column(known, tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="Parquet needs the extra [sweep]")
    clean = Table("t", AWKWARD.columns, AWKWARD.rows[:3], ("a note",))
    (tmp_path / "t.parquet").write_bytes(parquet(clean))
    (tmp_path / "s.parquet").write_bytes(export(known, to="parquet", of="states").content)
    told = duckdb.sql(f"select * from '{tmp_path}/t.parquet'")
    assert [str(kind) for kind in told.types] == ["VARCHAR", "DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR"]
    assert told.fetchall() == [("=1+1", 1 / 3, 7, True, "1"), ("@x", None, None, False, "a"), ("-", None, -2, None, None)]
    [(n,)] = duckdb.sql(f"select count(*) from '{tmp_path}/s.parquet' where \"rests (seq)\"").fetchall()
    assert n == known.counts["seq"]


def test_results_become_data_frames(known):
    pandas = pytest.importorskip("pandas", reason="data frames need the extra [notebook]")
    frame = stability(conflict(read("example/en"))).to_pandas()
    assert isinstance(frame, pandas.DataFrame) and list(frame.columns) == list(stability(conflict(read("example/en"))).table().columns)
    table = study_tables(known)["wants"]
    assert table.to_pandas()["worth"].sum() == sum(row[4] for row in table.rows) and table.to_pandas().attrs["title"] == "Wants"


def test_without_pandas_the_package_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(AskError, match=r"no-pandas.*needs the package pandas"):
        AWKWARD.to_pandas()


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''@x", "+a", "-", "@SUM(A1)", "\tx", "plain", "'t is", "", "'"])
def test_the_guard_against_formulas_is_undone_as_it_is_read(text):
    assert unguarded(unformulaic(text)) == text and not unformulaic(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    read_again = csv_rows(csv_text(Table("t", (f"{text}c", "d"), ((text, "x"),))))
    assert read_again.columns[0] == f"{text}c".strip() and read_again.rows[0][f"{text}c".strip()] == text.strip()


@pytest.mark.parametrize("text", ["'=1", "''=x", "'-", "=1+1"])
def test_a_cell_of_a_workbook_is_the_text_that_stands_there(text):
    """Nothing guards it on the way out, so that nothing is undone on the way in."""
    made = sheets(workbook({"t": Table("t", ("a", text), ((text, "x"),))}))["t"]
    assert made.columns == ("a", text) and made.rows[0]["a"] == text


RISKY = """bestand: 1
title: "=1+1"
sources: {s: {title: "@cmd; x", author: "+Ann", date: "2024", language: en, sha256: "%s"}}
parties: {a: {name: "=HYPERLINK(1)"}, b: {name: B}}
levers: {a.x: {is: "-x", assumed: t}, b.y: {is: y, assumed: t}}
wants: {a: [{that: a.x, assumed: t}], b: [{that: b.y, assumed: t}]}
claims: {c1: {source: s, quote: "=quoted", says: a, author_holds: uncommitted, source_holds: probable, gloss: "@g"}}
""" % ("0" * 64)


@pytest.mark.parametrize("form", ["dna", "claims", "payoffs", "edges", "csv"])
def test_no_cell_of_any_csv_is_a_formula(form):
    made = export(conflict(read_text(RISKY)), to=form, of="parties" if form == "csv" else None)
    rows = list(csv.reader(io.StringIO(made.text.removeprefix("\ufeff")), delimiter=";" if form == "dna" else ","))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'") for cell in cells) or form == "edges", cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "-x"))]
    if form in ("dna", "claims", "payoffs"):
        again = read_text(read_files({"f.csv": made.content}, asked=ImportWishes(into=None if form == "payoffs" else read_text(RISKY.partition("claims:")[0]))).text)
        assert again.file.parties[next(iter(again.file.parties))].name == "=HYPERLINK(1)"
        assert form == "payoffs" or [(each.quote, str(each.gloss)) for each in again.file.claims.values()] == [("=quoted", "@g")]


def test_a_column_is_as_wide_as_what_stands_in_it():
    """Labels were cut at eight letters where a spreadsheet opened them."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed: workbooks are not opened with it")
    book = workbook({"rests": Table("Rests", ("state", "what"), ((1, "the nurses strike no longer"), (2, "x" * 200)))})
    columns = openpyxl.load_workbook(io.BytesIO(book)).active.column_dimensions
    assert columns["A"].width == 8 and columns["B"].width == 60
