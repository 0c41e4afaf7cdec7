"""Looking ahead on the page: the case played for ever with its certificate, dated forecasts frozen and scored, and what a finished sweep says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.explore.sweep import ABOUT, read_sweep
from bestand.files import name_in_words
from bestand.graph.conflict import conflict
from bestand.report.blocks import Block, SaidCell, percent_words, said
from bestand.report.discovered import discovered_page
from bestand.report.discoveries import discoveries
from bestand.report.worded import worded
from bestand.show import Table
from bestand.stationary.equilibrium import Equilibrium, solve
from bestand.study.clock import by_the_clock
from bestand.study.everything import Study
from bestand.study.forecast import MONTHS, DatedForecast, forecast, read_forecast
from bestand.study.scores import score_forecast
from bestand.telling.tables import translated
from bestand.telling.telling import Telling
from bestand.truce.survival import game_with_zones
from bestand.web.blocks import blocks_told
from bestand.web.spoken import spoken
from bestand.web.told import Plain

SECONDS = 60.0  # after which an equilibrium or a forecast is not looked for any longer
RARE = 5e-4  # chance of a move below which it is not told
MOST_SWEEPS = 200  # folders that are looked at for sweeps


def for_ever(known: Study, select: str, language: str) -> Plain:
    """A stationary equilibrium of the case in its view, with its certificate.

    Raises
    ------
    AskError
        `stationary/no-equilibrium` and others of `solve`; those of a game.
    """
    asked = known.conflict
    answer = asked.once(("web for ever", select), lambda: solve(game_with_zones(asked), select=select, budget=by_the_clock(SECONDS)))
    telling = spoken(asked, language)
    ways, check = (_in_words(table, telling, language) for table in (answer.table(), answer.certificate.table()))
    n_parties = len(asked.parties)
    first = 0 if len(ways.rows) == asked.graph.n_states * n_parties else asked.graph.now or 0  # of large graphs the states from now on
    places = [(first + k // n_parties, k % n_parties) for k in range(len(ways.rows))]
    rows = tuple(
        said(SaidCell(telling.state(state)), *row[1:-1], SaidCell(_moves(answer, state, party, telling)))
        for (state, party), row in zip(places, ways.rows, strict=True)
    )
    return {"blocks": blocks_told((replace(_block(ways), rows=rows), _block(check)))}


def _moves(answer: Equilibrium, state: int, party: int, telling: Telling) -> str:
    """What a party does in a state, and how often; empty where it stays."""
    moves = [(target, chance) for target, chance in answer.policy.at(state, party).items() if chance > RARE]
    return "; ".join(f"{percent_words(chance)} → {telling.state(target)}" for target, chance in moves)


def foretold(known: Study, months: Sequence[float], language: str) -> Plain:
    """Dated chances of every lever and term of the view."""
    return _told([_forecast(known, months).table()], spoken(known.conflict, language), language)


def frozen(known: Study, asked: Mapping[str, str]) -> tuple[bytes, str, str]:
    """A forecast as a file, to be scored when its days have come."""
    made = _forecast(known, months_of(asked.get("months", "")))
    return made.text().encode("utf-8"), "application/json", f"forecast-{made.as_of.isoformat()}.json"


def scored(case: Case, content: bytes, language: str) -> Plain:
    """A frozen forecast held against what the case says was seen since."""
    scores = score_forecast(read_forecast(content.decode("utf-8", "replace")), case)
    return _told([scores.table(), scores.questions()], spoken(conflict(case), language), language)


def months_of(typed: str) -> tuple[float, ...]:
    """Months as they are typed, with commas between them; the usual ones where there is nothing.

    Raises
    ------
    AskError
        `study/bad-time`.
    """
    try:
        return tuple(float(each) for each in typed.split(",") if each.strip())[:100] or MONTHS
    except ValueError as error:
        raise AskError(Problem("study/bad-time", "months are numbers with commas between them", hint="such as 1,3,6")) from error


def sweeps_in(folder: Path) -> dict[str, Path]:
    """Folders with a sweep in a folder, by name, in order; none behind a link."""
    inside = [each for each in islice(folder.glob(f"*/{ABOUT}"), MOST_SWEEPS) if each.is_file() and not each.is_symlink()]
    return {name_in_words(Path(each.parent.name)): each.parent for each in sorted(inside) if not each.parent.is_symlink()}


def sweep_page(folder: Path, name: str, language: str) -> bytes:
    """The page of a sweep, as `bestand discover --page` writes it.

    Raises
    ------
    AskError
        `web/no-sweep`; those of `read_sweep` and of what is asked.
    """
    sweeps = sweeps_in(folder)
    if name not in sweeps:
        raise AskError(Problem("web/no-sweep", "there is no such sweep in the folder of the case", hint="it may have gone: look again"))
    swept = read_sweep(sweeps[name])
    return discovered_page(swept, dict(discoveries(swept)), measure=swept.column(None), language=language).html.encode("utf-8")


def _forecast(known: Study, months: Sequence[float]) -> DatedForecast:
    today = datetime.now(UTC).date().isoformat()
    asked = known.conflict
    return asked.once(("web forecast", tuple(months), today), lambda: forecast(asked, months=months, made_on=today, budget=by_the_clock(SECONDS)))


def _told(tables: Sequence[Table], telling: Telling, language: str) -> Plain:
    return {"blocks": blocks_told(_block(_in_words(table, telling, language)) for table in tables)}


def _in_words(table: Table, telling: Telling, language: str) -> Table:
    return translated(worded(table, telling), language)


def _block(table: Table) -> Block:
    return Block(table.title, (), table.columns, tuple(said(*row) for row in table.rows), after=table.notes, shown=20)
