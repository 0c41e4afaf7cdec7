"""A plain table of payoffs, a row for each combination of strategies, as a case; and a view of a case as such a table."""

from __future__ import annotations

import csv
import io
import itertools

import numpy as np
from numpy.typing import NDArray

from bestand.errors import short
from bestand.evidence.sheet import cell_number, number_hint
from bestand.exchange.games import STRATEGY, GameChoice, Payoffs, at, checked_size, game_text, pure_profiles
from bestand.exchange.guard import unformulaic
from bestand.exchange.names import clean
from bestand.exchange.normal_form import normal_form
from bestand.exchange.notes import Carried, carried_over
from bestand.exchange.read_back import read_back
from bestand.exchange.sheets import Rows, SheetRow, csv_rows, stop
from bestand.graph.conflict import Conflict

PAYOFF = "payoff "


def from_payoffs(text: str, *, name: str = "file") -> Carried:
    """A table of payoffs as a case: for every player a column with its strategy and one called `payoff PLAYER`.

    Every combination of strategies stands in one row. All mistakes are told at once.

    Raises
    ------
    CaseError
        `import/not-csv`, `import/no-column`, `import/bad-cell`, `import/bad-number`, `import/too-large`.

    >>> print(from_payoffs("A,B,payoff A,payoff B\\nup,left,1,0\\nup,right,0,1\\n").told("changed"))
    ('choices between one thing only, left out: 1',)
    """
    table = csv_rows(text, name=name)
    table.respelt(f"{PAYOFF}{column}" for column in table.columns if not column.casefold().startswith(PAYOFF))
    players = [column for column in table.columns if f"{PAYOFF}{column}" in table.columns]
    if not players:
        what = "no player has a column of its strategies and one of its payoffs"
        table.wrong(None, "", what, "call them `North` and `payoff North`", "import/no-column")
    extra = [column for column in table.columns if column not in players and column.removeprefix(PAYOFF) not in players]
    if not table.rows:
        table.wrong(None, "", "a heading and no rows", "one row for every combination of strategies", "import/no-rows")
    for column in extra:
        table.wrong(None, column, f"column '{column}' belongs to no player", "call it after a player, or take it out", "import/no-column")
    stop([table])
    strategies = {player: list(dict.fromkeys(row[player] for row in table.rows)) for player in players}
    sizes = [len(each) for each in strategies.values()]
    checked_size(sizes, len(players), name)
    payoff = np.zeros((len(players), *sizes))
    _fill(table, strategies, payoff)
    stop([table])
    choices = tuple(GameChoice(i, STRATEGY, tuple(each)) for i, each in enumerate(strategies.values()))
    return game_text(Payoffs(clean(name.rpartition("/")[2].removesuffix(".csv")), tuple(players), choices, payoff), "payoffs", [], name=name)


def _fill(table: Rows, strategies: dict[str, list[str]], payoff: NDArray[np.float64]) -> None:
    place = {player: {strategy: k for k, strategy in enumerate(each)} for player, each in strategies.items()}
    seen: dict[tuple[int, ...], SheetRow] = {}
    for row in table.rows:
        for player in strategies:
            if not row[player]:
                table.wrong(row, player, "no strategy is named", "name one in every row")
        profile = tuple(place[player][row[player]] for player in strategies)
        if profile in seen:
            table.wrong(row, next(iter(strategies)), f"this combination stands in row {seen[profile].number} as well", "give each once")
        seen[profile] = row
        for i, player in enumerate(strategies):
            value = cell_number(row[f"{PAYOFF}{player}"])
            if value is None:
                what = f"'{short(row[f'{PAYOFF}{player}'], most=40)}' is no number"
                hint = number_hint(row[f"{PAYOFF}{player}"], "a number with a decimal point")
                table.wrong(row, f"{PAYOFF}{player}", what, hint, "import/bad-number")
            else:
                at(payoff, profile)[i] = value
    names = list(strategies.values())
    missing = (each for each in itertools.product(*(range(len(n)) for n in names)) if each not in seen)
    for profile in itertools.islice(missing, 20):
        told = ", ".join(n[k] for n, k in zip(names, profile, strict=True))
        table.wrong(None, "", f"no row for {told}", "give a row for every combination of strategies")


def to_payoffs(conflict: Conflict) -> Carried:
    """A conflict as a table of payoffs in CSV: a row for each combination of strategies, and what that does not say.

    Raises
    ------
    AskError
        `export/no-levers`, `export/too-large`.
    """
    game = normal_form(conflict)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([unformulaic(name) for name in (*game.names, *(f"{PAYOFF}{name}" for name in game.names))])
    for profile in pure_profiles(game.sizes, first_fastest=False):
        chosen = [unformulaic(each[k]) for each, k in zip(game.strategy, profile, strict=True)]
        rows.writerow([*chosen, *(f"{value:.12g}" for value in at(game.payoff, profile)[:, 0])])
    return carried_over("payoffs", out.getvalue(), [*game.notes, *read_back(game, "payoffs", len(out.getvalue()))])
