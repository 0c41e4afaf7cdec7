"""What may be handed to the compiled code: arrays of one type, shape and range, and numbers within bounds."""

from __future__ import annotations

import functools
import operator
import weakref
from collections.abc import Callable, Iterable, Sequence
from mmap import mmap
from typing import Any, NamedTuple, ParamSpec, SupportsFloat, SupportsIndex, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bestand.errors import KernelError, Problem

MOST_REMEMBERED = 4096  # arrays remembered as checked already
MOST_STATES = 2**31 - 2  # states that the compiled code counts
MOST_THREADS = 1 << 20  # asked for; at most 256 are used
MOST_RATE = 1e12  # per month; also the largest worth, noise or cost that is taken
_Result = TypeVar("_Result")
_Given = ParamSpec("_Given")
_Parts = TypeVar("_Parts", bound="tuple[NDArray[Any], ...]")
_Called = TypeVar("_Called")
_known: dict[tuple[int, ...], tuple[weakref.ref[Any], ...]] = {}


class Reached(NamedTuple):
    """What is reached from a state: steps −1 where nothing leads; `rests` where no further move of the kind asked for is; from how many
    states, nearest first, moves were followed, and whether that is all of them: else nothing is known of circles."""

    steps: NDArray[np.int32]
    mover: NDArray[np.int16]
    before: NDArray[np.uint32]
    rests: NDArray[np.uint8]
    circles: bool
    n_followed: int
    whole: bool


def refuse(code: str, what: str) -> KernelError:
    """An error of the door: its hint is the same for all, because nobody but a program hands these arrays in."""
    return KernelError(Problem(code, what, hint="arrays must be of one graph, and of the types in bestand/kernels.py"))


def door(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """The same function, whose errors are all of one family."""

    @functools.wraps(function)
    def checked(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        try:
            return function(*given, **named)
        except OverflowError as error:
            raise refuse("kernel/too-large", str(error)) from error
        except MemoryError as error:
            raise refuse("kernel/no-memory", "there is not enough memory for this") from error
        except (ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
            raise refuse("kernel/failed", f"{function.__name__}: {str(error).splitlines()[0]:.200}" if str(error) else function.__name__) from error

    return checked


def function(name: str, given: _Called) -> _Called:
    """A function that compiled code calls, or None."""
    if given is not None and not callable(given):
        raise refuse("kernel/wrong-array", f"`{name}` must be a function, or None, not {type(given).__name__}")
    return given


def array(name: str, given: object, kind: DTypeLike, shape: Sequence[int | None], *, within: tuple[float, float] | None = None) -> NDArray[Any]:
    """A checked array in C order: a copy only where it was not in order.

    Of numpy's own kind alone: what a masked array hides, or another kind says of itself, is not what compiled code reads.

    shape  : None where any length will do
    within : least and largest value; all must be finite
    """
    if isinstance(given, np.ndarray) and type(given) not in (np.ndarray, np.memmap):
        raise refuse("kernel/wrong-array", f"`{name}` must be a plain array, not {type(given).__name__}")
    if not isinstance(given, np.ndarray) or given.dtype != np.dtype(kind):
        given_kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise refuse("kernel/wrong-array", f"`{name}` must be an array of {np.dtype(kind)}, not {given_kind}")
    if given.ndim != len(shape) or any(want is not None and have != want for have, want in zip(given.shape, shape, strict=True)):
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise refuse("kernel/wrong-shape", f"`{name}` must have shape ({wanted}), not {given.shape}")
    if within is not None and given.size and not bool(given.min() >= within[0] and given.max() <= within[1]):
        raise refuse("kernel/out-of-range", f"`{name}` must lie within {within[0]:g} and {within[1]:g}")
    if given.dtype == np.bool_ and given.size and given.view(np.uint8).max() > 1:  # a byte that is neither: undefined in C++
        raise refuse("kernel/out-of-range", f"`{name}` must hold nothing but true and false")
    return given if given.flags.c_contiguous and given.flags.aligned else np.require(given, requirements=["C", "A"])


def arrays(
    name: str, given: Iterable[object], kind: DTypeLike, shapes: Sequence[Sequence[int | None]], *, within: tuple[float, float] | None = None
) -> list[NDArray[Any]]:
    """One checked array per entry of `shapes`."""
    listed = _listed(name, given)
    if len(listed) != len(shapes):
        raise refuse("kernel/wrong-shape", f"`{name}` must hold {len(shapes)} arrays, not {len(listed)}")
    return [array(f"{name}[{k}]", each, kind, shape, within=within) for k, (each, shape) in enumerate(zip(listed, shapes, strict=True))]


def writable(name: str, given: object, kind: DTypeLike, shape: Sequence[int | None]) -> NDArray[Any]:
    """An array that is written into: it must be in C order itself."""
    checked = array(name, given, kind, shape)
    if checked is not given or not checked.flags.writeable:
        raise refuse("kernel/wrong-array", f"`{name}` is written into, so it must be writable and in C order")
    return checked


def whole(name: str, given: object, least: int, most: int) -> int:
    """A whole number within bounds."""
    try:
        number = operator.index(cast(SupportsIndex, given))
    except TypeError as error:
        raise refuse("kernel/wrong-array", f"`{name}` must be a whole number, not {type(given).__name__}") from error
    if not least <= number <= most:
        raise refuse("kernel/out-of-range", f"`{name}` must lie within {least:,} and {most:,}, not {number}")
    return number


def number(name: str, given: object, least: float, most: float) -> float:
    """A number within bounds; NaN is in none."""
    try:
        value = float(cast(SupportsFloat, given))
    except (TypeError, ValueError, OverflowError) as error:
        raise refuse("kernel/wrong-array", f"`{name}` must be a number, not {given!r:.50}") from error
    if not least <= value <= most:
        raise refuse("kernel/out-of-range", f"`{name}` must lie within {least:g} and {most:g}, not {value:g}")
    return value


def word(name: str, given: object, choices: Sequence[str]) -> int:
    """Which of the choices a word is."""
    if not isinstance(given, str) or given not in choices:
        raise refuse("kernel/out-of-range", f"`{name}` must be one of {', '.join(choices)}, not {given!r:.50}")
    return choices.index(given)


def ascending(name: str, given: object, *, least: float, most: float) -> NDArray[np.float64]:
    """Moments, each later than the one before."""
    moments = array(name, given, np.float64, (None,), within=(least, most))
    if np.any(np.diff(moments) <= 0):
        raise refuse("kernel/out-of-range", f"`{name}` must ascend")
    return moments


def once(check: Callable[..., None], given: object, parts: Sequence[NDArray[Any]]) -> None:
    """Makes a check of arrays, unless these very arrays have passed it before and nobody could have written into them since."""
    if _remembered(check, parts):
        return
    check(*(parts if given is None else (given,)))
    if all(map(_fixed, parts)):
        if len(_known) >= MOST_REMEMBERED:
            _known.clear()
        _known[(id(check), *map(id, parts))] = tuple(weakref.ref(part) for part in parts)


def read_only(parts: _Parts) -> _Parts:
    """Arrays that nobody writes into any more, so that checks of them are remembered."""
    for part in parts:
        memory: object = part
        while isinstance(memory, np.ndarray):
            memory.flags.writeable = False
            memory = memory.base
    return parts


def _fixed(part: object) -> bool:
    """Whether nobody writes into an array, nor into another one whose memory it shows."""
    while isinstance(part, np.ndarray):
        if part.flags.writeable:
            return False
        part = part.base
    return not isinstance(part.obj if isinstance(part, memoryview) else part, _WRITTEN)


_WRITTEN = (bytearray, mmap)  # a tuple, since a union would be made at every question


def _remembered(check: Callable[..., None], parts: Sequence[Any]) -> bool:
    known = _known.get((id(check), *map(id, parts)), ())
    return bool(known) and all(ref() is part and _fixed(part) for ref, part in zip(known, parts, strict=True))


_MOVES: dict[str, DTypeLike] = {
    "members": np.uint32,
    "block": np.int64,
    "kind": np.int32,
    "first_row": np.int64,
    "row": np.int64,
    "target": np.uint32,
    "complete": np.bool_,
    "block_of": np.uint32,
    "own": np.uint64,
    "fields": np.uint64,
}


def one_party(given: object, check: Callable[..., None], name: str = "moves") -> int:
    """Number of states of one party's moves, checked."""
    own: list[Any] = [getattr(given, part, None) for part in _MOVES]
    if isinstance(own[0], np.ndarray) and _remembered(check, own):
        return int(own[0].size)
    parts = [array(f"{name}.{part}", each, kind, (None,)) for each, (part, kind) in zip(own, _MOVES.items(), strict=True)]
    if any(part is not each for part, each in zip(parts, own, strict=True)):
        raise refuse("kernel/wrong-array", f"the arrays of `{name}` must be in C order")
    once(check, given, parts)
    return int(parts[0].size)


def every_party(given: object, check: Callable[..., None]) -> tuple[list[Any], int]:
    """The moves of all parties, and the number of states that they share."""
    parties = _listed("moves", given)
    sizes = {one_party(moves, check, f"moves[{i}]") for i, moves in enumerate(parties)}
    if len(sizes) != 1:
        raise refuse("kernel/bad-moves", "moves of no party" if not sizes else f"moves of graphs of {' and '.join(map(str, sorted(sizes)))} states")
    return parties, sizes.pop()


def events(given: object, n_states: int) -> list[Any]:
    """Events whose sources and targets are states."""
    listed = _listed("chances", given)
    for c, each in enumerate(listed):
        source = array(f"chances[{c}].source", getattr(each, "source", None), np.uint32, (None,), within=(0, n_states - 1))
        array(f"chances[{c}].target", getattr(each, "target", None), np.uint32, source.shape, within=(0, n_states - 1))
    return listed


def draws(name: str, given: object, n_draws: int, shape: Sequence[int], *, least: float, most: float = MOST_RATE) -> NDArray[np.float64]:
    """Numbers with a leading axis of one draw for all, or of all draws."""
    n = given.shape[0] if isinstance(given, np.ndarray) and given.ndim else 1
    return array(name, given, np.float64, (n if n == n_draws else 1, *shape), within=(least, most))


def _listed(name: str, given: object) -> list[Any]:
    try:
        return list(cast(Iterable[object], given))
    except TypeError as error:
        raise refuse("kernel/wrong-array", f"`{name}` must be a sequence, not {type(given).__name__}") from error


def threads_used(threads: object) -> int:
    """So many threads as are asked for, at most 256."""
    return min(256, whole("threads", threads, 1, MOST_THREADS))


def checked_rank(rank: object, n_parties: int, n_states: int) -> NDArray[np.uint32]:
    """One draw of ranks: (n_parties, n_states)."""
    return array("rank", rank, np.uint32, (n_parties, n_states))


def checked_variants(
    check: Callable[..., None], moves: object, rows: object, which: object
) -> tuple[list[Any], NDArray[np.uint32], NDArray[np.int32]]:
    """Moves, ranks (n_rows, n_states), and the row of each party in every draw (n_draws, n_parties)."""
    parties, n = every_party(moves, check)
    ranks = array("rows", rows, np.uint32, (None, n))
    return parties, ranks, array("which", which, np.int32, (None, len(parties)), within=(0, len(ranks) - 1))


def checked_listing(
    check: Callable[..., None], first: Sequence[object], target: Sequence[object], n_states: int | None
) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
    """Lists of moves, checked once: each (n_states + 1,) and the states that they lead to."""
    into = arrays("target", target, np.uint32, [(None,)] * len(target))
    size = np.size(np.asarray(first[0])) if n_states is None and len(first) else (n_states or 0) + 1
    begin = arrays("first", first, np.int64, [(size,)] * len(target))
    for pair in zip(begin, into, strict=True):
        once(check, None, pair)
    return begin, into
