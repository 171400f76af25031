"""The documents of a dossier: a form that records one with its file, and the file to be taken away again."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from config import evidence
from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.documents import handed_out
from dossier_engine.catalogue.labels import said
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.keep_file import receiving
from dossier_engine.commands.record import Record, record
from dossier_engine.errors import BadInput, DossierError, FileRefused, FileTooLarge, NoSuchAddress
from dossier_engine.queries.documents import documents
from dossier_engine.queries.possibilities import asked_now
from dossier_engine.queries.recorded import standing_fact
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.workflow import Document, Documents, Workflow
from dossier_engine.shown import dossiers
from dossier_engine.web.fields import FILE, HASH, as_typed, document_fields, labels_of, value_of
from dossier_engine.web.recording import form_of, recordable
from dossier_engine.web.typed import Typed
from dossier_engine.web.upload import Upload, taken
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a requirement of a dossier asks for, as the address of its form names it."""

    code: str
    key: str
    kind: str

    def of(self, workflow: Workflow) -> Document:
        """What the definition says of it. Raises NoSuchAddress."""
        asked = workflow.requirements.get(self.key)
        known = asked.documents if isinstance(asked, Documents) else ()
        for document in known:
            if document.kind == self.kind:
                return document
        raise NoSuchAddress


@router.get("/ho-so/{code}/yeu-cau/{key}/{kind}")
def paper(visit: Visiting, code: str, key: str, kind: str) -> Response:
    """The form of one document."""
    return _form(visit, Paper(code, key, kind))


@router.post("/ho-so/{code}/yeu-cau/{key}/{kind}")
async def record_paper(visit: Visiting, code: str, key: str, kind: str, request: Request) -> Response:
    """Keep its file and record it."""
    return await taken(request, lambda upload: _kept(visit, Paper(code, key, kind), upload))


@router.get("/ho-so/{code}/tep/{sha256}")
def file(visit: Visiting, code: str, sha256: str) -> Response:
    """The file of a document."""
    return handed_out(visit, code, sha256)


def _kept(visit: Visit, paper: Paper, upload: Upload) -> Response:
    """Whoever may not bring the file is told so before it is taken in."""
    if not upload.name:
        return _recorded(visit, paper, upload.typed)
    dossier = read_code(paper.code)
    visit.look(lambda asked: receiving(asked.session, dossier, asked.caller.person, on=asked.today), needs="write")
    try:
        with evidence.received(visit.engine, upload.content(), upload.name) as arrived:
            return _recorded(visit, paper, upload.typed, arrived)
    except (FileTooLarge, FileRefused) as refusal:
        return _form(visit, paper, upload.typed, refusal)


def _recorded(visit: Visit, paper: Paper, typed: Typed, arrived: evidence.Arrived | None = None) -> Response:
    def work(doing: Doing) -> Receipt:
        order = _order(doing, paper, typed, arrived)
        done = record(doing.session, doing.law, order, now=doing.now, rng=doing.rng)
        if arrived is not None:
            arrived.keep(doing.session, done.dossier, doing.act.person, now=doing.now)
        return done

    return visit.attempt(
        typed,
        work,
        form=lambda refusal: _form(visit, paper, typed, refusal),
        then=lambda done: f"/ho-so/{done.dossier}/yeu-cau#requirement-{paper.key}",
    )


def _order(doing: Doing, paper: Paper, typed: Typed, arrived: evidence.Arrived | None) -> Record:
    """What is recorded; without a new file the one that stands recorded stays."""
    dossier = read_code(paper.code)
    workflow, _ = asked_now(doing.session, doing.law, dossier, person=doing.act.person)
    document = paper.of(workflow)
    value = value_of(document_fields(document), typed)
    if HASH in document.fields:
        value[HASH] = arrived.file.sha256 if arrived is not None else _standing_hash(doing, dossier, paper)
    return Record(dossier=dossier, requirement=paper.key, items={paper.kind: value}, act=doing.act)


def _standing_hash(doing: Doing, dossier: str, paper: Paper) -> str:
    before = standing_fact(doing.session, dossier, paper.key, paper.kind)
    if before is None:
        raise BadInput(FILE, "", "missing")
    return str(before.value[HASH])


def _form(visit: Visit, paper: Paper, typed: Typed | None = None, refusal: DossierError | None = None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        line, words = looking.line(paper.code), looking.words
        asked = recordable(looking, line, paper.key).requirement
        document = paper.of(line.workflow)
        fields = document_fields(document)
        labels = labels_of(words, "document", fields)
        known = documents(looking.session, looking.law, looking.scope, line.code)
        standing = [one for one in known if (one.requirement, one.item) == (paper.key, paper.kind)]
        before = next((one for one in standing if one.void_seq is None), None)
        return {
            "dossier": dossiers.alone(words, line),
            "requirement": said(words, asked.label),
            "address": f"/ho-so/{line.code}/yeu-cau/{paper.key}/{paper.kind}",
            "back": f"/ho-so/{line.code}/yeu-cau#requirement-{paper.key}",
            "document": said(words, document.label),
            "fields": [{"name": f.name, "kind": f.kind, "label": labels[f.name]} for f in fields],
            "before": before,
            "is_again": typed is not None,
            "accepted": _ACCEPTED,
            "megabytes": visit.engine.settings.file_limit // 2**20,
            "typed": typed or as_typed(fields, before.value if before else {}),
            **form_of(looking, line, typed, refusal, labels, fields),
        }

    return visit.form("paper.html", question, typed, refusal)
