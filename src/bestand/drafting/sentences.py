"""Sentences of a text: headings apart, over page breaks, with quotations kept whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bestand.documents.canonical import Canonical
from bestand.drafting.lexicon import Lexicon

FINAL = ".!?…"
CLOSERS = "\"')]»”’"
MOST_QUOTED = 600  # a quotation that is still open after so many characters was never closed
HEADING_WORDS = 10
NARROW, SHORT = 60, 0.75  # characters of a full line from which on lines are those of a page; of it, below which a line is short
DECK_LINES = 3  # lines of a title before the place and day of a report
ADDRESS_LINES, ADDRESS_WORDS = 4, 7  # of how a letter opens or is signed
DECK_WORDS = 40  # words of a paragraph under a title that is no sentence
LONGEST_LABEL = 120  # characters in which the one who speaks is named
LONGEST_LINE = 150  # characters of a line of a page
LONGEST = 1_500  # characters of a sentence; a list or a table without full stops is cut
_BLOCK = re.compile(r"\n[ \t\r]*\n\s*|\f\s*")
_LINES = re.compile(r"\n\s*")
_NAME = r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|van|de|der|den|von|du|la|le|al|of|the|heer|mevrouw|voorzitter)){0,4}"
_ASKS = r"[A-ZÀ-Þ]|Question|Réponse|Answer|Reply|Vraag|Antwoord|Frage|Antwort"  # `Q - `, `R – `: who asks, who answers
LABEL = re.compile(rf"(?P<label>{_NAME}(?=(?: \([^)\n]{{1,40}}\))? ?: )|(?:{_ASKS})(?= ?[-–—] ))(?: \([^)\n]{{1,40}}\))? ?[:–—-] +(?=\S)")
_ALONE = re.compile(rf"{_NAME}(?: \([^)\n]{{1,40}}\))? ?:")  # who speaks, on a line of its own
_FURNITURE = re.compile(  # what a browser prints round a page
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}, \d{1,2}:\d{2}.*|(?:https?|file|\ufb01le)://\S+.{0,12}|(?:\w+ )?\d{1,3} ?(?:/|of|van|von|sur) ?\d{1,3})$"
)
_DATELINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ'’ ]{2,30}(?:, [^-–\n]{0,50})? ?(?:\([^)\n]{2,30}\) ?)?[-–—] ")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)] +(?=(?P<after>\w+))")  # of a paragraph or an item of a list
_END = re.compile(r"[.!?…]+[\"')\]»]*(?: \"(?= [A-ZÀ-Þ]|$))?(?= |$)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its canonical text, where that stands, and on which page and in which paragraph."""

    text: str
    start: int
    end: int
    page: int
    paragraph: int
    heading: bool = False


def sentences(text: str, source: Canonical, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The sentences of a text, in order.

    text, source : the text as it was read, and its canonical form, in which sentences are given

    A paragraph goes on over a page break where it stops without a full stop and goes on in lower case. A full stop after an
    abbreviation, an initial or a number ends nothing, and none does inside a quotation.

    >>> from bestand.drafting.lexicon import lexicon
    >>> from bestand.documents.canonical import canonical
    >>> text = "A heading\\n\\nMr. Hale said: “No. Not now.” He left."
    >>> [s.text for s in sentences(text, canonical(text), lexicon("en")) if not s.heading]
    ['Mr. Hale said: "No. Not now."', 'He left.']
    """
    in_order: list[Sentence] = []
    for number, (first, last, heading) in enumerate(_blocks(text, {**_wrapped_headings(text), **_field_lines(text, lexicon)})):
        start, end = (int(np.searchsorted(source.origin, place)) for place in (first, last))
        page = text.count("\f", 0, first)
        spans = [(start, end)] if heading else [cut for a, b in _split(source.text, start, end, lexicon) for cut in _short(source.text, a, b)]
        for at, right in (_trimmed(source.text, a, b) for a, b in spans):
            left = at if heading else _past_number(source.text, at, right, lexicon)
            if right > left:
                in_order.append(Sentence(source.text[left:right], left, right, page, number, heading))
    return tuple(in_order)


def _past_number(text: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Where a sentence begins after the number of its paragraph; `3. Mai` is a day."""
    number = _NUMBER.match(text, start, end)
    return number.end() if number and number["after"].lower() not in lexicon.months and number["after"][0].isupper() else start


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or, of one that goes on beyond measure, pieces that end at a blank."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] == " ":
        start += 1
    while start < end and text[end - 1] == " ":
        end -= 1
    return start, end


def _field_lines(text: str, lexicon: Lexicon) -> dict[int, int]:
    """Start and end of the lines at the head of a letter or memorandum that name who writes to whom, when and about what: two or more."""
    fields = "|".join(sorted(map(re.escape, lexicon.words["fields"])))
    lines = [match.span() for match in re.finditer(rf"^(?:{fields}) ?: .{{1,120}}$", text, re.IGNORECASE | re.MULTILINE)]
    return dict(lines if len(lines) > 1 else ())


def _wrapped_headings(text: str) -> dict[int, int]:
    """Start and end of headings over several lines of a printed page that parts its paragraphs by single line ends.

    A line of a paragraph goes on to the right edge, or ends a sentence: a few lines that do neither, after the end of a sentence or
    of nothing, and before a line that begins with a capital, are a heading.
    """
    lines = [(match.start(), match.group().rstrip()) for match in re.finditer("[^\n\f]+", text)]
    width = max((len(line) for _, line in lines), default=0)
    if not NARROW <= width <= LONGEST_LINE or re.search(r"\n[ \t\r]*\n", text):
        return {}
    short = [len(line) < SHORT * width and line[-1:] not in (*FINAL, ":", ";", ",", *CLOSERS) for _, line in lines]
    headings = {}
    for k, (start, line) in enumerate(lines):
        begins = k == 0 or lines[k - 1][1].rstrip(CLOSERS)[-1:] in (*FINAL, ":")
        n = next((n for n, each in enumerate(short[k:]) if not each), 0)
        after = lines[k + n][1][:1] if k + n < len(lines) else ""
        if begins and 1 < n <= DECK_LINES and line[:1].isupper() and after.isupper():
            last, words = lines[k + n - 1]
            headings[start] = last + len(words)
    return headings


def _blocks(text: str, fields: Mapping[int, int]) -> Iterator[tuple[int, int, bool]]:
    """Headings and paragraphs as places in the text: start, end, whether it is a heading.

    fields : start and end of what is a heading in any case
    """
    waiting: tuple[int, int] | None = None
    begun = False
    for first, last in _paragraphs(text, fields):
        furniture = first in fields or _FURNITURE.match(text[first:last].strip()) is not None
        if furniture or _is_address(text[first:last]) or (not begun and _is_deck(text, first, last)):
            if waiting is not None:
                yield (*waiting, False)
            waiting = None
            yield first, last, True
            continue
        at = first
        for heading_end in _heading_lines(text, first, last):
            if waiting is not None:
                yield (*waiting, False)
                waiting = None
            yield at, heading_end, True
            at = heading_end
        if at >= last:
            continue
        if waiting is not None and _goes_on(text, waiting, at):
            waiting = waiting[0], last
            continue
        if waiting is not None:
            yield (*waiting, False)
        waiting, begun = (at, last), True
    if waiting is not None:
        yield (*waiting, False)


def _is_address(block: str) -> bool:
    """Whether a paragraph is how a letter opens or is signed: `Dear Speaker,`; `The minister,` and a name."""
    lines = block.strip().split("\n")
    short = len(lines) <= ADDRESS_LINES and all(len(line.split()) <= ADDRESS_WORDS for line in lines)
    return short and lines[0].rstrip().endswith(",") and block.rstrip()[-1] not in FINAL + CLOSERS and lines[0][:1].isupper()


def _is_deck(text: str, first: int, last: int) -> bool:
    """Whether a paragraph before the first sentence is no sentence either: what stands under a title, who wrote it, place and day."""
    block, after = text[first:last].rstrip(), text[last:].lstrip()
    closed = block.rstrip(CLOSERS)[-1:] in FINAL + ":" or block[-1:] in "-,"
    return bool(after) and not after[0].islower() and not closed and len(block.split()) <= DECK_WORDS


def _paragraphs(text: str, fields: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Paragraphs as places in the text; each turn of a transcript is one, blank line or not, and so is each line of `fields`."""
    after_fields = {end + 1 for end in fields.values()}
    inside = {at for start, end in fields.items() for at in range(start + 1, end)}
    turns = sorted({*_turn_starts(text), *_heading_starts(text), *fields, *after_fields} - inside)
    at = 0
    for gap in [*(_LINES if _is_by_line(text) else _BLOCK).finditer(text), None]:
        end = gap.start() if gap else len(text)
        for start, stop in pairwise([at, *(place for place in turns if at < place < end), end]):
            if text[start:stop].strip():
                yield start, stop
        at = gap.end() if gap else end


def _is_by_line(text: str) -> bool:
    """Whether every line is a paragraph, as Word's are: none is blank, and one is longer than lines of a page are."""
    return _BLOCK.search(text) is None and max(map(len, text.split("\n"))) > LONGEST_LINE


def _heading_starts(text: str) -> Iterator[int]:
    """Starts of lines that are headings or furniture of a printed page inside a block, and of the lines after them.

    Word files and PDFs part their paragraphs by single line ends: a short line without a full stop, after a line with one and
    before a longer line that begins with a capital, is a heading.
    """
    lines = [(match.start(), match.group()) for match in re.finditer("[^\n\f]+", text)]
    for k, (start, line) in enumerate(lines):
        after = lines[k + 1][1] if k + 1 < len(lines) else ""
        ended = k > 0 and lines[k - 1][1].rstrip().rstrip(CLOSERS)[-1:] in (*FINAL, ":") and bool(lines[k - 1][1].strip())
        heading = ended and bool(line.strip()) and len(line.split()) <= HEADING_WORDS and _is_heading(line, after) and bool(after.strip())
        before = lines[k - 1][1] if k else ""
        if heading or _FURNITURE.match(line.strip()) or _opens_letter(line, after, before):
            yield start
            if after:
                yield lines[k + 1][0]
        elif ended and _signs(line, [each for _, each in lines[k + 1 :]]):
            yield start


def _opens_letter(line: str, after: str, before: str) -> bool:
    """Whether a line addresses a reader: `Dear Speaker,` after a line that is no sentence, before a much longer one."""
    short = 0 < len(line.split()) <= ADDRESS_WORDS and line.rstrip().endswith(",") and line[:1].isupper()
    lone = len(before.split()) <= HEADING_WORDS and before.rstrip()[-1:] not in (*FINAL, ",")
    return short and lone and after[:1].isupper() and len(after.split()) > 2 * len(line.split())


def _signs(line: str, after: list[str]) -> bool:
    """Whether a line and the few that are left are how a letter is signed: `The minister,` and a name."""
    rest = [each.strip() for each in after if each.strip()]
    few = 0 < len(rest) < ADDRESS_LINES and all(len(each.split()) <= ADDRESS_WORDS for each in (line, *rest))
    return few and line.rstrip().endswith(",") and line[:1].isupper() and rest[-1][-1] not in FINAL


def _turn_starts(text: str) -> list[int]:
    """Starts of the lines that a name and a colon open, where that name opens several."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    labels = repeated_labels(text[start : start + LONGEST_LABEL] for start in starts)
    return [start for start in starts if (match := LABEL.match(text, start)) and match["label"] in labels]


def repeated_labels(openings: Iterable[str]) -> frozenset[str]:
    """The names with a colon that open more than one of some texts: those who speak in a transcript; where several do, also those who
    speak once and are told with whom they sit, as in minutes: `Mevrouw Ilic (Links):`, or in capitals: `De VOORZITTER:`.

    >>> sorted(repeated_labels(["Hale: No.", "Berg: Yes.", "Date: 3 May", "Hale: Why?"]))
    ['Hale']
    >>> sorted(repeated_labels(["Hale: No.", "Berg: Yes.", "Hale: Why?", "Berg: Because."]))
    ['Berg', 'Hale']
    """
    matches = [match for opening in openings for match in [LABEL.match(opening)] if match]
    counts = Counter(match["label"] for match in matches)
    several = frozenset(label for label, n in counts.items() if n > 1)
    seated = frozenset(m["label"] for m in matches if m.group().rstrip(" :–—-").endswith(")") or re.search(r"\b[A-ZÀ-Þ]{3,}$", m["label"]))
    return several | seated if len(several) > 1 else several


def _goes_on(text: str, before: tuple[int, int], at: int) -> bool:
    """Whether a paragraph stopped in the middle of a sentence that the next one goes on with."""
    if _ALONE.fullmatch(text[before[0] : before[1]].strip()):
        return True
    tail, head = text[before[0] : before[1]].rstrip().rstrip(CLOSERS), text[at:].lstrip()
    broken = tail[-1:] == "-" or (tail[-1:] == "," and "\f" in text[before[0] + len(tail) : at + 1])  # an item of a list may end in a comma
    return bool(tail and head) and tail[-1] not in FINAL + ":" and (head[0].islower() or broken)


def _heading_lines(text: str, first: int, last: int) -> Iterator[int]:
    """Ends of the lines at the start of a paragraph that are headings."""
    lines = text[first:last].split("\n")
    at = first
    dated = next((k for k, line in enumerate(lines[: DECK_LINES + 1]) if _DATELINE.match(line)), 0)
    for line in lines[:dated]:  # what stands before `MOSCOW, March 13 (Wire) -`
        at += len(line) + 1
        yield at
    lines = lines[dated:]
    for k, line in enumerate(lines):
        at = min(at + len(line) + 1, last)
        rest = "\n".join(lines[k + 1 :]).lstrip()
        goes_on = not rest and text[last : last + 20].lstrip()[:1].islower()
        if goes_on or not _is_heading(line, rest):
            return
        yield at


def _is_heading(line: str, rest: str) -> bool:
    words = line.split()
    if not words:
        return False
    short = len(words) <= HEADING_WORDS and line.rstrip()[-1] not in FINAL + ":;,-\u201d\u2019\"')"
    asks = not rest and len(words) <= HEADING_WORDS and line.rstrip()[-1] == "?"
    if not short:
        return asks
    next_line = rest.split("\n", 1)[0]
    begins = bool(rest) and (rest[0].isupper() or _NUMBER.match(rest) is not None)
    return not rest or (begins and len(line.strip()) < 0.8 * len(next_line.strip())) or line.isupper()


def _split(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Places of the sentences of one paragraph."""
    quoted = quotations(text, start, end)
    closers = {close - 1 for _, close in quoted}
    at = start
    for match in _END.finditer(text, start, end):
        stop = match.end() if not match.group().endswith(' "') or match.end() - 1 in closers else match.end() - 2
        if stop < end and not _ends(text, match, at, stop, end, quoted, lexicon):
            continue
        yield at, stop
        at = stop
    if at < end:
        yield at, end


def _ends(text: str, match: re.Match[str], at: int, stop: int, end: int, quoted: list[tuple[int, int]], lexicon: Lexicon) -> bool:
    after = text[stop:end].lstrip()
    if not after or not (after[0].isupper() or after[0].isdigit() or after[0] in "\"'([«-"):
        return False
    if any(a < match.start() and stop < b for a, b in quoted):
        return False
    word = text[max(0, match.start() - 20) : match.start()].rpartition(" ")[2].lstrip("\"'(").lower()
    if text[match.start() : stop] != ".":
        return True
    initial = len(word) == 1 and word.isalpha() and (text[match.start() - 1].isupper() or after[0].isdigit())  # not the pronoun of `Dank u.`
    if word in lexicon.words["abbreviations"] or initial:
        return False
    if not word.isdigit() or after[0] in "\"'":
        return True
    if after[0].isdigit() or not text[at : match.start() - len(word)].strip(" \"'("):  # `1.` of a list
        return False
    following = after.split(maxsplit=1)[0].strip(".,").lower()
    starts = lexicon.words["determiners"] | lexicon.words["people"] | lexicon.words["before"] | lexicon.words["pronouns"]
    return lexicon.language != "de" or (following not in lexicon.months and (len(word) > 2 or following in starts))


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of what stands between quotation marks, with the marks, in a canonical text.

    >>> quotations("he said 'we can't' and left", 0, 27)
    [(8, 18)]
    """
    places: list[tuple[int, int]] = []
    at = start
    while at < end:
        spaced = text[at : at + 2] == '" ' and (at == start or text[at - 1] in " (")  # « as French sets it
        if text[at] in "\"'" and (spaced or _opens(text, at, start)):
            close = _closing(text, at, min(end, at + MOST_QUOTED), spaced)
            if close is not None:
                places.append((at, close + 1))
                at = close
        at += 1
    return places


def _opens(text: str, at: int, start: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    elided = text[at] == "'" and re.match(r"'[stnmk] |'[stnmk]-|'\d0s", text[at : at + 4])  # 's nachts, 't
    return before in " ([-:" and not after.isspace() and after not in ",.;:!?)" and not elided


def _closing(text: str, at: int, last: int, spaced: bool) -> int | None:
    for place in range(at + 1, last):
        if text[place] == text[at]:
            after = text[place + 1] if place + 1 < len(text) else " "
            if not after.isalnum() and (text[place - 1] == " ") == spaced:
                return place
    return None
