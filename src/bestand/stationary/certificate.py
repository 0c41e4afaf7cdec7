"""A check of a stationary answer by another road: what could any party gain by doing something else once, or for ever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.graph.game import Game, flow_range
from bestand.show import Cell, Percent, Shown, Table, cell_text
from bestand.stationary.policy import Policy

Floats = NDArray[np.float64]
MOST_EXACT = 600  # states, up to which each party's own best reply is found exactly
WAVERS = "regret counts what it costs to waver, so much would a party gain that never does; the other columns take the wavering as given"
MOST_ROUNDS = 2_000  # rounds of policy iteration of one party against the others


@dataclass(frozen=True, slots=True, repr=False)
class Certificate(Shown):
    """How far a policy is from a stationary equilibrium; numbers per party (n_parties,), in worth.

    gain     : most that one other choice, once, would add for the mover; with noise, to its smoothed worth
    residual : largest gap in the equations of the values, per month
    error    : residual / discount: how far the values can be from what the policy is worth
    bound    : gain + 2 error: the most that one other choice could add whatever the rounding
    regret   : most that doing otherwise for ever would add, exactly; None where that was not worked out
    at_most  : tempo * bound / discount: what doing otherwise for ever can add at most
    span     : range of payoffs: (largest - smallest flow) / discount
    chance_gap : with noise, the largest difference between a chance and its logit chance
    state, party, move : where the gain is largest as a share of the span; move is a state, None is staying
    label, moved : what that state, and the state moved to, are called; empty where nobody moves
    """

    parties: tuple[str, ...]
    gain: Floats
    residual: Floats
    error: Floats
    bound: Floats
    at_most: Floats
    span: Floats
    regret: Floats | None
    chance_gap: float
    state: int
    party: int
    move: int | None
    label: str
    moved: str = ""

    @property
    def share(self) -> float:
        """The largest bound as a share of that party's span: the number that a tolerance is compared with."""
        return float((self.bound / self.span).max())

    def table(self) -> Table:
        """One row per party, in percent of its span."""
        percent = 100 / self.span
        regret: list[Cell] = [None] * len(self.parties) if self.regret is None else [Percent(r) for r in self.regret * percent]
        rows = tuple(
            (name, Percent(self.gain[i] * percent[i]), Percent(self.bound[i] * percent[i]), regret[i], Percent(self.at_most[i] * percent[i]))
            for i, name in enumerate(self.parties)
        )
        columns = ("party", "one-shot gain, %", "bound, %", "regret, %", "regret at most, %")
        what = "staying" if self.move is None else f"moving to {self.moved}"
        who, size = self.parties[self.party], f"{cell_text(Percent(100 * self.share))} % of the range of payoffs"
        today = f"largest: {who} by {what} as things stand today; {size}"
        note = today if self.label == "now" else f"largest: {who} by {what} in {self.label}; {size}"
        wavers = self.regret is not None and bool((self.regret > self.at_most + 1e-9 * self.span).any())
        return Table("Certificate", columns, rows, (note, *([WAVERS] if wavers else [])))


def certificate(game: Game, policy: Policy, values: Floats | None = None, *, surplus: bool = True) -> Certificate:
    """What a stationary policy leaves to gain, worked out without the solver.

    policy  : chances of moves, as in `Policy`
    values  : (n_parties, n_states); worked out from the policy if not given
    surplus : whether a noisy choice's values count the worth of the noise (as the equilibrium was asked for)

    A value that fails its equation by r is at most r / discount from what the policy is worth, so a gain read from values
    is right within twice that. Gaining at most b at every chance to move, a party gains at most tempo * b / discount for
    ever (one-shot deviation principle: Blackwell 1965).

    Raises
    ------
    AskError
        `stationary/not-a-policy` where chances are negative, sum to more than one, or belong to moves that are not legal;
        `stationary/no-value` where a party does not discount.

    >>> from bestand import conflict, equilibrium, read_text
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.x: {is: x}}\\nwants: {a: [{that: a.x, worth: 1}]}\\n")
    >>> found = equilibrium(conflict(case), tempo=1.0, noise=0.0, discount=0.01)
    >>> certificate(found.game, found.policy).share < 1e-6
    True
    """
    if not np.all(game.discount > 0):
        raise AskError(Problem("stationary/no-value", "without discount no bound can be put on what doing otherwise for ever adds"))
    _fits(game, policy, values)
    parties = range(len(game.tempo))
    paid = [_checked(game, policy, _moves_of(game, k), k) for k in parties] if values is None else []
    if values is None:
        values = _evaluated(game, policy, paid, surplus)
    gains = []
    for k in parties:  # one party's moves at a time: together they can be large
        moves = _moves_of(game, k)
        if len(paid) <= k:
            paid.append(_checked(game, policy, moves, k))
        best = _gain(game, policy, moves, values[k], paid[k], k)
        gains.append(best if game.tempo[k] > 0 else (0.0, best[1], None, 0.0))  # who never gets to move cannot gain by it
    residual = np.abs(_residual(game, policy, values, paid, surplus)).max(axis=1)
    gain = np.array([part[0] for part in gains])
    error = residual / game.discount
    bound = gain + 2 * error
    span = payoff_span(game)
    worst = int((gain / span).argmax())
    exact = _regrets(game, policy, paid) if game.graph.n_states <= MOST_EXACT else None
    _, state, move, _ = gains[worst]
    return Certificate(
        parties=game.graph.parties, gain=gain, residual=residual, error=error, bound=bound, at_most=game.tempo * bound / game.discount,
        span=span, regret=exact, chance_gap=max(part[3] for part in gains), state=state, party=worst, move=move,
        label=game.graph.label(state), moved="" if move is None else game.graph.label(move),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _List:
    """One party's legal moves: of state s, target[first[s]:first[s + 1]], at cost."""

    first: NDArray[np.int64]
    target: NDArray[np.int64]
    cost: Floats
    source: NDArray[np.int64]


def _moves_of(game: Game, party: int) -> _List:
    moves, cost = game.graph.moves[party], game.cost[party]
    n = moves.members.size
    place = np.empty(n, np.int64)
    place[moves.members] = np.arange(n) - np.repeat(moves.block[:-1], np.diff(moves.block))
    row = moves.first_row[moves.kind[moves.block_of]] + place
    count = moves.row[row + 1] - moves.row[row]
    first = np.concatenate(([0], np.cumsum(count)))
    source = np.repeat(np.arange(n), count)
    listed = np.arange(first[-1]) - np.repeat(first[:-1] - moves.row[row], count)
    begin = moves.block[moves.block_of]
    target = moves.members[np.repeat(begin, count) + moves.target[listed]].astype(np.int64)
    return _List(first, target, cost[listed] if cost.any() else np.zeros(0), source)


def payoff_span(game: Game) -> Floats:
    """Range of payoffs of every party, (n_parties,): of its flow, held for ever.

    Of one to which all states are worth the same, that of its noise; else that of the others.
    """
    span, of_noise = flow_range(game.flow) / game.discount, game.noise / game.discount
    span = np.where(span > 0, span, of_noise)
    largest = float(span.max(initial=0.0)) or float((np.abs(game.flow).max(axis=1, initial=0.0) / game.discount).max(initial=0.0))
    return np.where(span > 0, span, largest if largest > 0 else 1.0)


def _fits(game: Game, policy: Policy, values: Floats | None) -> None:
    shape = (len(game.graph.parties), game.graph.n_states)
    if values is not None and (values.shape != shape or not np.isfinite(values).all()):
        raise AskError(Problem("graph/other-worth", f"values of shape {values.shape} are not those of {shape[0]} parties in {shape[1]} states"))
    if [each.shape for each in policy.first] != [(shape[1] + 1,)] * shape[0]:
        raise AskError(Problem("stationary/not-a-policy", "the policy is of another game", hint="give the policy of this one"))


def _checked(game: Game, policy: Policy, moves: _List, party: int) -> Floats:
    """What each move of a policy costs; refuses what is no policy."""
    n = game.graph.n_states
    source = np.repeat(np.arange(n), np.diff(policy.first[party]))
    chance, target = policy.chance[party], policy.target[party].astype(np.int64)
    total = np.bincount(source, weights=chance, minlength=n)
    wanted = source * n + target
    keys = moves.source * n + moves.target
    at = np.minimum(np.searchsorted(keys, wanted), max(keys.size - 1, 0))
    legal = keys[at] == wanted if keys.size else np.zeros(wanted.size, bool)
    if not legal.all() or (chance < 0).any() or (total > 1 + 1e-9).any():
        what = f"the chances given for '{game.graph.parties[party]}' are not chances of legal moves"
        raise AskError(Problem("stationary/not-a-policy", what, hint="per state, chances of its legal moves that sum to one at most"))
    return moves.cost[at] if moves.cost.size else np.zeros(wanted.size)


def _entropy(policy: Policy, party: int) -> Floats:
    p, first = policy.chance[party], policy.first[party]
    source = np.repeat(np.arange(first.size - 1), np.diff(first))
    stay = policy.staying(party)
    logs = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    return -np.bincount(source, weights=logs, minlength=stay.size) - stay * np.log(np.where(stay > 0, stay, 1.0))


def _own_terms(game: Game, policy: Policy, paid: list[Floats], surplus: bool) -> Floats:
    """Worth a month less what moves cost (and, with surplus, plus what noise is worth): (n_parties, n_states)."""
    out = game.flow.copy()
    for k, cost in enumerate(paid):
        if cost.any():
            source = np.repeat(np.arange(out.shape[1]), np.diff(policy.first[k]))
            out[k] -= game.tempo[k] * np.bincount(source, weights=policy.chance[k] * cost, minlength=out.shape[1])
        if surplus and game.noise[k] > 0:
            out[k] += game.tempo[k] * game.noise[k] * _entropy(policy, k)
    return out


def _outward(game: Game, policy: Policy, values: Floats) -> Floats:
    """Rate at which each value falls by what happens, moves and chances: (n_parties, n_states)."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415

    n, columns = game.graph.n_states, np.ascontiguousarray(values.T)
    out, leaving = np.zeros_like(columns), np.zeros(n)
    entries = max(chance.size for chance in policy.chance)
    whole = np.int32 if max(n, entries) < 2**31 else np.int64
    for k, tempo in enumerate(game.tempo):
        matrix = csr_matrix((policy.chance[k], policy.target[k].astype(whole), policy.first[k].astype(whole)), shape=(n, n))
        matrix.data = tempo * matrix.data
        out -= matrix @ columns
        leaving += tempo * (1.0 - policy.staying(k))
    for event in game.chances:
        np.add.at(out, event.source, event.per_month * (columns[event.source] - columns[event.target]))
    out += leaving[:, None] * columns
    return out.T


def _residual(game: Game, policy: Policy, values: Floats, paid: list[Floats], surplus: bool) -> Floats:
    return game.discount[:, None] * values + _outward(game, policy, values) - _own_terms(game, policy, paid, surplus)


def _evaluated(game: Game, policy: Policy, paid: list[Floats], surplus: bool) -> Floats:
    """What a policy is worth, by one sparse solution per party: (n_parties, n_states)."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415
    from scipy.sparse.linalg import spsolve  # type: ignore[import-untyped]  # noqa: PLC0415

    row, column, rate = _rates(game, policy)
    n, every, out = game.graph.n_states, np.arange(game.graph.n_states), []
    for rho, term in zip(game.discount, _own_terms(game, policy, paid, surplus), strict=True):
        places = (np.concatenate((every, row)), np.concatenate((every, column)))
        matrix = coo_matrix((np.concatenate((np.full(n, rho), rate)), places), shape=(n, n))
        out.append(np.atleast_1d(spsolve(matrix.tocsc(), term)))
    return np.array(out)


def _rates(game: Game, policy: Policy) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Minus the rates of what happens, and on the diagonal their sums, as (row, column, entry)."""
    n = game.graph.n_states
    source = [np.repeat(np.arange(n), np.diff(first)) for first in policy.first] + [event.source for event in game.chances]
    target = [*policy.target, *(event.target for event in game.chances)]
    rate = [tempo * chance for tempo, chance in zip(game.tempo, policy.chance, strict=True)]
    rate += [np.full(event.source.size, event.per_month) for event in game.chances]
    s, t, r = np.concatenate(source).astype(np.int64), np.concatenate(target).astype(np.int64), np.concatenate(rate)
    return np.concatenate((s, s)), np.concatenate((s, t)), np.concatenate((r, -r))


def _gain(
    game: Game, policy: Policy, moves: _List, value: Floats, paid: Floats, party: int
) -> tuple[float, int, int | None, float]:
    """Largest gain of one party, the state, the move (None: staying), and the largest gap of a chance."""
    worth = value[moves.target] - (moves.cost if moves.cost.size else 0.0)
    has = np.flatnonzero(np.diff(moves.first))
    most = value.copy()
    if has.size:
        most[has] = np.maximum(most[has], np.maximum.reduceat(worth, moves.first[has]))
    source = np.repeat(np.arange(value.size), np.diff(policy.first[party]))
    own = value[policy.target[party]] - paid
    got = value + np.bincount(source, weights=policy.chance[party] * (own - value[source]), minlength=value.size)
    gap = 0.0
    best = most
    noise = float(game.noise[party])
    if noise > 0:
        total = np.exp((value - most) / noise) + np.bincount(
            moves.source, weights=np.exp((worth - most[moves.source]) / noise), minlength=value.size
        )
        best = most + noise * np.log(total)
        got = got + noise * _entropy(policy, party)
        gap = float(np.abs(policy.chance[party] - np.exp((own - best[source]) / noise)).max(initial=0.0))
        gap = max(gap, float(np.abs(policy.staying(party) - np.exp((value - best) / noise)).max()))
    gains = best - got
    state = int(gains.argmax())
    return max(float(gains[state]), 0.0), state, _best_move(moves, worth, value, state), gap


def _best_move(moves: _List, worth: Floats, value: Floats, state: int) -> int | None:
    own = slice(int(moves.first[state]), int(moves.first[state + 1]))
    if own.start == own.stop or worth[own].max() <= value[state]:
        return None
    return int(moves.target[own][worth[own].argmax()])


def _regrets(game: Game, policy: Policy, paid: list[Floats]) -> Floats:
    """What each party's exact best reply, for ever and everywhere, adds where it adds most: (n_parties,)."""
    terms, rates = _own_terms(game, policy, paid, surplus=False), np.zeros((game.graph.n_states,) * 2)
    row, column, entry = _rates(game, policy)
    np.add.at(rates, (row, column), entry)
    return np.array([_regret(game, policy, _moves_of(game, i), terms[i], rates, i) for i in range(len(game.tempo))])


def _regret(game: Game, policy: Policy, moves: _List, term: Floats, rates: Floats, party: int) -> float:
    """The party's decision problem against the others, by policy iteration (Howard 1960)."""
    n, tempo = game.graph.n_states, game.tempo[party]
    every = np.arange(n)
    source = np.repeat(every, np.diff(policy.first[party]))
    fixed = rates + game.discount[party] * np.eye(n)
    before = np.linalg.solve(fixed, term)
    np.subtract.at(fixed, (source, source), tempo * policy.chance[party])
    np.add.at(fixed, (source, policy.target[party]), tempo * policy.chance[party])
    income = game.flow[party]
    cost = moves.cost if moves.cost.size else np.zeros(moves.target.size)
    target, price, value = every.copy(), np.zeros(n), np.zeros(n)
    scale = float(np.abs(before).max(initial=0.0)) + float(np.abs(income).max(initial=0.0)) / game.discount[party]
    has = np.flatnonzero(np.diff(moves.first))
    for _ in range(MOST_ROUNDS):
        matrix = fixed.copy()
        matrix[every, every] += tempo
        matrix[every, target] -= tempo
        value = np.linalg.solve(matrix, income - tempo * price)
        worth, now = value[moves.target] - cost, value[target] - price
        changed = False
        for s in has:
            own = slice(int(moves.first[s]), int(moves.first[s + 1]))
            best = int(worth[own].argmax())
            least = 1e-12 * scale
            if worth[own][best] > max(now[s], value[s]) + least:
                target[s], price[s], changed = moves.target[own][best], cost[own][best], True
            elif value[s] > now[s] + least:
                target[s], price[s], changed = s, 0.0, True
        if not changed:
            break
    return max(float((value - before).max()), 0.0)
