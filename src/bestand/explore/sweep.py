"""A sweep: one measure or several over all that is open, stored as it goes, and taken up again where it stopped."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case
from bestand.errors import AskError, FileError, Place, Problem, did_you_mean
from bestand.explore.openings import KINDS, Column, Opening
from bestand.explore.running import run
from bestand.explore.space import Space
from bestand.explore.store import SHARD, ask, columns_in, is_whole, shards
from bestand.explore.task import DESIGNS, Answer, Design, Measure, Task, usual_answers
from bestand.files import cleaned, content, put
from bestand.graph.asked import checked_seed
from bestand.graph.budget import MOST_SECONDS, Budget
from bestand.graph.conflict import Conflict
from bestand.graph.ready import viewed
from bestand.show import Shown, Table

ABOUT = "sweep.json"
MOST_SWEPT = 100_000_000_000  # draws of a sweep
MOST_CHUNKS = 2_000_000  # of a sweep
MOST_EACH = 10_000_000  # draws of a chunk
MOST_ABOUT = 64_000_000  # bytes of a sweep's description
Asked = Measure | Callable[[Conflict], Answer]


@dataclass(frozen=True, slots=True, repr=False)
class Sweep(Shown):
    """A sweep that is stored in a folder, whole or so far as it has come.

    folder   : where its chunks are
    title    : of the case
    n        : draws asked for; `done` says how many there are
    seed, each, design : chunk k holds `each` draws from ``rng([seed, k])``
    openings : what is open
    answers  : every measure's column with its answer as the case stands; nan where there is none
    yes      : columns that are yes or no
    options  : names of what may be chosen; columns of a measure end in one of them, in brackets
    said     : language: text of title and openings: the same in that language, as far as the case translates it
    """

    folder: Path
    title: str
    digest: str
    n: int
    seed: int
    each: int
    design: str
    openings: tuple[Opening, ...]
    answers: Mapping[str, float]
    yes: frozenset[str]
    options: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Draws that are stored."""
        return int(ask(self.folder, "select count(*) from {draws}")[0][0]) if shards(self.folder) else 0

    def column(self, name: str | None) -> str:
        """A measure's column; the first, if not given.

        Raises
        ------
        AskError
            `sweep/unknown-column`.
        """
        if name is None:
            return next(iter(self.answers))
        if name not in self.answers:
            raise AskError(Problem("sweep/unknown-column", f"the sweep has no measure '{name}'", hint="it has " + ", ".join(self.answers)))
        return name

    def opening(self, name: str) -> Opening:
        """What is open under one name.

        Raises
        ------
        AskError
            `sweep/unknown-opening`.
        """
        known = {each.name: each for each in self.openings}
        if name not in known:
            raise AskError(Problem("sweep/unknown-opening", f"nothing that is open is called '{name}'", hint=did_you_mean(name, known)))
        return known[name]

    def columns(self, *names: str) -> dict[str, Column]:
        """Columns as arrays, in the order of the draws; all, if none is named. For data frames, and for what other programs make of draws."""
        known = ("draw", *(each.name for each in self.openings), *self.answers)
        for name in names:
            if name not in known:
                raise AskError(Problem("sweep/unknown-column", f"the sweep has no column '{name}'", hint=did_you_mean(name, known)))
        return columns_in(self.folder, names or known)

    def query(self, sql: str) -> Table:
        """Rows of a query of one's own; `{draws}` stands for the stored draws."""
        if not sql.strip():
            raise AskError(Problem("sweep/bad-query", "the store cannot answer that: it is empty", hint="such as: select count(*) from {draws}"))
        rows = ask(self.folder, sql)
        return Table("", tuple(f"column {k + 1}" for k in range(len(rows[0]) if rows else 0)), tuple(rows))

    def table(self) -> Table:
        """What was swept, and how far it is."""
        rows = tuple((name, bool(answer) if name in self.yes else answer) for name, answer in self.answers.items())
        notes = [f"{self.done:,} of {self.n:,} draws of {len(self.openings)} openings, seed {self.seed}, in {self.folder.name}"]
        return Table(f"Sweep of {self.title}", ("measure", "as the case stands"), rows, tuple(notes))


def sweep(
    case: Case | Conflict,
    space: Space,
    measure: Asked | Sequence[Asked],
    *,
    n: int,
    seed: int = 0,
    out: str | Path,
    executor: Executor | Callable[[], Executor] | None = None,
    each: int = 1_000,
    design: Design = "draws",
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    ahead: int = 64,
    budget: Budget | None = None,
) -> Sweep:
    """A measure, or several, in `n` draws of all that is open, in the folder `out`.

    measure  : a `Measure`, or a function of a conflict, which is asked draw by draw
    executor : where chunks are made: any `concurrent.futures.Executor`, or a function that gives one, so that one whose
               workers were killed can be replaced; here, one after another, if not given. Workers must see `out`
    each     : draws per chunk. A second of work is a good size: less, and the sweep itself takes its share of the time
    design   : `draws`, every draw by itself; `sobol`, the crossed design that `indices` needs (`n` is rounded up to whole bases)
    options  : what may be chosen, by name: levers that are held; every measure is asked under each
    ahead    : chunks that are handed out before they are done
    budget   : the time after which no chunk is begun, but for the first; as long as it takes, if not given

    Chunk k draws from ``rng([seed, k])`` and is a file of its own, so that the rows are the same however many workers there
    were, in whatever order they came, and however often the sweep was killed: begun again, it makes what is missing. It may
    also be begun again with a larger `n`; with a smaller one it goes on to the larger.

    Raises
    ------
    AskError
        `sweep/bad-number`, `sweep/unknown-design`, `sweep/other-case`, `sweep/no-measure`, `sweep/other-sweep`,
        `sweep/other-version`, `sweep/needs-extra`, `sweep/broken`, `sweep/name-taken`.

    >>> import tempfile
    >>> from bestand import measure, read, space
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> sweep(case, space(case), measure(case, "rests truce"), n=64, out=folder.name).done
    64
    >>> folder.cleanup()
    """
    case, view, held = viewed(case, view, hold)
    measures = measures_of(case, space, measure)
    _checked(n, each, design, ahead)
    bases = len(space.openings) + 2
    if design == "sobol":
        each = max(bases, each - each % bases)
        n += -n % bases
    task = Task(space, measures, checked_seed(seed), each, design, view, held, dict(options or {"": {}}))
    folder = Path(out)
    made = _described(task, n, folder)
    cleaned(folder)
    sizes = {k: min(each, made.n - k * each) for k in range(-(-made.n // each))}
    there = shards(folder)
    if foreign := sorted(there.keys() - sizes.keys()):
        raise _bad_chunk(there[foreign[0]])  # it would count among the draws
    todo = {k: size for k, size in sizes.items() if k not in there or not is_whole(there[k], k, size, made.digest)}
    about = {"case": space.case.digest, "sweep": made.digest, "seed": str(seed), **made.about}
    run(task, todo, folder, about, executor, ahead=ahead, budget=budget or Budget(seconds=MOST_SECONDS))
    return made


def measures_of(case: Case, space: Space, measure: Asked | Sequence[Asked]) -> tuple[Measure, ...]:
    """The measures that are asked, functions of one's own among them.

    Raises
    ------
    AskError
        `sweep/no-measure`, `sweep/name-taken`, `sweep/other-case`.
    """
    asked = (measure,) if isinstance(measure, Measure) or callable(measure) else tuple(measure)
    measures = tuple(one if isinstance(one, Measure) else Measure(getattr(one, "__name__", "measure"), one) for one in asked)
    if not measures:
        raise AskError(Problem("sweep/no-measure", "nothing is asked in the draws", hint="give a measure"))
    _apart([*(one.name for one in space.openings), *(one.name for one in measures), "draw"])
    if case.file != space.case.file:
        raise AskError(Problem("sweep/other-case", "the space was made of another case", hint="give the case that `space` was made of"))
    return measures


def _checked(n: int, each: int, design: str, ahead: int) -> None:
    sizes = (("number of draws", n, MOST_SWEPT), ("number of draws per chunk", each, MOST_EACH), ("number of chunks ahead", ahead, MOST_CHUNKS))
    for what, value, most in sizes:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise AskError(Problem("sweep/bad-number", f"the {what} must be a whole number from 1 to {most:,}, not {value}"))
    if n > each * MOST_CHUNKS:
        what = f"{n:,} draws are more than {MOST_CHUNKS:,} chunks of {each:,}"
        raise AskError(Problem("sweep/bad-number", what, hint="take larger chunks (`each`)"))
    if design not in DESIGNS:
        raise AskError(Problem("sweep/unknown-design", f"no design '{design}'", hint="choices are " + ", ".join(DESIGNS)))


def _apart(names: Sequence[str]) -> None:
    """Raises where two columns would have one name; the store does not tell capitals from small letters."""
    seen: dict[str, str] = {}
    for name in names:
        if name.lower() in seen:
            what = f"the columns '{seen[name.lower()]}' and '{name}' would have one name: capitals do not tell names apart in the store"
            raise AskError(Problem("sweep/name-taken", what, hint="give the measure another name, or close one of the two openings"))
        seen[name.lower()] = name


def _described(task: Task, n: int, folder: Path) -> Sweep:
    """The sweep that is to stand in the folder, with its description written, or read where it is the same."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(Problem("file/cannot-write", f"no folder can be made: {error.strerror}", Place(str(folder)))) from error
    digest = task.digest()
    if (folder / ABOUT).exists():
        known = _read(folder)
        if known.digest != digest:
            what = "in this folder stands a sweep of another case, of other openings, measures, options, seed or size of chunks"
            raise AskError(Problem("sweep/other-sweep", what, Place(str(folder)), "take another folder, or ask for the same again"))
        _same_program(known)
        if known.n >= n:
            return known
        _drop_partial(known)
    elif any(SHARD.match(path.name) for path in folder.iterdir()):
        what = "in this folder stand chunks of a sweep without its description"
        raise AskError(Problem("sweep/other-sweep", what, Place(str(folder)), "take another folder"))
    return _written(task, n, folder, digest)


def _same_program(known: Sweep) -> None:
    """Raises where another version of the program began the sweep, one that may have drawn or answered otherwise (docs/reference/versioning.md)."""
    begun, here = known.about.get("version", ""), _version()
    if begun.split(".")[:2] != here.split(".")[:2]:
        what = f"version {begun or '(not told)'} of the program began this sweep, and this is version {here}, whose draws may mean something else"
        hint = f"go on with version {begun}, or sweep anew in another folder; what is there can be read all the same"
        raise AskError(Problem("sweep/other-version", what, Place(str(known.folder)), hint))


def _version() -> str:
    from bestand import __version__  # noqa: PLC0415

    return __version__


def _drop_partial(known: Sweep) -> None:
    """Takes away a last chunk that was cut short by the number of draws then asked for."""
    if known.n % known.each:
        last = shards(known.folder).get(known.n // known.each)
        if last is not None:
            last.unlink()


def _written(task: Task, n: int, folder: Path, digest: str) -> Sweep:
    usual = usual_answers(task)
    yes = sorted(name for name, each in usual.items() if isinstance(each, bool))
    told = {
        "title": str(task.space.case.file.title), "digest": digest, "n": n, "seed": task.seed, "each": task.each, "design": task.design,
        "openings": [asdict(each) for each in task.space.openings], "answers": {name: float(each) for name, each in usual.items()}, "yes": yes,
        "options": [name for name in task.options if name], "about": {"version": _version(), "view": task.view or "", "design": task.design},
        "said": _translations(task.space),
    }
    put((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(), folder / ABOUT, force=True)
    return _read(folder)


def read_sweep(folder: str | Path) -> Sweep:
    """The sweep that stands in a folder.

    Raises
    ------
    FileError
        `file/unreadable`, `file/not-plain`, `sweep/not-a-sweep`; `sweep/bad-chunk` where a chunk is cut short, or none of this sweep.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> read_sweep(folder.name).done
    64
    >>> folder.cleanup()
    """
    known = _read(folder)
    for k, path in shards(known.folder).items():
        if not is_whole(path, k, min(known.each, known.n - k * known.each), known.digest):
            raise _bad_chunk(path)
    return known


def _bad_chunk(path: Path) -> FileError:
    what = "this chunk is cut short, or it is none of this sweep"
    return FileError(Problem("sweep/bad-chunk", what, Place(str(path)), "begin the sweep again, which makes it anew, or take the file away"))


def _read(folder: str | Path) -> Sweep:
    """The sweep of a folder by its description, whatever its chunks are."""
    at = Path(folder) / ABOUT
    if not at.exists():
        raise FileError(Problem("sweep/not-a-sweep", "no sweep stands in this folder", Place(str(folder)), "give a folder that `sweep` has made"))
    try:
        told = json.loads(content(at, most=MOST_ABOUT))
        openings = tuple(_opening(each) for each in told["openings"])
        known = Sweep(
            folder=Path(folder), title=str(told["title"]), digest=str(told["digest"]), n=int(told["n"]), seed=int(told["seed"]),
            each=int(told["each"]), design=str(told["design"]), openings=openings,
            answers={str(name): float(each) for name, each in told["answers"].items()}, yes=frozenset(told["yes"]),
            options=tuple(told["options"]), about=told["about"], said={str(to): dict(by) for to, by in told.get("said", {}).items()},
        )  # fmt: skip
        texts = (*known.options, *known.yes, *known.about.values(), *(text for by in known.said.values() for text in by.values()))
        if not known.answers or min(known.n, known.each) < 1 or known.design not in DESIGNS or not all(isinstance(text, str) for text in texts):
            raise ValueError("a sweep has draws, and answers by name")
        return known
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        what = "this does not describe a sweep"
        raise FileError(Problem("sweep/not-a-sweep", what, Place(str(at)), "give a folder that `sweep` has made")) from error


def _translations(space: Space) -> dict[str, dict[str, str]]:
    """Texts of a case that speak of what is open, in the languages that it gives them in."""
    file = space.case.file
    texts = {str(file.title), *(text for each in space.openings for text in (*each.about, *each.told))}
    return {language: {text: table[text] for text in sorted(texts & table.keys())} for language, table in file.translations.items()}


def _opening(told: Mapping[str, Any]) -> Opening:
    """An opening as it was stored; ValueError or TypeError where it is none."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    made = Opening(**values)
    texts = (made.at, made.words, made.together, made.phrase, *made.choices, *made.odds_at, *made.about, *made.told)
    numbers = (made.usual, made.low, made.high, made.chance, made.width, *made.odds)
    known = made.kind in KINDS and len(made.told) in (0, len(made.choices)) and isinstance(made.mode, float | int)
    if not (known and all(isinstance(text, str) for text in texts) and all(math.isfinite(number) for number in numbers)):
        raise ValueError("this is no opening")
    return made
