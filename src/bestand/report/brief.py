"""Two pages for the one who decides: the bottom line first, and every sentence with the section of the report behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bestand.arguments import checked
from bestand.bargain.demands import Demand
from bestand.draw.blocking import blocking_picture, blocking_rows
from bestand.draw.svg import Svg
from bestand.errors import BestandError
from bestand.files import put
from bestand.graph.draws import leaves_open
from bestand.negotiate.paths import Step
from bestand.report.blocks import percent_words
from bestand.report.brief_languages import other_languages
from bestand.report.brief_since import changed
from bestand.report.brief_truce import hold, lasts
from bestand.report.brief_watch import watched
from bestand.report.headline import opened_otherwise, weak_lines
from bestand.report.known import quotes_note, told
from bestand.report.page import apart, in_frame, section_numbers, template
from bestand.report.printed import pdf, word_file
from bestand.report.sentence import PlacedSentence
from bestand.study.agreements import AgreementAnswers
from bestand.study.everything import Study
from bestand.study.flips import Flips
from bestand.study.outlook import FORESIGHT, TermAnswer
from bestand.study.sensitivity import Key
from bestand.telling.days import as_of_words
from bestand.telling.naming import cut
from bestand.telling.sentences import sampling_error
from bestand.telling.telling import APART, TOGETHER, Telling
from bestand.telling.titles import plain_title
from bestand.telling.words import capital, time_words, words

LEAST_SHARE = 0.5  # of the readings, below which a sentence of the bottom line says how few say so
MOST_ENDS = 3  # settings by which the brief tells where best moves end
MOST_CLASHES, MOST_OPEN = 2, 2  # clashes, and sets of changes that would unlock the goal, in the brief
MOST_EVENTS, MOST_UNSAID = 3, 2  # events, and things that the sources do not say, in the brief
MOST_TURNS, MOST_SOURCES = 2, 5  # statements that turn most, and claims with their sources, in the brief
AT_MONTHS = 1.5  # between events, from which on whole months are told


@dataclass(frozen=True, slots=True)
class BriefPart:
    """A headed part of the brief."""

    title: str
    sentences: tuple[PlacedSentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief: its parts, its picture, its sources with their hedges, and all of it as a page.

    matrix  : the picture as texts, for files that have no pictures
    sources : claims behind what is doubtful in the main answers, with who says them and how surely
    numbers : those of the sections of the full report, which has no others
    """

    title: str
    language: str
    parts: tuple[BriefPart, ...]
    picture: Svg | None
    sources: tuple[str, ...]
    html: str
    matrix: tuple[tuple[str, ...], ...] = ()
    kicker: str = ""
    footer: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        """The same as in print: its page is too long to be shown as text."""
        return str(self)

    @property
    def sentences(self) -> tuple[PlacedSentence, ...]:
        """All sentences, in their order."""
        return tuple(sentence for part in self.parts for sentence in part.sentences)

    @checked
    def save(self, path: str | Path) -> Path:
        """Where the brief was written, whole or not at all: as a page, or as what the name ends in, `.pdf` or `.docx`.

        Raises
        ------
        AskError
            `report/no-browser`, `report/not-printed`, `report/needs-extra`.
        """
        made = {".pdf": lambda: pdf(self.html), ".docx": self.word}.get(Path(path).suffix.lower(), lambda: self.html.encode("utf-8"))()
        return put(made, path, force=True)

    def word(self) -> bytes:
        """The brief as a Word file that can be edited; needs the extra `documents`."""
        say = words(self.language)
        parts = [(part.title, [(each.text, str(self.numbers.get(each.section, ""))) for each in part.sentences]) for part in self.parts]
        sources = (say("brief_sources"), self.sources)
        caption = (say("brief_picture"), say("blocks_note"))
        return word_file(
            title=self.title, language=self.language, kicker=self.kicker, parts=parts, table=self.matrix, caption=caption, after=sources,
            footer=self.footer,
        )  # fmt: skip

    def __str__(self) -> str:
        told = [line for part in self.parts for line in (part.title, *(f"- {each.text}" for each in part.sentences), "")]
        return "\n".join([self.title, "", *told]).rstrip()

    def _repr_html_(self) -> str:
        return in_frame(self.html)


def brief(study: Study, *, since: Flips | None = None, language: str = "en", report: str = "") -> Brief:
    """A brief of two pages on a study.

    since    : what `flips` finds between an earlier version and this one: what changed, what that turned, and what did it
    language : "en" or "nl"; text of the case is in that language where the case gives it
    report   : where the full report lies, for the links of the sentences; its sections have the same names

    Raises
    ------
    AskError
        `report/unknown-language`.

    >>> from bestand import read, study
    >>> known = study(read("example/en"), quick=True, draws=1)
    >>> brief(known, language="nl").html[:15]
    '<!doctype html>'
    """
    say = words(language)
    parts, picture, sources = _told(study, since, Telling(study.conflict, say))
    telling = Telling(study.conflict, say, isolated=True)
    shown, drawn, cited = _told(study, since, telling)
    note, news = quotes_note(study.case, say)
    numbers = section_numbers(study)
    page = template("brief.html.j2").render(
        say=say, file=study.case.file, tell=telling, parts=shown, picture=drawn, sources=cited, report=report, quotes_note=note,
        quotes_news=news, version=study.provenance.version, digest=study.provenance.digest, number=numbers.get, as_of_words=as_of_words,
    )  # fmt: skip
    plain = Telling(study.conflict, say)
    made_by = f"{say('brief_numbers')} {say('made_by', version=study.provenance.version)}."
    as_of = f" · {say('as_of', date=as_of_words(study.case.file.as_of, telling))}" if study.case.file.as_of else ""
    matrix = tuple(tuple(row) for row in blocking_rows(study, plain))
    title = telling.said(study.case.file.title)
    return Brief(
        title=title, language=language, parts=parts, picture=picture, sources=sources, html=apart(page), matrix=matrix,
        kicker=f"{say('brief_kicker')}{as_of}. {note}", footer=made_by, numbers=numbers,
    )  # fmt: skip


def _told(study: Study, since: Flips | None, telling: Telling) -> tuple[tuple[BriefPart, ...], Svg | None, tuple[str, ...]]:
    made = {
        "line": _line(study, telling), "since": changed(since, telling), "blocks": _blocks(study, telling),
        "hold": hold(study, telling), "watch": _watch(study, telling), "unknown": _unknown(study, telling),
    }  # fmt: skip
    parts = []
    for name, sentences in made.items():
        placed = [PlacedSentence(capital(each.text), each.section) for each in _tried(sentences, telling)]
        parts += [BriefPart(telling.say(f"brief_{name}"), tuple(dict.fromkeys(placed)))] if placed else []
    return tuple(parts), blocking_picture(study, telling), tuple(_sources(study, telling))


def _tried(sentences: Iterator[PlacedSentence], telling: Telling) -> Iterator[PlacedSentence]:
    """Sentences up to the first that cannot be made; why, in its place."""
    try:
        yield from sentences
    except BestandError as error:
        yield PlacedSentence(telling.say("chapter_failed", why=telling.problem(error.code)), "provenance")


def goal_of(study: Study) -> TermAnswer | None:
    """The outcome that the brief is about: that of the agreements, or the first of those that do not hold today."""
    wanted = study.agreements.goal if study.agreements else ""
    able = [answer for answer in study.terms if answer.n_states]
    return next((answer for answer in able if answer.term == wanted), next(iter(able), None))


def _line(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """The bottom line: three to five sentences with how sure."""
    yield PlacedSentence(_surely(_now(study, telling), _share(study, "now_rests"), telling), "today")
    goal = goal_of(study)
    if goal is not None:
        told = telling.say(_goal_key(goal), goal=telling.term(goal.term))
        nowhere = not goal.reached and not goal.rests[FORESIGHT]
        sure = _surely(told, _share(study, "term_rests" if nowhere else "term_reached", goal.term), telling)
        lasting = None if goal.reached or nowhere else _share(study, "term_rests", goal.term)
        few = "" if lasting is None or lasting >= LEAST_SHARE else telling.say("brief_goal_seldom_lasts", share=percent_words(lasting))
        yield PlacedSentence(f"{sure} {few}".strip(), "why")
    if study.agreements is not None:
        told = telling.say(_deal_key(study.agreements), goal=telling.term(study.agreements.goal))
        drawn = len(study.agreements.terms[0].deals.deal) > 1
        yield PlacedSentence(_surely(told, _same_deal(study.agreements) if drawn else None, telling), "agreements")
    yield from lasts(study, telling)
    yield PlacedSentence(_how_sure(study, goal, telling), "sensitivity")


def _how_sure(study: Study, goal: TermAnswer | None, telling: Telling) -> str:
    """Between which shares of the readings the answers above came out the same, with the largest error of these in points."""
    shares = [(each.share, study.draws) for each in study.conclusions if each.share is not None and (goal is None or each.term in ("", goal.term))]
    if shares and study.agreements is not None and (n := len(study.agreements.terms[0].deals.deal)) > 1:
        shares.append((_same_deal(study.agreements), n))
    if not shares:
        return telling.say("brief_sure_not" if leaves_open(study.case) else "brief_sure_nothing")
    low, high = (percent_words(end(share for share, _ in shares)) for end in (min, max))
    error = max(sampling_error(share, n) for share, n in shares)
    return telling.say("brief_sure_same", share=low, error=error) if low == high else telling.say("brief_sure", low=low, high=high, error=error)


def _share(study: Study, kind: str, term: str = "") -> float | None:
    """The share of readings in which a conclusion comes out as it is told; None where that was not counted."""
    return next((each.share for each in study.conclusions if (each.kind, each.term) == (kind, term)), None)


def _surely(told: str, share: float | None, telling: Telling) -> str:
    """A sentence, and in how few of the readings it is so where these are fewer than half: nothing that most deny is told flatly."""
    return told if share is None or share >= LEAST_SHARE else f"{told} {telling.say('brief_doubtful', share=percent_words(share))}"


def _now(study: Study, telling: Telling) -> str:
    """Whether anybody moves, and where that ends."""
    if study.graph.now is None:
        return telling.say("brief_now_unknown" if study.case.file.present == "unknown" else "brief_now_banned")
    if not study.ends or study.ends == (study.graph.now,):
        return telling.say("brief_now_rests")
    state = telling.brief(study.ends[0], most=MOST_ENDS)
    return telling.say("brief_ends" if len(study.ends) == 1 else "brief_ends_more", state=state, count=telling.say.count(len(study.ends)))


def _goal_key(goal: TermAnswer) -> str:
    if goal.reached:
        return "brief_goal_reached"
    if not goal.rests[FORESIGHT]:
        return "brief_goal_nowhere"
    return "brief_goal_opens" if goal.openings else "brief_goal_second_best" if goal.reached_paying else "brief_goal_stuck"


def _same_deal(answers: AgreementAnswers) -> float:
    """The share of draws that answer as the brief does whether anything can be agreed on today."""
    any_deal = float(answers.terms[0].deals.share_any)
    return any_deal if _deal_key(answers) == "brief_deal" else 1 - any_deal


def _deal_key(answers: AgreementAnswers) -> str:
    deals = answers.terms[0].deals
    if deals.differs and deals.by_order is not None:
        return "brief_deal_differs_order" if deals.by_order.n_deals else "brief_deal_differs"
    return "brief_deal" if deals.n_deals else "brief_no_deal"


def _blocks(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """What blocks the outcome, and what would open it."""
    goal = goal_of(study)
    if goal is not None and goal.openings:
        first = goal.openings[0]
        party = telling.party(first.step.party)
        yield PlacedSentence(_step("brief_step", first.step, study, telling), "why")
        if first.deciding is not None and not first.deciding.won:
            yield PlacedSentence(telling.say("brief_step_why", party=party, want=telling.line_words(first.deciding.line)), "why")
        if not first.arrives:
            yield PlacedSentence(telling.say("brief_step_after"), "why")
        yield from (PlacedSentence(text, "why") for text in opened_otherwise(study, goal, telling))
    elif goal is not None and goal.stuck and _goal_key(goal) == "brief_goal_stuck":
        yield PlacedSentence(telling.say("brief_stuck", n=len(goal.stuck)), "why")
        yield PlacedSentence(_step("brief_stuck_first" if len(goal.stuck) > 1 else "brief_step", goal.stuck[0].step, study, telling), "why")
    if study.agreements is not None:
        yield from _clashes(study.agreements, telling)
    yield from _openings(study, telling)


def _step(key: str, step: Step, study: Study, telling: Telling) -> str:
    """A step in a sentence, with whose it is where its words do not say so themselves."""
    party, done = telling.party(step.party), [telling.short(lever, new) for lever, (_, new) in study.graph.changes(step.source, step.target).items()]
    plain = party.strip(APART + TOGETHER)
    named = all(plain.lower() in each.lower() for each in done)
    if all(each.startswith(f"{plain} ") for each in done):  # whose it is is said once
        done = [done[0], *(each.removeprefix(f"{plain} ") for each in done[1:])]
    return telling.say(f"{key}_named" if named else key, party=party, changes=telling.say.listed(done))


def _clashes(answers: AgreementAnswers, telling: Telling) -> Iterator[PlacedSentence]:
    joint = answers.together
    for one, others in _clashing(answers, telling).items():
        yield PlacedSentence(telling.say("brief_clash", one=one, others=f" {telling.say('or')} ".join(others)), "agreements")
    if joint is not None and not joint.alone.any():
        parties = joint.signings[0].parties if joint.signings else ()
        together = telling.say("brief_joint", parties=telling.say.listed([telling.party(each) for each in parties])) if parties else ""
        yield PlacedSentence(together or telling.say("brief_joint_none"), "agreements")


def _clashing(answers: AgreementAnswers, telling: Telling) -> dict[str, list[str]]:
    """Demands in words, and those that each cannot be had beside; what several parties demand in the same words is said once."""
    clashes = answers.terms[0].clashes

    def wanted(demand: Demand) -> tuple[str, str]:
        """In words, and the party where the same words mean another thing for each."""
        alone = demand.kind == "fallback"
        return (telling.say("no_worse"), demand.party) if alone else (telling.want(demand.at, demand.words), "")

    owners: dict[tuple[str, str], set[str]] = {}
    pairs: dict[tuple[tuple[str, str], tuple[str, str]], None] = {}
    for each in clashes.sets:
        if len(each) == 2:
            both = sorted((clashes.demands[d] for d in each), key=lambda demand: demand.kind == "fallback")
            for demand in both:
                owners.setdefault(wanted(demand), set()).add(telling.party(demand.party))
            first, second = (wanted(demand) for demand in both)
            if (second, first) not in pairs:
                pairs[first, second] = None
    told = {key: telling.say("demanded_by", what=key[0], parties=", ".join(sorted(whose))) for key, whose in owners.items()}
    against: dict[str, list[str]] = {}
    for one, other in list(pairs)[:MOST_CLASHES]:
        against.setdefault(told[one], []).append(told[other])
    return against


def _openings(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """Ways out of the mediator's list: those that cross nobody's red line first."""
    if study.unlocks is None or study.unlocks.already:
        return
    rows = study.unlocks.sets
    if rows and all(row.crosses for row in rows):
        yield PlacedSentence(telling.say("brief_open_all"), "unlock")
    ordered = sorted(rows, key=lambda row: (len(row.crosses), sum(each.kind == "add" for each in row.changes)))
    alike = {tuple((each.kind, each.party, each.what, each.that) for each in row.changes): row for row in reversed(ordered)}
    for row in [row for row in ordered if row in alike.values()][:MOST_OPEN]:  # a want of two versions of a party is told once
        change = "; ".join(telling.alteration(each) for each in row.changes)
        whose = telling.say.listed(list(dict.fromkeys(telling.party(line.party) for line in row.crosses)))
        key, given = ("brief_open_crosses", {"parties": whose}) if row.crosses else ("brief_open", {})
        yield PlacedSentence(telling.say(key, change=change, **given), "unlock")


def _watch(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """What would tell that things move: the missing step, what may happen by itself, and what the answers hang on."""
    yield from watched(study, telling)
    goal = goal_of(study)
    for each in goal.openings[1:3] if goal is not None else ():
        yield PlacedSentence(_step("brief_watch_step", each.step, study, telling), "why")
    today = {chance.name for chance in study.graph.chances if study.graph.now in chance.source}
    for name in [each for each in study.case.file.events if each in today][: 1 if study.watch else MOST_EVENTS]:
        rate = getattr(study.case.file.events[name].per_month, "value", 0.0)
        if rate > 0:
            months = round(1 / rate) if 1 / rate >= AT_MONTHS else 1 / rate
            told = telling.say("brief_watch_event", event=telling.called("events", name), time=time_words(months, telling.say))
            yield PlacedSentence(told, "parties")


def _unknown(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """Which version of a party is the true one, what the sources leave out, and which statements turn an answer round."""
    profiles = study.profiles
    hangs = profiles.differing[0] if profiles is not None and profiles.differing else None
    if hangs is not None:
        several = {name: party for name, party in study.case.file.parties.items() if len(party.types) > 1}
        key = "brief_unknown_types" if len(several) > 1 else "brief_unknown_version"
        if len(several) > 1:
            yield PlacedSentence(telling.say("brief_unknown_versions"), "parties")
        for name, party in several.items():
            types = f" {telling.say('or')} ".join(f"“{telling.type_of(name, each)}”" for each in party.types)
            yield PlacedSentence(telling.say(key, party=telling.party(name), types=types), "parties")
        yield PlacedSentence(telling.say("brief_unknown_hangs", title=plain_title(hangs, True, telling)), "sensitivity")
    yield from _turns(study, hangs, telling)
    for each in study.case.file.unsaid[:MOST_UNSAID]:
        yield PlacedSentence(telling.say("brief_unknown_said", what=cut(telling.said(each.what), 120)), "assumptions")
    yield from other_languages(study, telling)


def _turns(study: Study, hangs: Key | None, telling: Telling) -> Iterator[PlacedSentence]:
    """Single doubtful statements without which an answer on the goal comes out otherwise; that one hangs on a version (`hangs`) was told."""
    goal = goal_of(study)
    asked = [each for each in study.conclusions if goal is not None and each.term == goal.term]
    told = [each for each in asked if each.kind != "best_deal" and (each.kind, each.term) != hangs]
    single = {lines[0].at: (lines[0], each) for each in reversed(told) for lines in each.flips or () if len(lines) == 1}
    ordered = sorted(single.values(), key=lambda turned: turned[0].firm)
    of_answer: dict[str, list[str]] = {}
    for line, each in ordered[:MOST_TURNS]:
        of_answer.setdefault(plain_title((each.kind, each.term), each.holds, telling), []).append(telling.line(line))
    for title, lines in of_answer.items():
        key = "brief_unknown_turn" if len(lines) == 1 else "brief_unknown_turn_each"
        yield PlacedSentence(telling.say(key, title=title, line=lines[0], n=len(lines)), "sensitivity")
        if len(lines) > 1:
            yield PlacedSentence(telling.say("brief_unknown_turn_lines", lines="; ".join(lines)), "sensitivity")


def _sources(study: Study, telling: Telling) -> Iterator[str]:
    """The doubtful claims behind the main answer, with who says them and their words of doubt."""
    goal = goal_of(study)
    lines = weak_lines(study, goal.term) if goal is not None else []
    names = list(dict.fromkeys(name for line in lines for name in line.claims if name in line.hedged))
    for name in names[:MOST_SOURCES]:
        claim = study.case.file.claims[name]
        shown = told(study.case, name, claim, (), telling.say)
        sure = telling.say("holds_certain", who=telling.said(claim.says))  # goes without saying
        who = [*(each for each in shown.speakers if each != sure), *([telling.say("brief_hedge", hedge=shown.hedge)] if shown.hedge else [])]
        yield telling.say("brief_source", gloss=telling.said(claim.gloss), who="; ".join(who))
