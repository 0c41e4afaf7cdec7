"""What would unlock the goal: the mediator's list, each row with the red lines that it crosses, as a part of the page."""

from __future__ import annotations

from bestand.errors import BestandError
from bestand.negotiate.advice import Unlock
from bestand.negotiate.unlock import Unlocks
from bestand.report.agreements import claims_of
from bestand.report.blocks import Block, SaidCell, said
from bestand.telling.telling import Telling

MOST_UNLOCKS = 20  # sets of changes in a table of the page; the rest are counted


def _doubtful(each: Unlock, telling: Telling) -> tuple[str, ...]:
    """Wants touched that no unhedged claim carries, in words."""
    touched = {change.at: change for change in reversed(each.changes) if change.firm is False}
    return tuple(telling.want(at, change.what) for at, change in reversed(touched.items()))


def _state(each: Unlock, unlocks: Unlocks) -> int | None:
    """The state reached; None where it is none of this view."""
    try:
        return unlocks.conflict.state({lever: setting for lever, setting in each.at.items() if lever in unlocks.conflict.graph.levers})
    except BestandError:
        return None


def unlock_blocks(unlocks: Unlocks, telling: Telling) -> list[Block]:
    """The mediator's list."""
    title = telling.say("unlock_title", goal=telling.term(unlocks.goal))
    if unlocks.already:
        return [Block(title, (telling.say("unlock_already"),))]
    rows = unlocks.sets
    after = [telling.say("more_changes", n=len(rows) - MOST_UNLOCKS)] if len(rows) > MOST_UNLOCKS else []
    after.append(telling.say("unlock_tried", n=unlocks.n_trials, most=unlocks.most))
    if not rows:
        return [Block(title, (telling.say("unlock_none", most=unlocks.most),), after=tuple(after))]
    notes = [telling.say("unlock_note", most=unlocks.most), telling.say("unlock_in_loud")]
    notes += [telling.say("unlock_all_cross")] if all(row.crosses for row in rows) else []
    columns = tuple(telling.say(key) for key in ("unlock_change", "unlock_crosses", "unlock_doubtful", "unlock_then"))
    return [Block(title, tuple(notes), columns, tuple(_row(row, unlocks, telling) for row in rows[:MOST_UNLOCKS]), tuple(after), shown=5)]


def _row(row: Unlock, unlocks: Unlocks, telling: Telling) -> tuple[SaidCell, ...]:
    claims = dict.fromkeys(name for change in row.changes for name in claims_of(telling, change.at))
    words = "; ".join(telling.alteration(change) for change in row.changes)
    crosses = "; ".join(telling.line(line) for line in row.crosses) or telling.say("none")
    doubtful = "; ".join(f"“{each}”" for each in _doubtful(row, telling)) or telling.say("none")
    return said(SaidCell(words, tuple(claims)), crosses, doubtful, "" if (state := _state(row, unlocks)) is None else telling.state(state))
