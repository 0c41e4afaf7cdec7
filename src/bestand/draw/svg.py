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


NARROW, WIDE_LETTERS = set(" .,:;'!|()[]ijlftrI-/"), set("mwMW@%—…")


def long_is(text: str, size: float) -> float:
    """About how long a text is in a font of `size` pixels, rather too long than too short: fonts differ from reader to reader.

    >>> long_is("ill", 10) < long_is("mow", 10)
    True
    """
    wide = sum(0.36 if c in NARROW else 0.96 if c in WIDE_LETTERS or ord(c) > 0x2E7F else 0.72 if c.isupper() else 0.6 for c in text)
    return wide * size


def wrapped(text: str, width: float, size: float, *, indent: str = "") -> list[str]:
    """A text in lines of at most about `width` pixels, those after the first begun by `indent`; a word that is longer is broken.

    >>> wrapped("how long the company pumps", 100, 12, indent="  ")
    ['how long the', '  company', '  pumps']
    """
    lines = [""]
    for word in text.split():
        for part in _parts(word, width - long_is(indent, size), size):
            line = f"{lines[-1]} {part}" if lines[-1].strip() else lines[-1] + part
            if lines[-1].strip() and long_is(line, size) > width:
                lines.append(indent + part)
            else:
                lines[-1] = line
    return lines if lines != [""] else []


def _parts(word: str, width: float, size: float) -> list[str]:
    """A word in parts that fit; itself, nearly always."""
    parts = [""]
    for c in word:
        if parts[-1] and long_is(parts[-1] + c, size) > width:
            parts.append("")
        parts[-1] += c
    return parts
