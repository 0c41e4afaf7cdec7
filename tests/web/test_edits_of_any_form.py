"""Edits of files however people write them: block or flow, keys behind a dash, comments between, texts of several lines, with or without a last line end."""

from __future__ import annotations

import random

import yaml

from bestand.web.edits import Nest, Order, Remove, Rename, Set, spliced
from bestand.web.splice import whole_contents
from tests.depth import spread
from tests.web.test_edits import places, value_at

WORDS = ["a.x", "b.y = no", "yes, we", "it's", 3, 0.5, True, "x # y", "long: one", ""]


def flow(value) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True, sort_keys=False).removesuffix("\n").removesuffix("\n...")


def lines_of(value, indent: int, rng: random.Random) -> list[str]:
    """A value that is no scalar, as lines of a block; each holder within may be in flow style."""
    lines = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        lead = " " * indent + (f"{key}:" if isinstance(value, dict) else "-")
        note = f"  # n{rng.randrange(1000)}" if rng.random() < 0.3 else ""
        if rng.random() < 0.15:
            lines.append(" " * indent + f"# above {rng.randrange(1000)}")
        if isinstance(inner, dict | list) and inner and rng.random() < 0.7:
            below = lines_of(inner, indent + 2, rng)
            if isinstance(value, list) and below[0].lstrip()[0] != "#" and rng.random() < 0.8:  # the first key, or the next dash, behind the dash
                lines += [f"{lead} {below[0].lstrip()}", *below[1:]]
            else:
                lines += [lead + note, *below]
        elif isinstance(inner, str) and inner and rng.random() < 0.2:
            lines += [f"{lead} |", " " * (indent + 2) + inner, " " * (indent + 2) + "and more"]
        else:
            lines.append(f"{lead} {flow(inner)}{note}")
        if rng.random() < 0.1:
            lines.append("")
    return lines


def some(rng: random.Random, deep: int):
    if deep == 0 or rng.random() < 0.25:
        return rng.choice(WORDS)
    if rng.random() < 0.5:
        return [some(rng, deep - 1) for _ in range(rng.randrange(1, 4))]
    return {f"k{k}": some(rng, deep - 1) for k in range(rng.randrange(1, 4))}


def edits_of(plain, at, rng: random.Random):
    held, last = value_at(plain, at), at[-1]
    yield Remove(op="remove", at=list(at))
    yield Set(op="set", at=list(at), value=rng.choice([*WORDS, ["p", "q"], {"p": 1}]))
    if isinstance(last, str):
        yield Rename(op="rename", at=list(at), to="other")
        yield Nest(op="nest", at=list(at), under="inner")
    if isinstance(held, dict):
        yield Set(op="set", at=[*at, "new"], value=rng.choice([*WORDS, [{"p": 1}, {"q": 2}]]))
    if isinstance(held, list):
        yield Order(op="order", at=list(at), items=[-1, *rng.sample(range(len(held)), rng.randrange(len(held) + 1))], new=["fresh"])


@spread("seed", range(60), first=12)
def test_any_edit_of_a_file_of_any_form_says_what_it_should(seed):
    rng = random.Random(seed)
    plain = {f"s{k}": some(rng, 4) for k in range(3)}
    text = "\n".join(["# head", *lines_of(plain, 0, rng)]) + rng.choice(["", "\n", "\n\n# tail\n"])
    plain = whole_contents(text)
    every = list(places(plain))
    for at in rng.sample(every, min(12, len(every))):
        for edit in edits_of(plain, at, rng):
            new, after = spliced(text, plain, [edit])  # raises where the contents are not as wanted
            assert whole_contents(new) == after
            kept = [line for line in text.splitlines() if line.startswith("#")]
            assert [line for line in new.splitlines() if line.startswith("#")] == kept or len(at) == 1, edit
