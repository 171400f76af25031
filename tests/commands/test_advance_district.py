"""A district's dossier: it counts the district's communes, and goes through the centre."""

import pytest

from dossier_engine.errors import RequirementsUnmet
from tests.commands.looking import refused, row, rows
from tests.makers import Province

CAM_GIANG = "295"
# The fifteen communes of Cẩm Giàng in 2024; three of them were merged away on 2024-12-01.
COMMUNES = (
    ("10894", "Xã Cẩm Hưng"),
    ("10897", "Xã Cẩm Hoàng"),
    ("10900", "Xã Cẩm Văn"),
    ("10903", "Xã Ngọc Liên"),
    ("10909", "Xã Cẩm Vũ"),
    ("10912", "Xã Đức Chính"),
    ("10918", "Xã Định Sơn"),
    ("10924", "Xã Lương Điền"),
)


@pytest.fixture
def cam_giang(hai_duong: Province) -> tuple[Province, str]:
    """Cẩm Giàng's dossier, self-assessed, with all that is recorded for the review; no commune is advanced yet."""
    province = hai_duong
    province.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")
    province.recognised("ntm", (CAM_GIANG, "Huyện Cẩm Giàng"))
    code = province.register("lap-ho-so", CAM_GIANG, workflow="district-advanced").dossier
    province.bring(code, "self_assess", on="2024-07-20", since="2024-07-20", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-20", "to": "2024-08-05"}}
    province.record(code, "lap-ho-so", "district_posting", posted, on="2024-08-05")
    province.advance(code, "lap-ho-so", "self_assess", on="2024-08-06")
    province.bring(code, "review", on="2024-08-20", since="2024-08-06")
    return province, code


def lacking(province: Province, code: str, *, on: str) -> list[tuple[str, str, dict[str, object]]]:
    with refused(province, RequirementsUnmet) as refusal:
        province.advance(code, "huyen", "review", on=on)
    assert isinstance(refusal.value, RequirementsUnmet)
    return [(lack.key, lack.why, dict(lack.facts)) for lack in refusal.value.unmet]


def test_a_district_registers_once_it_is_recognised_as_new_rural(hai_duong):
    hai_duong.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")

    with refused(hai_duong, RequirementsUnmet) as refusal:
        hai_duong.register("lap-ho-so", CAM_GIANG, workflow="district-advanced")
    hai_duong.recognised("ntm", (CAM_GIANG, "Huyện Cẩm Giàng"))
    code = hai_duong.register("lap-ho-so", CAM_GIANG, workflow="district-advanced").dossier

    assert [lack.key for lack in refusal.value.unmet] == ["is_ntm"]
    assert code == "HD-2024-HNC-0001"
    assert (row(hai_duong, code).holder_role, row(hai_duong, code).holder_path) == ("district_officer", "30/295/")


def test_a_district_needs_half_of_its_communes(cam_giang):
    province, code = cam_giang
    province.recognised("advanced", *COMMUNES[:7])

    short = lacking(province, code, on="2024-08-20")
    province.recognised("advanced", COMMUNES[7])
    province.advance(code, "huyen", "review", on="2024-08-20")

    assert short == [("advanced_communes", "too_few_communes", {"have": 7, "of": 15, "wanted": "1/2"})]
    assert row(province, code).state == "district_reviewed"


def test_communes_of_other_districts_and_other_levels_do_not_count(cam_giang):
    province, code = cam_giang
    province.recognised("advanced", ("10645", "Xã An Lâm"), ("10612", "Xã Nam Tân"))
    province.recognised("ntm", *COMMUNES)

    short = lacking(province, code, on="2024-08-20")

    assert [facts["have"] for _, _, facts in short] == [0]


def test_the_communes_are_those_of_the_day(cam_giang):
    province, code = cam_giang
    province.recognised("advanced", *COMMUNES[:6], ("10906", "Xã Thạch Lỗi"))

    before = lacking(province, code, on="2024-11-30")
    after = lacking(province, code, on="2024-12-01")

    assert [(facts["have"], facts["of"]) for _, _, facts in before + after] == [(7, 15), (6, 13)]


def test_a_revoked_recognition_no_longer_counts(standing):
    province = standing("recognized")
    province.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")
    province.recognised("ntm", (CAM_GIANG, "Huyện Cẩm Giàng"))
    district = province.register("lap-ho-so", CAM_GIANG, workflow="district-advanced", on="2024-10-01", year=2025)
    province.bring(district.dossier, "self_assess", on="2024-10-20", since="2024-10-01", skip=("district_posting",))
    posted = {"period": {"from": "2024-10-20", "to": "2024-11-05"}}
    province.record(district.dossier, "lap-ho-so", "district_posting", posted, on="2024-11-05")
    province.advance(district.dossier, "lap-ho-so", "self_assess", on="2024-11-06")
    province.bring(district.dossier, "review", on="2024-11-07", since="2024-11-06")
    province.bring("HD-2024-NC-0001", "revoke", on="2024-11-08", since="2024-09-20")

    before = lacking(province, district.dossier, on="2024-11-08")
    province.advance("HD-2024-NC-0001", "vanthu", "revoke", on="2024-11-08")
    after = lacking(province, district.dossier, on="2024-11-08")

    assert [facts["have"] for _, _, facts in before + after] == [1, 0]


def test_a_district_goes_through_the_centre_to_recognition(cam_giang):
    province, code = cam_giang
    province.recognised("advanced", *COMMUNES)
    province.advance(code, "huyen", "review", on="2024-08-20")
    province.bring(code, "appraise", on="2024-08-21", since="2024-08-21", skip=("province_posting",))
    posted = {"period": {"from": "2024-08-21", "to": "2024-09-06"}}
    province.record(code, "so", "province_posting", posted, on="2024-09-06")
    province.advance(code, "so", "appraise", on="2024-09-06")

    for transition, day in (("submit", "2024-09-10"), ("recognize", "2024-12-02")):
        province.bring(code, transition, on=day, since="2024-09-06")
        province.advance(code, "vanthu", transition, on=day)

    held = [r for r in rows(province, "recognition") if r["dossier"] == code]
    assert row(province, code).state == "recognized"
    assert [(r["level"], r["target_year"]) for r in held] == [("advanced", 2024)]
