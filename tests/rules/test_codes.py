"""Dossier codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code


@pytest.mark.parametrize("typed", ["HD-2024-NC-0017", "hd 2024 nc 17", " Hd2024nc017 ", "HD.2024.NC.17"])
def test_a_code_is_understood_however_it_is_typed(typed):
    assert read_code(typed) == "HD-2024-NC-0017"


@given(st.integers(2021, 2099), st.sampled_from(("NC", "KM", "HNC")), st.integers(1, 999_999), st.sampled_from("- ."))
def test_a_code_is_understood_as_it_is_printed_and_with_other_separators(year, level, number, separator):
    code = f"HD-{year}-{level}-{number:04d}"

    assert read_code(code) == read_code(code.replace("-", separator).lower()) == code


@pytest.mark.parametrize(
    "typed",
    ["", "HD-2024", "HD-24-NC-17", "HD-2024-NC-1234567", "17", "HD-２０２４-NC-17", "HD-2024-NC-17x", "HĐ-2024-NC-1"],
)
def test_anything_else_is_no_code(typed):
    with pytest.raises(BadInput):
        read_code(typed)
