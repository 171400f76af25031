"""`dossier doctor` on what works unwatched: good, worth a look, or broken with advice."""

import pytest

from config.running import broker
from dossier_engine.catalogue import LANGUAGES, catalogue

each_language = pytest.mark.parametrize("language", LANGUAGES)


def results(said):
    return {check["check"]: check["result"] for check in said.json}


def test_where_nothing_was_ever_set_up_it_is_worth_a_look_and_no_more(dossier):
    said = dossier("doctor --json")

    found = results(said)
    assert said.code == 0
    assert {found[name] for name in ("broker", "beat", "sweep", "due")} == {"look"}
    assert "worker" not in found


@each_language
def test_a_broker_that_does_not_answer_is_broken_with_advice_and_without_its_password(dossier, monkeypatch, language):
    monkeypatch.setenv("DOSSIER_BROKER_URL", f"redis://:geheim@127.0.0.1:{broker.free_port()}/0")

    said = dossier(f"doctor --lang {language}")

    assert said.code == 9
    assert catalogue(language).say("doctor.fix_broker") in said.out
    assert "geheim" not in said.out + said.err


def test_a_broker_to_which_no_worker_listens_is_broken_too(dossier, monkeypatch, valkey):
    monkeypatch.setenv("DOSSIER_BROKER_URL", valkey.url)

    said = dossier("doctor --json")

    found = results(said)
    assert said.code == 9
    assert found["broker"] == "good"
    assert {found[name] for name in ("worker", "beat", "sweep", "due")} == {"bad"}


def test_a_clock_for_real_work_is_refused_in_both_languages(home, dossier, monkeypatch):
    (home / "dossier.db").unlink()
    dossier("init")
    monkeypatch.setenv("DOSSIER_CLOCK", "speed=600")

    for language in LANGUAGES:
        said = dossier(f"list --lang {language}")

        assert said.code == 7
        assert "DOSSIER_CLOCK" in said.err
