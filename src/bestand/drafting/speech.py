"""Who says what is said in a sentence, through whom, and how surely: reported speech, quotations, hearsay."""

from __future__ import annotations

from bestand.drafting.clauses import Clause, n_words, speaks_on
from bestand.drafting.lexicon import WORD, Cue, Found, Lexicon
from bestand.drafting.names import Mention
from bestand.drafting.speakers import MOST_SPEAKER, Memory, Said, named_by, speaker

FEWEST = 3  # words of what is said
NOT_THE_ONE = frozenset(["hearsay", ""])


def attributed(
    text: str, parts: tuple[Clause, ...], cues: tuple[Found, ...], mentions: tuple[Mention, ...], memory: Memory, lexicon: Lexicon
) -> tuple[tuple[Said | None, ...], frozenset[int]]:
    """Who says each clause of a sentence (None where the author does), and which clauses only say that somebody speaks.

    parts : the clauses, cues : the sentence's cues of speech, source and hearsay, mentions : the names in it
    """
    by_clause: list[Said | None] = [None] * len(parts)
    frames: set[int] = set()
    for cue in cues:
        if cue.cue.kind == "hearsay":
            _spread(by_clause, range(len(parts)), Said("hearsay", "", cue, cue.cue.holds, cue.cue.via))
        elif cue.cue.kind == "according":
            _spread(by_clause, range(len(parts)), named_by(text, cue, mentions, memory, lexicon))
            frames |= _source_only(text, parts, cue, by_clause)
    sourced = [cue for cue in cues if cue.cue.kind in ("according", "hearsay")]
    for cue in cues:
        if cue.cue.kind == "speech" and not any(cue.start < other.end and other.start < cue.end for other in sourced):
            frames |= _speak(text, parts, cue, mentions, memory, by_clause, lexicon)
    if all(said is None for said in by_clause):
        _go_on(text, parts, memory, by_clause, lexicon)
    if memory.turn is not None and memory.turn.who:
        turn = Said(memory.turn.who, memory.turn.party, Found(_plain(lexicon), 0, 0, ""), "certain", "")
        by_clause = [said or turn for said in by_clause]
    return tuple(by_clause), frozenset(frames)


def _plain(lexicon: Lexicon) -> Cue:
    """The cue of one who says something, and no more."""
    return next(cue for cue in lexicon.cues if cue.kind == "speech" and cue.sense == "says")


def _source_only(text: str, parts: tuple[Clause, ...], cue: Found, by_clause: list[Said | None]) -> set[int]:
    """The clause that does no more than name a source, and what stands after it where it comes last."""
    home = next((k for k, part in enumerate(parts) if part.start <= cue.start < part.end), None)
    if home is None:
        return set()
    said = by_clause[home]
    named = n_words(said.who) if said and said.who in parts[home].of(text) else 0
    only = n_words(parts[home].of(text)) <= named + 4 or (home > 0 and parts[home].start == cue.start)
    return set(range(home, len(parts))) if only and home > 0 else {home} if only else set()


def _spread(by_clause: list[Said | None], places: range, said: Said) -> None:
    for place in places:
        by_clause[place] = said


def _speak(
    text: str,
    parts: tuple[Clause, ...],
    cue: Found,
    mentions: tuple[Mention, ...],
    memory: Memory,
    by_clause: list[Said | None],
    lexicon: Lexicon,
) -> set[int]:
    """Gives the clauses that a verb of speech speaks of to its speaker; the clause that only introduces them."""
    home = next((k for k, part in enumerate(parts) if part.start <= cue.start < part.end), None)
    if home is None or parts[home].sort == "quote":
        return set()
    reach = _reach(text, parts, home, cue, lexicon)
    if not reach or (reach == [home] and _of_nothing(text, parts[home], cue, lexicon)):
        return set()
    if home in reach and _is_sourced(by_clause[home], lexicon):
        _speak_within(text, parts, cue, mentions, memory, by_clause, [k for k in reach if k != home], lexicon)
        return set()
    chain = by_clause[reach[0]]
    who, party = _nested(text, parts[home], cue, by_clause[home], chain, lexicon) or speaker(text, parts[home], cue, mentions, memory, lexicon)
    lead = {word.lower() for word in WORD.findall(text[parts[home].start : cue.start])}
    if lead and lead <= lexicon.words["things"]:  # `this shows that …`: nobody speaks
        return set() if home in reach else {home}
    if chain is not None and chain.cue.cue.kind == "hearsay":
        _spread_over(by_clause, reach, Said(who or "hearsay", party, chain.cue, chain.holds, chain.via))
    else:
        _spread_over(by_clause, reach, Said(who or "unnamed source", party, cue, cue.cue.holds, cue.cue.via))
    trailing = home > max(reach)
    return set() if home in reach else {home, *(range(home, len(parts)) if trailing else ())}


def _is_sourced(said: Said | None, lexicon: Lexicon) -> bool:
    """Whether a clause has a source already, other than whom it is about: `according to the paper he promised …`."""
    return said is not None and said.cue.cue.kind == "according" and not lexicon.phrases["themselves"].search(said.cue.words)


def _speak_within(
    text: str,
    parts: tuple[Clause, ...],
    cue: Found,
    mentions: tuple[Mention, ...],
    memory: Memory,
    by_clause: list[Said | None],
    reach: list[int],
    lexicon: Lexicon,
) -> None:
    """Gives what somebody says, as a source has it, to that somebody; that it was said stays with the source."""
    home = next(k for k, part in enumerate(parts) if part.start <= cue.start < part.end)
    around = by_clause[home]
    follows = parts[home + 1 : home + 2]
    if not reach and follows and _infinitive(follows[0].of(text), lexicon):  # `has advised Berg | om harder op te treden`
        reach = list(range(home + 1, len(parts)))
    if reach and around is not None:
        who, party = speaker(text, parts[home], cue, tuple(m for m in mentions if m.start >= around.cue.end), memory, lexicon)
        _spread_over(by_clause, reach, Said(who or around.who, party, cue, cue.cue.holds, cue.cue.via))


def _of_nothing(text: str, home: Clause, cue: Found, lexicon: Lexicon) -> bool:
    """Whether no more than a pronoun is said: `sprak dat tegen`, `bestreitet das`."""
    after = [word.lower() for word in WORD.findall(text[cue.end : home.end])]
    within = [word.lower() for word in WORD.findall(cue.words)[1:-1]]
    small = lexicon.words["pronouns"] | lexicon.words["determiners"]
    return lexicon.late and bool(after or within) and set(after) | set(within) <= small


def _nested(
    text: str, home: Clause, cue: Found, around: Said | None, chain: Said | None, lexicon: Lexicon
) -> tuple[str, str] | None:
    """The speaker of a verb of speech that has none of its own: `said that he hoped`, `zei te hopen`."""
    words = {word.lower() for word in WORD.findall(text[home.start : cue.start])}
    if around is not None and around.who not in NOT_THE_ONE and words & lexicon.words["people"]:
        return around.who, around.party
    if chain is not None and chain.cue.cue.kind == "speech" and home.start <= chain.cue.start < cue.start:
        return chain.who, chain.party
    return None


def _spread_over(by_clause: list[Said | None], reach: list[int], said: Said) -> None:
    for place in reach:
        by_clause[place] = said


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


def _go_on(text: str, parts: tuple[Clause, ...], memory: Memory, by_clause: list[Said | None], lexicon: Lexicon) -> None:
    """A sentence that is nothing but a quotation, or that stands in the mood of reported speech, goes on with the last speaker."""
    if memory.said is None or memory.said.who in NOT_THE_ONE:
        return
    reported = lexicon.phrases["reported"].search(text) and not set(map(str.lower, WORD.findall(text))) & lexicon.words["own"]
    if not reported and any(part.sort != "quote" for part in parts):
        return
    _spread(by_clause, range(len(parts)), Said(memory.said.who, memory.said.party, memory.said.cue, "certain", ""))
