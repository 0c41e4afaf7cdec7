"""Claims and sources put into a case, with every quote checked as if it had been typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import MOST_CLAIMS
from bestand.case.read import read_text
from bestand.case.write import edited
from bestand.errors import MOST_SHOWN, AskError, CaseError, Problem
from bestand.exchange.known import Arrived, known_claims
from bestand.exchange.notes import Carried, Remark, carried_over, noted


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
    """A case with claims and sources put into it; comments of its file stay where they are. What it has already is left as it is.

    sources  : the folder in which documents are looked for; beside the case, if not given
    problems : what was found to be wrong before, told with the rest

    Raises
    ------
    CaseError
        What is wrong, at the places of the file: quotes that the source does not have, names that the case has otherwise.
    """
    old = needed_case(case)
    problems = list(problems)
    if len(claims) > MOST_CLAIMS:
        raise CaseError([*problems, too_many_claims(len(claims))])
    if len(problems) >= MOST_SHOWN:  # what else is wrong would only be counted
        raise CaseError(problems)
    known = known_claims(claims, old)
    added = _named(known.new, old, problems)
    problems += [
        Problem("import/bad-cell", f"the case has another claim called '{name}'", each.place, "give it another name, or none")
        for name, each in added.items() if name in old.file.claims
    ]  # fmt: skip
    text = _written(old, {name: dict(each.fields) for name, each in added.items()}, {n: dict(s) for n, s in new_sources.items()})
    read, wrong = _read(text, old, sources, added)
    if problems or wrong or read is None:
        raise CaseError([*problems, *wrong])
    n_checked = sum(read.quotes[name].status == "checked" for name in added)
    notes = [*notes, noted("claims", n=len(added)), *([noted("there-already", n=known.n_there)] if known.n_there else [])]
    notes += [noted("beside", n=known.n_beside)] if known.n_beside else []
    notes += [noted("sources", n=len(new_sources))] if new_sources else []
    notes += [noted("checked", n=n_checked)] if n_checked else []
    notes += [noted("unchecked", n=len(added) - n_checked)] if n_checked < len(added) else []
    return carried_over(format, text, notes)


def too_many_claims(n: int) -> Problem:
    """What is wrong where more claims arrive than a case can have."""
    what = f"{n:,} claims, and a case has at most {MOST_CLAIMS:,}"
    return Problem("import/too-large", what, hint="keep only those that a line of the case rests on")


def _named(claims: Sequence[Arrived], old: Case, problems: list[Problem]) -> dict[str, Arrived]:
    """Claims by name; those without one are numbered on."""
    given = {each.name for each in claims if each.name and not each.wished} | set(old.file.claims)
    named: dict[str, Arrived] = {}
    k = 1
    for each in claims:
        name = _free(each.name, given) if each.wished and each.name else each.name
        while not name or (not each.name and name in given):
            name, k = f"c{k}", k + 1
        if name in named:
            problems.append(Problem("import/bad-cell", f"'{name}' stands twice", each.place, "give each claim a name of its own, or none"))
        given.add(name)
        named[name] = each
    return named


def _free(wish: str, given: set[str]) -> str:
    """A name that was wished for, or the same with a number, where another claim has it."""
    return next(name for name in (wish, *(f"{wish}_{k}" for k in range(2, len(given) + 3))) if name not in given)


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
