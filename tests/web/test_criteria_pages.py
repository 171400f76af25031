"""The criteria of a dossier as people record them: any order, one page each, saved each time."""

import pytest

from tests.web.site import Read, Site, Visitor


@pytest.fixture
def code(site: Site) -> str:
    """Cẩm Hưng's dossier."""
    return site.api.province.register(on="2024-04-15").dossier


def record(visitor: Visitor, code: str, number: str, result: str = "met", **more: str) -> Read:
    page = visitor.see(f"/ho-so/{code}/tieu-chi/{number}")
    return visitor.fill(page, f"/tieu-chi/{number}", {"result": result, **more})


def recorded(site: Site, code: str) -> list[tuple[str, str]]:
    """What stands recorded, by criterion, as programs see it."""
    rows = site.api.client("xa").get(f"/dossiers/{code}/criteria").json()
    return [(row["number"], row["result"]["key"]) for row in rows if row["result"]["key"]]


def test_a_commune_records_its_criteria_one_after_another_and_sees_the_count_rise(site: Site, code: str):
    xa = site.visitor("xa")
    numbers = [row["number"] for row in site.api.client("xa").get(f"/dossiers/{code}/criteria").json()]
    assert f"Đã ghi 0/{len(numbers)}" in xa.see(f"/ho-so/{code}/tieu-chi").text
    page = xa.see(f"/ho-so/{code}/tieu-chi/{numbers[0]}")

    for done, number in enumerate(numbers, 1):
        [form] = [form for form in page.forms if form.action.endswith(f"/tieu-chi/{number}")]
        page = xa.fill(page, form.action, {"result": "met"})
        assert f"Đã ghi {done}/{len(numbers)}" in xa.see(f"/ho-so/{code}/tieu-chi").text

    assert f"Đã ghi {len(numbers)}/{len(numbers)}" in page.text  # after the last one comes the list
    assert recorded(site, code) == [(number, "met") for number in numbers]


def test_any_order_will_do_and_the_next_one_is_one_without_a_result(site: Site, code: str):
    xa = site.visitor("xa")
    record(xa, code, "2", next="list")

    page = record(xa, code, "1")

    assert "Tiêu chí 3" in page.text
    assert "Đã ghi 2/" in record(xa, code, "2", "not_met", next="list").text
    assert recorded(site, code) == [("1", "met"), ("2", "not_met")]


def test_without_an_answer_nothing_is_recorded_and_it_is_said_where(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/tieu-chi/7")

    refused = xa.fill(page, "/tieu-chi/7", {}, 422)

    assert refused.title.startswith("Lỗi: ")
    assert "#result" in refused.links
    assert recorded(site, code) == []


def test_a_second_click_records_nothing_more(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/tieu-chi/7")

    first, second = (xa.fill(page, "/tieu-chi/7", {"result": "met"}) for _ in range(2))

    assert first.title == second.title
    history = site.api.client("xa").get(f"/dossiers/{code}/history").json()
    assert len([entry for entry in history if entry["act"]["key"] == "recorded"]) == 1


def test_whoever_goes_back_and_answers_otherwise_is_told_and_may_then_replace_it(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/tieu-chi/7")
    xa.fill(page, "/tieu-chi/7", {"result": "met"})

    told = xa.fill(page, "/tieu-chi/7", {"result": "not_met"}, 422)

    assert "đã được gửi và ghi một lần rồi" in told.text
    assert recorded(site, code) == [("7", "met")]
    xa.fill(told, "/tieu-chi/7", {})
    assert recorded(site, code) == [("7", "not_met")]


def test_whoever_was_overtaken_is_told_by_whom_and_loses_nothing(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/tieu-chi/7")
    site.api.province.record(code, "xa", "commune_criteria", {"1": {"result": "met"}}, on="2024-04-20")

    told = xa.fill(page, "/tieu-chi/7", {"result": "not_met"}, 412)

    assert "(xa (minh họa), Ủy ban nhân dân xã Cẩm Hưng, 09:00 20/04/2024)" in told.text
    xa.fill(told, "/tieu-chi/7", {})
    assert recorded(site, code) == [("1", "met"), ("7", "not_met")]


def test_whoever_only_reads_sees_the_same_list_without_a_way_to_record(site: Site, code: str):
    record(site.visitor("xa"), code, "7", "not_met")
    huyen = site.visitor("huyen")

    page, one = huyen.see(f"/ho-so/{code}/tieu-chi"), huyen.see(f"/ho-so/{code}/tieu-chi/7")

    assert "Đã ghi 1/" in page.text
    assert not [link for link in page.links if "/tieu-chi/" in link]
    assert "Kết quả: Chưa đạt" in one.text
    assert not [form for form in one.forms if "/tieu-chi/" in form.action]


def test_what_the_commune_found_stands_above_what_the_district_finds(site: Site, code: str):
    site.api.province.bring(code, "self_assess", on="2024-04-18", since="2024-04-15")
    site.api.province.advance(code, "xa", "self_assess", on="2024-04-19")

    huyen = site.visitor("huyen")
    page, every = huyen.see(f"/ho-so/{code}/tieu-chi/7"), huyen.see(f"/ho-so/{code}/tieu-chi")

    assert "Kết quả đã ghi ở các bước trước Xã tự đánh giá đạt đủ các tiêu chí đạt" in page.text
    assert "Đã ghi 0/" in every.text
    assert every.text.count("Xã tự đánh giá đạt đủ các tiêu chí: đạt Chưa ghi") == 19


def test_while_the_clock_stands_still_it_is_said_why_nothing_can_be_recorded(site: Site, code: str):
    site.api.province.pause(code, "huyen", on="2024-04-19")

    page = site.visitor("xa").see(f"/ho-so/{code}/tieu-chi")

    assert "tạm dừng" in page.text
    assert not [link for link in page.links if "/tieu-chi/" in link]


def test_after_its_end_a_dossier_shows_the_last_results(site: Site, code: str):
    record(site.visitor("xa"), code, "7")
    site.api.province.advance(code, "xa", "withdraw", on="2024-04-20")

    assert "kết quả ghi gần nhất" in site.visitor("xa").see(f"/ho-so/{code}/tieu-chi").text


def test_out_of_scope_there_is_nothing_and_of_another_number_neither(site: Site, code: str):
    xa = site.visitor("xa")
    [form] = [f for f in xa.see(f"/ho-so/{code}/tieu-chi/7").forms if f.action.endswith("/tieu-chi/7")]
    stranger = site.visitor("xa2")
    theirs = stranger.see("/").forms[0].fields["form_token"]

    assert stranger.send(form.action, {**form.fields, "form_token": theirs, "result": "met"}).status_code == 404
    for path in ("tieu-chi", "tieu-chi/7", "yeu-cau", "yeu-cau/commune_vote"):
        stranger.see(f"/ho-so/{code}/{path}", 404)
    xa.see(f"/ho-so/{code}/tieu-chi/99", 404)
    assert recorded(site, code) == []
