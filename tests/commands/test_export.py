"""Saying in history that a bundle was made: an auditor may, of what lies in reach, and the entry says what it holds."""

import pytest

from dossier_engine.commands.export import Export, export
from dossier_engine.errors import AppointmentExpired, BadInput, NotAllowed, NotFound
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import entries, refused
from tests.makers import LUONG_DIEN, Province, at

NOW = at("2024-12-02")
OTHER = "HD-2024-NC-0002"


@pytest.fixture
def two(standing):
    province = standing("registered")
    province.register("xa2", LUONG_DIEN)
    return province


def exported(province: Province, *codes: str, handle: str = "thanhtra", everything: bool = False) -> int:
    order = Export(
        codes=None if everything else codes, size=700, streams=6, heads=b"\1" * 32, manifest=b"\2" * 32,
        act=province.act(handle),
    )  # fmt: skip
    with province.writing() as session:
        return export(session, order, now=NOW, rng=province.rng).seq


def test_an_export_is_an_entry_of_the_stream_of_reads(two):
    first, second = exported(two, OTHER, CODE), exported(two, everything=True)

    [some, everything] = entries(two, "reads")
    assert (first, second) == (1, 2)
    assert (some["kind"], some["actor"]["person"], some["actor"]["role"]) == (
        "exported", two.people["thanhtra"], "auditor",
    )  # fmt: skip
    assert some["body"] == {
        "scope": [CODE, OTHER], "size": 700, "streams": 6, "heads": "01" * 32, "manifest": "02" * 32,
    }  # fmt: skip
    assert everything["body"]["scope"] == "all"
    with two.database.reading() as session:
        assert verify(session, two.law).findings == ()


@pytest.mark.parametrize("handle", ["xa", "huyen", "so", "quantri", "bcd"])
def test_only_auditors_export(two, handle):
    with refused(two, NotAllowed):
        exported(two, CODE, handle=handle)
    with refused(two, NotAllowed):
        exported(two, everything=True, handle=handle)


def test_a_dossier_out_of_reach_is_not_there(two):
    with refused(two, NotFound):
        exported(two, CODE, "HD-2024-NC-0099")
    with refused(two, NotFound):
        exported(two, OTHER, handle="xa")


def test_everything_takes_an_office_that_reaches_everything(two):
    two.appoint("thanhtra2", "auditor", "thanh-tra-tinh", until="2024-06-30")

    with refused(two, NotAllowed):
        exported(two, everything=True, handle="thanhtra2")
    with refused(two, AppointmentExpired):
        exported(two, CODE, handle="thanhtra2")
    with two.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE appointment SET office_path = '30/295/' WHERE role = 'auditor' AND valid_to IS NULL"
        )
        session.connection().exec_driver_sql(f"UPDATE dossier SET territory = '30/291/1/' WHERE code = '{OTHER}'")
    with refused(two, NotAllowed):
        exported(two, everything=True)


@pytest.mark.parametrize("codes", [(), (CODE, CODE)])
def test_a_bundle_names_each_dossier_once_and_at_least_one(two, codes):
    with refused(two, BadInput):
        exported(two, *codes)
