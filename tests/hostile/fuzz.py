"""Mutates case files, import files, pages and Word files by structure, and looks for what is not answered in words.

    PYTHONPATH=src python -m tests.hostile.fuzz --minutes 60

Every number is one file: the same number makes the same file again. What goes wrong is printed with its number, and the file is
kept. Numbers that once went wrong stand in `seeds.txt` and are run by the tests.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import datetime
import io
import json
import pathlib
import random
import re
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Callable
from typing import Any

from bestand.case.read import catalogue, read, read_text
from bestand.case.template import new
from bestand.case.yaml import load
from bestand.changes.diff import diff
from bestand.checks.check import check
from bestand.documents.canonical import canonical
from bestand.documents.html import page_text
from bestand.documents.word import word_text
from bestand.errors import BestandError
from bestand.evidence.quote import anchor
from bestand.exchange.gmcr import from_gmcr
from bestand.exchange.reading import ImportWishes, read_files
from bestand.exchange.writing import export
from bestand.graph.conflict import conflict

HERE = pathlib.Path(__file__).parent
FIELD = HERE.parent / "field"
SECONDS = 20  # for one file, before it counts as hanging
MEGABYTES = 700
MILD = [0, 0.001, 0.01, 0.1, 0.5, 1, 2, 3, 10, 100]
NUMBERS = [0, -1, 1, 0.5, 1e4, 1e6, 1e15, 1e308, -1e308, 1e-308, float("nan"), float("inf"), 2**31, 2**63, 2**80, True, 255, 256, 65536]
WORDS = ["", " ", "no", "yes", "true", "null", "a", "x" * 5_000, "\u202ea", "\x1b[31m", "\x00", "停火", "a.x and", "not " * 90 + "a.x", "(" * 200, "a\nb", "é\u0301", "0,5", "2025-02-30", "-", "../../etc/passwd", "=1+1", "<b>", "{{x}}", "%s", "\ud800"]
DAY = re.compile(r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\Z")
KEYS = ["that", "is", "name", "value", "range", "now", "needs", "settings", "because", "assumed", "basis", "sets", "when", "test", "ask", "types", "label", "extra", "vary", "worth"]


def starts() -> dict[str, Any]:
    """What is mutated: every case that comes with the program, as plain values."""
    found = {name: load(read(name).text)[0] for name in catalogue()}
    found["new"] = load(new("A dispute"))[0]
    for path in sorted(FIELD.glob("*.yaml")):
        found[path.name] = load(path.read_text("utf-8"))[0]
    return found


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value: what holds it, and its key there."""
    found, left = [], [value]
    while left:
        here = left.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else []
        for key in keys:
            found.append((here, key))
            left.append(here[key])
    return found


def mutated(value: Any, rng: random.Random) -> Any:
    """The value with one to twenty mutations of its structure."""
    value = copy.deepcopy(value)
    some = MILDER if rng.random() < 0.6 else MUTATIONS
    for _ in range(rng.choice([1, 1, 1, 2, 3, 5, 20])):
        found = places(value)
        if not found:
            break
        rng.choice(some)(found, rng)
    return value


def _drop(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    holder, key = rng.choice(found)
    del holder[key]


def _number(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    numeric = [(holder, key) for holder, key in found if isinstance(holder[key], int | float)] or found
    holder, key = rng.choice(numeric)
    holder[key] = rng.choice(NUMBERS)


def _word(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    holder, key = rng.choice(found)
    holder[key] = rng.choice(WORDS)


def _misspell(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    texts = [(holder, key) for holder, key in found if isinstance(holder[key], str) and holder[key]]
    if texts:
        holder, key = rng.choice(texts)
        at = rng.randrange(len(holder[key]))
        holder[key] = holder[key][:at] + rng.choice(["", "x", " ", "(", "and ", "=", ".", "\u200f"]) + holder[key][at + 1 :]


def _swap(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    (one, key), (other, other_key) = rng.choice(found), rng.choice(found)
    one[key] = copy.deepcopy(other[other_key])


def _rename(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    named = [(holder, key) for holder, key in found if isinstance(holder, dict)]
    if named:
        holder, key = rng.choice(named)
        holder[rng.choice([*KEYS, str(key) + "x", str(key)[:-1], *WORDS[:12]])] = holder.pop(key)


def _repeat(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    lists = [(holder, key) for holder, key in found if isinstance(holder[key], list | dict) and holder[key]]
    if lists:
        holder, key = rng.choice(lists)
        inner, n = holder[key], rng.choice([2, 300, 3_000])
        if isinstance(inner, list):
            inner.extend(copy.deepcopy(inner[0]) for _ in range(min(n, 200_000 // max(1, len(str(inner[0]))))))
        else:
            first = next(iter(inner))
            for k in range(min(n, 200_000 // max(1, len(str(inner[first]))))):
                inner[f"{first}{k}"] = copy.deepcopy(inner[first])


def _mild_number(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    numeric = [(holder, key) for holder, key in found if isinstance(holder[key], int | float)]
    if numeric:
        holder, key = rng.choice(numeric)
        holder[key] = rng.choice(MILD)


def _condition(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    """Joins, denies or exchanges conditions."""
    held = [(holder, key) for holder, key in found if key in ("that", "when", "attack", "truce", "breach", "from") and isinstance(holder[key], str)]
    if held:
        (one, key), (other, other_key) = rng.choice(held), rng.choice(held)
        one[key] = rng.choice(["not ({0})", "({0}) and ({1})", "({0}) implies ({1})", "{1}", "({0}) iff ({1})"]).format(one[key], other[other_key])


def _day(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    """Moves a day by days or by centuries, or gives a clock one since which it runs."""
    days = [(holder, key) for holder, key in found if isinstance(holder[key], str) and DAY.match(holder[key])]
    clocks = [(holder, "since") for holder, _ in found if isinstance(holder, dict) and {"days", "on"} & set(holder) and "sets" in holder]
    if days or clocks:
        holder, key = rng.choice(days + clocks)
        day = datetime.date.fromisoformat(holder[key]) if key in holder else datetime.date(2025, 1, 1)
        moved = day.toordinal() + rng.choice([-1, 1, 30, -400, 4_000, -700_000, 2_900_000])
        holder[key] = datetime.date.fromordinal(max(1, min(3_652_059, moved))).isoformat()


def _alike(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    """Exchanges two lines of one list, or repeats one."""
    lists = [(holder, key) for holder, key in found if isinstance(holder[key], list) and len(holder[key]) > 1]
    if lists:
        holder, key = rng.choice(lists)
        items, k = holder[key], rng.randrange(len(holder[key]))
        items[k] = copy.deepcopy(rng.choice(items))


def _optional(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    """Drops a key that may be absent."""
    some = [(holder, key) for holder, key in found if isinstance(holder, dict) and key in ("because", "basis", "assumed", "worth", "now", "needs", "one_way", "zone", "label")]
    if some:
        _drop([rng.choice(some)], rng)


def _wrap(found: list[tuple[Any, Any]], rng: random.Random) -> None:
    holder, key = rng.choice(found)
    for _ in range(rng.choice([1, 2, 100])):
        holder[key] = [holder[key]] if rng.random() < 0.5 else {rng.choice(KEYS): holder[key]}


MILDER: list[Callable[[list[tuple[Any, Any]], random.Random], None]] = [_mild_number, _mild_number, _condition, _condition, _alike, _optional, _day]
MUTATIONS: list[Callable[[list[tuple[Any, Any]], random.Random], None]] = [_drop, _number, _number, _word, _misspell, _misspell, _swap, _rename, _repeat, _wrap]


def spoilt(text: str, rng: random.Random) -> str:
    """The text with some of its signs changed, doubled or lost."""
    for _ in range(rng.choice([0, 0, 1, 3, 30])):
        at, until = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        until = min(until, at + rng.choice([0, 1, 5, 200]))
        text = text[:at] + rng.choice(["", text[at:until] * rng.choice([1, 2, 500]), rng.choice(WORDS), "\n", ": ", "- ", "<", "&"]) + text[until:]
    return text


def a_case(rng: random.Random) -> tuple[str, Callable[[str], None]]:
    """A case file, read and checked and held against the one that it was made of."""
    name = rng.choice(list(STARTS))
    text = json.dumps(mutated(STARTS[name], rng), ensure_ascii=rng.random() < 0.5)

    def run(text: str) -> None:
        case = read_text(text)
        check(case).table()
        other = read_text(json.dumps(mutated(STARTS[name], random.Random(len(text))))) if rng.random() < 0.3 else case
        diff(case, other).table()

    return spoilt(text, rng) if rng.random() < 0.1 else text, run


def an_import(rng: random.Random) -> tuple[str, Callable[[str], None]]:
    """A save file of another program."""
    path = rng.choice(sorted(FIELD.glob("*.gmcr")))
    text = json.dumps(mutated(json.loads(path.read_text("utf-8")), rng))
    return spoilt(text, rng) if rng.random() < 0.2 else text, lambda text: check(read_text(from_gmcr(text).text)) and None


def another_import(rng: random.Random) -> tuple[str, Callable[[str], None]]:
    """A file in a format that the program writes, spoilt letter by letter and value by value, and read back into a case."""
    if not WRITTEN:
        asked = conflict(read("example/en"), hold="lower.wells=no, upper.road=no")
        WRITTEN.update({to: (name, export(asked, to=to).content) for to, name in TEXTS.items()})
    name, content = WRITTEN[rng.choice(sorted(WRITTEN))]
    text = content.decode() if isinstance(content, bytes) else content
    if text.lstrip()[:1] in "[{" and rng.random() < 0.7:
        text = json.dumps(mutated(json.loads(text), rng))
    else:
        for _ in range(rng.choice([1, 1, 3, 10])):
            text = spoilt(text, rng)

    def run(text: str) -> None:
        read_files({name: text.encode("utf-8", "surrogatepass")}, asked=ImportWishes(into=read("example/en")))

    return text, run


def a_page(rng: random.Random) -> tuple[str, Callable[[str], None]]:
    """An HTML page, and a quote from it."""
    text = spoilt(spoilt((FIELD / "docs" / "page.html").read_text("utf-8"), rng), rng)

    def run(text: str) -> None:
        words = canonical(page_text(text)[0])
        at = len(words.text) // 2
        anchor(words, words.text[at : at + 40], suffix=words.text[at + 40 : at + 45])

    return text, run


def a_word_file(rng: random.Random) -> tuple[str, Callable[[str], None]]:
    """A Word file."""
    with zipfile.ZipFile(FIELD / "docs" / "treaty.docx") as packed:
        text = packed.read("word/document.xml").decode()

    def run(text: str) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("word/document.xml", text.encode("utf-8", "replace"))
        word_text(out.getvalue())

    return spoilt(text, rng), run


KINDS = [a_case] * 12 + [another_import] * 6 + [an_import] * 3 + [a_page] * 2 + [a_word_file]
STARTS: dict[str, Any] = {}
WRITTEN: dict[str, tuple[str, bytes | str]] = {}
TEXTS = {
    "nfg": "a.nfg", "nfg-outcomes": "a.nfg", "efg": "a.efg", "payoffs": "a.csv", "claims": "a.csv", "dna": "a.csv", "annotations": "a.jsonld",
    "csl": "a.json",
}  # fmt: skip


class Hangs(Exception):
    """A file took longer than it may."""


def _hangs(*_: object) -> None:
    raise Hangs


def wrong(seed: int) -> str | None:
    """What is wrong with how the file of a number is answered; None if nothing is."""
    STARTS.update(STARTS or starts())
    rng = random.Random(seed)
    text, run = rng.choice(KINDS)(rng)
    before = _forgotten()  # of whatever else this process has done, which is no fault of the file
    for clock in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(clock, _hangs)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of the processor, so that a busy machine accuses nobody
    signal.alarm(30 * SECONDS)
    try:
        run(text)
    except BestandError as error:
        said = str(error)
        if not said.strip() or not all(letter.isprintable() or letter == "\n" for letter in said) or len(said) > 30_000:
            return f"a message that is empty, too long, or not to be printed: {said[:200]!r}"
    except Hangs:
        return f"more than {SECONDS} s"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    most = _most_memory()
    return f"{most} MB" if most > max(before + MEGABYTES // 10, MEGABYTES) else None


def _forgotten() -> int:
    """Megabytes that count for no file: what the process has now, where the most so far can be forgotten, as on Linux; else the most so far."""
    with contextlib.suppress(OSError):
        pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _most_memory()


def _most_memory() -> int:
    """Megabytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def file_of(seed: int) -> str:
    """The file of a number."""
    STARTS.update(STARTS or starts())
    rng = random.Random(seed)
    return rng.choice(KINDS)(rng)[0]


def main() -> int:
    """Runs for as long as asked; the number of files and of faults is printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None, help="number to begin with; the time of day, if not given")
    parser.add_argument("--only", type=int, default=None, help="one number, whose file is printed")
    parser.add_argument("--keep", type=pathlib.Path, default=HERE / "found", help="folder for files that go wrong")
    asked = parser.parse_args()
    if asked.only is not None:
        print(file_of(asked.only))
        print(wrong(asked.only) or "answered in words", file=sys.stderr)
        return 0
    seed = first = asked.seed if asked.seed is not None else int(time.time())
    faults, until = 0, time.monotonic() + 60 * asked.minutes
    while time.monotonic() < until:
        if (what := wrong(seed)) is not None:
            faults += 1
            asked.keep.mkdir(exist_ok=True)
            (asked.keep / f"{seed}.txt").write_text(file_of(seed), encoding="utf-8", errors="surrogatepass")
            print(f"{seed}: {what}", flush=True)
        seed += 1
    print(f"{seed - first:,} files from number {first}: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
