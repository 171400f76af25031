"""Refusals of somebody who is not signed in, or does not get in (4)."""

from dossier_engine.errors.refusal import DossierError


class NotSignedIn(DossierError):
    """There is no session, or it is over; the same for a token that is not, or no longer, valid."""

    code = "not_signed_in"
    exit_code = 4

    def __init__(self) -> None:
        super().__init__()


class SignInFailed(DossierError):
    """The name, the password or the code is wrong; which one is not told."""

    code = "sign_in_failed"
    exit_code = 4

    def __init__(self) -> None:
        super().__init__()


class SecondFactorNeeded(DossierError):
    """The password is right, and a code is needed too; unless it `is_set_up`, only another invitation helps."""

    code = "second_factor_needed"
    exit_code = 4

    def __init__(self, is_set_up: bool) -> None:
        super().__init__(is_set_up=is_set_up)


class TooManyAttempts(DossierError):
    """Too many failures of late; what is tried before `retry_after` seconds have passed is not looked at."""

    code = "too_many_attempts"
    exit_code = 4

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
