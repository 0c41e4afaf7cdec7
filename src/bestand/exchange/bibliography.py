"""Sources of a case as CSL-JSON and BibTeX, for reference managers, and back."""

from __future__ import annotations

import hashlib
import html
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
    "title?": NAME, "id?": NAME, "author?": [{"literal?": str, "given?": str, "family?": str}], "custom?": {"sha256?": NAME, "file?": str},
    "issued?": {"date-parts?": [[NAME]], "literal?": NAME, "raw?": NAME}, "note?": str,
}  # fmt: skip
_IN_NOTE = re.compile(r"^[ \t]*(sha256|file)[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)  # as Zotero writes what it has no field for
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span)(?:\s[^<>]{0,100})?>", re.IGNORECASE)  # what CSL allows in a title
_PARTS_OF_NAMES = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
_OF_PEOPLE = {"literal", *_PARTS_OF_NAMES, "comma-suffix", "static-ordering", "parse-names"}
_TAKEN = {"id", "type", "title", "author", "publisher", "container-title", "issued", "language", "URL", "custom", "note"}


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
    if isinstance(entries, dict) and "items" in entries:
        arriving.unknown.update(str(key) for key in entries.keys() - {"items"})
    entries = entries.get("items", [entries]) if isinstance(entries, dict) else entries
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        raise CaseError(Problem("import/malformed", f"no list of 1 to {MOST_ENTRIES} entries", Place(name), "export the sources as CSL-JSON"))
    for k, given in enumerate(entries):
        place = Place(name, at=f"[{k}]")
        entry = {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given
        wrong = misfit(entry, _FORM)
        if wrong:
            arriving.problems.append(Problem("import/malformed", f"this is no entry: {wrong}", place))
            continue
        if not clean(entry.get("title", "")):
            known = clean(entry.get("id", ""))[:80]
            what = f"'{known}' has no title" if known else f"entry {k + 1} has no title"
            arriving.problems.append(Problem("import/malformed", what, place, "give it one"))
            continue
        try:
            arriving.take(*_read(entry, arriving), place, 'add "custom": {"sha256": "…"} (sha256sum FILE)')
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
            what = f"'{clean(entry.key)[:80]}' has no title" if clean(entry.key) else "this entry has no title"
            arriving.problems.append(Problem("import/malformed", what, Place(name, entry.line), "give it one"))
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
        self.n_there = self.n_digested = self.n_commands = self.n_marked = 0

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
        counts = {"sources-there": self.n_there, "digested": self.n_digested, "commands": self.n_commands, "markup": self.n_marked}
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
    people = ", ".join("et al." if each == "others" else each for each in people_in(raw.get("author", "") or raw.get("editor", "")))
    publishers = [name for name in _PUBLISHERS if raw.get(name)]
    arriving.unknown.update(name for name in raw if name not in _OF_BIBTEX)
    arriving.unknown.update(publishers[1:])
    arriving.unknown.update(["editor"] if raw.get("author") and raw.get("editor") else [])
    arriving.unknown.update(["year"] if not raw.get("date", "").startswith(raw.get("year", "") if raw.get("date") else "") else [])
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
    arriving.unknown.update(["doi"] if doi and raw.get("url") and doi not in raw["url"] else [])
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
    r"""The path in a field `file`: as it stands, or of the first of what JabRef, Mendeley and Zotero list as description:path:kind.

    Of a path from the root of another machine only the name of the file stays: it is looked for in the folder of sources.

    >>> _path_of("notes/a.txt"), _path_of(r"Full Text:files/3/a.pdf:application/pdf;Other:b.txt:x"), _path_of(":a.pdf:PDF")
    ('notes/a.txt', 'files/3/a.pdf', 'a.pdf')
    >>> _path_of(r"T:C\:\\Users\\me\\a.txt:text/plain"), _path_of(r":C$\backslash$:/Users/me/a.txt:txt"), _path_of("/home/me/a.txt")
    ('a.txt', 'a.txt', 'a.txt')
    """
    first = re.split(r"(?<!\\);", file.replace("$\\backslash$", "\\"), maxsplit=1)[0]
    parts = re.split(r"(?<!\\):", first)
    path = clean(re.sub(r"\\([^A-Za-z0-9])", r"\1", ":".join(parts[1:-1]) if len(parts) >= 3 else first))
    rooted = re.match(r"[A-Za-z]:|[/\\~]", path)
    return re.split(r"[/\\]", path)[-1] if rooted else path.replace("\\", "/")


def _read(entry: Mapping[str, Any], arriving: _Arriving) -> tuple[str, dict[str, Any]]:
    """The name and fields of a source, from an entry of CSL; what a source has no place for is counted."""
    note = str(entry.get("note", ""))
    custom = {key.lower(): value for key, value in _IN_NOTE.findall(note)} | dict(entry.get("custom") or {})
    issued, title = entry.get("issued", {}), str(entry["title"])
    plain = html.unescape(_MARKUP.sub("", title))
    arriving.n_marked += bool(_MARKUP.search(title))
    arriving.unknown.update(str(field) for field in entry.keys() - _TAKEN)
    arriving.unknown.update(f"custom.{key}" for key in custom.keys() - {"sha256", "file"})
    arriving.unknown.update(f"author.{key}" for who in entry.get("author", ()) for key in who.keys() - _OF_PEOPLE if who[key])
    arriving.unknown.update(["note"] if _IN_NOTE.sub("", note).strip() else [])
    arriving.unknown.update(f"issued.{key}" for key in issued.keys() - {"date-parts", "literal", "raw"} if issued[key] not in (None, False, ""))
    date = "/".join(filter(None, map(_of_parts, issued.get("date-parts", ())))) or str(issued.get("literal") or issued.get("raw") or "")
    fields = {
        "title": clean(plain), "author": clean(", ".join(map(_called, entry.get("author", ())))), "date": clean(date),
        "language": clean(entry.get("language", "")), "publisher": clean(entry.get("publisher") or entry.get("container-title", "")),
        "url": clean(entry.get("URL", "")), "file": clean(custom.get("file", "")),
    }  # fmt: skip
    return str(entry.get("id") or ""), {**fields, "sha256": str(custom.get("sha256", "")).lower()}


def _of_parts(parts: list[Any]) -> str:
    """A day, month or year of CSL, whose parts are numbers or digits."""
    if not all(str(part).isdecimal() for part in parts):
        raise ValueError("'issued.date-parts' is no list of year, month and day")
    return "-".join(f"{int(part):0{4 if k == 0 else 2}d}" for k, part in enumerate(parts))


def _called(person: Mapping[str, str]) -> str:
    """A person's name as it is read, with the particles that CSL keeps apart."""
    return person.get("literal") or " ".join(part for key in _PARTS_OF_NAMES if (part := person.get(key, "").strip()))
