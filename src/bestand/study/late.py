"""Kinds of results by name, each loaded when it is asked for: what `Study` and `Flips` hold can be told without every engine loaded."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestand.checks.check import Findings
    from bestand.negotiate.coalitions import Coalitions
    from bestand.negotiate.stability import Stability
    from bestand.negotiate.unlock import Unlocks
    from bestand.negotiate.why import Witness
    from bestand.study.agreements import AgreementAnswers
    from bestand.study.by_source import BySource
    from bestand.study.hypotheses import Verdict
    from bestand.study.presents import Presents
    from bestand.study.profiles import Profiles
    from bestand.study.truces import TruceAnswers
    from bestand.study.truces_since import TruceChange
    from bestand.study.watch import WatchAnswers

__all__ = [
    "AgreementAnswers", "BySource", "Coalitions", "Findings", "Presents", "Profiles", "Stability", "TruceAnswers", "TruceChange", "Unlocks",
    "Verdict", "WatchAnswers", "Witness",
]  # fmt: skip

_HOME = {
    "checks.check": "Findings", "negotiate.coalitions": "Coalitions", "negotiate.stability": "Stability", "negotiate.unlock": "Unlocks",
    "negotiate.why": "Witness", "study.agreements": "AgreementAnswers", "study.by_source": "BySource", "study.hypotheses": "Verdict",
    "study.presents": "Presents", "study.profiles": "Profiles", "study.truces": "TruceAnswers", "study.truces_since": "TruceChange",
    "study.watch": "WatchAnswers",
}  # fmt: skip
_MODULE = {name: f"bestand.{module}" for module, name in _HOME.items()}


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module 'bestand.study.late' has no attribute '{name}'")
    return getattr(import_module(_MODULE[name]), name)
