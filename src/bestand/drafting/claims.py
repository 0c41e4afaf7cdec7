"""Claims of a text by rules: a quote from every clause, who says it, how surely, who acts, and under what condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bestand.drafting.clauses import Clause, clauses, n_words
from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.names import Mention, Names, learn_people
from bestand.drafting.sentences import Sentence
from bestand.drafting.speech import AUTHOR, Memory, Said, attributed
from bestand.drafting.voices import voices

MOST_WORDS = 12
LONG = 18  # words from which a clause is cut in two
FEWEST_WORDS = 3
SPOKEN = ("speech", "according", "hearsay")
LINES = ("want", "act", "undone", "guard", "someday")
IMPERSONAL = frozenset(["is", "was", "wordt", "werd", "zijn", "waren", "gaat", "blijft", "ist", "war", "wird", "wurde", "bleibt", "gibt", "sind"])
WEAKER = {"certain": 0, "probable": 1, "possible": 2, "uncommitted": 3, "denied": 4}
_DATELINE = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ' ]{2,30},[^-–]{0,50}[-–] ")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim as the rules read it, before it becomes a proposal.

    start, end : where the quote stands in the canonical text; sentence : the number of its sentence
    clause     : the words of the whole clause; cues : the cues of lines in it
    actor      : the party or territory that acts; parties : all that are named, the actor first
    said       : who says it, where it is not the author
    """

    start: int
    end: int
    sentence: int
    paragraph: int
    quote: str
    clause: str
    actor: str
    parties: tuple[str, ...]
    says: str
    speaker: str
    via: str
    author_holds: str
    source_holds: str
    hedge: str
    condition: str
    cues: tuple[Found, ...]


def drafted(sentences: Sequence[Sentence], names: Names, lexicon: Lexicon) -> tuple[Drafted, ...]:
    """The claims of a text's sentences, in order; headings make none, nor do questions and notes to the reader."""
    learn_people(names, (sentence.text for sentence in sentences), lexicon)
    memory = Memory()
    claims: list[Drafted] = []
    for number, (sentence, turn) in enumerate(zip(sentences, voices(sentences, names, lexicon), strict=True)):
        memory.turn = turn
        fewest = FEWEST_WORDS - 1 if turn and turn.who else FEWEST_WORDS
        if not sentence.heading and not _aside(sentence.text[turn.skipped if turn else 0 :], lexicon, fewest):
            claims += _claims(number, sentence, names, lexicon, memory)
        elif not sentence.heading:
            mentions = names.mentions(sentence.text)
            _remember(memory, mentions, (), next((_key(m) for m in mentions if _key(m)), ""))
    return tuple(claims)


def _aside(text: str, lexicon: Lexicon, fewest: int) -> bool:
    """Whether a sentence says nothing about the world: a question, a note in brackets, an address to the reader, a place and date."""
    bracketed = text.startswith("(") and text.rstrip(".").endswith(")")
    return bracketed or text.endswith("?") or n_words(text) <= fewest or bool(lexicon.phrases["skip"].search(text))


def _claims(number: int, sentence: Sentence, names: Names, lexicon: Lexicon, memory: Memory) -> Iterator[Drafted]:
    skipped = _DATELINE.match(sentence.text)
    offset = skipped.end() if skipped else memory.turn.skipped if memory.turn else 0
    text = sentence.text[offset:]
    cues, mentions = _spoken(text, lexicon), names.mentions(text)
    parts = clauses(text, cues, lexicon)
    _new_paragraph(memory, sentence)
    said, frames = attributed(text, parts, cues, mentions, memory, lexicon)
    frames |= _matrices(text, parts, lexicon)
    conditions = [part for part in parts if part.sort == "condition"]
    loose = [k for k, part in enumerate(parts) if _hedges_only(part.of(text), lexicon)]
    frames |= set(loose)
    hedging = " ".join(parts[k].of(text) for k in loose)
    subject, framed = "", ""
    for k, (part, by) in enumerate(zip(parts, said, strict=True)):
        if k in frames or not _stands(text, part, parts, lexicon, memory):
            subject = subject or _subject(text, part, mentions, lexicon, "", memory)
            framed = part.of(text) if k in frames else ""
            continue
        who = by or _quoted_phrase(parts, k, subject, names, lexicon)
        actor = _actor(text, part, mentions, who, subject, memory, lexicon)
        subject = subject or actor
        for n, (start, end) in enumerate(_pieces(text, part, lexicon)):
            piece = replace(part, start=start, end=end)
            acts = _leading(text, piece, mentions, lexicon) if n else ""
            yield _one(number, sentence, offset, text, piece, who, acts or actor, mentions, conditions, f"{framed} {hedging}".strip(), lexicon)
        framed = ""
    _remember(memory, mentions, said, subject)


def _spoken(text: str, lexicon: Lexicon) -> tuple[Found, ...]:
    """Cues of speech, source and hearsay; words of hearsay are not verbs of speech as well: `unconfirmed reports that …`."""
    cues = lexicon.found(text, *SPOKEN)
    heard = [cue for cue in cues if cue.cue.kind != "speech"]
    return tuple(c for c in cues if c.cue.kind != "speech" or not any(c.start < h.end and h.start < c.end for h in heard))


def _hedges_only(words: str, lexicon: Lexicon) -> bool:
    """Whether a clause does no more than hedge the rest of its sentence: `as far as I know`."""
    longest = max((n_words(hedge.words) for hedge in lexicon.found(words, "hedge")), default=0)
    return longest > 0 and n_words(words) >= FEWEST_WORDS and n_words(words) - longest <= 1


def _matrices(text: str, parts: tuple[Clause, ...], lexicon: Lexicon) -> frozenset[int]:
    """Clauses that only lead to the that-clause right after them: `It could mean | that …`; their hedge is its hedge."""
    frames = set()
    for k, (part, after) in enumerate(pairwise(parts)):
        led = after.sort == "that" and not text[part.end : after.start].strip(" ")
        if led and not lexicon.found(part.of(text), "want", "act") and part.sort == "main":
            frames.add(k)
        if after.sort == "quote" and part.sort == "main" and n_words(part.of(text)) < 5 and not text[part.end : after.start].strip(" \"'"):
            frames.add(k)
    return frozenset(frames)


def _quoted_phrase(parts: tuple[Clause, ...], k: int, subject: str, names: Names, lexicon: Lexicon) -> Said | None:
    """A phrase between quotation marks that nobody is said to say: the words of the party that the sentence is about."""
    if parts[k].sort != "quote" or not subject:
        return None
    cue = next(cue for cue in lexicon.cues if cue.kind == "speech")
    return Said(names.known.get(subject, subject), subject, Found(cue, 0, 0, ""), "certain", "quoted phrase")


def _new_paragraph(memory: Memory, sentence: Sentence) -> None:
    memory.paragraph = sentence.paragraph


def _remember(memory: Memory, mentions: tuple[Mention, ...], said: tuple[Said | None, ...], subject: str) -> None:
    people = [m for m in mentions if m.named.sort == "person"]
    memory.person = people[0] if people else memory.person
    memory.said = next((by for by in said if by is not None and by.who != AUTHOR), memory.said)
    memory.actor = subject or memory.actor
    memory.other = subject if subject and subject != (memory.turn.party if memory.turn else "") else memory.other
    memory.party = next((m for m in mentions if subject and _key(m) == subject and m.named.sort in ("party", "territory", "seat")), memory.party)


def _stands(text: str, part: Clause, parts: tuple[Clause, ...], lexicon: Lexicon, memory: Memory) -> bool:
    """Whether a clause makes a claim: it is no condition of another clause, and holds enough words of content; of one who speaks
    for herself less is enough."""
    words = part.of(text)
    if part.sort in ("condition", "aside") and any(other.sort in ("main", "that") for other in parts):
        return False
    speaks = memory.turn is not None and bool(memory.turn.who)
    return n_words(words) >= FEWEST_WORDS and len(lexicon.content(words)) >= (1 if speaks else 2)


def _leading(text: str, piece: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon) -> str:
    """The party that the second half of a long clause begins with: `and the League would withdraw …`."""
    free = _free(text, piece, [m for m in mentions if piece.start <= m.start < piece.end], lexicon)
    return _key(free[0]) if free and n_words(text[piece.start : free[0].start]) <= 2 else ""


def _pieces(text: str, part: Clause, lexicon: Lexicon) -> list[tuple[int, int]]:
    """A clause, or the two halves of one so long that it says two things: cut at a comma, a conjunction or a preposition."""
    words = list(WORD.finditer(text, part.start, part.end))
    if len(words) <= LONG or part.sort == "quote":
        return [(part.start, part.end)]
    middle = len(words) / 2
    cuts = [k for k in range(5, len(words) - 4) if words[k].group().lower() in lexicon.words["cuts"] or text[words[k - 1].end()] == ","]
    if not cuts:
        return [(part.start, part.end)]
    best = min(cuts, key=lambda k: (abs(k - middle) > 5, text[words[k - 1].end()] != ",", abs(k - middle)))
    return [(part.start, words[best - 1].end()), (words[best].start(), part.end)]


def _one(
    number: int,
    sentence: Sentence,
    offset: int,
    text: str,
    part: Clause,
    by: Said | None,
    actor: str,
    mentions: tuple[Mention, ...],
    conditions: list[Clause],
    framed: str,
    lexicon: Lexicon,
) -> Drafted:
    start, end = _window(text, part, lexicon)
    direct = part.sort == "quote" or (by is not None and by.cue.end == 0)
    author, source, hedge = _degrees(f"{framed} {part.of(text)}".strip(), framed, by, lexicon, direct=direct)
    named = [m.named.party or m.named.territory for m in mentions if part.start <= m.start < part.end]
    condition = next((c.of(text) for c in conditions if c != part), "")
    at = sentence.start + offset
    return Drafted(
        at + start,
        at + end,
        number,
        sentence.paragraph,
        text[start:end],
        part.of(text),
        actor,
        tuple(dict.fromkeys(name for name in (actor, *named) if name)),
        by.who if by else AUTHOR,
        by.party if by else "",
        by.via if by and by.who != AUTHOR else "",
        author,
        source,
        hedge,
        " ".join(condition.split()[:MOST_WORDS]),
        lexicon.found(part.of(text), *LINES),
    )


def _window(text: str, part: Clause, lexicon: Lexicon) -> tuple[int, int]:
    """At most twelve words of a clause, without the words that open it; where there are more, those in which its verb stands."""
    words = list(WORD.finditer(text, part.start, part.end))
    opening = lexicon.words["openers"] | lexicon.words["that"]
    if part.start == 0:
        opening -= lexicon.words["determiners"]
    while part.sort != "quote" and len(words) > FEWEST_WORDS and words[0].group().lower() in opening:
        words = words[1:]
    if len(words) > MOST_WORDS:
        words = words[-MOST_WORDS:] if lexicon.late else words[:MOST_WORDS]
    start, end = words[0].start(), max(words[-1].end(), part.end if words[-1].end() + 1 >= part.end else 0)
    return _balanced(text, start, end)


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the quotation mark just outside it where one stands inside it alone."""
    for sign in "\"'":
        marks = {match.start() for match in re.finditer(f"(?<!\\w){sign}|{sign}(?!\\w)", text)}  # not the one in `n'est`
        if sum(start <= mark < end for mark in marks) % 2 == 0:
            continue
        if end in marks:
            end += 1
        elif start - 1 in marks:
            start -= 1
    return start, end


def _degrees(words: str, framed: str, by: Said | None, lexicon: Lexicon, *, direct: bool) -> tuple[str, str, str]:
    """How far the author holds it, how far the one who is quoted does, and the words that hedge it.

    words : the clause with what leads to it; framed : what leads to it; direct : whether they are the speaker's own words, in which
    `would` is a hedge and not the future of what was said
    """
    able = lexicon.found(words, "ability")
    hedges = [h for h in lexicon.found(words, "hedge") if not any(a.start <= h.start and h.end <= a.end for a in able)]
    hedges = [h for h in hedges if (WORD.findall(words[: h.start]) or [""])[-1].lower() not in lexicon.words["relative"]]
    marks = lexicon.found(words, "mark")
    weakest = max(hedges, key=lambda h: WEAKER[h.cue.holds], default=None)
    shown = weakest.words if weakest else marks[0].words if marks else ""
    if by is None:
        return (weakest.cue.holds if weakest else "certain"), "", shown
    if by.who == AUTHOR:  # `I doubt that …`: the author's own degree
        holds = max([by.holds, *(h.cue.holds for h in hedges)], key=WEAKER.__getitem__)
        return holds, "", shown or (by.cue.words if holds != "certain" else "")
    expected = [h for h in lexicon.found(framed, "hedge") if h.cue.holds == "possible" and by.cue.cue.kind == "speech"]
    if expected:  # words that somebody might say
        return "possible", "uncommitted", expected[0].words
    source = by.holds
    own = [h.cue.holds for h in hedges if direct or by.cue.cue.kind == "according" or h.cue.sense != "shifted"]
    source = max([source, *own], key=WEAKER.__getitem__) if source != "denied" else source
    telling = by.cue.cue.kind != "speech" or by.holds != "certain"
    if telling or (not shown and by.cue.cue.sense in ("promises", "accuses", "advises")):
        shown = by.cue.words
    return "uncommitted", source, shown


def _actor(
    text: str, part: Clause, mentions: tuple[Mention, ...], by: Said | None, subject: str, memory: Memory, lexicon: Lexicon
) -> str:
    """The party that acts in a clause; one who speaks of `us` means its own party."""
    own = next((m for m in list(WORD.finditer(text, part.start, part.end))[:4] if m.group().lower() in lexicon.words["own"]), None)
    named = own is not None and any(part.start <= m.start < own.start() and _key(m) for m in _free(text, part, list(mentions), lexicon))
    if by is not None and by.party and own is not None and not named:
        return by.party
    if by is not None and by.cue.cue.sense == "accuses":
        accused = [_key(m) for m in mentions if max(part.start, by.cue.start) <= m.start < part.end and _key(m) not in ("", by.party)]
        if accused:
            return accused[0]
    answers = by is not None and memory.turn is not None and bool(by.who) and by.who == memory.turn.who
    if answers and memory.other and _meant_first(text, part, mentions, lexicon):
        return memory.other
    otherwise = by.party if by else ""
    if by is not None and by.cue.cue.kind == "according":
        otherwise = memory.actor or otherwise
    elif answers:
        otherwise = memory.other
    return _subject(text, part, mentions, lexicon, subject or otherwise, memory)


def _meant_first(text: str, part: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon) -> bool:
    """Whether a clause is about `they`: somebody else than the one whose turn it is."""
    meant = _meant(text, part, lexicon)
    return meant is not None and not any(part.start <= m.start < meant for m in mentions)


def _subject(text: str, part: Clause, mentions: tuple[Mention, ...], lexicon: Lexicon, inherited: str, memory: Memory) -> str:
    """The party that a clause is about: after `by`; else the first name that no preposition governs, or the one meant by a
    pronoun before it; else the one that the sentence is about so far; else the first that is named."""
    part = _after_source(text, part, lexicon)
    here = [m for m in mentions if part.start <= m.start < part.end]
    by = next((m for m in here if _word_before(text, part, m) in lexicon.words["by"] and _key(m)), None)
    if by is not None:
        return _key(by)
    free = _free(text, part, here, lexicon)
    meant = _meant(text, part, lexicon)
    if meant is not None and (not free or meant < free[0].start):
        return inherited or memory.actor
    if free and _key(free[0]):
        return _key(free[0])
    if here and _key(here[0]) and _owner_of_subject(text, part, here[0], lexicon):
        return _key(here[0])
    return inherited or next((_key(m) for m in here if _key(m)), "")


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


def _meant(text: str, part: Clause, lexicon: Lexicon) -> int | None:
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
    if same and after and after.group().lower() in lexicon.words["of"]:  # `the government of Marl` is Marl's
        same = None
    return min([*places, *([same.start()] if same else [])], default=None)


def _key(mention: Mention) -> str:
    return mention.named.party or mention.named.territory


def _governed(text: str, part: Clause, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a preposition stands before a name, with at most an article or adjective between."""
    before = [word.lower() for word in WORD.findall(text[part.start : mention.start])][-3:]
    while before and before[-1] in lexicon.words["determiners"]:
        before.pop()
    return bool(before) and before[-1] in lexicon.words["before"]
