"""The sheet of each dossier: every entry in words, no machine's word, nothing that runs or is fetched."""

import re
from dataclasses import replace

import pytest

from dossier_engine.bundle.sheet import MOST
from dossier_engine.catalogue import LANGUAGES
from dossier_engine.rules.entry import UNVERSIONED, VERSIONED, canonical, leaf_hash
from tests.bundle.material import FORMULA, LOG, ROOT, SCRIPT, made
from tests.bundle.page import Page, read

MET = "HD-2024-NC-0002"  # the commune that meets with everything
MODEL = "HD-2024-KM-0001"


def sheet(material, language="vi") -> Page:
    return read(made(material, language)["LICH-SU.html"])


def alone(material, code: str):
    """The material of one dossier."""
    stream = f"dossier/{code}"
    return replace(material, streams={stream: material.streams[stream]})


def entries_of(material, code: str) -> list[list[str]]:
    """The rows of one dossier, without the titles."""
    return sheet(alone(material, code)).rows[1:]


def test_every_entry_of_every_dossier_is_told_oldest_first_with_its_hash(material):
    told = [row[-1].strip() for row in sheet(material).rows if row[0].strip().isdecimal()]

    leaves = [leaf_hash(canonical(e)).hex() for stream in sorted(material.streams) for e in material.streams[stream]]
    assert told == [leaf[:12] for leaf in leaves]


def test_an_act_is_told_with_who_when_what_and_on_what_grounds(material):
    seq, when, who, what, grounds, _ = entries_of(material, "HD-2024-NC-0001")[8]

    assert (seq, when) == ("9\n", "18/07/2024 09:00\n")
    assert who.split("\n")[:3] == ["huyen (minh họa)", "cán bộ huyện thẩm tra", "Ủy ban nhân dân huyện Cẩm Giàng"]
    assert what.split("\n")[1:3] == ["Từ “Đã tự đánh giá” sang “Đã đăng ký”", "Bắt đầu lượt 2"]
    assert "Hạn của “Đã đăng ký”: 01/08/2024" in what
    assert "Lý do, ý kiến: thiếu biên bản" in grounds
    assert "Cần bổ sung – Cuộc họp của xã biểu quyết đề nghị: biên bản thiếu chữ ký" in grounds


def test_a_recorded_document_is_told_as_grounds_with_number_day_and_hash(material):
    *_, grounds, _ = next(
        row for row in entries_of(material, "HD-2024-NC-0001") if "Ghi nhận: Báo cáo thẩm định\n" in row[3]
    )

    assert re.search(r"Báo cáo thẩm định: số 515/MH-2024, ngày 05/09/2024, SHA-256 [0-9a-f]{12}…", grounds)


def test_every_kind_of_entry_has_been_told(material):
    kinds = {str(e["kind"]) for entries in material.streams.values() for e in entries}

    assert kinds == VERSIONED | UNVERSIONED


@pytest.mark.parametrize(
    ("code", "seq", "expected"),
    [
        (MET, 1, ("Mức nâng cao", "Năm 2024", "Hạn của “Đã đăng ký”: 31/07/2024")),
        (MET, 3, ("Tiếp tục tính hạn", "Đã tạm dừng từ 20/04/2024")),
        (MET, 4, ("xa2-thay (minh họa), làm thay xa2 (minh họa)", "18 trên 20 người có mặt đồng ý")),
        (MET, 5, ("Nguyên nhân: khó khăn, vướng mắc", "Gửi: cán bộ Sở NN&PTNT thẩm định", "Hạn trả lời: 20/05/2024")),
        (MET, 6, ("Hệ thống", "Về việc nêu ở mục 5", "Gửi: Ban Chỉ đạo")),
        (MET, 7, ("Hệ thống", "Báo cáo cấp trên: Hồ sơ không có tiến triển")),
        (MET, 8, ("Ý kiến chỉ đạo", "Văn bản số +84/BCĐ, ngày 25/06/2024", "Hạn của “Đã đăng ký”: 30/09/2024")),
        (MODEL, 1, ("Đã đạt: Xã đã được công nhận đạt chuẩn nâng cao",)),
        (MODEL, 2, ("Tiêu chí đạt: 1, 2, 3, 4",)),
        (MODEL, 3, ("Lĩnh vực đề nghị công nhận: ",)),
        (MODEL, 4, ("Ngày 05/10/2024: 5 lần",)),
        (MODEL, 9, ("Nhận đủ hồ sơ ngày 08/10/2024",)),
        (MODEL, 10, ("Hệ thống", "Theo yêu cầu của quantri (minh họa)", "Hạn của “Báo cáo thẩm tra của huyện”: ")),
        (MODEL, 11, ("Gia hạn: Đã tự đánh giá", "Văn bản số 77/SNN, ngày 11/10/2024", "Lý do, ý kiến: mưa bão")),
        ("HD-2025-NC-0001", 1, ("Tiếp nối hồ sơ HD-2024-NC-0003",)),
        ("HD-2024-NC-0004", 3, ("Hồ sơ tiếp nhận: HD-2024-NC-0002",)),
        ("HD-2024-NC-0001", 15, ("196 trên 200 người trả lời hài lòng (hỏi 210 người)",)),
        ("HD-2024-NC-0001", 18, ("Công khai từ 30/07/2024 đến 14/08/2024",)),
        ("HD-2024-NC-0001", 22, ("Công an tỉnh Hải Dương: xác nhận, số 121/MH-2024, ngày 05/09/2024",)),
    ],
)
def test_each_kind_of_entry_is_told_in_its_own_words(material, code, seq, expected):
    row = "".join(entries_of(material, code)[seq - 1])

    assert [words for words in expected if words not in row] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_machine_is_shown(material, language):
    shown = "\n".join(text for row in sheet(material, language).rows for text in row)

    workflows = [definition.workflow for definition in material.definitions.values()]
    keys = {key for w in workflows for key in (*w.states, *w.transitions, *w.requirements) if "_" in key}
    assert len(keys) > 40
    assert {key for key in keys if key in shown} == set()
    assert {code for code in material.offices if f"\n{code}\n" in shown} == set()  # the cast is named for offices
    assert re.search(r"\d{4}-\d{2}-\d{2}", shown) is None


def test_a_machines_entry_names_the_system_and_takes_effect_on_no_other_day(material):
    swept = entries_of(material, MET)[6]

    assert swept[1:3] == ["10/06/2024 07:00\n", "Hệ thống\n"]


def test_an_act_that_takes_effect_on_an_earlier_day_says_so(material):
    carried = entries_of(material, "HD-2024-NC-0003")[-1]

    assert carried[1] == "16/12/2024 09:00\ncó hiệu lực từ 13/12/2024\n"


def test_what_was_erased_is_shown_as_erased(material):
    private = {key: value for key, value in material.private.items() if key[:2] != (f"dossier/{MET}", 2)}
    people = dict.fromkeys(material.people)

    paused = entries_of(replace(material, private=private, people=people), MET)[1]

    assert "Lý do, ý kiến: (nội dung đã được xóa)" in paused[4]
    assert re.match(r"người có mã p-\w+ \(họ tên đã xóa hoặc không được cung cấp\)\n", paused[2])


def test_where_a_dossier_stands_and_what_is_open_are_told_before_its_entries(material):
    texts = sheet(alone(material, MODEL)).texts

    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng, Tỉnh Hải Dương" in texts
    assert "Công nhận xã đạt chuẩn nông thôn mới kiểu mẫu" in texts
    assert "Đã tự đánh giá" in texts
    assert any("Hạn của “Đã tự đánh giá”: 15/01/2025; Ban Chỉ đạo cho ý kiến" in text for text in texts)
    assert leaf_hash(canonical(material.streams[f"dossier/{MODEL}"][-1])).hex() in texts


def test_a_stopped_clock_is_told_as_what_the_dossier_waits_for(material):
    stream = f"dossier/{MET}"

    texts = sheet(replace(material, streams={stream: material.streams[stream][:2]})).texts

    assert "Tạm dừng từ 20/04/2024; Hạn của “Đã đăng ký”: 31/07/2024" in texts


def test_an_offices_dossier_is_about_the_office(material):
    reports = [code.partition("/")[2] for code in material.streams if "-BC-" in code]

    texts = [text for code in reports for text in sheet(alone(material, code)).texts]
    assert "Sở Y tế" in texts
    assert "Mức" not in texts


def test_the_checkpoint_is_told_by_its_three_lines_and_no_signature(material):
    texts = sheet(material).texts

    assert f"{LOG}\n1234\n{ROOT}" in texts
    assert not any("c2lnbmF0dXJl" in text for text in texts)
    assert any("HUONG-DAN-KIEM-TRA.txt" in text for text in texts)


def test_a_bundle_without_a_checkpoint_says_so(material):
    assert "Khi lập gói nhật ký chưa có mốc nào được ký." in sheet(replace(material, checkpoint=None)).texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_nothing_and_runs_nothing(material, language):
    content = made(material, language)["LICH-SU.html"]
    page = read(content)

    names = {name for name, _ in page.attributes}
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "a", "form", "base", "svg"})
    assert names == {"lang", "charset", "name", "content", "class", "scope", "style"}
    assert ("lang", language) in page.attributes
    assert re.search(r"url\(|@import|https?:", content.decode()) is None
    assert "A4" in page.style


def test_what_somebody_typed_stays_text(material):
    rows = entries_of(material, MET)

    assert f"Lý do, ý kiến: {SCRIPT}\n" in rows[1][4]
    assert 'Lý do, ý kiến: dòng một\n=dòng hai\t;",\nhết\n' in rows[2][4]
    assert f"Lý do, ý kiến: {FORMULA}\n" in rows[4][4]
    assert "Lý do, ý kiến: \ufffdgnoc\n" in rows[7][4]


def test_of_very_many_dossiers_there_is_only_a_list_and_it_says_so(material):
    entries = material.streams[f"dossier/{MET}"]
    enough = {f"dossier/HD-2024-NC-{n:04}": entries for n in range(MOST)}

    every = sheet(replace(material, streams=enough))
    listed = sheet(replace(material, streams={**enough, "dossier/HD-2024-NC-9999": entries}))

    assert len(every.rows) == MOST * (len(entries) + 1)
    assert len(listed.rows) == 1 + MOST + 1
    assert any("Gói này có 201 hồ sơ, nhiều hơn 200" in text for text in listed.texts)
    assert [cell.strip() for cell in listed.rows[-1][:5]] == [
        "HD-2024-NC-9999", "Xã Lương Điền, Huyện Cẩm Giàng, Tỉnh Hải Dương", "Đã đăng ký", "8", "25/06/2024 09:00",
    ]  # fmt: skip
