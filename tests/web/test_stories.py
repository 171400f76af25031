"""The first ten minutes of a commune officer and of a district reviewer, each in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config.signing_in import accept_invitation
from dossier_engine.commands.desk import stream_of
from dossier_engine.commands.sign_in import end_sessions
from dossier_engine.queries.trail import trail
from tests.api.browsers import Browsers
from tests.config.doors import HOME, PASSWORD, QUICK
from tests.makers import Province
from tests.web.browser import HERE
from tests.web.reading_room import WAYS, Person, Way
from tests.web.site import Site, opened

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
each_way = pytest.mark.parametrize("way", WAYS)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def site(province: Province, tmp_path: Path) -> Iterator[Site]:
    """The province behind its pages."""
    with opened(province, tmp_path) as found:
        yield found


@pytest.fixture
def people(site: Site, browser: Browser) -> Iterator["Room"]:
    """Where people sit down at browsers."""
    room = Room(site, browser)
    yield room
    for context in room.contexts:
        context.close()


class Room:
    """Browsers of people who have accounts here."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser, self.contexts = site, browser, []

    def sits_down(self, way: Way) -> Person:
        """Somebody opens a browser that knows nobody yet."""
        context = self.browser.new_context(
            base_url=self.site.api.url, java_script_enabled=way != "no script", viewport=PHONE, **HERE
        )
        self.contexts.append(context)
        return Person(context.new_page(), way)

    def has_account(self, handle: str) -> None:
        """They were invited and chose a password."""
        secret = Browsers(self.site.api).invitation(handle)
        accept_invitation(self.site.api.engine, secret, PASSWORD, HOME, hasher=QUICK)

    def signs_in(self, person: Person, handle: str) -> None:
        """On the page that asks for it."""
        person.type("Tên đăng nhập", handle)
        person.type("Mật khẩu", PASSWORD)
        person.press("Đăng nhập")

    def ends_sessions(self, handle: str) -> None:
        """Somebody else ends every session of theirs."""
        province, engine = self.site.api.province, self.site.api.engine
        with engine.database.writing() as session:
            person = province.people[handle]
            end_sessions(session, person, province.act(handle), now=self.site.api.now, rng=engine.rng)

    def entries(self, code: str) -> int:
        """How much has happened to the dossier."""
        with self.site.api.engine.database.reading() as session:
            return len(trail(session, stream_of(code)))


def almost_assessed(province: Province) -> str:
    """A dossier for which everything is there but the results of five criteria."""
    code = province.register(on="2024-04-01").dossier
    province.bring(code, "self_assess", on="2024-04-19", since="2024-04-08", skip=("commune_criteria",))
    met = {str(number): {"result": "met"} for number in range(1, 15)}
    province.record(code, "xa", "commune_criteria", met, on="2024-04-19")
    return code


@each_way
def test_a_commune_officer_finishes_the_self_assessment(people: Room, way: Way):
    code = almost_assessed(people.site.api.province)
    people.has_account("xa")
    officer = people.sits_down(way)

    officer.open(f"/ho-so/{code}")
    people.signs_in(officer, "xa")
    officer.reads("Xã Cẩm Hưng, Huyện Cẩm Giàng", "Nộp tự đánh giá: chưa thực hiện được", "31/07/2024")

    officer.follow("Tiêu chí")
    officer.reads("14/19")
    officer.open(f"/ho-so/{code}/tieu-chi/17")
    officer.choose("Đạt")
    officer.press("Lưu và về danh sách")
    officer.reads("15/19")

    before = people.entries(code)
    officer.page.go_back()
    officer.choose("Đạt")
    officer.press("Lưu và về danh sách")
    officer.reads("15/19")
    assert people.entries(code) == before

    officer.open(f"/ho-so/{code}/tieu-chi/18")
    officer.choose("Đạt")
    people.ends_sessions("xa")
    officer.press("Lưu và về danh sách")
    officer.reads("vẫn còn")
    people.signs_in(officer, "xa")
    officer.press("Xem lại nội dung đã nhập")
    assert officer.page.get_by_label("Đạt", exact=True).is_checked()
    officer.press("Lưu và về danh sách")
    officer.reads("16/19")

    for number in (15, 16, 19):
        officer.open(f"/ho-so/{code}/tieu-chi/{number}")
        officer.choose("Đạt")
        officer.press("Lưu và về danh sách")
    officer.reads("19/19")

    officer.open(f"/ho-so/{code}/buoc/self_assess")
    for part in ("Ngày", "Tháng", "Năm"):
        officer.type(part, "")
    officer.press("Kiểm tra lại")
    assert officer.page.title().startswith("Lỗi:")
    if way != "no script":
        assert officer.page.locator(".govuk-error-summary").evaluate("e => e === document.activeElement")
    officer.type("Ngày", "20/04/2024")
    officer.press("Kiểm tra lại")
    officer.reads("Chưa có gì được ghi", "Ủy ban nhân dân huyện Cẩm Giàng", "04/06/2024")
    officer.press("Xác nhận: Nộp tự đánh giá")
    officer.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}")


@each_way
def test_a_district_reviewer_returns_a_dossier_and_passes_it_on(people: Room, way: Way):
    province = people.site.api.province
    code = almost_assessed(province)
    rest = {str(number): {"result": "met"} for number in range(15, 20)}
    province.record(code, "xa", "commune_criteria", rest, on="2024-04-19")
    province.advance(code, "xa", "self_assess", on="2024-04-19")
    people.has_account("huyen")
    reviewer = people.sits_down(way)

    reviewer.open("/")
    people.signs_in(reviewer, "huyen")
    reviewer.reads("Xã Cẩm Hưng, Huyện Cẩm Giàng", "Đã tự đánh giá", "03/06/2024")
    reviewer.follow("Xã Cẩm Hưng, Huyện Cẩm Giàng")

    reviewer.press("Trả xã bổ sung hồ sơ")
    reviewer.pick("Điều kiện 1", "Hồ sơ xã trình huyện")
    reviewer.type("Cần bổ sung 1", "Biên bản chưa có chữ ký")
    reviewer.press("Thêm một nội dung")
    reviewer.pick("Điều kiện 2", "Hồ sơ xã trình huyện")
    reviewer.type("Cần bổ sung 2", "Thiếu hình ảnh minh họa")
    reviewer.press("Kiểm tra lại")
    assert reviewer.page.title().startswith("Lỗi:")
    reviewer.type("Lý do", "Cần bổ sung hai nội dung")
    reviewer.press("Kiểm tra lại")
    reviewer.reads("Biên bản chưa có chữ ký", "Thiếu hình ảnh minh họa", "Ủy ban nhân dân xã Cẩm Hưng")
    reviewer.press("Xác nhận: Trả xã bổ sung hồ sơ")
    reviewer.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}")
