"""Everything that a server serves: the pages, their assets, and the API beneath them."""

from config.wiring import Engine
from dossier_engine.api import app as api
from dossier_engine.api.guard import Guard
from dossier_engine.web import (
    account,
    administration,
    appointing,
    assets,
    audit,
    clock,
    criteria,
    deadlines,
    dossier,
    escalations,
    finished,
    guide,
    history,
    importing,
    invitation,
    listing,
    notices,
    papers,
    people,
    progress,
    registering,
    requirements,
    signing,
    stepping,
    weeks,
    workflows,
    worklist,
)
from dossier_engine.web.refusals import answer_people, turned_away


def application(engine: Engine) -> Guard:
    """The application over an opened installation, behind the guard."""
    app = api.routes(engine)
    for part in (
        assets,
        signing,
        worklist,
        listing,
        registering,
        importing,
        dossier,
        requirements,
        papers,
        criteria,
        stepping,
        clock,
        finished,
        history,
        deadlines,
        weeks,
        progress,
        workflows,
        escalations,
        notices,
        audit,
        people,
        appointing,
        invitation,
        account,
        administration,
        guide,
    ):
        app.include_router(part.router)
    answer_people(app)
    return api.guarded(app, engine, refused=turned_away)
