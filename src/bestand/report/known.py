"""What the sources say, claim by claim, with who says it and how surely, ready for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bestand.case.lines import hedged, member_of, party_of
from bestand.case.loaded import Case, parts
from bestand.case.model import Claim
from bestand.telling.words import PhraseBook


@dataclass(frozen=True, slots=True)
class Told:
    """One claim as the page shows it.

    speakers       : the chain in words, nearest the passage first
    before, after  : the words around the quote, where the source text is at hand
    checked        : None for a claim without quote
    carries        : key paths of the lines that name it
    """

    name: str
    source: str
    quote: str
    gloss: str
    speakers: tuple[str, ...]
    hedge: str
    condition: str
    hedged: bool
    checked: bool | None
    before: str
    passage: str
    after: str
    carries: tuple[str, ...]
    background: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Claims about one party, or about none of them."""

    title: str
    claims: tuple[Told, ...]

    @property
    def n_hedged(self) -> int:
        """How many of them somebody in the chain holds back from."""
        return sum(claim.hedged for claim in self.claims)


def groups(case: Case, say: PhraseBook) -> tuple[Group, ...]:
    """All claims, grouped by the party that each speaks of first."""
    carries = carried(case)
    by_topic: dict[str, list[Told]] = {party: [] for party in case.file.parties}
    for name, claim in case.file.claims.items():
        by_topic.setdefault(_topic(case, claim, carries.get(name, ())), []).append(told(case, name, claim, carries.get(name, ()), say))
    titles = {party: stated.name for party, stated in case.file.parties.items()}
    return tuple(Group(titles.get(topic, say("other_claims")), tuple(claims)) for topic, claims in by_topic.items() if claims)


def _topic(case: Case, claim: Claim, carries: tuple[str, ...]) -> str:
    """The party that a claim speaks of first, or else the party of the first line that rests on it."""
    owners = [party_of(about) for about in claim.about]
    owners += [member_of(at) for at in carries]
    return next((owner for owner in owners if owner in case.file.parties), "")


def carried(case: Case) -> Mapping[str, tuple[str, ...]]:
    """For each claim, the key paths of the lines that rest on it."""
    by_claim: dict[str, list[str]] = {}
    for at, part in parts(case.file):
        for name in getattr(part, "claims", ()) or getattr(part, "because", ()):
            by_claim.setdefault(name, []).append(at)
    return {name: tuple(places) for name, places in by_claim.items()}


def told(case: Case, name: str, claim: Claim, carries: tuple[str, ...], say: PhraseBook) -> Told:
    """One claim in the page's words; hedges and conditions stay in the source's own."""
    quote = case.quotes.get(name)
    has_quote = bool(claim.quote or claim.sealed)
    source = case.file.sources[claim.source]
    return Told(
        name=name,
        source=source.author or say.said(source.title),
        quote=claim.quote or (say("sealed_quote") if claim.sealed else ""),
        gloss=say.said(claim.gloss),
        speakers=_speakers(claim, say),
        hedge=claim.hedge,
        condition=claim.condition,
        hedged=hedged(claim),
        checked=(quote is not None and quote.status == "checked") if has_quote else None,
        before=quote.before if quote else "",
        passage=quote.passage if quote else "",
        after=quote.after if quote else "",
        carries=carries,
        background=claim.context,
    )


def _speakers(claim: Claim, say: PhraseBook) -> tuple[str, ...]:
    author = say(f"author_{claim.author_holds}")
    if claim.says == "author":
        return (author,)
    who = say.said(claim.says)
    said = say("says_via", who=who, via=say.said(claim.via)) if claim.via else say("says", who=who)
    links = [
        say("told_by_via", who=say.said(link.who), via=say.said(link.via)) if link.via else say("told_by", who=say.said(link.who))
        for link in claim.chain
    ]
    degrees = [say(f"holds_{link.holds}", who=say.said(link.who)) for link in claim.chain if link.holds != "certain"]
    own = [say(f"holds_{claim.source_holds}", who=who)] if claim.source_holds else []
    return (said, *links, *own, *degrees, author)


def quotes_note(case: Case, say: PhraseBook) -> tuple[str, str]:
    """Whether the quotes were checked, in one sentence; and what news that is: `good`, `warn`, or `none` where nothing is quoted."""
    quoted = [name for name, claim in case.file.claims.items() if claim.quote or claim.sealed]
    if not quoted:
        return say("no_quotes"), "none"
    checked = sum(case.quotes[name].status == "checked" for name in quoted if name in case.quotes)
    if checked == len(quoted):
        return say("checked_all", all=len(quoted)), "good"
    if checked == 0:
        return say("unchecked_all"), "warn"
    return say("unchecked_some", n=len(quoted) - checked, all=len(quoted)), "warn"
