"""Activating versions of a definition: bytes are kept for ever, and never two under one name and version."""

import pytest
from sqlalchemy.exc import IntegrityError

from dossier_engine.commands.activate import activate
from dossier_engine.commands.desk import Act
from dossier_engine.errors import AlreadyThere, NotAllowed
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.form import read
from tests.commands.looking import entries, refused, rows
from tests.makers import SETUP, Province, at
from workflows.loader import load, packaged

NAME, CONTENT = next(found for found in packaged() if "commune-advanced" in found[0])


def put(province: Province, content: bytes, act: Act = SETUP) -> bool:
    with province.writing() as session:
        return activate(session, load(content, NAME), content, act, now=at("2024-03-01"), rng=province.rng)


def as_version(number: int) -> bytes:
    return CONTENT.replace(b"version: 1\n", f"version: {number}\n".encode(), 1)


def test_a_new_version_is_stored_byte_for_byte_and_becomes_the_newest(hai_duong):
    before = max(d["activation"] for d in rows(hai_duong, "definition"))

    stored = put(hai_duong, as_version(2))

    newest = max(rows(hai_duong, "definition"), key=lambda d: d["activation"])
    workflow = load(as_version(2), NAME)
    entry = entries(hai_duong, "definitions")[-1]
    assert stored
    assert (bytes(newest["content"]), newest["activation"]) == (as_version(2), before + 1)
    assert (newest["name"], newest["version"], newest["sha256"]) == (workflow.name, "2", workflow.sha256)
    assert entry["kind"] == "activated"
    assert (entry["body"]["workflow"], entry["body"]["definition"]) == (workflow.reference, workflow.sha256)
    assert read(entry["body"]["rules"]).states == workflow.states


def test_the_first_activation_of_an_installation_is_number_one(empty):
    put(empty, CONTENT)

    assert [d["activation"] for d in rows(empty, "definition")] == [1]


def test_the_same_bytes_are_activated_once(hai_duong):
    before = rows(hai_duong, "definition"), entries(hai_duong, "definitions")

    again = put(hai_duong, CONTENT)

    assert not again
    assert (rows(hai_duong, "definition"), entries(hai_duong, "definitions")) == before


def test_other_bytes_under_a_version_that_exists_are_refused(hai_duong):
    with refused(hai_duong, AlreadyThere) as refusal:
        put(hai_duong, CONTENT + b"\n# a remark\n")

    name = load(CONTENT, NAME).reference
    assert refusal.value.facts == {"kind": "workflow", "name": name}


@pytest.mark.parametrize("handle", ["xa", "so", "vanthu", "bcd"])
def test_only_an_administrator_or_the_installation_activates(hai_duong, handle):
    with refused(hai_duong, NotAllowed):
        put(hai_duong, as_version(2), act=hai_duong.act(handle))

    assert put(hai_duong, as_version(2), act=hai_duong.act("quantri"))


def test_two_activations_never_have_one_number(province):
    put(province, as_version(2))

    newest = max(rows(province, "definition"), key=lambda d: d["activation"])
    rival = newest | {"sha256": "00" * 32, "version": "3"}
    with pytest.raises(IntegrityError), province.writing() as session:
        session.connection().execute(TABLES["definition"].insert(), rival)
