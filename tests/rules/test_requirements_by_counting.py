"""Requirements that count, against counts made the slow way: day by day and head by head."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.requirements import Fact, Facts, unmet
from dossier_engine.rules.workflow import (
    Broadcast,
    Criteria,
    CriteriaSet,
    Criterion,
    Display,
    Provenance,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
    Survey,
    Text,
    Vote,
)

LABEL, KNOWN = Text("nhãn", "label"), Provenance("verified", "QĐ 18/2022/QĐ-TTg")
COMMON = ("it", LABEL, KNOWN, None, None, None)
FIRST = date(2024, 6, 1)
NUMBERS = ("1", "2", "3")
OFFICES = ("so-xay-dung", "so-y-te", "cong-an-tinh")
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
counts = st.integers(0, 40)
shares = st.fractions(0, 1, max_denominator=20)


def is_met(requirement: Requirement, items: dict[str, dict[str, str | int]], **more: object) -> bool:
    criteria = CriteriaSet("set", LABEL, KNOWN, tuple(Criterion(n, LABEL, KNOWN, ()) for n in NUMBERS))
    recorded = {("it", item): Fact(2, 1, value) for item, value in items.items()}
    found = Facts(stage_seq=1, on=date(2024, 7, 31), criteria=criteria, recorded=recorded, **more)  # type: ignore[arg-type]
    return unmet(requirement, found) is None


def reaches(part: int, whole: int, share: Fraction) -> bool:
    return whole > 0 and Fraction(part, whole) >= share


@given(st.dictionaries(days, st.integers(1, 4), max_size=8), st.integers(1, 8), st.integers(1, 20))
def test_a_broadcast_is_met_by_any_window_of_consecutive_days(posted, times, within):
    starts = [FIRST + timedelta(days=n) for n in range(-20, 41)]
    windows = [{start + timedelta(days=n) for n in range(within)} for start in starts]

    found = is_met(
        Broadcast(*COMMON, times=times, within_days=within), {d.isoformat(): {"times": n} for d, n in posted.items()}
    )

    assert found == any(sum(n for day, n in posted.items() if day in window) >= times for window in windows)


@given(days, days, st.integers(1, 20))
def test_a_display_counts_the_days_from_its_first_to_its_last(begun, ended, lasting):
    period = {"period": {"from": begun.isoformat(), "to": ended.isoformat()}}

    found = is_met(Display(*COMMON, lasts_days=lasting, after=None), period)

    assert found == (ended >= begun + timedelta(days=lasting))


@given(counts, counts, counts, shares, st.none() | shares)
def test_a_vote_needs_its_quorum_and_its_assent_exactly(agree, present, members, assent, quorum):
    vote = {"vote": {"agree": agree, "present": present, "members": members}}

    found = is_met(Vote(*COMMON, assent=assent, quorum=quorum), vote)

    enough = quorum is None or reaches(present, members, quorum)
    assert found == (enough and reaches(agree, present, assent))


@given(counts, counts, counts, shares)
def test_a_survey_asks_those_who_answered_and_not_those_who_were_asked(satisfied, answered, asked, threshold):
    survey = {"survey": {"satisfied": satisfied, "answered": answered, "asked": asked}}

    assert is_met(Survey(*COMMON, threshold=threshold), survey) == reaches(satisfied, answered, threshold)


@given(counts, counts, shares)
def test_a_district_counts_its_communes_exactly(recognised, communes, share):
    found = is_met(
        ShareOfCommunes(*COMMON, level="advanced", share=share), {}, communes=communes,
        recognised={"advanced": recognised, "model": communes},
    )  # fmt: skip

    assert found == reaches(recognised, communes, share)


@given(st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(("met", "not_met"))))
def test_all_criteria_are_met_or_the_requirement_is_not(results):
    found = is_met(Criteria(*COMMON), {number: {"result": result} for number, result in results.items()})

    assert found == ([results.get(number) for number in NUMBERS] == ["met"] * 3)


@given(
    st.dictionaries(st.sampled_from(NUMBERS), st.sets(st.sampled_from(OFFICES)).map(lambda o: tuple(sorted(o)))),
    st.dictionaries(st.sampled_from((*OFFICES, "so-tai-chinh")), st.sampled_from(("agree", "disagree"))),
)
def test_every_criterion_is_confirmed_by_each_office_that_confirms_it(register, given_):
    found = is_met(SectorConfirmations(*COMMON), {o: {"result": r} for o, r in given_.items()}, offices=register)

    asked = [register.get(number, ()) for number in NUMBERS]
    assert found == all(offices and all(given_.get(o) == "agree" for o in offices) for offices in asked)
