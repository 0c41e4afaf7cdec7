"""In and out: `import`, a case from the file of another program; `export`, a case in a file that another program opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bestand.cli.asking import asked, bearing_, case_, examples, force_, hold_, idle, output_, read_case, sources_, spoken_, view_
from bestand.cli.terminal import deliver, note, progress_bar, refuse_existing

if TYPE_CHECKING:
    from bestand.exchange.notes import Carried

_KINDS = ("gambit", "genius", "gmcr", "payoffs", "xlsx", "claims", "annotations", "inception", "dna", "csl", "bibtex")
_FORMATS = (
    "nfg", "nfg-outcomes", "efg", "payoffs", "graphml", "gexf", "edges", "xlsx", "csv", "parquet", "template",
    "claims", "claims-xlsx", "annotations", "dna", "csl", "bibtex",
)  # fmt: skip
_SCALES = ("ordinal", "cardinal")
_language = spoken_("Language of what is said to be kept, changed and lost.")


def _tell(carried: Carried, language: str) -> None:
    """What was kept, changed and lost, on stderr: the file itself may be printed."""
    for each in carried.notes:
        note(each.line(language))


@click.command(name="import", epilog=examples(
    "bestand import study.gmcr -o case.yaml", "bestand import game.efg -o case.yaml",
    "bestand import domain.xml buyer.xml seller.xml -o case.yaml", "bestand import study.gmcr --seen-by North -o north.yaml",
    "bestand import claims.csv --into case.yaml -o new.yaml",
))  # fmt: skip
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(_KINDS), help="Format of the file (told by what stands in it, if not given).")
@click.option("--seen-by", help="The party as which a conflict is seen that parties misperceive (gmcr).")
@click.option("--into", help="The case that claims or sources are put into.")
@sources_
@_language
@output_
@force_
def import_command(
    file: tuple[str, ...], kind: str | None, seen_by: str | None, into: str | None, sources: str | None, language: str, output: str | None,
    force: bool,
) -> None:  # fmt: skip
    """Make a case file of the file of another program, and say what was kept, changed and lost."""
    from bestand.exchange.reading import import_

    if into is None:
        idle("without --into", "sources")
    if output:
        refuse_existing(output, force=force)
    case = read_case(into, sources) if into is not None else None
    carried = import_(list(file), kind=kind, seen_by=seen_by, into=case, sources=sources)
    deliver(carried.content, output, force=force)
    _tell(carried, language)


@click.command(name="export", epilog=examples(
    "bestand export ukraine/2025-04 --to nfg --view land -o land.nfg", "bestand export ukraine/2025-04 --to gexf --of evidence -o evidence.gexf",
    "bestand export ukraine/2025-04 --to xlsx -o tables.xlsx",
))  # fmt: skip
@case_
@click.option("--to", "to", type=click.Choice(_FORMATS), required=True, help="Format to write.")
@click.option("--of", help="Of a graph: moves, paths or evidence; of csv and parquet: a table of the study.")
@click.option("--whole", is_flag=True, help="Study the case to the end first, for tables (deals, unlocking, coalitions, truces).")
@click.option("--scale", type=click.Choice(_SCALES), default="ordinal", show_default=True, help="Payoffs are ranks, or worths per month.")
@bearing_("Begin no tables of a study whose first answers would take much longer, as reckoned and tried out beforehand.")
@view_
@hold_
@sources_
@_language
@output_
@force_
def export_command(
    case: str, to: str, of: str | None, whole: bool, scale: str, seconds: float, view: str | None, hold: str, sources: str | None, language: str,
    output: str | None, force: bool,
) -> None:  # fmt: skip
    """Write a view of a case in a format that another program opens, and say what that does not say."""
    from bestand.exchange.writing import export
    from bestand.study.clock import by_the_clock
    from bestand.study.outlook import refuse_too_long
    from bestand.study.stages import study

    tables = to in ("xlsx", "csv", "parquet")
    if not tables:
        idle(f"beside --to {to}: it is for xlsx, csv and parquet", "whole", "seconds")
    if to not in ("nfg", "nfg-outcomes", "efg", "payoffs"):
        idle(f"beside --to {to}: it is for payoffs", "scale")
    if output:
        refuse_existing(output, force=force)
    conflict = asked(case, view, hold, sources).on_scale("cardinal" if scale == "cardinal" else "ordinal")
    with progress_bar() as progress:
        if tables:
            refuse_too_long(conflict, by_the_clock(seconds))
        draws = 200 if whole else 1
        known = study(conflict.case, view=view, hold=hold, draws=draws, quick=not whole, progress=progress) if tables else conflict
        carried = export(known, to=to, of=of, sources=sources)
    deliver(carried.content, output, force=force)
    _tell(carried, language)


EXCHANGE = (import_command, export_command)
