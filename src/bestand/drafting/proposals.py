"""Proposals: drafted claims and lines that nobody has accepted yet, and the file in which they wait beside a case."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from bestand.case.parts import Name, Part
from bestand.case.write import write_text
from bestand.case.yaml import MOST_BYTES, load
from bestand.errors import DraftError, Place, Problem, did_you_mean
from bestand.files import content
from bestand.show import Shown, Table

Kind = Literal["claim", "party", "lever", "now", "guard", "want", "event", "observation"]
Status = Literal["waiting", "accepted", "rejected"]
KINDS: tuple[Kind, ...] = ("claim", "party", "lever", "now", "guard", "want", "event", "observation")
HEAD = """\
# Drafted by a program; nothing here counts until somebody accepts it: bestand accept CASE.
# Written whole each time: what is put in by hand between the lines is kept, comments are not.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One drafted claim or line.

    id, kind     : p1, p2, …; what it would become in the case
    fields       : its values, as they would stand in the case (see docs/how-to/draft-a-case.md for each kind)
    because      : proposals for claims that it rests on
    needs        : other proposals without which it could not stand: a party, a lever
    generated_by : what drafted it: `rules en`, or a model's name
    passage      : source and place in its canonical text, `paper:120-168`
    actor        : who acts, as far as it was read: a party or a territory's code
    near         : proposals that say about the same in other documents
    """

    id: str
    kind: Kind
    fields: Mapping[str, Any]
    because: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    generated_by: str = ""
    passage: str = ""
    actor: str = ""
    near: tuple[str, ...] = ()
    status: Status = "waiting"

    def words(self) -> str:
        """What it says, in one line."""
        f = self.fields
        told: Mapping[str, str] = {
            "claim": f"{_speaker(f)}'{f.get('quote', '')}'{_degree(f)}",
            "party": str(f.get("name", "")),
            "lever": f"{f.get('id', '')}: {f.get('is', '')} (now: {f.get('now', 'no')})",
            "now": f"{f.get('lever', '')} is now {f.get('now', '')}",
            "guard": f"{f.get('lever', '')} needs {f.get('that', '')}",
            "want": f"{f.get('party', '')} wants {f.get('that', '')}: {f.get('is', '')}",
            "event": f"{f.get('id', '')}: {f.get('is', '')}",
            "observation": f"{f.get('date', '')}: {_seen(f)}{f.get('is', '')}",
        }
        return told[self.kind]


def _seen(fields: Mapping[str, Any]) -> str:
    return f"{fields['lever']} took {fields['took']}: " if fields.get("took") else ""


def _speaker(fields: Mapping[str, Any]) -> str:
    return "" if fields.get("says", "author") == "author" else f"{fields['says']}: "


def _degree(fields: Mapping[str, Any]) -> str:
    """How surely a claim is held by the one who says it, where that is less than certain; and which other proposals it says no to."""
    holds = str(fields.get("source_holds") or fields.get("author_holds", "certain"))
    denied = [key for key in fields.get("denies", ()) if key]
    said = [*([] if holds in ("certain", "uncommitted") else [holds]), *([f"denies {', '.join(denied)}"] if denied else [])]
    return f" ({'; '.join(said)})" if said else ""


@dataclass(frozen=True, slots=True, repr=False)
class Proposals(Shown):
    """All proposals for a case, with the documents they come from.

    sources : fields of each document, as they would stand in the case
    items   : the proposals, claims first
    read    : digests of passages that a model has worked through, so that a run can go on after it was stopped
    notes   : what was left out, and why
    unheard : documents that say *we* of wants and deeds, where nobody has said whom that means
    """

    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    items: tuple[Proposal, ...] = ()
    read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()

    @property
    def waiting(self) -> tuple[Proposal, ...]:
        """Those that nobody has decided on."""
        return tuple(item for item in self.items if item.status == "waiting")

    def __getitem__(self, key: str) -> Proposal:
        for item in self.items:
            if item.id == key:
                return item
        what = f"no proposal '{key}'"
        raise DraftError(Problem("draft/unknown-proposal", what, hint=did_you_mean(key, [item.id for item in self.items])))

    def changed(self, items: Iterable[Proposal]) -> Proposals:
        """The same with some proposals in their new state."""
        new = {item.id: item for item in items}
        return replace(self, items=tuple(new.get(item.id, item) for item in self.items))

    def table(self) -> Table:
        """One row for each that waits."""
        rows = tuple((p.id, p.kind, p.words(), ", ".join(p.because), p.generated_by, ", ".join(p.near)) for p in self.waiting)
        notes = (f"{len(rows)} wait; nothing here counts until it is accepted", *self.notes)
        return Table("Proposals", ("id", "kind", "proposal", "rests on", "drafted by", "near"), rows, notes)


class _Item(Part):
    """A proposal as it stands in the file."""

    id: Annotated[str, Field(pattern=r"^p[0-9]+$", max_length=12)]
    kind: Kind
    fields: dict[str, Any]
    because: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    generated_by: str = ""
    passage: str = ""
    actor: str = ""
    near: tuple[str, ...] = ()
    status: Status = "waiting"


class _File(Part):
    """The file of proposals."""

    proposals: Literal[1]
    sources: dict[Name, dict[str, Any]] = {}
    read: tuple[str, ...] = ()
    unheard: tuple[Name, ...] = ()
    items: tuple[_Item, ...] = ()


def waiting(path: Path) -> Proposals:
    """The proposals in a file; none if there is no such file.

    Raises
    ------
    DraftError
        `draft/bad-file`, with the place of what does not fit.
    FileError
        `file/unreadable`, `file/not-plain`, `file/too-large`.
    CaseError
        The file is not YAML.
    """
    if not os.path.lexists(path):
        return Proposals()
    try:
        value, _ = load(content(path, most=MOST_BYTES).decode("utf-8"), str(path))
        read = _File.model_validate(value)
    except (ValidationError, UnicodeDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": "it is not UTF-8"}
        at = ".".join(str(step) for step in first["loc"])
        what = f"this is not a file of proposals: {first['msg']}"
        raise DraftError(Problem("draft/bad-file", what, Place(str(path), at=at), "draft again, or put it right by hand")) from error
    items = tuple(Proposal(**{name: getattr(item, name) for name in type(item).model_fields}) for item in read.items)
    return Proposals(read.sources, items, read.read, unheard=read.unheard)


def keep(proposals: Proposals, path: Path, *, look: Callable[[], object] | None = None) -> None:
    """Writes proposals to a file, whole or not at all; `look` is asked last, and where it raises, what stands there stays.

    Raises
    ------
    FileError
        `file/not-plain`, `file/cannot-write`.
    """
    items = [_plain(item) for item in proposals.items]
    value: dict[str, Any] = {"proposals": 1, "sources": {k: dict(v) for k, v in proposals.sources.items()}, "read": list(proposals.read)}
    value |= {"unheard": list(proposals.unheard)} if proposals.unheard else {}
    value |= {"items": items}
    write_text(HEAD + yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4096), path, force=True, look=look)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C writer where PyYAML has it
    """Plain values as YAML; words that are read as numbers or truths by some version are quoted."""


def _text(dumper: Any, value: str) -> Any:
    plain = value.replace(" ", "").replace("-", "").isalpha() and value.lower() not in ("true", "false", "null", "y", "n")
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def _plain(item: Proposal) -> dict[str, Any]:
    """A proposal as plain values, without what is empty."""
    given: dict[str, Any] = {"id": item.id, "kind": item.kind, "fields": _as_plain(item.fields)}
    given |= {name: list(value) for name in ("because", "needs", "near") if (value := getattr(item, name))}
    given |= {name: value for name in ("generated_by", "passage", "actor") if (value := getattr(item, name))}
    return given | ({"status": item.status} if item.status != "waiting" else {})


def _as_plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_plain(inner) for key, inner in value.items()}
    return [_as_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
