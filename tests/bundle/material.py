"""The material of a bundle, read out of a province: every dossier, every name, every definition."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from dossier_engine.bundle import Definition, Material, Place, Seat, copies
from dossier_engine.catalogue import Language
from dossier_engine.commands.recompute import recompute
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.workflow import Text
from tests.commands.test_recompute import installed, with_a_day_off
from tests.makers import LUONG_DIEN, SHA, Province, adopted_plan, at
from tests.stories.test_departments_report import opened_as
from tests.stories.test_one_commune import carried_to_recognition

LOG = "nhat-ky.example.vn/hai-duong"
ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOTE = f"{LOG}\n1234\n{ROOT}\n\n— {LOG} c2lnbmF0dXJl\n"


CAM_HOANG, CAM_VAN = "10897", "10900"

# What somebody may type as a reason.
SCRIPT = "<script>alert('x')</script>&amp;"
LINES = 'dòng một\r\n=dòng hai\t;",\nhết'
FORMULA = "=cmd|'/C calc'!A0"
TURNED = "\u202egnoc"


def material_of(province: Province, **other: object) -> Material:
    """All that is in the province's database, as a bundle made on 2024-12-09 tells it."""
    history, private, person = TABLES["history"], TABLES["private"], TABLES["person"]
    locality, office, definition = TABLES["locality"], TABLES["office"], TABLES["definition"]
    streams: dict[str, list] = {}
    with province.database.reading() as session:
        for row in session.execute(select(history.c.stream, history.c.entry).order_by(history.c.stream, history.c.seq)):
            if row.stream.startswith("dossier/"):
                streams.setdefault(row.stream, []).append(parse(row.entry))
        told = session.execute(select(private.c.stream, private.c.seq, private.c.name, private.c.value)).all()
        names = session.execute(select(person.c.id, person.c.name)).all()
        units = session.execute(select(locality.c.code, locality.c.kind, locality.c.name, locality.c.parent)).all()
        bodies = session.execute(select(office)).all()
        stored = session.execute(select(definition)).all()
    return replace(
        Material(
            streams=streams,
            people=dict(names),
            private={(r.stream, r.seq, r.name): r.value for r in told},
            localities={u.code: Place(u.kind, u.name, u.parent) for u in units},
            offices={b.code: Seat(Text(b.name_vi, b.name_en), b.path, tuple(b.criteria)) for b in bodies},
            definitions={d.sha256: Definition(province.law.workflows[d.sha256], d.content) for d in stored},
            size=1234,
            checkpoint=NOTE,
            made_at=at("2024-12-09"),
            made_by="thanhtra (minh họa)",
        ),
        **other,
    )


def made(material: Material, language: Language = "vi") -> dict[str, bytes]:
    """Every file whole, by name."""
    return {name: b"".join(parts) for name, parts in copies(material, language, lambda w: f"<svg>{w.reference}</svg>")}


def year(province: Province) -> Province:
    """A commune recognised after a return; another that meets with everything else; departments that owe a report."""
    adopted_plan(installed(province))
    opened_as(province, "so", on="2024-04-15")
    carried_to_recognition(province)
    code = province.register("xa2", LUONG_DIEN, on="2024-04-16").dossier
    province.pause(code, "huyen", on="2024-04-20", reason=SCRIPT)
    province.resume(code, "huyen", on="2024-05-02", reason=LINES)
    province.appoint("xa2-thay", "commune_officer", f"ubnd-xa-{LUONG_DIEN}", until="2024-12-31", instead_of="xa2")
    province.record(code, "xa2-thay", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-05-10")
    province.difficulty(code, "xa2", on="2024-05-13", reason=FORMULA)
    for day in ("2024-05-27", "2024-06-10", "2024-06-24"):
        province.sweep(day)
    province.answer(code, "bcd", on="2024-06-25", number="+84/BCĐ", seq=5, until="2024-09-30", reason=TURNED)
    model = province.register("xa", workflow="commune-model", on="2024-09-23").dossier
    province.bring(model, "self_assess", on="2024-10-05", since="2024-09-23")
    province.advance(model, "xa", "self_assess", on="2024-10-07")
    province.record(model, "huyen", "district_receipt", {"receipt": {"on": "2024-10-08"}}, on="2024-10-08")
    with province.writing() as session:
        changed = with_a_day_off(province, "2024-10-15")
        act = province.act("quantri", reason="nghỉ thêm một ngày")
        recompute(session, changed.law, act, now=at("2024-10-10"), rng=province.rng)
    province.extend(model, "so", "2025-01-15", on="2024-10-11", number="77/SNN")
    for day in ("2024-10-21", "2024-12-06", "2024-12-12"):
        province.sweep(day)
    late, merged = (_registered(province, handle, unit) for handle, unit in (("xa3", CAM_HOANG), ("xa4", CAM_VAN)))
    province.advance(late, "so", "carry_over", on="2024-12-16", reason="hết năm", effective_on=date(2024, 12, 13))
    decided = {"reorganisation_decision": {"number": "1250/NQ", "date": "2024-10-24", "sha256": SHA}}
    province.record(merged, "so", "reorganisation_decision", decided, on="2024-12-16")
    province.advance(merged, "so", "succeed", on="2024-12-16", successor="HD-2024-NC-0002")
    return province


def _registered(province: Province, handle: str, commune: str) -> str:
    province.appoint(handle, "commune_officer", f"ubnd-xa-{commune}")
    return province.register(handle, commune, on="2024-12-13").dossier
