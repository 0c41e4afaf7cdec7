"""Claims and sources put into a case, with every quote checked as if it had been typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bestand.case.loaded import Case
from bestand.case.model import Claim
from bestand.case.read import read_text
from bestand.case.write import edited
from bestand.errors import AskError, CaseError, Place, Problem
from bestand.exchange.notes import Carried, Remark, carried_over, noted


@dataclass(frozen=True, slots=True)
class Arrived:
    """A claim as a file has it.

    name   : what it is to be called; empty where the file does not say
    fields : as in a case file
    place  : where in the file it stands
    cells  : where each field stands, where the file has a place for each
    """

    name: str
    fields: Mapping[str, Any]
    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict)


def needed_case(case: Case | None) -> Case:
    """The case that something is put into.

    Raises
    ------
    AskError
        `import/needs-case` where none is named.
    """
    if case is None:
        what = "claims and sources go into a case, and none is named"
        raise AskError(Problem("import/needs-case", what, hint="name it with --into CASE (into=…)"))
    return case


def put_in(
    format: str, claims: Sequence[Arrived], new_sources: Mapping[str, Mapping[str, Any]], case: Case | None, *,
    sources: object, notes: list[Remark], problems: Sequence[Problem] = (),
) -> Carried:  # fmt: skip
    """A case with claims and sources put into it; comments of its file stay where they are.

    sources  : the folder in which documents are looked for; beside the case, if not given
    problems : what was found to be wrong before, told with the rest

    Raises
    ------
    CaseError
        What is wrong, at the places of the file: quotes that the source does not have, names that the case has otherwise.
    """
    old = needed_case(case)
    problems = list(problems)
    named = _named(claims, old, problems)
    there = {name for name, each in named.items() if name in old.file.claims and _same(each.fields, old, name)}
    problems += [
        Problem("import/bad-cell", f"the case has another claim called '{name}'", each.place, "give it another name, or none")
        for name, each in named.items() if name in old.file.claims and name not in there
    ]  # fmt: skip
    added = {name: each for name, each in named.items() if name not in old.file.claims}
    text = _written(old, {name: dict(each.fields) for name, each in added.items()}, {n: dict(s) for n, s in new_sources.items()})
    read, wrong = _read(text, old, sources, named)
    if problems or wrong or read is None:
        raise CaseError([*problems, *wrong])
    n_checked = sum(read.quotes[name].status == "checked" for name in added)
    notes = [*notes, noted("claims", n=len(added)), *([noted("there-already", n=len(there))] if there else [])]
    notes += [noted("sources", n=len(new_sources))] if new_sources else []
    notes += [noted("checked", n=n_checked)] if n_checked else []
    notes += [noted("unchecked", n=len(added) - n_checked)] if n_checked < len(added) else []
    return carried_over(format, text, notes)


def _named(claims: Sequence[Arrived], old: Case, problems: list[Problem]) -> dict[str, Arrived]:
    """Claims by name; those without one are numbered on."""
    given = {each.name for each in claims if each.name} | set(old.file.claims)
    named: dict[str, Arrived] = {}
    k = 1
    for each in claims:
        name = each.name
        while not name or (not each.name and name in given):
            name, k = f"c{k}", k + 1
        if name in named:
            problems.append(Problem("import/bad-cell", f"'{name}' stands twice", each.place, "give each claim a name of its own, or none"))
        given.add(name)
        named[name] = each
    return named


def _same(fields: Mapping[str, Any], old: Case, name: str) -> bool:
    """Whether the case has the claim just so."""
    try:
        return Claim.model_validate(fields).model_dump() == old.file.claims[name].model_dump()
    except ValidationError:
        return False


def _written(old: Case, claims: dict[str, Any], sources: dict[str, Any]) -> str:
    edits: dict[str, object] = {}
    for section, new in (("sources", sources), ("claims", claims)):
        if new and getattr(old.file, section):
            edits |= {f"{section}.{name}": fields for name, fields in new.items()}
        elif new:
            edits[section] = new
    return edited(old, edits) if edits else old.text


def _read(text: str, old: Case, sources: object, named: Mapping[str, Arrived]) -> tuple[Case | None, list[Problem]]:
    """The case that came of it, or what is wrong with it, at the places of the file."""
    folder = sources if isinstance(sources, str | Path) else None
    try:
        return read_text(text, path=old.path, sources=folder), []
    except CaseError as error:
        return None, [_placed(problem, named) for problem in error.problems]


def _placed(problem: Problem, named: Mapping[str, Arrived]) -> Problem:
    section, _, rest = problem.place.at.partition(".")
    name, _, key = rest.partition(".")
    if section != "claims" or name not in named:
        return problem
    each = named[name]
    return replace(problem, place=each.cells.get(key.partition("[")[0], each.place))
