"""What a member of the steering committee does: answers what waits for an opinion, and nothing else."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from config.delivery import round as send_round
from config.wiring import Engine
from tests.web.crawling import Populated
from tests.web.reading_room import Room
from tests.web.site import Site
from tests.web.steps import submitted

ANYBODYS = {"/dang-xuat", "/ngon-ngu", "/tai-khoan/khoa", "/tai-khoan/mat-khau", "/thong-bao/*/da-doc"}
# The definitions let the committee extend what lies with the clerk of decisions, and release from a report.
COMMITTEES = {"/ho-so/*/y-kien/*", "/ho-so/*/kho-khan", "/ho-so/*/gia-han", "/ho-so/*/buoc/release"}


def mails(site: Site, folder: Path, address: str) -> str:
    """What is sent to that address now."""
    engine = site.api.engine
    sending = Engine(replace(engine.settings, smtp_url=f"folder://{folder}"), engine.database, engine.rng)
    sending.clock = engine.clock
    send_round(sending)
    sent = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    return "".join(m.get_body(("plain",)).get_content() for m in sent if m["To"].addresses[0].addr_spec == address)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_committee_answers_with_a_later_date_and_the_holder_hears_of_it(people: Room, tmp_path: Path):
    province = people.site.api.province
    code = submitted(province)
    province.addressed("huyen")
    province.sweep("2024-08-28")
    people.has_account("bcd")
    people.day_is("2024-08-29")

    member = people.comes("bcd", "mouse", "/y-kien")
    member.reads("Xã Cẩm Hưng, Huyện Cẩm Giàng", "Ủy ban nhân dân huyện Cẩm Giàng")
    member.follow("Cho ý kiến : Xã Cẩm Hưng")
    member.type("Ý kiến chỉ đạo", "Huyện tập trung thẩm tra dứt điểm")
    member.press("Ghi ý kiến")
    assert member.page.title().startswith("Lỗi:")
    member.type("Số văn bản", "9/BCĐ-VP")
    member.types_day("Ngày của văn bản", "29/8/2024")
    member.types_day("Hạn mới (nếu có)", "16/9/2024")
    member.press("Ghi ý kiến")
    member.reads("Huyện tập trung thẩm tra dứt điểm", "Căn cứ: văn bản số 9/BCĐ-VP, ngày 29/08/2024")
    member.open(f"/ho-so/{code}")
    member.reads("16/09/2024")
    member.open("/y-kien")
    member.reads("Không có việc nào đang chờ ý kiến")

    people.day_is("2024-08-30")
    told = mails(people.site, tmp_path / "mail", "huyen@example.vn")
    for word in ("Đã có ý kiến chỉ đạo về hồ sơ", code, "Huyện tập trung thẩm tra dứt điểm", "16/09/2024"):
        assert word in told


def test_the_committee_finds_no_other_form_or_button_on_any_page(populated: Populated):
    pages = [seen for seen in populated.walk("bcd") if seen.page is not None and seen.status == 200]

    sent = {re.sub(r"HD-[^/]+|[0-9]+", "*", f.action) for seen in pages for f in seen.page.forms if f.method == "post"}
    assert sent == ANYBODYS | COMMITTEES
