"""What really happened verifies, whole and in part, with both signature checks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dossier_engine.rules import ed25519
from dossier_engine.verifier.main import BROKEN, SOUND, main
from tests.makers import CAM_HUNG
from tests.verifier.forgeries.reads import noted
from tests.verifier.forgeries.registrations import again
from tests.verifier.forgeries.rules import dossier, moved, recorded
from tests.verifier.forging import POLICY, members, reported, write
from tests.verifier.lives import CARRIED, CLIMBING, DISTRICT, LONG, NEXT, OFFICE, SUCCEEDED

EVERY = (CARRIED, CLIMBING, DISTRICT, LONG, NEXT, OFFICE, SUCCEEDED)


def test_everything_that_happened_holds(story, tmp_path):
    kinds = {entry["kind"] for entries in story.entries.values() for entry in entries}
    report = reported(tmp_path / "all.zip", members(story))

    assert report.findings == []
    assert report.is_sound
    assert (report.dossiers, report.entries) == (7, sum(map(len, story.entries.values())))
    assert (report.exported_size, report.earlier, report.erased, report.as_recorded) == (report.entries, 2, 0, 0)
    assert [name for name, _ in report.witnesses] == ["thanh-tra", "tinh-ben"]
    assert kinds >= {
        "registered", "moved", "recorded", "paused", "resumed", "extended", "escalated", "climbed", "answered",
        "recomputed",
    }  # fmt: skip


@pytest.mark.parametrize("code", EVERY)
def test_each_dossier_holds_by_itself(story, tmp_path, code):
    report = reported(tmp_path / "one.zip", members(story, (code,)))

    assert report.findings == []
    assert (report.scope, report.dossiers) == ((code,), 1)


def test_what_looks_at_other_dossiers_is_counted_as_taken_from_the_record(story, tmp_path):
    report = reported(tmp_path / "one.zip", members(story, (DISTRICT, LONG)))

    assert report.findings == []
    assert report.as_recorded == 2


def test_an_act_may_be_dated_a_moment_before_the_appointment_that_another_machine_entered(story, tmp_path):
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    story.drop("people", delegation["seq"])
    entered = story.insert("people", len(story.entries["people"]) + 1, delegation)
    entered |= {"at": "2024-09-06T02:00:00.000001Z", "effective_on": "2024-09-06"}

    assert reported(tmp_path / "beside.zip", members(story)).findings == []


@pytest.mark.parametrize("count", [None, 0, 7])
def test_reads_by_auditors_and_administrators_hold(story, tmp_path, count):
    noted(story, count=count)
    noted(story, "bo-phan-cong-nghe-thong-tin", what="people.show")

    assert reported(tmp_path / "read.zip", members(story)).findings == []


@pytest.mark.parametrize("codes", [None, (LONG,)])
def test_an_act_may_be_dated_within_the_hour_after_the_end_that_another_machine_entered(story, tmp_path, codes):
    recorded(story, LONG, "district_receipt")["at"] = "2024-08-13T04:00:00.000000Z"

    report = reported(tmp_path / "beside.zip", members(story, codes))

    assert [e["body"]["last_day"] for e in story.entries["people"] if e["kind"] == "appointment_ended"] == [None, None]
    assert report.findings == []


def test_the_last_day_of_an_ended_appointment_still_counts(story, tmp_path):
    for entry in (e for e in story.entries["people"] if e["kind"] == "appointment_ended"):
        entry |= {"at": "2024-08-12T02:00:00.000000Z", "effective_on": "2024-08-12"}
        entry["body"]["last_day"] = "2024-08-13"

    assert reported(tmp_path / "last.zip", members(story)).findings == []


def test_a_witness_that_signed_by_files_days_later_is_believed_where_the_auditor_says_so(story, tmp_path, capsys):
    bundle, policy = tmp_path / "late.zip", tmp_path / "policy"
    write(bundle, members(replace(story, delay=timedelta(days=3))))
    policy.write_bytes(POLICY)

    ended = [main([str(bundle), "--policy", str(policy), *more], ed25519.verify) for more in ((), ("--late", "73"))]

    assert ended == [BROKEN, SOUND]
    assert ": 73 giờ\n" in capsys.readouterr().out


@pytest.mark.parametrize("hours", ["0", "-1", "1.5", "8785", "\u0661", "99999999999"])
def test_hours_that_are_none_are_refused(hours, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["b.zip", "--policy", "p", "--late", hours])

    assert ended.value.code == 2
    assert "--late" in capsys.readouterr().err


@pytest.mark.parametrize(("day", "others", "lacks"), [
    ("2024-09-19", 7, ["advanced_communes: too_few_communes"]),
    ("2024-09-20", 7, []),
    ("2024-12-22", 6, []),  # communes merged on 1 December
    ("2024-12-23", 6, ["advanced_communes: too_few_communes"]),
])  # fmt: skip
def test_a_recognition_counts_for_others_until_it_is_revoked(story, tmp_path, day, others, lacks):
    advanced = story.entry("territory", "recognitions_imported", 1)["body"]
    advanced["recognitions"] = [found for found in advanced["recognitions"] if found[0] != CAM_HUNG][:others]
    reviewed = moved(story, DISTRICT, "review")
    story.cut(dossier(DISTRICT), reviewed["seq"])
    reviewed |= {"at": f"{day}T02:00:00.000000Z", "effective_on": day}

    report = reported(tmp_path / "counted.zip", members(story))

    assert [f.detail for f in report.findings] == lacks


def test_a_subject_may_have_another_dossier_once_the_first_was_closed(story, tmp_path):
    again(story, "2024-12-24")

    assert reported(tmp_path / "again.zip", members(story)).findings == []
