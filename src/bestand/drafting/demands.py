"""What is wanted of whom: the party that would do what a claim says is wanted, and the words that say what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bestand.drafting.clauses import n_words
from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.names import Mention, Names

NEAR_THAT = 3  # words between a that and the one whose deed it speaks of
NEAR_CUE = 6  # words between a cue of asking and the one who is asked


@dataclass(frozen=True, slots=True)
class WantedDeed:
    """What a party wants done: who would do it, and the words that say what.

    doer : a party or a territory's code; empty where the words name nobody that is known
    deed : the words of what is wanted, without who wants it
    """

    doer: str
    deed: str


def demand(words: str, wanting: str, speaker: str, names: Names, lexicon: Lexicon, *, asks: bool) -> WantedDeed:
    """What the words after a cue of wanting say is to be done, and by whom.

    words   : what follows the cue
    wanting : the party that wants it
    speaker : the party of the one who says so: whom *we* means
    asks    : whether the cue asks somebody else for it: then it is never the party that asks who would do it

    The doer is the subject of the that-clause; else who is asked, or whose deed it is; else, of a party that asks nobody, itself.

    >>> from bestand.case.read import read_text
    >>> from bestand.drafting.lexicon import lexicon
    >>> from bestand.drafting.names import names_in
    >>> known = names_in(read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: Alm}, b: {name: Brill}}\\n").file, lexicon("en"))
    >>> demand("on Sunday that Brill withdraw", "a", "", known, lexicon("en"), asks=True)
    WantedDeed(doer='b', deed='Brill withdraw')
    """
    that = next((match for match in WORD.finditer(words) if _is_that(match.group(), lexicon)), None)
    mentions = [m for m in names.mentions(words) if m.bearer]
    if that is not None:
        return WantedDeed(_of_clause(words, that, mentions, wanting, speaker, lexicon, asks=asks), words[that.end() :].strip())
    return WantedDeed(_asked(words, mentions, wanting, speaker, lexicon) or ("" if asks else wanting), words)


def asserted(words: str, lexicon: Lexicon) -> bool:
    """Whether a that-clause says how things are, and not what is to be done: `insists that it is closed`."""
    said = [word.lower() for word in WORD.findall(words)]
    duty = any(word in lexicon.words["duties"] for word in said)
    past = lexicon.language == "en" and any(re.fullmatch(r"[a-z]{2,}ed", word) for word in said[1:4])
    return not duty and (past or any(word in lexicon.words["links"] for word in said))


def obliged(words: str, lexicon: Lexicon) -> bool:
    """Whether a clause says that somebody has to do something: `Merrow must withdraw`, and not `must have withdrawn`."""
    said = [word.lower() for word in WORD.findall(words)]
    places = [k for k, word in enumerate(said) if word in lexicon.words["duties"] - {"do", "be", "shall"}]
    return any(said[k + 1 : k + 2] and said[k + 1] not in ("have", "be") and not {said[-1], said[-2]} & {"haben", "sein"} for k in places)


def hollow(words: str, names: Names, lexicon: Lexicon) -> bool:
    """Whether words say no more than that something was asked or offered before: `the demand`, `das`."""
    plain = without_names(words, names)
    return all(word.lower() in lexicon.words["anaphors"] for word in lexicon.content(plain))


def before_condition(cues: Iterable[Found], cue: Found, deed: str, lexicon: Lexicon) -> str:
    """A deed without the condition after it that a cue round the deed opens: `is alleen bereid | als Tarsin …`."""
    opens = [guard.words.rpartition(" ")[2] for guard in cues if guard.cue.kind == "guard" and guard.start < cue.start and guard.end > cue.end]
    opens = [word for word in opens if lexicon.phrases["conditions"].fullmatch(word)]
    return _bare_promise(re.split(rf"\b{re.escape(opens[0])}\b", deed, maxsplit=1)[0] if opens else deed)


def without_names(words: str, names: Names) -> str:
    """Words with the names in them left blank."""
    for m in reversed(names.mentions(words)):
        words = words[: m.start] + " " * (m.end - m.start) + words[m.end :]
    return words


def what_stops(deed: str, stopping: re.Match[str], lexicon: Lexicon) -> str:
    """The words for what is to stop: those after the verb (`to end the siege`), or before it where it has no object (`the strike to end`)."""
    before, after = deed[: stopping.start()], deed[stopping.end() :]
    follows = WORD.match(after.lstrip())
    bare = follows is None or follows.group().lower() in lexicon.words["before"] | lexicon.words["until"] | lexicon.words["openers"]
    if lexicon.content(after) and not (bare and lexicon.language == "en" and lexicon.content(before)):
        return after
    return before if bare and lexicon.content(before) else f"{before} {after}"


def _bare_promise(deed: str) -> str:
    """What is promised, without how: `in writing to keep the road open`."""
    return re.sub(r"^\s*(?:in|by|on|at) (?:\w+ ){1,2}to (?=[a-z])", "", deed)


def judged(rejected: str) -> str:
    """What is rejected, without what it is rejected as.

    >>> judged(" the offer as too little"), judged(" a truce")
    (' the offer ', ' a truce')
    """
    return re.split(r"\b(?:as|als|comme)\b", rejected, maxsplit=1)[0] or rejected


def done_by_another(clause: str, cue: Found, names: Names, lexicon: Lexicon) -> bool:
    """Whether what is done is done by nobody who was named: `wants the gates to be opened`, `that | a number at night will spread`."""
    if cue.cue.sense == "does" and lexicon.found(clause[: cue.start], "want"):
        return True  # `wants the borders restored`
    last = WORD.findall(clause[: cue.start])[-1:]
    if cue.cue.sense == "does" and " " not in cue.words and last in (["be"], ["was"], ["were"], ["been"]):
        return True
    bare = led(clause, lexicon)
    words = [word.lower() for word in WORD.findall(bare[: bare.find(cue.words)])] if cue.words in bare else []
    begins = len(words) > 1 and words[0] in lexicon.words["determiners"] - lexicon.words["owners"] - lexicon.words["pronouns"]
    known = any(m.start <= len(words[0]) + 1 for m in names.mentions(bare)) if begins else True
    acts = set(words) & (lexicon.words["people"] | lexicon.words["own"] | lexicon.words["offices"] | lexicon.words["institutions"])
    return begins and not known and not acts and lexicon.words["that"] & {word.lower() for word in WORD.findall(clause)[:1]} != set()


def _is_that(word: str, lexicon: Lexicon) -> bool:
    return word.lower() in lexicon.words["that"] - lexicon.words["whether"]


def _of_clause(
    words: str, that: re.Match[str], mentions: list[Mention], wanting: str, speaker: str, lexicon: Lexicon, *, asks: bool
) -> str:
    """Whose deed a that-clause speaks of: its subject; who was asked before it, where that is a pronoun or nobody known."""
    subject = next((m for m in mentions if m.start >= that.start() and _begins(words, that.end(), m, lexicon)), None)
    if subject is not None:
        return subject.bearer if not asks or subject.bearer != wanting else ""
    first = [match.group().lower() for match in WORD.finditer(words, that.end())][:2]
    if any(word in lexicon.words["own"] for word in first):
        return speaker if speaker != wanting or not asks else ""
    meant = any(word in lexicon.words["pronouns"] | lexicon.words["people"] for word in (*first, that.group().lower().partition("'")[2]))
    before = _asked(words[: that.start()], [m for m in mentions if m.end <= that.start()], wanting, speaker, lexicon)
    return before if meant or before else "" if asks else wanting if meant else ""


def _begins(words: str, at: int, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a name is the subject of what begins at a place: near its start, and no preposition before it."""
    between = [word.lower() for word in WORD.findall(words[min(at, mention.start) : mention.start])]
    return len(between) <= NEAR_THAT and not any(word in lexicon.words["before"] for word in between[-2:])


def _asked(words: str, mentions: list[Mention], wanting: str, speaker: str, lexicon: Lexicon) -> str:
    """Who is asked, or whose deed is spoken of: a name that no preposition but `from`, `of`, `by` governs."""
    for m in mentions:
        before = [word.lower() for word in WORD.findall(words[: m.start])]
        while before and before[-1] in lexicon.words["determiners"] | lexicon.words["offices"]:
            before.pop()
        governed = bool(before) and before[-1] in lexicon.words["before"] - lexicon.words["asked"]
        if m.bearer != wanting and not governed and n_words(words[: m.start]) <= NEAR_CUE:
            return m.bearer
    for match in list(WORD.finditer(words))[:NEAR_CUE]:
        if match.group().lower() in lexicon.words["own"] and speaker != wanting:
            return speaker
    return ""


def asks_somebody(cue: Found) -> bool:
    """Whether a cue asks somebody else for something."""
    return cue.cue.sense == "asks"


def wanting(clause: str, cue: Found, lexicon: Lexicon) -> bool:
    """Whether a cue of wanting is one: not a noun (`to that demand`), and not undone by a no (`lehnt eine Beteiligung nicht ab`)."""
    before = [word.lower() for word in WORD.findall(clause[: cue.start])]
    words = WORD.findall(cue.words)
    inside = {word.lower() for word in words[1:-1]} if cue.cue.sense == "rejects" else set()
    if lexicon.words["what"] & set(before):  # `precisely what Brill wants`: that was said before
        return False
    after = {word.lower() for word in WORD.findall(clause[cue.end :])}
    if after and after <= lexicon.words["no"]:  # `and wants none`
        return False
    denied = not lexicon.words["no"].isdisjoint(inside | set(before[-2:]))
    noun = len(words) == 1 and bool(before) and before[-1] in lexicon.words["determiners"] | lexicon.words["owners"]
    called = any(named.cue.sense == "names" for named in lexicon.found(clause[: cue.start], "speech"))  # `called it unacceptable`
    return not denied and not noun and not called


def led(words: str, lexicon: Lexicon) -> str:
    """Words without the sign or the conjunction that leads to them: `that it would …`, `, dass …`."""
    bare = words.lstrip(" ,;:-–")
    first = WORD.match(bare)
    return led(bare[first.end() :], lexicon) if first and first.group().lower() in lexicon.words["that"] else bare
