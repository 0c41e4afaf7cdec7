"""What changed since an earlier version, in sentences: statements, conclusions that came out otherwise, and what did it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bestand.case.conditions import unparse
from bestand.case.lines import member_of, want_at
from bestand.case.loaded import Case
from bestand.case.model import Want
from bestand.case.shape import keys_of_conditions
from bestand.changes.diff import Change
from bestand.errors import BestandError, short
from bestand.graph.conflict import conflict
from bestand.report.blocks import percent_words
from bestand.show import spaced
from bestand.study.flips import Flip, Flips
from bestand.telling.days import as_of_words, day_words
from bestand.telling.naming import posture_words
from bestand.telling.telling import Telling
from bestand.telling.titles import plain_title, sight, title_of
from bestand.telling.words import capital

MOST_TRUCES = 2  # postures under which a truce holds otherwise, that are told
MOST_SETS = 3  # of changes that are told for one conclusion
MOST_SAID = 140  # characters of what a statement says
TEXTS = ("translations", "title", "summary", "language")
WORDS = ("is", "label", "name", "gloss", "title", "also", "meaning", "told", "claim", "members", "cite")
SPOKEN = ("hedge", "speaker", "degree")
BACKING = ("because", "supported_by")


@dataclass(frozen=True, slots=True)
class Turned:
    """One conclusion that came out otherwise: what is concluded now, what was, and what did it.

    implied : whether it says no more than that an outcome holds today, which is told for itself
    plain   : what is concluded now, without terms of ours
    """

    now: str
    before: str
    causes: tuple[str, ...]
    implied: bool = False
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What a page says of the changes since an earlier version.

    title   : what changed since which version
    against : against what is compared, as a sentence; empty where it is not known
    turned  : conclusions that came out otherwise
    changes : every change, a sentence each
    notes   : what was not tried, and what is not compared
    wording : which of the changes change words alone
    truces  : how long a truce holds otherwise than it did, a sentence each; and that it does not, or was not asked
    today   : terms that hold today and did not, or did and do not, a sentence each
    """

    title: str
    against: str
    turned: tuple[Turned, ...]
    changes: tuple[str, ...]
    notes: tuple[str, ...]
    wording: tuple[bool, ...] = ()
    truces: tuple[str, ...] = ()
    today: tuple[str, ...] = ()


def since_told(flips: Flips, telling: Telling) -> Since:
    """What a page says of the changes since an earlier version."""
    old = Telling(conflict(flips.old), telling.say, isolated=telling.isolated)
    told = [change_words(change, old, telling) for change in flips.changes]
    came = _came(flips, old, telling)
    turned = tuple(
        Turned(
            titles[0], titles[1], tuple(_causes(each, flips, told, telling)), each.kind == "term_reached" and came.get(each.about) is True,
            titles[0] if each.kind in ("verdict", "best_deal", "blocks") else plain_title((each.kind, each.about), bool(each.after), telling),
        )
        for each in flips.flips for titles in [_titles(each, old, telling)]
    )
    title, against = (_against(flips, telling, kind) for kind in ("since_title", "since_against"))
    wording = tuple(is_wording(change) for change in flips.changes)
    truces = tuple(_truces(flips, telling))
    today = tuple(capital(telling.say("since_holds" if holds else "since_over", term=telling.term(term))) for term, holds in came.items())
    return Since(title, against, turned, tuple(told), (*truces, *_notes(flips, telling)), wording, truces, today)


def _came(flips: Flips, old: Telling, new: Telling) -> dict[str, bool]:
    """Terms of both versions that hold in one of the two present states alone, and whether that is today's; none where it cannot be told."""
    try:
        now = {term: bool(new.conflict.where(term)[new.conflict.now]) for term in flips.new.terms if term in flips.old.terms}
        return {term: holds for term, holds in now.items() if holds != bool(old.conflict.where(term)[old.conflict.now])}
    except BestandError:
        return {}


def _truces(flips: Flips, telling: Telling) -> Iterator[str]:
    """How long a truce holds otherwise than it did: the largest differences; what is within its error is none."""
    if flips.truces_late:
        yield telling.say("since_truces_late")
    differing = sorted((each for each in flips.truces if each.differs), key=lambda each: -abs(each.after - each.before))
    for each in differing[:MOST_TRUCES]:
        name = posture_words(each.name, telling) + (f", {telling.say('last_leaving_posture')}" if each.leaves else "")
        shares = {"before": percent_words(each.before), "after": percent_words(each.after), "error": max(1, round(100 * each.error))}
        yield telling.say("since_truce", posture=name, draws=each.draws, **shares)
    if flips.truces and not differing:
        yield telling.say("since_truces_same", n=len(flips.truces))


def is_wording(change: Change) -> bool:
    """Whether a change is one of words alone: what a line is called, in the file or on a page, how a claim is glossed, a translation.

    >>> is_wording(Change("levers.a.stops.is", "changed", "stops", "halts")), is_wording(Change("levers.a.stops.now", "changed", "no", "yes"))
    (True, False)
    """
    if change.kind == "renamed":  # what it is called in the file
        return True
    section, _, rest = change.at.partition(".")
    return section in TEXTS or re.sub(r"\[\d+\]", "", rest).rpartition(".")[2] in WORDS or ".meaning." in rest or ".told." in rest


def is_backing(change: Change) -> bool:
    """Whether a change is one of the passages that stand behind a line, and of nothing that the line says."""
    return re.sub(r"\[\d+\]$", "", change.at).rpartition(".")[2] in BACKING


def _against(flips: Flips, telling: Telling, kind: str) -> str:
    """Against what is compared."""
    against = flips.against
    if against is None:
        return telling.say("since_title") if kind == "since_title" else ""
    how = against.kind if against.day or against.kind == "day" else "undated"
    key = f"since_title_{how}" if kind == "since_title" else f"since_against_{how}"
    name = as_of_words(telling.name(against.name.rstrip("/").rpartition("/")[2]), telling)
    return telling.say(key, name=name, commit=against.commit, day=as_of_words(against.day, telling))


def _notes(flips: Flips, telling: Telling) -> Iterator[str]:
    if not flips.flips:
        yield telling.say("since_same", n=flips.same)
    if any(not each.whole for each in flips.flips):
        yield telling.say("since_not_whole", seconds=f"{flips.seconds:g}")
    if flips.untested:
        yield telling.say("since_untested", n=flips.untested)
    yield telling.say("since_compared")


def _titles(flip: Flip, old: Telling, new: Telling) -> tuple[str, str]:
    """What is concluded now, and what was."""
    key = (flip.kind, flip.about)
    if flip.kind == "verdict":
        claim = short(new.called_hypothesis(flip.about), most=MOST_SAID)
        now, was = (new.say(f"since_verdict_{status}") for status in (flip.after, flip.before))
        return new.say("since_verdict", claim=claim, now=now), was
    if flip.kind == "best_deal":
        return new.say("since_best_deal", term=new.term(flip.about)), ""
    if flip.kind == "blocks":
        return _blocks(flip.about, new, flip.after), _blocks(flip.about, old, flip.before)
    return title_of(key, bool(flip.after), new), title_of(key, bool(flip.before), old)


def _blocks(party: str, telling: Telling, held: object) -> str:
    return telling.say("concl_blocks_yes" if held else "concl_blocks_no", party=telling.party(party))


def _causes(flip: Flip, flips: Flips, told: list[str], telling: Telling) -> Iterator[str]:
    """What did it: each of the smallest sets of changes."""
    for key, sets in (("since_made", flip.made), ("since_undone", () if flip.undone == flip.made else flip.undone)):
        for chosen in sets[:MOST_SETS]:
            numbers = [number for group in chosen for number in flips.groups[group]]
            lines = [number for number in numbers if not _comes_along(flips.changes[number])] or numbers
            changes = [told[number].rstrip(".") for number in lines]
            along = [] if len(lines) == len(numbers) else [telling.say("since_along", n=len(numbers) - len(lines))]
            yield telling.say(key if len(changes) == 1 else f"{key}_together", changes="; ".join([*changes, *along]))
        if len(sets) > MOST_SETS:
            yield telling.say("since_more", n=len(sets) - MOST_SETS)
    if not flip.made:
        yield telling.say("since_made_unknown")


def _comes_along(change: Change) -> bool:
    """Whether a change only brings, or takes away, a passage or a document that lines rest on: it turns nothing by itself."""
    return change.kind in ("added", "removed") and change.at.partition(".")[0] in ("claims", "sources")


def change_words(change: Change, old: Telling, new: Telling) -> str:
    """One change as a sentence."""
    telling = old if change.kind == "removed" else new
    place = _place(change.at, telling)
    if change.kind == "renamed":
        return telling.say("chg_renamed", what=place, before=spaced(change.before), after=spaced(change.after))
    if change.kind == "given":
        return telling.say("chg_given", what=place, before=old.party(change.before), after=new.party(change.after))
    if change.kind in SPOKEN:
        return _spoken(change, place, telling)
    if change.kind == "moved":
        return _moved(change, telling)
    was, now = _numbers_alone(change.before, change.after)
    before, after = _value(change, was, old), _value(change, now, new)
    if _is_member(change.at, telling.case):
        what = _statement(change.at, telling) or after or before
        kind = "edited" if change.kind == "changed" else change.kind  # of the case itself, such as its title
        kind = f"{kind}_plain" if kind in ("added", "removed") and _bare(what) == _bare(place) else kind  # it is called for what it says
        return telling.say(f"chg_{kind}", place=place, what=what, before=before, after=after)
    kind = {"added": "gained", "removed": "lost"}.get(change.kind, change.kind)
    return telling.say(f"chg_{kind}", place=place, aspect=_aspect(change.at, telling), before=before, after=after)


def _bare(words: str) -> str:
    """Words without the signs that keep a name apart from text of another direction."""
    return re.sub("[\u2066-\u2069]", "", words)


def _numbers_alone(before: str, after: str) -> tuple[str, str]:
    """Two numbers without what is the same in the brackets behind both: their reasons and ranges.

    >>> _numbers_alone("0.3 (because c28; range 0.1, 0.6)", "0.5 (because c28; range 0.1, 0.6)")
    ('0.3', '0.5')
    >>> _numbers_alone("0.3 (because c28; range 0.1, 0.6)", "0.5 (because c28; range 0.2, 0.6)")
    ('0.3 (range 0.1, 0.6)', '0.5 (range 0.2, 0.6)')
    """
    sides = [re.fullmatch(r"([-+.\de]+) \((.*)\)", text) for text in (before, after)]
    if not all(sides):
        return before, after
    parts = [side[2].split("; ") for side in sides if side]
    left = [[part for part in mine if part not in other] for mine, other in (parts, parts[::-1])]
    told = [f"{side[1]} ({'; '.join(own)})" if own else side[1] for side, own in zip(sides, left, strict=True) if side]
    return told[0], told[1]


def _moved(change: Change, telling: Telling) -> str:
    """A want that stands behind, or before, another one than it did; or a list of wants in another order."""
    whose = _whose(change.at, telling)
    if not change.at.endswith("]"):
        return telling.say("chg_order", party=whose, list="; ".join(_wanted(change.at, text, telling) for text in change.after.split("; ")))
    side, _, other = change.after.partition(" ")
    what = _statement(change.at, telling) or telling.place(change.at)
    return telling.say(f"chg_moved_{side}", party=whose, what=what, other=_wanted(change.at, other, telling))


def _wanted(at: str, text: str, telling: Telling) -> str:
    """A want of a list by what it says: as the list calls it, else its condition in words; of other lists what is said."""
    place = want_at(at)
    if place is None:
        return telling.name(short(text, most=MOST_SAID))
    for want in _wants_of(place[0], place[1], telling):
        if unparse(telling.case.conditions[want.that]) == text:
            return short(telling.label(want) or telling.condition(want.that), most=MOST_SAID)
    alone = re.match(r"(.*)( \(\d+\))$", text)  # one of several that say the same: its number in the earlier version stays
    return short(telling.condition(alone[1] if alone else text), most=MOST_SAID) + (alone[2] if alone else "")


def _wants_of(party: str, kind: str, telling: Telling) -> Sequence[Want]:
    """What one version of a party wants; nothing where the case has no such party."""
    return telling.case.wants(party).get(kind, ()) if party in telling.case.file.parties else ()


def _spoken(change: Change, place: str, telling: Telling) -> str:
    """A claim whose hedge, speaker or degree changed."""
    claim = telling.case.file.claims.get(member_of(change.at))
    gloss = short(telling.said(claim.gloss), most=MOST_SAID) if claim is not None else place
    names = {"author": telling.say("chg_author"), "": telling.say("chg_nothing")}
    before, after = (names.get(text) or telling.say.phrases.get(f"chg_degree_{text}", text) for text in (change.before, change.after))
    if change.kind == "degree":
        before, after = (each if text else telling.say("chg_degree_certain") for text, each in ((change.before, before), (change.after, after)))
    elif change.kind == "speaker":
        before, after = (each if text else names["author"] for text, each in ((change.before, before), (change.after, after)))
    return telling.say(f"chg_{change.kind}", what=gloss, before=telling.name(before), after=telling.name(after))


def _place(at: str, telling: Telling) -> str:
    """Where a statement stands, in words."""
    place = want_at(at)
    said = re.fullmatch(r"(claims|sources)\.\w+", at)
    if said:  # what it says follows; what it is called in the file says nothing to a reader
        return telling.say("since_claim" if said[1] == "claims" else "since_source")
    if place is None or place[2] is None:
        return telling.place(at)
    return telling.say("since_want", party=_whose(at, telling), n=place[2] + 1)


def _whose(at: str, telling: Telling) -> str:
    place = want_at(at)
    if place is None:
        return telling.place(at)
    party, kind, _ = place
    return telling.party(party) + (f" ({telling.type_of(party, kind)})" if kind else "")


def _is_member(at: str, case: Case) -> bool:
    """Whether a key path leads to a whole statement, not to a part of one."""
    section, _, name = at.partition(".")
    members = getattr(case.file, section, None)
    return at.endswith("]") or not name or (isinstance(members, dict) and name in members)


def _statement(at: str, telling: Telling) -> str:
    """What a whole statement says, in words; empty where the file does not have it."""
    section, _, rest = at.partition(".")
    place = want_at(at)
    if place is not None and place[2] is not None and at.endswith("]"):
        party, kind, k = place
        want = next(iter(_wants_of(party, kind, telling)[k:]), None)
        return "" if want is None else short(telling.label(want) or telling.condition(want.that), most=MOST_SAID)
    listed_at = re.match(r"(observations|never|unsaid)\[(\d+)\]$", at)
    if listed_at and int(listed_at[2]) < len(getattr(telling.case.file, listed_at[1])):
        return short(_listed(listed_at[1], int(listed_at[2]), telling), most=MOST_SAID)
    members = getattr(telling.case.file, section, None)
    part = members.get(rest) if isinstance(members, dict) else None
    words = [telling.said(text) for key in ("gloss", "label", "name", "claim", "title") if (text := getattr(part, key, ""))]
    return telling.name(short(words[0], most=MOST_SAID)) if words else ""


def _listed(section: str, number: int, telling: Telling) -> str:
    """What was seen and when, what is ruled out, or what is not said, in words."""
    file = telling.case.file
    if section == "observations":
        seen = file.observations[number]
        what = telling.label(seen) or sight(seen.lever, seen.took or seen.not_given or "", telling)
        taken = what if seen.took or telling.label(seen) else telling.say("watch_not_taken", what=what)
        return f"{day_words(date.fromisoformat(seen.on), telling)}: {taken}"
    return telling.condition(file.never[number].that) if section == "never" else telling.said(file.unsaid[number].what)


def _value(change: Change, text: str, telling: Telling) -> str:
    """One side of a change, in words."""
    key = re.split(r"[.\[]", change.at)[-1]
    claims = telling.case.file.claims
    if is_backing(change) and text and all(name in claims for name in text.split(", ")):
        return "; ".join(short(telling.said(claims[name].gloss or claims[name].quote or name), most=MOST_SAID) for name in text.split(", "))
    lever = change.at.removeprefix("levers.").removesuffix(".now")
    if key == "types" and change.at.startswith("parties."):
        party = member_of(change.at)
        stated = telling.case.file.parties.get(party)
        odds = stated.types if stated else {}
        return ", ".join(f"{telling.type_of(party, name)} {percent_words(number.value)}" for name, number in odds.items())
    if key == "now" and text and lever in telling.case.file.levers:
        return telling.value_of(lever, text)
    if text in ("true", "false") and key not in keys_of_conditions():  # a flag, and no condition
        return telling.say("yes" if text == "true" else "no")
    if text and (key in keys_of_conditions() or change.kind == "edited" or text in telling.case.conditions):
        return short(telling.condition(text), most=MOST_SAID)
    return telling.name(short(text, most=MOST_SAID))


def _aspect(at: str, telling: Telling) -> str:
    """Which part of a statement, in words."""
    key = re.sub(r"\[\d+\]", "", at).rpartition(".")[2]
    key = "needs" if ".needs." in at else "types" if ".types" in at else key
    return telling.say.phrases.get(f"part_{key}", spaced(key))
