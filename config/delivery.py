"""One round of sending, as beat, a worker or a person calls it: publish, claim, send, settle, each in its own time.

No message is sent while a transaction is open. A round ends when nothing is due, when it has taken as many as it may,
or when the other end has gone away.
"""

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from sqlmodel import Session

from config.wiring import Engine
from dossier_engine.channels.folder import Folder
from dossier_engine.channels.smtp import MailServer, Smtp
from dossier_engine.channels.webhook import Webhooks
from dossier_engine.commands import deliver
from dossier_engine.commands.deliver import Channel, Claim, Event, Letter, Settled, Verdict, trial_event
from dossier_engine.commands.publish import BATCH as TO_PUBLISH
from dossier_engine.commands.publish import publish
from dossier_engine.errors import BadInput, ChannelDown
from dossier_engine.letters.items import Reader
from dossier_engine.rules.law import Law, legal_day

LEASE = timedelta(minutes=10)
MOST = 2_000
_BATCH = 200
# Half of the lease is for sending; what was not tried by then goes back before anybody else may take it.
_PATIENCE_SECONDS = LEASE.total_seconds() / 2
_PORTS = {"plain": 25, "starttls": 587, "tls": 465}

Claiming = Callable[[Session, Law, int], tuple[Sequence[Letter | Event], Settled]]
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round did; `down` are the doors that nobody opened, `mail_goes` is False where no mail is ever sent."""

    published: int = 0
    mails: Settled = field(default_factory=Settled)
    events: Settled = field(default_factory=Settled)
    down: tuple[ChannelDown, ...] = ()
    mail_goes: bool = True

    def facts(self) -> dict[str, object]:
        """The figures, for a log line."""
        return {
            "published": self.published, "mails_sent": self.mails.sent, "events_sent": self.events.sent,
            "to_retry": self.mails.waiting + self.events.waiting, "given_up": self.mails.dead + self.events.dead,
            "nothing_to_say": self.mails.void, "down": [str(refusal) for refusal in self.down],
        }  # fmt: skip


def round(engine: Engine, *, most: int = MOST, told: Told = lambda _: None) -> Delivered:  # noqa: A001  # a round of sending
    """Publish, and send up to `most` mails and as many events; `told` hears of the messages as they go.

    A server that does not answer is in the result and keeps nothing else from going; every other failure is raised.
    """
    published = _publish(engine, most)
    down: list[ChannelDown] = []
    mail = mail_channel(engine)
    events = _opened(engine, "webhook", webhook_channel(engine), _claim_events(engine), most, told, down)
    mails = _opened(engine, "mail", mail, _claim_letters(engine), most, told, down) if mail else Settled()
    return Delivered(published, mails, events, tuple(down), mail is not None)


def try_webhook(engine: Engine, webhook: str) -> Verdict:
    """Send that webhook an event that says nothing, beside everything that waits. Raises NotFound."""
    with engine.database.reading() as session:
        event = trial_event(session, webhook, source=_source(engine), now=engine.now(), rng=engine.rng)
    with webhook_channel(engine).opened() as send:
        return send(event)


def mail_channel(engine: Engine) -> Smtp | Folder | None:
    """Where mail goes: what `DOSSIER_SMTP_URL` says, a folder for a demonstration, or nowhere. Raises BadInput."""
    settings = engine.settings
    if settings.smtp_url is None:
        return Folder(settings.home / "mail", settings.mail_from) if engine.is_demonstration() else None
    parts = urlsplit(settings.smtp_url)
    if parts.scheme == "folder":
        return Folder(Path(unquote(parts.path)), settings.mail_from)
    asked = parse_qs(parts.query)
    if not set(asked) <= {"starttls"} or asked.get("starttls", ["1"]) not in (["1"], ["0"]):
        raise BadInput("DOSSIER_SMTP_URL", parts.query, "unknown_mail_server")
    security: Literal["plain", "starttls", "tls"] = "starttls" if asked.get("starttls") == ["1"] else "plain"
    if parts.scheme == "smtps":
        security = "tls"
    server = MailServer(
        host=parts.hostname or "",
        port=parts.port or _PORTS[security],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
    return Smtp(server, settings.mail_from, ssl.create_default_context())


def webhook_channel(engine: Engine) -> Channel:
    """Where events may go."""
    settings = engine.settings
    trust = ssl.create_default_context()
    return Webhooks(settings.webhook_hosts, settings.webhook_networks, trust, engine.clock)


def _publish(engine: Engine, most: int) -> int:
    published = 0
    while published < most:
        with engine.database.writing() as session:
            taken = publish(session, now=engine.now(), rng=engine.rng, most=min(TO_PUBLISH, most - published))
        published += taken
        if taken < TO_PUBLISH:
            break
    return published


def _claim_letters(engine: Engine) -> Claiming:
    def claim(session: Session, law: Law, most: int) -> tuple[Sequence[Letter], Settled]:
        now, settings = engine.now(), engine.settings
        reader = Reader(settings.language, legal_day(now), law.calendar, settings.base_url)
        return deliver.claim_letters(session, law, reader, now=now, lease=LEASE, most=most)

    return claim


def _source(engine: Engine) -> str:
    """What events say they come from."""
    return engine.settings.base_url or "/dossier-engine"


def _claim_events(engine: Engine) -> Claiming:
    def claim(session: Session, _: Law, most: int) -> tuple[Sequence[Event], Settled]:
        return deliver.claim_events(session, source=_source(engine), now=engine.now(), lease=LEASE, most=most)

    return claim


def _opened(
    engine: Engine, name: Literal["mail", "webhook"], channel: Channel, claim: Claiming, most: int, told: Told,
    down: list[ChannelDown],
) -> Settled:  # fmt: skip
    """Send what is due through one channel, which is only opened if something is."""
    with engine.database.reading() as session:
        if not deliver.is_any_due(session, name, now=engine.now()):
            return Settled()
    try:
        with channel.opened() as send:
            return _sent(engine, send, claim, most, told)
    except ChannelDown as refusal:
        down.append(refusal)
        return Settled()


def _sent(engine: Engine, send: Callable[[Letter | Event], Verdict], claim: Claiming, most: int, told: Told) -> Settled:
    total = Settled()
    while most > 0:
        wanted, patience = min(_BATCH, most), time.monotonic() + _PATIENCE_SECONDS
        with engine.changing() as (session, law):
            parcels, closed = claim(session, law, wanted)
        results: list[tuple[Claim, Verdict]] = []
        for parcel in parcels:
            is_late = time.monotonic() > patience
            results.append((parcel.claim, Verdict("untried", "no_time") if is_late else send(parcel)))
            told(1)
        with engine.database.writing() as session:
            total += closed + deliver.settle(session, results, now=engine.now(), rng=engine.rng)
        taken = len(parcels) + closed.dead + closed.void
        most -= taken
        if taken < wanted or any(verdict.word == "untried" for _, verdict in results):
            break
    return total
