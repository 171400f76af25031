"""`python -m tests.asvs.table`: docs/reference/asvs.md from the markers in the tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.asvs.items import ITEMS

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reference" / "asvs.md"

_HEAD = """\
# OWASP ASVS 5.0.0: what is asked, what keeps it, which test proves it

Made by `python -m tests.asvs.table` from the marks `@pytest.mark.asvs(…)` in the tests; a test compares. The items are
those of the standard that matter to this program, in our words. For ten of them `make asvs-mutants` takes the control
away and shows that its test fails.

| Requirement | Asked | Kept by | Proven by |
|---|---|---|---|
"""


def marks() -> Iterator[tuple[str, str]]:
    """Every requirement named in a mark, with `file::test`."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    for requirement in _named(mark):
                        yield requirement, f"{path.relative_to(ROOT / 'tests')}::{node.name}"


def _named(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.asvs":
        return [str(ast.literal_eval(argument)) for argument in mark.args]
    return []


def written() -> str:
    """The page."""
    found: dict[str, list[str]] = {}
    for requirement, test in marks():
        found.setdefault(requirement, []).append(test)
    rows = []
    for item in ITEMS:
        tests = list(dict.fromkeys(test for one in item.requirements for test in found.get(one, ())))
        proof = f"**not kept**: {item.open}" if item.open else "<br>".join(f"`{test}`" for test in tests)
        rows.append(f"| {', '.join(item.requirements)} | {item.asked} | {item.control} | {proof} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(written(), "utf-8")
