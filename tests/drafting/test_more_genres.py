"""Drafting by rules in resolutions, reports of an organisation, press conferences and speeches; each test is of a fault that such a text showed."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.documents.canonical import canonical
from bestand.drafting.draft import draft
from bestand.drafting.lexicon import lexicon
from bestand.drafting.sentences import sentences
from tests.drafting.test_claims_and_lines import CASE, claims_of, lines_of
from tests.drafting.test_genres import said

BERG = "Ana Berg"


def test_answers_after_a_letter_and_a_dash_are_not_of_a_person_who_is_asked_about(tmp_path):
    """Everything in a spokesman's answers was said by the president of another country, since he was the first who was named."""
    text = "\n\n".join([
        "Point de presse du 6 octobre", "Q - Le Nord a-t-il fermé le pont ?", "R - Le Nord a fermé le pont lundi.",
        "Q - La présidente Ana Berg parle de guerre. Que répondez-vous ?", "R - Le Sud ne veut pas de guerre. Les travaux du port continuent.",
    ])
    by = said(claims_of(tmp_path, text, "fr", CASE.replace("[Northern]", "[Nord, le Nord]").replace("[Southern, Zuid]", "[Sud]")))
    assert by["Le Nord a fermé le pont lundi"] == ("author", "north", "")
    assert by["Le Sud ne veut pas de guerre"][0] == "author" and not any(quote.startswith(("R -", "Q -")) for quote in by)


@pytest.mark.parametrize("mark", [":", " -", " –"])
def test_answers_are_of_the_one_whom_a_question_addresses(tmp_path, mark):
    text = "\n\n".join([f"Q{mark} Minister Dekker, is the bridge shut?", f"A{mark} It was shut on Monday.", f"Q{mark} For long?", f"A{mark} North has the keys to it."])
    assert {who for who, _, _ in said(claims_of(tmp_path, text, "en")).values()} == {"Jan Dekker"}


@pytest.mark.parametrize(
    ("language", "text", "quote", "who"),
    [
        ("nl", "Journaal: Wat zei Berg?\n\nDekker: Ana Berg verzekerde mij dat het Noorden de brug opent.\n\nJournaal: Wanneer?\n\nDekker: Dat weten wij nog niet.",
         "het Noorden de brug opent", BERG),
        ("en", "Their leader, Ana Berg, said the bridge was shut for good.", "the bridge was shut for good", BERG),
        ("de", "Die Chefin des Nordens, Ana Berg, sagte am Montag, sie werde niemals mit dem Süden verhandeln.", "sie werde niemals mit dem Süden verhandeln", BERG),
        ("en", "Demands that North withdraw its guns from the old bridge;", "North withdraw its guns from the old bridge", "author"),
        ("fr", '"Nous attendons depuis trop longtemps", a déclaré la ministre nordiste Ana Berg.', "Nous attendons depuis trop longtemps", BERG),
        ("en", "Ana Berg opened the talks. The Russian delegate argued that sanctions would fail. He called the old plan dead.", "He called the old plan dead",
         "Russian delegate"),
    ],
)  # fmt: skip
def test_who_says_it(tmp_path, language, text, quote, who):
    assert {q: w for q, (w, _, _) in said(claims_of(tmp_path, text, language)).items() if quote in q} and all(
        w == who for q, (w, _, _) in said(claims_of(tmp_path, text, language)).items() if quote in q
    )


@pytest.mark.parametrize(
    ("language", "text", "degree"),
    [
        ("en", "It is doubtful that the truce would survive the winter.", "denied"),
        ("nl", "Het is onwaarschijnlijk dat het bestand de winter haalt.", "denied"),
        ("nl", "Ik verwacht overigens niet dat Zuid de brug opent.", "denied"),
        ("nl", "Het is niet onwaarschijnlijk dat het bestand de winter haalt.", "probable"),
        ("de", "Ich glaube nicht, dass der Winter die Front beruhigt.", "denied"),
        ("fr", "Il est peu probable qu'un accord soit signé en mai.", "denied"),
        ("en", "I remain concerned that the parties are using the lull to rearm.", "possible"),
        ("nl", "Dat er doden zijn gevallen aan het front, kan ik niet bevestigen.", "uncommitted"),
        ("nl", "Zij willen zien hoe ver ze met de brug kunnen gaan.", "certain"),
    ],
)
def test_degrees_of_doubt(tmp_path, language, text, degree):
    assert {claim.fields.get("author_holds", "certain") for claim in claims_of(tmp_path, text, language)} == {degree}


def test_what_is_said_to_have_happened_is_hearsay_in_german(tmp_path):
    [claim] = claims_of(tmp_path, "Der Norden soll den Milizen Munition geliefert haben.", "de")
    assert claim.fields["says"] == "hearsay" and claim.fields["source_holds"] == "possible"


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [("de", "Wir werden sie lockern, sobald alle Geiseln frei sind.", "Wir werden sie lockern"), ("fr", "Elle sera réexaminée si la trêve tient un mois.", "Elle sera réexaminée"),
     ("de", "Es ist noch kein Frieden.", "Es ist noch kein Frieden")],
)  # fmt: skip
def test_a_plan_with_a_condition_and_a_plain_no_are_claims(tmp_path, language, text, quote):
    assert any(quote in claim.fields["quote"] for claim in claims_of(tmp_path, text, language))


def test_items_that_end_in_a_comma_are_sentences_of_their_own():
    text = "Noting that the bridge is shut,\n\nWelcoming the offer of Velland to host a new round of talks,\n\n1. Demands that North leave the bridge;\n\n2. Decides to meet again."
    told = [one.text for one in sentences(text, canonical(text), lexicon("en"))]
    assert told == ["Noting that the bridge is shut,", "Welcoming the offer of Velland to host a new round of talks,", "Demands that North leave the bridge;", "Decides to meet again."]
    broken = "The talks on the bridge, the road and the water that were held in the old mill of Tolmin,\fHeld up by snow, failed."
    assert len(sentences(broken, canonical(broken), lexicon("en"))) == 1


def test_a_name_that_the_case_gives_a_party_is_no_pronoun(tmp_path):
    """`The Government` was whoever acted last, though the case has it as a name of one party."""
    case = CASE.replace("[Southern, Zuid]", "[the Government]")
    text = "North has agreed to let the convoys pass. The Government has not yet responded to this proposal."
    assert claims_of(tmp_path, text, "en", case)[-1].actor == "south"


def test_a_speaker_on_a_line_of_his_own_begins_a_turn(tmp_path):
    """Web pages set the name apart; the first answer was the author's."""
    text = "DEKKER:\n\nWe closed the bridge on Monday.\n\nQUESTION (Post):\n\nFor long?\n\nDEKKER:\n\nNorth has the keys to it."
    by = said(claims_of(tmp_path, text, "en", CASE.replace("Jan Dekker]", "Jan Dekker, Dekker]")))
    assert len(by) == 2 and {who for who, _, _ in by.values()} <= {"Jan Dekker", "Dekker", "DEKKER"}


def test_a_letter_in_a_word_file_loses_no_sentence_to_its_courtesies(tmp_path):
    """Its paragraphs are parted by single line ends: the first sentence was one with `Geachte voorzitter`, the signature a claim."""
    text = "Betreft: Bestand\nGeachte voorzitter,\nOp 3 mei heeft Zuid het bestand met het Noorden ondertekend. Zuid heeft de brug gesloten.\nDe minister van Buitenlandse Zaken,\nJ. de Wael\n"
    quotes = [claim.fields["quote"] for claim in claims_of(tmp_path, text, "nl")]
    assert len(quotes) == 2 and quotes[0].endswith("ondertekend") and quotes[1] == "Zuid heeft de brug gesloten"


def test_what_a_party_is_ready_for_is_not_the_condition(tmp_path):
    """`is alleen bereid als Noord …` made a lever of the one who is ready of what the other has to do."""
    case = CASE.replace("[Northern]", "[Noord]")
    drafted = lines_of(tmp_path, "Zuid is daartoe alleen bereid als Noord de gevangenen vrijlaat.", "nl", case)
    assert drafted.get("lever", {}).get("id") in (None, "north.hostages") and "guard" not in drafted
    full = lines_of(tmp_path, "Zuid is alleen bereid de brug te openen als Noord de gevangenen vrijlaat.", "nl", case)
    assert full["guard"]["that"] == "north.hostages" and full["guard"]["lever"].startswith("south.")


def test_a_lever_is_not_called_for_the_particle_of_its_verb(tmp_path):
    drafted = lines_of(tmp_path, "Zuid dreigt de luchtsteun te beëindigen.", "nl")
    assert drafted["lever"]["id"] == "south.luchtsteun_beeindigen"


def test_in_a_text_without_blank_lines_a_long_line_is_a_paragraph(tmp_path):
    """Word parts its paragraphs so; an interview of three questions was one block, and its answers were the author's."""
    answer = "Wir haben neun Gefangene freigelassen. Der Norden hat uns eine Liste gegeben, auf der dreißig Namen fehlen. Wir werden alle freilassen, sobald der Norden sie ergänzt."
    lines = ["Minister Jan Dekker über das Abkommen", "Herr Dekker, warum zögern Sie?", answer, "Scheitert es?", "Das glaube ich nicht, denn wir wollen den Handel.", "Und dann?",
             "Ich erwarte, dass der Norden bis Mai bleibt."]
    by = said(claims_of(tmp_path, "\n".join(lines), "de"))
    assert len(by) >= 5 and {who for who, _, _ in by.values()} == {"Jan Dekker"}


def test_days_after_the_one_that_the_case_describes_are_told_of(tmp_path):
    """They are no observations until the case is moved on; nothing said so."""
    (tmp_path / "week.txt").write_text("On 14 May, North handed over a list of 62 names to the South. The bridge is shut for good.", encoding="utf-8")
    early = draft([tmp_path / "week.txt"], into=read_text(CASE + 'as_of: "2025-05-12"\n'), language="en")
    late = draft([tmp_path / "week.txt"], into=read_text(CASE + 'as_of: "2025-05-19"\n'), language="en")
    assert not any(item.kind == "observation" for item in early.items) and "1 days from 2025-05-14" in early.notes[0]
    assert [item.fields["date"] for item in late.items if item.kind == "observation"] == ["2025-05-14"] and not late.notes


def test_a_web_page_is_called_by_its_title_and_not_by_its_menu(tmp_path):
    page = "<html><head><title>North &amp; South at the\n bridge</title></head><body><nav>Menu | Home</nav><h1>The bridge</h1><p>North has closed the old bridge.</p></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert draft([tmp_path / "page.html"], into=read_text(CASE), language="en").sources["page"]["title"] == "North & South at the bridge"


def test_minutes_of_a_debate_have_the_turns_of_their_members(tmp_path):
    """A member who asks was taken for an interviewer, and one who spoke once for nobody: the minister said what they said."""
    turns = ["De heer Bosma (Midden):\nVoorzitter. Het Noorden heeft de haven heroverd. De opstand is naar het oosten gevlucht. Mijn fractie steunt de missie. Waarom nu?",
             "Minister Dekker:\nWij hebben om een onderzoek gevraagd.", "Mevrouw Ilic (Links):\nVorige maand raakten twee militairen gewond. De president, Ana Berg, heeft gedreigd met oorlog.",
             "Minister Dekker:\nDe brug blijft voorlopig dicht.", "De heer Bosma (Midden):\nDat antwoord stelt mij niet gerust."]
    by = said(claims_of(tmp_path, "\n\n".join(turns), "nl"))
    assert by["Het Noorden heeft de haven heroverd"][0].endswith("Bosma") and by["Wij hebben om een onderzoek gevraagd"][0] == "Jan Dekker"
    assert by["Vorige maand raakten twee militairen gewond"][0].endswith("Ilic") and not any(quote.startswith("De president") for quote in by)
