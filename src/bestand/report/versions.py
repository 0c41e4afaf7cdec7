"""What the headline answers hang on: the versions of the parties, one row each, and their mixture."""

from __future__ import annotations

from bestand.report.blocks import Block, percent, said
from bestand.report.headline import title_of
from bestand.study.everything import Study
from bestand.study.profiles import Profile
from bestand.telling.telling import Telling

MOST_ASKED = 6  # questions that get a column


def version_blocks(study: Study, telling: Telling) -> list[Block]:
    """The answers that differ, per combination of versions, the likeliest first; nothing where none differs."""
    found = study.profiles
    if found is None or not found.differing:
        return []
    keys = found.differing[:MOST_ASKED]
    yes, no = telling.say("yes"), telling.say("no")
    rows = [
        said(_versions(each, telling), percent(each.chance), *(yes if each.answers[key] else no for key in keys)) for each in found.profiles
    ]
    rows.append(said(telling.say("profiles_all"), percent(sum(each.chance for each in found.profiles)), *(percent(found.share(key)) for key in keys)))
    columns = (telling.say("profiles_version"), telling.say("profiles_chance"), *(title_of(key, True, telling) for key in keys))
    left = len(found.differing) - len(keys)
    notes = (telling.say("profiles_note"), *((telling.say("profiles_more", n=left),) if left else ()))
    return [Block(telling.say("profiles_title"), notes, columns, tuple(rows))]


def _versions(each: Profile, telling: Telling) -> str:
    return "; ".join(f"{telling.party(party)}: {telling.type_of(party, type_)}" for party, type_ in each.types.items())
