"""Puts what a province brings, and the packaged definitions, into a database; safe to repeat."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from config.calendars import load_calendar
from config.provinces import PlanRow, load_localities, load_offices, load_plan
from dossier_engine.commands.activate import activate
from dossier_engine.commands.adopt import Body, Unit, adopt_plan, adopt_territory, note_calendar
from dossier_engine.commands.desk import Act
from dossier_engine.records import installation
from dossier_engine.rules.entry import Json
from dossier_engine.rules.pace import Pace
from workflows.loader import load, packaged

PROVINCE = "hai_duong"
PLAN_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Adopted:
    """How much was new: localities and offices together, and definitions activated."""

    territory: int
    definitions: int


def adopt_province(
    session: Session, act: Act, *, now: datetime, rng: random.Random, pace: Pace | None = None
) -> Adopted:
    """Adopt Hải Dương's localities, offices and plan, activate the packaged definitions, note the calendar.

    `pace` marks a new database as a demonstration, and is its clock. The face commits.
    """
    units = [
        Unit(r.code, r.kind, r.name, r.parent or "", r.abbr or "", r.valid_from, r.valid_to)
        for r in load_localities(PROVINCE)
    ]
    bodies = [Body(r.code, r.kind, r.name_vi, r.name_en, r.locality, r.criteria) for r in load_offices(PROVINCE)]
    territory = adopt_territory(session, units, bodies, act, now=now, rng=rng)
    plan = load_plan(PROVINCE, PLAN_YEAR)
    adopt_plan(session, plan.province, plan.year, plan_content(plan), act, now=now, rng=rng)
    definitions = sum(
        activate(session, load(content, name), content, act, now=now, rng=rng) for name, content in packaged()
    )
    if installation.about(session.connection()) is None:
        calendar = load_calendar()
        note_calendar(session, calendar, act, now=now, rng=rng)
        installation.found(session.connection(), calendar.version, pace)
    return Adopted(territory, definitions)


def plan_content(plan: PlanRow) -> Mapping[str, Json]:
    """A plan as it is stored: targets and obligations with labels in both languages."""
    targets: list[Json] = []
    for target in plan.targets:
        row = asdict(target)
        row["label"] = {"vi": row.pop("label_vi"), "en": row.pop("label_en")}
        targets.append(row)
    obligations: list[Json] = [
        asdict(o) | {"before": o.before.isoformat() if o.before else None} for o in plan.obligations
    ]
    return {
        "number": plan.number,
        "number_note": plan.number_note,
        "title": {"vi": plan.title_vi, "en": plan.title_en},
        "targets": targets,
        "obligations": obligations,
    }
