"""What became of a claim's quote, and claims as W3C Web Annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bestand.errors import EvidenceError, Problem
from bestand.evidence.quote import Anchor

AROUND = 160
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"prov": "http://www.w3.org/ns/prov#", "bestand": "urn:bestand:claim:"}]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")  # [RFC 3987, 2.2], as far as letters go


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quote that was found in its source, with the words around it; or one that was not checked.

    before, passage, after : the passage in its context, as the source has it (empty where not checked)
    """

    status: Literal["checked", "unchecked"]
    anchor: Anchor | None = None
    before: str = ""
    passage: str = ""
    after: str = ""


def in_context(text: str, anchor: Anchor) -> CheckedQuote:
    """The passage with about a sentence on each side, cut at blanks."""
    first, last = max(0, anchor.start - AROUND), min(len(text), anchor.end + AROUND)
    before, after = text[first : anchor.start], text[anchor.end : last]
    if first > 0:
        before = "… " + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + " …"
    return CheckedQuote("checked", anchor, before, text[anchor.start : anchor.end], after)


def to_annotations(
    claims: Mapping[str, Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
    *,
    quotes: Mapping[str, CheckedQuote] | None = None,
    recorded_by: str = "",
) -> dict[str, Any]:
    """Claims as a W3C annotation page (JSON-LD); `from_annotations` gives back every field.

    claims, sources : fields by id, as in a case file
    quotes          : what became of each quote; positions are given for those that were checked

    The passage is the target (TextQuoteSelector, TextPositionSelector in code points); the gloss is the body; speaker chain,
    degrees, hedge and condition stand under `bestand:`, who recorded it under `prov:`.
    """
    items = [_annotation(name, claim, sources, (quotes or {}).get(name), recorded_by) for name, claim in claims.items()]
    known = {f"bestand:{key}": dict(source) for key, source in sources.items()}
    return {"@context": CONTEXT, "id": "bestand:claims", "type": "AnnotationPage", "items": items, "bestand:sources": known}


def _annotation(
    name: str, claim: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]], quote: CheckedQuote | None, by: str
) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = []
    if claim.get("quote"):
        parts = {"exact": claim["quote"], "prefix": claim.get("prefix"), "suffix": claim.get("suffix")}
        selectors.append({"type": "TextQuoteSelector", **{key: value for key, value in parts.items() if value}})
    if quote is not None and quote.anchor is not None:
        selectors.append({"type": "TextPositionSelector", "start": quote.anchor.start, "end": quote.anchor.end})
    source = sources.get(claim["source"], {})
    kept = ("source", "quote", "prefix", "suffix", "gloss")
    return {
        "id": f"bestand:{name}",
        "type": "Annotation",
        "motivation": "describing",
        "body": {"type": "TextualBody", "value": claim.get("gloss", "")},
        "target": {"type": "SpecificResource", "source": _iri(source), **({"selector": selectors} if selectors else {})},
        "bestand:source": claim["source"],
        **{f"bestand:{key}": value for key, value in claim.items() if key not in kept},
        **({"prov:wasAttributedTo": by} if by else {}),
    }


def _iri(source: Mapping[str, Any]) -> str:
    """What a source is known by in the web: its address, or its digest where it has none that can be one."""
    address = str(source.get("url") or "")
    return address if _IRI.fullmatch(address) else f"urn:sha256:{source.get('sha256', '')}"


def from_annotations(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The claims of an annotation page, by id, with every field that `to_annotations` was given.

    Raises
    ------
    EvidenceError
        `evidence/not-annotations`.
    """
    try:
        return _claims(page)
    except (KeyError, TypeError, AttributeError) as error:
        missing = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else "a part is of the wrong kind"
        what = f"this is not an annotation page of bestand: {missing}"
        raise EvidenceError(Problem("evidence/not-annotations", what, hint="read back what `to_annotations` wrote")) from error


def _claims(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    claims: dict[str, dict[str, Any]] = {}
    for item in page["items"]:
        claim: dict[str, Any] = {"source": item["bestand:source"]}
        for selector in item["target"].get("selector", ()):
            if selector["type"] == "TextQuoteSelector":
                claim["quote"] = selector["exact"]
                claim |= {key: selector[key] for key in ("prefix", "suffix") if key in selector}
        claim["gloss"] = item["body"]["value"]
        claim |= {key[8:]: value for key, value in item.items() if key.startswith("bestand:") and key != "bestand:source"}
        claims[item["id"].removeprefix("bestand:")] = claim
    return claims
