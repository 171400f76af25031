"""Many keys as one parameter: the condition that a column is among them, in the words of either database.

An `IN` with a parameter for each key is a new statement for every number of keys, written and planned anew each time.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Keys(TypeDecorator[Sequence[int]]):
    """Integers in a row: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(BigInteger) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> object:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(value)


class _each(GenericFunction[int]):  # noqa: N801  # a function's name
    inherit_cache = True


@compiles(_each, "sqlite")
def _in_json(element: _each, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **how)}))"  # noqa: S608  # a placeholder


@compiles(_each, "postgresql")
def _in_array(element: _each, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"(SELECT unnest({compiler.process(element.clauses, **how)}))"


def among(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the keys that the parameter `name` will hold."""
    return column.bool_op("IN")(_each(bindparam(name, type_=_Keys())))
