"""Names as no office would choose them: too long for any screen, or with letters that nobody sees."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from dossier_engine.api.caller import COOKIE
from dossier_engine.records.tables import TABLES
from tests.makers import CAM_HUNG, at
from tests.web.browser import HERE
from tests.web.site import Site

LONG = "Xã " + "Cẩmhưng" * 43
WIDER = "document.documentElement.scrollWidth - window.innerWidth"
_LOCALITY = TABLES["locality"]


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_commune_with_three_hundred_letters_in_one_word_widens_no_page(site: Site, browser: Browser) -> None:
    code = site.api.province.register(on="2024-04-15").dossier
    with site.api.engine.database.writing() as session:
        session.execute(update(_LOCALITY).where(_LOCALITY.c.code == CAM_HUNG).values(name=LONG))
    context = browser.new_context(base_url=site.api.url, viewport={"width": 320, "height": 700}, **HERE)
    site.api.now = at("2024-08-05")  # it is late
    home = {"url": site.api.url.replace("http:", "https:"), "secure": True}
    context.add_cookies([{"name": COOKIE, "value": site.secret("xa"), **home}])
    page = context.new_page()

    wider: dict[tuple[str, int], int] = {}
    for path in ("/", "/ho-so", f"/ho-so/{code}", "/han", f"/ho-so/{code}/buoc/self_assess", f"/ho-so/{code}/lich-su"):
        page.goto(path)
        assert LONG in page.inner_text("body") or path.endswith("lich-su"), path
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            wider[path, width] = page.evaluate(WIDER)
    context.close()

    assert {where: by for where, by in wider.items() if by > 0} == {}


def test_a_person_whose_name_hides_letters_is_not_added_and_the_name_stays_to_be_mended(site: Site) -> None:
    admin = site.visitor("quantri")
    form = admin.see("/quan-tri/them-nguoi")

    page = admin.fill(form, "/them-nguoi", {"handle": "hoa", "name": "Phạm\u202e Hoa"}, 422)

    assert "#name" in page.links
    assert "có ký tự ẩn không nhìn thấy" in page.text
