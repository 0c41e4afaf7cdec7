"""What the headline answers hang on: the versions of the parties, one row each, and their mixture."""

from __future__ import annotations

from bestand.report.blocks import Block, percent_words, said
from bestand.report.headline import title_of
from bestand.study.everything import Study
from bestand.study.presents import Present
from bestand.study.profiles import Profile
from bestand.telling.telling import Telling

MOST_ASKED = 6  # questions that get a column


def version_blocks(study: Study, telling: Telling) -> list[Block]:
    """The answers that differ, per combination of versions, the likeliest first; nothing where none differs."""
    found = study.profiles
    if found is None or not (found.differing or found.ends_differ):
        return []
    keys = found.differing[:MOST_ASKED]
    yes, no = telling.say("yes"), telling.say("no")
    rows = [
        said(
            _versions(each, telling), percent_words(each.chance), f"{each.resting:,}", _ends(each, telling),
            *(yes if each.answers[key] else no for key in keys),
        )
        for each in found.profiles
    ]  # fmt: skip
    whole = percent_words(sum(each.chance for each in found.profiles))
    rows.append(said(telling.say("profiles_all"), whole, "", "", *(percent_words(found.share(key)) for key in keys)))
    first = tuple(telling.say(f"profiles_{key}") for key in ("version", "chance", "resting", "ends"))
    columns = (*first, *(title_of(key, True, telling) for key in keys))
    left = len(found.differing) - len(keys)
    notes = (telling.say("profiles_note"), *((telling.say("profiles_more", n=left),) if left else ()))
    return [Block(telling.say("profiles_title"), notes, columns, tuple(rows))]


def present_blocks(study: Study, telling: Telling) -> list[Block]:
    """The answers that hang on how things stand today, where that is not known; nothing where none does."""
    found = study.presents
    if found is None or not (found.differing or found.ends_differ):
        return []
    keys, yes, no = found.differing[:MOST_ASKED], telling.say("yes"), telling.say("no")
    rows = [
        said(
            _today(each, telling), percent_words(each.chance), _ends(each, Telling(each.conflict, telling.say)),
            *(yes if each.answers[key] else no for key in keys),
        )
        for each in found.presents
    ]  # fmt: skip
    rows.append(said(telling.say("profiles_all"), percent_words(1.0), "", *(percent_words(found.share(key)) for key in keys)))
    first = (telling.say("presents_today"), telling.say("profiles_chance"), telling.say("profiles_ends"))
    left = len(found.differing) - len(keys)
    notes = (telling.say("presents_note"), *((telling.say("profiles_more", n=left),) if left else ()))
    return [Block(telling.say("presents_title"), notes, (*first, *(title_of(key, True, telling) for key in keys)), tuple(rows))]


def _today(each: Present, telling: Telling) -> str:
    """One way in which things may stand today."""
    said = "; ".join(telling.short(lever, setting) for lever, setting in each.settings.items())
    return f"{said} ({telling.say('presents_stated')})" if each.stated else said


def _versions(each: Profile, telling: Telling) -> str:
    return "; ".join(f"{telling.party(party)}: {telling.type_of(party, type_)}" for party, type_ in each.types.items())


def _ends(each: Profile | Present, telling: Telling) -> str:
    """Where best moves from today end in one version: how many states, and what differs from today in the nearest."""
    if not each.ends:
        return telling.say("profiles_circles")
    nearest = telling.brief(each.ends[0])
    return nearest if len(each.ends) == 1 else telling.say("profiles_of", n=len(each.ends), nearest=nearest)
