"""Strict reading of packaged data files: an unknown key or a value of another type is refused, never guessed.

Every function takes `where` ("2026.yaml: days_off[3]") and raises ValueError beginning with it.
"""

import csv
import io
import re
from collections.abc import Collection
from datetime import date
from importlib.resources.abc import Traversable

import yaml

_MOST_BYTES = 256 * 1024
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def bytes_of(file: Traversable) -> bytes:
    """The bytes of a data file, at most 256 KiB of them: ours are a tenth of that."""
    content = file.read_bytes()
    if len(content) > _MOST_BYTES:
        raise ValueError(f"{file.name}: larger than {_MOST_BYTES} bytes")
    return content


def yaml_of(content: bytes, where: str) -> object:
    """The YAML document in `content`, plain values only."""
    try:
        return yaml.load(content, Loader=yaml.CSafeLoader)  # the parser in C; every command reads the calendar
    except yaml.YAMLError as fault:
        raise ValueError(f"{where}: not YAML: {fault}") from fault


def csv_of(content: bytes, where: str, columns: Collection[str]) -> list[tuple[str, dict[str, str]]]:
    """The rows under exactly these columns, each with its own `where`."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    if not lines or lines[0] != list(columns):
        raise ValueError(f"{where}: columns are not {','.join(columns)}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(columns):
            raise ValueError(f"{where}: line {number}: {len(line)} cells, not {len(columns)}")
        rows.append((f"{where}: line {number}", dict(zip(columns, line, strict=True))))
    return rows


def mapping(value: object, where: str, keys: Collection[str], optional: Collection[str] = ()) -> dict[str, object]:
    """A mapping with all of `keys`, and besides them none but `optional`."""
    if not isinstance(value, dict):
        raise ValueError(f"{where}: not a mapping")  # noqa: TRY004 - every fault of a data file is one kind of error
    if wrong := sorted((set(keys) - set(value)) | {str(key) for key in value if key not in {*keys, *optional}}):
        raise ValueError(f"{where}: missing or unknown: {', '.join(wrong)}")
    return value


def items(value: object, where: str) -> list[tuple[str, object]]:
    """The items of a list, each with its own `where`."""
    if not isinstance(value, list):
        raise ValueError(f"{where}: not a list")  # noqa: TRY004 - as above
    return [(f"{where}[{number}]", item) for number, item in enumerate(value)]


def text(value: object, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: not a text")
    return value


def whole(value: object, where: str) -> int:
    """A positive whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{where}: not a positive whole number")
    return value


def one_of(value: object, where: str, allowed: Collection[str]) -> str:
    """One of the `allowed` words."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{where}: {value!r} is none of {', '.join(sorted(allowed))}")
    return value


def day(value: object, where: str) -> date:
    """A date written as a text, "YYYY-MM-DD"."""
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise ValueError(f'{where}: not a text "YYYY-MM-DD"')
    try:
        return date.fromisoformat(value)
    except ValueError as fault:
        raise ValueError(f"{where}: {value}: {fault}") from fault
