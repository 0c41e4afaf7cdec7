"""Whether a truce would hold, in the plain sentences of a brief."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.report.blocks import percent_words
from bestand.report.sentence import PlacedSentence
from bestand.report.truces import backstop_words, beyond_words, does, next_words, posture_name
from bestand.study.everything import Study
from bestand.study.truces import OFTEN, TruceAnswers
from bestand.telling.telling import Telling
from bestand.truce.withdrawal import FORESEEN, KNOWN


def lasts(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """How long past truces held, and what the best guarantees make of that: the sentence of the bottom line."""
    if study.truce is None:
        return
    if study.truce.past is None:
        yield PlacedSentence(telling.say("brief_last_alone", game=percent_words(float(study.truce.best.alive[:, -1].mean()))), "survival")
        return
    past = study.truce.past.headline(year=1.0)
    shares = {"level": past.level[0], "pool": past.survival, "low": past.low, "high": past.high}
    yield PlacedSentence(telling.say("brief_last", **{name: percent_words(value) for name, value in shares.items()}), "survival")


def hold(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """Which guarantees do best, what ends it, what knowing a date is worth; or why nothing is said."""
    if study.truce is None:
        if study.no_truce:
            yield PlacedSentence(telling.say("brief_hold_not", why=telling.problem(study.no_truce)), "survival")
        return
    told = (*best_sentences(study.truce, telling), *_breaks(study.truce, telling), *date_sentences(study.truce, telling))
    for text in (*told, telling.say("brief_hold_guess")):
        yield PlacedSentence(text, "survival")


def best_sentences(answers: TruceAnswers, telling: Telling) -> Iterator[str]:
    """Which guarantee does best, among which, whether it can be manned, and which does worst; nothing where one alone was asked."""
    ordered = sorted(answers.postures.results, key=lambda each: float(each.alive[:, -1].mean()))
    if len(ordered) > 1:
        best, group = answers.best, answers.compared_with_it
        alone = len(group) == len(ordered) or not best.backstop
        within = 0 < len(answers.within_capacity) < len(group)
        key, about = ("brief_hold_best", {}) if alone else (
            "brief_hold_best_within" if within else "brief_hold_best_of", {"backstop": backstop_words(best.backstop, telling)}
        )
        yield telling.say(key, posture=posture_name(best, telling), **about)
        beyond = 1.0 - float(best.affordable.mean())
        if beyond >= OFTEN:
            yield telling.say("brief_hold_beyond", **beyond_words(beyond, len(best.affordable)))
        if (following := next_words(answers, telling)):
            yield following
        worst = ordered[0]
        key, about = ("brief_hold_worst", {}) if worst.backstop == best.backstop else (
            "brief_hold_worst_other", {"backstop": backstop_words(worst.backstop, telling)}
        )
        yield telling.say(key, posture=posture_name(worst, telling), **about)


def _breaks(answers: TruceAnswers, telling: Telling) -> Iterator[str]:
    rows = answers.breaks[0].table.rows if answers.breaks else ()
    if not rows:
        return
    who = str(rows[0][0])
    if who in telling.case.file.events:
        yield telling.say("brief_hold_event", event=telling.called("events", who))
    else:
        yield telling.say("brief_hold_break", what=telling.owned(who, does(str(rows[0][1]), telling)))


def date_sentences(answers: TruceAnswers, telling: Telling) -> Iterator[str]:
    """What telling the guarantor's day of leaving is worth before that day and after it, where that is more than the error."""
    for each in answers.withdrawals[:1]:
        if KNOWN not in each.alive or FORESEEN not in each.alive:
            continue
        known = each.difference()
        before = [t for t, month in enumerate(each.months) if month < each.date]
        if before and abs(float(known.mean[before[-1]])) > 2 * float(known.error[before[-1]]):
            gain = float(known.mean[before[-1]])
            better = telling.say("brief_longer" if gain > 0 else "brief_shorter")
            yield telling.say("brief_hold_known", better=better, gain=f"{100 * abs(gain):.0f}", error=_points(known.error[before[-1]]))
            after = [t for t, month in enumerate(each.months) if month > each.date and abs(float(known.mean[t])) > 2 * float(known.error[t])]
            if after and float(known.mean[after[0]]) * gain < 0:
                worse = telling.say("brief_shorter" if gain > 0 else "brief_longer")
                loss, error = _points(abs(known.mean[after[0]])), _points(known.error[after[0]])
                yield telling.say("brief_hold_known_after", worse=worse, loss=loss, error=error)


def _points(chance: float) -> str:
    """A chance as whole points in a hundred, at least one.

    >>> _points(0.022), _points(0.001)
    ('2', '1')
    """
    return f"{max(1.0, 100 * chance):.0f}"
