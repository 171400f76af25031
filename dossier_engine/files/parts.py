"""The two kinds of XML in an office document that say what the rest is: content types and relationships.

Read with expat itself, which tells of a DOCTYPE before it makes anything of it: there it ends. Without one there are no
entities to expand and none to fetch, whatever the encoding; a search for the letters before parsing would miss some.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from dossier_engine.errors import FileRefused

_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
_TYPED = (f"{_NAMESPACE}/content-types}}Default", f"{_NAMESPACE}/content-types}}Override")
_RELATIONSHIP = f"{_NAMESPACE}/relationships}}Relationship"
_FETCHES_NOTHING = re.compile(r"(?:https?|mailto):", re.IGNORECASE)  # a link waits until somebody follows it
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)
_MACROS = ("vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet")
_OBJECTS = ("oleobject", "package", "control", "activexcontrolbinary", "afchunk", "subdocument")
_MOST_ELEMENTS = 100_000

Element = tuple[str, Mapping[str, str]]


def content_types(part: bytes) -> list[str]:
    """The content types that `[Content_Types].xml` gives out. Raises FileRefused."""
    return [told.get("ContentType", "") for name, told in _elements(part) if name in _TYPED]


def relationships(part: bytes) -> None:
    """Check every relationship of a `.rels` part. Raises FileRefused."""
    for name, told in _elements(part):
        if name != _RELATIONSHIP:
            continue
        kind, target = told.get("Type", "").rpartition("/")[2].casefold(), told.get("Target", "").strip()
        if kind in _MACROS:
            raise FileRefused("macros")
        if kind in _OBJECTS:
            raise FileRefused("embedded_objects")
        if told.get("TargetMode", "").strip().casefold() == "external":
            if kind != "hyperlink" or not _FETCHES_NOTHING.match(target):
                raise FileRefused("outside_links")
        elif _ABSOLUTE.match(target):
            raise FileRefused("outside_links")


def _elements(part: bytes) -> Iterator[Element]:
    found: list[Element] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(found) >= _MOST_ELEMENTS:
            raise FileRefused("unpacks_too_large")
        found.append((name, attributes))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = begin
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter for encodings it does not know
        raise FileRefused("unreadable") from error
    return iter(found)


def _refuse(*_: object) -> NoReturn:
    raise FileRefused("doctype")
