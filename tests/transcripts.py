"""What the program says about each catalogue case: `python -m tests.transcripts` writes it anew beside the cases."""

from __future__ import annotations

import pathlib
import tempfile

from click.testing import CliRunner

from bestand.case.read import catalogue
from bestand.cli import main

CASES = pathlib.Path(__file__).parent.parent / "cases"
MOST_LINES = 80


def transcript(name: str) -> str:
    """Output of `show` and, but for published graphs, of `run` and `carries`, without the path of the page."""
    with tempfile.TemporaryDirectory() as folder:
        commands = [["show", name]]
        if not name.startswith("literature/"):
            commands += [["run", name, "--quick", "--out", f"{folder}/page.html"], ["sensitivity", name]]
        told = []
        for command in commands:
            result = CliRunner().invoke(main, command, catch_exceptions=False)
            lines = [line.rstrip() for line in result.stdout.splitlines() if folder not in line]
            told += [f"$ bestand {command[0]} {name}", *lines[:MOST_LINES], ""]
    return "\n".join(told)


if __name__ == "__main__":
    for case in catalogue():
        (CASES / case / "transcript.txt").write_text(transcript(case), encoding="utf-8")
