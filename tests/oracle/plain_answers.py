"""The answers of a page that are more than counts, worked out again from a case file: deals and clashes, unlocking, draws, verdicts.

By the definitions of `docs/theory` and `docs/reference/tests.md`, on the states, moves and ranks of `plain_view.py`; numpy alone, nothing of
the program. Slow: every subset of demands, every change, every line is tried.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Collection, Iterator, Mapping

import numpy as np

from tests.oracle.plain_view import NONE, WORD, File, Game, View, number, stated

DEGREES = {"certain": 1.0, "probable": 0.8, "possible": 0.5, "uncommitted": 0.5, "denied": 0.1}
HEDGED, ASSUMED, SHIFT = 0.8, 0.7, 1.5
Demand = tuple[str, str]  # whose, and the red line or "fallback"


# ---- deals -------------------------------------------------------------------------------------------------------------------
def demands(game: Game, *, fallback: Collection[int], excluding: Collection[str] = (), by: str = "order") -> dict[Demand, np.ndarray]:
    """What each party insists on, and where that is met: its red lines, and not to be worse off than at the worst it falls back on."""
    made = {}
    for party in game.parties:
        if party in excluding or party in game.view.file.unsigned:
            continue
        lines = [want["that"] for want in game.wants[party] if want.get("red_line") == "true"]
        made |= {(party, line): game.view.holds(line) for line in lines}
        worth = game.rank[party] if by == "order" else game.view.size(game.wants[party])
        made[party, "fallback"] = worth >= min(worth[state] for state in fallback) - (0 if by == "order" else 1e-9 * np.abs(worth).max())
    return made


def world_as_it_is(view: View) -> np.ndarray:
    """States that can be signed today: what chance moves, or one who does not sign, is as today, nothing goes back that goes one way, and what a setting needs holds before or after."""
    as_today = view.ok.copy()
    for k, lever in enumerate(view.levers):
        here, about = view.digits[:, k], view.file.file["levers"][lever]
        if lever.split(".")[0] in view.file.chance | view.file.unsigned:
            as_today &= here == here[view.now]
            continue
        as_today &= {"up": here >= here[view.now], "down": here <= here[view.now]}.get(about.get("one_way"), True)
        for setting, guard in (about.get("needs") or {}).items():
            there, holds = here == view.file.settings[lever].index(setting), view.holds(stated(guard))
            as_today &= ~there | there[view.now] | holds | holds[view.now]
    return as_today


def concessions(insisted: Mapping[Demand, np.ndarray], among: np.ndarray) -> set[frozenset[Demand]]:
    """Smallest sets of demands which some state leaves unmet, and no other."""
    met = np.stack(list(insisted.values()), axis=1)[among]
    unmet = {frozenset(name for name, held in zip(insisted, row, strict=True) if not held) for row in np.unique(met, axis=0)}
    return {one for one in unmet if not any(other < one for other in unmet)}


def clashes(insisted: Mapping[Demand, np.ndarray], among: np.ndarray) -> set[frozenset[Demand]]:
    """Smallest sets of demands that no state meets together."""
    found: list[frozenset[Demand]] = []
    for size in range(1, len(insisted) + 1):
        for chosen in itertools.combinations(insisted, size):
            if not any(known <= set(chosen) for known in found) and not np.logical_and.reduce([among, *(insisted[name] for name in chosen)]).any():
                found.append(frozenset(chosen))
    return set(found)


def signings(game: Game, goal: str) -> dict[frozenset[str], set[tuple[str, ...]]]:
    """The smallest sets of parties that reach a goal only by acting at once, with all that they reach so, as settings."""
    view, now = game.view, game.view.now
    reached, found = game.reached("paying", now), {}
    for state in np.flatnonzero(view.ok & view.holds(goal) & ~reached):
        moved = {lever: k for k, lever in enumerate(view.levers) if view.digits[state, k] != view.digits[now, k]}
        parties = frozenset(lever.split(".")[0] for lever in moved)
        if len(parties) < 2 or parties & view.file.chance or not all(game.rank[each][state] > game.rank[each][now] for each in parties):
            continue
        if all(_may_change(view, lever, k, state) for lever, k in moved.items()) and not any(_pays_alone(game, each, state) for each in parties):
            found.setdefault(parties, set()).add(tuple(view.settings(state).values()))
    return {parties: states for parties, states in found.items() if not any(other < parties for other in found)}


def _may_change(view: View, lever: str, k: int, state: int) -> bool:
    about, here, there = view.file.file["levers"][lever], view.digits[view.now, k], view.digits[state, k]
    guard, way = (about.get("needs") or {}).get(view.file.settings[lever][there]), about.get("one_way")
    if way and (there > here) != (way == "up"):
        return False
    return guard is None or bool(view.holds(stated(guard))[[view.now, state]].any())


def _pays_alone(game: Game, party: str, state: int) -> bool:
    view, place = game.view, game.view.now
    for k, lever in enumerate(view.levers):
        if lever.split(".")[0] == party:
            place += (view.digits[state, k] - view.digits[view.now, k]) * view.step[k]
    target, legal, _ = view.moves[party]
    return bool((legal[view.now] & (target[view.now] == place)).any()) and game.rank[party][place] > game.rank[party][view.now]


# ---- what would unlock it ------------------------------------------------------------------------------------------------------


# ---- who upsets what together ----------------------------------------------------------------------------------------------------
def upset(game: Game, coalition: Collection[str], state: int) -> bool:
    """Whether a coalition reaches by legal moves something better for each member, which no reply by best moves of the others takes from one."""
    seen, front = np.zeros(game.view.n, bool), np.array([state])
    while front.size:
        ahead = [game.view.moves[party][0][front][game.view.moves[party][1][front]] for party in coalition]
        front = np.setdiff1d(np.concatenate(ahead), np.flatnonzero(seen))
        seen[front] = True
    reached = np.flatnonzero(seen & np.logical_and.reduce([game.rank[party] > game.rank[party][state] for party in coalition]))
    others = [party for party in game.parties if party not in coalition]
    worst = [game.worst_of(party, others, "best")[reached] for party in coalition] if others and reached.size else []
    return bool(np.logical_and.reduce([np.ones(reached.size, bool), *(w > game.rank[p][state] for w, p in zip(worst, coalition, strict=False))]).any())


def varying(game: Game, party: str) -> list[Mapping]:
    """A party's wants that are not the same in every state."""
    masks = {want["that"]: game.view.holds(want["that"])[game.view.ok] for want in game.wants[party]}
    return [want for want in game.wants[party] if masks[want["that"]].any() and not masks[want["that"]].all()]


def altered(game: Game, changes: Collection[tuple]) -> Game | None:
    """The game after changes: ("drop", party, condition), ("put", party, condition, place), ("hold", lever, setting); None where that cannot be."""
    holds = {change[1]: change[2] for change in changes if change[0] == "hold"}
    view = View(game.view.file, game.view.name, {**game.view.hold, **holds}) if holds else game.view
    if not view.ok[view.now]:
        return None
    wants = {}
    for party in game.parties:
        mine = [change for change in changes if change[0] != "hold" and change[1] == party]
        wants[party] = [want for want in varying(Game(view, game.types) if holds else game, party) if want["that"] not in {change[2] for change in mine}]
        for _, _, that, place in sorted((change for change in mine if change[0] == "put"), key=lambda change: change[3]):
            if place > len(wants[party]):
                return None  # there is no such place
            wants[party].insert(place, {"that": that})
    return Game(view, game.types, wants)


def unlocked(game: Game | None, goal: str) -> bool:
    """Whether a state of the goal rests and best moves from today lead to it."""
    return game is not None and bool((game.reached("best", game.view.now) & game.rests("best") & game.view.holds(goal)).any())


def single_changes(game: Game, goal: str) -> Iterator[tuple]:
    """Every want dropped or put anywhere, the goal and every term and its opposite taken up, every lever held that the goal does not speak of."""
    file = game.view.file
    extra = [goal, *(text for term in file.terms for text in (term, f"not {term}"))]
    for party in game.parties:
        own = [want["that"] for want in varying(game, party)]
        yield from (("drop", party, that) for that in own)
        yield from (("put", party, that, place) for that in own for place in range(len(own)))
        yield from (("put", party, that, place) for that in extra if that not in own for place in range(len(own) + 1))
    spoken = levers_in(file, goal)
    for lever, settings in file.settings.items():
        if lever not in spoken and lever.split(".")[0] not in file.chance:
            yield from (("hold", lever, setting) for setting in settings if lever in game.view.levers or setting != file.settings[lever][game.view.column[lever][0]])


def levers_in(file: File, text: str) -> set[str]:
    """Levers that a condition speaks of, through terms too."""
    names = WORD.findall(text)
    return {name for name in names if name in file.settings}.union(*(levers_in(file, file.terms[name]) for name in names if name in file.terms))


# ---- draws -----------------------------------------------------------------------------------------------------------------------
def hedged(claim: Mapping) -> bool:
    return bool(claim.get("hedge")) or any(degree != "certain" for degree in degrees(claim))


def degrees(claim: Mapping) -> list[str]:
    chain = [link.get("holds", "certain") for link in claim.get("chain") or []]
    return [claim.get("author_holds", "certain"), claim.get("source_holds", "certain"), *chain]


def firm(file: File, want: Mapping) -> bool:
    """Whether nobody hedges what a want needs; or, where it needs none, some claim that supports it."""
    needed, supporting = want.get("because") or [], want.get("supported_by") or []
    basis = want.get("basis") or ("stated" if needed or supporting else "assumed")
    doubted = {name: hedged(file.file["claims"][name]) for name in (*needed, *supporting)}
    return basis in ("stated", "inferred") and (not any(doubted[n] for n in needed) if needed else any(not doubted[n] for n in supporting))


def triangular(given, rng: np.random.Generator, known: dict[str, float]) -> float:
    """A number with a range; those of one name once."""
    if not isinstance(given, Mapping) or "range" not in given or len(set(given["range"])) == 1:
        return number(given)
    name = given.get("same_as") or str(id(given))
    if name not in known:
        known[name] = rng.triangular(float(given["range"][0]), float(given["value"]), float(given["range"][1]))
    return known[name]


def draw(file: File, rng: np.random.Generator) -> tuple[dict[str, str], dict[str, list[dict]]]:
    """One draw of what a case leaves open: a type per party, and its wants in their order, each with its worth."""
    speakers: dict[str, float] = {}
    known: dict[str, float] = {}
    sources = {
        name: "reliability" not in about or rng.random() < triangular(about["reliability"], rng, known) for name, about in (file.file.get("sources") or {}).items()
    }
    true = {name: _is_true(file, claim, sources, speakers, rng) for name, claim in (file.file.get("claims") or {}).items()}
    types, wants = {}, {}
    for party in file.parties:
        stated_types = file.file["parties"][party].get("types") or {}
        chances = [triangular(chance, rng, known) for chance in stated_types.values()] or [1.0]
        types[party] = (list(stated_types) or [""])[rng.choice(len(chances), p=np.array(chances) / sum(chances))]
        placed = []
        for k, want in enumerate(file.wants(party, types[party])):
            needed, supporting = want.get("because") or [], want.get("supported_by") or []
            there = all(true[n] for n in needed) if needed else any(true[n] for n in supporting) if supporting else rng.random() < ASSUMED
            shift = 0.0 if firm(file, want) else rng.uniform(-SHIFT, SHIFT)
            if there:
                placed.append((k + shift, {**want, "worth": triangular(want.get("worth", "0"), rng, known)}))
        wants[party] = [want for _, want in sorted(placed, key=lambda each: each[0])]
    return types, wants


def _is_true(file: File, claim: Mapping, sources: Mapping[str, bool], speakers: dict[str, float], rng: np.random.Generator) -> bool:
    """Whoever is heard is believed so far, by one number of his in a draw; the last in the chain may hold back; the sources are right."""
    author, last, *chain = degrees(claim)
    says = claim.get("says", "author")
    heard = [link["who"] for link in claim.get("chain") or []] + ([says] if says != "author" else [])
    holding = [author, *chain]
    chance = DEGREES[last] * (1.0 if says != "author" else DEGREES[holding[-1]])
    if math.isclose(math.prod(DEGREES[each] for each in degrees(claim)), 1.0) and claim.get("hedge"):
        chance = HEDGED
    fine = rng.random() < chance
    for who, degree in zip(heard, holding, strict=False):
        fine &= speakers.setdefault(who, rng.random()) < DEGREES[degree]
    through = {name for name, about in (file.file.get("sources") or {}).items() if {name, about.get("title"), about.get("author")} & set(heard)}
    return fine and all(sources[name] for name in through | {claim["source"]})


# ---- what sources claim ----------------------------------------------------------------------------------------------------------
def amount(game: Game, test: Mapping, how: str = "best") -> tuple[float, bool | None]:
    """How much there is of what a test asks about, and whether that is a yes; None where it cuts both ways."""
    view, ask = game.view, test["ask"]
    that = view.ok & view.holds(test.get("that", "true"))
    starts = np.flatnonzero(view.ok & view.holds(test["from"])) if "from" in test else np.array([view.now])
    if ask == "rests":
        judges = [test["party"]] if "party" in test else game.parties
        rests = view.ok & np.logical_and.reduce([stays(game, test.get("concept", "seq"), each, how) for each in judges if each not in test.get("excluding", ())])
        rests &= fewest(game, test, starts, test.get("by", "best")) >= 0 if "from" in test else True
        return (rests & that).sum() / max(rests.sum(), 1), bool((rests & that).any())
    if ask in ("reached", "possible"):
        steps = fewest(game, test, starts, "any" if ask == "possible" else test.get("by", "best"))
        near = steps[that & (steps >= 0)]
        return (1 / (1 + near.min()), True) if near.size else (0.0, False)
    if ask == "agreement":
        among = that & world_as_it_is(view)
        deals = np.logical_and.reduce([among, *demands(game, fallback=starts, excluding=test.get("excluding", ())).values()])
        return deals.sum() / max(among.sum(), 1), bool(deals.any())
    assert ask == "gains"
    (target, legal, effort), rank, outside = view.moves[test["party"]], game.rank[test["party"]], starts[~that[starts]]
    there = legal & that[target]
    nearest = there & (effort == np.where(there, effort, NONE).min(axis=1, keepdims=True))
    n_gaining = int((nearest & (rank[target] > rank[:, None])).any(axis=1)[outside].sum())
    return n_gaining / max(outside.size, 1), True if n_gaining == outside.size > 0 else False if n_gaining == 0 else None


def stays(game: Game, concept: str, party: str, how: str) -> np.ndarray:
    if concept == "nash":
        return ~game.steps["paying"][party].any(axis=1)
    assert concept == "seq"
    return game.stays(party, how)


def fewest(game: Game, test: Mapping, starts: np.ndarray, by: str) -> np.ndarray:
    """Fewest moves from the nearest start to every state, touching nothing of `without`, some parties not moving; -1 where none lead there."""
    view = game.view
    closed = view.holds(test["without"]) if "without" in test else np.zeros(view.n, bool)
    length, front, n = np.full(view.n, -1), np.setdiff1d(starts, np.flatnonzero(closed)), 0
    while front.size:
        length[front] = n
        ahead = []
        for party in game.parties:
            if party not in test.get("excluding", ()):
                target, legal, _ = view.moves[party]
                steps = legal if by == "any" else game.steps[by][party]
                ahead.append(target[front][steps[front]])
        front, n = np.array([s for s in np.unique(np.concatenate(ahead)) if length[s] < 0 and not closed[s]], int), n + 1
    return length


def answer(games: list[Game], test: Mapping, how: str = "best") -> bool | None:
    """Whether a test comes out as expected, as it stands or comparing two situations; None: it cuts both ways, or there is nothing."""
    told, expect = [amount(game, test, how) for game in games], test.get("expect", "yes")
    if len(told) == 1:
        return None if told[0][1] is None else told[0][1] == (expect in ("yes", "more", "not less"))
    (one, _), (other, _) = told
    if one == other == 0 and test["ask"] != "possible":
        return None
    than = "same" if one == other else "more" if one > other else "less"
    return than in {"yes": ("more",), "no": ("less", "same"), "not more": ("less", "same"), "not less": ("more", "same")}.get(expect, (expect,))


def situations(file: File, test: Mapping, wants: Mapping[str, list[Mapping]] | None = None, kinds: Mapping[str, str] | None = None) -> list[Game]:
    """The game as the test puts it, and as it is compared with; of the likeliest versions of the parties if no others are given."""
    name, kinds = test.get("view") or ("core" if "core" in (file.file.get("views") or {}) else None), kinds or file.usual()
    return [Game(View(file, name, test[hold]), kinds, wants) for hold in ("hold", "against") if hold in test] or [Game(View(file, name), kinds, wants)]


def comes_and_goes(view: View, that: str) -> bool:
    """Whether a condition holds in some states of a view and not in others."""
    return len(set(view.holds(that)[view.ok])) > 1


def verdict(file: File, test: Mapping, claims: Collection[str]) -> str:
    """What becomes of one test, nothing being drawn: what it says, after the audit."""
    name = test.get("view") or ("core" if "core" in (file.file.get("views") or {}) else None)
    if test["ask"] == "undecidable":
        return "undecidable"
    free = View(file, name)
    if "that" in test and test["ask"] != "gains" and not (free.ok & free.holds(test["that"])).any():
        return "cannot_arise"
    compared = {lever for lever in {*test.get("hold", {}), *test.get("against", {})} if test.get("hold", {}).get(lever) != test["against"].get(lever)} if "against" in test else set()
    spoken = levers_in(file, test["that"]) if "that" in test else set()
    if spoken and test["ask"] != "gains" and not spoken & (set(free.levers) | compared) and any(comes_and_goes(View(file, other), test["that"]) for other in file.file.get("views") or {}):
        return "cannot_arise"
    if compared and not channel(file, name, test, compared):
        return "no_mechanism"
    said = decided(file, test)
    if said in ("holds", "fails") and len(set(by_version(file, test).values())) > 1:
        return "undecidable"
    if said not in ("holds", "fails"):
        return said
    gone = {at for at, line in lines(file) if set(claims) & set(claims_of(line))}
    if gone and decided(less(file, gone), test) != said:
        return "repeats"
    spoken |= compared
    bare = {at for at, line in lines(file) if at[0] in ("want", "guard", "ban", "event") and not claims_of(line) and spoken & speaks_of(file, at, line)}
    other = answer(situations(less(file, bare), test), test) if bare else None
    return "undecidable" if other is not None and other != (said == "holds") else said


def by_version(file: File, test: Mapping) -> dict[tuple[str, ...], bool | None]:
    """What a test says of each version of the parties: as expected or not; None: it cuts both ways, or hangs on how others reply."""
    told = {}
    for kinds, chance in file.profiles():
        if chance > 0:
            games = situations(file, test, kinds=kinds)
            usual = answer(games, test)
            told[tuple(kinds.values())] = None if test["ask"] == "rests" and answer(games, test, "paying") not in (None, usual) else usual
    return told


def decided(file: File, test: Mapping) -> str:
    """Holds, fails, or undecidable: it cuts both ways, the readings differ, or one doubtful want dropped turns it."""
    games = situations(file, test)
    if test["ask"] != "rests" and any("from" in test and not (game.view.ok & game.view.holds(test["from"])).any() for game in games):
        return "unanswered"
    usual = answer(games, test)
    if usual is None or (test["ask"] == "rests" and answer(games, test, "paying") not in (None, usual)):
        return "undecidable"
    if test["ask"] != "possible" and not (test["ask"] == "reached" and test.get("by") == "any"):
        wants = {party: file.wants(party, kind) for party, kind in file.usual().items()}
        for party, own in wants.items():
            for k, want in enumerate(own):
                if not firm(file, want) and answer(situations(file, test, {**wants, party: own[:k] + own[k + 1 :]}), test) != usual:
                    return "undecidable"
    return "holds" if usual else "fails"


def lines(file: File) -> Iterator[tuple[tuple, Mapping]]:
    """Wants of the likeliest types, guards, one-way levers, bans, likeliest types and events, each with where it stands."""
    for party, kind in file.usual().items():
        yield from ((("want", party, kind, k), want) for k, want in enumerate(file.wants(party, kind)))
        if len(file.types(party)) > 1:
            yield ("type", party, kind), file.file["parties"][party]["types"][kind]
    for name, lever in file.file["levers"].items():
        for setting, guard in (lever.get("needs") or {}).items():
            own = isinstance(guard, Mapping) and any(guard.get(key) for key in ("because", "supported_by", "assumed", "basis"))
            yield ("guard", name, setting), guard if own else lever
        if lever.get("one_way"):
            yield ("one_way", name), lever
    yield from ((("ban", k), ban) for k, ban in enumerate(file.file.get("never") or []))
    yield from ((("event", name), event) for name, event in (file.file.get("events") or {}).items())


def claims_of(line) -> list[str]:
    """Claims that a line names; an event's rates included."""
    if not isinstance(line, Mapping):
        return []
    rates = line.get("per_month") or []
    return [*(line.get("because") or []), *(line.get("supported_by") or []), *(name for rate in (rates if isinstance(rates, list) else [rates]) for name in claims_of(rate))]


def speaks_of(file: File, at: tuple, line) -> set[str]:
    """Levers that a want, guard, ban or event speaks of."""
    if at[0] == "guard":
        return {at[1]} | levers_in(file, stated(file.file["levers"][at[1]]["needs"][at[2]]))
    if at[0] == "event":
        return set(line["sets"]) | levers_in(file, line.get("when", "true"))
    return levers_in(file, stated(line))


def less(file: File, gone: Collection[tuple]) -> File:
    """The case less some lines: wants dropped, guards and bans lifted, levers freed, types ruled out, events that do not happen."""
    made = copy.deepcopy(dict(file.file))
    for at in gone:
        if at[0] == "guard":
            del made["levers"][at[1]]["needs"][at[2]]
        elif at[0] == "one_way":
            del made["levers"][at[1]]["one_way"]
        elif at[0] == "event":
            del made["events"][at[1]]
        elif at[0] == "type":
            made["parties"][at[1]]["types"][at[2]] = "0"
    made["never"] = [ban for k, ban in enumerate(made.get("never") or []) if ("ban", k) not in gone]
    for party, own in (made.get("wants") or {}).items():
        for kind, listed in (own.items() if isinstance(own, Mapping) else [("", own)]):
            listed[:] = [want for k, want in enumerate(listed) if ("want", party, kind, k) not in gone]
    return File(made)


# ---- whether a lever can change what others do -------------------------------------------------------------------------------------
def channel(file: File, name: str | None, test: Mapping, compared: Collection[str]) -> bool:
    """Whether a chain of hangings, with somebody other than the levers' owners in it, leads from the levers compared to what is asked."""
    view = View(file, name, {lever: setting for lever, setting in test.get("hold", {}).items() if lever not in compared}, free=compared)
    game = Game(view, file.usual())
    targets = (levers_in(file, test["that"]) if "that" in test else set(view.levers)) & set(view.levers)
    owners, seen, waiting = {lever.split(".")[0] for lever in compared}, set(), [(lever, False) for lever in sorted(compared) if lever in view.levers]
    while waiting:
        here, others = waiting.pop()
        if (here, others) in seen:
            continue
        seen.add((here, others))
        for moved, by in hanging(game, here):
            if moved in targets and moved not in compared:
                if others or by not in owners:
                    return True
            elif moved in view.levers:
                waiting.append((moved, others or by not in owners))
    return False


def hanging(game: Game, lever: str) -> set[tuple[str, str]]:
    """What hangs on a lever, all else equal: levers whose owner compares two settings otherwise or may enter one, events that can happen or not."""
    view, file, found = game.view, game.view.file, set()
    shape = [len(file.settings[each]) for each in view.levers]
    at = view.levers.index(lever)
    pairs = list(itertools.combinations(range(shape[at]), 2))

    def differs(table: np.ndarray, known: np.ndarray, axis: int) -> bool:
        return any((np.take(known, a, axis) & np.take(known, b, axis) & (np.take(table, a, axis) != np.take(table, b, axis))).any() for a, b in pairs)

    ok = view.ok.reshape(shape)
    for k, moved in enumerate(view.levers):
        if moved == lever:
            continue
        owner = moved.split(".")[0]
        guards = [stated(guard) for guard in (file.file["levers"][moved].get("needs") or {}).values()]
        if any(lever in levers_in(file, guard) and differs(view.holds(guard).reshape(shape), ok, at) for guard in guards):
            found.add((moved, owner))
        rank = game.rank[owner].reshape(shape)
        for a, b in itertools.combinations(range(shape[k]), 2):
            gain = np.sign(np.take(rank, b, k) - np.take(rank, a, k))
            if differs(gain, np.take(ok, a, k) & np.take(ok, b, k), at - (at > k)):
                found.add((moved, owner))
    for name, event in (file.file.get("events") or {}).items():
        sets = {each: file.settings[each].index(setting) for each, setting in event["sets"].items()}
        target = np.arange(view.n)
        for each, there in sets.items():
            if each in view.levers:
                target = target + (there - view.column[each]) * view.step[view.levers.index(each)]
        can = all(each in view.levers or view.column[each][0] == there for each, there in sets.items())
        happens = view.ok & view.holds(event.get("when", "true")) & view.ok[target] & (target != np.arange(view.n)) & can
        if differs(happens.reshape(shape), ok, at):
            found |= {(each, name) for each in sets if each != lever}
    return found
