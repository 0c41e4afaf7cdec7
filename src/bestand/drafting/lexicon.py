"""What words of one language say about who says something, how surely, and what can be done: read from data files."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from bestand.errors import DraftError, Problem, did_you_mean

LANGUAGES = ("nl", "en", "de", "fr")
Kind = Literal["speech", "according", "hearsay", "hedge", "ability", "mark", "want", "act", "undone", "guard", "someday", "future"]
GAP = r"(?:[ ,]+[^ .;:]+){0,10}?[ ,]+"  # what an ellipsis stands for: at most ten words
WORD = re.compile(r"(?:[Ll]ors|[Pp]uis|[Jj]us)?[Qq]u['’](?=\w)|[^\W_]+(?:[-'.’][^\W_]+|(?<=\d),\d+)*", re.UNICODE)  # `qu'` is a word


@dataclass(frozen=True, slots=True)
class Cue:
    """Words with one sense.

    kind, sense : what they do in a sentence (`speech`), and which way (`denies`)
    holds       : how far the one who speaks commits to what is said with them
    via, now    : the way it came to be known; the present setting of a lever that they speak of
    content     : `clause` where only a that-clause or a quotation is what was said, `rest` where it is what follows, `after` where
                  the speaker follows and what was said stands before
    example, counter : a sentence in which they must be found, and one in which they must not
    """

    kind: Kind
    sense: str
    holds: str
    pattern: re.Pattern[str]
    via: str
    now: str
    content: str
    example: str
    counter: str


@dataclass(frozen=True, slots=True)
class Found:
    """A cue at a place of a text: [start, end)."""

    cue: Cue
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language: its cues, its concepts, and the small words by which clauses are told apart.

    late         : the verb of a main clause comes second and the rest of it last, as in Dutch and German
    comma_speech : what was said may follow a comma without a that, as in German
    """

    language: str
    cues: tuple[Cue, ...]
    concepts: tuple[tuple[str, re.Pattern[str]], ...]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, re.Pattern[str]]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    late: bool
    comma_speech: bool

    def content(self, text: str) -> list[str]:
        """The words of a text that have content: no articles, prepositions, auxiliaries, pronouns."""
        small = frozenset().union(*(self.words[name] for name in SMALL))
        return [word for word in WORD.findall(text) if word.lower() not in small]

    def found(self, text: str, *kinds: str) -> tuple[Found, ...]:
        """Every cue of these kinds in a text, in order of place; of cues that overlap within one kind the longest."""
        hits = [hit for cue in self.cues if cue.kind in kinds for hit in _hits(cue, text) if hit.start == 0 or not _names_month(hit)]
        kept: list[Found] = []
        for hit in sorted(hits, key=lambda f: f.start - f.end):
            if not any(hit.start < k.end and k.start < hit.end and hit.cue.kind == k.cue.kind for k in kept):
                kept.append(hit)
        return tuple(sorted(kept, key=lambda f: f.start))

    def concept(self, text: str) -> tuple[str, ...]:
        """Names of the concepts that a text speaks of, in the order of their places.

        >>> lexicon("nl").concept("zonder wapenstilstand geen gesprekken")
        ('ceasefire', 'talks')
        """
        at = [(match.start(), name) for name, pattern in self.concepts if (match := pattern.search(text))]
        return tuple(name for _, name in sorted(at))


def _names_month(hit: Found) -> bool:
    """Whether a hedge is a name: `may` with a capital in the middle of a text."""
    return hit.cue.kind == "hedge" and hit.words[0].isupper()


def _hits(cue: Cue, text: str) -> Iterator[Found]:
    for match in cue.pattern.finditer(text):
        yield Found(cue, match.start(), match.end(), match.group())


def _phrase(words: str, between: str = "") -> str:
    """The pattern of a phrase; between: what may stand between `a`, `ont` and a participle."""
    parts = words.replace(" … ", "\0")
    if between and (have := re.fullmatch(r"(a|ont) (\S+)", parts)):
        return f"{have[1]}(?:[ ](?:{between}))?[ ]{_phrase(have[2])}"
    pattern = re.escape(parts.replace(" ", "\1")).replace(r"\*", r"\w*")
    return pattern.replace(re.escape("\0"), GAP).replace("\0", GAP).replace(re.escape("\1"), "[ ]").replace("\1", "[ ]")


def any_of(phrases: Iterator[str] | list[str], between: Iterable[str] = ()) -> re.Pattern[str]:
    """A pattern that finds any of some phrases as whole words, the longest first; one that ends in an apostrophe as the start of one."""
    ordered = sorted(phrases, key=len, reverse=True)
    if not ordered:
        return re.compile(r"(?!)")  # found in no text
    small = "|".join(re.escape(adverb) for adverb in between)
    either = "|".join(_phrase(words, small) + ("" if words.endswith("'") else r"(?![\w-])") for words in ordered)
    return re.compile(rf"(?<![\w-])(?:{either})", re.IGNORECASE)


SMALL = ("determiners", "links", "pronouns", "before", "openers", "common", "that", "stops", "own")  # lists of words without content
MORE = ("by", "of", "objects", "offices", "cuts", "no", "yes", "infinitive", "asks", "answers", "whether", "have", "relative", "fronts", "things")
AUTHORS = ("selves", "statements", "institutions", "realms")  # how one who writes speaks of oneself, what such texts are called, who issues them
DEMANDS = ("told", "asked", "duties", "kept", "anaphors", "fields", "until", "only", "later", "what")  # who is asked, what is to be, what is not new
DATED = ("today", "yesterday")
WORD_LISTS = (*SMALL, "abbreviations", "people", "owners", "anybody", *MORE, *DEMANDS, *AUTHORS, *DATED)
PHRASE_LISTS = ("conditions", "bare", "joins", "skip", "same", "stopping", "ahead", "reported", "themselves")


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language.

    Raises
    ------
    DraftError
        `draft/unknown-language`.
    """
    if language not in LANGUAGES:
        what = f"no lexicon for the language '{language}'"
        raise DraftError(Problem("draft/unknown-language", what, hint=did_you_mean(language, LANGUAGES)))
    read = tomllib.loads((files("bestand.drafting") / "lexicon" / f"{language}.toml").read_text(encoding="utf-8"))
    return Lexicon(
        language,
        tuple(_cue(entry, read["after_have"]) for entry in read["cue"]),
        tuple((name, any_of(words)) for name, words in read["concepts"].items()),
        {name: frozenset(read[name]) for name in WORD_LISTS},
        {name: any_of(read[name]) for name in PHRASE_LISTS},
        tuple(read["months"]),
        tuple(read["weekdays"]),
        read["late"],
        read["comma_speech"],
    )


def _cue(entry: Mapping[str, str], after_have: list[str]) -> Cue:
    return Cue(
        entry["kind"],  # type: ignore[arg-type]  # the lexicons' own tests hold the kinds
        entry["sense"],
        entry["holds"],
        any_of(list(entry["words"]), after_have),
        entry.get("via", ""),
        entry.get("now", ""),
        entry.get("content", "clause"),
        entry["example"],
        entry["not"],
    )


def language_of(text: str) -> str:
    """The language of a text, by its commonest words.

    Raises
    ------
    DraftError
        `draft/unknown-language`: fewer than one word in twelve is a common word of a language that can be read.

    >>> language_of("De inzet van de troepen is niet zonder gevaar voor het land")
    'nl'
    """
    counts = Counter(word.lower() for word in WORD.findall(text[:20_000]))
    score = {name: sum(counts[word] for word in lexicon(name).words["common"]) for name in LANGUAGES}
    best = max(LANGUAGES, key=lambda name: score[name])
    if score[best] * 12 < sum(counts.values()):
        what = "the text is in none of the languages that can be read"
        raise DraftError(Problem("draft/unknown-language", what, hint="say which with --language; there are " + ", ".join(LANGUAGES)))
    return best
