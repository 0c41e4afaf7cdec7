"""One self-contained page about a study: no network, no script, opens from disk, prints well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bestand.case.diff import diff
from bestand.case.lines import hedged, wants
from bestand.case.loaded import parts
from bestand.case.model import Lever
from bestand.case.parts import Backed
from bestand.draw.moves import layout, moves_picture
from bestand.files import put
from bestand.graph.draws import RULES
from bestand.negotiate.concepts import CORE
from bestand.report.agreements import agreement_blocks, unlock_blocks
from bestand.report.coalitions import together_blocks
from bestand.report.headline import headline, title, title_of, weak_lines
from bestand.report.known import groups, quotes_note
from bestand.report.truces import not_asked, truce_blocks
from bestand.study.everything import Study
from bestand.study.outlook import FORESIGHT
from bestand.telling.telling import Telling
from bestand.telling.words import Words, words

SECTIONS = (
    "answer", "known", "parties", "talks", "zones", "today", "rests", "picture",
    "why", "agreement", "unlock", "together", "lasting", "leans", "hypotheses", "assumptions", "findings", "provenance",
)  # fmt: skip
MOST_ENDS = 8


@dataclass(frozen=True, slots=True)
class Page:
    """One page, as text."""

    html: str

    def save(self, path: str | Path) -> Path:
        """Where the page was written; a reader sees the old page or the new one, never half of one."""
        return put(self.html.encode("utf-8"), path, force=True)

    def _repr_html_(self) -> str:
        return self.html


def report(study: Study, *, since: Study | None = None, language: str = "en") -> Page:
    """The page about a study.

    since    : an earlier study of the same case: what changed in it, and which headline answers turned round
    language : "en" or "nl"; text of the case stays in its own language

    Raises
    ------
    AskError
        `report/unknown-language`.
    """
    say = words(language)
    telling = Telling(study.conflict, say)
    return Page(_template().render(**_facts(study, telling, since), **_shown(study, telling, say)))


@cache
def _template() -> Template:
    loader = PackageLoader("bestand", "report")
    # .j2 files are all HTML here: everything is escaped unless the template itself says otherwise.
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("page.html.j2")


def _facts(study: Study, telling: Telling, since: Study | None) -> Mapping[str, object]:
    return {
        "study": study,
        "case": study.case,
        "file": study.case.file,
        "graph": study.graph,
        "since": since,
        "changed": diff(since.case, study.case).table() if since else None,
        "turned_since": _turned_since(study, since, telling),
        "held_levers": _held(study),
        "lines": _lines(study),
        "wants": {party: list(wants(study.case, party)) for party in study.case.file.parties},
        "assumed_lines": _assumed(study),
        "ends": study.ends[:MOST_ENDS],
    }


def _shown(study: Study, telling: Telling, say: Words) -> Mapping[str, object]:
    note, checked = quotes_note(study.case, say)
    file = study.case.file
    present: dict[str, object] = {"talks": file.talks or file.incidents, "zones": file.zones, "hypotheses": file.hypotheses, "known": file.claims}
    drawn = layout(study, telling)
    leans = any(conclusion.lines for conclusion in study.conclusions)
    present |= {"picture": drawn, "why": study.terms, "leans": leans}
    deeper = {
        "agreement": agreement_blocks(study.agreements, telling) if study.agreements else [],
        "unlocking": unlock_blocks(study.unlocks, telling) if study.unlocks else [],
        "together": together_blocks(study, telling),
        "lasting": truce_blocks(study.truce, telling) if study.truce else not_asked(study.no_truce, telling),
    }
    present |= {"agreement": deeper["agreement"], "unlock": deeper["unlocking"], "together": deeper["together"], "lasting": deeper["lasting"]}
    return {
        "say": say,
        "tell": telling,
        "headline": headline(study, telling),
        "title_of": title,
        "title_of_key": lambda key: title_of(key, study.sensitivity.answers[key], telling) if study.sensitivity else "",
        "draw_rules": tuple(RULES),
        "weak_of": lambda term: weak_lines(study, term),
        "groups": groups(study.case, say),
        "is_hedged": lambda name: name in file.claims and hedged(file.claims[name]),
        "quotes_note": note,
        "quotes_checked": checked,
        "drawn": drawn,
        "moves_picture": moves_picture(study, telling),
        **deeper,
        "sections": [name for name in SECTIONS if present.get(name, True)],
        "core": CORE,
        "foresight": FORESIGHT,
        "matrix_levers": _matrix_levers(study, telling),
    }


def _matrix_levers(study: Study, telling: Telling) -> list[str]:
    """Levers set otherwise than today in some resting state that is shown, in the case's order."""
    if study.graph.now is None or not study.graph.levers:
        return []
    now = study.graph.now
    differ = {lever for rest in study.rests for lever in telling.differing(now, rest.state)}
    return [lever for lever in study.graph.levers if lever in differ]


def _held(study: Study) -> Mapping[str, str]:
    """Levers outside the view, with the setting at which they are held."""
    return {lever: study.case.settings[lever][setting] for lever, setting in study.graph.held.items()}


def _lines(study: Study) -> Mapping[str, list[tuple[str, Lever]]]:
    """Levers per party."""
    found: dict[str, list[tuple[str, Lever]]] = {party: [] for party in study.case.file.parties}
    for name, lever in study.case.file.levers.items():
        found.setdefault(name.partition(".")[0], []).append((name, lever))
    return found


def _assumed(study: Study) -> list[tuple[str, str]]:
    """Lines of the case that give a reason for assuming, with that reason; numbers of zones and play left out."""
    skipped = ("zones", "deterrence", "play")
    found = [(at, part.assumed) for at, part in parts(study.case.file) if isinstance(part, Backed) and part.assumed]
    return [(at, why) for at, why in found if not at.startswith(skipped) and not at.endswith("worth")]


def _turned_since(study: Study, since: Study | None, telling: Telling) -> list[str]:
    """Headline answers that differ from an earlier study's."""
    if since is None:
        return []
    before = {(each.kind, each.term): each.holds for each in since.conclusions}
    return [
        title(each, telling) for each in study.conclusions if before.get((each.kind, each.term), each.holds) != each.holds
    ]
