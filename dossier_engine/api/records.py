"""What requirements look at: what a dossier's state asks for, recording it, and the results of its criteria."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field, StrictInt

from dossier_engine.api.call import Doing, Here, Key, Version
from dossier_engine.api.receipts import Done, done
from dossier_engine.api.shapes import Answered, Day, Given, Labelled, Line, Prose, answered
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.record import Record, record
from dossier_engine.errors import NotFound
from dossier_engine.queries.possibilities import asked_now, fitting
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.workflow import Criteria
from dossier_engine.shown import recorded

router = APIRouter(prefix="/dossiers/{code}", tags=["records"])

_EXACT = 2**53 - 1  # the largest whole number that every reader of JSON keeps as it is
Count = Annotated[StrictInt, Field(ge=-_EXACT, le=_EXACT)]
Fields = Annotated[dict[Line, Count | Line], Field(min_length=1, max_length=20)]


class Item(Answered):
    """What was recorded for one item, and the entry that did."""

    value: dict[str, str | int]
    seq: int


class Requirement(Answered):
    """One thing the present state asks for; `lacking` is null when it is met, `status` says how sure its source is."""

    key: str
    label: str
    by: Labelled[list[str]]
    items: dict[str, Item]
    lacking: Labelled[str | None]
    status: Labelled[str]
    source: str | None


class Criterion(Answered):
    """A criterion and the result that stands for it, recorded by entry `seq` for `requirement`."""

    number: str
    label: str
    result: Labelled[str | None]
    requirement: str | None
    seq: int | None
    status: Labelled[str]
    source: str | None


class Recording(Given):
    """Items of one requirement; one that was recorded before is replaced, and both stay in history."""

    requirement: Line = Field(examples=["commune_vote"])
    items: dict[Line, Fields] = Field(
        min_length=1, max_length=500, examples=[{"vote": {"agree": 19, "present": 20, "members": 21}}]
    )
    reason: Prose | None = None
    effective_on: Day | None = None


class Result(Given):
    """Whether a criterion is met."""

    result: Literal["met", "not_met"] = Field(examples=["met"])
    reason: Prose | None = None
    effective_on: Day | None = None


@router.get("/requirements")
def requirements(call: Here, code: str) -> list[Requirement]:
    """Everything the present state asks for: what is recorded for it and what is lacking."""
    return call.look(
        lambda looking: [
            Requirement(**answered(row))
            for row in recorded.requirements(looking.words, looking.session, looking.line(code), today=looking.today)
        ]
    )


@router.post("/records", status_code=201)
def record_items(call: Here, code: str, key: Key, version: Version, given: Recording) -> Done:
    """Record documents, results, postings, votes, surveys, confirmations or a receipt."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Record(dossier=read_code(code), requirement=given.requirement, items=given.items, act=doing.act)
        return doing.receipt(record(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))


@router.get("/criteria")
def criteria(call: Here, code: str) -> list[Criterion]:
    """The criteria, each with its result: of what the state asks for, or else the last one recorded."""
    return call.look(
        lambda looking: [
            Criterion(**answered(row)) for row in recorded.criteria(looking.words, looking.session, looking.line(code))
        ]
    )


@router.put("/criteria/{number}")
def set_criterion(call: Here, code: str, number: str, key: Key, version: Version, given: Result) -> Done:
    """Record the result of one criterion, for the one requirement of the kind that the state asks for."""

    def work(doing: Doing) -> dict[str, Any]:
        return doing.receipt(record_result(doing, read_code(code), number, given.result))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))


def record_result(doing: Doing, dossier: str, number: str, result: str) -> Receipt:
    """Record whether a criterion is met, at every face. Raises NotFound, BadInput and what `record` raises."""
    workflow, asked = asked_now(doing.session, doing.law, dossier, person=doing.act.person)
    if number not in {criterion.number for criterion in workflow.criteria.criteria}:
        raise NotFound("criterion", number)
    requirement = fitting(asked, (Criteria,), (number,))
    order = Record(dossier=dossier, requirement=requirement, items={number: {"result": result}}, act=doing.act)
    return record(doing.session, doing.law, order, now=doing.now, rng=doing.rng)
