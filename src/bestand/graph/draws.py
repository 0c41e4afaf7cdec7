"""Draws of what a case leaves open. The rule so far: which type each party is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bestand.case.loaded import Case


def types_drawn(case: Case, draws: int, rng: np.random.Generator | None) -> list[Mapping[str, str]]:
    """Per draw, each party's type ('' for a party without types); draw 0 is the most probable type of each.

    rng : needed only where `draws` > 1 and some party has types; `numpy.random.default_rng(0)` if not given
    """
    rng = np.random.default_rng(0) if rng is None else rng
    drawn: list[dict[str, str]] = [{} for _ in range(draws)]
    for party in case.file.parties:
        names = [name for name in case.wants(party) if name]
        if not names:
            for draw in drawn:
                draw[party] = ""
            continue
        chance = np.array([case.file.parties[party].types[name].value for name in names])
        picked = rng.choice(len(names), size=draws, p=chance / chance.sum())
        picked[0] = int(np.argmax(chance))
        for draw, pick in zip(drawn, picked, strict=True):
            draw[party] = names[int(pick)]
    return list(drawn)
