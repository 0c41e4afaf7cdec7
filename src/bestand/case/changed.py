"""A case with sections of its file put in place of others, looked through like one that is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from bestand.arguments import MOST_LISTED, is_bounded
from bestand.case.expand import expand, plain
from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.references import References
from bestand.errors import CaseError, Problem, did_you_mean

_DEEP = 12  # lists and mappings in one another that are looked into: no section has more


def with_sections(case: Case, sections: Mapping[str, object]) -> Case:
    """The case with these sections; whatever names something that the case does not have is refused.

    Raises
    ------
    CaseError
        `case/unknown-key`, `case/wrong-value`; whatever is wrong in a file that is read.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: stops}}\\n"
    >>> with_sections(read_text(text), {"never": [{"that": "a.stops", "assumed": "t"}]}).conditions["a.stops"]
    Named(name='a.stops')
    """
    known = CaseFile.model_fields
    unknown = [name for name in sections if name not in known]
    if unknown:
        raise CaseError([Problem("case/unknown-key", f"a case has no section '{name}'", hint=did_you_mean(name, known)) for name in unknown])
    endless = [name for name, value in sections.items() if _is_endless(value)]
    if endless:
        raise CaseError([Problem("case/wrong-value", f"{name} has a list of more than {MOST_LISTED:,} things") for name in endless])
    try:
        written = CaseFile.model_validate({**{name: getattr(case.file, name) for name in known}, **sections})
    except ValidationError as error:
        told = error.errors(include_url=False)
        raise CaseError([Problem("case/wrong-value", f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in told]) from None
    file, _, _ = expand(written)
    refs = References(file, case.marks, None, written=written)
    problems = refs.all()
    if problems:
        raise CaseError(problems)
    return replace(case, file=plain(file), written=None, terms=refs.terms, conditions=refs.conditions)


def _is_endless(value: object, deep: int = 0) -> bool:
    """Whether somewhere in a section stands a list that cannot be gone through."""
    if not is_bounded(value):
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return deep < _DEEP and any(_is_endless(each, deep + 1) for each in inside)
