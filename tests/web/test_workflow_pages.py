"""The stored definitions, and one of them drawn with a dossier's place in it marked."""

from tests.web.site import Site

PAGE = "/quy-trinh/commune-advanced/1"


def test_every_stored_version_is_listed_with_how_many_open_dossiers_run_under_it(site: Site) -> None:
    site.api.province.register(on="2024-04-15")

    page = site.visitor("xa").see("/quy-trinh")

    assert {PAGE, "/quy-trinh/commune-model/1", "/quy-trinh/district-advanced/1"} <= set(page.links)
    assert "(commune-advanced@1) có 1 " in page.text
    assert "(commune-model@1) có 0 " in page.text


def test_a_version_is_drawn_and_told_with_who_on_what_condition_and_how_long(site: Site) -> None:
    html = site.visitor("xa").client.get(PAGE).text

    assert '<div class="drawing" role="region" aria-label="Sơ đồ quy trình" tabindex="0">' in html
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img"' in html
    assert "Đang ở đây" not in html
    for head in ("Từ", "Hành động", "Đến", "Ai", "Điều kiện", "Thời hạn"):
        assert f">{head}</th>" in html
    text = site.visitor("xa").see(PAGE).text
    assert "Đã đăng ký Nộp tự đánh giá Đã tự đánh giá cán bộ xã" in text


def test_the_state_of_a_dossier_is_marked(site: Site) -> None:
    code = site.api.province.register(on="2024-04-15").dossier

    page = site.visitor("xa").see(f"{PAGE}?ho-so={code}")

    assert "Đang ở đây" in page.text
    assert f"{code}, Xã Cẩm Hưng, Huyện Cẩm Giàng: Đã đăng ký, Ủy ban nhân dân xã Cẩm Hưng" in page.text


def test_a_dossier_under_another_definition_is_not_marked_in_this_one(site: Site) -> None:
    code = site.api.province.register(on="2024-04-15").dossier

    text = site.visitor("xa").see(f"/quy-trinh/commune-model/1?ho-so={code}").text

    assert "Đang ở đây" not in text


def test_a_dossier_out_of_scope_is_not_there(site: Site) -> None:
    code = site.api.province.register(on="2024-04-15").dossier

    site.visitor("xa2").see(f"{PAGE}?ho-so={code}", 404)


def test_a_version_that_is_not_stored_is_not_there(site: Site) -> None:
    visitor = site.visitor("xa")

    assert "commune-advanced@1" in visitor.see("/quy-trinh/commune-advanced/99", 404).text
    visitor.see("/quy-trinh/none/1", 404)
