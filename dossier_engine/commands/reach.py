"""Whose accounts an administrator may see to."""

from datetime import datetime

from sqlalchemy import Connection

from dossier_engine.commands.desk import SYSTEM, Act
from dossier_engine.errors import AppointmentExpired, NotAllowed
from dossier_engine.records import access, dossiers
from dossier_engine.rules.authority import standing
from dossier_engine.rules.law import legal_day

_ADMINISTRATOR = "administrator"


def check_reach(conn: Connection, act: Act, person: str, verb: str, *, now: datetime) -> None:
    """Let pass an administrator whose territory holds one of the person's offices, or any if they have none.

    Machines pass as well; no face lets a person take the name of one. Raises NotAllowed or AppointmentExpired.
    """
    if act.person.startswith(SYSTEM):
        return
    today = legal_day(now)
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    own = [a.office_path for a in appointments if a.role == _ADMINISTRATOR]
    refusal: NotAllowed | AppointmentExpired = NotAllowed(act.person, verb, (_ADMINISTRATOR,))
    for territory in access.seats_from(conn, person, today) or own:
        try:
            standing(
                appointments, person=act.person, act=verb, roles=(_ADMINISTRATOR,), territory=territory, on=today
            )  # fmt: skip
        except (NotAllowed, AppointmentExpired) as error:
            refusal = error
        else:
            return
    raise refusal
