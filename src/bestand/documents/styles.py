"""Style sheets of a page, as far as they decide what a person sees: what is hidden, shown again, or struck out.

A plain cascade (importance, layers, specificity, order) over the few properties that can hide words, of the selectors that `selectors` knows,
with variables. Where a rule would hide words and it is not known which, or whether it counts, the page is said to be unclear.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestand.documents.animated import Frame, Keyframes
from bestand.documents.boxes import covers
from bestand.documents.css import MOST_SHEET, Layers, StyleRule, blocks, on_screen
from bestand.documents.declared import MOST_DECLARED, Declared, declarations, declared_in, longhands_of, reckoned
from bestand.documents.hidden import hides, strikes
from bestand.documents.looks import Appearance, appearance_of
from bestand.documents.selectors import Selector, Styled, selectors
from bestand.documents.tags import Markup
from bestand.documents.values import spelled, tokens_of
from bestand.documents.variables import Variables, substituted, with_variables
from bestand.errors import EvidenceError, Problem

MOST_RULES = 2_000  # rules of a page's style sheets that hide, show or strike
MOST_COMPARED = 2_000_000  # comparisons of an element with a part of a selector
PER_LETTERS, PER_COMPARED = 5, 50  # characters of values that are read, or compared, in the time of one comparison
MOST_KEPT = 10_000  # ways in which elements of a page are styled, kept for others that are styled alike
_NO_LAYER = 1_000_000
_BESIDE = re.compile(r"::?(?:before|after|marker)\s*\Z", re.IGNORECASE)
_FIRST = re.compile(r"::?first-(?:line|letter)\s*\Z", re.IGNORECASE)
_CALLED = re.compile(r"[:\s,(](?:if|attr|random|inherit|toggle|--[\w-]+)\(", re.IGNORECASE)  # see `reckoned`
_OF_LETTERS = ("color", "background-color", "font-size", "text-decoration", "opacity", "-webkit-text-fill-color")
_Claim = tuple[bool, int, int, tuple[int, int, int], int]


@dataclass(frozen=True, slots=True)
class _Rule:
    selector: Selector
    layer: int
    declared: Mapping[str, Declared]


class Sheets:
    """The rules of a page's style sheets, found by what their last part asks for.

    fetched   : whether the page fetches others, which are not looked at
    keyframes : the animations that the page has, by name
    unclear   : whether a rule would hide words, and it is not known which, or whether it counts
    """

    def __init__(self, page: Markup) -> None:
        self.fetched, self.unclear, self.folded = page.fetches, False, page.folded
        self.keyframes: Keyframes = {}
        self.by_key: dict[str, list[tuple[int, _Rule]]] = defaultdict(list)
        self.n_compared = 0
        self.computed: dict[tuple[tuple[int, ...], str, int], tuple[dict[str, str], Variables, Variables]] = {}
        keyframes: dict[str, tuple[Frame, ...]] = {}
        for number, rule in enumerate(self._rules(page, keyframes)):
            if number >= MOST_RULES:
                self.unclear = True
                break
            self.by_key[rule.selector.key].append((number + 1, rule))
        self.keyframes = keyframes

    def _rules(self, page: Markup, keyframes: dict[str, tuple[Frame, ...]]) -> Iterator[_Rule]:
        layers, chosen = Layers(), ""
        for sheet in page.sheets:
            chosen = chosen or sheet.title
            if not on_screen(tokens_of(sheet.media[:MOST_DECLARED])) or (sheet.title and sheet.title != chosen):
                continue  # of sheets to choose from the first counts
            self.unclear |= len(sheet.text) > MOST_SHEET
            for block in blocks(sheet.text, layers, keyframes):
                self.unclear |= block.declared is None
                declared = declared_in(block.declared or ())
                self.unclear |= _adds_words(block) or _touches_words(block, declared) or reckoned(block.declared or ())
                if declared:
                    yield from self._of_block(block, declared)

    def _of_block(self, block: StyleRule, declared: Mapping[str, Declared]) -> Iterator[_Rule]:
        """The rules of a block. One selector that no browser knows undoes all: beside one that is not known here they only hide."""
        known = [None] if block.selectors is None else list(selectors(block.selectors, self._counted, folded=self.folded))
        if None in known:
            self.unclear |= hides({name: each.value for name, each in declared.items()})
        if None in known or block.doubtful:
            declared = {name: each for name, each in declared.items() if hides({name: each.value})}
        for selector in known if declared else ():
            if selector is not None:
                yield _Rule(selector, _NO_LAYER if block.layer is None else block.layer, declared)

    def styled(self, element: Styled, above: Variables) -> tuple[dict[str, str], Variables]:
        """The properties of an element that can hide it, as its style sheets and its own `style` leave them; and its variables.

        above : the variables of what it stands in

        Raises
        ------
        EvidenceError
            `evidence/too-large` where the style sheets take too long to look through.
        """
        if not self.by_key and "style" not in element.attributes:
            return {}, above
        keys = ("", element.tag, f"#{element.id}", *(f".{word}" for word in element.words))
        matched = [(n, rule) for key in keys for n, rule in self.by_key.get(key, ()) if self._fits(rule.selector, element)]
        own = element.attributes.get("style", "")
        alike = (tuple(n for n, _ in matched), own, id(above))
        if alike not in self.computed:
            if len(self.computed) >= MOST_KEPT:
                self.computed.clear()
            self.computed[alike] = *self._cascaded(matched, own, above), above  # which is kept, so that nothing else gets its id
        style, variables, _ = self.computed[alike]
        self._counted(sum(map(len, style.values())) // PER_COMPARED)
        return dict(style), variables

    def _cascaded(self, matched: Sequence[tuple[int, _Rule]], own: str, above: Variables) -> tuple[dict[str, str], Variables]:
        claims: dict[str, tuple[_Claim, Declared]] = {}
        for order, rule in matched:
            _claim(claims, rule.declared, (0, rule.layer, rule.selector.weight, order))
        if own:
            self._counted(len(own) // PER_LETTERS)
            self.unclear |= _CALLED.search(own) is not None
            _claim(claims, declarations(own), (1, _NO_LAYER, (0, 0, 0), 0))
        standing = {name: declared for name, (_, declared) in claims.items()}
        if not standing:
            return {}, above
        self._counted(sum(len(each.value) for each in standing.values()) // PER_LETTERS)
        given = {name: each.value for name, each in standing.items() if name.startswith("--")}
        variables = with_variables(given, above, self._counted)
        return self._computed(standing, claims, variables), variables

    def _computed(self, standing: Mapping[str, Declared], claims: Mapping[str, tuple[_Claim, Declared]], variables: Variables) -> dict[str, str]:
        """Values with variables put in; one that then is none that browsers take counts as not declared."""
        style = {}
        for name, declared in sorted(standing.items(), key=lambda item: claims[item[0]][0]):
            if name.startswith("--"):
                continue
            if not declared.of:
                style[name] = declared.value
                continue
            value = substituted(declared.value, variables, self._counted)
            written = longhands_of(declared.of, value) if value is not None else {}
            if name in written:
                style[name] = written[name]
        return style

    def _fits(self, selector: Selector, element: Styled) -> bool:
        self._counted(1)
        return selector.fits(element)

    def _counted(self, cost: int) -> None:
        self.n_compared += cost
        if self.n_compared > MOST_COMPARED:
            what = "the style sheets of the page take too long to look through"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))


def _adds_words(block: StyleRule) -> bool:
    """Whether a rule writes words of its own before or after something, which stand in no element and may turn its sense."""
    if not any(_BESIDE.search(selector) for selector in spelled(block.selectors or ()).split(",")):
        return False
    written = (token for node in block.declared or () if node.lower_name == "content" for token in node.value)
    return any(
        (token.type == "string" and any(sign.isalnum() for sign in token.value)) or (token.type == "function" and token.lower_name == "attr")
        for token in written
    )


def _touches_words(block: StyleRule, declared: Mapping[str, Declared]) -> bool:
    """Whether a rule may hide the first line or letter of something, or lays a box of its own over it."""
    style = {name: each.value for name, each in declared.items()}
    parts = spelled(block.selectors or ()).split(",") if style else []
    if any(_BESIDE.search(selector) for selector in parts) and covers(style):
        return True
    kept = {name: value for name, value in style.items() if name in _OF_LETTERS}
    return any(_FIRST.search(selector) for selector in parts) and (strikes(kept) or not appearance_of(kept, Appearance()).seen)


def _claim(claims: dict[str, tuple[_Claim, Declared]], declared: Mapping[str, Declared], rank: tuple[int, int, tuple[int, int, int], int]) -> None:
    inline, layer, weight, order = rank
    for place, (name, each) in enumerate(declared.items()):
        claim = (each.important, inline, -layer if each.important else layer, weight, order * 1_000 + place)
        if name not in claims or claims[name][0] <= claim:
            claims[name] = claim, each
