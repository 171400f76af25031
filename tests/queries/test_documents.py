"""The documents of a dossier and their files: what stands, what stood, and for whose eyes."""

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.keep_file import Kept, keep_file
from dossier_engine.errors import FileMissing, NotFound
from dossier_engine.queries.documents import Recorded, Stored, documents, file_of
from dossier_engine.records.scope import EVERYTHING, Scope, scope_of
from tests.makers import LUONG_DIEN, Province, at

FIRST, SECOND, OTHER = "1" * 64, "2" * 64, "3" * 64
SUBMISSION = "commune_submission"


def submit(province: Province, code: str, sha256: str, *, number: str = "5/TTr", on: str = "2024-05-10") -> int:
    value = {"number": number, "date": on, "sha256": sha256}
    return province.record(code, "xa", "commune_files", {SUBMISSION: value}, on=on).seq


def keep(province: Province, code: str, sha256: str, name: str = "tờ trình.pdf") -> None:
    with province.writing() as session:
        kept = Kept(sha256, 99, "application/pdf", name)
        keep_file(session, code, kept, province.people["xa"], now=at("2024-05-10"))


def listed(province: Province, code: str, scope: Scope = EVERYTHING) -> list[Recorded]:
    with province.database.reading() as session:
        return documents(session, province.law, scope, code)


def asked(province: Province, code: str, sha256: str, handle: str | None = None) -> Stored:
    with province.database.reading() as session:
        scope = EVERYTHING
        if handle is not None:
            scope = scope_of(session.connection(), province.people[handle], at("2024-06-01").date())
        return file_of(session, scope, code, sha256)


def test_a_document_recorded_again_is_replaced_and_both_are_listed_newest_first(province):
    code = province.register().dossier
    first = submit(province, code, FIRST)
    second = submit(province, code, SECOND, number="6/TTr", on="2024-05-12")
    keep(province, code, SECOND)

    found = listed(province, code)

    assert [(d.item, d.seq, d.void_seq, d.number, d.date, d.sha256) for d in found] == [
        (SUBMISSION, second, None, "6/TTr", "2024-05-12", SECOND),
        (SUBMISSION, first, second, "5/TTr", "2024-05-10", FIRST),
    ]
    assert found[0].document.label.vi == "Tờ trình của UBND xã"
    assert found[0].file == Stored(SECOND, 99, "application/pdf", "tờ trình.pdf", at("2024-05-10"))
    assert found[1].file is None


def test_other_facts_are_no_documents_and_a_document_may_lack_a_number(province):
    code = province.register().dossier
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 9, "present": 9}}, on="2024-05-10")
    province.record(code, "xa", "commune_files", {"pictures": {"sha256": FIRST}}, on="2024-05-10")

    [pictures] = listed(province, code)

    assert (pictures.item, pictures.number, pictures.date, pictures.sha256) == ("pictures", None, None, FIRST)


def test_a_document_that_a_return_voids_says_by_which_entry(province):
    code = province.register().dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    wanted = (Supplement("commune_files", "thiếu chữ ký"),)

    returned = province.advance(code, "huyen", "return_to_commune", on="2024-07-15", supplements=wanted)

    voided = {d.item for d in listed(province, code) if d.void_seq == returned.seq}
    assert SUBMISSION in voided
    assert "front_opinions" not in voided


def test_the_file_of_a_document_is_had_also_after_it_was_replaced(province):
    code = province.register().dossier
    submit(province, code, FIRST)
    submit(province, code, SECOND)
    keep(province, code, FIRST)

    assert asked(province, code, FIRST).sha256 == FIRST
    with pytest.raises(FileMissing) as refusal:
        asked(province, code, SECOND)
    assert refusal.value.facts == {"sha256": SECOND, "why": "never_kept"}


def test_a_file_is_had_through_a_dossier_in_scope_that_has_it_and_no_other_way(province):
    code = province.register().dossier
    neighbour = province.register("xa2", LUONG_DIEN).dossier
    submit(province, code, FIRST)
    for sha256 in (FIRST, OTHER):
        keep(province, code, sha256)

    assert asked(province, code, FIRST, "xa").sha256 == FIRST
    assert asked(province, code, FIRST, "huyen").sha256 == FIRST
    for handle, of, sha256, kind in (
        ("xa2", code, FIRST, "dossier"),
        ("huyen2", code, FIRST, "dossier"),
        ("huyen", "HD-2024-NC-0999", FIRST, "dossier"),
        ("xa2", neighbour, FIRST, "document"),
        ("xa", code, OTHER, "document"),
    ):
        with pytest.raises(NotFound) as refusal:
            asked(province, of, sha256, handle)
        assert refusal.value.facts["kind"] == kind


def test_whoever_records_the_hash_of_another_dossiers_file_does_not_have_it(province):
    code = province.register().dossier
    neighbour = province.register("xa2", LUONG_DIEN).dossier
    submit(province, code, FIRST)
    keep(province, code, FIRST)
    copied = {"number": "5/TTr", "date": "2024-05-10", "sha256": FIRST}
    province.record(neighbour, "xa2", "commune_files", {SUBMISSION: copied}, on="2024-05-10")

    with pytest.raises(FileMissing) as refusal:
        asked(province, neighbour, FIRST, "xa2")

    assert refusal.value.facts["why"] == "never_kept"
    assert [d.file for d in listed(province, neighbour)] == [None]


def test_documents_out_of_scope_are_not_found(province):
    code = province.register().dossier

    with pytest.raises(NotFound):
        listed(province, code, Scope(()))
