"""From plain values to the file's models; what does not fit is told in the file's own words, with line and column."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bestand.case.conditions import parse
from bestand.case.loaded import place
from bestand.case.meant import number_meant, without_comma
from bestand.case.model import CaseFile, Guard, Term
from bestand.case.parts import IsCondition, Part, Quantity, marked
from bestand.case.worlds import ONE_OR_MORE
from bestand.case.yaml import Marks, Value, joined
from bestand.errors import CaseError, Place, Problem, did_you_mean

Step = str | int
_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+\Z")
FORMAT = 1  # of case files: what stands under `bestand`
_DAY = ("is no day", "write year-month-day: 2025-04-25")
_DIGEST = ("is no sha256: 64 of the figures 0-9 and a-f", "sha256sum prints it; `bestand draft` fills it in")
_PATTERNS: Mapping[Step, tuple[str, str]] = {"on": _DAY, "since": _DAY, "sha256": _DIGEST}
MOST_TOLD = 200  # values of the wrong kind that are told one by one


def keys_of_conditions() -> frozenset[str]:
    """The keys that hold conditions, in whatever part of the file, as the models mark them.

    >>> "that" in keys_of_conditions(), "is" in keys_of_conditions()
    (True, False)
    """
    return frozenset(key for model in _below_part(Part) for _, key, _ in marked(model, IsCondition))


def _below_part(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for inner in model.__subclasses__():
        yield inner
        yield from _below_part(inner)


def shaped(value: Value, marks: Marks, file: str | None) -> tuple[CaseFile, list[Problem]]:
    """The models of a case file, and its unknown keys, so that the rest of the file can be looked through as well.

    Raises
    ------
    CaseError
        `case/missing-key`, `case/wrong-type`, `case/wrong-value`, with `case/unknown-key` and `case/condition`: all at once;
        `case/newer-format` alone.
    """
    if not isinstance(value, dict):
        hint = "start with `bestand: 1`, `title: …` and `parties:`; `bestand new` writes a file to begin with"
        raise CaseError(Problem("case/wrong-type", f"a case is a mapping of keys, not {_kind(value)}", Place(file, 1, 1), hint))
    given: dict[str, Value] = {key: inner for key, inner in value.items() if inner is not None}  # a section that is still empty
    _known_format(given.get("bestand"), marks, file)
    try:
        return CaseFile.model_validate(given), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    problems = _told(errors[:MOST_TOLD], given, marks, file)
    if len(errors) > MOST_TOLD:
        what = f"{len(errors) - MOST_TOLD:,} more values are of the wrong kind"
        raise CaseError([*_in_order(problems), Problem("case/wrong-type", what, Place(file), "put these right first")])
    unknown = [path for each in errors if each["type"] == "extra_forbidden" and (path := _written(each["loc"], given))]
    try:
        return CaseFile.model_validate(_without(given, unknown)), _in_order(problems)
    except ValidationError:
        raise CaseError(_in_order([*problems, *_unreadable_conditions(given, marks, file)])) from None


def _known_format(given: Value, marks: Marks, file: str | None) -> None:
    """Ends where a file is of a format that is not known: nobody can say what is wrong with the rest of it."""
    if isinstance(given, bool) or (isinstance(given, int | float) and given != FORMAT):
        newer = not isinstance(given, bool) and given > FORMAT
        hint = "take a newer version of bestand" if newer else f"write `bestand: {FORMAT}`"
        what = f"the file is of format {str(given).lower()[:20]}, and this version of bestand reads format {FORMAT}"
        raise CaseError(Problem("case/newer-format" if newer else "case/unknown-format", what, place("bestand", marks, file), hint))


def _told(errors: Sequence[ErrorDetails], given: Value, marks: Marks, file: str | None) -> list[Problem]:
    """Errors in the file's words. Where a value fits none of several forms, the errors of each form say less than that it does not."""
    problems = [problem for details in errors if (problem := _problem(details, given, marks, file)) is not None]
    wrong = {problem.place.at for problem in problems if problem.code == "case/wrong-type"}
    inside = (each.what.endswith("cannot be a name here") and each.place.at.rpartition(".")[0] in wrong for each in problems)
    problems = [each for each, lies_in_it in zip(problems, inside, strict=True) if not lies_in_it]
    told = {problem.place.at for problem in problems}
    for details in errors:
        at, value = _reached(details["loc"], given)
        if _written(details["loc"], given) is None and not any(here == at or here.startswith((f"{at}.", f"{at}[")) for here in told):
            what = f"'{at.rpartition('.')[2]}' is {_kind(value)}; another form is expected"
            problems.append(Problem("case/wrong-type", what, place(at, marks, file), _meaning_of(at, details["loc"])))
            told.add(at)
    return problems


def _reached(loc: Sequence[Step], given: Value) -> tuple[str, Value]:
    """How far a pydantic location leads into what was written, and what stands there."""
    at, here = "", given
    for step in loc:
        inner = _inside(here, step)
        if inner is not None:
            at, here = joined(at, step), inner
    return at, here


def _meaning_of(at: str, loc: Sequence[Step]) -> str:
    section = at.partition(".")[0]
    return _meaning([step for step in loc[:1] if step == section])[2:-1]


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Problems without repeats, as they stand in the file."""
    unique = {(problem.code, problem.what, problem.place.at): problem for problem in problems}
    return sorted(unique.values(), key=lambda problem: (problem.place.line or 0, problem.place.column or 0))


def _without(value: Value, paths: Sequence[Sequence[Step]]) -> Value:
    """The value without what stands at some paths."""
    gone: dict[Step, Any] = {}
    for path in paths:
        here = gone
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = None
    return _pruned(value, gone)


def _pruned(value: Value, gone: Mapping[Step, Any]) -> Value:
    if isinstance(value, dict):
        return {key: _pruned(inner, gone.get(key) or {}) for key, inner in value.items() if gone.get(key, {}) is not None}
    if isinstance(value, list) and gone:
        return [_pruned(inner, gone.get(k) or {}) for k, inner in enumerate(value)]
    return value


def _unreadable_conditions(value: Value, marks: Marks, file: str | None) -> list[Problem]:
    """Conditions that cannot be read, in a file of which other parts do not fit."""
    keys, problems = keys_of_conditions(), list[Problem]()
    left: list[tuple[str, str, Value]] = [("", "", value)]
    while left:
        at, key, here = left.pop()
        inner = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        left += [(joined(at, step), str(step), part) for step, part in inner]
        if isinstance(here, str) and (key in keys or at == f"terms.{key}"):  # a term may be its condition alone
            try:
                parse(here, place(at, marks, file))
            except CaseError as error:
                problems += error.problems
    return problems


def _problem(details: ErrorDetails, given: Value, marks: Marks, file: str | None) -> Problem | None:
    """One error of pydantic in the file's words; None where it speaks of a form that was not written here."""
    path = _written(details["loc"], given)
    if path is None:
        return None
    at = ""
    for step in path:
        at = joined(at, step)
    here, last = place(at, marks, file), _called(path)
    kind, message = details["type"], details["msg"]
    if comma := _decimal_comma(path, given):
        what = f"'{comma}' is written with a comma; a number with a decimal point is expected"
        return Problem("case/wrong-type", what, here, without_comma(comma))
    worded = not last.replace("-", "_").isidentifier()
    if kind == "extra_forbidden" and details["input"] is None and worded:  # the part of a text behind its comma, between braces
        return Problem("case/unknown-key", f"unknown key '{last}'", here, "a text with a comma in it stands between quotation marks")
    if kind == "extra_forbidden":
        return Problem("case/unknown-key", f"unknown key '{last}'", here, did_you_mean(last, _keys(path[:-1])))
    if kind == "missing" and isinstance(path[-1], int):
        return Problem("case/wrong-value", f"'{last}' has too few entries", here, _meaning(path[:-1])[2:-1])
    if kind == "missing":
        return Problem("case/missing-key", f"'{last}' is missing", here, f"add `{last}: …`{_meaning(path)}")
    if kind == "too_long":
        most = int(details.get("ctx", {}).get("max_length", 0))
        hint = "split the case; limits.md says how much is read" if most > 10 else f"give {most} and no more"
        return Problem("case/too-large", f"'{last}' has more than {most:,} entries", here, hint)
    if details["loc"] and details["loc"][-1] == "[key]":
        return Problem("case/wrong-value", f"'{last}' cannot be a name here", here, _names_here(kind, details, path))
    if kind in ("string_type", "literal_error") and isinstance(details["input"], bool | int | float):
        shown = str(details["input"]).lower() if isinstance(details["input"], bool) else details["input"]
        return Problem("case/wrong-type", f"'{last}' must be text, and {shown} is not", here, f"put quotes around it: \"{shown}\"")
    if kind.endswith("_type") or kind.endswith("_parsing") or kind == "model_attributes_type":
        return _wrong_type(details, path, last, here)
    if kind == "string_pattern_mismatch":
        what, hint = _PATTERNS.get(path[-1], ("is not written as it must be", _meaning(path)[2:-1]))
        return Problem("case/wrong-value", f"'{last}': {_shown(details['input'])} {what}", here, hint)
    if (bound := _bound(kind, details.get("ctx", {}))) is not None:
        return Problem("case/wrong-value", f"'{last}' {bound}, not {_shown(details['input'])}", here, _meaning(path)[2:-1])
    what = f"'{last}': {message.removeprefix('Value error, ').removeprefix('Input ').strip()}"
    what = what if isinstance(details["input"], dict) else f"{what}, not {_shown(details['input'])}"
    return Problem("case/wrong-value", what, here, _meaning(path)[2:-1])


def _wrong_type(details: ErrorDetails, path: Sequence[Step], last: str, here: Place) -> Problem:
    """A value of another type than the format has there: what it is, and what is expected."""
    kind, given = details["type"], details["input"]
    expected = "a number is expected" if _is_number(path) else _expected(kind, details["msg"])
    expected = "a condition is expected" if kind.startswith("model") and {Term, Guard} & set(_models(path)) else expected
    if "number" in expected and isinstance(given, str) and _COMMA.match(given.strip()):
        what = f"'{last}' is text ('{given.strip()}'); a number with a decimal point is expected"
        return Problem("case/wrong-type", what, here, without_comma(given.strip()))
    if "number" in expected and isinstance(given, str) and (meant := number_meant(given)):
        return Problem("case/wrong-type", f"'{last}' is text ('{given.strip()[:60]}'); a number is expected", here, f"write {meant}")
    hint = _meaning(path if isinstance(path[-1], str) else path[:-1])[2:-1]
    return Problem("case/wrong-type", f"'{last}' is {_kind(given)}; {expected}", here, hint)


def _decimal_comma(path: Sequence[Step], given: Value) -> str:
    """The number of which the end is taken for a key, as in `{a: 0,5}`; empty if the key at this path is none."""
    holder: Value = given
    for step in path[:-1]:
        holder = _inside(holder, step)
    if not isinstance(holder, dict) or not path or not str(path[-1]).isdecimal() or holder.get(str(path[-1]), 0) is not None:
        return ""
    keys = list(holder)
    before = holder[keys[keys.index(str(path[-1])) - 1]] if keys.index(str(path[-1])) else None
    return f"{before},{path[-1]}" if isinstance(before, int) and not isinstance(before, bool) else ""


def _is_number(path: Sequence[Step]) -> bool:
    """Whether a number is expected at a key path, or inside of one that is written out."""
    return any(issubclass(model, Quantity) for model in (*_models(path), *(_models(path[:-1]) if path[-1:] in (["value"], ["range"]) else ())))


def _called(path: Sequence[Step]) -> str:
    """The last step of a path, as it is spoken of."""
    words = [str(step) for step in path if isinstance(step, str)]
    return f"{words[-1] if words else 'list'}[{path[-1]}]" if path and isinstance(path[-1], int) else words[-1] if words else ""


def _inside(value: Value, step: Step) -> Value:
    """What stands at one step below a value; None if there is nothing."""
    if isinstance(value, dict):
        return value.get(step) if isinstance(step, str) else None
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _written(loc: Sequence[Step], given: Value) -> list[Step] | None:
    """A pydantic location without the names of union members; None if it follows a member of another kind."""
    path: list[Step] = []
    here: Value = given
    for k, step in enumerate(loc):
        inner = _inside(here, step)
        if inner is not None or (isinstance(here, dict) and step in here):
            here = inner
        elif isinstance(step, int) or step == "[key]":
            continue
        elif "[" in step or step in ("str", "int", "float"):
            member = step.rpartition("function-before")[2] or step
            if ("dict[" in member and not isinstance(here, dict)) or ("tuple[" in member[:8] and not isinstance(here, list)):
                return None
            if isinstance(here, list) and (member == "str" or (step.startswith("function-before[") and "tuple[" not in step)):
                return None
            continue
        elif k < len(loc) - 1:
            continue
        path.append(step)
    return path


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")


def _expected(kind: str, message: str) -> str:
    words = {
        "model_type": "a mapping of keys is expected",
        "model_attributes_type": "a mapping of keys is expected",
        "dict_type": "a mapping of keys is expected",
        "tuple_type": "a list is expected",
        "string_type": "text is expected",
        "bool_type": "true or false is expected",
        "bool_parsing": "true or false is expected",
        "int_type": "a whole number is expected",
        "float_type": "a number is expected",
        "float_parsing": "a number is expected",
    }
    return words.get(kind, message)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _models(path: Sequence[Step]) -> list[type[BaseModel]]:
    """The models that may stand at a key path."""
    here: list[Any] = [CaseFile]
    for step in path:
        here = [inner for member in here for inner in _inner(member, step)]
    return [member for member in here if isinstance(member, type) and issubclass(member, BaseModel)]


def _inner(member: Any, step: Step) -> list[Any]:
    if isinstance(member, type) and issubclass(member, BaseModel):
        fields = member.model_fields.items()
        return [leaf for name, info in fields if step in (name, info.alias) for leaf in _members(info.annotation)]
    origin, arguments = get_origin(member), get_args(member)
    if origin is dict:
        return _members(arguments[1])
    return _members(arguments[0]) if origin is tuple else []


def _members(annotation: Any) -> list[Any]:
    """A type, or the members of a union, without their `Annotated`."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [leaf for member in get_args(annotation) for leaf in _members(member)]
    return [annotation]


def _keys(path: Sequence[Step]) -> list[str]:
    return [info.alias or name for model in _models(path) for name, info in model.model_fields.items()]


def _meaning(path: Sequence[Step]) -> str:
    """What the key at the end of a path is for, from the model, in parentheses."""
    for model in _models(path[:-1]) if path else []:
        for name, info in model.model_fields.items():
            if path[-1] in (name, info.alias) and info.description:
                return f" ({info.description})"
    return ""


def described(schema: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema with its dialect, for editors, that allows the short forms which the reader allows."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_with_short_forms(schema)}


_TEXT: Mapping[str, object] = {"type": "string", "minLength": 1}
_NUMBER: Mapping[str, object] = {"type": "number"}
_SHORT: Mapping[str, object] = {
    "#/$defs/Quantity": _NUMBER,
    "#/$defs/Type": _NUMBER,
    "#/$defs/Guard": _TEXT,
    "#/$defs/Term": _TEXT,
}


def _with_short_forms(schema: Mapping[str, object]) -> dict[str, object]:
    """The same schema in which a number may stand for a quantity, a condition for a guard, one test for a list of them."""
    if schema.get("$ref") in _SHORT:
        return {"anyOf": [dict(schema), _SHORT[str(schema["$ref"])]]}
    made = {key: _short(value) for key, value in schema.items() if key != ONE_OR_MORE}
    if ONE_OR_MORE in schema:
        return {"anyOf": [made, _TEXT]}
    if schema.get("type") == "array" and schema.get("items") == {"$ref": "#/$defs/Test"}:
        return {"anyOf": [made, {"$ref": "#/$defs/Test"}]}
    if schema.get("description") == "a setting's name":
        return {"anyOf": [made, {"type": "integer"}]}
    return made


def _short(value: object) -> object:
    if isinstance(value, Mapping):
        return _with_short_forms(value)
    return [_short(part) for part in value] if isinstance(value, list) else value


def _bound(kind: str, given: Mapping[str, object]) -> str | None:
    """What is expected, of numbers and lists that are too small or too large, in words of this file."""
    words = {
        "greater_than_equal": "must be at least {ge:g}",
        "greater_than": "must be more than {gt:g}",
        "less_than_equal": "must be at most {le:g}",
        "less_than": "must be less than {lt:g}",
        "too_short": "must have at least {min_length} entries" if given.get("min_length") != 1 else "must have an entry at least",
        "string_too_long": "must have at most {max_length} characters",
        "string_too_short": "must not be empty",
        "finite_number": "must be a number that is not endless",
        "int_from_float": "must be a whole number",
        "literal_error": "must be {expected}",
    }
    return words[kind].format(**given) if kind in words else None


def _names_here(kind: str, details: ErrorDetails, path: Sequence[Step]) -> str:
    """Which names may stand at a key path."""
    if kind == "literal_error":
        return f"choices are {details['ctx']['expected']}"
    if len(path) > 1 and path[-2] == "translations":
        return "a language is two or three small letters: nl"
    if kind == "string_too_long":
        return f"a name has at most {details['ctx']['max_length']} characters"
    return "names are letters, digits and _, and do not start with a digit"
