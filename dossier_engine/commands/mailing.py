"""Writes the mails of claimed deliveries from their notices, as things stand when they are claimed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from dossier_engine.commands.desk import stream_of
from dossier_engine.letters import packaged
from dossier_engine.letters.compose import Mail, compose
from dossier_engine.letters.items import Matter, Reader, item
from dossier_engine.letters.week import mail, sheet
from dossier_engine.records import mails, weeks
from dossier_engine.rules.authority import OFFICE_KINDS
from dossier_engine.rules.law import Law
from dossier_engine.rules.seats import seat_of

_NEWS = ("raised", "answered")  # what somebody said is the point of these


def written(conn: Connection, law: Law, deliveries: Mapping[int, str], reader: Reader) -> dict[int, Mail | None]:
    """The mail of each delivery (a key, and the name of the person it goes to); None where nothing is left to say."""
    found = mails.notices(conn, deliveries.keys())
    matters = _matters(conn, law, [row for rows in found.values() for row in rows])
    wordings = {**packaged(reader.language), **mails.wordings(conn, reader.language)}
    letters: dict[int, Mail | None] = {}
    for key, name in deliveries.items():
        items = [item(matter, law.workflows[matter.definition], reader) for matter in matters.get(key, ())]
        letters[key] = (
            compose(name, items, wordings, language=reader.language, base_url=reader.base_url)
            if any(one.holds for one in items)
            else None
        )
    return letters


def of_weeks(conn: Connection, deliveries: Mapping[int, int], reader: Reader) -> dict[int, Mail | None]:
    """The mail of each delivery (a key, and that of the weekly page it carries)."""
    pages = weeks.by_key(conn, set(deliveries.values()))
    return {key: _week_mail(conn, pages[page], reader) for key, page in deliveries.items()}


def _week_mail(conn: Connection, page: Row[Any], reader: Reader) -> Mail:
    made = sheet(page.content, (page.name_vi, page.name_en), weeks.said(conn, page.content), reader.language)
    return mail(made, reader.language, f"{reader.base_url}/tuan/{page.link}" if reader.base_url else None)


def _matters(conn: Connection, law: Law, rows: Sequence[Row[Any]]) -> dict[int, list[Matter]]:
    ids = {row.id for row in rows}
    waiting, reminded = mails.escalations(conn, ids), mails.reminders_sent(conn, ids)
    said = mails.reasons(conn, {(stream_of(row.code), row.due_version) for row in rows if row.rung in _NEWS})
    seats = {row: _seat(law, row) for row in rows}
    names = mails.offices(conn, set(seats.values()))
    found: dict[int, list[Matter]] = {}
    for row in rows:
        open_one = _waiting(row, waiting.get((row.id, row.stage_seq), ()))
        vi, en = names.get(seats[row], (None, None))
        matter = Matter(
            key=row.key, rung=row.rung, kind=row.kind, stage_seq=row.stage_seq, code=row.code, state=row.state,
            now_stage_seq=row.now_stage_seq, definition=row.definition, is_paused=row.paused_on is not None,
            locality=row.locality_name, district=row.district_name, holder_vi=vi, holder_en=en,
            due_on=row.due_on or row.stage_due_on, is_met=row.met_on is not None, is_waiting=open_one is not None,
            answer_by=open_one.answer_by if open_one is not None else None,
            reminded=reminded.get((row.id, row.stage_seq), 0),
            words=said.get((stream_of(row.code), row.due_version)),
        )  # fmt: skip
        found.setdefault(row.delivery, []).append(matter)
    return found


def _seat(law: Law, row: Row[Any]) -> tuple[str, str]:
    """The kind and the path of the office that must act on what the notice tells of."""
    seat = seat_of(law.workflows[row.definition], row, row.key, "holder")
    return OFFICE_KINDS[seat.role][0], seat.path


def _waiting(row: Row[Any], escalations: Iterable[Row[Any]]) -> Row[Any] | None:
    """The escalation that the notice tells of, if it waits for its answer."""
    if row.kind == "remind":
        return None
    return next((e for e in escalations if row.key == f"escalation/{e.seq}" or _by_the_machine(row, e)), None)


def _by_the_machine(row: Row[Any], escalation: Row[Any]) -> bool:
    return escalation.cause != "raised" and not row.key.startswith("escalation/")
