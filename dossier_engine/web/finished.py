"""The page that confirms an act: what was done, who has the dossier next and until when; a reload shows the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue.labels import act_label, named
from dossier_engine.commands.desk import stream_of
from dossier_engine.queries.stood import stood_after
from dossier_engine.queries.trail import trail
from dossier_engine.rules.entry import Json
from dossier_engine.shown import dossiers
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/ho-so/{code}/xong/{seq}")
def finished(visit: Visiting, code: str, seq: int) -> Response:
    """What the entry did."""

    def question(looking: Looking) -> dict[str, Any]:
        words, now = looking.words, looking.line(code)
        stood = stood_after(looking.session, looking.law, now, trail(looking.session, stream_of(now.code)), seq)
        line, happened = stood.line, stood.happened
        body = _body(happened.entry)
        return {
            "dossier": dossiers.alone(words, line),
            "seq": seq,
            "act": act_label(words, line.workflow, happened.kind, body),
            "who": happened.who,
            "office": happened.office_vi if words.language == "vi" else happened.office_en,
            "at": happened.recorded_at,
            "on": date.fromisoformat(str(happened.entry["effective_on"])),
            "reason": happened.words.get("reason"),
            "supplements": [
                (named(words, line.workflow, str(key)), happened.words.get(f"supplement_{n}"))
                for n, key in enumerate(_listed(body, "supplements"), 1)
            ],
            "due": [
                (named(words, line.workflow, str(one["deadline"])), date.fromisoformat(str(one["on"])))
                for one in _listed(body, "due")
                if isinstance(one, dict) and line.is_open
            ],
        }

    return visit.page("finished.html", question)


def _body(entry: Mapping[str, Json]) -> dict[str, Json]:
    body = entry["body"]
    return body if isinstance(body, dict) else {}


def _listed(body: Mapping[str, Json], name: str) -> list[Json]:
    found = body.get(name)
    return found if isinstance(found, list) else []
