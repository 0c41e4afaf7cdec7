"""Whether everything that a case file names is in it, and every number within its bounds: all mistakes, with their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from bestand.case.bounds import bounds_told, can_be, numbers_with_bounds
from bestand.case.conditions import WORDS, Node, parse, unknown_names
from bestand.case.lines import party_of, want_place
from bestand.case.loaded import conditions_in, parts, place
from bestand.case.model import CaseFile, Claim, Hypothesis, Lever, Party
from bestand.case.parts import Backed
from bestand.case.references_areas import areas
from bestand.case.references_worlds import short_forms
from bestand.case.terms import circles, depths
from bestand.case.yaml import Marks, joined
from bestand.case.zones import REFERENCES
from bestand.errors import MOST_SHOWN, BestandError, Place, Problem, did_you_mean

LEVER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*\Z")
MOST_DEEP = 200  # conditions within conditions, through terms
MOST_SETTINGS = 255  # settings of a lever: a setting's index is one byte


class References:
    """One pass over a case file; `problems` collects what does not fit."""

    def __init__(self, file: CaseFile, marks: Marks, name: str | None, *, written: CaseFile | None = None) -> None:
        self.file, self.marks, self.name = file, marks, name
        self.written = written if written is not None else file  # before its short forms were written out
        self.problems: list[Problem] = []
        self.conditions: dict[str, Node] = {}
        self.parts = list(parts(file))
        self.settings = {name: lever.settings for name, lever in file.levers.items()}
        listed = file.graph is not None
        self.known = dict.fromkeys(file.states, ("no", "yes")) if listed else self.settings
        self.terms = {
            name: node for name, term in file.terms.items() if (node := self.parsed(term.that, f"terms.{name}")) is not None
        }

    def place(self, at: str) -> Place:
        return place(at, self.marks, self.name)

    def wrong(self, code: str, what: str, at: str, hint: str = "") -> None:
        self.problems.append(Problem(code, what, self.place(at), hint))

    def parsed(self, text: str, at: str) -> Node | None:
        try:
            self.conditions[text] = parse(text, self.place(at))
        except BestandError as error:
            self.problems.extend(error.problems)
            return None
        return self.conditions[text]

    def all(self) -> list[Problem]:
        """Every problem, in the order of the file."""
        for check in CHECKS:
            check(self)
        return sorted(dict.fromkeys(self.problems), key=lambda p: (p.place.line or 0, p.place.column or 0))

    def guess(self, word: str, choices: Iterable[str]) -> str:
        """A hint, for as many mistakes as are shown."""
        return did_you_mean(word, choices) if len(self.problems) < MOST_SHOWN else ""

    def one_of(self, word: str, choices: Collection[str], kind: str, at: str) -> bool:
        if word not in choices:
            self.wrong("case/unknown-name", f"no {kind} '{word}'", at, self.guess(word, choices))
        return word in choices

    def each_of(self, words: Iterable[str], choices: Collection[str], kind: str, at: str) -> None:
        for word in words:
            inside = joined(at, word)
            self.one_of(word, choices, kind, inside if inside in self.marks else at)

    def put(self, lever: str, setting: str, at: str) -> None:
        """A lever put at a setting."""
        if self.one_of(lever, self.settings, "lever", at) and setting not in self.settings[lever]:
            hint = self.guess(setting, self.settings[lever])
            self.wrong("case/unknown-setting", f"lever '{lever}' has no setting '{setting}'", at, hint)

    def puts(self, sets: Mapping[str, str], at: str) -> None:
        for lever, setting in sets.items():
            self.put(lever, setting, joined(at, lever))

    def per_setting(self, lever: str, settings: Iterable[str], at: str) -> None:
        """Numbers given per setting of a lever."""
        for setting in settings:
            if lever in self.settings:
                self.put(lever, setting, joined(at, setting))


def _conditions(refs: References) -> None:
    every = dict(conditions_in(refs.parts))
    for at, text in every.items():
        if text not in refs.conditions and not at.startswith("terms."):
            refs.parsed(text, at)
    for at, text in every.items():
        if text in refs.conditions:
            refs.problems.extend(unknown_names(refs.conditions[text], refs.file.terms, refs.known, refs.place(at), refs.guess))


def _terms(refs: References) -> None:
    for term in refs.file.terms:
        if term in WORDS:
            refs.wrong("case/reserved-word", f"a term cannot be named '{term}'", f"terms.{term}", "it is a word of conditions")
    for circle in circles(refs.terms):
        shown = " → ".join([*circle, circle[0]] if len(circle) <= 12 else [*circle[:12], "…"])
        refs.wrong("case/term-cycle", f"terms that rest on themselves: {shown}", f"terms.{circle[0]}", "a term is made of levers and of other terms")
    if not any(problem.code == "case/term-cycle" for problem in refs.problems):
        for term, deep in depths(refs.terms).items():
            if deep > MOST_DEEP:
                refs.wrong("case/terms-too-deep", f"term '{term}' rests on a chain of terms {deep} deep", f"terms.{term}", "say it more directly")
                break


def _evidence(refs: References) -> None:
    file = refs.file
    known = dict.fromkeys(name for section in (file.parties, file.levers, file.terms, file.zones, file.areas) for name in section)
    for name, claim in file.claims.items():
        at = f"claims.{name}"
        refs.one_of(claim.source, file.sources, "source", f"{at}.source")
        if bool(claim.quote.strip()) == (claim.sealed is not None):
            what = "a claim has both a quote and a seal" if claim.sealed else "a claim has no quote"
            refs.wrong("case/quote-or-sealed", what, at, "give the words (`quote`), or their place and digest (`sealed`)")
        if claim.sealed is not None and claim.sealed.end <= claim.sealed.start:
            refs.wrong("case/out-of-range", "a sealed passage ends before it starts", f"{at}.sealed", "`end` is one past the last")
        refs.each_of(claim.about, known, "name", f"{at}.about")
        _bears_on(refs, name, claim)
    for at, part in refs.parts:
        because = part.because if isinstance(part, Backed | Party) else ()
        for k, claim_id in enumerate(because):
            refs.one_of(claim_id, file.claims, "claim", f"{at}.because[{k}]")
        for k, claim_id in enumerate(part.supported_by if isinstance(part, Backed) else ()):
            refs.one_of(claim_id, file.claims, "claim", f"{at}.supported_by[{k}]")


def _bears_on(refs: References, name: str, claim: Claim) -> None:
    """Claims that another claim supports or denies."""
    for key, verb, others in (("supports", "support", claim.supports), ("denies", "deny", claim.denies)):
        for k, other in enumerate(others):
            at = f"claims.{name}.{key}[{k}]"
            known = refs.one_of(other, refs.file.claims, "claim", at)
            if known and (other == name or (key == "denies" and other in claim.supports)):
                refs.wrong("case/bears-on-itself", f"claim '{name}' cannot {verb} '{other}'", at, "name other claims")


def _levers(refs: References) -> None:
    for name, lever in refs.file.levers.items():
        at, party = f"levers.{name}", party_of(name)
        if not LEVER.match(name):
            refs.wrong("case/lever-name", f"'{name}' is not `party.lever`", at, "a lever is named for the party that controls it: `ru.ceasefire`")
        else:
            refs.one_of(party, refs.file.parties, "party", at)
        _settings(refs, lever, at)
        refs.per_setting(name, lever.meaning, f"{at}.meaning")
        refs.per_setting(name, lever.told, f"{at}.told")
        refs.per_setting(name, lever.needs, f"{at}.needs")
        if lever.now is not None:
            refs.put(name, lever.now, f"{at}.now")
        _odds(refs, name, lever)
        if lever.zone is not None:
            refs.one_of(lever.zone, refs.file.zones, "zone", f"{at}.zone")


def _odds(refs: References, name: str, lever: Lever) -> None:
    """Chances of how a lever stands today: of its own settings, summing to 1, `now` among them."""
    if not lever.odds:
        return
    at, now = f"levers.{name}.odds", lever.now or lever.settings[0]
    refs.per_setting(name, lever.odds, at)
    if abs(sum(lever.odds.values()) - 1) > 1e-6:
        refs.wrong("case/weights", f"the chances sum to {sum(lever.odds.values()):g}", at, "they must sum to 1")
    elif not lever.odds.get(now):
        hint = "let `now` be one of the settings that have a chance"
        refs.wrong("case/out-of-range", f"it stands at '{now}' now, which has no chance", at, hint)



def _settings(refs: References, lever: Lever, at: str) -> None:
    if not 2 <= len(lever.settings) <= MOST_SETTINGS:
        what = f"{len(lever.settings):,} settings"
        refs.wrong("case/settings", what, f"{at}.settings", f"a lever has 2 to {MOST_SETTINGS} settings; what cannot change is no lever")
    counted = Counter(lever.settings)
    if repeated := [setting for setting, n in counted.items() if n > 1]:
        refs.wrong("case/equal-settings", f"setting '{repeated[0]}' stands twice", f"{at}.settings", "each setting once, in their order")
    for word in sorted(WORDS & counted.keys()):
        refs.wrong("case/reserved-word", f"a setting cannot be named '{word}'", f"{at}.settings", "it is a word of conditions")


def _parties(refs: References) -> None:
    for name, party in refs.file.parties.items():
        total = sum(share.value for share in party.types.values())
        if party.types and abs(total - 1) > 1e-6:
            refs.wrong("case/type-shares", f"the types' probabilities sum to {total:g}", f"parties.{name}.types", "they must sum to 1")


def _wants(refs: References) -> None:
    for name, stated in refs.file.wants.items():
        at = want_place(name)
        if not refs.one_of(name, refs.file.parties, "party", at):
            continue
        if name in refs.file.ranking:
            refs.wrong("case/wants-and-ranking", f"'{name}' has wants and a ranking", at, "keep one of the two")
        if isinstance(stated, Mapping):
            types = refs.file.parties[name].types
            refs.each_of(stated, types, "type", at)
            for missing in [kind for kind in types if kind not in stated]:
                refs.wrong("case/missing-type", f"type '{missing}' of '{name}' has no wants", at, f"add `{missing}: [...]`")


def _events(refs: References) -> None:
    for name, event in refs.file.events.items():
        refs.puts(event.sets, f"events.{name}.sets")
    for name, incident in refs.file.incidents.items():
        at = f"incidents.{name}"
        if incident.event:
            refs.one_of(incident.event, refs.file.events, "event", f"{at}.event")
        for k, framing in enumerate(incident.framings):
            if framing.lever:
                refs.one_of(framing.lever, refs.settings, "lever", f"{at}.framings[{k}].lever")


def _observations(refs: References) -> None:
    for k, seen in enumerate(refs.file.observations):
        at = f"observations[{k}]"
        if (seen.took is None) == (seen.not_given is None):
            what = "an observation is of a setting that was taken, or of one that was not given"
            refs.wrong("case/took-or-not-given", what, at, "write `took: setting` or `not_given: setting`")
        for key in ("took", "not_given"):
            if (setting := getattr(seen, key)) is not None:
                refs.put(seen.lever, setting, f"{at}.{key}")
        for key, day in (("on", seen.on), ("since", seen.since)):
            if day and not _is_day(day):
                refs.wrong("case/wrong-value", f"'{day}' is no day", f"{at}.{key}", "write year-month-day: 2025-04-25")
        if seen.since and (seen.took is not None or seen.since > seen.on):
            refs.wrong("case/wrong-value", "`since` is for what was not given from then on, up to `on`", f"{at}.since", "correct the days")


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _states(refs: References) -> None:
    file, graph = refs.file, refs.file.graph
    for name, state in file.states.items():
        refs.puts(state.at, f"states.{name}.at")
        if name == "now":
            refs.wrong("case/reserved-word", "a state cannot be named 'now'", f"states.{name}", "`now` is the present state")
    if graph is None:
        return
    if file.levers:
        refs.wrong("case/two-graphs", "a case has levers or a listed graph, not both", "graph", "remove `levers` or `graph`")
    for party, moves in graph.moves.items():
        refs.one_of(party, file.parties, "party", f"graph.moves.{party}")
        for k, (start, end) in enumerate(moves):
            at = f"graph.moves.{party}[{k}]"
            refs.each_of((start, end), file.states, "state", at)
            if start == end:
                refs.wrong("case/no-move", f"a move from '{start}' to itself", at, "staying is always possible; remove it")
    if graph.now is not None:
        refs.one_of(graph.now, file.states, "state", "graph.now")


def _ranking(refs: References) -> None:
    for party, ranks in refs.file.ranking.items():
        at = f"ranking.{party}"
        refs.one_of(party, refs.file.parties, "party", at)
        ranked = [state for rank in ranks for state in (rank if isinstance(rank, tuple) else (rank,))]
        counted = Counter(ranked)
        refs.each_of(counted, refs.file.states, "state", at)
        for state, n in counted.items():
            if n > 1:
                refs.wrong("case/ranked-twice", f"state '{state}' stands {n} times", at, "each state once; ties as a list")
        missing = [state for state in refs.file.states if state not in counted]
        if missing:
            refs.wrong("case/not-ranked", f"not ranked: {', '.join(missing[:12])}", at, "a ranking names every state, best first, ties as lists")


def _zones(refs: References) -> None:
    parties = refs.file.parties
    for name, zone in refs.file.zones.items():
        at = f"zones.{name}"
        refs.one_of(zone.attacker, parties, "party", f"{at}.attacker")
        refs.each_of(zone.prize, parties, "party", f"{at}.prize")
        refs.each_of(zone.presence_cost, parties, "party", f"{at}.presence_cost")
        for k, guard in enumerate(zone.guards):
            refs.one_of(guard.party, parties, "party", f"{at}.guards[{k}].party")
            refs.one_of(guard.lever, refs.settings, "lever", f"{at}.guards[{k}].lever")
            refs.per_setting(guard.lever, guard.troops_k, f"{at}.guards[{k}].troops_k")


def _deterrence(refs: References) -> None:
    part, parties = refs.file.deterrence, refs.file.parties
    if part is None:
        return
    refs.each_of(part.capacity_k, parties, "party", "deterrence.capacity_k")
    refs.each_of(part.answer, parties, "party", "deterrence.answer")
    if part.backstop is not None:
        refs.one_of(part.backstop.lever, refs.settings, "lever", "deterrence.backstop.lever")
        refs.per_setting(part.backstop.lever, part.backstop.strength, "deterrence.backstop.strength")
        refs.each_of(part.backstop.cost, parties, "party", "deterrence.backstop.cost")
    if part.hub is not None:
        refs.one_of(part.hub.lever, refs.settings, "lever", "deterrence.hub.lever")
        refs.per_setting(part.hub.lever, part.hub.arrival_factor, "deterrence.hub.arrival_factor")
    for key in ("view", "strategies_view"):
        if (view := getattr(part, key)) is not None:
            refs.one_of(view, refs.file.views, "view", f"deterrence.{key}")
    if part.past is not None:
        refs.one_of(part.past.reference, REFERENCES, "class", "deterrence.past.reference")
        if part.past.posture is not None:
            refs.one_of(part.past.posture, part.postures, "posture", "deterrence.past.posture")
    if part.past is not None and abs(sum(part.past.weights.values()) - 1) > 1e-6:
        refs.wrong("case/weights", f"the weights sum to {sum(part.past.weights.values()):g}", "deterrence.past.weights", "they must sum to 1")
    for name, posture in part.postures.items():
        refs.puts(posture.sets, f"deterrence.postures.{name}.sets")
    for name, strategy in part.strategies.items():
        refs.puts(strategy.sets, f"deterrence.strategies.{name}.sets")


def _play(refs: References) -> None:
    part = refs.file.play
    if part is not None:
        for key in ("tempo", "noise", "discount"):
            refs.each_of(getattr(part, key), refs.file.parties, "party", f"play.{key}")
        refs.each_of(part.move_cost, refs.settings, "lever", "play.move_cost")


def _hypotheses(refs: References) -> None:
    for name, hypothesis in refs.file.hypotheses.items():
        _tests(refs, hypothesis, f"hypotheses.{name}.test")


def _tests(refs: References, hypothesis: Hypothesis, at: str) -> None:
    for k, test in enumerate(hypothesis.test):
        inside = f"{at}[{k}]"
        if test.party is not None:
            refs.one_of(test.party, refs.file.parties, "party", f"{inside}.party")
        refs.each_of(test.excluding, refs.file.parties, "party", f"{inside}.excluding")
        if test.view is not None:
            refs.one_of(test.view, refs.file.views, "view", f"{inside}.view")
        refs.puts(test.hold, f"{inside}.hold")
        refs.puts(test.against or {}, f"{inside}.against")


def _views(refs: References) -> None:
    known = dict.fromkeys(("all", *refs.settings))
    for name, view in refs.file.views.items():
        refs.each_of(view.vary, known, "lever", f"views.{name}.vary")
        refs.puts(view.fixed, f"views.{name}.fixed")
        for lever in sorted(view.fixed.keys() & set(view.vary)):
            refs.wrong("case/fixed-and-varied", f"lever '{lever}' is both fixed and varied", f"views.{name}.fixed.{lever}", "remove it from one")


def _unsaid(refs: References) -> None:
    file = refs.file
    sections: Sequence[Mapping[str, object]] = (file.levers, file.terms, file.events, file.parties, file.zones, file.areas, file.hypotheses)
    known = dict.fromkeys(name for section in sections for name in section)
    for k, entry in enumerate(file.unsaid):
        for where in entry.where:
            if where not in refs.marks:
                refs.one_of(where, known, "name", f"unsaid[{k}].where")


def _numbers(refs: References) -> None:
    for at, number, bounds in numbers_with_bounds(refs.parts):
        outside = [each for each in (number.value, *(number.range or ())) if not can_be(each, bounds)]
        if outside:
            refs.wrong("case/out-of-range", f"{outside[0]:g} cannot be {bounds.what}", at, bounds_told(bounds))


CHECKS: tuple[Callable[[References], None], ...] = (
    _conditions, _terms, _evidence, _parties, _levers, _wants, _events, _observations, _states, _ranking,
    _zones, areas, _deterrence, _play, _hypotheses, _views, _unsaid, _numbers, short_forms,
)  # fmt: skip
