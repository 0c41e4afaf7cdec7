"""What each state is worth to each party: ranks from ordered wants, or sums of stated weights."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, compress
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import levers_of
from bestand.case.lines import want_place
from bestand.case.loaded import Case
from bestand.case.model import Rank, Want
from bestand.case.sizes import GIVE_SIZES, WANTS_FOR_RANKING
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.draws import EVERY, RULES, DrawnWants, drawn_wants
from bestand.graph.model import Graph, Worth
from bestand.graph.ranks import dense, dense_below, distinct, lexicographic

FLOAT_BITS = 52
MOST_STATES = 1_000_000  # above which a single draw is ranked state by state
MOST_KINDS = 1 << 12  # combinations, or two for every state, from which on those that do not occur are taken out
_Any = TypeVar("_Any")
_Number = TypeVar("_Number", bound=np.generic)
TOGETHER = 256  # draws that are ranked side by side
Scale = Literal["ordinal", "cardinal"]
Where = Callable[[str], NDArray[np.bool_]]
"""From a condition of the case to the states in which it holds."""
Patterns = tuple[NDArray[np.float64], NDArray[np.int64]]


class Once(Protocol):
    """Keeps what is made under a key, and gives it again."""

    def __call__(self, key: Hashable, make: Callable[[], _Any], /) -> _Any:
        """What `make` gives, or gave before."""


@dataclass(frozen=True, slots=True)
class PartyWorth:
    """What each state is worth to one party.

    rows  : (n_rows, n_states) uint32, the rankings that there are; higher is better, equal is a tie; dense from 0
    row   : (n_draws,) which of them each draw has: many draws change nothing
    value : (n_draws, n_states) float64, worth per month; None where worth is ordinal
    types : per draw its type ('' where it has none)
    absent: per draw, key paths of the wants of that type that are not there
    """

    rows: NDArray[np.uint32]
    row: NDArray[np.int32]
    value: NDArray[np.float64] | None
    types: tuple[str, ...]
    absent: tuple[frozenset[str], ...]

    @property
    def rank(self) -> NDArray[np.uint32]:
        """Ranks in every draw: (n_draws, n_states)."""
        return self.rows if np.array_equal(self.row, np.arange(len(self.rows))) else _frozen(self.rows[self.row])

    def of(self, draws: Sequence[int]) -> PartyWorth:
        """The same in some of the draws, each as often as it stands there."""
        value = None if self.value is None else _frozen(self.value[list(draws)])
        return PartyWorth(self.rows, self.row[list(draws)], value, tuple(self.types[d] for d in draws), tuple(self.absent[d] for d in draws))

    def at(self, kind: NDArray[np.int64]) -> PartyWorth:
        """The same for states of which `kind` says which of these each is like."""
        value = None if self.value is None else _frozen(np.take(self.value, kind, axis=1))
        return PartyWorth(_frozen(np.take(self.rows, kind, axis=1)), self.row, value, self.types, self.absent)


def one_after_another(parts: Sequence[PartyWorth]) -> PartyWorth:
    """The draws of several worths of one party as those of one."""
    first = np.cumsum([0, *(len(each.rows) for each in parts[:-1])])
    row = np.concatenate([each.row + at for each, at in zip(parts, first, strict=True)]).astype(np.int32)
    values = [each.value for each in parts if each.value is not None]
    value = _frozen(np.concatenate(values)) if len(values) == len(parts) else None
    types, absent = chain.from_iterable(each.types for each in parts), chain.from_iterable(each.absent for each in parts)
    return PartyWorth(_frozen(np.concatenate([each.rows for each in parts])), row, value, tuple(types), tuple(absent))


def ranked_alike(row: NDArray[np.uint32], draws: int) -> PartyWorth:
    """Worth by one ranking of the states, (n_states,), that is the same in every draw."""
    return PartyWorth(_frozen(row[None]), np.zeros(draws, np.int32), None, ("",) * draws, (frozenset[str](),) * draws)


def party_worth(
    case: Case,
    party: str,
    where: Where,
    n_states: int,
    *,
    draws: int = 1,
    seed: int = 0,
    scale: Scale = "ordinal",
    vary: Collection[str] = EVERY,
    names: Sequence[str] = (),
    once: Once = lambda _, make: make(),
) -> PartyWorth:
    """Worth of every state to one party, in every draw.

    Ordinal: of m wants the k-th counts 2^(m−k), so that an important want outweighs all below it together (option
    prioritization: Hipel, Kilgour, Fang & Peng 1997); published rankings are taken as they are; a party without wants
    finds all states equal. Cardinal: the sum of the `worth` of the wants that hold, per month; 0 for a party without any.
    Draw 0 is the case as it stands, with the party's most probable type; the others are drawn from a stream of the
    party's own (so that nobody else's wants change them), by those of the rules in `draws.RULES` that `vary` names.

    where : from a condition to (n_states,) bool
    names : of the states, where the party's worth is a published ranking
    once  : as in `worth_of_wants`

    Raises
    ------
    AskError
        `worth/ordinal`: a size is asked for, and some want has no `worth`; `worth/unknown-rule`; `worth/unranked-view`.
    """
    for rule in vary:
        if rule not in RULES:
            raise AskError(Problem("worth/unknown-rule", f"no rule of drawing '{rule}'", hint=did_you_mean(rule, RULES)))
    if party in case.file.ranking:
        if scale == "cardinal":
            raise _ordinal(case, party, "its states are ranked, not weighed", f"ranking.{party}")
        return ranked_alike(_from_ranking(names, case.file.ranking[party]), draws)
    drawn = drawn_wants(case, party, draws, seed, vary=vary if draws > 1 else ())
    return worth_of_wants(case, party, drawn, where, n_states, scale=scale, once=once)


def party_values(
    case: Case, party: str, where: Where, n_states: int, *, draws: int, seed: int, vary: Collection[str], once: Once = lambda _, make: make()
) -> NDArray[np.float64]:
    """What each state is worth a month to one party in every draw, (n_draws, n_states): the `value` of `party_worth`, without its ranks."""
    if party in case.file.ranking:
        raise _ordinal(case, party, "its states are ranked, not weighed", f"ranking.{party}")
    drawn, value = drawn_wants(case, party, draws, seed, vary=vary if draws > 1 else ()), np.zeros((draws, n_states))
    for k, wants in enumerate(case.wants(party).values()):
        _weighed(case, party, wants)
        of_type = np.flatnonzero(drawn.type_ == k)
        if of_type.size:
            _ranked(_known_patterns(None, tuple(want.that for want in wants), where, n_states, once), drawn, k, of_type, value)
    return value


def wide_worth(case: Case, party: str, graph: Graph, *, draws: int, seed: int, scale: Scale, vary: Collection[str]) -> PartyWorth:
    """`party_worth` of very many states: worked out for the combinations of the levers that its wants name, and handed out to the states."""
    named = (levers_of(case.condition(want.that), case.terms) for wants in case.wants(party).values() for want in wants)
    those = graph.occurring(frozenset[str]().union(*named))

    def where(condition: str) -> NDArray[np.bool_]:
        return those.where(case.condition(condition))

    few = party_worth(case, party, where, those.there.size, draws=draws, seed=seed, scale=scale, vary=vary, names=graph.names)
    return few.at(those.kind)


def worth_of_all(parties: Sequence[str], parts: Iterable[PartyWorth], shape: tuple[int, int], scale: Scale) -> Worth:
    """What states are worth to all parties, of what they are worth to each; shape: draws and states."""
    size = shape[0], len(parties), shape[1]
    rank, value = np.empty(size, np.uint32), None if scale == "ordinal" else np.empty(size)
    types: list[tuple[str, ...]] = []
    absent: list[tuple[frozenset[str], ...]] = []
    for i, part in enumerate(parts):
        for own, row in zip(rank, part.row.tolist(), strict=True):
            own[i] = part.rows[row]
        if value is not None and part.value is not None:
            value[:, i] = part.value
        types.append(part.types)
        absent.append(part.absent)
    of_party = tuple({party: own[d] for party, own in zip(parties, types, strict=True)} for d in range(shape[0]))
    gone = tuple(frozenset[str]().union(*(own[d] for own in absent)) for d in range(shape[0]))
    return Worth(tuple(parties), _frozen(rank), None if value is None else _frozen(value), scale, of_party, gone)


def as_rows(rank: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Ranks (n_draws, n_parties, n_states) as rows, and the row of each party in every draw."""
    rows = np.ascontiguousarray(rank).reshape(-1, rank.shape[-1])
    return rows, np.arange(len(rows), dtype=np.int32).reshape(rank.shape[:2])


def rankings_of(parts: Sequence[PartyWorth]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """The rankings of all parties as rows, (n_rows, n_states), and the row of each party in every draw, (n_draws, n_parties)."""
    begins = np.cumsum([0, *(len(part.rows) for part in parts[:-1])], dtype=np.int32)
    which = np.stack([part.row for part in parts], axis=1) + begins
    return _frozen(np.concatenate([part.rows for part in parts])), _frozen(which.astype(np.int32))


def different_draws(which: NDArray[np.int32], counts: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draws that differ from those before them in a party that counts, and which of these each draw is.

    which : (n_draws, n_parties) rows of ranks; counts: (n_parties,) bool

    >>> different_draws(np.array([[0, 2], [0, 3], [1, 2]]), np.array([True, False]))
    (array([0, 2]), array([0, 0, 1]))
    """
    return distinct(which[:, counts])


def worth_of_wants(
    case: Case, party: str, drawn: DrawnWants, where: Where, n_states: int, *, scale: Scale = "ordinal", once: Once = lambda _, make: make()
) -> PartyWorth:
    """Worth of every state to one party by wants that have been drawn, however they were.

    once : keeps what is worked out from conditions alone, for the next draws of the same states

    Raises
    ------
    AskError
        `worth/ordinal`.
    """
    made: list[tuple[NDArray[np.uint32], NDArray[np.int64] | None]] = []  # rankings, of states or of what each state is like
    row, n_rows = np.zeros(drawn.type_.size, np.int32), 0
    value = np.zeros((row.size, n_states)) if scale == "cardinal" else None
    for k, wants in enumerate(case.wants(party).values()):
        if value is not None:
            _weighed(case, party, wants)
        of_type = np.flatnonzero(drawn.type_ == k)
        if of_type.size:
            conditions = tuple(want.that for want in wants)
            if value is None and of_type.size == 1 and n_states > MOST_STATES:
                (d,) = of_type  # to look for combinations would take more room than it saves
                own = lexicographic(n_states, (where(conditions[i]) for i in np.argsort(drawn.place[k][d]) if drawn.there[k][d, i]))
                row[d], n_rows = n_rows, n_rows + 1
                made.append((own[None], None))
                continue
            known = _known_patterns((party, k) if value is None else None, conditions, where, n_states, once)
            ranked = _ranked(known, drawn, k, of_type, value)
            first, which = distinct(ranked)
            row[of_type], n_rows = n_rows + which, n_rows + len(first)
            made.append((ranked if len(first) == len(ranked) else ranked[first], known[1]))
    rows = _rows(made, (n_rows, n_states)) if drawn.types else np.zeros((1, n_states), np.uint32)
    return PartyWorth(_frozen(rows), _frozen(row), None if value is None else _frozen(value), drawn.type_names, _absent(party, drawn))


def _rows(made: Sequence[tuple[NDArray[np.uint32], NDArray[np.int64] | None]], shape: tuple[int, int]) -> NDArray[np.uint32]:
    """Rankings of states, each once in memory: those that are given, and those of what each state is like."""
    if len(made) == 1 and made[0][1] is None:
        return made[0][0]
    rows, end = np.empty(shape, np.uint32), 0
    for ranked, kind in made:
        own, end = rows[end : end + len(ranked)], end + len(ranked)
        if kind is None:
            own[:] = ranked
        else:
            np.take(ranked, kind, axis=1, out=own, mode="clip")  # clipped is nothing, but else numpy makes a copy first
    return rows


def _absent(party: str, drawn: DrawnWants) -> tuple[frozenset[str], ...]:
    """Per draw, the wants of the party's type that are not there, by their key paths."""
    if all(there.all() for there in drawn.there):
        return (frozenset[str](),) * drawn.type_.size
    names = [[want_place(party, name, k) for k in range(there.shape[1])] for name, there in zip(drawn.types, drawn.there, strict=True)]
    gone = [(~there).tolist() for there in drawn.there]
    return tuple(frozenset(compress(names[type_], gone[type_][d])) for d, type_ in enumerate(drawn.type_.tolist()))


def _known_patterns(wants: Hashable | None, conditions: tuple[str, ...], where: Where, n_states: int, once: Once) -> Patterns:
    """The combinations of conditions: where only their order counts, those of the longest list met first, which has all of a shorter one."""
    make = partial(once, ("patterns", *conditions), lambda: patterns([*map(where, conditions)], n_states))
    if wants is None:
        return make()
    first, (pattern, kind) = once(("patterns of", wants), lambda: (conditions, make()))
    if first == conditions:
        return pattern, kind
    if not set(conditions) <= set(first):
        return make()
    return pattern[[first.index(each) for each in conditions]], kind


def _ranked(
    known: Patterns, drawn: DrawnWants, type_: int, of_type: NDArray[np.int64], value: NDArray[np.float64] | None
) -> NDArray[np.uint32]:
    """Ranks of the combinations in the draws in which a party is of one type, (n_of_type, n_patterns); puts what states are worth into `value`."""
    there, place, weight = drawn.there[type_][of_type], drawn.place[type_][of_type], drawn.weight[type_][of_type]
    pattern, kind = known
    n_wants, n_patterns = pattern.shape
    made = np.empty((of_type.size, n_patterns), np.uint32)
    if value is None and (of_type.size == 1 or n_wants > FLOAT_BITS):
        holds = pattern.astype(np.bool_)
        for own, present, order in zip(made, there, np.argsort(place, axis=1), strict=True):
            own[:] = lexicographic(n_patterns, (holds[k] for k in order if present[k]))
        return made
    for first in range(0, of_type.size, TOGETHER):
        part = slice(first, first + TOGETHER)
        if value is None:
            later = there[part][:, None, :] & (place[part][:, None, :] > place[part][:, :, None])
            score = np.where(there[part], np.exp2(later.sum(axis=2)), 0.0) @ pattern
            few = 1 << n_wants <= 4 * n_patterns
            made[part] = dense_below(score.astype(np.intp), 1 << n_wants) if few else dense(score)
        else:
            score = weight[part] @ pattern
            made[part] = dense(_without_rounding(score))
            value[of_type[part]] = np.take(_one_size_a_rank(score, made[part]), kind, axis=1)
    return made


def _without_rounding(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sizes with what adding up leaves in their last digits cut off, in any unit: they tie where they are equal."""
    unit = np.abs(score).max(axis=1, keepdims=True, initial=0.0)
    return np.round(np.divide(score, unit, out=np.zeros_like(score), where=unit > 0), 12)


def _one_size_a_rank(score: NDArray[np.float64], ranked: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Sizes of which equal ranks have just one: what adding up leaves in the last digits is no difference to anybody.

    score, ranked : (n_draws, n_patterns)
    """
    sizes = np.empty_like(score)
    for own, mine, ranks in zip(sizes, score, ranked, strict=True):
        one = np.empty(int(ranks.max(initial=0)) + 1)
        one[ranks] = mine
        own[:] = one[ranks]
    return sizes


def patterns(masks: Sequence[NDArray[np.bool_]], n_states: int) -> Patterns:
    """The combinations of conditions that hold somewhere, (n_masks, n_patterns), and which of them each state has.

    They stand in the order in which they would be ranked by the conditions, the first counting most.
    """
    bits, n_kinds, most = np.zeros(n_states, np.int32), 1, max(MOST_KINDS, 2 * n_states)
    for mask in masks:
        if 2 * n_kinds > most:
            bits, n_kinds = _renumbered(bits, n_kinds)
        bits += bits  # as those of one number
        bits += mask
        n_kinds *= 2
    bits, n_kinds = _renumbered(bits, n_kinds)
    kind = bits.astype(np.int64)
    first = np.zeros(n_kinds, np.int64)
    first[kind[::-1]] = np.arange(n_states - 1, -1, -1)
    pattern = np.array([mask[first] for mask in masks], np.float64).reshape(len(masks), n_kinds)
    return pattern, kind


def _renumbered(kind: NDArray[np.int32], n_kinds: int) -> tuple[NDArray[np.int32], int]:
    """Numbers without gaps, in the same order, and how many there are."""
    at, there, number = kind.astype(np.intp), np.zeros(n_kinds, np.bool_), np.empty(n_kinds, np.int32)
    there[at] = True
    kinds = np.flatnonzero(there)
    number[kinds] = np.arange(kinds.size, dtype=np.int32)
    return number.take(at), int(kinds.size)


def _from_ranking(names: Sequence[str], ranking: Sequence[Rank]) -> NDArray[np.uint32]:
    number = {name: s for s, name in enumerate(names)}
    ranked = np.zeros(len(names), np.uint32)
    for place, tied in enumerate(reversed(ranking)):
        for name in (tied,) if isinstance(tied, str) else tied:
            if name not in number:
                what = f"a ranking names the state '{name}', and this view has no state of that name"
                raise AskError(Problem("worth/unranked-view", what, hint="ask in the view whose states are named under `states`"))
            ranked[number[name]] = place
    return ranked


def _weighed(case: Case, party: str, wants: Sequence[Want]) -> None:
    """Raises where a want has no weight."""
    for want in wants:
        if want.worth is None:
            raise _ordinal(case, party, f"its want '{want.that}' has no `worth`", want_place(party))


def _ordinal(case: Case, party: str, why: str, at: str) -> AskError:
    what = f"a size is asked for, but the worth of states to '{party}' is ordinal: {why}"
    return AskError(Problem("worth/ordinal", what, case.place(at), WANTS_FOR_RANKING if at.startswith("ranking.") else GIVE_SIZES))


def _frozen(array: NDArray[_Number]) -> NDArray[_Number]:
    array.flags.writeable = False
    return array
