"""Who says what is said in a sentence, through whom, and how surely: reported speech, quotations, hearsay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bestand.drafting.clauses import Clause, n_words, speaks_on
from bestand.drafting.lexicon import WORD, Cue, Found, Lexicon
from bestand.drafting.names import Mention
from bestand.drafting.speakers import MOST_SPEAKER, Memory, Said, apposition, named_by, speaker

FEWEST = 3  # words of what is said
NOT_THE_ONE = frozenset(["hearsay", ""])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A sentence and what is known of it, while it is found out who says what.

    by_clause : who says each clause, None where nobody but the author; filled in on the way
    """

    text: str
    parts: tuple[Clause, ...]
    mentions: tuple[Mention, ...]
    memory: Memory
    lexicon: Lexicon
    by_clause: list[Said | None]

    def home(self, cue: Found) -> int | None:
        """The clause in which a cue stands."""
        return next((k for k, part in enumerate(self.parts) if part.start <= cue.start < part.end), None)

    def give(self, places: Iterable[int], said: Said) -> None:
        """Gives clauses to who says them."""
        for place in places:
            self.by_clause[place] = said


def attributed(
    text: str, parts: tuple[Clause, ...], cues: tuple[Found, ...], mentions: tuple[Mention, ...], memory: Memory, lexicon: Lexicon
) -> tuple[tuple[Said | None, ...], frozenset[int]]:
    """Who says each clause of a sentence (None where the author does), and which clauses only say that somebody speaks.

    parts : the clauses, cues : the sentence's cues of speech, source and hearsay, mentions : the names in it
    """
    spoken = _Spoken(text, parts, mentions, memory, lexicon, [None] * len(parts))
    frames: set[int] = set()
    for cue in cues:
        if cue.cue.kind == "hearsay":
            spoken.give(range(len(parts)), Said("hearsay", "", cue, cue.cue.holds, cue.cue.via))
        elif cue.cue.kind == "according":
            spoken.give(range(len(parts)), named_by(text, cue, mentions, memory, lexicon))
            frames |= _source_only(spoken, cue)
    sourced = [cue for cue in cues if cue.cue.kind in ("according", "hearsay")]
    for cue in cues:
        if cue.cue.kind == "speech" and not any(cue.start < other.end and other.start < cue.end for other in sourced):
            frames |= _speak(spoken, cue)
    if all(said is None for said in spoken.by_clause):
        _go_on(spoken)
    by_clause = spoken.by_clause
    if memory.turn is not None and memory.turn.who:
        turn = Said(memory.turn.who, memory.turn.party, Found(_plain(lexicon), 0, 0, ""), "certain", "")
        by_clause = [said or turn for said in by_clause]
    return tuple(by_clause), frozenset(frames)


def _plain(lexicon: Lexicon) -> Cue:
    """The cue of one who says something, and no more."""
    return next(cue for cue in lexicon.cues if cue.kind == "speech" and cue.sense == "says")


def _source_only(spoken: _Spoken, cue: Found) -> set[int]:
    """The clause that does no more than name a source, and what stands after it where it comes last."""
    home, parts = spoken.home(cue), spoken.parts
    if home is None:
        return set()
    words, said = parts[home].of(spoken.text), spoken.by_clause[home]
    named = n_words(said.who) if said and said.who in words else 0
    only = n_words(words) <= named + 4 or (home > 0 and parts[home].start == cue.start)
    goes_on = parts[home].start == cue.start and n_words(words.partition(",")[2]) >= FEWEST
    if home > 0 and goes_on and n_words(spoken.text[: parts[home].start]) < FEWEST:
        return set(range(home))  # `In private, according to two members, it would …`
    return set(range(home, len(parts))) if only and home > 0 else {home} if only else set()


def _speak(spoken: _Spoken, cue: Found) -> set[int]:
    """Gives the clauses that a verb of speech speaks of to its speaker; the clause that only introduces them."""
    home, parts, lexicon = spoken.home(cue), spoken.parts, spoken.lexicon
    if home is None or parts[home].sort == "quote":
        return set()
    if cue.cue.sense == "denies" and spoken.by_clause[home] is None and _of_what_was_said(spoken.text, parts[home], cue, lexicon):
        spoken.give([home], Said(*_speaker(spoken, parts[home], cue, spoken.mentions), cue, "certain", cue.cue.via))
        return set()
    reach = _reach(spoken.text, parts, home, cue, lexicon)
    if not reach or (reach == [home] and _of_nothing(spoken.text, parts[home], cue, lexicon)):
        return set()
    if home in reach and _is_sourced(spoken.by_clause[home], lexicon):
        _speak_within(spoken, cue, home, [k for k in reach if k != home])
        return set()
    chain = spoken.by_clause[reach[0]]
    who, party = _nested(spoken, parts[home], cue, spoken.by_clause[home], chain) or _speaker(spoken, parts[home], cue, spoken.mentions)
    lead = {word.lower() for word in WORD.findall(spoken.text[parts[home].start : cue.start])}
    if lead and lead <= lexicon.words["things"]:  # `this shows that …`: nobody speaks
        return set() if home in reach else {home}
    if chain is not None and chain.cue.cue.kind == "hearsay":
        spoken.give(reach, Said(who or "hearsay", party, chain.cue, chain.holds, chain.via))
    else:
        spoken.give(reach, Said(who or "unnamed source", party, cue, cue.cue.holds, cue.cue.via))
    trailing = home > max(reach)
    named = apposition(spoken.text, parts[home], spoken.mentions)
    subject = {k for k in range(home) if named is not None and parts[k].end >= named.start and named.named.person == who}
    subject = {k for k in subject if not lexicon.words["links"] & {word.lower() for word in WORD.findall(parts[k].of(spoken.text))}}
    return subject if home in reach else {home, *subject, *(range(home, len(parts)) if trailing else ())}


def _speaker(spoken: _Spoken, home: Clause, cue: Found, mentions: tuple[Mention, ...]) -> tuple[str, str]:
    return speaker(spoken.text, home, cue, mentions, spoken.memory, spoken.lexicon)


def _is_sourced(said: Said | None, lexicon: Lexicon) -> bool:
    """Whether a clause has a source already, other than whom it is about: `according to the paper he promised …`."""
    return said is not None and said.cue.cue.kind == "according" and not lexicon.phrases["themselves"].search(said.cue.words)


def _speak_within(spoken: _Spoken, cue: Found, home: int, reach: list[int]) -> None:
    """Gives what somebody says, as a source has it, to that somebody; that it was said stays with the source."""
    around, parts = spoken.by_clause[home], spoken.parts
    follows = parts[home + 1 : home + 2]
    if not reach and follows and _infinitive(follows[0].of(spoken.text), spoken.lexicon):  # `has advised Berg | om harder op te treden`
        reach = list(range(home + 1, len(parts)))
    if reach and around is not None:
        who, party = _speaker(spoken, parts[home], cue, tuple(m for m in spoken.mentions if m.start >= around.cue.end))
        spoken.give(reach, Said(who or around.who, party, cue, cue.cue.holds, cue.cue.via))


def _of_nothing(text: str, home: Clause, cue: Found, lexicon: Lexicon) -> bool:
    """Whether no more than a pronoun is said: `sprak dat tegen`, `bestreitet das`."""
    after = [word.lower() for word in WORD.findall(text[cue.end : home.end])]
    within = [word.lower() for word in WORD.findall(cue.words)[1:-1]]
    small = lexicon.words["pronouns"] | lexicon.words["determiners"]
    return lexicon.late and bool(after or within) and set(after) | set(within) <= small


def _of_what_was_said(text: str, home: Clause, cue: Found, lexicon: Lexicon) -> bool:
    """Whether what is denied is no more than what was said before: `denied this`, `l'a démenti`, `wees die beschuldiging van de hand`."""
    rest = [word.lower() for word in (*WORD.findall(cue.words)[1:-1], *WORD.findall(text[cue.end : home.end]))]
    if lexicon.language == "fr" and not rest:
        return re.search(r"\bl['’]$|\bl[ea] $", text[home.start : cue.start]) is not None
    small = lexicon.words["things"] | lexicon.words["anaphors"] | lexicon.words["pronouns"] | lexicon.words["determiners"] | lexicon.words["today"]
    return bool(rest) and set(rest) <= small


def _nested(spoken: _Spoken, home: Clause, cue: Found, around: Said | None, chain: Said | None) -> tuple[str, str] | None:
    """The speaker of a verb of speech that has none of its own: `said that he hoped`, `zei te hopen`."""
    words = {word.lower() for word in WORD.findall(spoken.text[home.start : cue.start])}
    if around is not None and around.who not in NOT_THE_ONE and words & spoken.lexicon.words["people"]:
        return around.who, around.party
    if chain is not None and chain.cue.cue.kind == "speech" and home.start <= chain.cue.start < cue.start:
        return chain.who, chain.party
    return None


def _reach(text: str, parts: tuple[Clause, ...], home: int, cue: Found, lexicon: Lexicon) -> list[int]:
    """The clauses that a verb of speech in one of them reports."""
    after = list(range(home + 1, len(parts)))
    if after and (parts[after[0]].sort == "that" or _said_here(parts[after[0]], cue, text, lexicon)):
        return _until_turn(parts, after, lexicon)
    if after and parts[after[0]].sort == "condition" and len(after) > 1 and parts[after[1]].sort == "that":
        return _until_turn(parts, after, lexicon)
    quotes = [k for k, part in enumerate(parts) if part.sort == "quote"]
    if quotes:
        before = list(range(quotes[0], home))
        return [*before, *(k for k in quotes if k > home)] if before else [k for k in range(quotes[0], len(parts)) if k > home]
    rest = text[cue.end : parts[home].end]
    if (cue.cue.content == "rest" and (n_words(rest) >= 2 or lexicon.late)) or _infinitive(rest, lexicon):
        return [home, *(k for k in after if parts[k].opener not in ("maar", "but", "aber", "mais"))]
    opens = parts[home].opener in lexicon.words["openers"] - _speech_openers(lexicon)
    lead = [word.lower() for word in WORD.findall(text[parts[home].start : cue.start])]
    apart = ";" in text[parts[home - 1].end : parts[home].start] or bool(set(lead[-2:]) & lexicon.words["no"])
    trails = home > 0 and not opens and not apart and len(lead) <= MOST_SPEAKER
    return list(range(home)) if trails else []


def _infinitive(rest: str, lexicon: Lexicon) -> bool:
    """Whether what was said follows as an infinitive: `promised to leave`, `zegt drie dorpen te hebben`."""
    words = [word.lower() for word in WORD.findall(rest)]
    if lexicon.language == "fr" and words[:1] == ["de"] and words[1:2] and words[1].endswith(("er", "ir", "re")):
        return len(words) >= FEWEST
    noun = not lexicon.late and len(words) > 1 and words[1] in lexicon.words["determiners"]  # `replied to the offer`
    return len(words) >= FEWEST and not noun and bool(lexicon.words["infinitive"] & set(words if lexicon.late else words[:1]))


def _speech_openers(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for word in lexicon.words["openers"] if lexicon.found(word, "speech"))


def _said_here(part: Clause, cue: Found, text: str, lexicon: Lexicon) -> bool:
    """Whether a clause begins right where a verb of speech ends, or after a colon; after a comma too, where a language has that."""
    between = text[cue.end : part.start].strip()
    if lexicon.comma_speech and between.endswith(",") and part.sort == "main" and speaks_on(text, cue, cue.end + text[cue.end :].index(",")):
        return True
    return between in ("", ":", ",") and (between != "," or part.sort == "that")


def _until_turn(parts: tuple[Clause, ...], after: list[int], lexicon: Lexicon) -> list[int]:
    reach: list[int] = []
    for k in after:
        if reach and parts[k].opener in ("maar", "but", "aber", "mais", "terwijl", "while", "während", "tandis"):
            break
        reach.append(k)
    return reach


def _go_on(spoken: _Spoken) -> None:
    """A sentence that is nothing but a quotation, or that stands in the mood of reported speech, goes on with the last speaker."""
    last, lexicon = spoken.memory.said, spoken.lexicon
    if last is None or last.who in NOT_THE_ONE:
        return
    reported = lexicon.phrases["reported"].search(spoken.text) and not set(map(str.lower, WORD.findall(spoken.text))) & lexicon.words["own"]
    if not reported and any(part.sort != "quote" for part in spoken.parts):
        return
    spoken.give(range(len(spoken.parts)), Said(last.who, last.party, last.cue, "certain", ""))
