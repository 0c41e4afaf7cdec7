"""Commands that study a case and write a page: `run`, the report; `brief`, two pages for the one who decides."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bestand.cli.asking import Command, Number, case_, draws_, examples, json_, read_case, seed_, sources_, spoken_, view_
from bestand.cli.terminal import one_line, print_json, progress_bar, say

if TYPE_CHECKING:
    from bestand.case.loaded import Case
    from bestand.changes.earlier import EarlierVersion
    from bestand.study.everything import Progress, Study
    from bestand.study.flips import Flips

DOCUMENTS = (".html", ".htm", ".pdf", ".docx", ".doc", ".odt", ".md", ".txt")  # endings that nobody gives a folder
SECONDS = (
    "Time for truces that are played forward and for what to watch, together; and as much again for --since. With less than is usual, "
    "claims that are played forward are put to fewer draws."
)


def _page(command: Command) -> Command:
    """A command that writes a page about one view of one case, in a language, with what changed since an earlier version."""
    for option in (
        json_,
        sources_,
        seed_,
        click.option("--seconds", type=Number(0.1), default=15.0, show_default=True, help=SECONDS),
        click.option("--since", metavar="FILE|DATE|GIT-REV", help="An earlier version of the case: say what changed and what that turned."),
        click.option("-o", "--out", type=click.Path(), help="File (….html, ….pdf) or folder for the page.  [default: reports]"),
        click.option("--force", is_flag=True, help="Replace a file that is there already, also one that is no page of this program."),
        spoken_("Language of the page."),
        view_,
        case_,
    ):
        command = option(command)
    return command


def _studied(
    case: Case, since: str | None, *, view: str | None, draws: int | None, seed: int, seconds: float, sources: str | None, quick: bool = False
) -> tuple[Study, Flips | None]:
    """A case studied, and what came out otherwise since an earlier version of it."""
    from bestand.changes.earlier import earlier
    from bestand.study.stages import study

    old, against = earlier(case, since, sources=sources) if since is not None else (None, None)
    with progress_bar() as progress:
        everything = study(case, view=view, draws=draws, seed=seed, quick=quick, seconds=seconds, progress=progress)
        if old is None:
            return everything, None
        return everything, turned(old, case, view=view, seconds=seconds, against=against, progress=progress)


def turned(old: Case, new: Case, *, view: str | None, seconds: float, against: EarlierVersion | None, progress: Progress) -> Flips:
    """What came out otherwise between two versions, within so many seconds."""
    from bestand.study.clock import by_the_clock
    from bestand.study.flips import flips

    progress("changes", 0.0)
    budget = by_the_clock(seconds, lambda share: progress("changes", share))
    return flips(old, new, view=view, hypotheses=True, truces=True, budget=budget, against=against)


@click.command(
    name="run",
    epilog=examples(
        "bestand run ukraine/2025-04", "bestand run ukraine/2025-04 --language nl --out page.html", "bestand run ukraine/2025-04 --out page.pdf",
    ),
)
@_page
@draws_(None, "  [default: 200; with --quick 50]")
@click.option("--quick", is_flag=True, help="Leave out what turns answers, deals, unlocking, coalitions, truces and what to watch.")
def run_command(
    case: str, view: str | None, quick: bool, language: str, out: str | None, force: bool, since: str | None, draws: int | None, seconds: float,
    seed: int, sources: str | None, as_json: bool,
) -> None:
    """Study a case and write the report: one HTML page that needs no network. Of files, only such pages are replaced unasked.

    A name that ends in .pdf is printed by Chromium, Chrome or WeasyPrint.
    """
    from bestand.files import look_before
    from bestand.report.page import MARK, report
    from bestand.report.printed import can_be_made
    from bestand.report.summary import records, summary

    path = _path(case, out, (".html", ".pdf"))
    can_be_made(path.suffix.lower())
    look_before(path, force=force, own=MARK)
    now = read_case(case, sources)
    everything, earlier = _studied(now, since, view=view, draws=draws, seed=seed, seconds=seconds, sources=sources, quick=quick)
    report(everything, since=earlier, language=language).save(path)
    if as_json:
        print_json({"report": str(path), **records(everything)})
    else:
        say(summary(everything, language))
        say(f"\n{one_line(path)}")


@click.command(name="brief", epilog=examples("bestand brief ukraine/2025-04", "bestand brief ukraine/2025-04 --language nl --out brief.docx"))
@_page
@draws_(200)
def brief_command(
    case: str, view: str | None, language: str, out: str | None, force: bool, since: str | None, draws: int, seconds: float,
    seed: int, sources: str | None, as_json: bool,
) -> None:
    """Write a brief of two pages for the one who decides, and beside it the report that its sentences refer to.

    A name that ends in .pdf is printed by Chromium, Chrome or WeasyPrint, one that ends in .docx is a Word file; neither replaces a file unasked.
    """
    from bestand.files import look_before
    from bestand.report.brief import brief
    from bestand.report.page import MARK, report
    from bestand.report.printed import can_be_made

    path = _path(case, out, (".html", ".pdf", ".docx"))
    can_be_made(path.suffix.lower())
    path = path if path.name == Path(out or "").name else path.with_name(f"{path.stem}-brief.html")
    behind = path.with_name(f"{path.stem}-report.html")
    for each in (path, behind):
        look_before(each, force=force, own=MARK)
    now = read_case(case, sources)
    everything, earlier = _studied(now, since, view=view, draws=draws, seed=seed, seconds=seconds, sources=sources)
    report(everything, since=earlier, language=language).save(behind)
    made = brief(everything, since=earlier, language=language, report=behind.name)
    made.save(path)
    if as_json:
        parts = [{"title": part.title, "sentences": [{"text": each.text, "section": each.section} for each in part.sentences]} for part in made.parts]
        print_json({"brief": str(path), "report": str(behind), "parts": parts, "sources": list(made.sources)})
    else:
        say(f"{made}\n\n{one_line(path)}\n{one_line(behind)}")


def _path(name: str, out: str | None, kinds: tuple[str, ...] = (".html",)) -> Path:
    """Where the page goes: the file asked for, or a file named for the case in the folder asked for."""
    ending = Path(out).suffix.lower() if out and os.path.basename(out) not in ("", ".") else ""
    if out and ending in kinds:
        return Path(out)
    if ending in DOCUMENTS:
        raise click.BadParameter(f"'{out}' ends in {ending}, and this page is written as {' or '.join(kinds)}", param_hint="--out")
    path = Path(name)
    stem = path.parent.name if path.name == "case.yaml" else path.stem if path.suffix in (".yaml", ".yml") else name.strip("/.")
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in stem.removeprefix("cases/")).strip("-.")
    return Path(out or "reports") / f"{safe or 'case'}.html"


PAGES = (run_command, brief_command)
