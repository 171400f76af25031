"""What the step of a dossier asks for: what is recorded, what is lacking, and a form for whoever records it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.catalogue.labels import dated, said
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.record import Record, record
from dossier_engine.errors import DossierError, NoSuchAddress
from dossier_engine.queries.documents import Recorded, documents
from dossier_engine.queries.possibilities import Recordable, asked_now, recordables
from dossier_engine.queries.worklist import Line
from dossier_engine.records.offices import names
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.requirements import Value
from dossier_engine.rules.workflow import Broadcast, Confirmation, Criteria, Documents, Requirement, SectorConfirmations
from dossier_engine.shown import Row, dossiers, recorded
from dossier_engine.shown.labels import office_name
from dossier_engine.web.fields import (
    HASH,
    OFFICE,
    as_typed,
    fields_of,
    in_words,
    item_of,
    kind_of,
    label,
    labels_of,
    value_of,
)
from dossier_engine.web.recording import form_of, recordable, why_not
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

Offices = Mapping[str, tuple[str, str]]
Standing = Mapping[tuple[str, str], Recorded]


@router.get("/ho-so/{code}/yeu-cau")
def requirements(visit: Visiting, code: str) -> Response:
    """Everything that the present state asks for."""

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        rows = recorded.requirements(looking.words, looking.session, line, today=looking.today)
        able = recordables(looking.session, line, person=looking.caller.person, today=looking.today)
        found = documents(looking.session, looking.law, looking.scope, line.code)
        standing = {(one.requirement, one.item): one for one in found if one.void_seq is None}
        offices = _offices(looking, line, rows)
        return {
            "dossier": dossiers.alone(looking.words, line),
            "requirements": [
                _requirement(looking, line, row, able.get(str(row["key"])), standing, offices) for row in rows
            ],
        }

    return visit.page("requirements.html", question)


@router.get("/ho-so/{code}/yeu-cau/{key}")
def requirement(visit: Visiting, code: str, key: str) -> Response:
    """The form of one requirement."""
    return _form(visit, code, key)


@router.post("/ho-so/{code}/yeu-cau/{key}")
def record_requirement(visit: Visiting, code: str, key: str, typed: Form) -> Response:
    """Record what was typed for it."""

    def work(doing: Doing) -> Receipt:
        dossier = read_code(code)
        workflow, _ = asked_now(doing.session, doing.law, dossier, person=doing.act.person)
        asked = workflow.requirements.get(key)
        if asked is None or not fields_of(asked):
            raise NoSuchAddress
        value = value_of(fields_of(asked), typed)
        order = Record(dossier=dossier, requirement=key, items={item_of(asked, value, typed): value}, act=doing.act)
        return record(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    return visit.attempt(
        typed,
        work,
        form=lambda refusal: _form(visit, code, key, typed, refusal),
        then=lambda done: f"/ho-so/{done.dossier}/yeu-cau#requirement-{key}",
    )


def _form(
    visit: Visit, code: str, key: str, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        found = recordable(looking, line, key)
        fields = fields_of(found.requirement)
        if not fields:
            raise NoSuchAddress
        words, kind = looking.words, kind_of(found.requirement)
        labels = labels_of(words, kind, fields) | {OFFICE: words.say("page.record.office")}
        rows = recorded.requirements(words, looking.session, line, today=looking.today)
        [row] = [row for row in rows if row["key"] == key]
        known = names(looking.session.connection(), found.offices)
        return {
            "dossier": dossiers.alone(words, line),
            "requirement": row,
            "kind": kind,
            "fields": [{"name": f.name, "kind": f.kind, "label": labels[f.name]} for f in fields],
            "offices": [{"value": o, "text": office_name(words, known, o)} for o in found.offices]
            if kind == "confirmation"
            else [],
            "typed": typed or as_typed(fields, _before(row, found)),
            **form_of(looking, line, typed, refusal, labels, fields),
        }

    return visit.form("requirement.html", question, typed, refusal)


def _before(row: Row, found: Recordable) -> Value:
    """What stands recorded for the one item that the form is about; a broadcast is one more, not the last again."""
    items: Any = row["items"]
    if isinstance(found.requirement, Broadcast):
        return {"times": 1}
    if isinstance(found.requirement, SectorConfirmations | Confirmation):
        mine = [items[office] for office in found.offices if office in items]
        return mine[0]["value"] if len(found.offices) == len(mine) == 1 else {}
    return next((item["value"] for item in items.values()), {})


def _offices(looking: Looking, line: Line, rows: list[Row]) -> Offices:
    """The offices that confirmed anything."""
    items: list[Any] = [row["items"] for row in rows if _is_confirmed(line.workflow.requirements[str(row["key"])])]
    return names(looking.session.connection(), {code for found in items for code in found})


def _is_confirmed(asked: Requirement) -> bool:
    return isinstance(asked, SectorConfirmations | Confirmation)


def _requirement(
    looking: Looking, line: Line, row: Row, able: Recordable | None, standing: Standing, offices: Offices
) -> Row:
    """A requirement with its facts in words, and where whoever looks may record more of it."""
    asked, key = line.workflow.requirements[str(row["key"])], str(row["key"])
    may = able is not None and able.is_open
    kind, address = kind_of(asked), f"/ho-so/{line.code}/yeu-cau/{key}"
    is_over = kind == "receipt" and bool(row["items"])
    shown = {
        **row,
        "kind": kind,
        "steps": ", ".join(
            said(looking.words, way.label) for way in line.workflow.leaving(line.state.key) if asked in way.requires
        ),
        "facts": [],
        "form": None,
        "refused": why_not(looking, able),
        "results": f"/ho-so/{line.code}/tieu-chi",
    }
    if isinstance(asked, Documents):
        facts = [_document(looking, asked, kind, standing.get((key, kind))) for kind in _kinds(asked)]
        links = [f"{address}/{one}" if may else None for one in _kinds(asked)]
        return {**shown, "facts": [{**fact, "form": link} for fact, link in zip(facts, links, strict=True)]}
    items: Any = row["items"]
    if isinstance(asked, Criteria):
        return {**shown, "done": len(items), "of": len(line.workflow.criteria.criteria)}
    facts = [
        {
            "title": _title(looking, asked, item, offices),
            "lines": [
                {"label": label(looking.words, kind, name), "text": in_words(looking.words, name, value)}
                for name, value in found["value"].items()
            ],
        }
        for item, found in items.items()
    ]
    return {**shown, "facts": facts, "form": address if may and not is_over else None}


def _kinds(asked: Documents) -> list[str]:
    return [document.kind for document in asked.documents]


def _document(looking: Looking, asked: Documents, kind: str, found: Recorded | None) -> dict[str, Any]:
    [document] = [one for one in asked.documents if one.kind == kind]
    words = looking.words
    value = {} if found is None else {name: v for name, v in found.value.items() if name != HASH}
    return {
        "title": said(words, document.label),
        "is_recorded": found is not None,
        "lines": [
            {"label": label(words, "document", name), "text": in_words(words, name, v)} for name, v in value.items()
        ],
        "sha256": found.sha256 if found else None,
        "file_name": found.file.name if found and found.file else None,
    }


def _title(looking: Looking, asked: Requirement, item: str, offices: Offices) -> str | None:
    if isinstance(asked, Broadcast):
        return dated(item)
    return office_name(looking.words, offices, item) if _is_confirmed(asked) else None
