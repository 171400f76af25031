"""Every command: it answers people and programs, and a dry run leaves nothing behind."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli.app import tree
from tests.cli.lines import (
    AT_DISTRICT,
    CALLING,
    CHANGING,
    LOOKING,
    MAKING,
    REGISTERED,
    RUNNING,
    SENDING,
    SHA,
    WHY,
)  # fmt: skip
from tests.cli.terminal import alter, held
from tests.cli.tree import leaves
from tests.files.making import a_pdf

LINES = CHANGING | LOOKING | SENDING
each_line = pytest.mark.parametrize("command", LINES)
each_change = pytest.mark.parametrize("command", CHANGING)
VOTE = f"record {AT_DISTRICT} vote --agree 18 --present 20 --as huyen"


def test_there_is_a_line_for_every_command():
    commands = dict(leaves(tree(catalogue("vi"))))

    assert set(commands) == {*LINES, *MAKING, *RUNNING, *CALLING}
    assert {name for name, command in commands.items() if getattr(command.callback, "changes", False)} == {
        *CHANGING, "audit export",
    }  # fmt: skip


@each_line
def test_a_program_gets_json(command, dossier):
    said = dossier(f"{LINES[command]} --json")

    assert said.code == 0, said.err
    assert said.json or said.json == []


@each_line
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_gets_words(command, language, dossier):
    said = dossier(f"{LINES[command]} --lang {language}")

    assert said.code == 0, said.err
    assert said.out or said.err
    assert not said.out.startswith(("{", "["))


@each_change
def test_a_dry_run_shows_what_would_happen_and_writes_nothing(command, dossier, home):
    before = held(home)

    said = dossier(f"{CHANGING[command]} --dry-run --json")

    assert said.code == 0, said.err
    assert "chưa ghi gì" in said.err
    assert held(home) == before


@each_change
def test_a_change_is_written(command, dossier, home):
    before = held(home)

    said = dossier(CHANGING[command])

    assert said.code == 0, said.err
    assert held(home) != before


@each_change
def test_a_change_without_a_person_is_a_usage_error_and_writes_nothing(command, dossier, home):
    before = held(home)

    said = dossier(re.sub(r" --as \S+", "", CHANGING[command]))

    assert said.code == 2
    assert "--as" in said.err
    assert held(home) == before


def test_the_person_may_come_from_the_environment(dossier, monkeypatch):
    monkeypatch.setenv("DOSSIER_PERSON", "xa2")

    said = dossier(f"withdraw {REGISTERED} {WHY} --json")

    assert said.code == 0, said.err
    assert said.json["state"] == "withdrawn"


def test_the_same_key_gives_the_same_receipt_and_one_effect(dossier, home):
    line = f"{VOTE} --key lần-1 --json"

    first, after = dossier(line), held(home)
    second = dossier(line)

    assert (first.code, second.code) == (0, 0), first.err
    assert (first.json["replayed"], second.json["replayed"]) == (False, True)
    assert first.json["leaf"] == second.json["leaf"]
    assert held(home) == after


def test_an_imported_list_may_be_sent_again_with_its_key(dossier):
    line = f"{CHANGING['import registrations']} --key danh-sách --json"

    first, second = dossier(line), dossier(line)

    assert first.json == second.json
    assert "2 đã có từ trước" in second.err


def test_a_day_may_be_typed_as_people_here_write_it(dossier):
    said = dossier("calendar due 26/04/2024 5 --json")

    assert said.json["due_on"] == "2024-05-07"  # 4 May was worked in exchange
    assert [step["why"] for step in said.json["explain"]].count("swapped_working") == 1


def test_a_file_is_compared_with_the_hash_that_was_stated(dossier):
    Path("báo cáo.pdf").write_bytes(a_pdf("khác"))
    known = sha256(a_pdf("khác")).hexdigest()

    said = dossier(
        f"record {AT_DISTRICT} document review_report --number 12 --date 2024-07-20 --file 'báo cáo.pdf'"
        f" --sha256 {known.upper()} --as huyen --json"
    )

    assert said.json["body"]["items"][0]["sha256"] == known


def test_the_history_names_who_acted_for_which_office_and_why(dossier):
    dossier(f"pause {AT_DISTRICT} --as huyen --reason 'chờ sắp xếp'")

    last = dossier(f"history {AT_DISTRICT} --json").json[-1]

    assert last["act"] == "paused"
    assert last["who"] == "huyen (minh họa)"
    assert last["office"] == "Ủy ban nhân dân huyện Cẩm Giàng"
    assert "chờ sắp xếp" in last["words"]
    assert last["entry"]["channel"] == "cli"


def test_somebody_sees_only_the_dossiers_of_their_own_territory(dossier):
    everything = {row["code"] for row in dossier("list --json").json}
    elsewhere = dossier("list --as huyen2 --json").json
    refused = dossier(f"show {AT_DISTRICT} --as huyen2 --json")

    assert {AT_DISTRICT, REGISTERED} <= everything
    assert elsewhere == []
    assert (refused.code, refused.refusal["code"]) == (5, "not_found")


def test_a_list_says_how_to_go_on_when_it_is_longer(dossier):
    first = dossier("list --limit 2 --json")
    last = first.json[-1]["code"]

    rest = dossier(f"list --after {last} --json")

    assert f"--after {last}" in first.err
    assert not {row["code"] for row in first.json} & {row["code"] for row in rest.json}


def test_no_state_is_shown_without_its_holder(dossier):
    header, *rows = dossier("list").out.splitlines()

    assert header.split("\t")[4:6] == ["Trạng thái", "Đang giữ"]
    assert {row.split("\t")[5] for row in rows} == {
        "–",
        "Ủy ban nhân dân huyện Cẩm Giàng",
        "Ủy ban nhân dân xã Lương Điền",
        "Sở Nông nghiệp và Phát triển nông thôn",
    }


def test_what_is_missing_is_named_with_the_words_that_record_it(dossier):
    said = dossier(f"actions {AT_DISTRICT} --as huyen")

    assert "[review_report]" in said.out
    assert "Tờ trình của UBND huyện [district_submission]" in said.out


def test_a_rule_that_was_not_read_in_its_source_says_so(dossier):
    said = dossier("workflow show commune-advanced")

    assert "do tỉnh đặt (chưa đối chiếu văn bản gốc)" in said.out


def test_a_diagram_goes_to_a_file(dossier):
    said = dossier("workflow diagram commune-advanced --output 'sơ đồ.svg' --current self_assessed")

    assert said.code == 0, said.err
    assert "sơ đồ.svg" in said.err
    assert "<svg" in Path("sơ đồ.svg").read_text("utf-8")


def test_an_answer_for_a_program_keeps_vietnamese_letters_and_whole_hashes(dossier):
    said = dossier(
        f"record {AT_DISTRICT} document review_report --number 12 --date 2024-07-20 --sha256 {SHA} --as huyen --json"
    )

    assert SHA in said.out
    assert len(said.json["leaf"]) == len(SHA)
    assert "nông thôn mới" in dossier("plan show --json").out


def test_a_calendar_put_in_use_lists_each_date_that_moves(dossier, home):
    alter(home, "UPDATE deadline SET due_on = '2024-08-25' WHERE due_on = '2024-08-26' AND key = 'self_assessed'")

    rehearsed = dossier(f"calendar recompute --as quantri {WHY} --dry-run --json").json
    shown = dossier(f"calendar recompute --as quantri {WHY}")

    assert rehearsed == [
        {"code": AT_DISTRICT, "key": "self_assessed", "was": "2024-08-25", "due_on": "2024-08-26"}
    ]  # fmt: skip
    assert "Đã tự đánh giá\t25/08/2024\t26/08/2024" in shown.out
    assert "Đã dời 1 hạn" in shown.err
    assert dossier(f"calendar recompute --as quantri {WHY} --json").json == []


def test_the_plan_says_how_many_departments_have_reported(dossier):
    code = dossier("plan open-obligations --as so --json").json["opened"][0]["code"]
    office = dossier(f"show {code} --json").json["office"]
    dossier(f"record {code} document report --number 4/BC --date 2024-12-06 --sha256 {SHA} --as {office}")
    sent = dossier(f"advance {code} submit --as {office} --json")

    [owed] = [o for o in dossier("plan show --json").json["obligations"] if o["done"]]
    again = dossier("plan open-obligations --as so --json").json

    assert sent.json["state"] == "submitted"
    assert (owed["id"], owed["done"]) == ("departments-report", {"done": 1, "of": 16})
    assert again == {"opened": [], "known": 16}


def test_an_office_is_registered_and_shown_by_its_name(dossier):
    said = dossier("register 'Sở Y tế' --workflow department-report --year 2024 --as so --json")

    listed = dossier("list --holder sector_confirmer")
    shown = dossier(f"show {said.json['dossier']} --json").json
    assert "Sở Y tế" in listed.out
    assert (shown["office"], shown["level"], shown["holder"]) == ("so-y-te", None, "sector_confirmer")
