"""Whether a truce holds, as parts of the page: postures, zones, forces, withdrawals, strategies, what breaks it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bestand.draw.curves import Line, curves
from bestand.history.combined import NOT_CLAIMED
from bestand.report.blocks import Block, percent, said
from bestand.study.truces import TruceAnswers
from bestand.telling.telling import Telling
from bestand.truce.postures import LEAVING

MOST_BREAKS = 6


def lasting_blocks(found: TruceAnswers, telling: Telling) -> list[Block]:
    """Everything about one truce, the comparison of postures first."""
    return [
        *_starts(found, telling), _postures(found, telling), *_breaks(found, telling), _zones(found, telling), _forces(found, telling),
        *_withdrawals(found, telling), *_strategies(found, telling), *_past(found, telling),
    ]  # fmt: skip


def not_asked(why: str, telling: Telling) -> list[Block]:
    """Why nothing is said about how long a truce holds; nothing where nothing was to be asked."""
    return [Block(telling.say("last_not_asked"), (why,))] if why else []


def _range(values: np.ndarray) -> str:
    low, high = np.quantile(values, [0.1, 0.9])
    return f"{percent(float(low))} – {percent(float(high))}"


def _line(alive: np.ndarray) -> Line:
    """A curve of means, with the band between which most draws lie."""
    low, high = np.quantile(alive, [0.1, 0.9], axis=0)
    return Line(alive.mean(axis=0), low, high)


def _starts(found: TruceAnswers, telling: Telling) -> Iterator[Block]:
    if found.starts is None:
        return
    months, chance = found.starts
    rows = tuple(said(f"{month:g}", percent(float(chance[:, t].mean())), _range(chance[:, t])) for t, month in enumerate(months))
    columns = tuple(telling.say(key) for key in ("last_month", "last_come", "last_range"))
    note = telling.say("last_start_note", truce=telling.term(found.truce), n=len(chance))
    yield Block(telling.say("last_start"), (note,), columns, rows)


def _name(name: str, telling: Telling) -> str:
    about = telling.case.file.deterrence
    key, _, rest = name.partition(", ")
    stated = about.postures.get(key) if about else None
    label = stated.label if stated and stated.label else key.replace("_", " ")
    return f"{label}, {telling.say('last_leaving')}" if rest == LEAVING else label if not rest else name


def _postures(found: TruceAnswers, telling: Telling) -> Block:
    compared = found.postures
    rows = []
    for each in compared.results:
        low, middle, high = np.quantile(each.ratio, [0.1, 0.5, 0.9])
        cells = (_name(each.name, telling), percent(float(each.alive[:, -1].mean())), _range(each.alive[:, -1]))
        ratio, front = f"{middle:.2f} ({low:.2f}–{high:.2f})", telling.say("yes") if each.name in compared.front else ""
        rows.append(said(*cells, ratio, f"{each.total_k:.0f}", percent(float(each.affordable.mean())), front))
    keys = ("last_posture", "last_holds", "last_range", "last_ratio", "last_troops", "last_capacity", "last_front")
    columns = tuple(telling.say(key, months=f"{compared.months[-1]:g}") if key == "last_holds" else telling.say(key) for key in keys)
    lines = {_name(each.name, telling): _line(each.alive) for each in compared.results}
    picture = curves(compared.months, lines, label=telling.say("last_postures"), unit=telling.say("last_month"))
    notes = (telling.say("last_posture_note", truce=telling.term(found.truce), n=found.draws),)
    return Block(telling.say("last_postures"), notes, columns, tuple(rows), (telling.say("last_ratio_note"),), picture)


def _breaks(found: TruceAnswers, telling: Telling) -> Iterator[Block]:
    for name, table in found.breaks.items():
        rows = tuple(said(_who(str(row[0]), telling), _does(str(row[1]), telling), percent(float(row[2] or 0))) for row in table.rows[:MOST_BREAKS])
        columns = tuple(telling.say(key) for key in ("last_who", "last_does", "last_part"))
        yield Block(telling.say("last_breaks", posture=_name(name, telling)), (), columns, rows)


def _who(name: str, telling: Telling) -> str:
    if name in telling.case.file.parties:
        return telling.party(name)
    event = telling.case.file.events.get(name)
    return telling.say("last_event", event=event.label or name) if event else name


def _does(written: str, telling: Telling) -> str:
    """Changes as `lever=setting, …` in words."""
    pairs = [part.partition("=") for part in written.split(", ")]
    return "; ".join(telling.setting(lever, setting, entered=True) if sign else lever for lever, sign, setting in pairs)


def _past(found: TruceAnswers, telling: Telling) -> Iterator[Block]:
    """The three layers apart: the level of the class, each ratio, and only then the pool."""
    if found.past is None:
        return
    past, names = found.past, {"game": "last_game", "empirical": "last_empirical", "no difference": "last_no_difference"}
    rows = [said(telling.say("last_level"), "", "", *(_interval(past.level[:, k]) for k in range(past.years.size)))]
    for j, part in enumerate(past.parts):
        ratio = f"{past.ratio[j, 0]:.2f} ({past.ratio[j, 1]:.2f}–{past.ratio[j, 2]:.2f})"
        held = (_interval(past.survival[j, :, k]) for k in range(past.years.size))
        rows.append(said(telling.say(names[part]), percent(past.weights[j]), ratio, *held))
    rows.append(said(telling.say("last_pool"), "", "", *(_interval(past.pool[:, k]) for k in range(past.years.size))))
    years = (telling.say("last_years", n=f"{y:g}") for y in past.years)
    columns = (telling.say("last_layer"), telling.say("last_weight"), telling.say("last_ratio"), *years)
    best = _name(found.postures.results[0].name, telling)
    notes = (telling.say("last_past_note", what=past.reference.what, n=past.reference.n, source=past.reference.source, posture=best),)
    moved = past.shifted.max(axis=0) - past.shifted.min(axis=0)
    reach = "; ".join(f"{telling.say('last_years', n=f'{y:g}')}: {100 * d:.0f}" for y, d in zip(past.years, moved, strict=True))
    yield Block(telling.say("last_past"), notes, columns, tuple(rows), (telling.say("last_sensitivity", reach=reach), *NOT_CLAIMED))


def _interval(values: np.ndarray) -> str:
    return f"{percent(float(values[0]))} ({percent(float(values[1]))} – {percent(float(values[2]))})"


def _zones(found: TruceAnswers, telling: Telling) -> Block:
    zones = telling.case.file.zones

    def named(keys: tuple[str, ...]) -> str:
        return " + ".join(zones[key].name for key in keys) or telling.say("none")

    rows = tuple(said(named(keys), percent(value)) for keys, value in found.postures.subsets.items())
    after = tuple(telling.say("last_shapley", zone=zones[key].name, worth=f"{100 * worth:+.1f}") for key, worth in found.postures.shapley.items())
    columns = (telling.say("last_manned"), telling.say("last_holds", months=f"{found.postures.months[-1]:g}"))
    return Block(telling.say("last_zones"), (telling.say("last_zones_note"),), columns, rows, after)


def _forces(found: TruceAnswers, telling: Telling) -> Block:
    rows = []
    for each in found.postures.smallest:
        enough = each.force_k[np.isfinite(each.force_k)]
        told = f"{np.median(enough):.0f} ({np.quantile(enough, 0.1):.0f}–{np.quantile(enough, 0.9):.0f})" if enough.size else "–"
        rows.append(said(telling.case.file.zones[each.zone].name, telling.party(each.guard), told, percent(each.share_none)))
    columns = tuple(telling.say(key) for key in ("last_zone", "last_guard", "last_smallest", "last_none"))
    return Block(telling.say("last_forces", target=f"{found.postures.target:g}"), (telling.say("last_forces_note"),), columns, tuple(rows))


def _withdrawals(found: TruceAnswers, telling: Telling) -> Iterator[Block]:
    for each in found.withdrawals:
        event = telling.case.file.events[each.event]
        last = {name: alive[:, -1] for name, alive in each.alive.items()}
        rows = tuple(said(_assumed(name, telling), percent(float(alive.mean())), _range(alive)) for name, alive in last.items())
        keys = ("last_guarantor", "last_holds", "last_range")
        columns = tuple(telling.say(key, months=f"{each.months[-1]:g}") if key == "last_holds" else telling.say(key) for key in keys)
        lines = {_assumed(name, telling): _line(alive) for name, alive in each.alive.items()}
        picture = curves(each.months, lines, label=telling.say("last_withdrawal", event=event.label or each.event), unit=telling.say("last_month"))
        title, notes = telling.say("last_withdrawal", event=event.label or each.event), (telling.say("last_withdrawal_note"),)
        yield Block(title, notes, columns, rows, (), picture)


def _assumed(name: str, telling: Telling) -> str:
    keys = {
        "stays": "stays",
        "has left": "left",
        "leaves at an unknown date, unforeseen": "unforeseen",
        "leaves at an unknown date, foreseen": "foreseen",
    }
    if name in keys:
        return telling.say(f"last_{keys[name]}")
    return telling.say("last_known", month=name.partition("month ")[2].partition(",")[0])


def _strategies(found: TruceAnswers, telling: Telling) -> Iterator[Block]:
    if found.strategies is None:
        return
    about = telling.case.file.deterrence
    labels = {name: step.label or name for name, step in about.strategies.items()} if about else {}
    rows = []
    for each in found.strategies.results:
        other = next((one for one in found.strategies.results if one.kind == "concept" and one.backstop == each.backstop), None)
        worse = "" if other is None or other is each else percent(float(np.mean(each.alive < other.alive - 1e-6)))
        backstop = telling.say("last_leaving") if each.backstop == LEAVING else each.backstop
        rows.append(said(backstop, labels.get(each.name, each.name), percent(float(each.alive.mean())), _range(each.alive), worse))
    keys = ("last_backstop", "last_strategy", "last_holds", "last_range", "last_worse")
    columns = tuple(telling.say(key, months=f"{found.strategies.months:g}") if key == "last_holds" else telling.say(key) for key in keys)
    yield Block(telling.say("last_strategies"), (telling.say("last_strategies_note"),), columns, tuple(rows))
