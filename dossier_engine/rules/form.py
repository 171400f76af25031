"""A workflow definition as plain JSON and back: how the rules a dossier runs under enter history.

Whoever verifies a history judges by what its entries say, so an activation holds the rules themselves, beside the hash
of the file they were read from. A value of a dataclass is an object that names its class under `is`; a mapping is a
list of pairs, because its keys need not be keys of an entry; days and exact shares are marked as what they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

from dossier_engine.rules import workflow
from dossier_engine.rules.entry import Json
from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import Workflow

_KNOWN: dict[str, Callable[..., object]] = {
    kind.__name__: kind for kind in (*vars(workflow).values(), Limit) if isinstance(kind, type) and is_dataclass(kind)
}


def form(definition: Workflow) -> Json:
    """`definition` as values that an entry may hold."""
    return _plain(definition)


def read(plain: Json) -> Workflow:
    """The definition that `form` made `plain` of.

    Raises ValueError, TypeError, LookupError or ArithmeticError for anything else.
    """
    found = _value(plain)
    if not isinstance(found, Workflow):
        raise TypeError("not a workflow definition")
    return found


def _plain(value: object) -> Json:
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return {"day": value.isoformat()}
        case Fraction():
            return {"share": str(value)}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {"pairs": [[key, _plain(item)] for key, item in value.items()]}
        case _ if is_dataclass(value) and not isinstance(value, type):
            told = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
            return {"is": type(value).__name__, **told}
        case _:
            raise TypeError(type(value))


def _value(plain: Json) -> object:
    if isinstance(plain, list):
        return tuple(_value(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    match plain:
        case {"is": str(kind)}:
            return _KNOWN[kind](**{name: _value(item) for name, item in plain.items() if name != "is"})
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"share": str(share)}:
            return Fraction(share)
        case {"pairs": list(pairs)}:
            return {key: _value(item) for key, item in pairs}  # type: ignore[misc,str-unpack]
        case _:
            raise ValueError(f"no value: {sorted(plain)}")
