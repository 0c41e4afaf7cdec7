"""One family of errors; each has a code and says what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

MOST_SHOWN = 20  # problems of one error that are told; the rest are counted
MOST_GUESSED = 500  # names that are compared with a misspelt one
BEGUN = 3  # letters from which on a word can be the beginning of a name
MOST_LETTERS = 800  # of one part of a message, or of a name that is compared
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: path, line and column count from 1; `at` is the path of keys (``wants.ru[2].that``)."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    at: str = ""

    def __str__(self) -> str:
        spot = ":".join(short(written_out(str(part))) for part in (self.file, self.line, self.column) if part is not None)
        at = short(written_out(self.at))
        return f"{spot} ({at})" if spot and at else spot or at


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a code (``case/unknown-name``), what is wrong, where, and what to do.

    As text it holds no control characters and no long names, whatever the file has: it can be printed as it is.
    """

    code: str
    what: str
    place: Place = Place()
    hint: str = ""

    def __str__(self) -> str:
        where = f"\n  in {self.place}" if str(self.place) else ""
        hint = f"\n  hint: {short(written_out(self.hint))}" if self.hint else ""
        return f"[{self.code}] {short(written_out(self.what))}{where}{hint}"


class BestandError(Exception):
    """Something the user can put right; carries one or more problems.

    problems : tuple of Problem, in the order in which they stand in the file.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        told = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            told.append(f"… and {len(self.problems) - MOST_SHOWN:,} more")
        super().__init__("\n".join(told))

    def __reduce__(self) -> tuple[type[BestandError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # Python would hand the message back in place of the problems

    @property
    def code(self) -> str:
        """Code of the first problem."""
        return self.problems[0].code


class FileError(BestandError):
    """A file cannot be read or written as asked."""


class EvidenceError(BestandError):
    """A source cannot be read, or a quote is not what the source says."""


class CaseError(BestandError):
    """A case file says something that cannot be."""


class DraftError(BestandError):
    """A document cannot be drafted from, a proposal cannot be taken, or an endpoint does not answer as it should."""


class GraphError(BestandError):
    """A graph cannot be built, or a state, party or term asked for is not in it."""


class AskError(BestandError):
    """A question that this case cannot answer as it stands, with what to add to it."""


class KernelError(BestandError):
    """Something handed to the compiled code is not what it takes, or it could not finish."""


def line_at(text: str | bytes, at: int) -> int:
    """The line, from 1, in which an offset stands, as editors count: LF, CR LF and a lone CR end a line, and nothing else does.

    `str.splitlines` also ends lines at vertical tabs, form feeds, U+0085, U+2028 and U+2029, which no editor shows as such.

    >>> [line_at("a\\u2028b\\r\\nc\\rd\\ne", at) for at in (0, 2, 5, 7, 9)], line_at(b"a\\x0cb\\nc", 4)
    ([1, 1, 2, 3, 4], 2)
    """
    before = text[:at] if isinstance(text, bytes) else text[:at].encode("utf-8", "surrogatepass")
    within = at < len(text) and before[-1:] == b"\r" and text[at : at + 1] in ("\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") - within + 1


def written_out(text: str) -> str:
    """The text with control characters, and those that turn the direction of writing, written out.

    >>> print(written_out("a\\x1b[31mred"))
    a\\x1b[31mred
    """
    return _CONTROLS.sub(lambda sign: sign.group().encode("unicode_escape").decode("ascii"), text)


def short(text: str, *, most: int = MOST_LETTERS) -> str:
    """The text, cut to so many characters.

    >>> short("abcdef", most=4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The nearest valid choice and the list of them, as a hint; of very many choices only those that begin or end alike.

    >>> did_you_mean("ru.truce", ["ru.truces", "ua.cedes"])
    "did you mean 'ru.truces'? choices are ru.truces, ua.cedes"
    >>> did_you_mean("north.signs", ["north.sings", "north.signs_the_treaty"])
    "did you mean 'north.signs_the_treaty'? choices are north.sings, north.signs_the_treaty"
    """
    known = choices if isinstance(choices, Collection) else list(choices)
    likely: Iterable[str] = known
    if len(known) > MOST_GUESSED:
        likely = islice((name for name in known if name[:2] == word[:2] or name[-3:] == word[-3:]), MOST_GUESSED)
    folded = {name.casefold(): name for name in likely if len(name) <= 2 * len(word) + 8}  # capitals are no other word
    begun = [name for name in folded if len(word) >= BEGUN and name.startswith(word.casefold())]  # a name that was not written to its end
    near = begun[:1] or get_close_matches(short(word, most=80).casefold(), folded, n=1, cutoff=0.6)
    guess = f"did you mean '{folded[near[0]]}'? " if near else ""
    return guess + "choices are " + shortened(known)


def shortened(words: Collection[str], *, most: int = 12) -> str:
    """The words in one line, at most `most` of them.

    >>> shortened(["a", "b", "c"], most=2)
    'a, b … (3 in all)'
    """
    told = ", ".join(short(word, most=80) for word in islice(words, most))
    return told or "none" if len(words) <= most else f"{told} … ({len(words)} in all)"
