"""The last administrator stays: nobody else could ever appoint anybody again."""

import pytest

from dossier_engine.commands.erase import ErasePerson, erase_person
from dossier_engine.errors import LastAdministrator
from tests.commands.ending import IT, TODAY, end, period
from tests.commands.looking import refused
from tests.makers import SETUP, at


@pytest.mark.parametrize("last", [None, "2024-06-30"])
@pytest.mark.parametrize("left", [
    {}, {"until": "2030-12-31"}, {"until": "2024-12-31", "instead_of": "quantri"}, {"since": "2024-07-02"},
])  # fmt: skip
def test_the_last_administrator_without_an_end_stays_until_there_is_another(hai_duong, last, left):
    if left:
        hai_duong.appoint("khac", "administrator", IT, **left)

    with refused(hai_duong, LastAdministrator) as refusal:
        end(hai_duong, "quantri", "administrator", IT, last=last)

    assert refusal.value.facts == {"office": IT}


def test_whoever_follows_on_the_next_day_is_another_and_an_erased_one_is_nobody(hai_duong):
    hai_duong.appoint("ke-tiep", "administrator", IT, since="2024-07-01")
    hai_duong.appoint("da-xoa", "administrator", IT)
    order = ErasePerson(person=hai_duong.people["da-xoa"], basis="theo yêu cầu", act=SETUP)
    with hai_duong.writing() as session:
        erase_person(session, order, now=at(TODAY), rng=hai_duong.rng)

    with refused(hai_duong, LastAdministrator):
        end(hai_duong, "quantri", "administrator", IT)
    end(hai_duong, "quantri", "administrator", IT, last="2024-06-30")

    assert period(hai_duong, "quantri") == [("2024-01-01", "2024-06-30", True)]


def test_an_administrator_whose_time_is_limited_anyway_may_go_before(hai_duong):
    hai_duong.appoint("tam", "administrator", IT, until="2024-12-31")

    end(hai_duong, "tam", "administrator", IT)

    assert period(hai_duong, "tam") == [("2024-01-01", "2024-06-02", True)]
