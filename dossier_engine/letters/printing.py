"""Pages of paper: HTML becomes PDF where WeasyPrint is installed and finds Pango; elsewhere a browser prints them."""

from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = 8  # the same page goes to everybody on a committee


@lru_cache(_KEPT)
def pdf(html: str) -> bytes | None:
    """`html` as a PDF, None where none can be made here; nothing that it names is fetched."""
    made = _writer()
    return made(html) if made is not None else None


def can_print() -> bool:
    """Whether there will be a PDF."""
    return _writer() is not None


def _writer() -> "Callable[[str], bytes] | None":
    try:
        import weasyprint  # noqa: PLC0415  # an extra that not everybody installs
    except (ImportError, OSError):  # OSError: without the system's Pango
        return None

    class Nowhere(weasyprint.URLFetcher):  # type: ignore[misc]  # it has no types
        """Fetches nothing: a page of ours needs nothing from elsewhere, and nobody shall make it ask."""

        def fetch(self, url: str, _: object = None) -> NoReturn:
            """Refuse."""
            raise ValueError(url)

    def write(html: str) -> bytes:
        return bytes(weasyprint.HTML(string=html, url_fetcher=Nowhere()).write_pdf())

    return write
