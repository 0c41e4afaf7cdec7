"""What would unlock the goal: the mediator's list, each row with the red lines that it crosses, as a part of the page."""

from __future__ import annotations

from dataclasses import dataclass

from bestand.case.lines import Line, wants
from bestand.errors import BestandError
from bestand.negotiate.unlock import Unlock, Unlocks
from bestand.report.agreements import claims_of
from bestand.report.blocks import Block, SaidCell, said
from bestand.telling.telling import Telling

MOST_UNLOCKS = 20  # sets of changes in a table of the page; the rest are counted


@dataclass(frozen=True, slots=True)
class Advice:
    """One row of a mediator's list.

    crosses  : red lines that do not hold in the state reached
    doubtful : wants touched that no unhedged claim carries, in words
    """

    unlock: Unlock
    crosses: tuple[Line, ...]
    doubtful: tuple[str, ...]
    state: int | None


def advice(unlocks: Unlocks, telling: Telling) -> list[Advice]:
    """Every row of the list: those that cross nobody's red line first, then those that touch no doubtful want."""
    return sorted((_advice(each, unlocks, telling) for each in unlocks.sets), key=_order)


def _order(row: Advice) -> tuple[int, int, int, int]:
    """Red lines crossed, doubtful wants touched, wants that a party would have to come to have, changes."""
    return len(row.crosses), len(row.doubtful), sum(each.kind == "add" for each in row.unlock.changes), len(row.unlock.changes)


def _advice(each: Unlock, unlocks: Unlocks, telling: Telling) -> Advice:
    state = _state(each, unlocks)
    crosses = () if state is None else red_lines_crossed(unlocks, state)
    touched = dict.fromkeys(change.at for change in each.changes if change.firm is False)
    words = tuple(next(telling.want(change.at, change.what) for change in each.changes if change.at == at) for at in touched)
    return Advice(each, crosses, words, state)


def _state(each: Unlock, unlocks: Unlocks) -> int | None:
    """The state reached; None where it is none of this view."""
    try:
        return unlocks.conflict.state({lever: setting for lever, setting in each.at.items() if lever in unlocks.conflict.graph.levers})
    except BestandError:
        return None


def red_lines_crossed(unlocks: Unlocks, state: int) -> tuple[Line, ...]:
    """Red lines of the parties, as the most probable of their types have them, that a state crosses."""
    conflict = unlocks.conflict
    every = ((line, want) for party in conflict.case.file.wants for line, want in wants(conflict.case, party))
    return tuple(line for line, want in every if want.red_line and not conflict.true_at(want.that, state))


def unlock_blocks(unlocks: Unlocks, telling: Telling) -> list[Block]:
    """The mediator's list."""
    title = telling.say("unlock_title", goal=telling.term(unlocks.goal))
    if unlocks.already:
        return [Block(title, (telling.say("unlock_already"),))]
    rows = advice(unlocks, telling)
    after = [telling.say("more_changes", n=len(rows) - MOST_UNLOCKS)] if len(rows) > MOST_UNLOCKS else []
    after.append(telling.say("unlock_tried", n=f"{unlocks.n_trials:,}", most=unlocks.most))
    if not rows:
        return [Block(title, (telling.say("unlock_none", most=unlocks.most),), after=tuple(after))]
    notes = [telling.say("unlock_note", most=unlocks.most), telling.say("unlock_in_loud")]
    notes += [telling.say("unlock_all_cross")] if all(row.crosses for row in rows) else []
    columns = tuple(telling.say(key) for key in ("unlock_change", "unlock_crosses", "unlock_doubtful", "unlock_then"))
    return [Block(title, tuple(notes), columns, tuple(_row(row, telling) for row in rows[:MOST_UNLOCKS]), tuple(after), shown=5)]


def _row(row: Advice, telling: Telling) -> tuple[SaidCell, ...]:
    claims = dict.fromkeys(name for change in row.unlock.changes for name in claims_of(telling, change.at))
    words = "; ".join(telling.alteration(change) for change in row.unlock.changes)
    crosses = "; ".join(telling.line(line) for line in row.crosses) or telling.say("none")
    doubtful = "; ".join(f"“{each}”" for each in row.doubtful) or telling.say("none")
    return said(SaidCell(words, tuple(claims)), crosses, doubtful, "" if row.state is None else telling.state(row.state))
