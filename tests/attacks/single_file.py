"""The packed `verify.py` as a module of its own in this process, beside the installed verifier."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from dossier_engine.verifier.pack import packed
from tests.attacks.mutating import Mutant
from tests.attacks.pool import policy_text

_OURS = "dossier_engine"


def codes_by(folder: Path) -> Callable[[Path, Mutant], list[str]]:
    """What the packed verifier finds in an archive that lies in a file, with the signature check that it carries."""
    check, note, policies = _imported(folder, "verifier.check", "rules.ed25519", "rules.policy")

    def found(path: Path, tried: Mutant) -> list[str]:
        believed = policies.Policy.parse(policy_text(tried.policy))
        try:
            return [finding.code for finding in check.verify(path, believed, note.verify).findings]
        except check.NotABundleError:
            return ["not_a_bundle"]

    return found


def _imported(folder: Path, *names: str) -> list[ModuleType]:
    """Modules as the packed file carries them; what is imported already stays what it was."""
    program = folder / "verify.py"
    program.write_text(packed(), encoding="utf-8")
    installed = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == _OURS}
    finders = list(sys.meta_path)
    for name in installed:
        del sys.modules[name]
    try:
        carrier = types.ModuleType("carrier")
        carrier.__file__ = str(program)
        exec(compile(program.read_text(encoding="utf-8"), str(program), "exec"), carrier.__dict__)  # noqa: S102
        for name in names:
            __import__(f"{_OURS}.{name}")
        found = [sys.modules[f"{_OURS}.{name}"] for name in names]
    finally:
        sys.meta_path[:] = finders
        for name in [name for name in sys.modules if name.partition(".")[0] == _OURS]:
            del sys.modules[name]
        sys.modules.update(installed)
    assert all(str(module.__file__).startswith(str(program)) for module in found)
    return found
