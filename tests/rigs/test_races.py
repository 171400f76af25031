"""Real processes that do the same thing at the same instant: exactly one wins, and the others hear why not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from dossier_engine.commands.activate import activate
from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.queries.audit import verify
from dossier_engine.records import dossiers
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.law import Law
from dossier_engine.rules.requirements import Value
from tests.makers import CAM_HUNG, LUONG_DIEN, SETUP, Province, at
from tests.rigs.racing import Result, Try, racers
from tests.rigs.scale import times
from tests.workflows.small import changed
from workflows.loader import load

_HISTORY = TABLES["history"]
ON = "2024-07-12"
ROUNDS = range(times(10))
LACKING = (Supplement("commune_vote", "biên bản thiếu chữ ký"),)
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


def kinds(results: Sequence[Result]) -> Counter[str]:
    """How often each kind of result came; an unexpected error is told in full."""
    return Counter(each if isinstance(each, str) else type(each).__name__ for each in results)


def assert_intact(province: Province) -> None:
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


def entries(province: Province) -> int:
    with province.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(_HISTORY)).scalar_one())


def version_of(province: Province, code: str) -> int:
    with province.database.reading() as session:
        return int(dossiers.read(session.connection(), code).version)


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


def ready_to_assess(province: Province, locality: str = CAM_HUNG) -> str:
    code = province.register(locality=locality, on="2024-04-15").dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    return code


def sent_back(province: Province, code: str, on: str = ON) -> None:
    """The dossier returned to the commune and its list of supplements answered: ready to assess once more."""
    province.advance(code, "huyen", "return_to_commune", on=on, reason="thiếu biên bản", supplements=LACKING)
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on=on)


def withdraw(province: Province, code: str, *, handle: str = "xa", on: str = ON) -> None:
    """Out of the way, so that the same locality can register again."""
    province.advance(code, handle, "withdraw", on=on, reason="xin rút")


def opened(results: Sequence[Result]) -> list[str]:
    """The codes in the receipts, in the order of the tries."""
    return [each.dossier for each in results if isinstance(each, Receipt)]


def vote(province: Province, code: str, agree: int, key: str) -> Try:
    items = {"vote": {"agree": agree, "present": 20}}
    order = Record(dossier=code, requirement="commune_vote", items=items, act=province.act("xa", key=key))
    return Try(record, order, ON)


def move(province: Province, code: str, handle: str, transition: str, *, on: str = ON, **asked: object) -> Try:
    order = Advance(dossier=code, transition=transition, act=province.act(handle, reason="đủ điều kiện", **asked))
    return Try(advance, order, on)


def registration(province: Province, handle: str, year: int, locality: str = CAM_HUNG, key: str | None = None) -> Try:
    order = Register(
        workflow="commune-advanced", locality=locality, target_year=year, act=province.act(handle, key=key)
    )
    return Try(register, order, ON)


@pytest.mark.parametrize("pinned", [True, False], ids=["of the same version", "without a version"])
def test_of_two_advances_at_once_exactly_one_wins(province: Province, pinned: bool) -> None:
    code = ready_to_assess(province)
    with racers(2, province.database) as field:
        for _ in ROUNDS:
            version = version_of(province, code) if pinned else None
            tried = move(province, code, "xa", "self_assess", expected_version=version)

            results = field.race(tried, tried)

            assert kinds(results) == {"Receipt": 1, "StaleVersion" if pinned else "NotPossible": 1}
            sent_back(province, code)
    assert_intact(province)


def assert_one_effect(results: Sequence[Result]) -> None:
    assert kinds(results) == {"Receipt": 6}
    receipts = [each for each in results if isinstance(each, Receipt)]
    assert [each.replayed for each in receipts].count(False) == 1
    assert all(replace(each, replayed=False) == replace(receipts[0], replayed=False) for each in receipts)


def test_one_key_six_times_at_once_records_once_and_answers_six_times(province: Province) -> None:
    code = ready_to_assess(province)
    with racers(6, province.database) as field:
        for turn in ROUNDS:
            before = entries(province)

            results = field.race(*[vote(province, code, 18, f"vote-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
    assert_intact(province)


def test_one_key_six_times_at_once_moves_once_and_answers_six_times(province: Province) -> None:
    code = ready_to_assess(province)
    with racers(6, province.database) as field:
        for turn in ROUNDS:
            before = entries(province)

            results = field.race(*[move(province, code, "xa", "self_assess", key=f"move-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
            sent_back(province, code)
    assert_intact(province)


def test_one_key_six_times_at_once_registers_once_and_answers_six_times(province: Province) -> None:
    code = ""
    with racers(6, province.database) as field:
        for turn in ROUNDS:
            if code:
                withdraw(province, code)
            before = entries(province)

            results = field.race(*[registration(province, "xa", 2024, key=f"register-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
            code = opened(results)[0]
            assert code == f"HD-2024-NC-{turn + 1:04d}"
    assert_intact(province)


def test_one_key_for_two_requests_at_once_serves_one_and_refuses_the_other(province: Province) -> None:
    first = ready_to_assess(province)
    second = province.register(year=2025, on="2024-04-15").dossier
    with racers(2, province.database) as field:
        for turn in ROUNDS:
            key = f"shared-{turn}"

            results = field.race(vote(province, first, 18, key), vote(province, second, 18, key))

            assert kinds(results) == {"Receipt": 1, "KeyReused": 1}
    assert_intact(province)


@pytest.mark.parametrize("case", ["one person with two roles", "one person and a delegate who stands in"])
def test_two_acts_of_a_separation_set_at_once_are_never_both_done_by_one_person(province: Province, case: str) -> None:
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
        for _ in ROUNDS:
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


def test_two_people_who_swap_roles_between_rounds_never_do_two_acts_of_the_set_each(province: Province) -> None:
    appointed(province, "moi", "xa", "huyen")
    appointed(province, "cu", "xa", "huyen")
    on, allowed = "2024-08-16", {"Receipt", "NotPossible", "SeparationOfDuties", "BadInput", "RequirementsUnmet"}
    heard: Counter[str] = Counter()
    with racers(2, province.database) as field:
        for _ in ROUNDS:
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


def test_of_two_registrations_of_one_locality_at_once_exactly_one_wins(province: Province) -> None:
    with racers(2, province.database) as field:
        for _ in ROUNDS:
            results = field.race(registration(province, "xa", 2024), registration(province, "huyen", 2024))

            assert kinds(results) == {"Receipt": 1, "AlreadyOpen": 1}
            withdraw(province, *opened(results))
    assert_intact(province)


def test_two_communes_that_register_at_once_get_two_codes_with_no_number_between_them(province: Province) -> None:
    codes: list[str] = []
    with racers(2, province.database) as field:
        for _ in ROUNDS:
            results = field.race(
                registration(province, "xa", 2024), registration(province, "xa2", 2024, locality=LUONG_DIEN)
            )

            assert kinds(results) == {"Receipt": 2}
            codes += sorted(opened(results))
            for handle, code in zip(("xa", "xa2"), opened(results), strict=True):
                withdraw(province, code, handle=handle)
    assert codes == [f"HD-2024-NC-{n:04d}" for n in range(1, len(codes) + 1)]
    assert_intact(province)
