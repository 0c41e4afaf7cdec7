"""What carries it: statements with a switch each, and what turns when some are switched off."""

from __future__ import annotations

from bestand.errors import AskError, BestandError, Problem
from bestand.study.everything import Study
from bestand.study.stages import stages
from bestand.telling.titles import title_of
from bestand.web.spoken import spoken
from bestand.web.told import Plain, answer_told, line_told


def statements_told(study: Study, language: str) -> Plain:
    """Every statement that can be switched off, with what it rests on."""
    telling = spoken(study.conflict, language)
    return {"lines": [line_told(line, telling) for line in study.conflict.statements()]}


def without_told(study: Study, off: list[str], language: str) -> Plain:
    """The answer in short without some statements, and which conclusions then come out otherwise."""
    lines = [line for line in study.conflict.statements() if line.at in off]
    if len(lines) < len(set(off)):
        raise AskError(Problem("web/no-such-place", "a statement that is switched off is not there", hint="look at the list again"))
    try:
        _, tried = next(iter(stages(study.conflict.without(*lines))))
    except BestandError as error:
        raise AskError(error.problems) from error
    before = {(each.kind, each.term): each.holds for each in study.conclusions}
    telling = spoken(tried.conflict, language)
    return {
        "answer": answer_told(tried, "core", language),
        "turned": [
            {"kind": each.kind, "about": each.term, "title": title_of((each.kind, each.term), each.holds, telling)}
            for each in tried.conclusions
            if before.get((each.kind, each.term), each.holds) != each.holds
        ],
    }
