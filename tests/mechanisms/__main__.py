"""The table of mechanisms: `python -m tests.mechanisms`, or `make mechanisms`."""

from __future__ import annotations

from bestand.show import Table
from tests.mechanisms.questions import answer, mechanisms


def table() -> Table:
    """Per mechanism the change that was made, what was asked, and both answers."""
    rows = []
    for one in mechanisms():
        before, *after = (answer(text, one.ask) for text in one.texts())
        asked = " ".join(str(one.ask[key]) for key in ("question", "party", "that") if key in one.ask)
        for k, told in enumerate(after):
            old, new = one.change[2 * k : 2 * k + 2]
            rows.append((one.name, one.says, f"{old.strip()} ⟶ {new.strip()}", asked, before, told))
    return Table("Mechanisms", ("mechanism", "the text", "changed", "asked", "before", "after"), tuple(rows))


if __name__ == "__main__":
    print(table())
