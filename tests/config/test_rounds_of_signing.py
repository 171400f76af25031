"""The signer at an installation: signs what grows, asks witnesses, survives them, and refuses a restored database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from config import signing
from config.rounds import integrate_round
from config.running.happened import Happened
from config.settings import Settings
from config.signing import Signed, Signing
from config.wiring import Engine
from dossier_engine.commands.restart_log import restart_log
from dossier_engine.errors import BadInput, MemoryDamaged, SignerRefuses
from dossier_engine.notary import keys, memory
from dossier_engine.notary.serving import served
from dossier_engine.notary.witness import Witness
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.ed25519 import verify
from dossier_engine.rules.merkle import Frontier
from dossier_engine.rules.note import WITNESS, Key, Note
from dossier_engine.rules.policy import Policy, satisfied
from tests.makers import LUONG_DIEN, Province, at
from tests.rigs.ownership import as_owner


class House:
    """An installation whose clock is set by hand, with a signer, and what it told."""

    def __init__(self, province: Province, home: Path) -> None:
        self.province, self.home, self.now = province, home, at("2024-12-09")
        url = province.database.url.render_as_string(hide_password=False)
        self.engine = Engine(Settings(home, url, url, "vi", None), province.database, clock=self._clock)
        self.told: list[Happened] = []
        self.signing = self.signer()

    def _clock(self) -> datetime:
        return self.now

    def signer(self, *witnesses: str, **asked: Any) -> Signing:
        return Signing.of(self.engine, self.told.append, witnesses, **asked)

    def grow(self, subject: str = LUONG_DIEN, by: str = "xa2") -> None:
        """One more dossier, in the log."""
        self.province.register(by, subject)
        integrate_round(self.engine)

    def note(self) -> Note:
        """The newest that is kept."""
        with self.engine.database.reading() as session:
            conn = session.connection()
            found = log.state(conn)
            assert found is not None
            row = log.newest(conn, found.origin)
        assert row is not None
        return Note.parse(row.note.encode())

    def key(self) -> Key:
        """The line that auditors were told last."""
        return Key.parse([h.facts["public_key"] for h in self.told if h.event == "key_made"][-1])

    def events(self) -> list[str]:
        return [happened.event for happened in self.told]


@pytest.fixture
def house(province: Province, tmp_path: Path) -> House:
    return House(province, tmp_path / "home")


@pytest.fixture
def witness(house: House) -> Iterator[Callable[[str], str]]:
    """Starts a witness of the house's log; how the signer knows it. Asked again it comes back with what it knew."""
    with ExitStack() as stack:

        def start(name: str) -> str:
            folder = house.home / name
            if not (folder / "key").exists():
                keys.make(folder / "key", name, WITNESS, name.encode().ljust(32))
                memory.begin(folder / "state")
            one = Witness(keys.read(folder / "key", WITNESS), (house.key(),), folder / "state")
            port = stack.enter_context(served(one, "127.0.0.1", 0, clock=_second(house), heard=lambda _: None))
            return f"{one.key.public} http://127.0.0.1:{port}"

        yield start


def _second(house: House) -> Callable[[], int]:
    return lambda: int(house.now.timestamp())


def done(signed: Signed | None) -> Signed:
    assert signed is not None
    return signed


def test_nothing_is_signed_before_there_is_a_log_and_then_all_of_it(house):
    before = house.signing.round()
    integrate_round(house.engine)

    first = done(house.signing.round())
    again = house.signing.round()
    house.grow()
    second = done(house.signing.round())

    assert (before, again) == (None, None)
    assert second.checkpoint.size == first.checkpoint.size + 1
    policy = Policy.parse(f"log {house.key()}\nquorum none\n".encode())
    assert satisfied(house.note(), policy, verify).checkpoint == second.checkpoint
    assert house.events() == ["key_made"]
    assert (house.home / "signer" / "1.key").stat().st_mode & 0o777 == 0o600


def test_another_signer_of_the_same_files_goes_on_where_the_first_was(house):
    integrate_round(house.engine)
    house.signing.round()
    house.grow()

    signed = done(house.signer().round())

    assert house.note().text == signed.checkpoint.text()
    assert house.signing.round() is None
    assert house.events() == ["key_made"]


def test_when_nothing_happens_it_is_signed_again_after_half_a_day(house, witness):
    integrate_round(house.engine)
    house.signing.round()
    signer = house.signer(witness("thanh-tra"))
    signer.round()
    early = house.note()
    house.now += signing.HEARTBEAT - timedelta(seconds=1)
    quiet = signer.round()
    house.now += timedelta(seconds=1)

    beat = done(signer.round())

    assert quiet is None
    assert (beat.cosigned, house.note().text) == (("thanh-tra",), early.text)
    assert house.note().signatures[1].blob > early.signatures[1].blob  # which begins with the second
    assert signer.round() is None


def test_two_witnesses_cosign_and_a_policy_that_asks_for_both_is_met(house, witness):
    integrate_round(house.engine)
    house.signing.round()
    lines = [witness(name) for name in ("thanh-tra", "tinh-khac")]
    signer = house.signer(*lines)
    signer.round()
    house.grow()

    signed = done(signer.round())

    text = f"log {house.key()}\n" + "".join(f"witness w{n} {line}\n" for n, line in enumerate(lines))
    policy = Policy.parse(f"{text}group both all w0 w1\nquorum both\n".encode())
    assert (signed.cosigned, signed.missing) == (("thanh-tra", "tinh-khac"), {})
    assert satisfied(house.note(), policy, verify).checkpoint == signed.checkpoint


def test_a_witness_that_is_down_neither_stops_nor_slows_signing_and_is_asked_again(house, witness, monkeypatch):
    integrate_round(house.engine)
    house.signing.round()
    line = witness("thanh-tra")
    key, _, _ = line.partition(" ")
    signer = house.signer(f"{key} http://127.0.0.1:1", witness("tinh-khac"))
    signed = done(signer.round())
    house.grow()
    grown = done(signer.round())
    quiet = signer.round()
    signer.witnesses[0].url = line.partition(" ")[2]
    monkeypatch.setattr(signing, "_PAUSE_SECONDS", 0.0)
    signer._ask_at.clear()

    later = done(signer.round())

    assert (signed.cosigned, grown.cosigned, quiet) == (("tinh-khac",), ("tinh-khac",), None)
    assert list(signed.missing) == ["thanh-tra"]
    assert set(later.cosigned) == {"thanh-tra", "tinh-khac"}
    assert house.events().count("not_cosigned") == 1
    assert len(house.note().signatures) == 3


def restored(house: House) -> None:
    """The log as it was before the last entry was brought in, as a restored backup has it."""
    with as_owner(house.engine.database) as owner, owner.writing() as session:
        conn = session.connection()
        found = log.state(conn)
        assert found is not None
        leaves = TABLES["log_leaf"]
        hashes = conn.execute(
            select(TABLES["history"].c.leaf)
            .join(leaves, (leaves.c.stream == TABLES["history"].c.stream) & (leaves.c.seq == TABLES["history"].c.seq))
            .where(leaves.c.idx < found.size - 1)
            .order_by(leaves.c.idx)
        ).scalars()
        frontier = Frontier()
        nodes = [(level, idx) for leaf in hashes for level, idx, _ in frontier.append(leaf)]
        conn.execute(delete(leaves).where(leaves.c.idx >= frontier.size))
        conn.execute(delete(TABLES["checkpoint"]).where(TABLES["checkpoint"].c.size > frontier.size))
        for row in conn.execute(select(TABLES["log_node"])).all():
            if (row.level, row.idx) not in nodes:
                gone = (TABLES["log_node"].c.level == row.level) & (TABLES["log_node"].c.idx == row.idx)
                conn.execute(delete(TABLES["log_node"]).where(gone))
        edge = {"size": frontier.size, "root": frontier.root(), "frontier": frontier.to_bytes()}
        conn.execute(update(TABLES["log"]).values(edge))


def test_a_restored_database_is_not_signed_until_a_new_log_says_what_was_lost(house, witness):
    integrate_round(house.engine)
    house.signing.round()
    signer = house.signer(witness("thanh-tra"))
    house.grow()
    last = done(signer.round()).checkpoint
    before = house.key()
    restored(house)

    with pytest.raises(SignerRefuses) as shorter:
        signer.round()
    house.province.register("xa", "10894")  # the house goes on, and the log grows past what was signed
    house.province.record(
        "HD-2024-NC-0001", "xa2", "commune_vote", {"vote": {"agree": 19, "present": 20}}, on="2024-06-01"
    )
    integrate_round(house.engine)
    with pytest.raises(SignerRefuses) as forked:
        signer.round()
    with house.engine.database.writing() as session:
        act = house.province.act("quantri", reason="khôi phục")
        restarted = restart_log(session, last, act, now=house.now, rng=house.province.rng)
    integrate_round(house.engine)
    with pytest.raises(SignerRefuses) as another:
        signer.round()
    refused = [refusal.value.facts["why"] for refusal in (shorter, forked, another)]
    new = house.signer(restart=True)
    signed = done(new.round())

    assert refused == ["rolled_back", "forked", "another_log"]
    assert restarted.lost == (last.size - 1, last.size - 1)
    assert signed.checkpoint.origin == restarted.origin
    assert house.key() != before
    assert house.note().text == signed.checkpoint.text()
    house.grow("10897", "huyen")
    assert done(new.round()).checkpoint.size == signed.checkpoint.size + 1


def test_a_lost_memory_or_key_is_not_made_again_by_itself(house):
    integrate_round(house.engine)
    house.signing.round()
    house.grow()
    kept = shutil.copy(house.signing.memory, house.home / "copy")

    house.signing.memory.unlink()
    with pytest.raises(MemoryDamaged):
        house.signing.round()
    shutil.copy(kept, house.signing.memory)
    (house.home / "signer" / "1.key").unlink()
    with pytest.raises(BadInput) as refusal:
        house.signing.round()

    assert refusal.value.facts["why"] == "key_missing"
    assert house.events() == ["key_made"]


def test_a_lost_memory_may_be_begun_by_whoever_says_so(house):
    integrate_round(house.engine)
    house.signing.round()
    house.signing.memory.unlink()

    assert done(house.signer(restart=True).round())
    assert house.events() == ["key_made"]


@pytest.mark.parametrize("text", ["nonsense", "dossier-log/x/1\n1\nAAAA\n\n"])
def test_a_note_that_somebody_wrote_into_the_table_is_signed_over(text, house):
    integrate_round(house.engine)
    house.signing.round()
    good = house.note()
    with house.engine.database.writing() as session:
        session.execute(update(TABLES["checkpoint"]).values(note=text))

    house.signing.round()

    assert house.note() == good


def test_a_key_may_lie_elsewhere_and_the_memory_beside_it(house, tmp_path):
    integrate_round(house.engine)

    house.signer(key=tmp_path / "safe" / "log.key").round()

    assert {path.name for path in (tmp_path / "safe").iterdir()} >= {"log.key", "memory"}
    assert not (house.home / "signer").exists()


def test_it_signs_on_until_it_is_told_to_stop(house):
    integrate_round(house.engine)
    stop = Event()
    house.signing.tell = lambda happened: (house.told.append(happened), stop.set())[0]

    house.signing.every(0.01, stop)

    assert house.events()[-1] == "signed"
