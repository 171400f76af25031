"""Refusals by the workflow and of persons: it is not possible, or not theirs to do (3, 4)."""

from collections.abc import Sequence
from datetime import date

from dossier_engine.errors.refusal import DossierError, Unmet

# --- the workflow refuses (3) ---


class NotPossible(DossierError):
    """The state has no such transition; `possible` names those it has."""

    code = "not_possible"
    exit_code = 3

    def __init__(self, transition: str, state: str, possible: Sequence[str], definition: str) -> None:
        super().__init__(transition=transition, state=state, possible=tuple(possible), definition=definition)


class RequirementsUnmet(DossierError):
    """Some requirements are not met; every one of them is named."""

    code = "requirements_unmet"
    exit_code = 3

    def __init__(self, transition: str, unmet: Sequence[Unmet], definition: str) -> None:
        listed = tuple((u.key, u.why, dict(u.facts)) for u in unmet)
        super().__init__(transition=transition, unmet=listed, definition=definition)
        self.unmet = tuple(unmet)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.facts["transition"], self.unmet, self.facts["definition"])


class Paused(DossierError):
    """A paused dossier takes nothing but resume, withdraw, carry over and succeed."""

    code = "paused"
    exit_code = 3

    def __init__(self, dossier: str, since: date) -> None:
        super().__init__(dossier=dossier, since=since.isoformat())


class NotPaused(DossierError):
    """Resume was asked for a dossier whose clock runs."""

    code = "not_paused"
    exit_code = 3

    def __init__(self, dossier: str) -> None:
        super().__init__(dossier=dossier)


class WrongSubject(DossierError):
    """The definition is not for this kind of locality: a ward cannot open a commune dossier."""

    code = "wrong_subject"
    exit_code = 3

    def __init__(self, locality: str, kind: str, accepts: str) -> None:
        super().__init__(locality=locality, kind=kind, accepts=accepts)


class NoSuchDeadline(DossierError):
    """The dossier has no open deadline of that name; `open` names those it has."""

    code = "no_such_deadline"
    exit_code = 3

    def __init__(self, dossier: str, key: str, open_keys: Sequence[str]) -> None:
        super().__init__(dossier=dossier, key=key, open=tuple(open_keys))


# --- the person may not (4) ---


class NotAllowed(DossierError):
    """No appointment of the person, valid now, allows this act here; `roles` are those that could."""

    code = "not_allowed"
    exit_code = 4

    def __init__(self, person: str, act: str, roles: Sequence[str]) -> None:
        super().__init__(person=person, act=act, roles=tuple(roles))


class AppointmentExpired(DossierError):
    """The person held a fitting appointment, but not on the day of the act."""

    code = "appointment_expired"
    exit_code = 4

    def __init__(self, person: str, act: str, valid_from: date, valid_to: date | None) -> None:
        until = valid_to.isoformat() if valid_to else None
        super().__init__(person=person, act=act, valid_from=valid_from.isoformat(), valid_to=until)


class OperatorNotMapped(DossierError):
    """Real work on a server: the account of the operating system is that of no person, or of another than `person`."""

    code = "operator_not_mapped"
    exit_code = 4

    def __init__(self, os_user: str, person: str | None) -> None:
        super().__init__(os_user=os_user, person=person)


class SeparationOfDuties(DossierError):
    """One person may not perform both transitions on one dossier."""

    code = "separation_of_duties"
    exit_code = 4

    def __init__(self, person: str, transition: str, performed: str) -> None:
        super().__init__(person=person, transition=transition, performed=performed)
