"""The definitions, written out plainly and slowly, for comparison with the fast code.

A conflict is `moves[i][s]` (set of states that party i can move to from s) and `rank[i][s]`.
"""

from __future__ import annotations

from collections.abc import Sequence

Moves = Sequence[Sequence[frozenset[int]]]
Ranks = Sequence[Sequence[int]]


def moves_of(graph) -> Moves:
    """Every party's moves as sets, from the rules: settings of own levers only, listed one by one."""
    return [[frozenset(int(t) for t in m.targets(s)) for s in range(graph.n_states)] for m in graph.moves]


def improving(moves: Moves, rank: Ranks, i: int, s: int) -> set[int]:
    return {t for t in moves[i][s] if rank[i][t] > rank[i][s]}


def reached(moves: Moves, rank: Ranks, i: int, start: int, *, gains: bool, replies: str, weak: bool = False) -> set[int]:
    """States that the others reach from `start`; `replies` bounds who may follow whom."""

    def steps(j: int, s: int) -> set[int]:
        if not gains:
            return set(moves[j][s])
        return {t for t in moves[j][s] if rank[j][t] > rank[j][s] or (weak and rank[j][t] == rank[j][s])}

    others = [j for j in range(len(moves)) if j != i]
    found: set[int] = set()
    seen: set[tuple[int, frozenset[int]]] = set()
    waiting = [(start, frozenset[int](), 0)]
    while waiting:
        s, moved, length = waiting.pop()
        for j in others:
            if j in moved or (replies == "single" and length):
                continue
            for t in steps(j, s):
                found.add(t)
                after = frozenset({j}) if replies == "legal" else moved | {j}
                if (t, after) not in seen:
                    seen.add((t, after))
                    waiting.append((t, after, length + 1))
    return found


def stable(moves: Moves, rank: Ranks, i: int, s: int, concept: str, replies: str = "legal", *, weak: bool = False) -> bool:
    """Stability of s for party i, by the definition."""
    tempting = improving(moves, rank, i, s)
    if concept == "nash":
        return not tempting
    gains = concept in ("seq", "ssr")

    def stops(s2: int) -> bool:
        if rank[i][s2] > rank[i][s]:
            return False
        return concept in ("gmr", "seq") or all(rank[i][s3] <= rank[i][s] for s3 in moves[i][s2])

    return all(
        any(stops(s2) for s2 in reached(moves, rank, i, s1, gains=gains, replies=replies, weak=weak)) for s1 in tempting
    )


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


def ways(moves: Moves, rank: Ranks, n_set, start: int, by: str) -> dict[int, tuple[int, int]]:
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
