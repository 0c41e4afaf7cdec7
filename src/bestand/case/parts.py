"""The parts that every section of a case file is made of: names, settings, numbers and what a line rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=80)]
Setting = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_+-]*$", max_length=80, description="a setting's name"),
]
StateName = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    Field(description="a state's name; published states are often numbered"),
]
Basis = Literal["stated", "reported", "inferred", "assumed"]


class Part(BaseModel):
    """A part of a case file: frozen, and no key is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Backed(Part):
    """A line of the model, with the claims it rests on or the reason for assuming it."""

    because: Annotated[tuple[Name, ...], Field(description="claims that it needs: it falls if any of them is not true")] = ()
    supported_by: Annotated[tuple[Name, ...], Field(description="claims that speak for it as well, without being needed")] = ()
    basis: Annotated[
        Basis | None,
        Field(description="stated, reported or inferred (with claims), or assumed; stated, if claims are named"),
    ] = None
    assumed: Annotated[str, Field(description="why it is assumed, where no claim says it")] = ""

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


class Quantity(Backed):
    """A number with the range in which the analyst would not be surprised to find it."""

    value: float
    range: Annotated[
        tuple[float, float] | None, Field(description="lowest and highest value; draws are taken between them")
    ] = None
    cite: Annotated[str, Field(description="where a published magnitude comes from")] = ""

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if self.range is not None and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError("`range` must be [lowest, highest] with `value` between them")
        return self


Number = Annotated[
    Quantity,
    BeforeValidator(lambda v: {"value": v} if isinstance(v, int | float) and not isinstance(v, bool) else v),
    Field(description="a number, or {value, range: [low, high], because/assumed/cite}"),
]
