"""Writing a case: as it stands, or with some values changed; comments are kept, and a file is replaced whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case, OfCase, stated
from bestand.case.options import dumped
from bestand.case.yaml import MOST_BYTES, line_end, unbroken
from bestand.errors import CaseError, Problem
from bestand.files import put


def write(case: Case | OfCase, path: str | Path, *, force: bool = False) -> None:
    """Writes the case's text to a file, whole or not at all.

    force : a file that stands there is replaced

    Raises
    ------
    FileError
        `file/exists`, `file/not-plain`, `file/cannot-write`.

    >>> import pathlib, tempfile
    >>> from bestand import read
    >>> folder = tempfile.TemporaryDirectory()
    >>> write(read("example/en"), pathlib.Path(folder.name, "case.yaml"))
    >>> read(folder.name).file.title[:14]
    'The Aldermere:'
    >>> folder.cleanup()
    """
    write_text(stated(case).text, path, force=force)


def write_text(text: str, path: str | Path, *, force: bool = False, look: Callable[[], object] | None = None) -> None:
    """Writes a text file whole or not at all; `look` is asked last, and where it raises, what stands there stays.

    Raises
    ------
    FileError
        `file/exists`, `file/not-plain`, `file/cannot-write`.
    """
    put(text.encode("utf-8", "surrogatepass"), path, force=force, look=look)


def expanded_text(case: Case) -> str:
    """The case as a file in which every short form is written out as levers, events, wants, guards, bans and terms.

    >>> from bestand.case.read import read_text
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nclocks: {term: {is: a term, days: 30}}\\n")
    >>> list(read_text(expanded_text(case)).file.events)
    ['term_over']
    """
    return dumped(case.file.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def edited(case: Case, edits: Mapping[str, object]) -> str:
    """The case's text with some values changed, by key path (``wants.ru[1].worth``); comments stay where they are.

    Raises
    ------
    CaseError
        `case/no-such-place`.

    >>> from bestand.case.read import read_text
    >>> case = read_text("bestand: 1  # first\\ntitle: T\\nparties: {a: {name: A}}\\n")
    >>> print(edited(case, {"title": "New"}).splitlines()[:2])
    ['bestand: 1  # first', 'title: New']
    """

    def put(document: object) -> None:
        for at, value in edits.items():
            here, key = _holder(document, at)
            here[key] = value

    return _rewritten(case, put)


def rearranged(case: Case, lists: Mapping[str, Sequence[int | Mapping[str, object]]]) -> str:
    """The case's text with some lists rearranged: by key path, the items that stand there by number, and new ones.

    Raises
    ------
    CaseError
        `case/no-such-place`.

    >>> from bestand.case.read import read_text
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.x: {is: x}}\\nwants:\\n  a:\\n    - that: a.x\\n")
    >>> print(*rearranged(case, {"wants.a": [{"that": "not a.x", "assumed": "tried"}, 0]}).splitlines()[-2:], sep="\\n")
        - {that: not a.x, assumed: tried}
        - that: a.x
    """

    def put(document: object) -> None:
        from ruamel.yaml.comments import CommentedMap

        for at, wanted in lists.items():
            here, key = _holder(document, at)
            standing = here[key]
            items = [standing[item] if isinstance(item, int) else CommentedMap(item) for item in wanted]
            for item in items:
                if isinstance(item, CommentedMap) and not any(item is old for old in standing):
                    item.fa.set_flow_style()
            comments = {id(item): standing.ca.items[k] for k, item in enumerate(standing) if k in standing.ca.items}
            del standing[:]
            standing.extend(items)
            standing.ca.items.update({k: comments[id(item)] for k, item in enumerate(items) if id(item) in comments})

    return _rewritten(case, put)


def _rewritten(case: Case, put: Callable[[object], None]) -> str:
    """The case's text after `put` has changed the document; comments stay where they are."""
    from ruamel.yaml import YAML

    editor = YAML(typ="rt")
    editor.version = (1, 2)
    editor.preserve_quotes = True
    editor.indent(mapping=2, sequence=4, offset=2)
    editor.width = MOST_BYTES  # a key that is broken in two could not be read
    end = line_end(case.text)
    text, back = unbroken(case.text.replace(end, "\n"))
    document = editor.load(text)
    put(document)
    out = io.StringIO()
    editor.version = None
    editor.dump(document, out)
    return back(out.getvalue()).replace("\n", end)


def _holder(document: object, at: str) -> tuple[Any, str | int]:
    """What holds the value at a key path, and under which key."""
    here, rest = document, re.findall(r"\[\d+\]|[^.\[\]]+", at)
    while rest:
        key, rest = _key(here, rest)
        if isinstance(here, list) and isinstance(key, int):
            inner = here[key]
        elif isinstance(here, dict) and key is not None:
            inner = here.get(key)
        else:
            break
        if not rest:
            return here, key
        here = inner
    raise CaseError(Problem("case/no-such-place", f"the case has no '{at}'", hint="give a key path, such as wants.ru[0].worth"))


def _key(here: object, rest: list[str]) -> tuple[str | int | None, list[str]]:
    """The first key of a path and what is left; names of levers have a dot in them."""
    if isinstance(here, list):
        number = int(rest[0][1:-1]) if rest[0].startswith("[") else len(here)
        return number if number < len(here) else None, rest[1:]
    if not isinstance(here, dict) or rest[0].startswith("["):
        return None, rest[1:]
    keys = {str(key): key for key in here}
    for n in (2, 1):
        if len(rest) >= n and ".".join(rest[:n]) in keys:
            return keys[".".join(rest[:n])], rest[n:]
    return (".".join(rest), []) if len(rest) <= 2 and any("." in key for key in keys) else (rest[0], rest[1:])
