"""The commands sweep and discover, and the measures that they name."""

from __future__ import annotations

import itertools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")

from bestand.bargain.outcomes import agreements
from bestand.case.read import catalogue, read, read_text
from bestand.case.without import statements
from bestand.cli import main
from bestand.errors import AskError
from bestand.explore.applied import case_of
from bestand.explore.boxes import Boxes
from bestand.explore.limits import Limit
from bestand.explore.openings import Opening, phrased
from bestand.explore.space import space, vary
from bestand.explore.store import ask
from bestand.explore.sweep import Sweep, read_sweep, sweep
from bestand.explore.task import Measure, Task, drawn_chunk
from bestand.explore.tree import Leaf, Tree
from bestand.graph.conflict import conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.report.discovered import discovered_sentences
from bestand.study import clock
from bestand.study.measures import KINDS, bearing, measure
from bestand.truce.survival import survival
from tests.depth import spread
from tests.shipped import shipped
from tests.truce.test_zones import case_with

EVERYTHING = Path(__file__).parent.parent / "web" / "every_key.yaml"


def run(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def plainly(one, kind, that):
    """The answer in one draw, by the engines as anybody would ask them."""
    if kind.startswith("reached"):
        return paths(one, goal=that, by="paying" if kind.endswith("classical") else "best").goals.size > 0
    if kind == "deal":
        return bool(agreements(one, that=that).deal.any())
    resting = stability(one, concepts=("seq",), moves="paying" if kind.endswith("classical") else "best").holds("seq")
    if kind == "share-of-rests":
        return (resting & one.where(that)).sum() / max(resting.sum(), 1)
    return bool(resting[one.now]) if kind == "now-rests" else bool((resting & one.where(that)).any())


@spread("kind", [kind for kind, row in KINDS.items() if row[1] and kind != "rests-both"], first=2)
def test_every_measure_is_what_the_engine_says_in_each_draw(kind, tmp_path):
    case = read("example/en")
    asked = measure(case, kind if kind == "now-rests" else f"{kind} truce")
    columns = drawn_chunk(Task(space(case), (), 4, 25), 0)
    made = sweep(case, space(case), asked, n=25, seed=4, each=25, out=tmp_path)
    told = [row[0] for row in ask(made.folder, f'select "{asked.name}" from {{draws}} order by draw')]
    cases = [case_of(case, {name: float(column[d]) for name, column in columns.items()}) for d in range(25)]
    assert told == pytest.approx([plainly(conflict(each), kind, "truce") for each in cases])


def test_both_readings_together_are_each_alone(tmp_path):
    case = read("example/en")
    asked = [measure(case, f"{kind} truce") for kind in ("rests-both", "rests", "rests-classical")]
    made = sweep(case, space(case), asked, n=200, out=tmp_path)
    sql = 'select "rests-both truce: best replies", "rests truce", "rests-both truce: classical", "rests-classical truce" from {draws}'
    rows = np.array(ask(made.folder, sql))
    assert (rows[:, 0] == rows[:, 1]).all() and (rows[:, 2] == rows[:, 3]).all() and rows.any()


def test_a_measure_of_size_is_asked_in_each_draw(tmp_path):
    case = read("example/en")
    asked = measure(case, "holds-a-year truce")
    made = sweep(case, space(case), asked, n=2, out=tmp_path)
    values = [row[0] for row in ask(made.folder, 'select "holds-a-year truce" from {draws}')]
    assert asked.sized and not asked.together and all(0 <= value <= 1 for value in values) and len(set(values)) == 2


def test_holding_a_year_is_what_survival_says_forces_included():
    """It was played without zones and to half the horizon: no force made any difference to a sweep."""
    case = case_with(truce_worth=2.2)
    chance = {}
    for force in ("none", "much"):
        held = conflict(case, hold={"g.force": force}, scale="cardinal")
        chance[force] = float(measure(held, "holds-a-year truce").ask(held))
        assert chance[force] == pytest.approx(survival(held, start="truce", truce="truce", months=[12]).alive[0, 0])
    assert chance["much"] > chance["none"] + 0.1


def test_numbers_that_nothing_reads_are_closed():
    case = read("example/en")
    ranked, sized = measure(case, "rests truce"), Measure("sized", lambda asked: 0.0, sized=True)
    left = {each.at for each in bearing(space(case), [ranked]).openings if each.kind == "number"}
    assert left and all(at.startswith("parties.") for at in left)
    assert bearing(space(case), [ranked, sized]) == space(case)


@pytest.mark.parametrize("words", ["rest truce", "rests", "rests trucee"])
def test_a_measure_that_is_not_there_is_refused(words):
    with pytest.raises(Exception, match=r"study/unknown-measure|case/unknown-name"):
        measure(read("example/en"), words)


@pytest.mark.parametrize(("language", "words"), [("en", "after 100 of 300 draws; begun again"), ("nl", "na 100 van 300 trekkingen; opnieuw begonnen")])
def test_a_sweep_says_how_far_it_came_in_the_time_allowed(tmp_path, monkeypatch, language, words):
    ticks = itertools.count()
    monkeypatch.setattr(clock, "CLOCK", lambda: float(next(ticks)))
    asked = ("sweep", "example/en", "--measure", "rests truce", "--n", 300, "--each", 100, "--out", tmp_path / "truce", "--language", language)
    first, again = run(*asked, "--seconds", 0.5), run(*asked)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert words in first.stderr and words not in again.stderr and read_sweep(tmp_path / "truce").done == 300


def test_sweep_and_discover(tmp_path):
    out = tmp_path / "truce"
    first = run("sweep", "example/en", "--measure", "rests truce", "--n", 300, "--out", out, "--each", 100, "--rank", "wants.upper[0]=2")
    assert first.exit_code == 0, first.output
    made = read_sweep(out)
    assert made.done == 300 and f"{made.answers['rests truce']:g}" in first.output
    assert not any(each.at.endswith(".worth") for each in made.openings)
    told = run("discover", out, "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert list(found) == ["shares", "crossings", "boxes", "tree", "ranks"] and found["shares"][0]["draws"] == 300
    assert abs(sum(each["share of draws"] for each in found["tree"]) - 1) < 1e-9
    assert "Where “rests truce” is no" in run("discover", out, "--answer", "no").output


def test_options_and_the_crossed_design(tmp_path):
    words = ("sweep", "example/en", "--measure", "share-of-rests truce", "--n", 60, "--only", "type", "--only", "claim")
    held = run(*words, "--out", tmp_path / "a", "--option", "signed=co.truce=yes", "--option", "not=co.truce=no", "--json")
    assert held.exit_code == 0, held.output
    found = json.loads(run("discover", tmp_path / "a", "--json").output)
    assert {"choices", "information"} < set(found) and {row["option"] for row in found["choices"]} == {"signed", "not"}
    crossed = run(*words, "--out", tmp_path / "b", "--design", "sobol")
    assert crossed.exit_code == 0, crossed.output
    assert list(json.loads(run("discover", tmp_path / "b", "--json").output)) == ["shares", "indices"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [(["--measure", "resting truce"], 2, "did you mean 'rests'"), (["--measure", "rests truce", "--rank", "wants.upper[0]"], 2, "path=places"),
     (["--measure", "rests truce", "--number", "a=1:x"], 2, "path=low:high"), (["--measure", "rests truce", "--only", "wishes"], 2, "sweep/unknown-opening"),
     (["--measure", "rests truce", "--rule", "never[99]"], 2, "sweep/unknown-opening")],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_in_words(tmp_path, words, code, says):
    said = run("sweep", "example/en", "--out", tmp_path / "x", *words)
    assert said.exit_code == code and says in said.output, said.output


def test_a_folder_that_is_no_sweep_is_refused(tmp_path):
    said = run("discover", tmp_path)
    assert said.exit_code == 3 and "sweep/not-a-sweep" in said.output


def test_a_cluster_that_does_not_answer_is_told_of(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")

    def silent(*_, **__):
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", silent)
    said = run("sweep", "example/en", "--measure", "rests truce", "--out", tmp_path, "--cluster", "tcp://127.0.0.1:1")
    assert said.exit_code == 2 and "sweep/no-cluster" in said.output


@pytest.mark.parametrize(("gone", "ask_for"), [("duckdb", "run"), ("loky", "--workers")])
def test_an_extra_that_is_not_installed_is_named(tmp_path, monkeypatch, gone, ask_for):
    import sys

    monkeypatch.setitem(sys.modules, gone, None)
    more = ["--workers", "2"] if ask_for == "--workers" else []
    with ThreadPoolExecutor(1) as fresh:  # a thread has a connection of its own
        said = fresh.submit(run, "sweep", "example/en", "--measure", "rests truce", "--n", "5", "--out", tmp_path, *more).result()
    assert said.exit_code == 2 and "sweep/needs-extra" in said.output and "bestand[sweep]" in said.output


def test_a_space_says_what_is_open():
    with pytest.raises(AskError, match="sweep/unknown-opening"):
        space(read("example/en"), kinds=["wish"])  # type: ignore[list-item]


def test_a_page_of_a_sweep_has_every_result_with_its_picture_and_loads_nothing(tmp_path):
    folder, page = str(tmp_path / "swept"), tmp_path / "page.html"
    lever = next(iter(read("example/en").file.levers))
    options = ["--option", f"with={lever}={read('example/en').settings[lever][-1]}", "--option", f"without={lever}={read('example/en').settings[lever][0]}"]
    made = CliRunner().invoke(main, ["sweep", "example/en", "--measure", "rests truce", "--measure", "share-of-rests truce", "--n", "300", "--out", folder, *options])
    assert made.exit_code == 0, made.output
    found = CliRunner().invoke(main, ["discover", folder, "--page", str(page)])
    assert found.exit_code == 0, found.output
    html = page.read_text(encoding="utf-8")
    heads = re.findall(r"<h2>(.*?)</h2>", html)
    assert len(heads) >= 4 and html.count("<svg") >= 3 and "<script" not in html and "default-src 'none'" in html
    assert not re.search(r"(?:src|href)=", html)
    again = CliRunner().invoke(main, ["discover", folder, "--page", str(page)])
    assert again.exit_code == 2 and "file/exists" in again.output
    assert CliRunner().invoke(main, ["discover", folder, "--page", "page.docx"]).exit_code == 2
    name = next(each for each in json.loads((tmp_path / "swept" / "sweep.json").read_text())["answers"] if each.startswith("share-of-rests"))
    level = CliRunner().invoke(main, ["discover", folder, "--measure", name, "--at-least", "0.3"])
    assert "at least 0.3” is yes" in level.output


def told(result, *openings):
    return discovered_sentences(result, Sweep(Path("."), "t", "", 10, 0, 10, "draws", openings, {}, frozenset(), (), {}))


def test_an_answer_that_never_changes_is_told_in_one_sentence():
    assert told(Tree("m", "yes", 10, (Leaf((), 10, 0.0),))) == ("0 % yes in all draws: no question tells it apart.",)
    assert told(Boxes("m", "yes", 0.0, 10, ())) == ("“m” is yes in 0 % of 10 draws.", "No box does better than that.")


def test_limits_of_every_kind_are_told_in_words_and_in_signs():
    bo = phrased(Opening("speakers.Bo", "speaker", "", 0, choices=("denied", "possible", "certain"), odds=(0.2, 0.3, 0.5)), "speaker", "Bo")
    kind = phrased(Opening("parties.us.types", "type", "", 0, choices=("d", "h"), odds=(0.5, 0.5), told=("doves", "hawks")), "type", "US")
    tempo = phrased(Opening("play.tempo.ru", "number", "", 1.0), "tempo", "Russia")
    ban, claim = phrased(Opening("never[0]", "rule", "", 1), "ban", "a and b"), phrased(Opening("claims.c", "claim", "", 1), "claim", "peace", "c")
    limits = {
        Limit(bo, among=(1, 2)): ("what is heard through Bo is believed from “possible” or “certain” on", "… from = possible, certain"),
        Limit(kind, among=(1,)): ("type of US is “hawks”", "type of US = hawks"),
        Limit(tempo, 2, 3.5): ("tempo of Russia is from 2 to 3.5", "2 ≤ tempo of Russia ≤ 3.5"),
        Limit(tempo, 2): ("tempo of Russia is at least 2", "tempo of Russia ≥ 2"),
        Limit(tempo, high=3): ("tempo of Russia is at most 3", "tempo of Russia ≤ 3"),
        Limit(tempo, 2, 2): ("tempo of Russia is 2", "tempo of Russia = 2"),
        Limit(ban, low=1): ("ban: a and b is in force", "ban: a and b = yes"),
        Limit(ban, high=0): ("ban: a and b is lifted", "ban: a and b = no"),
        Limit(claim, low=1): ("it is so that peace (c)", "peace (c) = yes"),
        Limit(claim, high=0): ("it is not so that peace (c)", "peace (c) = no"),
    }
    for limit, (in_words, in_signs) in limits.items():
        tree = Tree("m", "yes", 10, (Leaf((limit,), 4, 0.5),))
        assert told(tree, limit.opening) == (f"50 % yes of the 40 % of draws where {in_words}.",)
        assert str(limit) == in_signs.replace("…", "what is heard through Bo is believed")
        assert tree.table().rows == ((str(limit), 0.4, 0.5),)


SWEPT = """
bestand: 1
title: The ferry
sources: {log: {title: The log, sha256: "%s"}}
claims: {k: {source: log, quote: the line is leaving, gloss: the line means to leave, author_holds: possible}}
parties: {line: {name: The line, types: {zqkeen: {is: the keen one, value: 0.6, range: [0.2, 0.8]}, zqidle: {is: the idle one, value: 0.4, range: [0.2, 0.8]}}}, isle: {name: The isle}}
levers: {line.sails: {is: the ferry sails, now: yes}, isle.pays: {is: the isle pays, settings: [zqnone, zqhalf, zqall], meaning: {zqnone: nothing, zqhalf: half the fare, zqall: all of it}, now: zqnone, odds: {zqnone: 0.5, zqhalf: 0.5}}}
wants:
  line: {zqkeen: [{that: line.sails, is: to sail, assumed: x}, {that: isle.pays >= zqhalf, is: to be paid, because: [k]}], zqidle: [{that: not line.sails, is: to stay, because: [k]}, {that: isle.pays >= zqhalf, is: to be paid, assumed: y}]}
  isle: [{that: line.sails, is: a ferry, assumed: x}]
translations: {nl: {The ferry: De veerboot, The line: De rederij, the keen one: de gretige, the idle one: de trage, the isle pays: het eiland betaalt, half the fare: de halve prijs, nothing: niets, to sail: varen, to stay: blijven liggen, to be paid: betaald worden, the line means to leave: de rederij wil weg}}
""" % ("0" * 64)


def test_what_a_sweep_says_is_told_in_dutch_and_without_code_names(tmp_path):
    """Openings were called by their key paths and settings, in English alone."""
    (tmp_path / "case.yaml").write_text(SWEPT, encoding="utf-8")
    assert run("sweep", tmp_path / "case.yaml", "--measure", "rests line.sails", "--n", 400, "--out", tmp_path / "swept").exit_code == 0
    told = {language: run("discover", tmp_path / "swept", "--language", language, "--page", tmp_path / f"{language}.html").output for language in ("en", "nl")}
    pages = {language: re.sub(r"<svg.*?</svg>|<style.*?</style>", "", (tmp_path / f"{language}.html").read_text(encoding="utf-8"), flags=re.S) for language in told}
    assert "type of The line is “the keen one”" in told["en"] or "type of The line is “the idle one”" in told["en"]
    assert "versie van De rederij “de gretige” is" in told["nl"] or "versie van De rederij “de trage” is" in told["nl"]
    for text in (*told.values(), *pages.values()):
        assert "zq" not in text and "parties." not in text
    for text in (told["nl"], pages["nl"]):
        assert not re.search(r"\b(where|draws|yes|of these|carries|error|The line|type of)\b", re.sub(r"^/.*|rests line.sails", "", text, flags=re.M).replace('scope="', "")), text
    assert '<html lang="nl">' in pages["nl"] and "De veerboot" in pages["nl"]


def test_rules_and_versions_that_are_varied_are_told_in_dutch_too():
    case = read("ukraine/2025-04")
    varied = vary(space(case, kinds=()), rule=[next(each.at for each in statements(case) if each.kind == "ban")], cases={"other": read("example/en")})
    limits = [Limit(each, low=1) if each.kind == "rule" else Limit(each, among=(1,)) for each in varied.openings]
    swept = Sweep(Path("."), "t", "", 10, 0, 10, "draws", varied.openings, {}, frozenset(), (), {})
    rule, version = discovered_sentences(Tree("m", "yes", 10, tuple(Leaf((each,), 5, 0.5) for each in limits)), swept, "nl")
    assert "verbod: " in rule and "versie van het dossier “other” is" in version


@pytest.mark.parametrize("name", [*(each for each in catalogue() if not each.startswith("literature/")), "every key"])
def test_every_number_that_is_open_is_told_in_words_of_its_own(name):
    case = read_text(EVERYTHING.read_text(encoding="utf-8")) if name == "every key" else shipped(name)
    opened = [each for each in space(case).openings if each.kind == "number"]
    words = [each.words for each in opened]
    assert [each.at for each in opened if each.words == each.at] == []
    assert len(set(words)) == len(words), sorted(each for each in words if words.count(each) > 1)
