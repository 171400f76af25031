"""Refusals because something is not there, or somebody was first (5, 6)."""

from collections.abc import Sequence

from dossier_engine.errors.refusal import DossierError

# --- it is not there (5) ---


class NotFound(DossierError):
    """Nothing of that name, or nothing the person may see; `suggestions` are near names, at most three."""

    code = "not_found"
    exit_code = 5

    def __init__(self, kind: str, name: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(kind=kind, name=name, suggestions=tuple(suggestions))


# --- somebody was first (6) ---


class StaleVersion(DossierError):
    """The dossier changed since the person looked."""

    code = "stale_version"
    exit_code = 6

    def __init__(self, dossier: str, expected: int, current: int) -> None:
        super().__init__(dossier=dossier, expected=expected, current=current)


class KeyReused(DossierError):
    """The idempotency key was used by this person for another request."""

    code = "key_reused"
    exit_code = 6

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class AlreadyOpen(DossierError):
    """An open dossier for the same subject, workflow and target year exists."""

    code = "already_open"
    exit_code = 6

    def __init__(self, locality: str, workflow: str, year: int, dossier: str) -> None:
        super().__init__(locality=locality, workflow=workflow, year=year, dossier=dossier)


class AlreadyThere(DossierError):
    """A thing of that name exists already and differs."""

    code = "already_there"
    exit_code = 6

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind=kind, name=name)


class NotEmpty(DossierError):
    """The command writes into a new or empty database only."""

    code = "not_empty"
    exit_code = 6

    def __init__(self, database: str) -> None:
        super().__init__(database=database)


class AlreadyRunning(DossierError):
    """Another `dossier up` runs from the same folder."""

    code = "already_running"
    exit_code = 6

    def __init__(self, home: str) -> None:
        super().__init__(home=home)


class FileInUse(DossierError):
    """Another signer or witness is at work on the file and does not let go."""

    code = "file_in_use"
    exit_code = 6

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class LogBegun(DossierError):
    """The log was begun anew already, and nobody has signed it since."""

    code = "log_begun"
    exit_code = 6

    def __init__(self, origin: str) -> None:
        super().__init__(origin=origin)


class LastAdministrator(DossierError):
    """Nobody would be left, for as long as nobody says otherwise, who could appoint anybody."""

    code = "last_administrator"
    exit_code = 6

    def __init__(self, office: str) -> None:
        super().__init__(office=office)
