"""Lines of a case with what they rest on: claims, hedges, assumptions; and cases with some of their lines changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bestand.case.loaded import Case
from bestand.case.model import CaseFile, Claim, Want
from bestand.case.parts import Backed, Basis
from bestand.case.remembered import remembered

_CONSENTS = ".consents_"
_WANTS = re.compile(r"wants\.(\w+)(?:\.(\w+))?(?:\[(\d+)\])?(?=\.|$)")


def party_of(lever: str) -> str:
    """The party that a lever belongs to.

    >>> party_of("ru.ceasefire")
    'ru'
    """
    return lever.partition(".")[0]


def want_place(party: str, kind: str = "", k: int | None = None) -> str:
    """Key path of a party's wants, of those of one of its types, or of the k-th of them (from 0).

    >>> want_place("us", "hawks", 2), want_place("ru", k=0), want_place("ru")
    ('wants.us.hawks[2]', 'wants.ru[0]', 'wants.ru')
    """
    return f"wants.{party}" + (f".{kind}" if kind else "") + ("" if k is None else f"[{k}]")


def want_at(at: str) -> tuple[str, str, int | None] | None:
    """Whose wants a key path leads to: the party, the type and the place in the list, as `want_place` takes them; None where to none.

    >>> want_at("wants.us.hawks[2].that"), want_at("wants.ru"), want_at("levers.ru.ceasefire")
    (('us', 'hawks', 2), ('ru', '', None), None)
    """
    place = _WANTS.match(at)
    return None if place is None else (place[1], place[2] or "", None if place[3] is None else int(place[3]))


def member_of(at: str) -> str:
    """Name of the member of a section that a key path leads to or through, where names of that section have no dot; empty where to none.

    >>> member_of("claims.c1.hedge"), member_of("wants.ru[0]"), member_of("never[2]")
    ('c1', 'ru', '')
    """
    return at.partition(".")[2].partition(".")[0].partition("[")[0]


def consent_name(party: str, lever: str) -> str:
    """Name of the lever by which a party consents to what another party's lever does.

    >>> consent_name("court", "ministry.releases")
    'court.consents_ministry_releases'
    """
    return f"{party}{_CONSENTS}{lever.replace('.', '_')}"


def consent_parts(name: str) -> tuple[str, str]:
    """Of the name of a lever of consent: whose it is, and what the lever is called that it is about, with `_` for its dot; of any other nothing.

    >>> consent_parts("court.consents_ministry_releases"), consent_parts("court.sits")
    (('court', 'ministry_releases'), ('', ''))
    """
    party, sign, about = name.partition(_CONSENTS)
    return (party, about) if sign else ("", "")


def consents(case: Case) -> tuple[str, ...]:
    """The levers by which a consent is given that a short form of the case asks for."""
    if case.written is None:
        return ()
    return tuple(name for name in case.file.levers if name not in case.written.levers and consent_parts(name)[0])


def share_place(party: str, kind: str, k: int) -> str:
    """Where it stands how much the k-th place of an order weighs, of it and all below: no line of the file, which gives the order alone.

    >>> share_place("north", "", 0)
    'wants.north[0].share'
    """
    return f"{want_place(party, kind, k)}.share"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case that a conclusion rests on.

    kind    : "want", "lever", "guard", "one_way", "ban", "type" or "event"
    at      : its key path in the file, such as ``wants.ru[2]``
    party   : whose it is
    words   : its label, or its condition where it has none
    basis   : stated, reported, inferred, assumed; None where the file gives none
    because : claims that it needs
    supported_by : claims that speak for it as well
    assumed : the reason for assuming it
    hedged  : those of its claims that the source itself hedges or does not commit to
    """

    kind: str
    at: str
    party: str
    words: str
    basis: Basis | None
    because: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()
    assumed: str = ""
    hedged: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Whose it is, and its words."""
        return f"{self.party}: {self.words}" if self.party else self.words

    @property
    def firm(self) -> bool:
        """Whether nobody in the chain hedges the claims it needs; or, where it needs none, some claim that supports it."""
        if self.basis not in ("stated", "inferred"):
            return False
        return not set(self.hedged) & set(self.because) if self.because else len(self.hedged) < len(self.supported_by)

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims that it names."""
        return (*self.because, *self.supported_by)


def hedged(claim: Claim) -> bool:
    """Whether anyone in a claim's chain of speakers holds back: a hedge, or less than certain."""
    degrees = [claim.author_holds, claim.source_holds or "certain", *(link.holds for link in claim.chain)]
    return bool(claim.hedge) or any(degree != "certain" for degree in degrees)


@remembered(1)  # versions of a case share their claims
def _hedged_of(claims: Mapping[str, Claim]) -> frozenset[str]:
    """Names of the claims that are hedged."""
    return frozenset(name for name, claim in claims.items() if hedged(claim))


def line(case: Case, kind: str, at: str, party: str, words: str, backed: Backed) -> Line:
    """One line of the case with what it rests on."""
    doubtful = tuple(filter(_hedged_of(case.file.claims).__contains__, backed.claims))
    return Line(kind, at, party, words, backed.rests_on, backed.because, backed.supported_by, backed.assumed, doubtful)


def guard_line(case: Case, name: str, setting: str) -> Line:
    """The guard of one setting of a lever; one that gives no claims and no reason of its own rests on what its lever rests on."""
    lever = case.file.levers[name]
    guard = lever.needs[setting]
    return line(case, "guard", f"levers.{name}.needs.{setting}", party_of(name), guard.that, lever if guard.rests_on is None else guard)


def wants(case: Case, party: str) -> Iterator[tuple[Line, Want]]:
    """A party's wants, most important first; of several types those of the most probable one."""
    for at, want in likely_wants(case, party):
        yield line_of_want(case, at, party, want), want


def likely_wants(case: Case, party: str) -> Iterator[tuple[str, Want]]:
    """The same wants with their key paths, without what they rest on."""
    by_type = case.wants(party)
    chosen = likeliest(case, party, by_type)
    for k, want in enumerate(by_type.get(chosen, ())):
        yield want_place(party, chosen, k), want


def line_of_want(case: Case, at: str, party: str, want: Want) -> Line:
    """One want with what it rests on."""
    return line(case, "want", at, party, want.label or want.that, want)


def every_want(file: CaseFile, party: str) -> Iterator[tuple[str, Want]]:
    """Every want of a party with its key path, type by type."""
    stated = file.wants.get(party, ())
    for kind, listed in stated.items() if isinstance(stated, Mapping) else [("", stated)]:
        yield from ((want_place(party, kind, k), want) for k, want in enumerate(listed))


def likeliest(case: Case, party: str, by_type: Mapping[str, tuple[Want, ...]]) -> str:
    """The most probable type of a party; empty where it has none."""
    chances = case.file.parties[party].types
    return max(by_type, key=lambda name: chances[name].value if name in chances else 0.0, default="")


def with_file(case: Case, **changes: object) -> Case:
    """The case with some sections of its file put in place of others."""
    file: CaseFile = case.file.model_copy(update=changes)
    return replace(case, file=file, written=None)
