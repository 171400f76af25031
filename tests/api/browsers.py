"""People at browsers: who has an account, signs in over the served address, and asks with the cookie they were given.

The cookie is for HTTPS alone, so nothing but a hand sends it over loopback.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp

from config.signing_in import accept_invitation
from dossier_engine.api.caller import COOKIE
from dossier_engine.commands.desk import Act
from dossier_engine.commands.invite import invite
from tests.api.serving import Served
from tests.config.doors import HOME, PASSWORD, QUICK

OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browsers:
    """Who has an account at a served province, and the phone that each of them looks at."""

    api: Served
    phones: dict[str, str] = field(default_factory=dict)

    def invitation(self, handle: str) -> str:
        """The secret of an invitation."""
        province = self.api.province
        act = Act(person=province.people["quantri"], channel="test")
        with province.writing() as session:
            return invite(session, province.people[handle], act, now=self.api.now, rng=province.rng).secret

    def has_account(self, *handles: str) -> None:
        """These people have accepted an invitation."""
        for handle in handles:
            accepted = accept_invitation(self.api.engine, self.invitation(handle), PASSWORD, HOME, hasher=QUICK)
            if accepted.totp_secret:
                self.phones[handle] = accepted.totp_secret

    def code(self, handle: str) -> str:
        """What the person's phone shows."""
        return pyotp.TOTP(self.phones[handle]).at(self.api.now)

    def sign_in(self, handle: str, password: str = PASSWORD, code: str | None = None, **headers: str) -> httpx.Response:
        """What is answered to somebody who signs in."""
        asked: dict[str, Any] = {"handle": handle, "password": password} | ({"code": code} if code else {})
        return self.api.client(**headers).post("/session", json=asked)

    def secret(self, handle: str) -> str:
        """The secret of a session that begins now."""
        answer = self.sign_in(handle, code=self.code(handle) if handle in self.phones else None)
        assert answer.status_code == 201, answer.text
        return secret_in(answer)

    def browser(self, handle: str) -> httpx.Client:
        """A browser in which the person has just signed in, with a page of ours open."""
        return self.with_cookie(self.secret(handle))

    def with_cookie(self, secret: str, **headers: str) -> httpx.Client:
        """A browser that keeps this secret, with a page of ours open unless `headers` say where else."""
        return self.api.client(**{"Cookie": f"{COOKIE}={secret}"} | (headers or OURS))


def secret_in(answer: httpx.Response) -> str:
    """The secret that an answer lets a browser keep."""
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == COOKIE
    return rest.partition(";")[0]
