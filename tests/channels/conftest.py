"""Certificates of an authority of our own, for servers on loopback."""

import ssl
from dataclasses import dataclass

import pytest
import trustme


@dataclass(frozen=True)
class Certificates:
    """What a server shows, what a client trusts, and what a client trusts that has never heard of the authority."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    stranger: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return Certificates(server, client, ssl.create_default_context())
