"""The tables that several commands show: what can be done next, what is due, what happened."""

from typing import TYPE_CHECKING

from dossier_engine.cli.output import Rows, Words
from dossier_engine.queries.registers import person_id
from dossier_engine.queries.signed import newest_note
from dossier_engine.shown import dossiers

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.call import Call
    from dossier_engine.queries.worklist import Line
    from dossier_engine.rules.law import Law


def actions(call: "Call", session: "Session", law: "Law", line: "Line") -> Rows:
    """Every way out of the present state: whether it is open, and in words why not, to the person who asks."""
    person = person_id(session, call.person) if call.person else None
    columns = ("transition", "label", "to", "by", "possible", "lacking")
    return Rows(columns, dossiers.actions(call.words, session, law, line, person=person, today=call.today))


def deadlines(call: "Call", session: "Session", law: "Law", line: "Line") -> Rows:
    """The deadlines of the present stage, each with its limit and how sure that is."""
    columns = ("key", "label", "due_on", "days_left", "limit", "met_on", "status")
    return Rows(columns, dossiers.deadlines(call.words, session, law, line, today=call.today))


def history(call: "Call", session: "Session", line: "Line") -> Rows:
    """Every entry, oldest first, with names and words where they were not erased."""
    columns = ("seq", "recorded_at", "who", "office", "act", "words", "leaf")
    return Rows(columns, dossiers.history(call.words, session, line))


def newest_checkpoint(call: "Call", session: "Session") -> list[Words]:
    """What stands below every printed history: the newest signed statement about the log, a witness on paper."""
    note = newest_note(session)
    return [] if note is None else [Words(f"{call.words.say('say.checkpoint')}\n{note.partition(chr(10) * 2)[0]}")]
