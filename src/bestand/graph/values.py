"""What states are worth a month to all parties, where nobody asks how they rank them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.graph.conflict import MOST_LOOKED, Conflict
from bestand.graph.worth import party_values


def values(conflict: Conflict) -> NDArray[np.float64]:
    """The sizes of `conflict.sized`, (n_draws, n_parties, n_states); states are ranked by them only where that was done already.

    Raises
    ------
    AskError
        `worth/ordinal`.
    """
    known = any(isinstance(key, tuple) and key[0] in ("worth", "worth of") and key[-1] == "cardinal" for key in list(conflict.kept))
    if known or conflict.stated is None or conflict.graph.n_states > MOST_LOOKED:
        value = conflict.sized.value
        assert value is not None
        return value
    of_each = [
        party_values(
            conflict.case, party, conflict.where, conflict.graph.n_states, draws=conflict.draws, seed=conflict.seed, vary=conflict.vary,
            once=conflict.once_of_graph,
        )
        for party in conflict.parties
    ]  # fmt: skip
    return np.stack(of_each, axis=1)
