"""What is told of levers that the case has: which of them words speak of, and to which setting somebody moved it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.drafting.claims import Drafted
from bestand.drafting.clauses import n_words
from bestand.drafting.demands import without_names
from bestand.drafting.lexicon import LANGUAGES, WORD, Lexicon, lexicon
from bestand.drafting.names import Names, party_key

TWO = 2  # settings of a lever that is done or not, and words of a label that words have to share
SHARED = 2 / 3  # of the words of a lever's label that words speak of, from which on it is meant
STEM, FEWEST_LETTERS = 0.7, 4  # of a word that an ending leaves as it is
LED = ("pronouns", "people", "own", "that", "infinitive", "links", "asked")  # words before a deed that are none of it
BEFORE = 4  # words before a deed, among which `stopped` undoes it


@dataclass(frozen=True, slots=True)
class MeantLever:
    """A lever that words speak of: which, how much of its label, and where in the words that begins."""

    name: str
    share: float
    start: int


def known_as(case: Case, party: str, slug: str, words: str, names: Names, spoken: Lexicon) -> str:
    """The lever of a party that is meant: the one that the words speak of by its label, else the only one that speaks of the same
    concept as they do (`slug`); empty where the case has none such, or has one that is called so."""
    if f"{party}.{slug}" in case.file.levers:
        return ""
    meant = levers_meant(words, case, names, spoken, party)
    best = [each.name for each in meant if each.share == meant[0].share]
    if len(best) == 1:
        return best[0]
    mine = {name: lever for name, lever in case.file.levers.items() if party_of(name) == party and len(lever.settings) == TWO}
    labels = {name: (lever.label, *lever.label.given.values()) for name, lever in mine.items()}
    same = [name for name, said in labels.items() if any(slug in lexicon(language).concept(text)[:1] for text in said for language in LANGUAGES)]
    return same[0] if len(same) == 1 else ""


def levers_meant(words: str, case: Case, names: Names, spoken: Lexicon, party: str = "") -> list[MeantLever]:
    """The levers of two settings whose labels words speak of, in their language, those first that they speak of most.

    party : whose; everybody's, if not given

    >>> from bestand.case.read import read_text
    >>> from bestand.drafting.names import names_in
    >>> levers = "levers: {n.road: {is: North reopens the road, now: no, assumed: x}}"
    >>> case = read_text(f"bestand: 1\\ntitle: T\\nparties: {{n: {{name: North}}}}\\n{levers}\\n")
    >>> [each.name for each in levers_meant("the road open by Sunday", case, names_in(case.file, lexicon("en")), lexicon("en"))]
    ['n.road']
    """
    plain = without_names(words, names)
    said = [(match.start(), match.group().lower()) for match in WORD.finditer(plain) if match.group().lower() not in spoken.weekdays]
    meant, own = [], _party_words(case)
    for name, lever in case.file.levers.items():
        if len(lever.settings) != TWO or party not in ("", party_of(name)):
            continue
        told = {case.file.language: str(lever.label), **lever.label.given, **lever.label.translated}.get(spoken.language, "")
        called = {word.lower() for word in spoken.content(told)} - own
        places = {word: [at for at, other in said if _alike(word, other)] for word in called}
        shared = [min(at) for at in places.values() if at]
        if len(shared) >= min(TWO, len(called)) and called and len(shared) / len(called) >= SHARED:
            meant.append(MeantLever(name, len(shared) / len(called), min(shared)))
    return sorted(meant, key=lambda each: -each.share)


def _party_words(case: Case) -> frozenset[str]:
    """The words of the parties' names, which say nothing of what a lever does."""
    names = [name for party in case.file.parties.values() for name in (party.name, *party.name.given.values(), *party.also)]
    return frozenset(word.lower() for name in names for word in WORD.findall(name))


def moved_to(clause: str, actor: str, case: Case, names: Names, spoken: Lexicon) -> dict[str, str]:
    """Levers of a party that a clause says it moved, and to which setting: what it accepted, opened, sent, or stopped.

    actor : whose levers; those of whom the clause need not name, `the road was reopened`, if not given

    What is said of what will be, may be, or would be under a condition moves nothing, nor does what is denied.
    """
    small = {word.lower() for word in WORD.findall(clause)}
    must = spoken.words["duties"] - {"do", "be", "shall"}
    if small & (spoken.words["no"] | must) or spoken.phrases["ahead"].search(clause) or spoken.phrases["conditions"].search(clause):
        return {}
    if not actor and not small & spoken.words["links"]:
        return {}  # `three shells fell`: by whom is not said, nor is it what was done to something
    if spoken.found(clause, "hedge", "want", "someday", "undone", "guard") or any(cue.cue.now == "no" for cue in spoken.found(clause, "act")):
        return {}
    moved = {}
    for each in levers_meant(clause, case, names, spoken, party_key(actor, case) if actor else ""):
        before = " ".join(clause[: each.start].split()[-BEFORE:])
        last = re.split(r"[,;]", before)[-1]
        asked = n_words(last) > 0 and last.split()[-1].lower() in spoken.words["infinitive"]  # `asked it to accept`
        if asked or (not actor and each.share < 1):
            continue
        off, on = case.settings[each.name]
        moved[each.name] = off if spoken.phrases["stopping"].search(clause if spoken.late else last) else on
    return moved


def undoes(clause: str, label: str, names: Names, spoken: Lexicon) -> bool:
    """Whether `not yet` is said of the lever just spoken of, by its label, and not of something else that a clause names."""
    said = spoken.content(without_names(clause, names).lower())
    meant = any(_alike(word, other) for word in said for other in spoken.content(label.lower()))
    return meant or not label or len(said) <= TWO or bool(set(said) & spoken.words["anaphors"])


def announced(claim: Drafted, names: Names, spoken: Lexicon) -> Drafted | None:
    """A claim of what somebody will do itself, as an offer: `announced that it would open the port`; None where the clause is about
    something else (`said that the storm would pass`), or says by other words what is done or wanted."""
    told = any(cue.cue.kind in ("act", "want") for cue in claim.cues)
    if told or not claim.speaker or claim.speaker != claim.actor or claim.source_holds != "certain":
        return None
    own = spoken.words["people"] | spoken.words["own"] | {"it", "het", "es"}
    named = {m.start for m in names.mentions(claim.clause) if m.bearer == claim.actor}
    office = spoken.words["institutions"] | spoken.words["offices"]
    for match in WORD.finditer(claim.clause):
        small = match.group().lower()
        if small in own or match.start() in named or small in office:
            cue = next(iter(spoken.found(claim.clause[match.end() :], "future")), None)
            return replace(claim, clause=claim.clause[match.end() :], cues=(replace(cue, cue=replace(cue.cue, kind="act")),)) if cue else None
        if small not in spoken.words["determiners"] | spoken.words["owners"] | spoken.words["that"]:
            return None
    return None


def bare_deed(words: str, party: str, names: Names, spoken: Lexicon) -> str:
    """Words of a deed without the one who does it at their start, by name or pronoun: `Merrow withdraw its boats`, `to wait`."""
    bare = words.lstrip(" ,;:-–")
    first = WORD.match(bare)
    if first is not None and first.group().lower() in spoken.weekdays:
        return bare_deed(bare[first.end() :], party, names, spoken)  # `rejected | on Wednesday | the call`
    named = next((m for m in names.mentions(bare) if m.bearer == party and not m.owns), None)
    if named is not None and all(word.lower() in spoken.words["determiners"] for word in WORD.findall(bare[: named.start])):
        return bare_deed(bare[named.end :], party, names, spoken)
    hedge = next((cue for cue in spoken.found(bare, "hedge") if cue.start == 0), None)
    if hedge is not None:
        return bare_deed(bare[hedge.end :], party, names, spoken)
    small = frozenset().union(*(spoken.words[name] for name in LED)) - spoken.words["determiners"]
    return bare_deed(bare[first.end() :], party, names, spoken) if first and first.group().lower() in small else bare.rstrip(" .,;:")


def _alike(word: str, other: str) -> bool:
    """Whether two words are forms or compounds of one: `accepts`, `accepted`; `laat`, `vrijlaat`; `opens`, `reopened`."""
    if word == other or min(len(word), len(other)) < FEWEST_LETTERS:
        return word == other
    return _stem(word) in other or _stem(other) in word


def _stem(word: str) -> str:
    return word[: max(FEWEST_LETTERS, math.ceil(STEM * len(word)))]
