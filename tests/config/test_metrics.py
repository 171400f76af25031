"""Metrics: what the database says at the moment they are asked for."""

import urllib.request

import pytest

from config.metrics import exposition, served
from config.rounds import sweep_round
from config.running import broker
from dossier_engine.errors import BadInput
from tests.tasks.looking import opened


def figures(text: str) -> dict[str, float]:
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def test_what_waits_and_what_was_done_is_counted_when_it_is_asked_for(home):
    with opened(home) as engine:
        before = figures(exposition(engine))
        done = sweep_round(engine)
        after = figures(exposition(engine))

    assert before["dossier_due_dossiers"] == 2
    assert before["dossier_sweep_lag_seconds"] > 86_400
    assert after["dossier_due_dossiers"] == after["dossier_sweep_lag_seconds"] == 0
    assert {o: after[f'dossier_rungs_last_day{{outcome="{o}"}}'] for o in ("sent", "late", "replaced", "void")} == {
        outcome: done.rungs[outcome] for outcome in ("sent", "late", "replaced", "void")
    }
    assert after['dossier_incidents_open{kind="no_address"}'] > 0
    assert after['dossier_pulse_age_seconds{name="sweep"}'] < 60


def test_they_are_served_on_the_loopback_and_a_taken_port_is_refused(home):
    port = broker.free_port()
    with opened(home) as engine, served(engine, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()

        with pytest.raises(BadInput) as refusal, served(engine, port):
            pass

    assert figures(text)["dossier_due_dossiers"] == 2
    assert refusal.value.facts["why"] == "port_taken"
