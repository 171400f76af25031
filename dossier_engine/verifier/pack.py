"""Makes the single file `verify.py` of the installed sources: the carrier, and beneath it every module it needs."""

import ast
import pkgutil
from importlib.util import find_spec

from dossier_engine.verifier.carrier import FILE, LINE
from dossier_engine.verifier.words import LANGUAGES

_ROOT, _MAIN, _HERE = "dossier_engine", "dossier_engine.verifier.main", "dossier_engine.verifier"


def packed() -> str:
    """The text of `verify.py`: the same for the same sources."""
    files = {_file(module): _source(module) for module in needed(_MAIN)}
    for language in LANGUAGES:
        name = f"{language}.toml"
        files[f"{_HERE.replace('.', '/')}/{name}"] = (pkgutil.get_data(_HERE, name) or b"").decode()
    parts = [f"#!/usr/bin/env python3\n{_source(f'{_HERE}.carrier')}"]
    for name, text in sorted(files.items()):
        parts.append(f"\n{FILE}{name}\n" + "\n".join(LINE + line for line in text.split("\n")) + "\n")
    return "\n".join(parts)


def needed(module: str) -> set[str]:
    """The modules of the engine that importing `module` imports, itself and its packages included."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 1)]
        waiting += [other for other in _imported(name) if other.partition(".")[0] == _ROOT]
    return found


def _imported(module: str) -> list[str]:
    """What a module imports, where `from package import module` names the module."""
    found = []
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names if _is_module(node.module, alias.name)]
    return found


def _is_module(package: str, name: str) -> bool:
    return package.partition(".")[0] == _ROOT and _is_package(package) and find_spec(f"{package}.{name}") is not None


def _is_package(module: str) -> bool:
    spec = find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None


def _file(module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if _is_package(module) else f"{path}.py"


def _source(module: str) -> str:
    package, _, name = module.rpartition(".")
    if _is_package(module):
        package, name = module, "__init__"
    return (pkgutil.get_data(package, f"{name}.py") or b"").decode()
