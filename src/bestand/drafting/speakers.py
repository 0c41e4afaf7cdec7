"""Who it is that speaks: before or after a verb of speech, after `according to`, by a pronoun, or by a description."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bestand.drafting.clauses import Clause, n_words
from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.names import Mention
from bestand.drafting.voices import SpeakersTurn

MOST_SPEAKER = 8  # words of a speaker who is described and not named
VERBS_JOIN = ("and", "en", "und", "et")
AUTHOR = "author"  # one who says `I` outside of quotations and turns


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

    other : the party that acted last and is not the one whose turn it is; person_at, said_at : the sentences of person and speaker
    governs : the party of whose government it was spoken last, by name: whom `the government` means
    author : the party for which the author of the document speaks, whom *we* means outside of turns
    """

    person: Mention | None = None
    party: Mention | None = None
    said: Said | None = None
    actor: str = ""
    other: str = ""
    paragraph: int = -1
    turn: SpeakersTurn | None = None
    person_at: int = -1
    said_at: int = -1
    sentence: int = -1
    author: str = ""
    governs: str = ""


def named_by(text: str, cue: Found, mentions: tuple[Mention, ...], memory: Memory, lexicon: Lexicon) -> Said:
    """The source after `according to`: a name in its first words, or the words up to a comma, a verb or a number."""
    said = _speaker_after(text, cue.end, mentions, lexicon)
    first = WORD.search(text, cue.end)
    if first is not None and first.group().lower() in lexicon.words["objects"] and not _owning(text, first, lexicon):
        said = _remembered(memory, lexicon)
    if lexicon.words["owners"] & set(cue.words.lower().split()):  # `nach seinen Angaben`
        recent = max(memory.person_at, memory.said_at) >= memory.sentence - 1  # else somebody whom we do not know: `die Vermittler`
        said = _remembered(memory, lexicon) if recent else ("", "")
    if lexicon.phrases["themselves"].search(cue.words):  # `by its own account`: whoever the sentence is about
        before = [m for m in mentions if m.end <= cue.start] or [m for m in mentions if m.start >= cue.end]
        said = _party(before[:1], lexicon) if before else _remembered(memory, lexicon)
    if cue.words.lower().endswith(("zufolge",)):
        said = _speaker_before(text, max(0, text.rfind(",", 0, cue.start) + 1), cue.start, mentions, lexicon, None)
    return Said(said[0] or "unnamed source", said[1], cue, cue.cue.holds, cue.cue.via)


def _owning(text: str, word: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a word that may stand for a person says whose something is: `her office`, `haar minister`; not `volgens haar is …`."""
    after = WORD.match(text, word.end() + 1)
    owns = word.group().lower() in lexicon.words["owners"] and after is not None and after.group()[0].islower()
    return owns and after is not None and after.group().lower() not in lexicon.words["links"] | lexicon.words["stops"]


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
        if words and _past_noun(words, match.group(), lexicon):
            break
        words.append(match)
    if not words:
        return "", ""
    end = words[-1].end()
    apposed = next((m for m in mentions if m.start == end + 2 and text[end] == "," and text[m.end : m.end + 1] == ","), None)
    if apposed is not None and apposed.named.sort == "person":  # `her minister of defence, Erik Tamm, …`
        return apposed.named.person, apposed.named.party
    near = [m for m in mentions if at <= m.start and m.end <= end]
    person = next((m for m in near if m.named.sort == "person" and not m.owns), None)
    if person is not None:
        return person.named.person, person.named.party
    party = next((m.named.party or m.named.territory for m in near), "")
    if near and _alone(text, words, near[0], lexicon):
        return near[0].text, party
    return _described(text[words[0].start() : end], lexicon), party


def _past_noun(words: list[re.Match[str]], word: str, lexicon: Lexicon) -> bool:
    """Whether a speaker's noun is behind us: in Dutch a verb follows it, `volgens de burgemeester | vielen …`; else another name may,
    `according to two diplomats | Rusk has …`."""
    last, small = words[-1].group(), word.lower()
    if lexicon.language == "nl" and len(words) > 2 and words[-2].group() == "van" and last[0].isupper():
        return word.islower() and small not in lexicon.words["before"] | {"en"}  # `volgens de burgemeester van Kell | vielen …`
    named = word[0].isupper() or small in lexicon.words["offices"]  # `the foreign minister Berg`
    if not last.islower() or (last in lexicon.words["offices"] and (named or not lexicon.late)):
        return False
    if not lexicon.late:
        return len(words) > 1 and last.endswith("s") and word[0].isupper() and last not in lexicon.words["before"] | lexicon.words["determiners"]
    definite = lexicon.language == "nl" and words[0].group().lower() in ("de", "het")
    noun = len(words) > 1 and not last.endswith("e") and last not in lexicon.words["before"] | lexicon.words["determiners"]
    return definite and noun and word.islower() and small not in lexicon.words["before"] | lexicon.words["of"] | {"en"}


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
    return re.sub(r"^[LlDd]'|[ ]l['’]?$", "", " ".join(kept[:MOST_SPEAKER]).strip(" ,;:'\""))


def speaker(
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
        return who if who[0] else _remembered(memory, lexicon)
    near = {*words[-3:], cue.words.split(" ", 1)[0].lower(), *([following.group().lower()] if following and lexicon.late else [])}
    if _verb_first(text, home, cue, within, lexicon):
        return AUTHOR, memory.author
    apposed = apposition(text, home, mentions) if not words and not within else None
    if apposed is not None:
        return apposed.named.person, apposed.named.party
    if person is None and near & (lexicon.words["own"] - lexicon.words["told"]):
        return (memory.turn.who, memory.turn.party) if memory.turn is not None and memory.turn.who else (AUTHOR, memory.author)
    leads = cue.cue.content == "rest" or home.end <= cue.end or _leads(text, home, cue, lexicon)
    if not words and not lexicon.late and home.start > 0 and leads:
        return _speaker_of_sentence(text, home, mentions, lexicon)
    if person is None and _anaphor(words, following.group().lower() if following else "", lexicon) and (memory.person or memory.said):
        return _remembered(memory, lexicon)
    alone = len(words) == 1 or (len(words) > 1 and words[1] in lexicon.words["links"])
    if words[:1] in (["it"], ["het"], ["es"]) and alone and person is None and memory.party is not None:
        return memory.party.text, memory.actor
    person = person or _person([m for m in within if not m.owns and (lexicon.late or not words)])
    if person is not None:
        return person.named.person, person.named.party
    turned = not words or (lexicon.late and (_fronted(words[0], lexicon) or words[-1] in lexicon.words["openers"]))
    if turned:
        who = _speaker_after(text, first, mentions, lexicon)
        placed = bool(before) and all(_governed(text, home, m, lexicon) for m in before)  # `In Brussels | fear diplomats …`
        if who[0] and (placed or who[1] or who[0][0].isupper() or (following and following.group().lower() in lexicon.words["determiners"])):
            return who
    if turned or not words:
        return _remembered(memory, lexicon) if not before else _party(before, lexicon)
    owner = [m for m in mentions if m.bearer and m.end <= home.start]
    if words[:1] and words[0] in lexicon.words["owners"] and words[-1] in lexicon.words["institutions"] and owner:
        return _party(owner[:1], lexicon)  # `Brill will wait, its office said`
    return _described_before(text, home, cue, before, lexicon)


def _verb_first(text: str, home: Clause, cue: Found, within: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a sentence has no subject but begins with what its author does, as resolutions do: `Demands that …, and notes that …`."""
    first = next(iter(lexicon.found(text, "speech", "want")), cue)
    if text[: first.start].strip() or cue.cue.content == "after" or lexicon.words["own"] & {word.lower() for word in WORD.findall(first.words)}:
        return False  # `I hope …` has a subject
    joins = text[home.start : cue.start].strip(" ,").lower()
    if not (cue.start == 0 or joins in VERBS_JOIN):
        return False
    follows = WORD.match(text, cue.end + 1)
    person = any(m.named.sort == "person" and m.start <= cue.end + 1 for m in within)  # `Said Brandt: …`
    leads = _leads(text, home, cue, lexicon) or (follows is not None and follows.group().lower() in lexicon.words["that"])
    return leads if lexicon.late else leads or not person


def apposition(text: str, home: Clause, mentions: tuple[Mention, ...]) -> Mention | None:
    """The person named between commas right before a clause that begins with its verb: `Their leader, Anton Resch, | said …`."""
    return next((m for m in mentions if m.named.sort == "person" and m.end <= home.start and text[m.end : home.start].strip() == ","), None)


def _leads(text: str, home: Clause, cue: Found, lexicon: Lexicon) -> bool:
    """Whether what was said follows a verb of speech in a that-clause, right after it or after the one who was told."""
    after = [WORD.search(text, place) for place in (cue.end, home.end)]
    return any(word is not None and word.group().lower() in lexicon.words["that"] for word in after)


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
    after = WORD.match(text, owner.end + 1) if owner is not None else None
    office = after is not None and after.group().lower() in lexicon.words["offices"]  # `Berg's spokesman`, not `Berg's words`
    if owner is not None and owner.owns and not office and n_words(text[home.start : owner.start]) < 2:
        return owner.named.person, owner.named.party
    free = [m for m in before if not m.owns and m.named.sort in ("party", "territory", "seat")]
    if free and n_words(text[home.start : free[0].start]) <= 2:
        follows = WORD.match(text, free[0].end + 1)
        office = follows is not None and follows.end() <= cue.start and follows.group() in lexicon.words["offices"]  # `the Marl government`
        return f"{free[0].text} {follows.group()}" if office and follows else free[0].text, party
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


def _remembered(memory: Memory, lexicon: Lexicon) -> tuple[str, str]:
    """Whom a pronoun means: the person named last, or one who is only described (`a diplomat`) and spoke since."""
    said = memory.said
    office = said is not None and said.who.rpartition(" ")[2] in lexicon.words["offices"]  # `the Russian delegate`
    described = said is not None and (office or (not said.party and said.who[:1].islower())) and said.who != AUTHOR
    if said is not None and described and memory.said_at > memory.person_at:
        return said.who, said.party
    if memory.person is not None:
        return memory.person.named.person or memory.person.text, memory.person.named.party
    return (memory.said.who, memory.said.party) if memory.said is not None else ("", "")

