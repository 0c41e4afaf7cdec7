"""What a difference comes from is shared by Shapley's rule: the plain definition, and the axioms that it alone meets."""

from __future__ import annotations

import copy
import itertools
import re
import sys
from functools import cache

import pytest
import yaml
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.case.write import expanded_text
from bestand.changes.between import between
from bestand.changes.diff import as_written
from bestand.cli import main
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability
from bestand.study.compare import RESTING, compare
from bestand.study.conclusions import concluded
from tests.depth import in_depth, spread
from tests.edited_cases import case_of
from tests.oracle.plain_view import File, Game, View, as_texts
from tests.oracle.subsets import shapley, subsets
from tests.study.test_by_version import VALLEY
from tests.two_versions import Edited, edited


@cache
def some_edited() -> list[Edited]:
    """Random cases and edits of them, of which every mixture has a present state that no ban forbids."""
    able = (made for made in (edited(seed, 4) for seed in itertools.count()) if all(conflict(made.case(some)).graph.now is not None for some in subsets(list(made.edits))))
    return list(itertools.islice(able, 5))


def resting(case):
    return float(stability(conflict(case), concepts=("seq",), moves="best").equilibria("seq").size)


@spread("k", range(5), first=1)
def test_shares_are_those_of_the_plain_definition(k):
    made = some_edited()[k]
    one, other = made.case(()), made.case(made.edits)
    found = compare(one, other)
    both = between(one, other)
    names = {group: made.name_of(both, group) for group in range(len(both.groups))}
    known = {chosen: resting(made.case(chosen)) for chosen in subsets(list(names.values()))}
    expected = shapley(list(names.values()), known.__getitem__)
    shares = {names[each.group]: each.share for each in found.accounts.get(RESTING, ())}
    assert found.exact and found.groups == both.groups
    for name, share in expected.items():
        assert shares.get(name, 0.0) == pytest.approx(share, abs=1e-9)


@in_depth
def test_what_each_of_four_lines_of_the_main_case_accounts_for_is_worked_out_again():
    """Over all sixteen mixtures, counted by code that shares nothing with the program."""
    stated = as_texts(expanded_text(read("ukraine/2025-04")))
    wants = {"land": ("ua", "holds_out", 0), "causes": ("ru", "root_causes", 1), "load": ("eu", "force_first", 7)}

    def without(lines):
        made = copy.deepcopy(stated)
        for party, kind, k in (wants[name] for name in lines if name in wants):
            del made["wants"][party][kind][k]
        if "undone" in lines:
            del made["levers"]["ua.cedes"]["one_way"]
        return made

    def counted(lines):
        file = File(without(lines))
        return float(Game(View(file, "core"), file.usual()).rests("best").sum())

    names = [*wants, "undone"]
    known = {some: counted(some) for some in subsets(names)}
    expected = shapley(names, known.__getitem__)
    text = re.sub(r"'(-?\d+(?:\.\d+)?|true)'$", r"\1", yaml.safe_dump(without(names), allow_unicode=True, sort_keys=False), flags=re.M)
    found = compare(read("ukraine/2025-04"), read_text(text))
    shares = sorted(each.share for each in found.accounts[RESTING])
    assert found.exact and shares == pytest.approx(sorted(expected.values())) and min(map(abs, shares)) > 100


@pytest.mark.parametrize("k", range(5))
@pytest.mark.parametrize("exact", [True, False])
def test_shares_of_one_measure_sum_to_the_difference(k, exact):
    made = some_edited()[k]
    budget = Budget() if exact else Budget(seconds=2.0, clock=iter(float(tick) for tick in range(100_000)).__next__)
    found = compare(made.case(()), made.case(made.edits), budget=budget)
    for name, accounts in found.accounts.items():
        first, second = found.values[name]
        assert sum(each.share for each in accounts) == pytest.approx(second - first)
    if not exact and found.accounts:
        assert not found.exact and found.orders >= 4 and "sampled" in str(found)


TEXT = """bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}, c.z: {is: z, assumed: t}}
terms: {both: a.x and b.y}
wants:
  a: [{that: not a.x, assumed: t}]
  b: [{that: not b.y, assumed: t}]
  c: [{that: not c.z, assumed: t}]
"""


def test_alike_lines_share_alike_and_an_idle_line_accounts_for_nothing():
    new = TEXT.replace("that: not a.x", "that: a.x").replace("that: not b.y", "that: b.y").replace("that: not c.z", "that: c.z")
    found = compare(read_text(TEXT), read_text(new))
    assert found.values["term_rests both"] == (0.0, 1.0)
    assert {found.told(each.group): each.share for each in found.accounts["term_rests both"]} == pytest.approx(
        {"edited wants.a[0]": 0.5, "edited wants.b[0]": 0.5}
    )
    swapped = compare(read_text(new), read_text(TEXT))
    assert [each.share for each in swapped.accounts["term_rests both"]] == pytest.approx([-0.5, -0.5])


def test_sampled_shares_lie_within_their_errors_of_the_exact_ones(monkeypatch):
    old = TEXT.replace("both: a.x and b.y", "all: a.x and b.y and c.z")
    new = old.replace("that: not a.x", "that: a.x").replace("that: not b.y", "that: b.y").replace("that: not c.z", "that: c.z")
    module = sys.modules["bestand.study.compare"]
    monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(module, "MOST_ORDERS", 400)
    sampled = compare(read_text(old), read_text(new), seed=3)
    accounts = sampled.accounts["term_rests all"]
    assert not sampled.exact and sampled.orders == 400 and len(accounts) == 3
    for each in accounts:
        assert 0 < each.error < 0.05 and abs(each.share - 1 / 3) <= 4 * each.error


def test_lines_are_matched_by_what_they_say_whatever_they_are_called():
    new = TEXT.replace("both:", "all:").replace("a.x", "a.does").replace("that: not a.does", "that: a.does")
    found = compare(read_text(TEXT), read_text(new))
    assert [(change.kind, change.at) for change in found.changes] == [("renamed", "levers.a.does"), ("renamed", "terms.all"), ("edited", "wants.a[0]")]
    assert "term_rests all" not in found.values and found.accounts["now_rests"][0].share == -1.0


def test_moves_of_several_wants_account_for_what_they_are_told_to_do():
    old = as_written(read("example/en"))
    upper, lower = old["wants"]["upper"], old["wants"]["lower"]
    moves = {"upper": [upper[1], upper[0], *upper[2:]], "lower": [lower[0], lower[3], lower[2], lower[1], lower[4]]}
    new = case_of({**old, "wants": {**old["wants"], **moves}})
    found = compare(case_of(old), new)
    told = {found.told(k): k for k in range(len(found.groups))}
    assert set(told) == {"moved wants.upper[1]", "moved wants.lower"} and found.accounts
    by_name = {"moved wants.upper[1]": "upper", "moved wants.lower": "lower"}
    kinds = {chosen: concluded(conflict(case_of({**old, "wants": {**old["wants"], **{p: moves[p] for p in chosen}}})), "truce") for chosen in subsets(["upper", "lower"])}
    for name in found.accounts:
        key = tuple([*name.split(" ", 1), ""][:2])
        if key in kinds[frozenset()]:
            plain = shapley(["upper", "lower"], lambda chosen, key=key: float(kinds[chosen][key]))
            shares = {by_name[found.told(each.group)]: each.share for each in found.accounts[name]}
            assert {party: shares.get(party, 0.0) for party in plain} == pytest.approx(plain)


def test_lines_of_one_party_may_be_taken_over_together_and_more_be_measured():
    new = TEXT.replace("[{that: not a.x, assumed: t}]", "[{that: a.x, assumed: t}, {that: b.y, assumed: t}]")
    found = compare(read_text(TEXT), read_text(new), by="party", measures=("rests a.x",), draws=40)
    assert len(found.groups) == 1 and found.values["rests a.x"][0] < found.values["rests a.x"][1]
    assert found.accounts["rests a.x"][0].share == pytest.approx(found.values["rests a.x"][1] - found.values["rests a.x"][0])


def test_the_same_case_differs_in_nothing():
    case = read("example/en")
    found = compare(case, case)
    assert (found.changes, found.accounts, found.exact) == ((), {}, True)


@pytest.mark.parametrize(("old", "new", "differs"), [("worth: 2", "worth: 2.000001", False), ("worth: 2", "worth: 1", True)])
def test_what_play_is_not_exact_to_is_no_difference_and_what_is_never_so_is_the_same_in_both(old, new, differs):
    text = VALLEY.replace("TEST", "{ask: possible, that: a.opens}")
    other = text.replace(old, new, 1)
    measures = ("holds-a-year a.opens", "holds-a-year a.opens and not a.opens")
    found = compare(read_text(text), read_text(other), measures=measures)
    assert len(found.changes) == 1
    assert set(found.values) == set(found.accounts) == ({measures[0]} if differs else set())
    assert all(accounts for accounts in found.accounts.values())


def test_the_command_prints_the_table_and_its_records(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(TEXT, encoding="utf-8")
    second.write_text(TEXT.replace("that: not a.x", "that: a.x"), encoding="utf-8")
    told = CliRunner().invoke(main, ["compare", str(first), str(second)])
    assert told.exit_code == 0 and "Today's state is at rest" in told.output and "A, want 1: now “" in told.output
    as_json = CliRunner().invoke(main, ["compare", str(first), str(second), "--json", "--by", "party"])
    assert as_json.exit_code == 0 and '"accounts for": -1.0' in as_json.output and "edited wants.a[0]" in as_json.output


def test_cases_of_different_conflicts_are_refused():
    for one, other in itertools.permutations(("example/en", "invented/mountain-road", "invented/harbour-strike"), 2):
        with pytest.raises(AskError, match="study/nothing-shared"):
            compare(read(one), read(other))


def test_cases_that_agree_are_said_to_agree_and_one_statement_differs():
    same, words = compare(read_text(TEXT), read_text(TEXT)), TEXT.replace("title: T", "title: Other")
    assert "no statements differ" in str(same) and "the two cases conclude the same: they state the same" in str(same)
    assert "1 statement differs;" in str(compare(read_text(TEXT), read_text(words))) and "conclude the same, though" in str(compare(read_text(TEXT), read_text(words)))
