"""A log that had to be begun anew says so in its first entry; what was recorded before came into it late."""

import pytest

from dossier_engine.rules.note import LOG
from dossier_engine.verifier.check import Report
from tests.verifier.forgeries.rules import moved
from tests.verifier.forging import HONEST, ORIGIN, POLICY, THE_LOG, Signer, Story, Tampering, members, reported
from tests.verifier.lives import LONG

AT = "2024-09-18T00:00:00.000000Z"  # between the appraisal and the recognition
SECOND = Signer(f"{ORIGIN[:-1]}2", LOG)
BEGUN = "log/2"


def begun_anew(story: Story, by: Signer = SECOND) -> Story:
    """The same history in a log that was begun at that instant, with all that there was by then."""
    story.log = by
    setup = next(e for e in story.entries["people"] if e["actor"]["person"] == "system:setup")
    body = {"origin": by.name, "size": 9, "root": "ab" * 32, "held": 9, "lost": []}
    story.entries[BEGUN] = [
        {**setup, "kind": "log_restarted", "at": AT, "effective_on": AT[:10], "body": body, "private": {}}
    ]
    before = [e for of in story.entries.values() for e in of if e["at"] < AT]
    story.late = {(e["stream"], e["seq"]): f"{AT[:-2]}1Z" for e in before}
    return story


def found(story: Story, tmp_path, codes: tuple[str, ...] | None = None, tampering: Tampering = HONEST) -> Report:
    policy = POLICY.replace(str(THE_LOG.key).encode(), str(story.log.key).encode())
    return reported(tmp_path / "begun.zip", members(story, codes, tampering), policy)


def flaw(report: Report) -> tuple[str, int, str, str]:
    [finding] = report.findings
    return tuple(finding)


@pytest.mark.parametrize("codes", [None, (LONG,)])
def test_what_was_recorded_before_is_not_held_against_the_new_log(story, tmp_path, codes):
    report = found(begun_anew(story), tmp_path, codes)

    assert (report.findings, report.begun, report.origin) == ([], AT, SECOND.name)


@pytest.mark.parametrize("codes", [None, (LONG,)])
def test_the_new_log_must_say_so(story, tmp_path, codes):
    del begun_anew(story).entries[BEGUN]

    assert flaw(found(story, tmp_path, codes)) == (BEGUN, 0, "stream_missing", "")


def test_it_must_say_so_first(story, tmp_path):
    begun_anew(story).late[BEGUN, 1] = f"{AT[:-2]}2Z"

    assert flaw(found(story, tmp_path)) == (BEGUN, 0, "index_wrong", str(len(story.late) - 1))


def test_what_it_says_must_be_an_entry(story, tmp_path):
    begun_anew(story).entries[BEGUN][0]["channel"] = None

    assert flaw(found(story, tmp_path)) == (BEGUN, 1, "entry_malformed", "seq is a number, channel a text")


@pytest.mark.parametrize(
    ("field", "value", "code"), [("kind", "log_begun", "kind_unknown"), ("effective_on", "2024-09-17", "dates_wrong")]
)
def test_it_is_judged_as_every_register_is(story, tmp_path, field, value, code):
    begun_anew(story).entries[BEGUN][0][field] = value

    assert flaw(found(story, tmp_path)) == (BEGUN, 1, code, value)


def test_the_beginning_of_another_log_is_not_its_own(story, tmp_path):
    begun_anew(story).rename(BEGUN, "log/3")

    assert flaw(found(story, tmp_path, (LONG,))) == (BEGUN, 0, "stream_missing", "")


def test_only_a_whole_bundle_holds_how_logs_before_it_were_begun(story, tmp_path):
    begun_anew(story, Signer(f"{ORIGIN[:-1]}3", LOG)).rename(BEGUN, "log/3")
    story.entries[BEGUN] = [
        {**story.entries["log/3"][0], "at": "2024-09-01T00:00:00.000000Z", "effective_on": "2024-09-01"}
    ]
    story.late[BEGUN, 1] = f"{AT[:-2]}1Z"

    assert found(story, tmp_path).findings == []
    assert flaw(found(story, tmp_path, (LONG,))) == (BEGUN, 0, "stream_unknown", "")


def test_what_was_recorded_after_the_beginning_may_not_come_late(story, tmp_path):
    recognized = moved(begun_anew(story), LONG, "recognize")
    story.late[f"dossier/{LONG}", recognized["seq"]] = "2024-12-31T00:00:00.000000Z"
    story.checkpoints = (0.97,)

    report = found(story, tmp_path)

    assert {f.code for f in report.findings} == {"time_outside"}
    assert report.findings[0].seq == recognized["seq"]


@pytest.mark.parametrize("ending", ["0", "02", "x", "2/", "1234567890"])
def test_no_installation_gives_its_log_another_name(story, tmp_path, ending):
    story.log = Signer(f"{ORIGIN[:-1]}{ending}", LOG)

    assert flaw(found(story, tmp_path, (LONG,))) == ("", 0, "note_malformed", story.log.name)
