"""Proposals wait, are merged, and go into a case only where somebody accepts them."""

from __future__ import annotations

import itertools
import json
import pathlib

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.case.read import read, read_text
from bestand.case.write import write
from bestand.cli import main
from bestand.drafting.accept import accept, reject
from bestand.drafting.beside import file_of
from bestand.drafting.draft import draft
from bestand.drafting.merge import merged
from bestand.drafting.proposals import Proposal, Proposals, keep, waiting
from bestand.errors import CaseError, DraftError

CASE = """\
bestand: 1  # kept
title: The river
parties:
  north: {name: North, members: [President Ana Berg]}  # upstream
  south: {name: South, types: {mild: {value: 0.5, assumed: even}, hard: {value: 0.5, assumed: even}}}
levers:
  south.mill: {is: the mill runs, now: no, assumed: seen}  # the mill
wants:
  north:
    - {that: south.mill, assumed: plain}  # first
  south:
    mild: [{that: south.mill, assumed: plain}]
    hard: [{that: not south.mill, assumed: plain}]
"""
TEXT = """\
North demands that South stops its attacks on the old mill. South wants a truce with the people upstream.
North threatens to freeze the assets of South. So far North has not done so.
North will send observers only if South accepts a truce. Norway has offered to send ten doctors.
On 4 October 2025 South attacked the village of Brek. Talks were held in Bern on 6 October 2025.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "paper.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def drafted(folder):
    case = read(folder)
    return case, draft([folder / "paper.txt"], into=case, language="en")


def everything(case, found):
    return accept(case, found, take=[item.id for item in found.items], by="A. Analyst", on="2026-01-02")


def run(*words, **more):
    return CliRunner().invoke(main, [str(word) for word in words], **more)


def test_nothing_counts_until_it_is_accepted(folder, drafted):
    case, found = drafted
    keep(found, file_of(case))
    assert len(found.waiting) > 10
    assert read(folder).file == case.file


def test_what_is_accepted_reads_back_with_its_quotes_checked_and_says_what_drafted_it(folder, drafted):
    case, found = drafted
    taken = everything(case, found)
    write(taken.case, case.path, force=True)
    again = read(folder)
    claims = again.file.claims
    assert {quote.status for quote in again.quotes.values()} == {"checked"}
    assert {(c.generated_by, c.accepted_by, c.accepted_on) for c in claims.values()} == {("rules en", "A. Analyst", "2026-01-02")}
    assert all(set(lever.because) <= set(claims) for lever in again.file.levers.values())
    assert "drafted by rules en, accepted by A. Analyst on 2026-01-02" in again.file.levers["north.sanctions"].assumed
    assert taken.proposals.waiting == ()


def test_every_kind_finds_its_section(folder, drafted):
    case, found = drafted
    file = everything(case, found).case.file
    assert {item.kind for item in found.items} >= {"claim", "party", "lever", "now", "guard", "want", "observation"}
    assert file.parties["norway"].name == "Norway"
    assert file.levers["north.sanctions"].now == "no"
    assert file.levers["north.force"].needs["yes"].that == "south.ceasefire"
    assert [want.that for want in file.wants["north"]] == ["south.mill", "not south.attacks"]
    assert [want.that for want in file.wants["south"]["hard"]] == ["not south.mill", "south.ceasefire"]
    assert [(seen.on, seen.lever, seen.took) for seen in file.observations] == [("2025-10-04", "south.attacks", "yes")]
    assert [talk.date for talk in file.talks.values()] == ["2025-10-06"]


def test_comments_and_order_stay(drafted):
    case, found = drafted
    text = everything(case, found).case.text
    for line in CASE.splitlines():
        if "#" in line:
            assert line.strip() in text


def test_what_a_line_rests_on_is_taken_along(drafted):
    case, found = drafted
    want = next(item for item in found.items if item.kind == "want" and item.fields["party"] == "north")
    taken = accept(case, found, take=[want.id], by="me", on="2026-01-02")
    assert set(taken.along) == {*want.because, *want.needs}
    assert taken.places[want.id] == "wants.north"
    assert "taken along" in str(taken)


def test_a_line_whose_claims_were_all_rejected_cannot_be_taken(drafted):
    case, found = drafted
    want = next(item for item in found.items if item.kind == "want")
    with pytest.raises(DraftError, match="draft/claims-rejected"):
        accept(case, reject(found, want.because), take=[want.id], by="me", on="2026-01-02")


@pytest.mark.parametrize(
    ("take", "by", "edits", "code"),
    [
        (["p999"], "me", {}, "draft/unknown-proposal"),
        (["p1"], " ", {}, "draft/no-name"),
        (["p1"], "me", {"p1": {"quote": "North agrees"}}, "draft/not-editable"),
        (["p1"], "me", {"p1": {"generated_by": "me"}}, "draft/not-editable"),
    ],
)
def test_what_cannot_be_taken_is_told(drafted, take, by, edits, code):
    case, found = drafted
    with pytest.raises(DraftError, match=code):
        accept(case, found, take=take, by=by, on="2026-01-02", edits=edits)


def test_an_edit_that_makes_the_case_wrong_is_refused_and_nothing_changes(drafted):
    case, found = drafted
    want = next(item for item in found.items if item.kind == "want")
    with pytest.raises(CaseError):
        accept(case, found, take=[want.id], by="me", on="2026-01-02", edits={want.id: {"that": "no.such_lever"}})


def test_a_proposal_is_decided_once(drafted):
    case, found = drafted
    taken = accept(case, found, take=["p1"], by="me", on="2026-01-02")
    for again in (lambda: accept(taken.case, taken.proposals, take=["p1"], by="me", on="2026-01-02"), lambda: reject(taken.proposals, ["p1"])):
        with pytest.raises(DraftError, match="draft/decided"):
            again()


def test_a_run_stopped_between_case_and_proposals_makes_no_second_claim(folder, drafted):
    case, found = drafted
    taken = everything(case, found)
    write(taken.case, case.path, force=True)
    twice = everything(read(folder), found).case.file
    assert len(twice.claims) == len(taken.case.file.claims)
    assert len(twice.wants["north"]) == len(taken.case.file.wants["north"])


@pytest.mark.parametrize("decide", [lambda c, f: (c, f), lambda c, f: (c, reject(f, [i.id for i in f.items])), lambda c, f: (everything(c, f).case, everything(c, f).proposals)])
def test_a_passage_is_proposed_once_whatever_was_decided_on_it(folder, drafted, decide):
    case, found = decide(*drafted)
    again = draft([folder / "paper.txt"], into=case, language="en", waiting=found)
    claims = [item for item in again.items if item.kind == "claim"]
    assert len(claims) == len([item for item in found.items if item.kind == "claim"])


def test_an_accepted_passage_is_known_without_the_file_of_proposals(folder, drafted):
    case, found = drafted
    write(everything(case, found).case, case.path, force=True)
    again = draft([folder / "paper.txt"], into=read(folder), language="en")
    assert [item for item in again.items if item.kind == "claim"] == []


def test_near_duplicates_in_other_documents_are_shown_together(folder, drafted):
    case, found = drafted
    (folder / "second.txt").write_text("Yesterday South attacked the village of Brek again. It rained in the hills.", encoding="utf-8")
    more = draft([folder / "second.txt"], into=case, language="en", waiting=found)
    late = next(item for item in more.items if item.kind == "claim" and item.fields["source"] == "second" and "Brek" in item.fields["quote"])
    assert len(late.near) == 1
    assert late.id in more[late.near[0]].near
    assert more[late.near[0]].fields["source"] == "paper"


def test_a_claim_against_an_accepted_one_denies_it(folder, drafted):
    case, found = drafted
    claim = next(item for item in found.items if item.kind == "claim" and "village of Brek" in item.fields["quote"])
    taken = accept(case, found, take=[claim.id], by="me", on="2026-01-02")
    (folder / "second.txt").write_text("South never attacked the village of Brek. South denied that it attacked the village of Brek.", encoding="utf-8")
    more = draft([folder / "second.txt"], into=taken.case, language="en", waiting=taken.proposals)
    against = [item for item in more.waiting if item.fields.get("denies")]
    assert [item.fields["denies"] for item in against] == [["c1"], ["c1"]]
    assert accept(taken.case, more, take=[against[0].id], by="me", on="2026-01-03").case.file.claims["c2"].denies == ("c1",)


def test_what_is_there_against_what_is_not_there_is_a_denial(folder, drafted):
    """Two words are all that such sentences share, and the stressing word of the one is no difference."""
    case, found = drafted
    (folder / "een.txt").write_text("Buitenlandse waarnemers zijn er wel. De brug is dicht voor alle verkeer.", encoding="utf-8")
    first = draft([folder / "een.txt"], into=case, language="nl", waiting=found)
    claim = next(item for item in first.items if item.kind == "claim" and "zijn er wel" in item.fields["quote"])
    taken = accept(case, first, take=[claim.id], by="me", on="2026-01-02")
    (folder / "twee.txt").write_text("Buitenlandse waarnemers zijn er niet. De brug is open voor het verkeer.", encoding="utf-8")
    more = draft([folder / "twee.txt"], into=taken.case, language="nl", waiting=taken.proposals)
    assert [item.fields["quote"] for item in more.waiting if item.fields.get("denies")] == ["Buitenlandse waarnemers zijn er niet"]


def test_lines_of_two_documents_with_one_content_are_one_line_with_both_claims(folder, drafted):
    case, found = drafted
    (folder / "second.txt").write_text("Its neighbour was clear. South also wants a truce at once.", encoding="utf-8")
    more = draft([folder / "second.txt"], into=case, language="en", waiting=found)
    (want,) = [item for item in more.items if item.kind == "want" and item.fields["that"] == "south.ceasefire"]
    assert {more[key].fields["source"] for key in want.because} == {"paper", "second"}


def test_denied_claims_must_exist():
    text = CASE + "sources: {s: {title: S, sha256: " + "a" * 64 + "}}\nclaims: {c1: {source: s, quote: a b, gloss: g, denies: [c9]}}\n"
    with pytest.raises(CaseError, match="no claim 'c9'"):
        read_text(text)


WORDS = st.text(min_size=1, max_size=30).filter(lambda s: s.isprintable())
ITEMS = st.lists(
    st.builds(
        lambda kind, fields, because: Proposal("p1", kind, fields, because=because, generated_by="rules nl", passage="s:1-9"),
        st.sampled_from(["claim", "lever", "want"]),
        st.dictionaries(st.sampled_from(["quote", "gloss", "is", "hedge"]), WORDS),
        st.just(("p1",)),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_proposals_come_back_from_their_file_as_they_went_in(tmp_path_factory, items):
    numbered = tuple(Proposal(f"p{k + 1}", i.kind, i.fields, i.because, (), i.generated_by, i.passage) for k, i in enumerate(items))
    path = tmp_path_factory.mktemp("p") / "proposals.yaml"
    given_ = Proposals({"s": {"title": "no", "language": "nl"}}, numbered, ("ab12",))
    keep(given_, path)
    assert waiting(path) == given_


@pytest.mark.parametrize("text", ["proposals: 2\n", "proposals: 1\nitems: [{id: x}]\n", "proposals: 1\nmore: 1\n", "[]\n"])
def test_a_damaged_file_of_proposals_is_told(tmp_path, text):
    path = tmp_path / "proposals.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DraftError, match="draft/bad-file"):
        waiting(path)


def test_a_case_without_a_folder_has_no_file_of_proposals():
    with pytest.raises(DraftError, match="draft/no-folder"):
        file_of(read_text(CASE))
    assert file_of(pathlib.Path("a/water.yaml")).name == "water.proposals.yaml"


def test_merging_in_any_order_keeps_every_passage_once():
    items = [Proposal(f"p{k}", "claim", {"quote": f"word{k} other{k} third{k}", "source": "s"}, passage=f"s:{10 * k}-{10 * k + 9}") for k in range(1, 5)]
    case = read_text(CASE)
    for order in itertools.permutations(items):
        found = merged(merged(Proposals(), list(order), case), items, case)
        assert sorted(item.passage for item in found.items) == sorted(item.passage for item in items)
        assert [item.id for item in found.items] == ["p1", "p2", "p3", "p4"]


# ------------------------------------------------------------------------------------------------ the commands


def test_draft_and_accept_from_the_command_line(folder):
    done = run("draft", folder / "paper.txt", "--into", folder, "--language", "en", "--json")
    assert done.exit_code == 0, done.output
    assert (folder / "proposals.yaml").is_file()
    first = run("accept", folder, "p1", "--by", "me", "--on", "2026-01-02", "--set", "p1.gloss=the demand", "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)[0]["in the case"] == "claims.c1"
    assert read(folder).file.claims["c1"].gloss == "the demand"
    assert run("accept", folder, "--all-of", "claim", "--all-of", "party", "--by", "me").exit_code == 0
    assert {item.kind for item in waiting(folder / "proposals.yaml").waiting} & {"claim", "party"} == set()
    left = [item.id for item in waiting(folder / "proposals.yaml").waiting]
    assert run("accept", folder, left[0], "--reject", "--by", "me").exit_code == 0
    assert waiting(folder / "proposals.yaml")[left[0]].status == "rejected"


def test_one_by_one_asks_about_each_and_writes_after_each(folder):
    run("draft", folder / "paper.txt", "--into", folder, "--language", "en")
    done = run("accept", folder, "--by", "me", input="a\nr\ne\nits gloss\n\n\n\nq\n")
    assert done.exit_code == 0, done.output
    claims = read(folder).file.claims
    assert len(claims) == 2
    assert claims["c2"].gloss == "its gloss"
    assert waiting(folder / "proposals.yaml")["p2"].status == "rejected"


def test_one_by_one_goes_on_after_a_proposal_that_cannot_be_taken(folder):
    run("draft", folder / "paper.txt", "--into", folder, "--language", "en")
    items = waiting(folder / "proposals.yaml").waiting
    place = next(k for k, item in enumerate(items) if item.kind == "want")
    done = run("accept", folder, "--by", "me", input="s\n" * place + "e\nno.such\n\nq\n")
    assert done.exit_code == 0, done.output
    assert "case/unknown-name" in done.output
    assert read(folder).file.claims == {}


@pytest.mark.parametrize(
    ("words", "code"),
    [(("accept", "{case}", "p99", "--by", "me"), 2), (("accept", "{case}", "p1", "--set", "gloss"), 2), (("draft", "{case}/none.txt", "--into", "{case}"), 2)],
)
def test_wrong_commands_are_told(folder, words, code):
    done = run(*(word.replace("{case}", str(folder)) for word in words))
    assert done.exit_code == code
    assert "Traceback" not in done.output


def test_an_accepted_lever_is_called_by_its_party_and_what_it_does(tmp_path):
    said = tmp_path / "said.txt"
    said.write_text("Alm demands that Brill reopen the port. Cord demands that Brill lift its blockade.", encoding="utf-8")
    case = read_text("bestand: 1\ntitle: T\nparties: {a: {name: Alm}, b: {name: Brill}}\n", path=tmp_path / "case.yaml")
    proposals = draft([said], into=case, language="en")
    levers = {item.fields["is"]: item.id for item in proposals.items if item.kind == "lever"}
    assert "reopen the port" in levers and len(levers) == 2
    (other,) = [key for words, key in levers.items() if words != "reopen the port"]
    taken = accept(case, proposals, by="A", on="2031-01-01", edits={other: {"is": "the blockade is lifted"}})
    assert {str(lever.label) for lever in taken.case.file.levers.values()} == {"Brill: reopen the port", "the blockade is lifted"}
    again = draft([said], into=taken.case, waiting=taken.proposals, language="en")
    assert not again.waiting  # the levers are known again by their new labels


def test_a_lever_that_names_its_party_is_not_called_by_it_twice(tmp_path):
    case = read_text("bestand: 1\ntitle: T\nparties: {a: {name: Alm}, b: {name: Brill, also: [Brillians]}}\n", path=tmp_path / "case.yaml")
    stamp = {"now": "no", "basis": "inferred"}
    named = ("the Brillians leave", "BRILL leaves", "Brillow leaves")
    items = [Proposal(f"p{k}", "lever", {"id": f"b.l{k}", "is": words, **stamp}, generated_by="rules en") for k, words in enumerate(named)]
    taken = accept(case, Proposals(items=tuple(items)), by="A", on="2031-01-01").case
    assert [str(lever.label) for lever in taken.file.levers.values()] == [*named[:2], "Brill: Brillow leaves"]


def test_a_lever_or_party_that_is_renamed_when_accepted_is_renamed_in_all_that_waits(tmp_path):
    said = tmp_path / "said.txt"
    said.write_text("Alm demands that Brill reopen the port. Alm is ready to pay the pilots if Brill reopens the port.", encoding="utf-8")
    case = read_text("bestand: 1\ntitle: T\nparties: {a: {name: Alm}, b: {name: Brill}, c: {name: Cord}}\n", path=tmp_path / "case.yaml")
    proposals = draft([said], into=case, language="en")
    lever = next(item for item in proposals.items if item.kind == "lever" and item.fields["id"] == "b.opening")
    taken = accept(case, proposals, take=[lever.id], by="A", on="2031-01-01", edits={lever.id: {"id": "b.port"}})
    rest = accept(taken.case, taken.proposals, by="A", on="2031-01-01").case.file
    assert [want.that for want in rest.wants["a"]] == ["b.port"]
    assert rest.levers["a.pay_pilots"].needs["yes"].that == "b.port"
    assert "b.opening" not in rest.levers
