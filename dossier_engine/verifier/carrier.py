"""Verifies a bundle of dossiers with nothing but Python: `python3 -I verify.py BUNDLE.zip --policy POLICY`.

This is one file on purpose: keep a copy from a time or a place you trust, read it, and use it for every bundle. Below
the program stand the sources it runs, as text, each line after a `#|`; they are the same as in the engine.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

FILE, LINE = "#: ", "#|"


def carried(text: str) -> dict[str, str]:
    """The files that a text carries, by name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n"):
        if line.startswith(FILE):
            name = line.removeprefix(FILE)
            found[name] = []
        elif name and line.startswith(LINE):
            found[name].append(line.removeprefix(LINE))
    return {name: "\n".join(lines) for name, lines in found.items()}


class Carrier(MetaPathFinder, InspectLoader):
    """Imports from the carried files, before anything else of the same name."""

    def __init__(self, place: str, files: Mapping[str, str]) -> None:
        self._place, self._files = place, files

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The carried module of that name, if there is one; where Python would look for it does not matter."""
        del path, target
        name = self._name(fullname)
        if name is None:
            return None
        spec = spec_from_loader(fullname, self, origin=f"{self._place}/{name}", is_package=name.endswith("__init__.py"))
        if spec is not None:
            spec.has_location = True
        return spec

    def get_source(self, fullname: str) -> str:
        """The source of a carried module."""
        return self._files[self._name(fullname) or fullname]

    def is_package(self, fullname: str) -> bool:
        """Whether it is a package."""
        return (self._name(fullname) or "").endswith("__init__.py")

    def get_data(self, path: str) -> bytes:
        """A carried file that is no module."""
        return self._files[Path(path).as_posix().removeprefix(f"{Path(self._place).as_posix()}/")].encode()

    def _name(self, fullname: str) -> str | None:
        path = fullname.replace(".", "/")
        return next((name for name in (f"{path}/__init__.py", f"{path}.py") if name in self._files), None)


_FILES = carried(Path(__file__).read_text(encoding="utf-8"))
if _FILES:  # in the engine itself, this file carries nothing
    sys.meta_path.insert(0, Carrier(__file__, _FILES))

if __name__ == "__main__":
    from dossier_engine.verifier.main import main

    sys.exit(main())
