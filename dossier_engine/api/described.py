"""The OpenAPI document: what the framework derives from the routes, made true where it does not know better."""

from typing import Any

from fastapi import FastAPI

from dossier_engine.api.problems import MEDIA_TYPE

_REFUSALS = ("4XX", "5XX")
_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
_SCHEME = "token"
_GUARDED = "/api/"  # whatever lies below needs somebody who asks


def describe(app: FastAPI) -> None:
    """Have the application tell the mended document."""
    derive = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _mended(derive())
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the way the framework asks for


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    """Refusals are problems and nothing else, whatever a route answers; and who asks shows a token."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status in _REFUSALS:
                operation["responses"][status]["content"] = {MEDIA_TYPE: _PROBLEM}
            if path.startswith(_GUARDED):
                operation["security"] = [{_SCHEME: []}]
    document["components"]["securitySchemes"] = {_SCHEME: {"type": "http", "scheme": "bearer"}}
    return document
