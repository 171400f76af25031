"""A mapping of a definition, asked field by field, and the faults found on the way.

A wrong or missing field becomes a Problem and a harmless stand-in is handed on, so that reading continues and all
faults of a file are found at once. A key that nobody asked for is an unknown key: what is understood is written
once, where it is read.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import TypeVar

from dossier_engine.errors import Problem
from workflows.strict import Fields, Items, Node, Scalar

Path = tuple[str, ...]
Choice = TypeVar("Choice", bound=str)

_WHOLE = re.compile(r"[1-9][0-9]{0,3}")
_FRACTION = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Small letters, digits and `_`: names that history entries hold as keys."""

SLUG = re.compile(r"[a-z][a-z0-9-]*")
"""Small letters, digits and `-`: names of definitions and offices, as people type them."""

_NOTHING = Fields(0, {}, {})


class Places:
    """The line of everything a file says, by its path: `states`, `registered`, `limit`."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Path, int] = {}

    def put(self, path: Path, line: int) -> None:
        """Remember the line of `path`; a path keeps the first line it was given."""
        self._lines.setdefault(path, line)

    def has(self, *path: str) -> bool:
        """Whether the file says anything there."""
        return path in self._lines

    def problem(self, code: str, path: Path, what: str = "") -> Problem:
        """A fault at `path`, or where the nearest thing around it stands when the file does not have it."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        where = ".".join(path)
        return Problem(self._file, self._lines.get(known, 1), code, f"{where}: {what}" if what else where)


class Reading:
    """What is gathered while one file is read: faults, places, and the sections to go through at the end."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        self.places = Places(file)
        self.sections: list[Section] = []

    def refuse_unread(self) -> None:
        """Every key that no reader asked for becomes an `unknown_key`."""
        for section in self.sections:
            section.refuse_unread()


class Section:
    """One mapping at `path`. A `quiet` one stands in for a mapping already reported missing, and reports nothing."""

    def __init__(self, reading: Reading, path: Path, node: Fields, *, quiet: bool = False) -> None:
        self.path = path
        self._reading = reading
        self._node = node
        self._quiet = quiet
        self._asked: dict[str, None] = {}
        reading.sections.append(self)
        for key, line in node.key_lines.items():
            reading.places.put((*path, key), line)

    def __contains__(self, key: str) -> bool:
        return self._get(key) is not None

    def fault(self, code: str, key: str | None = None, what: str = "") -> None:
        """Report a fault of this section, or of one key in it."""
        if not self._quiet:
            path = self.path if key is None else (*self.path, key)
            self._reading.problems.append(self._reading.places.problem(code, path, what))

    def own_names(self) -> tuple[str, ...]:
        """The keys of a mapping whose keys are names of the author's own; each must be a plain name."""
        for key in self._node.fields:
            self._asked[key] = None
            self._named(key, key, NAME)
        return tuple(self._node.fields)

    def text(self, key: str, missing: str = "missing") -> str:
        """One line of text that is not blank."""
        node = self._get(key)
        if isinstance(node, Items | Fields):
            self.fault("not_text", key)
            return ""
        if node is None or not node.text.strip():
            self.fault(missing, key)
            return ""
        return node.text

    def optional(self, key: str) -> str | None:
        """The same, where the key may be left out."""
        return self.text(key) if key in self else None

    def name(self, key: str, form: re.Pattern[str] = NAME) -> str:
        """A word by which other places refer to the thing."""
        return self._named(key, self.text(key), form)

    def names(self, key: str, form: re.Pattern[str] = NAME) -> tuple[str, ...]:
        """One name, or a list of them without repetition."""
        return tuple(self._named(key, text, form) for text in self.texts(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """One text, or a list of them without repetition; at least one."""
        node = self._get(key)
        if not isinstance(node, Items):
            text = self.text(key)
            return (text,) if text else ()
        texts = [item.text for item in node.items if isinstance(item, Scalar) and item.text.strip()]
        if len(texts) < len(node.items):
            self.fault("not_text", key, "a list of words")
        elif not texts:
            self.fault("missing", key)
        if len(set(texts)) < len(texts):
            self.fault("duplicate_key", key, ", ".join(texts))
        return tuple(dict.fromkeys(texts))

    def choice(self, key: str, allowed: Sequence[Choice], code: str = "not_a_choice") -> Choice:
        """One of the words in `allowed`; the first of them stands in for a wrong one."""
        text = self.text(key)
        for word in allowed:
            if word == text:
                return word
        if text:
            self.fault(code, key, f"{text} is none of {', '.join(allowed)}")
        return allowed[0]

    def whole(self, key: str, code: str = "not_a_number") -> int:
        """A whole number from 1 to 9999."""
        text = self.text(key)
        if _WHOLE.fullmatch(text):
            return int(text)
        if text:
            self.fault(code, key, f"{text} is no whole number from 1 to 9999")
        return 1

    def fraction(self, key: str) -> Fraction:
        """An exact share written `9/10`, above none and at most all."""
        text = self.text(key)
        match = _FRACTION.fullmatch(text)
        if match and int(match[1]) <= int(match[2]):
            return Fraction(int(match[1]), int(match[2]))
        if text:
            self.fault("bad_fraction", key, f"{text} is no share such as 9/10")
        return Fraction(1)

    def day(self, key: str) -> date:
        """A day written `2024-12-31`."""
        text = self.text(key)
        if _DAY.fullmatch(text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        if text:
            self.fault("not_a_date", key, text)
        return date.min

    def flag(self, key: str) -> bool:
        """`true` or `false`; false when left out."""
        return key in self and self.choice(key, ("false", "true")) == "true"

    def section(self, key: str, missing: str = "missing") -> "Section":
        """The mapping under `key`."""
        node = self._get(key)
        if isinstance(node, Fields):
            return Section(self._reading, (*self.path, key), node)
        self.fault(missing if node is None else "not_a_mapping", key)
        return Section(self._reading, (*self.path, key), _NOTHING, quiet=True)

    def sections(self, key: str) -> dict[str, "Section"]:
        """The mappings under `key`, by the names their author gave them."""
        owner = self.section(key)
        return {name: owner.section(name) for name in owner.own_names()}

    def listed(self, key: str, *, by: str | None = None, repeated: str = "duplicate_key") -> list["Section"]:
        """The mappings of a list; no two may have the same text in the field `by`."""
        node = self._get(key)
        if not isinstance(node, Items):
            self.fault("missing" if node is None else "not_a_list", key)
            return []
        found = [self._item(key, position, item, by, repeated) for position, item in enumerate(node.items, start=1)]
        return [section for section in found if section is not None]

    def _item(self, key: str, position: int, node: Node, by: str | None, repeated: str) -> "Section | None":
        """The section of one item, at the path of its name; None for an item that is none or is there already."""
        places, name = self._reading.places, _text_in(node, by)
        taken = name is not None and places.has(*self.path, key, name)
        path = (*self.path, key, str(position) if name is None or taken else name)
        places.put(path, node.line)
        if isinstance(node, Fields) and not taken:
            return Section(self._reading, path, node)
        self._reading.problems.append(
            places.problem(repeated, path, f"{name} is there already")
            if taken
            else places.problem("not_a_mapping", path)
        )
        return None

    def skip(self) -> None:
        """Leave the rest unread: it cannot be understood once a fault has been reported."""
        self._asked.update(dict.fromkeys(self._node.fields))

    def refuse_unread(self) -> None:
        """Report every key that no reader asked for, with those that were."""
        for key in self._node.fields:
            if key not in self._asked:
                self.fault("unknown_key", key, f"known here: {', '.join(self._asked)}")

    def _get(self, key: str) -> Node | None:
        self._asked[key] = None
        return self._node.fields.get(key)

    def _named(self, key: str, text: str, form: re.Pattern[str]) -> str:
        if text and not form.fullmatch(text):
            self.fault("bad_name", key, text)
        return text


def _text_in(node: Node, field: str | None) -> str | None:
    named = node.fields.get(field) if isinstance(node, Fields) and field else None
    return named.text or None if isinstance(named, Scalar) else None
