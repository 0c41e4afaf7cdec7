"""Beginning from the empty page: the invented example, a new case, one from another program, or a document that is dropped."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from bestand.case.loaded import Case
from bestand.case.parts import UNNAMED
from bestand.case.read import NAME_OF_FILE, catalogue_folder, read_text
from bestand.case.write import write_text
from bestand.case.yaml import Value
from bestand.drafting.draft import said_of_itself
from bestand.errors import AskError, CaseError, DraftError, Problem
from bestand.evidence.source import READERS, Document, opened, text_of
from bestand.files import has_bytes, name_in_words, put
from bestand.show import printable
from bestand.web.asks import Start
from bestand.web.desk import Desk, DeskVersion
from bestand.web.edits import Remove, Set, spliced
from bestand.web.splice import whole_contents, written

MOST_NAMES = 99  # cases of a folder that are named alike
MOST_LETTERS = 200  # letters of a title in a list of cases
MOST_LOOKED = 200  # files of a folder that are looked at for cases
EXAMPLES = {"en": "example/en", "nl": "example/nl"}


def copied(name: str, folder: Path) -> Path:
    """A case of the catalogue, copied into a folder of its own to be worked on; one that is there already is left as it is."""
    source, target = catalogue_folder(), folder / name.replace("/", "-")
    if source is None or not (source / name / NAME_OF_FILE).is_file():
        raise CaseError(Problem("case/no-file", f"no case named '{name}' in the catalogue", hint="`bestand list` names them"))
    if not (target / NAME_OF_FILE).exists():
        for each in sorted((source / name).glob("*")):
            if each.is_file() and each.name not in ("transcript.txt", "expected.yaml"):
                write_text(each.read_text(encoding="utf-8"), target / each.name)
    return target / NAME_OF_FILE


def started(folder: Path, ask: Start) -> Desk:
    """A case begun in the folder.

    Raises
    ------
    AskError
        `web/no-title`.
    """
    if ask.how == "example":
        return Desk(copied(EXAMPLES[ask.language], folder))
    if not ask.title.strip():
        raise AskError(Problem("web/no-title", "a case has a title", hint="say in a few words what it is about"))
    named = [name for each in ask.parties if (name := each.strip())]
    return Desk(written_in(folder, ask.title, begun_with(ask.title.strip(), named, language=ask.language)))


def begun_with(title: str, parties: Sequence[str], *, language: str, as_of: str = "") -> str:
    """The text of a case between some parties, of which nothing else is known yet; with one to be named where none is.

    as_of : its day; today, if not given

    >>> print(begun_with("Herring", ["Nor"], language="en").splitlines()[-1])
      nor: {name: Nor}
    """
    names: list[str] = []
    for party in parties:
        names.append(_key(party, dict.fromkeys(names)))
    if not parties:
        names, parties = ["a"], [UNNAMED]
    day = as_of or date.today().isoformat()
    head = f"bestand: 1\ntitle: {written(title)}\nas_of: {day}\nlanguage: {language}\nsizes: drawn\n\nparties:\n"
    return head + "".join(f"  {name}: {{name: {written(party)}}}\n" for name, party in zip(names, parties, strict=True))


def without_placeholder(case: Case) -> str:
    """The text of a case without the party that kept a place in it, once there are others and nothing speaks of it."""
    text = case.text
    for party in [name for name, told in case.file.parties.items() if told.name == UNNAMED and len(case.file.parties) > 1]:
        fewer, _ = spliced(text, whole_contents(text), [Remove(op="remove", at=["parties", party])])
        with suppress(CaseError):  # something speaks of it
            read_text(fewer)
            text = fewer
    return text


def cases_in(folder: Path) -> dict[str, tuple[Path, str]]:
    """Case files in a folder and in the folders right under it, none behind a link, with their titles, by name."""
    paths = [*islice(folder.glob("*.yaml"), MOST_LOOKED), *islice(folder.glob(f"*/{NAME_OF_FILE}"), MOST_LOOKED)]
    inside = [path for path in sorted(paths) if path.is_file() and not path.is_symlink() and not path.parent.is_symlink()]
    named = {name_in_words(path.relative_to(folder)): (path, _beginning(path)) for path in inside}
    return {name: (path, _title(words) or name) for name, (path, words) in named.items() if re.search(r"^bestand:", words, re.M)}


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(20_000).decode("utf-8", "replace")
    except OSError:
        return ""


def _title(words: str) -> str:
    stated = re.search(r"^title: *(.+)$", words, re.M)
    title = printable(stated[1].split(" #")[0].strip(" \"'\r")) if stated else ""
    return title if len(title) <= MOST_LETTERS else f"{title[:MOST_LETTERS].rstrip()} …"


def listed_case(folder: Path, name: str, sources: Path | None) -> Desk:
    """Another case of the folder, as `cases_in` lists it.

    Raises
    ------
    AskError
        `web/no-case`.
    """
    path, _ = cases_in(folder).get(name, (None, ""))
    if path is None:
        raise AskError(Problem("web/no-case", "there is no such case in this folder", hint="it may have gone: look again"))
    return Desk(path, sources)


def written_in(folder: Path, title: str, text: str) -> Path:
    """The file of a new case, in a folder of its own that is named for its title."""
    path = _free(folder, _slug(title)) / NAME_OF_FILE
    write_text(text, path)
    return path


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50] or "case"


def _free(folder: Path, name: str) -> Path:
    """A folder that is not there yet."""
    for k in range(1, MOST_NAMES + 1):
        path = folder / (name if k == 1 else f"{name}-{k}")
        if not path.exists():
            return path
    raise AskError(Problem("web/no-title", f"there are {MOST_NAMES} cases named so", hint="give another title"))


def dropped(folder: Path, desk: Desk | None, name: str, content: bytes, *, language: str = "en") -> tuple[Desk, DeskVersion]:
    """The desk with a document kept beside the case and named in it as a source, in its own language; a new case where none is open.

    language : of a new case

    Raises
    ------
    AskError
        `web/bad-document`; EvidenceError where it cannot be read.
    """
    safe = re.sub(r"[^\w. -]+", "-", Path(name.replace("\\", "/")).name).strip(". ")[:100]
    if Path(safe).suffix.lower() not in READERS or not content:
        what = f"'{safe[:60]}' is not a document that can be read"
        raise AskError(Problem("web/bad-document", what, hint="readable are " + ", ".join(READERS)))
    if desk is None:
        return _begun_from(folder, safe, content, language)
    kept, document = _kept(desk.path.parent, safe, content)
    sheet, case = desk.sheet, desk.sheet.readable()
    digest = hashlib.sha256(content).hexdigest()
    if any(source.sha256 == digest for source in case.file.sources.values()):
        return desk, sheet
    key = _key(Path(safe).stem, case.file.sources)
    told = {"title": Path(safe).stem, "sha256": digest, "file": kept.name, "language": case.file.language, **_head(document)}
    source: Value = {key: told[key] for key in ("title", "date", "sha256", "file", "language") if key in told}
    return desk, desk.edit([Set(op="set", at=["sources", key], value=source)], version=sheet.version, what=f"sources.{key}")


def _begun_from(folder: Path, name: str, content: bytes, language: str) -> tuple[Desk, DeskVersion]:
    """A new case with a document in it, called and dated as the document is."""
    with tempfile.TemporaryDirectory() as apart:
        _, document = _kept(Path(apart), name, content)
        head = _head(document)
    title = head.get("title", Path(name).stem)
    text = begun_with(title, (), language=language, as_of=head.get("date", ""))
    return dropped(folder, Desk(written_in(folder, title, text)), name, content, language=language)


def _head(document: Document) -> dict[str, str]:
    """What a document says of itself: its title, day and language, as far as drafting reads them."""
    try:
        return dict(said_of_itself(document))
    except DraftError:
        return {}


def _kept(folder: Path, name: str, content: bytes) -> tuple[Path, Document]:
    """The document beside the case, under a name that is free; checked to be readable."""
    path = folder / name
    k = 1
    while os.path.lexists(path) and not has_bytes(path, content):
        k += 1
        path = folder / f"{Path(name).stem}-{k}{Path(name).suffix}"
    fresh = not path.exists()
    if fresh:
        put(content, path)
    try:
        document = opened(path)
        text_of(document)
        return path, document
    except Exception:
        if fresh:
            path.unlink()
        raise


def _key(stem: str, taken: object) -> str:
    base = re.sub(r"[^a-z0-9_]+", "_", stem.lower()).strip("_")[:40]
    base = base if base and not base[0].isdigit() else f"s_{base}".rstrip("_")
    known = set(taken) if isinstance(taken, dict) else set()
    return next(name for name in (base, *(f"{base}_{k}" for k in range(2, 1000))) if name not in known)
