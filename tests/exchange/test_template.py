"""The workbook in which a case can be written: read back as it was, and every mistake told by sheet, row and column at once."""

from __future__ import annotations

import datetime
import io
import time
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from bestand import conflict, export, import_, read, read_text
from bestand.case.lines import with_file
from bestand.case.template import new
from bestand.cli import main
from bestand.errors import CaseError
from bestand.exchange.template import COLUMNS, from_template, to_template
from bestand.exchange.workbook import workbook
from bestand.show import Table
from tests.depth import spread


def book(**sheets: list[tuple]) -> bytes:
    return workbook({name: Table(name, rows[0], tuple(rows[1:])) for name, rows in sheets.items()})


@pytest.mark.parametrize("name", ["new", "example/en", "invented/mountain-road", "ukraine/2025-04"])
def test_what_is_written_is_read_back_with_the_same_graph_and_worths(name):
    case = read_text(new("A dispute")) if name == "new" else read(name)
    again = read_text(from_template(to_template(case).content).text)
    assert list(again.file.levers) == list(case.file.levers) and again.now == case.now
    view = {} if name != "ukraine/2025-04" else {lever: case.now[lever] for lever in list(case.file.levers)[8:]}
    scale = "cardinal" if name == "example/en" else "ordinal"
    old, back = (conflict(each, hold=view, scale=scale) for each in (with_file(case, views={}), again))
    assert (old.graph.codes == back.graph.codes).all() and (old.worth.rank == back.worth.rank).all()
    assert scale == "ordinal" or np.allclose(old.worth.value, back.worth.value)
    for a, b in zip(old.graph.moves, back.graph.moves, strict=True):
        assert (a.target == b.target).all() and (a.members == b.members).all()


def test_what_has_no_cell_is_said():
    lost = " ".join(to_template(read("example/en")).told("lost"))
    for part in ("claims", "sources", "events", "because of levers", "because of wants", "talks", "views"):
        assert part in lost, part


def test_all_mistakes_are_told_at_once_by_sheet_row_and_column():
    content = book(
        Parties=[("party", "name"), ("a", "A"), ("b", ""), ("a", "again")],
        Levers=[("lever", "is", "settings", "now", "needs"), ("a.x", "x", "no; yes", "maybe", ""), ("c.y", "y", "", "", "yes: b.z"), ("a.w", "w", "", "", "yes")],
        Wants=[("party", "that", "worth", "lowest", "red_line"), ("a", "a.x and", "much", "", "perhaps"), ("d", "a.x", 1, 0, ""), ("a", "a.q = no", 1, "", "")],
        Types=[("party", "type", "share"), ("e", "t", 1)],
    )
    with pytest.raises(CaseError) as caught:
        from_template(content, name="book.xlsx")
    said = "\n".join(map(str, caught.value.problems))
    for part in (
        "'a' stands in row 2 as well\n  in book.xlsx (sheet Parties, row 4, column party)",
        "sheet Parties, row 3, column name",
        "a guard without its setting or condition\n  in book.xlsx (sheet Levers, row 4, column needs)",
        "sheet Levers, row 2, column now",
        "no lever or term 'b.z'",
        "'much' is no number\n  in book.xlsx (sheet Wants, row 2, column worth)",
        "neither yes nor no\n  in book.xlsx (sheet Wants, row 2, column red_line)",
        "sheet Wants, row 3, column lowest",
        "no lever or term 'a.q'",
        "no party 'e'\n  in book.xlsx (sheet Types, row 2, column party)",
    ):
        assert part in said, (part, said)
    assert all(str(problem.place).startswith("book.xlsx (sheet") for problem in caught.value.problems), said


def test_sheets_and_columns_that_are_missing_or_too_many_are_told():
    with pytest.raises(CaseError, match=r"(?s)no sheet 'Levers'.*no sheet 'Wants'"):
        from_template(book(Parties=[("party", "name"), ("a", "A")]))
    with pytest.raises(CaseError, match=r"(?s)column 'nme' is not one of the template.*did you mean 'name'"):
        from_template(book(Parties=[("party", "name", "nme"), ("a", "A", "x")], Levers=[("lever", "is"), ("a.x", "x")], Wants=[("party", "that"), ("a", "a.x")]))
    extra = book(Parties=[("party", "name"), ("a", "A")], Levers=[("lever", "is"), ("a.x", "x")], Wants=[("party", "that"), ("a", "a.x")], Notes=[("x",), ("y",)])
    assert from_template(extra).told("lost") == ("sheet Notes",)


def test_a_template_filled_in_by_another_program_is_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    filled = openpyxl.load_workbook(io.BytesIO(to_template(read_text(new("A dispute"))).content))
    assert set(COLUMNS) < set(filled.sheetnames)
    filled["Levers"].append(["a.helps", "A helps", "no; a_bit; yes", "a_bit", "up", "", "seen"])
    filled["Wants"].append(["b", None, "a.helps >= a_bit", "to be helped", 2, 1, 3, True, "seen"])
    filled.save(tmp_path / "case.xlsx")
    case = read_text(import_(tmp_path / "case.xlsx").text)
    assert case.now["a.helps"] == "a_bit" and case.file.levers["a.helps"].one_way == "up"
    want = case.wants("b")[""][-1]
    assert want.red_line and want.worth.range == (1, 3) and want.that == "a.helps >= a_bit"


@pytest.mark.parametrize("late", [False, True])
def test_days_typed_in_a_spreadsheet_are_days(late):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    book = openpyxl.load_workbook(io.BytesIO(to_template(read_text(new("A dispute"))).content))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904 if late else openpyxl.utils.datetime.CALENDAR_WINDOWS_1900
    cell = next(row[1] for row in book["Case"].iter_rows() if row[0].value == "as_of")
    cell.value, cell.number_format = datetime.date(2025, 1, 3), "dd/mm/yyyy"
    assert read_text(from_template(saved(book)).text).file.as_of == "2025-01-03"
    cell.value, cell.number_format = 45660, "General"
    with pytest.raises(CaseError, match=r"(?s)the number 45660, where a day is wanted.*sheet Case, row \d, column value"):
        from_template(saved(book))
    cell.value, cell.number_format = 2025, "General"
    assert read_text(from_template(saved(book)).text).file.as_of == "2025"
    book["Levers"]["C2"].value, book["Levers"]["C2"].number_format = datetime.datetime(2025, 2, 1, 10, 30), "d-mmm"
    with pytest.raises(CaseError, match=r"(?s)a date or time \(2025-02-01 10:30:00\), where a text is wanted.*sheet Levers, row 2, column settings"):
        from_template(saved(book))


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_typed_into_a_text_column_of_the_template_stays_text():
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    book = openpyxl.load_workbook(io.BytesIO(to_template(read_text(new("A dispute"))).content))
    assert all(cell.number_format == "@" for row in book["Case"].iter_rows() for cell in row)
    formats = {cell.value: book["Wants"].column_dimensions[cell.column_letter].number_format for cell in book["Wants"][1]}
    assert formats["is"] == formats["that"] == "@" and formats["worth"] == "General"


def test_commands_write_and_read_the_template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["new", "Water", "--xlsx", "-o", "water.xlsx"]).exit_code == 0
    told = CliRunner().invoke(main, ["import", "water.xlsx", "-o", "water.yaml"])
    assert told.exit_code == 0 and read("water.yaml").file.title == "Water", told.output
    assert CliRunner().invoke(main, ["new", "Water", "--xlsx"]).exit_code == 2
    assert export(conflict(read("water.yaml")), to="template").content.startswith(b"PK")


def filled(tmp_path, change) -> str:
    """The template as openpyxl has it, changed by hand and read back."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    typed = openpyxl.load_workbook(io.BytesIO(to_template(read_text(new("A dispute"))).content))
    change(typed)
    typed.save(tmp_path / "case.xlsx")
    return import_(tmp_path / "case.xlsx")


def test_merged_cells_have_the_same_text_in_every_row_and_that_is_said(tmp_path):
    """Only the first row of a merged party had a party; the others were refused as without a name."""
    def merge(typed):
        sheet = typed["Wants"]
        for rows in ((2, 4), (5, 7)):
            for row in range(rows[0] + 1, rows[1] + 1):
                sheet.cell(row, 1).value = None
            sheet.merge_cells(start_row=rows[0], end_row=rows[1], start_column=1, end_column=1)

    carried = filled(tmp_path, merge)
    assert read_text(carried.text).file.wants == read_text(from_template(to_template(read_text(new("A dispute"))).content).text).file.wants
    assert any("Wants A2:A4, Wants A5:A7" in said for said in carried.told("changed"))


def test_a_formula_without_its_result_is_no_empty_cell(tmp_path):
    """openpyxl and others write formulas without results: the worth was lost without a word."""
    with pytest.raises(CaseError, match=r"import/bad-cell.*a formula whose result is not in the file\s+in .*sheet Wants, row 2, column worth"):
        filled(tmp_path, lambda typed: typed["Wants"].__setitem__("E2", "=1+1"))
    with pytest.raises(CaseError, match="sheet Levers, row 2, column is"):
        filled(tmp_path, lambda typed: typed["Levers"].__setitem__("B2", '="x"&"y"'))

    def scratch(typed):
        typed.create_sheet("scratch")["A2"] = "=1+1"
        typed["scratch"]["A1"] = "sum"

    assert filled(tmp_path, scratch).text


def test_names_of_columns_may_differ_in_capitals_and_blanks(tmp_path):
    def respell(typed):
        typed["Wants"]["A1"], typed["Wants"]["C1"], typed["Levers"]["A1"] = " Party", "That", "LEVER "

    assert read_text(filled(tmp_path, respell).text).file == read_text(filled(tmp_path, lambda typed: None).text).file


def test_commas_between_settings_are_told(tmp_path):
    with pytest.raises(CaseError, match="commas between settings") as told:
        filled(tmp_path, lambda typed: typed["Levers"].__setitem__("C2", "no, yes"))
    assert len(told.value.problems) == 1


@spread(
    ("merged", "n_rows"),
    [(["ZZZ2:ZZZ99999"], 20_000), ([f"A{k}:A99999" for k in range(2, 5_000)], 20_000), (["A2:A99999"], 5_000)],
    ids=["a column far away", "ranges in ranges", "long text"],
    first=1,
)
def test_merged_cells_that_come_to_too_much_are_refused_at_once(merged, n_rows):
    text = "x" * 30_000 if n_rows == 5_000 else "x"
    rows = [("party", "name"), (text, "A"), *[("", "B")] * n_rows] if merged[0][0] == "A" else [("party", "name"), *[("a", "A")] * n_rows]
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(Parties=rows))) as plain, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            part = plain.read(name).decode()
            cells = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
            made.writestr(name, part.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>"))
    began = time.process_time()
    with pytest.raises(CaseError) as caught:
        from_template(content.getvalue())
    assert merged[0][0] == "Z" or caught.value.code == "import/too-large"
    assert time.process_time() - began < 10  # 1 on a quiet machine
