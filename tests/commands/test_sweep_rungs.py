"""Every rung of every ladder in every state of every shipped definition: before its hour nothing, then exactly this."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from dossier_engine.queries.audit import verify
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.workflow import Rung
from tests.commands.journeys import CODES, JOURNEYS, RESPONSIBLE, SEATED, Journeys
from tests.commands.looking import deadlines, last, row, rows
from tests.makers import Province, at, the_law
from tests.rules.test_ladder_day_by_day import by_walking

Case = tuple[str, str, str, Rung]


def cases() -> Iterator[Case]:
    """Each definition, state, deadline that begins with the stage, and rung."""
    for name, steps in JOURNEYS.items():
        workflow = the_law().named(name)
        for state in ["registered", *steps]:
            begun = [r.key for r, _ in workflow.asked_in(state).values() if r.limit and r.limit.start != "received"]
            for key in begun if workflow.states[state].final else [state, *begun]:
                for rung in workflow.states[state].ladder:
                    yield name, state, key, rung


def named(case: Case) -> str:
    name, state, key, rung = case
    return f"{name}-{state}-{key}-{rung.name}-{rung.to}"


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> Journeys:
    return Journeys(tmp_path_factory.mktemp("journeys"))


def told(province: Province, case: Case) -> list[dict]:
    """The ledger's lines of the rung."""
    _, _, key, rung = case
    return [r for r in rows(province, "rung") if (r["key"], r["rung"], r["addressee"]) == (key, rung.name, rung.to)]


def heard(province: Province, line: dict) -> dict[str, dict]:
    """The notices of a line of the ledger with the mail of each, by handle."""
    handles = {person: handle for handle, person in province.people.items()}
    mails = {mail["id"]: mail for mail in rows(province, "delivery")}
    return {handles[n["person"]]: mails[n["delivery"]] for n in rows(province, "notice") if n["rung"] == line["id"]}


def meant(name: str, key: str, to: str) -> set[str]:
    holder = RESPONSIBLE[name.partition("-")[0]][key]
    if to in ("holder", "head"):
        return SEATED[holder][to == "head"]
    return SEATED[to][0]


def eve_of(province: Province, code: str, day: date) -> None:
    """All that came before is settled; what the machine had brought before the committee has been answered."""
    eve = (day - timedelta(days=1)).isoformat()
    province.sweep(eve, 8)
    for escalation in rows(province, "escalation"):
        if escalation["closed_seq"] is None and escalation["stage_seq"] == row(province, code).stage_seq:
            province.answer(code, "bcd", on=eve, seq=escalation["seq"])


def is_escalated(province: Province, code: str, key: str, rung: Rung, line: dict) -> None:
    entry, escalation = last(province, code), rows(province, "escalation")[-1]
    assert (entry["kind"], entry["actor"]["person"], entry["channel"]) == ("escalated", "system:reminders", "reminders")
    assert (entry["body"]["cause"], entry["body"]["deadline"], entry["body"]["rung"]) == ("rung", key, rung.name)
    assert (entry["body"]["addressee"], entry["body"]["mandate"]) == (rung.to, rung.mandate)
    assert entry["body"]["occurrence"] == line["occurrence"].isoformat()
    assert (escalation["seq"], escalation["cause"], escalation["closed_seq"]) == (entry["seq"], "rung", None)
    assert escalation["answer_by"].isoformat() == entry["body"]["answer_by"]
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases()), ids=named)
def test_a_rung_is_told_at_seven_to_exactly_whom_it_means(journeys, tmp_path, case):
    name, state, key, rung = case
    code = CODES[name]
    with journeys.standing(name, state, tmp_path) as province:
        deadline = deadlines(province, code)[key]
        walked = by_walking((*the_law().named(name).states[state].ladder,), deadline.due_on, date(2025, 6, 30))
        day = min(on for on, *which in walked if which == [rung.name, rung.to])
        if day <= fallen(deadline.set_at):  # void at birth
            province.sweep("2025-06-30")
            assert [r for r in told(province, case) if r["occurrence"] == day] == []
            return
        eve_of(province, code, day)

        province.sweep(day.isoformat(), 6, 59)
        before = told(province, case)
        province.sweep(day.isoformat(), 7)
        [line] = told(province, case)
        province.sweep(day.isoformat(), 7, 1)

        assert before == []
        assert (line["occurrence"], line["due_on"], line["outcome"]) == (day, deadline.due_on, "sent")
        assert (line["kind"], line["written_at"]) == (rung.kind, at(day.isoformat(), 7))
        mails = heard(province, line)
        assert set(mails) == meant(name, key, rung.to)
        if rung.kind == "remind":
            topic, leaves = f"morning/{day}", at(day.isoformat(), 7, 30)
        else:
            topic, leaves = f"escalation/{line['id']}", at(day.isoformat(), 7)
            is_escalated(province, code, key, rung, line)
        assert {(m["topic"], m["available_at"], m["status"]) for m in mails.values()} == {(topic, leaves, "waiting")}
        assert told(province, case) == [line]
