"""Tokens with which programs call in a person's name: issued by the person, and revoked."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.reach import check_reach
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import access, callers
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.tokens import check_scopes, hash_of, lifetime, new_token

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Issued:
    """A token: its public id, until when it is valid, and its text, which is shown this once."""

    id: str
    scopes: tuple[str, ...]
    expires_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    """An order for a token of one's own: what it is for, what it may do, and for how many days."""

    name: str
    scopes: Collection[str]
    days: int
    act: Act


def issue_token(session: Session, order: IssueToken, *, now: datetime, rng: random.Random) -> Issued:
    """Issue it to the person who asks. Raises BadInput, and NotFound for somebody who is not there. The face commits.

    Whoever looks at everything writes nothing: the scope `audit` is for auditors alone, and they have no `write`.
    """
    conn, person, name = session.connection(), order.act.person, order.name.strip()
    if not access.hold_person(conn, person):
        raise NotFound("person", person)
    if not name:
        raise BadInput("name", "", "missing")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadInput("name", name[:_LONGEST_NAME], "not_a_token_name")
    scopes = tuple(sorted(check_scopes(order.scopes, access.roles_on(conn, person, legal_day(now)))))
    until, token = now + lifetime(order.days), new_token(rng)
    row = {"id": token.id, "hash": hash_of(token.secret), "person": person, "name": name, "scopes": " ".join(scopes)}
    callers.add_token(conn, row | {"created_at": now, "expires_at": until})
    access.note(conn, "token_issued", person, person, now=now, rng=rng, detail=token.id)
    return Issued(token.id, scopes, until, token.text)


def revoke_token(session: Session, token: str, act: Act, *, now: datetime, rng: random.Random) -> None:
    """Let nobody in with it any more: one of one's own, or for an administrator of somebody in their reach.

    Raises NotFound, also where it is revoked already, NotAllowed and AppointmentExpired. The face commits.
    """
    conn = session.connection()
    found = callers.token(conn, token)
    if found is None:
        raise NotFound("token", token)
    if act.person != found.person:
        check_reach(conn, act, found.person, "revoke_token", now=now)
    if not callers.revoke_tokens(conn, found.person, now, only=token):
        raise NotFound("token", token)
    access.note(conn, "token_revoked", found.person, act.person, now=now, rng=rng, detail=token)
