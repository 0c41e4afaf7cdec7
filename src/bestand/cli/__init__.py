"""The command line: every command is a library function with its result printed."""

from __future__ import annotations

import os
from typing import Any

import click

from bestand.cli.drafting import DRAFTING
from bestand.cli.files import FILES
from bestand.cli.questions import QUESTIONS
from bestand.cli.terminal import BAD_FILE, USAGE, fail
from bestand.cli.truces import TRUCES
from bestand.errors import BestandError, CaseError, EvidenceError, FileError

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
        except (CaseError, EvidenceError, FileError) as error:
            fail(str(error), BAD_FILE)
        except BestandError as error:
            fail(str(error), USAGE)
        except OSError as error:
            fail(f"[file/{error.__class__.__name__}] {error.strerror or error}: {error.filename or ''}", BAD_FILE)


@click.group(cls=_Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, _, on: _version(ctx, on))
def main() -> None:
    """From a written account of a conflict to an executable model: where it can rest, and why.

    CASE is a case file, a folder with a case.yaml, or a name in the catalogue (see `bestand list`).
    """


def _version(ctx: click.Context, on: bool) -> None:
    if on:
        from bestand.study.everything import program_version

        click.echo(f"bestand {program_version()}")
        ctx.exit()


for _command in (*FILES, *DRAFTING, *QUESTIONS, *TRUCES):
    main.add_command(_command)
