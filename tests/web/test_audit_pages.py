"""Auditors' pages: search, a check of all of history, and a bundle that is verified where there is no server."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import update

from dossier_engine.queries.trail import trail
from dossier_engine.records.tables import TABLES
from dossier_engine.verifier.main import SOUND, main
from tests.makers import LUONG_DIEN, with_calendar
from tests.web.evidence import signed
from tests.web.site import Read, Site

CHANGING = (
    "/nguoi-dung/xa/moi", "/nguoi-dung/xa/ket-thuc-phien", "/nguoi-dung/xa/phan-cong", "/nguoi-dung/xa/lam-thay",
    "/nguoi-dung/xa/ket-thuc", "/quan-tri/them-nguoi", "/quan-tri/thu/gui-lai", "/quan-tri/su-co/1/dong",
)  # fmt: skip


@pytest.fixture
def code(site: Site) -> str:
    """A dossier of Cẩm Hưng, whose clock was stopped; Lương Điền has one too."""
    site.api.province.register("xa2", LUONG_DIEN, on="2024-04-16")
    found = site.api.province.register(on="2024-04-15").dossier
    site.api.province.pause(found, "huyen", on="2024-04-18", reason="chờ sắp xếp")
    return found


def reads(site: Site) -> list[tuple[str, object]]:
    with site.api.province.database.reading() as session:
        return [(str(h.entry["body"]["what"]), h.entry["body"]["asked"]) for h in trail(session, "reads")]


def found(site: Site, query: str) -> list[str]:
    page = site.visitor("thanhtra").see(f"/kiem-tra?{query}")
    return [link for link in page.links if link.endswith("/lich-su")]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("code=hd+2024+nc+2", 2),
        ("person=HUYEN+(minh", 1),
        ("person=nobody", 0),
        ("kind=registered", 2),
        ("from=17/4/2024", 1),
        ("to=16/04/2024", 2),
        ("from=2024-04-16&to=2024-04-16", 1),
        ("kind=paused&code=HD-2024-NC-0001", 0),
    ],
)
@pytest.mark.usefixtures("code")
def test_what_happened_is_found_by_dossier_person_act_and_day(site: Site, query: str, count: int):
    assert len(found(site, query)) == count


def test_an_entry_names_who_and_what_and_that_somebody_looked_is_noted(site: Site, code: str):
    page = site.visitor("thanhtra").see(f"/kiem-tra?code={code}&kind=paused&person=huyen")

    assert "huyen (minh họa), Ủy ban nhân dân huyện Cẩm Giàng" in page.text
    assert "chờ sắp xếp" in page.text
    assert f"Xã Cẩm Hưng, Huyện Cẩm Giàng ({code} #2)" in page.text
    assert reads(site) == [("web.search", {"code": code, "kind": "paused"})]


@pytest.mark.usefixtures("code")
def test_the_search_goes_on_page_by_page(site: Site, monkeypatch):
    monkeypatch.setattr("dossier_engine.web.audit._PAGE", 2)
    auditor = site.visitor("thanhtra")

    first = auditor.see("/kiem-tra?person=minh")
    [following] = [link for link in first.links if "cursor=" in link]
    second = auditor.see(following)

    shown = [[link for link in page.links if link.endswith("/lich-su")] for page in (first, second)]
    assert [len(links) for links in shown] == [2, 1]
    assert "đăng ký" in second.text.lower()
    auditor.see("/kiem-tra?cursor=xyz", 422)


def test_a_filter_that_makes_no_sense_is_told_with_what_was_typed(site: Site):
    page = site.visitor("thanhtra").see("/kiem-tra?from=31/2/2024&code=abc")

    assert page.title.startswith("Lỗi: ")
    assert "#from" in page.links
    assert next(f.fields for f in page.forms if "from" in f.fields)["from"] == ["31/2/2024"]
    assert "#to" in site.visitor("thanhtra").see("/kiem-tra?to=31/12/9999").links


@pytest.mark.usefixtures("code")
def test_a_check_says_in_words_that_history_is_intact_and_where_it_is_not(site: Site):
    signed(site)
    auditor = site.visitor("thanhtra")
    page = auditor.see("/kiem-tra")

    intact = auditor.fill(page, "/kiem-tra/kiem", {})
    dossier = TABLES["dossier"]
    with site.api.province.writing() as session:
        session.connection().execute(update(dossier).values(round=7))
    broken = auditor.fill(page, "/kiem-tra/kiem", {})

    assert intact.title.startswith("Lịch sử nguyên vẹn")
    assert "mọi mục đều khớp" in intact.text
    assert broken.title.startswith("Lịch sử KHÔNG còn nguyên vẹn")
    assert "HD-2024-NC-0001" in broken.text


def test_a_bundle_made_on_the_page_verifies_offline(site: Site, code: str, tmp_path: Path, monkeypatch):
    with_calendar(site.api.province)
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {signed(site)}\nquorum none\n", "utf-8")
    auditor = site.visitor("thanhtra")
    token = auditor.see("/kiem-tra").forms[0].fields["form_token"]

    answer = auditor.send("/kiem-tra/goi", {"form_token": token, "codes": code.lower().replace("-", " ")})
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(answer.content)
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(bundle) as opened:
        opened.extract("verify.py")
    alone = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip", "--policy", "policy.txt"], capture_output=True, check=False
    )

    assert answer.headers["Content-Type"] == "application/zip"
    assert main([str(bundle), "--policy", str(policy)]) == SOUND
    assert alone.returncode == 0, alone.stderr.decode()
    with site.api.province.database.reading() as session:
        assert [h.entry["channel"] for h in trail(session, "reads") if h.kind == "exported"] == ["web"]


def test_codes_that_are_none_are_told_on_the_page(site: Site):
    auditor = site.visitor("thanhtra")

    page = auditor.fill(auditor.see("/kiem-tra"), "/kiem-tra/goi", {"codes": "không phải mã"}, 422)

    assert page.title.startswith("Lỗi: ")
    assert next(f.fields for f in page.forms if "codes" in f.fields)["codes"] == ["không phải mã"]


@pytest.mark.parametrize("handle", ["xa", "so", "quantri"])
def test_nobody_else_searches_checks_or_takes_a_bundle(site: Site, handle: str):
    visitor = site.visitor(handle)
    home = visitor.see("/")
    token = home.forms[0].fields["form_token"]

    page = visitor.see("/kiem-tra", 403)
    sent = [visitor.send(path, {"form_token": token}).status_code for path in ("/kiem-tra/kiem", "/kiem-tra/goi")]

    assert "/kiem-tra" not in home.links
    assert "thanh tra viên" in page.text
    assert sent == [403, 403]


def test_an_auditor_changes_nothing(site: Site, code: str):
    auditor = site.visitor("thanhtra")
    token = auditor.see(f"/ho-so/{code}").forms[0].fields["form_token"]
    before = len(trail_of(site, "people"))

    fields = {"form_token": token, "delivery": "1", "reason": "x", "handle": "a", "name": "a"}
    answers = [auditor.send(path, fields) for path in CHANGING]

    assert {answer.status_code for answer in answers} == {403}
    assert all("Thanh tra viên xem, kiểm tra và tải về" in Read(answer.text).text for answer in answers)
    assert len(trail_of(site, "people")) == before


def trail_of(site: Site, stream: str) -> list[object]:
    with site.api.province.database.reading() as session:
        return list(trail(session, stream))
