"""How results leave the program: tables, JSON, CSV, files, and progress while one waits."""

from __future__ import annotations

import csv
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bestand.show import Table
    from bestand.study.everything import Progress

OK, FOUND, USAGE, BAD_FILE = 0, 1, 2, 3
PATIENCE = 2.0  # seconds after which progress is shown


def fail(message: str, code: int) -> None:
    """Says what is wrong on stderr and ends with an exit code."""
    click.echo(message, err=True)
    sys.exit(code)


def deliver(text: str, output: str | None) -> None:
    """A text into a file, or printed."""
    if output is None:
        click.echo(text, nl=False)
        return
    from bestand.case.write import write_text

    write_text(text, Path(output))
    click.echo(output)


def show(table: Table, as_json: bool) -> None:
    """A table in the terminal, its rows as JSON, or, with BESTAND_TABLES=csv, as CSV."""
    if as_json:
        print_json(table.records())
        return
    if os.environ.get("BESTAND_TABLES") == "csv":
        rows = csv.writer(sys.stdout)
        rows.writerows([table.columns, *table.rows])
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


def print_json(value: object) -> None:
    """A value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress_bar() -> Iterator[Progress]:
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
