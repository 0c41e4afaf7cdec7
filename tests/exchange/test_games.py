"""Games and negotiations of other programs: what comes in is what they say, what goes out has the same pure equilibria."""

from __future__ import annotations

import io
import itertools
import pathlib
import random

import numpy as np
import pytest

from bestand import agreements, conflict, export, frontier, import_, read, read_text, stability
from bestand.checks.check import check
from bestand.errors import AskError, BestandError, CaseError
from bestand.exchange.gambit import from_gambit
from bestand.exchange.genius import from_genius
from bestand.exchange.gmcr import from_gmcr
from bestand.exchange.payoff_table import from_payoffs
from bestand.exchange.reading import READERS, kind_of, read_files
from bestand.exchange.writing import WRITERS

FIELD = pathlib.Path(__file__).parents[1] / "field"


def pure(payoff: np.ndarray) -> set[tuple[int, ...]]:
    """Pure equilibria by the plain definition: no player gains by another strategy of its own."""
    found = set()
    for profile in itertools.product(*(range(n) for n in payoff.shape[1:])):
        best = True
        for i in range(len(payoff)):
            for other in range(payoff.shape[1 + i]):
                best &= payoff[(i, *profile[:i], other, *profile[i + 1 :])] <= payoff[(i, *profile)]
        if best:
            found.add(profile)
    return found


def nfg(payoff: np.ndarray) -> str:
    sizes = payoff.shape[1:]
    players = " ".join(f'"P{i}"' for i in range(len(sizes)))
    named = " ".join("{ " + " ".join(f'"s{k}"' for k in range(n)) + " }" for n in sizes)
    body = []
    for back in itertools.product(*(range(n) for n in reversed(sizes))):
        body += [f"{payoff[(i, *reversed(back))]:g}" for i in range(len(sizes))]
    return f'NFG 1 R "random" {{ {players} }} {{ {named} }} "" {" ".join(body)}'


def settings_at(case, state) -> tuple[int, ...]:
    return tuple(settings.index(state[lever]) for lever, settings in case.settings.items())


def random_payoff(seed: int) -> np.ndarray:
    rng = random.Random(seed)
    sizes = [rng.randint(2, 4) for _ in range(rng.randint(1, 3))]
    return np.array([rng.choice([-3, -1, 0, 1, 2, 2.5]) for _ in range(len(sizes) * int(np.prod(sizes)))]).reshape(len(sizes), *sizes)


@pytest.mark.parametrize("seed", range(12))
def test_pure_equilibria_and_payoffs_of_a_game_are_those_of_its_case(seed):
    payoff = random_payoff(seed)
    case = read_text(from_gambit(nfg(payoff)).text)
    for scale in ("ordinal", "cardinal"):
        asked = conflict(case, scale=scale)
        found = {settings_at(case, asked.at(int(s))) for s in stability(asked).equilibria("nash")}
        assert found == pure(payoff), scale
    least = np.minimum(0, payoff.reshape(len(payoff), -1).min(axis=1)).reshape(-1, *(1 for _ in payoff.shape[1:]))
    for s in range(asked.graph.n_states):
        at = settings_at(case, asked.at(s))
        assert np.allclose(asked.worth.value[0, :, s], (payoff - least)[(slice(None), *at)])
    ordinal = conflict(case).worth.rank[0]
    for mine, own in zip(ordinal, asked.worth.value[0], strict=True):
        assert (np.sign(np.subtract.outer(mine.astype(int), mine)) == np.sign(np.subtract.outer(own, own))).all()
    assert not [each for each in check(case).findings if each.severity != "note"]


@pytest.mark.parametrize(("name", "content"), [
    ("g.nfg", 'NFG 1 R "x" { "A" "B" } { 1 1 } 0 0'), ("g.csv", "A,B,payoff A,payoff B\nx,y,1,2\n"), ("g.efg", 'EFG 2 R "x" { "A" } p "" 1 1 "" { "x" } 0 t "" 1 "" { 1 }'),
    ("g.gmcr", '{"options": [], "decisionMakers": [{"name": "A", "options": []}]}'), ("g.json", '{"format": "gmcr-case/1", "dms": [{"name": "A", "options": []}], "options": []}'),
], ids=lambda each: each[:5])
def test_where_nobody_has_anything_to_choose_there_is_no_case(name, content):
    with pytest.raises(CaseError, match=r"not-kept.*nobody in it has anything to choose"):
        read_files({name: content.encode()})


@pytest.mark.parametrize("form", ["nfg", "nfg-outcomes", "efg", "payoffs"])
@pytest.mark.parametrize("seed", range(4))
def test_a_game_written_and_read_again_is_the_same_game(form, seed):
    payoff = random_payoff(seed + 50)
    case = read_text(from_gambit(nfg(payoff)).text)
    made = export(conflict(case, scale="cardinal"), to=form)
    again = conflict(read_text(read_files({"game.csv": made.content}).text), scale="cardinal")
    assert (again.worth.value == conflict(case, scale="cardinal").worth.value).all()
    kept = stability(conflict(case), concepts=("nash",)).equilibria("nash").size
    assert f"pure equilibria: {kept}, " in " ".join(made.told("kept"))


@pytest.mark.parametrize("form", ["nfg", "nfg-outcomes", "efg"])
@pytest.mark.parametrize("name", ["random 1", "random 2", "random 3", "free"])
def test_gambit_finds_the_same_pure_equilibria(form, name):
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed: the round trip through Gambit is not made")
    case = read_text(FREE if name == "free" else from_gambit(nfg(random_payoff(int(name[-1]) + 7))).text)
    asked = conflict(case)
    made = export(asked, to=form)
    read_in = gambit.read_nfg if form.startswith("nfg") else gambit.read_efg
    game = read_in(io.BytesIO(made.content))
    solved = gambit.nash.enumpure_solve(game).equilibria
    own = {tuple(sorted(asked.at(int(s)).items())) for s in stability(asked).equilibria("nash")}
    assert len(solved) == len(own)
    names = {file.name: party for party, file in case.file.parties.items()}
    for each in solved:
        at = {}
        for player in game.players:
            [chosen] = [k for k, strategy in enumerate(player.strategies) if each[strategy] == 1]
            label = list(player.strategies)[chosen].label
            if form == "efg":  # strategies of a tree are numbered; its one information set names the actions
                [here] = player.infosets
                label = list(here.actions)[chosen].label
            for part in label.split(", ") if "=" in label else ():
                lever, _, setting = part.partition("=")
                at[f"{names[player.label]}.{lever}"] = setting
        assert tuple(sorted(at.items())) in own


FREE = """
bestand: 1
title: Three with nothing in the way
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
levers:
  a.x: {is: x, assumed: t}
  a.y: {is: y, settings: [low, mid, high], assumed: t}
  b.z: {is: z, assumed: t}
  c.w: {is: w, assumed: t}
wants:
  a: [{that: b.z and a.x, assumed: t}, {that: a.y = mid, assumed: t}, {that: not c.w, assumed: t}]
  b: [{that: a.x implies b.z, assumed: t}, {that: not b.z, assumed: t}]
  c: [{that: c.w iff b.z, assumed: t}, {that: a.y != high, assumed: t}]
"""


def test_what_a_game_cannot_say_is_listed():
    case = read("example/en")
    made = export(conflict(case), to="nfg")
    lost = " ".join(made.told("lost"))
    for word in ("upper.watch", "lower.wells", "red_mark", "soft", "red lines", "present state", "tempo", "ranges"):
        assert word in lost, word
    assert "equilibria of that kind in the case itself: 6" in " ".join(made.told("changed"))
    held = export(conflict(case, hold={"co.pipe": "yes"}), to="nfg")
    assert "co.pipe=yes" in " ".join(held.told("lost"))


def test_bans_are_payoffs_below_all_else_and_never_better_than_a_state():
    text = FREE + "never: [{that: a.x and b.z and c.w, assumed: t}, {that: a.x and a.y = high, assumed: t}]\n"
    asked = conflict(read_text(text))
    made = export(asked, to="nfg")
    said = " ".join(made.told("changed"))
    assert "A has 5" in said and "combinations that the case bans" in said, said
    game = conflict(read_text(from_gambit(made.text).text), scale="cardinal").worth.value[0]
    assert game.shape[1] == 5 * 2 * 2
    worst = game == game.min(axis=1, keepdims=True)
    assert (worst.all(axis=0)).sum() == game.shape[1] - asked.graph.n_states == (worst.any(axis=0)).sum()


EFG = """EFG 2 R "Entry" { "Out\\"sider" "Insider" } "a comment"
c "" 1 "luck" { "good" 1/4 "bad" 0.75 } 0
p "" 1 1 "" { "in" "out" } 0
p "" 2 1 "seen" { "fight" "share" } 0
t "" 1 "war" { -1 -1 }
t "" 2 { 2, 1 }
t "" 3 "" { 0 3 }
p "" 1 1 0
p "" 2 1 0
t "" 1 { -1 -1 }
t "" 4 "" { 1 1 }
t "" 3 { 0 3 }
"""


def test_a_tree_becomes_plans_with_expected_payoffs():
    found = from_gambit(EFG)
    asked = conflict(read_text(found.text), scale="cardinal")
    value = {tuple(asked.at(s).values()): asked.worth.value[0, :, s].tolist() for s in range(4)}
    assert value == {("in", "fight"): [0, 0], ("out", "fight"): [1, 4], ("in", "share"): [2.25, 2], ("out", "share"): [1, 4]}
    assert "expected payoffs" in " ".join(found.told("changed")) and "a comment" in " ".join(found.told("lost"))
    assert {asked.label(int(s)) for s in stability(asked).equilibria("nash")} == {
        "out_sider.information_set_1=out, insider.seen=fight", "out_sider.information_set_1=in, insider.seen=share",
    }


def test_moves_seen_before_give_a_lever_for_each_information_set():
    text = 'EFG 2 R "" { "A" "B" } p "" 1 1 "" { "l" "r" } 0 p "" 2 1 "L" { "l" "r" } 0 t "" 1 "" { 2 2 } t "" 2 "" { 0 0 } ' \
           'p "" 2 2 "R" { "l" "r" } 0 t "" 3 "" { 1 3 } t "" 4 "" { 3 1 }'
    case = read_text(from_gambit(text).text)
    assert list(case.file.levers) == ["a.information_set_1", "b.l", "b.r"]
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    assert len(gambit.nash.enumpure_solve(gambit.read_efg(io.BytesIO(text.encode()))).equilibria) == stability(conflict(case)).equilibria("nash").size


def test_a_table_of_payoffs_says_all_that_is_wrong_at_once():
    with pytest.raises(CaseError) as caught:
        from_payoffs("A,B,payoff A,payoff B\nup,left,1,zero\nup,left,2,2\ndown,left,,1\ndown,right,nan,1\n", name="t.csv")
    said = str(caught.value)
    assert len(caught.value.problems) == 5
    for part in ("'zero' is no number", "stands in row 2 as well", "'' is no number", "'nan' is no number", "no row for up, right", "t.csv:2:4"):
        assert part in said, part


DOMAIN = b"""<negotiation_template><utility_space number_of_issues="2"><objective index="0" name="o" type="objective">
<issue etype="discrete" index="1" name="Price" type="discrete" vtype="discrete"><item index="1" value="low"/><item index="2" value="high"/><item index="3" value="mid"/></issue>
<issue etype="discrete" index="2" name="When" type="discrete" vtype="discrete"><item index="1" value="now"/><item index="2" value="later"/></issue>
</objective></utility_space></negotiation_template>"""


def profile(first, second, weights=(0.7, 0.3), more="") -> bytes:
    items = "".join(f'<item index="{k}" value="{v}" evaluation="{e}"/>' for k, (v, e) in enumerate(first.items(), 1))
    other = "".join(f'<item index="{k}" value="{v}" evaluation="{e}"/>' for k, (v, e) in enumerate(second.items(), 1))
    return (
        f'<utility_space number_of_issues="2"><objective index="0" name="o"><issue index="1" name="Price" vtype="discrete">{items}</issue>'
        f'<issue index="2" name="When" vtype="discrete">{other}</issue></objective>'
        f'<weight index="1" value="{weights[0]}"/><weight index="2" value="{weights[1]}"/>{more}</utility_space>'
    ).encode()


BUYER = profile({"low": 10, "high": 0, "mid": 4}, {"now": 1, "later": 3}, more='<reservation value="0.4"/><discount_factor value="0.9"/>')
SELLER = profile({"low": 1, "high": 5, "mid": 3}, {"now": 8, "later": 2}, (0.5, 0.5))


def test_agreements_and_frontier_of_a_negotiation_are_those_of_its_additive_utilities():
    found = from_genius({"domain.xml": DOMAIN, "x/buyer.xml": BUYER, "seller.xml": SELLER})
    case = read_text(found.text)
    asked = conflict(case, scale="cardinal")
    assert asked.parties == ("table", "buyer", "seller") and asked.graph.n_states == 3 * 2 + 1
    price = {"low": (0.7, 0.1), "high": (0.0, 0.5), "mid": (0.28, 0.3)}
    when = {"now": (0.1, 0.5), "later": (0.3, 0.125)}
    plain = {(p, w): np.add(price[p], when[w]) for p in price for w in when}
    for s in range(asked.graph.n_states):
        at = asked.at(s)
        expected = plain[at["table.price"], at["table.when"]] if at["table.agreed"] == "yes" else (0.4, 0.0)
        assert np.allclose(asked.worth.value[0, 1:, s], expected)
    deals = {tuple(list(asked.at(int(s)).values())[1:]) for s in agreements(asked).states() if asked.at(int(s))["table.agreed"] == "yes"}
    assert deals == {each for each, worth in plain.items() if worth[0] >= 0.4}
    better = {a for a in plain for b in plain if all(plain[b] >= plain[a]) and any(plain[b] > plain[a])}
    edge = {tuple(list(asked.at(int(s)).values())[1:]) for s in frontier(asked).members}
    assert edge == set(plain) - better
    assert "discount factor of 0.9" in " ".join(found.told("lost")) and "seller has no reservation value" in " ".join(found.told("changed"))
    assert {each.code for each in check(case).findings if each.severity != "note"} == {"check/party-cannot-move"}  # but by agreement


def test_a_negotiation_that_is_not_additive_or_not_one_is_refused_in_words():
    real = BUYER.replace(b'name="Price" vtype="discrete"', b'name="Price" vtype="real"')
    with pytest.raises(CaseError, match="issue 'Price' is real"):
        from_genius({"b.xml": real})
    with pytest.raises(CaseError, match="no file is a profile"):
        from_genius({"d.xml": DOMAIN})
    other = profile({"low": 1, "high": 5, "middling": 3}, {"now": 8, "later": 2})
    with pytest.raises(CaseError, match="issue 'Price' has other values"):
        from_genius({"d.xml": DOMAIN, "b.xml": BUYER, "s.xml": other})
    with pytest.raises(CaseError, match="'ten' is no number"):
        from_genius({"b.xml": profile({"low": "ten", "high": 5, "mid": 3}, {"now": 8, "later": 2})})


def test_misperceptions_are_kept_as_the_conflict_that_one_party_sees():
    text = (FIELD / "10-misperception-coalition.gmcr").read_text("utf-8")
    found = from_gmcr(text, seen_by="A")
    case = read_text(found.text)
    assert [ban.that for ban in case.file.never] == ["a.concede"]
    said = " ".join(found.told("lost"))
    assert "as A sees it" in said and "coalition of A and B" in said
    other = read_text(from_gmcr(text, seen_by="B").text)
    assert not other.file.never and any("A misperceives" in entry.what for entry in other.file.unsaid)
    with pytest.raises(CaseError, match="--seen-by"):
        from_gmcr(text)
    with pytest.raises(CaseError, match=r"(?s)unknown-party.*choices are A, B"):
        from_gmcr(text, seen_by="C")


def test_formats_are_told_by_what_stands_in_a_file():
    assert kind_of("x", (FIELD / "09-shared-option.gmcr").read_bytes()) == "gmcr"
    assert kind_of("x", DOMAIN) == "genius" and kind_of("x", EFG.encode()) == "gambit"
    assert kind_of("x", b"PK\x03\x04..") == "xlsx"
    for unknown in (b"a,b\n1,2\n", b'{"a": 1}', b"", b"[1]"):
        with pytest.raises(CaseError, match="unknown-format"):
            kind_of("x", unknown)


def test_doors_refuse_what_is_no_format_or_too_many_files(tmp_path):
    with pytest.raises(AskError, match="did you mean 'gambit'"):
        read_files({"a": b""}, kind="gambti")
    with pytest.raises(AskError, match="one-file"):
        read_files({"a": b"NFG 1", "b": b""})
    with pytest.raises(AskError, match="one-file"):
        import_([])
    with pytest.raises(AskError, match="did you mean 'efg'"):
        export(conflict(read("example/en")), to="egf")
    with pytest.raises(BestandError, match="cannot be read"):
        import_(tmp_path / "none.nfg")


def test_a_graph_that_lists_its_moves_is_no_game():
    listed = "bestand: 1\ntitle: L\nparties: {a: {name: A}}\nstates: {s: {is: s}, t: {is: t}}\ngraph: {moves: {a: [[s, t]]}, now: s}\nranking: {a: [t, s]}\n"
    with pytest.raises(AskError, match="no-levers"):
        export(conflict(read_text(listed)), to="nfg")


def test_the_command_offers_every_format():
    from bestand.cli import main

    def offered(command, option):
        return set(next(each for each in main.commands[command].params if each.name == option).type.choices)

    assert offered("import", "kind") == set(READERS) and offered("export", "to") == set(WRITERS)


def test_commands_write_the_file_and_say_what_was_lost(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from bestand.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "chicken.nfg").write_text('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 0 0 1 3 3 1 2 2')
    told = CliRunner().invoke(main, ["import", "chicken.nfg", "-o", "case.yaml"])
    assert told.exit_code == 0 and "lost: there is no present state" in told.output and read("case.yaml").file.title == "Chicken"
    told = CliRunner().invoke(main, ["export", "case.yaml", "--to", "payoffs", "-o", "out.csv"])
    assert told.exit_code == 0 and "changed: everybody chooses at once" in told.output
    assert "strategy=n_1,strategy=n_2,3,1" in (tmp_path / "out.csv").read_text()
    assert CliRunner().invoke(main, ["export", "case.yaml", "--to", "payoffs", "-o", "out.csv"]).exit_code == 2
    told = CliRunner().invoke(main, ["import", "--kind", "gmcr", str(FIELD / "16-no-status-quo.gmcr")])
    assert told.exit_code == 0 and "lost: the present state" in told.output
