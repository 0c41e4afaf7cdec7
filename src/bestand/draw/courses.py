"""The likeliest courses as a tree from left to right: a column a day, boxes as wide as their words, lines as thick as their chance."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.draw.svg import Svg, drawing, element, wrapped
from bestand.study.scenarios import Branch, Scenarios
from bestand.telling.days import day_words
from bestand.telling.telling import Telling
from bestand.telling.words import time_words

WIDE, GAP, LINE, PAD, HEAD = 178.0, 52.0, 15.0, 8.0, 26.0
MOST_LINES = 4  # lines of words in a box of a course
APART = 10.0
COLOURS = {"here": "#1b6ca8", "rest": "#8b8f96"}


def courses_picture(scenarios: Scenarios, telling: Telling) -> Svg:
    """The tree; each box says what holds on its day and how likely the course up to it is, its title what tells it from others."""
    lines = [_lines(each, telling) for each in scenarios.branches]
    tall = [2 * PAD + LINE * (1 + len(each)) for each in lines]
    at, height = _placed(scenarios, tall)
    parts: list[Svg] = []
    for step in range(len(scenarios.months)):
        x = _left(step)
        title = telling.say("watch_today") if step == 0 else _day(scenarios, step, telling)
        parts.append(element("text", title, x=x, y=16, fill="currentColor", font_weight="bold"))
    for k, each in enumerate(scenarios.branches):
        if each.parent is not None:
            parts.append(_line(scenarios, k, at, tall))
    for k, each in enumerate(scenarios.branches):
        parts += _box(each, lines[k], _left(each.step), at[k], tall[k], telling)
    return drawing(_left(len(scenarios.months) - 1) + WIDE + 4, height, parts, label=telling.say("watch_courses"), class_="courses")


def _day(scenarios: Scenarios, step: int, telling: Telling) -> str:
    if scenarios.days:
        return day_words(scenarios.days[step], telling)
    return telling.say("watch_in", time=time_words(scenarios.months[step], telling.say))


def _left(step: int) -> float:
    return 2 + step * (WIDE + GAP)


def _holds(each: Branch, telling: Telling) -> str:
    none = telling.say("watch_rest" if each.holds is None else "watch_none")
    return telling.say.listed(telling.terms(each.holds)) if each.holds else none


def _lines(each: Branch, telling: Telling) -> list[str]:
    """What holds, in short lines; of very many the first, and all when pointed at."""
    lines = wrapped(_holds(each, telling), WIDE - 2 * PAD, 12) or [""]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1].rstrip() + "…"]


def _placed(scenarios: Scenarios, tall: list[float]) -> tuple[list[float], float]:
    """Top of every box, each in the middle of its branches, and the height of it all."""
    at, below = [0.0] * len(tall), HEAD

    def place(k: int) -> None:
        nonlocal below
        mine = scenarios.below(k)
        if not mine:
            at[k], below = below, below + tall[k] + APART
            return
        for j in mine:
            place(j)
        middle = (at[mine[0]] + at[mine[-1]] + tall[mine[-1]]) / 2
        at[k] = max(HEAD, middle - tall[k] / 2)

    place(0)
    return at, max([below, *(top + each + APART for top, each in zip(at, tall, strict=True))])


def _line(scenarios: Scenarios, k: int, at: list[float], tall: list[float]) -> Svg:
    each = scenarios.branches[k]
    parent = each.parent or 0
    x, y = _left(scenarios.branches[parent].step) + WIDE, at[parent] + tall[parent] / 2
    there, down = _left(each.step), at[k] + tall[k] / 2
    middle = (x + there) / 2
    colour = COLOURS["rest" if each.holds is None else "here"]
    path = f"M{x:.1f},{y:.1f} C{middle:.1f},{y:.1f} {middle:.1f},{down:.1f} {there:.1f},{down:.1f}"
    return element("path", d=path, fill="none", stroke=colour, stroke_width=1.0 + 11 * each.chance, stroke_opacity=0.55)


def _box(each: Branch, lines: list[str], x: float, y: float, tall: float, telling: Telling) -> Iterator[Svg]:
    rest = each.holds is None
    edge = COLOURS["rest" if rest else "here"]
    whole = [_holds(each, telling)] if lines[-1].endswith("…") else []
    title = "; ".join([*whole, *(sign_words(sign.lever, sign.setting, sign.if_so, sign.if_not, telling) for sign in each.signs)])
    yield element(
        "g", *([element("title", title)] if title else []),
        element("rect", x=x, y=y, width=WIDE, height=tall, rx=6, fill="none" if rest else edge, fill_opacity=0.1, stroke=edge,
                stroke_dasharray="5 4" if rest else None),
        element("text", _percent(each.chance), x=x + PAD, y=y + PAD + 11, font_weight="bold", fill="currentColor"),
        *(element("text", line, x=x + PAD, y=y + PAD + 11 + LINE * (k + 1), fill="currentColor") for k, line in enumerate(lines)),
    )  # fmt: skip


def sign_words(lever: str, setting: str, if_so: float, if_not: float, telling: Telling, *, key: str = "watch_sign") -> str:
    """A sign at a branch in words."""
    return telling.say(key, what=telling.short(lever, setting), so=_percent(if_so), other=_percent(if_not))


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"
