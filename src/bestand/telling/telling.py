"""States, moves and verdicts in words: the case's own nouns, the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bestand.case.lines import Line
from bestand.case.loaded import Case
from bestand.case.parts import Words
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.negotiate.paths import Step
from bestand.negotiate.why import Answer, Witness
from bestand.study.basis import Deciding, deciding
from bestand.study.hypotheses import Outcome
from bestand.telling.words import Words as Phrases

MOST_TEMPTING = 3  # tempting moves of one party that are told one by one

PLAIN_SETTINGS = (("no", "yes"), ("nee", "ja"))  # settings that say no more than whether the lever's label holds


@dataclass(frozen=True, slots=True)
class Telling:
    """A case and one of its graphs, told in one language."""

    conflict: Conflict
    say: Phrases

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
        return self.said(self.case.file.parties[name].name) if name in self.case.file.parties else name

    def said(self, text: str) -> str:
        """Words of the case in the reader's language, where the case gives them."""
        return text.said(self.say.language) if isinstance(text, Words) else text

    def label(self, part: object) -> str:
        """What a part of the case is called, in the reader's language; empty where it has no label."""
        return self.said(getattr(part, "label", ""))

    def setting(self, lever: str, setting: str, *, entered: bool = False) -> str:
        """A lever's setting in words; `entered` tells of moving to it rather than of being there."""
        stated = self.case.file.levers[lever]
        meaning = self.said(stated.meaning.get(setting, setting.replace("_", " ")))
        if stated.settings in PLAIN_SETTINGS:
            answer = "yes" if setting == stated.settings[1] else "no"
            kind = f"{answer}_setting" if entered else f"now_{answer}"
        else:
            kind = "some_setting" if entered else "now_some"
        return self.say(kind, label=self.label(stated), setting=meaning)

    def short(self, lever: str, setting: str) -> str:
        """A setting in a few words, for tables and pictures: `Russia: attacks → front`."""
        return f"{self.short_lever(lever)} → {self.value(setting)}"

    def short_lever(self, lever: str) -> str:
        """A lever in a few words: whose it is, and its name."""
        owner, _, rest = lever.partition(".")
        return f"{self.party(owner)}: {rest.replace('_', ' ')}"

    def value(self, setting: str) -> str:
        """A setting's name as words."""
        return self.say(setting) if setting in ("yes", "no") else setting.replace("_", " ")

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
        """A published state's name and words."""
        name = self.graph.names[state] if self.graph.names else str(state)
        stated = self.case.file.states.get(name)
        return f"{name} ({self.label(stated)})" if stated and stated.label else name

    def state(self, state: int) -> str:
        """A state as its difference from today, in one line."""
        if self.graph.names or self.graph.now is None:
            return self.named(state)
        return self.say("same_as_today") if state == self.graph.now else self.changes(self.graph.now, state)

    def difference(self, state: int) -> list[str]:
        """A state as its difference from today, one entry per lever."""
        if self.graph.now is None or not self.graph.levers:
            return [self.named(state)]
        return [self.setting(lever, value, entered=True) for lever, value in self.differing(self.graph.now, state).items()]

    def step(self, step: Step) -> str:
        """One move: who does what."""
        return self.say("moves", party=self.party(step.party), changes=self.changes(step.source, step.target))

    def term(self, term: str) -> str:
        """A term in words: its label, or its name."""
        stated = self.case.file.terms.get(term)
        return self.label(stated) or term.replace("_", " ")

    def terms(self, terms: Iterable[str]) -> list[str]:
        """Names of terms as words."""
        return [self.term(term) for term in terms]

    def because(self, decided: Deciding | None) -> str:
        """The want that decides between two states."""
        if decided is None:
            return self.say("because_ranking" if self.case.file.ranking else "because_equal")
        return self.say("because_wins" if decided.won else "because_loses", want=self.said(decided.line.words))

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
        return f"{self.party(line.party)}: “{self.said(line.words)}”" if line.party else f"“{self.said(line.words)}”"

    def outcome(self, outcome: Outcome) -> str:
        """What one test of a hypothesis found."""
        if outcome.status == "cannot_arise":
            return self._absent(outcome)
        parts = outcome.parts
        if not outcome.code.startswith("compared_"):
            text = self._reason(outcome.code, parts)
        else:
            here = self._reason(str(parts["here"]), {k[5:]: v for k, v in parts.items() if k.startswith("here_")})
            there = self._reason(str(parts["there"]), {k[6:]: v for k, v in parts.items() if k.startswith("there_")})
            text = self.say(f"hyp_{outcome.code}", here=here, there=there)
        if outcome.status == "repeats":
            lines = self.say.listed([self.line(each) for each in outcome.lines])
            text = self.say("hyp_repeats", text=text, lines=lines, without=self.say(f"status_{parts['without']}"))
        if outcome.flips:
            text += "; " + self.say("hyp_turned", wants=self.say.listed([self.line(want) for want in outcome.flips]))
        if outcome.share is not None:
            text += "; " + self.say("hyp_share", share=f"{100 * outcome.share:.0f}")
        return text

    def _absent(self, outcome: Outcome) -> str:
        """That no state of a view has what is asked about, why not, and what comes out where it can arise."""
        parts = outcome.parts
        held = self.say("hyp_cannot_arise_held", held=parts["held"]) if parts["held"] else ""
        text = self.say("hyp_cannot_arise", that=parts["that"], held=held)
        if outcome.elsewhere is None:
            return f"{text}; {self.say('hyp_nowhere_else')}"
        there = f"{self.say(f'status_{outcome.elsewhere.status}')}; {self.outcome(outcome.elsewhere)}"
        return f"{text}; {self.say('hyp_elsewhere', view=parts['view'], text=there)}"

    def _reason(self, code: str, parts: Mapping[str, str | int]) -> str:
        given = dict(parts)
        if "party" in given:
            given["party"] = self.party(str(given["party"]))
        if "concept" in given:
            given["concept"] = self.say(f"concept_{given['concept']}")
        text = self.say(f"hyp_{code}", **given) if given else self.say(f"hyp_{code}")
        if given.get("without"):
            text = self.say("hyp_without", text=text, without=given["without"])
        if given.get("excluding"):
            movers = [self.party(name) for name in str(given["excluding"]).split(", ")]
            text = self.say("hyp_excluding", text=text, excluding=self.say.listed(movers))
        return text

    def held(self, outcome: Outcome) -> str:
        """The settings under which a test is put, and those it is compared with."""
        test, told = outcome.test, []
        if test.hold:
            told.append(self.say("hyp_holding", levers=self._held(test.hold)))
        if test.against is not None:
            told.append(self.say("hyp_against", levers=self._held(test.against)))
        return ", ".join(told)

    def _held(self, hold: Mapping[str, str]) -> str:
        return ", ".join(self.short(lever, value) for lever, value in hold.items())
