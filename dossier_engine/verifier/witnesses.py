"""The signed statements about the log: the newest checkpoint, those before it, and when witnesses saw each."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from dossier_engine.rules.entry import instant
from dossier_engine.rules.note import (
    Check,
    Checkpoint,
    ForgedSignatureError,
    MalformedNoteError,
    Note,
    cosigned_at,
    is_signed,
)
from dossier_engine.rules.policy import Policy, PolicyNotMetError, Verified, satisfied
from dossier_engine.verifier.act import SLACK
from dossier_engine.verifier.bundle import in_order, parse
from dossier_engine.verifier.flawed import FlawedError

_FIRST, _LAST = "", "~"  # before and after every instant


def newest(data: bytes, policy: Policy, check: Check) -> Verified:
    """The checkpoint that everything is proven against: signed by the log, cosigned as the policy asks."""
    try:
        note = Note.parse(data)
        _refuse_unknown(note, policy)
        if note != in_order(note):  # no manifest covers it
            raise FlawedError("note_malformed", "the signatures are not in order")
        return satisfied(note, policy, check)
    except MalformedNoteError as error:
        raise FlawedError("note_malformed", str(error)) from error
    except ForgedSignatureError as error:
        raise FlawedError("signature_forged", error.name) from error
    except PolicyNotMetError as error:
        raise FlawedError("policy_not_met", str(error)) from error


def earlier(lines: Iterable[bytes], newest_one: Verified, policy: Policy, check: Check) -> list[Verified]:
    """The checkpoints before it, smallest first: signed by the log, and no cosignature that is not one.

    Not every one of them had all the witnesses that the policy asks for today; the newest vouches for what they say.
    """
    found: list[Verified] = []
    for line in lines:
        one = _earlier(line, policy, check)
        if one.checkpoint.origin != newest_one.checkpoint.origin:
            raise FlawedError("log_differs", one.checkpoint.origin)
        if found and one.checkpoint.size <= found[-1].checkpoint.size:
            raise FlawedError("note_malformed", f"{one.checkpoint.size}: not in order")
        found.append(one)
    return found


def _earlier(line: bytes, policy: Policy, check: Check) -> Verified:
    try:
        told = parse(line, "note", "size")
        note = Note.parse(str(told["note"]).encode())
        _refuse_unknown(note, policy)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.size != told["size"] or checkpoint.size == 0:
            raise FlawedError("note_malformed", f"{told['size']}: {checkpoint.size}")
        if not [key for key in policy.logs if key.name == checkpoint.origin and is_signed(note, key, check)]:
            raise FlawedError("policy_not_met", checkpoint.origin)
        seen = [(name, cosigned_at(note, key, check)) for name, key in policy.witnesses.items()]
    except ForgedSignatureError as error:
        raise FlawedError("signature_forged", error.name) from error
    except ValueError as error:  # a malformed note is one
        raise FlawedError("note_malformed", str(error)) from error
    return Verified(checkpoint, tuple((name, at) for name, at in seen if at is not None))


def _refuse_unknown(note: Note, policy: Policy) -> None:
    """Every line must be checked, or what the auditor does not know could look like a proof."""
    known = {(key.name, key.id) for key in (*policy.logs, *policy.witnesses.values())}
    for signature in note.signatures:
        if (signature.name, signature.key_id) not in known:
            raise FlawedError("signer_unknown", signature.name)


@dataclass(frozen=True, slots=True)
class Brackets:
    """Between which instants an entry was recorded, by its place in the log: what witnesses saw before and after it.

    A checkpoint was made by the time it, or a larger one, was first cosigned, and not long before: a witness online is
    asked within seconds, one that signs by files as late as its bearer comes.
    """

    sizes: Sequence[int]
    not_before: Sequence[str]
    not_after: Sequence[str]

    @classmethod
    def of(cls, checkpoints: Iterable[Verified], late: timedelta = SLACK) -> "Brackets":
        """The brackets of checkpoints, smallest first, cosigned so `late` at most; one that nobody saw gives none."""
        seen = [(v.checkpoint.size, min(at for _, at in v.cosignatures)) for v in checkpoints if v.cosignatures]
        made_by = [*accumulate((at for _, at in reversed(seen)), min)][::-1]
        before = [_FIRST, *(_instant(at, -late) for at in made_by)]
        after = [*(_instant(at, SLACK) for at in made_by), _LAST]
        return cls([size for size, _ in seen], before, after)

    def hold(self, index: int, at: str, *, late: bool = False) -> bool:
        """Whether an entry at this place of the log may be recorded at this instant; `late` ones at any before."""
        place = bisect_right(self.sizes, index)
        return (late or self.not_before[place] <= at) and at <= self.not_after[place]


def _instant(at: int, slack: timedelta) -> str:
    try:
        return instant(datetime.fromtimestamp(at, UTC) + slack)
    except (OverflowError, OSError, ValueError) as error:
        raise FlawedError("note_malformed", f"time {at}") from error
