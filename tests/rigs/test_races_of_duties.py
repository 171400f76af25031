"""Acts that one person may not both do, done at the same instant by real processes: never both."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from dossier_engine.commands.activate import activate
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.commands.record import Record, record
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.law import Law
from dossier_engine.rules.requirements import Value
from tests.makers import CAM_HUNG, SETUP, Province, at
from tests.rigs.racing import Try, racers
from tests.rigs.tries import ON, assert_intact, kinds, move, ready_to_assess, sent_back, withdraw
from tests.workflows.small import changed
from workflows.loader import load

_HISTORY = TABLES["history"]
OFFICERS = {
    "xa": ("commune_officer", f"ubnd-xa-{CAM_HUNG}"),
    "huyen": ("district_reviewer", "ubnd-huyen-295"),
}

# Two opinions that one person may not both give, and both may be given in the same state: the tightest case.
OPINION = """\
  - name: {name}
    label: {{vi: "Ý kiến", en: "Opinion"}}
    from: registered
    to: registered
    by: {role}
    at: {level}
"""
OPINIONS = changed(
    ("ladders:\n", OPINION.format(name="first_opinion", role="commune_officer", level="commune")
     + OPINION.format(name="second_opinion", role="district_reviewer", level="district") + "ladders:\n"),
    ("[self_assess, recognize]", "[first_opinion, second_opinion]"),
    ("""\
  requires:
    - {key: is_ntm, type: holds, label: {vi: "Xã nông thôn mới", en: "New-rural"}, level: ntm, status: configured}
""", ""),
).encode()  # fmt: skip


def appointed(province: Province, handle: str, *offices: str, on_behalf_of: str | None = None) -> str:
    """A new person with the roles of these members of the cast; delegated for the year if on somebody's behalf."""
    now, rng = at("2024-01-03"), province.rng
    with province.writing() as session:
        person = add_person(session, handle, f"{handle} (minh họa)", SETUP, now=now, rng=rng)
        for role, office in (OFFICERS[name] for name in offices):
            order = Appoint(
                person=person, role=role, office=office, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31),
                act=SETUP, on_behalf_of=on_behalf_of,
            )  # fmt: skip
            appoint(session, order, now=now, rng=rng)
    province.people[handle] = person
    return person


@pytest.mark.asvs("V2.3.5")
@pytest.mark.parametrize("case", ["one person with two roles", "one person and a delegate who stands in"])
def test_two_acts_of_a_separation_set_at_once_are_never_both_done_by_one_person(
    province: Province, rounds: range, case: str
) -> None:
    workflow = load(OPINIONS, "opinions.yaml")
    with province.writing() as session:
        activate(session, workflow, OPINIONS, SETUP, now=at("2024-01-03"), rng=province.rng)
    province.law = Law(
        {**province.law.workflows, workflow.sha256: workflow},
        {**province.law.active, workflow.name: workflow.sha256},
        province.law.calendar,
    )
    appointed(province, "kiem-nhiem", "xa", "huyen")
    appointed(province, "nguoi-thay", "xa", on_behalf_of=province.people["kiem-nhiem"])
    first = "kiem-nhiem" if case == "one person with two roles" else "nguoi-thay"
    with racers(2, province.database) as field:
        for _ in rounds:
            code = province.register(on="2024-04-15", workflow=workflow.name).dossier

            results = field.race(
                move(province, code, first, "first_opinion"), move(province, code, "kiem-nhiem", "second_opinion")
            )

            assert kinds(results) == {"Receipt": 1, "SeparationOfDuties": 1}
            withdraw(province, code)
    assert_intact(province)


def assessed_and_returned(province: Province, assessor: str) -> str:
    """A dossier that `assessor` assessed, with all that a review asks, but back at the commune for a second round."""
    code = ready_to_assess(province)
    province.advance(code, assessor, "self_assess", on=ON)
    province.bring(code, "review", on="2024-07-29", since=ON, skip=("district_receipt", "district_posting"))
    posted: dict[str, Value] = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-14")
    sent_back(province, code, on="2024-08-15")
    return code


@pytest.mark.asvs("V2.3.5")
def test_two_people_who_swap_roles_between_rounds_never_do_two_acts_of_the_set_each(
    province: Province, rounds: range
) -> None:
    appointed(province, "moi", "xa", "huyen")
    appointed(province, "cu", "xa", "huyen")
    on, allowed = "2024-08-16", {"Receipt", "NotPossible", "SeparationOfDuties", "BadInput", "RequirementsUnmet"}
    heard: Counter[str] = Counter()
    with racers(2, province.database) as field:
        for _ in rounds:
            code = assessed_and_returned(province, "cu")
            runs = [second_round(province, code, handle, on) for handle in ("cu", "moi")]

            results = field.relay(*runs)

            heard += kinds([each for run in results for each in run])
            done = acts_of(province, code)
            assert max(len(acts) for acts in done.values()) == 1, done
            withdraw(province, code, on=on)
    assert set(heard) <= allowed
    assert heard["SeparationOfDuties"] > 0
    assert_intact(province)


def second_round(province: Province, code: str, handle: str, on: str) -> list[Try]:
    """Assess; then, as the district, receive and review, and again in case the other was not done assessing."""
    received = Record(
        dossier=code, requirement="district_receipt", items={"receipt": {"on": on}}, act=province.act(handle)
    )
    review = [Try(record, received, on), move(province, code, handle, "review", on=on)]
    return [move(province, code, handle, "self_assess", on=on), *review, *review]


def acts_of(province: Province, code: str) -> dict[str, set[str]]:
    """What each person did of the separation set on this dossier, as its history tells."""
    with province.database.reading() as session:
        rows = session.execute(select(_HISTORY.c.actor, _HISTORY.c.entry).where(_HISTORY.c.stream == f"dossier/{code}"))
        members = province.law.named("commune-advanced").separation["assessment"]
        acts: dict[str, set[str]] = {}
        for actor, data in rows:
            body = parse(data)["body"]
            if isinstance(body, dict) and body.get("transition") in members:
                acts.setdefault(actor, set()).add(str(body["transition"]))
    return acts
