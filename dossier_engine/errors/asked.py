"""Refusals of how something was asked over HTTP, whatever it was that was asked (4, 6, 7)."""

from collections.abc import Sequence

from dossier_engine.errors.refusal import DossierError


class Malformed(DossierError):
    """The request has not the shape that is described; each fault is a JSON pointer and a catalogue code."""

    code = "request_malformed"
    exit_code = 7

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(faults=tuple(faults))
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.faults,)


class KeyMissing(DossierError):
    """What would write an entry came without an idempotency key, so a repeat could do it twice."""

    code = "key_missing"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__()


class VersionMissing(DossierError):
    """What would change a dossier does not say which version of it was looked at."""

    code = "version_missing"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__()


class NoSuchAddress(DossierError):
    """Nothing is served at this path."""

    code = "no_such_address"
    exit_code = 5

    def __init__(self) -> None:
        super().__init__()


class NoSuchMethod(DossierError):
    """The path is there, but not with this method; `allowed` are those it has."""

    code = "no_such_method"
    exit_code = 7

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed=allowed)


class NotInScopes(DossierError):
    """The token was not issued for this kind of use."""

    code = "not_in_scopes"
    exit_code = 4

    def __init__(self, needs: str) -> None:
        super().__init__(needs=needs)


class CrossSite(DossierError):
    """A browser sent the cookie of a session, but not from a page of ours."""

    code = "cross_site"
    exit_code = 4

    def __init__(self) -> None:
        super().__init__()


class UnknownHost(DossierError):
    """The request names a host that this installation is not reached by."""

    code = "unknown_host"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__()


class BodyTooLarge(DossierError):
    """The body is larger than is read; `limit` is in bytes."""

    code = "body_too_large"
    exit_code = 7

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class BodyTooSlow(DossierError):
    """The body did not come in time."""

    code = "body_too_slow"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__()


class TooManyRequests(DossierError):
    """Whoever asks has asked too often; `retry_after` is in seconds."""

    code = "too_many_requests"
    exit_code = 6

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
