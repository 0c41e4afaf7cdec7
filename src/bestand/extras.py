"""Optional packages: imported where they are needed, and named with the extra that brings them where they are not installed."""

from __future__ import annotations

import importlib
from types import ModuleType

from bestand.errors import AskError, Problem


def optional(module: str, *, extra: str, code: str, what: str) -> ModuleType:
    """A module of an optional package.

    extra : of this package, which brings it
    what  : that needs it, as the beginning of a sentence

    Raises
    ------
    AskError
        `code`, where it is not installed.

    >>> optional("json", extra="sweep", code="sweep/needs-extra", what="this").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise AskError(Problem(code, f"{what} needs the package {name}, which is not installed", hint=f'pip install "bestand[{extra}]"')) from error
