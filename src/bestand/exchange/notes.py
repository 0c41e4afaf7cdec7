"""What became of what a file says: kept, changed or lost, each as a code with its data, and the one sentence for each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bestand.show import Shown, Table

Fate = Literal["kept", "changed", "lost"]

SAID: Mapping[str, tuple[Fate, str]] = {
    "states": ("kept", "states: {n}"),
    "moves": ("kept", "moves: {n}"),
    "equilibria": ("kept", "pure equilibria: {n}, where nobody gains by a move of its own alone (Nash)"),
    "parties": ("kept", "parties: {n}"),
    "levers": ("kept", "levers: {n}"),
    "claims": ("kept", "claims: {n}"),
    "sources": ("kept", "sources: {n}"),
    "wants": ("kept", "wants: {n}"),
    "tables": ("kept", "tables: {n}"),
    "rows": ("kept", "rows: {n}"),
    "settings-as-strategies": ("changed", "a strategy is one setting for each of a party's levers: {party} has {n}"),
    "ranks-as-payoffs": ("changed", "payoffs are ranks (0 is worst): they order, and mean and mixture of them mean nothing"),
    "worths-as-payoffs": ("changed", "payoffs are worths per month"),
    "simultaneous": ("changed", "everybody chooses at once, and once; who moves when is not said"),
    "other-equilibria": ("changed", "equilibria of that kind in the case itself: {n}; where every combination can be chosen, some are left"),
    "bans": ("changed", "combinations that the case bans, with a payoff below everything else ({payoff} for each party): {n}"),
    "banned-equilibria": ("changed", "of the banned combinations, equilibria of the file, since no party alone leads out of them: {n}"),
    "chance-party": ("changed", "{party}, which is chance, is a player that likes everything alike"),
    "no-strategies": ("changed", "{party} has nothing to choose here: it is a player with one strategy"),
    "information-sets": ("changed", "each information set became a lever of its player: a state of the case is a plan for the whole game"),
    "chance-averaged": ("changed", "chance moves are averaged over: payoffs are expected payoffs"),
    "payoffs-rounded": ("changed", "payoffs are kept to twelve digits"),
    "from-lowest": ("changed", "payoffs of {party} are counted from its lowest, {value}, which counts as 0: only differences matter"),
    "one-choice": ("changed", "choices between one thing only, left out: {n}"),
    "names-changed": ("changed", "'{name}' is written as '{written}'"),
    "controls": ("changed", "characters that the format forbids were replaced by their pictures"),
    "at-the-table": ("changed", "issues are levers of a party called the table, which wants nothing: nobody sets them alone"),
    "by-largest": ("changed", "evaluations are counted in parts of the largest of their issue, as GENIUS does, times the weight of the issue"),
    "no-reservation": ("changed", "{party} has no reservation value: no agreement is worth 0 to it, as in GENIUS"),
    "seen-by": ("changed", "the conflict as {party} sees it: what it takes to be impossible is banned"),
    "positions": ("changed", "positions are counted in Unicode code points of the text of the page's body, as a browser has it"),
    "guards": ("lost", "guards: {levers} can be entered only where a condition holds, and here from everywhere"),
    "one-way": ("lost", "one-way levers: {levers} can go back here"),
    "consent": ("lost", "consent: {levers} can be entered here without that of the others"),
    "events": ("lost", "events: {names}"),
    "types": ("lost", "types: {party} is taken as '{type}', the most probable"),
    "ranges": ("lost", "ranges, bases and claims of the lines"),
    "red-lines": ("lost", "red lines: a limit counts as a want like others"),
    "held": ("lost", "levers outside the view are held: {levers}"),
    "tempo": ("lost", "tempo, noise, discount and costs of moves"),
    "now": ("lost", "the present state: {state}"),
    "conditions": ("lost", "guards, bans, terms and wants as conditions: what they come to stands in the moves and ranks"),
    "one-way-each": ("changed", "one shortest way from today to each state; others as short are left out"),
    "moves-of-none": ("lost", "lines that name no claims; states and moves"),
    "node-attributes": ("lost", "what is known of the nodes: a list of edges has their names only"),
    "alone": ("lost", "nodes without an edge: {n}"),
    "quick": ("lost", "deals, unlocking, coalitions and truces: the study is a quick one of the case as it stands; export a whole study for them"),
    "many-states": ("lost", "a table of all {n} states: at most {most} get a row each"),
    "other-tables": ("lost", "other tables of the study, which `xlsx` writes all: {n}"),
    "sources-apart": ("lost", "what is known of the sources beyond their names: `csl` and `bibtex` write that"),
    "lines-apart": ("lost", "the lines of the model, and which of them rest on which claim"),
    "sources-there": ("kept", "sources that the case had already, left as they are: {n}"),
    "digested": ("changed", "digests worked out from the documents in the folder of sources: {n}"),
    "commands": ("changed", "commands of TeX that are not known, kept as they stand: {n}"),
    "there-already": ("kept", "claims that the case had already, left as they are: {n}"),
    "checked": ("kept", "quotes found word for word in their source: {n}"),
    "no-text": ("lost", "statements without a text to quote: {n}"),
    "claims-apart": ("lost", "claims, and the lines that rest on them"),
    "degrees": ("lost", "how surely each holds it, hedges, conditions and chains of speakers: agreement is 1, or 0 where it is denied"),
    "signs-of-dna": ("changed", "semicolons and quotation marks inside a cell, as DNA writes them: commas and apostrophes"),
    "undated": ("changed", "claims of sources without a date, which stand at {day}: {n}"),
    "names-of-outcomes": ("lost", "names of outcomes"),
    "comment": ("lost", "the comment of the file: {text}"),
    "discount": ("lost", "{party}: a discount factor of {value}, by which agreements are worth less the later they come"),
    "present": ("lost", "there is no present state in the file: it is unknown in the case"),
    "left-out": ("lost", "{what}: {instead}"),
    "coalitions": ("lost", "the file names coalitions: {names}; ask what parties could do together"),
    "misperceptions": ("lost", "misperceptions of {names}: the case has what {party} sees"),
    "unchecked": ("lost", "quotes not checked, since the text of their source is not at hand: {n}"),
    "no-position": ("lost", "claims without a position, since their quote was not checked, or is sealed: {n}"),
    "sealed": ("lost", "claims whose passage is sealed, so that there are no words to write: {n}"),
    "column": ("lost", "column '{name}'"),
    "annotations": ("lost", "annotations of layer {name}: {n}"),
    "feature": ("lost", "feature '{name}' of annotations: {n}"),
    "field": ("lost", "'{name}' of entries: {n}"),
    "not-said": ("lost", "{names}"),
    "reliability": ("lost", "reliability of sources"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was kept, changed or lost: a code of `SAID`, and what fills its blanks."""

    code: str
    data: tuple[tuple[str, str | int], ...] = ()

    @property
    def fate(self) -> Fate:
        """Whether it was kept, changed or lost."""
        return SAID[self.code][0]

    @property
    def words(self) -> str:
        """The note as a sentence."""
        return SAID[self.code][1].format(**{key: f"{value:,}" if isinstance(value, int) else value for key, value in self.data})

    def __str__(self) -> str:
        return f"{self.fate}: {self.words}"


def noted(code: str, **data: str | int) -> Remark:
    """A note.

    >>> print(noted("states", n=4_096))
    kept: states: 4,096
    """
    return Remark(code, tuple(data.items()))


@dataclass(frozen=True, slots=True)
class Carried(Shown):
    """A file in another form, and what of the first was kept, changed and lost on the way.

    format  : the form it was read from, or is written in
    content : the bytes: a case file where something was read, else the file to be handed on
    notes   : what was kept, changed and lost, in that order
    """

    format: str
    content: bytes
    notes: tuple[Remark, ...]

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8")

    def told(self, fate: Fate) -> tuple[str, ...]:
        """What was kept, changed or lost, in words."""
        return tuple(note.words for note in self.notes if note.fate == fate)

    def table(self) -> Table:
        """One row for each thing that was kept, changed or lost."""
        return Table(self.format, ("what became of it", "what"), tuple((note.fate, note.words) for note in self.notes))


def carried_over(format: str, content: bytes | str, notes: list[Remark]) -> Carried:
    """What was carried over, with its notes in order and each once."""
    order: tuple[Fate, ...] = ("kept", "changed", "lost")
    told = tuple(note for fate in order for note in dict.fromkeys(notes) if note.fate == fate)
    return Carried(format, content.encode("utf-8") if isinstance(content, str) else content, told)


def unsaid(notes: list[Remark]) -> list[dict[str, str]]:
    """What was lost, and what numbers are counted from, as entries of a case's `unsaid`."""
    told = dict.fromkeys(note.words for note in notes if note.fate == "lost" or note.code == "from-lowest")
    return [{"what": words, "instead": "the imported case does without it"} for words in told]
