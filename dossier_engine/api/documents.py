"""Documents of a dossier and their files: what there is, bringing a file, and taking one away."""

from collections.abc import Iterator
from typing import Annotated, BinaryIO

import anyio
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from config import evidence
from dossier_engine.api.arriving import ARRIVALS, Arriving
from dossier_engine.api.call import Call, Here, Looking
from dossier_engine.api.shapes import Answered, Day, Labelled, answered
from dossier_engine.commands.keep_file import receiving
from dossier_engine.queries.documents import Stored, documents, file_of
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.file_names import attachment
from dossier_engine.shown.documents import document

router = APIRouter(prefix="/dossiers/{code}", tags=["documents"])

_PIECE = 256 * 1024
_ALONE = "sandbox; default-src 'none'"  # whatever a browser makes of it, it runs nothing and has no origin of ours
_FILE = {"schema": {"type": "string", "format": "binary"}}


class Document(Answered):
    """A document as entry `seq` recorded it; `void_seq` is the entry that replaced or voided it, null: it stands.

    `kept` says whether its file can be had here; what is told of the file is null where it cannot.
    """

    seq: int
    requirement: str
    document: Labelled[str]
    number: str | None
    date: Day | None
    void_seq: int | None
    sha256: str | None
    kept: bool
    bytes: int | None
    media_type: str | None
    file_name: str | None


class File(Answered):
    """A file that is kept: what its content is, and the name it will be offered under."""

    sha256: str
    size: int
    media_type: str
    name: str


@router.get("/documents")
def list_documents(call: Here, code: str) -> list[Document]:
    """Every document ever recorded, newest first; one that is recorded again is replaced, and both are shown."""
    return call.look(
        lambda looking: [
            Document(**answered(document(looking.words, one)))
            for one in documents(looking.session, looking.law, looking.scope, read_code(code))
        ]
    )


Name = Annotated[
    str, Query(max_length=1000, description="What the file is called; for people only.", examples=["bien-ban.pdf"])
]


@router.post(
    "/files",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _FILE}}},
)
async def bring_file(call: Here, code: str, request: Request, name: Name) -> File:
    """Keep a file for the dossier: the body is the file itself. A document is then recorded with its `sha256`.

    PDF, PNG, JPEG, and Word and Excel documents without macros are kept; what a file is, its content tells.
    """
    arriving = Arriving(request.stream())
    return await anyio.to_thread.run_sync(_keep, call, code, name, arriving, limiter=ARRIVALS)


def _keep(call: Call, code: str, name: str, arriving: Arriving) -> File:
    """Whoever may not bring it is told so before a byte of it is read; once it is here they are asked again."""
    dossier = read_code(code)
    call.look(lambda asked: receiving(asked.session, dossier, asked.caller.person, on=asked.today), needs="write")
    with evidence.received(call.engine, arriving, name) as arrived:
        kept = call.change(lambda doing: arrived.keep(doing.session, dossier, doing.act.person, now=doing.now))
    return File(sha256=kept.sha256, size=kept.size, media_type=kept.media_type, name=kept.name)


@router.get(
    "/files/{sha256}",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": _FILE}},
        304: {"description": "You have it: a file never changes"},
    },
)
def take_file(call: Here, code: str, sha256: str) -> Response:
    """The file of a document that the dossier has or had, compared with its SHA-256, to be saved."""
    return handed_out(call, code, sha256)


def handed_out(call: Call, code: str, sha256: str) -> Response:
    """The answer that is a file, at every face; to be saved, never shown."""

    def question(looking: Looking) -> Stored:
        return file_of(looking.session, looking.scope, read_code(code), sha256.lower())

    stored = call.look(question)
    headers = {
        "ETag": f'"{stored.sha256}"',
        "Content-Disposition": attachment(stored.name, stored.media_type),
        "Content-Security-Policy": _ALONE,
    }
    if call.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    file = evidence.opened(call.engine, stored.sha256)
    headers["Content-Length"] = str(stored.size)
    return StreamingResponse(_pieces(file), headers=headers, media_type=stored.media_type)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
