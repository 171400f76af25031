"""Settings from the environment, read once and frozen; nothing else reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dossier_engine.errors import BadInput

LANGUAGES = ("vi", "en")
DATABASES = ("sqlite:///", "postgresql+psycopg://")


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is where the engine runs as the application, `owner_url` where migrations run as the owner."""

    home: Path
    database_url: str
    owner_url: str
    language: str
    person: str | None


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
    return Settings(home, url, found.get("DOSSIER_OWNER_URL") or url, language, found.get("DOSSIER_PERSON") or None)
