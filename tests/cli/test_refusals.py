"""Refusals at the command line: the documented exit code, words that say what to do next, and nothing written."""

import inspect
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli import usage  # noqa: F401  # its refusals are walked too
from dossier_engine.cli.call import Call
from dossier_engine.cli.refusals import in_words
from dossier_engine.errors import DossierError, Problem, Unmet
from tests.cli.lines import A, B, DONE, LATER, SHA, STILL, WHY

DOCUMENTED = {1, 2, 3, 4, 5, 6, 7, 8, 9}
REVIEW = ("advance", A, "review", "--as", "huyen", *WHY)

# exit code, code, what the sentence must name, the line
REFUSED = [
    (2, "misused", "registre", ("registre",)),
    (2, "misused", "register", ("registre",)),
    (2, "misused", "--year", ("register", "Cẩm Hưng")),
    (2, "misused", "--yaer", ("register", "Cẩm Hưng", "--yaer", "2024")),
    (2, "misused", "1–1000", ("list", "--limit", "0")),
    (2, "misused", "--limit", ("list", "--limit", "năm mươi")),
    (2, "misused", "B-2", ("show", A, "B-2")),
    (2, "misused", "--state", ("list", "--state")),
    (2, "misused", "--overdue", ("list", "--overdue=1")),
    (2, "missing_person", "--as", ("withdraw", B, *WHY)),
    (3, "not_possible", "self_assess", ("advance", B, "recognize", "--as", "vanthu", *WHY)),
    (3, "not_possible", "commune_vote", ("record", B, "vote", "--agree", "1", "--present", "1", "--as", "xa2",
                                         "--requirement", "district_vote")),
    (3, "requirements_unmet", "Huyện nhận đủ hồ sơ", REVIEW),
    (3, "requirements_unmet", "district_vote", REVIEW),
    (3, "paused", f"dossier resume {STILL}", ("record", STILL, "vote", "--agree", "1", "--present", "1", "--as", "xa2")),
    (3, "not_paused", f"dossier show {A}", ("resume", A, "--as", "huyen", *WHY)),
    (3, "wrong_subject", "xã", ("register", "Phường Ngọc Châu", "--year", "2024", "--as", "so")),
    (3, "no_such_deadline", "self_assessed", ("deadline", "explain", A, "review_report")),
    (4, "not_allowed", "cán bộ huyện thẩm tra", ("advance", A, "review", "--as", "xa", *WHY)),
    (4, "not_allowed", "quản trị viên", ("person", "add", "ai-do", "--name", "Ai Đó", "--as", "xa")),
    (5, "not_found", "dossier list", ("show", "HD-2024-NC-0999")),
    (5, "not_found", "Xã Cẩm Hưng (Huyện Cẩm Giàng)", ("register", "Cẩm Hưn", "--year", "2024", "--as", "xa")),
    (5, "not_found", "huyen", ("list", "--as", "huyên")),
    (5, "not_found", "commune-advanced", ("workflow", "show", "comune-advanced")),
    (5, "not_found", "registered", ("workflow", "diagram", "commune-model", "--current", "nowhere")),
    (5, "not_found", "2024", ("plan", "show", "--year", "2019")),
    (5, "not_found", "office list", ("person", "appoint", "xa", "--role", "commune_officer", "--office", "ubnd-xa-1",
                                     "--from", "2024-01-01", "--as", "quantri")),
    (6, "stale_version", "999", (*REVIEW, "--expect", "999")),
    (6, "already_open", B, ("register", "Lương Điền", "--year", "2024", "--as", "xa2")),
    (6, "already_there", "xa", ("person", "add", "xa", "--name", "Xã", "--as", "quantri")),
    (7, "bad_input", "--reason", ("withdraw", B, "--as", "xa2")),
    (7, "bad_input", "HD-2024-NC-0017", ("show", "0017")),
    (7, "bad_input", "09/12/2024", ("withdraw", B, "--as", "xa2", *WHY, "--on", "hôm qua")),
    (7, "bad_input", "vi", ("list", "--lang", "fr")),
    (7, "bad_input", "KHÓA:CHỮ", ("return", A, "--supplement", "biên bản", "--as", "huyen", *WHY)),
    (7, "bad_input", "workflow show", ("return", A, "--supplement", "nothing:x", "--as", "huyen", *WHY)),
    (7, "bad_input", "SHA-256", ("record", A, "document", "review_report", "--number", "1", "--date", "2024-07-20",
                                 "--sha256", "abc", "--as", "huyen")),
    (7, "bad_input", "TÊN=CHỮ", ("record", A, "document", "review_report", "--field", "số", "--as", "huyen")),
    (7, "bad_input", "dossier actions", ("record", B, "survey", "--satisfied", "1", "--answered", "1", "--asked", "1",
                                         "--as", "mattran")),
    (7, "bad_input", "--requirement", ("record", LATER, "confirmation", "so-tai-chinh", "--number", "1", "--date",
                                       "2024-11-01", "--as", "so-tai-chinh")),
    (7, "bad_input", "--present", ("record", A, "vote", "--agree", "20", "--present", "18", "--as", "huyen")),
    (7, "bad_input", "2021", ("register", "Cẩm Hoàng", "--year", "1999", "--as", "huyen")),
    (7, "bad_input", "--workflow", ("register", "Cẩm Hoàng", "--year", "2024", "--as", "huyen", "--on", "2022-01-03")),
    (7, "bad_input", "--file", ("record", A, "document", "review_report", "--file", "/nowhere", "--as", "huyen")),
    (7, "bad_input", "--output", ("workflow", "diagram", "commune-model", "--output", "/nowhere/x.svg")),
    (7, "bad_input", "--unit", ("calendar", "due", "2024-04-26", "5", "--unit", "weeks")),
    (7, "bad_input", "--to", ("extend", A, "--to", "2024-08-01", "--number", "1", "--date", "2024-07-20", "--as", "so",
                              *WHY)),
    (7, "ambiguous_locality", "Xã Hồng Phong (Huyện Nam Sách)", ("register", "Hồng Phong", "--year", "2024", "--as", "xa")),
    (7, "ambiguous_locality", "Huyện Ninh Giang", ("register", "hong phong", "--year", "2024", "--as", "xa")),
    (7, "date_in_future", "10/12/2024", ("withdraw", B, "--as", "xa2", *WHY, "--on", "2024-12-10")),
    (7, "date_in_future", "10/12/2024", ("record", A, "receipt", "--date", "2024-12-10", "--as", "huyen")),
    (7, "date_before_previous", "15/04/2024", ("withdraw", B, "--as", "xa2", *WHY, "--on", "2024-04-14")),
    (7, "calendar_missing", "2028", ("calendar", "due", "2027-12-20", "30")),
    (7, "calendar_missing", "2040", ("calendar", "show", "2040")),
]  # fmt: skip


def held(home: Path) -> list[str]:
    with sqlite3.connect(home / "dossier.db") as connection:
        return list(connection.iterdump())


def subclasses(kind: type[DossierError]) -> set[type[DossierError]]:
    return {kind, *(below for direct in kind.__subclasses__() for below in subclasses(direct))}


@pytest.mark.parametrize(
    ("exit_code", "code", "named", "line"), REFUSED, ids=lambda v: v if isinstance(v, str) else None
)
def test_a_refusal_names_what_to_do_and_writes_nothing(exit_code, code, named, line, dossier, home):
    before = held(home)

    said = dossier(*line)
    told = dossier(*line, "--json")

    assert (said.code, said.out) == (exit_code, "")
    assert named in said.err
    assert "Traceback" not in said.err
    assert (told.refusal["code"], told.refusal["exit_code"]) == (code, exit_code)
    assert held(home) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(subclasses(DossierError), key=lambda k: k.__name__), ids=lambda k: k.__name__)
def test_every_refusal_has_an_exit_code_and_a_sentence(kind, language):
    refusal = kind(**{name: SAMPLES[name] for name in taken(kind)})

    sentence, *_ = in_words(refusal, Call(None, catalogue(language)))

    assert refusal.exit_code in DOCUMENTED
    assert sentence
    assert "{" not in sentence


def taken(kind: type[DossierError]) -> list[str]:
    parameters = inspect.signature(kind).parameters.values()
    return [p.name for p in parameters if p.kind is not p.VAR_KEYWORD] if kind is not DossierError else ["what"]


DAY = date(2024, 12, 9)
SAMPLES = {
    "accepts": "commune", "act": "register", "actual": SHA, "allowed": (), "answer": "", "candidates": ("Xã A (Huyện B)",),
    "command": "dossier list", "current": 3, "database": "sqlite:////x", "day": DAY, "definition": SHA, "dossier": A,
    "expected": 2, "field": "reason", "file": "x.csv", "findings": ["dossier/X #3: entry_edited: "], "found": "0002",
    "key": "k", "kind": "locality", "locality": "Xã A", "name": "x", "open_keys": ("registered",), "performed": "review",
    "person": "p-x", "possible": ("review",), "previous": DAY, "problems": [Problem("x.csv", 2, "unit_unknown", "9")],
    "roles": ("commune_officer",), "since": DAY, "span": "", "state": "registered", "stated": SHA, "suggestions": ("y",),
    "today": DAY, "transition": "appraise", "unmet": [Unmet("k", "vote_missing")], "valid_from": DAY, "valid_to": None,
    "value": "", "wanted": "0001", "what": "KeyError: x", "why": "missing", "word": "--x", "workflow": "w", "year": 2024,
}  # fmt: skip


def test_a_person_who_performed_one_duty_is_told_who_may_perform_the_other(dossier):
    for words in (("--role", "dard_appraiser", "--office", "so-nong-nghiep-va-ptnt"),):
        dossier("person", "appoint", "huyen", *words, "--from", "2024-01-01", "--as", "quantri")

    said = dossier("advance", LATER, "appraise", "--as", "huyen", *WHY)

    assert said.code == 4
    assert "“Thẩm tra đạt”" in said.err
    assert "“Thẩm định đạt” phải do người khác" in said.err


def test_an_appointment_that_is_over_is_named_with_its_days(dossier):
    dossier("person", "add", "xa.cu", "--name", "Cán bộ cũ", "--as", "quantri")
    dossier("person", "appoint", "xa.cu", "--role", "commune_officer", "--office", "ubnd-xa-10924", "--from",
            "2024-01-01", "--to", "2024-06-30", "--as", "quantri")  # fmt: skip

    said = dossier("withdraw", B, "--as", "xa.cu", *WHY)

    assert said.code == 4
    assert "từ 01/01/2024 đến 30/06/2024" in said.err


def test_a_key_for_another_request_is_a_conflict(dossier):
    line = ("record", A, "vote", "--present", "20", "--as", "huyen", "--key", "k")
    dossier(*line, "--agree", "18")

    said = dossier(*line, "--agree", "19", "--json")

    assert (said.code, said.refusal["code"]) == (6, "key_reused")


def test_a_file_that_is_not_the_stated_one_is_refused(dossier, tmp_path):
    report = tmp_path / "report.pdf"
    report.write_bytes(b"abc")

    said = dossier("record", A, "document", "review_report", "--number", "1", "--date", "2024-07-20", "--file",
                   str(report), "--sha256", SHA, "--as", "huyen", "--json")  # fmt: skip

    assert (said.code, said.refusal["code"]) == (7, "hash_mismatch")
    assert said.refusal["facts"]["actual"].startswith("ba7816bf")


def test_every_suggestion_for_an_unknown_locality_is_near_and_there_are_at_most_three(dossier):
    said = dossier("register", "Hồng Phon", "--year", "2024", "--as", "xa", "--json")

    suggested = said.refusal["facts"]["suggestions"]
    assert 0 < len(suggested) <= 3
    assert all("Hồng Ph" in name for name in suggested)


def test_a_recognised_dossier_offers_nothing_but_what_its_end_allows(dossier):
    said = dossier("pause", DONE, "--as", "huyen", *WHY, "--json")

    assert (said.code, said.refusal["code"]) == (3, "not_possible")
    assert said.refusal["facts"]["possible"] == ["revoke"]
