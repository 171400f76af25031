"""What the environment may ask for, and what is refused with the name of its variable."""

from datetime import timedelta

import pytest

from config.settings import Clock, read
from dossier_engine.errors import BadInput


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("", None),
        ("speed=600", Clock(speed=600)),
        ("offset=36h", Clock(ahead=timedelta(hours=36))),
        ("speed=86400,offset=3d", Clock(86_400, timedelta(days=3))),
    ],
)
def test_a_clock_is_a_speed_and_an_offset(text, clock):
    assert read({"DOSSIER_CLOCK": text}).clock == clock


@pytest.mark.parametrize("text", ["600", "speed=0", "speed=86401", "speed=-5", "offset=-3d", "offset=3", "speed=2;x"])
def test_a_clock_that_stands_still_or_runs_backwards_is_refused(text):
    with pytest.raises(BadInput) as refusal:
        read({"DOSSIER_CLOCK": text})

    assert (refusal.value.facts["field"], refusal.value.facts["why"]) == ("DOSSIER_CLOCK", "not_a_clock")


@pytest.mark.parametrize("url", ["redis://a:1/0", "rediss://a:1/0", "sentinel://a:1;sentinel://b:1"])
def test_a_broker_is_a_redis(url):
    settings = read({"DOSSIER_BROKER_URL": url})

    assert (settings.broker_url, settings.broker_master) == (url, "mymaster")


def test_a_broker_that_is_none_is_refused_without_its_password():
    with pytest.raises(BadInput) as refusal:
        read({"DOSSIER_BROKER_URL": "amqp://guest:secret@host"})

    assert refusal.value.facts == {"field": "DOSSIER_BROKER_URL", "value": "amqp", "why": "unknown_broker"}


def test_operators_are_accounts_and_the_persons_they_are():
    found = read({"DOSSIER_OPERATORS": "lan=nguyen.lan, HAIDUONG\\hung = hung ,"}).operators

    assert found == {"lan": "nguyen.lan", "HAIDUONG\\hung": "hung"}
    assert read({}).operators == {}


@pytest.mark.parametrize(("text", "value", "why"), [
    ("lan", "lan", "not_an_operator"), ("=lan", "=lan", "not_an_operator"), ("lan=", "lan=", "not_an_operator"),
    ("lan=a,lan=b", "lan", "repeated"),
])  # fmt: skip
def test_an_operator_is_one_account_and_one_person(text, value, why):
    with pytest.raises(BadInput) as refusal:
        read({"DOSSIER_OPERATORS": text})

    assert refusal.value.facts == {"field": "DOSSIER_OPERATORS", "value": value, "why": why}


def test_files_of_fifty_megabytes_are_kept_below_home_unless_it_is_said_otherwise(tmp_path):
    usual = read({"DOSSIER_HOME": str(tmp_path)})
    said = read({"DOSSIER_FILES": str(tmp_path / "shared"), "DOSSIER_FILE_LIMIT": "8"})

    assert (usual.files, usual.file_limit) == (tmp_path / "files", 50 * 2**20)
    assert (said.files, said.file_limit) == (tmp_path / "shared", 8 * 2**20)


@pytest.mark.parametrize("text", ["0", "-1", "1001", "8 MB", "1.5", "\u0663"])
def test_a_limit_of_files_is_a_number_of_megabytes(text):
    with pytest.raises(BadInput) as refusal:
        read({"DOSSIER_FILE_LIMIT": text})

    assert refusal.value.facts == {"field": "DOSSIER_FILE_LIMIT", "value": text, "why": "not_a_file_limit"}
