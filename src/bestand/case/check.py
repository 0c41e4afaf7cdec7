"""What is doubtful in a case that reads without errors: each finding with a code, a place and advice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds, levers_of, unparse
from bestand.case.loaded import Case, parts
from bestand.case.model import Lever, Want
from bestand.case.parts import Backed
from bestand.case.references import conditions_of
from bestand.errors import Place
from bestand.show import Shown, Table

MOST_WORDS = 12
MOST_COMBINATIONS = 1 << 18
MOST_OWN = 512
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    code: str
    severity: Severity
    what: str
    place: Place
    advice: str


@dataclass(frozen=True, slots=True)
class Findings(Shown):
    """All findings, the gravest first."""

    found: tuple[Finding, ...]

    def worst(self) -> Severity | None:
        """Severity of the gravest finding; None if there is none."""
        return self.found[0].severity if self.found else None

    def table(self) -> Table:
        """One row per finding."""
        rows = tuple((f.severity, f.code, f.what, str(f.place), f.advice) for f in self.found)
        notes = () if rows else ("nothing to look at",)
        return Table("Findings", ("severity", "code", "what", "where", "advice"), rows, notes)


def check(case: Case) -> Findings:
    """Everything in a case that an analyst should look at again.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> check(read_text(new("A dispute"))).found
    ()
    """
    found = [finding for rule in RULES for finding in rule(case)]
    order: Mapping[str, int] = {"error": 0, "warning": 1, "note": 2}
    return Findings(tuple(sorted(found, key=lambda f: order[f.severity])))


@dataclass(frozen=True, slots=True)
class _Some:
    """All combinations of some levers' settings, as arrays; None is told apart where there are too many."""

    case: Case
    levers: tuple[str, ...]

    @property
    def radix(self) -> list[int]:
        if self.case.file.graph is not None:
            return [len(self.case.file.states)]
        return [len(self.case.settings[lever]) for lever in self.levers]

    @property
    def small(self) -> bool:
        return float(np.prod(self.radix, dtype=float)) <= MOST_COMBINATIONS

    def digits(self, lever: str) -> NDArray[np.uint8]:
        if self.case.file.graph is not None:  # a state's name holds in that state
            return (np.arange(len(self.case.file.states)) == list(self.case.file.states).index(lever)).astype(np.uint8)
        k = self.levers.index(lever)
        shape = [1] * len(self.levers)
        shape[k] = self.radix[k]
        return np.arange(self.radix[k], dtype=np.uint8).reshape(shape)

    def truth(self, node: Node) -> NDArray[np.bool_]:
        found = holds(node, self.digits, self.case.terms, self.case.settings)
        return np.broadcast_to(found, self.radix)


def _over(case: Case, nodes: Iterable[Node]) -> _Some:
    levers: set[str] = set().union(*(levers_of(node, case.terms) for node in nodes))
    return _Some(case, tuple(lever for lever in case.file.levers if lever in levers))


def _now(case: Case, node: Node) -> bool:
    def digits(lever: str) -> NDArray[np.uint8]:
        if case.file.graph is not None:
            return np.asarray(lever == case.file.graph.now, np.uint8)
        return np.asarray(case.settings[lever].index(case.now[lever]), np.uint8)

    return bool(holds(node, digits, case.terms, case.settings))


def _quotes(case: Case) -> Iterator[Finding]:
    unchecked = [name for name, quote in case.quotes.items() if quote.status == "unchecked"]
    if unchecked:
        what = f"{len(unchecked)} quotes were not checked: the text of their source is not at hand"
        yield Finding("check/quotes-unchecked", "note", what, case.place("claims"), "give the folder with the sources (--sources)")
    for name, claim in case.file.claims.items():
        if len(claim.quote.split()) > MOST_WORDS:
            what = f"the quote of {name} has {len(claim.quote.split())} words"
            advice = f"in a case that is shared quote at most {MOST_WORDS} words, or seal the passage"
            yield Finding("check/long-quote", "warning", what, case.place(f"claims.{name}.quote"), advice)


def _unused_claims(case: Case) -> Iterator[Finding]:
    used = {claim for _, part in parts(case.file) for claim in (part.claims if isinstance(part, Backed) else getattr(part, "because", ()))}
    for name, claim in case.file.claims.items():
        if name not in used and not claim.context:
            advice = "name it under `because` where the model rests on it, or mark it `context: true`"
            yield Finding("check/unused-claim", "warning", f"nothing rests on claim {name}", case.place(f"claims.{name}"), advice)


def _mentioned(case: Case) -> set[str]:
    nodes = list(case.terms.values()) + [case.condition(ban.that) for ban in case.file.never]
    for lever in case.file.levers.values():
        nodes += [case.condition(guard.that) for guard in lever.needs.values()]
    nodes += [case.condition(event.when) for event in case.file.events.values()]
    nodes += [case.condition(want.that) for party in case.file.wants for want in _wants_of(case, party)]
    return set().union(*(levers_of(node, case.terms) for node in nodes)) if nodes else set()


def _wants_of(case: Case, party: str) -> list[Want]:
    return [want for wants in case.wants(party).values() for want in wants]


def _idle_levers(case: Case) -> Iterator[Finding]:
    if case.file.ranking:
        return
    mentioned = _mentioned(case)
    for name in case.file.levers:
        if name not in mentioned:
            what = f"no rule, term or want mentions lever {name}"
            yield Finding("check/idle-lever", "warning", what, case.place(f"levers.{name}"), "add what it matters to, or leave it out")


def _without_basis(case: Case) -> Iterator[Finding]:
    inherited = ("needs", "worth", "per_month", "types", "play", "value")
    for at, part in parts(case.file):
        if isinstance(part, Backed) and part.rests_on is None and not any(word in at.split(".") for word in inherited):
            if type(part).__name__ == "Quantity":
                continue
            what = f"{at} names no claim and gives no reason"
            yield Finding("check/no-basis", "warning", what, case.place(at), "add `because: [claims]`, or `assumed: why`")


def _weights(case: Case) -> Iterator[Finding]:
    for party in case.file.wants:
        wants = _wants_of(case, party)
        weighed = sum(want.worth is not None for want in wants)
        if 0 < weighed < len(wants):
            what = f"{weighed} of {len(wants)} wants of {party} have a `worth`: sizes cannot be asked for, and the weights do nothing"
            advice = "give every want a `worth`, or none"
            yield Finding("check/weights-on-ordinal", "warning", what, case.place(f"wants.{party}"), advice)


def _guards(case: Case) -> Iterator[Finding]:
    for name, lever in case.file.levers.items():
        for setting, guard in lever.needs.items():
            if (where := _where(case, case.condition(guard.that))) is not None and not where.any():
                what = f"the guard of {name} = {setting} can never hold, so it is never entered"
                yield Finding("check/guard-never-holds", "error", what, case.place(f"levers.{name}.needs.{setting}"), "correct it")


def _present(case: Case) -> Iterator[Finding]:
    for k, ban in enumerate(case.file.never):
        if case.file.levers and _now(case, case.condition(ban.that)):
            what = f"the present state is banned: {ban.that}"
            yield Finding("check/present-banned", "error", what, case.place(f"never[{k}]"), "correct the ban or the settings under `now`")


def _red_lines(case: Case) -> Iterator[Finding]:
    for party in case.file.wants:
        for type_, wants in case.wants(party).items():
            for k, want in enumerate(wants):
                known = case.file.graph is None or case.file.graph.now is not None
                if want.red_line and known and not _now(case, case.condition(want.that)):
                    at = f"wants.{party}{'.' + type_ if type_ else ''}[{k}]"
                    what = f"the present state breaks a red line of {party}: {want.that}"
                    yield Finding("check/red-line-broken", "warning", what, case.place(at), "is it a limit on deals, or already crossed?")


def _stuck_parties(case: Case) -> Iterator[Finding]:
    if case.file.graph is not None:
        return
    for party in case.file.parties:
        own = {name: lever for name, lever in case.file.levers.items() if name.split(".")[0] == party}
        if not any(_can_move(case, lever) for lever in own.values()):
            what = f"{party} can never move"
            yield Finding("check/party-cannot-move", "warning", what, case.place(f"parties.{party}"), "give it a lever, or make it an event")


def _can_move(case: Case, lever: Lever) -> bool:
    now = lever.settings.index(lever.now or lever.settings[0])
    for k, setting in enumerate(lever.settings):
        if k == now or (lever.one_way == "up" and k < now) or (lever.one_way == "down" and k > now):
            continue
        node = case.condition(lever.needs[setting].that) if setting in lever.needs else None
        some = _over(case, [node]) if node is not None else None
        if node is None or some is None or not some.small or some.truth(node).any():
            return True
    return False


def _empty_wants(case: Case) -> Iterator[Finding]:
    for party in case.file.wants:
        for type_, wants in case.wants(party).items():
            seen: set[str] = set()
            for k, want in enumerate(wants):
                node, at = case.condition(want.that), f"wants.{party}{'.' + type_ if type_ else ''}[{k}]"
                if _constant(case, node) or unparse(node) in seen:
                    why = "stands above already" if unparse(node) in seen else "is the same in every state that can be"
                    what = f"the want '{want.that}' of {party} never changes anything: it {why}"
                    yield Finding("check/empty-want", "warning", what, case.place(at), "leave it out, or say what was meant")
                seen.add(unparse(node))


def _constant(case: Case, node: Node) -> bool:
    where = _where(case, node)
    return where is not None and (where.size == 0 or bool(where.all() or not where.any()))


def _where(case: Case, node: Node) -> NDArray[np.bool_] | None:
    """Truth of a condition in the states that no ban on its levers forbids; None where there are too many to go through."""
    mine = levers_of(node, case.terms)
    near = [ban for ban in map(case.condition, (ban.that for ban in case.file.never)) if levers_of(ban, case.terms) & mine]
    some = _over(case, [node, *near])
    if not some.small:
        some, near = _over(case, [node]), []
    if not some.small:
        return None
    banned = np.zeros(some.radix, bool)
    for ban in near:
        banned |= some.truth(ban)
    return some.truth(node)[~banned]


def _too_large(case: Case) -> Iterator[Finding]:
    """Conditions on so many levers that the other rules pass them over."""
    for at, text in conditions_of(case.file):
        some = _over(case, [case.condition(text)])
        if not some.small:
            what = f"not looked through: {len(some.levers)} levers have more than {MOST_COMBINATIONS} combinations of settings"
            yield Finding("check/not-looked-through", "note", what, case.place(at), "whether it can ever hold was not checked")


def _basis_without_claims(case: Case) -> Iterator[Finding]:
    for at, part in parts(case.file):
        if isinstance(part, Backed) and part.basis not in (None, "assumed") and not part.claims:
            what = f"{at} is said to be {part.basis}, and names no claim"
            yield Finding("check/basis-without-claims", "warning", what, case.place(at), "name the claims under `because`, or write `assumed: why`")


def _trapping_bans(case: Case) -> Iterator[Finding]:
    studied = {f"term {name}": node for name, node in case.terms.items()}
    for name, hypothesis in case.file.hypotheses.items():
        studied |= {f"'{test.that}' ({name})": case.condition(test.that) for test in hypothesis.test if test.that}
    for k, ban in enumerate(case.file.never):
        node = case.condition(ban.that)
        trapped = [(status, party) for status, held in studied.items() if (party := _trapped(case, node, held))]
        if trapped:
            status, party = trapped[0]
            more = f" (and of {len(trapped) - 1} more)" if len(trapped) > 1 else ""
            what = f"the ban '{ban.that}' stops every move of {party} out of {status}{more}: it then holds by definition"
            advice = "a ban forbids states, for everybody; to restrict how a setting is entered write a guard (`needs`)"
            yield Finding("check/ban-traps", "warning", what, case.place(f"never[{k}]"), advice)


def _trapped(case: Case, ban: Node, status: Node) -> str | None:
    """A party that could leave the status from some state, were it not for the ban; None if there is none."""
    some = _over(case, [ban, status])
    if not some.small:
        return None
    banned, held = some.truth(ban), some.truth(status)
    for party in case.file.parties:
        own = [axis for axis, lever in enumerate(some.levers) if lever.split(".")[0] == party]
        n = int(np.prod([some.radix[axis] for axis in own]))
        if not own or n > MOST_OWN:
            continue
        before = [np.moveaxis(a, own, range(-len(own), 0)).reshape(-1, n) for a in (banned, held)]
        legal = _legal(case, [some.levers[axis] for axis in own])
        could = (~before[1]).astype(np.int64) @ legal.T > 0
        can = (~before[1] & ~before[0]).astype(np.int64) @ legal.T > 0
        if (before[1] & ~before[0] & could & ~can).any():
            return party
    return None


def _legal(case: Case, levers: list[str]) -> NDArray[np.int64]:
    """Whether one-way levers allow going from one to another combination of settings: (n, n) of 0 and 1."""
    legal = np.ones((1, 1), np.int64)
    for lever in levers:
        n, way = len(case.settings[lever]), case.file.levers[lever].one_way
        square = np.ones((n, n), np.int64)
        legal = np.kron(legal, np.triu(square) if way == "up" else np.tril(square) if way == "down" else square)
    return legal - np.eye(len(legal), dtype=np.int64)


RULES = (
    _quotes,
    _unused_claims,
    _idle_levers,
    _without_basis,
    _basis_without_claims,
    _weights,
    _guards,
    _present,
    _red_lines,
    _stuck_parties,
    _empty_wants,
    _trapping_bans,
    _too_large,
)
