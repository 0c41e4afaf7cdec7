"""What commands print: the case's own words in the reader's language; code names with --json, and where one looks them up."""

from __future__ import annotations

import ast
import json
import pathlib
import re
import tomllib

import pytest
from click.testing import CliRunner

import bestand
from bestand import telling
from bestand.cli import COMMANDS, main
from bestand.cli.terminal import STAGES
from bestand.report.worded import worded
from bestand.show import Table
from bestand.telling.tables import Part, table_words
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import spread

CASE = """
bestand: 1
title: The line of Hallow
as_of: 2030-05-01
language: en
sources: {zqsheet: {title: The Hallow Gazette, language: en, sha256: "68358a4ba7a904064898fbf04d95bc2a89af0a5905cf05b85fa7b9f29a98f350", reliability: {value: 0.7, range: [0.4, 0.9]}}}
claims:
  zqsays: {source: zqsheet, quote: "the Guard sends troops", gloss: the Guard means to send troops, author_holds: possible}
parties:
  zqatt: {name: Attacker, types: {zqbold: {value: 0.5, range: [0.3, 0.7], is: the bold one}, zqmeek: {value: 0.5, is: the meek one}}}
  zqgua: {name: Guardian}
  zqout: {name: Outsider}
levers:
  zqatt.zqhits: {is: attacks the line, now: no}
  zqgua.zqforce: {is: force behind the line, settings: [zqnone, zqsome, zqmuch], now: zqnone, meaning: {zqnone: no force, zqsome: a few troops, zqmuch: a whole corps}}
  zqout.zqstands: {is: stands behind the Guardian, settings: [zqgone, zqbehind], now: zqbehind, one_way: down, meaning: {zqgone: has left, zqbehind: is at its side}}
terms:
  zqtruce: {that: not zqatt.zqhits, is: quiet on the line}
  zqguarded: {that: zqgua.zqforce > zqnone, is: troops are there}
events:
  zqleaves: {is: the Outsider goes home, sets: {zqout.zqstands: zqgone}, when: zqout.zqstands = zqbehind, per_month: 0.05, assumed: x}
observations:
  - {lever: zqgua.zqforce, took: zqsome, on: 2030-04-20, assumed: x}
  - {lever: zqatt.zqhits, not_given: yes, on: 2030-04-28, assumed: x}
wants:
  zqatt:
    zqbold: [{that: zqatt.zqhits, is: to have the line, worth: 4}, {that: not zqguarded, is: no troops opposite, worth: 2}]
    zqmeek: [{that: not zqguarded, is: no troops opposite, worth: 3}, {that: zqtruce, is: to be left alone, worth: 2}]
  zqgua: [{that: zqtruce, is: quiet above all, worth: 5, because: [zqsays]}, {that: not zqguarded, is: to keep the money, worth: 1}]
  zqout: [{that: zqout.zqstands = zqgone, is: to go home, worth: 1}, {that: zqtruce, is: quiet there too, worth: 1}]
hypotheses:
  zqguess: {claim: Troops bring quiet, test: {ask: reached, that: zqtruce}}
views: {zqwhole: {vary: [zqatt.zqhits, zqgua.zqforce, zqout.zqstands]}}
zones:
  zqline:
    name: the marsh
    width_km: 200
    sector_km: 50
    attacker: zqatt
    attack: zqatt.zqhits
    surge_k: 40
    warning_days: 4
    guards: [{party: zqgua, lever: zqgua.zqforce, troops_k: {zqnone: 0, zqsome: 20, zqmuch: 60}, in_place: 0.5, arrival_days: 5, tooth: 0.5, rotation: 3, from_front_km: 150}]
    prize: {zqatt: 3}
    presence_cost: {zqgua: 0}
deterrence:
  truce: zqtruce
  capacity_k: {zqgua: 300}
  backstop: {lever: zqout.zqstands, strength: {zqgone: 0, zqbehind: 1}, cost: {zqatt: 2}}
  decisiveness: 1
  provocation: 0
  answer: {zqgua: 1}
  postures: {zqbare: {is: nothing at all, sets: {zqgua.zqforce: zqnone, zqout.zqstands: zqgone}}, zqfull: {is: all there is, sets: {zqgua.zqforce: zqmuch, zqout.zqstands: zqbehind}}}
  strategies: {zqhold: {is: hold on, kind: none, sets: {zqgua.zqforce: zqsome}}, zqidea: {is: something new, kind: concept, sets: {zqgua.zqforce: zqmuch}}}
play: {tempo: {zqatt: 1, zqgua: {value: 1, range: [0.5, 2]}, zqout: 1}, noise: {zqatt: 0.5, zqgua: 0.5, zqout: 0.5}, discount: {zqatt: 0.2, zqgua: 0.2, zqout: 0.2}}
translations:
  nl: {Attacker: Aanvaller, Guardian: Bewaker, Outsider: Buitenstaander, attacks the line: valt de linie aan, force behind the line: macht achter de linie, a few troops: wat troepen,
       a whole corps: een heel korps, no force: geen macht, stands behind the Guardian: staat achter de Bewaker, has left: is weg, is at its side: staat ernaast,
       quiet on the line: rust aan de linie, troops are there: er zijn troepen, the Outsider goes home: de Buitenstaander gaat naar huis, the bold one: de stoutmoedige,
       the meek one: de bedeesde, to have the line: de linie hebben, no troops opposite: geen troepen ertegenover, to be left alone: met rust gelaten worden,
       quiet above all: bovenal rust, to keep the money: het geld houden, to go home: naar huis gaan, quiet there too: daar ook rust, Troops bring quiet: Troepen brengen rust,
       the marsh: het moeras, nothing at all: helemaal niets, all there is: alles wat er is, hold on: volhouden, something new: iets nieuws,
       the Guard means to send troops: de Bewaker wil troepen sturen, The Hallow Gazette: De Bode van Hallow, The line of Hallow: De linie van Hallow}
"""
OTHER = CASE.replace("is: quiet above all, worth: 5", "is: quiet above all, worth: 5, red_line: yes").replace("now: zqnone, meaning", "now: zqsome, meaning")
QUICK = ("--seconds", "0.1")
ASKED: dict[str, tuple[str, ...]] = {
    "why": (),
    "paths": ("--goal", "zqguarded"),
    "unlock": ("zqguarded", "--most", "1"),
    "sensitivity": (),
    "coalitions": (),
    "compare": ("OTHER", *QUICK),
    "turns": QUICK,
    "red-team": QUICK,
    "diff": ("OTHER",),
    "agreements": ("--that", "zqguarded"),
    "settle": (),
    "cores": ("--that", "zqguarded", "--every-want"),
    "joint": ("--that", "zqguarded"),
    "settle-by-solver": (),
    "offers": (),
    "play": (),
    "equilibrium": QUICK,
    "survival": ("--draws", "2"),
    "postures": ("--draws", "2"),
    "withdrawal": ("zqleaves", "--draws", "2"),
    "strategies": ("--draws", "2"),
    "posterior": ("--draws", "4", *QUICK),
    "forecast": ("--months", "1"),
    "indicators": QUICK,
    "scenarios": ("--by", "zqtruce"),
    "run": ("--quick", "--draws", "2", *QUICK),
    "brief": ("--draws", "2", *QUICK),
}
NOT_ASKED = {
    "show": "where code names are looked up: they stand there beside what they are called",
    "check": "names places in the file, to be found there",
    "new": "reads no case", "schema": "reads no case", "list": "reads no case", "docs": "reads no case", "divide": "reads no case",
    "import": "writes a file", "export": "writes a file",
    "draft": "speaks of a document", "accept": "names what is to be accepted by what is typed",
    "base-rates": "knows no case", "violations": "knows no case", "backtest": "knows no case",
    "sweep": "its measures are what was typed", "discover": "its measures are what was typed",
    "open": "serves until it is stopped",
}  # fmt: skip
IN_THE_FILE = re.compile(r"wants\.\w+(\.\w+)?(\[\d+\])?|\bzqsays\b")  # where a demand stands in the file, and claims, by which pages refer to them


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("cases")
    for name, text in (("hallow", CASE), ("other", OTHER)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return {"CASE": str(folder / "hallow.yaml"), "OTHER": str(folder / "other.yaml"), "folder": str(folder)}


def printed(command: str, cases: dict[str, str], *more: str) -> str:
    """What a command prints of the cases; asked once for all that is looked at in it."""
    at = " ".join((command, *more))
    if at not in cases:
        cases[at] = _printed(command, cases, *more)
    return cases[at]


def _printed(command: str, cases: dict[str, str], *more: str) -> str:
    if command in ("run", "brief"):
        more = (*more, "--out", f"{cases['folder']}/page.html")
    words = [command, cases["CASE"], *(cases.get(word, word) for word in ASKED[command]), *more]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code in (0, 1), (words, result.output)
    return result.stdout


def test_every_command_is_looked_at_or_said_why_not() -> None:
    assert {command.name for command in COMMANDS} == set(ASKED) | set(NOT_ASKED)


@spread("command", ASKED, first=5)
def test_a_command_prints_no_code_name(command: str, cases: dict[str, str]) -> None:
    told = printed(command, cases)
    assert told.strip()
    assert not re.findall(r"\S*zq\S*", IN_THE_FILE.sub("", told) if command in ("agreements", "cores", "sensitivity") else told), told


ENGLISH = re.compile(r"Attacker|Guardian|Outsider|attacks the line|force behind|a few troops|whole corps|is at its side|has left|troops are there|the bold one|the meek one")


@spread("command", ASKED, first=5)
def test_a_command_speaks_of_the_case_in_the_readers_language(command: str, cases: dict[str, str]) -> None:
    told = printed(command, cases, "--language", "nl")
    assert not ENGLISH.findall(told), told


SAID = re.compile(
    r"(?i)\b(the|and|with|what|which|that|are|this|not|nothing|nobody|states?|months?|chance|shares?|draws?|shown|moves?|before|after|holds|how|each|stable|yes|"
    r"does|said|turns?|than|only|one|all|other|others|likely|settings?|wants?|lines?|reached|rests?|where|when|least|cost|worth|for|known|without|versions?|seen|could|would)\b"
)  # words of English that no Dutch sentence has
DUTCH_TOO = re.compile(r"wants\.\S+|\b(want|per|rest|de rest|lines)\b")  # places in the file; words that both have


@spread("command", ASKED, first=5)
def test_a_command_leaves_no_english_in_dutch(command: str, cases: dict[str, str]) -> None:
    told = DUTCH_TOO.sub("", printed(command, cases, "--language", "nl"))
    left = [line for line in told.splitlines() if SAID.search(line) and "page.html" not in line]
    assert not left, left


ROOMS = ("negotiate", "bargain", "play", "stationary", "truce", "study")
GIVES = re.compile(r"table|notes|effects|forces|zones|weekly|entries|sizes|questions|falling|carriers|breaks")
PUT_TOGETHER = frozenset(  # parts of sentences that the table of translations has whole
    ["a state that rests ({})", "What would make [{}] {} and is reached by {} moves", "changed from now: ", "survival() of one game counts them",
     "the backstop is held, or ({}) only begins at its setting and the case's own events may end it: every posture both ways", "a truce holds {}",
     "one begins within {}", "statement differs", "statements differ", "conclusion is", "conclusions are", "{} {}; {} {} the same",
     "What to watch within {} weeks{}", "What to watch within {} days{}", "{} {} within {} months, if not within the {} weeks", "{}={} ({}, else {})", "not due", " and "]
)  # fmt: skip


def said_in(path: pathlib.Path) -> set[str]:
    """What the tables of a module say: literal strings of more than one word, with {} where something is filled in."""
    found: set[str] = set()
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef) or not GIVES.search(function.name):
            continue
        doc = ast.get_docstring(function, clean=False)
        within = {id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr) and id(node) not in within:
                found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within and node.value != doc:
                found.add(node.value)
    return {text for text in found if re.search(r"[a-z]{2,}.* .*[a-z]{2,}", text)}


def test_all_that_tables_say_is_there_in_dutch() -> None:
    known, rooms = table_words("nl"), pathlib.Path(bestand.__file__).parent
    said = {text for room in ROOMS for path in (rooms / room).glob("*.py") if "Table(" in path.read_text(encoding="utf-8") for text in said_in(path)}
    parts: tuple[Part, ...] = ("heads", "sentences", "cells")
    left = sorted(text for text in said - PUT_TOGETHER if not any(known.told(text.replace("{}", "7"), part) for part in parts))
    assert len(said) > 150 and not left, left


def test_translations_of_tables_fill_in_what_english_fills_in() -> None:
    for part, entries in tomllib.loads((pathlib.Path(telling.__file__).parent / "tables.nl.toml").read_text(encoding="utf-8")).items():
        for said, told in entries.items():
            blanks = sorted(set(re.findall(r"\{(\d+)\}", told)), key=int)
            assert blanks == [str(k + 1) for k in range(said.count("{}"))], (part, said)


def test_a_note_of_several_sentences_is_told_part_by_part() -> None:
    known = table_words("nl")
    assert known.told("score 1; winning outcomes: 2, of different worth: 1", "sentences") == "score 1; winnende uitkomsten: 2, van verschillende waarde: 1"
    assert known.told("12 states; of which nobody spoke", "sentences") == "12 toestanden; of which nobody spoke"
    assert known.told("What would make [a: b; c: d] a state that rests (seq) and is reached by best moves", "sentences") == (
        "Wat [a: b; c: d] tot een toestand zou maken die rust (seq) en met beste zetten wordt bereikt"
    )


@spread("command", sorted(set(ASKED) - {"run", "brief", "joint", "paths", "withdrawal", "red-team", "turns", "compare"}), first=5)
def test_json_keeps_the_code_names(command: str, cases: dict[str, str]) -> None:
    told = printed(command, cases, "--json", "--language", "nl")
    assert "zq" in json.dumps(json.loads(told))


def test_what_was_put_into_words_is_not_read_as_names_again(cases: dict[str, str], tmp_path) -> None:
    """A label may have words that are names elsewhere in the case."""
    text = CASE.replace("is: attacks the line", "is: accepts the ceasefire").replace("zqtruce", "ceasefire").replace("quiet on the line", "no shots")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["posterior", str(tmp_path / "case.yaml"), "--draws", "1"]).stdout
    assert "not seen: accepts the ceasefire" in told and "no shots" not in told
    named = text.replace("not_given: yes, on", "not_given: yes, is: they hold back, on")
    (tmp_path / "case.yaml").write_text(named, encoding="utf-8")
    assert "they hold back" in CliRunner().invoke(main, ["posterior", str(tmp_path / "case.yaml"), "--draws", "1"]).stdout


def test_a_versions_name_is_not_read_as_the_name_of_something_else(tmp_path) -> None:
    """A version that is called "land before quiet" became "land and conditions before quiet", for a view is named `land`."""
    text = CASE.replace("is: the bold one", "is: land before quiet").replace("views: {zqwhole: {", "views: {land: {is: the ground and more, vary: [zqatt.zqhits]}, zqwhole: {")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["posterior", str(tmp_path / "case.yaml"), "--draws", "1"]).output
    assert "Attacker: land before quiet" in told and "the ground and more" not in told


def test_members_of_one_name_are_told_by_the_column_they_stand_in():
    """In the main case a posture, a strategy and a term share names: a table of postures called the present one "neither", as the strategy is called."""
    asked = bestand.conflict(bestand.read("ukraine/2025-04"))
    for language, said in (("en", ("as it is now", "neither", "the three-zone view", "deterrence in three zones")), ("nl", ("zoals het nu is", "geen van beide", "de visie van drie zones", "afschrikking in drie zones"))):
        about = Telling(asked, words(language))
        told = [worded(Table("", (column,), ((name,),)), about).rows[0][0] for name in ("as_now", "three_zones") for column in ("posture", "strategy", "term")]
        assert (told[0], told[1], told[3], told[5]) == said
    assert worded(Table("", ("zones",), (("front + west",),)), Telling(asked, words("en"))).rows == (("the front in the east + western Ukraine",),)


def test_every_party_of_a_list_is_told_by_its_name():
    told = CliRunner().invoke(main, ["joint", "invented/harbour-strike", "--that", "settled"]).output
    assert "the union: the dockers strike: no; the port company: the company takes" in told


def test_where_no_way_leads_it_is_said_what_else_to_ask():
    said = {by: CliRunner().invoke(main, ["paths", "ukraine/2025-04", "--goal", "ceasefire", "--by", by]).output for by in ("best", "any")}
    assert "0 states asked for" in said["best"] and "(--by any); `unlock` tells" in said["best"] and "(--by any)" not in said["any"]


def test_findings_are_told_in_dutch_with_names_as_they_stand_in_the_file(tmp_path) -> None:
    text = CASE.replace("worth: 4}", "worth: -4}", 1).replace("zqguarded: {that", "zqspare: {that: zqout.zqstands, is: nothing}\n  zqguarded: {that")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    told = {language: CliRunner().invoke(main, ["check", str(tmp_path / "case.yaml"), "--language", language]) for language in ("en", "nl")}
    assert told["en"].exit_code == told["nl"].exit_code
    assert "has a negative worth" in told["en"].output and "heeft een negatieve grootte" in told["nl"].output and "‘zqatt.zqhits’ van zqatt" in told["nl"].output
    assert not re.search(r"\b(warning|severity|advice|the|write|names)\b", told["nl"].output), told["nl"].output
    assert [len(each.output.splitlines()) for each in told.values()] == [len(told["en"].output.splitlines())] * 2


def test_what_is_wrong_is_said_in_the_readers_language(tmp_path: pathlib.Path) -> None:
    """Findings were told in Dutch, and mistakes of the same file in English."""
    (tmp_path / "case.yaml").write_text("bestand: 1\ntitle: x\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, nwo: yes}}\n", encoding="utf-8")
    told = {language: CliRunner().invoke(main, ["check", str(tmp_path / "case.yaml"), "--language", language]) for language in ("en", "nl")}
    assert {each.exit_code for each in told.values()} == {3}
    english, dutch = (told[language].output for language in ("en", "nl"))
    assert "hint: " in english and "raad: " in dutch and "hint: " not in dutch and dutch.splitlines()[0] != english.splitlines()[0]
    assert dutch.splitlines()[1] == english.splitlines()[1]  # the place


SPEAKING = [each for each in COMMANDS if each.name != "new" and any(one.name == "language" and list(one.type.choices) == ["en", "nl"] for one in each.params)]
MISTAKEN = {"import": ["{}/bad.efg"], "export": ["{}/no.yaml", "--to", "csv"], "base-rates": ["nosuch"], "discover": ["{}"], "open": ["{}/no.yaml"]}


@pytest.mark.parametrize("command", SPEAKING, ids=lambda command: command.name)
def test_a_command_that_is_asked_to_speak_dutch_tells_mistakes_in_dutch(command, tmp_path):
    (tmp_path / "bad.efg").write_text("EFG 3 nothing", encoding="utf-8")
    needed = [word for each in command.params if each.required for word in ([each.opts[0], "x"] if each.param_type_name == "option" else ["{}/no.yaml"])]
    asked = [word.format(tmp_path) for word in MISTAKEN.get(command.name, needed)]
    told = CliRunner().invoke(main, [command.name, *asked, "--language", "nl"])
    assert told.exit_code not in (0, 1), told.output
    assert re.search(r"\b(geen|niet|is|kan)\b", told.output) and "hint: " not in told.output, told.output


LEFTWARD = "bestand: 1\ntitle: חוף\nparties: {a: {name: חוף צפון}, b: {name: הר}}\nlevers: {a.x: {is: חוף צפון (1), assumed: so}, b.y: {is: הר, assumed: so}}\nwants: {a: [{that: b.y, assumed: so}]}\nevents: {e: {is: שיטפון (2), sets: {a.x: yes}, per_month: 1, assumed: so}}\n"


def test_names_that_run_from_right_to_left_turn_nothing_round_in_tables_and_findings(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(LEFTWARD, encoding="utf-8")
    for command in ("check", "show", "why"):
        told = CliRunner().invoke(main, [command, str(path), *(["--state", "now", "--party", "a"] if command == "why" else [])]).output
        assert ("\u2068חוף צפון\u2069" in told) is (command != "check")  # it tells names as they stand in the file
        bare = re.sub("\u2068[^\u2069]*\u2069", "", told)
        assert not re.search("[\u0590-\u05ff]", bare), bare
    plain = CliRunner().invoke(main, ["show", str(path), "--json"]).output
    assert "\u2068" not in plain
    assert str(Table("", ("חוף", "b"), (("צפון", 1),))).splitlines()[1].startswith("----")  # marks take no room




def answered(*words: str) -> str:
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_show_has_the_labels_of_the_case_in_the_readers_language_and_tells_a_consent_as_one():
    told = answered("show", "invented/harbour-strike", "--language", "nl")
    assert "de havenarbeiders staken" in told and "instemming van de havenmeester met ‘ingehuurde ploegen werken op de kades’" in told
    assert "the dockers strike" not in told and "union.strikes" in told  # code names stay: they are what --hold takes


def test_spans_of_risk_say_how_many_outcomes_stand_behind_the_one_they_name():
    told = answered("offers", "invented/harbour-strike", "--that", "settled", "--spans")
    assert "outcomes alike" in told and "the first is named" in told


def test_numbers_of_play_are_told_as_the_language_writes_them_and_what_decides_nothing_makes_no_choice():
    told = answered("play", "invented/harbour-strike", "--view", "quiet", "--language", "nl", "--months", "1")
    assert re.search(r"waarden tot op (ongeveer )?0,\d+ juist", told) and "e-0" not in told
    assert "de loop der dingen" not in told and "het havenbedrijf" in told


def test_a_list_of_changes_says_whose_red_line_each_crosses():
    told = answered("unlock", "example/en", "truce", "--most", "1")
    rows = json.loads(answered("unlock", "example/en", "truce", "--most", "1", "--json"))
    assert "crosses a red line of" in told and rows and all(row["crosses a red line of"] for row in rows)


def test_states_of_a_listed_graph_go_by_their_names():
    """State 4 of the published Elmira case is called 5, and `4` is another state's name: `why --state 4` asked about that one."""
    told = CliRunner().invoke(main, ["coalitions", "literature/kilgour-2001/elmira"]).output
    first = next(line.split() for line in told.splitlines() if "MoE + Uniroyal" in line)
    assert (first[0], first[-4]) == ("5", "8") and "Delay, Insist" in told, "the jump that is published"
    rows = json.loads(CliRunner().invoke(main, ["coalitions", "literature/kilgour-2001/elmira", "--json"]).output)
    assert rows[0]["state"] == 4 and rows[0]["what"] == "5"


def test_stages_of_the_work_are_told_in_words_of_the_language():
    """`truces, 86 % na 22 s`; `core, 6 % after 12 s`."""
    sources = [path.read_text(encoding="utf-8") for path in (pathlib.Path(bestand.__file__).parent).rglob("*.py")]
    called = r'(?:progress\(|stage_part\(progress, |budget_of\(|told\()"([a-z ]+)"'
    stages = {name for text in sources for name in re.findall(called, text) if "progress" in text}
    assert {"core", "truces", "watch", "posterior"} <= stages and STAGES.keys() <= stages, "each is the name of a stage"
    spoken = {STAGES.get(name, name) for name in stages}
    assert not spoken & STAGES.keys() and all(len(words) <= 28 for words in spoken)
    assert not {words for words in spoken if table_words("nl").told(words, "sentences") is None}
