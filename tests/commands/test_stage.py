"""What follows from the state a dossier enters: who holds it, by when, and the deadlines as they are kept and said."""

from datetime import date

from dossier_engine.commands.stage import deadline_row, standing_columns, stated
from dossier_engine.rules.deadlines import Deadline
from tests.makers import at, the_law

STATES = the_law().named("commune-advanced").states
TERRITORY = "30/295/10894/"
OWN = Deadline("registered", "state:registered", date(2024, 4, 15), date(2024, 7, 31))
OTHER = Deadline("commune_posting", "requirement:commune_posting", date(2024, 4, 15), date(2024, 5, 6))


def test_an_open_state_is_held_where_its_role_has_its_seat_until_its_own_deadline():
    columns = standing_columns(STATES["self_assessed"], TERRITORY, (OWN, OTHER))

    assert columns == {
        "state": "self_assessed",
        "is_open": True,
        "holder_role": "district_reviewer",
        "holder_path": "30/295/",
        "due_on": date(2024, 7, 31),
    }


def test_a_final_state_is_held_by_nobody_and_due_on_no_day_even_if_something_is_still_to_be_announced():
    columns = standing_columns(STATES["recognized"], TERRITORY, (OTHER,))

    assert columns == {
        "state": "recognized",
        "is_open": False,
        "holder_role": None,
        "holder_path": None,
        "due_on": None,
    }


def test_a_state_without_a_deadline_is_due_on_no_day():
    assert standing_columns(STATES["registered"], TERRITORY, ())["due_on"] is None


def test_deadlines_are_said_in_order_and_kept_open():
    assert stated((OWN, OTHER)) == [
        {"deadline": "registered", "on": "2024-07-31"},
        {"deadline": "commune_posting", "on": "2024-05-06"},
    ]
    assert deadline_row(7, 3, OTHER, at("2024-04-15")) == {
        "dossier": 7,
        "stage_seq": 3,
        "key": "commune_posting",
        "rule": "requirement:commune_posting",
        "start_on": date(2024, 4, 15),
        "due_on": date(2024, 5, 6),
        "due_version": 1,
        "set_at": at("2024-04-15"),
    }
