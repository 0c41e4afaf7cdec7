"""Games in normal form, whatever file they came from, as case files: a lever for each choice, a want for each payoff."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bestand.case.options import dumped
from bestand.errors import CaseError, Place, Problem
from bestand.exchange.names import clean, slug, slugs
from bestand.exchange.notes import Carried, Remark, carried_over, noted, unsaid

MOST_PROFILES = 65_536  # combinations of strategies of a game that is read
MOST_PLAYERS = 32  # of a game that is read
MOST_SETTINGS = 255  # strategies of one choice: a setting's index is one byte
MOST_PAYOFFS = 500  # different payoffs of one player of a game that is read
MOST_DIGITS = 40  # binary digits of a payoff, where a player has more payoffs than that
MOST_LETTERS = 20_000  # characters of the condition that one payoff became
LARGEST, LEAST = 1e9, 1e-12
STRATEGY = "strategy"  # what a choice is called where the file gives it no name


@dataclass(frozen=True, slots=True)
class GameChoice:
    """One thing that a player chooses: whose, its name, and what it chooses between."""

    player: int
    name: str
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payoffs:
    """A game in normal form.

    payoff : (n_players, *settings of each choice) float64, finite
    """

    title: str
    players: tuple[str, ...]
    choices: tuple[GameChoice, ...]
    payoff: NDArray[np.float64]


def checked_size(sizes: Sequence[int], n_players: int, name: str) -> None:
    """Nothing, where a game of so many strategies is not too large to be read.

    Raises
    ------
    CaseError
        `import/too-large`.
    """
    wrong = (
        f"{n_players:,} players" if n_players > MOST_PLAYERS
        else f"a choice between {max(sizes):,} strategies" if max(sizes, default=1) > MOST_SETTINGS
        else f"{math.prod(sizes):,} combinations of strategies" if math.prod(sizes) > MOST_PROFILES else ""
    )  # fmt: skip
    if wrong:
        hint = f"at most {MOST_PLAYERS} players, {MOST_SETTINGS} strategies of one choice and {MOST_PROFILES:,} combinations are read"
        raise CaseError(Problem("import/too-large", f"a game of {wrong}", Place(name), hint))


def game_text(game: Payoffs, format: str, notes: list[Remark], *, name: str = "file") -> Carried:
    """The case file of a game; its pure equilibria are the states that are Nash-stable for every party.

    Raises
    ------
    CaseError
        `import/too-large`, `import/bad-number`, `import/not-kept` where nobody has anything to choose.
    """
    parties = slugs(game.players, "player")
    levers, kept = _levers(game, parties)
    if not levers:
        raise nothing_to_choose(name)
    table = game.payoff.reshape(len(parties), *(len(choice.settings) for choice in kept))
    n_single = sum(len(choice.settings) == 1 for choice in game.choices)
    notes = [noted("parties", n=len(parties)), noted("levers", n=len(kept)), *notes, noted("present")]
    notes += [noted("one-choice", n=n_single)] if n_single else []
    low = [(clean(player) or party, float(own.min())) for player, party, own in zip(game.players, parties, table, strict=True)]
    notes += [noted("from-lowest", party=player, value=f"{least:.12g}") for player, least in low if least < 0]
    assumed = "as in the imported file"
    out = {
        "bestand": 1,
        "title": clean(game.title) or "Imported game",
        "present": "unknown",
        "parties": {party: {"name": clean(player) or party} for party, player in zip(parties, game.players, strict=True)},
        "levers": {
            lever: {
                "is": f"what {clean(game.players[choice.player]) or parties[choice.player]} chooses{_where(choice.name)}",
                "settings": list(settings),
                "meaning": {s: clean(given) for s, given in zip(settings, choice.settings, strict=True) if clean(given)},
                "assumed": assumed,
            }
            for (lever, settings), choice in zip(levers.items(), kept, strict=True)
        },
        "wants": {
            party: wants_of_payoffs(table[i], levers, assumed, name)
            for i, party in enumerate(parties)
            if np.ptp(table[i]) or table[i].max() > 0
        },
        "unsaid": unsaid(notes),
    }
    return carried_over(format, dumped({key: value for key, value in out.items() if value or key == "levers"}), notes)


def _where(name: str) -> str:
    return "" if name == STRATEGY else f" at {clean(name)}"


def nothing_to_choose(name: str) -> CaseError:
    """The refusal of a game or conflict in which nobody can do but one thing: a case of it would have no lever."""
    what = "nobody in it has anything to choose: a case of it would have no lever, and one state"
    return CaseError(Problem("import/not-kept", what, Place(name), "give some party two strategies or options, or more"))


def _levers(game: Payoffs, parties: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[GameChoice]]:
    """Levers with their settings, and the choices they stand for; of choices between one thing there are none."""
    kept = [choice for choice in game.choices if len(choice.settings) > 1]
    levers: dict[str, tuple[str, ...]] = {}
    for choice in kept:
        party = parties[choice.player]
        own = [lever.partition(".")[2] for lever in levers if lever.startswith(f"{party}.")]
        levers[f"{party}.{slug(choice.name, own, f'choice_{len(own) + 1}')}"] = slugs(choice.settings, "strategy")
    return levers, kept


def wants_of_payoffs(payoff: NDArray[np.float64], levers: dict[str, tuple[str, ...]], assumed: str, name: str) -> list[dict[str, object]]:
    """A want for each payoff, the largest first: at most one holds in each state, so order and sums both give the payoffs.

    Of more payoffs than a party may have wants, all of which are multiples of one number: a want for each binary digit of the
    multiple, the largest first, which order and sums give as well. Payoffs below 0 are counted from the lowest, since by rank a
    want is always a wish.
    """
    base = min(0.0, float(payoff.min()))
    payoff = np.vectorize(lambda value: float(f"{value - base:.12g}"), otypes=[np.float64])(payoff)
    values = sorted({float(value) for value in payoff.flat if value}, reverse=True)
    wrong = next((value for value in values if not LEAST <= abs(value) <= LARGEST), None)
    if wrong is not None:
        hint = f"payoffs other than 0 lie between {LEAST:g} and {LARGEST:g} in size: scale them"
        raise CaseError(Problem("import/bad-number", f"a payoff of {wrong:g}", Place(name), hint))
    if len(values) > MOST_PAYOFFS:
        step = _step(values, name)
        multiple = np.round(payoff / step).astype(np.int64)
        digits = reversed(range(int(multiple.max()).bit_length()))
        parts = [(step * 2**k, (multiple >> k & 1).astype(np.bool_), f"a payoff with {step * 2**k:.12g} in it, as a binary digit") for k in digits]
    else:
        parts = [(value, payoff == value, f"a payoff of {value + base:.12g}") for value in values]
    wants: list[dict[str, object]] = []
    for value, where, words in parts:
        that = condition(where, list(levers.items()))
        if len(that) > MOST_LETTERS:
            what = f"the outcomes of payoff {value:g} take more than {MOST_LETTERS:,} characters to say"
            raise CaseError(Problem("import/too-large", what, Place(name), "give fewer strategies, or more equal payoffs"))
        wants.append({"that": that, "is": words, "worth": {"value": value, "assumed": assumed}, "assumed": assumed})
    return [want for want in wants if want["that"] != "false"]


def _step(values: Sequence[float], name: str) -> float:
    """The largest number of which payoffs are multiples, as they are written in decimals.

    >>> _step([0.75, 0.5, 3.0], "file")
    0.25
    """
    exact = [Fraction(f"{value:.12g}") for value in values]
    below = math.lcm(*(value.denominator for value in exact))
    step = Fraction(math.gcd(*(int(value * below) for value in exact)), below)
    if max(exact) / step >= 1 << MOST_DIGITS:
        what = f"{len(values):,} different payoffs of one player, which are no multiples of one number"
        raise CaseError(Problem("import/too-large", what, Place(name), f"at most {MOST_PAYOFFS} such are read: round them"))
    return float(step)


def condition(mask: NDArray[np.bool_], levers: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A condition that holds in just these combinations of settings; levers on which nothing hangs are not named.

    >>> import numpy as np
    >>> condition(np.array([[True, False], [True, True]]), [("a.x", ("no", "yes")), ("b.y", ("no", "yes"))])
    '(a.x = no and b.y = no) or a.x = yes'
    """
    if not levers or mask.all():
        return "true" if mask.all() else "false"
    (lever, settings), rest = levers[0], levers[1:]
    alike: dict[bytes, list[int]] = {}
    for k in range(len(settings)):
        alike.setdefault(mask[k].tobytes(), []).append(k)
    ways = [way for places in alike.values() if mask[places[0]].any() for way in [_way(lever, settings, places, mask[places[0]], rest)]]
    return ways[0] if len(ways) == 1 else " or ".join(f"({way})" if " " in way and "and" in way.split() else way for way in ways)


def _way(lever: str, settings: Sequence[str], places: list[int], inside: NDArray[np.bool_], rest: Sequence[tuple[str, Sequence[str]]]) -> str:
    parts = [part for part in (_at(lever, settings, places), condition(inside, rest)) if part != "true"]
    return " and ".join(f"({part})" if " or " in part else part for part in parts) or "true"


def _at(lever: str, settings: Sequence[str], places: list[int]) -> str:
    """A lever at one of some settings."""
    if len(places) == len(settings):
        return "true"
    left = [setting for k, setting in enumerate(settings) if k not in places]
    if len(left) < len(places):
        return " and ".join(f"{lever} != {setting}" for setting in left)
    return " or ".join(f"{lever} = {settings[k]}" for k in places)


def at(payoff: NDArray[np.float64], profile: Sequence[int]) -> NDArray[np.float64]:
    """Payoffs of all players in one combination of strategies, to be read or set: shape (n_players, 1).

    >>> at(np.arange(8.0).reshape(2, 2, 2), (1, 0)).ravel()
    array([2., 6.])
    """
    place = int(np.ravel_multi_index(tuple(profile), payoff.shape[1:])) if payoff.ndim > 1 else 0
    return payoff.reshape(len(payoff), -1)[:, place : place + 1]


def pure_profiles(sizes: Sequence[int], *, first_fastest: bool) -> Iterator[tuple[int, ...]]:
    """Every combination of strategies, by number.

    >>> list(pure_profiles([2, 2], first_fastest=True))
    [(0, 0), (1, 0), (0, 1), (1, 1)]
    """
    order = sizes if first_fastest else tuple(reversed(sizes))
    for each in np.ndindex(*reversed(order)):
        yield tuple(reversed(each)) if first_fastest else each
