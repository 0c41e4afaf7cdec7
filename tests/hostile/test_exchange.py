"""Files of strangers: large, deep, damaged or malign; answered in words, quickly, and never by a traceback."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
import tracemalloc
import zipfile

import pytest
from click.testing import CliRunner

from bestand import conflict, export, import_, read_text
from bestand.checks.check import check
from bestand.cli import main
from bestand.errors import BestandError, CaseError
from bestand.exchange import games, json_text, markup, reading, sheets, workbook
from bestand.exchange.notes import carried_over
from bestand.exchange.reading import READERS, ImportWishes, read_files
from bestand.exchange.template import to_template
from bestand.show import Table
from tests.conftest import less_progress
from tests.depth import spread
from tests.exchange.test_evidence import cas, with_page
from tests.exchange.test_games import BUYER, DOMAIN, EFG
from tests.hostile.fuzz import mutated, spoilt

NFG = 'NFG 1 R "t" { "A" "B" } { { "u" "d" } { "l" "r" } } "" 1 2 3 4 5 6 7 8'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">'.encode() for k in range(9))
    + b"]><utility_space>&j;</utility_space>"
)


def refused(content: bytes | str, said: str, *, kind: str | None = None, seconds: float = 20.0) -> None:
    began = time.process_time()
    with pytest.raises(BestandError) as caught:
        read_files({"file": content.encode() if isinstance(content, str) else content}, kind=kind)
    assert said in str(caught.value), str(caught.value)[:500]
    assert time.process_time() - began < seconds and len(str(caught.value)) < 20_000 and "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('NFG 1 R "" { "A" "B" } { 1000000 2 } 1', "a choice between 1,000,000 strategies"),
        ('NFG 1 R "" { "A" "B" "C" } { 200 200 200 } 1', "8,000,000 combinations"),
        ('NFG 1 R "" { "A" } { 99999999999999999999 } 1', "a whole number"),
        (NFG.replace("5", "nan"), "a number is expected, not 'nan'"),
        (NFG.replace("5", "inf"), "a number is expected, not 'inf'"),
        (NFG.replace("5", "1e999"), "too large"),
        (NFG.replace("5", "1e99999"), "a number is expected"),
        (NFG.replace("5", "1/0"), "a number is expected, not '1/0'"),
        (NFG.replace("5", "9" * 100), "a number is expected"),
        (NFG.replace("5", "1e300"), "a payoff of 1e+300"),
        (NFG.removesuffix("8"), "a number is expected, not 'the end of the file'"),
        (NFG.removesuffix(" 7 8") + " 7 -", "a number is expected, not '-'"),
        (NFG + " 9", "more payoffs than 4 combinations"),
        (NFG.replace('"r"', '"r'), "not closed"),
        ('NFG 1 R "" ' + "{ " * 100_000, "a text in quotation marks is expected"),
        ('NFG 1 R "" { "A" "B" } { 2 }', "strategies of 1 players"),
        ('NFG 2 R "" { "A" } { 2 } 1 2', "no game of Gambit"),
        (EFG[:-5], "a number is expected"),
        (EFG + 't "" 1 ""', "the file goes on"),
        (EFG.replace("1/4", "3/4"), "no shares of one"),
        (EFG.replace("p \"\" 1 1 0", "p \"\" 3 1 0"), "at most 2"),
        ('EFG 2 R "" { "A" } ' + 'p "" 1 1 "" { "a" "b" } 0 ' * 5_000, "the file ends before its tree is complete"),
        ('EFG 2 R "x" { }', "a game without players"),
        ('NFG 1 R "x" { } { }', "a game without players"),
        ('EFG 2 R "x" { "A" } t "" 1 "" { 5 }', "nobody chooses anything"),
        ('EFG 2 R "x" { "A" } t "" 0', "nobody chooses anything"),
        ('EFG 2 R "x" { "A" } c "" 1 "" { "a" 1/2 "b" 1/2 } 0 t "" 0 t "" 1 "" { 5 }', "nobody chooses anything"),
        ('EFG 2 R "x" { "A" } p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 5 } t "" 1 "" { 6 }', "outcome 1 has other payoffs here than before"),
        ('EFG 2 R "" { "A" } ' + " ".join(f'p "" 1 {k} "" {{ "a" "b" }} 0' for k in range(1, 40)), "combinations"),
    ],
)  # fmt: skip
def test_games_that_are_none_are_refused(text, said):
    refused(text, said)


@pytest.mark.parametrize("text", [NFG.replace("1 2 3 4 5 6 7 8", "1,5 2,5 3,5 4,5"), EFG.replace("{ 2, 1 }", "{ 2,1 }"), NFG.replace("7 8", "7 -8,25")])
def test_a_comma_between_digits_is_no_two_numbers_in_silence(text):
    refused(text, "may be one number or two")


def test_a_game_as_large_as_is_read_is_refused_in_time_where_its_payoffs_take_too_many_words():
    rng = random.Random(1)
    heading = f'NFG 1 R "" {{ {" ".join(f"{chr(34)}p{k}{chr(34)}" for k in range(16))} }} {{ {"2 " * 16}}} '
    refused(heading + " ".join(str(rng.randint(0, 1_000)) for _ in range(16 << 16)), "more than 20,000 characters to say", seconds=5)


def test_entities_are_never_read():
    refused(LAUGHS, "declares a document type")
    refused(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><utility_space>&x;</utility_space>', "declares a document type")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<utility_space>" + b"<a>" * 100, "inside each other"),
        (b"<utility_space>", "this is not XML"),
        (b'<?xml version="1.0" encoding="klingon"?><utility_space/>', "this is not XML"),
        (b"<utility_space/>", "0 issues"),
        (b"<a/>", "the format of this file is not known"),
        (b"<a>" * 100, "the format of this file is not known"),
        (BUYER.replace(b'value="0.7"', b'value="NaN"'), "'NaN' is no number"),
        (BUYER.replace(b'evaluation="10"', b'evaluation="1."'.replace(b"1.", b"1e")), "'1e' is no number"),
        (BUYER.replace(b'evaluation="10"', b'evaluation="-3"'), "below 0"),
        (BUYER.replace(b'value="0.7"', b'value="1e300"'), "is no number"),
        (DOMAIN.replace(b'value="low"', b'value="high"'), "each with a name of its own"),
    ],
    ids=range(11),
)
def test_negotiations_that_are_none_are_refused(content, said):
    refused(content, said)


def test_many_elements_are_refused(monkeypatch):
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 20_000)
    refused(b"<utility_space>" + b"<b/>" * 20_001, "more than 20,000 elements")


def test_many_values_of_an_issue_are_refused():
    items = "".join(f'<item index="{k}" value="v{k}" evaluation="1"/>' for k in range(300))
    refused(f'<utility_space><issue index="1" name="i">{items}</issue><weight index="1" value="1"/></utility_space>', "has 300 values")


@pytest.mark.parametrize(("text", "said"), [
    ("[" * 200_000, "deeper than can be read"), ('{"a":' * 100_000, "deeper than can be read"), ('{"decisionMakers": NaN}', "NaN is no number"), ('{"decisionMakers": ' + "9" * 9_999 + "}", "a number of 9,999 digits"), ('{"decisionMakers": [], "options": [], "options": []}', "this JSON cannot be taken: 'options' is given twice"),
    ('{"decisionMakers": 1, "options": 2}', "malformed"), ("{" + " " * (json_text.MOST_LETTERS + 1), "too-large"),
])  # fmt: skip
def test_json_that_is_none_is_refused(text, said):
    refused(text, said)


@pytest.mark.parametrize(("text", "said"), [
    ("A,payoff A\n" + "\n".join(f"s{k},1" for k in range(300)), "a choice between 300"),
    ("A,payoff A\nx,1e999\ny,--1\n", "no number"),
    ("A,payoff A\nx,1,2\n", "more cells than"),
    ('A,payoff A\n"x', "not a CSV file"),
    ("A,A,payoff A\nx,x,1\n", "two columns are called 'A'"),
    ("A,payoff A\n" + "x,1\n" * (sheets.MOST_ROWS + 1), "rows"),
    ("A,payoff A\n", "a heading and no rows"),
])  # fmt: skip
def test_tables_that_are_none_are_refused(text, said):
    refused(text, said, kind="payoffs")


WHOLE = {"title": "A", "custom": {"sha256": "0" * 64}}


@pytest.mark.parametrize(("kind", "found", "said"), [
    ("gmcr", {"format": "gmcr-case/1"}, "'dms' is missing"),
    ("gmcr", {"format": "gmcr-case/1", "dms": [1], "options": []}, "'dms[0]' is a whole number, where an object is wanted"),
    ("gmcr", {"format": "gmcr-case/1", "dms": [{"name": "A", "options": ["x"]}], "options": []}, "'dms[0].options[0]' is a text"),
    ("gmcr", {"decisionMakers": 1, "options": 2}, "'decisionMakers' is a whole number, where a list is wanted"),
    ("gmcr", {"decisionMakers": [{"name": "A", "options": [0], "preferences": [[[0]]]}], "options": [{"name": "o"}]}, "[0] is no condition on an option"),
    ("inception", [], "it is a list, where an object is wanted"),
    ("inception", {"%FEATURE_STRUCTURES": [{"%ID": 1}]}, "'%FEATURE_STRUCTURES[0].%TYPE' is missing"),
    ("annotations", {"items": [5]}, "it is a whole number, where an object is wanted"),
    ("annotations", {"items": [{}]}, "'target' is missing"),
    ("annotations", {"items": [{"target": {"selector": [3]}}]}, "'target.selector[0]' is a whole number"),
    ("annotations", {"items": [{"bestand:source": "s", "target": {"selector": []}}]}, "'body' is missing"),
    ("annotations", {"items": [{"target": {"selector": {"type": "TextQuoteSelector"}}}]}, "'exact' is missing"),
    ("csl", [7], "is a whole number, where an object is wanted"),
    ("csl", [{}], "entry 1 has no title"),
    ("csl", [WHOLE | {"author": [1]}], "'author[0]' is a whole number, where an object is wanted"),
    ("csl", [WHOLE | {"issued": {"date-parts": [["x"]]}}], "no list of year, month and day"),
    ("csl", [{"title": "A"}], "has no sha256"),
    ("csl", [{"title": "A", "custom": {"sha256": "zz"}}], "the sha256 'zz', which is not 64 hex digits"),
], ids=range(18))  # fmt: skip
def test_parts_missing_or_of_the_wrong_kind_are_named_in_words(kind, found, said, tmp_path):
    with pytest.raises(BestandError) as caught:
        read_files({"f.json": json.dumps(found).encode()}, kind=kind, asked=ImportWishes(None, with_page(tmp_path), None))
    assert said in str(caught.value), str(caught.value)
    assert not any(word in str(caught.value) for word in ("Error", "object has no", "NoneType", "not subscriptable", "unpack"))


def test_every_import_is_read_back_before_it_is_handed_over(monkeypatch):
    broken = carried_over("x", "bestand: 1\ntitle: T\nlevers: {a.x: {is: x}}\n", [])
    for kind in READERS:
        monkeypatch.setattr(reading, "READERS", {kind: lambda files, asked: broken})
        refused("x", "no case comes of this file", kind=kind)


def test_a_file_given_twice_is_refused(tmp_path):
    (tmp_path / "p.xml").write_bytes(BUYER)
    with pytest.raises(BestandError, match="given twice"):
        import_([tmp_path / "p.xml", f"{tmp_path}/../{tmp_path.name}/p.xml"])


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


RELS = b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
BOOK = b'<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>'


@pytest.mark.parametrize(("sheet", "said"), [
    (b"<worksheet>" + b" " * (workbook.MOST_UNPACKED + 10), "unpacks to more than"),
    (LAUGHS, "document type"),
    (b'<worksheet><row><c r="ZZZ1"><v>1</v></c></row></worksheet>', "columns"),
    (b'<worksheet><row r="x"><c><v>1</v></c></row></worksheet>', "this is no workbook"),
    (b'<worksheet><row><c t="s"><v>7</v></c></row></worksheet>', "this is no workbook"),
    (b'<worksheet><row><c r="1"><v>7</v></c></row></worksheet>', "this is no workbook"),
])  # fmt: skip
def test_workbooks_that_are_none_are_refused(sheet, said):
    content = packed(**{"xl__workbook.xml": BOOK, "xl___rels__workbook.xml.rels": RELS, "xl__worksheets__sheet1.xml": sheet})
    with pytest.raises(BestandError) as caught:
        workbook.sheets(content)
    assert said in str(caught.value)


def test_a_workbook_cut_off_or_without_parts_is_refused():
    whole = workbook.workbook({"A": Table("t", ("a",), (("b",),))})
    for content in (whole[:100], whole[:-30], packed(a=b""), b"PK\x03\x04", packed(**{f"p{k}": b"" for k in range(workbook.MOST_PARTS + 1)})):
        with pytest.raises(BestandError):
            workbook.sheets(content)


@spread("seed", range(40), first=5)
def test_damaged_files_are_read_or_refused_in_words(seed):
    rng = random.Random(seed)
    kind, start = rng.choice([("gambit", NFG.encode()), ("gambit", EFG.encode()), ("genius", BUYER), ("payoffs", b"A,B,payoff A,payoff B\nx,y,1,2\n"), (
        "gmcr", json.dumps({"options": [{"name": "o"}], "decisionMakers": [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}]}).encode())])
    for _ in range(60):
        damaged = bytearray(start)
        for _ in range(rng.choice([1, 2, 5])):
            at = rng.randrange(len(damaged) or 1)
            damaged = damaged or bytearray(b"x")
            if rng.random() < 0.4:
                damaged[at : at + rng.randint(1, 20)] = b""
            elif rng.random() < 0.5:
                damaged[at] = rng.choice(b'{}"\\/<>&,;\n0eN-\x00\xff')
            else:
                damaged[at:at] = rng.choice([b"1e308", b'"', b"{", b"</a>", b"-", b"\xf0\x9f\x92\xa5", b"nan", b"[]", b"null"])
        try:
            read_files({"file": bytes(damaged)}, kind=rng.choice([kind, kind, None]))
        except BestandError:
            pass


def test_every_reader_refuses_nothing_and_noise():
    for kind in READERS:
        for content in (b"", b"\x00", b"\xff\xfe", b"{}", b"[]", b"a", b"<a/>", b"PK\x03\x04"):
            with pytest.raises(BestandError):
                read_files({"file": content}, kind=kind)


def test_limits_of_games_stand_where_they_are_told():
    assert games.MOST_PROFILES >= 4_096 and games.MOST_SETTINGS == 255


def starts(folder) -> tuple[object, dict[str, str], dict[str, str]]:
    """A case, a file of every format that is read, and the parts of a workbook."""
    case = with_page(folder)
    texts = {form: export(conflict(case), to=form).text for form in ("annotations", "csl", "dna", "claims")}
    texts |= {"inception": json.dumps(cas()), "gambit": NFG, "gambit ": EFG, "genius": BUYER.decode(), "payoffs": TABLE}
    with zipfile.ZipFile(io.BytesIO(to_template(case).content)) as whole:
        return case, texts, {name: whole.read(name).decode() for name in whole.namelist()}


TABLE = "A,B,payoff A,payoff B\nu,l,1,2\nu,r,0,1\nd,l,3,0\nd,r,2,2\n"


def test_files_of_every_format_spoilt_by_structure_are_answered_in_words(tmp_path):
    case, texts, parts = starts(tmp_path)
    n_read = 0
    for seed in range(120):
        rng = random.Random(seed)
        kind = rng.choice([*texts, "xlsx", "xlsx"])
        if kind == "xlsx":
            name = rng.choice(list(parts))
            content = packed(**{each.replace("/", "__"): (spoilt(text, rng) if each == name else text).encode("utf-8", "replace") for each, text in parts.items()})
        elif texts[kind][:1] in "[{" and rng.random() < 0.7:
            content = json.dumps(mutated(json.loads(texts[kind]), rng)).encode()
        else:
            content = spoilt(texts[kind], rng).encode("utf-8", "replace")
        try:
            made = read_files({"f": content}, kind=kind.strip() if rng.random() < 0.8 else None, asked=ImportWishes(None, case, None))
            check(read_text(made.text, path=case.path)).table()
            n_read += bool(str(made))
        except BestandError as error:
            assert str(error) and len(str(error)) < 30_000 and "\x1b" not in str(error), seed
    assert n_read > 25


def test_an_unknown_present_is_shown_as_unknown_and_closed_streams_end_quietly(tmp_path):
    path = tmp_path / "game.yaml"
    path.write_text(read_files({"game.nfg": NFG.encode()}).text, encoding="utf-8")
    shown = json.loads(CliRunner().invoke(main, ["show", str(path), "--json"]).stdout)
    assert [row["now"] for row in shown["Levers"]] == ["unknown", "unknown"]
    ran = subprocess.run(["sh", "-c", f'"{sys.executable}" -m bestand show "{path}" >&-'], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, less_progress(ran.stderr)) == (0, "", "")


PLUS = {"decisionMakers": [{"name": "A", "options": [0]}, {"name": "B", "options": [1]}], "options": [{"name": "o"}, {"name": "p"}]}
NEUTRAL = {
    "format": "gmcr-neutral/1", "dms": PLUS["decisionMakers"], "options": PLUS["options"], "status_quo": "1",
    "states": [{"id": str(k + 1), "yn": yn} for k, yn in enumerate(["NN", "YN", "NY", "YY"])], "payoffs": {"A": [1, 2, 3, 4], "B": [4, 3, 2, 1]},
}  # fmt: skip


@pytest.mark.parametrize(("more", "said"), [
    ({"n_states": 7}, "it says that there are 7 states, and lists 4"),
    ({"states": [{"id": "1", "yn": "NN", "decimal": 3}], "payoffs": {}}, "state '1' is 'NN' and has the number 3, which is another state"),
    ({"infeasible": ["Y-"]}, "state '2' is listed, and infeasible by 'Y-'"),
    ({"infeasible": ["YYY"]}, "'YYY' is not a pattern of Y, N and - for 2 options"),
    ({"arcs": {"A": [[0, 1, 2]]}}, "'arcs.A[0]' has 3 entries, where 2 are wanted"),
    ({"payoffs": {"A": [1, 2, 3, 10**390], "B": [4, 3, 2, 1]}}, "a number is larger than can be counted with"),
    ({"arcs": {"A": [[0, 1]] * 200_000}}, "200,000 moves of a, and a case has at most 50,000"),
])  # fmt: skip
def test_what_a_neutral_file_says_twice_is_the_same_both_times(more, said):
    refused(json.dumps(NEUTRAL | more), said, seconds=8)


@pytest.mark.parametrize(("more", "said"), [
    ({"decisionMakers": [{"name": "A", "options": [0, 1], "preferences": [[[0, "Y"]]] * 50_000}]}, "50,000 wants of a, and a case has at most 500"),
    ({"coalitions": [[0, 1]] * 50_000}, "and a case has at most 1,000"), ({f"k{k}": 1 for k in range(50_000)}, "and a case has at most 1,000"),
])  # fmt: skip
def test_more_than_a_case_can_have_is_refused_before_it_is_written(more, said):
    refused(json.dumps(PLUS | more), said, seconds=8)


def test_preferences_are_kept_or_told_to_be_left_out():
    both = read_files({"f": json.dumps(NEUTRAL | {"payoffs": {"A": [1, 2, 3, 4]}, "preference_statements_most_important_first": {"A": ["Y-"], "B": ["Y-"]}}).encode()})
    file = read_text(both.text).file
    assert list(file.ranking) == ["a"] and [want.that for want in file.wants["b"]] == ["a.o"] and "a" not in file.wants
    assert any("of A beside payoffs" in note for note in both.told("lost"))
    people = [{**who, "preferenceRanking": [1, 2, 3, 4]} for who in PLUS["decisionMakers"]]
    unused = read_files({"f": json.dumps(PLUS | {"decisionMakers": people}).encode()})
    assert [who for who in "AB" if any(f"a ranking of {who} that is not in use" in note for note in unused.told("lost"))] == ["A", "B"]


@pytest.mark.parametrize(("old", "new", "said"), [
    (b'name="When"', b'name="Price"', "2 issues are called 'Price'"),
    (b"</utility_space>", b'<weight index="1" value="0.1"/></utility_space>', "'weight 1' stands 2 times"),
    (b"</utility_space>", b'<reservation value="0.1"/></utility_space>', "'reservation' stands 2 times"),
])  # fmt: skip
def test_what_a_profile_says_twice_is_refused(old, new, said):
    refused(BUYER.replace(old, new), said)


def test_what_a_profile_says_that_no_case_can_is_told():
    made = read_files({"b.xml": BUYER.replace(b"</utility_space>", b"<risk><risk/></risk></utility_space>")})
    assert "<risk>, which this format does not have: 2" in made.told("lost")


def test_no_cell_of_a_table_is_passed_over(tmp_path):
    case = with_page(tmp_path)
    heading, *rows = export(conflict(case), to="claims").text.replace("c1,", "new,", 1).splitlines()
    asked = ImportWishes(None, case, None)
    for text, said in (
        ("\n".join([heading.replace("quote,", "quote,,"), rows[0].replace("said that a truce is near,", "said that a truce is near,IMPORTANT,")]), "a cell under no column's name"),
        ("\n".join([heading, rows[1].replace("an agency | possible | phone", "an agency | possible | phone | twice").replace("c2", "new")]), "a link of a chain is who"),
        ("\n".join([heading, rows[1].replace("an agency | possible", " | possible").replace("c2", "new")]), "a link of a chain is who"),
        ("\n".join([heading, *[f"n{k},,,,,,,,,,,,,,,,,,,," for k in range(9_000)]]), "no source"),
        ("\n".join([heading, *[f"n{k},p,x,,,,,,,,,,g,,,,,,,," for k in range(10_001)]]), "10,001 claims, and a case has at most 10,000"),
    ):
        began = time.process_time()
        with pytest.raises(BestandError) as caught:
            read_files({"f.csv": text.encode()}, kind="claims", asked=asked)
        assert said in str(caught.value) and time.process_time() - began < 10


def test_what_a_list_says_of_a_document_or_source_and_a_case_cannot_keep_is_told(tmp_path):
    case = with_page(tmp_path)
    asked = ImportWishes(None, case, None)
    listed = export(conflict(case), to="dna").text
    assert "column" not in " ".join(read_files({"f": listed.encode()}, asked=asked).told("lost"))
    rows = [line.split(";") for line in listed.splitlines()[:2]]
    for column in ("time", "author", "source", "section", "type", "organization"):
        other = [f'"{cell}"' for cell in (part.strip('"') for part in rows[1])]
        other[[part.strip('"') for part in rows[0]].index(column)] = '"2031-01-01 Other"'
        other[[part.strip('"') for part in rows[0]].index("concept")] = '"another"'
        made = read_files({"f": "\n".join([";".join(rows[0]), ";".join(other)]).encode()}, asked=asked)
        assert f"column '{column}'" in made.told("lost")
    entry = {"title": "New", "custom": {"sha256": "1" * 64, "shelf": 3}, "author": [{"family": "X", "ORCID": "0"}]}
    lost = " ".join(read_files({"f": json.dumps({"items": [entry], "owner": "Y"}).encode()}, kind="csl", asked=asked).told("lost"))
    assert all(f"'{key}' of entries: 1" in lost for key in ("custom.shelf", "author.ORCID", "owner"))
    tex = "@misc{n, title={New}, sha256={" + "1" * 64 + "}, date={2021-03-01}, year=2020, doi={10.1/2}, url={https://example.org}}"
    lost = " ".join(read_files({"f": tex.encode()}, asked=asked).told("lost"))
    assert "'year' of entries: 1" in lost and "'doi' of entries: 1" in lost


def _row(*cells: str, more: str = "") -> str:
    return f"<row{more}>" + "".join(cell if cell.startswith("<c") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def _filled_in(parties: str = "", wants: str = "", *, shown: str = "", twice: bool = False, shared: str = "<sst/>", more: str = "") -> bytes:
    """A workbook of the template as a spreadsheet writes it, with rows of its sheets, a sheet's attributes, shared texts and what follows the rows."""
    rows = {
        "Parties": _row("party", "name") + (parties or _row("a", "A") + _row("b", "B")), "Levers": _row("lever", "is") + _row("a.x", "x") + _row("b.y", "y"),
        "Wants": _row("party", "that", "worth") + (wants or _row("a", "a.x", "<c><v>2</v></c>") + _row("b", "b.y", "<c><v>1</v></c>")),
    }  # fmt: skip
    listed = [*rows, *(["Wants"] if twice else [])]
    parts = {f"xl/worksheets/sheet{k}.xml": f"<worksheet><sheetData>{rows[name]}</sheetData>{more}</worksheet>" for k, name in enumerate(listed)}
    sheets_ = "".join(f'<sheet name="{name}" {shown if name == "Wants" else ""} r:id="r{k}"/>' for k, name in enumerate(listed))
    parts["xl/workbook.xml"] = f'<workbook xmlns:r="r"><sheets>{sheets_}</sheets></workbook>'
    targets = "".join(f'<Relationship Id="r{k}" Target="worksheets/sheet{k}.xml"/>' for k in range(len(listed)))
    parts |= {"xl/_rels/workbook.xml.rels": f"<Relationships>{targets}</Relationships>", "xl/sharedStrings.xml": shared}
    parts["xl/styles.xml"] = '<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
    parts["xl/comments1.xml"] = "<comments><commentList>" + ("<comment/><comment/>" if more else "") + "</commentList></comments>"
    return packed(**{name.replace("/", "__"): text.encode() for name, text in parts.items()})


def test_what_a_workbook_does_not_show_and_what_is_no_text_of_its_own_is_told():
    assert not {"hidden", "results", "cell-comments"} & {note.code for note in read_files({"f": _filled_in()}).notes}
    hidden = read_files({"f": _filled_in(_row("a", "A") + _row("b", "B", more=' hidden="1"'), shown='state="veryHidden"')})
    assert hidden.told("changed") == ("read although it is not shown where the workbook is opened: Parties row 3", "read although it is not shown where the workbook is opened: Wants")
    worth = "<c><f>[1]Other!$A$1</f><v>7</v></c>"
    told = read_files({"f": _filled_in(wants=_row("a", "a.x", worth) + _row("b", "b.y", "<c><v>1</v></c>"), more="<cols><col min='2' max='2' hidden='true'/></cols>")})
    assert "formulas, of which the last result is read (sheet Wants): 1" in told.told("changed") and told.told("lost") == ("comments on cells: 2",)
    assert any("Levers column 2" in note for note in told.told("changed")) and "value: 7" in told.text


@pytest.mark.parametrize(("content", "said"), [
    (lambda: _filled_in(twice=True), "this is no workbook"),
    (lambda: _filled_in('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'), "this is no workbook"),
    (lambda: _filled_in('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'), "this is no workbook"),
    (lambda: _filled_in(_row("a", '<c t="s"><v>-1</v></c>'), shared="<sst><si><t>A</t></si></sst>"), "this is no workbook"),
    (lambda: _filled_in(_row("a", "<c><v>NaN</v></c>")), "sheet Parties, row 2, column name"),
    (lambda: _filled_in(_row("a", '<c s="1"><v>1e308</v></c>')), "sheet Parties, row 2, column name"),
    (lambda: _filled_in(_row("a", '<c t="s"><v>0</v></c>') * 30, shared=f"<sst><si><t>{'x' * 1_000_000}</t></si></sst>"), "20,000,000 characters"),
    (lambda: _filled_in(_row("a", "A") * 300), "stands in row 2 as well"),
    (lambda: _filled_in(wants=_row("a", "a.x") * 501), "501 lines of sheet 'Wants' belong together, and a case has at most 500"),
    (lambda: _filled_in("".join(_row(f"a{k}", "A") for k in range(201))), "201 lines of sheet 'Parties' belong together, and a case has at most 200"),
], ids=range(10))  # fmt: skip
def test_workbooks_made_to_mislead_or_to_last_are_refused(content, said):
    refused(content(), said, seconds=5)


def test_sheets_that_are_one_part_of_the_file_count_each(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_TAGS", 150)
    refused(_filled_in(), "150 tags")


@pytest.mark.parametrize("kind", ["claims", "payoffs", "annotations", "csl", "gmcr", "gambit", None])
def test_utf_16_without_its_mark_is_no_text(kind):
    refused(TABLE.encode("utf-16-le"), "is not UTF-8 text" if kind else "", kind=kind)


def _marked(*more: dict, texts: int = 1) -> bytes:
    """A document of INCEpTION with some marks, each of a layer of the project's own."""
    sofas = [{"%ID": k, "%TYPE": "uima.cas.Sofa", "sofaString": "ten tons of grain " * 400} for k in range(texts)]
    return json.dumps({"%FEATURE_STRUCTURES": [*sofas, *({"%ID": 10**6 + k, "%TYPE": "custom.X", "gloss": "g", **each} for k, each in enumerate(more))]}).encode()


def test_every_mark_of_a_document_that_cannot_be_is_told_at_once(tmp_path):
    wrong = ({"begin": 5}, {"begin": 0, "end": 10**7}, {"begin": 0, "end": 3, "@sofa": 77}, {"begin": 0, "end": 3, "@sofa": [0]}, {"begin": 0, "end": 8})
    with pytest.raises(CaseError) as caught:
        read_files({"f": _marked(*wrong)}, asked=ImportWishes(None, with_page(tmp_path), None))
    assert [problem.place.at for problem in caught.value.problems] == [f"annotation {10**6 + k}" for k in range(4)]
    with pytest.raises(CaseError, match="sofaString"):
        read_files({"f": _marked().replace(b'"ten tons', b'["x"], "x": "ten tons')}, asked=ImportWishes(None, with_page(tmp_path), None))


def test_marks_beyond_those_of_a_case_are_counted_and_not_copied(tmp_path):
    content, case = _marked(*({"begin": k % 1_000, "end": k % 1_000 + 4_999} for k in range(60_000)), texts=500), with_page(tmp_path)
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(CaseError, match="60,000 claims, and a case has at most 10,000"):
        read_files({"f": content}, asked=ImportWishes(None, case, None))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 250_000_000 and time.process_time() - began < 20


def test_a_selector_of_several_types_is_read_and_keys_without_end_are_counted(tmp_path):
    selector = {"type": ["TextQuoteSelector"], "exact": "ten tons"}
    page = [{"target": {"source": "https://example.org/a_b?x=1", "selector": selector}, "body": "b", **{f"k{k}": 1 for k in range(5_000)}}]
    made = read_files({"f": json.dumps(page).encode()}, kind="annotations", asked=ImportWishes(None, with_page(tmp_path), None))
    assert "claims: 1" in made.told("kept") and len(made.told("lost")) == 51 and "(+4,950)" in " ".join(made.told("lost"))
