"""Claims as W3C Web Annotations, out and in, with positions by the text of the document where the source is a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bestand.case.loaded import Case
from bestand.errors import CaseError, EvidenceError, Place, Problem, short
from bestand.evidence.claim import CheckedQuote, from_annotations, to_annotations
from bestand.evidence.source import Shelf, decoded_page
from bestand.exchange.claims import some_claims
from bestand.exchange.into import needed_case, put_in
from bestand.exchange.json_text import in_words, misfit
from bestand.exchange.known import Arrived
from bestand.exchange.names import clean
from bestand.exchange.notes import Carried, Remark, carried_over, noted

MOST_INSIDE = 20  # selectors inside each other of one annotation
MOST_ANNOTATIONS = 20_000  # annotations of a file that is read
MOST_KEYS = 50  # keys of one annotation that are told one by one where nothing becomes of them
_FORM = {"target": (dict, list, str), "body?": (str, dict, list), "bestand:source?": str}
_ADDRESS = r"(?:https?|urn|acct):\S+\Z"
_SELECTOR = {"type?": (str, list), "exact?": str, "refinedBy?": (dict, list)}
_BEHIND = ("first", "items", "rows")  # where the list stands: in a collection, a page, or what hypothes.is gives
_OTHERS = {"id", "type", "target", "body", "bodyValue", "motivation", "@context", "text", "tags", "uri"}  # text, tags, uri: as hypothes.is has them


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
        from bestand.documents.positions import body_origin  # noqa: PLC0415  (only where a page is read)

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

    Those that this program wrote come back whole. Of others the quoted words become the quote (of several passages, a claim each), text
    bodies the gloss, or what hypothes.is calls text and tags; the source is the one of the case with the same address or digest.

    Raises
    ------
    CaseError
        `import/malformed`, `import/no-source`, and all that a case can be wrong in. AskError: `import/needs-case`.
    """
    old = needed_case(case)
    items = _listed(page)
    if not isinstance(items, list) or len(items) > MOST_ANNOTATIONS:
        raise CaseError(Problem("import/malformed", f"no list of at most {MOST_ANNOTATIONS:,} annotations under `items`", Place(name)))
    problems: list[Problem] = []
    notes: list[Remark] = []
    claims = [each for k, item in enumerate(items) for each in _claims(item, old, Place(name, at=f"items[{k}]"), problems, notes)]
    if problems:
        raise CaseError(problems)
    return put_in("annotations", claims, {}, old, sources=sources, notes=notes)


def _listed(page: Any) -> Any:
    """The annotations of a page, a collection, a list, or of a file that is one annotation."""
    for key in _BEHIND:
        if isinstance(page, dict) and key in page:
            return _listed(page[key])
    return [page] if isinstance(page, dict) and "target" in page else page


def _claims(item: Any, case: Case, place: Place, problems: list[Problem], notes: list[Remark]) -> list[Arrived]:
    """The claims that an annotation makes: one for each passage that it is about."""
    wrong = misfit(item, _FORM)
    try:
        if not wrong:
            return list(_taken(item, case, place, problems, notes))
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, EvidenceError) as error:
        wrong = in_words(error)
    problems.append(Problem("import/malformed", f"this is no annotation of a passage: {wrong}", place))
    return []


def _taken(item: Mapping[str, Any], case: Case, place: Place, problems: list[Problem], notes: list[Remark]) -> Iterator[Arrived]:
    if "bestand:source" in item:
        [(name, fields)] = from_annotations({"items": [item]}).items()
        yield from _of_source(name, fields, str(fields["source"]), case, place, problems)
        return
    targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
    gloss = "; ".join(filter(None, (_words(item.get(key, "")) for key in ("body", "bodyValue", "text", "tags"))))
    n_bare = 0
    for target in targets:
        quote = _quoted(target)
        n_bare += not quote
        address = _address(target, item)
        if quote:  # what stands before and after it may cut words, and is looked at where it must be
            source = _source(address, case)
            yield from _of_source("", {"quote": quote, "gloss": gloss or quote}, source, case, place, problems, address=address)
    notes += [noted("no-text", n=n_bare)] if n_bare or not targets else []
    if n_bare < len(targets):
        others = sorted(item.keys() - _OTHERS)
        told = [f"'{short(clean(key), most=80)}' of annotations" for key in others[:MOST_KEYS]]
        told += [f"'…' of annotations (+{len(others) - MOST_KEYS:,})"] if len(others) > MOST_KEYS else []
        notes += [noted("left-out", what=what, instead="a claim has no place for it") for what in told]
        notes += [noted("addressed", n=n)] if (n := _n_addressed(item.get("body", ""))) else []


def _quoted(target: Any) -> str:
    """The words that a target quotes, also inside another selector; empty where it quotes none."""
    if isinstance(target, str):
        return ""
    wrong = misfit(target, {"source?": (str, dict), "selector?": (dict, list, str)}, "target")
    left = [] if wrong else [target.get("selector", [])]
    while left and not wrong:
        here = left.pop(0)
        each = here if isinstance(here, list) else [here]
        wrong = misfit([one for one in each if not isinstance(one, str)], [_SELECTOR], "target.selector")
        for one in each if not wrong else ():
            kinds = one.get("type", "") if isinstance(one, dict) else ""
            if "TextQuoteSelector" in (kinds if isinstance(kinds, list) else [kinds]):
                return str(one["exact"])
            left += [one["refinedBy"]] if isinstance(one, dict) and "refinedBy" in one and len(left) < MOST_INSIDE else []
    if wrong:
        raise ValueError(wrong)
    return ""


def _address(target: Any, item: Mapping[str, Any]) -> str:
    """The address of the document that a target is of."""
    source = target.get("source", item.get("uri", "")) if isinstance(target, dict) else target
    return str(source.get("id", "") if isinstance(source, dict) else source)


def _of_source(
    name: str, fields: Mapping[str, Any], source: str, case: Case, place: Place, problems: list[Problem], *, address: str = ""
) -> Iterator[Arrived]:
    """A claim, where the case has its source."""
    if source in case.file.sources:
        yield Arrived(name, {"source": source, **fields}, place)
        return
    told = clean(address or source)[:80]
    what = f"the case has no source '{told}'" if told else "it says of no document, and the case has more than one"
    problems.append(Problem("import/no-source", what, place, "add it to the case, with its url and sha256"))


def _source(address: str, case: Case) -> str:
    """The source of the case that an address stands for, with what follows # or without; the only one, where there is no address."""
    if not address and len(case.file.sources) == 1:
        return next(iter(case.file.sources))
    for each in (address, address.partition("#")[0]):
        for key, source in case.file.sources.items():
            if each and each in (source.url, f"urn:sha256:{source.sha256}", source.file):
                return key
    return ""


def _words(body: Any) -> str:
    """What an annotation says of its passage: its texts, those to choose from too, without the tags of HTML."""
    if isinstance(body, list):
        return clean("; ".join(filter(None, map(_words, body))))
    if isinstance(body, dict):
        value = body.get("value", body.get("items", ""))
        told = _words(value)
        if body.get("format") != "text/html" or not isinstance(value, str):
            return told
        from bestand.documents.html import page_text  # noqa: PLC0415  (only where a page is read)

        return clean(page_text(told)[0])
    return "" if body is None or re.match(_ADDRESS, str(body)) else clean(body)


def _n_addressed(body: Any) -> int:
    """How many bodies are no words but the address of something else."""
    each = body if isinstance(body, list) else [body]
    return sum(isinstance(one, str) and bool(re.match(_ADDRESS, one)) for one in each)
