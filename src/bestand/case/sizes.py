"""Sizes of wants of which only the order is known: all that agree with the order, the middle of them, and draws of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.case.model import CaseFile, Want
from bestand.case.parts import Quantity

Floats = NDArray[np.float64]
_known: dict[int, tuple[tuple[Want, ...], tuple[Want, ...]]] = {}
WANTS_FOR_RANKING = "give in place of this party's `ranking` its `wants`, each with a `worth`, or with `sizes: drawn` at the top of the case"
GIVE_SIZES = "give every want of this party a `worth` (per month), or say `sizes: drawn` at the top of the case"
"""What to do where a size is asked for and only an order is known."""
MOST_KNOWN = 1_024  # lists of wants that are remembered with their sizes


def shares_of_sizes(n_wants: int) -> Floats:
    """The corners of all sizes that agree with an order of so many wants: shape (n_wants, n_wants), each row sums to 1.

    An order ranks the states: a want outweighs all below it together (option prioritization). Sizes w agree with it where
    w_k > w_(k+1) + … + w_m > 0 for every k; with a sum of 1 they fill a simplex with these corners: k-1 times a half of what is
    left, and then what is left. Any mean of the corners in which each counts something agrees with the order.

    >>> shares_of_sizes(3).tolist()
    [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.25, 0.25]]
    """
    corner, want = np.indices((n_wants, n_wants))
    return np.where(want < corner, np.exp2(-1.0 - want), np.where(want == corner, np.exp2(-1.0 * want), 0.0))


def middle_sizes(n_wants: int) -> Floats:
    """The mean of all sizes that agree with an order, most important first: (n_wants,), sums to 1.

    >>> middle_sizes(2).tolist()
    [0.75, 0.25]
    """
    return np.asarray(shares_of_sizes(n_wants).mean(axis=0))


def drawn_sizes(n_wants: int, draws: int, rng: np.random.Generator) -> Floats:
    """Draws from all sizes that agree with an order, each as likely as any other: (draws, n_wants); draw 0 is the middle.

    >>> sizes = drawn_sizes(3, 50, np.random.default_rng(0))
    >>> bool((sizes[:, 0] > sizes[:, 1] + sizes[:, 2]).all() and (sizes[:, 1] > sizes[:, 2]).all())
    True
    """
    drawn = rng.dirichlet(np.ones(n_wants), draws) @ shares_of_sizes(n_wants)
    drawn[0] = middle_sizes(n_wants)
    return np.asarray(drawn)


def sizes_by_shares(shares: Floats) -> Floats:
    """Sizes from how much each want weighs of all that is left to it and those below: (draws, n_wants), each row sums to 1.

    shares : (draws, n_wants - 1), each between a half and 1, by place in the order

    >>> sizes_by_shares(np.array([[0.5, 0.5], [0.75, 1.0]])).tolist()
    [[0.5, 0.25, 0.25], [0.75, 0.25, 0.0]]
    """
    left = np.cumprod(np.hstack([np.ones((len(shares), 1)), 1 - shares]), axis=1)
    return np.asarray(left * np.hstack([shares, np.ones((len(shares), 1))]))


def middle_share(n_below: int) -> float:
    """The mean share of a want, of it and so many below it, over all sizes that agree with the order: `middle_sizes` by shares.

    >>> [middle_share(n) for n in (1, 3)]
    [0.75, 0.625]
    """
    return 0.5 + 0.5 / (n_below + 1)


def by_order(sizes: Floats, place: Floats, there: NDArray[np.bool_]) -> Floats:
    """Sizes given to wants by the order in which they stand in each draw, 0 to those that are not there: (draws, n_wants).

    sizes : (draws, n_wants) or (n_wants,), largest first
    """
    order = np.argsort(place, axis=1, kind="stable")
    given = np.empty(place.shape)
    np.put_along_axis(given, order, np.broadcast_to(sizes, place.shape), axis=1)
    return np.where(there, given, 0.0)


def only_ordered(file: CaseFile, wants: tuple[Want, ...]) -> bool:
    """Whether sizes are drawn for a list of wants: the case says so, and none of them has one."""
    return file.sizes == "drawn" and bool(wants) and all(want.worth is None for want in wants)


def with_sizes(wants: tuple[Want, ...]) -> tuple[Want, ...]:
    """A list of wants with the middle sizes of its order; the same list gives the same wants again."""
    known = _known.get(id(wants))
    if known is None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        sizes = middle_sizes(len(wants)).tolist()
        made = tuple(want.model_copy(update={"worth": Quantity(value=size)}) for want, size in zip(wants, sizes, strict=True))
        known = _known[id(wants)] = wants, made  # the list is kept, so that no other gets its id
    return known[1]


def parties_only_ordered(file: CaseFile) -> tuple[str, ...]:
    """Parties whose wants have sizes that are drawn, in the case's order."""
    lists = {party: tuple(stated.values()) if isinstance(stated, dict) else (stated,) for party, stated in file.wants.items()}
    return tuple(party for party in file.parties if any(only_ordered(file, wants) for wants in lists.get(party, ())))


def one_set(file: CaseFile, number: int, of: int, seed: int) -> dict[str, tuple[Want, ...] | dict[str, tuple[Want, ...]]]:
    """The wants of a case with one of so many sets of sizes, drawn for each list on its own; set 0 has the middle ones.

    Lists of which sizes are given are as they are.
    """

    def sized(party: str, kind: str, wants: tuple[Want, ...]) -> tuple[Want, ...]:
        if not only_ordered(file, wants):
            return wants
        sizes = drawn_sizes(len(wants), of, np.random.default_rng([seed, *f"sets.{party}.{kind}".encode()]))[number].tolist()
        return tuple(want.model_copy(update={"worth": Quantity(value=size)}) for want, size in zip(wants, sizes, strict=True))

    return {
        party: {kind: sized(party, kind, wants) for kind, wants in stated.items()} if isinstance(stated, dict) else sized(party, "", stated)
        for party, stated in file.wants.items()
    }
