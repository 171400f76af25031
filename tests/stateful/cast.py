"""Who acts in random lives: in every commune the right people, and some who are not quite; and what they may do."""

from collections.abc import Sequence
from datetime import date

from dossier_engine.commands.people import Appoint, add_person, appoint
from tests.makers import SETUP, Province, at
from tests.stateful.asks import No
from tests.stateful.book import Hat, places, seats, sectors

DISTRICTS = tuple(str(code) for code in (288, 290, *range(291, 301)))
FROM, TO = date(2024, 1, 1), date(2025, 12, 31)
DARD = "so-nong-nghiep-va-ptnt"
NO_ONE = "p-nobody"  # an id that was never given

Cast = dict[str, list[Hat]]


def of_the_province() -> Cast:
    """Those of departments and districts. The first six lines and the departments are people of `a_province`."""
    cast = {
        "so": [Hat("dard_appraiser", DARD, FROM)],
        "vanthu": [Hat("decision_clerk", "ubnd-tinh", FROM)],
        "bcd": [Hat("steering_committee", "ban-chi-dao-tinh", FROM)],
        "thanhtra": [Hat("auditor", "thanh-tra-tinh", FROM)],
        "quantri": [Hat("administrator", "bo-phan-cong-nghe-thong-tin", FROM)],
        **{office: [Hat("sector_confirmer", office, FROM)] for office in sectors()},
        "pho-so": [Hat("dard_appraiser", DARD, date(2024, 2, 1), TO, "so")],
        "mattran-tinh": [Hat("front_surveyor", "mttq-tinh", FROM)],
    }
    for district in DISTRICTS:
        office, chief = f"ubnd-huyen-{district}", f"huyen-{district}"
        cast[chief] = [Hat("district_reviewer", office, FROM)]
        cast[f"pho-{chief}"] = [Hat("district_reviewer", office, date(2024, 3, 1), date(2024, 9, 30), chief)]
        cast[f"cu-{chief}"] = [Hat("district_reviewer", office, date(2023, 1, 1), date(2024, 6, 30))]
        cast[f"mattran-{district}"] = [Hat("front_surveyor", f"mttq-huyen-{district}", FROM)]
    return cast


def of_commune(commune: str) -> Cast:
    """Those of one commune; the one who sits on every chair can never take a dossier all the way alone."""
    office, district = f"ubnd-xa-{commune}", f"ubnd-huyen-{places()[commune][1]}"
    return {
        f"xa-{commune}": [Hat("commune_officer", office, FROM)],
        f"cu-xa-{commune}": [Hat("commune_officer", office, date(2023, 1, 1), date(2024, 5, 31))],
        f"moi-xa-{commune}": [Hat("commune_officer", office, date(2024, 9, 1))],
        f"moi-ghe-{commune}": [
            Hat("commune_officer", office, FROM),
            Hat("district_reviewer", district, FROM),
            Hat("dard_appraiser", DARD, FROM),
            Hat("decision_clerk", "ubnd-tinh", FROM),
        ],
        f"thay-{commune}": [Hat("commune_officer", office, date(2024, 2, 1), TO, f"moi-ghe-{commune}")],
    }


def appoint_all(province: Province, cast: Cast) -> None:
    """Put those whom the province does not have yet into its database."""
    now, rng = at("2024-01-02"), province.rng
    new = {handle: hats for handle, hats in cast.items() if handle not in province.people}
    with province.writing() as session:
        for handle in new:
            province.people[handle] = add_person(session, handle, f"{handle} (minh họa)", SETUP, now=now, rng=rng)
        for handle, hat in ((handle, hat) for handle, hats in new.items() for hat in hats):
            principal = province.people[hat.instead_of] if hat.instead_of else None
            order = Appoint(
                person=province.people[handle], role=hat.role, office=hat.office, valid_from=hat.first,
                valid_to=hat.last, on_behalf_of=principal, act=SETUP,
            )  # fmt: skip
            appoint(session, order, now=now, rng=rng)


def knows(cast: Cast, who: str, locality: str) -> bool:
    """Whether somebody has, had or will have anything to do with the locality."""
    return any(_covers(hat, locality) for hat in cast.get(who, ()))


def hat_for(hats: Sequence[Hat], roles: Sequence[str], locality: str, today: date, *,
            levels: Sequence[int] = (1, 2, 3), office: str | None = None) -> Hat | No:  # fmt: skip
    """Under which hat somebody may act: an own one before a lent one, in the order of the roles."""
    fitting = [
        hat for hat in hats
        if hat.role in roles and _covers(hat, locality) and len(seats()[hat.office]) in levels
        and office in (None, hat.office)
    ]  # fmt: skip
    valid = [hat for hat in fitting if hat.first <= today and (hat.last is None or today <= hat.last)]
    if not valid:
        return No("appointment_expired" if fitting else "not_allowed")
    return min(valid, key=lambda hat: (hat.instead_of is not None, roles.index(hat.role), hat.office))


def _covers(hat: Hat, locality: str) -> bool:
    seat = seats()[hat.office]
    return places()[locality][: len(seat)] == seat
