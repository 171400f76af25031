"""Many rows and many keys at once: what either database makes of them is the same."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from dossier_engine.records.database import Database
from dossier_engine.records.keys import among
from dossier_engine.records.prepared import Prepared
from dossier_engine.records.tables import TABLES
from tests.makers import Province

_LOCALITY, _TEMPLATE = TABLES["locality"], TABLES["mail_template"]
ADD = Prepared(insert(_TEMPLATE))
# What a line of COPY would end at, or take for nothing at all.
AWKWARD = ("", "\\N", "\\.", "a\tb", "a\nb\r\n", "a\\tb", "'\"$1%s", "Xã Cẩm Hưng 🌾")


def rows(texts: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": f"n{n}", "subject": text, "text": text} for n, text in enumerate(texts)]


def test_rows_written_together_are_read_as_they_were_written(database: Database) -> None:
    with database.writing() as session:
        ADD.write_each(session.connection(), rows(AWKWARD))

    with database.reading() as session:
        found = session.execute(select(_TEMPLATE.c.subject).order_by(_TEMPLATE.c.name)).scalars().all()
    assert found == list(AWKWARD)


def test_of_rows_written_together_none_is_kept_if_one_breaks_a_constraint(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        ADD.write_each(session.connection(), [*rows(("one", "two")), *rows(("one again",))])

    with database.reading() as session:
        assert session.execute(select(_TEMPLATE)).all() == []


def test_a_row_is_found_among_more_keys_than_a_statement_takes_parameters(province: Province) -> None:
    chosen = Prepared(select(_LOCALITY.c.id).where(among(_LOCALITY.c.id, "ids")).order_by(_LOCALITY.c.id))

    with province.database.reading() as session:
        conn = session.connection()
        many = chosen.lines(conn, {"ids": [*range(1_000_000, 1_100_000), 3, 1]})
        none = chosen.lines(conn, {"ids": []})

    assert [key for [key] in many] == [1, 3]
    assert none == []
