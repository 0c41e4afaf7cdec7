"""JSON of strangers, within bounds."""

from __future__ import annotations

import json
from typing import Any

from bestand.errors import CaseError, Place, Problem

MOST_LETTERS = 20_000_000  # characters of a JSON file that is read


def json_in(text: str, name: str) -> Any:
    """The values of a JSON text; what is no number is refused.

    Raises
    ------
    CaseError
        `import/not-json`, `import/too-large`.

    >>> json_in('{"a": [1, 2]}', "file")
    {'a': [1, 2]}
    """
    if len(text) > MOST_LETTERS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_LETTERS:,} characters", Place(name), "is it the right file?"))
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise CaseError(Problem("import/not-json", f"this is not JSON: {error}", Place(name, line), "save it anew")) from error


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
