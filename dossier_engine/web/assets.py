"""The style sheet and the scripts that `make assets` made, and how they are served.

What is served is what the manifest names, read once; a name that is asked for never reaches the file system.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dossier_engine.errors import NoSuchAddress
from dossier_engine.web.packing import takes_gzip

PREFIX = "/static/"
_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript"}
_FOR_EVER = "public, max-age=31536000, immutable"  # another content has another name

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed."""

    media_type: str
    content: bytes
    compressed: bytes


@cache
def manifest() -> Mapping[str, str]:
    """The names that assets are served under, by their own names; empty where none were made."""
    listed = files(__package__).joinpath("static", "manifest.json")
    if not listed.is_file():
        return {}
    names: dict[str, str] = json.loads(listed.read_text("utf-8"))
    return names


@cache
def _assets() -> Mapping[str, Asset]:
    static = files(__package__).joinpath("static")
    return {
        name: Asset(
            media_type=_MEDIA_TYPES[name.rpartition(".")[2]],
            content=static.joinpath(name).read_bytes(),
            compressed=static.joinpath(f"{name}.gz").read_bytes(),
        )
        for name in manifest().values()
    }


def url(name: str) -> str | None:
    """Where a page finds an asset; None where assets were not made, and the page does without."""
    return f"{PREFIX}{manifest()[name]}" if manifest() else None


@router.get(PREFIX + "{name}")
def served(name: str, request: Request) -> Response:
    """One asset, which browsers keep for ever. Raises NoSuchAddress."""
    asset = _assets().get(name)
    if asset is None:
        raise NoSuchAddress
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if not takes_gzip(request):
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.compressed, media_type=asset.media_type, headers=headers)
