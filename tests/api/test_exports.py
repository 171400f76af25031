"""What is taken away: the list for spreadsheets as far as one may see it, and bundles for auditors only."""

import csv
import io
import zipfile

from sqlalchemy import update

from config.rounds import integrate_round
from config.signing import Signing
from dossier_engine.api import exports
from dossier_engine.records.tables import TABLES
from tests.makers import CAM_HUNG, LUONG_DIEN


def read(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_everybody_takes_away_what_they_may_see_whole_and_without_formulas(api, monkeypatch):
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    for unit in (CAM_HUNG, LUONG_DIEN, "10897"):
        api.province.register("huyen", unit)
    locality = TABLES["locality"]
    with api.province.writing() as session:
        evil = update(locality).where(locality.c.code == CAM_HUNG).values(name="=1+1")
        session.connection().execute(evil)
    path = "/exports/dossiers.csv"

    answer = api.client("so", **{"Accept-Language": "en"}).get(path)

    assert (answer.headers["Content-Type"], answer.content[:3]) == ("text/csv; charset=utf-8", b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = [list(row.values()) for row in read(answer)]
    assert (len(rows), len({row[0] for row in rows})) == (3, 3)
    assert "'=1+1" in {row[1] for row in rows}
    assert len(read(api.client("so").get(f"{path}?locality={LUONG_DIEN}"))) == 1
    assert (len(read(api.client("xa2").get(path))), read(api.client("huyen2").get(path))) == (1, [])
    assert api.client("so").get(f"{path}?state=nowhere").status_code == 404
    assert api.client("so").get(f"{path}?limit=5").status_code == 422
    assert api.client().get(path).status_code == 401


def test_an_auditor_takes_a_bundle_away_and_nobody_else(api):
    code = api.province.register().dossier
    integrate_round(api.engine)
    Signing.of(api.engine, lambda _: None).round()
    thanhtra = api.client("thanhtra")

    made = thanhtra.post("/exports", json={"codes": [code]})

    assert (made.status_code, made.headers["Content-Type"]) == (201, "application/zip"), made.text
    assert "checkpoint.txt" in zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert thanhtra.post("/exports", json={"codes": ["HD-2024-NC-0099"]}).status_code == 404
    assert thanhtra.post("/exports", json={"codes": []}).status_code == 422
    assert api.client("so").post("/exports", json={"codes": "all"}).json()["code"] == "not_in_scopes"
