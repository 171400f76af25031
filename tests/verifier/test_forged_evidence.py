"""Whatever is found before the rules are asked is found where it is: form, signatures, manifest, proofs, chains."""

import re

import pytest

from dossier_engine.rules.note import LOG, Note, sign
from dossier_engine.verifier import bundle
from dossier_engine.verifier.finding import CLASSES
from tests.verifier.forgeries import each, entries, exports, forgeries, signatures
from tests.verifier.forgeries.evidence import JUNE, SCOPE
from tests.verifier.forging import (
    POLICY,
    Signer,
    Tampering,
    judged,
    members,
    reported,
    signed,
    write,
)
from tests.verifier.logs import Log

pytestmark = pytest.mark.slow  # Each forgery is a bundle made and verified twice.

FORGERIES = forgeries(signatures, exports, entries)


@pytest.mark.parametrize("forgery", each(FORGERIES))
def test_a_forgery_of_the_evidence_is_found_out_where_it_is(story, tmp_path, forgery):
    report = reported(tmp_path / "forged.zip", forgery.make(story))

    assert [f.code for f in report.findings] == [forgery.code]
    stream, seq, _, detail = report.findings[0]
    assert re.fullmatch(forgery.where, f"{stream or 'bundle'} {seq}: {detail}".rstrip())


def test_an_earlier_checkpoint_of_another_log_is_not_of_this_one(story, tmp_path):
    other = Signer("nhat-ky-khac.example", LOG)
    log = Log()
    log.append(b"\x00" * 32)
    text = f"{other.name}\n1\n{signed(log, 1, JUNE, ()).decode().split(chr(10))[2]}\n"
    note = bytes(Note(text, (sign(text, other.key, other.private.sign),))).decode()
    wrong = {bundle.CHECKPOINTS: bundle.line({"note": note, "size": 1}) + b"\n"}
    found = members(story, tampering=Tampering(files=lambda files: files.update(wrong)))

    report = reported(
        tmp_path / "forged.zip", found, POLICY.replace(b"witness", f"log {other.key}\nwitness".encode(), 1)
    )

    assert [f.code for f in report.findings] == ["log_differs"]


def test_a_changed_archive_is_refused_before_anything_is_read_from_it(story, tmp_path):
    file = write(tmp_path / "bundle.zip", members(story))
    file.write_bytes(file.read_bytes() + b"\x00")

    [finding] = judged(file).findings
    assert (finding.stream, finding.seq, finding.code) == ("", 0, "archive_malformed")


def test_every_code_found_before_the_rules_has_its_forgery():
    elsewhere = ("memory", "rules", "times")
    before = {code for name, codes in CLASSES.items() if name not in elsewhere for code in codes}

    assert {forgery.code for forgery in FORGERIES} | {"archive_malformed", "log_differs"} == before


@pytest.mark.parametrize("names", [["reason"], ["reason", "supplement_1"]])
def test_what_was_erased_and_said_to_be_may_be_missing(story, tmp_path, names):
    entry = next(e for found in story.entries.values() for e in found if sorted(e["private"]) == names)
    gone = [[entry["stream"], entry["seq"], name] for name in names]
    story.private = [p for p in story.private if [p["stream"], p["seq"], p["name"]] not in gone]
    filed = story.entries["people"]
    erased = {**filed[0], "kind": "erased", "body": {"erased": gone, "basis": "Luật 91/2025/QH15"}, "private": {}}
    story.insert("people", len(filed) + 1, {**erased, "at": filed[-1]["at"], "effective_on": filed[-1]["effective_on"]})

    report = reported(tmp_path / "erased.zip", members(story))

    assert report.findings == []
    assert report.erased == len(names)


def test_names_of_people_may_be_withheld(story, tmp_path):
    story.private = [p for p in story.private if p["stream"] != "people"]

    assert reported(tmp_path / "withheld.zip", members(story, SCOPE)).findings == []
