"""Consent as a guard, as it is, against one move by two: `PYTHONPATH=src:. python benchmarks/consent.py` (two minutes of CPU).

One move by two: Europe proposes talks at its own pace, reckoning with the chance of a yes, which is Russia's logit between the two states. By the
plain code of `tests/oracle/plain_truce.py`, in the view `escalation` of the main case, for both versions of Russia. See decision 0101.
"""

from __future__ import annotations

import copy

import numpy as np
import yaml
from tests.oracle.plain_truce import Board, Truce, wants_as_stated
from tests.oracle.plain_view import File

from bestand import read
from bestand.case.write import expanded_text

CONSENT, LEVER, VIEW, MONTHS = "ru.consents_eu_talks", "eu.talks", "escalation", (1.0, 3.0, 6.0, 12.0)


class ByTwo(Truce):
    """Talks are entered by a proposal of `eu` that `ru` says yes to."""

    def __init__(self, board, wants):
        super().__init__(board, wants)
        self.eu, self.ru, on = self.parties.index("eu"), self.parties.index("ru"), board.at.column[LEVER]
        self.asks = [(on[target] == 1) & (on == 0) for target, _, _ in self.options[self.eu]]

    def yes(self, k, values):
        """Chance that each option of a party comes about once it is chosen."""
        if k != self.eu:
            return [1.0] * len(self.options[k])
        mine, noise = values[self.ru], self.noise[self.ru]
        likes = (1 / (1 + np.exp((mine - mine[target]) / noise)) for target, _, _ in self.options[k])
        return [np.where(asks, like, 1.0) for asks, like in zip(self.asks, likes, strict=True)]

    def chosen(self, k, values):
        """Chance that each option is chosen and comes about, and the smoothed best."""
        value, yes = values[k], self.yes(k, values)
        after = [np.where(legal, value + p * (value[t] - c - value), -np.inf) for p, (t, legal, c) in zip(yes, self.options[k], strict=True)]
        worth = np.stack([value, *after])
        top = (worth := worth / self.noise[k]).max(axis=0)
        chance = np.exp(worth - top)
        total = chance.sum(axis=0)
        return [each / total * p for each, p in zip(chance[1:], yes, strict=True)], self.noise[k] * (top + np.log(total))

    def slope(self, values):
        out = self.flow - self.discount[:, None] * values
        for target, rate in self.rates:
            out = out + rate * (values[:, target] - values)
        for k in range(len(self.parties)):
            odds, best = self.chosen(k, values)
            change = sum((p * (values[:, t] - values) for p, (t, _, _) in zip(odds, self.options[k], strict=True)), np.zeros_like(values))
            change[k] = best - values[k]
            out += self.tempo[k] * change
        return out

    def outflow(self, values):
        moves = [(party, t, self.tempo[k] * p) for k, party in enumerate(self.parties)
                 for p, (t, _, _) in zip(self.chosen(k, values)[0], self.options[k], strict=True)]  # fmt: skip
        return [*(("", target, rate) for target, rate in self.rates), *moves]


def without_consent(written):
    """The case without the lever of the consent: what is wanted of it is wanted of the talks."""
    case = copy.deepcopy(written)
    case["levers"][LEVER].pop("needs")
    case["views"][VIEW]["vary"].remove(CONSENT)
    for of_party in case["wants"].values():
        for wants in of_party.values() if isinstance(of_party, dict) else [of_party]:
            for want in wants:
                want["that"] = want["that"].replace(CONSENT, LEVER)
    return case


def main():
    written = yaml.load(expanded_text(read("ukraine/2025-04")), Loader=yaml.BaseLoader)
    for type_ in ("root_causes", "land_enough"):
        for name, case, kind in (("guard", written, Truce), ("one move by two", without_consent(written), ByTwo)):
            file = File(case)
            board = Board(file, VIEW, {})
            at = {**file.now, **file.file["views"][VIEW].get("fixed", {})}
            (start,) = (k for k in range(board.at.n) if board.ok[k] and all(at[lever] == s for lever, s in board.at.settings(k).items()))
            truce = kind(board, wants_as_stated(file) | {"ru": file.wants("ru", type_)})
            talks, grief = (truce.alive(start, that, MONTHS, step=0.1).round(3) for that in (f"not {LEVER}", "not grief"))
            print(f"{type_:12} {name:16} {int(board.ok.sum())} states; no talks after {MONTHS}: {talks}; no grief: {grief}")


if __name__ == "__main__":
    main()
