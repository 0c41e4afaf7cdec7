"""Wants that count only while something is framed in one way, wants of what is known through a channel only, and wants of a negative worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bestand.case.conditions import Compared, Joined, Named, Node, Not, Truth, levers_of, parse, unparse
from bestand.case.model import CaseFile, Framing, Lever, Term, Want, Wants
from bestand.case.parts import Words
from bestand.errors import BestandError


def shifted_wants(file: CaseFile, levers: Mapping[str, Lever], terms: Mapping[str, Term]) -> dict[str, Wants | dict[str, Wants]]:
    """The wants of a case with framings and channels written into their conditions, and none of a negative worth."""
    unknown = known_through(file)
    trees = _trees(terms) if unknown else {}

    def changed(party: str, wants: Wants) -> Wants:
        each = (_framed(file, party, want, wished(want)) for want in wants)
        return tuple(_through(unknown.get(party, {}), want, levers, trees, _carriers(file, party)) for want in each)

    return {
        party: {kind: changed(party, wants) for kind, wants in stated.items()} if isinstance(stated, Mapping) else changed(party, stated)
        for party, stated in file.wants.items()
    }


def as_known(levers: Mapping[str, Lever], terms: Mapping[str, Node], through: Mapping[str, str], that: str) -> str:
    """A condition as a want of it is read by a party that knows some levers through channels only: they count as at their first
    setting where none stands. What is no condition is left as it is.

    through : lever: where a channel for it stands
    """
    return _through(through, Want(that=that), levers, terms, {}).that


def wished(want: Want) -> Want:
    """A want of a negative worth as the wish for the opposite, of the same worth: it then means one thing by rank and by size.

    Sizes of all states move by one number, which changes no choice, gain or deal. Its words spoke of the cost, so that it is named by its condition.

    >>> cost = wished(Want(that="a.attacks", label="an attack", worth={"value": -3, "range": [-5, -1]}))
    >>> cost.that, cost.worth.value, cost.worth.range, str(cost.label)
    ('not (a.attacks)', 3.0, (1.0, 5.0), '')
    """
    if want.worth is None or want.worth.value >= 0:
        return want
    low, high = want.worth.range or (want.worth.value, want.worth.value)
    worth = want.worth.model_copy(update={"value": -want.worth.value, "range": None if want.worth.range is None else (-high, -low)})
    return want.model_copy(update={"that": f"not ({want.that})", "worth": worth, "label": Words.of("")})


def is_shifted(want: Want, named: str) -> bool:
    """Whether a want is the one that a framing names, by its label or its condition."""
    return named in (str(want.label), want.that)


def framed(framing: Framing) -> str:
    """The condition under which an incident is framed so."""
    return f"{framing.lever} = {framing.setting}" if framing.setting is not None else framing.lever


def _framed(file: CaseFile, party: str, named: Want, want: Want) -> Want:
    """A want that counts only while some framing that shifts it stands; `named` is it as the case has it."""
    shifting = [
        each for incident in file.incidents.values() for each in incident.framings
        if each.lever and any(is_shifted(named, one) for one in each.shifts.get(party, ()))
    ]
    if not shifting:
        return want
    that = f"({' or '.join(framed(each) for each in shifting)}) implies ({want.that})"
    return _backed(want, that, [name for each in shifting for name in each.claims])


def _backed(want: Want, that: str, claims: Sequence[str]) -> Want:
    """A want with another condition, and beside the claims that it needs those of the lines that changed it.

    A want that names no claim it needs is left with its own: it would be drawn by these.
    """
    more = tuple(name for name in dict.fromkeys(claims) if name not in want.claims) if want.because else ()
    return want.model_copy(update={"that": that, "supported_by": (*want.supported_by, *more)})


def _carriers(file: CaseFile, party: str) -> Mapping[str, tuple[str, ...]]:
    """Lever that a party knows through channels only: the claims of these."""
    claims: dict[str, tuple[str, ...]] = {}
    for channel in file.channels.values():
        for lever in channel.carries if party in channel.to else ():
            claims[lever] = (*claims.get(lever, ()), *channel.claims)
    return claims


def known_through(file: CaseFile) -> dict[str, dict[str, str]]:
    """Party: lever that it knows through channels only: where one stands."""
    by_party: dict[str, dict[str, list[str]]] = {}
    for channel in file.channels.values():
        for party in channel.to:
            for lever in channel.carries:
                by_party.setdefault(party, {}).setdefault(lever, []).append(f"({channel.stands})")
    return {party: {lever: " or ".join(stands) for lever, stands in known.items()} for party, known in by_party.items()}


def _trees(terms: Mapping[str, Term]) -> Mapping[str, Node] | None:
    """The terms, parsed; None where one cannot be."""
    try:
        return {name: parse(term.that) for name, term in terms.items()}
    except BestandError:
        return None  # the check of conditions tells it


def _through(
    unknown: Mapping[str, str], want: Want, levers: Mapping[str, Lever], trees: Mapping[str, Node] | None, claims: Mapping[str, tuple[str, ...]]
) -> Want:
    """A want in which levers count as at their first setting where no channel for them stands."""
    if not unknown or trees is None:
        return want
    try:
        stands = {lever: parse(where) for lever, where in unknown.items()}
        node = parse(want.that)
    except BestandError:
        return want  # the check of conditions tells it
    carried = levers_of(node, trees) & unknown.keys()
    if not carried:
        return want
    behind = [name for lever in unknown if lever in carried for name in claims.get(lever, ())]
    return _backed(want, unparse(_known(node, stands, trees, levers)), behind)


def _known(node: Node, stands: Mapping[str, Node], terms: Mapping[str, Node], levers: Mapping[str, Lever]) -> Node:
    def inner(part: Node) -> Node:
        return _known(part, stands, terms, levers)

    match node:
        case Named(name) if name in terms and levers_of(terms[name], terms) & stands.keys():
            return inner(terms[name])
        case Named(name) if name in stands:
            return Joined("and", (stands[name], node))
        case Compared(lever, sign, setting) if lever in stands and lever in levers and setting in levers[lever].settings:
            at_first = _COMPARE[sign](0, levers[lever].settings.index(setting))
            return Joined("implies", (stands[lever], node)) if at_first else Joined("and", (stands[lever], node))
        case Not(part):
            return Not(inner(part))
        case Joined(word, parts):
            return Joined(word, tuple(inner(part) for part in parts))
        case Truth() | Named() | Compared():
            return node


_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}
