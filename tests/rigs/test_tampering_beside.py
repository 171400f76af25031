"""What somebody who owns the database can alter beside history, and how `audit verify` names it."""

from datetime import date

import pytest

from tests.makers import CAM_HUNG, LUONG_DIEN
from tests.rigs.attacks import FIRST, SECOND, Attack, all_of, changed, copied, gone, unguarded
from tests.rigs.busy import RECOGNISED, REGISTERED, Busy

DOSSIERS: dict[str, tuple[Attack, str, str]] = {
    "the key of its newest entry": (changed("dossier", {"code": REGISTERED}, seq=4), f"{SECOND} #4", "head_differs"),
    "the leaf it ends in": (changed("dossier", {"code": REGISTERED}, head=b"0" * 32), f"{SECOND} #3", "head_differs"),
    "a result": (
        changed("fact", {"dossier": REGISTERED, "seq": 3}, value={"agree": 20, "present": 20}),
        SECOND,
        "projection_differs",
    ),
    "a result that was replaced": (
        changed("fact", {"dossier": REGISTERED, "seq": 2}, value={"agree": 17, "present": 20}),
        SECOND,
        "projection_differs",
    ),
    "which result was replaced": (
        changed("fact", {"dossier": REGISTERED, "seq": 2}, void_seq=1),
        SECOND,
        "projection_differs",
    ),
    "a result lost": (gone("fact", dossier=REGISTERED, seq=3), SECOND, "projection_differs"),
    "a result nobody recorded": (
        copied("fact", {"dossier": REGISTERED, "seq": 3}, item="again"),
        SECOND,
        "projection_differs",
    ),
    "who did what": (
        changed("performed", {"dossier": RECOGNISED, "transition": "review"}, person="p-nobody"),
        FIRST,
        "projection_differs",
    ),
    "that somebody did it": (
        gone("performed", dossier=RECOGNISED, transition="self_assess"),
        FIRST,
        "projection_differs",
    ),
    "what somebody did": (
        changed("performed", {"dossier": RECOGNISED, "transition": "review"}, transition="appraise"),
        FIRST,
        "projection_differs",
    ),
    **{
        f"the {column} of a deadline": (
            changed("deadline", {"dossier": RECOGNISED, "stage_seq": 13, "key": "district_receipt"}, **{column: value}),
            FIRST,
            "projection_differs",
        )
        for column, value in {
            "rule": "state:self_assessed",
            "start_on": date(2024, 7, 24),
            "due_on": date(2024, 7, 30),
            "due_version": 2,
            "extended_until": date(2024, 7, 30),
            "met_on": date(2024, 7, 26),
        }.items()
    },
    "a deadline met that nobody met": (
        changed("deadline", {"dossier": RECOGNISED, "key": "announcement"}, met_on=date(2024, 9, 30)),
        FIRST,
        "projection_differs",
    ),
    "the date of an open deadline": (
        changed("deadline", {"dossier": REGISTERED}, due_on=date(2024, 9, 30)),
        SECOND,
        "projection_differs",
    ),
    "a deadline lost": (gone("deadline", dossier=REGISTERED), SECOND, "projection_differs"),
    "the length of a pause": (
        changed("pause", {"dossier": RECOGNISED}, to_on=date(2024, 7, 19)),
        FIRST,
        "projection_differs",
    ),
    "a pause lost": (gone("pause", dossier=RECOGNISED), FIRST, "projection_differs"),
    "a reason": (
        changed("private", {"stream": FIRST, "seq": 7}, value="không rõ"),
        f"{FIRST} #7",
        "private_value_differs",
    ),
    "the salt of a reason": (
        changed("private", {"stream": FIRST, "seq": 7}, salt=b"0" * 32),
        f"{FIRST} #7",
        "private_value_differs",
    ),
    "how many numbers were given out": (
        changed("counter", {"series": "HD-2024-NC"}, last=1),
        SECOND,
        "projection_differs",
    ),
}


@pytest.mark.parametrize("what", DOSSIERS)
def test_what_was_altered_beside_a_dossier_is_named(busy: Busy, what: str) -> None:
    attack, where, code = DOSSIERS[what]
    with unguarded(busy) as conn:
        attack(conn)

    assert busy.findings() == {(where, code)}


# `{xa}` stands for the id of the person with that handle.
ACTIVATED = ("commune-advanced", "commune-model", "department-report", "district-advanced")
REGISTERS: dict[str, tuple[Attack, str, str]] = {
    "a handle that leads to another person": (
        all_of(
            changed("person", {"handle": "thanhtra"}, handle="x"),
            changed("person", {"handle": "xa"}, handle="thanhtra"),
            changed("person", {"handle": "x"}, handle="xa"),
        ),
        "person {xa}|person {thanhtra}",
        "projection_differs",
    ),
    "a person nobody added": (
        copied("person", {"handle": "xa"}, id="p-nobody", handle="nobody"),
        "person p-nobody",
        "projection_differs",
    ),
    "an appointment nobody made": (
        copied("appointment", {"office": f"ubnd-xa-{CAM_HUNG}"}, role="decision_clerk"),
        "appointment {xa}",
        "projection_differs",
    ),
    "how long an appointment lasts": (
        changed("appointment", {"office": f"ubnd-xa-{CAM_HUNG}"}, valid_to=date(2024, 2, 1)),
        "appointment {xa}",
        "projection_differs",
    ),
    "how far an appointment reaches": (
        changed("appointment", {"office": f"ubnd-xa-{CAM_HUNG}"}, office_path="30/"),
        "appointment {xa}",
        "projection_differs",
    ),
    "an appointment lost": (
        gone("appointment", office=f"ubnd-xa-{CAM_HUNG}"),
        "appointment {xa}",
        "projection_differs",
    ),
    "the bytes of a definition": (
        changed("definition", {"name": "commune-advanced"}, content=b"workflow: another\n"),
        "definition commune-advanced@1",
        "definition_changed",
    ),
    "the name of a definition": (
        changed("definition", {"name": "commune-model"}, version="2"),
        "definition commune-model@1|definition commune-model@2",
        "definition_changed",
    ),
    "which definition was activated last": (
        changed("definition", {"name": "commune-advanced"}, activation=9),
        "|".join(f"definition {name}@1" for name in ACTIVATED),
        "definition_changed",
    ),
    "where a locality lies": (
        changed("locality", {"code": LUONG_DIEN}, parent="294"),
        f"locality {LUONG_DIEN}",
        "projection_differs",
    ),
    "the criteria an office confirms": (
        changed("office", {"code": "so-y-te"}, criteria=[]),
        "office so-y-te",
        "projection_differs",
    ),
    "an office nobody adopted": (
        copied("office", {"code": "so-y-te"}, code="so-moi"),
        "office so-moi",
        "projection_differs",
    ),
    "the plan": (
        changed("plan", {"year": 2024}, content={"targets": {"advanced": 1}}),
        "plan 30",
        "projection_differs",
    ),
    "a recognition nobody decided": (
        copied("recognition", {"dossier": RECOGNISED}, level="model"),
        f"recognition {CAM_HUNG}",
        "projection_differs",
    ),
    "the level of a recognition taken over": (
        changed("recognition", {"level": "ntm"}, level="advanced"),
        f"recognition {LUONG_DIEN}",
        "projection_differs",
    ),
    "the end of a recognition": (
        changed("recognition", {"dossier": RECOGNISED}, revoked_on=date(2024, 12, 1)),
        f"recognition {CAM_HUNG}",
        "projection_differs",
    ),
    "a number that no dossier has": (
        changed("counter", {"series": "HD-2024-NC"}, last=3),
        "dossier/HD-2024-NC-0003",
        "history_missing",
    ),
}


@pytest.mark.parametrize("what", REGISTERS)
def test_what_was_altered_in_a_register_is_named(busy: Busy, what: str) -> None:
    attack, places, code = REGISTERS[what]
    with unguarded(busy) as conn:
        attack(conn)

    assert busy.findings() == {(place.format(**busy.province.people), code) for place in places.split("|")}
