"""Prose of a newspaper about conflicts of no country: faults that it showed, each for its kind."""

from __future__ import annotations

import pytest

from tests.drafting.test_claims_and_lines import claims_of, lines_of

CASE = """\
bestand: 1
title: Two hospitals
parties:
  union: {name: the Nurses' Union, also: [the union]}
  board: {name: the board}
  province: {name: the province of Harlow, also: [the province], members: [Governor Ana Reyes]}
  delta: {name: Delta}
  mid: {name: Midland}
"""


def quotes(tmp_path, text: str, language: str = "en") -> list[str]:
    return [claim.fields["quote"] for claim in claims_of(tmp_path, text, language, CASE)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("In April and May, Midland and Delta pay a quarter together.", ["In April and May, Midland and Delta pay a quarter together"]),
        ("April and May, when budgets are written, are the months of money.", ["budgets are written", "are the months of money"]),
        ("The board and the union, which share one office, offer three per cent.", ["share one office", "offer three per cent"]),
        ("Delta said on Monday that it would pay.", ["it would pay"]),
        ("Harlow Gazette, 9 March 2026. By Ines Marek.\n\nDelta opened the gate.", ["Delta opened the gate"]),
        (
            "The board of Saint Luke's and the Harbour Hospital has accepted the mediator, Lena Ostrow, on Thursday.",
            ["the Harbour Hospital has accepted the mediator, Lena Ostrow, on Thursday"],
        ),
        ("In private, according to two members of the board, it would accept two nurses at night.", ["it would accept two nurses at night"]),
    ],
)
def test_a_sentence_is_cut_into_what_it_says(tmp_path, text, told):
    """Months were verbs, a subject without its verb was a claim, and what a source after a few words says was lost."""
    assert quotes(tmp_path, text) == told


@pytest.mark.parametrize(
    "text",
    [
        "The board fears that a number at night will spread to every ward.",
        "The union fears that the money of the province will last until the elections and no longer.",
        "The union has no fund of its own and wants none.",
        "The union's president, Tereza Holm, rejected the offer as too little.",
        "On 4 March the province proposed a mediator, the judge Lena Ostrow. She said that she would begin once she is asked to keep order.",
    ],
)
def test_what_no_party_does_or_wants_is_no_lever_of_one(tmp_path, text):
    assert {"lever", "want", "guard"}.isdisjoint(lines_of(tmp_path, text, "en", CASE))


@pytest.mark.parametrize(
    ("text", "lever", "now"),
    [
        ("Delta, at the mouth of the river, wants the gates to be opened.", "delta.gates_opened", "no"),
        ("The board, at the edge of the town, wants the strike to end before Easter.", "board.strike", "yes"),
        ("The union wants Delta to end the siege.", "delta.siege", "yes"),
    ],
)
def test_a_lever_is_called_for_what_is_wanted(tmp_path, text, lever, now):
    """It was called for a place named beside the party, or for the day by which something is to stop."""
    told = lines_of(tmp_path, text, "en", CASE)
    assert (told["lever"]["id"], told["lever"]["now"]) == (lever, now)
    assert told["want"]["that"] == (f"not {lever}" if now == "yes" else lever)


def test_an_office_speaks_for_its_party(tmp_path):
    (claim,) = claims_of(tmp_path, "Governor Reyes does not want to use the act before June, her office said.", "en", CASE)
    assert (claim.fields["says"], claim.fields["author_holds"]) == ("Ana Reyes", "uncommitted")


def test_the_envoy_of_a_party_still_speaks_for_it(tmp_path):
    (_, claim) = claims_of(tmp_path, "Delta sent its envoy, Claire Monnet. Monnet said that she would open the gates by night.", "en", CASE)
    assert claim.actor == "delta"


def test_a_promise_is_called_for_what_is_promised(tmp_path):
    told = lines_of(tmp_path, "The union has promised in writing to keep the wards open.", "en", CASE)
    assert told["lever"]["id"] == "union.keep_wards" and told["lever"]["is"] == "keep the wards open"
