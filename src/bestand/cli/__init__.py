"""The command line: every command is a library function with its result printed."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import click

from bestand.cli.agreements import AGREEMENTS
from bestand.cli.asking import spare_what_is_read
from bestand.cli.bargain import BARGAIN
from bestand.cli.changes import CHANGES
from bestand.cli.drafting import DRAFTING
from bestand.cli.exchange import EXCHANGE
from bestand.cli.files import FILES
from bestand.cli.history import HISTORY
from bestand.cli.manual import MANUAL
from bestand.cli.pages import PAGES
from bestand.cli.questions import QUESTIONS
from bestand.cli.sweep import SWEEP
from bestand.cli.terminal import BAD_FILE, INTERRUPTED, UNHEARD, USAGE, fail, mistakes_told, waited_for
from bestand.cli.topics import write_topics
from bestand.cli.truces import TRUCES
from bestand.cli.watch import WATCH
from bestand.cli.web import WEB
from bestand.errors import BestandError, CaseError, EvidenceError, FileError, Problem
from bestand.loading import own_interrupts

EXIT_CODES = """\b
Exit codes:
  0    done
  1    done, and the answer is one to act on: check: a finding of severity
       error; diff: something changed; paths, unlock, agreements, joint: there
       are none; violations: the last count is out of the ordinary
  2    refused: wrong usage, or a question that this case cannot answer
  3    the case file, a source or an import cannot be read as it stands
  130  interrupted
  141  whoever reads what is printed went away (as head does)

Set BESTAND_DEBUG=1 to see where in the program an error arose,
BESTAND_TABLES=csv for tables as CSV, NO_COLOR=1 for plain text."""


class _Commands(click.Group):
    """The commands; errors are printed as they say themselves, never as a traceback."""

    def main(self, *args: Any, **named: Any) -> Any:
        """Parses what was typed and does it; ends as the shell expects wherever it is stopped from without."""
        with _stopped():
            return super().main(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command, and tells of what went wrong by message and exit code."""
        lose_nothing()
        with _stopped():
            own_interrupts()
            if os.environ.get("BESTAND_DEBUG") == "1":
                return super().invoke(ctx)
            try:
                return super().invoke(ctx)
            except (CaseError, EvidenceError, FileError) as error:
                fail(mistakes_told(error), BAD_FILE)
            except BestandError as error:
                fail(mistakes_told(error), USAGE)
            except click.ClickException as error:
                raise _plain(error) from None
            except BrokenPipeError:
                raise
            except OSError as error:
                fail(str(FileError(Problem("file/refused", ": ".join(filter(None, (error.strerror or str(error), error.filename)))))), BAD_FILE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by topic, each in one line."""
        write_topics(formatter)

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        """The context of a call; what is wrong with it is told without the control characters that were typed."""
        with _stopped():
            try:
                _could_be_typed(args[1])
                return super().make_context(*args, **named)
            except click.ClickException as error:
                raise _plain(error) from None


def _forget() -> None:
    """Lets what is still to be written when Python ends go nowhere."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _stopped() -> Iterator[None]:
    """Ends quietly where whoever reads has heard enough, and with a word where somebody interrupts: each by the shell's own code."""
    try:
        yield
    except BrokenPipeError:
        _forget()
        sys.exit(UNHEARD)
    except KeyboardInterrupt:
        fail("interrupted", INTERRUPTED)
    except click.Abort as error:  # a question to whoever sits there
        if isinstance(error.__context__, KeyboardInterrupt):
            fail("interrupted", INTERRUPTED)
        fail("nobody answers: there is no more input; what was decided before is kept", USAGE)
    except Exception as error:
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        fail("interrupted", INTERRUPTED)  # while a module loads, an interrupt may come as an error of what loads it


def _could_be_typed(words: Sequence[str]) -> None:
    """Refuses words that name nothing, as those of a variable without a value, and words that no file can be named by: a character of code 0,
    or half a character.
    """
    for word in words:
        if not word or (word.startswith("--") and word.endswith("=")):
            what = f"after {word[:-1]:.80} nothing is given" if word else "a word that is typed is empty"
            raise click.UsageError(f"{what}: leave it out, or look whether a variable of the shell has no value")
        try:
            whole = b"\0" not in os.fsencode(word)
        except UnicodeEncodeError:
            whole = False
        if not whole:
            raise click.UsageError(f"{word!r:.80} has a character that no name can have")


def _plain(error: click.ClickException) -> click.ClickException:
    from bestand.errors import MOST_LETTERS, short
    from bestand.show import legible

    said = error.message
    if len(said) > 2 * MOST_LETTERS:  # whatever was typed stands in it, and what would do behind that
        said = short(said) + said[-MOST_LETTERS:]
    error.__dict__["message"] = legible(said)
    return error


def lose_nothing() -> None:
    """A terminal that is not UTF-8 shows what it cannot as escapes; what goes to a file is UTF-8 on Windows as well; and where stdout
    or stderr is closed, what would stand there goes nowhere.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the program ends, as stdout is
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    chosen = "PYTHONIOENCODING" in os.environ
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            to_file = os.name == "nt" and not chosen and not stream.isatty()
            stream.reconfigure(errors="backslashreplace", **({"encoding": "utf-8"} if to_file else {}))


@click.group(cls=_Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, _, on: _version(ctx, on))
def main() -> None:
    """From a written account of a conflict to an executable model: where it can rest, and why.

    CASE is a case file, a folder with a case.yaml, or a name in the catalogue (see `bestand list`). Begin with `bestand run example/en`;
    `bestand COMMAND --help` says what each command takes, with examples. New to conflict analysis: `bestand docs conflict-analysis`.
    """


def _version(ctx: click.Context, on: bool) -> None:
    if on:
        from bestand import __version__

        click.echo(f"bestand {__version__}")
        ctx.exit()


def _sparing(command: Callable[..., object]) -> Callable[..., object]:
    """The command, which writes over nothing that it reads."""

    @functools.wraps(command)
    def spared(*given: Any, **named: Any) -> object:
        spare_what_is_read(named)
        return command(*given, **named)

    return spared


COMMANDS = (
    *PAGES, *FILES, *EXCHANGE, *DRAFTING, *QUESTIONS, *CHANGES, *AGREEMENTS, *BARGAIN, *TRUCES, *WATCH, *HISTORY, *SWEEP, *WEB,
    *MANUAL,
)  # fmt: skip
for _command in COMMANDS:
    if _command not in (*DRAFTING, *WEB):  # they ask whoever sits there, or serve until they are stopped
        _command.callback = waited_for(_sparing(_command.callback))
    main.add_command(_command)
