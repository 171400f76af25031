"""What every command on a dossier leaves: an entry that says who and under what, word outside, and no half of it."""

import pytest
from sqlalchemy import update

from dossier_engine.commands.desk import Desk, Outcome, actor_under, settle, take
from dossier_engine.errors import DossierError, NotPossible, Paused, StaleVersion
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import canonical, commitment, leaf_hash
from tests.commands.conftest import CODE
from tests.commands.doing import do, each_command, ready_for
from tests.commands.looking import entries, last, refused, row, rows, told
from tests.makers import at

STREAM = f"dossier/{CODE}"


def test_an_entry_says_who_acted_under_what_and_is_chained_to_the_one_before(standing):
    province = standing("self_assessed")
    asked = {"reason": "chờ bản đồ", "os_user": "huong", "key": "lan-1"}

    receipt = do(province, "pause", **asked)

    before, entry = entries(province, STREAM)[-2:]
    assert entry["actor"] == {
        "person": province.people["huyen"],
        "role": "district_reviewer",
        "office": "ubnd-huyen-295",
        "territory": "30/295/",
        "on_behalf_of": None,
    }
    assert (entry["channel"], entry["at"]) == ("test", "2024-08-01T02:00:00.000000Z")
    assert entry["prev"] == leaf_hash(canonical(before)).hex()
    assert (receipt.dossier, receipt.leaf) == (CODE, leaf_hash(canonical(entry)).hex())
    assert bytes(row(province, CODE).head).hex() == receipt.leaf


def test_what_people_write_stands_beside_the_entry_which_holds_only_a_commitment(standing):
    province = standing("self_assessed")

    receipt = do(province, "pause", reason="chờ bản đồ", os_user="huong")

    kept = {found["name"]: found for found in rows(province, "private")
            if (found["stream"], found["seq"]) == (STREAM, receipt.seq)}  # fmt: skip
    entry = last(province, CODE)
    assert told(province, STREAM, receipt.seq) == {"reason": "chờ bản đồ", "os_user": "huong"}
    assert entry["private"] == {n: commitment(f["salt"], n, f["value"]) for n, f in kept.items()}
    assert "chờ bản đồ" not in str(entry)


@each_command
def test_every_act_leaves_word_for_the_office_that_holds_the_dossier_now(standing, command):
    province = ready_for(standing, command)

    receipt = do(province, command)

    word = rows(province, "outbox")[-1]
    holder = ("commune_officer", "30/295/10894/") if command == "advance" else ("district_reviewer", "30/295/")
    assert (word["stream"], word["seq"]) == (STREAM, receipt.seq)
    assert (word["holder_role"], word["holder_path"]) == holder


@pytest.mark.parametrize("command", ["advance", "record", "pause", "extend"])
def test_a_paused_dossier_says_since_when_and_takes_nothing_but_resume(standing, command):
    province = standing("self_assessed")
    province.pause(CODE, "huyen", on="2024-07-20")

    with refused(province, Paused) as refusal:
        do(province, command)

    assert refusal.value.facts == {"dossier": CODE, "since": "2024-07-20"}


def test_a_row_that_moved_between_the_look_and_the_write_is_not_overwritten(standing):
    province = standing("self_assessed")
    dossier = TABLES["dossier"]

    with refused(province, StaleVersion) as refusal, province.writing() as session:
        desk = take(session, province.law, "pause", CODE, province.act("huyen"), {}, now=at("2024-08-01"))
        assert isinstance(desk, Desk)
        under = desk.authorise("pause", ("district_reviewer",))
        session.connection().execute(update(dossier).values(version=dossier.c.version - 1))
        settle(desk, actor_under(under), Outcome(kind="paused", body={}), rng=province.rng)

    assert refusal.value.facts["dossier"] == CODE


def test_a_dossier_at_its_end_has_nothing_left_to_do(standing):
    province = standing("self_assessed")
    province.advance(CODE, "xa", "withdraw", on="2024-07-20")
    possible: dict[str, DossierError] = {}

    for command in ("advance", "record", "pause", "extend"):
        with refused(province, NotPossible) as refusal:
            do(province, command)
        possible[command] = refusal.value

    assert {command: found.facts["possible"] for command, found in possible.items()} == dict.fromkeys(possible, ())
