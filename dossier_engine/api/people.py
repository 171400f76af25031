"""People, what they are appointed to, and how they are invited."""

from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from dossier_engine.api.call import Doing, Here, Looking
from dossier_engine.api.shapes import (
    Answered,
    Day,
    Given,
    Instant,
    Labelled,
    Line,
    Page,
    Paging,
    answered,
    cursor,
    place,
)
from dossier_engine.commands.end_appointment import EndAppointment, end_appointment
from dossier_engine.commands.invite import invite
from dossier_engine.commands.people import Appoint, add_person, appoint, change_address
from dossier_engine.commands.sign_in import end_sessions
from dossier_engine.errors import NotAllowed
from dossier_engine.queries import people as asked
from dossier_engine.queries.people import Circle, known_person
from dossier_engine.queries.registers import appointment_meant, handles
from dossier_engine.records.access import roles_on
from dossier_engine.records.scope import scope_of
from dossier_engine.shown.people import appointment

router = APIRouter(tags=["people"])

_ADMINISTRATOR, _LOOKING = "administrator", ("administrator", "auditor")

Handle = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Email = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Appointment(Answered):
    """A role in an office, both days included; `on_behalf_of` is the handle of whom it stands in for."""

    role: Labelled[str]
    office: Labelled[str]
    valid_from: Day
    valid_to: Day | None
    on_behalf_of: str | None
    head: bool
    ended: bool


class Person(Answered):
    """Somebody, and what they were ever appointed to in your scope."""

    handle: str
    name: str
    appointments: list[Appointment]


class Newcomer(Given):
    """Somebody to add."""

    handle: Handle = Field(examples=["nguyen.van.a"])
    name: Line = Field(examples=["Nguyễn Văn A"])
    email: Email | None = None


class Address(Given):
    """Where the person's mails go from now on; nowhere where it is null."""

    email: Email | None = Field(examples=["nguyen.van.a@example.vn"])


class Contact(Answered):
    """Where the person's mails go."""

    handle: str
    email: str | None


class Invited(Answered):
    """An invitation; `secret` is for the person alone, shown this once."""

    handle: str
    secret: str
    expires_at: Instant


class Appointing(Given):
    """An appointment to make; `on_behalf_of`, a handle, makes it a delegation during absence."""

    role: Line = Field(examples=["commune_officer"])
    office: Line = Field(examples=["ubnd-xa-10894"])
    valid_from: date
    valid_to: date | None = None
    on_behalf_of: Handle | None = None
    head: bool = False


class Appointed(Answered):
    """An appointment that was made."""

    handle: str
    role: str
    office: str
    valid_from: Day
    valid_to: Day | None
    on_behalf_of: str | None
    head: bool


class Ending(Given):
    """Which appointment ends, after `last_day` or at once; `valid_from` tells two of the same kind apart."""

    role: Line = Field(examples=["commune_officer"])
    office: Line = Field(examples=["ubnd-xa-10894"])
    valid_from: date | None = None
    on_behalf_of: Handle | None = None
    last_day: date | None = None


class Ended(Answered):
    """What ended; `delegations` are the handles of those who stood in for it."""

    handle: str
    role: str
    office: str
    last_day: Day | None
    delegations: list[str]


@router.get("/people")
def list_people(call: Here, paging: Annotated[Paging, Query()]) -> Page[Person]:
    """Whoever has, or had, a part in an office in your scope; for administrators also those whom no office has."""
    after = place(paging.cursor, parts=1)[0] if paging.cursor else None

    def question(looking: Looking) -> Page[Person]:
        rows = asked.people(looking.session, circle_of(looking), after=after, limit=paging.limit + 1)
        found = [
            Person(
                handle=handle,
                name=name,
                appointments=answered([appointment(looking.words, row) for row in held if row.role]),
            )
            for (handle, name), held in groupby(rows, key=lambda row: (row.handle, row.name))
        ]
        shown = found[: paging.limit]
        return Page(items=shown, next_cursor=cursor([shown[-1].handle]) if len(found) > paging.limit else None)

    return call.following(call.look(question))


@router.post("/people", status_code=201)
def add_one(call: Here, given: Newcomer) -> Contact:
    """Add a person; they have no appointment yet."""

    def work(doing: Doing) -> None:
        add_person(
            doing.session, given.handle, given.name, doing.act, now=doing.now, rng=doing.rng, email=given.email
        )  # fmt: skip

    call.change(work)
    call.response.headers["Location"] = f"{call.request.url.path}/{given.handle}/appointments"
    return Contact(handle=given.handle, email=given.email)


@router.put("/people/{handle}/address")
def put_address(call: Here, handle: str, given: Address) -> Contact:
    """Send the person's mails there from now on."""

    def work(doing: Doing) -> None:
        person = meant(doing, handle, "address_changed")
        change_address(doing.session, person, given.email, doing.act, now=doing.now, rng=doing.rng)

    call.change(work)
    return Contact(handle=handle, email=given.email)


@router.post("/people/{handle}/invitation", status_code=201)
def invite_one(call: Here, handle: str) -> Invited:
    """Let the person set a password, a new one if they have one. The answer holds a secret that nobody sees again."""

    def work(doing: Doing) -> Invited:
        person = meant(doing, handle, "invite")
        made = invite(doing.session, person, doing.act, now=doing.now, rng=doing.rng)
        return Invited(handle=handle, secret=made.secret, expires_at=made.expires_at)

    return call.change(work)


@router.delete("/people/{handle}/sessions", status_code=204)
def end_all_sessions(call: Here, handle: str) -> None:
    """Sign the person out wherever they are."""

    def work(doing: Doing) -> None:
        person = meant(doing, handle, "end_sessions")
        end_sessions(doing.session, person, doing.act, now=doing.now, rng=doing.rng)

    call.change(work)


@router.get("/people/{handle}/appointments")
def appointments_of_one(call: Here, handle: str) -> list[Appointment]:
    """What the person was ever appointed to in your scope, the oldest first."""

    def question(looking: Looking) -> list[Appointment]:
        person = known_person(looking.session, circle_of(looking), handle)
        found = asked.seats_of(looking.session, person, scope=looking.scope)
        return [Appointment(**answered(appointment(looking.words, row))) for row in found]

    return call.look(question)


@router.post("/people/{handle}/appointments", status_code=201)
def appoint_one(call: Here, handle: str, given: Appointing) -> Appointed:
    """Appoint the person."""

    def work(doing: Doing) -> None:
        principal = meant(doing, given.on_behalf_of, "appointed") if given.on_behalf_of else None
        order = Appoint(
            person=meant(doing, handle, "appointed"), role=given.role, office=given.office,
            valid_from=given.valid_from, valid_to=given.valid_to, act=doing.act, on_behalf_of=principal,
            head=given.head,
        )  # fmt: skip
        appoint(doing.session, order, now=doing.now, rng=doing.rng)

    call.change(work)
    call.response.headers["Location"] = call.request.url.path
    return Appointed(handle=handle, **given.model_dump())


@router.post("/people/{handle}/appointments/end")
def end_an_appointment(call: Here, handle: str, given: Ending) -> Ended:
    """End an appointment before its time, and the delegations that stand on it."""

    def work(doing: Doing) -> Ended:
        principal = meant(doing, given.on_behalf_of, "appointment_ended") if given.on_behalf_of else None
        held = appointment_meant(
            doing.session, meant(doing, handle, "appointment_ended"), given.role, given.office, on=doing.today,
            since=given.valid_from, on_behalf_of=principal,
        )  # fmt: skip
        order = EndAppointment(
            person=held.person, role=held.role, office=held.office, valid_from=held.valid_from, act=doing.act,
            on_behalf_of=principal, last_day=given.last_day,
        )  # fmt: skip
        also = handles(doing.session, end_appointment(doing.session, order, now=doing.now, rng=doing.rng))
        return Ended(
            handle=handle, role=held.role, office=held.office, last_day=given.last_day,
            delegations=sorted(also.values()),
        )  # fmt: skip

    return call.change(work)


def circle_of(looking: Looking) -> Circle:
    """Whom the one who looks may know of. Raises NotAllowed for all but administrators and auditors."""
    roles = roles_on(looking.session.connection(), looking.caller.person, looking.today)
    if roles.isdisjoint(_LOOKING):
        raise NotAllowed(looking.caller.person, "look", _LOOKING)
    return Circle(looking.scope, looking.today, newcomers=_ADMINISTRATOR in roles)


def meant(doing: Doing, handle: str, act: str) -> str:
    """The id of the person meant, whom the administrator who asks may know of. Raises NotAllowed and NotFound."""
    doing.as_role(_ADMINISTRATOR, act)
    scope = scope_of(doing.session.connection(), doing.caller.person, doing.today)
    return known_person(doing.session, Circle(scope, doing.today, newcomers=True), handle)
