"""What the headline answers hang on: the versions of the parties, one row for each combination, and their mixture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bestand.report.blocks import Block, percent_words, said
from bestand.study.everything import Study
from bestand.study.presents import Present
from bestand.study.profiles import Profile
from bestand.study.sensitivity import Key
from bestand.telling.states import letter
from bestand.telling.telling import Telling
from bestand.telling.titles import title_of

MOST_ASKED = 6  # questions that get a column
MOST_OPEN = 8  # versions that stand open, the likeliest


def version_blocks(study: Study, telling: Telling) -> list[Block]:
    """The answers that differ, per combination of versions, the likeliest first; nothing where none differs.

    A party has a column of its own, an answer a number, and an end a letter: each is described once, below the table.
    """
    profiles = study.profiles
    if profiles is None or not (profiles.differing or profiles.ends_differ):
        return []
    keys = profiles.differing[:MOST_ASKED]
    parties = list(profiles.profiles[0].types)
    ends = _ends(profiles.profiles)
    yes, no = telling.say("yes"), telling.say("no")
    rows = [
        said(
            *(telling.type_of(party, each.types[party]) for party in parties), percent_words(each.chance), f"{each.resting:,}", ends[each.ends],
            *(yes if each.answers[key] else no for key in keys),
        )
        for each in profiles.profiles
    ]  # fmt: skip
    whole = percent_words(sum(each.chance for each in profiles.profiles))
    blank = [""] * (len(parties) - 1)
    rows.insert(0, said(telling.say("profiles_all"), *blank, whole, "", "", *(percent_words(profiles.share(key)) for key in keys)))
    first = (*(telling.party(party) for party in parties), *(telling.say(f"profiles_{key}") for key in ("chance", "resting", "ends")))
    left = len(profiles.differing) - len(keys)
    after = (
        f"{telling.say('profiles_ends_title')}: {'; '.join(f'{name}: {_end(states, telling)}' for states, name in ends.items())}.",
        *_asked(keys, telling), *((telling.say("profiles_more", n=left),) if left else ()),
    )  # fmt: skip
    columns = (*first, *(str(k + 1) for k in range(len(keys))))
    return [Block(telling.say("profiles_title"), (telling.say("profiles_note"),), columns, tuple(rows), after, shown=MOST_OPEN + 1)]


def present_blocks(study: Study, telling: Telling) -> list[Block]:
    """The answers that hang on how things stand today, where that is not known; nothing where none does."""
    presents = study.presents
    if presents is None or not (presents.differing or presents.ends_differ):
        return []
    keys, yes, no = presents.differing[:MOST_ASKED], telling.say("yes"), telling.say("no")
    ends = [_nearest(each, Telling(each.conflict, telling.say)) for each in presents.presents]
    names = {end: letter(k).lower() for k, end in enumerate(dict.fromkeys(ends))}
    rows = [
        said(
            _today(each, telling), percent_words(each.chance), names[end],
            *(yes if each.answers[key] else no for key in keys),
        )
        for each, end in zip(presents.presents, ends, strict=True)
    ]  # fmt: skip
    rows.append(said(telling.say("profiles_all"), percent_words(1.0), "", *(percent_words(presents.share(key)) for key in keys)))
    first = (telling.say("presents_today"), telling.say("profiles_chance"), telling.say("profiles_ends"))
    left = len(presents.differing) - len(keys)
    after = (
        f"{telling.say('profiles_ends_title')}: {'; '.join(f'{name}: {end}' for end, name in names.items())}.", *_asked(keys, telling),
        *((telling.say("profiles_more", n=left),) if left else ()),
    )  # fmt: skip
    columns = (*first, *(str(k + 1) for k in range(len(keys))))
    return [Block(telling.say("presents_title"), (telling.say("presents_note"),), columns, tuple(rows), after)]


def _asked(keys: Sequence[Key], telling: Telling) -> tuple[str, ...]:
    """The questions by the numbers of their columns, in one sentence; nothing where there are none."""
    asked = [f"{k + 1}. {title_of(key, True, telling)}" for k, key in enumerate(keys)]
    return (f"{telling.say('profiles_answers')}: {'; '.join(asked)}.",) if asked else ()


def _today(each: Present, telling: Telling) -> str:
    """One way in which things may stand today."""
    said = "; ".join(telling.short(lever, setting) for lever, setting in each.settings.items())
    return f"{said} ({telling.say('presents_stated')})" if each.stated else said


def _nearest(each: Present, telling: Telling) -> str:
    """Where best moves from one present state end: how many states, and what differs from it in the nearest."""
    if not each.ends:
        return telling.say("profiles_circles")
    nearest = telling.brief(each.ends[0])
    return nearest if len(each.ends) == 1 else telling.say("profiles_of", n=len(each.ends), nearest=nearest)


def _ends(profiles: tuple[Profile, ...]) -> Mapping[tuple[int, ...], str]:
    """A small letter for each set of states that best moves end in."""
    return {states: letter(k).lower() for k, states in enumerate(dict.fromkeys(each.ends for each in profiles))}


def _end(states: tuple[int, ...], telling: Telling) -> str:
    """Where best moves from today end in some versions: the states, by letter and a few words where there is a key."""
    if not states:
        return telling.say("profiles_circles")
    told = [telling.state(state) for state in states[:2]]
    more = [telling.say("more_changes", n=len(states) - 2)] if len(states) > 2 else []
    return f" {telling.say('or')} ".join([*told, *more])
