"""What observations say: how likely each version of the parties, and each drawn number, is after what was seen, week by week."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.case.lines import want_place
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.draws import drawn_wants
from bestand.graph.numbers import pace, rates
from bestand.graph.ready import ready
from bestand.show import Cell, Fixed, Shown, Table, Times
from bestand.study.likelihood import LEAST, Reading, reading
from bestand.study.record import Record, Seen, record
from bestand.study.versions import AHEAD, PlayedVersions, Types, as_version, playable, played_as, seconds_each, seconds_looking, versions

Floats = NDArray[np.float64]
APART = 0.05  # log-likelihoods of two types that differ by less, whatever else is so, are told as the same
FEW = 10.0  # draws that count below which what is said of numbers is not to be leant on
MOST_SHOWN = 8  # numbers that moved most
UNUSED = {
    "held": "this view does not vary it", "later": "it lies after the day of the case", "there already": "it stood there already",
    "no time": "no time passed", "impossible": "no version could have done that from there",
}  # fmt: skip
MOST_CELLS = 20_000_000  # states times parties times draws times versions


@dataclass(frozen=True, slots=True, repr=False)
class Posterior(Shown):
    """Chances after what was seen.

    record   : what was seen, entry by entry
    played   : the versions of the parties, with their chances beforehand
    by_week  : (n_draws, n_versions, n_weeks) float64, log-likelihood of all that was seen up to the end of each week
    by_entry : (n_draws, n_versions, n_entries) float64, what each entry that counts adds to it, in the order of the record
    numbers  : of what was drawn: key path, and (n_draws,) float64; draw 0 is the case as it stands
    asked    : draws that were asked for; there may have been time for fewer
    """

    record: Record
    played: PlayedVersions
    by_week: Floats
    by_entry: Floats
    numbers: Mapping[str, Floats]
    asked: int = 1

    @property
    def own(self) -> Posterior:
        """The same with the case's own numbers alone: what the page and the brief say, however many draws are weighed."""
        return replace(self, by_week=self.by_week[:1], by_entry=self.by_entry[:1], numbers={}, asked=1)

    def error(self, party: str, type_: str) -> float:
        """Standard error over draws of the chance of a type: of a ratio of means (Owen 2013, 9.8); nan of one draw."""
        weight, n = self.weights(), len(self.by_week)
        each = weight.sum(axis=1)
        share = weight[:, self.played.of(party, type_)].sum(axis=1) - each * self.of(party, type_)
        return float(np.sqrt((share**2).sum() * n / (n - 1))) if n > 1 else float("nan")

    def weights(self, week: int = -1) -> Floats:
        """Chance of every draw and version after a week: shape (n_draws, n_versions), sums to 1."""
        return self._of(self.by_week[:, :, numbered("week", week, self.by_week.shape[2], last=True)])

    def _of(self, log: Floats) -> Floats:
        chance = self.played.prior * np.exp(log - log.max())
        return chance / chance.sum()

    @property
    def chances(self) -> Floats:
        """Chance of every version now: (n_versions,)."""
        return np.asarray(self.weights().sum(axis=0))

    def of(self, party: str, type_: str, week: int = -1) -> float:
        """Chance that a party is of a type, after a week."""
        return float(self.weights(week).sum(axis=0)[self.played.of(party, type_)].sum())

    def before(self, party: str, type_: str) -> float:
        """Chance beforehand that a party is of a type."""
        return float(self.played.prior[self.played.of(party, type_)].sum())

    @property
    def effective(self) -> float:
        """As how many draws of one weight the weighted draws count (Kish 1965)."""
        each = self.weights().sum(axis=1)
        return float(1 / (each**2).sum())

    def factors(self, party: str, type_: str) -> Floats:
        """By what each entry multiplied the odds of a type against all others, in order: (n_entries,); their product is the whole."""
        steps = np.concatenate((np.zeros((*self.by_entry.shape[:2], 1)), np.cumsum(self.by_entry, axis=2)), axis=2)
        mine = self.played.of(party, type_)
        odds = []
        for k in range(steps.shape[2]):
            chance = self._of(steps[:, :, k]).sum(axis=0)
            odds.append(np.log(max(chance[mine].sum(), LEAST)) - np.log(max(chance[~mine].sum(), LEAST)))
        return np.exp(np.diff(odds))

    @property
    def alike(self) -> tuple[tuple[str, str, str], ...]:
        """Pairs of types (party, one, other) that what was seen cannot tell apart, whatever the others and the numbers are."""
        pairs = []
        for party in self.played.parties:
            for one, other in itertools.combinations(self.played.types(party), 2):
                if self._largest_apart(party, one, other) < APART:
                    pairs.append((party, one, other))
        return tuple(pairs)

    def _largest_apart(self, party: str, one: str, other: str) -> float:
        known = {(_key(each.types), each.sizes): k for k, each in enumerate(self.played.versions)}
        largest = 0.0
        for k, each in enumerate(self.played.versions):
            twin = known.get((_key({**each.types, party: other}), each.sizes))
            if each.types[party] == one and twin is not None:
                largest = max(largest, float(np.abs(self.by_week[:, k, -1] - self.by_week[:, twin, -1]).max()))
        return largest

    def table(self) -> Table:
        """One type a row: its chance beforehand and now, and the entry that moved it most; then its chance over the draws, with the error."""
        rows: list[tuple[Cell, ...]] = []
        own, drawn = self.own, len(self.by_week) > 1
        for party in self.played.parties:
            for type_ in self.played.types(party):
                factors = own.factors(party, type_)
                most = int(np.abs(np.log(factors)).argmax())
                spread = (self.of(party, type_), self.error(party, type_)) if drawn else ()
                rows.append((party, type_, self.before(party, type_), own.of(party, type_), self.words(most), Times(factors[most]), *spread))
        columns = ("party", "type", "before", "after", "moved most by", "odds times", *(("over draws", "± error") if drawn else ()))
        return Table("What observations say", columns, tuple(rows), self.notes())

    def notes(self) -> tuple[str, ...]:
        """What the answer rests on, in words."""
        counted, of_all = len(self.record.counted), len(self.record.seen)
        told = [f"{counted} of {of_all} entries count, from {self.record.first} to {self.record.last}"]
        told += [f"not counted: {_words(each)} ({UNUSED[each.unused]})" for each in self.record.seen if each.unused]
        told += [f"the observations cannot tell {party}: {one} from {party}: {other}" for party, one, other in self.alike]
        told.append("after: with the case's own numbers, as on the page and in the brief")
        if self.asked > len(self.by_week):
            told.append(f"only {len(self.by_week)} of {self.asked} draws were weighed: there was no time, or no room in memory, for more")
        if len(self.by_week) > 1:
            told.append(f"over draws: {len(self.by_week)} draws of the numbers, which count as {self.effective:.1f} of one weight")
        if len(self.by_week) > 1 and self.effective < FEW:
            told.append(f"fewer than {FEW:.0f}: do not lean on what is said of numbers; draw more often")
        return (*told, *self.played.notes())

    def weekly(self) -> Table:
        """Chances at the end of each week: one week a row, one type a column."""
        kinds = [(party, type_) for party in self.played.parties for type_ in self.played.types(party)]
        rows: list[tuple[Cell, ...]] = []
        for week, day in enumerate(self.record.days):
            rows.append((day.isoformat(), *(self.of(party, type_, week) for party, type_ in kinds)))
        return Table("Week by week", ("up to", *(f"{party}: {type_}" for party, type_ in kinds)), tuple(rows))

    def entries(self) -> Table:
        """By what each entry multiplied the odds of each type against the others of its party."""
        kinds = [(party, type_) for party in self.played.parties for type_ in self.played.types(party)]
        each = [self.factors(party, type_) for party, type_ in kinds]
        rows: list[tuple[Cell, ...]] = []
        for k, seen in enumerate(self.record.counted):
            rows.append((seen.on.isoformat(), self.words(k), *(Times(part[k]) for part in each)))
        columns = ("day", "seen", *(f"{party}: {type_}" for party, type_ in kinds))
        note = "factors on the odds, in the order of the days; their product is the whole"
        return Table("What each observation says", columns, tuple(rows), (note,))

    def words(self, entry: int) -> str:
        """An entry that counts, in the case's names."""
        return _words(self.record.counted[numbered("entry", entry, len(self.record.counted))])

    def sizes(self) -> Table:
        """Drawn numbers that moved most, measured by their spread beforehand."""
        rows = [(name, *_quantiles(drawn, None), *_quantiles(drawn, self.weights().sum(axis=1))) for name, drawn in self.moved_numbers()]
        columns = ("number", "low 10% before", "median before", "high 10% before", "low 10% after", "median after", "high 10% after")
        return Table("What observations say of numbers", columns, tuple(rows))

    def moved_numbers(self) -> list[tuple[str, Floats]]:
        """Drawn numbers, the most moved first: by the shift of the mean over the spread beforehand."""
        weight = self.weights().sum(axis=1)
        far = {name: abs(weight @ drawn - drawn.mean()) / drawn.std() for name, drawn in self.numbers.items()}
        return [(name, self.numbers[name]) for name in sorted(far, key=lambda name: -far[name])[:MOST_SHOWN]]


def _key(types: Types) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(types.items()))


def _words(seen: Seen) -> str:
    if seen.took:
        return ", ".join(f"{lever}={setting}" for lever, setting in seen.took.items())
    return "; ".join(f"not {watch.lever}={watch.setting}" for watch in seen.watched) or f"observation {seen.numbers[0] + 1}"


def _quantiles(drawn: Floats, weight: Floats | None) -> tuple[float, float, float]:
    order = np.argsort(drawn)
    share = np.full(drawn.size, 1 / drawn.size) if weight is None else weight
    below = np.cumsum(share[order])
    low, middle, high = (float(drawn[order][min(int(np.searchsorted(below, level)), drawn.size - 1)]) for level in (0.1, 0.5, 0.9))
    return low, middle, high


def posterior(conflict: Conflict | Case, *, ahead: float = AHEAD, budget: Budget | None = None) -> Posterior:
    """Chances of the versions of the parties, and of the numbers drawn, after what the case's observations say.

    conflict : with several draws, every profile of types is played in every draw of numbers and doubtful wants (the draws
               are then weighed); with one, the case's own numbers are taken
    ahead    : months that everyone looks ahead
    budget   : how long it may take; draws and versions that have no time are left out, and the result says so

    The likelihood is that of the continuous-time chain of logit choices, of the entries of the record only (partial
    likelihood: Cox 1975): see docs/theory/observations.md.

    Raises
    ------
    AskError
        `study/no-observations`, `study/nothing-open`, `graph/too-long`, those of `versions` and of `record`.

    >>> from bestand import posterior, read
    >>> [(row[1], row[2], round(row[3], 2)) for row in posterior(read("invented/mountain-road"), ahead=3).table().rows]
    [('for_their_men', 0.6, 0.96), ('for_money', 0.4, 0.04)]
    """
    conflict = playable(ready(conflict), ahead)
    if record(conflict) is None:
        raise _nothing_seen()
    played = versions(conflict, ahead=ahead, budget=budget.reckoned(0.8) if budget else None)
    known = conflict.once(("posterior", float(ahead)), lambda: _read(conflict, played))
    if known is None:
        raise _nothing_seen()
    if len(played.versions) == 1 and played.n_left:
        what = f"of {1 + played.n_left} versions of the parties only one could be played in the time allowed"
        raise AskError(Problem("graph/too-long", what, hint="allow more seconds, or take a smaller view"))
    if len(played.versions) == 1 and conflict.draws == 1:
        what = "no party has several types that differ in this view, and no number is drawn: there is nothing to learn"
        raise AskError(Problem("study/nothing-open", what, hint="give a party `types`, or draw numbers with --draws"))
    seen, read = known
    drawn = conflict.draw(min(conflict.draws, _most_draws(played), _timely(played, budget)))
    parts = _parts(drawn, played, read, budget)
    return replace(_made(seen, played, parts, _numbers(drawn, len(parts))), asked=conflict.draws)


def over_draws(undrawn: Posterior, *, draws: int, seed: int = 0, budget: Budget | None = None) -> Posterior:
    """What was found with the case's own numbers, weighed beside as many draws of numbers and doubtful wants as there is time for.

    budget : of all that is said of these versions: what looking where each leads twice is reckoned to take is spent
    """
    once = undrawn.played.conflict
    known = once.once(("posterior", float(undrawn.played.ahead)), lambda: _read(once, undrawn.played))
    if known is None or draws < 2:
        return undrawn
    timely = _timely(undrawn.played, budget, looks=2)
    if timely < 2:
        return replace(undrawn, asked=draws)
    drawn = once.draw(min(draws, timely, _most_draws(undrawn.played)), seed=seed)
    parts = _parts(drawn, undrawn.played, known[1], budget)
    return replace(_made(known[0], undrawn.played, parts, _numbers(drawn, len(parts))), asked=draws)


def _timely(played: PlayedVersions, budget: Budget | None, *, looks: int = 0) -> int:
    """How many draws of all that was played are reckoned to fit into the time, the first included; of few states, a great many."""
    if budget is None:
        return MOST_CELLS
    each = seconds_each(played.conflict, played.ahead)
    spent = len(played.versions) * (each + looks * seconds_looking(each))
    return 1 + int(max(0.0, budget.seconds - spent) / max(len(played.versions) * each, 1e-9))


def _most_draws(played: PlayedVersions) -> int:
    """How many draws of every version fit in memory at once."""
    conflict = played.conflict
    return max(1, MOST_CELLS // (conflict.graph.n_states * len(conflict.parties) * len(played.versions)))


def _nothing_seen() -> AskError:
    what = "nothing was seen that counts in this view: no observation of a lever that varies here, up to the day of the case"
    return AskError(Problem("study/no-observations", what, hint="add `observations` with their days; see docs/how-to/watch-what-comes.md"))


def _read(conflict: Conflict, played: PlayedVersions) -> tuple[Record, Reading] | None:
    """The record of a conflict and its reading, without what no version would have done."""
    seen = record(conflict)
    if seen is None:
        return None
    first = reading(seen, played.versions[0].chain.choices)
    never = _never(seen, first, played)
    if never:
        kept = tuple(replace(each, unused="impossible") if each in never else each for each in seen.seen)
        seen = replace(seen, seen=kept)
        return (seen, reading(seen, played.versions[0].chain.choices)) if seen.counted else None
    return seen, first


def _never(seen: Record, read: Reading, played: PlayedVersions) -> list[Seen]:
    """Entries with a move that no version can make from where it is seen to be made."""
    every = [read.parts(each.chain.choices.rate) for each in played.versions]
    best = np.max([part.sum(axis=2).max(axis=0) for part in every], axis=0)
    return [each for each, log in zip(seen.counted, best, strict=True) if log < np.log(LEAST) / 2]


def _parts(conflict: Conflict, played: PlayedVersions, read: Reading, budget: Budget | None) -> Floats:
    """Log-likelihoods by draw, version, start, entry and week."""
    parts = [np.stack([read.parts(each.chain.choices.rate) for each in played.versions])]
    draws = conflict.draws
    each = [as_version(conflict, version.types, version.sizes) for version in played.versions] if draws > 1 else []
    for draw in range(1, draws):
        parts.append(np.stack([read.parts(made.choices.rate) for made in played_as(each, played.ahead, draw=draw)]))
        if budget is not None:
            budget.progress(draw / draws)
    return np.stack(parts)


def _made(seen: Record, played: PlayedVersions, parts: Floats, numbers: Mapping[str, Floats]) -> Posterior:
    """The result, with the ways in which the record may have begun averaged over."""
    log = np.log(seen.chances)[:, None]
    weekly = np.logaddexp.reduce(np.cumsum(parts.sum(axis=3), axis=3) + log, axis=2)
    running = np.logaddexp.reduce(np.cumsum(parts.sum(axis=4), axis=3) + log, axis=2)
    by_entry = np.diff(running, axis=2, prepend=0.0)
    for array in (weekly, by_entry):
        array.flags.writeable = False
    return Posterior(seen, played, weekly, by_entry, numbers)


def _numbers(conflict: Conflict, draws: int) -> dict[str, Floats]:
    """What was drawn, by key path: numbers of play, rates of events, worths of wants (0 where a want is not there)."""
    if draws < 2:
        return {}
    numbers: dict[str, Floats] = {}
    for name, drawn in zip(("tempo", "noise", "discount"), pace(conflict), strict=True):
        numbers |= {f"play.{name}.{party}": drawn[:draws, i] for i, party in enumerate(conflict.parties)}
    numbers |= {f"events.{event.name}": drawn for event, drawn in zip(conflict.graph.chances, rates(conflict)[:draws].T, strict=True)}
    for party in conflict.parties:
        wants = drawn_wants(conflict.case, party, conflict.draws, conflict.seed, vary=conflict.vary)
        for type_, weight in zip(wants.types, wants.weight, strict=True):
            numbers |= {want_place(party, type_, k): weight[:draws, k] for k in range(weight.shape[1])}
    return {name: drawn for name, drawn in numbers.items() if np.ptp(drawn) > 0}


@dataclass(frozen=True, slots=True, eq=False)
class PresentVersions(Fixed):
    """The versions of the parties with their chances now: after what was seen, where anything was, else beforehand.

    chances   : (n_versions,) float64, sums to 1
    posterior : where anything was seen that counts, and there is more than one version
    """

    played: PlayedVersions
    chances: Floats
    posterior: Posterior | None


def present_versions(conflict: Conflict, *, ahead: float = AHEAD, budget: Budget | None = None) -> PresentVersions:
    """The versions of the parties as the case stands, with their chances now; worked out once for a conflict.

    Raises
    ------
    AskError, GraphError
        Those of `versions`, and of `record`.
    """
    return conflict.once(("present", float(ahead), budget is None), lambda: _present(conflict, ahead, budget))


def _present(conflict: Conflict, ahead: float, budget: Budget | None) -> PresentVersions:
    played = versions(conflict, ahead=ahead, budget=budget)
    if len(played.versions) > 1 and conflict.case.file.observations:
        try:
            weighed = posterior(conflict, ahead=ahead, budget=budget)
            return PresentVersions(played, weighed.chances, weighed)
        except AskError as error:
            if error.code != "study/no-observations":
                raise
    return PresentVersions(played, played.prior, None)
