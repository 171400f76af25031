"""What a command line answered."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """The exit code and both streams of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever the command answers
        """Standard output as a program reads it."""
        return json.loads(self.out)

    @property
    def refusal(self) -> Any:  # noqa: ANN401  # the same
        """Standard error as a program reads it."""
        return json.loads(self.err)
