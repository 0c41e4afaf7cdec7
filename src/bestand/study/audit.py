"""The audit of a test: whether the model can answer it at all, and whether the answer is more than what was put in.

| verdict | when |
|---|---|
| cannot arise here | no state of the view has what is asked about, or each has it, all that it speaks of being held; a view that has it is named |
| no mechanism | the levers compared change nothing that anybody else does towards what is asked (`channels`) |
| repeats the text | without the lines that rest on the very claims under test the answer is another one, or none |
| not decidable | without some lines that no claim stands behind, and that speak of what is asked, the answer is the other one |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import levers_of
from bestand.case.lines import Line, guard_line, line, wants, with_file
from bestand.case.loaded import Case
from bestand.case.model import Event, Test, View
from bestand.case.remembered import remembered
from bestand.case.without import statements, without
from bestand.errors import BestandError
from bestand.graph.conflict import Conflict, conflict
from bestand.study.channels import Hanging, channel, targets_of

MOST_STATES = 500_000  # states up to which channels are looked for
NEEDS_STATES = ("rests", "reached", "possible", "agreement", "unlocked")


@dataclass(frozen=True, slots=True)
class Absent:
    """What is asked about is in no state of the view, or in every state, for all is held that it speaks of: what is held, and a view that has it.

    view : the smallest view of the case in which some state has it (and some has not, where every state has it here); None where none is so
    """

    held: Mapping[str, str]
    view: str | None
    everywhere: bool = False


def cannot_arise(free: Conflict, test: Test) -> Absent | None:
    """Whether no state of a view, with nothing held, has what a test asks about, or nothing there can change it; None where it can come and go."""
    if test.that is None or test.ask not in (*NEEDS_STATES, "holds_longer"):
        return None
    some = bool(free.where(test.that).any())
    spoken = _levers_of(free.case, test.that)
    if (test.ask == "holds_longer" and not some) or (some and spoken & (set(free.graph.levers) | compared_levers(test))):
        return None
    held = {lever: free.case.settings[lever][k] for lever, k in free.graph.held.items() if lever in spoken}
    view = _view_with(free.case, test.that, varying=some)
    return None if some and view is None else Absent(held, view, everywhere=some)


def _levers_of(case: Case, condition: str) -> frozenset[str]:
    return levers_of(case.condition(condition), case.terms)


def _view_with(case: Case, condition: str, *, varying: bool) -> str | None:
    """The view with the fewest combinations of settings that has a state where a condition holds, and where it varies one where it does not."""
    sizes = {}
    for name, view in case.file.views.items():
        vary = case.file.levers if "all" in view.vary else view.vary
        sizes[name] = float(np.prod([len(case.settings[lever]) for lever in vary]))
    for name in sorted(sizes, key=lambda each: sizes[each]):
        try:
            if sizes[name] <= MOST_STATES and _has(conflict(case, view=name).where(condition), varying=varying):
                return name
        except BestandError:
            continue
    return None


def _has(where: NDArray[np.bool_], *, varying: bool) -> bool:
    return bool(where.any() and not (varying and where.all()))


def compared_levers(test: Test) -> frozenset[str]:
    """The levers that a test sets otherwise in its two situations."""
    if test.against is None:
        return frozenset()
    both = test.hold.keys() | test.against.keys()
    return frozenset(lever for lever in both if test.hold.get(lever) != test.against.get(lever))


def mechanism(
    asked: Conflict, test: Test, size_of: Callable[[Conflict], NDArray[np.float64]] | None = None
) -> tuple[Hanging, ...] | None:
    """A channel from the levers compared to what is asked about; empty where there is none, None where that is no question.

    asked   : the test's view, with nothing held
    size_of : what states are worth to each party in the engine that answers, where sizes count
    """
    levers = compared_levers(test)
    if not levers:
        return None
    held = {lever: setting for lever, setting in test.hold.items() if lever not in levers}
    free = _with_levers(asked, levers).hold(held)
    if free.graph.n_states > MOST_STATES:
        return None
    return channel(free, levers, targets_of(free, test.that), None if size_of is None else size_of(free))


def _with_levers(asked: Conflict, levers: Collection[str]) -> Conflict:
    """The view in which some levers vary too."""
    if asked.view is None:
        return asked
    view = asked.case.file.views[asked.view]
    more = tuple(lever for lever in sorted(levers) if lever not in view.vary and "all" not in view.vary)
    return asked.once(("with levers", more), lambda: _wider(asked, view, more)) if more else asked


def _wider(asked: Conflict, view: View, more: Sequence[str]) -> Conflict:
    fixed = {lever: setting for lever, setting in view.fixed.items() if lever not in more}
    wider = view.model_copy(update={"vary": (*view.vary, *more), "fixed": fixed})
    return conflict(with_file(asked.case, views={**asked.case.file.views, str(asked.view): wider}), view=asked.view)


def resting_on(case: Case, claims: Collection[str]) -> tuple[Line, ...]:
    """Lines of the model that rest on some of these claims, what happens by chance included."""
    return tuple(each for each, named in _with_claims_of(case) if not named.isdisjoint(claims))


@remembered(1)
def _with_claims_of(case: Case) -> tuple[tuple[Line, frozenset[str]], ...]:
    """Statements and events, each with all claims that it names."""
    stated = (*statements(case), *(line(case, "event", f"events.{name}", "", event.label or name, event) for name, event in case.file.events.items()))
    rates = {f"events.{name}": _claims_of_rate(event) for name, event in case.file.events.items()}
    return tuple((each, frozenset((*each.claims, *rates.get(each.at, ())))) for each in stated)


def _claims_of_rate(event: Event) -> tuple[str, ...]:
    each = event.per_month if isinstance(event.per_month, tuple) else (event.per_month,)
    return tuple(name for rate in each for name in rate.claims)


def assumed_about(case: Case, test: Test) -> tuple[Line, ...]:
    """Lines that no claim stands behind, and that speak of what a test asks about or compares; types of parties are left alone.

    What names no claim cannot rest on the claims under test, and may say the same all the same.
    """
    spoken = set(compared_levers(test)) | set(_levers_of(case, test.that) if test.that else ())
    return tuple(each for each, levers in _with_levers_of(case) if not each.claims and spoken & set(levers))


@remembered(1)
def _with_levers_of(case: Case) -> tuple[tuple[Line, Collection[str]], ...]:
    """Wants, guards, bans and events, each with the levers that it speaks of."""
    return tuple(_speaking(case))


def _speaking(case: Case) -> Iterator[tuple[Line, Collection[str]]]:
    for party in case.file.wants:
        yield from ((each, _levers_of(case, want.that)) for each, want in wants(case, party))
    for name, lever in case.file.levers.items():
        for setting, guard in lever.needs.items():
            yield guard_line(case, name, setting), {name, *_levers_of(case, guard.that)}
    for k, ban in enumerate(case.file.never):
        yield line(case, "ban", f"never[{k}]", "", ban.label or ban.that, ban), _levers_of(case, ban.that)
    for name, event in case.file.events.items():
        stated = line(case, "event", f"events.{name}", "", event.label or name, event)
        yield replace(stated, supported_by=(*stated.supported_by, *_claims_of_rate(event))), {*event.sets, *_levers_of(case, event.when)}


def without_claims(case: Case, claims: Collection[str]) -> tuple[Case, tuple[Line, ...]]:
    """The case less all lines that rest on some claims, and those lines."""
    lines = resting_on(case, claims)
    return without(case, lines), lines
