"""A document and its file in one step: what is kept, what is refused in words, and what comes out again."""

import socket
from collections.abc import Iterator, Mapping
from hashlib import sha256

import httpx
import pytest

from tests.api.serving import Served
from tests.files.making import DOCX, MACRO_DOCX, a_pdf, an_office_file
from tests.web.returning import come_back, leave
from tests.web.site import Form, Read, Site, Visitor

MINUTES = "yeu-cau/commune_files/minutes"
DATED = {"date-day": "18/04/2024", "date-month": "", "date-year": ""}
MEGABYTE = 2**20


@pytest.fixture
def code(site: Site) -> str:
    """Cẩm Hưng's dossier."""
    return site.api.province.register(on="2024-04-15").dossier


def form_on(page: Read) -> Form:
    [form] = [form for form in page.forms if form.action.endswith("/minutes")]
    form.fields.pop("file", None)
    return form


def send(
    visitor: Visitor, form: Form, given: Mapping[str, str], file: tuple[str, bytes] | None, **fields: str
) -> httpx.Response:
    """The form as a browser sends it, with a file chosen or not."""
    told = {name: values[0] for name, values in form.fields.items()} | dict(given) | fields
    origin = str(visitor.client.base_url).rstrip("/")
    return visitor.client.post(
        form.action, data=told, files={"file": file or ("", b"")}, headers={"Origin": origin}
    )  # fmt: skip


def bring(visitor: Visitor, code: str, content: bytes, name: str = "bien-ban.pdf") -> httpx.Response:
    return send(visitor, form_on(visitor.see(f"/ho-so/{code}/{MINUTES}")), DATED, (name, content))


def standing(api: Served, code: str) -> list[tuple[str, str, bool]]:
    """The documents that stand, by their date and file."""
    rows = api.client("xa").get(f"/dossiers/{code}/documents").json()
    return [(row["date"], row["sha256"], row["kept"]) for row in rows if row["void_seq"] is None]


def lying(api: Served) -> list[str]:
    """What lies in the folder of files, whole or arriving."""
    folder = api.engine.settings.files
    return [file.name for file in folder.rglob("*") if file.is_file()] if folder.exists() else []


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // MEGABYTE):
        yield bytes(MEGABYTE)
    yield bytes(size % MEGABYTE)


def test_a_document_is_recorded_with_its_file_which_can_be_had_again(site: Site, code: str):
    xa, content = site.visitor("xa"), a_pdf("biên bản")
    digest = sha256(content).hexdigest()

    answer = bring(xa, code, content, "Biên bản họp.pdf")

    assert (answer.status_code, answer.url.path) == (200, f"/ho-so/{code}/yeu-cau")
    assert "Biên bản họp.pdf" in answer.text
    assert standing(site.api, code) == [("2024-04-18", digest, True)]
    path = f"/ho-so/{code}/tep/{digest}"
    assert path in xa.see(f"/ho-so/{code}").links
    taken = xa.client.get(path)
    assert taken.content == content
    assert taken.headers["Content-Disposition"].startswith("attachment; ")
    assert taken.headers["Content-Security-Policy"].startswith("sandbox")
    site.visitor("xa2").see(path, 404)


def test_recorded_again_it_replaces_the_earlier_one_and_keeps_its_file_unless_another_is_chosen(site: Site, code: str):
    xa, first, second = site.visitor("xa"), a_pdf("biên bản"), a_pdf("biên bản, sửa")
    bring(xa, code, first, "a.pdf")
    page = xa.see(f"/ho-so/{code}/{MINUTES}")

    corrected = send(xa, form_on(page), {"date-day": "17"}, None)
    after = standing(site.api, code)
    bring(xa, code, second, "b.pdf")

    assert "a.pdf" in page.text
    assert (corrected.status_code, after) == (200, [("2024-04-17", sha256(first).hexdigest(), True)])
    assert standing(site.api, code) == [("2024-04-18", sha256(second).hexdigest(), True)]
    assert xa.see(f"/ho-so/{code}").text.count("đã được thay") == 2


def test_a_second_click_records_once(site: Site, code: str):
    xa = site.visitor("xa")
    form, file = form_on(xa.see(f"/ho-so/{code}/{MINUTES}")), ("a.pdf", a_pdf())

    first, second = (send(xa, form, DATED, file) for _ in range(2))

    assert (first.status_code, first.url, Read(first.text).text) == (
        second.status_code, second.url, Read(second.text).text,
    )  # fmt: skip
    assert len(site.api.client("xa").get(f"/dossiers/{code}/documents").json()) == 1


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("bao-cao.docx", an_office_file(MACRO_DOCX), "macro"), ("bao-cao.pdf", an_office_file(MACRO_DOCX), "macro"),
     ("rong.pdf", b"", "tệp rỗng"), ("chuong-trinh.pdf", b"MZ" + bytes(100), "Lưu được: PDF, PNG, JPEG")],
)  # fmt: skip
def test_a_file_that_is_not_kept_is_told_on_the_form_with_all_that_was_typed(
    site: Site, code: str, name: str, content: bytes, why: str
):
    xa = site.visitor("xa")

    answer = bring(xa, code, content, name)

    page = Read(answer.text)
    assert (answer.status_code, page.title[:5]) == (422, "Lỗi: ")
    assert why in page.text
    assert "xin chọn lại tệp" in page.text
    assert "#file" in page.links
    assert form_on(page).fields["date-day"] == ["18/04/2024"]
    assert (standing(site.api, code), lying(site.api)) == ([], [])
    assert send(xa, form_on(page), {}, ("a.docx", an_office_file(DOCX))).url.path.endswith("/yeu-cau")


@pytest.mark.parametrize("size", [50 * MEGABYTE + 1, 120 * MEGABYTE])
def test_a_file_that_is_too_large_is_told_on_the_form_once_all_of_it_has_come(site: Site, code: str, size: int):
    xa = site.visitor("xa")
    form = form_on(xa.see(f"/ho-so/{code}/{MINUTES}"))

    status, page = send_to_its_end(xa, form, DATED, size)

    assert (status, page.title[:5]) == (413, "Lỗi: ")
    assert "Tệp lớn hơn 50 MB" in page.text
    assert form_on(page).fields["date-day"] == ["18/04/2024"]
    assert lying(site.api) == []


def send_to_its_end(visitor: Visitor, form: Form, given: Mapping[str, str], size: int) -> tuple[int, Read]:
    """The form with a file of that size, as a browser sends it: it listens only when it has sent everything."""
    fields = {name: values[0] for name, values in form.fields.items()} | dict(given)
    told = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    begun = "".join([*told, '--b\r\nContent-Disposition: form-data; name="file"; filename="anh.pdf"\r\n\r\n']).encode()
    ended, url = b"\r\n--b--\r\n", visitor.client.base_url
    headers = {
        "Host": f"{url.host}:{url.port}", "Origin": str(url).rstrip("/"), "Connection": "close",
        "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.client.cookies.jar),
        "Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(len(begun) + size + len(ended)),
    }  # fmt: skip
    head = "".join([f"POST {form.action} HTTP/1.1\r\n", *(f"{n}: {v}\r\n" for n, v in headers.items()), "\r\n"])
    with socket.create_connection((url.host, url.port), timeout=30) as line:
        for piece in (head.encode(), begun, *pieces(size), ended):
            line.sendall(piece)
        answer = b"".join(iter(lambda: line.recv(MEGABYTE), b""))
    return int(answer.split()[1]), Read(answer.decode())


def test_without_a_file_nothing_is_recorded_and_a_wrong_day_loses_nothing_else(site: Site, code: str):
    xa = site.visitor("xa")
    form = form_on(xa.see(f"/ho-so/{code}/{MINUTES}"))

    missing = Read(send(xa, form, DATED, None).text)
    wrong = Read(send(xa, form, {**DATED, "date-day": "31/02/2024"}, ("a.pdf", a_pdf())).text)

    assert ("#file" in missing.links, form_on(missing).fields["date-day"]) == (True, ["18/04/2024"])
    assert ("#date" in wrong.links, form_on(wrong).fields["date-day"]) == (True, ["31/02/2024"])
    assert (standing(site.api, code), lying(site.api)) == ([], [])


def test_what_a_file_is_called_turns_no_text_around_and_runs_nowhere(site: Site, code: str):
    xa = site.visitor("xa")

    page = bring(xa, code, a_pdf(), "bien\u202efdp.exe\u200b<script>alert(1)</script>.pdf").text

    assert "\u202e" not in page
    assert "\u200b" not in page
    assert "<script>alert" not in page
    assert "bienfdp.exe&lt;script&gt;" in page


@pytest.mark.parametrize("token", ["", "of-somebody-else"])
def test_of_a_form_that_is_none_of_ours_no_file_is_taken(site: Site, code: str, token: str):
    xa = site.visitor("xa")
    form = form_on(xa.see(f"/ho-so/{code}/{MINUTES}"))

    answer = send(xa, form, DATED, ("a.pdf", a_pdf()), form_token=token)

    assert answer.status_code == 403
    assert (standing(site.api, code), lying(site.api)) == ([], [])


def test_whose_document_it_is_not_brings_none(site: Site, code: str):
    form = form_on(site.visitor("xa").see(f"/ho-so/{code}/{MINUTES}"))

    found = {handle: bring_as(site.visitor(handle), form) for handle in ("xa2", "quantri")}
    is_untouched = not site.api.engine.settings.files.exists()
    found["huyen"] = bring_as(site.visitor("huyen"), form)  # who may bring other files for it

    assert found == {"xa2": 404, "quantri": 403, "huyen": 403}
    assert is_untouched
    assert lying(site.api) == []


def bring_as(visitor: Visitor, form: Form) -> int:
    token = visitor.see("/").forms[0].fields["form_token"][0]
    return send(visitor, form, DATED, ("a.pdf", a_pdf()), form_token=token).status_code


def test_what_was_typed_when_the_session_ended_is_there_again_without_the_file(site: Site, code: str):
    xa = site.visitor("xa")
    form = form_on(xa.see(f"/ho-so/{code}/{MINUTES}"))
    leave(xa)

    asked = send(xa, form, DATED, ("a.pdf", a_pdf()))
    again = come_back(site, xa, Read(asked.text), "xa")

    assert (asked.status_code, Read(asked.text).title[:9]) == (401, "Đăng nhập")
    assert lying(site.api) == []
    assert form_on(again).fields["date-day"] == ["18/04/2024"]
    assert "xin chọn lại tệp" in again.text
    assert send(xa, form_on(again), {}, ("a.pdf", a_pdf())).url.path == f"/ho-so/{code}/yeu-cau"


@pytest.mark.parametrize(
    ("kind", "body"),
    [("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="date-day"\r\n\r\n18'),
     ("multipart/form-data; boundary=b", b"nothing of the kind"), ("multipart/form-data", b"--b--"),
     ("multipart/form-data; boundary=" + "b" * 300, b""), ("application/json", b"{}"),
     ("multipart/form-data; boundary=b",
      b'--b\r\nContent-Disposition: form-data; name="date-day"\r\n\r\n\xff\r\n--b--\r\n')],
)  # fmt: skip
def test_what_is_no_form_is_refused(site: Site, code: str, kind: str, body: bytes):
    xa = site.visitor("xa")

    headers = {"Origin": site.api.url, "Content-Type": kind}
    answer = xa.client.post(f"/ho-so/{code}/{MINUTES}", content=body, headers=headers)

    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_what_is_typed_beside_a_file_is_no_larger_than_anything_else(site: Site, code: str, kind: str):
    xa = site.visitor("xa")
    head = b'--b\r\nContent-Disposition: form-data; name="date-day"\r\n\r\n' if kind.startswith("multi") else b"a="

    headers = {"Origin": site.api.url, "Content-Type": kind}
    answer = xa.client.post(f"/ho-so/{code}/{MINUTES}", content=head + b"1" * (MEGABYTE + 1), headers=headers)

    assert answer.status_code == 413
