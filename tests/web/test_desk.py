"""What is confirmed is on disk; what others wrote is never overwritten; every step can be taken back."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys

import pytest

from bestand.case.read import read
from bestand.errors import AskError, CaseError, FileError
from bestand.web.desk import Desk
from bestand.web.edits import Set
from tests.depth import in_depth, spread

TITLES = [Set(op="set", at=["title"], value=f"Title {k}") for k in range(4)]


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "case.yaml").write_text(read("example/en").text, encoding="utf-8")
    return Desk(tmp_path / "case.yaml")


def test_an_edit_is_on_disk_when_it_is_confirmed(desk):
    sheet = desk.edit([TITLES[0]], version=desk.sheet.version)
    assert read(desk.path).file.title == sheet.case.file.title == "Title 0"


def test_a_quote_is_checked_again_wherever_in_the_text_its_claim_stands(tmp_path):
    """A key in quotes begins no section that can be told apart: its lines stand in those of the section before."""
    (tmp_path / "said.txt").write_text("They stop.", encoding="utf-8")
    digest = hashlib.sha256(b"They stop.").hexdigest()
    text = (
        "bestand: 1\ntitle: Two\n'claims': {c: {source: s, quote: They stop., gloss: it stops, author_holds: certain}}\n"
        f"sources: {{s: {{title: Said, author: X, file: said.txt, sha256: {digest}}}}}\nparties: {{a: {{name: A}}}}\nlevers: {{a.stops: {{is: it stops, because: [c]}}}}\n"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    desk = Desk(tmp_path / "case.yaml")
    with pytest.raises(CaseError, match="evidence/not-found"):
        desk.replace(text.replace("They stop.", "They go on."), version=desk.sheet.version)
    assert {quote.status for quote in desk.sheet.case.quotes.values()} == {"checked"}


def test_what_is_known_of_a_source_is_known_after_an_edit(tmp_path):
    said = b"<p>They stop. <s>They go on.</s></p>"
    (tmp_path / "said.html").write_bytes(said)
    (tmp_path / "case.yaml").write_text(
        f"bestand: 1\ntitle: Two\nsources: {{s: {{title: Said, author: X, file: said.html, sha256: {hashlib.sha256(said).hexdigest()}}}}}\nparties: {{a: {{name: A}}}}\n"
        "claims: {c: {source: s, quote: They stop., gloss: it stops, author_holds: certain}}\nlevers: {a.stops: {is: it stops, because: [c]}}\n", encoding="utf-8",
    )  # fmt: skip
    desk = Desk(tmp_path / "case.yaml")
    before = desk.sheet.case.notes
    assert before["s"]
    assert desk.edit([TITLES[0]], version=desk.sheet.version).case.notes == before
    assert desk.step("undo", version=desk.sheet.version).case.notes == before


@pytest.mark.parametrize("how", ["edit", "text", "undo"])
def test_a_document_that_changes_while_its_case_is_open_is_checked_again(tmp_path, how):
    (tmp_path / "said.txt").write_text("They stop.", encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        f"bestand: 1\ntitle: Two\nsources: {{s: {{title: Said, author: X, file: said.txt, sha256: {hashlib.sha256(b'They stop.').hexdigest()}}}}}\nparties: {{a: {{name: A}}}}\n"
        "claims: {c: {source: s, quote: They stop., gloss: it stops, author_holds: certain}}\nlevers: {a.stops: {is: it stops, because: [c]}}\n", encoding="utf-8",
    )  # fmt: skip
    desk = Desk(tmp_path / "case.yaml")
    desk.edit([TITLES[0]], version=desk.sheet.version)
    assert desk.sheet.case.quotes["c"].status == "checked"
    (tmp_path / "said.txt").unlink()
    version = desk.sheet.version
    if how == "edit":
        desk.edit([TITLES[1]], version=version)
    elif how == "text":
        desk.replace(desk.sheet.text.replace("Title 0", "Title 1"), version=version)
    else:
        desk.step("undo", version=version)
    assert desk.sheet.case.quotes["c"].status != "checked"


def test_an_edit_that_makes_a_bad_case_is_refused_and_changes_nothing(desk):
    before = desk.path.read_bytes()
    with pytest.raises(CaseError):
        desk.edit([Set(op="set", at=["terms", "bad"], value="no_such_lever and")], version=desk.sheet.version)
    assert desk.path.read_bytes() == before
    assert desk.sheet.version == 1


def test_two_windows_do_not_lose_each_others_edits(desk):
    version = desk.sheet.version
    desk.edit([TITLES[0]], version=version)
    with pytest.raises(AskError) as refused:
        desk.edit([TITLES[1]], version=version)
    assert refused.value.code == "web/other-version"
    assert read(desk.path).file.title == "Title 0"


def test_what_another_program_wrote_is_not_overwritten(desk):
    theirs = desk.sheet.text.replace("# An invented quarrel", "# By another program. An invented quarrel")
    desk.path.write_text(theirs, encoding="utf-8")
    with pytest.raises(AskError) as refused:
        desk.edit([TITLES[0]], version=desk.sheet.version)
    assert refused.value.code == "web/changed-outside"
    assert desk.changed_outside() == theirs == desk.path.read_text(encoding="utf-8")
    mine = desk.sheet.text
    assert desk.choose(theirs=False).text == mine == desk.path.read_text(encoding="utf-8")
    assert theirs in [desk.text_of(each.number) for each in desk.versions.all]
    desk.path.write_text(theirs, encoding="utf-8")
    assert desk.choose(theirs=True).text == theirs


def test_undo_and_redo_go_all_the_way_also_after_a_restart(desk):
    first = desk.sheet.text
    for title in TITLES:
        desk.edit([title], version=desk.sheet.version)
    last = desk.sheet.text
    again = Desk(desk.path)
    for _ in TITLES:
        again.step("undo", version=again.sheet.version)
    assert again.sheet.text == first == again.path.read_text(encoding="utf-8")
    with pytest.raises(AskError, match="nothing left"):
        again.step("undo", version=again.sheet.version)
    for _ in TITLES:
        again.step("redo", version=again.sheet.version)
    assert again.sheet.text == last


@spread("seed", range(12))
def test_whatever_happens_what_was_confirmed_is_on_disk_and_every_step_can_be_taken_back(desk, seed):
    """Edits from two windows, another program, undo, redo, restarts and choices in any order, against a plain list of texts."""
    rng = random.Random(seed)
    done, undone, confirmed = [desk.sheet.text], [], {desk.sheet.text}
    for k in range(25):
        match rng.choice(("edit", "edit", "stale", "undo", "redo", "outside", "restart")):
            case "edit":
                done.append(desk.edit([Set(op="set", at=["title"], value=f"Title {seed}-{k}")], version=desk.sheet.version).text)
                undone.clear()
            case "stale":
                with pytest.raises(AskError, match="version"):
                    desk.edit([TITLES[0]], version=desk.sheet.version - 1)
            case "undo" | "redo" as way:
                source, target = (done, undone) if way == "undo" else (undone, done)
                if len(source) > (way == "undo"):
                    target.append(source.pop())
                    desk.step(way, version=desk.sheet.version)
                else:
                    with pytest.raises(AskError, match="nothing left"):
                        desk.step(way, version=desk.sheet.version)
            case "outside":
                theirs = f"# by another program, {k}\n{desk.sheet.text}"
                desk.path.write_text(theirs, encoding="utf-8")
                with pytest.raises(AskError):
                    desk.edit([TITLES[0]], version=desk.sheet.version)
                mine, kept = desk.sheet.text, rng.random() < 0.5
                desk.choose(theirs=kept)
                done += [theirs] if kept else [theirs, mine]
                undone.clear()
            case "restart":
                desk = Desk(desk.path)
        confirmed.add(done[-1])
        assert desk.sheet.text == done[-1] == desk.path.read_text(encoding="utf-8")
    assert confirmed <= {desk.text_of(each.number) for each in desk.versions.all}
    for text in reversed(done[:-1]):
        assert desk.step("undo", version=desk.sheet.version).text == text


def test_an_earlier_version_can_be_put_back(desk):
    first = desk.sheet.text
    desk.edit([TITLES[0]], version=desk.sheet.version)
    assert desk.restore(1, version=desk.sheet.version).text == first


def test_a_torn_line_of_the_log_is_passed_over(desk):
    desk.edit([TITLES[0]], version=desk.sheet.version)
    with (desk.versions.folder / "log.jsonl").open("ab") as log:
        log.write(b'{"number": 3, "kind": "ed')
    again = Desk(desk.path)
    again.edit([TITLES[1]], version=again.sheet.version)
    assert [each.what for each in Desk(desk.path).versions.all if each.kind == "edit"] == ["title", "title"]


def test_two_workbenches_on_one_case_leave_a_log_of_which_each_version_is_found_by_its_number_and_each_step_changes_something(desk):
    """Both counted on from the same number: put back by its number, another version came."""
    beside, texts = Desk(desk.path), [desk.sheet.text]
    for k, title in enumerate(TITLES):
        mine = (desk, beside)[k % 2]
        mine.choose(theirs=True)
        texts.append(mine.edit([title], version=mine.sheet.version).text)
    again = Desk(desk.path)
    numbers = [each.number for each in again.versions.all]
    assert numbers == sorted(set(numbers)) and len(numbers) == len(desk.versions.all) + len(beside.versions.all) - 1
    assert all(again.text_of(each.number) == again.versions.text(each.digest) for each in again.versions.all)
    for text in reversed(texts[:-1]):
        assert again.step("undo", version=again.sheet.version).text == text


def test_an_edit_that_cannot_be_logged_is_refused_and_changes_nothing(desk):
    log, before = desk.versions.folder / "log.jsonl", desk.path.read_text(encoding="utf-8")
    log.unlink()
    log.mkdir()
    with pytest.raises(FileError):
        desk.edit([TITLES[0]], version=desk.sheet.version)
    assert desk.path.read_text(encoding="utf-8") == before == desk.sheet.text and desk.changed_outside() is None
    log.rmdir()
    assert "Title 1" in desk.edit([TITLES[1]], version=desk.sheet.version).text


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_is_put_in_the_place_of_the_file_is_not_followed(desk, tmp_path):
    """What it led to was shown as the case, and kept among its versions."""
    secret, first = tmp_path / "elsewhere.txt", desk.sheet.text
    secret.write_text("nobody's business", encoding="utf-8")
    desk.path.unlink()
    desk.path.symlink_to(secret)
    with pytest.raises(AskError, match="changed-outside"):
        desk.edit([TITLES[0]], version=desk.sheet.version)
    with pytest.raises(FileError, match="not-plain"):
        desk.choose(theirs=True)
    assert secret.read_text(encoding="utf-8") == "nobody's business" and [desk.text_of(each.number) for each in desk.versions.all] == [first]


@pytest.mark.parametrize("number", ["0", "-1", "1e3", "1" + "0" * 30, "null"])
def test_a_number_that_nobody_counted_to_is_passed_over(desk, number):
    with (desk.versions.folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(f'{{"number": {number}, "kind": "edit", "digest": "{"0" * 64}", "what": "", "when": ""}}\n')
    assert [each.number for each in Desk(desk.path).versions.all][:1] == [1] and Desk(desk.path).sheet.version == 1


def test_a_file_with_mistakes_opens_with_its_mistakes(tmp_path):
    (tmp_path / "case.yaml").write_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {b.x: {is: x}}\n", encoding="utf-8")
    desk = Desk(tmp_path / "case.yaml")
    assert desk.sheet.case is None
    assert desk.sheet.problems
    with pytest.raises(AskError, match="mistakes"):
        desk.edit([TITLES[0]], version=desk.sheet.version)
    assert desk.replace(desk.sheet.text.replace("b.x", "a.x"), version=desk.sheet.version).case is not None


WRITER = """
import sys, pathlib
from bestand.web.desk import Desk
from bestand.web.edits import Set
from tests.depth import in_depth, spread
desk = Desk(pathlib.Path(sys.argv[1]))
k = int(sys.argv[2])
while True:
    k += 1
    desk.edit([Set(op="set", at=["title"], value=f"Title {k}")], version=desk.sheet.version)
    print(k, flush=True)
"""


@in_depth
def test_kills_during_edits_lose_nothing_that_was_confirmed(desk):
    confirmed = 0
    for turn in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(desk.path), str(confirmed)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}) as writer:
            for _ in range(3 + turn):
                confirmed = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            confirmed = max([confirmed, *(int(line) for line in writer.stdout.read().split())])
        stands = int(read(desk.path).file.title.removeprefix("Title "))
        assert confirmed <= stands <= confirmed + 1
        confirmed = stands
        assert Desk(desk.path).sheet.case is not None
