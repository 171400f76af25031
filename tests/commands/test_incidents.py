"""An incident is closed by somebody who may, with a reason, once."""

import pytest

from dossier_engine.commands.incidents import close_incident
from dossier_engine.errors import BadInput, NotAllowed, NotFound
from dossier_engine.records import reminders
from tests.commands.looking import refused, rows
from tests.makers import Province, at

NOW = "2024-12-02"


def an_incident(province: Province) -> int:
    """Nobody is appointed at the district's committee."""
    found = reminders.incident("nobody_appointed", "district_reviewer 30/295/", "30/295/", {}, at(NOW), province.rng)
    with province.writing() as session:
        reminders.report(session.connection(), [found])
    return int(found["id"])


def close(province: Province, key: int, handle: str, reason: str | None = "đã phân công người") -> None:
    with province.writing() as session:
        close_incident(session, key, province.act(handle, reason=reason), now=at(NOW))


@pytest.mark.parametrize("handle", ["huyen", "so", "quantri"])
def test_it_is_closed_by_whoever_works_over_its_territory(province, handle):
    key = an_incident(province)

    close(province, key, handle)

    [incident] = rows(province, "incident")
    assert (incident["closed_by"], incident["reason"]) == (province.people[handle], "đã phân công người")
    assert incident["closed_at"] is not None


def test_once_closed_the_same_thing_is_another_incident(province):
    close(province, an_incident(province), "so")

    an_incident(province)

    assert [i["count"] for i in rows(province, "incident")] == [1, 1]


def test_it_is_nothing_to_people_of_another_district(province):
    key = an_incident(province)

    with refused(province, NotFound):
        close(province, key, "huyen2")


def test_whoever_only_looks_on_closes_none(province):
    key = an_incident(province)

    with refused(province, NotAllowed):
        close(province, key, "thanhtra")


@pytest.mark.parametrize("reason", [None, "  "])
def test_how_it_was_seen_to_must_be_said(province, reason):
    key = an_incident(province)

    with refused(province, BadInput):
        close(province, key, "so", reason)


def test_one_that_is_closed_or_was_never_there_is_not_found(province):
    key = an_incident(province)
    close(province, key, "so")

    for wrong in (key, 1):
        with refused(province, NotFound):
            close(province, wrong, "so")
