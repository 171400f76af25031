"""One forgery for each thing that is found before the rules are asked: form, signatures, manifest, proofs, chains."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dossier_engine.rules.entry import canonical
from dossier_engine.rules.note import LOG, Note, Signature, sign
from dossier_engine.verifier import bundle
from dossier_engine.verifier.finding import CLASSES
from tests.verifier.forging import (
    INSPECTORATE,
    POLICY,
    THE_LOG,
    Log,
    Members,
    Signer,
    Story,
    Tampering,
    judged,
    members,
    reported,
    signed,
    write,
)
from tests.verifier.lives import LONG, NEXT, OFFICE

pytestmark = pytest.mark.slow  # Each forgery is a bundle made and verified twice.

SCOPE = (OFFICE, NEXT)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)
Made = Callable[[Story], Members]
FORGERIES: list[tuple[str, str, Made]] = []


def forges(code: str, says: str) -> Callable[[Made], Made]:
    """The bundle that the decorated function makes is found out as `code`, where and in the words that `says` matches.

    What is matched is `stream seq: detail`, of the bundle as a whole `bundle 0: detail`.
    """

    def kept(made: Made) -> Made:
        FORGERIES.append((code, says, made))
        return made

    return kept


def last(story: Story, stream: str) -> tuple[str, int]:
    return stream, len(story.entries[stream])


def line(found: Members, name: str, number: int, change: Callable[[bytes], bytes]) -> None:
    lines = found[name].split(b"\n")
    lines[number] = change(lines[number])
    found[name] = b"\n".join(lines)


# --- members ---


@forges("member_malformed", r"bundle 0: no place for 'setup\.exe'")
def a_file_that_no_bundle_has(story: Story) -> Members:
    return members(story, tampering=Tampering(files=lambda found: found.update({"setup.exe": b"x"})))


@forges("member_malformed", "bundle 0: order")
def files_in_another_order(story: Story) -> Members:
    found = members(story)
    return {bundle.PRIVATE: found.pop(bundle.PRIVATE), **found}


@forges("member_missing", r"bundle 0: proofs\.jsonl")
def no_proofs(story: Story) -> Members:
    found = members(story)
    del found[bundle.PROOFS]
    return found


@forges("member_malformed", r"bundle 0: proofs\.jsonl")
def a_proof_too_many(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.append(b"0")))


@forges("member_malformed", r"bundle 0: proofs\.jsonl: not a line of index, path")
def a_proof_that_is_none(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(0, b'{"index":0}')))


@forges("member_malformed", r"bundle 0: proofs\.jsonl")
def a_proof_at_no_place(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(0, b'{"index":"0","path":[]}')))


@forges("member_malformed", r"bundle 0: proofs\.jsonl")
def a_proof_of_no_hashes(story: Story) -> Members:
    return members(story, tampering=Tampering(proofs=lambda lines: lines.__setitem__(1, b'{"path":["x"]}')))


# --- signatures ---


@forges("note_malformed", "bundle 0: not a signature line: 'ok'")
def a_checkpoint_that_is_no_note(story: Story) -> Members:
    return members(story) | {bundle.CHECKPOINT: b"ok\n"}


@forges("note_malformed", "bundle 0: the signatures are not in order")
def signatures_in_another_order(story: Story) -> Members:
    found = members(story)
    note = Note.parse(found[bundle.CHECKPOINT])
    return found | {bundle.CHECKPOINT: bytes(Note(note.text, note.signatures[::-1]))}


@forges("note_malformed", "bundle 0: not a signature line: 'ok'")
def an_earlier_checkpoint_that_is_no_note(story: Story) -> Members:
    wrong = {bundle.CHECKPOINTS: bundle.line({"note": "ok\n", "size": 1}) + b"\n"}
    return members(story, tampering=Tampering(files=lambda found: found.update(wrong)))


@forges("note_malformed", r"bundle 0: \d+: not in order")
def earlier_checkpoints_out_of_order(story: Story) -> Members:
    def swap(found: Members) -> None:
        one, other, _ = found[bundle.CHECKPOINTS].split(b"\n")
        found[bundle.CHECKPOINTS] = other + b"\n" + one + b"\n"

    return members(story, tampering=Tampering(files=swap))


@forges("note_malformed", r"bundle 0: 1: \d+")
def an_earlier_checkpoint_of_another_size(story: Story) -> Members:
    def resize(found: Members) -> None:
        told = bundle.parse(found[bundle.CHECKPOINTS].split(b"\n")[0], "note", "size")
        line(found, bundle.CHECKPOINTS, 0, lambda _: bundle.line({"note": told["note"], "size": 1}))

    return members(story, tampering=Tampering(files=resize))


@forges("note_malformed", "bundle 0: time 4611686018427387904")
def a_time_beyond_all_calendars(story: Story) -> Members:
    found = members(story)
    text = Note.parse(found[bundle.CHECKPOINT]).text
    when = 2**62
    message = f"cosignature/v1\ntime {when}\n{text}".encode()
    cosigned = [Signature(w.name, w.key.id, when.to_bytes(8, "big") + w.private.sign(message)) for w in story.witnesses]
    note = Note(text, (sign(text, THE_LOG.key, THE_LOG.private.sign), *cosigned))
    return found | {bundle.CHECKPOINT: bytes(note)}


@forges("signature_forged", r"bundle 0: nong-thon-moi\.haiduong\.example/1")
def a_signature_that_does_not_fit(story: Story) -> Members:
    found = members(story)
    note = Note.parse(found[bundle.CHECKPOINT])
    other = sign("something else\n", THE_LOG.key, THE_LOG.private.sign)
    return found | {bundle.CHECKPOINT: bytes(Note(note.text, (other, *note.signatures[1:])))}


@forges("signature_forged", r"bundle 0: nong-thon-moi\.haiduong\.example/1")
def an_earlier_signature_that_does_not_fit(story: Story) -> Members:
    def exchange(found: Members) -> None:
        one, other = (bundle.parse(x, "note", "size") for x in found[bundle.CHECKPOINTS].split(b"\n")[:2])
        mixed = Note(Note.parse(str(one["note"]).encode()).text, Note.parse(str(other["note"]).encode()).signatures)
        line(found, bundle.CHECKPOINTS, 0, lambda _: bundle.line({"note": bytes(mixed).decode(), "size": one["size"]}))

    return members(story, tampering=Tampering(files=exchange))


@forges("signer_unknown", r"bundle 0: somebody\.example")
def a_signature_by_somebody_unknown(story: Story) -> Members:
    found = members(story)
    note = Note.parse(found[bundle.CHECKPOINT])
    stranger = Signer("somebody.example", LOG)
    by_stranger = sign(note.text, stranger.key, stranger.private.sign)
    return found | {bundle.CHECKPOINT: bytes(Note(note.text, (*note.signatures, by_stranger)))}


@forges("policy_not_met", "bundle 0: not enough witnesses have cosigned; without cosignature: tinh-ben")
def a_checkpoint_one_witness_short(story: Story) -> Members:
    story.witnesses = (INSPECTORATE,)
    return members(story)


@forges("policy_not_met", r"bundle 0: nong-thon-moi\.haiduong\.example/1")
def an_earlier_checkpoint_the_log_has_not_signed(story: Story) -> Members:
    def unsign(found: Members) -> None:
        told = bundle.parse(found[bundle.CHECKPOINTS].split(b"\n")[0], "note", "size")
        note = Note.parse(str(told["note"]).encode())
        unsigned = bytes(Note(note.text, note.signatures[1:])).decode()
        line(found, bundle.CHECKPOINTS, 0, lambda _: bundle.line({"note": unsigned, "size": told["size"]}))

    return members(story, tampering=Tampering(files=unsign))


# --- the export and the manifest ---


def exporting(story: Story, **body: Any) -> Members:
    return members(story, tampering=Tampering(export=lambda entry: entry["body"].update(body)))


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


# --- entries ---


def raw(story: Story, stream: str, change: Callable[[bytes], bytes]) -> Members:
    story.renumber()
    key = last(story, stream)
    story.raw[key] = change(canonical(story.entries[stream][-1]))
    return members(story)


@forges("entry_malformed", r"dossier/HD-2024-NC-0002 [1-9]\d*: not in canonical form")
def an_entry_with_a_space(story: Story) -> Members:
    return raw(story, f"dossier/{LONG}", lambda data: data.replace(b'"kind":', b'"kind": '))


@forges("entry_malformed", r"dossier/HD-2024-NC-0002 [1-9]\d*: keys \['channel'\]")
def an_entry_without_a_channel(story: Story) -> Members:
    return raw(story, f"dossier/{LONG}", lambda data: data.replace(b'"channel":"test",', b""))


@forges("entry_malformed", r"dossier/HD-2024-NC-0002 [1-9]\d*: month must be in 1\.\.12")
def an_entry_at_no_instant(story: Story) -> Members:
    return raw(story, f"dossier/{LONG}", lambda data: data.replace(b'"at":"2024-12', b'"at":"2024-13'))


@forges("entry_malformed", r"dossier/HD-2024-NC-0002 [1-9]\d*: actor")
def an_entry_by_nobody(story: Story) -> Members:
    story.entries[f"dossier/{LONG}"][-1]["actor"] = {}
    return members(story)


@forges("line_differs", r'bundle 0: .+"seq":\d,"strom":"territory"\}')
def a_line_that_names_no_stream(story: Story) -> Members:
    return raw(story, "territory", lambda data: data.replace(b'"stream":', b'"strom":'))


@forges("line_differs", "calendar 0: not in order")
def streams_in_another_order(story: Story) -> Members:
    def swap(found: Members) -> None:
        *rest, end, _ = found[bundle.EVENTS].split(b"\n")
        found[bundle.EVENTS] = b"\n".join([end, *rest]) + b"\n"

    return members(story, tampering=Tampering(swap, proofs=lambda lines: lines.insert(2, lines.pop())))


# --- chains and heads ---


@forges("stream_unknown", "notes 0:")
def a_stream_of_another_kind(story: Story) -> Members:
    story.entries["notes"] = [dict(story.entries["territory"][0])]
    return members(story)


@forges("stream_missing", "calendar 0:")
def no_calendar_to_judge_by(story: Story) -> Members:
    del story.entries["calendar"]
    return members(story, SCOPE)


@forges("stream_missing", "dossier/HD-2099-NC-0001 0:")
def a_dossier_that_is_not_there(story: Story) -> Members:
    return members(story, SCOPE, Tampering(export=lambda entry: entry["body"]["scope"].append("HD-2099-NC-0001")))


@forges("stream_unknown", "dossier/HD-2025-NC-0001 0:")
def a_dossier_nobody_asked_for(story: Story) -> Members:
    return members(story, SCOPE, Tampering(export=lambda entry: entry["body"]["scope"].pop()))


@forges("entry_missing", r"dossier/HD-2024-NC-0002 [1-9]\d*: dossier/HD-2024-NC-0002 \d+")
def an_entry_with_the_number_of_the_next(story: Story) -> Members:
    seq = len(story.entries[f"dossier/{LONG}"])
    return raw(story, f"dossier/{LONG}", lambda d: d.replace(b'"seq":%d' % seq, b'"seq":%d' % (seq + 1)))


@forges("chain_broken", r"dossier/HD-2024-NC-0002 [1-9]\d*:")
def an_entry_that_continues_another(story: Story) -> Members:
    return raw(story, f"dossier/{LONG}", lambda data: data.replace(b'"prev":"', b'"prev":"00')[:-2] + b'"}')


@forges("head_not_proven", r"people [1-9]\d*:")
def a_dossier_cut_off_at_its_end(story: Story) -> Members:
    def cut(found: Members) -> None:
        lines = found[bundle.EVENTS].split(b"\n")
        ends = [n for n, text in enumerate(lines) if text.endswith(b'"stream":"people"}')]
        del lines[ends[-1]]
        found[bundle.EVENTS] = b"\n".join(lines)
        places.append(ends[-1])

    places: list[int] = []
    story.private = [p for p in story.private if p["stream"] != "people"]
    return members(story, SCOPE, Tampering(cut, proofs=lambda lines: lines.pop(1 + places[0])))


@forges("heads_differ", "bundle 0:")
def an_export_with_other_heads(story: Story) -> Members:
    return exporting(story, heads="0" * 64)


@forges("heads_differ", "bundle 0:")
def an_export_of_fewer_streams(story: Story) -> Members:
    return exporting(story, streams=3)


# --- private values ---


def private(change: Callable[[list[bytes]], object]) -> Tampering:
    def tamper(found: Members) -> None:
        lines = found[bundle.PRIVATE].split(b"\n")[:-1]
        change(lines)
        found[bundle.PRIVATE] = b"".join(told + b"\n" for told in lines)

    return Tampering(tamper)


@forges("private_malformed", "calendar 0: not a line of name, salt, seq, stream, value")
def a_private_value_without_its_salt(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.__setitem__(0, lines[0].replace(b'"salt"', b'"silt"'))))


@forges("private_malformed", "bundle 0: x")
def a_private_line_that_is_none(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.__setitem__(0, b"x")))


@forges("private_malformed", "dossier/HD-2024-HNC-0001 0: not in order")
def private_values_in_another_order(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.insert(0, lines.pop(1))))


@forges("private_malformed", "bundle 0: not in order")
def private_values_of_streams_in_another_order(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.reverse()))


@forges("private_malformed", "bundle 0: not in order")
def private_values_of_a_stream_apart(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.append(lines.pop(0))))


@forges("private_malformed", "calendar 2: reason")
def a_salt_that_is_too_short(story: Story) -> Members:
    return members(
        story, tampering=private(lambda lines: lines.__setitem__(0, lines[0].replace(b'"salt":"', b'"salt":"0')))
    )


@forges("private_malformed", "calendar 0:")
def a_private_value_that_is_a_number(story: Story) -> Members:
    def number(lines: list[bytes]) -> None:
        lines[0] = lines[0].replace(b'"seq":', b'"seq":"').replace(b',"stream"', b'","stream"')

    return members(story, tampering=private(number))


@forges("private_unknown", "zoo 0:")
def a_private_value_of_no_stream(story: Story) -> Members:
    added = bundle.line({"name": "x", "salt": "0" * 64, "seq": 1, "stream": "zoo", "value": "x"})
    return members(story, tampering=private(lambda lines: lines.append(added)))


@forges("private_unknown", "calendar 1: zz")
def a_private_value_nobody_committed_to(story: Story) -> Members:
    added = {"name": "zz", "salt": "0" * 64, "seq": 1, "stream": "calendar", "value": "x"}
    story.private.append(added)
    return members(story)


@forges("private_missing", r"dossier/HD-2024-NC-0002 [1-9]\d*: reason")
def a_reason_left_out(story: Story) -> Members:
    entry = story.entry(f"dossier/{LONG}", "paused")
    story.private = [p for p in story.private if (p["stream"], p["seq"]) != (entry["stream"], entry["seq"])]
    return members(story)


@forges("private_differs", r"dossier/HD-2024-NC-0002 [1-9]\d*: reason")
def another_reason(story: Story) -> Members:
    next(p for p in story.private if p["stream"] == f"dossier/{LONG}")["value"] = "vì tôi muốn"
    return members(story)


@forges("private_differs", "people 1: handle")
def another_name_of_a_person(story: Story) -> Members:
    next(p for p in story.private if p["stream"] == "people")["value"] = "Người khác"
    return members(story)


@pytest.mark.parametrize(("code", "says", "made"), [pytest.param(*f, id=f[2].__name__) for f in FORGERIES])
def test_a_forgery_of_the_evidence_is_found_out_where_it_is(story, tmp_path, code, says, made):
    report = reported(tmp_path / "forged.zip", made(story))

    assert [f.code for f in report.findings] == [code]
    stream, seq, _, detail = report.findings[0]
    assert re.fullmatch(says, f"{stream or 'bundle'} {seq}: {detail}".rstrip())


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

    assert [f.code for f in judged(file).findings] == ["archive_malformed"]


def test_every_code_found_before_the_rules_has_its_forgery():
    elsewhere = ("memory", "rules", "times")
    before = {code for name, codes in CLASSES.items() if name not in elsewhere for code in codes}

    assert {code for code, _, _ in FORGERIES} | {"archive_malformed", "log_differs"} == before


def test_what_was_erased_and_said_to_be_may_be_missing(story, tmp_path):
    entry = story.entry(f"dossier/{LONG}", "paused")
    gone = [entry["stream"], entry["seq"], "reason"]
    story.private = [p for p in story.private if [p["stream"], p["seq"], p["name"]] != gone]
    filed = story.entries["people"]
    erased = {**filed[0], "kind": "erased", "body": {"erased": [gone], "basis": "Luật 91/2025/QH15"}, "private": {}}
    story.insert("people", len(filed) + 1, {**erased, "at": filed[-1]["at"], "effective_on": filed[-1]["effective_on"]})

    report = reported(tmp_path / "erased.zip", members(story))

    assert report.findings == []
    assert report.erased == 1


def test_names_of_people_may_be_withheld(story, tmp_path):
    story.private = [p for p in story.private if p["stream"] != "people"]

    assert reported(tmp_path / "withheld.zip", members(story, SCOPE)).findings == []
