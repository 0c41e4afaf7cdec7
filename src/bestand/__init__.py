"""From a written account of a conflict to an executable model, and answers from it.

The public names, imported when they are first used, so that `import bestand` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_HOME = {
    "read": "bestand.case.read",
    "read_text": "bestand.case.read",
    "catalogue": "bestand.case.read",
    "schema": "bestand.case.read",
    "Case": "bestand.case.loaded",
    "write": "bestand.case.write",
    "edited": "bestand.case.write",
    "check": "bestand.case.check",
    "diff": "bestand.case.diff",
    "new": "bestand.case.template",
    "import_text": "bestand.case.imports",
    "to_annotations": "bestand.evidence.claim",
    "from_annotations": "bestand.evidence.claim",
    "build": "bestand.graph.build",
    "worth": "bestand.graph.worth",
    "Graph": "bestand.graph.model",
    "Worth": "bestand.graph.model",
    "stability": "bestand.negotiate.stability",
    "why": "bestand.negotiate.why",
    "paths": "bestand.negotiate.paths",
    "study": "bestand.study",
    "report": "bestand.report.page",
    "BestandError": "bestand.errors",
}

__all__ = list(_HOME)


class _Package(ModuleType):
    """The package, whose functions `study` and `report` are not hidden by the modules of the same names."""

    @property
    def study(self) -> object:
        return _public("study")

    @study.setter
    def study(self, module: object) -> None: ...  # the import of a submodule sets it; the function stays

    @property
    def report(self) -> object:
        return _public("report")

    @report.setter
    def report(self, module: object) -> None: ...


def _public(name: str) -> object:
    return getattr(import_module(_HOME[name]), name)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'bestand' has no attribute '{name}'")
    return _public(name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])


sys.modules[__name__].__class__ = _Package
