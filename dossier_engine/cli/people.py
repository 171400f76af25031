"""`dossier person …`: who there is, and who may act where; `dossier coverage`: on which dossiers nobody may."""

from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import app, group
from dossier_engine.cli.call import Call, Doing, day, registers

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

person = group("person")

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="argument.handle")]


@person.command("add", help="person_add")
@registers
def person_add(
    context: typer.Context,
    handle: Handle,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="option.full_name")],
    email: Annotated[str | None, typer.Option("--email", metavar="EMAIL", help="option.email")] = None,
) -> None:
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.people import add_person

    def work(doing: Doing) -> "Answer":
        made = add_person(doing.session, handle, name, doing.act, now=doing.now, rng=doing.rng, email=email)
        fields = {"handle": handle, "name": name, "key": made}
        return Answer([Fields(fields)], notes=[("say.person_added", {"handle": handle})])

    Call.here(context).alter(work)


@person.command("address", help="person_address")
@registers
def person_address(
    context: typer.Context,
    handle: Handle,
    email: Annotated[str | None, typer.Argument(metavar="EMAIL", help="argument.email")] = None,
) -> None:
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.people import change_address
    from dossier_engine.queries.registers import person_id

    def work(doing: Doing) -> "Answer":
        person = person_id(doing.session, handle)
        change_address(doing.session, person, email, doing.act, now=doing.now, rng=doing.rng)
        note = "say.address_changed" if email else "say.address_removed"
        return Answer([Fields({"handle": handle, "email": email})], notes=[(note, {"handle": handle})])

    Call.here(context).alter(work)


@person.command("erase", help="person_erase")
@registers
def person_erase(
    context: typer.Context,
    handle: Handle,
    basis: Annotated[str, typer.Option("--basis", metavar="TEXT", help="option.basis")],
) -> None:
    from dossier_engine.cli.audit import erased
    from dossier_engine.commands.erase import ErasePerson, erase_person
    from dossier_engine.queries.registers import person_id

    def work(doing: Doing) -> "Answer":
        order = ErasePerson(person=person_id(doing.session, handle), basis=basis, act=doing.act)
        return erased(erase_person(doing.session, order, now=doing.now, rng=doing.rng))

    Call.here(context).alter(work)


@person.command("list", help="person_list")
def person_list(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.people import Circle, people
    from dossier_engine.records.scope import EVERYTHING
    from dossier_engine.shown.people import appointment

    def question(session: "Session", _: "Law") -> "Answer":
        everybody = Circle(EVERYTHING, call.today, newcomers=True)
        rows = [{"handle": r.handle, "name": r.name, **appointment(call.words, r)} for r in people(session, everybody)]
        columns = ("handle", "name", "role", "office", "valid_from", "valid_to", "ended", "on_behalf_of")
        return Answer([Rows(columns, rows)])

    call.look(question)


@person.command("appoint", help="person_appoint")
@registers
def person_appoint(
    context: typer.Context,
    handle: Handle,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="option.role")],
    office: Annotated[str, typer.Option("--office", metavar="OFFICE", help="option.office")],
    begins: Annotated[str, typer.Option("--from", metavar="DATE", help="option.valid_from")],
    ends: Annotated[str | None, typer.Option("--to", metavar="DATE", help="option.valid_to")] = None,
    behalf: Annotated[str | None, typer.Option("--on-behalf-of", metavar="PERSON", help="option.on_behalf_of")] = None,
    head: Annotated[bool, typer.Option("--head", help="option.head")] = False,
) -> None:
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.people import Appoint, appoint
    from dossier_engine.queries.registers import person_id

    valid_from, valid_to = day(begins, "--from"), day(ends, "--to") if ends else None

    def work(doing: Doing) -> "Answer":
        order = Appoint(
            person=person_id(doing.session, handle),
            role=role,
            office=office,
            valid_from=valid_from,
            valid_to=valid_to,
            act=doing.act,
            on_behalf_of=person_id(doing.session, behalf) if behalf else None,
            head=head,
        )
        appoint(doing.session, order, now=doing.now, rng=doing.rng)
        fields = {"handle": handle, "role": role, "office": office, "valid_from": valid_from, "valid_to": valid_to}
        return Answer([Fields(fields)], notes=[("say.appointed", {"handle": handle})])

    Call.here(context).alter(work)


@person.command("end-appointment", help="person_end_appointment")
@registers
def person_end_appointment(
    context: typer.Context,
    handle: Handle,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="option.role")],
    office: Annotated[str, typer.Option("--office", metavar="OFFICE", help="option.office")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="option.ends_on")] = None,
    begins: Annotated[str | None, typer.Option("--from", metavar="DATE", help="option.began_on")] = None,
    behalf: Annotated[str | None, typer.Option("--on-behalf-of", metavar="PERSON", help="option.on_behalf_of")] = None,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.end_appointment import EndAppointment, end_appointment
    from dossier_engine.queries.registers import appointment_meant, handles, person_id

    last_day, since = day(on, "--on") if on else None, day(begins, "--from") if begins else None

    def work(doing: Doing) -> "Answer":
        principal = person_id(doing.session, behalf) if behalf else None
        held = appointment_meant(
            doing.session, person_id(doing.session, handle), role, office, on=call.today, since=since,
            on_behalf_of=principal,
        )  # fmt: skip
        order = EndAppointment(
            person=held.person, role=role, office=office, valid_from=held.valid_from, act=doing.act,
            on_behalf_of=principal, last_day=last_day,
        )  # fmt: skip
        also = end_appointment(doing.session, order, now=doing.now, rng=doing.rng)
        stood_in = sorted(handles(doing.session, also).values())
        fields = {"handle": handle, "role": role, "office": office, "last_day": last_day, "delegations": stood_in}
        note = "say.appointment_ends" if last_day else "say.appointment_ended"
        return Answer([Fields(fields)], notes=[(note, {"handle": handle})])

    call.alter(work)


@app.command("coverage", help="coverage")
def coverage_(
    context: typer.Context,
    nobody: Annotated[bool, typer.Option("--nobody", help="option.nobody")] = False,
    handle: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = handle
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.coverage import coverage
    from dossier_engine.queries.registers import everybody
    from dossier_engine.shown.people import covered

    def question(session: "Session", law: "Law") -> "Answer":
        found = list(coverage(session, law, scope(call, session), today=call.today))
        left = sum(not one.persons for one in found)
        known = everybody(session)
        rows = [covered(call.words, one, known) for one in found if not (nobody and one.persons)]
        note = ("say.uncovered" if left else "say.covered", {"count": left, "dossiers": len(found)})
        return Answer([Rows(("code", "locality", "state", "holder", "is_covered", "able"), rows)], notes=[note])

    call.look(question)
