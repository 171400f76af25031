"""The tables for a spreadsheet, read back: every entry, every document, and no cell that is a formula."""

import csv
import io
from dataclasses import replace

import pytest

from dossier_engine.catalogue import LANGUAGES
from dossier_engine.rules.entry import canonical, leaf_hash
from tests.bundle.material import LINES, SCRIPT, made

MET = "HD-2024-NC-0002"


def table(material, name: str, language="vi") -> list[list[str]]:
    content = made(material, language)[name]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_entry_is_a_line_with_its_hash(material):
    titles, *lines = table(material, "events.csv")

    leaves = [leaf_hash(canonical(e)).hex() for stream in sorted(material.streams) for e in material.streams[stream]]
    assert titles[:4] == ["Mã", "#", "Thời điểm", "Có hiệu lực từ"]
    assert [line[-1] for line in lines] == leaves
    assert {len(line) for line in lines} == {len(titles)}


def test_an_entry_is_told_in_words_beside_its_codes(material):
    line = next(line for line in table(material, "events.csv") if line[:2] == [MET, "4"])

    assert line[2:5] == ["2024-05-10 09:00:00", "2024-05-10", "xa2-thay (minh họa), làm thay xa2 (minh họa)"]
    assert line[6:12] == [
        "cán bộ xã", "Ủy ban nhân dân xã Lương Điền", "test", "recorded",
        "Ghi nhận: Cuộc họp của xã biểu quyết đề nghị", "18 trên 20 người có mặt đồng ý",
    ]  # fmt: skip


@pytest.mark.asvs("V1.2.10")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["events.csv", "documents.csv"])
def test_no_cell_is_a_formula(material, name, language):
    cells = [cell for line in table(material, name, language) for cell in line]

    assert [cell for cell in cells if cell.strip()[:1] and cell.strip()[0] in "=+-@"] == []


def test_what_somebody_typed_comes_back_as_typed(material):
    grounds = {line[1]: line[12] for line in table(material, "events.csv") if line[0] == MET}

    assert grounds["2"] == f"Lý do, ý kiến: {SCRIPT}"
    assert grounds["3"] == f"Lý do, ý kiến: {LINES}".replace("\r\n", "\n")


@pytest.mark.asvs("V1.2.10")
@pytest.mark.parametrize("typed", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1"])
def test_a_name_that_looks_like_a_formula_is_defused(material, typed):
    people = dict.fromkeys(material.people, typed)

    names = {line[4] for line in table(replace(material, people=people), "events.csv")[1:]}

    assert f"'{typed}" in names
    assert typed not in names


def test_every_recorded_document_is_a_line_with_its_whole_hash(material):
    titles, *lines = table(material, "documents.csv")

    recorded = {
        item["sha256"]
        for entries in material.streams.values()
        for e in entries
        if e["kind"] == "recorded"
        for item in e["body"]["items"]
        if "sha256" in item
    }
    assert len(recorded) > 10
    assert {line[9] for line in lines if line[9]} == recorded
    assert {len(line) for line in lines} == {len(titles)}


def test_a_document_that_was_replaced_says_by_which_entry(material):
    stream = "dossier/HD-2024-NC-0001"
    first = next(e for e in material.streams[stream] if "commune_submission" in str(e["body"]))
    again = {**material.streams[stream][6 - 1], "seq": 7}
    entries = [*material.streams[stream][:6], again]

    lines = table(replace(material, streams={stream: entries}), "documents.csv")[1:]

    submissions = [line for line in lines if line[5] == "commune_submission"]
    assert first["seq"] == 6
    assert [(line[1], line[10], line[11]) for line in submissions] == [("6", "không", "7"), ("7", "có", "")]
