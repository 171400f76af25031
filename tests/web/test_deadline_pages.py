"""What is due when, and how a date was counted."""

from tests.makers import LUONG_DIEN
from tests.web.site import Site


def test_deadlines_stand_under_their_day_with_those_overdue_first(site: Site) -> None:
    province = site.api.province
    late = province.register("xa2", LUONG_DIEN, on="2024-01-10").dossier
    soon = province.register(on="2024-04-15").dossier

    page = site.visitor("huyen").see("/han")

    assert page.text.index("(đã quá hạn)") < page.text.index("hết ngày") or "(đã quá hạn)" in page.text
    assert f"/ho-so/{late}" in page.links
    assert page.links.index(f"/ho-so/{late}") < page.links.index(f"/ho-so/{soon}")
    assert "Xã Lương Điền, Huyện Cẩm Giàng" in page.text
    assert [link for link in page.links if link.startswith(f"/ho-so/{soon}/han/")]
