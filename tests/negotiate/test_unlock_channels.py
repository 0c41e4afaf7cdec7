"""A want that a party comes to have is read as its other wants are: of what it knows through a channel only, where one stands."""

from __future__ import annotations

import pytest

from bestand import conflict, unlock
from bestand.case.read import read_text
from bestand.negotiate.changed import text_with_changes
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability

OFFER = """
bestand: 1
title: An offer that has to be known
as_of: "2030-01-01"
parties: {up: {name: Uphill}, down: {name: Downhill}}
levers:
  up.offers: {is: Uphill offers water, now: yes, assumed: x}
  up.envoy: {is: an envoy goes to and fro, now: ENVOY, assumed: x}
  down.signs: {is: Downhill signs, assumed: x}
channels: {envoy: {carries: [up.offers], to: down, stands: up.envoy, assumed: x}}
terms: {signed: {that: down.signs, is: a signature}}
wants:
  up: [{that: up.envoy iff not up.envoy, is: it minds nothing, assumed: x}]
  down: [{that: not down.signs, is: not to sign, assumed: x}]
"""
ANSWER = "up.offers implies down.signs"


@pytest.mark.parametrize(("envoy", "opens"), [("no", False), ("yes", True)])
def test_what_nobody_brings_word_of_opens_nothing(envoy, opens):
    """An offer that is not known asks for no answer: the want was read as if the offer were known, and the case that it wrote was not."""
    asked = conflict(read_text(OFFER.replace("ENVOY", envoy)))
    found = unlock(asked, goal="signed", most=1, add=[ANSWER], offers=[])
    assert bool(found.sets) is opens


@pytest.mark.parametrize("envoy", ["no", "yes"])
def test_every_row_does_in_the_case_that_it_writes_what_it_says(envoy):
    asked = conflict(read_text(OFFER.replace("ENVOY", envoy)))
    found = unlock(asked, goal="signed", most=1, add=[ANSWER, "up.offers and down.signs", "not up.offers or down.signs"], offers=[])
    for one in found.sets:
        again = conflict(read_text(text_with_changes(asked, unlock=one)))
        resting = stability(again, concepts=("seq",), moves="best").holds("seq")
        assert (resting & again.where("signed") & paths(again, by="best").reached).any(), one.changes[0].words
    assert envoy == "no" or found.sets
