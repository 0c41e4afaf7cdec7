"""All that one measure of a sweep can say: what the command `discover` tells, and the page that the workbench opens."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.explore.boxes import boxes
from bestand.explore.choosing import choices, information
from bestand.explore.crossings import crossings
from bestand.explore.indices import indices, ranks
from bestand.explore.shares import shares
from bestand.explore.sweep import Sweep
from bestand.explore.tree import tree
from bestand.show import Shown


def discoveries(
    swept: Sweep, measure: str | None = None, *, answer: str = "yes", at_least: float | None = None, density: float | None = None, depth: int = 3
) -> Iterator[tuple[str, Shown]]:
    """Results by name: shares; what turns most draws; boxes, a tree and ranks, or indices; with options what to choose and what is worth knowing.

    measure  : the column asked about; the first, if not given
    at_least : of a measure that is a number, the level that counts as yes

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> swept = sweep(case, space(case, kinds=["type"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> [name for name, _ in discoveries(swept)]
    ['shares', 'crossings', 'boxes', 'tree', 'ranks']
    >>> folder.cleanup()
    """
    name = swept.column(measure)
    yield "shares", shares(swept)
    asked = name in swept.yes or at_least is not None
    if asked:
        yield "crossings", crossings(swept, name, at_least=at_least)
    if swept.design == "sobol":
        yield "indices", indices(swept, name)
        return
    if asked:
        yield "boxes", boxes(swept, name, at_least=at_least, answer=answer, density=density)
        yield "tree", tree(swept, name, at_least=at_least, answer=answer, depth=depth)
    yield "ranks", ranks(swept, name)
    if len(swept.options) > 1:
        plain = next((name.removesuffix(f" [{option}]") for option in swept.options if name.endswith(f" [{option}]")), None)
        if plain is None:  # a measure of something else
            return
        yield "choices", choices(swept, plain, at_least=0.5 if at_least is None else at_least)
        yield "information", information(swept, plain)
