"""States, moves and verdicts in words: the case's own nouns, the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bestand.bargain.demands import Demand
from bestand.case.conditions import Node, names
from bestand.case.lines import Line, consent_parts, party_of, want_at
from bestand.case.loaded import Case
from bestand.case.parts import Words
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.negotiate.paths import Step
from bestand.negotiate.why import Answer, Witness
from bestand.show import spaced
from bestand.study.basis import Deciding, deciding
from bestand.telling.doubts import doubts
from bestand.telling.naming import called_alike, condition_words, cut_apart, event_words, lever_words, place_words, runs_left, setting_words, unticked
from bestand.telling.states import Letters, few
from bestand.telling.words import PhraseBook as Phrases

if TYPE_CHECKING:  # what makes these is loaded where they are made
    from bestand.negotiate.changes import Alteration
    from bestand.study.hypotheses import Outcome
    from bestand.study.questions import Filling

MOST_TEMPTING = 3  # tempting moves of one party that are told one by one
APART, TOGETHER = "\u2068", "\u2069"  # a name between these never turns round what stands about it
_CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Telling:
    """A case and one of its graphs, told in one language.

    isolated : whether names of the case stand between marks that keep their direction from the rest of a sentence
    alike    : levers of several parties that the case calls by the same words
    letters  : where a page has a key of states: they are then told by their letter and a few words
    """

    conflict: Conflict
    say: Phrases
    isolated: bool = False
    letters: Letters | None = None
    alike: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "alike", called_alike(self.conflict.case.file))

    @property
    def case(self) -> Case:
        """The case that is told."""
        return self.conflict.case

    @property
    def graph(self) -> Graph:
        """Its states and moves."""
        return self.conflict.graph

    def party(self, name: str) -> str:
        """A party's full name."""
        return self.name(self.said(self.case.file.parties[name].name)) if name in self.case.file.parties else spaced(name)

    def name(self, text: str) -> str:
        """A name of the case: without control characters, and apart where the page wants it so."""
        plain = _CONTROLS.sub("", text)
        return f"{APART}{plain}{TOGETHER}" if self.isolated else plain

    def apart(self, text: str) -> str:
        """Words of the case for the midst of a sentence: apart where they run from right to left."""
        return self.name(text) if self.isolated and runs_left(text) else text

    def said(self, text: str) -> str:
        """Words of the case in the reader's language, where the case gives them."""
        return unticked(told, self) if "`" in (told := self.translated(text)) else told

    def translated(self, text: str) -> str:
        """A text as the case gives it in the reader's language; as it is where that is not so, as of what the program says."""
        return self._in_table(text) if (told := self.say.said(text)) == text else told

    def label(self, part: object) -> str:
        """What a part of the case is called, in the reader's language; empty where it has no label."""
        return self.said(getattr(part, "label", ""))

    def called(self, kind: str, name: str) -> str:
        """A part of the case, such as one of its `events` or `views`, by its label, or by its name as words."""
        label = self.label(getattr(self.case.file, kind).get(name)) or spaced(name)
        return event_words(name, label, self) if kind == "events" else label

    def called_hypothesis(self, name: str) -> str:
        """What a hypothesis claims, in the reader's language."""
        stated = self.case.file.hypotheses.get(name)
        return spaced(name) if stated is None else self.name(self.said(stated.claim))

    def type_of(self, party: str, name: str) -> str:
        """One version of a party, in words."""
        stated = self.case.file.parties.get(party)
        return self.apart(self.label(stated.types.get(name) if stated else None) or spaced(name))

    def problem(self, code: str) -> str:
        """Why something could not be asked, from the code of an error."""
        return self.say.phrases.get("problem_" + re.sub(r"[/-]", "_", code), self.say("problem_other"))

    def condition(self, text: str | Node) -> str:
        """A condition in words."""
        return condition_words(text, self)

    def place(self, at: str) -> str:
        """A place in the case file in words."""
        return place_words(at, self)

    def setting(self, lever: str, setting: str, *, entered: bool = False) -> str:
        """A lever's setting in words; `entered` tells of moving to it rather than of being there."""
        return setting_words(lever, setting, self, entered=entered)

    def long_lever(self, name: str) -> str:
        """What a lever is called: one that was made for a consent is told as that, not by what is consented to."""
        return self._consent(name) or lever_words(name, self)

    def _consent(self, name: str) -> str:
        """Of a lever made for a consent: whose it is, and to what, in a few words with the settings that need it; empty for any other."""
        party, about = consent_parts(name)
        owner = next((each for each in self.case.file.levers if about and each.replace(".", "_") == about), None)
        if owner is None:
            return ""
        stated = self.case.file.levers[owner]
        what = "; ".join(self.short(owner, setting) for setting, guard in stated.needs.items() if name in names(self.case.condition(guard.that)))
        return self.say("consents_to", party=self.party(party), what=what) if what else ""

    def short(self, lever: str, setting: str) -> str:
        """A setting in a few words, for tables and pictures."""
        return setting_words(lever, setting, self, brief=True)

    def short_lever(self, lever: str) -> str:
        """A lever in a few words: the first clause of its label."""
        stated = self.case.file.levers.get(lever)
        if stated is not None and (consent := self._consent(lever)):
            return consent
        return lever_words(lever, self, brief=True) if stated is not None else spaced(lever.rpartition(".")[2])

    def value(self, setting: str) -> str:
        """A setting's name as words."""
        return self.say(setting) if setting in ("yes", "no") else self._code(setting)

    def _code(self, name: str) -> str:
        """A code name as words, in the reader's language where the case translates it."""
        return self._in_table(spaced(name))

    def _in_table(self, text: str) -> str:
        """A text as the case translates it; as it is where it does not."""
        return self.case.file.translations.get(self.say.language, {}).get(text, text)

    def value_of(self, lever: str, setting: str) -> str:
        """A setting of a lever in a few words: the first clause of what it means, or its name."""
        stated = self.case.file.levers.get(lever)
        meanings = {each: self.said(words) for each, words in stated.meaning.items()} if stated is not None else {}
        return self.apart(cut_apart(meanings.get(setting, ""), meanings.values()) or self.value(setting))

    def differing(self, here: int, there: int) -> dict[str, str]:
        """Levers that differ between two states, with their setting in the second."""
        return {lever: setting for lever, (_, setting) in self.graph.changes(here, there).items()}

    def changes(self, here: int, there: int) -> str:
        """What is changed by going from one state to another."""
        if not self.graph.levers:
            return self.named(there)
        changed = [self.setting(lever, value, entered=True) for lever, value in self.differing(here, there).items()]
        return "; ".join(changed) or self.say("same_as_today")

    def named(self, state: int) -> str:
        """A published state's name and words; where there is no today to differ from, all its settings."""
        if self.graph.now is None and self.graph.levers and not self.graph.names:
            return "; ".join(self._all_settings(state))
        name = self.graph.names[state] if self.graph.names else str(state)
        stated = self.case.file.states.get(name)
        return f"{name} ({self.label(stated)})" if stated and stated.label else name

    def _all_settings(self, state: int) -> list[str]:
        return [self.short(lever, setting) for lever, setting in self.graph.at(state).items()]

    def state(self, state: int) -> str:
        """A state as its difference from today, in one line; by letter and a few words where there is a key."""
        if self.letters is None or state == self.graph.now:
            return self.whole(state)
        return self.say("state_short", letter=self.letters.of(state), what=self.brief(state))

    def whole(self, state: int) -> str:
        """A state with all that differs from today, in one line."""
        if self.graph.names or self.graph.now is None:
            return self.named(state)
        return self.say("same_as_today") if state == self.graph.now else self.changes(self.graph.now, state)

    def brief(self, state: int, most: int = 2) -> str:
        """A state by the first few things that differ from today; by its number, where it has nothing else."""
        if self.graph.names or not self.graph.levers:
            return self.say("numbered_state", name=name) if (name := self.named(state)).isdigit() else name
        now = self.graph.now
        parts = self._all_settings(state) if now is None else [self.short(*each) for each in self.differing(now, state).items()]
        return few(parts, self.say("more_changes", n=len(parts) - most), most) or self.say("same_as_today")

    def chance_changes(self, state: int) -> str:
        """What of a state nobody can bring about: levers of chance that stand otherwise today; empty where there are none."""
        if self.graph.now is None or not self.graph.levers:
            return ""
        differing = self.differing(self.graph.now, state).items()
        return "; ".join(self.short(lever, setting) for lever, setting in differing if self.is_chance(party_of(lever)))

    def is_chance(self, party: str) -> bool:
        """Whether a party is the course of things, which wants nothing."""
        stated = self.case.file.parties
        return party in stated and stated[party].chance

    def tied(self, party: str) -> bool:
        """Whether several versions of a party are likeliest."""
        chances = sorted(each.value for each in self.case.file.parties[party].types.values())
        return len(chances) > 1 and chances[-1] == chances[-2]

    def difference(self, state: int) -> list[str]:
        """A state as its difference from today, one entry per lever."""
        if self.graph.now is None or not self.graph.levers:
            return [self.named(state)]
        return [self.setting(lever, value, entered=True) for lever, value in self.differing(self.graph.now, state).items()]

    def step(self, step: Step) -> str:
        """One move: who does what."""
        return self.owned(step.party, self.changes(step.source, step.target))

    def owned(self, party: str, what: str) -> str:
        """What is a party's, with its name before it unless it begins with that."""
        name = _CONTROLS.sub("", self.party(party))
        return what if re.match(rf"“?{re.escape(name)}\b", _CONTROLS.sub("", what)) else self.say("moves", party=self.party(party), changes=what)

    def term(self, term: str) -> str:
        """A term in words: its label, or its name."""
        stated = self.case.file.terms.get(term)
        if stated is None and term not in self.case.terms:
            return self.condition(term)
        return self._of_talks(term) or self.apart(self.label(stated)) or spaced(term)

    def _of_talks(self, term: str) -> str:
        """A term that was made of the points on a table; empty for any other."""
        talk = max((name for name in self.case.file.talks if term.startswith(f"{name}_")), key=len, default="")
        if not talk or term in (self.case.written.terms if self.case.written else ()):
            return ""
        kind = {f"{talk}_agreed": "term_agreed", f"{talk}_some_agreed": "term_some_agreed"}.get(term, "term_issue")
        return self.say(kind, what=self.label(self.case.file.terms.get(term)) or spaced(term))

    def terms(self, terms: Iterable[str]) -> list[str]:
        """Names of terms as words."""
        return [self.term(term) for term in terms]

    def because(self, decided: Deciding | None) -> str:
        """The want that decides between two states."""
        if decided is None:
            return self.say("because_ranking" if self.case.file.ranking else "because_equal")
        return self.say("because_wins" if decided.won else "because_loses", want=self.line_words(decided.line))

    def witness(self, witness: Witness) -> list[str]:
        """Why a party stays or would leave, in sentences; the smallest of its tempting moves first."""
        party = self.party(witness.party)
        if not witness.answers:
            return [self.say("witness_none", party=party)]
        if not witness.stable:
            return [self._tempted(witness, witness.answers[0])]
        answers = sorted(witness.answers, key=lambda each: len(self.differing(witness.state, each.move)))
        told = [self._stopped(witness, each) for each in answers[:MOST_TEMPTING]]
        left = len(answers) - len(told)
        return [*told, self.say("witness_more", n=left)] if left else told

    def _tempted(self, witness: Witness, answer: Answer) -> str:
        changes, reason = self._move(witness, answer)
        return self.say("witness_tempt", party=self.party(witness.party), changes=changes, reason=reason)

    def _stopped(self, witness: Witness, answer: Answer) -> str:
        changes, reason = self._move(witness, answer)
        replies, here = [], answer.move
        for party, there in answer.reply:
            replies.append(self.say("witness_reply", party=self.party(party), changes=self.changes(here, there)))
            here = there
        return self.say(
            "witness_stop", party=self.party(witness.party), changes=changes, reason=reason, replies=self.say.listed(replies)
        )

    def _move(self, witness: Witness, answer: Answer) -> tuple[str, str]:
        decided = deciding(self.conflict, witness.party, witness.state, answer.move)
        return self.changes(witness.state, answer.move), self.because(decided)

    def line(self, line: Line) -> str:
        """A line of the case: whose it is, and its words."""
        words = self.line_words(line)
        if line.kind == "type":  # it names its party, and has quotation marks of its own
            return words
        if not line.party or line.kind == "want":  # a want may speak of its own party and still be anybody's
            return f"{self.party(line.party)}: “{words}”" if line.party else f"“{words}”"
        return self.owned(line.party, f"“{words}”")

    def line_words(self, line: Line) -> str:
        """What a line says: its label, or its condition in words."""
        if line.kind == "want":
            return self.want(line.at, line.words)
        if line.kind == "type":
            return self.say("line_type", party=self.party(line.party), type=self.type_of(line.party, line.words))
        if line.kind == "one_way":
            return self.say("line_one_way", lever=self.said(line.words))
        if line.kind == "lever" and (consent := self._consent(line.at.removeprefix("levers."))):
            return consent
        if line.kind == "event":
            return self.say("line_event", what=self.called("events", line.at.removeprefix("events.")))
        words = self.condition(line.words) if line.words in self.case.conditions else self.said(line.words)
        return words if line.kind == "lever" else self.say(f"line_{line.kind}", what=words)

    def outcome(self, outcome: Outcome) -> str:
        """What one test of a hypothesis found."""
        if outcome.status == "cannot_arise":
            return self._absent(outcome)
        parts = outcome.parts
        text = "" if outcome.code.startswith("compared_") else self._reason(outcome.code, parts)
        if not text:
            here = self._reason(str(parts["here"]), {k[5:]: v for k, v in parts.items() if k.startswith("here_")})
            there = self._reason(str(parts["there"]), {k[6:]: v for k, v in parts.items() if k.startswith("there_")})
            text = self.say(f"hyp_{outcome.code}", here=here, there=there)
        if outcome.lines:
            lines = self.say.listed(list(dict.fromkeys(self.line(each) for each in outcome.lines)))
            without = self.say(f"status_{parts['bare']}") if outcome.status == "repeats" else ""
            text = self.say("hyp_repeats" if without else "hyp_supposed", text=text, lines=lines, without=without)
        return "; ".join([text, *doubts(outcome, self)])

    def _absent(self, outcome: Outcome) -> str:
        """That no state of a view has what is asked about, why not, and what comes out where it can arise."""
        parts = {key: self._filled(key, part) for key, part in outcome.parts.items()}
        held = self.say("hyp_cannot_arise_held", held=parts["held"]) if parts["held"] else ""
        text = self.say(f"hyp_{outcome.code}", that=parts["that"], held=held)
        if outcome.elsewhere is None:
            return f"{text}; {self.say('hyp_nowhere_else')}"
        there = f"{self.say(f'status_{outcome.elsewhere.status}')}; {self.outcome(outcome.elsewhere)}"
        return f"{text}; {self.say('hyp_elsewhere', view=parts['view'], text=there)}"

    def _reason(self, code: str, parts: Mapping[str, Filling]) -> str:
        given = {key: self._filled(key, part) for key, part in parts.items()}
        text = self.say(f"hyp_{code}", **given) if given else self.say(f"hyp_{code}")
        for key in ("without", "excluding"):
            if given.get(key):
                text = self.say(f"hyp_{key}", text=text, **{key: given[key]})
        return text

    def _filled(self, key: str, part: Filling) -> str | int:
        """What fills a blank of a reason, in words."""
        if isinstance(part, tuple):
            return "; ".join(self._told(each) for each in part)
        if isinstance(part, int) or not part:
            return part
        names = part.split(", ")
        told = {
            "reason": lambda: self.said(part) if isinstance(part, Words) else self.problem(part) if "/" in part else part,
            "party": lambda: self.party(part), "concept": lambda: self.say(f"concept_{part}"), "view": lambda: self.called("views", part),
            "levers": lambda: self.say.listed([self.short_lever(name) for name in names]),
            "excluding": lambda: self.say.listed([self.party(name) for name in names]),
            "that": lambda: self.term(part), "without": lambda: self.term(part),
        }  # fmt: skip
        return told[key]() if key in told else part

    def _told(self, each: Alteration | Demand | tuple[str, str]) -> str:
        if isinstance(each, tuple):
            return self.short(*each)
        return self.demand(each) if isinstance(each, Demand) else self.alteration(each)

    def demand(self, demand: Demand) -> str:
        """One thing that a party insists on, and whose it is."""
        if demand.kind == "fallback":
            return self.say("agree_no_worse", party=self.party(demand.party))
        return f"{self.party(demand.party)}: “{self.want(demand.at, demand.words)}”"

    def want(self, at: str, words: str) -> str:
        """A want in words: its label, or its condition in words; also one of a version that is not the likeliest."""
        party, kind, k = want_at(at) or ("", "", None)
        listed = self.case.wants(party).get(kind, ()) if party in self.case.file.wants and k is not None and at.endswith("]") else ()
        want = next(iter(listed[k:]), None)
        return self.said(words) if want is None else self.apart(self.label(want)) or self.condition(want.that)

    def alteration(self, change: Alteration) -> str:
        """One change that a mediator could bring about."""
        what = self.want(change.at, "") or self.condition(change.that if change.kind != "hold" else "true")
        if change.kind == "hold":
            return self.say("unlock_hold", what=self.setting(change.at.removeprefix("levers."), change.that))
        return self.say(f"unlock_{change.kind}", party=self.party(change.party), what=what, place=change.place)

    def held(self, outcome: Outcome) -> str:
        """The settings under which a test is put, and those it is compared with; what is the same in both is said once."""
        hold, against = outcome.test.hold, outcome.test.against
        both = {lever: value for lever, value in hold.items() if against is not None and against.get(lever) == value}
        sides = {"hyp_holding": hold, "hyp_against": against or {}, "hyp_both": both}
        told = {key: {lever: value for lever, value in each.items() if key == "hyp_both" or lever not in both} for key, each in sides.items()}
        return ", ".join(self.say(key, levers=self._held(each)) for key, each in told.items() if each)

    def _held(self, hold: Mapping[str, str]) -> str:
        return ", ".join(self.short(lever, value) for lever, value in hold.items())
