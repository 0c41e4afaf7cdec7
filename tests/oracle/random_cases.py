"""Random small conflicts as case files, with their states and moves worked out plainly from the rules."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

State = tuple[int, ...]


@dataclass
class Lever:
    name: str
    party: int
    n: int
    way: str | None
    guards: dict[int, list[tuple[int, int]]]  # setting: [(lever, least setting)], all must hold before the move


@dataclass
class Conflict:
    levers: list[Lever]
    bans: list[list[tuple[int, int]]]  # [(lever, setting)], never all together
    wants: list[list[tuple[int, int, bool]]]  # per party: (lever, least setting, wanted)
    n_parties: int
    alike: list[list[tuple[int, int, bool]]] = field(default_factory=list)  # per party, above its wants: (lever, lever, set alike or not)

    def text(self) -> str:
        lines = ["bestand: 1", "title: random", "parties:"]
        lines += [f"  p{i}: {{name: P{i}}}" for i in range(self.n_parties)]
        lines.append("levers:")
        for lever in self.levers:
            lines.append(f"  {lever.name}:")
            lines.append("    is: a lever")
            lines.append(f"    settings: [{', '.join(f's{k}' for k in range(lever.n))}]")
            lines += [f"    one_way: {lever.way}"] if lever.way else []
            if lever.guards:
                lines.append("    needs:")
                for setting, parts in lever.guards.items():
                    lines.append(f"      s{setting}: {' and '.join(f'{self.levers[a].name} >= s{b}' for a, b in parts)}")
        if self.bans:
            lines.append("never:")
            for ban in self.bans:
                lines.append(f"  - {{that: {' and '.join(f'{self.levers[a].name} = s{b}' for a, b in ban)}}}")
        lines.append("wants:")
        for i, wants in enumerate(self.wants):
            lines.append(f"  p{i}:")
            for a, b, same in self.alike[i] if self.alike else ():
                both = f"{self.levers[a].name} >= s1 iff {self.levers[b].name} >= s1"
                lines.append(f"    - {{that: {both if same else f'not ({both})'}}}")
            for a, b, wanted in wants:
                lines.append(f"    - {{that: {'' if wanted else 'not '}{self.levers[a].name} {'>=' if wanted else '='} s{b}}}")
        return "\n".join(lines) + "\n"

    def states(self) -> list[State]:
        every = itertools.product(*(range(lever.n) for lever in self.levers))
        return [s for s in every if not any(all(s[a] == b for a, b in ban) for ban in self.bans)]

    def moves(self, states: list[State]) -> list[list[frozenset[int]]]:
        found: list[list[frozenset[int]]] = []
        for i in range(self.n_parties):
            near: dict[State, list[int]] = {}  # states in which the others' levers stand alike: no move of this party leads elsewhere
            for k, s in enumerate(states):
                near.setdefault(self._of_others(i, s), []).append(k)
            found.append([frozenset(k for k in near[self._of_others(i, s)] if states[k] != s and self._legal(i, s, states[k])) for s in states])
        return found

    def _of_others(self, party: int, s: State) -> State:
        return tuple(setting for setting, lever in zip(s, self.levers, strict=True) if lever.party != party)

    def _legal(self, party: int, s: State, t: State) -> bool:
        for k, lever in enumerate(self.levers):
            if s[k] == t[k]:
                continue
            if lever.party != party:
                return False
            if (lever.way == "up" and t[k] < s[k]) or (lever.way == "down" and t[k] > s[k]):
                return False
            if any(s[a] < b for a, b in lever.guards.get(t[k], [])):
                return False
        return True

    def signable(self, now: State, s: State) -> bool:
        """Whether all that is otherwise can be made so at once: nothing goes back that goes one way, guards hold before or after."""
        for k, lever in enumerate(self.levers):
            if (lever.way == "up" and s[k] < now[k]) or (lever.way == "down" and s[k] > now[k]):
                return False
            guards = lever.guards.get(s[k], [])
            if s[k] != now[k] and not any(all(at[a] >= b for a, b in guards) for at in (now, s)):
                return False
        return True

    def ranks(self, states: list[State]) -> list[list[int]]:
        def score(i: int, s: State) -> int:
            total = 0
            for a, b, same in self.alike[i] if self.alike else ():
                total = 2 * total + (((s[a] >= 1) == (s[b] >= 1)) == same)
            for a, b, wanted in self.wants[i]:
                total = 2 * total + ((s[a] >= b) if wanted else (s[a] != b))
            return total

        return [[score(i, s) for s in states] for i in range(self.n_parties)]


def conflict(seed: int) -> Conflict:
    """A conflict of 2-6 parties with bans, guards, one-way and graded levers, and ties."""
    r = random.Random(seed)
    n_parties = r.randint(2, 6)
    owners = list(range(n_parties)) + [r.randrange(n_parties) for _ in range(r.randint(0, 3 if n_parties < 5 else 1))]
    levers: list[Lever] = []
    for k, owner in enumerate(owners):
        n = 3 if r.random() < 0.25 and n_parties < 6 else 2
        levers.append(Lever(f"p{owner}.l{k}", owner, n, r.choice([None, None, None, "up", "down"]), {}))
    for lever in levers:
        if r.random() < 0.4:
            parts = [(r.randrange(len(levers)), 1) for _ in range(r.choice([1, 1, 2]))]
            lever.guards[r.randrange(lever.n)] = parts
    bans = []
    for _ in range(r.choice([0, 0, 1, 2])):
        pair = r.sample(range(len(levers)), 2)
        bans.append([(a, r.randrange(levers[a].n)) for a in pair])
    wants = []
    for _ in range(n_parties):
        chosen = [r.randrange(len(levers)) for _ in range(r.randint(1, 6))]
        wants.append([(a, r.randrange(1, levers[a].n), r.random() < 0.6) for a in chosen])
    return Conflict(levers, bans, wants, n_parties)


def entangled(seed: int) -> Conflict:
    """The conflict of this seed in which, above all, each party wants levers of its own to be set like, or unlike, those of others.

    Where each want is of one lever, what a party wants of its own levers is the same whatever the others do: what pays it once pays it
    after every reply, and no reply can be escaped from that could not be before. Here a reply can turn what pays into what does not.
    """
    plain, r = conflict(seed), random.Random(-1 - seed)
    for i in range(plain.n_parties):
        own, others = ([k for k, lever in enumerate(plain.levers) if (lever.party == i) == mine] for mine in (True, False))
        plain.alike.append([(r.choice(own), r.choice(others), r.random() < 0.5) for _ in range(r.randint(1, 3))])
    return plain


def either(seed: int) -> Conflict:
    """Conflicts of both kinds, in pairs: those of even halves as they are, those of odd ones entangled."""
    return entangled(seed) if seed // 2 % 2 else conflict(seed)
