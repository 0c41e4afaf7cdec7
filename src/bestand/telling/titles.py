"""A conclusion, and a setting that a lever may come to, in a few words."""

from __future__ import annotations

from bestand.case.translations import PLAIN_SETTINGS
from bestand.telling.telling import Telling


def title_of(key: tuple[str, str], holds: bool, telling: Telling) -> str:
    """A kind of conclusion about a term, and its answer, as a short sentence."""
    return telling.say(f"concl_{key[0]}_{'yes' if holds else 'no'}", term=telling.term(key[1]))


def title_within(key: tuple[str, str], holds: bool, telling: Telling) -> str:
    """The same within another sentence: it begins with a small letter, unless with a name of the case."""
    phrase = telling.say.phrases[f"concl_{key[0]}_{'yes' if holds else 'no'}"]
    title = title_of(key, holds, telling)
    return title[:1].lower() + title[1:] if phrase[:1].isalpha() else title


def plain_title(key: tuple[str, str], holds: bool, telling: Telling) -> str:
    """The same for a reader who knows no terms of ours: what comes about, and what can last."""
    plain = f"brief_concl_{key[0]}_{'yes' if holds else 'no'}"
    return telling.say(plain, term=telling.term(key[1])) if plain in telling.say.phrases else title_within(key, holds, telling)


def sight(lever: str, setting: str, telling: Telling) -> str:
    """A setting that a lever may come to, in a few words: who does what, or no longer does."""
    stated, label = telling.case.file.levers[lever], telling.short_lever(lever)
    if setting in stated.told:
        return telling.short(lever, setting)
    if stated.settings in PLAIN_SETTINGS:
        return telling.say("yes_setting" if setting == stated.settings[1] else "no_setting", label=label)
    return telling.say("sight_some", label=label, setting=telling.value_of(lever, setting))
