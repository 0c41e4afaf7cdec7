"""Where a page puts words: elsewhere than between those that they stand between, or with their letters turned round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bestand.documents.declared import KEPT
from bestand.documents.lengths import Length, read_length
from bestand.documents.selectors import Styled
from bestand.documents.transforms import transformed

LINE = 16.0  # pixels by which words are moved that are seen in another place of their line, or in another line
_PARTS_OF_TABLES = frozenset({"table-header-group", "table-footer-group", "table-caption", "ruby-text"})
_AS_IT_COMES = ("", "auto", *KEPT, "initial")
_ON_LINES = ("inline-block", "inline-flex", "inline-grid", "inline-table")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the words are put that stand in an element directly.

    turned    : their letters run against their direction
    moved     : they are seen elsewhere than between what stands around them
    aside     : they are put behind the rest of their block
    leftwards : whether lines begin on the right
    row       : number of what puts the element beside others from right to left, 0 if nothing; `cell`, of the element in it
    lays      : how the element lays out what stands in it: `in order`, `dense`, `reversed`, or as words on a line
    """

    turned: bool = False
    moved: bool = False
    aside: bool = False
    leftwards: bool = False
    row: int = 0
    cell: int = 0
    lays: str = ""
    number: int = 0


def placed(element: Styled, style: Mapping[str, str], above: Placed, *, number: int, within: bool, begun: bool) -> Placed:
    """Where the words of an element are put.

    number : of the element on its page
    within : whether it is part of a line, by what it is
    begun  : whether words of its block stand before it

    >>> line = Placed()
    >>> placed(Styled("i"), {"float": "left"}, line, number=1, within=True, begun=True).moved
    True
    >>> placed(Styled("i"), {"position": "relative", "top": "-.3em"}, line, number=1, within=True, begun=True).moved
    False
    """
    leftwards = _leftwards(element, style, above.leftwards)
    lays = _lays(style)
    moved = above.lays == "reversed" or _ordered(style, above.lays, begun)
    aside = False
    if within:
        side = _side(style, leftwards)
        moved |= above.moved or side == "elsewhere" or (side == "begin" and begun)
        aside = above.aside or side == "end"
    in_row = above.leftwards and (above.lays != "" or element.tag in ("td", "th") or (within and style.get("display") in _ON_LINES))
    here = Placed(_turned(element, style, leftwards, above.turned), moved, aside, leftwards, lays=lays, number=number if leftwards else 0)
    return replace(here, row=above.number, cell=number) if in_row else replace(here, row=above.row, cell=above.cell) if within else here


def _leftwards(element: Styled, style: Mapping[str, str], above: bool) -> bool:
    said = style.get("direction", element.attributes.get("dir", "").lower())
    return said == "rtl" if said in ("ltr", "rtl") else above


def _turned(element: Styled, style: Mapping[str, str], leftwards: bool, above: bool) -> bool:
    """Whether letters are put from right to left whatever letters they are, mirrored, or each word before the one that it follows."""
    spacing = read_length(style.get("word-spacing", ""))
    if transformed(style).mirrored or (spacing is not None and (spacing.pixels <= -LINE or spacing.percent <= -100)):
        return True
    overridden = element.tag == "bdo" or style.get("unicode-bidi", "") in ("bidi-override", "isolate-override")
    return leftwards if overridden else above


def _lays(style: Mapping[str, str]) -> str:
    display = style.get("display", "")
    if "grid" in display:
        return "dense" if "dense" in style.get("grid-auto-flow", "") else "in order"
    if "flex" in display or "-box" in display:
        turns = style.get("flex-direction", "").endswith("-reverse") or style.get("flex-wrap") == "wrap-reverse"
        return "reversed" if (turns if "flex" in display else style.get("-webkit-box-direction") == "reverse") else "in order"
    return ""


def _ordered(style: Mapping[str, str], lays: str, begun: bool) -> bool:
    """Whether an element asks for a place of its own in what is laid out; a column alone changes no order, unless what is left free is filled."""
    if lays not in ("in order", "dense"):
        return False
    rows, columns = (style.get(f"grid-{side}-start", "auto") for side in ("row", "column"))
    asks = _asks(rows, begun) or (lays == "dense" and _asks(columns, begun))
    return asks or style.get("order", "0").lstrip("+-0") not in ("", *KEPT, "initial")


def _asks(line: str, begun: bool) -> bool:
    return line not in _AS_IT_COMES and not line.startswith("span") and (begun or line != "1")


def _side(style: Mapping[str, str], leftwards: bool) -> str:
    """Where a part of a line is put: at its `begin`, at its `end`, `elsewhere`; empty where it stands."""
    floats, position = style.get("float", "none"), style.get("position", "static")
    if floats in ("left", "right", "inline-start", "inline-end"):
        return "begin" if floats in ("inline-start", "right" if leftwards else "left") else "end"
    if position in ("absolute", "fixed"):
        from_end = any(style.get(side, "auto") not in _AS_IT_COMES for side in ("right", "bottom"))
        return "end" if from_end or any(_far(style.get(side)) for side in ("left", "top")) else "begin"
    if position == "relative" and any(_far(style.get(side)) for side in ("left", "right", "top", "bottom")):
        return "elsewhere"
    if style.get("display", "") in _PARTS_OF_TABLES or style.get("offset-path", "none") != "none":
        return "elsewhere"
    if any((read := read_length(style.get(side, ""))) is not None and read.pixels <= -LINE for side in ("margin-left", "margin-right")):
        return "elsewhere"
    return "elsewhere" if style.get("display") in _ON_LINES and any(_is_far(way) for way in transformed(style).shifts) else ""


def _far(length: str | None) -> bool:
    read = read_length(length) if length else None
    return read is not None and _is_far(read)


def _is_far(way: Length) -> bool:
    return abs(way.pixels) >= LINE or abs(way.percent) >= 50
