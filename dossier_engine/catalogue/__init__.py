"""The words people read, in both languages, by key; whatever speaks to people takes them from here.

`vi.toml` and `en.toml`, and for pages `pages.vi.toml` and `pages.en.toml` (all below `[page.…]`), hold the same keys
with the same `{placeholders}`; a test compares them. Words of a workflow
(states, transitions, requirements) are not here but in its definition. Where a next step is taken differently at a
terminal, `[terminal.…]` holds the sentence that names the command.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's words."""

    language: Language
    words: Mapping[str, str]
    is_terminal: bool = False

    def say(self, key: str, /, **facts: object) -> str:
        """The words for `key`, with its placeholders filled. An unknown key is a defect: KeyError."""
        return self.words[key].format_map(facts)

    def keyed(self, label: str, key: object) -> str:
        """A thing's label; at a terminal with the key that is typed for it."""
        return f"{label} [{key}]" if self.is_terminal else label

    def has(self, key: str) -> bool:
        """Whether there are words for `key`."""
        return key in self.words


_TERMINAL = "terminal."


@cache
def catalogue(language: Language, *, terminal: bool = False) -> Catalogue:
    """The catalogue of `vi` or `en`, in the words of a `terminal` where those differ."""
    tree = _read(f"{language}.toml") | _read(f"pages.{language}.toml")
    spoken: Language = "vi" if language == "vi" else "en"
    words = dict(_flat(tree, ""))
    typed = {key.removeprefix(_TERMINAL): words.pop(key) for key in list(words) if key.startswith(_TERMINAL)}
    return Catalogue(spoken, words | typed if terminal else words, is_terminal=terminal)


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found
