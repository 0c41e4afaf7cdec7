"""Accepting proposals: what a person takes goes into the case with its claims, and says for ever what drafted it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from bestand.arguments import shown
from bestand.case.lines import party_of, want_place
from bestand.case.loaded import Case, OfCase, stated
from bestand.case.parts import UNNAMED
from bestand.case.read import read_text
from bestand.case.write import edited, rearranged
from bestand.drafting.proposals import Proposal, Proposals
from bestand.errors import DraftError, Problem, did_you_mean
from bestand.show import Shown, Table

JUDGED = ("says", "via", "author_holds", "source_holds", "hedge", "condition", "gloss", "about", "denies", "context")
CLAIM_FIELDS = ("source", "quote", "prefix", "suffix", *JUDGED)
LINE = "id is name settings now that party lever setting sets when per_month date basis between sort took"
EDITABLE = frozenset([*JUDGED, *LINE.split()])


@dataclass(frozen=True, slots=True, repr=False)
class Accepted(Shown):
    """A case with what was taken, and the proposals in their new state.

    case      : the case as it is now; nothing is written until `write(accepted.case, path)`
    proposals : those that still wait, were accepted, or were rejected
    places    : proposal: where it stands in the case
    along     : proposals that were taken because others rest on them
    """

    case: Case
    proposals: Proposals
    places: Mapping[str, str]
    along: tuple[str, ...]

    def table(self) -> Table:
        """One row for each that was taken."""
        rows = tuple((key, self.proposals[key].kind, at, self.proposals[key].words(), key in self.along) for key, at in self.places.items())
        left = f"{len(self.proposals.waiting)} still wait"
        return Table("Accepted", ("id", "kind", "in the case", "proposal", "taken along"), rows, (left,))


@dataclass(slots=True)
class _Edits:
    """What is to be changed in a case.

    sections : section: name: fields of what is new
    values   : key path: value, of what stands and changes
    wants    : party: new wants
    seen     : new observations
    places   : proposal: where it will stand
    edited   : proposals whose words a person wrote
    """

    case: Case
    by: str
    on: str
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    wants: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seen: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()

    def has(self, section: str, name: str) -> bool:
        """Whether the case has such a thing, or will have it."""
        return name in getattr(self.case.file, section) or name in self.sections.get(section, {})

    def new(self, section: str, name: str, fields: Mapping[str, Any]) -> None:
        """Takes up something new."""
        self.sections.setdefault(section, {})[name] = {key: value for key, value in fields.items() if value not in ("", [], (), None)}


def accept(
    case: Case | OfCase,
    proposals: Proposals,
    *,
    take: Sequence[str] | None = None,
    by: str,
    on: str,
    edits: Mapping[str, Mapping[str, Any]] | None = None,
    sources: str | Path | None = None,
) -> Accepted:
    """A case with some proposals in it; comments of its file stay where they are.

    take    : ids of proposals (all that wait, if not given); the claims and levers that one rests on, and the claims that it denies, are taken along
    by, on  : who accepts, and on which day; both stay on the claims, with what drafted them
    edits   : id: fields as they shall be instead; the words of a quote cannot be edited
    sources : a folder with the documents; without it they are looked for beside the case

    Raises
    ------
    DraftError
        `draft/unknown-proposal`, `draft/decided`: it was accepted or rejected before; `draft/claims-rejected`: every claim
        that a line rests on was rejected; `draft/not-editable`; `draft/no-name`: nobody is named who accepts; `draft/no-day`.
    CaseError
        The case would not be right with them in it; nothing is changed.

    >>> import hashlib, pathlib, tempfile
    >>> from bestand import draft, read_text
    >>> folder = tempfile.TemporaryDirectory()
    >>> said = pathlib.Path(folder.name, "said.txt")
    >>> _ = said.write_text("The mayor of Tolbridge said that the bridge will reopen on Monday.")
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\n", path=said.parent / "case.yaml")
    >>> proposals = draft([said], into=case, language="en")
    >>> sorted(accept(case, proposals, by="an analyst", on="2025-01-01").case.file.sources)
    ['said']
    """
    case = stated(case)
    if not by.strip():
        raise DraftError(Problem("draft/no-name", "nobody is named who accepts", hint="say who with --by NAME, or set BESTAND_NAME"))
    if not _is_day(on):
        raise DraftError(Problem("draft/no-day", f"{shown(on)} is no day", hint="write the day as 2026-01-31"))
    changed = proposals
    for key, fields in (edits or {}).items():
        changed = _carried(changed.changed([_edited(changed[key], fields)]), proposals[key], fields)
    chosen = [item.id for item in changed.waiting] if take is None else list(take)
    taken = _with_needed(changed, chosen)
    plan = _Edits(case, by, on, edited=frozenset(key for key, fields in (edits or {}).items() if {"is", "gloss"} & fields.keys()))
    for item in taken:
        _PLANNERS[item.kind](plan, item, changed)
    text = _written(plan)
    new = read_text(text, path=case.path, sources=sources)
    decided = changed.changed([replace(item, status="accepted") for item in taken])
    along = tuple(item.id for item in taken if item.id not in chosen)
    return Accepted(new, decided, plan.places, along)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def reject(proposals: Proposals, ids: Sequence[str]) -> Proposals:
    """The proposals with some rejected; they are kept, so that they are not proposed again.

    Raises
    ------
    DraftError
        `draft/unknown-proposal`, `draft/decided`.
    """
    for key in ids:
        _undecided(proposals[key])
    return proposals.changed([replace(proposals[key], status="rejected") for key in ids])


def _undecided(item: Proposal) -> None:
    if item.status != "waiting":
        what = f"'{item.id}' was {item.status} before"
        raise DraftError(Problem("draft/decided", what, hint="what stands in the case is changed there"))


def _edited(item: Proposal, fields: Mapping[str, Any]) -> Proposal:
    for key in fields:
        if key not in EDITABLE:
            what = f"'{key}' of a proposal cannot be edited"
            raise DraftError(Problem("draft/not-editable", what, hint=did_you_mean(key, sorted(EDITABLE))))
    return replace(item, fields={**item.fields, **fields})


def _carried(proposals: Proposals, before: Proposal, fields: Mapping[str, Any]) -> Proposals:
    """The proposals with another name of a party or lever in all that speaks of it and waits."""
    old, new = before.fields.get("id"), fields.get("id")
    if before.kind not in ("party", "lever") or not isinstance(old, str) or not isinstance(new, str) or old == new:
        return proposals
    name = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w]|\.(?=\w))" if before.kind == "lever" else rf"(?<![\w.]){re.escape(old)}(?!\w)")
    waiting = [item for item in proposals.waiting if item.id != before.id]
    return proposals.changed([replace(item, fields=_with_name(item, before.kind, name, new)) for item in waiting])


def _with_name(item: Proposal, kind: str, name: re.Pattern[str], new: str) -> dict[str, Any]:
    """The fields of a proposal in which a lever or party goes by another name; words that people read stay as they are."""
    fields = dict(item.fields)
    keys = ("lever", "that", "when", "sets") if kind == "lever" else ("id", "lever", "that", "when", "sets", "party", "between", "about")
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and (key != "id" or item.kind == "lever"):
            fields[key] = name.sub(new, value)
        elif isinstance(value, Mapping):
            fields[key] = {name.sub(new, inner): setting for inner, setting in value.items()}
        elif isinstance(value, list | tuple):
            fields[key] = [name.sub(new, inner) for inner in value]
    return fields


def _with_needed(proposals: Proposals, take: Sequence[str]) -> list[Proposal]:
    """What is taken with what it rests on, and what it denies, in an order in which each comes after what it needs."""
    waiting, begun = {item.id for item in proposals.waiting}, set[str]()
    order: dict[str, Proposal] = {}

    def add(key: str) -> None:
        item = proposals[key]
        if key in begun or (item.status == "accepted" and key not in take):
            return
        begun.add(key)
        _undecided(item)
        live = [claim for claim in item.because if proposals[claim].status != "rejected"]
        if item.because and not live:
            what = f"every claim that '{key}' rests on was rejected"
            raise DraftError(Problem("draft/claims-rejected", what, hint="reject it as well, or write the line by hand"))
        denied = [claim for claim in item.fields.get("denies", ()) if claim in waiting]
        for needed in (*live, *item.needs, *denied):
            add(needed)
        order[key] = item

    for key in take:
        add(key)
    return list(order.values())


def _claim(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    source = item.fields["source"]
    if _standing(plan, item):  # a run that was stopped between the case and the proposals
        plan.places[item.id] = f"claims.{_standing(plan, item)}"
        return
    if not plan.has("sources", source) and source in proposals.sources:
        plan.new("sources", source, proposals.sources[source])
    taken = {*plan.case.file.claims, *plan.sections.get("claims", {})}
    name = next(f"c{n}" for n in range(len(taken) + 1, 10 * len(taken) + 1000) if f"c{n}" not in taken)
    fields = {key: item.fields[key] for key in CLAIM_FIELDS if key in item.fields}
    fields["about"] = [about for about in fields.get("about", ()) if any(plan.has(s, about) for s in ("parties", "levers", "terms", "zones"))]
    if "denies" in fields:
        fields["denies"] = list(filter(None, (_claim_called(plan, key, proposals) for key in fields["denies"])))
    stamp = {"generated_by": item.generated_by, "accepted_by": plan.by, "accepted_on": plan.on}
    plan.new("claims", name, {**fields, "gloss": _in_its_language(plan, item, str(fields.get("gloss") or fields["quote"])), **stamp})
    plan.places[item.id] = f"claims.{name}"


def _in_its_language(plan: _Edits, item: Proposal, words: Any) -> Any:
    """Words that the rules took from a document of another language than the case's, with that language; as they are where a person wrote them."""
    by, _, language = item.generated_by.partition(" ")
    own = item.id not in plan.edited and by == "rules" and language and language != plan.case.file.language
    return {language: words} if own and isinstance(words, str) and words else words


def _rests(plan: _Edits, item: Proposal, proposals: Proposals) -> dict[str, Any]:
    """The claims of a line by their names in the case, its basis, and who drafted and accepted it."""
    names = [plan.places.get(key, "").removeprefix("claims.") or _standing(plan, proposals[key]) for key in item.because]
    because = [name for name in names if name]
    assumed = f"drafted by {item.generated_by}, accepted by {plan.by} on {plan.on}"
    return {"because": because, "basis": item.fields.get("basis", "inferred"), "assumed": assumed}


def _claim_called(plan: _Edits, key: str, proposals: Proposals) -> str:
    """The name in the case of a claim, or of a proposal for one; empty where that was not taken."""
    if key in plan.case.file.claims:
        return key
    item = next((each for each in proposals.items if each.id == key), None)
    return plan.places.get(key, "").removeprefix("claims.") or (_standing(plan, item) if item is not None else key)


def _standing(plan: _Edits, item: Proposal) -> str:
    """The name of an accepted claim, by its passage."""
    for name, claim in plan.case.file.claims.items():
        if claim.source == item.fields.get("source") and claim.quote == item.fields.get("quote") and claim.prefix == item.fields.get("prefix", ""):
            return name
    return ""


def _party(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    rests = _rests(plan, item, proposals)
    name = item.fields["id"]
    if not plan.has("parties", name):
        plan.new("parties", name, {"name": item.fields["name"], "because": rests["because"], "assumed": rests["assumed"]})
    plan.places[item.id] = f"parties.{name}"


def _lever(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    f, name = item.fields, item.fields["id"]
    if not plan.has("levers", name):
        settings = {} if list(f.get("settings", ("no", "yes"))) == ["no", "yes"] else {"settings": list(f["settings"])}
        called = _in_its_language(plan, item, _with_its_party(plan, item))
        plan.new("levers", name, {"is": called, **settings, "now": f.get("now", "no"), **_rests(plan, item, proposals)})
    plan.places[item.id] = f"levers.{name}"


def _with_its_party(plan: _Edits, item: Proposal) -> str:
    """The words of a lever, after the name of its party where they say only what is done: sentences tell of a lever apart from its party."""
    words, party = str(item.fields["is"]), party_of(item.fields["id"])
    stated = plan.case.file.parties.get(party)
    name = str(stated.name) if stated else str(plan.sections.get("parties", {}).get(party, {}).get("name", ""))
    known = [name, *(stated.also if stated else ())]
    named = any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", words, re.IGNORECASE) for each in known if each)
    return words if named or name in ("", UNNAMED) or item.id in plan.edited else f"{name}: {words}"


def _now(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    """The present setting of a lever, with the claims that say so."""
    name, now = item.fields["lever"], item.fields["now"]
    rests = _rests(plan, item, proposals)
    if name in plan.sections.get("levers", {}):
        lever = plan.sections["levers"][name]
        lever |= {"now": now, "because": list(dict.fromkeys((*lever.get("because", ()), *rests["because"])))}
    elif name in plan.case.file.levers:
        before = plan.case.file.levers[name].because
        plan.values |= {f"levers.{name}.now": now, f"levers.{name}.because": list(dict.fromkeys((*before, *rests["because"])))}
    plan.places[item.id] = f"levers.{name}.now"


def _guard(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    name, setting = item.fields["lever"], item.fields["setting"]
    guard = {"that": item.fields["that"], **_rests(plan, item, proposals)}
    if name in plan.sections.get("levers", {}):
        plan.sections["levers"][name].setdefault("needs", {})[setting] = guard
    elif name in plan.case.file.levers and plan.case.file.levers[name].needs:
        plan.values[f"levers.{name}.needs.{setting}"] = guard
    else:
        plan.values[f"levers.{name}.needs"] = {setting: guard}
    plan.places[item.id] = f"levers.{name}.needs.{setting}"


def _want(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    party = item.fields["party"]
    want = {"that": item.fields["that"], "is": _in_its_language(plan, item, item.fields.get("is", "")), **_rests(plan, item, proposals)}
    standing = [one.that for wants in (plan.case.wants(party) if party in plan.case.file.wants else {}).values() for one in wants]
    if want["that"] not in standing:
        plan.wants.setdefault(party, []).append({key: value for key, value in want.items() if value})
    plan.places[item.id] = want_place(party)


def _event(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    f, name = item.fields, item.fields["id"]
    if not plan.has("events", name):
        fields = {key: f.get(key, "") for key in ("is", "sets", "when", "per_month")}
        fields["is"] = _in_its_language(plan, item, f.get("is", ""))
        plan.new("events", name, {**fields, **_rests(plan, item, proposals)})
    plan.places[item.id] = f"events.{name}"


def _observation(plan: _Edits, item: Proposal, proposals: Proposals) -> None:
    f = item.fields
    if f.get("lever"):
        seen = {"on": f["date"], "lever": f["lever"], "took": f["took"], "is": _in_its_language(plan, item, f["is"]), **_rests(plan, item, proposals)}
        if not any((o.on, o.lever, o.took) == (f["date"], f["lever"], f["took"]) for o in plan.case.file.observations):
            plan.seen.append(seen)
        plan.places[item.id] = "observations"
        return
    section = "talks" if f.get("sort") == "talk" else "incidents"
    name = next(n for n in (f["id"], *(f"{f['id']}_{k}" for k in range(2, 1000))) if not plan.has(section, n))
    between = {"between": list(f.get("between", ()))} if section == "talks" else {}
    plan.sections.setdefault(section, {})[name] = {
        "is": _in_its_language(plan, item, f["is"]), "date": f["date"], **between, **_rests(plan, item, proposals)
    }  # fmt: skip
    plan.places[item.id] = f"{section}.{name}"


_PLANNERS: Mapping[str, Callable[[_Edits, Proposal, Proposals], None]] = {
    "claim": _claim,
    "party": _party,
    "lever": _lever,
    "now": _now,
    "guard": _guard,
    "want": _want,
    "event": _event,
    "observation": _observation,
}


def _written(plan: _Edits) -> str:
    """The case's text with the edits in it."""
    file = plan.case.file
    values: dict[str, object] = {}
    for section, new in plan.sections.items():
        if getattr(file, section):
            values |= {f"{section}.{name}": fields for name, fields in new.items()}
        else:
            values[section] = new
    lists: dict[str, list[int | dict[str, Any]]] = {}
    for party, wants in plan.wants.items():
        standing = plan.case.wants(party) if party in file.wants else {}
        for sort, have in standing.items():
            lists[want_place(party, sort)] = [*range(len(have)), *deepcopy(wants)]  # the format has no aliases
    new_wants = {party: wants for party, wants in plan.wants.items() if party not in file.wants}
    if new_wants:
        values |= {want_place(party): wants for party, wants in new_wants.items()} if file.wants else {"wants": new_wants}
    if plan.seen and file.observations:
        lists["observations"] = [*range(len(file.observations)), *plan.seen]
    elif plan.seen:
        values["observations"] = plan.seen
    text = edited(plan.case, {**values, **plan.values}) if values or plan.values else plan.case.text
    return rearranged(replace(plan.case, text=text), lists) if lists else text
