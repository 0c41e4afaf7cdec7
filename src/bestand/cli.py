"""The command line. Commands are imported when they run, so that `bestand --help` answers at once."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bestand.case.loaded import Case
    from bestand.show import Shown, Table

EXIT = """\b
Exit codes: 0 done; 1 the answer is no, or findings are errors; 2 the command is not used
as it should be; 3 a file or a question is not right (the message says where and why)."""
STILL = 2.0  # seconds after which progress is shown
_CASE = click.argument("case", metavar="CASE")
_VIEW = click.option("--view", metavar="NAME", help="View of the case [default: core, or all levers].")
_SOURCES = click.option("--sources", type=click.Path(path_type=Path), help="Folder with the source documents, to check quotes.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_REPLIES = click.option(
    "--replies",
    type=click.Choice(["legal", "once", "single"]),
    default="legal",
    show_default=True,
    help="Which replies of the others count.",
)


class _Group(click.Group):
    """Errors that the user can put right are printed, never traced."""

    def invoke(self, ctx: click.Context) -> Any:
        from bestand.errors import BestandError

        try:
            return super().invoke(ctx)
        except BestandError as error:
            if os.environ.get("BESTAND_DEBUG"):
                raise
            click.echo(str(error), err=True)
            ctx.exit(3)
        except BrokenPipeError:
            ctx.exit(0)


@click.group(cls=_Group, epilog=EXIT, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bestand")
def main() -> None:
    """From a written account of a conflict to answers: where it can rest, why, and how it gets there.

    CASE is a case file, a folder with a case.yaml, or a name in the catalogue.

    \b
    bestand list                          what is in the catalogue
    bestand run ukraine/2025-04           the report, as one HTML page
    bestand new "My dispute" -o case.yaml a commented case to start from
    """


@main.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the cases of the catalogue."""
    from bestand.case.read import catalogue, read
    from bestand.show import Table

    rows = tuple((name, read(name).file.title) for name in catalogue())
    _put_table(Table("Catalogue", ("name", "title"), rows), as_json)


@main.command(epilog=f"\b\nExample: bestand check my-case/ --sources texts/\n\n{EXIT}")
@_CASE
@_SOURCES
@_JSON
def check(case: str, sources: Path | None, as_json: bool) -> None:
    """Say everything in a case that is wrong or doubtful, with line and column."""
    from bestand.case.check import check as check_case

    findings = check_case(_read(case, sources))
    if as_json:
        _put_table(findings.table(), as_json)
    else:
        for finding in findings.found:
            place = f"  in {finding.place}\n" if str(finding.place) else ""
            click.echo(f"{finding.severity} [{finding.code}] {finding.what}\n{place}  {finding.advice}")
        click.echo(f"{len(findings.found)} findings" if findings.found else "nothing to look at")
    sys.exit(1 if findings.worst() == "error" else 0)


@main.command(epilog=f"\b\nExamples:\n  bestand run ukraine/2025-04\n  bestand run my-case/ --language nl --out report.html\n\n{EXIT}")
@_CASE
@_VIEW
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the report.")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder to write to [default: reports/].")
@_SOURCES
@_JSON
def run(case: str, view: str | None, language: str, out: Path | None, sources: Path | None, as_json: bool) -> None:
    """Solve a case and write the report: one HTML page that opens from disk."""
    from bestand.report.page import report as report_page
    from bestand.study import study

    loaded = _read(case, sources)
    with _progress() as tell:
        found = study(loaded, view=view, progress=tell)
    path = _out(case, loaded, out)
    report_page(found, language="nl" if language == "nl" else "en").save(path)
    if as_json:
        click.echo(json.dumps({"report": str(path), **_table(found.table())}, ensure_ascii=False, indent=1))
        return
    counts = ", ".join(f"{concept} {n}" for concept, n in found.counts.items())
    click.echo(f"{loaded.file.title}: {found.graph.n_states:,} states, equilibria: {counts}")
    for answer in found.hypotheses:
        click.echo(f"  {answer.status:<12} {answer.name}: {answer.hypothesis.claim}")
    click.echo(f"report: {path}")


@main.command(epilog=f"\b\nExample: bestand show literature/hipel-1980/garrison-diversion --replies single\n\n{EXIT}")
@_CASE
@_VIEW
@_REPLIES
@_JSON
def show(case: str, view: str | None, replies: str, as_json: bool) -> None:
    """Show parties, levers and where the conflict can rest."""
    from bestand.negotiate.stability import stability
    from bestand.show import Table

    loaded = _read(case)
    graph, values = _solved(loaded, view)
    levers = tuple(
        (name, lever.label, " ".join(lever.settings), loaded.now[name], lever.one_way or "") for name, lever in loaded.file.levers.items()
    )
    found = stability(graph, values, replies=replies)  # type: ignore[arg-type]
    if not as_json:
        click.echo(f"{loaded.file.title}\n{graph.n_states:,} states; parties: " + ", ".join(p.name for p in loaded.file.parties.values()) + "\n")
        if levers:
            click.echo(str(Table("Levers", ("lever", "what", "settings", "now", "one way"), levers)) + "\n")
    _put(found, as_json)


@main.command(
    epilog="\b\nExamples:\n  bestand why ukraine/2025-04 --state now --party ru --concept seq\n"
    f'  bestand why CASE --state "a.stops=yes,b.stops=yes" --party a\n\n{EXIT}'
)
@_CASE
@click.option("--state", default="now", show_default=True, help="`now`, a state's name or number, or LEVER=SETTING,… (the rest as now).")
@click.option("--party", required=True, help="For whom.")
@click.option("--concept", type=click.Choice(["nash", "gmr", "smr", "seq", "ssr"]), default="seq", show_default=True)
@_VIEW
@_REPLIES
@_JSON
def why(case: str, state: str, party: str, concept: str, view: str | None, replies: str, as_json: bool) -> None:
    """Say why a state is stable or unstable for a party: the tempting moves and what stops them."""
    from bestand.negotiate.why import why as witness_of

    graph, values = _solved(_read(case), view)
    witness = witness_of(graph, values, state=graph.state(_settings(state)), party=party, concept=concept, replies=replies)  # type: ignore[arg-type]
    if as_json:
        _put(witness, as_json)
    else:
        verdict = "stable" if witness.stable else "unstable"
        click.echo(f"[{graph.label(witness.state)}] is {verdict} for {party} under {concept}:")
        click.echo("\n".join(f"- {sentence}" for sentence in witness.words(graph)))
    sys.exit(0 if witness.stable else 1)


@main.command(epilog=f"\b\nExample: bestand paths ukraine/2025-04 --to ceasefire --by any\n\n{EXIT}")
@_CASE
@click.option("--to", "goal", required=True, help="Condition on the states to be reached.")
@click.option("--from", "start", default="now", show_default=True, help="Start, written as for `why --state`.")
@click.option("--by", type=click.Choice(["improving", "any"]), default="improving", show_default=True, help="Which moves count.")
@_VIEW
@_JSON
def paths(case: str, goal: str, start: str, by: str, view: str | None, as_json: bool) -> None:
    """Show the shortest ways from today to the states where a condition holds."""
    from bestand.case.conditions import parse, unknown
    from bestand.errors import CaseError, Place
    from bestand.negotiate.paths import paths as paths_to

    loaded = _read(case)
    graph, values = _solved(loaded, view)
    node = parse(goal)
    names = dict.fromkeys(graph.names, ("no", "yes")) if not graph.levers else loaded.settings
    problems = unknown(node, graph.terms, names, Place())
    if problems:
        raise CaseError(problems)
    found = paths_to(graph, values, start=graph.state(_settings(start)), goal=graph.where(node), by=by)  # type: ignore[arg-type]
    _put(found, as_json)
    sys.exit(0 if found.goals.size else 1)


@main.command()
@click.argument("old")
@click.argument("new")
@_JSON
def diff(old: str, new: str, as_json: bool) -> None:
    """Show which statements differ between two versions of a case."""
    from bestand.case.diff import diff as changes_of

    _put(changes_of(_read(old), _read(new)), as_json)


@main.command()
@click.argument("title")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write [default: print].")
def new(title: str, language: str, out: Path | None) -> None:
    """Start a commented case."""
    from bestand.case.template import new as template

    _give(template(title, language="nl" if language == "nl" else "en"), out)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write [default: print].")
def import_(file: Path, out: Path | None) -> None:
    """Read a GMCR+ save file (.gmcr) or neutral JSON as a case."""
    from bestand.case.imports import import_text
    from bestand.errors import CaseError, Place, Problem

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise CaseError(Problem("import/not-json", what, Place(str(file)))) from error
    _give(import_text(text, name=str(file)), out)


@main.command()
def schema() -> None:
    """Print the JSON Schema of case files, for editors."""
    from bestand.case.read import schema as schema_of

    click.echo(json.dumps(schema_of(), indent=1))


def _read(case: str, sources: Path | None = None) -> Case:
    from bestand.case.read import read

    return read(case, sources=sources)


def _solved(case: Case, view: str | None) -> tuple[Any, Any]:
    from bestand.graph.build import build
    from bestand.graph.worth import worth

    graph = build(case, view=view)
    return graph, worth(case, graph)


def _settings(text: str) -> str | dict[str, str]:
    """`now`, a name or a number as it is; `lever=setting,…` as a mapping."""
    if "=" not in text:
        return text
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {lever.strip(): setting.strip() for lever, _, setting in pairs}


def _out(name: str, case: Case, out: Path | None) -> Path:
    known = case.path is None or not Path(name).exists()
    stem = name.strip("/").replace("/", "-") if known else (Path(name).resolve().name if Path(name).is_dir() else Path(name).stem)
    if out is None:
        return Path("reports") / f"{stem}.html"
    return out / f"{stem}.html" if out.is_dir() or out.suffix == "" else out


def _table(table: Table) -> dict[str, Any]:
    return {"title": table.title, "rows": table.records(), "notes": list(table.notes)}


def _put(result: Shown, as_json: bool) -> None:
    _put_table(result.table(), as_json)


def _put_table(table: Table, as_json: bool) -> None:
    click.echo(json.dumps(_table(table), ensure_ascii=False, indent=1) if as_json else str(table))


def _give(text: str, out: Path | None) -> None:
    from bestand.case.write import write_text

    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(text, out)
        click.echo(f"written: {out}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, float | None], None]]:
    """A bar on the terminal, shown once the work has taken two seconds."""
    if not sys.stderr.isatty():
        yield lambda stage, share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task, began = bar.add_task("", total=1.0), time.monotonic()

    def tell(stage: str, share: float | None) -> None:
        if time.monotonic() - began > STILL and not bar.live.is_started:
            bar.start()
        bar.update(task, description=stage, completed=share or 0.0)

    try:
        yield tell
    finally:
        bar.stop()
