"""The names of logs: an installation's log keeps its name and counts how often it had to be begun."""

import re

_ORIGIN = re.compile(r"(.+)/([1-9][0-9]{0,8})")


def number(origin: str) -> int:
    """How often the log of that name was begun. Raises ValueError for a name that no installation gives."""
    return int(_parts(origin)[2])


def following(origin: str) -> str:
    """The name of the log that is begun after that one. Raises ValueError for a name that no installation gives."""
    return f"{_parts(origin)[1]}/{number(origin) + 1}"


def _parts(origin: str) -> re.Match[str]:
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        raise ValueError(f"not the name of a log: {origin[:80]!r}")
    return found
