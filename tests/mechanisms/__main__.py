"""The table of mechanisms: `python -m tests.mechanisms`, or `make mechanisms`."""

from __future__ import annotations

from bestand.show import Table
from tests.mechanisms.questions import answer, mechanisms


def table() -> Table:
    """Per mechanism the change that was made, what was asked, and both answers."""
    rows = []
    for one in mechanisms():
        for each in one.tries:
            before, *after = (answer(text, each.ask) for text in each.texts())
            asked = " ".join(str(each.ask[key]) for key in ("question", "party", "that") if key in each.ask)
            for k, told in enumerate(after):
                old, new = each.change[2 * k : 2 * k + 2]
                rows.append((one.name, one.says, f"{old.strip()} ⟶ {new.strip()}", asked, before, told))
    return Table("Mechanisms", ("mechanism", "the text", "changed", "asked", "before", "after"), tuple(rows))


if __name__ == "__main__":
    print(table())
