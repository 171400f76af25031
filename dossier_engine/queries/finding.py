"""What a check of history finds wrong."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong: where (stream and seq, a table's key, a trigger) and a catalogue code."""

    where: str
    code: str
    what: str = ""
