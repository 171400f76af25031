"""The weekly page in a browser: for whoever sees the whole province, and for whoever has the link of the mail."""

import pytest
from sqlalchemy import select, text

from config.rounds import integrate_round, week_round
from dossier_engine.records.tables import TABLES
from tests.api.serving import later
from tests.makers import adopted_plan, at
from tests.web.site import Site

_PAGE = TABLES["week_page"]
COMMITTEE = "ban-chi-dao-tinh"


@pytest.fixture
def weekly(site: Site) -> Site:
    """Three weeks of August with Cẩm Hưng's dossier late, the log up to date."""
    adopted_plan(site.api.province)
    site.api.province.register(on="2024-04-15")
    site.api.now = at("2024-08-05")
    for _ in range(3):
        integrate_round(site.api.engine)
        assert week_round(site.api.engine) == 1
        later(site.api, days=7)
    return site


def link(site: Site) -> str:
    with site.api.engine.database.reading() as session:
        return str(session.execute(select(_PAGE.c.link).order_by(_PAGE.c.week.desc()).limit(1)).scalar_one())


def test_the_newest_page_is_found_from_the_progress_and_leads_to_those_before(weekly: Site) -> None:
    visitor = weekly.visitor("bcd")
    assert "/tien-do/tuan" in visitor.see("/tien-do/2024").links

    newest = visitor.see("/tien-do/tuan")

    assert newest.title.startswith("Tuần 34/2024: từ 19/08/2024 đến 25/08/2024")
    assert "1 hồ sơ quá hạn." in newest.text
    assert "Ủy ban nhân dân xã Cẩm Hưng" in newest.text
    assert "Đã đối chiếu: nhật ký hôm nay vẫn giữ nguyên" in newest.text
    before = f"/tien-do/tuan/2024-W33?ban-chi-dao={COMMITTEE}"
    assert before in newest.links
    assert {f"/tien-do/tuan/2024-W{n}?ban-chi-dao={COMMITTEE}" for n in (32, 34)} <= set(visitor.see(before).links)


def test_a_page_stays_as_it_was_made(weekly: Site) -> None:
    before = weekly.visitor("so").see("/tien-do/tuan/2024-W34").text
    weekly.api.province.extend("HD-2024-NC-0001", "huyen", "2024-10-31", on="2024-08-26")

    assert weekly.visitor("so").see("/tien-do/tuan/2024-W34").text == before


def test_it_can_be_taken_away_as_one_page_of_paper(weekly: Site) -> None:
    visitor = weekly.visitor("bcd")
    [paper] = [found for found in visitor.see("/tien-do/tuan").links if ".pdf" in found]

    answer = visitor.client.get(paper)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="2024-W34.pdf"'
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("handle", ["xa", "huyen", "mattran", "so-y-te"])
def test_whoever_sees_a_part_of_the_province_finds_none(weekly: Site, handle: str) -> None:
    visitor = weekly.visitor(handle)

    assert "/tien-do/tuan" not in visitor.see("/tien-do/2024").links
    assert "Chưa có trang tuần nào" in visitor.see("/tien-do/tuan").text
    visitor.see("/tien-do/tuan/2024-W34", 404)
    visitor.see(f"/tien-do/tuan/2024-W34.pdf?ban-chi-dao={COMMITTEE}", 404)


def test_a_week_that_has_none_names_some_that_have(weekly: Site) -> None:
    assert "2024-W34" in weekly.visitor("bcd").see(f"/tien-do/tuan/2024-W30?ban-chi-dao={COMMITTEE}", 404).text


def test_the_link_of_the_mail_opens_it_without_signing_in_and_nothing_else(weekly: Site) -> None:
    nobody = weekly.visitor()

    page = nobody.see(f"/tuan/{link(weekly)}")

    assert page.title.startswith("Tuần 34/2024")
    assert "Ủy ban nhân dân xã Cẩm Hưng" in page.text
    assert [found for found in page.links if "tuan" in found or found.startswith("/tien-do")] == []
    assert link(weekly) not in page.text  # nor on paper
    nobody.see(f"/tuan/{link(weekly)[:-1]}x", 404)


def test_the_link_opens_it_for_sixty_days(weekly: Site) -> None:
    later(weekly.api, days=54)

    weekly.visitor().see(f"/tuan/{link(weekly)}", 404)


def test_a_log_that_was_made_anew_is_told(weekly: Site) -> None:
    with weekly.api.engine.database.writing() as session:
        session.execute(text("UPDATE log_node SET hash = :zero WHERE level > 0"), {"zero": bytes(32)})
    weekly.api.province.extend("HD-2024-NC-0001", "huyen", "2024-10-31", on="2024-08-26")
    integrate_round(weekly.api.engine)

    assert "không khớp" in weekly.visitor("thanhtra").see("/tien-do/tuan").text
