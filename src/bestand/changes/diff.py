"""What changed between two versions of a case, statement by statement, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from bestand.case.conditions import parse, unparse
from bestand.case.lines import party_of
from bestand.case.loaded import Case, OfCase, stated
from bestand.case.shape import keys_of_conditions
from bestand.changes.beside import Laid
from bestand.changes.renames import NewName, carry_name, given_away, in_place
from bestand.changes.renames_inner import every_rename, inner_renames
from bestand.show import Shown, Table

MOST_TRIED = 40  # pairs of names of which it is tried whether one stands for the other
KINDS: Mapping[str, str] = {
    "renamed": "a party, lever, term, claim or other member, a setting or a type goes by another name; what follows from it is not told again",
    "given": "a lever is another party's; that it goes by another name for it is not told again",
    "added": "a statement, or a part of one, that was not there",
    "removed": "a statement, or a part of one, that is no longer there",
    "edited": "a statement says something else, in its place",
    "moved": "a statement stands behind another one than before; of several in one list, their order before and after, as one change",
    "changed": "a part of a statement is another one: its number, its setting, its words, what it rests on",
    "hedge": "the words in which the source of a claim holds back",
    "speaker": "who says a claim, or by which way it came to be known",
    "degree": "how far the author, or the one who is quoted, commits to a claim",
}
"""Kind of change → what it says."""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs: where it stands now (where it stood, if it is gone), what became of it (`KINDS`), and both sides in words."""

    at: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, repr=False)
class Changes(Shown):
    """All changes, in the order of the file; names that changed come first."""

    changes: tuple[Change, ...]

    def table(self) -> Table:
        """One row per change."""
        rows = tuple((c.kind, c.at, c.before, c.after) for c in self.changes)
        return Table("Changes", ("what", "where", "before", "after"), rows, () if rows else ("nothing changed",))


def diff(old: Case | OfCase, new: Case | OfCase) -> Changes:
    """The statements that differ; comments, order of keys and the writing of conditions do not count.

    Statements are matched by what they say, by their words, or by their place between neighbours: one edit is one change.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: stops}}\\n"
    >>> print(diff(read_text(text), read_text(text.replace("is: stops", "is: halts"))).changes[0].after)
    halts
    """
    return Changes(laid(stated(old), stated(new))[0])


def laid(old: Case, new: Case) -> tuple[tuple[Change, ...], Any, tuple[NewName, ...]]:
    """The changes, the two versions side by side (`beside`), changes numbered after the renames, and these."""
    after = as_written(new)
    renamed, before = every_rename(as_written(old), after)
    both, side_by_side = _lay(renamed, before, after)
    for each in islice(chain(in_place(before, after), given_away(before, after)), MOST_TRIED):
        if each.old in before.get(each.section, {}) and each.new not in before[each.section]:
            within, carried = inner_renames(carry_name(each, before), after)
            fewer, beside = _lay((*renamed, each, *within), carried, after)
            if len(fewer.told) < len(both.told):  # what names the one names the other now: it is the same, and says something else
                renamed, before, both, side_by_side = (*renamed, each, *within), carried, fewer, beside
    return tuple(Change(at, kind, _words(was), _words(now)) for kind, at, was, now in both.told), side_by_side, renamed


def _lay(renamed: Iterable[NewName], before: dict[str, Any], after: dict[str, Any]) -> tuple[Laid, Any]:
    both = Laid([_renamed(each) for each in renamed])
    return both, both.lay("", before, after)


def _renamed(name: NewName) -> tuple[str, str, str, str]:
    at = f"{name.section}.{name.new}"
    return ("given", at, party_of(name.old), party_of(name.new)) if name.gives else ("renamed", at, name.old, name.new)


def as_written(case: Case) -> dict[str, Any]:
    """A case as plain data, as its file has it, with every condition written in the one way; translations state nothing, and are left out."""
    plain = (case.written or case.file).model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"translations"})
    keys = keys_of_conditions()

    def canonical(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: canonical(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [canonical(v, key) for v in value]
        return unparse(case.conditions.get(value) or parse(value)) if key in keys and isinstance(value, str) else value

    written: dict[str, Any] = canonical(plain)
    return written


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping) and "value" in value:
        rest = [f"{key} {_words(inner)}" for key, inner in value.items() if key != "value"]
        return f"{value['value']:.15g}" + (f" ({'; '.join(rest)})" if rest else "")
    if isinstance(value, Mapping):
        lead = next((_words(value[key]) for key in ("gloss", "is", "claim", "that", "name", "what") if key in value), "")
        return lead or ", ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    if isinstance(value, bool):  # as the file writes it
        return str(value).lower()
    return ", ".join(_words(inner) for inner in value) if isinstance(value, list) else str(value)
