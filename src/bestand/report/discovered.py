"""What a sweep says, as one page: where an answer comes out, what carries it, what to choose and what is worth knowing; each with its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from bestand.draw.results import picture_of
from bestand.explore.boxes import Boxes
from bestand.explore.crossings import Crossings
from bestand.explore.limits import Limit, together
from bestand.explore.openings import BLANKS, Opening
from bestand.explore.sweep import Sweep
from bestand.explore.tree import Tree
from bestand.report.page import Page, template
from bestand.show import Shown, Table, cell_text
from bestand.telling.tables import translated
from bestand.telling.words import PhraseBook, words

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


@dataclass(frozen=True, slots=True)
class _Saying:
    """Phrases of a language, and the case's own words in it."""

    phrases: PhraseBook
    said: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        return self.phrases(key, **parts)

    def words(self, text: str) -> str:
        return self.said.get(text, text)


def _saying(swept: Sweep, language: str) -> _Saying:
    return _Saying(words(language), swept.said.get(language, {}))


def discovered_sentences(result: Shown, swept: Sweep, language: str = "en") -> tuple[str, ...]:
    """What boxes and trees say, in sentences of the reader's language; nothing for other results. The case's own words are as it gave them."""
    say = _saying(swept, language)
    if isinstance(result, Boxes):
        without = say("discover_without", measure=result.measure, answer=say(result.answer), share=_percent(result.share), n=result.n)
        return (without, *(_box(result, k, say) for k in range(len(result.boxes))), *(() if result.boxes else (say("discover_no_box"),)))
    if not isinstance(result, Tree):
        return ()
    if all(not leaf.limits for leaf in result.leaves):
        return tuple(say("discover_no_leaf", share=_percent(leaf.share), answer=say(result.answer)) for leaf in result.leaves)
    return tuple(
        say("discover_leaf", share=_percent(leaf.share), answer=say(result.answer), part=_percent(leaf.n / max(result.n, 1)),
            where=_where(leaf.limits, say))
        for leaf in sorted(result.leaves, key=lambda each: -each.share)
    )  # fmt: skip


def discovered_table(result: Shown, swept: Sweep, language: str) -> Table:
    """A result's table in the reader's language, what is open by its phrase."""
    table, say = translated(result.table(), language), _saying(swept, language)
    known = {each.words: _opening(each, say) for each in swept.openings} | _ways(result, say)
    rows = tuple(tuple(known.get(cell, cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def _ways(result: Shown, say: _Saying) -> dict[str, str]:
    """What cells of a result say of how things can be: limits of boxes and leaves, and what choices are called."""
    if isinstance(result, Boxes):
        return {together(each.limits): _where(each.limits, say) for each in result.boxes}
    if isinstance(result, Tree):
        return {together(each.limits): _where(each.limits, say) for each in result.leaves}
    openings = [each.opening for each in result.crossings] if isinstance(result, Crossings) else []
    return {opening.called(k): _called(opening, k, say) for opening in openings for k in range(len(opening.choices))}


def _called(opening: Opening, k: int, say: _Saying) -> str:
    """What the k-th choice of an opening is called, in the reader's language."""
    return say(f"chg_degree_{opening.choices[k]}") if opening.kind == "speaker" else say.words(opening.called(k))


def _box(boxes: Boxes, k: int, say: _Saying) -> str:
    box = boxes.boxes[k]
    return say(
        "discover_box", measure=box.measure, answer=say(box.answer), where=_where(box.limits, say), coverage=_percent(box.coverage),
        density=f"{box.density:.2f}",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _where(limits: Sequence[Limit], say: _Saying) -> str:
    return f" {say('and')} ".join(_limit(each, say) for each in limits) or say("limit_none")


def _limit(limit: Limit, say: _Saying) -> str:
    opening, what = limit.opening, _opening(limit.opening, say)
    low, high = f"{limit.low:.3g}", f"{limit.high:.3g}"
    if limit.among:
        those = [_called(opening, k, say) for k in limit.among]
        if opening.kind == "speaker":
            return say("limit_believed", what=what, those=f"” {say('or')} “".join(those))
        return say("limit_among", what=what, those=f" {say('or')} ".join(f"“{each}”" for each in those))
    if opening.kind in ("number", "place"):
        ends = "exactly" if limit.low == limit.high else "between" if np.isfinite([limit.low, limit.high]).all() else ""
        return say(f"limit_{ends or ('least' if limit.low > -np.inf else 'most')}", what=what, low=low, high=high)
    if opening.kind == "rule":
        return say("limit_in_force" if limit.low > 0 else "limit_lifted", what=what)
    return say("limit_so" if limit.low > 0 else "limit_not_so", what=what)


def _opening(opening: Opening, say: _Saying) -> str:
    """What is open, in the reader's language; as it was stored where it has no phrase."""
    key = f"open_{opening.phrase}"
    about = dict(zip(BLANKS, map(say.words, opening.about), strict=False))
    return say(key, **about) if key in say.phrases.phrases else opening.words


def discovered_page(swept: Sweep, results: Mapping[str, Shown], *, measure: str, language: str = "en") -> Page:
    """The page about a sweep; what is open is told in the case's own words.

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

    sections = [_section(name, result, swept, language) for name, result in results.items()]
    told_by = _saying(swept, language)
    return Page(template("discovered.html.j2").render(
        title=told_by.words(swept.title), measure=measure, n=swept.done, openings=len(swept.openings), sections=sections,
        say=told_by.phrases, language=language, version=__version__,
    ))  # fmt: skip


def _section(name: str, result: Shown, swept: Sweep, language: str) -> DiscoveredSection:
    table = discovered_table(result, swept, language)
    picture = picture_of(result, language, table=table)
    sentences = discovered_sentences(result, swept, language)
    rows = () if sentences else tuple(tuple(cell_text(cell) for cell in row) for row in table.rows[:MOST_ROWS])
    left = len(table.rows) - MOST_ROWS
    notes = (*table.notes, *((words(language)("discover_rows_more", n=left),) if rows and left > 0 else ()))
    title = table.title or name
    return DiscoveredSection(name, title, tuple(sentences), None if picture is None else Markup(picture), title, table.columns, rows, notes)
