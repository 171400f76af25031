"""The tasks, called as functions: each carries out one command and commits."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.logs import JsonLines
from tasks import engine
from tasks.audit import reconcile
from tasks.sweep import heartbeat, sweep
from tests.tasks.looking import how, last, ledger


@pytest.fixture(autouse=True)
def process(home: Path) -> Iterator[Path]:
    """A worker's process of its own: its engine is opened by its first task."""
    engine.opened.cache_clear()
    yield home
    engine.opened().close()
    engine.opened.cache_clear()


def test_a_sweep_carries_out_what_fell_due_and_says_so_in_its_log(home, caplog):
    caplog.set_level(logging.INFO, "dossier")

    sweep()

    *told, said, week = [record.facts for record in caplog.records if record.name == "dossier"]
    assert (how(home).due, said["dossiers"], said["complete"]) == (0, 2, True)
    assert sum(said["rungs"].values()) == len(told) == len(ledger(home)) > 0
    assert all(line["dossier"] and line["rung"] and line["outcome"] for line in told)
    assert week == {"task": "sweep", "pages": 1}


def test_a_sweep_that_is_repeated_changes_nothing(home):
    sweep()
    before = ledger(home)

    sweep()

    assert ledger(home) == before


def test_a_reconciliation_says_what_it_did_the_first_time_only(home, caplog):
    caplog.set_level(logging.INFO, "dossier")

    reconcile()
    reconcile()

    [said] = [record.facts for record in caplog.records if record.name == "dossier"]
    assert said == {"task": "reconcile", "dossiers": 2, "mended": 0}
    assert last(home, "reconcile") is not None


def test_a_heartbeat_leaves_its_pulse(home):
    before = last(home, "beat")

    heartbeat()

    assert before is None
    assert last(home, "beat") is not None


def test_after_a_fork_the_parent_s_connections_are_left_alone(home):
    sweep()
    with engine.opened().database.reading() as session:
        parents = session.connection().connection.dbapi_connection
        engine._after_fork()

        with engine.opened().database.reading() as other:
            assert other.connection().connection.dbapi_connection is not parents

    assert how(home).due == 0


def test_a_log_line_is_one_object_with_its_facts():
    record = logging.LogRecord("dossier", logging.INFO, __file__, 1, "swept", (), None)
    record.facts = {"task": "sweep", "rungs": {"sent": 2}}

    line = json.loads(JsonLines().format(record))

    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "info", "from": "dossier", "event": "swept", "task": "sweep", "rungs": {"sent": 2}}


def test_a_log_line_of_an_error_carries_its_traceback_in_the_same_line():
    try:
        raise ValueError("what went wrong")  # noqa: TRY301  # the log wants one that was raised
    except ValueError:
        record = logging.LogRecord("dossier", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())

    written = JsonLines().format(record)

    assert "\n" not in written
    assert "ValueError: what went wrong" in json.loads(written)["exception"]
