"""SVG as text: elements whose attributes and words are always escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable


class Svg(str):
    """A piece of SVG; templates put it in as it stands, notebooks show it."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)

    def _repr_svg_(self) -> str:
        return str(self)


def element(name: str, *inside: str, **attributes: object) -> Svg:
    """One element; text inside is escaped unless it is SVG itself, `_` in an attribute's name stands for `-`.

    >>> element("text", "a < b", x=1.5, text_anchor="end")
    '<text x="1.5" text-anchor="end">a &lt; b</text>'
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(_plain(value))}"' for key, value in attributes.items() if value is not None)
    body = "".join(part if isinstance(part, Svg) else html.escape(part, quote=False) for part in inside)
    return Svg(f"<{name}{given}>{body}</{name}>" if body else f"<{name}{given}/>")


def drawing(width: float, height: float, parts: Iterable[str], *, label: str, class_: str = "") -> Svg:
    """A whole picture that scales with its place and says what it shows to those who cannot see it."""
    return element(
        "svg", *parts, viewBox=f"0 0 {width:.0f} {height:.0f}", role="img", aria_label=label,
        class_=class_ or None, style=f"max-width: {width:.0f}px; width: 100%; height: auto", font_family="system-ui, sans-serif", font_size=12,
    )


def standalone(picture: Svg) -> str:
    """The picture as a file of its own."""
    return str(picture).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
