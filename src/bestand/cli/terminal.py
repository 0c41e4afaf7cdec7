"""How results leave the program: tables, JSON, CSV, files, and progress while one waits."""

from __future__ import annotations

import functools
import json
import math
import os
import re
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from bestand.errors import BestandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from bestand.graph.conflict import Conflict
    from bestand.show import Table
    from bestand.study.everything import Progress
    from bestand.telling.telling import Telling

OK, FOUND, USAGE, BAD_FILE, INTERRUPTED, UNHEARD = 0, 1, 2, 3, 130, 141  # the last two: 128, and the number of the signal
PATIENCE = 2.0  # seconds after which progress is shown
ABOUT, LANGUAGE = "bestand.about", "bestand.language"  # where a command keeps what it speaks of, and in which language
FEW_LINES = 8  # by which a table may be longer than it is turned: rows under their heads are easier to compare
_WORDS = re.compile(r"\S+(?: %)?")  # a number and its percent sign are one
BETWEEN = 10.0  # seconds between lines of progress where nobody sits at a terminal
STAGES = {
    "core": "first answers", "sensitivity": "what the answers lean on", "changes": "what changed", "compare": "comparing",
    "left out": "leaving out one by one", "play": "playing ahead", "posterior": "what was observed", "turns": "what turns the answers",
    "watch": "what to watch", "draws": "drawing what is open", "unlocking": "what would unlock it", "indicators": "what to watch",
    "sources": "what rests on which source", "truces": "how long truces last", "survival": "how long a truce lasts",
    "postures": "comparing postures", "strategies": "comparing strategies", "scenarios": "following scenarios",
}  # what the work is called while one waits, where its stage goes by a short name


def fail(message: str, code: int) -> NoReturn:
    """Says what is wrong on stderr and ends with an exit code."""
    note(message)
    sys.exit(code)


def note(text: str) -> None:
    """A line on stderr, beside what a command answers, wrapped to a terminal; nothing in it moves a cursor."""
    settled()
    from bestand.show import legible

    click.echo("\n".join(map(legible, _fitted(text, sys.stderr))), err=True)


def one_line(path: object) -> str:
    """A path, or another name that a stranger may have chosen, in one line of what a terminal shows.

    >>> one_line("a\\nb\\x1b[31m")
    'a␊b␛[31m'
    """
    from bestand.show import printable

    return printable(str(path)).replace("\n", "␊").replace("\t", "␉")


def say(text: str = "") -> None:
    """A text on stdout, wrapped to a terminal; what the terminal cannot show is written so that nothing is lost."""
    settled()
    from bestand.show import legible, printable

    click.echo("\n".join(map(legible, _fitted(printable(text), sys.stdout))))


def _fitted(text: str, stream: TextIO) -> list[str]:
    """The lines of a text; where a terminal shows them none is wider than it, so that no word is cut in two."""
    lines = text.split("\n")
    if not stream.isatty():
        return lines
    return [part for line in lines for part in (_wrapped(line, _width()) or [""])]


def _width() -> int:
    """How wide a terminal is, also one that knows no controls."""
    return max(40, shutil.get_terminal_size().columns)


def _wrapped(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)


def deliver(text: str | bytes, output: str | None, *, force: bool = False) -> None:
    """A text, or the bytes of a file, into a file that is not there yet, or printed."""
    settled()
    if output is None:
        click.echo(_shown(text) if sys.stdout.isatty() else text, nl=False)
        return
    from bestand.files import put

    refuse_existing(output, force=force)
    put(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, output, force=force)
    say(one_line(output))


def _shown(text: str | bytes) -> str:
    """A file as a terminal may have it; what is no text has no place there."""
    from bestand.show import printable

    try:
        return printable((text if isinstance(text, str) else text.decode("utf-8")).replace("\r\n", "\n"))
    except UnicodeDecodeError:
        fail("this file is no text: a terminal cannot show it\n  hint: give it a name (-o FILE)", USAGE)


def refuse_existing(output: str, *, force: bool) -> None:
    """Ends where a file would be replaced that nobody said may be, or none can be written."""
    from bestand.files import look_before

    if Path(output).exists() and not force:
        fail(f"[file/exists] {one_line(output)} is there already\n  hint: give another name, or --force to replace it", USAGE)
    look_before(output, force=force)


def show(table: Table, as_json: bool, *, told: Callable[[Telling], Table] | None = None) -> None:
    """A table in the terminal in words; its rows as JSON, or, with BESTAND_TABLES=csv, as CSV, with the case's code names.

    told : how the table is put into words, where cell by cell will not do
    """
    settled()
    if as_json:
        print_json(table.records())
    elif os.environ.get("BESTAND_TABLES") == "csv":
        from bestand.exchange.workbook import csv_text

        click.echo(csv_text(table).replace("\r\n", "\n"), nl=False)  # a text stream ends lines as its system does
    else:
        table = _in_words(table, told)
        if sys.stdout.isatty():
            on_terminal(table)
        else:
            say(f"{table}\n")


def told_of(conflict: Conflict) -> None:
    """Keeps the conflict that a command speaks of: tables are told in the words of its case."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[ABOUT] = conflict


def language() -> str:
    """The language that a command was asked to speak of the case in."""
    context = click.get_current_context(silent=True)
    return "en" if context is None else str(context.meta.get(LANGUAGE, "en"))


def telling_of(conflict: Conflict) -> Telling:
    """What tells of a case in the reader's words, in the language that a command was asked to speak."""
    from bestand.telling.telling import Telling
    from bestand.telling.words import words

    return Telling(conflict, words(language()))


def speaking(chosen: str) -> None:
    """Keeps the language in which a command goes on speaking, where it has words in it: that of a case that is drafted for."""
    from bestand.telling.words import LANGUAGES

    context = click.get_current_context(silent=True)
    if context is not None and chosen in LANGUAGES:
        context.meta[LANGUAGE] = chosen


def mistakes_told(error: BestandError) -> str:
    """What went wrong, as the error says itself, in the language that the command was asked for."""
    if language() == "en":
        return str(error)
    from bestand.telling.problems import problem_words
    from bestand.telling.words import words

    said = [(each, *problem_words(each, language())) for each in error.problems]
    told = [replace(each, what=what, hint=hint) for each, what, hint in said]
    return str(BestandError(told)).replace("\n  hint: ", f"\n  {words(language())('problem_hint')}: ")


def sentence(text: str) -> str:
    """A sentence of a command in the language that it was asked for."""
    from bestand.telling.tables import told_in

    return told_in(text, language())


def _in_words(table: Table, told: Callable[[Telling], Table] | None) -> Table:
    context = click.get_current_context(silent=True)
    about = None if context is None else context.meta.get(ABOUT)
    from bestand.telling.tables import translated

    if about is None:
        return translated(table, language(), code_names=True)
    from bestand.report.worded import worded

    telling = telling_of(about)
    return translated(told(telling) if told is not None else worded(table, telling), language())


def on_terminal(table: Table) -> None:
    """A table on a terminal, fitted to its width; turned, a line for each cell, where that takes fewer lines or a word would be cut."""
    from rich.table import Table as Rich
    from rich.text import Text

    from bestand.show import cell_text, legible

    heads = [legible(column) for column in table.columns]
    rows = [[legible(cell_text(cell)) for cell in row] for row in table.rows]
    title, console = Text(legible(table.title), style="bold italic"), styled()
    widths, turned = _widths([heads, *rows], console.width), _turned(heads, rows, console.width)
    shown = Rich(title=title if table.title else None, title_justify="left", header_style="bold")
    for k, head in enumerate(heads):
        shown.add_column(Text(head), overflow="fold", width=widths[k] if widths else None)
    for row in rows:
        shown.add_row(*map(Text, row))
    if rows and not (widths and len(console.render_lines(shown)) <= len(turned) + FEW_LINES):
        for line in [*([title] if table.title else []), *map(Text, turned)]:
            console.print(line, soft_wrap=True)
    else:
        console.print(shown)
    for note in table.notes:
        console.print(Text(legible(note)))


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """How wide each column of a table is, borders aside, so that no word is cut: those that have most to show get most; empty if it does not fit.

    >>> _widths([["a", "what"], ["1", "one word and another"]], 24), _widths([["a", "what"], ["1", "unbreakable_" * 3]], 24)
    ([1, 16], [])
    """
    from rich.cells import cell_len

    longest = [max((cell_len(word) for cell in column for word in _WORDS.findall(cell)), default=1) for column in zip(*rows, strict=True)]
    natural = [max(1, *map(cell_len, column)) for column in zip(*rows, strict=True)]
    spare = width - sum(longest) - 3 * len(longest) - 1
    for _ in range(min(spare, sum(natural) - sum(longest))):
        most = max(range(len(longest)), key=lambda k: natural[k] / longest[k])
        longest[most] += 1
    return longest if spare >= 0 else []


def _turned(heads: list[str], rows: list[list[str]], width: int) -> list[str]:
    """The lines of a table with each cell on a line of its own after its head, and a blank line after each row.

    >>> _turned(["who", "what it wants"], [["Alm", "a truce"], ["Brill", ""]], 80)
    ['who: Alm', 'what it wants: a truce', '', 'who: Brill', '']
    """
    return [line for row in rows for line in (*_cells(heads, row, width), "")]


def _cells(heads: list[str], row: list[str], width: int) -> Iterator[str]:
    for head, cell in zip(heads, row, strict=True):
        if cell:
            yield from _wrapped(f"{head}: {cell}" if head else cell, width)


def styled() -> Console:
    """Where text is printed in bold and colours; in neither where nobody wants them, or the terminal takes plain lines only."""
    from rich.console import Console

    plain = os.environ.get("NO_COLOR") or os.environ.get("CLICOLOR") == "0" or _lines_only()
    return Console(color_system=None if plain else "auto", width=_width())


def _lines_only() -> bool:
    """Whether a terminal knows no controls, as those inside editors: it says so, or says nothing of itself."""
    return os.name != "nt" and os.environ.get("TERM", "").lower() in ("", "dumb", "unknown")


def print_json(value: object) -> None:
    """A value as JSON; what is no number is null."""
    settled()
    click.echo(json.dumps(_numbers(value), ensure_ascii=False, indent=2, allow_nan=False))


def _numbers(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class WaitingBar:
    """What is told on stderr while one waits: nothing for two seconds, then a bar on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {"within": 0.0, "stage": "working", "share": 0.0, "language": language()}
        self.done = threading.Event()
        drawn = sys.stderr.isatty() and not _lines_only()
        self.watcher = threading.Thread(target=draw_bar if drawn else tell_lines, args=(self.said, self.done), daemon=True)
        self.watcher.start()

    def told(self, stage: str, share: float) -> None:
        """Takes down how far the work is."""
        self.said.update(stage=stage, share=share, within=0.0)

    def end(self) -> None:
        """Clears the line, before anything else is printed."""
        self.done.set()
        self.watcher.join()
        _listen(None)


_waiting: list[WaitingBar] = []  # at most one


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Tells of progress on stderr, once it has taken longer than two seconds, until something is printed; inside another one goes on with that."""
    if _waiting:
        yield _waiting[0].told
        return
    _waiting.append(bar := WaitingBar())
    try:
        yield bar.told
    finally:
        settled()


def waited_for(command: Callable[..., object]) -> Callable[..., object]:
    """The command, which says that it works when it takes long."""

    @functools.wraps(command)
    def told(*given: Any, **named: Any) -> object:
        with progress_bar():
            return command(*given, **named)

    return told


def settled() -> None:
    """Ends what is told of progress: there is an answer to print."""
    for bar in _waiting:
        bar.end()
    _waiting.clear()


def _listen(to: Callable[[float], None] | None) -> None:
    """Hears from compiled code how far it is; from nobody where it is not loaded, or another thread loads it just now."""
    listen = getattr(sys.modules.get("bestand.kernels"), "listen", None)
    if listen is not None:
        listen(to)


def share_done(said: dict[str, Any]) -> float:
    """How far the stage is by what it says itself; where it says nothing, how far the call into compiled code is that it waits for."""
    _listen(lambda share: said.update(within=share))
    return float(said["share"] or said["within"])


def _words(said: dict[str, Any]) -> Callable[[str], str]:
    """Words of progress in the language of the command: asked for by a thread of its own, once somebody waits."""
    from bestand.telling.tables import told_in

    return lambda text: told_in(STAGES.get(text, text), said["language"])


def draw_bar(said: dict[str, Any], done: threading.Event) -> None:
    """On a terminal: one line, written over five times a second until it is done."""
    began = time.monotonic()
    if done.wait(PATIENCE):
        return
    words = _words(said)
    while not done.wait(0.2):
        share, seconds = share_done(said), time.monotonic() - began
        filled = int(24 * share)
        bar = "━" * filled + "─" * (24 - filled) if share else "·" * (int(seconds * 5) % 24)  # dots: how far is not known
        click.echo(f"\r{bar:<24} {words(said['stage']):<28} {seconds:4.0f} s", err=True, nl=False)
    click.echo("\r" + " " * 60 + "\r", err=True, nl=False)


def tell_lines(said: dict[str, Any], done: threading.Event) -> None:
    """Elsewhere: a line now and then, until it is done."""
    began, wait = time.monotonic(), PATIENCE
    while not done.wait(wait):
        wait, words = BETWEEN, _words(said)
        share, seconds = share_done(said), time.monotonic() - began
        far = f"{100 * share:.0f} {words('% after')}" if share else words("for")  # how far is not known
        click.echo(f"bestand: {words(said['stage'])}, {far} {seconds:.0f} s", err=True)
