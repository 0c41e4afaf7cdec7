"""Endpoints that break the protocol, and answers that carry more than words: each ends in words, in time, and in nothing that was not shown."""

from __future__ import annotations

import gzip
import json
import time
import unicodedata

import pytest

from bestand.case.read import read
from bestand.case.write import write
from bestand.drafting.accept import accept
from bestand.drafting.beside import file_of
from bestand.drafting.draft import draft
from bestand.drafting.endpoint import Endpoint
from bestand.drafting.proposals import keep, waiting
from bestand.errors import DraftError
from tests.drafting.test_model import LINES, asked, by_model, chat, folder, said, serve  # noqa: F401  the fixtures

GOOD = {"quote": "told a hundred villagers", "says": "Ana Berg", "source_holds": "certain", "author_holds": "uncommitted", "gloss": "she spoke", "about": ["north"]}


def raw(*pieces: bytes, pause: float = 0.0):
    """An answer of bytes as they are, with a pause before each."""

    def send(handler):
        for piece in pieces:
            time.sleep(pause)
            handler.wfile.write(piece)
            handler.wfile.flush()
        handler.close_connection = True

    return send


def drip(head: bytes, piece: bytes):
    """An answer that goes on for ever, a piece each twentieth of a second."""

    def send(handler):
        handler.wfile.write(head)
        while True:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.05)

    return send


OK = b"HTTP/1.1 200 OK\r\n"
GARBAGE = {
    "no status": raw(b"lol\r\n\r\n"),
    "status of letters": raw(b"HTTP/1.1 two hundred\r\n\r\n"),
    "too many headers": raw(OK, b"X-A: b\r\n" * 200, b"\r\n"),
    "an endless header": raw(OK, b"X: ", b"a" * 200_000, b"\r\n\r\n"),
    "cut off": raw(OK, b"Content-Length: 1000\r\n\r\n{"),
    "a chunk of no size": raw(OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "nothing": raw(b""),
    "a length of letters": raw(OK, b"Content-Length: many\r\n\r\n{}"),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_not_http_is_told(answer, folder, serve):  # noqa: F811
    with pytest.raises(DraftError) as raised:
        asked(folder, serve(answer))
    assert raised.value.code in ("draft/endpoint-fails", "draft/no-answer")


@pytest.mark.parametrize(
    ("head", "piece"),
    [(OK, b"X"), (OK + b"X-A: b\r\n", b"X-B: c\r\n"), (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), (OK + b"Content-Length: 900000\r\n\r\n", b" ")],
    ids=["a header", "headers", "the size of a chunk", "the body"],
)
def test_an_answer_that_drips_is_given_up_in_its_time_whatever_drips(head, piece, folder, serve):  # noqa: F811
    began = time.monotonic()
    with pytest.raises(DraftError, match="endpoint-fails"):
        asked(folder, serve(drip(head, piece)), seconds=0.15)
    assert time.monotonic() - began < 60  # on a slow and busy machine; what drips never ends


@pytest.mark.parametrize("body", [gzip.compress(b"{" * 50_000_000), b"\xff\xfe{\x00", b'{"choices": ' + b"[" * 200_000, b'{"choices": [{"message": {"content": 1' + b"0" * 9000 + b"}}]}"])
def test_bombs_and_other_codings_are_no_answer(body, folder, serve):  # noqa: F811
    with pytest.raises(DraftError, match="no-answer"):
        asked(folder, serve((200, {"Content-Encoding": "gzip"}, body)))


@pytest.mark.parametrize("seconds", ["1e308", "inf", "nan", "-5", "Wed, 21 Oct 2099 07:28:00 GMT", "9" * 5000])
def test_an_endpoint_that_asks_for_patience_gets_half_a_minute_at_most(seconds, folder, serve):  # noqa: F811
    waits: list[float] = []
    found = asked(folder, serve((429, {"Retry-After": seconds}, b""), chat(said([GOOD]))), waits=waits)
    assert by_model(found) and all(0 <= wait <= 30 for wait in waits)


@pytest.mark.parametrize("key", ["slüssel", "schlüssel ключ", "a\nX-Evil: 1", "a\r\n"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key, folder):  # noqa: F811
    with pytest.raises(DraftError, match="bad-endpoint") as raised:
        draft([folder / "paper.txt"], into=read(folder), language="en", model=Endpoint("http://127.0.0.1:9/v1", "tiny", key=key, wait=lambda _: None))
    assert key not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v 1", "http://127.0.0.1:99999/v1", "http://[::1/v1", "http://127.0.0.1:x/v1", "http://127.0.0.1/\u0007"])
def test_an_address_that_cannot_be_asked_is_refused(url, folder):  # noqa: F811
    with pytest.raises(DraftError, match="bad-endpoint"):
        draft([folder / "paper.txt"], into=read(folder), language="en", model=Endpoint(url, "tiny", wait=lambda _: None))


ATTACKS = [
    "<script>alert(1)</script>", "\u202egnissim\u202c", "a\u0000b\u001b[31mred", "lone \ud800 half", "!!python/object/apply:os.system [ls]", "&a *a", "x: {y: [",
    "line\nbreak\n---\n- p1", "\u2028para\u2029", "'; DROP TABLE claims; --", "{{ 7*7 }}", "\ufeff\u200b\u2066hidden\u2069", "- ", "%YAML 9", "= 1+1",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_words_of_a_model_are_words_and_nothing_else_from_the_answer_to_the_case(attack, folder, serve):  # noqa: F811
    claim = GOOD | {"gloss": attack, "via": attack, "hedge": attack, "condition": attack, "about": [attack, "north"]}
    lever = LINES[0] | {"is": f"the bridge {attack}"}
    found = asked(folder, serve(chat(said([claim], [lever, LINES[1] | {"is": attack}]))))
    path = file_of(read(folder))
    keep(found, path)
    again = waiting(path)
    assert [item.fields for item in again.items] == [item.fields for item in found.items]
    [mine] = by_model(again)
    assert not {"via", "hedge", "condition"} & mine.fields.keys() or attack in ("- ",)
    case = accept(read(folder), again, take=[item.id for item in again.items if item.generated_by.startswith("model")], by="A", on="2031-01-01").case
    write(case, folder / "case.yaml", force=True)
    stated = read(folder).file
    shown = [*(str(each.gloss) for each in stated.claims.values()), *(str(lever.label) for lever in stated.levers.values())]
    hidden = [sign for text in shown for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert not hidden and "north.bridge" in stated.levers


@pytest.mark.parametrize("says", ["<b>Ana Berg</b>", "Ana\u202e Berg", "Ana Berg " * 40, "South\nAna Berg", "author\u200b"])
def test_a_speaker_is_told_by_plain_words_of_the_passage(says, folder, serve):  # noqa: F811
    for item in by_model(asked(folder, serve(chat(said([GOOD | {"says": says}]))))):
        assert set(item.fields.get("says", "author").lower().split()) <= {"ana", "berg", "of", "north", "south", "author"}
        assert len(item.fields.get("says", "")) <= 80


def test_an_answer_without_a_list_of_claims_is_told_and_an_empty_list_is_none(folder, serve):  # noqa: F811
    silent = asked(folder, serve(chat("I would rather not.")))
    assert not by_model(silent) and any("no list of claims" in note for note in silent.notes)
    assert not asked(folder, serve(chat(said()))).notes


def test_the_same_said_twenty_times_is_proposed_once(folder, serve):  # noqa: F811
    found = asked(folder, serve(chat(said([GOOD] * 20, [LINES[0]] * 20 + [LINES[1]] * 20))))
    assert len(by_model(found)) == len(by_model(found, "lever")) == len(by_model(found, "want")) == 1


def test_a_lever_without_a_name_is_none_even_where_a_party_is_called_x(folder, serve):  # noqa: F811
    (folder / "case.yaml").write_text("bestand: 1\ntitle: T\nparties: {x: {name: X}, north: {name: North}}\n", encoding="utf-8")
    bare = {key: value for key, value in LINES[0].items() if key != "id"}
    assert not by_model(asked(folder, serve(chat(said([GOOD], [bare])))), "lever")


def test_conditions_as_deep_as_they_come_are_refused_or_read(folder, serve):  # noqa: F811
    deep = [LINES[1] | {"that": text} for text in ("(" * 190 + "south.mill" + ")" * 190, "not " * 95 + "south.mill", "south.mill and " * 25 + "south.mill")]
    assert len(by_model(asked(folder, serve(chat(said([GOOD], deep)))), "want")) <= 3
    assert json.dumps(deep)
