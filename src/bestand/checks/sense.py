"""Whether rules and wants make sense: guards that never hold, bans that trap, wants that change nothing, levers that do not matter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, unparse
from bestand.case.lines import every_want, party_of, want_place
from bestand.case.loaded import Case, conditions_of
from bestand.case.model import Lever, Want
from bestand.case.parts import UNNAMED
from bestand.checks.findings import Finding, finding
from bestand.checks.look import MOST_COMBINATIONS, Look, Some, TooMuch

MOST_OWN = 512  # combinations of one party's levers that are looked through for where it could go
MOST_READILY = 200_000  # combinations of settings of a whole case that are asked without a view and without a word
MOST_PAIRS = 1_500  # bans times conditions under study that are looked through


@dataclass(slots=True)
class Sense:
    """A case that is looked through, with its bans."""

    case: Case
    look: Look
    bans: Sequence[tuple[Node, int]]


def sense_of(case: Case) -> Sense:
    """The case, ready to be looked through."""
    look = Look(case)
    return Sense(case, look, [(node, look.mask(node)) for node in (case.condition(ban.that) for ban in case.file.never)])


def idle_levers(sense: Sense) -> Iterator[Finding]:
    """Levers that nothing in the model has to do with, and those that nobody has a reason to move."""
    case = sense.case
    if case.file.ranking or case.file.graph is not None:
        return
    used = {at: sense.look.mask(case.condition(text)) for at, text in conditions_of(case.file) if not at.startswith(("hypotheses.", "terms."))}
    reasons, others = 0, 0
    for at, mask in used.items():
        reasons |= mask if at.startswith(("wants.", "levers.", "never[")) else 0
        others |= mask
    put, zoned = _put_by_events(case), used_in_zones(case)
    minded = _minded(sense, set(sense.look.levers(reasons)) | zoned, used)
    known = set(sense.look.levers(others)) | put | zoned
    for name in case.file.levers:
        if name not in known:
            yield finding("check/idle-lever", "warning", case.place(f"levers.{name}"), lever=name)
        elif name not in minded and not (name in put and case.file.parties[party_of(name)].chance):
            yield finding("check/unwanted-lever", "note", case.place(f"levers.{name}"), lever=name, party=party_of(name))


def _minded(sense: Sense, minded: set[str], used: Mapping[str, int]) -> set[str]:
    """Levers that matter, with those on which events hang that put one that matters: who looks ahead moves them for that."""
    events = {
        name: (set(event.sets), {lever for at, mask in used.items() if at.startswith(f"events.{name}.") for lever in sense.look.levers(mask)})
        for name, event in sense.case.file.events.items()
    }
    while more := {lever for put, when in events.values() if put & minded for lever in when} - minded:
        minded = minded | more
    return minded


def levers_of_no_matter(case: Case) -> tuple[str, ...]:
    """Levers that no want, rule, event or term in use has to do with: what is said of how they will stand says nothing."""
    return tuple(str(each.parts["lever"]) for each in idle_levers(sense_of(case)) if each.code == "check/idle-lever")


def _put_by_events(case: Case) -> set[str]:
    return {lever for event in case.file.events.values() for lever in event.sets}


def used_in_zones(case: Case) -> set[str]:
    """Levers by which zones are guarded, and those of the backstop and the hub."""
    levers = {guard.lever for zone in case.file.zones.values() for guard in zone.guards}
    part = case.file.deterrence
    if part is not None:
        levers |= {one.lever for one in (part.backstop, part.hub) if one is not None}
        levers |= {lever for step in part.strategies.values() for lever in step.sets}
    return levers


def weights(sense: Sense) -> Iterator[Finding]:
    """Wants of which some have a worth, a negative one, or one that goes against their order."""
    case = sense.case
    written = case.written or case.file
    for party in case.file.wants:
        for where, want in every_want(written, party):
            if want.worth is not None and want.worth.value < 0:
                yield finding("check/negative-worth", "warning", case.place(where), that=want.that, party=party)
        for kind, wants in case.wants(party).items():
            at = case.place(want_place(party, kind))
            weighed = [want for want in wants if want.worth is not None]
            if 0 < len(weighed) < len(wants):
                yield finding("check/weights-on-ordinal", "warning", at, n=len(weighed), of=len(wants), party=party)
            elif weighed:
                yield from _against(case, party, kind, wants)


def _against(case: Case, party: str, kind: str, wants: Sequence[Want]) -> Iterator[Finding]:
    """Worths that say something else than the order in which the wants stand."""
    worths = [want.worth.value if want.worth is not None else 0.0 for want in wants]
    for k, want in enumerate(wants):
        place = case.place(want_place(party, kind, k))
        if k and worths[k] > worths[k - 1]:
            first = wants[k - 1]
            yield finding("check/order-against-weights", "warning", place, party=party, first=first.that, second=want.that)
            return


def guards(sense: Sense) -> Iterator[Finding]:
    """Guards that can never hold."""
    for name, lever in sense.case.file.levers.items():
        for setting, guard in lever.needs.items():
            where = sense.look.where(sense.case.condition(guard.that), sense.bans)
            if where is not None and not where.any():
                place = sense.case.place(f"levers.{name}.needs.{setting}")
                yield finding("check/guard-never-holds", "error", place, lever=name, setting=setting)


def none_left(sense: Sense) -> tuple[str, ...]:
    """Levers of whose settings every combination is banned, so that no state is left; none where some may be.

    Bans that have no lever in common leave a state if each of them does; of bans on too many levers together nothing is said.
    """
    groups: list[tuple[int, list[Node]]] = []
    for ban, mask in sense.bans:
        near = [group for group in groups if group[0] & mask]
        groups = [group for group in groups if not group[0] & mask]
        joined, bans = mask, [ban]
        for theirs, others in near:
            joined, bans = joined | theirs, [*others, *bans]
        groups.append((joined, bans))
    for mask, bans in groups:
        some = sense.look.over(bans)
        if some.small and _all_banned(some, bans):
            return sense.look.levers(mask) or tuple(sense.look.bits)
    return ()


def _all_banned(some: Some, bans: Sequence[Node]) -> bool:
    banned = np.zeros(some.radix, bool)
    try:
        for ban in bans:
            banned |= some.truth(ban)
    except TooMuch:
        return False
    return bool(banned.all())


def present(sense: Sense) -> Iterator[Finding]:
    """Bans on the present state."""
    if sense.case.file.present == "unknown":
        yield finding("check/no-present", "note", sense.case.place("present"))
        return
    for k, ban in enumerate(sense.case.file.never):
        if sense.case.file.levers and sense.look.now(sense.bans[k][0]):
            yield finding("check/present-banned", "error", sense.case.place(f"never[{k}]"), that=ban.that)


def red_lines(sense: Sense) -> Iterator[Finding]:
    """Limits that the present state does not keep."""
    case, graph = sense.case, sense.case.file.graph
    if case.file.present == "unknown" or (graph is not None and graph.now is None):
        return
    for party in case.file.wants:
        for at, want in every_want(case.file, party):
            if want.red_line and not sense.look.now(case.condition(want.that)):
                yield finding("check/red-line-broken", "warning", case.place(at), party=party, that=want.that)


def stuck_parties(sense: Sense) -> Iterator[Finding]:
    """Parties that have no move."""
    case = sense.case
    if case.file.graph is not None:
        return
    can = {party_of(name) for name, lever in case.file.levers.items() if _can_move(sense, name, lever)}
    for party, stated in case.file.parties.items():
        if party not in can and not stated.chance and not (stated.name == UNNAMED and len(case.file.parties) == 1):
            yield finding("check/party-cannot-move", "warning", case.place(f"parties.{party}"), party=party)


def _can_move(sense: Sense, name: str, lever: Lever) -> bool:
    stands = _may_stand(sense.case, name, lever)
    for k, setting in enumerate(lever.settings):
        if not any(j != k and not (lever.one_way == "up" and k < j) and not (lever.one_way == "down" and k > j) for j in stands):
            continue
        where = sense.look.where(sense.case.condition(lever.needs[setting].that), []) if setting in lever.needs else None
        if where is None or where.any():
            return True
    return False


def _may_stand(case: Case, name: str, lever: Lever) -> set[int]:
    """Settings at which a lever may stand without its party: today, and where events put it."""
    if case.file.present == "unknown":
        return set(range(len(lever.settings)))
    today = lever.possible_now or (lever.now or lever.settings[0],)
    put = [event.sets[name] for event in case.file.events.values() if name in event.sets]
    return {lever.settings.index(setting) for setting in (*today, *put)}


def empty_wants(sense: Sense) -> Iterator[Finding]:
    """Wants that are the same in every state, or stand twice."""
    case = sense.case
    for party in case.file.wants:
        for kind, wants in case.wants(party).items():
            seen: set[str] = set()
            for k, want in enumerate(wants):
                node, place = case.condition(want.that), case.place(want_place(party, kind, k))
                if (said := unparse(node)) in seen:
                    yield finding("check/empty-want/repeated", "warning", place, that=want.that, party=party)
                elif _constant(sense, node):
                    yield finding("check/empty-want", "warning", place, that=want.that, party=party)
                seen.add(said)


def _constant(sense: Sense, node: Node) -> bool:
    where = sense.look.where(node, sense.bans)
    return where is not None and (where.size == 0 or bool(where.all() or not where.any()))


def trapping_bans(sense: Sense) -> Iterator[Finding]:
    """Bans that stop a party from leaving what is under study."""
    case = sense.case
    studied = [(f"term {name}", node) for name, node in case.terms.items()]
    for name, hypothesis in case.file.hypotheses.items():
        studied += [(f"'{test.that}' ({name})", case.condition(test.that)) for test in hypothesis.test if test.that]
    masks = [sense.look.mask(held) for _, held in studied]
    left = MOST_PAIRS
    for k, (ban, mask) in enumerate(sense.bans):
        if not left:
            sense.look.passed_over = True
            break
        touched = [status for status, other in zip(studied, masks, strict=True) if mask & other]
        near = touched[:left]
        left -= len(near)
        sense.look.passed_over |= len(near) < len(touched)
        trapped = [(status, party) for status, held in near if (party := _trapped(sense, ban, held))]
        if trapped:
            status, party = trapped[0]
            place, that = case.place(f"never[{k}]"), case.file.never[k].that
            yield finding("check/ban-traps", "warning", place, that=that, party=party, status=status, more=len(trapped) - 1)


def _trapped(sense: Sense, ban: Node, status: Node) -> str | None:
    """A party that could leave the status from some state, were it not for the ban; None if there is none."""
    some = sense.look.over([ban, status])
    if not some.small:
        return None
    try:
        banned, held = some.truth(ban), some.truth(status)
    except TooMuch:
        return None
    for party in sense.case.file.parties:
        own = [axis for axis, lever in enumerate(some.levers) if party_of(lever) == party]
        n = int(np.prod([some.radix[axis] for axis in own]))
        if not own or n > MOST_OWN:
            continue
        before = [np.moveaxis(a, own, range(-len(own), 0)).reshape(-1, n) for a in (banned, held)]
        sense.look.done += before[0].shape[0] * n * n // 50
        legal = _legal(sense.case, [some.levers[axis] for axis in own])
        could = (~before[1]).astype(np.float32) @ legal.T > 0
        can = (~before[1] & ~before[0]).astype(np.float32) @ legal.T > 0
        if (before[1] & ~before[0] & could & ~can).any():
            return party
    return None


def _legal(case: Case, levers: list[str]) -> NDArray[np.float32]:
    """Whether one-way levers allow going from one to another combination of settings: (n, n) of 0 and 1."""
    legal = np.ones((1, 1), np.float32)
    for lever in levers:
        n, way = len(case.file.levers[lever].settings), case.file.levers[lever].one_way
        square = np.ones((n, n), np.float32)
        legal = np.kron(legal, np.triu(square) if way == "up" else np.tril(square) if way == "down" else square)
    return legal - np.eye(len(legal), dtype=np.float32)


def no_usual_view(sense: Sense) -> Iterator[Finding]:
    """A case of very many states that has views, of which none is the one that is asked where no other is named."""
    case, n = sense.case, math.prod(len(settings) for settings in sense.case.settings.values())
    if case.file.views and "core" not in case.file.views and n > MOST_READILY:
        yield finding("check/no-usual-view", "warning", case.place("views"), size=f"{n:,}")


def too_large(sense: Sense) -> Iterator[Finding]:
    """Conditions that the other rules passed over."""
    most = f"{MOST_COMBINATIONS:,}"
    for at, text in conditions_of(sense.case.file):
        some = sense.look.over([sense.case.condition(text)])
        if not at.startswith("terms.") and not some.small:
            yield finding("check/not-looked-through", "note", sense.case.place(at), n=len(some.levers), most=most)
    if sense.look.spent:
        yield finding("check/not-looked-through", "note", sense.case.place(""), n=len(sense.case.file.levers), most=most)
