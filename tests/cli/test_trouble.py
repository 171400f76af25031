"""An installation in trouble: each failure has its exit code and says what to do, and tampering is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.lines import AT_DISTRICT, CHANGING, LOOKING, RECOGNISED, WHY
from tests.cli.terminal import alter, held


def unprotected(home: Path, *statements: str) -> None:
    """The same, with every protecting trigger dropped first."""
    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    alter(home, *(f"DROP TRIGGER {name}" for name in names), *statements)


def test_an_empty_folder_is_told_to_be_initialised(dossier, home):
    (home / "dossier.db").unlink()

    said = dossier("list --json")

    assert (said.code, said.refusal["facts"]["why"]) == (9, "not_initialised")
    assert "dossier init" in said.err
    assert not (home / "dossier.db").exists()


def test_a_database_without_tables_is_told_to_be_initialised(dossier, home):
    (home / "dossier.db").write_bytes(b"")

    said = dossier("list")

    assert said.code == 9
    assert "dossier init" in said.err


def test_init_may_be_repeated_and_makes_the_first_administrator_once(dossier, home):
    (home / "dossier.db").unlink()

    made = dossier("init --admin quantri.tinh --name 'Nguyễn Văn An' --json")
    again = dossier("init --json")
    second = dossier("init --admin khac --name 'Lê Thị Bình' --json")
    added = dossier("person add xa.mot --name 'Trần Thị Một' --as quantri.tinh")

    assert (made.code, again.code, second.code, added.code) == (0, 0, 6, 0)
    assert made.json["localities"] > 400
    assert (again.json["localities"], again.json["workflows"]) == (0, 0)
    assert second.refusal["code"] == "already_there"


@pytest.mark.parametrize("line", [LOOKING["list"], CHANGING["pause"], "init", "db upgrade", "db check"])
def test_a_database_of_a_newer_version_is_left_alone(line, dossier, home):
    alter(home, "UPDATE alembic_version SET version_num = '9999'")
    before = held(home)

    said = dossier(f"{line} --json")

    assert (said.code, said.refusal["code"]) == (9, "schema_differs")
    assert said.refusal["facts"]["found"] == "9999"
    assert "phiên bản mới hơn" in said.err
    assert held(home) == before


def test_a_database_of_an_older_version_is_told_to_be_upgraded(dossier, home):
    alter(home, "UPDATE alembic_version SET version_num = '0000'")

    said = dossier("list")

    assert said.code == 9
    assert "dossier db upgrade" in said.err


def test_a_file_that_is_no_database_says_so(dossier, home):
    (home / "dossier.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    said = dossier("list --json")

    assert (said.code, said.refusal["facts"]["why"]) == (9, "not_a_database")


def test_a_database_that_another_program_keeps_is_busy(dossier, home, monkeypatch):
    monkeypatch.setattr("dossier_engine.records.database._BUSY_MS", 50)
    other = sqlite3.connect(home / "dossier.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    said = dossier(f"{CHANGING['pause']} --json")

    other.close()
    assert (said.code, said.refusal["facts"]["why"]) == (9, "busy")


@pytest.mark.parametrize(
    ("variable", "value"), [("DOSSIER_LANG", "fr"), ("DOSSIER_DATABASE_URL", "mysql://example/dossiers")]
)
def test_an_unsound_setting_is_named(variable, value, dossier, monkeypatch):
    monkeypatch.setenv(variable, value)

    said = dossier("list")

    assert said.code == 7
    assert variable in said.err


def test_altered_tables_are_noticed(dossier, home):
    alter(home, "ALTER TABLE person ADD COLUMN telephone TEXT")

    said = dossier("db check --json")

    assert (said.code, said.refusal["facts"]["why"]) == (9, "altered")


def test_the_doctor_says_what_is_wrong_and_what_to_do(dossier, home):
    upgraded = dossier("doctor --json")
    dossier(f"calendar recompute --as quantri {WHY}")
    healthy = dossier("doctor --json")
    unprotected(home)

    said = dossier("doctor")

    assert (upgraded.code, healthy.code) == (0, 0)
    looks = [{check["check"] for check in said.json if check["result"] == "look"} for said in (upgraded, healthy)]
    assert looks[0] - looks[1] == {"calendar"}
    assert looks[1] <= {
        "broker",
        "worker",
        "beat",
        "sweep",
        "due",
        "log",
        "signed",
        "dead_letters",
        "pages",
    }  # nothing runs here
    assert "bad" not in {check["result"] for check in healthy.json}
    assert said.code == 9
    assert "dossier audit verify" in said.out


def test_a_defect_ends_with_1_and_says_that_nothing_was_changed(dossier, home):
    unprotected(home, "PRAGMA foreign_keys = OFF", "DELETE FROM definition")

    said = dossier(f"show {AT_DISTRICT}")
    told = dossier(f"show {AT_DISTRICT} --json")

    assert (said.code, told.code) == (1, 1)
    assert "chưa thay đổi gì" in said.err
    assert told.refusal["code"] == "failure"


def test_an_edited_entry_is_named(dossier, home):
    votes = "FROM history WHERE stream = 'dossier/{}' AND instr(CAST(entry AS TEXT), '\"agree\":18') > 0"
    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        ((seq,),) = connection.execute(f"SELECT min(seq) {votes.format(RECOGNISED)}").fetchall()
    edited = "CAST(replace(CAST(entry AS TEXT), '\"agree\":18', '\"agree\":19') AS BLOB)"
    unprotected(home, f"UPDATE history SET entry = {edited} WHERE stream = 'dossier/{RECOGNISED}' AND seq = {seq}")

    said = dossier("audit verify")
    told = dossier("audit verify --json")

    assert (said.code, told.code) == (8, 8)
    assert f"dossier/{RECOGNISED} #{seq}: mục lịch sử đã bị sửa" in said.err
    assert f"dossier/{RECOGNISED} #{seq}: entry_edited: " in told.refusal["facts"]["findings"]


def test_a_state_that_was_written_past_the_engine_is_named(dossier, home):
    alter(home, f"UPDATE dossier SET state = 'recognized' WHERE code = '{AT_DISTRICT}'")

    said = dossier("audit verify --json")

    assert said.code == 8
    assert [f for f in said.refusal["facts"]["findings"] if f.startswith(f"dossier/{AT_DISTRICT}")]


def test_a_dropped_trigger_is_named_and_an_upgrade_puts_it_back(dossier, home):
    unprotected(home)

    found = dossier("audit verify")
    dossier("db upgrade")
    after = dossier("audit verify")

    assert found.code == 8
    assert "trigger" in found.err
    assert after.code == 0


def test_whole_histories_verify_before_and_after_more_acts(dossier):
    before = dossier("audit verify --json").json
    dossier(f"pause {AT_DISTRICT} --as huyen {WHY}")
    after = dossier("audit verify --json").json

    assert after["entries"] == before["entries"] + 2  # what had fallen due was escalated first
    assert (before["findings"], after["findings"]) == ([], [])
