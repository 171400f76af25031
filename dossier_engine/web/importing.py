"""Registrations from a workbook: the template, what is wrong with a filled one or what it would open, and opening it.

The server keeps nothing in between: the page that is confirmed carries the file, which is read and checked anew.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from config import registration_sheets
from config.registration_sheets import MOST_ROWS, Sheet
from config.workbooks import MOST_BYTES
from dossier_engine.api.call import Doing, Looking
from dossier_engine.commands.import_registrations import import_registrations
from dossier_engine.errors import BadInput, DossierError, FileProblems, NotAllowed
from dossier_engine.queries.worklist import standing
from dossier_engine.records.access import roles_on
from dossier_engine.rules.file_names import attachment, called
from dossier_engine.shown import Row, dossiers
from dossier_engine.shown.imports import faults
from dossier_engine.web.fields import FILE
from dossier_engine.web.registering import listed_by, registrars
from dossier_engine.web.registration_workbook import returned, template
from dossier_engine.web.spreadsheet import MEDIA_TYPE
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.upload import Upload, taken
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_CONTENT, _NAME = "content", "name"  # fields that carry the file
_SHOWN = 20  # faults; their own file tells all


@dataclass(frozen=True, slots=True)
class Brought:
    """A workbook that somebody brought, and what is read in it."""

    name: str
    carried: str
    content: bytes
    sheet: Sheet

    @classmethod
    def of(cls, typed: Typed) -> "Brought":
        """The workbook that a form carries. Raises BadInput."""
        name, carried = called(typed.raw(_NAME)), typed.raw(_CONTENT)
        try:
            content = base64.b64decode(carried, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadInput(FILE, name, "unreadable") from error
        if not name:
            raise BadInput(FILE, "", "missing")
        sheet = registration_sheets.read(content, name)
        if not sheet.rows and not sheet.problems:
            raise BadInput(FILE, name, "no_rows")
        return cls(name, carried, content, sheet)

    def open(self, doing: Doing) -> list[Row]:
        """Open a dossier for every row. Raises FileProblems."""
        done = import_registrations(
            doing.session, doing.law, self.name, self.sheet.rows, doing.act, now=doing.now, rng=doing.rng,
            faults=self.sheet.problems,
        )  # fmt: skip
        lines = [standing(doing.session, doing.law, receipt.dossier, today=doing.today) for receipt in done]
        return [
            {**dossiers.alone(doing.words, line), "line": row.line, "note": row.note}
            for line, row in zip(lines, self.sheet.rows, strict=True)
        ]


@router.get("/nhap")
def show_import(visit: Visiting) -> Response:
    """Where a workbook is brought, and its template."""
    return _form(visit)


@router.get("/nhap/mau.xlsx")
def registration_template(visit: Visiting) -> Response:
    """The template, with the levels for which dossiers are opened."""

    def question(looking: Looking) -> bytes:
        _check_role(looking)
        held = roles_on(looking.session.connection(), looking.caller.person, looking.today)
        levels = sorted({workflow.level for workflow in listed_by(looking.law, held)})
        return template(looking.words, levels, looking.today.year)

    return _file(visit.look(question), visit.words.say("page.sheet.template_name"))


@router.post("/nhap")
async def check_import(visit: Visiting, request: Request) -> Response:
    """Try out what a workbook would open, or tell its faults."""

    def use(upload: Upload) -> Response:
        if upload.typed.is_shown_again:  # no file outlives a session
            return _form(visit)
        return _read(visit, _carried(upload), lambda brought: _checked(visit, brought))

    return await taken(request, use)


@router.post("/nhap/dang-ky")
def open_import(visit: Visiting, typed: Form) -> Response:
    """Open what was checked, once however often it is sent."""

    def confirmed(brought: Brought) -> Response:
        def again(refusal: DossierError | None) -> Response:
            return _checked(visit, brought) if refusal is None else _faulty(visit, brought, refusal)

        return visit.perform(typed, brought.open, form=again, shown=lambda rows: _opened(visit, rows))

    return _read(visit, typed, confirmed)


@router.post("/nhap/loi.xlsx")
def return_import(visit: Visiting, typed: Form) -> Response:
    """The workbook again, with its faults in it."""

    def marked(brought: Brought, refusal: DossierError | None) -> Response:
        if not isinstance(refusal, FileProblems) or not brought.sheet.header:
            return _checked(visit, brought)
        told = visit.look(lambda looking: faults(looking.words, looking.law, refusal.problems, brought.sheet.values))
        content = returned(visit.words, brought.content, brought.name, brought.sheet, told)
        return _file(content, visit.words.say("page.sheet.returned_name", name=brought.name.removesuffix(".xlsx")))

    def use(brought: Brought) -> Response:
        return visit.rehearse(
            Typed(), brought.open,
            form=lambda refusal: marked(brought, refusal), shown=lambda rows: _to_confirm(visit, brought, rows),
        )  # fmt: skip

    return _read(visit, typed, use)


def _carried(upload: Upload) -> Typed:
    """The form with the file in it, as far as a file may be long."""
    content = bytearray()
    for piece in upload.content():
        content += piece
        if len(content) > MOST_BYTES:
            break
    return Typed({_NAME: [called(upload.name)], _CONTENT: [base64.urlsafe_b64encode(content).decode()]})


def _read(visit: Visit, typed: Typed, use: Callable[[Brought], Response]) -> Response:
    """Read the workbook before any transaction is begun, for whoever may register."""
    visit.look(_check_role, needs="write")
    try:
        brought = Brought.of(typed)
    except BadInput as refusal:
        return _form(visit, refusal)
    return use(brought)


def _check_role(looking: Looking) -> None:
    held = roles_on(looking.session.connection(), looking.caller.person, looking.today)
    if not listed_by(looking.law, held):
        raise NotAllowed(looking.caller.person, "register", registrars(looking.law))


def _checked(visit: Visit, brought: Brought) -> Response:
    return visit.rehearse(
        Typed(), brought.open,
        form=lambda refusal: _faulty(visit, brought, refusal), shown=lambda rows: _to_confirm(visit, brought, rows),
    )  # fmt: skip


def _form(visit: Visit, refusal: DossierError | None = None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        _check_role(looking)
        return {"kilobytes": MOST_BYTES // 1024, "most_rows": MOST_ROWS}

    return visit.form("importing/form.html", question, refusal=refusal)


def _to_confirm(visit: Visit, brought: Brought, rows: list[Row]) -> Response:
    def question(_: Looking) -> dict[str, Any]:
        return {"brought": brought, "rows": rows}

    return visit.form("importing/check.html", question)


def _faulty(visit: Visit, brought: Brought, refusal: DossierError | None) -> Response:
    if not isinstance(refusal, FileProblems):
        return _form(visit, refusal)

    def question(looking: Looking) -> dict[str, Any]:
        told = faults(looking.words, looking.law, refusal.problems, brought.sheet.values)
        return {"brought": brought, "rows": told[:_SHOWN], "count": len(told), "more": max(0, len(told) - _SHOWN)}

    return visit.page("importing/faults.html", question, status=422)


def _opened(visit: Visit, rows: list[Row]) -> Response:
    return visit.page("importing/done.html", lambda _: {"rows": rows})


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": attachment(name, MEDIA_TYPE)})
