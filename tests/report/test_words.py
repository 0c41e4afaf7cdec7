"""The reader's words: no code name of a case on a page, nothing left in another language, every finding said in both."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from bestand.case.read import read, read_text
from bestand.case.translations import texts, unmatched, untranslated
from bestand.checks.findings import SENTENCES
from bestand.exchange.notes import CODES, FATES
from bestand.graph.conflict import conflict
from bestand.graph.draws import ASSUMED, CHANCE, HEDGED, RULES
from bestand.history.classes import BREAKDOWNS, CLASSES, POSTURES
from bestand.history.combined import NOT_CLAIMED, NOTES
from bestand.report import page as pages
from bestand.report.brief import brief
from bestand.report.facts import draw_rules
from bestand.report.headline import headline
from bestand.report.page import report
from bestand.show import Blank, Table
from bestand.study.stages import study
from bestand.telling import words as telling_words
from bestand.telling.naming import MOST_LETTERS, cut
from bestand.telling.sentences import class_key, finding_key, note_key
from bestand.telling.states import letter
from bestand.telling.tables import translated, with_one
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from bestand.web.spoken import spoken
from tests.banks import CASE
from tests.depth import spread
from tests.pages import page_of


class Seen(HTMLParser):
    """All that a reader of a page can see: text outside styles, and what is shown of titles and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped = tag == "style" or (self.skipped and tag != "body")
        self.parts += [value or "" for name, value in attrs if name in ("title", "aria-label", "alt")]

    def handle_endtag(self, tag: str) -> None:
        self.skipped = self.skipped and tag != "style"

    def handle_data(self, data: str) -> None:
        self.parts += [] if self.skipped else [data]


def seen(html: str) -> str:
    found = Seen()
    found.feed(html)
    return "\n".join(found.parts)


def code_names(case) -> set[str]:
    """Names of the case that are code and no words: with a dot or an underscore in them."""
    file = case.file
    names = {*file.levers, *file.parties, *file.terms, *file.events, *file.views, *file.zones, *file.hypotheses, *file.talks, *file.incidents}
    names |= {setting for lever in file.levers.values() for setting in lever.settings}
    names |= {type_ for party in file.parties.values() for type_ in party.types}
    about = file.deterrence
    names |= set() if about is None else {*about.postures, *about.strategies}
    return {name for name in names if "." in name or "_" in name}


@spread("language", LANGUAGES, first=1)
@pytest.mark.parametrize("made", ["ukraine", "banks"])
def test_no_code_name_stands_on_a_page_for_readers(made: str, language: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(made)
    for html in (page_of(found, language), brief(found, language=language).html):
        text = seen(html)
        assert [name for name in code_names(found.case) if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", text)] == []
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []
        assert re.findall(r"\b(?:wants|levers|never|terms|parties)[.\[]\w+", text) == []


def test_a_page_is_wholly_in_the_readers_language_where_the_case_is(banks) -> None:
    dutch = seen(page_of(banks, "nl"))
    untranslated = re.compile("who owns the gate")  # given in one language only
    for english in ("North opens", "South", "half of it", "the gate", "unyielding", "warning", "no basis"):
        assert english not in untranslated.sub("", dutch), english
    for word in ("Noord opent de sluis", "het sluisakkoord", "eerst de sluis", "de sluis breekt", "onverzettelijk", "waarschuwing"):
        assert word in dutch, word


FUNCTION_WORDS = re.compile(r"\b(?:the|and|that|this|these|those|would|which|with|from|are|not|been|its|they|than|have|by|or|if|to|for|who|where)\b", re.IGNORECASE)
NAMES_AND_WORKS = re.compile(r"The Wall Street Journal|Correlates of War|by way of peacesciencer[^)]*\)")


class OutsideQuotes(Seen):
    """What a reader sees, without what stands word for word in a source."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self.inside += [tag] if tag in ("q", "blockquote", "i") else []

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside:
            super().handle_data(data)


def test_every_text_of_the_main_case_has_a_dutch_form_and_every_dutch_form_a_text(ukraine) -> None:
    assert untranslated(ukraine.case.file, "nl") == []
    assert untranslated(ukraine.case.written, "nl") == []
    assert set(unmatched(ukraine.case.file)) & set(unmatched(ukraine.case.written)) == set()  # short forms have words of their own


def test_no_english_is_left_on_the_dutch_pages_of_the_main_case(ukraine) -> None:
    for html in (page_of(ukraine, "nl"), brief(ukraine, language="nl").html):
        found = OutsideQuotes()
        found.feed(html)
        told = NAMES_AND_WORKS.sub("", "\n".join(found.parts))
        assert [line for line in told.split("\n") if FUNCTION_WORDS.search(line)] == []


def test_no_text_of_the_main_case_stands_on_its_dutch_page_in_english(ukraine) -> None:
    told = {line.strip() for line in seen(page_of(ukraine, "nl")).split("\n")}
    said = {str(words): words.said("nl") for _, words in texts(ukraine.case.file)}
    known = set(said.values())
    assert sorted(text for text, dutch in said.items() if text != dutch and text not in known and text in told) == []


def phrases(language: str) -> Mapping[str, str]:
    return words(language).phrases


def blanks(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_every_finding_has_its_sentence_and_its_advice_in_both_languages() -> None:
    for language in LANGUAGES:
        known = phrases(language)
        for saying, (what, advice) in SENTENCES.items():
            key = finding_key(saying)
            assert blanks(known[key]) == blanks(what) and blanks(known[f"{key}_do"]) == blanks(advice), (language, saying)


def test_notes_on_past_truces_are_said_in_both_languages() -> None:
    for language in LANGUAGES:
        known = phrases(language)
        for code, text in NOTES.items():
            assert blanks(known[note_key(code)]) == blanks(text), (language, code)
        assert {f"not_claimed_{k + 1}" for k in range(len(NOT_CLAIMED))} <= known.keys()
        assert {class_key(one.what) for one in CLASSES} <= known.keys()
        assert {"past_value_" + each.replace(" ", "_") for each in (*POSTURES, *BREAKDOWNS)} <= known.keys()


def test_what_is_kept_changed_or_lost_is_said_in_every_language() -> None:
    """Every code that is noted has a fate, every fate a sentence with the same blanks in each language, and no sentence is left over."""
    root = Path(telling_words.__file__).parent.parent / "exchange"
    noted = {code for path in root.glob("*.py") for code in re.findall(r'noted\("([a-z-]+)"', path.read_text("utf-8"))}
    assert noted <= FATES.keys()
    keys = {f"carried_{code.replace('-', '_')}" for code in FATES} | {f"carried_is_{fate}" for fate in CODES}
    for language in LANGUAGES:
        assert {key for key in phrases(language) if key.startswith("carried_")} == keys
        for key in keys:
            assert blanks(phrases(language)[key]) == blanks(phrases("en")[key]), (language, key)


def test_every_phrase_is_said_somewhere() -> None:
    """A phrase stands in the code or a template by its name, or by a pattern that its name fits."""
    root = Path(telling_words.__file__).parent.parent
    templates = "\n".join(path.read_text("utf-8") for path in root.rglob("*.j2"))
    named = set(re.findall(r"'([a-z_0-9]+)'", templates))
    patterns = {f"{start}.+" for start in re.findall(r"'([a-z]+_[a-z_]*)' *[~+]", templates)}
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
                patterns |= {f"{node.value}.+"} if node.value in ("found_", "past_", "past_value_", "problem_") else set()
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if any(re.fullmatch(r"[a-z]+_[a-z_]*|_[a-z_]+", str(part)) for part in parts):
                    patterns.add("".join(".+" if part is None else re.escape(str(part)) for part in parts))
    said = re.compile("|".join(patterns))
    assert [key for key in phrases("en") if key not in named and not said.fullmatch(key)] == []


def test_dutch_phrases_are_dutch() -> None:
    english, dutch = phrases("en"), phrases("nl")
    same = {key for key in english if english[key] == dutch[key] and len(re.findall(r"[A-Za-z]{4,}", re.sub(r"\{.*?\}", "", english[key]))) > 1}
    assert same <= {"rule_of_kalai_smorodinsky"}
    tell_tale = re.compile(r"\b(the|of the|which|with|would|states|and|are|not)\b")
    assert [key for key, text in dutch.items() if tell_tale.search(re.sub(r"\{.*?\}", "", text))] == []


@pytest.mark.parametrize(
    ("condition", "english", "dutch"),
    [
        ("gate_deal", "the gate deal", "het sluisakkoord"),
        ("not gate_deal", "“the gate deal” does not hold", "geen sprake van “het sluisakkoord”"),
        ("north_bank.opens_gate implies quiet_road", "if North opens the gate, then quiet road", "als Noord opent de sluis, dan quiet road"),
        ("not north_bank.opens_gate", "North opens the gate: no", "Noord opent de sluis: nee"),
        ("south_bank.pays_toll >= half_toll", "what South pays: at least “half of it”", "wat Zuid betaalt: ten minste “de helft”"),
        ("south_bank.pays_toll != no_toll", "what South pays: not “nothing”", "wat Zuid betaalt: niet “niets”"),
        ("south_bank.pays_toll", "what South pays: not “nothing”", "wat Zuid betaalt: niet “niets”"),
        ("true", "always", "altijd"),
    ],
)
def test_conditions_are_told_in_words(condition: str, english: str, dutch: str) -> None:
    asked = conflict(read_text(CASE))
    assert Telling(asked, words("en")).condition(condition) == english
    assert Telling(asked, words("nl")).condition(condition) == dutch


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("levers.north_bank.opens_gate", "North opens the gate"),
        ("levers.south_bank.blocks_road.needs.yes", "South blocks the road (its guard)"),
        ("wants.north_bank.hard_line[1]", "North (unyielding): want 2"),
        ("wants.south_bank[0]", "South: want 1"),
        ("parties.north_bank.types.soft_line", "North: soft line"),
        ("events.gate_breaks.per_month", "the gate breaks"),
        ("terms.gate_deal", "the gate deal"),
        ("never[0]", "ban 1"),
        ("gate_deal", "the gate deal"),
        ("south_bank", "South"),
        ("gate_breaks", "the gate breaks"),
        ("south_bank.pays_toll", "what South pays"),
        ("hypotheses.gate_first", "the gate comes first"),
    ],
)
def test_places_in_the_file_are_told_in_words(at: str, told: str) -> None:
    assert Telling(conflict(read_text(CASE)), words("en")).place(at) == told


@pytest.mark.parametrize("name", ["\u0645\u0635\u0631", "\u05d9\u05e9\u05e8\u05d0\u05dc (a)"])
def test_a_name_never_turns_a_sentence_round(name: str) -> None:
    case = CASE.replace("name: {en: South, nl: Zuid}", f'name: "{name}"')
    html = report(study(read_text(case), draws=1)).html
    assert not re.search("[\u202a-\u202e\u2066\u2067\x1b]", html)
    body = re.sub(r"<(svg|title|style).*?</\1>|<[^>]*>", lambda found: found[0] if "bdi" in found[0] else "", html, flags=re.DOTALL)
    assert body.count("<bdi>") == body.count("</bdi>") > 10 and "\u2068" not in body
    assert f"<bdi>{name}</bdi>" in html


@pytest.mark.parametrize("chapter", ["why", "agreements", "rests", "sensitivity"])
def test_one_failing_chapter_never_loses_the_page(banks, chapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> object:
        raise LookupError("gone")

    if chapter == "agreements":
        monkeypatch.setattr(pages, "BLOCKS", {**pages.BLOCKS, "agreements": fails})
        html = report(banks).html
    else:
        broken = {"why": {"terms": (None,)}, "rests": {"rests": (None,)}, "sensitivity": {"conclusions": (None,)}}[chapter]
        html = report(replace(banks, **broken)).html
    assert "could not be made" in html and html.rstrip().endswith("</html>")
    assert 'id="provenance"' in html


@pytest.mark.parametrize(("n", "told"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")])
def test_states_get_letters_without_end(n: int, told: str) -> None:
    assert letter(n) == told


def test_short_names_are_short() -> None:
    assert cut("as before, with the hub") == "as before"
    assert len(cut("word " * 40)) <= MOST_LETTERS + 2 and cut("a lasting presence in the NATO countries in Europe") == "a lasting presence in the NATO countries in Europe"
    assert cut("1,000 troops (more or less)") == "1,000 troops"


def test_no_state_is_described_twice_at_length(ukraine) -> None:
    telling = Telling(ukraine.conflict, words("en"))
    lines = [re.sub(r"\s+", " ", line).strip(" .)") for line in seen(page_of(ukraine)).split("\n")]
    spoken = {rest.state for rest in ukraine.rests} | set(ukraine.ends) | {answer.nearest for answer in ukraine.terms} - {None}
    for state in spoken:
        whole = telling.whole(state)
        if len(telling.difference(state)) > 3:
            assert sum(line == whole or line.endswith(f": {whole}") for line in lines) == 1, whole


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_rule_of_drawing_is_told_on_the_page(language):
    told = draw_rules(Telling(conflict(read("example/en")), words(language)))
    assert len(told) == len(RULES)
    numbers = re.findall(r"\d[.,]\d", " ".join(told))
    assert [float(each.replace(",", ".")) for each in numbers] == [CHANCE["probable"], CHANCE["possible"], CHANCE["denied"], HEDGED, ASSUMED]
    assert CHANCE["uncommitted"] == CHANCE["possible"]  # told as one


COUNTS = frozenset(["n", "all", "of", "most", "k", "states", "seq", "nash", "classical", "with_term", "shared", "draws", "error", "months", "weeks", "claims", "hedged", "assumed", "sets", "seconds", "ahead", "gain", "loss"])
MANY = {  # words after a count of one that are right there
    "en": r"\b1 (?!gets\b|hypothesis\b|is\b|as\b|this\b|has\b|does\b|less\b|versus\b|differs\b|waits\b|was\b|holds\b|fails\b|gives\b)[a-z]+s\b|\b1 (?:resting |other |more |best |\w+ed )?[a-z]+s (?:are|have|were|do|differ|wait)\b",
    "nl": r"\b1 (?!ontworpen\b|een\b|daarvan\b|als\b|tegen\b|van\b|tussen\b|worden\b|alleen\b|is\b|dezelfde\b|losse\b)(?:andere |losse )?[a-zë]+(?:en|ën|punten)\b",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 7, 12_345])
def test_every_count_is_said_as_the_language_counts(language: str, count: int) -> None:
    """No `1 states`: every phrase with a blank, filled in with a count, has the word that goes with it, and the count in its own signs."""
    say, wrong = words(language), []
    for key, phrase in say.phrases.items():
        if key == "found_not_looked_through" or f"{key}_one" in say.phrases or f"{key}_month" in say.phrases:  # said with words of its own for one
            continue
        told = say(key, **{name: count if name in COUNTS else "X" for name in blanks(phrase)})
        wrong += [f"{key}: {told}"] if "|" in told or "#" in told or (count == 1 and re.search(MANY[language], told)) else []
    assert wrong == []


def test_what_a_blank_says_depends_on_nothing_but_its_count() -> None:
    """Forms for none, one and any other; a phrase with forms has two or three of them, in every language."""
    for language in LANGUAGES:
        forms = [spec for phrase in phrases(language).values() for _, _, spec, _ in string.Formatter().parse(phrase) if spec]
        assert forms and all(len(spec.split("|")) in (2, 3) for spec in forms)
    for count in range(200):
        assert f"{Blank(str(count)):none|one|#}" == {0: "none", 1: "one"}.get(count, str(count))
        assert f"{Blank(str(count)):state|states}" == ("state" if count == 1 else "states")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_counts_one_as_one(language: str) -> None:
    """Whatever is counted in a title or note: told in the singular after 1, and after nothing else."""
    read = tomllib.loads((Path(telling_words.__file__).parent / f"tables.{language}.toml").read_text("utf-8"))["one"]
    for many, one in read.items():
        assert many != one and with_one(f"x; 1 {many}, 2 {many}; 21 {many} and 0.1 {many}", language) == f"x; 1 {one}, 2 {many}; 21 {many} and 0.1 {many}"
    table = Table("1 states", ("1 states",), (("1 states",),), ("1 states rest under seq; shown: the nearest to today of each kind",))
    told = translated(table, language)
    assert told.rows == table.rows and told.title == {"en": "1 state", "nl": "1 toestand"}[language]
    assert told.notes[0].startswith({"en": "1 state rests", "nl": "1 toestand rust"}[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_cut_short_inside_a_sentence(ukraine, language: str) -> None:
    """“American presence in Europe: a lasting presence in the NATO …” stood in the middle of sentences."""
    for html in (page_of(ukraine, language), brief(ukraine, language=language).html):
        text = seen(re.sub(r"<svg.*?</svg>", "", html, flags=re.S))
        assert not re.findall(r".{40}\w …(?=[;:,)]| [→—\w])", text), re.findall(r".{40}\w …(?=[;:,)]| [→—\w])", text)[:5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pool_that_is_known_to_shift_too_far_says_so_beside_its_number(ukraine, language: str) -> None:
    """The pool of the headline starts from a class of which some had guards; only the chapter below said that its ratio does not."""
    telling = Telling(ukraine.conflict, words(language))
    (lasts,) = [each for each in headline(ukraine, telling) if each.kind == "truce"]
    assert ukraine.truce.past.reference.posture == "mixed"
    assert any(word in " ".join(lasts.more) for word in ("shifts too far", "te ver verschuift"))


def test_an_event_with_several_rates_is_called_by_its_label_alone(ukraine) -> None:
    """“The US stops mediating (the US mediates: no)”: both of its rates bring about the same, so that nothing had to be told apart."""
    telling = Telling(ukraine.conflict, words("en"))
    assert telling.called("events", "mediator_leaves") == telling.called("events", "mediator_leaves_2") == "the US stops mediating"
    assert telling.called("events", "world_calm_down_to_incidents") != telling.called("events", "world_calm_up_to_calm")


def test_levers_that_two_parties_are_said_to_have_in_the_same_words_are_told_apart():
    text = "bestand: 1\ntitle: Two\nparties: {a: {name: Aye}, b: {name: Bee}}\nlevers:\n  a.signs: {is: it signs, now: no, assumed: so}\n  b.signs: {is: it signs, now: no, assumed: so}\n  b.pays: {is: it pays, now: no, assumed: so}\n"
    telling = Telling(conflict(read_text(text)), words("en"))
    both = telling.conflict.state({"a.signs": "yes", "b.signs": "yes", "b.pays": "yes"})
    assert telling.state(both) == "Aye: it signs; Bee: it signs; it pays"
    assert telling.short("b.signs", "no") == "Bee: it signs: no" and telling.short_lever("b.pays") == "it pays"


def test_words_that_run_from_right_to_left_stand_apart_in_a_sentence_and_no_others_do():
    text = "bestand: 1\ntitle: T\nparties: {a: {name: \u05de\u05e6\u05e8}, b: {name: Bee}}\nlevers:\n  a.signs: {is: \u05d7\u05d5\u05ea\u05de\u05ea, now: no, assumed: so}\n  b.pays: {is: it pays, now: no, assumed: so}\nterms: {deal: {is: \u05d4\u05e1\u05db\u05dd, that: a.signs and b.pays}}\n"
    shown = spoken(conflict(read_text(text)), "en")
    assert shown.state(shown.conflict.state({"a.signs": "yes", "b.pays": "yes"})) == "\u2068\u05d7\u05d5\u05ea\u05de\u05ea\u2069; it pays"
    assert (shown.party("a"), shown.term("deal")) == ("\u2068\u05de\u05e6\u05e8\u2069", "\u2068\u05d4\u05e1\u05db\u05dd\u2069")
    plain = spoken(conflict(read_text(CASE)), "en")
    assert not plain.isolated


def test_a_setting_with_a_sentence_of_its_own_is_told_by_it_in_either_language():
    lever = "n.gate: {is: the gate, settings: [shut, half, open], meaning: {half: half of it, open: all of it}, told: {half: {en: the gate is half open, nl: de poort staat half open}}, assumed: t}"
    case = read_text(f"bestand: 1\ntitle: T\nparties: {{n: {{name: North}}}}\nlevers:\n  {lever}\n  n.pays: {{is: North pays, told: {{no: 'North keeps its money, all of it'}}, assumed: t}}\nwants: {{n: [{{that: n.pays, assumed: t}}]}}\n")
    asked = conflict(case)
    en, nl = (Telling(asked, words(language)) for language in ("en", "nl"))
    assert [en.setting("n.gate", each, entered=True) for each in ("shut", "half", "open")] == ["the gate → shut", "the gate is half open", "the gate → all of it"]
    assert (nl.setting("n.gate", "half"), nl.short("n.gate", "half")) == ("de poort staat half open", "de poort staat half open")
    assert (en.setting("n.pays", "no"), en.short("n.pays", "no"), en.setting("n.pays", "yes")) == ("North keeps its money, all of it", "North keeps its money", "North pays")
    assert en.condition("n.gate = half") == "the gate is half open" and en.condition("n.gate >= half") == "the gate: at least “half of it”"


def test_what_two_sides_of_a_test_share_is_said_once() -> None:
    """Both sides were written out whole, though they differ in one lever of five."""
    telling = Telling(conflict(read("example/en")), words("en"))
    test = SimpleNamespace(hold={"upper.road": "yes", "upper.tariff": "no"}, against={"upper.road": "no", "upper.tariff": "no"})
    guard, none, tariff = (telling.short(*each) for each in (("upper.road", "yes"), ("upper.road", "no"), ("upper.tariff", "no")))
    assert telling.held(SimpleNamespace(test=test)) == f"with {guard}, against {none}, in both cases {tariff}"
