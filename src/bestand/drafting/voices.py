"""Whose turn it is in an interview, a hearing or a verbatim record: who says every sentence of an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bestand.drafting.lexicon import WORD, Lexicon
from bestand.drafting.names import Names
from bestand.drafting.sentences import LABEL, Sentence, repeated_labels

QUESTIONS = 3  # paragraphs that ask from which a text without labels is an interview
LONGEST_QUESTION = 4  # sentences of a paragraph that ends in a question
MOST_ADDRESS = 2  # words before the name of one who is addressed: `Mr`, `Minister`
SHARE, FEW = 0.5, 0.26  # of the turns of one who asks, how many hold a question; of the sentences, how many are more than a member's in a debate


@dataclass(frozen=True, slots=True)
class SpeakersTurn:
    """Who speaks in a sentence, for which party, and how many characters of it only name the speaker."""

    who: str
    party: str
    skipped: int


ASKED = SpeakersTurn("", "", 0)


def voices(all_sentences: Sequence[Sentence], names: Names, lexicon: Lexicon) -> tuple[SpeakersTurn | None, ...]:
    """The turn that each sentence belongs to; None where nobody but the author speaks.

    Turns are told by a name and a colon that open two paragraphs or more. A paragraph without a name goes on with the turn before
    it, if another turn follows. One who mostly asks and acts for no party is the author. A text without such names in which
    paragraphs ask and others answer in the first person is an interview with the person named first.

    >>> from bestand.case.read import read_text
    >>> from bestand.drafting.lexicon import lexicon
    >>> from bestand.drafting.names import names_in
    >>> from bestand.drafting.sentences import sentences
    >>> from bestand.documents.canonical import canonical
    >>> text = "Post: Is it true?\\n\\nBerg: It is.\\n\\nPost: Since when?\\n\\nBerg: Since May. We knew."
    >>> known = names_in(read_text("bestand: 1\\ntitle: T\\nparties: {n: {name: North, members: [Ana Berg]}}\\n").file, lexicon("en"))
    >>> [turn.party for turn in voices(sentences(text, canonical(text), lexicon("en")), known, lexicon("en"))]
    ['', 'n', '', 'n', 'n']
    """
    first = _first_of_paragraphs(all_sentences)
    labels = repeated_labels(all_sentences[k].text for k in first.values())
    if not any(_speaks(label, names, lexicon) for label in labels):
        return _without_labels(all_sentences, names, lexicon)
    askers = _askers(all_sentences, labels, names, lexicon)
    last = max(all_sentences[k].paragraph for k in first.values() if _label(all_sentences[k].text) in labels)
    speaking: list[SpeakersTurn | None] = []
    now: SpeakersTurn | None = None
    for k, sentence in enumerate(all_sentences):
        label = _label(sentence.text) if first[sentence.paragraph] == k else ""
        if label in labels:
            now = ASKED if label in askers else _turn(label, all_sentences, names, lexicon)
        elif sentence.paragraph > last:
            now = None
        skipped = LABEL.match(sentence.text) if label in labels else None
        speaking.append(now and SpeakersTurn(now.who, now.party, skipped.end() if skipped else 0))
    return tuple(speaking)


def _first_of_paragraphs(all_sentences: Sequence[Sentence]) -> Mapping[int, int]:
    """Paragraph: the number of its first sentence."""
    first: dict[int, int] = {}
    for k, sentence in enumerate(all_sentences):
        first.setdefault(sentence.paragraph, k)
    return first


def _label(text: str) -> str:
    match = LABEL.match(text)
    return match["label"] if match else ""


def _speaks(label: str, names: Names, lexicon: Lexicon) -> bool:
    """Whether a label names one who speaks, and not a matter: a known name, or `Answer`."""
    return bool(names.mentions(label)) or label.lower() in lexicon.words["answers"]


def _askers(all_sentences: Sequence[Sentence], labels: frozenset[str], names: Names, lexicon: Lexicon) -> frozenset[str]:
    """Labels whose turns mostly hold a question, of nobody who acts for a party; and `Question:`."""
    first = _first_of_paragraphs(all_sentences)
    n_turns: Counter[str] = Counter()
    asking: Counter[str] = Counter()
    n_said: Counter[str] = Counter()
    n_asked: Counter[str] = Counter()
    for paragraph, k in first.items():
        label = _label(all_sentences[k].text)
        if label in labels:
            n_turns[label] += 1
            turn = [s.text for s in all_sentences[k:] if s.paragraph == paragraph]
            asking[label] += any("?" in text for text in turn)
            n_said[label] += len(turn)
            n_asked[label] += sum("?" in text for text in turn)
    unknown = (label for label in labels if not any(m.named.party for m in names.mentions(label)))
    return frozenset(
        label for label in unknown
        if label.lower() in lexicon.words["asks"] or (asking[label] >= max(1.0, SHARE * n_turns[label]) and n_asked[label] > FEW * n_said[label])
    )


def _turn(label: str, all_sentences: Sequence[Sentence], names: Names, lexicon: Lexicon) -> SpeakersTurn:
    """The person or party that a label names; where it says no more than `Answer`, the person named first."""
    if label.lower() in lexicon.words["answers"]:
        return _interviewed(all_sentences, names) or SpeakersTurn("", "", 0)
    mentions = names.mentions(label) or names.mentions(label.title() if label.isupper() else label)
    person = next((m for m in mentions if m.named.sort == "person"), None)
    if person is not None:
        return SpeakersTurn(person.named.person, person.named.party or person.named.territory, 0)
    party = next((m.named.party or m.named.territory for m in mentions), "")
    return SpeakersTurn(label, party, 0)


def _interviewed(all_sentences: Sequence[Sentence], names: Names) -> SpeakersTurn | None:
    """The first person whom a text names before it first asks, or whom a question addresses: not one who is asked about."""
    asked = False
    for sentence in all_sentences:
        asked = asked or (sentence.text.endswith("?") and sentence.paragraph > 0)  # a title may ask
        for mention in names.mentions(sentence.text):
            addressed = sentence.text[mention.end : mention.end + 1] == "," and _words_before(sentence.text[: mention.start]) <= MOST_ADDRESS
            if mention.named.sort == "person" and (addressed or not asked):
                return SpeakersTurn(mention.named.person, mention.named.party or mention.named.territory, 0)
    return None


def _words_before(before: str) -> int:
    """How many words stand before a name that may be addressed, without the label of whose turn it is."""
    label = LABEL.match(before)
    return len(WORD.findall(before[label.end() :] if label else before))


def _without_labels(all_sentences: Sequence[Sentence], names: Names, lexicon: Lexicon) -> tuple[SpeakersTurn | None, ...]:
    """Turns of an interview that sets its questions apart and names nobody: answers are what stands between questions."""
    first = _first_of_paragraphs(all_sentences)
    ends = {sentence.paragraph: k for k, sentence in enumerate(all_sentences)}
    asking = sorted(p for p, k in ends.items() if all_sentences[k].text.endswith("?") and k - first[p] < LONGEST_QUESTION)
    answers = [s for s in all_sentences if asking and s.paragraph > asking[0] and s.paragraph not in asking]
    own = [s for s in answers if any(word.lower() in lexicon.words["own"] for word in WORD.findall(s.text)) and s.text[:1] not in "\"'"]
    who = _interviewed(all_sentences, names)
    if len(asking) < QUESTIONS or who is None or len({s.paragraph for s in own}) < QUESTIONS:
        return (None,) * len(all_sentences)
    last = max((p for p in {s.paragraph for s in own}), default=-1)
    return tuple(None if s.paragraph < asking[0] or s.paragraph > last else ASKED if s.paragraph in asking else who for s in all_sentences)
