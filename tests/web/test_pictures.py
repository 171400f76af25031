"""The pictures of the readme can be taken again."""

import subprocess
import sys
from pathlib import Path

import pytest

from docs.pictures.make import PICTURES

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_picture_is_taken_of_the_demonstration(tmp_path: Path):
    command = [sys.executable, "-m", "docs.pictures.make", str(tmp_path)]

    subprocess.run(command, cwd=ROOT, check=True, timeout=180, stdout=subprocess.DEVNULL)

    assert {path.name for path in tmp_path.iterdir()} == {f"{picture.name}.png" for picture in PICTURES}
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in tmp_path.iterdir())
