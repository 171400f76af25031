"""What administrators look after: the work that runs by itself, what was sent, incidents, and the calendar."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.shapes import cursor, moment, newest
from dossier_engine.commands.deliver import resend
from dossier_engine.commands.incidents import close_incident
from dossier_engine.errors import DossierError, NotFound
from dossier_engine.queries import deliveries as sent
from dossier_engine.queries import reminders
from dossier_engine.queries.health import health
from dossier_engine.queries.signed import behind
from dossier_engine.shown import Row, territory
from dossier_engine.shown.deliveries import delivery
from dossier_engine.shown.reminders import concerned, incident
from dossier_engine.web.frame import Link
from dossier_engine.web.people import ADMINISTRATOR, After
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_PAGE = 50
_MINUTE = 60
_JOBS = ("beat", "sweep", "deliver", "reconcile", "check")
Status = Literal["", "waiting", "sending", "sent", "dead", "void"]
_STATUSES: tuple[Status, ...] = ("waiting", "sending", "sent", "dead", "void")

_BIGGEST = 2**63  # and what is as big is no key: no database takes it
Number = Annotated[int, Path(ge=0, lt=_BIGGEST)]


@router.get("/quan-tri")
def overview(visit: Visiting) -> Response:
    """How the work goes that nobody watches, and the ways to what needs somebody."""

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        found = health(looking.session, now=looking.now)
        open_ = reminders.incidents(looking.session, looking.scope)
        return {
            "jobs": [
                {
                    "text": looking.words.say(f"page.system.job_{name}"),
                    "at": looking.now - found.pulses[name] if name in found.pulses else None,
                }
                for name in _JOBS
            ],
            "due": found.due,
            "sweep_minutes": int(found.sweep_lag.total_seconds()) // _MINUTE,
            "unsent": sum(n for (_, status), n in found.deliveries.items() if status in ("waiting", "sending")),
            "delivery_minutes": int(found.delivery_lag.total_seconds()) // _MINUTE,
            "dead": found.dead_letters,
            "incidents": len(open_),
            "unsigned": behind(looking.session, now=looking.now).unsigned,
            "year": looking.today.year,
        }

    return visit.page("administration/overview.html", question)


@router.get("/quan-tri/thu")
def delivery_log(visit: Visiting, status: Status = "", cursor_: After = None) -> Response:
    """What was sent to whom and what was not, the newest first."""
    after = newest(cursor_)

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        words = looking.words
        found = sent.deliveries(looking.session, status=status or None, limit=_PAGE + 1, after=after)
        last = found[_PAGE - 1] if len(found) > _PAGE else None
        return {
            "status": status,
            "statuses": [{"value": "", "text": words.say("page.dossiers.any")}]
            + [{"value": one, "text": words.say(f"sending.{one}")} for one in _STATUSES],
            "rows": [delivery(words, row) for row in found[:_PAGE]],
            "following": cursor((last.created_at.isoformat(), str(last.id))) if last else None,
        }

    return visit.page("administration/deliveries.html", question)


@router.post("/quan-tri/thu/gui-lai")
def send_again(visit: Visiting, typed: Form) -> Response:
    """Let what was given up be tried once more."""

    def work(doing: Doing) -> None:
        doing.as_role(ADMINISTRATOR, "resend")
        key = typed.line("delivery")
        if not key.isascii() or not key.isdecimal() or int(key) >= _BIGGEST:
            raise NotFound("delivery", key)
        resend(doing.session, int(key), now=doing.now)

    if not typed.is_shown_again:
        visit.change(work)
    return visit.go("/quan-tri/thu?status=dead")


@router.get("/quan-tri/su-co")
def incident_list(
    visit: Visiting, which: Annotated[Literal["open", "all"], Query(alias="muc")] = "open", cursor_: After = None
) -> Response:
    """What the engine could not do by itself, the newest first."""
    after = moment(cursor_)

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        words = looking.words
        found = reminders.incidents(looking.session, looking.scope, closed=which == "all", limit=_PAGE + 1, after=after)
        last = found[_PAGE - 1] if len(found) > _PAGE else None
        return {
            "kinds": [
                Link(words.say(f"page.system.incidents_{one}"), f"/quan-tri/su-co?muc={one}", one == which)
                for one in ("open", "all")
            ],
            "rows": [{**incident(words, row), "about": concerned(words, row)} for row in found[:_PAGE]],
            "which": which,
            "following": cursor((last.last_at.isoformat(), last.about, str(last.id))) if last else None,
        }

    return visit.page("administration/incidents.html", question)


@router.get("/quan-tri/su-co/{key}/dong")
def show_closing(visit: Visiting, key: Number) -> Response:
    """Where somebody says how an incident was seen to."""
    return _closing(visit, key)


@router.post("/quan-tri/su-co/{key}/dong")
def close_one(visit: Visiting, key: Number, typed: Form) -> Response:
    """Close an incident: nobody is reminded of it any more."""

    def work(doing: Doing) -> None:
        doing.as_role(ADMINISTRATOR, "close")
        close_incident(doing.session, key, doing.act, now=doing.now)

    return visit.attempt(
        typed, work, form=lambda refusal: _closing(visit, key, typed, refusal), then=lambda _: "/quan-tri/su-co"
    )


@router.get("/quan-tri/lich/{year}")
def calendar(visit: Visiting, year: Annotated[int, Path(ge=1, le=9999)]) -> Response:
    """The days of a year that are not as the week would have them."""

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        known = looking.law.calendar
        return {
            "year": year,
            "rows": territory.special_days(looking.words, known, year),
            "before": year - 1 if year - 1 in known.years else None,
            "after": year + 1 if year + 1 in known.years else None,
        }

    return visit.page("administration/calendar.html", question)


def _closing(visit: Visit, key: int, typed: Typed | None = None, refusal: DossierError | None = None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(ADMINISTRATOR)
        return {"incident": _open_one(looking, key)}

    return visit.form("administration/closing.html", question, typed, refusal)


def _open_one(looking: Looking, key: int) -> Row:
    for row in reminders.incidents(looking.session, looking.scope):
        if row.id == key:
            return {**incident(looking.words, row), "about": concerned(looking.words, row)}
    raise NotFound("incident", str(key))
