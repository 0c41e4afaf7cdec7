"""Sources of a case as CSL-JSON and BibTeX, for reference managers, and back."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import Source
from bestand.errors import AskError, CaseError, Place, Problem
from bestand.exchange.bibtex import Entry, entries_in, people_in, read_tex
from bestand.exchange.into import needed_case, put_in
from bestand.exchange.json_text import NAME, in_words, misfit
from bestand.exchange.names import clean, slug
from bestand.exchange.notes import Carried, Remark, carried_over, noted
from bestand.files import content

MOST_DOCUMENT = 200_000_000  # bytes of a document of which the digest is worked out
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
    """The sources of a case as BibTeX (`@misc`, with `date` for biblatex, its digest as `sha256`); what TeX would read as a command is escaped.

    Raises
    ------
    AskError
        `export/no-claims`.
    """
    return carried_over("bibtex", "\n".join(_bibtex(_some(case))) + "\n", _notes(case))


def _bibtex(sources: Mapping[str, Source]) -> Iterator[str]:
    for key, source in sources.items():
        year = re.match(r"\d{4}", source.date)
        fields = {
            "title": f"{{{_tex(source.title)}}}", "author": f"{{{_tex(source.author)}}}" if source.author else "",
            "publisher": _tex(source.publisher),
            "year": year[0] if year else "", "date": _tex(source.date), "langid": _tex(source.language), "url": source.url.translate(_PLAIN_URL),
            "file": source.file.translate(_PLAIN_URL), "sha256": source.sha256,
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


def from_csl(entries: Any, case: Case | None, *, sources: object = None, name: str = "file") -> Carried:
    """A case with the sources of a CSL-JSON list put into it.

    Each needs the digest of its document: under `custom: {sha256: …}`, or worked out where `custom: {file: …}` lies in the folder of sources.

    Raises
    ------
    CaseError
        `import/malformed`, `import/no-source` where a digest is missing, and all that a case can be wrong in.
    AskError
        `import/needs-case`.
    """
    arriving = _Arriving(needed_case(case), sources)
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        raise CaseError(Problem("import/malformed", f"no list of 1 to {MOST_ENTRIES} entries", Place(name), "export the sources as CSL-JSON"))
    for k, entry in enumerate(entries):
        place = Place(name, at=f"[{k}]")
        wrong = misfit(entry, _FORM)
        if wrong:
            arriving.problems.append(Problem("import/malformed", f"this is no entry: {wrong}", place))
            continue
        try:
            arriving.take(*_read(entry, arriving.unknown), place, 'add "custom": {"sha256": "…"} (sha256sum FILE)')
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            arriving.problems.append(Problem("import/malformed", f"this is no entry: {in_words(error)}", place))
    return arriving.put("csl")


def from_bibtex(text: str, case: Case | None, *, sources: object = None, name: str = "file") -> Carried:
    """A case with the sources of a BibTeX file put into it. Each needs the digest of its document: in a field `sha256`, or worked out
    where its field `file` (as JabRef and Zotero write it, too) lies in the folder of sources.

    Raises
    ------
    CaseError
        `import/too-large`, `import/malformed`, `import/no-source` where a digest is missing, and all that a case can be wrong in.
    AskError
        `import/needs-case`.
    """
    arriving = _Arriving(needed_case(case), sources)
    entries = entries_in(text, name=name, most=MOST_ENTRIES)
    if not entries:
        raise CaseError(Problem("import/malformed", "no entry stands in it", Place(name), "every entry is @kind{key, name = {value}, …}"))
    for entry in entries:
        made = _of_bibtex(entry, arriving)
        if not made["title"]:
            arriving.problems.append(Problem("import/malformed", f"'{clean(entry.key)[:80]}' has no title", Place(name, entry.line), "give it one"))
            continue
        arriving.take(entry.key, made, Place(name, entry.line), "add a field sha256 = {…} (sha256sum FILE), or --sources with the folder of its file")
    return arriving.put("bibtex")


class _Arriving:
    """Sources on their way into a case: those that are taken, what is wrong with others, and what a case has no place for."""

    def __init__(self, case: Case, sources: object) -> None:
        self.case, self.sources = case, sources
        self.made: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []
        self.unknown: Counter[str] = Counter()
        self.n_there = self.n_digested = self.n_commands = 0

    def take(self, wished: str, fields: Mapping[str, Any], place: Place, hint: str) -> None:
        """One source, if it is new and pinned by a digest."""
        digest = str(fields["sha256"]) or self._digest(str(fields["file"]))
        if digest and digest in {*(each.sha256 for each in self.case.file.sources.values()), *(str(each["sha256"]) for each in self.made.values())}:
            self.n_there += 1
        elif not re.fullmatch("[0-9a-f]{64}", digest):
            given = clean(digest)[:80]
            wrong = f"has the sha256 '{given}', which is not 64 hex digits (0-9, a-f)" if given else "has no sha256"
            what = f"'{fields['title'][:80]}' {wrong}: a source is pinned by the digest of its document"
            self.problems.append(Problem("import/no-source", what, place, hint))
        else:
            taken = {*self.case.file.sources, *self.made}
            key = slug(wished or str(fields["title"]), taken, f"source_{len(taken) + 1}")
            self.made[key] = {**{name: value for name, value in fields.items() if value}, "sha256": digest}
            self.n_digested += not fields["sha256"]

    def _digest(self, file: str) -> str:
        """The digest of a document that lies in the folder of sources, or beside the case; empty where none does."""
        beside = self.case.path.parent if self.case.path is not None else None
        for folder in (self.sources, beside):
            if file and isinstance(folder, str | Path):
                path = (Path(folder) / file).resolve()
                if path.is_relative_to(Path(folder).resolve()) and path.is_file():
                    return hashlib.sha256(content(path, most=MOST_DOCUMENT)).hexdigest()
        return ""

    def put(self, form: str) -> Carried:
        """The case with the sources in it, and what became of the rest."""
        if self.problems:
            raise CaseError(self.problems)
        counts = {"sources-there": self.n_there, "digested": self.n_digested, "commands": self.n_commands}
        notes = [noted(code, n=n) for code, n in counts.items() if n]
        notes += [noted("field", name=clean(field), n=n) for field, n in sorted(self.unknown.items())]
        return put_in(form, [], self.made, self.case, sources=self.sources, notes=notes)


_PUBLISHERS = ("publisher", "organization", "institution", "school", "journal", "journaltitle", "booktitle")
_OF_BIBTEX = {
    "title", "subtitle", "author", "editor", "date", "year", "month", "day", "langid", "language", "url", "doi", "sha256", "file", *_PUBLISHERS
}  # fmt: skip


def _of_bibtex(entry: Entry, arriving: _Arriving) -> dict[str, Any]:
    """The fields of a source, from those of an entry; what a source has no place for is counted."""
    raw = entry.fields
    people = ", ".join(people_in(raw.get("author", "") or raw.get("editor", "")))
    publishers = [name for name in _PUBLISHERS if raw.get(name)]
    arriving.unknown.update(name for name in raw if name not in _OF_BIBTEX)
    arriving.unknown.update(publishers[1:])
    arriving.unknown.update(["editor"] if raw.get("author") and raw.get("editor") else [])
    texts = {
        "title": ": ".join(filter(None, (raw.get("title", ""), raw.get("subtitle", "")))), "author": people,
        "publisher": raw[publishers[0]] if publishers else "", "date": raw.get("date", "") or _dated(raw),
        "language": raw.get("langid", "") or raw.get("language", ""),
    }  # fmt: skip
    fields: dict[str, Any] = {}
    for key, tex in texts.items():
        told, n_unknown = read_tex(tex)
        fields[key], arriving.n_commands = clean(told), arriving.n_commands + n_unknown
    doi = raw.get("doi", "").strip()
    return {
        **fields, "url": clean(raw.get("url", "") or (f"https://doi.org/{doi}" if doi else "")).replace("\\", ""),
        "file": _path_of(raw.get("file", "")), "sha256": raw.get("sha256", "").strip().lower(),
    }  # fmt: skip


def _dated(raw: Mapping[str, str]) -> str:
    """Year, month and day as they stand; months by name or number."""
    parts = [raw.get(key, "").strip(" {}") for key in ("year", "month", "day")]
    whole = [f"{int(part):02d}" for part in itertools.takewhile(lambda part: part.isdecimal() and len(part) <= 4, parts)]
    return "-".join(whole) or parts[0]


def _path_of(file: str) -> str:
    """The path in a field `file`: as it stands, or of the first of what JabRef and Zotero list as description:path:kind.

    >>> _path_of("notes/a.txt"), _path_of(r"Full Text:files/3/a.pdf:application/pdf;Other:b.txt:x"), _path_of(":a.pdf:PDF")
    ('notes/a.txt', 'files/3/a.pdf', 'a.pdf')
    """
    first = file.split(";", maxsplit=1)[0].replace("\\", "")
    parts = first.split(":")
    return clean(parts[1] if len(parts) >= 3 else first)


def _read(entry: Mapping[str, Any], unknown: Counter[str]) -> tuple[str, dict[str, Any]]:
    custom = entry.get("custom") or {}
    parts = entry.get("issued", {}).get("date-parts", [[]])[0]
    if not all(str(part).isdecimal() for part in parts):
        raise ValueError("'issued.date-parts' is no list of year, month and day")
    date = "-".join(f"{int(part):0{4 if k == 0 else 2}d}" for k, part in enumerate(parts)) or str(entry.get("issued", {}).get("literal", ""))
    names = [each.get("literal") or " ".join(filter(None, (each.get("given"), each.get("family")))) for each in entry.get("author", ())]
    unknown.update(str(field) for field in entry.keys() - _TAKEN)
    fields = {
        "title": clean(entry["title"]), "author": clean(", ".join(names)), "date": clean(date), "language": clean(entry.get("language", "")),
        "publisher": clean(entry.get("publisher") or entry.get("container-title", "")), "url": clean(entry.get("URL", "")),
        "file": clean(custom.get("file", "")),
    }  # fmt: skip
    return str(entry.get("id") or ""), {**fields, "sha256": str(custom.get("sha256", ""))}
