"""`dossier account …`: who can sign in; `dossier token …`: with what programs call."""

from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, registers

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

account = group("account")
token = group("token")

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="argument.handle")]


@account.command("invite", help="account_invite")
@registers
def account_invite(context: typer.Context, handle: Handle) -> None:
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.invite import invite
    from dossier_engine.queries.registers import person_id

    def work(doing: Doing) -> "Answer":
        made = invite(doing.session, person_id(doing.session, handle), doing.act, now=doing.now, rng=doing.rng)
        fields = {"handle": handle, "secret": made.secret, "expires_at": made.expires_at}
        return Answer([Fields(fields)], notes=[("say.invited", {"handle": handle})])

    Call.here(context).alter(work)


@account.command("list", help="account_list")
def account_list(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.accounts import accounts

    def question(session: "Session", _: "Law") -> "Answer":
        columns = ("handle", "name", "has_password", "has_second_factor", "invited_until", "sessions")
        return Answer([Rows(columns, [dict(r._mapping) for r in accounts(session, now=call.engine.now())])])  # noqa: SLF001

    call.look(question)


@account.command("sessions", help="account_sessions")
def account_sessions(context: typer.Context, handle: Handle) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.accounts import sessions
    from dossier_engine.queries.registers import person_id
    from dossier_engine.shown import access as shown

    def question(session: "Session", _: "Law") -> "Answer":
        person = person_id(session, handle)
        rows = [shown.session(row) for row in sessions(session, person, now=call.engine.now())]
        return Answer([Rows(("session", "created_at", "seen_at", "has_second_factor", "address", "agent"), rows)])

    call.look(question)


@account.command("end-sessions", help="account_end_sessions")
@registers
def account_end_sessions(
    context: typer.Context,
    handle: Handle,
    only: Annotated[str | None, typer.Option("--session", metavar="ID", help="option.session")] = None,
) -> None:
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.sign_in import end_sessions
    from dossier_engine.queries.registers import person_id

    def work(doing: Doing) -> "Answer":
        person = person_id(doing.session, handle)
        count = end_sessions(doing.session, person, doing.act, now=doing.now, rng=doing.rng, only=only)
        told = {"handle": handle, "count": count}
        return Answer([], data=told, notes=[("say.sessions_ended", told)])

    Call.here(context).alter(work)


@token.command("issue", help="token_issue")
@registers
def token_issue(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="option.token_name")],
    scopes: Annotated[list[str], typer.Option("--scope", metavar="SCOPE", help="option.scope")],
    days: Annotated[int, typer.Option("--days", metavar="DAYS", help="option.token_days")],
) -> None:
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.tokens import IssueToken, issue_token

    def work(doing: Doing) -> "Answer":
        order = IssueToken(name=name, scopes=scopes, days=days, act=doing.act)
        made = issue_token(doing.session, order, now=doing.now, rng=doing.rng)
        fields = {"token": made.id, "scopes": made.scopes, "expires_at": made.expires_at, "secret": made.text}
        return Answer([Fields(fields)], notes=[("say.token_issued", {"token": made.id})])

    Call.here(context).alter(work)


@token.command("list", help="token_list")
def token_list(
    context: typer.Context,
    handle: Annotated[str | None, typer.Option("--person", metavar="HANDLE", help="option.tokens_of")] = None,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.accounts import tokens
    from dossier_engine.queries.registers import person_id
    from dossier_engine.shown import access as shown

    def question(session: "Session", _: "Law") -> "Answer":
        person = person_id(session, handle) if handle else None
        rows = [shown.token(row) for row in tokens(session, person, now=call.engine.now())]
        columns = ("token", "handle", "name", "scopes", "created_at", "expires_at", "last_used_at")
        return Answer([Rows(columns, rows)])

    call.look(question)


@token.command("revoke", help="token_revoke")
@registers
def token_revoke(
    context: typer.Context, token: Annotated[str, typer.Argument(metavar="ID", help="argument.token")]
) -> None:
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.tokens import revoke_token

    def work(doing: Doing) -> "Answer":
        revoke_token(doing.session, token, doing.act, now=doing.now, rng=doing.rng)
        return Answer([], data={"token": token}, notes=[("say.token_revoked", {"token": token})])

    Call.here(context).alter(work)
