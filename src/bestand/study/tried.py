"""A question that may have no answer for a case: one that cannot be asked never loses the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bestand.errors import BestandError

_Any = TypeVar("_Any")


def tried(chapter: str, failed: dict[str, str], ask: Callable[[], _Any]) -> _Any | None:
    """The answer for a chapter; None where the question cannot be asked of this case, and the code of why in `failed`."""
    try:
        return ask()
    except BestandError as error:
        failed[chapter] = error.code
        return None
