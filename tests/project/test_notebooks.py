"""The notebooks of the documentation: they show what their cells show today, and results show themselves as table and picture."""

from __future__ import annotations

import ast
import json
import pathlib
import runpy
import xml.etree.ElementTree as ET

import pytest

import bestand
from bestand.draw.bars import MOST_BARS, Bar, bars
from bestand.draw.results import picture_of
from bestand.show import Shown
from tests.depth import in_depth

DOCS = pathlib.Path(__file__).parents[2] / "docs"
SCRIPTS = sorted((DOCS / "notebooks").glob("*.py"))


def stored(script: pathlib.Path) -> dict:
    return json.loads(script.with_suffix(".ipynb").read_text(encoding="utf-8"))


def shown(value: object) -> str:
    text = value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)
    return text.replace(f"{DOCS.parent}/", "")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_its_cells_show_today(script):
    if script.stem == "sweep":
        pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")
    names: dict[str, object] = {}
    assert len([cell for cell in stored(script)["cells"] if cell["cell_type"] == "code"]) >= 5
    for cell in stored(script)["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, script.name, "exec"), names)
        value = eval(compile(ast.Expression(last.value), script.name, "eval"), names) if last is not None else None
        kept = ["".join(data) for output in cell["outputs"] for data in output.get("data", {}).values()]
        if kept and "pandas" not in type(value).__module__:
            assert kept == [shown(value)], f"{''.join(cell['source'])}\n{shown(value)}"
    assert len(script.with_suffix(".ipynb").read_bytes()) < 100_000


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_stored_notebooks_have_the_cells_of_their_scripts(script):
    pytest.importorskip("nbformat", reason="nbformat is not installed: notebooks are not made anew")
    pytest.importorskip("nbclient")
    made = runpy.run_path(str(DOCS / "notebooks.py"))["notebook"](script.read_text(encoding="utf-8"))
    assert [(cell.cell_type, cell.source) for cell in made.cells] == [(cell["cell_type"], "".join(cell["source"])) for cell in stored(script)["cells"]]


@in_depth
def test_a_notebook_runs_in_a_kernel_of_its_own():
    pytest.importorskip("ipykernel", reason="ipykernel is not installed: no notebook is run in a kernel")
    pytest.importorskip("nbclient")
    tools = runpy.run_path(str(DOCS / "notebooks.py"))
    script = DOCS / "notebooks" / "deals.py"
    made = tools["run"](tools["notebook"](script.read_text(encoding="utf-8")))
    told = [cell["outputs"] for cell in stored(script)["cells"] if cell["cell_type"] == "code"]
    for cell, outputs in zip([cell for cell in made.cells if cell.cell_type == "code"], told, strict=True):
        assert [each["data"].get("text/html") for each in cell.outputs] == ["".join(each["data"]["text/html"]) for each in outputs]


def test_pictures_are_whole_and_escaped():
    drawn = bars([Bar("<b> & a name that is too long to stand beside its bar", 2.0, 1.0, 3.0), Bar("two", -1.0)] * 20, label='"<x>"', unit="a < b")
    root = ET.fromstring(str(drawn))
    assert len([part for part in root.iter() if part.tag == "rect"]) == MOST_BARS and root.get("aria-label") == '"<x>"'
    assert bars([Bar("nothing", 0.0)], label="x") is None


def test_a_result_shows_its_table_and_then_its_picture():
    valley = bestand.conflict(bestand.read("example/en"), scale="cardinal")
    rests = bestand.stability(valley)
    html = rests._repr_html_()
    assert html.startswith("<table>") and html.endswith("</svg>") and rests.picture() == picture_of(rests)
    assert valley.picture() is None and valley._repr_html_().startswith("<table>")
    truce = bestand.paths(valley, goal="truce", by="any")
    widths = [float(part.get("width", 0)) for part in ET.fromstring(truce.picture()).iter() if part.tag == "rect"]
    lengths = truce.length[truce.reached]
    assert widths.index(max(widths)) == max(range(lengths.max() + 1), key=lambda n: (lengths == n).sum())


def test_results_that_are_shown_have_a_table_and_may_have_a_picture():
    for name in bestand.__all__:
        kind = getattr(bestand, name)
        if isinstance(kind, type) and issubclass(kind, Shown):
            assert kind.table is not Shown.table and callable(kind.picture), name


def test_tab_completion_offers_the_public_names_with_words():
    assert set(dir(bestand)) == set(bestand.__all__)
    for name in bestand.__all__:
        assert getattr(bestand, name).__doc__, name


def test_every_public_function_answers_with_an_example():
    """The examples themselves are run by the test of docstrings."""
    for name in bestand.__all__:
        public = getattr(bestand, name)
        if not isinstance(public, type):
            assert ">>> " in (public.__doc__ or ""), name


@in_depth
def test_results_at_which_people_would_rather_look_have_a_picture():
    """Each whole, from the one drawing room; the lengths of bars and lines are the numbers of the result."""
    road = bestand.read("invented/mountain-road")
    seen, signs = bestand.posterior(road), bestand.indicators(road, weeks=8)
    carries = bestand.sensitivity(bestand.read("example/en"))
    for found in (seen, signs, carries):
        assert ET.fromstring(found.picture()).tag.endswith("svg"), type(found)
    told = [part.text for part in ET.fromstring(signs.picture()).iter() if part.text]
    assert signs.indicators and any(text.startswith(f"{signs.indicators[0].lever}=") for text in told)
    alone = {lines[0].said for sets in carries.sets.values() for lines in sets if len(lines) == 1}
    drawn = [part for part in ET.fromstring(carries.picture()).iter() if part.tag.endswith("rect")]
    assert len(drawn) == min(MOST_BARS, len(alone))


def test_what_a_sweep_says_has_pictures(tmp_path):
    pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")
    from tests.oracle.theirs import table

    swept = table(tmp_path / "box")
    case = bestand.read("example/en")
    chosen = bestand.sweep(case, bestand.space(case, kinds=["type", "claim"]), bestand.measure(case, "share-of-rests true"), n=50, out=tmp_path / "options",
                           options={"as it is": {}, "again": {}})
    for found in (bestand.boxes(swept), bestand.shares(swept), bestand.choices(chosen)):
        assert len([part for part in ET.fromstring(found.picture()).iter() if part.tag.endswith("rect")]) == len(found.table().rows), type(found)
