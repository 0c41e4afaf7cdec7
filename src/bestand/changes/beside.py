"""Two versions of a case laid side by side: what is in both, what differs, and any mixed of the two."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bestand.case.model import CaseFile
from bestand.changes.matching import longest_rising, paired, says

SECTIONS = frozenset(name for name, info in CaseFile.model_fields.items() if info.default in ({}, ()))
LISTS = frozenset({"wants", "never", "unsaid", "observations"})  # sections whose members are, or hold, lists of statements
SPOKEN = {"says": "speaker", "via": "speaker", "chain": "speaker", "author_holds": "degree", "source_holds": "degree", "hedge": "hedge"}
"""Key of a claim → what of it has changed."""


@dataclass(frozen=True, slots=True)
class Differs:
    """One difference: which of the changes it belongs to, and both sides; None where a side has nothing."""

    number: int
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping of which some members differ."""

    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lined:
    """A list of statements: numbers of the members in the old order and in the new one, which of them moved, and by which change."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    parts: Mapping[int, Any]
    moved: frozenset[int]
    move: int | None


@dataclass(slots=True)
class Laid:
    """What differs, numbered in the order of the file: kind, key path, and both sides."""

    told: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    def tell(self, kind: str, at: str, old: Any, new: Any) -> int:
        """The number of one more change."""
        self.told.append((kind, at, old, new))
        return len(self.told) - 1

    def lay(self, at: str, old: Any, new: Any) -> Any:
        """Two parts side by side: the part itself where they are the same."""
        if old == new:
            return old
        if _by_statement(at, old, new):
            old, new = (([] if isinstance(old or new, list) else {}) if part is None else part for part in (old, new))
        if isinstance(old, Mapping) and isinstance(new, Mapping) and not _is_one_thing(at, old, new):
            return Keyed({key: self.lay(f"{at}.{key}" if at else key, old.get(key), new.get(key)) for key in {**old, **new}})
        if isinstance(old, list) and isinstance(new, list) and _statements([*old, *new]) and not at.endswith(".chain"):
            return self._list(at, old, new)
        return Differs(self.tell(_kind(at, old, new), at, old, new), old, new)

    def _list(self, at: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Lined:
        """Lists of statements are matched by what they say, so that a moved want reads as moved and an edited one as edited.

        One that moved is told by what it stands behind. Several are one change, the order of the list: which of them stayed where it
        was, and which moved around it, nobody can tell.
        """
        pairs = paired(old, new)
        back = {j: i for i, j in pairs.items()}
        kept = longest_rising([j for _, j in sorted(pairs.items())])
        number = {j: back.get(j, len(old) + j) for j in range(len(new))}
        parts: dict[int, Any] = {}
        moved = frozenset(i for i, j in pairs.items() if j not in kept)
        move = self._order(at, old, new, pairs) if len(moved) > 1 else None
        for i, part in enumerate(old):
            if i not in pairs:
                parts[i] = Differs(self.tell("removed", f"{at}[{i}]", part, None), part, None)
        for j, part in enumerate(new):
            here = f"{at}[{j}]"
            if j not in back:
                parts[number[j]] = Differs(self.tell("added", here, None, part), None, part)
                continue
            if len(moved) == 1 and back[j] in moved:
                stood, stand = _told(old, new, pairs)
                move = self.tell("moved", here, _beside(stood, sorted(pairs).index(back[j])), _beside(stand, sorted(back).index(j)))
            parts[back[j]] = self._edited(here, old[back[j]], part)
        return Lined(tuple(range(len(old))), tuple(number[j] for j in range(len(new))), parts, moved, move)

    def _order(self, at: str, old: list[dict[str, Any]], new: list[dict[str, Any]], pairs: Mapping[int, int]) -> int:
        """The number of a change of the order of a list: its members that are in both versions, as they stood and as they stand."""
        return self.tell("moved", at, *("; ".join(told) for told in _told(old, new, pairs)))

    def _edited(self, at: str, old: dict[str, Any], new: dict[str, Any]) -> Any:
        """One statement that has become another: its condition and its words are one edit, the rest is told by itself."""
        if "that" not in new or says(old) == says(new):
            return self.lay(at, old, new)
        edit = self.tell("edited", at, says(old), says(new))
        one = {key: old.get(key) if old.get(key) == new.get(key) else Differs(edit, old.get(key), new.get(key)) for key in ("that", "is")}
        rest = {key: self.lay(f"{at}.{key}", old.get(key), new.get(key)) for key in {**old, **new} if key not in one}
        return Keyed({**one, **rest})


def _by_statement(at: str, old: Any, new: Any) -> bool:
    """Whether each statement of a part is told by itself, where the whole part is new or gone."""
    known = old if new is None else new if old is None else None
    listed = at.split(".", maxsplit=1)[0] in LISTS and isinstance(known, list)
    return known is not None and (at in SECTIONS or listed or at.endswith(".needs"))


def _is_one_thing(at: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a mapping is one number with its range and basis, one text in several languages, or the odds between types."""
    if at.startswith("parties.") and at.endswith(".types"):
        return True
    return any(
        "value" in each or (bool(each) and all(len(key) in (2, 3) and isinstance(part, str) for key, part in each.items())) for each in (old, new)
    )


def _statements(value: list[Any]) -> bool:
    return all(isinstance(part, dict) for part in value)


def _kind(at: str, old: Any, new: Any) -> str:
    section, _, inner = at.partition(".")
    spoken = SPOKEN.get(inner.partition(".")[2]) if section == "claims" else None
    return spoken or ("added" if old is None else "removed" if new is None else "changed")


def mixed(part: Any, chosen: Collection[int]) -> Any:
    """A part of the old version with some of the changes made; None where nothing is left."""
    if isinstance(part, Differs):
        return part.new if part.number in chosen else part.old
    if isinstance(part, Keyed):
        made = {key: mixed(inner, chosen) for key, inner in part.parts.items()}
        return {key: inner for key, inner in made.items() if inner is not None} or None
    if isinstance(part, Lined):
        return [mixed(part.parts[k], chosen) for k in _order(part, chosen)] or None
    return part


def _order(part: Lined, chosen: Collection[int]) -> list[int]:
    """Members that are there, in their order: that of the new version once the move is made, else that of the old one.

    What the other version has more stands there behind what it follows in its own, of those that did not move.
    """
    there = {k for k, inner in part.parts.items() if mixed(inner, chosen) is not None}
    both = set(part.old) & set(part.new)
    made = part.move is not None and part.move in chosen
    base, other = (part.new, part.old) if made else (part.old, part.new)
    order = [k for k in base if k in there]
    before: int | None = None
    for k in other:
        if k in there and k not in both:
            at = 0 if before is None else order.index(before) + 1
            while made and at < len(order) and order[at] not in both and order[at] in base:  # what came stands before what goes
                at += 1
            order.insert(at, k)
        before = k if k in order and k not in part.moved else before
    return order


def _told(old: list[dict[str, Any]], new: list[dict[str, Any]], pairs: Mapping[int, int]) -> tuple[list[str], list[str]]:
    """What the members in both versions say, as they stood and as they stand; those that say the same, with their number in the old list."""
    back = {j: i for i, j in pairs.items()}
    stood, stand = ([says(part[k]) for k in sorted(common)] for part, common in ((old, pairs), (new, back)))
    twice = {each for side in (stood, stand) for each in side if side.count(each) > 1}
    return (
        [f"{told} ({i + 1})" if told in twice else told for told, i in zip(stood, sorted(pairs), strict=True)],
        [f"{told} ({back[j] + 1})" if told in twice else told for told, j in zip(stand, sorted(back), strict=True)],
    )


def _beside(told: list[str], place: int) -> str:
    """Where a statement stands among others: behind which, or before which if it is the first."""
    return f"behind {told[place - 1]}" if place else f"before {told[1]}"
