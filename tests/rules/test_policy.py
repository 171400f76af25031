"""Whom an auditor believes: what a policy file may say, and what a note needs to meet it."""

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
    sign,
)
from dossier_engine.rules.policy import Group, MalformedPolicyError, Policy, PolicyNotMetError, satisfied
from tests.rules.foreign import OBSERVED, OBSERVED_LOG, OBSERVED_WITNESSES

ORIGIN = "log.example/ntm"
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
TEXT = CHECKPOINT.text()


def private(n: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)


def a_key(n: int, name: str, type_: int) -> Key:
    return Key(name, type_, private(n).public_key().public_bytes_raw())


LOGS = [a_key(100, ORIGIN, LOG), a_key(101, ORIGIN, LOG)]
WITNESSES = {name: a_key(n, f"witness.example/{name}", WITNESS) for n, name in enumerate("abcdef")}

HEAD = f"log {LOGS[0]}\n" + "".join(f"witness {name} {key}\n" for name, key in WITNESSES.items())


def a_policy(tail: str) -> Policy:
    return Policy.parse(f"{HEAD}{tail}\n".encode())


def a_note(witnesses: str = "", *, logs: tuple[int, ...] = (0,), text: str = TEXT) -> Note:
    return Note(
        text,
        tuple(
            [sign(text, LOGS[n], private(100 + n).sign) for n in logs]
            + [cosign(text, WITNESSES[name], 1000 + n, private("abcdef".index(name)).sign)
               for n, name in enumerate(witnesses)]
        ),
    )  # fmt: skip


def test_a_policy_file_says_what_it_says():
    policy = Policy.parse(
        f"# Người kiểm tra\n\n\t log \t{LOGS[0]}  https://log.example/\t\n"
        f"witness a {WITNESSES['a']} https://a.example/\nwitness b {WITNESSES['b']}\n"
        "group both all a b\n  # the end\nquorum both\n".encode()
    )

    assert policy.logs == (LOGS[0],)
    assert policy.witnesses == {"a": WITNESSES["a"], "b": WITNESSES["b"]}
    assert policy.groups == {"both": Group(2, ("a", "b"))}
    assert policy.quorum == "both"


QUORUMS = {
    "quorum none": (["", "a"], []),
    "quorum a": (["a", "ab"], ["", "b"]),
    "group g any a b c\nquorum g": (["a", "b", "c", "abc"], ["", "def"]),
    "group g 2 a b c\nquorum g": (["ab", "bc", "abc"], ["", "a", "cd"]),
    "group g all a b c\nquorum g": (["abc", "abcd"], ["", "ab", "abd"]),
    "group g 1 a\nquorum g": (["a"], ["b"]),
    "group x 2 a b c\ngroup y any d e\ngroup both all x y\nquorum both": (
        ["abd", "bce", "abcde"],
        ["abc", "ade", "de"],
    ),
    "group x 2 a b c\ngroup y any x d\nquorum y": (["d", "ab"], ["a", "e"]),
}


@pytest.mark.parametrize("tail", QUORUMS)
def test_so_many_witnesses_are_enough(tail):
    enough, too_few = QUORUMS[tail]
    policy = a_policy(tail)

    for names in enough:
        verified = satisfied(a_note(names), policy, verify)

        assert verified.checkpoint == CHECKPOINT
        assert sorted(verified.cosignatures) == [(name, 1000 + n) for n, name in enumerate(names)]
    for names in too_few:
        with pytest.raises(PolicyNotMetError, match="not enough witnesses") as caught:
            satisfied(a_note(names), policy, verify)
        assert caught.value.missing == tuple(name for name in "abcdef" if name not in names)


def test_a_checkpoint_seen_in_public_meets_a_policy_of_its_witnesses():
    lines = [f"witness w{n} {key}\n" for n, key in enumerate(OBSERVED_WITNESSES)]
    policy = Policy.parse(f"log {OBSERVED_LOG}\n{''.join(lines)}group g 3 w0 w1 w2 w3\nquorum g\n".encode())

    verified = satisfied(Note.parse(OBSERVED), policy, verify)

    assert verified.checkpoint.size == 1432088532
    assert verified.cosignatures == tuple((f"w{n}", 1779573024) for n in range(4))


def test_without_the_signature_of_the_log_nothing_is_believed():
    unsigned = Note(TEXT, a_note("abcdef").signatures[1:])

    with pytest.raises(PolicyNotMetError, match="the log has not signed") as caught:
        satisfied(unsigned, a_policy("quorum none"), verify)

    assert caught.value.missing == (ORIGIN,)


def test_a_log_that_the_policy_does_not_name_is_not_believed():
    for policy in (a_policy("quorum none"), Policy.parse(b"quorum none\n")):
        with pytest.raises(PolicyNotMetError, match="does not know the log") as caught:
            satisfied(a_note(text=Checkpoint("other.example", 7, bytes(32)).text()), policy, verify)

        assert caught.value.missing == ("other.example",)


def test_a_log_may_change_its_key():
    policy = a_policy(f"log {LOGS[1]}\nquorum none")

    for logs in ((0,), (1,), (0, 1)):
        assert satisfied(a_note(logs=logs), policy, verify).checkpoint == CHECKPOINT


@pytest.mark.parametrize("forged", [LOGS[1], WITNESSES["b"]])
def test_one_forged_signature_of_a_known_key_refuses_the_note(forged):
    policy = a_policy(f"log {LOGS[1]}\nquorum a")
    note = Note(TEXT, (*a_note("a").signatures, Signature(forged.name, forged.id, bytes(72))))

    with pytest.raises(ForgedSignatureError, match=forged.name):
        satisfied(note, policy, verify)


def test_signatures_of_others_change_nothing():
    policy = a_policy("quorum a")
    stranger = Signature("stranger.example", b"1234", b"anything")

    assert satisfied(Note(TEXT, (stranger, *a_note("a").signatures)), policy, verify).cosignatures == (("a", 1000),)


def test_a_note_that_is_no_checkpoint_meets_no_policy():
    with pytest.raises(MalformedNoteError):
        satisfied(a_note(text="Hello\n"), a_policy("quorum none"), verify)


def test_a_cosignature_of_another_checkpoint_does_not_count():
    other = cosign(Checkpoint(ORIGIN, 8, bytes(32)).text(), WITNESSES["a"], 1, private(0).sign)

    with pytest.raises(ForgedSignatureError):
        satisfied(Note(TEXT, (*a_note().signatures, other)), a_policy("quorum a"), verify)


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ("", "no quorum line"),
        ("quorum a\nquorum a", "9: not understood, or a second quorum"),
        ("quorum none\nquorum none", "9: not understood, or a second quorum"),
        ("quorum g", "8: g: not defined above"),
        ("quorum", "8: not understood"),
        ("quorum a b", "8: not understood"),
        ("Quorum a", "8: not understood"),
        ("group g\nquorum g", "8: not understood"),
        ("group g all\nquorum g", "8: not understood"),
        ("group g 0 a\nquorum g", "8: g: 0 of 1"),
        ("group g 3 a b\nquorum g", "8: g: 3 of 2"),
        ("group g 01 a b\nquorum g", "8: g: 01 of 2"),
        ("group g -1 a b\nquorum g", "8: g: -1 of 2"),
        ("group g ALL a b\nquorum g", "8: g: ALL of 2"),
        ("group g any a a\nquorum g", "8: a: a member a second time"),
        ("group g any a b\ngroup h any b c\nquorum h", "9: b: a member a second time"),
        ("group g any g\nquorum g", "8: g: a member a second time"),
        ("group g any h\ngroup h any a\nquorum g", "8: h: not defined above"),
        ("group g any none\nquorum g", "8: none: not defined above"),
        ("group none any a\nquorum none", "8: none: the name is taken"),
        ("group a any b\nquorum a", "8: a: the name is taken"),
        ("group g any a\ngroup g any b\nquorum g", "9: g: the name is taken"),
        (f"log {LOGS[0]}\nquorum none", f"8: {ORIGIN}: the same key a second time"),
        (f"log {a_key(100, 'renamed.example', LOG)}\nquorum none", "8: renamed.example: the same key a second time"),
        (f"witness z {a_key(0, 'renamed.example', WITNESS)}\nquorum none", "8: renamed.example: the same key a second"),
        (f"witness z {a_key(100, ORIGIN, WITNESS)}\nquorum none", f"8: {ORIGIN}: the same key a second time"),
        (f"log {a_key(9, 'w.example', WITNESS)}\nquorum none", "8: w.example: a key of type 4, not 1"),
        (f"witness z {a_key(9, 'w.example', LOG)}\nquorum none", "8: w.example: a key of type 1, not 4"),
        (f"witness a {a_key(9, 'w.example', WITNESS)}\nquorum none", "8: a: the name is taken"),
        (f"witness {a_key(9, 'w.example', WITNESS)}\nquorum none", "8: not understood"),
        ("log x+y+z\nquorum none", "8: not base64"),
        ("quorum none\r", "8: a control character"),
        ("quorum\x0bnone", "8: a control character"),
        ("quorum\u00a0none", "8: not understood"),
        (f"witness none {a_key(9, 'w.example', WITNESS)}\nquorum none", "8: none: the name is taken"),
    ],
)  # fmt: skip
def test_another_file_is_no_policy(tail, reason):
    with pytest.raises(MalformedPolicyError) as caught:
        a_policy(tail)

    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    "data",
    [b"", b"quorum none", b"quorum none\n# cut", b"# \xff\nquorum none\n", b"#" * 1_000_000 + b"\nquorum none\n"],
)
def test_other_bytes_are_no_policy(data):
    with pytest.raises(MalformedPolicyError):
        Policy.parse(data)


def test_a_policy_may_have_a_million_bytes():
    tail = b"\nquorum none\n"

    assert Policy.parse(b"#" * (1_000_000 - len(tail)) + tail).quorum == "none"


def test_a_long_chain_of_groups_is_no_trouble():
    groups = ["group g0 any a", *(f"group g{n} any g{n - 1}" for n in range(1, 5000)), "quorum g4999"]

    assert satisfied(a_note("a"), a_policy("\n".join(groups)), verify).cosignatures == (("a", 1000),)


def test_of_a_line_only_blanks_are_taken_off():
    policy = Policy.parse(f" \tlog {LOGS[0]}\t \nwitness X {WITNESSES['a']}\n quorum X \n".encode())

    assert policy.quorum == Policy.parse(f"log {LOGS[0]}\nwitness X {WITNESSES['a']}\nquorum X\n".encode()).quorum
    assert [*policy.witnesses] == ["X"]
