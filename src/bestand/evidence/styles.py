"""Style sheets of a page, as far as they decide what a person sees: what is hidden, shown again, or struck out.

A plain cascade (importance, layers, specificity, order) over the few properties that can hide words, of the selectors that `selectors` knows,
with variables. Where a rule would hide words and it is not known which, or whether it counts, the page is said to be unclear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestand.errors import EvidenceError, Problem
from bestand.evidence.css import MOST_SHEET, Layers, StyleRule, blocks, on_screen
from bestand.evidence.declared import Declared, declarations, declared_in, longhands_of, substituted, with_variables
from bestand.evidence.hidden import hides
from bestand.evidence.selectors import Chain, Compound, Styled, chains
from bestand.evidence.tags import Markup

MOST_RULES = 2_000  # rules of a page's style sheets that hide, show or strike
MOST_COMPARED = 2_000_000  # comparisons of an element with a part of a selector
PER_LETTERS = 50  # characters of values that take as long as one comparison
MOST_KEPT = 10_000  # ways in which elements of a page are styled, kept for others that are styled alike
_NO_LAYER = 1_000_000
_Claim = tuple[bool, int, int, tuple[int, int, int], int]


@dataclass(frozen=True, slots=True)
class _Rule:
    chain: Chain
    weight: tuple[int, int, int]
    layer: int
    declared: Mapping[str, Declared]


class Sheets:
    """The rules of a page's style sheets, found by what their last part asks for.

    fetched   : whether the page fetches others, which are not looked at
    keyframes : names of the animations that the page has
    unclear   : whether a rule would hide words, and it is not known which, or whether it counts
    """

    def __init__(self, page: Markup) -> None:
        self.fetched, self.unclear = page.fetches, False
        self.keyframes: frozenset[str] = frozenset()
        self.by_key: dict[str, list[tuple[int, _Rule]]] = defaultdict(list)
        self.n_compared = 0
        self.settled: dict[tuple[int, int, int], bool] = {}
        self.computed: dict[tuple[tuple[int, ...], str, int], tuple[dict[str, str], Mapping[str, str], Mapping[str, str]]] = {}
        self.scanned: dict[tuple[int, int, int], tuple[int, bool]] = {}
        keyframes: set[str] = set()
        for number, rule in enumerate(self._rules(page, keyframes)):
            if number >= MOST_RULES:
                self.unclear = True
                break
            last = rule.chain[-1]
            key = next((f"#{name}" for name in last.ids), "") or next((f".{name}" for name in last.words), "") or last.tag.strip("*")
            self.by_key[key].append((number + 1, rule))
        self.keyframes = frozenset(keyframes)

    def _rules(self, page: Markup, keyframes: set[str]) -> Iterator[_Rule]:
        layers, chosen = Layers(), ""
        for sheet in page.sheets:
            chosen = chosen or sheet.title
            if not on_screen(sheet.media) or (sheet.title and sheet.title != chosen):  # of sheets to choose from the first counts
                continue
            self.unclear |= len(sheet.text) > MOST_SHEET
            for block in blocks(sheet.text, layers, keyframes):
                declared = declared_in(block.declared)
                if declared:
                    yield from self._of_block(block, declared)

    def _of_block(self, block: StyleRule, declared: Mapping[str, Declared]) -> Iterator[_Rule]:
        """The rules of a block. One selector that no browser knows undoes all: beside one that is not known here they only hide."""
        known = list(chains(",".join(block.selectors)))
        if None in known:
            self.unclear |= hides({name: each.value for name, each in declared.items()})
        if None in known or block.doubtful:
            declared = {name: each for name, each in declared.items() if hides({name: each.value})}
        for chain in known if declared else ():
            if chain is not None:
                ids, kinds, tags = (sum(part.weight[k] for part in chain) for k in range(3))
                yield _Rule(chain, (ids, kinds, tags), _NO_LAYER if block.layer is None else block.layer, declared)

    def styled(self, element: Styled, above: Mapping[str, str]) -> tuple[dict[str, str], Mapping[str, str]]:
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
        matched = [(n, rule) for key in keys for n, rule in self.by_key.get(key, ()) if self._matches(rule.chain, len(rule.chain) - 1, element)]
        own = element.attributes.get("style", "")
        alike = (tuple(n for n, _ in matched), own, id(above))
        if alike not in self.computed:
            if len(self.computed) >= MOST_KEPT:
                self.computed.clear()
            self.computed[alike] = *self._cascaded(matched, own, above), above  # which is kept, so that nothing else gets its id
        style, variables, _ = self.computed[alike]
        self._counted(sum(map(len, style.values())) // PER_LETTERS)
        return dict(style), variables

    def _cascaded(
        self, matched: Sequence[tuple[int, _Rule]], own: str, above: Mapping[str, str]
    ) -> tuple[dict[str, str], Mapping[str, str]]:
        claims: dict[str, tuple[_Claim, Declared]] = {}
        for order, rule in matched:
            _claim(claims, rule.declared, (0, rule.layer, rule.weight, order))
        if own:
            _claim(claims, declarations(own), (1, _NO_LAYER, (0, 0, 0), 0))
        standing = {name: declared for name, (_, declared) in claims.items()}
        if not standing:
            return {}, above
        self._counted(sum(len(each.value) for each in standing.values()) // PER_LETTERS)
        given = {name: each.value for name, each in standing.items() if name.startswith("--")}
        self._counted(len(above) // 5 if given else 0)  # which are put down once more
        variables = with_variables(given, above)
        self._counted(sum(len(variables.get(name, "")) for name in given) // PER_LETTERS)
        return _computed(standing, claims, variables), variables

    def _matches(self, chain: Chain, k: int, element: Styled) -> bool:
        """Whether the parts of a selector up to the k-th mean an element and what stands around it."""
        part = chain[k]
        self._counted(part.cost)
        if not self._fits(part, element):
            return False
        if k == 0:
            return True
        known = (id(chain), k, id(element))
        if known not in self.settled:
            self.settled[known] = self._joined(chain, k, element)
        return self.settled[known]

    def _joined(self, chain: Chain, k: int, element: Styled) -> bool:
        match chain[k].joined:
            case ">":
                return element.parent is not None and self._matches(chain, k - 1, element.parent)
            case "+":
                before = _before(element)
                return before is not None and self._matches(chain, k - 1, before)
            case "~":
                return self._behind(chain, k, element)
        parent = element.parent
        while parent is not None:
            if self._matches(chain, k - 1, parent):
                return True
            parent = parent.parent
        return False

    def _behind(self, chain: Chain, k: int, element: Styled) -> bool:
        """Whether something before an element fits the part before; each of many brothers is looked at once."""
        if element.parent is None:
            return False
        known = (id(chain), k, id(element.parent))
        scanned, fits = self.scanned.get(known, (0, False))
        if fits and scanned <= element.place:
            return True
        if scanned > element.place:  # an earlier brother, asked later
            scanned, fits = 0, False
        while scanned < element.place and not fits:
            fits = self._matches(chain, k - 1, element.parent.children[scanned])
            scanned += 1
        self.scanned[known] = scanned, fits
        return fits

    def _fits(self, part: Compound, element: Styled) -> bool:
        if part.tag not in ("", "*", element.tag) or not part.words <= element.words or (part.ids and part.ids != {element.id}):
            return False
        if part.attributes or part.places:
            letters = sum(len(element.attributes.get(each.key, "")) for each in part.attributes)
            self._counted(len(part.attributes) + len(part.places) + letters // PER_LETTERS)
        return (
            all(each.fits(element) for each in part.attributes)
            and all(asks(element) for asks in part.places)
            and all(any(self._matches(chain, len(chain) - 1, element) for chain in some) for some in part.any_of)
            and not any(self._matches(chain, len(chain) - 1, element) for chain in part.none_of)
            and all(any(self._has(chain, element) for chain in some) for some in part.has)
        )

    def _has(self, chain: Chain, element: Styled) -> bool:
        """Whether something inside, below or behind an element fits, as the parts stand to one another from there."""
        joined = chain[0].joined
        for each in _below(element) if joined == " " else element.children if joined == ">" else _after(element, joined):
            self._counted(chain[0].cost)
            if self._fits(chain[0], each) and (len(chain) == 1 or self._has(chain[1:], each)):
                return True
        return False

    def _counted(self, cost: int) -> None:
        self.n_compared += cost
        if self.n_compared > MOST_COMPARED:
            what = "the style sheets of the page take too long to look through"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))


def _claim(claims: dict[str, tuple[_Claim, Declared]], declared: Mapping[str, Declared], rank: tuple[int, int, tuple[int, int, int], int]) -> None:
    inline, layer, weight, order = rank
    for place, (name, each) in enumerate(declared.items()):
        claim = (each.important, inline, -layer if each.important else layer, weight, order * 1_000 + place)
        if name not in claims or claims[name][0] <= claim:
            claims[name] = claim, each


def _computed(standing: Mapping[str, Declared], claims: Mapping[str, tuple[_Claim, Declared]], variables: Mapping[str, str]) -> dict[str, str]:
    """Values with variables put in; one that then is none that browsers take counts as not declared."""
    style = {}
    for name, declared in sorted(standing.items(), key=lambda item: claims[item[0]][0]):
        if name.startswith("--"):
            continue
        if not declared.of:
            style[name] = declared.value
            continue
        value = substituted(declared.value, variables)
        written = longhands_of(declared.of, value) if value is not None else {}
        if name in written:
            style[name] = written[name]
    return style


def _before(element: Styled) -> Styled | None:
    return element.parent.children[element.place - 1] if element.parent is not None and element.place else None


def _below(element: Styled) -> Iterator[Styled]:
    left = list(reversed(element.children))
    while left:
        here = left.pop()
        yield here
        left.extend(reversed(here.children))


def _after(element: Styled, joined: str) -> Iterable[Styled]:
    brothers = element.parent.children[element.place + 1 :] if element.parent is not None else []
    return brothers[:1] if joined == "+" else brothers
