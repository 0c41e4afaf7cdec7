"""Proposals that wait beside a case: shown, accepted as edits of the case, or rejected; nothing counts until somebody says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from bestand.case.loaded import Case
from bestand.case.read import NAME_OF_FILE
from bestand.case.write import write_text
from bestand.case.yaml import Value, load
from bestand.errors import AskError, BestandError, Problem
from bestand.web.desk import Desk, Sheet
from bestand.web.edits import Order, Remove, Rename, Set, spliced
from bestand.web.splice import contents, tree
from bestand.web.told import Plain

Edits = list[Set | Remove | Order | Rename]


def file_of(path: Path) -> Path:
    """Where the proposals for a case wait."""
    return path.with_name("proposals.yaml" if path.name == NAME_OF_FILE else f"{path.stem}.proposals.yaml")


def proposals_told(desk: Desk) -> Plain:
    """Proposals that nobody has decided on."""
    items = [item for item in _items(desk.path) if item.get("status", "waiting") == "waiting"]
    return {"proposals": items}


def _items(path: Path) -> list[dict[str, Any]]:
    where = file_of(path)
    if not where.is_file():
        return []
    try:
        value, _ = load(where.read_text(encoding="utf-8"), None)
    except (BestandError, UnicodeDecodeError) as error:
        raise AskError(Problem("web/bad-proposals", "the file of proposals cannot be read", hint="draft again")) from error
    items = value.get("items") if isinstance(value, dict) else None
    listed = items if isinstance(items, list) else []
    return [cast("dict[str, Any]", item) for item in listed if isinstance(item, dict) and isinstance(item.get("fields"), dict)]


def decided(desk: Desk, which: str, *, version: int, accept: bool) -> Sheet:
    """The case after a proposal was accepted into it, or rejected.

    Raises
    ------
    AskError
        `web/no-proposal`, `web/other-version`; CaseError where it does not fit in the case as it stands.
    """
    with desk.lock:
        items = _items(desk.path)
        number = next((k for k, item in enumerate(items) if item.get("id") == which), None)
        if number is None:
            raise AskError(Problem("web/no-proposal", f"no proposal '{which}'", hint="it may have been decided in another window"))
        sheet = desk.sheet
        if accept and sheet.case is not None:
            sheet = desk.edit(_edits(sheet.case, items, number, desk.path), version=version, what=f"proposal {which}")
        _mark(desk.path, number, "accepted" if accept else "rejected")
        return sheet


def _mark(path: Path, number: int, status: str) -> None:
    """What became of a proposal, in its file."""
    where = file_of(path)
    text = where.read_text(encoding="utf-8")
    edit = Set(op="set", at=["items", number, "status"], value=status)
    node = tree(text)
    write_text(spliced(text, node, contents(node), [edit])[0], where, force=True)


def _edits(case: Case, items: list[dict[str, Any]], number: int, path: Path) -> Edits:
    """What accepting a proposal does to the case; its source comes along where the case does not have it yet."""
    item = items[number]
    fields = {key: value for key, value in item["fields"].items() if key not in ("id", "party", "lever")}
    kind, name = item.get("kind"), str(item["fields"].get("id") or item.get("id"))
    owner, lever = str(item["fields"].get("party", "")), str(item["fields"].get("lever", ""))
    if kind == "claim":
        return [*_sources(case, str(fields.get("source", "")), path), Set(op="set", at=["claims", _free(case.file.claims, name)], value=fields)]
    if kind in ("party", "lever", "event"):
        section = {"party": "parties", "lever": "levers", "event": "events"}[kind]
        return [Set(op="set", at=[section, name], value=fields)]
    if kind == "want" and not any(case.wants(owner)):
        return [Order(op="order", at=["wants", owner], items=[*range(len(case.wants(owner).get("", ()))), -1], new=[fields])]
    if kind == "now":
        return [Set(op="set", at=["levers", lever, "now"], value=fields["now"])]
    if kind == "guard":
        return [Set(op="set", at=["levers", lever, "needs", str(fields.pop("setting", "yes"))], value=fields)]
    raise AskError(Problem("web/no-proposal", f"a proposal of this kind ('{kind}') is put in by hand here", hint="open it under Build"))


def _sources(case: Case, name: str, path: Path) -> Edits:
    if not name or name in case.file.sources:
        return []
    value, _ = load(file_of(path).read_text(encoding="utf-8"), None)
    known = cast("dict[str, Any]", value).get("sources", {})
    return [Set(op="set", at=["sources", name], value=cast("Value", known[name]))] if name in known else []


def _free(taken: object, name: str) -> str:
    known = taken if isinstance(taken, dict) else {}
    return next(each for each in (name, *(f"{name}_{k}" for k in range(2, 10_000))) if each not in known)
