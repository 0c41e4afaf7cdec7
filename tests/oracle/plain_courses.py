"""What versions of the parties do from today on, from a case's file: chances of what is not seen, of courses, and of where things stand.

On the plain boards of `plain_truce.py`; numpy, scipy and nothing of the program. Everyone looks so many months ahead at every moment anew, so
that one set of rates holds for ever (`docs/theory/observations.md`).
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from tests.oracle.plain_truce import Board, Truce, runge_kutta

MONTH = 365.25 / 12


class Version:
    """One type for each party: the rates at which states follow each other."""

    def __init__(self, board: Board, types: Mapping[str, str], ahead: float, *, step: float = 0.1):
        self.board = board
        played = Truce(board, {party: board.file.wants(party, types[party]) for party in board.file.parties})
        values = np.zeros_like(played.flow)
        for _ in range(round(ahead / step)):
            values = runge_kutta(played.slope, values, step)
        self.moves = [(target, rate) for _, target, rate in played.outflow(values)]
        n, here = board.at.n, np.arange(board.at.n)
        rate = np.concatenate([np.where(target != here, rate, 0.0) for target, rate in self.moves])
        to = np.concatenate([target for target, _ in self.moves])
        self.into = csr_matrix((rate, (to, np.tile(here, len(self.moves)))), shape=(n, n))
        self.leaves = np.asarray(self.into.sum(axis=0)).ravel()

    def silence(self, watched: Sequence[tuple[str, str]], days: float) -> list[float]:
        """Log of the chance that none of the settings is taken from today's state; a move that takes several counts with the first."""
        at, now, told = self.board.at, self.board.at.now, [0.0] * len(watched)
        for target, rate in self.moves:
            there = int(target[now])
            taken = [k for k, (lever, setting) in enumerate(watched) if stands(self.board, lever, setting)[there] > stands(self.board, lever, setting)[now]]
            if there != now and taken:
                told[taken[0]] -= float(rate[now]) * days / MONTH
        assert at.ok[now]
        return told

    def after(self, mass: np.ndarray, months: float, *, within: np.ndarray | None = None, step: float = 0.05) -> np.ndarray:
        """Where the mass is then; what leaves `within` is lost."""
        n_steps = max(1, round(months / step))

        def slope(mass: np.ndarray) -> np.ndarray:
            change = self.into @ mass - self.leaves * mass
            return change if within is None else np.where(within, change, 0.0)

        for _ in range(n_steps):
            mass = runge_kutta(slope, mass, months / n_steps)
        return mass


def stands(board: Board, lever: str, setting: str) -> np.ndarray:
    """Where a lever stands at a setting."""
    return np.broadcast_to(board.at.column[lever] == board.file.settings[lever].index(setting), board.at.n)


def today(board: Board) -> np.ndarray:
    mass = np.zeros(board.at.n)
    mass[board.at.now] = 1.0
    return mass


def courses(versions: Sequence[tuple[float, Version]], terms: Sequence[str], months: Sequence[float]) -> dict[tuple[frozenset[str], ...], float]:
    """Chance of every course: which terms hold on each of the days."""
    made: dict[tuple[frozenset[str], ...], float] = collections.defaultdict(float)
    for chance, version in versions:
        holds = {term: version.board.holds(term) for term in terms}
        fronts = {(): chance * today(version.board)}
        for before, until in itertools.pairwise((0.0, *months)):
            grown = {}
            for way, mass in fronts.items():
                there = version.after(mass, until - before)
                for kind in itertools.product((True, False), repeat=len(terms)):
                    inside = np.logical_and.reduce([holds[term] == yes for term, yes in zip(terms, kind, strict=True)])
                    if there[inside].sum() > 1e-7:
                        grown[(*way, frozenset(itertools.compress(terms, kind)))] = np.where(inside, there, 0.0)
            fronts = grown
        for way, mass in fronts.items():
            made[way] += float(mass.sum())
    return dict(made)


def sign(versions: Sequence[tuple[float, Version]], goal: str, lever: str, setting: str, soon: float, late: float) -> dict[str, float]:
    """Of courses in which a goal has not come by `soon`: the chance that a setting is taken by then, and with what chance it comes by `late`."""
    table = np.zeros((2, 2))  # taken or not, comes or not
    for chance, version in versions:
        still = ~version.board.holds(goal)
        quiet = still & ~stands(version.board, lever, setting)
        every = version.after(chance * today(version.board), soon, within=still)
        silent = np.where(quiet, version.after(chance * today(version.board), soon, within=quiet), 0.0)
        for row, mass in enumerate((np.where(still, every - silent, 0.0), silent)):
            stays = version.after(mass, late - soon, within=still)[still].sum()
            table[row] += mass.sum() - stays, stays
    table /= table.sum()
    return {"chance": table[0].sum(), "now": table[:, 0].sum(), "seen": table[0, 0] / table[0].sum(), "silent": table[1, 0] / table[1].sum()}
