"""Reading a case: from a file, a folder, a name in the catalogue or a text; every mistake in it is told at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bestand.case.expand import expand, plain
from bestand.case.loaded import Case, place
from bestand.case.model import CaseFile
from bestand.case.quotes import checked_quotes
from bestand.case.references import References
from bestand.case.references_worlds import taken
from bestand.case.sections import KnownSections
from bestand.case.shape import described, shaped
from bestand.case.shifted import known_through
from bestand.case.translations import translate
from bestand.case.yaml import MOST_BYTES, load, steps
from bestand.errors import CaseError, FileError, Place, Problem, did_you_mean, line_at
from bestand.files import content

NAME_OF_FILE = "case.yaml"
MOST_PROJECT = 1_000_000  # bytes of the description of a project in whose folder the program lies
_OWN_NAME = re.compile(rb'^name = "bestand"\r?$', re.MULTILINE)


def read(path_or_name: str | Path, *, sources: str | Path | None = None) -> Case:
    """The case in a file, in a folder that has a case.yaml, or of a name in the catalogue (``ukraine/2025-04``).

    sources : a folder with the documents; without it they are looked for beside the case

    Raises
    ------
    CaseError
        Every mistake in the file, with its line and column; `case/no-file` if there is no such file or name.

    >>> read("literature/prisoners-dilemma").file.bestand  # doctest: +SKIP
    1
    """
    path = _found(path_or_name)
    folder = _folder(sources)
    return _read_bytes(bytes_of(path), path, folder)


def bytes_of(path: Path) -> bytes:
    """What stands in the file of a case, which is plain and of no more than `MOST_BYTES`.

    Raises
    ------
    CaseError
        `case/no-file`, `case/too-large`.
    """
    try:
        return content(path, most=MOST_BYTES)
    except FileError as error:
        raise CaseError([_code(problem) for problem in error.problems]) from error


def _folder(sources: str | Path | None) -> Path | None:
    if sources is not None and not Path(sources).is_dir():
        raise CaseError(Problem("case/no-folder", f"no folder '{sources}' with sources", Place(str(sources)), "name the folder of the documents"))
    return None if sources is None else Path(sources)


def _code(problem: Problem) -> Problem:
    return replace(problem, code="case/too-large" if problem.code == "file/too-large" else "case/no-file")


def read_text(text: str, *, path: str | Path | None = None, sources: str | Path | None = None) -> Case:
    """The case in a text; `path` is where the text is (to be) kept, so that its sources are looked for beside it.

    >>> read_text("bestand: 1\\ntitle: Two\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: it stops}}").settings
    {'a.stops': ('no', 'yes')}
    """
    return read_again(text, None, path=path, sources=sources)


def read_again(text: str, known: KnownSections | None, *, path: str | Path | None = None, sources: str | Path | None = None) -> Case:
    """As `read_text`; sections that stand as they stood in an earlier version of the text, which `known` keeps, are not parsed again."""
    raw = text.encode("utf-8", "surrogatepass")
    return _read_bytes(raw, Path(path) if path is not None else None, _folder(sources), known)


def _read_bytes(raw: bytes, path: Path | None, sources: Path | None, known: KnownSections | None = None) -> Case:
    name = str(path) if path is not None else None
    text = _decoded(raw, name)
    value, marks = load(text, name) if known is None else known.load(text, name)
    written, unknown = shaped(value, marks, name)
    translate(written)
    file, origin, names_taken = expand(written)
    marks = {**{at: (here.line or 1, here.column or 1) for at, made_of in origin.items() if (here := place(made_of, marks, name))}, **marks}
    refs = References(file, marks, name, written=written)
    taken(refs, names_taken)
    problems = _once([*unknown, *refs.all()], origin)
    checked = checked_quotes(written, marks, path, sources)
    if problems or checked.problems:
        raise CaseError([*problems, *checked.problems])
    digest = hashlib.sha256(raw).hexdigest()
    return Case(
        file=plain(file), path=path, digest=digest, text=text, marks=marks, terms=refs.terms, conditions=refs.conditions,
        quotes=checked.quotes, notes=checked.notes, written=written, known_through=known_through(written),
    )  # fmt: skip


def _once(problems: Sequence[Problem], origin: Mapping[str, str]) -> list[Problem]:
    """Problems without those of lines that short forms were written out as, where what is written has problems itself."""
    of_made = [any(step in origin for step in steps(problem.place.at)) for problem in problems]
    return [problem for problem, made in zip(problems, of_made, strict=True) if not made] or list(problems)


def _decoded(raw: bytes, name: str | None) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(name, line_at(raw, error.start))
        raise CaseError(Problem("case/yaml", "the file is not UTF-8", place, "save it as UTF-8")) from error


def _found(path_or_name: str | Path) -> Path:
    """The file that a path or a name stands for."""
    path = Path(path_or_name)
    try:
        if path.is_dir() and (path / NAME_OF_FILE).is_file():
            return path / NAME_OF_FILE
        if path.exists() and not path.is_dir():
            return path
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise CaseError(Problem("case/no-file", f"'{path_or_name}' cannot be a path")) from error
    folder, names = catalogue_folder(), catalogue()
    if folder is not None and str(path_or_name).strip("/") in names:
        return folder / str(path_or_name).strip("/") / NAME_OF_FILE
    if path.is_dir():
        raise CaseError(Problem("case/no-file", f"no {NAME_OF_FILE} in this folder", Place(str(path)), "name the file"))
    alike = [name for name in names if str(path_or_name).strip("/").casefold() in name.casefold().split("/")]
    hint = did_you_mean(str(path_or_name), alike or names) if len(alike) != 1 else f"did you mean '{alike[0]}'?"
    raise CaseError(Problem("case/no-file", f"no file, folder or case named '{path_or_name}'", hint=hint))


def catalogue_folder() -> Path | None:
    """The folder of the catalogue: `cases` in a checkout of this program, or the one that was installed with it."""
    return catalogue_of(Path(__file__).resolve().parent.parent)


def catalogue_of(package: Path) -> Path | None:
    """The folder of the catalogue for a package that lies there; `cases` of another project, in which it was installed, are that project's own."""
    for above in package.parents:
        if (above / "cases").is_dir() and _is_checkout(above / "pyproject.toml"):
            return above / "cases"
    return package / "catalogue" if (package / "catalogue").is_dir() else None


def _is_checkout(project: Path) -> bool:
    """Whether this describes this program as a project."""
    try:
        return bool(_OWN_NAME.search(content(project, most=MOST_PROJECT)))
    except FileError:
        return False


def catalogue() -> tuple[str, ...]:
    """Names of the cases in the catalogue, such as ``ukraine/2025-04``.

    >>> catalogue()[:2]
    ('example/en', 'example/nl')
    """
    folder = catalogue_folder()
    if folder is None:
        return ()
    return tuple(sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob(NAME_OF_FILE)))


def schema() -> dict[str, object]:
    """JSON Schema (draft 2020-12) of case files, for editors.

    >>> sorted(schema()["required"])
    ['bestand', 'parties', 'title']
    """
    return described(CaseFile.model_json_schema(by_alias=True))


def titles() -> dict[str, str]:
    """Titles of the cases in the catalogue, by name."""
    folder = catalogue_folder()
    heads = {name: (folder / name / "case.yaml") for name in catalogue()} if folder else {}
    return {name: _title(path) for name, path in heads.items()}


def _title(path: Path) -> str:
    """The title of a case, from its first lines."""
    with path.open(encoding="utf-8") as lines:
        title = next((line for line in lines if line.startswith("title:")), "title:")
    return title.removeprefix("title:").strip().strip("'\"")
