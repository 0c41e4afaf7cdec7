"""Writes the generated reference pages: `python docs/generate.py`. A test compares them with what this would write."""

from __future__ import annotations

import copy
import importlib
import pathlib
import re

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
        "",
        "A condition is made of lever and term names, `= != < <= > >=` on settings in their order, `and or not implies iff` and",
        "parentheses. A lever's name alone means that it is not at its first setting (for no/yes: `yes`).",
        "",
        "The basis of a line is `stated` if it names claims under `because`, and `assumed` if it gives a reason under `assumed`,",
        "unless `basis` says otherwise. `because`, `basis` and `assumed` stand on every kind of line and are not repeated below.",
    ]
    for name, part in [("The file", schema), *sorted(schema["$defs"].items())]:
        if "properties" not in part:
            continue
        out += ["", f"## {name}", "", part.get("description", "").split("\n")[0], "", "| key | type | what |", "|---|---|---|"]
        for key, field in part["properties"].items():
            if name != "The file" and key in ("because", "basis", "assumed"):
                continue
            must = " **required**" if key in part.get("required", ()) else ""
            out.append(f"| `{key}` | {kind(field)} | {field.get('description', '')}{must} |")
    return "\n".join(out) + "\n"


def kind(field: dict) -> str:
    """A field's type in a few words."""
    if "$ref" in field:
        return field["$ref"].rsplit("/", 1)[1]
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(kind(part) for part in field["anyOf"] if part.get("type") != "null"))
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {kind(field['items'])}" if "items" in field else "pair"
    if field.get("type") == "object":
        inner = field.get("additionalProperties") or next(iter(field.get("patternProperties", {}).values()), {})
        return f"mapping to {kind(inner)}" if isinstance(inner, dict) and inner else "mapping"
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
    """Every limit in the program, from the constants themselves and the remarks behind them."""
    out = [
        "# Limits",
        "",
        "How much is read, looked through and worked out. What is more is refused in words before the work, or said to have been",
        "passed over; nothing is cut off in silence. Bounds of numbers by what they mean stand below. Generated from the program.",
        "",
        "Words of a PDF that nobody sees (drawn invisibly, in white, or too small) count as said; in web pages and Word files they do not:",
        "[why](../theory/evidence.md).",
        "",
        "| limit | of what | where |",
        "|---|---|---|",
    ]
    for path in sorted(SOURCES.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"(MOST_\w+(?:, \w+)*) = (?:[^#]*)(?:# (.*))?$", line):
                for name in (each for each in found[1].split(", ") if each.startswith("MOST_")):
                    value = getattr(importlib.import_module(module), name)
                    named, remark = name.removeprefix("MOST_").replace("_", " ").lower(), found[2] or ""
                    what = f"{named} {remark}".strip() if not remark or remark.startswith(("of ", "for ")) else remark
                    out.append(f"| {value:,} | {what} | `{path.relative_to(SOURCES).as_posix()}` |")
    out += ["", "## Numbers of a case, by what they mean", "", "| number | lowest | highest | keys |", "|---|---|---|---|"]
    return "\n".join(out + bounds() + LANGUAGES) + "\n"


LANGUAGES = [
    "",
    "## In English only",
    "",
    "The workbench tells in Dutch what is wrong with a case, an edit, a name, a condition, a quote, a document, a question to the engines and a file of another",
    "program; commands with `--language nl` tell it in the terminal. In English only: `--help`, what is wrong with the options of a command, what the",
        "operating system says of a file, and what a YAML reader without libyaml says of brackets and indents.",
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


PAGES = {"reference/file-format.md": file_format, "reference/commands.md": commands, "reference/limits.md": limits}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (HERE / page).write_text(write(), encoding="utf-8")
    print("\n".join(codes()))
