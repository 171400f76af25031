"""Two administrators at once: what one has just written, the other finds there."""

import threading
from datetime import date

import pytest

from dossier_engine.commands.people import Appoint, appoint
from dossier_engine.errors import AlreadyThere
from tests.makers import CAM_HUNG, SETUP, Province, at


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
