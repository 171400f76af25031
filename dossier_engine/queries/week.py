"""What the page of a week tells a steering committee: the plan, who is late, what waits for its word.

It is counted once and kept, so it holds both languages and nothing that is looked up later, but for the words of
people, which can be erased: of an answer it keeps where they stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.queries.listing import Filter, Order, by_code, count, listing
from dossier_engine.queries.registers import plan_years, progress
from dossier_engine.queries.reminders import escalations
from dossier_engine.queries.standing import Group, against, district_names, standing
from dossier_engine.queries.worklist import Line
from dossier_engine.records import log, weeks
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, instant, parse
from dossier_engine.rules.ladder import TOP
from dossier_engine.rules.law import Law, legal_day, opening_of
from dossier_engine.rules.merkle import verify_consistency
from dossier_engine.rules.weeks import Week

# As many as one page of A4 holds; how many more there are is told.
MOST_DISTRICTS, MOST_LATE, MOST_WAITING, MOST_ANSWERED = 14, 6, 10, 3

LINKED = timedelta(days=60)
"""How long a link in a mail opens its page to whoever holds it."""

_DOSSIER, _ESCALATION, _HISTORY = TABLES["dossier"], TABLES["escalation"], TABLES["history"]
_LATE = Filter(urgencies=("overdue",), is_open=True)
_ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was kept, and the words of the answers it tells of.

    `is_in_log` is whether the log of now begins with the one whose head the page shows; None where nobody can tell,
    because nothing was in the log then, or it was begun anew.
    """

    week: str
    office: str
    office_vi: str
    office_en: str
    content: Mapping[str, Any]
    said: Mapping[tuple[str, int], str]
    is_in_log: bool | None


def pages(session: Session, scope: Scope) -> list[tuple[str, str]]:
    """The pages (week, committee) of committees whose whole territory is in scope, the newest first."""
    return [(row.week, row.office) for row in weeks.pages(session.connection()) if scope.covers(row.path)]


def page(session: Session, scope: Scope, office: str, week: str) -> Page:
    """One of these pages. Raises NotFound naming some that there are."""
    found = weeks.page(session.connection(), office, week)
    if found is None or not scope.covers(found.path):
        raise NotFound("week", week, [name for name, of in pages(session, scope) if of == office][:3])
    return _read(session, found)


def linked(session: Session, link: str, *, now: datetime) -> Page:
    """The page that a link in a mail opens, for `LINKED` days. Raises NotFound."""
    found = weeks.linked(session.connection(), link, now - LINKED)
    if found is None:
        raise NotFound("week", link)
    return _read(session, found)


def _read(session: Session, row: Row[Any]) -> Page:
    conn = session.connection()
    return Page(
        row.week, row.office, row.name_vi, row.name_en, row.content, weeks.said(conn, row.content),
        _is_in_log(conn, row.content["log"]),
    )  # fmt: skip


def _is_in_log(conn: Connection, head: Mapping[str, Any] | None) -> bool | None:
    state = log.state(conn)
    if head is None or state is None or head["origin"] != state.origin:
        return None
    if head["size"] > state.size:
        return False
    proof = log.growth(conn, head["size"], state.size)
    return verify_consistency(head["size"], bytes.fromhex(head["root"]), state.size, state.root, proof)


def content(session: Session, law: Law, office: Row[Any], week: Week, *, now: datetime) -> dict[str, Json]:
    """The page of `week` for the committee `office` as things stand at `now`."""
    scope, today = Scope((office.path,)), legal_day(now)
    since = opening_of(week.monday - _ONE_WEEK)
    groups = _groups(session, scope, today)
    previous = weeks.newest(session.connection(), office.code)
    counted: dict[str, Json] = {
        "at": instant(now),
        "week": week.name,
        "monday": week.monday.isoformat(),
        "sunday": week.sunday.isoformat(),
        "targets": _targets(session, law, scope, groups, today),
        "late": count(session, law, scope, _LATE, today=today),
        "falls_due": count(
            session, law, scope, Filter(is_open=True, due_from=today, due_to=week.sunday), today=today
        ),
        "districts": _districts(session, law, groups),
        "overdue": _overdue(session, law, scope, today),
        **_asked(session, law, scope, today),
        "answered": _answered(session, law, scope, since, today),
        "log": _head(session),
    }  # fmt: skip
    return {**counted, "before": _before(previous)}


def _groups(session: Session, scope: Scope, today: date) -> list[Group]:
    year = _year(session, today)
    return standing(session, year, scope, today=today) if year is not None else []


def _year(session: Session, today: date) -> int | None:
    """The year of the plan that the page is about: this year's, or else the last one before it."""
    return max((year for year in plan_years(session) if year <= today.year), default=None)


def _targets(session: Session, law: Law, scope: Scope, groups: Sequence[Group], today: date) -> Json:
    year = _year(session, today)
    if year is None:
        return []
    found: list[Json] = []
    for target in progress(session, year, scope).content["targets"]:
        name = f"{target['subject']}-{target['level']}"
        workflow = law.workflows.get(law.active.get(name, ""))
        if workflow is None:
            continue
        milestone = target["milestone"]
        of = [group for group in groups if group.workflow == name]
        stands = against(of, workflow.reaching(milestone), workflow.short_of(milestone))
        found.append(
            {
                "label": target["label"], "planned": target["count"], "year": year, "done": stands.done,
                "under_way": stands.under_way, "late": stands.late,
            }
        )  # fmt: skip
    return found


def _districts(session: Session, law: Law, groups: Sequence[Group]) -> Json:
    """Who is how far in each district; those with most that is late first where there is no room for all."""
    names = district_names(session, {group.district for group in groups if group.district is not None})
    found: list[dict[str, Any]] = []
    for code, name in names.items():
        of = [group for group in groups if group.district == code]
        final = {key for workflow in law.workflows.values() for key, state in workflow.states.items() if state.final}
        late = sum(group.late for group in of)
        open_ones = sum(group.dossiers for group in of if group.state not in final)
        ended = sum(group.dossiers for group in of if group.state in final)
        found.append({"name": name, "done": ended, "under_way": open_ones - late, "late": late})
    kept = sorted(found, key=lambda one: -one["late"])[:MOST_DISTRICTS]
    return [one for one in found if one in kept]


def _overdue(session: Session, law: Law, scope: Scope, today: date) -> Json:
    """What has been late longest, and who holds it."""
    lines = listing(session, law, scope, _LATE, today=today, limit=MOST_LATE, order=Order("due_on"))
    return [_line(line) for line in lines]


def _asked(session: Session, law: Law, scope: Scope, today: date) -> dict[str, Json]:
    """What waits for the committee's word, and how much does."""
    waiting = [one for one in escalations(session, scope) if one.addressee == TOP]
    shown = waiting[:MOST_WAITING]
    lines = by_code(session, law, scope, {one.dossier for one in shown}, today=today)
    told: list[Json] = [
        {**_line(lines[one.dossier]), "since": legal_day(one.opened_at).isoformat(), "cause": one.cause}
        for one in shown
    ]
    return {"waiting": len(waiting), "asked": told}


def _answered(session: Session, law: Law, scope: Scope, since: datetime, today: date) -> Json:
    """The last answers of the week before, by where their words stand."""
    closing = (_HISTORY.c.stream == "dossier/" + _DOSSIER.c.code) & (_HISTORY.c.seq == _ESCALATION.c.closed_seq)
    query = (
        select(_DOSSIER.c.code, _HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.entry)
        .select_from(_ESCALATION.join(_DOSSIER, _DOSSIER.c.id == _ESCALATION.c.dossier).join(_HISTORY, closing))
        .where(_HISTORY.c.kind == "answered", _HISTORY.c.recorded_at >= since, scope.of(_DOSSIER))
        .order_by(_HISTORY.c.recorded_at.desc(), _DOSSIER.c.code)
        .limit(MOST_ANSWERED)
    )  # fmt: skip
    rows = session.execute(query).all()
    lines = by_code(session, law, scope, {row.code for row in rows}, today=today)
    found: list[Json] = []
    for row in rows:
        body: Any = parse(row.entry)["body"]
        until = body["due"][0]["on"] if body.get("due") else None
        answer = {"stream": row.stream, "seq": row.seq, "number": body["number"], "dated": body["date"], "until": until}
        found.append({**_line(lines[row.code]), **answer})
    return found


def _line(line: Line) -> dict[str, Json]:
    place = ", ".join(part for part in (line.locality, line.district) if part)
    return {
        "code": line.code,
        "place": {"vi": line.office_vi or place, "en": line.office_en or place},
        "holder": {"vi": line.holder_vi, "en": line.holder_en},
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "days_over": -line.days_left if line.days_left is not None and line.days_left < 0 else None,
    }


def _head(session: Session) -> Json:
    """Where the log stands, for whoever compares it later with what it says then."""
    state = log.state(session.connection())
    if state is None or state.size == 0:
        return None
    return {"origin": state.origin, "size": state.size, "root": state.root.hex()}


def _before(previous: Row[Any] | None) -> Json:
    """What the page before told, so that this one can say what has changed."""
    if previous is None:
        return None
    told = previous.content
    done = sum(target["done"] for target in told["targets"])
    return {"monday": told["monday"], "done": done, "late": told["late"], "waiting": told["waiting"]}
