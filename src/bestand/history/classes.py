"""Classes of past ceasefires that come with the program, as points of their survival curves with source and caution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bestand.errors import AskError, Problem, did_you_mean
from bestand.history.fits import TwoTypes
from bestand.show import Cell, Shown, Table

FORTNA = "V. P. Fortna, Does Peacekeeping Work?, Princeton 2008"
INTERSTATE = (
    "wars: Correlates of War (Sarkees & Wayman 2010) by way of peacesciencer (Miller 2022); "
    "acts: Militarized Interstate Events 1.0 (Gibler & Miller)"
)
ETHPRIO = "ETH/PRIO Civil Conflict Ceasefire Dataset, Clayton et al. 2022, doi 10.1177/00220027221129195"
YEARS = (14 / 365.25, 90 / 365.25, 1.0, 2.0, 5.0, 10.0)
"""Times of the points: 14 days, 90 days, 1, 2, 5 and 10 years."""

Posture = Literal["absent", "present", "mixed", "unknown"]
POSTURES: tuple[Posture, ...] = ("absent", "present", "mixed", "unknown")
"""Whether peacekeepers guarded the ceasefires of a class: none, all, some of them, or it is not recorded."""

Breakdown = Literal["forcible act", "fatal clash", "war", "failure", "unknown"]
BREAKDOWNS: tuple[Breakdown, ...] = ("forcible act", "fatal clash", "war", "failure", "unknown")
"""What ends a ceasefire of a class: the first forcible act, the first fatal clash, war again, or the coders' verdict."""

COLUMNS = ("n", "ended", "1 year", "2 years", "5 years", "ends by", "guarded")
Points = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Aggregated facts about one class of past ceasefires.

    points  : Kaplan-Meier share still in force with its 95 % interval, at each of `YEARS`
    types   : the most likely mixture of fragile and firm; `mixed` its shares with bootstrap intervals, at `YEARS`
    caution : what the numbers do not show
    """

    name: str
    what: str
    posture: Posture
    breakdown: Breakdown
    n: int
    n_ended: int
    points: Points
    types: TwoTypes
    mixed: Points
    source: str
    caution: str


@dataclass(frozen=True, slots=True, repr=False)
class ReferenceClasses(Shown):
    """The classes that come with the program."""

    classes: tuple[ReferenceClass, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names by which `base_rates` knows them."""
        return tuple(one.name for one in self.classes)

    def table(self) -> Table:
        """One class a row, with its citation and caution."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (one.name, one.what, one.n, one.n_ended, *_shares(one), one.breakdown, one.posture, one.source, one.caution)
            for one in self.classes
        )
        return Table("Classes of past ceasefires", ("class", "what", *COLUMNS, "source", "caution"), rows)

    def overview(self) -> Table:
        """The classes in few columns; notes say what each is, with its caution and source."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (one.name, one.n, one.n_ended, *_shares(one), one.breakdown, one.posture) for one in self.classes
        )
        notes = tuple(f"{one.name}: {one.what}. {one.caution}. {one.source}" for one in self.classes)
        return Table("Classes of past ceasefires", ("class", *COLUMNS), rows, notes)

    def __str__(self) -> str:
        return str(self.overview())


def _shares(one: ReferenceClass) -> tuple[float, ...]:
    return tuple(one.points[k][0] for k in (2, 3, 4))


def posture_in(given: str) -> Posture:
    """One of `POSTURES`.

    Raises
    ------
    AskError
        `history/unknown-posture`.
    """
    for posture in POSTURES:
        if posture == given:
            return posture
    raise AskError(Problem("history/unknown-posture", f"no posture '{given}' of a class", hint=did_you_mean(str(given), POSTURES)))


def breakdown_in(given: str) -> Breakdown:
    """One of `BREAKDOWNS`.

    Raises
    ------
    AskError
        `history/unknown-breakdown`.
    """
    for breakdown in BREAKDOWNS:
        if breakdown == given:
            return breakdown
    hint = did_you_mean(str(given), BREAKDOWNS)
    raise AskError(Problem("history/unknown-breakdown", f"no breakdown '{given}' of a ceasefire", hint=hint))


def reference_classes() -> ReferenceClasses:
    """Classes of past ceasefires that come with the program, with citations.

    >>> reference_classes().names[:2]
    ('interstate-war', 'interstate-fatal')
    """
    return ReferenceClasses(CLASSES)


CLASSES: tuple[ReferenceClass, ...] = (
    ReferenceClass(
        name="interstate-war", what="war again between two states after an interstate war, 1946-2003", posture="mixed", breakdown="war",
        n=57, n_ended=22,
        points=(
            (1.000, 0.937, 1.000), (1.000, 0.937, 1.000), (0.947, 0.845, 0.983),
            (0.929, 0.822, 0.973), (0.858, 0.735, 0.926), (0.768, 0.635, 0.858),
        ),
        types=TwoTypes(0.4419, 0.0777, 0, -108.278),
        mixed=(
            (0.999, 0.996, 0.999), (0.992, 0.978, 0.996), (0.967, 0.922, 0.982),
            (0.936, 0.864, 0.965), (0.858, 0.755, 0.919), (0.761, 0.657, 0.859),
        ),
        source=INTERSTATE, caution="war again within 30 days counts as the same war; pairs of one war are not independent",
    ),
    ReferenceClass(
        name="interstate-fatal", what="first fatal clash between two states after an interstate war, 1946-2003", posture="mixed",
        breakdown="fatal clash", n=57, n_ended=43,
        points=(
            (0.965, 0.867, 0.991), (0.825, 0.698, 0.902), (0.612, 0.472, 0.725),
            (0.468, 0.334, 0.591), (0.342, 0.222, 0.465), (0.288, 0.177, 0.409),
        ),
        types=TwoTypes(0.6592, 0.8199, 0.011769, -106.736),
        mixed=(
            (0.979, 0.965, 0.987), (0.878, 0.804, 0.923), (0.627, 0.497, 0.742),
            (0.461, 0.345, 0.600), (0.332, 0.209, 0.470), (0.303, 0.180, 0.431),
        ),
        source=INTERSTATE, caution="war again within 30 days counts as the same war; pairs of one war are not independent",
    ),
    ReferenceClass(
        name="interstate-force", what="first forcible act between two states after an interstate war, 1946-2003", posture="mixed",
        breakdown="forcible act", n=57, n_ended=46,
        points=(
            (0.930, 0.824, 0.973), (0.667, 0.529, 0.773), (0.436, 0.305, 0.560),
            (0.382, 0.256, 0.506), (0.309, 0.194, 0.431), (0.291, 0.179, 0.412),
        ),
        types=TwoTypes(0.6346, 2.0753, 0.02297, -89.318),
        mixed=(
            (0.951, 0.901, 0.970), (0.744, 0.584, 0.831), (0.437, 0.318, 0.574),
            (0.359, 0.244, 0.527), (0.326, 0.211, 0.465), (0.290, 0.188, 0.417),
        ),
        source=INTERSTATE, caution="war again within 30 days counts as the same war; pairs of one war are not independent",
    ),
    ReferenceClass(
        name="civil-alone", what="war again after a civil-war ceasefire of 1989-99 without peacekeepers", posture="absent", breakdown="war",
        n=59, n_ended=40,
        points=(
            (0.983, 0.886, 0.998), (0.797, 0.670, 0.879), (0.593, 0.457, 0.706),
            (0.525, 0.391, 0.643), (0.373, 0.252, 0.494), (0.314, 0.199, 0.436),
        ),
        types=TwoTypes(0.5837, 1.0272, 0.025553, -90.216),
        mixed=(
            (0.977, 0.939, 0.986), (0.867, 0.723, 0.916), (0.615, 0.477, 0.725),
            (0.470, 0.363, 0.602), (0.370, 0.248, 0.495), (0.322, 0.193, 0.441),
        ),
        source=FORTNA, caution="peacekeepers were not sent by chance; one failed ceasefire that the author's model leaves out is left out",
    ),
    ReferenceClass(
        name="civil-peacekeepers", what="war again after a civil-war ceasefire of 1989-99 with peacekeepers", posture="present",
        breakdown="war", n=36, n_ended=15,
        points=(
            (1.000, 0.903, 1.000), (0.972, 0.819, 0.996), (0.806, 0.635, 0.902),
            (0.694, 0.517, 0.818), (0.583, 0.407, 0.724), (0.583, 0.407, 0.724),
        ),
        types=TwoTypes(0.4184, 0.7107, 0, -44.237),
        mixed=(
            (0.989, 0.980, 0.994), (0.933, 0.887, 0.963), (0.787, 0.677, 0.875),
            (0.683, 0.552, 0.801), (0.594, 0.447, 0.751), (0.582, 0.440, 0.722),
        ),
        source=FORTNA, caution="an upper bound: a ceasefire that failed before peacekeepers came counts as one without them",
    ),
    ReferenceClass(
        name="ethprio-open", what="an open-ended ceasefire of two sides in a civil war fails, 1989-2020", posture="mixed",
        breakdown="failure", n=341, n_ended=201,
        points=(
            (0.807, 0.761, 0.846), (0.648, 0.593, 0.698), (0.412, 0.354, 0.469),
            (0.372, 0.314, 0.429), (0.345, 0.288, 0.404), (0.321, 0.263, 0.380),
        ),
        types=TwoTypes(0.6044, 3.3858, 0.019785, -240.483),
        mixed=(
            (0.926, 0.906, 0.941), (0.656, 0.598, 0.707), (0.408, 0.362, 0.464),
            (0.381, 0.326, 0.440), (0.358, 0.308, 0.413), (0.325, 0.271, 0.379),
        ),
        source=ETHPRIO, caution="selected: only the 341 of 697 whose end is known; read from a third-party copy",
    ),
)
