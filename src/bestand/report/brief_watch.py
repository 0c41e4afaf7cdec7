"""What to watch by when, in the plain sentences of a brief."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bestand.report.blocks import percent_words
from bestand.report.sentence import PlacedSentence
from bestand.report.watch import LEAST_PLAYED, among_words, few_played, indicators_told, speaks_for, with_error
from bestand.show import MONTH, WEEK
from bestand.study.everything import Study
from bestand.study.indicators import TYPES, Indicator, Indicators
from bestand.study.posterior import Posterior
from bestand.study.scenarios import Scenarios
from bestand.telling.days import day_words
from bestand.telling.telling import Telling
from bestand.telling.titles import sight

MOST = 3
MOVED = 0.05  # by so much the chance of a type must have moved for it to be told
FLIPPED = ("stays away", "lasts")  # told by their opposites


def watched(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """What was seen, what to look at until when and what it would say, and the likeliest course."""
    answers = study.watch
    if answers is None:
        return
    told = [*_seen(answers.posterior, telling), *indicators_in_the_brief(answers.indicators, telling), *_course(answers.scenarios, telling)]
    for text in (*told, *((telling.say("brief_watch_guess"),) if told else ())):
        yield PlacedSentence(text, "watch")


def _seen(posterior: Posterior | None, telling: Telling) -> Iterator[str]:
    """The type whose chance was moved most, if it was moved at all; nothing where too few versions could be weighed for that.

    Chances are those with the case's own numbers, as in what is to be watched; over draws stands beside them.
    """
    if posterior is None or posterior.played.played < LEAST_PLAYED:
        return
    own, weighed = posterior.own, len(posterior.by_week) > 1
    kinds = [(party, type_) for party in posterior.played.parties for type_ in posterior.played.types(party)]
    if not kinds:
        return  # every party has one version only
    party, type_ = max(kinds, key=lambda kind: own.of(*kind) - own.before(*kind))
    before, after = own.before(party, type_), own.of(party, type_)
    if after - before < MOVED:
        yield telling.say("brief_watch_little", n=sum(len(each.numbers) for each in posterior.record.counted))
        return
    given = {"party": telling.party(party), "type": telling.type_of(party, type_), "before": percent_words(before), "after": percent_words(after)}
    if weighed:
        yield telling.say("brief_watch_seen_draws", n=len(posterior.by_week), drawn=with_error(posterior, party, type_), **given)
    else:
        yield telling.say("brief_watch_seen", **given)


def indicators_in_the_brief(indicators: Indicators | None, telling: Telling) -> Iterator[str]:
    """Those that say most, each of another lever, and no two of one party's types."""
    if indicators is None or indicators.by is None:
        return
    levers, abouts = set[str](), set[tuple[str, str]]()
    played, few = indicators.present.played, few_played(indicators)
    for each in indicators_told(indicators):
        if each.lever not in levers and (each.about, each.party) not in abouts and len(levers) < MOST:
            levers.add(each.lever)
            abouts.add((each.about, each.party))
            yield _pointer(each, indicators, telling) if few else _sentence(each, indicators, telling)
    if levers and few:
        share = percent_words(played.share_of_first(indicators.n_used))
        yield telling.say("brief_watch_where", n=indicators.n_used, all=played.n_all, share=share)
    elif levers:
        yield from among_words(played, indicators.n_used, telling)
    if indicators.between is not None and indicators.outcome and not few:
        low, high = map(percent_words, indicators.between)
        late, day = (day_words(each, telling) for each in (_late(indicators, indicators.by), indicators.by))
        if low != high:
            key = "brief_watch_sizes_ends" if indicators.holds else "brief_watch_sizes"
            yield telling.say(key, goal=telling.term(indicators.outcome), late=late, day=day, low=low, high=high)


def _pointer(each: Indicator, indicators: Indicators, telling: Telling) -> str:
    """Where to look and what it would speak for, without a chance: too few of the versions were played for one."""
    assert indicators.by is not None
    day, what = day_words(indicators.by, telling), sight(each.lever, each.setting, telling)
    return telling.say("brief_watch_points", day=day, what=what, speaks=speaks_for(each, indicators, telling))


def _sentence(each: Indicator, indicators: Indicators, telling: Telling) -> str:
    assert indicators.by is not None
    shares = (each.before, each.seen, each.silent)
    if each.one in FLIPPED and each.about != TYPES:
        shares = (1 - each.before, 1 - each.seen, 1 - each.silent)
    given = {
        "day": day_words(indicators.by, telling), "what": sight(each.lever, each.setting, telling),
        **{name: _percent(share, telling) for name, share in zip(("now", "seen", "silent"), shares, strict=True)},
    }  # fmt: skip
    if each.about == TYPES:
        return telling.say("brief_watch_types", party=telling.party(each.party), type=telling.type_of(each.party, each.one), **given)
    key = "brief_watch_ends" if indicators.holds else "brief_watch_comes"
    return telling.say(key, goal=telling.term(indicators.outcome), late=day_words(_late(indicators, indicators.by), telling), **given)


def _late(indicators: Indicators, by: date) -> date:
    """The day by which the outcome is to have come."""
    return by - timedelta(days=round(indicators.weeks * WEEK)) + timedelta(days=round(indicators.months * MONTH))


def _percent(share: float, telling: Telling) -> str:
    """A share as it is read aloud: no sign for less or more."""
    text = percent_words(share)
    key = {"<": "brief_percent_less", ">": "brief_percent_more"}.get(text[:1])
    return telling.say(key) if key else text


def _course(scenarios: Scenarios | None, telling: Telling) -> Iterator[str]:
    """The likeliest whole course, days on which the same holds told together; nothing of one in a few versions only."""
    if scenarios is None or not scenarios.days or scenarios.present.played.share_of_first(scenarios.n_used) < LEAST_PLAYED:
        return
    whole = [k for k in scenarios.ends if scenarios.branches[k].holds is not None]
    if not whole:
        return
    best = max(whole, key=lambda k: scenarios.branches[k].chance)
    parts: list[tuple[str, str]] = []
    way = [scenarios.branches[j] for j in scenarios.course(best)[1:]]
    for each, following in zip(way, [*way[1:], None], strict=True):
        if following is None or following.holds != each.holds:
            day, what = day_words(scenarios.days[each.step], telling), _holding(each.holds, scenarios, telling)
            parts.append((day, what))
    always = "brief_watch_up_to" if way[0].holds else "brief_watch_never"
    told = "; ".join(telling.say(always if len(parts) == 1 else "brief_watch_then", day=day, what=what) for day, what in parts)
    today = scenarios.branches[0].holds
    if today and today != way[0].holds:
        told = telling.say("brief_watch_today", what=_holding(today, scenarios, telling), then=told)
    yield telling.say("brief_watch_course", chance=percent_words(scenarios.branches[best].chance), course=told)


def _holding(holds: tuple[str, ...] | None, scenarios: Scenarios, telling: Telling) -> str:
    quoted = [f"“{name}”" for name in telling.terms(holds or scenarios.terms)]
    return telling.say.listed(quoted) if holds else telling.say("brief_watch_none", terms=telling.say.listed(quoted, "or"))
