"""Quotes are anchored exactly or refused; claims survive the standards' formats."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.case.read import read, read_text
from bestand.documents.canonical import canonical
from bestand.errors import BestandError, EvidenceError
from bestand.evidence.claim import from_annotations, to_annotations
from bestand.evidence.quote import anchor, nearest, seal, unseal
from bestand.evidence.source import locate, opened, text_of
from tests.depth import DEEP, more_in_depth, tried

TEXT = "Volgens Kiev\u00a0is het \u2018staakt-\nhet-vuren\u2019 niet nabij \u2014 reportedly.\fNaar ver-\nluidt komt het e\u0301en keer. Niet nabij?"


def code_of(call) -> str:
    with pytest.raises(BestandError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("Volgens Kiev is het", "Volgens Kiev\u00a0is het"),
        ("'staakt-het-vuren' niet", "\u2018staakt-\nhet-vuren\u2019 niet"),
        ("Naar verluidt komt", "Naar ver-\nluidt komt"),
        ("\u00e9en keer", "e\u0301en keer"),
        ("nabij - reportedly. Naar", "nabij \u2014 reportedly.\fNaar"),
    ],
)
def test_only_what_printing_changes_is_folded(quote, passage):
    found = anchor(canonical(TEXT), quote)
    assert TEXT[found.start : found.end] == passage


def test_case_and_wording_are_never_folded():
    source = canonical(TEXT)
    assert code_of(lambda: anchor(source, "volgens Kiev")) == "evidence/not-found"
    assert code_of(lambda: anchor(source, "Volgens Moskou is het")) == "evidence/not-found"


def test_a_quote_that_stands_twice_asks_for_more():
    source = canonical("one truce now. one truce then.")
    assert code_of(lambda: anchor(source, "one truce")) == "evidence/ambiguous"
    assert anchor(source, "one truce", suffix="then").start == 15
    assert anchor(source, "one truce", prefix="now.").start == 15


def test_half_a_word_is_refused():
    assert code_of(lambda: anchor(canonical("it is unacceptable"), "acceptable")) == "evidence/cuts-word"


def test_an_empty_quote_is_refused():
    assert code_of(lambda: anchor(canonical("x"), " \n")) == "evidence/empty-quote"


def test_the_nearest_passage_is_offered_and_not_taken():
    with pytest.raises(EvidenceError) as caught:
        anchor(canonical("Russia ignored the American demands for a truce."), "Russia accepted the American demands")
    assert "Russia ignored the American demands" in caught.value.problems[0].hint
    assert nearest(canonical("nothing alike here"), "completely different words") == ""
    assert nearest(canonical("we will hold the line"), "we will hold the line for ever") == "we will hold the line"  # no more is there


@pytest.mark.parametrize("before", [0, 40, 400])
def test_the_nearest_passage_is_looked_for_wherever_it_stands(before):
    """Most passages share a word or two with the quote, and are more than the few that are compared letter by letter."""
    text = "the talks went on in the city. " * before + "Russia ignored the American demands for a truce. " + "the truce was for a day. " * before
    assert nearest(canonical(text), "Russia ignores the American demands") == "Russia ignored the American demands"


def test_a_sealed_quote_is_checked_by_its_digest():
    source = canonical(TEXT)
    passage = source.text[0:12]
    assert unseal(source, 0, 12, seal(passage)).start == 0
    assert code_of(lambda: unseal(source, 1, 12, seal(passage))) == "evidence/sealed-mismatch"
    assert code_of(lambda: unseal(source, 0, 9999, seal(passage))) == "evidence/sealed-mismatch"


words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@more_in_depth
@settings(max_examples=tried(300))
@given(st.lists(words, min_size=4, max_size=30, unique_by=lambda w: canonical(w).text), st.data())
def test_one_changed_word_is_always_refused(text, data):
    source = canonical(" ".join(text))
    first = data.draw(st.integers(0, len(text) - 3))
    quote = text[first : first + 3]
    changed = list(quote)
    k = data.draw(st.integers(0, 2))
    changed[k] = data.draw(words.filter(lambda w: canonical(w).text != canonical(quote[k]).text))
    wanted = [canonical(w).text for w in changed]
    if " ".join(wanted) in source.text:  # in unspaced scripts a word may begin anywhere
        return  # the change happens to be another passage of the text
    assert code_of(lambda: anchor(source, " ".join(changed))) in ("evidence/not-found", "evidence/cuts-word")


@more_in_depth
@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=10))
@settings(max_examples=tried(300))
def test_anchoring_never_fails_in_another_way(text, quote, prefix):
    try:
        found = anchor(canonical(text), quote, prefix=prefix)
    except EvidenceError:
        return
    assert 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=120))
def test_canonical_offsets_cover_the_text_in_order(text):
    made = canonical(text)
    assert len(made.text) == len(made.origin) == len(made.end)
    assert all(a < b for a, b in zip(made.origin, made.end, strict=True))
    assert all(a <= b for a, b in zip(made.origin, made.origin[1:], strict=False))


@more_in_depth
def test_every_quote_of_the_seed_case_stands_in_the_article_and_none_with_a_word_changed(shared):
    case = read("ukraine/2025-04", sources=shared / "seed")
    assert len(case.file.claims) >= 90
    assert {quote.status for quote in case.quotes.values()} == {"checked"}
    source = canonical((shared / "seed" / "mousavi-2025-04.txt").read_text())
    for claim in case.file.claims.values():
        words = claim.quote.split()
        for k in range(len(words)) if DEEP else (len(words) // 2,):
            changed = " ".join([*words[:k], "geenszins", *words[k + 1 :]])
            with pytest.raises(EvidenceError):
                anchor(source, changed)


def test_without_the_source_the_seed_case_is_unchecked_and_runs():
    case = read("ukraine/2025-04")
    assert {quote.status for quote in case.quotes.values()} == {"unchecked"}


def test_the_examples_carry_their_source_and_are_checked():
    for name in ("example/en", "example/nl"):
        case = read(name)
        assert case.quotes and {quote.status for quote in case.quotes.values()} == {"checked"}


def case_with(quote: str, digest: str, file: str = "text.txt") -> str:
    return (
        f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nsources:\n  s: {{title: S, sha256: '{digest}', file: '{file}'}}\n"
        f"claims:\n  c: {{source: s, quote: '{quote}', gloss: g}}\n"
    )


def test_a_source_that_changed_is_an_error_with_its_place(tmp_path):
    (tmp_path / "text.txt").write_text("a new text")
    path = tmp_path / "case.yaml"
    path.write_text(case_with("new text", "0" * 64))
    with pytest.raises(BestandError) as caught:
        read(path)
    assert caught.value.code == "evidence/changed-digest" and caught.value.problems[0].place.line == 5


def test_a_source_outside_the_folder_is_refused(tmp_path):
    inside = tmp_path / "case"
    inside.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("secret text")
    digest = hashlib.sha256(b"secret text").hexdigest()
    for name in ("../secret.txt", str(secret)):
        (inside / "case.yaml").write_text(case_with("secret text", digest, name))
        assert code_of(lambda: read(inside)) == "evidence/outside"
    (inside / "link.txt").symlink_to(secret)
    assert code_of(lambda: locate("link.txt", digest, [inside])) == "evidence/outside"


def test_other_kinds_of_documents_are_read(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("A truce is possible.")
    document.save(tmp_path / "a.docx")
    (tmp_path / "a.html").write_text("<p>A truce <b>is</b> possible.</p><script>no()</script>")
    for name in ("a.docx", "a.html"):
        assert anchor(canonical(text_of(opened(tmp_path / name)).words), "truce is possible")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nonsense")
    assert code_of(lambda: text_of(opened(tmp_path / "broken.pdf"))) == "evidence/unreadable"
    (tmp_path / "a.xyz").write_text("x")
    assert code_of(lambda: text_of(opened(tmp_path / "a.xyz"))) == "evidence/unknown-kind"


def test_claims_go_to_web_annotations_and_back_without_loss():
    for name in ("example/en", "example/nl", "ukraine/2025-04"):
        case = read(name)
        claims = {key: c.model_dump(mode="json", exclude_unset=True) for key, c in case.file.claims.items()}
        sources = {key: s.model_dump(mode="json") for key, s in case.file.sources.items()}
        page = to_annotations(claims, sources, quotes=case.quotes, recorded_by="an analyst")
        assert from_annotations(page) == claims
        assert page["items"][0]["target"]["selector"][0]["type"] == "TextQuoteSelector"


def test_a_quote_with_a_word_changed_makes_a_case_unreadable(tmp_path):
    case = read("example/en")
    source = case.file.sources[next(iter(case.file.sources))]
    (tmp_path / source.file).write_bytes((case.path.parent / source.file).read_bytes())
    claim = next(iter(case.file.claims.values()))
    changed = claim.quote.replace(claim.quote.split()[0], "Nobody", 1)
    with pytest.raises(BestandError) as caught:
        read_text(case.text.replace(claim.quote, changed, 1), path=tmp_path / "case.yaml")
    assert caught.value.code == "evidence/not-found"


def test_the_text_of_a_source_that_is_not_plain_is_kept_beside_it(tmp_path):
    from click.testing import CliRunner

    from bestand.cli import main

    page = "<p>A <b>truce</b> holds.</p>"
    (tmp_path / "page.html").write_text(page)
    (tmp_path / "case.yaml").write_text(case_with("A truce holds", hashlib.sha256(page.encode()).hexdigest(), "page.html"))
    result = CliRunner().invoke(main, ["check", str(tmp_path), "--keep-text"])
    assert result.exit_code == 0, result.output
    assert "A truce holds." in (tmp_path / "page.html.txt").read_text()
