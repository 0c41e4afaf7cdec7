"""From a written account of a conflict to an executable model: where it can rest, what could be agreed, whether a truce holds."""

from __future__ import annotations

import bestand.loading  # noqa: F401  # isort: skip - before all else, so that an interrupt finds it
import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING

from bestand.show import DRAWN_BY, Shown

if TYPE_CHECKING:
    __version__: str
    from bestand.bargain.cores import Concessions, Cores, concessions, cores
    from bestand.bargain.divisible import Division, divide
    from bestand.bargain.frontier import Frontier, frontier, frontier_of
    from bestand.bargain.joint import Joint, joint
    from bestand.bargain.offers import Offers, RiskThresholds, offers, risk_thresholds
    from bestand.bargain.outcomes import Agreements, agreements
    from bestand.bargain.payments import Payments, payments
    from bestand.bargain.settle_by_solver import SolverSettlement, settle_by_solver
    from bestand.bargain.solutions import Settlement, settle
    from bestand.bargain.thresholds import Thresholds, thresholds
    from bestand.case.loaded import Case
    from bestand.case.read import catalogue, read, read_text, schema
    from bestand.case.write import write
    from bestand.changes.diff import Changes, diff
    from bestand.changes.earlier import EarlierVersion, earlier
    from bestand.checks.check import Findings, check
    from bestand.drafting.accept import Accepted, accept
    from bestand.drafting.draft import draft
    from bestand.drafting.proposals import Proposals
    from bestand.errors import AskError, BestandError, CaseError, EvidenceError, GraphError
    from bestand.evidence.counts import Counts, counts
    from bestand.evidence.records import read_counts, read_spells
    from bestand.evidence.spells import Spells, spells
    from bestand.exchange.notes import Carried
    from bestand.exchange.reading import import_
    from bestand.exchange.writing import export
    from bestand.explore.boxes import Boxes, boxes
    from bestand.explore.choosing import Choices, Information, choices, information
    from bestand.explore.crossings import Crossings, crossings
    from bestand.explore.indices import Indices, Ranks, indices, ranks
    from bestand.explore.outside import answers_at, to_ema, to_salib
    from bestand.explore.shares import Shares, shares
    from bestand.explore.space import Space, space, vary
    from bestand.explore.sweep import Sweep, read_sweep, sweep
    from bestand.explore.task import Measure
    from bestand.explore.tipping import Tips, tipping
    from bestand.explore.tree import Tree, tree
    from bestand.graph.budget import Budget
    from bestand.graph.conflict import Conflict, conflict, conflict_of
    from bestand.graph.model import Graph, Worth
    from bestand.history.backtest import Backtest, backtest
    from bestand.history.base_rates import BaseRates, base_rates
    from bestand.history.classes import ReferenceClasses, reference_classes
    from bestand.history.combined import Combined, combine
    from bestand.history.count_fits import simulate_counts
    from bestand.history.cox import Cox, cox
    from bestand.history.violations import ForecastScores, Violations, forecast_scores, violations
    from bestand.negotiate.coalitions import Coalitions, coalitions
    from bestand.negotiate.inverse import Inverse, inverse
    from bestand.negotiate.paths import Paths, paths
    from bestand.negotiate.relations import Degrees
    from bestand.negotiate.stability import Stability, stability
    from bestand.negotiate.strength import Strength, strength
    from bestand.negotiate.unknown import unknown
    from bestand.negotiate.unlock import Unlocks, unlock
    from bestand.negotiate.why import Witness, why
    from bestand.play.horizon import Play
    from bestand.play.survival import Survival, survival_under
    from bestand.report.brief import Brief, brief
    from bestand.report.page import Page, report
    from bestand.stationary.certificate import Certificate, certificate
    from bestand.stationary.equilibrium import Equilibrium
    from bestand.study.by_source import BySource, by_source
    from bestand.study.compare import Comparison, compare
    from bestand.study.everything import Study
    from bestand.study.flips import Flips, flips
    from bestand.study.forecast import DatedForecast, forecast, read_forecast
    from bestand.study.indicators import Indicators, indicators
    from bestand.study.measures import measure
    from bestand.study.posterior import Posterior, posterior
    from bestand.study.red_team import RedTeam, red_team
    from bestand.study.scenarios import Scenarios, scenarios
    from bestand.study.scores import Scores, score_forecast
    from bestand.study.sensitivity import Sensitivity, sensitivity
    from bestand.study.stages import study
    from bestand.study.turns import Turns, turns
    from bestand.truce.ahead import equilibrium, play
    from bestand.truce.postures import Postures, postures
    from bestand.truce.strategies import Strategies, strategies
    from bestand.truce.survival import survival
    from bestand.truce.withdrawal import Withdrawal, withdrawal

_NAMES = {
    "bestand.case.read": "read read_text catalogue schema",
    "bestand.exchange.reading": "import_",
    "bestand.exchange.writing": "export",
    "bestand.exchange.notes": "Carried",
    "bestand.case.write": "write",
    "bestand.checks.check": "check Findings",
    "bestand.changes.diff": "diff Changes",
    "bestand.changes.earlier": "earlier EarlierVersion",
    "bestand.case.loaded": "Case",
    "bestand.errors": "BestandError CaseError EvidenceError GraphError AskError",
    "bestand.graph.conflict": "conflict conflict_of Conflict",
    "bestand.graph.model": "Graph Worth",
    "bestand.negotiate.stability": "stability Stability",
    "bestand.negotiate.why": "why Witness",
    "bestand.negotiate.paths": "paths Paths",
    "bestand.negotiate.unlock": "unlock Unlocks",
    "bestand.negotiate.coalitions": "coalitions Coalitions",
    "bestand.negotiate.inverse": "inverse Inverse",
    "bestand.negotiate.unknown": "unknown",
    "bestand.negotiate.strength": "strength Strength",
    "bestand.bargain.outcomes": "agreements Agreements",
    "bestand.bargain.cores": "cores Cores concessions Concessions",
    "bestand.bargain.frontier": "frontier Frontier frontier_of",
    "bestand.bargain.solutions": "settle Settlement",
    "bestand.bargain.payments": "payments Payments",
    "bestand.bargain.settle_by_solver": "settle_by_solver SolverSettlement",
    "bestand.bargain.joint": "joint Joint",
    "bestand.bargain.offers": "offers risk_thresholds Offers RiskThresholds",
    "bestand.bargain.divisible": "divide Division",
    "bestand.bargain.thresholds": "thresholds Thresholds",
    "bestand.play.horizon": "Play",
    "bestand.play.survival": "survival_under Survival",
    "bestand.stationary.equilibrium": "Equilibrium",
    "bestand.stationary.certificate": "certificate Certificate",
    "bestand.truce.ahead": "play equilibrium",
    "bestand.truce.survival": "survival",
    "bestand.truce.postures": "postures Postures",
    "bestand.truce.withdrawal": "withdrawal Withdrawal",
    "bestand.truce.strategies": "strategies Strategies",
    "bestand.history.base_rates": "base_rates BaseRates",
    "bestand.history.violations": "violations forecast_scores ForecastScores Violations",
    "bestand.history.combined": "combine Combined",
    "bestand.study.flips": "flips Flips",
    "bestand.study.by_source": "by_source BySource",
    "bestand.study.compare": "compare Comparison",
    "bestand.study.turns": "turns Turns",
    "bestand.study.red_team": "red_team RedTeam",
    "bestand.study.stages": "study",
    "bestand.study.everything": "Study",
    "bestand.study.sensitivity": "sensitivity Sensitivity",
    "bestand.report.page": "report Page",
    "bestand.history.backtest": "backtest Backtest",
    "bestand.history.cox": "cox Cox",
    "bestand.history.classes": "reference_classes ReferenceClasses",
    "bestand.evidence.records": "read_spells read_counts",
    "bestand.history.count_fits": "simulate_counts",
    "bestand.evidence.counts": "counts Counts",
    "bestand.evidence.spells": "spells Spells",
    "bestand.drafting.draft": "draft",
    "bestand.drafting.accept": "accept Accepted",
    "bestand.graph.budget": "Budget",
    "bestand.explore.space": "space vary Space",
    "bestand.explore.sweep": "sweep read_sweep Sweep",
    "bestand.explore.task": "Measure",
    "bestand.explore.shares": "shares Shares",
    "bestand.explore.indices": "indices Indices ranks Ranks",
    "bestand.explore.boxes": "boxes Boxes",
    "bestand.explore.tree": "tree Tree",
    "bestand.explore.choosing": "choices Choices information Information",
    "bestand.explore.tipping": "tipping Tips",
    "bestand.explore.crossings": "crossings Crossings",
    "bestand.explore.outside": "to_salib to_ema answers_at",
    "bestand.study.measures": "measure",
    "bestand.study.scores": "score_forecast Scores",
    "bestand.study.scenarios": "scenarios Scenarios",
    "bestand.study.indicators": "indicators Indicators",
    "bestand.study.forecast": "read_forecast forecast DatedForecast",
    "bestand.study.posterior": "posterior Posterior",
    "bestand.report.brief": "brief Brief",
    "bestand.drafting.proposals": "Proposals",
    "bestand.negotiate.relations": "Degrees",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "Accepted", "Agreements", "AskError", "Backtest", "BaseRates", "BestandError", "Boxes", "Brief", "Budget", "BySource", "Carried", "Case",
    "CaseError", "Certificate", "Changes", "Choices", "Coalitions", "Combined", "Comparison", "Concessions", "Conflict", "Cores", "Counts",
    "Cox", "Crossings", "DatedForecast", "Degrees", "Division", "EarlierVersion", "Equilibrium", "EvidenceError", "Findings", "Flips",
    "ForecastScores", "Frontier", "Graph", "GraphError", "Indicators", "Indices", "Information", "Inverse", "Joint", "Measure", "Offers", "Page",
    "Paths", "Payments", "Play", "Posterior", "Postures", "Proposals", "Ranks", "RedTeam", "ReferenceClasses", "RiskThresholds", "Scenarios",
    "Scores", "Sensitivity", "Settlement", "Shares", "SolverSettlement", "Space", "Spells", "Stability", "Strategies", "Strength", "Study",
    "Survival", "Sweep", "Thresholds", "Tips", "Tree", "Turns", "Unlocks", "Violations", "Withdrawal", "Witness", "Worth", "accept",
    "agreements", "answers_at", "backtest", "base_rates", "boxes", "brief", "by_source", "catalogue", "certificate", "check", "choices",
    "coalitions", "combine", "compare", "concessions", "conflict", "conflict_of", "cores", "counts", "cox", "crossings", "diff", "divide",
    "draft", "earlier", "equilibrium", "export", "flips", "forecast", "forecast_scores", "frontier", "frontier_of", "import_", "indicators",
    "indices", "information", "inverse", "joint", "measure", "offers", "paths", "payments", "play", "posterior", "postures", "ranks", "read",
    "read_counts", "read_forecast", "read_spells", "read_sweep", "read_text", "red_team", "reference_classes", "report", "risk_thresholds",
    "scenarios", "schema", "score_forecast", "sensitivity", "settle", "settle_by_solver", "shares", "simulate_counts", "space", "spells",
    "stability", "strategies", "strength", "study", "survival", "survival_under", "sweep", "thresholds", "tipping", "to_ema", "to_salib", "tree",
    "turns", "unknown", "unlock", "vary", "violations", "why", "withdrawal", "write",
]  # fmt: skip


def _drawn(result: Shown, language: str) -> str | None:
    """The picture of a result; the room of pictures is loaded when the first is asked for."""
    return import_module("bestand.draw.results").picture_of(result, language)


DRAWN_BY.append(_drawn)


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first asked for: `import bestand` stays quick."""
    if name == "__version__":
        return _version()
    if name in GOING:
        return _going(name)
    if name not in _HOME:
        raise AttributeError(f"module 'bestand' has no attribute '{name}'")
    public = getattr(import_module(_HOME[name]), name)
    if isinstance(public, FunctionType):
        from bestand.arguments import checked

        public = checked(public)
    globals()[name] = public
    return public


GOING: dict[str, tuple[str, str]] = {}
"""Names on their way out: what takes their place, and the version that no longer has them. See docs/reference/versioning.md."""


def _going(name: str) -> object:
    """What an older name stands for, with a warning at the line that used it."""
    import warnings

    newer, until = GOING[name]
    warnings.warn(f"bestand.{name} goes with version {until}: use bestand.{newer}", DeprecationWarning, stacklevel=3)
    return __getattr__(newer)


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
