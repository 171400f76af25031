"""Refusals of files that are to be kept, and of kept ones that are not what they should be (5, 7, 8, 9)."""

from dossier_engine.errors.refusal import DossierError

# --- the file is not one to keep (7) ---


class FileTooLarge(DossierError):
    """The file has more than `limit` bytes."""

    code = "file_too_large"
    exit_code = 7

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit, megabytes=f"{limit / 2**20:g}")


class FileRefused(DossierError):
    """The file is of no kind that is kept, or could harm whoever opens it; `why` is a catalogue code."""

    code = "file_refused"
    exit_code = 7

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


# --- it is not there (5) ---


class FileMissing(DossierError):
    """No file is kept that has this SHA-256; `why` is a catalogue code."""

    code = "file_missing"
    exit_code = 5

    def __init__(self, sha256: str, why: str) -> None:
        super().__init__(sha256=sha256, why=why)


# --- it is not what it was (8) ---


class FileDamaged(DossierError):
    """What is kept under a SHA-256 has another one now."""

    code = "file_damaged"
    exit_code = 8

    def __init__(self, sha256: str, actual: str) -> None:
        super().__init__(sha256=sha256, actual=actual)


# --- the folder cannot be used (9) ---


class FilesUnavailable(DossierError):
    """The folder of kept files cannot be read or written; `why` is a catalogue code."""

    code = "files_unavailable"
    exit_code = 9

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(folder=folder, why=why)
