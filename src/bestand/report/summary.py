"""A study in a few lines and tables, for terminals and for other programs."""

from __future__ import annotations

from dataclasses import replace

from bestand.case.concepts import CORE
from bestand.case.lines import party_of
from bestand.case.model import Lever
from bestand.negotiate.paths import Paths
from bestand.report.blocks import percent_words
from bestand.report.headline import headline
from bestand.report.known import quotes_note
from bestand.show import Cell, Table
from bestand.study.everything import Study
from bestand.study.hypotheses import Verdict
from bestand.telling.naming import events_left_out
from bestand.telling.telling import Telling
from bestand.telling.words import words


def summary(study: Study, language: str = "en") -> str:
    """The paragraphs of the headline, what qualifies each below it, and what became of the quotes."""
    say = words(language)
    telling = Telling(study.conflict, say)
    lines = [telling.said(study.case.file.title)]
    for each in headline(study, telling):
        lines += ["", f"{each.lead}: {each.text}", *(f"  - {sentence}" for sentence in each.more)]
    return "\n".join([*lines, "", quotes_note(study.case, say)[0]])


def records(study: Study) -> dict[str, object]:
    """A study as plain data: answers, equilibria, terms, hypotheses, provenance."""
    graph = study.graph
    return {
        "title": study.case.file.title,
        "view": study.conflict.view,
        "states": graph.n_states,
        "equilibria": {"best": dict(study.counts), "paying": dict(study.classical_counts)},
        "now": {"terms": list(study.terms_now), "stable": {w.party: w.stable for w in study.today}},
        "ends": [graph.label(state) for state in study.ends],
        "rests": study.table().records(),
        "terms": [
            {"term": each.term, "states": each.n_states, "equilibria": dict(each.rests), "reached": each.reached}
            for each in study.terms
        ],
        "conclusions": [
            {
                "kind": each.kind,
                "term": each.term,
                "holds": each.holds,
                "lines": [line.at for line in each.lines],
                "turned_by": None if each.flips is None else [[line.at for line in lines] for lines in each.flips],
                "share_of_draws": each.share,
            }
            for each in study.conclusions
        ],
        "hypotheses": hypotheses(study).records(),
        "provenance": {
            "digest": study.provenance.digest,
            "version": study.provenance.version,
            "seed": study.provenance.seed,
            "parameters": dict(study.provenance.parameters),
            "seconds": round(study.provenance.seconds, 3),
        },
    }


def tables(study: Study, language: str = "en") -> dict[str, Table]:
    """Parties and levers (where there are any), equilibria per concept, and the states where it can rest: labels in a language, names as written."""
    file, graph, telling = study.case.file, study.graph, Telling(study.conflict, words(language))
    levers = tuple(
        (telling.party(party_of(name)) if party_of(name) in file.parties else "", name, telling.long_lever(name) if lever.label else "",
         "unknown" if file.present == "unknown" else study.case.now[name], _odds(lever), " ".join(lever.settings), name in graph.levers)
        for name, lever in file.levers.items()
    )  # fmt: skip
    parties = tuple((name, telling.party(name), ", ".join(map(telling.said, party.members))) for name, party in file.parties.items())
    counts = tuple((concept, study.counts[concept], study.classical_counts[concept]) for concept in CORE)
    by_name = {"parties": Table("Parties", ("party", "name", "acts through"), parties)}
    if levers:
        by_name["levers"] = Table("Levers", ("party", "lever", "what", "now", "odds today", "settings", "moves in this view"), levers)
    heads, title = ("concept", "others reply by best moves", "by any paying move"), f"Equilibria among {graph.n_states} states"
    return by_name | {"equilibria": Table(title, heads, counts, _still(telling)), "rests": replace(study.table(), title=telling.said(file.title))}


def _still(telling: Telling) -> tuple[str, ...]:
    """That events are left out of where it rests and of ways there, where some can happen."""
    n = len(events_left_out(telling))
    return (f"{n} events of this view are left out here: nothing moves by itself; play and scenarios reckon with them",) if n else ()


def _odds(lever: Lever) -> str:
    """How likely each setting is today, the likeliest first; empty where it is certain."""
    return ", ".join(f"{setting} {percent_words(chance)}" for setting, chance in sorted(lever.odds.items(), key=lambda each: -each[1]) if chance)


def hypotheses(study: Study) -> Table:
    """Hypotheses with their verdicts and reasons."""
    telling = Telling(study.conflict, words("en"))
    rows = tuple(
        (each.name, each.hypothesis.claim, each.status, "; ".join(telling.outcome(outcome) for outcome in each.outcomes), _by_version(each))
        for each in study.hypotheses
    )
    return Table("Hypotheses", ("name", "claim", "status", "reason", "by version"), rows)


def _by_version(verdict: Verdict) -> str | None:
    """What its tests say of versions of the parties where these answer otherwise than each other, names as the file has them."""
    told = [[(", ".join(map("=".join, each.types.items())), each) for each in outcome.versions] for outcome in verdict.outcomes]
    return "; ".join(", ".join(f"{who} ({each.chance:.3g}): {each.answer}" for who, each in some) for some in told if some) or None


def ways(paths: Paths, *, most: int = 5, language: str = "en") -> Table:
    """Shortest ways to the goals reached, one row per move: who does what, and whether it pays."""
    telling = Telling(paths.conflict, words(language))
    rows: list[tuple[Cell, ...]] = []
    for number, steps in enumerate(list(paths.steps.values())[:most], 1):
        if not steps:
            rows.append((number, 0, "", telling.say("reached_start"), None))
        for k, step in enumerate(steps, 1):
            rows.append((number, k, telling.party(step.party), telling.changes(step.source, step.target), step.rank_after > step.rank_before))
    n_reached = int(paths.goals.size)
    notes = [f"{n_reached} states asked for are reached by {paths.by} moves; shown: {min(most, n_reached)}", *_still(telling)]
    if not n_reached and paths.by != "any":
        notes.insert(1, "by any legal moves more may be reached (--by any); `unlock` tells what would have to change")
    if not paths.whole:
        notes.append(f"there was no time to follow all moves: those from {paths.n_followed:,} states were followed, nearest first")
    return Table("Ways", ("way", "move", "party", "what it does", "pays"), tuple(rows), tuple(notes))
