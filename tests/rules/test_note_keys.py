"""The keys that notes are signed with, as text: ours come back, foreign ones are read, everything else is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dossier_engine.rules.note import (
    LOG,
    WITNESS,
    Checkpoint,
    Key,
    MalformedNoteError,
    Signature,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEY = Key("log.example/ntm", LOG, PUBLIC)
COSIGNER = Key("witness.example/w1", WITNESS, PUBLIC)


@pytest.mark.parametrize("key", [KEY, COSIGNER])
def test_a_key_comes_back(key):
    assert Key.parse(str(key)) == key


def test_the_id_of_a_key_depends_on_its_type():
    assert KEY.id != Key(KEY.name, WITNESS, PUBLIC).id


def test_a_key_of_the_format_has_its_published_id():
    key = Key.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")

    assert (key.name, key.type, key.id.hex()) == ("example.com/foo", LOG, "530d903a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2é",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_another_text_is_no_key(text):
    with pytest.raises(MalformedNoteError):
        Key.parse(text)


@pytest.mark.parametrize("type_", [0, 2, 3, 5, 6, 255])
def test_a_key_is_of_a_type_we_check(type_):
    with pytest.raises(MalformedNoteError, match="not an Ed25519 key"):
        Key("log.example", type_, PUBLIC)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\tb", "a\x00b", "a\u2028b"])
def test_a_name_has_neither_space_nor_plus_nor_control_character(name):
    for refused in (
        lambda: Key(name, LOG, PUBLIC),
        lambda: Checkpoint(name, 7, bytes(32)),
        lambda: Signature(name, b"1234", b"5"),
    ):
        with pytest.raises(MalformedNoteError, match="not a name"):
            refused()


@pytest.mark.parametrize("key_id", [b"", b"123", b"12345"])
def test_an_id_of_a_key_has_four_bytes(key_id):
    with pytest.raises(MalformedNoteError, match="no signature"):
        Signature("log.example", key_id, b"blob")
