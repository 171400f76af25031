"""A province in which, within one year, everything happens that a dossier's history can hold."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dossier_engine.commands.activate import activate
from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.recompute import recompute
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.commands.test_advance_district import CAM_GIANG, COMMUNES
from tests.commands.test_advance_out import THACH_LOI, decided
from tests.commands.test_escalations_climb import AT_HEAD
from tests.makers import CAM_HUNG, LUONG_DIEN, SETUP, Province, a_province, at, with_calendar
from tests.verifier.forging import Story, story_of
from workflows.loader import load

LONG = "HD-2024-NC-0002"  # Cẩm Hưng's: returned, paused, extended, recognised, announced, revoked
CARRIED, NEXT = "HD-2024-NC-0003", "HD-2025-NC-0001"  # Lương Điền's: escalated, answered, carried over
CLIMBING = "HD-2024-NC-0001"  # nobody answers
SUCCEEDED = "HD-2024-NC-0004"  # Thạch Lợi's: handed over to Lương Điền's
DISTRICT = "HD-2024-HNC-0001"
OFFICE = "HD-2024-BC-0001"
SEAT = "ubnd-huyen-295"  # whose "huyen-cu", and who stood in, act until 13 August at ten and not a moment longer
NEWER_CALENDAR = "b" * 64


@cache
def lived() -> Story:
    """Its history. The process keeps it, and not a fixture: what is forked from it, as for mutants, has it too."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'lived.db'}")
        upgrade(database)
        live(database)
        story = story_of(database)
        database.close()
    return story


def live(database: Database, *, seed: int = 1) -> None:
    """Live it."""
    province = _begun(database, seed)
    _office(province)
    _climbing(province)
    _district(province)
    _long(province)
    _carried(province)


def _begun(database: Database, seed: int) -> Province:
    province = with_calendar(a_province(database, seed=seed))
    small = load(AT_HEAD, "small.yaml")
    law = province.law
    province.law = replace(
        law, workflows={**law.workflows, small.sha256: small}, active={**law.active, small.name: small.sha256}
    )
    with province.writing() as session:
        activate(session, small, AT_HEAD, SETUP, now=at("2024-01-03"), rng=province.rng)
    province.appoint("chutich", "commune_officer", f"ubnd-xa-{CAM_HUNG}", head=True)
    province.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")
    province.appoint("huyen-thay", "district_reviewer", "ubnd-huyen-295", until="2024-12-31", instead_of="huyen")
    province.appoint("huyen-cu", "district_reviewer", SEAT)
    province.appoint("huyen-cu-thay", "district_reviewer", SEAT, until="2024-12-31", instead_of="huyen-cu")
    province.recognised("ntm", (CAM_GIANG, "Huyện Cẩm Giàng"), (CAM_HUNG, "Xã Cẩm Hưng"))
    province.recognised("advanced", *COMMUNES[:8])
    return province


def _long(province: Province) -> None:
    province.register(on="2024-04-15")
    province.bring(LONG, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(LONG, "xa", "self_assess", on="2024-07-12")
    province.advance(
        LONG, "huyen-cu", "return_to_commune", on="2024-07-15",
        supplements=(Supplement("commune_vote", "bổ sung biên bản"),),
    )  # fmt: skip
    province.bring(LONG, "self_assess", on="2024-07-18", since="2024-07-17", skip=(
        "commune_criteria", "commune_posting", "front_opinions", "commune_files",
    ))  # fmt: skip
    province.advance(LONG, "xa", "self_assess", on="2024-07-19")
    province.record(LONG, "huyen-cu-thay", "district_receipt", {"receipt": {"on": "2024-08-13"}}, on="2024-08-13")
    province.end("huyen-cu", "district_reviewer", SEAT, on="2024-08-13", hour=10)
    _put_in_use(province, "2024-08-14")
    province.pause(LONG, "huyen", on="2024-08-15")
    province.resume(LONG, "so", on="2024-08-19")
    province.extend(LONG, "so", "2024-10-15", on="2024-08-20")
    skip = ("district_receipt", "district_posting")
    province.bring(LONG, "review", on="2024-08-21", since="2024-08-20", skip=skip)
    posted = {"period": {"from": "2024-08-21", "to": "2024-09-06"}}
    province.record(LONG, "huyen-thay", "district_posting", posted, on="2024-09-06")
    province.advance(LONG, "huyen-thay", "review", on="2024-09-09")
    province.bring(LONG, "appraise", on="2024-09-16", since="2024-09-09")
    province.advance(LONG, "so", "appraise", on="2024-09-17")
    province.bring(LONG, "recognize", on="2024-09-20", since="2024-09-17")
    province.advance(LONG, "vanthu", "recognize", on="2024-09-20")
    announced = {"announcement": {"date": "2024-10-01", "place": "Nhà văn hóa"}}
    province.record(LONG, "huyen", "announcement", announced, on="2024-10-02")
    paper = {"number": "9/QĐ", "date": "2024-12-20", "sha256": "cd" * 32}
    province.record(LONG, "vanthu", "revocation_decision", {"revocation_decision": paper}, on="2024-12-20")
    province.advance(LONG, "vanthu", "revoke", on="2024-12-23")


def _put_in_use(province: Province, on: str) -> None:
    """A day off is announced in the middle of the review."""
    used = province.law.calendar
    later = replace(used, off=used.off | {date(2024, 8, 28)}, version=NEWER_CALENDAR)
    province.law = replace(province.law, calendar=later)
    with province.writing() as session:
        act = province.act("quantri", reason="TB 123/TB-BNV")
        recompute(session, province.law, act, now=at(on), rng=province.rng)


def _carried(province: Province) -> None:
    province.register("xa2", LUONG_DIEN, on="2024-08-20")
    province.sweep("2024-09-16")  # nobody has acted for fifteen working days
    province.answer(CARRIED, "bcd", on="2024-09-17", until="2024-10-31")
    province.difficulty(CARRIED, "xa2", on="2024-09-18")
    province.pause(CARRIED, "huyen", on="2024-09-19")
    province.resume(CARRIED, "huyen", on="2024-09-26")
    province.answer(CARRIED, "so", on="2024-09-27")
    _succeeded(province)
    province.sweep("2024-11-07")  # and nothing was handed in
    province.advance(CARRIED, "so", "carry_over", on="2024-12-02", reason="chưa kịp")


def _succeeded(province: Province) -> None:
    province.register("huyen", THACH_LOI, on="2024-09-30")
    decided(province, SUCCEEDED, on="2024-10-24")
    province.advance(SUCCEEDED, "so", "succeed", on="2024-10-25", successor=CARRIED)


def _climbing(province: Province) -> None:
    province.register(workflow="small-advanced", on="2024-07-25")
    for day in ("2024-08-01", "2024-08-06", "2024-08-09"):
        province.sweep(day)


def _district(province: Province) -> None:
    province.register("lap-ho-so", CAM_GIANG, workflow="district-advanced", on="2024-04-16")
    province.bring(DISTRICT, "self_assess", on="2024-07-20", since="2024-07-20", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-20", "to": "2024-08-05"}}
    province.record(DISTRICT, "lap-ho-so", "district_posting", posted, on="2024-08-05")
    province.advance(DISTRICT, "lap-ho-so", "self_assess", on="2024-08-06")
    province.bring(DISTRICT, "review", on="2024-08-20", since="2024-08-06")
    province.advance(DISTRICT, "huyen", "review", on="2024-08-20")


def _office(province: Province) -> None:
    province.register("so", "so-y-te", workflow="department-report", on="2024-04-17")
