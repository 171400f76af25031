"""The bytes of an entry, its hash, and what entries add up to."""

import hashlib
import json
import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.entry import (
    MalformedEntryError,
    Standing,
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
    ("value", "says"),
    [
        ({"a": 1.5}, "a: float 1.5"),
        ({"a": float("nan")}, "a: float nan"),
        ({"a": 2**53}, "a: int 9007199254740992"),
        ({"a": -(2**53)}, "a: int -9007199254740992"),
        ({"A": 1}, ".A: key"),
        ({"é": 1}, ".é: key"),
        ({"": 1}, ".: key"),
        ({"_a": 1}, "._a: key"),
        ({"a": {"b c": 1}}, "a.b c: key"),
        ({"a": "Đu\u0309"}, "a: text is not NFC"),
        ({"a": ["Đu\u0309"]}, "a: text is not NFC"),
        ({"a": [2.5]}, "a: float 2.5"),
        ({"a": b"x"}, "a: bytes b'x'"),
        ({"a": date(2024, 5, 1)}, "a: date datetime.date(2024, 5, 1)"),
    ],
)
def test_what_is_outside_the_format_is_refused_and_named(value, says):
    with pytest.raises(MalformedEntryError) as refusal:
        canonical(value)

    assert str(refusal.value) == says


def test_half_a_character_is_refused():
    with pytest.raises(MalformedEntryError, match="surrogates not allowed"):
        canonical({"a": "\ud800"})


@pytest.mark.parametrize("depth", [900, 980, 985, 990, 995, 1000, 100_000])
def test_bytes_nested_however_deep_are_read_or_refused(depth):
    data = b'{"_v":1,"a":' + b"[" * depth + b"]" * depth + b"}"

    try:
        read = parse(data)
    except MalformedEntryError:
        return

    assert canonical(read) == data


NOT_JSON, NOT_OURS, NOT_CANONICAL = "^not JSON$", "^not an entry of format 1$", "^not in canonical form$"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b"\xff", NOT_JSON),
        ("\ufeff{}".encode(), NOT_JSON),
        ('{"_v":1}'.encode("utf-16"), NOT_JSON),
        (b"[]", NOT_OURS),
        (b"{}", NOT_OURS),
        (b"null", NOT_OURS),
        (b'{"_v":2}', NOT_OURS),
        (b'{"_v":1.0}', NOT_OURS),
        (b'{"_v":true}', NOT_OURS),
        (b'{ "_v":1}', NOT_CANONICAL),
        (b'{"_v":1}\n', NOT_CANONICAL),
        (b'{"b":1,"_v":1}', NOT_CANONICAL),
        (b'{"_v":1,"_v":1}', NOT_CANONICAL),
        (b'{"_v":1,"a":"\\u0061"}', NOT_CANONICAL),
        (b'{"_v":1,"a":-0}', NOT_CANONICAL),
        (b'{"_v":1,"a":"\\ud800"}', "surrogates not allowed"),
        (b'{"_v":1,"a":NaN}', "^a: float nan$"),
        (b'{"_v":1,"a":1.0}', "^a: float 1.0$"),
    ],
)
def test_other_bytes_are_no_entry(data, says):
    with pytest.raises(MalformedEntryError, match=says):
        parse(data)


def test_the_leaf_is_separated_from_inner_nodes():
    assert leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()


def test_a_commitment_depends_on_salt_name_and_value():
    made = {commitment(s, n, v) for s in (b"1" * 32, b"2" * 32) for n in ("reason", "name") for v in ("a", "b")}

    assert len(made) == 8


def test_a_commitment_is_the_hash_that_its_documentation_names():
    salt = bytes(range(32))

    stated = hashlib.sha256(b"dossier-priv/v1" + salt + b"reason\x00" + "chưa đủ".encode()).hexdigest()

    assert commitment(salt, "reason", "chưa đủ") == stated


def test_an_instant_is_told_in_utc_whatever_its_zone():
    there = datetime(2024, 5, 1, 7, 0, tzinfo=timezone(timedelta(hours=7)))

    assert instant(there) == instant(there.astimezone(UTC)) == "2024-05-01T00:00:00.000000Z"


@pytest.fixture
def in_vietnam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone is Vietnam's."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be set for one process")
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC-7")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_vietnam")
def test_an_instant_is_told_in_utc_whatever_the_zone_of_the_machine():
    assert instant(datetime(2024, 5, 1, tzinfo=UTC)) == "2024-05-01T00:00:00.000000Z"


def test_vietnamese_is_written_as_it_is():
    assert json.loads(canonical({"_v": 1, "a": "Đủ"})) == {"_v": 1, "a": "Đủ"}
    assert "Đủ".encode() in canonical({"_v": 1, "a": "Đủ"})


def test_entries_add_up_to_a_standing():
    life = [
        REGISTERED,
        entry(2, "paused", {}, on="2024-05-02"),
        entry(3, "reminded", {}, on="2024-05-03"),
        entry(4, "resumed", {"due": [{"deadline": "registered", "on": "2024-08-02"}]}, on="2024-05-04"),
        moved(5, "registered", "self_assessed", on="2024-05-05"),
        {**moved(6, "self_assessed", "registered", on="2024-05-06"), "body": {
            "from": "self_assessed", "to": "registered", "round": 2,
            "due": [{"deadline": "registered", "on": "2024-06-01"}, {"deadline": "posting", "on": "2024-05-31"}],
        }},
        entry(7, "extended", {"due": [{"deadline": "posting", "on": "2024-06-15"}]}, on="2024-05-07"),
    ]  # fmt: skip

    told = [fold(life[:count]) for count in range(1, len(life) + 1)]

    opened = {"definition": "abc", "stage_seq": 1, "stage_on": date(2024, 5, 1), "round": 1}
    assessed = {"definition": "abc", "stage_seq": 5, "stage_on": date(2024, 5, 5), "round": 1}
    returned = {"definition": "abc", "stage_seq": 6, "stage_on": date(2024, 5, 6), "round": 2}
    first, later = {"registered": "2024-07-31"}, {"registered": "2024-08-02"}
    begun, put_off = "2024-05-31", "2024-06-15"

    def stands(seq: int, version: int, state: str, paused_on: date | None, due: dict[str, str], stage) -> Standing:
        return Standing(seq, version, state, paused_on=paused_on, effective_on=date(2024, 5, seq), due=due, **stage)

    assert told == [
        stands(1, 1, "registered", None, first, opened),
        stands(2, 2, "registered", date(2024, 5, 2), first, opened),
        stands(3, 2, "registered", date(2024, 5, 2), first, opened),
        stands(4, 3, "registered", None, later, opened),
        stands(5, 4, "self_assessed", None, {}, assessed),
        stands(6, 5, "registered", None, {"registered": "2024-06-01", "posting": begun}, returned),
        stands(7, 6, "registered", None, {"registered": "2024-06-01", "posting": put_off}, returned),
    ]


def test_two_entries_may_be_recorded_in_one_instant():
    together = moved(2, "registered", "self_assessed", at=str(REGISTERED["at"]))

    assert fold([REGISTERED, together]).state == "self_assessed"


def test_a_stopped_clock_shows_and_a_move_starts_it():
    paused = [REGISTERED, entry(2, "paused", {}, on="2024-05-02")]

    assert fold(paused).paused_on == date(2024, 5, 2)
    assert fold([*paused, moved(3, "registered", "withdrawn", on="2024-05-03")]).paused_on is None


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([], "0: no entries"),
        ([moved(1, "registered", "self_assessed")], "1: the first entry is not a registration"),
        (
            [REGISTERED, moved(2, "self_assessed", "district_reviewed")],
            "2: leaves self_assessed but the dossier stood in registered",
        ),
        (
            [REGISTERED, moved(2, "registered", "self_assessed", on="2024-04-30")],
            "2: takes effect before the previous entry",
        ),
        (
            [REGISTERED, moved(2, "registered", "self_assessed", at="2024-04-30T00:00:00.000000Z")],
            "2: recorded before the previous entry",
        ),
        ([{**REGISTERED, "body": None}], "1: no body"),
        ([{**REGISTERED, "seq": "1"}], "'1' is not a number"),
    ],
)
def test_entries_that_do_not_follow_from_one_another_are_refused_and_named(entries, says):
    with pytest.raises(MalformedEntryError) as refusal:
        fold(entries)

    assert str(refusal.value) == says
