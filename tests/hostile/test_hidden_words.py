"""What a person does not see is not said: words in the colour of their ground, too small, clear, or out of the way; what is seen stays said."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest

from bestand.documents.html import page_text
from bestand.documents.word import word_text
from bestand.errors import EvidenceError
from tests.depth import spread

SELECTED = [
    ".x:not(.y)", ":is(.x, .z)", ":where(.x)", "[class^=x]", "[class$='w']", '[class*="x-"]', "[class~=x]", "[lang|=en]", "[data-k='Q' i]", r".md\:hidden", r".\78 ",
    "body .x", "html > body > #a > .x", ":root .x", "#a :is(p,b)", ".x:not([hidden])", "*", "div > *:not(div)", "P.x", ".x, p:hover", "p:not(:is(.y))", "p:not(:hover)",
]  # fmt: skip
PASSED_OVER = [
    ".x:not(.x)", ":is(.y, .z)", "[class^=y]", "[class$=x-]", "[lang|=n]", "[data-k='Q']", '[data-k^=""]', '[class*=""]', ".md:hidden", ".x:hover", ".x::before", "head .x",
    "body > .x", ".x > p", ":not()", ":is()", ".x:nope(p)", "p:is(b > p)",
]  # fmt: skip
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
UNSEEN = """
color:white|color:#fff|COLOR: #FFFFFF !important|color:rgb(255,255,255)|color:rgb(100% 100% 100%)|color:hsl(0,0%,100%)|color:#fefefe|color:snow
color:rgba(0,0,0,.01)|color:#00000000|color:transparent|-webkit-text-fill-color:transparent|color:black;background:black|color:red;background-color:#f00
background:#123456;color:#123456|color:tomato;background:tomato|color:currentcolor;background:#000|color:#fff;background:rgba(255,255,255,.5)
font-size:1px|font-size:0|font-size:.01em|font-size:1pt|font:1px/1 serif|font-size:2%|zoom:0|scale:0|transform:scale(0)
opacity:0|opacity:.01|opacity:0%|filter:opacity(0)|visibility:hidden|visibility:collapse|display:none|content-visibility:hidden
position:absolute;left:-9999px|position:fixed;top:-10000px|position:absolute;left:-100em|text-indent:-9999px|margin-left:-9999px
position:fixed;bottom:-9999px|transform:translateX(-9999px)|transform:translate(-10000px, 0)|translate:-9999px
clip-path:inset(50%)|clip-path:circle(0)|position:absolute;clip:rect(0 0 0 0)|position:absolute;clip:rect(1px,1px,1px,1px)
width:0;overflow:hidden|height:0;overflow:hidden|max-height:0;overflow:hidden|width:1px;height:1px;overflow:hidden
"""
SEEN = """
color:white;background:black|color:#fff;background:rgb(0,0,0)|color:var(--x)|color:#777|color:tomato
opacity:.5|font-size:8px|font-size:80%|font:inherit|font:bold 12px/1.5 Arial, sans-serif|left:-9999px|transform:translateX(-50%)
height:0|overflow:hidden|background:white|background:none;color:#333|background:transparent|color:inherit|color:nonsense|color:#12|clip-path:inset(1%)
"""


DOUBTFUL = """
color:white;background:url(x)|color:white;background:linear-gradient(red,blue)|color:#fff;position:absolute|color:white;filter:invert(1)
color:white;text-shadow:0 0 2px black|color:white;-webkit-text-stroke:1px black
"""


def variants(lines: str) -> list[str]:
    return [style for line in lines.strip().splitlines() for style in line.split("|")]


@pytest.mark.parametrize("where", ["<p>it <b style='{}'>not </b>hold", "<style>.n > b{{{}}}</style><p class=n>it <b>not </b>hold", "<div style='{}'><p>not </p></div>it hold"])
def test_words_of_a_page_that_are_not_seen_are_not_said(where):
    for style in variants(UNSEEN):
        text, notes = page_text(where.format(style))
        assert ("not" not in text, notes) == (True, {"hidden"}), style
    for style in variants(SEEN):
        text, notes = page_text(where.format(style))
        assert ("not" in text, notes) == (True, frozenset()), style
    for style in variants(DOUBTFUL):
        text, notes = page_text(where.format(style))
        assert ("not" in text, notes - ({"turned"} if "absolute" in style else set())) == (True, {"unclear"}), style


@pytest.mark.parametrize("sheet", ["{}{{display:none}}", "@media (width >= 40rem){{{}{{display:none}}}}", "{}{{color:red;@media screen{{display:none}}}}", ".n{{}} {}{{display:none"])
def test_selectors_are_those_of_browsers(sheet):
    page = "<style>{}</style><div id=a><p class='x x-y md:hidden w' lang=en-GB data-k=q>not</p></div>"
    for selector in SELECTED:
        assert "not" not in page_text(page.format(sheet.format(selector)))[0], selector
    for selector in PASSED_OVER:
        assert "not" in page_text(page.format(sheet.format(selector)))[0], selector


@spread("sign", ["é", r"\414141", r"\4 1", ":is(p)", ":not(b)", "[a=b]", "[a=é", "(", ":is(", "a>", "&", ".p{", ".é", r"\\", "p,"], first=2)
def test_no_selector_takes_long(sign):
    began = time.process_time()
    page = "<style>" + f".x{sign * 2_000}{{display:none}}" * 40 + f"{sign * 50_000}{{display:none}}</style>" + "<p class=x>a</p>" * 2_000
    try:
        assert "a" in page_text(page)[0] or sign == "p,"
    except EvidenceError as error:
        assert error.code == "evidence/too-large"
    assert time.process_time() - began < 10  # 2 on a quiet machine


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<!-->not<!-- -->", True),
        ("<!--->not<!-- -->", True),
        ("<!-- a --!>not<!-- b -->", True),
        ("<!-- a -- >not<!-- b -->", False),
        ("<!--a<!--b-->not", True),
        ("<p style='' style='display:none'>not", True),
        ("<p style='-webkit-text-stroke:;--x:;text-shadow:var(--x)'>not", True),
        ("<style>.N{display:none}</style><p class=n>not", False),
        ("<style>#n{display:none}</style><p id=N>not", False),
        ("<!-- a --> <!DOCTYPE html><style>.N,#N{display:none}</style><p class=n id=n>not", True),
        ("<!--><?x y?> <!-- a--!><!doctype html><style>.N{display:none}</style><p class=n>not", True),
        ("<!-- <!doctype html> --><style>.N{display:none}</style><p class=n>not", False),
        ("<!doctype html><style>.N,#N{display:none}</style><p class=N>not", False),
        ("<p style='display:none' style=''>not", False),
        (r"<p style='dis\70 lay:n\6fne'>not", False),
        ("<p style='opacity:calc(0)'>not", False),
        ("<style>.a{.b{display:none}}</style><p class=a><b class=b>not", False),
        ("<style>.a{&.b{display:none}}</style><p class=a><b class=b>not", True),
        ("<style>.a{.b &{display:none}}</style><p class=b><b class=a>not", False),
        ("<style>@media (width<600px){p{display:none}}</style><p>not", True),
        ("<style>@media (600px<width<=2000px){p{display:none}}</style><p>not", False),
        ("<style>@media (width){p{display:none}}</style><p>not", False),
        ("<style>@keyframes k{from{display:none}} p{}</style><p>not", True),
        ("<font color=white>not</font>", False),
        ("<font color=FFFFFF>not</font>", False),
        ("<body bgcolor=black text=black>not", False),
        ("<body bgcolor=black text=white>not", True),
        ("<table bgcolor=red><tr><td><font color=red>not", False),
        ("<table bgcolor=red><tr><td bgcolor=blue><font color=red>not", True),
        ("<body background=x.png><font color=white>not", True),
        ("<div style='background:#000'><p style='color:#fff'>not", True),
        ("<div style='background:#000'><p>not", False),
        ("<div style='color:#fff'><p style='background:#000'>not", True),
        ("<div style='color:#fff'><a href=x>not</a>", True),
        ("<div style='color:#fff'><a>not</a>", False),
        ("<div style='color:#fff'><mark>not</mark>", True),
        ("<button style='color:white'>not</button>", True),
        ("<svg><text fill=white>not</text></svg>", True),
        ("<p style='color:white'><b style='color:initial'>not", True),
        ("<p style='font-size:0'><b style='font-size:medium'>not", True),
        ("<p style='visibility:hidden'><b style='visibility:visible'>not", True),
        ("<style>body{background:#000;color:#fff}</style><p>not", True),
        ("<style>:root{background:#000} p{color:#fff}</style><div><p>not", True),
        ("<style>html{background:#000}</style><html><body><p>not", False),
        ("<style>*{color:#fff}</style><p>not", False),
        ("<p aria-hidden=true>not", True),
        ("<details><summary>a</summary>not</details>", True),
        ("<input type=hidden value=not>", False),
        ("<link rel=stylesheet href=x><style>.w{color:#fff}</style><p class=w>not", True),
        ("<style>@import 'x';</style><p style='color:white'>not", True),
        ("<link rel=stylesheet href=x><p style='color:#fff;background:#fff'><b>not", False),
        ("<link rel=stylesheet href=x><p style='color:#fff;background:#fff'><b class=q>not", True),
    ],
)
def test_the_ground_of_words_is_that_which_a_page_says(page, seen):
    assert ("not" in page_text(page)[0]) == seen


def word(body: str, styles: str = "") -> tuple[str, frozenset[str]]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("word/document.xml", f"<w:document {W}>{body}</w:document>")
        file.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
    return word_text(packed.getvalue())


def paragraph(run: str, of_paragraph: str = "", text: str = "not") -> str:
    return f"<w:p><w:pPr>{of_paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


SHOWN = '<w:vanish w:val="0"/>'
WHITE, BLACK = '<w:color w:val="FFFFFF"/>', '<w:color w:val="000000"/>'


def shade(fill: str, val: str = "clear", color: str = "auto") -> str:
    return f'<w:shd w:val="{val}" w:color="{color}" w:fill="{fill}"/>'


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (paragraph(WHITE), False),
        (paragraph('<w:color w:val="FEFEFE"/>'), False),
        (paragraph('<w:color w:val="auto"/>'), True),
        (paragraph('<w:color w:val="FF0000"/>'), True),
        (paragraph('<w:color w:val="FFFFFF" w:themeColor="background1"/>'), False),
        (paragraph(WHITE + shade("000000")), True),
        (paragraph(WHITE + '<w:highlight w:val="black"/>'), True),
        (paragraph(BLACK + '<w:highlight w:val="black"/>'), False),
        (paragraph(WHITE, shade("1F3864")), True),
        (paragraph(WHITE, shade("FFFFFF")), False),
        (paragraph(WHITE, shade("auto", "solid", "000000")), True),
        (paragraph(WHITE, shade("auto", "pct50", "000000")), True),
        (paragraph('<w:color w:val="1F3864"/>', shade("1F3864")), False),
        (paragraph("", shade("000000")), True),  # `auto` turns white there
        (paragraph('<w:sz w:val="2"/>'), False),
        (paragraph('<w:sz w:val="1pt"/>'), False),
        (paragraph('<w:sz w:val="16"/>'), True),
        (paragraph('<w:w w:val="1"/>'), False),
        (paragraph('<w:w w:val="90"/>'), True),
        (paragraph("<w:vanish/>"), False),
        (paragraph(SHOWN), True),
        (paragraph("<w:webHidden/>"), True),  # it is printed
        (paragraph(f"<w:rPrChange><w:rPr>{WHITE}</w:rPr></w:rPrChange>"), True),
        (paragraph("", f"<w:rPr>{WHITE}</w:rPr>"), True),  # of the mark at the end alone
        (paragraph("<w14:textFill><w14:noFill/></w14:textFill>"), False),
        (paragraph('<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>'), False),
        (paragraph(WHITE + "<w14:textFill><w14:gradFill/></w14:textFill>"), True),
        (paragraph('<w:rStyle w:val="Pale"/>'), False),
        (paragraph(f'<w:rStyle w:val="Pale"/>{BLACK}'), True),
        (paragraph("", '<w:pStyle w:val="PaleToo"/>'), False),
        (paragraph("", '<w:pStyle w:val="Dark"/>'), True),
        (paragraph("", '<w:pStyle w:val="Hid"/>'), False),
        (paragraph("", '<w:pStyle w:val="Shown"/>'), True),
        (paragraph('<w:rStyle w:val="Round"/>'), True),
        (f"<w:tbl><w:tr><w:tc>{paragraph(WHITE)}</w:tc></w:tr></w:tbl>", False),
        (f"<w:tbl><w:tr><w:tc><w:tcPr>{shade('000000')}</w:tcPr>{paragraph(WHITE)}</w:tc></w:tr></w:tbl>", True),
        (f"<w:tbl><w:tblPr><w:tblStyle w:val='Grid'/></w:tblPr><w:tr><w:tc>{paragraph(WHITE)}</w:tc></w:tr></w:tbl>", False),
        (f"<w:tbl><w:tblPr><w:tblStyle w:val='Banded'/></w:tblPr><w:tr><w:tc>{paragraph(WHITE)}</w:tc></w:tr></w:tbl>", True),
        (f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc></w:tr></w:tbl>", False),
        (f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='continue'/></w:tcPr>{paragraph(SHOWN)}</w:tc></w:tr></w:tbl>", False),
        (f"<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge/></w:tcPr>{paragraph('')}</w:tc></w:tr></w:tbl>", False),
        (f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{paragraph('')}</w:tc></w:tr></w:tbl>", True),
        (paragraph('<w:color w:val="auto" w:themeColor="background1"/>'), False),
        (paragraph('<w:color w:val="auto" w:themeColor="text1"/>'), True),
        (f"<w:p><w:r><w:pict><w:txbxContent>{paragraph(WHITE)}</w:txbxContent></w:pict></w:r></w:p>", True),
        (paragraph("", '<w:spacing w:line="1" w:lineRule="exact"/>'), False),
        (paragraph("", '<w:spacing w:line="240" w:lineRule="exact"/>'), True),
        (paragraph("", '<w:spacing w:line="1" w:lineRule="auto"/>'), True),
        (paragraph('<w:spacing w:val="-400"/>'), False),
        (paragraph('<w:spacing w:val="-20pt"/>'), False),
        (paragraph('<w:spacing w:val="-10"/>'), True),
        (paragraph("", '<w:ind w:left="-20000"/>'), False),
        (paragraph("", '<w:ind w:start="31000"/>'), False),
        (paragraph("", '<w:ind w:left="720" w:hanging="360"/>'), True),
        (paragraph('<w:position w:val="-3000"/>'), False),
        (paragraph('<w:fitText w:val="1"/>'), False),
        (paragraph('<w:fitText w:val="900"/>'), True),
        (paragraph("", '<w:framePr w:w="1" w:h="1" w:hRule="exact"/>'), False),
        (paragraph("", '<w:framePr w:x="-9999" w:y="1"/>'), False),
        (paragraph("", '<w:framePr w:x="900" w:y="1" w:h="1"/>'), True),
        (paragraph("", '<w:pStyle w:val="Flat"/>'), False),
        (paragraph("", '<w:pStyle w:val="Flat"/><w:spacing w:line="240" w:lineRule="auto"/>'), True),
        (f'<w:tbl><w:tr><w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr><w:tc>{paragraph("")}</w:tc></w:tr></w:tbl>', False),
        (f'<w:tbl><w:tr><w:trPr><w:trHeight w:val="1"/></w:trPr><w:tc>{paragraph("")}</w:tc></w:tr></w:tbl>', True),
        (paragraph('<w14:textFill><w14:solidFill><w14:schemeClr w14:val="tx1"><w14:alpha w14:val="99000"/></w14:schemeClr></w14:solidFill></w14:textFill>'), False),
        ('<w:p><m:phant xmlns:m="m"><m:phantPr><m:show m:val="0"/></m:phantPr><m:e><m:r><m:t>not</m:t></m:r></m:e></m:phant></w:p>', False),
        (f"<w:background w:color='000000'/><w:body>{paragraph(WHITE)}</w:body>", True),
    ],
)
def test_words_of_a_word_file_that_are_not_seen_are_not_said(body, seen):
    styles = (
        f'<w:style w:styleId="Pale"><w:rPr>{WHITE}</w:rPr></w:style><w:style w:styleId="PaleToo"><w:basedOn w:val="Pale"/></w:style>'
        f'<w:style w:styleId="Dark"><w:basedOn w:val="Pale"/><w:pPr>{shade("000000")}</w:pPr></w:style><w:style w:styleId="Round"><w:basedOn w:val="Round"/></w:style>'
        '<w:style w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="Shown"><w:basedOn w:val="Hid"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
        '<w:style w:styleId="Flat"><w:pPr><w:spacing w:line="1" w:lineRule="exact"/></w:pPr></w:style>'
        f'<w:style w:type="table" w:styleId="Grid"/><w:style w:type="table" w:styleId="Banded"><w:tblStylePr w:type="firstRow"><w:tcPr>{shade("1F3864")}</w:tcPr></w:tblStylePr></w:style>'
    )
    text, notes = word(body + paragraph("", text="but this"), styles)
    assert (("not" in text), "but this" in text, notes) == (seen, True, frozenset() if seen else {"hidden"})


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ('<w:p><w:bdo w:val="rtl"><w:r><w:t>not</w:t></w:r></w:bdo></w:p>', {"turned"}),
        ('<w:p><w:bdo w:val="rtl"><w:r><w:t>\u05d0\u05d1</w:t></w:r></w:bdo></w:p>', set()),
        ('<w:p><w:bdo w:val="ltr"><w:r><w:t>not</w:t></w:r></w:bdo></w:p>', set()),
        ('<w:p><w:r><w:t>not</w:t></w:r></w:p><w:altChunk/>', {"unclear"}),
        ('<w:p><m:borderBox xmlns:m="m"><m:borderBoxPr><m:strikeH m:val="1"/></m:borderBoxPr><m:e><m:r><m:t>not</m:t></m:r></m:e></m:borderBox></w:p>', {"struck-out"}),
    ],
)
def test_words_of_a_word_file_that_are_turned_struck_or_of_another_file_are_noticed(body, notes):
    assert word(body)[1] == notes


@pytest.mark.parametrize(("space", "seen"), [("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", True), ("http://example.org/new", False), ("", False)])
def test_an_alternative_that_word_does_not_know_is_not_what_it_shows(space, seen):
    choice, other = (paragraph("", text=said) for said in ("not", "surely"))
    declared = f'xmlns:new="{space}"' if space else ""
    told = f'<mc:AlternateContent xmlns:mc="m" {declared}><mc:Choice Requires="new">{choice}</mc:Choice><mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>'
    text, _ = word(told)
    assert ("not" in text, "surely" in text) == (seen, not seen)


@pytest.mark.parametrize("styles", [f"<w:docDefaults><w:rPrDefault><w:rPr>{WHITE}</w:rPr></w:rPrDefault></w:docDefaults>", f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr>{WHITE}</w:rPr></w:style>'])
def test_what_a_word_file_says_of_all_its_words_counts(styles):
    assert "not" not in word(paragraph(""), styles)[0]
    assert "not" in word(paragraph(BLACK), styles)[0]


NAMES = ["color", "shd", "highlight", "sz", "w", "strike", "vanish", "rStyle", "pStyle", "tblStyle", "position", "vertAlign", "textFill", "noFill", "srgbClr", "background", "txbxContent", "p", "r", "t", "tbl", "tr", "tc", "rPr", "pPr", "tcPr", "tblPr", "fldChar", "sym", "del", "ins", "rPrChange"]
VALUES = ["FFFFFF", "auto", "", "x" * 500, "-1", "1e999", "\u0661", "nil", "0", "2", "1pt", "9" * 30, "solid", "pct50", "none", "s1", "rgb(", "#fff", "url(", "calc(1px)", "1e400px", "var(--x)", "inherit"]
PROPERTIES = ["color", "background", "background-color", "font", "font-size", "opacity", "transform", "translate", "scale", "zoom", "filter", "clip", "clip-path", "text-indent", "text-shadow", "z-index", "position", "width", "overflow", "left", "visibility"]


@spread("seed", range(8))
def test_documents_of_any_make_are_read_or_refused(seed):
    rng = random.Random(seed)
    for _ in range(150):
        out, stack = "", []
        for _ in range(rng.randint(1, 60)):
            if stack and rng.random() < 0.4:
                out += f"</w:{stack.pop()}>"
            else:
                stack.append(rng.choice(NAMES))
                given = " ".join(f'w:{key}="{rng.choice(VALUES)}"' for key in ("val", "fill", "color", "char", "fldCharType"))
                out += f'<w:{stack[-1]} {given} w:styleId="s1" w:default="1" w:type="paragraph">not '
        out += "".join(f"</w:{name}>" for name in reversed(stack))
        assert isinstance(word(out, out if rng.random() < 0.5 else "")[0], str)
        page = "".join(
            f"<{rng.choice(['p', 'div', 'font', 'body', 'table', 'td', 'a', 'mark', 'svg', 'html', 's'])} href=x color='{rng.choice(VALUES)}' bgcolor='{rng.choice(VALUES)}' "
            f"style='{';'.join(f'{rng.choice(PROPERTIES)}:{rng.choice(VALUES)}' for _ in range(4))}'>w " for _ in range(rng.randint(1, 20))
        )  # fmt: skip
        assert isinstance(page_text(page)[0], str)
