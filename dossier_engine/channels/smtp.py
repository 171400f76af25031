"""Mail to an SMTP server: one connection for as many mails as there are, and a verdict on each.

The server may die at any moment. A mail whose answer never came may have been taken or not: it is tried again, with
the Message-ID it had.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from dossier_engine.channels.message import domain, message
from dossier_engine.commands.deliver import Letter, Parcel, Verdict
from dossier_engine.errors import ChannelDown

_PERMANENT = 500
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, and how: `tls` from the first byte, after `starttls`, or `plain`; with a login if need be."""

    host: str
    port: int
    security: Literal["plain", "starttls", "tls"]
    user: str | None = None
    password: str | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Smtp:
    """Sends as `sender`; `trust` says which certificates are good, `timeout` how long a silence may last."""

    server: MailServer
    sender: str
    trust: ssl.SSLContext
    timeout: float = 20.0

    @property
    def name(self) -> str:
        """Where it leads, without its password."""
        return self.server.name

    @contextmanager
    def opened(self) -> Iterator[Callable[[Parcel], Verdict]]:
        """A connection that is taken up again when it is lost. Raises ChannelDown if there is none to begin with."""
        line = _Line(self)
        line.connect()
        try:
            yield line.send
        finally:
            line.leave()


class _Line:
    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._connection: smtplib.SMTP | None = None
        self._down: str | None = None

    def connect(self) -> None:
        """Raises ChannelDown."""
        server = self._smtp.server
        try:
            self._connection = self._called()
        except (smtplib.SMTPAuthenticationError, UnicodeError) as error:  # smtplib speaks ASCII to log in
            raise ChannelDown("mail", server.name, "login_refused") from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            raise ChannelDown("mail", server.name, "not_secure") from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelDown("mail", server.name, "no_answer") from error

    def _called(self) -> smtplib.SMTP:
        server, trust, timeout = self._smtp.server, self._smtp.trust, self._smtp.timeout
        ours = domain(self._smtp.sender)  # smtplib would ask the name server who we are, and wait for it
        if server.security == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, ours, timeout=timeout, context=trust)
        else:
            made = smtplib.SMTP(server.host, server.port, ours, timeout=timeout)
        try:
            if server.security == "starttls":
                made.starttls(context=trust)
            if server.user is not None:
                made.login(server.user, server.password or "")
        except BaseException:
            made.close()
            raise
        return made

    def send(self, parcel: Parcel) -> Verdict:
        """One mail; a refusal of one address leaves the line open for the next."""
        assert isinstance(parcel, Letter)  # noqa: S101  # nothing else is claimed for mail
        if self._connection is None and not self._is_back():
            return Verdict("untried", self._down)
        assert self._connection is not None  # noqa: S101  # for the type checker
        try:
            self._connection.sendmail(self._smtp.sender, [parcel.address], message(parcel, self._smtp.sender))
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return self._refused(code, words)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:  # us, not the addressee: somebody will set it right
            self._lose()
            return Verdict("again", _said(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self._lose()
            return Verdict("again", f"connection lost: {type(error).__name__}")
        except (ValueError, UnicodeError) as error:  # no mail can be made of it, now or ever
            return Verdict("refused", f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])
        return Verdict("sent")

    def _refused(self, code: int, words: bytes | str) -> Verdict:
        assert self._connection is not None  # noqa: S101  # for the type checker
        if self._connection.sock is None:  # it said that it hangs up
            self._lose()
        return Verdict("refused" if code >= _PERMANENT else "again", _said(code, words))

    def _is_back(self) -> bool:
        """Whether a lost line could be taken up again: asked once, for the rest would wait as long each."""
        if self._down is not None:
            return False
        try:
            self.connect()
        except ChannelDown as refusal:
            self._down = str(refusal.facts["why"])
        return self._down is None

    def _lose(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def leave(self) -> None:
        """Say good-bye, and close whatever the answer."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._lose()


def _said(code: int, words: bytes | str) -> str:
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(told.split())}"[:_LONGEST_ERROR]
