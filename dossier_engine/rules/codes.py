"""Dossier codes as people type and say them: `HD-2024-NC-0017`, but also `hd 2024 nc 17`."""

import re

from dossier_engine.errors import BadInput

YEARS = range(2021, 2100)  # the target years of the programme, which a code of four digits can name

_TYPED = re.compile(r"\s*([A-Za-z]+)[\s.-]*(\d{4})[\s.-]*([A-Za-z]+)[\s.-]*0*(\d{1,6})\s*\Z", re.ASCII)


def read_code(typed: str) -> str:
    """The code meant by `typed`; case, separators and leading zeros are forgiven. Raises BadInput."""
    found = _TYPED.match(typed)
    if found is None:
        raise BadInput("code", typed, "not_a_code")
    province, year, level, number = found.groups()
    return f"{province.upper()}-{year}-{level.upper()}-{int(number):04d}"
