"""Administrators' pages about the system: the work that runs by itself, what was sent, incidents, the calendar."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from dossier_engine.commands.pulse import pulse
from dossier_engine.records import deliveries, reminders
from dossier_engine.records.tables import TABLES
from tests.api.serving import NOW
from tests.web.site import Site

PAGES = ("/quan-tri", "/quan-tri/thu", "/quan-tri/su-co", "/quan-tri/lich/2024")


def given_up(site: Site, *keys: int) -> None:
    """Events that nobody took."""
    rows = [
        {"id": key, "channel": "webhook", "recipient": "wh-1", "topic": f"event/dossier/X/{key}", "kind": "event",
         "status": "waiting", "available_at": NOW, "attempts": 9, "created_at": NOW, "settled_at": None,
         "error": "timeout"} for key in keys
    ]  # fmt: skip
    table = TABLES["delivery"]
    with site.api.province.writing() as session:
        deliveries.add(session.connection(), rows)
        session.connection().execute(update(table).values(status="dead", settled_at=NOW))


def an_incident(site: Site, territory: str = "30/295/") -> int:
    """Nobody is appointed at the committee of that district, Cẩm Giàng if none is named."""
    kind, rng = "nobody_appointed", site.api.province.rng
    found = reminders.incident(kind, f"district_reviewer {territory}", territory, {}, NOW, rng)
    with site.api.province.writing() as session:
        reminders.report(session.connection(), [found])
    return int(found["id"])


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("handle", ["xa", "thanhtra"])
def test_whoever_does_not_administer_is_told_who_does(site: Site, path: str, handle: str):
    visitor = site.visitor(handle)

    page = visitor.see(path, 403)

    assert "quản trị viên" in page.text
    assert "/quan-tri" not in visitor.see("/").links


def test_the_overview_says_when_work_was_done_last_and_what_waits(site: Site):
    given_up(site, 7)
    an_incident(site)
    with site.api.province.writing() as session:
        pulse(session, "beat", now=NOW)

    page = site.visitor("quantri").see("/quan-tri")

    assert "Nhịp của phần mềm 09:00 20/04/2024" in page.text
    assert "Gửi thư chưa chạy lần nào" in page.text
    assert "1 tin đã thôi gửi" in page.text
    assert "1 việc chưa xử lý" in page.text


def test_what_was_given_up_is_listed_page_by_page_and_sent_again(site: Site, monkeypatch):
    monkeypatch.setattr("dossier_engine.web.administration._PAGE", 2)
    given_up(site, 7, 8, 9)
    admin = site.visitor("quantri")

    first = admin.see("/quan-tri/thu?status=dead")
    [following] = [link for link in first.links if "cursor=" in link]
    [last] = [form for form in admin.see(following).forms if "delivery" in form.fields]
    again = admin.send(last.action, last.fields)
    twice = admin.send(last.action, last.fields)
    waiting = admin.see("/quan-tri/thu?status=waiting")

    assert last.fields["delivery"] == ["7"]
    assert (again.status_code, again.url.path, twice.status_code) == (200, "/quan-tri/thu", 404)
    assert "event/dossier/X/7" in waiting.text
    assert "timeout" in first.text
    for key in ("x", str(2**63), "²"):
        assert admin.send(last.action, {**last.fields, "delivery": key}).status_code == 404


def test_an_incident_is_closed_with_how_it_was_seen_to(site: Site):
    key = an_incident(site)
    admin = site.visitor("quantri")
    form = admin.see(f"/quan-tri/su-co/{key}/dong")

    wrong = admin.fill(form, "/dong", {"reason": " "}, 422)
    closed = admin.fill(form, "/dong", {"reason": "Đã phân công bà Hoa"})

    assert "#reason" in wrong.links
    assert "Không có việc nào" in closed.text
    assert "Đã phân công bà Hoa" in admin.see("/quan-tri/su-co?muc=all").text
    admin.see(f"/quan-tri/su-co/{key}/dong", 404)


def test_incidents_are_listed_page_by_page(site: Site, monkeypatch):
    monkeypatch.setattr("dossier_engine.web.administration._PAGE", 2)
    for district in ("291", "295", "292"):
        an_incident(site, f"30/{district}/")
    site.api.now += timedelta(days=1)
    admin = site.visitor("quantri")

    first = admin.see("/quan-tri/su-co?muc=all")
    [following] = [link for link in first.links if "cursor=" in link]
    second = admin.see(following)

    closing = [[link for link in page.links if link.endswith("/dong")] for page in (first, second)]
    assert [len(links) for links in closing] == [2, 1]
    assert len({link for links in closing for link in links}) == 3
    assert not [link for link in second.links if "cursor=" in link]
    admin.see("/quan-tri/su-co?cursor=xyz", 422)


def test_the_calendar_shows_the_days_that_are_not_as_the_week_would_have_them(site: Site):
    admin = site.visitor("quantri")

    page = admin.see("/quan-tri/lich/2024")

    assert "18/04/2024 nghỉ lễ" in page.text
    assert "/quan-tri/lich/2025" in page.links
    assert admin.client.get("/quan-tri/lich/1950").status_code == 422
