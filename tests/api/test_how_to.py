"""The page on connecting a program does what it says."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ,  # noqa: TID251  # CI installs it
    reason="there is no curl here: install it, and this runs",
)
def test_every_command_of_the_page_runs_in_order(tmp_path):
    page = (ROOT / "docs/how-to/connect-a-program.md").read_text("utf-8")
    script = ["set -euo pipefail", "trap 'kill $(jobs -p)' EXIT"]
    for number, found in enumerate(_BLOCK.finditer(page)):
        if found[1] == "python":
            file = tmp_path / f"{number}.py"
            file.write_text(found[2], "utf-8")
            script.append(f".venv/bin/python {file}")
        else:
            script.append(found[2])

    done = subprocess.run(
        ["/usr/bin/env", "bash", "-c", "\n".join(script)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DOSSIER_HOME": str(tmp_path / "home")},  # noqa: TID251  # the commands need a PATH
    )  # fmt: skip

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert '"next_cursor"' in done.stdout
    assert "Recognized - entry" in done.stdout
    assert "stale_version - HD-2024-NC-0003 was changed meanwhile" in done.stdout
