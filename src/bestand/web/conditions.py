"""Conditions as they are typed: their one canonical form, or what is wrong and under which word."""

from __future__ import annotations

import re
from dataclasses import replace

from bestand.case.conditions import names, parse, unknown_names, unparse
from bestand.case.loaded import Case
from bestand.errors import CaseError, Place, Problem
from bestand.web.told import Plain, problems_told

_CHARACTER = re.compile(r"\(character (\d+) of ")
_WORD = re.compile(r"'([^']+)'")


def condition_told(case: Case, text: str, language: str) -> Plain:
    """The canonical form of a condition, or its mistakes, each with the span of letters that it speaks of."""
    try:
        node = parse(text)
    except CaseError as error:
        return {"ok": False, "canonical": "", "mistakes": [_mistake(text, each, language) for each in error.problems]}
    problems = unknown_names(node, case.terms, case.settings, Place())
    mistakes = [_mistake(text, each, language) for each in problems]
    return {"ok": not problems, "canonical": unparse(node), "mistakes": mistakes, "names": list(dict.fromkeys(names(node)))}


def _mistake(text: str, problem: Problem, language: str) -> Plain:
    """A mistake with where it stands in the text: the word named, or the letter counted."""
    counted = _CHARACTER.search(problem.what)
    if counted:
        first = min(int(counted.group(1)) - 1, max(len(text) - 1, 0))
        word = re.match(r"[\w.+-]+", text[first:])
        problem = replace(problem, what=problem.what[: counted.start()].strip())
        return {**_told(problem, language), "first": first, "last": first + (len(word.group()) if word else 1)}
    for name in reversed(_WORD.findall(problem.what)):
        place = re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", text)
        if place:
            return {**_told(problem, language), "first": place.start(), "last": place.end()}
    return {**_told(problem, language), "first": 0, "last": len(text)}


def _told(problem: Problem, language: str) -> Plain:
    return problems_told([problem], language)[0]
