"""What an analyst states: the shape of a case file, as frozen models with their JSON Schema."""


from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bestand.case.areas import MOST_AREAS, Area
from bestand.case.concepts import ConceptName
from bestand.case.parts import (
    MOST_NAMED,
    MOST_OF_A_LINE,
    SHARE,
    Backed,
    Condition,
    Name,
    Noise,
    Part,
    PerYear,
    Quantity,
    Rate,
    Real,
    Setting,
    Share,
    StateName,
    Whole,
    Words,
    Worth,
)
from bestand.case.worlds import Channel, Clock, Credibility, Issue, Lapse, Names, Rates, SharedMeans
from bestand.case.zones import MOST_ZONES, Deterrence, Zone

MOST_SOURCES = 500  # of a case
MOST_CLAIMS = 10_000  # of a case
MOST_PARTIES = 200  # of a case
MOST_LEVERS = 2_000  # of a case
MOST_TERMS = 10_000  # of a case
MOST_RULES = 2_000  # bans of a case, and events
MOST_WANTS = 500  # of one type of one party
MOST_STATES = 20_000  # named states of a case
MOST_LISTED_MOVES = 50_000  # of one party in a listed graph
MOST_MONTHS = 1_200  # for which a truce is watched
MOST_LANGUAGES = 20  # other than its own into which a case is translated
MOST_TRANSLATED = 50_000  # texts of a case in one language
MOST_OBSERVATIONS = 5_000  # of a case
MOST_PLACE = 10_000_000  # the place of a code point in a document
MOST_LINES = 1_000  # talks of a case, incidents, hypotheses, views, entries of `unsaid`
Holds = Literal["certain", "probable", "possible", "uncommitted", "denied"]


class Source(Part):
    """A document. Its text is not part of the case: `file` is looked for beside the case or under --sources."""

    title: Words
    author: str = ""
    publisher: str = ""
    date: str = ""
    language: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="digest of the document's bytes")]
    file: Annotated[str, Field(description="path of the document, relative to the case or to --sources")] = ""
    url: str = ""
    reliability: Annotated[
        Share | None,
        Field(description="chance that what it says is so, with its range: one draw for all that it says, also through others"),
    ] = None


class Link(Part):
    """One link of a speaker chain: who holds what is said, how surely, and by which way it came to be known."""

    who: Words
    holds: Holds = "certain"
    via: Words = Words.of("")


class Sealed(Part):
    """A quote given by its place and digest only, for sources that may not be copied."""

    start: Annotated[Whole, Field(ge=0, le=MOST_PLACE, description="first code point, on the canonical text")]
    end: Annotated[Whole, Field(ge=1, le=MOST_PLACE, description="one past the last code point, on the canonical text")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="digest of the canonical passage, UTF-8")]


class Claim(Part):
    """What one passage of a source says, who says it, how surely."""

    source: Name
    quote: Annotated[str, Field(description="words of the source, exactly (at most twelve in a case that is shared)")] = ""
    sealed: Sealed | None = None
    prefix: Annotated[str, Field(description="words just before the quote, where the quote stands more than once")] = ""
    suffix: Annotated[str, Field(description="words just after the quote, where the quote stands more than once")] = ""
    says: Annotated[Words, Field(description="who says it: `author`, or the one who is quoted")] = Words.of("author")
    via: Annotated[Words, Field(description="the way it came to be known: interview, newspaper report, hearsay …")] = Words.of("")
    author_holds: Annotated[Holds, Field(description="how far the author commits to it (FactBank degrees)")] = "certain"
    source_holds: Annotated[Holds | None, Field(description="how far the one who is quoted commits to it")] = None
    chain: Annotated[tuple[Link, ...], Field(max_length=MOST_NAMED, description="the speakers between author and speaker, nearest first")] = ()
    hedge: Annotated[str, Field(description="the words in the passage that hedge it: naar verluidt, blijkbaar, zou")] = ""
    condition: Annotated[str, Field(description="the words that make it conditional: als …, mits …")] = ""
    gloss: Annotated[Words, Field(description="what it says, in the analyst's own words")]
    about: Annotated[tuple[str, ...], Field(max_length=MOST_NAMED, description="parties, levers or terms that it speaks of")] = ()
    supports: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED, description="claims that it makes likelier")] = ()
    denies: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED, description="claims that cannot be so if it is")] = ()
    context: Annotated[bool, Field(description="true where it is background that no line of the model needs")] = False
    generated_by: Annotated[str, Field(description="what drafted it: `rules nl`, or a model's name; empty where a person wrote it")] = ""
    accepted_by: Annotated[str, Field(description="who accepted the draft")] = ""
    accepted_on: Annotated[str, Field(description="the day on which the draft was accepted")] = ""


class Type(Quantity):
    """How likely one possible version of a party's wants is, and what it is called."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")


_Type = Annotated[
    Type,
    BeforeValidator(lambda v: {"value": v} if isinstance(v, int | float) and not isinstance(v, bool) else v),
    SHARE,
]


class Party(Part):
    """Who can act; `types` are possible versions of its wants, with probabilities that sum to one."""

    name: Words
    also: Annotated[tuple[str, ...], Field(max_length=MOST_NAMED, description="other names in the sources")] = ()
    members: Annotated[tuple[Words, ...], Field(max_length=MOST_NAMED, description="who acts for it, with an office: `President Ana Berg`")] = ()
    types: Annotated[dict[Name, _Type], Field(max_length=MOST_NAMED)] = {}
    chance: Annotated[bool, Field(description="it never moves by itself and wants nothing: events move its levers")] = False
    signs: Annotated[bool, Field(description="a deal takes its signature; without one it has no veto, as one that sits at no table")] = True
    because: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED)] = ()
    assumed: Words = Words.of("")


class Guard(Backed):
    """A condition that must hold in the state *from which* a setting is entered."""

    that: Condition


class Term(Part):
    """A named condition; its text alone will do."""

    that: Condition
    label: Annotated[Words, Field(alias="is", description="the term in words")] = Words.of("")


class Lever(Backed):
    """Something one party controls, named `party.name`, with two or more settings in order."""

    label: Annotated[Words, Field(alias="is", description="what it is, in words: `Russia accepts the ceasefire`")]
    settings: Annotated[tuple[Setting, ...], Field(description="names in order, as `[no, half, yes]`; `meaning` has their words")] = ("no", "yes")
    meaning: Annotated[dict[Setting, Words], Field(description="what each setting means, in words")] = {}
    told: Annotated[dict[Setting, Words], Field(description="a sentence for where it stands: `the US is out of Europe altogether`")] = {}
    now: Annotated[Setting | None, Field(description="present setting (the first, if not given)")] = None
    odds: Annotated[
        dict[Setting, Annotated[Real, Field(ge=0, le=1)]],
        Field(description="chances of its settings today, where it is not known how it stands; `now` counts as the case stands"),
    ] = {}
    one_way: Annotated[Literal["up", "down"] | None, Field(description="it only goes up, or only down")] = None
    needs: Annotated[
        dict[Setting, Annotated[Guard, BeforeValidator(lambda v: {"that": v} if isinstance(v, str) else v)]],
        Field(description="guards: a setting may be entered only from states where the condition holds"),
    ] = {}
    zone: Annotated[Name | None, Field(description="the zone it works in")] = None
    up: Annotated[Rates | None, Field(description="a chance party's lever: rate per month of a step to the next setting")] = None
    down: Annotated[Rates | None, Field(description="a chance party's lever: rate per month of a step to the setting before")] = None
    consent: Annotated[dict[Setting, Names], Field(description="setting: parties without whose consent it cannot be entered")] = {}
    only_while: Annotated[dict[Setting, Lapse], Field(description="settings that go on only while a condition holds, and then lapse")] = {}

    @property
    def possible_now(self) -> tuple[str, ...]:
        """Settings at which it may stand today, in its own order, where that is not known; else none."""
        return tuple(setting for setting in self.settings if self.odds.get(setting))


class Ban(Backed):
    """States that cannot be; not a guard on moves (see `needs`)."""

    that: Condition
    label: Annotated[Words, Field(alias="is")] = Words.of("")


class Event(Backed):
    """A move that nobody chooses, with a rate per month."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    sets: Annotated[dict[str, Setting], Field(min_length=1, max_length=MOST_OF_A_LINE, description="lever: setting it puts there")]
    when: Annotated[Condition, Field(description="where it can happen")] = "true"
    per_month: Annotated[Rates, Field(description="rate per month, while `when` holds; or several, each with a condition of its own")]

    @property
    def rate(self) -> Quantity:
        """The rate; the reader makes an event of each, where several are given."""
        return self.per_month if isinstance(self.per_month, Quantity) else self.per_month[0]


class Want(Backed):
    """A condition that a party likes to hold; its place in the list is its importance."""

    that: Condition
    label: Annotated[Words, Field(alias="is", description="the want in words")] = Words.of("")
    worth: Annotated[
        Worth | None, Field(description="what it is worth per month, for questions of size; below 0: the wish that this is not so")
    ] = None
    red_line: Annotated[bool, Field(description="a limit: no deal without it")] = False


class Talk(Backed):
    """A channel or a meeting: between whom, brought about by whom, with what result."""

    label: Annotated[Words, Field(alias="is")]
    between: Annotated[tuple[str, ...], Field(max_length=MOST_NAMED)]
    by: Annotated[Words, Field(description="who called or mediates it")] = Words.of("")
    place: Words = Words.of("")
    date: Words = Words.of("")
    result: Words = Words.of("")
    issues: Annotated[
        dict[Name, Issue], Field(max_length=MOST_OF_A_LINE, description="points on the table: terms `talk_issue`, `talk_agreed`, `talk_some_agreed`")
    ] = {}
    decides: Annotated[dict[str, Setting], Field(max_length=MOST_OF_A_LINE, description="lever: setting that is entered at this table only")] = {}
    veto: Annotated[Names, Field(description="parties whose consent that takes")] = ()


class Framing(Backed):
    """How one party presents an incident."""

    by: str
    as_: Annotated[Words, Field(alias="as", description="the framing: accident, war crime …")]
    lever: Annotated[str, Field(description="the lever by which it does so")] = ""
    setting: Annotated[Setting | None, Field(description="setting of that lever; any but the first, if not given")] = None
    shifts: Annotated[
        dict[Name, tuple[str, ...]],
        Field(max_length=MOST_NAMED, description="party: wants (by label or condition) that are in force only while it is framed so"),
    ] = {}


class Incident(Backed):
    """Something that happened, and the rival framings of it."""

    label: Annotated[Words, Field(alias="is")]
    date: Words = Words.of("")
    event: Annotated[str, Field(description="the event of this case that stands for such incidents")] = ""
    framings: Annotated[tuple[Framing, ...], Field(max_length=MOST_OF_A_LINE)] = ()


class Observation(Backed):
    """Something that was seen on a day: a setting that a lever took, or that it was not given though it could have been."""

    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="the day, as year-month-day")]
    lever: str
    took: Annotated[Setting | None, Field(description="the setting that the lever took")] = None
    not_given: Annotated[Setting | None, Field(description="the setting that it could have taken and did not, up to that day")] = None
    since: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="from when on it was not given")] = ""
    label: Annotated[Words, Field(alias="is")] = Words.of("")


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
    concept: Annotated[ConceptName, Field(description="stability concept")] = "seq"
    by: Annotated[Literal["best", "paying", "any"], Field(description="which moves count for reaching")] = "best"
    months: Annotated[Real, Field(gt=0, le=MOST_MONTHS, allow_inf_nan=False, description="over how many months a truce is watched")] = 12.0
    expect: Annotated[
        Literal["yes", "no", "more", "less", "same", "not more", "not less"],
        Field(description="the answer if the claim is right; comparisons read `hold` against `against`"),
    ] = "yes"
    reason: Annotated[Words, Field(description="why it cannot be decided, for `undecidable`")] = Words.of("")


class Hypothesis(Backed):
    """A causal claim of a source, tested and never assumed. It holds if every test comes out as expected."""

    claim: Words
    test: Annotated[
        tuple[Test, ...],
        BeforeValidator(lambda v: [v] if isinstance(v, dict) else v),
        Field(min_length=1, max_length=MOST_OF_A_LINE),
    ]


class View(Part):
    """The case with some levers held: those not under `vary` stay at `now` or at `fixed`. The one called `core` is asked where none is named."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    vary: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
        Field(min_length=1, max_length=MOST_LEVERS, description="levers that may move; `all` for every lever"),
    ]
    fixed: dict[str, Setting] = {}


class NamedState(Part):
    """A state with a name of its own, as published: settings by lever, or only words in a listed graph."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    at: Annotated[dict[str, Setting], Field(description="lever: setting (none in a listed graph)")] = {}


_Moves = Annotated[tuple[tuple[StateName, StateName], ...], Field(max_length=MOST_LISTED_MOVES)]


class Listed(Part):
    """A graph given by its moves, as the literature does: states under `states`, moves per party."""

    moves: Annotated[dict[Name, _Moves], Field(description="party: [[from, to], …]")]
    now: StateName | None = None


class Tempo(Part):
    """How fast and how surely parties act, for play in continuous time."""

    tempo: Annotated[dict[Name, Rate], Field(description="chances to move per month, per party; 1 where none is given")] = {}
    noise: Annotated[dict[Name, Noise], Field(description="logit scale, in worth per month, per party; 0.5 where none is given")] = {}
    discount: Annotated[dict[Name, PerYear], Field(description="discount rate per year, per party; 0.2 where none is given")] = {}
    move_cost: Annotated[dict[str, Worth], Field(description="what moving a lever costs its party once, in worth")] = {}


class Unsaid(Part):
    """Something the sources do not say and the model had to assume."""

    what: Words
    instead: Annotated[Words, Field(description="what was assumed in its place")]
    where: Annotated[tuple[str, ...], Field(max_length=MOST_OF_A_LINE, description="levers, wants, events or numbers that rest on it")] = ()


Rank = StateName | tuple[StateName, ...]
Wants = Annotated[tuple[Want, ...], Field(max_length=MOST_WANTS)]
_Term = Annotated[Term, BeforeValidator(lambda v: {"that": v} if isinstance(v, str) else v)]


class CaseFile(BaseModel):
    """A case: one conflict, as stated in one file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True, title="bestand case file, format 1")

    bestand: Annotated[Literal[1], Field(description="version of the file format")]
    title: Words
    as_of: Annotated[str, Field(description="the day on which the case describes the world")] = ""
    present: Annotated[
        Literal["given", "unknown"],
        Field(description="whether the settings under `now` (the first of each lever, where not given) are those of today"),
    ] = "given"
    sizes: Annotated[
        Literal["stated", "drawn"],
        Field(description="sizes of wants in a list where none has a `worth`: not known, or drawn from all that agree with their order"),
    ] = "stated"
    language: Annotated[str, Field(description="language of glosses and labels")] = "en"
    summary: Words = Words.of("")
    citation: Annotated[str, Field(description="where a published case comes from")] = ""
    sources: Annotated[dict[Name, Source], Field(max_length=MOST_SOURCES)] = {}
    claims: Annotated[dict[Name, Claim], Field(max_length=MOST_CLAIMS)] = {}
    parties: Annotated[dict[Name, Party], Field(min_length=1, max_length=MOST_PARTIES)]
    levers: Annotated[dict[str, Lever], Field(max_length=MOST_LEVERS)] = {}
    terms: Annotated[dict[Name, _Term], Field(max_length=MOST_TERMS)] = {}
    never: Annotated[tuple[Ban, ...], Field(max_length=MOST_RULES)] = ()
    events: Annotated[dict[Name, Event], Field(max_length=MOST_RULES)] = {}
    clocks: Annotated[dict[Name, Clock], Field(max_length=MOST_LINES)] = {}
    credibility: Annotated[dict[Name, Credibility], Field(max_length=MOST_LINES)] = {}
    budgets: Annotated[dict[Name, SharedMeans], Field(max_length=MOST_LINES)] = {}
    channels: Annotated[dict[Name, Channel], Field(max_length=MOST_LINES)] = {}
    wants: Annotated[
        dict[Name, Wants | dict[Name, Wants]],
        Field(description="party: wants, most important first; or party: type: wants"),
    ] = {}
    ranking: Annotated[
        dict[Name, Annotated[tuple[Rank, ...], Field(max_length=MOST_STATES)]],
        Field(description="party: named states, best first, ties as lists (published cases)"),
    ] = {}
    states: Annotated[dict[str, NamedState], Field(max_length=MOST_STATES, description="states with names of their own")] = {}
    graph: Annotated[Listed | None, Field(description="the moves, where the case is given as a listed graph")] = None
    talks: Annotated[dict[Name, Talk], Field(max_length=MOST_LINES)] = {}
    incidents: Annotated[dict[Name, Incident], Field(max_length=MOST_LINES)] = {}
    observations: Annotated[tuple[Observation, ...], Field(max_length=MOST_OBSERVATIONS, description="what was seen since, dated")] = ()
    zones: Annotated[dict[Name, Zone], Field(max_length=MOST_ZONES)] = {}
    areas: Annotated[dict[Name, Area], Field(max_length=MOST_AREAS, description="ground on the map: who claims it, who holds it, its zone")] = {}
    deterrence: Deterrence | None = None
    play: Tempo | None = None
    hypotheses: Annotated[dict[Name, Hypothesis], Field(max_length=MOST_LINES)] = {}
    unsaid: Annotated[tuple[Unsaid, ...], Field(max_length=MOST_LINES, description="what the sources do not say")] = ()
    views: Annotated[dict[Name, View], Field(max_length=MOST_LINES)] = {}
    translations: Annotated[
        dict[Annotated[str, Field(pattern="^[a-z]{2,3}$")], Annotated[dict[str, str], Field(max_length=MOST_TRANSLATED)]],
        Field(max_length=MOST_LANGUAGES, description="language: text of this file: the same in that language"),
    ] = {}
