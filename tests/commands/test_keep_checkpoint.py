"""Keeping what was signed: every cosignature stays, whoever comes late, and one size has one root."""

import pytest
from sqlalchemy import update

from dossier_engine.commands.keep_checkpoint import keep_checkpoint
from dossier_engine.errors import SignerRefuses
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.note import Checkpoint, Note, Signature
from tests.makers import Province, at

ORIGIN = "dossier-log/abcd/1"
NOW = at("2024-12-09")
OWN = Signature(ORIGIN, b"own!", b"x" * 64)


def note(*names: str, size: int = 7, root: int = 1, blob: bytes = b"y" * 72) -> Note:
    """A note of that size, signed by the log and cosigned in these names."""
    cosignatures = [Signature(name, name.encode()[:4], blob) for name in names]
    return Note(Checkpoint(ORIGIN, size, bytes([root]) * 32).text(), (OWN, *cosignatures))


def kept(province: Province, given: Note) -> list[str]:
    """The names that stand under what is kept after this was given, as it can be read again."""
    with province.writing() as session:
        answered = keep_checkpoint(session, given, now=NOW)
    with province.database.reading() as session:
        row = log.newest(session.connection(), ORIGIN)
    assert row is not None
    assert (row.size, row.note, row.signed_at) == (7, bytes(answered).decode(), NOW)
    return [one.name for one in Note.parse(row.note.encode()).signatures]


def test_cosignatures_come_together_and_none_is_lost_to_a_note_with_fewer(province):
    assert kept(province, note()) == [ORIGIN]
    assert kept(province, note("bbbb")) == [ORIGIN, "bbbb"]
    assert kept(province, note("aaaa")) == [ORIGIN, "aaaa", "bbbb"]
    assert kept(province, note()) == [ORIGIN, "aaaa", "bbbb"]


def test_a_newer_cosignature_takes_the_place_of_an_older_one(province):
    kept(province, note("aaaa"))

    kept(province, note("aaaa", blob=b"z" * 72))

    with province.database.reading() as session:
        text = log.kept(session.connection(), ORIGIN, 7)
    assert text is not None
    assert [one.blob for one in Note.parse(text.encode()).signatures] == [OWN.blob, b"z" * 72]


def test_another_root_of_the_same_size_is_refused(province):
    kept(province, note("aaaa"))

    with pytest.raises(SignerRefuses) as refusal, province.writing() as session:
        keep_checkpoint(session, note(root=2), now=NOW)

    assert refusal.value.facts["why"] == "forked"
    assert kept(province, note()) == [ORIGIN, "aaaa"]


def test_what_somebody_wrote_into_the_table_gives_way(province):
    kept(province, note("aaaa"))
    with province.writing() as session:
        session.execute(update(TABLES["checkpoint"]).values(note="nonsense"))

    assert kept(province, note("bbbb")) == [ORIGIN, "bbbb"]
