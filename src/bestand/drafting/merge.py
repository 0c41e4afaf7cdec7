"""Merging: a passage is proposed once, what says the same in two documents is shown together, contradictions deny."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from bestand.case.loaded import Case
from bestand.drafting.lexicon import LANGUAGES, WORD, lexicon
from bestand.drafting.proposals import Proposal, Proposals

SAME_PASSAGE = 0.5  # share of the shorter passage from which two passages are one
NEAR = 0.6  # share of content words from which two claims say about the same
FEWEST = 3


def merged(standing: Proposals, new: Sequence[Proposal], case: Case) -> Proposals:
    """The proposals with new ones taken up.

    A claim whose passage is proposed, rejected or accepted already is the same claim; a line with the same content as one that
    stands is that line, with its claims added. New ones get numbers of their own.
    """
    items = list(standing.items)
    number = max((int(item.id[1:]) for item in items), default=0)
    known = [(_place(item.passage), k) for k, item in enumerate(items) if item.kind == "claim"]
    known += [(place, ACCEPTED) for place in _passages(case)]
    content = {_content(item): k for k, item in enumerate(items) if item.kind != "claim"}
    renamed: dict[str, str] = {f"={item.id}": item.id for item in items}
    for item in new:
        place = _same(item, known) if item.kind == "claim" else ACCEPTED if _stands(item, case) else content.get(_content(item))
        if place == ACCEPTED:
            continue
        if place is not None:
            renamed[item.id] = items[place].id
            items[place] = _with_claims(items[place], item, renamed)
            continue
        number += 1
        renamed[item.id] = f"p{number}"
        numbered = _renamed(replace(item, id=f"p{number}"), renamed)
        if numbered.kind == "claim":
            known.append((_place(numbered.passage), len(items)))
        else:
            content[_content(numbered)] = len(items)
        items.append(numbered)
    return replace(standing, items=tuple(_related(items, len(standing.items), case)))


ACCEPTED = -1


def _stands(item: Proposal, case: Case) -> bool:
    """Whether the case has a line already that says the same: a guard on a setting, or a want of any version of a party."""
    f = item.fields
    if item.kind == "guard" and f["lever"] in case.file.levers:
        guard = case.file.levers[f["lever"]].needs.get(f["setting"])
        return guard is not None and str(guard.that) == f["that"]
    wants = case.wants(f["party"]) if item.kind == "want" and f["party"] in case.file.wants else {}
    return any(str(want.that) == f["that"] for listed in wants.values() for want in listed)


def _renamed(item: Proposal, renamed: Mapping[str, str]) -> Proposal:
    because = tuple(dict.fromkeys(renamed[key] for key in item.because if key in renamed))
    needs = tuple(dict.fromkeys(renamed[key] for key in item.needs if key in renamed))
    denied = [renamed[key] for key in item.fields.get("denies", ()) if key in renamed]
    fields = {**item.fields, "denies": denied} if denied else item.fields
    return replace(item, because=because, needs=needs, fields=fields)


def _with_claims(standing: Proposal, new: Proposal, renamed: Mapping[str, str]) -> Proposal:
    because = _renamed(new, renamed).because
    if standing.kind == "lever" and standing.status == "waiting" and (standing.fields.get("now"), new.fields.get("now")) == ("no", "yes"):
        standing = replace(standing, fields={**standing.fields, "now": "yes"})  # what is told to be done weighs more than what might be
    if standing.status != "waiting" or set(because) <= set(standing.because):
        return standing
    return replace(standing, because=tuple(dict.fromkeys((*standing.because, *because))))


def _content(item: Proposal) -> str:
    f = item.fields
    told = {"party": f.get("id"), "lever": f.get("id"), "now": f"{f.get('lever')}={f.get('now')}", "guard": f"{f.get('lever')}<{f.get('that')}"}
    told |= {"want": f"{f.get('party')}:{f.get('that')}", "event": f.get("id"), "observation": f"{f.get('date')}:{f.get('lever') or f.get('is')}"}
    return f"{item.kind}/{told[item.kind]}"


def _place(passage: str) -> tuple[str, int, int]:
    source, _, span = passage.rpartition(":")
    start, _, end = span.partition("-")
    return source, int(start), int(end)


def _same(item: Proposal, known: Sequence[tuple[tuple[str, int, int], int]]) -> int | None:
    """The place of the claim that has this passage already; `ACCEPTED` if the case has it."""
    here = _place(item.passage)
    return next((k for other, k in known if _overlaps(here, other)), None)


def _overlaps(a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
    shared = min(a[2], b[2]) - max(a[1], b[1])
    return a[0] == b[0] and shared > SAME_PASSAGE * min(a[2] - a[1], b[2] - b[1])


def _passages(case: Case) -> list[tuple[str, int, int]]:
    """Where the claims that the case has already stand in their sources, as far as those are at hand."""
    places = []
    for key, claim in case.file.claims.items():
        quote = case.quotes.get(key)
        if quote is not None and quote.anchor is not None:
            places.append((claim.source, quote.anchor.canonical_start, quote.anchor.canonical_end))
    return places


def _related(items: list[Proposal], first: int, case: Case) -> list[Proposal]:
    """New claims with those of other documents that say about the same, and with the accepted claims that they deny."""
    keys = [_keywords(str(item.fields.get("quote", ""))) if item.kind == "claim" else frozenset() for item in items]
    accepted = [(key, _keywords(claim.quote)) for key, claim in case.file.claims.items() if claim.quote]
    by_word: dict[str, list[int]] = {}
    for k, words in enumerate(keys):
        for word in words:
            by_word.setdefault(word, []).append(k)
    for k in range(first, len(items)):
        if items[k].kind != "claim":
            continue
        for other in sorted({j for word in keys[k] for j in by_word[word]} - {k}):
            _pair(items, k, other, keys)
        denied = [key for key, words in accepted if _near(keys[k], words) and _against(items[k].fields, case.file.claims[key])]
        if denied:
            items[k] = replace(items[k], fields={**items[k].fields, "denies": [*items[k].fields.get("denies", ()), *denied]})
    return items


def _pair(items: list[Proposal], k: int, other: int, keys: Sequence[frozenset[str]]) -> None:
    """Notes that two claims of different documents are near each other."""
    if items[k].fields.get("source") == items[other].fields.get("source") or not _near(keys[k], keys[other]):
        return
    for a, b in ((k, other), (other, k)):
        if items[b].id not in items[a].near:
            items[a] = replace(items[a], near=(*items[a].near, items[b].id))


@cache
def _small(*lists: str) -> frozenset[str]:
    """The words of some lists, in all languages; the lexicons take long to read, and most commands need none."""
    return frozenset().union(*(lexicon(language).words[name] for language in LANGUAGES for name in lists))


def _keywords(quote: str) -> frozenset[str]:
    small = _small("common", "before", "links", "no", "yes")
    return frozenset(word.lower() for word in WORD.findall(quote) if len(word) > 2 and word.lower() not in small)


def _near(a: frozenset[str], b: frozenset[str]) -> bool:
    enough = len(a & b) >= FEWEST or (a == b and len(a) > 1)  # `guards are there` and `guards are not there` have no more words
    return enough and len(a & b) >= NEAR * min(len(a), len(b))


def _against(fields: Mapping[str, Any], claim: Any) -> bool:
    """Whether one of two near claims says no to what the other says; what is wished for, and is not so, is not denied."""
    if _wishes(str(fields.get("quote", ""))) != _wishes(claim.quote):
        return False
    return _says_no(fields.get("quote", ""), fields.get("source_holds")) != _says_no(claim.quote, claim.source_holds)


def _wishes(quote: str) -> bool:
    return any(lexicon(language).found(quote, "want") for language in LANGUAGES)


def _says_no(quote: str, holds: str | None) -> bool:
    negated = any(word.lower() in _small("no") or re.search(r"n't$", word.lower()) for word in WORD.findall(quote))
    return negated != (holds == "denied")
