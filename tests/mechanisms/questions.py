"""Questions to a case whose answers can be compared, and the list of mechanisms with the change that each is tried by."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import yaml

from bestand.bargain.outcomes import agreements
from bestand.case.loaded import Case
from bestand.case.read import catalogue_folder, read_text
from bestand.graph.conflict import Conflict, conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.truce.survival import survival

CASE = "ukraine/2025-04"


@dataclass(frozen=True, slots=True)
class Try:
    """A change of the case, what stands in both versions, and what is asked of both."""

    given: tuple[str, ...]
    change: tuple[str, ...]
    ask: Mapping[str, Any]
    apart: bool = False

    def texts(self) -> tuple[str, ...]:
        """The case as it stands, and changed: all at once, or each change by itself."""
        folder = catalogue_folder()
        assert folder is not None
        whole, *_ = (folder / CASE / "case.yaml").read_text(encoding="utf-8").partition("\ntranslations:")  # a third of the text, and no part of the model
        base = _changed(f"{whole}\n", self.given)
        parts = [self.change[k : k + 2] for k in range(0, len(self.change), 2)] if self.apart else [self.change]
        return base, *(_changed(base, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism: what the text says, and every step of it that is tried."""

    name: str
    says: str
    claims: tuple[str, ...]
    tries: tuple[Try, ...]


def mechanisms() -> tuple[Mechanism, ...]:
    """Every mechanism of the list, in its order."""
    listed = yaml.load((pathlib.Path(__file__).parent / "mechanisms.yaml").read_text(encoding="utf-8"), Loader=_Words)
    return tuple(
        Mechanism(one["name"], one["says"], tuple(one["claims"]), tuple(_try(each) for each in (one, *one.get("also", ()))))
        for one in listed
    )


def _try(one: Mapping[str, Any]) -> Try:
    return Try(tuple(one.get("given", ())), tuple(one["change"]), one["ask"], one.get("apart") == "yes")


def _changed(text: str, pairs: tuple[str, ...]) -> str:
    for old, new in zip(pairs[::2], pairs[1::2], strict=False):
        assert old in text, f"the case has no {old!r}"
        text = text.replace(old, new)
    return text


def answer(text: str, ask: Mapping[str, Any]) -> Any:
    """What a case answers."""
    rest = {key: value for key, value in ask.items() if key != "question"}
    return QUESTIONS[ask["question"]](_read(text), **rest)


_read = lru_cache(maxsize=2)(read_text)  # most mechanisms are tried in the case as it stands


def does(case: Case, *, view: str, party: str, hold: Mapping[str, str] | None = None) -> str:
    """The best move of a party from the present state."""
    asked = conflict(case, view=view, hold=hold)
    rank, now = asked.rank_of(party)[0], asked.now
    targets = asked.graph.moves[asked.party(party)].targets(now)
    better = targets[rank[targets] > rank[now]]
    best = better[rank[better] == rank[better].max()] if better.size else better
    moves = sorted(_words(asked, now, int(state)) for state in best)
    return min(moves, key=lambda words: (words.count("→"), words)) if moves else "stays"


def _words(asked: Conflict, source: int, target: int) -> str:
    return ", ".join(f"{lever} → {new}" for lever, (_, new) in asked.graph.changes(source, target).items())


def rests(case: Case, *, view: str, that: str, hold: Mapping[str, str] | None = None, draws: int = 1, start: str | None = None) -> str:
    """How many equilibria have something, of how many, where others reply by their best moves; over draws the share of those in which some has it."""
    asked = conflict(case, view=view, hold=hold, draws=draws)
    found, wanted = stability(asked, concepts=("seq",), moves="best"), asked.where(that)
    if draws > 1:
        return f"in {np.mean([(found.holds('seq', draw=d) & wanted).any() for d in range(draws)]):.0%} of draws"
    resting = found.holds("seq")
    if start is not None:
        resting = resting & paths(asked, start=start, by="any").reached
    return f"{int((resting & wanted).sum())} of {int(resting.sum())}"


def possible(case: Case, *, view: str, that: str, without: str | None = None, hold: Mapping[str, str] | None = None) -> str:
    """Whether any legal moves lead to something, and by how many."""
    asked = conflict(case, view=view, hold=hold)
    found = paths(asked, goal=that, by="any", without=without)
    return f"in {int(found.length[found.goals].min())} moves" if found.goals.size else "not reached"


def lasts(case: Case, *, view: str, that: str, months: float, hold: Mapping[str, str] | None = None) -> str:
    """How long something lasts on average within so many months, played forward."""
    asked = conflict(case, view=view, hold=hold, scale="cardinal")
    return f"{float(survival(asked, start=that, truce=that, months=[months]).lasted[0]):.2f} months of {months:g}"


def deals(case: Case, *, view: str, that: str) -> str:
    """How many states with something could be agreed on, of how many."""
    asked = conflict(case, view=view)
    return f"{agreements(asked, that=that).n_deals} of {int(asked.where(that).sum())}"


QUESTIONS: Mapping[str, Callable[..., str]] = {"does": does, "rests": rests, "possible": possible, "lasts": lasts, "deals": deals}


class _Words(yaml.SafeLoader):
    """YAML 1.2: `yes` and `no` are words."""


_Words.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if pair[0] not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
