"""The frame of a page as a phone shows it; whole pages are looked at where they are served."""

from datetime import UTC, datetime

import pytest

from dossier_engine.web import assets
from dossier_engine.web.frame import Frame, Link
from dossier_engine.web.rendering import environment

PAGE = """{% extends "base.html" %}{% from "ui/shown.html" import table, tag %}
{% block title %}Việc của tôi{% endblock %}
{% block main %}<h1 class="govuk-heading-l">Việc của tôi</h1>
{% set row = ["Đoàn Thượng", tag("Huyện đã thẩm tra", "blue"), "10/12/2024"] %}
{{ table("Hồ sơ", ["Xã", "Trạng thái", "Hạn"], [row], first=2) }}
{% endblock %}"""


@pytest.fixture
def page(chromium):
    here = Link("Việc của tôi", "/", here=True)
    frame = Frame(address="/", at=datetime(2024, 12, 9, tzinfo=UTC), navigation=(here,), person="Xã")
    opened = chromium.new_page()
    opened.set_content(environment("vi").from_string(PAGE).render(frame=frame))
    opened.add_style_tag(content=assets._assets()[assets.manifest()["site.css"]].content.decode())
    yield opened
    opened.close()


def test_on_a_phone_nothing_scrolls_sideways_and_the_deadline_comes_first(page):
    page.set_viewport_size({"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("td").nth(2).bounding_box()["y"] < page.locator("td").nth(0).bounding_box()["y"]


def test_on_paper_there_is_no_navigation_and_the_foot_says_where_and_when(page):
    page.emulate_media(media="print")

    assert not page.locator("header").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    assert page.locator(".foot__print").is_visible()
