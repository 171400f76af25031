"""Difficulties and escalations: raised and answered by whoever may, and told on the form where something is wrong."""

import pytest

from tests.makers import LUONG_DIEN
from tests.web.site import Fields, Read, Site, Visitor

OPINION = {
    "reason": "Đồng ý lùi hạn",
    "number": "9/BCĐ-VP",
    "date-day": "20",
    "date-month": "4",
    "date-year": "2024",
    "until-day": "20/12/2024",
}


@pytest.fixture
def code(site: Site) -> str:
    """Cẩm Hưng's dossier."""
    return site.api.province.register(on="2024-04-15").dossier


def raised(site: Site, code: str) -> int:
    """A difficulty, before the department."""
    return site.api.province.difficulty(code, "xa", on="2024-04-18", reason="Thiếu hướng dẫn của bộ").seq


def fields(page: Read, action: str) -> Fields:
    """What the form holds."""
    [form] = [f for f in page.forms if f.action.endswith(action)]
    return form.fields


def raise_by(visitor: Visitor, code: str, reason: str, status: int = 200) -> Read:
    """The page after a difficulty was typed and sent."""
    return visitor.fill(visitor.see(f"/ho-so/{code}/kho-khan"), "/kho-khan", {"reason": reason}, status)


def test_a_difficulty_is_raised_from_the_dossier_and_waits_for_whom_it_is_addressed_to(site: Site, code: str) -> None:
    visitor = site.visitor("xa")
    assert f"/ho-so/{code}/kho-khan" in visitor.see(f"/ho-so/{code}").links

    after = raise_by(visitor, code, "Chưa có hướng dẫn về tiêu chí 13")

    assert after.title.startswith("Lịch sử")
    assert "Chưa có hướng dẫn về tiêu chí 13" in after.text
    waiting = site.visitor("so").see("/y-kien")
    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng Đã đăng ký" in waiting.text
    assert f"/ho-so/{code}/y-kien/2" in waiting.links
    assert f"/ho-so/{code}/y-kien/2" in site.visitor("so").see(f"/ho-so/{code}").links


def test_what_waits_is_listed_page_by_page_the_longest_open_first(site: Site, code: str, monkeypatch) -> None:
    monkeypatch.setattr("dossier_engine.web.escalations._PAGE", 2)
    other = site.api.province.register("xa2", LUONG_DIEN, on="2024-04-15").dossier
    site.api.province.difficulty(other, "xa2", on="2024-04-16")
    for _ in range(2):
        raised(site, code)
    visitor = site.visitor("bcd")

    first = visitor.see("/y-kien")
    [following] = [link for link in first.links if "tiep-theo=" in link]
    second = visitor.see(following)

    answering = [[link for link in page.links if "/y-kien/" in link] for page in (first, second)]
    assert answering == [[f"/ho-so/{other}/y-kien/2", f"/ho-so/{code}/y-kien/2"], [f"/ho-so/{code}/y-kien/3"]]
    assert not [link for link in second.links if "tiep-theo=" in link]
    visitor.see("/y-kien?tiep-theo=xyz", 422)


def test_a_difficulty_without_words_is_told_at_its_field(site: Site, code: str) -> None:
    page = raise_by(site.visitor("xa"), code, "  ", 422)

    assert page.title.startswith("Lỗi: ")
    assert "#reason" in page.links
    assert page.text.count("Lý do: chưa có, cần ghi") == 2


def test_an_answer_closes_the_escalation_and_its_text_is_in_history(site: Site, code: str) -> None:
    seq = raised(site, code)
    visitor = site.visitor("bcd")
    form = visitor.see(f"/ho-so/{code}/y-kien/{seq}")

    after = visitor.fill(form, f"/y-kien/{seq}", OPINION)

    assert "Thiếu hướng dẫn của bộ" in form.text
    assert "Đồng ý lùi hạn" in after.text
    assert "Căn cứ: văn bản số 9/BCĐ-VP, ngày 20/04/2024" in after.text
    assert "Không có việc nào đang chờ ý kiến" in visitor.see("/y-kien").text
    assert "20/12/2024" in visitor.see(f"/ho-so/{code}").text
    visitor.see(f"/ho-so/{code}/y-kien/{seq}", 404)


def test_a_second_click_shows_what_the_first_one_did(site: Site, code: str) -> None:
    seq = raised(site, code)
    visitor = site.visitor("bcd")
    form = visitor.see(f"/ho-so/{code}/y-kien/{seq}")

    pages = [visitor.fill(form, f"/y-kien/{seq}", OPINION) for _ in range(2)]

    assert [page.text.count("Đồng ý lùi hạn") for page in pages] == [1, 1]


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"reason": ""}, "reason", "Lý do: chưa có, cần ghi"),
        ({"number": ""}, "number", "Số văn bản: chưa có, cần ghi"),
        ({"date-day": "31"}, "date", "31/4/2024"),
        ({"date-day": "21"}, "date", "Ngày"),
        ({"until-day": "1/5/2024"}, "until", "Hạn mới"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_all_that_was_typed_is_kept(
    site: Site, code: str, given: dict[str, str], field: str, why: str
) -> None:
    seq = raised(site, code)
    visitor = site.visitor("bcd")
    typed = {**OPINION, **given}

    page = visitor.fill(visitor.see(f"/ho-so/{code}/y-kien/{seq}"), f"/y-kien/{seq}", typed, 422)

    assert page.title.startswith("Lỗi: ")
    assert f"#{field}" in page.links
    assert why in page.text
    held = fields(page, f"/y-kien/{seq}")
    assert {name: held[name][0] for name in typed} == typed


def test_who_changed_the_dossier_meanwhile_is_told_and_nothing_is_lost(site: Site, code: str) -> None:
    seq = raised(site, code)
    visitor = site.visitor("bcd")
    form = visitor.see(f"/ho-so/{code}/y-kien/{seq}")
    vote = {"vote": {"agree": 19, "present": 20, "members": 21}}
    site.api.province.record(code, "xa", "commune_vote", vote, on="2024-04-19")

    again = visitor.fill(form, f"/y-kien/{seq}", OPINION, 412)
    after = visitor.fill(again, f"/y-kien/{seq}", {})

    assert "Trong lúc ông/bà nhập, hồ sơ đã thay đổi: Ghi nhận" in again.text
    assert "(xa (minh họa), Ủy ban nhân dân xã Cẩm Hưng, 09:00 19/04/2024)" in again.text
    assert "Đồng ý lùi hạn" in after.text
    assert after.title.startswith("Lịch sử")


def test_who_may_not_sees_no_way_and_finds_no_form(site: Site, code: str) -> None:
    seq = raised(site, code)

    for handle in ("thanhtra", "quantri"):
        visitor = site.visitor(handle)
        links = visitor.see(f"/ho-so/{code}").links
        assert not [link for link in links if "/kho-khan" in link or "/y-kien/" in link]
        visitor.see(f"/ho-so/{code}/kho-khan", 403)
        visitor.see(f"/ho-so/{code}/y-kien/{seq}", 403)
    assert f"/ho-so/{code}/y-kien/{seq}" not in site.visitor("xa").see("/y-kien").links
    site.visitor("xa").see(f"/ho-so/{code}/y-kien/{seq}", 403)


def test_what_waits_on_one_dossier_is_not_shown_on_another(site: Site, code: str) -> None:
    seq = raised(site, code)
    other = site.api.province.register("xa2", LUONG_DIEN, on="2024-04-15").dossier
    visitor = site.visitor("bcd")

    page = visitor.see(f"/ho-so/{other}")

    assert "Đang chờ ý kiến" not in page.text
    visitor.see(f"/ho-so/{other}/y-kien/{seq}", 404)


def test_a_dossier_whose_clock_stands_still_takes_neither(site: Site, code: str) -> None:
    seq = raised(site, code)
    site.api.province.pause(code, "so", on="2024-04-19")

    links = site.visitor("so").see(f"/ho-so/{code}").links

    assert not [link for link in links if "/kho-khan" in link or f"/y-kien/{seq}" in link]


def test_out_of_scope_there_is_none(site: Site, code: str) -> None:
    seq = raised(site, code)
    visitor = site.visitor("xa2")

    assert "Không có việc nào đang chờ ý kiến" in visitor.see("/y-kien").text
    visitor.see(f"/ho-so/{code}/kho-khan", 404)
    visitor.see(f"/ho-so/{code}/y-kien/{seq}", 404)
