"""The clock of a dossier and its deadlines through pages: stopped, running again, extended by a document."""

import pytest

from dossier_engine.commands.desk import stream_of
from dossier_engine.queries.trail import trail
from tests.makers import Province
from tests.web.site import Site

UNTIL = {"until-day": "15/8/2024", "number": "12/UBND-NN", "date-day": "18", "date-month": "4", "date-year": "2024",
         "reason": "Mưa bão"}  # fmt: skip


def registered(site: Site) -> str:
    return site.api.province.register(on="2024-04-01").dossier


def entries(province: Province, code: str) -> int:
    with province.database.reading() as session:
        return len(trail(session, stream_of(code)))


def test_the_clock_is_stopped_and_runs_again(site: Site):
    code, huyen = registered(site), site.visitor("huyen")
    dossier, clock = f"/ho-so/{code}", f"/ho-so/{code}/dong-ho"

    before = huyen.see(dossier)
    stopped = huyen.fill(huyen.see(clock), clock, {"reason": "Chờ sắp xếp đơn vị"})
    meanwhile = huyen.see(clock)
    running = huyen.fill(meanwhile, clock, {"reason": "Đã sắp xếp"})

    assert clock in before.links
    assert "Tạm dừng tính hạn" in stopped.title
    assert "tạm dừng tính hạn" in stopped.text
    assert "Chờ sắp xếp đơn vị" in stopped.text
    assert "Hồ sơ tạm dừng tính hạn từ 20/04/2024" in meanwhile.text
    assert "Tiếp tục tính hạn" in running.title
    assert "31/07/2024" in running.text


def test_without_a_reason_it_does_not_stop_and_the_day_that_was_typed_stays(site: Site):
    code, huyen = registered(site), site.visitor("huyen")
    clock = f"/ho-so/{code}/dong-ho"

    refused = huyen.fill(huyen.see(clock), clock, {"on-day": "19"}, 422)

    assert refused.title.startswith("Lỗi:")
    assert "#reason" in refused.links
    assert refused.forms[-2].fields["on-day"] == ["19"]


def test_sent_twice_the_clock_stops_once(site: Site):
    code, huyen = registered(site), site.visitor("huyen")
    clock = f"/ho-so/{code}/dong-ho"
    page = huyen.see(clock)

    first = huyen.fill(page, clock, {"reason": "Chờ sắp xếp đơn vị"})
    again = huyen.fill(page, clock, {"reason": "Chờ sắp xếp đơn vị"})

    assert first.title == again.title
    assert entries(site.api.province, code) == 2


def test_whoever_comes_second_does_not_set_the_clock_the_other_way(site: Site):
    code, huyen, so = registered(site), site.visitor("huyen"), site.visitor("so")
    clock = f"/ho-so/{code}/dong-ho"
    page = so.see(clock)
    huyen.fill(huyen.see(clock), clock, {"reason": "Chờ sắp xếp đơn vị"})

    stale = so.fill(page, clock, {"reason": "Chờ Trung ương hướng dẫn"}, 412)
    refused = so.fill(stale, clock, {}, 409)

    assert "huyen (minh họa)" in stale.text
    assert stale.forms[-2].fields["reason"] == ["Chờ Trung ương hướng dẫn"]
    assert stale.forms[-2].fields["clock"] == ["paused"]
    assert "tạm dừng tính hạn từ 20/04/2024" in refused.text


def test_a_deadline_is_extended_by_a_document(site: Site):
    code, huyen = registered(site), site.visitor("huyen")
    extension = f"/ho-so/{code}/gia-han"

    dossier, page = huyen.see(f"/ho-so/{code}"), huyen.see(extension)
    done = huyen.fill(page, extension, UNTIL)

    assert extension in dossier.links
    assert "Hiện nay: 31/07/2024" in page.text
    assert "15/08/2024" in done.text
    assert "15/08/2024" in huyen.see(f"/ho-so/{code}").text


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"until-day": ""}, "#until-day"),
        ({"until-day": "1/5/2024"}, "#until-day"),
        ({"number": ""}, "#number"),
        ({"date-day": "", "date-month": "", "date-year": ""}, "#date-day"),
        ({"date-day": "21"}, "#date-day"),
        ({"reason": ""}, "#reason"),
    ],
)
def test_an_extension_that_says_too_little_keeps_what_was_typed(site: Site, given: dict[str, str], place: str):
    code, huyen = registered(site), site.visitor("huyen")
    extension = f"/ho-so/{code}/gia-han"

    refused = huyen.fill(huyen.see(extension), extension, {**UNTIL, **given}, 422)

    assert refused.title.startswith("Lỗi:")
    assert place in refused.links
    fields = refused.forms[-2].fields
    assert {name: fields[name] for name in UNTIL} == {name: [v] for name, v in {**UNTIL, **given}.items()}


def test_a_deadline_cannot_be_extended_while_the_clock_stands_still(site: Site):
    code, huyen = registered(site), site.visitor("huyen")
    extension = f"/ho-so/{code}/gia-han"
    page = huyen.see(extension)
    site.api.province.pause(code, "huyen", on="2024-04-20")

    huyen.fill(page, extension, UNTIL, 412)

    assert extension not in huyen.see(f"/ho-so/{code}").links
    assert "Tính hạn trở lại" in huyen.see(f"/ho-so/{code}").text
    huyen.see(extension, 409)


@pytest.mark.parametrize("page", ["dong-ho", "gia-han"])
def test_whoever_may_not_is_not_offered_it_and_is_refused(site: Site, page: str):
    code, xa, other = registered(site), site.visitor("xa"), site.visitor("xa2")
    address = f"/ho-so/{code}/{page}"
    sent = {**UNTIL, "deadline": "registered", "on-day": "20/04/2024"}

    assert address not in xa.see(f"/ho-so/{code}").links
    assert "cán bộ huyện thẩm tra" in xa.see(address, 403).text
    for visitor, status in ((xa, 403), (other, 404)):
        token = visitor.see("/").forms[0].fields["form_token"]
        assert visitor.send(address, {**sent, "form_token": token}).status_code == status
    other.see(address, 404)


@pytest.mark.parametrize("page", ["dong-ho", "gia-han"])
def test_what_has_ended_has_no_clock_any_more(site: Site, page: str):
    code, huyen = registered(site), site.visitor("huyen")
    site.api.province.advance(code, "xa", "withdraw", on="2024-04-19")
    address = f"/ho-so/{code}/{page}"

    huyen.see(address, 409)

    assert address not in huyen.see(f"/ho-so/{code}").links
