"""Signing the log: what it is now, by the key in this installation's folder, cosigned by the witnesses that answer.

The signer reads the log and writes nothing into the database but the notes it signed. What it signed last it knows from
its own file, never from there.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

from sqlalchemy import Connection

from config.running.happened import Happened
from config.wiring import Engine
from dossier_engine.commands.keep_checkpoint import keep_checkpoint
from dossier_engine.errors import BadInput, FileInUse, NotFound, SignerRefuses
from dossier_engine.notary import keys, memory
from dossier_engine.notary.asking import Answers, Asked, ask, cosignature
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.memory import Memory
from dossier_engine.notary.request import Request
from dossier_engine.notary.signer import sign_next
from dossier_engine.records import log
from dossier_engine.rules.note import LOG, Checkpoint, Key, MalformedNoteError, Note
from dossier_engine.rules.origin import number

HEARTBEAT = timedelta(hours=12)  # so that no day passes without a witness having seen that nothing happened

_FOLDER, _MEMORY = "signer", "memory"
_PAUSE_SECONDS = 30.0  # before a witness that did not answer is asked again


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed or cosigned in one round, and by the witness's name why others have not cosigned it."""

    checkpoint: Checkpoint
    cosigned: tuple[str, ...]
    missing: dict[str, str]


@dataclass(slots=True)
class Signing:
    """The signer of an installation's log; `tell` hears what happens. The memory lies beside the key.

    `restart` accepts, once, the log that was begun after the last one that was signed.
    """

    engine: Engine
    tell: Callable[[Happened], None]
    witnesses: Sequence[Asked]
    key: Path | None = None
    restart: bool = False
    _ask_at: dict[str, float] = field(default_factory=dict)
    _missing: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        engine: Engine,
        tell: Callable[[Happened], None],
        witnesses: Sequence[str] = (),
        *,
        key: Path | None = None,
        restart: bool = False,
    ) -> "Signing":
        """The signer with the witnesses named, or else those of the settings. Raises BadInput."""
        asked = [Asked.parse(text) for text in witnesses or engine.settings.witnesses]
        return cls(engine, tell, asked, key, restart)

    @property
    def memory(self) -> Path:
        """The file of what was signed last."""
        return memory_of(self.engine, self.key)

    def every(self, seconds: float, stop: Event) -> None:
        """Make rounds until `stop` is set. Raises what `round` raises: who restarts us should hear of it."""
        while True:
            done = self.round()
            if done is not None:
                facts = {"origin": done.checkpoint.origin, "size": done.checkpoint.size, "cosigned": done.cosigned}
                self.tell(Happened("signed", facts))
            if stop.wait(seconds):
                return

    def round(self) -> Signed | None:
        """Sign the log if it grew, or was signed long ago, and ask witnesses that have not cosigned it yet.

        None where there was nothing to do. Raises SignerRefuses, MemoryDamaged, FileInUse, BadInput for the key, and
        what the database raises.
        """
        with self.engine.database.reading() as session:
            begun = log.state(session.connection())
        if begun is None:
            return None
        self._begin(begun.origin)
        note, is_new = self._signed()
        wanted = self._wanted(note, is_new=is_new)
        if note is None or not (is_new or wanted):
            return None
        if is_new:
            self._keep(note)  # before anybody is asked: an entry is signed for whoever answers
        answers = self._ask(wanted, note)
        if answers.signatures:
            note = self._keep(Note(note.text, (*note.signatures[:1], *answers.signatures.values())))
        checkpoint = Checkpoint.parse(note.text)
        cosigned = tuple(one.name for one in note.signatures if one.name != checkpoint.origin)
        return Signed(checkpoint, cosigned, answers.missing)

    def _begin(self, origin: str) -> None:
        """Make the memory where nothing was ever signed, or where somebody says that a new log is begun."""
        if not self.memory.exists() and (self.restart or not self._key_file(origin).exists()):
            memory.begin(self.memory)

    def _signed(self) -> tuple[Note | None, bool]:
        """The note of the log as it is, and whether it was signed just now."""
        with memory.held(self.memory) as known, self.engine.database.reading() as session:
            conn = session.connection()
            found = log.state(conn)
            if found is None or (found.size == 0 and known.last is None):
                return None, False
            state = Checkpoint(found.origin, found.size, found.root)
            kept = self._kept(conn, state) if known.last == state else None
            if kept is not None:
                return kept, False
            key = self._key(state, known)
            note = sign_next(known, key, state, lambda old, size: log.growth(conn, old, size), restart=self.restart)
            self.restart = False
            return note, True

    def _kept(self, conn: Connection, state: Checkpoint) -> Note | None:
        """The note of that state, if one is kept and not so old that it is time for another."""
        row = log.newest(conn, state.origin)
        if row is None or self.engine.now() - row.signed_at >= HEARTBEAT:
            return None
        with suppress(MalformedNoteError):  # whoever wrote that into the table, it was not us
            note = Note.parse(row.note.encode())
            return note if note.text == state.text() else None
        return None

    def _key_file(self, origin: str) -> Path:
        return self.key or self.engine.settings.home / _FOLDER / f"{number(origin)}.key"

    def _key(self, state: Checkpoint, known: Memory) -> SigningKey:
        """The key of that log, made when nothing was signed of it yet: each log has a key of its own."""
        path = self._key_file(state.origin)
        if path.exists():
            return keys.read(path, LOG)
        last = known.last
        if last is not None and last.origin == state.origin:
            raise BadInput("--key", str(path), "key_missing")
        if last is not None and not self.restart:
            raise SignerRefuses("another_log", f"{last.origin} {last.size}", state.origin, state.size)
        made = keys.make(path, state.origin, LOG, self.engine.rng.randbytes(keys.SEED))
        self.tell(Happened("key_made", {"public_key": str(made.public), "file": str(path)}))
        return made

    def _wanted(self, note: Note | None, *, is_new: bool) -> list[Asked]:
        """The witnesses to ask now: those whose cosignature is missing or old, and that are not known to be silent."""
        there = {(one.name, one.key_id) for one in note.signatures} if note is not None and not is_new else set()
        return [
            one
            for one in self.witnesses
            if (one.key.name, one.key.id) not in there and monotonic() >= self._ask_at.get(one.key.name, 0)
        ]

    def _ask(self, witnesses: Sequence[Asked], note: Note) -> Answers:
        def prove(old: int, size: int) -> Sequence[bytes]:
            with self.engine.database.reading() as session:
                return log.growth(session.connection(), old, size)

        answers = ask(witnesses, note, prove)
        for name, why in answers.missing.items():
            self._ask_at[name] = monotonic() + _PAUSE_SECONDS
            if name not in self._missing:  # once for each outage
                self.tell(Happened("not_cosigned", {"witness": name, "why": why}))
        missing = {**self._missing, **answers.missing}
        self._missing = {name: why for name, why in missing.items() if name not in answers.signatures}
        return answers

    def _keep(self, note: Note) -> Note:
        with self.engine.database.writing() as session:
            return keep_checkpoint(session, note, now=self.engine.now())


def memory_of(engine: Engine, key: Path | None) -> Path:
    """Where the signer remembers what it signed last: beside its key."""
    return key.with_name(_MEMORY) if key is not None else engine.settings.home / _FOLDER / _MEMORY


def request(engine: Engine, seen: int) -> Request:
    """What a witness that no network leads to is asked with: the newest note, after `seen` entries that it cosigned.

    Raises NotFound where nothing was signed, BadInput where the witness has seen more.
    """
    with engine.database.reading() as session:
        conn = session.connection()
        found = log.state(conn)
        row = log.newest(conn, found.origin) if found is not None else None
        if row is None:
            raise NotFound("signed_log", engine.database.name)
        if seen > row.size:
            raise BadInput("--seen", str(seen), "not_signed_yet")
        proof = log.growth(conn, seen, row.size) if seen else ()
    return Request.of(seen, proof, Note.parse(row.note.encode()))


def accept(engine: Engine, witness: Key, asked: bytes, answer: bytes) -> Note:
    """Keep the cosignature that a witness gave to such a request; what is kept then.

    Raises WitnessRefuses for what is no request, BadInput for one of another log or an answer that does not fit.
    """
    note = Request.parse(asked).note
    checkpoint = Checkpoint.parse(note.text)
    own = cosignature(witness, note, answer)
    if own is None:
        raise BadInput("answer", "", "not_a_cosignature")
    with engine.database.writing() as session:
        kept = log.kept(session.connection(), checkpoint.origin, checkpoint.size)
        if kept is None or not kept.startswith(note.text + "\n"):
            raise BadInput("request", "", "not_of_this_log")
        return keep_checkpoint(session, Note(note.text, (own,)), now=engine.now())


def public_key(engine: Engine, key: Path | None) -> Key:
    """The key that the log as it is now is signed with: what auditors put into their policy.

    Raises NotFound before anything was signed, and BadInput for the file.
    """
    with engine.database.reading() as session:
        held = log.state(session.connection())
    file = key or engine.settings.home / _FOLDER / f"{number(held.origin) if held is not None else 1}.key"
    if not file.exists():
        raise NotFound("signed_log", str(file))
    return keys.read(file, LOG).public


def round_of_ours(engine: Engine, tell: Callable[[Happened], None]) -> Callable[[], object] | None:
    """A round of signing, where this installation's folder holds the signer; another that is at it will do."""
    if not memory_of(engine, None).exists():
        return None
    signing = Signing.of(engine, tell)

    def sign() -> None:
        with suppress(FileInUse):
            signing.round()

    return sign
