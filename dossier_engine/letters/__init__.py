"""The words of mails: templates with `$fields`, those that ship in two languages, and the check of any other.

A template is `string.Template` and nothing more: it is filled in one pass, so a value with a `$` in it stays a value.
A line of a template whose fields have all nothing to say is left out.
"""

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dossier_engine.errors import BadInput, NotFound

LETTER = "letter"
"""The frame of every mail; its subject is that of a mail with several items."""

# The fields of a mail, and those of one item in it.
FRAME_FIELDS = frozenset({"name", "count", "overdue", "items"})
ITEM_FIELDS = frozenset(
    {
        "code", "commune", "place", "title", "state", "awaited", "action", "holder", "due", "due_date", "days", "left",
        "reminded", "words", "answer_by", "definition", "link",
    }
)  # fmt: skip
NAMES = (
    LETTER, "ahead", "tomorrow", "next_day", "today", "overdue", "escalation", "stalled", "unanswered", "difficulty",
    "answered", "digest", "ended",
)  # fmt: skip

_LONGEST_SUBJECT, _LONGEST_TEXT = 200, 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """The subject and the text of one template."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language writes what no template says: the days of the week, working days left, ways to choose from."""

    weekdays: tuple[str, ...]
    left: str
    today: str
    over: str
    just_over: str
    paused: str
    quoted: str
    alternatives: str
    no_words: str
    nobody: str


@cache
def packaged(language: str) -> Mapping[str, Wording]:
    """The templates that ship, by name, in `vi` or `en`."""
    return {name: Wording(**_file(language)[name]) for name in NAMES}


@cache
def tongue(language: str) -> Tongue:
    """The phrases of `vi` or `en`."""
    said = dict(_file(language)["tongue"])
    return Tongue(weekdays=tuple(said.pop("weekdays")), **said)


def phrases(section: str, language: str) -> Mapping[str, Any]:
    """The phrases of one section in `vi` or `en`, to be formatted with the facts they name."""
    return _file(language)[section]


def check_template(name: str, wording: Wording) -> None:
    """Raises NotFound for a name there is none of, BadInput for an unknown field, a lone `$`, or text that is missing.

    A mail's frame must hold `$items`: without them it says nothing.
    """
    if name not in NAMES:
        raise NotFound("template", name, NAMES[:3])
    fields = FRAME_FIELDS if name == LETTER else ITEM_FIELDS
    for field, text, most in (("subject", wording.subject, _LONGEST_SUBJECT), ("text", wording.text, _LONGEST_TEXT)):
        if not text.strip():
            raise BadInput(field, "", "missing")
        if len(text) > most:
            raise BadInput(field, str(len(text)), "too_long")
        if not all(c.isprintable() or (c == "\n" and field == "text") for c in text):
            raise BadInput(field, "", "not_printable_text")
        template = string.Template(text)
        if not template.is_valid():
            raise BadInput(field, "$", "lone_dollar")
        for found in template.get_identifiers():
            if found not in fields:
                raise BadInput(field, f"${found}", "unknown_field")
    if name == LETTER and "items" in string.Template(wording.subject).get_identifiers():
        raise BadInput("subject", "$items", "unknown_field")
    if name == LETTER and "items" not in string.Template(wording.text).get_identifiers():
        raise BadInput("text", "$items", "field_missing")


def fill(template: str, facts: Mapping[str, str]) -> str:
    """`template` with its fields replaced; a line whose fields are all empty is left out."""
    lines = []
    for line in template.splitlines():
        asked = string.Template(line).get_identifiers()
        if not asked or any(facts[field] for field in asked):
            lines.append(string.Template(line).substitute(facts))
    return "\n".join(lines)


def one_line(text: str) -> str:
    """`text` without anything that could end a line of a mail or of its header."""
    return _CONTROL.sub(" ", text).strip()


@cache
def _file(language: str) -> Mapping[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))
