"""Whether a game that is written could be read back: said with the file, not found out by who opens it later."""

from __future__ import annotations

import math
from itertools import accumulate
from operator import mul

from bestand.errors import CaseError
from bestand.exchange import gambit, sheets
from bestand.exchange.games import STRATEGY, GameChoice, Payoffs, checked_size, game_text
from bestand.exchange.normal_form import NormalForm
from bestand.exchange.notes import Remark, noted


def read_back(game: NormalForm, form: str, n_letters: int) -> list[Remark]:
    """A remark where `import` would refuse the game in a form (`nfg`, `nfg-outcomes`, `efg`, `payoffs`) for its size.

    n_letters : characters of the file

    >>> import numpy as np
    >>> two = NormalForm("T", ("a",), ("A",), (("x", "y"),), np.array([[0.0, 1.0]]), np.array([False, True]), ())
    >>> read_back(two, "nfg", 100), read_back(two, "nfg", 10**9)
    ([], [Remark(code='not-read-back', data=(('n', 2),))])
    """
    n = math.prod(game.sizes)
    try:
        checked_size(game.sizes, len(game.parties), "")
    except CaseError:
        return [noted("not-read-back", n=n)]
    if form == "payoffs":
        too_much = n_letters > sheets.MOST_LETTERS or n >= sheets.MOST_ROWS or 2 * len(game.parties) * (n + 1) > sheets.MOST_CELLS
    else:
        too_much = n_letters > gambit.MOST_LETTERS
    if form == "efg":
        too_much |= n * n > gambit.MOST_WORK or sum(accumulate(game.sizes, mul)) >= gambit.MOST_NODES
    if too_much:
        return [noted("not-read-back", n=n)]
    choices = tuple(GameChoice(i, STRATEGY, each) for i, each in enumerate(game.strategy))
    try:
        game_text(Payoffs(game.title, game.names, choices, game.payoff), form, [])
    except CaseError:
        return [noted("not-read-back", n=n)]
    return []
