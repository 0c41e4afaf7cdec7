"""The one door to the compiled code."""

from __future__ import annotations

from bestand._kernels import (
    agreed_over_draws,
    build_moves,
    list_moves,
    minimal,
    move_components,
    order_ranks,
    pareto,
    play,
    reach,
    related_stable,
    settle_components,
    stable,
    survive,
    survive_many,
    unlocks,
    upset_by,
)

__all__ = [
    "agreed_over_draws",
    "build_moves",
    "list_moves",
    "minimal",
    "move_components",
    "order_ranks",
    "pareto",
    "play",
    "reach",
    "related_stable",
    "settle_components",
    "stable",
    "survive",
    "survive_many",
    "unlocks",
    "upset_by",
]
