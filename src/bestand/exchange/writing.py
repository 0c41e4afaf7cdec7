"""One door out: a view of a case in a file that another program opens, and what that file does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bestand.arguments import checked
from bestand.errors import AskError, Problem, did_you_mean
from bestand.exchange.annotations import to_annotation_page
from bestand.exchange.bibliography import to_bibtex, to_csl
from bestand.exchange.claims import to_claims
from bestand.exchange.dna import to_dna
from bestand.exchange.gambit_files import to_gambit
from bestand.exchange.network_files import to_edges, to_gexf, to_graphml
from bestand.exchange.notes import Carried
from bestand.exchange.payoff_table import to_payoffs
from bestand.exchange.study_tables import to_csv, to_parquet, to_workbook
from bestand.exchange.template import to_template
from bestand.graph.conflict import Conflict
from bestand.study.everything import Study


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is asked with.

    of    : which part: of graphs `moves`, `paths` or `evidence`; of tables one by name
    asked : the conflict, or the study of it
    sources : folder with the source documents
    """

    of: str | None
    sources: str | Path | None
    asked: Conflict | Study


@checked
def export(conflict: Conflict | Study, *, to: str, of: str | None = None, sources: str | Path | None = None) -> Carried:
    """A view of a case in the format of another program, and what of it was kept, changed and lost.

    conflict : what is written; or a whole study, for tables (of a conflict a quick one is made)
    to       : the format, one of `WRITERS`
    of       : which part is written, where a format has several: `moves`, `paths` or `evidence` of a graph; a table by its name
    sources  : folder with the source documents, for positions in pages (beside the case, if not given)

    Nothing is written; `put(found.content, path)` or `bestand export CASE --to FORMAT -o FILE` does.

    Raises
    ------
    AskError
        `export/unknown-format`, `export/unknown-part`, `export/too-large`, `export/no-levers`, `export/no-claims`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> export(conflict(read("example/en"), view="core"), to="nfg").told("kept")[1]
    'states: 384'
    """
    if to not in WRITERS:
        raise AskError(Problem("export/unknown-format", f"no format '{to}'", hint=did_you_mean(to, WRITERS)))
    if of is not None and to not in IN_PARTS:
        what = f"a file in format {to} is of one part, and '{of}' is asked for"
        raise AskError(Problem("export/unknown-part", what, hint=f"leave it out; {', '.join(IN_PARTS)} have parts"))
    return WRITERS[to](conflict.conflict if isinstance(conflict, Study) else conflict, Wanted(of, sources, conflict))


IN_PARTS = ("graphml", "gexf", "edges", "csv", "parquet")  # formats of which a part may be asked for
WRITERS: Mapping[str, Callable[[Conflict, Wanted], Carried]] = {
    "nfg": lambda conflict, wanted: to_gambit(conflict),
    "nfg-outcomes": lambda conflict, wanted: to_gambit(conflict, form="nfg-outcomes"),
    "efg": lambda conflict, wanted: to_gambit(conflict, form="efg"),
    "payoffs": lambda conflict, wanted: to_payoffs(conflict),
    "graphml": lambda conflict, wanted: to_graphml(conflict, of=wanted.of),
    "gexf": lambda conflict, wanted: to_gexf(conflict, of=wanted.of),
    "xlsx": lambda conflict, wanted: to_workbook(wanted.asked),
    "csv": lambda conflict, wanted: to_csv(wanted.asked, of=wanted.of),
    "parquet": lambda conflict, wanted: to_parquet(wanted.asked, of=wanted.of),
    "template": lambda conflict, wanted: to_template(conflict.case),
    "claims": lambda conflict, wanted: to_claims(conflict.case),
    "claims-xlsx": lambda conflict, wanted: to_claims(conflict.case, form="xlsx"),
    "annotations": lambda conflict, wanted: to_annotation_page(conflict.case, sources=wanted.sources),
    "dna": lambda conflict, wanted: to_dna(conflict.case),
    "csl": lambda conflict, wanted: to_csl(conflict.case),
    "bibtex": lambda conflict, wanted: to_bibtex(conflict.case),
    "edges": lambda conflict, wanted: to_edges(conflict, of=wanted.of),
}
