"""The first ten minutes of an auditor: reading history, checking it, taking it away, and nothing that changes it."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.rounds import check_round
from dossier_engine.records.tables import TABLES
from dossier_engine.verifier.archive import Writer
from dossier_engine.verifier.bundle import EVENTS
from tests.cli.terminal import Typing, terminal
from tests.makers import Province, with_calendar
from tests.rigs.attacks import edited
from tests.web.evidence import alter, signed
from tests.web.reading_room import Room
from tests.web.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

SHA256SUM = shutil.which("sha256sum") or "sha256sum"
# What people of other roles send from their forms, filled in as they must be: that the auditor may not is all there is.
FORGED = {
    "/ho-so/moi": {"workflow": "commune-advanced", "locality": "cam hung", "year": "2024", "on-day": "20/04/2024"},
    "/ho-so/{code}/buoc/withdraw": {"do": "take", "reason": "x", "on-day": "20/04/2024"},
    "/ho-so/{code}/tieu-chi/1": {"result": "met"},
    "/ho-so/{code}/yeu-cau/commune_vote": {"vote.agree": "18", "vote.present": "19", "vote.members": "20"},
    "/ho-so/{code}/dong-ho": {"clock": "paused", "reason": "x", "on-day": "20/04/2024"},
    "/ho-so/{code}/gia-han": {"deadline": "registered", "until-day": "15/8/2024", "number": "1", "reason": "x",
                              "date-day": "19/4/2024", "on-day": "20/04/2024"},
    "/ho-so/{code}/kho-khan": {"reason": "x"},
    "/ho-so/{code}/y-kien/{seq}": {"reason": "x", "number": "1", "date-day": "19/4/2024"},
    "/nguoi-dung/xa/ket-thuc-phien": {"reason": "x"},
    "/quan-tri/them-nguoi": {"handle": "moi", "name": "Mới", "reason": "x"},
    "/quan-tri/su-co/1/dong": {"reason": "x"},
}  # fmt: skip


@pytest.fixture
def dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typing:
    """The command line on the server, in whose working folder nothing lies yet."""
    monkeypatch.setenv("DOSSIER_HOME", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return terminal(capsys)


def a_life(province: Province) -> tuple[str, int]:
    """A dossier whose silence the engine itself brought before the committee, which answered; the other's number."""
    code = province.register(on="2024-01-10").dossier
    province.sweep("2024-04-17")
    province.answer(code, "bcd", on="2024-04-18", number="9/BCĐ-VP", reason="Cứ làm tiếp")
    seq = province.difficulty(code, "xa", on="2024-04-19", reason="Thiếu hướng dẫn").seq
    return code, seq


def entries(site: Site) -> int:
    """How much stands in all of history."""
    with site.api.engine.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(TABLES["history"])).scalar_one())


def one_byte_changed(bundle: Path, changed: Path) -> None:
    """The bundle in the form that bundles have, with another byte in the third entry of its first stream."""
    with zipfile.ZipFile(bundle) as kept, changed.open("wb") as out:
        written = Writer(out)
        for name in kept.namelist():
            lines = kept.read(name).splitlines(keepends=True)
            if name == EVENTS:
                lines[2] = lines[2].replace(b"2024", b"2025", 1)
            written.add(name, lines)
        written.close()


def test_an_auditor_reads_what_happened_and_checks_the_chain(people: Room):
    code, _ = a_life(people.site.api.province)
    signed(people.site)
    people.has_account("thanhtra")

    auditor = people.comes("thanhtra", "mouse", f"/ho-so/{code}/lich-su")
    answered = auditor.page.get_by_role("listitem").filter(has_text="Cứ làm tiếp").inner_text()
    for told in ("bcd (minh họa), Ban Chỉ đạo", "09:00 18/04/2024", "Căn cứ: văn bản số 9/BCĐ-VP, ngày 18/04/2024"):
        assert told in answered
    automatic = auditor.page.locator(".timeline__event--system")
    assert "Hệ thống" in automatic.first.inner_text()
    assert "Hệ thống" not in answered

    auditor.follow_in_navigation("Kiểm tra lịch sử")
    before = entries(people.site)
    auditor.press("Kiểm tra ngay")
    auditor.reads("Lịch sử nguyên vẹn", f"Đã kiểm tra {before} mục", "mục, ký lúc", "Gốc của nhật ký")
    assert re.search(r"Gốc của nhật ký\s+\S{40,}", auditor.page.get_by_role("main").inner_text())


def test_a_bundle_is_verified_where_there_is_no_database_and_one_byte_changed_is_found(
    people: Room, dossier: Typing, tmp_path: Path
):
    with_calendar(people.site.api.province)
    code, _ = a_life(people.site.api.province)
    Path("policy.txt").write_text(f"log {signed(people.site)}\nquorum none\n", "utf-8")
    people.has_account("thanhtra")

    auditor = people.comes("thanhtra", "mouse", "/kiem-tra")
    auditor.type("Mã các hồ sơ", code)
    bundle = auditor.takes("Lập gói và tải về", Path())
    with zipfile.ZipFile(bundle) as opened:
        opened.extractall("opened")
    one_byte_changed(bundle, Path("changed.zip"))
    shutil.move(tmp_path / "dossier.db", tmp_path / "elsewhere.db")
    sound = dossier(f"audit verify {bundle} --policy policy.txt")
    broken = dossier("audit verify changed.zip --policy policy.txt")
    shutil.move(tmp_path / "elsewhere.db", tmp_path / "dossier.db")
    sums = [SHA256SUM, "-c", "MANIFEST.sha256"]
    summed = subprocess.run(sums, cwd="opened", capture_output=True, check=False)

    assert sound.code == 0, sound.err
    assert (broken.code, "- một tệp không như bảng kê: events.jsonl" in broken.out) == (8, True)
    assert summed.returncode == 0, summed.stderr.decode()
    assert Path("opened/events.csv").read_bytes().startswith("\ufeff".encode())
    auditor.page.goto(Path("opened/LICH-SU.html").absolute().as_uri())
    auditor.reads(code, "Cứ làm tiếp")


def test_a_row_changed_behind_the_engines_back_is_told_on_the_page_and_by_the_doctor(people: Room, dossier: Typing):
    code, _ = a_life(people.site.api.province)
    people.has_account("thanhtra")
    check_round(people.site.api.engine)
    well = dossier("doctor")
    alter(people.site, edited(f"dossier/{code}", 1, channel="cli"))
    people.day_is("2024-04-22")
    check_round(people.site.api.engine)

    auditor = people.comes("thanhtra", "mouse", f"/ho-so/{code}/lich-su")
    panel = auditor.page.get_by_role("alert")
    assert "Lịch sử KHÔNG còn nguyên vẹn từ mục 1" in panel.inner_text()
    auditor.follow_in_navigation("Kiểm tra lịch sử")
    auditor.press("Kiểm tra ngay")
    auditor.reads("Lịch sử KHÔNG còn nguyên vẹn", f"{code} #1")
    ill = dossier("doctor")

    assert (well.code, ill.code) == (0, 9), well.out
    assert "dossier audit verify" in ill.out


def test_an_auditor_changes_nothing_whatever_they_send(people: Room):
    code, seq = a_life(people.site.api.province)
    people.has_account("thanhtra")
    auditor = people.comes("thanhtra", "mouse", f"/ho-so/{code}")
    token = auditor.page.locator("input[name=form_token]").first.input_value()
    before = entries(people.site)

    answers = {}
    for path, fields in FORGED.items():
        address = f"{people.site.api.url}{path.format(code=code, seq=seq)}"
        sent = {**fields, "form_token": token, "key": "k" * 20}
        answers[path] = auditor.page.request.post(address, form=sent, headers={"Origin": people.site.api.url}).status

    assert answers == dict.fromkeys(FORGED, 403)
    assert entries(people.site) == before
