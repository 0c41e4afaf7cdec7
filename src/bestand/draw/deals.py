"""The deal map: what each way out is worth to two parties against today, and which of them cannot be bettered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.frontier import Frontier
from bestand.draw.svg import Svg, drawing, element
from bestand.study.agreements import AgreementAnswers
from bestand.telling.telling import Telling

SIDE, LEFT, FOOT, TOP, PAD = 320.0, 62.0, 44.0, 14.0, 0.06
EDGE, INSIDE = "#b5482a", "#8b9099"


@dataclass(frozen=True, slots=True)
class DealMap:
    """Two parties' gains over today: shape (n_outcomes,) each, with the outcomes on the frontier marked.

    best : whether an outcome is on the frontier of all parties
    """

    parties: tuple[str, str]
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    best: NDArray[np.bool_]


def deal_map(answers: AgreementAnswers) -> DealMap | None:
    """The map for the two parties whose gains go most against each other; None where wants have no sizes, or nobody differs."""
    return map_of(answers.packages[0].settlement.frontier) if answers.packages else None


def map_of(edge: Frontier) -> DealMap | None:
    """The map of one frontier; None where there is no fallback, or the outcomes differ to fewer than two parties."""
    if edge.fallback is None or edge.worth.shape[0] < 2 or edge.among.sum() < 2:
        return None
    gain = edge.worth[:, edge.among] - np.asarray(edge.fallback)[:, None]
    pair = _opposed(gain)
    if pair is None:
        return None
    i, j = pair
    return DealMap((edge.parties[i], edge.parties[j]), gain[i], gain[j], _on_edge(edge))


def _on_edge(edge: Frontier) -> NDArray[np.bool_]:
    best = np.zeros(edge.among.size, bool)
    best[edge.members] = True
    return best[edge.among]


def _opposed(gain: NDArray[np.float64]) -> tuple[int, int] | None:
    """The two parties whose gains are most against each other, of those to whom the outcomes differ."""
    varied = [i for i in range(gain.shape[0]) if np.ptp(gain[i]) > 0]
    pairs = list(itertools.combinations(varied, 2))
    return min(pairs, key=lambda pair: float(np.asarray(np.corrcoef(gain[list(pair)]))[0, 1]), default=None)


def deals_picture(answers: AgreementAnswers, telling: Telling) -> Svg | None:
    """The deal map as a picture."""
    drawn = deal_map(answers)
    return None if drawn is None else dots_picture(drawn, telling)


def dots_picture(drawn: DealMap, telling: Telling) -> Svg:
    """A deal map as a picture: a dot for each outcome, those that cannot be bettered filled."""
    x, y = _scaled(drawn.first), _scaled(drawn.second)
    across = LEFT + x * (SIDE * 1.6)
    up = TOP + (1 - y) * SIDE
    points = sorted({(round(float(a), 1), round(float(b), 1), bool(on)) for a, b, on in zip(across, up, drawn.best, strict=True)}, key=lambda p: p[2])
    dots = [_dot(a, b, on) for a, b, on in points]
    parts = [*_axes(drawn, telling), *dots]
    return drawing(LEFT + SIDE * 1.6 + 16, TOP + SIDE + FOOT, parts, label=telling.say("deal_map"), class_="deals")


def _reach(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    margin = PAD * (high - low or 1.0)
    return low - margin, high + margin


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = _reach(values)
    return (values - low) / (high - low)


def _dot(x: float, y: float, best: bool) -> Svg:
    return element("circle", cx=x, cy=y, r=4.5 if best else 3.2, fill=EDGE if best else "#fff", stroke=EDGE if best else INSIDE, stroke_width=1.4)


def _axes(drawn: DealMap, telling: Telling) -> Iterator[Svg]:
    first, second = (telling.say("deal_map_axis", party=telling.party(party)) for party in drawn.parties)
    zero_x = LEFT + float(_scaled(np.append(drawn.first, 0.0))[-1]) * SIDE * 1.6
    zero_y = TOP + (1 - float(_scaled(np.append(drawn.second, 0.0))[-1])) * SIDE
    yield element("rect", x=LEFT, y=TOP, width=SIDE * 1.6, height=SIDE, fill="none", stroke="#d8dbe0")
    yield element("line", x1=zero_x, x2=zero_x, y1=TOP, y2=TOP + SIDE, stroke="#5b6068", stroke_dasharray="3 3")
    yield element("line", x1=LEFT, x2=LEFT + SIDE * 1.6, y1=zero_y, y2=zero_y, stroke="#5b6068", stroke_dasharray="3 3")
    yield element("text", "0", x=zero_x, y=TOP + SIDE + 15, text_anchor="middle")
    yield element("text", "0", x=LEFT - 8, y=zero_y + 4, text_anchor="end")
    yield element("text", first, x=LEFT + SIDE * 0.8, y=TOP + SIDE + 34, text_anchor="middle")
    yield element("text", second, x=16, y=TOP + SIDE / 2, text_anchor="middle", transform=f"rotate(-90 16 {TOP + SIDE / 2:.0f})")
