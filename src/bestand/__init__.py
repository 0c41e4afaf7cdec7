"""From a written account of a conflict to an executable model: where it can rest, what could be agreed, whether a truce holds."""

from __future__ import annotations

import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from bestand.bargain.cores import Concessions, Cores, concessions, cores
    from bestand.bargain.divisible import divide
    from bestand.bargain.frontier import Frontier, frontier, frontier_of
    from bestand.bargain.joint import Joint, joint
    from bestand.bargain.offers import offers, risk_thresholds
    from bestand.bargain.outcomes import Agreements, agreements
    from bestand.bargain.payments import Payments, payments
    from bestand.bargain.settle_by_solver import settle_by_solver
    from bestand.bargain.solutions import Settlement, settle
    from bestand.bargain.thresholds import Thresholds, thresholds
    from bestand.case.check import Findings, check
    from bestand.case.diff import Changes, diff
    from bestand.case.earlier import earlier
    from bestand.case.loaded import Case
    from bestand.case.read import catalogue, read, read_text, schema
    from bestand.case.write import write
    from bestand.drafting.accept import accept
    from bestand.drafting.draft import draft
    from bestand.errors import AskError, BestandError, CaseError, EvidenceError, GraphError
    from bestand.evidence.counts import counts
    from bestand.evidence.records import read_counts, read_spells
    from bestand.evidence.spells import spells
    from bestand.explore.boxes import Boxes, boxes
    from bestand.explore.choosing import Choices, Information, choices, information
    from bestand.explore.indices import Indices, Ranks, indices, ranks
    from bestand.explore.shares import Shares, shares
    from bestand.explore.space import Space, space, vary
    from bestand.explore.sweep import Sweep, read_sweep, sweep
    from bestand.explore.task import Measure
    from bestand.explore.tipping import Tips, tipping
    from bestand.explore.tree import Tree, tree
    from bestand.graph.budget import Budget
    from bestand.graph.conflict import Conflict, conflict, conflict_of
    from bestand.graph.model import Graph, Worth
    from bestand.history.backtest import backtest
    from bestand.history.base_rates import BaseRates, base_rates
    from bestand.history.classes import reference_classes
    from bestand.history.combined import Combined, combine
    from bestand.history.count_fits import simulate_counts
    from bestand.history.cox import cox
    from bestand.history.violations import forecast_scores, violations
    from bestand.negotiate.coalitions import Coalitions, coalitions
    from bestand.negotiate.inverse import Inverse, inverse
    from bestand.negotiate.paths import Paths, paths
    from bestand.negotiate.stability import Stability, stability
    from bestand.negotiate.strength import strength
    from bestand.negotiate.unknown import unknown
    from bestand.negotiate.unlock import Unlocks, unlock
    from bestand.negotiate.why import Witness, why
    from bestand.play.horizon import Play, play
    from bestand.play.survival import Survival, survival_under
    from bestand.report.brief import Brief, brief
    from bestand.report.page import Page, report
    from bestand.stationary.certificate import Certificate, certificate
    from bestand.stationary.equilibrium import Equilibrium, equilibrium
    from bestand.study.by_source import BySource, by_source
    from bestand.study.compare import Comparison, compare
    from bestand.study.everything import Study
    from bestand.study.flips import Flips, flips
    from bestand.study.measures import measure
    from bestand.study.red_team import RedTeam, red_team
    from bestand.study.sensitivity import Sensitivity, sensitivity
    from bestand.study.stages import study
    from bestand.study.turns import Turns, turns
    from bestand.truce.postures import Postures, postures
    from bestand.truce.strategies import Strategies, strategies
    from bestand.truce.survival import survival
    from bestand.truce.withdrawal import Withdrawal, withdrawal

_HOME = {
    "read": "bestand.case.read",
    "read_text": "bestand.case.read",
    "catalogue": "bestand.case.read",
    "schema": "bestand.case.read",
    "write": "bestand.case.write",
    "check": "bestand.case.check",
    "Findings": "bestand.case.check",
    "diff": "bestand.case.diff",
    "Changes": "bestand.case.diff",
    "earlier": "bestand.case.earlier",
    "Case": "bestand.case.loaded",
    "BestandError": "bestand.errors",
    "CaseError": "bestand.errors",
    "EvidenceError": "bestand.errors",
    "GraphError": "bestand.errors",
    "AskError": "bestand.errors",
    "conflict": "bestand.graph.conflict",
    "conflict_of": "bestand.graph.conflict",
    "Conflict": "bestand.graph.conflict",
    "Graph": "bestand.graph.model",
    "Worth": "bestand.graph.model",
    "stability": "bestand.negotiate.stability",
    "Stability": "bestand.negotiate.stability",
    "why": "bestand.negotiate.why",
    "Witness": "bestand.negotiate.why",
    "paths": "bestand.negotiate.paths",
    "Paths": "bestand.negotiate.paths",
    "unlock": "bestand.negotiate.unlock",
    "Unlocks": "bestand.negotiate.unlock",
    "coalitions": "bestand.negotiate.coalitions",
    "Coalitions": "bestand.negotiate.coalitions",
    "inverse": "bestand.negotiate.inverse",
    "Inverse": "bestand.negotiate.inverse",
    "unknown": "bestand.negotiate.unknown",
    "strength": "bestand.negotiate.strength",
    "agreements": "bestand.bargain.outcomes",
    "Agreements": "bestand.bargain.outcomes",
    "cores": "bestand.bargain.cores",
    "Cores": "bestand.bargain.cores",
    "concessions": "bestand.bargain.cores",
    "Concessions": "bestand.bargain.cores",
    "frontier": "bestand.bargain.frontier",
    "Frontier": "bestand.bargain.frontier",
    "settle": "bestand.bargain.solutions",
    "Settlement": "bestand.bargain.solutions",
    "payments": "bestand.bargain.payments",
    "Payments": "bestand.bargain.payments",
    "frontier_of": "bestand.bargain.frontier",
    "settle_by_solver": "bestand.bargain.settle_by_solver",
    "joint": "bestand.bargain.joint",
    "Joint": "bestand.bargain.joint",
    "offers": "bestand.bargain.offers",
    "risk_thresholds": "bestand.bargain.offers",
    "divide": "bestand.bargain.divisible",
    "thresholds": "bestand.bargain.thresholds",
    "Thresholds": "bestand.bargain.thresholds",
    "play": "bestand.play.horizon",
    "Play": "bestand.play.horizon",
    "survival_under": "bestand.play.survival",
    "Survival": "bestand.play.survival",
    "equilibrium": "bestand.stationary.equilibrium",
    "Equilibrium": "bestand.stationary.equilibrium",
    "certificate": "bestand.stationary.certificate",
    "Certificate": "bestand.stationary.certificate",
    "survival": "bestand.truce.survival",
    "postures": "bestand.truce.postures",
    "Postures": "bestand.truce.postures",
    "withdrawal": "bestand.truce.withdrawal",
    "Withdrawal": "bestand.truce.withdrawal",
    "strategies": "bestand.truce.strategies",
    "Strategies": "bestand.truce.strategies",
    "base_rates": "bestand.history.base_rates",
    "BaseRates": "bestand.history.base_rates",
    "violations": "bestand.history.violations",
    "combine": "bestand.history.combined",
    "Combined": "bestand.history.combined",
    "flips": "bestand.study.flips",
    "Flips": "bestand.study.flips",
    "by_source": "bestand.study.by_source",
    "BySource": "bestand.study.by_source",
    "compare": "bestand.study.compare",
    "Comparison": "bestand.study.compare",
    "turns": "bestand.study.turns",
    "Turns": "bestand.study.turns",
    "red_team": "bestand.study.red_team",
    "RedTeam": "bestand.study.red_team",
    "study": "bestand.study.stages",
    "Study": "bestand.study.everything",
    "sensitivity": "bestand.study.sensitivity",
    "Sensitivity": "bestand.study.sensitivity",
    "report": "bestand.report.page",
    "Page": "bestand.report.page",
    "backtest": "bestand.history.backtest",
    "cox": "bestand.history.cox",
    "reference_classes": "bestand.history.classes",
    "read_spells": "bestand.evidence.records",
    "read_counts": "bestand.evidence.records",
    "forecast_scores": "bestand.history.violations",
    "simulate_counts": "bestand.history.count_fits",
    "counts": "bestand.evidence.counts",
    "spells": "bestand.evidence.spells",
    "draft": "bestand.drafting.draft",
    "accept": "bestand.drafting.accept",
    "Budget": "bestand.graph.budget",
    "space": "bestand.explore.space",
    "vary": "bestand.explore.space",
    "Space": "bestand.explore.space",
    "sweep": "bestand.explore.sweep",
    "read_sweep": "bestand.explore.sweep",
    "Sweep": "bestand.explore.sweep",
    "Measure": "bestand.explore.task",
    "shares": "bestand.explore.shares",
    "Shares": "bestand.explore.shares",
    "indices": "bestand.explore.indices",
    "Indices": "bestand.explore.indices",
    "ranks": "bestand.explore.indices",
    "Ranks": "bestand.explore.indices",
    "boxes": "bestand.explore.boxes",
    "Boxes": "bestand.explore.boxes",
    "tree": "bestand.explore.tree",
    "Tree": "bestand.explore.tree",
    "choices": "bestand.explore.choosing",
    "Choices": "bestand.explore.choosing",
    "information": "bestand.explore.choosing",
    "Information": "bestand.explore.choosing",
    "tipping": "bestand.explore.tipping",
    "Tips": "bestand.explore.tipping",
    "measure": "bestand.study.measures",
    "brief": "bestand.report.brief",
    "Brief": "bestand.report.brief",
}

__all__ = [
    "Agreements",
    "AskError",
    "BaseRates",
    "BestandError",
    "Boxes",
    "Brief",
    "Budget",
    "BySource",
    "Case",
    "CaseError",
    "Certificate",
    "Changes",
    "Choices",
    "Coalitions",
    "Combined",
    "Comparison",
    "Concessions",
    "Conflict",
    "Cores",
    "Equilibrium",
    "EvidenceError",
    "Findings",
    "Flips",
    "Frontier",
    "Graph",
    "GraphError",
    "Indices",
    "Information",
    "Inverse",
    "Joint",
    "Measure",
    "Page",
    "Paths",
    "Payments",
    "Play",
    "Postures",
    "Ranks",
    "RedTeam",
    "Sensitivity",
    "Settlement",
    "Shares",
    "Space",
    "Stability",
    "Strategies",
    "Study",
    "Survival",
    "Sweep",
    "Thresholds",
    "Tips",
    "Tree",
    "Turns",
    "Unlocks",
    "Withdrawal",
    "Witness",
    "Worth",
    "accept",
    "agreements",
    "backtest",
    "base_rates",
    "boxes",
    "brief",
    "by_source",
    "catalogue",
    "certificate",
    "check",
    "choices",
    "coalitions",
    "combine",
    "compare",
    "concessions",
    "conflict",
    "conflict_of",
    "cores",
    "counts",
    "cox",
    "diff",
    "divide",
    "draft",
    "earlier",
    "equilibrium",
    "flips",
    "forecast_scores",
    "frontier",
    "frontier_of",
    "indices",
    "information",
    "inverse",
    "joint",
    "measure",
    "offers",
    "paths",
    "payments",
    "play",
    "postures",
    "ranks",
    "read",
    "read_counts",
    "read_spells",
    "read_sweep",
    "read_text",
    "red_team",
    "reference_classes",
    "report",
    "risk_thresholds",
    "schema",
    "sensitivity",
    "settle",
    "settle_by_solver",
    "shares",
    "simulate_counts",
    "space",
    "spells",
    "stability",
    "strategies",
    "strength",
    "study",
    "survival",
    "survival_under",
    "sweep",
    "thresholds",
    "tipping",
    "tree",
    "turns",
    "unknown",
    "unlock",
    "vary",
    "violations",
    "why",
    "withdrawal",
    "write",
]


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first asked for: `import bestand` stays quick."""
    if name == "__version__":
        return _version()
    if name not in _HOME:
        raise AttributeError(f"module 'bestand' has no attribute '{name}'")
    public = getattr(import_module(_HOME[name]), name)
    if isinstance(public, FunctionType):
        from bestand.arguments import checked

        public = checked(public)
    globals()[name] = public
    return public


def _version() -> str:
    """Version of the installed program, or of the source tree it runs from."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("bestand")
    except PackageNotFoundError:
        return "0.2.0.dev0"


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package: the functions `play`, `study` and `report` are not hidden by the modules of the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
