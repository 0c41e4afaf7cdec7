"""XML of strangers, read within bounds and without entities; and text for XML that we write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from bestand.errors import CaseError, Place, Problem
from bestand.show import printable

MOST_BYTES = 20_000_000  # bytes of an XML file, unpacked
MOST_DEEP = 60  # elements of an XML file inside each other
MOST_ELEMENTS = 600_000  # of an XML file
_NO_TOKEN = re.compile(
    "[^-.0-9:A-Z_a-z\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Element:
    """One element: its name without its namespace, its attributes, what stands in it, and on which line."""

    name: str
    attributes: Mapping[str, str]
    line: int
    inside: list[Element] = field(default_factory=list)
    text: str = ""

    def every(self) -> Iterator[Element]:
        """The elements in it, at any depth, in the order of the file."""
        left = list(reversed(self.inside))
        while left:
            here = left.pop()
            yield here
            left += reversed(here.inside)

    def all(self, name: str) -> Iterator[Element]:
        """The elements of that name in it, at any depth, in the order of the file."""
        return (each for each in self.every() if each.name == name)


def element_of(content: bytes, name: str) -> Element:
    """The outermost element of an XML file.

    Raises
    ------
    CaseError
        `import/too-large`, `import/not-xml`, `import/entities`: it declares a document type, which is never read.

    >>> element_of(b"<a x='1'><b/></a>", "file").inside[0].name
    'b'
    """
    if len(content) > MOST_BYTES:
        raise CaseError(Problem("import/too-large", f"larger than {MOST_BYTES // 1_000_000} MB", Place(name), "is it the right file?"))
    return _Reader(name).read(content)


class _Reader:
    """Elements as they are read, the open ones in a stack."""

    def __init__(self, name: str) -> None:
        self.name, self.stack, self.n, self.root = name, list[Element](), 0, list[Element]()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._refused

    def read(self, content: bytes) -> Element:
        """The outermost element."""
        try:
            self.parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding that nobody knows
            line = getattr(error, "lineno", None)
            what = expat.errors.messages[error.code] if isinstance(error, expat.ExpatError) else str(error)
            raise CaseError(Problem("import/not-xml", f"this is not XML: {what}", Place(self.name, line))) from error
        return self.root[0]

    def _wrong(self, code: str, what: str, hint: str) -> CaseError:
        return CaseError(Problem(code, what, Place(self.name, self.parser.CurrentLineNumber), hint))

    def _refused(self, *_: object) -> None:
        raise self._wrong("import/entities", "the file declares a document type", "take the line with <!DOCTYPE out: entities are never read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.n += 1
        if self.n > MOST_ELEMENTS or len(self.stack) >= MOST_DEEP:
            what = f"more than {MOST_ELEMENTS:,} elements, or more than {MOST_DEEP} inside each other"
            raise self._wrong("import/too-large", what, "is it the right file?")
        here = Element(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}, self.parser.CurrentLineNumber)
        (self.stack[-1].inside if self.stack else self.root).append(here)
        self.stack.append(here)

    def _end(self, _: str) -> None:
        self.stack.pop()

    def _data(self, data: str) -> None:
        if self.stack:
            self.stack[-1].text += data


def xml_text(text: str) -> str:
    """Text between tags; what XML forbids is shown as a picture of it.

    >>> xml_text("a<b\\x01")
    'a&lt;b␁'
    """
    return escape(_allowed(text))


def xml_attribute(text: str) -> str:
    """The value of an attribute, in quotation marks.

    >>> print(xml_attribute('a"b'))
    'a"b'
    """
    return quoteattr(_allowed(text))


def name_tokens(texts: Iterable[str], *, taken: Collection[str] = ()) -> dict[str, str]:
    """Texts as name tokens of XML (NMTOKEN), each with one of its own: other signs become a line, and equals are numbered.

    taken : tokens that are given to something else

    >>> name_tokens(["claim:c1", "rank of ru", "rank_of ru"])
    {'claim:c1': 'claim:c1', 'rank of ru': 'rank_of_ru', 'rank_of ru': 'rank_of_ru-2'}
    """
    tokens: dict[str, str] = {}
    used = set(taken)
    for text in dict.fromkeys(texts):
        plain = token = _NO_TOKEN.sub("_", text) or "_"
        number = 2
        while token in used:
            token, number = f"{plain}-{number}", number + 1
        used.add(token)
        tokens[text] = token
    return tokens


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", printable(text))
