"""Erasure: value and salt are gone, history stands and says what and why, and nothing else may be missing."""

import pytest
from sqlalchemy import select

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.erase import ErasePerson, EraseWords, erase_person, erase_words
from dossier_engine.commands.people import add_person
from dossier_engine.errors import BadInput, NotAllowed, NotFound
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE
from tests.commands.looking import entries, last, refused, rows, told
from tests.makers import SETUP, Province, at

NOW = at("2024-12-02")
BASIS = "Điều 16 Luật 91/2025/QH15, văn bản số 5/STP"
STREAM = f"dossier/{CODE}"
SUPPLEMENT = Supplement("commune_vote", "biên bản họp")


def words(province: Province, seq: int, handle: str = "quantri", *, basis: str = BASIS, name: str | None = None,
          code: str = CODE) -> object:  # fmt: skip
    order = EraseWords(dossier=code, seq=seq, basis=basis, act=province.act(handle), name=name)
    with province.writing() as session:
        return erase_words(session, order, now=NOW, rng=province.rng)


def person(province: Province, handle: str, by: str = "quantri", *, basis: str = BASIS) -> object:
    order = ErasePerson(person=province.people.get(handle, handle), basis=basis, act=province.act(by))
    with province.writing() as session:
        return erase_person(session, order, now=NOW, rng=province.rng)


def findings(province: Province) -> set[tuple[str, str]]:
    with province.database.reading() as session:
        return {(f.where, f.code) for f in verify(session, province.law).findings}


@pytest.fixture
def reasoned(standing):
    """The dossier after a move whose reason lies beside it; the entry is the last."""
    return standing("self_assessed")


def test_the_words_of_an_entry_are_erased_and_history_says_so(reasoned):
    before = last(reasoned, CODE)
    seq = before["seq"]
    assert told(reasoned, STREAM, seq) == {"reason": "đủ điều kiện"}

    gone = words(reasoned, seq)

    assert gone == ((STREAM, seq, "reason"),)
    assert told(reasoned, STREAM, seq) == {}
    assert last(reasoned, CODE) == before
    erasure = entries(reasoned, "people")[-1]
    assert (erasure["kind"], erasure["actor"]["person"]) == ("erased", reasoned.people["quantri"])
    assert erasure["body"] == {"erased": [[STREAM, seq, "reason"]], "basis": BASIS}
    assert findings(reasoned) == set()


def test_one_value_of_several_is_erased_and_the_others_stay(reasoned):
    reasoned.advance(CODE, "huyen", "return_to_commune", on="2024-07-20", supplements=(SUPPLEMENT,))
    seq = last(reasoned, CODE)["seq"]

    words(reasoned, seq, name="supplement_1")

    assert told(reasoned, STREAM, seq).keys() == {"reason"}
    assert findings(reasoned) == set()


def test_a_person_s_names_are_gone_everywhere_and_their_acts_stand(reasoned):
    handle, known = "xa", reasoned.people["xa"]
    reasoned.addressed(handle)
    acts = [e for e in entries(reasoned, STREAM) if e["actor"]["person"] == known]

    person(reasoned, handle)

    [row] = [r for r in rows(reasoned, "person") if r["id"] == known]
    assert (row["handle"], row["name"], row["email"]) == (known, "", None)
    with reasoned.database.reading() as session:
        kept = session.execute(select(TABLES["private"].c.value)).scalars().all()
    assert handle not in kept
    assert [e for e in entries(reasoned, STREAM) if e["actor"]["person"] == known] == acts
    assert findings(reasoned) == set()


def test_an_erased_handle_is_free_for_somebody_else(reasoned):
    person(reasoned, "xa2")

    with reasoned.writing() as session:
        add_person(session, "xa2", "người khác (minh họa)", SETUP, now=NOW, rng=reasoned.rng)

    assert findings(reasoned) == set()


@pytest.mark.parametrize(
    "lost",
    [
        f"DELETE FROM private WHERE stream = '{STREAM}' AND name = 'reason'",
        "DELETE FROM private WHERE stream = 'people' AND name = 'name'",
    ],
)
def test_values_that_are_gone_without_an_entry_that_says_so_are_named(reasoned, lost):
    with reasoned.writing() as session:
        session.connection().exec_driver_sql(lost)

    assert {code for _, code in findings(reasoned)} == {"private_value_missing"}


def test_an_erased_value_that_was_put_back_is_named(reasoned):
    seq = last(reasoned, CODE)["seq"]
    private = TABLES["private"]
    with reasoned.database.reading() as session:
        kept = dict(session.execute(select(private).where(private.c.stream == STREAM)).first()._mapping)
    words(reasoned, seq)

    with reasoned.writing() as session:
        session.connection().execute(private.insert(), kept)

    assert findings(reasoned) == {(STREAM, "private_value_missing")}


@pytest.mark.parametrize("handle", ["xa", "so", "thanhtra"])
def test_only_administrators_erase(reasoned, handle):
    seq = last(reasoned, CODE)["seq"]

    with refused(reasoned, NotAllowed):
        words(reasoned, seq, handle)
    with refused(reasoned, NotAllowed):
        person(reasoned, "xa", handle)


def test_an_erasure_needs_a_legal_ground_and_something_to_erase(reasoned):
    seq = last(reasoned, CODE)["seq"]

    for basis in ("", "  ", "một\ndòng"):
        with refused(reasoned, BadInput):
            words(reasoned, seq, basis=basis)
    with refused(reasoned, NotFound):
        words(reasoned, seq, code="HD-2024-NC-0099")
    with refused(reasoned, NotFound):
        words(reasoned, seq + 1)
    with refused(reasoned, NotFound):
        words(reasoned, seq, name="supplement_1")
    with refused(reasoned, NotFound):
        person(reasoned, "p-nobody")


def test_what_is_erased_is_not_left_in_the_file(reasoned, tmp_path):
    province = reasoned
    unique = "một lý do không ở đâu khác 7391"
    province.pause(CODE, "huyen", on="2024-07-20", reason=unique)
    seq = last(province, CODE)["seq"]

    words(province, seq)

    with province.database._writer.connect() as conn:
        conn.exec_driver_sql("COMMIT")
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert unique.encode() not in (tmp_path / "self_assessed.db").read_bytes()
