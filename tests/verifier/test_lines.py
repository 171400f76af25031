"""The one form of what lies in a bundle: the order of its members, of signatures, and of each line."""

import pytest

from dossier_engine.rules.note import Note, Signature
from dossier_engine.verifier import bundle


def test_every_member_has_its_place():
    ordered = [
        "events.jsonl", "private.jsonl", "checkpoints.jsonl", "LICH-SU.html", "events.csv", "dossier.json",
        "documents.csv", "ocel.json", "workflow/commune-advanced@1.svg", "workflow/commune-advanced@1.yaml",
        "workflow/small@1.0-b.yaml", "HUONG-DAN-KIEM-TRA.txt", "verify.py", "MANIFEST.sha256", "export.jsonl",
        "proofs.jsonl", "checkpoint.txt",
    ]  # fmt: skip

    assert sorted(ordered, key=bundle.place) == ordered


@pytest.mark.parametrize("name", ["workflow/Small@1.yaml", "workflow/small.yaml", "workflow/a@1.exe", ""])
def test_what_no_bundle_has_has_no_place(name):
    with pytest.raises(ValueError, match=f"no place for '{name}'"):
        bundle.place(name)


def test_the_log_signs_before_witnesses_and_they_by_name_and_key():
    signatures = [Signature(name, key_id, b"x") for name, key_id in (
        ("z.example", b"0001"), ("z.example", b"0002"), ("a.example", b"0001"), ("a.example", b"0002"),
        ("b.example", b"0001"),
    )]  # fmt: skip

    found = bundle.in_order(Note("z.example\n7\n", tuple(reversed(signatures))))

    assert found == Note("z.example\n7\n", tuple(signatures))


def test_a_line_has_one_form():
    assert bundle.line({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'.encode()
    assert bundle.head("people", 3, b"\x01\x02") == b'{"leaf":"0102","seq":3,"stream":"people"}'
    assert bundle.manifest([("events.csv", "ab"), ("x", "cd")]) == b"ab  events.csv\ncd  x\n"
    assert bundle.parse(b'{"a":1,"b":2}', "b", "a") == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match="not JSON compliant"):
        bundle.line(float("nan"))


@pytest.mark.parametrize("data", [
    b'{"a":1}', b'{"a":1,"b":2,"c":3}', b'{"b":2,"a":1}', b'{"a": 1,"b":2}', b'{"a":1,"b":2}\n', b"[]",
    b'{"a":1,"b":"\\u00e9"}', b'{"a":1,"a":1,"b":2}',
])  # fmt: skip
def test_other_bytes_are_no_line(data):
    with pytest.raises(ValueError, match=r"^not a line of a, b$"):
        bundle.parse(data, "a", "b")


def test_a_line_is_not_nested_without_end():
    with pytest.raises(ValueError, match=r"^nested without end$"):
        bundle.parse(b"[" * 100_000, "a")
