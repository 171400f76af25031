"""Forgeries of what a bundle consists of, and of who signed it."""

from dossier_engine.rules.note import LOG, Note, Signature, sign
from dossier_engine.verifier import bundle
from tests.verifier.forgeries import forges
from tests.verifier.forgeries.evidence import line
from tests.verifier.forging import (
    INSPECTORATE,
    THE_LOG,
    Members,
    Signer,
    Story,
    Tampering,
    members,
)

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


@forges("note_malformed", r"bundle 0: \d+: not in order")
def an_earlier_checkpoint_twice(story: Story) -> Members:
    def repeat(found: Members) -> None:
        found[bundle.CHECKPOINTS] = found[bundle.CHECKPOINTS].split(b"\n")[0] + b"\n" + found[bundle.CHECKPOINTS]

    return members(story, tampering=Tampering(files=repeat))


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
