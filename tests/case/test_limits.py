"""Large, deep, odd and old input ends quickly, in an answer or in an error that says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bestand.case import areas, conditions, model, parts, references, worlds, yaml
from bestand.case.read import read_text
from bestand.case.write import edited, write_text
from bestand.changes.diff import diff
from bestand.checks.check import check
from bestand.errors import CaseError, FileError
from bestand.exchange.gmcr import from_gmcr
from tests.depth import spread

HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\n"
LEVERS = "levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}\n"
LISTED = HEAD + "states: {one: {}, two: {}}\ngraph: {now: one, moves: {a: [[one, two]]}}\n"


def codes(text: str) -> set[str]:
    return {finding.code for finding in check(read_text(text)).findings}


def test_terms_that_rest_on_each_other_many_times_over_are_looked_into_once():
    terms = "".join(f"  t{k}: t{k - 1} and not t{k - 1}\n" for k in range(1, 60))
    assert "check/empty-want" in codes(HEAD + LEVERS + "terms:\n  t0: a.x\n" + terms + "wants: {a: [{that: t59, assumed: t}]}")


def test_a_chain_of_thousands_of_terms_is_refused():
    with pytest.raises(CaseError, match="terms-too-deep"):
        read_text(HEAD + LEVERS + "terms:\n  t0: a.x\n" + "".join(f"  t{k}: t{k - 1}\n" for k in range(1, 3000)))


def test_many_times_not_counts_as_depth():
    with pytest.raises(CaseError, match="deep"):
        read_text(HEAD + LEVERS + "terms: {t: '" + ("not " * 60 + "(") * 60 + "a.x" + ")" * 60 + "'}")


def test_listed_graphs_are_checked_on_their_states():
    assert "check/red-line-broken" in codes(LISTED + "wants: {a: [{that: two, assumed: t, red_line: true}]}")
    assert "check/empty-want" in codes(LISTED + "wants: {a: [{that: one or two, assumed: t}]}")
    assert not codes(LISTED + "wants: {a: [{that: one, assumed: t}]}") - {"check/party-cannot-move"}


def test_a_guard_that_holds_in_banned_states_only_never_holds():
    levers = "levers: {a.x: {is: x, assumed: t, needs: {yes: b.y and b.z}}, b.y: {is: y, assumed: t}, b.z: {is: z, assumed: t}}\n"
    assert "check/guard-never-holds" in codes(HEAD + levers + "never: [{that: b.y and b.z, assumed: t}]")


def test_a_basis_names_its_claims():
    assert "check/basis-without-claims" in codes(HEAD + LEVERS + "wants: {a: [{that: a.x, basis: reported}]}")


def test_what_is_too_large_to_look_through_is_said():
    levers = "levers:\n" + "".join(f"  a.l{k}: {{is: l, assumed: t}}\n" for k in range(20))
    assert "check/not-looked-through" in codes(HEAD + levers + "never: [{that: " + " and ".join(f"a.l{k}" for k in range(20)) + ", assumed: t}]")


def neutral(**more: object) -> str:
    people = [{"name": "A", "options": [0]}, {"name": "Y", "options": [1]}]
    options = [{"name": "on", "direction": "both"}, {"name": "y", "direction": "both"}]
    return json.dumps({"format": "gmcr-case/1", "title": "t", "dms": people, "options": options, **more})


@pytest.mark.parametrize("title", ["1e5", "0o17", "no", "y", "12:30", "2025-04-25", "null", "", "~", "on", "a: b", "1"])
def test_imported_words_stay_words(title):
    states = [{"id": "1e1", "yn": "NN"}, {"id": "2", "yn": "YN"}, {"id": "no", "yn": "NY"}, {"id": "y", "yn": "YY"}]
    case = read_text(from_gmcr(neutral(title=title, states=states, payoffs={"A": [1, 2, 3, 3]})).text)
    assert case.file.title == title and case.file.ranking["a"] == (("no", "y"), "2", "1e1")


@pytest.mark.parametrize("more", [{"infeasible": ["X-"]}, {"infeasible": ["Y"]}, {"dms": [{"name": "A", "options": [0]}, {"name": "A", "options": [1]}]}])
def test_what_is_no_conflict_is_refused(more):
    with pytest.raises(CaseError, match="import/malformed"):
        from_gmcr(neutral(**more))


def test_a_party_with_many_options_is_imported_at_once():
    options = [{"name": f"o{k}", "direction": "both"} for k in range(40)]
    study = {"dms": [{"name": "A", "options": list(range(40))}], "options": options, "states": [{"id": "1", "yn": "N" * 40}], "arcs": {"A": []}}
    assert len(read_text(from_gmcr(neutral(**study)).text).file.levers) == 40


def test_a_save_file_of_2014_keeps_its_rankings():
    save = {
        "useManualPreferenceVectors": True,
        "infeasibles": [],
        "options": [{"name": "P", "permittedDirection": "both"}, {"name": "Q", "permittedDirection": "back"}],
        "decisionMakers": [{"name": "X", "preferenceVector": [1, [2, 3], 4], "options": [0]}, {"name": "Y", "preferenceVector": [4, 3, 2, 1], "options": [1]}],
    }
    file = read_text(from_gmcr(json.dumps(save)).text).file
    assert file.ranking["x"] == ("1", ("2", "3"), "4") and file.states["2"].at == {"x.p": "yes", "y.q": "no"}


def test_levers_are_edited_wherever_they_are_keys():
    case = read_text(HEAD + LEVERS + "views: {core: {vary: [a.x], fixed: {b.y: yes}}}  # kept\n")
    text = edited(case, {"views.core.fixed.b.y": "no", "levers.a.x.now": "yes"})
    assert "# kept" in text and read_text(text).file.views["core"].fixed == {"b.y": "no"}
    for wrong in ("views[x].q", "wants.a[9].that", "title.of", ""):
        with pytest.raises(CaseError, match="no-such-place"):
            edited(case, {wrong: "no"})


def test_a_private_file_stays_private(tmp_path):
    (tmp_path / "case.yaml").write_text("x")
    (tmp_path / "case.yaml").chmod(0o600)
    with pytest.raises(FileError, match="file/exists"):
        write_text("y", tmp_path / "case.yaml")
    write_text("y", tmp_path / "case.yaml", force=True)
    assert (tmp_path / "case.yaml").read_text() == "y"
    assert (tmp_path / "case.yaml").stat().st_mode & 0o777 == 0o600


def test_one_want_that_moves_is_one_change():
    old, new = (
        read_text(HEAD + LEVERS + "wants: {a: [" + ", ".join(f"{{that: {want}, assumed: t}}" for want in wants) + "]}")
        for wants in (["a.x", "b.y", "a.x or b.y", "a.x and b.y"], ["b.y", "a.x or b.y", "a.x and b.y", "a.x"])
    )
    assert [(change.kind, change.at) for change in diff(old, new).changes] == [("moved", "wants.a[3]")]


SHA = "68358a4ba7a904064898fbf04d95bc2a89af0a5905cf05b85fa7b9f29a98f350"
CLAIM = f"sources: {{s: {{title: S, sha256: {SHA}}}}}\nclaims: "


def keyed(n: int, entry: str) -> str:
    return "{" + ", ".join(entry.replace("#", str(k)) for k in range(n)) + "}"


def listed(n: int, entry: str) -> str:
    return "[" + ", ".join(entry.replace("#", str(k)) for k in range(n)) + "]"


AT_A_LIMIT: dict[str, tuple[int, Callable[[int], str]]] = {
    "parties": (model.MOST_PARTIES, lambda n: f"bestand: 1\ntitle: T\nparties: {keyed(n, 'p#: {name: P#}')}\nlevers: {{p0.x: {{is: x, assumed: t}}}}\n"),
    "levers": (model.MOST_LEVERS, lambda n: f"{HEAD}levers: {keyed(n, 'a.x#: {is: x#, assumed: t}')}\n"),
    "terms": (model.MOST_TERMS, lambda n: f"{HEAD}{LEVERS}terms: {keyed(n, 't#: a.x')}\n"),
    "bans": (model.MOST_RULES, lambda n: f"{HEAD}{LEVERS}never: {listed(n, '{that: a.x and not a.x, assumed: t}')}\n"),
    "events": (model.MOST_RULES, lambda n: f"{HEAD}{LEVERS}events: {keyed(n, 'e#: {sets: {a.x: yes}, when: not a.x, per_month: 1, assumed: t}')}\n"),
    "wants": (model.MOST_WANTS, lambda n: f"{HEAD}{LEVERS}wants: {{a: {listed(n, '{that: a.x, assumed: t}')}}}\n"),
    "views": (model.MOST_LINES, lambda n: f"{HEAD}{LEVERS}views: {keyed(n, 'v#: {vary: [a.x]}')}\n"),
    "observations": (model.MOST_OBSERVATIONS, lambda n: f"{HEAD}{LEVERS}observations: {listed(n, '{on: 2020-01-01, lever: a.x, took: yes}')}\n"),
    "sources": (model.MOST_SOURCES, lambda n: f"{HEAD}{LEVERS}sources: {keyed(n, f's#: {{title: S#, sha256: {SHA}}}')}\n"),
    "claims": (model.MOST_CLAIMS, lambda n: f"{HEAD}{LEVERS}{CLAIM}{keyed(n, 'c#: {source: s, quote: x#, gloss: g, author_holds: certain}')}\n"),
    "because": (
        parts.MOST_NAMED,
        lambda n: f"{HEAD}{CLAIM}{keyed(n, 'c#: {source: s, quote: x#, gloss: g, author_holds: certain}')}\nlevers: {{a.x: {{is: x, because: {listed(n, 'c#')}}}}}\n",
    ),
    "areas": (areas.MOST_AREAS, lambda n: f"{HEAD}{LEVERS}areas: {keyed(n, 'z#: {name: Z#, outline: [[0, 0], [0, 1], [1, 1]]}')}\n"),
    "settings": (references.MOST_SETTINGS, lambda n: f"{HEAD}levers: {{a.x: {{is: x, assumed: t, settings: {listed(n, 's#')}, now: s0}}}}\n"),
    "stages": (
        worlds.MOST_STAGES,
        lambda n: f"{HEAD.replace('}}', '}, t: {name: T, chance: yes}}')}{LEVERS}clocks: {{c: {{is: c, days: 30, stages: {n}, assumed: t}}}}\n",
    ),
    "deep": (conditions.MOST_DEEP, lambda n: f"{HEAD}{LEVERS}terms: {{t: {'not ' * n}a.x}}\n"),
    "through terms": (references.MOST_DEEP, lambda n: f"{HEAD}{LEVERS}terms: {{t0: a.x, " + ", ".join(f"t{k}: t{k - 1}" for k in range(1, n)) + "}\n"),
    "names": (parts.MOST_OF_NAME, lambda n: f"{HEAD}{LEVERS}terms: {{{'t' * n}: a.x}}\n"),
    "texts": (yaml.MOST_VALUE, lambda n: f"{HEAD}{LEVERS}summary: {'w' * n}\n"),
}  # fmt: skip


@spread("what", AT_A_LIMIT, first=9)
def test_as_much_as_a_limit_allows_is_read_and_one_more_is_refused_by_its_number(what):
    limit, text = AT_A_LIMIT[what]
    read_text(text(limit))
    with pytest.raises(CaseError) as refused:
        read_text(text(limit + 1))
    assert len(refused.value.problems) == 1 and f"{limit:,}" in str(refused.value).replace(str(limit), f"{limit:,}")
