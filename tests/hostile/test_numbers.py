"""Numbers that cannot be meant are refused where they are read, each by what it means."""

from __future__ import annotations

import re

import numpy as np
import pytest
from pydantic import BaseModel

from bestand.case.loaded import parts
from bestand.case.model import MOST_MONTHS, CaseFile
from bestand.case.parts import Bounds, Part, Quantity, marked
from bestand.case.read import read, read_text
from bestand.case.zones import REFERENCES
from bestand.errors import CaseError
from bestand.graph.conflict import conflict
from bestand.history.classes import reference_classes
from bestand.truce.zones import grounds
from tests.depth import spread

CASE = """
bestand: 1
title: T
parties: {a: {name: A, types: {one: 0.5, two: 0.5}}, b: {name: B}}
levers:
  a.attacks: {is: x, assumed: t}
  b.stands: {is: y, settings: [gone, there], assumed: t}
terms: {truce: not a.attacks}
events: {e: {sets: {a.attacks: yes}, per_month: PER_MONTH, assumed: t}}
wants:
  a: {one: [{that: a.attacks, worth: WORTH, assumed: t}], two: [{that: not a.attacks, worth: 1, assumed: t}]}
  b: [{that: truce, worth: 1, assumed: t}]
zones:
  z:
    name: Z
    width_km: WIDTH_KM
    sector_km: SECTOR_KM
    attacker: a
    attack: a.attacks
    surge_k: SURGE_K
    warning_days: WARNING_DAYS
    guards: [{party: b, lever: b.stands, troops_k: {there: TROOPS_K}, in_place: IN_PLACE, arrival_days: ARRIVAL_DAYS, tooth: TOOTH, rotation: ROTATION, from_front_km: FROM_FRONT_KM}]
    prize: {a: PRIZE}
    presence_cost: {b: PRESENCE_COST}
    assumed: t
deterrence:
  truce: truce
  breach: a.attacks
  view: all
  strategies_view: all
  march_km_per_day: MARCH
  detection_km: DETECTION
  capacity_k: {b: CAPACITY}
  backstop: {lever: b.stands, strength: {gone: 0, there: STRENGTH}, cost: {a: COST}, assumed: t}
  hub: {name: H, lever: b.stands, arrival_factor: {there: FACTOR}, assumed: t}
  decisiveness: DECISIVENESS
  provocation: PROVOCATION
  past: {reference: civil-alone, weights: {game: WEIGHT_GAME, empirical: 0.25, no difference: 0.5}, assumed: t}
  answer: {b: ANSWER}
play: {tempo: {a: TEMPO}, noise: {a: NOISE}, discount: {a: DISCOUNT}, move_cost: {a.attacks: MOVE_COST}}
hypotheses: {h: {claim: c, assumed: t, test: {ask: rests, that: truce, months: MONTHS}}}
views: {all: {vary: all}}
"""
ORDINARY = {
    "PER_MONTH": 0.1, "WORTH": 2, "WIDTH_KM": 100, "SECTOR_KM": 10, "SURGE_K": 100, "WARNING_DAYS": 10, "TROOPS_K": 20, "IN_PLACE": 0.5,
    "ARRIVAL_DAYS": 10, "TOOTH": 0.5, "ROTATION": 3, "FROM_FRONT_KM": 100, "PRIZE": 5, "PRESENCE_COST": 1, "MARCH": 150, "DETECTION": 300,
    "CAPACITY": 50, "STRENGTH": 1, "COST": 5, "FACTOR": 2, "DECISIVENESS": 2, "PROVOCATION": -1, "WEIGHT_GAME": 0.25, "ANSWER": 0.8, "TEMPO": 1, "NOISE": 1,
    "DISCOUNT": 0.05, "MOVE_COST": 0.5, "MONTHS": 12,
}  # fmt: skip
SHARES = ("IN_PLACE", "TOOTH", "STRENGTH", "ANSWER", "WEIGHT_GAME")
ABOVE_0 = ("WIDTH_KM", "SECTOR_KM", "MARCH", "DETECTION", "MONTHS")
ANY_SIGN = ("WORTH", "PRIZE", "PRESENCE_COST", "COST", "PROVOCATION", "MOVE_COST")


def text(**numbers: object) -> str:
    made = CASE
    for name, number in sorted({**ORDINARY, **numbers}.items(), key=lambda each: -len(each[0])):
        made = made.replace(f": {name}", f": {number}")
    return made


def test_ordinary_numbers_are_read():
    assert read_text(text()).file.deterrence is not None


@spread("name", ORDINARY)
@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1e308", "-1e308", "1e15", "9" * 400])
def test_what_no_number_can_be_is_refused(name, number):
    with pytest.raises(CaseError, match=r"case/(out-of-range|wrong-value|weights)") as caught:
        read_text(text(**{name: number}))
    assert caught.value.problems[0].place.line


@pytest.mark.parametrize(
    ("name", "number"),
    [*((name, -1) for name in ORDINARY if name not in ANY_SIGN), *((name, 1.5) for name in SHARES), *((name, 0) for name in ABOVE_0), ("PER_MONTH", 1e4), ("PER_MONTH", 1e6), ("TEMPO", 1e4), ("ROTATION", 0.5), ("DISCOUNT", 1e3), ("MONTHS", MOST_MONTHS + 1), ("WORTH", 1e-300), ("NOISE", 1e-300), ("WIDTH_KM", 1e6), ("WARNING_DAYS", 1e5)],
)
def test_numbers_are_bounded_by_what_they_mean(name, number):
    with pytest.raises(CaseError, match=r"case/(out-of-range|wrong-value|weights)"):
        read_text(text(**{name: number}))


@pytest.mark.parametrize("given", ["{value: 1, range: [0, 1e308]}", "{value: 1, range: [-1, 2]}", "{value: 1, range: [2, 3]}", "{value: 1, range: [0, .nan]}"])
def test_ranges_are_bounded_like_numbers(given):
    with pytest.raises(CaseError, match=r"case/(out-of-range|wrong-value)"):
        read_text(text(TEMPO=given))


def test_every_number_of_the_format_has_bounds():
    def below(model: type[BaseModel]):
        for inner in model.__subclasses__():
            yield inner
            yield from below(inner)

    for model in below(Part):
        names = {name for name, _, _ in marked(model, Bounds)}
        for name, info in model.model_fields.items():
            if "Quantity" in str(info.annotation):
                assert name in names, (model.__name__, name)
    assert any(isinstance(part, Quantity) for _, part in parts(read("ukraine/2025-04").file))


def test_every_plain_number_of_the_format_has_bounds_too():
    """Of a quantity they hang on what it is of; corners of areas are looked at with what they are on."""
    elsewhere = re.compile(r"/(Quantity|RateWhen|Type)/properties/(value|range)|/Area/properties/outline|^/properties/bestand")

    def numbers(schema: object, at: str = ""):
        if isinstance(schema, dict) and schema.get("type") in ("number", "integer"):
            yield at, schema
        for key, inner in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
            yield from numbers(inner, f"{at}/{key}")

    plain = [(at, schema) for at, schema in numbers(CaseFile.model_json_schema()) if not elsewhere.search(at)]
    assert len(plain) >= 7
    least, most = ("minimum", "exclusiveMinimum", "ge"), ("maximum", "exclusiveMaximum", "le")
    assert [at for at, schema in plain if not all(any(word in schema for word in words) for words in (least, most))] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("view: all", "view: nope", "case/unknown-name"),
        ("strategies_view: all", "strategies_view: nope", "case/unknown-name"),
        ("truce: truce", "truce: nope", "case/unknown-name"),
        ("breach: a.attacks", "breach: a.nope", "case/unknown-name"),
        ("capacity_k: {b:", "capacity_k: {nope:", "case/unknown-name"),
        ("answer: {b:", "answer: {nope:", "case/unknown-name"),
        ("backstop: {lever: b.stands", "backstop: {lever: b.nope", "case/unknown-name"),
        ("strength: {gone: 0", "strength: {nope: 0", "case/unknown-setting"),
        ("arrival_factor: {there", "arrival_factor: {nope", "case/unknown-setting"),
        ("troops_k: {there", "troops_k: {nope", "case/unknown-setting"),
        ("prize: {a:", "prize: {nope:", "case/unknown-name"),
        ("presence_cost: {b:", "presence_cost: {nope:", "case/unknown-name"),
        ("reference: civil-alone", "reference: nope", "case/unknown-name"),
        ("weights: {game", "weights: {nope", "case/wrong-value"),
        ("weights: {game: 0.25", "weights: {game: 0.5", "case/weights"),
        ("tempo: {a:", "tempo: {nope:", "case/unknown-name"),
        ("move_cost: {a.attacks:", "move_cost: {a.nope:", "case/unknown-name"),
    ],
)
def test_names_beside_numbers_are_checked_like_all_others(old, new, code):
    assert old in text()
    with pytest.raises(CaseError) as caught:
        read_text(text().replace(old, new))
    assert code in [problem.code for problem in caught.value.problems]


def test_the_classes_that_a_case_may_name_are_those_that_come_with_the_program():
    assert reference_classes().names == REFERENCES


OF_PYDANTIC = ("should", "validation", "Tuple", "Dictionary", "List", "Value ", "Input", "valid ", "pattern")


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("views: {v: {vary: []}}", "'vary' must have an entry at least"),
        ("hypotheses: {h: {claim: c, test: []}}", "'test' must have an entry at least"),
        ("events: {e: {is: e, sets: {}, per_month: 1, assumed: t}}", "'sets' must have an entry at least"),
        ("channels: {c: {carries: [], to: [], stands: a.x}}", "'carries' must have an entry at least"),
        ("credibility: {k: {is: k, lever: a.x, threat: 'no', deed: 'yes', levels: [one], fades_per_month: 1, assumed: t}}", "'levels' must have at least 2 entries"),
        ("clocks: {c: {is: c, stages: 0, days: 3, assumed: t}}", "'stages' must be at least 1, not 0"),
        ("clocks: {c: {is: c, stages: 1.5, days: 3, assumed: t}}", "'stages' must be a whole number, not 1.5"),
        ("levers: {a.x: {is: x, odds: {'no': 2}, assumed: t}}", "'no' must be at most 1, not 2"),
        ("levers: {a.x: {is: x, odds: {'no': -1}, assumed: t}}", "'no' must be at least 0, not -1"),
        ("levers: {a.x: {is: x, one_way: both, assumed: t}}", "'one_way' must be 'up' or 'down'"),
        ("graph: {moves: {a: [[s]]}}", "'a[0]' has too few entries"),
        ("graph: {moves: {a: [[s, t, u]]}}", "give 2 and no more"),
        ("translations: {Dutch: {T: t}}", "a language is two or three small letters"),
        ("deterrence: {truce: a.x, past: {reference: interstate-force, weights: {ratio: 1}}}", "choices are 'game'"),
        ("bestand: '1'", "'bestand' must be 1"),
    ],
)
def test_what_is_too_small_or_too_short_is_told_in_the_words_of_the_file(section, says):
    given = {"bestand": "1", "title": "T", "parties": "{a: {name: A}}", "levers": "{a.x: {is: x, assumed: t}}"}
    key, _, value = section.partition(": ")
    given[key] = value
    with pytest.raises(CaseError) as refused:
        read_text("".join(f"{each}: {words}\n" for each, words in given.items()))
    told = str(refused.value)
    assert says in told and not [word for word in OF_PYDANTIC if word in told], told


HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: t}}\n"
SHA = "0" * 64
PLAIN = [
    "clocks: {c: {is: c, days: 30, stages: @, assumed: t}}",
    "budgets: {c: {is: c, party: a, of: @, costs: {a.x: {yes: 1}}, assumed: t}}",
    "budgets: {c: {is: c, party: a, of: 1, costs: {a.x: {yes: @}}, assumed: t}}",
    "hypotheses: {h: {claim: c, assumed: t, test: {ask: rests, that: a.x, months: @}}}",
    "wants: {a: [{that: a.x, assumed: t, worth: @}]}",
    "wants: {a: [{that: a.x, assumed: t, worth: {value: @}}]}",
    "wants: {a: [{that: a.x, assumed: t, worth: {value: 1, range: [1, @]}}]}",
    "events: {e: {sets: {a.x: yes}, per_month: @, assumed: t}}",
    "events: {e: {sets: {a.x: yes}, per_month: {value: 1, range: [@, 1]}, assumed: t}}",
    "areas: {z: {name: Z, outline: [[1, 1], [2, 1], [2, 2], [@, 2]], assumed: t}}",
    f"sources: {{s: {{title: S, sha256: '{SHA}', file: s}}}}\nclaims: {{c: {{source: s, gloss: g, sealed: {{start: 0, end: @, sha256: '{SHA}'}}}}}}",
]


@pytest.mark.parametrize("line", PLAIN)
def test_a_number_is_written_as_one(line):
    read_text(HEAD + line.replace("@", "1"))
    for odd in ("true", "no", "'1'", "1_000", "\u0663", "1 000", "[1]", "{a: 1}", "017", "-01", "00.5", "0x10", "0o17", "1:30", "0b1"):
        with pytest.raises(CaseError) as caught:
            read_text(HEAD + line.replace("@", odd))
        assert {problem.code for problem in caught.value.problems} <= {"case/wrong-type", "case/missing-key", "case/yaml", "case/unknown-key", "case/wrong-value"}, odd
        assert "Input should" not in str(caught.value)


@pytest.mark.parametrize("line", PLAIN)
@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "1e400", "1e300", "-1e300", "9" * 290, "9" * 400])
def test_numbers_that_nothing_can_be_are_refused_in_the_words_of_the_file(line, number):
    with pytest.raises(CaseError) as caught:
        read_text(HEAD + line.replace("@", number))
    assert {problem.code for problem in caught.value.problems} <= {"case/out-of-range", "case/wrong-value"}
    assert "parse" not in str(caught.value) and "integer" not in str(caught.value) and len(str(caught.value)) < 1_000


def test_names_made_of_figures_stay_as_they_are_written():
    """007 is no other name than 7 only to a reader of numbers, and to some readers 010 is 8."""
    head = "bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, settings: [007, 7, 010, 0x10], now: 010, told: {010: t}, assumed: t}}\n"
    lever = read_text(f"{head}wants: {{a: [{{that: a.x = 010, assumed: t}}]}}\n").file.levers["a.x"]
    assert lever.settings == ("007", "7", "010", "0x10") and lever.now == "010"
    listed = "bestand: 1\ntitle: T\nparties: {a: {name: A}}\nstates: {01: {}, 1: {}}\ngraph: {moves: {a: [[01, 1]]}, now: 01}\nranking: {a: [1, 01]}\n"
    assert read_text(listed).file.ranking["a"] == ("1", "01")


@pytest.mark.parametrize("none", ["0", "-0.0", "0.0"])
def test_an_attack_without_any_force_does_not_prevail(none):
    case = read_text(text(SURGE_K=none))
    (ground,) = grounds(conflict(case))
    assert np.all(ground.success == 0)
