"""What was foretold against what was seen: log score and Brier score, beside naive forecasts, with an honest error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import named
from bestand.case.conditions import holds, names
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, short
from bestand.show import Cell, Shown, Table
from bestand.study.forecast import DatedForecast, ForecastQuestion
from bestand.study.record import day_in

SURE = 0.99  # what the naive forecast of no change gives to what stood; the rest is shared out among the other settings
LEAST = 1e-6  # of a chance, in a log score
MODELS = ("forecast", "no change", "even odds")
CLASS = "class rate"


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with what came: `came` is empty where that is not known, and `why` says why (`not due`, `undated`, `changed`, `gone`).

    log, brier : per model, of MODELS and, for the truce, the class rate; empty where not known
    """

    question: ForecastQuestion
    before: str
    came: str
    why: str
    log: Mapping[str, float]
    brier: Mapping[str, float]


@dataclass(frozen=True, slots=True, repr=False)
class Scores(Shown):
    """A forecast against what was seen.

    case_title : of the case that it is held against
    case_as_of : its day; None where it has none
    """

    forecast: DatedForecast
    case_title: str
    case_as_of: date | None
    scored: tuple[Scored, ...]

    @property
    def known(self) -> tuple[Scored, ...]:
        """Questions of which it is known what came."""
        return tuple(each for each in self.scored if not each.why)

    @property
    def n_changes(self) -> int:
        """Levers that stood otherwise than when the forecast was made, on some day asked about."""
        return len({each.question.of for each in self.known if each.question.kind == "lever" and each.came != each.before})

    def _scored_by(self, model: str) -> list[Scored]:
        """Known questions that a model answers."""
        named("model", model, (*MODELS, CLASS))
        return [each for each in self.known if model in each.log]

    def mean(self, model: str) -> tuple[float, float]:
        """Mean log score (larger is better) and Brier score (smaller is better) of a model, over the questions that it answers."""
        mine = self._scored_by(model)
        if not mine:
            return float("nan"), float("nan")
        return float(np.mean([each.log[model] for each in mine])), float(np.mean([each.brier[model] for each in mine]))

    def better(self, model: str) -> tuple[float, float]:
        """By how much the forecast's mean log score is above a model's, and its standard error over levers and terms; nan of fewer than two.

        Questions on one lever or term count together, since they are answered by the same course.
        """
        by: dict[str, list[float]] = {}
        for each in self._scored_by(model):
            by.setdefault(each.question.of, []).append(each.log["forecast"] - each.log[model])
        means = np.array([np.mean(part) for part in by.values()])
        if not means.size:
            return float("nan"), float("nan")
        error = float(means.std(ddof=1) / np.sqrt(means.size)) if means.size > 1 else float("nan")
        return float(means.mean()), error

    def table(self) -> Table:
        """One model a row."""
        models = (*MODELS, *((CLASS,) if any(CLASS in each.log for each in self.known) else ()))
        rows: list[tuple[Cell, ...]] = []
        for model in models:
            log, brier = self.mean(model)
            gain, error = self.better(model) if model != "forecast" else (None, None)
            rows.append((model, sum(model in each.log for each in self.known), log, brier, gain, error))
        columns = ("model", "questions", "log score", "Brier score", "forecast better by", "± error")
        return Table(f"Foretold and seen: {self.forecast.title}", columns, tuple(rows), self.notes())

    def notes(self) -> tuple[str, ...]:
        """What the scores rest on, in words."""
        told = [f"made of a case as of {self.forecast.as_of}, held against one as of {self.case_as_of or 'no day'}"]
        if self.case_title != self.forecast.title:
            told.append(f"the forecast is of “{self.forecast.title}”, the case is “{self.case_title}”: are they of one conflict?")
        told += [f"written down on {self.forecast.made_on}"] if self.forecast.made_on else []
        late = sum(self.forecast.made_on > each.question.on.isoformat() for each in self.known)
        told += [f"{late} questions are of days before it was written down: hindsight was possible"] if late else []
        things = len({each.question.of for each in self.known})
        told.append(f"{len(self.known)} questions on {things} levers and terms; {self.n_changes} levers changed")
        for why in ("not due", "undated", "changed", "gone"):
            n = sum(each.why == why for each in self.scored)
            told += [f"{n} questions are left out: {WHY[why]}"] if n else []
        told.append("log score: natural logarithm of the chance given to what came; Brier: half the sum of squares: for yes or no (p − o)²")
        told.append("questions hang together, so the error is too small if anything; few changes prove nothing")
        return tuple(told)

    def questions(self) -> Table:
        """One question a row: what came, and the chance that was given to it."""
        rows: list[tuple[Cell, ...]] = []
        for each in self.scored:
            came = each.came or f"({each.why})"
            told = each.question.chances.get(each.came) if each.came else None
            rows.append((each.question.of, each.question.on.isoformat(), each.before, came, told))
        return Table("Question by question", ("what", "on", "stood", "came", "chance given"), tuple(rows))


WHY = {
    "not due": "their day has not come in the case", "undated": "a lever stands otherwise now, and no observation says since when",
    "changed": "the term is defined otherwise now", "gone": "the case has the lever, setting or term no more",
}  # fmt: skip


def score_forecast(forecast: DatedForecast, case: Case) -> Scores:
    """Scores of a forecast against a later version of its case: what its observations say came by each day.

    A lever stands on a day where it was last seen to move to since the forecast was made, or where it stood then. Naive forecasts
    beside it: that nothing changes, even odds, and for a truce in force the rate of its class.

    Raises
    ------
    AskError
        `study/other-case` where the case has nothing of what was asked about.

    >>> from bestand import forecast, read, score_forecast
    >>> road = read("invented/mountain-road")
    >>> score_forecast(forecast(road, months=[1], ahead=1), road).notes()[2]
    '12 questions are left out: their day has not come in the case'
    """
    today = day_in(case.file.as_of)
    course = _Course(forecast, case, today)
    scored = tuple(_scored(question, forecast, course) for question in forecast.questions)
    if all(each.why in ("gone", "changed") for each in scored):
        title = short(str(case.file.title))
        what = f"the forecast is of another case, “{short(forecast.title)}”: this one, “{title}”, has nothing of what it asks about"
        raise AskError(Problem("study/other-case", what, hint="give a later version of the case that the forecast was made of"))
    return Scores(forecast, str(case.file.title), today, scored)


@dataclass(frozen=True, slots=True)
class _Course:
    """Where levers stood, from the day of a forecast on, as far as a later case says."""

    forecast: DatedForecast
    case: Case
    today: date | None

    def moves(self, lever: str) -> Iterator[tuple[str, str]]:
        """Days on which a lever was seen to take a setting since, in order."""
        since = self.forecast.as_of.isoformat()
        until = self.today.isoformat() if self.today else "9999-12-31"
        seen = [each for each in self.case.file.observations if each.lever == lever and since < each.on <= until]
        yield from sorted(((each.on, each.took) for each in seen if each.took is not None), key=lambda each: each[0])

    def why_not(self, levers: frozenset[str] | set[str], on: date) -> str:
        """Why it is not known where levers stood on a day; empty where it is."""
        if any(lever not in self.case.file.levers or lever not in self.forecast.now for lever in levers):
            return "gone"
        if self.today is None or on > self.today:
            return "not due"
        return "undated" if any(self.at(lever, self.today) != self.case.now[lever] for lever in levers) else ""

    def at(self, lever: str, on: date) -> str:
        """Where a lever stood on a day."""
        return [self.forecast.now[lever], *(took for day, took in self.moves(lever) if day <= on.isoformat())][-1]

    def holds(self, term: str, on: date | None) -> str:
        """Whether a term holds on a day, or held when the forecast was made."""

        def digits(lever: str) -> NDArray[np.uint8]:
            setting = self.forecast.now[lever] if on is None else self.at(lever, on)
            return np.asarray([self.case.settings[lever].index(setting)], np.uint8)

        return "yes" if bool(np.all(holds(self.case.terms[term], digits, self.case.terms, self.case.settings))) else "no"

    def behind(self, term: str) -> tuple[set[str], bool]:
        """Levers that a term is made of, and whether it and all terms in it are defined as they were."""
        levers, same, left, done = set[str](), True, [term], set[str]()
        while left:
            name = left.pop()
            if name in done:
                continue
            done.add(name)
            if name in self.case.terms:
                same &= self.forecast.terms.get(name) == str(self.case.file.terms[name].that)
                left += names(self.case.terms[name])
            else:
                levers.add(name)
        return levers, same


def _scored(question: ForecastQuestion, forecast: DatedForecast, course: _Course) -> Scored:
    before, came, why = _came(question, forecast, course)
    if not why and (came not in question.chances or before not in question.chances):
        why = "gone"
    if why:
        return Scored(question, before, "", why, {}, {})
    k = len(question.chances)
    naive = {setting: SURE if setting == before else (1 - SURE) / (k - 1) for setting in question.chances}
    told = {"forecast": question.chances, "no change": naive, "even odds": dict.fromkeys(question.chances, 1 / k)}
    rate = forecast.class_rate.get(question.on.isoformat())
    about = course.case.file.deterrence
    if rate is not None and about is not None and question.kind == "term" and question.of == about.truce and before == "yes":
        told[CLASS] = {"yes": rate, "no": 1 - rate}
    log = {model: float(np.log(max(chances[came], LEAST))) for model, chances in told.items()}
    brier = {model: sum((chance - (setting == came)) ** 2 for setting, chance in chances.items()) / 2 for model, chances in told.items()}
    return Scored(question, before, came, "", log, brier)


def _came(question: ForecastQuestion, forecast: DatedForecast, course: _Course) -> tuple[str, str, str]:
    """What stood, what came, and why that is not known."""
    if question.kind == "lever":
        why = course.why_not({question.of}, question.on)
        return forecast.now.get(question.of, ""), "" if why else course.at(question.of, question.on), why
    if question.of not in course.case.terms:
        return "", "", "gone"
    levers, same = course.behind(question.of)
    why = course.why_not(levers, question.on) if same else "changed"
    if why:
        return "", "", why
    if any(forecast.now[lever] not in course.case.settings[lever] for lever in levers):
        return "", "", "gone"
    return course.holds(question.of, None), course.holds(question.of, question.on), ""
