"""The answer in a few short paragraphs: what rests, what is not reached and why, and what that leans on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from bestand.case.lines import Line
from bestand.report.blocks import percent_words
from bestand.report.drawn import own_words, share
from bestand.study.basis import unique
from bestand.study.everything import Conclusion, Study
from bestand.study.hypotheses import Status
from bestand.study.outlook import FORESIGHT, TermAnswer
from bestand.telling.sentences import sampling_error
from bestand.telling.telling import Telling
from bestand.telling.titles import title_within
from bestand.telling.words import capital

if TYPE_CHECKING:
    from bestand.study.agreements import AgreementAnswers
    from bestand.study.truces import TruceAnswers

TOO_FAR = ("class-partly-guarded", "against-not-stated")  # notes on a pool whose ratio does not start from what its level had
MOST_TERMS = 1  # terms that get a paragraph of their own: the box stays within eight
MOST_WEAK = 3  # statements that the headline names as doubtful
MOST_DIFFERENCES = 6  # from today, of the state that is told of
MOST_TURNED = 3  # conclusions that the headline names as turning
TOLD_WITH_SHARE = ("now_rests", "term_rests", "term_reached")  # kinds of conclusions whose own paragraph says that most draws deny them
MINORITY = 0.5  # share of draws below which the answer box says that most draws answer otherwise


@dataclass(frozen=True, slots=True)
class HeadlineParagraph:
    """One paragraph of the answer box: what it is about, in a word or two, what to take away, and what qualifies that.

    kind  : which question it answers
    about : the term that it speaks of; empty where of none
    lead  : what it is about, as a head
    text  : one to three sentences to take away
    more  : sentences that qualify it, shown below it
    """

    kind: str
    about: str
    lead: str
    text: str
    more: tuple[str, ...] = ()


def headline(study: Study, telling: Telling) -> list[HeadlineParagraph]:
    """The paragraphs of the answer box."""
    parts: list[tuple[str, str, Iterable[str]]] = [
        ("now", "", [_with_draws(_now(study, telling), study, "", telling), _counts(study, telling)]),
        ("ends", "", _ends(study, telling)),
        *(("term", answer.term, _term(study, answer, telling)) for answer in _headline_terms(study)),
        ("deal", "", _deal(study, telling)),
        ("truce", "", lasts_told(study.truce, telling)),
        ("hypotheses", "", _hypotheses(study, telling)),
        ("sensitivity", "", _leans(study, telling)),
        ("caveat", "", [telling.say("head_caveat")]),
    ]
    box = []
    for kind, about, texts in parts:
        told = [text for text in texts if text]
        if told:
            box.append(HeadlineParagraph(kind, about, telling.say(f"lead_{kind}"), capital(told[0]), tuple(map(capital, told[1:]))))
    return box


def _now(study: Study, telling: Telling) -> str:
    if study.graph.now is None:
        return telling.say("head_now_unknown" if study.case.file.present == "unknown" else "head_now_banned")
    movers = [telling.party(witness.party) for witness in study.today if not witness.stable]
    if movers:
        return telling.say("head_now_moves", parties=telling.say.listed(movers))
    return telling.say("head_now_rests")


def _ends(study: Study, telling: Telling) -> Iterator[str]:
    if study.graph.now is None or study.ends == (study.graph.now,):
        if study.graph.now is not None:
            yield telling.say("head_ends_here_events" if study.graph.chances else "head_ends_here")
        return
    if not study.ends:
        yield telling.say("head_ends_none")
        return
    nearest = telling.brief(study.ends[0], most=MOST_DIFFERENCES)
    key = "head_ends_called" if study.graph.names or not study.graph.levers else "head_ends"  # by its name, or by what differs there
    key = f"{key}_one" if len(study.ends) == 1 else key
    yield telling.say(key, n=len(study.ends), state=nearest)


def _counts(study: Study, telling: Telling) -> str:
    key = "head_counts" if study.counts[FORESIGHT] else "head_counts_none"
    return telling.say(key, states=study.graph.n_states, seq=study.counts[FORESIGHT], nash=study.counts["nash"])


def _headline_terms(study: Study) -> list[TermAnswer]:
    """The main goal; else the terms that the case speaks of most and that are not reached, of alike ones the narrowest."""
    main = [answer for answer in study.terms if answer.term == study.goal and answer.n_states]
    narrowest: dict[int | None, TermAnswer] = {}
    for answer in study.terms:
        if answer.n_states and not answer.reached:
            known = narrowest.get(answer.nearest)
            narrowest[answer.nearest] = answer if known is None or answer.n_states < known.n_states else known
    reached = [answer for answer in study.terms if answer.reached]
    return [*main, *narrowest.values(), *reached][:MOST_TERMS]


def _term(study: Study, answer: TermAnswer, telling: Telling) -> Iterator[str]:
    """Whether a term rests and is reached; what the one missing step opens, what the other reading says, what all that leans on."""
    yield _with_draws(_rests(answer, telling), study, answer.term, telling)
    if answer.openings and not answer.reached and answer.rests[FORESIGHT]:
        yield _opened(answer, telling)
        yield from opened_otherwise(study, answer, telling)
    yield from _classical(study, answer, telling)
    yield _weak(study, answer, telling)


def _rests(answer: TermAnswer, telling: Telling) -> str:
    term = telling.term(answer.term)
    if answer.reached:
        return telling.say("head_term_leads" if answer.rests[FORESIGHT] else "head_term_passes", term=term)
    if not answer.rests[FORESIGHT]:
        leavers = [telling.party(witness.party) for witness in answer.leavers]
        return telling.say("head_term_nowhere", term=term, leavers=telling.say.listed(leavers))
    n = answer.rests[FORESIGHT]
    if answer.openings:
        opening = answer.openings[0]
        return telling.say("head_term_opens", term=term, n=n, step=telling.step(opening.step), reason=telling.because(opening.deciding))
    if not answer.stuck:
        return telling.say("head_term_rests", term=term, n=n, stuck=telling.say("stuck_unknown"))
    step, n_stuck = answer.stuck[0].step, len(answer.stuck)
    first = {"party": telling.party(step.party), "changes": telling.changes(step.source, step.target)}
    stuck = telling.say("stuck_at", **first) if n_stuck == 1 else telling.say("stuck_at_more", n=n_stuck, **first)
    return telling.say("head_term_rests", term=term, n=n, stuck=stuck)


def _opened(answer: TermAnswer, telling: Telling) -> str:
    """How many resting states have the one step that is missing."""
    first = answer.openings[0]
    told = telling.say("head_term_arrives" if first.arrives else "head_term_opened", shared=first.shared, n=answer.rests[FORESIGHT])
    more = len(answer.openings) - 1
    return f"{told} {telling.say('head_term_opens_more', n=more)}" if more else told


def opened_otherwise(study: Study, answer: TermAnswer, telling: Telling) -> Iterator[str]:
    """In which versions of the parties another step is the missing one: none is chosen in silence."""
    if study.profiles is None or answer.term != study.goal:
        return
    others = study.profiles.other_steps([(each.step.party, each.step.target) for each in answer.openings])
    for (party, target), chance in sorted(others.items(), key=lambda each: -each[1])[:1]:
        changed = study.graph.changes(study.graph.now or 0, target)
        step = telling.owned(party, "; ".join(telling.short(lever, new) for lever, (_, new) in changed.items()))
        yield telling.say("head_term_opens_else", share=percent_words(chance), step=step)


def _classical(study: Study, answer: TermAnswer, telling: Telling) -> Iterator[str]:
    """What the other reading of replies says, where it says something else."""
    resting, with_term = study.classical_counts[FORESIGHT], answer.classical[FORESIGHT]
    if (resting, with_term) != (study.counts[FORESIGHT], answer.rests[FORESIGHT]):
        yield telling.say("head_classical", all=resting, with_term=with_term, term=telling.term(answer.term))
    if answer.reached_paying and not answer.reached:
        yield telling.say("head_classical_reached")


def _profiles(study: Study, telling: Telling) -> Iterator[str]:
    """Which answers hang on the version of a party."""
    if study.profiles is None or not (study.profiles.differing or study.profiles.ends_differ):
        return
    told = [telling.say("head_profile_ends")] if study.profiles.ends_differ else []
    told += [
        telling.say("head_profile_share", title=title_within(key, True, telling), share=percent_words(study.profiles.share(key)))
        for key in study.profiles.differing[:MOST_TURNED]
    ]
    yield telling.say("head_profiles" if study.profiles.undecided else "head_profiles_differ", list="; ".join(told))
    yield from _since_seen(study, telling)


def _since_seen(study: Study, telling: Telling) -> Iterator[str]:
    """That these weights are those beforehand, where something was seen since, with the likeliest version of each party after it."""
    seen = None if study.watch is None or study.watch.posterior is None else study.watch.posterior.own
    if seen is None:
        return
    if seen.played.n_left:  # chances of versions would be those among the versions played, and not the weights told before
        yield telling.say("head_since_few", n=len(seen.played.versions), all=seen.played.n_all, share=percent_words(seen.played.played))
        return
    likely = ((party, max(seen.played.types(party), key=lambda type_: seen.of(party, type_))) for party in seen.played.parties)
    told = [
        telling.say(
            "head_since_seen_one", type=telling.say("line_type", party=telling.party(party), type=telling.type_of(party, type_)),
            after=percent_words(seen.of(party, type_)), before=percent_words(seen.before(party, type_)),
        )
        for party, type_ in likely
    ]  # fmt: skip
    if told:
        yield telling.say("head_since_seen", list="; ".join(told))


def _presents(study: Study, telling: Telling) -> Iterator[str]:
    """What hangs on how things stand today, where that is not known."""
    presents = study.presents
    if presents is None:
        return
    told, keys = [telling.say("head_present_ends")] if presents.ends_differ else [], presents.differing[:MOST_TURNED]
    told += [telling.say("head_present_share", title=title_within(key, True, telling), share=percent_words(presents.share(key))) for key in keys]
    if told:
        yield telling.say("head_presents", list="; ".join(told))
    else:
        yield telling.say("head_presents_none", n=len(presents.presents))


def _deal(study: Study, telling: Telling) -> Iterator[str]:
    """Whether the main goal could be agreed on today, alone or by acting together at once."""
    if study.agreements is not None:
        yield _agreed(study.agreements, telling)
        yield _joint(study.agreements, telling)


def _agreed(answers: AgreementAnswers, telling: Telling) -> str:
    """What could be agreed on, in one sentence; both ways of comparing wants where they differ."""
    now, goal = answers.terms[0].deals, telling.term(answers.goal)
    draws, clash = len(now.deal), _clash(answers, telling)

    def told(key: str, **parts: object) -> str:
        sure = {"share": percent_words(now.share_any), "draws": draws, "error": sampling_error(now.share_any, draws)}
        return telling.say(key, goal=goal, drawn=telling.say(f"{key}_drawn", **sure) if draws > 1 else "", **parts)

    if not now.differs or now.by_order is None or now.by_size is None:
        return told("head_deals", n=now.n_deals) if now.n_deals else told("head_no_deal", clash=clash)
    if now.by_order.n_deals:
        return told("head_deals_differ_order", n=now.by_order.n_deals)
    return told("head_deals_differ", n=now.by_size.n_deals, clash=clash, nobody=_gainers(answers, telling))


def _clash(answers: AgreementAnswers, telling: Telling) -> str:
    clashes = answers.terms[0].clashes
    if not clashes.sets:
        return ""
    demands = [telling.demand(clashes.demands[d]) for d in clashes.sets[0]]
    return telling.say("head_clash" if len(demands) > 1 else "head_clash_one", demands=telling.say.listed(demands))


def _gainers(answers: AgreementAnswers, telling: Telling) -> str:
    """Who gains nothing by the package that the first rule picks."""
    if not answers.packages:
        return telling.say("gains_nobody")
    settlement = answers.packages[0].settlement
    pairs = [(p, gain) for p, gain in zip(settlement.frontier.parties, settlement.gain, strict=True) if not telling.is_chance(p)]
    nothing = [party for party, gain in pairs if gain <= 0]
    if len(nothing) == len(pairs):
        return telling.say("gains_nobody")
    return telling.say("gains_not", parties=telling.say.listed([telling.party(each) for each in nothing])) if nothing else telling.say("gains_all")


def _joint(answers: AgreementAnswers, telling: Telling) -> str:
    """What parties reach only by acting together at once, beside what each does alone."""
    if answers.together is None or bool(answers.together.alone.any()):
        return ""
    if not answers.together.signings:
        return telling.say("head_joint_none")
    first = answers.together.signings[0]
    return telling.say("head_joint", parties=telling.say.listed([telling.party(each) for each in first.parties]), n=int(first.states.size))


def lasts_told(answers: TruceAnswers | None, telling: Telling) -> Iterator[str]:
    """How long the truce would last: the level of the class, the pool, and the game by itself, told apart."""
    if answers is None:
        return
    from bestand.report.truces import best_among, beyond_told, next_words, past_note, posture_name  # noqa: PLC0415  loaded for the pages that need it

    posture, best, last = posture_name(answers.best, telling), best_among(answers, telling), answers.best.alive[:, -1]
    game, beyond = share(last), beyond_told(answers.best, telling)
    if answers.past is None:
        yield f"{telling.say('head_lasts_alone', posture=posture, game=game)} {beyond}".strip()
        yield f"{telling.say('head_lasts_best', best=best)} {next_words(answers, telling)}".strip()
        yield own_words(last, telling)
        return
    past = answers.past.headline(year=1.0)
    pooled = telling.say(
        "head_lasts", level=percent_words(past.level[0]), posture=posture,
        pool=percent_words(past.survival), low=percent_words(past.low), high=percent_words(past.high),
    )
    yield f"{pooled} {beyond}".strip()
    yield f"{telling.say('head_lasts_best', best=best)} {next_words(answers, telling)}".strip()
    yield f"{telling.say('head_lasts_game', game=game)} {own_words(last, telling)}".strip()
    yield from (past_note(note, telling) for note in answers.past.notes if note.code in TOO_FAR)


def weak_lines(study: Study, term: str) -> list[Line]:
    """What is assumed, reported or hedged among the lines that the answers on a term touch."""
    lines = (line for each in study.conclusions if each.term == term for line in each.lines)
    return [line for line in unique(lines) if not line.firm]


def _weak(study: Study, answer: TermAnswer, telling: Telling) -> str:
    weak = weak_lines(study, answer.term)
    if not weak:
        return ""
    told = telling.say("head_weak", list="; ".join(telling.line(line) for line in weak[:MOST_WEAK]))
    return told if len(weak) <= MOST_WEAK else f"{told.removesuffix('.')} …"


def _hypotheses(study: Study, telling: Telling) -> Iterator[str]:
    put = [verdict for verdict in study.hypotheses if not verdict.left_out]
    statuses = [verdict.status for verdict in put]
    counted = [telling.say(f"count_{status}", n=n) for status in get_args(Status) if (n := statuses.count(status))]
    if len(put) < len(study.hypotheses):
        counted.append(telling.say("count_left_out", n=len(study.hypotheses) - len(put)))
    if len(put) == len(study.hypotheses) == 1:
        yield telling.say("head_hypothesis", verdict=telling.say(f"since_verdict_{put[0].status}"))
    elif study.hypotheses:
        yield telling.say("head_hypotheses", n=len(study.hypotheses), list=", ".join(counted))


def _leans(study: Study, telling: Telling) -> Iterator[str]:
    lines = {line.at: line for conclusion in study.conclusions for line in conclusion.lines}.values()
    if not lines:
        return
    claims = {name for line in lines for name in line.claims}
    doubtful = {name for line in lines for name in line.hedged}
    assumed = sum(line.basis in ("assumed", None) for line in lines)
    beside = sum(bool(line.assumed) and line.basis not in ("assumed", None) for line in lines)
    told = telling.say("head_sensitivity", claims=len(claims), hedged=len(doubtful), assumed=assumed) if claims else telling.say(
        "head_sensitivity_assumed", assumed=assumed
    )
    told = f"{told} {telling.say('head_sensitivity_beside', n=beside)}" if beside else told
    few = _few(study.conclusions)
    yield f"{told} {telling.say('head_minority_n', n=len(few), all=len(study.conclusions))}" if few else told
    told_above = {"", *(answer.term for answer in _headline_terms(study))}
    yield from _minority([each for each in few if each.kind not in TOLD_WITH_SHARE or each.term not in told_above], study.draws, telling)
    yield from _profiles(study, telling)
    yield from _presents(study, telling)
    yield _turned(study, telling)


def _few(conclusions: Iterable[Conclusion]) -> list[Conclusion]:
    """Conclusions that most draws deny, the least borne out first."""
    return sorted((each for each in conclusions if each.share is not None and each.share < MINORITY), key=lambda each: each.share or 0)


def _with_draws(told: str, study: Study, term: str, telling: Telling) -> str:
    """An answer as the case stands, and at once that most draws deny it, where they do: about today (no term), or about a term."""
    few = _few(each for each in study.conclusions if each.kind in TOLD_WITH_SHARE and each.term == term)
    return " ".join((told, *_minority(few, study.draws, telling)))


def _minority(few: Sequence[Conclusion], draws: int, telling: Telling) -> Iterator[str]:
    """Which answers most draws do not give: told, since the sentences before tell the case as it stands."""
    told = [
        telling.say(
            "head_minority_one", title=title(each, telling), share=percent_words(each.share), draws=draws, error=sampling_error(each.share, draws)
        )
        for each in few[:MOST_TURNED]
        if each.share is not None
    ]
    if told:
        sentence = telling.say("head_minority", list="; ".join(told))
        yield sentence if len(few) <= MOST_TURNED else f"{sentence.removesuffix('.')} …"


def _turned(study: Study, telling: Telling) -> str:
    """Which headline answers a single weak want turns round, if that was tried."""
    if any(conclusion.flips is None for conclusion in study.conclusions):
        return ""
    turned = [title(conclusion, telling) for conclusion in study.conclusions if conclusion.flips]
    if not turned:
        return telling.say("head_solid")
    told = telling.say("head_flips", list="; ".join(turned[:MOST_TURNED]))
    return told if len(turned) <= MOST_TURNED else f"{told.removesuffix('.')} …"


def title(conclusion: Conclusion, telling: Telling) -> str:
    """A conclusion as a short sentence."""
    return title_within((conclusion.kind, conclusion.term), conclusion.holds, telling)
