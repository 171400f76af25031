"""Excel workbooks that people bring, opened without trusting them: nothing runs, nothing is fetched, nothing grows.

A workbook is judged as an evidence file is, and then weighed before openpyxl makes objects of it: some hundred
kilobytes can hold millions of cells, and one merged range can stand for all the cells that a sheet may have.
"""

import warnings
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import range_boundaries

from dossier_engine.errors import BadInput, FileRefused
from dossier_engine.files.office import EXCEL, FIRST_HEADER, office_type

MOST_BYTES = 2**19

_MOST_UNPACKED = 16 * 2**20
_MOST_ELEMENTS = 100_000  # of all parts, a second of work; a full list has 10,000, and its styles may have more
_MOST_COVERED = 20_000  # cells
_COVERING = frozenset({"mergeCell", "hyperlink", "comment"})  # openpyxl makes every cell of their `ref`
_STEP = 2**16


def is_workbook(content: bytes) -> bool:
    """Whether it may be one, and is no text."""
    return content.startswith(FIRST_HEADER)


def opened(content: bytes, file: str) -> Workbook:
    """The workbook, its formulas as they are written. Raises BadInput."""
    if len(content) > MOST_BYTES:
        raise BadInput("file", file, "workbook_too_large")
    if not is_workbook(content):
        raise BadInput("file", file, "not_a_workbook" if content else "empty_file")
    try:
        return _trusted(BytesIO(content))
    except FileRefused as refusal:
        raise BadInput("file", file, str(refusal.facts["why"])) from refusal


def _trusted(file: BytesIO) -> Workbook:
    if office_type(file) != EXCEL:
        raise FileRefused("not_a_workbook")
    _weigh(file)
    # What openpyxl warns of is left out when it is written again: nothing that a list of registrations needs.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_workbook(file, keep_links=False, rich_text=True)
        except Exception as error:  # it fails as a broken part leads it to
            raise FileRefused("unreadable") from error


def _weigh(file: BytesIO) -> None:
    """Read every part that is XML, whatever it is called."""
    elements = covered = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, covered
        elements += 1
        if name.rpartition("}")[2] in _COVERING:
            covered += _area(attributes.get("ref", ""))
        if elements > _MOST_ELEMENTS or covered > _MOST_COVERED:
            raise FileRefused("too_many_cells")

    with ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
            raise FileRefused("unpacks_too_large")
        for entry in archive.infolist():
            parser = expat.ParserCreate(namespace_separator="}")
            parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, _refuse_doctype
            try:
                with archive.open(entry) as part:
                    while piece := part.read(_STEP):
                        parser.Parse(piece)
            except (expat.ExpatError, LookupError, ValueError):  # a picture; openpyxl would not read on either
                continue


def _refuse_doctype(*_: object) -> None:
    """Wherever it stands: what its entities grow to is counted by nobody."""
    raise FileRefused("doctype")


def _area(ref: str) -> int:
    try:
        left, top, right, bottom = map(int, range_boundaries(ref))
    except (TypeError, ValueError):  # whole rows and columns
        return _MOST_COVERED + 1
    return (right - left + 1) * (bottom - top + 1)
