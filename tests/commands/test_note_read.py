"""Saying in history that somebody who oversees looked: under which appointment, at what, and in whose own words."""

from typing import Any

import pytest

from dossier_engine.commands.note_read import Read, note_read, note_taken
from dossier_engine.errors import AppointmentExpired, NotAllowed
from dossier_engine.queries.audit import verify
from tests.commands.looking import entries, refused, told
from tests.makers import Province, at

NOW = at("2024-06-03")
IT, INSPECTORATE = "bo-phan-cong-nghe-thong-tin", "thanh-tra-tinh"


def noted(province: Province, handle: str = "thanhtra", **asked: Any) -> int:
    read = Read(**({"what": "dossiers.list", "where": {"state": "registered", "year": 2024}, "count": 7} | asked))
    with province.writing() as session:
        return note_read(session, read, province.act(handle, os_user="thanh"), now=NOW, rng=province.rng).seq


def test_a_read_is_an_entry_of_the_stream_of_reads(province):
    first, second = noted(province), noted(province, "quantri", what="dossiers.show", where={}, count=None)

    some, other = entries(province, "reads")
    assert (first, second) == (1, 2)
    assert (some["kind"], some["actor"]["person"], some["actor"]["role"]) == (
        "read", province.people["thanhtra"], "auditor",
    )  # fmt: skip
    assert some["body"] == {"what": "dossiers.list", "asked": {"state": "registered", "year": 2024}, "count": 7}
    assert other["body"] == {"what": "dossiers.show", "asked": {}, "count": None}
    assert other["actor"]["role"] == "administrator"
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


def test_what_was_typed_in_own_words_stays_out_of_the_entry(hai_duong):
    seq = noted(hai_duong, where={}, typed={"name": "Cẩm Hưng"})

    entry = entries(hai_duong, "reads")[0]
    assert "Cẩm" not in str(entry)
    assert entry["private"].keys() == {"name", "os_user"}
    assert told(hai_duong, "reads", seq) == {"name": "Cẩm Hưng", "os_user": "thanh"}


def test_it_is_filed_under_an_appointment_that_is_valid_the_auditors_first(hai_duong):
    hai_duong.appoint("hai-vai", "auditor", INSPECTORATE, until="2024-02-29")
    hai_duong.appoint("hai-vai", "administrator", IT)
    hai_duong.appoint("ca-hai", "administrator", IT)
    hai_duong.appoint("ca-hai", "auditor", INSPECTORATE)

    noted(hai_duong, "hai-vai")
    noted(hai_duong, "ca-hai")

    assert [entry["actor"]["role"] for entry in entries(hai_duong, "reads")] == ["administrator", "auditor"]


@pytest.mark.parametrize("handle", ["xa", "huyen", "so", "bcd"])
def test_nobody_else_files_reads(hai_duong, handle):
    with refused(hai_duong, NotAllowed) as refusal:
        noted(hai_duong, handle)

    assert refusal.value.facts["act"] == "read"


def test_who_was_an_auditor_is_none_any_more(hai_duong):
    hai_duong.appoint("cu", "auditor", INSPECTORATE, until="2024-02-29")

    with refused(hai_duong, AppointmentExpired):
        noted(hai_duong, "cu")


def test_a_list_taken_away_is_noted_whoever_takes_it_in_a_role_they_hold(hai_duong):
    read = Read.of("exports.dossiers", {"year": 2024, "q": "Cẩm"}, None)

    with hai_duong.writing() as session:
        for handle in ("huyen", "thanhtra"):
            note_taken(session, read, hai_duong.act(handle), now=NOW, rng=hai_duong.rng)

    found = entries(hai_duong, "reads")
    assert [(e["kind"], e["actor"]["role"], e["body"]["asked"]) for e in found] == [
        ("taken_away", "district_reviewer", {"year": 2024}),
        ("taken_away", "auditor", {"year": 2024}),
    ]
    with hai_duong.database.reading() as session:
        assert verify(session, hai_duong.law).findings == ()


def test_somebody_appointed_to_nothing_takes_nothing_away(hai_duong):
    hai_duong.appoint("het-han", "district_reviewer", "ubnd-huyen-295", until="2024-02-29")

    with hai_duong.writing() as session, pytest.raises((NotAllowed, AppointmentExpired)):
        note_taken(session, Read.of("x", {}, 1), hai_duong.act("het-han"), now=NOW, rng=hai_duong.rng)


@pytest.mark.parametrize(("asked", "where", "typed"), [
    ({"code": "hd 2024 nc 17"}, {"code": "HD-2024-NC-0017"}, {}),
    ({"code": "10894"}, {"code": "10894"}, {}),
    ({"state": "registered", "limit": 5}, {"state": "registered", "limit": 5}, {}),
    ({"state": "Nguyễn Văn A"}, {}, {"state": "Nguyễn Văn A"}),
    ({"surprise": "registered"}, {}, {"surprise": "registered"}),
])  # fmt: skip
def test_only_what_looks_like_a_code_where_codes_are_asked_for_is_told_in_clear(asked, where, typed):
    read = Read.of("dossiers.list", asked, None)

    assert (read.where, read.typed) == (where, typed)
