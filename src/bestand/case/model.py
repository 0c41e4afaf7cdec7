"""What an analyst states: the shape of a case file, as frozen models with their JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bestand.case.parts import Backed, Name, Number, Part, Setting, StateName
from bestand.case.zones import Deterrence, Zone

Condition = Annotated[str, Field(min_length=1, description="condition on states, e.g. `ceasefire and not ru.violates`")]
Holds = Literal["certain", "probable", "possible", "uncommitted", "denied"]


class Source(Part):
    """A document. Its text is not part of the case: `file` is looked for beside the case or under --sources."""

    title: str
    author: str = ""
    publisher: str = ""
    date: str = ""
    language: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="digest of the document's bytes")]
    file: Annotated[str, Field(description="path of the document, relative to the case or to --sources")] = ""
    url: str = ""


class Link(Part):
    """One link of a speaker chain: who holds what is said, how surely, and by which way it came to be known."""

    who: str
    holds: Holds = "certain"
    via: str = ""


class Sealed(Part):
    """A quote given by its place and digest only, for sources that may not be copied."""

    start: Annotated[int, Field(ge=0, description="first code point, on the canonical text")]
    end: Annotated[int, Field(gt=0, description="one past the last code point, on the canonical text")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="digest of the canonical passage, UTF-8")]


class Claim(Part):
    """What one passage of a source says, who says it, how surely."""

    source: Name
    quote: Annotated[str, Field(description="words of the source, exactly (at most twelve in a case that is shared)")] = ""
    sealed: Sealed | None = None
    prefix: Annotated[str, Field(description="words just before the quote, where the quote stands more than once")] = ""
    suffix: Annotated[str, Field(description="words just after the quote, where the quote stands more than once")] = ""
    says: Annotated[str, Field(description="who says it: `author`, or the one who is quoted")] = "author"
    via: Annotated[str, Field(description="the way it came to be known: interview, newspaper report, hearsay …")] = ""
    author_holds: Annotated[Holds, Field(description="how far the author commits to it (FactBank degrees)")] = "certain"
    source_holds: Annotated[Holds | None, Field(description="how far the one who is quoted commits to it")] = None
    chain: Annotated[tuple[Link, ...], Field(description="the speakers between author and speaker, nearest first")] = ()
    hedge: Annotated[str, Field(description="the words in the passage that hedge it: naar verluidt, blijkbaar, zou")] = ""
    condition: Annotated[str, Field(description="the words that make it conditional: als …, mits …")] = ""
    gloss: Annotated[str, Field(description="what it says, in the analyst's own words")]
    about: Annotated[tuple[str, ...], Field(description="parties, levers or terms that it speaks of")] = ()
    context: Annotated[bool, Field(description="true where it is background that no line of the model needs")] = False
    denies: Annotated[tuple[Name, ...], Field(description="claims that it says no to")] = ()
    generated_by: Annotated[str, Field(description="what drafted it: `rules nl`, or a model's name; empty where a person wrote it")] = ""
    accepted_by: Annotated[str, Field(description="who accepted the draft")] = ""
    accepted_on: Annotated[str, Field(description="the day on which the draft was accepted")] = ""


class Party(Part):
    """Who can act; `types` are possible versions of its wants, with probabilities that sum to one."""

    name: str
    also: Annotated[tuple[str, ...], Field(description="other names in the sources")] = ()
    members: Annotated[tuple[str, ...], Field(description="people and organisations that act for it")] = ()
    types: dict[Name, Number] = {}
    because: tuple[Name, ...] = ()
    assumed: str = ""


class Guard(Backed):
    """A condition that must hold in the state *from which* a setting is entered."""

    that: Condition


class Lever(Backed):
    """Something one party controls, named `party.name`, with two or more settings in order."""

    label: Annotated[str, Field(alias="is", description="what it is, in words: `Russia accepts the ceasefire`")]
    settings: tuple[Setting, ...] = ("no", "yes")
    meaning: Annotated[dict[Setting, str], Field(description="what each setting means, in words")] = {}
    now: Annotated[Setting | None, Field(description="present setting (the first, if not given)")] = None
    one_way: Annotated[Literal["up", "down"] | None, Field(description="it only goes up, or only down")] = None
    needs: Annotated[
        dict[Setting, Annotated[Guard, BeforeValidator(lambda v: {"that": v} if isinstance(v, str) else v)]],
        Field(description="guards: a setting may be entered only from states where the condition holds"),
    ] = {}
    zone: Annotated[Name | None, Field(description="the zone it works in")] = None


class Ban(Backed):
    """States that cannot be; not a guard on moves (see `needs`)."""

    that: Condition
    label: Annotated[str, Field(alias="is")] = ""


class Event(Backed):
    """A move that nobody chooses, with a rate per month."""

    label: Annotated[str, Field(alias="is")] = ""
    sets: Annotated[dict[str, Setting], Field(min_length=1, description="lever: setting it puts there")]
    when: Annotated[Condition, Field(description="where it can happen")] = "true"
    per_month: Annotated[Number, Field(description="rate per month, while `when` holds")]


class Want(Backed):
    """A condition that a party likes to hold; its place in the list is its importance."""

    that: Condition
    label: Annotated[str, Field(alias="is", description="the want in words")] = ""
    worth: Annotated[Number | None, Field(description="what it is worth per month, for questions of size")] = None
    red_line: Annotated[bool, Field(description="a limit: no deal without it")] = False


class Talk(Backed):
    """A channel or a meeting: between whom, brought about by whom, with what result."""

    label: Annotated[str, Field(alias="is")]
    between: tuple[str, ...]
    by: Annotated[str, Field(description="who called or mediates it")] = ""
    place: str = ""
    date: str = ""
    result: str = ""


class Framing(Backed):
    """How one party presents an incident."""

    by: str
    as_: Annotated[str, Field(alias="as", description="the framing: accident, war crime …")]
    lever: Annotated[str, Field(description="the lever by which it does so")] = ""


class Incident(Backed):
    """Something that happened, and the rival framings of it."""

    label: Annotated[str, Field(alias="is")]
    date: str = ""
    event: Annotated[str, Field(description="the event of this case that stands for such incidents")] = ""
    framings: tuple[Framing, ...] = ()


class Test(Part):
    """How a hypothesis is tested: a question to an engine, under settings that are held, and what should come out."""

    ask: Annotated[
        Literal["rests", "reached", "possible", "gains", "holds_longer", "agreement", "unlocked", "undecidable"],
        Field(description="which question; docs/reference/tests.md defines each"),
    ]
    that: Annotated[Condition | None, Field(description="the states asked about")] = None
    without: Annotated[Condition | None, Field(description="states that the way there may not touch")] = None
    party: Annotated[Name | None, Field(description="whose gain, move or agreement is asked about")] = None
    excluding: Annotated[tuple[Name, ...], Field(description="parties that may not move or veto")] = ()
    start: Annotated[Condition | None, Field(alias="from", description="start (the present state, if not given)")] = None
    view: Annotated[Name | None, Field(description="view in which it is asked (`core`, if there is one)")] = None
    hold: Annotated[dict[str, Setting], Field(description="levers put and held at a setting")] = {}
    against: Annotated[
        dict[str, Setting] | None, Field(description="a second set of held settings: the answers are compared")
    ] = None
    concept: Annotated[Literal["nash", "gmr", "smr", "seq", "ssr"], Field(description="stability concept")] = "seq"
    by: Annotated[Literal["improving", "any"], Field(description="which moves count for reaching")] = "improving"
    months: Annotated[float, Field(gt=0, description="over how many months a truce is watched")] = 12.0
    expect: Annotated[
        Literal["yes", "no", "more", "less", "same", "not more", "not less"],
        Field(description="the answer if the claim is right; comparisons read `hold` against `against`"),
    ] = "yes"
    reason: Annotated[str, Field(description="why it cannot be decided, for `undecidable`")] = ""


class Hypothesis(Backed):
    """A causal claim of a source, tested and never assumed. It holds if every test comes out as expected."""

    claim: str
    test: Annotated[
        tuple[Test, ...],
        BeforeValidator(lambda v: [v] if isinstance(v, dict) else v),
        Field(min_length=1),
    ]


class View(Part):
    """The case with some levers held fixed: those not under `vary` stay at `now` or at `fixed`."""

    label: Annotated[str, Field(alias="is")] = ""
    vary: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
        Field(min_length=1, description="levers that may move; `all` for every lever"),
    ]
    fixed: dict[str, Setting] = {}


class NamedState(Part):
    """A state with a name of its own, as published: settings by lever, or only words in a listed graph."""

    label: Annotated[str, Field(alias="is")] = ""
    at: Annotated[dict[str, Setting], Field(description="lever: setting (none in a listed graph)")] = {}


class Listed(Part):
    """A graph given by its moves, as the literature does: states under `states`, moves per party."""

    moves: Annotated[dict[Name, tuple[tuple[StateName, StateName], ...]], Field(description="party: [[from, to], …]")]
    now: StateName | None = None


class Tempo(Part):
    """How fast and how surely parties act, for play in continuous time."""

    tempo: Annotated[dict[Name, Number], Field(description="chances to move per month, per party")] = {}
    noise: Annotated[dict[Name, Number], Field(description="logit scale, in worth per month, per party")] = {}
    discount: Annotated[dict[Name, Number], Field(description="discount rate per year, per party")] = {}
    move_cost: Annotated[dict[str, Number], Field(description="what moving a lever costs its party once, in worth")] = {}


class Unsaid(Part):
    """Something the sources do not say and the model had to assume."""

    what: str
    instead: Annotated[str, Field(description="what was assumed in its place")]
    where: Annotated[tuple[str, ...], Field(description="levers, wants, events or numbers that rest on it")] = ()


Rank = StateName | tuple[StateName, ...]


class CaseFile(BaseModel):
    """A case: one conflict, as stated in one file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, title="bestand case file, format 1")

    bestand: Annotated[Literal[1], Field(description="version of the file format")]
    title: str
    as_of: Annotated[str, Field(description="the day on which the case describes the world")] = ""
    language: Annotated[str, Field(description="language of glosses and labels")] = "en"
    summary: str = ""
    citation: Annotated[str, Field(description="where a published case comes from")] = ""
    sources: dict[Name, Source] = {}
    claims: dict[Name, Claim] = {}
    parties: Annotated[dict[Name, Party], Field(min_length=1)]
    levers: dict[str, Lever] = {}
    terms: dict[Name, Condition] = {}
    never: tuple[Ban, ...] = ()
    events: dict[Name, Event] = {}
    wants: Annotated[
        dict[Name, tuple[Want, ...] | dict[Name, tuple[Want, ...]]],
        Field(description="party: wants, most important first; or party: type: wants"),
    ] = {}
    ranking: Annotated[
        dict[Name, tuple[Rank, ...]],
        Field(description="party: named states, best first, ties as lists (published cases)"),
    ] = {}
    states: Annotated[dict[str, NamedState], Field(description="states with names of their own")] = {}
    graph: Annotated[Listed | None, Field(description="the moves, where the case is given as a listed graph")] = None
    talks: dict[Name, Talk] = {}
    incidents: dict[Name, Incident] = {}
    zones: dict[Name, Zone] = {}
    deterrence: Deterrence | None = None
    play: Tempo | None = None
    hypotheses: dict[Name, Hypothesis] = {}
    unsaid: Annotated[tuple[Unsaid, ...], Field(description="what the sources do not say")] = ()
    views: dict[Name, View] = {}
