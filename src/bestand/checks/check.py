"""What is doubtful in a case that reads without errors: each finding with a code, a place and advice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bestand.case.days import impossible
from bestand.case.lines import party_of
from bestand.case.loaded import Case, OfCase, parts, stated
from bestand.case.parts import Backed, Quantity, Words
from bestand.case.template import TO_BE_REPLACED
from bestand.case.translations import in_other_languages, languages, stray
from bestand.case.yaml import joined
from bestand.checks import sense, sense_worlds
from bestand.checks.findings import Finding, Findings, finding
from bestand.checks.sense import Sense, sense_of

__all__ = ["RULES", "Finding", "Findings", "check"]
MOST_WORDS = 12  # of a quote in a case that is shared
MOST_ALIKE = 50  # findings of one code that are told one by one
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ].*)?\Z")
_NOTES = {
    "tracked-changes": "check/tracked-changes", "struck-out": "check/struck-out", "hidden": "check/hidden-text", "unclear": "check/unclear-looks",
    "turned": "check/turned-text",
}  # fmt: skip


def check(case: Case | OfCase) -> Findings:
    """Everything in a case that an analyst should look at again.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> [each.what for each in check(read_text(new("A dispute"))).findings]
    ["10 lines still say what a new line says: 'to be replaced by a claim'"]
    """
    case = stated(case)
    ready = sense_of(case)
    findings = [each for rule in RULES for each in _few(case, rule(ready))]
    order: Mapping[str, int] = {"error": 0, "warning": 1, "note": 2}
    return Findings(tuple(sorted(findings, key=lambda f: order[f.severity])))


def _few(case: Case, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first findings of each code, and how many more there are."""
    counted: Counter[str] = Counter()
    for each in findings:
        counted[each.code] += 1
        if counted[each.code] <= MOST_ALIKE:
            yield each
    for code, n in counted.items():
        if n > MOST_ALIKE:
            yield finding("check/more-alike", "note", case.place(""), n=n - MOST_ALIKE, kind=code)


def _quotes(ready: Sense) -> Iterator[Finding]:
    case = ready.case
    unchecked = [name for name, quote in case.quotes.items() if quote.status == "unchecked"]
    if unchecked:
        yield finding("check/quotes-unchecked", "note", case.place("claims"), n=len(unchecked))
    for name, claim in case.file.claims.items():
        if len(claim.quote.split()) > MOST_WORDS:
            place = case.place(f"claims.{name}.quote")
            yield finding("check/long-quote", "warning", place, claim=name, n=len(claim.quote.split()), most=MOST_WORDS)


def _sources(ready: Sense) -> Iterator[Finding]:
    for name, notes in ready.case.notes.items():
        for note in sorted(notes):
            place = ready.case.place(f"sources.{name}")
            yield finding(_NOTES[note], "warning" if note in ("tracked-changes", "turned") else "note", place, source=name)


def _unused_claims(ready: Sense) -> Iterator[Finding]:
    case = ready.case
    used = {claim for _, part in parts(case.file) for claim in (part.claims if isinstance(part, Backed) else getattr(part, "because", ()))}
    used |= {other for claim in case.file.claims.values() for other in (*claim.denies, *claim.supports)}
    used |= {name for name, claim in case.file.claims.items() if claim.denies or claim.supports}
    for name, claim in case.file.claims.items():
        if name not in used and not claim.context:
            yield finding("check/unused-claim", "warning", case.place(f"claims.{name}"), claim=name)


def _denied(ready: Sense) -> Iterator[Finding]:
    """Claims that another one denies, though lines of the model rest on them."""
    case = ready.case
    used = {claim for _, part in parts(case.file) for claim in (part.claims if isinstance(part, Backed) else getattr(part, "because", ()))}
    for name, claim in case.file.claims.items():
        for k, other in enumerate(claim.denies):
            if other in used:
                yield finding("check/denied-claim", "warning", case.place(f"claims.{name}.denies[{k}]"), claim=other, other=name)


def _observations(ready: Sense) -> Iterator[Finding]:
    case, last = ready.case, dict[str, tuple[str, str, int]]()
    for k, seen in enumerate(case.file.observations):
        if case.file.as_of and _ISO.match(case.file.as_of) and seen.on > case.file.as_of:
            yield finding("check/seen-later", "warning", case.place(f"observations[{k}].on"), on=seen.on, as_of=case.file.as_of)
        elif seen.took is not None and seen.on >= last.get(seen.lever, ("", "", 0))[0]:
            last[seen.lever] = seen.on, seen.took, k
    for lever, (on, setting, k) in last.items():
        if case.file.present == "given" and case.now[lever] != setting:
            place = case.place(f"observations[{k}]")
            yield finding("check/seen-otherwise", "warning", place, lever=lever, seen=setting, on=on, now=case.now[lever])


def _without_basis(ready: Sense) -> Iterator[Finding]:
    inherited = {"needs", "worth", "per_month", "types", "play", "value", "up", "down", "days", "fades_per_month", "restored_per_month"}
    for at, part in parts(ready.case.written or ready.case.file):  # of a short form once, and not of each line that is made of it
        if isinstance(part, Backed) and not isinstance(part, Quantity) and part.rests_on is None and not inherited & set(at.split(".")):
            yield finding("check/no-basis", "warning", ready.case.place(at), at=at)


def _to_be_replaced(ready: Sense) -> Iterator[Finding]:
    """Lines that nobody has backed yet since they were begun: told once, at the first of them."""
    backed = [(at, part.assumed) for at, part in parts(ready.case.written or ready.case.file) if isinstance(part, Backed)]
    still = [(at, assumed) for at, assumed in backed if assumed in TO_BE_REPLACED]
    if still:
        at, text = still[0]
        yield finding("check/to-be-replaced", "warning", ready.case.place(at), n=len(still), text=text)


def _basis_without_claims(ready: Sense) -> Iterator[Finding]:
    for at, part in parts(ready.case.written or ready.case.file):
        if isinstance(part, Backed) and part.basis not in (None, "assumed") and not part.claims:
            yield finding("check/basis-without-claims", "warning", ready.case.place(at), at=at, basis=str(part.basis))


def _dates(ready: Sense) -> Iterator[Finding]:
    file = ready.case.file
    dated = [("as_of", file.as_of)] if file.as_of else []
    for section in ("sources", "talks", "incidents"):
        dated += [(f"{section}.{name}.date", part.date) for name, part in getattr(file, section).items() if part.date]
    dated += [(f"claims.{name}.accepted_on", claim.accepted_on) for name, claim in file.claims.items() if claim.accepted_on]
    for at, written in dated:
        wrong = [each for each in dict.fromkeys((written, *getattr(written, "given", {}).values())) if impossible(each)]
        for each in wrong:
            yield finding("check/impossible-date", "warning", ready.case.place(at), date=each)
        if not wrong and at == "as_of" and not _ISO.match(written.strip()):
            yield finding("check/unclear-date", "warning", ready.case.place(at), date=written)


_LOOKS = str.maketrans("АВЕКМНОРСТХаеорсухіјѕһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρ", "ABEKMHOPCTXaeopcyxijshlABEZHIKMNOPTYXaiovp")


_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u17b4\u17b5\u2800"))  # letters and signs that show nothing


def as_seen(name: str) -> str:
    """A name as a reader sees it: alike where only capitals, blanks, invisible signs, or letters of another alphabet that look the same differ.

    >>> as_seen("Ru\u200bssia ") == as_seen("RUSSIA"), as_seen("Ukrai\u0308ne") == as_seen("Ukraïne"), as_seen("\u0410bc") == as_seen("Abc")
    (True, True, True)
    >>> as_seen("\u3164")
    ''
    """
    plain = unicodedata.normalize("NFKC", name).translate(_LOOKS).translate(_BLANK)
    shown = (sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Mn") or unicodedata.combining(sign))
    return " ".join("".join(shown).split()).casefold()


def _names_of_parties(ready: Sense) -> Iterator[Finding]:
    """Parties that a reader cannot tell apart, and names in talks and framings that belong to no party."""
    case, known = ready.case, dict[str, str]()
    for party, known_as in case.file.parties.items():
        for seen, name in {as_seen(word): word.strip().casefold() for word in (known_as.name, *known_as.also)}.items():
            if known.setdefault(seen, party) != party and seen:
                place = case.place(f"parties.{party}")
                yield finding("check/equal-names", "warning", place, one=known[seen], other=party, name=name)
    for one, party, name in _told_alike({party: known_as.name for party, known_as in case.file.parties.items()}, languages(case.file)[1:]):
        if known.get(as_seen(case.file.parties[party].name)) == party:  # else that is told of their own names
            yield finding("check/equal-names", "warning", case.place(f"parties.{party}"), one=one, other=party, name=name)
    everyone = {as_seen(word) for party in case.file.parties.values() for word in party.members} | known.keys()
    for at, who in _named(case):
        if who not in case.file.parties and as_seen(who) not in everyone:
            yield finding("check/unknown-party", "warning", case.place(at), who=who)
    for name, talk in case.file.talks.items():
        if len({known.get(as_seen(who), as_seen(who)) if who not in case.file.parties else who for who in talk.between}) < 2:
            yield finding("check/lone-talk", "warning", case.place(f"talks.{name}.between"), talk=name)


def _unseen_words(ready: Sense) -> Iterator[Finding]:
    """Names, labels and other words that have nothing for a reader to see; optional ones may be left out, which is to give none."""
    file = ready.case.written or ready.case.file
    for at, part in (("", file), *parts(file)):
        for name, info in type(part).model_fields.items():
            given = getattr(part, name)
            told = given.items() if isinstance(given, Mapping) else enumerate(given) if isinstance(given, tuple) else [("", given)]
            wanted = info.is_required() or isinstance(given, tuple)
            for key, words in told:
                if isinstance(words, Words) and (words or wanted) and not all(map(_seen, (words, *words.given.values()))):
                    where = joined(at, info.alias or name)
                    where = where if key == "" else joined(where, key)
                    yield finding("check/unseen-words", "warning", ready.case.place(where), at=where)


def _seen(words: str) -> bool:
    return "0" <= words[:1] <= "z" or bool(as_seen(words))


def _words_of_levers(ready: Sense) -> Iterator[Finding]:
    """Levers of one party, and settings of one lever, that a reader cannot tell apart."""
    case, spoken = ready.case, languages(ready.case.file)
    of_party: dict[str, dict[str, Words]] = {}
    for name, lever in case.file.levers.items():
        of_party.setdefault(party_of(name), {})[name] = lever.label
    for labels in of_party.values():
        for first, name, label in _told_alike(labels, spoken):
            yield finding("check/equal-levers", "warning", case.place(f"levers.{name}"), one=first, other=name, label=label)
    for name, lever in case.file.levers.items():
        for key, given in (("meaning", lever.meaning), ("told", lever.told)):
            for first, setting, words in _told_alike(given, spoken):
                place = case.place(f"levers.{name}.{key}")
                yield finding("check/equal-settings", "warning", place, lever=name, one=first, other=setting, meaning=words)


def _told_alike(words: Mapping[str, Words], spoken: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Pairs of names that are told alike in some language, each once, with what they are told as."""
    pairs: set[tuple[str, str]] = set()
    for language in spoken:
        known: dict[str, str] = {}
        for name, each in words.items():
            said = each.said(language)
            pair = (known.setdefault(as_seen(said), name), name)
            if said and pair[0] != name and pair not in pairs:
                pairs.add(pair)
                yield (*pair, said)


def _named(case: Case) -> Iterator[tuple[str, str]]:
    """Who is named in talks and framings."""
    for name, talk in case.file.talks.items():
        yield from ((f"talks.{name}.between[{k}]", who) for k, who in enumerate(talk.between))
    for name, incident in case.file.incidents.items():
        yield from ((f"incidents.{name}.framings[{k}].by", framing.by) for k, framing in enumerate(incident.framings))


def _no_state(ready: Sense) -> Iterator[Finding]:
    """Bans that leave no state."""
    levers = sense.none_left(ready)
    if levers:
        yield finding("check/no-state", "error", ready.case.place("never"), levers=", ".join(levers))


def _translations(ready: Sense) -> Iterator[Finding]:
    """Translations of texts that the case does not have in those words, and words that it does not have in its own language."""
    for language, text in stray(ready.case):
        yield finding("check/no-such-text", "warning", ready.case.place(f"translations.{language}"), text=text, language=language)
    for language, told in ready.case.file.translations.items():
        for where in (joined(f"translations.{language}", text) for text, words in told.items() if not _seen(words)):
            yield finding("check/unseen-words", "warning", ready.case.place(where), at=where)
    for language, n in in_other_languages(ready.case.file, ready.case.file.language).items():
        yield finding("check/other-language", "warning", ready.case.place("language"), n=n, language=language, own=ready.case.file.language)


RULES: tuple[Callable[[Sense], Iterator[Finding]], ...] = (
    _quotes,
    _sources,
    _unused_claims,
    _denied,
    _observations,
    sense.idle_levers,
    _without_basis,
    _to_be_replaced,
    _basis_without_claims,
    sense.weights,
    sense.guards,
    _no_state,
    sense.present,
    sense.red_lines,
    sense.stuck_parties,
    sense.empty_wants,
    sense.trapping_bans,
    sense_worlds.barred_events,
    sense_worlds.stopped_clocks,
    sense_worlds.clocks_apart,
    sense_worlds.clocks_from_today,
    sense_worlds.minded_elsewhere,
    sense_worlds.idle_consent,
    sense_worlds.idle_chance,
    _dates,
    _names_of_parties,
    _unseen_words,
    _words_of_levers,
    _translations,
    sense.no_usual_view,
    sense.too_large,
)
