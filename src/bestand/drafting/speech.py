"""Who says what is said in a sentence, through whom, and how surely: reported speech, quotations, hearsay."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bestand.drafting.clauses import Clause, n_words, speaks_on
from bestand.drafting.lexicon import WORD, Cue, Found, Lexicon
from bestand.drafting.names import Mention
from bestand.drafting.voices import SpeakersTurn

FEWEST = 3  # words of what is said
MOST_SPEAKER = 8  # words of a speaker who is described and not named
AUTHOR = "author"  # one who says `I` outside of quotations and turns
NOT_THE_ONE = frozenset(["hearsay", ""])


@dataclass(frozen=True, slots=True)
class Said:
    """What a clause owes to a speaker: who, which party that is, by which cue, and how surely he or she says it."""

    who: str
    party: str
    cue: Found
    holds: str
    via: str


@dataclass(slots=True)
class Memory:
    """Who was spoken of last: the person, the party that acted and by which name, the speaker; and whose turn it is.

    other : the party that acted last and is not the one whose turn it is
    """

    person: Mention | None = None
    party: Mention | None = None
    said: Said | None = None
    actor: str = ""
    other: str = ""
    paragraph: int = -1
    turn: SpeakersTurn | None = None


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
            _spread(by_clause, range(len(parts)), _named_by(text, cue, mentions, memory, lexicon))
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
    only = n_words(parts[home].of(text)) <= n_words(said.who if said else "") + 4 or (home > 0 and parts[home].start == cue.start)
    return set(range(home, len(parts))) if only and home > 0 else {home} if only else set()


def _spread(by_clause: list[Said | None], places: range, said: Said) -> None:
    for place in places:
        by_clause[place] = said


def _named_by(text: str, cue: Found, mentions: tuple[Mention, ...], memory: Memory, lexicon: Lexicon) -> Said:
    """The source after `according to`: a name in its first words, or the words up to a comma, a verb or a number."""
    said = _speaker_after(text, cue.end, mentions, lexicon)
    first = WORD.search(text, cue.end)
    owned = first is not None and lexicon.language == "en" and re.match(r" [a-z]", text[first.end() :]) is not None  # `her office`
    if first is not None and first.group().lower() in lexicon.words["objects"] and not owned:
        said = _remembered(memory)
    if lexicon.words["owners"] & set(cue.words.lower().split()):  # `nach seinen Angaben`
        said = _remembered(memory)
    if lexicon.phrases["themselves"].search(cue.words):  # `by its own account`: whoever the sentence is about
        before = [m for m in mentions if m.end <= cue.start] or [m for m in mentions if m.start >= cue.end]
        said = _party(before[:1], lexicon) if before else _remembered(memory)
    if cue.words.lower().endswith(("zufolge",)):
        said = _speaker_before(text, max(0, text.rfind(",", 0, cue.start) + 1), cue.start, mentions, lexicon, None)
    return Said(said[0] or "unnamed source", said[1], cue, cue.cue.holds, cue.cue.via)


def _speaker_after(text: str, at: int, mentions: tuple[Mention, ...], lexicon: Lexicon) -> tuple[str, str]:
    """The speaker named right after a place: a person, else the words up to a comma, a verb or a number."""
    words: list[re.Match[str]] = []
    for match in WORD.finditer(text, at):
        gap = text[words[-1].end() if words else at : match.start()]
        if any(sign in gap for sign in ",;:.\"") or len(words) >= MOST_SPEAKER + 2 or (words and _stops(match.group(), lexicon)):
            break
        after_noun = lexicon.language == "de" and bool(words) and words[-1].group()[0].isupper() and match.group()[0].islower()
        if after_noun and match.group() not in lexicon.words["determiners"] | {"von"}:
            break
        words.append(match)
    if not words:
        return "", ""
    end = words[-1].end()
    near = [m for m in mentions if at <= m.start and m.end <= end]
    person = next((m for m in near if m.named.sort == "person" and not m.owns), None)
    if person is not None:
        return person.named.person, person.named.party
    party = next((m.named.party or m.named.territory for m in near), "")
    if near and _alone(text, words, near[0], lexicon):
        return near[0].text, party
    return _described(text[words[0].start() : end], lexicon), party


def _alone(text: str, words: list[re.Match[str]], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a name is the whole of who speaks: it comes first, and an article or preposition follows."""
    known = mention.named.sort in ("party", "territory", "seat") and not mention.owns
    after = next((word.group().lower() for word in words if word.start() >= mention.end), "")
    first = words[0].end() if words[0].group().lower() in lexicon.words["determiners"] else words[0].start()
    return known and not text[first : mention.start].strip() and after in lexicon.words["determiners"] | lexicon.words["before"]


def _stops(word: str, lexicon: Lexicon) -> bool:
    """Whether a word ends the name or description of a speaker."""
    small = word.lower()
    return small in lexicon.words["links"] | lexicon.words["that"] | lexicon.words["stops"] or word[0].isdigit()


def _described(words: str, lexicon: Lexicon) -> str:
    """A speaker's description without its article: at most so many words."""
    kept = words.split()
    while kept and kept[0].lower() in lexicon.words["determiners"]:
        kept = kept[1:]
    return re.sub(r"^[LlDd]'", "", " ".join(kept[:MOST_SPEAKER]).strip(" ,;:'\""))


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
    chain = by_clause[reach[0]]
    who, party = _nested(text, parts[home], cue, by_clause[home], chain, lexicon) or _speaker(text, parts[home], cue, mentions, memory, lexicon)
    lead = {word.lower() for word in WORD.findall(text[parts[home].start : cue.start])}
    if lead and lead <= lexicon.words["things"]:  # `this shows that …`: nobody speaks
        return set() if home in reach else {home}
    if chain is not None and chain.cue.cue.kind == "hearsay":
        _spread_over(by_clause, reach, Said(who or "hearsay", party, chain.cue, chain.holds, chain.via))
    else:
        _spread_over(by_clause, reach, Said(who or "unnamed source", party, cue, cue.cue.holds, cue.cue.via))
    trailing = home > max(reach)
    return set() if home in reach else {home, *(range(home, len(parts)) if trailing else ())}


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


def _speaker(
    text: str, home: Clause, cue: Found, mentions: tuple[Mention, ...], memory: Memory, lexicon: Lexicon
) -> tuple[str, str]:
    """Who speaks: the person before the verb, or after it where the order is turned round; else a party; else who is described."""
    first = cue.start + len(cue.words.split(" ", 1)[0]) if lexicon.late else cue.end  # late: `teilte … mit`
    by = next((m for m in mentions if home.start <= m.start < home.end and _after_by(text, home, m, lexicon)), None)
    if by is not None:
        return _party([by], lexicon)
    before = [m for m in mentions if home.start <= m.start and m.end <= cue.start]
    within = [m for m in mentions if first <= m.start and m.end <= home.end and m.start < cue.end + 80]
    person = _person([m for m in before if not m.owns and not _governed(text, home, m, lexicon)])
    words = [match.group().lower() for match in WORD.finditer(text, home.start, cue.start)]
    following = WORD.search(text, first, home.end)
    if cue.cue.content == "after":
        who = _speaker_after(text, cue.end, mentions, lexicon)
        return who if who[0] else _remembered(memory)
    near = {*words[-3:], cue.words.split(" ", 1)[0].lower(), *([following.group().lower()] if following and lexicon.late else [])}
    if person is None and near & lexicon.words["own"]:
        return (memory.turn.who, memory.turn.party) if memory.turn is not None and memory.turn.who else (AUTHOR, "")
    leads = cue.cue.content == "rest" or home.end <= cue.end or _leads(text, cue, lexicon)
    if not words and not lexicon.late and home.start > 0 and leads:
        return _speaker_of_sentence(text, home, mentions, lexicon)
    if person is None and _anaphor(words, following.group().lower() if following else "", lexicon) and (memory.person or memory.said):
        return _remembered(memory)
    alone = len(words) == 1 or (len(words) > 1 and words[1] in lexicon.words["links"])
    if words[:1] in (["it"], ["het"], ["es"]) and alone and person is None and memory.party is not None:
        return memory.party.text, memory.actor
    person = person or _person([m for m in within if not m.owns and (lexicon.late or not words)])
    if person is not None:
        return person.named.person, person.named.party
    turned = not words or (lexicon.late and (_fronted(words[0], lexicon) or words[-1] in lexicon.words["openers"]))
    if turned:
        who = _speaker_after(text, first, mentions, lexicon)
        if who[0] and (who[1] or who[0][0].isupper() or (following and following.group().lower() in lexicon.words["determiners"])):
            return who
    if turned or not words:
        return _remembered(memory) if not before else _party(before, lexicon)
    return _described_before(text, home, cue, before, lexicon)


def _leads(text: str, cue: Found, lexicon: Lexicon) -> bool:
    """Whether what was said follows a verb of speech in a that-clause."""
    after = WORD.search(text, cue.end)
    return after is not None and after.group().lower() in lexicon.words["that"]


def _speaker_of_sentence(text: str, home: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon) -> tuple[str, str]:
    """Who is spoken of before a clause that begins with its verb: `The members, absent from the table, fear …`."""
    before = [m for m in mentions if m.end <= home.start and not m.owns]
    person = _person(before)
    if person is not None:
        return person.named.person, person.named.party
    first = re.split(r"[,;:]", text[: home.start], maxsplit=1)[0]
    party = next((m.named.party or m.named.territory for m in before if m.end <= len(first)), "")
    return _described(first, lexicon), party


def _after_by(text: str, home: Clause, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a name stands after `by`: the one who accuses in `was accused by`."""
    before = WORD.findall(text[home.start : mention.start])
    return bool(before) and before[-1].lower() in lexicon.words["by"] - {"von"}


def _fronted(word: str, lexicon: Lexicon) -> bool:
    small = lexicon.words["before"] | lexicon.words["openers"] | lexicon.words["stops"] | lexicon.words["common"]
    return word in (small - lexicon.words["determiners"]) | lexicon.words["fronts"] or word in lexicon.weekdays


def _person(mentions: list[Mention]) -> Mention | None:
    return next((m for m in mentions if m.named.sort == "person"), None)


def _anaphor(words: list[str], following: str, lexicon: Lexicon) -> bool:
    """Whether he or she speaks: before the verb, or right after it."""
    people = lexicon.words["people"]
    return any(word in people for word in words[:3]) or (following in people and lexicon.late)


def _party(mentions: list[Mention], lexicon: Lexicon) -> tuple[str, str]:
    best = _person(mentions) or mentions[0]
    return best.named.person or best.text, best.named.party or best.named.territory


def _described_before(text: str, home: Clause, cue: Found, before: list[Mention], lexicon: Lexicon) -> tuple[str, str]:
    """The words before a verb of speech as its speaker, with the party named among them."""
    words = text[home.start : cue.start]
    party = next((m.named.party or m.named.territory for m in before), "")
    owner = _person(before)
    if owner is not None and owner.owns:
        return owner.named.person, owner.named.party
    free = [m for m in before if not m.owns and m.named.sort in ("party", "territory", "seat")]
    if free and n_words(text[home.start : free[0].start]) <= 2:
        return free[0].text, party
    if n_words(words) <= 2 * MOST_SPEAKER:
        pieces = [piece.strip() for piece in re.split(r"[,;]", words) if piece.strip()]
        last = pieces[-1] if pieces else ""
        named = bool(last) and (last[0].isupper() or last.split()[0].lower() in lexicon.words["determiners"])
        kept = _without_verb(_described(last if named else (pieces or [""])[0], lexicon), lexicon)
        return kept or (before[0].text if before else ""), party
    return (before[0].text if before else ""), party


def _without_verb(words: str, lexicon: Lexicon) -> str:
    """A description without the auxiliary and what follows it: `the union has`."""
    kept: list[str] = []
    for word in words.split():
        if word.lower() in lexicon.words["links"]:
            break
        kept.append(word)
    return " ".join(kept)


def _speaker_before(
    text: str, start: int, end: int, mentions: tuple[Mention, ...], lexicon: Lexicon, memory: Memory | None
) -> tuple[str, str]:
    """The speaker that stands before a place."""
    here = [m for m in mentions if start <= m.start and m.end <= end]
    return _party(here, lexicon) if here else (_described(text[start:end], lexicon), "")


def _governed(text: str, part: Clause, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a preposition stands right before a name, with at most an article or an office between."""
    before = [word.lower() for word in WORD.findall(text[part.start : mention.start])]
    while before and before[-1] in lexicon.words["determiners"] | lexicon.words["offices"]:
        before.pop()
    return bool(before) and before[-1] in lexicon.words["before"]


def _remembered(memory: Memory) -> tuple[str, str]:
    if memory.person is not None:
        return memory.person.named.person or memory.person.text, memory.person.named.party
    return (memory.said.who, memory.said.party) if memory.said is not None else ("", "")


def _go_on(text: str, parts: tuple[Clause, ...], memory: Memory, by_clause: list[Said | None], lexicon: Lexicon) -> None:
    """A sentence that is nothing but a quotation, or that stands in the mood of reported speech, goes on with the last speaker."""
    if memory.said is None or memory.said.who in NOT_THE_ONE:
        return
    reported = lexicon.phrases["reported"].search(text) and not set(map(str.lower, WORD.findall(text))) & lexicon.words["own"]
    if not reported and any(part.sort != "quote" for part in parts):
        return
    _spread(by_clause, range(len(parts)), Said(memory.said.who, memory.said.party, memory.said.cue, "certain", ""))
