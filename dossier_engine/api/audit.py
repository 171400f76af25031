"""What auditors ask: how far the log is signed, the proof of an entry, and whether history agrees with itself."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import PlainTextResponse

from dossier_engine.api.call import Call, Here, Looking
from dossier_engine.api.shapes import Answered, Instant
from dossier_engine.errors import NotFound
from dossier_engine.queries import audit
from dossier_engine.queries.proof import prove
from dossier_engine.queries.signed import behind, newest_note
from dossier_engine.rules.note import Checkpoint, Note

router = APIRouter(prefix="/audit", tags=["audit"])

_NEEDS = "audit"


class Head(Answered):
    """The newest signed checkpoint, null before there is one, and how far it is behind what was recorded.

    `waiting` entries are not in the log yet, `unsigned` are covered by no checkpoint.
    """

    log: str | None
    size: int
    root: str | None
    signed_at: Instant | None
    cosigned: list[str]
    waiting: int
    unsigned: int
    lag_seconds: int


class Finding(Answered):
    """What does not agree, and where; `what` is for whoever looks into it."""

    where: str
    code: str
    label: str
    what: str


class Verdict(Answered):
    """How much was checked, and what was found: nothing where everything agrees."""

    entries: int
    streams: int
    findings: list[Finding]


@router.get("/head")
def show_head(call: Here) -> Head:
    """The newest signed checkpoint and how far it is behind."""
    return call.look(head, needs=_NEEDS)


@router.get("/checkpoint", response_class=PlainTextResponse)
def show_checkpoint(call: Here) -> PlainTextResponse:
    """The newest signed note about the log, byte by byte: keep it, for later bundles must continue it."""

    def question(looking: Looking) -> str:
        found = newest_note(looking.session)
        if found is None:
            raise NotFound("checkpoint", "newest")
        return found

    return _as_text(call, call.look(question, needs=_NEEDS))


@router.get("/proofs/{code}/{seq}", response_class=PlainTextResponse)
def show_proof(call: Here, code: str, seq: Annotated[int, Path(ge=1)]) -> PlainTextResponse:
    """The proof that this entry of a dossier stands in the log, by the newest checkpoint; 503 until one covers it."""

    def question(looking: Looking) -> str:
        line = looking.line(code)
        return bytes(prove(looking.session, f"dossier/{line.code}", seq)).decode()

    return _as_text(call, call.look(question, needs=_NEEDS))


@router.post("/verify")
def verify(call: Here) -> Verdict:
    """Check all of history, and everything derived from it, against each other; nothing is changed."""
    return call.look(verdict, needs=_NEEDS)


def head(looking: Looking) -> Head:
    """The newest checkpoint, and what lies behind it."""
    far, found = behind(looking.session, now=looking.now), newest_note(looking.session)
    note = Note.parse(found.encode()) if found is not None else None
    checkpoint = Checkpoint.parse(note.text) if note is not None else None
    return Head(
        log=checkpoint.origin if checkpoint else None,
        size=checkpoint.size if checkpoint else 0,
        root=checkpoint.root.hex() if checkpoint else None,
        signed_at=looking.now - far.checkpoint if far.checkpoint is not None else None,
        cosigned=[s.name for s in note.signatures if s.name != checkpoint.origin] if note and checkpoint else [],
        waiting=far.waiting,
        unsigned=far.unsigned,
        lag_seconds=int(far.lag.total_seconds()),
    )


def verdict(looking: Looking) -> Verdict:
    """What a check of all of history finds."""
    found = audit.verify(looking.session, looking.law)
    told = [
        Finding(where=f.where, code=f.code, label=looking.words.say(f"finding.{f.code}"), what=f.what)
        for f in found.findings
    ]
    return Verdict(entries=found.entries, streams=found.streams, findings=told)


def _as_text(call: Call, text: str) -> PlainTextResponse:
    return PlainTextResponse(text, headers=dict(call.response.headers))
