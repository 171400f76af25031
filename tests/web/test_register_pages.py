"""Opening a dossier through its page: by a name without accents, once, for whoever registers there."""

import pytest

from tests.web.site import Site

ASKED = {"workflow": "commune-advanced", "locality": "cam hung", "reason": "Theo kế hoạch"}
PAGE = "/ho-so/moi"


def test_a_district_registers_a_commune_by_its_name_without_accents(site: Site):
    huyen = site.visitor("huyen")

    offered, page = huyen.see("/ho-so"), huyen.see(PAGE)
    done = huyen.fill(page, PAGE, ASKED)

    assert PAGE in offered.links
    assert page.forms[-2].fields["year"] == ["2024"]
    assert "Hồ sơ HD-2024-NC-0001, mục lịch sử số 1" in done.text
    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng" in done.text
    assert "Ủy ban nhân dân xã Cẩm Hưng" in done.text
    assert "31/07/2024" in done.text
    assert "/ho-so/HD-2024-NC-0001" in huyen.see("/ho-so").links


def test_sent_twice_it_is_opened_once(site: Site):
    huyen = site.visitor("huyen")
    page = huyen.see(PAGE)

    first = huyen.fill(page, PAGE, ASKED)
    again = huyen.fill(page, PAGE, ASKED)
    anew = huyen.fill(huyen.see(PAGE), PAGE, ASKED, 409)

    assert first.title == again.title
    assert "/ho-so/HD-2024-NC-0001" in anew.links
    assert anew.forms[-2].fields["locality"] == ["cam hung"]


@pytest.mark.parametrize(
    ("given", "place", "told"),
    [
        ({"locality": ""}, "#locality", "Đơn vị: chưa có, cần ghi."),
        ({"locality": "cam hunk"}, "#locality", "Có phải là: Xã Cẩm Hưng (Huyện Cẩm Giàng)"),
        ({"locality": "hong phong"}, "#locality", "Xã Hồng Phong (Huyện Ninh Giang)"),
        ({"locality": "nam dong"}, "#locality", "Không có"),
        ({"workflow": ""}, "#workflow", "Loại hồ sơ: chưa có, cần ghi."),
        ({"year": ""}, "#year", "Năm mục tiêu: chưa có, cần ghi."),
        ({"year": "1999"}, "#year", "không phải năm mục tiêu"),
        ({"on-day": "31", "on-month": "2"}, "#on-day", "Ngày"),
        ({"on-day": "21"}, "#on-day", "Ngày"),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field_and_the_rest_is_kept(
    site: Site, given: dict[str, str], place: str, told: str
):
    huyen = site.visitor("huyen")

    refused = huyen.fill(huyen.see(PAGE), PAGE, {**ASKED, **given}, 422)

    assert refused.title.startswith("Lỗi:")
    assert place in refused.links
    assert told in refused.text
    fields = refused.forms[-2].fields
    assert fields["reason"] == ["Theo kế hoạch"]
    assert {name: fields.get(name, [""]) for name in given} == {name: [value] for name, value in given.items()}


def test_a_unit_elsewhere_is_told_by_the_name_that_was_typed(site: Site):
    xa = site.visitor("xa")

    refused = xa.fill(xa.see(PAGE), PAGE, {**ASKED, "locality": "luong dien"}, 422)

    assert "“luong dien”" in refused.text


def test_the_department_registers_a_report_of_an_office(site: Site):
    so = site.visitor("so")

    refused = so.fill(so.see(PAGE), PAGE, {"workflow": "department-report", "locality": "cong an"}, 422)
    done = so.fill(refused, PAGE, {"locality": "cong an tinh hai duong"})

    assert "Có phải là: Công an tỉnh Hải Dương" in refused.text
    assert "Công an tỉnh Hải Dương" in done.text


@pytest.mark.parametrize("handle", ["vanthu", "thanhtra", "quantri"])
def test_whoever_does_not_register_is_not_offered_it_and_is_refused(site: Site, handle: str):
    visitor = site.visitor(handle)

    assert PAGE not in visitor.see("/ho-so").links
    visitor.see(PAGE, 403)
    sent = {**ASKED, "year": "2024", "on-day": "20/04/2024"}
    token = visitor.see("/").forms[0].fields["form_token"]
    assert visitor.send(PAGE, {**sent, "form_token": token}).status_code == 403
