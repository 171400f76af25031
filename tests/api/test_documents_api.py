"""Files of documents over HTTP: they come in judged and measured, and go out to who may see their dossier."""

import random
import re
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.api.serving import Served, seen, served
from tests.files.hostile import PAGE
from tests.files.making import DOCX, MACRO_DOCX, a_pdf, a_png, an_office_file
from tests.makers import CAM_HUNG, LUONG_DIEN

LIMIT = 2**20 + 1_000  # more than any other body may have
OCTETS = {"Content-Type": "application/octet-stream"}
ITEM = "minutes"


@pytest.fixture
def api(province, tmp_path) -> Iterator[Served]:
    """The province behind a server that takes files of little more than a megabyte."""
    with served(province, tmp_path / "home", file_limit=LIMIT) as found:
        yield found


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register("xa", CAM_HUNG).dossier


def bring(api: Served, code: str, content, *, name: str = "a.pdf", by: str = "xa", **headers: str):
    path = f"/dossiers/{code}/files"
    return api.client(by, **OCTETS, **headers).post(path, content=content, params={"name": name})


def record(api: Served, code: str, digest: str, *, by: str = "xa", version: int = 1) -> int:
    order = {"requirement": "commune_files", "items": {ITEM: {"date": "2024-04-18", "sha256": digest}}}
    answer = api.client(by).post(f"/dossiers/{code}/records", json=order, headers=seen(version))
    assert answer.status_code == 201, answer.text
    return answer.json()["seq"]


def lying(api: Served) -> set[str]:
    folder = api.engine.settings.files
    return {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}


@pytest.mark.asvs("V5.4.1")
def test_a_file_comes_in_is_recorded_and_goes_out_as_it_was(api, code):
    first, second = a_pdf("biên bản"), a_pdf("biên bản, sửa")
    brought = bring(api, code, iter([first[:9], first[9:]]), name="Biên bản.pdf")
    digest = brought.json()["sha256"]

    assert (brought.status_code, brought.json()) == (
        201,
        {
            "sha256": sha256(first).hexdigest(),
            "size": len(first),
            "media_type": "application/pdf",
            "name": "Biên bản.pdf",
        },
    )
    path, xa = f"/dossiers/{code}/files/{digest}", api.client("xa")
    assert xa.get(path).status_code == 404  # no document has it yet
    began = record(api, code, digest)
    after = record(api, code, bring(api, code, second).json()["sha256"], version=2)
    rows = xa.get(f"/dossiers/{code}/documents").json()
    assert [(row["seq"], row["void_seq"], row["kept"]) for row in rows] == [(after, None, True), (began, after, True)]
    assert (rows[1]["file_name"], rows[1]["bytes"], rows[1]["document"]["key"]) == ("Biên bản.pdf", len(first), ITEM)

    answer = xa.get(path)

    assert (answer.status_code, answer.content) == (200, first)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Bien ban.pdf\"; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == f'"{digest}"'
    known = xa.get(path, headers={"If-None-Match": f'"{digest}"'})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.asvs("V5.2.1")
@pytest.mark.parametrize("size", [LIMIT + 1, 3 * LIMIT])
def test_a_file_over_the_limit_is_refused_whether_its_size_is_declared_or_not(api, code, size):
    content = random.Random(1).randbytes(size)

    declared = bring(api, code, content)
    chunked = bring(api, code, (content[n : n + 2**16] for n in range(0, size, 2**16)))

    assert [(a.status_code, a.json()["code"]) for a in (declared, chunked)] == [(413, "body_too_large")] * 2
    assert lying(api) == set()
    assert bring(api, code, a_pdf("x" * 2**20)).status_code == 201


@pytest.mark.asvs("V5.2.2")
@pytest.mark.asvs("V5.2.3")
def test_what_is_no_document_or_harms_is_refused_whatever_it_is_called(api, code):
    bomb = an_office_file(DOCX, {"word/media/image2.png": b"\0" * (200 * 2**20)})
    refused = {
        "empty.pdf": b"",
        "program.pdf": b"MZ" + bytes(100),
        "macros.docx": an_office_file(MACRO_DOCX),
        "page.pdf": a_pdf() + PAGE,
        "archive.png": a_png() + an_office_file(),
        "bomb.docx": bomb,
    }
    assert len(bomb) < LIMIT

    answers = {name: bring(api, code, content, name=name) for name, content in refused.items()}

    assert {(a.status_code, a.json()["code"]) for a in answers.values()} == {(422, "file_refused")}
    assert {name: a.json()["facts"]["why"] for name, a in answers.items()} == {
        "empty.pdf": "empty_file", "program.pdf": "unknown_kind", "macros.docx": "macros", "page.pdf": "two_kinds",
        "archive.png": "two_kinds", "bomb.docx": "unpacks_too_large",
    }  # fmt: skip
    assert lying(api) == set()


NAMES = (
    "../../x", "..\\..\\x", "/etc/passwd", "C:\\x", "a\0b.pdf", "a\r\nSet-Cookie: x=1\r\n\r\n<html>",
    'a"; filename="x.html',
    "ab\u202efdp.exe", "x" * 300, "%2e%2e%2fx", "a;b,c.pdf", "tờ trình.pdf", ".", "con", " ", "\u2028",
)  # fmt: skip


@pytest.mark.asvs("V5.3.2")
@pytest.mark.asvs("V5.4.2")
def test_a_name_is_never_on_the_file_system_nor_in_a_header_as_it_came(api, code, tmp_path):
    digest = ""
    for n, name in enumerate(NAMES):
        answer = bring(api, code, a_pdf(str(n)), name=name)
        digest = answer.json()["sha256"]
        record(api, code, digest, version=n + 1)

        got = api.client("xa").get(f"/dossiers/{code}/files/{digest}")

        assert (got.status_code, got.content) == (200, a_pdf(str(n)))
        assert re.fullmatch(
            r"attachment; filename=\"[^\"\\/\x00-\x1f\x7f-\uffff]{1,160}\.pdf\"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+",
            got.headers["Content-Disposition"], re.ASCII,
        ), got.headers["Content-Disposition"]  # fmt: skip
        assert "Set-Cookie" not in got.headers
        assert all(c.isprintable() for c in answer.json()["name"])
        assert len(answer.json()["name"]) <= 150
    assert lying(api) == {
        f"{d[:2]}/{d[2:4]}/{d}" for d in (sha256(a_pdf(str(n))).hexdigest() for n in range(len(NAMES)))
    }
    assert {p.name for p in tmp_path.iterdir()} <= {"home", "dossier.db", "dossier.db-wal", "dossier.db-shm"}
    assert not Path("x").exists()


@pytest.mark.asvs("V8.2.2")
def test_a_file_is_had_through_its_own_dossier_only_and_by_who_may_see_that(api, code):
    neighbour = api.province.register("xa2", LUONG_DIEN).dossier
    digest = bring(api, code, a_pdf()).json()["sha256"]
    record(api, code, digest)
    record(api, neighbour, digest, by="xa2")
    path = f"/dossiers/{code}/files/{digest}"

    got = {who: api.client(who).get(path).status_code for who in ("xa", "huyen", "thanhtra", "xa2", "huyen2")}

    assert got == {"xa": 200, "huyen": 200, "thanhtra": 200, "xa2": 404, "huyen2": 404}
    assert api.client().get(path).status_code == 401
    copied = api.client("xa2").get(f"/dossiers/{neighbour}/files/{digest}")
    assert (copied.status_code, copied.json()["facts"]["why"]) == (404, "never_kept")
    assert [row["kept"] for row in api.client("xa2").get(f"/dossiers/{neighbour}/documents").json()] == [False]
    assert api.client("xa2").get(f"/dossiers/{code}/documents").status_code == 404
    for no_hash in ("0" * 64, "x", "..%2f..%2fx", "%00", digest[:-1]):
        assert api.client("xa").get(f"/dossiers/{code}/files/{no_hash}").status_code == 404


@pytest.mark.asvs("V8.2.1")
def test_who_may_not_bring_a_file_is_told_before_any_of_it_is_read(api, code):
    refused = {}
    for who in ("thanhtra", "quantri", "xa2", "huyen2", None):
        token = f"Authorization: Bearer {api.token(who)}\r\n" if who else ""
        head = (
            f"POST /api/v1/dossiers/{code}/files?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n{token}\r\n"
        )
        with socket.create_connection(("127.0.0.1", urlsplit(api.url).port), timeout=20) as asking:
            asking.sendall(head.encode())
            refused[who] = asking.recv(15)[9:12]

    assert refused == {"thanhtra": b"403", "quantri": b"403", "xa2": b"404", "huyen2": b"404", None: b"401"}
    assert lying(api) == set()
