"""Bundles made of a running installation: they verify with nothing but their bytes and an auditor's policy."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from config import bundles
from config.settings import read
from config.wiring import Engine
from dossier_engine.commands.adopt import note_calendar
from dossier_engine.commands.erase import EraseWords, erase_words
from dossier_engine.commands.restart_log import restart_log
from dossier_engine.commands.templates import set_template
from dossier_engine.errors import BadInput, NotAllowed, NotFound, NotSigned
from dossier_engine.letters import Wording
from dossier_engine.records import log
from dossier_engine.rules.note import LOG, Checkpoint, Key, Note, cosign, sign
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Archive
from dossier_engine.verifier.check import Report, verify
from tests.commands.looking import entries
from tests.makers import LUONG_DIEN, SETUP, Province, at
from tests.verifier.forging import CHECKS, INSPECTORATE, NEIGHBOUR, THE_LOG

pytestmark = pytest.mark.slow  # Every bundle waits for a signer.

NOW = at("2024-12-02")
FIRST, SECOND = "HD-2024-NC-0001", "HD-2024-NC-0002"


@pytest.fixture
def busy(province: Province) -> Province:
    """Two dossiers with something recorded on each."""
    with province.writing() as session:
        note_calendar(session, province.law.calendar, SETUP, now=at("2024-01-02"), rng=province.rng)
    province.register()
    province.register("xa2", LUONG_DIEN)
    for code, handle in ((FIRST, "xa"), (SECOND, "xa2")):
        vote = {"vote": {"agree": 19, "present": 20}}
        province.record(code, handle, "commune_vote", vote, on="2024-06-01", reason="họp dân")
    return province


def engine(province: Province, tmp_path: Path) -> Engine:
    settings = read({"DOSSIER_HOME": str(tmp_path)})
    return Engine(settings, province.database, province.rng, clock=lambda: NOW)


def the_log(origin: str) -> Key:
    """The log's key, which bears the log's name."""
    return Key(origin, LOG, THE_LOG.key.public)


@contextmanager
def signing(province: Province) -> Iterator[None]:
    """Whatever the log holds is signed and witnessed within a moment."""
    stop = Event()

    def sign_again() -> None:
        while not stop.wait(0.05):
            with province.writing() as session:
                found = log.state(session.connection())
                if found is not None and found.size:
                    text = Checkpoint(found.origin, found.size, found.root).text()
                    by_log = sign(text, the_log(found.origin), THE_LOG.private.sign)
                    by_witness = cosign(text, INSPECTORATE.key, int(NOW.timestamp()), INSPECTORATE.private.sign)
                    note = bytes(Note(text, (by_log, by_witness))).decode()
                    log.keep(session.connection(), found.origin, found.size, note, NOW)

    thread = Thread(target=sign_again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def made(province: Province, tmp_path: Path, *codes: str, patience: float = 20.0, handle: str = "thanhtra"
         ) -> bundles.Made:  # fmt: skip
    opened = engine(province, tmp_path)
    return bundles.make(
        opened, codes or None, tmp_path / "b.zip", province.act(handle), signer=bundles.Signer(patience)
    )


def verified(path: Path) -> Report:
    """The report, the same by both checks of signatures; the policy asks for one witness."""
    with path.open("rb") as file:
        origin = Archive(file).read(bundle.CHECKPOINT, 10_000).decode().partition("\n")[0]
    policy = Policy.parse(f"log {the_log(origin)}\nwitness thanh-tra {INSPECTORATE.key}\nquorum thanh-tra\n".encode())
    reports = [verify(path, policy, check) for check in CHECKS.values()]
    assert reports[0] == reports[1]
    return reports[0]


@pytest.mark.parametrize("codes", [(FIRST,), (SECOND, FIRST), ()], ids=["a dossier", "two", "everything"])
def test_a_bundle_holds_what_was_asked_for_and_verifies(busy, tmp_path, codes):
    with signing(busy):
        done = made(busy, tmp_path, *codes)

    report = verified(done.path)

    assert report.findings == []
    assert report.scope == (tuple(sorted(codes)) or None)
    assert (report.dossiers, report.entries) == (done.dossiers, done.entries) == (len(codes) or 2, done.entries)
    assert (report.origin, report.size) == (done.checkpoint.origin, done.checkpoint.size)
    assert not list(tmp_path.glob(".*.part"))


def test_a_bundle_after_earlier_checkpoints_brings_them_and_brackets_every_entry(busy, tmp_path):
    with signing(busy):
        made(busy, tmp_path, FIRST).path.unlink()
        busy.record(FIRST, "xa", "commune_vote", {"vote": {"agree": 20, "present": 20}}, on="2024-12-02")

        for codes in ((FIRST,), ()):
            done = made(busy, tmp_path, *codes)
            report = verified(done.path)
            done.path.unlink()

            assert report.findings == []
            assert report.earlier >= 1


def test_the_checkpoint_of_every_bundle_that_was_handed_out_is_in_the_later_ones(busy, tmp_path):
    with signing(busy):
        sizes = []
        for _ in range(3):
            done = made(busy, tmp_path, FIRST)
            done.path.unlink()
            sizes.append(done.checkpoint.size)
        done = made(busy, tmp_path, FIRST)

    with done.path.open("rb") as file:
        earlier = [json.loads(line)["size"] for line in Archive(file).lines(bundle.CHECKPOINTS, most=10_000)]
    assert {size for size in sizes if size < done.checkpoint.size} <= {*earlier}
    assert verified(done.path).findings == []


def test_a_witness_that_is_silent_is_waited_for_a_little(busy, tmp_path, monkeypatch):
    monkeypatch.setattr(bundles, "_COSIGNED_SECONDS", 0.5)
    silent = f"{NEIGHBOUR.key} http://127.0.0.1:9"

    with signing(busy):
        opened = engine(busy, tmp_path)
        opened.settings = replace(opened.settings, witnesses=(f"{INSPECTORATE.key} http://127.0.0.1:9", silent))
        done = bundles.make(opened, [FIRST], tmp_path / "b.zip", busy.act("thanhtra"))

    assert verified(done.path).findings == []


def test_settings_and_a_log_begun_anew_are_part_of_what_verifies(busy, tmp_path):
    with busy.writing() as session:
        wording = Wording("Hạn $due", "Hồ sơ $place: hạn $due.\n")
        set_template(session, "today", "vi", wording, busy.act("quantri"), now=NOW, rng=busy.rng)
    with signing(busy):
        made(busy, tmp_path, FIRST).path.unlink()
    with busy.writing() as session:
        conn = session.connection()
        last = Checkpoint.parse(Note.parse(log.newest(conn, log.state(conn).origin).note.encode()).text)
        restart_log(session, last, busy.act("quantri", reason="mất khóa"), now=NOW, rng=busy.rng)

    with signing(busy):
        for codes in ((FIRST,), ()):
            done = made(busy, tmp_path, *codes)
            report = verified(done.path)
            done.path.unlink()

            assert report.findings == []
            assert (report.origin.endswith("/2"), report.begun[:10]) == (True, "2024-12-02")


def test_an_erased_value_is_neither_in_the_bundle_nor_missed(busy, tmp_path):
    order = EraseWords(dossier=FIRST, seq=2, basis="văn bản 5/STP", act=busy.act("quantri"))
    with busy.writing() as session:
        erase_words(session, order, now=NOW, rng=busy.rng)

    with signing(busy):
        done = made(busy, tmp_path, FIRST)

    report = verified(done.path)
    assert (report.findings, report.erased) == ([], 1)


def test_a_bundle_names_who_acts_in_it_and_nobody_else_and_no_address(busy, tmp_path):
    busy.appoint("khac", "front_surveyor", "mttq-tinh")

    with signing(busy):
        done = made(busy, tmp_path, FIRST)

    with done.path.open("rb") as file:
        told = [json.loads(line) for line in Archive(file).lines(bundle.PRIVATE, most=10_000)]
    people = {value["name"]: value["value"] for value in told if value["stream"] == "people"}
    assert people.keys() == {"handle", "name"}
    assert people["handle"] == "xa"


def test_an_export_is_said_in_history_also_when_nobody_signs_it(busy, tmp_path):
    with pytest.raises(NotSigned):
        made(busy, tmp_path, FIRST, patience=0.0)

    [entry] = entries(busy, "reads")
    assert (entry["kind"], entry["body"]["scope"]) == ("exported", [FIRST])
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize(("handle", "codes", "refusal"), [
    ("so", (FIRST,), NotAllowed), ("thanhtra", ("HD-2024-NC-0099",), NotFound), ("quantri", (), NotAllowed),
])  # fmt: skip
def test_who_may_not_export_leaves_no_file_and_no_entry(busy, tmp_path, handle, codes, refusal):
    with pytest.raises(refusal):
        made(busy, tmp_path, *codes, handle=handle)

    assert entries(busy, "reads") == []
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*.part")) == []


def test_a_file_that_is_there_is_not_written_over(busy, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"mine")

    with pytest.raises(BadInput):
        made(busy, tmp_path, FIRST)
    with pytest.raises(BadInput):
        bundles.make(engine(busy, tmp_path), None, tmp_path / "nowhere" / "b.zip", busy.act("thanhtra"))

    assert (tmp_path / "b.zip").read_bytes() == b"mine"
