"""What a refusal is: a code, facts, and how severe it is for a command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

Fact = str | int | bool | None | Sequence["Fact"] | dict[str, "Fact"]


class DossierError(Exception):
    """A refusal. `facts` fill the sentence that the catalogues hold for `code`."""

    code: ClassVar[str] = "failure"
    exit_code: ClassVar[int] = 1

    def __init__(self, **facts: Fact) -> None:
        super().__init__(facts)
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.facts}"


def _rebuild(kind: type[DossierError], facts: dict[str, Fact]) -> DossierError:
    refusal = kind.__new__(kind)
    DossierError.__init__(refusal, **facts)
    return refusal


@dataclass(frozen=True, slots=True)
class Unmet:
    """One requirement that is not met: its key in the definition, why (a catalogue code), and the figures."""

    key: str
    why: str
    facts: tuple[tuple[str, Fact], ...] = ()
