"""The page that an analyst sends to a colleague."""

from bestand.report.page import Page, report

__all__ = ["Page", "report"]
