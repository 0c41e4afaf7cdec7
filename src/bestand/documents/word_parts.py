"""Which parts of a Word file its reader sees: the body that the package names, and of the rest what the body refers to."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from bestand.documents.first_bytes import COMPOUND, PDF, RICH_TEXT
from bestand.errors import EvidenceError, Problem
from bestand.files import look_at_packing

MOST_UNPACKED = 40_000_000  # bytes of a Word file, unpacked
MOST_PARTS = 5_000  # files in a Word file
MOST_TAGS_OF_WORD = 1_000_000  # tags of a Word file
_LOOSE = ("footnotes", "endnotes", "header", "footer")
_OTHERS = (
    (COMPOUND, "this is an old Word file (.doc), or one that is locked with a password"),
    (PDF, "this is a PDF and no Word file"),
    (RICH_TEXT, "this is rich text (RTF) and no Word file"),
)


@dataclass(frozen=True, slots=True)
class WordParts:
    """What is read of a Word file: body, notes, headers and footers in this order, and the styles, each unpacked."""

    texts: tuple[bytes, ...]
    styles: bytes


@dataclass(slots=True)
class _Relations:
    """What a part refers to: per id the kind and the name of the other part."""

    of: dict[str, tuple[str, str]] = field(default_factory=dict)

    def named(self, *kinds: str) -> list[str]:
        return [name for kind, name in self.of.values() if kind in kinds]


def word_parts(content: bytes) -> WordParts:
    """The parts of a Word file that its reader sees, unpacked.

    Raises
    ------
    EvidenceError
        `evidence/unreadable`, `evidence/too-large`.
    """
    other = next((what for lead, what in _OTHERS if content.startswith(lead)), "")
    if other:
        raise unreadable(other)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _Package(packed).parts()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        locked = isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError)
        raise unreadable("the document is locked with a password" if locked else "this is no Word file, or one that is cut off or damaged") from error


def unreadable(what: str) -> EvidenceError:
    """A document that cannot be read, and what to do."""
    return EvidenceError(Problem("evidence/unreadable", what, hint="save it as plain text"))


def parsed(xml: bytes, **handlers: Callable[..., None]) -> None:
    """Parses XML without entities or document types, and hands its events on."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refused
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: characters of a kind that nobody knows
        what = expat.errors.messages[error.code] if isinstance(error, expat.ExpatError) else "it declares characters of a kind that is not known"
        raise unreadable(f"the document is damaged: {what}") from error


def _refused(*_: object) -> None:
    raise unreadable("the document declares a document type, which Word files do not")


class _Package:
    """A packed Word file; names of parts differ in more than capitals."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        listed = packed.infolist()
        self.known = {info.filename.casefold(): info for info in listed}
        if len(listed) > MOST_PARTS:
            raise _too_large()
        if len(self.known) < len(listed):
            raise unreadable("the document is damaged: two of its parts have one name")
        look_at_packing(packed)
        self.room, self.tags = MOST_UNPACKED, MOST_TAGS_OF_WORD

    def parts(self) -> WordParts:
        inside = self.relations("")
        body = next(iter(inside.named("officeDocument")), "word/document.xml")
        if body.casefold() not in self.known:
            raise unreadable("this is no Word file: it has no word/document.xml")
        main = self.read(body)
        related = self.relations(body)
        if "_rels/.rels" in self.known:
            seen = _referred(main)
            shown = [name for key, (kind, name) in related.of.items() if kind in ("header", "footer") and key in seen]
            others = [*related.named("footnotes"), *related.named("endnotes"), *shown]
            styles = next(iter(related.named("styles")), "")
        else:  # a file that Word itself would not open
            others = [name for lead in _LOOSE for name in sorted(self.known) if name.startswith(f"word/{lead}") and name.endswith(".xml")]
            styles = "word/styles.xml"
        read = [self.read(name) for name in dict.fromkeys(others) if name.casefold() in self.known and name.casefold() != body.casefold()]
        return WordParts(tuple(dict.fromkeys([main, *read])), self.read(styles) if styles.casefold() in self.known else b"")

    def read(self, name: str) -> bytes:
        info = self.known[name.casefold()]
        self.room -= info.file_size
        if self.room < 0:
            raise _too_large()
        part = self.packed.read(info)
        self.tags -= part.count(b"<")
        if self.tags < 0:
            what = f"the document has more than {MOST_TAGS_OF_WORD:,} tags"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the pages that matter as plain text"))
        return part

    def relations(self, part: str) -> _Relations:
        """What a part refers to in this file; the package itself is the part without a name."""
        folder, _, base = part.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        relations = _Relations()

        def add(full: str, given: dict[str, str]) -> None:
            if full.rpartition(" ")[2] == "Relationship" and given.get("TargetMode", "").casefold() != "external":
                target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
                relations.of[given.get("Id", "")] = given.get("Type", "").rpartition("/")[2], target

        if listed.casefold() in self.known:
            parsed(self.read(listed), StartElementHandler=add)
        return relations


def _referred(body: bytes) -> set[str]:
    """Ids of the headers and footers that the sections of a body have."""
    ids: set[str] = set()

    def add(full: str, given: dict[str, str]) -> None:
        if full.rpartition(" ")[2] in ("headerReference", "footerReference"):
            ids.update(value for key, value in given.items() if key.rpartition(" ")[2] == "id")

    parsed(body, StartElementHandler=add)
    return ids


def _too_large() -> EvidenceError:
    what = f"the document unpacks to more than {MOST_UNPACKED // 1_000_000} MB or {MOST_PARTS:,} parts"
    return EvidenceError(Problem("evidence/too-large", what, hint="save the pages that matter as plain text"))
