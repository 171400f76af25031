"""A form with a file, read as it comes: what was typed stands before the file, which is handed on piece by piece."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import anyio
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dossier_engine.api.arriving import ARRIVALS, Arriving
from dossier_engine.api.guard import BODY_LIMIT
from dossier_engine.errors import BodyTooLarge, Malformed
from dossier_engine.web.typed import MOST_FIELDS, Typed, check_ours, parsed

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks  # not there when it runs

T = TypeVar("T")
_FORM = b"application/x-www-form-urlencoded"
_WITH_FILE = b"multipart/form-data"


@dataclass(slots=True, eq=False)
class _Part:
    """One field: its name and, of a file, what it is called."""

    name: str
    file_name: str | None


@dataclass(slots=True)
class Upload:
    """A form that may have brought a file; `name` is empty where none was chosen."""

    typed: Typed
    name: str = ""
    _file: _Part | None = None
    _coming: Iterator[tuple[_Part, bytes]] = field(default_factory=lambda: iter(()))

    @classmethod
    def of(cls, content_type: str, body: Iterable[bytes]) -> "Upload":
        """Read a form as far as its file. Raises Malformed and BodyTooLarge.

        What was kept while somebody signed in is sent without a file.
        """
        kind, options = parse_options_header(content_type)
        if kind == _FORM:
            return cls(parsed(b"".join(_bounded(body))))
        if kind != _WITH_FILE or b"boundary" not in options:
            raise Malformed([("", "wrong")])
        return cls._begun(_Reader(options[b"boundary"]).read(body))

    @classmethod
    def _begun(cls, coming: Iterator[tuple[_Part, bytes]]) -> "Upload":
        fields: dict[_Part, bytearray] = {}
        size = 0
        for part, piece in coming:
            if part.file_name is not None:
                return cls(_typed(fields), part.file_name, part, coming)
            size += len(piece)
            if size > BODY_LIMIT or len(fields) > MOST_FIELDS:
                raise BodyTooLarge(BODY_LIMIT)
            fields.setdefault(part, bytearray()).extend(piece)
        return cls(_typed(fields))

    def content(self) -> Iterator[bytes]:
        """The file. Raises Malformed where it does not end. What stands behind it is not looked at."""
        for part, piece in self._coming:
            if part is self._file:
                yield piece


async def taken(request: Request, use: Callable[[Upload], T]) -> T:
    """What `use`, in a thread of its own, makes of a form with a file that is one of ours.

    Nothing is kept of one that is not, but all of it is let come: a browser listens only then. Raises Malformed,
    BodyTooLarge, CrossSite and NotSignedIn.
    """
    return await anyio.to_thread.run_sync(_take, request, Arriving(request.stream()), use, limiter=ARRIVALS)


def _take(request: Request, arriving: Arriving, use: Callable[[Upload], T]) -> T:
    try:
        upload = Upload.of(request.headers.get("content-type", ""), arriving)
        check_ours(request, upload.typed)
        return use(upload)
    finally:
        arriving.skip()


class _Reader:
    """Turns a body into the pieces of its parts; each part begins with an empty one."""

    def __init__(self, boundary: bytes) -> None:
        self._found: deque[tuple[_Part, bytes]] = deque()
        self._part = _Part("", None)
        self._header, self._value, self._described = bytearray(), bytearray(), b""
        self._is_over = False
        self._boundary = boundary

    def read(self, body: Iterable[bytes]) -> Iterator[tuple[_Part, bytes]]:
        """Each piece with its part, in the order in which they come. Raises Malformed."""
        try:
            parser = MultipartParser(self._boundary, self._callbacks())
            for piece in body:
                parser.write(piece)
                while self._found:
                    yield self._found.popleft()
        except (FormParserError, UnicodeDecodeError) as error:
            raise Malformed([("", "wrong")]) from error
        if not self._is_over:
            raise Malformed([("", "wrong")])

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._describe,
            "on_part_data": lambda data, start, end: self._found.append((self._part, data[start:end])),
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._described = b""

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._described = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _describe(self) -> None:
        _, options = parse_options_header(self._described)
        name, file_name = options.get(b"name", b"").decode(), options.get(b"filename")
        self._part = _Part(name, None if file_name is None else file_name.decode(errors="replace"))
        self._found.append((self._part, b""))

    def _end(self) -> None:
        self._is_over = True


def _bounded(body: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in body:
        size += len(piece)
        if size > BODY_LIMIT:
            raise BodyTooLarge(BODY_LIMIT)
        yield piece


def _typed(found: dict[_Part, bytearray]) -> Typed:
    fields: dict[str, list[str]] = {}
    for part, value in found.items():
        try:
            fields.setdefault(part.name, []).append(value.decode())
        except UnicodeDecodeError as error:
            raise Malformed([("", "wrong")]) from error
    return Typed(fields)
