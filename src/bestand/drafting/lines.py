"""Lines of a model that drafted claims speak of: levers, their present settings, guards, wants, events, observations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.drafting.claims import MOST_WORDS, Drafted
from bestand.drafting.dates import days, on_the_day
from bestand.drafting.demands import asks_somebody, before_condition, demand, done_by_another, hollow, judged, led, wanting, what_stops, without_names
from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.names import Names, only_other, party_key
from bestand.drafting.proposals import Kind, Proposal
from bestand.drafting.told import announced, bare_deed, known_as, levers_meant, moved_to, undoes

ISO = re.compile(r"\d{4}-\d{2}-\d{2}$")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
NOT = {"en": "not:", "nl": "niet:", "de": "nicht:", "fr": "non :"}  # before the words of what a party wants not to be
TWO = 2  # settings of a lever that is done or not
NEGATED = 4  # words before what is done, among which a no undoes it
SOMEDAY = {"value": 0.02, "range": [0.005, 0.1], "assumed": "at some time, says the text; no date"}
AGAIN = {"value": 0.1, "range": [0.02, 0.5], "assumed": "no rate in the text"}
MOST_APART = 2  # sentences between a lever and `has not done so`


@dataclass(slots=True)
class _Lines:
    """Lines so far, of one document.

    levers : name of a lever that is proposed or stands in the case: the proposal's id, empty where it stands
    last   : party: the lever of it that was spoken of last, and in which sentence
    asked  : the party that asked somebody for something last, and in which sentence
    later  : days named after the one that the case describes, on which something is told to have happened
    on     : the day that the document bears, from which `today` and `on Wednesday` are counted; empty where it bears none
    """

    case: Case
    names: Names
    lexicon: Lexicon
    by: str
    number: int
    on: str = ""
    items: list[Proposal] = field(default_factory=list)
    levers: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    last: dict[str, tuple[str, int]] = field(default_factory=dict)
    asked: tuple[str, int] = ("", -1)
    later: list[str] = field(default_factory=list)

    def add(self, kind: Kind, fields: Mapping[str, Any], claim: Drafted, because: str, needs: Sequence[str] = ()) -> str:
        """Takes up a line that rests on a claim; its id."""
        self.number += 1
        key = f"p{self.number}"
        needed = tuple(dict.fromkeys(need for need in needs if need))
        self.items.append(Proposal(key, kind, dict(fields), (because,), needed, self.by, "", claim.actor))
        return key


def lines(
    claims: Sequence[Drafted], ids: Sequence[str], names: Names, words: Lexicon, case: Case, *, by: str, on: str = ""
) -> tuple[list[Proposal], tuple[str, ...]]:
    """The lines that claims of one document speak of, each resting on the claim that says so; and days that are after the case's own.

    claims, ids : the claims and the ids of their proposals
    by, on      : what drafts them, and the day that the document bears

    What a party threatens, offers or does is a lever; what it wants or rejects a want; `depends on` a guard; `has not done so`
    a present setting; what will be at some point an event; what happened on a day an observation.
    """
    so_far = _Lines(case, names, words, by, len(ids), on)
    so_far.levers |= dict.fromkeys(case.file.levers, "")
    year = _year(claims, words, on or case.file.as_of)
    for claim, because in zip(claims, ids, strict=True):
        _from_claim(so_far, claim, because)
        _observed(so_far, claim, because, year)
    return so_far.items, tuple(sorted(so_far.later))


def _year(claims: Sequence[Drafted], lexicon: Lexicon, on: str) -> str:
    return next((day.iso[:4] for claim in claims for day in days(claim.clause, lexicon) if day.iso[:4].isdigit()), on[:4])


def _from_claim(so_far: _Lines, claim: Drafted, because: str) -> None:
    rules = {"act": _act, "want": _want, "guard": _guard, "undone": _undone, "someday": _someday}
    if claim.source_holds == "denied" or claim.denied:
        return
    done = {"act"} if any(cue.cue.kind == "undone" or asks_somebody(cue) for cue in claim.cues) else set()  # what is asked for is not done
    cues = [cue for cue in claim.cues if cue.cue.kind != "want" or wanting(claim.clause, cue, so_far.lexicon)]
    for cue in sorted(cues, key=lambda c: list(rules).index(c.cue.kind)):
        if claim.actor and cue.cue.kind not in done:
            done.add(cue.cue.kind)
            rules[cue.cue.kind](so_far, claim, cue, because)
    if (offer := announced(claim, so_far.names, so_far.lexicon)) is not None:
        _act(so_far, offer, offer.cues[0], because)
    if "want" not in done:
        _also_asked(so_far, claim, because)
    if "act" not in done:
        for name, setting in _moved(so_far, claim).items():
            if so_far.case.now[name] != setting:
                so_far.add("now", {"lever": name, "now": setting}, claim, because)
    if claim.actor and claim.condition and not done & {"act", "guard"}:
        _only_under(so_far, claim, because)
    if claim.actor and not done and _acts_itself(so_far, claim) and "attacks" in so_far.lexicon.concept(claim.clause)[:1]:
        _incident(so_far, claim, because)


def _acts_itself(so_far: _Lines, claim: Drafted) -> bool:
    """Whether the author says of a party, by its name, that it acts."""
    named = [m.named.party or m.named.territory for m in so_far.names.mentions(claim.clause)]
    denied = so_far.lexicon.words["no"] & {word.lower() for word in WORD.findall(claim.clause)}
    return claim.actor in named and claim.author_holds == "certain" and not denied


def _party(so_far: _Lines, party: str, claim: Drafted, because: str) -> tuple[str, str]:
    """A party's name in the case and the proposal that it needs; a territory that is no party is proposed as one."""
    key = party_key(party, so_far.case)
    if key in so_far.case.file.parties or key in so_far.parties:
        return key, so_far.parties.get(key, "")
    so_far.parties[key] = so_far.add("party", {"id": key, "name": so_far.names.known.get(party, party)}, claim, because)
    return key, so_far.parties[key]


def _lever(so_far: _Lines, party: str, slug: str, claim: Drafted, because: str, now: str, deed: str = "") -> tuple[str, str]:
    """A lever's name and the proposal that it needs; one that is neither in the case nor proposed is proposed.

    deed : the words that say what is done, by which it is called; those of the whole clause, if they say too little
    """
    key, needs = _party(so_far, party, claim, because)
    name = known_as(so_far.case, key, slug, deed or claim.clause, so_far.names, so_far.lexicon) or f"{key}.{slug}"
    if name not in so_far.levers:
        enough = bool(WORD.findall(deed))
        said = (bare_deed(deed, party, so_far.names, so_far.lexicon) if enough else led(claim.clause, so_far.lexicon)).split()
        label = " ".join(said[: MOST_WORDS + 2]) + (" …" if len(said) > MOST_WORDS + 2 else "")
        fields = {"id": name, "is": label, "settings": ["no", "yes"], "now": now, "basis": _basis(claim)}
        so_far.levers[name] = so_far.add("lever", fields, claim, because, [needs])
    elif now == "yes":
        _set_now(so_far, name, claim, because, done=not deed)
    so_far.last[party] = name, claim.sentence
    return name, so_far.levers[name]


def _set_now(so_far: _Lines, name: str, claim: Drafted, because: str, *, done: bool) -> None:
    """The lever stands at what it was just said to be: one that was proposed by what might be, or one of the case that is told to be done."""
    proposed = so_far.levers[name]
    for k, item in enumerate(so_far.items):
        if item.id == proposed and item.fields["now"] == "no":
            so_far.items[k] = replace(item, fields={**item.fields, "now": "yes"}, because=tuple(dict.fromkeys((*item.because, because))))
    first, *others = so_far.case.settings.get(name, ("no",))
    if done and len(others) == 1 and so_far.case.now[name] == first:
        so_far.add("now", {"lever": name, "now": others[0]}, claim, because)


def _basis(claim: Drafted) -> str:
    return "stated" if claim.says == "author" else "reported"


def _slug(so_far: _Lines, words: str) -> str:
    """What a lever is called: the concept that the words speak of, or their first two words of content; empty if they have none."""
    plain = without_names(words, so_far.names)
    concepts = so_far.lexicon.concept(plain)  # `the money of the province` is about no land where a party is called so
    if concepts:
        return next((c for c in concepts if c != "talks"), concepts[0])
    for cue in so_far.lexicon.found(plain, "hedge", "mark", "hearsay"):
        plain = plain.replace(cue.words, " ")
    plain = re.sub(r"\b[a-zà-ÿ]{1,2}'(?=\w)", " ", plain, flags=re.IGNORECASE)  # `n'enverra`
    times = {*so_far.lexicon.weekdays, *so_far.lexicon.months, *so_far.lexicon.words["infinitive"]}  # `de luchtsteun te beëindigen`
    content = [word for word in so_far.lexicon.content(plain) if word.lower() not in times and not word.isdigit()]
    content = [word.translate(UMLAUTS) for word in content] if so_far.lexicon.language == "de" else content
    ascii_only = unicodedata.normalize("NFKD", " ".join(content[:2])).encode("ascii", "ignore").decode()
    slug = re.sub(r"\W+", "_", ascii_only).strip("_").lower()[:60]
    return f"x_{slug}" if slug[:1].isdigit() else slug


def _rest(claim: Drafted, cue: Found, *, late: bool = False) -> str:
    """What a cue speaks of: the words after it, without its own last word; before it, where too few follow."""
    first, last = cue.words.rpartition(" ")[0].partition(" ")[0], cue.words.rpartition(" ")[2]
    at = cue.start + len(cue.words.split(" ", 1)[0])
    inside = claim.clause[at : cue.end].rstrip()
    inside = inside[: len(inside) - len(last)] if first and inside.endswith(last) else inside
    inside = " " if inside.strip() in ("zich", "sich", "se") else inside  # `verzet | zich | tegen`
    after = f"{inside}{claim.clause[cue.end :]}"
    if len(WORD.findall(after)) >= TWO:
        return after
    return f"{claim.clause[: cue.start]}{after.strip()}" if late else claim.clause[: cue.start]  # `het mandaat | zal | uithollen`


def _act(so_far: _Lines, claim: Drafted, cue: Found, because: str) -> None:
    """A lever that a party is said to have; what it will *not* do is none. What it would do only under a condition is guarded."""
    if cue.cue.sense == "offers" and so_far.lexicon.words["no"] & {word.lower() for word in WORD.findall(claim.clause)}:
        return
    words = [word.lower() for word in WORD.findall(claim.clause[: cue.start])][-NEGATED:]
    if done_by_another(claim.clause, cue, so_far.names, so_far.lexicon):
        return
    denied = cue.cue.sense == "does" and bool(so_far.lexicon.words["no"] & set(words))  # `has so far not opened the road`
    if denied:
        claim = replace(claim, clause=" ".join(w for w in claim.clause.split() if w.lower().strip(",") not in so_far.lexicon.words["no"]))
        cue = next((c for c in so_far.lexicon.found(claim.clause, "act") if c.words == cue.words), cue)
    elif cue.cue.sense == "offers" and so_far.lexicon.found(_rest(claim, cue), "according"):
        return  # `ist nach Angaben ihres Sprechers bereit`: for what, stands in another clause
    deed = before_condition(claim.cues, cue, _rest(claim, cue, late=so_far.lexicon.late), so_far.lexicon)
    limit = next((deed.find(guard.words) for guard in so_far.lexicon.found(deed, "guard")), -1)
    deed = deed[:limit] if limit > 0 and len(WORD.findall(deed[:limit])) > 1 else deed  # `reopen the mill | only if …`
    deed = " ".join(word for word in deed.split() if word.lower() not in so_far.lexicon.words["only"])
    slug = _slug(so_far, deed)
    becomes = cue.words.lower() in ("wird", "werden") and not re.search(r"\b[a-zäöü]\w*n\W*$", claim.clause)  # `wird wiederholt`, `wird größer`
    if not slug or deed.split()[:1] == ["be"] or becomes:  # nobody is said to do what `will be renewed`
        return
    name, needs = _lever(so_far, claim.actor, slug, claim, because, "no" if denied else cue.cue.now, "" if cue.cue.sense == "does" else deed)
    concept = next((c for c in so_far.lexicon.concept(claim.condition) if c not in ("talks", slug)), "")
    that, needed = _known(so_far, concept, claim.condition, claim, because) if cue.cue.now == "no" else ("", [])
    if that and not any(other.cue.kind == "guard" for other in claim.cues):
        fields = {"lever": name, "setting": so_far.case.settings.get(name, ("no", "yes"))[-1], "that": that, "basis": _basis(claim)}
        so_far.add("guard", fields, claim, because, [needs, *needed])


def _want(so_far: _Lines, claim: Drafted, cue: Found, because: str) -> None:
    """A want of the one who acts: of the lever of whom it is wanted of, which is its own where it asks nobody; `reject` wants the
    opposite. Where nobody known is asked, there is none: the want would be of a lever that is somebody else's."""
    rest = judged(_rest(claim, cue)) if cue.cue.sense == "rejects" else _rest(claim, cue)
    same = so_far.lexicon.phrases["same"].search(rest)
    if same and len(so_far.lexicon.content(without_names(rest, so_far.names))) < TWO and claim.clause[: cue.start].strip():
        rest = claim.clause[: cue.start]  # `Eine Abstimmung | lehnt | die Regierung | ab`
    if cue.cue.sense == "rejects":
        if not hollow(rest, so_far.names, so_far.lexicon):
            refused = demand(rest, claim.actor, claim.turn or claim.speaker, so_far.names, so_far.lexicon, asks=False)
            _wanted(so_far, claim, because, claim.actor, refused.doer or claim.actor, refused.deed, against=True)
        return
    wanting = (claim.asker if asks_somebody(cue) else "") or claim.actor
    if asks_somebody(cue):
        so_far.asked = wanting, claim.sentence
    wanted = demand(rest, wanting, claim.turn or claim.speaker, so_far.names, so_far.lexicon, asks=asks_somebody(cue))
    doer = wanted.doer or (only_other(wanting, so_far.case) if asks_somebody(cue) else "")
    if doer:
        _wanted(so_far, claim, because, wanting, doer, wanted.deed, against=False)


def _also_asked(so_far: _Lines, claim: Drafted, because: str) -> None:
    """What is asked for in a that-clause of its own: after a verb of speech, or as the second thing that a sentence asks for."""
    opens = [word.lower() for word in WORD.findall(claim.clause)[:2]]
    party, sentence = so_far.asked
    second = sentence == claim.sentence and len(opens) > 1 and bool(so_far.lexicon.words["that"] & set(opens))
    wanting = claim.asker or (party if second else "")
    words = claim.clause if so_far.lexicon.words["that"] & set(opens) else f"{min(so_far.lexicon.words['that'])} {claim.clause}"
    wanted = demand(words, wanting, claim.turn or claim.speaker, so_far.names, so_far.lexicon, asks=True) if wanting else None
    if wanted is not None and wanted.doer:
        so_far.asked = wanting, claim.sentence
        _wanted(so_far, claim, because, wanting, wanted.doer, wanted.deed, against=False)


def _wanted(so_far: _Lines, claim: Drafted, because: str, wanting: str, doer: str, deed: str, *, against: bool) -> None:
    """A want of a party, of a lever of the one who would do it; what is to `stop` is wanted not to be."""
    stopping = so_far.lexicon.phrases["stopping"].search(deed)
    stops = stopping is not None
    if stopping is not None and not so_far.lexicon.concept(deed):  # `to stop those deliveries`: the lever is what is to stop
        deed = what_stops(deed, stopping, so_far.lexicon)
    slug = _slug(so_far, deed)
    if not slug:
        return
    theirs = [each for each in levers_meant(deed, so_far.case, so_far.names, so_far.lexicon) if each.share == 1]
    if doer == wanting and len(theirs) == 1:  # `wants recognition of its rights`: it is another's to give
        doer = party_of(theirs[0].name)
    name, needs = _lever(so_far, doer, slug, claim, because, "yes" if stops else "no", deed)
    party, also = _party(so_far, wanting, claim, because)
    label = " ".join(bare_deed(led(deed, so_far.lexicon), doer, so_far.names, so_far.lexicon).split()[:MOST_WORDS])
    that, called = (f"not {name}", f"{NOT[so_far.lexicon.language]} {label}") if against != stops else (name, label)
    fields = {"party": party, "that": that, "is": called, "basis": _basis(claim)}
    so_far.add("want", fields, claim, because, [needs, also])


def _guard(so_far: _Lines, claim: Drafted, cue: Found, because: str) -> None:
    """A guard on a lever of the one who acts, where what it depends on is a term, a lever that is known, or a deed of a known party."""
    before = claim.clause[: cue.start]
    words = cue.words.split()
    if len(words) > TWO and so_far.lexicon.phrases["conditions"].fullmatch(words[-1]):  # `Brill only | deploys its reserve | if …`
        before = f"{before} {' '.join(words[1:-1])}"
    _guarded(so_far, claim, before or claim.clause, f"{claim.clause[cue.end :]} {claim.condition}", because)


def _guarded(so_far: _Lines, claim: Drafted, before: str, on: str, because: str) -> None:
    """A guard: what a party would do, and the words of what that depends on."""
    concept = next((c for c in so_far.lexicon.concept(on) if c != "talks"), "")
    that, needed = _known(so_far, concept, on, claim, because)
    slug = _slug(so_far, before)
    bare = reduce(lambda left, cue: left.replace(cue.words, " "), so_far.lexicon.found(before, "act"), before)
    if not that or not slug or concept in so_far.lexicon.concept(before)[:1] or hollow(bare, so_far.names, so_far.lexicon):
        return  # `is daartoe bereid`: what it is ready for stands in another sentence
    name, needs = _lever(so_far, claim.actor, slug, claim, because, "no", bare_deed(before, claim.actor, so_far.names, so_far.lexicon))
    fields = {"lever": name, "setting": so_far.case.settings.get(name, ("no", "yes"))[-1], "that": that, "basis": _basis(claim)}
    so_far.add("guard", fields, claim, because, [needs, *needed])


def _only_under(so_far: _Lines, claim: Drafted, because: str) -> None:
    """A guard where a clause says *only* and its condition stands in another: `schickt nur Soldaten, wenn …`."""
    words = [word for word in claim.clause.split() if word.strip(",").lower() not in so_far.lexicon.words["only"]]
    if len(words) < len(claim.clause.split()):
        _guarded(so_far, claim, " ".join(words), claim.condition, because)


def _known(so_far: _Lines, concept: str, on: str, claim: Drafted, because: str) -> tuple[str, list[str]]:
    """A condition for a concept: the term of that name, or the levers of that name; those of the parties named, if there are none. For
    words (`on`) that speak of no concept: what the party does that they begin with, `if Brill pays`."""
    if not concept:
        return _done_by(so_far, on, claim, because)
    if concept in so_far.case.file.terms:
        return concept, []
    standing = [name for name in so_far.levers if name.partition(".")[2] == concept]
    if not standing:
        under = [m.bearer for m in so_far.names.mentions(claim.condition)]
        named = [party for party in dict.fromkeys((*claim.parties, *under)) if party and party != claim.actor]
        deed = {m.bearer: on[m.end :] for m in so_far.names.mentions(on)}
        standing = [_lever(so_far, party, concept, claim, because, "no", deed.get(party, ""))[0] for party in named]
    return " and ".join(standing), [so_far.levers[name] for name in standing]


def _done_by(so_far: _Lines, on: str, claim: Drafted, because: str) -> tuple[str, list[str]]:
    """The lever that is what the first party of a condition does; none where it does not begin with one, or with the one who acts."""
    first = next(iter(so_far.names.mentions(on)), None)
    slug = _slug(so_far, on[first.end :]) if first is not None else ""
    opening = so_far.lexicon.phrases["conditions"].sub(" ", on[: first.start] if first is not None else "")
    small, leading = {word.lower() for word in WORD.findall(opening)}, so_far.lexicon.words["determiners"]
    if first is None or first.owns or not first.bearer or first.bearer == claim.actor or not slug or not small <= leading:
        return "", []
    name, needs = _lever(so_far, first.bearer, slug, claim, because, "no", on[first.end :])
    return name, [needs]


def _undone(so_far: _Lines, claim: Drafted, cue: Found, because: str) -> None:
    """The present setting of the lever that this party was said to have last."""
    name, sentence = so_far.last.get(claim.actor, ("", 0))
    label = next((str(item.fields["is"]) for item in so_far.items if item.id == so_far.levers.get(name)), "")
    if name and claim.sentence - sentence <= MOST_APART and undoes(claim.clause, label, so_far.names, so_far.lexicon):
        settings = so_far.case.settings.get(name, ("no", "yes"))
        so_far.add("now", {"lever": name, "now": settings[0]}, claim, because, [so_far.levers[name]])


def _someday(so_far: _Lines, claim: Drafted, cue: Found, because: str) -> None:
    """An event: what a party will do at some point, and nobody knows when."""
    slug = _slug(so_far, claim.clause.replace(cue.words, " "))
    if not slug:
        return
    name, needs = _lever(so_far, claim.actor, slug, claim, because, "no")
    _event(so_far, f"{name.replace('.', '_')}_someday", name, SOMEDAY, claim, because, needs)


def _incident(so_far: _Lines, claim: Drafted, because: str) -> None:
    """Attacks that a party is said to make: a lever, and an event by which they start again."""
    name, needs = _lever(so_far, claim.actor, "attacks", claim, because, "yes")
    _event(so_far, f"{name.replace('.', '_')}_incident", name, AGAIN, claim, because, needs)


def _event(so_far: _Lines, key: str, lever: str, rate: Mapping[str, Any], claim: Drafted, because: str, needs: str) -> None:
    settings = so_far.case.settings.get(lever, ("no", "yes"))
    first = so_far.case.file.levers[lever].one_way == "down" if lever in so_far.case.file.levers else False
    if key in so_far.case.file.events or any(item.kind == "event" and item.fields["id"] == key for item in so_far.items):
        return
    fields = {"id": key, "is": " ".join(claim.clause.split()[:MOST_WORDS]), "sets": {lever: settings[0 if first else -1]}}
    so_far.add("event", {**fields, "per_month": dict(rate), "basis": _basis(claim)}, claim, because, [needs])


def _observed(so_far: _Lines, claim: Drafted, because: str, year: str) -> None:
    """What happened on a day, where the text names the day and does not speak of what is to come: with each lever that somebody moved."""
    named = days(claim.clause, so_far.lexicon, year, so_far.on)
    if not named or so_far.lexicon.phrases["ahead"].search(claim.clause) or claim.author_holds in ("possible", "probable"):
        return
    if any(cue.cue.kind == "want" for cue in claim.cues) or claim.asker or not on_the_day(claim.clause, named[0].start, so_far.lexicon):
        return
    sort = "talk" if "talks" in so_far.lexicon.concept(claim.clause) else "incident"
    if sort == "incident" and ISO.match(named[0].iso) and "" < so_far.case.file.as_of < named[0].iso:
        so_far.later.append(named[0].iso)
        return  # what is still to come has not been seen
    key = f"{sort}_{re.sub(r'[^a-z0-9]+', '_', named[0].iso.lower()).strip('_')}"
    between = [key for p in claim.parties if (key := party_key(p, so_far.case)) in so_far.case.file.parties]
    fields: dict[str, Any] = {"id": key, "sort": sort, "date": named[0].iso, "is": " ".join(claim.clause.split()[:MOST_WORDS])}
    fields |= {"between": between, "basis": _basis(claim)}
    moved = _moved(so_far, claim) or _just_moved(so_far, claim) if ISO.match(named[0].iso) else {}
    for lever, setting in moved.items():
        so_far.add("observation", {**fields, "lever": lever, "took": setting}, claim, because, [so_far.levers[lever]])
    if not moved:
        so_far.add("observation", fields, claim, because)


def _moved(so_far: _Lines, claim: Drafted) -> dict[str, str]:
    """The levers of the case that a claim says were moved, and to which setting; none where whoever says so is not sure, or denies it."""
    if claim.condition or claim.wished or claim.source_holds not in ("", "certain") or claim.author_holds in ("possible", "probable", "denied"):
        return {}
    return moved_to(claim.clause, claim.actor, so_far.case, so_far.names, so_far.lexicon)


def _just_moved(so_far: _Lines, claim: Drafted) -> dict[str, str]:
    """The lever that was just proposed, where a claim says that a party moved it."""
    name, sentence = so_far.last.get(claim.actor, ("", -1))
    acted = any(cue.cue.now == "yes" for cue in claim.cues) or "attacks" in so_far.lexicon.concept(claim.clause)[:1]
    now = acted and sentence == claim.sentence and _acts_itself(so_far, claim)
    return {name: so_far.case.settings.get(name, ("no", "yes"))[-1]} if now else {}
