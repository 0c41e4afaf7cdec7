"""What could be agreed and what would unlock it, as parts of the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from bestand.bargain.demands import Demand
from bestand.case.lines import wants
from bestand.negotiate.unlock import Unlocks
from bestand.report.blocks import Block, Said, percent, said
from bestand.study.agreements import AgreementAnswers, Package, Terms
from bestand.telling.telling import Telling

MOST_CLASHES, MOST_WANTS, MOST_UNLOCKS = 12, 16, 20


def agreement_blocks(found: AgreementAnswers, telling: Telling) -> list[Block]:
    """Deals under each fallback, clashes, concessions, and the packages that rules pick."""
    now = found.terms[0]
    blocks = [
        _fallbacks(found, telling), _clashes(now, telling), _concessions(now, telling), _wants(found, telling),
        _packages(found, telling), *_payments(found, telling), *_spans(found, telling),
    ]  # fmt: skip
    return [block for block in blocks if block.rows or block.notes]


def _claims(telling: Telling, at: str) -> tuple[str, ...]:
    """Claims behind a want, by its key path."""
    for party in telling.case.file.wants:
        for line, _ in wants(telling.case, party):
            if line.at == at:
                return line.claims
    return ()


def _demands(demands: Iterable[Demand], telling: Telling) -> Said:
    """Demands in words, with the claims behind them."""
    found = list(demands)
    claims = dict.fromkeys(name for demand in found for name in _claims(telling, demand.at))
    words = [
        telling.say("agree_no_worse", party=demand.name) if demand.kind == "fallback" else f"{demand.name}: “{demand.words}”" for demand in found
    ]
    return Said("; ".join(words), tuple(claims))


def _fallback(each: Terms, telling: Telling) -> str:
    if each.kind == "event":
        about = telling.case.file.events[each.who]
        return telling.say("agree_event", event=about.label or each.who)
    return telling.say(f"agree_{each.kind}", party=telling.party(each.who)) if each.who else telling.say("agree_now")


def _fallbacks(found: AgreementAnswers, telling: Telling) -> Block:
    rows = []
    for each in found.terms:
        opens = each.opens.sets[0] if each.opens.sets else ()
        cheapest = _demands((each.opens.demands[d] for d in opens), telling) if opens else Said(telling.say("none"))
        rows.append(said(_fallback(each, telling), each.deals.n_deals, percent(each.deals.share_any), cheapest))
    columns = tuple(telling.say(key) for key in ("agree_fallback", "agree_deals", "agree_share", "agree_cheapest"))
    note = telling.say("agree_note", goal=telling.term(found.goal))
    return Block(telling.say("agree_fallbacks"), (note,), columns, tuple(rows))


def _clashes(now: Terms, telling: Telling) -> Block:
    rows = tuple(said(_demands((now.clashes.demands[d] for d in each), telling)) for each in now.clashes.sets[:MOST_CLASHES])
    left = len(now.clashes.sets) - len(rows)
    after = (telling.say("more_changes", n=left),) if left > 0 else ()
    notes = (telling.say("agree_clash_note" if rows else "agree_no_clash"),)
    return Block(telling.say("agree_clashes"), notes, (telling.say("agree_together"),) if rows else (), rows, after)


def _concessions(now: Terms, telling: Telling) -> Block:
    sets = [each for each in now.opens.sets if each]
    rows = tuple(
        said(_demands((now.opens.demands[d] for d in each), telling), ", ".join(dict.fromkeys(now.opens.demands[d].name for d in each)))
        for each in sets[:MOST_CLASHES]
    )
    columns = (telling.say("agree_given_up"), telling.say("agree_by"))
    return Block(telling.say("agree_concessions"), (telling.say("agree_concession_note"),) if rows else (), columns, rows)


def _wants(found: AgreementAnswers, telling: Telling) -> Block:
    """Pairs of single wants that clash, for those that take two parties."""
    pairs = [each for each in found.all_wants.sets if len({found.all_wants.demands[d].party for d in each}) > 1]
    rows = tuple(said(_demands((found.all_wants.demands[d] for d in each), telling)) for each in pairs[:MOST_WANTS])
    left = len(pairs) - len(rows)
    after = (telling.say("more_changes", n=left),) if left > 0 else ()
    return Block(telling.say("agree_wants"), (telling.say("agree_wants_note"),) if rows else (), (telling.say("agree_together"),), rows, after)


def _packages(found: AgreementAnswers, telling: Telling) -> Block:
    if not found.packages:
        note = telling.say("agree_no_package", why=found.why_none) if found.why_none else ""
        return Block(telling.say("agree_packages"), (note,) if note else ())
    picks: dict[int, list[Package]] = {}
    for package in found.packages:
        picks.setdefault(package.state, []).append(package)
    rows = tuple(said(*_package(packages, telling)) for packages in picks.values())
    columns = tuple(telling.say(key) for key in ("agree_package", "agree_rules", "agree_rests", "agree_reached"))
    return Block(telling.say("agree_packages"), (telling.say("agree_package_note"),), columns, rows)


def _package(packages: Sequence[Package], telling: Telling) -> tuple[str, str, str, str]:
    first = packages[0]
    rules = ", ".join(telling.say(f"rule_of_{package.rule}") for package in packages)
    leaves = telling.say("agree_leaves", parties=telling.say.listed([telling.party(party) for party in first.leavers])) if first.leavers else ""
    rests = telling.say("yes") if first.rests else f"{telling.say('no')}; {leaves}"
    return telling.state(first.state), rules, rests, telling.say("yes" if first.reached else "no")


def _payments(found: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """The least payments that bring everybody up to today."""
    if found.paid is None:
        return
    title = telling.say("agree_payments")
    if not found.paid.outcomes.size:
        yield Block(title, (telling.say("agree_payments_none", missing=f"{found.paid.missing:.1f}"),))
        return
    first = int(found.paid.outcomes[0])
    rows = tuple(said(telling.party(payer), telling.party(to), f"{amount:.2f}") for payer, to, amount in found.paid.transfers(first))
    note = telling.say("agree_payments_note", budget=f"{found.paid.budget:.1f}", state=telling.state(first))
    columns = tuple(telling.say(key) for key in ("agree_pays", "agree_to", "agree_amount")) if rows else ()
    yield Block(title, (note if rows else telling.say("agree_payments_free", state=telling.state(first)),), columns, rows)


def _spans(found: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """How far each party's walk-away value may move before the package changes, or nothing is left."""
    if found.spans is None:
        return
    spans = found.spans
    rows = tuple(
        said(telling.party(party), f"{spans.away[i]:.1f}", _span(spans.low[i], spans.high[i]), _span(spans.empty[i], spans.empty[i]))
        for i, party in enumerate(spans.parties)
    )
    columns = tuple(telling.say(key) for key in ("agree_party", "agree_away", "agree_same", "agree_empty"))
    yield Block(telling.say("agree_spans"), (telling.say("agree_spans_note"),), columns, rows)


def _span(low: float, high: float) -> str:
    ends = ["−∞" if end == -math.inf else "∞" if end == math.inf else "–" if math.isnan(end) else f"{end:.1f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " … ".join(ends)


def unlock_blocks(found: Unlocks, telling: Telling) -> list[Block]:
    """The mediator's list."""
    if found.already:
        return [Block(telling.say("unlock_title", goal=telling.term(found.goal)), (telling.say("unlock_already"),))]
    rows = []
    for each in found.sets[:MOST_UNLOCKS]:
        claims = dict.fromkeys(name for change in each.changes for name in _claims(telling, change.at))
        words = "; ".join(_change_words(change.kind, change.party, change.what, change.that, change.place, telling) for change in each.changes)
        rows.append(said(Said(words, tuple(claims)), each.weak, _where(each.at, found, telling)))
    left = len(found.sets) - len(rows)
    after = [telling.say("more_changes", n=left)] if left > 0 else []
    after.append(telling.say("unlock_tried", n=f"{found.n_trials:,}", most=found.most))
    notes = (telling.say("unlock_note", most=found.most),) if rows else (telling.say("unlock_none", most=found.most),)
    columns = tuple(telling.say(key) for key in ("unlock_change", "unlock_doubtful", "unlock_then"))
    return [Block(telling.say("unlock_title", goal=telling.term(found.goal)), notes, columns if rows else (), tuple(rows), tuple(after))]


def _change_words(kind: str, party: str, what: str, that: str, place: int, telling: Telling) -> str:
    return telling.say(f"unlock_{kind}", party=telling.party(party), what=what.replace("_", " "), that=that.replace("_", " "), place=place)


def _where(at: object, found: Unlocks, telling: Telling) -> str:
    settings = dict(at)  # type: ignore[call-overload]
    now = {} if found.conflict.graph.now is None else found.conflict.at("now")
    return "; ".join(telling.setting(lever, setting, entered=True) for lever, setting in settings.items() if now.get(lever, setting) != setting)
