"""Annotations of INCEpTION (UIMA CAS JSON 0.4) as claims: marked passages become quotes, which are checked against the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bestand.case.loaded import Case
from bestand.case.model import MOST_CLAIMS
from bestand.errors import CaseError, Place, Problem, short
from bestand.exchange.into import needed_case, put_in, too_many_claims
from bestand.exchange.json_text import NAME, in_words, misfit
from bestand.exchange.known import Arrived
from bestand.exchange.names import clean
from bestand.exchange.notes import Carried, Remark, noted

MOST_ANNOTATIONS = 200_000  # annotations of a CAS that is read
MOST_QUOTED = 5_000  # characters of a marked passage
_MACHINE = ("DocumentMetaData", "DocumentAnnotation", "TagsetDescription", "TagDescription")
_ROOMS = (".segmentation.", ".lexmorph.", ".syntax.", ".metadata.", ".coref.")  # of DKPro: layers that are not claims, whoever made them
_FIELDS = ("gloss", "says", "via", "author_holds", "source_holds", "hedge", "condition", "source")
_UNITS = {"UTF8": ("utf-8", 1), "UTF16": ("utf-16-le", 2), "UTF32": ("utf-32-le", 4)}  # what positions count in: an encoding, bytes of one unit
_KNOWN = {"%ID", "%TYPE", "%FLAGS", "@sofa", "begin", "end"}


def from_uima(cas: Any, case: Case | None, *, sources: object = None, name: str = "file") -> Carried:
    """A case with the annotations of a CAS put into it as claims, each with its passage as quote; every quote is checked.

    Features with the names of a claim's fields (gloss, says, via, author_holds, source_holds, hedge, condition) become
    those; the gloss is else the first feature that has words, or the passage. Tokens, sentences and other layers that a
    machine makes are left out. The source is the one of the case whose file, title or name the document has, or the only one.

    Raises
    ------
    CaseError
        `import/malformed`, `import/no-source`, `import/too-large`, and all that a case can be wrong in.
    AskError
        `import/needs-case`.
    """
    old = needed_case(case)
    try:
        return _read(cas, old, sources, name)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise CaseError(Problem("import/malformed", in_words(error), Place(name), "export the document as UIMA CAS JSON 0.4.0")) from error


def _read(cas: Mapping[str, Any], case: Case, sources: object, name: str) -> Carried:
    wrong = misfit(cas, {"%FEATURE_STRUCTURES": (list, dict)})
    structures = [] if wrong else cas["%FEATURE_STRUCTURES"]
    if isinstance(structures, Mapping):  # by their number, which they need not repeat
        listed = [{"%ID": int(key) if key.isdecimal() else key, **each} if isinstance(each, dict) else each for key, each in structures.items()]
    else:
        listed = list(structures)
    wrong = wrong or misfit(listed, [{"%ID": NAME, "%TYPE": NAME, "begin?": int, "end?": int}], "%FEATURE_STRUCTURES")
    if wrong:
        raise ValueError(wrong)
    if len(listed) > MOST_ANNOTATIONS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_ANNOTATIONS:,} annotations", Place(name), "is it one document?"))
    texts = {each["%ID"]: each.get("sofaString") or "" for each in listed if each["%TYPE"] == "uima.cas.Sofa"}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("a text of the document (sofaString) is not given as text")
    if not any(texts.values()):
        raise ValueError("it holds no text (sofaString) of a document")
    encoding, width = _units(cas)
    spread = {key: text.encode(encoding, "surrogatepass") for key, text in texts.items()}
    source = _source(listed, case, name)
    notes: list[Remark] = []
    claims: list[Arrived] = []
    layers: dict[str, int] = {}
    features: dict[str, int] = {}
    problems: list[Problem] = []
    n_bare = n_marked = 0
    first = min(spread, key=str)
    for each in listed:
        kind = str(each["%TYPE"])
        if "begin" not in each or _of_machine(kind) or "@Governor" in each or not _said(each):
            layers[kind] = layers.get(kind, 0) + 1
            continue
        if each["begin"] == each.get("end"):
            n_bare += 1
            continue
        n_marked += 1
        if n_marked > MOST_CLAIMS:  # they are only counted
            continue
        place = Place(name, at=f"annotation {each['%ID']}")
        try:
            fields = {"source": source, "quote": _passage(each, spread[each.get("@sofa", first)], encoding, width), **_fields(each, features)}
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem("import/malformed", in_words(error), place, "export the document as UIMA CAS JSON 0.4.0"))
            continue
        fields["gloss"] = fields.get("gloss") or short(fields["quote"], most=500)
        claims.append(Arrived("", fields, place))
    if problems or n_marked > MOST_CLAIMS:
        raise CaseError([*([too_many_claims(n_marked)] if n_marked > MOST_CLAIMS else []), *problems])
    layers.pop("uima.cas.Sofa", None)
    notes += [noted("no-text", n=n_bare)] if n_bare else []
    notes += [noted("annotations", n=n, name=clean(kind)) for kind, n in layers.items()]
    notes += [noted("feature", name=clean(key), n=n) for key, n in features.items()]
    return put_in("inception", claims, {}, case, sources=sources, notes=notes)


def _of_machine(kind: str) -> bool:
    """Whether a layer is of words, sentences, grammar or the file, and not of what somebody marked."""
    return kind.rpartition(".")[2] in _MACHINE or (".dkpro." in kind and any(room in kind for room in _ROOMS))


def _said(each: Mapping[str, Any]) -> bool:
    """Whether somebody marked this: a layer of the project's own, or one that carries words."""
    return "custom" in str(each["%TYPE"]) or any(isinstance(value, str) and value for key, value in each.items() if key not in _KNOWN)


def _units(cas: Mapping[str, Any]) -> tuple[str, int]:
    """What positions count in: units of UTF-16, as Java does, unless the header names another encoding."""
    header = cas.get("%HEADER")
    named = [str(value) for key, value in header.items() if "OFFSET" in key.upper()] if isinstance(header, Mapping) else []
    said = "".join(each for each in (named or ["UTF16"])[0].upper() if each.isalnum())
    if said not in _UNITS:
        raise ValueError(f"its header says that positions count in '{short(named[0], most=40)}', which is not known")
    return _UNITS[said]


def _passage(each: Mapping[str, Any], text: bytes, encoding: str, width: int) -> str:
    begin, end = each["begin"], each["end"]
    if isinstance(begin, bool) or not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin < end <= len(text) // width):
        raise ValueError(f"annotation {each['%ID']} stands from {begin} to {end}")
    passage = text[width * begin : width * end].decode(encoding, "replace")
    if len(passage) > MOST_QUOTED:
        raise ValueError(f"annotation {each['%ID']} marks more than {MOST_QUOTED:,} characters")
    return passage


def _fields(each: Mapping[str, Any], features: dict[str, int]) -> dict[str, str]:
    """The fields of a claim that its features give; those that become none are counted."""
    own = {key: clean(value) for key, value in each.items() if key in _FIELDS and isinstance(value, str) and value.strip()}
    for key, value in each.items():
        if key in _KNOWN or key in own or value in (None, "", [], False):
            continue
        if "gloss" not in own and isinstance(value, str):
            own["gloss"] = clean(value)
        else:
            features[str(key)] = features.get(str(key), 0) + 1
    return own


def _source(listed: Sequence[Mapping[str, Any]], case: Case, name: str) -> str:
    """The source of the case that the document is."""
    about = next((each for each in listed if str(each["%TYPE"]).endswith("DocumentMetaData")), {})
    called = {str(about.get(key, "")).rpartition("/")[2] for key in ("documentTitle", "documentId", "documentUri")} - {""}
    for key, source in case.file.sources.items():
        if {key, source.title, source.file.rpartition("/")[2], source.url.rpartition("/")[2]} & called:
            return key
    if len(case.file.sources) == 1:
        return next(iter(case.file.sources))
    what = f"no source of the case is called {' or '.join(sorted(called)) or 'as the document'}"
    raise CaseError(Problem("import/no-source", what, Place(name), "give the source of the case the file name of the document"))
