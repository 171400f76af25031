"""The manual that programmers read in a browser: every operation from the OpenAPI document, and every problem.

Written by the server without a script, so that it works where there is no network and under the strictest policy.
"""

from collections.abc import Iterator, Mapping
from html import escape
from string import Formatter
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dossier_engine.api.language import spoken
from dossier_engine.api.problems import STATUS
from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.errors import NoSuchAddress

router = APIRouter(include_in_schema=False)

_STYLE = """\
body { font: 1rem/1.5 "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1rem }
h2 { border-top: 1px solid #b1b4b6; padding-top: 1rem }
h3 { font-family: monospace; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #b1b4b6; padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top }
code, pre { font-size: .95em; overflow-wrap: anywhere; white-space: pre-wrap }
"""


@router.get("/docs")
def manual(request: Request) -> HTMLResponse:
    """The manual."""
    described: dict[str, Any] = request.app.openapi()
    by_tag: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            told = "".join(_operation(method, path, operation))
            by_tag.setdefault(operation["tags"][0], []).append(told)
    parts = [f"<h1>{escape(described['info']['title'])}</h1>", f"<p>{escape(described['info']['description'])}</p>"]
    parts += [f'<p><a href="#{tag}">{tag}</a></p>' for tag in by_tag]
    parts += [f'<h2 id="{tag}">{tag}</h2>{"".join(told)}' for tag, told in by_tag.items()]
    parts.append('<h2 id="shapes">shapes</h2>')
    parts += ["".join(_shape(name, shape)) for name, shape in described["components"]["schemas"].items()]
    return _page("en", described["info"]["title"], "".join(parts))


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h3>{method.upper()} {escape(path)}</h3><p>{escape(operation.get('description', ''))}</p>"
    rows = [
        (one["name"], one["in"], _type(one["schema"]), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("", media, _type(body.get("schema", {})), ""))
    if rows:
        yield _table(rows)
    answers = [
        (status, media, _type(body.get("schema", {})))
        for status, answer in operation["responses"].items()
        for media, body in answer.get("content", {}).items()
    ]
    yield _table(answers)


def _shape(name: str, shape: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h3 id="shape-{escape(name)}">{escape(name)}</h3><p>{escape(shape.get("description", ""))}</p>'
    needed = shape.get("required", ())
    yield _table(
        (field, "needed" if field in needed else "", _type(of), of.get("description", ""))
        for field, of in shape.get("properties", {}).items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A type in a word, leading to its shape where it has one; already HTML, so cells of it begin with `<`."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#shape-{name}">{name}</a>'
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return "<span>" + " | ".join(_type(one) for one in schema[several]) + "</span>"
    if "items" in schema:
        return f"<span>list of {_type(schema['items'])}</span>"
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    told = " | ".join(map(str, choices)) or str(schema.get("format") or schema.get("type", "any"))
    return f"<span>{escape(told)}</span>"


def _table(rows: Any) -> str:  # noqa: ANN401  # any rows of text, of which some is HTML of `_type`
    def cell(text: str) -> str:
        return f"<td>{text if text.startswith('<') else escape(text)}</td>"

    return "<table>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows) + "</table>"


@router.get("/problems/{slug}")
def explained(request: Request, slug: str) -> HTMLResponse:
    """What a problem means, in both languages, the one asked for first."""
    code = slug.replace("-", "_")
    status = next((status for status, codes in STATUS.items() if code in codes), None)
    if status is None:
        raise NoSuchAddress
    first = spoken(request).language
    parts = [f"<h1>{status} <code>{escape(code)}</code></h1>"]
    for language in sorted(LANGUAGES, key=lambda one: one != first):
        words = catalogue(language)
        sentence = words.words[f"error.{code}"]
        blank = {name: "…" for _, name, _, _ in Formatter().parse(sentence) if name}
        told = escape(sentence.format_map(blank))
        parts.append(
            f'<section lang="{language}"><h2>{escape(words.say(f"title.{status}"))}</h2><p>{told}</p></section>'
        )
    return _page(first, code, "".join(parts))


@router.get("/manual.css")
def style() -> Response:
    """How the manual looks."""
    return Response(_STYLE, media_type="text/css")


def _page(language: str, title: str, body: str) -> HTMLResponse:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><link rel="stylesheet" href="/manual.css">'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    page = f"<head>{head}{view}</head><body><main>{body}</main></body>"
    return HTMLResponse(f'<!doctype html><html lang="{language}">{page}</html>')
