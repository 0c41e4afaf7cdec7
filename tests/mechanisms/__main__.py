"""The table of mechanisms: `python -m tests.mechanisms`, or `make mechanisms`."""

from __future__ import annotations

from bestand.show import Table
from tests.mechanisms.questions import answer, mechanisms


def table() -> Table:
    """Per mechanism the change that was made, what was asked, and both answers."""
    rows = []
    for one in mechanisms():
        before, after = (answer(text, one.ask) for text in one.texts())
        asked = " ".join(str(one.ask[key]) for key in ("question", "party", "that") if key in one.ask)
        rows.append((one.name, one.says, f"{one.change[0].strip()} ⟶ {one.change[1].strip()}", asked, before, after))
    return Table("Mechanisms", ("mechanism", "the text", "changed", "asked", "before", "after"), tuple(rows))


if __name__ == "__main__":
    print(table())
