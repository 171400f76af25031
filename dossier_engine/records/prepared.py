"""Core statements prepared once and run on the driver's own cursor: for the path that every change takes.

SQLAlchemy writes the SQL, converts the values and keeps the transaction, as everywhere else. Left out is what it does
at each execution to find a compiled statement and wrap the result: together more than the statements themselves take
(docs/explanation/performance.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Row, Select, Table, Update, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import result_tuple
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse
from sqlalchemy.types import TypeEngine

_Values = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None

_FETCHED, _COUNTED = methodcaller("fetchall"), attrgetter("rowcount")


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one driver takes it: its SQL, what each value passes through, what makes a row of a tuple.

    `copy` is another way to insert many rows, where the database has one.
    """

    sql: str
    positional: bool
    binds: tuple[tuple[str, _Convert], ...]
    literals: _Values
    converted: tuple[tuple[int, Callable[[Any], Any]], ...]
    row: Callable[[Sequence[Any]], Row[Any]]
    copy: str | None

    def bound(self, values: _Values) -> list[Any] | dict[str, Any]:
        """`values`, and the literals of the statement, as the driver wants them."""
        known = {**self.literals, **values} if self.literals else values
        if self.positional:
            return [known[name] if convert is None else convert(known[name]) for name, convert in self.binds]
        return {name: known[name] if convert is None else convert(known[name]) for name, convert in self.binds}

    def read(self, lines: list[Any]) -> list[Any]:
        """The driver's lines with its values turned into Python's where they differ."""
        if not self.converted:
            return lines
        changed = [list(line) for line in lines]
        for line in changed:
            for place, convert in self.converted:
                line[place] = convert(line[place])
        return changed


class Prepared:
    """A statement that takes its values by name; those of an INSERT or UPDATE say which columns it sets."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}

    def lines(self, conn: Connection, values: _Values) -> list[Sequence[Any]]:
        """All that the query finds, as plain values in the order of its columns."""
        form = self._form(conn.dialect, values)
        return form.read(_run(conn, form, "execute", form.bound(values), _FETCHED))

    def rows(self, conn: Connection, values: _Values) -> list[Row[Any]]:
        """All that the query finds."""
        form = self._form(conn.dialect, values)
        return [form.row(line) for line in self.lines(conn, values)]

    def first(self, conn: Connection, values: _Values) -> Row[Any] | None:
        """The first that the query finds, if any."""
        return next(iter(self.rows(conn, values)), None)

    def write(self, conn: Connection, values: _Values) -> int:
        """Do it once; how many rows it touched."""
        form = self._form(conn.dialect, values)
        return int(_run(conn, form, "execute", form.bound(values), _COUNTED))

    def write_each(self, conn: Connection, rows: Sequence[_Values]) -> None:
        """Do it for every one of `rows`, which all name the same columns.

        On PostgreSQL many rows are copied in: of the ways to insert them the one that costs least on either side.
        """
        if len(rows) == 1:  # drivers prepare more for many
            self.write(conn, rows[0])
        elif rows:
            form = self._form(conn.dialect, rows[0])
            bound: list[Any] = [form.bound(values) for values in rows]
            if form.copy is None:
                _run(conn, form, "executemany", bound, _COUNTED)
            else:
                _copy_in(conn, form.copy, bound)

    def _form(self, dialect: Dialect, values: _Values) -> _Form:
        key = dialect.name, tuple(values)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _form(self.statement, dialect, list(values))
        return form


@dataclass(frozen=True, slots=True)
class Write:
    """One row to be written, or one statement to be carried out: which, and with what values."""

    prepared: Prepared
    values: _Values


def write_together(conn: Connection, writes: Sequence[Write]) -> int:
    """Carry out all of `writes`; how many rows the last one touched.

    On PostgreSQL they are one statement: six round trips to the server take longer than everything else that a
    transition does. None may need to see another's rows; foreign keys are only checked at its end.
    """
    if conn.dialect.name == "postgresql" and len(writes) > 1:
        joined = _joined(tuple((write.prepared, tuple(write.values)) for write in writes))
        *others, last = writes
        values = {f"{name}_{n}": value for n, other in enumerate(others) for name, value in other.values.items()}
        return joined.write(conn, {**last.values, **values})
    return [write.prepared.write(conn, write.values) for write in writes][-1]


@lru_cache(maxsize=256)
def _joined(parts: tuple[tuple[Prepared, tuple[str, ...]], ...]) -> Prepared:
    """The last statement, with those before it as its common table expressions."""
    *others, (last, _) = parts
    before = [_numbered(prepared.statement, names, n).cte(f"write_{n}") for n, (prepared, names) in enumerate(others)]
    assert isinstance(last.statement, Insert | Update)  # noqa: S101  # for the type checker
    return Prepared(last.statement.add_cte(*before))


def _numbered(statement: Select[Any] | Insert | Update, names: tuple[str, ...], n: int) -> Insert | Update:
    """The statement with `n` in the name of every parameter, to be part of another."""

    def renamed(element: ExternallyTraversible, **_: Any) -> ExternallyTraversible | None:  # noqa: ANN401
        return bindparam(f"{element.key}_{n}", type_=element.type) if isinstance(element, BindParameter) else None

    assert isinstance(statement, Insert | Update)  # noqa: S101  # nothing is only looked at among writes
    columns = statement.table.c
    values = {name: bindparam(f"{name}_{n}", type_=columns[name].type) for name in names if name in columns}
    numbered = replacement_traverse(statement, {}, renamed)
    assert isinstance(numbered, Insert | Update)  # noqa: S101  # for the type checker
    return numbered.values(values)


def insert_unless_there(conn: Connection, table: Table, values: _Values) -> bool:
    """Insert the row; where its key is taken, wait for whoever is taking it and leave theirs as it is.

    Whether it was inserted.
    """
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    row = insert(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key)
    return conn.execute(row).first() is not None


def _form(statement: Select[Any] | Insert | Update, dialect: Dialect, names: list[str]) -> _Form:
    is_query = isinstance(statement, Select)
    compiled = statement.compile(dialect=dialect, column_keys=None if is_query else names)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  # for the type checker: DDL compiles to something else
    binds = {name: _from_python(bind.type, dialect) for name, bind in compiled.binds.items()}
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    literals = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return _Form(
        sql=compiled.string,
        positional=compiled.positional,
        binds=tuple((name, binds[name]) for name in compiled.positiontup or binds),
        literals=literals,
        converted=tuple((n, convert) for n, c in enumerate(columns) if (convert := _to_python(c.type, dialect))),
        row=result_tuple([str(c.key) for c in columns]),
        copy=_copy(statement, compiled.positiontup or (), dialect) if not literals else None,
    )


def _copy(statement: Select[Any] | Insert | Update, columns: Iterable[str], dialect: Dialect) -> str | None:
    """How PostgreSQL takes many rows of an INSERT's."""
    if not isinstance(statement, Insert) or dialect.name != "postgresql":
        return None
    quote = dialect.identifier_preparer.quote
    return f"COPY {quote(statement.table.name)} ({', '.join(map(quote, columns))}) FROM STDIN"


def _from_python(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _to_python(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _run(conn: Connection, form: _Form, how: str, values: object, take: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    cursor = conn.connection.cursor()
    try:
        getattr(cursor, how)(form.sql, values)
        return take(cursor)
    except conn.dialect.loaded_dbapi.Error as error:
        raise _failure(conn, form.sql, error) from error


def _copy_in(conn: Connection, copy: str, rows: Iterable[Sequence[Any]]) -> None:
    cursor: Any = conn.connection.cursor()
    try:
        with cursor.copy(copy) as lines:
            for row in rows:
                lines.write_row(row)
    except conn.dialect.loaded_dbapi.Error as error:
        raise _failure(conn, copy, error) from error


def _failure(conn: Connection, sql: str, error: Exception) -> Exception:
    return DBAPIError.instance(sql, None, error, Exception, dialect=conn.dialect)
