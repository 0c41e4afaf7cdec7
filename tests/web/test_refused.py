"""What the workbench does not do it refuses by its code, and leaves the case as it is."""

from __future__ import annotations

import pytest

from bestand.errors import BestandError
from bestand.web.asks import Start
from bestand.web.desk import Desk
from bestand.web.started import MOST_NAMES, dropped, started
from tests.web.test_guard import SMALL


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "case.yaml").write_text(SMALL, encoding="utf-8")
    return Desk(tmp_path / "case.yaml")


def broken(desk):
    desk.path.write_text(SMALL + "nonsense: 1\n", encoding="utf-8")
    return Desk(desk.path).sheet.readable()


@pytest.mark.parametrize(("code", "culprit", "ask"), [
    ("web/no-step", "undo", lambda desk: desk.step("undo", version=1)),
    ("web/no-step", "redo", lambda desk: desk.step("redo", version=1)),
    ("web/no-version", "7", lambda desk: desk.restore(7, version=1)),
    ("web/not-readable", "mistakes", broken),
    ("web/no-title", "title", lambda desk: started(desk.path.parent, Start(how="new", title="  "))),
    ("web/bad-document", "'talk.exe'", lambda desk: dropped(desk.path.parent, desk, "talk.exe", b"we will come")),
    ("web/bad-document", "'talk.txt'", lambda desk: dropped(desk.path.parent, desk, "talk.txt", b"")),
])  # fmt: skip
def test_what_cannot_be_done_is_refused_by_name(desk, code, culprit, ask):
    with pytest.raises(BestandError) as told:
        ask(desk)
    assert [each.code for each in told.value.problems] == [code] and culprit in told.value.problems[0].what
    assert {each.name for each in desk.path.parent.iterdir()} <= {"case.yaml", ".bestand"}


def test_ninety_nine_cases_may_be_named_alike_and_no_more(tmp_path):
    folders = {started(tmp_path, Start(how="new", title="A truce")).path.parent for _ in range(3)}
    assert {each.name for each in folders} == {"a-truce", "a-truce-2", "a-truce-3"}
    for k in range(4, MOST_NAMES):
        (tmp_path / f"a-truce-{k}").mkdir()
    assert started(tmp_path, Start(how="new", title="A truce")).path.parent.name == f"a-truce-{MOST_NAMES}"
    with pytest.raises(BestandError, match=f"there are {MOST_NAMES} cases named so"):
        started(tmp_path, Start(how="new", title="A truce"))


@pytest.mark.parametrize(("method", "path", "headers", "status", "code"), [
    ("GET", "/no-such-page", {}, 404, "web/no-page"),
    ("PUT", "/edit", {}, 403, "web/other-method"),
    ("GET", "/text", {"Host": "evil.example"}, 403, "web/other-host"),
    ("POST", "/edit", {"Origin": "http://evil.example"}, 403, "web/other-origin"),
    ("POST", "/edit", {"Origin": None}, 403, "web/other-origin"),
    ("GET", "/text", {"Cookie": None}, 401, "web/no-key"),
])  # fmt: skip
def test_a_request_that_is_not_of_its_page_is_refused_by_name(serve, method, path, headers, status, code):
    told, content = serve(SMALL).json(method, path, **headers)
    assert (told, [each["code"] for each in content["problems"]]) == (status, [code])
