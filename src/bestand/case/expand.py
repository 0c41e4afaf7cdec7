"""Short forms written out: clocks, credibility, rates by condition, consent, budgets, channels, framings and ledgers as plain lines.

| written | becomes |
|---|---|
| `clocks` | a lever of a chance party with a setting per stage and `over`; events that advance, renew and reset it |
| `credibility` | a lever of a chance party with `down` while the threat stands and `up` while the deed is done |
| `up`, `down` of a lever | an event per step; a rate that counts for several steps is one number, and so are those of a clock's stages (`same_as`) |
| several rates under `per_month` | an event per rate, each where `when` and its own condition hold |
| `only_while` of a lever | a guard on the setting, and an event that puts the lever elsewhere where the condition no longer holds |
| `consent` of a lever, `veto` of a talk | a lever `party.consents_owner_lever` and a guard |
| `budgets` | bans on the party's own levers, the smallest that cost too much |
| `channels` | wants in which a lever counts as at its first setting where no channel stands |
| `shifts` of a framing | wants that are in force only while it is framed so |
| a negative `worth` | the wish for the opposite, of the same worth |
| `issues` of a talk | terms `talk_issue`, `talk_agreed` and `talk_some_agreed` |

What is written out has no short forms left, so writing it out again changes nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bestand.case.lines import consent_name, party_of
from bestand.case.model import Ban, CaseFile, Event, Guard, Lever, Party, Talk, Term
from bestand.case.parts import Backed, Quantity, Words
from bestand.case.shifted import shifted_wants
from bestand.case.worlds import AT_ONCE, MOST_SPENT, Clock, Credibility, Rates, RateWhen, SharedMeans

DAYS_A_MONTH = 30.4375
WORLD = "world"
_SHORT = ("clocks", "credibility", "budgets", "channels")
_UNLIKE_A_NAME = re.compile(r"[^A-Za-z0-9_]")


@dataclass(slots=True)
class _Made:
    """A case file on its way from short forms to plain lines.

    origin : key path of a made line → key path of what it was made of
    taken  : key paths at which a line was to be made and another one stands, with what they were to be made of
    """

    file: CaseFile
    parties: dict[str, Party]
    levers: dict[str, Lever]
    terms: dict[str, Term]
    events: dict[str, Event]
    never: list[Ban]
    origin: dict[str, str]
    taken: dict[str, str]

    def lever(self, name: str, lever: Lever, origin: str) -> None:
        """A lever is made; one by that name that the case has stays."""
        if self._free(f"levers.{name}", name in self.file.levers, origin):
            self.levers[name] = lever

    def event(self, name: str, event: Event, origin: str) -> None:
        if self._free(f"events.{name}", name in self.events, origin):
            self.events[name] = event

    def term(self, name: str, that: str, label: str, origin: str) -> None:
        if self._free(f"terms.{name}", name in self.file.terms, origin):
            self.terms[name] = Term(that=that, label=Words.of(label))

    def _free(self, at: str, taken: bool, origin: str) -> bool:
        (self.taken if taken else self.origin)[at] = origin
        return not taken


def expand(file: CaseFile) -> tuple[CaseFile, Mapping[str, str], Mapping[str, str]]:
    """The file with its short forms written out beside them, where each made line comes from, and names that are taken.

    Names that the case does not have are left in what is made: the one check of references tells them.
    """
    made = _Made(file, dict(file.parties), dict(file.levers), dict(file.terms), {}, list(file.never), {}, {})
    if file.graph is not None:
        return file, {}, {}
    for step in _STEPS:
        step(made)
    wants = shifted_wants(file, made.levers, made.terms)
    update: dict[str, object] = {"parties": made.parties, "levers": made.levers, "terms": made.terms, "events": made.events}
    return file.model_copy(update={**update, "never": tuple(made.never), "wants": wants}), made.origin, made.taken


def plain(file: CaseFile) -> CaseFile:
    """An expanded file without the short forms that it was made of."""
    if file.graph is not None:
        return file
    talks = {name: talk.model_copy(update={"issues": {}, "decides": {}, "veto": ()}) for name, talk in file.talks.items()}
    incidents = {
        name: incident.model_copy(update={"framings": tuple(each.model_copy(update={"shifts": {}}) for each in incident.framings)})
        for name, incident in file.incidents.items()
    }
    return file.model_copy(update={**{section: {} for section in _SHORT}, "talks": talks, "incidents": incidents})


def _backing(line: Backed) -> dict[str, object]:
    """What a line rests on, for the lines that are made of it."""
    return {"because": line.because, "supported_by": line.supported_by, "basis": line.basis, "assumed": line.assumed}


def both(one: str, other: str) -> str:
    """Two conditions that both hold.

    >>> both("true", "a.x"), both("a.x or a.y", "b.z")
    ('a.x', '(a.x or a.y) and (b.z)')
    """
    if "true" in (one.strip(), other.strip()):
        return other if one.strip() == "true" else one
    return f"({one}) and ({other})"


def chance_party(file: CaseFile, given: str | None = None) -> str:
    """The party whose levers chance moves: as given, the only one, or `world`."""
    known = [name for name, party in file.parties.items() if party.chance]
    return given or (known[0] if len(known) == 1 else WORLD)


def _world(made: _Made, given: str | None) -> str:
    """The chance party, made where the case has none."""
    name = chance_party(made.file, given)
    if name not in made.parties and name == WORLD:
        made.parties[name] = Party(name=Words.of("the course of things"), chance=True)
    return name


def settings_of_clock(stages: int) -> tuple[str, ...]:
    """The settings of the lever that a clock of so many stages is written out as.

    >>> settings_of_clock(1), settings_of_clock(2)
    (('running', 'over'), ('stage_1', 'stage_2', 'over'))
    """
    return ("running", "over") if stages == 1 else (*(f"stage_{k + 1}" for k in range(stages)), "over")


def _clocks(made: _Made) -> None:
    for name, clock in made.file.clocks.items():
        at, lever = f"clocks.{name}", f"{_world(made, clock.party)}.{name}"
        settings = settings_of_clock(clock.stages)
        made.lever(lever, Lever(label=clock.label, settings=settings, now=settings[stage_today(clock, made.file.as_of)], **_backing(clock)), at)
        _runs(made, name, lever, settings, clock, at)


def _runs(made: _Made, name: str, lever: str, settings: tuple[str, ...], clock: Clock, at: str) -> None:
    """The events of a clock: it advances, is over or renewed, and goes back where it does not run."""
    shared = clock.days.same_as if clock.days else ""
    rate = _one_number(rate_of(clock, made.file.as_of), f"{shared} in {clock.stages}" if shared else f"clocks.{name}.days")
    for k, (here, there) in enumerate(itertools.pairwise(settings)):
        last = k == clock.stages - 1
        when = both(f"{lever} = {here}", clock.while_)
        over = both(when, f"not ({clock.renewed_by})") if last and clock.renewed_by else when
        sets = {lever: there, **(clock.sets if last else {})}
        made.event(f"{name}_over" if last else f"{name}_{there}", _event(clock, over, sets, rate), at)
        if last and clock.renewed_by and clock.stages > 1:
            made.event(f"{name}_renewed", _event(clock, both(when, clock.renewed_by), {lever: settings[0]}, rate), at)
    if clock.while_.strip() != "true":
        when = both(f"{lever} != {settings[0]}", f"not ({clock.while_})")
        made.event(f"{name}_reset", _event(clock, when, {lever: settings[0]}, Quantity(value=AT_ONCE)), at)


def _event(line: Backed, when: str, sets: Mapping[str, str], rate: Quantity) -> Event:
    label = getattr(line, "label", Words.of(""))
    return Event(label=label, sets=dict(sets), when=when, per_month=rate, **_backing(line))


def rate_of(clock: Clock, as_of: str) -> Quantity:
    """The rate per month at which a clock goes through each of its stages.

    >>> rate_of(Clock(label="a month", days=30.4375, stages=3), "").value
    3.0
    """
    days = clock.days or Quantity(value=days_until(clock.on, clock.since or as_of))
    low, high = days.range or (days.value, days.value)
    value, least, most = (clock.stages * DAYS_A_MONTH / max(each, clock.stages * DAYS_A_MONTH / 1_000) for each in (days.value, high, low))
    return Quantity(value=value, range=None if days.range is None else (least, most), cite=days.cite, **_backing(days))


def stage_today(clock: Clock, as_of: str) -> int:
    """At which of its stages a clock stands today: the first, or the nearest to the share of its time that has gone by.

    >>> stage_today(Clock(label="two months", days=60, stages=2, since="2025-03-01"), "2025-03-30")
    1
    """
    if clock.since is None:
        return 0
    whole = clock.days.value if clock.days else days_until(clock.on, clock.since)
    gone = max(0.0, days_until(as_of, clock.since))  # one that has not begun is refused when all lines are read
    return min(clock.stages - 1, int(clock.stages * gone / max(whole, 1.0) + 0.5))


def _one_number(rate: Quantity, name: str) -> Quantity:
    """A rate that several events have: one number, drawn once for all of them."""
    return rate if rate.range is None or rate.same_as else rate.model_copy(update={"same_as": name})


def days_until(day: str | None, as_of: str) -> float:
    """Days from the day of the case to another day; 0 where either is no day.

    >>> days_until("2025-04-30", "2025-04-25")
    5.0
    """
    try:
        return float((date.fromisoformat(day or "") - date.fromisoformat(as_of)).days)
    except ValueError:
        return 0.0


def _credibility(made: _Made) -> None:
    for name, memory in made.file.credibility.items():
        lever = f"{_world(made, memory.party)}.{name}"
        made.lever(lever, _memory(memory), f"credibility.{name}")


def _memory(memory: Credibility) -> Lever:
    fades = RateWhen(when=f"{memory.lever} = {memory.threat}", **_parts(memory.fades_per_month))
    back = memory.restored_per_month or Quantity(value=AT_ONCE)
    restored = RateWhen(when=f"{memory.lever} = {memory.deed}", **_parts(back))
    now = memory.now or memory.levels[-1]
    return Lever(label=memory.label, settings=memory.levels, now=now, down=(fades,), up=(restored,), **_backing(memory))


def _parts(number: Quantity) -> dict[str, object]:
    return {"value": number.value, "range": number.range, "cite": number.cite, "same_as": number.same_as, **_backing(number)}


def _events(made: _Made) -> None:
    """Events of the case, one for each of its rates; the first keeps the name."""
    for name, event in made.file.events.items():
        made.events[name] = event
    for name, event in made.file.events.items():
        for k, (when, rate) in enumerate(branches(event.when, event.per_month)):
            part = event.model_copy(update={"when": when, "per_month": rate})
            if k:
                made.event(f"{name}_{k + 1}", part, f"events.{name}.per_month[{k}]")
            else:
                made.events[name] = part


def branches(when: str, rates: Rates) -> Iterator[tuple[str, Quantity]]:
    """Each rate as a plain number, with the condition under which it counts."""
    for rate in rates if isinstance(rates, tuple) else (rates,):
        if isinstance(rate, RateWhen):
            yield both(when, rate.when), Quantity(**_parts(rate))
        else:
            yield when, rate


def _steps(made: _Made) -> None:
    """Levers that chance moves step by step: an event per step and rate."""
    for name, lever in list(made.levers.items()):
        if lever.up is None and lever.down is None:
            continue
        origin = made.origin.get(f"levers.{name}", f"levers.{name}")
        for way, rates, pairs in (
            ("up", lever.up, itertools.pairwise(lever.settings)),
            ("down", lever.down, itertools.pairwise(lever.settings[::-1])),
        ):
            for here, there in pairs if rates is not None else ():
                for k, (when, rate) in enumerate(branches(f"{name} = {here}", rates or ())):
                    stem = _UNLIKE_A_NAME.sub("_", f"{name}_{way}_to_{there}")
                    number = _one_number(rate, f"levers.{name}.{way}[{k}]") if len(lever.settings) > 2 else rate
                    made.event(f"{stem}_{k + 1}" if k else stem, _event(lever, when, {name: there}, number), origin)
        made.levers[name] = lever.model_copy(update={"up": None, "down": None})


def _lapses(made: _Made) -> None:
    """Settings that go on only while something holds: a guard on entering, and an event that ends them."""
    for name, lever in list(made.levers.items()):
        needs = dict(lever.needs)
        for setting, lapse in lever.only_while.items():
            at, old = f"levers.{name}.only_while.{setting}", needs.get(setting)
            if old is None:
                made.origin[f"levers.{name}.needs.{setting}"] = at
            needs[setting] = (old or Guard(that="true", **_backing(lapse))).model_copy(update={"that": both(old.that if old else "true", lapse.that)})
            when, rate = both(f"{name} = {setting}", f"not ({lapse.that})"), lapse.per_month or Quantity(value=AT_ONCE)
            stem = _UNLIKE_A_NAME.sub("_", f"{name}_lapses_from_{setting}")
            made.event(stem, _event(lapse, when, {name: lapse.falls_to or lever.settings[0]}, rate), at)
        if lever.only_while:
            made.levers[name] = lever.model_copy(update={"needs": needs, "only_while": {}})


def _consent(made: _Made) -> None:
    """Guards that need other parties' consent, and the levers by which it is given."""
    for name, lever in list(made.levers.items()):
        needed = {setting: tuple(others) for setting, others in lever.consent.items()}
        origins = dict.fromkeys(needed, f"levers.{name}.consent")
        for talk, at in ((talk, f"talks.{key}.decides") for key, talk in made.file.talks.items()):
            if (setting := talk.decides.get(name)) is not None:
                needed[setting] = (*needed.get(setting, ()), *talk.veto)
                origins[setting] = at
        if needed:
            made.levers[name] = _guarded(made, name, lever, needed, origins)


def _guarded(made: _Made, name: str, lever: Lever, needed: Mapping[str, tuple[str, ...]], origins: Mapping[str, str]) -> Lever:
    needs = dict(lever.needs)
    for setting, others in needed.items():
        asked = [other for other in dict.fromkeys(others) if other != party_of(name)]
        yes = [consent_name(other, name) for other in asked]
        for consent in yes:
            if f"levers.{consent}" not in made.origin:
                made.lever(consent, Lever(label=lever.label, **_backing(lever)), origins[setting])
        if yes:
            if setting not in needs:
                made.origin[f"levers.{name}.needs.{setting}"] = origins[setting]
            old = needs.get(setting) or Guard(that="true", **_backing(lever))
            needs[setting] = old.model_copy(update={"that": both(old.that, " and ".join(yes))})
    return lever.model_copy(update={"needs": needs, "consent": {}})


def _budgets(made: _Made) -> None:
    for name, budget in made.file.budgets.items():
        for that in too_much(budget, {lever: stated.settings for lever, stated in made.levers.items()}):
            made.origin[f"never[{len(made.never)}]"] = f"budgets.{name}"
            made.never.append(Ban(that=that, label=budget.label, **_backing(budget)))


def too_much(budget: SharedMeans, settings: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The smallest sets of settings that cost more than there is, as conditions.

    >>> two = SharedMeans(party="a", of=2, costs={"a.x": {"yes": 1}, "a.y": {"yes": 2}})
    >>> too_much(two, {"a.x": ("no", "yes"), "a.y": ("no", "yes")})
    ['a.x = yes and a.y = yes']
    """
    costs = [
        [(f"{lever} = {setting}", cost) for setting, cost in per.items() if cost > 0 and setting in settings.get(lever, ())]
        for lever, per in budget.costs.items()
    ]
    chosen = itertools.product(*([None, *each] for each in costs if each))
    smallest: list[frozenset[str]] = []
    for spent in sorted((frozenset(one for one in each if one) for each in itertools.islice(chosen, MOST_SPENT)), key=len):
        total = sum(cost for _, cost in spent)
        named = frozenset(that for that, _ in spent)
        if total > budget.of and not any(less <= named for less in smallest):
            smallest.append(named)
    return [" and ".join(sorted(each)) for each in smallest]


def _ledgers(made: _Made) -> None:
    for name, talk in made.file.talks.items():
        _ledger(made, name, talk)


def _ledger(made: _Made, name: str, talk: Talk) -> None:
    met = [f"{name}_{issue}" for issue in talk.issues]
    for term, (issue, point) in zip(met, talk.issues.items(), strict=True):
        made.term(term, point.open_until, point.label, f"talks.{name}.issues.{issue}")
    if met:
        made.term(f"{name}_agreed", " and ".join(met), talk.label, f"talks.{name}.issues")
        made.term(f"{name}_some_agreed", " or ".join(met), talk.label, f"talks.{name}.issues")


_STEPS: tuple[Callable[[_Made], None], ...] = (_events, _clocks, _credibility, _steps, _lapses, _consent, _budgets, _ledgers)
