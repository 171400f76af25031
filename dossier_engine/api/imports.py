"""Lists taken over all or not at all: looked through first, and kept only where that is asked for."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header

from config import lists, registration_sheets
from config.workbooks import is_workbook
from dossier_engine.api.call import Doing, Here, key_of
from dossier_engine.api.shapes import Answered
from dossier_engine.api.text import described, text_body
from dossier_engine.commands.adopt import import_recognitions
from dossier_engine.commands.import_registrations import import_registrations
from dossier_engine.errors import FileProblems, Problem
from dossier_engine.files.office import EXCEL

router = APIRouter(prefix="/imports", tags=["imports"])

_CSV = ("text/csv",)
_LIST = (*_CSV, EXCEL)
_FILE, _WORKBOOK = "list.csv", "list.xlsx"  # what a body is called where its faults are told

Csv = Annotated[bytes, Depends(text_body(*_CSV))]
List = Annotated[bytes, Depends(text_body(*_LIST))]


class Registered(Answered):
    """A dossier that a line opens."""

    code: str
    locality: str
    level: str


class Taken(Answered):
    """What came of a list; `known` are those that were there before. Nothing was kept unless it is `committed`."""

    committed: bool
    imported: int
    known: int


class Registrations(Taken):
    """What came of a list of registrations; the codes are those that would be given now, until it is committed."""

    dossiers: list[Registered]


async def key_if_kept(
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None, *, commit: bool = False
) -> str | None:
    """The idempotency key, which is needed only where something is kept. Raises KeyMissing or Malformed."""
    return await key_of(key) if commit else None


@router.post("/registrations", openapi_extra=described(*_LIST))
def take_registrations(
    call: Here, content: List, key: Annotated[str | None, Depends(key_if_kept)], *, commit: bool = False
) -> Registrations:
    """Open a dossier for every line (code, name, district, level, target_year), or tell every line that is refused.

    Only tried out, and undone, without `commit`. A workbook is read as the page `/nhap` reads it.
    """
    if is_workbook(content):
        sheet, file = registration_sheets.read(content, _WORKBOOK), _WORKBOOK
    else:
        sheet, file = registration_sheets.read_text(_text(content), _FILE), _FILE

    def work(doing: Doing) -> Registrations:
        done = import_registrations(
            doing.session, doing.law, file, sheet.rows, doing.act, now=doing.now, rng=doing.rng, faults=sheet.problems
        )
        known = sum(receipt.replayed for receipt in done)
        told = [Registered(code=r.dossier, locality=str(r.body["locality"]), level=str(r.body["level"])) for r in done]
        return Registrations(committed=commit, imported=len(done) - known, known=known, dossiers=told)

    call.response.status_code = 201 if commit else 200
    return call.change(work, key=key, commit=commit)


@router.post("/recognitions", openapi_extra=described(*_CSV))
def take_recognitions(call: Here, content: Csv, *, commit: bool = False) -> Taken:
    """Take over past recognitions (code, name, district, level, target_year, source), for administrators.

    Only tried out, and undone, without `commit`.
    """
    rows = lists.recognitions(_text(content), _FILE)

    def work(doing: Doing) -> Taken:
        fresh = import_recognitions(doing.session, _FILE, rows, doing.act, now=doing.now, rng=doing.rng)
        return Taken(committed=commit, imported=fresh, known=len(rows) - fresh)

    call.response.status_code = 201 if commit else 200
    return call.change(work, commit=commit)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileProblems([Problem(_FILE, line, "not_utf8", f"byte 0x{content[error.start]:02x}")]) from error
