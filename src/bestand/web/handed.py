"""What is handed on: report and brief, every picture as SVG, every table as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bestand.draw.moves import moves_picture, with_its_looks
from bestand.draw.svg import standalone
from bestand.errors import AskError, Problem, did_you_mean
from bestand.exchange.study_tables import study_tables
from bestand.exchange.workbook import csv_text, workbook
from bestand.report.brief import brief
from bestand.report.page import report
from bestand.show import Table
from bestand.study.everything import Study
from bestand.study.stages import study
from bestand.web.ahead import frozen
from bestand.web.ground import ground_picture
from bestand.web.spoken import spoken

Handed = tuple[bytes, str, str]  # content, kind, name of the file


def _language(asked: Mapping[str, str]) -> str:
    return "nl" if asked.get("language") == "nl" else "en"


def whole_study(known: Study, *, quick: bool = False) -> Study:
    """The case studied to the end; kept with the conflict."""
    return known.conflict.once(("web whole study", quick), lambda: study(known.case, view=known.conflict.view, quick=quick))


def _tables(known: Study) -> Mapping[str, Table]:
    """Tables of the case as it stands; what takes long is in the workbook of all tables."""
    return known.conflict.once("web tables", lambda: study_tables(study(known.case, view=known.conflict.view, quick=True, draws=1)))


def _report(known: Study, asked: Mapping[str, str]) -> Handed:
    """The whole report; it is studied to the end first."""
    whole = whole_study(known, quick=asked.get("quick") == "1")
    return report(whole, language=_language(asked)).html.encode("utf-8"), "text/html; charset=utf-8", "report.html"


def _brief(known: Study, asked: Mapping[str, str]) -> Handed:
    """The two pages, on the same study as the report."""
    whole = whole_study(known, quick=asked.get("quick") == "1")
    return brief(whole, language=_language(asked)).html.encode("utf-8"), "text/html; charset=utf-8", "brief.html"


def _picture(known: Study, asked: Mapping[str, str]) -> Handed:
    drawn = moves_picture(known, spoken(known.conflict, _language(asked)))
    if drawn is None:
        raise AskError(Problem("web/no-picture", "there is nothing to draw: the case has no present state"))
    whole = standalone(with_its_looks(drawn))
    return whole.encode("utf-8"), "image/svg+xml", "moves.svg"


def _table(known: Study, asked: Mapping[str, str]) -> Table:
    name, named = asked.get("table", "rests"), _tables(known)
    if name not in named:
        raise AskError(Problem("web/no-table", f"no table '{name}'", hint=did_you_mean(name, named)))
    return named[name]


def _csv(known: Study, asked: Mapping[str, str]) -> Handed:
    return csv_text(_table(known, asked)).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{asked.get('table', 'rests')}.csv"


def _xlsx(known: Study, asked: Mapping[str, str]) -> Handed:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return workbook({"Table": _table(known, asked)}), kind, f"{asked.get('table', 'rests')}.xlsx"


HANDED: Mapping[str, Callable[[Study, Mapping[str, str]], Handed]] = {
    "report.html": _report, "brief.html": _brief, "moves.svg": _picture, "zones.svg": ground_picture, "table.csv": _csv, "table.xlsx": _xlsx,
    "forecast.json": frozen,
}  # fmt: skip
