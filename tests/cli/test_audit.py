"""Bundles and proofs at the command line: made beside a running signer, verified by command and by the single file."""

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.lines import AT_DISTRICT, RECOGNISED, REGISTERED

pytestmark = pytest.mark.slow  # A signer runs beside each.

DOSSIER = [sys.executable, "-c", "from dossier_engine.cli import main; main()"]


@pytest.fixture
def signer(home, dossier, tmp_path):
    """A signer that runs beside; the policy that believes its log lies in the working folder."""
    (home / "signer" / "memory").unlink()
    dossier("audit integrate")
    key = json.loads(dossier("audit sign --json").err.splitlines()[0])["public_key"]
    (tmp_path / "policy.txt").write_text(f"log {key}\nquorum none\n", "utf-8")
    with subprocess.Popen([*DOSSIER, "audit", "sign", "--every", "1"], stderr=subprocess.PIPE) as running:
        yield running
        running.send_signal(signal.SIGTERM)


def single_file(*typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "verify.py", *typed], capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.usefixtures("signer")
@pytest.mark.parametrize(
    ("scope", "dossiers"),
    [(f"{RECOGNISED.lower()} {AT_DISTRICT}", 2), ("--since 2024-10-01", None), ("--all", 5)],
    ids=["two", "since", "all"],
)
def test_a_bundle_is_made_and_verified_by_command_and_by_the_single_file(dossier, tmp_path, scope, dossiers):
    made = dossier(f"audit export {scope} --out b.zip --as thanhtra --json")
    assert made.code == 0, made.err
    in_words = dossier(f"audit export {scope} --out w.zip --as thanhtra --lang en")
    assert (in_words.code, made.json["sha256"] in in_words.out) == (0, False), in_words.err
    if dossiers is not None:
        assert made.json["dossiers"] == dossiers

    by_command = dossier("audit verify b.zip --policy policy.txt --json --page page.html")
    with zipfile.ZipFile("b.zip") as bundle:
        bundle.extract("verify.py")
        bundle.extract("LICH-SU.html")
    by_file = single_file("b.zip", "--policy", "policy.txt", "--json")

    assert (by_command.code, by_file.returncode) == (0, 0), by_command.out + by_file.stderr
    assert by_command.json == json.loads(by_file.stdout)
    assert by_command.json["entries"] == made.json["entries"]
    assert "<html" in Path("page.html").read_text("utf-8")
    assert (tmp_path / "LICH-SU.html").stat().st_size > 1_000


@pytest.mark.usefixtures("signer")
def test_the_checkpoint_of_an_earlier_bundle_is_continued_by_a_later_one_and_no_other_is(dossier):
    for name in ("first", "second"):
        dossier(f"audit export {RECOGNISED} --out {name}.zip --as thanhtra")
        with zipfile.ZipFile(f"{name}.zip") as bundle:
            Path(f"{name}.txt").write_bytes(bundle.read("checkpoint.txt"))

    grown = dossier("audit verify second.zip --policy policy.txt --since first.txt --json")
    rolled_back = dossier("audit verify first.zip --policy policy.txt --since second.txt")

    assert (grown.code, grown.json["kept_checkpoints"]) == (0, 1)
    assert rolled_back.code == 8


@pytest.mark.usefixtures("signer")
def test_a_bundle_with_one_byte_changed_ends_with_eight_and_something_else_with_seven(dossier):
    dossier(f"audit export {RECOGNISED} --out b.zip --as thanhtra")
    data = bytearray(Path("b.zip").read_bytes())
    data[len(data) // 3] ^= 1
    Path("changed.zip").write_bytes(data)
    Path("none.zip").write_bytes(b"none")

    codes = {name: dossier(f"audit verify {name}.zip --policy policy.txt").code for name in ("b", "changed", "none")}

    assert codes == {"b": 0, "changed": 8, "none": 7}
    assert dossier("audit verify b.zip --policy missing.txt").code == 7
    assert dossier("audit verify b.zip").code == 7
    assert dossier("audit verify --policy policy.txt").code == 7


@pytest.mark.parametrize("scope", ["", f"{RECOGNISED} --all", "--all --since 2024-01-01"])
def test_a_bundle_has_exactly_one_scope(dossier, scope):
    assert dossier(f"audit export {scope} --out b.zip --as thanhtra").code == 7


@pytest.mark.usefixtures("signer")
def test_a_receipt_is_proven_afterwards(dossier):
    leaf = dossier(f"history {REGISTERED} --json").json[0]["leaf"]
    said = dossier(f"audit proof {REGISTERED} --entry 1 --json")
    Path("1.tlog-proof").write_text(said.json["proof"], "utf-8")
    other = dossier(f"history {REGISTERED} --json").json[1]["leaf"]

    proven = dossier(f"audit check-proof 1.tlog-proof --leaf {leaf} --policy policy.txt --json")
    wrong = dossier(f"audit check-proof 1.tlog-proof --leaf {other} --policy policy.txt")

    assert (proven.code, wrong.code) == (0, 8), proven.err
    assert proven.json["index"] > 0
    assert dossier("audit check-proof 1.tlog-proof --leaf xyz --policy policy.txt").code == 7
    assert dossier(f"audit check-proof policy.txt --leaf {leaf} --policy policy.txt").code == 7
    assert dossier(f"audit proof {REGISTERED} --entry 900").code == 5


@pytest.mark.usefixtures("signer")
def test_the_key_is_told_as_a_policy_needs_it(dossier):
    said, told = dossier("audit key"), dossier("audit key --json")

    assert said.out.strip() == Path("policy.txt").read_text("utf-8").splitlines()[0]
    assert said.out.strip() == f"log {told.json['public_key']}"


def test_before_anything_is_signed_there_is_no_proof_and_no_key(dossier, home):
    (home / "signer" / "memory").unlink()

    assert dossier("audit key").code == 5
    assert dossier(f"audit proof {REGISTERED} --entry 1").code == 9


@pytest.mark.usefixtures("signer")
def test_a_printed_history_ends_with_the_newest_checkpoint(dossier):
    said = dossier(f"history {REGISTERED}")

    *_, origin, size, root = said.out.rstrip().splitlines()
    assert origin.startswith("dossier-log/")
    assert int(size) > 50
    assert len(root) == 44
