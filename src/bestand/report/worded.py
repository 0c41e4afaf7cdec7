"""Tables for people: what an engine gives as code names, in the case's own words and the reader's language.

Each column of a result holds one kind of thing everywhere, so that its name says how its cells are told (`COLUMNS`). In all other
columns, in titles and in notes only names that can be nothing else are put into words: levers with their settings, places in the
file, and names with a low line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bestand.case.lines import want_at, want_place
from bestand.show import Cell, Table, cell_text, spaced
from bestand.study.conclusions import CONCLUSIONS
from bestand.telling.telling import Telling
from bestand.telling.titles import sight, title_of

NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*(?:\[\d+\](?:\.\w+)*)?(?:(?:!=|>=|<=|=)\w+)?")
NAMED = re.compile(rf"\bnot ({NAME.pattern})|{NAME.pattern}")
KINDS = ("parties", "terms", "events", "hypotheses", "views", "zones", "talks", "incidents", "sources")
SECTIONS = (
    "wants", "levers", "parties", "terms", "events", "play", "deterrence", "zones", "sources", "claims", "never", "observations", "talks",
    "incidents",
)  # fmt: skip
TOLD = "(told)"  # the column of a table in which conclusions are sentences already
AS_WRITTEN = ("in the file", "where", "code", "lever", "claims", "day", "on", "up to")


def worded(table: Table, telling: Telling) -> Table:
    """The table as a reader is shown it: titles, heads, cells and notes without code names.

    >>> from bestand import conflict, read
    >>> from bestand.telling.words import words
    >>> told = Telling(conflict(read("example/en")), words("en"))
    >>> worded(Table("", ("who", "does"), (("co", "co.pipe=yes"),)), told).rows
    (('Harne Water Company', 'the company lays a pipe to the orchards'),)
    """
    names = CodeNames(telling)
    table = _conclusions(table, names)
    rows = tuple(tuple(_cell(k, row, table.columns, names) for k in range(len(row))) for row in table.rows)
    columns = tuple("conclusion" if column == TOLD else names.head(column) for column in table.columns)
    title = names.loose(table.title).replace(str(telling.case.file.title), telling.said(telling.case.file.title))
    return Table(title, columns, rows, tuple(names.loose(note) for note in table.notes))


@dataclass(slots=True)
class CodeNames:
    """The code names of one case, and how each is told."""

    telling: Telling
    party_types: re.Pattern[str] = field(init=False)
    parties: Mapping[str, str] = field(init=False)
    labels: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Gathers the versions of parties, parties by their full names, and what was seen by what it is called."""
        seen = self.telling.case.file.observations
        self.labels = {f"{each.lever}={each.took}" if each.took else f"not {each.lever}={each.not_given}": self.telling.label(each) for each in seen}
        self.parties = {str(stated.name): party for party, stated in self.telling.case.file.parties.items()}
        versions = [f"{party}: {type_}" for party, stated in self.telling.case.file.parties.items() for type_ in stated.types]
        self.party_types = re.compile("|".join(rf"(?<![\w.]){re.escape(each)}(?!\w)" for each in sorted(versions, key=len, reverse=True)) or r"(?!)")

    def coded(self, text: str) -> str:
        """A text of code names and signs between them."""
        if text in self.telling.case.conditions and not NAME.fullmatch(text):
            return self.telling.condition(text)
        if all(each in self.parties for each in text.split(", ")):
            return ", ".join(self.telling.party(self.parties[each]) for each in text.split(", "))
        told = re.sub(r", (?=[^\W\d]\w*\.\w+=)", "; ", text)  # settings of one state: labels may have commas of their own
        parts = re.split(r"(“[^”]*”)", self.party_types.sub(lambda match: self.version(*match[0].split(": ")), told))
        return "".join(part if part.startswith("“") else self._each(part, whole=True) for part in parts)

    def loose(self, text: str) -> str:
        """A text in which only what can be nothing else is a code name: a name alone, between marks or in a list of names, or with a dot."""
        if self.known(text):
            return self.coded(text)
        if self.telling.translated(text) != text:
            return self.telling.said(text)
        told = re.sub(r"“([^”]*)”", lambda match: f"“{self.telling.said(match[1])}”", text)
        told = self.party_types.sub(lambda match: self.version(*match[0].split(": ")), told)
        parts = re.split(r"(“[^”]*”)", told)  # what stands between marks is told already
        return "".join(part if part.startswith("“") else self._names_in(part) for part in parts)

    def _names_in(self, text: str) -> str:
        told = re.sub(r"(['\[])([^'\]]+)(['\]])", lambda match: f"{match[1]}{self._marked(match[2])}{match[3]}", text)
        told = re.sub(r"(^|; )([\w.]+)(?=: )", lambda match: match[1] + self._marked(match[2]), told)
        after = r"((?:: |\bwith )(?:(?:best|worst) for )?)"
        told = re.sub(rf"{after}([\w.]+(?:, [\w.]+)*)(?=$|[ ;])", lambda match: f"{match[1]}{self._list(match[2])}", told)
        return self._each(told, whole=False)

    def known(self, name: str) -> bool:
        """Whether a text is the name of a party, lever, term or other member of the case, and nothing else."""
        file = self.telling.case.file
        return name in file.levers or name in self.telling.case.terms or any(name in getattr(file, kind) for kind in KINDS)

    def _marked(self, text: str) -> str:
        return self.coded(text) if self.known(text) or text in self.telling.case.conditions else text

    def _list(self, text: str) -> str:
        return self.coded(text) if all(self.known(each) for each in text.split(", ")) else text

    def head(self, column: str) -> str:
        """The head of a column."""
        if column in self.telling.case.file.parties:
            return self.telling.party(column)
        start, _, last = column.rpartition(" ")
        return f"{start} {self.telling.party(last)}" if start == "worth to" else self.loose(column)

    def version(self, party: str, type_: str) -> str:
        """A version of a party, between marks that keep it whole."""
        return f"“{self.telling.party(party)}: {self.telling.type_of(party, type_)}”"

    def lines(self, text: str) -> str:
        """Lines of the case, each with its party before it."""
        text = self.party_types.sub(lambda match: self.version(*match[0].split(": ")), text)
        owners = "|".join(map(re.escape, self.telling.case.file.parties))
        both = re.split(rf" and (?=“|(?:{owners}): )", text)
        if len(both) > 1:
            return f" {self.telling.say('and')} ".join(self.lines(each) for each in both)
        parts = re.split(rf"(^|; )({owners}): ", text)
        told = [self.loose(parts[0])]
        for between, party, said in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            told.append(f"{between}{self.telling.party(party)}: {self.loose(said)}")
        return "".join(told)

    def conclusion(self, text: str, *, holds: bool = True) -> str:
        """A conclusion, such as `term_rests ceasefire`, as a short sentence."""
        kind, _, about = text.partition(" ")
        if kind == "lasts_a_year":
            return self.telling.say("told_lasts_a_year", term=self.telling.term(about))
        if kind == "blocks":
            return self.telling.say("concl_blocks_yes" if holds else "concl_blocks_no", party=self.telling.party(about))
        if kind == "verdict":
            return self.telling.called_hypothesis(about)
        if kind == "best_deal":
            return self.telling.say("told_best_deal", term=self.telling.term(about))
        return title_of((kind, about), holds, self.telling) if kind in CONCLUSIONS else self.coded(text)

    def _each(self, text: str, *, whole: bool) -> str:
        return NAMED.sub(lambda match: self._denied(match[1], match[0]) if match[1] else self._name(match[0], whole=whole), text)

    def _denied(self, name: str, text: str) -> str:
        lever, sign, setting = name.partition("=")
        if not sign or lever not in self.telling.case.file.levers:
            return text if lever not in self.telling.case.terms else f"not {self.telling.term(lever)}"
        return self.telling.say("watch_not_taken", what=sight(lever, setting, self.telling))

    def member(self, kind: str, name: str) -> str | None:
        """A member of one section of the case by its words; None where it has none of that name."""
        telling, about = self.telling, self.telling.case.file.deterrence
        if kind == "terms":
            return telling.term(name) if name in telling.case.terms else None
        stated = (getattr(about, kind) if about else {}) if kind in ("postures", "strategies") else getattr(telling.case.file, kind)
        if name not in stated:
            return None
        return telling.said(stated[name].name) if kind == "zones" else telling.label(stated[name]) or spaced(name)

    def of(self, kind: str, text: str) -> str:
        """A text of code names, those of one section of the case before any other of the same name."""
        if (known := self.member(kind, text)) is not None:
            return known
        parts = text.split(" + ")
        return " + ".join(known if (known := self.member(kind, each)) is not None else self.coded(each) for each in parts)

    def seen(self, text: str) -> str:
        """What was seen, as the case calls it, or by its levers."""
        return "; ".join(self.labels.get(each) or self.coded(each) for each in text.split("; "))

    def _name(self, name: str, *, whole: bool) -> str:
        telling, file = self.telling, self.telling.case.file
        lever = next((each for each in (re.split("[!<>=]", name)[0],) if each in file.levers), "")
        if lever:
            return self._lever(name, lever, whole=whole)
        place = want_at(name)
        if place is not None and place[2] is not None:
            return self.want(name)
        section, _, _ = name.partition(".")
        if section in SECTIONS and name != section:
            return telling.place(name)
        if whole or "_" in name:
            return self._part(name)
        return name

    def _lever(self, name: str, lever: str, *, whole: bool) -> str:
        if name == lever:
            return self.telling.short_lever(lever) if whole or "." in name else name
        setting = name.removeprefix(lever)[1:]  # behind =; of other signs this is none
        known = setting in self.telling.case.file.levers[lever].settings
        return self.telling.short(lever, setting) if known else self.telling.condition(name)

    def want(self, at: str) -> str:
        """A want by whose it is and what it says."""
        place = want_at(at)
        said = self.telling.want(want_place(*place), "") if place else ""
        if not (said and place):
            return self.telling.place(at)
        party, version, _ = place
        here = self.telling.party(party)
        if version and self._also_of_another(party, version, said):
            here = self.telling.say("line_type", party=here, type=self.telling.type_of(party, version))
        return f"{here}: “{said}”"

    def _also_of_another(self, party: str, version: str, said: str) -> bool:
        """Whether another version of a party has a want in the same words."""
        others = {kind: wants for kind, wants in self.telling.case.wants(party).items() if kind != version}
        return any(self.telling.want(want_place(party, kind, k), "") == said for kind, wants in others.items() for k in range(len(wants)))

    def _part(self, name: str) -> str:
        """A party, term, event or other member by its name; another name with a low line as words."""
        telling, file = self.telling, self.telling.case.file
        if name in file.parties:
            return telling.party(name)
        if name in telling.case.terms:
            return telling.term(name)
        about = file.deterrence
        stated = {**about.postures, **about.strategies}.get(name) if about else None
        if stated is not None:
            return telling.label(stated) or spaced(name)
        kind = next((kind for kind in KINDS if name in getattr(file, kind)), "")
        if kind == "zones":
            return telling.said(file.zones[name].name)
        if kind == "hypotheses":
            return telling.called_hypothesis(name)
        if kind == "sources":
            return telling.said(str(file.sources[name].title))
        return telling.called(kind, name) if kind else spaced(name)


def _cell(k: int, row: tuple[Cell, ...], columns: tuple[str, ...], names: CodeNames) -> Cell:
    """One cell, by the name of its column."""
    cell, column, say = row[k], columns[k], names.telling.say
    if (listed := _listed_state(k, row, columns, names)) is not None:
        return listed
    if isinstance(cell, bool):
        return say("yes" if cell else "no")
    if isinstance(cell, float) and say("decimal") != ".":
        return say.number(cell_text(cell))
    if not isinstance(cell, str) or column in AS_WRITTEN:
        return cell
    lever = next((each for each in (column, str(row[0])) if each in names.telling.case.file.levers), "")
    if lever and cell in names.telling.case.file.levers[lever].settings:
        return names.telling.value_of(lever, cell)
    party = next((str(each) for each, head in zip(row, columns, strict=True) if head == "party"), "")
    if column == "type" and party:
        return names.telling.type_of(party, cell)
    tell = COLUMNS.get(column, COLUMNS.get(column.partition(" ")[0] + " …"))
    return names.loose(cell) if tell is None else tell(names, cell)


def _listed_state(k: int, row: tuple[Cell, ...], columns: tuple[str, ...], names: CodeNames) -> str | None:
    """A state of a listed graph by its name and, in the column beside, its words: a number would be taken for another one's name."""
    known, file = names.telling.graph.names, names.telling.case.file
    at = k if columns[k] in NUMBERED else k - 1
    state = row[at]
    if not known or at < 0 or NUMBERED.get(columns[at]) != "".join(columns[at + 1 : at + 2]) or not isinstance(state, int):
        return None
    return known[state] if at == k else names.telling.said(file.states[known[state]].label)


def _listed(names: CodeNames, text: str) -> str:
    return "; ".join(names.conclusion(each, holds=True) for each in text.split("; ")) if text else ""


def _conclusions(table: Table, names: CodeNames) -> Table:
    """A table of conclusions by kind and term, with both in one column: the sentence whose truth the next one tells."""
    if table.columns[:2] != ("conclusion", "term"):
        return table
    rows = tuple((names.conclusion(f"{row[0]} {row[1]}".strip()), *row[2:]) for row in table.rows)
    return replace(table, columns=(TOLD, *table.columns[2:]), rows=rows)


def _backstop(names: CodeNames, text: str) -> str:
    """A setting of the backstop, and whether it may leave."""
    about = names.telling.case.file.deterrence
    setting, sign, leaves = text.partition(", ")
    return text if about is None or about.backstop is None else f"{names.telling.value_of(about.backstop.lever, setting)}{sign}{leaves}"


def _as_is(_: CodeNames, text: str) -> str:
    return text


def _of(kind: str) -> Callable[[CodeNames, str], str]:
    """How the cells of a column are told that holds names of one kind, which other members of the case may share."""

    return lambda names, text: names.of(kind, text)


NUMBERED = {"state": "what", "to": "which is"}  # columns with the number of a state: the one beside it, that says what it is
COLUMNS: Mapping[str, Callable[[CodeNames, str], str]] = {
    **dict.fromkeys(
        ("party", "who", "by", "proposes", "upset by", "parties", "crosses a red line of", "pays", "to", "gains", "does", "state", "from",
         "mostly from", "outcome", "nearest", "agreed", "moves", "path", "then rests at", "watch for", "speaks for",
         "signs on the way", "number", "doubtful wants touched",
         "guard", "setting", "against", "stopped by", "paying move to", "about", "changes", "month …", "20 …"),
        CodeNames.coded,
    ),
    **{column: _of(kind) for column, kind in
       (("posture", "postures"), ("strategy", "strategies"), ("zone", "zones"), ("zones", "zones"), ("term", "terms"), ("terms", "terms"))},
    **dict.fromkeys(("headline", "conclusion", "measure"), CodeNames.conclusion),
    **dict.fromkeys(("turns", "turns without it", "turns with it alone"), _listed),
    **dict.fromkeys(("turned by the loss of", "falls", "why none alone", "already"), CodeNames.lines),
    **dict.fromkeys(("seen", "moved most by"), CodeNames.seen),
    "backstop": _backstop,
    TOLD: _as_is,
}  # fmt: skip
"""Name of a column → how its cells are told; a name that ends in … stands for all that begin so."""
