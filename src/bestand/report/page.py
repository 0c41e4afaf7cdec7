"""One self-contained page about a study: no network, no script, opens from disk, prints well."""

from __future__ import annotations

import html as markup
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Template, TemplateError
from jinja2.bccache import Bucket
from markupsafe import Markup

from bestand.arguments import checked
from bestand.draw.moves import layout
from bestand.errors import BestandError, FileError
from bestand.files import put
from bestand.report.coalitions import coalition_blocks
from bestand.report.facts import facts
from bestand.report.headline import HeadlineParagraph, headline
from bestand.report.known import quotes_note
from bestand.report.printed import pdf
from bestand.study.everything import Study
from bestand.study.flips import Flips
from bestand.telling.days import as_of_words
from bestand.telling.states import Letters
from bestand.telling.telling import APART, TOGETHER, Telling
from bestand.telling.words import words

if TYPE_CHECKING:
    from bestand.report.since import Since

SECTIONS = (
    "answer", "today", "why", "agreements", "unlock", "survival", "watch", "rests", "picture", "coalitions", "sensitivity", "hypotheses", "states",
    "known", "parties", "talks", "zones", "assumptions", "findings", "provenance",
)  # fmt: skip
LAST = ("states",)  # chapters made when all others are: they list what those speak of
MISTAKES = (BestandError, TemplateError, ArithmeticError, LookupError, ValueError, TypeError, AttributeError)
_LETTER = r"(?:&#?\w+;|[^\s&])"
LONG = re.compile(rf"{_LETTER}{{40}}(?=(?:&#?\w+;|[\w!-%'-~]){_LETTER}{{39}})")  # a word of 80 letters or more: paper would cut off its end
UNBROKEN = re.compile(r"(?<=\d) (?=%)")  # a percentage is not torn apart at the end of a line
MARK = b'<meta name="generator" content="bestand'  # stands near the beginning of every page of this program


@dataclass(frozen=True, slots=True)
class Page:
    """One page, as text."""

    html: str

    def __repr__(self) -> str:
        """One line: a page is too long to be shown as text."""
        return f"<page of {len(self.html):,} characters>"

    @checked
    def save(self, path: str | Path) -> Path:
        """Where the page was written, as a page or, where the name ends in `.pdf`, as a browser prints it; whole or not at all.

        Raises
        ------
        AskError
            `report/no-browser`, `report/not-printed`.
        """
        printed = Path(path).suffix.lower() == ".pdf"
        return put(pdf(self.html) if printed else self.html.encode("utf-8"), path, force=True)

    def _repr_html_(self) -> str:
        return in_frame(self.html)


def in_frame(html: str) -> str:
    """A page in a frame of its own: its style stays out of a notebook."""
    return f'<iframe srcdoc="{markup.escape(html, quote=True)}" sandbox="" style="width: 100%; height: 70vh; border: 1px solid #ccc"></iframe>'


def report(study: Study, *, since: Flips | None = None, language: str = "en") -> Page:
    """The page about a study.

    since    : what `flips` finds between an earlier version and this one: statements, conclusions turned, and what turned them
    language : "en" or "nl"; text of the case is in that language where the case gives it, else as it stands

    A chapter that cannot be made says so in a sentence; the others are made.

    Raises
    ------
    AskError
        `report/unknown-language`.

    >>> from bestand import read, study
    >>> known = study(read("example/en"), quick=True, draws=1)
    >>> report(known).html[:15]
    '<!doctype html>'
    """
    say = words(language)
    telling = Telling(study.conflict, say, isolated=True, letters=Letters())
    present = tuple(section_numbers(study))
    number_of = section_numbers(study).__getitem__
    given = {**facts(study, telling), "since": since and _changed(since, telling), "headline": _headline(study, telling), "number_of": number_of}
    made = {name: _chapter(name, study, telling, given) for name in sorted(present, key=lambda name: name in LAST)}
    page = template("page.html.j2").render(
        say=say, study=study, file=study.case.file, tell=telling, as_of_words=as_of_words, sections=present, number_of=number_of,
        chapters=[made[name] for name in present],
        view=telling.called("views", study.conflict.view) if study.conflict.view else say("view_all"), **_quotes(study, telling),
    )  # fmt: skip
    return Page(apart(page))


def section_numbers(study: Study) -> Mapping[str, int]:
    """The sections of the page about a study, in order, with their numbers from 1, by which a brief of the same study refers to them."""
    return {name: k + 1 for k, name in enumerate(each for each in SECTIONS if _has(each, study))}


@cache
def template(name: str) -> Template:
    """One of the templates of this folder."""
    return environment_of_templates().get_template(name)


@cache
def environment_of_templates() -> Environment:
    """How templates of this folder are read, each compiled once."""
    # .j2 files are all HTML here: everything is escaped unless the template itself says otherwise.
    return Environment(
        loader=PackageLoader("bestand", "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )  # fmt: skip


class _Compiled(BytecodeCache):
    """Templates once compiled, kept where Python keeps its modules once they are, and under the same terms: where it may not write, they are not."""

    def _path(self, bucket: Bucket) -> Path:
        return Path(cache_from_source(__file__)).with_name(f"{bucket.key}.j2c")

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of this very text; nothing where that is not known."""
        with suppress(OSError, EOFError, UnpicklingError):
            bucket.bytecode_from_string(self._path(bucket).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a compiled template."""
        if not sys.dont_write_bytecode:
            with suppress(FileError):
                put(bucket.bytecode_to_string(), self._path(bucket), force=True)


def apart(page: str) -> str:
    """Marks around names as `bdi`, no line ends between a number and its percent sign, and some within words without end; tags, titles and
    pictures stay as they are.

    >>> apart("<p title='\\u2068a\\u2069'>\\u2068a\\u2069</p>") == "<p title='\\u2068a\\u2069'><bdi>a</bdi></p>"
    True
    >>> apart(f"<p>{90 * 'x'}</p>") == f"<p>{40 * 'x'}<wbr>{50 * 'x'}</p>"
    True
    >>> apart("<p>3 % of 100</p>") == "<p>3\\u00a0% of 100</p>"
    True
    """
    whole = re.split(r"(<svg.*?</svg>|<title.*?</title>|<style.*?</style>|<[^>]*>)", page, flags=re.DOTALL)
    texts = (LONG.sub(r"\g<0><wbr>", UNBROKEN.sub("\u00a0", text)) for text in whole[::2])
    whole[::2] = [text.replace(APART, "<bdi>").replace(TOGETHER, "</bdi>") for text in texts]
    return "".join(whole)


def _headline(study: Study, telling: Telling) -> list[HeadlineParagraph]:
    """The answer box; a page of which this cannot be made still says what it is about."""
    try:
        return headline(study, Telling(telling.conflict, telling.say, isolated=True))
    except MISTAKES as error:
        return [HeadlineParagraph("failed", "", "", _failed(error, telling))]


def _quotes(study: Study, telling: Telling) -> Mapping[str, object]:
    note, news = quotes_note(study.case, telling.say)
    return {"quotes_note": note, "quotes_news": news}


def _has(name: str, study: Study) -> bool:
    """Whether there is anything to say under a heading."""
    file = study.case.file
    contents: dict[str, object] = {
        "talks": file.talks or file.incidents, "zones": file.zones or file.areas, "hypotheses": file.hypotheses, "known": file.claims,
        "why": study.terms,
        "sensitivity": study.conclusions, "agreements": study.agreements, "unlock": study.unlocks,
        "coalitions": study.coalitions, "survival": study.truce or study.no_truce,
        "watch": study.watch or study.no_watch, "picture": study.graph.now is not None and study.rests,
        "states": study.graph.now is not None,
    }  # fmt: skip
    return name in study.failed or bool(contents.get(name, True))


def _agreed(study: Study, telling: Telling) -> object:
    from bestand.report.agreements import agreement_blocks  # noqa: PLC0415  what a quick page does not have is not loaded for it

    return agreement_blocks(study.agreements, telling) if study.agreements else []


def _unlocked(study: Study, telling: Telling) -> object:
    from bestand.report.unlocks import unlock_blocks  # noqa: PLC0415

    return unlock_blocks(study.unlocks, telling) if study.unlocks else []


def _watched(study: Study, telling: Telling) -> object:
    from bestand.report.watch import watch_blocks  # noqa: PLC0415

    return watch_blocks(study.watch, study.no_watch, telling)


def _survival(study: Study, telling: Telling) -> object:
    from bestand.report.truces import not_asked, truce_blocks  # noqa: PLC0415

    return truce_blocks(study.truce, telling) if study.truce else not_asked(study.no_truce, telling)


BLOCKS: Mapping[str, Callable[[Study, Telling], object]] = {
    "agreements": _agreed,
    "unlock": _unlocked,
    "coalitions": coalition_blocks,
    "watch": _watched,
    "survival": _survival,
}
"""Chapters that are made of blocks: a title, notes, a table, a picture."""


def _chapter(name: str, study: Study, telling: Telling, given: Mapping[str, object]) -> Markup:
    """One chapter with its heading; a sentence where it cannot be made."""
    module = template("chapters.html.j2").make_module({**given, **_quotes(study, telling)})
    try:
        if name in study.failed:
            inside = Markup("<p>{}</p>").format(telling.say("chapter_failed", why=telling.problem(study.failed[name])))
        elif name in BLOCKS:
            inside = module.blocks(BLOCKS[name](study, telling))  # type: ignore[attr-defined]
        elif name == "picture":
            inside = module.chapter_picture(layout(study, telling))  # type: ignore[attr-defined]
        else:
            inside = getattr(module, f"chapter_{name}")()
    except MISTAKES as error:
        if os.environ.get("BESTAND_DEBUG") == "1":
            raise
        inside = Markup("<p>{}</p>").format(_failed(error, telling))
    return Markup(module.chapter(name, inside))  # type: ignore[attr-defined]


def _failed(error: Exception, telling: Telling) -> str:
    """Why a chapter could not be made."""
    why = telling.problem(error.code) if isinstance(error, BestandError) else telling.say("chapter_broken")
    return telling.say("chapter_failed", why=why)


def _changed(flips: Flips, telling: Telling) -> Since:
    from bestand.report.since import since_told  # noqa: PLC0415

    return since_told(flips, telling)
