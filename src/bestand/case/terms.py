"""How terms rest on each other: circles, which cannot be, and depth, which has a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bestand.case.conditions import Joined, Node, Not, names


def depths(terms: Mapping[str, Node]) -> dict[str, int]:
    """How deep each term is when the terms it rests on are written out; they do not go in circles.

    >>> from bestand.case.conditions import parse
    >>> depths({"a": parse("x.y"), "b": parse("not a")})
    {'a': 1, 'b': 3}
    """
    after = _rests_on(terms)
    depth_of: dict[str, int] = {}
    left = list(terms)
    while left:
        below = [name for name in after[left[-1]] if name not in depth_of]
        if below:
            left += below
        else:
            term = left.pop()
            if term not in depth_of:
                depth_of[term] = deep(terms[term]) + max((depth_of[name] for name in after[term]), default=0)
    return {term: depth_of[term] for term in terms}


def _rests_on(terms: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    """The terms that each term names."""
    return {term: tuple(name for name in dict.fromkeys(names(node)) if name in terms) for term, node in terms.items()}


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
    after = _rests_on(terms)
    done: set[str] = set()
    loops: list[tuple[str, ...]] = []
    for first in terms:
        trail: dict[str, Iterator[str]] = {} if first in done else {first: iter(after[first])}
        while trail:
            last = next(reversed(trail))
            following = next((name for name in trail[last] if name not in done), None)
            if following is None:
                done.add(last)
                del trail[last]
            elif following in trail:
                order = list(trail)
                loops.append(tuple(order[order.index(following) :]))
                done.add(following)
            else:
                trail[following] = iter(after[following])
    return loops
