"""What is taken away as a file: the list of dossiers for a spreadsheet, and audit bundles."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from config.bundles import Signer, make
from config.signing import round_of_ours
from config.wiring import Engine
from dossier_engine.api.call import Call, Here, Looking
from dossier_engine.api.dossiers import Narrowing
from dossier_engine.api.shapes import Given, Line
from dossier_engine.bundle.tables import BOM, lines
from dossier_engine.commands.desk import Act
from dossier_engine.queries.listing import check, listing
from dossier_engine.rules.codes import read_code
from dossier_engine.shown import Shown, dossiers, text

router = APIRouter(prefix="/exports", tags=["exports"])

_AT_ONCE = 500
_PIECE = 256 * 1024
_COLUMNS = ("code", "locality", "district", "level", "year", "state", "holder", "due_on", "days_left", "round")
_PLAIN = ("days_left",)  # a number to reckon with, rather than words


class BundleAsked(Given):
    """Which dossiers an audit bundle is to hold."""

    codes: list[Line] | Literal["all"] = Field(examples=[["HD-2024-NC-0017"], "all"])


@router.post(
    "", status_code=201, response_class=StreamingResponse, responses={201: {"content": {"application/zip": {}}}}
)
def export_bundle(call: Here, given: BundleAsked) -> StreamingResponse:
    """An audit bundle, for auditors; history says that it was made. It waits for the signer: 503 where none comes."""
    return bundled(call, None if given.codes == "all" else given.codes)


def bundled(call: Call, asked: Sequence[str] | None) -> StreamingResponse:
    """A bundle of these dossiers, or of everything (None), as a file. Raises what `config.bundles.make` raises."""
    person, language = call.look(lambda looking: (looking.caller.person, looking.words.language), needs="audit")
    codes = None if asked is None else [read_code(code) for code in asked]
    with ExitStack() as until_sent:
        folder = until_sent.enter_context(TemporaryDirectory())
        signer = Signer(sign=round_of_ours(call.engine, lambda _: None))
        act, out = Act(person=person, channel=call.channel), Path(folder) / "bundle.zip"
        made = make(call.engine, codes, out, act, language=language, signer=signer)
        sending = until_sent.pop_all()
    headers = {
        "Content-Disposition": 'attachment; filename="bundle.zip"',
        "Content-Length": str(made.path.stat().st_size),
    }
    return StreamingResponse(_pieces(sending, made.path), 201, headers, "application/zip")


def _pieces(sending: ExitStack, file: Path) -> Iterator[bytes]:
    with sending, file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


@router.get("/dossiers.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def export_dossiers(call: Here, search: Annotated[Narrowing, Query()]) -> StreamingResponse:
    """All dossiers in your scope, or those that the list would show, for a spreadsheet."""
    wanted, order = search.wanted(), search.order()

    def question(looking: Looking) -> Looking:
        check(looking.law, wanted)
        return looking

    asked = call.look(question, taken=True)
    headers = dict(call.response.headers) | {"Content-Disposition": 'attachment; filename="dossiers.csv"'}

    def pages(engine: Engine) -> Iterator[bytes]:
        """Each page is read by itself: whoever takes them slowly holds nobody up."""
        yield lines([tuple(asked.words.say(f"column.{name}") for name in _COLUMNS)], BOM)
        after = None
        while True:
            with engine.looking() as (session, law):
                looking = replace(asked, session=session, law=law)
                found = listing(
                    session, law, looking.scope, wanted, today=looking.today, limit=_AT_ONCE, after=after, order=order
                )
                rows = [_row(looking, dossiers.listed(looking.words, line)) for line in found]
            yield lines(rows)
            if len(found) < _AT_ONCE:
                return
            after = found[-1].place

    return StreamingResponse(pages(call.engine), headers=headers, media_type="text/csv")


def _row(looking: Looking, row: dict[str, object]) -> tuple[str | int, ...]:
    return tuple(_cell(looking, name, row[name]) for name in _COLUMNS)


def _cell(looking: Looking, name: str, value: object) -> str | int:
    value = value.value if isinstance(value, Shown) and name in _PLAIN else value
    if isinstance(value, int):
        return value
    return text(looking.words, value) if value is not None else ""
