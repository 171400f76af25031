"""Keeps the page of a week for a steering committee, and mails it to everybody who sits there."""

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.commands.telling import GATHERING
from dossier_engine.records import deliveries, reminders, weeks
from dossier_engine.rules.entry import Json
from dossier_engine.rules.ladder import TOP, morning_of
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.tokens import new_secret
from dossier_engine.rules.weeks import Week

WEEK = "week/"
"""What the topics of the mails that carry one begin with."""


def keep_week(
    session: Session, office: Row[Any], week: Week, content: Mapping[str, Json], *, now: datetime, rng: random.Random
) -> int | None:
    """Keep `content` as the committee's page of the week, in the caller's transaction; the face commits.

    How many mails carry it; None where somebody else has kept one meanwhile. A committee in which nobody sits, or a
    member without an address, is an incident.
    """
    conn = session.connection()
    key = rng.getrandbits(62)
    page = {
        "id": key, "office": office.code, "week": week.name, "made_at": now, "link": new_secret(rng),
        "content": dict(content),
    }  # fmt: skip
    if not weeks.add(conn, page):
        return None
    return _mailed(conn, office, key, now, rng)


def _mailed(conn: Connection, office: Row[Any], key: int, now: datetime, rng: random.Random) -> int:
    there = reminders.seated(conn, {office.path}, legal_day(now)).get(office.path, ())
    members = {one.person: one.email for one in there if one.office == office.code and one.role == TOP}
    troubles = [
        reminders.incident("no_address", person, office.path, {"person": person}, now, rng)
        for person, email in members.items() if email is None
    ]  # fmt: skip
    if not members:
        facts = {"role": TOP, "head": False, "office": office.code, "path": office.path}
        troubles.append(reminders.incident("nobody_appointed", f"{TOP} {office.path}", office.path, facts, now, rng))
    reminders.report(conn, troubles)
    mail = {
        "channel": "mail", "topic": f"{WEEK}{key}", "kind": "week", "status": "waiting", "attempts": 0,
        "available_at": max(morning_of(legal_day(now)), now + GATHERING), "created_at": now,
    }  # fmt: skip
    reached = [person for person, email in members.items() if email is not None]
    return deliveries.add(conn, [{**mail, "id": rng.getrandbits(62), "recipient": person} for person in reached])


def page_of(topic: str) -> int:
    """The key of the page that a delivery of this topic carries."""
    return int(topic.removeprefix(WEEK))
