"""Clauses of a sentence: where one begins, and what kind it is; and which of them are quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bestand.drafting.lexicon import WORD, Found, Lexicon
from bestand.drafting.sentences import quotations

FEWEST = 3  # words of a clause that stands for itself
MOST_BETWEEN = 8  # words between a verb of speech and the comma after which it goes on
MOST_OF_A_SUBJECT = 6  # words of one, before its verb
QUOTED = 3  # words from which a quotation is a clause
Sort = Literal["main", "that", "quote", "condition", "frame", "aside"]
SPOKEN_ON = frozenset(["says", "announces", "believes", "promises", "suggests", "hopes", "doubts", "denies"])  # senses that a comma goes on
ADDRESSING = frozenset(["told", "tells", "informed", "informs", "assured", "reminded", "notified"])  # after these a name is who listens
MOST_ASKED = 4  # words between a cue of asking and its that-clause: `verlangt von uns, dass …`
TELLING = frozenset(["names", "accuses"])  # senses of verbs after which what is said of somebody follows: `…, described them as`
AS_OR_IF = frozenset(["als", "should"])  # words that open a condition only before an article, a pronoun or a name
_ZU = r"(?:ab|an|auf|aus|bei|durch|ein|fest|fort|frei|her|heraus|hin|hinaus|mit|nach|nieder|vor|weg|weiter|wieder|zurück|zusammen)zu\w{2,}n"
_FUTURE = re.compile(r"[a-zà-ÿ]+r(?:a|ont|ait|aient)")
_APPOSED = re.compile(r"[a-zà-ÿ]\w*(?: [A-ZÀ-Þ][\w'-]+)?, (?:[A-ZÀ-Þ][\w.'-]+ ?){1,4},$")
_STOP = re.compile(r"[,;()]|(?<!\d):|:(?!\d)|(?<= )[-–](?= )")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence [start, end): a main clause, a that-clause, a quotation, a condition, the frame of speech, an aside."""

    start: int
    end: int
    sort: Sort
    opener: str = ""

    def of(self, text: str) -> str:
        """Its words."""
        return text[self.start : self.end]


def clauses(text: str, cues: tuple[Found, ...], lexicon: Lexicon) -> tuple[Clause, ...]:
    """The clauses of a sentence, in order.

    cues : its cues of speech; after them what was said begins

    >>> from bestand.drafting.lexicon import lexicon
    >>> text = "She said that the dam is closed if nobody pays."
    >>> [c.of(text) for c in clauses(text, (), lexicon("en"))]
    ['She said', 'that the dam is closed', 'if nobody pays']
    """
    quoted = [(a, b) for a, b in quotations(text, 0, len(text)) if len(WORD.findall(text[a:b])) >= QUOTED and not _title(text[a:b], lexicon)]
    starts = {0, *_after_signs(text, lexicon), *_at_openers(text, lexicon), *_after_cues(text, cues, lexicon)}
    starts = {place for place in starts if not any(a < place < b for a, b in quoted)}
    starts |= {place for span in quoted for place in span}
    return tuple(_sorted(text, _joined(text, sorted(starts), quoted, lexicon), quoted, lexicon))


def _title(quotation: str, lexicon: Lexicon) -> bool:
    """Whether a quotation is what something is called, and nothing that is said: all its words but small ones have a capital."""
    words = WORD.findall(quotation)
    small = lexicon.words["determiners"] | lexicon.words["of"] | lexicon.words["before"]
    bare = [word.rpartition("'")[2] for word in words if word.lower() not in small]
    return lexicon.language != "de" and len(bare) > 1 and all(word[:1].isupper() for word in bare)


def n_words(text: str) -> int:
    """How many words there are in a text."""
    return len(WORD.findall(text))


def _after_signs(text: str, lexicon: Lexicon) -> set[int]:
    """Places after a sign at which a clause may begin: always after a semicolon, colon, bracket or dash; after a comma where
    an opener or a join of clauses follows, or a verb of speech."""
    places = set()
    opened = condition_at(text, lexicon) or turned_condition(text, lexicon)
    for match in _STOP.finditer(text):
        rest = text[match.end() :]
        if opened and match.group() == "," and (lexicon.late or n_words(text[: match.start()]) > FEWEST):
            opened = False
            if (_goes_on_with_verb if lexicon.late else _goes_on_with_subject)(rest.lstrip(), lexicon):
                places.add(match.end())
        if match.group() == "," and lexicon.late and _infinitive(rest):
            continue  # `ist bereit, die Linie zu öffnen` is one
        if match.group() == "," and _after_relative(text, match.start(), rest.lstrip(), lexicon):
            places.add(match.end())
            continue
        first = WORD.match(rest.lstrip())
        word = first.group().lower() if first and match.group() == "," else ""
        if not word or (_opens(word, rest.lstrip(), lexicon) and not _wanted(text[: match.start()], word, lexicon)):
            places.add(match.end())
    return places


def turned_condition(text: str, lexicon: Lexicon) -> bool:
    """Whether a Dutch or German sentence begins with a condition that has no *if*: `Sperrt Alm den Hafen, so wird …`."""
    match = re.match(r"(\w{2,}(?:t|en)) (\S+)[^,?]*, (?:(so|dann|dan) )?(\w+)", text) if lexicon.late else None
    if match is None or "?" in text or lexicon.found(match[1], "speech"):
        return False
    verb, subject = match[1].lower(), match[2]
    known = frozenset().union(*(lexicon.words[name] for name in ("determiners", "pronouns", "before", "openers", "own", "stops", "fronts")))
    follows = match[3] is not None or match[4].lower() in lexicon.words["links"]
    return follows and verb not in known and (subject[0].isupper() or subject.lower() in lexicon.words["determiners"] | lexicon.words["people"])


def _goes_on_with_verb(rest: str, lexicon: Lexicon) -> bool:
    """Whether a main clause may go on here after a condition that was put in front: with a verb, of which nothing is known but that it
    is no other small word; `behält sich Alm vor, …`."""
    first = WORD.match(rest)
    small = frozenset().union(*(lexicon.words[name] for name in ("determiners", "before", "openers", "relative", "infinitive", "stops", "that")))
    return first is not None and first.group()[0].islower() and first.group().lower() not in small - lexicon.words["links"] and not _infinitive(rest)


def _goes_on_with_subject(rest: str, lexicon: Lexicon) -> bool:
    """Whether a main clause goes on here after a condition that was put in front, in English or French: who, and soon what he will do."""
    said = WORD.findall(_STOP.split(rest, maxsplit=1)[0])[: MOST_OF_A_SUBJECT + 1]
    begins = lexicon.words["determiners"] | lexicon.words["pronouns"] | lexicon.words["people"] | lexicon.words["own"]
    subject = bool(said) and (said[0][0].isupper() or said[0].lower() in begins)
    return subject and any(word.lower() in lexicon.words["links"] or (lexicon.language == "fr" and _FUTURE.fullmatch(word)) for word in said[1:])


def _infinitive(rest: str) -> bool:
    """Whether a German clause after a comma is an infinitive that goes with what stands before it."""
    words = WORD.findall(_STOP.split(rest, maxsplit=1)[0])
    if not words or words[0].lower() in ("um", "ohne", "statt", "anstatt"):
        return False
    return words[-1].endswith("n") and (words[-2:-1] == ["zu"] or re.fullmatch(_ZU, words[-1]) is not None)


def _after_relative(text: str, comma: int, rest: str, lexicon: Lexicon) -> bool:
    """Whether a comma ends a relative clause inside a sentence: `The council, which met on Monday, has agreed`."""
    before = text[:comma].rpartition(",")
    first, verb = WORD.match(before[2].lstrip()), WORD.match(rest)
    if first is None or verb is None or not before[1] or lexicon.late:
        return False
    related, small = first.group().lower() in lexicon.words["relative"], verb.group().lower()
    known = small in lexicon.words["links"] or any(cue.start == 0 for cue in lexicon.found(rest[:40], "speech", "want", "act"))
    apart = related or (known and first.group().lower() in lexicon.words["openers"])  # `April and May, when budgets are written, are …`
    return apart and (known or _verb_follows(before[0], verb.group(), lexicon))


def _verb_follows(subject: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a word is the verb of a sentence that so far has a subject and a relative: `The two banks, which share one office, offer …`."""
    small = frozenset().union(*(lexicon.words[name] for name in ("determiners", "before", "openers", "stops", "pronouns", "cuts")))
    bare = not lexicon.words["links"] & {each.lower() for each in WORD.findall(subject)} and not lexicon.found(subject, "speech", "want", "act")
    return bare and "," not in subject and n_words(subject) <= MOST_OF_A_SUBJECT + 2 and word[0].islower() and word not in small


def _wanted(before: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a that-clause is what somebody wants, and so one with the wanting of it: `verlangt, dass …`."""
    left = _STOP.split(before)[-1]
    cues = lexicon.found(left, "want")
    near = bool(cues) and n_words(left[cues[-1].end :]) <= (MOST_ASKED if cues[-1].cue.sense == "asks" else 0)
    return word in lexicon.words["that"] and near and not _spoken(left, lexicon)


def _spoken(words: str, lexicon: Lexicon) -> bool:
    """Whether there is a verb of speech in words that is no part of a cue of asking."""
    asking = lexicon.found(words, "want")
    return any(not any(within(cue, other) for other in asking) for cue in lexicon.found(words, "speech"))


def within(cue: Found, other: Found) -> bool:
    """Whether a cue is a part of a longer one of asking: `verwacht` in `verwacht van`."""
    return other.cue.sense == "asks" and other.start <= cue.start and cue.end <= other.end and other.end - other.start > cue.end - cue.start


def _opens(word: str, rest: str, lexicon: Lexicon) -> bool:
    opening = lexicon.words["openers"] | lexicon.words["people"] | lexicon.words["own"]
    if word in opening or _joins(rest, lexicon) or condition_at(rest, lexicon):
        return True
    turned = lexicon.late and word in lexicon.words["links"]  # the verb comes first after a clause that was put in front
    heads = lexicon.found(rest[:60], "speech", "according")
    return turned or any(cue.start == 0 and cue.cue.sense not in TELLING and _turned(rest, cue, lexicon) for cue in heads)


def _joins(rest: str, lexicon: Lexicon) -> bool:
    """Whether a clause is joined here; not in `April and May`, where the verb is a month."""
    match = lexicon.phrases["joins"].match(rest)
    return match is not None and not _names_month(match.group(), lexicon)


def _names_month(words: str, lexicon: Lexicon) -> bool:
    last = words.rpartition(" ")[2]
    return last[0].isupper() and last.lower() in lexicon.months


def _turned(text: str, cue: Found, lexicon: Lexicon) -> bool:
    """Whether the subject follows a verb of speech: `said Brandt`, and not `said that` or `said in an interview`."""
    first = WORD.match(text[cue.end :].lstrip())
    if cue.words.rpartition(" ")[2].lower() in lexicon.words["that"]:
        return False
    if lexicon.late or first is None or cue.cue.kind == "according":
        return lexicon.late or first is not None
    word = first.group()
    clause = _STOP.split(text[cue.end :], maxsplit=1)[0]
    if any(each.lower() in lexicon.words["that"] for each in WORD.findall(clause)):
        return False
    return word.lower() not in lexicon.words["that"] and (not word[0].islower() or word.lower() in lexicon.words["determiners"])


def condition_at(rest: str, lexicon: Lexicon) -> bool:
    """Whether a condition begins here: `if a …`, and not `as` in `als taak`."""
    match = lexicon.phrases["conditions"].match(rest)
    after = WORD.match(rest, match.end() + 1) if match and match.end() < len(rest) else None
    if match is None or after is None:
        return False
    word = after.group()
    known = frozenset().union(*(lexicon.words[name] for name in ("determiners", "pronouns", "own", "anybody")))
    plain = match.group().lower() not in AS_OR_IF and n_words(rest) >= FEWEST
    return plain or " " in match.group() or word.lower() in known or not word[0].islower()


def _at_openers(text: str, lexicon: Lexicon) -> set[int]:
    """Places of words that open a clause without a comma, with enough words on both sides."""
    places = set()
    guards, longer = lexicon.found(text, "guard"), [m.span() for m in lexicon.phrases["conditions"].finditer(text) if " " in m.group()]
    longer += [(cue.start, cue.end) for cue in lexicon.found(text, "want") if cue.cue.sense == "asks" and lexicon.language == "fr"]
    for name in ("bare", "joins", "conditions"):
        for match in lexicon.phrases[name].finditer(text):
            if any(guard.start < match.start() < guard.end for guard in guards):
                continue  # `only if` is one with what it guards
            if any(a < match.start() < b for a, b in longer):
                continue  # `dès | que`, `attend maintenant | que`
            before = max((m.end() for m in _STOP.finditer(text, 0, match.start())), default=0)
            left = text[before : match.start()]
            if _lists_names(text[match.end() :], match.group(), lexicon) or _names_month(match.group(), lexicon):
                continue
            small = match.group().lower()
            if small in lexicon.words["that"] and any(guard.start == match.start() for guard in guards):
                continue  # `ne partira que si`
            if small in lexicon.words["whether"] and not _ends_in_speech(left, lexicon):
                continue  # `of` is `or` but after `twijfelt`
            if lexicon.language == "fr" and small in lexicon.words["that"] and _only(left, lexicon):
                continue  # `ne seront déployés qu'une fois la trêve signée`
            if small in lexicon.words["that"] and left.split()[-1:] and left.split()[-1].lower() in lexicon.words["have"]:
                continue  # `heeft dat niet bevestigd`
            if match.group().lower() in lexicon.words["that"] and lexicon.found(left, "want") and not _spoken(left, lexicon):
                continue  # what somebody wants is one with the wanting of it
            if small in lexicon.words["until"] | {"after"} and _of_a_thing(text[match.end() :], lexicon):
                continue  # `before the Easter trade`
            enough = n_words(left) >= 2 and n_words(text[match.start() :]) >= FEWEST
            enough = enough or (match.group().lower() in lexicon.words["that"] and _ends_in_speech(left, lexicon))
            if enough and (name != "conditions" or condition_at(text[match.start() :], lexicon)):
                places.add(match.start())
    return places


def _only(left: str, lexicon: Lexicon) -> bool:
    """Whether `ne` waits for its `que`: no other word of denial stands between."""
    said = re.split(r"\bne\b|\bn'", left, flags=re.IGNORECASE)
    return len(said) > 1 and not (lexicon.words["no"] - {"ne", "n"}) & {word.lower() for word in WORD.findall(said[-1])}


def _of_a_thing(rest: str, lexicon: Lexicon) -> bool:
    """Whether a few words without a verb that is known and without a subject follow a word that may open a clause."""
    said = [word.lower() for word in WORD.findall(_STOP.split(rest, maxsplit=1)[0])]
    verb = any(word in lexicon.words["links"] or word.endswith("ed") for word in said)
    return len(said) <= FEWEST + 1 and not verb and not set(said[:1]) & (lexicon.words["people"] | lexicon.words["own"] | lexicon.words["pronouns"])


def _lists_names(rest: str, join: str, lexicon: Lexicon) -> bool:
    """Whether `and the` goes on with a name or a thing and not with a clause: few words are left, and none is a verb that is known."""
    left = _STOP.split(rest, maxsplit=1)[0].rstrip(".")
    few = " " in join and join.rpartition(" ")[2].lower() in lexicon.words["determiners"] and n_words(left) <= FEWEST
    known = any(word.lower() in lexicon.words["links"] for word in WORD.findall(left))
    return few and not known and not lexicon.found(left, "speech", "want", "act")


def speaks_on(text: str, cue: Found, comma: int) -> bool:
    """Whether what was said follows a comma without a that: `sagte am Montag, Russland sei bereit`."""
    enough = n_words(text[comma:]) >= FEWEST and n_words(text[cue.end : comma]) <= MOST_BETWEEN
    return enough and not text[cue.end : comma].count(",") and cue.cue.sense in SPOKEN_ON


def _ends_in_speech(left: str, lexicon: Lexicon) -> bool:
    """Whether a text ends in a verb of speech, right before what was said."""
    bare = left.rstrip()
    return any(cue.end == len(bare) for cue in lexicon.found(bare, "speech"))


def _after_cues(text: str, cues: tuple[Found, ...], lexicon: Lexicon) -> set[int]:
    """Places after a verb of speech where what was said begins without a that; and the comma before a speaker at the end."""
    places = set()
    for cue in cues:
        if cue.cue.kind != "speech":
            continue
        rest = text[cue.end :]
        first = WORD.match(rest.lstrip())
        lead = text[: cue.start].rstrip()
        last = [word for word in WORD.finditer(text, cue.start, cue.end + 1) if word.start() < cue.end][-1]
        if last.group().lower() in lexicon.words["that"] and last.start() > cue.start:
            places.add(last.start())
        if lead.endswith(",") and cue.cue.sense not in TELLING and _turned(text, cue, lexicon):
            places.add(len(lead))
        if first is not None and _says_on(text, cue, first.group(), lexicon):
            places.add(cue.end)
        following = text.find(",", cue.end)
        if lexicon.comma_speech and following >= 0 and speaks_on(text, cue, following):
            places.add(following + 1)
        commas = [match for match in _STOP.finditer(text, 0, cue.start) if match.group() == ","]
        trailing = [match.end() for match in commas if _trails(text, match.start(), cue, lexicon)]
        if trailing:
            places.add(trailing[0])
            places -= {place for place in trailing[1:] if place <= cue.start}
    return places


def _says_on(text: str, cue: Found, word: str, lexicon: Lexicon) -> bool:
    """Whether a word after a verb of speech begins what was said: Oram said her town … Not so in `…, said Oram`."""
    before = text[: cue.start].rstrip()[-1:]
    clause = WORD.findall(_STOP.split(text[cue.end :], maxsplit=1)[0])[:MOST_BETWEEN]
    apposed = _APPOSED.search(text[: cue.start].rstrip()) is not None  # `the envoy, Ms Halvard, said the text was …`
    goes_on = before == "," and any(each.lower() in lexicon.words["links"] for each in clause[1:])  # `Tal, who leads it, said his men had`
    if (before in ',"\'' and not goes_on and not apposed) or lexicon.language != "en" or cue.cue.content != "clause":
        return False
    if cue.words.lower() in ADDRESSING and word[0].isupper():
        return False
    bare = WORD.findall(_STOP.split(text[cue.end :], maxsplit=1)[0])
    if len(bare) <= FEWEST and not any(each.lower() in lexicon.words["links"] for each in bare):
        return False  # `answered the letter`
    begins = word.lower() in lexicon.words["determiners"] | lexicon.words["pronouns"] | lexicon.words["own"]
    return (begins and word.lower() not in ("that",)) or (word[0].isupper() and word.lower() not in lexicon.weekdays) or word[0].isdigit()


def _trails(text: str, comma: int, cue: Found, lexicon: Lexicon) -> bool:
    """Whether speech follows what was said: `…, the envoy said on Monday.`"""
    between = text[comma + 1 : cue.start]
    after = text[cue.end :].lstrip()
    first = WORD.match(after)
    said_after = first is not None and (first.group().lower() in lexicon.words["that"] or _says_on(text, cue, first.group(), lexicon))
    clause = _STOP.split(text[cue.end :], 1)[0]
    said_after = said_after or any(word.lower() in lexicon.words["that"] for word in WORD.findall(clause))
    said_after = said_after or cue.cue.sense in TELLING or (first is not None and first.group().lower() in lexicon.words["infinitive"])
    return n_words(between) <= MOST_BETWEEN and not said_after and after[:1] not in ('"', "'", ":") and "that" not in between


def _joined(text: str, starts: list[int], quoted: list[tuple[int, int]], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Spans between the starts; one that is too short for itself goes with the one before it, unless it is a quotation."""
    spans = [(a, b) for a, b in zip(starts, [*starts[1:], len(text)], strict=True) if text[a:b].strip(" ,;:.()-\"'")]
    kept: list[tuple[int, int]] = []
    for a, b in spans:
        short = n_words(text[a:b]) < FEWEST and not lexicon.found(text[a:b], "speech", "according")
        quotes = (a, b) in quoted or (bool(kept) and kept[-1] in quoted)
        if kept and short and not quotes:
            kept[-1] = kept[-1][0], b
        else:
            kept.append((a, b))
    if len(kept) > 1 and n_words(text[slice(*kept[0])]) < 2 and kept[0] not in quoted and kept[1] not in quoted:
        kept[:2] = [(kept[0][0], kept[1][1])]
    return kept


def _sorted(text: str, spans: list[tuple[int, int]], quoted: list[tuple[int, int]], lexicon: Lexicon) -> list[Clause]:
    parts = []
    for a, b in spans:
        start, end = stripped(text, a, b)
        first = WORD.match(text[start:end])
        opener = first.group().lower() if first else ""
        if end > start:
            parts.append(Clause(start, end, _sort(text, (a, b), quoted, opener, lexicon), opener))
    return parts


def _sort(text: str, span: tuple[int, int], quoted: list[tuple[int, int]], opener: str, lexicon: Lexicon) -> Sort:
    here = text[slice(*span)].lstrip(" ,;:-")
    if span in quoted:
        return "quote"
    if condition_at(here, lexicon) or (span[0] == 0 and turned_condition(text, lexicon)):
        return "condition"
    if opener in lexicon.words["later"] and lexicon.words["only"] & {word.lower() for word in WORD.findall(text[: span[0]])}:
        return "condition"  # `would only lift the blockade | after Brill has disarmed`
    if opener in lexicon.words["that"]:
        return "that"
    return "aside" if text[: span[0]].rstrip().endswith("(") else "main"


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without blanks and signs at its ends; a bracket or quotation mark that is matched inside stays."""
    while start < end and text[start] in " ,;:-–)(*":
        start += 1
    while end > start and text[end - 1] in " ,;:.-–(!?…":
        end -= 1
    if end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
        return stripped(text, start, end)
    for sign in "\"'":
        inside = text[start:end]
        if inside.startswith(sign) and inside.count(sign) % 2:
            start += 1
        elif inside.endswith(sign) and inside.count(sign) % 2 and not inside.endswith("s'"):
            end -= 1
    if text[start:end].endswith(")") and "(" not in text[start:end]:
        end -= 1
    return start, end
