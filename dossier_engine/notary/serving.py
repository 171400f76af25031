"""A witness on the network: `POST /add-checkpoint` and nothing else, with small limits, from the standard library."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dossier_engine.errors import DossierError, WitnessRefuses
from dossier_engine.notary.request import LONGEST
from dossier_engine.notary.witness import Witness

PATH = "/add-checkpoint"
_STATUS = {
    "request_malformed": 400, "log_has_not_signed": 403, "log_unknown": 404, "another_size": 409, "another_root": 409,
    "not_proven": 422,
}  # fmt: skip
_MOST_AT_ONCE = 16
_SILENCE_SECONDS, _LONGEST_SECONDS = 5.0, 15.0

Heard = Callable[[str], None]
"""Takes a line about each request; called on many threads."""


@contextmanager
def served(witness: Witness, host: str, port: int, *, clock: Callable[[], int], heard: Heard) -> Iterator[int]:
    """Serve on threads until the block ends; gives the port, which 0 leaves to the system. Raises OSError."""
    server = _Server((host, port), witness, clock, heard)
    thread = threading.Thread(target=server.serve_forever, args=[0.1])
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, at: tuple[str, int], witness: Witness, clock: Callable[[], int], heard: Heard) -> None:
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        self.witness, self.clock, self.heard = witness, clock, heard
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__(at, _Handler)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Take a caller in while there is room: whoever keeps many waiting must not keep the log waiting for ever."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Serve one caller, for so long at most."""
        end = threading.Timer(_LONGEST_SECONDS, _cut, [request])
        end.daemon = True
        end.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._places.release()

    def handle_error(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]  # noqa: ARG002
        """Say so in a line: a caller who hangs up is no matter for a traceback."""
        self.heard(f"{client_address[0]}: gone")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SILENCE_SECONDS
    server_version, sys_version = "witness", ""

    def do_POST(self) -> None:
        """Answer a request in the words of C2SP tlog-witness."""
        if self.path.removesuffix("/") != PATH:
            self._answer(404, "no such place\n")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._answer(411, "say how long it is\n")
        elif int(length) > LONGEST:
            self._answer(413, "too long\n")
        else:
            self._cosign(self.rfile.read(int(length)))

    def _cosign(self, body: bytes) -> None:
        try:
            line = self.server.witness.answer(body, now=self.server.clock())
        except WitnessRefuses as refusal:
            if refusal.size is None:
                self._answer(_STATUS[refusal.why], f"{refusal.why}\n")
            else:
                self._answer(_STATUS[refusal.why], f"{refusal.size}\n", "text/x.tlog.size")
        except (DossierError, OSError) as trouble:  # its own file is damaged, in use, or the disk is full
            self.server.heard(str(trouble))
            self._answer(503, "cannot cosign now\n")
        else:
            self._answer(200, line)

    def _answer(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Pass the line on, without what a caller may have put into it to mislead its readers."""
        line = f"{self.client_address[0]}: {format % args}"
        self.server.heard("".join(c if c.isprintable() else "?" for c in line))


def _cut(request: socket.socket) -> None:
    with suppress(OSError):  # it ended meanwhile
        request.shutdown(socket.SHUT_RDWR)
