"""The workflow definitions that are stored, and one of them drawn and told, with a dossier's place in it marked."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from config.copies import captions
from dossier_engine.api.call import Looking
from dossier_engine.api.workflows import version_of
from dossier_engine.queries.diagram import svg
from dossier_engine.queries.registers import definitions
from dossier_engine.shown import dossiers, workflows
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/quy-trinh")
def workflow_list(visit: Visiting) -> Response:
    """Every stored version, in the order of activation."""

    def question(looking: Looking) -> dict[str, Any]:
        found = definitions(looking.session, looking.law)
        return {
            "versions": [
                {
                    **workflows.stored(looking.words, one),
                    "href": f"/quy-trinh/{one.workflow.name}/{one.workflow.version}",
                }
                for one in found
            ]
        }

    return visit.page("workflows.html", question)


@router.get("/quy-trinh/{name}/{version}")
def workflow(
    visit: Visiting, name: str, version: str, code: Annotated[str | None, Query(alias="ho-so", max_length=40)] = None
) -> Response:
    """One version, drawn and as a table; where the dossier `ho-so` runs under it, its state is marked."""

    def question(looking: Looking) -> dict[str, Any]:
        found = version_of(looking.law, name, version)
        line = looking.line(code) if code else None
        here = line.state.key if line is not None and line.workflow.sha256 == found.sha256 else None
        language = looking.words.language
        return {
            "workflow": workflows.whole(looking.words, found),
            "dossier": dossiers.alone(looking.words, line) if line is not None else None,
            "drawing": svg(found, captions(language), lang=language, current=here),
            "ways": workflows.ways(looking.words, found),
        }

    return visit.page("workflow.html", question)
