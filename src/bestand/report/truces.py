"""Whether a truce holds, as parts of the page: postures, zones, forces, withdrawals, strategies, what breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bestand.draw.curves import Curve, curves
from bestand.history.base_rates import BaseRates
from bestand.history.classes import CLASSES, YEARS
from bestand.history.combined import NOT_CLAIMED, Note
from bestand.report.blocks import Block, SaidCell, percent_words, said, signed
from bestand.report.drawn import points, sampling_words, share, shares_told, spread
from bestand.show import spaced
from bestand.study.truces import OFTEN, TruceAnswers
from bestand.telling.naming import posture_words
from bestand.telling.sentences import class_key, note_key, sampling_error, source_key
from bestand.telling.telling import Telling
from bestand.truce.effects import lead
from bestand.truce.postures import PostureResult
from bestand.truce.withdrawal import FORESEEN, GONE, KNOWN, STAYS, UNFORESEEN

FEW = 10  # draws below which nothing is said of between what most of them lie
MOST_BREAKS = 6  # ways in which a truce ends that are told of one posture
AT_YEAR = YEARS.index(1.0)
ASSUMED = {STAYS: "last_stays", GONE: "last_left", UNFORESEEN: "last_unforeseen", FORESEEN: "last_foreseen", KNOWN: "last_known"}
LAYERS = {"game": "last_game", "empirical": "last_empirical", "no difference": "last_no_difference"}


def truce_blocks(answers: TruceAnswers, telling: Telling) -> list[Block]:
    """Everything about one truce: the level of the class first, then what the game compares."""
    forces = (_zones(answers, telling), _forces(answers, telling)) if answers.postures.subsets else ()
    behind = (*_breaks(answers, telling), *forces, *_withdrawals(answers, telling))
    return [
        *_past(answers, telling), *_postures(answers, telling), *_strategies(answers, telling), *_late(answers, telling),
        *(replace(block, folded=True) for block in (*_onset(answers, telling), *behind)),
    ]  # fmt: skip


def not_asked(why: str, telling: Telling) -> list[Block]:
    """Why nothing is said about how long a truce holds; nothing where nothing was to be asked."""
    return [Block(telling.say("last_not_asked"), (telling.say("why_not", why=telling.problem(why)),))] if why else []


def _late(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    """What the time did not allow."""
    if answers.late:
        parts = telling.say.listed([telling.say(f"last_late_{each}") for each in answers.late])
        yield Block(telling.say("last_late"), (telling.say("last_late_note", parts=parts),))


def _line(alive: NDArray[np.float64]) -> Curve:
    """A curve of means, with the band between which most draws lie."""
    low, high = np.quantile(alive, [0.1, 0.9], axis=0)
    return Curve(alive.mean(axis=0), low, high)


def _onset(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    if answers.onset is None:
        return
    begun = answers.onset.begun
    rows = tuple(said(f"{month:g}", share(begun[:, t]), spread(begun[:, t])) for t, month in enumerate(answers.onset.months))
    columns = tuple(telling.say(key) for key in ("last_month", "last_come", "last_range"))
    notes = (telling.say("last_start_note", truce=telling.term(answers.truce)), sampling_words(answers.onset.sampling, telling))
    yield Block(telling.say("last_start"), notes, columns, rows)


def posture_name(posture: PostureResult, telling: Telling) -> str:
    """A posture's label, and whether its backstop may leave."""
    label = posture_words(posture.name, telling)
    return f"{label}, {telling.say('last_leaving_posture')}" if posture.leaves else label


def beyond_told(best: PostureResult, telling: Telling) -> str:
    """In how many draws a posture takes more than the parties can keep; empty where that is seldom."""
    beyond, draws = 1.0 - float(best.affordable.mean()), len(best.affordable)
    return "" if beyond < OFTEN else telling.say("last_beyond", draws=draws, **beyond_words(beyond, draws))


def beyond_words(beyond: float, draws: int) -> dict[str, object]:
    """In what share of so many draws a posture takes more than the parties can keep, with its error in points."""
    return {"share": percent_words(beyond), "error": sampling_error(beyond, draws)}


def behind_words(best: PostureResult, other: PostureResult) -> str:
    """By how many percentage points a posture is behind another, with the error of the difference in the same draws."""
    gain, error = lead(best.alive, other.alive)
    return f"{100 * gain:.1f} {points(error)}".strip()


def next_words(answers: TruceAnswers, telling: Telling) -> str:
    """How far the next best posture is behind the best, and whether that is within the error; empty where there is none."""
    other = answers.next_best
    if other is None:
        return ""
    gain, error = lead(answers.best.alive, other.alive)
    key = "last_next_alike" if np.isfinite(error) and gain <= 2 * error else "last_next"
    return telling.say(key, posture=posture_words(other.name, telling), gain=behind_words(answers.best, other))


def best_among(answers: TruceAnswers, telling: Telling) -> str:
    """Among which postures that one does best: a few words, with the backstop that these share."""
    group, able = answers.compared_with_it, answers.within_capacity
    if len(group) == len(answers.postures.results) or not group[0].backstop:
        return telling.say("last_best")
    key = "last_best_of" if len(able) in (0, len(group)) else "last_best_within"
    return telling.say(key, n=len(group), within=len(able), backstop=backstop_words(group[0].backstop, telling))


def backstop_words(setting: str, telling: Telling) -> str:
    """A setting of the backstop, as the case calls it."""
    return _backstop(setting, False, telling)


def _backstop(setting: str, leaves: bool, telling: Telling) -> str:
    about = telling.case.file.deterrence
    if about is None or about.backstop is None or not setting:
        return telling.say("none")
    told = telling.setting(about.backstop.lever, setting)
    return f"{told} ({telling.say('last_leaving')})" if leaves else told


def _postures(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    """Postures of equal backstop beside each other; then what each of force, hub and backstop does by itself."""
    compared = answers.postures
    columns = tuple(
        telling.say(key, months=f"{compared.months[-1]:g}") if key == "last_holds" else telling.say(key)
        for key in ("last_posture", "last_holds", "last_behind", "last_range", "last_own", "last_ratio", "last_troops", "last_capacity")
    )
    rows = []
    for (setting, leaves), group in compared.groups().items():
        rows.append(said(_backstop(setting, leaves, telling), *[""] * (len(columns) - 1)))
        rows += [_row(each, group[0], telling) for each in group]
    lines = {posture_name(each, telling): _line(each.alive) for each in compared.results if not each.leaves}
    picture = curves(compared.months, lines, label=telling.say("last_postures"), unit=telling.say("last_month"))
    notes = [telling.say("last_posture_note", truce=telling.term(answers.truce)), sampling_words(compared.sampling, telling)]
    if compared.ruled_out:
        notes.append(telling.say("last_ruled_out", postures=telling.say.listed([posture_words(name, telling) for name in compared.ruled_out])))
    where = () if compared.effects else (telling.say("last_effects_where"),)
    below = (telling.say("last_ratio_note"), *_beside_forces(compared.results, telling), *where)
    yield Block(telling.say("last_postures"), tuple(notes), columns, tuple(rows), below, picture)
    sets = {posture_words(each.name, telling): _sets(each, telling) for each in compared.results}
    yield Block(telling.say("last_sets_title"), (), (columns[0], telling.say("last_setting")), tuple(said(*row) for row in sets.items()), folded=True)
    effects = tuple(
        said(_lever(each.factor, telling), _value(each.factor, each.setting, telling), _value(each.factor, each.against, telling),
             signed(100 * float(each.gain[:, -1].mean())), points(float(each.standard_error[-1])),
             percent_words(float(np.mean(each.gain[:, -1] > 0))))
        for each in compared.effects
    )  # fmt: skip
    names = tuple(telling.say(key) for key in ("last_factor", "last_setting", "last_against", "last_gain", "last_error", "last_gains"))
    if effects:
        yield Block(telling.say("last_effects"), (telling.say("last_effects_note", months=f"{compared.months[-1]:g}"),), names, effects)


def _beside_forces(results: Sequence[PostureResult], telling: Telling) -> Iterator[str]:
    """Postures that set more than guards, hub and backstop otherwise than today: what they are compared with differs in that too."""
    file = telling.case.file
    about = file.deterrence
    if about is None:
        return
    forces = {guard.lever for zone in file.zones.values() for guard in zone.guards} | {each.lever for each in (about.hub, about.backstop) if each}
    varied = set(file.levers) if about.view not in file.views or "all" in file.views[about.view].vary else set(file.views[about.view].vary)
    told: dict[str, str] = {}
    for each in results:
        more = [(lever, setting) for lever, setting in each.sets.items() if lever in varied - forces and setting != telling.case.now[lever]]
        if more:
            told[posture_words(each.name, telling)] = "; ".join(telling.short(*pair) for pair in more)
    yield from (telling.say("last_also_sets", posture=posture, what=what) for posture, what in told.items())


def _sets(each: PostureResult, telling: Telling) -> str:
    """What a posture sets, but for the backstop's lever."""
    about = telling.case.file.deterrence
    lever = about.backstop.lever if about and about.backstop else ""
    return "; ".join(telling.short(name, setting) for name, setting in each.sets.items() if name != lever and name in telling.case.file.levers)


def _row(each: PostureResult, best: PostureResult, telling: Telling) -> tuple[SaidCell, ...]:
    low, middle, high = np.nanquantile(each.ratio, [0.1, 0.5, 0.9]) if each.ratio_told else (np.nan,) * 3
    last = each.alive[:, -1]
    ratio = f"{middle:.2f} ({low:.2f}–{high:.2f})" if each.ratio_told else "–"
    return said(
        posture_name(each, telling), share(last), "" if each is best else behind_words(best, each), spread(last),
        percent_words(float(last[0])), ratio, f"{each.total_k:.0f}", percent_words(float(each.affordable.mean())),
    )  # fmt: skip


def _lever(name: str, telling: Telling) -> str:
    return telling.short_lever(name) if name in telling.case.file.levers else spaced(name)


def _value(lever: str, setting: str, telling: Telling) -> str:
    return telling.value_of(lever, setting)


def _breaks(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    for each in answers.breaks:
        rows = tuple(
            said(*_ends(str(row[0]), str(row[1]), telling), percent_words(float(row[2] or 0))) for row in each.table.rows[:MOST_BREAKS]
        )
        columns = tuple(telling.say(key) for key in ("last_who", "last_does", "last_part"))
        yield Block(telling.say("last_breaks", posture=posture_name(each.posture, telling)), (telling.say("last_breaks_note"),), columns, rows)


def _ends(who: str, what: str, telling: Telling) -> tuple[str, str]:
    """Who ends the truce, and by what: of an event nobody, and the event itself."""
    if who in telling.case.file.parties:
        return telling.party(who), does(what, telling)
    return telling.say("last_event"), telling.called("events", who) if who in telling.case.file.events else does(what, telling)


def does(written: str, telling: Telling) -> str:
    """Changes as `lever=setting, …` in words."""
    pairs = [part.partition("=") for part in written.split(", ")]
    return "; ".join(telling.short(lever, setting) if sign else spaced(lever) for lever, sign, setting in pairs)


def _past(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    """The three layers apart: the level of the class, each ratio, and only then the pool."""
    past = answers.past
    if past is None:
        if answers.no_past:
            yield Block(telling.say("last_past"), (telling.say("last_no_past", reason=telling.problem(answers.no_past)),))
        return
    rows = [said(telling.say("last_level"), "", "", *(_interval(past.level[:, k]) for k in range(past.years.size)))]
    for j, part in enumerate(past.parts):
        ratio = f"{past.ratio[j, 0]:.2f} ({past.ratio[j, 1]:.2f}–{past.ratio[j, 2]:.2f})"
        shares = (_interval(past.survival[j, :, k]) for k in range(past.years.size))
        rows.append(said(telling.say(LAYERS[part]), percent_words(past.weights[j]), ratio, *shares))
    rows.append(said(telling.say("last_pool"), "", "", *(_interval(past.pool[:, k]) for k in range(past.years.size))))
    years = (telling.say("last_years", n=f"{y:g}") for y in past.years)
    columns = (telling.say("last_layer"), telling.say("last_weight"), telling.say("last_ratio"), *years)
    best = posture_name(answers.best, telling)
    about = past.reference
    what = _class(about.what, telling)
    notes = (telling.say("last_past_note", what=what, n=about.n, source=_source(about.source, telling), posture=best), telling.say("last_reconciled"))
    moved = past.shifted.max(axis=0) - past.shifted.min(axis=0)
    reach = "; ".join(f"{telling.say('last_years', n=f'{y:g}')}: {100 * d:.0f}" for y, d in zip(past.years, moved, strict=True))
    matched = (past_note(note, telling) for note in past.notes)
    after = (telling.say("last_sensitivity", reach=reach), *matched, *levels_elsewhere(past.reference, telling), *_not_claimed(telling))
    yield Block(telling.say("last_past"), notes, columns, tuple(rows), after)


def levels_elsewhere(about: BaseRates, telling: Telling) -> Iterator[str]:
    """The level in the other classes of the same records: what counts as the end decides much of it."""
    own = next((one for one in CLASSES if one.what == about.what), None)
    others = [one for one in CLASSES if own and one is not own and one.source == own.source and one.posture == own.posture]
    if others:
        levels = (f"{_of_class(one.breakdown, telling)} {_interval(np.asarray(one.points[AT_YEAR]))}" for one in others)
        yield telling.say("last_other_classes", years=telling.say("last_years", n=f"{YEARS[AT_YEAR]:g}"), levels=telling.say.listed(list(levels)))


def _of_class(written: str, telling: Telling) -> str:
    """A posture or breakdown of a class, in the reader's language."""
    return telling.say.phrases.get("past_value_" + written.replace(" ", "_"), written)


def _class(what: str, telling: Telling) -> str:
    """What a class of past truces is, in the reader's language where it comes with the program."""
    return telling.say(class_key(what)) if class_key(what) else what


def _source(source: str, telling: Telling) -> str:
    """Where the records of a class come from, in the reader's language."""
    return telling.say(source_key(source)) if source_key(source) else source


def past_note(note: Note, telling: Telling) -> str:
    """What to know about how level and ratio were matched, in the reader's language."""
    data = {name: _of_class(part, telling) for name, part in note.data.items()}
    return telling.say(note_key(note.code), **data)


def _not_claimed(telling: Telling) -> tuple[str, ...]:
    return tuple(telling.say(f"not_claimed_{k + 1}") for k in range(len(NOT_CLAIMED)))


def _interval(values: NDArray[np.float64]) -> str:
    return f"{percent_words(float(values[0]))} ({percent_words(float(values[1]))} – {percent_words(float(values[2]))})"


def _zones(answers: TruceAnswers, telling: Telling) -> Block:
    zones, compared = telling.case.file.zones, answers.postures

    def named(keys: tuple[str, ...]) -> str:
        return " + ".join(telling.said(zones[key].name) for key in keys) or telling.say("none")

    rows = tuple(said(named(keys), percent_words(value)) for keys, value in compared.subsets.items())
    worths = {telling.said(zones[key].name): _with_error(worth, compared.shapley_error[key]) for key, worth in compared.shapley.items()}
    after = tuple(telling.say("last_shapley", zone=zone, worth=worth) for zone, worth in worths.items())
    columns = (telling.say("last_manned"), telling.say("last_holds", months=f"{compared.months[-1]:g}"))
    notes = (telling.say("last_zones_note"), *_backed(telling), sampling_words(compared.sampling_of_forces, telling))
    return Block(telling.say("last_zones"), notes, columns, rows, after)


def _with_error(worth: float, error: float) -> str:
    return f"{signed(100 * worth)} {points(error)}".strip()


def _forces(answers: TruceAnswers, telling: Telling) -> Block:
    rows = []
    for each in answers.postures.smallest:
        enough = each.force_k[np.isfinite(each.force_k)]
        told = smallest_told(enough, telling)
        shares = (percent_words(each.share_none), percent_words(each.share_unknown))
        rows.append(said(telling.said(telling.case.file.zones[each.zone].name), telling.party(each.guard), told, *shares))
    columns = tuple(telling.say(key) for key in ("last_zone", "last_guard", "last_smallest", "last_none", "last_unknown"))
    title, drawn = telling.say("last_forces", target=f"{answers.postures.target:g}"), answers.postures.sampling_of_forces.draws
    notes = (telling.say("last_forces_note", n=drawn), *_backed(telling))
    return Block(title, notes, columns, tuple(rows))


def smallest_told(enough: NDArray[np.float64], telling: Telling) -> str:
    """The smallest force of the draws in which one suffices; between what most of them lie, where there are enough of them to say."""
    if enough.size < FEW:
        return telling.say("last_smallest_few", n=enough.size, force=f"{np.median(enough):.0f}") if enough.size else "–"
    low, middle, high = np.quantile(enough, [0.1, 0.5, 0.9])
    return f"{middle:.0f} ({low:.0f}–{high:.0f})"


def _backed(telling: Telling) -> tuple[str, ...]:
    """That a zone is guarded by the backstop's own lever, where that is so: what is said of its troops is said of both."""
    about = telling.case.file.deterrence
    lever = about.backstop.lever if about and about.backstop else ""
    zones = [telling.said(zone.name) for zone in telling.case.file.zones.values() if any(guard.lever == lever for guard in zone.guards[:1])]
    return (telling.say("last_backs_itself", zones=telling.say.listed(zones)),) if lever and zones else ()


def _withdrawals(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    """Known, foreseen and unforeseen dates with the same mean, month by month; and what knowing the date is worth."""
    for each in answers.withdrawals:
        columns = (telling.say("last_guarantor"), *(telling.say("last_in_month", month=f"{month:.3g}") for month in each.months))
        rows = [said(telling.say(ASSUMED[name], month=f"{each.date:.3g}"), *(share(alive[:, t]) for t in range(len(each.months))))
                for name, alive in each.alive.items()]  # fmt: skip
        lines = {telling.say(ASSUMED[name], month=f"{each.date:.3g}"): _line(alive) for name, alive in each.alive.items()}
        title = telling.say("last_withdrawal", event=telling.called("events", each.event))
        notes = (telling.say("last_withdrawal_note", month=f"{each.date:.3g}"), sampling_words(each.sampling, telling))
        known = each.difference() if KNOWN in each.alive and FORESEEN in each.alive else None
        after = () if known is None else (telling.say("last_knowing", list="; ".join(
            telling.say("last_knowing_one", month=f"{month:.3g}", gain=signed(100 * float(known.mean[t])), error=points(float(known.error[t])))
            for t, month in enumerate(each.months)
        )),)  # fmt: skip
        yield Block(title, notes, columns, tuple(rows), after, curves(each.months, lines, label=title, unit=telling.say("last_month")))


def _strategies(answers: TruceAnswers, telling: Telling) -> Iterator[Block]:
    compared = answers.strategies
    if compared is None:
        return
    about = telling.case.file.deterrence
    labels = {name: telling.label(step) or spaced(name) for name, step in about.strategies.items()} if about else {}
    rows, asked = [], any(each.begins is not None for each in compared.results)  # whether a truce begins: what of nothing was asked is no column
    for each in compared.results:
        other = compared.against_concept(each)
        against = "" if other is None else shares_told((other.shorter, other.same, other.longer), len(each.alive))
        begun = (telling.say("last_untimed") if each.begins is None else share(each.begins[:, -1]),) if asked else ()
        name = labels.get(each.name, spaced(each.name))
        rows.append(said(_backstop(each.backstop, each.leaves, telling), name, str(len(each.alive)), share(each.alive[:, -1]), *begun, against))
    keys = ("last_backstop", "last_strategy", "share", "last_holds", *(("last_begins",) if asked else ()), "last_worse")
    columns = tuple(telling.say(key, months=f"{compared.months[-1]:g}") if key in ("last_holds", "last_begins") else telling.say(key) for key in keys)
    drawn = [sampling_words(each, telling, apart=True) for each in (compared.sampling, compared.sampling_of_onset) if each is not None]
    notes = (telling.say("last_strategies_note" if asked else "last_strategies_kept_note"), *drawn)
    yield Block(telling.say("last_strategies"), notes, columns, tuple(rows))
