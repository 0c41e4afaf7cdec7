"""What could be agreed, and what blocks it, as parts of the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bestand.bargain.demands import Demand
from bestand.bargain.joint import Signing
from bestand.case.lines import consents, wants
from bestand.draw.deals import deals_picture
from bestand.report.blocks import Block, SaidCell, percent_words, said
from bestand.study.agreements import AgreementAnswers, Package, Terms
from bestand.study.deals_by_version import DealsByVersion
from bestand.telling.sentences import sampling_error
from bestand.telling.telling import Telling

MOST_CLASHES, MOST_WANTS = 12, 16  # clashes, and pairs of wants and signings, in a table of the page


def agreement_blocks(answers: AgreementAnswers, telling: Telling) -> list[Block]:
    """Deals under each fallback, clashes, concessions, and the packages that rules pick."""
    now = answers.terms[0]
    blocks = [
        _clashes(now, telling), _concessions(now, telling), _packages(answers, telling), *_map(answers, telling), *_together(answers, telling),
        *(replace(block, folded=True) for block in (
            _fallbacks(answers, telling), *_payments(answers, telling), *_spans(answers, telling), _wants(answers, telling),
        )),
    ]  # fmt: skip
    return [block for block in blocks if block.rows or block.notes]


def claims_of(telling: Telling, at: str) -> tuple[str, ...]:
    """Claims behind a want, by its key path."""
    for party in telling.case.file.wants:
        for line, _ in wants(telling.case, party):
            if line.at == at:
                return line.claims
    return ()


def _demands(demands: Iterable[Demand], telling: Telling) -> SaidCell:
    """Demands in words, with the claims behind them."""
    wanted = list(demands)
    claims = dict.fromkeys(name for demand in wanted for name in claims_of(telling, demand.at))
    return SaidCell("; ".join(telling.demand(demand) for demand in wanted), tuple(claims))


def _fallback(each: Terms, telling: Telling) -> str:
    if each.kind == "event":
        return telling.say("agree_event", event=telling.called("events", each.who))
    return telling.say(f"agree_{each.kind}", party=telling.party(each.who)) if each.who else telling.say("agree_now")


def _fallbacks(answers: AgreementAnswers, telling: Telling) -> Block:
    rows, versions, drawn = [], len(answers.terms[0].versions.types) > 1, len(answers.terms[0].deals.deal) > 1
    for each in answers.terms:
        opens = each.opens.sets[0] if each.opens.sets else ()
        cheapest = _demands((each.opens.demands[d] for d in opens), telling) if opens else SaidCell(telling.say("agree_nothing"))
        several = (_in_versions(each.versions), percent_words(each.versions.share)) if versions else (each.deals.n_deals,)
        share = (percent_words(each.deals.share_any),) if drawn else ()
        rows.append(said(_fallback(each, telling), *several, *share, cheapest))
    often = (*(("agree_version_share",) if versions else ()), *(("agree_share",) if drawn else ()))
    keys = ("agree_fallback", "agree_deals", *often, "agree_cheapest")
    notes = [telling.say("agree_note", goal=telling.term(answers.goal))]
    if drawn:
        n = len(answers.terms[0].deals.deal)
        notes.append(telling.say("agree_draws_note", n=n, error=max(sampling_error(float(each.deals.share_any), n) for each in answers.terms)))
    if versions:
        notes.append(telling.say("agree_versions_note", n=len(answers.terms[0].versions.types)))
    return Block(telling.say("agree_fallbacks"), tuple(notes), tuple(telling.say(key) for key in keys), tuple(rows))


def _in_versions(versions: DealsByVersion) -> str:
    """How many deals there are in the versions of the parties: one number, or the least and the most."""
    return f"{min(versions.n_deals)} – {max(versions.n_deals)}" if versions.differ else str(versions.n_deals[0])


def _clashes(now: Terms, telling: Telling) -> Block:
    rows = tuple(said(_demands((now.clashes.demands[d] for d in each), telling)) for each in now.clashes.sets[:MOST_CLASHES])
    left = len(now.clashes.sets) - len(rows)
    after = (telling.say("more_changes", n=left),) if left > 0 else ()
    notes = [telling.say("agree_clash_note" if rows else "agree_no_clash")]
    if now.deals.differs and now.deals.by_size is not None and now.deals.by_size.n_deals:
        notes.append(telling.say("agree_clash_size", n=now.deals.by_size.n_deals, gains=now.deals.by_size.n_gains))
    return Block(telling.say("agree_clashes"), tuple(notes), (telling.say("agree_together"),) if rows else (), rows, after)


def _concessions(now: Terms, telling: Telling) -> Block:
    sets = [each for each in now.opens.sets if each]
    rows = tuple(
        said(_demands((now.opens.demands[d] for d in each), telling), _whose([now.opens.demands[d] for d in each], telling))
        for each in sets[:MOST_CLASHES]
    )
    columns = (telling.say("agree_given_up"), telling.say("agree_by"))
    return Block(telling.say("agree_concessions"), (telling.say("agree_concession_note"),) if rows else (), columns, rows)


def _whose(demands: Sequence[Demand], telling: Telling) -> str:
    return ", ".join(dict.fromkeys(telling.party(demand.party) for demand in demands))


def _wants(answers: AgreementAnswers, telling: Telling) -> Block:
    """Pairs of single wants that clash, for those that take two parties."""
    pairs = [each for each in answers.all_wants.sets if len({answers.all_wants.demands[d].party for d in each}) > 1]
    rows = tuple(said(_demands((answers.all_wants.demands[d] for d in each), telling)) for each in pairs[:MOST_WANTS])
    left = len(pairs) - len(rows)
    after = (telling.say("more_changes", n=left),) if left > 0 else ()
    return Block(telling.say("agree_wants"), (telling.say("agree_wants_note"),) if rows else (), (telling.say("agree_together"),), rows, after)


def _packages(answers: AgreementAnswers, telling: Telling) -> Block:
    if not answers.packages:
        note = telling.say("agree_no_package", why=telling.problem(answers.why_none)) if answers.why_none else ""
        return Block(telling.say("agree_packages"), (note,) if note else ())
    picks: dict[int, list[Package]] = {}
    for package in answers.packages:
        picks.setdefault(package.state, []).append(package)
    rows = tuple(said(*_package(packages, telling)) for packages in picks.values())
    columns = tuple(telling.say(key) for key in ("agree_package", "agree_rules", "agree_gains", "agree_rests", "agree_reached"))
    return Block(telling.say("agree_packages"), (telling.say("agree_package_note"),), columns, rows)


def _map(answers: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """The deal map of the two parties whose gains go most against each other."""
    drawn = deals_picture(answers, telling)
    if drawn is not None:
        yield Block(telling.say("deal_map"), (telling.say("deal_map_note", goal=telling.term(answers.goal)),), picture=drawn)


def _parts(signing: Signing, telling: Telling) -> str:
    told = ((part.party, ", ".join(telling.short(lever, new) for lever, (_, new) in part.changes.items())) for part in signing.parts)
    return "; ".join(f"{telling.party(party)}: {changes}" for party, changes in told)


def _package(packages: Sequence[Package], telling: Telling) -> tuple[str, str, str, str, str]:
    first = packages[0]
    rules = ", ".join(telling.say(f"rule_of_{package.rule}") for package in packages)
    leaves = telling.say("agree_leaves", parties=telling.say.listed([telling.party(party) for party in first.leavers])) if first.leavers else ""
    rests = telling.say("yes") if first.rests else f"{telling.say('no')}; {leaves}"
    return telling.state(first.state), rules, _gains(first, telling), rests, telling.say("yes" if first.reached else "no")


def _gains(package: Package, telling: Telling) -> str:
    """Who gains by a package, and by how much; a package that is no gain says so."""
    pairs = list(zip(package.settlement.frontier.parties, package.settlement.gain, strict=True))
    gains = [f"{telling.party(party)} {telling.say.number(f'{gain:+.1f}')}" for party, gain in pairs if gain > 0]
    others = [telling.party(party) for party, gain in pairs if gain <= 0 and not telling.is_chance(party)]
    if not gains:
        return telling.say("agree_gains_none")
    return telling.say("agree_gains_not", gains=", ".join(gains), others=telling.say.listed(others)) if others else ", ".join(gains)


def _together(answers: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """What parties reach only by acting together at once, beside what each does alone."""
    if answers.together is None:
        return
    given = [telling.long_lever(name) for name in consents(telling.case) if name in telling.conflict.graph.levers]
    steps = (telling.say("agree_joint_consent", consents=telling.say.listed(given)),) if given else ()
    alone = telling.say("agree_joint_alone", n=int(answers.together.alone.sum()))
    title, goal = telling.say("agree_joint"), telling.term(answers.goal)
    if not answers.together.signings:
        yield Block(title, (f"{telling.say('agree_joint_none', goal=goal)} {alone}", *steps))
        return
    rows = tuple(
        said(telling.say.listed([telling.party(each) for each in signing.parties]), int(signing.states.size), _parts(signing, telling))
        for signing in answers.together.signings[:MOST_WANTS]
    )  # fmt: skip
    columns = tuple(telling.say(key) for key in ("coalitions_who", "agree_n_outcomes", "agree_their_parts"))
    yield Block(title, (f"{telling.say('agree_joint_note')} {alone}", *steps), (telling.say("agree_by"), *columns[1:]), rows)


def _payments(answers: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """The least payments that bring everybody up to today."""
    if answers.paid is None:
        return
    title = telling.say("agree_payments")
    if not answers.paid.outcomes.size:
        yield Block(title, (telling.say("agree_payments_none", missing=f"{answers.paid.missing:.1f}"),))
        return
    first = int(answers.paid.outcomes[0])
    rows = tuple(said(telling.party(payer), telling.party(to), f"{amount:.2f}") for payer, to, amount in answers.paid.transfers(first))
    note = telling.say("agree_payments_note", budget=f"{answers.paid.budget:.1f}", state=telling.state(first))
    columns = tuple(telling.say(key) for key in ("agree_pays", "agree_to", "agree_amount")) if rows else ()
    yield Block(title, (note if rows else telling.say("agree_payments_free", state=telling.state(first)),), columns, rows)


def _spans(answers: AgreementAnswers, telling: Telling) -> Iterator[Block]:
    """How far each party's walk-away value may move before the package changes, or nothing is left."""
    spans = answers.spans
    if spans is None or np.isnan(spans.low).all():  # no package, of which a span could be told
        return
    rows = tuple(
        said(telling.party(party), _amount(spans.away[i], telling), _span(spans.low[i], spans.high[i], telling),
             _nothing_left(spans.empty[i], telling))
        for i, party in enumerate(spans.parties) if not telling.is_chance(party)
    )
    columns = tuple(telling.say(key) for key in ("agree_party", "agree_away", "agree_same", "agree_empty"))
    yield Block(telling.say("agree_spans"), (telling.say("agree_spans_note"),), columns, rows)


def _amount(value: float, telling: Telling) -> str:
    return f"{value:.1f}" if math.isfinite(value) else telling.say("agree_unbounded")


def _span(low: float, high: float, telling: Telling) -> str:
    if math.isnan(low) or math.isnan(high):
        return telling.say("agree_never")
    return " … ".join(telling.say.number(_amount(end, telling)) for end in (low, high))


def _nothing_left(value: float, telling: Telling) -> str:
    return f"{value:.1f}" if math.isfinite(value) else telling.say("agree_always_empty" if value < 0 else "agree_never")
