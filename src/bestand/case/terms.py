"""How terms rest on each other: circles, which cannot be, and depth, which has a bound."""

from __future__ import annotations

from collections.abc import Mapping

from bestand.case.conditions import Joined, Node, Not, names


def depths(terms: Mapping[str, Node]) -> dict[str, int]:
    """How deep each term is when the terms it rests on are written out; they do not go in circles.

    >>> from bestand.case.conditions import parse
    >>> depths({"a": parse("x.y"), "b": parse("not a")})
    {'a': 1, 'b': 3}
    """
    found: dict[str, int] = {}
    left = list(terms)
    while left:
        below = [name for name in names(terms[left[-1]]) if name in terms and name not in found]
        if below:
            left += below
        else:
            term = left.pop()
            rests_on = (found[name] for name in names(terms[term]) if name in terms)
            found.setdefault(term, deep(terms[term]) + max(rests_on, default=0))
    return {term: found[term] for term in terms}


def deep(node: Node) -> int:
    """How many conditions stand inside each other."""
    inner = node.parts if isinstance(node, Joined) else (node.part,) if isinstance(node, Not) else ()
    return 1 + max(map(deep, inner), default=0)


def circles(terms: Mapping[str, Node]) -> list[tuple[str, ...]]:
    """Terms that are defined by way of themselves, one circle each; without recursion, so that long chains do no harm.

    >>> from bestand.case.conditions import parse
    >>> circles({"a": parse("b"), "b": parse("not a")})
    [('a', 'b')]
    """
    after = {term: [name for name in dict.fromkeys(names(node)) if name in terms] for term, node in terms.items()}
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    for first in terms:
        trail: list[str] = [] if first in done else [first]
        left = [iter(after[first])] if trail else []
        while trail:
            following = next((name for name in left[-1] if name not in done), None)
            if following is None:
                done.add(trail.pop())
                left.pop()
            elif following in trail:
                found.append(tuple(trail[trail.index(following) :]))
                done.add(following)
            else:
                trail.append(following)
                left.append(iter(after[following]))
    return found
