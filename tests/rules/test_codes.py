"""Dossier codes as people type them."""

import pytest

from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code


@pytest.mark.parametrize("typed", ["HD-2024-NC-0017", "hd 2024 nc 17", " Hd2024nc017 ", "HD.2024.NC.17"])
def test_a_code_is_understood_however_it_is_typed(typed):
    assert read_code(typed) == "HD-2024-NC-0017"


@pytest.mark.parametrize("typed", ["", "HD-2024", "HD-24-NC-17", "HD-2024-NC-1234567", "17"])
def test_anything_else_is_no_code(typed):
    with pytest.raises(BadInput):
        read_code(typed)
