"""Variables of style sheets: what they come to, and values with them put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tinycss2.ast import FunctionBlock, Node  # type: ignore[import-untyped]

from bestand.documents.declared import KEPT
from bestand.documents.values import MOST_NESTED, Tokens, held, significant, sized, spelled, split, tokens_of


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a variable, with others put in, and how many tokens it has, with those in brackets."""

    tokens: Tokens
    size: int


Variables = Mapping[str, Variable]


def substituted(value: str, variables: Variables, counted: Callable[[int], None]) -> str | None:
    """A value with its variables put in; None where one has no value.

    counted : gets how many comparisons would take as long; may raise to end it

    >>> known = with_variables({"--b": "2px"}, {}, abs)
    >>> substituted("var(--a, 1px) var(--b)", known, abs), substituted("var(--c)", known, abs)
    ('1px 2px', None)
    """
    put = _put_in(tokens_of(value), variables, counted)
    return None if put is None else spelled(put)


def _put_in(tokens: Tokens, variables: Variables, counted: Callable[[int], None], deep: int = 0) -> list[Node] | None:
    """Tokens with variables put in."""
    made = list[Node]()
    for token in tokens:
        inner: Tokens | None = held(token)
        counted(5)
        if token.type == "function" and token.lower_name == "var":
            name, *other = split(token.arguments, ",")
            known = variables.get(_name(name))
            counted(5 + (known.size if known is not None else len(token.arguments)))
            inner = known.tokens if known is not None else _put_in(token.arguments[len(name) + 1 :], variables, counted, deep + 1) if other else None
            made += inner or ()
        elif inner:
            inner = _put_in(inner, variables, counted, deep + 1)
            made.append(FunctionBlock(1, 1, token.name, inner) if token.type == "function" else type(token)(1, 1, inner))
        else:
            made.append(token)
        if inner is None or deep > MOST_NESTED:
            return None
    return made


def _name(tokens: Tokens) -> str:
    words = significant(tokens)
    return words[0].value if len(words) == 1 and words[0].type == "ident" else ""


def with_variables(declared: Mapping[str, str], above: Variables, counted: Callable[[int], None]) -> Variables:
    """The variables of an element: its own with others put in, and those of what it stands in; none of those that hang on themselves.

    >>> above = with_variables({"--c": "3px", "--d": "4px"}, {}, abs)
    >>> {name: spelled(each.tokens) for name, each in with_variables({"--a": "var(--b) 1px", "--b": "2px", "--c": "var(--c)"}, above, abs).items()}
    {'--d': '4px', '--b': '2px', '--a': '2px 1px'}
    """
    if not declared:
        return above
    wanted = {name: tokens_of(value) for name, value in declared.items() if value.lower() not in KEPT}
    counted(len(above) // 5)  # which are put down once more
    standing = {name: value for name, value in above.items() if name not in wanted}
    for name in _ordered(wanted):
        value = _put_in(wanted[name], standing, counted) if declared[name].lower() != "initial" else None
        size = sized(value) if value is not None else None
        if value is not None and size is not None:
            standing[name] = Variable(value, size)
    return standing


def _named(tokens: Tokens) -> Iterator[str]:
    """Names of the variables that a value hangs on."""
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            yield _name(split(token.arguments, ",")[0])
        yield from _named(held(token))


def _ordered(wanted: Mapping[str, Tokens]) -> list[str]:
    """Variables, each behind those that it hangs on; without those that hang on themselves."""
    needs = {name: [other for other in _named(value) if other in wanted] for name, value in wanted.items()}
    ordered: dict[str, None] = {}
    on_themselves: set[str] = set()
    for first in wanted:
        path = {first: iter(needs[first])} if first not in ordered else {}
        while path:
            name, left = next(reversed(path.items()))
            other = next((each for each in left if each not in ordered), None)
            if other is None:
                ordered[name] = None
                del path[name]
            elif other in path:
                names = list(path)
                on_themselves |= set(names[names.index(other) :])
            else:
                path[other] = iter(needs[other])
    return [name for name in ordered if name not in on_themselves]
