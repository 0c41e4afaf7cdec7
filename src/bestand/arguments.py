"""The one place that checks the form of what users hand in: a public function refuses in words what its signature has no place for.

Forms are read from the signature itself, once, when the function is first called: text, numbers, lists of them, conflicts. What a
value may be besides (which words, how large) is known to the function, and checked there.
"""

from __future__ import annotations

import inspect
import math
import os
import re
import reprlib
import sys
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import wraps
from itertools import chain, repeat
from numbers import Integral, Rational, Real
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeGuard, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bestand.errors import AskError, Problem, did_you_mean, short, written_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_WHOLE = 2**63 - 1  # a whole number that is handed in, either sign
_REST = inspect.Parameter.VAR_POSITIONAL
MOST_LISTED, MOST_CELLS = 10**7, 2**32  # things in a list that is handed in, numbers in an array
MOST_PATH, MOST_NAME = 4_096, 255  # bytes of a path that is handed in, and of one name in it
_P = ParamSpec("_P")
_Answer = TypeVar("_Answer")
_KINDS = {"bool": ("b", "yes or no"), "bool_": ("b", "yes or no"), "int8": ("iu", "whole numbers"), "int64": ("iu", "whole numbers")}  # of arrays
_MANY, _MAPPINGS = (Sequence, Collection, tuple, AbstractSet, Iterable), (Mapping, dict)


@dataclass(frozen=True, slots=True)
class Form:
    """What a value may be: in words, and the test of it."""

    words: str
    fits: Callable[[object], bool]


def checked(public: Callable[_P, _Answer]) -> Callable[_P, _Answer]:
    """The function, refusing in words what is not of the forms that its signature states.

    Raises
    ------
    AskError
        `ask/wrong-form`.

    >>> def double(share: float) -> float:
    ...     return 2 * share
    >>> checked(double)(0.25)
    0.5
    >>> checked(double)("much")
    Traceback (most recent call last):
    bestand.errors.AskError: [ask/wrong-form] `share` of `double` must be a number, not 'much'
      hint: `share` takes a number
    """
    forms: dict[str, Form] = {}
    order: list[str] = []
    rest: list[str] = []

    @wraps(public)
    def refusing(*args: _P.args, **kwargs: _P.kwargs) -> _Answer:
        if not order:
            forms.update(_forms(public))
            order.extend(inspect.signature(public).parameters)
            rest.extend(name for name in order if name in forms and inspect.signature(public).parameters[name].kind is _REST)
            order[:] = order[: order.index(rest[0])] if rest else order
        named, tame = chain(order, repeat(rest[0])) if rest else order, True
        given = zip(named, args)  # noqa: B905 (too many are Python's to refuse)
        for name, value in chain(given, kwargs.items()) if kwargs else given:
            form, own = forms.get(name), _TAME[type(value)] if type(value) in _TAME else _is_tame(value)
            tame = tame and own
            if form is not None and not (form.fits(value) if own else _fits(form, value)):
                raise AskError(_problem(public, name, form, value))
        if tame:
            return public(*args, **kwargs)
        return cast("Callable[..., _Answer]", public)(*map(_plain, args), **{name: _plain(value) for name, value in kwargs.items()})

    return refusing


def numbered(what: str, number: int, n: int, *, last: bool = False) -> int:
    """The number of one of `n` things of a result, counted from 0; where `last`, -1 stands for the last.

    Raises
    ------
    AskError
        `ask/no-such-number`.

    >>> numbered("point", 1, 2)
    1
    >>> numbered("point", -1, 2)
    Traceback (most recent call last):
    bestand.errors.AskError: [ask/no-such-number] there is no point -1
      hint: they are counted from 0, and there are 2
    """
    if not (-1 if last else 0) <= number < n:
        raise AskError(Problem("ask/no-such-number", f"there is no {what} {number}", hint=f"they are counted from 0, and there are {n}"))
    return int(number) % n


def named(what: str, name: str, names: Collection[str]) -> str:
    """One of the names that a result has.

    Raises
    ------
    AskError
        `ask/no-such-name`.

    >>> named("model", "coxx", ["km", "cox"])
    Traceback (most recent call last):
    bestand.errors.AskError: [ask/no-such-name] there is no model 'coxx'
      hint: did you mean 'cox'? choices are km, cox
    """
    if name not in names:
        raise AskError(Problem("ask/no-such-name", f"there is no {what} '{name}'", hint=did_you_mean(name, names)))
    return name


def once_each(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object of a JSON text in which no name is given twice: readers differ in which of two they take.

    >>> once_each([("a", 1), ("b", 2)])
    {'a': 1, 'b': 2}
    >>> once_each([("a", 1), ("a", 2)])
    Traceback (most recent call last):
    ValueError: 'a' is given twice
    """
    by_name = dict(pairs)
    if len(by_name) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"'{short(twice, most=80)}' is given twice")
    return by_name


def _forms(public: Callable[..., object]) -> dict[str, Form]:
    hints = get_type_hints(public)
    sections = {name for name, each in inspect.signature(public).parameters.items() if each.kind is each.VAR_KEYWORD}
    return {name: form_of(hint) for name, hint in hints.items() if name != "return" and name not in sections}


def _fits(form: Form, value: object) -> bool:
    """Whether a value is of a form; never, if it is endless, larger than memory, or cannot even be looked at."""
    try:
        return is_bounded(value) and form.fits(value)
    except _UNFIT:
        return False


_UNFIT = (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)


def is_bounded(value: object) -> bool:
    """Whether a list, mapping or array is of a length that can be gone through; all else is.

    >>> is_bounded([1, 2]), is_bounded(range(10**12))
    (True, False)
    """
    if _is_array(value):
        return value.size <= MOST_CELLS
    return not isinstance(value, Sequence | AbstractSet | Mapping) or len(value) <= MOST_LISTED


def _plain(value: object, deep: int = 0) -> Any:
    """What was handed in, with Python's numbers for numpy's and lists for those of pandas: of few bits, they would cut answers short."""
    if _is_tame(value):
        return value
    home = type(value).__module__
    if home == "numpy" and isinstance(value, Real) and not isinstance(value, Integral):
        return float(value)
    if home == "numpy" and (_is_numpys_truth(value) or is_whole_number(value)):
        return cast("Any", value).item()
    if home.startswith("pandas.") and getattr(value, "ndim", 0) == 1:
        return list(cast("Iterable[object]", value))
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(map(_plain, value)) if any(type(each).__module__ == "numpy" for each in value) else value
    if isinstance(value, dict) and type(value) is dict and deep < _DEEP:
        return {name: _plain(each, deep + 1) for name, each in value.items()}
    return value


_DEEP = 3  # mappings in mappings


def _is_tame(value: object) -> bool:
    """Whether a thing is taken as it is: text, Python's numbers, things of the program; all but lists, mappings and what numpy and pandas make."""
    kind = type(value)
    if kind not in _TAME:
        listed = issubclass(kind, Sequence | AbstractSet | Mapping) and not issubclass(kind, str | bytes)
        _TAME[kind] = not listed and kind.__module__.partition(".")[0] not in ("numpy", "pandas")
    return _TAME[kind]


_TAME: dict[type, bool] = {}  # by kind, so that it is asked once


def _problem(public: Callable[..., object], name: str, form: Form, value: object) -> Problem:
    what = f"`{name}` of `{public.__name__}` must be {form.words}, not {shown(value)}"
    told = re.search(rf"^ *(?:\w+, )*{name}(?:, \w+)* +: (.+)$", inspect.getdoc(public) or "", re.M)
    return Problem("ask/wrong-form", what, hint=f"{name}: {told[1]}" if told else f"`{name}` takes {form.words}")


def shown(value: object) -> str:
    """A value in a message, short; of things that are no plain data, their kind.

    >>> shown(["a", None]), shown(object()), shown(3)
    ("['a', None]", 'a thing of kind object', '3')
    """
    if value is None or isinstance(value, str | bytes | int | float | list | tuple | dict | set):
        return short(written_out(_SHORT.repr(value)), most=80)
    if _is_array(value):
        return f"an array of {value.dtype} of shape {value.shape}"
    if not is_bounded(value):
        return f"a thing of kind {type(value).__name__} with more than {MOST_LISTED:,} things in it"
    return f"a thing of kind {type(value).__name__}"


class _Shortened(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        return str(x) if abs(x) <= MOST_WHOLE else f"a number of {x.bit_length()} bits"


_SHORT = _Shortened()


def form_of(hint: object) -> Form:
    """The form that a type in a signature stands for."""
    members = _members(hint)
    if len(members) > 1:
        paths = any(isinstance(each, type) and issubclass(each, PurePath) for each in members)
        return _any_of([_PATH if paths and each is str else form_of(each) for each in members])
    hint = members[0]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _TEXT
    if origin in _MAPPINGS:
        return _mapping(form_of(inner[0]), form_of(inner[1]))
    if getattr(origin, "__name__", "") == "ndarray":
        return _array(inner)
    if origin is tuple and inner[-1] is not ...:
        return _row([form_of(each) for each in inner])
    if origin in _MANY:
        return _many(form_of(inner[0]), cast("type", origin))
    if origin is Callable or origin is cast("object", _CALLS):
        return Form("a function", callable)
    return _PLAIN[hint] if isinstance(hint, type) and hint in _PLAIN else _thing(hint)


_CALLS = get_origin(Callable[[], None])


def _members(hint: object) -> list[object]:
    """Members of a union; those that together stand for anything like an array are one."""
    if get_origin(hint) not in (Union, types.UnionType):
        return [hint]
    members = list(get_args(hint))
    if any(getattr(get_origin(each), "__name__", "") == "_SupportsArray" for each in members):
        return [_Arrays, *(each for each in members if each is type(None))]
    return members


class _Arrays:
    """Stands for anything that numpy makes an array of numbers of."""


def is_whole_number(value: object) -> TypeGuard[int]:
    """Whether this is a whole number: no truth, and no span of time, which to Python is one as well.

    >>> is_whole_number(3), is_whole_number(True), is_whole_number(3.0)
    (True, False, False)
    """
    span_of_time = type(value).__name__ == "timedelta64"
    return isinstance(value, Integral) and not isinstance(value, bool) and not span_of_time and abs(int(value)) <= MOST_WHOLE


def _yes_or_no(value: object) -> bool:
    return isinstance(value, bool) or _is_numpys_truth(value)


def _is_numpys_truth(value: object) -> bool:
    return type(value).__name__ in ("bool_", "bool") and type(value).__module__ == "numpy"


def _is_array(value: object) -> TypeGuard[NDArray[Any]]:
    return type(value).__name__ == "ndarray" and type(value).__module__ == "numpy"


def _number(value: object) -> bool:
    if isinstance(value, Integral):
        return is_whole_number(value)
    return isinstance(value, Real) and not isinstance(value, Rational) and not math.isnan(value)


def _text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value


def _path(value: object) -> bool:
    if not isinstance(value, str | PurePath):
        return False
    try:
        name = os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return b"\0" not in name and 0 < len(name) < MOST_PATH and all(len(part) <= MOST_NAME for part in name.split(b"/"))


def _like_an_array(value: object) -> bool:
    if isinstance(value, str | bytes | bytearray | memoryview | Mapping):
        return False
    try:
        import numpy as np  # noqa: PLC0415 (here and nowhere above: reading a case needs none)

        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return False
    return array.dtype.kind in "biuf" and _fits_in_64_bits(array)


def _fits_in_64_bits(array: NDArray[Any]) -> bool:
    """Whether numbers, of more bits as they may be, lie within what 64 hold."""
    return array.dtype.kind != "f" or array.dtype.itemsize <= _BYTES or not (abs(array[array == array]) > sys.float_info.max).any()  # noqa: PLR0124


_BYTES = 8  # of a number


_TEXT, _PATH = Form("text", _text), Form("a path", _path)
_PLAIN: dict[type, Form] = {
    str: _TEXT,
    int: Form("a whole number", is_whole_number),
    float: Form("a number", _number),
    bool: Form("True or False", _yes_or_no),
    type(None): Form("None", lambda value: value is None),
    object: Form("anything", lambda value: True),
    _Arrays: Form("numbers, or a list or array of them", _like_an_array),
}


def _thing(hint: object) -> Form:
    if not isinstance(hint, type) or hint is Any:
        return _PLAIN[object]  # Any, or a variable of a type
    if issubclass(hint, PurePath):
        return _PATH
    return Form(f"a {hint.__name__}", lambda value: isinstance(value, hint))


def _any_of(forms: Sequence[Form]) -> Form:
    words = list(dict.fromkeys(form.words for form in forms if form.words != "None"))
    words += ["None"] if any(form.words == "None" for form in forms) else []
    told = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
    tests = tuple(form.fits for form in forms)
    return Form(told, lambda value: any(fits(value) for fits in tests))


def _mapping(key: Form, each: Form) -> Form:
    def fits(value: object) -> bool:
        return isinstance(value, Mapping) and all(key.fits(name) and each.fits(inner) for name, inner in value.items())

    return Form(f"a mapping from {key.words} to {each.words}", fits)


def _many(each: Form, kind: type) -> Form:
    numbers = each in (_PLAIN[int], _PLAIN[float])

    def fits(value: object) -> bool:
        if _is_array(value):
            return numbers and value.ndim == 1 and all(map(each.fits, value.tolist()))
        alike = isinstance(value, kind) and not isinstance(value, str | bytes | bytearray | memoryview | Mapping)
        alike = alike and getattr(value, "ndim", 1) == 1  # a table is no list
        return alike and all(each.fits(one) for one in cast("Iterable[object]", value))

    return Form(f"a list of {each.words}", fits)


def _row(forms: Sequence[Form]) -> Form:
    def fits(value: object) -> bool:
        alike = isinstance(value, tuple | list) and len(value) == len(forms)
        return alike and all(form.fits(each) for form, each in zip(forms, cast("Sequence[object]", value), strict=True))

    return Form(f"({', '.join(form.words for form in forms)})", fits)


def _array(inner: tuple[Any, ...]) -> Form:
    number = get_args(inner[1])[0] if len(inner) > 1 and get_args(inner[1]) else None
    kinds, words = _KINDS.get(getattr(number, "__name__", ""), ("biuf", "numbers"))
    return Form(f"an array of {words}", lambda value: _is_array(value) and value.dtype.kind in kinds and _fits_in_64_bits(value))
