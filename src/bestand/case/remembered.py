"""Answers that are kept for the last few things asked of: a study asks the same of one case again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Of = TypeVar("_Of")
_Answer = TypeVar("_Answer")


def remembered(most: int) -> Callable[[Callable[[_Of], _Answer]], Callable[[_Of], _Answer]]:
    """The same function of one thing that never changes, with its answers for the last few things kept; equal things are not the same.

    >>> sizes = remembered(2)(lambda listed: print("counted") or len(listed))
    >>> listed = [1, 2]
    >>> sizes(listed), sizes(listed)
    counted
    (2, 2)
    """

    def keeping(make: Callable[[_Of], _Answer]) -> Callable[[_Of], _Answer]:
        known: tuple[tuple[_Of, _Answer], ...] = ()

        @wraps(make)
        def asked(of: _Of) -> _Answer:
            nonlocal known
            for thing, answer in known:
                if thing is of:
                    return answer
            answer = make(of)
            known = ((of, answer), *known[: most - 1])
            return answer

        return asked

    return keeping
