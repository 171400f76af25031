"""The single file: what it carries, and that it runs alone, says what it found, and ends as it should."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dossier_engine.verifier import main as front
from dossier_engine.verifier.carrier import carried
from dossier_engine.verifier.pack import needed, packed
from tests.verifier.forging import POLICY, members, write
from tests.verifier.lives import LONG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The file and a policy, alone in a folder."""
    (tmp_path / "verify.py").write_text(packed(), encoding="utf-8")
    (tmp_path / "policy").write_bytes(POLICY)
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # -I and -S: no package of this environment is in reach.
    started = [sys.executable, "-I", "-S", "verify.py", *words]
    return subprocess.run(started, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def test_it_carries_what_it_imports_and_nothing_of_the_server():
    modules = needed("dossier_engine.verifier.main")

    assert {"dossier_engine.rules.merkle", "dossier_engine.rules.ed25519", "dossier_engine.errors"} <= modules
    assert not any(m.startswith(("dossier_engine.records", "dossier_engine.commands")) for m in modules)
    assert "dossier_engine.rules.machine" not in modules


def test_it_is_the_same_each_time_and_holds_the_sources_to_the_letter():
    files = carried(packed())

    assert packed() == packed()
    merkle = Path(__file__).parents[2] / "dossier_engine" / "rules" / "merkle.py"
    assert files["dossier_engine/rules/merkle.py"] == merkle.read_text(encoding="utf-8")
    assert "dossier_engine/verifier/vi.toml" in files


def test_alone_it_verifies_a_bundle_and_prints_a_page(folder, story):
    write(folder / "bundle.zip", members(story))

    done = run(folder, "bundle.zip", "--policy", "policy", "--page", "page.html")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("GÓI HỒ SƠ CÒN NGUYÊN VẸN\n")
    assert '<html lang="vi">' in (folder / "page.html").read_text(encoding="utf-8")


def test_alone_it_finds_what_was_forged(folder, story):
    story.entry(f"dossier/{LONG}", "paused")["body"]["state"] = "registered"
    write(folder / "bundle.zip", members(story))

    done = run(folder, "bundle.zip", "--policy", "policy", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["sound"]) == (8, False)
    assert [(f["stream"], f["code"]) for f in told["findings"]] == [(f"dossier/{LONG}", "not_in_this_state")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("policy", "--policy", "policy"), "policy: not a bundle"),
        (("bundle.zip", "--policy", "bundle.zip"), "bundle.zip: the policy cannot be read"),
        (("bundle.zip", "--policy", "nowhere"), "nowhere: the policy cannot be read"),
        (("nowhere", "--policy", "policy"), "nowhere: cannot be opened"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_readers_language(folder, story, words, says):
    write(folder / "bundle.zip", members(story))

    done = run(folder, *words, "--lang", "en")

    assert (done.returncode, done.stdout) == (7, "")
    assert done.stderr.startswith(says)


def test_help_is_in_the_language_asked_for(folder):
    assert "không cần mạng" in run(folder, "--help").stdout
    assert "no network" in run(folder, "--help", "--lang", "en").stdout


def test_the_installed_front_takes_another_check(folder, story, capsys, monkeypatch):
    write(folder / "bundle.zip", members(story))
    monkeypatch.chdir(folder)

    ended = front.main(["bundle.zip", "--policy", "policy", "--lang", "en"], check=lambda *_: False)

    assert ended == front.BROKEN
    assert "THE BUNDLE CANNOT BE TRUSTED" in capsys.readouterr().out
