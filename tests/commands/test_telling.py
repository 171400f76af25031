"""How people are told: one mail a morning, an escalation at once, and an incident where nobody can be reached."""

from datetime import date, datetime

import pytest
from sqlalchemy import update

from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE, Standing
from tests.commands.looking import rows
from tests.makers import LUONG_DIEN, Province, at

# Cẩm Hưng's first deadline is due on 31/07 (a Wednesday): -5wd is 24/07, -1wd is 30/07.
FIVE_LEFT, ONE_LEFT = "2024-07-24", "2024-07-30"


def registered(standing: Standing) -> Province:
    """Cẩm Hưng's dossier, with nothing due before the last five days, and an address for everybody."""
    province = standing("registered")
    province.addressed()
    province.sweep("2024-07-23", 8)
    with province.writing() as session:
        session.connection().execute(TABLES["notice"].delete())
        session.connection().execute(TABLES["delivery"].delete())
    return province


def mornings(province: Province, handle: str = "xa") -> list[tuple[str, datetime]]:
    found = [d for d in rows(province, "delivery") if d["recipient"] == province.people[handle]]
    return [(d["topic"], d["available_at"]) for d in found if d["kind"] == "morning"]


def carried(province: Province, handle: str = "xa") -> list[tuple[str, str]]:
    """Each notice of the person: its rung and the topic of the mail that carries it."""
    topics = {d["id"]: d["topic"] for d in rows(province, "delivery")}
    rungs = {r["id"]: r["rung"] for r in rows(province, "rung")}
    mine = [n for n in rows(province, "notice") if n["person"] == province.people[handle]]
    return [(rungs[n["rung"]], topics[n["delivery"]]) for n in sorted(mine, key=lambda n: n["at"])]


def claimed(province: Province) -> None:
    with province.writing() as session:
        session.connection().execute(update(TABLES["delivery"]).values(attempts=1, status="sending"))


# --- the morning's mail ---


@pytest.mark.parametrize(
    ("day", "hour", "minute", "morning", "leaves"),
    [
        (FIVE_LEFT, 7, 0, FIVE_LEFT, at(FIVE_LEFT, 7, 30)),
        (FIVE_LEFT, 7, 25, FIVE_LEFT, at(FIVE_LEFT, 7, 35)),  # late: ten minutes to gather
        (FIVE_LEFT, 16, 59, FIVE_LEFT, at(FIVE_LEFT, 17, 9)),
        (FIVE_LEFT, 17, 0, "2024-07-25", at("2024-07-25", 7, 30)),  # in the evening the next morning's
        ("2024-07-26", 17, 0, "2024-07-29", at("2024-07-29", 7, 30)),  # over a weekend
        ("2024-07-28", 9, 0, "2024-07-29", at("2024-07-29", 7, 30)),  # on a Sunday
        ("2024-07-29", 5, 0, "2024-07-29", at("2024-07-29", 7, 30)),
    ],
)
def test_a_reminder_goes_into_the_mail_of_the_next_morning_on_which_offices_work(
    standing, day, hour, minute, morning, leaves
):
    province = registered(standing)

    province.sweep(day, hour, minute)

    assert mornings(province) == [(f"morning/{morning}", leaves)]
    assert carried(province) == [("-5wd", f"morning/{morning}")]


def test_what_falls_due_on_one_morning_goes_into_one_mail(standing):
    province = registered(standing)
    other = province.register("xa2", LUONG_DIEN, on=FIVE_LEFT).dossier
    province.appoint("xa", "commune_officer", f"ubnd-xa-{LUONG_DIEN}")

    province.sweep(FIVE_LEFT, 7)
    province.sweep(ONE_LEFT, 6)
    province.sweep(ONE_LEFT, 7)

    assert other != CODE
    assert mornings(province) == [(f"morning/{d}", at(d, 7, 30)) for d in (FIVE_LEFT, ONE_LEFT)]
    assert carried(province) == [
        ("-5wd", f"morning/{FIVE_LEFT}"), ("-1wd", f"morning/{ONE_LEFT}"), ("-1wd", f"morning/{ONE_LEFT}"),
    ]  # fmt: skip


def test_a_second_sweep_of_the_same_morning_joins_its_mail_while_that_has_not_left(standing):
    province = registered(standing)
    province.sweep(FIVE_LEFT, 7)

    raised = province.difficulty(CODE, "xa", on=FIVE_LEFT)
    province.answer(CODE, "so", on=FIVE_LEFT, seq=raised.seq)

    assert mornings(province) == [(f"morning/{FIVE_LEFT}", at(FIVE_LEFT, 7, 30))]
    assert carried(province) == [("-5wd", f"morning/{FIVE_LEFT}"), ("answered", f"morning/{FIVE_LEFT}")]


def test_what_comes_after_a_mail_was_claimed_goes_into_the_next(standing):
    province = registered(standing)
    province.sweep("2024-07-26", 7)
    claimed(province)

    raised = province.difficulty(CODE, "xa", on="2024-07-26")
    province.answer(CODE, "so", on="2024-07-26", seq=raised.seq)

    assert carried(province) == [("-5wd", "morning/2024-07-26"), ("answered", "morning/2024-07-29")]
    assert mornings(province)[1] == ("morning/2024-07-29", at("2024-07-29", 7, 30))


@pytest.mark.parametrize(
    ("day", "hour", "morning"), [("2028-01-01", 9, "2028-01-01"), ("2028-01-03", 19, "2028-01-04")]
)
def test_people_are_told_even_in_a_year_without_a_calendar_file(standing, day, hour, morning):
    province = registered(standing)

    province.sweep(day, hour)

    assert [topic for topic, _ in mornings(province)] == [f"morning/{morning}"]


# --- who is meant ---


# --- whom nobody reaches ---


def test_an_office_without_anybody_is_one_incident_counted_again(province):
    code = province.register(on="2024-07-23").dossier
    with province.writing() as session:
        gone = TABLES["appointment"].c.role == "commune_officer"
        session.connection().execute(update(TABLES["appointment"]).where(gone).values(valid_to=date(2024, 7, 23)))

    province.sweep(FIVE_LEFT, 7)
    province.sweep(ONE_LEFT, 7)

    [vacant] = [i for i in rows(province, "incident") if i["kind"] == "nobody_appointed"]
    assert (vacant["about"], vacant["territory"]) == ("commune_officer 30/295/10894/", "30/295/10894/")
    assert vacant["facts"] == {
        "role": "commune_officer", "head": False, "office": "", "path": "30/295/10894/", "dossier": code,
    }  # fmt: skip
    assert (vacant["count"], vacant["first_at"], vacant["last_at"]) == (2, at(FIVE_LEFT, 7), at(ONE_LEFT, 7))
    assert [r["outcome"] for r in rows(province, "rung")] == ["sent", "sent"]
    assert rows(province, "notice") == []


def test_an_office_without_a_head_is_an_incident_of_its_own(province):
    province.register(on="2024-07-23")

    province.sweep("2024-08-01", 7)

    assert [i["about"] for i in rows(province, "incident") if i["kind"] == "nobody_appointed"] == [
        "head of commune_officer 30/295/10894/"
    ]


def test_somebody_without_an_address_has_the_notice_and_is_an_incident_counted_again(province):
    province.register(on="2024-07-23")

    province.sweep(FIVE_LEFT, 7)
    province.sweep(ONE_LEFT, 7)

    [silent] = rows(province, "incident")
    assert (silent["kind"], silent["about"], silent["count"]) == ("no_address", province.people["xa"], 2)
    assert (silent["facts"], silent["closed_at"]) == ({"person": province.people["xa"]}, None)
    assert [n["delivery"] for n in rows(province, "notice")] == [None, None]
    assert rows(province, "delivery") == []


def test_an_incident_that_was_closed_and_happens_again_is_another(province):
    province.register(on="2024-07-23")
    province.sweep(FIVE_LEFT, 7)
    with province.writing() as session:
        session.connection().execute(update(TABLES["incident"]).values(closed_at=at(FIVE_LEFT)))

    province.sweep(ONE_LEFT, 7)

    assert [i["count"] for i in rows(province, "incident")] == [1, 1]
