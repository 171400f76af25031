"""The smallest definition that uses every section, and how to break it in one place."""

from dossier_engine.errors import FileProblems
from workflows import loader

STALLED = "stalled: {working_days: 15, to: steering_committee, mandate: must_answer, answer_days: 10}"
SMALL = """\
workflow: small-advanced
version: 1
title: {vi: "Công nhận xã", en: "Recognition of a commune"}
subject: commune
kinds: [commune]
level: advanced
abbreviation: NC
valid_from: 2022-08-02
legal_basis: ["QĐ 18/2022/QĐ-TTg"]
goal: recognized
milestones: [registered, self_assessed, recognized]
register:
  by: [commune_officer, district_reviewer]
  at: [commune, district]
  requires:
    - {key: is_ntm, type: holds, label: {vi: "Xã nông thôn mới", en: "New-rural"}, level: ntm, status: configured}
states:
  registered:
    milestone: registered
    label: {vi: "Đã đăng ký", en: "Registered"}
    holder: commune_officer
    limit: {before: 08-01, status: configured}
    ladder: usual
  self_assessed:
    milestone: self_assessed
    label: {vi: "Đã tự đánh giá", en: "Self-assessed"}
    holder: district_reviewer
    limit: {days: 30, unit: working_days, from: entered, status: configured}
    ladder: usual
  recognized:
    milestone: recognized
    label: {vi: "Đã công nhận", en: "Recognized"}
    final: true
  withdrawn:
    label: {vi: "Đã rút", en: "Withdrawn"}
    final: true
transitions:
  - name: self_assess
    label: {vi: "Nộp tự đánh giá", en: "Submit"}
    from: registered
    to: self_assessed
    by: commune_officer
    at: commune
    requires:
      - key: vote
        type: vote
        label: {vi: "Biểu quyết", en: "Vote"}
        assent: 9/10
        status: memory
        source: "QĐ 18/2022/QĐ-TTg Điều 6"
  - name: recognize
    label: {vi: "Công nhận", en: "Recognize"}
    from: self_assessed
    to: recognized
    by: district_reviewer
    at: district
    requires:
      - {key: receipt, type: receipt, label: {vi: "Nhận đủ", en: "Received"}, status: configured}
      - key: report
        type: documents
        label: {vi: "Báo cáo", en: "Report"}
        status: configured
        limit: {days: 15, unit: working_days, from: received, status: configured}
        documents: [{kind: report, label: {vi: "Báo cáo", en: "Report"}, fields: [number, date]}]
      - key: posting
        type: display
        label: {vi: "Niêm yết", en: "Posting"}
        lasts_days: 15
        after: report
        status: configured
  - name: return_to_commune
    label: {vi: "Trả hồ sơ", en: "Return"}
    from: self_assessed
    to: registered
    by: district_reviewer
    at: district
    returns: true
    reason: required
    limit: {days: 10, unit: working_days, from: entered, status: configured}
  - name: withdraw
    label: {vi: "Rút", en: "Withdraw"}
    from: [registered, self_assessed]
    to: withdrawn
    by: commune_officer
    at: commune
    while_paused: true
ladders:
  usual:
    - {at: [-5wd, 0wd], to: holder, kind: remind, mandate: inform}
    - {at: +5wd, to: steering_committee, kind: escalate, mandate: must_answer, answer_days: 10}
    - {weekly: monday, to: holder, kind: remind, mandate: inform}
pause: {by: district_reviewer}
extend: {self_assessed: dard_appraiser}
separation_of_duties:
  assessment: [self_assess, recognize]
stalled: {working_days: 15, to: steering_committee, mandate: must_answer, answer_days: 10}
difficulty: {to: dard_appraiser, mandate: must_answer, answer_days: 5}
criteria:
  set: small_set
  title: {vi: "Bộ tiêu chí", en: "Criteria"}
  status: configured
  items:
    - {number: 1, label: {vi: "Quy hoạch", en: "Planning"}, status: configured}
    - {number: 2, label: {vi: "Thu nhập", en: "Income"}, status: configured, offices: cuc-thong-ke}
"""


def changed(*swaps: tuple[str, str]) -> str:
    """SMALL with each first text, which must occur exactly once, replaced by the second."""
    text = SMALL
    for old, new in swaps:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """Line and code of every fault that loading `text` reports."""
    return [(problem.line, problem.code) for problem in problems(text)]


def problems(text: str | bytes) -> list:
    """Every fault that loading `text` reports; none when it loads."""
    try:
        loader.load(text if isinstance(text, bytes) else text.encode(), "small.yaml")
    except FileProblems as refusal:
        return list(refusal.problems)
    return []


def line_of(text: str, words: str) -> int:
    """The line on which `words` stand for the first time."""
    return text[: text.index(words)].count("\n") + 1


def a_state(key: str, milestone: str) -> str:
    """The text of a further state in which a dossier can wait."""
    return f"""\
  {key}:
    milestone: {milestone}
    label: {{vi: "Bước", en: "Step"}}
    holder: district_reviewer
    limit: {{days: 5, unit: working_days, from: entered, status: configured}}
    ladder: usual
"""


def an_end(key: str) -> str:
    """The text of a further final state."""
    return f"""\
  {key}:
    label: {{vi: "Kết thúc", en: "End"}}
    final: true
"""


def a_move(name: str, origin: str, target: str, *, more: str = "reason: optional") -> str:
    """The text of a further transition."""
    return f"""\
  - name: {name}
    label: {{vi: "Chuyển", en: "Move"}}
    from: {origin}
    to: {target}
    by: district_reviewer
    at: district
    {more}
"""
