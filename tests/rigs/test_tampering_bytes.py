"""Bytes and values that no command ever wrote: `audit verify` names them and does not stumble."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, update

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, leaf_hash, parse
from tests.rigs.attacks import FIRST, SECOND, entry, unguarded
from tests.rigs.busy import REGISTERED, Busy

_HISTORY, _DOSSIER = TABLES["history"], TABLES["dossier"]

NO_ENTRY = {
    "nothing": b"",
    "not text": b"\xff\xfe\x00",
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "nothing but a version": b'{"_v":1}',
    "another version": b'{"_v":2}',
    "half a letter": b'{"_v":1,"kind":"\\ud800"}',
    "no number": b'{"_v":1,"seq":NaN}',
    "a number of 5,000 digits": b'{"_v":1,"seq":' + b"9" * 5_000 + b"}",
    "lists in lists": b'{"_v":1,"body":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
    "more lists in lists": b'{"_v":1,"body":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
}


def put(conn: Connection, stream: str, seq: int, data: bytes) -> None:
    """These bytes for the newest entry, with a leaf and a head that fit."""
    leaf, code = leaf_hash(data), stream.partition("/")[2]
    conn.execute(update(_HISTORY).where(entry(stream, seq)).values(entry=data, leaf=leaf))
    conn.execute(update(_DOSSIER).where(_DOSSIER.c.code == code).values(head=leaf))


@pytest.mark.parametrize("what", NO_ENTRY)
def test_bytes_that_are_no_entry_are_named(busy: Busy, what: str) -> None:
    with unguarded(busy) as conn:
        put(conn, SECOND, 3, NO_ENTRY[what])

    assert len(busy.findings()) == 1
    assert busy.findings() <= {(f"{SECOND} #3", "entry_malformed"), (f"{SECOND} #3", "chain_broken")}


def misshapen(told: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """The entry without each member, or with each of its members, and its body's, as something else."""
    others: tuple[Json, ...] = (None, 7, "x", [{}], {"x": "x"})
    body = told["body"]
    assert isinstance(body, dict)
    for name in told:
        yield {k: v for k, v in told.items() if k != name}
        yield from (told | {name: other} for other in others)
    for name in body:
        yield told | {"body": {k: v for k, v in body.items() if k != name}}
        yield from (told | {"body": body | {name: other}} for other in others)


@pytest.mark.slow
@pytest.mark.parametrize(("stream", "seq"), [(FIRST, 44), (SECOND, 3)], ids=["a move", "a record"])
def test_a_misshapen_entry_is_named_or_changes_nothing_but_never_stops_the_audit(
    busy: Busy, stream: str, seq: int
) -> None:
    with busy.owner.reading() as session:
        told = parse(session.connection().execute(select(_HISTORY.c.entry).where(entry(stream, seq))).scalar_one())
    unnoticed = set()
    for shape in misshapen(told):
        with unguarded(busy) as conn:
            put(
                conn, stream, seq, json.dumps(shape, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            )

        found = busy.findings()

        assert all(where.startswith((stream, "recognition")) for where, _ in found), (shape, found)
        if not found:
            unnoticed |= {name for name in told if told[name] != shape.get(name)}
    assert unnoticed <= {"actor", "body", "channel", "private"}


NEWEST = f"WHERE stream = '{SECOND}' AND seq = 3"
# SQLite takes anything into any column.
TYPES: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "an entry as text": (
        f"UPDATE history SET entry = CAST(entry AS TEXT) {NEWEST}",
        {(f"{SECOND} #3", "entry_malformed")},
    ),
    "an entry with a reason as text": (
        f"UPDATE history SET entry = CAST(entry AS TEXT) WHERE stream = '{FIRST}' AND seq = 44",
        {(f"{FIRST} #44", "entry_malformed")},
    ),
    "a salt as text": (
        f"UPDATE private SET salt = CAST(salt AS TEXT) WHERE stream = '{FIRST}' AND seq = 44",
        {("database", "entry_malformed")},
    ),
    "a reason as bytes": (
        f"UPDATE private SET value = CAST(value AS BLOB) WHERE stream = '{FIRST}' AND seq = 44",
        {(f"{FIRST} #44", "private_value_differs")},
    ),
    "an entry as a number": (
        f"UPDATE history SET entry = 7 {NEWEST}",
        {(f"{SECOND} #3", "entry_malformed")},
    ),
    "a leaf as text": (
        f"UPDATE history SET leaf = substr(hex(leaf), 1, 32) {NEWEST}",
        {(f"{SECOND} #3", "entry_edited")},
    ),
    "an instant that is none": (
        f"UPDATE history SET recorded_at = 'yesterday' {NEWEST}",
        {(f"{SECOND} #3", "columns_differ")},
    ),
    "an instant as a number": (
        f"UPDATE history SET recorded_at = 20240506 {NEWEST}",
        {(f"{SECOND} #3", "columns_differ")},
    ),
    "a number in words": (
        f"UPDATE history SET seq = 'three' {NEWEST}",
        {(f"{SECOND} #3", "entry_missing"), (f"{SECOND} #three", "not_in_log")},
    ),
    "a stream as bytes": (
        f"UPDATE history SET stream = CAST(stream AS BLOB) {NEWEST}",
        {
            (f"{SECOND} #3", "head_differs"),
            (f"b'{SECOND}' #1", "entry_missing"),
            (f"b'{SECOND}' #3", "not_in_log"),
        },
    ),
    "a result that is none": (
        "UPDATE fact SET value = '{' WHERE dossier = 2",
        {(SECOND, "projection_differs")},
    ),
    "a date that is none": (
        f"UPDATE dossier SET stage_on = 'soon' WHERE code = '{REGISTERED}'",
        {("database", "entry_malformed")},
    ),
}


@pytest.mark.parametrize("make_copy", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", TYPES)
def test_a_value_of_the_wrong_type_is_named(busy: Busy, what: str) -> None:
    attack, expected = TYPES[what]
    with unguarded(busy) as conn:
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        conn.exec_driver_sql("DELETE FROM outbox")
        conn.exec_driver_sql(attack)

    assert busy.findings() == expected
