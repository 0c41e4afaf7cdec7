"""What changed since an earlier version, as a file or out of git, in sentences of both languages."""

from __future__ import annotations

import os
import subprocess

import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.changes.diff import as_written
from bestand.changes.earlier import earlier
from bestand.cli import main
from bestand.errors import CaseError
from bestand.graph.conflict import conflict
from bestand.report.brief import brief
from bestand.report.page import report
from bestand.report.since import since_told
from bestand.study.flips import flips
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.edited_cases import case_of

OLD = """bestand: 1
title: Two banks
as_of: 2026-01-01
sources: {s: {title: A report, sha256: "%s"}}
claims: {c: {source: s, quote: the gate opens, gloss: the gate opens soon, says: author}}
parties:
  north: {name: {en: North, nl: Noord}, types: {calm: {value: 0.6, is: calm}, harsh: {value: 0.4, is: harsh}}}
  south: {name: {en: South, nl: Zuid}}
levers:
  north.opens: {is: {en: North opens the gate, nl: Noord opent de sluis}, because: [c]}
  south.pays: {is: {en: South pays, nl: Zuid betaalt}, assumed: t}
terms: {trade: {that: north.opens and south.pays, is: {en: the trade, nl: de ruil}}}
wants:
  north:
    calm: [{that: south.pays, is: {en: to be paid, nl: betaald worden}, assumed: t}, {that: not north.opens, assumed: t}]
    harsh: [{that: not north.opens, assumed: t}]
  south: [{that: not south.pays, assumed: t}, {that: north.opens, is: {en: an open gate, nl: een open sluis}, assumed: t}]
""" % ("0" * 64)
NEW = (
    OLD.replace("gloss: the gate opens soon", "hedge: reportedly, gloss: the gate opens soon")
    .replace("{that: not south.pays, assumed: t}", "{that: south.pays, assumed: t}")
    .replace("{that: south.pays, is: {en: to be paid, nl: betaald worden}, assumed: t}, {that: not north.opens, assumed: t}", "{that: north.opens, assumed: t}, {that: south.pays, is: {en: to be paid, nl: betaald worden}, assumed: t}")
    .replace("value: 0.6", "value: 0.7").replace("value: 0.4", "value: 0.3")
)  # fmt: skip


def git(folder, *arguments, day="2026-01-01"):
    settings = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00", "HOME": str(folder), "PATH": os.environ["PATH"]}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True, env=settings)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    git(folder, "init", "-q")
    (folder / "inner").mkdir()
    for text, day, tag in ((OLD, "2026-01-05", "first"), (NEW, "2026-01-12", "second")):
        (folder / "inner" / "case.yaml").write_text(text, encoding="utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "a version", day=day)
        git(folder, "tag", tag)
    return folder / "inner"


@pytest.mark.parametrize(
    ("since", "kind", "day", "title"),
    [
        ("first", "revision", "2026-01-05", "revision “first” of 5 January 2026"), ("HEAD~1", "revision", "2026-01-05", "revision “HEAD~1” of"),
        ("2026-01-05", "day", "2026-01-05", "5 January 2026 (the version of 5 January 2026)"), ("2026-01-11", "day", "2026-01-05", "since 11 January 2026 (the version of 5 January 2026)"),
    ],
)
def test_git_gives_the_version_of_a_revision_and_of_a_day(repository, since, kind, day, title):
    new = read(repository)
    old, against = earlier(new, since)
    assert as_written(old) == as_written(read_text(OLD))
    assert (against.kind, against.day, len(against.commit)) == (kind, day, 10)
    found = since_told(flips(old, new, against=against), Telling(study(new, draws=1, quick=True).conflict, words("en")))
    assert title in found.title
    assert found.against.startswith("Compared with") and "5 January 2026" in found.against


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_is_that_of_the_commit_wherever_it_is_asked_for(repository, zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    for since, day in (("2026-01-05", "2026-01-05"), ("2026-01-11", "2026-01-05"), ("2026-01-12", "2026-01-12")):
        assert earlier(read(repository), since)[1].day == day
    with pytest.raises(CaseError, match="no commit on or before 2026-01-04"):
        earlier(read(repository), "2026-01-04")


def test_a_file_goes_before_a_revision(repository, monkeypatch):
    monkeypatch.chdir(repository)
    (repository / "first").write_text(NEW, encoding="utf-8")
    try:
        old, against = earlier(read("case.yaml"), "first")
    finally:
        (repository / "first").unlink()
    assert (against.kind, against.day) == ("file", "2026-01-01") and as_written(old) == as_written(read_text(NEW))


@pytest.mark.parametrize("since", ["--output=/tmp/x", "-h", "no-such", "first;ls", "first:inner/case.yaml", "a b", "x" * 300, "", "  ", "2026-02-30", "2025-12-31", "$(ls)", "first\n"])
def test_what_is_no_version_is_refused_in_words(repository, since):
    with pytest.raises(CaseError, match="case/no-revision") as refused:
        earlier(read(repository), since)
    assert "name a case file" in str(refused.value)


def test_a_broken_version_is_refused_by_its_file_and_revision(tmp_path):
    git(tmp_path, "init", "-q")
    path = tmp_path / "case.yaml"
    for tag, content in (("broken", b"bestand: 1\ntitle: T\nparties: [\n"), ("latin", OLD.replace("A report", "Un récit").encode("latin-1")), ("named", OLD.replace("that: south.pays", "that: south.leaves").encode()), ("good", OLD.encode())):
        path.write_bytes(content)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", "a version")
        git(tmp_path, "tag", tag)
    new = read(path)
    for tag, what in (("broken", "case/yaml"), ("latin", "not UTF-8"), ("named", "south.leaves")):
        with pytest.raises(CaseError, match=what) as refused:
            earlier(new, tag)
        assert f"case.yaml at {tag} (" in str(refused.value)
    assert as_written(earlier(new, "@")[0]) == as_written(new) and earlier(new, "@~0")[1].kind == "revision"


def test_git_is_never_asked_to_fetch(repository, monkeypatch):
    asked, run = [], subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **how: asked.append((command, how["env"])) or run(command, **how))
    earlier(read(repository), "first")
    assert asked and all("protocol.allow=never" in command and env["GIT_NO_LAZY_FETCH"] == "1" for command, env in asked)


def test_an_empty_since_is_refused_by_the_commands(repository):
    for command in ("run", "brief"):
        told = CliRunner().invoke(main, [command, str(repository), "--since", "", "--out", str(repository / "page.html")])
        assert told.exit_code == 2 and "is empty" in told.output and not (repository / "page.html").exists()


def test_a_case_that_was_not_there_yet_or_is_in_no_repository_is_refused(repository, tmp_path, monkeypatch):
    later = repository / "later.yaml"
    later.write_text(NEW, encoding="utf-8")
    with pytest.raises(CaseError, match="was not in the repository"):
        earlier(read(later), "first")
    later.unlink()
    alone = tmp_path / "case.yaml"
    alone.write_text(NEW, encoding="utf-8")
    with pytest.raises(CaseError, match="case/no-repository"):
        earlier(read(alone), "first")
    with pytest.raises(CaseError, match="case/no-repository"):
        earlier(read_text(NEW), "first")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CaseError, match="case/no-git"):
        earlier(read(repository), "first")


@pytest.fixture(scope="module")
def found():
    return flips(read_text(OLD), read_text(NEW), hypotheses=True)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", [
            "Words of doubt around “the gate opens soon”: now reportedly, before none.",
            "South, want 1: now “South pays”, before “South pays: no”.",
            "North, odds of its versions",
        ]),
        ("nl", [
            "Woorden van twijfel bij “the gate opens soon”: nu reportedly, eerder geen.",
            "Zuid, wens 1: nu “Zuid betaalt”, eerder “Zuid betaalt: nee”.",
            "Noord, de kansen van de versies",
        ]),
    ],
)  # fmt: skip
def test_every_change_is_a_sentence_and_every_flip_names_what_did_it(found, language, sentences):
    everything = study(found.new, draws=1, quick=True)
    told = since_told(found, Telling(everything.conflict, words(language)))
    for sentence in sentences:
        assert any(each.startswith(sentence) for each in told.changes), told.changes
    (reached,) = [each for each in told.turned if ("is reached" if language == "en" else "bereikt") in each.now]
    assert "Zuid" in reached.causes[0] or "South" in reached.causes[0]
    page, short = report(everything, since=found, language=language).html, brief(everything, since=found, language=language)
    for words_ in (told.title, told.notes[-1]):
        assert words_ in page
    assert len(told.changes) == len(found.changes) and told.turned[0].causes[0] in str(short)


@pytest.mark.parametrize(("language", "one", "several"), [("en", "Lower Harne: “quiet” now comes after “the spring on the common stays”.", "Lower Harne: another order of wants, now: water for the orchards; "), ("nl", "“quiet” komt nu na “the spring on the common stays”.", "een andere volgorde van wensen, nu: ")])
def test_a_moved_want_is_told_by_its_neighbour_and_several_by_their_order(language, one, several):
    old = as_written(read("example/en"))
    for order, start in (([0, 1, 3, 2, 4], one), ([0, 3, 2, 1, 4], several)):
        new = {**old, "wants": {**old["wants"], "lower": [old["wants"]["lower"][k] for k in order]}}
        found = flips(case_of(old), case_of(new))
        (sentence,) = since_told(found, Telling(conflict(found.new), words(language))).changes
        assert start in sentence


def test_nothing_changed_is_said(found):
    same = flips(found.new, found.new)
    everything = study(found.new, draws=1, quick=True)
    assert "Nothing in the case changed." in report(everything, since=same).html and "Nothing in the case changed." in str(brief(everything, since=same))


def test_a_page_about_hostile_names_stays_whole():
    old = read("example/en")
    plain = as_written(old)
    name = next(iter(plain["levers"]))
    plain["levers"][name]["is"] = "<script>alert(1)</script>"
    new = case_of(plain)
    html = report(study(new, draws=1, quick=True, hypotheses=False), since=flips(old, new)).html
    assert "<script" not in html


@pytest.mark.parametrize(("language", "told"), [("en", "Only the wording of the case changed: 2 texts."), ("nl", "Alleen de bewoording van het dossier is veranderd: 2 teksten.")])
def test_a_brief_counts_changes_of_words_alone_and_spends_no_line_on_each(language, told):
    relabelled = OLD.replace("en: South pays", "en: South pays up").replace("gloss: the gate opens soon", "gloss: it opens soon")
    old, new = read_text(OLD), read_text(relabelled)
    everything = study(new, quick=True, draws=1, hypotheses=False)
    lines = [each.text for each in brief(everything, since=flips(old, new), language=language).sentences]
    assert told in lines and not any("pays up" in each and "South pays" in each for each in lines)
    both = read_text(relabelled.replace("south: [{that: not south.pays, assumed: t}, ", "south: ["))
    lines = [each.text for each in brief(study(both, quick=True, draws=1, hypotheses=False), since=flips(old, both), language=language).sentences]
    assert told not in lines and not any("opens soon" in each for each in lines)


def test_another_title_or_day_of_the_case_is_told_as_an_edit():
    new = OLD.replace("title: Two banks", "title: Two shores").replace("as_of: 2026-01-01", "as_of: 2026-01-02")
    for language in ("en", "nl"):
        told = since_told(flips(read_text(OLD), read_text(new)), Telling(study(read_text(new), draws=1, quick=True).conflict, words(language)))
        assert len(told.changes) == 2
        assert "“Two shores”" in told.changes[0] and "“Two banks”" in told.changes[0]
