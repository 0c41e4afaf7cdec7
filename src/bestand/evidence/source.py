"""Source documents: their digest, their text, and where they may be looked for."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

from bestand.errors import EvidenceError, Place, Problem

MOST_BYTES = 50_000_000
MOST_SEARCHED = 200


def digest(path: Path) -> str:
    """sha256 of a document's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def locate(file: str, sha256: str, folders: list[Path]) -> Path | None:
    """The document in one of the folders, by its name or by its digest; None if it is not at hand.

    Raises
    ------
    EvidenceError
        `evidence/outside`: the name leads out of the folder. `evidence/changed-digest`: a document of that name is
        there, and its digest is another.
    """
    try:
        return _located(file, sha256, folders)
    except OSError as error:
        what = f"the document cannot be read: {error.strerror}"
        raise EvidenceError(Problem("evidence/unreadable", what, Place(str(error.filename)), "may this program read it?")) from error


def _located(file: str, sha256: str, folders: list[Path]) -> Path | None:
    changed = None
    for folder in folders:
        for name in dict.fromkeys((file, Path(file).name)) if file else ():
            found = _inside(folder, name)
            if found is not None and found.is_file():
                if digest(found) == sha256:
                    return found
                changed = found
    for folder in folders:
        for path in sorted(folder.iterdir())[:MOST_SEARCHED] if folder.is_dir() else ():
            readable = path.is_file() and path.suffix.lower() in READERS and not path.is_symlink()
            if readable and path.stat().st_size <= MOST_BYTES and digest(path) == sha256:
                return path
    if changed is not None:
        what = "the document is not the one that was read: its digest differs"
        hint = f"its sha256 is {digest(changed)}; read it again before taking over the new digest"
        raise EvidenceError(Problem("evidence/changed-digest", what, Place(str(changed)), hint))
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


def text_of(path: Path) -> str:
    """The plain text of a document (.txt, .md, .html, .pdf, .docx).

    Raises
    ------
    EvidenceError
        `evidence/unreadable`, `evidence/unknown-kind`, `evidence/needs-extra`.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        what = f"documents ending in '{path.suffix}' cannot be read"
        hint = "readable are " + ", ".join(READERS)
        raise EvidenceError(Problem("evidence/unknown-kind", what, Place(str(path)), hint))
    try:
        return reader(path)
    except ImportError as error:
        hint = 'install it with: pip install "bestand[documents]"'
        what = f"reading this needs {error.name}"
        raise EvidenceError(Problem("evidence/needs-extra", what, Place(str(path)), hint)) from error
    except EvidenceError:
        raise
    except Exception as error:  # readers of damaged documents raise whatever they like
        what = f"the document cannot be read: {type(error).__name__}"
        raise EvidenceError(Problem("evidence/unreadable", what, Place(str(path)), "save it as plain text")) from error


def keep_text(path: Path) -> Path:
    """Writes the text of a document beside it, as NAME.txt, and gives that path; the original is left as it is."""
    kept, text = path.with_suffix(path.suffix + ".txt"), text_of(path)
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as temporary:
            temporary.write(text.encode("utf-8", "replace"))
        os.replace(temporary.name, kept)
    except OSError as error:
        problem = Problem("evidence/unreadable", f"its text cannot be kept: {error.strerror}", Place(str(kept)), "is the folder writable?")
        raise EvidenceError(problem) from error
    return kept


def _plain(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _html(path: Path) -> str:
    page = _Page()
    page.feed(_plain(path))
    return "".join(page.parts)


class _Page(HTMLParser):
    """Text of a page: blocks end lines; scripts and styles are left out."""

    BLOCKS = frozenset(
        ["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote", "td", "th", "dt", "dd"]
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in ("script", "style")))
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\f".join(page.extract_text() or "" for page in PdfReader(path).pages)


def _docx(path: Path) -> str:
    from docx import Document

    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


READERS: Mapping[str, Callable[[Path], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
}
