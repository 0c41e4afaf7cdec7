"""The command `brief`: two pages for the one who decides, with the full report beside them."""

from __future__ import annotations

from pathlib import Path

import click

from bestand.cli.asking import LANGUAGES, case_, draws_, examples, json_, read_case, seed_, sources_, view_
from bestand.cli.files import report_path
from bestand.cli.terminal import print_json, progress_bar, say


@click.command(name="brief", epilog=examples("bestand brief ukraine/2025-04", "bestand brief ukraine/2025-04 --language nl --out brief.html"))
@case_
@view_
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the brief.")
@click.option("--out", type=click.Path(), help="File (….html) or folder for the brief; the report goes beside it.  [default: reports]")
@click.option("--since", help="An earlier version of the case: say what changed.")
@draws_(200)
@click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Time for truces that are played forward.")
@seed_
@sources_
@json_
def brief_command(
    case: str, view: str | None, language: str, out: str | None, since: str | None, draws: int, seconds: float, seed: int,
    sources: str | None, as_json: bool,
) -> None:
    """Write a brief of two pages for the one who decides, and the report that its sentences refer to."""
    from bestand.report.brief import brief
    from bestand.report.page import report
    from bestand.study.stages import study

    now, before = read_case(case, sources), read_case(since, sources) if since else None
    with progress_bar() as progress:
        everything = study(now, view=view, draws=draws, seed=seed, seconds=seconds, progress=progress)
        earlier = study(before, view=view, draws=draws, seed=seed, quick=True, progress=progress) if before else None
    path = report_path(now, case, out)
    path = path if path.name == Path(out or "").name else path.with_name(f"{path.stem}-brief.html")
    behind = report(everything, since=earlier, language=language).save(path.with_name(f"{path.stem}-report.html"))
    made = brief(everything, since=earlier, language=language, report=behind.name)
    made.save(path)
    if as_json:
        parts = [{"title": part.title, "sentences": [{"text": each.text, "section": each.section} for each in part.sentences]} for part in made.parts]
        print_json({"brief": str(path), "report": str(behind), "parts": parts, "sources": list(made.sources)})
    else:
        say(f"{made}\n\n{path}\n{behind}")


BRIEF = (brief_command,)
