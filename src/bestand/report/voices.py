"""What each conclusion hangs on, source by source: a table of what turns, and the smallest sets that carry the main answer."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.report.blocks import Block, said
from bestand.study.by_source import AUTHOR, BySource
from bestand.study.everything import Study
from bestand.study.sensitivity import Key
from bestand.telling.telling import Telling
from bestand.telling.titles import title_of

MOST_TOLD = 3  # conclusions in one cell, and sets of one conclusion
MOST_HANGING = 12  # conclusions with their sets


def voice_blocks(study: Study, telling: Telling) -> list[Block]:
    """Per source what turns without it and with it alone, and per conclusion the smallest sets that carry it; nothing where not tried."""
    sources = study.sources
    told = {(each.kind, each.term) for each in study.conclusions}
    if sources is None or not any(sources.turn[key] for key in sources.answers if key in told):
        return []
    rows = []
    for each in sources.voices:
        turned = (_keys(keys, sources, told, telling) for keys in (each.without, each.alone))
        rows.append(said(_name(each.name, sources, telling), str(len(each.claims)), str(len(each.falls)), *turned))
    columns = tuple(telling.say(f"voices_{name}") for name in (sources.by, "claims", "falls", "without", "alone"))
    notes = (telling.say("voices_note"),)
    return [Block(telling.say(f"voices_title_{sources.by}"), notes, columns, tuple(rows), folded=True), _carriers(sources, told, telling)]


def _carriers(sources: BySource, told: set[Key], telling: Telling) -> Block:
    keys = [key for key in sources.answers if key in told and sources.turn[key]]
    sets = {key: (_sets(sources.carry[key], sources, telling), _sets(sources.turn[key], sources, telling)) for key in keys}
    rows = [said(title_of(key, sources.answers[key], telling), *sets[key]) for key in keys]
    after = [telling.say("voices_none", n=sum(key in told and not sources.turn[key] for key in sources.answers))]
    after += [] if sources.whole else [telling.say("voices_not_whole")]
    columns = tuple(telling.say(name) for name in ("conclusion", "voices_carry", "voices_turn"))
    return Block(telling.say("voices_sets"), (telling.say("voices_sets_note"),), columns, tuple(rows[:MOST_HANGING]), tuple(after), folded=True)


def _name(name: str, sources: BySource, telling: Telling) -> str:
    if name == AUTHOR and sources.by == "speaker":
        return telling.say("voices_author")
    source = telling.case.file.sources.get(name) if sources.by == "source" else None
    return telling.name(telling.said(source.title if source is not None else name))


def _keys(keys: tuple[Key, ...], sources: BySource, told: set[Key], telling: Telling) -> str:
    some = [title_of(key, not sources.answers[key], telling) for key in keys if key in told]
    more = [telling.say("more_changes", n=len(some) - MOST_TOLD)] if len(some) > MOST_TOLD else []
    return "; ".join([*some[:MOST_TOLD], *more])


def _sets(sets: tuple[tuple[str, ...], ...], sources: BySource, telling: Telling) -> str:
    return f" {telling.say('or')} ".join(_members(each, sources, telling) for each in sets[:MOST_TOLD])


def _members(names: tuple[str, ...], sources: BySource, telling: Telling) -> str:
    told: Iterator[str] = (_name(name, sources, telling) for name in names)
    return telling.say.listed(list(told)) if names else telling.say("voices_nobody")
