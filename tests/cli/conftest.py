"""A province to type commands at: made once, copied for each test, its clock set to 9 December 2024."""

import random
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import update

from config.adoption import adopt_province
from dossier_engine.commands.filing import file_entry
from dossier_engine.commands.keep_file import Kept, keep_file
from dossier_engine.commands.pause import Clock, pause
from dossier_engine.files import store
from dossier_engine.letters import Wording
from dossier_engine.notary import memory
from dossier_engine.records import callers, deliveries, mails, reminders, webhooks
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.note import Checkpoint
from dossier_engine.rules.pace import standing
from dossier_engine.rules.requirements import Value
from tests.cli.lines import INCIDENT, KEPT, RECOGNISED, RECOGNITIONS, REGISTERED, REGISTRATIONS
from tests.cli.terminal import Typing, terminal
from tests.files.making import a_pdf
from tests.makers import CAM_HUNG, LUONG_DIEN, SETUP, Province, a_province, at

TODAY = "2024-12-09"
OLDER = "0" * 64  # the version of another calendar, which was in use before an upgrade


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with one dossier of each kind that the cases need; see `_dossiers`."""
    file = tmp_path_factory.mktemp("prepared") / "dossier.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    province = a_province(database)
    pace = standing(at(TODAY, 8), datetime.now(UTC))  # noqa: TID251  # the true clock is where it begins
    with database.writing() as session:
        rng = random.Random(1)  # salts of a test
        adopt_province(session, SETUP, now=at("2024-01-02"), rng=rng, pace=pace)
        older = {**province.law.calendar.stated(), "calendar": OLDER, "instead_of": province.law.calendar.version}
        file_entry(session.connection(), "calendar", "calendar_in_use", SETUP, older, now=at("2024-01-02"), rng=rng)
        session.execute(update(TABLES["installation"]).values(calendar=OLDER))
    _dossiers(province)
    _sending(province)
    _access(province)
    database.close()
    return file


def _dossiers(province: Province) -> None:
    """Cẩm Hưng and Lương Điền, both in Cẩm Giàng, with five dossiers of different years.

    HD-2023-NC-0001 is recognised, HD-2024-NC-0001 lies with the district, HD-2025-NC-0001 with the department (all
    Cẩm Hưng); HD-2024-NC-0002 is registered, HD-2025-NC-0002 stands still (Lương Điền).
    """
    done = [_registered(province, "xa", CAM_HUNG, year) for year in (2023, 2024, 2025)]
    _registered(province, "xa2", LUONG_DIEN, 2024)
    province.difficulty(REGISTERED, "xa2", on="2024-04-16")
    still = _registered(province, "xa2", LUONG_DIEN, 2025)
    for code in done:
        province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
        if code == RECOGNISED:
            again: dict[str, Value] = {"minutes": {"date": "2024-07-10", "sha256": KEPT}}
            province.record(code, "xa", "commune_files", again, on="2024-07-11")
        province.advance(code, "xa", "self_assess", on="2024-07-12")
    for code in (done[0], done[2]):
        province.bring(code, "review", on="2024-07-29", since="2024-07-12", skip=("district_posting",))
        posted: dict[str, Value] = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
        province.record(code, "huyen", "district_posting", posted, on="2024-08-14")
        province.advance(code, "huyen", "review", on="2024-08-16")
    province.bring(done[0], "appraise", on="2024-09-05", since="2024-08-16")
    province.advance(done[0], "so", "appraise", on="2024-09-10")
    province.bring(done[0], "recognize", on="2024-09-20", since="2024-09-10")
    province.advance(done[0], "vanthu", "recognize", on="2024-09-20")
    order = Clock(dossier=still, act=province.act("huyen", reason="chờ sắp xếp đơn vị hành chính"))
    minutes = Kept(KEPT, len(a_pdf()), "application/pdf", "biên bản họp.pdf")
    with province.writing() as session:
        pause(session, province.law, order, now=at("2024-11-29"), rng=province.rng)
        keep_file(session, RECOGNISED, minutes, province.people["xa"], now=at("2024-07-11"))


def _sending(province: Province) -> None:
    """A webhook `wh-1`, a mail that was given up, and other words for what is due today."""
    now = at("2024-12-02")
    with province.writing() as session:
        conn = session.connection()
        hook = {"id": "wh-1", "url": "https://hooks.example.vn/ntm", "secret": "whsec_", "territory": "30/"}
        webhooks.add(conn, hook | {"added_at": now})
        for language in ("vi", "en"):
            mails.save_wording(conn, f"today.{language}", Wording("Hôm nay: $commune", "Hạn: $due"))
        mail = {"id": 7, "channel": "mail", "recipient": province.people["xa"], "topic": "morning/2024-12-02"}
        row = {"kind": "morning", "status": "dead", "available_at": now, "attempts": 8, "created_at": now}
        deliveries.add(conn, [mail | row])
        person = province.people["xa"]
        silent = reminders.incident("no_address", person, "30/295/10894/", {"person": person}, now, province.rng)
        reminders.report(conn, [silent | {"id": INCIDENT}])


def _access(province: Province) -> None:
    """A session of `xa`, begun this morning, and a token `aaaaaaaaaaaaaaaa`."""
    now, person = at(TODAY, 8), province.people["xa"]
    begun = {"id": "bbbbbbbbbbbbbbbb", "person": person, "hash": bytes(32), "created_at": now, "seen_at": now}
    token = {"id": "aaaaaaaaaaaaaaaa", "person": person, "hash": bytes(32), "name": "báo cáo", "scopes": "read"}
    with province.writing() as session:
        conn = session.connection()
        callers.begin_session(conn, begun | {"address": "192.0.2.1", "agent": "Firefox"})
        callers.add_token(conn, token | {"created_at": now, "expires_at": at("2025-01-31")})


def _registered(province: Province, handle: str, locality: str, year: int) -> str:
    return province.register(handle, locality, on="2024-04-15", year=year).dossier


@pytest.fixture
def home(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a copy of the prepared database, below the working folder with the files that commands read."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(prepared, folder / "dossier.db")
    with store.received(folder / "files", [a_pdf()], limit=2**20) as minutes:
        minutes.keep()
    signed = Checkpoint("dossier-log/abcd/1", 9, bytes(32))  # of a log that this database does not hold
    memory.begin(folder / "signer" / "memory")
    with memory.held(folder / "signer" / "memory") as known:
        known.remember(signed)
    definition = files("workflows").joinpath("commune-advanced.yaml").read_text("utf-8")
    (tmp_path / "new.yaml").write_text(definition.replace("version: 1\n", "version: 2\n", 1), "utf-8")
    (tmp_path / "registrations.csv").write_text(REGISTRATIONS, "utf-8")
    (tmp_path / "recognitions.csv").write_text(RECOGNITIONS, "utf-8")
    (tmp_path / "words.txt").write_text("Hồ sơ $place: quá hạn $days ngày, hạn $due.\n", "utf-8")
    unset = ("DATABASE_URL", "OWNER_URL", "LANG", "PERSON", "SMTP_URL", "FILES", "FILE_LIMIT")
    for variable in (f"DOSSIER_{name}" for name in unset):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOSSIER_WEBHOOK_ALLOW", "hooks.example.vn")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def dossier(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typing:
    """The command line: what is typed after the program's name, carried out in this process."""
    monkeypatch.setenv("DOSSIER_HOME", str(home))
    return terminal(capsys)
