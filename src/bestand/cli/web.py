"""The command of the workbench: open."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import click

from bestand.cli.asking import examples, sources_, spoken_
from bestand.cli.terminal import INTERRUPTED, note, say


@click.command(name="open", epilog=examples("bestand open", "bestand open my-case.yaml", "bestand open ukraine/2025-04 --language nl"))
@click.argument("case", required=False)
@sources_
@spoken_("Language to begin with.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on this machine.  [default: one that stays the same for the folder]")
@click.option("--no-browser", is_flag=True, help="Print the link, and open no browser.")
@click.option("--new-key", is_flag=True, help="Make a new key: links and pages opened with the old one are shut out.")
@click.option("--behind", multiple=True, metavar="HOST", help="A name under which an authenticating proxy in front is asked for.")
@click.option("--https", is_flag=True, help="That proxy speaks TLS.")
def open_command(
    case: str | None, sources: str | None, language: str, port: int | None, no_browser: bool, new_key: bool, behind: tuple[str, ...], https: bool,
) -> None:
    """Open the workbench: read, build and ask a case in the browser.

    Without CASE it begins from an empty page in this folder. A case of the catalogue is copied into this folder first.
    Everything stays on this machine: the page is served to it alone, and only to who has the link.
    """
    from bestand.web.bench import Bench
    from bestand.web.desk import Desk
    from bestand.web.serve import serve

    path = _path(case) if case else None
    folder = path.resolve().parent if path else Path.cwd()
    known = Path(sources) if sources else None
    bench = Bench(folder, Desk(path, known) if path else None, sources=known, language=language)
    serve(bench, port=port, fresh=new_key, also=behind, https=https, ready=lambda link: _show(link, quiet=no_browser), late=_leave)


def _path(case: str) -> Path:
    """The file to work on; a case of the catalogue is copied first."""
    from bestand.case.read import NAME_OF_FILE, catalogue
    from bestand.web.started import copied

    path = Path(case)
    if path.is_dir() and (path / NAME_OF_FILE).is_file():
        return path / NAME_OF_FILE
    if not path.exists() and case.strip("/") in catalogue():
        return copied(case.strip("/"), Path.cwd())
    return path


def _leave() -> None:
    """Ends the program as an interrupt does, though threads are at work that nothing interrupts and that Python would wait for."""
    if threading.main_thread().is_alive():  # else it has told so already
        note("interrupted")
    os._exit(INTERRUPTED)


def _show(link: str, *, quiet: bool) -> None:
    say(f"The workbench is open at\n  {link}\nKeep this window; stop with Ctrl-C.")
    if not quiet:
        click.launch(link)


WEB = (open_command,)
