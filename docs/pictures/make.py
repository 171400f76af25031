"""The pictures of the readme, taken of the demonstration by a browser: `make pictures`.

Its work is invented and its clock stands where it was loaded, so that the same pages come out again.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.browser import CHROMIUM, HERE, QUIET

_DOSSIER = (str(Path(sys.executable).with_name("dossier")),)
_DESK, _PHONE = {"width": 1100, "height": 800}, {"width": 360, "height": 740}


@dataclass(frozen=True)
class Picture:
    """A page as somebody of a role sees it, on a desk or on a phone; without a path the first dossier that waits."""

    name: str
    role: str
    path: str
    size: dict[str, int]


PICTURES = (
    Picture("dossier", "cán bộ xã", "", _DESK),
    Picture("list-on-a-phone", "cán bộ huyện thẩm tra", "/", _PHONE),
    Picture("progress", "Ban Chỉ đạo", "/tien-do", _DESK),
    Picture("week", "Ban Chỉ đạo", "/tien-do/tuan", _DESK),
    Picture("history", "thanh tra viên", "/ho-so/HD-2024-NC-0003/lich-su", _DESK),
)


@contextmanager
def _served(home: str) -> Iterator[str]:
    environment = {**os.environ, "DOSSIER_HOME": home, "PYTHONUNBUFFERED": "1"}  # noqa: TID251  # programs need a PATH
    subprocess.run([*_DOSSIER, "demo", "load"], env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [*_DOSSIER, "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = (json.loads(line) for line in server.stderr)
        try:
            yield next(line["url"] for line in said if line.get("event") == "serves")
        finally:
            server.terminate()


def _take(browser: Browser, url: str, picture: Picture, folder: Path) -> None:
    context = browser.new_context(base_url=url, viewport=picture.size, **HERE)
    page = context.new_page()
    page.goto("/dang-nhap")
    page.locator("button", has_text=f"{picture.role}: ").first.click()
    page.wait_for_url("/")
    path = picture.path or page.locator("main a[href^='/ho-so/']").first.get_attribute("href")
    answer = page.goto(str(path))
    assert answer is not None
    assert answer.status == 200, (path, answer.status)
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


def main(folder: Path) -> None:
    """Take every picture into `folder`."""
    with tempfile.TemporaryDirectory() as home, _served(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for picture in PICTURES:
            _take(browser, url, picture, folder)
            print(picture.name)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
