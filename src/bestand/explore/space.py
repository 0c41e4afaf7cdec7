"""All that a case leaves open, and what the user varies besides."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bestand.case.bounds import bounds_told, can_be, numbers_with_bounds
from bestand.case.lines import every_want, likeliest, line, share_place, want_place
from bestand.case.loaded import Case, OfCase, parts, stated
from bestand.case.model import Want
from bestand.case.parts import Quantity
from bestand.case.sizes import middle_share, only_ordered
from bestand.case.without import statements
from bestand.errors import AskError, Problem, did_you_mean
from bestand.explore.number_words import number_in_words, of_type
from bestand.explore.openings import KINDS, Kind, Opening, phrased
from bestand.graph.draws import ASSUMED, CHANCE, SHIFT, chance_of_its_own, heard_through
from bestand.show import Shown, Table

BELIEVED = ("denied", "possible", "probable", "certain")  # degrees, by their chances, from which a speaker is believed
MOST_OPENINGS = 2_000  # of a space


@dataclass(frozen=True, slots=True, repr=False)
class Space(Shown):
    """What is varied in a sweep.

    cases    : versions of the case by name; the first is the case as it stands
    openings : what is open, in the order of the file
    """

    cases: Mapping[str, Case]
    openings: tuple[Opening, ...]

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return next(iter(self.cases.values()))

    @property
    def usual(self) -> dict[str, float]:
        """Every opening as the case stands."""
        return {each.name: each.usual for each in self.openings}

    def only(self, *names: str) -> Space:
        """The space with all but these openings closed; by name, key path or kind."""
        return replace(self, openings=_whole_orders(self.openings, self._picked(names)))

    def less(self, *names: str) -> Space:
        """The space with these openings closed; by name, key path or kind."""
        gone = self._picked(names)
        return replace(self, openings=_whole_orders(self.openings, {each.name for each in self.openings} - gone))

    def _picked(self, names: Collection[str]) -> set[str]:
        known = {word for each in self.openings for word in (each.name, each.at)} | set(KINDS)
        for name in names:
            if name not in known:
                raise AskError(Problem("sweep/unknown-opening", f"nothing that is open is called '{name}'", hint=did_you_mean(name, sorted(known))))
        return {each.name for each in self.openings if {each.name, each.at, each.kind} & set(names)}

    def digest(self) -> str:
        """A digest of the cases and of what is open."""
        told = repr([(name, case.digest, case.file.model_dump_json()) for name, case in self.cases.items()]) + repr(self.openings)
        return hashlib.sha256(told.encode()).hexdigest()

    def table(self) -> Table:
        """One row per opening."""
        rows = tuple((each.name, each.kind, each.words, _range(each), each.said(each.usual).rpartition(": ")[2]) for each in self.openings)
        return Table("What is open", ("name", "kind", "what", "range", "as it stands"), rows)


def _range(each: Opening) -> str:
    if each.kind == "number":
        return f"{each.low:.3g} to {each.high:.3g}"
    if each.choices:
        return ", ".join(each.choices)
    if each.kind == "place":
        return f"{each.width:g} places either way" if each.width else "moved by others only"
    return f"yes with chance {each.chance:.2g}"


def _whole_orders(openings: tuple[Opening, ...], kept: set[str]) -> tuple[Opening, ...]:
    """The openings that are kept; wants of an order that still shifts stay in it, without a shift of their own."""
    moving = {each.together for each in openings if each.kind == "place" and each.name in kept and each.width}
    closed = {each.name: replace(each, width=0.0) for each in openings if each.kind == "place" and each.name not in kept and each.together in moving}
    return tuple(closed.get(each.name, each) for each in openings if each.name in kept or each.name in closed)


def space(case: Case | OfCase, *, kinds: Collection[Kind] | None = None) -> Space:
    """All that a case leaves open: numbers with a range, types, doubtful claims, sources, wants, and places in orders.

    kinds : of `openings.KINDS`; all, if not given

    The rules are those by which a conflict is drawn (`graph.draws.RULES`), with sources besides; here each opening is a column.

    Raises
    ------
    AskError
        `sweep/unknown-opening`, `sweep/too-many-openings`.

    >>> from bestand.case.read import read
    >>> open_here = space(read("example/en"))
    >>> sorted({each.kind for each in open_here.openings})
    ['claim', 'number', 'place', 'speaker', 'type', 'want']
    """
    case = stated(case)
    for kind in kinds or ():
        if kind not in KINDS:
            raise AskError(Problem("sweep/unknown-opening", f"no kind of opening '{kind}'", hint=did_you_mean(kind, KINDS)))
    openings = [each for make in (_numbers, _sources, _speakers, _claims, _types, _today, _wants, _orders) for each in make(case)]
    if len(openings) > MOST_OPENINGS:
        what = f"the case leaves {len(openings):,} things open, more than {MOST_OPENINGS:,}"
        raise AskError(Problem("sweep/too-many-openings", what, hint="sweep some of their kinds"))
    whole = Space({"as it stands": case}, tuple(openings))
    return whole if kinds is None else whole.only(*kinds) if kinds else replace(whole, openings=())


def _today(case: Case) -> Iterator[Opening]:
    for name, lever in case.file.levers.items():
        if lever.odds and case.file.present == "given":
            settings = lever.possible_now
            odds = tuple(lever.odds[setting] for setting in settings)
            told = tuple(str(lever.meaning.get(setting, setting)) for setting in settings)
            opening = Opening(f"levers.{name}.now", "today", "", settings.index(case.now[name]), choices=settings, odds=odds, told=told)
            yield phrased(opening, "today", str(lever.label))


def quantities(case: Case) -> Iterator[tuple[str, Quantity]]:
    """Every number of a case with its key path."""
    return ((at, part) for at, part in parts(case.file) if isinstance(part, Quantity))


def _numbers(case: Case) -> Iterator[Opening]:
    for at, number in quantities(case):
        if number.range is not None and _opened_at(case, at, number) == at:
            yield number_in_words(case, Opening(at, "number", at, number.value, *number.range, mode=number.value))
    for party in case.file.wants:
        for kind, listed in case.listed(party).items():
            for below in range(len(listed) - 1, 0, -1) if only_ordered(case.file, listed) else ():
                k = len(listed) - 1 - below
                weight = Opening(share_place(party, kind, k), "number", "", middle_share(below), 0.5, 1.0, below=below)
                yield of_type(weight, "share", case, party, kind, str(k + 1))


def _opened_at(case: Case, at: str, number: Quantity) -> str:
    """The key path at which a number is opened, the first of those that are one number with it; empty where it is not open."""
    if number.range is None or number.range[0] == number.range[1]:
        return ""
    return next(first for first, each in quantities(case) if each.same_as == number.same_as) if number.same_as else at


def _sources(case: Case) -> Iterator[Opening]:
    for name, source in case.file.sources.items():
        known = source.reliability
        if known is not None and (known.value < 1 or known.range is not None):
            at = _opened_at(case, f"sources.{name}.reliability", known)
            opening = Opening(f"sources.{name}", "source", "", 1, chance=known.value, odds_at=(at,) if at else ())
            yield phrased(opening, "source", str(source.title))


def _used(case: Case) -> set[str]:
    """Claims that some want names."""
    return {name for party in case.file.wants for _, want in every_want(case.file, party) for name in want.claims}


def _speakers(case: Case) -> Iterator[Opening]:
    """Everyone through whom a claim that some want names is heard with doubt; choices are the degrees from which he is believed."""
    used = _used(case)
    doubted = [who for name, claim in case.file.claims.items() if name in used for who, degree in heard_through(claim) if CHANCE[degree] < 1]
    chances = (0.0, *sorted(set(CHANCE.values())))
    odds = tuple(high - low for low, high in itertools.pairwise(chances))
    for who in dict.fromkeys(doubted):
        yield phrased(Opening(f"speakers.{who}", "speaker", "", 0, choices=BELIEVED, odds=odds), "speaker", str(who))


def _claims(case: Case) -> Iterator[Opening]:
    used = _used(case)
    for name, claim in case.file.claims.items():
        chance = chance_of_its_own(claim)
        if name in used and chance < 1:
            yield phrased(Opening(f"claims.{name}", "claim", "", 1, chance=chance), "claim", str(claim.gloss), name)


def _types(case: Case) -> Iterator[Opening]:
    for name, party in case.file.parties.items():
        kinds = tuple(case.wants(name))
        if len(kinds) > 1 and all(kind in party.types for kind in kinds):
            given = [party.types[kind] for kind in kinds]
            odds_at = tuple(_opened_at(case, f"parties.{name}.types.{kind}", each) for kind, each in zip(kinds, given, strict=True))
            usual = kinds.index(likeliest(case, name, case.wants(name)))
            opening = Opening(
                f"parties.{name}.types", "type", "", usual, choices=kinds, odds=tuple(each.value for each in given),
                odds_at=odds_at if any(odds_at) else (), told=tuple(str(party.types[kind].label) or kind for kind in kinds),
            )
            yield phrased(opening, "type", party.name)


def _wants(case: Case) -> Iterator[Opening]:
    for party in case.file.wants:
        for kind, listed in case.wants(party).items():
            for k, want in enumerate(listed):
                if not [name for name in want.claims if name in case.file.claims]:
                    what, opening = str(want.label) or want.that, Opening(want_place(party, kind, k), "want", "", 1, chance=ASSUMED)
                    whose = phrased(opening, "want", case.file.parties[party].name, what)
                    yield of_type(opening, "want", case, party, kind, what) if kind else whose


def _orders(case: Case) -> Iterator[Opening]:
    for party in case.file.wants:
        for kind, listed in case.wants(party).items():
            firm = [line(case, "want", want_place(party, kind, k), party, "", want).firm for k, want in enumerate(listed)]
            if len(listed) > 1 and not all(firm):
                yield from order(case, party, kind, listed, [0.0 if sure else SHIFT for sure in firm])


def order(case: Case, party: str, kind: str, listed: tuple[Want, ...], width: list[float]) -> Iterator[Opening]:
    """The places of all wants of one order."""
    for k, want in enumerate(listed):
        at, home = want_place(party, kind, k), want_place(party, kind)
        opening = Opening(at, "place", "", k + 1, low=1, high=len(listed), width=width[k], together=home)
        yield of_type(opening, "place", case, party, kind, str(want.label) or want.that)


def vary(
    base: Space,
    *,
    number: Mapping[str, tuple[float, float]] | None = None,
    rank: Mapping[str, float] | None = None,
    rule: Collection[str] = (),
    cases: Mapping[str, Case] | None = None,
) -> Space:
    """The space with more that is varied: what is said here takes the place of what the case says of it.

    number : key path → lowest and highest value, all as likely
    rank   : key path of a want → how many others it may pass, either way (a width of so many places and a half)
    rule   : key paths of guards, bans and one-way levers, each in force or not with even chances
    cases  : other versions of the case by name, all as likely; what is open in them and not in the first is left as it stands there

    Raises
    ------
    AskError
        `sweep/unknown-opening`, `sweep/bad-range`.

    >>> from bestand.case.read import read
    >>> valley = space(read("example/en"), kinds=())
    >>> vary(valley, rank={"wants.upper[0]": 2}).openings[0].width
    2.5
    """
    more: list[Opening] = [*_varied_numbers(base.case, number or {}), *_varied_rules(base.case, rule)]
    openings = {each.name: each for each in base.openings}
    openings |= {each.name: each for each in more}
    for at, by in (rank or {}).items():
        openings |= {each.name: each for each in _varied_order(base.case, openings, at, by)}
    versions = dict(base.cases) | dict(cases or {})
    if len(versions) > 1:
        names = tuple(versions)
        openings["case"] = phrased(Opening("case", "case", "", 0, choices=names, odds=(1 / len(names),) * len(names)), "version")
    return Space(versions, tuple(openings.values()))


def _varied_numbers(case: Case, asked: Mapping[str, tuple[float, float]]) -> Iterator[Opening]:
    known = dict(quantities(case)) if asked else {}
    bounds = {at: limits for at, _, limits in numbers_with_bounds(parts(case.file))} if asked else {}
    for at, (low, high) in asked.items():
        _known(at, known)
        if not (np.isfinite([low, high]).all() and low < high):
            raise AskError(Problem("sweep/bad-range", f"from {low} to {high} is no range of '{at}'", hint="give lowest and highest value"))
        limits = bounds.get(at)
        outside = [] if limits is None else [each for each in (low, high) if not can_be(each, limits)]
        if limits is not None and outside:
            raise AskError(Problem("sweep/bad-range", f"'{at}': {outside[0]:g} cannot be {limits.what}", hint=bounds_told(limits)))
        yield number_in_words(case, Opening(at, "number", at, known[at].value, low, high))


def _varied_rules(case: Case, asked: Collection[str]) -> Iterator[Opening]:
    known = {each.at: each for each in statements(case) if each.kind in ("guard", "ban", "one_way")}
    for at in asked:
        _known(at, known)
        yield phrased(Opening(at, "rule", "", 1), known[at].kind, known[at].said)


def _varied_order(case: Case, openings: Mapping[str, Opening], at: str, by: float) -> Iterator[Opening]:
    every = ((party, kind, k) for party in case.file.wants for kind, own in case.wants(party).items() for k in range(len(own)))
    homes = {want_place(party, kind, k): (party, kind) for party, kind, k in every}
    _known(at, homes)
    if not 0 < by < float("inf"):
        raise AskError(Problem("sweep/bad-range", f"'{at}' cannot shift by {by} places", hint="give a number above 0"))
    party, kind = homes[at]
    for each in order(case, party, kind, case.wants(party)[kind], [0.0] * len(case.wants(party)[kind])):
        yield replace(openings.get(each.name, each), width=by + 0.5) if each.at == at else openings.get(each.name, each)


def _known(at: str, known: Collection[str]) -> None:
    if at not in known:
        raise AskError(Problem("sweep/unknown-opening", f"nothing at '{at}' can be varied so", hint=did_you_mean(at, sorted(known))))
