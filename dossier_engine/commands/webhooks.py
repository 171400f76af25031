"""Where events are told to: webhooks, each for a territory, added and removed by administrators."""

import base64
import random
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import file_entry
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import localities, webhooks
from dossier_engine.records.history import hold
from dossier_engine.rules.law import legal_day

SETTINGS = "settings"
"""The stream of what administrators decide about the installation."""

_SECRET = "whsec_"  # noqa: S105  # how receivers know what kind of secret it is
_LONGEST_URL = 2_000


def add_webhook(
    session: Session,
    url: str,
    locality: str,
    act: Act,
    *,
    hosts: frozenset[str],
    now: datetime,
    rng: random.Random,
) -> tuple[str, str]:
    """Tell `url` of every dossier in the locality of that code and below; its id and the secret that signs.

    Raises NotFound, NotAllowed, and BadInput for what is no address of a web server, or not on one of `hosts`. The
    face commits.
    """
    conn = session.connection()
    hold(conn, SETTINGS)
    host = _host(url)
    if host not in hosts:
        raise BadInput("url", host, "host_not_allowed")
    place = localities.by_code(conn, locality, legal_day(now))
    if place is None:
        raise NotFound("locality", locality)
    webhook = f"wh-{rng.getrandbits(80):020x}"
    secret = _SECRET + base64.b64encode(rng.randbytes(32)).decode()
    body = {"webhook": webhook, "host": host, "territory": place.path}
    file_entry(conn, SETTINGS, "webhook_added", act, body, now=now, rng=rng, private={"url": url})
    webhooks.add(conn, {"id": webhook, "url": url, "secret": secret, "territory": place.path, "added_at": now})
    return webhook, secret


def remove_webhook(session: Session, webhook: str, act: Act, *, now: datetime, rng: random.Random) -> None:
    """Tell it no more; what waits for it is void. Raises NotFound, NotAllowed. The face commits."""
    conn = session.connection()
    hold(conn, SETTINGS)
    _standing(session, webhook)
    file_entry(conn, SETTINGS, "webhook_removed", act, {"webhook": webhook}, now=now, rng=rng)
    webhooks.remove(conn, webhook, now)


def _standing(session: Session, webhook: str) -> None:
    known = [hook.id for hook in webhooks.standing(session.connection())]
    if webhook not in known:
        raise NotFound("webhook", webhook, known[:3])


def _host(url: str) -> str:
    if len(url) > _LONGEST_URL or not url.isascii() or not all(c.isprintable() and c != " " for c in url):
        raise BadInput("url", url[:100], "not_a_url")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises for what is no number
    except ValueError as error:
        raise BadInput("url", url, "not_a_url") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None or parts.fragment:
        raise BadInput("url", url, "not_a_url")
    return parts.hostname
