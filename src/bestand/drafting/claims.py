"""Claims of a text by rules: a quote from every clause, who says it, how surely, who acts, and under what condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bestand.drafting.actors import actor_of, governing, leading, subject_of
from bestand.drafting.clauses import Clause, clauses, n_words, within
from bestand.drafting.demands import asserted, obliged
from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.names import Mention, Names, learn_people
from bestand.drafting.sentences import Sentence
from bestand.drafting.speakers import AUTHOR, Memory, Said
from bestand.drafting.speech import attributed
from bestand.drafting.voices import voices

MOST_WORDS = 12  # words of a quote
LONG = 18  # words from which a clause is cut in two
FEWEST_WORDS = 3
MOST_OF_A_HEAD = 8  # words of a line that names a paper and its day
SPOKEN = ("speech", "according", "hearsay")
LINES = ("want", "act", "undone", "guard", "someday")
WEAKER = {"certain": 0, "probable": 1, "possible": 2, "uncommitted": 3, "denied": 4}
_APPOSED = re.compile(r"\w, (?:[A-ZÀ-Þ][\w.'-]+ ?){1,4}$")  # a name after what somebody is
_DATELINE = re.compile(r"^(?:[A-ZÀ-Þ][A-ZÀ-Þ' ]{2,30},[^-–]{0,50}|[A-ZÀ-Þ][\w' ]{2,30}, [^-–]{0,30}\d[^-–]{0,30}\([\w/ ]{2,20}\) ?)[-–] ")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim as the rules read it, before it becomes a proposal.

    start, end : where the quote stands in the canonical text; sentence : the number of its sentence
    clause     : the words of the whole clause; cues : the cues of lines in it
    actor      : the party or territory that acts; parties : all that are named, the actor first
    said       : who says it, where it is not the author
    turn       : the party of the one whose turn it is, whom *we* means; asker: the party that asks for it by a verb of speech before
                 the clause: `insists that …`
    wished     : whether its sentence said before that somebody wants something
    denied     : where the claims start that it says no to, with no words of their own: `Its premier denied this`
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
    turn: str = ""
    asker: str = ""
    wished: bool = False
    denied: tuple[int, ...] = ()


def drafted(sentences: Sequence[Sentence], names: Names, lexicon: Lexicon, author: str = "") -> tuple[Drafted, ...]:
    """The claims of a text's sentences, in order; headings make none, nor do questions and notes to the reader.

    author : the party for which the text speaks, whom *we* means in it
    """
    learn_people(names, (sentence.text for sentence in sentences), lexicon)
    memory = Memory(author=author)
    claims: list[Drafted] = []
    for number, (sentence, turn) in enumerate(zip(sentences, voices(sentences, names, lexicon), strict=True)):
        memory.turn = turn
        wants = bool(lexicon.found(sentence.text, "want")) and bool(names.mentions(sentence.text))  # `Ostra wil erkenning.`
        fewest = FEWEST_WORDS - 1 if wants or (turn and turn.who) else FEWEST_WORDS
        if not sentence.heading and not _aside(sentence.text[turn.skipped if turn else 0 :], lexicon, fewest):
            claims += [_denying(claim, claims, lexicon) for claim in _claims(number, sentence, names, lexicon, memory)]
        elif not sentence.heading:
            mentions = names.mentions(sentence.text)
            _remember(memory, mentions, (), next((m.bearer for m in mentions if m.bearer), ""))
    return tuple(claims)


def _denying(claim: Drafted, before: Sequence[Drafted], lexicon: Lexicon) -> Drafted:
    """A claim that does no more than deny what was said just before, with what that is; who denies it is not the one who said it."""
    if (claim.via, claim.source_holds) != ("denial", "certain"):
        return claim
    denied = [each for each in before if each.sentence == claim.sentence - 1]
    if not denied:  # of what is denied nothing is known: nobody is quoted
        return replace(claim, says=AUTHOR, speaker="", via="", author_holds="certain", source_holds="")
    said, whose = denied[-1], claim.clause.split()[0].lower() in lexicon.words["owners"]
    if whose and claim.actor in ("", said.speaker) and said.actor:  # `Brill says Alm has …. Its premier denied this.`: Alm's
        others = tuple(party for party in claim.parties if party not in (claim.actor, said.actor))
        claim = replace(claim, actor=said.actor, parties=(said.actor, *others), speaker=said.actor)
    return replace(claim, denied=tuple(each.start for each in denied))


def _aside(text: str, lexicon: Lexicon, fewest: int) -> bool:
    """Whether a sentence says nothing about the world: a question, a note in brackets, an address to the reader, a place and date."""
    words = WORD.findall(text)
    heads = len(words) <= MOST_OF_A_HEAD and text[:1].isalpha() and any(word.isdigit() for word in words)  # `Harlow Gazette, 9 March 2026`
    if heads and all(not word[0].islower() or word.lower() in lexicon.months for word in words) and lexicon.language != "de":
        return True
    bracketed = text.startswith("(") and text.rstrip(".").endswith(")")
    return bracketed or text.endswith("?") or n_words(text) <= fewest or bool(lexicon.phrases["skip"].search(text))


def _claims(number: int, sentence: Sentence, names: Names, lexicon: Lexicon, memory: Memory) -> Iterator[Drafted]:
    skipped = _DATELINE.match(sentence.text)
    offset = skipped.end() if skipped else memory.turn.skipped if memory.turn else 0
    text = sentence.text[offset:]
    cues, mentions = _spoken(text, lexicon), names.mentions(text)
    parts = clauses(text, cues, lexicon)
    memory.governs = governing(text, mentions, lexicon) or memory.governs
    _new_paragraph(memory, sentence, number)
    said, frames = attributed(text, parts, cues, mentions, memory, lexicon)
    frames |= _matrices(text, parts, lexicon)
    conditions = [part for part in parts if part.sort == "condition"]
    loose = [k for k, part in enumerate(parts) if _hedges_only(part.of(text), lexicon)]
    frames |= set(loose)
    hedging = " ".join(parts[k].of(text) for k in loose)
    subject, framed, wants = "", "", lexicon.found(text, "want")
    frames |= _bare_subjects(text, parts, lexicon)
    for k, (part, by) in enumerate(zip(parts, said, strict=True)):
        if k in frames or not _stands(text, part, parts, lexicon, memory):
            subject = subject or subject_of(text, part, mentions, lexicon, "", memory)
            framed = part.of(text) if k in frames else ""
            continue
        who = by or _quoted_phrase(parts, k, subject, names, lexicon)
        actor = actor_of(text, part, mentions, who, subject, memory, lexicon)
        subject = subject or actor
        for n, (start, end) in enumerate(_pieces(text, part, lexicon)):
            piece = replace(part, start=start, end=end)
            acts = leading(text, piece, mentions, lexicon) if n else ""
            leads = f"{framed} {hedging} {_shared_verb(text, parts, k, lexicon)}".strip()
            claim = _one(text, piece, who, acts or actor, mentions, leads, lexicon)
            at, condition = sentence.start + offset, next((c.of(text) for c in conditions if c != piece), "")
            yield replace(
                claim, start=at + claim.start, end=at + claim.end, sentence=number, paragraph=sentence.paragraph,
                condition=" ".join(condition.split()[:MOST_WORDS]), turn=memory.turn.party if memory.turn else memory.author,
                asker=_asker(part, text, who, lexicon), wished=any(cue.end <= part.start for cue in wants),
            )  # fmt: skip
        framed = ""
    _remember(memory, mentions, said, subject)


def _spoken(text: str, lexicon: Lexicon) -> tuple[Found, ...]:
    """Cues of speech, source and hearsay; words of hearsay are not verbs of speech as well: `unconfirmed reports that …`, nor are
    those that are a part of asking: `verwacht van`."""
    cues = lexicon.found(text, *SPOKEN)
    asking = lexicon.found(text, "want")
    cues = tuple(cue for cue in cues if cue.cue.kind != "speech" or not any(within(cue, other) for other in asking))
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


def _bare_subjects(text: str, parts: tuple[Clause, ...], lexicon: Lexicon) -> frozenset[int]:
    """Clauses that only name whom what comes after them is about: `The council | which met | has agreed`, `The president, Tomas Arden, | has …`."""
    bare = set()
    for k in range(len(parts) - 1):
        verbs = lexicon.words["links"].intersection(word.lower() for word in WORD.findall(parts[k].of(text)))
        comma = text[parts[k].end : parts[k + 1].start].strip() == ","
        opening = lexicon.words["relative"] if lexicon.late else lexicon.words["relative"] | lexicon.words["openers"]
        related = comma and k + 2 < len(parts) and parts[k + 1].opener in opening
        related = related and text[parts[k + 1].end : parts[k + 2].start].strip() == ","
        named = comma and parts[k + 1].opener in lexicon.words["links"] and _APPOSED.search(parts[k].of(text)) is not None
        if (related or named) and parts[k].sort == "main" and not verbs and not lexicon.found(parts[k].of(text), *LINES, "speech"):
            bare.add(k)
    return frozenset(bare)


def _shared_verb(text: str, parts: tuple[Clause, ...], k: int, lexicon: Lexicon) -> str:
    """The clause before one that has no verb of its own but an infinitive, whose hedge is therefore its hedge as well:
    `zij zou vierhonderd man tellen | en de brug bewaken`."""
    words = [word.lower() for word in WORD.findall(parts[k].of(text))]
    joined = k > 0 and lexicon.late and words[:1] in (["en"], ["und"], ["of"], ["oder"])
    if not joined or not words[-1].endswith("n") or lexicon.words["links"] & set(words):
        return ""
    return " ".join(hedge.words for hedge in lexicon.found(parts[k - 1].of(text), "hedge"))


def _asker(part: Clause, text: str, by: Said | None, lexicon: Lexicon) -> str:
    """The party that asks for what a clause says, by the verb of speech before it or by saying what somebody has to do."""
    if by is None or not by.party or by.cue.end == 0:
        return ""
    inside = part.start <= by.cue.start < part.end
    opening = text[by.cue.start :].split()[: len(by.cue.words.split()) + 1] or by.cue.words.split()  # `eisen dat` asks, `eisen` may not
    asking = any(cue.cue.sense == "asks" for cue in lexicon.found(" ".join(opening), "want"))
    if asking and (inside or not asserted(part.of(text), lexicon)):
        return by.party
    return by.party if by.cue.cue.sense in ("says", "announces") and obliged(part.of(text), lexicon) else ""


def _quoted_phrase(parts: tuple[Clause, ...], k: int, subject: str, names: Names, lexicon: Lexicon) -> Said | None:
    """A phrase between quotation marks that nobody is said to say: the words of the party that the sentence is about."""
    if parts[k].sort != "quote" or not subject:
        return None
    cue = next(cue for cue in lexicon.cues if cue.kind == "speech")
    return Said(names.known.get(subject, subject), subject, Found(cue, 0, 0, ""), "certain", "quoted phrase")


def _new_paragraph(memory: Memory, sentence: Sentence, number: int) -> None:
    memory.paragraph, memory.sentence = sentence.paragraph, number


def _remember(memory: Memory, mentions: tuple[Mention, ...], said: tuple[Said | None, ...], subject: str) -> None:
    people = [m for m in mentions if m.named.sort == "person"]
    if people:
        memory.person, memory.person_at = people[0], memory.sentence
    spoke = next((by for by in said if by is not None and by.who != AUTHOR), None)
    if spoke is not None:
        memory.said, memory.said_at = spoke, memory.sentence
    memory.actor = subject or memory.actor
    memory.other = subject if subject and subject != (memory.turn.party if memory.turn else "") else memory.other
    memory.party = next((m for m in mentions if subject and m.bearer == subject and m.named.sort in ("party", "territory", "seat")), memory.party)


def _stands(text: str, part: Clause, parts: tuple[Clause, ...], lexicon: Lexicon, memory: Memory) -> bool:
    """Whether a clause makes a claim: it is no condition of another clause, and holds enough words of content; of one who speaks
    for herself less is enough, and so it is where it says no to something, or where it hangs on a condition."""
    words = part.of(text)
    if part.sort in ("condition", "aside") and any(other.sort in ("main", "that") for other in parts):
        return False
    speaks = memory.turn is not None and bool(memory.turn.who)
    small = [word.lower() for word in WORD.findall(words)]
    speaks = speaks or (bool(lexicon.words["own"] & set(small)) and part.sort == "main")  # `we will ease them`
    denied = len(small) > FEWEST_WORDS and bool(lexicon.words["no"] & set(small))  # `it is no peace yet`: no is content too
    hangs = any(other.sort == "condition" for other in parts) or (part.sort == "that" and lexicon.language == "en")  # `said that it would pay`
    return n_words(words) >= FEWEST_WORDS and len(lexicon.content(words)) + denied >= (1 if speaks or hangs else 2)


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
    text: str, part: Clause, by: Said | None, actor: str, mentions: tuple[Mention, ...], framed: str, lexicon: Lexicon
) -> Drafted:
    """What one clause of a sentence claims, with the quote's place in that sentence.

    framed : words before the clause that say how surely it is held
    """
    start, end = _window(text, part, lexicon)
    direct = part.sort == "quote" or (by is not None and by.cue.end == 0)
    author, source, hedge = _degrees(f"{framed} {part.of(text)}".strip(), framed, by, lexicon, direct=direct)
    named = [m.named.party or m.named.territory for m in mentions if part.start <= m.start < part.end]
    return Drafted(
        start=start, end=end, sentence=0, paragraph=0, quote=text[start:end], clause=part.of(text),
        actor=actor, parties=tuple(dict.fromkeys(name for name in (actor, *named) if name)),
        says=by.who if by else AUTHOR, speaker=by.party if by else "", via=by.via if by and by.who != AUTHOR else "",
        author_holds=author, source_holds=source, hedge=hedge, condition="", cues=lexicon.found(part.of(text), *LINES),
    )  # fmt: skip


def _window(text: str, part: Clause, lexicon: Lexicon) -> tuple[int, int]:
    """At most twelve words of a clause, without the words that open it and the source that it names; where there are more, those
    in which its verb stands. What changes the meaning is never cut off: `without`, `only`."""
    words = list(WORD.finditer(text, part.start, part.end))
    if part.sort != "quote":
        words = [word for word in words if word.start() >= _past_source(text, part, lexicon)]
    opening = (lexicon.words["openers"] | lexicon.words["that"]) - lexicon.words["kept"]
    if part.start == 0:
        opening -= lexicon.words["determiners"]
    while part.sort != "quote" and len(words) > FEWEST_WORDS and words[0].group().lower() in opening:
        if words[0].group() in lexicon.words["determiners"] and lexicon.language == "de" and words[1].group()[0].isupper():
            break  # `die Linie`: an article, and no relative
        words = words[1:]
    if len(words) > MOST_WORDS and not lexicon.late:
        at = _verb_at(text, part, words, lexicon)
        words = words[at + (at > 0 and words[at].group().lower() in lexicon.words["cuts"] | lexicon.words["of"]) :]
    if len(words) > MOST_WORDS:
        words = words[-MOST_WORDS:] if lexicon.late else words[:MOST_WORDS]
    start, end = words[0].start(), max(words[-1].end(), part.end if words[-1].end() + 1 >= part.end else 0)
    return _balanced(text, start, end)


def _verb_at(text: str, part: Clause, words: list[re.Match[str]], lexicon: Lexicon) -> int:
    """From which word on a long clause is quoted: from where somebody is asked for something, which would be cut off."""
    cues = [part.start + cue.start for cue in lexicon.found(part.of(text), "want") if cue.cue.sense == "asks"]
    first = next((k for k, word in enumerate(words) if word.start() >= min(cues, default=len(text))), 0)
    verb = next((k for k, word in enumerate(words) if word.group().lower() in lexicon.words["links"]), 0)
    last = len(words) - MOST_WORDS
    return min(first, last) or (last if last <= verb and lexicon.language == "en" else 0)  # of a long subject the first words, of no object the last


def _past_source(text: str, part: Clause, lexicon: Lexicon) -> int:
    """Where a clause goes on after the source that it opens with: `Selon un diplomate, | Moscou …`, `Volgens Lund | heeft …`."""
    words = part.of(text)
    cue = next((cue for cue in lexicon.found(words, "according") if cue.start <= 1), None)
    if cue is None:
        return part.start
    comma = words.find(",", cue.end)
    links = lexicon.words["links"] if lexicon.late else frozenset()
    verb = next((m.start() for m in WORD.finditer(words, cue.end) if m.group().lower() in links), -1)
    place = min((at for at in (comma, verb) if at >= 0), default=-1)
    return part.start + place if place >= 0 and n_words(words[place:]) >= FEWEST_WORDS else part.start


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
    expected = [h for h in lexicon.found(framed, "hedge") if h.cue.holds == "possible" and by.cue.cue.kind == "speech" and by.cue.end > 0]
    if expected:  # words that somebody might say
        return "possible", "uncommitted", expected[0].words
    source = by.holds
    own = [h.cue.holds for h in hedges if direct or by.cue.cue.kind == "according" or h.cue.sense != "shifted"]
    source = max([source, *own], key=WEAKER.__getitem__) if source != "denied" else source
    telling = by.cue.cue.kind != "speech" or by.holds != "certain"
    if telling or (not shown and by.cue.cue.sense in ("promises", "accuses", "advises")):
        shown = by.cue.words
    return "uncommitted", source, shown
