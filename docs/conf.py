"""The documentation as a site: `make docs`. Offline: nothing is fetched when it is built, and nothing when it is read."""

from __future__ import annotations

import pathlib
import re
import sys
from importlib.util import find_spec

if find_spec("bestand") is None:  # nothing is installed: the source beside this folder
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "src"))

import bestand

project = "bestand"
author = "The bestand authors"
copyright = "the bestand authors"
version = release = bestand.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_static"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
default_role = "code"
highlight_language = "none"
nitpicky = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
suppress_warnings = ["ref.python"]  # a result and its package may carry one name: a mention of it is no link then

html_theme = "furo"
html_title = f"bestand {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"top_of_page_buttons": []}

ROOMS = {
    "case": "Cases: read, check, compare, write",
    "evidence": "Evidence and records",
    "drafting": "Drafting from documents",
    "graph": "Conflicts: states, moves, worths",
    "negotiate": "Where it can rest, and what would change that",
    "bargain": "What could be agreed",
    "play": "Looking ahead",
    "stationary": "Played for ever",
    "truce": "Whether a truce holds",
    "history": "What past ceasefires did",
    "explore": "Over everything that a case leaves open",
    "study": "Everything about one case",
    "report": "Pages",
    "errors": "Errors",
}
MARK = "<!-- every public name -->"


def public_names() -> str:
    """Every public name under the room that it lives in, as directives; a room without a heading here stands under its own name."""
    homes: dict[str, list[str]] = {}
    for name in bestand.__all__:
        homes.setdefault(bestand._HOME[name].split(".")[1], []).append(name)
    rooms = [room for room in ROOMS if room in homes] + sorted(homes.keys() - ROOMS)
    parts = []
    for room in rooms:
        named = "\n\n".join(directive(name) for name in sorted(homes[room], key=lambda each: (each[0].isupper(), each)))
        parts.append(f"## {ROOMS.get(room, room)}\n\n```{{eval-rst}}\n{named}\n```")
    return "\n\n".join(parts)


def directive(name: str) -> str:
    """A public name as what it is."""
    if not isinstance(getattr(bestand, name), type):
        return f".. autofunction:: bestand.{name}"
    return f".. autoclass:: bestand.{name}\n   :members:\n   :exclude-members: {', '.join(fields(name)) or '_'}"


def fields(name: str) -> list[str]:
    """The fields of a result: its docstring tells of them."""
    return list(getattr(getattr(bestand, name), "__dataclass_fields__", ()))


def fill(app, docname: str, source: list[str]) -> None:
    """Puts the public names where a page asks for them."""
    source[0] = source[0].replace(MARK, public_names()) if MARK in source[0] else source[0]


def explained(app, what: str, name: str, thing: object, options, lines: list[str]) -> None:
    """A docstring of this house as reStructuredText: sections, parameters in columns, plain paragraphs, examples."""
    blocks = re.split(r"\n\s*\n", "\n".join(lines).strip("\n"))
    lines[:] = "\n\n".join(block(each) for each in blocks).split("\n")


PARAMETER = re.compile(r"(\*{0,2}\w+(?:, \*{0,2}\w+)*) *: (.*)")


def block(text: str) -> str:
    """One block of a docstring."""
    first, _, rest = text.partition("\n")
    if text.startswith(">>>"):
        return text
    if re.match(r"-+$", rest.split("\n")[0] or "x"):
        return f"**{first}**\n\n{escaped(rest.partition(chr(10))[2])}"
    if PARAMETER.match(first) and (text.count("\n") == 0 or all(PARAMETER.match(line) or line[:1] == " " for line in text.split("\n"))):
        return "\n".join(parameter(line) for line in text.split("\n"))
    if any(line[:1] == " " for line in text.split("\n")):
        return "::\n\n" + "\n".join("    " + line for line in text.split("\n"))
    return escaped(text)


def parameter(line: str) -> str:
    """A parameter and what it is, or how that goes on."""
    if found := PARAMETER.match(line):
        return f"``{found[1]}``\n    {escaped(found[2])}"
    return "    " + escaped(line.strip())


def escaped(text: str) -> str:
    """Text whose stars, bars and underscores are themselves, outside of what stands in backticks."""
    parts = re.split(r"(``.+?``|`[^`]+`)", text, flags=re.S)
    return "".join(part if k % 2 else re.sub(r"([*|\\]|_(?!\w))", r"\\\1", part) for k, part in enumerate(parts))


def setup(app) -> None:
    """Called by Sphinx."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", explained)
