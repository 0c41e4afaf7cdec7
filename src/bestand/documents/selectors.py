"""Selectors of style sheets, read by cssselect2 and asked of an element and what stands around it.

Elements, classes, ids and attributes; one inside another, right below, right behind or somewhere behind; `:is`, `:where`, `:not`, `:has`; the
place among brothers. States (`:hover`) and generated content (`::before`) are never seen; what is not known here raises `Unknown`. cssselect2 would
ask by itself, of programs that it writes; those cannot be stopped, so that each question is asked here, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from cssselect2 import parser as css  # type: ignore[import-untyped]
from tinycss2.ast import FunctionBlock  # type: ignore[import-untyped]
from tinycss2.nth import parse_nth  # type: ignore[import-untyped]

from bestand.documents.values import Node, Tokens, significant, sized, split, tokens_of

MOST_ASKED = 400  # tokens of one selector
MOST_LANGUAGES = 20  # of one `:lang`
PER_LETTERS = 50  # characters that take as long to compare as to ask anything
_STATES = frozenset(
    [
        "hover", "focus", "focus-within", "focus-visible", "active", "visited", "target", "target-within", "before", "after", "first-line",
        "first-letter", "selection", "marker", "placeholder", "backdrop", "fullscreen", "popover-open", "modal", "autofill", "user-invalid",
        "user-valid", "playing", "paused", "current", "past", "future", "-moz-focus-inner", "-moz-focusring", "file-selector-button", "cue", "part",
        "slotted", "grammar-error", "spelling-error", "target-text", "highlight", "view-transition", "host", "host-context", "placeholder-shown",
    ]
)  # fmt: skip
_SETS = ("is", "where", "not", "has")
_REFUSED = (css.SelectorError, AttributeError)  # the latter where cssselect2 meets an end that it does not expect
Test = Callable[["Styled"], bool]


class Unknown(Exception):
    """A selector asks for what is not known here."""


@dataclass(slots=True, eq=False)
class Styled:
    """What a selector may ask of an element, and what stands around it.

    place, of_kind : which child of its parent it is, and which of its kind, from 0
    """

    tag: str
    words: frozenset[str] = frozenset()
    id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    parent: Styled | None = None
    children: list[Styled] = field(default_factory=list)
    place: int = 0
    of_kind: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # how many children of each tag
    has_text: bool = False
    near: dict[str, str] = field(default_factory=dict)  # attributes of the nearest element around it that has them, as they are asked for

    def take(self, child: Styled) -> Styled:
        """The child, put behind the others."""
        child.parent, child.place, child.of_kind = self, len(self.children), self.kinds.get(child.tag, 0)
        self.kinds[child.tag] = child.of_kind + 1
        self.children.append(child)
        return child

    @property
    def before(self) -> Styled | None:
        """The brother right before."""
        return self.parent.children[self.place - 1] if self.parent is not None and self.place else None


@dataclass(frozen=True, slots=True)
class Selector:
    """Whether a selector means an element; how much it weighs; and an id, class or tag (`#a`, `.a`, `a`) that all have whom it means."""

    fits: Test
    weight: tuple[int, int, int]
    key: str


def selectors(tokens: Tokens, counted: Callable[[int], None], *, folded: bool = False) -> Iterator[Selector | None]:
    """The selectors of a list; None for one that asks for what is not known here. Those of states and generated content are left out.

    counted : gets how many comparisons are about to be made; may raise to end them
    folded  : whether capitals do not matter in classes and ids

    >>> from bestand.documents.values import tokens_of
    >>> [each and (each.key, each.weight) for each in selectors(tokens_of("p#x, div > :is(.a, .b), p:hover, h1::before, p:odd"), print)]
    [('#x', (1, 0, 1)), ('', (0, 1, 1)), None]
    """
    for part in split(tokens, ","):
        try:
            selector = _selector(_renamed(part), _Asking(counted, folded))
        except (Unknown, *_REFUSED):
            yield None
        else:
            if selector.fits is not _never:
                yield selector


def _renamed(part: list[Node]) -> list[Node]:
    """A selector of what browsers generate, by a name that cssselect2 knows."""
    while part and part[-1].type == "whitespace":
        part = part[:-1]
    last = part[-1] if part[2:] and part[-3] == part[-2] == ":" else None
    name = last.lower_value if last and last.type == "ident" else last.lower_name if last and last.type == "function" else ""
    return [*part[:-1], *tokens_of("before")] if name in _STATES or name.startswith("-webkit-") else part


def _never(_: Styled) -> bool:
    """A test of what is never seen."""
    return False


_KEYS: Mapping[type, Callable[[css.Selector], str]] = {  # in the order of how few elements have them
    css.IDSelector: lambda node: f"#{node.ident}",
    css.ClassSelector: lambda node: f".{node.class_name}",
    css.LocalNameSelector: lambda node: node.lower_local_name,
}


def _selector(part: Tokens, asking: _Asking) -> Selector:
    n_tokens = sized(part)
    if n_tokens is None or n_tokens > MOST_ASKED:
        raise Unknown
    (read,) = css.parse(_forgiven(part))
    tree = read.parsed_tree
    last = tree.right if isinstance(tree, css.CombinedSelector) else tree
    keys = [_KEYS[type(each)](each) for each in last.simple_selectors if type(each) in _KEYS]
    fits = _never if read.pseudo_element else asking.test(tree)
    return Selector(fits, read.specificity, asking.name(min(keys, default="")))


def _forgiven(tokens: Tokens) -> list[Node]:
    """A selector without the choices of `:is` and `:where` that nobody can read, which browsers forgive one by one, and cssselect2 does not.

    Raises
    ------
    Unknown
        Where `:not` or `:has` has such a choice.
    """
    made = list[Node]()
    for token in tokens:
        made.append(token)
        choices = list[Node]()
        if token.type == "function" and token.lower_name in _SETS:
            for choice in split(token.arguments, ","):
                try:
                    readable = _forgiven(choice)
                    (read,) = css.parse(readable, relative=token.lower_name == "has")
                    if read.pseudo_element is not None:
                        raise Unknown
                    choices += [*tokens_of("," if choices else ""), *readable]
                except (Unknown, *_REFUSED):
                    if token.lower_name in ("not", "has"):
                        raise Unknown from None
            made[-1] = FunctionBlock(1, 1, token.name, choices)
    return made


@dataclass(frozen=True, slots=True)
class _Asking:
    """Makes tests of what cssselect2 has read; each is asked of an element once, as far as it walks from there."""

    counted: Callable[[int], None]
    folded: bool

    def name(self, name: str) -> str:
        """The name of a class or an id, as elements have it."""
        return name.lower() if self.folded else name

    def test(self, node: object) -> Test:
        """A test of an element.

        Raises
        ------
        Unknown
        """
        match node:
            case css.CombinedSelector():
                return self.joined(node.combinator, self.test(node.left), self.test(node.right))
            case css.CompoundSelector():
                return self.all_of([self.test(each) for each in node.simple_selectors])
            case css.LocalNameSelector():
                return partial(lambda tag, element: element.tag == tag, node.lower_local_name)
            case css.NamespaceSelector():  # only `|p`, of elements that no page has
                return _never
            case css.ClassSelector():
                return partial(lambda word, element: word in element.words, self.name(node.class_name))
            case css.IDSelector():
                return partial(lambda name, element: element.id == name, self.name(node.ident))
            case css.AttributeSelector():
                return self.asked(node)
            case css.NegationSelector():
                none_of = self.any_of([self.test(each.parsed_tree) for each in node.selector_list])
                return lambda element: not none_of(element)
            case css.MatchesAnySelector() | css.SpecificityAdjustmentSelector():
                return self.any_of(list(self.known(node.selector_list)))
            case css.RelationalSelector():
                return self.any_of([self.has(each.combinator, each.selector.parsed_tree) for each in node.selector_list])
            case css.PseudoClassSelector():
                return _place(node.name)
            case css.FunctionalPseudoClassSelector():
                return _called(node.name, node.arguments)
        raise Unknown

    def known(self, choices: Iterable[css.Selector]) -> Iterator[Test]:
        """Tests of choices; those that nobody knows are forgiven."""
        for each in choices:
            try:
                yield self.test(each.parsed_tree)
            except Unknown:
                continue

    def all_of(self, tests: list[Test]) -> Test:
        def fits(element: Styled) -> bool:
            self.counted(len(tests))
            return all(test(element) for test in tests)

        return _never if _never in tests else fits

    def any_of(self, tests: list[Test]) -> Test:
        tests = [test for test in tests if test is not _never]
        return (lambda element: any(test(element) for test in tests)) if tests else _never

    def joined(self, how: str, left: Test, right: Test) -> Test:
        """A test of an element that stands so to another one."""
        step: Callable[[Styled], Styled | None] = (lambda element: element.parent) if how in " >" else (lambda element: element.before)
        known: dict[Styled, bool] = {}

        def reached(element: Styled) -> bool:
            """Whether any fits that is reached by steps; each is looked at once."""
            passed, fits, here = list[Styled](), False, step(element)
            while here is not None and not fits and here not in known:
                passed.append(here)
                fits, here = left(here), step(here)
            fits = fits or (here is not None and known.get(here, False))
            known.update(dict.fromkeys(passed, fits))
            return fits

        def beside(element: Styled) -> bool:
            here = step(element)
            return here is not None and left(here)

        others = beside if how in ">+" else reached
        return _never if _never in (left, right) else lambda element: right(element) and others(element)

    def has(self, how: str, node: css.CombinedSelector | css.CompoundSelector) -> Test:
        """A test of an element that has something which stands so to it."""
        parts = list[tuple[str, Test]]()
        while isinstance(node, css.CombinedSelector):
            parts.append((node.combinator, self.test(node.right)))
            node = node.left
        parts = [(how, self.test(node)), *reversed(parts)]
        known: dict[tuple[int, Styled], bool] = {}

        def from_here(element: Styled, k: int = 0) -> bool:
            if (k, element) not in known:
                how, fits = parts[k]
                known[k, element] = any(fits(each) and (k + 1 == len(parts) or from_here(each, k + 1)) for each in self.standing(how, element))
            return known[k, element]

        return from_here

    def standing(self, how: str, element: Styled) -> Iterator[Styled]:
        """What stands so to an element: in it, right below, right behind, or behind it."""
        if how in "+~":
            brothers = element.parent.children if element.parent is not None else []
            for place in range(element.place + 1, min(len(brothers), element.place + 2) if how == "+" else len(brothers)):
                self.counted(1)
                yield brothers[place]
            return
        left = list(reversed(element.children))
        while left:
            self.counted(1)
            here = left.pop()
            yield here
            if how == " ":
                left.extend(reversed(here.children))

    def asked(self, node: css.AttributeSelector) -> Test:
        """A test of an attribute."""
        if node.namespace or node.operator not in _COMPARED:
            raise Unknown
        folded, compared = node.case_sensitive is False, _COMPARED[node.operator]
        wanted = (node.value or "").lower() if folded else node.value or ""

        def fits(element: Styled) -> bool:
            have = element.attributes.get(node.lower_name)
            if have is None:
                return False
            self.counted(1 + len(have) // PER_LETTERS)
            return compared(have.lower() if folded else have, wanted)

        return fits


_COMPARED: Mapping[str | None, Callable[[str, str], bool]] = {
    None: lambda have, wanted: True,
    "=": lambda have, wanted: have == wanted,
    "~=": lambda have, wanted: wanted in have.split(),
    "|=": lambda have, wanted: have == wanted or have.startswith(f"{wanted}-"),
    "^=": lambda have, wanted: wanted != "" and have.startswith(wanted),
    "$=": lambda have, wanted: wanted != "" and have.endswith(wanted),
    "*=": lambda have, wanted: wanted != "" and wanted in have,
}


def _place(name: str) -> Test:
    if name in _STATES or name.startswith("-webkit-"):
        return _never
    if name not in _PLACES:
        raise Unknown
    return _PLACES[name]


def _called(name: str, arguments: Tokens) -> Test:
    """Which child, counted from the first or the last, of all or of its kind; or of which language or direction."""
    words = significant(arguments)
    if name == "lang":
        wanted = tuple(f"{token.value.lower()}-" for token in words if token.type in ("ident", "string"))
        if len(wanted) > MOST_LANGUAGES or len(wanted) != len(split(words, ",")):
            raise Unknown
        return lambda element: f"{_nearest(element, 'lang')}-".startswith(wanted)
    if name == "dir" and len(words) == 1 and words[0].type == "ident":
        turned = words[0].lower_value == "rtl"
        return lambda element: (_nearest(element, "dir") == "rtl") == turned
    step = parse_nth(arguments)
    if name not in ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type") or step is None:
        raise Unknown
    every, first = step

    def fits(element: Styled) -> bool:
        number, of_all = (element.place, _brothers(element)) if name.endswith("child") else (element.of_kind, _alike(element))
        number = of_all - number if "last" in name else number + 1
        return number == first if every == 0 else (number - first) % every == 0 and (number - first) // every >= 0

    return fits


def _brothers(element: Styled) -> int:
    return len(element.parent.children) if element.parent is not None else 1


def _alike(element: Styled) -> int:
    return element.parent.kinds[element.tag] if element.parent is not None else 1


def _nearest(element: Styled, key: str) -> str:
    """An attribute of an element, or of the nearest around it that has it, in lower case; each is walked past once."""
    passed: list[Styled] = []
    here: Styled | None = element
    while here is not None and key not in here.attributes and key not in here.near:
        passed.append(here)
        here = here.parent
    value = "" if here is None else here.attributes[key].lower() if key in here.attributes else here.near[key]
    for each in passed:
        each.near[key] = value
    return value


_FIELDS = frozenset({"button", "input", "select", "textarea", "option", "optgroup", "fieldset"})
_PLACES: Mapping[str, Callable[[Styled], bool]] = {
    "root": lambda element: element.tag == "html",
    "first-child": lambda element: element.place == 0,
    "last-child": lambda element: element.place == _brothers(element) - 1,
    "only-child": lambda element: _brothers(element) == 1,
    "first-of-type": lambda element: element.of_kind == 0,
    "last-of-type": lambda element: element.of_kind == _alike(element) - 1,
    "only-of-type": lambda element: _alike(element) == 1,
    "empty": lambda element: not element.children and not element.has_text,
    "link": lambda element: element.tag in ("a", "area") and "href" in element.attributes,
    "any-link": lambda element: element.tag in ("a", "area") and "href" in element.attributes,
    "checked": lambda element: "checked" in element.attributes or "selected" in element.attributes,
    "disabled": lambda element: element.tag in _FIELDS and "disabled" in element.attributes,
    "enabled": lambda element: element.tag in _FIELDS and "disabled" not in element.attributes,
    "open": lambda element: "open" in element.attributes,
    "defined": lambda element: "-" not in element.tag,
    "scope": lambda element: element.tag == "html",
}  # fmt: skip
