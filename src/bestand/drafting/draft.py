"""Drafting: from documents to proposals for a case."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case, OfCase, stated
from bestand.documents.canonical import canonical
from bestand.drafting.claims import Drafted, drafted
from bestand.drafting.dates import days
from bestand.drafting.endpoint import Endpoint
from bestand.drafting.lexicon import WORD, Lexicon, language_of, lexicon
from bestand.drafting.lines import lines
from bestand.drafting.merge import merged
from bestand.drafting.model import Outgoing, outgoing, proposed
from bestand.drafting.names import Names, names_in, party_key
from bestand.drafting.proposals import Proposal, Proposals
from bestand.drafting.sentences import Sentence, sentences
from bestand.drafting.speakers import AUTHOR, VERBS_JOIN
from bestand.drafting.verbatim import VerbatimText, quoted
from bestand.errors import DraftError, Place, Problem, did_you_mean
from bestand.evidence.source import Document, decoded_page, opened, text_of

HEAD = 8_000  # letters of a document in which it says what it is
FIRST_LINES, DATED = 5, 120  # sentences and headings, and characters of each, in which the day of a document stands
_NAMED = r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|van|de|der|den|von|du|la|le|al)){1,5}"  # a first name and a last one
MOST_TITLE = 200  # characters of what a web page is called


@dataclass(frozen=True, slots=True)
class DraftedSource:
    """A document that was read for drafting: its key in the case, its text, its sentences, and the names in its language.

    heads  : the lines of its first headings
    author : the party for which it speaks, whom *we* means in it; empty where that is not known
    """

    key: str
    text: VerbatimText
    sentences: tuple[Sentence, ...]
    names: Names
    lexicon: Lexicon
    fields: Mapping[str, Any]
    heads: tuple[str, ...]
    author: str = ""


def draft(
    sources: Sequence[str | Path],
    *,
    into: Case | OfCase,
    language: str | None = None,
    speaker: str | None = None,
    waiting: Proposals | None = None,
    model: Endpoint | None = None,
    kept: Callable[[Proposals], None] | None = None,
) -> Proposals:
    """Proposals from documents, for a case: claims with exact quotes, and lines that rest on them.

    sources  : paths of documents (.txt, .md, .html, .pdf, .docx)
    into     : the case; its parties and those who act for them are known by all their names
    language : nl, en, de or fr; told by each document's commonest words, if not given
    speaker  : the party, or the person, whom *we* means in the documents; the author that the case gives a document, or the party whose
               statement its heading says it is, if not given
    waiting  : proposals that wait already; a passage is proposed once, and what was rejected is not proposed again
    model    : an endpoint that is asked as well; without it nothing leaves the machine
    kept     : called with what there is so far after each passage that the model has worked through

    A quote that does not stand word for word in its document is never among them.

    Raises
    ------
    EvidenceError
        A document cannot be read.
    DraftError
        `draft/unknown-language`, `draft/no-text`, `draft/unknown-speaker`; with a model, what its endpoint does not do as it should.

    >>> import pathlib, tempfile
    >>> from bestand import read_text
    >>> folder = tempfile.TemporaryDirectory()
    >>> said = pathlib.Path(folder.name, "said.txt")
    >>> _ = said.write_text("The mayor of Tolbridge said that the bridge will reopen on Monday.")
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\n")
    >>> proposals = draft([said], into=case, language="en")
    >>> [item.fields["quote"] for item in proposals.waiting if item.kind == "claim"]
    ['the bridge will reopen on Monday']
    """
    into = stated(into)
    so_far = waiting or Proposals()
    for source in sources:
        document = _read(Path(source), into, so_far, language)
        document, spoken = spoken_for(document, into, speaker)
        so_far = replace(so_far, sources={**so_far.sources, document.key: document.fields}, notes=(*so_far.notes, *spoken))
        items, later, unknown = _by_rules(document, into)
        so_far = merged(so_far, items, into)
        unheard = (*(key for key in so_far.unheard if key != document.key), *((document.key,) if unknown else ()))
        so_far = replace(so_far, notes=(*so_far.notes, *_nobody_known(document, into), *unknown), unheard=unheard)
        if later:
            days_ = f"what is told of {len(later)} days from {later[0]} on is no observation, as the case describes {into.file.as_of}"
            so_far = replace(so_far, notes=(*so_far.notes, f"{document.key}: {days_}; move `as_of` on, and draft again"))
        if model is not None:
            so_far = _by_model(document, into, so_far, model, kept)
    return so_far


def leaving(
    sources: Sequence[str | Path], *, into: Case, model: Endpoint, language: str | None = None, waiting: Proposals | None = None
) -> tuple[Outgoing, ...]:
    """What `draft` would send to an endpoint, document by document, in full.

    Raises
    ------
    EvidenceError, DraftError
        As for `draft`.
    """
    so_far = waiting or Proposals()
    sent = []
    for source in sources:
        document = _read(Path(source), into, so_far, language)
        so_far = replace(so_far, sources={**so_far.sources, document.key: document.fields})
        sent.append(outgoing(document.text, document.sentences, into, so_far, model))
    return tuple(sent)


def _read(path: Path, case: Case, so_far: Proposals, language: str | None) -> DraftedSource:
    document = opened(path) if path.is_file() else _missing(path)
    text = text_of(document).words
    if not text.strip():
        hint = "a scan has no text: put it through text recognition first"
        raise DraftError(Problem("draft/no-text", "there is no text in this document", Place(str(path)), hint))
    words = lexicon(language_of(text) if language is None else language)
    sha = document.sha256
    known = {**{key: s.model_dump() for key, s in case.file.sources.items()}, **so_far.sources}
    key = next((key for key, source in known.items() if source.get("sha256") == sha), "") or _free(path.stem, known)
    source = canonical(text)
    all_sentences = sentences(text, source, words)
    heads = tuple(_heading_lines(text, source.origin, all_sentences, words))
    fields = {"title": path.stem, **_head(document, heads, all_sentences, words)}
    fields |= {"author": known.get(key, {}).get("author", "") or fields.get("author", "")}
    fields |= {"language": words.language, "sha256": sha, "file": _beside(path, case)}
    fields = {name: value for name, value in fields.items() if value}
    return DraftedSource(key, VerbatimText(key, source), all_sentences, names_in(case.file, words), words, fields, heads)


def spoken_for(document: DraftedSource, case: Case, speaker: str | None) -> tuple[DraftedSource, tuple[str, ...]]:
    """A document with the party for which it speaks, and what is to be said of that: whom *we* was taken for, or that nobody knows.

    Raises
    ------
    DraftError
        `draft/unknown-speaker`.
    """
    given = speaker or str(document.fields.get("author", ""))
    author = _party_named(given, document, case) if given else ""
    if speaker is not None and not author:
        what = f"'{speaker}' is no party of this case, and nobody who acts for one"
        raise DraftError(Problem("draft/unknown-speaker", what, hint=did_you_mean(speaker, case.file.parties)))
    by_heading = "" if author or given else _stated_by(document)
    author = author or by_heading
    if author:
        name = str(document.names.known.get(author, author))
        fields = document.fields if document.fields.get("author") else {**document.fields, "author": name}
        told = (f"{document.key}: by its heading “we” is {name}; if it is not, draft with --speaker",) if by_heading else ()
        return replace(document, author=author, fields=fields), told
    return document, ()


def _unknown_we(document: DraftedSource, claims: Sequence[Drafted]) -> tuple[str, ...]:
    """What is to be said where a text says *we* of wants and deeds, and nobody knows whom it means."""
    selves = document.lexicon.words["selves"]
    acting = [c for c in claims if c.cues and not c.actor and c.says == AUTHOR and selves & {word.lower() for word in WORD.findall(c.clause)[:4]}]
    if not acting or document.author:
        return ()
    told = f"{document.key}: who “we” is was not told, in {len(acting)} passages of what “we” want or do"
    return (f"{told}; say it with --speaker PARTY, or as the document's author",)


def _nobody_known(document: DraftedSource, case: Case) -> tuple[str, ...]:
    """What is to be said of a text that names no party of the case and no country: nobody in it wants or does anything."""
    if any(m.bearer for sentence in document.sentences for m in document.names.mentions(sentence.text)):
        return ()
    parties = ", ".join(party.name or key for key, party in case.file.parties.items()) or "none"
    told = f"{document.key}: it names no party of the case ({parties}), so that nothing in it is anybody's lever or want"
    return (f"{told}; give `parties` the names that stand in it, and draft again",)


def _party_named(words: str, document: DraftedSource, case: Case) -> str:
    """The party that words name, or for which the person named acts; empty where that is none of the case."""
    if words in case.file.parties:
        return words
    named = [party_key(m.bearer, case) for m in document.names.mentions(words) if m.bearer]
    return next((party for party in named if party in case.file.parties), "")


def _stated_by(document: DraftedSource) -> str:
    """The one party whose statement a text says that it is, in its title or headings: `Statement of the Council`."""
    words = document.lexicon.words
    title, linking = str(document.fields["title"]), words["of"] | words["by"] | words["statements"]
    titled = bool(words["statements"] & {word.lower() for word in WORD.findall(title)})
    for given in (title, *(s.text for s in document.sentences[:FIRST_LINES] if s.heading), *document.heads):
        text = given.title() if given.isupper() else given  # `COMMUNIQUÉ OF THE PRESIDENCY OF BRILL`
        parties = {m.bearer for m in document.names.mentions(text) if m.bearer}
        for mention in document.names.mentions(text):
            before = [word.lower() for word in WORD.findall(text[: mention.start])]
            last = not WORD.search(text, mention.end)
            alone = last and not before and titled  # `RIVER COUNCIL`, over a letter
            letterhead = last and bool(words["institutions"] & set(before[:2]))  # `MINISTRY OF TRADE OF BRILL`
            stated = (letterhead or bool(words["statements"] & set(before))) and len(parties) == 1
            while before and before[-1] in (words["determiners"] | words["realms"]) - linking:  # `of the Kingdom Brill`
                before.pop()
            if mention.bearer and (alone or (stated and before and before[-1] in linking)):
                return mention.bearer
    return ""


def said_of_itself(document: Document) -> Mapping[str, str]:
    """What a document says of itself in its first lines: `title` and `date`, where it has them, and its `language`.

    Raises
    ------
    DraftError
        `draft/unknown-language`.
    """
    text = text_of(document).words[:HEAD]
    words, source = lexicon(language_of(text)), canonical(text)
    all_sentences = sentences(text, source, words)
    head = _head(document, _heading_lines(text, source.origin, all_sentences, words), all_sentences, words)
    return {name: told for name, told in head.items() if name != "author"} | {"language": words.language}


def _head(document: Document, lines: Sequence[str], all_sentences: Sequence[Sentence], words: Lexicon) -> dict[str, str]:
    """What the first lines say of the whole: `title`, `author` and `date`, where they do."""
    told = {"title": _page_title(document) or _title(lines, words), "author": _byline(lines, words), "date": _day(all_sentences, words)}
    return {name: words_of for name, words_of in told.items() if words_of}


def _heading_lines(text: str, origin: NDArray[np.intp], all_sentences: Sequence[Sentence], words: Lexicon) -> list[str]:
    """The lines of a document's first headings, as they stand in it; one that ends in a small word goes on in the next."""
    small = words.words["before"] | words.words["determiners"] | words.words["of"] | words.words["that"] | {*VERBS_JOIN}
    first = [s for s in all_sentences[:FIRST_LINES] if s.heading]
    lines: list[str] = []
    for s in first:
        goes_on = False
        for line in (" ".join(each.split()) for each in text[origin[s.start] : origin[s.end - 1] + 1].split("\n")):
            lines[len(lines) - goes_on :] = [f"{lines[-1]} {line}" if goes_on else line]
            goes_on = line.rpartition(" ")[2].lower() in small
    return [line for line in lines if line]


def _title(lines: Sequence[str], words: Lexicon) -> str:
    """What a document is called: the heading that says what it is, `Letter dated …`, and not who sends it; else the first."""
    return next((line for line in lines if words.words["statements"] & {word.lower() for word in WORD.findall(line)}), next(iter(lines), ""))


def _byline(lines: Sequence[str], words: Lexicon) -> str:
    """Who wrote a document, where a line of its head says so: `By Ana Berg, 3 May 2030`; empty where none does."""
    for line in lines:
        by, _, rest = line.partition(" ")
        name = re.match(rf"{_NAMED}(?=$|[,;|–-]| [-–|])", rest) if by.lower() in words.words["by"] and by[0].isupper() else None
        if name is not None:
            return name.group()
    return ""


def _page_title(document: Document) -> str:
    """What a web page is called: its own title, and not the menu that stands first on it; empty for other documents."""
    if document.path.suffix.lower() not in (".html", ".htm", ".xhtml"):
        return ""
    told = re.search(r"<title\b[^>]{0,200}>([^<]{1,400})</title", decoded_page(document.content), re.IGNORECASE)
    return " ".join(html.unescape(told[1]).split())[:MOST_TITLE] if told else ""


def _day(all_sentences: Sequence[Sentence], words: Lexicon) -> str:
    """The day that a document bears: one with its year in its first lines, where place and day stand; empty where there is none."""
    for sentence in all_sentences[:FIRST_LINES]:
        for day in days(sentence.text[:DATED], words):
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day.iso):
                return day.iso
    return ""


def _missing(path: Path) -> NoReturn:
    raise DraftError(Problem("draft/no-document", "no such document", Place(str(path)), "look at the path"))


def _beside(path: Path, case: Case) -> str:
    """The document's path from the case's folder, or its name where it lies elsewhere (then give --sources)."""
    if case.path is not None and path.resolve().is_relative_to(case.path.resolve().parent):
        return path.resolve().relative_to(case.path.resolve().parent).as_posix()
    return path.name


def _free(stem: str, taken: Mapping[str, Any]) -> str:
    """A key for a document, from its name."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    key = re.sub(r"\W+", "_", plain).strip("_").lower()[:40] or "source"
    key = key if not key[0].isdigit() else f"s_{key}"
    return key if key not in taken else next(f"{key}_{n}" for n in range(2, 10_000) if f"{key}_{n}" not in taken)


def _by_rules(document: DraftedSource, case: Case) -> tuple[list[Proposal], tuple[str, ...], tuple[str, ...]]:
    """What the rules propose from one document, days after the case's own, and who is not known; numbers are given on merging."""
    by = f"rules {document.lexicon.language}"
    read = drafted(document.sentences, document.names, document.lexicon, document.author)
    claims: list[Proposal] = []
    stated: list[Drafted] = []
    places: dict[int, str] = {}
    for claim in read:
        quote = quoted(document.text, claim.start, claim.end)
        if quote is not None:
            key = f"p{len(claims) + 1}"
            claims.append(_claim(key, claim, quote, document, by, case, [places[at] for at in claim.denied if at in places]))
            stated.append(claim)
            places[claim.start] = key
    ids = [claim.id for claim in claims]
    of_claims, later = lines(stated, ids, document.names, document.lexicon, case, by=by, on=str(document.fields.get("date", "")))
    return [*claims, *of_claims], later, _unknown_we(document, read)


def _claim(key: str, claim: Drafted, quote: Mapping[str, str], document: DraftedSource, by: str, case: Case, denied: list[str]) -> Proposal:
    fields: dict[str, Any] = {"source": document.key, **quote, "says": claim.says, "via": claim.via}
    fields |= {"author_holds": claim.author_holds, "source_holds": claim.source_holds, "hedge": claim.hedge}
    fields |= {"condition": claim.condition, "gloss": quote["quote"], "about": [party_key(party, case) for party in claim.parties], "denies": denied}
    fields = {name: value for name, value in fields.items() if value and (name, value) not in (("says", "author"), ("author_holds", "certain"))}
    return Proposal(key, "claim", fields, generated_by=by, passage=f"{document.key}:{claim.start}-{claim.end}", actor=claim.actor)


def _by_model(
    document: DraftedSource, case: Case, so_far: Proposals, model: Endpoint, kept: Callable[[Proposals], None] | None
) -> Proposals:
    for passage in proposed(document.text, document.sentences, case, so_far, model):
        so_far = merged(so_far, list(passage.items), case)
        so_far = replace(so_far, read=(*so_far.read, passage.digest), notes=(*so_far.notes, *passage.notes))
        if kept is not None:
            kept(so_far)
    return so_far
