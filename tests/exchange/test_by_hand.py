"""What comes in and goes out, by hand: days of spreadsheets, chances, weights, TeX, annotations and layers that are told or left out."""

from __future__ import annotations

import datetime
import json
import re

import pytest

from bestand import conflict, export, import_, read, read_text
from bestand.errors import CaseError
from bestand.exchange.bibtex import entries_in, people_in, read_tex
from bestand.exchange.dates import is_date, moment
from bestand.exchange.genius import from_genius
from tests.exchange.test_as_tools_write import cas, case, claims, put  # noqa: F401 - `case` is a fixture
from tests.exchange.test_games import BUYER, DOMAIN, SELLER, profile


@pytest.mark.parametrize("day", [1, 2, 31, 58, 59, 61, 62, 366, 367, 25_569, 45_660, 2_958_465])
def test_a_day_of_a_spreadsheet_is_counted_from_new_year_1900_and_a_day_that_never_was(day):
    """Lotus counted 29 February 1900 as day 60 [ECMA-376, part 1, 18.17.4.1]."""
    told = datetime.date(1900, 1, 1) + datetime.timedelta(day - 1 - (day > 60))
    assert moment(day, from_1904=False) == told.isoformat() and moment(day + 0.25, from_1904=False) in (f"{told} 06:00:00", "")
    later = datetime.date(1904, 1, 1) + datetime.timedelta(min(day, 2_957_003))
    assert moment(min(day, 2_957_003), from_1904=True) == later.isoformat()


@pytest.mark.parametrize(("number", "of_1900", "of_1904"), [
    (0, "00:00:00", "1904-01-01"), (0.5, "12:00:00", "12:00:00"), (60, "", "1904-03-01"), (60.5, "", "1904-03-01 12:00:00"), (-1, "", ""), (-0.5, "", ""),
    (1, "1900-01-01", "1904-01-02"), (2_958_466, "", ""), (2_957_004, "9995-12-31", ""), (1e300, "", ""), (float("nan"), "", ""),
])  # fmt: skip
def test_a_number_that_stands_for_no_day_is_none(number, of_1900, of_1904):
    assert (moment(number, from_1904=False), moment(number, from_1904=True)) == (of_1900, of_1904)


@pytest.mark.parametrize(("code", "shown"), [
    ("General", False), ("0.00", False), ("#,##0", False), ('"day" 0', False), ("yyyy", True), ("[s]", True), ("h:mm AM/PM", True), ("0;yyyy", False), ("General yyyy", False),
])  # fmt: skip
def test_a_format_shows_a_day_where_one_of_its_letters_does(code, shown):
    assert is_date(code) is shown


@pytest.mark.parametrize(("tex", "text", "n_unknown"), [
    (r"\foo bar", r"\foo bar", 1), (r"a\foo{} b", r"a\foo b", 1), (r"\'e \"{o} \ss", "é ö ß", 0), (r"--- -- ~ ``x''", "— – “x”", 0), (r"\& \% \$", "& % $", 0), (r"\c{c}\v s", "çš", 0),
])  # fmt: skip
def test_tex_is_read_as_people_read_it_and_unknown_commands_are_kept(tex, text, n_unknown):
    assert read_tex(tex) == (text, n_unknown)


def test_as_many_entries_are_read_as_are_allowed_and_no_more():
    text = "".join(f"@misc{{k{k}, title = {{T}}}}" for k in range(3))
    assert len(entries_in(text, most=3)) == 3
    with pytest.raises(CaseError, match="more than 2 entries"):
        entries_in(text, most=2)
    assert list(people_in("{A and B} and Cee, Dee and van Ee, Jr, Eff AND others")) == ["{A and B}", "Dee Cee", "Eff van Ee", "others"]


def test_chances_of_a_game_are_shares_of_one(tmp_path):
    tree = 'EFG 2 R "g" { "A" }\nc "" 1 "" { "x" %s "y" %s } 0\nt "" 1 "" { 1 }\np "" 1 1 "" { "l" "r" } 0\nt "" 2 "" { 2 }\nt "" 3 "" { 3 }\n'
    for one, other, allowed in (("1/2", "1/2", True), ("0", "1", True), ("0.9995", "0.001", True), ("-1/2", "3/2", False), ("3/2", "-1/2", False), ("1/2", "0.4", False)):
        path = tmp_path / "g.efg"
        path.write_text(tree % (one, other))
        if allowed:
            assert "A" in import_(path).text
        else:
            with pytest.raises(CaseError, match="chances that are no shares of one"):
                import_(path)


@pytest.mark.parametrize("n", [0, 1, 19, 20, 21, 23])
def test_names_written_otherwise_are_told_one_by_one_and_the_rest_counted(n):
    crowd = "".join(f"p{k}: {{name: 'é{k}'}}, " for k in range(n))
    made = read_text(f"bestand: 1\ntitle: T\nparties: {{{crowd} a: {{name: A}}}}\nlevers: {{a.x: {{is: x, assumed: t}}}}\nwants: {{a: [{{that: a.x, assumed: t}}]}}\n")
    told = [each for each in export(conflict(made), to="nfg").told("changed") if "written" in each]
    more = [each for each in told if "besides these" in each]
    assert len(told) - len(more) == min(n, 20) and len(more) == (n > 20) and all(each.endswith(f": {n - 20}") for each in more)


@pytest.mark.parametrize("names", [("A", "A"), ("A", "A (3)", "A"), ("Å", "A", "A (2)"), ("…", "2"), ("A (2)", "A", "A")])
def test_parties_that_would_be_called_alike_are_written_apart(names):
    parties = ", ".join(f"p{k}: {{name: '{name}'}}" for k, name in enumerate(names))
    made = read_text(f"bestand: 1\ntitle: T\nparties: {{{parties}}}\nlevers: {{p0.x: {{is: x, assumed: t}}}}\nwants: {{p0: [{{that: p0.x, assumed: t}}]}}\n")
    written = re.search(r"\{ (.*?) \}", export(conflict(made), to="nfg").text)[1].split('" "')
    assert len({each.strip('"') for each in written}) == len(names)


def test_a_weight_of_nothing_is_a_weight_and_one_below_it_none():
    free = from_genius({"d.xml": DOMAIN, "b.xml": profile({"low": 1, "high": 2, "mid": 3}, {"now": 1, "later": 2}, (0.0, 1.0)), "s.xml": SELLER})
    assert "worth" in free.text
    with pytest.raises(CaseError, match="no weight of at least 0"):
        from_genius({"d.xml": DOMAIN, "b.xml": profile({"low": 1, "high": 2, "mid": 3}, {"now": 1, "later": 2}, (-0.1, 1.0)), "s.xml": SELLER})
    with pytest.raises(CaseError, match="two files are domains"):
        from_genius({"d.xml": DOMAIN, "e.xml": DOMAIN, "b.xml": BUYER, "s.xml": SELLER})


def layer(number: int, kind: str, **more: object) -> dict[str, object]:
    return {"%ID": number, "%TYPE": kind, "@sofa": 1, "begin": 8, "end": 23, **more}


def test_layers_that_somebody_marked_are_claims_and_others_are_counted(case):  # noqa: F811
    """A layer of the project's own, or one that carries words; not one of machines."""
    other = "de.tudarmstadt.ukp.dkpro.core.api."
    made = put(cas(
        layer(40, "webanno.Note", label="soon", empty=""), layer(41, "webanno.Bare"), layer(42, "webanno.Bare"), layer(43, "webanno.Bare", label=""),
        layer(44, other + "ner.type.NamedEntity", value="PER"), layer(45, other + "segmentation.type.Thing", value="x"),
    ), case)  # fmt: skip
    assert len(claims(made, case)) == 3 and "webanno.Bare" in " ".join(made.told("lost"))
    assert any("3" in each and "webanno.Bare" in each for each in made.told("lost")) and any("segmentation.type.Thing" in each for each in made.told("lost"))


@pytest.mark.parametrize(("body", "gloss"), [
    ({"value": "<p>so <b>on</b></p>", "format": "text/html"}, "so on"), ({"value": "a <b> c", "format": "text/plain"}, "a <b> c"), ({"value": "a <b> c"}, "a <b> c"),
    ([{"value": "one"}, {"value": "two"}, None], "one; two"), ({"items": [{"value": "one"}, {"value": "other"}], "format": "text/html"}, "one; other"),
])  # fmt: skip
def test_what_an_annotation_says_is_read_as_it_is_written(body, gloss, case):  # noqa: F811
    source = next(source for source in case.file.sources.values() if source.url)
    item = {"type": "Annotation", "body": body, "target": {"source": source.url, "selector": {"type": "TextQuoteSelector", "exact": "a truce is near"}}}
    made = put(json.dumps({"items": [item]}), case)
    assert claims(made, case) == [("a truce is near", gloss)]


def test_a_game_says_of_types_and_of_the_present_only_what_there_is():
    told = export(conflict(read("example/en")), to="nfg")
    lost = " ".join(told.told("lost"))
    made = read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\nlevers: {a.x: {is: x, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}\n")
    few = " ".join(each for fate in ("lost", "changed") for each in export(conflict(made), to="nfg").told(fate))
    assert "type" not in few and "B" in few and lost != few


