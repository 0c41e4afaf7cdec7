"""Files of other programs become a case or go into the open one; the open case goes out, and what a file does not say is told."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from urllib.parse import urlencode

import pytest

from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.exchange.reading import read_files
from bestand.exchange.writing import WRITERS
from bestand.web.exchanged import sent_files

GAME = b'NFG 1 R "Chicken" { "A" "B" } { 2 2 } 0 0 1 3 3 1 2 2'
UNKNOWN = 'bestand: 1\ntitle: T\npresent: unknown\nparties: {a: {name: A}}\nlevers: {a.x: {is: A stops, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}\n'


def carry(served, files, **asked):
    query = urlencode([*asked.items(), *(pair for name, content in files.items() for pair in (("name", name), ("size", len(content))))])
    return served.json("POST", f"/import?{query}", b"".join(files.values()), Content_Type="application/octet-stream")


def test_a_file_of_another_program_becomes_a_case_in_a_folder_of_its_own(serve):
    served = serve(None)
    status, told = carry(served, {"chicken.nfg": GAME})
    assert status == 200
    assert {"fate": "kept", "words": "parties: 2"} in told["notes"]
    assert (served.folder / told["folder"] / "case.yaml").read_text(encoding="utf-8") == read_files({"chicken.nfg": GAME}).text
    assert served.json("GET", "/moves")[0] == 200


def test_a_case_file_is_taken_as_it_is_and_a_bad_one_is_refused_in_words(serve):
    served = serve(None)
    text = read("example/en").text
    status, told = carry(served, {"case.yaml": text.encode()})
    assert status == 200
    assert (served.folder / told["folder"] / "case.yaml").read_text(encoding="utf-8") == text
    for content, code in ((b"bestand: 1\ntitle: T\n", "case/missing-key"), (b"\xff\xfe", "import/unknown-format"), (b"\xff\x00\xfe", "import/not-text"), (b"source,quote,gloss\npaper,words,it says\n", "web/no-case-yet")):
        status, told = carry(serve(None), {"file.csv": content})
        assert (status, told["problems"][0]["code"]) == (422, code)


def test_an_empty_workbook_is_filled_in_and_comes_back_as_a_case(serve):
    served = serve(None)
    status, headers, content = served.ask("GET", "/blank.xlsx?title=Two+farms")
    assert status == 200
    assert "case.xlsx" in headers["content-disposition"]
    assert carry(served, {"filled in.xlsx": content})[0] == 200
    assert str(served.bench.desk.sheet.case.file.title) == "Two farms"


def test_claims_go_into_the_open_case_as_one_edit_that_can_be_undone(serve):
    served = serve()
    rows = 'source,quote,gloss\npaper,sells the water to both,it sells to both\n'
    status, told = carry(served, {"claims.csv": rows.encode()}, into=1)
    assert (status, told["version"]) == (200, 2)
    assert any(note["words"].startswith("quotes found word for word") for note in told["notes"])
    assert "it sells to both" in [str(claim.gloss) for claim in read(served.path).file.claims.values()]
    assert "# An invented quarrel" in served.path.read_text(encoding="utf-8")
    assert served.json("POST", "/undo", {"version": 2})[0] == 200
    assert served.path.read_text(encoding="utf-8") == read("example/en").text
    status, told = carry(served, {"chicken.nfg": GAME}, into=1)
    assert (status, told["problems"][0]["code"]) == (422, "web/own-case")


def test_files_are_taken_apart_only_as_they_were_named():
    assert sent_files(["c:\\x\\a.xml", "b.xml"], ["1", "2"], b"xyz") == {"a.xml": b"x", "b.xml": b"yz"}
    for names, sizes, body in ((["a"], ["2"], b"x"), (["a"], ["-1"], b""), ([], [], b""), (["a", "a"], ["0", "1"], b"x"), (["a"], ["1", "0"], b"x"), ([str(k) for k in range(41)], ["0"] * 41, b"")):
        with pytest.raises(AskError, match="web/bad-request"):
            sent_files(names, sizes, body)


def test_the_open_case_goes_out_in_every_format(serve):
    served = serve()
    for to in WRITERS:
        status, told = served.json("POST", "/export", {"to": to, "of": {"edges": "evidence", "gexf": "paths", "csv": "wants"}.get(to)})
        if status == 422:
            assert (to, told["problems"][0]["code"]) == ("parquet", "extra/not-installed")
            continue
        assert status == 200
        content = base64.b64decode(told["content"])
        assert len(content) > 100
        assert told["name"].startswith("case0")
        assert {note["fate"] for note in told["notes"]} <= {"kept", "changed", "lost"}
        if told["name"].endswith(".xlsx"):
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        if told["name"].endswith((".json", ".jsonld")):
            json.loads(content)
    assert served.json("POST", "/speak", {"language": "nl"})[0] == 200
    status, told = served.json("POST", "/export", {"to": "nfg"})
    assert status == 200
    assert any(note["words"].startswith("toestanden: ") for note in told["notes"]), told["notes"]
    status, told = served.json("POST", "/export", {"to": "pdf"})
    assert (status, told["problems"][0]["code"]) == (422, "export/unknown-format")


def test_every_table_goes_out_by_its_name_and_an_unknown_one_is_refused(serve):
    served = serve()
    for table in ("wants", "claims", "conclusions", "states"):
        status, _, content = served.ask("GET", f"/hand/table.csv?table={table}")
        assert status == 200
        assert content.count(b"\n") > 1
    status, told = served.json("GET", "/hand/table.csv?table=wanst")
    assert (status, told["problems"][0]["code"]) == (422, "web/no-table")
    assert "wants" in told["problems"][0]["hint"]


def test_a_case_that_does_not_say_how_things_stand_today_is_asked_in_words(serve):
    served = serve(UNKNOWN)
    for method, path, body in (("GET", "/moves", None), ("GET", "/statements", None), ("GET", "/zones", None), ("POST", "/deals", {}), ("POST", "/state", {"key": "now"}), ("POST", "/without", {"off": []})):
        status, told = served.json(method, path, body)
        assert status in (200, 422), path
        assert status == 200 or told["problems"][0]["what"]
    assert read_text(UNKNOWN).file.present == "unknown"


def test_the_zones_say_that_nothing_is_known_of_today(serve):
    text = read("ukraine/2025-04").text
    served = serve(text.replace("\nas_of:", "\npresent: unknown\nas_of:", 1))
    assert served.bench.desk.sheet.case is not None, served.bench.desk.sheet.problems
    status, told = served.json("GET", "/zones")
    assert status == 200
    assert told["levers"]
    assert all(each["now"] is None for each in told["levers"])
