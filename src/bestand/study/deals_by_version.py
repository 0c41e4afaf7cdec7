"""What could be agreed in every version of the parties: how many deals, so that no version is chosen silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bestand.bargain.fallback import Fallback
from bestand.bargain.outcomes import deals_of_draws
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition
from bestand.show import Shown, Table
from bestand.study.each_version import EachVersion
from bestand.study.profiles import MOST_PROFILES, every_profile

MOST_CELLS = 20_000_000  # states times parties times versions that are looked at side by side


@dataclass(frozen=True, slots=True, repr=False)
class DealsByVersion(Shown):
    """Deals under one fallback in every version of the parties, the likeliest first.

    types    : per version, party: type, of the parties that have several
    chances  : of the versions, parties being independent
    n_deals  : states that could be agreed on in each
    left_out : how many less likely versions were not tried
    """

    types: tuple[Mapping[str, str], ...]
    chances: tuple[float, ...]
    n_deals: tuple[int, ...]
    left_out: int = 0

    @property
    def differ(self) -> bool:
        """Whether the number of deals hangs on the version."""
        return len(set(self.n_deals)) > 1

    @property
    def share(self) -> float:
        """Chance of a version in which something could be agreed, among those that were tried."""
        return sum(chance for chance, n in zip(self.chances, self.n_deals, strict=True) if n) / sum(self.chances)

    def table(self) -> Table:
        """One version a row."""
        rows = tuple(
            (", ".join(f"{party}: {type_}" for party, type_ in types.items()), chance, n)
            for types, chance, n in zip(self.types, self.chances, self.n_deals, strict=True)
        )
        notes = (f"{self.left_out} less likely versions were not tried",) if self.left_out else ()
        return Table("Deals by version of the parties", ("profile", "chance", "deals"), rows, notes)


def deals_by_version(
    conflict: Conflict,
    *,
    that: Condition = None,
    fallback: Fallback | Callable[[Conflict, int], Sequence[int]] = "now",
    excluding: Sequence[str | int] = (),
) -> DealsByVersion:
    """How many states could be agreed on in each version of the parties, on the scale of the conflict.

    fallback : as for `agreements`; or, where it hangs on the version, a function of the conflict with one version a draw, and the draw

    Raises
    ------
    AskError, GraphError
        Those of `agreements`.
    """
    most = max(1, min(MOST_PROFILES, MOST_CELLS // (conflict.graph.n_states * len(conflict.parties))))
    every, left_out = every_profile(conflict, most)
    types = [dict(each) for each, _ in every]
    stacked = conflict.once(("versions", conflict.scale), lambda: EachVersion(conflict.draw(1), types).on_scale(conflict.scale))
    told = _counted(stacked, types, that, fallback, excluding)
    return DealsByVersion(tuple(types), tuple(chance for _, chance in every), told, left_out)


def _counted(
    stacked: Conflict, types: Sequence[Mapping[str, str]], that: Condition,
    fallback: Fallback | Callable[[Conflict, int], Sequence[int]], excluding: Sequence[str | int],
) -> tuple[int, ...]:
    if not callable(fallback):
        deal = deals_of_draws(stacked, that=that, fallback=fallback, excluding=excluding, types=types)
        return tuple(map(int, deal.sum(axis=1)))
    groups: dict[tuple[int, ...], list[int]] = {}
    for k in range(len(types)):
        groups.setdefault(tuple(map(int, fallback(stacked, k))), []).append(k)
    told = [0] * len(types)
    for states, draws in groups.items():
        deal = deals_of_draws(stacked, that=that, fallback=states, excluding=excluding, types=types)
        for k in draws:
            told[k] = int(deal[k].sum())
    return tuple(told)
