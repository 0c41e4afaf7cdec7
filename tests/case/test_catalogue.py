"""The literature's cases against what was published and what an independent solver computed, in all three readings."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.read import catalogue, catalogue_of, read
from bestand.case.yaml import load
from bestand.errors import CaseError
from bestand.graph.conflict import conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.telling.problems import problem_words
from tests.depth import in_depth

PUBLISHED = [name for name in catalogue() if name.startswith("literature/") and "gatt" not in name]


def expected(name: str):
    return load((read(name).path.parent / "expected.yaml").read_text(encoding="utf-8"), None)[0]


def named(graph, mask) -> set[str]:
    return {graph.names[s] for s in np.flatnonzero(mask)}


def texts(values) -> set[str]:
    return {str(value) for value in values}


@pytest.mark.parametrize("name", PUBLISHED)
def test_all_three_readings_come_out_exactly(name):
    asked = conflict(read(name))
    graph = asked.graph
    readings = expected(name)["computed"]
    assert set(readings) == {"legal", "once", "single"}
    for replies, tables in readings.items():
        found = stability(asked, replies=replies)
        for concept, states in tables["equilibria"].items():
            assert named(graph, found.holds(concept)) == texts(states), (replies, concept)
        for concept, per_party in tables["stable_per_dm"].items():
            for party, states in zip(graph.parties, per_party.values(), strict=True):
                assert named(graph, found.holds(concept, party)) == texts(states), (replies, concept, party)


@pytest.mark.parametrize(
    ("name", "replies"),
    [
        ("literature/fang-1993/chicken", "legal"),
        ("literature/kinsara-2014/prisoners-dilemma", "single"),
        ("literature/hipel-2014/syria-iraq-1975", "single"),
        ("literature/hipel-1980/garrison-diversion", "single"),
        ("literature/kilgour-2001/elmira", "legal"),
    ],
)
def test_published_equilibria_are_reproduced(name, replies):
    asked = conflict(read(name))
    graph, found = asked.graph, stability(asked, replies=replies)
    published = expected(name)["published"]["equilibria"]
    concepts = [concept for concept in published if concept in found.concepts]
    assert concepts
    for concept in concepts:
        assert named(graph, found.holds(concept)) == texts(published[concept]), concept


def test_the_large_published_case_is_built_and_solved():
    asked = conflict(read("literature/onp-2013/gatt-trade"))
    assert asked.graph.n_states == 138_240 and len(asked.parties) == 6
    found = stability(asked)
    assert (found.holds("nash") <= found.holds("ssr")).all() and found.holds("nash").any()


@in_depth
def test_the_full_view_of_the_seed_case_has_millions_of_states_and_its_force_waits_for_the_truce():
    whole = conflict(read("ukraine/2025-04"), view="full")
    assert whole.graph.n_states >= 5_000_000 and len(whole.case.file.levers) >= 18
    asked = conflict(whole.case, view="truce")
    truce, force = asked.where("ceasefire"), asked.where("eu.force > none")
    assert not paths(asked, goal=force, by="any", without=truce).goals.size
    assert paths(asked, goal=force, by="any").goals.size
    assert (force & ~truce).any(), "a truce can be broken while the force stands: the guard is no ban"


def test_the_cases_of_another_project_are_no_catalogue(tmp_path):
    """An environment lies in somebody's project, which has cases of its own."""
    package = tmp_path / ".venv" / "lib" / "bestand"
    (tmp_path / "cases").mkdir()
    (package / "catalogue").mkdir(parents=True)
    for text in ('[project]\nname = "lawsuits"\ndependencies = ["bestand"]\n', '[tool.x]\nname = "bestand-extra"\n'):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        assert catalogue_of(package) == package / "catalogue"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "bestand"\n', encoding="utf-8")
    assert catalogue_of(package) == tmp_path / "cases"


@pytest.mark.parametrize(("asked", "meant"), [
    ("elmira", "did you mean 'literature/kilgour-2001/elmira'?"), ("Ukraine/", "did you mean 'ukraine/2025-04'?"),
    ("kinsara-2014", "choices are literature/kinsara-2014/elmira-12-states, literature/kinsara-2014/prisoners-dilemma"),
])
def test_a_case_called_by_a_part_of_its_name_is_guessed(asked, meant):
    with pytest.raises(CaseError) as refused:
        read(asked)
    assert refused.value.problems[0].hint == meant
    assert problem_words(refused.value.problems[0], "nl")[1] == meant.replace("did you mean", "bedoelt u").replace("choices are", "te kiezen zijn")
