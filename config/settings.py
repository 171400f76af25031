"""Settings from the environment, read once and frozen; nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dossier_engine.errors import BadInput

LANGUAGES = ("vi", "en")
DATABASES = ("sqlite:///", "postgresql+psycopg://")
MAIL = ("smtp", "smtps", "folder")

Network = IPv4Network | IPv6Network

_SENDER = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is where the engine runs as the application, `owner_url` where migrations run as the owner.

    Events go to `webhook_hosts` only; `webhook_networks` are those that they may go to though they are not public.
    """

    home: Path
    database_url: str
    owner_url: str
    language: str
    person: str | None
    smtp_url: str | None = None
    mail_from: str = "dossier@localhost"
    base_url: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    webhook_networks: tuple[Network, ...] = ()


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
    return Settings(
        home, url, found.get("DOSSIER_OWNER_URL") or url, language, found.get("DOSSIER_PERSON") or None,
        **_outside(found),
    )  # fmt: skip


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
    networks = tuple(_network(text) for text in _listed(found, "DOSSIER_WEBHOOK_NETWORKS"))
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


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise BadInput("DOSSIER_WEBHOOK_NETWORKS", text, "not_a_network") from error
