"""People: who there is and what they are appointed to, how they are invited and signed out, and who could act on what.

What they are appointed to is changed in `appointing`.
"""

from datetime import date
from itertools import groupby, islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.people import circle_of, meant
from dossier_engine.api.shapes import cursor, place
from dossier_engine.commands.invite import Invited, invite
from dossier_engine.commands.people import add_person
from dossier_engine.commands.sign_in import end_sessions
from dossier_engine.errors import DossierError
from dossier_engine.queries import people as asked
from dossier_engine.queries.coverage import coverage
from dossier_engine.queries.people import known_person
from dossier_engine.queries.registers import everybody
from dossier_engine.records.access import roles_on
from dossier_engine.shown.people import appointment, covered
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

ADMINISTRATOR = "administrator"
_PAGE = 50

After = Annotated[str | None, Query(alias="cursor", max_length=300)]
Text = Annotated[str, Query(alias="q", max_length=100)]


@router.get("/nguoi-dung")
def people(visit: Visiting, text: Text = "", cursor_: After = None) -> Response:
    """Whom whoever looks may know of, with what they are appointed to now or later."""
    after = place(cursor_, parts=1)[0] if cursor_ else None

    def question(looking: Looking) -> dict[str, Any]:
        rows = asked.people(looking.session, circle_of(looking), like=text.strip(), after=after, limit=_PAGE + 1)
        found = [
            {
                "handle": handle,
                "name": name,
                "appointments": [
                    appointment(looking.words, row)
                    for row in held
                    if row.role and not _is_over(row.valid_from, row.valid_to, looking.today)
                ],
            }
            for (handle, name), held in groupby(rows, key=lambda row: (row.handle, row.name))
        ]
        shown = found[:_PAGE]
        following = cursor([str(shown[-1]["handle"])]) if len(found) > _PAGE else None
        return {"q": text, "people": shown, "following": following, "may_change": _may_change(looking)}

    return visit.page("people/people.html", question)


@router.get("/nguoi-dung/{handle}")
def person(visit: Visiting, handle: str) -> Response:
    """One person, with all that they were ever appointed to."""

    def question(looking: Looking) -> dict[str, Any]:
        found = known_person(looking.session, circle_of(looking), handle)
        seats = asked.seats_of(looking.session, found, scope=looking.scope)
        rows = [
            {**appointment(looking.words, seat), "over": _is_over(seat.valid_from, seat.valid_to, looking.today)}
            for seat in seats
        ]
        return {
            "handle": handle,
            "name": everybody(looking.session)[found][1],
            "appointments": rows,
            "may_change": _may_change(looking),
        }

    return visit.page("people/person.html", question)


@router.post("/nguoi-dung/{handle}/moi")
def invite_one(visit: Visiting, handle: str, typed: Form) -> Response:
    """Invite the person, and show the link this once: whoever looks again invites again."""
    if typed.is_shown_again:
        return visit.go(f"/nguoi-dung/{handle}")

    def work(doing: Doing) -> Invited:
        found = meant(doing, handle, "invite")
        return invite(doing.session, found, doing.act, now=doing.now, rng=doing.rng)

    made = visit.change(work)
    base = visit.engine.settings.base_url or str(visit.request.base_url)
    link = f"{base.rstrip('/')}/moi?ma={made.secret}"

    def question(looking: Looking) -> dict[str, Any]:
        name = everybody(looking.session)[made.person][1]
        return {"handle": handle, "name": name, "link": link, "until": made.expires_at}

    return visit.page("people/invited.html", question)


@router.post("/nguoi-dung/{handle}/ket-thuc-phien")
def end_all_sessions(visit: Visiting, handle: str, typed: Form) -> Response:
    """Sign the person out wherever they are."""
    if typed.is_shown_again:
        return visit.go(f"/nguoi-dung/{handle}")

    def work(doing: Doing) -> int:
        found = meant(doing, handle, "end_sessions")
        return end_sessions(doing.session, found, doing.act, now=doing.now, rng=doing.rng)

    count = visit.change(work)
    return visit.page("people/signed_out.html", lambda _: {"handle": handle, "count": count})


@router.get("/quan-tri/them-nguoi")
def show_newcomer(visit: Visiting) -> Response:
    """Where somebody is added."""
    return _newcomer(visit)


@router.post("/quan-tri/them-nguoi")
def add_one(visit: Visiting, typed: Form) -> Response:
    """Add a person, who is appointed next."""

    def work(doing: Doing) -> str:
        doing.as_role(ADMINISTRATOR, "person_added")
        handle = typed.line("handle")
        add_person(
            doing.session, handle, typed.line("name"), doing.act, now=doing.now, rng=doing.rng,
            email=typed.line_or_none("email"),
        )  # fmt: skip
        return handle

    return visit.attempt(
        typed, work, form=lambda refusal: _newcomer(visit, typed, refusal), then=lambda handle: f"/nguoi-dung/{handle}"
    )


@router.get("/quan-tri/do-phu")
def uncovered(visit: Visiting, cursor_: After = None) -> Response:
    """The open dossiers on which nobody could act today for the office that they wait for."""
    after = place(cursor_, parts=2) if cursor_ else None

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        lines = coverage(
            looking.session, looking.law, looking.scope, today=looking.today,
            after=(after[0], after[1]) if after else None,
        )  # fmt: skip
        found = list(islice((one for one in lines if not one.persons), _PAGE + 1))
        known, shown = everybody(looking.session), found[:_PAGE]
        rows = [{**covered(looking.words, one, known), "district": one.line.district} for one in shown]
        return {"rows": rows, "following": cursor(shown[-1].line.place) if len(found) > _PAGE else None}

    return visit.page("people/coverage.html", question)


def _newcomer(visit: Visit, typed: Typed | None = None, refusal: DossierError | None = None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        return {}

    return visit.form("people/newcomer.html", question, typed, refusal)


def _may_change(looking: Looking) -> bool:
    return ADMINISTRATOR in roles_on(looking.session.connection(), looking.caller.person, looking.today)


def _is_over(first: date, last: date | None, today: date) -> bool:
    """As `rules.authority.Appointment.is_over`: one that was ended before its first day holds no day at all."""
    return last is not None and last < max(today, first)
