"""Sources of a case as CSL-JSON and BibTeX, for reference managers; and sources from CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import Source
from bestand.errors import AskError, CaseError, Place, Problem
from bestand.exchange.into import needed_case, put_in
from bestand.exchange.json_text import NAME, in_words, misfit
from bestand.exchange.names import clean, slug
from bestand.exchange.notes import Carried, Remark, carried_over, noted

MOST_ENTRIES = 500  # entries of a list of sources that is read
_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}  # fmt: skip
_FORM = {
    "title": NAME, "id?": NAME, "author?": [{"literal?": str, "given?": str, "family?": str}], "custom?": {"sha256?": NAME, "file?": str},
    "issued?": {"date-parts?": [[NAME]], "literal?": NAME},
}  # fmt: skip
_TAKEN = {"id", "type", "title", "author", "publisher", "container-title", "issued", "language", "URL", "custom"}


def _some(case: Case) -> Mapping[str, Source]:
    if not case.file.sources:
        raise AskError(Problem("export/no-claims", "the case has no sources", hint="add one, or draft from a document"))
    return case.file.sources


def _notes(case: Case) -> list[Remark]:
    known = any(source.reliability is not None for source in case.file.sources.values())
    return [noted("sources", n=len(case.file.sources)), noted("claims-apart"), *([noted("reliability")] if known else [])]


def to_csl(case: Case) -> Carried:
    """The sources of a case as CSL-JSON; the digest and file of each stand under `custom`, so that they can be read back.

    Raises
    ------
    AskError
        `export/no-claims`.

    >>> from bestand.case.read import read
    >>> json.loads(to_csl(read("example/en")).text)[0]["issued"]
    {'date-parts': [[2024, 6]]}
    """
    entries = [_entry(key, source) for key, source in _some(case).items()]
    return carried_over("csl", json.dumps(entries, ensure_ascii=False, indent=1) + "\n", _notes(case))


def _entry(key: str, source: Source) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": key, "type": "webpage" if source.url else "document", "title": source.title}
    entry |= {"author": [{"literal": source.author}]} if source.author else {}
    parts = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z", source.date)
    if source.date:
        entry["issued"] = {"date-parts": [[int(part) for part in parts.groups() if part]]} if parts else {"literal": source.date}
    entry |= {name: value for name, value in (("publisher", source.publisher), ("language", source.language), ("URL", source.url)) if value}
    return {**entry, "custom": {"sha256": source.sha256, **({"file": source.file} if source.file else {})}}


def to_bibtex(case: Case) -> Carried:
    """The sources of a case as BibTeX (`@misc`, with `date` for biblatex); what TeX would read as a command is escaped.

    Raises
    ------
    AskError
        `export/no-claims`.
    """
    return carried_over("bibtex", "\n".join(_bibtex(_some(case))) + "\n", [*_notes(case), noted("digest")])


def _bibtex(sources: Mapping[str, Source]) -> Iterator[str]:
    for key, source in sources.items():
        year = re.match(r"\d{4}", source.date)
        fields = {
            "title": f"{{{_tex(source.title)}}}", "author": f"{{{_tex(source.author)}}}" if source.author else "",
            "publisher": _tex(source.publisher),
            "year": year[0] if year else "", "date": _tex(source.date), "langid": _tex(source.language), "url": source.url.translate(_PLAIN_URL),
        }  # fmt: skip
        yield f"@misc{{{key},"
        yield from (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
        yield "}"


_PLAIN_URL = {ord(sign): f"%{ord(sign):02X}" for sign in "{}\\\"^`| \n\r\t"}


def _tex(text: str) -> str:
    """A text as TeX prints it.

    >>> _tex("R&D {50 %}")
    'R\\\\&D \\\\{50 \\\\%\\\\}'
    """
    return "".join(_ESCAPED.get(sign, sign) for sign in clean(text))


def from_csl(found: Any, case: Case | None, *, sources: object = None, name: str = "file") -> Carried:
    """A case with the sources of a CSL-JSON list put into it. Each needs the digest of its document, under `custom: {sha256: …}`.

    Raises
    ------
    CaseError
        `import/malformed`, `import/no-source` where a digest is missing, and all that a case can be wrong in.
    AskError
        `import/needs-case`.
    """
    old = needed_case(case)
    problems: list[Problem] = []
    notes: dict[str, int] = {}
    made: dict[str, dict[str, Any]] = {}
    if not isinstance(found, list) or not 0 < len(found) <= MOST_ENTRIES:
        raise CaseError(Problem("import/malformed", f"no list of 1 to {MOST_ENTRIES} entries", Place(name), "export the sources as CSL-JSON"))
    for k, entry in enumerate(found):
        place = Place(name, at=f"[{k}]")
        wrong = misfit(entry, _FORM)
        if wrong:
            problems.append(Problem("import/malformed", f"this is no entry: {wrong}", place))
            continue
        try:
            key, source = _read(entry, {*old.file.sources, *made}, notes)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            problems.append(Problem("import/malformed", f"this is no entry: {in_words(error)}", place))
            continue
        if any(each.sha256 == source["sha256"] for each in old.file.sources.values()):
            notes["there already"] = notes.get("there already", 0) + 1
        elif not re.fullmatch("[0-9a-f]{64}", source["sha256"]):
            given = clean(source["sha256"])[:80]
            wrong = f"has the sha256 '{given}', which is not 64 hex digits (0-9, a-f)" if given else "has no sha256"
            what = f"'{clean(source['title'])[:80]}' {wrong}: a source is pinned by the digest of its document"
            problems.append(Problem("import/no-source", what, place, 'add "custom": {"sha256": "…"} (sha256sum FILE)'))
        else:
            made[key] = source
    if problems:
        raise CaseError(problems)
    said = [noted("field", name=clean(field), n=n) for field, n in notes.items()]
    return put_in("csl", [], made, old, sources=sources, notes=said)


def _read(entry: Mapping[str, Any], taken: set[str], notes: dict[str, int]) -> tuple[str, dict[str, Any]]:
    custom = entry.get("custom") or {}
    parts = entry.get("issued", {}).get("date-parts", [[]])[0]
    if not all(str(part).isdecimal() for part in parts):
        raise ValueError("'issued.date-parts' is no list of year, month and day")
    date = "-".join(f"{int(part):0{4 if k == 0 else 2}d}" for k, part in enumerate(parts)) or str(entry.get("issued", {}).get("literal", ""))
    names = [each.get("literal") or " ".join(filter(None, (each.get("given"), each.get("family")))) for each in entry.get("author", ())]
    for field in entry.keys() - _TAKEN:
        notes[str(field)] = notes.get(str(field), 0) + 1
    fields = {
        "title": clean(entry["title"]), "author": clean(", ".join(names)), "date": clean(date), "language": clean(entry.get("language", "")),
        "publisher": clean(entry.get("publisher") or entry.get("container-title", "")), "url": clean(entry.get("URL", "")),
        "file": clean(custom.get("file", "")),
    }  # fmt: skip
    key = slug(str(entry.get("id") or entry["title"]), taken, f"source_{len(taken) + 1}")
    return key, {**{name: value for name, value in fields.items() if value}, "sha256": str(custom.get("sha256", ""))}
