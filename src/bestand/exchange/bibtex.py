"""BibTeX as entries: a reader of its own, bounded, that says where a file is wrong; and texts of TeX as people read them.

Read are entries, `@string` with its names, values in braces, in quotes, numbers and names joined by `#`, and the months. What lies between
entries is a comment, as in BibTeX; `@preamble` and `@comment` are passed over. Cross references are not followed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bestand.errors import CaseError, Place, Problem, line_at, short

MOST_LETTERS = 5_000_000  # characters of a BibTeX file that is read
MOST_VALUE = 20_000  # characters of one value in it
MOST_FIELDS = 200  # fields of one of its entries
_MONTHS = {name: str(k) for k, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}
_NAME = re.compile(r"[^\s\"#%'(),={}@\\]+")
_BEGINS = re.compile(r"([A-Za-z]{1,40})\s*[{(]")
_BLANK = re.compile(r"\s*")
_SIGNS = re.compile(r'\\.|[{}"]', re.DOTALL)
_ROUND = {closes: re.compile(rf"[{opens}{closes}]") for opens, closes in (("{", "}"), (r"\(", ")"))}
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308", "r": "\u030a",
    "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ",
    "dh": "ð", "th": "þ",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…",
    "textquoteright": "’", "textquoteleft": "‘",
}  # fmt: skip
_PLAIN = ("emph", "textit", "textbf", "textsc", "textrm", "textsf", "texttt", "enquote", "url", "mbox", "em", "it", "bf", "relax", "protect")
_TEX = re.compile(
    r"""\\(?P<accent>[`'^~=."]|[uvHckrd](?=\s*\{|\s+\\?\w))\s*(?:\{\s*\\?(?P<a>\w?)\s*\}|\\?(?P<b>\w))
    |\\(?P<word>[A-Za-z]+)(?P<end>\s*\{\}|[ \t]*)
    |\\(?P<sign>[^A-Za-z])
    |(?P<dash>---|--)|(?P<open>``)|(?P<close>'')|(?P<tie>~)|(?P<brace>[{}])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its kind and key, where it begins, and its fields as TeX, by name in small letters."""

    kind: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)


class _Reader:
    """A place in the text, and what is read from it."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0
        self.strings: dict[str, str] = dict(_MONTHS)

    def wrong(self, what: str, at: int | None = None) -> CaseError:
        line = line_at(self.text, self.at if at is None else at)
        return CaseError(Problem("import/malformed", what, Place(self.name, line), "is it BibTeX? every entry is @kind{key, name = {value}, …}"))

    def next(self, *signs: str) -> str:
        """The next sign that is no blank, which must be one of these."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]
        sign = self.text[self.at : self.at + 1]
        if sign not in signs or not sign:
            raise self.wrong(f"'{' or '.join(signs)}' is wanted, and {f'{sign!r} stands there' if sign else 'the file ends'}")
        self.at += 1
        return sign

    def peek(self) -> str:
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]
        return self.text[self.at : self.at + 1]

    def word(self, what: str) -> str:
        self.peek()
        name = _NAME.match(self.text, self.at)
        if name is None:
            raise self.wrong(f"{what} is wanted")
        self.at = name.end()
        return name[0]

    def value(self) -> str:
        """Parts in braces, in quotes, numbers and names, joined by #."""
        parts, length = [self.part()], 0
        while self.peek() == "#":
            self.at += 1
            parts.append(self.part())
            length += len(parts[-1]) + 1
            if length > MOST_VALUE:
                raise self.wrong(f"a value of more than {MOST_VALUE:,} characters")
        return "".join(parts)

    def part(self) -> str:
        sign = self.peek()
        if sign in ("{", '"'):
            return self.enclosed("}" if sign == "{" else '"')
        name = self.word("a value")
        if name.isdecimal():
            return name
        if name.lower() not in self.strings:
            raise self.wrong(f"'{short(name, most=60)}' is no number and no name that @string gives")
        return self.strings[name.lower()]

    def enclosed(self, end: str) -> str:
        """What stands up to the sign that closes it, braces in it balanced."""
        first, depth = self.at, 0
        self.at += 1
        for match in _SIGNS.finditer(self.text, self.at, self.at + MOST_VALUE + 1):
            sign, at = match[0], match.start()
            if sign == end and depth == 0:
                held, self.at = self.text[first + 1 : at], at + 1
                return held
            depth += (sign == "{") - (sign == "}")
            if depth < 0:
                raise self.wrong("a brace closes that was not opened", at)
        raise self.wrong(f"a value is not closed, or has more than {MOST_VALUE:,} characters", first)

    def entry(self, kind: str, line: int) -> Entry | None:
        """An entry after its kind; None for what is none."""
        closes = "}" if self.next("{", "(") == "{" else ")"
        if kind in ("comment", "preamble"):
            self.passed_over(closes)
            return None
        if kind == "string":
            name = self.word("a name").lower()
            self.next("=")
            self.strings[name] = self.value()
            self.next(closes)
            return None
        made = Entry(kind, "" if self.peek() == "," else self.word("a key"), line)  # JabRef writes entries without a key
        while self.next(",", closes) == ",":
            if self.peek() == closes:
                continue
            name = self.word("the name of a field").lower()
            self.next("=")
            value = self.value()
            if name in made.fields:
                raise self.wrong(f"'{short(name, most=60)}' stands twice in '{short(made.key, most=60)}'")
            made.fields[name] = value
            if len(made.fields) > MOST_FIELDS:
                raise self.wrong(f"an entry of more than {MOST_FIELDS} fields")
        return made

    def passed_over(self, closes: str) -> None:
        """Goes to behind the bracket that closes what was opened last."""
        depth, first = 1, self.at
        for bracket in _ROUND[closes].finditer(self.text, self.at):
            depth += -1 if bracket[0] == closes else 1
            if depth == 0:
                self.at = bracket.end()
                return
        raise self.wrong("a comment is not closed", first)


def entries_in(text: str, *, name: str = "file", most: int) -> list[Entry]:
    """The entries of a BibTeX file.

    Raises
    ------
    CaseError
        `import/too-large`, `import/malformed`, with the line.

    >>> entries_in('@string{m = "Ministry"} @misc{a, title = m # { of {Water}}, year = 2024}', most=10)[0].fields
    {'title': 'Ministry of {Water}', 'year': '2024'}
    """
    if len(text) > MOST_LETTERS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_LETTERS:,} characters", Place(name), "is it the right file?"))
    reader, entries, line, counted = _Reader(text, name), list[Entry](), 1, 0
    while (at := text.find("@", reader.at)) >= 0:
        line, counted = line + line_at(text[counted : at + 1], at - counted) - 1, at
        reader.at = at + 1
        kind = _BEGINS.match(text, reader.at)
        if kind is None:
            continue  # an @ in what lies between entries, which is a comment
        reader.at = kind.end(1)
        made = reader.entry(kind[1].lower(), line)
        if made is not None:
            entries.append(made)
        if len(entries) > most:
            raise CaseError(Problem("import/too-large", f"more than {most:,} entries", Place(name), "keep only the sources that are needed"))
    return entries


def read_tex(text: str) -> tuple[str, int]:
    """A text of TeX as people read it, and how many of its commands are not known here: these are kept as they stand.

    >>> read_tex(r'R\\&D in {Malm\\"o}, \\emph{soon} -- \\c{C}a \\foo')
    ('R&D in Malmö, soon – Ça \\\\foo', 1)
    """
    unknown = 0

    def said(piece: re.Match[str]) -> str:
        nonlocal unknown
        if piece["accent"]:
            letter = piece["a"] or piece["b"] or ""
            return unicodedata.normalize("NFC", letter + _ACCENTS[piece["accent"]]) if letter else ""
        if word := piece["word"]:
            if word in _LETTERS or word in _PLAIN:
                return _LETTERS.get(word, "")
            unknown += 1
            return f"\\{word}{' ' if piece['end'] and not piece['end'].strip() else ''}"
        if piece["sign"]:
            return " " if piece["sign"] in ("\\", "\n", " ", ",") else piece["sign"]
        if piece["dash"]:
            return "—" if piece["dash"] == "---" else "–"
        return "“" if piece["open"] else "”" if piece["close"] else " " if piece["tie"] else ""

    return " ".join(_TEX.sub(said, text).split()), unknown


def people_in(text: str) -> Iterator[str]:
    """The people of a list joined by `and`, each as TeX, the first name first; braces keep a name whole.

    >>> list(people_in("Meer, Ana van der and {Ministry of Fish and Water} and others"))
    ['Ana van der Meer', '{Ministry of Fish and Water}', 'others']
    """
    parts, depth, begins = [], 0, 0
    text = " ".join(text.split())
    for sign in re.finditer(r"\\.|[{}]| and(?= )", text, re.IGNORECASE):
        depth += (sign[0] == "{") - (sign[0] == "}")
        if depth == 0 and sign[0].strip().lower() == "and":
            parts.append(text[begins : sign.start()])
            begins = sign.end()
    for part in (*parts, text[begins:]):
        family, comma, given = part.partition(",") if not part.strip().startswith("{") else (part, "", "")
        if part.strip():
            yield f"{given.split(',')[-1].strip()} {family.strip()}" if comma else part.strip()
