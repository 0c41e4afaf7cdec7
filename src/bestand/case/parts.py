"""The parts that every section of a case file is made of: names, settings, numbers and what a line rests on."""


import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import PydanticKnownError, core_schema

MOST_OF_NAME = 80  # characters of a name
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=MOST_OF_NAME)]
Setting = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_+-]*$", max_length=MOST_OF_NAME, description="a setting's name"),
]
StateName = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    Field(description="a state's name; published states are often numbered"),
]
UNNAMED = "…"  # the name of a party that is still to be named
MOST_NAMED = 200  # claims under one `because`, names, members or places of one line
MOST_OF_A_LINE = 1_000  # guards, numbers per setting or party, tests or framings of one line


@dataclass(frozen=True, slots=True)
class IsCondition:
    """Marks a key of the model that holds a condition: the one list of them."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Marks numbers by what they mean: the lowest and highest that can be meant.

    least : the smallest size other than 0
    """

    what: str
    low: float
    high: float
    least: float = 0.0


Condition = Annotated[str, Field(min_length=1, description="condition on states, e.g. `ceasefire and not ru.violates`"), IsCondition()]


class Words(str):
    """Words for a reader; `said` gives them in another language where the case does."""

    given: Mapping[str, str] = MappingProxyType({})  # where it stands
    translated: Mapping[str, str] = MappingProxyType({})  # under `translations`

    def said(self, language: str) -> str:
        """The words in a language; as they stand where the case does not have that language."""
        return self.given.get(language) or self.translated.get(language) or str(self)

    @classmethod
    def of(cls, value: object) -> "Words":
        """Words as a case file gives them: text, or one text per language, the first of which stands for the rest."""
        if isinstance(value, str):
            made = cls(value)
            made.given, made.translated = getattr(value, "given", {}), getattr(value, "translated", {})
            return made
        if isinstance(value, Mapping) and value and all(isinstance(part, str) for pair in value.items() for part in pair):
            made = cls(next(iter(value.values())))
            made.given = dict(value)
            return made
        raise ValueError("text, or one text per language, is expected")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        by_language = core_schema.dict_schema(core_schema.str_schema(pattern="^[a-z]{2,3}$"), core_schema.str_schema(), min_length=1)
        either = core_schema.union_schema([core_schema.str_schema(strict=True), by_language], mode="left_to_right")
        written = core_schema.plain_serializer_function_ser_schema(lambda words: getattr(words, "given", {}) or str(words))
        return core_schema.no_info_wrap_validator_function(
            lambda value, shaped: value if isinstance(value, Words) else cls.of(shaped(value)), either, serialization=written
        )


Basis = Literal["stated", "reported", "inferred", "assumed"]


class Part(BaseModel):
    """A part of a case file: frozen, and no key is passed over in silence.

    Modules of parts leave annotations as they are evaluated: pydantic would read each again from its text, at the start of every command.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Backed(Part):
    """A line of the model, with the claims it rests on or the reason for assuming it."""

    because: Annotated[
        tuple[Name, ...], Field(max_length=MOST_NAMED, description="claims that it needs: it falls if any of them is not true")
    ] = ()
    supported_by: Annotated[
        tuple[Name, ...], Field(max_length=MOST_NAMED, description="claims that speak for it as well, without being needed")
    ] = ()
    basis: Annotated[
        Basis | None,
        Field(description="stated, reported or inferred (with claims), or assumed; stated, if claims are named"),
    ] = None
    assumed: Annotated[Words, Field(description="why it is assumed, where no claim says it")] = Words.of("")

    @property
    def rests_on(self) -> Basis | None:
        """Its basis as given or as follows from what is given; None if it has neither claims nor a reason."""
        if self.basis is not None:
            return self.basis
        return "stated" if self.claims else "assumed" if self.assumed else None

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims that it names: those it needs, then those that support it."""
        return (*self.because, *self.supported_by)


def _whole(given: object) -> object:
    """The same, if it was written as a number; as whole as it is, however large."""
    if isinstance(given, bool | str):
        raise PydanticKnownError("int_type")
    return int(given) if isinstance(given, float) and given.is_integer() else given


Real = Annotated[float, Field(strict=True)]
Whole = Annotated[int, BeforeValidator(_whole)]
"""Numbers that are written as numbers: neither text (`1_000`, `٣`) nor true or false is one."""


class Quantity(Backed):
    """A number with the range in which the analyst would not be surprised to find it."""

    value: Real
    range: Annotated[
        tuple[Real, Real] | None, Field(description="lowest and highest value; draws are taken between them")
    ] = None
    cite: Annotated[str, Field(description="where a published magnitude comes from")] = ""
    same_as: Annotated[str, Field(description="a name; numbers of one name, with one value and range, are one number and drawn once")] = ""

    @model_validator(mode="after")
    def _ordered(self) -> "Quantity":
        if self.range is not None and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError("`range` must be [lowest, highest] with `value` between them")
        return self


Number = Annotated[
    Quantity,
    BeforeValidator(lambda v: {"value": v} if isinstance(v, int | float) and not isinstance(v, bool) else v),
    Field(description="a number, or {value, range: [low, high], because/assumed/cite}"),
]

MOST_WORTH = 1e9  # per month, either way
Rate = Annotated[Number, Bounds("a rate per month", 0, 1_000)]
SHARE = Bounds("a share or a chance", 0, 1)
Share = Annotated[Number, SHARE]
Worth = Annotated[Number, Bounds("a worth per month", -MOST_WORTH, MOST_WORTH, 1e-12)]
Noise = Annotated[Number, Bounds("a scale of worth", 0, MOST_WORTH, 1e-12)]
PerYear = Annotated[Number, Bounds("a rate per year", 0, 100)]
Kilometres = Annotated[Number, Bounds("a distance in km", 0, 20_000)]
Width = Annotated[Number, Bounds("a length in km, above 0", 0.01, 20_000)]
Days = Annotated[Number, Bounds("a number of days", 0, 3_650)]
Troops = Annotated[Number, Bounds("thousands of troops", 0, 10_000)]
Factor = Annotated[Number, Bounds("a factor", 0, 100)]
Rotation = Annotated[Number, Bounds("troops for each that is deployed", 1, 100)]
Exponent = Annotated[Number, Bounds("an exponent", 0, 20)]


@functools.cache
def marked(model: type[BaseModel], mark: type) -> tuple[tuple[str, str, Any], ...]:
    """The keys of a model that carry a mark: attribute, key in the file, and the mark."""
    keys = []
    for name, info in model.model_fields.items():
        marks = [each for each in (*info.metadata, *_marks(info.annotation)) if isinstance(each, mark)]
        if marks:
            keys.append((name, info.alias or name, marks[0]))
    return tuple(keys)


def _marks(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        yield from inner[1:]
        inner = inner[:1]
    for each in inner:
        yield from _marks(each)
