"""The texts of a case in another language: what is told, what is missing, and how a translation goes along with words that are changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bestand.case.loaded import Case
from bestand.case.translations import stray, texts, untranslated
from bestand.case.yaml import Value
from bestand.web.edits import OneEdit, Rename, Set

SECTION = "translations"


def translations_told(case: Case, language: str) -> dict[str, object]:
    """Each text of a case once, with what it is in a language: first those without, then those told, then translations of no text."""
    file = case.file
    given = file.translations.get(language, {})
    missing = untranslated(file, language)
    gone = [text for each, text in stray(case) if each == language]
    first = {text: at for at, text in missing}
    here = {str(words): at for at, words in reversed(list(texts(file))) if str(words) in given}
    rows = [(at, text, "") for text, at in first.items()] + [(at, text, given[text]) for text, at in here.items()]
    known = {text for _, text, _ in rows}
    rows += [("", text, told) for text, told in given.items() if text not in known and text not in gone]
    return {
        "texts": [{"at": at, "text": text, "told": told, "stands": True} for at, text, told in rows]
        + [{"at": "", "text": text, "told": given[text], "stands": False} for text in gone]
    }


def with_translations(case: Case, plain: dict[str, Value], edits: Sequence[OneEdit]) -> list[OneEdit]:
    """Edits with those that carry a translation along: words that stand once, and are put in other words, keep what they are in other languages."""
    all_of_them = list(edits)
    if not case.file.translations or not any(isinstance(edit, Set) and isinstance(edit.value, str) for edit in edits):
        return all_of_them
    stated = [str(words) for _, words in texts(case.written or case.file)]
    for edit in edits:
        old, new = _now(plain, edit), edit.value if isinstance(edit, Set) else None
        if edit.at[0] != SECTION and isinstance(old, str) and isinstance(new, str) and new and old != new and stated.count(old) == 1:
            all_of_them += _carried(case, old, new)
    return all_of_them


def _carried(case: Case, old: str, new: str) -> Iterator[OneEdit]:
    for language, given in case.file.translations.items():
        if old in given and new not in given:
            yield Rename(op="rename", at=[SECTION, language, old], to=new)


def _now(plain: Value, edit: OneEdit) -> Value:
    """What stands where an edit is made."""
    here = plain
    for step in edit.at:
        if isinstance(here, dict):
            here = here.get(str(step))
        else:
            here = here[step] if isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here) else None
    return here
