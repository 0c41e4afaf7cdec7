"""Where the proposals for a case wait: told without loading what reads and writes them."""

from __future__ import annotations

from pathlib import Path

from bestand.case.loaded import Case
from bestand.case.read import NAME_OF_FILE
from bestand.errors import DraftError, Problem


def file_of(case: Case | Path) -> Path:
    """The file of proposals of a case: proposals.yaml beside case.yaml, NAME.proposals.yaml beside NAME.yaml.

    Raises
    ------
    DraftError
        `draft/no-folder`: the case was read from a text and has no folder.
    """
    path = case if isinstance(case, Path) else case.path
    if path is None:
        raise DraftError(Problem("draft/no-folder", "this case lies in no folder", hint="write it to a file first"))
    return path.with_name("proposals.yaml" if path.name == NAME_OF_FILE else f"{path.stem}.proposals.yaml")
