"""The event log for process mining: well formed by the letter of OCEL 2.0, every object linked, nobody named."""

import json
import re

import pytest

from tests.bundle.material import made

TYPES = {"string", "time", "integer", "float", "boolean"}


@pytest.fixture(scope="module")
def log(material):
    return json.loads(made(material)["ocel.json"])


def test_every_entry_is_an_event(material, log):
    ids = [event["id"] for event in log["events"]]

    assert ids == [f"{s}/{e['seq']}" for s in sorted(material.streams) for e in material.streams[s]]


def test_every_object_is_linked_to_an_event_and_every_link_leads_to_an_object(log):
    linked = {link["objectId"] for event in log["events"] for link in event["relationships"]}
    objects = [found["id"] for found in log["objects"]]

    assert len(objects) == len({*objects})
    assert {*objects} == linked
    assert {found["type"] for found in log["objects"]} == {"dossier", "locality", "office", "person"}


@pytest.mark.parametrize("of", ["event", "object"])
def test_every_type_and_attribute_is_declared_with_its_type(log, of):
    declared = {t["name"]: {a["name"]: a["type"] for a in t["attributes"]} for t in log[f"{of}Types"]}

    assert {kind for held in declared.values() for kind in held.values()} <= TYPES
    for found in log[f"{of}s"]:
        for attribute in found["attributes"]:
            expected = int if declared[found["type"]][attribute["name"]] == "integer" else str
            assert type(attribute["value"]) is expected


def test_a_move_is_an_event_of_its_transition(log):
    moves = [e["type"] for e in log["events"] if e["id"].startswith("dossier/HD-2024-NC-0001/")]

    assert [kind for kind in moves if kind != "recorded"] == [
        "registered", "self_assess", "return_to_commune", "self_assess", "review", "appraise", "recognize", "escalated",
    ]  # fmt: skip


def test_a_dossier_holds_every_state_it_was_in_since_when(log):
    dossier = next(found for found in log["objects"] if found["id"] == "dossier/HD-2024-NC-0001")

    states = [(a["value"], a["time"]) for a in dossier["attributes"] if a["name"] == "state"]
    assert states[:2] == [
        ("registered", "2024-04-15T02:00:00.000000Z"),
        ("self_assessed", "2024-07-12T02:00:00.000000Z"),
    ]
    assert states[-1] == ("recognized", "2024-09-20T02:00:00.000000Z")


def test_who_acted_for_whom_is_linked_by_id_and_a_machine_is_nobody(material, log):
    event = next(e for e in log["events"] if e["id"] == "dossier/HD-2024-NC-0002/4")

    text = json.dumps(log, ensure_ascii=False)
    links = {link["qualifier"]: link["objectId"] for link in event["relationships"]}
    assert links.keys() == {"dossier", "about", "acting_office", "person", "on_behalf_of"}
    assert re.match(r"person/p-\w+", links["on_behalf_of"])
    assert "person/system" not in text
    assert not any(name in text for name in material.people.values())
