"""What is public now, as tests/released keeps it: `python release/record.py` writes the file of this version, of the program as
installed (or PYTHONPATH=src). See docs/reference/versioning.md.

Written anew as long as the version is not out; once it is, the file is never written again.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path

import bestand
from bestand.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """Major and minor number of this version."""
    return ".".join(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"].split(".")[:2])


def public() -> dict[str, list[str]]:
    """Names, commands and error codes."""
    errors = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `([a-z]+/[a-z0-9-]+)` \|", errors, re.M)
    return {"names": sorted(bestand.__all__), "commands": sorted(command.name for command in COMMANDS), "codes": sorted(set(codes))}


def record() -> str:
    """The text of the file."""
    out = [f"# What is public in {version()}: see docs/reference/versioning.md. Written by release/record.py."]
    for kind, names in public().items():
        lines = textwrap.wrap(", ".join(f'"{name}"' for name in names) + ",", 140, break_on_hyphens=False)
        out += [f"{kind} = [", *(f"  {line}" for line in lines), "]"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    (ROOT / "tests" / "released" / f"{version()}.toml").write_text(record(), encoding="utf-8")
