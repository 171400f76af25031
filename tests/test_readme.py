"""The README does what it says, in both languages: its commands run, in order, on an empty folder."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


STAYS = {"make run\n"}  # runs until it is interrupted


def blocks(name: str) -> list[tuple[str, str]]:
    return [(m[1], m[2]) for m in _BLOCK.finditer((ROOT / name).read_text("utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_every_command_of_the_readme_runs_in_order_on_an_empty_folder(name, tmp_path):
    environment = {**os.environ, "DOSSIER_HOME": str(tmp_path / "home")}  # noqa: TID251  # the commands need a PATH
    runners = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}

    for language, text in blocks(name):
        if language not in runners:
            continue
        if text in STAYS:
            run_until_ready(text, environment)
            continue
        done = subprocess.run(
            [*runners[language], text], cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def run_until_ready(text: str, environment: dict[str, str]) -> None:
    command = ["/usr/bin/env", "bash", "-c", text]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        said = [next(process.stderr, "")]
        while said[-1] and not said[-1].startswith("dossier up:"):
            said.append(next(process.stderr, ""))
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
        said += process.stderr

    assert "Đã dừng tất cả.\n" in said, "".join(said)


def test_both_readmes_have_the_same_headings_and_commands():
    def shape(name: str) -> tuple[int, list[str]]:
        text = (ROOT / name).read_text("utf-8")
        commands = [re.sub(r"( --lang \w+)|#.*", "", b).strip() for kind, b in blocks(name) if kind != "text"]
        return len(re.findall(r"^##? ", text, re.MULTILINE)), commands

    assert shape("README.md") == shape("README.vi.md")


def test_the_readmes_point_only_at_what_exists():
    for name in ("README.md", "README.vi.md"):
        links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))

        assert [link for link in links if not (ROOT / link).exists()] == []
