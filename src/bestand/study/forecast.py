"""What will hold on given days, written down before: dated chances with the digest of the case, its version and seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

import numpy as np
from numpy.typing import NDArray

import bestand
from bestand.arguments import once_each
from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.errors import AskError, FileError, Place, Problem, short
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.history.base_rates import base_rates
from bestand.play.chain import after, today_mass
from bestand.show import MONTH, Cell, Hundredths, Shown, Table, Tenths
from bestand.study.basis import levers_nobody_minds
from bestand.study.indicators import MOST_MONTHS, PLAYED, checked_time, levers_behind, odds_today, share_of
from bestand.study.posterior import PresentVersions, present_versions
from bestand.study.record import day_in
from bestand.study.versions import AHEAD, playable

Floats = NDArray[np.float64]
FORMAT = 1
MONTHS = (1.0, 3.0, 6.0)
CLOSELY = 0.02  # where more than this of the chance was left out, or nobody knows how much, chances are told in tenths
MOST_DATES = 24  # days of one forecast
MOST_QUESTIONS = 20_000  # of one forecast that is read
ODD = 1e-6  # by so much a chance may miss 0 or 1, and those of one question together 1


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """What a lever, or a term, stands at on a day.

    kind    : `lever` or `term`
    of      : its name
    on      : the day
    chances : setting (of a term: no, yes) → chance; they sum to 1
    """

    kind: str
    of: str
    on: date
    chances: Mapping[str, float]


@dataclass(frozen=True, slots=True, repr=False)
class DatedForecast(Shown):
    """Dated chances, as they were on one day.

    case, version, seed : digest of the case's file, version of the program, seed of draws
    as_of    : the day of the case; made_on, the day on which the forecast was written down (empty if not)
    now      : every lever of the case, as it stood
    terms    : every term of the case, as it was defined
    questions: one per lever of the view, and per term that varies, and day
    class_rate : for the truce, where it held: by day the share of a class of past truces that was still in force after so long
    basis    : what was asked, and with which chances of the parties' versions, in words
    left_out : chance of the versions that were not played, by which every chance may be off; None in files that do not say it
    """

    title: str
    case: str
    version: str
    seed: int
    as_of: date
    made_on: str
    now: Mapping[str, str]
    terms: Mapping[str, str]
    questions: tuple[ForecastQuestion, ...]
    class_rate: Mapping[str, float] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)
    left_out: float | None = None

    def table(self) -> Table:
        """One question a row, a day a column: the chance of each setting or term, as closely as what was left out allows."""
        told = Tenths if self.left_out is None or self.left_out > CLOSELY else Hundredths
        days = sorted({each.on for each in self.questions})
        of: dict[tuple[str, str], dict[date, float]] = {}
        for each in self.questions:
            for setting, chance in each.chances.items():
                if each.kind == "lever" or setting == "yes":
                    of.setdefault((each.of, setting if each.kind == "lever" else "holds"), {})[each.on] = chance
        rows: list[tuple[Cell, ...]] = [
            (name, setting, *(told(by_day[day]) if day in by_day else None for day in days)) for (name, setting), by_day in of.items()
        ]
        notes = (f"as of {self.as_of}; chances of standing so on the day, in this model", *(f"{name}: {what}" for name, what in self.basis.items()))
        return Table(f"What will hold: {self.title}", ("what", "stands at", *(day.isoformat() for day in days)), tuple(rows), notes)

    def said(self) -> dict[str, object]:
        """All that the forecast says, as it is written down; its digest is of this."""
        return {
            "bestand_forecast": FORMAT, "title": self.title, "case": self.case, "version": self.version, "seed": self.seed,
            "as_of": self.as_of.isoformat(), "made_on": self.made_on, "now": dict(self.now), "terms": dict(self.terms),
            "questions": [{"kind": q.kind, "of": q.of, "on": q.on.isoformat(), "chances": dict(q.chances)} for q in self.questions],
            "class_rate": dict(self.class_rate), "basis": dict(self.basis), **({} if self.left_out is None else {"left_out": self.left_out}),
        }  # fmt: skip

    def text(self) -> str:
        """The forecast as a file, with a digest of all that it says."""
        said = self.said()
        return json.dumps({**said, "digest": forecast_digest(said)}, ensure_ascii=False, indent=1) + "\n"


def forecast_digest(said: Mapping[str, object]) -> str:
    """The SHA-256 of what a forecast says, in the one way in which it is written plainly."""
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def forecast(
    conflict: Conflict | Case, *, months: Sequence[float] = MONTHS, ahead: float = AHEAD, made_on: str = "", budget: Budget | None = None
) -> DatedForecast:
    """Chances that each lever of the view stands at each setting, and that each term holds, on days so many months from `as_of`.

    months  : increasing, more than 0
    ahead   : months that everyone looks ahead
    made_on : the day on which this is written down; it stays in the file
    budget  : how long it may take

    From how things stand today, and where that is open from every state that may be the present one at once, as the odds have it; by
    the chain of each version of the parties, weighed by their chances now.

    Raises
    ------
    AskError, GraphError
        `study/no-day` where the case has no `as_of`; `study/bad-time`; those of `versions` and `record`.

    >>> from bestand import forecast, read
    >>> foretold = forecast(read("invented/mountain-road"), months=[1], ahead=1)
    >>> round(sum(row[2] for row in foretold.table().rows[:2]), 9)
    1.0
    """
    moments = _moments(months)
    usual = playable(ready(conflict).draw(1), ahead)
    case, today = usual.case, day_in(usual.case.file.as_of)
    if today is None:
        what = "the case does not say of which day it is, so that nothing can be foretold for a day"
        raise AskError(Problem("study/no-day", what, case.place("as_of"), "give `as_of` as year-month-day"))
    now = present_versions(usual, ahead=ahead, budget=share_of(budget, PLAYED))
    start = today_mass(usual)[:, None]
    masses, steps = [start for _ in now.chances], np.diff([0.0, *moments])
    questions: list[ForecastQuestion] = []
    widest: list[tuple[float, str]] = []
    for month, step in zip(moments, steps, strict=True):
        masses = [after(each.chain, mass, float(step)) for each, mass in zip(now.played.versions, masses, strict=True)]
        mass = np.asarray(sum(chance * each[:, 0] for chance, each in zip(now.chances, masses, strict=True)))
        on = today + timedelta(days=round(month * MONTH))
        questions += _asked(usual, mass / mass.sum(), on)
        widest.append(_widest(usual, now, masses, on))
    basis = {
        "view": usual.view or "every lever", "ahead": f"{ahead:g} months", "versions": str(len(now.chances)),
        "left out": f"{100 * (1 - now.played.played):.0f} % of the versions' chance", "after": "what was seen" if now.posterior else "nothing seen",
        **({"no want of who moves it": f"{', '.join(_unminded(usual))}; such chances say little"} if _unminded(usual) else {}),
        **({"left out, as they matter to nobody": ", ".join(levers_nobody_minds(usual))} if levers_nobody_minds(usual) else {}),
        **({"sizes of wants": f"not given: {now.played.n_sets} sets that agree with the order; {max(widest)[1]}"} if now.played.ordered else {}),
        **{f"odds of {lever} today": told for lever, told in odds_today(usual).items()},
    }  # fmt: skip
    terms = {name: term.that for name, term in case.file.terms.items()}
    return DatedForecast(
        title=str(case.file.title), case=case.digest, version=bestand.__version__, seed=usual.seed, as_of=today, made_on=made_on,
        now=dict(case.now), terms=terms, questions=tuple(questions), class_rate=_class_rate(usual, moments, today),
        basis={**basis, **{f"held {lever}": setting for lever, setting in usual.held.items()}}, left_out=max(0.0, 1.0 - now.played.played),
    )  # fmt: skip


def _moments(months: Sequence[float]) -> tuple[float, ...]:
    moments = tuple(checked_time("months", month, MOST_MONTHS) for month in months)
    days = [round(month * MONTH) for month in moments]
    if not moments or len(moments) > MOST_DATES or any(a >= b for a, b in zip([0, *days], days, strict=False)):
        what = f"months must be 1 to {MOST_DATES} increasing numbers, at least a day apart"
        raise AskError(Problem("study/bad-time", what, hint="such as [1, 3, 6]"))
    return moments


def _asked(conflict: Conflict, mass: np.ndarray[tuple[int], np.dtype[np.float64]], on: date) -> list[ForecastQuestion]:
    graph, questions, idle = conflict.graph, [], levers_nobody_minds(conflict)
    for lever, settings in zip(graph.levers, graph.settings, strict=True):
        if lever in idle:
            continue
        each = np.bincount(graph.digits(lever), mass, minlength=len(settings))
        chances = {setting: min(1.0, float(chance)) for setting, chance in zip(settings, each, strict=True)}
        questions.append(ForecastQuestion("lever", lever, on, chances))
    for term in conflict.case.terms:
        mask = conflict.where(term)
        if mask.any() and not mask.all():
            holds = min(1.0, float(mass[mask].sum()))  # what adding up leaves in the last digit is no chance
            questions.append(ForecastQuestion("term", term, on, {"no": 1.0 - holds, "yes": holds}))
    return questions


def _unminded(conflict: Conflict) -> tuple[str, ...]:
    """Levers of the view that others mind, and no want of the party that moves them: it moves them as a coin falls."""
    case, idle = conflict.case, levers_nobody_minds(conflict)
    own = {party: {name for wants in case.wants(party).values() for want in wants for name in levers_behind(conflict, want.that)}
           for party in conflict.parties if not case.file.parties[party].chance}  # fmt: skip
    return tuple(lever for lever in conflict.graph.levers if lever not in idle and lever not in own.get(party_of(lever), {lever}))


def _widest(conflict: Conflict, now: PresentVersions, masses: Sequence[Floats], on: date) -> tuple[float, str]:
    """What hangs most on sizes that nobody gave, on one day: by how much, and that in words."""
    each = [_asked(conflict, mass[:, 0] / mass.sum(), on) for mass in masses]
    apart = []
    for asked in zip(*each, strict=True):
        for setting in asked[0].chances:
            low, high = now.played.over_sizes(now.chances, np.array([one.chances[setting] for one in asked])) or (0.0, 0.0)
            apart.append((high - low, f"that of {asked[0].of}={setting} on {on} lies between {100 * low:.0f} % and {100 * high:.0f} % over these"))
    return max(apart, default=(0.0, ""))


def _class_rate(conflict: Conflict, months: Sequence[float], today: date) -> dict[str, float]:
    """By day the share of past truces of the case's class still in force after so long, where the truce holds now."""
    about = conflict.case.file.deterrence
    if about is None or about.past is None or not conflict.where(about.truce)[conflict.now]:
        return {}
    try:
        share = base_rates(about.past.reference).survival(np.array(months) / 12)[0]
    except AskError:  # the class says nothing of so early, or so late, a time
        return {}
    return {(today + timedelta(days=round(month * MONTH))).isoformat(): float(each) for month, each in zip(months, share, strict=True)}


def read_forecast(text: str, *, name: str = "forecast") -> DatedForecast:
    """A forecast that was written down, unchanged since.

    The digest is checked over what was read, written down anew: nothing else in the file can be scored.

    Raises
    ------
    FileError
        `study/bad-forecast` where it is none; `study/forecast-changed` where its digest is not that of what it says.

    >>> from bestand import read
    >>> foretold = forecast(read("invented/mountain-road"), months=[1], ahead=1)
    >>> read_forecast(foretold.text()).table().rows == foretold.table().rows
    True
    """
    try:
        said = json.loads(text, object_pairs_hook=once_each)
        stated = said.pop("digest") if isinstance(said, dict) else None
        if not isinstance(said, dict) or said.get("bestand_forecast") != FORMAT:
            raise _bad("this is no forecast of format 1", name)
        made = _forecast(said) if stated == forecast_digest(said) else None
        if made is None or stated != forecast_digest(made.said()):
            what = "the forecast is not what was written down: its digest is that of another text"
            raise FileError(Problem("study/forecast-changed", what, Place(name), "score the file as it was frozen"))
        return made
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _bad(f"the forecast cannot be read: {short(str(error))}", name) from error


def _bad(what: str, name: str) -> FileError:
    return FileError(Problem("study/bad-forecast", what, Place(name), "give a file that `bestand forecast --freeze` wrote"))


def _forecast(said: Mapping[str, object]) -> DatedForecast:
    given = cast("list[dict[str, object]]", said["questions"])
    if len(given) > MOST_QUESTIONS:
        raise ValueError(f"more than {MOST_QUESTIONS:,} questions")
    rate = {str(day): _chance(chance) for day, chance in _mapping(said["class_rate"]).items()}
    return DatedForecast(
        title=str(said["title"]), case=str(said["case"]), version=str(said["version"]), seed=int(cast("int", said["seed"])),
        as_of=date.fromisoformat(str(said["as_of"])), made_on=str(said["made_on"]), now=_names(said["now"]), terms=_names(said["terms"]),
        questions=tuple(map(_question, given)), class_rate=rate, basis=_names(said["basis"]),
        left_out=_chance(said["left_out"]) if "left_out" in said else None,
    )  # fmt: skip


def _mapping(given: object) -> Mapping[str, object]:
    if not isinstance(given, dict):
        raise TypeError("a list of names is expected")
    return given


def _names(given: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in _mapping(given).items()}


def _chance(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not -ODD <= given <= 1 + ODD:
        raise ValueError(f"{given!r} is no chance")
    return float(given)


def _question(given: Mapping[str, object]) -> ForecastQuestion:
    chances = {setting: _chance(chance) for setting, chance in _mapping(given["chances"]).items()}
    if abs(sum(chances.values()) - 1) > ODD or given["kind"] not in ("lever", "term"):
        raise ValueError(f"the chances of '{given['of']}' do not sum to 1")
    return ForecastQuestion(str(given["kind"]), str(given["of"]), date.fromisoformat(str(given["on"])), chances)
