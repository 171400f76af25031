"""Commands on the installation: make it, bring its schema up to date, ask how it is."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import DATABASES
from dossier_engine.cli.app import app, group
from dossier_engine.cli.call import Call
from dossier_engine.errors import BadInput, SchemaDiffers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.records.database import Database
    from dossier_engine.rules.law import Law

db = group("db")


def migrate(call: Call) -> str | None:
    """Bring the schema to this version, as the owner; returns the revision found before."""
    from dossier_engine.records.database import Database
    from dossier_engine.records.migrations import upgrade

    settings = call.engine.settings
    if settings.owner_url == settings.database_url:
        return upgrade(call.engine.database)
    owner = Database(settings.owner_url)
    try:
        return upgrade(owner, application=call.engine.database.url.username)
    finally:
        owner.close()


@app.command("init", help="init")
def init(
    context: typer.Context,
    admin: Annotated[str | None, typer.Option("--admin", metavar="HANDLE", help="option.admin")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="option.full_name")] = None,
) -> None:
    call = Call.here(context)
    from config.adoption import adopt_province
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.desk import Act
    from dossier_engine.commands.people import first_administrator

    migrate(call)
    engine, act = call.engine, Act(person="system:init", channel="cli")
    with engine.database.writing() as session:
        adopted = adopt_province(session, act, now=engine.now(), rng=engine.rng)
        if admin is not None:
            first_administrator(session, admin, name or admin, act, now=engine.now(), rng=engine.rng)
    made = {"database": engine.database.name, "localities": adopted.territory, "workflows": adopted.definitions}
    notes: list[tuple[str, dict[str, object]]] = [("say.initialised", made)]
    if admin is not None:
        notes.append(("say.first_admin", {"handle": admin}))
    call.show(Answer([Fields(made)], notes=notes))


@db.command("upgrade", help="db_upgrade")
def db_upgrade(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.records.database import REVISION

    found = migrate(call)
    key = "say.schema_current" if found == REVISION else "say.schema_upgraded"
    facts = {"found": found or call.words.say("say.none"), "revision": REVISION}
    call.show(Answer([], data={"found": found, "revision": REVISION}, notes=[(key, facts)]))


@db.command("check", help="db_check")
def db_check(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.records.database import REVISION
    from dossier_engine.records.migrations import differences

    def question(session: "Session", _: "Law") -> "Answer":
        found = differences(session.connection())
        if found:
            raise SchemaDiffers(call.engine.database.name, REVISION, REVISION, "altered")
        return Answer([], data={"revision": REVISION}, notes=[("say.schema_current", {"revision": REVISION})])

    call.examine(question)


@app.command("doctor", help="doctor")
def doctor(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.doctor import examine
    from dossier_engine.cli.output import Answer, Rows

    checks = examine(call)
    rows = [
        {
            "check": call.words.say(f"doctor.{c.name}"),
            "result": call.words.say(f"say.{c.result}"),
            "what": c.what,
            "advice": call.words.say(f"doctor.fix_{c.name}") if c.result == "bad" else None,
        }
        for c in checks
    ]
    data = [{"check": c.name, "result": c.result, "detail": c.what} for c in checks]
    call.show(Answer([Rows(("check", "result", "what", "advice"), rows)], data=data))
    if any(c.result == "bad" for c in checks):
        raise typer.Exit(9)


@contextmanager
def fresh_database(call: Call, url: str | None) -> "Iterator[Database]":
    """The database to fill: the one named, else the installation's own; migrated. Raises BadInput."""
    from dossier_engine.records.database import Database
    from dossier_engine.records.migrations import upgrade

    if url is None:
        migrate(call)
        yield call.engine.database
        return
    if not url.startswith(DATABASES):
        raise BadInput("--database", url, "unknown_database")
    database = Database(url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()
