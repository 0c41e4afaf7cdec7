"""What is drafted when a case has levers already: documents of a later week tell what was done with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bestand.case.read import read
from bestand.cli import main
from bestand.drafting.accept import accept
from bestand.drafting.draft import draft
from bestand.drafting.lexicon import lexicon
from bestand.drafting.names import names_in
from bestand.drafting.proposals import Proposals
from bestand.drafting.told import levers_meant, moved_to

CASE = """\
bestand: 1
title: The pass
as_of: "2031-03-17"
language: en
parties:
  alm: {name: {en: Alm, nl: Alm}, members: [Foreign Minister Petra Valdic]}
  brill: {name: Brill, also: [Brillen, Brillse]}
levers:
  alm.truce: {is: {en: Alm accepts the ceasefire, nl: Alm aanvaardt het bestand}, now: no, assumed: x}
  brill.truce: {is: {en: Brill accepts the ceasefire, nl: Brill aanvaardt het bestand}, now: no, assumed: x}
  brill.shells: {is: {en: Brill shells Lume, nl: Brill beschiet Lume}, now: yes, assumed: x}
  brill.frees: {is: {en: Brill releases the border guards, nl: Brill laat de grenswachten vrij}, now: no, assumed: x}
  alm.rights: {is: {en: Alm recognises the grazing rights, nl: Alm erkent de weiderechten}, now: no, assumed: x}
"""


@pytest.fixture
def drafted(tmp_path: Path):
    """A function that drafts a text, for the case above."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")

    def of(text: str, language: str = "en", **options: str) -> Proposals:
        (tmp_path / "text.txt").write_text(text, encoding="utf-8")
        return draft([tmp_path / "text.txt"], into=read(tmp_path), language=language, **options)

    return of


def _told(proposals: Proposals, kind: str) -> list[str]:
    keys = {"now": ("lever", "now"), "observation": ("date", "lever", "took"), "want": ("party", "that"), "lever": ("id",), "claim": ("quote",)}
    return [" ".join(str(item.fields.get(key, "-")) for key in keys[kind]) for item in proposals.waiting if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "language", "now"),
    [
        ("On 12 March 2031 Brill accepted the ceasefire and stopped the shelling of Lume.", "en", ["brill.truce yes", "brill.shells no"]),
        ("Brill heeft woensdag het bestand aanvaard.", "nl", ["brill.truce yes"]),
        ("Brill heeft de beschieting van Lume gestaakt.", "nl", ["brill.shells no"]),
        ("The border guards were released on Friday.", "en", ["brill.frees yes"]),
        ("Brill will accept the ceasefire on Friday.", "en", []),
        ("Brill has not accepted the ceasefire.", "en", []),
        ("Perhaps Brill accepted the ceasefire.", "en", []),
        ("Brill agreed to accept the ceasefire.", "en", []),
        ("Alm insists that Brill accept the ceasefire.", "en", []),
        ("Brill must accept the ceasefire.", "en", []),
        ("Brill accepted the proposal.", "en", []),
        ("Three shells fell near Lume.", "en", []),
    ],
)
def test_what_a_party_is_told_to_have_done_sets_its_lever(text: str, language: str, now: list[str], drafted) -> None:
    """A lever is known by its label; what is to come, wished for, denied or doubted moves none."""
    assert _told(drafted(text, language), "now") == now


def test_each_lever_that_was_moved_on_a_day_is_an_observation(drafted) -> None:
    """Days are counted from that of the document, where it says `today` or names a day of the week."""
    text = "COMMUNIQUÉ\n\nOstergrad, 13 March 2031\n\nBrill has today accepted the ceasefire. On Wednesday Brill stopped the shelling of Lume.\n"
    assert _told(drafted(text), "observation") == ["2031-03-13 brill.truce yes", "2031-03-12 brill.shells no"]


def test_what_is_wanted_is_known_by_the_lever_that_the_case_has(drafted) -> None:
    """No second lever is proposed beside one whose label says the same, nor one of the party that asks for what is another's."""
    text = "Alm demands that Brill release the forty-one border guards within a week. Brill wants recognition of its grazing rights."
    assert _told(drafted(text), "want") == ["alm brill.frees", "brill alm.rights"]
    assert _told(drafted(text), "lever") == []
    dutch = "Alm eist dat Brill de 41 grenswachten binnen een week vrijlaat."
    assert _told(drafted(dutch, "nl"), "want") == ["alm brill.frees"]


def test_words_that_begin_alike_are_not_one() -> None:
    """`guarantee` is no form of `guards`, and one shared word of two is not enough."""
    case = read_case()
    words = lexicon("en")
    names = names_in(case.file, words)
    assert levers_meant("a guarantee at the border", case, names, words) == []
    assert [each.name for each in levers_meant("released some guards at the border", case, names, words)] == ["brill.frees"]
    assert moved_to("Brill keeps the guards", "brill", case, names, words) == {}


def read_case():
    """The case above, from no file."""
    from bestand.case.read import read_text

    return read_text(CASE)


def test_lines_drafted_after_their_claims_were_accepted_rest_on_them(tmp_path: Path) -> None:
    """A document that is drafted again, when the case has moved on to its day, gives its observations with their claims."""
    (tmp_path / "case.yaml").write_text(CASE.replace("2031-03-17", "2031-03-10"), encoding="utf-8")
    (tmp_path / "text.txt").write_text("On 12 March 2031 Brill accepted the ceasefire.", encoding="utf-8")
    first = draft([tmp_path / "text.txt"], into=read(tmp_path), language="en")
    taken = accept(read(tmp_path), first, take=[item.id for item in first.waiting if item.kind == "claim"], by="A", on="2031-03-10")
    (tmp_path / "case.yaml").write_text(taken.case.text.replace("2031-03-10", "2031-03-17", 1), encoding="utf-8")
    again = draft([tmp_path / "text.txt"], into=read(tmp_path), language="en", waiting=taken.proposals)
    seen = next(item for item in again.waiting if item.kind == "observation")
    moved = accept(read(tmp_path), again, take=[seen.id], by="A", on="2031-03-17")
    assert [str(one.because) for one in moved.case.file.observations] != ["[]"]


@pytest.mark.parametrize(
    "heading",
    ["MINISTRY OF FOREIGN AFFAIRS OF ALM\n\nCommuniqué on the pass", "COMMUNIQUÉ OF THE PRESIDENCY OF ALM", "Government of Alm"],
)
def test_a_letterhead_says_whom_we_means(heading: str, drafted) -> None:
    """Also in capitals, and where what the text is called names nobody."""
    proposals = drafted(f"{heading}\n\nDravik, 5 March 2031\n\nWe demand that Brill release the border guards.\n")
    assert _told(proposals, "want") == ["alm brill.frees"]


def test_a_document_is_called_by_what_it_is_and_its_author_by_the_line_that_says_so(drafted) -> None:
    """Neither who sends it nor the byline is its title."""
    letter = drafted("UNITED NATIONS\nLetter dated 15 March 2031 from the Secretary-General\n\nBrill has closed the pass to all traffic.\n")
    assert letter.sources["text"]["title"] == "Letter dated 15 March 2031 from the Secretary-General"
    column = drafted("A quiet that asks for guards\nBy Jonas Merrit, 14 March 2031\n\nThe guns of Brill have been silent for two days.\n")
    assert column.sources["text"]["title"] == "A quiet that asks for guards"
    assert column.sources["text"]["author"] == "Jonas Merrit"


@pytest.mark.parametrize(
    ("text", "language", "says", "quote"),
    [
        ("Volgens de burgemeester vielen daarbij twee doden.", "nl", "burgemeester", ""),
        ("According to two diplomats Brill has not withdrawn a single battery.", "en", "diplomats", ""),
        ("All fire ceased at 06:00 this morning, Brill says.", "en", "Brill", "All fire ceased at 06:00 this morning"),
        ("Alm wil vrede. Brill wil erkenning.", "nl", "", "Brill wil erkenning"),
        ("Volgens de burgemeester van Kell vielen daarbij twee doden.", "nl", "burgemeester van Kell", ""),
        ("Toch zeggen twee bronnen dat Brill het bestand heeft aanvaard.", "nl", "bronnen", "Brill het bestand heeft aanvaard"),
        ("Sollte der Beschuss andauern, behält sich Alm vor, den Hafen zu sperren.", "de", "", "behält sich Alm vor, den Hafen zu sperren"),
        ("Sperrt Alm den Hafen, so wird Brill seine Lieferungen erhöhen.", "de", "", "wird Brill seine Lieferungen erhöhen"),
        ("Petra Valdic a déclaré que les gardes ne seraient déployés qu'une fois la trêve signée.", "fr", "Petra Valdic", "déployés qu'une fois la trêve"),
        ("Brill libérera les gardes dès que l'eau coulera.", "fr", "", "Brill libérera les gardes"),
        ("Sluit Alm de haven, dan voert Brill zijn leveringen op.", "nl", "", "voert Brill zijn leveringen op"),
    ],
)
def test_speakers_times_and_short_wants_are_read_whole(text: str, language: str, says: str, quote: str, drafted) -> None:
    """A verb is no part of who speaks, a time no end of a clause, and three words can say what somebody wants."""
    claims = [item.fields for item in drafted(text, language).waiting if item.kind == "claim"]
    assert any(claim.get("says", "") == says and quote in claim["quote"] for claim in claims)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie denkt dat het om een bergweg gaat, vergist zich.", "nl"),
        ("Minister VALDIC: Dank u.\n\nDe VOORZITTER: Minister, u hebt het woord.\n\nMinister VALDIC: Dank u.\n", "nl"),
    ],
)
def test_what_nobody_holds_and_turns_given_are_no_claims(text: str, language: str, drafted) -> None:
    """`Whoever thinks that …` says what its author denies."""
    assert _told(drafted(text, language), "claim") == []


def test_a_wish_is_not_denied_by_how_things_are(tmp_path: Path) -> None:
    """`have not been released` says nothing against `demands that … release`."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "one.txt").write_text("Alm demands that Brill release the forty-one border guards.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("The forty-one border guards have not been released.", encoding="utf-8")
    first = draft([tmp_path / "one.txt"], into=read(tmp_path), language="en")
    taken = accept(read(tmp_path), first, by="A", on="2031-03-10")
    (tmp_path / "case.yaml").write_text(taken.case.text, encoding="utf-8")
    later = draft([tmp_path / "two.txt"], into=read(tmp_path), language="en", waiting=taken.proposals)
    assert not any("denies" in item.fields for item in later.waiting)


def test_a_heading_over_several_lines_of_a_printed_page_is_no_part_of_a_sentence(tmp_path: Path) -> None:
    """A page without blank lines: what neither reaches the right edge nor ends in a full stop is a heading, and gives the title whole."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    page = (
        "Joint statement of the ministers of foreign affairs of\nAlm and Norhaven on the situation at the pass\n12 March 2031\nWe welcome the truce.\n"
        "Brill has accepted the ceasefire at the Kelvar Pass, the foreign ministry said on Tuesday after a night of talks\n"
        "in the capital with the Norhaven envoy Sigrid Aune.\n"
        "What the two governments expect of Brill in the coming weeks\nand months of talks\nThe guards of Alm will be freed by Brill.\n"
    )
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    proposals = draft([tmp_path / "page.txt"], into=read(tmp_path), language="en")
    assert proposals.sources["page"]["title"].startswith("Joint statement of the ministers of foreign affairs of Alm and Norhaven")
    quotes = _told(proposals, "claim")
    assert "The guards of Alm will be freed by Brill" in quotes
    assert not any("governments expect" in each or "Joint" in each for each in quotes)


def test_a_dutch_case_is_drafted_for_in_dutch(tmp_path: Path) -> None:
    """The terminal speaks the language of the case, whatever those of the documents."""
    (tmp_path / "case.yaml").write_text(CASE.replace("language: en", "language: nl"), encoding="utf-8")
    (tmp_path / "text.txt").write_text("Ministry of Trade of Alm\n\nWe demand that Brill release the border guards.\n", encoding="utf-8")
    printed = CliRunner().invoke(main, ["draft", str(tmp_path / "text.txt"), "--into", str(tmp_path)]).output
    assert "Voorstellen" in printed
    assert "naar de kop is “wij” Alm" in printed
    assert "wachten" in printed
    assert "Aanvaard" in CliRunner().invoke(main, ["accept", str(tmp_path), "--all-of", "claim", "--by", "A"]).output


@pytest.mark.parametrize(
    ("text", "language", "quote", "condition"),
    [
        ("Brill will not withdraw before Alm recognises its grazing rights.", "en", "Brill will not withdraw", "before Alm recognises its grazing rights"),
        ("The pass will remain closed until the rights are recognised.", "en", "The pass will remain closed", "until the rights are recognised"),
        ("Brill trekt zijn geschut niet terug voordat Alm de rechten erkent.", "nl", "Brill trekt zijn geschut niet terug", "voordat Alm de rechten erkent"),
        ("Brill zieht nicht ab, bevor Alm die Rechte anerkennt.", "de", "Brill zieht nicht ab", "bevor Alm die Rechte anerkennt"),
    ],
)
def test_what_something_waits_for_is_no_claim_that_it_is_so(text: str, language: str, quote: str, condition: str, drafted) -> None:
    """`before Alm recognises its rights` does not say that Alm recognises them."""
    claims = [item.fields for item in drafted(text, language).waiting if item.kind == "claim"]
    assert [(claim["quote"], claim.get("condition")) for claim in claims] == [(quote, condition)]


def test_a_line_that_the_case_has_is_not_proposed_again(tmp_path: Path) -> None:
    """A guard, or a want of one version of a party, that says the same stands already."""
    frees = "brill.frees: {is: {en: Brill releases the border guards, nl: Brill laat de grenswachten vrij}, now: no, "
    terms = "terms: {ceasefire: alm.truce and brill.truce}\nwants: {alm: {hard: [{that: brill.frees, assumed: x}], soft: [{that: alm.rights, assumed: x}]}}\n"
    file = CASE.replace(frees, f"{frees}needs: {{yes: ceasefire}}, ") + terms
    file = file.replace("members: [Foreign Minister Petra Valdic]", "types: {hard: 0.6, soft: 0.4}")
    (tmp_path / "case.yaml").write_text(file, encoding="utf-8")
    said = "Alm demands that Brill release the border guards. Brill will release the border guards only if there is a ceasefire."
    (tmp_path / "text.txt").write_text(said, encoding="utf-8")
    assert {item.kind for item in draft([tmp_path / "text.txt"], into=read(tmp_path), language="en").waiting} == {"claim"}
    (tmp_path / "case.yaml").write_text(CASE + terms.partition("\n")[0], encoding="utf-8")
    assert {item.kind for item in draft([tmp_path / "text.txt"], into=read(tmp_path), language="en").waiting} == {"claim", "want", "guard"}


@pytest.mark.parametrize(
    ("text", "language", "now"),
    [
        ("Brill hat gedroht, die Brücke zu sperren. Ausgeführt hat Brill die Drohung bisher nicht.", "de", 1),
        ("Brill hat gedroht, die Brücke zu sperren. Direkte Gespräche zwischen Alm und Brill hat es bisher nicht gegeben.", "de", 0),
        ("Brill dreigt de brug te sluiten. Brill heeft de dijk bij Oost nog niet hersteld.", "nl", 0),
        ("Brill dreigt de brug te sluiten. Brill heeft de brug nog niet gesloten.", "nl", 1),
    ],
)
def test_not_yet_is_said_of_the_lever_that_is_spoken_of(text: str, language: str, now: int, drafted) -> None:
    """Not of another that was spoken of just before, where the sentence names something else."""
    assert len(_told(drafted(text, language), "now")) == now


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Druck auf Brill wird größer.", "de"),
        ("Die Drohung wird von Brill seit Dezember wiederholt.", "de"),
        ("D'après le quotidien « Le Matin de Brill », un pont aurait été fermé.", "fr"),
    ],
)
def test_what_becomes_or_is_called_something_is_no_deed_and_no_claim(text: str, language: str, drafted) -> None:
    made = drafted(text, language)
    assert not _told(made, "lever") and "Le Matin de Brill" not in _told(made, "claim")


def test_they_are_those_of_whom_a_sentence_speaks_and_not_a_party_named_before(drafted) -> None:
    made = drafted("Brill heeft de brug gesloten. De boeren in de vlakte demonstreerden; zij willen dat Alm het bestand aanvaardt.", "nl")
    assert not _told(made, "want")
    assert _told(drafted("Brill has closed the bridge. They want Alm to accept the ceasefire."), "want")


def test_a_threat_in_reserve_is_a_lever_under_its_condition(drafted) -> None:
    made = drafted("Sollte Brill Lume beschießen, behält sich Alm vor, den Hafen zu sperren.", "de")
    assert sorted(_told(made, "lever")) == ["alm.hafen_sperren", "brill.lume_beschiessen"]
    assert [(item.fields["lever"], item.fields["that"]) for item in made.waiting if item.kind == "guard"] == [("alm.hafen_sperren", "brill.lume_beschiessen")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Alm attend maintenant que Brill libère les gardes.", "fr"),
        ("Alm wartet darauf, dass Brill die Wachen freilässt.", "de"),
        ("Alm is waiting for Brill to release the border guards.", "en"),
    ],
)
def test_what_is_waited_for_is_wanted_and_not_told_as_so(text: str, language: str, drafted) -> None:
    made = drafted(text, language)
    assert [want.split()[0] for want in _told(made, "want")] == ["alm"]
    assert not any(quote.startswith("Brill") for quote in _told(made, "claim"))


def test_a_want_is_called_by_what_is_to_be_done_without_the_name_of_who_would_do_it(drafted) -> None:
    made = drafted("Alm urges Brill to reopen the northern customs house without delay.")
    assert [item.fields["is"] for item in made.waiting if item.kind == "want"] == ["reopen the northern customs house without delay"]


def test_french_stopping_is_told_as_stopped(drafted) -> None:
    assert lexicon("fr").phrases["stopping"].search("Nous avons cessé de tirer")
    assert lexicon("fr").phrases["stopping"].search("Brill a renoncé aux tirs") and not lexicon("fr").phrases["stopping"].search("l'accès au pont")


@pytest.mark.parametrize(
    ("text", "language", "begins", "lever"),
    [
        ("If Brill withdraws its troops, Alm will share the water.", "en", "Alm will", ["alm.water"]),
        ("Unless Alm opens the dam, the farmers of Brill would not pay.", "en", "the farmers", []),
        ("If Alm withdraws, lifts the siege and pays, the gates stay shut.", "en", "If Alm", []),
        ("If the Alm, Brill and Marl would agree, Brill will share the water.", "en", "Brill will", ["brill.water"]),
        ("Si Brill retire ses troupes, Alm partagera l'eau avec les gens de la vallée.", "fr", "Alm partagera", []),
    ],
)
def test_who_acts_under_a_condition_is_not_who_is_to_fulfil_it(text: str, language: str, begins: str, lever: list[str], drafted) -> None:
    """A condition that is put in front ends where the sentence says who acts, and what he will do."""
    made = drafted(text, language)
    assert [name for name in _told(made, "lever") if "water" in name] == lever
    assert made.waiting[0].fields["quote"].startswith(begins)
    assert made.waiting[0].fields.get("condition", "").startswith(text.split(maxsplit=1)[0]) == (not begins.startswith("If"))
