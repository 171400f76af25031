"""Forgeries of what was exported, and of where it stands in the log."""

import hashlib
from typing import Any

from dossier_engine.verifier import bundle
from tests.verifier.forgeries import forges
from tests.verifier.forgeries.evidence import JUNE, SCOPE, exporting
from tests.verifier.forging import (
    Members,
    Story,
    Tampering,
    members,
    signed,
)
from tests.verifier.logs import Log

# --- the export and the manifest ---


@forges("export_malformed", "bundle 0: exported")
def an_export_of_nothing(story: Story) -> Members:
    return exporting(story, size=0)


@forges("export_malformed", "bundle 0: exported")
def an_export_of_no_dossier(story: Story) -> Members:
    return exporting(story, scope=[])


@forges("export_malformed", "bundle 0: exported")
def an_export_with_a_short_hash(story: Story) -> Members:
    return exporting(story, heads="00")


@forges("export_malformed", "bundle 0:")
def an_export_without_an_end(story: Story) -> Members:
    found = members(story)
    return found | {bundle.EXPORT: found[bundle.EXPORT].rstrip()}


@forges("export_malformed", "bundle 0: imported")
def something_else_than_an_export(story: Story) -> Members:
    return members(story, tampering=Tampering(export=lambda entry: entry.update(kind="imported")))


@forges("export_malformed", "bundle 0: 'scope'")
def an_export_without_its_body(story: Story) -> Members:
    return members(story, tampering=Tampering(export=lambda entry: entry.update(body={})))


@forges("export_not_proven", r"bundle 0: \d+")
def an_export_that_is_not_in_the_log(story: Story) -> Members:
    found = members(story)
    return found | {bundle.EXPORT: found[bundle.EXPORT].replace(b"2024-12-31", b"2024-12-30")}


@forges("export_not_proven", r"bundle 0: \d+")
def an_export_of_more_than_there_was(story: Story) -> Members:
    return exporting(story, size=10**6)


@forges("manifest_differs", "bundle 0:")
def another_manifest(story: Story) -> Members:
    found = members(story)
    return found | {bundle.MANIFEST: found[bundle.MANIFEST].upper()}


@forges("file_differs", r"bundle 0: events\.csv")
def another_file(story: Story) -> Members:
    return members(story) | {"events.csv": b"something else\n"}


@forges("file_differs", r"bundle 0: private\.jsonl")
def another_private_value_after_the_export(story: Story) -> Members:
    found = members(story)
    return found | {bundle.PRIVATE: found[bundle.PRIVATE].replace(b"minh", b"Minh", 1)}


@forges("file_differs", r"bundle 0: MANIFEST\.sha256")
def a_manifest_that_lists_too_much(story: Story) -> Members:
    found = members(story)
    longer = found[bundle.MANIFEST] + f"{'0' * 64}  ghost.csv\n".encode()

    def restate(entry: dict[str, Any]) -> None:
        entry["body"]["manifest"] = hashlib.sha256(longer).hexdigest()

    return members(story, tampering=Tampering(export=restate)) | {bundle.MANIFEST: longer}


# --- places and roots ---


@forges("index_wrong", "calendar 0: 0")
def two_entries_that_change_places(story: Story) -> Members:
    def swap(lines: list[bytes]) -> None:
        lines[2], lines[3] = lines[3], lines[2]

    return members(story, tampering=Tampering(proofs=swap))


@forges("index_wrong", "calendar 0: 00")
def a_place_written_otherwise(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(2, b"0" + lines[2])))


@forges("index_wrong", "calendar 0: 9{40}")
def a_place_beyond_all_numbers(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(2, b"9" * 50)))


@forges("index_wrong", r"dossier/HD-2025-NC-0001 0: \d+")
def a_place_beyond_the_export(story: Story) -> Members:
    story.checkpoints = (0.1,)
    return members(story, SCOPE, Tampering(export=lambda entry: entry["body"].update(size=100)))


@forges("size_differs", r"bundle 0: \d+")
def an_entry_fewer_than_exported(story: Story) -> Members:
    def shorten(found: Members) -> None:
        found[bundle.EVENTS] = b"\n".join(found[bundle.EVENTS].split(b"\n")[:-2]) + b"\n"
        found[bundle.PRIVATE] = b""

    return members(story, tampering=Tampering(shorten, proofs=lambda lines: lines.pop()))


@forges("size_differs", r"bundle 0: \d+")
def an_earlier_checkpoint_of_more_than_exported(story: Story) -> Members:
    return members(story, tampering=Tampering(export=lambda entry: entry["body"].update(size=20, streams=9)))


@forges("root_differs", "bundle 0: 1")
def an_earlier_checkpoint_of_another_history(story: Story) -> Members:
    other = Log()
    other.append(b"\x00" * 32)
    note = signed(other, 1, JUNE, story.witnesses)
    wrong = bundle.line({"note": note.decode(), "size": 1}) + b"\n"
    return members(story, tampering=Tampering(files=lambda found: found.update({bundle.CHECKPOINTS: wrong})))


def _another_hash(told: bytes) -> bytes:
    at = told.rindex(b'"]')
    return told[: at - 4] + bytes(reversed(told[at - 4 : at])) + told[at:]


@forges("inclusion_not_proven", "calendar 0: 0")
def an_entry_not_in_the_log(story: Story) -> Members:
    return members(story, SCOPE, Tampering(proofs=lambda lines: lines.__setitem__(1, _another_hash(lines[1]))))


@forges("consistency_not_proven", r"bundle 0: \d+")
def a_log_that_did_not_grow_to_this(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(1, _another_hash(lines[1]))))


@forges("consistency_not_proven", r"bundle 0: \d+")
def an_earlier_checkpoint_that_did_not_grow_to_this(story: Story) -> Members:
    return members(story, SCOPE, Tampering(proofs=lambda lines: lines.__setitem__(-1, _another_hash(lines[-1]))))
