"""Two versions of a random small case whose edits can be made one by one, each on a statement of its own."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import yaml

from bestand.case.loaded import Case
from bestand.case.read import read_text
from bestand.changes.between import Between
from tests.oracle.random_cases import conflict as random_conflict


@dataclass
class Edited:
    """A case as plain data, and edits by the name of the statement: what its wants say then (None: dropped), settings of levers today."""

    plain: dict[str, Any]
    edits: dict[str, Any]

    def case(self, chosen: Collection[str]) -> Case:
        """The case with some edits made."""
        new = yaml.safe_load(yaml.safe_dump(self.plain))
        for party, wants in new["wants"].items():
            for want in wants:
                if want["is"] in chosen:
                    want["that"] = self.edits[want["is"]]
            new["wants"][party] = [want for want in wants if want["that"] is not None]
        for name, lever in new["levers"].items():
            if name in chosen:
                lever["now"] = self.edits[name]
        return read_text(yaml.safe_dump(new, sort_keys=False))

    def name_of(self, both: Between, group: int) -> str:
        """The edit that a group of changes is."""
        (change,) = both.told(group)
        if change.at.startswith("levers."):
            return change.at.removeprefix("levers.").removesuffix(".now")
        party, k = change.at.removeprefix("wants.").removesuffix("]").split("[")
        wants = (both.old if change.kind == "removed" else both.new).file.wants[party]
        return str(wants[int(k)].label)


def edited(seed: int, n_edits: int) -> Edited:
    """A random case, and so many edits of it."""
    rng = random.Random(seed)
    plain = yaml.safe_load(random_conflict(seed).text())
    for party, wants in plain["wants"].items():
        for k, want in enumerate(wants):
            want["is"] = f"{party} {k}"
    plain["terms"] = {f"t{k}": f"{name} = s1" for k, name in enumerate(plain["levers"])}
    conditions = [want["that"] for wants in plain["wants"].values() for want in wants] + list(plain["terms"].values())
    names = [want["is"] for wants in plain["wants"].values() for want in wants]
    edits: dict[str, Any] = {}
    for name in rng.sample(names, min(n_edits - 1, len(names))):
        edits[name] = rng.choice([None, f"not ({rng.choice(conditions)})", rng.choice(conditions)])
    lever = rng.choice(list(plain["levers"]))
    edits[lever] = plain["levers"][lever]["settings"][-1]
    return Edited(plain, edits)
