"""Every refusal the engine can give, as a type with a stable `code`.

A refusal carries facts, never sentences: the catalogues turn `code` and `facts` into words that say what to do
next, in both languages. `exit_code` groups refusals by what the caller can do about them and is what a command
line ends with; other faces map `code` themselves.
"""

from dossier_engine.errors.conflicts import (
    AlreadyOpen,
    AlreadyRunning,
    AlreadyThere,
    FileInUse,
    KeyReused,
    LogBegun,
    NotEmpty,
    NotFound,
    StaleVersion,
)
from dossier_engine.errors.files import FileDamaged, FileMissing, FileRefused, FilesUnavailable, FileTooLarge
from dossier_engine.errors.inputs import (
    AmbiguousLocality,
    BadInput,
    CalendarMissing,
    DateBeforePrevious,
    DateInFuture,
    FileProblems,
    HashMismatch,
    NotADemonstration,
    Problem,
)
from dossier_engine.errors.refusal import DossierError, Fact, Unmet
from dossier_engine.errors.refused import (
    AppointmentExpired,
    NoSuchDeadline,
    NotAllowed,
    NotPaused,
    NotPossible,
    Paused,
    RequirementsUnmet,
    SeparationOfDuties,
    WrongSubject,
)
from dossier_engine.errors.services import (
    BrokerUnavailable,
    ChannelDown,
    ClockBehind,
    DatabaseUnavailable,
    IntegrityBroken,
    MemoryDamaged,
    NotSigned,
    SchemaDiffers,
    SignerRefuses,
    WitnessRefuses,
)

__all__ = [
    "AlreadyOpen",
    "AlreadyRunning",
    "AlreadyThere",
    "AmbiguousLocality",
    "AppointmentExpired",
    "BadInput",
    "BrokerUnavailable",
    "CalendarMissing",
    "ChannelDown",
    "ClockBehind",
    "DatabaseUnavailable",
    "DateBeforePrevious",
    "DateInFuture",
    "DossierError",
    "Fact",
    "FileDamaged",
    "FileInUse",
    "FileMissing",
    "FileProblems",
    "FileRefused",
    "FileTooLarge",
    "FilesUnavailable",
    "HashMismatch",
    "IntegrityBroken",
    "KeyReused",
    "LogBegun",
    "MemoryDamaged",
    "NoSuchDeadline",
    "NotADemonstration",
    "NotAllowed",
    "NotEmpty",
    "NotFound",
    "NotPaused",
    "NotPossible",
    "NotSigned",
    "Paused",
    "Problem",
    "RequirementsUnmet",
    "SchemaDiffers",
    "SeparationOfDuties",
    "SignerRefuses",
    "StaleVersion",
    "Unmet",
    "WitnessRefuses",
    "WrongSubject",
]
