"""Deals, clashes, concessions, unlocking, draws, versions, verdicts and survival, worked out again from case files by code of our own.

The plain readers (`tests/oracle/plain_view.py`, `plain_answers.py`, `dense_truce.py`) import nothing of the program; here both are asked the
same. Cases: those of the catalogue that have levers, and random small ones, written as files (`written_cases.py`).
"""

from __future__ import annotations

import collections
import copy
import functools
import itertools
import os

import numpy as np
import pytest
import yaml

from bestand import agreements, coalitions, concessions, conflict, cores, frontier, joint, read, settle, stability, survival, unlock
from bestand.case.lines import with_file
from bestand.case.read import read_text
from bestand.case.write import expanded_text
from bestand.graph.draws import drawn_wants
from bestand.study.goals import main_goal
from bestand.study.hypotheses import verdicts
from bestand.study.profiles import profiles
from bestand.study.sensitivity import answers, sensitivity
from tests.depth import in_depth, spread
from tests.oracle import plain_answers as plainly
from tests.oracle.dense_truce import Truce
from tests.oracle.plain_view import File, Game, View, as_texts
from tests.oracle.written_cases import written_case
from tests.truce.test_zones import TEXT, USUAL

CATALOGUE = ("example/en", "invented/harbour-strike", "invented/mountain-road")
SEARCHING = bool(os.environ.get("BESTAND_SEARCH"))
RANDOM = tuple(range(80 if SEARCHING else 8))
MAIN = "ukraine/2025-04"
FEW = ("gains", "rests", "reached", "possible", "agreement")


@functools.cache
def both(of: str | int):
    """A case as the program reads it, and its file as the plain reader does, short forms written out."""
    case = read(of) if isinstance(of, str) else read_text(written_case(of))
    text = expanded_text(case) if isinstance(of, str) else written_case(of)
    return case, File(text)


@functools.cache
def asked(of: str | int):
    """The conflict of the program, and the plain game of the same view with the most probable types."""
    case, file = both(of)
    made = conflict(case)
    return made, Game(View(file, made.view), file.usual())


def goals(of: str | int) -> list[str]:
    """What deals are looked for with: the goal of the page, or the terms of a random case that some state can have in the world as it is."""
    made, plain = asked(of)
    if isinstance(of, str):
        return [main_goal(made)]
    return [term for term in plain.view.file.terms if (plainly.world_as_it_is(plain.view) & plain.view.holds(term)).any()]


def settings(states, of) -> set[tuple[str, ...]]:
    return {tuple(of(int(state)).values()) for state in states}


def named(found, k: int) -> frozenset[plainly.Demand]:
    """The k-th clash or concession of the program, as whose and what."""
    each = [found.demands[d] for d in found.sets[k]]
    return frozenset((demand.party, "fallback" if demand.kind == "fallback" else demand.at) for demand in each)


def placed(plain: Game, told: set[frozenset[plainly.Demand]]) -> set[frozenset[plainly.Demand]]:
    """The same of the plain code, red lines by where they stand in the file."""
    at = {}
    for party in plain.parties:
        inner = f".{plain.types[party]}" if plain.types[party] else ""
        at |= {(party, want["that"]): (party, f"wants.{party}{inner}[{k}]") for k, want in enumerate(plain.wants[party]) if want.get("red_line") == "true"}
    return {frozenset(at.get(demand, demand) for demand in one) for one in told}


@spread("of", [*CATALOGUE, MAIN, *RANDOM], ids=str, first=2)
@pytest.mark.parametrize("by", ["order", "size"])
def test_the_same_can_be_agreed_and_the_same_blocks_it(of, by):
    made, plain = asked(of)
    made = made.on_scale("ordinal" if by == "order" else "cardinal")
    for goal in goals(of):
        insisted = plainly.demands(plain, fallback=[plain.view.now], by=by)
        among = plainly.world_as_it_is(plain.view) & plain.view.holds(goal)
        deals = np.flatnonzero(np.logical_and.reduce([among, *insisted.values()]))
        assert settings(agreements(made, that=goal).states(), made.graph.at) == settings(deals, plain.view.settings), goal
        if insisted and among.any():
            clash, given = cores(made, that=goal), concessions(made, that=goal)
            assert clash.complete and given.complete
            assert {named(clash, k) for k in range(len(clash.sets))} == placed(plain, plainly.clashes(insisted, among)), goal
            assert {named(given, k) for k in range(len(given.sets))} == placed(plain, plainly.concessions(insisted, among)), goal


def plain_packages(plain: Game, rule: str) -> set[tuple[str, ...]]:
    """What a rule picks among all that crosses no red line and leaves nobody below today, by the definitions, over those who can gain at all."""
    insisted = plainly.demands(plain, fallback=[plain.view.now], by="size")
    deals = np.flatnonzero(np.logical_and.reduce([plainly.world_as_it_is(plain.view), *insisted.values()]))
    movers = [party for party in plain.parties if party not in plain.view.file.chance | plain.view.file.unsigned]
    size = np.array([plain.view.size(plain.wants[party]) for party in movers])
    gain = size[:, deals] - size[:, [plain.view.now]]
    gain = gain[gain.max(axis=1) > 1e-9]
    score = {
        "nash": np.prod(gain, axis=0), "kalai_smorodinsky": (gain / gain.max(axis=1, keepdims=True)).min(axis=0),
        "egalitarian": gain.min(axis=0), "utilitarian": gain.sum(axis=0),
    }[rule]  # fmt: skip
    return settings(deals[score >= score.max() - 1e-9 * np.abs(score).max()], plain.view.settings)


@spread("rule", ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"], first=1)
@pytest.mark.parametrize("of", [MAIN, "invented/mountain-road"])
def test_the_same_package_is_picked(of, rule):
    made, plain = asked(of)
    sized = made.on_scale("cardinal")
    told = settle(frontier(sized, among=agreements(sized).open[0], fallback="now"), rule=rule).outcomes
    assert settings(told, made.graph.at) == plain_packages(plain, rule)


def test_no_package_holds_a_force_without_the_ceasefire_that_it_needs():
    """A guard is asked for on entry, so that the state is allowed; but nobody can sign it today."""
    made, _ = asked(MAIN)
    alone = made.where("eu.force != none and not ceasefire")
    deals = agreements(made.on_scale("cardinal"))
    assert alone.any() and deals.deal.any() and not (deals.deal[0] & alone).any() and not (deals.open[0] & alone).any()
    # a force that is there already may stay where the ceasefire is gone
    there = conflict(read(MAIN), hold={"eu.force": "reassurance"}, scale="cardinal")
    assert (agreements(there).deal[0] & ~there.where("ceasefire")).any()


# ---- what only together at once -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("of", ["example/en", "invented/harbour-strike", "invented/mountain-road", MAIN, *RANDOM], ids=str)
def test_what_only_acting_together_reaches_is_that_of_the_definition(of):
    """A joint move by the letter of `joint`: allowed before or after, better for each, none of it paid alone, not reached one by one."""
    made, plain = asked(of)
    for goal in goals(of):
        together = joint(made, that=goal)
        told = {frozenset(each.parties): settings(each.states, made.graph.at) for each in together.signings}
        assert told == plainly.signings(plain, goal), goal
        assert int(together.alone.sum()) == (plain.reached("paying", plain.view.now) & plain.view.ok & plain.view.holds(goal)).sum()


# ---- who could upset it together -------------------------------------------------------------------------------------------------
@spread("of", [*CATALOGUE, MAIN], ids=str, first=1)
def test_the_same_coalitions_upset_what_rests_where_others_reply_by_their_best_moves(of):
    """By the definition: members move in any order to what is better for each, and no reply by best moves of the others leaves one no better off."""
    made, plain = asked(of)
    told, resting = coalitions(made, concept="seq", moves="best"), np.flatnonzero(stability(made, concepts=("seq",), moves="best").holds("seq"))
    at = {tuple(plain.view.settings(int(k)).values()): int(k) for k in np.flatnonzero(plain.view.ok)}
    movers = [party for party in plain.parties if plain.view.moves[party][1].any()]
    for state in np.random.default_rng(2).permutation(resting)[: None if SEARCHING else 60]:
        here = at[tuple(made.graph.at(int(state))[lever] for lever in plain.view.settings(0))]
        mine = {each for n in range(1, 1 + len(movers)) for each in itertools.combinations(movers, n) if plainly.upset(plain, each, here)}
        theirs = {tuple(party for party in each if party in movers) for each in told.upset_by(int(state))}
        assert {each for each in theirs if each} - mine == set() == mine - theirs, made.graph.at(int(state))


# ---- what would unlock it --------------------------------------------------------------------------------------------------------
def plain_change(change) -> tuple:
    if change.kind == "hold":
        return ("hold", change.at.removeprefix("levers."), change.that)
    return ("drop", change.party, change.that) if change.kind == "drop" else ("put", change.party, change.that, change.place - 1)


def order(game: Game) -> tuple:
    """How every party ranks the states that remain: two changes with the same order are the same change."""
    return tuple(game.view.hold.items()), *(np.unique(game.rank[party][game.view.ok], return_inverse=True)[1].tobytes() for party in game.parties)


@spread("of", ["example/en", "invented/mountain-road", *RANDOM[: 80 if SEARCHING else 4]], ids=str, first=1)
def test_what_is_listed_unlocks_and_what_unlocks_alone_is_listed(of):
    made, plain = asked(of)
    for goal in goals(of)[:1]:
        if not made.where(goal).any():
            continue
        told = unlock(made, goal=goal, most=2)
        assert told.already == plainly.unlocked(plain, goal)
        rng, most = np.random.default_rng(0), max(5, min(80, 15_000 // plain.view.n))
        for k in rng.permutation(len(told.sets))[: most // 4]:
            changes = [plain_change(change) for change in told.sets[k].changes]
            assert plainly.unlocked(plainly.altered(plain, changes), goal), changes
            for one in changes if len(changes) > 1 else ():
                assert not plainly.unlocked(plainly.altered(plain, [one]), goal), (changes, one)
        if told.already:
            continue
        alone = {order(plainly.altered(plain, [plain_change(change)])) for each in told.sets if len(each.changes) == 1 for change in each.changes}
        singles = list(plainly.single_changes(plain, goal))
        for change in singles if len(singles) < most else [singles[k] for k in rng.choice(len(singles), most, replace=False)]:
            game = plainly.altered(plain, [change])
            if plainly.unlocked(game, goal):
                assert order(game) in alone, change


# ---- draws ---------------------------------------------------------------------------------------------------------------------------
@spread("of", ["example/en", *RANDOM[: 80 if SEARCHING else 3]], ids=str, first=1)
def test_shares_over_draws_are_those_of_draws_made_by_other_rules_of_chance(of):
    """Types, claims, speakers, sources, order and numbers drawn anew: every share is the same within what so many draws can tell."""
    _, file = both(of)
    made, plain = asked(of)
    n, n_plain, rng = (1500, 500, np.random.default_rng(11)) if SEARCHING else (600, 200, np.random.default_rng(11))
    masks = {term: plain.view.ok & plain.view.holds(term) for term in file.terms}
    told = {key: each[1:].mean() for key, each in answers(made.draw(n + 1, seed=3), {term: made.where(term) for term in file.terms}).items()}
    drawn = made.draw(n + 1, seed=3).on_scale("ordinal")
    told |= {("deal_exists", goal): agreements(drawn, that=goal).deal[1:].any(axis=1).mean() for goal in goals(of)}
    counted = dict.fromkeys(told, 0)
    for _ in range(n_plain):
        types, wants = plainly.draw(file, rng)
        game = Game(plain.view, types, wants)
        rests, reached = game.rests("best"), game.reached("best", plain.view.now)
        counted["now_rests", ""] += bool(rests[plain.view.now])
        for term, mask in masks.items():
            counted["term_rests", term] += bool((rests & mask).any())
            counted["term_reached", term] += bool((reached & mask).any())
        for goal in goals(of):
            deals = plainly.demands(game, fallback=[plain.view.now]).values()
            counted["deal_exists", goal] += bool(np.logical_and.reduce([plainly.world_as_it_is(plain.view) & plain.view.holds(goal), *deals]).any())
    for key, share in told.items():
        one = counted[key] / n_plain
        pooled = (share * n + counted[key]) / (n + n_plain)
        assert abs(share - one) <= 4 * np.sqrt(max(pooled * (1 - pooled), 1 / n_plain) * (1 / n + 1 / n_plain)), (key, share, one)


@spread("of", [MAIN, "invented/harbour-strike", "invented/mountain-road"], first=1)
def test_wants_are_there_and_pass_one_another_as_often_as_the_rules_say(of):
    """Per want: how often it is there, before which others, and how large on average, in draws of the program and in our own."""
    case, file = both(of)
    n, n_plain, rng = 2000, 400, np.random.default_rng(5)
    ours = [plainly.draw(file, rng) for _ in range(n_plain)]
    for party in file.parties:
        drawn = drawn_wants(case, party, n, 3)
        for t, kind in enumerate(drawn.types):
            mine = [{want["that"]: (place, want["worth"]) for place, want in enumerate(wants[party])} for types, wants in ours if types[party] == kind]
            of_type = drawn.type_ == t
            assert abs(of_type.mean() - len(mine) / n_plain) < 4 * np.sqrt(0.25 * (1 / n + 1 / n_plain))
            if len(mine) < 50:
                continue
            listed = [want["that"] for want in file.wants(party, kind)]
            error = 4 * np.sqrt(0.25 * (1 / of_type.sum() + 1 / len(mine)))
            for k, that in enumerate(listed):
                there = drawn.there[t][of_type, k]
                assert abs(there.mean() - np.mean([that in each for each in mine])) < error, (party, kind, that)
                for other in range(k + 1, len(listed)):
                    pair = there & drawn.there[t][of_type, other]
                    passed = pair & (drawn.place[t][of_type, other] < drawn.place[t][of_type, k])
                    plain = np.mean([that in each and listed[other] in each and each[listed[other]][0] < each[that][0] for each in mine])
                    assert abs(passed.mean() - plain) < error, (party, kind, that, listed[other])
                sizes = drawn.weight[t][of_type, k][there]
                plain = np.array([each[that][1] for each in mine if that in each])
                if plain.size > 50 and not np.isnan(sizes).any():
                    assert abs(sizes.mean() - plain.mean()) <= 4.5 * np.sqrt(sizes.var() / sizes.size + plain.var() / plain.size) + 1e-9, (party, kind, that)


# ---- versions --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("of", [*CATALOGUE, *RANDOM], ids=str)
def test_every_version_of_the_parties_answers_the_same(of):
    """What rests in both readings, what best moves reach and where they end, what can be agreed: for every profile of types."""
    _, file = both(of)
    made, plain = asked(of)
    told = profiles(made, goal=goals(of)[0] if goals(of) else None).profiles
    chances = collections.Counter()
    for types, chance in file.profiles():
        (place,) = (k for k, each in enumerate(told) if each.types.items() <= types.items())  # types that the view does not tell apart are one
        game, answer, chances[place] = Game(plain.view, types), told[place], chances[place] + chance
        rests, reached = game.rests("best"), game.reached("best", plain.view.now)
        assert answer.resting == rests.sum()
        assert settings(answer.ends, made.graph.at) == settings(np.flatnonzero(reached & game.quiet()), plain.view.settings)
        for (kind, term), yes in answer.answers.items():
            if kind == "deal_exists":
                found = np.logical_and.reduce([plainly.world_as_it_is(plain.view) & plain.view.holds(term), *plainly.demands(game, fallback=[plain.view.now]).values()])
            else:
                found = {"now_rests": rests[[plain.view.now]], "term_rests": rests & plain.view.holds(term or "true"), "term_reached": reached & plain.view.holds(term or "true")}[kind]
            assert yes == found.any(), (types, kind, term)
    assert [chances[k] for k in range(len(told))] == pytest.approx([each.chance for each in told])


# ---- what sources claim ------------------------------------------------------------------------------------------------------------------
@spread("of", [*CATALOGUE, *RANDOM], ids=str, first=1)
def test_every_verdict_is_that_of_the_page_on_questions(of):
    """What a test finds, whether a channel leads there, what repeats the text, what one doubtful want or the assumptions turn."""
    case, file = both(of)
    for told in verdicts(case):
        about = file.file["hypotheses"][told.name]
        tests = about["test"] if isinstance(about["test"], list) else [about["test"]]
        for outcome, test in zip(told.outcomes, tests, strict=True):
            if test["ask"] in FEW and outcome.status != "unanswered":
                assert outcome.status == plainly.verdict(file, test, about.get("because", [])), (told.name, test)


@spread("name", ["h_threat_fades", "h_war_crime", "h_not_carried_out", "h_buyers", "h_burden", "h_sidelined"], first=1)
def test_every_verdict_of_the_main_case_in_its_small_views(name):
    case, file = both(MAIN)
    (told,) = verdicts(with_file(case, hypotheses={name: case.file.hypotheses[name]}))
    about = file.file["hypotheses"][name]
    tests = about["test"] if isinstance(about["test"], list) else [about["test"]]
    for outcome, test in zip(told.outcomes, tests, strict=True):
        assert outcome.status == plainly.verdict(file, test, about["because"]), test
        assert _said_of_each(outcome, file, test), test


def _said_of_each(outcome, file, test) -> bool:
    """Whether what is told of versions of the parties is what our own code says of each of them, with how likely it is."""
    ours = plainly.by_version(file, test)
    if not outcome.versions:
        return len(set(ours.values())) == 1
    chances = {tuple(kinds.values()): chance for kinds, chance in file.profiles()}
    for each in outcome.versions:
        of = [kinds for kinds in ours if all(kinds[file.parties.index(party)] == type_ for party, type_ in each.types.items())]
        if {ours[kinds] for kinds in of} != {{"holds": True, "fails": False, "depends": None}[each.answer]}:
            return False
        if abs(sum(chances[kinds] for kinds in of) - each.chance) > 1e-9:
            return False
    return abs(sum(each.chance for each in outcome.versions) - 1) < 1e-9


# ---- does it hold --------------------------------------------------------------------------------------------------------------------
def drawn_text(plain: dict, rng: np.random.Generator) -> str:
    """The case with each number that has a range drawn between its ends."""

    def put(node):
        if isinstance(node, dict):
            if "range" in node and "value" in node:
                low, high = map(float, node["range"])
                return float(rng.triangular(low, float(node["value"]), high))
            return {key: put(each) for key, each in node.items()}
        return [put(each) for each in node] if isinstance(node, list) else node

    return yaml.safe_dump(put(copy.deepcopy(plain)), sort_keys=False)


@in_depth
def test_the_mean_survival_of_one_posture_over_draws_of_our_own():
    """A guard of middle size, the outsider behind it: dense matrices of every draw, made from the file with its numbers drawn anew."""
    wide = {"truce_worth": "{value: 1, range: [0, 3], assumed: x}", "prize": "{value: 3, range: [1, 6], assumed: x}", "cost": "{value: 2, range: [0.5, 5], assumed: x}"}
    text = TEXT.format(**(USUAL | wide)).replace("that: not a.attacks, worth: {value: 1", "that: not a.attacks, because: [c], worth: {value: 1")
    text = text.replace("parties:", 'sources: {s: {title: s, sha256: "%s"}}\nclaims: {c: {source: s, quote: q, gloss: g}}\nparties:' % ("0" * 64), 1)
    held, months = {"g.force": "some"}, [1.0, 3.0]
    case = read_text(text)
    told = survival(conflict(case, hold=held, draws=400, seed=2), start="truce", truce="truce", months=months)
    rng, plain = np.random.default_rng(7), as_texts(text)
    ours = np.array([_alive(drawn_text(plain, rng), held, months) for _ in range(24)])
    apart = np.abs(told.alive[1:].mean(axis=0) - ours.mean(axis=0))
    assert (apart < 3 * np.sqrt(told.alive[1:].var(axis=0) / 400 + ours.var(axis=0, ddof=1) / len(ours))).all()
    assert ours.std(axis=0).min() > 0.01


def _alive(text: str, held: dict[str, str], months: list[float]) -> np.ndarray:
    dense = Truce(text, held)
    return dense.alive("truce", dense.now | held, months, step=0.1)


# ---- what carries each conclusion --------------------------------------------------------------------------------------------------
def plain_conclusions(game: Game) -> dict[tuple[str, str], bool]:
    rests, reached = game.rests("best"), game.reached("best", game.view.now)
    told = {("now_rests", ""): bool(rests[game.view.now])}
    for term in game.view.file.terms:
        mask = game.view.holds(term)
        told |= {("term_rests", term): bool((rests & mask).any()), ("term_reached", term): bool((reached & mask).any())}
    return told


def plain_losses(file: File, view: str):
    """Every statement of a case by itself, as (its place, the game without it)."""
    usual, whole = file.usual(), View(file, view)
    for party in file.parties:
        inner = f".{usual[party]}" if usual[party] else ""
        listed = file.wants(party, usual[party])
        for k, want in enumerate(listed):
            if len(np.unique(whole.holds(want["that"])[whole.ok])) == 2:
                wants = {each: file.wants(each, usual[each]) for each in file.parties} | {party: listed[:k] + listed[k + 1 :]}
                yield f"wants.{party}{inner}[{k}]", Game(whole, usual, wants)
        others = {name: chance for name, chance in file.types(party).items() if name != usual[party]}
        if others:
            yield f"parties.{party}.types.{usual[party]}", Game(whole, {**usual, party: max(others, key=others.__getitem__)})
    for lever, about in file.file["levers"].items():
        for key in (["one_way"] if "one_way" in about else []) + [f"needs.{setting}" for setting in about.get("needs") or {}]:
            given = copy.deepcopy(file.file)
            inner, _, setting = key.partition(".")
            del (given["levers"][lever]["needs"] if setting else given["levers"][lever])[setting or inner]
            yield f"levers.{lever}.{key}", Game(View(File(given), view), usual)
    for k in range(len(file.file.get("never") or [])):
        given = copy.deepcopy(file.file)
        del given["never"][k]
        yield f"never[{k}]", Game(View(File(given), view), usual)


@pytest.mark.parametrize("of", [MAIN] if SEARCHING else ["invented/mountain-road"])
def test_the_same_single_statements_turn_each_conclusion(of):
    made, plain = asked(of)
    told = sensitivity(made)
    usual = plain_conclusions(plain)
    assert dict(told.answers) == usual
    mine = collections.defaultdict(set)
    for at, game in plain_losses(plain.view.file, made.view):
        for key, answer in plain_conclusions(game).items():
            if answer != usual[key]:
                mine[key].add(at)
    theirs = {key: {line.at for each in sets for line in each} for key, sets in told.sets.items() if any(len(each) == 1 for each in sets)}
    assert {key: ats for key, ats in theirs.items() if ats} == mine
