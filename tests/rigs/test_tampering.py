"""What somebody who owns the database can alter, and how `audit verify` names it.

Each attack is carried out as the owner of the tables, past the triggers, which are put back afterwards: what then
gives it away is history itself.
"""

from datetime import UTC, date, datetime

import pytest

from tests.rigs.attacks import FIRST, SECOND, Attack, all_of, changed, edited, forged, gone, removed, swapped, unguarded
from tests.rigs.busy import RECOGNISED, REGISTERED, Busy


def test_a_province_that_nobody_touched_has_nothing_to_be_found(busy: Busy) -> None:
    assert busy.told() == ()


ENTRIES: dict[str, tuple[Attack, str, str]] = {
    "the bytes of an entry": (edited(SECOND, 2, channel="web"), f"{SECOND} #2", "entry_edited"),
    "an entry with its leaf": (edited(SECOND, 2, leaf=True, channel="web"), f"{SECOND} #3", "chain_broken"),
    "the newest entry with its leaf": (edited(SECOND, 3, leaf=True, channel="web"), f"{SECOND} #3", "head_differs"),
    "the newest entry with its leaf and the dossier's head": (
        edited(SECOND, 3, leaf=True, head=True, effective_on="2024-05-07"), SECOND, "projection_differs",
    ),
    "the newest entry, so that it takes effect before the one before": (
        edited(SECOND, 3, leaf=True, head=True, effective_on="2024-05-05"), SECOND, "does_not_follow",
    ),
    "the newest entry, so that it has no body": (
        edited(SECOND, 3, leaf=True, head=True, body=None), SECOND, "does_not_follow",
    ),
    "the newest entry removed": (removed(SECOND, 3), f"{SECOND} #3", "head_differs"),
    "a middle entry removed": (removed(SECOND, 2), f"{SECOND} #2", "entry_missing"),
    "the first entry removed": (removed(SECOND, 1), f"{SECOND} #1", "entry_missing"),
    "every entry removed": (removed(SECOND, 1, 2, 3), SECOND, "history_missing"),
    "a dossier removed with all that is its": (
        all_of(
            removed(SECOND, 1, 2, 3), gone("fact", dossier=REGISTERED), gone("deadline", dossier=REGISTERED),
            gone("wake", dossier=REGISTERED),
            gone("dossier", code=REGISTERED),
        ), SECOND, "history_missing",
    ),
    "two entries in each other's place": (swapped((SECOND, 2), (SECOND, 3)), f"{SECOND} #2", "chain_broken"),
    "one entry more": (forged(SECOND, 4), f"{SECOND} #3", "head_differs"),
    "a history without a dossier": (forged("dossier/HD-2024-NC-0900", 1), "dossier/HD-2024-NC-0900", "row_missing"),
    "a history of nothing": (forged("minutes", 1), "minutes", "row_missing"),
    "an entry of the people removed": (removed("people", 54), "people #54", "head_differs"),
    "the head of the people": (changed("stream", {"name": "people"}, head=b"0" * 32), "people #54", "head_differs"),
    "when the people were last added to": (
        changed("stream", {"name": "people"}, recorded_at=datetime(2024, 4, 16, 3, tzinfo=UTC)), "people #54",
        "head_differs",
    ),
    "when a dossier was last changed": (
        changed("dossier", {"code": REGISTERED}, recorded_at=datetime(2024, 4, 16, 3, tzinfo=UTC)), f"{SECOND} #3",
        "head_differs",
    ),
    **{
        f"the column {name} beside an entry": (
            changed("history", {"stream": SECOND, "seq": 1}, **{name: value}), f"{SECOND} #1", "columns_differ",
        )
        for name, value in {
            "actor": "p-nobody",
            "recorded_at": datetime(2024, 4, 16, 3, tzinfo=UTC),
            "kind": "recorded",
            "fingerprint": "0" * 64,
            "key": None,
        }.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("what", ENTRIES)
def test_an_altered_history_is_named(busy: Busy, what: str) -> None:
    attack, where, code = ENTRIES[what]
    with unguarded(busy) as conn:
        attack(conn)

    assert busy.findings() == {(where, code)}


def test_entries_of_two_dossiers_in_each_others_place_are_named_in_both(busy: Busy) -> None:
    with unguarded(busy) as conn:
        swapped((FIRST, 2), (SECOND, 2))(conn)

    assert busy.findings() == {(f"{FIRST} #2", "chain_broken"), (f"{SECOND} #2", "chain_broken")}


# Of the dossier that is only registered: any other value that the tables themselves would take.
COLUMNS: dict[str, object] = {
    "workflow": "commune-model",
    "level": "model",
    "target_year": 2025,
    "territory": "30/295/",
    "state": "self_assessed",
    "holder_role": "district_reviewer",
    "holder_path": "30/295/",
    "version": 2,
    "round": 2,
    "stage_seq": 2,
    "stage_on": date(2024, 4, 17),
    "effective_on": date(2024, 5, 7),
    "paused_on": date(2024, 5, 6),
    "due_on": date(2024, 8, 30),
    "linked": RECOGNISED,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_dossier_whose_row_says_something_else_is_named_with_the_column(busy: Busy, column: str) -> None:
    with unguarded(busy) as conn:
        changed("dossier", {"code": REGISTERED}, **{column: COLUMNS[column]})(conn)

    assert [(f.where, f.code, f.what) for f in busy.told()] == [(SECOND, "projection_differs", column)]
