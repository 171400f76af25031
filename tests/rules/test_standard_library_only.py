"""What is packed into the offline verifier needs nothing but Python."""

import ast
import sys
from pathlib import Path

import pytest

import dossier_engine.rules

RULES = Path(dossier_engine.rules.__file__).parent
PACKED = ["entry", "merkle", "note", "policy", "ed25519"]


def imported(module: str) -> set[str]:
    tree = ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("module", PACKED)
def test_a_module_of_the_verifier_imports_the_standard_library_and_its_like_only(module):
    own = {f"dossier_engine.rules.{name}" for name in PACKED}

    foreign = {name for name in imported(module) - own if name.split(".")[0] not in sys.stdlib_module_names}

    assert foreign == set()
