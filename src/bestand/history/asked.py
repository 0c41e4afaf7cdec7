"""Numbers that these questions are asked with: each within its bounds, or refused in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem


def numbers_in(given: ArrayLike, what: str) -> NDArray[np.float64]:
    """The numbers given, as an array of their shape.

    Raises
    ------
    AskError
        `history/bad-number` where one is no number.
    """
    try:
        if not np.iscomplexobj(given) and not isinstance(given, bool | np.bool_):  # yes or no would count as 1 or 0
            return np.asarray(given, np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise AskError(Problem("history/bad-number", f"{what}: not a number: {str(given)[:60]}", hint="give numbers"))


def years_in(given: ArrayLike, *, least: float) -> NDArray[np.float64]:
    """Years, at least `least` and at most a thousand.

    Raises
    ------
    AskError
        `history/bad-number`.
    """
    years = numbers_in(given, "years")
    if years.ndim > 1 or not years.size or not np.all(np.isfinite(years) & (years >= least) & (years <= 1000)):
        what = f"years must be finite, at least {least:g} and at most 1,000"
        raise AskError(Problem("history/bad-number", what, hint="give one year or more, such as 1, 2, 5"))
    return years


def number_in(given: float, what: str, *, least: float, most: float, open_: bool = False) -> float:
    """One number from `least` to `most`; without the two ends where `open_`.

    Raises
    ------
    AskError
        `history/bad-number`.

    >>> number_in(0.99, "level", least=0, most=1, open_=True)
    0.99
    """
    number = numbers_in(given, what)
    inside = least < number < most if open_ and number.size == 1 else number.size == 1 and least <= number <= most
    if not inside:
        bounds = f"between {least:g} and {most:,g}" if open_ else f"from {least:g} to {most:,g}"
        raise AskError(Problem("history/bad-number", f"{what}: {str(given)[:40]} will not do", hint=f"a number {bounds}"))
    return float(number.reshape(()))


def whole_in(given: int, what: str, *, least: int, most: int) -> int:
    """One whole number from `least` to `most`.

    Raises
    ------
    AskError
        `history/bad-number`.

    >>> whole_in(3, "periods", least=1, most=100)
    3
    """
    number = numbers_in(given, what)
    if number.size != 1 or not least <= number <= most or number != np.round(number):
        raise AskError(Problem("history/bad-number", f"{what}: {str(given)[:40]} will not do", hint=f"a whole number from {least} to {most:,}"))
    return int(number)


def percent(share: float) -> str:
    """A share as people read it.

    >>> percent(0.593), percent(0.004), percent(2.64e-22), percent(0.9999), percent(1.0)
    ('59 %', '0.4 %', '<0.1 %', '>99.9 %', '100 %')
    """
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.999 < share < 1:
        return ">99.9 %"
    digits = 0 if share in (0, 1) or 0.0995 <= share < 0.9905 else 1
    return f"{100 * share:.{digits}f} %".replace(".0 %", " %")


def count_of_years(years: float) -> str:
    """So many years, in words.

    >>> count_of_years(1), count_of_years(2.5)
    ('1 year', '2.5 years')
    """
    return "1 year" if years == 1 else f"{years:g} years"
