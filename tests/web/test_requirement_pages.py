"""What a step asks for, as people see it and record it; days as people type them."""

from unicodedata import normalize

import pytest

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.rules.workflow import Documents, Requirement
from dossier_engine.web.fields import Field, document_fields, fields_of, kind_of, label
from tests.makers import the_law
from tests.web.returning import come_back, leave
from tests.web.site import Read, Site, Visitor


@pytest.fixture
def code(site: Site) -> str:
    """Cẩm Hưng's dossier."""
    return site.api.province.register(on="2024-04-15").dossier


def record(visitor: Visitor, code: str, key: str, given: dict[str, str], status: int = 200) -> Read:
    page = visitor.see(f"/ho-so/{code}/yeu-cau/{key}")
    return visitor.fill(page, f"/yeu-cau/{key}", given, status)


def day(name: str, text: str) -> dict[str, str]:
    """A whole day, pasted into the first field."""
    return {f"{name}-day": text, f"{name}-month": "", f"{name}-year": ""}


def items(site: Site, code: str, key: str, handle: str = "xa") -> dict[str, object]:
    rows = site.api.client(handle).get(f"/dossiers/{code}/requirements").json()
    [found] = [row["items"] for row in rows if row["key"] == key]
    return {item: fact["value"] for item, fact in found.items()}


def at_the_department(site: Site) -> str:
    """A dossier that the department appraises."""
    province = site.api.province
    code = province.register(on="2024-03-01").dossier
    province.bring(code, "self_assess", on="2024-03-05", since="2024-03-01")
    province.advance(code, "xa", "self_assess", on="2024-03-05")
    province.bring(code, "review", on="2024-03-06", since="2024-03-05", skip=("district_posting",))
    shown = {"period": {"from": "2024-03-06", "to": "2024-03-25"}}
    province.record(code, "huyen", "district_posting", shown, on="2024-04-10")
    province.advance(code, "huyen", "review", on="2024-04-10")
    return code


def test_everything_that_the_step_asks_for_is_shown_with_what_it_lacks_and_by_what_right(site: Site, code: str):
    page = site.visitor("xa").see(f"/ho-so/{code}/yeu-cau")

    for said in ("Xã tự đánh giá đạt đủ các tiêu chí", "Đã ghi 0/", "đã công bố 0 lần, cần 5 lần trong 15 ngày",
                 "chưa ghi kết quả biểu quyết", "QĐ 18/2022/QĐ-TTg Điều 6", "theo trí nhớ", "Nộp tự đánh giá",
                 "Biên bản cuộc họp đề nghị xét, công nhận : Chưa ghi nhận"):  # fmt: skip
        assert said in page.text
    base = f"/ho-so/{code}/yeu-cau"
    assert {f"{base}/commune_vote", f"{base}/commune_posting", f"{base}/commune_files/minutes"} <= set(page.links)


def test_whose_task_it_is_not_sees_all_of_it_and_no_form(site: Site, code: str):
    huyen = site.visitor("huyen")

    page = huyen.see(f"/ho-so/{code}/yeu-cau")

    assert "cán bộ xã" in page.text
    assert not [link for link in page.links if f"{code}/yeu-cau/" in link]
    huyen.see(f"/ho-so/{code}/yeu-cau/commune_vote", 403)
    huyen.see(f"/ho-so/{code}/yeu-cau/commune_files/minutes", 403)


def test_a_vote_is_recorded_and_put_right(site: Site, code: str):
    xa = site.visitor("xa")

    page = record(xa, code, "commune_vote", {"agree": "19", "present": "20"})

    assert "Số người đồng ý 19, Số người có mặt 20" in page.text
    again = xa.see(f"/ho-so/{code}/yeu-cau/commune_vote")
    [form] = [form for form in again.forms if form.action.endswith("commune_vote")]
    assert (form.fields["agree"], form.fields["members"]) == (["19"], [""])
    xa.fill(again, "/commune_vote", {"agree": "20", "members": "21"})
    assert items(site, code, "commune_vote") == {"vote": {"agree": 20, "present": 20, "members": 21}}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"agree": "", "present": "20"}, "agree"), ({"agree": "mười", "present": "20"}, "agree"),
     ({"agree": "21", "present": "20"}, "present"), ({"agree": "-1", "present": "20"}, "agree")],
)  # fmt: skip
def test_counts_that_cannot_be_are_told_at_their_field_and_stay_as_typed(site: Site, code: str, given, field):
    page = record(site.visitor("xa"), code, "commune_vote", given, 422)

    assert page.title.startswith("Lỗi: ")
    assert f"#{field}" in page.links
    [form] = [form for form in page.forms if form.action.endswith("commune_vote")]
    assert {name: form.fields[name] for name in given} == {name: [value] for name, value in given.items()}
    assert items(site, code, "commune_vote") == {}


def test_days_are_taken_in_every_way_in_which_people_write_them(site: Site, code: str):
    xa, written = site.visitor("xa"), ("15/04/2024", "16-4-2024", "17.4.2024", "2024-04-18", " 19 / 4 / 2024 ")

    for text in written:
        record(xa, code, "commune_posting", day("on", text) | {"times": "1"})
    record(xa, code, "commune_posting", {"on-day": "20", "on-month": "04", "on-year": "2024", "times": "2"})

    assert list(items(site, code, "commune_posting")) == [f"2024-04-{n}" for n in range(15, 21)]
    assert "15/04/2024 : Số lần trong ngày 1" in xa.see(f"/ho-so/{code}/yeu-cau").text


def test_what_is_no_day_is_told_at_its_field_and_stays_as_typed(site: Site, code: str):
    xa = site.visitor("xa")

    for text in ("31/02/2024", "12/2024", "chữ", "2024", "5/12/24", "21/04/2024"):  # the last one has not come yet
        page = record(xa, code, "commune_posting", day("on", text) | {"times": "3"}, 422)

        [form] = [form for form in page.forms if form.action.endswith("commune_posting")]
        assert (form.fields["on-day"], form.fields["times"]) == ([text], ["3"])
        assert "#on" in page.links, text
    assert items(site, code, "commune_posting") == {}


def test_a_second_click_records_once_and_shows_the_same(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/yeu-cau/commune_vote")

    first, second = (xa.fill(page, "/commune_vote", {"agree": "20", "present": "20"}) for _ in range(2))

    assert first.text == second.text
    assert site.api.client("xa").get(f"/dossiers/{code}").headers["ETag"] == '"2"'


def test_whoever_was_overtaken_is_told_once_whatever_else_is_wrong(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/yeu-cau/commune_vote")
    site.api.province.record(code, "xa", "commune_criteria", {"1": {"result": "met"}}, on="2024-04-20")

    wrong = xa.fill(page, "/commune_vote", {"agree": "chữ", "present": "20"}, 422)
    told = xa.fill(wrong, "/commune_vote", {"agree": "20"}, 412)
    xa.fill(told, "/commune_vote", {})

    assert "Ủy ban nhân dân xã Cẩm Hưng, 09:00 20/04/2024)" in told.text
    assert items(site, code, "commune_vote") == {"vote": {"agree": 20, "present": 20}}


def test_what_was_typed_when_the_session_ended_is_there_again(site: Site, code: str):
    xa = site.visitor("xa")
    page = xa.see(f"/ho-so/{code}/yeu-cau/commune_vote")
    leave(xa)
    [form] = [form for form in page.forms if form.action.endswith("commune_vote")]

    asked = xa.send(form.action, {**form.fields, "agree": "19", "present": "20"})
    again = come_back(site, xa, Read(asked.text), "xa")

    assert (asked.status_code, Read(asked.text).title[:9]) == (401, "Đăng nhập")
    assert items(site, code, "commune_vote") == {}
    [form] = [form for form in again.forms if form.action.endswith("commune_vote")]
    assert (form.fields["agree"], form.fields["present"]) == (["19"], ["20"])
    xa.fill(again, "/commune_vote", {})
    assert items(site, code, "commune_vote") == {"vote": {"agree": 19, "present": 20}}


def test_the_district_records_receipt_display_and_the_front_its_survey(site: Site, code: str):
    site.api.province.bring(code, "self_assess", on="2024-04-15", since="2024-04-15")
    site.api.province.advance(code, "xa", "self_assess", on="2024-04-15")
    huyen, mattran = site.visitor("huyen"), site.visitor("mattran")

    early = record(huyen, code, "district_receipt", day("on", "14/04/2024"), 422)
    page = record(huyen, code, "district_receipt", day("on", "16/04/2024"))
    backwards = day("from", "20/04/2024") | day("to", "17/04/2024")
    turned = record(huyen, code, "district_posting", backwards, 422)
    record(huyen, code, "district_posting", day("from", "17/04/2024") | day("to", "20/04/2024"))
    record(mattran, code, "satisfaction", {"satisfied": "95", "answered": "100", "asked": "110"})

    assert ("#on" in early.links, "#to" in turned.links) == (True, True)
    assert "Ngày nhận đủ hồ sơ 16/04/2024" in page.text
    assert f"/ho-so/{code}/yeu-cau/district_receipt" not in page.links  # once received is received
    assert items(site, code, "district_posting", "huyen") == {"period": {"from": "2024-04-17", "to": "2024-04-20"}}
    assert items(site, code, "satisfaction", "huyen")["survey"] == {"satisfied": 95, "answered": 100, "asked": 110}


def test_a_department_confirms_in_its_own_name_and_is_named_where_it_lacks(site: Site):
    code = at_the_department(site)
    finance = site.visitor("so-tai-chinh")
    given = {"result": "agree", "number": "12/STC", **day("date", "18/04/2024")}

    before = finance.see(f"/ho-so/{code}/yeu-cau")
    page = record(finance, code, "no_construction_arrears", given)

    assert "chưa xác nhận: Sở Tài chính" in before.text
    assert "cong-an-tinh" not in before.text
    assert f"/ho-so/{code}/yeu-cau/security_not_complex" not in before.links  # the police say that
    assert "Sở Tài chính : Ý kiến Đồng ý, Số, ký hiệu văn bản 12/STC, Ngày văn bản 18/04/2024" in page.text
    asked = record(site.visitor("cong-an-tinh"), code, "security_not_complex", {**given, "result": ""}, 422)
    assert "#result" in asked.links


def test_what_the_step_does_not_ask_for_has_no_form(site: Site, code: str):
    xa = site.visitor("xa")

    xa.see(f"/ho-so/{code}/yeu-cau/satisfaction", 409)
    for path in ("nothing", "commune_criteria", "commune_files", "commune_files/nothing", "commune_vote/vote"):
        xa.see(f"/ho-so/{code}/yeu-cau/{path}", 404)


def test_every_field_that_the_packaged_definitions_ask_for_is_called_something_on_its_form():
    fields = {
        (kind_of(requirement), one.name)
        for workflow in the_law().workflows.values()
        for requirement in workflow.requirements.values()
        for one in asked_of(requirement)
    }

    assert {kind for kind, _ in fields} == {
        "document", "broadcast", "display", "vote", "survey", "confirmation", "receipt",
    }  # fmt: skip
    for language in LANGUAGES:
        assert [name for kind, name in fields if label(catalogue(language), kind, name) == name] == []


def asked_of(requirement: Requirement) -> tuple[Field, ...]:
    if isinstance(requirement, Documents):
        return tuple(field for document in requirement.documents for field in document_fields(document))
    return fields_of(requirement)


def test_marks_typed_apart_are_put_together_and_what_nobody_sees_is_refused(site: Site):
    code = at_the_department(site)
    finance, typed = site.visitor("so-tai-chinh"), {"result": "agree", **day("date", "18/04/2024")}
    apart = normalize("NFD", "12/STC-Cẩm Hưng")

    hidden = record(finance, code, "no_construction_arrears", {**typed, "number": "12\u200b/STC"}, 422)
    record(finance, code, "no_construction_arrears", {**typed, "number": apart})

    assert "#number" in hidden.links
    assert "Số, ký hiệu văn bản" in hidden.text
    recorded = items(site, code, "no_construction_arrears", "so")["so-tai-chinh"]
    assert recorded == {"result": "agree", "number": normalize("NFC", apart), "date": "2024-04-18"}


def test_whoever_sits_in_two_offices_says_for_which_they_confirm(site: Site):
    code = at_the_department(site)
    site.api.province.appoint("so-y-te", "sector_confirmer", "cong-an-tinh")
    health = site.visitor("so-y-te")
    given = {"result": "disagree", "number": "12/SYT", **day("date", "18/04/2024")}

    asked = record(health, code, "sector_confirmations", given, 422)
    page = health.fill(asked, "/sector_confirmations", {"office": "cong-an-tinh"})

    assert ("#office" in asked.links, "Cơ quan xác nhận: chưa có" in asked.text) == (True, True)
    assert "Công an tỉnh" in page.text
    assert list(items(site, code, "sector_confirmations", "so")) == ["cong-an-tinh"]
