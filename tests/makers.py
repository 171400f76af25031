"""Plain builders of what a case is about; nothing here is hidden in a fixture."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update
from sqlmodel import Session

from config.adoption import plan_content
from config.calendars import load_calendar
from config.provinces import load_localities, load_offices, load_plan
from dossier_engine.commands.activate import activate
from dossier_engine.commands.adopt import (
    Body,
    Recognised,
    Unit,
    adopt_plan,
    adopt_territory,
    import_recognitions,
    note_calendar,
)
from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.end_appointment import EndAppointment, end_appointment
from dossier_engine.commands.escalations import Answer, Difficulty, answer, raise_difficulty
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.commands.sweep import Swept, sweep
from dossier_engine.demonstration.evidence import papers
from dossier_engine.records import dossiers
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import Law
from dossier_engine.rules.requirements import Value
from dossier_engine.rules.workflow import Confirmation, Requirement, SectorConfirmations
from workflows.loader import load, packaged

SETUP = Act(person="system:setup", channel="test")
SHA = "ab" * 32
CAM_HUNG = "10894"  # Xã Cẩm Hưng, huyện Cẩm Giàng
LUONG_DIEN = "10924"  # Xã Lương Điền, huyện Cẩm Giàng


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of that hour in Hải Dương."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)


@cache
def the_law() -> Law:
    """Every packaged definition, active, with the real calendar."""
    workflows = [load(content, name) for name, content in packaged()]
    return Law({w.sha256: w for w in workflows}, {w.name: w.sha256 for w in workflows}, load_calendar())


def the_units() -> list[Unit]:
    """Hải Dương's localities."""
    return [
        Unit(r.code, r.kind, r.name, r.parent or "", r.abbr or "", r.valid_from, r.valid_to)
        for r in load_localities("hai_duong")
    ]


def the_bodies() -> list[Body]:
    """Hải Dương's offices."""
    return [Body(r.code, r.kind, r.name_vi, r.name_en, r.locality, r.criteria) for r in load_offices("hai_duong")]


# Who acts in the cases: a handle for a role in an office. Sector departments get a person each, by their code.
CAST = {
    "xa": ("commune_officer", f"ubnd-xa-{CAM_HUNG}"),
    "xa2": ("commune_officer", f"ubnd-xa-{LUONG_DIEN}"),
    "huyen": ("district_reviewer", "ubnd-huyen-295"),
    "huyen2": ("district_reviewer", "ubnd-huyen-291"),
    "mattran": ("front_surveyor", "mttq-huyen-295"),
    "so": ("dard_appraiser", "so-nong-nghiep-va-ptnt"),
    "vanthu": ("decision_clerk", "ubnd-tinh"),
    "bcd": ("steering_committee", "ban-chi-dao-tinh"),
    "thanhtra": ("auditor", "thanh-tra-tinh"),
    "quantri": ("administrator", "bo-phan-cong-nghe-thong-tin"),
}


@dataclass
class Province:
    """A database with Hải Dương adopted and the cast appointed from 2024-01-01 on."""

    database: Database
    people: dict[str, str]
    law: Law
    rng: random.Random

    def act(self, handle: str, **asked: object) -> Act:
        """An act by the person of that handle."""
        return Act(person=self.people[handle], channel="test", **asked)  # type: ignore[arg-type]

    @contextmanager
    def writing(self, *, commit: bool = True) -> Iterator[Session]:
        """One transaction."""
        with self.database.writing(commit=commit) as session:
            yield session

    def register(self, handle: str = "xa", subject: str = CAM_HUNG, *, on: str = "2024-04-15",
                 workflow: str = "commune-advanced", year: int = 2024, key: str | None = None) -> Receipt:  # fmt: skip
        """A registration, committed."""
        order = Register(workflow=workflow, subject=subject, target_year=year, act=self.act(handle, key=key))
        with self.writing() as session:
            return register(session, self.law, order, now=at(on), rng=self.rng)

    def record(self, code: str, handle: str, requirement: str, items: dict[str, Value], *, on: str,
               **asked: object) -> Receipt:  # fmt: skip
        """One record, committed."""
        order = Record(dossier=code, requirement=requirement, items=items, act=self.act(handle, **asked))
        with self.writing() as session:
            return record(session, self.law, order, now=at(on), rng=self.rng)

    def advance(self, code: str, handle: str, transition: str, *, on: str, reason: str = "đủ điều kiện",
                supplements: tuple[Supplement, ...] = (), successor: str | None = None,
                **asked: object) -> Receipt:  # fmt: skip
        """One transition, committed."""
        order = Advance(
            dossier=code, transition=transition, act=self.act(handle, reason=reason, **asked), supplements=supplements,
            successor=successor,
        )  # fmt: skip
        with self.writing() as session:
            return advance(session, self.law, order, now=at(on), rng=self.rng)

    def pause(self, code: str, handle: str, *, on: str, reason: str = "chờ sắp xếp", **asked: object) -> Receipt:
        """The clock stopped, committed."""
        order = Clock(dossier=code, act=self.act(handle, reason=reason, **asked))
        with self.writing() as session:
            return pause(session, self.law, order, now=at(on), rng=self.rng)

    def resume(self, code: str, handle: str, *, on: str, reason: str = "đã sắp xếp", **asked: object) -> Receipt:
        """The clock running again, committed."""
        order = Clock(dossier=code, act=self.act(handle, reason=reason, **asked))
        with self.writing() as session:
            return resume(session, self.law, order, now=at(on), rng=self.rng)

    def extend(self, code: str, handle: str, until: str, *, on: str, deadline: str | None = None, number: str = "12/CV",
               dated: str | None = None, reason: str = "mưa bão", **asked: object) -> Receipt:  # fmt: skip
        """A later date for a deadline, committed; the approval is dated `on` unless said otherwise."""
        order = Extend(
            dossier=code, until=date.fromisoformat(until), number=number, dated=date.fromisoformat(dated or on),
            act=self.act(handle, reason=reason, **asked), key=deadline,
        )  # fmt: skip
        with self.writing() as session:
            return extend(session, self.law, order, now=at(on), rng=self.rng)

    def sweep(self, on: str, hour: int = 7, minute: int = 0) -> Swept:
        """One sweep, committed."""
        with self.writing() as session:
            return sweep(session, self.law, now=at(on, hour, minute), rng=self.rng)

    def difficulty(self, code: str, handle: str, *, on: str, hour: int = 9, reason: str = "thiếu hướng dẫn",
                   **asked: object) -> Receipt:  # fmt: skip
        """A difficulty raised by hand, committed."""
        order = Difficulty(dossier=code, act=self.act(handle, reason=reason, **asked))
        with self.writing() as session:
            return raise_difficulty(session, self.law, order, now=at(on, hour), rng=self.rng)

    def answer(self, code: str, handle: str, *, on: str, number: str = "9/BCĐ", dated: str | None = None,
               seq: int | None = None, until: str | None = None, deadline: str | None = None,
               reason: str = "cho gia hạn", **asked: object) -> Receipt:  # fmt: skip
        """An escalation answered, committed; the document is dated `on` unless said otherwise."""
        order = Answer(
            dossier=code, number=number, dated=date.fromisoformat(dated or on), seq=seq,
            until=date.fromisoformat(until) if until else None, deadline=deadline,
            act=self.act(handle, reason=reason, **asked),
        )  # fmt: skip
        with self.writing() as session:
            return answer(session, self.law, order, now=at(on), rng=self.rng)

    def addressed(self, *handles: str) -> None:
        """Give these people, or everybody, a mail address, by SQL: their handle at example.vn."""
        person = TABLES["person"]
        with self.writing() as session:
            for handle in handles or self.people:
                mail = update(person).where(person.c.id == self.people[handle]).values(email=f"{handle}@example.vn")
                session.connection().execute(mail)

    def appoint(self, handle: str, role: str, office: str, *, since: str = "2024-01-01", until: str | None = None,
                instead_of: str | None = None, head: bool = False, on: str = "2024-01-02") -> None:  # fmt: skip
        """One appointment, committed, of a person who is added if need be; `instead_of` is who is stood in for."""
        now = at(on)
        with self.writing() as session:
            if handle not in self.people:
                self.people[handle] = add_person(session, handle, f"{handle} (minh họa)", SETUP, now=now, rng=self.rng)
            order = Appoint(
                person=self.people[handle], role=role, office=office, valid_from=date.fromisoformat(since),
                valid_to=date.fromisoformat(until) if until else None, act=SETUP,
                on_behalf_of=self.people[instead_of] if instead_of else None, head=head,
            )  # fmt: skip
            appoint(session, order, now=now, rng=self.rng)

    def end(self, handle: str, role: str, office: str, *, on: str, hour: int = 9, since: str = "2024-01-01",
            last: str | None = None, instead_of: str | None = None, by: str = "quantri",
            **asked: object) -> list[str]:  # fmt: skip
        """One appointment ended, committed, at once or after the day `last`; whose delegations ended with it."""
        order = EndAppointment(
            person=self.people[handle], role=role, office=office, valid_from=date.fromisoformat(since),
            on_behalf_of=self.people[instead_of] if instead_of else None,
            last_day=date.fromisoformat(last) if last else None, act=self.act(by, **asked),
        )  # fmt: skip
        handles = {person: handle for handle, person in self.people.items()}
        with self.writing() as session:
            return [handles[p] for p in end_appointment(session, order, now=at(on, hour), rng=self.rng)]

    def recognised(self, level: str, *units: tuple[str, str]) -> None:
        """Recognitions of 2022, imported; a unit is its code and its name."""
        found = [Recognised(n, code, name, level, 2022, "QĐ 1/QĐ-UBND") for n, (code, name) in enumerate(units, 2)]
        with self.writing() as session:
            import_recognitions(session, "r.csv", found, SETUP, now=at("2024-03-01"), rng=self.rng)

    def bring(self, code: str, transition: str, *, on: str, since: str, skip: tuple[str, ...] = ()) -> None:
        """Record on day `on` all that `transition` asks, by whoever records it, except the requirements in `skip`."""
        with self.database.reading() as session:
            row = dossiers.read(session.connection(), code)
            offices = dossiers.confirming_offices(session.connection(), row.territory)
        workflow = self.law.workflows[row.definition]
        for requirement in workflow.transitions[transition].requires:
            if requirement.key in skip:
                continue
            made = papers(
                requirement, on=date.fromisoformat(on), since=date.fromisoformat(since), criteria=workflow.criteria,
                offices=offices,
            )  # fmt: skip
            for items in made:
                handle = _recorder(requirement, workflow.transitions[transition].by[0], items)
                self.record(code, handle, requirement.key, dict(items), on=on)


def with_calendar(province: Province) -> Province:
    """The province, with the calendar that it counts dates by in its history and in use."""
    calendar = province.law.calendar
    with province.writing() as session:
        note_calendar(session, calendar, SETUP, now=at("2024-01-02"), rng=province.rng)
        row = {"one": 1, "demonstration": False, "calendar": calendar.version}
        session.connection().execute(insert(TABLES["installation"]), row)
    return province


def adopted_plan(province: Province) -> None:
    """The plan of 2024, adopted."""
    plan = load_plan("hai_duong", 2024)
    with province.writing() as session:
        adopt_plan(session, plan.province, plan.year, plan_content(plan), SETUP, now=at("2024-04-01"), rng=province.rng)


_BY_ROLE = {"commune_officer": "xa", "district_officer": "lap-ho-so", "district_reviewer": "huyen",
            "front_surveyor": "mattran", "dard_appraiser": "so", "decision_clerk": "vanthu"}  # fmt: skip


def _recorder(requirement: Requirement, role: str, items: object) -> str:
    if isinstance(requirement, SectorConfirmations | Confirmation):
        return str(next(iter(items)))  # type: ignore[call-overload]
    return _BY_ROLE[requirement.by or role]


def a_province(database: Database, *, seed: int = 1) -> Province:
    """Adopt Hải Dương in a migrated database, activate the packaged definitions, appoint the cast."""
    rng = random.Random(seed)
    people: dict[str, str] = {}
    now = at("2024-01-02")
    sectors = {b.code: ("sector_confirmer", b.code) for b in the_bodies() if b.criteria or b.kind == "sector"}
    with database.writing() as session:
        adopt_territory(session, the_units(), the_bodies(), SETUP, now=now, rng=rng)
        for name, content in packaged():
            activate(session, load(content, name), content, SETUP, now=now, rng=rng)
        for handle, (role, office) in (CAST | sectors).items():
            people[handle] = add_person(session, handle, f"{handle} (minh họa)", SETUP, now=now, rng=rng)
            order = Appoint(
                person=people[handle], role=role, office=office, valid_from=date(2024, 1, 1), valid_to=None, act=SETUP
            )
            appoint(session, order, now=now, rng=rng)
    return Province(database, people, the_law(), rng)
