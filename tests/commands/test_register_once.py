"""Opening a dossier on its conditions, and only once for a unit, a definition and a year."""

import pytest
from sqlalchemy.exc import IntegrityError

from dossier_engine.errors import AlreadyOpen, KeyReused, RequirementsUnmet, Unmet
from dossier_engine.records import dossiers
from tests.commands.looking import due, entries, refused, row, rows
from tests.makers import CAM_HUNG

MERGED_AWAY = "10906"  # Xã Thạch Lỗi, on 2024-12-01

# --- on which conditions ---


def test_only_an_advanced_commune_opens_a_model_dossier(hai_duong):
    hai_duong.recognised("ntm", (CAM_HUNG, "Xã Cẩm Hưng"))

    with refused(hai_duong, RequirementsUnmet) as refusal:
        hai_duong.register("xa", CAM_HUNG, workflow="commune-model")
    hai_duong.recognised("advanced", (CAM_HUNG, "Xã Cẩm Hưng"))
    code = hai_duong.register("xa", CAM_HUNG, workflow="commune-model").dossier

    assert refusal.value.unmet == (Unmet("is_advanced", "not_recognised", (("level", "advanced"),)),)
    assert refusal.value.facts["transition"] == "register"
    assert entries(hai_duong, f"dossier/{code}")[0]["body"]["met"] == ["is_advanced"]


# --- only once ---


def test_a_second_open_dossier_for_the_same_unit_definition_and_year_is_refused(hai_duong):
    first = hai_duong.register("xa", CAM_HUNG).dossier

    with refused(hai_duong, AlreadyOpen) as refusal:
        hai_duong.register("huyen", CAM_HUNG)

    assert refusal.value.facts == {
        "locality": "Xã Cẩm Hưng",
        "workflow": "commune-advanced",
        "year": 2024,
        "dossier": first,
    }


def test_after_a_withdrawal_the_unit_may_register_again(hai_duong):
    first = hai_duong.register("xa", CAM_HUNG).dossier
    hai_duong.advance(first, "xa", "withdraw", on="2024-05-02")

    assert hai_duong.register("xa", CAM_HUNG, on="2024-05-03").dossier == "HD-2024-NC-0002"


def test_a_repeated_registration_gives_the_first_receipt(hai_duong):
    first = hai_duong.register(key="lan-1")

    again = hai_duong.register(key="lan-1", on="2024-04-16")

    assert (again.replayed, again.dossier, again.leaf) == (True, first.dossier, first.leaf)
    assert len(rows(hai_duong, "dossier")) == 1


def test_a_repeated_registration_gives_the_first_receipt_when_the_unit_has_ended_since(hai_duong):
    first = hai_duong.register("huyen", MERGED_AWAY, on="2024-11-30", key="lan-1")

    again = hai_duong.register("huyen", MERGED_AWAY, on="2024-12-02", key="lan-1")

    assert (again.replayed, again.leaf) == (True, first.leaf)


def test_the_key_of_a_registration_stands_for_that_registration_alone(hai_duong):
    hai_duong.register(key="lan-1")

    with refused(hai_duong, KeyReused):
        hai_duong.register(key="lan-1", year=2025)


# --- on both databases ---


def test_a_second_open_row_breaks_a_constraint_whatever_the_commands_do(province):
    code = province.register().dossier
    second = row(province, code)._asdict() | {"code": "HD-2024-NC-0099"}
    del second["id"], second["wake_at"]

    with pytest.raises(IntegrityError), province.writing() as session:
        dossiers.add(session.connection(), second, None)

    with refused(province, AlreadyOpen):
        province.register()
    assert due(province, code) == {"registered": "2024-07-31"}
