"""Refusals at the command line: the documented exit code, words that say what to do next, and nothing written."""

import inspect
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli import usage  # noqa: F401  # its refusals are walked too
from dossier_engine.errors import DossierError, Problem, Unmet
from dossier_engine.shown.refusals import in_words
from tests.cli.lines import AT_DEPARTMENT, AT_DISTRICT, RECOGNISED, REGISTERED, SHA, STANDING_STILL, WHY
from tests.cli.terminal import held
from tests.files.making import a_pdf

DOCUMENTED = {1, 2, 3, 4, 5, 6, 7, 8, 9}

# exit code, code, what the sentence must name, the line
REFUSED = [
    (2, "misused", "registre", "registre"),
    (2, "misused", "register", "registre"),
    (2, "misused", "--year", "register 'Cẩm Hưng'"),
    (2, "misused", "--yaer", "register 'Cẩm Hưng' --yaer 2024"),
    (2, "misused", "1–1000", "list --limit 0"),
    (2, "misused", "--limit", "list --limit 'năm mươi'"),
    (2, "misused", "b-2", f"show {AT_DISTRICT} b-2"),
    (2, "misused", "--overdue", "list --overdue=1"),
    (2, "missing_person", "--as", f"withdraw {REGISTERED} {WHY}"),
    (3, "not_possible", "self_assess", f"advance {REGISTERED} recognize --as vanthu {WHY}"),
    (3, "not_possible", "commune_vote", (f"record {REGISTERED} vote --agree 1 --present 1 --as xa2 --requirement"
     " district_vote")),
    (3, "requirements_unmet", "Huyện nhận đủ hồ sơ", f"advance {AT_DISTRICT} review --as huyen {WHY}"),
    (3, "requirements_unmet", "district_vote", f"advance {AT_DISTRICT} review --as huyen {WHY}"),
    (3, "paused", f"dossier resume {STANDING_STILL}", f"record {STANDING_STILL} vote --agree 1 --present 1 --as xa2"),
    (3, "not_paused", f"dossier show {AT_DISTRICT}", f"resume {AT_DISTRICT} --as huyen {WHY}"),
    (3, "wrong_subject", "xã", "register 'Phường Ngọc Châu' --year 2024 --as so"),
    (3, "no_such_deadline", "self_assessed", f"deadline explain {AT_DISTRICT} review_report"),
    (4, "not_allowed", "cán bộ huyện thẩm tra", f"advance {AT_DISTRICT} review --as xa {WHY}"),
    (4, "not_allowed", "quản trị viên", f"audit restart-log --as xa {WHY}"),
    (4, "not_allowed", "quản trị viên", "person add ai-do --name 'Ai Đó' --as xa"),
    (5, "not_found", "dossier list", "show HD-2024-NC-0999"),
    (5, "not_found", "Xã Cẩm Hưng (Huyện Cẩm Giàng)", "register 'Cẩm Hưn' --year 2024 --as xa"),
    (5, "not_found", "huyen", "list --as huyên"),
    (5, "not_found", "self_assessed", "list --state self_asessed"),
    (5, "not_found", "advanced", "list --level 'nâng cao'"),
    (5, "not_found", "commune-advanced", "workflow show comune-advanced"),
    (5, "not_found", "registered", "workflow diagram commune-model --current nowhere"),
    (5, "not_found", "2024", "plan show --year 2019"),
    (5, "not_found", "office list", ("person appoint xa --role commune_officer --office ubnd-xa-1 --from"
     " 2024-01-01 --as quantri")),
    (5, "not_found", "dossier list", f"return {REGISTERED} --supplement commune_vote:x --as huyen2 {WHY}"),
    (5, "not_found", "dossier list", f"record {RECOGNISED} vote --agree 1 --present 1 --as huyen2"),
    (6, "stale_version", "999", f"advance {AT_DISTRICT} review --as huyen {WHY} --expect 999"),
    (6, "already_open", f"{REGISTERED}", "register 'Lương Điền' --year 2024 --as xa2"),
    (6, "already_there", "xa", "person add xa --name Xã --as quantri"),
    (7, "bad_input", "--reason", f"withdraw {REGISTERED} --as xa2"),
    (7, "bad_input", "HD-2024-NC-0017", "show 0017"),
    (7, "bad_input", "09/12/2024", f"withdraw {REGISTERED} --as xa2 {WHY} --on 'hôm qua'"),
    (7, "bad_input", "vi", "list --lang fr"),
    (7, "bad_input", "KHÓA:CHỮ", f"return {AT_DISTRICT} --supplement 'biên bản' --as huyen {WHY}"),
    (7, "bad_input", "workflow show", f"return {AT_DISTRICT} --supplement nothing:x --as huyen {WHY}"),
    (7, "bad_input", "SHA-256", (f"record {AT_DISTRICT} document review_report --number 1 --date 2024-07-20"
     " --sha256 abc --as huyen")),
    (7, "bad_input", "TÊN=CHỮ", f"record {AT_DISTRICT} document review_report --field số --as huyen"),
    (7, "bad_input", "dossier actions", (f"record {REGISTERED} survey --satisfied 1 --answered 1 --asked 1 --as"
     " mattran")),
    (7, "bad_input", "--requirement", (f"record {AT_DEPARTMENT} confirmation so-tai-chinh --number 1 --date"
     " 2024-11-01 --as so-tai-chinh")),
    (7, "bad_input", "--present", f"record {AT_DISTRICT} vote --agree 20 --present 18 --as huyen"),
    (7, "bad_input", "2021", "register 'Cẩm Hoàng' --year 1999 --as huyen"),
    (7, "bad_input", "--workflow", "register 'Cẩm Hoàng' --year 2024 --as huyen --on 2022-01-03"),
    (7, "bad_input", "--file", f"record {AT_DISTRICT} document review_report --file /nowhere --as huyen"),
    (7, "bad_input", "--output", "workflow diagram commune-model --output /nowhere/x.svg"),
    (7, "bad_input", "--holder", "list --holder xã"),
    (7, "bad_input", "--kind", "locality list --kind xã"),
    (7, "bad_input", "--kind", "office list --kind sở"),
    (7, "bad_input", "--unit", "calendar due 2024-04-26 5 --unit weeks"),
    (7, "bad_input", "--to", f"extend {AT_DISTRICT} --to 2024-08-01 --number 1 --date 2024-07-20 --as so {WHY}"),
    (7, "bad_input", "--reason", "audit restart-log --as quantri"),
    (7, "bad_input", "--witness", "audit sign --witness http://x"),
    (7, "bad_input", "--name", "witness key --key w.key --state w.state --name 'hai chữ'"),
    (8, "memory_damaged", "w.state", "witness serve --log x --state w.state --key w.key --at 127.0.0.1:0"),
    (7, "ambiguous_locality", "Xã Hồng Phong (Huyện Nam Sách)", "register 'Hồng Phong' --year 2024 --as xa"),
    (7, "ambiguous_locality", "Huyện Ninh Giang", "register 'hong phong' --year 2024 --as xa"),
    (7, "date_in_future", "10/12/2024", f"withdraw {REGISTERED} --as xa2 {WHY} --on 2024-12-10"),
    (7, "date_in_future", "10/12/2024", f"record {AT_DISTRICT} receipt --date 2024-12-10 --as huyen"),
    (7, "date_before_previous", "16/04/2024", f"withdraw {REGISTERED} --as xa2 {WHY} --on 2024-04-14"),
    (7, "calendar_missing", "2028", "calendar due 2027-12-20 30"),
    (7, "calendar_missing", "2040", "calendar show 2040"),
]  # fmt: skip


def subclasses(kind: type[DossierError]) -> set[type[DossierError]]:
    return {kind, *(below for direct in kind.__subclasses__() for below in subclasses(direct))}


@pytest.mark.parametrize(("exit_code", "code", "named", "line"), REFUSED, ids=[line for *_, line in REFUSED])
def test_a_refusal_names_what_to_do_and_writes_nothing(exit_code, code, named, line, dossier, home):
    before = held(home)

    said = dossier(line)
    told = dossier(f"{line} --json")

    assert (said.code, said.out) == (exit_code, "")
    assert named in said.err
    assert "Traceback" not in said.err
    assert (told.refusal["code"], told.refusal["exit_code"]) == (code, exit_code)
    assert held(home) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(subclasses(DossierError), key=lambda k: k.__name__), ids=lambda k: k.__name__)
def test_every_refusal_has_an_exit_code_and_a_sentence(kind, language):
    facts = {"failure": ["what"], "missing_person": []}.get(kind.code, inspect.signature(kind).parameters)
    refusal = kind(**{name: SAMPLES[name] for name in facts})

    sentence, *_ = in_words(refusal, catalogue(language))

    assert refusal.exit_code in DOCUMENTED
    assert sentence
    assert "{" not in sentence


DAY = date(2024, 12, 9)
AT = datetime(2024, 12, 9, 1, tzinfo=UTC)
SAMPLES = {
    "accepts": "commune", "act": "register", "actual": SHA, "candidates": ("Xã Một",), "channel": "mail",
    "command": "dossier list",
    "current": 3, "database": "sqlite:////x", "day": DAY, "definition": SHA, "dossier": AT_DISTRICT, "expected": 2,
    "field": "reason", "file": "x.csv", "findings": ["dossier/X #3: entry_edited: "], "found": "0002", "key": "k",
    "kind": "locality", "locality": "Xã Một", "name": "x", "open_keys": ("registered",), "performed": "review",
    "office": "so",
    "person": "p-x", "possible": ("review",), "previous": AT, "problems": [Problem("x.csv", 2, "unit_unknown", "9")],
    "roles": ("commune_officer",), "server": "mail.example.vn:25", "home": "/x", "broker": "redis://x", "log": "x.log",
    "since": DAY, "span": "", "state": "registered", "stated": SHA, "today": DAY,
    "suggestions": ("y",), "transition": "appraise", "unmet": [Unmet("k", "vote_missing")], "valid_from": DAY,
    "valid_to": None, "value": "", "wanted": "0001", "what": "KeyError: x", "why": "missing", "word": "--x",
    "workflow": "w", "year": 2024, "clock": AT, "seq": 1, "newest": AT, "signed": "log/1 9", "origin": "log/1",
    "size": 8, "is_set_up": True, "retry_after": 8, "allowed": "GET", "os_user": "lan", "sha256": SHA, "folder": "/x",
    "needs": "write", "limit": 1_048_576, "faults": [("/year", "missing")],
}  # fmt: skip


def test_a_person_who_performed_one_duty_is_told_that_another_must_perform_the_next(dossier):
    office = "--role dard_appraiser --office so-nong-nghiep-va-ptnt"
    dossier(f"person appoint huyen {office} --from 2024-01-01 --as quantri")

    said = dossier(f"advance {AT_DEPARTMENT} appraise --as huyen {WHY}")

    assert said.code == 4
    assert "đã thực hiện “Thẩm tra đạt”" in said.err
    assert "“Thẩm định đạt” phải do người khác" in said.err


def test_an_appointment_that_is_over_is_named_with_its_days(dossier):
    office = "--role commune_officer --office ubnd-xa-10924"
    dossier("person add xa.cu --name 'Cán bộ cũ' --as quantri")
    dossier(f"person appoint xa.cu {office} --from 2024-01-01 --to 2024-06-30 --as quantri")

    said = dossier(f"withdraw {REGISTERED} --as xa.cu {WHY}")

    assert said.code == 4
    assert "từ 01/01/2024 đến 30/06/2024" in said.err


def test_an_option_without_its_value_is_a_usage_error(dossier):
    said = dossier("list --state")

    assert said.code == 2
    assert "--state: phải có giá trị theo sau" in said.err


def test_a_key_for_another_request_is_a_conflict(dossier):
    line = f"record {AT_DISTRICT} vote --present 20 --as huyen --key k --json"
    dossier(f"{line} --agree 18")

    said = dossier(f"{line} --agree 19")

    assert (said.code, said.refusal["code"]) == (6, "key_reused")


def test_a_file_that_is_not_the_stated_one_is_refused(dossier):
    Path("report.pdf").write_bytes(a_pdf("khác"))
    line = f"record {AT_DISTRICT} document review_report --number 1 --date 2024-07-20 --as huyen --json"

    said = dossier(f"{line} --file report.pdf --sha256 {SHA}")

    assert (said.code, said.refusal["code"]) == (7, "hash_mismatch")
    assert said.refusal["facts"]["actual"] == sha256(a_pdf("khác")).hexdigest()


def test_every_suggestion_for_an_unknown_locality_is_near_and_there_are_at_most_three(dossier):
    said = dossier("register 'Hồng Phon' --year 2024 --as xa --json")

    suggested = said.refusal["facts"]["suggestions"]
    assert 0 < len(suggested) <= 3
    assert all("Hồng Ph" in name for name in suggested)


def test_a_recognised_dossier_offers_nothing_but_what_its_end_allows(dossier):
    said = dossier(f"pause {RECOGNISED} --as huyen {WHY} --json")

    assert (said.code, said.refusal["code"]) == (3, "not_possible")
    assert said.refusal["facts"]["possible"] == ["revoke"]


def test_the_locality_that_three_districts_have_is_named_with_each(dossier):
    said = dossier("register 'Hồng Phong' --year 2024 --as xa --json")

    assert [name.partition(" (")[2] for name in said.refusal["facts"]["candidates"]] == [
        "Huyện Nam Sách)",
        "Huyện Ninh Giang)",
        "Huyện Thanh Miện)",
    ]
