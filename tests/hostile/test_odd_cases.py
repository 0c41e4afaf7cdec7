"""Odd but valid cases, put to every command and laid out as every page: answered or refused in words, with no hole, no hollow chapter and no number that is none."""

from __future__ import annotations

import json
import re

import click
import pytest
from click.testing import CliRunner, Result

from bestand.cli import COMMANDS, main
from tests.depth import DEEP, in_depth, spread
from tests.hostile.odd_cases import KINDS, SAID, odd_case

HOLE = re.compile(r"Traceback|\bnan\b|\binf\b|\bNone\b(?! of it)|\bNaN\b|Infinity|\{[a-z_]+\}|array\(|dtype|frozenset|: *\.(?=\s)|\(\)|\bobject at 0x")
HOLLOW = re.compile(r"<(p|li|h2|h3|dd|figcaption|ul|ol|tbody|section)\b[^>]*>\s*</\1>")
AFTER_NOTHING = {"open", "list", "schema", "docs", "new", "import", "draft", "accept", "divide", "base-rates", "backtest", "violations", "discover"}
ASKED = [each for each in COMMANDS if each.name not in AFTER_NOTHING | {"run", "brief"}]
EXPORTS = next(each.type.choices for command in COMMANDS if command.name == "export" for each in command.params if "--to" in each.opts)


@pytest.fixture
def odd(tmp_path, monkeypatch):
    def write(kind: str) -> dict[str, object]:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "said.txt").write_text(SAID, encoding="utf-8")
        (tmp_path / "case.yaml").write_text(odd_case(kind), encoding="utf-8")
        return json.loads(odd_case(kind))

    return write


def _words(command: click.Command, case: dict[str, object]) -> list[str]:
    """A command as somebody types it who asks about the truce, or about the last of the listed states."""
    asked = "s3" if "graph" in case else "truce" if "terms" in case else next(iter(case.get("levers", {"x": 0})))
    by_name = {"goal": asked, "that": asked, "event": "flood", "out": "sweep", "measure": f"rests {asked}"}
    words, names = [command.name or ""], {each.name for each in command.params}
    for each in command.params:
        if each.required:
            words += [*each.opts[-1:]] if isinstance(each, click.Option) else []
            words.append(by_name.get(each.name or "", "case.yaml"))
        elif each.name in ("draws", "n") or (each.name == "seconds" and "truce" not in names and command.name != "strategies"):
            words += [each.opts[-1], {"seconds": "3"}.get(each.name, "6")]  # of what is played forward as often as is asked, or for a time
    return words


def _asked(words: list[str]) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, repr(result.exception))
    assert result.exit_code in (0, 1, 2, 3) and result.output.strip(), (words, result.exit_code, result.output)
    return result


def _no_number(name: str) -> None:
    pytest.fail(f"{name} stands in JSON")


@spread("kind", KINDS, first=2)
def test_every_command_answers_or_refuses_an_odd_case_in_words(kind, odd):
    case = odd(kind)
    for k, command in enumerate(ASKED):
        words = _words(command, case)
        spoken = [more for more in (["--language", "nl"], ["--json"]) if any(more[0] in each.opts for each in command.params)]
        spoken = spoken if DEEP else spoken[k % 2 :][:1]  # by default in Dutch or as JSON, every other command
        for more in [["--to", to] for to in EXPORTS] if command.name == "export" else [[], *spoken]:
            again = ["--out", f"sweep{len(more)}{more[-1:]}"] if command.name == "sweep" else []
            asked = [*words[:1], "case.yaml"] if command.name == "export" else words
            result = _asked([*asked, *more, *again])
            if more == ["--json"] and result.exit_code < 2:
                json.loads(result.stdout, parse_constant=_no_number)
            elif command.name != "export":
                hole = HOLE.search(result.output)
                assert not hole or "called" in kind, (words, more, result.output[max(0, hole.start() - 80) : hole.end() + 40])
                assert result.exit_code > 1 or len(result.output.strip().splitlines()) > 1, (words, more, result.output)


@spread(("kind", "language"), [(kind, language) for kind in KINDS for language in ("en", "nl")], first=6)
def test_a_page_of_an_odd_case_has_no_hole_and_no_hollow_part(kind, language, odd, tmp_path):
    odd(kind)
    assert _asked(["run", "case.yaml", "--quick", "--out", "page.html", "--language", language]).exit_code == 0
    page = re.sub(r"<(style|script|svg)\b.*?</\1>", "", (tmp_path / "page.html").read_text("utf-8"), flags=re.DOTALL)
    hole, hollow = HOLE.search(re.sub("<[^>]*>", " ", page)), HOLLOW.search(page)
    assert "called" in kind or not hole, page[max(0, hole.start() - 200) : hole.end() + 60]
    assert not hollow, page[max(0, hollow.start() - 200) : hollow.end() + 60]


@in_depth
@pytest.mark.parametrize("kind", KINDS)
def test_a_brief_of_an_odd_case_keeps_to_its_time(kind, odd, tmp_path):
    odd(kind)
    assert _asked(["brief", "case.yaml", "--out", "brief.html", "--seconds", "3"]).exit_code == 0
    assert not HOLLOW.search((tmp_path / "brief.html").read_text("utf-8"))


@pytest.mark.parametrize("kind", ["130 parties"])
def test_a_crowd_is_told_that_it_is_one_and_the_page_is_made(kind, odd, tmp_path):
    odd(kind)
    assert _asked(["run", "case.yaml", "--out", "page.html", "--seconds", "2"]).exit_code == 0
    assert (tmp_path / "page.html").read_text("utf-8").count("the parties are too many") == 3
    for to in ("nfg", "nfg-outcomes", "efg", "payoffs"):
        assert "export/too-large" in _asked(["export", "case.yaml", "--to", to]).output


def test_an_event_that_never_comes_has_no_date(odd):
    odd("rates of nothing")
    told = _asked(["withdrawal", "case.yaml", "flood", "--draws", "6"])
    assert told.exit_code == 2 and "'flood' no rate" in told.output
    assert _asked(["withdrawal", "case.yaml", "flood", "--draws", "6", "--month", "12"]).exit_code == 0
