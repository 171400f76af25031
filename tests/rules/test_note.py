"""Notes, checkpoints, keys and cosignatures: foreign ones are read, ours come back, and every other byte is refused."""

import random
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dossier_engine.rules.ed25519 import verify
from dossier_engine.rules.note import (
    LOG,
    WITNESS,
    Checkpoint,
    ForgedSignatureError,
    Key,
    MalformedNoteError,
    Note,
    Signature,
    cosign,
    cosigned_at,
    cosigned_message,
    is_signed,
    parse_signatures,
    sign,
)
from tests.rules.foreign import EXAMPLES, GO_KEY, GO_NOTE, OBSERVED, OBSERVED_LOG, OBSERVED_WITNESSES

EMPTY_ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEY = Key("log.example/ntm", LOG, PUBLIC)
COSIGNER = Key("witness.example/w1", WITNESS, PUBLIC)
CHECKPOINT = Checkpoint("log.example/ntm", 7, bytes(range(32)))


def a_note(text: str = CHECKPOINT.text()) -> Note:
    return Note(text, (sign(text, KEY, PRIVATE.sign), cosign(text, COSIGNER, 1_730_000_000, PRIVATE.sign)))


def test_the_example_of_go_is_signed_by_its_key():
    note = Note.parse(GO_NOTE)

    assert is_signed(note, Key.parse(GO_KEY), verify)
    assert bytes(note) == GO_NOTE


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_formats_come_back_byte_for_byte(example):
    assert bytes(Note.parse(example)) == example


def test_the_cosignature_of_the_format_has_the_time_that_it_explains():
    note = Note.parse(EXAMPLES[-1])

    signature = note.signatures[1]

    assert signature.name == "witness.example.com/w1"
    assert int.from_bytes(signature.blob[:8], "big") == 1679315147
    assert cosigned_message(note.text, 1679315147).startswith(b"cosignature/v1\ntime 1679315147\nexample.com/behind-")


def test_a_checkpoint_of_a_public_log_fits_with_its_log_and_witnesses():
    note = Note.parse(OBSERVED)

    checkpoint = Checkpoint.parse(note.text)

    assert (checkpoint.origin, checkpoint.size) == ("arche2025h1.staging.ct.transparency.dev", 1432088532)
    assert is_signed(note, Key.parse(OBSERVED_LOG), verify)
    assert {cosigned_at(note, Key.parse(key), verify) for key in OBSERVED_WITNESSES} == {1779573024}


def test_no_single_bit_of_a_note_may_change():
    data, rng = bytes(a_note()), random.Random(4)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)

        try:
            note = Note.parse(bytes(changed))
            accepted = is_signed(note, KEY, verify) and cosigned_at(note, COSIGNER, verify) is not None
        except (MalformedNoteError, ForgedSignatureError):
            accepted = False

        assert not accepted, (place, bytes(changed))


def test_our_note_comes_back():
    note = a_note()

    again = Note.parse(bytes(note))

    assert again == note
    assert is_signed(again, KEY, verify)
    assert cosigned_at(again, COSIGNER, verify) == 1_730_000_000
    assert Checkpoint.parse(again.text) == CHECKPOINT


def test_a_text_may_have_empty_lines():
    text = "first\n\n\n— looks.like a+signature\n"

    assert Note.parse(bytes(a_note(text))).text == text


@pytest.mark.parametrize(
    "text",
    [
        "log.example\n7\n",
        f"log.example\n7\n{EMPTY_ROOT}",
        f"log.example\n7\n{EMPTY_ROOT}\nextension\n",
        f"log.example\n7\n{EMPTY_ROOT}\n\n",
        f"\n7\n{EMPTY_ROOT}\n",
        f"log example\n7\n{EMPTY_ROOT}\n",
        f"log.example\n07\n{EMPTY_ROOT}\n",
        f"log.example\n\n{EMPTY_ROOT}\n",
        f"log.example\n-7\n{EMPTY_ROOT}\n",
        f"log.example\n+7\n{EMPTY_ROOT}\n",
        f"log.example\n7 \n{EMPTY_ROOT}\n",
        f"log.example\n1_0\n{EMPTY_ROOT}\n",
        f"log.example\n٧\n{EMPTY_ROOT}\n",
        f"log.example\n9223372036854775808\n{EMPTY_ROOT}\n",
        f"log.example\n10000000000000000000000\n{EMPTY_ROOT}\n",
        f"log.example\n7\n{EMPTY_ROOT[:-4]}\n",
        f"log.example\n7\n{EMPTY_ROOT[:-1]}\n",
        f"log.example\n7\n{EMPTY_ROOT[:-2]}V=\n",
        f"log.example\n7\n{EMPTY_ROOT} \n",
        f"log.example\n7\n{EMPTY_ROOT.replace('+', '-').replace('/', '_')}\n",
        "log.example\n7\n\n",
        "log.example\n0\n" + "A" * 43 + "=\n",
    ],
)
def test_another_text_is_no_checkpoint(text):
    with pytest.raises(MalformedNoteError):
        Checkpoint.parse(text)


def test_the_smallest_and_the_largest_tree_have_checkpoints():
    for size in (0, 2**63 - 1):
        text = f"log.example\n{size}\n{EMPTY_ROOT}\n"

        assert Checkpoint.parse(text).text() == text


@pytest.mark.parametrize("size", [-1, True, "7", 2**63])
def test_a_checkpoint_is_of_a_tree_that_can_be(size):
    with pytest.raises(MalformedNoteError, match="no tree of size"):
        Checkpoint("log.example", size, bytes(32))


LINE = "— log.example/ntm AAAAAGE=\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        f"text\n{LINE}".encode(),
        f"text\n\n{LINE}".encode()[:-1],
        f"text\n\n{LINE}\n".encode(),
        f"text\n\n{LINE}{LINE}".encode(),
        f"text\n\n{LINE}{LINE.replace('AAAAAGE=', 'AAAAAGI=')}".encode(),
        f"text\n\n{LINE}— another.example AAAAAGE=".encode(),
        f"text\n\n {LINE}".encode(),
        f"text\n\n{LINE.replace('—', '-')}".encode(),
        f"text\n\n{LINE.replace(' ', '  ')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', 'AAAAAGE= x')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', '')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', 'AAAAAA==')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', 'AAAA')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', 'AAAAAGF=')}".encode(),
        f"text\n\n{LINE.replace('AAAAAGE=', 'AAAA*AGE=')}".encode(),
        "text\n\n— log.example/ntm\n".encode(),
        "text\n\n—\n".encode(),
        f"te\txt\n\n{LINE}".encode(),
        f"te\x00xt\n\n{LINE}".encode(),
        f"text\r\n\n{LINE}".encode(),
        f"te\x1fxt\n\n{LINE}".encode(),
        f"text\n\n{LINE}".replace("\n", "\r\n").encode(),
        b"te\xffxt\n\n" + LINE.encode(),
        f"text\n\n{LINE}".encode("utf-16"),
        b"x" * (1_000_001 - len(f"\n\n{LINE}".encode())) + f"\n\n{LINE}".encode(),
        ("text\n\n" + "".join(f"— w{n} AAAAAGE=\n" for n in range(101))).encode(),
    ],
)
def test_other_bytes_are_no_note(data):
    assert Note.parse(f"text\n\n{LINE}".encode()).text == "text\n"

    with pytest.raises(MalformedNoteError):
        Note.parse(data)


def test_a_note_may_have_a_hundred_signatures():
    lines = "".join(f"— w{n} AAAAAGE=\n" for n in range(100))

    assert len(Note.parse(f"text\n\n{lines}".encode()).signatures) == 100


def test_a_note_may_have_a_million_bytes():
    foot = f"\n\n{LINE}".encode()
    data = b"x" * (1_000_000 - len(foot)) + foot

    assert bytes(Note.parse(data)) == data


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n"])
def test_a_text_that_cannot_be_signed_is_no_note(text):
    with pytest.raises(MalformedNoteError, match="a text ends in a newline"):
        Note(text, a_note().signatures)


def test_what_a_witness_answers_is_read_alone():
    signature = cosign(CHECKPOINT.text(), COSIGNER, 5, PRIVATE.sign)

    assert parse_signatures(str(signature)) == (signature,)


def test_signatures_of_unknown_keys_are_ignored():
    others = [
        Key("another.example", LOG, PUBLIC),
        Key(KEY.name, LOG, bytes(31) + b"\x01"),
        Key(KEY.name, WITNESS, PUBLIC),
        Key(COSIGNER.name, LOG, PUBLIC),
    ]

    assert [(is_signed(a_note(), key, verify), cosigned_at(a_note(), key, verify)) for key in others] == [
        (False, None)
    ] * 4


def with_blob(key: Key, blob: bytes) -> Note:
    return Note(CHECKPOINT.text(), (Signature(key.name, key.id, blob),))


def test_a_signature_of_a_known_key_that_does_not_fit_is_a_forgery():
    text = CHECKPOINT.text()
    good, cosigned = PRIVATE.sign(text.encode()), PRIVATE.sign(cosigned_message(text, 5))
    too_late = 2**63
    forged = [
        (is_signed, KEY, bytes(64)),
        (is_signed, KEY, good[:63]),
        (is_signed, KEY, good + b"\x00"),
        (is_signed, COSIGNER, good),  # a witness's key signs under another message
        (cosigned_at, COSIGNER, struct.pack(">Q", 6) + cosigned),
        (cosigned_at, COSIGNER, struct.pack(">Q", 5) + cosigned[:63]),
        (cosigned_at, COSIGNER, struct.pack(">Q", 5) + cosigned + b"\x00"),
        (cosigned_at, COSIGNER, struct.pack(">Q", 5) + good),
        (cosigned_at, COSIGNER, struct.pack(">Q", too_late) + PRIVATE.sign(cosigned_message(text, too_late))),
        (cosigned_at, KEY, struct.pack(">Q", 5) + cosigned),
    ]

    for asked, key, blob in forged:
        with pytest.raises(ForgedSignatureError, match=key.name) as caught:
            asked(with_blob(key, blob), key, verify)
        assert caught.value.name == key.name


def test_a_signature_of_another_length_is_not_left_to_the_caller_to_check():
    for asked, key, length in [(is_signed, KEY, 65), (is_signed, KEY, 63), (cosigned_at, COSIGNER, 71)]:
        with pytest.raises(ForgedSignatureError):
            asked(with_blob(key, bytes(length)), key, lambda *_: True)


def test_only_a_function_that_checks_is_believed():
    asked = []

    def check(public: bytes, message: bytes, signature: bytes) -> bool:
        asked.append((public, message, signature))
        return True

    assert is_signed(with_blob(KEY, bytes(64)), KEY, check)
    assert asked == [(PUBLIC, CHECKPOINT.text().encode(), bytes(64))]
