"""Dossiers: the list, one of them, what can be done next, and doing it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from dossier_engine.api.call import Doing, Here, Key, Looking, Version
from dossier_engine.api.receipts import Done, Standing, done
from dossier_engine.api.shapes import (
    Answered,
    Day,
    Given,
    Labelled,
    Line,
    Number,
    Page,
    Prose,
    answered,
    cursor,
    place,
)
from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.commands.register import Register, register
from dossier_engine.queries.listing import Filter, Order, check, count, listing
from dossier_engine.records import localities, offices
from dossier_engine.rules.codes import read_code
from dossier_engine.shown import dossiers

router = APIRouter(prefix="/dossiers", tags=["dossiers"])


class DossierLine(Standing):
    """A dossier in a list; `level` is null for an office's report."""

    code: str
    locality: Labelled[str]
    locality_code: str
    office: str | None
    district: str | None
    level: Labelled[str | None]
    year: int


class Deadline(Answered):
    """One deadline of the present stage; `status` says how sure its source is."""

    key: str
    label: str
    due_on: Day
    days_left: Labelled[int | None]
    limit: Labelled[int | str]
    start_on: Day
    met_on: Day | None
    extended_until: Day | None
    status: Labelled[str]
    source: str | None


class Missing(Answered):
    """A requirement that is not met: `what` is told in words, `why` is a code."""

    key: str
    why: str | None
    status: str
    what: str


class Lacking(Answered):
    """Why an action is not possible: the code of a refusal of the person, and every requirement that is not met."""

    refusal: str | None
    unmet: list[Missing]


class Action(Answered):
    """A way out of the present state, judged for whoever asks."""

    transition: str
    label: str
    to: Labelled[str]
    by: Labelled[list[str]]
    possible: bool
    lacking: Labelled[Lacking]


class Dossier(DossierLine):
    """A dossier by itself."""

    stage_on: Day
    paused_on: Day | None
    workflow: str
    linked: str | None
    deadlines: list[Deadline]
    actions: list[Action]


class Registration(Given):
    """`subject` is a locality's code or name (`name, district`), or an office's code."""

    workflow: Line = "commune-advanced"
    subject: Line
    year: int = Field(ge=2021, le=2099)
    reason: Prose | None = None
    effective_on: Day | None = None


class SupplementAsked(Given):
    """What a returned dossier must bring."""

    requirement: Line
    what: Prose


class Move(Given):
    """A transition; `supplements` with a return, `successor` with a handing over."""

    transition: Line
    reason: Prose | None = None
    effective_on: Day | None = None
    supplements: list[SupplementAsked] = Field(default=[], max_length=100)
    successor: Line | None = None


class ClockOrder(Given):
    """Stop the clock, or let it run again."""

    clock: Literal["paused", "running"]
    reason: Prose
    effective_on: Day | None = None


class Narrowing(Given):
    """How to narrow and order a list; a parameter given several times means any of the values."""

    state: list[Line] = Field(default=[], max_length=20)
    level: list[Line] = Field(default=[], max_length=20)
    year: list[Number] = Field(default=[], max_length=20)
    holder: list[Line] = Field(default=[], max_length=20)
    workflow: list[Line] = Field(default=[], max_length=20)
    locality: list[Line] = Field(default=[], max_length=50)
    deadline_status: list[Literal["overdue", "due_soon", "not_due", "paused"]] = Field(default=[], max_length=4)
    district: Line | None = None
    q: Line | None = Field(default=None, description="A part of the locality's name, with or without accents.")
    open: bool | None = None
    escalated: bool | None = None
    due_after: Day | None = None
    due_before: Day | None = None
    updated_since: datetime | None = None
    sort: Literal["code", "-code", "name", "-name", "due_on", "-due_on", "updated_at", "-updated_at"] = "code"

    def order(self) -> Order:
        """The order that this asks for."""
        return Order(self.sort.removeprefix("-"), descending=self.sort.startswith("-"))

    def wanted(self) -> Filter:
        """The filter that this asks for."""
        return Filter(
            states=tuple(self.state),
            levels=tuple(self.level),
            years=tuple(self.year),
            holders=tuple(self.holder),
            workflows=tuple(self.workflow),
            localities=tuple(self.locality),
            urgencies=tuple(self.deadline_status),
            district=self.district,
            name=self.q,
            is_open=self.open,
            escalated=self.escalated,
            due_from=self.due_after,
            due_to=self.due_before,
            updated_since=self.updated_since,
        )


class Search(Narrowing):
    """The same, page by page."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=300)
    count: bool = False


@router.get("")
def list_dossiers(call: Here, search: Annotated[Search, Query()]) -> Page[DossierLine]:
    """The dossiers in your scope."""
    wanted, order = search.wanted(), search.order()
    after = place(search.cursor, parts=2) if search.cursor else None

    def question(looking: Looking) -> Page[DossierLine]:
        check(looking.law, wanted)
        today = looking.today
        lines = listing(
            looking.session, looking.law, looking.scope, wanted, today=today, limit=search.limit + 1, order=order,
            after=(after[0], after[1]) if after else None,
        )  # fmt: skip
        shown = lines[: search.limit]
        total = count(looking.session, looking.law, looking.scope, wanted, today=today) if search.count else None
        more = cursor(shown[-1].place) if len(lines) > search.limit else None
        rows = [DossierLine(**answered(dossiers.listed(looking.words, line))) for line in shown]
        return Page(items=rows, next_cursor=more, total=total)

    return call.following(call.look(question))


@router.post("", status_code=201)
def register_dossier(call: Here, key: Key, given: Registration) -> Done:
    """Open a dossier."""

    def work(doing: Doing) -> dict[str, Any]:
        subject = _subject(doing, given)
        order = Register(workflow=given.workflow, subject=subject, target_year=given.year, act=doing.act)
        return doing.receipt(register(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key), created=True)


def _subject(doing: Doing, given: Registration) -> str:
    workflow, conn = doing.law.named(given.workflow), doing.session.connection()
    if workflow.subject == "office":
        return offices.find(conn, given.subject, workflow.kinds)
    return localities.find(conn, given.subject, given.effective_on or doing.today, localities.KINDS[workflow.subject])


@router.get("/{code}", responses={304: {"description": "Not changed since the version of If-None-Match"}})
def show_dossier(call: Here, code: str, request: Request) -> Dossier:
    """One dossier with its deadlines and what can be done next. Its `ETag` is what a change must name in `If-Match`."""

    def question(looking: Looking) -> Dossier:
        line = looking.line(code)
        row = dossiers.alone(looking.words, line)
        due = dossiers.deadlines(looking.words, looking.session, looking.law, line, today=looking.today)
        return Dossier(**answered({**row, "deadlines": due, "actions": _actions(looking, code)}))

    found = call.look(question)
    tag = f'"{found.version}"'
    call.response.headers["ETag"] = tag
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})  # type: ignore[return-value]  # an empty answer
    return found


@router.get("/{code}/transitions")
def possible_transitions(call: Here, code: str) -> list[Action]:
    """Every way out of the present state: whether it is open to you, and in words why not."""
    return call.look(lambda looking: [Action(**answered(row)) for row in _actions(looking, code)])


def _actions(looking: Looking, code: str) -> list[Any]:
    return dossiers.actions(
        looking.words, looking.session, looking.law, looking.line(code), person=looking.caller.person,
        today=looking.today,
    )  # fmt: skip


@router.post("/{code}/transitions", status_code=201)
def take_transition(call: Here, code: str, key: Key, version: Version, given: Move) -> Done:
    """Move the dossier."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Advance(
            dossier=read_code(code),
            transition=given.transition,
            act=doing.act,
            supplements=tuple(Supplement(s.requirement, s.what) for s in given.supplements),
            successor=read_code(given.successor) if given.successor else None,
        )
        return doing.receipt(advance(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))


@router.post("/{code}/clock", status_code=201)
def set_clock(call: Here, code: str, key: Key, version: Version, given: ClockOrder) -> Done:
    """Stop the dossier's clock, or let it run again."""
    verb = pause if given.clock == "paused" else resume

    def work(doing: Doing) -> dict[str, Any]:
        order = Clock(dossier=read_code(code), act=doing.act)
        return doing.receipt(verb(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))
