"""A workbook in which parties, levers and wants are written, and the case that it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bestand.case.lines import every_want, want_at, want_place
from bestand.case.loaded import Case
from bestand.case.model import MOST_LEVERS, MOST_PARTIES, MOST_RULES, MOST_TERMS, MOST_WANTS, Lever, Want
from bestand.case.options import dumped
from bestand.case.read import read_text
from bestand.case.yaml import steps
from bestand.errors import MOST_SHOWN, CaseError, Place, Problem, did_you_mean, short
from bestand.evidence.sheet import TRUTH, cell_number, number_hint
from bestand.exchange.notes import Carried, Remark, carried_over, noted
from bestand.exchange.sheets import Rows, SheetRow, stop
from bestand.exchange.workbook import sheets, workbook
from bestand.show import Cell, Table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Case": ("key", "value"),
    "Parties": ("party", "name", "chance"),
    "Types": ("party", "type", "share", "is"),
    "Levers": ("lever", "is", "settings", "now", "one_way", "needs", "assumed"),
    "Terms": ("term", "that", "is"),
    "Bans": ("that", "is", "assumed"),
    "Wants": ("party", "type", "that", "is", "worth", "lowest", "highest", "red_line", "assumed"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {"Parties": ("party", "name"), "Levers": ("lever", "is"), "Wants": ("party", "that")}
KEYS = ("title", "as_of", "language", "present", "sizes")
NUMBERS = ("share", "worth", "lowest", "highest")
TYPED = tuple(dict.fromkeys(column for columns in COLUMNS.values() for column in columns if column not in NUMBERS))
README = "Read me"
_WORDS = (
    ("Parties", "one row for each: a short name without blanks, and what it is called; chance: yes, where events move its levers"),
    ("Types", "possible versions of a party's wants, with shares that sum to one; may stay empty"),
    ("Levers", "party.name: what one party controls. settings: in order, between semicolons (no; yes if empty). now: the present one"),
    ("Levers", "one_way: up or down, where it only goes so. needs: what must hold before a setting is entered, such as yes: truce; full: a.pays"),
    ("Terms", "named conditions, such as a.stops and b.stops"),
    ("Bans", "conditions that no state can fulfil"),
    ("Wants", "a condition that a party likes to hold, most important first; red_line: yes, where it is a limit; worth: per month"),
    ("assumed", "why the line is as it is; lines that rest on claims get them in the case file"),
)


def to_template(case: Case) -> Carried:
    """The parties, levers, terms, bans and wants of a case as a workbook that can be read back, and what does not go into it.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> made = to_template(read_text(new("A dispute")))
    >>> from_template(made.content).told("kept")
    ('parties: 2', 'levers: 3', 'wants: 6')
    """
    file = case.file
    rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in COLUMNS}
    rows["Case"] = [(key, str(getattr(file, key))) for key in KEYS if getattr(file, key)]
    rows["Parties"] = [(name, str(party.name), party.chance) for name, party in file.parties.items()]
    rows["Types"] = [(p, t, kind.value, str(kind.label)) for p, party in file.parties.items() for t, kind in party.types.items()]
    rows["Levers"] = [_lever(name, lever) for name, lever in file.levers.items()]
    rows["Terms"] = [(name, term.that, str(term.label)) for name, term in file.terms.items()]
    rows["Bans"] = [(ban.that, str(ban.label), _why(ban.assumed, ban.claims)) for ban in file.never]
    rows["Wants"] = [_want(at, want) for party in file.parties for at, want in every_want(file, party)]
    tables = {name: Table(name, COLUMNS[name], tuple(each)) for name, each in rows.items()}
    n_wants, lost = len(rows["Wants"]), _left_out(case)
    notes = [noted("parties", n=len(file.parties)), noted("levers", n=len(file.levers)), noted("wants", n=n_wants)]
    notes += [noted("not-said", names=", ".join(lost))] if lost else []
    return carried_over("template", workbook({README: Table(README, ("sheet or column", "what stands there"), _WORDS), **tables}, typed=TYPED), notes)


def _lever(name: str, lever: Lever) -> tuple[Cell, ...]:
    needs = "; ".join(f"{setting}: {guard.that}" for setting, guard in lever.needs.items())
    return name, str(lever.label), "; ".join(lever.settings), lever.now or "", lever.one_way or "", needs, _why(lever.assumed, lever.claims)


def _want(at: str, want: Want) -> tuple[Cell, ...]:
    party, type_, _ = want_at(at) or ("", "", None)
    low, high = (want.worth.range or (None, None)) if want.worth else (None, None)
    worth = want.worth.value if want.worth else None
    return party, type_, want.that, str(want.label), worth, low, high, want.red_line, _why(want.assumed, want.claims)


def _why(assumed: str, claims: tuple[str, ...]) -> str:
    return assumed or (f"rests on {', '.join(claims)}" if claims else "")


def _left_out(case: Case) -> list[str]:
    """What of a case has no cell, section by section."""
    known = {
        "parties": {"name", "types", "chance"}, "levers": {"is", "settings", "now", "one_way", "needs", "assumed"}, "terms": {"that", "is"},
        "never": {"that", "is", "assumed"}, "wants": {"that", "is", "worth", "red_line", "assumed"},
    }  # fmt: skip
    left_out: dict[str, None] = {}
    for section, value in case.file.model_dump(mode="json", by_alias=True, exclude_defaults=True).items():
        if section in ("bestand", *KEYS):
            continue
        if section not in known:
            left_out[section] = None
        for entry in _entries(value) if section in known else ():
            for key in entry.keys() - known[section]:
                left_out[f"{key} of {section}"] = None
    return sorted(left_out)


def _entries(value: object) -> Iterator[Mapping[str, object]]:
    """The lines of a section, however they are listed."""
    inner = list(value.values()) if isinstance(value, Mapping) else list(value) if isinstance(value, list) else []
    for each in inner:
        if isinstance(each, Mapping) and not any(isinstance(part, list) and part and isinstance(part[0], Mapping) for part in each.values()):
            yield each
        elif isinstance(each, Mapping | list):
            yield from _entries(each)


@dataclass(slots=True)
class _Reading:
    """A case that is being read from sheets: its sections, and the cell that each key path comes from."""

    sheets: dict[str, Rows]
    origin: dict[str, tuple[Rows, SheetRow, str]] = field(default_factory=dict)

    def rows(self, sheet: str) -> list[SheetRow]:
        """The rows of a sheet; none where it is not there."""
        return self.sheets[sheet].rows if sheet in self.sheets else []

    def take(self, sheet: str, row: SheetRow, at: str, columns: Mapping[str, str]) -> dict[str, Any]:
        """What stands in some columns of a row, by the key each becomes; empty cells give nothing."""
        table, taken = self.sheets[sheet], {}
        self.origin[at] = (table, row, next(iter(columns)))
        for column, key in columns.items():
            if row[column]:
                taken[key] = row[column]
                self.origin[f"{at}.{key}"] = (table, row, column)
            elif column in NEEDED.get(sheet, ()) or (column == "that" and sheet in ("Terms", "Bans")):
                table.wrong(row, column, f"no {column}", "fill it in, or take the row out")
                taken[key] = "true"  # so that what else is wrong is told as well
        return taken

    def number(self, sheet: str, row: SheetRow, column: str) -> float | None:
        """A number; none, and a mistake kept, where it is none."""
        value = cell_number(row[column])
        if value is None and row[column]:
            hint = number_hint(row[column], "a number with a decimal point")
            self.sheets[sheet].wrong(row, column, f"'{short(row[column], most=40)}' is no number", hint)
        return value

    def truth(self, sheet: str, row: SheetRow, column: str, taken: dict[str, Any]) -> dict[str, bool]:
        """What a cell of yes or no gives, in place of its text; a mistake kept, where it is neither."""
        if column not in taken:
            return {}
        value = TRUTH.get(taken.pop(column).lower())
        if value is None:
            self.sheets[sheet].wrong(row, column, "neither yes nor no", "yes, no, or empty")
        return {column: value} if value else {}


def from_template(content: bytes | Mapping[str, Rows], *, name: str = "file") -> Carried:
    """The case that a workbook of the template, or its sheets say. All mistakes are told at once, by sheet, row and column.

    Raises
    ------
    CaseError
        `import/not-xlsx`, `import/no-sheet`, `import/no-column`, `import/bad-cell`, and all that a case can be wrong in.
    """
    read = _Reading(_named_as_known(sheets(content, name=name) if isinstance(content, bytes) else dict(content)))
    missing = [sheet for sheet in NEEDED if sheet not in read.sheets]
    problems = [Problem("import/no-sheet", f"no sheet '{sheet}'", Place(name), did_you_mean(sheet, read.sheets)) for sheet in missing]
    for sheet, table in read.sheets.items():
        table.respelt(COLUMNS.get(sheet, ()))
        table.need(*NEEDED.get(sheet, ()))
        for column in table.columns if sheet in COLUMNS else ():
            if column and column not in COLUMNS[sheet]:
                table.wrong(None, column, f"column '{column}' is not one of the template", did_you_mean(column, COLUMNS[sheet]), "import/no-column")
    for sheet, table in read.sheets.items():
        known = [column for column in table.columns if column in COLUMNS.get(sheet, ()) and column not in NUMBERS]
        table.typed(*known, days=lambda row, column: column == "value" and row["key"] == "as_of")
        for row, column in ((row, column) for row in table.rows for column in NUMBERS if column in COLUMNS.get(sheet, ())):
            table.results(row, column)
    if problems:
        raise CaseError(problems + [problem for table in read.sheets.values() for problem in table.problems])
    stop(read.sheets.values())
    made = _sections(read)
    wrong = [*_too_many(made, name), *(problem for table in read.sheets.values() for problem in table.problems)]
    if len(wrong) >= MOST_SHOWN or any(problem.code == "import/too-large" for problem in wrong):  # what else is wrong would only be counted
        raise CaseError(wrong)
    text = dumped({key: value for key, value in made.items() if value})
    try:
        read_text(text)
    except CaseError as error:
        wrong += [_placed(read, problem, name) for problem in error.problems]
    if wrong:
        raise CaseError(wrong)
    n_wants = sum(len(each) if isinstance(each, list) else sum(map(len, each.values())) for each in made["wants"].values())
    notes = [noted("parties", n=len(made["parties"])), noted("levers", n=len(made["levers"])), noted("wants", n=n_wants)]
    notes += [note for sheet, table in read.sheets.items() if sheet in COLUMNS for note in table.remarks()]
    return carried_over("template", text, notes + _other_sheets(read))


def _too_many(made: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """More lines than a case can have, told before they are written."""
    most = {"Parties": MOST_PARTIES, "Levers": MOST_LEVERS, "Terms": MOST_TERMS, "Bans": MOST_RULES, "Wants": MOST_WANTS}
    sections = {"Parties": "parties", "Levers": "levers", "Terms": "terms", "Bans": "never"}
    sizes = [(sheet, len(made[section])) for sheet, section in sections.items()]
    for listed in made["wants"].values():
        sizes += [("Wants", len(each)) for each in ([listed] if isinstance(listed, list) else listed.values())]
    for sheet, size in sizes:
        if size > most[sheet]:
            what = f"{size:,} lines of sheet '{sheet}' belong together, and a case has at most {most[sheet]:,}"
            yield Problem("import/too-large", what, Place(name), "keep those that matter")


def _named_as_known(tables: dict[str, Rows]) -> dict[str, Rows]:
    """Sheets under the names of the template, where theirs differ in capitals or blanks alone."""
    plain = {name.casefold(): name for name in (*COLUMNS, README)}
    names = {name: plain.get(" ".join(name.split()).casefold(), name) for name in tables}
    return {names[name]: table for name, table in tables.items()} if len(set(names.values())) == len(names) else tables


def _other_sheets(read: _Reading) -> list[Remark]:
    others = [sheet for sheet in read.sheets if sheet not in COLUMNS and sheet != README]
    return [noted("not-said", names=", ".join(f"sheet {sheet}" for sheet in others))] if others else []


def _placed(read: _Reading, problem: Problem, name: str) -> Problem:
    """A mistake of the case, at the cell that it comes from."""
    for at in steps(problem.place.at):
        if at in read.origin:
            table, row, column = read.origin[at]
            return replace(problem, place=table.place(row, column))
    return replace(problem, place=Place(name, at=problem.place.at))


def _sections(read: _Reading) -> dict[str, Any]:
    """The sections of the case, in the order of a case file."""
    about: dict[str, str] = {}
    for row in read.rows("Case"):
        if row["key"] not in KEYS:
            read.sheets["Case"].wrong(row, "key", f"no key '{short(row['key'], most=40)}'", did_you_mean(row["key"], KEYS))
        else:
            about |= {row["key"]: row["value"]}
            read.origin[row["key"]] = (read.sheets["Case"], row, "value")
    parties = {row["party"]: _party_in(read, row) for row in _once(read, "Parties", "party")}
    _types(read, parties)
    return {
        "bestand": 1, "title": about.pop("title", "") or "Imported case", **about, "parties": parties,
        "levers": {row["lever"]: _lever_in(read, row) for row in _once(read, "Levers", "lever")},
        "terms": {row["term"]: read.take("Terms", row, f"terms.{row['term']}", {"that": "that", "is": "is"}) for row in _once(read, "Terms", "term")},
        "never": [
            read.take("Bans", row, f"never[{k}]", {"that": "that", "is": "is", "assumed": "assumed"}) for k, row in enumerate(read.rows("Bans"))
        ],
        "wants": _wants_in(read),
    }  # fmt: skip


def _once(read: _Reading, sheet: str, column: str) -> list[SheetRow]:
    """The rows of a sheet, each of which names something of its own."""
    seen: dict[str, int] = {}
    for row in read.rows(sheet):
        if row[column] in seen:
            read.sheets[sheet].wrong(row, column, f"'{short(row[column], most=40)}' stands in row {seen[row[column]]} as well", "give each once")
        seen.setdefault(row[column], row.number)
    return read.rows(sheet)


def _party_in(read: _Reading, row: SheetRow) -> dict[str, Any]:
    party = read.take("Parties", row, f"parties.{row['party']}", {"name": "name", "chance": "chance"})
    return {**party, **read.truth("Parties", row, "chance", party)}


def _types(read: _Reading, parties: dict[str, dict[str, Any]]) -> None:
    for row in read.rows("Types"):
        if row["party"] not in parties:
            read.sheets["Types"].wrong(row, "party", f"no party '{short(row['party'], most=40)}'", did_you_mean(row["party"], parties))
            continue
        at = f"parties.{row['party']}.types.{row['type']}"
        kind = read.take("Types", row, at, {"type": "type", "is": "is"})
        kind |= {"value": read.number("Types", row, "share")}
        kind.pop("type", None)
        read.origin[f"parties.{row['party']}.types"] = (read.sheets["Types"], row, "share")
        parties[row["party"]].setdefault("types", {})[row["type"]] = {**kind, "assumed": "as in the workbook"}


def _lever_in(read: _Reading, row: SheetRow) -> dict[str, Any]:
    at = f"levers.{row['lever']}"
    lever = read.take("Levers", row, at, {"lever": "lever", **{key: key for key in ("is", "settings", "now", "one_way", "needs", "assumed")}})
    lever.pop("lever", None)
    if "settings" in lever:
        lever["settings"] = _several(lever["settings"])
        parts = [part.strip() for part in re.split(r"[,/|\n]", lever["settings"][0])] if len(lever["settings"]) == 1 else []
        if len(parts) > 1:
            what = "commas between settings" if "," in row["settings"] else "settings that no semicolon parts"
            read.sheets["Levers"].wrong(row, "settings", what, "put semicolons between them: no; yes")
            lever["settings"] = [part for part in parts if part]
    if "needs" in lever:
        guards = [part.partition(":") for part in _several(lever["needs"])]
        if not all(sign and condition.strip() for _, sign, condition in guards):
            read.sheets["Levers"].wrong(row, "needs", "a guard without its setting or condition", "such as yes: truce; full: a.pays")
        lever["needs"] = {setting.strip(): condition.strip() or "true" for setting, _, condition in guards}
    return lever


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _wants_in(read: _Reading) -> dict[str, Any]:
    """Wants by party, and by type where any are given."""
    wants: dict[str, Any] = {}
    for row in read.rows("Wants"):
        party, type_ = row["party"], row["type"]
        here = wants.setdefault(party, {} if type_ else [])
        if isinstance(here, dict) != bool(type_):
            what = f"some wants of '{short(party, most=40)}' have a type and some have none"
            read.sheets["Wants"].wrong(row, "type", what, "give all of them one, or none")
            continue
        listed = here.setdefault(type_, []) if isinstance(here, dict) else here
        at = want_place(party, type_, len(listed))
        read.origin.setdefault(want_place(party), (read.sheets["Wants"], row, "party"))
        if type_:
            read.origin.setdefault(want_place(party, type_), (read.sheets["Wants"], row, "type"))
        listed.append(_want_in(read, row, at))
    return wants


def _want_in(read: _Reading, row: SheetRow, at: str) -> dict[str, Any]:
    want = read.take("Wants", row, at, {"that": "that", "is": "is", "worth": "worth", "red_line": "red_line", "assumed": "assumed"})
    value, low, high = (read.number("Wants", row, column) for column in ("worth", "lowest", "highest"))
    want |= read.truth("Wants", row, "red_line", want)
    if (low is None) != (high is None) or (value is None and low is not None):
        read.sheets["Wants"].wrong(row, "lowest", "a range needs lowest, highest, and a worth between them", "give all three, or the worth alone")
    want.pop("worth", None)
    if value is not None:
        span = {"range": [low, high]} if low is not None and high is not None else {}
        want["worth"] = {"value": value, **span, "assumed": want.get("assumed", "as in the workbook")}
    return want
