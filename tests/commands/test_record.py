"""Recording what requirements look at: by whom, where, in what shape, and which deadlines it starts or meets."""

from datetime import date

import pytest

from dossier_engine.errors import BadInput, DateInFuture, NotAllowed, NotPossible
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import entries, facts, last, refused, row, rows
from tests.makers import SHA

VOTE = {"vote": {"agree": 18, "present": 20}}
REPORT = {"review_report": {"number": "12/BC-UBND", "date": "2024-07-20", "sha256": SHA}}
AGREED = {"result": "agree", "number": "7/STC", "date": "2024-08-30"}
ANNOUNCED = {"announcement": {"date": "2024-10-10", "place": "Nhà văn hóa xã"}}


# --- what it writes ---


def test_a_record_keeps_its_items_and_says_them_in_history(standing):
    province = standing("registered")
    results = {"2": {"result": "not_met"}, "1": {"result": "met"}}

    receipt = province.record(CODE, "xa", "commune_criteria", results, on="2024-06-01")

    assert facts(province, CODE) == {("commune_criteria", item): value for item, value in results.items()}
    assert (receipt.kind, receipt.seq) == ("recorded", 2)
    assert last(province, CODE)["body"] == {
        "requirement": "commune_criteria",
        "items": [{"item": "1", "result": "met"}, {"item": "2", "result": "not_met"}],
        "definition": row(province, CODE).definition,
    }


def test_a_record_moves_the_version_and_nothing_else_of_where_the_dossier_stands(standing):
    province = standing("registered")
    before = row(province, CODE)._asdict()

    province.record(CODE, "xa", "commune_vote", VOTE, on="2024-06-01")

    after = row(province, CODE)._asdict()
    assert {name for name in after if after[name] != before[name]} == {
        "version", "seq", "head", "recorded_at", "effective_on", "acted_on",
    }  # fmt: skip
    assert (after["version"], after["seq"]) == (2, 2)


def test_an_item_recorded_again_is_replaced_and_the_others_stand(standing):
    province = standing("registered")
    province.record(
        CODE, "xa", "commune_criteria", {"1": {"result": "met"}, "2": {"result": "not_met"}}, on="2024-06-01"
    )

    again = province.record(CODE, "xa", "commune_criteria", {"2": {"result": "met"}}, on="2024-06-02")

    stands = {item: value["result"] for (_, item), value in facts(province, CODE).items()}
    replaced = [(f["item"], f["seq"], f["void_seq"]) for f in rows(province, "fact") if f["void_seq"] is not None]
    assert stands == {"1": "met", "2": "met"}
    assert replaced == [("2", 2, again.seq)]
    assert len(entries(province, f"dossier/{CODE}")) == 3


def test_a_record_takes_effect_on_an_earlier_day_if_it_says_so(standing):
    province = standing("self_assessed")

    province.record(CODE, "huyen", "district_vote", VOTE, on="2024-08-05", effective_on=date(2024, 8, 1))

    assert row(province, CODE).effective_on == date(2024, 8, 1)


# --- by whom, and where ---


@pytest.mark.parametrize("key", ["review_report", "decision", "announcement", "is_advanced", "khong_co", ""])
def test_what_the_state_does_not_ask_for_is_refused_with_what_it_does(standing, key):
    province = standing("registered")

    with refused(province, NotPossible) as refusal:
        province.record(CODE, "xa", key, VOTE, on="2024-06-01")

    assert refusal.value.facts["possible"] == (
        "commune_criteria",
        "commune_posting",
        "front_opinions",
        "commune_vote",
        "commune_files",
        "reorganisation_decision",
    )


def test_each_fact_is_recorded_by_the_role_that_answers_for_it(standing):
    province = standing("self_assessed")
    survey = {"survey": {"satisfied": 190, "answered": 200, "asked": 210}}

    with refused(province, NotAllowed) as by_district:
        province.record(CODE, "huyen", "satisfaction", survey, on="2024-08-01")
    with refused(province, NotAllowed) as by_front:
        province.record(CODE, "mattran", "district_vote", VOTE, on="2024-08-01")
    province.record(CODE, "mattran", "satisfaction", survey, on="2024-08-01")

    assert by_district.value.facts["roles"] == ("front_surveyor",)
    assert by_front.value.facts["roles"] == ("district_reviewer",)


def test_the_fatherland_front_of_the_province_does_not_survey_for_a_district(standing):
    province = standing("self_assessed")
    province.appoint("mattran-tinh", "front_surveyor", "mttq-tinh")

    with refused(province, NotAllowed):
        survey = {"survey": {"satisfied": 190, "answered": 200, "asked": 210}}
        province.record(CODE, "mattran-tinh", "satisfaction", survey, on="2024-08-01")


def test_a_department_confirms_in_its_own_name_only(standing):
    province = standing("district_reviewed")

    with refused(province, NotAllowed):
        province.record(CODE, "so-y-te", "sector_confirmations", {"so-tu-phap": AGREED}, on="2024-09-02")
    with refused(province, NotAllowed):
        province.record(CODE, "so", "sector_confirmations", {"so-y-te": AGREED}, on="2024-09-02")
    with refused(province, NotAllowed):
        province.record(CODE, "so-y-te", "no_construction_arrears", {"so-tai-chinh": AGREED}, on="2024-09-02")
    province.record(CODE, "so-y-te", "sector_confirmations", {"so-y-te": AGREED}, on="2024-09-02")
    province.record(CODE, "so-tai-chinh", "no_construction_arrears", {"so-tai-chinh": AGREED}, on="2024-09-02")

    confirmed = {("sector_confirmations", "so-y-te"), ("no_construction_arrears", "so-tai-chinh")}
    assert confirmed <= facts(province, CODE).keys()


@pytest.mark.parametrize("offices", [(), ("so-y-te", "so-tu-phap")])
def test_offices_confirm_one_at_a_time(standing, offices):
    province = standing("district_reviewed")

    with refused(province, BadInput) as refusal:
        items = dict.fromkeys(offices, AGREED)
        province.record(CODE, "so-y-te", "sector_confirmations", items, on="2024-09-02")

    assert refusal.value.facts == {"field": "items", "value": ", ".join(offices), "why": "one_office_at_a_time"}


# --- in what shape ---


def test_an_empty_record_is_refused(standing):
    province = standing("registered")

    with refused(province, BadInput) as refusal:
        province.record(CODE, "xa", "commune_vote", {}, on="2024-06-01")

    assert refusal.value.facts == {"field": "items", "value": "", "why": "missing"}


def test_one_item_of_a_wrong_shape_refuses_the_whole_record(standing):
    province = standing("registered")

    with refused(province, BadInput) as refusal:
        results = {"1": {"result": "met"}, "20": {"result": "met"}}
        province.record(CODE, "xa", "commune_criteria", results, on="2024-06-01")

    assert refusal.value.facts == {"field": "item", "value": "20", "why": "unknown_item"}


def test_a_fact_cannot_lie_after_the_day_the_record_takes_effect(standing):
    province = standing("registered")
    posted = {"2024-06-02": {"times": 3}}

    with refused(province, DateInFuture):
        province.record(CODE, "xa", "commune_posting", posted, on="2024-06-03", effective_on=date(2024, 6, 1))
    province.record(CODE, "xa", "commune_posting", posted, on="2024-06-03")


# --- on both databases ---


def test_values_and_days_come_back_as_they_were_recorded(province):
    code = province.register().dossier
    papers = {
        "pictures": {"sha256": SHA},
        "minutes": {"date": "2024-06-01", "sha256": SHA},
        "commune_submission": {"number": "12/TTr-UBND “Đặng”", "date": "2024-06-01", "sha256": SHA},
    }

    province.record(code, "xa", "commune_files", papers, on="2024-06-03", effective_on=date(2024, 6, 1))
    province.record(code, "xa", "commune_vote", VOTE, on="2024-06-03", key="lan-1")
    again = province.record(code, "xa", "commune_vote", VOTE, on="2024-06-04", key="lan-1")

    assert facts(province, code) == {
        **{("commune_files", kind): value for kind, value in papers.items()},
        ("commune_vote", "vote"): VOTE["vote"],
    }
    assert (again.replayed, row(province, code).effective_on) == (True, date(2024, 6, 3))
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
