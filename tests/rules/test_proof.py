"""Proofs that stand by themselves: every entry of a log is proven, and no other, nor with anything changed."""

import pytest

from dossier_engine.rules import ed25519
from dossier_engine.rules.entry import leaf_hash
from dossier_engine.rules.merkle import inclusion_nodes, inclusion_proof
from dossier_engine.rules.note import Note
from dossier_engine.rules.policy import Policy, PolicyNotMetError
from dossier_engine.rules.proof import MalformedProofError, Proof, verify
from tests.makers import at
from tests.verifier.forging import INSPECTORATE, NEIGHBOUR, POLICY, signed
from tests.verifier.logs import Log

NOW = at("2024-12-02")
LEAVES = [leaf_hash(b"%d" % n) for n in range(7)]


def a_proof(index: int, size: int = 7, witnesses=(INSPECTORATE, NEIGHBOUR)) -> Proof:
    log = Log()
    for leaf in LEAVES[:size]:
        log.append(leaf)
    nodes = {node: log.nodes[node] for node in inclusion_nodes(index, size)}
    return Proof(index, tuple(inclusion_proof(index, size, nodes)), Note.parse(signed(log, size, NOW, witnesses)))


def verified(proof: Proof, leaf: bytes):
    return verify(proof, leaf, Policy.parse(POLICY), ed25519.verify)


@pytest.mark.parametrize("size", range(1, 8))
def test_every_entry_is_proven_and_its_text_comes_back(size):
    for index in range(size):
        proof = Proof.parse(bytes(a_proof(index, size)))

        found = verified(proof, LEAVES[index])

        assert proof == a_proof(index, size)
        assert found.checkpoint.size == size
        assert [name for name, _ in found.cosignatures] == ["thanh-tra", "tinh-ben"]


def test_no_other_entry_is_proven_nor_another_place_or_path():
    proof = a_proof(3)
    others = [
        (proof, LEAVES[2]),
        (Proof(2, proof.path, proof.note), LEAVES[3]),
        (Proof(3, proof.path[:-1], proof.note), LEAVES[3]),
        (Proof(3, proof.path[::-1], proof.note), LEAVES[3]),
        (Proof(3, proof.path, a_proof(3, 6).note), LEAVES[3]),
    ]

    for other, leaf in others:
        with pytest.raises(PolicyNotMetError):
            verified(other, leaf)


def test_a_checkpoint_that_too_few_saw_is_not_believed():
    with pytest.raises(PolicyNotMetError):
        verified(a_proof(3, witnesses=(INSPECTORATE,)), LEAVES[3])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v2\n"),
        (b"index 3\n", b"index 03\n"),
        (b"index 3\n", b"index -3\n"),
        (b"index 3\n", b"index 3\r\n"),
        (b"index 3\n", b"extra eA==\nindex 3\n"),
        (b"index 3\n", b"index 3\nAAAA\n"),
        (b"index 3\n", b"index 3\n!!\n"),
        (b"index 3\n", "index ३\n".encode()),
        (b"index 3\n", b""),
    ],
)
def test_another_form_is_no_proof(before, after):
    data = bytes(a_proof(3))
    assert before in data

    with pytest.raises(MalformedProofError):
        Proof.parse(data.replace(before, after, 1))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"c2sp.org/tlog-proof@v1", b"x" * 2_000_000, bytes(a_proof(3))[:-1]])
def test_whatever_is_no_proof_is_refused(data):
    with pytest.raises(MalformedProofError):
        Proof.parse(data)


@pytest.mark.parametrize(("data", "says"), [
    (b"x" * 1_000_001, "1000001 bytes"),
    (b"x" * 1_000_000, "not enough values to unpack (expected at least 2, got 1)"),
    (bytes(a_proof(3)).replace(b"proof@v1", b"proof@v2"), "not the one form of a proof"),
    (bytes(a_proof(3)).replace(b"index 3\n", b"index 03\n"), "not the one form of a proof"),
    (bytes(a_proof(3)).replace(b"index 3\n", b"index 3\n" + b"A" * 120 + b"\n"), f"not a hash: {'A' * 80}"),
    (bytes(a_proof(3)).replace(b"index 3\n", b"index 3\n!\n"), "Only base64 data is allowed"),
])  # fmt: skip
def test_what_is_no_proof_is_refused_in_words(data, says):
    with pytest.raises(MalformedProofError) as caught:
        Proof.parse(data)

    assert str(caught.value) == says


def test_who_is_not_convinced_is_told_of_which_entry():
    with pytest.raises(PolicyNotMetError) as caught:
        verified(a_proof(3), LEAVES[2])

    assert str(caught.value) == f"the entry is not proven to stand in the log: {LEAVES[2].hex()}"
