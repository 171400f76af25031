"""The triggers that protect history, taken away or made harmless by the owner: `audit verify` names each of them."""

import pytest

from tests.rigs.attacks import FIRST, SECOND, TRIGGERS, edited
from tests.rigs.busy import Busy

SQLITE = [
    *(pytest.param(name, f"DROP TRIGGER {name}", id=f"{name} dropped") for name in TRIGGERS["sqlite"]),
    *(
        pytest.param(
            name,
            f"DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE {verb} ON history WHEN (0) "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
            id=f"{name} never fires",
        )
        for name, verb in zip(TRIGGERS["sqlite"], ("UPDATE", "DELETE", "INSERT", "INSERT"), strict=True)
    ),
    pytest.param(
        "history_no_delete",
        "DROP TRIGGER history_no_delete; CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN SELECT 1; END",
        id="history_no_delete does nothing",
    ),
    pytest.param(
        "history_no_update",
        "DROP TRIGGER history_no_update; CREATE TRIGGER history_no_update BEFORE UPDATE ON dossier "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        id="history_no_update watches another table",
    ),
    pytest.param(
        "not_ours",
        "CREATE TRIGGER not_ours AFTER INSERT ON history BEGIN UPDATE dossier SET state = 'recognized'; END",
        id="a trigger that is not ours",
    ),
]
SAME = "EXECUTE FUNCTION history_refuse()"
POSTGRES = [
    *(pytest.param(name, f"DROP TRIGGER {name} ON history", id=f"{name} dropped") for name in TRIGGERS["postgresql"]),
    *(
        pytest.param(name, f"ALTER TABLE history {how} TRIGGER {name}", id=f"{name} {how.lower()}d")
        for name in TRIGGERS["postgresql"]
        for how in ("DISABLE", "ENABLE REPLICA", "ENABLE")
    ),
    *(
        pytest.param(
            name,
            f"DROP TRIGGER {name} ON history; CREATE TRIGGER {name} {when} ON history FOR EACH {how}; "
            f"ALTER TABLE history ENABLE ALWAYS TRIGGER {name}",
            id=f"{name} {meaning}",
        )
        for name, when, how, meaning in (
            ("history_no_update", "BEFORE DELETE OR UPDATE", f"ROW WHEN (false) {SAME}", "never fires"),
            ("history_no_update", "BEFORE DELETE", f"ROW {SAME}", "lets updates pass"),
            ("history_no_update", "BEFORE DELETE OR UPDATE OF kind", f"ROW {SAME}", "watches one column"),
            ("history_no_update", "BEFORE DELETE OR UPDATE", f"STATEMENT {SAME.replace('refuse', 'idle')}", "is idle"),
            ("history_no_truncate", "BEFORE TRUNCATE", "STATEMENT EXECUTE FUNCTION history_idle()", "is idle"),
            ("history_next_seq", "AFTER INSERT", "ROW EXECUTE FUNCTION history_next()", "comes too late"),
            ("history_next_seq", "BEFORE INSERT", "ROW EXECUTE FUNCTION elsewhere.history_next()", "asks another"),
        )
    ),
    *(
        pytest.param(
            trigger,
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
            id=f"{function} does nothing",
        )
        for function, trigger in (("history_next", "history_next_seq"), ("history_refuse", "history_no_update"))
    ),
    pytest.param(
        "history_next_seq",
        "ALTER FUNCTION history_next() RESET search_path",
        id="history_next looks where the caller says",
    ),
    pytest.param(
        "not_ours",
        "CREATE TRIGGER not_ours BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION history_idle()",
        id="a trigger that is not ours",
    ),
    pytest.param(
        "not_ours",
        "CREATE RULE not_ours AS ON INSERT TO history DO INSTEAD NOTHING",
        id="a rule that swallows entries",
    ),
]
# What the owner may have prepared for the attacks above.
PREPARED = """
CREATE FUNCTION history_idle() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE SCHEMA elsewhere;
CREATE FUNCTION elsewhere.history_next() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
GRANT USAGE ON SCHEMA elsewhere TO dossier_app
"""


def carry_out(busy: Busy, script: str) -> None:
    with busy.owner.migrating() as conn:
        if busy.owner.is_sqlite:
            for statement in script.replace("; CREATE", ";; CREATE").split(";; "):
                conn.exec_driver_sql(statement)
        else:
            conn.exec_driver_sql(PREPARED)
            conn.exec_driver_sql(script)


@pytest.mark.parametrize("make_copy", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("trigger", "script"), SQLITE)
def test_a_trigger_of_sqlite_that_protects_no_longer_is_named(busy: Busy, trigger: str, script: str) -> None:
    carry_out(busy, script)

    assert (trigger, "trigger_missing") in busy.findings()
    assert len(busy.findings()) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("make_copy", ["postgres"], indirect=True)
@pytest.mark.parametrize(("trigger", "script"), POSTGRES)
def test_a_trigger_of_postgresql_that_protects_no_longer_is_named(busy: Busy, trigger: str, script: str) -> None:
    carry_out(busy, script)

    assert (trigger, "trigger_missing") in busy.findings()
    assert {code for _, code in busy.findings()} == {"trigger_missing"}


def test_every_missing_trigger_is_named_beside_the_entry_that_was_edited_without_them(busy: Busy) -> None:
    dialect = "sqlite" if busy.owner.is_sqlite else "postgresql"
    with busy.owner.migrating() as conn:
        for name in TRIGGERS[dialect]:
            conn.exec_driver_sql(f"DROP TRIGGER {name}" + ("" if busy.owner.is_sqlite else " ON history"))
        edited(SECOND, 2, channel="web")(conn)
        edited(FIRST, 9, channel="web")(conn)

    missing = {(name, "trigger_missing") for name in TRIGGERS[dialect]}
    assert busy.findings() == missing | {(f"{SECOND} #2", "entry_edited"), (f"{FIRST} #9", "entry_edited")}
