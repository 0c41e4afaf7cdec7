"""Pages made to take time or memory: each is read at once, or refused by its error; never a traceback."""

from __future__ import annotations

import time

import pytest

from bestand.documents.html import page_text
from bestand.errors import EvidenceError
from tests.depth import spread


def _styled(sheet: str, body: str = "<p>x</p>") -> str:
    return f"<style>{sheet}</style>{body}"


COSTLY = {
    "selectors that double in each other": _styled("p{" + ("&" * 8 + "{") * 12 + "display:none" + "}" * 13),
    "one long value of variables": _styled("p{color:" + "var(--a,1)" * 19_000 + "}"),
    "long values of variables": "".join(f"<p style='--b:{k};color:{'var(--a,1)' * 1_900}'>x</p>" for k in range(50)),
    "a long value put in for every element": _styled("p{color:" + "var(--b)" * 2_400 + "}", "".join(f"<p style='--b:{k}'>" for k in range(8_000))),
    "variables that heap up": "".join("<div style='" + ";".join(f"--{k}_{i}:1" for i in range(80)) + "'>" for k in range(900)),
    "variables that double, many times over": _styled(
        "p{--a0:xxxxxxxx;" + "".join(f"--a{k + 1}:var(--a{k})var(--a{k});" for k in range(11)) + "".join(f"--b{k}:var(--a11);" for k in range(480)) + "}",
        "".join(f"<p style='--z:{k}'>" for k in range(2_000)),
    ),
    "colours in colours": "<p style='color:" + "light-dark(" * 1_500 + "red,red" + ")" * 1_500 + "'>x",
    "colours mixed of mixed ones": "<p style='color:" + "color-mix(in srgb," * 800 + "red,red)" + ",red)" * 799 + "'>x",
    "letters that are no function": "<p style='transform:(" + "a" * 2_000 + "'>x",
    "commas in brackets": "<p style='transform:scale((" + "," * 9_000 + "))'>x",
    "blanks in media": _styled(("@media (width" + " " * 1_900 + "~){p{color:red}}") * 90),
    "points of a shape": _styled("p{clip-path:polygon(" + "1px 2px," * 2_000 + "1px 2px)}", "".join(f"<p style='color:#{k:06x}'>" for k in range(5_000))),
    "names of animations": _styled(
        "".join(f"@keyframes k{k}{{}}" for k in range(5_000)), "".join(f"<p style='opacity:.0{k};animation-name:z'>" for k in range(5_000))
    ),
    "a long attribute": _styled("".join(f"[title~=x{k}]{{display:none}}" for k in range(1_900)), f"<p title='{'y ' * 200_000}'>x"),
    "languages far above": _styled(
        "".join(f"p{':lang(en)' * 40}:lang(f{k}){{display:none}}" for k in range(300)), "<div lang=en>" + "<div>" * 900 + "<p>x</p>" * 1_000
    ),
    "ends of what is not open": "<div>" * 990 + "</p>" * 100_000,
    "blocks in much": "<div>" * 990 + "<p>x" * 25_000,
    "items behind a wall": "<li><ul>" + "<b>" * 900 + "<li>x" * 25_000,
    "words in what is hidden": "<div hidden>" + "<b>" * 900 + "x<br>" * 50_000,
    "scripts in a comment of a script": "<script><!--" + "<script></script>" * 20_000,
}


@spread("what", COSTLY, first=2)
def test_no_page_takes_long(what: str) -> None:
    began = time.process_time()
    try:
        page_text(COSTLY[what])
    except EvidenceError as error:
        assert error.problems[0].code == "evidence/too-large"
    assert time.process_time() - began < 10  # 1.4 at most on a quiet machine


@pytest.mark.parametrize(
    "sheet",
    [
        f"p:lang({'a,' * 30}b){{display:none}}",
        "p{" + "&{" * 25 + "display:none" + "}" * 26,
        "p{" + "&" * 4_000 + "{" + "&" * 4_000 + "{display:none}}}",
        ",".join(f".a{k}" for k in range(600)) + "{.z{display:none}}",
        "p" + ":not(.a)" * 100 + "{display:none}",
        "p" + ":is(p" * 60 + ")" * 60 + "{display:none}",
        f"/*{'x' * 200_000}*/p{{display:none}}",
        f"/*{'x' * 200_000}*/</style><style>b{{color:red}}",
        "b{display:none}" * 2_001,
    ],
)
def test_rules_too_large_to_be_read_make_a_page_unclear(sheet: str) -> None:
    assert "unclear" in page_text(_styled(sheet))[1]


@pytest.mark.parametrize("sheet", ["@media (min-resolution: 1.2.3dpi){p{display:none}}", "@media screen\nand\t(color){p{color:red}}"])
def test_media_as_people_mistype_them(sheet: str) -> None:
    assert page_text(_styled(sheet)) == ("\nx\n", frozenset())


@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        (f"p:nth-child({'9' * 4_500}){{display:none}}", True),
        (f"p:nth-child({'9' * 4_500}n + 1){{display:none}}", False),
        (",".join(f".a{k}" for k in range(25)) + "{.z{display:none}}", True),
        (",".join(f".a{k}" for k in range(25)) + ",div{p{display:none}}", False),
        (f"p{{display:none;width:{'9' * 4_500}px}}", False),
        ("p{color:red;width:" + "(" * 60 + ")" * 60 + ";display:none}", False),
        ("p{--deep:" + "(" * 60 + ")" * 60 + ";display:none}", False),
    ],
)
def test_rules_that_are_long_are_read(sheet: str, seen: bool) -> None:
    assert page_text(_styled(sheet, "<div><p>x</p></div>")) == ("\n\nx\n\n" if seen else "\n\n\n\n", frozenset() if seen else {"hidden"})


@pytest.mark.parametrize("n", [20, 21, 200])
@pytest.mark.parametrize("turned", [False, True])
def test_variables_hang_on_each_other_as_far_as_they_like(n: int, turned: bool) -> None:
    """A chain of more than twenty was given up, and what it hides was read as said."""
    links = [f"--v{k}:var(--v{k + 1})" for k in range(n)]
    style = ";".join([*(reversed(links) if turned else links), f"--v{n}:none", "display:var(--v0)"])
    assert page_text(f"<p style='{style}'>not") == ("\n", frozenset({"hidden"}))


def test_a_variable_that_hangs_on_itself_is_none_and_not_that_of_what_it_stands_in() -> None:
    style = "--c:var(--a);--a:var(--b);--b:var(--a);display:var(--c,block)"
    assert page_text(f"<div style='--a:none'><p style='{style}'>said")[0].strip() == "said"
    assert page_text("<p style='--a:var(--b,none);--b:var(--b);display:var(--a)'>not")[0].strip() == ""


@pytest.mark.parametrize("tag", ["<li>", "<br>", "<p>x</p>", "<!--", "<dl><dt>a<dd>b</dl>"])
def test_pages_of_millions_of_tags_are_refused_before_they_are_looked_through(tag: str) -> None:
    with pytest.raises(EvidenceError, match="more than 200,000 tags"):
        page_text(tag * 1_500_000)
    assert page_text("<p>" + tag * 1_000)[0]
