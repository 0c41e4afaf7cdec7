"""Who acts in a clause: the party it is about, by name, by pronoun, or because the sentence goes on about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bestand.drafting.clauses import Clause, n_words
from bestand.drafting.lexicon import WORD, Lexicon
from bestand.drafting.names import ARTICLES, Mention
from bestand.drafting.speakers import AUTHOR, Memory, Said

UNTOLD = (AUTHOR, "unnamed source", "hearsay", "")  # nobody who could mean oneself by `they`
PERSONS = frozenset(["he", "she", "hij"])
IMPERSONAL = frozenset(["is", "was", "wordt", "werd", "zijn", "waren", "gaat", "blijft", "ist", "war", "wird", "wurde", "bleibt", "gibt", "sind"])


def actor_of(
    text: str, part: Clause, mentions: tuple[Mention, ...], by: Said | None, subject: str, memory: Memory, lexicon: Lexicon
) -> str:
    """The party that acts in a clause; one who speaks of `us` means its own party."""
    own = next((m for m in list(WORD.finditer(text, part.start, part.end))[:4] if m.group().lower() in lexicon.words["own"]), None)
    named = own is not None and any(part.start <= m.start < own.start() and m.bearer for m in _free(text, part, list(mentions), lexicon))
    if by is not None and by.party and own is not None and not named:
        return by.party
    writer = (by is None or by.who == AUTHOR) and (memory.turn is None or bool(memory.author))
    if own is not None and not named and own.group().lower() in lexicon.words["selves"] and writer:
        return memory.author  # `we`, of nobody known, is nobody who is named elsewhere in the sentence
    if by is not None and by.cue.cue.sense == "accuses":
        accused = [m.bearer for m in mentions if max(part.start, by.cue.start) <= m.start < part.end and m.bearer not in ("", by.party)]
        if accused:
            return accused[0]
    answers = by is not None and memory.turn is not None and bool(by.who) and by.who == memory.turn.who
    if answers and memory.other and _meant_first(text, part, mentions, lexicon):
        return memory.other
    if by is not None and by.cue.cue.kind == "speech" and not by.party and by.who not in UNTOLD and _meant_first(text, part, mentions, lexicon):
        return ""  # `both sides said that they …`: those who speak are no party
    otherwise = by.party if by else ""
    if by is not None and by.cue.cue.kind == "according":
        meant = _meant(text, part, mentions, lexicon)
        otherwise = (_person_meant(text, meant, memory) if meant is not None else "") or memory.actor or otherwise
    elif answers:
        otherwise = memory.other
    return subject_of(text, part, mentions, lexicon, subject or otherwise, memory)


def _meant_first(text: str, part: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon) -> bool:
    """Whether a clause is about `they`: somebody else than the one whose turn it is."""
    meant = _meant(text, part, mentions, lexicon)
    return meant is not None and not any(part.start <= m.start < meant for m in mentions)


def subject_of(text: str, part: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon, inherited: str, memory: Memory) -> str:
    """The party that a clause is about: after `by`; else the first name that no preposition governs, or the one meant by a
    pronoun before it; else the one that the sentence is about so far; else the first that is named."""
    part = _after_source(text, part, lexicon)
    here = [m for m in mentions if part.start <= m.start < part.end]
    asked = [part.start + cue.end for cue in lexicon.found(part.of(text), "want") if cue.cue.sense == "asks"]
    agents = [m for m in here if m.bearer and _word_before(text, part, m) in lexicon.words["by"]]
    # `verlangt von Brill`: who is asked, and not who asks
    agents = [m for m in agents if _word_before(text, part, m) not in lexicon.words["of"] or m.start < min(asked, default=m.start + 1)]
    by = next(iter(agents), None)
    if by is not None:
        return by.bearer
    free = _free(text, part, here, lexicon)
    meant = _meant(text, part, mentions, lexicon)
    if _stranger(text, part, here, lexicon):
        return ""
    if meant is not None and memory.governs and lexicon.phrases["same"].match(text, meant) and (not free or meant < free[0].start):
        return memory.governs
    if meant is not None and (not free or meant < free[0].start):
        told = WORD.match(text) if part.start > 0 and not any(m.bearer and m.start < part.start for m in mentions) else None
        unknown = told is not None and told.group().lower() in lexicon.words["determiners"]  # `The farmers marched; they want …`
        return inherited or _person_meant(text, meant, memory) or ("" if unknown else memory.actor)
    if free and free[0].bearer:
        return free[0].bearer
    if here and here[0].bearer and _owner_of_subject(text, part, here[0], lexicon):
        return here[0].bearer
    seated = [m for m in here if m.named.sort == "seat" and _governed(text, part, m, lexicon)]  # `Commanders met in Nairobi`: Kenya does nothing
    return inherited or next((m.bearer for m in here if m.bearer and m not in seated), "")


def governing(text: str, mentions: tuple[Mention, ...], lexicon: Lexicon) -> str:
    """The party of whose government a sentence speaks by name: `the government of Alm`, `Alm's government`; empty if of none."""
    small = lexicon.words["determiners"] | lexicon.words["of"]
    for m in mentions:
        before, after = [word.lower() for word in WORD.findall(text[: m.start])], WORD.search(text, m.end)
        follows = after.group().lower() if after is not None and after.start() <= m.end + 3 else ""
        led = " ".join(word for word in before[-4:] if word not in small).rpartition(" ")[2] if set(before[-2:]) & lexicon.words["of"] else ""
        if m.bearer and any(lexicon.phrases["same"].fullmatch(f"{the} {noun}") for noun in (follows, led) if noun for the in ARTICLES):
            return m.bearer
    return ""


def _stranger(text: str, part: Clause, here: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a clause opens with an article and a name that is not known: `The Coastguard has …`; in German every noun looks so."""
    words = list(WORD.finditer(text, part.start, part.end))[:2]
    named = len(words) > 1 and words[0].group().lower() in ARTICLES and words[1].group()[0].isupper() and lexicon.language != "de"
    return named and not any(m.start <= words[1].start() < m.end or (m.start < words[1].end() + 40 and m.owns) for m in here[:1])


def _person_meant(text: str, at: int, memory: Memory) -> str:
    """The party for which the person spoken of last acts, where `he` or `she` can mean nothing but a person."""
    word = WORD.match(text, at)
    alone = word is not None and word.group().lower() in PERSONS and memory.person is not None
    return memory.person.bearer if alone and memory.person is not None else ""


def _after_source(text: str, part: Clause, lexicon: Lexicon) -> Clause:
    """A clause without the source that it opens with: `Selon un diplomate turc, Moscou …` is about Moscow."""
    comma = text.find(",", part.start, part.end)
    opens = any(cue.start == 0 for cue in lexicon.found(part.of(text), "according"))
    return replace(part, start=comma + 1) if opens and comma > 0 else part


def _owner_of_subject(text: str, part: Clause, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a name stands after `of` within the first words: `The government of Marl rejects …`."""
    before = [word.lower() for word in WORD.findall(text[part.start : mention.start])]
    while before and before[-1] in lexicon.words["determiners"]:
        before.pop()
    return 1 < len(before) <= 4 and before[-1] in lexicon.words["of"] and not lexicon.words["links"] & set(before)


def _word_before(text: str, part: Clause, mention: Mention) -> str:
    words = WORD.findall(text[part.start : mention.start])
    return words[-1].lower() if words else ""


def _free(text: str, part: Clause, here: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Names that no preposition governs; `between A, B and C` governs all three."""
    free: list[Mention] = []
    before: Mention | None = None
    governed = False
    for m in here:
        between = text[before.end : m.start].strip(" ,").lower() if before else ""
        chained = before is not None and governed and between in ("", "en", "and", "und", "et", "of", "or", "de", "en de", "and the", "het", "en het")
        governed = chained or _governed(text, part, m, lexicon)
        if not governed:
            free.append(m)
        before = m
    return free


def _meant(text: str, part: Clause, mentions: Iterable[Mention], lexicon: Lexicon) -> int | None:
    """Where a pronoun or `the country` stands among the first words of a clause."""
    words = list(WORD.finditer(text, part.start, part.end))[:5]
    anaphor = lexicon.words["people"] | {"it"}
    opens = len(words) > 1 and words[0].group().lower() in lexicon.words["that"]
    meant = [anaphor if k > opens else anaphor | lexicon.words["owners"] for k in range(len(words))]
    places = [match.start() for match, known in zip(words, meant, strict=True) if match.group().lower() in known]
    if len(words) > 1 and words[0].group().lower() in ("het", "es") and words[1].group().lower() in lexicon.words["links"] - IMPERSONAL:
        places.append(words[0].start())
    same = lexicon.phrases["same"].search(text, part.start, part.end)
    after = WORD.search(text, same.end()) if same else None
    if same and any(m.start < same.end() and same.start() < m.end for m in mentions):
        same = None  # `the Government` is a name that the case gives a party
    if same and after and (after.group().lower() in lexicon.words["of"] or (lexicon.language == "de" and after.group()[0].isupper())):
        same = None  # `the government of Marl` is Marl's, `das Land Alm` is Alm
    return min([*places, *([same.start()] if same else [])], default=None)


def _governed(text: str, part: Clause, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a preposition stands before a name, with at most an article or adjective between."""
    before = [word.lower() for word in WORD.findall(text[part.start : mention.start])][-3:]
    while before and before[-1] in lexicon.words["determiners"]:
        before.pop()
    return bool(before) and before[-1] in lexicon.words["before"]


def leading(text: str, piece: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon) -> str:
    """The party that the second half of a long clause begins with: `and the League would withdraw …`."""
    free = _free(text, piece, [m for m in mentions if piece.start <= m.start < piece.end], lexicon)
    return free[0].bearer if free and n_words(text[piece.start : free[0].start]) <= 2 else ""
