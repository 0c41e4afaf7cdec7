"""What the chapters of a page are filled with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bestand.case.concepts import CORE
from bestand.case.lines import Line, hedged, line_of_want, party_of, want_place
from bestand.case.loaded import parts
from bestand.case.model import Event, Lever, Want
from bestand.case.parts import Backed, Quantity
from bestand.case.sizes import parties_only_ordered
from bestand.case.worlds import AT_ONCE
from bestand.checks.findings import Finding
from bestand.drafting.beside import file_of
from bestand.draw.blocking import blocking_picture
from bestand.draw.moves import moves_picture
from bestand.draw.timeline import timeline
from bestand.draw.zones import zones_picture
from bestand.errors import BestandError
from bestand.graph.draws import ASSUMED, CHANCE, HEDGED, RULES
from bestand.graph.numbers import DISCOUNT, NOISE, TEMPO
from bestand.report.blocks import percent_words
from bestand.report.headline import title, weak_lines
from bestand.report.known import groups
from bestand.report.versions import present_blocks, version_blocks
from bestand.report.voices import voice_blocks
from bestand.study.everything import Conclusion, Study
from bestand.study.hypotheses import PLAYED
from bestand.study.outlook import FORESIGHT, TermAnswer
from bestand.telling.days import as_of_words
from bestand.telling.ground import areas_told, parties_told
from bestand.telling.naming import events_left_out, finding_words
from bestand.telling.sentences import finding_key, sampling_error
from bestand.telling.telling import Telling
from bestand.telling.titles import title_within
from bestand.telling.words import time_words

OFTEN = 3.0  # a month, from which on the time between two is told
MOST_ENDS = 8  # ends of best moves on the page


def facts(study: Study, telling: Telling) -> Mapping[str, object]:
    """Everything that the chapters are told from."""
    file = study.case.file
    return {
        "say": telling.say, "tell": telling, "study": study, "case": study.case, "file": file, "graph": study.graph, "core": CORE,
        "foresight": FORESIGHT, "held_levers": _held(study), "lines": _lines(study), "draw_rules": draw_rules(telling),
        "wants": lambda party: _wants(party, telling), "assumed_lines": cache(lambda: _assumed(study, telling)),
        "ends": study.ends[:MOST_ENDS], "groups": lambda: groups(study.case, telling.say), "title_of": title,
        "title_of_key": lambda key: title_within(key, study.sensitivity.answers[key], telling) if study.sensitivity else "",
        "weak_of": lambda term: weak_lines(study, term), "is_hedged": lambda name: name in file.claims and hedged(file.claims[name]),
        "left_out": lambda: events_left_out(telling),
        "matrix_levers": cache(lambda: _matrix_levers(study, telling)), "twins": lambda: _twins(study.terms),
        "findings": lambda: _findings(study, telling),
        "proposals": lambda: _proposals(study, telling), "parameters": lambda: _parameters(study, telling),
        "moves_picture": lambda: moves_picture(study, telling), "blocking": lambda: blocking_picture(study, telling),
        "times": lambda: timeline(study.case, telling), "version_blocks": lambda: [*version_blocks(study, telling), *present_blocks(study, telling)],
        "voice_blocks": lambda: voice_blocks(study, telling), "ground_picture": lambda: zones_picture(telling),
        "areas": lambda: areas_told(telling), "parties_told": lambda parties: parties_told(parties, telling) if parties else telling.say("nothing"),
        "alike": lambda shown: _alike(shown, study.draws, telling),
        "together": _together, "events": lambda: _events(telling), "places": lambda ats: "; ".join(dict.fromkeys(map(telling.place, ats))),
        "odds": lambda given: _odds(given, telling), "verdict_of": _verdict_of, "by_verdict": _by_verdict, "as_of_words": as_of_words,
        "number": lambda form, given, unit="%s": _number(form, given, telling, unit), "ranked": not study.case.file.wants,
    }  # fmt: skip


def _verdict_of(answer: TermAnswer) -> str:
    """Whether an outcome is reached from today: by best moves, by moves that pay only, or not."""
    return "reached" if answer.reached else "reached_paying" if answer.reached_paying else "reached_not"


def _by_verdict(answers: Sequence[TermAnswer]) -> list[tuple[str, list[TermAnswer]]]:
    """Outcomes by whether they are reached, those that are first, each in their order."""
    verdicts = ("reached", "reached_paying", "reached_not")
    return [(verdict, [answer for answer in answers if _verdict_of(answer) == verdict]) for verdict in verdicts]


def draw_rules(telling: Telling) -> tuple[str, ...]:
    """By what rules draws are made, a sentence for each, with the chances that the program reckons with."""
    chances = {name: f"{chance:g}" for name, chance in {**CHANCE, "hedged": HEDGED, "assumed": ASSUMED}.items()}
    rules = (*RULES, "sizes") if parties_only_ordered(telling.case.file) else RULES
    return tuple(telling.say(f"rule_{rule}", **chances) for rule in rules)


def _together(shown: Sequence[Conclusion]) -> list[list[Conclusion]]:
    """Conclusions in groups that the same statements turn, in their order."""
    groups: dict[object, list[Conclusion]] = {}
    for each in shown:
        turned = None if each.flips is None else tuple(tuple(line.at for line in lines) for lines in each.flips)
        groups.setdefault(turned, []).append(each)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Alike:
    """Conclusions of one kind that come out alike in as many draws: what they say, of which terms, and the share of draws in percent."""

    head: str
    terms: tuple[str, ...]
    share: str


def _alike(shown: Sequence[Conclusion], draws: int, telling: Telling) -> list[_Alike]:
    """Conclusions told together: one alone by its sentence, several of a kind by what they say and a list of their terms."""
    groups: dict[tuple[str, bool, str, str], list[Conclusion]] = {}
    for each in shown:
        own = "" if each.kind.startswith("term_") else each.term  # other kinds have a sentence each
        share = "" if each.share is None else f"{100 * each.share:.0f} % ± {sampling_error(each.share, draws)}"
        groups.setdefault((each.kind, each.holds, share, own), []).append(each)
    return [
        _Alike(title(alike[0], telling), (), share) if len(alike) == 1
        else _Alike(telling.say(f"concls_{kind}_{'yes' if holds else 'no'}"), tuple(telling.term(each.term) for each in alike), share)
        for (kind, holds, share, _), alike in groups.items()
    ]  # fmt: skip


def _twins(terms: Sequence[TermAnswer]) -> Mapping[str, str]:
    """Terms studied at the very state at which an earlier one is: they are not told of twice."""
    first: dict[int, str] = {}
    twins = {}
    for answer in terms:
        if answer.nearest is not None and first.setdefault(answer.nearest, answer.term) != answer.term:
            twins[answer.term] = first[answer.nearest]
    return twins


def _matrix_levers(study: Study, telling: Telling) -> list[str]:
    """Levers set otherwise than today in some resting state that is shown, in the case's order."""
    if study.graph.now is None or not study.graph.levers:
        return []
    now = study.graph.now
    differ = {lever for rest in study.rests for lever in telling.differing(now, rest.state)}
    return [lever for lever in study.graph.levers if lever in differ]


def _held(study: Study) -> Mapping[str, str]:
    """Levers outside the view, with the setting at which they are held."""
    return {lever: study.case.settings[lever][setting] for lever, setting in study.graph.held.items()}


def _lines(study: Study) -> Mapping[str, list[tuple[str, Lever]]]:
    """Levers per party."""
    by_party: dict[str, list[tuple[str, Lever]]] = {party: [] for party in study.case.file.parties}
    for name, lever in study.case.file.levers.items():
        by_party.setdefault(party_of(name), []).append((name, lever))
    return by_party


def _wants(party: str, telling: Telling) -> list[tuple[str, list[tuple[Line, Want]]]]:
    """The wants of every version of a party, each list under a title of its own: lines elsewhere on the page are numbered within a version."""
    case, told = telling.case, []
    for kind, listed in case.wants(party).items():
        about = {"party": telling.party(party), "version": telling.type_of(party, kind)}
        title = telling.say("wants_of_version" if kind else "wants_of", **about)
        told.append((title, [(line_of_want(case, want_place(party, kind, k), party, want), want) for k, want in enumerate(listed)]))
    return [each for each in told if each[1]]


@dataclass(frozen=True, slots=True)
class _EventTold:
    """What can happen by chance: its name, and how often, while what."""

    name: str
    rate: str
    event: Event


def _often(rate: Quantity, telling: Telling) -> str:
    """A rate per month; where it is so high that nobody counts by the month, in how long one comes on average as well."""
    if rate.range is None and rate.value >= AT_ONCE:
        return telling.say("per_month_at_once")
    told = _ranged("%.2g", rate)
    if rate.value < OFTEN:
        return telling.say("per_month", n=told)
    return telling.say("per_month_often", n=told, time=time_words(1 / rate.value, telling.say))


def _events(telling: Telling) -> list[_EventTold]:
    """Every event, those that would be told alike once."""
    told: dict[tuple[str, str, tuple[str, ...]], _EventTold] = {}
    for name, event in telling.case.file.events.items():
        rates = event.per_month if isinstance(event.per_month, tuple) else (event.per_month,)
        often = "; ".join(_often(rate, telling) for rate in rates)
        during = "" if event.when == "true" else f", {telling.say('event_while', condition=telling.condition(event.when))}"
        each = _EventTold(telling.called("events", name), f"{often}{during}", event)
        told.setdefault((each.name, each.rate, event.claims), each)
    return list(told.values())


def _ranged(form: str, given: Quantity) -> str:
    """A number with its range, to be put into a phrase, which has the signs of the language."""
    return form % given.value + ("" if given.range is None else f" ({'–'.join(form % end for end in given.range)})")


def _number(form: str, given: Quantity, telling: Telling, unit: str) -> str:
    """A number with its range, by the signs of the language; the unit after the number itself."""
    number, _, low_high = telling.say.number(_ranged(form, given)).partition(" ")
    return f"{unit % number} {low_high}".rstrip()


def _odds(given: Quantity, telling: Telling) -> str:
    """How likely a version of a party is, with its range where it has one."""
    told = percent_words(given.value)
    if given.range is None:
        return told
    low, high = (f"{100 * end:.0f}" for end in given.range)
    return telling.say("odds_between", share=told, low=low, high=high)


def _assumed(study: Study, telling: Telling) -> list[tuple[str, str]]:
    """Lines of the case that give a reason for assuming, with that reason, alike ones once; numbers of zones and play left out."""
    skipped = ("zones", "deterrence", "play")
    reasons = [(at, part.assumed) for at, part in parts(study.case.file) if isinstance(part, Backed) and part.assumed]
    told = ((telling.place(at), telling.said(why)) for at, why in reasons if not at.startswith(skipped) and not at.endswith("worth"))
    return list(dict.fromkeys([*told, *(_usual_numbers(telling) if _plays(study) else ())]))


def _plays(study: Study) -> bool:
    """Whether something on the page was played forward."""
    tests = (each for verdict in study.hypotheses for each in verdict.outcomes)
    return bool(study.truce or study.watch or any(each.test.ask in PLAYED and each.status != "unanswered" for each in tests))


def _usual_numbers(telling: Telling) -> Iterator[tuple[str, str]]:
    """Numbers of play that the case gives for some parties with levers not: whose, and what is taken."""
    file = telling.case.file
    acting = [name for name, party in file.parties.items() if not party.chance and any(party_of(lever) == name for lever in file.levers)]
    for what, usual in (("tempo", TEMPO), ("noise", NOISE), ("discount", DISCOUNT)):
        given = getattr(file.play, what) if file.play else {}
        left = ", ".join(telling.party(name) for name in acting if name not in given)
        if left:
            yield telling.say(f"usual_{what}", parties=left), telling.say(f"usual_{what}_taken", n=f"{usual:g}")


def _findings(study: Study, telling: Telling) -> list[tuple[str, str, str, str]]:
    """Findings of the check in the reader's language."""
    return [_finding(each, telling) for each in study.findings.findings]


def _finding(each: Finding, telling: Telling) -> tuple[str, str, str, str]:
    severity, where = telling.say(f"severity_{each.severity}"), telling.place(each.place.at) if each.place.at else ""
    if not each.saying:
        return severity, each.what, where, each.advice
    key, told = finding_key(each.saying), finding_words(each.saying, each.parts, telling)
    return severity, telling.say(key, **told), where, telling.say(f"{key}_do", **told)


def _proposals(study: Study, telling: Telling) -> str:
    """How many drafted proposals wait; empty where the case lies in no folder."""
    try:
        path = file_of(study.case)
        n = _waiting(path) if path.is_file() else 0
    except (BestandError, OSError):
        return ""
    return telling.say("waiting_some", n=n) if n else telling.say("waiting_none")


def _waiting(path: Path) -> int:
    from bestand.drafting.proposals import waiting  # noqa: PLC0415  what most cases do not have is not loaded for them

    return len(waiting(path).waiting)


def _parameters(study: Study, telling: Telling) -> list[tuple[str, str]]:
    """With what the study was made, in words."""
    given = dict(study.provenance.parameters)
    given["view"] = telling.called("views", study.conflict.view) if study.conflict.view else telling.say("view_all")
    given["concepts"] = ", ".join(telling.say(f"concept_{concept}") for concept in CORE)
    phrases = telling.say.phrases
    return [(phrases.get(f"param_{name}", name), phrases.get(f"value_{value}", value)) for name, value in given.items()]
