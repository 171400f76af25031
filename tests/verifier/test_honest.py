"""What really happened verifies, whole and in part, with both signature checks."""

import pytest

from tests.verifier.forging import members, reported
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
