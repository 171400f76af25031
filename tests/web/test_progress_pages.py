"""A plan against what has come of it, drawn and told, and never more of it than whoever looks may see."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dossier_engine.web.charts import Bar, Part, stacked
from tests.api.serving import later
from tests.makers import LUONG_DIEN, adopted_plan
from tests.web.site import Site, Visitor

GOLDEN = Path(__file__).parent / "golden/bars.svg"
BARS = (
    Bar("Xã <nâng cao>", (Part("done", "Đã đạt", 8), Part("open", "Còn hạn", 26), Part("late", "Quá hạn", 1)), 35),
    Bar("Xã kiểu mẫu", (Part("done", "Đã đạt", 0), Part("open", "Còn hạn", 40)), 23),
)


@pytest.fixture
def planned(site: Site) -> Site:
    """The plan of 2024 in August, a dossier of Cẩm Hưng that is late, and one of Lương Điền that is not."""
    adopted_plan(site.api.province)
    site.api.province.register(on="2024-04-15")
    code = site.api.province.register("xa2", LUONG_DIEN, on="2024-04-15").dossier
    site.api.province.extend(code, "huyen", "2024-09-30", on="2024-04-20")
    later(site.api, days=110)
    return site


def numbers(visitor: Visitor, link: str) -> int:
    """How many dossiers the list behind a number holds."""
    return len({found for found in visitor.see(link).links if found.startswith("/ho-so/HD-")})


def test_the_newest_plan_is_shown_against_what_stands(planned: Site) -> None:
    page = planned.visitor("so").see("/tien-do")

    assert page.title.startswith("Tiến độ thực hiện kế hoạch năm 2024")
    assert "Xã đạt chuẩn nông thôn mới nâng cao 35 0 1 1 II.2" in page.text
    assert "Huyện Cẩm Giàng 2" in page.text
    assert "Nhiệm vụ kế hoạch giao" in page.text


def test_behind_every_number_is_the_list_of_the_dossiers_that_it_counts(planned: Site) -> None:
    visitor = planned.visitor("so")
    links = [link for link in visitor.see("/tien-do/2024").links if link.startswith("/ho-so?")]
    told = {
        ("overdue" in link, "district" in parse_qs(urlsplit(link).query)): link for link in links if "state" in link
    }

    assert {key: numbers(visitor, link) for key, link in told.items()} == {
        (False, False): 1, (True, False): 1, (False, True): 2,
    }  # fmt: skip


def test_nothing_is_counted_that_is_out_of_scope(planned: Site) -> None:
    assert "nâng cao 35 0 1 0 II.2" in planned.visitor("xa2").see("/tien-do/2024").text
    elsewhere = planned.visitor("huyen2").see("/tien-do/2024").text
    assert "nâng cao 35 0 0 0 II.2" in elsewhere
    assert "Huyện Cẩm Giàng" not in elsewhere


def test_without_a_plan_the_page_says_so(site: Site) -> None:
    visitor = site.visitor("so")

    assert "Chưa có kế hoạch năm nào" in visitor.see("/tien-do").text
    visitor.see("/tien-do/2024", 404)


def test_bars_are_drawn_as_they_were() -> None:
    drawn = stacked("bars", "Tiến độ", "Xã <nâng cao>: Đã đạt 8.", BARS)

    assert drawn == GOLDEN.read_text("utf-8")


def test_bars_of_nothing_are_a_picture_too() -> None:
    drawn = stacked("bars", "Tiến độ", "", [Bar("Xã", (Part("done", "Đã đạt", 0),), 0)])

    assert 'class="bar bar--planned"' in drawn
    assert "bar--done" not in drawn
