"""What `check` says of events that bans stop, clocks that a view stops, and consent that nobody has a reason to give."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bestand import check, conflict, paths, play, report, study
from bestand.case.read import catalogue, read
from bestand.cli import main
from bestand.report.summary import tables, ways
from bestand.telling.naming import finding_words
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.case.test_expand import case_of, ends, lasts

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
    return [(each.code, each.place.at) for each in check(case).findings if each.code in ("check/event-barred", "check/clock-stopped", "check/idle-consent", "check/idle-chance")]


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


HALF = """
parties: {a: {name: A}, b: {name: B}, o: {name: The observers}}
levers: {a.fights: {is: A fights}, b.fights: {is: B fights}, b.invites: {is: B invites the observers}, o.stays: {is: they stay, now: yes}}
terms: {truce: not a.fights and not b.fights}
clocks: {term: {is: the two months of the truce, while: truce, %s, sets: {a.fights: yes}}}
wants: {a: [{that: not b.fights, worth: 1}], b: [{that: not a.fights, worth: 1}], o: [{that: b.invites implies o.stays, worth: 1}]}
"""


@pytest.mark.parametrize(
    ("clock", "found"),
    [("on: 2026-03-31", ["clocks.term"]), ("on: 2026-03-31, since: 2026-01-30, stages: 2", []), ("days: 60", []), ("days: 60, since: 2026-01-30, stages: 2", [])],
)
def test_a_clock_until_a_day_that_starts_anew_is_found_where_its_length_would_hang_on_today(clock, found):
    assert [each.place.at for each in check(case_of(HALF % clock)).findings if each.code == "check/clock-from-today"] == found


def test_a_truce_in_its_second_month_is_over_in_one_month_and_one_that_is_renewed_lasts_two():
    """Signed sixty days before it ends, asked half-way: what is left is a month, and a clock that starts anew runs for the whole time."""
    runs_on = HALF.replace("while: truce, ", "")
    half, fresh = (case_of(runs_on % f"days: 60{more}, stages: 20") for more in (", since: 2026-01-30", ""))
    assert half.now["world.term"] == "stage_11" and fresh.now["world.term"] == "stage_1"
    still = {name: lasts(case, "world.term != over", 12.0) for name, case in (("half", half), ("fresh", fresh))}
    assert still["half"] == pytest.approx(30 / 30.4375, rel=0.02) and still["fresh"] == pytest.approx(60 / 30.4375, rel=0.02)
    until = case_of(runs_on % "on: 2026-03-31, since: 2026-01-30, stages: 20")
    assert {name: event.per_month.value for name, event in until.file.events.items()} == {name: event.per_month.value for name, event in half.file.events.items()}


def test_a_lever_that_its_owner_minds_only_outside_a_view_is_found():
    views = "views: {few: {vary: [a.fights, b.fights, o.stays]}, invited: {vary: [a.fights, b.fights, o.stays], fixed: {b.invites: yes}}, all: {vary: [all]}}\n"
    found = [each for each in check(case_of(HALF % "days: 60" + views)).findings if each.code == "check/minded-elsewhere"]
    assert [each.place.at for each in found] == ["views.few"] and "o.stays" in found[0].what


MINDED = """parties: {a: {name: A}, b: {name: B}}
levers: {a.talks: {is: talks, now: yes}, b.cuts: {is: cuts, settings: [none, threatened, done], now: threatened}}
clocks: {friday: {is: the days until Friday, days: 4}}
credibility: {cut: {is: how far A believes it, lever: b.cuts, threat: threatened, deed: done, fades_per_month: 6}}
wants: {a: [{that: %s}, {that: a.talks}], b: [{that: b.cuts = none}]}
"""


def test_a_clock_and_a_memory_that_nobody_minds_change_nothing_and_that_is_found():
    """A deadline and a threat that wore off stood in a case, and every answer was that of the case without them."""
    idle = [("check/idle-chance", f"levers.world.{name}") for name in ("friday", "cut")]
    assert sorted(told(case_of(MINDED % "b.cuts != done"))) == sorted(idle)
    assert told(case_of(MINDED % "world.friday = running implies a.talks")) == idle[1:]
    assert told(case_of(MINDED % "world.friday = over and world.cut = believed implies not a.talks")) == []


@pytest.mark.parametrize(("language", "words_of"), [("en", "the lease"), ("nl", "the lease")])
def test_a_finding_speaks_of_clocks_and_views_in_words(language, words_of):
    body = LEASE.replace("never: [{that: club.plays and not city.leases, assumed: no ground without a lease}]\n", "") % ("yes", "club.plays: no")
    case = case_of(body + "views: {few: {is: the ground alone, vary: [city.leases, world.lease]}}\n")
    (found,) = [each for each in check(case).findings if each.code == "check/clock-stopped"]
    told = finding_words(found.saying, found.parts, Telling(conflict(case), words(language)))
    assert (told["clock"], told["view"]) == (words_of, "the ground alone")


def test_clocks_of_one_time_and_other_stages_are_said_to_be_drawn_apart():
    body = "parties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nwants: {a: [{that: a.x}]}\nclocks: {one: {is: first, days: %s, stages: 2}, two: {is: second, days: %s, stages: %s}}\n"
    days = "{value: 30, range: [10, 60], same_as: term}"
    found = [[each.code for each in check(case_of(body % (days, days, stages))).findings if "apart" in each.code] for stages in (2, 3)]
    assert found == [[], ["check/clocks-apart"]]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_where_it_rests_is_said_to_leave_out_what_moves_by_itself(language):
    """A reader of a resting state was told only at "best moves lead" that no clock runs there."""
    moving, still = case_of(LEASE % ("yes", "city.leases: no")), case_of((LEASE % ("yes", "city.leases: no")).replace("clocks: {lease: {is: the lease, while: city.leases, days: 30, sets: {city.leases: no}}}\n", ""))
    said = {"en": "is left out (“the lease", "nl": "is weggelaten (“the lease"}[language]
    pages = [report(study(case, draws=1, quick=True), language=language).html for case in (moving, still)]
    assert [said.replace("is left", "are left").replace("is weg", "zijn weg") in page or said in page for page in pages] == [True, False]
    notes = [tables(study(case, draws=1, quick=True))["equilibria"].notes for case in (moving, still)]
    assert "left out here" in notes[0][0] and notes[1] == ()
    told = ways(paths(conflict(moving), goal="city.leases"), language=language)
    assert "left out here" in told.notes[-1]


def test_a_short_form_without_a_basis_is_found_once():
    """One clock gave a finding for itself, its lever and each of its events."""
    body = "parties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: seen, consent: {yes: b}}}\nwants: {a: [{that: a.x, assumed: y}], b: [{that: b.consents_a_x, assumed: y}]}\nclocks: {t: {is: t, while: a.x, days: 30, stages: 3}}\n"
    found = [each.place.at for each in check(case_of(body.replace("{a: {name: A}}", "{a: {name: A}, b: {name: B}}"))).findings if each.code == "check/no-basis"]
    assert found == ["clocks.t"]


OFFICE = """
parties: {a: {name: Alm}, b: {name: Brook}, w: {name: World, chance: true}}
levers: {a.x: {is: stops, assumed: t}, b.y: {is: pays, assumed: t%s}, b.z: {is: arms, assumed: t}}
wants: {a: [{that: a.x and b.z, assumed: t}], b: [{that: a.x and b.z, assumed: t}]}
"""
MATTERS = {
    "": ["budgets: {m: {party: b, of: 1, costs: {b.y: {yes: 1}, b.z: {yes: 1}}, assumed: t}}", "channels: {k: {carries: [b.z], to: [a], stands: b.y, assumed: t}}",
         "zones: {z: {name: Z, width_km: 9, attacker: a, attack: a.x, surge_k: 9, guards: [{party: b, lever: b.y, troops_k: {yes: 5}}], assumed: t}}",
         "incidents: {i: {is: i, framings: [{by: b, as: accident, lever: b.y, shifts: {a: [a.x and b.z]}}]}}", "never: [{that: a.x and b.y, assumed: t}]",
         "clocks: {c: {is: c, party: w, while: b.y, days: 30, sets: {b.z: yes}, assumed: t}}", "events: {e: {sets: {a.x: yes}, when: b.y, per_month: 1, assumed: t}}",
         "clocks: {c: {is: c, party: w, while: a.x, days: 30, renewed_by: b.y, sets: {b.z: yes}, assumed: t}}",
         "events: {e: {sets: {a.x: no}, per_month: [{when: b.y, value: 1}, {when: b.z, value: 2}], assumed: t}}"],
    "idle": ["", "budgets: {m: {party: b, of: 1, costs: {b.y: {yes: 1}}, assumed: t}}", "budgets: {m: {party: b, of: 9, costs: {b.y: {yes: 1}, b.z: {yes: 1}}, assumed: t}}",
             "channels: {k: {carries: [b.y], to: [a], stands: a.x, assumed: t}}", "zones: {z: {name: Z, width_km: 9, attacker: a, attack: a.x, surge_k: 9, assumed: t}}",
             "incidents: {i: {is: i, framings: [{by: b, as: accident, lever: b.y}]}}", "views: {core: {vary: [a.x, b.y]}}"],
    "unwanted": ["clocks: {c: {is: c, party: w, while: b.y, days: 30, assumed: t}}", "clocks: {c: {is: c, party: w, while: a.x, days: 30, sets: {b.y: yes}, assumed: t}}",
                 "events: {e: {sets: {b.y: yes}, per_month: 1, assumed: t}}",
                 "credibility: {c: {is: c, party: w, lever: b.y, threat: no, deed: yes, fades_per_month: 1, assumed: t}}"],
}  # fmt: skip


@pytest.mark.parametrize(("expected", "more"), [(expected, more) for expected, several in MATTERS.items() for more in several])
def test_a_lever_matters_by_what_costs_clocks_channels_and_zones_do_with_it(expected, more):
    case = case_of(OFFICE % "" + more)
    assert [each.code for each in check(case).findings if each.place.at == "levers.b.y" and each.code.endswith("-lever")] == ([f"check/{expected}-lever"] if expected else [])


def test_a_lever_that_play_moves_for_what_an_event_brings_is_not_said_to_be_moved_for_no_reason():
    """By way of another event: y lets it rain, rain fills the lake, and the lake is what Brook wants."""
    more = "events: {e: {sets: {w.rain: yes}, when: b.y, per_month: 9, assumed: t}, f: {sets: {w.lake: yes}, when: w.rain, per_month: 9, assumed: t}}\nplay: {tempo: {a: 1, b: 1}}"
    levers = "levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}, w.rain: {is: r, assumed: t}, w.lake: {is: l, assumed: t}}\n"
    wants = "wants: {a: [{that: a.x, worth: 1, assumed: t}], b: [{that: w.lake, worth: 5, assumed: t}]}\n"
    case = case_of(f"parties: {{a: {{name: Alm}}, b: {{name: Brook}}, w: {{name: World, chance: true}}}}\n{levers}{wants}{more}")
    assert not [each for each in check(case).findings if each.code.endswith("-lever")]
    asked = conflict(case, scale="cardinal")
    moves = {each.target: each.chance for each in play(asked, months=24).next_choices() if each.who == "b"}
    assert moves[asked.state("b.y=yes")] > 0.9


def test_a_lever_of_chance_that_events_put_is_moved_for_a_reason():
    case = case_of((OFFICE % "").replace("b.z: {", "w.q: {is: rains, assumed: t}, b.z: {") + "events: {e: {sets: {w.q: yes}, per_month: 1, assumed: t}}")
    assert not [each for each in check(case).findings if each.place.at == "levers.w.q" and each.code == "check/unwanted-lever"]


def test_a_large_case_whose_views_are_all_special_asks_everything_where_none_is_named() -> None:
    """The view called core is asked where none is named; a small case, one without views, or one with it needs no word."""
    levers = ", ".join(f"a.l{k}: {{is: does {k}, assumed: x}}" for k in range(18))
    text = f"parties: {{a: {{name: A}}}}\nlevers: {{{levers}}}\nwants: {{a: [{{that: a.l0, assumed: x}}]}}\n"
    views = "views: {%s: {vary: [a.l0]}}\n"

    def codes(of: str) -> list[str]:
        return [each.code for each in check(case_of(of)).findings if each.code == "check/no-usual-view"]

    assert codes(text + views % "part") == ["check/no-usual-view"]
    assert not codes(text + views % "core") and not codes(text) and not codes(GATE % "" + "views: {part: {vary: [union.works]}}\n")


STEP = ": read as a step of its own"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["paths", "--goal", "union.works"], True),
        (["why", "--state", "now", "--party", "union"], True),
        (["coalitions"], True),
        (["agreements", "--that", "union.works"], True),
        (["survival", "--truce", "union.works", "--draws", "1"], True),
        (["equilibrium"], True),
        (["joint", "--that", "union.works"], False),
        (["paths", "--goal", "union.works", "--hold", "firm.consents_union_works=yes"], False),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_whatever_reads_a_consent_as_a_step_says_so(command: list[str], said: bool, tmp_path) -> None:
    """Only `joint` asks of both as one move; where a consent is held there is no step."""
    at = tmp_path / "case.yaml"
    at.write_text("bestand: 1\ntitle: A gate\n" + GATE % "".replace("union.works, worth", "union.works, assumed: x, worth"), encoding="utf-8")
    done = CliRunner().invoke(main, [command[0], str(at), *command[1:]])
    assert done.exit_code < 2, done.output  # 1: no way leads there
    assert (STEP in done.output) == said


def test_the_page_says_where_consent_is_one_move_and_where_a_step() -> None:
    gate = case_of(GATE % "" + "terms: {back: {that: union.works, is: back to work}}\nhypotheses: {h: {claim: back to work, assumed: x, test: {ask: reached, that: back}}}\n")
    page = report(study(gate, draws=5, seconds=1.0)).html
    assert "a step of its own, given before the other acts: consent of <bdi>Firm</bdi> to" in page, page[page.find("Only together") :][:600]
