"""One request: who asks, in which language, and the two ways to answer it: look on a snapshot, or change and commit."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from sqlmodel import Session

from config.wiring import Engine
from dossier_engine.api.caller import caller
from dossier_engine.api.language import spoken
from dossier_engine.api.shapes import Page, answered
from dossier_engine.catalogue import Catalogue
from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.note_read import Read, note_read, note_taken
from dossier_engine.errors import KeyMissing, Malformed, NotAllowed, NotInScopes, VersionMissing
from dossier_engine.queries.registers import appointments_of
from dossier_engine.queries.worklist import Line, one, standing
from dossier_engine.records.access import roles_on
from dossier_engine.records.callers import Caller, touch
from dossier_engine.records.scope import Scope, scope_of
from dossier_engine.rules.authority import notes_reads
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.shown import dossiers

T = TypeVar("T")
_KEY = re.compile(r"[A-Za-z0-9._~-]{8,64}\Z")
_PARAMETER = re.compile(r"[a-z_]{1,40}\Z")
_VERSION = re.compile(r'"(\d{1,9})"\Z')


@dataclass(frozen=True, slots=True)
class Looking:
    """What a query is asked with; everything goes through `scope`."""

    session: Session
    law: Law
    words: Catalogue
    caller: Caller
    scope: Scope
    now: datetime

    @property
    def today(self) -> date:
        """The legal day."""
        return legal_day(self.now)

    def as_role(self, role: str) -> None:
        """Go on only where whoever asks holds the role today: for what no scope narrows. Raises NotAllowed."""
        _check_role(self.session, self.caller, role, "look", self.today)

    def line(self, code: str) -> Line:
        """The dossier of that code. Raises BadInput or NotFound, for one out of scope too."""
        return one(self.session, self.law, self.scope, read_code(code), today=self.today)


@dataclass(frozen=True, slots=True)
class Doing:
    """What a command is run with."""

    session: Session
    law: Law
    words: Catalogue
    caller: Caller
    act: Act
    now: datetime
    rng: random.Random

    @property
    def today(self) -> date:
        """The legal day."""
        return legal_day(self.now)

    def as_role(self, role: str, act: str) -> None:
        """Go on only where whoever asks holds the role today. Raises NotAllowed."""
        _check_role(self.session, self.caller, role, act, self.today)

    def receipt(self, done: Receipt) -> dict[str, Any]:
        """What an act on a dossier did, and where the dossier stands after it."""
        line = standing(self.session, self.law, done.dossier, today=self.today)
        return dict(answered(dossiers.receipt(self.words, line, done)))


def _check_role(session: Session, caller: Caller, role: str, act: str, today: date) -> None:
    if role not in roles_on(session.connection(), caller.person, today):
        raise NotAllowed(caller.person, act, (role,))


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the installation it is asked of."""

    request: Request
    response: Response

    channel = "api"

    @property
    def words(self) -> Catalogue:
        """The words to answer with."""
        return spoken(self.request)

    @property
    def engine(self) -> Engine:
        """The installation."""
        engine = self.request.app.state.engine
        if not isinstance(engine, Engine):
            raise TypeError(engine)
        return engine

    def look(self, question: Callable[[Looking], T], *, needs: str = "read", taken: bool = False) -> T:
        """Ask one question on one snapshot, within what the person may see. Raises NotSignedIn or NotInScopes.

        Reads by who oversees, and what is `taken` away as a file by anybody, are noted before they are answered.
        """
        now, words = self.engine.now(), self.words
        with self.engine.looking() as (session, law):
            who = self._who(session, needs, now)
            scope = scope_of(session.connection(), who.person, legal_day(now))
            found = question(Looking(session, law, words, who, scope, now))
            is_noted = notes_reads(appointments_of(session, who.person), legal_day(now))
        if is_noted or taken or who.is_due:
            with self.engine.database.writing() as session:
                if who.is_due:
                    touch(session.connection(), who, now)
                if taken:
                    note_taken(session, self._read(found), self._act(who), now=now, rng=self.engine.rng)
                elif is_noted:
                    note_read(session, self._read(found), self._act(who), now=now, rng=self.engine.rng)
        self.response.headers["Content-Language"] = words.language
        return found

    def who(self) -> Caller:
        """Whoever asks, without a note of it. Raises NotSignedIn and CrossSite."""
        with self.engine.looking() as (session, _):
            return self._who(session, "read", self.engine.now())

    def change(
        self,
        work: Callable[[Doing], T],
        *,
        reason: str | None = None,
        on: date | None = None,
        version: int | None = None,
        key: str | None = None,
        needs: str = "write",
        commit: bool = True,
    ) -> T:
        """Run one command in one transaction, as whoever asks, and commit it, or undo it where it is only tried out.

        Raises NotSignedIn or NotInScopes.
        """
        now, words = self.engine.now(), self.words
        with self.engine.changing(commit=commit) as (session, law):
            who = self._who(session, needs, now)
            if who.is_due:
                touch(session.connection(), who, now)
            act = Act(
                person=who.person, channel=self.channel, reason=reason, key=key, effective_on=on,
                expected_version=version,
            )  # fmt: skip
            done = work(Doing(session, law, words, who, act, now, self.engine.rng))
        self.response.headers["Content-Language"] = words.language
        return done

    def following(self, page: Page[T]) -> Page[T]:
        """The page, with a `Link` to the next one where there is one."""
        if page.next_cursor is not None:
            url = self.request.url.include_query_params(cursor=page.next_cursor)
            self.response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return page

    def _read(self, found: object) -> Read:
        """How history names this question: by the route, with what was asked and how many were found."""
        route = self.request.scope["route"]
        query = {
            name: ",".join(self.request.query_params.getlist(name))
            for name in self.request.query_params
            if _PARAMETER.match(name)  # what is none of ours was not looked at either
        }
        asked = {name: value for name, value in {**query, **self.request.path_params}.items() if value != ""}
        listed = getattr(found, "items", found)
        return Read.of(f"{self.channel}.{route.name}", asked, len(listed) if isinstance(listed, list) else None)

    def _act(self, who: Caller) -> Act:
        return Act(person=who.person, channel=self.channel)

    def _who(self, session: Session, needs: str, now: datetime) -> Caller:
        who = caller(session.connection(), self.request, now=now, endless=self.engine.is_demonstration())
        self.request.state.person = who.person
        if needs not in who.scopes:
            raise NotInScopes(needs)
        return who


async def here(request: Request, response: Response) -> Call:
    """The request as routes take it."""
    return Call(request, response)


Here = Annotated[Call, Depends(here)]


async def key_of(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A word of your own, such as a UUID: a repeat with it gives the first answer again.",
        ),
    ] = None,
) -> str:
    """The idempotency key. Raises KeyMissing or Malformed."""
    if key is None:
        raise KeyMissing
    if _KEY.match(key) is None:
        raise Malformed([("/header/Idempotency-Key", "wrong")])
    return key


async def version_of(
    match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the dossier as you looked at it.")
    ] = None,
) -> int:
    """The version that was looked at. Raises VersionMissing or Malformed."""
    if match is None:
        raise VersionMissing
    found = _VERSION.match(match.strip())
    if found is None:
        raise Malformed([("/header/If-Match", "wrong")])
    return int(found[1])


Key = Annotated[str, Depends(key_of)]
Version = Annotated[int, Depends(version_of)]
