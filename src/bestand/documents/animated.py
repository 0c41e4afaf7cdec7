"""What an animation makes of the words of an element: whether it brings them into sight, or takes them out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import tinycss2  # type: ignore[import-untyped]

from bestand.documents.declared import declared_in
from bestand.documents.hidden import hides
from bestand.documents.values import Tokens, spelled

LONG = 30.0  # seconds of an animation, of which any moment may be the one that is seen
MOST_FRAMES = 100  # of an animation
_TIME = re.compile(r"(\d+\.?\d*|\.\d+)(m?s)")


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of an animation: what it declares, and whether it is the last one."""

    style: Mapping[str, str]
    last: bool


Keyframes = Mapping[str, tuple[Frame, ...]]


def frames_in(content: Tokens) -> tuple[Frame, ...]:
    """The moments that a `@keyframes` rule gives.

    >>> from bestand.documents.values import tokens_of
    >>> frames_in(tokens_of("from {opacity: 1} 50%, to {opacity: 0}"))
    (Frame(style={'opacity': '1'}, last=False), Frame(style={'opacity': '0'}, last=True))
    """
    made: list[Frame] = []
    for rule in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)[:MOST_FRAMES]:
        if rule.type == "qualified-rule":
            nodes = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            declared = declared_in(node for node in nodes if node.type == "declaration")
            moments = {moment.strip() for moment in spelled(rule.prelude).lower().split(",")}
            made.append(Frame({name: each.value for name, each in declared.items()}, bool(moments & {"to", "100%"})))
    return tuple(made)


def frames_of(style: Mapping[str, str], keyframes: Keyframes) -> tuple[Frame, ...]:
    """The moments of the animations that an element has."""
    names = [name.strip(" \"'") for name in style.get("animation-name", "none").split(",")] if keyframes else []
    return tuple(frame for name in names for frame in keyframes.get(name, ()))


def brings_into_sight(style: Mapping[str, str], frames: tuple[Frame, ...]) -> bool:
    """Whether words are seen at some moment that their style alone would hide: what fades in is seen."""
    return any(not hides({**style, **frame.style}) for frame in frames)


def takes_out_of_sight(style: Mapping[str, str], frames: tuple[Frame, ...], unseen: Callable[[Mapping[str, str]], bool]) -> bool:
    """Whether words are unseen once an animation has run; at any moment of one that is long, or stands still.

    >>> gone = Frame({"opacity": "0"}, last=True)
    >>> takes_out_of_sight({}, (gone,), hides), takes_out_of_sight({}, (Frame({"opacity": "0"}, last=False),), hides)
    (True, False)
    """
    times = [float(number) / (1000 if unit == "ms" else 1) for number, unit in _TIME.findall(style.get("animation-duration", ""))]
    stays = "paused" in style.get("animation-play-state", "") or max(times, default=0.0) >= LONG
    return any(unseen({**style, **frame.style}) for frame in frames if frame.last or stays)
