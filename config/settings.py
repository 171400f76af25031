"""Settings from the environment, read once and frozen; nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dossier_engine.errors import BadInput
from dossier_engine.rules.pace import FASTEST

LANGUAGES = ("vi", "en")
DATABASES = ("sqlite:///", "postgresql+psycopg://")
BROKERS = ("redis://", "rediss://", "sentinel://")
SENTINEL_GROUP = "mymaster"
_REQUESTS, _MOST_REQUESTS = 600, 1_000_000  # a minute
MEGABYTE = 2**20
_LARGEST = 1_000  # megabytes of a file: what is larger is no document

_SPEED, _OFFSET = re.compile(r"speed=(\d{1,5})"), re.compile(r"offset=(\d{1,4})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
MAIL = ("smtp", "smtps", "folder")

Network = IPv4Network | IPv6Network

_SENDER = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Clock:
    """How `dossier up` drives a demonstration's clock: how fast, and how far it puts it forward at the start."""

    speed: int = 1
    ahead: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is where the engine runs as the application, `owner_url` where migrations run as the owner.

    Without `broker_url` `dossier up` starts a broker of its own; `broker_master` names Sentinel's group.
    Events go to `webhook_hosts` only; `webhook_networks` are those that they may go to though they are not public.
    `witnesses` are those that cosign the log, each `KEY URL` as in an auditor's policy. `operators` says which person
    each account of the operating system is, where real work lies on a server. Only `trusted_proxies` are believed for
    whom they ask, and each sender may ask `requests_a_minute` times. Evidence files of at most `file_limit` bytes are
    kept in `files_folder`; without one in a folder of `home`. Pages tell people to call `support_phone`.
    """

    home: Path
    database_url: str
    owner_url: str
    language: str
    person: str | None
    broker_url: str | None = None
    broker_master: str = SENTINEL_GROUP
    clock: Clock | None = None
    smtp_url: str | None = None
    mail_from: str = "dossier@localhost"
    base_url: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    webhook_networks: tuple[Network, ...] = ()
    witnesses: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    requests_a_minute: int = _REQUESTS
    operators: Mapping[str, str] = field(default_factory=dict)
    files_folder: Path | None = None
    file_limit: int = 50 * MEGABYTE
    support_phone: str | None = None

    @property
    def files(self) -> Path:
        """The folder of evidence files."""
        return self.files_folder or self.home / "files"


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that `environment` (this process's, if not given) asks for. Raises BadInput naming the variable.

    `DOSSIER_HOME` is the folder of the embedded database, `.dossier` below the working folder if unset.
    """
    found = os.environ if environment is None else environment  # noqa: TID251  # the one place that may
    home = Path(found.get("DOSSIER_HOME") or ".dossier").absolute()
    url = found.get("DOSSIER_DATABASE_URL") or f"sqlite:///{home / 'dossier.db'}"
    if not url.startswith(DATABASES):
        raise BadInput("DOSSIER_DATABASE_URL", url, "unknown_database")
    language = found.get("DOSSIER_LANG") or "vi"
    if language not in LANGUAGES:
        raise BadInput("DOSSIER_LANG", language, "unknown_language")
    broker = found.get("DOSSIER_BROKER_URL") or None
    if broker is not None and not broker.startswith(BROKERS):
        raise BadInput("DOSSIER_BROKER_URL", broker.partition("://")[0], "unknown_broker")  # not the password
    return Settings(
        home=home,
        database_url=url,
        owner_url=found.get("DOSSIER_OWNER_URL") or url,
        language=language,
        person=found.get("DOSSIER_PERSON") or None,
        broker_url=broker,
        broker_master=found.get("DOSSIER_BROKER_MASTER") or SENTINEL_GROUP,
        clock=_clock(found.get("DOSSIER_CLOCK") or ""),
        witnesses=tuple(one.strip() for one in found.get("DOSSIER_WITNESSES", "").split(",") if one.strip()),
        trusted_proxies=_networks(found, "DOSSIER_TRUSTED_PROXIES"),
        requests_a_minute=_often(found.get("DOSSIER_REQUESTS_A_MINUTE") or str(_REQUESTS)),
        operators=_operators(found.get("DOSSIER_OPERATORS") or ""),
        files_folder=Path(found["DOSSIER_FILES"]).absolute() if found.get("DOSSIER_FILES") else None,
        file_limit=_file_limit(found.get("DOSSIER_FILE_LIMIT") or "50"),
        support_phone=found.get("DOSSIER_SUPPORT_PHONE") or None,
        **_outside(found),
    )


def for_children(settings: Settings, broker_url: str) -> dict[str, str]:
    """This process's environment for processes that `dossier up` starts, with the broker to use."""
    return {
        **os.environ,  # noqa: TID251  # the one place that may
        "DOSSIER_HOME": str(settings.home),
        "DOSSIER_BROKER_URL": broker_url,
        "PYTHONUNBUFFERED": "1",
    }


def _clock(text: str) -> Clock | None:
    """The clock that `speed=600,offset=3d` asks for; None for nothing."""
    if not text:
        return None
    speed, ahead = 1, timedelta()
    for part in text.split(","):
        if (found := _SPEED.fullmatch(part)) and 1 <= int(found[1]) <= FASTEST:
            speed = int(found[1])
        elif found := _OFFSET.fullmatch(part):
            ahead = timedelta(**{_UNITS[found[2]]: int(found[1])})
        else:
            raise BadInput("DOSSIER_CLOCK", text, "not_a_clock")
    return Clock(speed, ahead)


def _operators(text: str) -> dict[str, str]:
    """The handle of each account that `account=handle,account=handle` names."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        account, _, handle = (half.strip() for half in part.partition("="))
        if not account or not handle:
            raise BadInput("DOSSIER_OPERATORS", part, "not_an_operator")
        if account in found:
            raise BadInput("DOSSIER_OPERATORS", account, "repeated")
        found[account] = handle
    return found


def _file_limit(text: str) -> int:
    """So many megabytes, in bytes."""
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= _LARGEST:
        raise BadInput("DOSSIER_FILE_LIMIT", text, "not_a_file_limit")
    return int(text) * MEGABYTE


def _outside(found: Mapping[str, str]) -> dict[str, Any]:
    """How mail and events leave the house. Raises BadInput."""
    mail, sender = found.get("DOSSIER_SMTP_URL") or None, found.get("DOSSIER_MAIL_FROM") or None
    if mail is not None and not _is_url(mail, MAIL):
        raise BadInput("DOSSIER_SMTP_URL", "", "unknown_mail_server")  # its password is nobody's to see
    if mail is not None and sender is None and not mail.startswith("folder:"):
        raise BadInput("DOSSIER_MAIL_FROM", "", "missing")
    if sender is not None and _SENDER.fullmatch(sender) is None:
        raise BadInput("DOSSIER_MAIL_FROM", sender, "not_an_address")
    base = (found.get("DOSSIER_BASE_URL") or "").rstrip("/") or None
    if base is not None and not _is_url(base, ("https", "http")):
        raise BadInput("DOSSIER_BASE_URL", base, "not_a_url")
    hosts = frozenset(_listed(found, "DOSSIER_WEBHOOK_ALLOW"))
    networks = _networks(found, "DOSSIER_WEBHOOK_NETWORKS")
    told: dict[str, Any] = {
        "smtp_url": mail, "base_url": base, "webhook_hosts": hosts, "webhook_networks": networks,
    }  # fmt: skip
    return told if sender is None else {**told, "mail_from": sender}


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # raises for what is no number
    except ValueError:
        return False
    place = parts.path if parts.scheme == "folder" else parts.hostname
    return parts.scheme in schemes and bool(place) and text.isprintable()


def _listed(found: Mapping[str, str], name: str) -> list[str]:
    return [part.strip().lower() for part in found.get(name, "").split(",") if part.strip()]


def _networks(found: Mapping[str, str], name: str) -> tuple[Network, ...]:
    networks = []
    for text in _listed(found, name):
        try:
            networks.append(ip_network(text))
        except ValueError as error:
            raise BadInput(name, text, "not_a_network") from error
    return tuple(networks)


def _often(text: str) -> int:
    """How often a minute a sender may ask. Raises BadInput."""
    if not (text.isdecimal() and 1 <= int(text) <= _MOST_REQUESTS):
        raise BadInput("DOSSIER_REQUESTS_A_MINUTE", text, "not_a_count")
    return int(text)
