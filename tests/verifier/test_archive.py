"""The one archive form: what is written is read, any unzip program opens it, and nothing else is accepted."""

import hashlib
import io
import zipfile
import zlib

import pytest

from dossier_engine.verifier import archive
from dossier_engine.verifier.archive import Archive, MalformedArchiveError, Writer

FILES = {"events.jsonl": b"one\ntwo\n", "workflow/commune-advanced@1.yaml": b"", "checkpoint.txt": b"x" * 5000}


def written(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = Writer(out)
    for name, data in files.items():
        writer.add(name, [data[:7], data[7:]])
    writer.close()
    return out.getvalue()


SOUND = written(FILES)


def test_what_is_written_is_read_again():
    found = Archive(io.BytesIO(SOUND))

    assert {name: found.read(name, 5000) for name in found.members} == FILES
    assert [*found.lines("events.jsonl", most=10)] == [b"one", b"two"]
    assert found.digests() == {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}


def test_a_member_is_read_block_by_block(monkeypatch):
    monkeypatch.setattr(archive, "_BLOCK", 7)
    found = Archive(io.BytesIO(SOUND))

    assert found.read("checkpoint.txt", 5000) == FILES["checkpoint.txt"]
    assert found.digests()["checkpoint.txt"] == hashlib.sha256(FILES["checkpoint.txt"]).hexdigest()


def test_a_member_that_shrinks_while_it_is_read_is_refused():
    file = io.BytesIO(SOUND)
    found = Archive(file)

    file.truncate(found.members["checkpoint.txt"].end - 1)

    with pytest.raises(MalformedArchiveError, match=r"^checkpoint\.txt: cut off$"):
        found.read("checkpoint.txt", 5000)


def exchanged(place: int, data: bytes) -> bytes:
    place %= len(SOUND)
    return SOUND[:place] + data + SOUND[place + len(data) :]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SOUND[:21], "21 bytes"),
        (SOUND[-22:], "no directory at the end"),
        (SOUND + b"\0", "no directory at the end"),
        (exchanged(-22, b"Q"), "no directory at the end"),
        (exchanged(-14, b"\0\0\0\0"), "no directory at the end"),
        (exchanged(-14, b"\4\0\4\0"), "the directory is too short"),
        (exchanged(-14, b"\2\0\2\0"), "the directory is not of the one form"),
        (exchanged(0, b"Q"), "events.jsonl: header"),
        (exchanged(SOUND.index(b"one"), b"O"), "events.jsonl: checksum"),
        (exchanged(SOUND.index(b"xx"), b"y"), "checkpoint.txt: checksum"),
    ],
)
def test_what_is_wrong_with_an_archive_is_said(data, says):
    with pytest.raises(MalformedArchiveError) as refusal:
        Archive(io.BytesIO(data)).digests()

    assert str(refusal.value) == says


def test_any_program_opens_it():
    with zipfile.ZipFile(io.BytesIO(SOUND)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == FILES


def test_the_same_members_are_the_same_bytes():
    assert written(FILES) == written(dict(FILES))
    assert (
        hashlib.sha256(written(FILES)).hexdigest() == "3bf64314bd023138fa5277cfc2bfcf5117f4b7b5d4ad6fd1734384a5c0201acd"
    )


def test_an_archive_of_nothing_is_written_as_any_program_would_and_not_read():
    assert written({}) == b"PK\x05\x06" + bytes(18)
    with pytest.raises(MalformedArchiveError, match="no directory at the end"):
        Archive(io.BytesIO(written({})))


def test_the_digest_of_a_member_is_told_as_it_is_written():
    writer = Writer(io.BytesIO())

    digest = writer.add("events.jsonl", [b"one\n"])

    assert digest == "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"


@pytest.mark.parametrize("bit", range(8))
def test_no_bit_can_be_turned(bit):
    for place in range(len(SOUND)):
        changed = bytearray(SOUND)
        changed[place] ^= 1 << bit
        with pytest.raises(MalformedArchiveError):
            Archive(io.BytesIO(bytes(changed))).digests()


def test_nothing_can_be_cut_off():
    for length in range(len(SOUND)):
        with pytest.raises(MalformedArchiveError):
            Archive(io.BytesIO(SOUND[:length])).digests()


@pytest.mark.parametrize(("before", "after"), [(b"", b"\0"), (b"\0", b""), (b"PK\x03\x04", b"")])
def test_nothing_can_be_added(before, after):
    with pytest.raises(MalformedArchiveError):
        Archive(io.BytesIO(before + SOUND + after)).digests()


def by_zipfile(compression: int = zipfile.ZIP_STORED, **attributes: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        info = zipfile.ZipInfo("events.jsonl")
        for name, value in attributes.items():
            setattr(info, name, value)
        made.writestr(info, b"one\n", compress_type=compression)
    return out.getvalue()


@pytest.mark.parametrize(
    "other",
    [
        by_zipfile(date_time=(2024, 1, 1, 0, 0, 0)),
        by_zipfile(zipfile.ZIP_DEFLATED),
        by_zipfile(extra=b"\x01\x00\x01\x00x"),
        by_zipfile(comment=b"x"),
        by_zipfile(external_attr=0o644 << 16),
    ],
)
def test_what_other_programs_write_is_refused(other):
    with pytest.raises(MalformedArchiveError):
        Archive(io.BytesIO(other))


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/b/c", "", ".x", "x\\y", "é", "a" * 201, "a b"])
def test_a_name_that_leads_elsewhere_is_not_written(name):
    with pytest.raises(ValueError, match="no place"):
        Writer(io.BytesIO()).add(name, [])


@pytest.mark.parametrize("name", [b"../x", b"/abc", b"a//b", b".abc", b"a\\bc", b"a bc", b"\xc3\xa9ab"])
def test_a_name_that_leads_elsewhere_is_not_read(name):
    with pytest.raises(MalformedArchiveError, match="a member called"):
        Archive(io.BytesIO(written({"name": b"x"}).replace(b"name", name)))


def test_no_name_comes_twice():
    writer = Writer(io.BytesIO())
    writer.add("events.jsonl", [])

    with pytest.raises(ValueError, match="no place"):
        writer.add("events.jsonl", [])
    doubled = written({"one": b"a", "two": b"a"}).replace(b"two", b"one")
    with pytest.raises(MalformedArchiveError):
        Archive(io.BytesIO(doubled))


def test_there_is_an_end_to_how_many_members_and_bytes(monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    with pytest.raises(ValueError, match="no place"):
        written(FILES)
    with pytest.raises(MalformedArchiveError):
        Archive(io.BytesIO(SOUND))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "LARGEST", len(SOUND) - 1)
    with pytest.raises(ValueError, match="grows beyond"):
        written(FILES)
    with pytest.raises(MalformedArchiveError):
        Archive(io.BytesIO(SOUND))


def test_up_to_each_end_everything_is_written_and_read(monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", len(FILES))
    monkeypatch.setattr(archive, "LARGEST", len(SOUND))
    longest = "a" * 100 + "/" + "b" * 99

    found = Archive(io.BytesIO(written(FILES)))

    assert list(found.members) == list(FILES)
    assert [*found.lines("events.jsonl", most=3)] == [b"one", b"two"]
    assert list(Archive(io.BytesIO(written({longest: b""}))).members) == [longest]


def test_a_large_member_is_not_read_whole_by_mistake():
    with pytest.raises(MalformedArchiveError, match="5000 bytes"):
        Archive(io.BytesIO(SOUND)).read("checkpoint.txt", 4999)


@pytest.mark.parametrize("data", [b"one\ntwo", b"a line that is too long\n", b"1 too long!\n"])
def test_every_line_ends_and_none_is_endless(data):
    found = Archive(io.BytesIO(written({"events.jsonl": data})))

    with pytest.raises(MalformedArchiveError, match="without an end"):
        list(found.lines("events.jsonl", most=10))


def test_the_checksum_is_that_of_the_content():
    assert zlib.crc32(FILES["events.jsonl"]).to_bytes(4, "little") in SOUND
