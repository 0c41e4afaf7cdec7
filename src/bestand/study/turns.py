"""What would change our mind: per headline the smallest change of a rank, a reading, odds, a number or a reliability that turns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bestand.bargain.outcomes import MOST_STATES, deals_of_draws
from bestand.case.lines import every_want, want_at, wants, with_file
from bestand.case.loaded import Case, OfCase, stated
from bestand.errors import BestandError
from bestand.explore.openings import Kind, Opening
from bestand.explore.space import Space, space, vary
from bestand.explore.tipping import HALVINGS, Tip, tipping
from bestand.graph.asked import checked_draws, checked_seed
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict, conflict
from bestand.graph.draws import likely_types
from bestand.show import Shown, Table
from bestand.study.by_source import voices_of
from bestand.study.goals import main_goal
from bestand.study.measures import measure
from bestand.study.sensitivity import Key, answers, falls_with, no_levers
from bestand.truce.survival import seconds_of_draw

NUMBERS: tuple[Kind, ...] = ("number",)
READINGS: tuple[Kind, ...] = ("type", "claim", "want", "source", "speaker", "today", "place")
RANKS = 2  # others that a want may pass, either way
FIRST_TRIED = 8  # openings, or orders of wants, that are tried first, to see how long they take
LATER = 1  # part of the time kept for sources and numbers, beside a part for each headline
TRIED = 3  # times that a number is asked about where it turns nothing: as it stands, and at its ends
SLOWER = 2.0  # times as long as is reckoned that the first answer may take, on a machine slower than an ordinary one
YEAR = 12.0  # months
MOST_TOLD = 3  # changes of one kind that are told per headline
LASTS = "lasts_a_year"
KINDS: Mapping[str, str] = {
    "rank": "a want stands elsewhere in its party's order; how far: places",
    "reading": "a doubtful claim is not so, a speaker or a source is not believed, or a want is not there; a lever stands otherwise today",
    "odds": "another version of a party is the likeliest; how far: by how much its odds must grow",
    "number": "a number with a range; how far: as a share of the range",
    "date": "how often something comes about, and so when; how far: as a share of the range",
    "reliability": "how far a source is to be trusted for the answer to hold in half of the draws; how far: from its reliability, or from 1",
}
"""Kind of change → what is changed, and how its size is told."""
WORDS: Mapping[str, str] = {"now_rests": "now-rests", "term_rests": "rests", "term_reached": "reached", "deal_exists": "deal"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One change that, made alone, turns a headline.

    kind : of `KINDS`; at : its key path; words : what it is
    usual, there : how it is, and the nearest value found at which the answer is another; far : how far that is
    """

    kind: str
    at: str
    words: str
    usual: float
    there: float
    far: float


@dataclass(frozen=True, slots=True, repr=False)
class Turns(Shown):
    """What turns each headline, the smallest change of each kind first.

    answers : each headline as the case stands
    turns   : per headline; empty where nothing that was tried turns it
    untried : per headline, how many openings were left out for want of time
    silent  : sources whose reliability there was no time for
    unasked : headlines that are not asked for, because the states are too many for that
    idle    : headlines of which there was no time to try anything
    view    : the view in which it was asked whether the goal lasts, where that is another than the one asked about
    """

    answers: Mapping[Key, bool]
    turns: Mapping[Key, tuple[Turn, ...]]
    untried: Mapping[Key, int]
    silent: tuple[str, ...] = ()
    unasked: tuple[Key, ...] = ()
    idle: tuple[Key, ...] = ()
    view: str = ""

    def table(self) -> Table:
        """One row per headline and change that turns it."""
        rows = tuple(
            (" ".join(filter(None, key)), self.answers[key], each.kind, each.words, round(each.usual, 4), round(each.there, 4), round(each.far, 4))
            for key in self.answers
            for each in self.turns[key]
        )
        silent = [key for key in self.answers if not self.turns[key] and key not in self.idle]
        notes = [f"{' '.join(filter(None, key))}: nothing that was tried turns it alone" for key in silent]
        notes += [f"{' '.join(filter(None, key))}: {n} openings were not tried for want of time" for key, n in self.untried.items() if n]
        notes += [f"how long it lasts is asked in the view {self.view}"] if self.view else []
        notes += [f"reliability not tried for want of time: {', '.join(self.silent)}"] if self.silent else []
        notes += [f"{' '.join(filter(None, key))}: not asked, for the states of this view are too many" for key in self.unasked]
        columns = ("headline", "holds", "kind", "what", "is", "turns at", "how far")
        return Table("What would change our mind", columns, rows, ("one change at a time, all else as the case stands", *notes))


def turns(
    case: Case | OfCase, *, view: str | None = None, hold: Mapping[str, str] | None = None, goal: str | None = None, draws: int = 32, seed: int = 0,
    budget: Budget | None = None,
) -> Turns:  # fmt: skip
    """Per headline the smallest single changes that turn it: does today rest; does the goal rest, is it reached, could it be agreed, does it last.

    goal   : a condition; the main goal of the case, if not given
    draws  : for the reliability of sources: versions drawn of the case with each source right, and wrong
    budget : the time; headlines first, numbers and sources in what is left

    Any want may pass `RANKS` others; claims, speakers, sources, types and numbers move as far as the case leaves them open. Whether a
    truce lasts is asked where wants have sizes: does it hold for a year with a chance of a half, in the view that the case names for its
    zones unless another is given.

    Raises
    ------
    AskError
        `study/no-levers`, `study/too-many-states`, `graph/bad-draws`, `graph/bad-seed`; GraphError `graph/no-present`.

    >>> from bestand import Budget, read, turns
    >>> turns(read("example/en"), budget=Budget(seconds=0.1)).table().columns[:2]
    ('headline', 'holds')
    """
    case, budget, draws, seed = stated(case), budget or Budget(), checked_draws(draws), checked_seed(seed)
    asked = conflict(case, view=view, hold=hold)
    if not asked.graph.levers:
        raise no_levers()
    asked.state("now")
    goal = goal if goal is not None else main_goal(asked)
    keys: list[Key] = [("now_rests", ""), *((kind, goal) for kind in ("term_rests", "term_reached", "deal_exists") if goal)]
    usual = _usual(asked, goal)
    unasked = tuple(key for key in keys if key not in usual)
    keys = [key for key in keys if key in usual]
    turned: dict[Key, list[Turn]] = {key: [] for key in keys}
    untried = dict.fromkeys(keys, 0)
    open_here = _ranked(case)
    for k, key in enumerate(keys):
        pace = Pace(budget.part(1 / (len(keys) - k + LATER)))  # an even share of what is left, and some for what comes after
        turned[key], untried[key] = _headline(case, open_here, asked, key, pace)
        budget.progress(0.6 * (k + 1) / len(keys))
    silent: list[str] = []
    for each_key, turn in _reliabilities(asked, keys, usual, goal, draws, seed, budget, silent):
        turned[each_key].append(turn)
    idle = [key for key, n in untried.items() if n == len(open_here.openings)]
    tried = None if goal is None else _survival(asked, goal, view, hold, budget, usual, turned, untried)
    idle += [key for key in usual if key[0] == LASTS and tried is None]
    told = (tried.view or "") if tried is not None and tried.view != asked.view else ""
    return Turns(usual, {key: _nearest(some) for key, some in turned.items()}, untried, tuple(silent), unasked, tuple(idle), told)


def _headline(case: Case, open_here: Space, asked: Conflict, key: Key, pace: Pace) -> tuple[list[Turn], int]:
    """What turns one headline, openings tried as many side by side as there is time for; and how many there was none for."""
    words = measure(asked, f"{WORDS[key[0]]} {key[1]}".strip())
    groups = list(_together(open_here))
    turned: list[Turn] = []
    done, size = 0, FIRST_TRIED
    while done < len(groups) and (size := min(size, pace.most(len(groups) - done))) > 0:
        some = replace(open_here, openings=tuple(each for group in groups[done : done + size] for each in group))
        tips = pace.step(partial(tipping, case, some, words, view=asked.view, hold=dict(asked.held)), size)
        turned += [_turn(case, tip) for tip in tips.tips]
        done, size = done + size, len(groups)
    return turned, sum(len(group) for group in groups[done:])


def _together(whole: Space) -> Iterator[tuple[Opening, ...]]:
    """Openings that are tried together: places in one order, since what passes moves the others; any other by itself."""
    orders: dict[str, list[Opening]] = {}
    for each in whole.openings:
        if each.kind == "place":
            orders.setdefault(each.together, []).append(each)
        else:
            yield (each,)
    yield from (tuple(each) for each in orders.values())


def _ranked(case: Case) -> Space:
    """What the case leaves open, numbers left out, and every want's place in its order."""
    places = {at: float(RANKS) for party in case.file.wants for at, _ in every_want(case.file, party) if _has_others(case, at)}
    return vary(space(case, kinds=READINGS), rank=places)


def _has_others(case: Case, at: str) -> bool:
    place = want_at(at)
    return place is not None and len(case.wants(place[0])[place[1]]) > 1


def _usual(asked: Conflict, goal: str | None) -> dict[Key, bool]:
    """The headlines as the case stands; without that of deals where states are too many to list them."""
    once = asked.draw(1).on_scale("ordinal")
    told = answers(once, {goal: once.where(goal)} if goal else {})
    usual = {key: bool(each[0]) for key, each in told.items()}
    if goal and once.graph.n_states <= MOST_STATES:
        usual["deal_exists", goal] = bool(deals_of_draws(once, that=goal, types=[likely_types(asked.case)]).any())
    return usual


def _turn(case: Case, tip: Tip) -> Turn:
    """A tipping point as a change of its kind; of a type by how much its odds must grow for no other to be likelier."""
    opening = tip.opening
    if opening.kind == "type" and opening.odds:
        here, there = opening.odds[int(tip.usual)], opening.odds[int(tip.at)]
        level, other = _level_with_all(opening.odds, int(tip.at)), f"{opening.words}: {opening.choices[int(tip.at)]}"
        if here == there:
            other += f" (the case itself is at a tie, which is broken for the first, {opening.choices[int(tip.usual)]}: anything more turns it)"
        return Turn("odds", opening.at, other, there, level, level - there)
    kind = {"place": "rank", "number": _number(opening)}.get(opening.kind, "reading")
    return Turn(kind, opening.at, tip.words, tip.usual, tip.at, tip.far)


def _level_with_all(odds: Sequence[float], k: int) -> float:
    """The least that the k-th odds can come to with none above them, if what they gain is taken from the highest."""
    above = sorted((each for each in odds if each > odds[k]), reverse=True)
    levels = [(odds[k] + sum(above[:n])) / (n + 1) for n in range(len(above) + 1)]
    return next(level for n, level in enumerate(levels) if n == len(above) or level >= above[n])


def _number(opening: Opening) -> str:
    return "date" if opening.at.rpartition(".")[2] in ("per_month", "days", "months") or ".per_month" in opening.at else "number"


def _nearest(some: list[Turn]) -> tuple[Turn, ...]:
    """The nearest few of each kind."""
    return tuple(turn for kind in KINDS for turn in sorted((each for each in some if each.kind == kind), key=lambda each: each.far)[:MOST_TOLD])


def _reliabilities(
    asked: Conflict, keys: list[Key], usual: Mapping[Key, bool], goal: str | None, draws: int, seed: int, budget: Budget,
    silent: list[str],
) -> Iterator[tuple[Key, Turn]]:
    """Per source the reliability at which a headline holds in half of the draws, between those with it right and those with it wrong.

    silent : takes the names of sources that there is no time for
    """
    pace = Pace(budget)
    case, lines = asked.case, asked.statements()
    bare = {name: source.model_copy(update={"reliability": None}) for name, source in case.file.sources.items()}
    for name, claims in voices_of(case, "source").items():
        falling = [each for each in lines if falls_with(each, claims)]
        if not falling:
            continue
        if not pace.fits():
            silent.append(name)
            continue
        trusted = case.file.sources[name].reliability
        sure = asked.of(with_file(case, sources={**case.file.sources, name: bare[name]}))
        both = (sure, sure.without(*falling))
        shares = pace.step(lambda both=both: [_shares(each, keys, usual, goal, draws, seed) for each in both])  # type: ignore[misc]
        for key in keys:
            right, wrong = (each.get(key) for each in shares)
            if right is None or wrong is None or right < 0.5 or wrong >= 0.5:
                continue
            level, now = (0.5 - wrong) / (right - wrong), 1.0 if trusted is None else trusted.value
            if level < now:
                yield key, Turn("reliability", f"sources.{name}.reliability", str(case.file.sources[name].title), now, level, now - level)


def _shares(asked: Conflict, keys: list[Key], usual: Mapping[Key, bool], goal: str | None, draws: int, seed: int) -> dict[Key, float]:
    """Share of draws in which each headline comes out as in the case as it stands; empty where nothing is left to ask about."""
    try:
        drawn = asked.draw(draws, seed=seed).on_scale("ordinal")
        told = dict(answers(drawn, {goal: drawn.where(goal)} if goal else {}))
        if goal and ("deal_exists", goal) in keys:
            told["deal_exists", goal] = np.asarray(deals_of_draws(drawn, that=goal).any(axis=1))
    except BestandError:
        return {}
    return {key: float((told[key] == usual[key]).mean()) for key in keys if key in told}


def _survival(
    here: Conflict, goal: str, view: str | None, hold: Mapping[str, str] | None, budget: Budget,
    usual: dict[Key, bool], turned: dict[Key, list[Turn]], untried: dict[Key, int],
) -> Conflict | None:  # fmt: skip
    """Which number turns whether the goal lasts a year with a chance of a half, one by one while time lasts; where, if any was tried."""
    case, key, named = here.case, (LASTS, goal), space(here.case, kinds=NUMBERS).openings
    if not named:
        return None
    if budget.left(0.0) <= 0:
        untried[key] = len(named)
        return None
    asked = _where_it_lasts(here, goal, view, hold)
    numbers, lasts, drawn = numbers_that_count(asked), measure(asked, f"holds-a-year {goal}"), asked.draw(1).on_scale("cardinal")
    try:
        pace = Pace(budget, seconds_of_draw(drawn, (YEAR,)))
        if not pace.fits(SLOWER):
            untried[key] = len(numbers.openings)
            return None
        chance = pace.step(lambda: float(np.asarray(lasts.ask(drawn))))
    except BestandError:
        return None
    if not np.isfinite(chance):
        return None
    usual[key], turned[key], untried[key] = chance >= 0.5, [], 0
    for k, opening in enumerate(numbers.openings):
        if not pace.fits(TRIED + HALVINGS):
            untried[key] = len(numbers.openings) - k
            return asked if k else None
        some = numbers.only(opening.name)
        tips = pace.step(partial(tipping, case, some, lasts, grid=2, view=asked.view, hold=dict(asked.held)), TRIED)
        turned[key] += [_turn(case, tip) for tip in tips.tips]
        budget.progress(0.7 + 0.3 * (k + 1) / len(numbers.openings))
    return asked


def _where_it_lasts(here: Conflict, goal: str, view: str | None, hold: Mapping[str, str] | None) -> Conflict:
    """The conflict in which one asks how long a goal lasts: in the view asked for, else in that of the zones, where some state of it has the goal."""
    about = here.case.file.deterrence
    if view is not None or about is None or about.view in (None, here.view):
        return here
    there = conflict(here.case, view=about.view, hold=hold)
    return there if there.where(goal).any() else here


def numbers_that_count(asked: Conflict) -> Space:
    """The numbers that can matter alone: of wants only the sizes of those of the likeliest versions that are not the same in every state."""
    case = asked.case
    numbers = space(case, kinds=NUMBERS)
    masks = {line.at: asked.where(want.that) for party in case.file.wants for line, want in wants(case, party)}
    counts = tuple(f"{at}." for at, mask in masks.items() if mask.any() and not mask.all())
    return replace(numbers, openings=tuple(each for each in numbers.openings if not each.at.startswith("wants.") or each.at.startswith(counts)))
