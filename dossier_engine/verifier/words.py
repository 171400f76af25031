"""The words of the verifier's report, in both languages: `vi.toml` and `en.toml` beside this file, the same keys."""

import pkgutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, by table and key."""

    language: Language
    tables: Mapping[str, Mapping[str, str]]

    def say(self, key: str, /, **facts: object) -> str:
        """The words for `table.key`, with its placeholders filled. An unknown key is a defect: KeyError."""
        table, _, name = key.partition(".")
        return self.tables[table][name].format_map(facts)

    def every(self, table: str, *but: str) -> list[str]:
        """Every sentence of a table `but` these, in order."""
        return [sentence for key, sentence in self.tables[table].items() if key not in but]


@cache
def words(language: Language) -> Words:
    """The words of `vi` or `en`. Read by the loader of this package, which may be a single file."""
    data = pkgutil.get_data(__package__, f"{language}.toml")
    if data is None:
        raise FileNotFoundError(f"{language}.toml")
    return Words(language, tomllib.loads(data.decode()))
