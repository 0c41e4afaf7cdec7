"""Pages that are not well formed are read as browsers put them together: what closes what, what is put elsewhere, what is no part of a page."""

from __future__ import annotations

import pytest

from bestand.documents.html import page_text
from bestand.errors import EvidenceError
from tests.depth import spread

SEEN = """
<p>it <desc>not</desc>
<p>it <defs>not</defs>
<p>it <annotation>not</annotation>
<p>it <object>not</object>
<svg style="display:none"><p>not
<svg><defs><p>not
<math style="display:none"><b>not
<svg><foreignObject><desc>x</desc><defs>not</defs>
<svg><g display=none /><text>not</text></svg>
<svg><g display=none/><text>not</text></svg>
<svg><script/><text>not</text></svg>
<svg><text><![CDATA[not]]></text></svg>
<svg hidden/>not
<p hidden><div>not
<!doctype html><p hidden><table><tr><td>not
<h1 hidden><h2>not
<button hidden><button>not
<a hidden><a>not
<nobr hidden><nobr>not
<select hidden><input>not
<td hidden><td>not
<caption hidden>not
<tbody hidden>not
<head hidden>not
<head hidden><b>not
<image hidden>not
<table><tr><td><b style="display:none"><td>not
<p>it <b><i>x</b> not</i>
<ul><p hidden><li>not
<p hidden><form>not
<p hidden><hr>not
<p hidden><h1>not
<p hidden><main>not
<p hidden><search>not
<p hidden><summary>not
<p hidden><center>not
<p hidden><dialog open>not
<p hidden><plaintext>not
<p hidden><listing>not
<p hidden><xmp>not</xmp>
<p hidden><fieldset>not
<p hidden><menu>not
<p hidden><li>not
<p hidden><dd>not
<p hidden><address>not
<p hidden><figure>not
<button><p hidden></button>not
<object><p hidden></object>not
<marquee><p hidden></marquee>not
<ruby><rb hidden>x<rb>not
<math><mtext><p>not
<math><mi><svg><p>not
<svg><a><text>not
<svg><text><p>not
<svg><font color=red>not
<svg></p>not
<svg></br>not
<table><caption><p hidden></caption>not
<table><td><p hidden></table>not
<table><colgroup>not
<table><tr hidden><tr><td>not
<table><tbody hidden><tbody><tr><td>not
<table><thead hidden><tr><td>x<tbody><tr><td>not
<table><tfoot hidden><tbody><tr><td>not
<table><td hidden><tr><td>not
<table><th hidden><td>not
<table><td hidden><tbody><td>not
<table><caption hidden><tr><td>not
<table><caption hidden><td>not
<select hidden><option></select>not
<select hidden><select>not
<select hidden><p></select>not
<select><optgroup hidden><option>x<optgroup><option>not
<dl><dt hidden><dd>not
<dl><dd hidden><div><dt>not
<li hidden><div><li>not
<p hidden><span><p>not
<p hidden><b></b><p>not
<h1 hidden></h2>not
<form hidden></form>not
<em hidden><p></em>not
<b hidden><p>x</b>not
<a hidden><p>x</a>not
<a hidden><div><a>not
<nobr hidden><p><nobr>not
<template hidden></p>x</template>not
<noscript><p hidden></noscript>not
<iframe hidden></iframe>not
<video hidden></video>not
<base hidden>not
<link hidden>not
<meta hidden>not
<area hidden>not
<track hidden>not
<wbr hidden>not
<param hidden>not
<source hidden>not
<basefont hidden>not
<bgsound hidden>not
<keygen hidden>not
"""
UNSEEN = """
<p hidden><table><tr><td>not
<body><p hidden>x</body>not
<html><p hidden>x</html>not
<svg><desc><p>not</p></desc></svg>
<svg><title>x</title><mask><text>not</text></mask></svg>
<svg><clipPath><text>not</text></clipPath></svg>
<math><semantics><mi>a</mi><annotation>not</annotation></semantics></math>
<p hidden/>not
<form hidden><form>not
<div hidden><table><tr><td></div>not
<p hidden><button><p>not
<svg><foreignObject><p hidden></foreignObject></svg>not
<math><annotation-xml encoding="text/html"><p>not
<svg><font>not
<li hidden><ul><li>not
<dd hidden><section><dd>not
<h1 hidden><b><h2>not
<div hidden></h1>not
<form hidden><div></form>not
<span hidden><p></span>not
<a hidden><table><tr><td><a>not
<video><p>not</video>
<audio>not</audio>
<canvas>not</canvas>
<progress>not</progress>
<meter>not</meter>
<datalist><option>not</datalist>
<noframes>not</noframes>
<command hidden>not
<rp>not</rp>
<x><rp>not
<dir hidden><li>not
<listing hidden><listing>not
"""
UNCLEAR = """
<p><b style="display:none"></p><p>not
<p><font color=white></p><p>not
<p><s>x</p><p>not
<div><i style="opacity:0"></div>not
<li><u hidden><li>not
<p>it <rt>not</rt>
<ruby>it<rt>not</rt></ruby>
<p>it <object data=x.png>not</object>
<p>it <input value=not>
<p>it <input type=button value=not>
<iframe srcdoc="not"></iframe>
<embed src="data:text/html,not">
<div><template shadowrootmode=open>a</template>not</div>
<table hidden><div>not
<p>it is<body hidden>not
<p>it is<html style="display:none">not
"""
TURNED = """
<table><tr><td>it</td></tr>not</table>
<table>not<tr><td>it</table>
<table><i>not</i><tr><td>it</table>
<table><tr>not<td>it</table>
"""
QUIET = """
<ruby>日<rt>に</rt></ruby> not
<p>not <input type=hidden value=x><input type=checkbox value=x>
<input value=Search><p>not
<iframe src="https://example.org"></iframe><p>not
<table><caption>a</caption><tr><td>not</table>
<p><b>it</p><p>not
<p>a <b style="display:none">
"""


def pages(lines):
    return lines.strip().splitlines()


@pytest.mark.parametrize("page", pages(SEEN))
def test_what_browsers_leave_in_sight_is_said(page):
    assert "not" in page_text(page)[0]


@pytest.mark.parametrize("page", pages(UNSEEN))
def test_what_browsers_keep_out_of_sight_is_not_said(page):
    assert "not" not in page_text(page)[0]


@pytest.mark.parametrize("page", pages(UNCLEAR))
def test_what_is_put_together_otherwise_is_unclear(page):
    assert "unclear" in page_text(page)[1]


@pytest.mark.parametrize("page", pages(TURNED))
def test_words_that_are_put_before_a_table_are_noticed(page):
    text, notes = page_text(page)
    assert "not" in text and notes == {"turned"}


@pytest.mark.parametrize("page", pages(QUIET))
def test_pages_as_they_are_written_are_noticed_for_nothing(page):
    assert not page_text(page)[1] & {"unclear", "turned"}


@spread("page", ["<svg>" * 30_000 + "</math>" * 30_000, "<svg><desc>" * 20_000, "<table><a>" * 20_000, "<p><b>" * 400 + "</p><p>" * 20_000, "<svg>" + "<p>" * 50_000, "<![CDATA[" * 50_000], first=2)
def test_no_such_page_takes_long(page):
    try:
        page_text(page)
    except EvidenceError as error:
        assert error.code == "evidence/too-large"
