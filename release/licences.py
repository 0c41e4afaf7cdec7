"""Writes THIRD-PARTY.md, the licences of all that bestand ships and needs: `python release/licences.py`, after `npm ci` in workbench/.

What is listed by hand is what no list of packages tells: data, and what is compiled in. Tests hold the page against the packages that really
end in the workbench, and against what the core needs.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
WORKBENCH = ROOT / "workbench"
NOT_BUNDLED = {"@codemirror/streamparser", "vite"}  # needed by another package's types; what puts the page together

COMPILED = [
    ("nanobind", "compiled module", "BSD-3-Clause", "Copyright (c) 2022 Wenzel Jakob and others"),
    ("robin-map", "compiled module, through nanobind", "MIT", "Copyright (c) 2017 Thibaut Goetghebuer-Planchon"),
]
DATA = [
    ("Unicode CLDR 47, names of territories", "`bestand/drafting/lexicon/territories.toml`", "Unicode-3.0", "Copyright © 2004-2025 Unicode, Inc."),
    ("Natural Earth, borders at 1:10 million", "`bestand/draw/borders.npz`, `bestand/case/areas.tsv`", "Public domain", "Natural Earth, by way of Debian's qgis-common 3.22.16"),
]
PUBLIC = """Natural Earth gives its maps to the public domain: no permission is needed to use, change or pass them on, and none of its makers warrants anything.
They were made simpler by release/borders.py. Codes of ISO 3166-2 were found by name in the list of Debian's iso-codes 4.15 (LGPL-2.1-or-later), of which
nothing else was taken; it is not in the package. Who claims or holds any ground is never taken from these borders: only a case says that."""
PERMISSIVE = {
    "MIT", "BSD-2-Clause", "BSD-3-Clause", "BSD", "Apache-2.0", "ISC", "0BSD", "Zlib", "CC0-1.0", "PSF-2.0", "Unicode-3.0", "Unlicense",
}  # fmt: skip
CLASSIFIED = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0", "Python Software Foundation License": "PSF-2.0"}


def bundled() -> dict[str, str]:
    """Licences of the packages in the page of the workbench, by name, from the lock file."""
    locked = json.loads((WORKBENCH / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    left, named = list(locked[""]["dependencies"]), dict[str, str]()
    while left:
        name = left.pop()
        if name not in named and name not in NOT_BUNDLED:
            named[name] = locked[f"node_modules/{name}"]["license"]
            left += locked[f"node_modules/{name}"].get("dependencies", ())
    return dict(sorted(named.items()))


def needed(roots: Iterable[str] | None = None) -> dict[str, str]:
    """Licences of the Python packages that the core needs, and what those need, as installed; by name."""
    left = list(roots if roots is not None else tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
    found: dict[str, str] = {}
    while left:
        wanted = Requirement(left.pop())
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = licence(name)
        except PackageNotFoundError:
            continue
        left += [each for each in requires(name) or () if "extra ==" not in each]
    return dict(sorted(found.items()))


def licence(name: str) -> str:
    """A package's licence as it says itself: by expression, classifier or the first line of the field."""
    about = metadata(name)
    if about.get("License-Expression"):
        return about["License-Expression"]
    for classifier in about.get_all("Classifier") or ():
        if classifier.startswith("License :: OSI Approved :: "):
            last = classifier.rpartition(" :: ")[2]
            return CLASSIFIED.get(last, last)
    return (about.get("License") or "unknown").split("\n")[0]


def permissive(expression: str) -> bool:
    """Whether a licence asks no more than that it is named.

    >>> permissive("BSD-3-Clause AND MIT"), permissive("GPL-3.0-only"), permissive("MIT OR GPL-2.0-only"), permissive("MIT AND GPL-2.0-only")
    (True, False, True, False)
    """
    return all(any(each.strip(" ()") in PERMISSIVE for each in part.split(" OR ")) for part in expression.split(" AND "))


def holder(name: str) -> str:
    """Who holds the rights to a package of the page, by its licence file."""
    folder = WORKBENCH / "node_modules" / name
    files = sorted(path for path in folder.iterdir() if path.name.lower().startswith("licen"))
    found = re.search(r"^Copyright .*$", files[0].read_text(encoding="utf-8"), re.M) if files else None
    return re.sub(r" <[^>]*>", "", found[0]) if found else f"the authors of {name}"


def text_of(name: str, part: str) -> str:
    """The licence that an installed Python package brings."""
    files = [path for path in distribution(name).files or () if part in path.name]
    return Path(str(files[0].locate())).read_text(encoding="utf-8").strip()


def page(texts: dict[str, str]) -> str:
    """THIRD-PARTY.md."""
    rows = [(name, "page of the workbench", of, holder(name)) for name, of in bundled().items()] + COMPILED + DATA
    out = [
        "# What others made",
        "",
        "Written by `release/licences.py`. bestand itself is under Apache-2.0 (LICENSE).",
        "",
        "## In the package",
        "",
        "| what | where | licence | whose |",
        "|---|---|---|---|",
        *(f"| {name} | {where} | {of} | {whose} |" for name, where, of, whose in rows),
        "",
        "The lexicons, the other word lists, the message tables and the invented cases are bestand's own. Cases of the literature state parties, options and",
        "rankings as published, written anew; each names its source under `citation`. Figures of past ceasefires are aggregates worked out for this program from",
        "records whose sources `bestand base-rates` names; the records are not in the package. Quotes in cases are short phrases from the sources named there.",
        "",
        "## Beside it: what pip installs with it",
        "",
        "Not in the package. Optional extras bring more, and are named in `pyproject.toml`.",
        "",
        "| package | licence |",
        "|---|---|",
        *(f"| {name} | {of} |" for name, of in needed().items()),
        "",
        "## Texts",
        *(line for name, text in texts.items() for line in ("", f"### {name}", "", "```text", text, "```")),
    ]
    return "\n".join(out) + "\n"


def mit() -> str:
    """The MIT licence without its holder, whom the table names."""
    text = (WORKBENCH / "node_modules" / "preact" / "LICENSE").read_text(encoding="utf-8")
    return text[text.index("Permission is hereby") :].strip()


if __name__ == "__main__":
    written = {"MIT": mit(), "BSD-3-Clause (nanobind)": text_of("nanobind", "LICENSE"), "Unicode-3.0": text_of("babel", "LICENSE.unicode"),
               "Public domain (Natural Earth)": PUBLIC}  # fmt: skip
    (ROOT / "THIRD-PARTY.md").write_text(page(written), encoding="utf-8")
