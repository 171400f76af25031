"""Two provinces with everybody and everything that the matrix of tests/api/test_every_route.py asks about."""

from dataclasses import dataclass

from dossier_engine.commands.adopt import Body, Unit, adopt_territory
from dossier_engine.commands.templates import set_template
from dossier_engine.letters import Wording
from dossier_engine.records import dossiers, reminders
from dossier_engine.rules.authority import OFFICE_KINDS
from tests.commands.conftest import STEPS
from tests.makers import CAM_HUNG, CAST, LUONG_DIEN, SETUP, Province, adopted_plan, at

ON = "2024-10-01"
ABROAD, DISTRICT_ABROAD, COMMUNE_ABROAD = "33", "329", "12000"
HEALTH, TRANSPORT = "so-y-te", "so-giao-thong-van-tai"
_LEVELS = {"commune_officer": COMMUNE_ABROAD, "district_officer": DISTRICT_ABROAD, "district_reviewer": DISTRICT_ABROAD}


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who asks: a role in an office, and the path of its seat."""

    handle: str
    role: str
    office: str
    path: str


@dataclass(frozen=True, slots=True)
class Stood:
    """A dossier: what the tables call it, and where and whom it is about; `office` is empty for a locality's."""

    name: str
    code: str
    territory: str
    subject: str
    workflow: str
    version: int
    office: str = ""


# Everybody of tests/makers.py, and for each role somebody who has nothing to do with Cẩm Hưng.
_AT_HOME = {
    **CAST, "lap-ho-so": ("district_officer", "ubnd-huyen-295"), "lap-ho-so2": ("district_officer", "ubnd-huyen-291"),
    "mattran2": ("front_surveyor", "mttq-huyen-291"), HEALTH: ("sector_confirmer", HEALTH),
    TRANSPORT: ("sector_confirmer", TRANSPORT),
}  # fmt: skip
_SEATS = {"10894": "30/295/10894/", "10924": "30/295/10924/", "295": "30/295/", "291": "30/291/"}


def everybody() -> list[Somebody]:
    """Who asks."""
    at_home = [
        Somebody(handle, role, office, _SEATS.get(office.rpartition("-")[2], "30/"))
        for handle, (role, office) in _AT_HOME.items()
    ]
    paths = {ABROAD: "33/", DISTRICT_ABROAD: "33/329/", COMMUNE_ABROAD: "33/329/12000/"}
    abroad = [
        Somebody(f"{role}-abroad", role, f"{kinds[0]}-abroad", paths[_LEVELS.get(role, ABROAD)])
        for role, kinds in OFFICE_KINDS.items()
    ]
    return at_home + abroad


def inhabit(province: Province) -> list[Stood]:
    """Fill the province, and one beside it; the dossiers."""
    _found_another(province)
    for one in everybody():
        if one.handle not in province.people:
            province.appoint(one.handle, one.role, one.office)
    province.recognised("ntm", ("295", "Huyện Cẩm Giàng"))
    adopted_plan(province)
    codes = {"registered": province.register(on="2024-04-15").dossier}
    province.difficulty(codes["registered"], "xa", on="2024-04-16")
    for year, (name, last) in enumerate(
        {"at_district": "self_assessed", "at_department": "district_reviewed", "recognised": "recognized",
         "paused": "registered"}.items(), 2025,
    ):  # fmt: skip
        codes[name] = province.register(on="2024-04-15", year=year).dossier
        for state, step in STEPS.items():
            if state != "registered" and last in list(STEPS)[list(STEPS).index(state) :]:
                step(province, codes[name])  # type: ignore[operator]  # all but the first take a code
    province.pause(codes["paused"], "huyen", on="2024-09-01")
    codes["neighbour"] = province.register("xa2", LUONG_DIEN).dossier
    codes["district"] = province.register("lap-ho-so", "295", workflow="district-advanced").dossier
    codes["report"] = province.register("so", HEALTH, workflow="department-report").dossier
    codes["abroad"] = province.register("commune_officer-abroad", COMMUNE_ABROAD).dossier
    _reworded(province)
    return [_stood(province, name, code) for name, code in codes.items()]


def _stood(province: Province, name: str, code: str) -> Stood:
    with province.database.reading() as session:
        version = dossiers.read(session.connection(), code).version
    territory, subject, workflow, office = {
        "neighbour": ("30/295/10924/", LUONG_DIEN, "commune-advanced", ""),
        "district": ("30/295/", "295", "district-advanced", ""),
        "report": ("30/", HEALTH, "department-report", HEALTH),
        "abroad": ("33/329/12000/", COMMUNE_ABROAD, "commune-advanced", ""),
    }.get(name, ("30/295/10894/", CAM_HUNG, "commune-advanced", ""))
    return Stood(name, code, territory, subject, workflow, version, office)


def _found_another(province: Province) -> None:
    units = [
        Unit(ABROAD, "province", "Tỉnh bên", "", "TB", None, None),
        Unit(DISTRICT_ABROAD, "district", "Huyện bên", ABROAD, "", None, None),
        Unit(COMMUNE_ABROAD, "commune", "Xã bên", DISTRICT_ABROAD, "", None, None),
    ]
    offices = [
        Body(f"{kinds[0]}-abroad", kinds[0], f"{kinds[0]} bên", kinds[0], _LEVELS.get(role, ABROAD), ())
        for role, kinds in OFFICE_KINDS.items() if role != "district_reviewer"
    ]  # fmt: skip
    with province.writing() as session:
        adopt_territory(session, units, offices, SETUP, now=at("2024-01-02"), rng=province.rng)


def _reworded(province: Province) -> None:
    order = Wording("Sắp đến hạn: $commune", "Hồ sơ $code sắp đến hạn.\n")
    with province.writing() as session:
        for language in ("vi", "en"):
            set_template(session, "ahead", language, order, province.act("quantri"), now=at(ON), rng=province.rng)


def an_incident(province: Province) -> int:
    """Nobody is appointed at the committee of Cẩm Giàng."""
    found = reminders.incident(
        "nobody_appointed", "district_reviewer 30/295/", "30/295/", {"role": "district_reviewer"}, at(ON), province.rng
    )
    with province.writing() as session:
        reminders.report(session.connection(), [found])
    return int(found["id"])
