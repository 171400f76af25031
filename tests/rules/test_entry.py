"""The bytes of an entry, its hash, and what entries add up to."""

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.entry import (
    MalformedEntryError,
    canonical,
    commitment,
    fold,
    instant,
    leaf_hash,
    parse,
)

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="ascii"), max_size=8)
    | st.text(st.characters(codec="utf-8"), max_size=8).map(lambda text: unicodedata.normalize("NFC", text)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=5).map(lambda found: {**found, "_v": 1})


def entry(seq: int, kind: str, body: dict[str, object], *, on: str = "2024-05-01", at: str = "") -> dict[str, object]:
    return {
        "seq": seq,
        "kind": kind,
        "at": at or f"2024-05-01T00:00:{seq:02}.000000Z",
        "effective_on": on,
        "body": body,
    }


REGISTERED = entry(
    1, "registered", {"to": "registered", "definition": "abc", "due": [{"deadline": "registered", "on": "2024-07-31"}]}
)


def moved(seq: int, origin: str, target: str, **more: str) -> dict[str, object]:
    return entry(seq, "moved", {"from": origin, "to": target, "round": 1, "due": []}, **more)


@given(ENTRIES)
def test_an_entry_comes_back_as_it_was_written(made):
    assert parse(canonical(made)) == made


@given(ENTRIES)
def test_the_version_is_the_first_member_of_the_bytes(made):
    assert canonical(made).startswith(b'{"_v":1')


@given(ENTRIES, st.data())
def test_no_single_changed_byte_keeps_the_hash(made, data):
    written = canonical(made)
    place = data.draw(st.integers(0, len(written) - 1))
    changed = bytes([*written[:place], written[place] ^ data.draw(st.integers(1, 255)), *written[place + 1 :]])

    assert leaf_hash(changed) != leaf_hash(written)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.5},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": -(2**53)},
        {"A": 1},
        {"é": 1},
        {"": 1},
        {"_a": 1},
        {"a": {"b c": 1}},
        {"a": ["Đu\u0309"]},
        {"a": "\ud800"},
        {"a": b"x"},
        {"a": date(2024, 5, 1)},
    ],
)
def test_what_is_outside_the_format_is_refused(value):
    with pytest.raises(MalformedEntryError):
        canonical(value)


@pytest.mark.parametrize("depth", [900, 980, 985, 990, 995, 1000, 100_000])
def test_bytes_nested_however_deep_are_read_or_refused(depth):
    data = b'{"_v":1,"a":' + b"[" * depth + b"]" * depth + b"}"

    try:
        read = parse(data)
    except MalformedEntryError:
        return

    assert canonical(read) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"_v":2}',
        b'{"_v":1.0}',
        b'{"_v":true}',
        b'{ "_v":1}',
        b'{"_v":1}\n',
        b'{"b":1,"_v":1}',
        b'{"_v":1,"_v":1}',
        b'{"_v":1,"a":"\\u0061"}',
        b'{"_v":1,"a":"\\ud800"}',
        b'{"_v":1,"a":NaN}',
        b'{"_v":1,"a":-0}',
        b'{"_v":1,"a":1.0}',
        b"[" * 100_000,
        b"\xff",
        "\ufeff{}".encode(),
        '{"_v":1}'.encode("utf-16"),
    ],
)
def test_other_bytes_are_no_entry(data):
    with pytest.raises(MalformedEntryError):
        parse(data)


def test_the_leaf_is_separated_from_inner_nodes():
    assert leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()


def test_a_commitment_depends_on_salt_name_and_value():
    made = {commitment(s, n, v) for s in (b"1" * 32, b"2" * 32) for n in ("reason", "name") for v in ("a", "b")}

    assert len(made) == 8


def test_an_instant_is_told_in_utc_whatever_its_zone():
    there = datetime(2024, 5, 1, 7, 0, tzinfo=timezone(timedelta(hours=7)))

    assert instant(there) == instant(there.astimezone(UTC)) == "2024-05-01T00:00:00.000000Z"


def test_vietnamese_is_written_as_it_is():
    assert json.loads(canonical({"_v": 1, "a": "Đủ"})) == {"_v": 1, "a": "Đủ"}
    assert "Đủ".encode() in canonical({"_v": 1, "a": "Đủ"})


def test_entries_add_up_to_a_standing():
    told = fold(
        [
            REGISTERED,
            entry(2, "paused", {}, on="2024-05-02"),
            entry(3, "resumed", {"due": [{"deadline": "registered", "on": "2024-08-02"}]}, on="2024-05-04"),
            entry(4, "reminded", {}, on="2024-05-04"),
            moved(5, "registered", "self_assessed", on="2024-05-06"),
        ]
    )

    assert (told.seq, told.version, told.state, told.stage_seq, told.stage_on) == (
        5,
        4,
        "self_assessed",
        5,
        date(2024, 5, 6),
    )
    assert (told.round, told.paused_on, told.due) == (1, None, {})


def test_a_stopped_clock_shows_and_a_move_starts_it():
    paused = [REGISTERED, entry(2, "paused", {}, on="2024-05-02")]

    assert fold(paused).paused_on == date(2024, 5, 2)
    assert fold([*paused, moved(3, "registered", "withdrawn", on="2024-05-03")]).paused_on is None


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [moved(1, "registered", "self_assessed")],
        [REGISTERED, moved(2, "self_assessed", "district_reviewed")],
        [REGISTERED, moved(2, "registered", "self_assessed", on="2024-04-30")],
        [REGISTERED, moved(2, "registered", "self_assessed", at="2024-04-30T00:00:00.000000Z")],
        [{**REGISTERED, "body": None}],
        [{**REGISTERED, "seq": "1"}],
    ],
)
def test_entries_that_do_not_follow_from_one_another_are_refused(entries):
    with pytest.raises(MalformedEntryError):
        fold(entries)
