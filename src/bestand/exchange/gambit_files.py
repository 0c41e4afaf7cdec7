"""A view of a case as a game that Gambit opens: .nfg by payoffs, .nfg by outcomes, or .efg as a tree."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import numpy as np

from bestand.errors import AskError, Problem, did_you_mean
from bestand.exchange.games import at, pure_profiles
from bestand.exchange.names import ascii_name, clean
from bestand.exchange.normal_form import NormalForm, normal_form
from bestand.exchange.notes import Carried, Remark, carried_over, noted
from bestand.exchange.read_back import read_back
from bestand.graph.conflict import Conflict

MOST_TOLD = 20  # names that are written otherwise, told one by one
Form = Literal["nfg", "nfg-outcomes", "efg"]


def to_gambit(conflict: Conflict, *, form: Form = "nfg") -> Carried:
    """A conflict as a game of Gambit in which everybody chooses at once, and what that does not say.

    form : `nfg` (payoffs), `nfg-outcomes` (a list of outcomes, each named), `efg` (a tree in which nobody sees what the
           others chose)

    Raises
    ------
    AskError
        `export/unknown-format`, `export/no-levers`, `export/too-large`.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.x: {is: x}}\\nwants: {a: [{that: a.x}]}\\n")
    >>> print(to_gambit(conflict(case)).text.replace("\\n", " ").strip())
    NFG 1 R "T" { "A" } { { "x=no" "x=yes" } } "" 0 1
    """
    if form not in _FORMS:
        raise AskError(Problem("export/unknown-format", f"no form '{form}' of a game", hint=did_you_mean(form, _FORMS)))
    game, changed = _in_ascii(normal_form(conflict))
    content = "\n".join(_FORMS[form](game)) + "\n"
    return carried_over(f"gambit .{form.partition('-')[0]}", content, [*game.notes, *changed, *read_back(game, form, len(content))])


def _in_ascii(game: NormalForm) -> tuple[NormalForm, list[Remark]]:
    """A game whose names Gambit takes: printable ASCII, none twice; and what was written otherwise."""
    names = _apart(game.names)
    strategy = tuple(map(_apart, game.strategy))
    before = [*game.names, *(name for each in game.strategy for name in each)]
    after = [*names, *(name for each in strategy for name in each)]
    changed = [(clean(old), new) for old, new in zip(before, after, strict=True) if clean(old) != new]
    notes = [noted("names-changed", name=old, written=new) for old, new in changed[:MOST_TOLD]]
    notes += [noted("more-names-changed", n=len(changed) - MOST_TOLD)] if len(changed) > MOST_TOLD else []
    return replace(game, title=ascii_name(game.title), names=names, strategy=strategy), notes


def _apart(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in ASCII; one that would stand twice gets a number behind it."""
    made: dict[str, None] = {}
    for k, name in enumerate(names):
        plain = ascii_name(name) or f"{k + 1}"
        numbered = (f"{plain} ({n})" for n in itertools.count(k + 1))
        made[next(each for each in itertools.chain([plain], numbered) if each not in made)] = None
    return tuple(made)


def _text(words: str) -> str:
    """A text in quotation marks; those inside become apostrophes, and backslashes slashes, which every version reads."""
    return '"' + clean(words).replace("\\", "/").replace('"', "'") + '"'


def _texts(words: tuple[str, ...]) -> str:
    return "{ " + " ".join(map(_text, words)) + " }"


def _number(value: float) -> str:
    """A number without an exponent.

    >>> _number(1e-7), _number(2.0)
    ('0.0000001', '2')
    """
    return f"{Decimal(repr(float(value))):f}".removesuffix(".0")


def _payoffs(game: NormalForm, profile: tuple[int, ...]) -> list[str]:
    return [_number(value) for value in at(game.payoff, profile)[:, 0]]


def _nfg_heading(game: NormalForm) -> Iterator[str]:
    yield f"NFG 1 R {_text(game.title)} {_texts(game.names)}"
    yield "{ " + " ".join(map(_texts, game.strategy)) + " }"
    yield '""'


def _nfg(game: NormalForm) -> Iterator[str]:
    yield from _nfg_heading(game)
    for profile in pure_profiles(game.sizes, first_fastest=True):
        yield " ".join(_payoffs(game, profile))


def _nfg_outcomes(game: NormalForm) -> Iterator[str]:
    yield from _nfg_heading(game)
    each = list(pure_profiles(game.sizes, first_fastest=True))
    yield "{"
    for k, profile in enumerate(each):
        yield f'{{ "{k + 1}" {", ".join(_payoffs(game, profile))} }}'
    yield "}"
    yield " ".join(str(k + 1) for k in range(len(each)))


def _efg(game: NormalForm) -> Iterator[str]:
    """A tree, depth first: each player has one information set, so that nobody sees what was chosen before."""
    yield f"EFG 2 R {_text(game.title)} {_texts(game.names)}"
    yield '""'
    sizes = game.sizes
    before = np.zeros(len(sizes), np.int64)
    for k, profile in enumerate(pure_profiles(sizes, first_fastest=False)):
        opened = 0 if k == 0 else next(i for i, (new, old) in enumerate(zip(profile, before, strict=True)) if new != old) + 1
        for i in range(opened, len(sizes)):
            yield f'p "" {i + 1} 1 "" {_texts(game.strategy[i])} 0'
        yield f't "" {k + 1} "" {{ {", ".join(_payoffs(game, profile))} }}'
        before = np.array(profile)


_FORMS: Mapping[str, Callable[[NormalForm], Iterator[str]]] = {"nfg": _nfg, "nfg-outcomes": _nfg_outcomes, "efg": _efg}
