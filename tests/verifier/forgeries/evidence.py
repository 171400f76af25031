"""What forgeries of the evidence share."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.verifier.forging import Members, Story, Tampering, members
from tests.verifier.lives import NEXT, OFFICE

SCOPE = (OFFICE, NEXT)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)


def last(story: Story, stream: str) -> tuple[str, int]:
    return stream, len(story.entries[stream])


def line(found: Members, name: str, number: int, change: Callable[[bytes], bytes]) -> None:
    lines = found[name].split(b"\n")
    lines[number] = change(lines[number])
    found[name] = b"\n".join(lines)


def exporting(story: Story, **body: Any) -> Members:
    return members(story, tampering=Tampering(export=lambda entry: entry["body"].update(body)))
