"""Forgeries of entries, of their chains and of the private values they commit to."""

from collections.abc import Callable

from dossier_engine.rules.entry import canonical
from dossier_engine.verifier import bundle
from tests.verifier.forgeries import forges
from tests.verifier.forgeries.evidence import SCOPE, exporting, last
from tests.verifier.forging import (
    Members,
    Story,
    Tampering,
    members,
)
from tests.verifier.lives import LONG

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


@forges("line_differs", r'bundle 0: .+"seq":\d,"stream":""\}')
def a_stream_without_a_name(story: Story) -> Members:
    return raw(story, "territory", lambda data: data.replace(b'"stream":"territory"', b'"stream":""'))


@forges("line_differs", r'bundle 0: .+"seq":\d,"stream":"territory"\}x')
def a_line_that_ends_otherwise(story: Story) -> Members:
    return raw(story, "territory", lambda data: data + b"x")


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


@forges("private_malformed", r"dossier/HD-2024-NC-0002 [1-9]\d*: reason")
def a_salt_in_a_dossier_that_is_too_short(story: Story) -> Members:
    def shorten(lines: list[bytes]) -> None:
        at = next(n for n, told in enumerate(lines) if f'"stream":"dossier/{LONG}"'.encode() in told)
        lines[at] = lines[at].replace(b'"salt":"', b'"salt":"0')

    return members(story, tampering=private(shorten))


@forges("private_malformed", "calendar 2: reason")
def a_private_value_twice(story: Story) -> Members:
    return members(story, tampering=private(lambda lines: lines.insert(0, lines[0])))


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
