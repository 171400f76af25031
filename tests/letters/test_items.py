"""What a mail says of one matter, where the engine itself can say little."""

from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.letters.items import Matter, Reader, item
from tests.makers import the_law

LAW = the_law()
WORKFLOW = LAW.named("commune-advanced")
MATTER = Matter(
    key="registered", rung="-5wd", kind="remind", stage_seq=1, code="HD-2024-NC-0001", state="registered",
    now_stage_seq=1, definition=WORKFLOW.sha256, is_paused=False, locality="Xã Cẩm Hưng", district=None, holder_vi=None,
    holder_en=None, due_on=date(2024, 7, 31), is_met=False, is_waiting=False, answer_by=None, reminded=0, words=None,
)  # fmt: skip


def reader(today: date, language: str = "vi") -> Reader:
    return Reader(language, today, LAW.calendar)


@pytest.mark.parametrize(
    ("today", "template", "days"),
    [(date(2031, 7, 25), "ahead", "4"), (date(2031, 8, 4), "overdue", "2"), (date(2031, 7, 31), "today", "0")],
)
def test_beyond_the_calendar_weekdays_are_counted_and_the_mail_goes(today, template, days):
    made = item(replace(MATTER, due_on=date(2031, 7, 31)), WORKFLOW, reader(today))

    assert (made.template, made.facts["days"]) == (template, days)


@pytest.mark.parametrize(("language", "left"), [("vi", "quá hạn"), ("en", "overdue")])
def test_on_a_day_off_after_the_last_day_it_is_past_though_no_working_day_has_gone_by(language, left):
    friday, saturday = date(2024, 7, 26), date(2024, 7, 27)

    made = item(replace(MATTER, due_on=friday), WORKFLOW, reader(saturday, language))

    assert (made.template, made.facts["days"], made.facts["left"]) == ("overdue", "0", left)


def test_without_a_date_a_district_or_an_office_nothing_is_made_up():
    facts = item(replace(MATTER, due_on=None), WORKFLOW, reader(date(2024, 7, 24))).facts

    assert (facts["due"], facts["left"], facts["place"]) == ("", "", "xã Cẩm Hưng")
    assert facts["holder"] == "chưa rõ đơn vị"


def test_a_requirements_own_deadline_is_told_by_the_requirements_name():
    facts = item(replace(MATTER, key="commune_posting"), WORKFLOW, reader(date(2024, 7, 24), "en")).facts

    assert facts["awaited"] == facts["action"]
    assert facts["awaited"] != "Submit the self-assessment"


def test_a_deadline_that_was_met_has_ended():
    assert item(replace(MATTER, is_met=True), WORKFLOW, reader(date(2024, 7, 24))).template == "ended"


def test_words_that_people_wrote_stay_on_one_line_and_within_bounds():
    facts = item(replace(MATTER, words="a\r\nBcc: x\n" + "x" * 900), WORKFLOW, reader(date(2024, 7, 24))).facts

    assert "\n" not in facts["words"]
    assert len(facts["words"]) == 500
