"""Hints of what is public can be asked for, though engines are loaded late; and of all that public hints name, however deep."""

import inspect
import sys
import typing

import pytest

import bestand
from bestand.study import late


def _own(thing):
    return inspect.isclass(thing) and thing.__module__.split(".")[0] == "bestand"


def _functions(kind):
    for member in list(vars(kind).values()):
        inner = member.fget if isinstance(member, property) else getattr(member, "func", getattr(member, "__func__", member))
        if inspect.isfunction(inner) and inner.__module__.split(".")[0] == "bestand":
            yield inner


def _named(hint):
    yield hint
    for inner in typing.get_args(hint):
        yield from _named(inner)


def test_hints_of_all_that_is_public_are_told():
    asked = [getattr(bestand, name) for name in bestand.__all__]
    left = [each for each in asked if inspect.isclass(each) or inspect.isfunction(each)]
    seen, wrong = set(), []
    while left:
        thing = left.pop()
        if thing in seen:
            continue
        seen.add(thing)
        for each in (thing, *(_functions(thing) if inspect.isclass(thing) else ())):
            try:
                hints = typing.get_type_hints(each)
            except NameError as error:
                wrong.append(f"{each.__module__}.{each.__qualname__}: {error}")
                continue
            left += [inner for hint in hints.values() for inner in _named(hint) if _own(inner)]
    assert wrong == []
    assert len(seen) > len(bestand.__all__)


@pytest.mark.parametrize("name", [name for name in bestand.__all__ if inspect.isfunction(getattr(bestand, name))])
def test_what_a_public_function_gives_is_public(name):
    given = typing.get_type_hints(getattr(bestand, name))["return"]
    assert [kind.__name__ for kind in _named(given) if _own(kind) and kind.__name__ not in bestand.__all__] == []


@pytest.mark.parametrize("name", late.__all__)
def test_a_late_name_is_what_its_module_calls_so(name):
    kind = getattr(late, name)
    assert kind.__name__ == name and getattr(sys.modules[kind.__module__], name) is kind


def test_another_late_name_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'Nobody'"):
        late.Nobody  # noqa: B018
