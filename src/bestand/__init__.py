"""From a written account of a conflict to an executable model: where it can rest, what could be agreed, whether a truce holds."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestand.bargain.cores import concessions, cores
    from bestand.bargain.frontier import frontier
    from bestand.bargain.outcomes import agreements
    from bestand.bargain.payments import payments
    from bestand.bargain.solutions import settle
    from bestand.bargain.thresholds import thresholds
    from bestand.case.check import check
    from bestand.case.diff import diff
    from bestand.case.read import catalogue, read, read_text, schema
    from bestand.case.write import write
    from bestand.drafting.accept import accept
    from bestand.drafting.draft import draft
    from bestand.graph.build import build
    from bestand.graph.worth import worth
    from bestand.history.base_rates import base_rates
    from bestand.history.combined import combine
    from bestand.history.violations import violations
    from bestand.negotiate.coalitions import coalitions
    from bestand.negotiate.inverse import inverse
    from bestand.negotiate.paths import paths
    from bestand.negotiate.stability import stability
    from bestand.negotiate.strength import strength
    from bestand.negotiate.unknown import unknown
    from bestand.negotiate.unlock import unlock
    from bestand.negotiate.why import why
    from bestand.play.horizon import play
    from bestand.play.survival import survival_under
    from bestand.report.page import report
    from bestand.stationary.certificate import certificate
    from bestand.stationary.equilibrium import equilibrium
    from bestand.study.everything import study
    from bestand.study.sensitivity import sensitivity
    from bestand.truce.postures import postures
    from bestand.truce.strategies import strategies
    from bestand.truce.survival import survival
    from bestand.truce.withdrawal import withdrawal

_HOME = {
    "read": "bestand.case.read",
    "read_text": "bestand.case.read",
    "catalogue": "bestand.case.read",
    "schema": "bestand.case.read",
    "write": "bestand.case.write",
    "check": "bestand.case.check",
    "diff": "bestand.case.diff",
    "draft": "bestand.drafting.draft",
    "accept": "bestand.drafting.accept",
    "build": "bestand.graph.build",
    "worth": "bestand.graph.worth",
    "unlock": "bestand.negotiate.unlock",
    "inverse": "bestand.negotiate.inverse",
    "sensitivity": "bestand.study.sensitivity",
    "stability": "bestand.negotiate.stability",
    "why": "bestand.negotiate.why",
    "paths": "bestand.negotiate.paths",
    "study": "bestand.study.everything",
    "report": "bestand.report.page",
    "agreements": "bestand.bargain.outcomes",
    "cores": "bestand.bargain.cores",
    "concessions": "bestand.bargain.cores",
    "frontier": "bestand.bargain.frontier",
    "settle": "bestand.bargain.solutions",
    "payments": "bestand.bargain.payments",
    "thresholds": "bestand.bargain.thresholds",
    "coalitions": "bestand.negotiate.coalitions",
    "unknown": "bestand.negotiate.unknown",
    "strength": "bestand.negotiate.strength",
    "play": "bestand.play.horizon",
    "equilibrium": "bestand.stationary.equilibrium",
    "certificate": "bestand.stationary.certificate",
    "survival_under": "bestand.play.survival",
    "survival": "bestand.truce.survival",
    "postures": "bestand.truce.postures",
    "withdrawal": "bestand.truce.withdrawal",
    "strategies": "bestand.truce.strategies",
    "base_rates": "bestand.history.base_rates",
    "violations": "bestand.history.violations",
    "combine": "bestand.history.combined",
}

__all__ = [
    "accept",
    "agreements",
    "base_rates",
    "build",
    "catalogue",
    "certificate",
    "check",
    "coalitions",
    "combine",
    "concessions",
    "cores",
    "diff",
    "draft",
    "equilibrium",
    "frontier",
    "inverse",
    "paths",
    "payments",
    "play",
    "postures",
    "read",
    "read_text",
    "report",
    "schema",
    "sensitivity",
    "settle",
    "stability",
    "strategies",
    "strength",
    "study",
    "survival",
    "survival_under",
    "thresholds",
    "unknown",
    "unlock",
    "violations",
    "why",
    "withdrawal",
    "worth",
    "write",
]


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first asked for: `import bestand` stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'bestand' has no attribute '{name}'")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package: the functions `study` and `report` are not hidden by the modules of the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
