"""A case and what is known about it as plain data for the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from bestand.case.lines import Line, hedged
from bestand.errors import Problem
from bestand.show import legible, printable
from bestand.web.desk import Desk, DeskVersion

if TYPE_CHECKING:  # the server is up before all that answers is loaded
    from bestand.checks.check import Finding
    from bestand.study.everything import Study
    from bestand.telling.telling import Telling

Plain = dict[str, object]


def case_told(desk: Desk, sheet: DeskVersion, language: str) -> Plain:
    """One version of a case: its contents, or its mistakes in a language."""
    case = sheet.case
    return {
        "version": sheet.version,
        "digest": sheet.digest,
        "name": desk.path.name,
        "folder": desk.path.parent.name,
        "file": sheet.plain,
        "quotes": {} if case is None else {name: quote.status for name, quote in case.quotes.items()},
        "hedged": [] if case is None else [name for name, claim in case.file.claims.items() if hedged(claim)],
        "problems": problems_told(sheet.problems, language),
        "undo": len(desk.versions.done) > 1,
        "redo": bool(desk.versions.undone),
    }


def problems_told(problems: Iterable[Problem], language: str) -> list[Plain]:
    """Problems in a language, with their places; no path of this machine goes along."""
    return [_problem_told(each, language) for each in problems]


def _problem_told(problem: Problem, language: str) -> Plain:
    from bestand.telling.problems import sentence_in

    what, hint = sentence_in(problem.what, language), sentence_in(problem.hint, language)
    if what != problem.what and hint == problem.hint:  # what a key means stands in English in the format; the form says it in the reader's language
        hint = ""
    place = problem.place
    return {"code": problem.code, "what": legible(what), "at": place.at, "line": place.line, "column": place.column, "hint": legible(hint)}


def findings_told(findings: Iterable[Finding], telling: Telling) -> list[Plain]:
    """Findings of `check` in the reader's words, each with the place it speaks of and the data in it, by which the page offers what to do."""
    from bestand.telling.naming import finding_words
    from bestand.telling.sentences import finding_key

    told: list[Plain] = []
    for each in findings:
        key = finding_key(each.saying) if each.saying else ""
        words = finding_words(each.saying, each.parts, telling) if key else {}
        what, advice = (telling.say(key, **words), telling.say(f"{key}_do", **words)) if key else (each.what, each.advice)
        told.append({
            "code": each.code, "severity": each.severity, "what": legible(what), "advice": legible(advice),
            "at": each.place.at, "line": each.place.line,
            "parts": {name: printable(str(part)) for name, part in each.parts.items()},
        })  # fmt: skip
    return told


def line_told(line: Line, telling: Telling) -> Plain:
    """One statement of the case in the reader's language, and what it rests on."""
    said = telling.condition(line.words) if line.words in telling.case.conditions else telling.said(line.words)
    return {
        "at": line.at, "kind": line.kind, "party": telling.party(line.party) if line.party else "",
        "words": said if line.kind in ("guard", "ban") else telling.line_words(line), "basis": line.basis, "because": list(line.because),
        "assumed": telling.said(line.assumed), "hedged": list(line.hedged), "firm": line.firm,
    }  # fmt: skip


def answer_told(study: Study, stage: str, language: str) -> Plain:
    """What is known after one stage: sentences, conclusions with what carries them, hypotheses, findings."""
    from bestand.report.headline import headline
    from bestand.telling.titles import title_of
    from bestand.web.spoken import spoken

    telling = spoken(study.conflict, language)
    carried = study.sensitivity
    return {
        "stage": stage,
        "sentences": [asdict(each) for each in headline(study, telling)],
        "states": study.graph.n_states,
        "counts": dict(study.counts), "classical": dict(study.classical_counts),
        "conclusions": [
            {
                "kind": each.kind, "about": each.term, "title": title_of((each.kind, each.term), each.holds, telling), "holds": each.holds,
                "share": each.share, "lines": [line_told(line, telling) for line in each.lines],
                "turned": None if each.flips is None else [[line_told(line, telling) for line in lines] for lines in each.flips[:12]],
            }
            for each in study.conclusions
        ],
        "falls": [] if carried is None else [
            {"who": fall.who, "claims": list(fall.claims), "lines": [line_told(line, telling) for line in fall.lines],
             "turned": [title_of(key, not carried.answers[key], telling) for key in fall.turned]}
            for fall in carried.falls
        ],
        "hypotheses": [
            {"name": each.name, "claim": each.hypothesis.claim, "status": each.status, "because": list(each.hypothesis.because),
             "told": [telling.outcome(outcome) for outcome in each.outcomes]}
            for each in study.hypotheses
        ],
        "findings": findings_told(study.findings.findings, telling),
        "today": [{"party": each.party, "stays": each.stable, "told": telling.witness(each)} for each in study.today],
        "draws": study.draws,
    }  # fmt: skip
