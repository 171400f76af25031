"""Lists that people bring as CSV, read strictly: every line is sound, or every faulty one is told."""

import csv
import io
import re
from collections.abc import Mapping

from dossier_engine.commands.adopt import Recognised
from dossier_engine.commands.import_registrations import Registration
from dossier_engine.errors import FileProblems, Problem

_YEAR = re.compile(r"20[0-9]{2}")
_COLUMNS = ("code", "name", "district", "level", "target_year")


def registrations(text: str, file: str) -> list[Registration]:
    """Each line as a registration. Raises FileProblems."""
    found = _rows(text, file)
    return [Registration(line, r["code"], r["name"], r["district"], r["level"], year) for line, year, r in found]


def recognitions(text: str, file: str) -> list[Recognised]:
    """Each line as a past recognition, read in `file` where it names no source. Raises FileProblems."""
    found = _rows(text, file)
    return [
        Recognised(line, r["code"], r["name"], r["level"], year, r.get("source") or file) for line, year, r in found
    ]


def _rows(text: str, file: str) -> list[tuple[int, int, Mapping[str, str]]]:
    """Each line with its number and target year."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    found: list[tuple[int, int, Mapping[str, str]]] = []
    try:
        problems += [Problem(file, 1, "column_missing", c) for c in _COLUMNS if c not in (reader.fieldnames or ())]
        for row in () if problems else reader:
            year = (row["target_year"] or "").strip()
            if None in row or None in row.values():
                problems.append(Problem(file, reader.line_num, "wrong_number_of_columns", ""))
            elif not _YEAR.fullmatch(year):
                problems.append(Problem(file, reader.line_num, "year_out_of_range", year))
            else:
                found.append((reader.line_num, int(year), {k: v.strip() for k, v in row.items()}))
    except csv.Error as error:
        problems.append(Problem(file, reader.reader.line_num, "broken_csv", str(error)))
    if problems:
        raise FileProblems(problems)
    return found
