"""Difficulties and escalations: which wait for an answer, raising one, and the committee's answer that closes it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.shapes import cursor, moment
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.escalations import ACTING, Answer, Difficulty, answer, raise_difficulty
from dossier_engine.errors import DossierError, NotAllowed, NotFound, StaleVersion
from dossier_engine.queries import reminders
from dossier_engine.queries.listing import by_code
from dossier_engine.queries.reminders import Waiting
from dossier_engine.queries.worklist import Line
from dossier_engine.records.access import roles_on
from dossier_engine.rules.codes import read_code
from dossier_engine.shown import Row, dossiers
from dossier_engine.shown.reminders import escalation
from dossier_engine.web.acting import looked_at, meanwhile
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_PAGE = 50
_MOST = 2**31 - 1  # entries of one dossier


@router.get("/y-kien")
def waiting_list(
    visit: Visiting, after: Annotated[str | None, Query(alias="tiep-theo", max_length=300)] = None
) -> Response:
    """The escalations that wait for an answer, the longest open first."""
    begins = moment(after, most=_MOST)

    def question(looking: Looking) -> dict[str, Any]:
        waiting = reminders.escalations(looking.session, looking.scope, limit=_PAGE + 1, after=begins)
        found = waiting[:_PAGE]
        last = found[-1] if len(waiting) > _PAGE else None
        lines = by_code(looking.session, looking.law, looking.scope, (w.dossier for w in found), today=looking.today)
        held = roles_on(looking.session.connection(), looking.caller.person, looking.today)
        return {
            "rows": [
                {
                    **dossiers.listed(looking.words, lines[one.dossier]),
                    **_waiting(looking, lines[one.dossier], one, held),
                }
                for one in found
            ],
            "next": f"/y-kien?tiep-theo={cursor((last.opened_at.isoformat(), last.dossier, str(last.seq)))}"
            if last
            else None,
        }

    return visit.page("escalations.html", question)


def waiting_on(looking: Looking, line: Line, held: frozenset[str]) -> list[Row]:
    """The escalations of one dossier that wait, and whether somebody of these roles may answer."""
    found = reminders.escalations(looking.session, looking.scope, dossier=line.code)
    return [_waiting(looking, line, one, held) for one in found]


def _waiting(looking: Looking, line: Line, one: Waiting, held: frozenset[str]) -> Row:
    may = reminders.answering(looking.session, line.workflow, one) & held
    return {
        **escalation(looking.words, one),
        "is_late": one.answer_by is not None and one.answer_by < looking.today,
        "is_mine": bool(may) and line.paused_on is None,
    }


def may_raise(line: Line, held: frozenset[str]) -> bool:
    """Whether somebody of these roles can bring a difficulty of the dossier before others now."""
    return line.is_open and line.paused_on is None and not held.isdisjoint(ACTING)


@router.get("/ho-so/{code}/kho-khan")
def difficulty(visit: Visiting, code: str) -> Response:
    """The form that raises a difficulty."""
    return _difficulty_form(visit, code)


@router.post("/ho-so/{code}/kho-khan")
def raise_one(visit: Visiting, code: str, typed: Form) -> Response:
    """Bring a difficulty before whoever the definition names."""

    def work(doing: Doing) -> Receipt:
        order = Difficulty(dossier=read_code(code), act=doing.act)
        return raise_difficulty(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    return visit.attempt(
        typed, work, form=lambda refusal: _difficulty_form(visit, code, typed, refusal), then=_entry_of
    )


def _difficulty_form(
    visit: Visit, code: str, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        _check_roles(looking, "raise", frozenset(ACTING))
        return _around(looking, looking.line(code), typed, refusal)

    return visit.form("difficulty.html", question, typed, refusal)


@router.get("/ho-so/{code}/y-kien/{seq}")
def opinion(visit: Visiting, code: str, seq: int) -> Response:
    """The form that answers an escalation."""
    return _answer_form(visit, code, seq)


@router.post("/ho-so/{code}/y-kien/{seq}")
def answer_one(visit: Visiting, code: str, seq: int, typed: Form) -> Response:
    """Answer an escalation, which closes it."""

    def work(doing: Doing) -> Receipt:
        order = Answer(
            dossier=read_code(code), number=typed.line("number"), dated=typed.day("date"), act=doing.act, seq=seq,
            until=typed.day_or_none("until"), deadline=typed.line_or_none("deadline"),
        )  # fmt: skip
        return answer(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    return visit.attempt(
        typed, work, form=lambda refusal: _answer_form(visit, code, seq, typed, refusal), then=_entry_of
    )


def _answer_form(
    visit: Visit, code: str, seq: int, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        found = {w.seq: w for w in reminders.escalations(looking.session, looking.scope, dossier=line.code)}
        if seq not in found:
            raise NotFound("escalation", str(seq))
        _check_roles(looking, "answer", reminders.answering(looking.session, line.workflow, found[seq]))
        due = dossiers.deadlines(looking.words, looking.session, looking.law, line, today=looking.today)
        raised = [r for r in dossiers.history(looking.words, looking.session, line) if r["seq"] == seq]
        return {
            **_around(looking, line, typed, refusal),
            "escalation": escalation(looking.words, found[seq]),
            "raised": raised[0]["words"],
            "deadlines": [one for one in due if one["met_on"] is None],
        }

    return visit.form("answer.html", question, typed, refusal)


def _check_roles(looking: Looking, act: str, roles: frozenset[str]) -> None:
    """A form is for those who could send it. Raises NotAllowed."""
    held = roles_on(looking.session.connection(), looking.caller.person, looking.today)
    if held.isdisjoint(roles):
        raise NotAllowed(looking.caller.person, act, sorted(roles))


def _around(looking: Looking, line: Line, typed: Typed | None, refusal: DossierError | None) -> dict[str, object]:
    """What a form on a dossier shows; who was there first, where somebody was."""
    found: dict[str, object] = {
        "dossier": dossiers.alone(looking.words, line), "version": looked_at(line, typed, refusal),
    }  # fmt: skip
    if isinstance(refusal, StaleVersion):
        found["errors"] = [{"text": meanwhile(looking, line), "href": None}]
    return found


def _entry_of(done: Receipt) -> str:
    return f"/ho-so/{done.dossier}/lich-su#entry-{done.seq}"
