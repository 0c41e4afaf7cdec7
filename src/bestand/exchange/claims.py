"""Claims of a case as one flat table."""

from __future__ import annotations

from bestand.case.loaded import Case
from bestand.case.model import Claim
from bestand.show import Cell, Table

COLUMNS = (
    "claim", "source", "quote", "prefix", "suffix", "says", "via", "author_holds", "source_holds", "chain", "hedge", "condition", "gloss",
    "about", "supports", "denies", "context", "generated_by", "accepted_by", "accepted_on", "checked",
)  # fmt: skip
BETWEEN = "; "  # several names in one cell
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
