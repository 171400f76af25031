"""The invented names, handles and sentences of the demonstration, read from `config/demonstration.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from config import strict

_FILE = "demonstration.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """What the file holds. `opening` is "MM-DD"; `handles` are patterns by role, one a person.

    `reasons` are keyed by what happens, `supplements` by the type of requirement, `fields` by the field of a document
    that is neither number, date nor hash. Braces are filled with `str.format`.
    """

    opening: str
    person: str
    address: str
    addressed: str
    invented_recognition: str
    family_names: tuple[str, ...]
    given_names: tuple[str, ...]
    handles: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    approval: str
    reasons: Mapping[str, tuple[str, ...]]
    supplements: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]


@cache
def words() -> Words:
    """The packaged words. Raises ValueError naming the key that is wrong."""
    top = strict.mapping(
        strict.yaml_of(strict.bytes_of(files("config") / _FILE), _FILE), _FILE, tuple(Words.__dataclass_fields__)
    )
    return Words(
        opening=strict.text(top["opening"], f"{_FILE}: opening"),
        person=strict.text(top["person"], f"{_FILE}: person"),
        address=strict.text(top["address"], f"{_FILE}: address"),
        addressed=strict.text(top["addressed"], f"{_FILE}: addressed"),
        invented_recognition=strict.text(top["invented_recognition"], f"{_FILE}: invented_recognition"),
        family_names=_texts(top["family_names"], f"{_FILE}: family_names"),
        given_names=_texts(top["given_names"], f"{_FILE}: given_names"),
        handles=_lists(top["handles"], f"{_FILE}: handles"),
        kinds=_named(top["kinds"], f"{_FILE}: kinds"),
        approval=strict.text(top["approval"], f"{_FILE}: approval"),
        reasons=_lists(top["reasons"], f"{_FILE}: reasons"),
        supplements=_lists(top["supplements"], f"{_FILE}: supplements"),
        fields=_named(top["fields"], f"{_FILE}: fields"),
    )


def _texts(value: object, where: str) -> tuple[str, ...]:
    return tuple(strict.text(item, here) for here, item in strict.items(value, where))


def _lists(value: object, where: str) -> dict[str, tuple[str, ...]]:
    return {key: _texts(items, f"{where}: {key}") for key, items in _items(value, where)}


def _named(value: object, where: str) -> dict[str, str]:
    return {key: strict.text(word, f"{where}: {key}") for key, word in _items(value, where)}


def _items(value: object, where: str) -> list[tuple[str, object]]:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: not a mapping")  # noqa: TRY004 - every fault of a data file is one kind of error
    return [(str(key), item) for key, item in value.items()]
