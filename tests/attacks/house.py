"""A real installation to attack: a province at work, its log signed by the signer, cosigned by two witnesses over HTTP.

Its clock is set by hand; an inspector visits in the middle of the year and keeps the checkpoint of the bundle he gets.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

from config import bundles
from config.rounds import integrate_round
from config.settings import read
from config.wiring import Engine
from dossier_engine.commands.adopt import note_calendar
from dossier_engine.errors import SignerRefuses
from dossier_engine.notary import asking, keys, memory
from dossier_engine.notary.asking import Asked
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.serving import served
from dossier_engine.notary.signer import sign_next
from dossier_engine.notary.witness import Witness
from dossier_engine.records import log
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.merkle import consistency_nodes, consistency_proof
from dossier_engine.rules.note import LOG, WITNESS, Checkpoint, Note
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Archive
from tests.attacks.rewriting import Rows, everything
from tests.makers import LUONG_DIEN, SETUP, Province, a_province, at
from tests.rigs.busy import Busy

FIRST, SECOND = "HD-2024-NC-0001", "HD-2024-NC-0002"
WITNESSES = ("inspectorate", "neighbour")
_CODES = {"xa": FIRST, "xa2": SECOND}


class Signing(Protocol):
    """Whoever signs the log for an export."""

    def __call__(self, house: "House") -> None:
        """Sign what the log is now, as far as he can."""


@dataclass
class House:
    """The installation, the keys and memories beside it, and the hour it is."""

    busy: Busy
    folder: Path
    now: datetime
    urls: dict[str, str] = field(default_factory=dict)  # where the witnesses answer
    backups: dict[str, Rows] = field(default_factory=dict)  # all tables, as they were after an export

    @property
    def province(self) -> Province:
        """The province."""
        return self.busy.province

    @property
    def engine(self) -> Engine:
        """The installation, by its own clock."""
        settings = read({"DOSSIER_HOME": str(self.folder)})
        return Engine(settings, self.province.database, self.province.rng, clock=lambda: self.now)

    @property
    def key(self) -> SigningKey:
        """The log's own key, which its signer reads."""
        return keys.read(self.folder / "log.key", LOG)

    @property
    def signed(self) -> Path:
        """What the signer remembers."""
        return self.folder / "log.memory"

    def bundle(self, name: str) -> Path:
        """The file of a bundle."""
        return self.folder / f"{name}.zip"

    def vote(self, day: str, agree: int, *handles: str) -> None:
        """Each commune votes again; the log is signed and cosigned within the hour."""
        for handle in handles or _CODES:
            items = {"vote": {"agree": agree, "present": 20}}
            self.province.record(_CODES[handle], handle, "commune_vote", items, on=day, reason="họp dân")
        self.now = at(day, 10)

    def publish(self) -> None:
        """Integrate, sign and have it cosigned, as it happens every few seconds."""
        integrate_round(self.engine)
        honestly(self)

    def export(self, name: str, day: str, by: Signing) -> Path:
        """A bundle of everything, made on that day by the inspector's account and signed by `by`."""
        self.now = at(day)
        with _signing(self, by):
            return bundles.make(self.engine, None, self.bundle(name), self.province.act("thanhtra")).path


def checkpoint_of(path: Path) -> Checkpoint:
    """What an auditor keeps of a bundle."""
    return Checkpoint.parse(Note.parse(note_of(path)).text)


def note_of(path: Path) -> bytes:
    """The same with all signatures."""
    with path.open("rb") as file:
        return Archive(file).read(bundle.CHECKPOINT, 100_000)


def honestly(house: House) -> None:
    """The signer and its witnesses; what the signer refuses to sign is not signed, and nobody hears of it."""
    with house.province.database.reading() as session:
        state = log.state(session.connection())
    assert state is not None
    now = Checkpoint(state.origin, state.size, state.root)

    def prove(old: int, size: int) -> Sequence[bytes]:
        with house.province.database.reading() as session:
            return consistency_proof(old, size, log.nodes(session.connection(), consistency_nodes(old, size)))

    try:
        with memory.held(house.signed) as known:
            note = sign_next(known, house.key, now, prove)
    except SignerRefuses:
        return
    asked = [Asked(keys.read(house.folder / f"{n}.key", WITNESS).public, url) for n, url in house.urls.items()]
    cosigned = asking.ask(asked, note, prove, seconds=20.0).signatures.values()
    keep(house, now, Note(note.text, (*note.signatures, *cosigned)))


def keep(house: House, checkpoint: Checkpoint, note: Note) -> None:
    """Put a note where exports look for it."""
    with house.province.writing() as session:
        log.keep(session.connection(), checkpoint.origin, checkpoint.size, bytes(note).decode(), house.now)


@contextmanager
def _signing(house: House, by: Signing) -> Iterator[None]:
    stop = Event()

    def again() -> None:
        while not stop.wait(0.05):
            by(house)

    thread = Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def witnessed(house: House) -> Iterator[House]:
    """The house with its witnesses listening on this machine."""
    log_key = house.key.public
    with ExitStack() as stack:
        for name in WITNESSES:
            key = keys.read(house.folder / f"{name}.key", WITNESS)
            witness = Witness(key, (log_key,), house.folder / f"{name}.memory")
            serving = served(witness, "127.0.0.1", 0, clock=lambda: int(house.now.timestamp()), heard=lambda _: None)
            house.urls[name] = f"http://127.0.0.1:{stack.enter_context(serving)}"
        yield house


def settle(database: Database, folder: Path) -> House:
    """A province with two dossiers, its log begun, and the keys of all who sign it."""
    province = a_province(database)
    with province.writing() as session:
        used = province.law.calendar
        note_calendar(session, used, SETUP, now=at("2024-01-02"), rng=province.rng)
        row = {"one": 1, "demonstration": False, "calendar": used.version}
        session.connection().execute(TABLES["installation"].insert(), row)
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-16")
    house = House(Busy(province, database), folder, at("2024-04-17"))
    integrate_round(house.engine)
    with database.reading() as session:
        state = log.state(session.connection())
    assert state is not None
    keys.make(folder / "log.key", state.origin, LOG, sha256(b"log").digest())
    memory.begin(house.signed)
    for name in WITNESSES:
        keys.make(folder / f"{name}.key", name, WITNESS, sha256(name.encode()).digest())
        memory.begin(folder / f"{name}.memory")
    return house


def live(house: House) -> None:
    """Half a year: each vote is signed and cosigned, and three bundles are handed out, the second to the inspector."""
    for day, agree, export in (("2024-05-06", 19, "old"), ("2024-06-03", 18, "visit"), ("2024-06-20", 17, "between")):
        house.vote(day, agree)
        house.publish()
        house.export(export, f"{day[:-2]}{int(day[-2:]) + 1:02}", honestly)
        house.publish()
        house.backups[export] = everything(house.busy.owner)
    house.vote("2024-07-10", 16)
    house.publish()


def copied(house: House, database: Database, owner: Database, folder: Path) -> House:
    """The same house in another folder, over copies of its database."""
    shutil.copytree(house.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.db*"))
    busy = Busy(replace(house.province, database=database), owner)
    return replace(house, busy=busy, folder=folder, urls={})
