"""Signing and witnessing at the command line, witnesses as processes of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dossier_engine.notary import keys, memory
from dossier_engine.notary.request import Request
from dossier_engine.rules.ed25519 import verify
from dossier_engine.rules.note import LOG, WITNESS, Key, Note, cosigned_at, parse_signatures
from dossier_engine.rules.policy import Policy
from tests.notary.logs import a_key, a_log

pytestmark = pytest.mark.slow

DOSSIER = [sys.executable, "-c", "from dossier_engine.cli import main; main()"]
MADE = "--key w.key --state w.state"


@pytest.fixture
def unsigned(home):
    """The prepared province, of whose log nothing was ever signed."""
    (home / "signer" / "memory").unlink()
    return home


def test_the_first_signature_makes_a_key_and_says_what_auditors_need(unsigned, dossier):
    added = dossier("audit integrate --json").json["size"]

    said = dossier("audit sign --json")
    again = dossier("audit sign --json")

    told = json.loads(said.err.splitlines()[0])
    key = keys.read(unsigned / "signer" / "1.key", LOG)
    assert (told["event"], told["public_key"]) == ("key_made", str(key.public))
    assert (said.json["size"], said.json["signed"], said.json["cosigned"]) == (added, key.public.name, [])
    assert again.json == {"signed": None}


@pytest.mark.usefixtures("unsigned")
def test_the_key_line_is_told_in_words_that_a_policy_takes(dossier):
    dossier("audit integrate")

    said = dossier("audit sign")

    line = next(line for line in said.err.splitlines() if "log dossier-log/" in line)
    assert Policy.parse(f"log {line.rpartition('log ')[2]}\nquorum none\n".encode()).logs


def test_a_witness_is_run_and_asked_from_the_command_line(unsigned, dossier):
    dossier("audit integrate")
    log_key = json.loads(dossier("audit sign --json").err.splitlines()[0])["public_key"]
    own = dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"]
    command = [*DOSSIER, "witness", "serve", "--log", log_key, *MADE.split(), "--at", "127.0.0.1:0", "--lang", "en"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as witness:
        assert witness.stderr is not None
        said = witness.stderr.readline()
        address = said.partition("http://")[2].partition(",")[0]

        signed = dossier(f"audit sign --witness '{own} http://{address}' --json")

        witness.send_signal(signal.SIGTERM)
        heard = witness.stderr.read()

    assert signed.json["cosigned"] == ["thanh-tra/1"]
    assert own in said
    assert "POST /add-checkpoint" in heard
    assert witness.returncode == 0
    assert memory.read(Path("w.state")).last == memory.read(unsigned / "signer" / "memory").last


@pytest.mark.usefixtures("unsigned")
def test_witnesses_may_be_named_in_the_environment(dossier, monkeypatch):
    own = dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"]
    monkeypatch.setenv("DOSSIER_WITNESSES", f" {own} http://127.0.0.1:1 ,")
    dossier("audit integrate")

    said = dossier("audit sign --lang en")

    assert said.code == 0
    assert "The witness thanh-tra/1 has not cosigned" in said.err


def test_it_goes_on_signing_until_it_is_interrupted(unsigned, dossier):
    dossier("audit integrate")
    environment = {**os.environ, "DOSSIER_HOME": str(unsigned)}  # noqa: TID251  # the commands need a PATH
    command = [*DOSSIER, "audit", "sign", "--every", "1", "--json"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as signer:
        assert signer.stderr is not None
        events = [json.loads(signer.stderr.readline())["event"] for _ in range(2)]
        signer.send_signal(signal.SIGINT)
        rest = signer.stderr.read()

    assert (events, rest, signer.returncode) == (["key_made", "signed"], "", 0)


def test_another_database_than_the_one_that_was_signed_is_refused_with_what_to_do(dossier):
    dossier("audit integrate")

    said = dossier("audit sign")

    assert said.code == 8
    assert "dossier audit restart-log" in said.err


def test_a_restored_database_gets_a_new_log_that_is_signed_when_one_says_so(dossier):
    dossier("audit integrate")
    dossier("audit restart-log --as quantri --reason 'khôi phục'")
    dossier("audit integrate")
    refused = dossier("audit sign --json")

    said = dossier("audit sign --restart --json")

    assert refused.refusal["facts"]["why"] == "another_log"
    assert said.json["signed"] == "dossier-log/abcd/2"
    assert dossier("audit verify --json").json["findings"] == []
    assert dossier("audit restart-log --as quantri --reason 'lần nữa' --json").json["log"] == "dossier-log/abcd/3"
    again = dossier("audit restart-log --as quantri --reason 'lần nữa' --json")
    assert (again.code, again.refusal["code"]) == (6, "log_begun")


def test_an_old_copy_of_the_database_is_found_out_and_the_lost_range_is_named(unsigned, dossier):
    dossier("audit integrate")
    dossier("audit sign")
    shutil.copy(unsigned / "dossier.db", unsigned / "backup.db")
    early = memory.read(unsigned / "signer" / "memory").last
    for n in range(3):
        dossier(f"person add nguoi{n} --name 'Người {n}' --as quantri")
    dossier("audit integrate")
    dossier("audit sign")
    for left in ("dossier.db-wal", "dossier.db-shm"):
        (unsigned / left).unlink(missing_ok=True)
    shutil.copy(unsigned / "backup.db", unsigned / "dossier.db")

    refused = dossier("audit sign --json")
    restarted = dossier("audit restart-log --as quantri --reason 'khôi phục' --json")
    dossier("audit integrate")
    signed = dossier("audit sign --restart --json")

    assert early is not None
    assert refused.refusal["facts"]["why"] == "rolled_back"
    assert (restarted.json["held"], restarted.json["lost"]) == (early.size, [early.size, early.size + 2])
    assert (signed.json["signed"], signed.json["size"]) == (restarted.json["log"], early.size + 1)


def test_where_nothing_was_signed_there_is_nothing_to_begin_anew(unsigned, dossier):
    memory.begin(unsigned / "signer" / "memory")

    said = dossier("audit restart-log --as quantri --reason 'khôi phục' --json")

    assert (said.code, said.refusal["code"]) == (5, "not_found")


def test_a_request_on_a_stick_is_cosigned(dossier, tmp_path):
    log, key = a_log(), a_key(tmp_path)
    own = Key.parse(dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"])
    Path("request").write_bytes(log.request(0, 9, key))
    line = f"witness sign request --log {key.public} {MADE} --out answer"

    said = dossier(line)

    note = Note(log.at(9).text(), parse_signatures(Path("answer").read_text("utf-8")))
    assert (said.code, cosigned_at(note, own, verify) is not None) == (0, True)
    Path("request").write_bytes(bytes(Request.of(9, (), log.forked(3).note(9, key))))
    forked = dossier(f"{line} --json")
    Path("request").write_bytes(log.request(3, 9, key))
    assert (forked.code, forked.refusal["code"]) == (8, "witness_refuses")
    assert "9 mục" in dossier(line).err


@pytest.mark.usefixtures("unsigned")
def test_a_witness_that_no_network_leads_to_is_asked_by_files(dossier):
    nothing = dossier("audit ask --out request --json")
    dossier("audit integrate")
    log_key = json.loads(dossier("audit sign --json").err.splitlines()[0])["public_key"]
    own = dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"]
    other = dossier("witness key --key o.key --state o.state --name tinh-khac/1 --json").json["public_key"]
    first = dossier("audit ask --out request --json")
    dossier(f"witness sign request --log {log_key} {MADE} --out answer")
    wrong = dossier(f"audit accept request answer --witness {other} --json")

    accepted = dossier(f"audit accept request answer --witness {own} --json")

    dossier("person add nguoi --name 'Một người' --as quantri")
    dossier("audit integrate")
    dossier("audit sign")
    dossier(f"audit ask --seen {first.json['size']} --out request")
    later = dossier(f"witness sign request --log {log_key} {MADE} --out answer --json")
    again = dossier(f"audit accept request answer --witness {own}")
    ahead = dossier("audit ask --seen 10000 --out request --json")
    assert (nothing.code, wrong.refusal["facts"]["why"]) == (5, "not_a_cosignature")
    assert accepted.json == {"witness": "thanh-tra/1", "cosigned": 1}
    assert (later.code, again.code, ahead.refusal["facts"]["why"]) == (0, 0, "not_signed_yet")


@pytest.mark.usefixtures("unsigned")
def test_a_cosignature_of_another_log_is_not_kept(dossier, tmp_path):
    key = a_key(tmp_path)
    own = dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"]
    Path("request").write_bytes(a_log().request(0, 9, key))
    dossier(f"witness sign request --log {key.public} {MADE} --out answer")

    said = dossier(f"audit accept request answer --witness {own} --json")

    assert said.refusal["facts"]["why"] == "not_of_this_log"


REFUSED = [
    ("audit accept request nowhere --witness OWN", "bad_input", "answer"),
    ("audit accept request request --witness KEY", "bad_input", "--witness"),
    ("witness sign nowhere --log KEY MADE --out answer", "bad_input", "request"),
    ("witness sign request --log KEY MADE --out /nowhere/answer", "bad_input", "--out"),
    ("witness sign request --log nonsense MADE --out answer", "bad_input", "--log"),
    ("witness sign request --log OWN MADE --out answer", "bad_input", "--log"),
    ("witness serve --log KEY MADE --at nonsense", "bad_input", "--at"),
    ("witness serve --log KEY MADE --at 127.0.0.1:70000", "bad_input", "--at"),
    ("witness serve --log KEY MADE --at 192.0.2.1:1", "bad_input", "--at"),
    ("witness key --key w.key --state other.state --name x", "already_there", None),
]


@pytest.mark.parametrize(("line", "code", "field"), REFUSED, ids=[line for line, *_ in REFUSED])
def test_what_cannot_be_witnessed_with_is_refused(line, code, field, dossier, tmp_path):
    key = a_key(tmp_path)
    own = dossier(f"witness key {MADE} --name thanh-tra/1 --json").json["public_key"]
    Path("request").write_bytes(a_log().request(0, 9, key))
    before = keys.read(Path("w.key"), WITNESS).public

    said = dossier(f"{line.replace('KEY', str(key.public)).replace('MADE', MADE).replace('OWN', own)} --json")

    assert (said.refusal["code"], said.refusal["facts"].get("field")) == (code, field)
    assert keys.read(Path("w.key"), WITNESS).public == before
