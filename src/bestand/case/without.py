"""Statements of a case that an answer may hang on, and the case without some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bestand.case.lines import Line, guard_line, line, party_of, want_place, wants, with_file
from bestand.case.loaded import Case
from bestand.case.model import Lever, Party, Want


def statements(case: Case, levers: Collection[str] | None = None) -> tuple[Line, ...]:
    """Wants, guards, bans, one-way levers and types: all that can be taken away from a case.

    levers : those whose guards and ways count; all, if not given
    """
    stated = [each for party in case.file.wants for each, _ in wants(case, party)]
    for name in case.file.levers if levers is None else levers:
        lever, party = case.file.levers[name], party_of(name)
        stated += [guard_line(case, name, setting) for setting in lever.needs]
        if lever.one_way:
            stated.append(line(case, "one_way", f"levers.{name}.one_way", party, lever.label, lever))
    for k, ban in enumerate(case.file.never):
        stated.append(line(case, "ban", f"never[{k}]", "", ban.label or ban.that, ban))
    for name, party_ in case.file.parties.items():
        if len(party_.types) > 1:
            likely = max(party_.types, key=lambda type_: party_.types[type_].value)
            stated.append(line(case, "type", f"parties.{name}.types.{likely}", name, likely, party_.types[likely]))
    return tuple(stated)


def without(case: Case, lines: Iterable[Line]) -> Case:
    """The case less some of its statements; sections that lose nothing are the very same objects.

    A want is dropped, a guard or ban lifted, a one-way lever let go both ways, a type ruled out, an event does not happen.
    """
    gone = {each.at for each in lines}
    changed: dict[str, object] = {}
    if any(at.startswith("levers.") for at in gone):
        levers = {name: _freed(name, lever, gone) for name, lever in case.file.levers.items()}
        if any(levers[name] is not lever for name, lever in case.file.levers.items()):
            changed["levers"] = levers
    if any(at.startswith("never[") for at in gone):
        changed["never"] = tuple(ban for k, ban in enumerate(case.file.never) if f"never[{k}]" not in gone)
    if any(at.startswith("parties.") for at in gone):
        parties = {name: _less_types(name, party, gone) for name, party in case.file.parties.items()}
        if any(parties[name] is not party for name, party in case.file.parties.items()):
            changed["parties"] = parties
    if any(at.startswith("events.") for at in gone):
        changed["events"] = {name: event for name, event in case.file.events.items() if f"events.{name}" not in gone}
    if any(at.startswith("wants.") for at in gone):
        changed["wants"] = _kept_wants(case, gone)
    return with_file(case, **changed) if changed else case


def _freed(name: str, lever: Lever, gone: set[str]) -> Lever:
    needs = {setting: guard for setting, guard in lever.needs.items() if f"levers.{name}.needs.{setting}" not in gone}
    one_way = None if f"levers.{name}.one_way" in gone else lever.one_way
    same = len(needs) == len(lever.needs) and one_way == lever.one_way
    return lever if same else lever.model_copy(update={"needs": needs, "one_way": one_way})


def _less_types(name: str, party: Party, gone: set[str]) -> Party:
    left = [type_ for type_ in party.types if f"parties.{name}.types.{type_}" not in gone]
    if not left or len(left) == len(party.types):
        return party
    none = {type_: number.model_copy(update={"value": 0.0, "range": None}) for type_, number in party.types.items() if type_ not in left}
    return party.model_copy(update={"types": {type_: none.get(type_, number) for type_, number in party.types.items()}})


def _kept_wants(case: Case, gone: set[str]) -> dict[str, object]:
    kept: dict[str, object] = {}
    for party, stated in case.file.wants.items():
        if isinstance(stated, Mapping):
            own = {type_: _kept(want_place(party, type_), wanted, gone) for type_, wanted in stated.items()}
            kept[party] = stated if all(own[type_] is wanted for type_, wanted in stated.items()) else own
        else:
            kept[party] = _kept(want_place(party), stated, gone)
    return kept


def _kept(home: str, own: Sequence[Want], gone: set[str]) -> Sequence[Want]:
    if not any(each.startswith(home) for each in gone):
        return own
    kept = tuple(want for k, want in enumerate(own) if f"{home}[{k}]" not in gone)
    return own if len(kept) == len(own) else kept


def of_types(case: Case, types: Mapping[str, str]) -> Case:
    """The case in which each party named is of one type for sure."""
    parties = dict(case.file.parties)
    for name, chosen in types.items():
        stated = parties[name].types
        sure = {
            type_: number.model_copy(update={"value": 1.0 if type_ == chosen else 0.0, "range": None}) for type_, number in stated.items()
        }
        parties[name] = parties[name].model_copy(update={"types": sure})
    return with_file(case, parties=parties)
