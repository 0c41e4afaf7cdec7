"""YAML 1.2 text as plain values, with the line and column of every key path; strict, bounded, all mistakes at once.

Only `true` and `false` are truth values (`no`, `on` and `12:30` are words); `017` and `0x10` are words; keys are always words and
stand once.
Anchors, aliases, tags and several documents in one file are refused. Built on the events of PyYAML's C parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from bestand.errors import CaseError, Place, Problem, line_at

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
Marks = Mapping[str, tuple[int, int]]

MOST_BYTES = 10_000_000  # of a case file
MOST_DEEP = 30  # lists and mappings of a case file inside each other
MOST_VALUES = 200_000  # keys, words and numbers of a case file
MOST_KEY = 200  # characters of a key
MOST_VALUE = 20_000  # characters of one text, condition or number
MOST_PATHS = 30_000_000  # characters of all key paths together
_Parser: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # some builds of PyYAML come without libyaml

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"(?:[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300})\Z")
_FLOAT = re.compile(r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)\Z")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES = re.compile("[\n\x85\u2028\u2029]")
_NO_LINES = "\x85\u2028\u2029"  # ends of lines in YAML 1.1, and to the parser; letters like others in YAML 1.2, and to editors
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by YAML 1.2, 5.1
_AS_WRITTEN = frozenset({"quote", "prefix", "suffix", "hedge", "condition", "summary"})
_SPECIAL = re.compile(r"(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")

_ODD = re.compile(r"[-+]?0[0-9].*|0[ox].*")  # a number that readers do not agree on, or a name made of figures
CORE_SCHEMA = tuple((f"tag:yaml.org,2002:{kind}", pattern) for kind, pattern in
                    (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT), ("float", _SPECIAL)))  # fmt: skip


def scalar(text: str) -> Value:
    """The value of an unquoted word under the core schema of YAML 1.2, with numbers written in tens and not filled up with 0 in front.

    >>> scalar("no"), scalar("12:30"), scalar("12"), scalar("true"), scalar("2025-04-25"), scalar("017"), scalar("0x10")
    ('no', '12:30', 12, True, '2025-04-25', '017', '0x10')
    """
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text[0] in "tT"
    if _ODD.match(text):
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text) or _SPECIAL.match(text):
        return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").lstrip(".") if _SPECIAL.match(text) else text)
    return text


def joined(at: str, key: str | int) -> str:
    """A key path one step further.

    >>> joined(joined("wants.ru", 2), "that")
    'wants.ru[2].that'
    """
    if isinstance(key, int):
        return f"{at}[{key}]"
    return f"{at}.{key}" if at else key


def load(text: str, file: str | None = None) -> tuple[Value, dict[str, tuple[int, int]]]:
    """The values of a YAML text, and the line and column (from 1) of every key path.

    Raises
    ------
    CaseError
        `case/yaml`, `case/duplicate-key`, `case/alias`, `case/tag`, `case/control-character`, `case/too-deep`,
        `case/too-large`; all that were found.

    >>> load("a: [no, 1]")
    ({'a': ['no', 1]}, {'': (1, 1), 'a': (1, 1), 'a[0]': (1, 5), 'a[1]': (1, 9)})
    """
    builder = _Builder(file)
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise CaseError(Problem("case/too-large", f"the file is larger than {MOST_BYTES // 1_000_000} MB", Place(file)))
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is not None:
        raise CaseError(_raw_control(text, unprintable.start(), file))
    parsed, builder.back = unbroken(text)
    try:
        for event in yaml.parse(parsed, Loader=_Parser):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(_syntax(error, file))
    except UnicodeError:
        builder.problems.append(Problem("case/yaml", "the text is not valid Unicode", Place(file), "save the file as UTF-8"))
    if builder.problems:
        raise CaseError(builder.problems)
    return builder.root, builder.marks


def unbroken(text: str) -> tuple[str, Callable[[str], str]]:
    """The text, as long as before, with letters that stand for U+0085, U+2028 and U+2029; and what puts these back.

    Parsers of YAML 1.1 end a line there: lines would be counted that no editor shows, and what a person sees in a comment
    would be read.

    >>> stands, back = unbroken("a\u2028b")
    >>> len(stands.splitlines()), back(stands) == "a\u2028b"
    (1, True)
    """
    if not any(sign in text for sign in _NO_LINES):
        return text, str
    known = set(text)
    free = (chr(code) for code in (*range(0xE000, 0xF900), *range(0xF0000, 0x10FFFE)) if code & 0xFFFF < 0xFFFE and chr(code) not in known)
    pairs = list(zip(_NO_LINES, free, strict=False))
    back = {ord(stand): sign for sign, stand in pairs}
    return text.translate({ord(sign): stand for sign, stand in pairs}), lambda read: read.translate(back)


def line_end(text: str) -> str:
    """What ends the lines of a text: as on Windows where all of them end so.

    >>> line_end("a\\r\\nb\\r\\n"), line_end("a\\nb\\r\\n")
    ('\\r\\n', '\\n')
    """
    return "\r\n" if 0 < text.count("\n") == text.count("\r\n") else "\n"


def _raw_control(text: str, at: int, file: str | None) -> Problem:
    place = Place(file, line_at(text, at), at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)))
    what = f"the control character U+{ord(text[at]):04X} stands in the file"
    return Problem("case/control-character", what, place, "take it out: readers do not see it, terminals obey it")


def _syntax(error: yaml.YAMLError, file: str | None) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    if "nesting depth" in what:  # the reader of YAML looks ahead along brackets, and gives up before they are counted here
        return Problem("case/too-deep", f"nested more than {MOST_DEEP} deep", place, "is a bracket left open?")
    hint = "a colon or # inside a text needs quotes around it; lines of one list or mapping start in the same column"
    return Problem("case/yaml", f"not YAML: {what}", place, hint)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being filled."""

    at: str
    value: list[Value] | dict[str, Value]
    key: str | None = None
    seen: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Values from parser events, with a stack of its own: deep input cannot exhaust Python's."""

    def __init__(self, file: str | None) -> None:
        self.file, self.problems = file, list[Problem]()
        self.marks: dict[str, tuple[int, int]] = {}
        self.stack: list[_Open] = []
        self.root: Value = None
        self.n_documents = self.n_values = self.n_letters = 0
        self.back: Callable[[str], str] = str  # puts back what letters of the text stand for

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):  # most of them
            self.scalar(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.n_documents += 1
            if self.n_documents > 1:
                self.stop("case/yaml", "more than one document in the file", event, "a case is one document: remove the `---`")
        elif isinstance(event, yaml.AliasEvent):
            self.stop("case/alias", f"alias *{event.anchor}", event, "anchors and aliases are not part of the format: write it out")
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.open({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()

    def stop(self, code: str, what: str, event: yaml.Event, hint: str) -> None:
        raise CaseError([*self.problems, Problem(code, what, self.place(event), hint)])

    def words(self, text: str, event: yaml.Event, key: str = "") -> str:
        """A text within bounds, in one line, with nothing in it that a reader cannot see but a terminal obeys."""
        text, most = self.back(text), MOST_VALUE if key else MOST_KEY
        if len(text) > most:
            self.stop("case/too-large", f"{'a text' if key else 'a key'} of more than {most:,} characters", event, "say it in fewer words")
        if _CONTROLS.search(text) or (key not in _AS_WRITTEN and _TURNS.search(text)):
            what = f"'{text[:80]}' has a control character in it"
            self.problems.append(Problem("case/control-character", what, self.place(event), "take it out: readers do not see it, terminals obey it"))
        if key in _AS_WRITTEN or not _LINES.search(text):
            return text
        return " ".join(part for line in _LINES.split(text) if (part := line.strip()))

    def place(self, event: yaml.Event, at: str = "") -> Place:
        return Place(self.file, *_spot(event), at)

    def check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self.n_values += 1
        if self.n_values > MOST_VALUES:
            self.stop("case/too-large", f"more than {MOST_VALUES} values", event, "split the case")
        if event.tag is not None and not (isinstance(event, yaml.CollectionStartEvent) and event.implicit):
            self.problems.append(Problem("case/tag", f"tag {event.tag}", self.place(event), "tags (!name) are not part of the format"))
        if event.anchor is not None:
            what, hint = f"anchor &{event.anchor}", "anchors and aliases are not part of the format: write it out"
            self.problems.append(Problem("case/alias", what, self.place(event), hint))

    def open(self, value: list[Value] | dict[str, Value], event: yaml.CollectionStartEvent) -> None:
        self.check(event)
        if len(self.stack) >= MOST_DEEP:
            self.stop("case/too-deep", f"nested more than {MOST_DEEP} deep", event, "is a bracket left open?")
        if self.awaits_key():
            self.stop("case/yaml", "a list or mapping stands where a key is expected", event, "put quotes around text with [ or {")
        self.stack.append(_Open(self.put(value, event), value))

    def awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def scalar(self, event: yaml.ScalarEvent) -> None:
        self.check(event)
        if self.awaits_key():
            self.key(event)
        else:
            word = self.words(event.value, event, (self.stack[-1].key if self.stack else None) or "item")
            self.put(scalar(word) if event.implicit[0] else word, event)

    def mark(self, at: str, event: yaml.Event) -> None:
        self.n_letters += len(at)
        if self.n_letters > MOST_PATHS:
            self.stop("case/too-large", f"key paths of more than {MOST_PATHS:,} characters", event, "use shorter names")
        self.marks.setdefault(at, _spot(event))

    def key(self, event: yaml.ScalarEvent) -> None:
        top, key = self.stack[-1], self.words(event.value, event)
        at = joined(top.at, key)
        if key in top.seen:
            what = f"key '{key}' stands here and in line {top.seen[key]}"
            self.problems.append(Problem("case/duplicate-key", what, self.place(event, at), "keep one of the two"))
        top.key = key
        top.seen.setdefault(key, _spot(event)[0])
        self.mark(at, event)

    def put(self, value: Value, event: yaml.Event) -> str:
        """Store a value in what is open; its key path."""
        here = _spot(event)
        if not self.stack:
            self.root = value
            self.marks[""] = here
            return ""
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            at = joined(top.at, len(top.value) - 1)
            self.mark(at, event)
            return at
        key, top.key = top.key or "", None
        top.value[key] = value
        return joined(top.at, key)


def steps(at: str) -> Iterator[str]:
    """A key path and the ever shorter paths above it.

    >>> list(steps("wants.ru[2].that"))
    ['wants.ru[2].that', 'wants.ru[2]', 'wants.ru', 'wants', '']
    """
    while at:
        yield at
        cut = max(at.rfind("."), at.rfind("["))
        at = at[:cut] if cut > 0 else ""
    yield ""


def _spot(event: yaml.Event) -> tuple[int, int]:
    """Line and column of an event, from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
