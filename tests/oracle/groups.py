"""Coalitions, unknown preference and degrees of preference: the definitions, written out plainly and slowly.

A conflict is `moves[i][s]` (set of states that party i can move to from s) and `rank[i][s]`, or `relation[i][s][t]`: what t is
to i compared with s, as one of the signs < << = > >> U.
"""

from __future__ import annotations

from tests.oracle import naive


class LazyMoves:
    """`moves[i][s]` of a graph that is too large to list."""

    def __init__(self, graph, party=None):
        self.graph, self.party, self.known = graph, party, {}

    def __len__(self):
        return len(self.graph.parties)

    def __getitem__(self, k):
        if k not in self.known:
            if self.party is None:
                self.known[k] = LazyMoves(self.graph, k)
            else:
                self.known[k] = frozenset(self.graph.moves[self.party].targets(k).tolist())
        return self.known[k]


def reached(moves, who, start, *, once=False, steps=None):
    """States that the parties `who` reach from `start`, by any moves or by `steps(i, s)`: nobody twice in a row, or (once) nobody twice."""
    found, seen, waiting = set(), set(), [(start, frozenset())]
    while waiting:
        s, barred = waiting.pop()
        for i in who:
            if i in barred:
                continue
            moved = barred | {i} if once else frozenset({i})
            for t in moves[i][s] if steps is None else steps(i, s):
                found.add(t)
                if (t, moved) not in seen:
                    seen.add((t, moved))
                    waiting.append((t, moved))
    return found


def distances(moves, rank, who, start, which, reading, effort):
    """Of each state that the parties `who` reach from `start`: the fewest moves that lead there, and then the fewest levers set in all."""
    layer, known, n_moves, met = {(start, frozenset()): 0}, {}, 0, set()
    while layer.keys() - met:
        n_moves += 1
        met, further = met | layer.keys(), {}
        for (s, barred), n_set in layer.items():
            for i in who:
                if i in barred or (reading == "single" and n_moves > 1):
                    continue
                after = frozenset(barred | {i}) if reading == "once" else frozenset({i})
                for t in naive.steps(moves, rank, i, s, which, effort):
                    further[t, after] = min(further.get((t, after), 10**9), n_set + effort(s, t))
        fresh = {t for t, _ in further} - known.keys()
        for (t, _), n_set in further.items():
            if t in fresh:
                known[t] = min(known.get(t, (n_moves, 10**9)), (n_moves, n_set))
        layer = further
    return known


def coalition_stable(moves, rank, coalition, s, concept, *, merged=False, moving="paying", effort=naive.one_each):
    """Whether a coalition cannot upset s."""
    others = [j for j in range(len(moves)) if j not in coalition]
    which, escape = naive.reply_steps(concept, moving), naive.CONCEPTS[concept][1]

    def better(t):
        return all(rank[i][t] > rank[i][s] for i in coalition)

    def stops(s2):
        if better(s2):
            return False
        return not escape or not any(better(s3) for s3 in reached(moves, coalition, s2, once=merged))

    def replies(s1):
        return reached(moves, others, s1, steps=lambda i, a: naive.steps(moves, rank, i, a, which, effort))

    tempting = [t for t in reached(moves, coalition, s, once=merged) if better(t)]
    return all(any(stops(s2) for s2 in replies(s1)) for s1 in tempting)


def related_stable(moves, relation, i, s, *, tempts, replies, hurts, escape):
    """Stability of s for i: signs that tempt, signs of which replies are made (None: none feared), signs that hurt."""
    others = [j for j in range(len(moves)) if j != i]

    def stops(s2):
        return relation[i][s][s2] in hurts and (not escape or all(relation[i][s][s3] in hurts for s3 in moves[i][s2]))

    for s1 in moves[i][s]:
        if relation[i][s][s1] not in tempts:
            continue
        if replies is None:
            return False
        after = reached(moves, others, s1, steps=lambda j, a: {b for b in moves[j][a] if relation[j][a][b] in replies}) - {s1}
        if not any(stops(s2) for s2 in after):
            return False
    return True


ALL = {"<<", "<", "=", ">", ">>", "U"}
NO_BETTER = {"<<", "<", "="}
UNKNOWN = {
    f"{concept}_{reading}": {
        "tempts": {">", "U"} if reading in "ac" else {">"},
        "replies": {"nash": None, "gmr": ALL, "smr": ALL, "seq": {">", "U"}}[concept],
        "hurts": {"<", "=", "U"} if reading in "cd" else {"<", "="},
        "escape": concept == "smr",
    }
    for concept in ("nash", "gmr", "smr", "seq")
    for reading in "abcd"
}
STRENGTH = {
    prefix + concept: {
        "tempts": {">", ">>"},
        "replies": {"nash": None, "gmr": ALL, "smr": ALL, "seq": {">", ">>"}}[concept],
        "hurts": {"<<"} if prefix else NO_BETTER,
        "escape": concept == "smr",
    }
    for prefix in ("", "strong_")
    for concept in ("nash", "gmr", "smr", "seq")
    if prefix + concept != "strong_nash"
}
OPPOSITE = {"<<": ">>", "<": ">", "=": "=", ">": "<", ">>": "<<", "U": "U"}
SIGNS = {"<<": -2, "<": -1, "=": 0, ">": 1, ">>": 2, "U": 3}


def codes(relation):
    """Signs as the codes of the program."""
    return [[[SIGNS[sign] for sign in row] for row in square] for square in relation]


def signs(relation):
    """Codes of the program as signs."""
    names = {code: sign for sign, code in SIGNS.items()}
    return [[[names[int(code)] for code in row] for row in square] for square in relation]


def random_relation(r, n_parties, n, among):
    """Squares of signs, told the same way from both sides."""
    squares = []
    for _ in range(n_parties):
        square = [["="] * n for _ in range(n)]
        for s in range(n):
            square[s][:s] = r.choices(among, k=s)
            for t in range(s):
                square[t][s] = OPPOSITE[square[s][t]]
        squares.append(square)
    return squares
