"""Which coalitions could upset an outcome, as a part of the page."""

from __future__ import annotations

from bestand.report.blocks import Block, SaidCell, said
from bestand.study.everything import Study
from bestand.study.outlook import FORESIGHT
from bestand.telling.telling import Telling

MOST_ROWS = 12  # coalitions in the table of the page; the rest are counted


def coalition_blocks(study: Study, telling: Telling) -> list[Block]:
    """Per resting state shown, the coalitions that could upset it and how; nothing where coalitions were not tried."""
    coalitions = study.coalitions
    if coalitions is None:
        return []
    rows = []
    for rest in study.rests:
        for members in coalitions.upset_by(rest.state)[:1]:
            upset = next(each for each in coalitions.attempts(rest.state, coalition=members) if not each.sanction)
            names = telling.say.listed([telling.party(party) for party in upset.coalition])
            way = "; ".join(telling.step(step) for step in upset.path)
            moving = {step.party for step in upset.path}
            if silent := [telling.party(party) for party in upset.coalition if party not in moving]:
                way = f"{way}; {telling.say('coalitions_silent', parties=telling.say.listed(silent), n=len(silent))}"
            rows.append(said(telling.state(rest.state), SaidCell(names), way))
    safe, all_ = len(coalitions.equilibria), study.counts[FORESIGHT]
    notes = (telling.say("coalitions_note"), telling.say("coalitions_safe", n=safe, all=all_))
    columns = tuple(telling.say(key) for key in ("coalitions_state", "coalitions_who", "coalitions_how"))
    after = (telling.say("coalitions_caveat"),) if rows else ()
    return [Block(telling.say("coalitions_title"), notes, columns if rows else (), tuple(rows[:MOST_ROWS]), after, shown=3)]
