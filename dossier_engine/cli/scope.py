"""What somebody at a terminal may see, and the dossier they mean."""

from typing import TYPE_CHECKING

from dossier_engine.cli.call import Call
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.queries.worklist import Line
    from dossier_engine.records.scope import Scope
    from dossier_engine.rules.law import Law


def scope(call: Call, session: "Session") -> "Scope":
    """What the person named by `--as` may see; the owner of the machine, naming nobody, sees everything."""
    from dossier_engine.queries.registers import person_id
    from dossier_engine.records.scope import EVERYTHING, scope_of

    if call.person is None:
        return EVERYTHING
    return scope_of(session.connection(), person_id(session, call.person), call.today)


def line_of(call: Call, session: "Session", law: "Law", typed: str) -> "Line":
    """The dossier meant by `typed`, in scope. Raises BadInput or NotFound."""
    from dossier_engine.queries.worklist import one

    return one(session, law, scope(call, session), read_code(typed), today=call.today)
