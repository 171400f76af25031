"""A real installation to attack: a province at work, its log signed by the signer, cosigned by two witnesses over HTTP.

Its clock is set by hand; an inspector visits in the middle of the year and keeps the checkpoint of the bundle he gets.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from config import bundles
from config.rounds import integrate_round
from config.settings import read
from config.signing import Signing
from config.wiring import Engine
from dossier_engine.errors import SignerRefuses
from dossier_engine.notary import keys, memory
from dossier_engine.notary.asking import Asked
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.serving import served
from dossier_engine.notary.witness import Witness
from dossier_engine.records import log
from dossier_engine.records.database import Database
from dossier_engine.rules.note import LOG, WITNESS, Checkpoint, Note
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Archive
from tests.attacks.rewriting import Rows, everything
from tests.makers import LUONG_DIEN, Province, a_province, at, with_calendar
from tests.rigs.busy import Busy

FIRST, SECOND = "HD-2024-NC-0001", "HD-2024-NC-0002"
WITNESSES = ("inspectorate", "neighbour")
_CODES = {"xa": FIRST, "xa2": SECOND}
_PATIENCE = 20  # rounds, of a few seconds each at most


Sign = Callable[["House"], None]  # whoever signs the log, as far as he can


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
        return keys.read(self.log_key, LOG)

    @property
    def log_key(self) -> Path:
        """The file that the log's key is in; what its signer remembers lies beside it."""
        return self.folder / "log.key"

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

    def export(self, name: str, day: str, by: Sign) -> Path:
        """A bundle of everything, made on that day by the inspector's account and signed by `by`."""
        self.now = at(day)
        signer = bundles.Signer(sign=lambda: by(self))
        return bundles.make(self.engine, None, self.bundle(name), self.province.act("thanhtra"), signer=signer).path


def checkpoint_of(path: Path) -> Checkpoint:
    """What an auditor keeps of a bundle."""
    return Checkpoint.parse(Note.parse(note_of(path)).text)


def note_of(path: Path) -> bytes:
    """The same with all signatures."""
    with path.open("rb") as file:
        return Archive(file).read(bundle.CHECKPOINT, 100_000)


def honestly(house: House) -> None:
    """The signer, and its witnesses until they have answered; what it refuses to sign is not signed."""
    asked = [Asked(keys.read(house.folder / f"{n}.key", WITNESS).public, url) for n, url in house.urls.items()]
    with suppress(SignerRefuses):
        for _ in range(_PATIENCE):
            done = Signing(house.engine, lambda _: None, asked, house.log_key).round()
            if done is None or not done.missing:
                return


def keep(house: House, checkpoint: Checkpoint, note: Note) -> None:
    """Put a note where exports look for it."""
    with house.province.writing() as session:
        log.keep(session.connection(), checkpoint.origin, checkpoint.size, bytes(note).decode(), house.now)


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
    province = with_calendar(a_province(database))
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-16")
    house = House(Busy(province, database), folder, at("2024-04-17"))
    house.publish()
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
