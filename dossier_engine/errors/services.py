"""Refusals because something below the engine is broken or down: history, log, database, broker, channel (8, 9)."""

from collections.abc import Sequence
from datetime import datetime

from dossier_engine.errors.refusal import DossierError

# --- the history is not what it was (8) ---


class IntegrityBroken(DossierError):
    """The history or its protection was altered; `findings` name what and where."""

    code = "integrity_broken"
    exit_code = 8

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(findings=tuple(findings))


class SignerRefuses(DossierError):
    """The log is not what was signed: `signed` is the last signed log and size; `why` is a catalogue code."""

    code = "signer_refuses"
    exit_code = 8

    def __init__(self, why: str, signed: str, origin: str, size: int) -> None:
        super().__init__(why=why, signed=signed, origin=origin, size=size)


class WitnessRefuses(DossierError):
    """A witness does not cosign; `why` is a catalogue code, `size` what it cosigned last where that is the matter."""

    code = "witness_refuses"
    exit_code = 8

    def __init__(self, why: str, size: int | None = None) -> None:
        super().__init__(why=why, size=size)
        self.why, self.size = why, size

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.why, self.size)


class MemoryDamaged(DossierError):
    """What a signer or witness signed last is not there or not what it wrote; `why` is a catalogue code."""

    code = "memory_damaged"
    exit_code = 8

    def __init__(self, file: str, why: str) -> None:
        super().__init__(file=file, why=why)


# --- a needed service is down (9) ---


class DatabaseUnavailable(DossierError):
    """The database cannot be reached, read or written; `why` is a catalogue code."""

    code = "database_unavailable"
    exit_code = 9

    def __init__(self, database: str, why: str) -> None:
        super().__init__(database=database, why=why)


class BrokerUnavailable(DossierError):
    """The broker that was started here does not answer; `log` is the file in which it says why."""

    code = "broker_unavailable"
    exit_code = 9

    def __init__(self, broker: str, log: str) -> None:
        super().__init__(broker=broker, log=log)


class NotSigned(DossierError):
    """No signed checkpoint covers the entry `seq` of the exports; `newest` is when one was last signed, if ever."""

    code = "not_signed"
    exit_code = 9

    def __init__(self, seq: int, newest: datetime | None) -> None:
        super().__init__(seq=seq, newest=newest.isoformat() if newest else None)


class ClockBehind(DossierError):
    """The clock is far behind an entry that is already in history: it is wrong, or was then."""

    code = "clock_behind"
    exit_code = 9

    def __init__(self, clock: datetime, previous: datetime) -> None:
        super().__init__(clock=clock.isoformat(), recorded=previous.isoformat())


class SchemaDiffers(DossierError):
    """The database was made by another version: `found` is None when it is not initialised."""

    code = "schema_differs"
    exit_code = 9

    def __init__(self, database: str, found: str | None, wanted: str, why: str) -> None:
        super().__init__(database=database, found=found, wanted=wanted, why=why)


class ChannelDown(DossierError):
    """Nothing can be sent: nobody answers where mail or events go; `why` is a catalogue code."""

    code = "channel_down"
    exit_code = 9

    def __init__(self, channel: str, server: str, why: str) -> None:
        super().__init__(channel=channel, server=server, why=why)
