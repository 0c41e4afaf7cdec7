"""Pages of the studies that many tests share, each laid out once in a process and language."""

from __future__ import annotations

from bestand.report.page import report
from bestand.study.stages import Study

_MADE: dict[tuple[int, str], tuple[Study, str]] = {}


def page_of(known: Study, language: str = "en") -> str:
    """The report of a study that lives as long as the tests do."""
    key = id(known), language
    if key not in _MADE:
        _MADE[key] = known, report(known, language=language).html  # the study is kept, so that no other gets its place in memory
    return _MADE[key][1]
