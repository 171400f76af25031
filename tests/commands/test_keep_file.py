"""Keeping a file in the register: once, under a harmless name, in the caller's transaction."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dossier_engine.commands.keep_file import Kept, keep_file
from dossier_engine.records.tables import TABLES
from tests.makers import SHA, Province, at

FILE = TABLES["evidence_file"]
REPORT = Kept(SHA, 1_234, "application/pdf", "Báo cáo.pdf")


def registered(province: Province) -> list[tuple[object, ...]]:
    with province.database.reading() as session:
        return [tuple(row) for row in session.execute(select(FILE))]


def test_a_file_is_registered_with_who_brought_it_and_when(province):
    with province.writing() as session:
        kept = keep_file(session, REPORT, province.people["xa"], now=at("2024-07-10"))

    assert kept == REPORT
    assert registered(province) == [
        (SHA, 1_234, "application/pdf", "Báo cáo.pdf", at("2024-07-10"), province.people["xa"])
    ]


def test_a_file_that_is_brought_again_stays_as_it_was_brought_first(province):
    with province.writing() as session:
        keep_file(session, REPORT, province.people["xa"], now=at("2024-07-10"))
    before = registered(province)

    with province.writing() as session:
        again = Kept(SHA, 1_234, "application/pdf", "khác.pdf")
        kept = keep_file(session, again, province.people["huyen"], now=at("2024-07-11"))

    assert kept == again
    assert registered(province) == before


def test_the_register_holds_no_name_that_could_mislead(province):
    with province.writing() as session:
        kept = keep_file(
            session, Kept(SHA, 1, "application/pdf", "a\r\nb\u202efdp.exe" + "x" * 200), province.people["xa"],
            now=at("2024-07-10"),
        )  # fmt: skip

    assert kept.name == ("abfdp.exe" + "x" * 200)[:150]
    assert registered(province)[0][3] == kept.name


def test_a_transaction_that_is_undone_registers_nothing(province):
    with province.writing(commit=False) as session:
        keep_file(session, REPORT, province.people["xa"], now=at("2024-07-10"))

    assert registered(province) == []


@pytest.mark.parametrize("wrong", [Kept("ab", 1, "x", "x"), Kept(SHA, 0, "x", "x")])
def test_the_database_itself_takes_nothing_that_is_no_file(wrong, province):
    with pytest.raises(IntegrityError), province.writing() as session:
        keep_file(session, wrong, province.people["xa"], now=at("2024-07-10"))


def test_nobody_unknown_brings_a_file(province):
    with pytest.raises(IntegrityError), province.writing() as session:
        keep_file(session, REPORT, "p-nobody", now=at("2024-07-10"))
