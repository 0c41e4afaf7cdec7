"""Prints a page by WeasyPrint, run as a program of its own: `python weasy.py PAGE.html PAGE.pdf STYLE BYTES`."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
from pathlib import Path

MOST_MEMORY = 2_000_000_000  # bytes that it may have, where the system can hold it to that


def printed(page: str, style: str) -> bytes:
    """A page as WeasyPrint prints it; nothing outside the page is fetched, neither a file nor from the network."""
    weasyprint = importlib.import_module("weasyprint")
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())  # properties that only screens have are no news
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    return bytes(weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf(stylesheets=[weasyprint.CSS(string=style)]))


def _held(most: int) -> None:
    """Holds this process to some memory and to files of so many bytes, on systems that have such bounds."""
    if importlib.util.find_spec("resource") is None:
        return
    bounds = importlib.import_module("resource")
    for kind, value in ((bounds.RLIMIT_AS, MOST_MEMORY), (bounds.RLIMIT_FSIZE, most)):
        bounds.setrlimit(kind, (value, value))


if __name__ == "__main__":
    source, made, style, most = sys.argv[1:]
    _held(int(most))
    Path(made).write_bytes(printed(Path(source).read_text(encoding="utf-8"), style))
