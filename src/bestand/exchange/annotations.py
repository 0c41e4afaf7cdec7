"""Claims as W3C Web Annotations, out and in, with positions by the text of the document where the source is a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case
from bestand.errors import CaseError, EvidenceError, Place, Problem
from bestand.evidence.claim import CheckedQuote, from_annotations, to_annotations
from bestand.evidence.source import Shelf, decoded_page
from bestand.exchange.claims import some_claims
from bestand.exchange.into import needed_case, put_in
from bestand.exchange.json_text import in_words, misfit
from bestand.exchange.known import Arrived
from bestand.exchange.names import clean
from bestand.exchange.notes import Carried, Remark, carried_over, noted

MOST_ANNOTATIONS = 20_000  # annotations of a file that is read
_FORM = {"target": (dict, list), "body?": (str, dict, list), "bestand:source?": str}


def to_annotation_page(case: Case, *, sources: str | Path | None = None) -> Carried:
    """The claims of a case as an annotation page (JSON-LD). Quotes that were found have their position beside them: in the text of
    the body where the source is a page (so that a browser finds it again), else in the text of the document; in code points.

    Raises
    ------
    AskError
        `export/no-claims`.

    >>> from bestand.case.read import read
    >>> json.loads(to_annotation_page(read("example/en")).text)["items"][0]["target"]["selector"][1]["type"]
    'TextPositionSelector'
    """
    some_claims(case)
    folders = [Path(sources)] if sources is not None else []
    quotes, n_pages = _by_body(case, folders + ([case.path.parent] if case.path is not None else []))
    claims = {key: claim.model_dump(mode="json", exclude_unset=True) for key, claim in case.file.claims.items()}
    known = {key: source.model_dump(mode="json") for key, source in case.file.sources.items()}
    page = to_annotations(claims, known, quotes=quotes)
    n_bare = sum(quotes[key].anchor is None if key in quotes else True for key in claims)
    notes = [noted("claims", n=len(claims)), noted("sources", n=len(known)), noted("lines-apart")]
    notes += [noted("positions", n=n_pages)] if n_pages else []
    notes += [noted("no-position", n=n_bare)] if n_bare else []
    return carried_over("annotations", json.dumps(page, ensure_ascii=False, indent=1) + "\n", notes)


def _by_body(case: Case, folders: list[Path]) -> tuple[dict[str, CheckedQuote], int]:
    """What became of each quote, with positions in the body where the source is a page; and how many pages were looked at."""
    quotes, n_pages = dict(case.quotes), 0
    shelf = Shelf(folders)
    for key, source in case.file.sources.items():
        try:
            document = shelf.locate(source.file, source.sha256)
        except EvidenceError:
            document = None
        if document is None or document.path.suffix.lower() not in (".html", ".htm"):
            continue
        n_pages += 1
        from bestand.evidence.positions import body_origin  # noqa: PLC0415  (only where a page is read)

        origin = body_origin(decoded_page(document.content))
        for name, claim in case.file.claims.items():
            if claim.source == key and name in quotes:
                quotes[name] = _moved(quotes[name], origin)
    return quotes, n_pages


def _moved(quote: CheckedQuote, origin: Any) -> CheckedQuote:
    if quote.anchor is None:
        return quote
    inside = [] if origin is None else [int(at) for at in origin[quote.anchor.start : quote.anchor.end] if at >= 0]
    if not inside:
        return replace(quote, anchor=None)
    return replace(quote, anchor=replace(quote.anchor, start=inside[0], end=inside[-1] + 1))


def from_annotation_page(page: Any, case: Case | None, *, sources: object = None, name: str = "file") -> Carried:
    """A case with the annotations of a page or a list of them put into it as claims; every quote is checked.

    Those that this program wrote come back whole. Of others the quoted words become the quote, text bodies the gloss; the
    source is the one of the case with the same address or digest.

    Raises
    ------
    CaseError
        `import/malformed`, `import/no-source`, and all that a case can be wrong in. AskError: `import/needs-case`.
    """
    old = needed_case(case)
    items = page.get("items", page.get("rows")) if isinstance(page, dict) else page
    if not isinstance(items, list) or len(items) > MOST_ANNOTATIONS:
        raise CaseError(Problem("import/malformed", f"no list of at most {MOST_ANNOTATIONS:,} annotations under `items`", Place(name)))
    problems: list[Problem] = []
    notes: list[Remark] = []
    claims = [each for k, item in enumerate(items) if (each := _claim(item, old, Place(name, at=f"items[{k}]"), problems, notes)) is not None]
    if problems:
        raise CaseError(problems)
    return put_in("annotations", claims, {}, old, sources=sources, notes=notes)


def _claim(item: Any, case: Case, place: Place, problems: list[Problem], notes: list[Remark]) -> Arrived | None:
    wrong = misfit(item, _FORM)
    try:
        if not wrong:
            return _taken(item, case, place, problems, notes)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, EvidenceError) as error:
        wrong = in_words(error)
    problems.append(Problem("import/malformed", f"this is no annotation of a passage: {wrong}", place))
    return None


def _taken(item: Mapping[str, Any], case: Case, place: Place, problems: list[Problem], notes: list[Remark]) -> Arrived | None:
    if "bestand:source" in item:
        [(name, fields)] = from_annotations({"items": [item]}).items()
        return _of_source(name, fields, str(fields["source"]), case, place, problems)
    target = item["target"][0] if isinstance(item["target"], list) and item["target"] else item["target"]
    wrong = misfit(target, {"source?": str, "selector?": (dict, list)}, "target")
    listed = target.get("selector") if not wrong else None
    wrong = wrong or misfit(listed if isinstance(listed, list) else [], [{"type?": str, "exact?": str}], "target.selector")
    if wrong:
        raise ValueError(wrong)
    selectors = target.get("selector", [])
    quoted = [each for each in (selectors if isinstance(selectors, list) else [selectors]) if each.get("type") == "TextQuoteSelector"]
    if not quoted:
        notes.append(noted("no-text", n=1))
        return None
    quote = str(quoted[0]["exact"])  # what stands before and after it may cut words, and is looked at where it must be
    for key in item.keys() - {"id", "type", "target", "body", "motivation", "@context"}:
        notes.append(noted("left-out", what=f"'{clean(key)}' of annotations", instead="a claim has no place for it"))
    fields = {"quote": quote, "gloss": _words(item.get("body", "")) or quote}
    address = str(target.get("source", ""))
    return _of_source("", fields, _source(address, case), case, place, problems, address=address)


def _of_source(
    name: str, fields: Mapping[str, Any], source: str, case: Case, place: Place, problems: list[Problem], *, address: str = ""
) -> Arrived | None:
    """A claim, where the case has its source."""
    if source in case.file.sources:
        return Arrived(name, {"source": source, **fields}, place)
    what = f"the case has no source '{clean(address or source)[:80]}'"
    problems.append(Problem("import/no-source", what, place, "add it to the case, with its url and sha256"))
    return None


def _source(address: str, case: Case) -> str:
    """The source of the case that an address stands for; empty if none does."""
    for key, source in case.file.sources.items():
        if address and address in (source.url, f"urn:sha256:{source.sha256}", source.file):
            return key
    return ""


def _words(body: Any) -> str:
    """What an annotation says of its passage."""
    bodies = body if isinstance(body, list) else [body]
    texts = [each if isinstance(each, str) else str(each.get("value", "")) for each in bodies]
    return clean("; ".join(text for text in texts if text.strip()))
