"""What becomes of mails and events: claimed once within a lease, settled by the last claim, written as things stand."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from dossier_engine.commands.deliver import (
    MOST_ATTEMPTS,
    Claim,
    Settled,
    Verdict,
    claim_letters,
    pause_after,
    resend,
    resend_all,
    settle,
)
from dossier_engine.commands.escalations import Answer, Difficulty, answer, raise_difficulty
from dossier_engine.commands.people import change_address
from dossier_engine.commands.sweep import sweep
from dossier_engine.commands.templates import reset_template, set_template
from dossier_engine.errors import NotFound
from dossier_engine.letters import Wording
from dossier_engine.letters.items import Reader
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import legal_day
from tests.commands.conftest import CODE, Standing
from tests.makers import SETUP, Province, at

_DELIVERY = TABLES["delivery"]
LEASE = timedelta(minutes=10)
SENT, AGAIN = Verdict("sent"), Verdict("again", "451 later")


def reachable(province: Province, *handles: str) -> None:
    with province.writing() as session:
        for handle in handles:
            change_address(session, province.people[handle], f"{handle}@example.vn", SETUP, now=at("2024-01-02"),
                           rng=province.rng)  # fmt: skip


def swept(province: Province, day: str, hour: int = 8) -> None:
    with province.writing() as session:
        sweep(session, province.law, now=at(day, hour), rng=province.rng)


def claimed(province: Province, day: str, hour: int = 9, *, language: str = "vi", base_url: str | None = None,
            most: int = 100):  # fmt: skip
    now = at(day, hour)
    reader = Reader(language, legal_day(now), province.law.calendar, base_url)
    with province.writing() as session:
        return claim_letters(session, province.law, reader, now=now, lease=LEASE, most=most)


def settled(province: Province, claim: Claim, verdict: Verdict, day: str, hour: int = 9) -> Settled:
    with province.writing() as session:
        return settle(session, [(claim, verdict)], now=at(day, hour), rng=province.rng)


def rows(province: Province):
    with province.database.reading() as session:
        return session.execute(select(_DELIVERY).order_by(_DELIVERY.c.topic)).all()


def texts(province: Province, day: str, **asked) -> dict[str, str]:
    letters, _ = claimed(province, day, **asked)
    return {letter.address: letter.mail.subject for letter in letters}


def test_a_reminder_names_dossier_place_action_date_days_holder_rule_and_one_link(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-17")

    [letter], closed = claimed(province, "2024-07-17", base_url="https://ntm.example.vn")

    assert closed == Settled()
    assert letter.address == "xa@example.vn"
    assert letter.mail.subject == "[NTM] Còn 10 ngày làm việc: Nộp tự đánh giá, xã Cẩm Hưng (hạn 31/07/2024)"
    for words in (CODE, "xã Cẩm Hưng, huyện Cẩm Giàng", "thứ Tư, 31/07/2024 (còn 10 ngày làm việc)",
                  "commune-advanced@1", "Ủy ban nhân dân xã Cẩm Hưng", "Đã đăng ký", "“Nộp tự đánh giá”"):  # fmt: skip
        assert words in letter.mail.text
    assert letter.mail.text.count("https://") == 1
    assert f'<a href="https://ntm.example.vn/ho-so/{CODE}">' in letter.mail.html
    assert not letter.mail.is_digest


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        ("2024-07-24", "[NTM] Còn 5 ngày làm việc: Nộp tự đánh giá, xã Cẩm Hưng (hạn 31/07/2024)"),
        ("2024-07-30", "[NTM] Ngày mai đến hạn: Nộp tự đánh giá, xã Cẩm Hưng (31/07/2024)"),
        ("2024-07-31", "[NTM] Hôm nay đến hạn: Nộp tự đánh giá, xã Cẩm Hưng (31/07/2024)"),
        ("2024-08-05", "[NTM] Quá hạn 3 ngày làm việc: Nộp tự đánh giá, xã Cẩm Hưng"),
    ],
)
def test_the_subject_says_how_near_it_is(day, subject, standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, day)

    assert texts(province, day) == {"xa@example.vn": subject}


def test_due_on_the_next_working_day_is_not_tomorrow(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    province.extend(CODE, "huyen", "2024-08-05", on="2024-07-19")  # a Monday
    swept(province, "2024-08-02")

    [subject] = texts(province, "2024-08-02").values()

    assert subject.startswith("[NTM] Ngày làm việc tiếp theo đến hạn")


def test_the_same_in_english(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24")

    [letter], _ = claimed(province, "2024-07-24", language="en")

    assert letter.mail.subject.startswith("[NTM] 5 working days left: ")
    assert "Wednesday, 31/07/2024 (5 working days left)" in letter.mail.text


def test_what_the_committee_hears_of_a_stalled_dossier_and_in_its_digest(standing: Standing):
    province = standing("registered")
    reachable(province, "bcd")
    swept(province, "2024-07-17")
    [letter], _ = claimed(province, "2024-07-17")
    settled(province, letter.claim, SENT, "2024-07-17")
    swept(province, "2024-07-22")
    [digest], _ = claimed(province, "2024-07-22")

    assert letter.mail.subject == "[NTM] Báo cáo: hồ sơ xã Cẩm Hưng lâu không có cập nhật"
    assert "Số lần đã nhắc: 1" in letter.mail.text
    assert digest.mail.subject == "[NTM] Việc đang chờ Ban Chỉ đạo cho ý kiến: xã Cẩm Hưng"
    assert digest.mail.is_digest


def test_a_difficulty_and_its_answer_in_their_own_words(standing: Standing):
    province = standing("registered")
    reachable(province, "xa", "bcd", "huyen", "so")
    act = province.act("xa", reason="mưa lũ,\nđường hỏng")
    with province.writing() as session:
        raise_difficulty(session, province.law, Difficulty(dossier=CODE, act=act), now=at("2024-05-06"),
                         rng=province.rng)  # fmt: skip
    raised, _ = claimed(province, "2024-05-06")
    for letter in raised:
        settled(province, letter.claim, SENT, "2024-05-06")
    order = Answer(
        dossier=CODE, number="7/BCĐ", dated=at("2024-05-07").date(), act=province.act("bcd", reason="lùi hạn")
    )
    with province.writing() as session:
        answer(session, province.law, order, now=at("2024-05-07"), rng=province.rng)
    [told], _ = claimed(province, "2024-05-07", 10)

    assert raised[0].mail.subject == "[NTM] Có khó khăn cần ý kiến: xã Cẩm Hưng, Nộp tự đánh giá"
    assert "Khó khăn đã nêu: mưa lũ, đường hỏng" in raised[0].mail.text
    assert told.mail.subject == "[NTM] Đã có ý kiến chỉ đạo: xã Cẩm Hưng"
    assert "Ý kiến: lùi hạn" in told.mail.text


def test_a_mail_whose_every_item_has_ended_is_void_and_one_that_still_holds_says_what_has(standing: Standing):
    province = standing("registered")
    reachable(province, "xa", "bcd")
    province.appoint("xa", "commune_officer", "ubnd-xa-10924")
    second = province.register("xa2", "10924", on="2024-04-15").dossier
    swept(province, "2024-07-24", 7)
    province.advance(CODE, "xa", "withdraw", on="2024-07-24", reason="xin rút")

    letters, closed = claimed(province, "2024-07-24", 12)

    [mine] = [letter for letter in letters if letter.address == "xa@example.vn"]
    assert mine.mail.text.index(second) < mine.mail.text.index(CODE)
    assert "không cần làm gì thêm" in mine.mail.text
    assert "Đã rút đăng ký" in mine.mail.text
    assert closed.void == 1
    assert [r.status for r in rows(province) if r.kind == "escalation"].count("void") == 1


def test_several_items_are_one_mail_that_counts_them(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    province.appoint("xa", "commune_officer", "ubnd-xa-10924")
    province.register("xa2", "10924", on="2024-04-15")
    swept(province, "2024-08-05", 7)

    [subject] = texts(province, "2024-08-05").values()

    assert subject == "[NTM] 2 việc cần làm, trong đó 2 việc quá hạn"


def test_a_paused_clock_and_a_saved_template_are_told_as_they_are(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24", 7)
    province.pause(CODE, "huyen", on="2024-07-24")
    with province.writing() as session:
        set_template(session, "ahead", "vi", Wording("Còn $days", "$place: $left"), province.act("quantri"),
                     now=at("2024-07-24"), rng=province.rng)  # fmt: skip
    [letter], _ = claimed(province, "2024-07-24", 12)
    with province.writing() as session:
        reset_template(session, "ahead", "vi", province.act("quantri"), now=at("2024-07-24"), rng=province.rng)
        with pytest.raises(NotFound):
            reset_template(session, "ahead", "vi", province.act("quantri"), now=at("2024-07-24"), rng=province.rng)

    assert letter.mail.subject == "Còn 5"
    assert "xã Cẩm Hưng, huyện Cẩm Giàng: đồng hồ đang dừng" in letter.mail.text


def test_what_is_claimed_is_nobody_elses_until_its_lease_runs_out(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24", 7)

    [first], _ = claimed(province, "2024-07-24", 9)
    meanwhile, _ = claimed(province, "2024-07-24", 9)
    [second], _ = claimed(province, "2024-07-24", 10)
    late = settled(province, first.claim, Verdict("refused", "550"), "2024-07-24", 10)
    last = settled(province, second.claim, SENT, "2024-07-24", 10)
    again = settled(province, second.claim, AGAIN, "2024-07-24", 10)

    assert meanwhile == []
    assert first.seal == second.seal
    assert (late, last, again) == (Settled(), Settled(sent=1), Settled())
    assert [r.status for r in rows(province)] == ["sent"]


def test_a_failure_is_tried_again_later_each_time_and_then_given_up_and_can_be_revived(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24", 7)
    now, waits = at("2024-07-24", 9), []
    reader = Reader("vi", legal_day(now), province.law.calendar)
    with province.writing() as session:
        for _ in range(MOST_ATTEMPTS):
            [letter], _ = claim_letters(session, province.law, reader, now=now, lease=LEASE, most=1)
            settle(session, [(letter.claim, AGAIN)], now=now, rng=province.rng)
            [row] = session.execute(select(_DELIVERY)).all()
            waits.append(row.available_at - now)
            now = row.available_at

        assert (row.status, row.error) == ("dead", "451 later")
        assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(hours=36)
        assert claim_letters(session, province.law, reader, now=now, lease=LEASE, most=1) == ([], Settled())

        resend(session, row.id, now=now)
        with pytest.raises(NotFound):
            resend(session, row.id, now=now)
        [letter], _ = claim_letters(session, province.law, reader, now=now, lease=LEASE, most=1)
        settle(session, [(letter.claim, Verdict("refused", "550 gone"))], now=now, rng=province.rng)
        assert resend_all(session, now=now) == 1
        assert resend_all(session, now=now) == 0


def test_what_was_not_tried_waits_a_minute(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24", 7)
    [letter], _ = claimed(province, "2024-07-24")

    done = settled(province, letter.claim, Verdict("untried", "no_answer"), "2024-07-24")

    assert done == Settled(waiting=1)
    [row] = rows(province)
    assert (row.status, row.available_at) == ("waiting", at("2024-07-24") + timedelta(minutes=1))


def test_a_person_whose_address_was_taken_away_cannot_be_reached(standing: Standing):
    province = standing("registered")
    reachable(province, "xa")
    swept(province, "2024-07-24", 7)
    with province.writing() as session:
        change_address(session, province.people["xa"], None, SETUP, now=at("2024-07-24"), rng=province.rng)

    letters, closed = claimed(province, "2024-07-24", 12)

    assert (letters, closed) == ([], Settled(dead=1))
    assert rows(province)[0].error == "no_address"


def test_pauses_grow_fourfold_up_to_a_longest():
    rng = random.Random(1)

    pauses = [pause_after(n, rng) for n in range(1, 20)]

    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=90)
    assert max(pauses) <= timedelta(hours=12)
