"""Lists over HTTP: tried out unless they are to be kept, all of a list or nothing, every faulty line told."""

from tests.api.serving import fresh
from tests.files.making import MACRO_XLSX, XLSX, an_office_file
from tests.files.sheets import a_row, a_sheet
from tests.makers import CAM_HUNG, LUONG_DIEN

CSV = {"Content-Type": "text/csv"}
HEAD = "code,name,district,level,target_year\n"
TWO = f"{HEAD}{CAM_HUNG},,,advanced,2024\n{LUONG_DIEN},Lương Điền,,advanced,2024\n"


def test_registrations_are_tried_out_first_and_then_kept_once(api):
    huyen = api.client("huyen")

    tried = huyen.post("/imports/registrations", content=TWO.encode(), headers=CSV)
    before = huyen.get("/dossiers?count=true").json()["total"]
    keyless = huyen.post("/imports/registrations?commit=true", content=TWO.encode(), headers=CSV)
    headers = fresh(**CSV)
    kept = huyen.post("/imports/registrations?commit=true", content=TWO.encode(), headers=headers)
    again = huyen.post("/imports/registrations?commit=true", content=TWO.encode(), headers=headers)

    assert (tried.status_code, tried.json()["committed"], tried.json()["imported"], before) == (200, False, 2, 0)
    assert (keyless.status_code, keyless.json()["code"]) == (400, "key_missing")
    assert (kept.status_code, again.status_code) == (201, 201)
    assert (kept.json()["committed"], kept.json()["imported"], kept.json()["known"]) == (True, 2, 0)
    assert (again.json()["imported"], again.json()["known"]) == (0, 2)
    assert again.json()["dossiers"] == kept.json()["dossiers"]
    assert huyen.get("/dossiers?count=true").json()["total"] == 2


def test_every_faulty_line_is_told_and_nothing_is_kept(api):
    faulty = f"{TWO}99999,Nowhere,,advanced,2024\n"

    beyond = api.client("xa").post("/imports/registrations?commit=true", content=faulty.encode(), headers=fresh(**CSV))
    wrong_year = api.client("huyen").post("/imports/registrations", content=f"{HEAD}1,,,ntm,24\n", headers=CSV)
    bytes_ = api.client("huyen").post("/imports/registrations", content=HEAD.encode() + b"\xff", headers=CSV)
    as_json = api.client("huyen").post("/imports/registrations", json=[])

    assert (beyond.status_code, beyond.json()["code"]) == (422, "file_problems")
    assert [(e["pointer"], e["code"]) for e in beyond.json()["errors"]] == [
        ("/list.csv/3", "unit_unknown"), ("/list.csv/4", "unit_unknown"),
    ]  # fmt: skip
    assert [(e["pointer"], e["code"]) for e in wrong_year.json()["errors"]] == [("/list.csv/2", "year_out_of_range")]
    assert [(e["pointer"], e["code"]) for e in bytes_.json()["errors"]] == [("/list.csv/2", "not_utf8")]
    assert (as_json.status_code, as_json.json()["code"]) == (422, "request_malformed")
    assert api.client("so").get("/dossiers?count=true").json()["total"] == 0
    assert api.client("thanhtra").post("/imports/registrations", content=TWO.encode(), headers=CSV).status_code == 403


def test_a_workbook_is_taken_as_a_list_of_text_is(api):
    huyen, sheet = api.client("huyen"), {"Content-Type": XLSX}

    faulty = huyen.post("/imports/registrations", content=a_sheet(a_row(), a_row(year=24)), headers=sheet)
    kept = huyen.post("/imports/registrations?commit=true", content=a_sheet(a_row()), headers=fresh(**sheet))
    unsafe = huyen.post("/imports/registrations", content=an_office_file(MACRO_XLSX), headers=sheet)
    elsewhere = huyen.post("/imports/recognitions", content=a_sheet(a_row()), headers=sheet)

    assert [(e["pointer"], e["code"]) for e in faulty.json()["errors"]] == [("/list.xlsx/5", "year_out_of_range")]
    assert (kept.status_code, kept.json()["dossiers"][0]["locality"]) == (201, CAM_HUNG)
    assert (unsafe.status_code, unsafe.json()["facts"]["why"]) == (422, "macros")
    assert elsewhere.status_code == 422


def test_past_recognitions_are_taken_over_by_administrators_only(api):
    content = f"{HEAD}{CAM_HUNG},Xã Cẩm Hưng,,ntm,2021\n".encode()
    quantri = api.client("quantri")

    refused = api.client("so").post("/imports/recognitions?commit=true", content=content, headers=CSV)
    tried = quantri.post("/imports/recognitions", content=content, headers=CSV).json()
    kept = quantri.post("/imports/recognitions?commit=true", content=content, headers=CSV).json()
    again = quantri.post("/imports/recognitions?commit=true", content=content, headers=CSV).json()

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert tried == {"committed": False, "imported": 1, "known": 0}
    assert kept == {"committed": True, "imported": 1, "known": 0}
    assert again == {"committed": True, "imported": 0, "known": 1}
