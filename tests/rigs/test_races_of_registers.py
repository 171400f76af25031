"""Two administrators at once: what one has just written, the other finds there."""

import random
import threading
from datetime import date, datetime

import pytest
from sqlmodel import Session

from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.errors import AlreadyThere
from dossier_engine.queries.audit import verify
from dossier_engine.records.database import Database
from dossier_engine.rules.law import Law
from tests.makers import CAM_HUNG, SETUP, Province, at, the_law
from tests.rigs.racing import Try, racers


@pytest.mark.slow
def test_the_same_appointment_made_twice_at_once_is_made_once(province: Province) -> None:
    office, told = f"ubnd-xa-{CAM_HUNG}", []
    start = threading.Barrier(2)
    order = Appoint(
        person=province.people["xa2"], role="commune_officer", office=office, valid_from=date(2025, 1, 1),
        valid_to=date(2025, 6, 30), act=SETUP,
    )  # fmt: skip

    def make() -> None:
        start.wait(30)
        try:
            with province.writing() as session:
                appoint(session, order, now=at("2024-05-02"), rng=province.rng)
            told.append("made")
        except AlreadyThere:
            told.append("there already")

    both = [threading.Thread(target=make) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)

    assert sorted(told) == ["made", "there already"]


def added(session: Session, _: Law, handle: str, *, now: datetime, rng: random.Random) -> Receipt:
    add_person(session, handle, handle, SETUP, now=now, rng=rng)
    return Receipt(handle, 0, "", "person_added", {})


def test_the_first_people_of_an_installation_are_added_at_once_and_follow_each_other(database: Database) -> None:
    handles = [f"nguoi-{n}" for n in range(4)]

    with racers(len(handles), database) as lanes:
        results = lanes.race(*(Try(added, handle, "2024-01-02") for handle in handles))

    assert [getattr(result, "dossier", result) for result in results] == handles
    with database.reading() as session:
        verdict = verify(session, the_law())
    assert (verdict.entries, verdict.findings) == (4, ())
