"""From a written account of a conflict to an executable model: where it can rest, why, and what that leans on."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestand.carrying import carrying
    from bestand.case.check import check
    from bestand.case.diff import diff
    from bestand.case.read import catalogue, read, read_text, schema
    from bestand.case.write import write
    from bestand.graph.build import build
    from bestand.graph.worth import worth
    from bestand.negotiate.inverse import inverse
    from bestand.negotiate.paths import paths
    from bestand.negotiate.stability import stability
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
}

__all__ = [
    "build",
    "carrying",
    "catalogue",
    "check",
    "diff",
    "inverse",
    "paths",
    "read",
    "read_text",
    "report",
    "schema",
    "stability",
    "study",
    "unlock",
    "why",
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
