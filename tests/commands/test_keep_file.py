"""Keeping a file in the register: once a dossier, under a harmless name, by who has a part in it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dossier_engine.commands.keep_file import Kept, keep_file
from dossier_engine.errors import AppointmentExpired, DossierError, NotAllowed, NotFound
from dossier_engine.records.tables import TABLES
from tests.makers import LUONG_DIEN, SHA, Province, at

FILE = TABLES["evidence_file"]
REPORT = Kept(SHA, 1_234, "application/pdf", "Báo cáo.pdf")


@pytest.fixture
def code(province) -> str:
    """Cẩm Hưng's dossier."""
    return province.register().dossier


def keep(province: Province, code: str, file: Kept = REPORT, by: str = "xa", *, on: str = "2024-07-10") -> Kept:
    with province.writing() as session:
        return keep_file(session, code, file, province.people[by], now=at(on))


def registered(province: Province) -> list[tuple[object, ...]]:
    wanted = (FILE.c.sha256, FILE.c.size, FILE.c.media_type, FILE.c.name, FILE.c.stored_at, FILE.c.stored_by)
    with province.database.reading() as session:
        return [tuple(row) for row in session.execute(select(*wanted).order_by(FILE.c.dossier))]


def test_a_file_is_registered_with_who_brought_it_and_when(province, code):
    kept = keep(province, code)

    assert kept == REPORT
    assert registered(province) == [
        (SHA, 1_234, "application/pdf", "Báo cáo.pdf", at("2024-07-10"), province.people["xa"])
    ]


def test_a_file_that_is_brought_again_stays_as_it_was_brought_first(province, code):
    keep(province, code)
    before = registered(province)
    again = Kept(SHA, 1_234, "application/pdf", "khác.pdf")

    kept = keep(province, code, again, "huyen", on="2024-07-11")

    assert kept == again
    assert registered(province) == before


def test_a_file_that_is_brought_for_two_dossiers_is_called_in_each_as_it_was_there(province, code):
    neighbour = province.register("xa2", LUONG_DIEN).dossier
    keep(province, code)

    keep(province, neighbour, Kept(SHA, 1_234, "application/pdf", "khác.pdf"), "xa2")

    assert [(row[3], row[5]) for row in registered(province)] == [
        ("Báo cáo.pdf", province.people["xa"]), ("khác.pdf", province.people["xa2"]),
    ]  # fmt: skip


def test_the_register_holds_no_name_that_could_mislead(province, code):
    kept = keep(province, code, Kept(SHA, 1, "application/pdf", "a\r\nb\u202efdp.exe" + "x" * 200))

    assert kept.name == ("abfdp.exe" + "x" * 200)[:150]
    assert registered(province)[0][3] == kept.name


def test_a_transaction_that_is_undone_registers_nothing(province, code):
    with province.writing(commit=False) as session:
        keep_file(session, code, REPORT, province.people["xa"], now=at("2024-07-10"))

    assert registered(province) == []


@pytest.mark.parametrize("wrong", [Kept("ab", 1, "x", "x"), Kept(SHA, 0, "x", "x")])
def test_the_database_itself_takes_nothing_that_is_no_file(wrong, province, code):
    with pytest.raises(IntegrityError):
        keep(province, code, wrong)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [("thanhtra", NotAllowed), ("quantri", NotAllowed), ("xa2", NotFound), ("huyen2", NotFound)],
)
def test_who_has_no_part_in_the_dossier_brings_nothing_for_it(by, refusal, province, code):
    with pytest.raises(DossierError) as found:
        keep(province, code, by=by)

    assert type(found.value) is refusal
    assert registered(province) == []


def test_nobody_unknown_brings_a_file_and_none_is_brought_for_no_dossier(province, code):
    province.people["nobody"] = "p-nobody"

    with pytest.raises(NotFound):
        keep(province, code, by="nobody")
    with pytest.raises(NotFound):
        keep(province, "HD-2024-NC-0999")
    assert registered(province) == []


def test_who_had_a_part_in_it_once_brings_nothing_any_more(province, code):
    province.end("xa", "commune_officer", "ubnd-xa-10894", on="2024-06-01")

    with pytest.raises(AppointmentExpired):
        keep(province, code)
    assert registered(province) == []


def test_a_department_brings_nothing_for_the_report_of_another(province):
    code = province.register("so", "so-xay-dung", workflow="department-report").dossier

    with pytest.raises(NotFound):
        keep(province, code, by="so-tai-chinh")
