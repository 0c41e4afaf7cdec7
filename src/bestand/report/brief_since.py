"""What changed since an earlier version, in the plain sentences of a brief: what holds now, what turned and why, then what else."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.report.sentence import PlacedSentence
from bestand.report.since import Since, is_backing, since_told
from bestand.study.flips import Flips
from bestand.telling.telling import Telling

MOST_FLIPS, MOST_CHANGES = 4, 3
SEEN = ("sources", "claims")  # what is new in these is counted, and not told one by one
DATED = ("as_of", "observations")  # the day is told before; what was seen has its place under what to watch


def changed(flips: Flips | None, telling: Telling) -> Iterator[PlacedSentence]:
    """What came about, the conclusions that came out otherwise with what did it, and the statements in words."""
    if flips is None:
        return
    told = since_told(flips, telling)
    if told.against:
        yield PlacedSentence(told.against, "answer")
    yield from (PlacedSentence(each, "today") for each in told.today)
    turned = [each for each in told.turned if not each.implied]
    by_cause: dict[str, list[str]] = {}
    for each in turned[:MOST_FLIPS]:
        by_cause.setdefault(each.causes[0], []).append(each.plain)
    for cause, titles in by_cause.items():
        yield PlacedSentence(telling.say("brief_since_turned", title="; ".join(turned_alike(titles, telling))), "answer")
        yield PlacedSentence(cause, "answer")
    if len(turned) > MOST_FLIPS:
        yield PlacedSentence(telling.say("brief_since_more", n=len(turned) - MOST_FLIPS), "answer")
    if not told.turned:
        yield PlacedSentence(telling.say("brief_since_same"), "sensitivity")
    yield from (PlacedSentence(each, "survival") for each in told.truces)
    yield from statements_since(flips, told, telling)


def turned_alike(titles: list[str], telling: Telling) -> Iterator[str]:
    """Conclusions in words, those that say the same of several outcomes in one: `“a”, “b”: each comes about …`."""
    about: dict[str, list[str]] = {}
    for title in titles:
        terms, sign, rest = title.partition("”")
        about.setdefault(rest if sign else "", []).append(terms + sign)
    for rest, alike in about.items():
        several = len(alike) > 1 and rest
        yield f"{telling.say.listed(alike)}: {telling.say('brief_since_each')}{rest}" if several else f"{'; '.join(alike)}{rest}"


def statements_since(flips: Flips, told: Since, telling: Telling) -> Iterator[PlacedSentence]:
    """The statements that changed: the first few, and how many more; those named as a cause are not told twice, new passages and
    documents are counted, and so are words alone.
    """
    named = " ".join(cause for each in told.turned[:MOST_FLIPS] for cause in each.causes[:1])
    wording = told.wording or (False,) * len(told.changes)
    wording = tuple(alone or is_backing(change) for alone, change in zip(wording, flips.changes, strict=True))
    backed = sum(map(is_backing, flips.changes))
    every = [(change.kind, change.at.partition(".")[0].partition("[")[0], words) for change, words in zip(flips.changes, told.changes, strict=True)]
    new = {section: sum(kind == "added" and at == section for kind, at, _ in every) for section in SEEN}
    left = [
        words for (kind, at, words), alone in zip(every, wording, strict=True)
        if not alone and at not in DATED and not (kind == "added" and at in SEEN) and words.rstrip(".") not in named
    ]  # fmt: skip
    yield from (PlacedSentence(each, "answer") for each in left[:MOST_CHANGES])
    if len(left) > MOST_CHANGES:
        yield PlacedSentence(telling.say("brief_since_n", n=len(left) - MOST_CHANGES), "answer")
    if backed:
        yield PlacedSentence(telling.say("brief_since_backing", n=backed), "known")
    if any(new.values()):
        read = [telling.say(f"brief_since_{section}", n=n) for section, n in new.items() if n]
        yield PlacedSentence(telling.say("brief_since_read", what=telling.say.listed(read)), "known")
    if told.wording and all(told.wording):
        yield PlacedSentence(telling.say("brief_since_wording", n=len(told.wording)), "answer")
    if not told.changes:
        yield PlacedSentence(telling.say("since_nothing"), "answer")
