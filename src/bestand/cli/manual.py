"""The command for the documentation: `docs`."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from bestand.cli.asking import examples, idle, json_
from bestand.cli.terminal import deliver, one_line, print_json, say, show, styled


@click.command(
    name="docs",
    epilog=examples(
        "bestand docs", "bestand docs conflict-analysis", "bestand docs glossary", "bestand docs bestand.survival", "bestand docs case/no-file",
        'bestand docs "red line"', "bestand docs --find mediator",
    ),
)
@click.argument("page", required=False)
@click.option("--find", "words", help="List the lines in which all these words stand.")
@click.option("--html", "folder", type=click.Path(file_okay=False), help="Write all pages as HTML into this folder.")
@click.option("--force", is_flag=True, help="Replace pages that are there already.")
@json_
def docs_command(page: str | None, words: str | None, folder: str | None, force: bool, as_json: bool) -> None:
    """Read the documentation: its pages, or one PAGE, public name (bestand.NAME), error code or word of the glossary; needs no network."""
    from bestand.manual import pages

    if folder is not None:
        idle("beside --html", "page", "words")
    elif words is not None:
        idle("beside --find", "page")
    if words is not None and not words.strip():
        raise click.BadParameter("name a word to look for", param_hint="--find")
    if folder is not None:
        from bestand.manual.html import write_pages

        path = str(write_pages(folder, force=force))
        _told({"page": path}, as_json, lambda: say(one_line(path)))
    elif words is not None:
        lines = tuple(pages.with_words(words))
        _table("Lines", ("page", "line"), lines, as_json, *([] if lines else ["no line has all these words"]))
    elif page is not None:
        text = pages.page_named(page)
        _told({"page": page, "markdown": text}, as_json, lambda: _read(text))
    else:
        listed = pages.pages()
        rows = tuple(each for each in listed.items() if as_json or not each[0].startswith("decisions/0"))
        notes = ["new to conflict analysis? begin with: bestand docs conflict-analysis"]
        notes += [f"bestand docs PAGE prints one; they lie in {pages.folder()}"]
        notes += [f"decisions and their reasons, {len(listed) - len(rows)} of them: bestand docs decisions/index"] if len(rows) < len(listed) else []
        _table("Documentation", ("page", "title"), rows, as_json, *notes)


def _told(value: dict[str, str], as_json: bool, otherwise: Callable[[], None]) -> None:
    if as_json:
        print_json(value)
    else:
        otherwise()


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], as_json: bool, *notes: str) -> None:
    from bestand.show import Table

    show(Table(title, columns, rows, notes), as_json)


def _read(text: str) -> None:
    """Markdown set for a terminal, or as it is."""
    if not sys.stdout.isatty():
        deliver(text, None)
        return
    from rich.markdown import Markdown

    styled().print(Markdown(text, hyperlinks=False))


MANUAL = (docs_command,)
