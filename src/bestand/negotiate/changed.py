"""A case with the changes of one unlock made, as a text that `diff` explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bestand.case.expand import chance_party
from bestand.case.lines import wants
from bestand.case.loaded import Case
from bestand.case.read import read_text
from bestand.case.write import edited, rearranged
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.negotiate.advice import Unlock
from bestand.negotiate.changes import Alteration, Conditions, wanted_conditions


def text_with_changes(conflict: Conflict, *, unlock: Unlock) -> str:
    """The text of the case with the changes of one unlock made; comments stay, and `diff` tells what was changed.

    A lever that is held gets its setting as `now` and no longer varies in the view; promises and penalties become wants. A lever
    that a short form makes gets its setting where the form says how it stands now (`credibility`), or is fixed in each view.

    Raises
    ------
    AskError
        `negotiate/not-written` where a short form says nothing of today (`clocks`, `consent`) and the case has no views.
    """
    held = {change.at.removeprefix("levers."): change.that for change in unlock.changes if change.kind == "hold"}
    narrower, case = conflict.hold(held), conflict.case
    lists: dict[str, list[int | dict[str, object]]] = {}
    for party in {change.party for change in unlock.changes if change.kind != "hold"}:
        touched = [change for change in unlock.changes if change.party == party and change.kind != "hold"]
        of = wanted_conditions(narrower, party, ())
        lists[of.home] = _rearranged(case, of, touched)
    text = rearranged(case, lists) if lists else case.text
    return _with_held(read_text(text), held) if held else text


def _rearranged(case: Case, of: Conditions, touched: Sequence[Alteration]) -> list[int | dict[str, object]]:
    """A party's list of wants after changes, by number in the file: those that do not vary stay before the one they precede."""
    number = {line.at: k for k, (line, _) in enumerate(wants(case, of.party))}
    varying = [number[line.at] for line in of.lines if line is not None]
    gone = {number[change.at] for change in touched if change.kind in ("drop", "move")}
    placed = sorted((change for change in touched if change.kind in ("move", "add")), key=lambda change: change.place)
    order: list[int | dict[str, object]] = [k for k in varying if k not in gone]
    for change in placed:
        order.insert(change.place - 1, number[change.at] if change.kind == "move" else _want(change))
    for k in sorted(set(number.values()) - set(varying)):
        before = [at for at, item in enumerate(order) if isinstance(item, int) and item < k and item not in gone]
        order.insert(before[-1] + 1 if before else 0, k)
    return [*order, *(_want(change) for change in touched if change.kind in ("promise", "penalty"))]


def _want(change: Alteration) -> dict[str, object]:
    want: dict[str, object] = {"that": change.that, "assumed": f"a change tried out: {change.words}"}
    return want | ({"worth": -change.weight if change.kind == "penalty" else change.weight} if change.weight else {})


def _with_held(case: Case, levers: Mapping[str, str]) -> str:
    """The case with levers at the settings offered; views that vary them, and something else, no longer do."""
    written = case.written or case.file
    memories = {f"{chance_party(written, memory.party)}.{name}": f"credibility.{name}.now" for name, memory in written.credibility.items()}
    edits: dict[str, object] = {}
    for lever, setting in levers.items():
        if lever in written.levers:
            edits[f"levers.{lever}.now"] = setting
        elif lever in memories:
            edits[memories[lever]] = setting
        elif not case.file.views:
            what = f"lever '{lever}' is made by a short form that has no place for how it stands now, and the case has no view that could hold it"
            hint = "give the case a view, under `views`; `bestand show --expanded` writes short forms out"
            raise AskError(Problem("negotiate/not-written", what, hint=hint))
    return edited(case, edits | _narrower_views(case, levers, made=[lever for lever in levers if lever not in written.levers]))


def _narrower_views(case: Case, levers: Mapping[str, str], made: Sequence[str]) -> dict[str, object]:
    """Views in which levers no longer vary; those that short forms make are fixed there."""
    edits: dict[str, object] = {}
    for name, view in case.file.views.items():
        varied = list(case.file.levers) if "all" in view.vary else list(view.vary)
        left = [lever for lever in varied if lever not in levers]
        if left and left != varied:
            edits[f"views.{name}.vary"] = left
        if left and made:
            edits[f"views.{name}.fixed"] = {**view.fixed, **{lever: levers[lever] for lever in made}}
    return edits
