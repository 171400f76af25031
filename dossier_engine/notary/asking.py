"""Asking witnesses to cosign: all at once, for so long and no longer, and believing only what is signed."""

import http.client
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from dossier_engine.errors import BadInput
from dossier_engine.notary.keys import check
from dossier_engine.notary.request import LONGEST, Request
from dossier_engine.notary.serving import PATH
from dossier_engine.notary.signer import Prove
from dossier_engine.rules.note import (
    WITNESS,
    Checkpoint,
    ForgedSignatureError,
    Key,
    MalformedNoteError,
    Note,
    Signature,
    cosigned_at,
    parse_signatures,
)

TOGETHER_SECONDS = 2.0
_ANSWER_SECONDS = 1.5
_TRIES = 3  # it may be told another size meanwhile


@dataclass(slots=True)
class Asked:
    """A witness, where it is asked, and what is known of it: the size it cosigned last, and since when it is asked."""

    key: Key
    url: str
    size: int = 0
    asking: threading.Thread | None = None

    @classmethod
    def parse(cls, text: str) -> "Asked":
        """A witness as the lines of a policy name it: `KEY URL`. Raises BadInput."""
        key, _, url = text.strip().partition(" ")
        try:
            found, parts = Key.parse(key), urlsplit(url.strip())
            parts.port  # noqa: B018  # raises for what is no number
        except (MalformedNoteError, ValueError) as error:
            raise BadInput("--witness", text, "not_a_witness") from error
        if found.type != WITNESS or parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput("--witness", text, "not_a_witness")
        return cls(found, url.strip())


@dataclass(slots=True)
class Answers:
    """The cosignatures that came in time, and by the witness's name why another did not."""

    signatures: dict[str, Signature] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def ask(witnesses: Sequence[Asked], note: Note, prove: Prove, *, seconds: float = TOGETHER_SECONDS) -> Answers:
    """Ask every witness to cosign; what is not there after `seconds` is missing. `prove` is called on other threads."""
    answers, lock, end = Answers(), threading.Lock(), monotonic() + seconds
    open_ = True

    def run(witness: Asked) -> None:
        try:
            signature, why = _ask(witness, note, prove), ""
        except (OSError, http.client.HTTPException, _RefusedError) as error:
            signature, why = None, str(error) or type(error).__name__
        with lock:
            if open_ and signature is not None:
                answers.signatures[witness.key.name] = signature
            elif open_:
                answers.missing[witness.key.name] = why

    for witness in witnesses:
        if witness.asking is not None and witness.asking.is_alive():
            continue  # it has not answered the last time yet
        witness.asking = threading.Thread(target=run, args=[witness], daemon=True)
        witness.asking.start()
    for witness in witnesses:
        if witness.asking is not None:
            witness.asking.join(max(end - monotonic(), 0))
    with lock:
        open_ = False
        for witness in witnesses:
            if witness.key.name not in answers.signatures:
                answers.missing.setdefault(witness.key.name, "timed out")
    return answers


class _RefusedError(Exception):
    """The witness answered, but not with a cosignature."""


def _ask(witness: Asked, note: Note, prove: Prove) -> Signature:
    checkpoint = Checkpoint.parse(note.text)
    for _ in range(_TRIES):
        if witness.size > checkpoint.size:
            raise _RefusedError(f"it has seen {witness.size} entries already")
        proof = prove(witness.size, checkpoint.size) if 0 < witness.size < checkpoint.size else ()
        status, body = _post(witness.url, bytes(Request.of(witness.size, proof, note)))
        told = body.removesuffix(b"\n")
        if status == http.client.CONFLICT and told.isdigit() and len(told) < 20 and int(told) != witness.size:
            witness.size = int(told)
            continue
        if status != http.client.OK:
            raise _RefusedError(f"HTTP {status}")
        signature = cosignature(witness.key, note, body)
        if signature is None:
            raise _RefusedError("its cosignature does not fit its key")
        witness.size = checkpoint.size
        return signature
    raise _RefusedError("it keeps changing its mind")


def cosignature(key: Key, note: Note, answer: bytes) -> Signature | None:
    """The witness's line in an answer, if it fits; what others may have put there counts for nothing."""
    try:
        lines = parse_signatures(answer.decode())
        own = next(one for one in lines if (one.name, one.key_id) == (key.name, key.id))
        cosigned_at(Note(note.text, (own,)), key, check)
    except (ValueError, StopIteration, MalformedNoteError, ForgedSignatureError):
        return None
    return own


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    host, timeout = parts.hostname or "", _ANSWER_SECONDS
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=timeout)
    )
    try:
        connection.request("POST", parts.path.rstrip("/") + PATH, body)
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST)
    finally:
        connection.close()
