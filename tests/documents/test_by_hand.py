"""What looks come to, against what is worked out otherwise: lengths, colours, transforms and boxes, and the canonical form sign by sign."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from bestand.documents.boxes import Room, room_of
from bestand.documents.canonical import LINE_END, canonical, folded
from bestand.documents.colours import read_colour
from bestand.documents.css import on_screen
from bestand.documents.lengths import Length, read_length
from bestand.documents.transforms import Transformed, transformed
from bestand.documents.values import sized, spelled, tokens_of
from tests.depth import tried

UNITS = {"px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6, "pt": 96 / 72, "pc": 16, "rem": 16}  # CSS Values and Units 4, section 6.2
SCREEN = {"vw": 12.8, "vi": 12.8, "vh": 7.2, "vb": 7.2, "vmin": 7.2, "vmax": 12.8, "svw": 12.8, "lvh": 7.2, "dvw": 12.8, "dvh": 7.2}  # hundredths of 1,280 by 720
SEEN = {  # web-platform-tests, css/css-color: colours in spaces of light, and the same in sRGB
    "lab(29.2345% 39.3825 20.0664)": (125, 35, 41), "lab(52.2345% 40.1645 59.9971)": (198, 93, 6), "lab(60.2345% -5.3654 58.956)": (157, 147, 24),
    "lab(62.2345% -34.9638 47.7721)": (104, 166, 57), "lab(67.5345% -8.6911 -41.6019)": (98, 172, 239), "oklab(40.101% 0.1147 0.0453)": (125, 35, 41),
    "oklab(59.686% 0.1009 0.1192)": (198, 93, 6), "oklab(65.125% -0.0320 0.1274)": (157, 147, 24), "oklab(66.016% -0.1084 0.1114)": (104, 166, 57),
    "oklab(72.322% -0.0465 -0.1150)": (98, 172, 239), "lab(100% 0 0)": (255, 255, 255), "oklab(100% 0 0)": (255, 255, 255),
    "color(xyz-d65 0.9505 1 1.089)": (255, 255, 255), "color(xyz-d50 0.9643 1 0.8251)": (255, 255, 255),
}  # fmt: skip
MIXED = {  # color-mix, CSS Color 5, section 3: (red, green, blue), and how much it covers
    "red, blue": (128, 0, 128, 1), "red 25%, blue": (64, 0, 191, 1), "red, blue 25%": (191, 0, 64, 1), "red 20%, blue 20%": (128, 0, 128, 0.4),
    "red 80%, blue 80%": (128, 0, 128, 1), "red 0%, blue": (0, 0, 255, 1), "rgb(255 0 0 / 50%), blue": (85, 0, 170, 0.75), "red 60%, white 30%": (255, 85, 85, 0.9),
}  # fmt: skip


@pytest.mark.parametrize(("unit", "pixels"), [*UNITS.items(), *SCREEN.items(), ("em", 20), ("ex", 10), ("ch", 10)])
def test_a_unit_of_length_is_so_many_pixels(unit, pixels):
    read = read_length(f"2.5{unit}", em=20.0)
    assert read is not None and read.percent == 0 and math.isclose(read.pixels, 2.5 * pixels, rel_tol=0.001)


def sum_of(rng: random.Random, deep: int) -> tuple[str, float, float]:
    """A calculation as a style sheet writes it, and what it comes to: pixels, and percent."""
    if deep == 0 or rng.random() < 0.3:
        number = rng.randrange(1, 9)
        return (f"{number}%", 0.0, float(number)) if rng.random() < 0.3 else (f"{number}px", float(number), 0.0)
    one, pixels, percent = sum_of(rng, deep - 1)
    kind, by = rng.choice(["+", "-", "*", "/", "of", "max", "min", "clamp", "abs"]), rng.choice([2, 4])
    other, pixels_2, percent_2 = sum_of(rng, deep - 1)
    size, size_2 = pixels + 12.8 * percent, pixels_2 + 12.8 * percent_2
    if kind in "+-":
        sign = 1 if kind == "+" else -1
        return f"(({one}) {kind} ({other}))", pixels + sign * pixels_2, percent + sign * percent_2
    if kind in ("*", "of"):
        return f"({by} * {one})" if kind == "of" else f"({one} * {by})", by * pixels, by * percent
    if kind == "/":
        return f"({one} / {by})", pixels / by, percent / by
    if kind in ("max", "min") and size != size_2:
        return f"{kind}({one}, {other})", *((pixels, percent) if (size > size_2) == (kind == "max") else (pixels_2, percent_2))
    if kind == "clamp" and size != size_2:
        return f"clamp({one}, {other}, {one})", pixels, percent
    return f"abs({one})", abs(pixels), abs(percent)


@pytest.mark.parametrize("seed", range(tried(40)))
def test_a_calculation_of_lengths_comes_to_what_it_says(seed):
    rng = random.Random(seed)
    text, pixels, percent = sum_of(rng, 4)
    read = read_length(f"calc({text})")
    assert read is not None and math.isclose(read.pixels, pixels, abs_tol=1e-9) and math.isclose(read.percent, percent, abs_tol=1e-9), text


@pytest.mark.parametrize("text", ["", "px", "1 px", "calc(1px +)", "calc(1px 2px)", "calc()", "1px / 0", "calc(1px / 0)", "1furlong", "min()", "clamp(1px, 2px)"])
def test_what_is_no_length_is_none(text):
    assert read_length(text) is None


@pytest.mark.parametrize(("text", "seen"), SEEN.items())
def test_a_colour_of_any_space_is_that_of_browsers(text, seen):
    colour, cover = read_colour(text)
    assert cover == 1 and np.abs(np.subtract(colour, seen)).max() <= 1, colour


@pytest.mark.parametrize(("text", "seen"), MIXED.items())
def test_a_colour_mixed_of_two_is_that_of_browsers(text, seen):
    colour, cover = read_colour(f"color-mix(in srgb, {text})")
    assert np.abs(np.subtract(colour, seen[:3])).max() <= 1 and math.isclose(cover, seen[3], abs_tol=1e-9)


def step_of(rng: random.Random) -> tuple[str, np.ndarray, float]:
    """A transform in the page, its matrix, and by what it makes the narrower side smaller where that is what it is for."""
    a, b = rng.choice([-1, 0.5, 0.1, 2]), rng.choice([1, 0.25, 3])
    across, down = np.diag([a, 1.0]), np.diag([1.0, a])
    return rng.choice([
        (f"scale({a})", np.diag([a, a]), abs(a)), (f"scale({a}, {b})", np.diag([a, b]), min(abs(a), b)), (f"scaleX({a})", across, min(abs(a), 1)),
        (f"scaleY({100 * a:g}%)", down, min(abs(a), 1)), (f"matrix({a}, 0.5, 0, {b}, 3, 4)", np.array([[a, 0], [0.5, b]]), 1.0),
        ("rotate(40deg)", np.eye(2), 1.0), ("skewX(20deg)", np.eye(2), 1.0), ("skewY(89.9deg)", np.eye(2), 0.0), ("translate(3px, 10%)", np.eye(2), 1.0),
        ("scaleZ(0)", np.eye(2), 1.0), ("translateZ(9px)", np.eye(2), 1.0),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(tried(40)))
def test_transforms_leave_as_much_of_an_element_as_their_matrices(seed):
    rng = random.Random(seed)
    steps = [step_of(rng) for _ in range(rng.randrange(1, 5))]
    told = transformed({"transform": " ".join(step[0] for step in steps).lower()})
    assert math.isclose(told.area, np.prod([np.linalg.det(step[1]) for step in steps]), rel_tol=1e-9)
    assert told.thin == min(1.0, *(step[2] for step in steps)) and told.facing == (1.0, 1.0)
    n_moved = sum(2 * step[0].startswith(("matrix", "translate(")) for step in steps)
    assert len(told.shifts) == n_moved


def test_only_a_skew_to_the_side_leaves_nothing():
    assert [transformed({"transform": f"{name}({angle}deg)"}).thin for name in ("skewx", "skewy") for angle in (20, -60, 90)] == [1, 1, 0, 1, 1, 0]


def test_what_is_not_transformed_is_whole():
    assert transformed({}) == transformed({"transform": "none"}) == transformed({"scale": "none"}) == Transformed(1.0, 1.0, (1.0, 1.0), ())


@pytest.mark.parametrize(("style", "facing"), [
    ({"transform": "rotatex(60deg)"}, (0.5, 1)), ({"transform": "rotatey(0.5turn)"}, (1, -1)), ({"rotate": "x 200grad"}, (-1, 1)), ({"rotate": "0 1 0 60deg"}, (1, 0.5)),
    ({"transform": "rotatex(60deg) rotatex(60deg)"}, (0.25, 1)), ({"rotate": "z 180deg"}, (1, 1)), ({"transform": f"rotatey({math.pi / 3}rad)"}, (1, 0.5)),
])  # fmt: skip
def test_an_element_is_turned_about_the_axes_of_the_page_by_its_angles(style, facing):
    assert np.allclose(transformed(style).facing, facing)


def test_a_box_is_as_small_as_the_smaller_of_its_sizes_and_its_maxima():
    clips = {"overflow-y": "hidden", "height": "400px", "max-height": "23px", "max-width": "64px", "width": "800px"}
    room = room_of(clips, 20.0)
    assert room is not None and math.isclose(room.lines, 1.0) and math.isclose(room.letters, 8.0)
    assert not room.too_small_for(1, 7) and room.too_small_for(1, 8) and room.too_small_for(2, 1)
    assert Room(2, 1).too_small_for(1, 2) and not Room(2, 1).too_small_for(1, 1) and Room(3, 10, one_line=True).too_small_for(1, 14)
    assert room_of({**clips, "overflow-x": "scroll"}, 20.0) == Room(scrolls=True) and room_of({"height": "1px"}, 20.0) is None


@pytest.mark.parametrize(("media", "seen"), [
    ("print, screen", True), ("screen, print", True), ("print, speech", False), ("screen or print", False), ("screen print", False), ("not screen or (color)", False),
    ("not all and (min-width: 9000px)", True), ("only screen", True), ("screen and (min-width: 9000px)", False),
])  # fmt: skip
def test_media_are_of_the_screen_where_one_of_them_is(media, seen):
    assert on_screen(tokens_of(media)) is seen


def test_tokens_are_counted_with_those_in_brackets():
    assert sized(tokens_of("")) == 0 and sized(tokens_of("a")) == 1 and sized(tokens_of("a f(b,c)[d]{e}")) == 5 + 3 + 1 + 1
    deep = "(" * 400 + ")" * 400
    assert sized(tokens_of(deep)) is None and spelled(tokens_of(deep)) == "" and spelled(tokens_of("a  f( b )")) == "a f( b )"


SIGNS = "ab C-\n\u00ad\u2011 \u00a0\t'\u2019\u201c\u2014\ufb01\ufb03\u0132e\u0301\u1100\u1161\u11a8\u0905\u212b\u200b\ufeff5."


@pytest.mark.parametrize("seed", range(tried(200)))
def test_every_sign_of_the_canonical_form_comes_from_where_it_says(seed):
    rng = random.Random(seed)
    text = "".join(rng.choice(SIGNS) for _ in range(rng.randrange(1, 40)))
    made = canonical(text)
    assert made.text == folded(text) and len(made.origin) == len(made.end) == len(made.text)
    assert all(np.diff(made.origin) >= 0) and all(np.diff(made.end) >= 0) and all(made.origin < made.end) and (not made.text or made.end[-1] <= len(text))
    for sign, first, last in zip(made.text, made.origin, made.end, strict=True):
        assert sign in folded(text[first:last]) or sign in (LINE_END, " "), (sign, text[first:last])


def test_a_hyphen_at_a_line_end_joins_two_halves_of_a_word_and_nothing_else():
    assert folded("a-\nb") == f"a{LINE_END}b" and folded("-\nb") == "- b" and folded("a-\n5") == "a- 5" and folded("a-\n") == "a- " and folded("a\u00ad\nb") == "ab"
    assert Length(3.0).nothing is False and Length(-1.0, 0.0).nothing
