"""Short forms for what time, memory, consent and means do: the reader writes each out as levers, events, guards, wants and bans."""


from typing import Annotated

from pydantic import BeforeValidator, Field

from bestand.case.parts import MOST_NAMED, MOST_OF_A_LINE, Backed, Condition, Days, Name, Part, Quantity, Rate, Real, Setting, Whole, Words

MOST_STAGES = 100  # of a clock
MOST_MEANS = 1e9  # how much there is of means that are shared, or what a setting takes of them
MOST_SPENT = 10_000  # combinations of settings that one budget is reckoned over
ONE_OR_MORE = "one will do"  # marks lists, in the schema, for which a single name may stand
AT_ONCE = 30.0  # per month: what happens within about a day


class RateWhen(Quantity):
    """One of several rates of an event: it counts where its condition holds, and those that count add up."""

    when: Annotated[Condition, Field(description="where this rate counts")]


Rates = Annotated[
    Rate | Annotated[tuple[RateWhen, ...], Field(max_length=MOST_OF_A_LINE)],
    Field(description="rate per month, or a list of rates, each with the condition `when` it counts"),
]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
    Field(max_length=MOST_NAMED, json_schema_extra={ONE_OR_MORE: True}),
]


class Clock(Backed):
    """Time that runs out: a lever of a chance party, `party.name`, that goes through its stages while a condition holds.

    With n stages the time is Erlang distributed with the stated mean; the last setting is `over`.
    """

    label: Annotated[Words, Field(alias="is", description="what runs out, in words")]
    party: Annotated[Name | None, Field(description="the chance party that has it; the only one, or `world`, if not given")] = None
    while_: Annotated[Condition, Field(alias="while", description="where the clock runs; elsewhere it goes back to its start within a day")] = "true"
    days: Annotated[Days | None, Field(description="mean time until it is over")] = None
    on: Annotated[
        str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="the day on which it is over, from `since` or `as_of`, in place of `days`")
    ] = None
    since: Annotated[
        str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="the day since which it runs: today it stands at the stage of that time")
    ] = None
    stages: Annotated[Whole, Field(ge=1, le=MOST_STAGES, description="the more stages, the less the time scatters")] = 1
    sets: Annotated[dict[str, Setting], Field(max_length=MOST_OF_A_LINE, description="levers that are put somewhere when it is over")] = {}
    renewed_by: Annotated[Condition | None, Field(description="where this holds it starts anew in place of being over")] = None


class Credibility(Backed):
    """How far a threat is believed: a lever of a chance party that sinks while the threat stands and is restored by the deed."""

    label: Annotated[Words, Field(alias="is", description="whose threat, in words")]
    party: Annotated[Name | None, Field(description="the chance party that has it; the only one, or `world`, if not given")] = None
    lever: Annotated[str, Field(description="the lever by which it is threatened")]
    threat: Annotated[Setting, Field(description="its setting while the threat stands")]
    deed: Annotated[Setting, Field(description="its setting when the threat is carried out")]
    levels: Annotated[tuple[Setting, ...], Field(min_length=2, description="from not believed to believed")] = ("spent", "believed")
    now: Annotated[Setting | None, Field(description="present level (the highest, if not given)")] = None
    fades_per_month: Annotated[Rate, Field(description="rate of a step down while the threat stands")]
    restored_per_month: Annotated[Rate | None, Field(description="rate of a step up while the deed is done; within a day, if not given")] = None


class Lapse(Backed):
    """A setting that is entered, and goes on, only while a condition holds: where it no longer does, the lever falls to another."""

    that: Condition
    falls_to: Annotated[Setting | None, Field(description="the setting that it falls to (the first, if not given)")] = None
    per_month: Annotated[Rate | None, Field(description="rate at which it falls; within a day, if not given")] = None


class SharedMeans(Backed):
    """Means or attention that several levers of one party share; what costs more cannot be done at once."""

    label: Annotated[Words, Field(alias="is", description="what is shared, in words")] = Words.of("")
    party: Name
    of: Annotated[Real, Field(ge=0, le=MOST_MEANS, allow_inf_nan=False, description="how much there is")]
    costs: Annotated[
        dict[str, dict[Setting, Annotated[Real, Field(ge=0, le=MOST_MEANS, allow_inf_nan=False)]]],
        Field(min_length=1, max_length=MOST_NAMED, description="lever: setting: what it takes; nothing, where not given"),
    ]


class Channel(Backed):
    """How an offer becomes known: for the wants of `to` a lever counts as at its first setting unless a channel for it stands."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    carries: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_NAMED, description="levers that are known through it only")]
    to: Names
    stands: Annotated[Condition, Field(description="where the channel stands")]


class Issue(Part):
    """A point on a table: open until a condition holds."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    open_until: Condition
