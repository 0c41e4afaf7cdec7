"""The logit equilibrium of one component as a system of equations: residual, derivative, chances; outside it all is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.graph.game import Game
from bestand.stationary.components import Listing

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MOST_FACTORED = 1_500  # members, above which what chances are worth is found by GMRES


@dataclass(frozen=True, slots=True)
class System:
    """Values v (n_members, n_parties) of a component solve residual(v, noise) = 0.

    Every option of a member and party stands in one line; the options of one member and party (a *choice*) are neighbours,
    and staying is the first of them.

    choice : (n_options,) its member * n_parties + its mover
    inside : (n_options,) member that it leads to, -1 where that is outside
    fixed  : (n_options, n_parties) what it is worth to all where it leads outside, less its cost to the mover; else that cost
    slot   : (n_options,) place in the mover's listing, -1 for staying
    first  : (n_choices,) where each choice begins
    noise  : (n_parties,) scale of each party's choice
    rate   : (n_options,) the mover's tempo
    """

    choice: Whole
    inside: Whole
    fixed: Floats
    slot: Whole
    first: Whole
    mover: Whole
    member: Whole
    noise: Floats
    rate: Floats
    income: Floats
    own: Floats
    drift: tuple[Whole, Whole, Floats]
    surplus: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of members and of parties."""
        return self.income.shape[0], self.income.shape[1]

    def worth(self, v: Floats) -> Floats:
        """What every option is worth to every party: (n_options, n_parties)."""
        return self.fixed + np.where((self.inside >= 0)[:, None], v[np.maximum(self.inside, 0)], 0.0)

    def chances(self, worth: Floats, noise: float) -> tuple[Floats, Floats]:
        """Chance of every option, and per choice the smoothed maximum of its worth to the mover."""
        scale = np.maximum(self.noise, noise)[self.mover]
        mine = worth[np.arange(self.choice.size), self.mover]
        at = np.repeat(np.arange(self.first.size), np.diff(np.append(self.first, self.choice.size)))
        top = np.maximum.reduceat(mine, self.first)
        p = np.exp((mine - top[at]) / scale)
        total = np.add.reduceat(p, self.first)
        return p / total[at], top + scale[self.first] * np.log(total)

    def residual(self, v: Floats, noise: float) -> Floats:
        """Left less right side of the value equations: (n_members, n_parties)."""
        worth = self.worth(v)
        p, smooth = self.chances(worth, noise)
        moved = np.add.reduceat(p[:, None] * worth, self.first)
        mover, member = self.mover[self.first], self.member[self.first]
        if self.surplus:
            moved[np.arange(mover.size), mover] = smooth
        gain = self.rate[self.first][:, None] * (moved - v[member])
        out = self.own * v - self.income
        np.subtract.at(out, member, gain)
        source, target, per_month = self.drift
        np.subtract.at(out, source, per_month[:, None] * v[target])
        return out

    def derivative(self, v: Floats, noise: float) -> tuple[Whole, Whole, Floats]:
        """Derivative of the residual as (row, column, entry); entries in one place add up."""
        n, n_parties = self.shape
        worth = self.worth(v)
        p, _ = self.chances(worth, noise)
        at = np.repeat(np.arange(self.first.size), np.diff(np.append(self.first, self.choice.size)))
        mean = np.add.reduceat(p[:, None] * worth, self.first)[at]
        scale = np.maximum(self.noise, noise)[self.mover]
        flow = self.rate * p
        pull = -(flow / scale)[:, None] * (worth - mean)
        if self.surplus:
            pull[np.arange(at.size), self.mover] = 0.0
        party = np.arange(n_parties)
        row = self.member[:, None] * n_parties + party
        kept = np.flatnonzero(self.inside >= 0)
        column = self.inside[kept][:, None] * n_parties
        source, target, per_month = self.drift
        both = np.arange(n * n_parties)
        rows = [both, row.ravel(), row[kept].ravel(), row[kept].ravel(), (source[:, None] * n_parties + party).ravel()]
        columns = [
            both,
            row.ravel(),
            (column + party).ravel(),
            (column + np.broadcast_to(self.mover[kept][:, None], (kept.size, n_parties))).ravel(),
            (target[:, None] * n_parties + party).ravel(),
        ]
        entries = [
            self.own.ravel(),
            np.repeat(flow, n_parties),
            np.repeat(-flow[kept], n_parties),
            pull[kept].ravel(),
            np.repeat(-per_month, n_parties),
        ]
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(entries)

    def dense(self, v: Floats, noise: float) -> Floats:
        """The derivative as a square matrix."""
        size = v.size
        row, column, entry = self.derivative(v, noise)
        flat = np.bincount(row * size + column, weights=entry, minlength=size * size)
        return flat.astype(np.float64, copy=False).reshape(size, size)

    def gain(self, worth: Floats, p: Floats) -> Floats:
        """What the best option would add for the mover to what the chances give: (n_choices,)."""
        mine = worth[np.arange(self.choice.size), self.mover]
        return np.maximum.reduceat(mine, self.first) - np.add.reduceat(p * mine, self.first)

    def values(self, p: Floats) -> Floats:
        """What chances are worth, without the worth of the noise: (n_members, n_parties)."""
        from scipy.sparse import coo_matrix  # type: ignore[import-untyped]  # noqa: PLC0415
        from scipy.sparse.linalg import LinearOperator, gmres, splu  # type: ignore[import-untyped]  # noqa: PLC0415

        n, n_parties = self.shape
        income = self.income.copy()
        flow = self.rate * p
        np.add.at(income, self.member, flow[:, None] * self.fixed)
        kept = np.flatnonzero(self.inside >= 0)
        source, target, per_month = self.drift
        every = np.arange(n)
        row, column = np.concatenate((every, self.member[kept], source)), np.concatenate((every, self.inside[kept], target))
        out = np.empty_like(income)
        for i in range(n_parties):
            diagonal = self.own[:, i] + np.bincount(self.member, weights=flow, minlength=n)
            entry = np.concatenate((diagonal, -flow[kept], -per_month))
            matrix = coo_matrix((entry, (row, column)), shape=(n, n)).tocsc()
            if n <= MOST_FACTORED:
                out[:, i] = splu(matrix).solve(income[:, i])
            else:  # diagonally dominant, so this settles; the certificate counts what is left
                scaled = LinearOperator((n, n), lambda r, diagonal=diagonal: r / diagonal)
                out[:, i], _ = gmres(matrix, income[:, i], M=scaled, rtol=1e-12, restart=100, maxiter=30)
        return out

    def spread(self, v: Floats) -> float:
        """The most that one move changes what its mover has."""
        mine = self.worth(v)[np.arange(self.choice.size), self.mover]
        stay = np.repeat(mine[self.first], np.diff(np.append(self.first, self.choice.size)))
        return max(float(np.abs(mine - stay).max(initial=0.0)), 1e-9 * float(np.abs(v).max(initial=0.0)), 1e-300)

    def small(self, v: Floats) -> float:
        """A residual that rounding explains."""
        n_parties = self.shape[1]
        return 1e-14 * (n_parties + 4) * float(np.max((self.own + self.rate.max(initial=0.0)) * np.abs(v) + np.abs(self.income))) + 1e-300


def system(game: Game, listed: Listing, members: NDArray[np.uint32], values: Floats, *, surplus: bool) -> System:
    """The equations of one component, given the values (n_states, n_parties) of the states that it leads to."""
    n_parties = len(game.tempo)
    place = np.full(game.graph.n_states, -1, np.int64)
    place[members] = np.arange(members.size)
    parts = [_options(game, listed, members, place, values, k) for k in range(n_parties) if game.tempo[k] > 0]
    member, mover, inside, slot, cost = (
        np.concatenate([np.zeros(0, kind), *(part[j] for part in parts)])
        for j, kind in enumerate((np.int64, np.int64, np.int64, np.int64, np.float64))
    )
    target = np.concatenate([np.zeros(0, np.int64), *(part[5] for part in parts)])
    order = np.lexsort((slot, mover, member))
    member, mover, inside, slot, cost, target = (a[order] for a in (member, mover, inside, slot, cost, target))
    fixed = np.where((inside >= 0)[:, None], 0.0, values[target])
    fixed[np.arange(mover.size), mover] -= cost
    choice = member * n_parties + mover
    income, own, drift = _incomes(game, listed, members, place, values)
    first = np.flatnonzero(np.diff(choice, prepend=-1))
    return System(
        choice=choice, inside=inside, fixed=fixed, slot=slot, first=first, mover=mover, member=member, noise=game.noise,
        rate=game.tempo[mover], income=income, own=own, drift=drift, surplus=surplus,
    )  # fmt: skip


def _options(
    game: Game, listed: Listing, members: NDArray[np.uint32], place: Whole, values: Floats, k: int
) -> tuple[Whole, Whole, Whole, Whole, Floats, Whole]:
    """Options of party k: members that have a move, with staying: (member, mover, inside, slot, cost, target)."""
    states = members.astype(np.int64)
    begin, count = listed.first[k][states], np.diff(listed.first[k])[states]
    at = np.repeat(np.arange(states.size), count)
    slot = np.arange(at.size) - np.repeat(np.cumsum(count) - count, count) + begin[at]
    target = listed.target[k][slot].astype(np.int64)
    cost = listed.cost[k][slot] if listed.cost[k].size else np.zeros(slot.size)
    has = np.flatnonzero(count)
    member = np.concatenate((has, at))
    return (
        member,
        np.full(member.size, k, np.int64),
        np.concatenate((has, place[target])),
        np.concatenate((np.full(has.size, -1, np.int64), slot)),
        np.concatenate((np.zeros(has.size), cost)),
        np.concatenate((states[has], target)),
    )


def _incomes(
    game: Game, listed: Listing, members: NDArray[np.uint32], place: Whole, values: Floats
) -> tuple[Floats, Floats, tuple[Whole, Whole, Floats]]:
    """Income a month (worth and events that lead outside), what it is divided by, and events inside."""
    states = members.astype(np.int64)
    begin, count = listed.chance_first[states], np.diff(listed.chance_first)[states]
    at = np.repeat(np.arange(states.size), count)
    slot = np.arange(at.size) - np.repeat(np.cumsum(count) - count, count) + begin[at]
    target, rate = listed.chance_target[slot].astype(np.int64), listed.chance_rate[slot]
    income = np.ascontiguousarray(game.flow[:, states].T)
    outside = place[target] < 0
    np.add.at(income, at[outside], rate[outside][:, None] * values[target[outside]])
    own = game.discount[None, :] + np.bincount(at, weights=rate, minlength=states.size)[:, None]
    inside = ~outside
    return income, own, (at[inside], place[target[inside]], rate[inside])
