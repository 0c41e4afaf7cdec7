"""Statements of the Discourse Network Analyzer (its list of events in CSV), out and in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import Claim, Source
from bestand.errors import short
from bestand.evidence.sheet import TRUTH, cell_number
from bestand.exchange.claims import some_claims
from bestand.exchange.guard import unformulaic
from bestand.exchange.into import needed_case, put_in
from bestand.exchange.known import Arrived
from bestand.exchange.names import clean
from bestand.exchange.notes import Carried, Remark, carried_over, noted
from bestand.exchange.sheets import Rows, SheetRow, stop

HEADING = ("statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text")
VARIABLES = ("person", "organization", "concept", "agreement")
NO_DAY = "1900-01-01"  # of sources without a date: a statement of DNA always has one


def to_dna(case: Case) -> Carried:
    """The claims of a case as a list of statements of DNA 3: who says what, and whether it is agreed to or denied.

    person is the speaker, organization the party whose member or name it is, concept the gloss; agreement is 0 where the
    speaker denies it.

    Raises
    ------
    AskError
        `export/no-claims`.

    >>> from bestand.case.read import read
    >>> to_dna(read("example/en")).text.splitlines()[0][:29]
    '"statement ID";"time";"docume'
    """
    some_claims(case)
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow([*HEADING, *VARIABLES])
    numbers = {key: k for k, key in enumerate(case.file.sources, start=1)}
    undated = 0
    for k, claim in enumerate(case.file.claims.values(), start=1):
        source = case.file.sources[claim.source]
        day = _day(source.date)
        undated += not day
        about = (source.title, source.author, source.publisher, "", source.language, claim.quote)
        row = [k, f"{day or NO_DAY} 00:00:00", numbers[claim.source], *about, *_variables(case, claim, source)]
        rows.writerow([cell if isinstance(cell, int) else unformulaic(_plain(cell)) for cell in row])
    notes = [noted("claims", n=len(case.file.claims)), noted("lines-apart"), noted("degrees"), noted("signs-of-dna")]
    notes += [noted("undated", n=undated, day=NO_DAY)] if undated else []
    return carried_over("dna", out.getvalue(), notes)


def _plain(cell: str) -> str:
    """A text in one line without the two signs that part cells."""
    return clean(cell).replace(";", ",").replace('"', "'")


def _day(text: str) -> str:
    """A day in full, of dates such as 2024-06; empty where there is none."""
    day = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z", text.strip())
    return f"{day[1]}-{day[2] or '01'}-{day[3] or '01'}" if day else ""


def _variables(case: Case, claim: Claim, source: Source) -> tuple[str | int, ...]:
    person = source.author if claim.says == "author" else claim.says
    holds = claim.author_holds if claim.says == "author" else claim.source_holds or claim.author_holds
    return person, _party(case, person), str(claim.gloss), int(holds != "denied")


def _party(case: Case, person: str) -> str:
    """The party that a speaker is, or speaks for."""
    for key, party in case.file.parties.items():
        if person and (person in (key, party.name, *party.also) or any(person in member or member in person for member in party.members if member)):
            return str(party.name)
    return ""


def from_dna(table: Rows, case: Case | None, *, sources: object = None) -> Carried:
    """A case with the statements of a list of DNA put into it as claims; every quote is checked.

    `text` becomes the quote, person (or organization) who says it, concept the gloss; a 0 under agreement means that the
    speaker denies it, or, where the list has numbers below 0, that it is neither held nor denied. The document is the source of
    the case with that title.

    Raises
    ------
    CaseError
        `import/no-column`, `import/no-source`, and all that a case can be wrong in. AskError: `import/needs-case`.
    """
    old = needed_case(case)
    table.respelt((*HEADING, *VARIABLES))
    table.need("statement ID", "document title", "text")
    if not {"person", "organization"} & set(table.columns):
        what = "no column 'person' or 'organization': nobody is named who says it"
        table.wrong(None, "", what, "call the variable that names the speaker person, or organization", "import/no-column")
    _silent_agreement(table)
    stop([table])
    by_title = {_plain(source.title): key for key, source in old.file.sources.items()}
    scaled = any(row["agreement"].startswith("-") for row in table.rows)
    claims, n_bare, by_words = list[Arrived](), 0, _told(old)
    unkept: dict[str, None] = {}
    for row in table.rows:
        if not row["text"]:
            n_bare += 1
            continue
        if row["document title"] not in by_title:
            what = f"no source of the case is called '{row['document title'][:80]}'"
            table.wrong(row, "document title", what, "add it to the case", "import/no-source")
            continue
        unkept |= dict.fromkeys(_otherwise(row, old, by_title[row["document title"]]))
        place = table.place(row, "text")
        cells = {"quote": place, "says": table.place(row, "person")}
        held = _held(row, scaled)
        key = by_title[row["document title"]], row["text"], _cell(row, "person"), row["concept"], "0" if held == "denied" else "1"
        known = by_words.get(key, [])
        here = known.pop(0) if known else ""
        claims.append(Arrived(_name(row), _claim(row, key[0], held), place, cells, wished=True, known=here))
    stop([table])
    notes: list[Remark] = [noted("no-text", n=n_bare)] if n_bare else []
    read = {*HEADING, *VARIABLES}
    notes += [noted("column", name=column) for column in table.columns if column in unkept or (column and column not in read)]
    return put_in("dna", claims, {}, old, sources=sources, notes=notes)


def _otherwise(row: SheetRow, case: Case, key: str) -> Iterator[str]:
    """Columns that say of a document, or of who speaks, what the case does not: it is not kept."""
    source, person = case.file.sources[key], _cell(row, "person")
    day = _day(source.date) or NO_DAY
    known = {"time": day, "author": source.author, "source": source.publisher, "section": "", "type": source.language}
    known |= {"organization": _party(case, person)} if person else {}
    for column, told in known.items():
        given = _cell(row, column)
        if given and given != _plain(told) and not (column == "time" and given.startswith(day)):
            yield column


def _told(case: Case) -> dict[tuple[str, ...], list[str]]:
    """Source, text, person, concept and agreement, as they would be written of each claim: the claims that are told so."""
    told: dict[tuple[str, ...], list[str]] = {}
    for name, claim in case.file.claims.items():
        person, _, concept, agreement = _variables(case, claim, case.file.sources[claim.source])
        key = claim.source, *(_plain(str(cell)) for cell in (claim.quote, person, concept, agreement))
        told.setdefault(key, []).append(name)
    return told


def _silent_agreement(table: Rows) -> None:
    """Keeps as mistakes what stands under agreement and is neither yes nor no, nor a number: it would be read as agreement."""
    for row in table.rows:
        given = _cell(row, "agreement")
        if given and given.lower() not in TRUTH and cell_number(given) is None:
            what = f"'{short(given, most=40)}' is neither yes nor no, nor a number"
            table.wrong(row, "agreement", what, "1 where the speaker agrees, 0 where not; or a number below 0 where not, and 0 where neither")


def _cell(row: SheetRow, column: str) -> str:
    """The text of a cell; empty where R has written that there is none."""
    return "" if row[column] == "NA" else row[column]


def _held(row: SheetRow, scaled: bool) -> str:
    """How the speaker holds it.

    scaled : agreement goes from below 0 to above 0 in this list, so that 0 is neither
    """
    given = _cell(row, "agreement").lower()
    agreed = TRUTH.get(given)
    number = cell_number(given) if agreed is None else float(agreed)
    if number is None or number > 0:
        return "certain"
    return "uncommitted" if scaled and number == 0 else "denied"


def _name(row: SheetRow) -> str:
    return f"dna_{row['statement ID']}" if re.fullmatch("[0-9]{1,40}", row["statement ID"]) else ""


def _claim(row: SheetRow, source: str, held: str) -> dict[str, Any]:
    speaker = _cell(row, "person") or _cell(row, "organization")
    fields: dict[str, Any] = {"source": source, "quote": row["text"], "gloss": _cell(row, "concept") or row["text"]}
    if speaker:
        fields |= {"says": speaker, "author_holds": "uncommitted", "source_holds": held}
    elif held != "certain":
        fields["author_holds"] = held
    return fields
