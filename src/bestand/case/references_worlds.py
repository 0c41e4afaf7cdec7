"""Whether short forms name what the case has, and say what can be: clocks, memory, budgets, channels, framings, tables, chance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import TYPE_CHECKING

from bestand.case.expand import chance_party, days_until
from bestand.case.lines import every_want, party_of, want_place
from bestand.case.loaded import parts
from bestand.case.parts import Quantity
from bestand.case.shifted import is_shifted
from bestand.case.worlds import MOST_SPENT, Clock

if TYPE_CHECKING:
    from bestand.case.references import References


def short_forms(refs: References) -> None:
    """Every mistake in short forms."""
    for check in _CHECKS:
        check(refs)


def _chance(refs: References) -> None:
    for name, lever in refs.written.levers.items():
        owner = refs.file.parties.get(party_of(name))
        if (lever.up is not None or lever.down is not None) and owner is not None and not owner.chance:
            at = f"levers.{name}.{'up' if lever.up is not None else 'down'}"
            hint = "`up` and `down` are for levers of a party with `chance: true`"
            refs.wrong("case/chance", f"'{name}' belongs to a party that moves it itself", at, hint)
        for setting, lapse in lever.only_while.items():
            at = f"levers.{name}.only_while.{setting}"
            refs.put(name, setting, at)
            if (lapse.falls_to or lever.settings[0]) == setting:
                refs.wrong("case/wrong-value", f"'{setting}' would fall to itself", at, "name another setting under `falls_to`")
        for setting, others in lever.consent.items():
            refs.each_of(others, refs.file.parties, "party", f"levers.{name}.consent.{setting}")
            _can_consent(refs, others, f"levers.{name}.consent.{setting}")
            refs.put(name, setting, f"levers.{name}.consent.{setting}")
    for name, event in refs.written.events.items():
        if event.per_month == ():
            refs.wrong("case/wrong-value", "an event without a rate", f"events.{name}.per_month", "give a number, or rates, each with its `when`")
    for name, party in refs.file.parties.items():
        if party.chance and (name in refs.file.wants or name in refs.file.ranking):
            at = want_place(name) if name in refs.file.wants else f"ranking.{name}"
            refs.wrong("case/chance", f"'{name}' is chance, and chance wants nothing", at, "remove its wants, or `chance: true`")
    moving = [party for party in refs.file.parties.values() if not party.chance]
    if moving and not any(party.signs for party in moving):
        hint = "leave `signs: false` out for those whose consent a deal takes"
        refs.wrong("case/nobody-signs", "no party signs, so that nothing could be agreed", "parties", hint)


def _can_consent(refs: References, others: Iterable[str], at: str) -> None:
    for other in others:
        if other in refs.file.parties and refs.file.parties[other].chance:
            refs.wrong("case/chance", f"'{other}' is chance, and chance consents to nothing", at, "name parties that move by themselves")


def _chance_party(refs: References, given: str | None, at: str) -> None:
    name = chance_party(refs.written, given)
    if refs.one_of(name, refs.file.parties, "party", f"{at}.party" if given else at) and not refs.file.parties[name].chance:
        refs.wrong("case/chance", f"'{name}' is a party that moves by itself", at, "give `party:` one with `chance: true`")


def _clocks(refs: References) -> None:
    for name, clock in refs.written.clocks.items():
        at = f"clocks.{name}"
        _chance_party(refs, clock.party, at)
        refs.puts(clock.sets, f"{at}.sets")
        if (clock.days is None) == (clock.on is None):
            refs.wrong("case/days-or-on", "a clock runs for a time, or until a day", at, "give `days: 30`, or `on: 2025-04-30`")
        elif clock.on is not None and days_until(clock.on, refs.file.as_of) <= 0:
            hint = "give `as_of` as year-month-day, and a later day"
            refs.wrong("case/wrong-value", f"from '{refs.file.as_of}' to '{clock.on}' there are no days to run", f"{at}.on", hint)
        elif clock.days is not None and min((clock.days.value, *(clock.days.range or ()))) <= 0:
            refs.wrong("case/out-of-range", "a clock that is over at once", f"{at}.days", "give more than 0 days")
        elif clock.since is not None:
            _has_run(refs, clock, clock.since, at)


def _has_run(refs: References, clock: Clock, since: str, at: str) -> None:
    gone = days_until(refs.file.as_of, since)
    if gone <= 0:
        what, hint = f"on '{refs.file.as_of}' a clock since '{since}' has not begun", "give `as_of` as year-month-day, and an earlier day"
    elif clock.days is not None and gone >= clock.days.value:
        what, hint = f"since '{since}' its days have run out", "give the day on which it began anew, or more days"
    elif clock.stages == 1:
        what, hint = "a clock of one stage does not know how long it has run", "give `stages: 2` or more"
    else:
        return
    refs.wrong("case/wrong-value", what, f"{at}.since", hint)


def _memory(refs: References) -> None:
    for name, memory in refs.written.credibility.items():
        at = f"credibility.{name}"
        _chance_party(refs, memory.party, at)
        refs.put(memory.lever, memory.threat, f"{at}.threat")
        refs.put(memory.lever, memory.deed, f"{at}.deed")
        if memory.now is not None and memory.now not in memory.levels:
            refs.wrong("case/unknown-setting", f"no level '{memory.now}'", f"{at}.now", refs.guess(memory.now, memory.levels))


def _budgets(refs: References) -> None:
    for name, budget in refs.written.budgets.items():
        at = f"budgets.{name}"
        refs.one_of(budget.party, refs.file.parties, "party", f"{at}.party")
        for lever, per in budget.costs.items():
            for setting in per:
                refs.put(lever, setting, f"{at}.costs.{lever}")
            if party_of(lever) != budget.party:
                what = f"'{lever}' is no lever of '{budget.party}', and a budget must not stop others' moves"
                refs.wrong("case/budget-of-others", what, f"{at}.costs.{lever}", "name levers of the party whose means they are")
        n = prod(1 + len(per) for per in budget.costs.values())
        if n > MOST_SPENT:
            refs.wrong("case/too-large", f"a budget over {n:,} combinations of settings", at, f"up to {MOST_SPENT:,} are reckoned through")


def _channels(refs: References) -> None:
    for name, channel in refs.written.channels.items():
        at = f"channels.{name}"
        for k, lever in enumerate(channel.carries):
            refs.one_of(lever, refs.settings, "lever", f"{at}.carries[{k}]")
        refs.each_of(channel.to, refs.file.parties, "party", f"{at}.to")


def _framings(refs: References) -> None:
    framings = ((f"incidents.{name}.framings[{k}]", each) for name, one in refs.written.incidents.items() for k, each in enumerate(one.framings))
    for at, framing in framings:
        if framing.setting is not None and framing.lever:
            refs.put(framing.lever, framing.setting, f"{at}.setting")
        if framing.shifts and not framing.lever:
            refs.wrong("case/missing-key", "'lever' is missing", at, "wants shift with the setting of a lever: add `lever: …`")
        for party, named in framing.shifts.items():
            if not refs.one_of(party, refs.file.parties, "party", f"{at}.shifts.{party}"):
                continue
            wants = [want for _, want in every_want(refs.written, party)]
            for k, one in enumerate(named):
                if not any(is_shifted(want, one) for want in wants):
                    hint = refs.guess(one, [str(want.label) or want.that for want in wants])
                    refs.wrong("case/unknown-want", f"'{party}' has no want '{one}'", f"{at}.shifts.{party}[{k}]", hint)


def _costs(refs: References) -> None:
    for name in refs.written.wants:
        for at, want in every_want(refs.written, name):
            if want.red_line and want.worth is not None and want.worth.value < 0:
                refs.wrong("case/wrong-value", "a red line with a negative worth", at, "write the condition that must hold, with a worth above 0")


def _tables(refs: References) -> None:
    for name, talk in refs.written.talks.items():
        at = f"talks.{name}"
        refs.puts(talk.decides, f"{at}.decides")
        refs.each_of(talk.veto, refs.file.parties, "party", f"{at}.veto")
        _can_consent(refs, talk.veto, f"{at}.veto")
        if bool(talk.decides) != bool(talk.veto):
            refs.wrong("case/missing-key", "a table that decides needs parties with a veto", at, "give both `decides` and `veto`, or neither")


def _one_number(refs: References) -> None:
    """Numbers of one name are one number: they cannot differ."""
    known: dict[str, tuple[str, Quantity]] = {}
    for at, part in parts(refs.file):
        if not isinstance(part, Quantity) or not part.same_as:
            continue
        first, number = known.setdefault(part.same_as, (at, part))
        if (part.value, part.range) != (number.value, number.range):
            what = f"the number '{part.same_as}' has another value or range than at {first}"
            refs.wrong("case/wrong-value", what, f"{at}.same_as", "give both one value and one range, or name one of them otherwise")


def taken(refs: References, names: Mapping[str, str]) -> None:
    """Lines that short forms would be written out as, and that the case has already."""
    for at, origin in itertools.islice(names.items(), 100):
        refs.wrong("case/name-taken", f"'{at}' would be made of this, and stands in the case", origin, "name one of the two otherwise")


_CHECKS: tuple[Callable[[References], None], ...] = (_chance, _clocks, _memory, _budgets, _channels, _framings, _costs, _tables, _one_number)
