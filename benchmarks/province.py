"""Hải Dương as the benchmarks find it: an officer in every office, dossiers of its communes, and their papers.

Everything is made by the public commands, so a dossier here looks like one that people worked on. None of it is timed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from config.calendars import load_calendar
from config.provinces import load_localities, load_offices
from dossier_engine.commands.activate import activate
from dossier_engine.commands.adopt import Body, Unit, adopt_territory, note_calendar
from dossier_engine.commands.desk import Act
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.demonstration.evidence import Items, papers
from dossier_engine.records import dossiers, installation
from dossier_engine.records.database import Database
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Confirmation, Requirement, SectorConfirmations, Workflow
from workflows.loader import load, packaged

DEFINITION = "commune-advanced"
_PROVINCE = "hai_duong"
_SETUP = Act(person="system:setup", channel="benchmark")
_APPOINTED, _REGISTERED = date(2024, 1, 1), date(2024, 4, 15)
_ROLES = {
    "commune_committee": ("commune_officer",),
    "district_committee": ("district_reviewer",),
    "front": ("front_surveyor",),
    "sector": ("sector_confirmer",),
    "dard": ("dard_appraiser", "sector_confirmer"),
    "provincial_committee": ("decision_clerk",),
    "inspectorate": ("auditor",),
}
_SEATS = {
    "commune_officer": "ubnd-xa-{commune}",
    "district_reviewer": "ubnd-huyen-{district}",
    "front_surveyor": "mttq-huyen-{district}",
    "dard_appraiser": "so-nong-nghiep-va-ptnt",
    "decision_clerk": "ubnd-tinh",
    "auditor": "thanh-tra-tinh",
}
# The one posting that may not begin before the report it shows, and then lasts fifteen days.
_AFTER_ITS_REPORT = "district_posting"


@dataclass(frozen=True, slots=True)
class Step:
    """A transition: who takes it and when, with papers made on `papers_on` and the last posting on `posted_on`."""

    transition: str
    role: str
    since: date
    papers_on: date
    posted_on: date
    taken_on: date


STEPS = (
    Step("self_assess", "commune_officer", date(2024, 6, 30), date(2024, 7, 10), date(2024, 7, 10), date(2024, 7, 12)),
    Step("review", "district_reviewer", date(2024, 7, 12), date(2024, 7, 29), date(2024, 8, 14), date(2024, 8, 16)),
    Step("appraise", "dard_appraiser", date(2024, 8, 16), date(2024, 9, 5), date(2024, 9, 5), date(2024, 9, 10)),
    Step("recognize", "decision_clerk", date(2024, 9, 10), date(2024, 9, 20), date(2024, 9, 20), date(2024, 9, 23)),
)


def at(day: date) -> datetime:
    """Nine in the morning there."""
    return datetime.combine(day, time(9), ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Province:
    """`officers` by office code; `dossiers` are codes with the path of the commune that registered."""

    database: Database
    law: Law
    officers: dict[str, str]
    dossiers: dict[str, str]
    rng: random.Random

    @property
    def workflow(self) -> Workflow:
        """The definition every dossier here runs under."""
        return self.law.named(DEFINITION)

    def officer(self, role: str, code: str) -> str:
        """The person who acts in that role on the dossier."""
        _, district, commune, _ = self.dossiers[code].split("/")
        return self.officers[_SEATS[role].format(district=district, commune=commune)]

    def record_papers(self, step: Step) -> None:
        """All that the step's transition asks, for every dossier; one transaction a dossier."""
        for code, territory in self.dossiers.items():
            with self.database.writing() as session:
                offices = dossiers.confirming_offices(session.connection(), territory)
                for requirement, items, on in self._papers(step, offices):
                    act = Act(person=self._recorder(requirement, step, code, items), channel="benchmark")
                    order = Record(dossier=code, requirement=requirement.key, items=items, act=act)
                    record(session, self.law, order, now=at(on), rng=self.rng)

    def _papers(self, step: Step, offices: dict[str, tuple[str, ...]]) -> Iterator[tuple[Requirement, Items, date]]:
        requires = self.workflow.transitions[step.transition].requires
        for requirement in sorted(requires, key=lambda r: r.key == _AFTER_ITS_REPORT):
            last = requirement.key == _AFTER_ITS_REPORT
            since, on = (step.papers_on, step.posted_on) if last else (step.since, step.papers_on)
            for items in papers(requirement, on=on, since=since, criteria=self.workflow.criteria, offices=offices):
                yield requirement, items, on

    def _recorder(self, requirement: Requirement, step: Step, code: str, items: Items) -> str:
        if isinstance(requirement, SectorConfirmations | Confirmation):
            return self.officers[next(iter(items))]
        return self.officer(requirement.by or step.role, code)


def founded(database: Database, count: int) -> Province:
    """A migrated database with the province, its officers and `count` dossiers registered by its communes."""
    rng = random.Random(1)  # noqa: S311  # invented people; the salts of the timed acts come from the system
    law, now = _law(), at(_APPOINTED)
    units = [
        Unit(u.code, u.kind, u.name, u.parent or "", u.abbr or "", u.valid_from, u.valid_to)
        for u in load_localities(_PROVINCE)
    ]
    bodies = [Body(o.code, o.kind, o.name_vi, o.name_en, o.locality, o.criteria) for o in load_offices(_PROVINCE)]
    with database.writing() as session:
        note_calendar(session, law.calendar, _SETUP, now=now, rng=rng)
        installation.found(session.connection(), law.calendar.version, None)
        adopt_territory(session, units, bodies, _SETUP, now=now, rng=rng)
        for name, content in packaged():
            activate(session, load(content, name), content, _SETUP, now=now, rng=rng)
        officers = {}
        for body in bodies:
            person = officers[body.code] = add_person(session, body.code, "minh họa", _SETUP, now=now, rng=rng)
            for role in _ROLES.get(body.kind, ()):
                order = Appoint(
                    person=person, role=role, office=body.code, valid_from=_APPOINTED, valid_to=None, act=_SETUP
                )
                appoint(session, order, now=now, rng=rng)
    made = Province(database, law, officers, {}, random.SystemRandom())
    _register(made, [b.locality for b in bodies if b.kind == "commune_committee"], count)
    return made


def _register(province: Province, communes: list[str], count: int) -> None:
    """Each commune once in a target year, in as many years as it takes."""
    for number in range(count):
        year, commune = divmod(number, len(communes))
        code = communes[commune]
        act = Act(person=province.officers[_SEATS["commune_officer"].format(commune=code)], channel="benchmark")
        order = Register(workflow=DEFINITION, subject=code, target_year=2024 + year, act=act)
        with province.database.writing() as session:
            receipt = register(session, province.law, order, now=at(_REGISTERED), rng=province.rng)
        province.dossiers[receipt.dossier] = str(receipt.body["territory"])


def _law() -> Law:
    workflows = [load(content, name) for name, content in packaged()]
    return Law({w.sha256: w for w in workflows}, {w.name: w.sha256 for w in workflows}, load_calendar())
