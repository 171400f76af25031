"""What an entry must consist of to be an act at all."""

from datetime import date
from typing import Any

import pytest

from dossier_engine.verifier.act import UNREADABLE, Act, read

HASH = "ab" * 32
ACTOR = {"office": "o", "on_behalf_of": None, "person": "p-1", "role": "auditor", "territory": "30/"}


def entry(**changed: Any) -> dict[str, Any]:
    sound = {
        "_v": 1, "stream": "people", "seq": 1, "prev": "", "kind": "erased", "at": "2024-12-31T17:00:00.000000Z",
        "effective_on": "2024-12-31", "actor": ACTOR, "channel": "cli", "body": {"a": 1}, "private": {"reason": HASH},
        "request": HASH,
    }  # fmt: skip
    return sound | changed


def test_an_act_has_the_parts_of_its_entry_and_the_legal_day_of_its_instant():
    act = read(entry())

    assert act == Act(
        "people", 1, "erased", "2024-12-31T17:00:00.000000Z", date(2025, 1, 1), date(2024, 12, 31), "p-1", ACTOR,
        {"a": 1}, {"reason": HASH},
    )  # fmt: skip
    assert act.now.isoformat() == "2024-12-31T17:00:00+00:00"
    assert not act.is_by_machine
    assert read(entry(actor={**ACTOR, "person": "system:setup"}, private={}, request=None)).is_by_machine


@pytest.mark.parametrize(("changed", "says"), [
    ({"more": 1}, "keys ['more']"),
    ({"actor": []}, "actor, body and private are objects"),
    ({"body": []}, "actor, body and private are objects"),
    ({"private": []}, "actor, body and private are objects"),
    ({"stream": 1}, "stream, kind and at are texts"),
    ({"kind": None}, "stream, kind and at are texts"),
    ({"at": 1}, "stream, kind and at are texts"),
    ({"seq": True}, "seq is a number, channel a text"),
    ({"seq": "1"}, "seq is a number, channel a text"),
    ({"channel": None}, "seq is a number, channel a text"),
    ({"request": "ab"}, "request and commitments are hashes"),
    ({"request": 1}, "request and commitments are hashes"),
    ({"request": f"{HASH}\n"}, "request and commitments are hashes"),
    ({"private": {"reason": HASH, "words": "ab"}}, "request and commitments are hashes"),
    ({"actor": {**ACTOR, "person": None}}, "actor"),
    ({"actor": {**ACTOR, "title": "x"}}, "actor"),
    ({"actor": {"person": "p-1"}}, "actor"),
    ({"at": "2024-12-31T17:00:00Z"}, "not an instant: '2024-12-31T17:00:00Z'"),
    ({"at": "2024-12-31T17:60:00.000000Z"}, "not an instant: '2024-12-31T17:60:00.000000Z'"),
    ({"at": "2024-12-31T17:00:60.000000Z"}, "not an instant: '2024-12-31T17:00:60.000000Z'"),
    ({"at": "x" * 50}, f"not an instant: '{'x' * 40}'"),
    ({"at": "2024-12-32T17:00:00.000000Z"}, "day is out of range for month"),
    ({"effective_on": "20241231"}, "not a day: '20241231'"),
    ({"effective_on": "2024-12-32"}, "day is out of range for month"),
    ({"effective_on": 20241231}, "not a day: 20241231"),
])  # fmt: skip
def test_what_no_command_writes_is_no_act(changed, says):
    with pytest.raises(UNREADABLE) as caught:
        read(entry(**changed))

    assert str(caught.value) == says


def test_the_last_minute_and_the_last_second_are_instants():
    assert read(entry(at="2024-12-31T16:59:59.999999Z")).today == date(2024, 12, 31)
