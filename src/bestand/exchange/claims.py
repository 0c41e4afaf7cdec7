"""Claims of a case as one flat table, out and in."""

from __future__ import annotations

from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import Claim
from bestand.errors import AskError, Problem, did_you_mean
from bestand.evidence.sheet import TRUTH
from bestand.exchange.into import put_in
from bestand.exchange.known import Arrived
from bestand.exchange.notes import Carried, carried_over, noted
from bestand.exchange.sheets import Rows, SheetRow, stop
from bestand.exchange.workbook import csv_text, workbook
from bestand.show import Cell, Table

COLUMNS = (
    "claim", "source", "quote", "prefix", "suffix", "says", "via", "author_holds", "source_holds", "chain", "hedge", "condition", "gloss",
    "about", "supports", "denies", "context", "generated_by", "accepted_by", "accepted_on", "checked",
)  # fmt: skip
BETWEEN = "; "  # several names in one cell
_OF_LINK = ("who", "holds", "via")
LINK = " | "  # who, how surely and by which way, of one link of a chain


def claims_table(case: Case) -> Table:
    """Every claim of a case in one row; several names in one cell stand between semicolons."""
    rows = tuple(_row(case, name, claim) for name, claim in case.file.claims.items())
    return Table("Claims", COLUMNS, rows)


def _row(case: Case, name: str, claim: Claim) -> tuple[Cell, ...]:
    chain = BETWEEN.join(LINK.join(filter(None, (link.who, link.holds, link.via))) for link in claim.chain)
    status = case.quotes[name].status if name in case.quotes else "unchecked"
    return (
        name, claim.source, claim.quote, claim.prefix, claim.suffix, claim.says, claim.via, claim.author_holds, claim.source_holds or "", chain,
        claim.hedge, claim.condition, str(claim.gloss), BETWEEN.join(claim.about), BETWEEN.join(claim.supports), BETWEEN.join(claim.denies),
        claim.context, claim.generated_by, claim.accepted_by, claim.accepted_on, status == "checked",
    )  # fmt: skip


def some_claims(case: Case) -> None:
    """Refuses a case that has no claims.

    Raises
    ------
    AskError
        `export/no-claims`.
    """
    if not case.file.claims:
        raise AskError(Problem("export/no-claims", "the case has no claims", hint="draft some from a document: bestand draft"))


def to_claims(case: Case, *, form: str = "csv") -> Carried:
    """The claims of a case as a flat table that `from_claims` reads back: `csv`, or `xlsx`.

    Raises
    ------
    AskError
        `export/no-claims`.

    >>> from bestand.case.read import read
    >>> to_claims(read("example/en")).text.split(",")[:3]
    ['\ufeffclaim', 'source', 'quote']
    """
    some_claims(case)
    table = claims_table(case)
    n_sealed = sum(claim.sealed is not None for claim in case.file.claims.values())
    notes = [noted("claims", n=len(table.rows)), noted("sources-apart"), *([noted("sealed", n=n_sealed)] if n_sealed else [])]
    return carried_over(f"claims.{form}", workbook({"claims": table}, typed=COLUMNS) if form == "xlsx" else "\ufeff" + csv_text(table), notes)


def from_claims(table: Rows, case: Case | None, *, sources: object = None) -> Carried:
    """A case with the claims of a table put into it; every quote is checked as if it had been typed there.

    A row needs `source` (a source of the case), `quote` and `gloss`; without a name under `claim` it gets one. All mistakes
    are told at once, by row and column.

    Raises
    ------
    CaseError
        `import/no-column`, `import/bad-cell`, and all that a case can be wrong in. AskError: `import/needs-case`.
    """
    table.respelt(COLUMNS)
    table.need("source", "quote", "gloss")
    for column in table.columns:
        if column and column not in COLUMNS:
            table.wrong(None, column, f"column '{column}' is not one of a table of claims", did_you_mean(column, COLUMNS), "import/no-column")
    table.typed(*(column for column in table.columns if column), days=lambda row, column: column == "accepted_on")
    stop([table])
    claims = [
        Arrived(row["claim"], _claim(table, row), table.place(row, "quote"), {column: table.place(row, column) for column in table.columns})
        for row in table.rows
    ]
    return put_in(f"claims{table.sheet and '.xlsx'}", claims, {}, case, sources=sources, notes=table.remarks(), problems=table.problems)


def _claim(table: Rows, row: SheetRow) -> dict[str, Any]:
    """The fields of a claim that a row gives."""
    for column in ("source", "quote", "gloss"):
        if not row[column]:
            table.wrong(row, column, f"no {column}", "fill it in, or take the row out")
    fields: dict[str, Any] = {column: row[column] for column in COLUMNS[1:-1] if row[column]}
    for column in ("about", "supports", "denies"):
        if column in fields:
            fields[column] = [part.strip() for part in fields[column].split(BETWEEN.strip()) if part.strip()]
    if "chain" in fields:
        links = [part.split(LINK.strip()) for part in fields["chain"].split(BETWEEN.strip()) if part.strip()]
        if not all(len(link) <= len(_OF_LINK) and link[0].strip() for link in links):
            table.wrong(row, "chain", "a link of a chain is who, how surely and by which way", "write it as `Bo | probable | radio`")
        fields["chain"] = [dict(zip(_OF_LINK, map(str.strip, link), strict=False)) for link in links]
    fields.setdefault("gloss", "to be filled in")  # so that what else is wrong is told as well
    if "context" in fields:
        context = TRUTH.get(fields.pop("context").lower())
        if context is None:
            table.wrong(row, "context", "neither yes nor no", "yes, no, or empty")
        fields |= {"context": True} if context else {}
    return fields
