"""The check of signatures against RFC 8032's own vectors, and against another implementation."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dossier_engine.rules import ed25519
from dossier_engine.rules.ed25519 import verify

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, 7.1: public key, message, signature.
VECTORS = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "test SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}

# The eight points of small order, in the one encoding each has.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


def elsewhere(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "little") ^ 1 << bit).to_bytes(len(value), "little")


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_signatures_fit(vector):
    public, message, signature = map(bytes.fromhex, vector)

    assert verify(public, message, signature)
    assert not verify(public, message + b"\x00", signature)


def test_both_implementations_agree_on_signatures_and_on_each_with_one_bit_wrong():
    rng = random.Random(8032)
    for _ in range(40):
        key = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), rng.randbytes(rng.randrange(2000))
        signature = key.sign(message)
        forged = [
            (flipped(public, rng.randrange(256)), message, signature),
            (public, flipped(message + b"x", rng.randrange(8)), signature),
            (public, message, flipped(signature, rng.randrange(256))),
            (public, message, flipped(signature, 256 + rng.randrange(256))),
        ]

        assert verify(public, message, signature)
        assert [verify(*case) for case in forged] == [elsewhere(*case) for case in forged] == [False] * 4


def test_both_implementations_agree_on_random_bytes_as_a_key():
    rng = random.Random(1)
    for _ in range(60):
        public, signature = rng.randbytes(32), rng.randbytes(63) + b"\x00"

        assert verify(public, b"", signature) == elsewhere(public, b"", signature)


def test_a_second_form_of_the_same_signature_is_refused():
    public, message, signature = map(bytes.fromhex, VECTORS["test 2"])
    s = int.from_bytes(signature[32:], "little")

    assert not verify(public, message, signature[:32] + (s + ORDER).to_bytes(32, "little"))


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_a_key_of_small_order_signs_nothing(public):
    neutral = (1).to_bytes(32, "little")
    signature = neutral + bytes(32)  # fits every message under the neutral key, and some under the others

    assert not any(verify(bytes.fromhex(public), bytes([n]), signature) for n in range(8))


def test_a_key_of_small_order_would_fit_elsewhere():
    neutral = (1).to_bytes(32, "little")

    assert elsewhere(neutral, b"any message", neutral + bytes(32))


@pytest.mark.parametrize(
    "public",
    [
        b"",
        bytes(31),
        bytes(33),
        P.to_bytes(32, "little"),  # zero once more
        (P + 1).to_bytes(32, "little"),  # one once more, the neutral point
        (2**255 - 1).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),  # x = 0 has no odd form
        (2).to_bytes(32, "little"),  # no point has y = 2
    ],
)
def test_what_is_no_point_is_no_key(public):
    assert not verify(public, b"", (1).to_bytes(32, "little") + bytes(32))


def test_a_point_has_one_encoding():
    """Asked of the decoder: nobody can sign under these, so that a check refuses them whether they are read or not."""
    unreduced = [(y | odd << 255).to_bytes(32, "little") for y in range(P, 2**255) for odd in (0, 1)]
    odd_zero = [(y | 1 << 255).to_bytes(32, "little") for y in (1, P - 1)]

    assert [ed25519._decoded(data) for data in [*unreduced, *odd_zero]] == [None] * (2 * 19 + 2)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_a_signature_has_64_bytes(signature):
    public = bytes.fromhex(VECTORS["test 1"][0])

    assert not verify(public, b"", signature)


@pytest.mark.parametrize("extra", [P, P + 1])
def test_r_has_one_form_only(extra):
    public = bytes.fromhex(VECTORS["test 1"][0])

    assert not verify(public, b"", extra.to_bytes(32, "little") + bytes(32))
