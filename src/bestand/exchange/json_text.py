"""JSON of strangers, within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bestand.arguments import once_each
from bestand.errors import BestandError, CaseError, Place, Problem, line_at, short, written_out

MOST_LETTERS = 20_000_000  # characters of a JSON file that is read
MOST_DIGITS = 400  # of a whole number in it


def json_in(text: str, name: str) -> Any:
    """The values of a JSON text; what is no number is refused.

    Raises
    ------
    CaseError
        `import/not-json`, `import/too-large`.

    >>> json_in('{"a": [1, 2]}', "file")
    {'a': [1, 2]}
    """
    if len(text) > MOST_LETTERS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_LETTERS:,} characters", Place(name), "is it the right file?"))
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_whole, object_pairs_hook=once_each)
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {error.msg}"
        raise CaseError(Problem("import/not-json", what, Place(name, line_at(text, error.pos)), "save it anew")) from error
    except ValueError as error:
        raise CaseError(Problem("import/not-json", f"this JSON cannot be taken: {error}", Place(name), "save it anew")) from error
    except RecursionError as error:
        raise CaseError(Problem("import/too-large", "lists within lists, deeper than can be read", Place(name), "is it the right file?")) from error


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits")
    return int(digits)


NAME = (str, int, float)  # what a name may be written as
PAIR = (list, 2)  # a list of so many
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "yes or no", dict: "an object", list: "a list", type(None): "null"}


def misfit(value: Any, form: Any, at: str = "") -> str:
    """Which part of a JSON value is missing or of the wrong kind, in words; empty where none is.

    form : a type or several; [form] for a list of such; {"key": form, "key?": form} for an object, "*" for all of its keys

    >>> misfit({"a": [1, "x"]}, {"a": [int], "b?": str}), misfit({}, {"a": int}), misfit({"a": 1}, {"a": int})
    ("'a[1]' is a text, where a whole number is wanted", "'a' is missing", '')
    """
    return next(_misfits(value, form, at), "")


def _misfits(value: Any, form: Any, at: str) -> Iterator[str]:
    if form is Any:
        return
    if form == PAIR and isinstance(value, list) and len(value) != PAIR[1]:
        yield f"'{at}' has {len(value)} entries, where {PAIR[1]} are wanted"
        return
    form = list if form == PAIR else form
    kinds = (dict,) if isinstance(form, Mapping) else (list,) if isinstance(form, list) else form if isinstance(form, tuple) else (form,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        wanted = " or ".join(_KINDS[kind] for kind in kinds)
        yield f"{f'{at!r}' if at else 'it'} is {_KINDS.get(type(value), 'something else')}, where {wanted} is wanted"
    elif isinstance(form, list):
        for k, each in enumerate(value):
            yield from _misfits(each, form[0], f"{at}[{k}]")
    elif isinstance(form, Mapping):
        for key, inner in form.items():
            yield from _of_key(value, key, inner, f"{at}." if at else "")


def _of_key(value: Mapping[str, Any], key: str, inner: Any, before: str) -> Iterator[str]:
    name = key.removesuffix("?")
    if key == "*":
        for each, part in value.items():
            yield from _misfits(part, inner, f"{before}{short(written_out(each), most=60)}")
    elif name in value:
        yield from _misfits(value[name], inner, f"{before}{name}")
    elif not key.endswith("?"):
        yield f"'{before}{name}' is missing"


def in_words(error: Exception) -> str:
    """A mistake that came to light as a file was taken apart, in words: what this program said of it, or the part that is missing."""
    if isinstance(error, KeyError) and error.args:
        return f"'{short(str(error.args[0]), most=80)}' is missing, or names nothing in the file"
    if isinstance(error, BestandError):
        return "; ".join(problem.what for problem in error.problems)
    if isinstance(error, OverflowError):
        return "a number is larger than can be counted with"
    return str(error) if type(error) is ValueError else "a part is of the wrong kind, or missing"
