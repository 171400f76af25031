"""What a check of history finds wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (stream and seq, a table's key, a trigger) and a catalogue code."""

    where: str
    code: str
    what: str = ""
