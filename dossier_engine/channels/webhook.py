"""Events to web servers: signed, only to hosts that are allowed, and only to the address that was looked at.

The name is looked up once, every address it has is judged, and the connection goes to one that was judged: a name that
changes its address in between leads nowhere else. Redirects are refusals.
"""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from dossier_engine.commands.deliver import Event, Parcel, Verdict

Network = IPv4Network | IPv6Network

_GONE = 410
_MOST_ANSWER = 64 * 1024  # an answer is thrown away; a longer one is not even read
_CERTAINLY = range(200, 300)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Posts to `hosts` only, and to addresses that are not public only within `networks` (there, also without TLS)."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]
    trust: ssl.SSLContext
    clock: Callable[[], datetime]
    timeout: float = 10.0

    @contextmanager
    def opened(self) -> Iterator[Callable[[Parcel], Verdict]]:
        """Nothing is kept open: each event may go elsewhere. A server that failed to answer is not asked again."""
        silent: dict[str, Verdict] = {}

        def post(parcel: Parcel) -> Verdict:
            assert isinstance(parcel, Event)  # noqa: S101  # nothing else is claimed for webhooks
            url = urlsplit(parcel.url)
            if url.netloc in silent:  # or one dead server would make all the others wait
                return silent[url.netloc]
            verdict, answered = self._post(url, parcel)
            if not answered:
                silent[url.netloc] = verdict
            return verdict

        yield post

    def _post(self, url: SplitResult, event: Event) -> tuple[Verdict, bool]:
        """What came of it, and whether somebody answered."""
        if url.hostname not in self.hosts:
            return Verdict("refused", "host_not_allowed"), True
        try:
            address = self._address(url)
            if address is None:
                return Verdict("refused", "address_not_allowed"), True
            return _judged(self._answered(url, address, event)), True
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Verdict("again", f"{type(error).__name__}: {error}"[:300]), False

    def _address(self, url: SplitResult) -> str | None:
        """The first address of the host if all it has are allowed."""
        found = socket.getaddrinfo(url.hostname, _port(url), type=socket.SOCK_STREAM)
        addresses = [str(info[4][0]) for info in found]
        fits = all(self._is_allowed(address, is_secure=url.scheme == "https") for address in addresses)
        return addresses[0] if addresses and fits else None

    def _is_allowed(self, address: str, *, is_secure: bool) -> bool:
        ip = ip_address(address.partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if any(ip in network for network in self.networks):
            return True
        return is_secure and ip.is_global and not ip.is_multicast

    def _answered(self, url: SplitResult, address: str, event: Event) -> int:
        """The status that came back."""
        stamp = str(int(self.clock().timestamp()))
        headers = {
            "Host": url.netloc,
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "dossier-engine",
            "webhook-id": event.id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(event.secret, event.id, stamp, event.body),
        }
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        with _connected(url, address, self.trust, self.timeout) as connection:
            connection.request("POST", path, event.body, headers)
            answer = connection.getresponse()
            answer.read(_MOST_ANSWER)
            return answer.status


def signature(secret: str, event: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`, as receivers of standard webhooks check it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{event}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed.digest()).decode()


def _judged(status: int) -> Verdict:
    if status in _CERTAINLY:
        return Verdict("sent")
    return Verdict("refused" if status == _GONE else "again", f"HTTP {status}")


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


@contextmanager
def _connected(
    url: SplitResult, address: str, trust: ssl.SSLContext, timeout: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to `address` that speaks to the host by its name."""
    host = url.hostname or ""
    plain = socket.create_connection((address, _port(url)), timeout)
    connection = http.client.HTTPConnection(host, _port(url), timeout=timeout)
    try:
        connection.sock = trust.wrap_socket(plain, server_hostname=host) if url.scheme == "https" else plain
        yield connection
    finally:
        connection.close()
        plain.close()
