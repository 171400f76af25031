"""Entries of the streams that are not a dossier's: chained, and by administrators or the installation only."""

import pytest

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import file_entry
from dossier_engine.errors import AppointmentExpired, NotAllowed
from dossier_engine.rules.entry import canonical, leaf_hash
from tests.commands.looking import entries, refused, rows, told
from tests.makers import Province, at

OFFICE = "bo-phan-cong-nghe-thong-tin"


def file(province: Province, act: Act, *, on: str = "2024-03-01", private: dict[str, str] | None = None) -> None:
    with province.writing() as session:
        file_entry(
            session.connection(), "reads", "exported", act, {"what": "all"}, now=at(on), rng=province.rng,
            private=private,
        )  # fmt: skip


def test_a_stream_begins_with_an_entry_that_follows_nothing_and_is_chained_from_then_on(hai_duong):
    file(hai_duong, hai_duong.act("quantri"))
    file(hai_duong, hai_duong.act("quantri"))

    first, second = entries(hai_duong, "reads")
    head = next(s for s in rows(hai_duong, "stream") if s["name"] == "reads")
    assert (first["seq"], first["prev"], second["seq"]) == (1, "", 2)
    assert second["prev"] == leaf_hash(canonical(first)).hex()
    assert (head["seq"], bytes(head["head"])) == (2, leaf_hash(canonical(second)))


def test_an_administrator_is_named_with_the_office_acted_in(hai_duong):
    file(hai_duong, hai_duong.act("quantri", reason="kiểm tra"), private={"note": "riêng"})

    entry = entries(hai_duong, "reads")[0]
    assert entry["actor"] == {
        "person": hai_duong.people["quantri"],
        "role": "administrator",
        "office": OFFICE,
        "territory": "30/",
        "on_behalf_of": None,
    }
    assert (entry["channel"], entry["effective_on"]) == ("test", "2024-03-01")
    assert told(hai_duong, "reads", 1) == {"reason": "kiểm tra", "note": "riêng"}


def test_a_part_of_the_system_is_named_and_needs_no_appointment(hai_duong):
    file(hai_duong, Act(person="system:reminders"))

    actor = entries(hai_duong, "reads")[0]["actor"]
    assert actor == {
        "person": "system:reminders",
        "role": None,
        "office": None,
        "territory": None,
        "on_behalf_of": None,
    }


@pytest.mark.parametrize("handle", ["xa", "thanhtra", "bcd"])
def test_nobody_else_files_an_entry(hai_duong, handle):
    with refused(hai_duong, NotAllowed) as refusal:
        file(hai_duong, hai_duong.act(handle))

    assert (refusal.value.facts["act"], refusal.value.facts["roles"]) == ("exported", ("administrator",))


def test_who_was_never_appointed_files_nothing(hai_duong):
    with refused(hai_duong, NotAllowed):
        file(hai_duong, Act(person="p-nobody"))


def test_an_administrator_files_while_appointed(hai_duong):
    hai_duong.appoint("cu", "administrator", OFFICE, since="2024-02-01", until="2024-02-29")

    with refused(hai_duong, AppointmentExpired):
        file(hai_duong, hai_duong.act("cu"), on="2024-03-01")
    file(hai_duong, hai_duong.act("cu"), on="2024-02-29")

    assert len(entries(hai_duong, "reads")) == 1


def test_who_stands_in_for_an_administrator_is_named_with_whom(hai_duong):
    hai_duong.appoint("thay", "administrator", OFFICE, until="2024-12-31", instead_of="quantri")

    file(hai_duong, hai_duong.act("thay"))

    assert entries(hai_duong, "reads")[0]["actor"]["on_behalf_of"] == hai_duong.people["quantri"]


def test_who_went_to_another_province_files_where_they_are_now(hai_duong):
    hai_duong.appoint("nam", "administrator", OFFICE, until="2024-02-01")
    hai_duong.appoint("nam", "administrator", OFFICE, since="2024-02-02")
    with hai_duong.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE appointment SET office_path = '31/' WHERE valid_from = '2024-02-02'"
        )

    file(hai_duong, hai_duong.act("nam"))

    assert entries(hai_duong, "reads")[0]["actor"]["territory"] == "31/"
