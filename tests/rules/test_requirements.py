"""What counts as a fact, and what each requirement still lacks."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.errors import BadInput, DateInFuture
from dossier_engine.rules.requirements import Fact, Facts, check_shape, unmet
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Criteria,
    CriteriaSet,
    Criterion,
    Display,
    Document,
    Documents,
    Holds,
    Provenance,
    Receipt,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
    Survey,
    Text,
    Vote,
)

LABEL, KNOWN = Text("nhãn", "label"), Provenance("verified", "QĐ 18/2022/QĐ-TTg")
COMMON = ("it", LABEL, KNOWN, None, None, None)
TODAY = date(2024, 7, 10)
SHA = "ab" * 32
CRITERIA = CriteriaSet(
    "set", LABEL, KNOWN, (Criterion("1", LABEL, KNOWN, ()), Criterion("2", LABEL, KNOWN, ("so-y-te",)))
)
PAPERS = Documents(
    *COMMON, (Document("report", LABEL, ("number", "date", "sha256")), Document("photo", LABEL, ("sha256",)))
)
REPORT = {"number": "12/BC", "date": "2024-07-01", "sha256": SHA}


def facts(
    items: dict[str, dict[str, str | int]] | None = None, *, stage: int = 1, of: str = "it", **more: object
) -> Facts:
    recorded = {(of, item): Fact(2, stage, value) for item, value in (items or {}).items()}
    return Facts(stage_seq=1, on=TODAY, criteria=CRITERIA, recorded=recorded, **more)  # type: ignore[arg-type]


def lacking(requirement: Requirement, found: Facts) -> tuple[str, dict[str, object]] | None:
    lack = unmet(requirement, found)
    return None if lack is None else (lack.why, dict(lack.facts))


def test_documents_are_met_when_every_one_is_recorded():
    assert lacking(PAPERS, facts()) == ("documents_missing", {"documents": ("report", "photo")})
    assert lacking(PAPERS, facts({"report": REPORT, "photo": {"sha256": SHA}})) is None


def test_every_criterion_must_be_met_and_those_that_are_not_are_named():
    criteria = Criteria(*COMMON)

    assert lacking(criteria, facts({"1": {"result": "not_met"}})) == (
        "criteria_not_met", {"missing": ("2",), "not_met": ("1",), "of": 2},
    )  # fmt: skip
    assert lacking(criteria, facts({"1": {"result": "met"}, "2": {"result": "met"}})) is None


def test_a_broadcast_counts_the_best_window_of_days():
    broadcast = Broadcast(*COMMON, times=5, within_days=15)
    spread = {f"2024-06-{day:02}": {"times": 1} for day in (1, 8, 15, 16, 30)}

    assert lacking(broadcast, facts()) == ("posted_too_seldom", {"times": 0, "wanted": 5, "days": 15})
    assert lacking(broadcast, facts(spread)) == ("posted_too_seldom", {"times": 3, "wanted": 5, "days": 15})
    assert lacking(broadcast, facts({"2024-06-01": {"times": 4}, "2024-06-15": {"times": 1}})) is None
    assert lacking(broadcast, facts({"2024-06-01": {"times": 4}, "2024-06-16": {"times": 1}})) is not None


def test_a_display_lasts_long_enough_and_begins_no_earlier_than_its_report():
    display = Display(*COMMON, lasts_days=15, after="report")
    shown = {("it", "period"): Fact(2, 1, {"from": "2024-06-10", "to": "2024-06-25"})}
    report = {
        ("report", "report"): Fact(1, 1, {"date": "2024-06-11"}),
        ("report", "photo"): Fact(1, 1, {"sha256": SHA}),
    }

    def judged(recorded: dict[tuple[str, str], Fact]) -> object:
        return lacking(display, Facts(stage_seq=1, on=TODAY, criteria=CRITERIA, recorded=recorded))

    assert judged({}) == ("posting_missing", {"days": 15})
    assert judged(shown) is None
    assert judged(shown | report) == ("posted_too_early", {"posted": "2024-06-10", "report": "2024-06-11"})
    short = {("it", "period"): Fact(2, 1, {"from": "2024-06-11", "to": "2024-06-25"})}
    assert judged(short | report) == ("posted_too_short", {"days": 14, "wanted": 15})
    assert (
        lacking(
            Display(*COMMON, lasts_days=15, after=None), facts({"period": {"from": "2024-06-10", "to": "2024-06-25"}})
        )
        is None
    )


@pytest.mark.parametrize(
    ("agree", "present", "passes"), [(17, 19, False), (18, 20, True), (9, 10, True), (0, 0, False)]
)
def test_assent_is_an_exact_fraction_of_those_present(agree, present, passes):
    vote = Vote(*COMMON, assent=Fraction(9, 10), quorum=None)

    found = lacking(vote, facts({"vote": {"agree": agree, "present": present}}))

    assert (found is None) is passes
    assert passes or found == ("no_assent", {"agree": agree, "present": present, "wanted": "9/10"})


def test_a_vote_without_its_quorum_does_not_count():
    vote = Vote(*COMMON, assent=Fraction(9, 10), quorum=Fraction(7, 10))

    assert lacking(vote, facts()) == ("vote_missing", {})
    assert lacking(vote, facts({"vote": {"agree": 6, "present": 6, "members": 9}})) == (
        "no_quorum", {"present": 6, "members": 9, "wanted": "7/10"},
    )  # fmt: skip
    assert lacking(vote, facts({"vote": {"agree": 7, "present": 7, "members": 10}})) is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_vote_passes_exactly_when_the_fraction_says_so(agree, present):
    vote = Vote(*COMMON, assent=Fraction(9, 10), quorum=None)

    passed = unmet(vote, facts({"vote": {"agree": agree, "present": present}})) is None

    assert passed == (Fraction(agree, present) >= Fraction(9, 10))


def test_a_survey_is_judged_by_those_who_answered():
    survey = Survey(*COMMON, threshold=Fraction(9, 10))

    assert lacking(survey, facts()) == ("survey_missing", {})
    below = {"survey": {"satisfied": 89, "answered": 100, "asked": 110}}
    assert lacking(survey, facts(below)) == ("not_satisfied", {"satisfied": 89, "answered": 100, "wanted": "9/10"})
    assert lacking(survey, facts({"survey": {"satisfied": 90, "answered": 100, "asked": 110}})) is None


def test_every_office_that_confirms_a_criterion_must_agree():
    sectors = SectorConfirmations(*COMMON)
    offices = {"1": ("so-xay-dung",)}
    agreed = {"result": "agree", "number": "1", "date": "2024-07-01"}

    assert lacking(sectors, facts(offices={})) == ("no_office_confirms", {"criteria": ("1",)})
    assert lacking(sectors, facts({"so-y-te": agreed | {"result": "disagree"}}, offices=offices)) == (
        "not_confirmed", {"missing": ("so-xay-dung",), "against": ("so-y-te",)},
    )  # fmt: skip
    assert lacking(sectors, facts({"so-y-te": agreed, "so-xay-dung": agreed}, offices=offices)) is None


def test_one_named_office_confirms():
    confirmation = Confirmation(*COMMON, office="so-tai-chinh")

    assert lacking(confirmation, facts()) == ("not_confirmed", {"missing": ("so-tai-chinh",), "against": ()})
    assert lacking(confirmation, facts({"so-tai-chinh": {"result": "agree"}})) is None


def test_a_receipt_belongs_to_the_stage_it_was_recorded_in():
    receipt = Receipt(*COMMON)

    assert lacking(receipt, facts()) == ("receipt_missing", {})
    assert lacking(receipt, facts({"receipt": {"on": "2024-07-01"}}, stage=0)) == ("receipt_missing", {})
    assert lacking(receipt, facts({"receipt": {"on": "2024-07-01"}}, stage=1)) is None


def test_a_precondition_looks_at_what_the_locality_holds():
    assert lacking(Holds(*COMMON, level="advanced"), facts()) == ("not_recognised", {"level": "advanced"})
    assert lacking(Holds(*COMMON, level="advanced"), facts(held=frozenset({"advanced"}))) is None


def test_a_district_needs_its_share_of_communes():
    share = ShareOfCommunes(*COMMON, level="advanced", share=Fraction(1, 2))

    assert lacking(share, facts(communes=15, recognised={"advanced": 7})) == (
        "too_few_communes", {"have": 7, "of": 15, "wanted": "1/2"},
    )  # fmt: skip
    assert lacking(share, facts(communes=16, recognised={"advanced": 8})) is None
    assert lacking(share, facts()) is not None


def test_an_unknown_type_of_requirement_is_a_defect():
    with pytest.raises(TypeError):
        unmet(Requirement(*COMMON), facts())


SHAPES: list[tuple[Requirement, str, dict[str, str | int]]] = [
    (PAPERS, "report", REPORT),
    (Criteria(*COMMON), "1", {"result": "met"}),
    (Broadcast(*COMMON, times=5, within_days=15), "2024-07-01", {"times": 2}),
    (Display(*COMMON, lasts_days=15, after=None), "period", {"from": "2024-06-01", "to": "2024-06-20"}),
    (Vote(*COMMON, assent=Fraction(9, 10), quorum=None), "vote", {"agree": 9, "present": 10}),
    (Vote(*COMMON, assent=Fraction(9, 10), quorum=None), "vote", {"agree": 9, "present": 10, "members": 12}),
    (Survey(*COMMON, threshold=Fraction(9, 10)), "survey", {"satisfied": 9, "answered": 10, "asked": 12}),
    (SectorConfirmations(*COMMON), "so-y-te", {"result": "agree", "number": "1", "date": "2024-07-01"}),
    (Confirmation(*COMMON, office="so-y-te"), "so-y-te", {"result": "disagree", "number": "1", "date": "2024-07-01"}),
    (Receipt(*COMMON), "receipt", {"on": "2024-07-10"}),
]


@pytest.mark.parametrize(("requirement", "item", "value"), SHAPES)
def test_a_well_formed_fact_is_taken(requirement, item, value):
    check_shape(requirement, item, value, criteria=CRITERIA, today=TODAY)


@pytest.mark.parametrize(
    ("number", "item", "value", "why"),
    [
        (0, "letter", REPORT, "unknown_item"),
        (0, "report", REPORT | {"number": " "}, "missing"),
        (0, "report", REPORT | {"sha256": "xyz"}, "not_sha256"),
        (0, "report", REPORT | {"date": "12/07/2024"}, "not_a_date"),
        (0, "report", REPORT | {"date": "20240701"}, "not_a_date"),
        (0, "report", REPORT | {"number": "a\u0000b"}, "not_plain_text"),
        (0, "report", REPORT | {"number": "Đu\u0309"}, "not_plain_text"),
        (0, "report", REPORT | {"item": "photo"}, "unknown_item"),
        (1, "20", {"result": "met"}, "unknown_item"),
        (1, "1", {"result": "perhaps"}, "not_a_choice"),
        (2, "soon", {"times": 1}, "not_a_date"),
        (2, "2024-07-01", {"times": 0}, "count_too_small"),
        (2, "2024-07-01", {"times": "2"}, "not_a_count"),
        (2, "2024-07-01", {"times": 10**10}, "not_a_count"),
        (3, "today", {}, "unknown_item"),
        (3, "period", {"from": "2024-06-20", "to": "2024-06-01"}, "before_from"),
        (4, "show of hands", {}, "unknown_item"),
        (4, "vote", {"agree": 11, "present": 10}, "count_too_small"),
        (6, "poll", {}, "unknown_item"),
        (8, "so-xay-dung", {"result": "agree", "number": "1", "date": "2024-07-01"}, "unknown_item"),
        (9, "letter", {"on": "2024-07-01"}, "unknown_item"),
    ],
)
def test_a_fact_that_could_never_count_is_refused(number, item, value, why):
    requirement = SHAPES[number][0]

    with pytest.raises(BadInput) as refusal:
        check_shape(requirement, item, value, criteria=CRITERIA, today=TODAY)

    assert refusal.value.facts["why"] == why


def test_a_fact_of_tomorrow_is_refused():
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    with pytest.raises(DateInFuture):
        check_shape(SHAPES[9][0], "receipt", {"on": tomorrow}, criteria=CRITERIA, today=TODAY)


def test_a_precondition_is_looked_up_and_never_recorded():
    with pytest.raises(BadInput) as refusal:
        check_shape(Holds(*COMMON, level="advanced"), "it", {}, criteria=CRITERIA, today=TODAY)

    assert refusal.value.facts["why"] == "not_recorded"
