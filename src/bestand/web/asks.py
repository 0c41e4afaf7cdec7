"""What the page may ask: every request as a typed model; what does not fit is refused before anything is done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bestand.web.edits import MOST_EDITS, Edit

Short = Annotated[str, Field(max_length=300)]
Words = Annotated[str, Field(max_length=20_000)]
Language = Literal["en", "nl"]


class _Ask(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EditCase(_Ask):
    """Edits that stand or fall together, made on a version."""

    version: int
    edits: Annotated[list[Edit], Field(min_length=1, max_length=MOST_EDITS)]
    what: Short = ""


class ReplaceText(_Ask):
    """The whole text of the case, as typed."""

    version: int
    text: Annotated[str, Field(max_length=1_500_000)]


class OnVersion(_Ask):
    """A step back or forward, made on a version."""

    version: int


class Restore(_Ask):
    """An earlier version, to be put back: its number, or a commit of git."""

    version: int
    which: Short


class OpenCase(_Ask):
    """Another case of the folder, as it was listed."""

    case: Short


class AskRename(_Ask):
    """A member of a section, or one of the `types` or `settings` of a party or lever, and its name to be; of a party also what it is called."""

    version: int
    section: Short
    of: Short = ""
    name: Short
    to: Annotated[str, Field(min_length=1, max_length=160)]
    called: Short = ""


class Choose(_Ask):
    """After a change from outside: theirs or mine."""

    theirs: bool


class AskCondition(_Ask):
    """A condition as it is typed."""

    text: Words


class AskState(_Ask):
    """A state, by its name; on a walk, with the states that it came through."""

    key: Words
    walk: bool = False
    way: Annotated[list[Words], Field(max_length=500)] = []


class AskDeals(_Ask):
    """What could be agreed, with demands and vetoes switched off."""

    that: Words | None = None
    without: Annotated[list[Short], Field(max_length=500)] = []
    excluding: Annotated[list[Short], Field(max_length=50)] = []
    pair: tuple[Short, Short] | None = None


class AskWithout(_Ask):
    """The answer without some statements."""

    off: Annotated[list[Short], Field(max_length=500)]


class AskTruce(_Ask):
    """How long a truce lasts under changed numbers."""

    factors: Annotated[dict[Short, Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]], Field(max_length=50)] = {}
    presence: Annotated[dict[Short, Short], Field(max_length=50)] = {}
    incidents: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.0
    months: Annotated[float, Field(gt=0, le=120, allow_inf_nan=False)] = 12.0
    leaves: Annotated[float | None, Field(gt=0, le=120, allow_inf_nan=False)] = None
    draws: Annotated[int, Field(ge=1, le=50)] = 8


class AskForEver(_Ask):
    """The case played for ever, by a rule that chooses among several ways to play it."""

    select: Short = "status quo"


class AskForecast(_Ask):
    """Dated chances, so many months from the day of the case."""

    months: Short = ""


class AskGround(_Ask):
    """The map of zones: as it stands today, or where a condition holds."""

    where: Words = ""


class AskExport(_Ask):
    """A file for another program."""

    to: Short
    of: Short | None = None
    scale: Literal["ordinal", "cardinal"] = "ordinal"
    whole: bool = False


class AskQuote(_Ask):
    """Whether a quote stands in a source."""

    source: Short
    quote: Words
    prefix: Words = ""
    suffix: Words = ""


class AskDraft(_Ask):
    """What the rules propose from a source; `speaker` is the party whom *we* means in it."""

    source: Short
    speaker: Short = ""


class Speak(_Ask):
    """The language of what is told."""

    language: Language


class ChooseView(_Ask):
    """The view in which all is asked."""

    view: Short | None


class Start(_Ask):
    """A case begun from the empty page."""

    how: Literal["example", "new"]
    title: Short = ""
    parties: Annotated[list[Short], Field(max_length=20)] = []
    language: Language = "en"


class Decide(_Ask):
    """What becomes of a proposal."""

    version: int
    id: Short
    becomes: Literal["accepted", "rejected", "waiting"]
    fields: Annotated[dict[Short, Words], Field(max_length=20)] = {}
