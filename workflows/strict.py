"""YAML in its plainest form: mappings, lists and text, each with its line.

A definition says what the law is, so it has one reading: no anchors, aliases, merge keys or tags, one document, no key
twice, and no guessing (`no`, `010` and `2024-08-01` stay the words they are). The parser's events are read instead
of its nodes, because an alias is still visible there and has not multiplied anything yet.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import yaml
from yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from dossier_engine.errors import FileProblems, Problem

LARGEST = 256 * 1024
"""Bytes of the largest file that is read at all; the longest definition shipped is a tenth of that."""

DEEPEST = 12
"""Levels of nesting; a definition needs seven."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text, whatever YAML would have made of it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, in the order of the file."""

    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in the order of the file, with the line of each key."""

    line: int
    fields: Mapping[str, "Node"]
    key_lines: Mapping[str, int]


Node = Scalar | Items | Fields


def read(data: bytes, file: str) -> tuple[Fields, tuple[Problem, ...]]:
    """The tree of the one mapping in `data`, and what is wrong with its form although it could be read.

    Raises FileProblems when no tree can be had: too large, not UTF-8, broken, empty, too deep, not a mapping.
    """
    if len(data) > LARGEST:
        raise FileProblems([Problem(file, 1, "too_large", f"{len(data)} bytes, at most {LARGEST}")])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileProblems([Problem(file, line, "not_utf8", f"byte 0x{data[error.start]:02x}")]) from None
    tree = _Tree(file, text)
    try:
        return tree.root(), tuple(tree.problems)
    except yaml.YAMLError as error:
        raise FileProblems([*tree.problems, _broken(error, data, file)]) from None


def _broken(error: yaml.YAMLError, data: bytes, file: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Problem(file, line, "broken_yaml", error.problem or "")
    # Characters that YAML does not allow at all are reported by the byte they stand at.
    at = getattr(error, "position", 0)
    return Problem(file, data.count(b"\n", 0, at) + 1, "broken_yaml", str(error).partition("\n")[0])


class _Tree:
    """The events of one file, folded into nodes."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.problems: list[Problem] = []

    def root(self) -> Fields:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), StreamEndEvent):
            self._stop(1, "empty", "nothing but blanks and comments")
        node = self._node(next(self._events), 1)
        next(self._events)  # the document's end
        following = next(self._events)
        if not isinstance(following, StreamEndEvent):
            self._stop(_line(following), "several_documents", "one file holds one definition")
        if not isinstance(node, Fields):
            self._stop(node.line, "not_a_mapping", "a definition is a mapping")
        return node

    def _node(self, event: Event, depth: int) -> Node:
        line = _line(event)
        if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            self._fault(line, "alias", "nothing stands for another part of the file")
            return Scalar(line, "")
        if event.anchor is not None:
            self._fault(line, "anchor", f"&{event.anchor}")
        if event.tag is not None:
            self._fault(line, "tag", event.tag)
        if isinstance(event, ScalarEvent):
            return self._scalar(event.value, line)
        if depth > DEEPEST:
            self._stop(line, "too_deep", f"more than {DEEPEST} levels")
        return self._items(line, depth) if isinstance(event, SequenceStartEvent) else self._fields(line, depth)

    def _scalar(self, text: str, line: int) -> Scalar:
        # Labels reach terminals, mails and history entries: one printable line of NFC text each.
        if not text.isprintable():
            self._fault(line, "not_printable", ascii(text))
        elif not text.isascii() and not unicodedata.is_normalized("NFC", text):
            self._fault(line, "not_nfc", text)
        return Scalar(line, text)

    def _items(self, line: int, depth: int) -> Items:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Items(line, tuple(items))

    def _fields(self, line: int, depth: int) -> Fields:
        fields: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar) or key.text == "":
                self._fault(key.line, "key_not_text", "a key is one word")
            elif key.text == "<<":
                self._fault(key.line, "merge_key", "<<")
            elif key.text in fields:
                self._fault(key.line, "duplicate_key", f"{key.text}, first in line {key_lines[key.text]}")
            else:
                fields[key.text], key_lines[key.text] = value, key.line
        return Fields(line, fields, key_lines)

    def _fault(self, line: int, code: str, what: str) -> None:
        self.problems.append(Problem(self._file, line, code, what))

    def _stop(self, line: int, code: str, what: str) -> NoReturn:
        raise FileProblems([*self.problems, Problem(self._file, line, code, what)])


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
