"""Source documents: read once, known by the digest of those very bytes, and where they may be looked for."""

from __future__ import annotations

import codecs
import hashlib
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bestand.documents.canonical import RAISED
from bestand.errors import EvidenceError, FileError, Place, Problem
from bestand.files import content

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_BYTES = 50_000_000  # of a document
MOST_LETTERS = 2_000_000  # code points of a document's text
MOST_PAGES = 2_000  # of a PDF
MOST_DRAWN = 1_000_000  # bytes of what a page of a PDF draws, unpacked
MOST_DRAWN_IN_ALL = 20_000_000  # bytes of what all pages of a PDF draw, unpacked
MOST_SEARCHED = 200  # documents of a folder that are looked through for one whose name is not given
MOST_HASHED = 200_000_000  # bytes of a folder that are looked through for them
_CHARSETS = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"), "cp1252"),  # as browsers read them
    **{f"{lead}{k}": f"cp{k}" for lead in ("windows-", "cp", "x-cp") for k in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257)},
    **{f"{lead}{k}": f"iso8859-{k}" for lead in ("iso-8859-", "iso8859-") for k in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5"), "cp1254"),
    **{name: name for name in ("koi8-r", "koi8-u", "gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr")},
    **{"gb2312": "gbk", "sjis": "shift_jis", "shift-jis": "shift_jis", "big5-hkscs": "big5hkscs", "macintosh": "mac-roman"},
}


_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})|\A\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9_-]{1,40})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read: where, its bytes, and their sha256."""

    path: Path
    content: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a document as a person sees them.

    notes : what a reader should know: `tracked-changes`, `struck-out`, `hidden` (in a document, and not part of `words`)
    """

    words: str = field(repr=False)
    notes: frozenset[str] = frozenset()


def opened(path: Path) -> Document:
    """The document in a file.

    Raises
    ------
    EvidenceError
        `evidence/unreadable`, `evidence/too-large`.
    """
    try:
        raw = content(path, most=MOST_BYTES)
    except FileError as error:
        code = "evidence/too-large" if error.code == "file/too-large" else "evidence/unreadable"
        problem = error.problems[0]
        raise EvidenceError(Problem(code, f"the document is not read: {problem.what}", problem.place, problem.hint)) from error
    return Document(path, raw, hashlib.sha256(raw).hexdigest())


class Shelf:
    """The folders in which documents are looked for; each document there is read at most once to learn its digest."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.by_digest: dict[str, Path] | None = None

    def locate(self, file: str, sha256: str) -> Document | None:
        """The document of that name, or of that digest; None if it is not at hand.

        Raises
        ------
        EvidenceError
            `evidence/outside`: the name leads out of the folder. `evidence/changed-digest`: a document of that name is
            there, and its digest is another. `evidence/unreadable`, `evidence/too-large`: it cannot be read.
        """
        changed: Document | None = None
        for path in self._named(file):
            changed = opened(path)
            if changed.sha256 == sha256:
                return changed
        elsewhere = self._known().get(sha256)
        if elsewhere is not None and (document := opened(elsewhere)).sha256 == sha256:
            return document
        if changed is not None:
            what = "the document is not the one that was read: its digest differs"
            hint = f"its sha256 is {changed.sha256}; read it again before taking over the new digest"
            raise EvidenceError(Problem("evidence/changed-digest", what, Place(str(changed.path)), hint))
        return None

    def _named(self, file: str) -> list[Path]:
        """What stands under that name in the folders."""
        names = dict.fromkeys((file, Path(file).name)) if file else ()
        places = [_inside(folder, name) for folder in self.folders for name in names]
        return [path for path in dict.fromkeys(places) if path is not None and _exists(path)]

    def _known(self) -> Mapping[str, Path]:
        """The documents that lie in the folders, by digest; what cannot be read is nobody's business."""
        if self.by_digest is None:
            self.by_digest, left = {}, MOST_HASHED
            for folder in self.folders:
                for path, size in islice(_documents(folder), MOST_SEARCHED):
                    left -= size
                    if left >= 0 and (digest := _digest(path)) is not None:
                        self.by_digest.setdefault(digest, path)
        return self.by_digest


def locate(file: str, sha256: str, folders: list[Path]) -> Document | None:
    """The document in one of the folders, by its name or by its digest; None if it is not at hand. See `Shelf.locate`."""
    return Shelf(folders).locate(file, sha256)


def _exists(path: Path) -> bool:
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def _documents(folder: Path) -> list[tuple[Path, int]]:
    """Plain files of a folder that may be documents, with their sizes, by name."""
    documents = []
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, 100 * MOST_SEARCHED):
                if os.path.splitext(entry.name)[1].lower() in READERS and entry.is_file(follow_symlinks=False):
                    documents.append((Path(entry.path), entry.stat(follow_symlinks=False).st_size))
    except OSError:
        return []
    return sorted(each for each in documents if each[1] <= MOST_BYTES)


def _digest(path: Path) -> str | None:
    try:
        return opened(path).sha256
    except EvidenceError:
        return None


def _inside(folder: Path, name: str) -> Path | None:
    """The path below the folder; an error if it leads out of it."""
    try:
        path = (folder / name).resolve()
        if Path(name).is_absolute() or not path.is_relative_to(folder.resolve()):
            what = f"'{name}' leads out of the folder of the case"
            raise EvidenceError(Problem("evidence/outside", what, hint="name a document beside the case, or use --sources"))
    except (OSError, ValueError, RuntimeError):  # a NUL, a name that is too long, links that go in circles
        return None
    return path


def text_of(document: Document) -> Text:
    """The text of a document (.txt, .md, .html, .pdf, .docx), as a person sees it.

    Raises
    ------
    EvidenceError
        `evidence/unreadable`, `evidence/unknown-kind`, `evidence/needs-extra`, `evidence/too-large`.
    """
    path = document.path
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        hint = "readable are " + ", ".join(READERS)
        raise EvidenceError(Problem("evidence/unknown-kind", f"documents ending in '{path.suffix}' cannot be read", Place(str(path)), hint))
    try:
        words, notes = reader(document.content)
    except ImportError as error:
        hint = 'install it with: pip install "bestand[documents]"'
        raise EvidenceError(Problem("evidence/needs-extra", f"reading this needs {error.name}", Place(str(path)), hint)) from error
    except EvidenceError as error:
        raise EvidenceError([Problem(p.code, p.what, Place(str(path)), p.hint) for p in error.problems]) from error
    except UnicodeDecodeError as error:
        what = "the document is neither UTF-8 nor in the characters that it declares"
        raise EvidenceError(Problem("evidence/unreadable", what, Place(str(path)), "save it as UTF-8")) from error
    except Exception as error:  # readers of damaged documents raise whatever they like
        what = f"the document cannot be read: {type(error).__name__}"
        raise EvidenceError(Problem("evidence/unreadable", what, Place(str(path)), "save it as plain text")) from error
    if len(words) > MOST_LETTERS:
        raise EvidenceError(_too_large(f"its text has more than {MOST_LETTERS:,} characters", path))
    return Text(words, notes | {"turned"} if letters_turned(words) else notes)


def letters_turned(words: str) -> bool:
    """Whether a control turns letters or digits round that run from left to right: a reader sees them in another order than they stand.

    >>> letters_turned("shall \u202eton\u202c attack"), letters_turned("\u202e\u05d0\u05d1\u202c"), letters_turned("shall not\u200f attack")
    (True, False, False)
    """
    return any(unicodedata.bidirectional(sign) in ("L", "EN") for part in _TURNED.finditer(words) for sign in part[1])


def _too_large(what: str, path: Path | None = None) -> Problem:
    return Problem("evidence/too-large", what, Place(str(path)) if path else Place(), "save the pages that matter as plain text")


def _decoded(raw: bytes) -> str:
    if len(raw) > 4 * MOST_LETTERS:
        raise EvidenceError(_too_large(f"its text has more than {MOST_LETTERS:,} characters"))
    wide = raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE))  # looked for first: the mark of UTF-32 begins like that of UTF-16
    double = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = raw.decode("utf-32" if wide else "utf-16" if double else "utf-8-sig")
    if "\x00" in text:
        what = "the document is no text: it has characters of code 0, as UTF-16 without its mark has"
        raise EvidenceError(Problem("evidence/unreadable", what, hint="save it as UTF-8"))
    return text


def _plain(raw: bytes) -> tuple[str, frozenset[str]]:
    return _decoded(raw).replace(RAISED, "\u200b"), frozenset()


def _html(raw: bytes) -> tuple[str, frozenset[str]]:
    from bestand.documents.html import page_text

    return page_text(decoded_page(raw))


def decoded_page(raw: bytes) -> str:
    """The characters of a page: UTF-8, or those that it declares.

    >>> decoded_page(b'<meta charset="latin1">caf\\xe9')[-4:]
    'café'
    """
    try:
        return _decoded(raw)
    except UnicodeDecodeError:
        declared = _DECLARED.search(raw[:4_096])
        name = (declared[1] or declared[2]).decode("ascii").lower() if declared else ""
        if name not in _CHARSETS:
            raise
        return raw.decode(_CHARSETS[name])


def _pdf(raw: bytes) -> tuple[str, frozenset[str]]:
    import io

    from pypdf import PdfReader

    with _quiet("pypdf"):
        return _text_of_pages(PdfReader(io.BytesIO(raw)).pages), frozenset()


def _word(raw: bytes) -> tuple[str, frozenset[str]]:
    from bestand.documents.word import word_text

    return word_text(raw)


@contextmanager
def _quiet(package: str) -> Iterator[None]:
    """What another package says of a damaged document is not passed on: this program says it in its own words."""
    logger = logging.getLogger(package)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _text_of_pages(pages: Sequence[PageObject]) -> str:
    """The text of the pages of a PDF, within bounds."""
    if len(pages) > MOST_PAGES:
        raise EvidenceError(_too_large(f"it has more than {MOST_PAGES:,} pages"))
    texts, n_letters, n_drawn = list[str](), 0, 0
    for page in pages:
        drawn = page.get_contents()
        on_page = len(drawn.get_data()) if drawn is not None else 0
        n_drawn += on_page
        if on_page > MOST_DRAWN or n_drawn > MOST_DRAWN_IN_ALL:
            raise EvidenceError(_too_large("its pages draw too much to be text"))
        texts.append((page.extract_text() or "").replace(RAISED, ""))
        n_letters += len(texts[-1])
        if n_letters > MOST_LETTERS:
            raise EvidenceError(_too_large(f"its text has more than {MOST_LETTERS:,} characters"))
    return "\f".join(texts)


_TURNED = re.compile("\u202e([^\u202a-\u202e\n\r\f\u2029]{1,2000})")
READERS: Mapping[str, Callable[[bytes], tuple[str, frozenset[str]]]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _word,
}
