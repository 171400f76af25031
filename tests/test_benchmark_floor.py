"""The floor that the promises about speed are measured against stays as it was given, byte for byte."""

import hashlib
from pathlib import Path

import pytest

FLOOR = Path(__file__).parents[1] / "benchmarks" / "floor"
GIVEN = {
    "common.py": "193acc4718f4fc550252c140ff999513feea7da580b77f40f2299d9013645ea9",
    "floor_pg.py": "b9a14cdd665163bfc41437cef0d7fdef89a78844a812184553c87e4ebf9ed5d5",
    "floor_sqlite.py": "d439d66bb619c62f3a24eae329ab6385770a823381f2f3f03ff8bc25ee7d2c0e",
}


@pytest.mark.parametrize("name", GIVEN)
def test_the_floor_is_the_one_that_was_given(name):
    assert hashlib.sha256((FLOOR / name).read_bytes()).hexdigest() == GIVEN[name]
