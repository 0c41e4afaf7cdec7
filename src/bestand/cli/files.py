"""Commands on case files: check, show, diff, new, schema, list."""

from __future__ import annotations

import collections
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bestand.cli.asking import asks, bearing_, case_, examples, force_, idle, json_, language_, output_, read_case, sources_, spoken_
from bestand.cli.terminal import FOUND, OK, deliver, language, note, one_line, print_json, progress_bar, show, told_of

if TYPE_CHECKING:
    from bestand.checks.findings import Findings
    from bestand.show import Table

MOST_OF_A_KIND = 8  # findings of one kind that are all printed; of more, a few less


@click.command(name="check", epilog=examples("bestand check ukraine/2025-04", "bestand check my-case.yaml --json"))
@case_
@sources_
@click.option("--keep-text", is_flag=True, help="Write the text of PDF, Word and HTML sources beside them, as NAME.txt.")
@force_
@language_
@json_
def check_command(case: str, sources: str | None, keep_text: bool, force: bool, as_json: bool) -> None:
    """Read a case, check its quotes, and list what an analyst should look at again."""
    from bestand.case.quotes import keep_texts
    from bestand.checks.check import check

    read = read_case(case, sources)
    if keep_text:
        for kept in keep_texts(read.file, read.path, Path(sources) if sources else None, force=force):
            note(f"text kept: {one_line(kept)}")
    findings = check(read)
    show(findings.table() if as_json else _found(findings), as_json)
    sys.exit(FOUND if findings.worst() == "error" else OK)


def _found(findings: Findings) -> Table:
    """Findings in the language that was asked for, with names as they stand in the file; of a kind with many, the first and how many more."""
    from bestand.telling.sentences import finding_key
    from bestand.telling.words import words

    table, say = findings.table(), words(language())
    rows = table.rows
    if language() != "en":
        told = [(say(key, **each.parts), say(f"{key}_do", **each.parts)) for each in findings.findings for key in (finding_key(each.saying),)]
        rows = tuple((say(f"severity_{row[0]}"), row[1], what, row[3], advice) for row, (what, advice) in zip(rows, told, strict=True))
    kinds = [each.code if each.severity != "error" else "" for each in findings.findings]
    kept = [k for k, kind in enumerate(kinds) if not kind or kinds.count(kind) <= MOST_OF_A_KIND or kinds[:k].count(kind) < MOST_OF_A_KIND - 2]
    left = collections.Counter(kinds[k] for k in set(range(len(kinds))) - set(kept))
    notes = (*table.notes, *(say("findings_more", n=n, kind=kind) for kind, n in left.items()))
    return dataclasses.replace(table, rows=tuple(rows[k] for k in kept), notes=notes)


@click.command(name="show", epilog=examples("bestand show ukraine/2025-04 --view land", "bestand show ukraine/2025-04 --expanded"))
@asks
@click.option("--expanded", is_flag=True, help="Print the case with its short forms written out, as a file, and nothing else.")
@bearing_("Begin nothing that would take much longer, as reckoned and tried out beforehand.")
def show_command(case: str, view: str | None, hold: str, sources: str | None, as_json: bool, expanded: bool, seconds: float) -> None:
    """Print parties, levers and where the conflict can rest."""
    from bestand.case.write import expanded_text
    from bestand.graph.conflict import conflict
    from bestand.report.summary import tables
    from bestand.study.clock import by_the_clock
    from bestand.study.outlook import refuse_too_long
    from bestand.study.stages import study

    if expanded:
        idle("beside --expanded, which prints the case as a file and nothing else", "view", "hold", "as_json", "language", "seconds")
    read = read_case(case, sources)
    if expanded:
        deliver(expanded_text(read) + "\n", None)
        return
    with progress_bar() as progress:
        asked = conflict(read, view=view, hold=hold)
        refuse_too_long(asked, by_the_clock(seconds))
        known = study(asked, hypotheses=False, quick=True, draws=1, progress=progress)
        shown = tables(known, "en" if as_json else language()).values()
    if as_json:
        print_json({table.title: table.records() for table in shown})
        return
    for table in shown:
        show(table, False)


@click.command(name="diff", epilog=examples("bestand diff last-week.yaml this-week.yaml"))
@click.argument("old")
@click.argument("new")
@sources_
@language_
@json_
def diff_command(old: str, new: str, sources: str | None, as_json: bool) -> None:
    """List the statements that differ between two cases; exit 1 if any does."""
    from bestand.changes.diff import diff
    from bestand.graph.conflict import conflict
    from bestand.report.worded_changes import changes_worded

    first, second = read_case(old, sources), read_case(new, sources)
    changes = diff(first, second)
    told_of(conflict(second))
    show(changes.table(), as_json, told=lambda telling: changes_worded(changes, first, telling))
    sys.exit(FOUND if changes.changes else OK)


@click.command(name="new", epilog=examples('bestand new "Water dispute" -o water.yaml', 'bestand new "Water dispute" --xlsx -o water.xlsx'))
@click.argument("title")
@spoken_("Language of the comments.")
@click.option("--xlsx", is_flag=True, help="A workbook to fill in, which `bestand import` reads back; -o names the file.")
@output_
@force_
def new_command(title: str, language: Any, xlsx: bool, output: str | None, force: bool) -> None:
    """Start a commented case file, or a workbook in which parties, levers and wants are written."""
    from bestand.case.template import new
    from bestand.errors import CaseError, written_out

    try:
        text = new(title, language=language)
    except CaseError as error:
        raise click.BadParameter(f"{written_out(error.problems[0].what)}: {error.problems[0].hint}", param_hint="TITLE") from error
    if not xlsx:
        deliver(text, output, force=force)
        return
    if output is None:
        raise click.UsageError("a workbook is not printed: name a file with -o FILE.xlsx")
    from bestand.case.read import read_text
    from bestand.exchange.template import to_template

    deliver(to_template(read_text(text)).content, output, force=force)


@click.command(name="schema", epilog=examples("bestand schema > case.schema.json"))
def schema_command() -> None:
    """Print the JSON Schema of case files, for editors."""
    from bestand.case.read import schema

    print_json(schema())


@click.command(name="list", epilog=examples("bestand list", "bestand list --json"))
@json_
def list_command(as_json: bool) -> None:
    """List the cases of the catalogue."""
    from bestand.case.read import titles
    from bestand.show import Table

    rows = tuple(titles().items())
    show(Table("Catalogue", ("name", "title"), rows), as_json)


FILES = (check_command, show_command, diff_command, new_command, schema_command, list_command)
