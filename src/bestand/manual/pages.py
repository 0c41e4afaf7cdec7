"""The pages of the documentation, which travel with the program: what there is, and what stands on one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

from bestand.errors import AskError, Problem, did_you_mean

PUBLIC = "<!-- every public name -->"  # on a page: the public names with the first line of what each says of itself
_BLOCK = re.compile(r"^```\{(toctree|include|literalinclude)\}(?: (\S+))?\n(.*?)^```\n", re.S | re.M)
_WORD = re.compile(r"^\| (?!word \|)([^|-][^|]*?) \| (.*?) \| (.*?) \|$", re.M)
_NO_DUTCH = "–"  # in the third column of the glossary
_ROW = re.compile(r"^\| `([a-z]+/[a-z0-9-]+)` \| (.*?) \| (.*?) \|$", re.M)


def folder() -> Path:
    """The folder of the pages: `docs` in a checkout, or the one that was installed with the program.

    Raises
    ------
    AskError
        `cli/no-docs`, where the program was put together without them.
    """
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent.parent / "docs" if package.parent.name == "src" else package / "docs"
    for each in (package / "docs", checkout):
        if (each / "index.md").is_file():
            return each
    raise AskError(Problem("cli/no-docs", "the documentation was not installed with this program", hint='pip install --force-reinstall "bestand"'))


def pages() -> dict[str, str]:
    """Titles of the pages, by name such as ``how-to/sweep``; decisions last.

    >>> pages()["glossary"]
    'Glossary'
    """
    here = folder()
    return {name: _title(here / f"{name}.md") for name in _names(here)}


def _names(here: Path) -> list[str]:
    names = [path.relative_to(here).with_suffix("").as_posix() for path in here.rglob("*.md")]
    rooms = ("index", "tutorial", "how-to", "theory", "reference", "", "decisions")
    return sorted(names, key=lambda name: (rooms.index(room) if (room := name.partition("/")[0]) in rooms else rooms.index(""), name))


def _title(path: Path) -> str:
    """What stands in the first line of a page, which may come from another file."""
    with path.open(encoding="utf-8") as lines:
        first = next(lines, "")
    return (_filled(path).split("\n", 1)[0] if first.startswith("```") else first).removeprefix("# ").strip()


def notebooks() -> dict[str, bytes]:
    """The notebooks that pages lead to, by the names of their files."""
    here = folder()
    return {path.relative_to(here).as_posix(): path.read_bytes() for path in sorted(here.rglob("*.ipynb"))}


def pictures() -> dict[str, bytes]:
    """The pictures that pages show, by the names of their files."""
    here = folder()
    return {path.relative_to(here).as_posix(): path.read_bytes() for path in sorted(here.rglob("pictures/*.png"))}


def page_named(asked: str) -> str:
    """The Markdown of what is asked for: a page, the last part of its name, a public name (``bestand.survival``), an error code, a word.

    Raises
    ------
    AskError
        `cli/unknown-page`.

    >>> page_named("case/no-file")
    '`case/no-file`: no such file, folder or catalogue name; `bestand list` shows the catalogue\\n'
    """
    here = folder()
    names = _names(here)
    name = asked.removesuffix(".md").strip("/")
    fitting = [each for each in names if each == name] or [each for each in names if each.rpartition("/")[2] == name]
    if len(fitting) == 1:
        return _filled(here / f"{fitting[0]}.md")
    public, codes = name.removeprefix("bestand."), _codes(here)
    if public in _public():
        return _explained(public)
    if name in codes:
        return f"`{name}`: {'; '.join(codes[name])}\n"
    meant = [_told_of(*row) for row in _glossary(here) if name.casefold() in _called(row[0]) | {row[2].casefold()} - {_NO_DUTCH}]
    if meant:
        return "\n".join(meant)
    hint = f"there are {', '.join(fitting)}" if fitting else _guess(name, [*names, *_public(), *codes, *(word for word, *_ in _glossary(here))])
    raise AskError(Problem("cli/unknown-page", f"no page, public name, error code or word of the glossary '{asked}'", hint=hint))


def _guess(name: str, choices: list[str]) -> str:
    """What may be meant, and where else to look: all that there is would be a list of hundreds."""
    near = did_you_mean(name, choices).partition("choices are ")[0].strip()
    if near:
        return near
    return "`bestand docs --find WORDS` lists the lines in which it stands" if name and with_words(name) else "`bestand docs` lists the pages"


def with_words(words: str) -> list[tuple[str, str]]:
    """Pages and their lines in which all of some words stand, capitals or not.

    >>> with_words("one meaning each")[0][0]
    'glossary'
    """
    here, wanted = folder(), words.casefold().split()
    lines = [(name, line.strip()) for name in _names(here) for line in _filled(here / f"{name}.md").splitlines()]
    return [(name, line) for name, line in lines if all(word in line.casefold() for word in wanted)]


def _codes(here: Path) -> dict[str, tuple[str, str]]:
    return {code: (what, do) for code, what, do in _ROW.findall((here / "reference" / "errors.md").read_text(encoding="utf-8"))}


def _glossary(here: Path) -> list[tuple[str, str, str]]:
    return _WORD.findall((here / "glossary.md").read_text(encoding="utf-8"))


def _told_of(word: str, meaning: str, dutch: str) -> str:
    return f"**{word}**: {meaning}\n" if dutch == _NO_DUTCH else f"**{word}** ({dutch}): {meaning}\n"


def _called(word: str) -> set[str]:
    """What a word of the glossary is asked for by: the word, each of several, what stands in brackets.

    >>> sorted(_called("ban (`never`)")), sorted(_called("tempo, noise"))
    (['ban', 'never'], ['noise', 'tempo'])
    """
    return {part.strip() for part in re.split(r"[,()]", word.replace("`", "").casefold())} - {""}


def _public() -> list[str]:
    import bestand  # noqa: PLC0415

    return bestand.__all__


def _explained(name: str) -> str:
    """A public name, its form and what it says of itself."""
    import bestand  # noqa: PLC0415

    public: Callable[..., object] = getattr(bestand, name)
    form = "" if isinstance(public, type) else str(inspect.signature(public))
    return f"# bestand.{name}\n\n```text\n{name}{form}\n\n{inspect.getdoc(public)}\n```\n"


def _first_lines() -> str:
    import bestand  # noqa: PLC0415

    return "\n".join(f"- `bestand.{name}`: {(inspect.getdoc(getattr(bestand, name)) or '').splitlines()[0]}" for name in _public())


def _filled(path: Path) -> str:
    """A page with its lists of contents, and what it takes from other files, written out."""
    text = path.read_text(encoding="utf-8")
    text = _BLOCK.sub(lambda block: _written(path, *block.groups()), text)
    return text.replace(PUBLIC, _first_lines()) if PUBLIC in text else text


def _written(path: Path, kind: str, target: str | None, body: str) -> str:
    if kind == "toctree":
        caption = re.search(r"^:caption: (.*)$", body, re.M)
        return (f"## {caption[1]}\n\n" if caption else "") + "\n".join(_contents(path, body)) + "\n"
    taken = (path.parent / str(target)).resolve()
    if not taken.is_relative_to(folder().resolve().parent) or not taken.is_file():
        return f"(not installed: {taken.name})\n"
    text = taken.read_text(encoding="utf-8")
    return text if kind == "include" else f"```text\n{text}```\n"


def _contents(path: Path, body: str) -> list[str]:
    names = [line.strip() for line in body.splitlines() if line.strip() and not line.startswith(":")]
    listed = dict.fromkeys(page for name in names for page in sorted(path.parent.glob(f"{name}.md")) if page != path)
    return [f"- [{_title(page)}]({page.relative_to(path.parent).as_posix()})" for page in listed]
