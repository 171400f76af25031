"""The page of the week: counted and kept for every committee that has none yet, once offices have opened in it."""

import random
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.keep_week import keep_week
from dossier_engine.queries.week import content
from dossier_engine.records import weeks
from dossier_engine.rules.authority import OFFICE_KINDS
from dossier_engine.rules.ladder import TOP, fallen
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.weeks import week_of

_COMMITTEE = OFFICE_KINDS[TOP][0]


def make_pages(session: Session, law: Law, *, now: datetime, rng: random.Random) -> int:
    """Keep and mail the pages that are missing, in the caller's transaction; how many there were.

    Whoever comes late makes them late, with the figures of then; a week that nobody came in has none.
    """
    week = week_of(legal_day(now))
    opens = week.first_working_day(law.calendar)
    if opens is None or opens > fallen(now):
        return 0
    missing = weeks.without(session.connection(), _COMMITTEE, week.name)
    counted = [(office, content(session, law, office, week, now=now)) for office in missing]
    kept = [keep_week(session, office, week, found, now=now, rng=rng) for office, found in counted]
    return sum(mails is not None for mails in kept)
