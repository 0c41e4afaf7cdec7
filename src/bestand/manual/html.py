"""The pages of the documentation as plain HTML that opens from disk."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bestand.files import put
from bestand.manual.pages import notebooks, page_named, pages, pictures

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid #888;padding:.2rem .5rem;text-align:left;vertical-align:top}"
    "img{max-width:100%;border:1px solid #8886}pre{overflow-x:auto;background:#8882;padding:.5rem}:root{color-scheme:light dark}"
)


def write_pages(folder: str | Path, *, force: bool = False) -> Path:
    """The first page of the documentation, all of it written into a folder.

    force : pages that stand there are replaced

    Raises
    ------
    FileError
        `file/exists`, `file/not-plain`, `file/cannot-write`.
    """
    folder = Path(folder)
    for name, title in pages().items():
        put(page(name, title).encode(), folder / f"{name}.html", force=force)
    for name, content in (notebooks() | pictures()).items():
        put(content, folder / name, force=force)
    return folder / "index.html"


def page(name: str, title: str) -> str:
    """One page: its Markdown, and a way back to the contents.

    >>> "<h1 id=" in page("glossary", "Glossary")
    True
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(page_named(name))
    _named(tokens)
    for token in tokens:
        for inner in token.children or ():
            _led(inner)
    home = "../" * name.count("/") + "index.html"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)} · bestand</title><style>{STYLE}</style></head><body>\n<nav><a href="{home}">bestand</a></nav>\n'
        f"<main>\n{parser.renderer.render(tokens, parser.options, {})}</main></body></html>\n"
    )


def _named(tokens: list[Token]) -> None:
    """Gives every heading the name by which links reach it; repeats are numbered."""
    seen: dict[str, int] = {}
    for opening, text in pairwise(tokens):
        if opening.type == "heading_open":
            name = heading_name("".join(part.content for part in text.children or ()))
            seen[name] = seen.get(name, -1) + 1
            opening.attrSet("id", f"{name}-{seen[name]}" if seen[name] else name)


def heading_name(heading: str) -> str:
    """The name of a heading in links, as code hosts and MyST make it.

    >>> heading_name("What it is, and `why`")
    'what-it-is-and-why'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _led(token: Token) -> None:
    """Makes a link to a page one to its HTML."""
    target = str(token.attrGet("href") or "")
    if token.type == "link_open" and not re.match(r"[a-z]+:", target):
        token.attrSet("href", re.sub(r"\.md(?=#|$)", ".html", target))
