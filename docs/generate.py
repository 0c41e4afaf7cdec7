"""Writes the generated reference pages: `python docs/generate.py`. A test compares them with what this would write."""

from __future__ import annotations

import copy
import importlib
import json
import pathlib
import re
import tomllib

import click

from bestand.case.model import CaseFile
from bestand.case.parts import Bounds, Part, marked
from bestand.cli import main
from bestand.cli.topics import TOPICS

HERE = pathlib.Path(__file__).parent
SOURCES = HERE.parent / "src" / "bestand"


def file_format() -> str:
    """Every key of a case file, from the same models that read it."""
    schema = CaseFile.model_json_schema(by_alias=True)
    out = [
        "# The case file",
        "",
        "YAML 1.2, UTF-8, one file. `bestand schema` prints the JSON Schema for editors. Generated from the models that read it.",
        "A whole small case stands in [the lesson](../tutorial/conflict-analysis.md); how to write one in [write a case](../how-to/write-a-case.md).",
        "",
        "Only `true` and `false` are truth values, and a number is written in tens with a point, as `17`, `0.5`, `-2` or `1e3`. `yes`, `no`, `12:30`, `1_000`,",
        "`017` and `0x10` are words: a setting may be called `017`, and where a number is expected they are refused.",
        "",
        "A condition is made of lever and term names, `= != < <= > >=` on settings in their order, `and or not implies iff` and",
        "parentheses. A lever's name alone means that it is not at its first setting (for no/yes: `yes`).",
        "",
        "The basis of a line is `stated` if it names claims under `because`, and `assumed` if it gives a reason under `assumed`,",
        "unless `basis` says otherwise; claims under `supported_by` speak for it as well, without being needed. These four keys stand on every kind",
        "of line and are not repeated below.",
    ]
    for name, part in [("The file", schema), *sorted(schema["$defs"].items())]:
        if "properties" not in part:
            continue
        out += ["", f"## {name}", "", part.get("description", "").split("\n")[0], "", "| key | type | what |", "|---|---|---|"]
        for key, field in part["properties"].items():
            if name != "The file" and key in ("because", "supported_by", "basis", "assumed"):
                continue
            must = ["**required**"] if key in part.get("required", ()) else []
            held = dict.fromkeys(re.findall(r"/\$defs/(\w+)", json.dumps(field)))
            said = field.get("description", "") or SAID.get(key, "") or (first_sentence(schema["$defs"][next(iter(held))]) if len(held) == 1 else "")
            out.append(f"| `{key}` | {kind(field)} | {'; '.join(filter(None, [said, *must]))} |")
    return "\n".join(out) + "\n"


SAID = {"is": "what it is, in words", "name": "what it is called", "title": "what it is called", "summary": "what it is about, in a few sentences"}


def first_sentence(part: dict) -> str:
    """What a part is, as its model says in its first sentence; nothing where that is long."""
    said = re.split(r"(?<=[a-z)])[.:](?:\s|$)", part.get("description", "").split("\n")[0], maxsplit=1)[0]
    return said[:1].lower() + said[1:] if len(said) <= 120 else ""


def kind(field: dict) -> str:
    """A field's type in a few words."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(kind(part) for part in field["anyOf"] if part.get("type") != "null"))
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {kind(field['items'])}" if "items" in field else "pair"
    if field.get("type") == "object":
        inner = field.get("additionalProperties") or next(iter(field.get("patternProperties", {}).values()), {})
        held = kind(inner) if isinstance(inner, dict) and inner else ""
        return (f"mapping to ({held})" if " or " in held else f"mapping to {held}") if held else "mapping"
    return {"string": "text", "number": "number", "integer": "whole number", "boolean": "true/false"}.get(field.get("type", ""), "any")


def commands() -> str:
    """Help of every command."""
    out = ["# Commands", "", "Generated from `--help`.", "", block(main, "bestand", None)]
    context = click.Context(main, info_name="bestand")
    for topic, names in TOPICS.items():
        out += [f"## {topic}", ""]
        for name in names:
            out += [f"### bestand {name}", "", block(main.commands[name], name, context)]
    return "\n".join(out)


def block(command: click.Command, name: str, parent: click.Context | None) -> str:
    command = copy.copy(command)
    command._help_option = None  # which click keeps from a call of the command alone, without the program's settings
    settings = {"terminal_width": 100, "max_content_width": 100, "help_option_names": ["-h", "--help"]}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    return "```text\n" + command.get_help(context) + "\n```\n"


def codes() -> list[str]:
    """Every error code in the program, in order."""
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        found |= set(re.findall(r"\"((?:ask|kernel|case|draft|evidence|export|file|graph|negotiate|bargain|play|stationary|truce|history|past|worth|import|yaml|report|study|sweep|cli|check|web)/[a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    return sorted(found)


def limits() -> str:
    """Every limit in the program, from the constants themselves and the remarks behind them: those met first, then all by subject."""
    out = [
        "# Limits",
        "",
        "How much is read, looked through and worked out. What is more is refused in words before the work, or said to have been",
        "passed over; nothing is cut off in silence. Generated from the program: the file in which a limit stands is named beside it.",
        "",
        "Words of a PDF that nobody sees (drawn invisibly, in white, or too small) count as said; in web pages and Word files they do not:",
        "[why](../theory/evidence.md).",
        "",
        "## Those that one meets first",
        "",
        "| limit | of what | what to do beyond it |",
        "|---|---|---|",
    ]
    for module, name, what, instead in MET_FIRST:
        out.append(f"| {told(getattr(importlib.import_module(f'bestand.{module}'), name))} | {what} | {instead} |")
    rows: dict[str, list[str]] = {title: [] for title in dict.fromkeys(SUBJECTS.values())}
    for path in sorted(SOURCES.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)
        subject = SUBJECTS.get(path.relative_to(SOURCES).parts[0], REST)
        rows[subject] += [f"{row} | `{path.relative_to(SOURCES).as_posix()}` |" for row in of_module(module, path.read_text(encoding="utf-8"))]
    for title, each in rows.items():
        out += ["", f"## {title}", "", "| limit | of what | where |", "|---|---|---|", *each] if each else []
    out += ["", "## Numbers of a case, by what they mean", "", "| number | lowest | highest | keys |", "|---|---|---|---|"]
    return "\n".join(out + bounds() + LANGUAGES) + "\n"


def of_module(module: str, text: str) -> list[str]:
    """The limits of one module, each as the first cells of a row; several with one remark are one row."""
    rows = []
    for line in text.splitlines():
        if found := re.match(r"(MOST_\w+(?:, \w+)*) = (?:[^#]*)(?:# (.*))?$", line):
            names = [each for each in found[1].split(", ") if each.startswith("MOST_")]
            values = "; ".join(told(getattr(importlib.import_module(module), name)) for name in names)
            named, remark = names[0].removeprefix("MOST_").replace("_", " ").lower(), found[2] or ""
            rows.append(f"| {values} | {f'{named} {remark}'.strip() if not remark or remark.startswith(BARE) else remark}")
    return rows


BARE = ("of ", "for ", "that ", "on ", "in ", "at ", "per ", "since ", "where ", "asked ", "above ", "up to ", "other ", "looked ", "with ")  # no noun of its own


def told(value: float) -> str:
    """A limit as it is read: whole numbers in groups of three, very large ones as a power."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


REST = "Whatever is asked"
SUBJECTS = {
    "case": "Case files", "evidence": "Documents, quotes and tables", "drafting": "Drafting", "exchange": "Files of other programs",
    "graph": "Views, states and draws", "negotiate": "Where it can rest, coalitions, unlocking", "bargain": "What could be agreed",
    "play": "Play and survival", "stationary": "Stationary equilibria", "truce": "Truces and postures", "history": "Past ceasefires and counts",
    "study": "The whole answer, and week by week", "explore": "Sweeps", "report": "Page and brief", "telling": "Page and brief",
    "draw": "Page and brief", "web": "The workbench", "": REST,
}  # fmt: skip
SMALLER = "hold levers: a view, or `--hold`"
MET_FIRST = [
    ("case.yaml", "MOST_BYTES", "bytes of a case file", "leave the texts of sources out of it"),
    ("evidence.source", "MOST_LETTERS", "characters of a document", "keep the pages that matter"),
    ("checks.check", "MOST_WORDS", "words of a quote in a case that is shared (a finding, no refusal)", "quote less, or seal the quote"),
    ("graph.build", "MOST_COMBINATIONS", "combinations of settings in a view", SMALLER),
    ("bargain.outcomes", "MOST_STATES", "states, for `agreements`, `settle` and the frontier", "`cores` and `settle-by-solver`, or hold levers"),
    ("study.agreements", "MOST_STATES", "states up to which a page says what could be agreed", SMALLER),
    ("study.everything", "MOST_AT_TABLE", "parties up to which a page says so, and what would unlock it", "leave out who only watches"),
    ("study.sensitivity", "MOST_STATES", "states up to which every statement is taken away (`sensitivity`)", SMALLER),
    ("study.truces", "MOST_STARTING", "states up to which it is played whether a truce begins", SMALLER),
    ("play.horizon", "MOST_PARTIES", "parties that can move, where play is asked", "leave out who only watches"),
    ("negotiate.coalitions", "MOST_COALITIONS", "coalitions that are asked about at once", "name those that matter: `coalitions(asked, coalitions=…)`"),
    ("study.profiles", "MOST_PROFILES", "combinations of the parties' types that are each answered", "fewer types, or a view that holds some"),
    ("graph.asked", "MOST_DRAWS", "draws of one question", "`bestand sweep`"),
]


LANGUAGES = [
    "",
    "## In English only",
    "",
    "Commands with `--language nl` and the workbench tell in Dutch what is wrong and what to do about it, in whatever room it arises: a sentence is told whole or",
    "not at all. In English only: `--help`, what is wrong with how a command was typed, which arrays do not fit at the door of compiled code, what the operating",
    "system says of a file, and what a YAML reader without libyaml says of brackets and indents.",
    "What a key means, as an error of a file adds in parentheses, is left out on a Dutch page; the form says it. Words of a case are shown in the language in which the case gives them.",
]


def bounds() -> list[str]:
    """What numbers of a case can be, and which keys hold them."""
    keys: dict[Bounds, list[str]] = {}
    left = [Part]
    while left:
        model = left.pop(0)
        left += model.__subclasses__()
        for _, key, mark in marked(model, Bounds):
            keys.setdefault(mark, []).append(f"`{model.__name__}.{key}`")
    rows = []
    for mark, held in sorted(keys.items(), key=lambda each: each[0].what):
        least = f" (other than 0: at least {mark.least:g})" if mark.least else ""
        rows.append(f"| {mark.what}{least} | {mark.low:,.10g} | {mark.high:,.10g} | {', '.join(sorted(held))} |")
    return rows


def glossary() -> str:
    """The glossary, whose first two columns are written by hand, with what each word is in Dutch."""
    dutch = tomllib.loads((SOURCES / "telling" / "glossary.nl.toml").read_text(encoding="utf-8"))
    lines = []
    for line in (HERE / "glossary.md").read_text(encoding="utf-8").splitlines():
        word, *meaning = line.strip("| ").split(" | ")
        called = {"word": "in Dutch", "---|---|---": ""}.get(word, dutch.get(re.sub(r" \(.*\)", "", word), "–"))
        lines.append(f"| {word} | {meaning[0]} | {called} |" if meaning else line)
    return "\n".join(lines) + "\n"


PAGES = {"reference/file-format.md": file_format, "reference/commands.md": commands, "reference/limits.md": limits, "glossary.md": glossary}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (HERE / page).write_text(write(), encoding="utf-8")
    print("\n".join(codes()))
