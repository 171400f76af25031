"""A province with something of everything in its tables, for those who alter it."""

from dataclasses import dataclass
from datetime import date

from dossier_engine.commands.adopt import Recognised, adopt_plan, import_recognitions
from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.queries.audit import verify
from dossier_engine.queries.finding import Finding
from dossier_engine.records.database import Database
from dossier_engine.rules.requirements import Value
from tests.makers import LUONG_DIEN, SETUP, Province, at

# Carried to recognition, with a return, a pause and an extension on its way.
RECOGNISED = "HD-2024-NC-0001"
# Registered, with a vote recorded twice.
REGISTERED = "HD-2024-NC-0002"


@dataclass(frozen=True, slots=True)
class Busy:
    """A busy province, and its database as the owner of the tables opens it."""

    province: Province
    owner: Database

    def findings(self) -> set[tuple[str, str]]:
        """Where `audit verify`, asked as the application, finds what."""
        return {(finding.where, finding.code) for finding in self.told()}

    def told(self) -> tuple[Finding, ...]:
        """The same with every detail."""
        with self.province.database.reading() as session:
            return verify(session, self.province.law).findings


def make_busy(province: Province) -> None:
    """Fill a province that has nothing but its cast."""
    with province.writing() as session:
        adopt_plan(session, "30", 2024, {"targets": {"advanced": 35}}, SETUP, now=at("2024-01-03"), rng=province.rng)
        held = [Recognised(2, LUONG_DIEN, "Xã Lương Điền", "ntm", 2019, "Quyết định số 1/QĐ-UBND (minh họa)")]
        import_recognitions(session, "cong_nhan.csv", held, SETUP, now=at("2024-01-03"), rng=province.rng)
    assert province.register(on="2024-04-15").dossier == RECOGNISED
    assert province.register("xa2", LUONG_DIEN, on="2024-04-16", key="register-2").dossier == REGISTERED
    for agree in (18, 19):
        vote: dict[str, Value] = {"vote": {"agree": agree, "present": 20}}
        province.record(REGISTERED, "xa2", "commune_vote", vote, on="2024-05-06")
    _carry(province, RECOGNISED)


def _carry(province: Province, code: str) -> None:
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    _stop_and_go(province, code)
    lacking = (Supplement("commune_vote", "biên bản thiếu chữ ký"),)
    province.advance(code, "huyen", "return_to_commune", on="2024-07-18", reason="thiếu biên bản", supplements=lacking)
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-07-22")
    province.advance(code, "xa", "self_assess", on="2024-07-23")
    province.bring(code, "review", on="2024-07-29", since="2024-07-23", skip=("district_posting",))
    posted: dict[str, Value] = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-14")
    province.advance(code, "huyen", "review", on="2024-08-16")
    province.bring(code, "appraise", on="2024-09-05", since="2024-08-16")
    province.advance(code, "so", "appraise", on="2024-09-10")
    province.bring(code, "recognize", on="2024-09-20", since="2024-09-10")
    province.advance(code, "vanthu", "recognize", on="2024-09-20")


def _stop_and_go(province: Province, code: str) -> None:
    """A pause of a day, then a later date for the stage."""
    with province.writing() as session:
        order = Clock(dossier=code, act=province.act("huyen", reason="chờ kiểm tra thực địa"))
        pause(session, province.law, order, now=at("2024-07-15"), rng=province.rng)
    with province.writing() as session:
        order = Clock(dossier=code, act=province.act("huyen", reason="đã kiểm tra"))
        resume(session, province.law, order, now=at("2024-07-16"), rng=province.rng)
    later = Extend(
        dossier=code, until=date(2024, 9, 12), number="7/QĐ-SNN (minh họa)", dated=date(2024, 7, 17),
        act=province.act("so", reason="bão"),
    )  # fmt: skip
    with province.writing() as session:
        extend(session, province.law, later, now=at("2024-07-17"), rng=province.rng)
