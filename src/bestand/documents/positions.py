"""Where the words of a page stand in its document: from the text that a person sees to the text of the body as a browser has it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bestand.documents.canonical import RAISED
from bestand.documents.html import HtmlText
from bestand.documents.tags import Markup, plain_markup


def body_origin(source: str) -> NDArray[np.int64] | None:
    """Offset in the text of the body (`document.body.textContent`, in code points) of each sign of `page_text`; None without a body.

    Signs that the page does not have, such as the line ends between blocks, have −1. Line ends count as one, as browsers
    read them; what a browser moves to another place because tables are not well formed is not followed.

    >>> body_origin("<title>t</title><body>a <del>not </del>b<p>c").tolist()
    [-1, -1, -1, 0, 1, 6, -1, 7]
    """
    if not re.search(r"<body[\s>]", source, re.IGNORECASE):
        return None
    markup = plain_markup(source)
    page = _Placed(markup)
    page.read(markup)
    origin = np.full(sum(map(len, page.parts)), -1, np.int64)
    for at, where in page.placed:
        origin[at : at + where.size] = where
    return origin


class _Placed(HtmlText):
    """A page that is read, with where its words stand in the body."""

    def __init__(self, markup: Markup) -> None:
        super().__init__(markup)
        self.placed: list[tuple[int, NDArray[np.int64]]] = []
        self.n_seen, self.n_parts, self.n_signs, self.fresh = 0, 0, 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "body":
            self.n_seen, self.placed = 0, []
        self.fresh = tag in ("pre", "listing", "textarea")  # a line end right after these is not part of the document

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        counted = np.ones(len(data), np.int64)
        counted[[k for k, sign in enumerate(data) if sign == "\n" and k and data[k - 1] == "\r"]] = 0
        if self.fresh and data[:1] in ("\n", "\r"):
            counted[: 2 if data.startswith("\r\n") else 1] = 0
        self.fresh = False
        if self.places["template"]:
            counted[:] = 0
        where = self.n_seen + np.cumsum(counted) - counted
        self.n_seen += int(counted.sum())
        if not self.silent:
            kept = np.array([sign != RAISED for sign in data], bool)
            self.placed.append((self._so_far() - int(kept.sum()), where[kept]))

    def _so_far(self) -> int:
        """Signs of the text up to here."""
        self.n_signs += sum(map(len, self.parts[self.n_parts :]))
        self.n_parts = len(self.parts)
        return self.n_signs
