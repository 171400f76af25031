"""Key files: theirs alone, never written over, and read only when they are what they should be."""

import base64
import os

import pytest

from dossier_engine.errors import AlreadyThere, BadInput
from dossier_engine.notary.keys import check, make, read
from dossier_engine.rules.ed25519 import verify
from dossier_engine.rules.note import LOG, WITNESS, Key, MalformedNoteError
from tests.notary.logs import OTHER_SEED, SEED


def test_a_key_is_read_as_it_was_made_and_signs_what_both_implementations_accept(tmp_path):
    made = make(tmp_path / "deep" / "log.key", "dossier-log/abcd/1", LOG, SEED)

    key = read(tmp_path / "deep" / "log.key", LOG)

    signature = key.sign(b"message")
    assert key.public == made.public == Key.parse(str(made.public))
    assert check(key.public.public, b"message", signature)
    assert verify(key.public.public, b"message", signature)
    assert not check(key.public.public, b"another", signature)
    assert not check(b"short", b"message", signature)


def test_the_file_is_its_owner_s_alone_and_can_be_read_by_people(tmp_path):
    key = make(tmp_path / "w.key", "inspectorate", WITNESS, SEED)

    text = (tmp_path / "w.key").read_text("ascii")

    assert (tmp_path / "w.key").stat().st_mode & 0o777 == 0o600
    assert text.startswith(f"PRIVATE+KEY+inspectorate+{key.public.id.hex()}+")
    assert base64.b64decode(text.strip().split("+", 4)[4]) == b"\x04" + SEED


def test_a_key_that_is_there_is_never_written_over(tmp_path):
    make(tmp_path / "log.key", "log/1", LOG, SEED)
    before = (tmp_path / "log.key").read_bytes()

    with pytest.raises(AlreadyThere):
        make(tmp_path / "log.key", "log/1", LOG, OTHER_SEED)

    assert (tmp_path / "log.key").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights elsewhere")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_may_read_or_write_is_refused(mode, tmp_path):
    make(tmp_path / "log.key", "log/1", LOG, SEED)
    (tmp_path / "log.key").chmod(mode)

    with pytest.raises(BadInput) as refusal:
        read(tmp_path / "log.key", LOG)

    assert refusal.value.facts["why"] == "key_open_to_others"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:0],
        lambda text: text[:-10],
        lambda text: text.replace(b"PRIVATE+KEY+", b""),
        lambda text: text.replace(b"log/1", b"log/2"),
        lambda text: text + b"\n",
        lambda text: text.replace(b"+", b" "),
        lambda text: b"\xff" + text,
        lambda text: text[:27],
        lambda text: text.strip()[:-4] + b"****",
    ],
)
def test_what_is_no_key_is_refused_without_showing_it(spoil, tmp_path):
    made = make(tmp_path / "log.key", "log/1", LOG, SEED)
    (tmp_path / "log.key").write_bytes(spoil((tmp_path / "log.key").read_bytes()))

    with pytest.raises(BadInput) as refusal:
        read(tmp_path / "log.key", LOG)

    assert refusal.value.facts["why"] == "not_a_signing_key"
    assert base64.b64encode(b"\x01" + SEED).decode() not in f"{refusal.value} {made!r}"


def test_a_witness_s_key_does_not_sign_for_a_log_and_what_is_not_there_cannot_be_read(tmp_path):
    make(tmp_path / "w.key", "inspectorate", WITNESS, SEED)

    with pytest.raises(BadInput) as another:
        read(tmp_path / "w.key", LOG)
    with pytest.raises(BadInput) as nothing:
        read(tmp_path / "nowhere.key", LOG)

    assert (another.value.facts["why"], nothing.value.facts["why"]) == ("not_a_signing_key", "cannot_read")


@pytest.mark.parametrize(("name", "seed"), [("two words", SEED), ("a+b", SEED), ("", SEED), ("log", b"short")])
def test_no_key_is_made_of_what_makes_none(name, seed, tmp_path):
    with pytest.raises(MalformedNoteError):
        make(tmp_path / "log.key", name, LOG, seed)

    assert not (tmp_path / "log.key").exists()
