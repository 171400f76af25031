"""The history of a dossier: what happened, by whom, and whether its chain still holds when somebody altered a row."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection, update

from dossier_engine.records.tables import TABLES
from tests.rigs.attacks import Attack, edited, entry
from tests.web.evidence import alter
from tests.web.site import Site


def a_life(site: Site) -> str:
    """A dossier with five entries: opened, recorded on, a difficulty raised and answered, its clock stopped."""
    province = site.api.province
    code = province.register(on="2024-04-15").dossier
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 19, "present": 20, "members": 21}}, on="2024-04-16")
    province.difficulty(code, "xa", on="2024-04-17", reason="Thiếu hướng dẫn\ncủa bộ")
    province.answer(code, "bcd", on="2024-04-18", number="9/BCĐ-VP", reason="Cứ làm tiếp")
    province.pause(code, "so", on="2024-04-19", reason="chờ sáp nhập")
    return code


def test_history_says_who_did_what_when_on_which_document_and_that_it_is_whole(site: Site) -> None:
    code = a_life(site)

    page = site.visitor("xa").see(f"/ho-so/{code}/lich-su")

    assert "Đã kiểm tra 5 mục, chuỗi nguyên vẹn, 09:00 20/04/2024." in page.text
    assert page.text.index("chờ sáp nhập") < page.text.index("Cứ làm tiếp") < page.text.index("Đăng ký")
    assert "bcd (minh họa), Ban Chỉ đạo" in page.text
    assert "Căn cứ: văn bản số 9/BCĐ-VP, ngày 18/04/2024" in page.text
    assert "Mục 4, mã băm" in page.text
    assert "KHÔNG" not in page.text


def test_what_only_is_recorded_stands_under_everything(site: Site) -> None:
    code = a_life(site)
    visitor = site.visitor("huyen")

    main, everything = (visitor.see(f"/ho-so/{code}/lich-su?muc={tab}").text for tab in ("main", "all"))

    assert ("Mục 2, mã băm" in main, "Mục 2, mã băm" in everything) == (False, True)
    assert "Mục 5, mã băm" in main


def test_what_was_done_on_another_day_than_it_was_recorded_says_so(site: Site) -> None:
    code = site.api.province.register(on="2024-04-15").dossier
    site.api.province.pause(code, "so", on="2024-04-19", effective_on=date(2024, 4, 17))

    text = site.visitor("xa").see(f"/ho-so/{code}/lich-su").text

    assert text.count("Thực hiện ngày") == 1
    assert "Thực hiện ngày 17/04/2024" in text


def test_what_the_engine_did_by_itself_is_said_to_be_the_systems(site: Site) -> None:
    code = site.api.province.register(on="2024-01-10").dossier
    site.api.province.sweep("2024-04-19")

    page = site.visitor("xa").see(f"/ho-so/{code}/lich-su")

    assert "Hệ thống" in page.text


def test_it_is_printed_under_the_name_that_an_office_files_it_by(site: Site) -> None:
    code = a_life(site)

    text = site.visitor("thanhtra").see(f"/ho-so/{code}/lich-su?muc=all").text

    assert "Phiếu theo dõi quá trình giải quyết hồ sơ" in text
    assert "Mã băm của mục cuối:" in text


def test_history_out_of_scope_is_not_there(site: Site) -> None:
    code = a_life(site)

    site.visitor("xa2").see(f"/ho-so/{code}/lich-su", 404)


def nonsense(code: str) -> Attack:
    """Bytes that are no entry."""
    return lambda conn: _set(conn, code, 4, entry=b"\xff{")


def other_words(code: str) -> Attack:
    """Another opinion than the one that was given."""
    private = TABLES["private"]

    def attack(conn: Connection) -> None:
        at = (private.c.stream == f"dossier/{code}") & (private.c.seq == 4) & (private.c.name == "reason")
        assert conn.execute(update(private).where(at).values(value="Dừng lại")).rowcount == 1

    return attack


def cut_off(code: str) -> Attack:
    """A dossier that says its history ends sooner."""
    dossier = TABLES["dossier"]
    return lambda conn: conn.execute(update(dossier).where(dossier.c.code == code).values(seq=4))


def _set(conn: Connection, code: str, seq: int, **values: object) -> None:
    conn.execute(update(TABLES["history"]).where(entry(f"dossier/{code}", seq)).values(**values))


ALTERED: dict[str, tuple[Callable[[str], Attack], str]] = {
    "an entry edited": (lambda code: edited(f"dossier/{code}", 4, channel="web"), "mục lịch sử đã bị sửa"),
    "with a leaf that fits": (
        lambda code: edited(f"dossier/{code}", 3, leaf=True, channel="web"),
        "mục lịch sử không nối tiếp mục liền trước",
    ),
    "bytes that are no entry": (nonsense, "mục lịch sử đã bị sửa"),
    "a column beside it": (lambda code: lambda conn: _set(conn, code, 4, kind="paused"), "các cột bên cạnh"),
    "the words beside it": (other_words, "nội dung chữ bên cạnh mục lịch sử đã bị thay"),
    "the end of it": (cut_off, "mục cuối không phải mục mà hồ sơ nêu"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_a_history_that_was_altered_is_told_in_red_and_what_lies_before_can_still_be_read(
    site: Site, what: str
) -> None:
    code, (attack, why) = a_life(site), ALTERED[what]
    alter(site, attack(code))

    text = site.visitor("thanhtra").see(f"/ho-so/{code}/lich-su?muc=all").text

    assert "Lịch sử KHÔNG còn nguyên vẹn từ mục 4" in text
    assert why in text
    assert "chuỗi nguyên vẹn" not in text
    assert ("Mục 3, mã băm" in text, "Mục 4, mã băm" in text) == (True, False)
    assert "Thiếu hướng dẫn" in text
    assert "Dừng lại" not in text
