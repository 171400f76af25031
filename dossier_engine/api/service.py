"""What whoever runs the installation asks it: whether it lives, whether it can work, how it goes; and the manuals."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from config.metrics import exposition
from config.wiring import Engine
from dossier_engine.api.shapes import Answered
from dossier_engine.errors import NoSuchAddress

router = APIRouter(tags=["service"])
_LOCAL = frozenset({"127.0.0.1", "::1"})


class Alive(Answered):
    """It answers."""

    status: str


@router.get("/healthz")
def alive() -> Alive:
    """Whether the process answers; looks at nothing else."""
    return Alive(status="alive")


@router.get("/readyz")
def ready(request: Request) -> Alive:
    """Whether requests can be served: the database is there and of this version. 503 if not."""
    engine: Engine = request.app.state.engine
    with engine.looking():
        return Alive(status="ready")


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> PlainTextResponse:
    """How the work goes, in Prometheus' text format; to this machine only, and not through a proxy."""
    if request.client is None or request.client.host not in _LOCAL or "x-forwarded-for" in request.headers:
        raise NoSuchAddress
    return PlainTextResponse(exposition(request.app.state.engine))
