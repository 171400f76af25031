"""The built assets: what browsers of ten years can read, colours that can be told apart, and how they are served."""

import asyncio
import gzip
import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from dossier_engine.errors import NoSuchAddress
from dossier_engine.web import assets

UNKNOWN_TO_CHROME_109 = (
    "color-mix", "oklch", "oklab", "@scope", "light-dark", "@starting-style", "@container style", "&", "@layer",
)  # fmt: skip
NOT_OURS = ("@font-face", "crest", "crown", "GDS Transport", "@import")
BUDGET = 35 * 1024
TEXT = [
    ("page-ink", "page-paper"),
    ("page-muted", "page-paper"),
    ("page-paper", "page-brand"),
    ("page-ink", "page-brand-tint"),
    ("page-late", "page-paper"),
    ("page-late", "page-late-tint"),
    ("page-soon", "page-paper"),
    ("page-soon", "page-soon-tint"),
    ("page-ink", "page-demonstration"),
    ("govuk-link-colour", "page-paper"),
    ("govuk-link-colour", "page-brand-tint"),
    ("govuk-link-hover-colour", "page-paper"),
    ("govuk-link-visited-colour", "page-paper"),
    ("govuk-secondary-text-colour", "page-paper"),
    ("govuk-error-colour", "page-paper"),
    ("govuk-focus-text-colour", "govuk-focus-colour"),
    *(("page-paper", f"bar-{kind}") for kind in ("done", "open", "late", "returned", "waiting")),
]
SHAPES = [
    ("page-rule", "page-paper"),
    ("page-brand", "page-paper"),
    ("govuk-input-border-colour", "page-paper"),
    *((f"bar-{kind}", "page-paper") for kind in ("done", "open", "late", "returned", "waiting", "planned")),
]


@pytest.fixture(scope="module", autouse=True)
def built():
    assert assets.manifest(), "make assets"


@pytest.fixture(scope="module")
def css():
    return assets._assets()[assets.manifest()["site.css"]].content.decode()


@pytest.fixture(scope="module")
def colours(css):
    return dict(re.findall(r"--((?:page|bar|govuk)-[\w-]+):\s*#([0-9a-f]{6})", css))


def asked(path, encoding="identity"):
    app = FastAPI()
    app.include_router(assets.router)
    app.add_exception_handler(NoSuchAddress, lambda *_: PlainTextResponse("", 404))

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dossier") as browser:
            return await browser.get(path, headers={"Accept-Encoding": encoding})

    return asyncio.run(answer())


def brightness(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("word", [*UNKNOWN_TO_CHROME_109, *NOT_OURS])
def test_the_style_sheet_has_nothing_that_old_browsers_or_the_licence_forbid(css, word):
    assert word not in css


def test_the_style_sheet_asks_for_no_other_file(css):
    assert [url for url in re.findall(r"url\(([^)]*)", css) if not url.strip("\"'").startswith("data:")] == []


@pytest.mark.parametrize(("text", "behind"), TEXT)
def test_text_can_be_read(colours, text, behind):
    assert contrast(colours[text], colours[behind]) >= 4.5


@pytest.mark.parametrize(("shape", "behind"), SHAPES)
def test_bars_and_borders_can_be_seen(colours, shape, behind):
    assert contrast(colours[shape], colours[behind]) >= 3


def test_every_colour_of_ours_is_measured(colours):
    ours = {name for name in colours if name.startswith(("page-", "bar-"))}

    assert ours == {name for pair in TEXT + SHAPES for name in pair if name.startswith(("page-", "bar-"))}


def test_the_first_page_of_a_slow_line_is_small():
    assert sum(len(asset.compressed) for asset in assets._assets().values()) < BUDGET


def test_what_is_compressed_is_the_same():
    assert all(gzip.decompress(asset.compressed) == asset.content for asset in assets._assets().values())


def test_the_script_begins_by_loading_the_components_under_their_own_name():
    start = assets._assets()[assets.manifest()["start.js"]].content.decode()

    assert f'from "./{assets.manifest()["frontend.js"]}"' in start


@pytest.mark.parametrize(("name", "media_type"), [("site.css", "text/css"), ("start.js", "text/javascript")])
@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
def test_an_asset_is_served_for_ever(name, media_type, accepted, encoding):
    answer = asked(assets.url(name), accepted)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get("content-encoding") == encoding
    assert answer.content == assets._assets()[assets.manifest()[name]].content


@pytest.mark.parametrize("name", ["site.css", "manifest.json", "..%2Fassets.py", "..%2F..%2F..%2Fetc%2Fpasswd", "%00"])
def test_nothing_else_is_served(name):
    assert asked(f"/static/{name}").status_code == 404


def test_where_nothing_was_built_there_is_no_address(monkeypatch):
    monkeypatch.setattr(assets, "manifest", dict)

    assert assets.url("site.css") is None
