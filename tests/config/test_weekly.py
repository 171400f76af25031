"""The weekly page: made once a week for a committee, mailed to all who sit there, and the same whenever it is read."""

from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config import delivery
from config.rounds import integrate_round, week_round
from config.weekly import make_pages
from dossier_engine.commands.keep_week import keep_week
from dossier_engine.records.tables import TABLES
from dossier_engine.records.weeks import newest
from dossier_engine.rules.weeks import week_of
from tests.channels.servers import Mailbox, mail_server
from tests.config.test_delivery import an_engine, to
from tests.makers import Province, adopted_plan, at

COMMITTEE = "ban-chi-dao-tinh"
MONDAY = "2024-08-05"


def made(province: Province, on: str = MONDAY, hour: int = 7, minute: int = 0) -> int:
    with province.writing() as session:
        return make_pages(session, province.law, now=at(on, hour, minute), rng=province.rng)


def told(province: Province) -> dict[str, Any]:
    with province.database.reading() as session:
        page = newest(session.connection(), COMMITTEE)
        assert page is not None
        return dict(page.content)


def mailed(province: Province, home: Path, on: str = MONDAY, hour: int = 8) -> list[EmailMessage]:
    with mail_server(Mailbox()) as box:
        delivery.round(an_engine(province, home, at(on, hour), base_url="https://ntm.example.vn", **to(box)))
    return box.mails


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def stalled(province: Province) -> str:
    """Cẩm Hưng's dossier, which is past its day and waits for the committee's word."""
    adopted_plan(province)
    code = province.register(on="2024-04-15").dossier
    province.addressed("bcd")
    province.sweep("2024-08-02")
    return code


@pytest.mark.usefixtures("stalled")
def test_a_page_is_made_once_a_week_when_offices_open_in_it(province: Province):
    early, first, again = made(province, hour=6, minute=59), made(province), made(province, "2024-08-07")
    week_after = made(province, "2024-08-12")

    assert (early, first, again, week_after) == (0, 1, 0, 1)


def test_it_tells_the_plan_who_is_late_what_waits_and_what_has_changed(province: Province, stalled: str):
    made(province)
    found = told(province)

    [target] = [one for one in found["targets"] if one["label"]["vi"] == "Xã đạt chuẩn nông thôn mới nâng cao"]
    assert (target["planned"], target["done"], target["under_way"], target["late"]) == (35, 0, 0, 1)
    assert (found["late"], found["overdue"][0]["code"], found["overdue"][0]["days_over"]) == (1, stalled, 3)
    assert found["overdue"][0]["holder"]["vi"] == "Ủy ban nhân dân xã Cẩm Hưng"
    assert found["waiting"] == len(found["asked"])
    assert [one["late"] for one in found["districts"] if one["name"] == "Huyện Cẩm Giàng"] == [1]
    assert found["before"] is None


def test_a_week_with_nothing_late_is_told_all_the_same(province: Province, tmp_path: Path):
    province.register(on="2024-04-15")
    province.addressed("bcd")

    made(province, "2024-04-22")
    [mail] = mailed(province, tmp_path, "2024-04-22")

    assert mail["Subject"].endswith("0 hồ sơ quá hạn, 0 việc cần ý kiến")
    assert "Tuần này không có hồ sơ quá hạn." in body(mail, "plain")


@pytest.mark.usefixtures("stalled")
def test_the_mail_says_it_in_words_and_carries_one_page_of_paper(province: Province, tmp_path: Path):
    made(province)
    mails = [mail for mail in mailed(province, tmp_path) if "Tuần 32/2024" in mail["Subject"]]

    [mail] = mails
    [paper] = mail.iter_attachments()
    assert mail["To"] == '"bcd (minh họa)" <bcd@example.vn>'
    assert mail["Subject"] == "[NTM] Tuần 32/2024: 0/61 đã công nhận, 1 hồ sơ quá hạn, 1 việc cần ý kiến"
    for kind in ("plain", "html"):
        assert "Xã Cẩm Hưng, Huyện Cẩm Giàng" in body(mail, kind)
        assert "https://ntm.example.vn/tuan/" in body(mail, kind)
    assert (paper.get_filename(), paper.get_content_type()) == ("2024-W32.pdf", "application/pdf")
    assert paper.get_content().startswith(b"%PDF-")


def test_an_answer_stands_on_the_next_page_until_its_words_are_erased(province: Province, stalled: str, tmp_path: Path):
    made(province)
    province.answer(stalled, "bcd", on="2024-08-06", until="2024-09-30", reason="Làm xong trong tháng Chín")
    made(province, "2024-08-12")
    found = told(province)

    [answer] = found["answered"]
    assert (answer["code"], answer["number"], answer["until"]) == (stalled, "9/BCĐ", "2024-09-30")
    assert (found["late"], found["before"]["late"]) == (0, 1)
    assert "Làm xong trong tháng Chín" not in str(found)  # it can be erased where it stands
    assert any("Làm xong trong tháng Chín" in body(mail, "plain") for mail in mailed(province, tmp_path, "2024-08-12"))


@pytest.mark.usefixtures("stalled")
def test_it_shows_the_head_of_the_log(province: Province, tmp_path: Path):
    engine = an_engine(province, tmp_path, at(MONDAY))
    done = integrate_round(engine)

    pages = week_round(engine)

    assert (pages, told(province)["log"]["size"]) == (1, done.size)


def test_whoever_cannot_be_reached_is_an_incident(province: Province):
    province.register(on="2024-04-15")
    made(province, "2024-04-22")
    province.end("bcd", "steering_committee", COMMITTEE, on="2024-04-23")
    made(province, "2024-05-02")

    incident = TABLES["incident"]
    with province.database.reading() as session:
        kinds = session.execute(select(incident.c.kind).order_by(incident.c.first_at)).scalars().all()
    assert kinds == ["no_address", "nobody_appointed"]


def test_a_province_without_dossiers_is_not_written_to(province: Province):
    assert made(province) == 0


def test_of_two_who_make_it_at_once_one_keeps_it_and_writes(province: Province, stalled: str):
    made(province)
    with province.writing() as session:
        [office] = session.execute(select(TABLES["office"]).where(TABLES["office"].c.code == COMMITTEE)).all()
        again = keep_week(session, office, week_of(date(2024, 8, 5)), {}, now=at(MONDAY, 8), rng=province.rng)

    assert again is None
    assert told(province)["overdue"][0]["code"] == stalled
