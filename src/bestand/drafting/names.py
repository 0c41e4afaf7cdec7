"""Who is named in a text: parties of the case, territories with their peoples and capitals, and people with an office."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.parts import UNNAMED
from bestand.drafting.lexicon import LANGUAGES, WORD, Lexicon
from bestand.drafting.lexicon import lexicon as lexicon_of

MOST_ENDING = 4  # letters by which a name may be longer for its ending
ARTICLES = frozenset(["the", "de", "het", "der", "die", "das", "le", "la", "des", "dem", "den", "du"])
_SOUNDS = "oe:u tsj:ch tsch:ch sj:sh sch:sh ou:u yj:i ij:i iy:i y:i j:i w:v ii:i z:s"  # spelt:said, in the order of trying
_SPELT = [pair.split(":") for pair in _SOUNDS.split(" ")]
OF = frozenset(["of", "van", "von", "de", "du", "des", "der"])
Sort = Literal["party", "territory", "people", "seat", "person"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a name stands for: a party of the case by its id, or a territory by its code; a person also by its full name."""

    sort: Sort
    party: str = ""
    territory: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place of a sentence: [start, end), and whether a possessive follows from it."""

    start: int
    end: int
    text: str
    named: Bearer
    owns: bool = False

    @property
    def bearer(self) -> str:
        """The party that is named, or the territory where that is no party of the case."""
        return self.named.party or self.named.territory


@dataclass(slots=True)
class Names:
    """The names that are known so far; people are learned while a text is read.

    by_word : first word of a name: (all its words, whom it stands for), the longest first
    stems   : stem of a word for a people: whom it stands for
    sounds  : last names of people as they sound, for other spellings of them: Poetin, Putin
    tails   : last words of names in small letters: `the company` is the Harne Water Company
    known   : names of parties and territories, for texts: id or code: name
    holders : office: who holds one, for `the mayor`, where only one person does
    """

    by_word: dict[str, list[tuple[tuple[str, ...], Bearer]]] = field(default_factory=dict)
    stems: dict[str, Bearer] = field(default_factory=dict)
    sounds: dict[str, Bearer] = field(default_factory=dict)
    tails: dict[str, Bearer] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    holders: dict[str, set[Bearer]] = field(default_factory=dict)

    def add(self, name: str, named: Bearer) -> None:
        """Takes up a name; one that is known already stays as it is."""
        words = tuple(WORD.findall(name))
        if not words:
            return
        entries = self.by_word.setdefault(words[0], [])
        if all(words != other for other, _ in entries):
            entries.append((words, named))
            entries.sort(key=lambda entry: -len(entry[0]))
        if named.sort == "person":
            self.sounds.setdefault(_sound(words[-1]), named)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every known name in a text, in order; of names that overlap the longest.

        >>> from bestand.case.read import read_text
        >>> from bestand.drafting.lexicon import lexicon
        >>> file = read_text("bestand: 1\\ntitle: T\\nparties: {ru: {name: Rusland}}\\n").file
        >>> [m.named.party or m.named.territory for m in names_in(file, lexicon("nl")).mentions("Moskou en de Noren")]
        ['ru', 'NO']
        """
        words = [(match.start(), match.end(), match.group()) for match in WORD.finditer(text)]
        mentions: list[Mention] = []
        k = 0
        while k < len(words):
            hit = self._at(words, k)
            if hit is None:
                k += 1
                continue
            n, named = hit
            start, end = words[k][0], words[k + n - 1][1]
            owns = _possessive(words[k + n - 1][2]) or text[end : end + 2] in ("' ", "’ ")
            mentions.append(Mention(start, end, re.sub(r"^[LlDd]['’]", "", text[start:end]), named, owns))
            k += n
        return tuple(mentions)

    def _at(self, words: list[tuple[int, int, str]], k: int) -> tuple[int, Bearer] | None:
        for first in _forms(words[k][2]):
            for wanted, named in self.by_word.get(first, ()):
                n = len(wanted)
                here = [words[k + j][2] for j in range(n)] if k + n <= len(words) else []
                if here and first == wanted[0] and here[1:-1] == list(wanted[1:-1]) and (n == 1 or wanted[-1] in _forms(here[-1])):
                    return n, named
        word = words[k][2]
        for n in range(MOST_ENDING + 1):
            if len(word) - n >= 3 and word[: len(word) - n] in self.stems:
                return 1, self.stems[word[: len(word) - n]]
        return self._otherwise(words, k)

    def _otherwise(self, words: list[tuple[int, int, str]], k: int) -> tuple[int, Bearer] | None:
        """Another spelling of a person's name, or the last word of a party's name after an article."""
        word = words[k][2]
        if word[0].isupper() and (k == 0 or words[k - 1][2].lower() not in ARTICLES or word.lower() not in self.tails):
            heard = next((self.sounds[_sound(form)] for form in _forms(word) if _sound(form) in self.sounds), None)
            return (1, heard) if heard is not None else None
        if k == 0 or words[k - 1][2].lower() not in ARTICLES or len(word) < 4:
            return None
        of_another = k + 1 < len(words) and words[k + 1][2].lower() in OF
        if len(self.holders.get(word.lower(), ())) == 1 and not of_another:
            return 1, next(iter(self.holders[word.lower()]))
        bare = word.lower().removesuffix("'s")
        meant = {named for tail, named in self.tails.items() if tail == bare or (word[0].islower() and tail.endswith(bare))}
        return (1, meant.pop()) if len(meant) == 1 else None


def _sound(word: str) -> str:
    """A name as it sounds, about: one key for the spellings of several languages.

    >>> _sound("Poetin") == _sound("Putin") == _sound("Poutin")
    True
    """
    heard = word.lower()
    for spelt, said in _SPELT:
        heard = heard.replace(spelt, said)
    return heard


def _forms(word: str) -> Iterator[str]:
    """A word, and what it is a possessive of: Poetins, Oram's, Sandar'."""
    yield word
    bare = word.replace("’", "'")
    if bare.endswith("'s"):
        yield bare[:-2]
    elif bare.endswith("s") and len(bare) > 3 and bare[0].isupper():
        yield bare[:-1]
    if "-" in word:
        yield word.partition("-")[0]
    if "'" in bare and bare.index("'") <= 2:
        yield bare.partition("'")[2]


def _possessive(word: str) -> bool:
    return word.replace("’", "'").endswith("'s") or (word.endswith("s") and word[0].isupper() and len(word) > 4)


@cache
def _territories() -> tuple[Mapping[str, Mapping[str, list[str]]], Mapping[str, Mapping[str, str | list[str]]]]:
    folder = files("bestand.drafting") / "lexicon"
    read = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in ("territories.toml", "peoples.toml")]
    return read[0], read[1]


def party_key(party: str, case: Case) -> str:
    """The name that a party has in the case; for a territory that is no party, the name that it would have there.

    >>> from bestand.case.read import read_text
    >>> party_key("NO", read_text("bestand: 1\\ntitle: T\\nparties: {ru: {name: Rusland}}\\n"))
    'norway'
    """
    if party in case.file.parties or party not in _territories()[0]:
        return party
    plain = unicodedata.normalize("NFKD", _territories()[0][party]["en"][0]).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", plain).strip("_").lower()


def only_other(party: str, case: Case) -> str:
    """The other one of two parties of a case; empty where there are more.

    >>> from bestand.case.read import read_text
    >>> only_other("a", read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: Alm}, b: {name: Brill}}\\n"))
    'b'
    """
    known = party_key(party, case)
    others = [other for other, told in case.file.parties.items() if other != known and told.name != UNNAMED]
    return others[0] if len(others) == 1 else ""


def names_in(file: CaseFile, lexicon: Lexicon) -> Names:
    """The names of a case's parties with those who act for them, and of all territories in one language.

    A party that bears the name of a territory, in any language, is also meant by its people, its capital and its seat.
    """
    names = Names()
    owner = _owners(file)
    for key, party in file.parties.items():
        names.known[key] = party.name
        for name in (party.name, *party.name.given.values(), *party.also):
            names.add(_bare(name), Bearer("party", key))
            if " " not in name and name.islower():  # `de raad` is the eilandraad
                names.tails.setdefault(name, Bearer("party", key))
        words = WORD.findall(party.name)
        if words and words[-1][0].isupper():
            names.tails[words[-1].lower()] = Bearer("party", key)
        for member in party.members:
            _add_member(names, member, key, lexicon)
    territories, peoples = _territories()
    for code, by_language in territories.items():
        named = Bearer("territory", owner.get(code, ""), code)
        names.known[code] = by_language.get(lexicon.language, by_language["en"])[0]
        for name in by_language.get(lexicon.language, ()):
            names.add(name, named)
    for code, people in peoples.items():
        _add_people(names, people, Bearer("people", owner.get(code, ""), code), lexicon.language)
    return names


def _bare(name: str) -> str:
    """A name without its article."""
    return re.sub(r"^(?:the|de|het|der|die|das|le|la|les|l')\s+", "", name, flags=re.IGNORECASE)


def _owners(file: CaseFile) -> dict[str, str]:
    """Code of a territory: the party of the case that bears its name."""
    territories, peoples = _territories()
    codes = {name: code for code, by in territories.items() for spelt in by.values() for name in spelt}
    codes |= {seat: code for code, people in peoples.items() for seat in people["seats"]}
    owner: dict[str, str] = {}
    for key, party in file.parties.items():
        for name in (party.name, *party.name.given.values(), *party.also, *party.members):
            if _bare(name) in codes:
                owner.setdefault(codes[_bare(name)], key)
    return owner


def _add_people(names: Names, people: Mapping[str, str | list[str]], named: Bearer, language: str) -> None:
    words = [word.replace("_", " ") for word in str(people.get(language, "")).split()]
    for word in dict.fromkeys([*words, *(word[0].upper() + word[1:] for word in words)]):
        if word.endswith("*"):
            names.stems.setdefault(word[:-1], named)
        else:
            names.add(word, named)
    for seat in people["seats"]:
        names.add(seat, replace(named, sort="seat"))


def _add_member(names: Names, member: str, party: str, lexicon: Lexicon) -> None:
    """A person or a body that acts for a party, under its full name and its last name."""
    full = person_name(member, lexicon)
    if not full:
        names.add(_bare(member), Bearer("party", party))
        return
    named = Bearer("person", party, person=full)
    _holds(names, member[: member.find(full)], named, lexicon)
    names.add(full, named)
    names.add(full.rpartition(" ")[2], named)


def _holds(names: Names, before: str, named: Bearer, lexicon: Lexicon) -> None:
    """Takes up the office that stands right before a person's name, or is parted from it by a comma."""
    words = WORD.findall(before.rstrip(" ,"))
    if words and words[-1].lower() in lexicon.words["offices"] | _offices() and named.party:
        names.holders.setdefault(words[-1].lower(), set()).add(named)


def person_name(member: str, lexicon: Lexicon) -> str:
    """The name in `President Lena Oram (since May)`: without its office; empty where no capital is left.

    >>> from bestand.drafting.lexicon import lexicon
    >>> person_name("Foreign Minister Lena Oram", lexicon("en"))
    'Lena Oram'
    """
    words = re.sub(r"\(.*?\)", "", member).split()
    offices = lexicon.words["offices"] | _offices()
    named = [k for k, word in enumerate(words[:-1]) if word.lower().strip(",") in offices and all(w[0].isupper() for w in words[k + 1 :])]
    words = words[named[-1] + 1 :] if named else words  # `NATO secretary general Mark Rutte`
    while words and (words[0].lower().strip(",") in offices or words[0][0].islower()):
        words = words[1:]
    return " ".join(words)


@cache
def _offices() -> frozenset[str]:
    """Offices in every language: a case in one is drafted into from documents in another."""
    return frozenset().union(*(lexicon_of(language).words["offices"] for language in LANGUAGES))


_PERSON = re.compile(
    r"(?<![\w'-])[A-ZÀ-ÖØ-Þ][\w'’-]+(?: (?:(?:van|de|der|den|von|zu|al|el|bin|ben|du|la|le|ter|ten|di|da) ){0,2}[A-ZÀ-ÖØ-Þ][\w'’-]+){1,3}"
)


def learn_people(names: Names, texts: Iterable[str], lexicon: Lexicon) -> None:
    """Takes up the people whom a text names with an office or a nation just before: `the Swiss envoy, Claire Monnet`."""
    for text in texts:
        mentions = names.mentions(text)
        for match in _PERSON.finditer(text):
            name = _without_office(match.group(), lexicon)
            taken = any(m.start <= match.end() - 1 and match.end() - len(name) < m.end for m in mentions)
            if " " not in name or taken:
                continue
            at = match.end() - len(name)
            office, party, territory = _introduced(text[:at], mentions, lexicon)
            if office or _speaks(text, at, match.end(), lexicon):
                named = Bearer("person", party, territory, person=name)
                _holds(names, text[:at], named, lexicon)
                names.add(name, named)
                names.add(name.rpartition(" ")[2], named)


def _speaks(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a verb of speech stands next to a name, with at most two words between."""
    before = lexicon.found(text[max(0, start - 40) : start], "speech")
    after = lexicon.found(text[end : end + 30], "speech")
    near = bool(before) and len(WORD.findall(text[max(0, start - 40) + before[-1].end : start])) <= 2
    return near or (bool(after) and len(WORD.findall(text[end : end + after[0].start])) <= 1)


def _without_office(name: str, lexicon: Lexicon) -> str:
    words = name.split()
    while words and words[0].lower() in lexicon.words["offices"] | lexicon.words["determiners"] | lexicon.words["before"]:
        words = words[1:]
    return re.sub(r"['’]s$", "", " ".join(words))


def _introduced(before: str, mentions: tuple[Mention, ...], lexicon: Lexicon) -> tuple[bool, str, str]:
    """Whether an office stands just before, and the party or territory named with it."""
    near = max(before.rfind(sign) for sign in ".;:") + 1
    spans = list(WORD.finditer(before, near))[-8:]
    offices = [match for match in spans if _is_office(match.group(), lexicon)]
    if not offices or before.count(",", offices[-1].end()) > 1:
        return False, "", ""
    start = spans[0].start()
    named = [m for m in mentions if start <= m.start and m.end <= len(before) and m.named.sort != "person"]
    named = [m for m in named if m.start <= offices[-1].end() + 12 and not _does(before[m.end : offices[0].start()], lexicon)]
    return True, named[-1].named.party if named else "", named[-1].named.territory if named else ""


def _does(between: str, lexicon: Lexicon) -> bool:
    """Whether a party does something with somebody who holds an office, and not for it: `Alm proposed a mediator, the judge Lena Ostrow`."""
    owned = lexicon.words["owners"] & {word.lower() for word in WORD.findall(between)}  # `Alm sent its envoy, …`
    return bool(lexicon.found(between, "speech", "want", "act")) and not owned


def _is_office(word: str, lexicon: Lexicon) -> bool:
    return word.lower() in lexicon.words["offices"]
