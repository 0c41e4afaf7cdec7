"""One view of one case made ready to be asked: its states and moves, what they are worth, and what its names mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ClassVar, Literal, TypeVar, cast, get_args

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import MOST_LISTED, is_bounded
from bestand.case.changed import with_sections
from bestand.case.conditions import Node
from bestand.case.lines import Line
from bestand.case.loaded import Case
from bestand.case.without import statements, without
from bestand.errors import AskError, Problem
from bestand.graph.alike import LIKE, begun_from, built, held_from, kept_once, worths_alike, worths_held
from bestand.graph.asked import checked_draws, checked_rules, checked_scale, checked_seed, checked_worth, kept_of
from bestand.graph.build import checked_hold, checked_view
from bestand.graph.draws import EVERY
from bestand.graph.model import Graph, Worth
from bestand.graph.naming import Condition, Which, checked_condition, checked_mask, member_number, settings_of, state_number
from bestand.graph.worth import PartyWorth, Scale, as_rows, party_worth, rankings_of, wide_worth, worth_of_all
from bestand.show import Shown, Table

MOST_KEPT = 20_000_000  # states times masks that are kept
MOST_LOOKED = 1_000_000  # states up to which a condition is looked at in all of them, and kept
_Any = TypeVar("_Any")
_CONDITION = (str, *get_args(Node), type(None))
_SHAPE = ("levers", "never", "events", "states", "graph", "views", "terms", "present")  # sections that make the states and moves


@dataclass(frozen=True, slots=True, repr=False)
class Conflict(Shown):  # noqa: PLW1641 - what is shown has one
    """One view of one case: every engine takes one.

    stated, view : the case, None where it was made of a graph and worths alone; and its view, None where every lever varies
    held  : levers held whatever the view says, with their settings
    draws, seed, vary : versions of what the case leaves open, drawn by which rules; draw 0 is the case as it stands
    scale : `ordinal` (ranks) or `cardinal` (worth per month)
    kept, kept_of_graph : what was worked out for this conflict (`once`), and for all with the same states and moves (`once_of_graph`)

    States, moves and worths are made when they are first asked for, and kept; `without`, `change`, `hold` and `draw` give
    a new conflict that shares all that did not change.
    """

    stated: Case | None
    view: str | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    draws: int = 1
    seed: int = 0
    scale: Scale = "ordinal"
    vary: frozenset[str] = EVERY
    kept: dict[Hashable, object] = field(default_factory=dict, compare=False)
    kept_of_graph: dict[Hashable, object] = field(default_factory=dict, compare=False)

    asked_in_loops: ClassVar[frozenset[str]] = frozenset(
        ("worths", "worth_to", "rank_of", "state", "states", "party", "lever", "where", "true_at", "at", "label", "change", "on_scale")
    ) | {"once", "once_of_draws", "once_of_graph"}

    def __eq__(self, other: object) -> bool:
        """Whether both are the same view of the same case, held and drawn alike; without a case, whether they are one and the same."""
        return self is other or (self.stated is not None and super(Conflict, self).__eq__(other) is True)

    @property
    def case(self) -> Case:
        """The case.

        Raises
        ------
        AskError
            `graph/no-case` where the conflict was made of a graph and worths alone.
        """
        if self.stated is None:
            what = "this conflict was made of a graph and worths, so there is no case to look at"
            raise AskError(Problem("graph/no-case", what, hint="ask with conflict(case)"))
        return self.stated

    @property
    def graph(self) -> Graph:
        """States and moves."""
        known = self.kept_of_graph.get("graph")
        return cast("Graph", known or self.once_of_graph("graph", lambda: built(self.case, self.view, self.held, self.kept_of_graph)))

    @property
    def worth(self) -> Worth:
        """What each state is worth to each party, on the scale of this conflict."""
        return self.worths(self.scale)

    @property
    def sized(self) -> Worth:
        """Worths with a size, in the same draws.

        Raises
        ------
        AskError
            `worth/ordinal` where some want has none.
        """
        return self.worths("cardinal")

    def worths(self, scale: Scale) -> Worth:
        """Worths on one scale; drawn once."""
        parts = (self.worth_to(party, scale) for party in self.parties)
        shape = self.draws, self.graph.n_states
        return self.once_of_draws(("worth", checked_scale(scale)), lambda: worth_of_all(self.parties, parts, shape, scale))

    def worth_to(self, party: str | int, scale: Scale) -> PartyWorth:
        """What each state is worth to one party in every draw, on one scale; nobody else's are worked out."""
        party, scale = self.parties[self.party(party)], checked_scale(scale)
        if self.graph.wide and ("worth of", party, scale) not in self.kept:  # kept, it would take the room twice
            return wide_worth(self.case, party, self.graph, draws=self.draws, seed=self.seed, scale=scale, vary=self.vary)
        return self.once_of_draws(("worth of", party, scale), lambda: self._worth_before(party, scale) or self._worth_to(party, scale))

    def _worth_before(self, party: str, scale: Scale) -> PartyWorth | None:
        """The same in the version of the case that this one was made from, where it is known, and the states are the very same."""
        graph, known = cast("tuple[Graph | None, Mapping[Hashable, PartyWorth]]", self.kept.get(LIKE, (None, {})))
        return known.get(("worth of", party, scale)) if graph is not None and self._same_states(graph) else None

    def _same_states(self, graph: Graph) -> bool:
        return self.graph.codes is graph.codes and self.graph.names == graph.names

    def _worth_to(self, party: str, scale: Scale) -> PartyWorth:
        once = {"once": self.once_of_graph} if self.graph.n_states <= MOST_LOOKED and self._few_masks() else {}
        return party_worth(
            self.case, party, self.where, self.graph.n_states, draws=self.draws, seed=self.seed, scale=scale, vary=self.vary,
            names=self.graph.names, **once,
        )  # fmt: skip

    @property
    def rankings(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Rankings that parties have in some draw, (n_rows, n_states), and the row of each party in every draw, (n_draws, n_parties)."""
        if ("worth", self.scale) in self.kept or self.graph.wide:
            return as_rows(self.worth.rank)
        return self.once("rankings", lambda: rankings_of([self.worth_to(party, self.scale) for party in self.parties]))

    def rank_of(self, party: str | int) -> NDArray[np.uint32]:
        """What each state is worth to one party in every draw, as ranks: shape (n_draws, n_states); nobody else's are worked out."""
        if ("worth", "ordinal") in self.kept:
            return self.worths("ordinal").rank[:, self.party(party)]
        return self.worth_to(party, "ordinal").rank

    @property
    def now(self) -> int:
        """Number of the present state.

        Raises
        ------
        GraphError
            `graph/no-present` where it is banned, or not given.
        """
        return self.state("now")

    @property
    def presents(self) -> tuple[tuple[int, float], ...]:
        """States that may be the present one, with their chances, the likeliest first: one, unless levers have `odds`."""
        return self.graph.presents or ((self.now, 1.0),)

    def today(self, draw: int = 0) -> int:
        """Number of the present state in one draw: `now` where it is known how things stand, and in draw 0 of what is drawn.

        Raises
        ------
        AskError
            `graph/unknown-draw`.
        """
        if not 0 <= draw < self.draws:
            raise AskError(Problem("graph/unknown-draw", f"no draw {draw}", hint=f"draws run from 0 to {self.draws - 1}"))
        if len(self.graph.presents) < 2:
            return self.now
        return int(self.once_of_draws("todays", self._todays)[draw])

    def _todays(self) -> NDArray[np.int64]:
        states, chances = zip(*self.presents, strict=True)
        if "today" not in self.vary:
            return np.full(self.draws, self.now)
        picked = np.random.default_rng([self.seed, *b"today"]).choice(states, self.draws, p=chances)
        picked[0] = self.now
        return picked

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of the parties, in the case's order."""
        return self.graph.parties

    def state(self, which: Which) -> int:
        """Number of a state: by its name, `now`, its number, or settings (a mapping, or ``lever=setting, …``)."""
        return state_number(self.graph, which)

    def states(self, which: Which | Sequence[Which] | NDArray[np.bool_]) -> NDArray[np.int64]:
        """Numbers of several states: one state, a list of states, or a mask."""
        if isinstance(which, np.ndarray) and which.dtype == np.bool_:
            return np.flatnonzero(checked_mask(self.graph, which))
        if type(which) is np.ndarray and which.dtype.kind in "iu" and which.ndim < 2 and which.size:
            for number in (which.min(), which.max()):
                self.state(int(number))
            return np.atleast_1d(which).astype(np.int64)
        listed = isinstance(which, np.ndarray) and which.ndim < 2 and which.size <= MOST_LISTED
        given = cast("Which | Sequence[Which]", np.atleast_1d(cast("NDArray[np.bool_]", which)).tolist() if listed else which)
        each = list(given) if isinstance(given, Sequence) and is_bounded(given) and not isinstance(given, str) else [cast("Which", given)]
        return np.array([self.state(one) for one in each], np.int64)

    def party(self, which: str | int) -> int:
        """Place of a party, by its name or number."""
        return member_number(self.graph.parties, which)

    def lever(self, which: str | int) -> int:
        """Place of a lever that varies here, by its name or number."""
        return member_number(self.graph.levers, which, kind="lever")

    def where(self, condition: Condition) -> NDArray[np.bool_]:
        """States in which a condition holds: shape (n_states,); read-only, and evaluated once.

        condition : text, a parsed condition, a mask, or None for all states

        Raises
        ------
        CaseError, AskError
            `case/condition`, `case/unknown-name`, `case/unknown-setting`, `case/term-compared`, `graph/bad-mask`.
        """
        if isinstance(condition, np.ndarray):
            return checked_mask(self.graph, condition)
        if not isinstance(condition, _CONDITION):
            what = f"states are asked for by a condition as text or parsed, or a mask, not {type(condition).__name__}"
            raise AskError(Problem("graph/bad-mask", what, hint="such as 'a.truce and not b.attacks'"))
        if (known := self.kept_of_graph.get(("where", condition))) is not None:  # a study asks this tens of thousands of times
            return cast("NDArray[np.bool_]", known)
        made = partial(self._where, condition)
        return self.once_of_graph(("where", cast("Hashable", condition)), made) if self._few_masks() else made()

    def _few_masks(self) -> bool:
        return len(self.kept_of_graph) * self.graph.n_states <= MOST_KEPT

    def _where(self, condition: str | Node | None) -> NDArray[np.bool_]:
        if condition is None:
            return np.broadcast_to(np.True_, (self.graph.n_states,))
        node = checked_condition(self.stated, self.graph, condition) if isinstance(condition, str) else condition
        return self.graph.where(node)

    def true_at(self, condition: str | Node, state: int) -> bool:
        """Whether a condition holds in one state; where states are many, no other is looked at."""
        state = self.state(state)
        if self.graph.n_states <= MOST_LOOKED or ("where", condition) in self.kept_of_graph or not self.graph.levers:
            return bool(self.where(condition)[state])
        node = checked_condition(self.stated, self.graph, condition) if isinstance(condition, str) else condition
        return self.graph.true_at(node, state)

    def at(self, which: Which) -> dict[str, str]:
        """Setting of every lever of the view in one state."""
        return self.graph.at(self.state(which))

    def label(self, which: Which) -> str:
        """A short name for a state: as published, or what differs from now."""
        return self.graph.label(self.state(which))

    def statements(self) -> tuple[Line, ...]:
        """Wants, guards, bans, one-way levers and types: all that `without` can take away here."""
        return statements(self.case, self.graph.levers)

    def without(self, *lines: Line) -> Conflict:
        """The conflict less some statements of its case: wants dropped, guards and bans lifted, types ruled out."""
        return self.of(without(self.case, lines))

    def change(self, **sections: object) -> Conflict:
        """The conflict with sections of its case's file put in place of others, such as ``wants={**old, 'ru': …}``."""
        return self.of(with_sections(self.case, sections))

    def hold(self, levers: Mapping[str, str]) -> Conflict:
        """The conflict with some levers put and held at a setting.

        Raises
        ------
        GraphError
            `graph/unknown-lever`, `graph/unknown-setting`.
        """
        held = checked_hold(self.case, {**self.held, **levers})
        if held == self.held:
            return self
        kept = worths_held(self.case, self.kept, self.kept_of_graph, levers)
        return replace(self, held=held, kept=kept, kept_of_graph=held_from(self.kept_of_graph))

    def draw(self, draws: int, *, seed: int | None = None, vary: Collection[str] | None = None) -> Conflict:
        """The conflict over other draws; states and moves are the same."""
        seed, rules = self.seed if seed is None else seed, self.vary if vary is None else checked_rules(vary)
        if (draws, seed, rules) == (self.draws, self.seed, self.vary):
            return self
        return replace(self, draws=checked_draws(draws), seed=checked_seed(seed), vary=rules, kept={})

    def stacked(self, worth: Worth | Sequence[PartyWorth], *, scale: Scale = "ordinal", todays: NDArray[np.int64] | None = None) -> Conflict:
        """The conflict with other worths, such as those of several variants of it, one a draw.

        worth  : of all parties, or of each of them, on a scale
        todays : (n_draws,) numbers of the present state in each; `now` if not given
        """
        draws, scale, kept = kept_of(self.graph, worth, scale)
        if len(self.graph.presents) > 1:
            kept["todays"] = np.full(draws, self.now) if todays is None else todays
        return replace(self, draws=draws, scale=scale, kept=kept)

    def on_scale(self, scale: Literal["ordinal", "cardinal"]) -> Conflict:
        """The conflict on another scale; states, moves, and worths on either scale are shared."""
        scale = checked_scale(scale)
        return self if scale == self.scale else replace(self, scale=scale)

    def of(self, case: Case) -> Conflict:
        """The same view of another version of the case; what the versions have in common is shared."""
        old, new = self.case.file, case.file
        parties = [[(name, party.chance) for name, party in file.parties.items()] for file in (old, new)]
        same = all(getattr(old, name) == getattr(new, name) for name in _SHAPE) and parties[0] == parties[1]
        kept = worths_alike(self.case, case, self.kept)
        if same:
            return replace(self, stated=case, kept=kept)
        before = self.kept_of_graph.get("graph"), kept
        return replace(self, stated=case, kept={LIKE: before}, kept_of_graph=begun_from(self.case, self.kept_of_graph))

    def once(self, key: Hashable, make: Callable[[], _Any]) -> _Any:
        """What `make` gives, made once for this conflict on its scale."""
        return self.once_of_draws((self.scale, key), make)

    def once_of_draws(self, key: Hashable, make: Callable[[], _Any]) -> _Any:
        """What `make` gives, made once for this conflict, whatever its scale."""
        if key not in self.kept:
            self.kept[key] = make()
        return cast("_Any", self.kept[key])

    def once_of_graph(self, key: Hashable, make: Callable[[], _Any]) -> _Any:
        """What `make` gives, made once for all conflicts with these states and moves."""
        return cast("_Any", kept_once(key, self.kept_of_graph, make))

    def __repr__(self) -> str:
        title = self.stated.file.title if self.stated else "of a graph"
        return f"Conflict({title!r}, view={self.view!r}, held={dict(self.held)!r}, draws={self.draws})"

    def table(self) -> Table:
        """Parties with the levers that vary here."""
        graph = self.graph
        rows = tuple(
            (party, ", ".join(lever for lever, owner in zip(graph.levers, graph.owner, strict=True) if owner == i), int(graph.moves[i].target.size))
            for i, party in enumerate(graph.parties)
        )
        title = self.stated.file.title if self.stated else "A conflict"
        notes = [f"{graph.n_states:,} states", *([f"view: {self.view}"] if self.view else [])]
        notes += [f"{lever} held at {setting}" for lever, setting in self.held.items()]
        return Table(title, ("party", "levers that vary", "listed moves"), rows, tuple(notes))


def conflict(
    case: Case | Conflict, *, view: str | None = None, hold: Mapping[str, str] | str | None = None, draws: int = 1, seed: int = 0,
    scale: Scale = "ordinal", vary: Collection[str] = EVERY,
) -> Conflict:  # fmt: skip
    """One view of a case made ready to be asked; of a conflict: of its case, in its view and with what it holds, drawn anew.

    view  : name of a view; the view `core` if the case has one, else every lever, if not given
    hold  : levers put and held at a setting whatever the view says: a mapping, or ``lever=setting, …``
    draws : versions of what the case leaves open, drawn by `graph.draws.RULES`; draw 0 is the case as it stands
    scale : `ordinal` or `cardinal`

    Raises
    ------
    GraphError
        `graph/unknown-view`, `graph/unknown-lever`, `graph/unknown-setting`; when states are asked for `graph/too-large`,
        `graph/no-states`.
    AskError
        `graph/bad-draws`, `graph/bad-seed`, `graph/bad-scale`.

    >>> from bestand.case.read import read
    >>> valley = conflict(read("example/en"))
    >>> valley.graph.n_states, int(valley.where("truce").sum()), valley.parties[valley.party(0)]
    (384, 128, 'upper')
    """
    if isinstance(case, Conflict):
        return conflict(case.case, view=view or case.view, hold={**case.held, **_held(hold)}, draws=draws, seed=seed, scale=scale, vary=vary)
    held, rules = checked_hold(case, _held(hold)), checked_rules(vary)
    return Conflict(case, checked_view(case, view), held, checked_draws(draws), checked_seed(seed), checked_scale(scale), rules)


def _held(hold: Mapping[str, str] | str | None) -> dict[str, str]:
    return settings_of(hold) if isinstance(hold, str) else dict(hold or {})


def conflict_of(graph: Graph, worth: Worth) -> Conflict:
    """A conflict made of states, moves and worths alone, as for a game that no case states.

    Raises
    ------
    AskError
        `graph/other-worth` where the worths are not of these states and parties.

    >>> from bestand import conflict, read
    >>> conflict_of((valley := conflict(read("example/en"))).graph, valley.worth).graph.n_states
    384
    """
    checked_worth(graph, worth)
    made = Conflict(None, draws=worth.n_draws, scale=worth.scale)
    made.kept_of_graph["graph"] = graph
    made.kept["worth", worth.scale] = worth
    made.kept["worth", "ordinal"] = worth
    return made
