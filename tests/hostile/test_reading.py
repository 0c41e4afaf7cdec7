"""Strangers' case files: too much, too deep, too long, or not at all what is expected ends soon, in words that can be printed."""

from __future__ import annotations

import copy
import functools
import io
import json
import multiprocessing
import pickle
import resource
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bestand.case.conditions import parse
from bestand.case.read import read_text
from bestand.checks.check import check
from bestand.errors import MOST_SHOWN, BestandError, CaseError, Place, Problem, did_you_mean
from tests.depth import DEEP, more_in_depth, spread

HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\n"
LEVERS = "levers:\n  a.x: {is: x, assumed: t}\n  b.y: {is: y, assumed: t}\n"
SHA = "0" * 64
SECONDS, BYTES = 30, 1 << 30  # of one file, on a slow and busy machine; about ten times what it takes


def levers(n: int) -> str:
    return "levers:\n" + "".join(f"  a.l{k}: {{is: l, assumed: t}}\n" for k in range(n))


def lines(form: str, n: int) -> str:
    return "".join(form.format(k=k, up=k + 1, down=k - 1) + "\n" for k in range(n))


def terms(form: str, n: int) -> str:
    return "terms:\n  t0: a.x\n" + "".join("  " + form.format(k=k, down=k - 1, half=k // 2) + "\n" for k in range(1, n))


FILES = {
    "misspelt levers": HEAD + levers(2_000) + "wants:\n  a:\n" + lines("    - {{that: a.k{k}}}", 500),
    "misspelt keys": HEAD + LEVERS + lines("leverz{k}: 1", 20_000),
    "misspelt inner keys": HEAD + "levers:\n" + lines("  a.l{k}: {{iss: l, nwo: t}}", 2_000),
    "terms": HEAD + LEVERS + terms("t{k}: a.x or b.y", 10_000),
    "a chain of terms": HEAD + LEVERS + terms("t{k}: t{down}", 10_000),
    "a circle of terms": HEAD + LEVERS + "terms:\n  t0: t8999\n" + lines("  t{up}: t{k}", 8_999),
    "many circles": HEAD + LEVERS + "terms:\n  t9000: t0\n" + lines("  t{k}: t{up} and t{up}", 9_000),
    "terms in wants": HEAD + levers(1_900) + terms("t{k}: a.l{k} or a.l{half} or a.l{down}", 1_900).replace("a.x", "a.l0") + "wants:\n  a:\n" + lines("    - {{that: t{k}, assumed: x}}", 500),
    "bans and terms": HEAD + levers(18) + "terms:\n" + "".join(f"  t{k}: a.l{k % 18}\n" for k in range(3_000)) + "never:\n" + "".join(f"  - {{that: a.l{k % 18} and a.l{k % 7}, assumed: x}}\n" for k in range(2_000)),
    "wide wants": HEAD + levers(18) + "wants:\n  a:\n" + "".join(f"    - {{that: {' and '.join(f'a.l{j}' for j in range(18))} or a.l{k % 18}, assumed: x}}\n" for k in range(500)),
    "sources": HEAD + LEVERS + "sources:\n" + lines(f"  s{{k}}: {{{{title: S, sha256: '{SHA}'}}}}", 20_000),
    "named states": HEAD + LEVERS + "states:\n" + lines("  s{k}: {{at: {{a.x: yes}}}}", 20_000),
    "ranked twice": HEAD + "states:\n" + lines("  s{k}: {{}}", 20_000) + "graph: {moves: {a: [[s1, s2]]}}\nranking:\n  a: [" + ", ".join(f"s{k // 2}" for k in range(20_000)) + "]\n",
    "settings": HEAD + "levers:\n  a.x: {is: x, settings: [" + ", ".join(f"s{k}" for k in range(40_000)) + "]}\n",
    "claims": HEAD + LEVERS + f"sources: {{s: {{title: S, sha256: '{SHA}'}}}}\nclaims:\n" + lines("  c{k}: {{source: s, quote: q, gloss: g, about: [zz]}}", 10_000),
    "levers": HEAD + levers(40_000),
    "because": HEAD + LEVERS + "wants:\n  a:\n    - {that: a.x, because: [" + ", ".join(f"c{k}" for k in range(100_000)) + "]}\n",
    "because of many": HEAD + LEVERS + "wants:\n  a:\n" + ("    - {that: a.x, because: [" + ", ".join(f"c{k}" for k in range(150)) + "]}\n") * 400,
    "a long condition": HEAD + LEVERS + "terms: {t: " + " and ".join(["a.x"] * 100_000) + "}\n",
    "a condition that ends in blanks": HEAD + LEVERS + "terms: {t: 'a.x" + " " * 1_000_000 + "'}\n",
    "a condition with blanks": HEAD + LEVERS + "terms: {t: 'a.x" + " " * 19_000 + "&'}\n",
    "items of the wrong kind": HEAD + LEVERS + "wants:\n  a: [" + "1, " * 100_000 + "1]\n",
    "long keys": HEAD + LEVERS + "x: " + ("{" + "k" * 200 + ": ") * 25 + "[" + "1, " * 50_000 + "1]" + "}" * 25 + "\n",
    "a longer key": HEAD + LEVERS + "? '" + "k" * 100_000 + "'\n: 1\n",
    "equal keys": HEAD + LEVERS + "a: 1\n" * 100_000,
    "many values": HEAD + "x: [" + "1, " * 400_000 + "1]",
    "a large text": HEAD + "summary: " + "x" * 9_000_000,
    "tags": HEAD + "x: [" + "!a 1, " * 50_000 + "1]",
    "brackets": "[" * 500_000,
    "dashes": "- " * 100_000,
    "comments": "# x\n" * 400_000,
    "a large number": HEAD + LEVERS + "events: {e: {sets: {a.x: yes}, per_month: " + "9" * 5_000 + "}}",
}
CALLED = {
    "settings": "settings", "levers": "too-large", "a chain of terms": "terms-too-deep", "a circle of terms": "term-cycle",
    "equal keys": "duplicate-key", "long keys": "too-large", "a longer key": "too-large", "a long condition": "too-large",
}  # fmt: skip


def told(name: str) -> str:
    """What reading and checking the file comes to; it ends the process that takes too much of the machine."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()  # by the tests before this one
    resource.setrlimit(resource.RLIMIT_AS, (held + BYTES, held + BYTES))
    try:
        found = check(read_text(FILES[name])).findings
    except BestandError as error:
        return str(error)
    return f"read, with {len(found)} findings"


@spread("name", FILES, first=2)
def test_files_that_are_too_much_end_in_words(name):
    with multiprocessing.get_context("fork").Pool(1) as pool:
        said = pool.apply_async(told, (name,)).get(timeout=40 * SECONDS)
    assert said.startswith(f"[case/{CALLED[name]}]" if name in CALLED else ("[case/", "read, with ")) and len(said) < 20_000


def test_errors_are_told_up_to_a_number_and_the_rest_counted():
    error = BestandError(Problem("case/x", f"mistake {k}") for k in range(1_000))
    assert str(error).count("[case/x]") == MOST_SHOWN and str(error).endswith("… and 980 more")
    assert len(error.problems) == 1_000


@pytest.mark.parametrize("text", ["wants: {a: a.x}", "wants: {a: 3}", "wants: {a: {t: a.x}}", "wants: a.x", "ranking: {a: 1}", "ranking: {a: [{}]}", "claims: {c: 1}", "views: {v: {vary: {}}}", "hypotheses: {h: {claim: c, test: 3}}", "levers: {a.x: {is: x, needs: 1}}", "levers: {a.x: {is: [x]}}", "title: [1]", "terms: {t: 1}", "terms: {t: {}}", "never: {that: a.x}", "graph: 1", "wants: {a: [[]]}", "parties: {a: [A]}"])
def test_values_of_the_wrong_kind_are_named(text):
    head = "\n".join(line for line in (HEAD + LEVERS).splitlines() if not line.startswith(text.partition(":")[0]))
    head = head.partition("levers")[0] if text.startswith("levers") else head
    with pytest.raises(CaseError) as caught:
        read_text(f"{head}\n{text}\n")
    assert caught.value.problems and all(problem.what and problem.place.line for problem in caught.value.problems)


@pytest.mark.parametrize("sign", ["\\e[31m", "\\e]8;;x\\a", "\\0", "\\x9b", "\\x7f", "\\u202e", "\\u2066"])
@pytest.mark.parametrize("text", ['title: "T{}"', 'parties: {{a: {{name: "A{}"}}}}', 'levers: {{a.x: {{is: "x{}"}}}}', '"k{}": 1', 'language: "{}"'])
def test_what_terminals_obey_is_refused_and_never_printed(sign, text):
    given = text.format(sign)
    rest = "\n".join(line for line in HEAD.splitlines() if line.partition(":")[0] != given.partition(":")[0])
    with pytest.raises(CaseError, match="control-character") as caught:
        read_text(f"{rest}\n{given}\n")
    assert all(letter.isprintable() or letter == "\n" for letter in str(caught.value))


def test_names_of_more_lines_are_read_in_one():
    file = read_text(HEAD.replace("{name: A}", '{name: "A\\nB"}') + "levers:\n  a.x:\n    is: |\n      two\n      lines\n    assumed: x\n").file
    assert file.parties["a"].name == "A B" and file.levers["a.x"].label == "two lines"


def test_messages_hold_no_control_characters_whatever_they_tell_of():
    text = str(CaseError(Problem("case/x", "a\x1b[2J\u202e\nb" + "x" * 10_000, Place("f\x1b", 1, 1, "k" * 10_000), "h\x9b")))
    assert len(text) < 3_000 and all(letter.isprintable() or letter == "\n" for letter in text) and text.count("\n") == 2


@pytest.mark.parametrize("kind", [BestandError, *BestandError.__subclasses__()])
def test_errors_survive_pickling(kind):
    error = kind([Problem("case/x", "what", Place("f", 1, 2, "at"), "hint"), Problem("case/y", "more")])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.problems == error.problems and str(again) == str(error)


def test_a_guess_among_very_many_names_is_still_made():
    names = [f"lever_{k}" for k in range(100_000)] + ["ceasefire"]
    assert "did you mean 'ceasefire'?" in did_you_mean("ceasfire", names)


def test_a_number_with_a_comma_is_put_right():
    for key in ("worth: 0,5", "worth: {value: 0,5}", "worth: '1,25'", "worth: -,5"):
        text = HEAD + LEVERS + f"wants:\n  a:\n    - that: a.x\n      {key}\n" if "{" not in key else HEAD + LEVERS + "wants:\n  a:\n    - that: a.x\n      worth:\n        value: 0,5\n"
        with pytest.raises(CaseError, match=r"decimal point.*\n.*\n.*write -?[01]?\.\d+"):
            read_text(text)


@pytest.mark.parametrize(("text", "said"), [("parties: {a: {name: A, types: {x: 0,5}}}", "0.5"), ("play: {tempo: {a: 1,25}}", "1.25"), ("events: {e: {sets: {a.x: yes}, per_month: 0,05}}", "0.05"), ("wants: {a: [{that: a.x, worth: -1,5}]}", "-1.5")])
def test_a_comma_that_ends_a_number_early_is_put_right(text, said):
    rest = "\n".join(line for line in (HEAD + LEVERS).splitlines() if not line.startswith(text.partition(":")[0]))
    with pytest.raises(CaseError) as caught:
        read_text(f"{rest}\n{text}\n")
    [problem] = [problem for problem in caught.value.problems if "decimal point" in problem.what]
    assert problem.hint == f"write {said}" and problem.place.line


@pytest.mark.parametrize("other", ["nope: 1", "unsaid: [{what: w}]", "title: [T]"])
def test_words_of_a_term_are_no_condition_whatever_else_is_wrong(other):
    text = "bestand: 1\nparties: {a: {name: A}}\nlevers: {a.x: {is: 'x | y', assumed: x}}\nterms: {truce: {is: 'a | b (', that: not a.x}, odd: 'x |'}\n"
    with pytest.raises(CaseError) as refused:
        read_text(f"{text}title: T\n{other}\n".replace("title: T\ntitle", "title"))
    assert [each.place.at for each in refused.value.problems if each.code == "case/condition"] in (["terms.odd"], [])
    assert "terms.truce" not in str(refused.value)


ALIKE = ["RUSSIA", " Russia", "Rus\u200bsia", "Ru\u0455\u0455ia", "Russia\u00a0", "\uff32ussia", "R\u00adussia"]


@pytest.mark.parametrize("other", ALIKE)
def test_names_that_a_reader_cannot_tell_apart_are_found_whatever_letters_they_are_made_of(other):
    text = "bestand: 1\ntitle: T\nparties: {a: {name: Russia}, b: {name: %s}}\nlevers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}\n"
    for name, n in ((other, 1), ("Prussia", 0), ("Russia II", 0)):
        read = read_text(text % json.dumps(name, ensure_ascii=False))
        assert [each.code for each in check(read).findings].count("check/equal-names") == n


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'3'", "3"), ("' 3.5 '", "3.5"), ("1_000", "1000"), ("'1.000,5'", "1000.5"), ("'1,000.5'", "1000.5"), ("'1.000.000'", "1000000"), ("1 000", "1000"),
        ("5 %", "0.05"), ("'2,5%'", "0.025"), ("1/2", "0.5"), ("\u0663", "3"), ("'\uff13'", "3"), ("'\u22123'", "-3"), ("'1e3'", "1000"), ("yes", ""), ("three", ""), ("1/0", ""), ("2025-01-01", ""),
    ],
)  # fmt: skip
def test_a_number_that_is_written_as_text_is_put_right(written, meant):
    text = f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: x, assumed: t}}}}\nwants:\n  a:\n    - that: a.x\n      worth: {written}\n"
    with pytest.raises(BestandError, match="a number is expected") as refused:
        read_text(text)
    assert refused.value.problems[0].hint.startswith(f"write {meant}") == bool(meant)
    if meant:
        assert abs(read_text(text.replace(f"worth: {written}", f"worth: {meant}")).file.wants["a"][0].worth.value) == abs(float(meant))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a.x && b.y", "and"), ("a.x & b.y", "and"), ("a.x AND b.y", "and"), ("a.x \u2227 b.y", "and"), ("a.x || b.y", "or"), ("a.x Or b.y", "or"), ("!a.x", "not"),
        ("\u00aca.x", "not"), ("a.x -> b.y", "implies"), ("a.x => b.y", "implies"), ("a.x <-> b.y", "iff"), ("a.x <=> b.y", "iff"), ("a.x \u2260 yes", "!="), ("a.x <> yes", "!="),
        ("a.x == yes", "="), ("a.x, b.y", ""), ("a.x xor b.y", ""), ("a.x ? b.y", ""), ("a.x -", ""),
    ],
)  # fmt: skip
def test_a_sign_that_other_languages_have_is_put_right(written, meant):
    with pytest.raises(BestandError, match="case/condition") as refused:
        parse(written)
    assert refused.value.problems[0].hint.startswith(f"write '{meant}'" if meant else "conditions are made of")


def test_a_name_in_other_capitals_is_guessed():
    assert "did you mean 'ru.ceasefire'?" in did_you_mean("RU.Ceasefire", ["ua.cedes", "ru.ceasefire"])


EVERY_KEY = Path(__file__).parents[1] / "web" / "every_key.yaml"


def members(node, at=()):
    """The place of every member of a case, of every part of it."""
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*at, key)
        yield from members(inner, (*at, key))


def without(whole, at):
    left = copy.deepcopy(whole)
    *above, last = at
    del functools.reduce(lambda part, key: part[key], above, left)[last]
    text = io.StringIO()
    YAML().dump(left, text)
    return text.getvalue()


@more_in_depth
@pytest.mark.parametrize("part", range(4))
def test_a_case_from_which_any_one_thing_is_gone_is_read_or_refused_in_words(part):
    whole = YAML().load(EVERY_KEY.read_text(encoding="utf-8"))
    places = list(members(whole))[part :: 4 if DEEP else 40]
    refused = []
    for at in places:
        try:
            read_text(without(whole, at))
        except BestandError as error:
            refused.append(str(error))
    assert all(refused) and 0 < len(refused) < len(places)
