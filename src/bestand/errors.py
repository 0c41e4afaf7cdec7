"""One family of errors; each has a code and says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: path, line and column count from 1; `at` is the path of keys (``wants.ru[2].that``)."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    at: str = ""

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{spot} ({self.at})" if spot and self.at else spot or self.at


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a code (``case/unknown-lever``), what is wrong, where, and what to do."""

    code: str
    what: str
    place: Place = Place()
    hint: str = ""

    def __str__(self) -> str:
        where = f"\n  in {self.place}" if str(self.place) else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"[{self.code}] {self.what}{where}{hint}"


class BestandError(Exception):
    """Something the user can put right; carries one or more problems.

    problems : tuple of Problem, in the order in which they stand in the file.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def code(self) -> str:
        """Code of the first problem."""
        return self.problems[0].code


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


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The nearest valid choice and the list of them, as a hint.

    >>> did_you_mean("ru.truce", ["ru.truces", "ua.cedes"])
    "did you mean 'ru.truces'? choices are ru.truces, ua.cedes"
    """
    known = list(choices)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    guess = f"did you mean '{near[0]}'? " if near else ""
    return guess + "choices are " + shortened(known)


def shortened(words: Sequence[str], *, most: int = 12) -> str:
    """The words in one line, at most `most` of them.

    >>> shortened(["a", "b", "c"], most=2)
    'a, b … (3 in all)'
    """
    if len(words) <= most:
        return ", ".join(words) or "none"
    return ", ".join(words[:most]) + f" … ({len(words)} in all)"
