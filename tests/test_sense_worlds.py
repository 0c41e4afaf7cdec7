"""What `check` says of events that bans stop, clocks that a view stops, and consent that nobody has a reason to give."""

from __future__ import annotations

import pytest

from bestand import check, conflict
from bestand.case.read import catalogue, read
from bestand.telling.naming import finding_words
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.test_expand import case_of, ends, lasts

LEASE = """
parties: {city: {name: City}, club: {name: Club}}
levers:
  city.leases: {is: leases the ground, now: yes}
  club.plays: {is: plays there, now: %s}
never: [{that: club.plays and not city.leases, assumed: no ground without a lease}]
clocks: {lease: {is: the lease, while: city.leases, days: 30, sets: {%s}}}
wants: {city: [{that: city.leases, worth: 50}], club: [{that: club.plays, worth: 50}]}
"""
GATE = """
parties: {union: {name: Union}, firm: {name: Firm}}
levers: {union.works: {is: back to work, consent: {yes: firm}}}
wants:
  union: [{that: union.works, worth: 2}]
  firm: [{that: union.works, worth: 2}%s]
"""


def told(case) -> list[tuple[str, str | None]]:
    return [(each.code, each.place.at) for each in check(case).found if each.code in ("check/event-barred", "check/clock-stopped", "check/idle-consent")]


def test_a_clock_whose_end_is_banned_never_ends_and_that_is_found():
    stuck, free = case_of(LEASE % ("yes", "city.leases: no")), case_of(LEASE % ("yes", "city.leases: no, club.plays: no"))
    assert lasts(stuck, "city.leases", 12.0) > 11.9 and lasts(free, "city.leases", 12.0) < 1.2
    assert told(stuck) == [("check/event-barred", "events.lease_over")] and told(free) == []


@pytest.mark.parametrize(("sets", "found"), [("club.plays: no", [("check/clock-stopped", "clocks.lease")]), ("club.plays: yes", [])])
def test_a_clock_that_would_set_what_a_view_holds_is_found(sets, found):
    body = LEASE.replace("never: [{that: club.plays and not city.leases, assumed: no ground without a lease}]\n", "") % ("yes", sets)
    assert told(case_of(body + "views: {few: {vary: [city.leases, world.lease]}, all: {vary: [all]}}\n")) == found


def test_consent_that_is_worth_nothing_in_itself_is_not_given_step_by_step_and_that_is_found():
    bare, willing = case_of(GATE % ""), case_of(GATE % ", {that: firm.consents_union_works, worth: 1}")
    assert ends(bare) == {"now"} and told(bare) == [("check/idle-consent", "levers.firm.consents_union_works")]
    assert ends(willing) == {"union.works=yes, firm.consents_union_works=yes"} and told(willing) == []


@pytest.mark.parametrize("name", catalogue())
def test_the_cases_of_the_catalogue_have_none_of_these(name):
    assert told(read(name)) == []


@pytest.mark.parametrize(("language", "words_of"), [("en", "the lease"), ("nl", "the lease")])
def test_a_finding_speaks_of_clocks_and_views_in_words(language, words_of):
    body = LEASE.replace("never: [{that: club.plays and not city.leases, assumed: no ground without a lease}]\n", "") % ("yes", "club.plays: no")
    case = case_of(body + "views: {few: {is: the ground alone, vary: [city.leases, world.lease]}}\n")
    (found,) = [each for each in check(case).found if each.code == "check/clock-stopped"]
    told = finding_words(found.saying, found.parts, Telling(conflict(case), words(language)))
    assert (told["clock"], told["view"]) == (words_of, "the ground alone")
