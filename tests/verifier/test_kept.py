"""A bundle must continue the checkpoints that an auditor kept from earlier, or say that it cannot show it."""

from dataclasses import replace
from pathlib import Path

import pytest

from dossier_engine.rules import ed25519
from dossier_engine.rules.note import Checkpoint
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier import bundle, kept
from dossier_engine.verifier.check import Report, verify
from dossier_engine.verifier.main import BAD_INPUT, BROKEN, SOUND, main
from tests.verifier.forging import POLICY, Members, Story, by_library, members, write
from tests.verifier.lives import LONG

OTHER = b"\x07" * 32


@pytest.fixture
def whole(story: Story) -> Members:
    """A bundle of everything."""
    return members(story)


def reported(tmp_path: Path, found: Members, *since: Checkpoint) -> Report:
    return verify(write(tmp_path / "b.zip", found), Policy.parse(POLICY), by_library, since=since)


def newest(found: Members) -> Checkpoint:
    return kept.parse(found[bundle.CHECKPOINT])


def earlier(found: Members) -> list[Checkpoint]:
    lines = found[bundle.CHECKPOINTS].splitlines()
    return [kept.parse(str(bundle.parse(line, "note", "size")["note"]).encode()) for line in lines]


def stood_at(story: Story, size: int) -> Checkpoint:
    """A checkpoint of that size which the bundle does not hold."""
    whole = len(story.in_order())
    share = (size + 0.5) / whole
    [found] = [c for c in earlier(members(replace(story, checkpoints=(share,)))) if c.size == size]
    return found


def test_every_checkpoint_of_the_bundle_may_have_been_kept(tmp_path, whole):
    report = reported(tmp_path, whole, newest(whole), *earlier(whole))

    assert (report.findings, report.kept) == ([], 3)


def test_one_the_bundle_does_not_hold_is_made_again_from_its_entries(tmp_path, story, whole):
    size = earlier(whole)[0].size + 1
    stood = stood_at(story, size)

    assert reported(tmp_path, whole, stood).findings == []
    [finding] = reported(tmp_path, whole, replace(stood, root=OTHER)).findings
    assert (finding.code, finding.detail) == ("forked", str(size))


def test_a_bundle_of_dossiers_does_not_show_what_is_not_among_its_checkpoints(tmp_path, story, whole):
    stood = stood_at(story, earlier(whole)[0].size + 1)
    some = members(story, (LONG,))

    assert reported(tmp_path, some, *earlier(some)).findings == []
    for not_shown in (stood, stood_at(story, 1)):
        [finding] = reported(tmp_path, some, not_shown).findings
        assert (finding.code, finding.detail) == ("growth_not_shown", str(not_shown.size))


def test_the_last_that_is_shown_is_the_one_of_what_was_exported(tmp_path, story, whole):
    stood = stood_at(story, newest(whole).size - 2)

    assert reported(tmp_path, whole, stood).findings == []
    [finding] = reported(tmp_path, whole, replace(stood, root=OTHER)).findings
    assert finding.code == "forked"


def test_nor_does_any_show_what_lies_between_its_export_and_its_checkpoint(tmp_path, whole):
    between = replace(newest(whole), size=newest(whole).size - 1)

    [finding] = reported(tmp_path, whole, between).findings

    assert finding.code == "growth_not_shown"


@pytest.mark.parametrize(("changed", "code", "detail"), [
    (lambda c: replace(c, size=c.size + 1), "rolled_back", "{0} < {1}"),
    (lambda c: replace(c, root=OTHER), "forked", "{0}"),
    (lambda c: replace(c, origin="elsewhere.example/1"), "log_differs", "elsewhere.example/1"),
])  # fmt: skip
def test_what_the_newest_checkpoint_refutes_is_found(tmp_path, whole, changed, code, detail):
    known = newest(whole)

    [finding] = reported(tmp_path, whole, changed(known)).findings

    assert (finding.code, finding.detail) == (code, detail.format(known.size, known.size + 1))


def test_the_single_file_takes_kept_checkpoints_as_files(tmp_path, whole):
    write(tmp_path / "b.zip", whole)
    (tmp_path / "policy").write_bytes(POLICY)
    (tmp_path / "kept.txt").write_bytes(whole[bundle.CHECKPOINT])
    (tmp_path / "bare.txt").write_text(earlier(whole)[0].text(), encoding="utf-8")
    (tmp_path / "larger.txt").write_text(replace(newest(whole), size=9_999).text(), encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff")

    def ends(*names: str) -> int:
        since = [word for name in names for word in ("--since", str(tmp_path / name))]
        return main([str(tmp_path / "b.zip"), "--policy", str(tmp_path / "policy"), *since], ed25519.verify)

    assert ends("kept.txt", "bare.txt") == SOUND
    assert ends("kept.txt", "larger.txt") == BROKEN
    assert ends("bad.txt") == ends("absent.txt") == BAD_INPUT
