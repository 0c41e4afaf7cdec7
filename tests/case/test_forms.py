"""Options given in a form that cannot be read are refused in words, whatever the function."""

from __future__ import annotations

import pytest

from bestand import AskError, agreements, concessions, conflict, cores, equilibrium, read


@pytest.fixture(scope="module")
def asked():
    return conflict(read("example/en"), scale="cardinal")


@pytest.mark.parametrize("wrong", [None, 1.5, object()])
@pytest.mark.parametrize("ask", [agreements, cores, concessions])
def test_parties_left_out_are_named(asked, ask, wrong):
    with pytest.raises(AskError, match="wrong-form"):
        ask(asked, excluding=wrong)


@pytest.mark.parametrize("wrong", [-1, b"x", "nope", [1]])
def test_types_and_demands_have_a_form(asked, wrong):
    for ask, options in ((agreements, {"types": wrong}), (cores, {"demands": wrong}), (concessions, {"demands": wrong})):
        with pytest.raises(AskError):
            ask(asked, **options)


@pytest.mark.parametrize(("option", "wrong"), [
    ("tempo", "nope"), ("noise", []), ("discount", object()), ("tempo", {"upper": None}), ("move_cost", -1), ("move_cost", {"x": "y"}),
    ("select", None), ("select", b"x"), ("tolerance", None), ("tolerance", []), ("tolerance", "1"), ("surplus", "nope"), ("surplus", float("nan")),
])  # fmt: skip
def test_numbers_of_an_equilibrium_are_numbers(asked, option, wrong):
    with pytest.raises(AskError):
        equilibrium(asked, **{option: wrong})
