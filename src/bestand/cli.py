"""The command line: every command is a library function with its result printed."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bestand.errors import BestandError, CaseError, EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bestand.case.loaded import Case
    from bestand.show import Table
    from bestand.study import Progress, Study

OK, FOUND, USAGE, BAD_FILE = 0, 1, 2, 3
PATIENCE = 2.0  # seconds after which progress is shown
EXIT_CODES = """\b
Exit codes:
  0  done
  1  check: a finding of severity error; diff: something changed; paths: no way there
  2  wrong usage, or a question this case cannot answer
  3  the case file, a source or an import cannot be read as it stands

Set BESTAND_DEBUG=1 to see where in the program an error arose."""


class _Commands(click.Group):
    """The commands; errors are printed as they say themselves, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        if os.environ.get("BESTAND_DEBUG") == "1":
            return super().invoke(ctx)
        try:
            return super().invoke(ctx)
        except (CaseError, EvidenceError) as error:
            _fail(str(error), BAD_FILE)
        except BestandError as error:
            _fail(str(error), USAGE)
        except OSError as error:
            _fail(f"[file/{error.__class__.__name__}] {error.strerror or error}: {error.filename or ''}", BAD_FILE)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


@click.group(cls=_Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, _, on: _version(ctx, on))
def main() -> None:
    """From a written account of a conflict to an executable model: where it can rest, and why.

    CASE is a case file, a folder with a case.yaml, or a name in the catalogue (see `bestand list`).
    """


def _version(ctx: click.Context, on: bool) -> None:
    if on:
        from bestand.study import program_version

        click.echo(f"bestand {program_version()}")
        ctx.exit()


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


_sources = click.option("--sources", type=click.Path(file_okay=False), help="Folder with the source documents.")
_view = click.option("--view", help="View of the case (`core`, if it has one).")
_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_case = click.argument("case")


@main.command(name="check", epilog=_examples("bestand check ukraine/2025-04", "bestand check my-case.yaml --json"))
@_case
@_sources
@click.option("--keep-text", is_flag=True, help="Write the text of PDF, Word and HTML sources beside them, as NAME.txt.")
@_json
def check_command(case: str, sources: str | None, keep_text: bool, as_json: bool) -> None:
    """Read a case, check its quotes, and list what an analyst should look at again."""
    from pathlib import Path

    from bestand.case.check import check
    from bestand.case.quotes import keep_texts

    read = _read(case, sources)
    if keep_text:
        for kept in keep_texts(read.file, read.path, Path(sources) if sources else None):
            click.echo(f"text kept: {kept}", err=True)
    findings = check(read)
    _print(findings.table(), as_json)
    sys.exit(FOUND if findings.worst() == "error" else OK)


@main.command(name="run", epilog=_examples("bestand run ukraine/2025-04", "bestand run ukraine/2025-04 --language nl --out page.html"))
@_case
@_view
@click.option("--language", default="en", show_default=True, help="Language of the page: en or nl.")
@click.option("--out", type=click.Path(), help="File (….html) or folder for the page.  [default: reports]")
@click.option("--since", help="An earlier version of the case: say what turned round.")
@_sources
@_json
def run_command(
    case: str, view: str | None, language: str, out: str | None, since: str | None, sources: str | None, as_json: bool
) -> None:
    """Study a case and write the report: one HTML page that needs no network."""
    from bestand.report.page import report
    from bestand.report.summary import records, summary

    with _progress() as progress:
        found = _study(case, view, sources, progress)
        earlier = _study(since, view, sources, progress) if since else None
        page = report(found, since=earlier, language=language)
    path = page.save(_report_path(found.case, case, out))
    if as_json:
        _print_json({"report": str(path), **records(found)})
    else:
        click.echo(summary(found, language))
        click.echo(f"\n{path}")


@main.command(name="show", epilog=_examples("bestand show ukraine/2025-04 --view land"))
@_case
@_view
@_sources
@_json
def show_command(case: str, view: str | None, sources: str | None, as_json: bool) -> None:
    """Print parties, levers and where the conflict can rest."""
    from bestand.report.summary import tables

    with _progress() as progress:
        found = _study(case, view, sources, progress, hypotheses=False)
    shown = tables(found)
    if as_json:
        _print_json({table.title: table.records() for table in shown})
        return
    for table in shown:
        _print(table, False)


@main.command(
    name="why",
    epilog=_examples(
        "bestand why ukraine/2025-04 --party ru",
        'bestand why ukraine/2025-04 --party us --state "us.mediates=no,us.presence=umbrella" --concept nash',
    ),
)
@_case
@click.option("--state", default="now", show_default=True, help="now, a state's name, or lever=setting,… (the rest as today).")
@click.option("--party", "parties", multiple=True, help="Party to explain (all, if not given; may be repeated).")
@click.option("--concept", default="seq", show_default=True, help="nash, gmr, smr, seq or ssr.")
@_view
@_sources
@_json
def why_command(
    case: str, state: str, parties: Sequence[str], concept: str, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Say why a party would stay in a state or leave it: the tempting move, and the reply that stops it."""
    from bestand.negotiate.why import why
    from bestand.report.telling import Telling
    from bestand.report.words import words

    asked, graph, worth = _solved(case, view, sources)
    number, telling = graph.state(_settings(state)), Telling(asked, graph, words("en"))
    witnesses: list[Any] = [
        why(graph, worth, state=number, party=party, concept=concept)  # type: ignore[arg-type]
        for party in parties or graph.parties
    ]
    if as_json:
        _print_json([{"party": w.party, "stable": w.stable, "state": graph.label(w.state), "words": telling.witness(w)} for w in witnesses])
        return
    for witness in witnesses:
        click.echo(f"{telling.party(witness.party)}: {'stays' if witness.stable else 'would leave'}")
        click.echo("\n".join(f"  {sentence}" for sentence in telling.witness(witness)))


@main.command(name="paths", epilog=_examples("bestand paths ukraine/2025-04 --to ceasefire --by any"))
@_case
@click.option("--to", "to", required=True, help="Condition on the states to reach.")
@click.option("--by", type=click.Choice(["improving", "any"]), default="improving", show_default=True, help="Which moves count.")
@click.option("--from", "start", default="now", show_default=True, help="State to start from.")
@click.option("--most", default=5, show_default=True, help="How many ways to print, shortest first.")
@_view
@_sources
@_json
def paths_command(
    case: str, to: str, by: Any, start: str, most: int, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Print the shortest ways to the states where a condition holds; exit 1 if there are none."""
    from bestand.negotiate.paths import paths
    from bestand.report.summary import ways

    asked, graph, worth = _solved(case, view, sources)
    goal = graph.where(_condition(asked, to))
    found = paths(graph, worth, start=graph.state(_settings(start)), goal=goal, by=by)
    _print(ways(asked, found, most=most), as_json)
    sys.exit(OK if found.goals.size else FOUND)


@main.command(name="diff", epilog=_examples("bestand diff last-week.yaml this-week.yaml"))
@click.argument("old")
@click.argument("new")
@_sources
@_json
def diff_command(old: str, new: str, sources: str | None, as_json: bool) -> None:
    """List the statements that differ between two cases; exit 1 if any does."""
    from bestand.case.diff import diff

    found = diff(_read(old, sources), _read(new, sources))
    _print(found.table(), as_json)
    sys.exit(FOUND if found.changes else OK)


@main.command(name="new", epilog=_examples('bestand new "Water dispute" -o water.yaml'))
@click.argument("title")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the comments.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File to write (printed, if not given).")
def new_command(title: str, language: Any, output: str | None) -> None:
    """Start a commented case file."""
    from bestand.case.template import new

    _deliver(new(title, language=language), output)


@main.command(name="import", epilog=_examples("bestand import elmira.json -o elmira.yaml", "bestand import study.gmcr"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File to write (printed, if not given).")
def import_command(file: str, output: str | None) -> None:
    """Make a case file of another program's JSON or a GMCR+ save file (.gmcr)."""
    from bestand.case.imports import import_text

    try:
        text = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        _fail(f"[import/not-text] {file} is not UTF-8 text", BAD_FILE)
        return
    _deliver(import_text(text, name=file), output)


@main.command(name="schema", epilog=_examples("bestand schema > case.schema.json"))
def schema_command() -> None:
    """Print the JSON Schema of case files, for editors."""
    from bestand.case.read import schema

    _print_json(schema())


@main.command(name="list")
@_json
def list_command(as_json: bool) -> None:
    """List the cases of the catalogue."""
    from bestand.case.read import catalogue

    names = catalogue()
    if as_json:
        _print_json(list(names))
    else:
        click.echo("\n".join(names))


def _read(case: str, sources: str | None) -> Case:
    from bestand.case.read import read

    return read(case, sources=sources)


def _study(case: str, view: str | None, sources: str | None, progress: Progress, *, hypotheses: bool = True) -> Study:
    from bestand.study import study

    return study(_read(case, sources), view=view, progress=progress, hypotheses=hypotheses)


def _solved(case: str, view: str | None, sources: str | None) -> tuple[Case, Any, Any]:
    from bestand.graph.build import build
    from bestand.graph.worth import worth

    found = _read(case, sources)
    graph = build(found, view=view)
    return found, graph, worth(found, graph)


def _condition(case: Case, text: str) -> Any:
    from bestand.case.conditions import unknown
    from bestand.errors import AskError, Place

    node = case.condition(text)
    if not case.file.graph:
        problems = unknown(node, case.terms, case.settings, Place(at="--to"))
        if problems:
            raise AskError(problems)
    return node


def _settings(state: str) -> str | dict[str, str]:
    """A state's name, or the settings in ``lever=setting,…``."""
    if "=" not in state:
        return state
    pairs = [part.partition("=") for part in state.split(",") if part.strip()]
    return {lever.strip(): setting.strip() for lever, _, setting in pairs}


def _report_path(case: Case, name: str, out: str | None) -> Path:
    """Where the page goes: the file asked for, or a file named for the case in the folder asked for."""
    if out and Path(out).suffix == ".html":
        return Path(out)
    path = Path(name)
    stem = path.parent.name if path.name == "case.yaml" else path.stem if path.suffix in (".yaml", ".yml") else name.strip("/.")
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in stem.removeprefix("cases/")).strip("-.")
    return Path(out or "reports") / f"{safe or 'case'}.html"


def _deliver(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from bestand.case.write import write_text

    write_text(text, Path(output))
    click.echo(output)


def _print(table: Table, as_json: bool) -> None:
    """A table in the terminal, or its rows as JSON."""
    if as_json:
        _print_json(table.records())
        return
    if not sys.stdout.isatty():
        click.echo(f"{table}\n")
        return
    _on_terminal(table)


def _on_terminal(table: Table) -> None:
    """A table on a terminal, fitted to its width."""
    from rich.console import Console
    from rich.table import Table as Rich
    from rich.text import Text

    from bestand.show import plain

    shown = Rich(title=Text(table.title) if table.title else None, title_justify="left", header_style="bold")
    for column in table.columns:
        shown.add_column(column, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(plain(cell)) for cell in row))
    console = Console()
    console.print(shown)
    for note in table.notes:
        console.print(Text(note))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def _progress() -> Iterator[Progress]:
    """Tells of progress on stderr, once it has taken longer than two seconds and somebody is looking."""
    said: dict[str, object] = {"stage": "reading", "share": 0.0}
    done = threading.Event()

    def told(stage: str, share: float) -> None:
        said.update(stage=stage, share=share)

    watcher = threading.Thread(target=_watch, args=(said, done), daemon=True)
    if sys.stderr.isatty():
        watcher.start()
    try:
        yield told
    finally:
        done.set()
        if watcher.is_alive():
            watcher.join()


def _watch(said: Mapping[str, Any], done: threading.Event) -> None:
    began = time.monotonic()
    if done.wait(PATIENCE):
        return
    while not done.wait(0.2):
        filled = int(24 * float(said["share"]))
        bar = "━" * filled + "─" * (24 - filled)
        click.echo(f"\r{bar} {said['stage']:<12} {time.monotonic() - began:4.0f} s", err=True, nl=False)
    click.echo("\r" + " " * 60 + "\r", err=True, nl=False)
