"""Texts of a case in other languages, given once for each text under `translations`, wherever in the file it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.parts import Words
from bestand.case.remembered import remembered
from bestand.case.yaml import joined
from bestand.show import spaced

PLAIN_SETTINGS = (("no", "yes"), ("nee", "ja"))  # settings that say no more than whether the lever's label holds
NAMES = frozenset({"says", "who", "members", "by", "place", "title"})
"""Keys that hold names: many are the same in every language."""


def texts(file: CaseFile) -> Iterator[tuple[str, Words]]:
    """Every text of a case that a reader can meet, with its key path; none that is empty."""
    return iter(_of_file(file))


@remembered(2)  # the file as read, and as written out
def _of_file(file: CaseFile) -> list[tuple[str, Words]]:
    return list(_texts(file, ""))


def languages(file: CaseFile) -> list[str]:
    """Languages in which a case has words, its own first.

    >>> from bestand.case.read import read_text
    >>> languages(read_text("bestand: 1\\ntitle: {nl: Twee, fr: Deux}\\nparties: {a: {name: One}}").file)
    ['en', 'fr', 'nl']
    """
    spoken = {language for _, words in texts(file) for language in words.given} | file.translations.keys()
    return [file.language, *sorted(spoken - {file.language})]


def _texts(value: object, at: str) -> Iterator[tuple[str, Words]]:
    if isinstance(value, Words):
        yield at, value
    elif isinstance(value, BaseModel):
        for name, stated in type(value).model_fields.items():
            inner = getattr(value, name)
            if inner and name != "translations" and (type(inner) is Words or not isinstance(inner, _WITHOUT)):
                yield from _texts(inner, joined(at, stated.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if inner and (type(inner) is Words or not isinstance(inner, _WITHOUT)):
                yield from _texts(inner, joined(at, key))
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            if inner and (type(inner) is Words or not isinstance(inner, _WITHOUT)):
                yield from _texts(inner, joined(at, k))


_WITHOUT = (str, int, float, type(None))  # what holds no words


def translate(file: CaseFile) -> None:
    """Each text of a file that was just read is told in the languages that `translations` has for it."""
    if not file.translations:
        return
    for _, words in texts(file):
        told = {language: given[words] for language, given in file.translations.items() if words in given}
        if told:
            words.translated = told


def untranslated(file: CaseFile, language: str) -> list[tuple[str, str]]:
    """Texts without a form in a language, each with the first place where it stands; names are not among them.

    >>> from bestand.case.read import read_text
    >>> case = "bestand: 1\\ntitle: Two\\nparties: {a: {name: One}}\\ntranslations: {nl: {Two: Twee}}"
    >>> untranslated(read_text(case).file, "nl")
    [('parties.a.name', 'One')]
    """
    if language == file.language:
        return []
    places: dict[str, str] = {}
    for at, words in texts(file):
        if language not in words.given and language not in words.translated and not _is_name(at) and words != "author":
            places.setdefault(str(words), at)
    given = file.translations.get(language, {})
    places |= {spoken: at for at, spoken in _settings(file) if spoken not in given}
    return [(at, text) for text, at in places.items()]


def in_other_languages(file: CaseFile, language: str) -> dict[str, int]:
    """Of what a case calls its levers, terms, wants and events, how much is not given in a language, by the language in which it stands.

    >>> from bestand.case.read import read_text
    >>> case = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.pays: {is: {de: A zahlt}, assumed: x}}"
    >>> in_other_languages(read_text(case).file, "en"), in_other_languages(read_text(case).file, "de")
    ({'de': 1}, {})
    """
    counts: dict[str, int] = {}
    for at, words in texts(file):
        called = at.partition(".")[0] in ("levers", "terms", "wants", "events") and at.endswith(".is")
        other = next(iter(words.given), file.language)
        if called and words and other != language and language not in words.given and language not in words.translated:
            counts[other] = counts.get(other, 0) + 1
    return counts


def _settings(file: CaseFile) -> Iterator[tuple[str, str]]:
    """Settings that are told by their name, as words, for want of a meaning: names may be translated too."""
    for name, lever in file.levers.items():
        if lever.settings not in PLAIN_SETTINGS:
            yield from ((f"levers.{name}.settings", spaced(each)) for each in lever.settings if each not in lever.meaning)


def unmatched(file: CaseFile) -> list[tuple[str, str]]:
    """Translations of texts that the case does not have, or no longer in those words: (language, text)."""
    known = {str(words) for _, words in texts(file)} | {spoken for _, spoken in _settings(file)}
    return [(language, text) for language, given in file.translations.items() for text in given if text not in known]


def stray(case: Case) -> list[tuple[str, str]]:
    """Translations of texts that a case has neither as it is written nor written out: short forms have words of their own, their lines settings."""
    of_forms = set(unmatched(case.written)) if case.written is not None else None
    return [each for each in unmatched(case.file) if of_forms is None or each in of_forms]


def _is_name(at: str) -> bool:
    key = at.rpartition(".")[2].partition("[")[0]
    return key in NAMES and at != "title"
