"""What differs between two cases, and what would turn an answer, as tables for people: a sentence for each change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bestand.bargain.cores import Concessions, Cores
from bestand.case.lines import member_of
from bestand.case.loaded import Case
from bestand.case.read import read_text
from bestand.changes.diff import Changes
from bestand.graph.conflict import conflict
from bestand.negotiate.unlock import Unlocks
from bestand.report.since import change_words
from bestand.report.worded import CodeNames, worded
from bestand.show import Cell, Table
from bestand.study.compare import Comparison
from bestand.study.red_team import RedTeam
from bestand.study.turns import Turn, Turns
from bestand.telling.telling import Telling


def changes_worded(changes: Changes, old: Case, telling: Telling) -> Table:
    """What differs between two versions of a case, a sentence for each change."""
    table, before = changes.table(), Telling(conflict(old), telling.say)
    rows = tuple((change_words(each, before, telling),) for each in changes.changes)
    return Table(table.title, ("what differs",) if rows else (), rows, table.notes)


def unlocks_worded(unlocks: Unlocks, telling: Telling) -> Table:
    """What would make a goal rest and be reached, each change as a sentence."""
    table = worded(unlocks.table(), telling)
    said = ["; ".join(telling.alteration(change) for change in each.changes) for each in unlocks.sets[: len(table.rows)]]
    rows = tuple((row[0], what, *row[2:]) for row, what in zip(table.rows, said, strict=True))
    return replace(table, title=f"What would make [{telling.condition(unlocks.goal)}] {unlocks.table().title.partition('] ')[2]}", rows=rows)


def demands_worded(answer: Cores | Concessions, telling: Telling) -> Table:
    """Clashing demands, or what would have to be given up, each demand in words."""
    table = worded(answer.table(), telling)
    said = [telling.say.listed([telling.demand(answer.demands[d]) for d in each]) for each in answer.sets[: len(table.rows)]]
    return replace(table, rows=tuple((row[0], what, *row[2:]) for row, what in zip(table.rows, said, strict=True)))


def comparison_worded(comparison: Comparison, old: Case, telling: Telling) -> Table:
    """What the difference between two cases comes from, a sentence for each difference in statements."""
    table, before = worded(comparison.table(), telling), Telling(conflict(old), telling.say)
    groups = [each.group for accounts in comparison.accounts.values() for each in accounts]
    said = [" ".join(change_words(comparison.changes[k], before, telling) for k in comparison.groups[group]) for group in groups]
    if not said:  # there is nothing, or was no time, to account for
        return table
    return replace(table, rows=tuple((*row[:3], what, *row[4:]) for row, what in zip(table.rows, said, strict=True)))


def red_team_worded(red_team: RedTeam, old: Case, telling: Telling) -> Table:
    """What the most damaging case turns, and each change that it takes as a sentence."""
    table, names, before = red_team.table(), CodeNames(telling), Telling(conflict(old), telling.say)
    after = Telling(conflict(read_text(red_team.text)), telling.say) if red_team.changes.changes else telling  # the values changed stand there
    rows: list[tuple[Cell, ...]] = []
    for key, answers in red_team.turned.items():
        told = (_answer(each, names) for each in answers)
        rows.append(("turned", names.conclusion(" ".join(filter(None, key))), *told))
    rows += [("takes", change_words(change, before, after), None, None) for change in red_team.changes.changes]
    return Table(table.title, ("", "what", "before", "after"), tuple(rows), table.notes)


def _answer(answer: bool | str, names: CodeNames) -> str:
    if isinstance(answer, bool):
        return names.telling.say("yes" if answer else "no")
    return names.coded(answer) if "=" in answer else names.telling.say.phrases.get(f"status_{answer}", answer)


def turns_worded(turns: Turns, telling: Telling) -> Table:
    """What would change our mind, each change as a sentence."""
    table, names = turns.table(), CodeNames(telling)
    each = [turn for key in turns.answers for turn in turns.turns[key]]
    rows = tuple(
        (names.conclusion(str(row[0])), telling.say("yes" if row[1] else "no"), row[2], turn_words(turn, names), *_sizes(turn, row))
        for row, turn in zip(table.rows, each, strict=True)
    )
    said = [re.sub(r"^(\w+(?: [^:]+)?): ", lambda match: f"{names.conclusion(match[1])}: ", note) for note in table.notes]
    return Table(table.title, table.columns, rows, tuple(said))


def _sizes(turn: Turn, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """How it is, where it turns and how far that is; nothing of what is so or not so."""
    return (None, None, None) if turn.kind == "reading" else row[4:]


def turn_words(turn: Turn, names: CodeNames) -> str:
    """One change that turns a headline, as a sentence."""
    section = turn.at.partition(".")[0]
    if turn.kind == "odds":
        party = member_of(turn.at)
        type_ = turn.words.partition(": ")[2].partition(" (")[0]
        key = "turn_odds_tied" if turn.far == 0 else "turn_odds"
        return names.telling.say(key, party=names.telling.party(party), type=names.telling.type_of(party, type_))
    if turn.kind in ("rank", "reading") and section in _TOLD:
        return _TOLD[section](turn, names)
    if turn.kind == "reliability":
        return names.telling.say("turn_reliability", source=_source(turn, names))
    return names.coded(turn.at)


def _claim(turn: Turn, names: CodeNames) -> str:
    claim = names.telling.case.file.claims[member_of(turn.at)]
    return names.telling.say("turn_claim", what=names.telling.said(claim.gloss))


def _want(turn: Turn, names: CodeNames) -> str:
    if turn.kind == "reading":
        return names.telling.say("turn_unwanted", want=names.want(turn.at))
    return names.telling.say("turn_rank", want=names.want(turn.at), here=f"{turn.usual:g}", there=f"{turn.there:g}")


def _speaker(turn: Turn, names: CodeNames) -> str:
    degree = turn.words.rpartition("→ ")[2]
    said = names.telling.say.phrases.get(f"chg_degree_{degree}", degree)
    return names.telling.say("turn_speaker", who=names.telling.name(turn.at.partition(".")[2]), degree=said)


def _source(turn: Turn, names: CodeNames) -> str:
    return names.telling.name(names.telling.said(str(names.telling.case.file.sources[member_of(turn.at)].title)))


def _wrong(turn: Turn, names: CodeNames) -> str:
    return names.telling.say("turn_source", source=_source(turn, names))


def _today(turn: Turn, names: CodeNames) -> str:
    lever = turn.at.removeprefix("levers.").removesuffix(".now")
    setting = names.telling.case.file.levers[lever].possible_now[int(turn.there)]
    return names.telling.say("turn_today", what=names.telling.short(lever, setting))


_TOLD: dict[str, Callable[[Turn, CodeNames], str]] = {
    "claims": _claim, "wants": _want, "speakers": _speaker, "sources": _wrong, "levers": _today,
}  # fmt: skip

