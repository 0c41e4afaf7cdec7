"""The page that an analyst sends to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestand.report.page import Page, report

__all__ = ["Page", "report"]


def __getattr__(name: str) -> object:
    """The page is loaded when it is first asked for: who wants a sentence only need not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bestand.report import page

    return getattr(page, name)
