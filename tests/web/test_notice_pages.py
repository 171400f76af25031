"""What somebody was told, and that they read it."""

import pytest

from tests.web.site import Site


@pytest.fixture
def code(site: Site) -> str:
    """A dossier with a difficulty that the department was told of."""
    code = site.api.province.register(on="2024-04-15").dossier
    site.api.province.difficulty(code, "xa", on="2024-04-18")
    return code


def test_what_i_was_told_is_listed_with_the_dossier(site: Site, code: str) -> None:
    page = site.visitor("so").see("/thong-bao")

    assert f"/ho-so/{code}" in page.links
    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng Việc chờ ý kiến" in page.text
    assert "09:00 18/04/2024" in page.text


@pytest.mark.usefixtures("code")
def test_a_notice_is_marked_as_read_and_keeps_when(site: Site) -> None:
    visitor = site.visitor("so")
    page = visitor.see("/thong-bao")

    after = visitor.fill(page, "/da-doc", {})
    again = visitor.fill(page, "/da-doc", {})

    assert "Đánh dấu đã đọc" in page.text
    assert "Đánh dấu đã đọc" not in after.text
    assert after.text.count("09:00 20/04/2024") == page.text.count("09:00 20/04/2024") + 1
    assert again.text == after.text


def test_what_others_were_told_is_not_mine(site: Site, code: str) -> None:
    [form] = [f for f in site.visitor("so").see("/thong-bao").forms if f.action.endswith("/da-doc")]
    other = site.visitor("huyen2")
    page = other.see("/thong-bao")
    [token] = {f.fields["form_token"][0] for f in page.forms if "form_token" in f.fields}

    answer = other.send(form.action, {"form_token": token})

    assert f"/ho-so/{code}" not in page.links
    assert "Chưa có thông báo" in page.text
    assert answer.status_code == 404


def test_all_of_a_page_is_marked_as_read_at_once_but_not_what_came_meanwhile(site: Site, code: str) -> None:
    site.api.province.difficulty(code, "xa", on="2024-04-19")
    visitor = site.visitor("so")
    page = visitor.see("/thong-bao")
    site.api.province.difficulty(code, "xa", on="2024-04-20")

    after = visitor.fill(page, "/thong-bao/da-doc", {})

    assert "Đánh dấu mọi thông báo ở trang này là đã đọc" in page.text
    assert [f.action for f in after.forms if f.action.startswith("/thong-bao")] != []
    assert (page.text.count("Đánh dấu đã đọc"), after.text.count("Đánh dấu đã đọc")) == (2, 1)
    assert "mọi thông báo" not in after.text  # one is left, with a button of its own


@pytest.mark.usefixtures("code")
@pytest.mark.parametrize("named", ["x", "9" * 19, "-1", "1"])
def test_where_one_is_no_notice_of_mine_none_is_marked(site: Site, named: str) -> None:
    visitor = site.visitor("so")
    page = visitor.see("/thong-bao")
    [form] = [f for f in page.forms if f.action.endswith("/da-doc")]
    mine = form.action.split("/")[2]

    answer = visitor.send("/thong-bao/da-doc", {"form_token": form.fields["form_token"], "notice": [mine, named]})

    assert answer.status_code == 422
    assert "Đánh dấu đã đọc" in visitor.see("/thong-bao").text
