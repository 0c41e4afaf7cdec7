"""What a sweep says, as one page: where an answer comes out, what carries it, what to choose and what is worth knowing; each with its picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bestand.draw.results import picture_of
from bestand.explore.sweep import Sweep
from bestand.report.page import Page, template
from bestand.show import Shown, cell_text
from bestand.telling.words import words

MOST_ROWS = 40  # of a table on the page; the rest is counted


@dataclass(frozen=True, slots=True)
class DiscoveredSection:
    """One result: its sentences, or its table where it has none, and its picture where it has one."""

    name: str
    title: str
    words: tuple[str, ...]
    picture: Markup | None
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def discovered_page(swept: Sweep, results: Mapping[str, Shown], *, measure: str) -> Page:
    """The page about a sweep, in English, as its openings are.

    results : by name: shares, boxes, a tree, indices or ranks, choices, and what is worth knowing
    measure : the column that is asked about

    >>> import tempfile
    >>> from bestand import measure, read, shares, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> swept = sweep(case, space(case, kinds=["type"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> discovered_page(swept, {"shares": shares(swept)}, measure="rests truce").html[:15]
    '<!doctype html>'
    >>> folder.cleanup()
    """
    from bestand import __version__  # noqa: PLC0415  the root knows its version once it is whole

    sections = [_section(name, result) for name, result in results.items()]
    return Page(template("discovered.html.j2").render(
        title=swept.title, measure=measure, n=swept.done, openings=len(swept.openings), sections=sections, say=words("en"), version=__version__
    ))  # fmt: skip


def _section(name: str, result: Shown) -> DiscoveredSection:
    table, picture = result.table(), picture_of(result)
    sentences = getattr(result, "words", ())
    rows = () if sentences else tuple(tuple(cell_text(cell) for cell in row) for row in table.rows[:MOST_ROWS])
    left = len(table.rows) - MOST_ROWS
    notes = (*table.notes, *((f"{left} rows more",) if rows and left > 0 else ()))
    title = table.title or name
    return DiscoveredSection(name, title, tuple(sentences), None if picture is None else Markup(picture), title, table.columns, rows, notes)
