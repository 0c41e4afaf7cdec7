"""Files that other programs write and nothing here reads: known by what they begin with, refused with what to save instead."""

from __future__ import annotations

import re

from bestand.documents.first_bytes import COMPOUND, PDF, RICH_TEXT
from bestand.errors import CaseError, Place, Problem

LOOKED_AT = 20_000  # bytes at the beginning of a file by which it is known
_TEMPLATE = "save it as .xlsx, without a password"
_CAS = "export the document as UIMA CAS JSON 0.4.0"
_GENIUS_WEB = rb'\{\s*("LinearAdditiveUtilitySpace"|("name"\s*:\s*"[^"]*"\s*,\s*)?"issuesValues")'
SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (re.escape(COMPOUND), "an old workbook (.xls), or one with a password", _TEMPLATE),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument", "an OpenDocument file (.ods)", _TEMPLATE),
    (rb"PK\x03\x04.*word/", "a Word file", "draft from it: bestand draft"),
    (re.escape(PDF), "a PDF", "draft from it: bestand draft"),
    (re.escape(RICH_TEXT), "rich text (RTF)", "save it as a Word file (.docx), then: bestand draft"),
    (rb"SQLite format 3\0", "a database, as DNA keeps (.dna)", "export the statements of DNA as a list of events (CSV)"),
    (rb"<(?:\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<?xmi:XMI\b", "a document of INCEpTION as UIMA CAS XMI", _CAS),
    (rb"#FORMAT=WebAnno", "a document of INCEpTION as WebAnno TSV", _CAS),
    (rb'\{\s*"_(?:context|views|referenced_fss)"', "a document of INCEpTION as UIMA CAS JSON of an older form", _CAS),
    (rb"<(?:\?xml[^>]*>\s*<)?gte\b", "a game of Game Theory Explorer", "export it there as .efg or .nfg"),
    (rb"#?B?AGG\b", "an action-graph game", "save it in Gambit as .nfg"),
    (_GENIUS_WEB, "a domain or profile of GeniusWeb (JSON)", "give the domain and profiles as GENIUS writes them (XML)"),
    (rb"TY  - ", "a list of sources as RIS", "export it as BibTeX or CSL-JSON"),
    (rb"<(?:\?xml[^>]*>\s*<)?xml>\s*<records>", "a list of sources of EndNote (XML)", "export it as BibTeX or CSL-JSON"),
    (rb"<!DOCTYPE html|<html\b", "a web page", "draft from it: bestand draft; or save a table as .xlsx or CSV"),
)  # fmt: skip


def refuse_foreign(name: str, raw: bytes) -> None:
    """Nothing, where a file is none of those that are known and not read.

    Raises
    ------
    CaseError
        `import/unknown-format`, with what to save instead.

    >>> refuse_foreign("game.nfg", b'NFG 1 R "" { "A" } { 2 } 0 1')
    """
    start = raw[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    for sign, what, hint in SIGNS:
        if re.match(sign, start, re.DOTALL | re.IGNORECASE):
            raise CaseError(Problem("import/unknown-format", f"this is {what}, which is not read", Place(name), hint))
