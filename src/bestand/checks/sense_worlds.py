"""Whether what moves by itself and what takes two make sense: events that bans stop, clocks that a view stops or nobody minds, idle consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds, levers_of
from bestand.case.expand import chance_party
from bestand.case.lines import consents, every_want, party_of
from bestand.case.loaded import conditions_of
from bestand.checks.findings import Finding, finding
from bestand.checks.look import Some, TooMuch
from bestand.checks.sense import Sense, used_in_zones

MOST_BARS = 20_000  # bans times events that are looked through


def barred_events(sense: Sense) -> Iterator[Finding]:
    """Events that cannot happen somewhere although their condition holds there: what they set is banned."""
    case, left = sense.case, MOST_BARS
    for name, event in case.file.events.items():
        sets = {lever: case.settings[lever].index(setting) for lever, setting in event.sets.items()}
        mask = sum(1 << sense.look.bits[lever] for lever in sets)
        near = [(k, ban) for k, (ban, other) in enumerate(sense.bans) if other & mask]
        if len(near) > left:
            sense.look.passed_over = True
            return
        left -= len(near)
        stopping = next((k for k, ban in near if _bars(sense, case.condition(event.when), ban, sets)), None)
        if stopping is not None:
            yield finding("check/event-barred", "warning", case.place(f"events.{name}"), event=name, that=case.file.never[stopping].that)


def _bars(sense: Sense, when: Node, ban: Node, sets: Mapping[str, int]) -> bool:
    """Whether a ban stops an event in some state that the ban itself allows."""
    mask = sense.look.mask(when) | sense.look.mask(ban) | sum(1 << sense.look.bits[lever] for lever in sets)
    some = Some(sense.look, sense.look.levers(mask))
    if not some.small:
        sense.look.passed_over = True
        return False
    try:
        return bool((some.truth(when) & ~some.truth(ban) & _after(some, ban, sets)).any())
    except TooMuch:
        return False


def _after(some: Some, ban: Node, sets: Mapping[str, int]) -> NDArray[np.bool_]:
    """Where a ban would hold with some levers set: it is no other state than before where they stand so already."""
    case = some.look.case

    def digits(lever: str) -> NDArray[np.uint8]:
        return np.asarray(sets[lever], np.uint8) if lever in sets else some.digits(lever)

    return np.broadcast_to(holds(ban, digits, case.terms, case.settings), some.radix)


def stopped_clocks(sense: Sense) -> Iterator[Finding]:
    """Clocks that are never over in a view, which holds a lever otherwise than they would set it."""
    case = sense.case
    if case.written is None:
        return
    for name, clock in case.written.clocks.items():
        lever = f"{chance_party(case.written, clock.party)}.{name}"
        for view in case.file.views:
            held = _held(sense, view)
            wrong = next((other for other, setting in clock.sets.items() if other in held and held[other] != setting), None)
            if lever not in held and wrong is not None:
                place = case.place(f"clocks.{name}")
                yield finding("check/clock-stopped", "warning", place, clock=name, view=view, lever=wrong, setting=clock.sets[wrong])


def _held(sense: Sense, view: str) -> Mapping[str, str]:
    """The levers that a view does not let vary, and where it holds them."""
    case, about = sense.case, sense.case.file.views[view]
    vary = case.file.levers if "all" in about.vary else about.vary
    return {lever: about.fixed.get(lever, case.now[lever]) for lever in case.file.levers if lever not in vary}


def clocks_from_today(sense: Sense) -> Iterator[Finding]:
    """Clocks until a day that can start anew: they would then run for as long as from the day of the case to that day, whatever that is."""
    clocks = sense.case.written.clocks if sense.case.written is not None else {}
    for name, clock in clocks.items():
        if clock.on is not None and clock.since is None and (clock.renewed_by is not None or clock.while_.strip() != "true"):
            yield finding("check/clock-from-today", "warning", sense.case.place(f"clocks.{name}"), clock=name, day=clock.on)


def minded_elsewhere(sense: Sense) -> Iterator[Finding]:
    """Levers that a view lets vary although it holds all that their owner's wants about them hang on."""
    case = sense.case
    if case.file.ranking or case.file.graph is not None:
        return
    own: dict[str, list[Node]] = {}
    for party, about in case.file.parties.items():
        for _, want in every_want(case.file, party) if not about.chance else ():
            node = case.condition(want.that)
            for lever in levers_of(node, case.terms):
                if lever in case.file.levers and party_of(lever) == party:
                    own.setdefault(lever, []).append(node)
    for view in case.file.views:
        held = _held(sense, view)
        for lever, nodes in own.items():
            if lever not in held and not any(_hangs(sense, node, lever, held) for node in nodes):
                yield finding("check/minded-elsewhere", "note", case.place(f"views.{view}"), view=view, lever=lever, party=party_of(lever))


def _hangs(sense: Sense, node: Node, lever: str, held: Mapping[str, str]) -> bool:
    """Whether a condition hangs on a lever where others are held; so it is taken to be where there is too much to look through."""
    case = sense.case
    some = Some(sense.look, sense.look.levers(sense.look.mask(node)))
    try:
        if not some.small:
            raise TooMuch
        truth = some.truth(node)
    except TooMuch:
        sense.look.passed_over = True
        return True
    axis = some.levers.index(lever)
    for k, other in enumerate(some.levers):
        if other in held:
            truth = truth.take([case.settings[other].index(held[other])], k)
    return bool((truth != truth.take([0], axis)).any())


def clocks_apart(sense: Sense) -> Iterator[Finding]:
    """Clocks whose time is one number, and which go through it in another number of stages: their rates are drawn apart."""
    clocks = sense.case.written.clocks if sense.case.written is not None else {}
    first: dict[str, str] = {}
    for name, clock in clocks.items():
        shared = clock.days.same_as if clock.days is not None and clock.days.range is not None else ""
        other = first.setdefault(shared, name) if shared else name
        if clocks[other].stages != clock.stages:
            yield finding("check/clocks-apart", "note", sense.case.place(f"clocks.{name}"), clock=name, other=other, number=shared)


def idle_consent(sense: Sense) -> Iterator[Finding]:
    """Consent that no want of the party speaks of: step by step it has no reason to give it."""
    case = sense.case
    for name in consents(case):
        party = party_of(name)
        if not any(name in levers_of(case.condition(want.that), case.terms) for _, want in every_want(case.file, party)):
            yield finding("check/idle-consent", "warning", case.place(f"levers.{name}"), party=party, lever=name)


def idle_chance(sense: Sense) -> Iterator[Finding]:
    """What moves by itself, a clock or a memory too, and has nothing but its own events to do with it: that it moves changes no answer."""
    case = sense.case
    if case.file.ranking or case.file.graph is not None:
        return
    own = {f"events.{name}": next(iter(event.sets)) for name, event in case.file.events.items() if len(event.sets) == 1}
    minded = set(used_in_zones(case))
    for event in case.file.events.values():
        minded |= set(event.sets) if len(event.sets) > 1 else set()
    for at, text in conditions_of(case.file):
        spoken = set() if at.startswith("terms.") else set(sense.look.levers(sense.look.mask(case.condition(text))))
        mine = next((lever for event, lever in own.items() if at.startswith(f"{event}.")), None)
        minded |= spoken - {mine}
    for name in case.file.levers:
        moved = any(name in event.sets for event in case.file.events.values())
        if case.file.parties[party_of(name)].chance and moved and name not in minded:
            yield finding("check/idle-chance", "warning", case.place(f"levers.{name}"), lever=name)
