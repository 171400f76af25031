"""Mail servers and web servers on loopback that are good, slow, picky, or die: real ones, spoken to over sockets."""

# ruff: noqa: ARG002, N802  # aiosmtpd and http.server call hooks by their own names, with all that they know

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Mailbox:
    """What a mail server took, and how it behaves."""

    refused: dict[str, str] = field(default_factory=dict)  # address: what it is told
    sender: str = "250 OK"
    answer: str = "250 taken"
    silence: float = 0.0
    hangs_up_after_data: int = 0  # so many mails are taken without an answer
    password: str | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.silence)
        self.recipients += envelope.rcpt_tos
        self.mails.append(cast("EmailMessage", message_from_bytes(envelope.content, policy=default)))
        if self.hangs_up_after_data:
            self.hangs_up_after_data -= 1
            server.transport.abort()
        return self.answer

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password.decode() == self.password, handled=False)


class _Speaking(Controller):
    def __init__(self, box: Mailbox, trust: ssl.SSLContext | None, *, from_the_start: bool) -> None:
        self._box, self._trust = box, trust
        super().__init__(box, hostname="127.0.0.1", port=box.port, ssl_context=trust if from_the_start else None)
        self._starttls = trust if not from_the_start else None

    def factory(self) -> SMTP:
        options: dict[str, Any] = {"tls_context": self._starttls, "require_starttls": self._starttls is not None}
        if self._box.password is not None:
            options |= {"authenticator": self._box.sign_in, "auth_required": True}
        return SMTP(self._box, **options)


@contextmanager
def mail_server(
    box: Mailbox, trust: ssl.SSLContext | None = None, *, from_the_start: bool = False
) -> Iterator[Mailbox]:
    """`box` behind a port of 127.0.0.1; with `trust`, TLS by STARTTLS or from the first byte."""
    box.port = free_port()
    speaking = _Speaking(box, trust, from_the_start=from_the_start)
    speaking.start()
    box.connections = 0
    try:
        yield box
    finally:
        speaking.stop()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Site:
    """What a web server was told, and what it answers."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@contextmanager
def web_server(site: Site, trust: ssl.SSLContext | None = None, *, port: int = 0) -> Iterator[Site]:
    """`site` behind a port of 127.0.0.1, over TLS if there is a certificate."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            site.posts.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(site.status)
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Answering)
    site.port = server.server_address[1]
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
