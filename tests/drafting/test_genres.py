"""Drafting by rules in texts of other kinds: interviews, hearings, letters, reports in the mood of reported speech."""

from __future__ import annotations

import pytest

from bestand.documents.canonical import canonical
from bestand.drafting.lexicon import lexicon
from bestand.drafting.sentences import sentences
from tests.drafting.test_claims_and_lines import CASE, claims_of, lines_of

TALK = "Post: Minister Dekker, is the bridge shut?\n\nDekker: We closed it on Monday. North was warned twice. They did not listen.\n\n{}"
MORE = "Post: North says that you lied to everyone.\n\nDekker: I believe that they will come round. It might take a month.\n\nThe talks resume on Friday."


def said(items):
    return {item.fields["quote"]: (item.fields.get("says", "author"), item.actor, item.fields.get("source_holds", "")) for item in items}


def test_answers_of_an_interview_are_said_by_the_one_who_answers(tmp_path):
    by = said(claims_of(tmp_path, TALK.format(MORE), "en"))
    assert by["We closed it on Monday"] == ("Jan Dekker", "south", "certain")
    assert by["North was warned twice"] == ("Jan Dekker", "north", "certain")
    assert by["they will come round"] == ("Jan Dekker", "north", "probable")
    assert by["It might take a month"][2] == "possible"
    assert by["you lied to everyone"][0] == "North"
    assert by["The talks resume on Friday"][0] == "author"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_hearing_is_cut_at_its_speakers_blank_line_or_not(tmp_path, gap):
    text = gap.join(["THE CHAIR: Who fired?", "MINISTER DEKKER: North fired at the mill.", "THE CHAIR: When?", "MINISTER DEKKER: It was early in May."])
    assert {who for who, _, _ in said(claims_of(tmp_path, text, "en")).values()} == {"Jan Dekker"}


def test_an_interview_without_names_is_with_the_person_named_first(tmp_path):
    text = """Der Minister Jan Dekker über die Brücke

Herr Dekker, was ist geschehen?

Wir haben die Brücke am Montag gesperrt. Der Norden hat das gewusst.

Wie geht es weiter?

Ich rechne mit Gesprächen in Genf. Wir kommen jedenfalls hin.

Und dann?

Das Wasser wird steigen, fürchte ich. Unsere Leute haben wenig Zeit."""
    by = said(claims_of(tmp_path, text, "de", CASE.replace("Jan Dekker]", "Jan Dekker, Dekker]")))
    assert {who for who, _, _ in by.values()} == {"Jan Dekker"}
    assert by["Wir haben die Brücke am Montag gesperrt"][1] == "south"


def test_a_note_that_is_repeated_is_nobody_who_speaks(tmp_path):
    text = "Note: North has closed the old bridge.\n\nNote: South wants a longer truce now."
    assert {who for who, _, _ in said(claims_of(tmp_path, text, "en")).values()} == {"author"}


def test_reported_mood_goes_on_with_the_last_speaker(tmp_path):
    text = "Der Norden sei zu Gesprächen bereit, sagte Präsidentin Ana Berg. Zuvor müsse die Brücke geräumt werden. Die Brücke ist seit Mai gesperrt."
    by = said(claims_of(tmp_path, text, "de"))
    assert by["Zuvor müsse die Brücke geräumt werden"][0] == "Ana Berg"
    assert by["Die Brücke ist seit Mai gesperrt"][0] == "author"


@pytest.mark.parametrize(
    ("language", "text", "degree"),
    [
        ("en", "We doubt that sanctions would shorten the blockade.", "uncommitted"),
        ("en", "I expect that North will come to the talks.", "probable"),
        ("nl", "Ik verwacht dat Zuid naar de besprekingen komt.", "probable"),
        ("fr", "Je crois que les pourparlers vont reprendre en mai.", "probable"),
    ],
)
def test_what_the_author_says_of_his_own_is_the_authors_with_its_degree(tmp_path, language, text, degree):
    [claim] = claims_of(tmp_path, text, language)
    assert (claim.fields.get("says", "author"), claim.fields["author_holds"]) == ("author", degree)


@pytest.mark.parametrize(
    ("language", "text", "words", "who"),
    [
        ("fr", "Son ministre, Jan Dekker, a qualifié le plan de « fable de caserne ».", "fable de caserne", "Jan Dekker"),
        ("fr", "Jan Dekker a quitté la salle. « Cette rivière restera notre frontière », a-t-il lancé.", "Cette rivière restera", "Jan Dekker"),
        ("fr", "Jan Dekker a même affirmé que les détails étaient réglés.", "les détails étaient réglés", "Jan Dekker"),
        ("fr", "Ana Berg a répété le 9 mai qu'il n'accepterait aucune troupe.", "il n'accepterait aucune troupe", "Ana Berg"),
        ("en", "The mediator, Ana Berg, hopes to secure an exchange soon.", "hopes to secure an exchange soon", "Ana Berg"),
        ("en", "Jan Dekker, who leads the mission, said his men had counted eleven shells.", "his men had counted eleven shells", "Jan Dekker"),
        ("nl", "Vorige week beschuldigde Zuid de kooplui ervan een brug te hebben verbrand.", "een brug te hebben verbrand", "Zuid"),
        ("de", "Die Brücke sei sicher, hieß es aus dem Verteidigungsministerium.", "Die Brücke sei sicher", "Verteidigungsministerium"),
        ("de", "Jan Dekker sagte zu, die Daten bis Freitag zu veröffentlichen.", "Daten bis Freitag zu veröffentlichen", "Jan Dekker"),
    ],
)
def test_speakers_are_found_however_the_sentence_is_turned(tmp_path, language, text, words, who):
    by = said(claims_of(tmp_path, text, language))
    assert [speaker for quote, (speaker, _, _) in by.items() if words in quote] == [who], by


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "North has opened the gate; South has not replied to the offer."),
        ("nl", "Zuid sprak dat in een brief tegen."),
        ("de", "Der Süden bestritt das."),
        ("en", "This shows that the river is rising again."),
    ],
)
def test_nobody_speaks_where_nothing_is_said(tmp_path, language, text):
    assert {who for who, _, _ in said(claims_of(tmp_path, text, language)).values()} <= {"author"}


@pytest.mark.parametrize(
    ("language", "text", "degree"),
    [
        ("en", "South said that a deal was likely within days.", "probable"),
        ("en", "South said that it would leave the bridge.", "certain"),
        ("fr", "Selon un témoin, une milice opérerait dans la vallée.", "probable"),
        ("fr", "Ana Berg a déclaré que la ville ne rouvrirait pas le pont.", "certain"),
        ("nl", "Zuid stelt dat een bestand pas mogelijk is als de brug opengaat.", "certain"),
    ],
)
def test_a_future_in_the_past_is_no_hedge_of_what_was_said(tmp_path, language, text, degree):
    claims = [item for item in claims_of(tmp_path, text, language) if item.fields.get("says")]
    assert claims[0].fields["source_holds"] == degree


def test_a_conditional_in_a_relative_clause_hedges_only_that(tmp_path):
    [claim] = claims_of(tmp_path, "La ville menace de saisir les navires qui tenteraient de passer.", "fr")
    assert claim.fields.get("author_holds", "certain") == "certain"


@pytest.mark.parametrize(
    ("language", "text", "heads"),
    [
        ("nl", "Geachte voorzitter,\n\nMet deze brief kom ik terug op uw vraag.\n\nDe minister van Zaken,\nE. Bos", 2),
        ("en", "The long night\n\nMinister Jan Dekker on the bridge, the river and the patience of the North. By Jonah Pike\n\nThe bridge has been shut.", 2),
        ("fr", "COMMUNIQUÉ\nde la réunion du conseil\nVares, le 17 mai\n\nLes chefs se sont réunis à Vares.", 1),
    ],
)
def test_how_a_letter_opens_and_what_stands_under_a_title_are_no_sentences(language, text, heads):
    cut = sentences(text, canonical(text), lexicon(language))
    assert sum(s.heading for s in cut) >= heads
    assert len([s for s in cut if not s.heading]) == 1


@pytest.mark.parametrize(
    ("language", "text", "n"),
    [
        ("en", "A second round is planned for March 21. Diplomats doubt it.", 2),
        ("de", "Das gilt bis zum 30. September. Danach ist Schluss.", 2),
        ("de", "Das gilt bis zum 30. Die Frist ist knapp.", 2),
        ("nl", "1. Toestand ter plaatse is slecht.", 1),
    ],
)
def test_a_number_ends_a_sentence_where_it_is_no_ordinal(language, text, n):
    assert len(sentences(text, canonical(text), lexicon(language))) == n


def test_a_number_with_a_comma_is_one_word(tmp_path):
    [claim] = claims_of(tmp_path, "Its council has drawn up a plan for a force of 1,200 peacekeepers at the dam.", "en")
    assert claim.fields["quote"].endswith("1,200")


def test_what_hedges_a_whole_sentence_is_no_claim_of_its_own(tmp_path):
    [claim] = claims_of(tmp_path, "The union wants to send eight hundred men, as far as I know.", "en")
    assert claim.fields["author_holds"] == "probable"


def test_the_accused_acts_in_what_it_is_accused_of(tmp_path):
    assert [item.actor for item in claims_of(tmp_path, "South accused the North of using water as a weapon.", "en")] == ["north"]



@pytest.mark.parametrize(
    ("language", "text", "wants"),
    [
        ("en", "North said it could not accept a ceasefire in the valley.", "not north.ceasefire"),
        ("en", "North has not responded to that demand for talks.", ""),
        ("de", "Der Norden lehnt eine deutsche Beteiligung nicht ab.", ""),
        ("en", "South called the threat of the North unacceptable.", ""),
        ("nl", "Zuid sluit nieuwe gesprekken over de brug niet uit.", ""),
        ("en", "North demands that South stop the attacks.", "not south.attacks"),
    ],
)
def test_a_want_is_never_read_the_wrong_way_round(tmp_path, language, text, wants):
    case = CASE.replace("also: [Northern]", "also: [Northern, Norden]")
    assert lines_of(tmp_path, text, language, case).get("want", {}).get("that", "") == wants


def test_what_is_still_to_come_was_not_seen(tmp_path):
    case = CASE.replace("title: The river", "title: The river\nas_of: 2026-03-13")
    assert "observation" not in lines_of(tmp_path, "On 20 March 2026 the leaders of North meet the press.", "en", case)
    assert lines_of(tmp_path, "On 2 March 2026 South met the press.", "en", case)["observation"]["date"] == "2026-03-02"


def test_labels_of_lines_begin_with_what_they_are_about(tmp_path):
    lever = lines_of(tmp_path, "North said that it was ready to leave the mill.", "en")["lever"]
    assert lever["is"] == "leave the mill"


@pytest.mark.parametrize("member", ["NATO secretary general Mark Rutte", "Secretary General Mark Rutte"])
def test_a_person_is_called_by_the_name_and_not_the_office(tmp_path, member):
    case = CASE.replace("President Ana Berg", member)
    [claim] = claims_of(tmp_path, "Mark Rutte said that the bridge will reopen.", "en", case)
    assert claim.fields["says"] == "Mark Rutte"


def test_the_one_who_announces_is_told_without_the_verb(tmp_path):
    [claim] = claims_of(tmp_path, "Le pont a été rouvert lundi matin, a annoncé le ministère turc des Affaires étrangères.", "fr")
    assert claim.fields["says"] == "ministère turc des Affaires étrangères"


def test_headings_and_page_furniture_of_word_and_pdf_files_stand_apart():
    text = (
        "Talks stall at the mill over\nthe old bridge\nHALM, March 13 (Wire) - North has closed the old bridge to all traffic\nsince Monday.\n"
        "Situation at the front\nSouthern troops have taken the long road to the mill.\n11/26/26, 7:54 AM\nfile:///tmp/a.html 1/1"
    )
    cut = sentences(text, canonical(text), lexicon("en"))
    assert [s.text for s in cut if not s.heading] == [
        "HALM, March 13 (Wire) - North has closed the old bridge to all traffic since Monday.",
        "Southern troops have taken the long road to the mill.",
    ]


@pytest.mark.parametrize(
    ("language", "text", "quote", "who"),
    [
        ("en", "According to the Courier, North promised to withdraw its old guns.", "North promised", "Courier"),
        ("fr", "Selon le Courrier, North a promis de retirer ses vieux canons.", "North a promis", "Courrier"),
        ("nl", "Volgens de Courant heeft North beloofd de oude kanonnen terug te trekken.", "North beloofd", "Courant"),
        ("de", "Laut der Zeitung Kurier hat Jan Dekker versprochen, das Tor am Montag zu öffnen.", "das Tor", "Jan Dekker"),
        ("nl", "Volgens haar minister van Defensie, Jan Dekker, staan er zestig stukken langs de kade.", "zestig stukken", "Jan Dekker"),
        ("en", "According to her defence minister, Jan Dekker, sixty guns stand on the quay.", "sixty guns", "Jan Dekker"),
        ("nl", "In Brussel vrezen diplomaten dat North het mandaat zal uithollen.", "het mandaat", "diplomaten"),
        ("de", "In Brüssel fürchten Diplomaten, dass North das Mandat aushöhlt.", "das Mandat", "Diplomaten"),
        ("en", "Jan Dekker, who commands the garrison, told the network that the road will stay shut.", "road will stay", "Jan Dekker"),
        ("en", "Dekker's spokesman said that the old dam would close.", "dam would close", "Dekker's spokesman"),
        ("de", "Ein enger Mitarbeiter Dekkers räumte ein, dass die Krankenhäuser Diesel rationieren.", "Diesel", "enger Mitarbeiter Dekkers"),
        ("en", "Jan Dekker came. A clerk thinks that South will wait. He also warned of a split in its council.", "a split", "clerk"),
        ("de", "Jan Dekker kam. Es regnete. Die Vermittler sehen das anders. Nach ihrer Darstellung schossen beide Seiten.", "schossen", "unnamed source"),
        ("fr", "Jan Dekker a mis en garde contre une rupture au sein du conseil.", "une rupture", "Jan Dekker"),
    ],
)
def test_who_speaks_is_told_from_who_is_told_who_is_named_and_where(tmp_path, language, text, quote, who):
    found = claims_of(tmp_path, text, language, CASE.replace("Jan Dekker]", "Jan Dekker, Dekker]"))
    assert {item.fields.get("says", "author") for item in found if quote in item.fields["quote"]} == {who}


@pytest.mark.parametrize(
    ("language", "text", "quote", "holds"),
    [
        ("en", "We expect a short opening before Easter.", "short opening", "probable"),
        ("nl", "Ik verwacht een korte opening voor Pasen.", "korte opening", "probable"),
        ("nl", "De missie zou vierhonderd man tellen en de brug dag en nacht bewaken.", "dag en nacht", "probable"),
        ("nl", "De missie zou vierhonderd man tellen en de brug is dag en nacht open.", "dag en nacht", "certain"),
    ],
)
def test_how_far_an_author_holds_what_has_no_verb_of_its_own_or_is_expected(tmp_path, language, text, quote, holds):
    (one,) = [item for item in claims_of(tmp_path, text, language) if quote in item.fields["quote"]]
    assert one.fields.get("author_holds", "certain") == holds
