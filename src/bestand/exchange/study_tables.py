"""Every table of a study: of the case, of its states, and of each answer; as a workbook, as CSV, or as Parquet."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from bestand.case.lines import every_want
from bestand.case.loaded import Case
from bestand.case.model import Want
from bestand.errors import AskError, Problem, did_you_mean
from bestand.exchange.claims import claims_table
from bestand.exchange.notes import Carried, Remark, carried_over, noted
from bestand.exchange.workbook import csv_text, workbook
from bestand.explore.store import column_sql, connection, text
from bestand.graph.conflict import Conflict
from bestand.negotiate.stability import Stability
from bestand.report.summary import hypotheses, tables
from bestand.show import Cell, Shown, Table
from bestand.study.everything import Study
from bestand.study.stages import study

MOST_STATES = 50_000  # states that get a row of their own in a table that is written
MOST_TABLES = 120  # of a workbook of a study
_TYPES = ((bool, "BOOLEAN"), (int, "BIGINT"), (float, "DOUBLE"))


def study_tables(known: Study) -> dict[str, Table]:
    """Every table of a study, by name: of the case (parties, levers, wants, claims, sources), of its states, and of each answer.

    >>> from bestand.case.read import read
    >>> from bestand.study.stages import study
    >>> list(study_tables(study(read("example/en"), quick=True, draws=1, hypotheses=False)))[:6]
    ['parties', 'levers', 'equilibria', 'rests', 'wants', 'sources']
    """
    by_name = tables(known) | {"wants": _wants(known.case), "sources": _sources(known.case), "claims": claims_table(known.case)}
    by_name |= {"terms": _terms(known), "hypotheses": hypotheses(known), "findings": known.findings.table(), "conclusions": _conclusions(known)}
    if known.graph.n_states <= MOST_STATES:
        by_name["states"] = _states(known)
    for name in ("sensitivity", "profiles", "unlocks", "coalitions", "agreements", "truce"):
        by_name |= dict(_shown(name, getattr(known, name)))
    return dict(list(by_name.items())[:MOST_TABLES])


def _shown(name: str, value: object) -> Iterator[tuple[str, Table]]:
    """Tables of a result and of the results inside it."""
    if isinstance(value, Shown) and not isinstance(value, Conflict):
        yield name, value.table()
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _shown(f"{name} {key}", inner)
    elif isinstance(value, tuple | list):
        for k, inner in enumerate(value, start=1):
            yield from _shown(f"{name} {k}", inner)
    elif is_dataclass(value) and not isinstance(value, type | Conflict | Case | Stability):
        for each in fields(value):
            yield from _shown(f"{name} {each.name}", getattr(value, each.name))


def _wants(case: Case) -> Table:
    rows = tuple(
        (party, at, want.label or want.that, want.that, _worth(want), want.red_line, want.rests_on or "", "; ".join(want.claims))
        for party in case.file.parties
        for at, want in every_want(case.file, party)
    )
    return Table("Wants", ("party", "place", "want", "condition", "worth", "red line", "basis", "claims"), rows)


def _worth(want: Want) -> float | None:
    return want.worth.value if want.worth else None


def _sources(case: Case) -> Table:
    rows = tuple((n, s.title, s.author, s.publisher, s.date, s.language, s.url, s.file, s.sha256) for n, s in case.file.sources.items())
    return Table("Sources", ("source", "title", "author", "publisher", "date", "language", "url", "file", "sha256"), rows)


def _terms(known: Study) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((each.term, each.n_states, each.reached, *each.rests.values()) for each in known.terms)
    concepts = tuple(known.terms[0].rests) if known.terms else ()
    return Table("Terms", ("term", "states", "reached", *(f"rests ({concept})" for concept in concepts)), rows)


def _conclusions(known: Study) -> Table:
    rows = tuple((each.kind, each.term, each.holds, each.share, "; ".join(line.at for line in each.lines)) for each in known.conclusions)
    return Table("Conclusions", ("kind", "term", "holds", "share of draws", "leans on"), rows)


def _states(known: Study) -> Table:
    """One row for each state: its settings, what it is worth to whom, where it rests."""
    conflict, graph = known.conflict, known.graph
    rank = conflict.worth.rank[0]
    concepts = tuple(known.counts)
    stable = {concept: set(map(int, known.stability.equilibria(concept))) for concept in concepts}
    ranks, rests = (f"rank of {party}" for party in graph.parties), (f"rests ({concept})" for concept in concepts)
    columns = ("state", "what", *graph.levers, *ranks, *rests)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (s, conflict.label(s), *at.values(), *map(int, rank[:, s]), *(s in stable[concept] for concept in concepts))
        for s in range(graph.n_states) for at in [graph.at(s) if graph.levers else {}]
    )
    return Table("States", columns, rows, ("stable where others reply by best moves, in the case as it stands",))


def _known(asked: Conflict | Study) -> Study:
    """A study; of a conflict a quick one of the case as it stands."""
    if isinstance(asked, Study):
        return asked
    return study(asked.case, view=asked.view, hold=asked.held, quick=True, draws=1)


def _notes(known: Study) -> list[Remark]:
    notes = [noted("quick")] if known.agreements is None else []
    if known.graph.n_states > MOST_STATES:
        notes.append(noted("many-states", n=known.graph.n_states, most=MOST_STATES))
    return notes


def to_workbook(asked: Conflict | Study) -> Carried:
    """Every table of a study as a workbook (.xlsx), a sheet each; no cell is a formula.

    Raises
    ------
    AskError
        `export/too-large`.
    """
    known = _known(asked)
    by_name = study_tables(known)
    return carried_over("xlsx", workbook(by_name), [noted("tables", n=len(by_name)), *_notes(known)])


def _one(asked: Conflict | Study, of: str | None) -> tuple[Table, list[Remark]]:
    known = _known(asked)
    by_name = study_tables(known)
    chosen = of or "rests"
    if chosen not in by_name:
        raise AskError(Problem("export/unknown-part", f"no table '{chosen}'", hint=did_you_mean(chosen, by_name)))
    notes = [noted("rows", n=len(by_name[chosen].rows)), *_notes(known), noted("other-tables", n=len(by_name) - 1)]
    return by_name[chosen], notes


def to_csv(asked: Conflict | Study, *, of: str | None = None) -> Carried:
    """One table of a study as CSV.

    of : its name, one of `study_tables` (`rests`, if not given)

    Raises
    ------
    AskError
        `export/unknown-part`.
    """
    table, notes = _one(asked, of)
    return carried_over("csv", "\ufeff" + csv_text(table), notes)


def to_parquet(asked: Conflict | Study, *, of: str | None = None) -> Carried:
    """One table of a study as Parquet; its title and notes stand in the file's metadata.

    Raises
    ------
    AskError
        `export/unknown-part`; `sweep/needs-extra` where DuckDB is not installed.
    """
    table, notes = _one(asked, of)
    return carried_over("parquet", parquet(table), notes)


def parquet(table: Table) -> bytes:
    """A table as Parquet, each column with the one type that holds its cells.

    Raises
    ------
    AskError
        `sweep/needs-extra` where DuckDB is not installed.
    """
    types = [_type([row[k] for row in table.rows]) for k in range(len(table.columns))]
    con = connection()
    with tempfile.TemporaryDirectory() as folder:
        rows, out = Path(folder) / "rows.json", Path(folder) / "out.parquet"
        lines = (json.dumps({f"c{k}": _plain(cell, types[k]) for k, cell in enumerate(row)}) for row in table.rows)
        rows.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        columns = ", ".join(f"c{k}: '{kind}'" for k, kind in enumerate(types))
        chosen = ", ".join(f"c{k} as {column_sql(column)}" for k, column in enumerate(table.columns))
        about = f"{{title: {text(table.title)}, notes: {text(json.dumps(table.notes))}}}"
        read = f"read_json({text(rows)}, format='newline_delimited', columns={{{columns}}})"
        con.execute(f"copy (select {chosen} from {read}) to {text(out)} (format parquet, kv_metadata {about})")
        return out.read_bytes()


def _type(cells: list[Cell]) -> str:
    kinds = {next((name for kind, name in _TYPES if isinstance(cell, kind)), "VARCHAR") for cell in cells if cell is not None}
    if kinds == {"BIGINT", "DOUBLE"}:
        return "DOUBLE"
    return kinds.pop() if len(kinds) == 1 else "VARCHAR"


def _plain(cell: Cell, kind: str) -> Cell:
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return str(cell) if kind == "VARCHAR" and cell is not None else cell
