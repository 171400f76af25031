"""What people are appointed to: an appointment is made, somebody stands in for it during absence, it ends."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.people import circle_of, meant
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated
from dossier_engine.commands.end_appointment import EndAppointment, end_appointment
from dossier_engine.commands.people import Appoint, appoint
from dossier_engine.errors import AlreadyThere, BadInput, DossierError, NotFound
from dossier_engine.queries.people import Seat, known_person, seats_for, seats_of
from dossier_engine.queries.registers import appointments_of, everybody
from dossier_engine.rules.authority import ROLES, Appointment
from dossier_engine.shown.people import appointment
from dossier_engine.web.people import ADMINISTRATOR
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

Role = Annotated[str, Query(max_length=40)]

# What tells one appointment of a person from another, in addresses and forms.
_NAMED_BY = ("role", "office", "since", "instead_of")


@router.get("/nguoi-dung/{handle}/phan-cong")
def show_appointing(visit: Visiting, handle: str, role: Role = "") -> Response:
    """Where somebody is appointed: first the role is chosen, then the office and the days."""
    return _appointing(visit, handle, role)


@router.post("/nguoi-dung/{handle}/phan-cong")
def appoint_one(visit: Visiting, handle: str, typed: Form) -> Response:
    """Appoint the person."""

    def work(doing: Doing) -> None:
        order = Appoint(
            person=meant(doing, handle, "appointed"), role=typed.line("role"), office=typed.line("office"),
            valid_from=typed.day("from"), valid_to=typed.day_or_none("to"), act=doing.act,
            head="head" in typed.fields,
        )  # fmt: skip
        _appoint(doing, order)

    return visit.attempt(
        typed, work, form=lambda refusal: _appointing(visit, handle, typed.raw("role"), typed, refusal),
        then=lambda _: f"/nguoi-dung/{handle}",
    )  # fmt: skip


@router.get("/nguoi-dung/{handle}/lam-thay")
def show_substitution(visit: Visiting, handle: str) -> Response:
    """Where somebody is named who stands in for the person."""
    return _about(visit, "people/substitute.html", handle, visit.request.query_params)


@router.post("/nguoi-dung/{handle}/lam-thay")
def substitute(visit: Visiting, handle: str, typed: Form) -> Response:
    """Let somebody stand in for the person for some days."""

    def work(doing: Doing) -> None:
        order = Appoint(
            person=_known(doing, typed.line("handle")), role=typed.line("role"), office=typed.line("office"),
            valid_from=typed.day("from"), valid_to=typed.day("to"), act=doing.act,
            on_behalf_of=meant(doing, handle, "appointed"),
        )  # fmt: skip
        _appoint(doing, order)

    return visit.attempt(
        typed, work,
        form=lambda refusal: _about(visit, "people/substitute.html", handle, _fields(typed), typed, refusal),
        then=lambda _: f"/nguoi-dung/{typed.raw('handle').strip()}",
    )  # fmt: skip


@router.get("/nguoi-dung/{handle}/ket-thuc")
def show_ending(visit: Visiting, handle: str) -> Response:
    """Where an appointment is ended."""
    return _about(visit, "people/ending.html", handle, visit.request.query_params)


@router.post("/nguoi-dung/{handle}/ket-thuc")
def end_one(visit: Visiting, handle: str, typed: Form) -> Response:
    """End an appointment, after a day or at once, and the delegations that stand on it."""

    def work(doing: Doing) -> None:
        held = _held(doing, handle, typed)
        if held.is_over(doing.today):
            return  # by a first click
        order = EndAppointment(
            person=held.person, role=held.role, office=held.office, valid_from=held.valid_from, act=doing.act,
            on_behalf_of=held.on_behalf_of, last_day=typed.day_or_none("last_day"),
        )  # fmt: skip
        end_appointment(doing.session, order, now=doing.now, rng=doing.rng)

    return visit.attempt(
        typed, work,
        form=lambda refusal: _about(visit, "people/ending.html", handle, _fields(typed), typed, refusal),
        then=lambda _: f"/nguoi-dung/{handle}",
    )  # fmt: skip


def _appointing(
    visit: Visit, handle: str, role: str, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        words, chosen = looking.words, role if role in ROLES else ""
        seats = seats_for(looking.session, chosen, looking.scope, on=looking.today) if chosen else []
        return {
            **_whose(looking, handle),
            "role": chosen,
            "roles": [{"value": one, "text": words.say(f"role.{one}")} for one in ROLES],
            # None is chosen beforehand, so that nobody is appointed in the first one by leaving it as it is.
            "offices": [{"value": "", "text": words.say("page.people.choose_office")}]
            + [{"value": seat.code, "text": _office(words, seat)} for seat in seats],
        }

    return visit.form("people/appointing.html", question, typed, refusal)


def _about(
    visit: Visit, template: str, handle: str, named: Mapping[str, str], typed: Typed | None = None,
    refusal: DossierError | None = None,
) -> Response:  # fmt: skip
    """A form about one appointment that the person holds or will hold. Raises NotFound."""
    carried = {name: named.get(name, "") for name in _NAMED_BY}
    wanted = tuple(carried.values())

    def question(looking: Looking) -> dict[str, Any]:
        whose = _whose(looking, handle)
        person = known_person(looking.session, circle_of(looking), handle)
        for seat in seats_of(looking.session, person, scope=looking.scope):
            if (seat.role, seat.office, seat.valid_from.isoformat(), seat.on_behalf_of or "") == wanted:
                return {**whose, "named": carried, "appointment": appointment(looking.words, seat)}
        raise NotFound("appointment", f"{carried['role']}, {carried['office']}")

    return visit.form(template, question, typed, refusal)


def _whose(looking: Looking, handle: str) -> dict[str, Any]:
    looking.as_role(ADMINISTRATOR)
    person = known_person(looking.session, circle_of(looking), handle)
    return {"handle": handle, "name": everybody(looking.session)[person][1]}


def _appoint(doing: Doing, order: Appoint) -> None:
    """Appoint; what was appointed in just these words already, by a first click, is left as it is. Raises BadInput."""
    try:
        appoint(doing.session, order, now=doing.now, rng=doing.rng)
    except AlreadyThere as error:
        asked = (order.role, order.office, order.valid_from, order.valid_to, order.on_behalf_of)
        held = appointments_of(doing.session, order.person)
        if asked not in {(a.role, a.office, a.valid_from, a.valid_to, a.on_behalf_of) for a in held}:
            raise BadInput("from", dated(order.valid_from.isoformat()), "already_appointed") from error


def _held(doing: Doing, handle: str, typed: Typed) -> Appointment:
    """The appointment that the form is about. Raises NotFound."""
    person = meant(doing, handle, "appointment_ended")
    instead_of = typed.line_or_none("instead_of")
    principal = meant(doing, instead_of, "appointment_ended") if instead_of else None
    wanted = (*(typed.raw(name) for name in ("role", "office", "since")), principal)
    for own in appointments_of(doing.session, person):
        if (own.role, own.office, own.valid_from.isoformat(), own.on_behalf_of) == wanted:
            return own
    raise NotFound("appointment", f"{typed.raw('role')}, {typed.raw('office')}")


def _known(doing: Doing, typed: str) -> str:
    """Whom somebody typed the handle of. Raises BadInput, so that it is told on the form."""
    try:
        return meant(doing, typed, "appointed")
    except NotFound as error:
        raise BadInput("handle", typed, "unknown_person") from error


def _fields(typed: Typed) -> dict[str, str]:
    return {name: typed.raw(name) for name in _NAMED_BY}


def _office(words: Catalogue, seat: Seat) -> str:
    name = seat.name_vi if words.language == "vi" else seat.name_en
    return f"{name}, {seat.district}" if seat.district else name
