"""The committee's Monday: the mail, its link, the plan against what is there, an answer, and the next week's page."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from config.delivery import round as send_round
from config.rounds import integrate_round, week_round
from config.wiring import Engine
from tests.makers import adopted_plan, at
from tests.web.reading_room import Room
from tests.web.site import Site
from tests.web.steps import submitted

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
HELD = ("Xã Cẩm Hưng, Huyện Cẩm Giàng", "Ủy ban nhân dân huyện Cẩm Giàng")


def monday(site: Site, day: str, folder: Path) -> EmailMessage:
    """What a member of the committee finds in the mail that morning about the week."""
    site.api.now = at(day, 7)
    integrate_round(site.api.engine)
    assert week_round(site.api.engine) == 1
    site.api.now = at(day, 8)
    engine = site.api.engine
    mailed = replace(engine.settings, smtp_url=f"folder://{folder}", base_url=site.api.url)
    sending = Engine(mailed, engine.database, engine.rng)
    sending.clock = engine.clock
    send_round(sending)
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    [mail] = [one for one in mails if f"Tuần {at(day).isocalendar().week}/" in one["Subject"]]
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def link(mail: EmailMessage) -> str:
    [found] = [word for word in part(mail, "plain").split() if "/tuan/" in word]
    return found


def test_the_committee_sees_a_week_answers_and_finds_its_answer_in_the_next(people: Room, tmp_path: Path):
    province = people.site.api.province
    adopted_plan(province)
    code = submitted(province)
    province.addressed("bcd")
    province.sweep("2024-08-28")
    people.has_account("bcd")

    mail = monday(people.site, "2024-09-04", tmp_path / "mail")  # Monday and Tuesday are holidays
    reader = people.sits_down("no script")
    reader.page.set_content(part(mail, "html"))
    reader.reads("Tuần 36/2024", *HELD)
    [paper] = mail.iter_attachments()
    assert paper.get_content().startswith(b"%PDF-")

    reader.open(link(mail))
    reader.reads("Tuần 36/2024: từ 02/09/2024 đến 08/09/2024", "1 hồ sơ quá hạn.", *HELD)

    member = people.comes("bcd", "mouse", "/tien-do")
    member.follow("Trang tuần của Ban Chỉ đạo")
    member.reads("Kết quả so với kế hoạch 2024", "Xã đạt chuẩn nông thôn mới nâng cao", "35", *HELD)
    member.open("/y-kien")
    member.follow("Cho ý kiến : Xã Cẩm Hưng")
    member.type("Ý kiến chỉ đạo", "Huyện tập trung thẩm tra dứt điểm")
    member.type("Số văn bản", "9/BCĐ-VP")
    member.types_day("Ngày của văn bản", "4/9/2024")
    member.types_day("Hạn mới (nếu có)", "30/9/2024")
    member.press("Ghi ý kiến")

    after = monday(people.site, "2024-09-09", tmp_path / "mail")
    assert "Tuần này không có hồ sơ quá hạn." in part(after, "plain")
    later = people.comes("bcd", "mouse", "/tien-do/tuan")
    later.reads(
        "Đã có ý kiến chỉ đạo trong tuần trước", code, "9/BCĐ-VP", "30/09/2024", "Huyện tập trung thẩm tra dứt điểm",
        "Tuần này không có hồ sơ quá hạn.", "So với trang tuần 36/2024",
    )  # fmt: skip


def test_an_auditor_compares_the_head_of_the_log_with_that_of_last_weeks_page(people: Room, tmp_path: Path):
    submitted(people.site.api.province)
    people.site.api.province.addressed("bcd")
    people.has_account("thanhtra")
    told = part(monday(people.site, "2024-09-04", tmp_path / "mail"), "plain")
    root = told.partition("mã gốc ")[2].split()[0]
    people.site.api.province.extend("HD-2024-NC-0001", "so", "2024-09-20", on="2024-09-05")
    integrate_round(people.site.api.engine)

    auditor = people.comes("thanhtra", "mouse", "/tien-do/tuan")

    assert len(root) == 64
    auditor.reads(root, "Đã đối chiếu: nhật ký hôm nay vẫn giữ nguyên mọi mục có khi lập trang này.")
