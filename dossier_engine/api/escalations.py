"""What somebody else must see to: difficulties, escalations and their answers, incidents."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from dossier_engine.api.call import Doing, Here, Key, Looking, Version
from dossier_engine.api.receipts import Done, done
from dossier_engine.api.shapes import Answered, Day, Given, Instant, Labelled, Line, Number, Prose, answered
from dossier_engine.commands.escalations import Answer, Difficulty, answer, raise_difficulty
from dossier_engine.commands.incidents import close_incident
from dossier_engine.queries import reminders
from dossier_engine.rules.codes import read_code
from dossier_engine.shown.reminders import escalation, incident

router = APIRouter(tags=["escalations"])


class Escalation(Answered):
    """An escalation that waits for its answer; `escalation` is the entry that opened it."""

    code: str
    escalation: int
    cause: Labelled[str]
    addressee: Labelled[str]
    opened_at: Instant
    answer_by: Day | None


class Incident(Answered):
    """Something the engine could not do by itself; open while it has no `reason`."""

    incident: str
    kind: Labelled[str]
    about: str
    count: int
    first_at: Instant
    last_at: Instant
    reason: str | None


class Closed(Answered):
    """An incident that nobody needs to see to any more."""

    closed: str


class Raised(Given):
    """What hinders, for whom the definition names."""

    reason: Prose = Field(examples=["Chưa có hướng dẫn của bộ về tiêu chí 13"])
    effective_on: Day | None = None


class Opinion(Given):
    """The opinion, the document that gives it, and perhaps a new last day for a deadline (the state's own)."""

    reason: Prose
    number: Line = Field(examples=["9/BCĐ-VP"])
    date: Day = Field(examples=["2024-07-22"])
    until: Day | None = None
    deadline: Line | None = None
    effective_on: Day | None = None


class Seen(Given):
    """How the incident was seen to."""

    reason: Prose = Field(examples=["Đã phân công người"])


@router.get("/escalations")
def list_escalations(call: Here) -> list[Escalation]:
    """The escalations in your scope that wait for an answer, the longest open first."""

    def question(looking: Looking) -> list[Escalation]:
        found = reminders.escalations(looking.session, looking.scope)
        return [Escalation(**answered(escalation(looking.words, one))) for one in found]

    return call.look(question)


@router.post("/dossiers/{code}/difficulties", status_code=201)
def raise_one(call: Here, code: str, key: Key, version: Version, given: Raised) -> Done:
    """Bring a difficulty before whoever the definition names."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Difficulty(dossier=read_code(code), act=doing.act)
        return doing.receipt(raise_difficulty(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))


@router.post("/dossiers/{code}/escalations/{seq}/answer", status_code=201)
def answer_one(call: Here, code: str, seq: Number, key: Key, version: Version, given: Opinion) -> Done:
    """Answer an escalation, which closes it."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Answer(
            dossier=read_code(code), number=given.number, dated=given.date, act=doing.act, seq=seq, until=given.until,
            deadline=given.deadline,
        )  # fmt: skip
        return doing.receipt(answer(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))


@router.get("/incidents")
def list_incidents(call: Here, closed: bool = False) -> list[Incident]:
    """The open incidents in your scope, the newest first; with `closed` those that were seen to as well."""

    def question(looking: Looking) -> list[Incident]:
        rows = [
            incident(looking.words, row) for row in reminders.incidents(looking.session, looking.scope, closed=closed)
        ]
        return [Incident(**answered(row | {"incident": str(row["incident"])})) for row in rows]

    return call.look(question)


@router.post("/incidents/{key}/close")
def close(call: Here, key: Number, given: Seen) -> Closed:
    """Say how an incident was seen to; nobody is reminded of it any more."""
    call.change(lambda doing: close_incident(doing.session, key, doing.act, now=doing.now), reason=given.reason)
    return Closed(closed=str(key))
