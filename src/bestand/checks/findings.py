"""Findings: what `check` has to say, as a code with its data, and in English; other languages say the same codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bestand.errors import Place, short, written_out
from bestand.show import Blank, Shown, Table

Severity = Literal["error", "warning", "note"]
Part = str | int

SENTENCES: Mapping[str, tuple[str, str]] = {
    "check/quotes-unchecked": (
        "{n:1 quote was not checked: the text of its|# quotes were not checked: the text of their} source is not at hand",
        "give the folder with the sources (--sources)",
    ),
    "check/long-quote": (
        "the quote of {claim} has {n} {n:word|words}",
        "in a case that is shared quote at most {most} {most:word|words}, or seal the passage",
    ),
    "check/tracked-changes": (
        "source {source} has tracked changes: it was read with all of them accepted",
        "say under `date` or `title` which version is meant",
    ),
    "check/struck-out": ("source {source} has words that are struck out: they are not said", "look at the document, where it matters"),
    "check/hidden-text": ("source {source} has words that a reader does not see: they are not said", "look at the document, where it matters"),
    "check/unclear-looks": (
        "source {source} may have words that a reader does not see, or show some that are not read: how it looks is not known in all places",
        "look at the document, where it matters",
    ),
    "check/turned-text": (
        "source {source} has letters or words that a reader sees in another order than they stand", "look at the document, where it matters",
    ),
    "check/unused-claim": ("nothing rests on claim {claim}", "name it under `because` where the model rests on it, or mark it `context: true`"),
    "check/denied-claim": (
        "claim {other} denies {claim}, on which the model rests",
        "say which of the two the model follows, and why (`assumed`), or give both as types or settings",
    ),
    "check/seen-otherwise": (
        "{lever} was last seen at {seen} ({on}), and its present setting is {now}",
        "correct `now`, or add what was seen since",
    ),
    "check/seen-later": ("something was seen on {on}, after the day that the case describes ({as_of})", "correct the day, or `as_of`"),
    "check/idle-lever": ("no want, rule, event, or term in use has to do with lever {lever}", "add what it matters to, or leave it out"),
    "check/unwanted-lever": (
        "no want, guard or ban has to do with lever {lever}: {party} moves it for no reason, by chance only",
        "say what it is worth to somebody, or make it an event",
    ),
    "check/no-basis": ("{at} names no claim and gives no reason", "add `because: [claims]`, or `assumed: why`"),
    "check/to-be-replaced": (
        "{n} {n:line still says|lines still say} what a new line says: '{text}'",
        "name under `because` the claims that the line rests on, or say under `assumed` why it is assumed",
    ),
    "check/basis-without-claims": (
        "{at} is said to be {basis}, and names no claim",
        "name the claims under `because`, or write `assumed: why`",
    ),
    "check/weights-on-ordinal": (
        "{n} of {of} {of:want|wants} of {party} {n:has|have} a `worth`: sizes cannot be asked for, and the weights do nothing",
        "give every want a `worth`, or none",
    ),
    "check/negative-worth": (
        "the want '{that}' of {party} has a negative worth: it is taken for the wish that this is not so",
        "write the condition the other way round (`not …`), with a positive `worth`",
    ),
    "check/order-against-weights": (
        "{party} wants '{first}' before '{second}', and the second is worth more: by rank and by size it wants different things",
        "put the wants in the order of their worth, or correct the worths",
    ),
    "check/guard-never-holds": ("the guard of {lever} = {setting} can never hold, so it is never entered", "correct it"),
    "check/no-state": (
        "bans leave no state: of the settings of {levers} every combination is banned",
        "take out one of the bans, or write it more narrowly",
    ),
    "check/present-banned": ("the present state is banned: {that}", "correct the ban or the settings under `now`"),
    "check/no-present": (
        "the present state is unknown: what starts from it cannot be asked",
        "put `now` at the settings of today, and take out `present: unknown`",
    ),
    "check/red-line-broken": ("the present state breaks a red line of {party}: {that}", "is it a limit on deals, or already crossed?"),
    "check/party-cannot-move": ("{party} can never move", "give it a lever, or make it an event"),
    "check/empty-want": (
        "the want '{that}' of {party} never changes anything: it is the same in every state that can be",
        "leave it out, or say what was meant",
    ),
    "check/empty-want/repeated": (
        "the want '{that}' of {party} never changes anything: it stands above already",
        "leave it out, or say what was meant",
    ),
    "check/not-looked-through": (
        "not looked through: {n} {n:lever has|levers have} more than {most} combinations of settings, or there are too many conditions",
        "whether it can ever hold was not checked",
    ),
    "check/ban-traps": (
        "the ban '{that}' stops every move of {party} out of {status}: it then holds by definition",
        "a ban forbids states, for everybody; to restrict how a setting is entered write a guard (`needs`)",
    ),
    "check/event-barred": (
        "event {event} does not happen everywhere where its condition holds: what it sets is banned there ('{that}')",
        "let it set the other levers as well, or write the ban more narrowly",
    ),
    "check/clocks-apart": (
        "the clocks {other} and {clock} have one time ('{number}') and different stages: they are drawn apart",
        "give them as many stages, or each a time of its own",
    ),
    "check/clock-stopped": (
        "in the view {view} the clock {clock} is never over: it would put {lever} at {setting}, and the view holds it elsewhere",
        "let {lever} vary in that view, or hold it at {setting}",
    ),
    "check/clock-from-today": (
        "the clock {clock} can start anew, and would then run as long as from the day of the case to {day}",
        "give its `days`, and with `since` the day on which it began",
    ),
    "check/minded-elsewhere": (
        "in the view {view} nothing that {party} wants hangs on {lever}: looking ahead it moves it by chance only",
        "let what those wants hang on vary there too, or hold the lever",
    ),
    "check/no-usual-view": (
        "no view is called core: where none is named, all {size} combinations of settings are asked",
        "call the view that is mostly asked `core`",
    ),
    "check/idle-consent": (
        "no want of {party} speaks of {lever}: step by step it has no reason to consent, whatever comes of it",
        "give {party} a want that names it; looking ahead (`play`) or all at once (`joint`) it may consent all the same",
    ),
    "check/idle-chance": (
        "{lever} moves by itself, and nothing but that has to do with it: no want, guard, ban, rate or question names it",
        "name it where it matters, or leave it out",
    ),
    "check/impossible-date": ("{date} is no day of any calendar", "write year-month-day: 2025-04-25"),
    "check/unclear-date": ("'{date}' is no date", "write year-month-day: 2025-04-25"),
    "check/unknown-party": ("{who} is not a party, nor a name or member of one", "correct it, or add it to the party's `also` or `members`"),
    "check/lone-talk": ("talk {talk} is not between two", "name all who talk"),
    "check/unseen-words": ("there is nothing at {at} that a reader sees", "write there what a reader should see, or leave it out"),
    "check/equal-names": ("{one} and {other} are both called '{name}'", "a reader cannot tell them apart: give each a name of its own"),
    "check/equal-levers": ("{one} and {other} are both told as '{label}'", "a reader cannot tell them apart: give each words of its own"),
    "check/equal-settings": (
        "the settings {one} and {other} of {lever} both mean '{meaning}'",
        "a reader cannot tell them apart: give each words of its own",
    ),
    "check/other-language": (
        "{n} {n:name|names} of levers, terms, wants or events {n:is|are} given in {language} only, as the document had them",
        "give them in the language of the case ({own}) as well",
    ),
    "check/no-such-text": (
        "'{text}' is translated ({language}), and no text of the case",
        "translate the words that stand there now, or leave it out",
    ),
    "check/more-alike": ("{n} more {n:finding|findings} of the kind {kind}", "put the first ones right, and check again"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    what, advice : in English
    saying       : the sentence it is said with, a key of `SENTENCES`: its code, or a variant of it
    parts        : the data in the sentence, by name, so that it can be said in another language
    """

    code: str
    severity: Severity
    what: str
    place: Place
    advice: str
    saying: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


def finding(saying: str, severity: Severity, place: Place, **parts: Part) -> Finding:
    """A finding whose sentence is made of its parts.

    >>> finding("check/unused-claim", "warning", Place(at="claims.c1"), claim="c1").what
    'nothing rests on claim c1'
    """
    told = {name: short(written_out(part), most=200) if isinstance(part, str) else part for name, part in parts.items()}
    what, advice = SENTENCES[saying]
    filled = {name: Blank(str(part)) for name, part in told.items()}
    code = "/".join(saying.split("/")[:2])
    return Finding(code, severity, what.format(**filled), place, advice.format(**filled), saying, told)


@dataclass(frozen=True, slots=True, repr=False)
class Findings(Shown):
    """All findings, the gravest first."""

    findings: tuple[Finding, ...]

    def worst(self) -> Severity | None:
        """Severity of the gravest finding; None if there is none."""
        return self.findings[0].severity if self.findings else None

    def table(self) -> Table:
        """One row per finding."""
        rows = tuple((f.severity, f.code, f.what, str(f.place), f.advice) for f in self.findings)
        notes = () if rows else ("nothing to look at",)
        return Table("Findings", ("severity", "code", "what", "where", "advice"), rows, notes)
