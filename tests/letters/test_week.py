"""The weekly page in words: both languages, within one sheet of paper however much there is to tell."""

import sys
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import weasyprint

from dossier_engine.channels.message import message
from dossier_engine.letters import printing
from dossier_engine.letters.week import mail, printed, sheet
from dossier_engine.queries.week import MOST_ANSWERED, MOST_DISTRICTS, MOST_LATE, MOST_WAITING
from tests.channels.letters import a_letter

OFFICE = ("Ban Chỉ đạo các chương trình mục tiêu quốc gia tỉnh Hải Dương", "Steering Committee")
LONG = "Đề nghị hoàn thiện hồ sơ minh chứng của tiêu chí môi trường và an toàn thực phẩm, " * 20


def a_line(number: int) -> dict[str, Any]:
    place = f"Xã Tân Hưng Thượng Phú {number}, Huyện Thanh Miện"
    return {
        "code": f"HD-2024-HNC-{number:04}", "place": {"vi": place, "en": place},
        "state": {"vi": "Huyện đã thẩm tra, chờ công khai", "en": "District reviewed, waiting to be posted"},
        "holder": {"vi": "Sở Nông nghiệp và Phát triển nông thôn", "en": "Department of Agriculture"},
        "due_on": "2024-07-31", "days_over": 41,
    }  # fmt: skip


def content(**other: Any) -> dict[str, Any]:
    """As much as a page can hold."""
    label = {"vi": "Huyện đủ điều kiện trình công nhận nông thôn mới nâng cao", "en": "Districts ready to submit"}
    target = {"label": label, "year": 2024, "planned": 35, "done": 7, "under_way": 27, "late": 1}
    district = {"done": 12, "under_way": 20, "late": 3}
    answer = {"stream": "dossier/X", "seq": 7, "number": "1234/BCĐ-VPĐP", "dated": "2024-11-28", "until": "2024-12-20"}
    return {
        "at": "2024-12-02T00:00:00.000000Z", "week": "2024-W49", "monday": "2024-12-02", "sunday": "2024-12-08",
        "targets": [target] * 3, "late": 40, "falls_due": 12, "waiting": 30,
        "districts": [{**district, "name": f"Thành phố Chí Linh {n}"} for n in range(MOST_DISTRICTS)],
        "overdue": [a_line(n) for n in range(MOST_LATE)],
        "asked": [{**a_line(n), "since": "2024-11-01", "cause": "stalled"} for n in range(MOST_WAITING)],
        "answered": [{**a_line(n), **answer} for n in range(MOST_ANSWERED)],
        "log": {"origin": "x", "size": 123_456, "root": "ab" * 32},
        "before": {"monday": "2024-11-25", "done": 15, "late": 33, "waiting": 28},
        **other,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_fullest_page_is_one_sheet_of_a4(language):
    made = sheet(content(), OFFICE, {("dossier/X", 7): LONG}, language)

    assert len(made.tables) == 5
    assert len(weasyprint.HTML(string=printed(made, language)).render().pages) == 1


def test_it_says_how_much_there_is_for_which_it_has_no_room():
    made = sheet(content(), OFFICE, {}, "vi")

    assert [table.more for table in made.tables if table.more] == ["và 20 hồ sơ khác", "và 34 hồ sơ khác"]


def test_what_changed_is_told_against_the_page_before():
    made = sheet(content(), OFFICE, {}, "en")

    assert made.title == "Week 49/2024: 02/12/2024 to 08/12/2024"
    assert made.sentences[3] == (
        "Since the page of week 48/2024: 6 more recognised; overdue from 33 to 40; "
        "waiting for an opinion from 28 to 30."
    )


def test_a_quiet_week_without_a_plan_says_so():
    quiet = content(late=0, waiting=0, targets=[], overdue=[], asked=[], answered=[], before=None, log=None)
    made = sheet(quiet, OFFICE, {}, "vi")

    assert made.sentences == (
        "Tuần này không có hồ sơ quá hạn.", "Không có việc nào cần Ban Chỉ đạo cho ý kiến.",
        "12 hồ sơ đến hạn từ nay đến hết tuần.", "Chưa có trang tuần trước để so sánh.",
        "Chưa có kế hoạch của năm nay.",
    )  # fmt: skip
    assert [table.caption for table in made.tables] == ["Hồ sơ theo địa phương"]
    assert made.foot == ("Số liệu lúc 07:00 02/12/2024; trang này giữ nguyên về sau.",)


def test_what_people_wrote_stays_on_its_line_and_can_be_no_markup():
    words = {("dossier/X", 7): "a\r\nb <script>x</script>"}
    made = sheet(content(), OFFICE, words, "vi")
    sent = mail(made, "vi", "https://ntm.example.vn/tuan/abc")

    assert "a b <script>x</script>" in sent.text
    assert "&lt;script&gt;" in sent.html
    assert '<a href="https://ntm.example.vn/tuan/abc">' in sent.html
    assert sent.printed is not None
    assert "/tuan/abc" not in sent.printed  # whoever finds the paper has no way in


def test_nothing_is_fetched_for_a_page(caplog):
    made = printing.pdf("<img src='file:///etc/passwd'><p>x</p>")

    assert printing.can_print()
    assert made is not None
    assert made.startswith(b"%PDF-")
    assert "Failed to load image at 'file:///etc/passwd'" in caplog.text


def test_where_no_pdf_can_be_made_the_mail_carries_the_page_alone(monkeypatch):
    made = mail(sheet(content(), OFFICE, {}, "vi"), "vi", None)
    letter = replace(a_letter(), mail=made)
    printing.pdf.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    sent = message_from_bytes(message(letter, "ntm@example.vn"), policy=default)

    assert not printing.can_print()
    assert list(sent.iter_attachments()) == []
    assert "Tuần 49/2024" in sent.get_body(("html",)).get_content()
    printing.pdf.cache_clear()
