"""Who blocks what: outcomes against parties, with who gains, who loses and who would not stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bestand.draw.svg import Svg, drawing, element
from bestand.study.everything import Study
from bestand.telling.naming import cut
from bestand.telling.telling import Telling

LABEL, COLUMN, ROW, HEAD = 330.0, 118.0, 30.0, 34.0
MOST_ROWS = 12  # outcomes of the picture of who blocks what
SIGNS = {1: ("+", "#e4f1e8", "#17663a"), -1: ("−", "#f8e3e3", "#8a1717"), 0: ("=", "#f5f6f8", "#5b6068")}


@dataclass(frozen=True, slots=True)
class Cell:
    """How one party sees the nearest state with an outcome: better (1), worse (−1) or the same as today; whether it would leave."""

    sign: int
    leaves: bool


def blocking(study: Study) -> dict[str, dict[str, Cell]]:
    """Per outcome that does not hold today and could, how each party sees it; outcomes seen alike by all are told once."""
    by_outcome: dict[str, dict[str, Cell]] = {}
    seen = set()
    for answer in study.terms:
        if answer.nearest is None or not answer.stands or answer.nearest in seen:
            continue
        seen.add(answer.nearest)
        leaving = {witness.party for witness in answer.leavers}
        by_outcome[answer.term] = {stand.party: Cell(stand.sign, stand.party in leaving) for stand in answer.stands}
    return dict(list(by_outcome.items())[:MOST_ROWS])


def blocking_picture(study: Study, telling: Telling) -> Svg | None:
    """The matrix as a picture; None where nothing is to be shown."""
    by_outcome = blocking(study)
    if not by_outcome:
        return None
    parties = _minding(study)
    parts = [element("text", cut(telling.party(party), 18), x=LABEL + COLUMN * (k + 0.5), y=20, text_anchor="middle", font_weight=600)
             for k, party in enumerate(parties)]  # fmt: skip
    for n, (term, cells) in enumerate(by_outcome.items()):
        parts += _row(n, telling.term(term), [cells.get(party) for party in parties])
    return drawing(LABEL + COLUMN * len(parties) + 8, HEAD + ROW * len(by_outcome) + 8, parts, label=telling.say("blocks_title"), class_="blocking")


def blocking_rows(study: Study, telling: Telling) -> list[list[str]]:
    """The matrix as texts, the parties first; empty where nothing is to be shown."""
    by_outcome = blocking(study)
    parties = _minding(study)
    rows = [[telling.term(term), *(_sign(cells.get(party))[0] for party in parties)] for term, cells in by_outcome.items()]
    return [["", *(telling.party(party) for party in parties)], *rows] if rows else []


def _minding(study: Study) -> list[str]:
    """The parties but chance, which gains nothing."""
    stated = study.case.file.parties
    return [party for party in study.graph.parties if party not in stated or not stated[party].chance]


def _sign(cell: Cell | None) -> tuple[str, str, str]:
    """What a cell shows, with its colours."""
    sign, fill, ink = SIGNS[cell.sign if cell else 0]
    return f"{sign} ×" if cell and cell.leaves else sign, fill, ink


def _row(n: int, term: str, cells: list[Cell | None]) -> Iterator[Svg]:
    y = HEAD + ROW * n
    yield element("text", cut(term, 46), element("title", term), x=4, y=y + 19)
    for k, cell in enumerate(cells):
        told, fill, ink = _sign(cell)
        x = LABEL + COLUMN * k
        yield element("rect", x=x + 3, y=y + 2, width=COLUMN - 6, height=ROW - 4, rx=4, fill=fill)
        yield element("text", told, x=x + COLUMN / 2, y=y + 20, text_anchor="middle", fill=ink, font_size=15, font_weight=700)
