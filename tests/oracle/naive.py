"""The definitions, written out plainly and slowly, for comparison with the fast code.

A conflict is `moves[i][s]` (set of states that party i can move to from s) and `rank[i][s]`; `effort(s, t)` says how many levers a
move sets (1 for all, if not given). Steps are "any", "weak" (the mover does not lose), "paying" (it gains) or "best".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

Moves = Sequence[Sequence[frozenset[int]]]
Ranks = Sequence[Sequence[int]]
Effort = Callable[[int, int], int]

# One row per concept: the steps that replies are made of, and whether the party may move once more after the reply.
CONCEPTS: Mapping[str, tuple[str, bool]] = {
    "nash": ("none", False),
    "gmr": ("any", False),
    "smr": ("any", True),
    "seq": ("paying", False),
    "ssr": ("paying", True),
}


def one_each(source: int, target: int) -> int:
    return 1


def moves_of(graph) -> Moves:
    """Every party's moves as sets, from the rules: settings of own levers only, listed one by one."""
    return [[frozenset(int(t) for t in m.targets(s)) for s in range(graph.n_states)] for m in graph.moves]


def effort_of(graph) -> Effort:
    """How many levers differ between two states; 1 where states have none."""
    settings = [tuple(graph.at(s).values()) for s in range(graph.n_states)]
    return lambda s, t: sum(a != b for a, b in zip(settings[s], settings[t], strict=True)) if graph.levers else 1


def improving(moves: Moves, rank: Ranks, i: int, s: int) -> set[int]:
    return {t for t in moves[i][s] if rank[i][t] > rank[i][s]}


def steps(moves: Moves, rank: Ranks, i: int, s: int, which: str, effort: Effort = one_each) -> set[int]:
    """States that one step of i leads to from s."""
    if which == "none":
        return set()
    if which == "any":
        return set(moves[i][s])
    if which == "weak":
        return {t for t in moves[i][s] if rank[i][t] >= rank[i][s]}
    paying = improving(moves, rank, i, s)
    if which == "paying":
        return paying
    top = max((rank[i][t] for t in paying), default=0)
    best = {t for t in paying if rank[i][t] == top}
    least = min((effort(s, t) for t in best), default=0)
    return {t for t in best if effort(s, t) == least}


def reached(moves: Moves, rank: Ranks, i: int, start: int, *, which: str, replies: str, effort: Effort = one_each) -> set[int]:
    """States that the others reach from `start`; `replies` bounds who may follow whom."""
    others = [j for j in range(len(moves)) if j != i]
    there: set[int] = set()
    seen: set[tuple[int, frozenset[int]]] = set()
    waiting = [(start, frozenset[int](), 0)]
    while waiting:
        s, moved, length = waiting.pop()
        for j in others:
            if j in moved or (replies == "single" and length):
                continue
            after = frozenset({j}) if replies == "legal" else moved | {j}
            for t in steps(moves, rank, j, s, which, effort):
                there.add(t)
                if (t, after) not in seen:
                    seen.add((t, after))
                    waiting.append((t, after, length + 1))
    return there


def reply_steps(concept: str, moving: str = "paying", *, weak: bool = False) -> str:
    """The steps that replies are made of: where a concept has paying ones, a reading may narrow or widen them."""
    which = CONCEPTS[concept][0]
    return which if which != "paying" else "best" if moving == "best" else "weak" if weak else which


def stable(
    moves: Moves, rank: Ranks, i: int, s: int, concept: str, replies: str = "legal", *,
    weak: bool = False, moving: str = "paying", effort: Effort = one_each,
) -> bool:  # fmt: skip
    """Stability of s for party i, by the definition."""
    which, escape = reply_steps(concept, moving, weak=weak), CONCEPTS[concept][1]

    def stops(s2: int) -> bool:
        if rank[i][s2] > rank[i][s]:
            return False
        return not escape or all(rank[i][s3] <= rank[i][s] for s3 in moves[i][s2])

    return all(
        any(stops(s2) for s2 in reached(moves, rank, i, s1, which=which, replies=replies, effort=effort))
        for s1 in improving(moves, rank, i, s)
    )


def ways(moves: Moves, rank: Ranks, start: int, which: str, effort: Effort = one_each, who: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
    """Every state that is reached from `start`: how many moves it takes at least, and at least how many lever changes then."""
    parties = range(len(moves)) if who is None else list(who)
    known = {start: (0, 0)}
    layer = [start]
    while layer:
        after: dict[int, tuple[int, int]] = {}
        for s in layer:
            for i in parties:
                for t in steps(moves, rank, i, s, which, effort):
                    if t not in known:
                        cost = (known[s][0] + 1, known[s][1] + effort(s, t))
                        after[t] = min(cost, after.get(t, cost))
        known |= after
        layer = list(after)
    return known


def levers_set(graph):
    """How many levers a move of a party sets; in a listed graph each move counts as one."""

    def n_set(_party: int, s: int, t: int) -> int:
        if not graph.levers:
            return 1
        here, there = graph.at(s), graph.at(t)
        return sum(here[lever] != there[lever] for lever in here)

    return n_set


def counted(moves: Moves, rank: Ranks, n_set, j: int, s: int, which: str) -> set[int]:
    """Those of party j's legal moves from s that count."""
    legal = set(moves[j][s])
    if which == "none":
        return set()
    if which == "any":
        return legal
    if which == "weak":
        return {t for t in legal if rank[j][t] >= rank[j][s]}
    paying = {t for t in legal if rank[j][t] > rank[j][s]}
    if which == "paying" or not paying:
        return paying
    top = max(rank[j][t] for t in paying)
    best = {t for t in paying if rank[j][t] == top}
    fewest = min(n_set(j, s, t) for t in best)
    return {t for t in best if n_set(j, s, t) == fewest}


def answers(moves: Moves, rank: Ranks, n_set, others, start: int, which: str, sequences: str) -> set[int]:
    """States that the others reach by moves that count."""
    found: set[int] = set()
    seen: set[tuple[int, frozenset[int]]] = set()
    waiting = [(start, frozenset[int](), 0)]
    while waiting:
        s, barred, length = waiting.pop()
        for j in others:
            if j in barred or (sequences == "single" and length):
                continue
            for t in counted(moves, rank, n_set, j, s, which):
                found.add(t)
                after = frozenset({j}) if sequences == "legal" else barred | {j}
                if (t, after) not in seen:
                    seen.add((t, after))
                    waiting.append((t, after, length + 1))
    return found


def foreseen(moves: Moves, rank: Ranks, n_set, i: int, s: int, replies: str, *, escape: bool, sequences: str = "legal") -> bool:
    """Stability of s for party i, who fears these replies and may answer back or not."""
    others = [j for j in range(len(moves)) if j != i]

    def stops(s2: int) -> bool:
        return rank[i][s2] <= rank[i][s] and (not escape or all(rank[i][s3] <= rank[i][s] for s3 in moves[i][s2]))

    return all(
        any(stops(s2) for s2 in answers(moves, rank, n_set, others, s1, replies, sequences))
        for s1 in moves[i][s]
        if rank[i][s1] > rank[i][s]
    )


def coalition_rests(moves: Moves, rank: Ranks, n_set, members, s: int, replies: str, *, escape: bool) -> bool:
    """Whether a coalition, whose members move in any order, nobody twice in a row, cannot upset s."""
    others = [j for j in range(len(moves)) if j not in members]

    def better(t: int) -> bool:
        return all(rank[i][t] > rank[i][s] for i in members)

    def reached(start: int) -> set[int]:
        return answers(moves, rank, n_set, members, start, "any", "legal")

    def stops(s2: int) -> bool:
        return not better(s2) and (not escape or not any(better(s3) for s3 in reached(s2)))

    return all(any(stops(s2) for s2 in answers(moves, rank, n_set, others, s1, replies, "legal")) for s1 in reached(s) if better(s1))


def ways_by(moves: Moves, rank: Ranks, n_set, start: int, by: str) -> dict[int, tuple[int, int]]:
    """Per state reached: the fewest moves to it, and of ways with as many the fewest levers set in all."""
    found = {start: (0, 0)}
    front = [start]
    while front:
        ahead: dict[int, tuple[int, int]] = {}
        for s in front:
            for i in range(len(moves)):
                for t in counted(moves, rank, n_set, i, s, by):
                    if t not in found:
                        way = (found[s][0] + 1, found[s][1] + n_set(i, s, t))
                        ahead[t] = min(way, ahead.get(t, way))
        found |= ahead
        front = list(ahead)
    return found


def first_ways(followed: Callable[[int], list[tuple[int, int]]], n_set, start: int):
    """Per state reached its way: moves, levers set in all, who made the last move and from where, the least of these in this order; per state
    reached where its moves lead; and whether one can go round in circles. followed(s): the moves from s, as who and where to."""
    ways, front = {start: (0, 0, -1, -1)}, [start]
    while front:
        ahead: dict[int, tuple[int, int, int, int]] = {}
        for s in front:
            for i, t in followed(s):
                if t not in ways:
                    way = (ways[s][0] + 1, ways[s][1] + n_set(i, s, t), i, s)
                    ahead[t] = min(way, ahead.get(t, way))
        ways |= ahead
        front = list(ahead)
    after = {s: {t for _, t in followed(s)} for s in ways}
    left = dict(after)
    while ends := {s for s, targets in left.items() if not targets & left.keys()}:
        left = {s: targets for s, targets in left.items() if s not in ends}
    return ways, after, bool(left)
