"""Writing a case: as it stands, or with some values changed; comments are kept, and a file is replaced whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bestand.case.loaded import Case
from bestand.errors import CaseError, Place, Problem


def write(case: Case, path: str | Path) -> None:
    """Writes the case's text to a file, atomically.

    Raises
    ------
    CaseError
        `case/cannot-write`.
    """
    write_text(case.text, Path(path))


def write_text(text: str, path: Path) -> None:
    """Writes a text file whole or not at all.

    Raises
    ------
    CaseError
        `case/cannot-write`.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        what = f"cannot be written: {getattr(error, 'strerror', None) or error}"
        raise CaseError(Problem("case/cannot-write", what, Place(str(path)))) from error


def edited(case: Case, edits: Mapping[str, object]) -> str:
    """The case's text with some values changed, by key path (``wants.ru[1].worth``); comments stay where they are.

    Raises
    ------
    CaseError
        `case/no-such-place`.

    >>> from bestand.case.read import read_text
    >>> case = read_text("bestand: 1  # first\\ntitle: T\\nparties: {a: {name: A}}\\n")
    >>> print(edited(case, {"title": "New"}).splitlines()[:2])
    ['bestand: 1  # first', 'title: New']
    """
    from ruamel.yaml import YAML

    editor = YAML(typ="rt")
    editor.version = (1, 2)
    editor.preserve_quotes = True
    editor.width = 4096
    document = editor.load(case.text)
    for at, value in edits.items():
        _put(document, at, value)
    out = io.StringIO()
    editor.version = None
    editor.dump(document, out)
    return out.getvalue()


def _put(document: object, at: str, value: object) -> None:
    *above, last = list(_keys(at))
    here = document
    try:
        for key in above:
            here = here[key]  # type: ignore[index]
        here[last] = value  # type: ignore[index]
    except (KeyError, IndexError, TypeError) as error:
        raise CaseError(Problem("case/no-such-place", f"the case has no '{at}'", hint="give a key path")) from error


def _keys(at: str) -> list[str | int]:
    """Keys of a path; levers have a dot in their own name."""
    found: list[str | int] = []
    for part in at.replace("[", ".[").split("."):
        if part.startswith("["):
            found.append(int(part[1:-1]))
        elif len(found) == 2 and found[0] == "levers" and isinstance(found[1], str) and "." not in found[1]:
            found[1] = f"{found[1]}.{part}"
        else:
            found.append(part)
    return found
