"""Tables as plain data, and how a result shows itself in a terminal and in a notebook."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import FunctionType
from typing import Any, ClassVar

from bestand.arguments import checked
from bestand.extras import optional

Cell = str | int | float | bool | None


MONTH, WEEK = 365.25 / 12, 7  # days
HOURS_OF_DAY = 24
ROWS_OF_A_PAGE = 60  # of a result that is typed or printed; its table has all
IN_A_MONTH = {"hours": MONTH * HOURS_OF_DAY, "days": MONTH, "weeks": MONTH / WEEK, "months": 1.0}  # units in which times are told
ABOUT = 0.02  # of a unit: so near to a whole number of them is a whole number


class Portion(float):
    """A chance, or a share of draws, in a table: told in percent to a tenth, and as less, or as nearly all, where it is beyond that."""

    decimals: ClassVar[int] = 3


class Hundredths(Portion):
    """A chance that is known no closer than to a hundredth."""

    decimals: ClassVar[int] = 2


class Tenths(Portion):
    """A chance that is known no closer than to a tenth."""

    decimals: ClassVar[int] = 1


class Percent(float):
    """A part of something in percent: told to three digits, and as less than a millionth where it is smaller than that."""


class Times(float):
    """What odds are multiplied by: beyond a thousand, either way, it rests on chances that are smaller than what play is exact to."""


def spaced(name: str) -> str:
    """A code name as words, for what the case gives no label.

    >>> spaced("four_provinces")
    'four provinces'
    """
    return name.replace("_", " ")


def time_that_fits(months: float) -> tuple[str, str]:
    """A time in the unit in which a person would tell it, with two figures: the number, and `hours`, `days`, `weeks` or `months`.

    Whole months, and three or more, are months; whole weeks from two on are weeks; two days and more are days, and less are hours.

    >>> [" ".join(time_that_fits(months)) for months in (6, 1, 14 / MONTH, 0.15332, 0.03, 0.001)]
    ['6 months', '1 months', '2 weeks', '4.7 days', '22 hours', '0.73 hours']
    """
    days = months * MONTH
    weeks = days / WEEK
    if months >= 3 - ABOUT or (round(months) and abs(months - round(months)) < ABOUT):
        return _in_figures(months), "months"
    if round(weeks) > 1 and abs(weeks - round(weeks)) < ABOUT:
        return str(round(weeks)), "weeks"
    return (_in_figures(days), "days") if days >= 2 - ABOUT else (_in_figures(days * HOURS_OF_DAY), "hours")


def _in_figures(number: float) -> str:
    return str(round(number)) if number >= 10 or abs(number - round(number)) < ABOUT < number else f"{number:.2g}"


def time_told(months: float) -> str:
    """A time in the unit that fits, in English; tables count one as one by themselves.

    >>> time_told(0.5), time_told(24)
    ('15 days', '24 months')
    """
    return " ".join(time_that_fits(months))


@dataclass(frozen=True, slots=True)
class Blank:
    """What fills a blank of a phrase: as it is told, or the words that go with its count.

    A blank may give those words, for one and for any other count, or for none, one and any other; # in them is the count.

    >>> "{n} {n:state rests|states rest}".format(n=Blank("1")), "{n:none|one|# states}".format(n=Blank("12"))
    ('1 state rests', '12 states')
    """

    told: str

    def __format__(self, forms: str) -> str:
        several = forms.split("|")
        if len(several) < 2:
            return self.told
        here = {"0": 0 if len(several) > 2 else -1, "1": len(several) - 2}.get(self.told, -1)
        return several[here].replace("#", self.told)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns, with a title and notes; the one form in which results are shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        cells = [[cell_text(cell) for cell in row] for row in self.rows]
        width = [max((len(row[k]) for row in [list(self.columns), *cells]), default=0) for k in range(len(self.columns))]
        lines = [
            "  ".join(text.ljust(width[k]) for k, text in enumerate(row)).rstrip() for row in [list(self.columns), *cells]
        ]
        rule = "  ".join("-" * w for w in width)
        body = [lines[0], rule, *lines[1:]] if self.columns and self.rows else []  # no head without a row
        return legible("\n".join([*([self.title] if self.title else []), *body, *self.notes]))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell_text(cell))}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        caption = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def to_pandas(self) -> object:
        """The rows as a data frame (pandas.DataFrame); the title and the notes stand under `attrs`.

        Raises
        ------
        AskError
            `export/no-pandas` where pandas is not installed.
        """
        pandas = optional("pandas", extra="notebook", code="export/no-pandas", what="a data frame")
        frame = pandas.DataFrame.from_records([list(row) for row in self.rows], columns=list(self.columns))
        frame.attrs.update(title=self.title, notes=list(self.notes))
        return frame

    def records(self) -> list[dict[str, Cell]]:
        """The rows as mappings from column to cell, for JSON, CSV and data frames."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


DRAWN_BY: list[Callable[[Shown, str], str | None]] = []
"""What draws results: the package puts it here as it is loaded, since nothing that is shown may know the room of pictures."""


class Fixed:
    """A frozen dataclass whose arrays cannot be written either, since others may rest on the same; two are compared by what they hold."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """Puts its comparison and hash before a dataclass makes its own, which arrays fail."""
        super().__init_subclass__()
        for name in ("__eq__", "__hash__"):
            if vars(cls).get(name) is None:
                setattr(cls, name, getattr(Fixed, name))

    def __post_init__(self) -> None:
        """Puts views that cannot be written in place of arrays that can; whoever handed one in may go on writing to it."""
        for name in getattr(self, "__dataclass_fields__", ()):
            array = getattr(self, name)
            if getattr(getattr(array, "flags", None), "writeable", False):
                array = array.view()
                array.flags.writeable = False
                object.__setattr__(self, name, array)

    def __eq__(self, other: object) -> bool:
        """Whether both are results of one kind that hold the same, number by number."""
        return self is other or _holds_alike(self, other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        """Alike for results that hold the same: of their words alone, as arrays and mappings have none, and 1 is 1.0 of any type."""
        held = (getattr(self, name) for name in _compared(self))
        return hash((type(self).__name__, *(each for each in held if isinstance(each, str))))


def same_value(one: object, other: object) -> bool:
    """Whether two values hold the same: arrays and what results are made of too, of which `==` gives no single answer; nan is as nan.

    >>> same_value({"a": (1.0, float("nan"))}, {"a": (1.0, float("nan"))}), same_value((1, 2), (1, 3))
    (True, False)
    """
    if one is other:
        return True
    if hasattr(one, "dtype") and hasattr(other, "dtype"):
        return _arrays_alike(one, other)
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if type(one) is not type(other):
        return bool(one == other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(each, other[key]) for key, each in one.items())
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if is_dataclass(one) and not isinstance(one, Fixed):
        return _holds_alike(one, other)
    return bool(one == other)


def _arrays_alike(one: Any, other: Any) -> bool:
    if one.shape != other.shape:
        return False
    if hasattr(one, "nnz"):  # a sparse one
        return not (one != other).nnz
    return bool(((one == other) | ((one != one) & (other != other))).all())  # noqa: PLR0124 - what is not itself is nan


def _holds_alike(one: object, other: object) -> bool:
    return all(same_value(getattr(one, name), getattr(other, name)) for name in _compared(one))


def _compared(result: object) -> Iterator[str]:
    """Names of the fields by which results are compared."""
    return (each.name for each in fields(result) if each.compare)  # type: ignore[arg-type]


class Shown(Fixed):
    """What every result shares: `table()` gives its data; text and HTML follow from it."""

    __slots__ = ()
    asked_in_loops: ClassVar[frozenset[str]] = frozenset()
    """Methods that check for themselves what they are asked, since engines ask them thousands of times."""

    def __init_subclass__(cls) -> None:
        """What a result is asked is checked as what a public function is asked."""
        super().__init_subclass__()
        for name, method in list(vars(cls).items()):
            asked = isinstance(method, FunctionType) and name[0] != "_" and name not in cls.asked_in_loops
            if asked and set(method.__annotations__) - {"return"} and not hasattr(method, "__wrapped__"):
                setattr(cls, name, checked(method))

    def table(self) -> Table:
        """The result as a table."""
        raise NotImplementedError

    def to_pandas(self) -> object:
        """The result as a data frame (pandas.DataFrame): the rows of its table.

        Raises
        ------
        AskError
            `export/no-pandas` where pandas is not installed.
        """
        return self.table().to_pandas()

    @checked
    def picture(self, language: str = "en") -> str | None:
        """The result as a picture (SVG) in words of a language, where people would rather look; None where its table says it all."""
        return next((drawn for draw in DRAWN_BY for drawn in [draw(self, language)] if drawn is not None), None)

    def __str__(self) -> str:
        """The table, or a page of it: as many rows as one looks through."""
        return str(_page(self.table()))

    def __repr__(self) -> str:
        """The same, where a result is typed and not printed: its arrays would fill the screen."""
        return str(self)

    def _repr_html_(self) -> str:
        return _page(self.table())._repr_html_() + (self.picture() or "")


def _page(table: Table) -> Table:
    more = len(table.rows) - ROWS_OF_A_PAGE
    if more <= 0:
        return table
    told = f"{more:,} more {'row' if more == 1 else 'rows'}: its table() has all"
    return replace(table, rows=table.rows[:ROWS_OF_A_PAGE], notes=(told, *table.notes))


def cell_text(cell: Cell) -> str:
    """One cell as text: yes/no for truth, three significant digits for fractions, a blank for nothing.

    >>> cell_text(True), cell_text(0.12345), cell_text(None)
    ('yes', '0.123', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Portion):
        return _share(cell, cell.decimals)
    if isinstance(cell, Percent):
        return _percent(cell)
    if isinstance(cell, Times):
        return _times(cell)
    return _number(cell) if isinstance(cell, float) else printable(str(cell))


def _share(value: float, decimals: int = 3) -> str:
    """A chance for people, in percent as on the page; data have the fraction.

    >>> [_share(each) for each in (0.0, 3e-9, 0.04216, 1999 / 2000, 1.0, -2e-5)]
    ['0 %', '<0.1 %', '4.2 %', '>99.9 %', '100 %', '0 %']
    """
    least, behind = 10.0**-decimals, max(0, decimals - 2)
    if 0 < value < least / 2:
        return f"<{100 * least:.{behind}f} %"
    return f">{100 * (1 - least):.{behind}f} %" if 1 - least / 2 <= value < 1 else f"{_number(round(100 * value, decimals - 2) + 0.0)} %"


def _percent(value: float) -> str:
    """A part in percent for people, without powers of ten.

    >>> [_percent(each) for each in (0.0, 2.6e-12, 0.00012345, 12.345)]
    ['0', '<0.000001', '0.000123', '12.3']
    """
    if 0 < abs(value) < 1e-6:
        return "<0.000001"
    return _number(value) if abs(value) >= 1e-3 or value == 0 else f"{value:.6f}".rstrip("0")


def _times(value: float) -> str:
    """What odds are multiplied by, for people.

    >>> [_times(each) for each in (0.0, 0.159, 1.0, 999.0, 1.54e8, math.inf)]
    ['<0.001', '0.159', '1', '999', '>1,000', '>1,000']
    """
    return ">1,000" if value > 1000 else "<0.001" if value < 1e-3 else _number(value)


def _number(value: float) -> str:
    """A number for people: what is nothing but rounding is 0, what is no number is told so; powers of ten for what is minute or beyond a billion.

    >>> [_number(each) for each in (0.12345, 0.00001234, 12345.6, -1999.6, 999.6, 2e-9, 1e-13, 3e12)]
    ['0.123', '0.0000123', '12,300', '-2,000', '1,000', '2e-09', '0', '3e+12']
    """
    if math.isnan(value):
        return "–"
    size = abs(value)
    if size < 1e-12 or math.isinf(value):
        return "0" if size < 1 else f"{value}"
    if size >= 999.5:
        return f"{float(f'{value:.2e}'):,.0f}" if size < 1e9 else f"{value:.3g}"
    return f"{value:.3g}" if size >= 1e-4 or size < 1e-6 else f"{float(f'{value:.2e}'):.8f}".rstrip("0")


def printable(text: str) -> str:
    """A text that moves no cursor and turns no line round: control characters as their pictures, direction marks left out.

    >>> printable("a\\x1b[2Jb\\u202ec")
    'a␛[2Jbc'
    """
    return text.translate(_PICTURES)


def legible(text: str) -> str:
    """A text for people as `printable` gives it, in which words that run from right to left stand apart, so that they turn round nothing about them.

    >>> legible("\u05d7\u05d5\u05e3 (1)") == "\u2068\u05d7\u05d5\u05e3\u2069 (1)"
    True
    """
    told = printable(text)
    return told if told.isascii() else _RUN.sub(lambda run: f"\u2068{run[0]}\u2069", told)


LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"  # letters that run from right to left
_RUN = re.compile(f"[{LEFTWARD}]+(?:[ '’\"-][{LEFTWARD}]+)*")  # words with one sign between them: cells of a table have two blanks
_PICTURES = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
_PICTURES |= {0x7F: "␡"} | dict.fromkeys(range(0x80, 0xA0), "�")
_PICTURES |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C], "")
