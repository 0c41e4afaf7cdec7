"""What to watch, what may follow and what was seen, as parts of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bestand.draw.courses import courses_picture, sign_words
from bestand.draw.weekly import weekly_picture
from bestand.report.blocks import Block, SaidCell, percent_words, said
from bestand.study.indicators import TYPES, Indicator, Indicators, tells
from bestand.study.posterior import UNUSED, Posterior
from bestand.study.record import Seen
from bestand.study.scenarios import Scenarios
from bestand.study.versions import PlayedVersions
from bestand.study.watch import WatchAnswers
from bestand.telling.days import as_of_words, day_words
from bestand.telling.tables import told_in
from bestand.telling.telling import Telling
from bestand.telling.titles import sight
from bestand.telling.words import time_words

MOST_INDICATORS, MOST_COURSES = 20, 12  # indicators, and courses, in a table of the page
SHOWN = 6  # indicators that are not folded away
LEAST_PLAYED = 0.8  # of the versions' chance, for saying of versions and courses how likely they are
NARROW = "\u00a0"  # between a number and its sign: no line ends there
OUTCOMES = {"comes": "watch_comes", "stays away": "watch_stays", "ends": "watch_ends", "lasts": "watch_lasts"}


def watch_blocks(answers: WatchAnswers | None, why_not: str, telling: Telling) -> list[Block]:
    """Indicators first, then the tree of courses, then what was seen; or why nothing is said."""
    if answers is None:
        return [Block(telling.say("watch_not_asked"), (telling.say("why_not", why=telling.problem(why_not)),))] if why_not else []
    first = list(_indicators(answers.indicators, telling))
    told = first[0].after if first else ()
    blocks = [*first, *_courses(answers.scenarios, telling, told=told), *_seen(answers.posterior, telling)]
    late = [telling.problem(code) for code in dict.fromkeys(answers.failed) if code == "graph/too-long"]
    return [*blocks, *(Block(telling.say("watch_not_asked"), (telling.say("why_not", why=why),)) for why in late)]


def _basis(played: PlayedVersions, n_used: int, telling: Telling) -> tuple[str, ...]:
    """What chances of the model rest on, and what there was no time for."""
    told = [telling.say("watch_model", ahead=f"{played.ahead:g}"), telling.say("watch_not_drawn")]
    told += among_words(played, n_used, telling)
    if played.ordered:
        parties = telling.say.listed([telling.party(party) for party in played.ordered])
        told.append(telling.say("watch_sizes", parties=parties, n=len(played.ordered), sets=played.n_sets))
    if played.alike:
        told.append(telling.say("watch_alike_view", parties=telling.say.listed([telling.party(party) for party in played.alike])))
    return tuple(told)


def among_words(played: PlayedVersions, n_used: int, telling: Telling) -> tuple[str, ...]:
    """For how many of the versions there was time, and that chances are among these; nothing where for all."""
    if n_used >= played.n_all:
        return ()
    return (telling.say("watch_time", n=n_used, all=played.n_all, share=percent_words(played.share_of_first(n_used))),)


def _too_few(played: PlayedVersions, n_used: int, command: str, telling: Telling) -> str:
    """Why nothing is told of chances that would be those among a few of the versions."""
    share = percent_words(played.share_of_first(n_used))
    return telling.say("watch_few", n=n_used, all=played.n_all, share=share, command=f"bestand {command}")


def few_played(indicators: Indicators) -> bool:
    """Whether there was time for so few versions that nothing can be said of how likely things are over all of them."""
    return indicators.present.played.share_of_first(indicators.n_used) < LEAST_PLAYED


def _between(indicators: Indicators, telling: Telling) -> tuple[str, ...]:
    """Between what the chance of the outcome lies over all versions, whatever those do for which there was no time; nothing where there are none."""
    played, own = indicators.present.played, indicators.of_outcome
    by_sizes = () if indicators.between is None else (_sizes_between(indicators.between, telling),)
    if not own or indicators.n_used >= played.n_all:
        return by_sizes
    known = played.share_of_first(indicators.n_used)
    low = known * (own[0].before if own[0].one in ("comes", "ends") else 1.0 - own[0].before)
    return (telling.say("watch_between", low=percent_words(low), high=percent_words(low + 1.0 - known)), *by_sizes)


def _sizes_between(between: tuple[float, float], telling: Telling) -> str:
    return telling.say("watch_sizes_between", low=percent_words(between[0]), high=percent_words(between[1]))


def indicators_told(indicators: Indicators) -> list[Indicator]:
    """Those that can be told of: that make a difference, and where few versions were played, none that speak for a version."""
    few = few_played(indicators)
    return [each for each in indicators.indicators if tells(each.seen, each.silent) and not (few and each.about == TYPES)]


def _indicators(indicators: Indicators | None, telling: Telling) -> Iterator[Block]:
    worth_telling = [] if indicators is None else indicators_told(indicators)
    if indicators is None or (not worth_telling and few_played(indicators)):
        return
    say = telling.say
    by, weeks, (soon, late) = indicators.by, f"{indicators.weeks:g}", indicators.spans
    if by is None:
        title = say("watch_title_days", days=soon) if indicators.fast else say("watch_title_weeks", weeks=weeks)
    else:
        title = say("watch_title", day=day_words(by, telling))
    if not worth_telling:
        yield Block(title, (say("watch_none_tells"),))
        return
    notes = [say("watch_note"), *([say("watch_fast", days=soon)] if indicators.fast else [])]
    if indicators.of_outcome:
        key, goal = "watch_outcome_ends" if indicators.holds else "watch_outcome_comes", telling.term(indicators.outcome)
        fast = say(f"{key}_days", goal=goal, late=late, days=soon) if indicators.fast else ""
        notes.append(fast or say(key, goal=goal, months=f"{indicators.months:g}", weeks=weeks))
    rows = tuple(_row(each, indicators, telling) for each in worth_telling[:MOST_INDICATORS])
    columns = tuple(say(f"watch_{key}") for key in ("for", "speaks", "chance", "now", "if", "not", "already"))
    basis = (*_basis(indicators.present.played, indicators.n_used, telling), *_between(indicators, telling))
    yield Block(title, tuple(notes), columns, rows, basis, shown=SHOWN)


def _row(each: Indicator, indicators: Indicators, telling: Telling) -> tuple[SaidCell, ...]:
    shares = (percent_words(share).replace(" ", NARROW) for share in (each.chance, each.before, each.seen, each.silent))
    return said(sight(each.lever, each.setting, telling), speaks_for(each, indicators, telling), *shares, _already(each, telling))


def speaks_for(each: Indicator, indicators: Indicators, telling: Telling) -> str:
    """What an indicator speaks for, in words."""
    if each.about == TYPES:
        return f"{telling.party(each.party)}: {telling.type_of(each.party, each.one)}"
    return telling.say(OUTCOMES[each.one], goal=telling.term(indicators.outcome))


def _already(each: Indicator, telling: Telling) -> SaidCell:
    """What was seen of it so far, with the claims behind."""
    stated = [telling.case.file.observations[k] for k in each.entries]
    told = [telling.say("watch_took" if one.took == each.setting else "watch_silent", day=as_of_words(one.on, telling)) for one in stated]
    claims = tuple(dict.fromkeys(claim for one in stated for claim in one.claims))
    return SaidCell("; ".join(told) or telling.say("watch_nothing"), claims)


def _courses(scenarios: Scenarios | None, telling: Telling, *, told: tuple[str, ...]) -> Iterator[Block]:
    """The tree, and the courses in words; `told` is what was told already of what chances rest on."""
    if scenarios is None:
        return
    say, steps = telling.say, range(1, len(scenarios.months))
    if scenarios.present.played.share_of_first(scenarios.n_used) < LEAST_PLAYED:
        yield Block(say("watch_courses"), (_too_few(scenarios.present.played, scenarios.n_used, "scenarios", telling),))
        return
    rows = []
    for k in sorted(scenarios.ends, key=lambda k: -scenarios.branches[k].chance)[:MOST_COURSES]:
        way = scenarios.course(k)[1:]
        held = [holds_words(scenarios.branches[j].holds, telling) for j in way]
        signs = [each for j in way for each in scenarios.branches[j].signs[:1]][:1]
        sign = "".join(sign_words(each.lever, each.setting, each.if_so, each.if_not, telling, key="watch_sign_cell") for each in signs)
        rows.append(said(percent_words(scenarios.branches[k].chance).replace(" ", NARROW), *held, *[""] * (len(steps) - len(held)), sign))
    days = [
        day_words(scenarios.days[step], telling) if scenarios.days else say("watch_in", time=time_words(scenarios.months[step], telling.say))
        for step in steps
    ]
    terms = say.listed([f"“{name}”" for name in telling.terms(scenarios.terms)])
    notes = (say("watch_course_terms", terms=terms), say("watch_course_note", cut=percent_words(scenarios.cut)))
    after = tuple(each for each in _basis(scenarios.present.played, scenarios.n_used, telling) if each not in told)
    yield Block(say("watch_courses"), notes, (), (), after, courses_picture(scenarios, replace(telling, isolated=False)))
    columns = (say("watch_course_chance"), *days, say("watch_course_sign"))
    yield Block(say("watch_course_table"), (), columns, tuple(rows), folded=True)


def holds_words(holds: tuple[str, ...] | None, telling: Telling) -> str:
    """What holds on a day, in words."""
    if holds is None:
        return telling.say("watch_rest")
    return telling.say.listed(telling.terms(holds)) if holds else telling.say("watch_none")


def _seen(posterior: Posterior | None, telling: Telling) -> Iterator[Block]:
    """Chances of the versions before and after; then what each entry did."""
    if posterior is None:
        return
    say, record, own = telling.say, posterior.record, posterior.own
    kinds = [(party, type_) for party in posterior.played.parties for type_ in posterior.played.types(party)]
    weighed = len(posterior.by_week) > 1
    rows = tuple(
        said(
            f"{telling.party(party)}: {telling.type_of(party, type_)}", percent_words(posterior.before(party, type_)),
            percent_words(own.of(party, type_)), *((with_error(posterior, party, type_),) if weighed else ()),
        )
        for party, type_ in kinds
    )  # fmt: skip
    notes = [say("watch_seen_note", first=day_words(record.first, telling), last=day_words(record.last, telling))]
    if posterior.played.played < LEAST_PLAYED:
        few = _too_few(posterior.played, len(posterior.played.versions), "posterior", telling)
        yield Block(say("watch_seen"), (*notes, few), ())
        return
    notes += [say("watch_cannot_tell", party=telling.party(party), one=telling.type_of(party, one), other=telling.type_of(party, other))
              for party, one, other in posterior.alike]  # fmt: skip
    after = [say("watch_unused", what=entry_words(each, telling), why=told_in(UNUSED[each.unused], say.language))
             for each in record.seen if each.unused]  # fmt: skip
    columns = (say("watch_version"), say("watch_before"), say("watch_after"), *((say("watch_over_draws"),) if weighed else ()))
    picture = weekly_picture(own, replace(telling, isolated=False))
    basis = say("watch_draws", n=len(posterior.by_week), counts=f"{posterior.effective:.2g}") if weighed else say("watch_own_numbers")
    notes += among_words(posterior.played, len(posterior.played.versions), telling)
    yield Block(say("watch_seen"), tuple(notes), columns, rows, (*after, basis), picture)
    yield _entries(own, telling)


def with_error(posterior: Posterior, party: str, type_: str) -> str:
    """The chance of a version over the draws, with its standard error in points."""
    return f"{percent_words(posterior.of(party, type_))} ± {max(1, round(100 * posterior.error(party, type_)))}"


def _entries(posterior: Posterior, telling: Telling) -> Block:
    """By what each entry multiplied the odds of the likelier type of each party."""
    say = telling.say
    kinds = [(party, posterior.played.types(party)[0]) for party in posterior.played.parties]
    factors = [posterior.factors(party, type_) for party, type_ in kinds]
    rows = []
    for k, each in enumerate(posterior.record.counted):
        claims = tuple(dict.fromkeys(claim for n in each.numbers for claim in telling.case.file.observations[n].claims))
        rows.append(said(day_words(each.on, telling), SaidCell(entry_words(each, telling), claims), *(f"{part[k]:.2f}" for part in factors)))
    names = [say("watch_factor", type=telling.type_of(party, type_)) for party, type_ in kinds]
    return Block(say("watch_entries"), (), (say("watch_day"), say("watch_entry"), *names), tuple(rows), folded=True)


def entry_words(each: Seen, telling: Telling) -> str:
    """What was seen: in the case's own words, or by its levers."""
    stated = [telling.case.file.observations[k] for k in each.numbers]
    labels = [telling.label(one) for one in stated]
    if all(labels):
        return "; ".join(dict.fromkeys(labels))
    levers = telling.case.file.levers
    told = [telling.short(one.lever, one.took or one.not_given or "") for one in stated if one.lever in levers]
    what = "; ".join(told)
    return what if stated[0].took is not None else telling.say("watch_not_taken", what=what)
