"""The order of the verification itself: limits of time, shares of work, and what is no bundle."""

from datetime import timedelta

import pytest

from dossier_engine.rules import ed25519
from dossier_engine.rules.note import Checkpoint
from dossier_engine.rules.policy import Policy, Verified
from dossier_engine.verifier import check
from dossier_engine.verifier.check import NotABundleError, verify
from dossier_engine.verifier.witnesses import Brackets
from tests.verifier.forging import POLICY, Story, members, write
from tests.verifier.lives import LONG

HOUR = 3600


def seen(size: int, *at: int) -> Verified:
    return Verified(Checkpoint("log", size, b"\0" * 32), tuple((f"w{n}", when) for n, when in enumerate(at)))


def instant(at: int) -> str:
    return f"1970-01-01T{at // HOUR:02d}:{at // 60 % 60:02d}:{at % 60:02d}.000000Z"


def test_an_entry_lies_between_what_witnesses_saw_with_an_hour_to_spare():
    brackets = Brackets.of([seen(10, 5 * HOUR, 6 * HOUR), seen(15), seen(20, 8 * HOUR)])

    assert brackets.hold(9, instant(6 * HOUR))
    assert not brackets.hold(9, instant(6 * HOUR + 1))
    assert brackets.hold(10, instant(4 * HOUR))
    assert not brackets.hold(10, instant(4 * HOUR - 1))
    assert brackets.hold(19, instant(9 * HOUR))
    assert not brackets.hold(19, instant(9 * HOUR + 1))
    assert brackets.hold(20, instant(7 * HOUR))
    assert not brackets.hold(20, instant(7 * HOUR - 1))


def test_an_entry_that_came_late_is_bracketed_from_above_alone():
    brackets = Brackets.of([seen(10, 5 * HOUR), seen(20, 8 * HOUR)])

    assert brackets.hold(15, instant(1 * HOUR), late=True)
    assert not brackets.hold(15, instant(9 * HOUR + 1), late=True)


def test_a_later_checkpoint_seen_earlier_bounds_what_lies_before_it_too():
    brackets = Brackets.of([seen(10, 9 * HOUR), seen(20, 5 * HOUR)])

    assert not brackets.hold(3, instant(6 * HOUR + 1))
    assert brackets.hold(25, instant(4 * HOUR))
    assert not brackets.hold(25, instant(4 * HOUR - 1))


def test_a_checkpoint_that_was_cosigned_late_says_nothing_of_the_hours_before():
    brackets = Brackets.of([seen(10, 20 * HOUR), seen(20, 22 * HOUR)], timedelta(hours=12))

    assert brackets.hold(15, instant(8 * HOUR))
    assert not brackets.hold(15, instant(8 * HOUR - 1))
    assert not brackets.hold(9, instant(21 * HOUR + 1))


def test_without_witnesses_no_instant_is_ruled_out():
    assert Brackets.of([seen(10), seen(20)]).hold(15, "9999-12-31T23:59:59.999999Z")


@pytest.mark.slow
@pytest.mark.parametrize("forge", [False, True])
def test_several_processes_find_what_one_finds(story: Story, tmp_path, monkeypatch, forge):
    if forge:
        story.entry(f"dossier/{LONG}", "paused")["body"]["state"] = "registered"
    file, policy = write(tmp_path / "bundle.zip", members(story)), Policy.parse(POLICY)
    alone = verify(file, policy, ed25519.verify, processes=1)
    monkeypatch.setattr(check, "_MANY", 1)

    together = verify(file, policy, ed25519.verify, processes=2)

    assert together == alone
    assert together.is_sound is not forge


def test_what_is_no_archive_is_no_bundle(tmp_path):
    file = tmp_path / "bundle.zip"
    file.write_bytes(b"%PDF-1.7")

    with pytest.raises(NotABundleError):
        verify(file, Policy.parse(POLICY), ed25519.verify)
