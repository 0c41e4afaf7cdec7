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
