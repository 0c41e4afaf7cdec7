"""What was done, announced and denied, in the past forms of four languages, for conflicts of no country."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.drafting.accept import accept
from bestand.drafting.draft import draft
from tests.drafting.test_claims_and_lines import claims_of, lines_of

CASE = """\
bestand: 1
title: A port
as_of: 2031-05-01
parties:
  alm: {name: Alm}
  brill: {name: Brill}
"""


@pytest.mark.parametrize(
    ("text", "language", "lever", "now"),
    [
        ("Alm withdrew its complaint.", "en", "alm.complaint", "yes"),
        ("Brill closed the border on Monday.", "en", "brill.border", "yes"),
        ("Alm signed the treaty.", "en", "alm.treaty", "yes"),
        ("Alm trok zijn klacht in.", "nl", "alm.klacht", "yes"),
        ("Alm heeft zijn klacht ingetrokken.", "nl", "alm.klacht", "yes"),
        ("Brill ondertekende het verdrag.", "nl", "brill.verdrag", "yes"),
        ("Alm hat seine Klage zurückgezogen.", "de", "alm.klage", "yes"),
        ("Alm retira sa plainte.", "fr", "alm.plainte", "yes"),
        ("Alm announced that it would open the port.", "en", "alm.open_port", "no"),
        ("Alm said it would reopen the crossing.", "en", "alm.opening", "no"),
        ("The foreign minister of Alm, Ana Berg, announced that her government would deploy the reserve.", "en", "alm.deploy_reserve", "no"),
        ("Alm kondigde aan dat het de haven zou openen.", "nl", "alm.haven_openen", "no"),
        ("De minister van Alm beloofde dat zijn regering de haven zou openen.", "nl", "alm.haven_openen", "no"),
        ("Alm kündigte an, dass es den Brunnen graben werde.", "de", "alm.brunnen_graben", "no"),
        ("Alm a annoncé qu'il ouvrirait le port.", "fr", "alm.port", "no"),
    ],
)
def test_what_was_done_is_a_lever_that_stands_so_and_what_was_announced_one_that_may(tmp_path, text, language, lever, now):
    told = lines_of(tmp_path, text, language, CASE)
    assert (told["lever"]["id"], told["lever"]["now"]) == (lever, now)


def test_a_lever_is_called_for_what_is_announced_and_not_for_who_does_it(tmp_path):
    assert lines_of(tmp_path, "Alm kondigde aan dat het de haven zou openen.", "nl", CASE)["lever"]["is"] == "de haven openen"


@pytest.mark.parametrize(
    "text",
    [
        "Alm said that the storm would pass.",
        "Alm said it would not open the port.",
        "Alm believes that it would win the race.",
        "The mill was closed on Monday.",
    ],
)
def test_what_nobody_did_or_means_to_do_is_no_lever(tmp_path, text):
    assert "lever" not in lines_of(tmp_path, text, "en", CASE)


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("Brill says Alm has closed the border. Its premier denied this.", "en", "premier"),
        ("Brill accused Alm of shelling the mill. Alm denied the charge.", "en", "Alm"),
        ("Brill zegt dat Alm de grens heeft gesloten. Zijn premier ontkende dit.", "nl", "premier"),
        ("Brill zegt dat Alm de molen heeft beschoten. De premier van Alm sprak dat tegen.", "nl", "premier van Alm"),
        ("Brill sagt, Alm habe die Grenze geschlossen. Sein Premier bestritt dies.", "de", "Premier"),
        ("Selon Brill, Alm a fermé la frontière. Son premier ministre l'a démenti.", "fr", "premier ministre"),
    ],
)
def test_a_denial_without_words_of_its_own_denies_what_was_said_before(tmp_path, text, language, who):
    first, denial = claims_of(tmp_path, text, language, CASE)
    assert (denial.fields["says"], denial.fields["source_holds"], denial.fields["denies"]) == (who, "certain", [first.id])
    assert denial.fields["about"] == ["alm"] and f"(denies {first.id})" in denial.words()


def test_a_denial_that_is_accepted_denies_the_claim_as_the_case_calls_it(tmp_path):
    (tmp_path / "case.yaml").write_text(CASE + "claims: {}\n", encoding="utf-8")
    (tmp_path / "paper.txt").write_text("It rained. Brill says Alm has closed the border. Its premier denied this.", encoding="utf-8")
    case = read(tmp_path)
    proposals = draft([tmp_path / "paper.txt"], into=case, language="en")
    claims = [item.id for item in proposals.items if item.kind == "claim"]
    for take in (claims, claims[::-1], claims[-1:]):  # alone it denied nothing: what it denies is taken along
        both = accept(case, proposals, take=take, by="A. Analyst", on="2031-05-02").case.file.claims
        denials = {name: claim.denies for name, claim in both.items() if claim.denies}
        assert denials == {denial: (claim,) for claim, denial in [[name for name in sorted(both) if "rain" not in both[name].quote]]}


def test_a_proposal_shows_that_what_it_quotes_is_denied_or_not_sure(tmp_path):
    """It read as if the speaker said so."""
    (denied,) = claims_of(tmp_path, "Alm denied that its guns had fired.", "en", CASE)
    assert denied.words() == "Alm: 'its guns had fired' (denied)"
    (heard,) = claims_of(tmp_path, "Alm reportedly shelled the old mill.", "en", CASE)
    assert heard.words().endswith("(possible)")


def test_the_government_is_not_that_of_the_town_in_which_somebody_met(tmp_path):
    told = lines_of(tmp_path, "The commanders met in Nairobi on Monday. The government has resumed the flights.", "en", CASE)
    assert "lever" not in told
    assert lines_of(tmp_path, "Nairobi rejects a truce. The government has resumed the flights.", "en", CASE)["lever"]["id"] == "kenya.flights"


@pytest.mark.parametrize(
    ("text", "language", "lever"),
    [
        ("The government of Alm has closed the border. Brill has seized the mill. The government has resumed the flights.", "en", "alm.flights"),
        ("Alm's government met on Monday. Brill has not handed over its guns. The government has resumed the flights.", "en", "alm.flights"),
        ("De regering van Alm kwam bijeen. Brill heeft de grens gesloten. De regering heeft de vluchten hervat.", "nl", "alm.vluchten"),
        ("Brill has not handed over its guns. The country has resumed the flights.", "en", "brill.flights"),
    ],
)
def test_the_government_is_that_of_which_it_was_spoken_by_name(tmp_path, text, language, lever):
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    levers = [item.fields["id"] for item in draft([path], into=read_text(CASE), language=language).items if item.kind == "lever"]
    assert lever in levers and not {"alm.flights", "brill.flights", "brill.vluchten"}.intersection(levers) - {lever}


def test_what_somebody_wants_done_has_not_been_done(tmp_path):
    told = lines_of(tmp_path, "Alm wants the old border restored.", "en", CASE)
    assert told["lever"]["now"] == "no" and told["want"]["party"] == "alm"


def test_a_document_of_which_a_copy_lies_in_the_cases_folder_is_not_said_to_be_elsewhere(tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "memo.txt").write_text("Alm has closed the border.", encoding="utf-8")
    asked = ["draft", str(tmp_path / "memo.txt"), "--into", str(tmp_path / "case"), "--language", "en"]
    assert "not in the case's folder" in CliRunner().invoke(main, asked).stderr
    (tmp_path / "case" / "memo.txt").write_text("Another text.", encoding="utf-8")
    assert "not in the case's folder" in CliRunner().invoke(main, asked).stderr
    (tmp_path / "case" / "memo.txt").write_text("Alm has closed the border.", encoding="utf-8")
    assert "not in the case's folder" not in CliRunner().invoke(main, asked).stderr


@pytest.mark.parametrize(
    ("text", "language", "condition"),
    [
        ("Alm would only lift the blockade after Brill has disarmed.", "en", "after Brill has disarmed"),
        ("Alm wil de blokkade pas opheffen nadat Brill is ontwapend.", "nl", "nadat Brill is ontwapend"),
        ("Alm will die Blockade erst aufheben, nachdem Brill entwaffnet ist.", "de", "nachdem Brill entwaffnet ist"),
    ],
)
def test_what_has_to_come_first_is_a_condition_and_has_not_been_said_to_be_so(tmp_path, text, language, condition):
    (claim,) = claims_of(tmp_path, text, language, CASE)
    assert claim.fields["condition"] == condition


def test_what_is_told_after_something_else_is_still_told(tmp_path):
    assert len(claims_of(tmp_path, "Alm lifted the blockade after Brill had handed over its guns.", "en", CASE)) == 2
