"""Where each dossier stands: what the database beside the history says too."""

import json
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from dossier_engine.records.dossiers import confirming_offices
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import canonical, leaf_hash
from tests.bundle.material import made


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def dossiers(material) -> dict[str, dict]:
    found = json.loads(made(material)["dossier.json"])
    return {d["code"]: d for d in found["dossiers"]}


def test_every_dossier_stands_where_its_last_move_brought_it(material):
    found = dossiers(material)

    recognised = found["HD-2024-NC-0001"]
    assert [f"dossier/{code}" for code in found] == sorted(material.streams)
    assert (recognised["state"], recognised["is_open"], recognised["round"]) == ("recognized", False, 2)
    assert recognised["state_label"] == {"vi": "Đã công nhận", "en": "Recognized"}
    assert recognised["locality"] == {"code": "10894", "name": "Xã Cẩm Hưng"}
    assert recognised["head"] == leaf_hash(canonical(material.streams["dossier/HD-2024-NC-0001"][-1])).hex()


def test_the_file_says_what_the_database_says(lived, material):
    columns = ("definition", "state", "is_open", "holder_role", "due_on", "round", "version", "stage_on", "linked")
    dossier, deadline = TABLES["dossier"], TABLES["deadline"]
    with lived.database.reading() as session:
        rows = session.execute(select(dossier)).mappings().all()
        due = session.execute(
            select(dossier.c.code, deadline.c.key, deadline.c.due_on)
            .join(dossier, (dossier.c.id == deadline.c.dossier) & (dossier.c.stage_seq == deadline.c.stage_seq))
            .where(deadline.c.met_on.is_(None))
        ).all()

    found = dossiers(material)

    stored = {row["code"]: {name: plain(row[name]) for name in columns} for row in rows}
    told = {(code, d["key"], d["due_on"]) for code, one in found.items() for d in one["open"]["deadlines"]}
    assert {code: {name: one[name] for name in columns} for code, one in found.items()} == stored
    assert told == {(code, key, plain(on)) for code, key, on in due}


def test_the_offices_that_confirm_are_those_the_engine_asks(lived, material):
    territory = "30/295/10894/"
    with lived.database.reading() as session:
        asked = confirming_offices(session.connection(), territory)

    found = material.confirming(territory)

    assert {number: {*codes} for number, codes in found.items()} == {n: {*codes} for n, codes in asked.items()}
    assert len(found) > 10


def test_what_is_open_is_listed_and_what_is_met_or_answered_is_not(material):
    found = dossiers(material)

    [stalled] = found["HD-2024-NC-0002"]["open"]["escalations"]
    deadlines = {d["key"]: d["due_on"] for d in found["HD-2024-KM-0001"]["open"]["deadlines"]}
    assert (stalled["entry"], stalled["cause"], stalled["answer_by"]) == (7, "stalled", "2024-06-24")
    assert deadlines == {"review_report": "2024-10-30", "self_assessed": "2025-01-15"}


def test_an_offices_dossier_names_its_office(material):
    offices = {d["office"] for d in dossiers(material).values() if d["office"]}

    assert "so-y-te" in offices


def test_a_stopped_clock_shows(material):
    stream = "dossier/HD-2024-NC-0002"

    found = dossiers(replace(material, streams={stream: material.streams[stream][:2]}))

    assert found["HD-2024-NC-0002"]["paused_on"] == "2024-04-20"


def test_the_file_says_of_which_log_and_when(material):
    about = json.loads(made(material)["dossier.json"])["about"]

    assert about == {"made_at": "2024-12-09T02:00:00.000000Z", "size": 1234}
