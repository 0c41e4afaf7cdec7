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
    from bestand.carrying import carrying
    from bestand.case.check import check
    from bestand.case.diff import diff
    from bestand.case.read import catalogue, read, read_text, schema
    from bestand.case.write import write
    from bestand.deter.certificate import certificate
    from bestand.deter.combined import combine
    from bestand.deter.equilibrium import equilibrium
    from bestand.deter.holding import holding
    from bestand.deter.play import play
    from bestand.deter.posture import posture
    from bestand.deter.reference import reference
    from bestand.deter.strategies import strategies
    from bestand.deter.survival import survival
    from bestand.deter.violations import violations
    from bestand.deter.withdrawal import withdrawal
    from bestand.graph.build import build
    from bestand.graph.worth import worth
    from bestand.negotiate.coalitions import coalitions
    from bestand.negotiate.inverse import inverse
    from bestand.negotiate.paths import paths
    from bestand.negotiate.stability import stability
    from bestand.negotiate.strength import strength
    from bestand.negotiate.unknown import unknown
    from bestand.negotiate.unlock import unlock
    from bestand.negotiate.why import why
    from bestand.report.page import report
    from bestand.study import study

_HOME = {
    "read": "bestand.case.read",
    "read_text": "bestand.case.read",
    "catalogue": "bestand.case.read",
    "schema": "bestand.case.read",
    "write": "bestand.case.write",
    "check": "bestand.case.check",
    "diff": "bestand.case.diff",
    "build": "bestand.graph.build",
    "worth": "bestand.graph.worth",
    "unlock": "bestand.negotiate.unlock",
    "inverse": "bestand.negotiate.inverse",
    "carrying": "bestand.carrying",
    "stability": "bestand.negotiate.stability",
    "why": "bestand.negotiate.why",
    "paths": "bestand.negotiate.paths",
    "study": "bestand.study",
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
    "play": "bestand.deter.play",
    "equilibrium": "bestand.deter.equilibrium",
    "certificate": "bestand.deter.certificate",
    "survival": "bestand.deter.survival",
    "holding": "bestand.deter.holding",
    "posture": "bestand.deter.posture",
    "withdrawal": "bestand.deter.withdrawal",
    "strategies": "bestand.deter.strategies",
    "reference": "bestand.deter.reference",
    "violations": "bestand.deter.violations",
    "combine": "bestand.deter.combined",
}

__all__ = [
    "agreements",
    "build",
    "carrying",
    "catalogue",
    "certificate",
    "check",
    "coalitions",
    "combine",
    "concessions",
    "cores",
    "diff",
    "equilibrium",
    "frontier",
    "holding",
    "inverse",
    "paths",
    "payments",
    "play",
    "posture",
    "read",
    "read_text",
    "reference",
    "report",
    "schema",
    "settle",
    "stability",
    "strategies",
    "strength",
    "study",
    "survival",
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
