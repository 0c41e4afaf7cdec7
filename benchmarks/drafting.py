"""How well a drafted list of claims agrees with an annotated one, and how fast it is drafted.

`python benchmarks/drafting.py` scores the rules on text they were tuned on (the shipped examples; the op-ed, where its text is
at hand with --sources), on text that was read later, and on text that was held back (both in tests/drafting). A draft and an
annotated claim *meet* where they share at least half of the words of the shorter one (`--overlap shorter`) or of both together
(`--overlap union`, stricter). Precision: share of drafts that meet an annotated claim. Recall: share of annotated claims that a
draft meets. Each annotated claim is then compared with the draft that shares most of it.

`python benchmarks/drafting.py --case CASE --document FILE` scores what is drafted from any document against the claims of a case;
with `--drafted proposals.yaml`, what stands in such a file.
"""

from __future__ import annotations

import argparse
import pathlib
import random
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from bestand.case.loaded import Case
from bestand.case.read import read, read_text
from bestand.documents.canonical import canonical
from bestand.drafting.draft import draft
from bestand.drafting.lexicon import WORD
from bestand.drafting.proposals import Proposals, waiting
from bestand.errors import EvidenceError
from bestand.evidence.quote import anchor
from bestand.evidence.source import opened, text_of

ROOT = pathlib.Path(__file__).parent.parent
HELD_BACK = ("communique", "agency")  # written before any rule, and held back ever since
# written after the rules, scored once as they were, and tuned on since: docs/theory/drafting.md has those first scores
READ_LATER = ("statement", "bericht", "communique_fr", "meldung", "kamerbrief", "interview")
READ_LATER += ("depeche", "gespraech", "written_statement", "analyse", "hearing", "tribune", "opinie", "leitartikel", "briefing")
READ_LATER += ("report_sg", "persconferentie", "point_de_presse", "regierungserklaerung", "resolution", "handelingen", "cable")
LEAST = 0.5
PAGES, WORDS_PER_PAGE = 20, 500
Gold = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: [start, end) in code points of its canonical form."""

    start: int
    end: int

    def shared(self, other: Span, text: str) -> int:
        """How many words two spans share."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return len(WORD.findall(text[start:end])) if end > start else 0


@dataclass(frozen=True, slots=True)
class Score:
    """One drafted list against one annotated list; shares are of what could be compared, with how many those were."""

    name: str
    drafts: int
    annotated: int
    verbatim: float
    precision: float
    recall: float
    shares: Mapping[str, tuple[float, int]]
    seconds: float


def score(name: str, text: str, found: Proposals, gold: Sequence[Gold], case: Case, *, overlap: str, seconds: float) -> Score:
    """Verbatim share, precision, recall, and agreement of what met."""
    source = canonical(text)
    marked = [(one, span) for one in gold if (span := _span(source, one)) is not None]
    last = max((span.end + 200 for _, span in marked), default=len(source.text))  # a paragraph on annotation stops: what stands later is not scored
    claims = [item for item in found.items if item.kind == "claim" and int(item.passage.rpartition("-")[2]) <= last]
    drafts = [(item, span) for item in claims if (span := _span(source, item.fields)) is not None]
    met = {
        (d, g): share
        for d, (_, a) in enumerate(drafts)
        for g, (_, b) in enumerate(marked)
        if (share := _overlap(a, b, source.text, overlap)) >= LEAST
    }
    best = {g: max((d for d, h in met if h == g), key=lambda d: (met[d, g], drafts[d][1].shared(marked[g][1], source.text))) for _, g in met}
    pairs = [(drafts[d][0].fields, marked[g][0], drafts[d][0].actor) for g, d in best.items()]
    return Score(
        name,
        len(claims),
        len(marked),
        len(drafts) / max(1, len(claims)),
        len({d for d, _ in met}) / max(1, len(drafts)),
        len(best) / max(1, len(marked)),
        _shares(pairs, case),
        seconds,
    )


def _span(source, fields) -> Span | None:
    try:
        found = anchor(source, str(fields["quote"]), prefix=str(fields.get("prefix", "")), suffix=str(fields.get("suffix", "")))
    except EvidenceError:
        return None
    return Span(found.canonical_start, found.canonical_end)


def _overlap(a: Span, b: Span, text: str, measure: str) -> float:
    shared = a.shared(b, text)
    n, m = (len(WORD.findall(text[s.start : s.end])) for s in (a, b))
    return shared / max(1, min(n, m) if measure == "shorter" else n + m - shared)


def _shares(pairs, case: Case) -> dict[str, tuple[float, int]]:
    def share(hits: list[bool]) -> tuple[float, int]:
        return (sum(hits) / len(hits) if hits else float("nan")), len(hits)

    acted = [(f, g, a) for f, g, a in pairs if g.get("actor")]
    said = [(f, g) for f, g, _ in pairs if g.get("says", "author") != "author"]
    unsure = [(f, g) for f, g, _ in pairs if g.get("author_holds", "certain") != "certain"]
    hedged = [(f, g) for f, g, _ in pairs if g.get("hedge")]
    return {
        "actor": share([a in _several(g["actor"]) for _, g, a in acted]),
        "source": share([any(_same(str(f.get("says", "author")), name, case) for name in _spellings(str(g["says"]), case)) for f, g in said]),
        "not certain": share([f.get("author_holds", "certain") == g["author_holds"] for f, g in unsure]),
        "source's degree": share([f.get("source_holds") == g["source_holds"] for f, g in said if g.get("source_holds")]),
        "hedge": share([bool(set(_words(f.get("hedge"))) & set(_words(g["hedge"]))) for f, g in hedged]),
    }


def _spellings(name: str, case: Case) -> list[str]:
    """A speaker as the case names him, and as it says the same in other languages: a draft has the words of its document."""
    told = [words.get(name) for words in case.file.translations.values()]
    return [name, *(str(one) for one in told if one)]


def _several(value) -> list[str]:
    return value if isinstance(value, list) else [value]


def _words(value: object) -> list[str]:
    return [word.lower() for word in WORD.findall(str(value or ""))]


def _same(a: str, b: str, case: Case) -> bool:
    """Whether two speakers are the same: their last words agree, or the names of one party."""
    x, y = _words(a), _words(b)
    if not x or not y or a == "author":
        return False
    if x[-1] == y[-1] or set(x) <= set(y) or set(y) <= set(x) or x[0] == y[0]:
        return True
    for party in case.file.parties.values():
        known = {word for name in (party.name, *party.also) for word in _words(name)}
        if x[-1] in known and y[-1] in known:
            return True
    return False


def timed(path: pathlib.Path, case: Case, language: str) -> tuple[Proposals, float]:
    """What is drafted from one document, and the seconds it took."""
    began = time.perf_counter()
    found = draft([path], into=case, language=language)
    return found, time.perf_counter() - began


def annotated(name: str, overlap: str) -> Score:
    """The score on one annotated document of tests/drafting."""
    folder = ROOT / "tests" / "drafting"
    given = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    case = read_text(given["case"])
    found, seconds = timed(folder / given["document"], case, given["language"])
    return score(name, text_of(opened(folder / given["document"])).words, found, given["claims"], case, overlap=overlap, seconds=seconds)


def tuned_on(name: str, document: pathlib.Path, overlap: str, drafts: pathlib.Path | None = None) -> Score:
    """The score on a document against the claims that a case has from it, drafted as if the case had none."""
    full = read(name, sources=document.parent)
    parties = {
        key: {"name": str(p.name), "also": list(map(str, p.also)), "members": list(map(str, p.members))} for key, p in full.file.parties.items()
    }  # fmt: skip
    bare = read_text(yaml.safe_dump({"bestand": 1, "title": str(full.file.title), "parties": parties}, allow_unicode=True, sort_keys=False))
    gold = [_as_gold(claim, full) for claim in full.file.claims.values()]
    language = next(iter(full.file.sources.values())).language
    found, seconds = timed(document, bare, language) if drafts is None else (waiting(drafts), 0.0)
    return score(name, text_of(opened(document)).words, found, gold, full, overlap=overlap, seconds=seconds)


def _as_gold(claim, case: Case) -> Gold:
    fields = claim.model_dump(exclude_defaults=True)
    parties = [name.partition(".")[0] for name in claim.about]
    return {**fields, "actor": [p for p in parties if p in case.file.parties] or None}


def main() -> None:
    """Prints a table of scores."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sources", type=pathlib.Path, help="folder with the op-ed's text")
    asked.add_argument("--overlap", choices=["shorter", "union"], default="shorter")
    asked.add_argument("--case", help="a case whose claims are the annotation")
    asked.add_argument("--document", type=pathlib.Path, help="the document that they are claims of")
    asked.add_argument("--drafted", type=pathlib.Path, help="a file of proposals to score, instead of drafting")
    given = asked.parse_args()
    if given.case and given.document:
        _print(tuned_on(given.case, given.document, given.overlap, given.drafted), "asked for")
        return
    examples = {"example/en": "reservoir.txt", "example/nl": "stuwmeer.txt"}
    scores = [tuned_on(name, ROOT / "cases" / name / document, given.overlap) for name, document in examples.items()]
    if given.sources:
        scores.insert(0, tuned_on("ukraine/2025-04", given.sources / "mousavi-2025-04.txt", given.overlap))
    for one in scores:
        _print(one, "tuned on")
    for name in READ_LATER:
        _print(annotated(name, given.overlap), "read later")
    for name in HELD_BACK:
        _print(annotated(name, given.overlap), "held back")
    _print_time()


def _print(one: Score, split: str) -> None:
    shares = "  ".join(f"{key} {value:.2f} of {n}" for key, (value, n) in one.shares.items())
    line = f"{split:10} {one.name:16} drafts {one.drafts:3} annotated {one.annotated:3}"
    line += f"  verbatim {one.verbatim:.2f}  precision {one.precision:.2f}  recall {one.recall:.2f}"
    sys.stdout.write(f"{line}  {shares}  {one.seconds:.2f} s\n")


def _varied(page: str, number: int) -> str:
    """The page with a quarter of its longer words spelt otherwise, so that no two pages say the same."""
    rng = random.Random(number)
    return re.sub(r"\b[a-z]{6,}\b", lambda match: match.group() + rng.choice(["", "", "", "x" * (number + 1)]), page)


def _print_time() -> None:
    """Prints how long twenty pages take."""
    given = yaml.safe_load((ROOT / "tests/drafting/agency.yaml").read_text(encoding="utf-8"))
    page = (ROOT / "tests/drafting/agency.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "long.txt"
        pages: list[str] = []
        while sum(len(one.split()) for one in pages) < PAGES * WORDS_PER_PAGE:
            pages.append(_varied(page, len(pages)))
        path.write_text("\f".join(pages), encoding="utf-8")
        found, seconds = timed(path, read_text(given["case"]), "en")
    words = sum(len(one.split()) for one in pages)
    sys.stdout.write(f"{PAGES} pages ({words} words): {len(found.items)} proposals in {seconds:.1f} s\n")


if __name__ == "__main__":
    main()
