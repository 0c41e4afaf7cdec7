"""One door in: the file of another program as a case, its format told by what stands in it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bestand.arguments import checked
from bestand.case.loaded import Case
from bestand.case.read import read_text
from bestand.checks.sense import none_left, sense_of
from bestand.errors import AskError, CaseError, Place, Problem, did_you_mean, shortened
from bestand.evidence.sheet import head_of
from bestand.exchange.annotations import from_annotation_page
from bestand.exchange.bibliography import from_bibtex, from_csl
from bestand.exchange.claims import from_claims
from bestand.exchange.dna import from_dna
from bestand.exchange.foreign import LOOKED_AT, refuse_foreign
from bestand.exchange.gambit import from_gambit
from bestand.exchange.genius import from_genius
from bestand.exchange.gmcr import from_gmcr
from bestand.exchange.json_text import json_in
from bestand.exchange.notes import Carried
from bestand.exchange.payoff_table import PAYOFF, from_payoffs
from bestand.exchange.sheets import Rows, csv_rows
from bestand.exchange.template import from_template
from bestand.exchange.uima import from_uima
from bestand.exchange.workbook import sheets
from bestand.files import MOST_IMPORTED, content

MOST_FILES = 40  # files of one import
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class ImportWishes:
    """What an import is asked with.

    seen_by : the party as which a conflict is seen that parties misperceive
    into    : the case that claims or sources go into
    sources : folder with the source documents
    """

    seen_by: str | None = None
    into: Case | None = None
    sources: str | Path | None = None


@checked
def import_(
    file: str | Path | Sequence[str | Path], *,
    kind: str | None = None, seen_by: str | None = None, into: Case | None = None, sources: str | Path | None = None,
) -> Carried:  # fmt: skip
    """A case made of the file of another program, and what was kept, changed and lost on the way.

    file    : its path; or several, where they make one case (a domain and its profiles)
    kind    : the format, one of `READERS` (told by what stands in the file, if not given)
    seen_by : the party as which a conflict is seen that parties misperceive (gmcr)
    into    : the case that claims or sources are put into
    sources : folder with the source documents, in which quotes are looked up

    Nothing is written; `put(found.content, path)` or `bestand import FILE -o CASE.yaml` does.

    Raises
    ------
    CaseError
        `import/…`: what is wrong in the file, all at once. FileError, where it cannot be read. AskError: `import/one-file`,
        `import/needs-case`, `import/own-case`, `import/unknown-format`, `import/no-use`.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = pathlib.Path(folder.name, "game.nfg")
    >>> _ = file.write_text('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 0 0 1 3 3 1 2 2')
    >>> import_(file).told("kept")
    ('parties: 2', 'levers: 2')
    >>> folder.cleanup()
    """
    paths = [file] if isinstance(file, str | Path) else list(file)
    twice = next((path for k, path in enumerate(paths) if Path(path).resolve() in [Path(each).resolve() for each in paths[:k]]), None)
    if twice is not None:
        raise AskError(Problem("import/one-file", f"{twice} is given twice", hint="give each file once: every profile is a party of its own"))
    if not 1 <= len(paths) <= MOST_FILES:
        raise AskError(Problem("import/one-file", f"{len(paths)} files", hint=f"give from 1 to {MOST_FILES}"))
    return read_files({str(path): content(path, most=MOST_IMPORTED) for path in paths}, kind=kind, asked=ImportWishes(seen_by, into, sources))


def read_files(files: Files, *, kind: str | None = None, asked: ImportWishes | None = None) -> Carried:
    """A case made of the contents of files, by name; see `import_`.

    >>> read_files({"game.nfg": b'NFG 1 R "" { "A" } { 2 } 0 1'}).format
    'gambit .nfg'
    """
    chosen = kind_of(*next(iter(files.items()))) if kind is None else kind
    if chosen not in READERS:
        raise AskError(Problem("import/unknown-format", f"no format '{chosen}'", hint=did_you_mean(chosen, READERS)))
    if len(files) > 1 and chosen != "genius":
        what = f"{len(files)} files, and a case is made of one in format {chosen}"
        raise AskError(Problem("import/one-file", what, hint="give one file; several make one case only with genius: a domain and its profiles"))
    wishes = asked or ImportWishes()
    if wishes.seen_by is not None and chosen != "gmcr":
        what = f"a file in format {chosen} shows a conflict in one way, and it is asked for as '{wishes.seen_by}' sees it"
        raise AskError(Problem("import/no-use", what, hint="leave out --seen-by (seen_by=…)"))
    made = _read_back(READERS[chosen](files, wishes), wishes, ", ".join(files))
    name, first = next(iter(files.items()))
    if wishes.into is not None and (chosen in WHOLE or (chosen == "xlsx" and not _of_claims(sheets(first, name=name)))):
        what = f"{', '.join(files)} makes a case of its own, and cannot be put into another one"
        raise AskError(Problem("import/own-case", what, hint="leave out --into (into=…): claims and sources go into a case"))
    return made


def _read_back(made: Carried, asked: ImportWishes, name: str) -> Carried:
    """What was made, which is a case that can be opened: it is read as it would be from its file.

    Raises
    ------
    CaseError
        What is wrong in it, in words, at the file that it was made of.
    """
    try:
        case = read_text(made.text, path=asked.into.path if asked.into is not None else None, sources=asked.sources)
    except CaseError as error:
        problems = (replace(each, what=f"no case comes of this file: {each.what}", place=Place(name, at=each.place.at)) for each in error.problems)
        raise CaseError(list(problems)) from error
    if asked.into is None and (levers := none_left(sense_of(case))):
        what = f"no case comes of this file: it bans every combination of the settings of {shortened(levers)}"
        raise CaseError(Problem("import/malformed", what, Place(name), "a state that can be has to be left"))
    return made


def text_in(files: Files) -> tuple[str, str]:
    """Name and text of the one file.

    Raises
    ------
    CaseError
        `import/not-text`.
    """
    (name, raw), = files.items()
    return name, _decoded(raw, name)


_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # longest first: UTF-32 begins like UTF-16
_DECLARED = re.compile(rb"\A\s*%\s*Encoding:\s*(ISO-?8859[-_]?15?|windows-?1252|cp1252|latin-?1)\s", re.IGNORECASE)  # as JabRef writes it


def _decoded(raw: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with their marks, or as JabRef declares it."""
    mark = next((each for each in _MARKS if raw.startswith(each)), b"")
    declared = _DECLARED.match(raw[:200])
    try:
        text = raw.decode("utf-32" if len(mark) == 4 else "utf-16" if mark else declared[1].decode("ascii") if declared else "utf-8-sig")
        if "\0" in text[:LOOKED_AT]:  # UTF-16 without its mark, or no text at all
            raise ValueError("\0")
    except ValueError as error:
        raise CaseError(Problem("import/not-text", f"{name} is not UTF-8 text", Place(name), "save it as UTF-8")) from error
    return text.removeprefix("\ufeff")


def kind_of(name: str, raw: bytes) -> str:
    """The format of a file, told by what stands in it.

    Raises
    ------
    CaseError
        `import/unknown-format`, `import/not-text`, `import/not-json`.

    >>> kind_of("a.csv", b"North,South,payoff North,payoff South")
    'payoffs'
    """
    refuse_foreign(name, raw)
    if raw.startswith(b"PK\x03\x04"):
        return "xlsx"
    if raw.startswith(b"PAR1"):
        raise _only_out(name, "a table (Parquet)")
    text = _decoded(raw, name) if not raw.lstrip().startswith(b"<") else raw[:LOOKED_AT].decode("utf-8", "replace")
    start = text[:LOOKED_AT].lstrip()
    written = next((words for sign, words in _OUT_ONLY.items() if re.search(sign, start[:2_000])), None)
    if written is not None:
        raise _only_out(name, written)
    if start.startswith("<") and re.search(r"<(utility_space|negotiation_template|issue)\b", start):
        return "genius"
    if start.startswith(("NFG ", "EFG ")):
        return "gambit"
    if start.startswith(("{", "[")):
        return _kind_of_json(json_in(text, name), name)
    if start.startswith("<"):
        raise _unknown(name)
    return "bibtex" if _ENTRY.search(text, 0, 20_000) else _kind_of_table(text, name)


def _kind_of_table(text: str, name: str) -> str:
    """The format of a table, told by the names of its columns."""
    heading = csv_rows(head_of(text) + "\n", name=name).columns if text.strip() else ()
    plain = {column.casefold() for column in heading}
    for column, kind in _HEADINGS.items():
        if column.casefold() in plain:
            return kind
    if any(f"{PAYOFF}{column}".casefold() in plain for column in heading):
        return "payoffs"
    if {"source", "target"} <= plain:
        raise _only_out(name, "a list of edges")
    raise _unknown(name)


_OUT_ONLY = {r"<graphml[\s>]": "a network (GraphML)", r"<gexf[\s>]": "a network (GEXF)"}


def _only_out(name: str, written: str) -> CaseError:
    what = f"{written}, which `export` writes and nothing reads back: it does not say what parties control and want"
    return CaseError(Problem("import/unknown-format", what, Place(name), f"give the case itself, or a file in one of: {', '.join(READERS)}"))


def _unknown(name: str) -> CaseError:
    hint = f"a text begins a case by `bestand draft` (Begin from a document); else say of which kind it is (--kind, kind=…): {', '.join(READERS)}"
    return CaseError(Problem("import/unknown-format", "the format of this file is not known", Place(name), hint))


def _kind_of_json(value: Any, name: str) -> str:
    first = value[0] if isinstance(value, list) and value else value
    listed = first.get("items") if isinstance(first, dict) else None
    inside = listed[0] if isinstance(listed, list) and listed else None
    if isinstance(value, dict):
        for key, kind in _KEYS.items():
            if key in value and not (key == "items" and isinstance(inside, dict) and "target" not in inside):
                return kind
    for each in (first, inside):
        if isinstance(each, dict) and ("target" in each or each.get("type") in ("AnnotationPage", "AnnotationCollection")):
            return "annotations"
        if isinstance(each, dict) and ("title" in each or {"id", "type"} <= each.keys()):
            return "csl"
    raise _unknown(name)


_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]{1,40}[ \t]*[{(]", re.MULTILINE)
_KEYS = {"decisionMakers": "gmcr", "dms": "gmcr", "format": "gmcr", "%FEATURE_STRUCTURES": "inception", "items": "annotations", "rows": "annotations"}
_HEADINGS = {"statement ID": "dna", "gloss": "claims", "quote": "claims"}


def _gmcr(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_gmcr(text, name=name, seen_by=asked.seen_by)


def _gambit(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_gambit(text, name=name)


def _payoffs(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_payoffs(text, name=name)


def _xlsx(files: Files, asked: ImportWishes) -> Carried:
    ((name, raw),) = files.items()
    read = sheets(raw, name=name)
    claims = _of_claims(read)
    return from_template(read, name=name) if claims is None else from_claims(claims, asked.into, sources=asked.sources)


def _of_claims(workbook: Mapping[str, Rows]) -> Rows | None:
    """The sheet of a workbook that is a table of claims; None where none is."""
    return next((sheet for sheet in workbook.values() if {"quote", "gloss"} & {column.casefold() for column in sheet.columns}), None)


def _claims(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_claims(csv_rows(text, name=name), asked.into, sources=asked.sources)


def _dna(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_dna(csv_rows(text, name=name), asked.into, sources=asked.sources)


def _inception(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_uima(json_in(text, name), asked.into, sources=asked.sources, name=name)


def _annotations(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_annotation_page(json_in(text, name), asked.into, sources=asked.sources, name=name)


def _csl(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_csl(json_in(text, name), asked.into, sources=asked.sources, name=name)


def _bibtex(files: Files, asked: ImportWishes) -> Carried:
    name, text = text_in(files)
    return from_bibtex(text, asked.into, sources=asked.sources, name=name)


WHOLE = ("gmcr", "gambit", "payoffs", "genius")  # formats of which each file is a case of its own
READERS: Mapping[str, Callable[[Files, ImportWishes], Carried]] = {
    "gambit": _gambit, "genius": lambda files, asked: from_genius(files), "gmcr": _gmcr, "payoffs": _payoffs, "xlsx": _xlsx,
    "claims": _claims, "annotations": _annotations, "inception": _inception, "dna": _dna, "csl": _csl, "bibtex": _bibtex,
}  # fmt: skip
