"""Whom *we* means in a document: told by its heading, by its author in the case, or by the one who drafts it; else by nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bestand import accept, check, draft, read, read_text
from bestand.case.translations import in_other_languages
from bestand.cli import main
from bestand.drafting.proposals import Proposals, keep, waiting
from bestand.errors import DraftError

CASE = """bestand: 1
title: A siege
as_of: "2031-03-06"
parties:
  orvia: {name: Orvia, members: [Joran Petz]}
  council: {name: Varn Council, also: [Rat von Varn, Raad van Varn]}
  union: {name: Lakes Union, also: [Merenunie]}
"""
WORDS = """We demand that Orvia open the road for food and fuel. We reject any garrison of the Lakes Union in Dorhal.

If Orvia shells the hospital again, we will blow up the bridge. We call on Orvia to stop those deliveries.
"""


def drafted(folder: Path, text: str, *, case: str = CASE, name: str = "said.txt", **options: str) -> Proposals:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "case.yaml").write_text(case, encoding="utf-8")
    return draft([folder / name], into=read(folder), **options)


def wants(proposals: Proposals) -> set[tuple[str, str]]:
    return {(item.fields["party"], item.fields["that"]) for item in proposals.waiting if item.kind == "want"}


def levers(proposals: Proposals) -> dict[str, str]:
    return {item.fields["id"]: item.fields["now"] for item in proposals.waiting if item.kind == "lever"}


THEIRS = {("council", "orvia.border"), ("council", "not union.garrison"), ("council", "not orvia.deliveries")}


def test_we_of_nobody_known_is_nobody_named_elsewhere(tmp_path: Path) -> None:
    made = drafted(tmp_path, WORDS)
    assert not wants(made) and not any(lever.startswith(("orvia.blow", "union.")) for lever in levers(made))
    assert any("who “we” is was not told" in note and "--speaker PARTY" in note for note in made.notes)


def test_a_text_that_names_no_party_of_the_case_says_why_it_gives_claims_only(tmp_path: Path) -> None:
    text = "Upstream will close the sluice. Downstream demands that Upstream open it."
    told = "said: it names no party of the case (Orvia, Varn Council, Lakes Union)"
    made = drafted(tmp_path, text)
    assert made.waiting and {item.kind for item in made.waiting} == {"claim"}
    assert [note.startswith(told) for note in made.notes] == [True]
    named = draft([tmp_path / "said.txt"], into=read_text(CASE.replace("name: Orvia", "name: Upstream")), waiting=replace(made, notes=()))
    assert "lever" in {item.kind for item in named.waiting} and not named.notes


@pytest.mark.parametrize("speaker", ["council", "Varn Council", "Raad van Varn"])
def test_whoever_drafts_says_whom_we_means(tmp_path: Path, speaker: str) -> None:
    made = drafted(tmp_path, WORDS, speaker=speaker)
    assert wants(made) == THEIRS and "council.blow_up" in levers(made) and not made.notes
    assert made.sources["said"]["author"] == "Varn Council"


def test_a_person_speaks_for_his_party(tmp_path: Path) -> None:
    assert wants(drafted(tmp_path, "We demand that the Varn Council free the prisoners.", speaker="Joran Petz")) == {("orvia", "council.hostages")}


@pytest.mark.parametrize(
    ("heading", "text", "language"),
    [
        ("Statement of the Varn Council on the siege", WORDS, "en"),
        ("Erklärung des Rates von Varn", "Wir fordern, dass Orvia die Straße öffnet. Wir lehnen eine Garnison der Lakes Union ab.", "de"),
        ("VARN COUNCIL\nLetter to the member states", WORDS, "en"),
        ("AUSSENMINISTERIUM DER REPUBLIK VARN COUNCIL\nErklärung zur Lage", "Wir fordern, dass Orvia die Straße öffnet. Wir lehnen eine Garnison der Lakes Union ab.", "de"),
        ("Verklaring van de Raad van Varn", "Wij eisen dat Orvia de weg naar Dorhal opent. Wij wijzen een garnizoen van de Merenunie af.", "nl"),
    ],
)
def test_a_heading_says_whose_statement_it_is(tmp_path: Path, heading: str, text: str, language: str) -> None:
    case = CASE.replace("Rat von Varn", "Rat von Varn, Rates von Varn")
    made = drafted(tmp_path, f"{heading}\n\n{text}", case=case, language=language)
    assert ("council", "not union.garrison") in wants(made)
    assert any("by its heading “we” is Varn Council" in note for note in made.notes)


def test_the_author_whom_the_case_names_speaks(tmp_path: Path) -> None:
    first = drafted(tmp_path, WORDS)
    sha = first.sources["said"]["sha256"]
    made = drafted(tmp_path, WORDS, case=CASE + f"sources: {{said: {{title: T, author: Varn Council, sha256: {sha}, file: said.txt}}}}\n")
    assert wants(made) == THEIRS


def test_one_who_is_no_party_is_refused_and_the_nearest_is_named(tmp_path: Path) -> None:
    with pytest.raises(DraftError, match="did you mean 'council'") as refused:
        drafted(tmp_path, WORDS, speaker="counsil")
    assert refused.value.code == "draft/unknown-speaker"


def test_the_command_takes_a_speaker(tmp_path: Path) -> None:
    drafted(tmp_path, WORDS)
    made = CliRunner().invoke(main, ["draft", str(tmp_path / "said.txt"), "--into", str(tmp_path), "--speaker", "council"])
    assert made.exit_code == 0 and "council wants orvia.border" in made.output


def test_what_is_not_done_is_not_told_as_done(tmp_path: Path) -> None:
    made = drafted(tmp_path, "Orvia has so far not opened the road to Dorhal. Orvia continues to shell the northern quarter.")
    assert levers(made) == {"orvia.border": "no", "orvia.attacks": "yes"}
    assert not any(" not " in item.fields["is"] for item in made.waiting if item.kind == "lever")


def test_what_is_said_to_be_done_weighs_more_than_what_might_be(tmp_path: Path) -> None:
    might = drafted(tmp_path, "The Varn Council will blow up the bridge only if Orvia shells the hospital again. The talks are to go on.")
    assert levers(might)["orvia.attacks"] == "no"
    (tmp_path / "other.txt").write_text("Orvia continues to shell the northern quarter of the town.", encoding="utf-8")
    assert levers(draft([tmp_path / "other.txt"], into=read(tmp_path), waiting=might))["orvia.attacks"] == "yes"


@pytest.mark.parametrize(
    ("text", "lever"),
    [
        ("Eine Abstimmung über den Status des Tals lehnt die Regierung von Orvia ab.", ""),
        ("Die Regierung von Orvia ist nach Angaben ihres Sprechers Joran Petz bereit, den Beschuss der Stadt einzustellen.", "orvia.regierung"),
    ],
)
def test_no_lever_is_called_for_a_government(tmp_path: Path, text: str, lever: str) -> None:
    assert not any("regierung" in name for name in levers(drafted(tmp_path, text, language="de")))


def test_words_from_another_language_keep_it_and_the_case_says_so(tmp_path: Path) -> None:
    made = drafted(tmp_path, "Orvia eist dat de Raad van Varn de wapens neerlegt.", language="nl")
    taken = accept(read(tmp_path), made, take=[item.id for item in made.waiting], by="A", on="2031-03-07").case
    assert taken.file.levers["council.arms"].label.given == {"nl": "Varn Council: de wapens neerlegt"}
    assert in_other_languages(taken.file, "en") == {"nl": 2} and not in_other_languages(taken.file, "nl")
    assert [each.parts["language"] for each in check(taken).findings if each.code == "check/other-language"] == ["nl"]


def test_words_that_a_person_wrote_are_of_the_case(tmp_path: Path) -> None:
    made = drafted(tmp_path, "Orvia eist dat de Raad van Varn de wapens neerlegt.", language="nl")
    lever = next(item.id for item in made.waiting if item.kind == "lever")
    taken = accept(read(tmp_path), made, take=[lever], by="A", on="2031-03-07", edits={lever: {"is": "the Council disarms"}}).case
    assert str(taken.file.levers["council.arms"].label) == "the Council disarms" and not taken.file.levers["council.arms"].label.given


def test_a_case_in_one_language_has_nothing_in_another() -> None:
    assert in_other_languages(read_text(CASE).file, "en") == {} == in_other_languages(read("ukraine/2025-04").file, "nl")


def accepted_in_the_terminal(folder: Path, typed: str) -> str:
    return CliRunner().invoke(main, ["accept", str(folder), "--by", "me"], input=typed).output


def test_accept_asks_whom_we_means_before_it_asks_about_proposals(tmp_path: Path) -> None:
    """What the answer brings waits beside the rest, and the question is not put again."""
    keep(drafted(tmp_path, WORDS), tmp_path / "proposals.yaml")
    told = accepted_in_the_terminal(tmp_path, "Varn Council\nq\n")
    assert "said: who is “we”? orvia, council, union" in told and "more wait" in told
    later = waiting(tmp_path / "proposals.yaml")
    assert wants(later) == THEIRS and later.sources["said"]["author"] == "Varn Council"
    assert "who is “we”?" not in accepted_in_the_terminal(tmp_path, "q\n")


def test_accept_goes_on_where_nobody_says_whom_we_means(tmp_path: Path) -> None:
    """An empty answer leaves it open; a name that is none is told; a document that is not at hand cannot be read again."""
    keep(drafted(tmp_path, WORDS), tmp_path / "proposals.yaml")
    assert "no party of this case" in (told := accepted_in_the_terminal(tmp_path, "Brill\nq\n")) and "still wait" in told
    assert "p1 claim" in accepted_in_the_terminal(tmp_path, "\nq\n") and not wants(waiting(tmp_path / "proposals.yaml"))
    (tmp_path / "said.txt").unlink()
    assert "give --sources, to be asked" in accepted_in_the_terminal(tmp_path, "q\n")
